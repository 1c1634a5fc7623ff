//! Numbers, the arithmetic's context, rounding.
//!
//! The arithmetic is that of the General Decimal Arithmetic Specification, version 1.70
//! (<https://speleotrove.com/decimal/decarith.html>); where it leaves a choice, libmpdec's is
//! taken, which CPython's module stands on.

use std::cmp::Ordering;

use super::coefficient::Coefficient;
use super::limbs::Rest;

/// Conditions, as bits.
pub mod status {
    /// The exponent was changed to fit.
    pub const CLAMPED: u32 = 0x1;
    /// Text that is no number.
    pub const CONVERSION_SYNTAX: u32 = 0x2;
    /// A finite number by zero.
    pub const DIVISION_BY_ZERO: u32 = 0x4;
    /// The integer quotient has more digits than the precision.
    pub const DIVISION_IMPOSSIBLE: u32 = 0x8;
    /// Zero by zero.
    pub const DIVISION_UNDEFINED: u32 = 0x10;
    /// Digits other than zeros were dropped.
    pub const INEXACT: u32 = 0x40;
    /// The context does not permit the operation.
    pub const INVALID_CONTEXT: u32 = 0x80;
    /// An operation without a result.
    pub const INVALID_OPERATION: u32 = 0x100;
    /// The result does not fit in memory.
    pub const MEMORY: u32 = 0x200;
    /// A float was mixed with decimals.
    pub const FLOAT_OPERATION: u32 = 0x400;
    /// Too large.
    pub const OVERFLOW: u32 = 0x800;
    /// Digits were dropped.
    pub const ROUNDED: u32 = 0x1000;
    /// Nearer to zero than the smallest normal number.
    pub const SUBNORMAL: u32 = 0x2000;
    /// Subnormal and inexact.
    pub const UNDERFLOW: u32 = 0x4000;
    /// Conditions of the signal InvalidOperation.
    pub const INVALID: u32 = CONVERSION_SYNTAX
        | DIVISION_IMPOSSIBLE
        | DIVISION_UNDEFINED
        | 0x20
        | INVALID_CONTEXT
        | INVALID_OPERATION
        | MEMORY;
    /// Conditions that are errors in any context.
    pub const ERRORS: u32 = INVALID | DIVISION_BY_ZERO;
    /// All conditions.
    pub const ALL: u32 = 0x7FFF;
}

use status as st;

/// Largest precision.
pub const MAX_PREC: i64 = 999_999_999_999_999_999;
/// Largest exponent.
pub const MAX_EMAX: i64 = 999_999_999_999_999_999;
/// Smallest exponent.
pub const MIN_EMIN: i64 = -999_999_999_999_999_999;
/// Smallest exponent of a subnormal number.
pub const MIN_ETINY: i64 = MIN_EMIN - (MAX_PREC - 1);
/// Beyond every exponent.
pub const EXP_INF: i64 = 2_000_000_000_000_000_001;

/// How to round.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Rounding {
    /// Away from zero.
    Up,
    /// Towards zero.
    Down,
    /// Towards infinity.
    Ceiling,
    /// Towards minus infinity.
    Floor,
    /// Nearest, ties away from zero.
    HalfUp,
    /// Nearest, ties towards zero.
    HalfDown,
    /// Nearest, ties to even.
    HalfEven,
    /// Away from zero if the last digit would be 0 or 5.
    ZeroFiveUp,
}

/// Names of the roundings, in their order.
pub const ROUNDINGS: [(&str, Rounding); 8] = [
    ("ROUND_UP", Rounding::Up),
    ("ROUND_DOWN", Rounding::Down),
    ("ROUND_CEILING", Rounding::Ceiling),
    ("ROUND_FLOOR", Rounding::Floor),
    ("ROUND_HALF_UP", Rounding::HalfUp),
    ("ROUND_HALF_DOWN", Rounding::HalfDown),
    ("ROUND_HALF_EVEN", Rounding::HalfEven),
    ("ROUND_05UP", Rounding::ZeroFiveUp),
];

