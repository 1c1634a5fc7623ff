//! The operators of `int`: 64-bit arithmetic first, wide numbers where it overflows.

use dashu_int::IBig;

use super::{BigInt, from_i128, normalize, to_i64, to_ibig};
use crate::Thread;
use crate::number::{FormatError, int_ops};
use crate::object::{Result, Value};

/// A wide result, or the error of the pure module.
fn wide(th: &mut Thread, r: std::result::Result<IBig, FormatError>) -> Result {
    let r = th.format_result(r)?;
    Ok(normalize(th, &r))
}

/// Both operands as wide ints; None when one is no int.
fn both(a: Value, b: Value) -> Option<(IBig, IBig)> {
    Some((to_ibig(a)?, to_ibig(b)?))
}

/// An int of at most 128 bits; None for wider ones and for what is no int.
fn to_i128(v: Value) -> Option<i128> {
    match v.as_int() {
        Some(i) => Some(i as i128),
        None => v.downcast::<BigInt>()?.to_i128(),
    }
}

macro_rules! ring {
    ($($(#[$doc:meta])* $name:ident, $small:expr, $checked:expr, $big:expr;)*) => {
        $($(#[$doc])*
        pub fn $name(th: &mut Thread, a: Value, b: Value) -> Result {
            if let (Some(x), Some(y)) = (to_i64(a), to_i64(b)) {
                let r: i128 = ($small)(x as i128, y as i128);
                return Ok(from_i128(th, r));
            }
            if let (Some(x), Some(y)) = (to_i128(a), to_i128(b)) {
                let r: Option<i128> = ($checked)(x, y);
                if let Some(r) = r {
                    return Ok(from_i128(th, r));
                }
            }
            let Some((x, y)) = both(a, b) else { return Ok(th.not_implemented()) };
            let r: IBig = ($big)(x, y);
            Ok(normalize(th, &r))
        })*
    };
}

ring! {
    /// `a + b`
    add, |x: i128, y: i128| x + y, i128::checked_add, |x: IBig, y: IBig| x + y;
    /// `a - b`
    subtract, |x: i128, y: i128| x - y, i128::checked_sub, |x: IBig, y: IBig| x - y;
    /// `a * b`
    multiply, |x: i128, y: i128| x * y, i128::checked_mul, int_ops::multiply;
    /// `a & b`
    and, |x: i128, y: i128| x & y, |x: i128, y: i128| Some(x & y), |x: IBig, y: IBig| x & y;
    /// `a | b`
    or, |x: i128, y: i128| x | y, |x: i128, y: i128| Some(x | y), |x: IBig, y: IBig| x | y;
    /// `a ^ b`
    xor, |x: i128, y: i128| x ^ y, |x: i128, y: i128| Some(x ^ y), |x: IBig, y: IBig| x ^ y;
}

/// Quotient and remainder of 64-bit numbers, floored.
fn divmod_small(x: i64, y: i64) -> (i128, i64) {
    let (x, y) = (x as i128, y as i128);
    let (q, r) = (x / y, x % y);
    if r != 0 && (r < 0) != (y < 0) {
        (q - 1, (r + y) as i64)
    } else {
        (q, r as i64)
    }
}

/// Quotient and remainder, floored, of ints of at most 128 bits; None for others and for 0.
fn divmod_128(a: Value, b: Value) -> Option<(i128, i128)> {
    let (x, y) = (to_i128(a)?, to_i128(b)?);
    if y == 0 {
        return None;
    }
    let (q, r) = (x.checked_div(y)?, x.checked_rem(y)?);
    Some(if r != 0 && (r < 0) != (y < 0) {
        (q - 1, r + y)
    } else {
        (q, r)
    })
}

#[cold]
fn zero_division(th: &mut Thread) -> Result {
    Err(th.zero_division_error("division by zero"))
}

/// `a // b`
pub fn floor_divide(th: &mut Thread, a: Value, b: Value) -> Result {
    if let (Some(x), Some(y)) = (to_i64(a), to_i64(b)) {
        if y == 0 {
            return zero_division(th);
        }
        let q = divmod_small(x, y).0;
        return Ok(from_i128(th, q));
    }
    if let Some((q, _)) = divmod_128(a, b) {
        return Ok(from_i128(th, q));
    }
    let Some((x, y)) = both(a, b) else {
        return Ok(th.not_implemented());
    };
    wide(th, int_ops::divmod(&x, &y).map(|r| r.0))
}

/// `a % b`
pub fn remainder(th: &mut Thread, a: Value, b: Value) -> Result {
    if let (Some(x), Some(y)) = (to_i64(a), to_i64(b)) {
        if y == 0 {
            return zero_division(th);
        }
        let r = divmod_small(x, y).1;
        return Ok(th.int(r));
    }
    if let Some((_, r)) = divmod_128(a, b) {
        return Ok(from_i128(th, r));
    }
    let Some((x, y)) = both(a, b) else {
        return Ok(th.not_implemented());
    };
    wide(th, int_ops::divmod(&x, &y).map(|r| r.1))
}

/// `divmod(a, b)`
pub fn divmod(th: &mut Thread, a: Value, b: Value) -> Result {
    let (q, r) = if let (Some(x), Some(y)) = (to_i64(a), to_i64(b)) {
        if y == 0 {
            return zero_division(th);
        }
        let (q, r) = divmod_small(x, y);
        (from_i128(th, q), th.int(r))
    } else {
        let Some((x, y)) = both(a, b) else {
            return Ok(th.not_implemented());
        };
        let (q, r) = th.format_result(int_ops::divmod(&x, &y))?;
        (normalize(th, &q), normalize(th, &r))
    };
    Ok(th.new_tuple(&[q, r]).value())
}

/// `a / b`
pub fn true_divide(th: &mut Thread, a: Value, b: Value) -> Result {
    const EXACT: u64 = 1 << 53;
    if let (Some(x), Some(y)) = (to_i64(a), to_i64(b)) {
        if y == 0 {
            return zero_division(th);
        }
        if x.unsigned_abs() <= EXACT && y.unsigned_abs() <= EXACT {
            return Ok(th.float(x as f64 / y as f64));
        }
    }
    let Some((x, y)) = both(a, b) else {
        return Ok(th.not_implemented());
    };
    let f = th.format_result(int_ops::true_div(&x, &y))?;
    Ok(th.float(f))
}

/// `a << b`
pub fn lshift(th: &mut Thread, a: Value, b: Value) -> Result {
    if let (Some(x), Some(n)) = (to_i64(a), to_i64(b))
        && (0..=63).contains(&n)
    {
        return Ok(from_i128(th, (x as i128) << n));
    }
    let Some((x, n)) = both(a, b) else {
        return Ok(th.not_implemented());
    };
    wide(th, int_ops::shift_left(&x, &n))
}

/// `a >> b`
pub fn rshift(th: &mut Thread, a: Value, b: Value) -> Result {
    if let (Some(x), Some(n)) = (to_i64(a), to_i64(b))
        && n >= 0
    {
        return Ok(th.int(x >> n.min(63)));
    }
    let Some((x, n)) = both(a, b) else {
        return Ok(th.not_implemented());
    };
    wide(th, int_ops::shift_right(&x, &n))
}

fn pow_small(x: i64, n: i64) -> Option<i64> {
    x.checked_pow(u32::try_from(n).ok()?)
}

fn pow_mod_small(base: i64, mut exponent: i64, modulus: i64) -> i64 {
    let m = modulus.unsigned_abs() as u128;
    let mut b = (base as i128).rem_euclid(m as i128) as u128;
    let mut r = 1 % m;
    while exponent > 0 {
        if exponent & 1 == 1 {
            r = r * b % m;
        }
        b = b * b % m;
        exponent >>= 1;
    }
    if modulus < 0 && r != 0 {
        (r as i128 + modulus as i128) as i64
    } else {
        r as i64
    }
}

/// `pow(a, b, m)`
pub fn power(th: &mut Thread, a: Value, b: Value, m: Value) -> Result {
    if !super::is_int(a) || !super::is_int(b) {
        return Ok(th.not_implemented());
    }
    if th.is_none(m) {
        if let (Some(x), Some(n)) = (to_i64(a), to_i64(b))
            && let Some(r) = pow_small(x, n)
        {
            return Ok(th.int(r));
        }
        if super::is_negative(b) {
            let (x, y) = (th.to_f64(a)?, th.to_f64(b)?);
            return crate::types::float::ops::pow(th, x, y);
        }
        let (Some(x), Some(n)) = (to_ibig(a), to_ibig(b)) else {
            return Ok(th.not_implemented());
        };
        return wide(th, int_ops::pow(&x, &n));
    }
    if !super::is_int(m) {
        return Ok(th.not_implemented());
    }
    if let (Some(x), Some(n), Some(m)) = (to_i64(a), to_i64(b), to_i64(m))
        && n >= 0
        && m != 0
    {
        let r = pow_mod_small(x, n, m);
        return Ok(th.int(r));
    }
    let (Some(x), Some(n), Some(m)) = (to_ibig(a), to_ibig(b), to_ibig(m)) else {
        return Ok(th.not_implemented());
    };
    wide(th, int_ops::pow_mod(&x, &n, &m))
}

/// `-v`
pub fn negative(th: &mut Thread, v: Value) -> Result {
    if let Some(i) = to_i64(v) {
        return Ok(from_i128(th, -(i as i128)));
    }
    match to_ibig(v) {
        Some(i) => Ok(normalize(th, &-i)),
        None => Ok(th.not_implemented()),
    }
}

/// `abs(v)`
pub fn absolute(th: &mut Thread, v: Value) -> Result {
    if super::is_negative(v) {
        negative(th, v)
    } else {
        Ok(super::exact(th, v))
    }
}

/// `~v`
pub fn invert(th: &mut Thread, v: Value) -> Result {
    if let Some(i) = to_i64(v) {
        return Ok(th.int(!i));
    }
    match to_ibig(v) {
        Some(i) => Ok(normalize(th, &!i)),
        None => Ok(th.not_implemented()),
    }
}
