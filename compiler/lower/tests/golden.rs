//! Golden tests: `tests/golden/*.md` hold pairs of code blocks, Python in and bytecode out.
//! `BLESS=1 cargo test -p taipan-lower --test golden` rewrites the bytecode.

use std::path::Path;

use taipan_lower::parse::Mode;
use taipan_lower::{Options, compile};

fn bytecode(source: &str) -> String {
    match compile(source, "golden.py", &Options::new(Mode::Exec)) {
        Ok(compiled) => {
            taipan_bytecode::verify::verify(&compiled.code).expect("verifies");
            taipan_bytecode::disasm::disassemble(&compiled.code)
        }
        Err(e) => format!("{e}\n"),
    }
}

/// The file with the block after each Python block renewed.
fn renew(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("```python\n") {
        let start = at + "```python\n".len();
        let Some(length) = rest[start..].find("```\n") else {
            break;
        };
        let end = start + length + "```\n".len();
        out.push_str(&rest[..end]);
        out.push_str("\n```text\n");
        let code = bytecode(&rest[start..start + length]);
        out.push_str(code.trim());
        out.push_str("\n```\n");
        rest = &rest[end..];
        if let Some(old) = rest.strip_prefix("\n```text\n") {
            rest = old.find("```\n").map_or("", |e| &old[e + 4..]);
        }
    }
    out.push_str(rest);
    out
}

#[test]
fn golden() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let bless = std::env::var_os("BLESS").is_some();
    let mut stale = Vec::new();
    for entry in std::fs::read_dir(&folder).expect("the folder exists") {
        let path = entry.expect("readable").path();
        let text = std::fs::read_to_string(&path).expect("readable");
        let renewed = renew(&text);
        if renewed != text {
            if bless {
                std::fs::write(&path, renewed).expect("writable");
            } else {
                stale.push(format!("{}:\n{renewed}", path.display()));
            }
        }
    }
    assert!(stale.is_empty(), "BLESS=1 to accept:\n{}", stale.join("\n"));
}
