//! The cells of decimals, and how Python's numbers become ones.

use dashu_base::Sign;
use dashu_int::IBig;
use taipan_vm::object::{Gc, GcSlot, NativeHeader, Result, Value};
use taipan_vm::types::Named;
use taipan_vm::types::bytes::Bytes;
use taipan_vm::types::int;
use taipan_vm::types::type_::Type;
use taipan_vm::{NativeObject, Thread};

use super::arithmetic::{from_ubig, to_ubig};
use super::coefficient::Coefficient;
use super::context::{self, Context};
use super::limbs::BASE;
use super::methods::DECIMAL;
use super::number::{Env, Kind, Number, Rounding, finish, status as st};
use super::{operations, text};

/// A decimal.
#[repr(C)]
#[derive(NativeObject)]
pub struct Decimal {
    head: NativeHeader,
    #[notrace]
    negative: bool,
    #[notrace]
    kind: Kind,
    #[notrace]
    exp: i64,
    /// The two lowest limbs of the coefficient, if there are no more.
    #[notrace]
    low: u64,
    #[notrace]
    high: u64,
    /// All limbs, if there are more.
    limbs: GcSlot<Bytes>,
}

impl Named for Decimal {
    const NAME: &'static str = "decimal.Decimal";
}

impl Decimal {
    /// The number.
    #[inline(always)]
    pub fn number(&self) -> Number {
        let c = match self.limbs.get() {
            None => Coefficient::Small(self.high as u128 * BASE as u128 + self.low as u128),
            Some(b) => large(&b),
        };
        Number {
            negative: self.negative,
            kind: self.kind,
            exp: self.exp,
            c,
        }
    }

    /// What it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// A NaN?
    pub fn nan(&self) -> bool {
        matches!(self.kind, Kind::Nan | Kind::Snan)
    }

    /// Below zero, or with that sign?
    pub fn signed(&self) -> bool {
        self.negative
    }

    /// A zero?
    pub fn zero(&self) -> bool {
        self.kind == Kind::Finite && self.low == 0 && self.high == 0 && self.limbs.get().is_none()
    }
}

#[cold]
fn large(b: &Bytes) -> Coefficient {
    let words = b.as_slice().chunks_exact(8);
    Coefficient::Large(
        words
            .map(|w| w.try_into().map_or(0, u64::from_le_bytes))
            .collect(),
    )
}

/// A decimal of a class.
#[inline]
pub fn of_class(th: &mut Thread, class: Gc<Type>, n: &Number) -> Result {
    let (mut low, mut high, mut limbs) = (0, 0, None);
    match &n.c {
        Coefficient::Small(w) => match u64::try_from(*w) {
            Ok(w) if w < BASE => low = w,
            _ => {
                let (q, r) = super::limbs::BASE_DIVISOR.div(*w);
                (low, high) = (r, q);
            }
        },
        Coefficient::Large(l) => {
            let mut bytes = Vec::with_capacity(l.len() * 8);
            for w in l {
                bytes.extend_from_slice(&w.to_le_bytes());
            }
            match th.try_new_bytes(&bytes) {
                Some(b) => limbs = Some(b),
                None => return Err(th.memory_error()),
            }
        }
    }
    Ok(th
        .alloc_native(class, |head| Decimal {
            head,
            negative: n.negative,
            kind: n.kind,
            exp: n.exp,
            low,
            high,
            limbs: GcSlot::from_option(limbs),
        })
        .value())
}

/// A decimal.
#[inline]
pub fn new(th: &mut Thread, n: &Number) -> Result {
    let class = th.type_for(&DECIMAL);
    of_class(th, class, n)
}

/// A decimal (an instance of a subclass too).
#[inline(always)]
pub fn of(v: Value) -> Option<Gc<Decimal>> {
    v.downcast::<Decimal>()
}

/// The number of an int.
pub fn from_int(v: Value) -> Option<Number> {
    if let Some(i) = int::to_i64(v) {
        let c = Coefficient::from_wide(i.unsigned_abs() as u128);
        return Some(Number::new(i < 0, c, 0));
    }
    let (sign, magnitude) = int::to_ibig(v)?.into_parts();
    Some(Number::new(
        sign == Sign::Negative,
        from_ubig(&magnitude),
        0,
    ))
}

