//! Text of floats: shortest `repr` and the `e`, `f`, `g` presentations.
//!
//! Shortest digits come from `zmij`, which is also much faster than the
//! standard library; fixed precision comes from the standard library, which is
//! exact and rounds half to even at any precision. No `f64` has more than 1074
//! digits after the point, so wider requests are padded with zeros.

use super::digits;

/// Precision beyond which every digit is zero.
const EXACT: usize = 1100;

/// Presentation types of floats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presentation {
    /// `e`: always an exponent.
    Exponent,
    /// `f`: never an exponent.
    Fixed,
    /// `g`: significant digits, exponent when the number is large or small.
    General,
    /// `r`: the shortest text that reads back as the same float.
    Shortest,
}

/// How [`format_float`] writes a float.
#[derive(Clone, Copy, Debug)]
pub struct FloatStyle {
    /// Presentation type.
    pub presentation: Presentation,
    /// Digits (meaning depends on the presentation; not used by `Shortest`).
    pub precision: usize,
    /// `#`: keep the point and the trailing zeros of `General`.
    pub alternate: bool,
    /// Add `.0` to what would look like an integer.
    pub add_dot_0: bool,
    /// Capital `E`, `INF` and `NAN`.
    pub upper: bool,
}

/// Decimal digits of a positive number `0.d₁d₂… × 10^point`.
struct Digits {
    digits: Vec<u8>,
    point: i32,
}

/// `repr(x)`.
pub fn repr(x: f64) -> String {
    let mut out = String::new();
    push_repr(&mut out, x);
    out
}

/// Room for the text of a float.
#[derive(Default)]
pub struct ReprBuffer(zmij::Buffer);

impl ReprBuffer {
    /// Empty room.
    pub fn new() -> Self {
        Self::default()
    }

    /// `repr(x)` where it has no exponent.
    #[inline]
    pub fn short_repr(&mut self, x: f64) -> Option<&str> {
        let magnitude = x.abs();
        if magnitude != 0.0 && !(1e-4..1e16).contains(&magnitude) || magnitude.is_nan() {
            return None;
        }
        Some(self.0.format_finite(x)).filter(|text| !text.contains('e'))
    }
}

/// Adds `repr(x)` to a string.
pub fn push_repr(out: &mut String, x: f64) {
    if !x.is_finite() {
        out.push_str(match x {
            f64::INFINITY => "inf",
            f64::NEG_INFINITY => "-inf",
            _ => "nan",
        });
        return;
    }
    let magnitude = x.abs();
    if let Some(text) = ReprBuffer::new().short_repr(x) {
        out.push_str(text);
        return;
    }
    if x.is_sign_negative() {
        out.push('-');
    }
    let style = FloatStyle {
        presentation: Presentation::Shortest,
        precision: 0,
        alternate: false,
        add_dot_0: true,
        upper: false,
    };
    out.push_str(&format_magnitude(magnitude, style));
}

/// Text of a float with a leading `-` for negative numbers and negative zero
/// (but never for NaN).
pub fn format_float(x: f64, style: FloatStyle) -> String {
    let text = format_magnitude(x.abs(), style);
    if x.is_sign_negative() && !x.is_nan() {
        format!("-{text}")
    } else {
        text
    }
}

/// Text of the magnitude of a float.
pub fn format_magnitude(x: f64, style: FloatStyle) -> String {
    let x = x.abs();
    if !x.is_finite() {
        let text = if x.is_nan() { "nan" } else { "inf" };
        return if style.upper {
            text.to_uppercase()
        } else {
            text.to_owned()
        };
    }
    if style.presentation == Presentation::Fixed && style.precision <= EXACT {
        let mut text = match digits::Digits::fixed(x, style.precision) {
            Some(digits) => String::from_utf8_lossy(digits.as_bytes()).into_owned(),
            None => format!("{x:.*}", style.precision),
        };
        if style.precision == 0 {
            if style.add_dot_0 {
                text.push_str(".0");
            } else if style.alternate {
                text.push('.');
            }
        }
        return text;
    }
    let found = digits_for(x, style);
    lay_out(&found, style)
}

fn digits_for(x: f64, style: FloatStyle) -> Digits {
    match style.presentation {
        Presentation::Shortest => {
            let mut buffer = zmij::Buffer::new();
            parse_digits(buffer.format_finite(x))
        }
        Presentation::Exponent => exponent_digits(x, style.precision.min(EXACT)),
        Presentation::General => {
            exponent_digits(x, style.precision.saturating_sub(1).min(EXACT)).without_zeros()
        }
        Presentation::Fixed => parse_digits(&format!("{x:.EXACT$}")),
    }
}

