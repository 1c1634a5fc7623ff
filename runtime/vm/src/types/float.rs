//! `float`: nearly all in the value word, rare exponents and subclasses in the heap.

use crate::Thread;
use crate::object::slots::CompareOp;
use crate::object::{Gc, Header, HeapObject, Kind, Result, Tracer, Value};
use crate::pytype;
use crate::types::T;
use crate::types::int;
use crate::types::type_::Type;

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

/// Conversion by `__float__` or `__index__`. Raises TypeError.
#[cold]
pub fn to_f64_slow(th: &mut Thread, v: Value) -> Result<f64> {
    let class = th.class_of(v);
    let s = class.slots();
    if let Some(f) = s.float {
        let r = f(th, v)?;
        return match th.as_float(r) {
            Some(f) => Ok(f),
            None => {
                let (t, got) = (th.type_name(v), th.type_name(r));
                Err(th.type_error(format!("{t}.__float__ returned non-float (type {got})")))
            }
        };
    }
    if s.index.is_some() {
        let i = th.index(v)?;
        return match int::to_i64(i) {
            Some(i) => Ok(i as f64),
            None => {
                let big = int::to_ibig(i).unwrap_or_default();
                let f = big.to_f64().value();
                if f.is_finite() {
                    Ok(f)
                } else {
                    Err(th.overflow_error("int too large to convert to float"))
                }
            }
        };
    }
    let got = th.type_name(v);
    Err(th.type_error(format!("must be real number, not {got}")))
}

fn operands(th: &mut Thread, a: Value, b: Value) -> Result<Option<(f64, f64)>> {
    for v in [a, b] {
        if th.as_float(v).is_none() && !int::is_int(v) {
            return Ok(None);
        }
    }
    Ok(Some((th.to_f64(a)?, th.to_f64(b)?)))
}

/// Convert a string or number to a floating-point number, if possible.
#[pytype(name = "float", flags = BASETYPE | MATCH_SELF)]
impl HeapFloat {
    #[pynew(sig = "(x=0, /)")]
    fn new(th: &mut Thread, class: Gc<Type>, x: Option<Value>) -> Result {
        let f = match x {
            Some(v) => th.to_f64(v)?,
            None => 0.0,
        };
        Ok(of_class(th, class, f))
    }

    #[pyslot]
    fn repr(th: &mut Thread, v: Value) -> Result {
        let f = th.to_f64(v)?;
        Ok(th.new_str(&format!("{f:?}")).value())
    }

    #[pyslot]
    fn bool_(th: &mut Thread, v: Value) -> Result<bool> {
        Ok(th.to_f64(v)? != 0.0)
    }

    #[pyslot]
    fn richcompare(th: &mut Thread, a: Value, b: Value, op: CompareOp) -> Result {
        let Some((x, y)) = operands(th, a, b)? else {
            return Ok(th.not_implemented());
        };
        Ok(match x.partial_cmp(&y) {
            Some(o) => th.bool(op.test(o)),
            None => th.bool(op == CompareOp::Ne),
        })
    }

    #[pyslot]
    fn add(th: &mut Thread, a: Value, b: Value) -> Result {
        let Some((x, y)) = operands(th, a, b)? else {
            return Ok(th.not_implemented());
        };
        Ok(th.float(x + y))
    }

    #[pyslot]
    fn float(th: &mut Thread, v: Value) -> Result {
        let f = th.to_f64(v)?;
        Ok(th.float(f))
    }
}
