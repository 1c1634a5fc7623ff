//! `int(text, base)` and integers as text.
//!
//! The digit limit (`sys.get_int_max_str_digits`, zero for none) is a
//! parameter: it guards bases that are no power of two, whose conversion is
//! worse than linear.

use dashu_int::{IBig, UBig};

use super::error::FormatError;
use super::float_parse::strip;
use super::int_ops::Int;
use crate::format::repr::{repr_bytes, repr_prefix};
use crate::unicode::{TextRef, types};

/// Characters of the offending text that an error shows.
const SHOWN: usize = 200;

/// ASCII form of a numeral: Unicode decimal digits become `0` to `9`, Unicode
/// spaces become a space, and everything else that is not ASCII becomes `?`.
pub fn to_ascii_digits(text: TextRef<'_>) -> String {
    text.iter()
        .map(|c| match c {
            0..0x80 => char::from(c as u8),
            _ if types::is_space(c) => ' ',
            _ => types::decimal(c).map_or('?', |digit| char::from(b'0' + digit)),
        })
        .collect()
}

enum Failure {
    Malformed,
    TooLong(usize),
}

impl Failure {
    fn into_error(self, base: u32, shown: impl FnOnce() -> String, limit: usize) -> FormatError {
        match self {
            Failure::Malformed => FormatError::value(format!(
                "invalid literal for int() with base {base}: {}",
                shown()
            )),
            Failure::TooLong(digits) => FormatError::value(format!(
                "Exceeds the limit ({limit} digits) for integer string conversion: value has \
                 {digits} digits; use sys.set_int_max_str_digits() to increase the limit"
            )),
        }
    }
}

/// Refuses a base that `int` does not know.
pub fn check_base(base: i64) -> Result<u32, FormatError> {
    match base {
        0 | 2..=36 => Ok(base as u32),
        _ => Err(FormatError::value(
            "int() base must be >= 2 and <= 36, or 0",
        )),
    }
}

/// `int(str, base)`, for a base that [`check_base`] accepts.
pub fn parse_text(text: TextRef<'_>, base: u32, limit: usize) -> Result<Int, FormatError> {
    let parsed = match text {
        TextRef::Ascii(s) => parse(s.as_bytes(), base, limit),
        _ => parse(to_ascii_digits(text).as_bytes(), base, limit),
    };
    parsed.map_err(|failure| failure.into_error(base, || repr_prefix(text, SHOWN), limit))
}

/// `int(bytes, base)`, for a base that [`check_base`] accepts.
pub fn parse_bytes(bytes: &[u8], base: u32, limit: usize) -> Result<Int, FormatError> {
    let shown = || repr_bytes(bytes).chars().take(SHOWN).collect();
    parse(bytes, base, limit).map_err(|failure| failure.into_error(base, shown, limit))
}

fn digit_value(b: u8) -> u32 {
    char::from(b).to_digit(36).unwrap_or(99)
}

fn parse(text: &[u8], base: u32, limit: usize) -> Result<Int, Failure> {
    let mut rest = strip(text);
    let mut negative = false;
    if let [sign @ (b'+' | b'-'), tail @ ..] = rest {
        negative = *sign == b'-';
        rest = tail;
    }
    let mut radix = base;
    let mut only_zero = false;
    if let [b'0', letter, tail @ ..] = rest {
        let prefixed = match letter {
            b'x' | b'X' => 16,
            b'o' | b'O' => 8,
            b'b' | b'B' => 2,
            _ => 0,
        };
        if prefixed != 0 && (base == 0 || base == prefixed) {
            radix = prefixed;
            rest = tail;
            if let [b'_', tail @ ..] = rest {
                rest = tail;
            }
        }
    }
    if radix == 0 {
        radix = 10;
        only_zero = rest.first() == Some(&b'0');
    }
    // Short numerals without underscores, the usual case.
    if rest.len() <= 12 && !rest.is_empty() && !only_zero {
        let mut value = 0i64;
        let mut clean = true;
        for &b in rest {
            let digit = digit_value(b);
            clean &= digit < radix;
            value = value
                .wrapping_mul(i64::from(radix))
                .wrapping_add(i64::from(digit));
        }
        if clean {
            return Ok(Int::Small(if negative { -value } else { value }));
        }
    }
    let digits = clean_digits(rest, radix)?;
    if only_zero && digits.iter().any(|&d| d != b'0') {
        return Err(Failure::Malformed);
    }
    if limit > 0 && digits.len() > limit && !radix.is_power_of_two() {
        return Err(Failure::TooLong(digits.len()));
    }
    let text = std::str::from_utf8(&digits).map_err(|_| Failure::Malformed)?;
    if let Ok(value) = i64::from_str_radix(text, radix) {
        return Ok(Int::Small(if negative { -value } else { value }));
    }
    let value = UBig::from_str_radix(text, radix).map_err(|_| Failure::Malformed)?;
    let value = IBig::from(value);
    Ok(Int::from_big(if negative { -value } else { value }))
}

