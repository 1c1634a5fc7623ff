//! `float`: nearly all in the value word, rare exponents and subclasses in the heap.

pub mod methods;
pub mod ops;

use crate::Thread;
use crate::object::{Gc, Header, HeapObject, Kind, Result, Tracer, Value};
use crate::types::T;
use crate::types::int;
use crate::types::type_::Type;

pub use methods::{TYPE, format, to_str};

/// A float in the heap.
#[repr(C)]
pub struct HeapFloat {
    head: Header,
    /// The number.
    pub value: f64,
}

// SAFETY: repr(C), header first, no pointers.
#[allow(unsafe_code)]
unsafe impl HeapObject for HeapFloat {
    const KIND: Kind = Kind::Float;
    fn trace(&self, _: &mut Tracer) {}
}

/// A float that does not fit the word.
#[cold]
pub fn boxed(th: &mut Thread, f: f64) -> Value {
    th.alloc(HeapFloat {
        head: Header::new(Kind::Float, T::Float.shape()),
        value: f,
    })
    .value()
}

/// An instance of a subclass of float.
pub fn of_class(th: &mut Thread, class: Gc<Type>, f: f64) -> Value {
    if class.is(th.vm().ty(T::Float)) {
        return th.float(f);
    }
    th.alloc_of_class(class, |head| HeapFloat { head, value: f })
        .value()
}

fn own_conversion(address: usize, th: &Thread) -> bool {
    th.vm().ty(T::Float).slots().float.map(|f| f as usize) == Some(address)
}

/// Conversion by `__float__` or `__index__`. Raises TypeError.
#[cold]
pub fn to_f64_slow(th: &mut Thread, v: Value) -> Result<f64> {
    if int::is_int(v) && th.is_exact(v, T::Int) {
        return th.int_to_f64(v);
    }
    let class = th.class_of(v);
    let s = class.slots();
    if let Some(f) = s.float {
        let r = f(th, v)?;
        return match th.as_float(r) {
            Some(f) if th.is_exact(r, T::Float) => Ok(f),
            // A float's own conversion of a subclass's instance is the number itself.
            Some(x) if own_conversion(f as usize, th) => Ok(x),
            Some(f) => {
                let (t, got) = (th.type_name(v), th.type_name(r));
                let message = format!(
                    "{t}.__float__ returned non-float (type {got}).  The ability to return an \
                     instance of a strict subclass of float is deprecated, and may be \
                     removed in a future version of Python."
                );
                crate::exceptions::warn(
                    th,
                    crate::types::ExceptionClass::DeprecationWarning,
                    &message,
                    1,
                )?;
                Ok(f)
            }
            None => {
                let (t, got) = (th.type_name(v), th.type_name(r));
                Err(th.type_error(format!("{t}.__float__ returned non-float (type {got})")))
            }
        };
    }
    if s.index.is_some() {
        let i = th.index(v)?;
        return th.int_to_f64(i);
    }
    let got = th.type_name(v);
    Err(th.type_error(format!("must be real number, not {got}")))
}
