//! `exp`, `ln`, `log10` and powers.
//!
//! Values are computed in binary fixed point with some digits more than asked for and an error
//! below [`ERROR`] units of the last one; if both ends of that interval round to the same number,
//! that is the correctly rounded result, otherwise more digits are taken (Ziv's strategy).

use std::cmp::Ordering;

use dashu_base::BitTest;
use dashu_int::{IBig, UBig};

use super::arithmetic::{divide, from_ubig, multiply, to_ubig};
use super::coefficient::{Coefficient, MOST_DIGITS};
use super::number::{
    EXP_INF, Env, Number, Rounding, compare, compare_magnitude, finish, nan_of, status as st,
};

/// Bound of the error in units of the last digit.
const ERROR: u64 = 4;

/// `ln(10) · 2^1022`, rounded down; the least significant word first.
const LN10: [u64; 16] = [
    0x469ea58e9305e981,
    0x5b08b057d5ede20f,
    0x8e93368d44789c4f,
    0xca67b35b23605085,
    0x5161bb49d219c7bb,
    0xef66ceb04ab3c6fa,
    0x765aa6c3b0d831fb,
    0x782cf8a28a8c911e,
    0xfb8f788402e516d6,
    0x2c622418410be2da,
    0xcc70cbc02c5f0d68,
    0x962f02d7b1a8105c,
    0x83c61e8201f02d72,
    0xe28fecf9da5df90e,
    0xea56d62b82d30a28,
    0x935d8dddaaa8ac16,
];

/// Bits for so many digits.
fn bits(digits: i64) -> usize {
    (digits as usize * 3322).div_ceil(1000)
}

fn power_of_ten(n: i64) -> UBig {
    UBig::from(10u8).pow(n as usize)
}

/// `atanh(1/n) · 2^k`.
fn atanh_of_inverse(n: u32, k: usize) -> UBig {
    let square = n * n;
    let mut term = (UBig::ONE << k) / n;
    let mut sum = term.clone();
    let mut i = 3u32;
    loop {
        term /= square;
        if term == UBig::ZERO {
            return sum;
        }
        sum += &term / i;
        i += 2;
    }
}

/// `ln(10) · 2^k`, with an error below two units.
fn ln10(k: usize) -> UBig {
    if k <= 1022 {
        return UBig::from_words(&LN10) >> (1022 - k);
    }
    let w = k + 64;
    let sum = atanh_of_inverse(31, w) * 46u8
        + atanh_of_inverse(49, w) * 34u8
        + atanh_of_inverse(161, w) * 20u8;
    sum >> 64
}

/// `e^(r / 2^k) · 2^k` for `r / 2^k` below 3: a Taylor series of a smaller number, squared.
fn exp_fixed(r: &UBig, k: usize) -> UBig {
    let halvings = (k as f64).sqrt() as usize / 2 + 2;
    let w = k + 2 * halvings + 16;
    let x: UBig = (r << (w - k)) >> halvings;
    let one = UBig::ONE << w;
    let mut sum = &one + &x;
    let mut term = x.clone();
    let mut i = 2u32;
    loop {
        term = (term * &x) >> w;
        term /= i;
        if term == UBig::ZERO {
            break;
        }
        sum += &term;
        i += 1;
    }
    for _ in 0..halvings {
        sum = sum.sqr() >> w;
    }
    sum >> (w - k)
}

/// `ln(m / 2^k) · 2^k` for `m / 2^k` from 1 to 10, of which `guess` is the logarithm as a float:
/// Halley's iteration on the exponential function.
fn ln_fixed(m: &UBig, guess: f64, k: usize) -> UBig {
    let start = if k <= 140 {
        let g = UBig::from((guess.max(0.0) * (1u64 << 60) as f64) as u64);
        if k >= 60 {
            g << (k - 60)
        } else {
            g >> (60 - k)
        }
    } else {
        let less = k / 3 + 16;
        ln_fixed(&(m >> (k - less)), guess, less) << (k - less)
    };
    let e = exp_fixed(&start, k);
    let numerator = (IBig::from(m.clone()) - IBig::from(e.clone())) << (k + 1);
    let step = numerator / IBig::from(m + &e);
    UBig::try_from(IBig::from(start) + step).unwrap_or(UBig::ZERO)
}

/// An approximation: the digits, and the exponent of the last one.
struct Approximation {
    digits: UBig,
    exp: i64,
}

