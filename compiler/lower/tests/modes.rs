//! What the mode and the options of `compile()` change in the code.

use taipan_bytecode::code::{CodeObject, Constant, co_flags};
use taipan_bytecode::disasm::disassemble;
use taipan_bytecode::verify::verify;
use taipan_lower::parse::Mode;
use taipan_lower::{Options, compile};

fn code(source: &str, options: &Options) -> CodeObject {
    let compiled = compile(source, "modes.py", options).expect("compiles");
    verify(&compiled.code).expect("verifies");
    (*compiled.code).clone()
}

#[test]
fn optimization() {
    let source = "def f():\n    'doc'\n    assert x\n    return __debug__\n";
    let mut options = Options::new(Mode::Exec);
    let plain = disassemble(&code(source, &options));
    assert!(plain.contains("LoadAssertionError") && plain.contains("True"));
    options.optimize = 1;
    let fast = disassemble(&code(source, &options));
    assert!(!fast.contains("LoadAssertionError") && fast.contains("False"));
    assert!(fast.contains("HAS_DOCSTRING"));
    options.optimize = 2;
    assert!(!disassemble(&code(source, &options)).contains("HAS_DOCSTRING"));
}

#[test]
fn interactive_statements_print() {
    let options = Options::new(Mode::Single);
    let text = disassemble(&code("if a:\n    b\n    def f(): c\n", &options));
    assert_eq!(text.matches("Print").count(), 1);
    let module = Options::new(Mode::Exec);
    assert!(!disassemble(&code("b\n", &module)).contains("Print"));
}

#[test]
fn expressions_return_their_value() {
    let text = disassemble(&code("a + 1", &Options::new(Mode::Eval)));
    assert!(text.contains("Return ") && !text.contains("ReturnNone"));
}

#[test]
fn await_in_a_module() {
    let mut options = Options::new(Mode::Exec);
    options.front.top_level_await = true;
    assert_ne!(code("await a\n", &options).flags & co_flags::COROUTINE, 0);
    assert_eq!(code("a\n", &options).flags & co_flags::COROUTINE, 0);
}

#[test]
fn future_annotations_are_inherited() {
    let mut options = Options::new(Mode::Exec);
    options.front.future_annotations = true;
    let code = code("x: list [int]\n", &options);
    assert_ne!(code.flags & co_flags::FUTURE_ANNOTATIONS, 0);
    assert!(code.consts.contains(&Constant::Str("list[int]".into())));
}
