//! Golden tests: `golden/tidy/*.txt`, a small tree and the complaints about it.
//!
//! A line `=== PATH` begins a file, `=== complaints` the expected output.
//! A line `LINES n` stands for n empty comment lines. `BLESS=1` rewrites.

use std::fs;
use std::path::Path;

use super::check;
use super::tree::Tree;

const EXPECTED: &str = "=== complaints\n";

#[test]
fn golden() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/tidy");
    let mut cases: Vec<_> = fs::read_dir(&folder)
        .expect("golden folder")
        .map(|entry| entry.expect("entry").path())
        .collect();
    cases.sort();
    assert!(!cases.is_empty());
    for case in cases {
        let text = fs::read_to_string(&case).expect("a golden file");
        let (input, want) = text.split_once(EXPECTED).unwrap_or((&text, ""));
        let mut files: Vec<(String, String)> = Vec::new();
        for line in input.lines() {
            if let Some(path) = line.strip_prefix("=== ") {
                files.push((path.to_owned(), String::new()));
            } else if let Some((_, file)) = files.last_mut() {
                match line.strip_prefix("LINES ") {
                    Some(count) => file.push_str(&"//\n".repeat(count.parse().expect("a number"))),
                    None => {
                        file.push_str(line);
                        file.push('\n');
                    }
                }
            }
        }
        let got: String = check(&Tree { files })
            .iter()
            .map(|line| format!("{line}\n"))
            .collect();
        if std::env::var_os("BLESS").is_some() {
            fs::write(&case, format!("{input}{EXPECTED}{got}")).expect("writable");
        } else {
            assert_eq!(got, want, "{}", case.display());
        }
    }
}

#[test]
fn this_repository_is_tidy_enough_to_read() {
    let tree = Tree::read(&crate::repository_root()).expect("readable");
    assert!(tree.text("ARCHITECTURE.md").is_some());
    assert!(tree.text("xtask/src/main.rs").is_some());
}