/// Digits without their underscores, each of which must be between two.
fn clean_digits(text: &[u8], radix: u32) -> Result<Vec<u8>, Failure> {
    let mut digits = Vec::with_capacity(text.len());
    let mut after_digit = false;
    for &b in text {
        if b == b'_' && after_digit {
            after_digit = false;
        } else if digit_value(b) < radix {
            digits.push(b);
            after_digit = true;
        } else {
            return Err(Failure::Malformed);
        }
    }
    if after_digit {
        Ok(digits)
    } else {
        Err(Failure::Malformed)
    }
}

fn too_long_for_text(limit: usize) -> FormatError {
    FormatError::value(format!(
        "Exceeds the limit ({limit} digits) for integer string conversion; \
         use sys.set_int_max_str_digits() to increase the limit"
    ))
}

/// `str(n)`, refused beyond `limit` digits (zero: no limit).
pub fn to_decimal(n: &IBig, limit: usize) -> Result<String, FormatError> {
    use dashu_int::ops::BitTest;
    if limit > 0 {
        // 2^(10·d/3) > 10^d: so many bits are certainly too many digits.
        let bits = n.bit_len();
        if bits > limit.saturating_mul(10) / 3 + 4 {
            return Err(too_long_for_text(limit));
        }
    }
    let text = n.to_string();
    if limit > 0 && text.trim_start_matches('-').len() > limit {
        return Err(too_long_for_text(limit));
    }
    Ok(text)
}

/// Magnitude in base 2, 8 or 16 (or any other), without a prefix.
pub fn magnitude_in_base(n: &IBig, base: u8) -> String {
    let (_, magnitude) = n.clone().into_parts();
    magnitude.in_radix(base.clamp(2, 36)).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unicode::Text;

    fn int(text: &str, base: u32) -> Result<Int, String> {
        parse_text(Text::from(text).as_ref(), base, 4300).map_err(|e| e.to_string())
    }

    #[test]
    fn parses() {
        for (text, base, n) in [
            (" -12\n", 10, -12),
            ("0x_fF", 0, 255),
            ("0xff", 16, 255),
            ("ff", 16, 255),
            ("0b1_01", 0, 5),
            ("000_0", 0, 0),
            ("1_000", 0, 1000),
            ("z", 36, 35),
            ("0b", 16, 11),
            ("٣٤", 10, 34),
            ("9223372036854775807", 10, i64::MAX),
            ("+7", 10, 7),
        ] {
            assert_eq!(int(text, base), Ok(Int::Small(n)), "{text}");
        }
        let big = "123456789012345678901234567890";
        assert_eq!(int(big, 10).map(|n| n.to_big().to_string()), Ok(big.into()));
        assert!(int(&"1".repeat(5000), 16).is_ok());
    }

    #[test]
    fn rejects() {
        for (text, base) in [
            ("", 10),
            ("_1", 10),
            ("1_", 10),
            ("1__0", 10),
            ("012", 0),
            ("0x", 0),
            ("0b12", 2),
            ("- 1", 10),
            ("1\u{0}", 10),
            ("é", 10),
            ("0_7", 0),
        ] {
            let shown = format!("ValueError: invalid literal for int() with base {base}: ");
            assert!(
                int(text, base).is_err_and(|e| e.starts_with(&shown)),
                "{text}"
            );
        }
        let long = int(&"1_".repeat(4300).replace("1_", "11"), 10);
        assert_eq!(
            long,
            Err(
                "ValueError: Exceeds the limit (4300 digits) for integer string conversion: \
                 value has 8600 digits; use sys.set_int_max_str_digits() to increase the limit"
                    .into()
            )
        );
    }

    #[test]
    fn writes() {
        let n = IBig::from(10).pow(4300);
        assert!(to_decimal(&n, 4300).is_err() && to_decimal(&n, 0).is_ok());
        assert!(to_decimal(&(n - IBig::ONE), 4300).is_ok());
        assert_eq!(magnitude_in_base(&IBig::from(-255), 16), "ff");
    }
}