/// What an operation looks at.
#[derive(Clone, Copy, Debug)]
pub struct Env {
    /// Digits of a result.
    pub prec: i64,
    /// Largest adjusted exponent.
    pub emax: i64,
    /// Smallest adjusted exponent of a normal number.
    pub emin: i64,
    /// How to round.
    pub rounding: Rounding,
    /// Are exponents limited so that the coefficient has `prec` digits?
    pub clamp: bool,
}

impl Env {
    /// The largest context.
    pub const MAX: Env = Env {
        prec: MAX_PREC,
        emax: MAX_EMAX,
        emin: MIN_EMIN,
        rounding: Rounding::HalfEven,
        clamp: false,
    };

    /// Smallest exponent.
    pub fn etiny(&self) -> i64 {
        self.emin - (self.prec - 1)
    }

    /// Largest exponent of a number with all digits.
    pub fn etop(&self) -> i64 {
        self.emax - (self.prec - 1)
    }
}

/// What a number is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Kind {
    /// A number.
    Finite,
    /// Without bound.
    Infinite,
    /// Not a number.
    Nan,
    /// Not a number, signals when used.
    Snan,
}

/// A decimal number: `(-1)^negative · coefficient · 10^exponent`, or an infinity or NaN.
#[derive(Clone, Debug)]
pub struct Number {
    /// Below zero, or a zero with that sign.
    pub negative: bool,
    /// What it is.
    pub kind: Kind,
    /// Exponent; zero unless finite.
    pub exp: i64,
    /// Coefficient; of a NaN its payload; of an infinity zero.
    pub c: Coefficient,
}

impl Number {
    /// A finite number.
    #[inline]
    pub fn new(negative: bool, c: Coefficient, exp: i64) -> Number {
        Number {
            negative,
            kind: Kind::Finite,
            exp,
            c,
        }
    }

    /// A small one.
    pub fn small(negative: bool, c: u64, exp: i64) -> Number {
        Number::new(negative, Coefficient::Small(c as u128), exp)
    }

    /// An infinity.
    pub fn infinity(negative: bool) -> Number {
        Number {
            negative,
            kind: Kind::Infinite,
            exp: 0,
            c: Coefficient::ZERO,
        }
    }

    /// The NaN that errors give.
    pub fn nan() -> Number {
        Number {
            negative: false,
            kind: Kind::Nan,
            exp: 0,
            c: Coefficient::ZERO,
        }
    }

    /// NaN with a condition.
    #[cold]
    pub fn error(condition: u32, status: &mut u32) -> Number {
        *status |= condition;
        Number::nan()
    }

    /// Exponent of the leading digit.
    #[inline]
    pub fn adjusted(&self) -> i64 {
        self.exp + self.c.digits() - 1
    }

    /// A number?
    #[inline(always)]
    pub fn is_finite(&self) -> bool {
        self.kind == Kind::Finite
    }

    /// An infinity?
    pub fn is_infinite(&self) -> bool {
        self.kind == Kind::Infinite
    }

    /// A NaN?
    pub fn is_nan(&self) -> bool {
        matches!(self.kind, Kind::Nan | Kind::Snan)
    }

    /// A zero?
    pub fn is_zero(&self) -> bool {
        self.is_finite() && self.c.is_zero()
    }

    /// Without fraction (finite)?
    pub fn is_integer(&self) -> bool {
        self.is_finite()
            && (self.c.is_zero() || self.exp >= 0 || self.c.trailing_zeros() + self.exp >= 0)
    }

    /// An odd integer?
    pub fn is_odd(&self) -> bool {
        if !self.is_integer() || self.c.is_zero() || self.exp > 0 {
            return false;
        }
        self.c.shr(-self.exp).0.is_odd()
    }

    /// Normal in a context?
    pub fn is_normal(&self, env: &Env) -> bool {
        self.is_finite() && !self.c.is_zero() && self.adjusted() >= env.emin
    }

    /// Subnormal in a context?
    pub fn is_subnormal(&self, env: &Env) -> bool {
        self.is_finite() && !self.c.is_zero() && self.adjusted() < env.emin
    }

