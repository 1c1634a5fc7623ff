//! Complex numbers: arithmetic, text and parsing.
//!
//! Multiplication and division recover infinities as C's Annex G asks.
//! Operations of a real and a complex number are the caller's to choose: since
//! 3.14 Python does them componentwise, without a zero imaginary part.

use super::error::FormatError;
use super::float_ops::{self, DIVISION_BY_ZERO};
use super::float_parse::{number_prefix, strip, without_underscores};
use super::int_text::to_ascii_digits;
use crate::format::repr::repr_prefix;
use crate::unicode::TextRef;

/// A complex number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Complex {
    /// Real part.
    pub re: f64,
    /// Imaginary part.
    pub im: f64,
}

/// Unit or zero with the sign of `x`: what Annex G replaces a part by.
fn unit(x: f64) -> f64 {
    (if x.is_infinite() { 1.0f64 } else { 0.0 }).copysign(x)
}

/// `a * b`.
pub fn mul(a: Complex, b: Complex) -> Complex {
    let (ac, bd, ad, bc) = (a.re * b.re, a.im * b.im, a.re * b.im, a.im * b.re);
    let product = Complex {
        re: ac - bd,
        im: ad + bc,
    };
    if !(product.re.is_nan() && product.im.is_nan()) {
        return product;
    }
    let infinite = |z: Complex| z.re.is_infinite() || z.im.is_infinite();
    let without_nan = |z: Complex| Complex {
        re: if z.re.is_nan() {
            0.0f64.copysign(z.re)
        } else {
            z.re
        },
        im: if z.im.is_nan() {
            0.0f64.copysign(z.im)
        } else {
            z.im
        },
    };
    let units = |z: Complex| Complex {
        re: unit(z.re),
        im: unit(z.im),
    };
    let (mut x, mut y, mut recalculate) = (a, b, false);
    if infinite(x) {
        (x, y, recalculate) = (units(x), without_nan(y), true);
    }
    if infinite(y) {
        (y, x, recalculate) = (units(y), without_nan(x), true);
    }
    if !recalculate && [ac, bd, ad, bc].iter().any(|part| part.is_infinite()) {
        (x, y, recalculate) = (without_nan(x), without_nan(y), true);
    }
    if !recalculate {
        return product;
    }
    Complex {
        re: f64::INFINITY * (x.re * y.re - x.im * y.im),
        im: f64::INFINITY * (x.re * y.im + x.im * y.re),
    }
}

/// `a / b`.
pub fn div(a: Complex, b: Complex) -> Result<Complex, FormatError> {
    let (re, im) = (b.re.abs(), b.im.abs());
    let quotient = if re >= im {
        if re == 0.0 {
            return Err(FormatError::zero_division(DIVISION_BY_ZERO));
        }
        let ratio = b.im / b.re;
        let denominator = b.re + b.im * ratio;
        Complex {
            re: (a.re + a.im * ratio) / denominator,
            im: (a.im - a.re * ratio) / denominator,
        }
    } else if im >= re {
        let ratio = b.re / b.im;
        let denominator = b.re * ratio + b.im;
        Complex {
            re: (a.re * ratio + a.im) / denominator,
            im: (a.im * ratio - a.re) / denominator,
        }
    } else {
        Complex {
            re: f64::NAN,
            im: f64::NAN,
        }
    };
    if !(quotient.re.is_nan() && quotient.im.is_nan()) {
        return Ok(quotient);
    }
    let finite = |z: Complex| z.re.is_finite() && z.im.is_finite();
    let infinite = |z: Complex| z.re.is_infinite() || z.im.is_infinite();
    if infinite(a) && finite(b) {
        let (x, y) = (unit(a.re), unit(a.im));
        return Ok(Complex {
            re: f64::INFINITY * (x * b.re + y * b.im),
            im: f64::INFINITY * (y * b.re - x * b.im),
        });
    }
    if infinite(b) && finite(a) {
        let (x, y) = (unit(b.re), unit(b.im));
        return Ok(Complex {
            re: 0.0 * (a.re * x + a.im * y),
            im: 0.0 * (a.im * x - a.re * y),
        });
    }
    Ok(quotient)
}

