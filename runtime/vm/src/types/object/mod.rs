//! `object`, and instances of classes without a native layout.

pub mod reduce;

use crate::Thread;
use crate::call::Args;
use crate::object::slots::CompareOp;
use crate::object::{Gc, Header, HeapObject, Kind, Result, Tracer, Value};
use crate::pytype;
use crate::types::T;
use crate::types::str_::Str;
use crate::types::type_::{Type, flags};

/// An object without payload; its attributes, if any, are in the attribute area.
#[repr(C)]
pub struct Instance {
    pub(crate) head: Header,
}

// SAFETY: repr(C), header first, no fields; the attribute area is traced by the collector.
#[allow(unsafe_code)]
unsafe impl HeapObject for Instance {
    const KIND: Kind = Kind::Instance;
    fn trace(&self, _: &mut Tracer) {}
}

/// `new` slot of classes whose `__new__` is written in Python.
pub fn generic_new(th: &mut Thread, args: Args<'_>) -> Result {
    let class = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
    let name = th.names().__new__;
    let f = th.get_attr(class.value(), name)?;
    th.call_args(f, args)
}

/// An empty instance of a class with the plain layout.
#[inline]
pub fn new_instance(th: &mut Thread, class: Gc<Type>) -> Value {
    th.alloc_of_class(class, |head| Instance { head }).value()
}

fn is_slot(th: &Thread, class: Gc<Type>, pick: fn(&crate::object::slots::Slots) -> usize) -> bool {
    pick(class.slots()) == pick(th.vm().ty(T::Object).slots())
}

/// Is `__new__` object's own?
pub fn has_plain_new(th: &Thread, class: Gc<Type>) -> bool {
    is_slot(th, class, |s| s.new.map_or(0, |f| f as usize))
}

/// Is `__init__` object's own?
pub fn has_plain_init(th: &Thread, class: Gc<Type>) -> bool {
    is_slot(th, class, |s| s.init.map_or(0, |f| f as usize))
}

#[cold]
fn abstract_error(th: &mut Thread, class: Gc<Type>) -> crate::Raised {
    let name = class.name_text();
    let mut missing: Vec<String> = Vec::new();
    if let Some(set) = class.abstract_methods.get()
        && let Ok(items) = th.collect(set)
    {
        for v in items.as_slice() {
            missing.push(th.str_lossy(*v));
        }
    }
    missing.sort();
    let list = missing
        .iter()
        .map(|m| format!("'{m}'"))
        .collect::<Vec<_>>()
        .join(", ");
    let s = if missing.len() == 1 { "" } else { "s" };
    th.type_error(format!("Can't instantiate abstract class {name} without an implementation for abstract method{s} {list}"))
}

