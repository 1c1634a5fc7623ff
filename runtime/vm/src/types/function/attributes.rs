//! The attributes of a function that say how it runs, with their setters, and the constructor
//! `types.FunctionType(…)`.
//!
//! `__annotations__` is computed by `__annotate__` when first asked for (PEP 649); setting either
//! forgets the other, as the reference does.

use super::Function;
use crate::Thread;
use crate::object::{Gc, Result, Slot, Value};
use crate::pymethods;
use crate::types::cell::CellObject;
use crate::types::code::Code;
use crate::types::dict::Dict;
use crate::types::str_::Str;
use crate::types::tuple::Tuple;

/// `FunctionType(code, globals, name, argdefs, closure, kwdefaults)`
///
/// Raises TypeError for arguments of the wrong type, ValueError for a closure of the wrong length.
pub fn construct(
    th: &mut Thread,
    code: Gc<Code>,
    globals: Gc<Dict>,
    [name, defaults, closure, kwdefaults]: [Option<Value>; 4],
) -> Result {
    let name = th.not_none(name);
    if name.is_some_and(|n| n.downcast::<Str>().is_none()) {
        return Err(th.type_error("arg 3 (name) must be None or string"));
    }
    let defaults = th.not_none(defaults);
    if defaults.is_some_and(|d| d.downcast::<Tuple>().is_none()) {
        return Err(th.type_error("arg 4 (defaults) must be None or tuple"));
    }
    let free = code.data.freevars.len();
    let closure = th.not_none(closure);
    let cells = closure.and_then(|c| c.downcast::<Tuple>());
    if cells.is_none() {
        if free > 0 && closure.is_none() {
            return Err(th.type_error("arg 5 (closure) must be tuple"));
        }
        if closure.is_some() {
            return Err(th.type_error("arg 5 (closure) must be None or tuple"));
        }
    }
    let given = cells.map_or(0, |c| c.len());
    if given != free {
        let n = code
            .name
            .get()
            .map_or(String::new(), |n| n.to_string_lossy());
        return Err(th.value_error(format!(
            "{n} requires closure of length {free}, not {given}"
        )));
    }
    for c in cells.unwrap_or(th.empty_tuple()).as_slice() {
        if c.downcast::<CellObject>().is_none() {
            let got = th.type_name(*c);
            return Err(th.type_error(format!("arg 5 (closure) expected cell, found {got}")));
        }
    }
    let kwdefaults = th.not_none(kwdefaults);
    if kwdefaults.is_some_and(|d| d.downcast::<Dict>().is_none()) {
        return Err(th.type_error("arg 6 (kwdefaults) must be None or dict"));
    }
    let f = th.new_function(code, globals);
    let h = f.header();
    if let Some(n) = name {
        f.name.set(h, n);
    }
    f.defaults
        .set_option(h, defaults.and_then(|d| d.downcast::<Tuple>()));
    f.kwdefaults
        .set_option(h, kwdefaults.and_then(|d| d.downcast::<Dict>()));
    f.closure.set_option(h, cells.filter(|c| !c.is_empty()));
    Ok(f.value())
}

/// Calls an `__annotate__` function for values. TypeError when it gives no dict.
pub fn evaluate_annotations(th: &mut Thread, annotate: Value) -> Result<Gc<Dict>> {
    let format = th.int(1);
    let r = th.call(annotate, &[format])?;
    match r.downcast::<Dict>() {
        Some(d) => Ok(d),
        None => {
            let got = th.type_name(r);
            Err(th.type_error(format!("__annotate__() must return a dict, not {got}")))
        }
    }
}

fn read_only(th: &mut Thread, f: Gc<Function>, name: &str) -> Result<()> {
    Err(th.attribute_error(f.value(), name, "readonly attribute"))
}

/// Sets an optional slot; None and deletion empty it.
fn set_optional(slot: &Slot, f: Gc<Function>, v: Option<Value>) {
    slot.set_option(f.header(), v);
    f.version.set(0);
}

/// Getters and setters.
pub struct Attributes;

#[pymethods(table = METHODS, getsets = GETSETS)]
impl Attributes {
    #[pygetter(name = "__globals__", member)]
    fn get_globals(_: &mut Thread, this: Gc<Function>) -> Option<Gc<Dict>> {
        this.globals.get()
    }

    #[pysetter(name = "__globals__")]
    fn set_globals(th: &mut Thread, this: Gc<Function>, _: Option<Value>) -> Result<()> {
        read_only(th, this, "__globals__")
    }

    #[pygetter(name = "__builtins__", member)]
    fn get_builtins(_: &mut Thread, this: Gc<Function>) -> Option<Gc<Dict>> {
        this.builtins.get()
    }

    #[pysetter(name = "__builtins__")]
    fn set_builtins(th: &mut Thread, this: Gc<Function>, _: Option<Value>) -> Result<()> {
        read_only(th, this, "__builtins__")
    }

    #[pygetter(name = "__closure__", member)]
    fn get_closure(_: &mut Thread, this: Gc<Function>) -> Option<Gc<Tuple>> {
        this.closure.get()
    }

    #[pysetter(name = "__closure__")]
    fn set_closure(th: &mut Thread, this: Gc<Function>, _: Option<Value>) -> Result<()> {
        read_only(th, this, "__closure__")
    }