/// Rounds what `f` computes with more and more digits.
fn round_correctly(
    negative: bool,
    env: &Env,
    status: &mut u32,
    f: impl Fn(i64) -> Approximation,
) -> Number {
    let env = Env {
        rounding: Rounding::HalfEven,
        ..*env
    };
    let mut extra = 6;
    loop {
        let a = f(env.prec + extra);
        let error = UBig::from(ERROR);
        let make = |d: UBig| Number::new(negative, from_ubig(&d), a.exp);
        let low = if a.digits > error {
            &a.digits - &error
        } else {
            UBig::ZERO
        };
        let (mut s, mut t) = (0, 0);
        let low = finish(make(low), &env, &mut s);
        let high = finish(make(&a.digits + &error), &env, &mut t);
        let same = low.kind == high.kind && low.exp == high.exp && low.c == high.c;
        if same {
            *status |= t | st::INEXACT | st::ROUNDED;
            if t & st::SUBNORMAL != 0 {
                *status |= st::UNDERFLOW;
            }
            return high;
        }
        extra = 2 * extra + 12;
    }
}

/// One, with all digits of the precision.
fn padded_one(negative: bool, zeros: i64, status: &mut u32) -> Number {
    match Coefficient::ONE.shl(zeros) {
        Some(c) => Number::new(negative, c, -zeros),
        None => Number::error(st::MEMORY, status),
    }
}

/// `c · 10^exp · 2^k`, rounded down.
fn scaled(c: &UBig, exp: i64, k: usize) -> UBig {
    if exp >= 0 {
        (c * power_of_ten(exp)) << k
    } else {
        (c << k) / power_of_ten(-exp)
    }
}

/// `e^a`.
pub fn exp(a: &Number, env: &Env, status: &mut u32) -> Number {
    if let Some(n) = nan_of(&[a], env, status) {
        return n;
    }
    if a.is_infinite() {
        return if a.negative {
            Number::small(false, 0, 0)
        } else {
            Number::infinity(false)
        };
    }
    if a.c.is_zero() {
        return Number::small(false, 1, 0);
    }
    if a.adjusted() + 1 > 19 {
        if a.negative {
            *status |= st::INEXACT | st::ROUNDED | st::SUBNORMAL | st::UNDERFLOW | st::CLAMPED;
            return Number::small(false, 0, env.etiny());
        }
        *status |= st::OVERFLOW | st::INEXACT | st::ROUNDED;
        return Number::infinity(false);
    }
    if env.prec > MOST_DIGITS {
        return Number::error(st::MEMORY, status);
    }
    if a.adjusted() < -(env.prec + 2) {
        *status |= st::INEXACT | st::ROUNDED;
        let one = padded_one(false, env.prec - 1, status);
        let env = Env {
            rounding: Rounding::HalfEven,
            ..*env
        };
        return finish(one, &env, status);
    }
    let c = to_ubig(&a.c);
    let whole = if a.adjusted() >= 0 {
        bits(a.adjusted() + 1) + 8
    } else {
        0
    };
    round_correctly(false, env, status, |p| {
        let k = bits(p) + 16;
        let w = k + whole;
        let ln10 = ln10(w);
        let x = scaled(&c, a.exp, w);
        let mut n = &x / &ln10;
        let mut r = x - &n * &ln10;
        if a.negative && r != UBig::ZERO {
            n += UBig::ONE;
            r = ln10 - r;
        }
        let e = exp_fixed(&(r >> whole), k);
        let n = i64::try_from(&n).unwrap_or(EXP_INF);
        Approximation {
            digits: (e * power_of_ten(p - 1)) >> k,
            exp: if a.negative { -n } else { n } - (p - 1),
        }
    })
}

/// What a logarithm gives without computing, for a number that is not positive and finite.
fn logarithm_special(a: &Number, env: &Env, status: &mut u32) -> Option<Number> {
    if let Some(n) = nan_of(&[a], env, status) {
        return Some(n);
    }
    if a.is_zero() {
        return Some(Number::infinity(true));
    }
    if a.negative {
        return Some(Number::error(st::INVALID_OPERATION, status));
    }
    a.is_infinite().then(|| Number::infinity(false))
}