/// The base class of the class hierarchy.
///
/// When called, it accepts no arguments and returns a new featureless
/// instance that has no instance attributes and cannot be given any.
#[pytype(name = "object", flags = BASETYPE, more = &reduce::METHODS)]
impl Instance {
    #[pynew(raw, sig = "()")]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        let class = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
        let address = |c: Gc<Type>| c.slots().new.map(|f| f as usize);
        let native = class.payload.kind != Kind::Instance;
        if native && address(class) == address(th.vm().ty(T::Object)) {
            // A native type that is made by other means only.
            let n = th.qualified_name(class);
            return Err(th.type_error(format!("cannot create '{n}' instances")));
        }
        if args.values.len() > 1 {
            let name = class.name_text();
            if !has_plain_new(th, class) {
                return Err(th.type_error(
                    "object.__new__() takes exactly one argument (the type to instantiate)",
                ));
            }
            if has_plain_init(th, class) {
                return Err(th.type_error(format!("{name}() takes no arguments")));
            }
        }
        if class.has(flags::ABSTRACT) {
            return Err(abstract_error(th, class));
        }
        if native {
            let (n, safe) = (class.name_text(), class.name_text());
            return Err(th.type_error(format!(
                "object.__new__({n}) is not safe, use {safe}.__new__()"
            )));
        }
        Ok(new_instance(th, class))
    }

    #[pyslot]
    fn init(th: &mut Thread, this: Value, args: Args<'_>) -> Result<()> {
        if !args.values.is_empty() {
            let class = th.class_of(this);
            if !has_plain_init(th, class) {
                return Err(th.type_error(
                    "object.__init__() takes exactly one argument (the instance to initialize)",
                ));
            }
            if has_plain_new(th, class) {
                let name = class.name_text();
                return Err(th.type_error(format!(
                    "{name}.__init__() takes exactly one argument (the instance to initialize)"
                )));
            }
        }
        Ok(())
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        Ok(th.default_repr(this).value())
    }

    #[pyslot]
    fn str_(th: &mut Thread, this: Value) -> Result {
        // What is no string is `str`'s to complain about.
        th.check_native_stack(" while getting the repr of an object")?;
        match th.class_of(this).slots().repr {
            Some(f) => f(th, this),
            None => Ok(th.default_repr(this).value()),
        }
    }

    #[pyslot]
    fn hash(th: &mut Thread, this: Value) -> Result<i64> {
        Ok(th.identity_hash(this))
    }

    #[pyslot]
    fn getattro(th: &mut Thread, this: Value, name: Gc<Str>) -> Result {
        th.generic_get_attr(this, name)
    }

    #[pyslot]
    fn setattro(th: &mut Thread, this: Value, name: Gc<Str>, v: Option<Value>) -> Result<()> {
        th.generic_set_attr(this, name, v)
    }

    #[pyslot]
    fn richcompare(th: &mut Thread, a: Value, b: Value, op: CompareOp) -> Result {
        match op {
            CompareOp::Eq if a.is(b) => Ok(th.bool(true)),
            CompareOp::Ne => {
                let Some(f) = th.class_of(a).slots().richcompare else {
                    return Ok(th.not_implemented());
                };
                let r = f(th, a, b, CompareOp::Eq)?;
                if r.is(th.not_implemented()) {
                    return Ok(r);
                }
                let t = th.truth(r)?;
                Ok(th.bool(!t))
            }
            _ => Ok(th.not_implemented()),
        }
    }

    /// the object's class
    #[pygetter(name = "__class__")]
    fn class(th: &mut Thread, this: Value) -> Result {
        Ok(th.class_of(this).value())
    }

    #[pysetter(name = "__class__")]
    fn set_class(th: &mut Thread, this: Value, v: Option<Value>) -> Result<()> {
        let Some(v) = v else {
            return Err(th.type_error("can't delete __class__ attribute"));
        };
        let Some(new) = v.downcast::<Type>() else {
            let got = th.type_name(v);
            return Err(th.type_error(format!(
                "__class__ must be set to a class, not '{got}' object"
            )));
        };
        let old = th.class_of(this);
        let module = |t: Gc<Type>, th: &Thread| t.is_subtype(th.vm().ty(T::Module));
        if !(module(old, th) && module(new, th))
            && (new.has(flags::IMMUTABLE) || old.has(flags::IMMUTABLE))
        {
            return Err(th.type_error(
                "__class__ assignment only supported for mutable types or ModuleType subclasses",
            ));
        }
        let same = old.payload.kind == new.payload.kind
            && old.payload.size == new.payload.size
            && old.fixed == new.fixed
            && old.has_instance_dict() == new.has_instance_dict();
        if !same {
            let (n, o) = (new.name_text(), old.name_text());
            return Err(th.type_error(format!(
                "__class__ assignment: '{n}' object layout differs from '{o}'"
            )));
        }
        if let Some(class) = this.downcast::<Type>() {
            class.modified(th);
        }
        th.change_class(this, new);
        Ok(())
    }

    /// Default object formatter.
    #[pymethod]
    fn __format__(th: &mut Thread, this: Value, format_spec: Gc<Str>) -> Result {
        if !format_spec.is_empty() {
            let got = th.type_name(this);
            return Err(th.type_error(format!(
                "unsupported format string passed to {got}.__format__"
            )));
        }
        Ok(th.str(this)?.value())
    }

    /// This method is called when a class is subclassed.
    #[pyclassmethod]
    fn __init_subclass__(_: &mut Thread, _class: Value) -> Result<()> {
        Ok(())
    }

    /// Abstract classes can override this to customize issubclass().
    #[pyclassmethod(sig = "(object, /)")]
    fn __subclasshook__(th: &mut Thread, _class: Value, _object: Value) -> Result {
        Ok(th.not_implemented())
    }
}