    /// With this sign.
    pub fn with_sign(mut self, negative: bool) -> Number {
        self.negative = negative;
        self
    }

    /// Without sign.
    pub fn magnitude(&self) -> Number {
        self.clone().with_sign(false)
    }
}

/// Is a coefficient to be incremented after digits were dropped?
#[inline]
pub fn rounds_up(rounding: Rounding, negative: bool, c: &Coefficient, rest: Rest) -> bool {
    if rest == Rest::Zero {
        return false;
    }
    match rounding {
        Rounding::Up => true,
        Rounding::Down => false,
        Rounding::Ceiling => !negative,
        Rounding::Floor => negative,
        Rounding::HalfUp => matches!(rest, Rest::Half | Rest::Above),
        Rounding::HalfDown => rest == Rest::Above,
        Rounding::HalfEven => rest == Rest::Above || (rest == Rest::Half && c.is_odd()),
        Rounding::ZeroFiveUp => c.last_digit().is_multiple_of(5),
    }
}

/// Drops `n` digits at the end and rounds; the coefficient may become one digit longer.
pub fn drop_digits(x: &mut Number, n: i64, rounding: Rounding) -> Rest {
    let (c, rest) = x.c.shr(n);
    x.c = if rounds_up(rounding, x.negative, &c, rest) {
        c.increment()
    } else {
        c
    };
    rest
}

fn check_exponent(x: &mut Number, env: &Env, status: &mut u32) {
    let adjusted = x.adjusted();
    if adjusted > env.emax {
        if x.c.is_zero() {
            x.exp = if env.clamp { env.etop() } else { env.emax };
            *status |= st::CLAMPED;
            return;
        }
        let to_infinity = match env.rounding {
            Rounding::HalfUp | Rounding::HalfDown | Rounding::HalfEven | Rounding::Up => true,
            Rounding::Down | Rounding::ZeroFiveUp => false,
            Rounding::Ceiling => !x.negative,
            Rounding::Floor => x.negative,
        };
        *status |= st::OVERFLOW | st::INEXACT | st::ROUNDED;
        if to_infinity {
            *x = Number::infinity(x.negative);
        } else if env.prec > super::coefficient::MOST_DIGITS {
            *x = Number::error(st::MEMORY, status);
        } else {
            x.c = Coefficient::nines(env.prec);
            x.exp = env.etop();
        }
    } else if env.clamp && x.exp > env.etop() {
        let shift = x.exp - env.etop();
        match x.c.shl(shift) {
            Some(c) => x.c = c,
            None => {
                *x = Number::error(st::MEMORY, status);
                return;
            }
        }
        x.exp -= shift;
        *status |= st::CLAMPED;
        if !x.c.is_zero() && adjusted < env.emin {
            *status |= st::SUBNORMAL;
        }
    } else if adjusted < env.emin {
        let etiny = env.etiny();
        if x.c.is_zero() {
            if x.exp < etiny {
                x.exp = etiny;
                *status |= st::CLAMPED;
            }
            return;
        }
        *status |= st::SUBNORMAL;
        if x.exp < etiny {
            let rest = drop_digits(x, etiny - x.exp, env.rounding);
            x.exp = etiny;
            *status |= st::ROUNDED;
            if rest != Rest::Zero {
                *status |= st::INEXACT | st::UNDERFLOW;
                if x.c.is_zero() {
                    *status |= st::CLAMPED;
                }
            }
        }
    }
}

/// Cuts a NaN's payload to what the context has room for.
pub fn fix_nan(x: &mut Number, env: &Env) {
    let room = env.prec - env.clamp as i64;
    if !x.c.is_zero() && x.c.digits() > room {
        x.c = x.c.low_digits(room);
    }
}

