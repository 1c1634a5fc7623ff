//! Arithmetic of floats where Python's rules differ from IEEE defaults.

use dashu_int::IBig;

use super::complex::{self, Complex};
use super::digits::{power_of_ten, scaled};
use super::error::FormatError;
use super::int_ops::Int;

/// Modulus of numeric hashes, a Mersenne prime.
pub const HASH_MODULUS: u64 = (1 << HASH_BITS) - 1;
/// Bits of [`HASH_MODULUS`].
pub const HASH_BITS: u32 = 61;
/// Hash of positive infinity.
pub const HASH_INFINITY: i64 = 314_159;

/// What every division by zero says.
pub const DIVISION_BY_ZERO: &str = "division by zero";

fn zero_division() -> FormatError {
    FormatError::zero_division(DIVISION_BY_ZERO)
}

/// `x × 2^exponent`, rounded once (infinite if too large).
pub fn ldexp(mut x: f64, exponent: i64) -> f64 {
    let mut exponent = exponent.clamp(-2200, 2200);
    let power = |e: i64| f64::from_bits(((e + 1023) as u64) << 52);
    while exponent > 1023 {
        x *= power(1023);
        exponent -= 1023;
    }
    if exponent >= -1022 {
        return x * power(exponent);
    }
    // Stay among normal numbers until the last step, so that only it rounds.
    let (mantissa, own) = frexp(x);
    if mantissa == 0.0 || !mantissa.is_finite() {
        return x;
    }
    let target = own + exponent;
    if target >= -1021 {
        return mantissa * 2.0 * power(target - 1);
    }
    if target < -1080 {
        return 0.0f64.copysign(x);
    }
    mantissa * power(target + 600) * power(-600)
}

/// `x` as a mantissa in [0.5, 1) and an exponent of 2.
pub fn frexp(x: f64) -> (f64, i64) {
    if x == 0.0 || !x.is_finite() {
        return (x, 0);
    }
    let (x, offset) = if x.abs() < f64::MIN_POSITIVE {
        (x * f64::from_bits((54 + 1023) << 52), -54)
    } else {
        (x, 0)
    };
    let bits = x.to_bits();
    let exponent = ((bits >> 52) & 0x7FF) as i64 - 1022;
    let mantissa = f64::from_bits(bits & !(0x7FF << 52) | 1022 << 52);
    (mantissa, exponent + offset)
}

/// `hash(x)`; `None` for NaN, whose hash is the object's identity.
pub fn hash(x: f64) -> Option<i64> {
    if x.is_nan() {
        return None;
    }
    if x.is_infinite() {
        return Some(if x > 0.0 {
            HASH_INFINITY
        } else {
            -HASH_INFINITY
        });
    }
    let (mantissa, mut exponent) = frexp(x.abs());
    let mut value = 0u64;
    // 53 bits as one integer below the modulus, then a rotation.
    let scaled = (mantissa * (1u64 << 53) as f64) as u64;
    exponent -= 53;
    value += scaled;
    let shift = exponent.rem_euclid(i64::from(HASH_BITS)) as u32;
    value = ((value << shift) & HASH_MODULUS) | value.checked_shr(HASH_BITS - shift).unwrap_or(0);
    if value >= HASH_MODULUS {
        value -= HASH_MODULUS;
    }
    let value = if x < 0.0 {
        -(value as i64)
    } else {
        value as i64
    };
    Some(if value == -1 { -2 } else { value })
}

/// `x / y`.
#[inline]
pub fn div(x: f64, y: f64) -> Result<f64, FormatError> {
    if y == 0.0 {
        return Err(zero_division());
    }
    Ok(x / y)
}

/// `divmod(x, y)`.
pub fn divmod(x: f64, y: f64) -> Result<(f64, f64), FormatError> {
    if y == 0.0 {
        return Err(zero_division());
    }
    let mut remainder = x % y;
    let mut quotient = (x - remainder) / y;
    if remainder != 0.0 {
        if (y < 0.0) != (remainder < 0.0) {
            remainder += y;
            quotient -= 1.0;
        }
    } else {
        remainder = 0.0f64.copysign(y);
    }
    let floor = if quotient != 0.0 {
        let floor = quotient.floor();
        if quotient - floor > 0.5 {
            floor + 1.0
        } else {
            floor
        }
    } else {
        0.0f64.copysign(x / y)
    };
    Ok((floor, remainder))
}

/// `x // y`.
pub fn floor_div(x: f64, y: f64) -> Result<f64, FormatError> {
    divmod(x, y).map(|pair| pair.0)
}