/// `ln(a)`, or with `decimal` `log10(a)`, to `p` digits.
fn logarithm(a: &Number, decimal: bool, p: i64) -> (bool, Approximation) {
    let c = to_ubig(&a.c);
    let close = Number::small(false, 9, -1);
    let below = Number::small(false, 11, -1);
    if compare(a, &close).is_ge() && compare(a, &below).is_le() {
        // Near one: ln(a) = 2 atanh((a - 1) / (a + 1)), each bit counted from the first one.
        let one = power_of_ten(-a.exp);
        let sum = &c + &one;
        let (negative, difference) = if c < one {
            (true, one - c)
        } else {
            (false, c - one)
        };
        let lost = (sum.bit_len() - difference.bit_len()) as i64;
        let q = lost * 30103 / 100_000;
        let k = bits(p) + 24;
        let w = k + lost as usize;
        let z = (difference << w) / sum;
        let square = z.sqr() >> w;
        let mut term = z.clone();
        let mut total = z;
        let mut i = 3u32;
        loop {
            term = (term * &square) >> w;
            if term == UBig::ZERO {
                break;
            }
            total += &term / i;
            i += 2;
        }
        let shifted = total * power_of_ten(p + q);
        let digits = if decimal {
            (shifted << (k + 1)) / (ln10(k) << w)
        } else {
            shifted >> (w - 1)
        };
        return (
            negative,
            Approximation {
                digits,
                exp: -(p + q),
            },
        );
    }
    let n = a.adjusted();
    let count = a.c.digits();
    let k = bits(p) + 24;
    let m = scaled(&c, 1 - count, k);
    let head = if count > 17 {
        a.c.shr(count - 17).0
    } else {
        a.c.clone()
    };
    let head = head.to_u64().unwrap_or(1) as f64 / 10f64.powi(count.min(17) as i32 - 1);
    let ten = ln10(k);
    let v = IBig::from(ln_fixed(&m, head.ln(), k)) + IBig::from(n) * IBig::from(ten.clone());
    let (sign, v) = v.into_parts();
    let shifted = v * power_of_ten(p);
    let digits = if decimal { shifted / ten } else { shifted >> k };
    (
        sign == dashu_int::Sign::Negative,
        Approximation { digits, exp: -p },
    )
}

fn rounded_logarithm(a: &Number, decimal: bool, env: &Env, status: &mut u32) -> Number {
    if env.prec > MOST_DIGITS {
        return Number::error(st::MEMORY, status);
    }
    let negative = compare(a, &Number::small(false, 1, 0)).is_lt();
    round_correctly(negative, env, status, |p| logarithm(a, decimal, p).1)
}

/// The logarithm's exponent alone is beyond the context: overflow.
fn logarithm_overflow(a: &Number, factor: i64, env: &Env, status: &mut u32) -> Option<Number> {
    let adjusted = a.adjusted();
    let t = factor
        * if adjusted < 0 {
            -adjusted - 1
        } else {
            adjusted
        };
    if exponent_digits(t) - 1 > env.emax {
        *status |= st::OVERFLOW | st::INEXACT | st::ROUNDED;
        return Some(Number::infinity(adjusted < 0));
    }
    None
}

/// The natural logarithm.
pub fn ln(a: &Number, env: &Env, status: &mut u32) -> Number {
    if let Some(n) = logarithm_special(a, env, status) {
        return n;
    }
    if compare(a, &Number::small(false, 1, 0)).is_eq() {
        return Number::small(false, 0, 0);
    }
    if let Some(n) = logarithm_overflow(a, 2, env, status) {
        return n;
    }
    rounded_logarithm(a, false, env, status)
}

/// The decimal logarithm.
pub fn log10(a: &Number, env: &Env, status: &mut u32) -> Number {
    if let Some(n) = logarithm_special(a, env, status) {
        return n;
    }
    if a.c.trailing_zeros() == a.c.digits() - 1 && a.c.shr(a.c.digits() - 1).0 == Coefficient::ONE {
        let e = a.adjusted();
        let env = Env {
            rounding: Rounding::HalfEven,
            ..*env
        };
        return finish(Number::small(e < 0, e.unsigned_abs(), 0), &env, status);
    }
    if let Some(n) = logarithm_overflow(a, 1, env, status) {
        return n;
    }
    rounded_logarithm(a, true, env, status)
}

/// Number of digits of an exponent.
fn exponent_digits(e: i64) -> i64 {
    super::limbs::word_digits(e.unsigned_abs())
}

fn one() -> Number {
    Number::small(false, 1, 0)
}

