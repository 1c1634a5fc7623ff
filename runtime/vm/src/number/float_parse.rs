//! `float(text)`.
//!
//! The grammar is checked here, since Rust's parser accepts other words and no
//! underscores; the conversion itself, correctly rounded, is the standard
//! library's. Unicode digits and spaces are first turned into ASCII by
//! [`super::int_text::to_ascii_digits`].

use super::error::FormatError;
use super::int_text::to_ascii_digits;
use crate::format::repr::{repr_bytes, repr_prefix};
use crate::unicode::TextRef;

/// White space that CPython strips from numerals.
pub(crate) fn is_ascii_space(b: u8) -> bool {
    matches!(b, b' ' | 0x09..=0x0D)
}

pub(crate) fn strip(mut text: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = text
        && is_ascii_space(*first)
    {
        text = rest;
    }
    while let [rest @ .., last] = text
        && is_ascii_space(*last)
    {
        text = rest;
    }
    text
}

/// `float(str)`.
pub fn parse_text(text: TextRef<'_>) -> Result<f64, FormatError> {
    let parsed = match text {
        TextRef::Ascii(s) => parse_ascii(s.as_bytes()),
        _ => parse_ascii(to_ascii_digits(text).as_bytes()),
    };
    parsed.ok_or_else(|| {
        FormatError::value(format!(
            "could not convert string to float: {}",
            repr_prefix(text, usize::MAX)
        ))
    })
}

/// `float(bytes)`.
pub fn parse_bytes(bytes: &[u8]) -> Result<f64, FormatError> {
    parse_ascii(bytes).ok_or_else(|| {
        FormatError::value(format!(
            "could not convert string to float: {}",
            repr_bytes(bytes)
        ))
    })
}

/// Parses a whole numeral, spaces around it allowed.
pub fn parse_ascii(text: &[u8]) -> Option<f64> {
    let text = strip(text);
    if text.contains(&b'_') {
        let clean = without_underscores(text)?;
        return number_prefix(&clean).and_then(|(x, len)| (len == clean.len()).then_some(x));
    }
    number_prefix(text).and_then(|(x, len)| (len == text.len()).then_some(x))
}

/// Removes underscores, if each is between two digits.
pub(crate) fn without_underscores(text: &[u8]) -> Option<Vec<u8>> {
    let digit = |index: Option<usize>| {
        index
            .and_then(|i| text.get(i))
            .is_some_and(u8::is_ascii_digit)
    };
    let mut clean = Vec::with_capacity(text.len());
    for (i, &b) in text.iter().enumerate() {
        if b != b'_' {
            clean.push(b);
        } else if !digit(i.checked_sub(1)) || !digit(Some(i + 1)) {
            return None;
        }
    }
    Some(clean)
}

/// Parses the longest numeral at the beginning; its value and length.
pub(crate) fn number_prefix(text: &[u8]) -> Option<(f64, usize)> {
    let at = |i: usize| text.get(i).copied().unwrap_or(0);
    let mut i = usize::from(matches!(at(0), b'+' | b'-'));
    let signed = |x: f64| if at(0) == b'-' { -x } else { x };
    let rest = text.get(i..)?;
    for (word, value) in [
        ("infinity", f64::INFINITY),
        ("inf", f64::INFINITY),
        ("nan", f64::NAN),
    ] {
        let start = rest.get(..word.len());
        if start.is_some_and(|s| s.eq_ignore_ascii_case(word.as_bytes())) {
            return Some((signed(value), i + word.len()));
        }
    }
    let begin = i;
    while at(i).is_ascii_digit() {
        i += 1;
    }
    let mut count = i - begin;
    if at(i) == b'.' {
        i += 1;
        let fraction = i;
        while at(i).is_ascii_digit() {
            i += 1;
        }
        count += i - fraction;
    }
    if count == 0 {
        return None;
    }
    if matches!(at(i), b'e' | b'E') {
        let mut j = i + 1 + usize::from(matches!(at(i + 1), b'+' | b'-'));
        if at(j).is_ascii_digit() {
            while at(j).is_ascii_digit() {
                j += 1;
            }
            i = j;
        }
    }
    let numeral = std::str::from_utf8(text.get(..i)?).ok()?;
    Some((numeral.parse().ok()?, i))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unicode::Text;

    #[test]
    fn accepts() {
        for (text, x) in [
            (" 1.5\n", 1.5),
            ("1_0.2_5e1_0", 10.25e10),
            (".5", 0.5),
            ("5.", 5.0),
            ("-iNf", f64::NEG_INFINITY),
            ("+Infinity", f64::INFINITY),
            ("1e400", f64::INFINITY),
            ("1e-400", 0.0),
            ("٣.٥", 3.5),
            ("\u{2003}7\u{2003}", 7.0),
        ] {
            assert_eq!(parse_text(Text::from(text).as_ref()), Ok(x), "{text}");
        }
        assert!(parse_ascii(b"-nan").is_some_and(f64::is_nan));
    }

    #[test]
    fn rejects() {
        for text in [
            "", " ", "_1", "1_", "1__0", "1_.5", "1._5", "1e_5", "0x1", "1e", "infin", "1 2", ".",
            "e5", "+-1", "1\0",
        ] {
            assert_eq!(parse_ascii(text.as_bytes()), None, "{text}");
        }
        let error = parse_text(Text::from("abc").as_ref()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "ValueError: could not convert string to float: 'abc'"
        );
    }
}
