//! Comparison, rounding to exponents, neighbours, logical operations, shifts.

use std::cmp::Ordering;

use super::arithmetic::add;
use super::coefficient::{Coefficient, MOST_DIGITS};
use super::limbs::Rest;
use super::number::{
    EXP_INF, Env, Kind, MAX_EMAX, MAX_PREC, MIN_ETINY, Number, Rounding, compare,
    compare_magnitude, drop_digits, finish, nan_of, status as st,
};

fn of_order(o: Ordering) -> Number {
    Number::small(o.is_lt(), o.is_ne() as u64, 0)
}

/// `compare`, or with `signal` `compare_signal`.
pub fn compare_numbers(
    a: &Number,
    b: &Number,
    signal: bool,
    env: &Env,
    status: &mut u32,
) -> Number {
    if let Some(n) = nan_of(&[a, b], env, status) {
        if signal {
            *status |= st::INVALID_OPERATION;
        }
        return n;
    }
    of_order(compare(a, b))
}

/// The total order of representations.
pub fn compare_total(a: &Number, b: &Number) -> Number {
    of_order(total_order(a, b))
}

/// The total order of all representations.
pub fn total_order(a: &Number, b: &Number) -> Ordering {
    if a.negative != b.negative {
        return b.negative.cmp(&a.negative);
    }
    let rank = |x: &Number| match x.kind {
        Kind::Finite => 0,
        Kind::Infinite => 1,
        Kind::Snan => 2,
        Kind::Nan => 3,
    };
    let o = rank(a).cmp(&rank(b)).then_with(|| match a.kind {
        Kind::Finite => compare_magnitude(a, b).then(a.exp.cmp(&b.exp)),
        Kind::Infinite => Ordering::Equal,
        _ => a.c.compare(&b.c),
    });
    if a.negative { o.reverse() } else { o }
}

/// Which of two numbers is asked for.
#[derive(Clone, Copy)]
pub struct Extreme {
    /// The larger one?
    pub largest: bool,
    /// Without their signs?
    pub magnitude: bool,
}

/// `max`, `min` and their magnitude forms.
pub fn extreme(what: Extreme, a: &Number, b: &Number, env: &Env, status: &mut u32) -> Number {
    let chosen = if a.kind == Kind::Nan && !b.is_nan() {
        b
    } else if b.kind == Kind::Nan && !a.is_nan() {
        a
    } else if let Some(n) = nan_of(&[a, b], env, status) {
        return n;
    } else {
        let o = if what.magnitude {
            compare_magnitude(a, b)
        } else {
            compare(a, b)
        };
        let o = o.then_with(|| {
            // Equal numbers: by sign, then by exponent.
            if a.negative != b.negative {
                b.negative.cmp(&a.negative)
            } else if a.negative {
                b.exp.cmp(&a.exp)
            } else {
                a.exp.cmp(&b.exp)
            }
        });
        if o.is_lt() == what.largest { b } else { a }
    };
    finish(chosen.clone(), env, status)
}

/// The nearest number above, or with `down` below.
pub fn next(a: &Number, down: bool, env: &Env, status: &mut u32) -> Number {
    if let Some(n) = nan_of(&[a], env, status) {
        return n;
    }
    if a.is_infinite() {
        if a.negative == down {
            return a.clone();
        }
        if env.prec > MOST_DIGITS {
            return Number::error(st::MEMORY, status);
        }
        return Number::new(a.negative, Coefficient::nines(env.prec), env.etop());
    }
    let rounding = if down {
        Rounding::Floor
    } else {
        Rounding::Ceiling
    };
    let env = Env { rounding, ..*env };
    let mut own = 0;
    let x = finish(a.clone(), &env, &mut own);
    if own & (st::INEXACT | st::ERRORS) != 0 {
        *status |= own & st::ERRORS;
        return x;
    }
    let tiny = Number::small(down, 1, env.etiny() - 1);
    let x = add(a, &tiny, false, &env, &mut own);
    *status |= own & st::ERRORS;
    x
}

/// The neighbour of `a` on the way to `b`.
pub fn next_toward(a: &Number, b: &Number, env: &Env, status: &mut u32) -> Number {
    if let Some(n) = nan_of(&[a, b], env, status) {
        return n;
    }
    let x = match compare(a, b) {
        Ordering::Equal => return a.clone().with_sign(b.negative),
        Ordering::Less => next(a, false, env, status),
        Ordering::Greater => next(a, true, env, status),
    };
    if x.is_infinite() {
        *status |= st::OVERFLOW | st::ROUNDED | st::INEXACT;
    } else if x.adjusted() < env.emin {
        *status |= st::UNDERFLOW | st::SUBNORMAL | st::ROUNDED | st::INEXACT;
        if x.is_zero() {
            *status |= st::CLAMPED;
        }
    }
    x
}