    #[pygetter(name = "__code__")]
    fn get_code(_: &mut Thread, this: Gc<Function>) -> Option<Gc<Code>> {
        this.code.get()
    }

    #[pysetter(name = "__code__")]
    fn set_code(th: &mut Thread, this: Gc<Function>, v: Option<Value>) -> Result<()> {
        let Some(code) = v.and_then(|v| v.downcast::<Code>()) else {
            return Err(th.type_error("__code__ must be set to a code object"));
        };
        let (free, closure) = (
            code.data.freevars.len(),
            this.closure.get().map_or(0, |c| c.len()),
        );
        if free != closure {
            let n = crate::call::invoke::function_name(this);
            let n = n.trim_end_matches("()");
            return Err(th.value_error(format!(
                "{n}() requires a code object with {closure} free vars, not {free}"
            )));
        }
        let before = this.code();
        this.code.set(this.header(), code);
        this.version.set(0);
        th.vm().assumptions.function_changed(this, before);
        Ok(())
    }

    #[pygetter(name = "__defaults__")]
    fn get_defaults(_: &mut Thread, this: Gc<Function>) -> Option<Gc<Tuple>> {
        this.defaults.get()
    }

    #[pysetter(name = "__defaults__")]
    fn set_defaults(th: &mut Thread, this: Gc<Function>, v: Option<Value>) -> Result<()> {
        let v = th.not_none(v);
        if v.is_some_and(|v| v.downcast::<Tuple>().is_none()) {
            return Err(th.type_error("__defaults__ must be set to a tuple object"));
        }
        set_optional(this.defaults.untyped(), this, v);
        th.vm().assumptions.function_changed(this, this.code());
        Ok(())
    }

    #[pygetter(name = "__kwdefaults__")]
    fn get_kwdefaults(_: &mut Thread, this: Gc<Function>) -> Option<Gc<Dict>> {
        this.kwdefaults.get()
    }

    #[pysetter(name = "__kwdefaults__")]
    fn set_kwdefaults(th: &mut Thread, this: Gc<Function>, v: Option<Value>) -> Result<()> {
        let v = th.not_none(v);
        if v.is_some_and(|v| v.downcast::<Dict>().is_none()) {
            return Err(th.type_error("__kwdefaults__ must be set to a dict object"));
        }
        set_optional(this.kwdefaults.untyped(), this, v);
        th.vm().assumptions.function_changed(this, this.code());
        Ok(())
    }

    #[pygetter(name = "__annotations__")]
    fn get_annotations(th: &mut Thread, this: Gc<Function>) -> Result {
        if let Some(d) = this.annotations.get() {
            return Ok(d);
        }
        let annotate = th.not_none(this.annotate.get());
        let d = match annotate {
            Some(f) if th.is_callable(f) => evaluate_annotations(th, f)?,
            _ => th.new_dict(),
        };
        this.annotations.set(this.header(), d.value());
        Ok(d.value())
    }

    #[pysetter(name = "__annotations__")]
    fn set_annotations(th: &mut Thread, this: Gc<Function>, v: Option<Value>) -> Result<()> {
        let v = th.not_none(v);
        if v.is_some_and(|v| v.downcast::<Dict>().is_none()) {
            return Err(th.type_error("__annotations__ must be set to a dict object"));
        }
        this.annotations.set_option(this.header(), v);
        this.annotate.clear();
        Ok(())
    }

    #[pygetter(name = "__annotate__")]
    fn get_annotate(_: &mut Thread, this: Gc<Function>) -> Option<Value> {
        this.annotate.get()
    }

    #[pysetter(name = "__annotate__")]
    fn set_annotate(th: &mut Thread, this: Gc<Function>, v: Option<Value>) -> Result<()> {
        let Some(v) = v else {
            return Err(th.type_error("__annotate__ cannot be deleted"));
        };
        if th.is_none(v) {
            this.annotate.clear();
        } else if th.is_callable(v) {
            this.annotate.set(this.header(), v);
            this.annotations.clear();
        } else {
            return Err(th.type_error("__annotate__ must be callable or None"));
        }
        Ok(())
    }

    #[pygetter(name = "__type_params__")]
    fn get_type_params(th: &mut Thread, this: Gc<Function>) -> Result {
        Ok(this.type_params.get().unwrap_or(th.empty_tuple().value()))
    }

    #[pysetter(name = "__type_params__")]
    fn set_type_params(th: &mut Thread, this: Gc<Function>, v: Option<Value>) -> Result<()> {
        match v {
            Some(v) if v.downcast::<Tuple>().is_some() => {
                this.type_params.set(this.header(), v);
                Ok(())
            }
            _ => Err(th.type_error("__type_params__ must be set to a tuple")),
        }
    }

    #[pygetter(name = "__dict__")]
    fn get_dict(th: &mut Thread, this: Gc<Function>) -> Result {
        Ok(this.attributes(th).value())
    }

    #[pysetter(name = "__dict__")]
    fn set_dict(th: &mut Thread, this: Gc<Function>, v: Option<Value>) -> Result<()> {
        let Some(v) = v else {
            return Err(th.type_error("cannot delete __dict__"));
        };
        match v.downcast::<Dict>() {
            Some(d) => {
                this.dict.set(this.header(), d);
                Ok(())
            }
            None => {
                let got = th.type_name(v);
                Err(th.type_error(format!(
                    "__dict__ must be set to a dictionary, not a '{got}'"
                )))
            }
        }
    }
}
