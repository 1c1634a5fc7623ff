//! `format(int, spec)`.

use dashu_int::IBig;

use super::FormatError;
use super::float::format_float_spec;
use super::number::{Locale, Parts, push_number, split};
use super::spec::{self, Align, Spec};
use crate::number::int_ops;
use crate::number::int_text::{magnitude_in_base, to_decimal};
use crate::unicode::{Text, TextBuilder, TextRef};

/// Borrowed integer of either size.
#[derive(Clone, Copy, Debug)]
pub enum IntRef<'a> {
    /// Fits in 64 bits.
    Small(i64),
    /// A wide one.
    Big(&'a IBig),
}

impl IntRef<'_> {
    /// Whether it is below zero.
    pub fn is_negative(self) -> bool {
        match self {
            IntRef::Small(n) => n < 0,
            IntRef::Big(n) => n.sign() == dashu_base::Sign::Negative,
        }
    }

    /// `str(n)`; `limit` as in [`to_decimal`].
    pub fn decimal(self, limit: usize) -> Result<String, FormatError> {
        match self {
            IntRef::Small(n) => Ok(n.to_string()),
            IntRef::Big(n) => to_decimal(n, limit),
        }
    }

    /// Digits of the magnitude in base 2, 8, 10 or 16.
    pub fn magnitude(self, base: u8, limit: usize) -> Result<String, FormatError> {
        Ok(match (self, base) {
            (_, 10) => {
                let mut text = self.decimal(limit)?;
                if self.is_negative() {
                    text.remove(0);
                }
                text
            }
            (IntRef::Small(n), 2) => format!("{:b}", n.unsigned_abs()),
            (IntRef::Small(n), 8) => format!("{:o}", n.unsigned_abs()),
            (IntRef::Small(n), 16) => format!("{:x}", n.unsigned_abs()),
            (IntRef::Small(n), _) => magnitude_in_base(&IBig::from(n), base),
            (IntRef::Big(n), _) => magnitude_in_base(n, base),
        })
    }

    /// `float(n)`
    pub fn to_float(self) -> Result<f64, FormatError> {
        match self {
            IntRef::Small(n) => Ok(n as f64),
            IntRef::Big(n) => int_ops::to_float(n),
        }
    }
}

/// `format(n, spec)`; `type_name` is the class in errors (`int`, `bool`, …).
pub fn format_int(
    n: IntRef<'_>,
    text: TextRef<'_>,
    type_name: &str,
    limit: usize,
    locale: &Locale,
) -> Result<Text, FormatError> {
    if text.is_empty() {
        return n.decimal(limit).map(Text::Ascii);
    }
    let spec = spec::parse(text, type_name, Align::Right)?;
    format_int_spec(n, &spec, type_name, limit, locale)
}

/// As [`format_int`], with a parsed specification.
pub fn format_int_spec(
    n: IntRef<'_>,
    spec: &Spec,
    type_name: &str,
    limit: usize,
    locale: &Locale,
) -> Result<Text, FormatError> {
    match spec.kind_byte() {
        0 | b'd' | b'b' | b'o' | b'x' | b'X' | b'n' => integer(n, spec, limit, locale),
        b'c' => character(n, spec),
        b'e' | b'E' | b'f' | b'F' | b'g' | b'G' | b'%' => {
            format_float_spec(n.to_float()?, spec, locale)
        }
        _ => Err(spec::unknown_kind(spec.kind.unwrap_or(0), type_name)),
    }
}

fn check(spec: &Spec) -> Result<(), FormatError> {
    if spec.precision.is_some() {
        return Err(FormatError::value(
            "Precision not allowed in integer format specifier",
        ));
    }
    if spec.no_negative_zero {
        return Err(FormatError::value(
            "Negative zero coercion (z) not allowed in integer format specifier",
        ));
    }
    Ok(())
}

fn integer(n: IntRef<'_>, spec: &Spec, limit: usize, locale: &Locale) -> Result<Text, FormatError> {
    check(spec)?;
    let (base, prefix) = match spec.kind_byte() {
        b'b' => (2, "0b"),
        b'o' => (8, "0o"),
        b'x' => (16, "0x"),
        b'X' => (16, "0X"),
        _ => (10, ""),
    };
    let mut digits = n.magnitude(base, limit)?;
    if spec.kind_byte() == b'X' {
        digits.make_ascii_uppercase();
    }
    let parts = Parts {
        negative: n.is_negative(),
        prefix: if spec.alternate { prefix } else { "" },
        ..split(&digits, false)
    };
    let parts = Parts {
        digits: &digits,
        tail: "",
        ..parts
    };
    let mut out = TextBuilder::with_capacity(spec.width.min(1 << 16).max(digits.len() + 4));
    if spec.kind_byte() == b'n' {
        push_number(&mut out, parts, spec, locale);
    } else {
        let grouped = Locale::grouped(spec.grouping, base != 10);
        push_number(&mut out, parts, spec, &grouped);
    }
    Ok(out.finish())
}

fn character(n: IntRef<'_>, spec: &Spec) -> Result<Text, FormatError> {
    check(spec)?;
    if spec.sign.is_some() {
        return Err(FormatError::value(
            "Sign not allowed with integer format specifier 'c'",
        ));
    }
    if spec.alternate {
        return Err(FormatError::value(
            "Alternate form (#) not allowed with integer format specifier 'c'",
        ));
    }
    let IntRef::Small(n) = n else {
        return Err(FormatError::overflow(
            "Python int too large to convert to C long",
        ));
    };
    let c = u32::try_from(n)
        .ok()
        .filter(|&c| c < 0x110000)
        .ok_or_else(|| FormatError::overflow("%c arg not in range(0x110000)"))?;
    let (left, right) = super::number::padding(spec.align, spec.width.saturating_sub(1));
    let mut out = TextBuilder::new();
    out.push_repeated(spec.fill, left);
    out.push(c);
    out.push_repeated(spec.fill, right);
    Ok(out.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(n: i64, spec: &str) -> String {
        let spec = Text::from(spec);
        let text = format_int(IntRef::Small(n), spec.as_ref(), "int", 4300, &Locale::c());
        text.map_or_else(|e| e.to_string(), |text| text.to_string())
    }

    #[test]
    fn recorded() {
        for (n, spec, text) in [
            (42, "", "42"),
            (-42, "08", "-0000042"),
            (255, "#x", "0xff"),
            (255, "#010X", "0X000000FF"),
            (1234567, ",", "1,234,567"),
            (1234567, "015,", "000,001,234,567"),
            (1234567, "_b", "1_0010_1101_0110_1000_0111"),
            (5, "é^+5", "é+5éé"),
            (65, "*^5c", "**A**"),
            (3, "8.2f", "    3.00"),
            (3, "c<5d", "3cccc"),
            (
                3,
                "s",
                "ValueError: Unknown format code 's' for object of type 'int'",
            ),
            (
                3,
                ".2",
                "ValueError: Precision not allowed in integer format specifier",
            ),
            (-1, "c", "OverflowError: %c arg not in range(0x110000)"),
        ] {
            assert_eq!(show(n, spec), text, "{n} {spec}");
        }
    }
}
