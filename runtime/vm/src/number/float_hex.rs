//! `float.hex` and `float.fromhex`.

use super::error::FormatError;
use super::float_ops::ldexp;
use super::float_parse::strip;

/// `float.hex(x)`.
pub fn to_hex(x: f64) -> String {
    if !x.is_finite() {
        return super::float_text::repr(x);
    }
    let sign = if x.is_sign_negative() { "-" } else { "" };
    if x == 0.0 {
        return format!("{sign}0x0.0p+0");
    }
    let bits = x.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    let biased = ((bits >> 52) & 0x7FF) as i32;
    let (lead, exponent) = if biased == 0 {
        (0, -1022)
    } else {
        (1, biased - 1023)
    };
    format!("{sign}0x{lead}.{fraction:013x}p{exponent:+}")
}

fn invalid() -> FormatError {
    FormatError::value("invalid hexadecimal floating-point string")
}

fn too_large() -> FormatError {
    FormatError::overflow("hexadecimal value too large to represent as a float")
}

/// `float.fromhex(text)`, for the bytes of an ASCII text.
pub fn from_hex(text: &[u8]) -> Result<f64, FormatError> {
    let mut rest = strip(text);
    let negative = rest.first() == Some(&b'-');
    if let [b'+' | b'-', tail @ ..] = rest {
        rest = tail;
    }
    let magnitude = if rest.eq_ignore_ascii_case(b"inf") || rest.eq_ignore_ascii_case(b"infinity") {
        f64::INFINITY
    } else if rest.eq_ignore_ascii_case(b"nan") {
        f64::NAN
    } else {
        magnitude(rest)?
    };
    Ok(if negative { -magnitude } else { magnitude })
}

fn magnitude(mut rest: &[u8]) -> Result<f64, FormatError> {
    if let [b'0', b'x' | b'X', tail @ ..] = rest {
        rest = tail;
    }
    let mantissa_len = rest
        .iter()
        .position(|b| matches!(b, b'p' | b'P'))
        .unwrap_or(rest.len());
    let (mantissa, tail) = rest.split_at(mantissa_len);
    let exponent = match tail {
        [] => 0,
        [_, digits @ ..] => parse_exponent(digits)?,
    };
    let (mut value, mut sticky, mut dropped, mut after_point) = (0u64, false, 0i64, 0i64);
    let (mut point_seen, mut any) = (false, false);
    for &b in mantissa {
        if b == b'.' && !point_seen {
            point_seen = true;
            continue;
        }
        let digit = char::from(b).to_digit(16).ok_or_else(invalid)?;
        any = true;
        after_point += i64::from(point_seen);
        if value >> 60 == 0 {
            value = value << 4 | u64::from(digit);
        } else {
            sticky |= digit != 0;
            dropped += 1;
        }
    }
    if !any {
        return Err(invalid());
    }
    if value == 0 {
        return Ok(0.0);
    }
    let exponent = exponent.saturating_add(4 * (dropped - after_point));
    round_to_float(value, sticky, exponent).ok_or_else(too_large)
}

fn parse_exponent(text: &[u8]) -> Result<i64, FormatError> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    if digits.is_empty() {
        return Err(invalid());
    }
    let mut value = 0i64;
    for &b in digits {
        let digit = char::from(b).to_digit(10).ok_or_else(invalid)?;
        value = (value * 10 + i64::from(digit)).min(i64::MAX / 100);
    }
    Ok(if negative { -value } else { value })
}

/// `value × 2^exponent` rounded half to even, `sticky` standing for more bits
/// below; `None` if it is too large.
pub(crate) fn round_to_float(value: u64, sticky: bool, exponent: i64) -> Option<f64> {
    let width = 64 - i64::from(value.leading_zeros());
    let top = width.saturating_add(exponent);
    if top > 1024 {
        return None;
    }
    if top < -1075 {
        return Some(0.0);
    }
    // Bits to drop: to 53 bits, or to the last place of subnormals.
    let extra = (width - 53).max(-1074 - exponent).max(0);
    let (mut kept, half, rest) = if extra > 64 {
        (0, false, true)
    } else {
        let extra = extra as u32;
        let kept = value.checked_shr(extra).unwrap_or(0);
        let half = extra > 0 && value >> (extra - 1) & 1 != 0;
        let mask = if extra > 1 {
            (1u64 << (extra - 1)) - 1
        } else {
            0
        };
        (kept, half, value & mask != 0)
    };
    if half && (rest || sticky || kept & 1 != 0) {
        kept += 1;
    }
    let result = ldexp(kept as f64, exponent + extra);
    result.is_finite().then_some(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways() {
        for (x, text) in [
            (1.5, "0x1.8000000000000p+0"),
            (-0.0, "-0x0.0p+0"),
            (5e-324, "0x0.0000000000001p-1022"),
            (f64::MAX, "0x1.fffffffffffffp+1023"),
            (0.1, "0x1.999999999999ap-4"),
            (f64::INFINITY, "inf"),
        ] {
            assert_eq!(to_hex(x), text);
            assert_eq!(from_hex(text.as_bytes()), Ok(x));
        }
    }

    #[test]
    fn parsing() {
        assert_eq!(from_hex(b" +1.8 "), Ok(1.5));
        assert_eq!(from_hex(b"0x.8p1"), Ok(1.0));
        assert_eq!(
            from_hex(b"0x1.00000000000008p0"),
            Ok(1.0),
            "half goes to even"
        );
        assert_eq!(
            from_hex(b"0x1.000000000000080001p0"),
            Ok(1.0 + f64::EPSILON)
        );
        assert_eq!(from_hex(b"0x1p-1075"), Ok(0.0));
        assert_eq!(from_hex(b"0x1.8p-1075"), Ok(5e-324));
        assert_eq!(from_hex(b"0x1p1024"), Err(too_large()));
        assert_eq!(from_hex(b"0x1.fffffffffffff8p1023"), Err(too_large()));
        for text in ["", "0x", "0xp1", "1p", "1..2", "0x 1", "g", "1p1.0"] {
            assert_eq!(from_hex(text.as_bytes()), Err(invalid()), "{text}");
        }
    }
}
