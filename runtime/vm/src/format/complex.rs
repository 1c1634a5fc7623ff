//! `format(complex, spec)`.

use super::FormatError;
use super::float::{magnitude, style};
use super::number::{Locale, padding, push_number, split};
use super::spec::{self, Align, Sign, Spec};
use crate::number::complex::{Complex, repr};
use crate::unicode::{Text, TextBuilder, TextRef};

/// `format(z, spec)`.
pub fn format_complex(
    z: Complex,
    text: TextRef<'_>,
    type_name: &str,
    locale: &Locale,
) -> Result<Text, FormatError> {
    if text.is_empty() {
        return Ok(Text::Ascii(repr(z)));
    }
    let spec = spec::parse(text, type_name, Align::Right)?;
    let style = match style(&spec, false) {
        Some(style) if spec.kind_byte() != b'%' => style,
        _ => return Err(spec::unknown_kind(spec.kind.unwrap_or(0), type_name)),
    };
    if spec.precision.is_some_and(|n| n > i32::MAX as usize) {
        return Err(FormatError::value("precision too big"));
    }
    if spec.fill == '0'.into() {
        return Err(FormatError::value(
            "Zero padding is not allowed in complex format specifier",
        ));
    }
    if spec.align == Align::AfterSign {
        return Err(FormatError::value(
            "'=' alignment flag is not allowed in complex format specifier",
        ));
    }
    let untyped = spec.kind.is_none();
    let only_imaginary = untyped && z.re == 0.0 && z.re.is_sign_positive();
    let parentheses = untyped && !only_imaginary;
    let grouped = Locale::grouped(spec.grouping, false);
    let locale = if spec.kind_byte() == b'n' {
        locale
    } else {
        &grouped
    };
    let mut part_spec = Spec {
        width: 0,
        align: Align::Left,
        ..spec
    };
    let mut body = TextBuilder::new();
    if parentheses {
        body.push('('.into());
    }
    if !only_imaginary {
        let (text, negative) = magnitude(z.re, style, spec.no_negative_zero);
        push_number(&mut body, split(&text, negative), &part_spec, locale);
        part_spec.sign = Some(Sign::Plus);
    }
    let (text, negative) = magnitude(z.im, style, spec.no_negative_zero);
    push_number(&mut body, split(&text, negative), &part_spec, locale);
    body.push_str(if parentheses { "j)" } else { "j" });
    let body = body.finish();
    let (left, right) = padding(spec.align, spec.width.saturating_sub(body.len()));
    let mut out = TextBuilder::new();
    out.push_repeated(spec.fill, left);
    out.push_text(body.as_ref());
    out.push_repeated(spec.fill, right);
    Ok(out.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recorded() {
        for (re, im, spec, text) in [
            (1.0, 2.0, "", "(1+2j)"),
            (1.0, -2.0, ".2f", "1.00-2.00j"),
            (1.5, 2.0, "*^14", "***(1.5+2j)***"),
            (0.0, 2.0, "+", "+2j"),
            (1.0, 2.0, "e", "1.000000e+00+2.000000e+00j"),
            (1234.0, 2.0, ",.1f", "1,234.0+2.0j"),
            (1.0, 2.0, ".3", "(1+2j)"),
        ] {
            let spec = Text::from(spec);
            let found = format_complex(Complex { re, im }, spec.as_ref(), "complex", &Locale::c());
            assert_eq!(found.map(|t| t.to_string()), Ok(text.to_owned()), "{spec}");
        }
    }
}
