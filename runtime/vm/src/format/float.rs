//! `format(float, spec)`.

use super::FormatError;
use super::number::{Locale, push_number, split};
use super::spec::{self, Align, Spec};
use crate::number::float_text::{FloatStyle, Presentation, format_magnitude, repr};
use crate::unicode::{Text, TextBuilder, TextRef};

/// Style of a specification; `shortest_dot` is whether a number without a
/// presentation type keeps its `.0`.
pub(super) fn style(spec: &Spec, shortest_dot: bool) -> Option<FloatStyle> {
    let kind = spec.kind_byte();
    let (presentation, default) = match kind {
        0 if spec.precision.is_none() => (Presentation::Shortest, 0),
        0 => (Presentation::General, 0),
        b'e' | b'E' => (Presentation::Exponent, 6),
        b'f' | b'F' | b'%' => (Presentation::Fixed, 6),
        b'g' | b'G' | b'n' => (Presentation::General, 6),
        _ => return None,
    };
    Some(FloatStyle {
        presentation,
        precision: spec.precision.unwrap_or(default),
        alternate: spec.alternate,
        add_dot_0: kind == 0 && shortest_dot,
        upper: kind.is_ascii_uppercase(),
    })
}

/// The magnitude as text and whether a minus sign belongs before it.
pub(super) fn magnitude(x: f64, style: FloatStyle, no_negative_zero: bool) -> (String, bool) {
    let text = format_magnitude(x, style);
    let mut negative = x.is_sign_negative() && !x.is_nan();
    if negative && no_negative_zero && x.is_finite() {
        let mantissa = text.split(['e', 'E']).next().unwrap_or_default();
        negative = mantissa.bytes().any(|b| matches!(b, b'1'..=b'9'));
    }
    (text, negative)
}

/// `format(x, spec)`.
pub fn format_float(
    x: f64,
    text: TextRef<'_>,
    type_name: &str,
    locale: &Locale,
) -> Result<Text, FormatError> {
    if text.is_empty() {
        return Ok(Text::Ascii(repr(x)));
    }
    let spec = spec::parse(text, type_name, Align::Right)?;
    format_parsed(x, &spec, type_name, locale)
}

/// As [`format_float`], with a parsed specification.
pub fn format_parsed(
    x: f64,
    spec: &Spec,
    type_name: &str,
    locale: &Locale,
) -> Result<Text, FormatError> {
    match style(spec, true) {
        Some(_) => format_float_spec(x, spec, locale),
        None => Err(spec::unknown_kind(spec.kind.unwrap_or(0), type_name)),
    }
}

/// Formats with a specification whose presentation type is one of floats.
pub(super) fn format_float_spec(x: f64, spec: &Spec, locale: &Locale) -> Result<Text, FormatError> {
    if spec.precision.is_some_and(|n| n > i32::MAX as usize) {
        return Err(FormatError::value("precision too big"));
    }
    let Some(style) = style(spec, true) else {
        return Err(spec::unknown_kind(spec.kind.unwrap_or(0), "float"));
    };
    let percent = spec.kind_byte() == b'%';
    let x = if percent { x * 100.0 } else { x };
    let (mut text, negative) = magnitude(x, style, spec.no_negative_zero);
    if percent {
        text.push('%');
    }
    let parts = split(&text, negative);
    let mut out = TextBuilder::with_capacity(spec.width.min(1 << 16).max(text.len() + 1));
    if spec.kind_byte() == b'n' {
        push_number(&mut out, parts, spec, locale);
    } else {
        push_number(
            &mut out,
            parts,
            spec,
            &Locale::grouped(spec.grouping, false),
        );
    }
    Ok(out.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recorded() {
        for (x, spec, text) in [
            (3.14159, ".2f", "3.14"),
            (-3.14159, "08.2f", "-0003.14"),
            (1234567.891, ",.2f", "1,234,567.89"),
            (0.1234567, ".7_f", "0.123_456_7"),
            (1234.0, ".4", "1.234e+03"),
            (1e10, "", "10000000000.0"),
            (1e10, "g", "1e+10"),
            (0.25, ".0%", "25%"),
            (-0.001, "z.1f", "0.0"),
            (f64::INFINITY, "08", "00000inf"),
            (f64::NAN, "F", "NAN"),
            (1.0, "#.0f", "1."),
            (1234.5, "013,.1f", "000,001,234.5"),
        ] {
            let spec = Text::from(spec);
            let found = format_float(x, spec.as_ref(), "float", &Locale::c());
            assert_eq!(found.map(|t| t.to_string()), Ok(text.to_owned()), "{spec}");
        }
    }
}
