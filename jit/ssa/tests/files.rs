//! File tests: a graph, what is done with it, what comes out.
//!
//! The first line says what is done: `; pass NAME` or `; verify`. Behind `; gives` stands the graph
//! afterwards, or the verifier's complaint. `BLESS=1` writes what comes out.

use std::fs;
use std::path::Path;

use taipan_ssa::parser::parse;
use taipan_ssa::passes::{common, dead, invariant, parameters};
use taipan_ssa::printer::print;
use taipan_ssa::verify::verify;

const GIVES: &str = "; gives\n";

fn outcome(text: &str) -> Result<String, String> {
    let mut g = parse(text)?;
    let what = text.lines().next().unwrap_or("");
    if what == "; verify" {
        return Ok(match verify(&g) {
            Ok(()) => "; nothing is wrong\n".into(),
            Err(e) => format!("; {e}\n"),
        });
    }
    verify(&g).map_err(|e| format!("the input: {e}"))?;
    let n = match what {
        "; pass parameters" => parameters::run(&mut g),
        "; pass common" => common::run(&mut g),
        "; pass dead" => dead::run(&mut g),
        "; pass invariant" => invariant::run(&mut g),
        _ => return Err(format!("{what:?} is nothing that can be done")),
    };
    verify(&g).map_err(|e| format!("the output: {e}"))?;
    Ok(format!("; {n} changed\n{}", print(&g)))
}

#[test]
fn each_file_gives_what_it_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files");
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("the folder is there")
        .map(|f| f.expect("it can be read").path())
        .collect();
    files.sort();
    assert!(files.len() >= 10, "files are missing");
    let mut wrong = String::new();
    for file in files {
        let text = fs::read_to_string(&file).expect("it can be read");
        let (input, want) = text.split_once(GIVES).unwrap_or((&text, ""));
        let got = outcome(input).unwrap_or_else(|e| format!("; error: {e}\n"));
        if got == want {
            continue;
        }
        if std::env::var_os("BLESS").is_some() {
            fs::write(&file, format!("{input}{GIVES}{got}")).expect("it can be written");
        }
        wrong.push_str(&format!("{}: wanted\n{want}got\n{got}\n", file.display()));
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn what_is_parsed_prints_as_it_was() {
    let text = "\
b0(v0:t any, v1:i int[0..5]):
    v2:f float = const.float [4607182418800017408, 0]
    v3:t object#17 = guard.shape v0 [17, 0] <3 @0:7 r0=v0 r1=o1 o0=Tuple(v1, -) o1=Instance(17, 99)(o0)>
    v4:t any|unbound = load v3 [24, 0] {Slot(24)}
    v5:i raw = push.frames [1, 0]
    v6:t any = call v4 [12, 0] <13 shown @0:7 r0=v0 @1:2 f=v3 d5 new=v3 r0=v4>
    v7:b bool = same v6, v0
    branch v7, b1, b2
b1() cold:
    exit <10 @0:9>
b2():
    jump b3(v1)
b3(v8:i int) loop(b2):
    v9:i int|object#set4 = add v8, v1
    jump b3(v9)
";
    let g = parse(text).expect("it is right");
    let printed = print(&g);
    assert_eq!(print(&parse(&printed).expect("it is right")), printed);
    let mut lines: Vec<&str> = text.lines().collect();
    let mut got: Vec<&str> = printed.lines().collect();
    lines.sort_unstable();
    got.sort_unstable();
    assert_eq!(lines, got);
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    for (text, want) in [
        (
            "b0():\n    v0:t any = nonsense\n",
            "line 2: \"nonsense\" is no instruction",
        ),
        (
            "b0():\n    v0:q any = const\n",
            "line 2: \"q\" is no representation",
        ),
        (
            "b0():\n    v0:t thing = const\n",
            "line 2: \"thing\" is no type",
        ),
        ("    v0:t any = const\n", "line 1: it stands in no block"),
        (
            "b0():\n    v0:t any = const\n    v0:t any = const\n",
            "line 3: v0 is defined twice",
        ),
        ("b0():\n    return v0 v1\n", "line 2: what is \" v1\"?"),
        (
            "b0():\n    exit <3 @0:x>\n",
            "line 2: no number before \"x>\"",
        ),
    ] {
        assert_eq!(parse(text).err().as_deref(), Some(want));
    }
}
