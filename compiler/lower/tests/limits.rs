//! Nesting limits: what the reference refuses is refused alike, and nothing overflows the stack.

use taipan_lower::errors::ErrorKind;
use taipan_lower::parse::{Mode, Options, parse};

fn outcome(source: &str) -> Result<(), (ErrorKind, String)> {
    parse(source, Options::new(Mode::Exec))
        .map(drop)
        .map_err(|e| (e.kind, e.message))
}

#[track_caller]
fn refused(source: &str, kind: ErrorKind, message: &str) {
    match outcome(source) {
        Err((k, m)) if k == kind && m.starts_with(message) => {}
        other => panic!("{other:?}"),
    }
}

fn nested(n: usize) -> String {
    "(".repeat(n) + "1" + &")".repeat(n)
}

#[test]
fn brackets() {
    assert_eq!(outcome(&nested(200)), Ok(()));
    for n in [201, 10_000] {
        refused(&nested(n), ErrorKind::Syntax, "too many nested parentheses");
    }
    refused(
        &"(".repeat(10_000),
        ErrorKind::Syntax,
        "too many nested parentheses",
    );
    refused(
        &"[{(".repeat(100_000),
        ErrorKind::Syntax,
        "too many nested parentheses",
    );
}

#[test]
fn indentation() {
    let source = |n: usize| -> String {
        let lines = (0..n).map(|i| " ".repeat(i) + "if 1:\n");
        lines.collect::<String>() + &" ".repeat(n) + "pass\n"
    };
    assert_eq!(outcome(&source(99)), Ok(()));
    refused(
        &source(100),
        ErrorKind::Indentation,
        "too many levels of indentation",
    );
}

#[test]
fn prefix_operators() {
    for prefix in ["-", "not ", "lambda: ", "x if y else ", "x ** "] {
        assert_eq!(outcome(&(prefix.repeat(1_000) + "x")), Ok(()), "{prefix}");
        refused(
            &(prefix.repeat(100_000) + "x"),
            ErrorKind::Memory,
            "Parser stack overflowed",
        );
    }
    refused(
        &("-".repeat(1_000_000) + "x"),
        ErrorKind::Memory,
        "Parser stack overflowed",
    );
}

#[test]
fn chains() {
    for (link, n) in [
        (" + x", 20_000),
        (".a", 20_000),
        ("()", 20_000),
        ("[0]", 20_000),
        (" and x", 100_000),
        (" < x", 100_000),
        (", x", 100_000),
    ] {
        assert_eq!(
            outcome(&("x".to_owned() + &link.repeat(n))),
            Ok(()),
            "{link}"
        );
    }
    for link in [" + x", ".a", "()", "[0]"] {
        let source = "x".to_owned() + &link.repeat(100_000);
        refused(&source, ErrorKind::Recursion, "Stack overflow");
    }
}

#[test]
fn errors_in_deep_sources() {
    assert!(outcome(&("-".repeat(4_000) + "x y")).is_err());
    assert!(outcome(&("x".to_owned() + &"()".repeat(4_000) + " y")).is_err());
    assert!(outcome("x = 1\0").is_err());
}

#[test]
fn small_stack() {
    let run = || {
        assert_eq!(outcome(&("x".to_owned() + &".a".repeat(20_000))), Ok(()));
        assert_eq!(outcome(&("-".repeat(5_000) + "x")), Ok(()));
    };
    std::thread::Builder::new()
        .stack_size(256 * 1024)
        .spawn(run)
        .expect("a thread")
        .join()
        .expect("no panic");
}
