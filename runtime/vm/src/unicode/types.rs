//! Predicates of one code point: what `str.isalpha` and its like ask.
//!
//! The whole-string rules (`"".isalpha()` is false, `isascii` of nothing is
//! true, cased rules of `islower`) are in [`Predicate`] and [`text_is`].

use super::tables::types::{self as table, TYPE_FIRST, TYPE_SECOND, TYPES};
use super::text::TextRef;

type Record = (u16, i8, i8, i32, i32, i32);

#[inline]
pub(super) fn record(c: u32) -> &'static Record {
    let block = TYPE_FIRST.get((c >> 6) as usize).copied().unwrap_or(0);
    let index = TYPE_SECOND[(usize::from(block) << 6) | (c & 63) as usize];
    &TYPES[usize::from(index)]
}

#[inline]
fn has(c: u32, flag: u16) -> bool {
    c < 0x110000 && record(c).0 & flag != 0
}

macro_rules! predicates {
    ($($(#[$doc:meta])* $name:ident = $flag:ident;)*) => {
        $($(#[$doc])*
        #[inline]
        pub fn $name(c: u32) -> bool {
            has(c, table::$flag)
        })*
    };
}

predicates! {
    /// `str.isalpha`
    is_alpha = ALPHA;
    /// `str.isdecimal`
    is_decimal = DECIMAL;
    /// `str.isdigit`
    is_digit = DIGIT;
    /// `str.isnumeric`
    is_numeric = NUMERIC;
    /// `str.isspace`
    is_space = SPACE;
    /// Lower case letter
    is_lower = LOWER;
    /// Upper case letter
    is_upper = UPPER;
    /// Title case letter
    is_title = TITLE;
    /// Written by `repr` as it is
    is_printable = PRINTABLE;
    /// May begin an identifier
    is_identifier_start = ID_START;
    /// May continue an identifier
    is_identifier_continue = ID_CONTINUE;
    /// Has case, for the rule of the final sigma
    is_cased = CASED;
    /// Is skipped by the rule of the final sigma
    is_case_ignorable = CASE_IGNORABLE;
    /// Ends a line for `str.splitlines`
    is_line_break = LINE_BREAK;
}

/// Letter or number of any kind: `str.isalnum`.
#[inline]
pub fn is_alphanumeric(c: u32) -> bool {
    has(
        c,
        table::ALPHA | table::DECIMAL | table::DIGIT | table::NUMERIC,
    )
}

/// Value of a decimal digit.
#[inline]
pub fn decimal(c: u32) -> Option<u8> {
    match c {
        0x30..=0x39 => Some((c - 0x30) as u8),
        0..0x80 | 0x110000.. => None,
        _ => u8::try_from(record(c).1).ok(),
    }
}

/// Value of a digit of any kind (`²` too).
pub fn digit(c: u32) -> Option<u8> {
    if c >= 0x110000 {
        return None;
    }
    u8::try_from(record(c).2).ok()
}

/// Numeric value (`½` too).
pub fn numeric(c: u32) -> Option<f64> {
    use super::tables::numeric::{NUMERIC, VALUES};
    let found = NUMERIC.binary_search_by_key(&c, |row| row.0).ok()?;
    Some(VALUES[usize::from(NUMERIC[found].1)])
}

/// A question about a whole text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Predicate {
    /// `str.isalpha`
    Alpha,
    /// `str.isdecimal`
    Decimal,
    /// `str.isdigit`
    Digit,
    /// `str.isnumeric`
    Numeric,
    /// `str.isalnum`
    Alphanumeric,
    /// `str.isspace`
    Space,
    /// `str.isprintable`
    Printable,
    /// `str.islower`
    Lower,
    /// `str.isupper`
    Upper,
    /// `str.istitle`
    Title,
    /// `str.isidentifier`
    Identifier,
}

/// Answers [`Predicate`] for a text.
pub fn text_is(text: TextRef<'_>, predicate: Predicate) -> bool {
    let all = |test: fn(u32) -> bool| !text.is_empty() && text.iter().all(test);
    match predicate {
        Predicate::Alpha => all(is_alpha),
        Predicate::Decimal => all(is_decimal),
        Predicate::Digit => all(is_digit),
        Predicate::Numeric => all(is_numeric),
        Predicate::Alphanumeric => all(is_alphanumeric),
        Predicate::Space => all(is_space),
        Predicate::Printable => text.iter().all(is_printable),
        Predicate::Lower => one_case(text, is_lower, is_upper),
        Predicate::Upper => one_case(text, is_upper, is_lower),
        Predicate::Title => is_title_text(text),
        Predicate::Identifier => {
            let mut points = text.iter();
            points.next().is_some_and(is_identifier_start) && points.all(is_identifier_continue)
        }
    }
}

fn one_case(text: TextRef<'_>, wanted: fn(u32) -> bool, other: fn(u32) -> bool) -> bool {
    let mut found = false;
    for c in text.iter() {
        if other(c) || is_title(c) {
            return false;
        }
        found |= wanted(c);
    }
    found
}

fn is_title_text(text: TextRef<'_>) -> bool {
    let (mut found, mut after_cased) = (false, false);
    for c in text.iter() {
        if is_upper(c) || is_title(c) {
            if after_cased {
                return false;
            }
            (found, after_cased) = (true, true);
        } else if is_lower(c) {
            if !after_cased {
                return false;
            }
            (found, after_cased) = (true, true);
        } else {
            after_cased = false;
        }
    }
    found
}

/// Lines of a text as index ranges; with `keep_ends` the line end belongs to
/// its line.
pub fn lines(text: TextRef<'_>, keep_ends: bool) -> Vec<(usize, usize)> {
    let (mut ranges, mut start, mut index) = (Vec::new(), 0, 0);
    let mut points = text.iter();
    while let Some(c) = points.next() {
        index += 1;
        if !is_line_break(c) {
            continue;
        }
        let content_end = index - 1;
        if c == 0x0D && points.clone().next() == Some(0x0A) {
            points.next();
            index += 1;
        }
        ranges.push((start, if keep_ends { index } else { content_end }));
        start = index;
    }
    if start < index {
        ranges.push((start, index));
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unicode::Text;

    fn is(s: &str, predicate: Predicate) -> bool {
        text_is(Text::from(s).as_ref(), predicate)
    }

    #[test]
    fn whole_texts() {
        assert!(!is("", Predicate::Alpha) && is("aß", Predicate::Alpha));
        assert!(is("", Predicate::Printable) && !is("a\n", Predicate::Printable));
        assert!(is("a1", Predicate::Lower) && !is("1", Predicate::Lower));
        assert!(!is("ǅ", Predicate::Upper) && is("ǅ", Predicate::Title));
        assert!(is("Ab Cd", Predicate::Title) && !is("AB", Predicate::Title));
        assert!(is("_é1", Predicate::Identifier) && !is("1a", Predicate::Identifier));
    }

    #[test]
    fn values() {
        assert_eq!(decimal(0x661), Some(1));
        assert_eq!((decimal(0xB2), digit(0xB2)), (None, Some(2)));
        assert_eq!(numeric(0xBD), Some(0.5));
        assert_eq!(numeric(0x4E07), Some(10000.0));
        assert!(!is_alpha(0x110000) && !is_alpha(u32::MAX));
    }

    #[test]
    fn line_ranges() {
        let text = Text::from("a\r\nb\n\u{2028}c");
        assert_eq!(
            lines(text.as_ref(), false),
            [(0, 1), (3, 4), (5, 5), (6, 7)]
        );
        assert_eq!(lines(text.as_ref(), true), [(0, 3), (3, 5), (5, 6), (6, 7)]);
    }
}
