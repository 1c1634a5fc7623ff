//! Large and deep sources: no stack overflow, no exhausted registers, time in proportion.

use taipan_bytecode::verify::verify;
use taipan_lower::parse::Mode;
use taipan_lower::{Options, compile};

fn compiles(source: &str, mode: Mode) {
    for optimize in 0..3 {
        let mut options = Options::new(mode);
        options.optimize = optimize;
        let compiled = compile(source, "large.py", &options).expect("compiles");
        verify(&compiled.code).expect("verifies");
    }
}

#[test]
fn long_chains_of_operators() {
    let sum = |term: &str| vec![term; 5000].join(" + ");
    compiles(&format!("x = {}", sum("a")), Mode::Exec);
    compiles(&format!("x = {}", sum("1")), Mode::Exec);
    compiles(&sum("'s'"), Mode::Eval);
    compiles(&vec!["a"; 5000].join(" and "), Mode::Eval);
    compiles(&vec!["a"; 3000].join(" < "), Mode::Eval);
}

#[test]
fn large_displays_and_calls() {
    let list = |item: &str| vec![item; 30_000].join(", ");
    compiles(&format!("x = [{}]", list("a")), Mode::Exec);
    compiles(&format!("x = ({})", list("a")), Mode::Exec);
    compiles(&format!("x = {{{}}}", list("a")), Mode::Exec);
    compiles(&format!("x = {{{}}}", list("a: b")), Mode::Exec);
    compiles(&format!("f({})", list("a")), Mode::Exec);
    compiles(&format!("f'{}'", "{a}b".repeat(2000)), Mode::Eval);
    let keywords: Vec<_> = (0..2000).map(|i| format!("k{i}=a")).collect();
    compiles(&format!("f({})", keywords.join(", ")), Mode::Exec);
    compiles(&format!("class C({}): pass", list("a")), Mode::Exec);
}

#[test]
fn nesting() {
    compiles(
        &format!("{}a{}", "(".repeat(150), ")".repeat(150)),
        Mode::Eval,
    );
    compiles(
        &format!("{}a{}", "f(".repeat(150), ")".repeat(150)),
        Mode::Eval,
    );
    compiles(
        &format!("{}a{}", "[".repeat(150), "]".repeat(150)),
        Mode::Eval,
    );
    compiles(&format!("{}a", "not ".repeat(150)), Mode::Eval);
    let mut source = String::new();
    for depth in 0..90 {
        source.push_str(&format!("{}if a:\n", " ".repeat(depth)));
    }
    source.push_str(&format!("{}pass\n", " ".repeat(90)));
    compiles(&source, Mode::Exec);
    let elifs = "elif a: b\n".repeat(2000);
    compiles(&format!("if a: b\n{elifs}"), Mode::Exec);
}

#[test]
fn statements_in_single_mode() {
    for source in [
        "1 + 1\n",
        "x = 1\n",
        "def f():\n    1\n\n",
        "'doc'\n",
        "if a:\n    b\n\n",
    ] {
        compiles(source, Mode::Single);
    }
}
