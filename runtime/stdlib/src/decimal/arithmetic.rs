//! Addition, multiplication, division, remainders, square root.

use dashu_base::SquareRootRem;
use dashu_int::UBig;

use super::coefficient::{Coefficient, MOST_DIGITS};
use super::limbs::Rest;
use super::number::{
    Env, Kind, Number, Rounding, compare_magnitude, finish, finish_dropped, nan_of, status as st,
};

/// `a + b`, or with `minus` `a - b`.
#[inline]
pub fn add(a: &Number, b: &Number, minus: bool, env: &Env, status: &mut u32) -> Number {
    if a.kind != Kind::Finite || b.kind != Kind::Finite {
        return add_special(a, b, minus, env, status);
    }
    add_finite(a, b, b.negative != minus, env, status)
}

#[cold]
fn add_special(a: &Number, b: &Number, minus: bool, env: &Env, status: &mut u32) -> Number {
    if let Some(n) = nan_of(&[a, b], env, status) {
        return n;
    }
    if a.is_infinite() {
        if b.is_infinite() && a.negative == (b.negative == minus) {
            return Number::error(st::INVALID_OPERATION, status);
        }
        return Number::infinity(a.negative);
    }
    Number::infinity(b.negative != minus)
}

/// The sum of finite numbers, `b` with another sign.
fn add_finite(a: &Number, b: &Number, b_negative: bool, env: &Env, status: &mut u32) -> Number {
    if a.exp == b.exp {
        return add_aligned((&a.c, a.negative), (&b.c, b_negative), a.exp, env, status);
    }
    let ((big, big_negative), (small, small_negative)) = if a.exp > b.exp {
        ((a, a.negative), (b, b_negative))
    } else {
        ((b, b_negative), (a, a.negative))
    };
    let tiny;
    let mut small_c = &small.c;
    let mut exp = small.exp;
    if !big.c.is_zero() {
        let digits = big.c.digits();
        let limit = big.exp - 1 + (digits - env.prec - 1).min(0);
        if small.adjusted() < limit {
            // Too small to be seen: any number of that sign and size does.
            tiny = if small.c.is_zero() {
                Coefficient::ZERO
            } else {
                Coefficient::ONE
            };
            small_c = &tiny;
            exp = limit;
        }
        let Some(c) = big.c.shl(big.exp - exp) else {
            return Number::error(st::MEMORY, status);
        };
        return add_aligned(
            (&c, big_negative),
            (small_c, small_negative),
            exp,
            env,
            status,
        );
    }
    add_aligned(
        (&big.c, big_negative),
        (small_c, small_negative),
        exp,
        env,
        status,
    )
}

fn add_aligned(
    (a, a_negative): (&Coefficient, bool),
    (b, b_negative): (&Coefficient, bool),
    exp: i64,
    env: &Env,
    status: &mut u32,
) -> Number {
    let sum = if a_negative == b_negative {
        Number::new(a_negative, a.add(b), exp)
    } else {
        match a.compare(b) {
            std::cmp::Ordering::Greater => Number::new(a_negative, a.sub(b), exp),
            std::cmp::Ordering::Less => Number::new(b_negative, b.sub(a), exp),
            std::cmp::Ordering::Equal => {
                Number::new(env.rounding == Rounding::Floor, Coefficient::ZERO, exp)
            }
        }
    };
    finish(sum, env, status)
}

/// `+a`, or with `minus` `-a`.
pub fn plus(a: &Number, minus: bool, env: &Env, status: &mut u32) -> Number {
    if let Some(n) = nan_of(&[a], env, status) {
        return n;
    }
    let mut x = a.clone();
    x.negative = if x.is_zero() && env.rounding != Rounding::Floor {
        false
    } else {
        a.negative != minus
    };
    finish(x, env, status)
}

/// `abs(a)`.
pub fn absolute(a: &Number, env: &Env, status: &mut u32) -> Number {
    if let Some(n) = nan_of(&[a], env, status) {
        return n;
    }
    finish(a.magnitude(), env, status)
}

/// `a * b`.
#[inline]
pub fn multiply(a: &Number, b: &Number, env: &Env, status: &mut u32) -> Number {
    let negative = a.negative != b.negative;
    if a.kind != Kind::Finite || b.kind != Kind::Finite {
        return multiply_special(a, b, env, status);
    }
    let exp = a.exp + b.exp;
    let (c, dropped, rest) = a.c.mul_to(&b.c, env.prec);
    let x = Number::new(negative, c, exp + dropped);
    match finish_dropped(x, dropped, rest, env, status) {
        Some(x) => x,
        None => finish(Number::new(negative, a.c.mul(&b.c), exp), env, status),
    }
}

