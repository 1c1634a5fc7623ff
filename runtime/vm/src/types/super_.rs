//! `super`

use crate::Thread;
use crate::object::{Gc, NativeHeader, Result, Slot, Value};
use crate::types::str_::Str;
use crate::types::type_::Type;
use crate::{NativeObject, pytype};

/// A super object.
#[repr(C)]
#[derive(NativeObject)]
pub struct Super {
    head: NativeHeader,
    class: Slot,
    object: Slot,
    object_type: Slot,
}

/// Finds `name` behind `after` in the MRO of `start`, and binds it to `object`. None when missing.
pub fn lookup(
    th: &mut Thread,
    after: Gc<Type>,
    object: Value,
    start: Gc<Type>,
    name: Gc<Str>,
) -> Result<Option<Value>> {
    let name = th.intern_str(name);
    let Some(mro) = start.mro.get() else {
        return Ok(None);
    };
    let at = mro.as_slice().iter().position(|c| c.is(after.value()));
    let Some(at) = at else { return Ok(None) };
    for c in &mro.as_slice()[at + 1..] {
        if let Some(c) = c.downcast::<Type>()
            && let Some(v) = c.namespace().get_str(name)
        {
            let o = if object.is(start.value()) {
                None
            } else {
                Some(object)
            };
            return th.bind_descriptor(v, o, start).map(Some);
        }
    }
    Ok(None)
}

/// As [`lookup`], without binding: for `super().method(…)` calls.
pub fn lookup_unbound(
    th: &mut Thread,
    after: Gc<Type>,
    start: Gc<Type>,
    name: Gc<Str>,
) -> Option<Value> {
    let _ = th;
    let mro = start.mro.get()?;
    let at = mro.as_slice().iter().position(|c| c.is(after.value()))?;
    mro.as_slice()[at + 1..]
        .iter()
        .find_map(|c| c.downcast::<Type>()?.namespace().get_str(name))
}

/// The class by which `super(class, object)` searches. TypeError when the object does not fit.
pub fn check(th: &mut Thread, class: Gc<Type>, object: Value) -> Result<Gc<Type>> {
    if let Some(t) = object.downcast::<Type>()
        && t.is_subtype(class)
    {
        return Ok(t);
    }
    let t = th.class_of(object);
    if t.is_subtype(class) {
        return Ok(t);
    }
    let name = th.names().__class__;
    if let Some(k) = th.get_attr_option(object, name)?
        && let Some(k) = k.downcast::<Type>()
        && k.is_subtype(class)
    {
        return Ok(k);
    }
    let (what, c) = match object.downcast::<Type>() {
        Some(o) => (format!("type {}", o.name_text()), class.name_text()),
        None => (format!("instance of {}", t.name_text()), class.name_text()),
    };
    Err(th.type_error(format!(
        "super(type, obj): obj ({what}) is not an instance or subtype of type ({c})."
    )))
}

/// super() -> same as super(__class__, <first argument>)
#[pytype(name = "super", flags = BASETYPE)]
impl Super {
    #[pynew(raw)]
    fn new(th: &mut Thread, args: crate::call::Args<'_>) -> Result {
        let class = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
        Ok(th
            .alloc_native(class, |head| Super {
                head,
                class: Slot::empty(),
                object: Slot::empty(),
                object_type: Slot::empty(),
            })
            .value())
    }

    #[pyslot]
    fn init(th: &mut Thread, this: Value, args: crate::call::Args<'_>) -> Result<()> {
        let Some(s) = this.downcast::<Super>() else {
            return Ok(());
        };
        if args.keyword_count() > 0 {
            return Err(crate::types::sequence::no_keywords(th, "super"));
        }
        let (class, object) = match args.values {
            [] => th.super_without_arguments()?,
            [c] => (*c, None),
            [c, o] => (*c, Some(*o)),
            other => {
                let n = other.len();
                return Err(th.type_error(format!("super() expected at most 2 arguments, got {n}")));
            }
        };
        let Some(class) = class.downcast::<Type>() else {
            let got = th.type_name(class);
            return Err(th.type_error(format!("super() argument 1 must be a type, not {got}")));
        };
        s.class.set(s.header(), class.value());
        if let Some(o) = th.not_none(object) {
            let t = check(th, class, o)?;
            s.object.set(s.header(), o);
            s.object_type.set(s.header(), t.value());
        }
        Ok(())
    }

    #[pyslot]
    fn getattro(th: &mut Thread, this: Value, name: Gc<Str>) -> Result {
        let Some(s) = this.downcast::<Super>() else {
            return Ok(this);
        };
        if let (Some(c), Some(o), Some(t)) = (s.class.get(), s.object.get(), s.object_type.get())
            && !name.equals_str("__class__")
            && let (Some(c), Some(t)) = (c.downcast::<Type>(), t.downcast::<Type>())
            && let Some(v) = lookup(th, c, o, t, name)?
        {
            return Ok(v);
        }
        th.generic_get_attr(this, name)
    }

    #[pyslot]
    fn descr_get(
        th: &mut Thread,
        this: Value,
        object: Option<Value>,
        _owner: Option<Value>,
    ) -> Result {
        let Some(s) = this.downcast::<Super>() else {
            return Ok(this);
        };
        let (Some(o), None) = (object, s.object.get()) else {
            return Ok(this);
        };
        let class = th.class_of(this);
        let c = th.or_none(s.class.get());
        th.call(class.value(), &[c, o])
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let Some(s) = this.downcast::<Super>() else {
            return Ok(this);
        };
        let name = |v: Option<Value>| {
            v.and_then(|v| v.downcast::<Type>())
                .map_or("NULL".into(), |t| t.name_text())
        };
        let text = match s.object_type.get() {
            Some(t) => format!(
                "<super: <class '{}'>, <{} object>>",
                name(s.class.get()),
                name(Some(t))
            ),
            None => format!("<super: <class '{}'>, NULL>", name(s.class.get())),
        };
        Ok(th.new_str(&text).value())
    }

    /// the class invoking super()
    #[pygetter(name = "__thisclass__", member)]
    fn thisclass(_: &mut Thread, this: Gc<Super>) -> Option<Value> {
        this.class.get()
    }

    /// the instance invoking super(); may be None
    #[pygetter(name = "__self__", member)]
    fn self_(_: &mut Thread, this: Gc<Super>) -> Option<Value> {
        this.object.get()
    }

    /// the type of the instance invoking super(); may be None
    #[pygetter(name = "__self_class__", member)]
    fn self_class(_: &mut Thread, this: Gc<Super>) -> Option<Value> {
        this.object_type.get()
    }
}