/// The number of a float, which is exact.
pub fn from_float(f: f64) -> Number {
    if f.is_nan() {
        return Number::nan();
    }
    let negative = f.is_sign_negative();
    if f.is_infinite() {
        return Number::infinity(negative);
    }
    let bits = f.to_bits();
    let biased = (bits >> 52 & 0x7FF) as i64;
    let fraction = bits & ((1 << 52) - 1);
    let (mut mantissa, mut exponent) = match biased {
        0 => (fraction, -1074),
        e => (fraction | 1 << 52, e - 1075),
    };
    if mantissa == 0 {
        return Number::small(negative, 0, 0);
    }
    let zeros = mantissa.trailing_zeros() as i64;
    mantissa >>= zeros;
    exponent += zeros;
    let m = dashu_int::UBig::from(mantissa);
    if exponent >= 0 {
        let c = from_ubig(&(m << exponent as usize));
        return Number::new(negative, c, 0);
    }
    // m / 2^k is m · 5^k / 10^k.
    let k = -exponent;
    let c = from_ubig(&(m * dashu_int::UBig::from(5u8).pow(k as usize)));
    Number::new(negative, c, -k)
}

/// What an operation takes as it is: a decimal or an int.
#[inline(always)]
pub fn operand(v: Value) -> Option<Number> {
    match of(v) {
        Some(d) => Some(d.number()),
        None => from_int(v),
    }
}

#[cold]
fn unsupported(th: &mut Thread, v: Value) -> taipan_vm::Raised {
    let got = th.type_name(v);
    th.type_error(format!("conversion from {got} to Decimal is not supported"))
}

/// An operand of a method. Raises TypeError.
#[inline]
pub fn expect(th: &mut Thread, v: Value) -> Result<Number> {
    match operand(v) {
        Some(n) => Ok(n),
        None => Err(unsupported(th, v)),
    }
}

/// The text of a str as ASCII: other decimal digits become those, other characters what is no
/// number. With `loose` without white space around and underscores.
fn ascii(v: Value, loose: bool) -> Option<Vec<u8>> {
    let s = v.downcast::<taipan_vm::types::str_::Str>()?;
    let space = |c: u32| taipan_vm::unicode::types::is_space(c);
    let points: Vec<u32> = s.code_points().collect();
    let mut points = points.as_slice();
    if loose {
        let start = points.iter().position(|c| !space(*c));
        let end = points.iter().rposition(|c| !space(*c));
        points = match (start, end) {
            (Some(a), Some(b)) => &points[a..=b],
            _ => &[],
        };
    }
    let keep = points.iter().filter(|c| !(loose && **c == '_' as u32));
    Some(
        keep.map(|&c| match c {
            1..=127 => c as u8,
            0 => b'?',
            _ if space(c) => b' ',
            _ => taipan_vm::unicode::types::decimal(c).map_or(b'?', |d| b'0' + d),
        })
        .collect(),
    )
}

/// The text of a tuple `(sign, digits, exponent)`.
fn sequence_text(th: &mut Thread, v: Value) -> Result<Vec<u8>> {
    let t = th.to_tuple(v)?;
    let [sign, digits, exponent] = t.as_slice() else {
        return Err(th.value_error("argument must be a sequence of length 3"));
    };
    let (sign, digits, exponent) = (*sign, *digits, *exponent);
    let negative = match int::to_i64(sign) {
        Some(n @ (0 | 1)) => n == 1,
        _ => return Err(th.value_error("sign must be an integer with the value 0 or 1")),
    };
    let mut out = Vec::new();
    if negative {
        out.push(b'-');
    }
    let mut tail = Vec::new();
    let mut infinite = false;
    if let Some(s) = taipan_vm::types::str_::text(exponent) {
        match s.as_str() {
            "F" => {
                out.extend_from_slice(b"Inf");
                infinite = true;
            }
            "n" => out.extend_from_slice(b"NaN"),
            "N" => out.extend_from_slice(b"sNaN"),
            _ => {
                return Err(
                    th.value_error("string argument in the third position must be 'F', 'n' or 'N'")
                );
            }
        }
    } else if int::is_int(exponent) {
        let e = th.index_i64(exponent, "Python int too large to convert to C ssize_t")?;
        tail = format!("E{e}").into_bytes();
    } else {
        return Err(th.value_error("exponent must be an integer"));
    }
    let wrong = "coefficient must be a tuple of digits";
    let is_sequence = digits
        .downcast::<taipan_vm::types::tuple::Tuple>()
        .is_some()
        || digits.downcast::<taipan_vm::types::list::List>().is_some();
    if !is_sequence {
        return Err(th.value_error(wrong));
    }
    let digits = th.to_tuple(digits)?;
    if digits.is_empty() && !tail.is_empty() {
        out.push(b'0');
    }
    for d in digits.as_slice() {
        match int::to_i64(*d) {
            Some(n @ 0..=9) => {
                if !infinite {
                    out.push(b'0' + n as u8);
                }
            }
            _ => return Err(th.value_error(wrong)),
        }
    }
    out.extend_from_slice(&tail);
    Ok(out)
}