#[cold]
fn multiply_special(a: &Number, b: &Number, env: &Env, status: &mut u32) -> Number {
    if let Some(n) = nan_of(&[a, b], env, status) {
        return n;
    }
    if a.is_zero() || b.is_zero() {
        return Number::error(st::INVALID_OPERATION, status);
    }
    Number::infinity(a.negative != b.negative)
}

/// `a * b` without rounding.
pub fn multiply_exactly(a: &Number, b: &Number, status: &mut u32) -> Number {
    if a.kind != Kind::Finite || b.kind != Kind::Finite {
        return multiply_special(a, b, &Env::MAX, status);
    }
    if a.c.digits() + b.c.digits() > MOST_DIGITS {
        return Number::error(st::MEMORY, status);
    }
    Number::new(a.negative != b.negative, a.c.mul(&b.c), a.exp + b.exp)
}

/// `a * b + c` with one rounding.
pub fn fma(a: &Number, b: &Number, c: &Number, env: &Env, status: &mut u32) -> Number {
    if a.is_finite() && b.is_finite() {
        let p = multiply_exactly(a, b, status);
        return add(&p, c, false, env, status);
    }
    let mut own = 0;
    let p = match nan_of(&[a, b], env, &mut own) {
        Some(n) => n,
        None => multiply_special(a, b, env, &mut own),
    };
    let out = if own & st::INVALID_OPERATION == 0 {
        add(&p, c, false, env, &mut own)
    } else {
        p
    };
    *status |= own;
    out
}

/// `a / b`.
pub fn divide(a: &Number, b: &Number, env: &Env, status: &mut u32) -> Number {
    if a.kind != Kind::Finite || b.kind != Kind::Finite {
        return divide_special(a, b, env, status);
    }
    divide_finite(a, b, true, env, status)
}

#[cold]
fn divide_special(a: &Number, b: &Number, env: &Env, status: &mut u32) -> Number {
    let negative = a.negative != b.negative;
    if let Some(n) = nan_of(&[a, b], env, status) {
        return n;
    }
    if a.is_infinite() {
        if b.is_infinite() {
            return Number::error(st::INVALID_OPERATION, status);
        }
        return Number::infinity(negative);
    }
    *status |= st::CLAMPED;
    Number::small(negative, 0, env.etiny())
}

/// `ideal`: are zeros at the end dropped down to the exponent that the operands suggest?
pub fn divide_finite(a: &Number, b: &Number, ideal: bool, env: &Env, status: &mut u32) -> Number {
    let negative = a.negative != b.negative;
    if b.c.is_zero() {
        if a.c.is_zero() {
            return Number::error(st::DIVISION_UNDEFINED, status);
        }
        *status |= st::DIVISION_BY_ZERO;
        return Number::infinity(negative);
    }
    let ideal_exp = a.exp - b.exp;
    if a.c.is_zero() {
        return finish(Number::small(negative, 0, ideal_exp), env, status);
    }
    let (da, db) = (a.c.digits(), b.c.digits());
    let mut shift = db - da + env.prec + 1;
    if env.prec > MOST_DIGITS / 2 && shift > MOST_DIGITS / 2 {
        // Only an exact quotient can be had; it has at most so many digits.
        let wide = Env {
            prec: da + 4 * db,
            ..*env
        };
        let mut own = 0;
        let q = divide_finite(a, b, ideal, &wide, &mut own);
        if own & st::INEXACT != 0 {
            return Number::error(st::MEMORY, status);
        }
        *status |= own;
        return finish(q, env, status);
    }
    let mut exp = ideal_exp - shift;
    let divided = if shift >= 0 {
        a.c.divide_shifted(shift, &b.c)
    } else {
        b.c.shl(-shift).map(|by| {
            let (q, r) = a.c.divide(&by);
            (q, !r.is_zero())
        })
    };
    let Some((mut q, inexact)) = divided else {
        return Number::error(st::MEMORY, status);
    };
    if inexact {
        if q.last_digit().is_multiple_of(5) {
            q = q.increment();
        }
    } else if ideal {
        shift = q.trailing_zeros().min(ideal_exp - exp);
        if shift > 0 {
            q = q.shr(shift).0;
            exp += shift;
        }
    }
    finish(Number::new(negative, q, exp), env, status)
}

