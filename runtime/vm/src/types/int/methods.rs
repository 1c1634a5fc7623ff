//! The `int` type as Python sees it.

use dashu_int::IBig;
use dashu_int::ops::Abs;

use super::{BigInt, compare, hash_i64, normalize, to_i64, to_ibig};
use crate::Thread;
use crate::object::slots::CompareOp;
use crate::object::{Gc, Result, Value};
use crate::pytype;
use crate::types::type_::Type;

macro_rules! binary {
    ($($name:ident, $small:expr, $big:expr;)*) => {
        $(fn $name(th: &mut Thread, a: Value, b: Value) -> Result {
            if let (Some(x), Some(y)) = (to_i64(a), to_i64(b))
                && let Some(r) = ($small)(x, y)
            {
                return Ok(th.int(r));
            }
            let (Some(x), Some(y)) = (to_ibig(a), to_ibig(b)) else { return Ok(th.not_implemented()) };
            let r: IBig = ($big)(x, y);
            Ok(normalize(th, &r))
        })*
    };
}

binary! {
    add_, |x: i64, y: i64| x.checked_add(y), |x: IBig, y: IBig| x + y;
    sub_, |x: i64, y: i64| x.checked_sub(y), |x: IBig, y: IBig| x - y;
    mul_, |x: i64, y: i64| x.checked_mul(y), |x: IBig, y: IBig| x * y;
}

/// int([x]) -> integer
#[pytype(name = "int", flags = BASETYPE | MATCH_SELF)]
impl BigInt {
    #[pynew(sig = "(x=0, /, base=10)")]
    fn new(th: &mut Thread, class: Gc<Type>, x: Option<Value>, base: Option<Value>) -> Result {
        let _ = base;
        let v = match x {
            Some(v) => th.index(v)?,
            None => Value::small(0),
        };
        Ok(super::of_class(th, class, v))
    }

    #[pyslot]
    fn repr(th: &mut Thread, v: Value) -> Result {
        if let Some(i) = to_i64(v) {
            return Ok(th.new_str(&i.to_string()).value());
        }
        let text = to_ibig(v).map_or(String::new(), |i| i.to_string());
        Ok(th.new_str(&text).value())
    }

    #[pyslot]
    fn hash(_: &mut Thread, v: Value) -> Result<i64> {
        if let Some(i) = to_i64(v) {
            return Ok(hash_i64(i));
        }
        let p = IBig::from((1i64 << 61) - 1);
        let i = to_ibig(v).unwrap_or(IBig::ZERO);
        let negative = i < IBig::ZERO;
        let m = i64::try_from(&(i.abs() % p)).unwrap_or(0);
        Ok(match if negative { -m } else { m } {
            -1 => -2,
            h => h,
        })
    }

    #[pyslot]
    fn bool_(_: &mut Thread, v: Value) -> Result<bool> {
        Ok(to_i64(v) != Some(0))
    }

    #[pyslot]
    fn richcompare(th: &mut Thread, a: Value, b: Value, op: CompareOp) -> Result {
        Ok(match compare(a, b) {
            Some(o) => th.bool(op.test(o)),
            None => th.not_implemented(),
        })
    }

    #[pyslot]
    fn add(th: &mut Thread, a: Value, b: Value) -> Result {
        add_(th, a, b)
    }

    #[pyslot]
    fn subtract(th: &mut Thread, a: Value, b: Value) -> Result {
        sub_(th, a, b)
    }

    #[pyslot]
    fn multiply(th: &mut Thread, a: Value, b: Value) -> Result {
        mul_(th, a, b)
    }

    #[pyslot]
    fn index(th: &mut Thread, v: Value) -> Result {
        Ok(super::exact(th, v))
    }
}
