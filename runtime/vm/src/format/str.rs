//! `format(str, spec)`.

use super::FormatError;
use super::number::padding;
use super::spec::{self, Align, Sign};
use crate::unicode::{TextBuilder, TextRef};

/// Writes `format(s, spec)`.
pub fn push_formatted(
    out: &mut TextBuilder,
    s: TextRef<'_>,
    text: TextRef<'_>,
    type_name: &str,
) -> Result<(), FormatError> {
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
    out.push_repeated(spec.fill, left);
    out.push_text(shown);
    out.push_repeated(spec.fill, right);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unicode::Text;

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
            let mut out = TextBuilder::new();
            let found = push_formatted(&mut out, s.as_ref(), spec.as_ref(), "str");
            let found = found.map_or_else(|e| e.to_string(), |()| out.finish().to_string());
            assert_eq!(found, text, "{spec}");
        }
    }
}
