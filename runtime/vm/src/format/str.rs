//! `format(str, spec)`.

use super::FormatError;
use super::number::padding;
use super::spec::{self, Align, Sign};
use crate::unicode::{Text, TextBuilder, TextRef};

/// `format(s, spec)`.
pub fn format_str(s: TextRef<'_>, text: TextRef<'_>, type_name: &str) -> Result<Text, FormatError> {
    if text.is_empty() {
        return Ok(s.to_text());
    }
    let spec = spec::parse(text, type_name, Align::Left)?;
    if !matches!(spec.kind_byte(), 0 | b's') {
        return Err(spec::unknown_kind(spec.kind.unwrap_or(0), type_name));
    }
    let refuse = |message: &'static str| Err(FormatError::value(message));
    match spec.sign {
        Some(Sign::Space) => return refuse("Space not allowed in string format specifier"),
        Some(_) => return refuse("Sign not allowed in string format specifier"),
        None => {}
    }
    if spec.no_negative_zero {
        return refuse("Negative zero coercion (z) not allowed in string format specifier");
    }
    if spec.alternate {
        return refuse("Alternate form (#) not allowed in string format specifier");
    }
    if spec.align == Align::AfterSign {
        return refuse("'=' alignment not allowed in string format specifier");
    }
    let shown = s.slice(0, spec.precision.unwrap_or(usize::MAX));
    let (left, right) = padding(spec.align, spec.width.saturating_sub(shown.len()));
    if left + right == 0 {
        return Ok(shown.to_text());
    }
    let mut out = TextBuilder::with_capacity(spec.width.min(1 << 16));
    out.push_repeated(spec.fill, left);
    out.push_text(shown);
    out.push_repeated(spec.fill, right);
    Ok(out.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recorded() {
        for (s, spec, text) in [
            ("abc", "5", "abc  "),
            ("abc", "05", "abc00"),
            ("abc", "é^6.2", "ééabéé"),
            ("abc", ">5s", "  abc"),
            (
                "abc",
                "d",
                "ValueError: Unknown format code 'd' for object of type 'str'",
            ),
            (
                "abc",
                "+",
                "ValueError: Sign not allowed in string format specifier",
            ),
            ("abc", ",s", "ValueError: Cannot specify ',' with 's'."),
        ] {
            let (s, spec) = (Text::from(s), Text::from(spec));
            let found = format_str(s.as_ref(), spec.as_ref(), "str");
            let found = found.map_or_else(|e| e.to_string(), |t| t.to_string());
            assert_eq!(found, text, "{spec}");
        }
    }
}
