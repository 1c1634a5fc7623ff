//! The module `sys`.
//!
//! [`install`] makes it; where the library lies (`prefix`, `path`, finders) and the standard
//! streams are entered by start-up code. Deliberately absent: the events of `sys.monitoring`,
//! the stack trampoline, remote debugging.

pub mod frames;
pub mod hooks;
pub mod info;
mod jit;
mod monitoring;
mod stdlib_names;

pub use stdlib_names::STDLIB_MODULE_NAMES;

use crate::Thread;
use crate::call::{Args, VarArgs};
use crate::object::{Gc, Result, Value};
use crate::pymodule;
use crate::types::ExceptionClass;
use crate::types::list::List;
use crate::types::module::Module;
use crate::types::str_::Str;
use crate::types::tuple::Tuple;

/// The functions hang here.
pub struct Sys;

/// Registry key of the list of audit hooks.
const AUDIT_HOOKS: &str = "sys.audit_hooks";
/// Registry key of the switch interval.
const SWITCH_INTERVAL: &str = "sys.switchinterval";

/// Makes the module `sys` and enters it in `sys.modules`. To be called once, after `builtins`.
pub fn install(th: &mut Thread) -> Result<Gc<Module>> {
    let m = th.new_module("sys");
    let dict = m.namespace();
    th.vm().sys.set(dict.header(), dict.value());
    th.fill_native_module(m, &MODULE)?;
    let modules = th.vm().modules_dict();
    th.dict_set_text(dict, "modules", modules.value());
    info::fill(th, dict)?;
    let jit = th.native_module(&jit::MODULE)?.value();
    th.dict_set_text(dict, "_jit", jit);
    let monitoring = monitoring::module(th)?;
    th.dict_set_text(dict, "monitoring", monitoring);
    th.dict_set_text(modules, "sys.monitoring", monitoring);
    for name in [
        "displayhook",
        "excepthook",
        "breakpointhook",
        "unraisablehook",
    ] {
        if let Some(f) = th.dict_get_text(dict, name) {
            th.dict_set_text(dict, &format!("__{name}__"), f);
        }
    }
    th.dict_set_text(modules, "sys", m.value());
    Ok(m)
}

/// An attribute of `sys` that is neither missing nor None.
pub fn attribute(th: &mut Thread, name: &str) -> Option<Value> {
    let dict = th
        .vm()
        .sys
        .get()
        .and_then(|v| v.downcast::<crate::types::dict::Dict>())?;
    let v = th.dict_get_text(dict, name);
    th.not_none(v)
}

/// Raises an auditing event.
pub fn audit(th: &mut Thread, event: &str, args: &[Value]) -> Result<()> {
    let hooks = th.vm().registry.borrow().get(AUDIT_HOOKS).copied();
    let Some(hooks) = hooks.and_then(|l| l.downcast::<List>()) else {
        return Ok(());
    };
    let event = th.intern(event).value();
    let args = th.new_tuple(args).value();
    let mut i = 0;
    while let Some(f) = hooks.items.get(i) {
        th.call(f, &[event, args])?;
        i += 1;
    }
    Ok(())
}

/// This module provides access to some objects used or maintained by the
/// interpreter and to functions that interact strongly with the interpreter.
#[pymodule(name = "sys", more = [&frames::FUNCTIONS, &hooks::FUNCTIONS])]
impl Sys {
    /// Return the most recent exception caught by an except clause
    /// in the current stack frame or in an older stack frame, or None
    /// if no such exception exists.
    #[pyfunction]
    fn exception(th: &mut Thread) -> Option<Value> {
        th.handled_exception()
    }

    /// Return current exception information: (type, value, traceback).
    ///
    /// Return information about the most recent exception caught by an except
    /// clause in the current stack frame or in an older stack frame.
    #[pyfunction]
    fn exc_info(th: &mut Thread) -> Value {
        let none = th.none();
        let parts = match th.handled_exception() {
            Some(e) => {
                let tb = crate::types::exception::of(e).and_then(|e| e.traceback.get());
                [th.class_of(e).value(), e, th.or_none(tb)]
            }
            None => [none; 3],
        };
        th.new_tuple(&parts).value()
    }

