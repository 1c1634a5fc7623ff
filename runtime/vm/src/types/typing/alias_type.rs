//! `typing.TypeAliasType`: what `type X = …` makes.

use super::{calling_module, const_evaluator, generic_alias, type_var};
use crate::object::{Gc, NativeHeader, Result, Slot, Value};
use crate::types::str_::Str;
use crate::types::tuple::Tuple;
use crate::{NativeObject, Thread, pytype};

/// A type alias; its value is evaluated when first asked for.
#[repr(C)]
#[derive(NativeObject)]
pub struct TypeAliasType {
    head: NativeHeader,
    name: Value,
    type_params: Gc<Tuple>,
    value: Slot,
    thunk: Slot,
    module: Slot,
}

impl crate::types::Named for TypeAliasType {
    const NAME: &'static str = "typing.TypeAliasType";
}

/// The alias of a `type` statement, from (name, type parameters or None, function for the value).
pub fn from_statement(th: &mut Thread, parts: Value) -> Result {
    let Some(parts) = parts.downcast::<Tuple>() else {
        return Err(th.system_error("bad operand of a type statement"));
    };
    let [name, params, thunk] = parts.as_slice() else {
        return Err(th.system_error("bad operand of a type statement"));
    };
    let type_params = params.downcast::<Tuple>().unwrap_or(th.empty_tuple());
    let module = calling_module(th);
    Ok(th
        .new_native(&TYPE, |head| TypeAliasType {
            head,
            name: *name,
            type_params,
            value: Slot::empty(),
            thunk: Slot::new(*thunk),
            module: Slot::from_option(module),
        })
        .value())
}

/// A parameter without default must not follow one with a default.
fn check_params(th: &mut Thread, params: Gc<Tuple>) -> Result<()> {
    let mut seen = false;
    for p in params.as_slice() {
        let default = match th.get_attr_str_option(*p, "__default__")? {
            Some(d) => !d.is(super::no_default(th)),
            None => {
                let r = th.repr(*p)?.to_string_lossy();
                return Err(th.type_error(format!("Expected a type param, got {r}")));
            }
        };
        if seen && !default {
            let r = th.repr(*p)?.to_string_lossy();
            return Err(th.type_error(format!(
                "non-default type parameter '{r}' follows default type parameter"
            )));
        }
        seen |= default;
    }
    Ok(())
}

/// Type alias.
#[pytype(name = "TypeAliasType", module = "typing", flags = HAS_WEAKREF)]
impl TypeAliasType {
    #[pynew(sig = "(name, value, *, type_params=())")]
    fn new(
        th: &mut Thread,
        _class: Value,
        name: Gc<Str>,
        value: Value,
        type_params: Option<Value>,
    ) -> Result {
        let params = match type_params {
            None => th.empty_tuple(),
            Some(p) => match p.downcast::<Tuple>() {
                Some(t) => t,
                None => return Err(th.type_error("type_params must be a tuple")),
            },
        };
        check_params(th, params)?;
        let module = calling_module(th);
        Ok(th
            .new_native(&TYPE, |head| TypeAliasType {
                head,
                name: name.value(),
                type_params: params,
                value: Slot::new(value),
                thunk: Slot::empty(),
                module: Slot::from_option(module),
            })
            .value())
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let a = th.expect::<TypeAliasType>(this)?;
        Ok(a.name)
    }

    #[pyslot]
    fn or(th: &mut Thread, a: Value, b: Value) -> Result {
        super::union::or(th, a, b)
    }

    #[pyslot]
    fn iter(th: &mut Thread, this: Value) -> Result {
        type_var::unpacked(th, this)
    }

    #[pyslot]
    fn getitem(th: &mut Thread, this: Value, item: Value) -> Result {
        let a = th.expect::<TypeAliasType>(this)?;
        if a.type_params.is_empty() {
            return Err(th.type_error("Only generic type aliases are subscriptable"));
        }
        generic_alias::new(th, this, item)
    }

    #[pygetter(name = "__name__")]
    fn get_name(_: &mut Thread, this: Gc<TypeAliasType>) -> Value {
        this.name
    }

    #[pygetter(name = "__value__")]
    fn get_value(th: &mut Thread, this: Gc<TypeAliasType>) -> Result {
        if let Some(v) = this.value.get() {
            return Ok(v);
        }
        let (f, format) = (th.or_none(this.thunk.get()), th.int(1));
        let v = th.call(f, &[format])?;
        this.value.set(this.header(), v);
        Ok(v)
    }

    #[pygetter]
    fn evaluate_value(th: &mut Thread, this: Gc<TypeAliasType>) -> Option<Value> {
        match (this.thunk.get(), this.value.get()) {
            (Some(f), _) => Some(f),
            (None, v) => v.map(|v| const_evaluator(th, v)),
        }
    }

    #[pygetter(name = "__type_params__")]
    fn get_type_params(_: &mut Thread, this: Gc<TypeAliasType>) -> Gc<Tuple> {
        this.type_params
    }

    #[pygetter(name = "__parameters__")]
    fn get_parameters(th: &mut Thread, this: Gc<TypeAliasType>) -> Result<Gc<Tuple>> {
        type_var::as_arguments(th, this.type_params)
    }

    #[pygetter(name = "__module__")]
    fn get_module(_: &mut Thread, this: Gc<TypeAliasType>) -> Option<Value> {
        this.module.get()
    }

    #[pymethod]
    fn __reduce__(_: &mut Thread, this: Gc<TypeAliasType>) -> Value {
        this.name
    }
}
