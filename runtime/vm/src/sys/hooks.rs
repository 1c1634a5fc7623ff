//! The hooks of `sys`: display, uncaught and unraisable exceptions, breakpoints.

use super::Sys;
use crate::Thread;
use crate::call::Args;
use crate::object::{Result, Value};
use crate::pymethods;
use crate::types::ExceptionClass;
use crate::types::str_::Str;

/// Writes to `sys.stderr`, or to the process's standard error when there is none or it fails.
pub fn write_stderr(th: &mut Thread, text: &str) {
    if let Some(f) = super::attribute(th, "stderr") {
        let pending = th.pending.take();
        let s = th.new_str(text).value();
        let ok = th.call_method_str(f, "write", &[s]).is_ok()
            && th.call_method_str(f, "flush", &[]).is_ok();
        th.pending.set(pending);
        if ok {
            return;
        }
    }
    eprint!("{text}");
}

/// Writes an object's repr to `sys.stdout`, escaping what its encoding cannot.
fn display(th: &mut Thread, out: Value, v: Value) -> Result<()> {
    let text = th.repr(v)?;
    match th.call_method_str(out, "write", &[text.value()]) {
        Ok(_) => Ok(()),
        Err(e) => {
            if !th.pending_matches(ExceptionClass::UnicodeEncodeError) {
                return Err(e);
            }
            th.clear_pending();
            let encoding = th.get_attr_str(out, "encoding")?;
            let errors = th.new_str("backslashreplace").value();
            let bytes = th.call_method_str(text.value(), "encode", &[encoding, errors])?;
            if let Some(b) = th.get_attr_str_option(out, "buffer")? {
                th.call_method_str(b, "write", &[bytes])?;
            } else {
                let strict = th.new_str("strict").value();
                let s = th.call_method_str(bytes, "decode", &[encoding, strict])?;
                th.call_method_str(out, "write", &[s])?;
            }
            Ok(())
        }
    }
}

#[pymethods(table = FUNCTIONS)]
impl Sys {
    /// Print an object to sys.stdout and also save it in builtins._
    #[pyfunction(sig = "(object, /)")]
    fn displayhook(th: &mut Thread, object: Value) -> Result<()> {
        let builtins = th.vm().builtins_dict();
        if th.is_none(object) {
            return Ok(());
        }
        let none = th.none();
        th.dict_set_text(builtins, "_", none);
        match super::attribute(th, "stdout") {
            Some(out) => {
                display(th, out, object)?;
                let newline = th.new_str("\n").value();
                th.call_method_str(out, "write", &[newline])?;
            }
            None => {
                return Err(th.runtime_error("lost sys.stdout"));
            }
        }
        th.dict_set_text(builtins, "_", object);
        Ok(())
    }

    /// Handle an exception by displaying it with a traceback on sys.stderr.
    #[pyfunction(sig = "(exctype, value, traceback, /)")]
    fn excepthook(th: &mut Thread, exctype: Value, value: Value, traceback: Value) {
        let _ = exctype;
        crate::exceptions::report::display(th, value, Some(traceback));
    }

    /// Handle an unraisable exception.
    #[pyfunction(sig = "(unraisable, /)")]
    fn unraisablehook(th: &mut Thread, unraisable: Value) -> Result<()> {
        let class = th.structseq_type(&super::info::UNRAISABLE_ARGS);
        if !th.class_of(unraisable).is(class) {
            return Err(
                th.type_error("sys.unraisablehook argument type must be UnraisableHookArgs")
            );
        }
        let get = |th: &mut Thread, n: &str| {
            let v = th.get_attr_str(unraisable, n).ok();
            th.not_none(v)
        };
        let value = get(th, "exc_value");
        let message = get(th, "err_msg").map(|m| th.str_lossy(m));
        let object = get(th, "object");
        let tb = get(th, "exc_traceback");
        crate::exceptions::report::unraisable_text(th, value, tb, message.as_deref(), object);
        Ok(())
    }

    /// This hook function is called by built-in breakpoint().
    #[pyfunction(raw)]
    fn breakpointhook(th: &mut Thread, args: Args<'_>) -> Result {
        let spec = std::env::var("PYTHONBREAKPOINT").unwrap_or_default();
        let ignore = th.vm().config.ignore_environment;
        let spec = if ignore || spec.is_empty() {
            "pdb.set_trace".to_string()
        } else {
            spec
        };
        if spec == "0" {
            return Ok(th.none());
        }
        let (module, name) = match spec.rsplit_once('.') {
            Some((m, n)) => (m.to_string(), n.to_string()),
            None => ("builtins".to_string(), spec.clone()),
        };
        let found = import(th, &module).and_then(|m| th.get_attr_str(m, &name));
        match found {
            Ok(f) => th.call_args(f, args),
            Err(e) => {
                if !th.pending_matches(ExceptionClass::ImportError)
                    && !th.pending_matches(ExceptionClass::AttributeError)
                {
                    return Err(e);
                }
                th.clear_pending();
                crate::exceptions::warn(
                    th,
                    ExceptionClass::RuntimeWarning,
                    &format!("Ignoring unimportable $PYTHONBREAKPOINT: \"{spec}\""),
                    1,
                )?;
                Ok(th.none())
            }
        }
    }
}

/// Imports a module by its full name, through `builtins.__import__`.
pub fn import(th: &mut Thread, name: &str) -> Result {
    let modules = th.vm().modules_dict();
    let f = th.builtin("__import__")?;
    let text = th.new_str(name).value();
    let from = th.tuple_of_names(&["*".to_string()]);
    let none = th.none();
    let zero = Value::small(0);
    let m = th.call(f, &[text, none, none, from, zero])?;
    match text.downcast::<Str>() {
        Some(k) => {
            let k = th.intern_str(k);
            Ok(modules.get_str(k).unwrap_or(m))
        }
        None => Ok(m),
    }
}