/// `x % y`.
#[inline]
pub fn modulo(x: f64, y: f64) -> Result<f64, FormatError> {
    if y == 0.0 {
        return Err(zero_division());
    }
    let remainder = x % y;
    if remainder == 0.0 {
        return Ok(0.0f64.copysign(y));
    }
    Ok(if (y < 0.0) != (remainder < 0.0) {
        remainder + y
    } else {
        remainder
    })
}

/// Result of a power.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Power {
    /// A float.
    Float(f64),
    /// A fractional power of a negative number.
    Complex(Complex),
}

/// `x ** y`.
pub fn pow(x: f64, y: f64) -> Result<Power, FormatError> {
    let float = |x| Ok(Power::Float(x));
    let odd = || y.abs() % 2.0 == 1.0;
    if y == 0.0 || x == 1.0 {
        return float(1.0);
    }
    if x.is_nan() {
        return float(x);
    }
    if y.is_nan() {
        return float(y);
    }
    if y.is_infinite() {
        let x = x.abs();
        return float(match x {
            1.0 => 1.0,
            _ if (y > 0.0) == (x > 1.0) => y.abs(),
            _ => 0.0,
        });
    }
    if x.is_infinite() {
        return float(match (y > 0.0, odd()) {
            (true, true) => x,
            (true, false) => x.abs(),
            (false, true) => 0.0f64.copysign(x),
            (false, false) => 0.0,
        });
    }
    if x == 0.0 {
        if y < 0.0 {
            return Err(FormatError::zero_division("zero to a negative power"));
        }
        return float(if odd() { x } else { 0.0 });
    }
    if x < 0.0 && y != y.floor() {
        let base = Complex { re: x, im: 0.0 };
        let exponent = Complex { re: y, im: 0.0 };
        return complex::pow(base, exponent).map(Power::Complex);
    }
    let magnitude = x.abs().powf(y);
    if magnitude.is_infinite() {
        return Err(FormatError::out_of_range());
    }
    float(if x < 0.0 && odd() {
        -magnitude
    } else {
        magnitude
    })
}

/// `int(x)`.
pub fn to_int(x: f64) -> Result<Int, FormatError> {
    if x.is_nan() {
        return Err(FormatError::value("cannot convert float NaN to integer"));
    }
    if x.is_infinite() {
        return Err(FormatError::overflow(
            "cannot convert float infinity to integer",
        ));
    }
    let x = x.trunc();
    if x.abs() < 9.2e18 {
        return Ok(Int::Small(x as i64));
    }
    let (mantissa, exponent) = frexp(x);
    let bits = IBig::from((mantissa * (1u64 << 53) as f64) as i64);
    Ok(Int::Big(bits << (exponent - 53).max(0) as usize))
}

/// `round(x)`: to the nearest integer, half to even.
pub fn round_to_int(x: f64) -> Result<Int, FormatError> {
    to_int(x.round_ties_even())
}

/// `round(x, digits)`: correctly rounded decimal, half to even.
pub fn round_digits(x: f64, digits: i64) -> Result<f64, FormatError> {
    if !x.is_finite() || x == 0.0 || digits > 323 {
        return Ok(x);
    }
    if digits < -308 {
        return Ok(0.0f64.copysign(x));
    }
    // Both numbers of the quotient are exact, so it is rounded once.
    if let Ok(places) = usize::try_from(digits)
        && let Some(power) = power_of_ten(places)
        && let Some(n) = scaled(x, places)
        && n < 1 << 53
    {
        return Ok((n as f64 / power as f64).copysign(x));
    }
    let text = if digits >= 0 {
        format!("{x:.*}", digits as usize)
    } else {
        round_whole(x, digits.unsigned_abs() as usize)
    };
    let rounded: f64 = text.parse().unwrap_or(x);
    if rounded.is_infinite() {
        return Err(FormatError::overflow(
            "rounded value too large to represent",
        ));
    }
    Ok(rounded)
}

/// Decimal text of `x` rounded to a multiple of `10^places`.
fn round_whole(x: f64, places: usize) -> String {
    let whole = x.abs().trunc();
    let inexact = whole != x.abs();
    let text = format!("{whole:.0}");
    let text = format!("{text:0>width$}", width = places + 1);
    let (kept, dropped) = text.split_at(text.len() - places);
    let half = dropped.as_bytes().first().map_or(0, |d| d - b'0');
    let beyond = inexact || dropped.bytes().skip(1).any(|d| d != b'0');
    let odd = kept.bytes().last().is_some_and(|d| d & 1 == 1);
    let up = half > 5 || half == 5 && (beyond || odd);
    let mut digits = kept.as_bytes().to_vec();
    if up {
        let mut carry = true;
        for digit in digits.iter_mut().rev() {
            *digit = if *digit == b'9' { b'0' } else { *digit + 1 };
            carry = *digit == b'0';
            if !carry {
                break;
            }
        }
        if carry {
            digits.insert(0, b'1');
        }
    }
    let sign = if x < 0.0 { "-" } else { "" };
    format!("{sign}{}e{places}", String::from_utf8_lossy(&digits))
}

