//! Numbers in narrow fields, without an allocation: the usual case of all the formats.

use super::number::sign_text;
use super::percent::Flags;
use super::spec::{Align, Spec};
use crate::number::digits::Digits;

/// Widest field that is made here.
const WIDEST: usize = 64;

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

impl Field {
    /// Puts a numeral into the field; false when that is too wide.
    #[inline]
    pub fn enclose(self, digits: &mut Digits) -> bool {
        if self.width > WIDEST {
            return false;
        }
        let len = self.sign.len() + self.prefix.len() + digits.len();
        let missing = self.width.saturating_sub(len);
        if missing > 0 && self.align == Align::AfterSign {
            digits.prepend_repeated(self.fill, missing);
        }
        digits.prepend(self.prefix);
        digits.prepend(self.sign);
        if missing > 0 {
            let (left, right) = match self.align {
                Align::Left => (0, missing),
                Align::Right => (missing, 0),
                Align::AfterSign => (0, 0),
                Align::Center => (missing / 2, missing - missing / 2),
            };
            digits.append_repeated(self.fill, right);
            digits.prepend_repeated(self.fill, left);
        }
        true
    }
}

/// Writes an integer's magnitude and gives its prefix; None for what is no base's letter.
#[inline]
fn put_magnitude(digits: &mut Digits, n: u64, kind: u8, alternate: bool) -> Option<&'static str> {
    let (bits, prefix) = match kind {
        0 | b'd' | b'i' | b'u' => {
            digits.put_decimal(n);
            return Some("");
        }
        b'x' => (4, "0x"),
        b'X' => (4, "0X"),
        b'o' => (3, "0o"),
        b'b' => (1, "0b"),
        _ => return None,
    };
    digits.put_power_base(n, bits, kind == b'X');
    Some(if alternate { prefix } else { "" })
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
pub fn integer(n: i64, spec: &Spec) -> Option<Digits> {
    if spec.precision.is_some() {
        return None;
    }
    let mut field = field_of(spec, n < 0)?;
    let mut digits = Digits::new();
    let n = n.unsigned_abs();
    field.prefix = put_magnitude(&mut digits, n, spec.kind_byte(), spec.alternate)?;
    field.enclose(&mut digits).then_some(digits)
}

/// Writes a finite float's magnitude as `e`, `f`, `g`, their capitals or `%` want it; false where
/// that is not simple.
#[inline]
fn put_float(digits: &mut Digits, x: f64, kind: u8, precision: Option<usize>) -> bool {
    let precision = precision.unwrap_or(6);
    match kind {
        b'f' | b'F' => digits.put_fixed(x, precision),
        b'e' | b'E' => digits.put_exponential(x, precision, kind == b'E'),
        b'g' | b'G' => digits.put_general(x, precision.max(1), kind == b'G'),
        b'%' => {
            digits.prepend("%");
            digits.put_fixed(x * 100.0, precision)
        }
        _ => false,
    }
}

/// `format(x, spec)` where that is simple: a finite number with a presentation type.
pub fn float(x: f64, spec: &Spec) -> Option<Digits> {
    if spec.alternate {
        return None;
    }
    let field = field_of(spec, x.is_sign_negative())?;
    let mut digits = Digits::new();
    let made =
        put_float(&mut digits, x, spec.kind_byte(), spec.precision) && field.enclose(&mut digits);
    made.then_some(digits)
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

/// Writes `'%d' % n`, or another base, where that is simple.
#[inline]
pub fn percent_integer(
    digits: &mut Digits,
    n: i64,
    kind: u8,
    flags: Flags,
    width: usize,
    precision: Option<usize>,
) -> bool {
    if kind == b'b' || precision.is_some() {
        return false;
    }
    let mut field = field_of_flags(flags, width, n < 0);
    match put_magnitude(digits, n.unsigned_abs(), kind, flags.alternate) {
        Some(prefix) => field.prefix = prefix,
        None => return false,
    }
    field.enclose(digits)
}

/// Writes `'%f' % x`, or another presentation, where that is simple.
#[inline]
pub fn percent_float(
    digits: &mut Digits,
    x: f64,
    kind: u8,
    flags: Flags,
    width: usize,
    precision: Option<usize>,
) -> bool {
    let field = field_of_flags(flags, width, x.is_sign_negative());
    !flags.alternate && put_float(digits, x, kind, precision) && field.enclose(digits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::spec;
    use crate::unicode::TextRef;

    fn shown(short: Option<Digits>) -> String {
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
            (1234567.0, "g", "1.23457e+06"),
            (100000.0, "g", "100000"),
            (0.0001, ".3g", "0.0001"),
            (99.95, ".3g", "100"),
            (-1e-7, "10.1E", "  -1.0E-07"),
            (0.256, ".1%", "25.6%"),
            (0.0, "e", "0.000000e+00"),
            (f64::INFINITY, "f", "none"),
            (1.0, "#.0f", "none"),
        ] {
            assert_eq!(shown(float(x, &parse(spec))), text, "{spec}");
        }
    }
}