/// The magnitude of an integer, if it fits 64 bits.
fn integer_magnitude(a: &Number) -> Option<u64> {
    if !a.is_integer() {
        return None;
    }
    if a.exp <= 0 {
        return a.c.shr(-a.exp).0.to_u64();
    }
    if a.c.digits() + a.exp > 20 {
        return None;
    }
    a.c.shl(a.exp)?.to_u64()
}

/// `base` to an integer power; each product is rounded.
fn power_word(base: &Number, n: u64, negative: bool, env: &Env, status: &mut u32) -> Number {
    let mut own = 0;
    let mut x = base.clone();
    for bit in (0..n.ilog2()).rev() {
        x = multiply(&x, &x, env, &mut own);
        if n >> bit & 1 == 1 {
            x = multiply(&x, base, env, &mut own);
        }
        if !x.is_finite() || (x.c.is_zero() && own & st::CLAMPED != 0) {
            break;
        }
    }
    *status |= own;
    x.with_sign(negative)
}

/// As [`power_word`], for an exponent of any size.
fn power_long(base: &Number, n: &Number, negative: bool, env: &Env, status: &mut u32) -> Number {
    let mut own = 0;
    let mut x = one();
    let mut base = base.clone();
    let Some(mut n) = integer_of(n) else {
        return Number::error(st::MEMORY, status);
    };
    while n != UBig::ZERO {
        if &n & 1u8 == 1 {
            x = multiply(&x, &base, env, &mut own);
            *status |= own;
            if !x.is_finite() || (x.c.is_zero() && own & st::CLAMPED != 0) {
                break;
            }
        }
        base = multiply(&base, &base, env, &mut own);
        n >>= 1;
    }
    x.with_sign(negative)
}

/// The magnitude of an integer.
fn integer_of(a: &Number) -> Option<UBig> {
    if a.exp <= 0 {
        return Some(to_ubig(&a.c.shr(-a.exp).0));
    }
    if a.exp > 1_000_000 {
        return None;
    }
    Some(to_ubig(&a.c.shl(a.exp)?))
}

/// `a^b` for an integer `b`.
fn power_integer(a: &Number, b: &Number, negative: bool, env: &Env, status: &mut u32) -> Number {
    let mut work = *env;
    work.prec += b.c.digits() + b.exp + 2;
    work.rounding = Rounding::HalfEven;
    work.clamp = false;
    let mut base = a.clone();
    if b.negative {
        work.prec += 1;
        base = divide(&one(), a, &work, status);
        if *status & st::ERRORS != 0 {
            return Number::nan();
        }
    }
    let mut x = match integer_magnitude(b) {
        Some(n) => power_word(&base, n, negative, &work, status),
        None => power_long(&base, b, negative, &work, status),
    };
    if x.is_infinite() {
        // For the roundings that never give infinity.
        x = Number::small(negative, 1, EXP_INF);
    }
    finish(x, env, status)
}

/// `a^b` as `e^(b · ln a)`.
fn power_real(a: &Number, b: &Number, env: &Env, status: &mut u32) -> Number {
    let work = Env {
        prec: env.prec.max(a.c.digits()) + 4 + 19,
        ..Env::MAX
    };
    let mut own = 0;
    let l = ln(a, &work, &mut own);
    let y = multiply(&l, b, &work, &mut own);
    let x = exp(&y, &work, status);
    *status |= (own & st::ERRORS) | st::INEXACT | st::ROUNDED;
    x
}

/// A power of one (with any exponent and sign), for a finite exponent that is not zero.
fn power_of_one(a: &Number, b: &Number, negative: bool, env: &Env, status: &mut u32) -> Number {
    let most = env.prec - 1;
    let zeros = if b.is_integer() {
        if b.negative || a.exp == 0 {
            return Number::small(negative, 1, 0);
        }
        // 1.000³ = 1.000000000
        let places = integer_of(b).map(|n| n * UBig::from(a.exp.unsigned_abs()));
        match places.and_then(|n| i64::try_from(&n).ok()) {
            Some(n) if n <= most => n,
            _ => {
                *status |= st::ROUNDED;
                most
            }
        }
    } else {
        *status |= st::INEXACT | st::ROUNDED;
        most
    };
    padded_one(negative, zeros, status)
}

