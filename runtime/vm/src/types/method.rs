//! Bound methods: a callable and its receiver.

use crate::Thread;
use crate::call::Args;
use crate::object::slots::CompareOp;
use crate::object::{Gc, Header, HeapObject, Kind, Result, Tracer, Value};
use crate::pytype;
use crate::types::T;
use crate::types::str_::Str;
use crate::types::type_::Type;

/// A bound method.
#[repr(C)]
pub struct BoundMethod {
    head: Header,
    /// The callable.
    pub function: Value,
    /// The receiver.
    pub receiver: Value,
}

// SAFETY: repr(C), header first, both values are reported.
#[allow(unsafe_code)]
unsafe impl HeapObject for BoundMethod {
    const KIND: Kind = Kind::BoundMethod;
    fn trace(&self, t: &mut Tracer) {
        t.value(self.function);
        t.value(self.receiver);
    }
}

impl Thread {
    /// A new bound method.
    pub fn new_bound_method(&mut self, function: Value, receiver: Value) -> Value {
        self.alloc(BoundMethod {
            head: Header::new(Kind::BoundMethod, T::BoundMethod.shape()),
            function,
            receiver,
        })
        .value()
    }
}

/// Create a bound instance method object.
#[pytype(name = "method", flags = HAS_WEAKREF)]
impl BoundMethod {
    #[pynew(sig = "(function, instance, /)")]
    fn new(th: &mut Thread, _class: Gc<Type>, function: Value, instance: Value) -> Result {
        if th.class_of(function).slots().call.is_none() {
            return Err(th.type_error("first argument must be callable"));
        }
        if th.is_none(instance) {
            return Err(th.type_error("instance must not be None"));
        }
        Ok(th.new_bound_method(function, instance))
    }

    #[pyslot]
    fn call(th: &mut Thread, this: Value, args: Args<'_>) -> Result {
        match this.downcast::<BoundMethod>() {
            Some(m) => th.call_with_receiver(m.function, m.receiver, args),
            None => Err(th.type_error("not a method")),
        }
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let m = th.expect::<BoundMethod>(this)?;
        let key = th.names().__qualname__;
        let name = match th.get_attr_option(m.function, key)? {
            Some(n) => th.str_lossy(n),
            None => {
                let key = th.names().__name__;
                match th.get_attr_option(m.function, key)? {
                    Some(n) => th.str_lossy(n),
                    None => "?".into(),
                }
            }
        };
        let of = th.repr(m.receiver)?.to_string_lossy();
        Ok(th
            .new_str(&format!("<bound method {name} of {of}>"))
            .value())
    }

    #[pyslot]
    fn getattro(th: &mut Thread, this: Value, name: Gc<Str>) -> Result {
        let m = th.expect::<BoundMethod>(this)?;
        let class = th.class_of(this);
        if class.lookup(th, name).is_some() {
            return th.generic_get_attr(this, name);
        }
        th.get_attr(m.function, name)
    }

    #[pyslot]
    fn hash(th: &mut Thread, this: Value) -> Result<i64> {
        let m = th.expect::<BoundMethod>(this)?;
        let h = th.identity_hash(m.receiver) ^ th.hash(m.function)?;
        Ok(if h == -1 { -2 } else { h })
    }

    #[pyslot]
    fn richcompare(th: &mut Thread, a: Value, b: Value, op: CompareOp) -> Result {
        let (Some(x), Some(y)) = (a.downcast::<BoundMethod>(), b.downcast::<BoundMethod>()) else {
            return Ok(th.not_implemented());
        };
        let equal = x.receiver.is(y.receiver) && th.equal(x.function, y.function)?;
        match op {
            CompareOp::Eq => Ok(th.bool(equal)),
            CompareOp::Ne => Ok(th.bool(!equal)),
            _ => Ok(th.not_implemented()),
        }
    }

    /// the function (or other callable) implementing a method
    #[pygetter(name = "__func__", member)]
    fn func(_: &mut Thread, this: Gc<BoundMethod>) -> Result {
        Ok(this.function)
    }

    /// the instance to which a method is bound
    #[pygetter(name = "__self__", member)]
    fn self_(_: &mut Thread, this: Gc<BoundMethod>) -> Result {
        Ok(this.receiver)
    }

    #[pygetter(name = "__doc__")]
    fn doc(th: &mut Thread, this: Gc<BoundMethod>) -> Result {
        let key = th.names().__doc__;
        th.get_attr(this.function, key)
    }

    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<BoundMethod>) -> Result {
        let getattr = th.builtin("getattr")?;
        let key = th.names().__name__;
        let name = th.get_attr(this.function, key)?;
        let args = th.new_tuple(&[this.receiver, name]);
        Ok(th.new_tuple(&[getattr, args.value()]).value())
    }
}

impl super::Named for BoundMethod {
    const NAME: &'static str = "method";
}