    /// Exit the interpreter by raising SystemExit(status).
    ///
    /// If the status is omitted or None, it defaults to zero (i.e., success).
    /// If the status is an integer, it will be used as the system exit status.
    /// If it is another kind of object, it will be printed and the system
    /// exit status will be one (i.e., failure).
    #[pyfunction(sig = "(status=None, /)")]
    fn exit(th: &mut Thread, status: Option<Value>) -> Result<()> {
        let status = th.not_none(status);
        Err(match status {
            None => th.raise_with(ExceptionClass::SystemExit, &[]),
            Some(e) if th.exception_matches(e, ExceptionClass::SystemExit) => th.raise_value(e),
            Some(v) => match v.downcast::<Tuple>() {
                Some(t) => th.raise_with(ExceptionClass::SystemExit, t.as_slice()),
                None => th.raise_with(ExceptionClass::SystemExit, &[v]),
            },
        })
    }

    /// ``Intern'' the given string.
    ///
    /// This enters the string in the (global) table of interned strings whose
    /// purpose is to speed up dictionary lookups. Return the string itself or
    /// the previously interned string object with the same value.
    #[pyfunction(sig = "(string, /)")]
    fn intern(th: &mut Thread, string: Gc<Str>) -> Result {
        if !th.is_exact(string.value(), crate::types::T::Str) {
            let got = th.type_name(string.value());
            return Err(th.type_error(format!("can't intern {got}")));
        }
        Ok(th.intern_str(string).value())
    }

    /// Return True if the given string is "interned".
    #[pyfunction(sig = "(string, /)")]
    fn _is_interned(_: &mut Thread, string: Gc<Str>) -> bool {
        string.is_interned()
    }

    /// Return True if the GIL is currently enabled and False if it's disabled.
    #[pyfunction]
    fn _is_gil_enabled(_: &mut Thread) -> bool {
        true
    }

    /// Return True if Python is exiting.
    #[pyfunction]
    fn is_finalizing(th: &mut Thread) -> bool {
        th.vm().finalizing.get()
    }

    /// Return the current value of the recursion limit.
    ///
    /// The recursion limit is the maximum depth of the Python interpreter
    /// stack.  This limit prevents infinite recursion from causing an overflow
    /// of the C stack and crashing Python.
    #[pyfunction]
    fn getrecursionlimit(th: &mut Thread) -> usize {
        th.vm().recursion_limit.get()
    }

    /// Set the maximum depth of the Python interpreter stack to n.
    ///
    /// This limit prevents infinite recursion from causing an overflow of the C
    /// stack and crashing Python.  The highest possible limit is platform-
    /// dependent.
    #[pyfunction(sig = "(limit, /)")]
    fn setrecursionlimit(th: &mut Thread, limit: i32) -> Result<()> {
        if limit < 1 {
            return Err(th.value_error("recursion limit must be greater or equal than 1"));
        }
        if th.depth >= limit as usize {
            let depth = th.depth;
            return Err(th.recursion_error(format!(
                "cannot set the recursion limit to {limit} at the recursion depth {depth}: the limit is too low"
            )));
        }
        th.vm().recursion_limit.set(limit as usize);
        Ok(())
    }

    /// getsizeof(object [, default]) -> int
    ///
    /// Return the size of object in bytes.
    #[pyfunction(sig = "(object, default=None)")]
    fn getsizeof(th: &mut Thread, object: Value, default: Option<Value>) -> Result {
        let name = th.intern("__sizeof__");
        let size = match th.call_special(object, name, &[]) {
            Ok(Some(v)) => v,
            Ok(None) => {
                if let Some(d) = default {
                    return Ok(d);
                }
                let got = th.type_name(object);
                return Err(th.type_error(format!("Type {got} doesn't define __sizeof__")));
            }
            Err(e) => {
                if let Some(d) = default
                    && th.pending_matches(ExceptionClass::TypeError)
                {
                    th.clear_pending();
                    return Ok(d);
                }
                return Err(e);
            }
        };
        let n = th.index_i64(size, "Python int too large to convert to C ssize_t")?;
        if n < 0 {
            return Err(th.value_error("__sizeof__() should return >= 0"));
        }
        Ok(size)
    }

