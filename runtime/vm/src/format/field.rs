//! Numbers in narrow fields, without an allocation: the usual case of all the formats.

use super::number::sign_text;
use super::percent::Flags;
use super::spec::{Align, Spec};
use crate::number::digits::Digits;

/// Widest field that is made here.
const WIDEST: usize = 64;

/// Room for the longest numeral with sign, prefix and padding.
const ROOM: usize = WIDEST + 4;

/// What stands around a numeral.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Sign, or nothing.
    pub sign: &'static str,
    /// `0x` and the like.
    pub prefix: &'static str,
    /// Padding character.
    pub fill: u8,
    /// Where padding goes.
    pub align: Align,
    /// Minimum width.
    pub width: usize,
}

/// A number in its field, in ASCII.
#[derive(Clone, Copy, Debug)]
pub struct Short {
    bytes: [u8; ROOM],
    len: usize,
}

impl Short {
    /// A numeral in its field; None when that is too wide.
    pub fn new(digits: &[u8], field: Field) -> Option<Short> {
        let len = field.sign.len() + field.prefix.len() + digits.len();
        if field.width > WIDEST || len > ROOM {
            return None;
        }
        let missing = field.width.saturating_sub(len);
        let (left, inside, right) = match field.align {
            Align::Left => (0, 0, missing),
            Align::Right => (missing, 0, 0),
            Align::AfterSign => (0, missing, 0),
            Align::Center => (missing / 2, 0, missing - missing / 2),
        };
        let mut short = Short {
            bytes: [field.fill; ROOM],
            len: left,
        };
        short.put(field.sign.as_bytes());
        short.put(field.prefix.as_bytes());
        short.len += inside;
        short.put(digits);
        short.len += right;
        Some(short)
    }

    #[inline]
    fn put(&mut self, text: &[u8]) {
        self.bytes[self.len..self.len + text.len()].copy_from_slice(text);
        self.len += text.len();
    }

    /// The ASCII text.
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }
}

/// Digits and prefix of an integer's magnitude; None for what is no base's letter.
pub fn integer_digits(magnitude: u64, kind: u8, alternate: bool) -> Option<(Digits, &'static str)> {
    let (digits, prefix) = match kind {
        0 | b'd' | b'i' | b'u' => (Digits::decimal(magnitude), ""),
        b'x' => (Digits::in_power_base(magnitude, 4, false), "0x"),
        b'X' => (Digits::in_power_base(magnitude, 4, true), "0X"),
        b'o' => (Digits::in_power_base(magnitude, 3, false), "0o"),
        b'b' => (Digits::in_power_base(magnitude, 1, false), "0b"),
        _ => return None,
    };
    Some((digits, if alternate { prefix } else { "" }))
}

fn field_of(spec: &Spec, negative: bool) -> Option<Field> {
    let fill = u8::try_from(spec.fill).ok().filter(u8::is_ascii)?;
    if spec.no_negative_zero || spec.grouping.is_some() || spec.fraction_grouping.is_some() {
        return None;
    }
    Some(Field {
        sign: sign_text(negative, spec.sign),
        prefix: "",
        fill,
        align: spec.align,
        width: spec.width,
    })
}

/// `format(n, spec)` where that is simple.
pub fn integer(n: i64, spec: &Spec) -> Option<Short> {
    if spec.precision.is_some() {
        return None;
    }
    let mut field = field_of(spec, n < 0)?;
    let (digits, prefix) = integer_digits(n.unsigned_abs(), spec.kind_byte(), spec.alternate)?;
    field.prefix = prefix;
    Short::new(digits.as_bytes(), field)
}

/// `format(x, spec)` where that is simple: a finite number with a fixed point.
pub fn float(x: f64, spec: &Spec) -> Option<Short> {
    if !matches!(spec.kind_byte(), b'f' | b'F') || spec.alternate {
        return None;
    }
    let field = field_of(spec, x.is_sign_negative())?;
    let digits = Digits::fixed(x, spec.precision.unwrap_or(6))?;
    Short::new(digits.as_bytes(), field)
}

/// The field of a printf-style conversion.
fn field_of_flags(flags: Flags, width: usize, negative: bool) -> Field {
    let (align, fill) = match flags {
        Flags { left: true, .. } => (Align::Left, b' '),
        Flags { zero: true, .. } => (Align::AfterSign, b'0'),
        _ => (Align::Right, b' '),
    };
    let sign = match negative {
        true => "-",
        false if flags.plus => "+",
        false if flags.space => " ",
        false => "",
    };
    Field {
        sign,
        prefix: "",
        fill,
        align,
        width,
    }
}

/// `'%d' % n` and the other bases, where that is simple.
pub fn percent_integer(
    n: i64,
    kind: u8,
    flags: Flags,
    width: usize,
    precision: Option<usize>,
) -> Option<Short> {
    if kind == b'b' || precision.is_some() {
        return None;
    }
    let mut field = field_of_flags(flags, width, n < 0);
    let (digits, prefix) = integer_digits(n.unsigned_abs(), kind, flags.alternate)?;
    field.prefix = prefix;
    Short::new(digits.as_bytes(), field)
}

/// `'%f' % x` where that is simple.
pub fn percent_float(
    x: f64,
    flags: Flags,
    width: usize,
    precision: Option<usize>,
) -> Option<Short> {
    if flags.alternate {
        return None;
    }
    let field = field_of_flags(flags, width, x.is_sign_negative());
    let digits = Digits::fixed(x, precision.unwrap_or(6))?;
    Short::new(digits.as_bytes(), field)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::spec;
    use crate::unicode::TextRef;

    fn shown(short: Option<Short>) -> String {
        short.map_or("none".into(), |s| {
            String::from_utf8_lossy(s.as_bytes()).into_owned()
        })
    }

    #[test]
    fn fields() {
        let parse = |text| spec::parse(TextRef::Ascii(text), "int", Align::Right).unwrap();
        for (n, spec, text) in [
            (42, "5", "   42"),
            (-42, "05d", "-0042"),
            (42, "*^+7", "**+42**"),
            (255, "#06x", "0x00ff"),
            (5, "<3b", "101"),
            (1234, ",", "none"),
            (1, "65", "none"),
            (1, "64b", &format!("{:>64}", 1)),
            (i64::MIN, "b", &format!("-1{}", "0".repeat(63))),
        ] {
            assert_eq!(shown(integer(n, &parse(spec))), text, "{spec}");
        }
        for (x, spec, text) in [
            (2.675, ".2f", "2.67"),
            (-0.0, "07.1f", "-0000.0"),
            (f64::INFINITY, "f", "none"),
            (1.0, "#.0f", "none"),
        ] {
            assert_eq!(shown(float(x, &parse(spec))), text, "{spec}");
        }
    }
}