/// `a` with the exponent of `b`.
#[inline]
pub fn quantize(a: &Number, b: &Number, env: &Env, status: &mut u32) -> Number {
    if a.kind != Kind::Finite || b.kind != Kind::Finite {
        if let Some(n) = nan_of(&[a, b], env, status) {
            return n;
        }
        if a.is_infinite() && b.is_infinite() {
            return a.clone();
        }
        return Number::error(st::INVALID_OPERATION, status);
    }
    quantize_to(a, b.exp, env, status)
}

/// `a` with an exponent.
pub fn quantize_to(a: &Number, exp: i64, env: &Env, status: &mut u32) -> Number {
    if exp > env.emax || exp < env.etiny() {
        return Number::error(st::INVALID_OPERATION, status);
    }
    if a.c.is_zero() {
        return finish(Number::small(a.negative, 0, exp), env, status);
    }
    let difference = a.exp - exp;
    if a.c.digits() + difference > env.prec {
        return Number::error(st::INVALID_OPERATION, status);
    }
    let mut own = 0;
    let mut x = Number::new(a.negative, Coefficient::ZERO, exp);
    if difference >= 0 {
        match a.c.shl(difference) {
            Some(c) => x.c = c,
            None => return Number::error(st::MEMORY, status),
        }
    } else {
        x.c = a.c.clone();
        let rest = drop_digits(&mut x, -difference, env.rounding);
        if x.c.digits() > env.prec {
            return Number::error(st::INVALID_OPERATION, status);
        }
        own |= st::ROUNDED;
        if rest != Rest::Zero {
            own |= st::INEXACT;
        }
    }
    let adjusted = x.adjusted();
    if adjusted > env.emax || adjusted < env.etiny() {
        return Number::error(st::INVALID_OPERATION, status);
    }
    *status |= own;
    finish(x, env, status)
}

/// `a` with an exponent, whatever the context's precision: for formats. Digits may be more than
/// the context permits.
pub fn rescale(a: &Number, exp: i64, rounding: Rounding, status: &mut u32) -> Number {
    if !a.is_finite() {
        return a.clone();
    }
    if !(MIN_ETINY - MAX_PREC..=MAX_EMAX + 1).contains(&exp) {
        return Number::error(st::INVALID_OPERATION, status);
    }
    let mut x = Number::new(a.negative, a.c.clone(), exp);
    if a.c.is_zero() {
        return x;
    }
    let difference = a.exp - exp;
    if difference >= 0 {
        if a.c.digits() + difference > MAX_PREC + 1 {
            return Number::error(st::INVALID_OPERATION, status);
        }
        match a.c.shl(difference) {
            Some(c) => x.c = c,
            None => return Number::error(st::MEMORY, status),
        }
    } else {
        let rest = drop_digits(&mut x, -difference, rounding);
        *status |= st::ROUNDED;
        if rest != Rest::Zero {
            *status |= st::INEXACT;
        }
    }
    x
}

/// Rounded to an integer; `exact` sets the flags.
pub fn to_integral(
    a: &Number,
    exact: bool,
    rounding: Rounding,
    env: &Env,
    status: &mut u32,
) -> Number {
    if let Some(n) = nan_of(&[a], env, status) {
        return n;
    }
    if a.is_infinite() || a.exp >= 0 {
        return a.clone();
    }
    if a.c.is_zero() {
        return Number::small(a.negative, 0, 0);
    }
    let mut x = a.clone();
    let rest = drop_digits(&mut x, -a.exp, rounding);
    x.exp = 0;
    if exact {
        *status |= st::ROUNDED;
        if rest != Rest::Zero {
            *status |= st::INEXACT;
        }
    }
    x
}

/// Without zeros at the end.
pub fn normalize(a: &Number, env: &Env, status: &mut u32) -> Number {
    if let Some(n) = nan_of(&[a], env, status) {
        return n;
    }
    let mut x = finish(a.clone(), env, status);
    if !x.is_finite() {
        return x;
    }
    if x.c.is_zero() {
        return Number::small(a.negative, 0, 0);
    }
    let most = if env.clamp { env.etop() } else { env.emax };
    let shift = x.c.trailing_zeros().min(most - x.exp);
    if shift > 0 {
        x.c = x.c.shr(shift).0;
        x.exp += shift;
    }
    x
}

/// The exponent of the leading digit, as a number.
pub fn logb(a: &Number, env: &Env, status: &mut u32) -> Number {
    if let Some(n) = nan_of(&[a], env, status) {
        return n;
    }
    if a.is_infinite() {
        return Number::infinity(false);
    }
    if a.c.is_zero() {
        *status |= st::DIVISION_BY_ZERO;
        return Number::infinity(true);
    }
    let e = a.adjusted();
    finish(Number::small(e < 0, e.unsigned_abs(), 0), env, status)
}

/// An integer operand of `scaleb`, `shift` and `rotate`.
fn small_integer(b: &Number) -> Option<i64> {
    if !b.is_finite() || b.exp != 0 {
        return None;
    }
    let n = i64::try_from(b.c.to_u64()?).ok()?;
    Some(if b.negative { -n } else { n })
}

