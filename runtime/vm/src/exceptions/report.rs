//! Reports of exceptions that nobody handles, when Python code cannot do it.

use crate::Thread;
use crate::object::Value;
use crate::sys::hooks::write_stderr;
use crate::types::ExceptionClass;
use crate::types::dict::Dict;
use crate::types::exception::of;
use crate::types::traceback::Traceback;

pub use super::printer::render;

/// Displays an exception on `sys.stderr` (`sys.__excepthook__`).
pub fn display(th: &mut Thread, e: Value, tb: Option<Value>) {
    if let (Some(x), Some(tb)) = (of(e), th.not_none(tb))
        && x.traceback.get().is_none()
        && tb.downcast::<Traceback>().is_some()
    {
        x.traceback.set(x.header(), tb);
    }
    register_source(th);
    // The library's printer is the one that programs adapt; ours is for when it cannot work.
    let by_library = crate::sys::hooks::import(th, "traceback")
        .and_then(|m| th.call_method_str(m, "_print_exception_bltin", &[e]));
    if by_library.is_err() {
        th.clear_pending();
        let text = render(th, e);
        write_stderr(th, &text);
    }
}

/// Where the code and the text of a command (`-c`) are kept, for reports of what it raises.
const COMMAND: [&str; 2] = ["command.code", "command.text"];

/// Keeps the source of code that is in no file.
pub fn keep_source(th: &mut Thread, code: crate::Gc<crate::types::code::Code>, text: Value) {
    let mut r = th.vm().registry.borrow_mut();
    r.insert(COMMAND[0], code.value());
    r.insert(COMMAND[1], text);
}

/// Makes the kept source known to `linecache`.
fn register_source(th: &mut Thread) {
    let kept = {
        let mut r = th.vm().registry.borrow_mut();
        COMMAND.map(|k| r.remove(k))
    };
    let [Some(code), Some(text)] = kept else {
        return;
    };
    let name = th.new_str("<string>").value();
    let done = crate::sys::hooks::import(th, "linecache")
        .and_then(|m| th.call_method_str(m, "_register_code", &[code, text, name]));
    if done.is_err() {
        th.clear_pending();
    }
}

/// What `sys.__unraisablehook__` does.
pub fn unraisable_text(
    th: &mut Thread,
    e: Option<Value>,
    tb: Option<Value>,
    message: Option<&str>,
    object: Option<Value>,
) {
    let mut text = String::new();
    match (message, object) {
        (Some(m), Some(o)) => text.push_str(&format!("{m}: {}\n", th.repr_lossy(o))),
        (Some(m), None) => text.push_str(&format!("{m}:\n")),
        (None, Some(o)) => {
            text.push_str(&format!("Exception ignored in: {}\n", th.repr_lossy(o)));
        }
        (None, None) => {}
    }
    let _ = tb;
    if let Some(e) = e {
        text.push_str(&render(th, e));
    }
    write_stderr(th, &text);
}

/// Reports the pending exception, which cannot be raised, through `sys.unraisablehook`.
pub fn unraisable(th: &mut Thread, context: Option<Value>, message: Option<&str>) {
    let Some(e) = th.pending_exception() else {
        return;
    };
    th.clear_pending();
    let tb = of(e).and_then(|e| e.traceback.get());
    if let Some(f) = crate::sys::attribute(th, "unraisablehook") {
        let m = match message {
            Some(m) => th.new_str(m).value(),
            None => th.none(),
        };
        let values = [
            th.class_of(e).value(),
            e,
            th.or_none(tb),
            m,
            th.or_none(context),
        ];
        let args = th.new_structseq(&crate::sys::info::UNRAISABLE_ARGS, &values);
        if th.call(f, &[args]).is_ok() {
            return;
        }
        let hook_error = th.take_pending();
        let tb = of(hook_error).and_then(|e| e.traceback.get());
        let message = "Exception ignored in sys.unraisablehook";
        unraisable_text(th, Some(hook_error), tb, Some(message), Some(f));
        return;
    }
    unraisable_text(th, Some(e), tb, message, context);
}

/// Ends a program: reports the pending exception, if there is one (through `sys.excepthook`), and
/// gives the exit code. SystemExit is not reported; its code is the exit code.
pub fn finish(th: &mut Thread) -> i32 {
    if th.pending_exception().is_none() {
        return 0;
    }
    let e = th.take_pending();
    if th.exception_matches(e, ExceptionClass::SystemExit) {
        return exit_code(th, e);
    }
    report(th, e)
}

/// Reports the pending exception, also a SystemExit.
pub fn show(th: &mut Thread) {
    let e = th.take_pending();
    report(th, e);
}

fn report(th: &mut Thread, e: Value) -> i32 {
    let tb = of(e).and_then(|e| e.traceback.get());
    let values = [th.class_of(e).value(), e, th.or_none(tb)];
    if let Some(dict) = th.vm().sys.get().and_then(|v| v.downcast::<Dict>()) {
        for (k, v) in ["last_type", "last_value", "last_traceback"]
            .into_iter()
            .zip(values)
        {
            th.dict_set_text(dict, k, v);
        }
        th.dict_set_text(dict, "last_exc", e);
    }
    match crate::sys::attribute(th, "excepthook") {
        Some(f) => {
            if th.call(f, &values).is_err() {
                let second = th.take_pending();
                if th.exception_matches(second, ExceptionClass::SystemExit) {
                    return exit_code(th, second);
                }
                let text = render(th, second);
                write_stderr(th, &format!("Error in sys.excepthook:\n{text}"));
                let text = render(th, e);
                write_stderr(th, &format!("\nOriginal exception was:\n{text}"));
            }
        }
        None => display(th, e, tb),
    }
    if th.exception_matches(e, ExceptionClass::KeyboardInterrupt) {
        130
    } else {
        1
    }
}

/// The exit code that a SystemExit asks for; prints a code that is not a number.
fn exit_code(th: &mut Thread, e: Value) -> i32 {
    let code = th.get_attr_str(e, "code").ok();
    th.clear_pending();
    match th.not_none(code) {
        None => 0,
        Some(v) if crate::types::int::is_int(v) => {
            crate::types::int::to_i64(v).map_or(-1, |i| i as i32)
        }
        Some(v) => {
            let text = th.str_lossy(v);
            write_stderr(th, &format!("{text}\n"));
            1
        }
    }
}
