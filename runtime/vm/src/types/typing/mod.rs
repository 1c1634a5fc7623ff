//! What type expressions are made of: generic aliases (`list[int]`), unions (`int | str`), type
//! parameters, `type X = …`, and `typing.Generic`.
//!
//! The rules that only `typing.py` knows (checking an argument, forward references, the
//! substitution of parameter specifications) are asked of that module, which is imported when
//! first needed.

pub mod alias_type;
pub mod generic;
pub mod generic_alias;
pub mod parameters;
pub mod type_var;
pub mod union;

use crate::Thread;
use crate::call::Args;
use crate::object::{NativeHeader, Result, Value};
use crate::types::T;
use crate::{NativeObject, pytype};

/// The value of `typing.NoDefault`.
#[repr(C)]
#[derive(NativeObject)]
pub struct NoDefault {
    head: NativeHeader,
}

/// The type of the NoDefault singleton.
#[pytype(name = "NoDefaultType", module = "typing", table = NO_DEFAULT_TYPE)]
impl NoDefault {
    #[pynew(sig = "()")]
    fn new(th: &mut Thread, _class: Value) -> Result {
        Ok(no_default(th))
    }

    #[pyslot]
    fn repr(th: &mut Thread, _: Value) -> Result {
        Ok(th.intern("typing.NoDefault").value())
    }

    #[pymethod]
    fn __reduce__(th: &mut Thread, _this: Value) -> Result {
        Ok(th.intern("NoDefault").value())
    }
}

/// `typing.NoDefault`
pub fn no_default(th: &mut Thread) -> Value {
    let known = th.vm().registry.borrow().get("typing.NoDefault").copied();
    if let Some(v) = known {
        return v;
    }
    let v = th
        .new_native(&NO_DEFAULT_TYPE, |head| NoDefault { head })
        .value();
    th.vm().registry.borrow_mut().insert("typing.NoDefault", v);
    v
}

/// Evaluates to a value that is known already: `evaluate_bound` of `TypeVar("T", bound=int)`.
#[repr(C)]
#[derive(NativeObject)]
pub struct ConstEvaluator {
    head: NativeHeader,
    value: Value,
}

#[pytype(name = "_ConstEvaluator", module = "_typing", table = CONST_EVALUATOR_TYPE)]
impl ConstEvaluator {
    #[pyslot]
    fn call(th: &mut Thread, this: Value, args: Args<'_>) -> Result {
        let Some(e) = this.downcast::<ConstEvaluator>() else {
            return Ok(this);
        };
        let [format] = args.values else {
            let n = args.values.len();
            return Err(th.type_error(format!(
                "constevaluator.__call__ expected 1 argument, got {n}"
            )));
        };
        let format = th.index_i64(*format, "Python int too large to convert to C int")?;
        // annotationlib.Format.STRING
        if format != 4 {
            return Ok(e.value);
        }
        let text = match e.value.downcast::<crate::types::tuple::Tuple>() {
            Some(t) => {
                let mut parts = Vec::new();
                for v in t.as_slice() {
                    parts.push(type_repr(th, *v)?);
                }
                let comma = if parts.len() == 1 { "," } else { "" };
                format!("({}{comma})", parts.join(", "))
            }
            None => type_repr(th, e.value)?,
        };
        Ok(th.new_str(&text).value())
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let Some(e) = this.downcast::<ConstEvaluator>() else {
            return Ok(this);
        };
        let r = th.repr(e.value)?.to_string_lossy();
        Ok(th.new_str(&format!("<constevaluator {r}>")).value())
    }
}

/// A callable that gives `value` in every format.
pub fn const_evaluator(th: &mut Thread, value: Value) -> Value {
    th.new_native(&CONST_EVALUATOR_TYPE, |head| ConstEvaluator { head, value })
        .value()
}

/// How a type is written in the repr of an alias or union.
pub fn type_repr(th: &mut Thread, v: Value) -> Result<String> {
    if v.is(th.ellipsis()) {
        return Ok("...".into());
    }
    if v.is(th.vm().ty(T::None).value()) {
        return Ok("None".into());
    }
    let n = th.names();
    if th.get_attr_option(v, n.__origin__)?.is_some()
        && th.get_attr_option(v, n.__args__)?.is_some()
    {
        return Ok(th.repr(v)?.to_string_lossy());
    }
    let qualname = th.get_attr_option(v, n.__qualname__)?;
    let module = th.get_attr_option(v, n.__module__)?;
    match (qualname, th.not_none(module)) {
        (Some(q), Some(m)) => {
            let (q, m) = (th.str(q)?.to_string_lossy(), th.str(m)?.to_string_lossy());
            Ok(if m == "builtins" {
                q
            } else {
                format!("{m}.{q}")
            })
        }
        _ => Ok(th.repr(v)?.to_string_lossy()),
    }
}

/// Calls a function of `typing.py`.
pub fn call_typing(th: &mut Thread, name: &str, args: &[Value]) -> Result {
    let f = typing_attribute(th, name)?;
    th.call(f, args)
}

/// An attribute of `typing.py`.
pub fn typing_attribute(th: &mut Thread, name: &str) -> Result {
    let text = th.intern("typing");
    let list = {
        let n = th.intern(name).value();
        th.new_tuple(&[n]).value()
    };
    let module = crate::import::import_name(th, text, list, 0)?;
    th.get_attr_str(module, name)
}

/// Name of the module whose code is running, for `__module__`.
pub fn calling_module(th: &mut Thread) -> Option<Value> {
    let name = th.names().__name__;
    th.current_globals().and_then(|g| g.get_str(name))
}
