//! Arithmetic of what is not two small ints or two floats, and of small ints where it can fail.
#![allow(unsafe_code)]

use crate::Thread;
use crate::feedback::{FeedbackSlot, seen};
use crate::interp::run::{cast, shape_is};
use crate::object::{Gc, Result, Value};
use crate::protocol::arith::BinaryOp;
use crate::types::T;
use crate::types::list::List;

#[inline(always)]
pub(crate) fn int_floor_div(x: i64, y: i64) -> Option<Value> {
    if y == 0 {
        return None;
    }
    let q = x / y;
    Value::try_int(if x % y != 0 && (x ^ y) < 0 { q - 1 } else { q })
}

#[inline(always)]
pub(crate) fn int_mod(x: i64, y: i64) -> Option<Value> {
    if y == 0 {
        return None;
    }
    let r = x % y;
    Value::try_int(if r != 0 && (r ^ y) < 0 { r + y } else { r })
}

#[inline(always)]
pub(crate) fn int_add(x: i64, y: i64) -> Option<Value> {
    Value::try_int(x + y)
}

#[inline(always)]
pub(crate) fn int_sub(x: i64, y: i64) -> Option<Value> {
    Value::try_int(x - y)
}

#[inline(always)]
pub(crate) fn int_mul(x: i64, y: i64) -> Option<Value> {
    Value::try_int(x.checked_mul(y)?)
}

#[inline(always)]
pub(crate) fn int_and(x: i64, y: i64) -> Option<Value> {
    Value::try_int(x & y)
}

#[inline(always)]
pub(crate) fn int_or(x: i64, y: i64) -> Option<Value> {
    Value::try_int(x | y)
}

#[inline(always)]
pub(crate) fn int_xor(x: i64, y: i64) -> Option<Value> {
    Value::try_int(x ^ y)
}

#[inline(always)]
pub(crate) fn float_add(x: f64, y: f64) -> Option<f64> {
    Some(x + y)
}

#[inline(always)]
pub(crate) fn float_sub(x: f64, y: f64) -> Option<f64> {
    Some(x - y)
}

#[inline(always)]
pub(crate) fn float_mul(x: f64, y: f64) -> Option<f64> {
    Some(x * y)
}

#[inline(always)]
pub(crate) fn float_true_div(x: f64, y: f64) -> Option<f64> {
    (y != 0.0).then(|| x / y)
}

/// No fast path for small ints.
#[inline(always)]
pub(crate) fn no_int(_: i64, _: i64) -> Option<Value> {
    None
}

/// No fast path for floats.
#[inline(always)]
pub(crate) fn no_float(_: f64, _: f64) -> Option<f64> {
    None
}

#[inline(always)]
pub(crate) fn int_true_div(x: i64, y: i64) -> Option<Value> {
    // Exact when both fit a double's mantissa.
    const LIMIT: u64 = 1 << 53;
    if y == 0 || x.unsigned_abs() > LIMIT || y.unsigned_abs() > LIMIT {
        return None;
    }
    Value::try_float(x as f64 / y as f64)
}

#[inline(always)]
pub(crate) fn int_shl(x: i64, y: i64) -> Option<Value> {
    if !(0..62).contains(&y) {
        return None;
    }
    let r = x << y;
    if r >> y == x { Value::try_int(r) } else { None }
}

#[inline(always)]
pub(crate) fn int_shr(x: i64, y: i64) -> Option<Value> {
    if y < 0 {
        return None;
    }
    Value::try_int(x >> y.min(63))
}

/// An int power that fits a word; None for others.
fn small_pow(x: i64, y: i64) -> Option<Value> {
    let y = u32::try_from(y).ok()?;
    x.checked_pow(y).and_then(Value::try_int)
}

#[inline(never)]
pub(crate) fn slow_arith(
    th: &mut Thread,
    op: BinaryOp,
    inplace: bool,
    x: Value,
    y: Value,
    fb: &FeedbackSlot,
) -> Result {
    let (ix, iy) = (x.is_int(), y.is_int());
    let (fx, fy) = (x.is_tagged_float(), y.is_tagged_float());
    if (ix && fy) || (fx && iy) {
        fb.note(seen::MIXED);
        let (f, g) = (
            if ix {
                x.int_unchecked() as f64
            } else {
                x.float_unchecked()
            },
            if iy {
                y.int_unchecked() as f64
            } else {
                y.float_unchecked()
            },
        );
        match op {
            BinaryOp::Add => return Ok(th.float(f + g)),
            BinaryOp::Sub => return Ok(th.float(f - g)),
            BinaryOp::Mul => return Ok(th.float(f * g)),
            BinaryOp::TrueDiv if g != 0.0 => return Ok(th.float(f / g)),
            _ => {}
        }
    } else if ix && iy {
        if op == BinaryOp::Pow
            && let Some(r) = small_pow(x.int_unchecked(), y.int_unchecked())
        {
            fb.note(seen::INT);
            return Ok(r);
        }
        fb.note(seen::OVERFLOW);
    } else if fx && fy {
        fb.note(seen::FLOAT);
    } else if shape_is(x, T::Str) && shape_is(y, T::Str) && op == BinaryOp::Add {
        fb.note(seen::STR);
        // SAFETY: its shape or kind was just tested, or is what the slot's kind says.
        let (a, b) = unsafe { (cast(x), cast(y)) };
        return match th.concat_str(a, b) {
            Some(s) => Ok(s.value()),
            None => Err(th.memory_error()),
        };
    } else {
        fb.note(seen::OTHER);
        fb.shape.set(th.shape_of(x).0);
        if !inplace && op == BinaryOp::Add && shape_is(x, T::List) && shape_is(y, T::List) {
            // SAFETY: its shape or kind was just tested, or is what the slot's kind says.
            let (a, b): (Gc<List>, Gc<List>) = unsafe { (cast(x), cast(y)) };
            return crate::types::list::methods::concatenated(th, a, b);
        }
    }
    if inplace {
        th.inplace(op, x, y)
    } else {
        th.binary(op, x, y)
    }
}
