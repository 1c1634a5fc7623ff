//! Unions of types: `int | str`, which is also what `typing.Union[int, str]` gives.

use super::{call_typing, parameters, type_repr};
use crate::object::slots::CompareOp;
use crate::object::{Gc, GcSlot, NativeHeader, Result, Value};
use crate::types::T;
use crate::types::str_::Str;
use crate::types::tuple::Tuple;
use crate::types::type_::Type;
use crate::{NativeObject, Thread, ValueVec, pytype};

/// A union of at least two different types.
#[repr(C)]
#[derive(NativeObject)]
pub struct Union {
    head: NativeHeader,
    /// The members, flat and without repetition.
    pub args: Gc<Tuple>,
    parameters: GcSlot<Tuple>,
}

impl crate::types::Named for Union {
    const NAME: &'static str = "typing.Union";
}

fn is_unionable(th: &mut Thread, v: Value) -> bool {
    th.is_none(v)
        || v.downcast::<Type>().is_some()
        || v.downcast::<super::generic_alias::GenericAlias>().is_some()
        || v.downcast::<super::alias_type::TypeAliasType>().is_some()
        || v.downcast::<Union>().is_some()
}

fn add(th: &mut Thread, out: &ValueVec, v: Value) -> Result<()> {
    if let Some(u) = v.downcast::<Union>() {
        for v in u.args.as_slice() {
            add(th, out, *v)?;
        }
        return Ok(());
    }
    let v = if th.is_none(v) {
        th.vm().ty(T::None).value()
    } else {
        v
    };
    let mut i = 0;
    while let Some(w) = out.get(i) {
        let both = v.downcast::<Type>().is_some() && w.downcast::<Type>().is_some();
        // Classes are the same or not: a metaclass's `__eq__` is asked only through the hash.
        if v.is(w) || !both && th.equal(w, v)? {
            return Ok(());
        }
        i += 1;
    }
    th.push(out, v)
}

/// The union of these types; the type itself if there is one.
pub fn of(th: &mut Thread, members: &[Value]) -> Result {
    let out = ValueVec::new();
    for v in members {
        add(th, &out, *v)?;
    }
    if let [one] = out.as_slice() {
        return Ok(*one);
    }
    if out.is_empty() {
        return Err(th.type_error("Cannot take a Union of no types."));
    }
    let args = th.new_tuple(out.as_slice());
    Ok(th
        .new_native(&TYPE, |head| Union {
            head,
            args,
            parameters: GcSlot::empty(),
        })
        .value())
}

/// As [`of`], for members that must be checked: strings become forward references.
pub fn of_checked(th: &mut Thread, members: &[Value]) -> Result {
    let out = ValueVec::new();
    for v in members {
        let v = if th.is_none(*v) || v.downcast::<Type>().is_some() {
            *v
        } else {
            let m = th
                .new_str("Union[arg, ...]: each arg must be a type.")
                .value();
            call_typing(th, "_type_check", &[*v, m])?
        };
        th.push(&out, v)?;
    }
    of(th, out.as_slice())
}

/// `a | b` of types; NotImplemented when one is no type.
pub fn or(th: &mut Thread, a: Value, b: Value) -> Result {
    if is_unionable(th, a) && is_unionable(th, b) {
        return of(th, &[a, b]);
    }
    if a.downcast::<Union>().is_none() && b.downcast::<Union>().is_none() {
        return Ok(th.not_implemented());
    }
    // With a union, anything that could stand in its brackets.
    match of_checked(th, &[a, b]) {
        Err(crate::Raised) if th.pending_matches(crate::types::ExceptionClass::TypeError) => {
            th.clear_pending();
            Ok(th.not_implemented())
        }
        r => r,
    }
}

/// Represent a union type
///
/// E.g. for int | str
#[pytype(name = "Union", module = "typing", flags = HAS_WEAKREF)]
impl Union {
    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let u = th.expect::<Union>(this)?;
        let mut parts = Vec::new();
        for v in u.args.as_slice() {
            parts.push(type_repr(th, *v)?);
        }
        Ok(th.new_str(&parts.join(" | ")).value())
    }

    #[pyslot]
    fn hash(th: &mut Thread, this: Value) -> Result<i64> {
        let u = th.expect::<Union>(this)?;
        let set = crate::types::set::frozenset_from(th, u.args.as_slice())?;
        th.hash(set)
    }

    #[pyslot]
    fn richcompare(th: &mut Thread, a: Value, b: Value, op: CompareOp) -> Result {
        let (Some(x), Some(y)) = (a.downcast::<Union>(), b.downcast::<Union>()) else {
            return Ok(th.not_implemented());
        };
        if op != CompareOp::Eq && op != CompareOp::Ne {
            return Ok(th.not_implemented());
        }
        let mut same = x.args.len() == y.args.len();
        for v in x.args.as_slice() {
            if same && !th.contains(y.args.value(), *v)? {
                same = false;
            }
        }
        Ok(th.bool(same == (op == CompareOp::Eq)))
    }

    #[pyslot]
    fn or(th: &mut Thread, a: Value, b: Value) -> Result {
        self::or(th, a, b)
    }

    #[pyslot]
    fn getitem(th: &mut Thread, this: Value, item: Value) -> Result {
        let u = th.expect::<Union>(this)?;
        let p = Union::get_parameters(th, u)?;
        let args = parameters::substitute(th, this, u.args, p, item)?;
        of_checked(th, args.as_slice())
    }

    #[pyslot]
    fn getattro(th: &mut Thread, this: Value, name: Gc<Str>) -> Result {
        th.generic_get_attr(this, name)
    }

    #[pygetter(name = "__args__", member)]
    fn get_args(_: &mut Thread, this: Gc<Union>) -> Gc<Tuple> {
        this.args
    }

    /// Type variables in the types.UnionType.
    #[pygetter(name = "__parameters__")]
    fn get_parameters(th: &mut Thread, this: Gc<Union>) -> Result<Gc<Tuple>> {
        if let Some(p) = this.parameters.get() {
            return Ok(p);
        }
        let p = parameters::collect(th, this.args)?;
        this.parameters.set(this.header(), p);
        Ok(p)
    }

    #[pygetter(name = "__name__")]
    fn get_name(th: &mut Thread, _this: Gc<Union>) -> Value {
        th.intern("Union").value()
    }

    #[pygetter(name = "__qualname__")]
    fn get_qualname(th: &mut Thread, _this: Gc<Union>) -> Value {
        th.intern("Union").value()
    }

    #[pygetter(name = "__origin__")]
    fn get_origin(th: &mut Thread, _this: Gc<Union>) -> Value {
        th.type_for(&TYPE).value()
    }

    #[pymethod]
    fn __mro_entries__(th: &mut Thread, this: Gc<Union>, _bases: Value) -> Result {
        let r = th.repr(this.value())?.to_string_lossy();
        Err(th.type_error(format!("Cannot subclass {r}")))
    }

    #[pyclassmethod]
    fn __class_getitem__(th: &mut Thread, _class: Value, params: Value) -> Result {
        match params.downcast::<Tuple>() {
            Some(t) => of_checked(th, t.as_slice()),
            None => of_checked(th, &[params]),
        }
    }
}