    /// Return the reference count of object.
    ///
    /// References are not counted here: the answer is always 2, what a fresh
    /// object held by one variable has elsewhere.
    #[pyfunction(sig = "(object, /)")]
    fn getrefcount(_: &mut Thread, object: Value) -> i64 {
        let _ = object;
        2
    }

    /// Return the current default encoding used by the Unicode implementation.
    #[pyfunction]
    fn getdefaultencoding(_: &mut Thread) -> &'static str {
        "utf-8"
    }

    /// Return the encoding used to convert Unicode filenames to OS filenames.
    #[pyfunction]
    fn getfilesystemencoding(_: &mut Thread) -> &'static str {
        "utf-8"
    }

    /// Return the error mode used for Unicode to OS filename conversion.
    #[pyfunction]
    fn getfilesystemencodeerrors(_: &mut Thread) -> &'static str {
        "surrogateescape"
    }

    /// Return the maximum string digits limit for non-binary int<->str conversions.
    #[pyfunction]
    fn get_int_max_str_digits(th: &mut Thread) -> usize {
        th.vm().int_max_str_digits.get()
    }

    /// Set the maximum string digits limit for non-binary int<->str conversions.
    #[pyfunction(sig = "(maxdigits)")]
    fn set_int_max_str_digits(th: &mut Thread, maxdigits: i32) -> Result<()> {
        if maxdigits != 0 && maxdigits < 640 {
            return Err(th.value_error("maxdigits must be >= 640 or 0 for unlimited"));
        }
        th.vm().int_max_str_digits.set(maxdigits as usize);
        info::refresh_flags(th);
        Ok(())
    }

    /// Return the current thread switch interval; see sys.setswitchinterval().
    #[pyfunction]
    fn getswitchinterval(th: &mut Thread) -> Result {
        let v = th.vm().registry.borrow().get(SWITCH_INTERVAL).copied();
        Ok(match v {
            Some(v) => v,
            None => th.float(0.005),
        })
    }

    /// Set the ideal thread switching delay inside the Python interpreter.
    #[pyfunction(sig = "(interval, /)")]
    fn setswitchinterval(th: &mut Thread, interval: f64) -> Result<()> {
        if interval <= 0.0 {
            return Err(th.value_error("switch interval must be strictly positive"));
        }
        let v = th.float(interval);
        th.vm().registry.borrow_mut().insert(SWITCH_INTERVAL, v);
        Ok(())
    }

    /// Return the installed asynchronous generators hooks.
    #[pyfunction]
    fn get_asyncgen_hooks(th: &mut Thread) -> Value {
        let values = [0, 1].map(|i| {
            let v = th.asyncgen_hooks.get(i).and_then(std::cell::Cell::get);
            th.or_none(v)
        });
        th.new_structseq(&info::ASYNCGEN_HOOKS, &values)
    }

    /// Set a finalizer for async generators objects.
    #[pyfunction(sig = "(firstiter=None, finalizer=None)")]
    fn set_asyncgen_hooks(
        th: &mut Thread,
        firstiter: Option<Value>,
        finalizer: Option<Value>,
    ) -> Result<()> {
        for (v, what) in [(finalizer, "finalizer"), (firstiter, "firstiter")] {
            if let Some(v) = th.not_none(v)
                && !th.is_callable(v)
            {
                let got = th.type_name(v);
                return Err(th.type_error(format!("callable {what} expected, got {got}")));
            }
        }
        for (i, v) in [firstiter, finalizer].into_iter().enumerate() {
            if v.is_some()
                && let Some(c) = th.asyncgen_hooks.get(i)
            {
                c.set(th.not_none(v));
            }
        }
        Ok(())
    }

    /// Check status of origin tracking for coroutine objects in this thread.
    #[pyfunction]
    fn get_coroutine_origin_tracking_depth(th: &mut Thread) -> usize {
        th.coroutine_origin_depth.get()
    }

    /// Enable or disable origin tracking for coroutine objects in this thread.
    #[pyfunction(sig = "(depth)")]
    fn set_coroutine_origin_tracking_depth(th: &mut Thread, depth: i32) -> Result<()> {
        match usize::try_from(depth) {
            Ok(d) => {
                th.coroutine_origin_depth.set(d);
                Ok(())
            }
            Err(_) => Err(th.value_error("depth must be >= 0")),
        }
    }

    /// audit(event, *args)
    ///
    /// Passes the event to any hooks that are attached.
    #[pyfunction(sig = "(event, /, *args)")]
    fn audit(th: &mut Thread, event: Gc<Str>, args: VarArgs) -> Result<()> {
        audit(th, &event.to_string_lossy(), args.0.as_slice())
    }

    /// Adds a new audit hook callback.
    #[pyfunction(sig = "(hook)")]
    fn addaudithook(th: &mut Thread, hook: Value) -> Result<()> {
        if audit(th, "sys.addaudithook", &[]).is_err() {
            if th.pending_matches(ExceptionClass::Exception) {
                th.clear_pending();
                return Ok(());
            }
            return Err(crate::Raised);
        }
        let hooks = th.vm().registry.borrow().get(AUDIT_HOOKS).copied();
        let list = match hooks.and_then(|l| l.downcast::<List>()) {
            Some(l) => l,
            None => {
                let l = th.new_list();
                th.vm().registry.borrow_mut().insert(AUDIT_HOOKS, l.value());
                l
            }
        };
        th.list_append(list, hook)
    }

    /// Clear the internal type lookup cache.
    #[pyfunction]
    fn _clear_type_cache(th: &mut Thread) {
        th.vm().method_cache.clear();
    }

    /// Clear all internal performance-related caches.
    #[pyfunction]
    fn _clear_internal_caches(th: &mut Thread) {
        th.vm().method_cache.clear();
    }

    /// Return the number of elements of the unicode interned dictionary
    #[pyfunction(sig = "(*, _only_immortal=False)")]
    fn getunicodeinternedsize(th: &mut Thread, _only_immortal: Option<bool>) -> usize {
        let _ = _only_immortal;
        th.vm().interned.borrow().len()
    }

    /// Return the current value of the flags that are used for dlopen calls.
    #[pyfunction]
    fn getdlopenflags(th: &mut Thread) -> i64 {
        let v = th.vm().registry.borrow().get("sys.dlopenflags").copied();
        v.and_then(Value::as_int).unwrap_or(2)
    }

    /// Set the flags used by the interpreter for dlopen calls.
    #[pyfunction(sig = "(flags, /)")]
    fn setdlopenflags(th: &mut Thread, flags: i32) {
        let v = Value::small(flags);
        th.vm().registry.borrow_mut().insert("sys.dlopenflags", v);
    }

    /// Activate stack profiler trampoline *backend*.
    #[pyfunction(sig = "(backend, /)")]
    fn activate_stack_trampoline(th: &mut Thread, backend: Gc<Str>) -> Result<()> {
        let _ = backend;
        Err(th.value_error("perf trampoline not available"))
    }

    /// Deactivate the current stack profiler trampoline backend.
    #[pyfunction]
    fn deactivate_stack_trampoline(_: &mut Thread) {}

    /// Return *True* if a stack profiler trampoline is active.
    #[pyfunction]
    fn is_stack_trampoline_active(_: &mut Thread) -> bool {
        false
    }

    /// Return True if remote debugging is enabled, False otherwise.
    #[pyfunction]
    fn is_remote_debug_enabled(_: &mut Thread) -> bool {
        false
    }

    /// Return the number of processors that were asked for, -1 for no request.
    #[pyfunction]
    fn _get_cpu_count_config(th: &mut Thread) -> i64 {
        th.vm().config.cpu_count.map_or(-1, |n| n as i64)
    }

    /// Remove the descriptors `__dict__` and `__weakref__` from a class that is being replaced.
    #[pyfunction(sig = "(type, /)")]
    fn _clear_type_descriptors(th: &mut Thread, class: Value) -> Result<()> {
        let class = th.expect_type(class)?;
        if class.def.is_some() {
            return Err(th.type_error("argument is immutable"));
        }
        let n = th.names();
        for name in [n.__dict__, n.__weakref__] {
            class.namespace().remove_str(name);
        }
        class.modified(th);
        Ok(())
    }

    /// Call func(*args), while tracing is enabled.
    #[pyfunction(sig = "(func, args, /)")]
    fn call_tracing(th: &mut Thread, func: Value, args: Gc<Tuple>) -> Result {
        let was = th.tracing.replace(false);
        let r = th.call_args(func, Args::positional(args.as_slice()));
        th.tracing.set(was);
        r
    }
}
