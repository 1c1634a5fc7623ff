//! Attributes of classes that are computed or checked: annotations, type parameters, bases,
//! numbers about the layout.

use super::{Type, create, flags};
use crate::Thread;
use crate::object::{Gc, Result, Value};
use crate::pymethods;
use crate::types::T;
use crate::types::tuple::Tuple;

/// Bits of `__flags__`: the reference's number, ours.
const FLAGS: &[(u32, u32)] = &[
    (5, flags::SEQUENCE),
    (6, flags::MAPPING),
    (7, flags::NO_INSTANTIATION),
    (8, flags::IMMUTABLE),
    (9, flags::HEAP),
    (10, flags::BASETYPE),
    (17, flags::METHOD_DESCRIPTOR),
    (20, flags::ABSTRACT),
    (22, flags::MATCH_SELF),
];
/// Bits of `__flags__` for subclasses of certain types.
const SUBCLASSES: &[(u32, T)] = &[
    (24, T::Int),
    (25, T::List),
    (26, T::Tuple),
    (27, T::Bytes),
    (28, T::Str),
    (29, T::Dict),
    (31, T::Type),
];

fn no_attribute(th: &mut Thread, t: Gc<Type>, name: &str) -> crate::Raised {
    let n = t.name_text();
    th.attribute_error(
        t.value(),
        name,
        format!("type object '{n}' has no attribute '{name}'"),
    )
}

fn immutable(th: &mut Thread, t: Gc<Type>, name: &str) -> Result<()> {
    if !t.has(flags::IMMUTABLE) {
        return Ok(());
    }
    let n = t.name_text();
    Err(th.type_error(format!(
        "cannot set '{name}' attribute of immutable type '{n}'"
    )))
}

fn find_annotate(th: &mut Thread, t: Gc<Type>) -> Result<Option<Value>> {
    let (d, n) = (t.namespace(), th.names());
    match d.get_str(n.__annotate_func__).or(d.get_str(n.__annotate__)) {
        Some(f) => th.bind_descriptor(f, None, t).map(Some),
        None => Ok(None),
    }
}

fn layout_differs(a: Gc<Type>, b: Gc<Type>) -> bool {
    a.payload.kind != b.payload.kind
        || a.payload.size != b.payload.size
        || a.fixed != b.fixed
        || a.has_instance_dict() != b.has_instance_dict()
        || a.has(flags::HAS_WEAKREF) != b.has(flags::HAS_WEAKREF)
}

/// New MROs for the class and all below it; all old ones come back when one cannot be made.
fn renew_mros(
    th: &mut Thread,
    t: Gc<Type>,
    done: &mut Vec<(Gc<Type>, Option<Gc<Tuple>>)>,
) -> Result<()> {
    done.push((t, t.mro.get()));
    create::set_mro(th, t)?;
    let subclasses: Vec<Gc<Type>> = t.subclasses.borrow().clone();
    for s in subclasses {
        renew_mros(th, s, done)?;
    }
    Ok(())
}