/// Integer quotient and remainder of finite numbers, `b` not zero; None: too many digits.
fn quotient(a: &Number, b: &Number, env: &Env, status: &mut u32) -> Option<(Number, Number)> {
    let ideal = a.exp.min(b.exp);
    let negative = a.negative != b.negative;
    let zero = || Number::small(negative, 0, 0);
    if a.c.is_zero() {
        return Some((zero(), Number::small(a.negative, 0, ideal)));
    }
    let difference = a.adjusted() - b.adjusted();
    if difference < 0 {
        let mut r = a.clone();
        if a.exp > b.exp {
            r.c = a.c.shl(a.exp - b.exp)?;
            r.exp = ideal;
        }
        return Some((zero(), r));
    }
    let mut fail = |condition| {
        *status |= condition;
        None
    };
    if difference > env.prec {
        return fail(st::DIVISION_IMPOSSIBLE);
    }
    let aligned = (a.c.shl(a.exp - ideal), b.c.shl(b.exp - ideal));
    let (Some(x), Some(y)) = aligned else {
        return fail(st::MEMORY);
    };
    let (q, r) = x.divide(&y);
    if q.digits() > env.prec {
        return fail(st::DIVISION_IMPOSSIBLE);
    }
    Some((
        Number::new(negative, q, 0),
        Number::new(a.negative, r, ideal),
    ))
}

/// `a // b`.
pub fn divide_integer(a: &Number, b: &Number, env: &Env, status: &mut u32) -> Number {
    if let Some(n) = nan_of(&[a, b], env, status) {
        return n;
    }
    let negative = a.negative != b.negative;
    if a.is_infinite() {
        if b.is_infinite() {
            return Number::error(st::INVALID_OPERATION, status);
        }
        return Number::infinity(negative);
    }
    if b.is_infinite() {
        return Number::small(negative, 0, 0);
    }
    if b.c.is_zero() {
        if a.c.is_zero() {
            return Number::error(st::DIVISION_UNDEFINED, status);
        }
        *status |= st::DIVISION_BY_ZERO;
        return Number::infinity(negative);
    }
    match quotient(a, b, env, status) {
        Some((q, _)) => finish(q, env, status),
        None => Number::nan(),
    }
}

fn remainder_special(a: &Number, b: &Number, env: &Env, status: &mut u32) -> Option<Number> {
    if let Some(n) = nan_of(&[a, b], env, status) {
        return Some(n);
    }
    if a.is_infinite() {
        return Some(Number::error(st::INVALID_OPERATION, status));
    }
    if b.is_infinite() {
        return Some(finish(a.clone(), env, status));
    }
    if b.c.is_zero() {
        let condition = if a.c.is_zero() {
            st::DIVISION_UNDEFINED
        } else {
            st::INVALID_OPERATION
        };
        return Some(Number::error(condition, status));
    }
    None
}

/// `a % b`.
pub fn remainder(a: &Number, b: &Number, env: &Env, status: &mut u32) -> Number {
    if let Some(n) = remainder_special(a, b, env, status) {
        return n;
    }
    match quotient(a, b, env, status) {
        Some((_, r)) => finish(r, env, status),
        None => Number::nan(),
    }
}

/// `divmod(a, b)`.
pub fn divmod(a: &Number, b: &Number, env: &Env, status: &mut u32) -> (Number, Number) {
    if let Some(n) = nan_of(&[a, b], env, status) {
        return (n.clone(), n);
    }
    let negative = a.negative != b.negative;
    if a.is_infinite() {
        *status |= st::INVALID_OPERATION;
        let q = if b.is_infinite() {
            Number::nan()
        } else {
            Number::infinity(negative)
        };
        return (q, Number::nan());
    }
    if b.is_infinite() {
        let r = finish(a.clone(), env, status);
        return (Number::small(negative, 0, 0), r);
    }
    if b.c.is_zero() {
        if a.c.is_zero() {
            *status |= st::DIVISION_UNDEFINED;
            return (Number::nan(), Number::nan());
        }
        *status |= st::DIVISION_BY_ZERO | st::INVALID_OPERATION;
        return (Number::infinity(negative), Number::nan());
    }
    match quotient(a, b, env, status) {
        Some((q, r)) => (finish(q, env, status), finish(r, env, status)),
        None => (Number::nan(), Number::nan()),
    }
}