/// `a / b` for a real `a`.
pub fn div_real_by(a: f64, b: Complex) -> Result<Complex, FormatError> {
    let (re, im) = (b.re.abs(), b.im.abs());
    let quotient = if re >= im {
        if re == 0.0 {
            return Err(FormatError::zero_division(DIVISION_BY_ZERO));
        }
        let ratio = b.im / b.re;
        let denominator = b.re + b.im * ratio;
        Complex {
            re: a / denominator,
            im: (-a * ratio) / denominator,
        }
    } else if im >= re {
        let ratio = b.re / b.im;
        let denominator = b.re * ratio + b.im;
        Complex {
            re: (a * ratio) / denominator,
            im: (-a) / denominator,
        }
    } else {
        Complex {
            re: f64::NAN,
            im: f64::NAN,
        }
    };
    if quotient.re.is_nan() && quotient.im.is_nan() && a.is_finite() {
        let (x, y) = (unit(b.re), unit(b.im));
        if b.re.is_infinite() || b.im.is_infinite() {
            return Ok(Complex {
                re: 0.0 * (a * x),
                im: 0.0 * (-a * y),
            });
        }
    }
    Ok(quotient)
}

/// `abs(z)`.
pub fn abs(z: Complex) -> Result<f64, FormatError> {
    if z.re.is_finite() && z.im.is_finite() {
        let result = z.re.hypot(z.im);
        if result.is_infinite() {
            return Err(FormatError::overflow("absolute value too large"));
        }
        return Ok(result);
    }
    if z.re.is_infinite() || z.im.is_infinite() {
        return Ok(f64::INFINITY);
    }
    Ok(f64::NAN)
}

/// `hash(z)`; `None` if a part is NaN.
pub fn hash(z: Complex) -> Option<i64> {
    let imaginary = float_ops::hash(z.im)?;
    let hash = float_ops::hash(z.re)?.wrapping_add(imaginary.wrapping_mul(1_000_003));
    Some(if hash == -1 { -2 } else { hash })
}

fn zero_to_negative() -> FormatError {
    FormatError::zero_division("zero to a negative or complex power")
}

/// `a ** b`.
pub fn pow(a: Complex, b: Complex) -> Result<Complex, FormatError> {
    let result = if b.im == 0.0 && b.re == b.re.floor() && b.re.abs() <= 100.0 {
        integer_power(a, b.re as i64)?
    } else {
        general_power(a, b)?
    };
    if result.re.is_infinite() || result.im.is_infinite() {
        return Err(FormatError::overflow("complex exponentiation"));
    }
    Ok(result)
}

fn integer_power(a: Complex, n: i64) -> Result<Complex, FormatError> {
    let one = Complex { re: 1.0, im: 0.0 };
    let (mut result, mut square, mut rest) = (one, a, n.unsigned_abs());
    while rest > 0 {
        if rest & 1 != 0 {
            result = mul(result, square);
        }
        rest >>= 1;
        square = mul(square, square);
    }
    if n < 0 {
        return div(one, result).map_err(|_| zero_to_negative());
    }
    Ok(result)
}

fn general_power(a: Complex, b: Complex) -> Result<Complex, FormatError> {
    if b.re == 0.0 && b.im == 0.0 {
        return Ok(Complex { re: 1.0, im: 0.0 });
    }
    if a.re == 0.0 && a.im == 0.0 {
        if b.im != 0.0 || b.re < 0.0 {
            return Err(zero_to_negative());
        }
        return Ok(Complex { re: 0.0, im: 0.0 });
    }
    let size = a.re.hypot(a.im);
    let angle = a.im.atan2(a.re);
    let mut length = size.powf(b.re);
    let mut phase = angle * b.re;
    if b.im != 0.0 {
        length *= (-angle * b.im).exp();
        phase += b.im * size.ln();
    }
    if phase.is_infinite() {
        // The C library's cosine reports a domain error.
        return Err(zero_to_negative());
    }
    Ok(Complex {
        re: length * phase.cos(),
        im: length * phase.sin(),
    })
}

/// `repr(z)`.
pub fn repr(z: Complex) -> String {
    let part = |x: f64| {
        let mut text = super::float_text::repr(x);
        if text.ends_with(".0") {
            text.truncate(text.len() - 2);
        }
        text
    };
    if z.re == 0.0 && z.re.is_sign_positive() {
        return format!("{}j", part(z.im));
    }
    let sign = if z.im.is_sign_negative() && !z.im.is_nan() {
        ""
    } else {
        "+"
    };
    format!("({}{sign}{}j)", part(z.re), part(z.im))
}