/// A lower bound of `log10(|log10(a)|)`.
fn magnitude_of_logarithm(a: &Number) -> i64 {
    let t = a.adjusted();
    if t > 0 {
        return exponent_digits(t) - 1;
    }
    if t < -1 {
        return exponent_digits(t + 1) - 1;
    }
    let mut own = 0;
    let d = super::arithmetic::add(a, &one(), true, &Env::MAX, &mut own);
    d.adjusted() - if t == 0 { 2 } else { 1 }
}

/// `a^b` if it is certainly beyond the context's exponents.
fn power_bounds(
    a: &Number,
    b: &Number,
    negative: bool,
    env: &Env,
    status: &mut u32,
) -> Option<Number> {
    let size = magnitude_of_logarithm(&a.magnitude()) + b.adjusted();
    let grows = (a.adjusted() < 0) == b.negative;
    let (bound, exp) = if grows {
        (exponent_digits(env.emax), EXP_INF)
    } else {
        (exponent_digits(env.etiny()), env.etiny() - 1)
    };
    (bound < size).then(|| finish(Number::small(negative, 1, exp), env, status))
}

/// `a^b`.
pub fn power(a: &Number, b: &Number, env: &Env, status: &mut u32) -> Number {
    if let Some(n) = nan_of(&[a, b], env, status) {
        return n;
    }
    let integer = b.is_integer();
    let negative = integer && a.negative && b.is_odd();
    if a.is_zero() {
        return if b.is_zero() {
            Number::error(st::INVALID_OPERATION, status)
        } else if b.negative {
            Number::infinity(negative)
        } else {
            Number::small(negative, 0, 0)
        };
    }
    if a.negative && (!integer || b.is_infinite()) {
        return Number::error(st::INVALID_OPERATION, status);
    }
    if b.is_infinite() {
        let o = compare(a, &one());
        if o.is_eq() {
            *status |= st::INEXACT | st::ROUNDED;
            return padded_one(negative, env.prec - 1, status);
        }
        return if o.is_lt() != b.negative {
            Number::small(negative, 0, 0)
        } else {
            Number::infinity(negative)
        };
    }
    if a.is_infinite() {
        return if b.is_zero() {
            Number::small(negative, 1, 0)
        } else if b.negative {
            Number::small(negative, 0, 0)
        } else {
            Number::infinity(negative)
        };
    }
    if b.is_zero() {
        return Number::small(negative, 1, 0);
    }
    if compare_magnitude(a, &one()) == Ordering::Equal {
        return power_of_one(a, b, negative, env, status);
    }
    if let Some(n) = power_bounds(a, b, negative, env, status) {
        return n;
    }
    if integer {
        return power_integer(a, b, negative, env, status);
    }
    let mut x = power_real(a, b, env, status);
    if x.is_finite() && compare(&x, &one()).is_eq() {
        x = padded_one(false, env.prec - 1, status);
    }
    if x.is_infinite() {
        x = Number::small(false, 1, EXP_INF);
    }
    finish(x, env, status)
}

/// `a^b % m` for integers.
pub fn power_modulo(a: &Number, b: &Number, m: &Number, env: &Env, status: &mut u32) -> Number {
    if let Some(n) = nan_of(&[a, b, m], env, status) {
        return n;
    }
    let all = a.is_integer() && b.is_integer() && m.is_integer();
    if !all || m.c.is_zero() || m.c.digits() + m.exp > env.prec {
        return Number::error(st::INVALID_OPERATION, status);
    }
    let negative = a.negative && b.is_odd();
    if b.c.is_zero() {
        if a.c.is_zero() {
            return Number::error(st::INVALID_OPERATION, status);
        }
        let unit = compare_magnitude(m, &one()).is_ne() as u64;
        return Number::small(negative, unit, 0);
    }
    if b.negative {
        return Number::error(st::INVALID_OPERATION, status);
    }
    if a.c.is_zero() {
        return Number::small(negative, 0, 0);
    }
    let (Some(modulus), Some(n)) = (integer_of(m), integer_of(b)) else {
        return Number::error(st::MEMORY, status);
    };
    let ring = dashu_int::fast_div::ConstDivisor::new(modulus);
    let mut base = ring.reduce(to_ubig(&if a.exp < 0 {
        a.c.shr(-a.exp).0
    } else {
        a.c.clone()
    }));
    if a.exp > 0 {
        base *= ring.reduce(10u8).pow(&UBig::from(a.exp as u64));
    }
    let x = base.pow(&n).residue();
    Number::new(negative, from_ubig(&x), 0)
}