/// The remainder whose quotient is rounded to the nearest integer.
pub fn remainder_near(a: &Number, b: &Number, env: &Env, status: &mut u32) -> Number {
    if let Some(n) = remainder_special(a, b, env, status) {
        return n;
    }
    let Some((q, mut r)) = quotient(a, b, env, status) else {
        return Number::nan();
    };
    if !r.c.is_zero() && (b.adjusted() - r.adjusted()).abs() <= 1 {
        // `r` moved by one divisor towards the other side.
        let mut own = 0;
        let minus = a.negative == b.negative;
        let other = add(&r, b, minus, &Env::MAX, &mut own);
        if own & st::ERRORS != 0 {
            return Number::error(own & st::ERRORS, status);
        }
        let nearer = compare_magnitude(&other, &r);
        if nearer.is_lt() || (nearer.is_eq() && q.c.is_odd()) {
            if q.c.digits() == env.prec && q.c == Coefficient::nines(env.prec) {
                return Number::error(st::DIVISION_IMPOSSIBLE, status);
            }
            r = other;
        }
    }
    finish(r, env, status)
}

/// The integer square root of `c · 10^n`, and is it exact?
fn integer_root(c: &Coefficient) -> (Coefficient, bool) {
    if let Coefficient::Small(w) = c {
        let r = w.isqrt();
        return (Coefficient::Small(r), r * r == *w);
    }
    let (root, rest) = to_ubig(c).sqrt_rem();
    (from_ubig(&root), rest == UBig::ZERO)
}

/// As a number of the bigint crate.
pub fn to_ubig(c: &Coefficient) -> UBig {
    match c {
        Coefficient::Small(w) => UBig::from(*w),
        Coefficient::Large(_) => {
            let digits = c.to_digits();
            let text = std::str::from_utf8(&digits).unwrap_or_default();
            UBig::from_str_radix(text, 10).unwrap_or_default()
        }
    }
}

/// From a number of the bigint crate.
pub fn from_ubig(n: &UBig) -> Coefficient {
    match u128::try_from(n) {
        Ok(w) => Coefficient::from_wide(w),
        Err(_) => Coefficient::from_digits(n.to_string().as_bytes()),
    }
}

/// The square root.
pub fn square_root(a: &Number, env: &Env, status: &mut u32) -> Number {
    if let Some(n) = nan_of(&[a], env, status) {
        return n;
    }
    if a.is_infinite() {
        if a.negative {
            return Number::error(st::INVALID_OPERATION, status);
        }
        return a.clone();
    }
    let ideal = a.exp.div_euclid(2);
    if a.c.is_zero() {
        return finish(Number::small(a.negative, 0, ideal), env, status);
    }
    if a.negative {
        return Number::error(st::INVALID_OPERATION, status);
    }
    if env.prec > MOST_DIGITS / 4 {
        // Only an exact root can be had, and it has not more digits than the number.
        let narrow = Env {
            prec: a.c.digits() + 3,
            ..*env
        };
        let mut own = 0;
        let root = square_root(a, &narrow, &mut own);
        if own & st::INEXACT != 0 {
            return Number::error(st::MEMORY, status);
        }
        *status |= own;
        return root;
    }
    let odd = a.exp.rem_euclid(2);
    let digits = a.c.digits() + odd;
    // So that the root has one digit more than the precision.
    let shift = env.prec + 1 - (digits + 1) / 2;
    let shifted = if shift >= 0 {
        a.c.shl(odd + 2 * shift).map(|c| (c, true))
    } else {
        a.c.shl(odd).map(|c| {
            let (c, rest) = c.shr(-2 * shift);
            (c, rest == Rest::Zero)
        })
    };
    let Some((c, whole)) = shifted else {
        return Number::error(st::MEMORY, status);
    };
    let (mut root, exact) = integer_root(&c);
    let mut exp = ideal - shift;
    if exact && whole {
        let zeros = root.trailing_zeros();
        let drop = if shift > 0 { shift.min(zeros) } else { 0 };
        root = root.shr(drop).0;
        exp += drop;
        if shift < 0 {
            match root.shl(-shift) {
                Some(c) => root = c,
                None => return Number::error(st::MEMORY, status),
            }
            exp = ideal;
        }
    } else if root.last_digit().is_multiple_of(5) {
        root = root.increment();
    }
    let env = Env {
        rounding: Rounding::HalfEven,
        ..*env
    };
    finish(Number::new(false, root, exp), &env, status)
}