/// `C.__bases__ = bases`
fn set_bases(th: &mut Thread, t: Gc<Type>, v: Option<Value>) -> Result<()> {
    let n = t.name_text();
    immutable(th, t, "__bases__")?;
    let Some(v) = v else {
        return Err(th.type_error(format!(
            "cannot delete '__bases__' attribute of immutable type '{n}'"
        )));
    };
    let Some(bases) = v.downcast::<Tuple>() else {
        let got = th.type_name(v);
        return Err(th.type_error(format!("can only assign tuple to {n}.__bases__, not {got}")));
    };
    if bases.is_empty() {
        return Err(th.type_error(format!(
            "can only assign non-empty tuple to {n}.__bases__, not ()"
        )));
    }
    for b in bases.as_slice() {
        let Some(b) = b.downcast::<Type>() else {
            let got = th.type_name(*b);
            return Err(th.type_error(format!(
                "{n}.__bases__ must be tuple of classes, not '{got}'"
            )));
        };
        // A reentrant assignment may have changed the base, and not yet the MRO.
        let chain = std::iter::successors(Some(b), |c| c.base.get());
        if b.is_subtype(t) || chain.into_iter().any(|c| c.is(t)) {
            return Err(th.type_error("a __bases__ item causes an inheritance cycle"));
        }
    }
    let new = create::best_base(th, bases.as_slice())?;
    let object = th.vm().ty(T::Object);
    let old = t.base.get().unwrap_or(object);
    if layout_differs(old, new) {
        let (a, b) = (new.name_text(), old.name_text());
        let what = if new.has(flags::HEAP) == old.has(flags::HEAP) {
            "object layout"
        } else {
            "deallocator"
        };
        return Err(th.type_error(format!(
            "__bases__ assignment: '{a}' {what} differs from '{b}'"
        )));
    }
    t.modified(th);
    let old_bases = t.bases.get().unwrap_or(th.empty_tuple());
    let h = t.header();
    t.bases.set(h, bases);
    t.base.set(h, new);
    let mut done = Vec::new();
    if let Err(e) = renew_mros(th, t, &mut done) {
        for (c, mro) in done {
            c.mro.set_option(c.header(), mro);
        }
        if t.bases.get().is_some_and(|b| b.is(bases)) {
            t.bases.set(h, old_bases);
            t.base.set(h, old);
        }
        return Err(e);
    }
    // A custom `mro()` may have assigned other bases meanwhile, which then stand.
    if !t.bases.get().is_some_and(|b| b.is(bases)) {
        return Ok(());
    }
    for b in old_bases.as_slice() {
        if let Some(b) = b.downcast::<Type>() {
            b.subclasses.borrow_mut().retain(|s| !s.is(t));
        }
    }
    for b in bases.as_slice() {
        if let Some(b) = b.downcast::<Type>() {
            b.add_subclass(th, t);
            th.vm().assumptions.subclassed(&b);
        }
    }
    create::fix_slots_recursive(th, t);
    Ok(())
}

/// Getters and setters.
pub struct Attributes;

#[pymethods(table = METHODS, getsets = GETSETS)]
impl Attributes {
    #[pygetter(name = "__bases__")]
    fn get_bases(_: &mut Thread, this: Gc<Type>) -> Option<Gc<Tuple>> {
        this.bases.get()
    }

    #[pysetter(name = "__bases__")]
    fn set_bases(th: &mut Thread, this: Gc<Type>, v: Option<Value>) -> Result<()> {
        self::set_bases(th, this, v)
    }

    #[pygetter(name = "__annotations__")]
    fn get_annotations(th: &mut Thread, this: Gc<Type>) -> Result {
        if !this.has(flags::HEAP) {
            return Err(no_attribute(th, this, "__annotations__"));
        }
        let (d, n) = (this.namespace(), th.names());
        let known = d
            .get_str(n.__annotations__)
            .or(d.get_str(n.__annotations_cache__));
        if let Some(v) = known {
            return th.bind_descriptor(v, None, this);
        }
        let annotate = find_annotate(th, this)?;
        let r = match annotate {
            Some(f) if th.is_callable(f) => {
                crate::types::function::attributes::evaluate_annotations(th, f)?
            }
            _ => th.new_dict(),
        };
        this.modified(th);
        th.dict_set_str(d, n.__annotations_cache__, r.value());
        Ok(r.value())
    }

    #[pysetter(name = "__annotations__")]
    fn set_annotations(th: &mut Thread, this: Gc<Type>, v: Option<Value>) -> Result<()> {
        immutable(th, this, "__annotations__")?;
        let (d, n) = (this.namespace(), th.names());
        this.modified(th);
        match v {
            Some(v) => {
                let key = if d.get_str(n.__annotations__).is_some() {
                    n.__annotations__
                } else {
                    n.__annotations_cache__
                };
                th.dict_set_str(d, key, v);
            }
            None => {
                if d.remove_str(n.__annotations__).is_none()
                    && d.remove_str(n.__annotations_cache__).is_none()
                {
                    return Err(th.attribute_error(
                        this.value(),
                        "__annotations__",
                        "__annotations__",
                    ));
                }
            }
        }
        d.remove_str(n.__annotate_func__);
        d.remove_str(n.__annotate__);
        Ok(())
    }

    #[pygetter(name = "__annotate__")]
    fn get_annotate(th: &mut Thread, this: Gc<Type>) -> Result {
        if !this.has(flags::HEAP) {
            return Err(no_attribute(th, this, "__annotate__"));
        }
        let f = find_annotate(th, this)?;
        Ok(th.or_none(f))
    }