/// Makes a number fit a context.
#[inline]
pub fn finish(mut x: Number, env: &Env, status: &mut u32) -> Number {
    if x.kind != Kind::Finite {
        if x.is_nan() {
            fix_nan(&mut x, env);
        }
        return x;
    }
    let digits = x.c.digits();
    let adjusted = x.exp + digits - 1;
    if adjusted > env.emax || adjusted < env.emin || env.clamp {
        check_exponent(&mut x, env, status);
        if x.kind != Kind::Finite {
            return x;
        }
    }
    round(x, env, status)
}

fn round(mut x: Number, env: &Env, status: &mut u32) -> Number {
    let extra = x.c.digits() - env.prec;
    if extra > 0 {
        let rest = drop_digits(&mut x, extra, env.rounding);
        x.exp += extra;
        rounded(&mut x, rest, env, status);
    }
    x
}

/// After dropping digits: the carry and the flags.
fn rounded(x: &mut Number, rest: Rest, env: &Env, status: &mut u32) {
    if x.c.digits() > env.prec {
        x.c = x.c.shr(1).0;
        x.exp += 1;
        check_exponent(x, env, status);
    }
    *status |= st::ROUNDED;
    if rest != Rest::Zero {
        *status |= st::INEXACT;
    }
}

/// As [`finish`], for a number whose `dropped` digits are gone already; it has as many digits as
/// the precision then.
#[inline]
pub fn finish_dropped(
    mut x: Number,
    dropped: i64,
    rest: Rest,
    env: &Env,
    status: &mut u32,
) -> Option<Number> {
    let adjusted = x.exp + x.c.digits() - 1;
    if adjusted > env.emax || adjusted < env.emin || env.clamp {
        return None;
    }
    if dropped > 0 {
        if rounds_up(env.rounding, x.negative, &x.c, rest) {
            x.c = x.c.increment();
        }
        rounded(&mut x, rest, env, status);
    }
    Some(x)
}

/// The NaN that an operation with a NaN among its operands gives: signaling ones first.
#[inline]
pub fn nan_of(operands: &[&Number], env: &Env, status: &mut u32) -> Option<Number> {
    if operands.iter().all(|x| !x.is_nan()) {
        return None;
    }
    let signaling = operands.iter().find(|x| x.kind == Kind::Snan);
    if signaling.is_some() {
        *status |= st::INVALID_OPERATION;
    }
    let first = operands.iter().find(|x| x.is_nan())?;
    let mut x = (*signaling.unwrap_or(first)).clone();
    x.kind = Kind::Nan;
    fix_nan(&mut x, env);
    Some(x)
}

/// Order of two numbers that are no NaNs.
pub fn compare(a: &Number, b: &Number) -> Ordering {
    if a.is_zero() && b.is_zero() {
        return Ordering::Equal;
    }
    let sign = |x: &Number| {
        if x.is_zero() {
            0
        } else if x.negative {
            -1
        } else {
            1
        }
    };
    let (s, t) = (sign(a), sign(b));
    if s != t {
        return s.cmp(&t);
    }
    let o = compare_magnitude(a, b);
    if s < 0 { o.reverse() } else { o }
}

/// Order of two numbers without their signs; they are no NaNs.
pub fn compare_magnitude(a: &Number, b: &Number) -> Ordering {
    match (a.is_infinite(), b.is_infinite()) {
        (false, false) => {}
        (x, y) => return x.cmp(&y),
    }
    match (a.c.is_zero(), b.c.is_zero()) {
        (true, true) => return Ordering::Equal,
        (true, false) => return Ordering::Less,
        (false, true) => return Ordering::Greater,
        _ => {}
    }
    if a.exp == b.exp {
        return a.c.compare(&b.c);
    }
    let o = a.adjusted().cmp(&b.adjusted());
    if o != Ordering::Equal {
        return o;
    }
    // As many digits apart as the exponents: the shift is at most the longer coefficient.
    if a.exp > b.exp {
        match a.c.shl(a.exp - b.exp) {
            Some(c) => c.compare(&b.c),
            None => Ordering::Greater,
        }
    } else {
        match b.c.shl(b.exp - a.exp) {
            Some(c) => a.c.compare(&c),
            None => Ordering::Less,
        }
    }
}