/// `a` with an exponent larger by `b`.
pub fn scaleb(a: &Number, b: &Number, env: &Env, status: &mut u32) -> Number {
    if let Some(n) = nan_of(&[a, b], env, status) {
        return n;
    }
    if b.is_infinite() || b.exp != 0 {
        return Number::error(st::INVALID_OPERATION, status);
    }
    let limit = 2 * (env.emax + env.prec);
    let Some(n) = small_integer(b).filter(|n| n.abs() <= limit) else {
        return Number::error(st::INVALID_OPERATION, status);
    };
    if a.is_infinite() {
        return a.clone();
    }
    let exp = (a.exp as i128 + n as i128).clamp(-(EXP_INF as i128), EXP_INF as i128) as i64;
    finish(Number::new(a.negative, a.c.clone(), exp), env, status)
}

/// `a` shifted by `b` digits within the precision.
pub fn shift(a: &Number, b: &Number, env: &Env, status: &mut u32) -> Number {
    if let Some(n) = nan_of(&[a, b], env, status) {
        return n;
    }
    let Some(n) = small_integer(b).filter(|n| n.abs() <= env.prec) else {
        return Number::error(st::INVALID_OPERATION, status);
    };
    if a.is_infinite() {
        return a.clone();
    }
    let c = if n >= 0 {
        match a.c.low_digits(env.prec - n).shl(n) {
            Some(c) => c,
            None => return Number::error(st::MEMORY, status),
        }
    } else {
        a.c.low_digits(env.prec).shr(-n).0
    };
    Number::new(a.negative, c, a.exp)
}

/// `a` with its digits, as many as the precision, rotated by `b`.
pub fn rotate(a: &Number, b: &Number, env: &Env, status: &mut u32) -> Number {
    if let Some(n) = nan_of(&[a, b], env, status) {
        return n;
    }
    let Some(n) = small_integer(b).filter(|n| n.abs() <= env.prec) else {
        return Number::error(st::INVALID_OPERATION, status);
    };
    if a.is_infinite() {
        return a.clone();
    }
    let left = if n >= 0 { n } else { env.prec + n };
    let c = a.c.low_digits(env.prec);
    let high = c.shr(env.prec - left).0;
    match c.low_digits(env.prec - left).shl(left) {
        Some(low) => Number::new(a.negative, low.add(&high), a.exp),
        None => Number::error(st::MEMORY, status),
    }
}

/// The digits of a logical operand, from the last one on.
fn logical_digits(a: &Number) -> Option<Vec<u8>> {
    if !a.is_finite() || a.negative || a.exp != 0 {
        return None;
    }
    let mut d = a.c.to_digits();
    d.reverse();
    d.iter().all(|c| matches!(c, b'0' | b'1')).then_some(d)
}

/// The digits combined one by one.
pub fn logical(
    a: &Number,
    b: &Number,
    f: fn(bool, bool) -> bool,
    env: &Env,
    status: &mut u32,
) -> Number {
    let (Some(x), Some(y)) = (logical_digits(a), logical_digits(b)) else {
        return Number::error(st::INVALID_OPERATION, status);
    };
    let bit = |d: &[u8], i: usize| d.get(i) == Some(&b'1');
    let digits: Vec<u8> = (0..x.len().max(y.len()))
        .rev()
        .map(|i| b'0' + f(bit(&x, i), bit(&y, i)) as u8)
        .collect();
    let c = Coefficient::from_digits(&digits).low_digits(env.prec);
    Number::new(false, c, 0)
}

/// All digits of the precision, inverted.
pub fn logical_invert(a: &Number, env: &Env, status: &mut u32) -> Number {
    let Some(d) = logical_digits(a) else {
        return Number::error(st::INVALID_OPERATION, status);
    };
    if env.prec > MOST_DIGITS {
        return Number::error(st::MEMORY, status);
    }
    let digits: Vec<u8> = (0..env.prec as usize)
        .rev()
        .map(|i| if d.get(i) == Some(&b'1') { b'0' } else { b'1' })
        .collect();
    Number::new(false, Coefficient::from_digits(&digits), 0)
}

/// The name of what a number is.
pub fn number_class(a: &Number, env: &Env) -> &'static str {
    match (a.kind, a.negative) {
        (Kind::Nan, _) => "NaN",
        (Kind::Snan, _) => "sNaN",
        (Kind::Infinite, false) => "+Infinity",
        (Kind::Infinite, true) => "-Infinity",
        (Kind::Finite, negative) => {
            let what = if a.c.is_zero() {
                ["+Zero", "-Zero"]
            } else if a.is_subnormal(env) {
                ["+Subnormal", "-Subnormal"]
            } else {
                ["+Normal", "-Normal"]
            };
            what[negative as usize]
        }
    }
}

/// Same exponent, or both infinite, or both NaN?
pub fn same_quantum(a: &Number, b: &Number) -> bool {
    if a.is_finite() && b.is_finite() {
        return a.exp == b.exp;
    }
    (a.is_nan() && b.is_nan()) || (a.is_infinite() && b.is_infinite())
}