    #[pysetter(name = "__annotate__")]
    fn set_annotate(th: &mut Thread, this: Gc<Type>, v: Option<Value>) -> Result<()> {
        let Some(v) = v else {
            return Err(th.type_error("cannot delete __annotate__ attribute"));
        };
        immutable(th, this, "__annotate__")?;
        if !th.is_none(v) && !th.is_callable(v) {
            return Err(th.type_error("__annotate__ must be callable or None"));
        }
        let (d, n) = (this.namespace(), th.names());
        this.modified(th);
        th.dict_set_str(d, n.__annotate_func__, v);
        if !th.is_none(v) {
            d.remove_str(n.__annotations__);
            d.remove_str(n.__annotations_cache__);
        }
        Ok(())
    }

    #[pygetter(name = "__type_params__")]
    fn get_type_params(th: &mut Thread, this: Gc<Type>) -> Result {
        if this.def.is_some() {
            return Ok(th.empty_tuple().value());
        }
        let key = th.names().__type_params__;
        Ok(this
            .namespace()
            .get_str(key)
            .unwrap_or(th.empty_tuple().value()))
    }

    #[pysetter(name = "__type_params__")]
    fn set_type_params(th: &mut Thread, this: Gc<Type>, v: Option<Value>) -> Result<()> {
        immutable(th, this, "__type_params__")?;
        let n = this.name_text();
        let Some(v) = v else {
            return Err(th.type_error(format!(
                "cannot delete '__type_params__' attribute of immutable type '{n}'"
            )));
        };
        let key = th.names().__type_params__;
        this.modified(th);
        this.namespace().set_str(th, key, v);
        Ok(())
    }

    #[pygetter(name = "__text_signature__")]
    fn get_text_signature(th: &mut Thread, this: Gc<Type>) -> Result {
        Ok(match this.slots().text_signature {
            Some(s) if this.def.is_some() && !s.contains("<unrepresentable>") => {
                let s = s.replacen("($self, ", "(", 1).replacen("($self)", "()", 1);
                th.new_str(&s).value()
            }
            _ => th.none(),
        })
    }

    #[pygetter(name = "__flags__", member)]
    fn get_flags(th: &mut Thread, this: Gc<Type>) -> i64 {
        // Ready, valid version tag, traced by the collector.
        let mut bits: i64 = 1 << 12 | 1 << 14;
        for (bit, flag) in FLAGS {
            if this.has(*flag) {
                bits |= 1 << bit;
            }
        }
        if this
            .def
            .is_some_and(|d| !matches!(d.module, "builtins" | "types"))
        {
            // The reference makes the types of its extension modules at run time.
            bits |= 1 << 9;
        }
        for (bit, t) in SUBCLASSES {
            let t = th.vm().ty(*t);
            if this.is(t) || this.is_subtype(t) {
                bits |= 1 << bit;
            }
        }
        let exceptions = th
            .vm()
            .exception_class(crate::types::ExceptionClass::BaseException);
        if this.is(exceptions) || this.is_subtype(exceptions) {
            bits |= 1 << 30;
        }
        bits
    }

    #[pygetter(name = "__basicsize__", member)]
    fn get_basicsize(_: &mut Thread, this: Gc<Type>) -> usize {
        this.payload.size as usize + 8 * this.fixed as usize
    }

    #[pygetter(name = "__itemsize__", member)]
    fn get_itemsize(_: &mut Thread, this: Gc<Type>) -> usize {
        if this.payload.size == 0 { 8 } else { 0 }
    }

    #[pygetter(name = "__dictoffset__", member)]
    fn get_dictoffset(_: &mut Thread, this: Gc<Type>) -> i64 {
        if this.has_instance_dict() { -1 } else { 0 }
    }

    #[pygetter(name = "__weakrefoffset__", member)]
    fn get_weakrefoffset(_: &mut Thread, this: Gc<Type>) -> i64 {
        if this.has(flags::HAS_WEAKREF) { 8 } else { 0 }
    }

    /// Specialized __dir__ implementation for types.
    #[pymethod]
    fn __dir__(th: &mut Thread, this: Gc<Type>) -> Result {
        crate::types::object::reduce::class_names(th, this.value())
    }

    /// Return memory consumption of the type object.
    #[pymethod]
    fn __sizeof__(_: &mut Thread, _this: Gc<Type>) -> usize {
        size_of::<Type>()
    }
}