/// `x.as_integer_ratio()`.
pub fn as_integer_ratio(x: f64) -> Result<(IBig, IBig), FormatError> {
    if x.is_nan() {
        return Err(FormatError::value("cannot convert NaN to integer ratio"));
    }
    if x.is_infinite() {
        return Err(FormatError::overflow(
            "cannot convert Infinity to integer ratio",
        ));
    }
    if x == 0.0 {
        return Ok((IBig::ZERO, IBig::ONE));
    }
    let (mantissa, exponent) = frexp(x);
    let bits = (mantissa * (1u64 << 53) as f64) as i64;
    let zeros = bits.trailing_zeros();
    let (numerator, exponent) = (IBig::from(bits >> zeros), exponent - 53 + i64::from(zeros));
    Ok(if exponent >= 0 {
        (numerator << exponent as usize, IBig::ONE)
    } else {
        (numerator, IBig::ONE << (-exponent) as usize)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes() {
        assert_eq!(hash(0.1), Some(230584300921369408));
        assert_eq!(hash(1e300), Some(1224995262755759164));
        assert_eq!(hash(-1.0), Some(-2));
        assert_eq!(hash(f64::INFINITY), Some(314159));
        assert_eq!(
            (hash(0.0), hash(-0.0), hash(3.0)),
            (Some(0), Some(0), Some(3))
        );
        assert_eq!(hash(f64::NAN), None);
    }

    #[test]
    fn division() {
        assert_eq!(divmod(-7.0, 2.0), Ok((-4.0, 1.0)));
        assert_eq!(divmod(-5.0, f64::INFINITY), Ok((-1.0, f64::INFINITY)));
        assert_eq!(
            divmod(1e300, 1e-300),
            Ok((f64::INFINITY, 4.891554850853602e-301))
        );
        assert!(floor_div(-0.0, 1.0).is_ok_and(|x| x == 0.0 && x.is_sign_negative()));
        assert!(modulo(-0.0, 5.0).is_ok_and(|x| x == 0.0 && !x.is_sign_negative()));
        assert_eq!(modulo(-5.0, f64::INFINITY), Ok(f64::INFINITY));
        assert!(div(1.0, 0.0).is_err());
    }

    #[test]
    fn powers() {
        assert_eq!(pow(-2.0, 3.0), Ok(Power::Float(-8.0)));
        assert_eq!(pow(-1.0, f64::INFINITY), Ok(Power::Float(1.0)));
        let complex = Complex {
            re: 1.7319121124709868e-16,
            im: 2.8284271247461903,
        };
        assert_eq!(pow(-8.0, 0.5), Ok(Power::Complex(complex)));
        assert_eq!(pow(10.0, 400.0), Err(FormatError::out_of_range()));
        assert!(pow(-0.0, -1.0).is_err());
    }

    #[test]
    fn rounding() {
        for (x, digits, expected) in [
            (2.675, 2, 2.67),
            (25.0, -1, 20.0),
            (35.0, -1, 40.0),
            (25.000001, -1, 30.0),
            (5.0, -1, 0.0),
            (5.1, -1, 10.0),
            (99.0, -1, 100.0),
            (5.0, -400, 0.0),
            (1234.5678, -2, 1200.0),
            (-0.05, 1, -0.1),
        ] {
            assert_eq!(round_digits(x, digits), Ok(expected), "{x} {digits}");
        }
        assert!(round_digits(f64::MAX, -308).is_err());
    }

    #[test]
    fn integers() {
        assert_eq!(to_int(-2.7), Ok(Int::Small(-2)));
        assert_eq!(to_int(2f64.powi(70)), Ok(Int::Big(IBig::ONE << 70usize)));
        assert_eq!(as_integer_ratio(-0.75), Ok((IBig::from(-3), IBig::from(4))));
        assert_eq!(ldexp(1.0, -1074), 5e-324);
        assert_eq!(ldexp(5e-324, 1074), 1.0);
        assert_eq!(ldexp(1.5, -1074), 1e-323);
        assert_eq!(ldexp(f64::MAX, -2100), 0.0);
    }
}