/// `complex(str)`.
pub fn parse_text(text: TextRef<'_>) -> Result<Complex, FormatError> {
    let ascii;
    let bytes = match text {
        TextRef::Ascii(s) => s.as_bytes(),
        _ => {
            ascii = to_ascii_digits(text);
            ascii.as_bytes()
        }
    };
    let clean;
    // What follows a NUL is not looked at for underscores.
    let head = bytes.split(|&b| b == 0).next().unwrap_or_default();
    let bytes = if head.contains(&b'_') {
        let found = without_underscores(bytes).filter(|clean| !clean.contains(&0));
        clean = found.ok_or_else(|| {
            FormatError::value(format!(
                "could not convert string to complex: {}",
                repr_prefix(text, usize::MAX)
            ))
        })?;
        &clean
    } else {
        bytes
    };
    parse_ascii(bytes).ok_or_else(|| FormatError::value("complex() arg is a malformed string"))
}

fn parse_ascii(text: &[u8]) -> Option<Complex> {
    let mut text = strip(text);
    if let [b'(', inner @ .., b')'] = text {
        text = strip(inner);
    }
    let is_j = |b: Option<&u8>| matches!(b, Some(b'j' | b'J'));
    // A sign alone stands for one, before a `j`.
    let part = |text: &[u8]| -> Option<(f64, usize)> {
        number_prefix(text).or_else(|| match text {
            [b'-', ..] => Some((-1.0, 1)),
            [b'+', ..] => Some((1.0, 1)),
            [b'j' | b'J', ..] => Some((1.0, 0)),
            _ => None,
        })
    };
    let (first, len) = part(text)?;
    let rest = text.get(len..)?;
    match rest {
        [] => number_prefix(text).map(|(re, _)| Complex { re, im: 0.0 }),
        [_] if is_j(rest.first()) => Some(Complex { re: 0.0, im: first }),
        [b'+' | b'-', ..] => {
            number_prefix(text)?;
            let (im, len) = part(rest)?;
            let end = rest.get(len..)?;
            (end.len() == 1 && is_j(end.first())).then_some(Complex { re: first, im })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unicode::Text;

    fn c(re: f64, im: f64) -> Complex {
        Complex { re, im }
    }

    #[test]
    fn reprs() {
        assert_eq!(repr(c(1.0, 2.0)), "(1+2j)");
        assert_eq!(repr(c(0.0, -1.5)), "-1.5j");
        assert_eq!(repr(c(-0.0, 1.0)), "(-0+1j)");
        assert_eq!(repr(c(1.0, -0.0)), "(1-0j)");
        assert_eq!(repr(c(f64::NAN, f64::INFINITY)), "(nan+infj)");
        assert_eq!(repr(c(1e16, 1e-5)), "(1e+16+1e-05j)");
    }

    #[test]
    fn parses() {
        for (text, z) in [
            ("1", Some(c(1.0, 0.0))),
            ("j", Some(c(0.0, 1.0))),
            ("-j", Some(c(0.0, -1.0))),
            ("1+j", Some(c(1.0, 1.0))),
            (" ( 1-2.5J ) ", Some(c(1.0, -2.5))),
            ("1_0+2_0j", Some(c(10.0, 20.0))),
            ("٣+2j", Some(c(3.0, 2.0))),
            ("1e5j", Some(c(0.0, 1e5))),
            ("inf-infj", Some(c(f64::INFINITY, f64::NEG_INFINITY))),
            ("", None),
            ("1+", None),
            ("(1+2j", None),
            ("1 +2j", None),
            ("++1j", None),
            ("1+2", None),
            ("+", None),
            ("j1", None),
            ("j+1", None),
            ("1j+2", None),
        ] {
            assert_eq!(parse_text(Text::from(text).as_ref()).ok(), z, "{text}");
        }
    }

    #[test]
    fn arithmetic() {
        assert_eq!(pow(c(2.0, 3.0), c(3.0, 0.0)), Ok(c(-46.0, 9.0)));
        assert_eq!(
            pow(c(2.0, 3.0), c(-2.0, 0.0)),
            Ok(c(-0.029585798816568046, -0.07100591715976332))
        );
        assert_eq!(
            pow(c(2.0, 3.0), c(0.5, 0.0)),
            Ok(c(1.6741492280355401, 0.895977476129838))
        );
        assert!(div(c(1.0, 1.0), c(0.0, 0.0)).is_err());
        assert!(pow(c(1e300, 1e300), c(2.0, 0.0)).is_err());
        assert_eq!(hash(c(1.0, 2.0)), Some(2000007));
        assert!(abs(c(f64::MAX, f64::MAX)).is_err());
    }
}