/// A decimal of any value that can become one, exactly, or rounded to the context.
pub fn construct(
    th: &mut Thread,
    class: Gc<Type>,
    v: Value,
    ctx: Gc<Context>,
    exact: bool,
) -> Result {
    let mut status = 0;
    let env = if exact { Env::MAX } else { ctx.env.get() };
    let parse = |t: &[u8], status: &mut u32| {
        if exact {
            text::parse_exactly(t, status)
        } else {
            text::parse(t, &env, status)
        }
    };
    let plain = class.is_made_from(&DECIMAL);
    let n = if let Some(d) = of(v) {
        if exact {
            if plain && th.class_of(v).is(class) {
                return Ok(v);
            }
            d.number()
        } else {
            let n = d.number();
            let room = env.prec - env.clamp as i64;
            if n.is_nan() && !n.c.is_zero() && n.c.digits() > room {
                Number::error(st::CONVERSION_SYNTAX, &mut status)
            } else {
                finish(n, &env, &mut status)
            }
        }
    } else if let Some(t) = ascii(v, exact) {
        parse(&t, &mut status)
    } else if let Some(n) = from_int(v) {
        fit(n, &env, exact, &mut status)
    } else if is_sequence(v) {
        let t = sequence_text(th, v)?;
        parse(&t, &mut status)
    } else if let Some(f) = th.as_float(v) {
        context::signal(th, ctx, st::FLOAT_OPERATION)?;
        fit(from_float(f), &env, exact, &mut status)
    } else {
        return Err(unsupported(th, v));
    };
    context::signal(th, ctx, status)?;
    of_class(th, class, &n)
}

fn is_sequence(v: Value) -> bool {
    v.downcast::<taipan_vm::types::tuple::Tuple>().is_some()
        || v.downcast::<taipan_vm::types::list::List>().is_some()
}

fn fit(n: Number, env: &Env, exact: bool, status: &mut u32) -> Number {
    let mut own = 0;
    let n = finish(n, env, &mut own);
    if exact {
        return text::exactly(n, own, status);
    }
    *status |= own;
    n
}

/// As an int: the number rounded. Raises ValueError and OverflowError.
pub fn to_int(th: &mut Thread, n: &Number, rounding: Rounding) -> Result {
    if n.is_nan() {
        return Err(th.value_error("cannot convert NaN to integer"));
    }
    if n.is_infinite() {
        return Err(th.overflow_error("cannot convert Infinity to integer"));
    }
    let mut own = 0;
    let x = operations::to_integral(n, false, rounding, &Env::MAX, &mut own);
    let Some(c) = x.c.shl(x.exp) else {
        return Err(th.memory_error());
    };
    Ok(coefficient_int(th, &c, x.negative))
}

/// A coefficient as an int.
pub fn coefficient_int(th: &mut Thread, c: &Coefficient, negative: bool) -> Value {
    if let Coefficient::Small(w) = c {
        let w = *w as i128;
        return int::from_i128(th, if negative { -w } else { w });
    }
    let i = IBig::from(to_ubig(c));
    int::normalize(th, &if negative { -i } else { i })
}

/// As a float. Raises ValueError for signaling NaNs.
pub fn to_float(th: &mut Thread, n: &Number) -> Result<f64> {
    let f = match n.kind {
        Kind::Snan => return Err(th.value_error("cannot convert signaling NaN to float")),
        Kind::Nan => f64::NAN.copysign(1.0),
        Kind::Infinite => f64::INFINITY,
        Kind::Finite => {
            let t = text::to_text(&n.magnitude(), true, false);
            std::str::from_utf8(&t)
                .ok()
                .and_then(|t| t.parse().ok())
                .unwrap_or(0.0)
        }
    };
    Ok(if n.negative { -f } else { f })
}