/// Digits with one before the point and so many after it.
fn exponent_digits(x: f64, after: usize) -> Digits {
    let text = format!("{x:.after$e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    Digits {
        digits: mantissa.bytes().filter(|&b| b != b'.').collect(),
        point: exponent.parse::<i32>().unwrap_or(0) + 1,
    }
}

/// Digits of `12.34`, `0.001` or `1.2e-7`, without zeros at the ends.
fn parse_digits(text: &str) -> Digits {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut point = exponent.parse::<i32>().unwrap_or(0) + whole.len() as i32;
    let digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).collect();
    let zeros = digits.iter().take_while(|&&d| d == b'0').count();
    point -= zeros as i32;
    if zeros == digits.len() {
        point = 1;
    }
    Digits {
        digits: digits.get(zeros..).unwrap_or_default().to_vec(),
        point,
    }
    .without_zeros()
}

impl Digits {
    fn without_zeros(mut self) -> Self {
        while self.digits.last() == Some(&b'0') {
            self.digits.pop();
        }
        if self.digits.is_empty() {
            self.digits.push(b'0');
            self.point = 1;
        }
        self
    }
}

fn lay_out(found: &Digits, style: FloatStyle) -> String {
    let precision = style.precision as i64;
    let mut point = i64::from(found.point);
    let mut end = found.digits.len() as i64;
    let mut exponent = None;
    match style.presentation {
        Presentation::Exponent => {
            exponent = Some(point - 1);
            end = precision + 1;
        }
        Presentation::Fixed => end = point + precision,
        Presentation::General => {
            let precision = precision.max(1);
            if point <= -4 || point > precision - i64::from(style.add_dot_0) {
                exponent = Some(point - 1);
            }
            if style.alternate {
                end = precision;
            }
        }
        Presentation::Shortest => {
            if point <= -4 || point > 16 {
                exponent = Some(point - 1);
            }
        }
    }
    if exponent.is_some() {
        point = 1;
    }
    let start = if point <= 0 { point - 1 } else { 0 };
    let end = if exponent.is_none() && style.add_dot_0 {
        end.max(point + 1)
    } else {
        end.max(point)
    };
    let mut out = String::with_capacity((end - start) as usize + 8);
    for index in start..end {
        if index == point {
            out.push('.');
        }
        let digit = usize::try_from(index)
            .ok()
            .and_then(|index| found.digits.get(index));
        out.push(digit.map_or('0', |&d| char::from(d)));
    }
    if end == point && style.alternate {
        out.push('.');
    }
    if let Some(exponent) = exponent {
        let letter = if style.upper { 'E' } else { 'e' };
        let sign = if exponent < 0 { '-' } else { '+' };
        out.push_str(&format!("{letter}{sign}{:02}", exponent.abs()));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reprs() {
        for (x, text) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (0.1, "0.1"),
            (1e16, "1e+16"),
            (9999999999999998.0, "9999999999999998.0"),
            (123456789012345680.0, "1.2345678901234568e+17"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (-1.5e-7, "-1.5e-07"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e+308"),
            (1e22, "1e+22"),
            (f64::NEG_INFINITY, "-inf"),
        ] {
            assert_eq!(repr(x), text);
        }
    }

    fn show(x: f64, presentation: Presentation, precision: usize, alternate: bool) -> String {
        let style = FloatStyle {
            presentation,
            precision,
            alternate,
            add_dot_0: false,
            upper: false,
        };
        format_float(x, style)
    }

    #[test]
    fn presentations() {
        use Presentation::{Exponent, Fixed, General};
        assert_eq!(show(2.5, Fixed, 0, false), "2");
        assert_eq!(show(2.5, Fixed, 0, true), "2.");
        assert_eq!(show(0.125, Fixed, 2, false), "0.12");
        assert_eq!(show(1234.5, Exponent, 3, false), "1.234e+03");
        assert_eq!(show(0.0, Exponent, 2, false), "0.00e+00");
        assert_eq!(show(1e-5, General, 6, false), "1e-05");
        assert_eq!(show(100000.0, General, 6, false), "100000");
        assert_eq!(show(1000000.0, General, 6, false), "1e+06");
        assert_eq!(show(1.5, General, 6, true), "1.50000");
        assert_eq!(show(0.0, General, 6, true), "0.00000");
        let wide = show(0.1, Fixed, 2000, false);
        assert_eq!(wide.len(), 2002);
        assert!(wide.starts_with("0.1000000000000000055511151231257827021181583404541015625000"));
    }
}
