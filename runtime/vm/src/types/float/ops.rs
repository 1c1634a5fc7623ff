//! Arithmetic and comparison of floats, with ints on either side.

use std::cmp::Ordering;

use dashu_int::IBig;

use crate::Thread;
use crate::number::float_ops::{self, Power};
use crate::number::int_ops::Int;
use crate::object::slots::CompareOp;
use crate::object::{Result, Value};
use crate::types::int;

/// Both operands as floats; None when one is neither a float nor an int. Raises OverflowError for
/// ints that are too large.
#[inline]
pub fn operands(th: &mut Thread, a: Value, b: Value) -> Result<Option<(f64, f64)>> {
    let Some(x) = operand(th, a)? else {
        return Ok(None);
    };
    let Some(y) = operand(th, b)? else {
        return Ok(None);
    };
    Ok(Some((x, y)))
}

#[inline]
fn operand(th: &mut Thread, v: Value) -> Result<Option<f64>> {
    if let Some(f) = th.as_float(v) {
        return Ok(Some(f));
    }
    if let Some(i) = v.as_int() {
        return Ok(Some(i as f64));
    }
    if int::is_int(v) {
        return th.int_to_f64(v).map(Some);
    }
    Ok(None)
}

/// `x ** y` as a value: a complex number for fractional powers of negative ones.
pub fn pow(th: &mut Thread, x: f64, y: f64) -> Result {
    match th.format_result(float_ops::pow(x, y))? {
        Power::Float(f) => Ok(th.float(f)),
        Power::Complex(z) => Ok(th.complex(z)),
    }
}

/// Order of a float and an int, exactly; None for NaN.
fn compare_int(x: f64, i: Value) -> Option<Ordering> {
    if x.is_nan() {
        return None;
    }
    if x.is_infinite() {
        return Some(if x > 0.0 {
            Ordering::Greater
        } else {
            Ordering::Less
        });
    }
    let whole = x.floor();
    let fraction = || {
        if x > whole {
            Ordering::Greater
        } else {
            Ordering::Equal
        }
    };
    let small = int::to_i64(i);
    if let Some(i) = small
        && i.unsigned_abs() <= 1 << 53
    {
        return x.partial_cmp(&(i as f64));
    }
    let whole = match float_ops::to_int(whole) {
        Ok(Int::Small(w)) => match small {
            Some(i) => return Some(w.cmp(&i).then_with(fraction)),
            None => IBig::from(w),
        },
        Ok(Int::Big(w)) => w,
        Err(_) => return None,
    };
    Some(whole.cmp(&int::to_ibig(i)?).then_with(fraction))
}

/// A comparison of a float with a float or an int.
pub fn richcompare(th: &mut Thread, a: Value, b: Value, op: CompareOp) -> Result {
    let order = match (th.as_float(a), th.as_float(b)) {
        (Some(x), Some(y)) => x.partial_cmp(&y),
        (Some(x), None) if int::is_int(b) => compare_int(x, b),
        (None, Some(y)) if int::is_int(a) => compare_int(y, a).map(Ordering::reverse),
        _ => return Ok(th.not_implemented()),
    };
    Ok(match order {
        Some(o) => th.bool(op.test(o)),
        None => th.bool(op == CompareOp::Ne),
    })
}
