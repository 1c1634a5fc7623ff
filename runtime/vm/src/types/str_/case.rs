//! Case mappings and the `is…` questions.

use super::{Str, Width};
use crate::Thread;
use crate::object::{Gc, Result};
use crate::pymethods;
use crate::types::bytes::shared;
use crate::unicode::case;
use crate::unicode::types::{Predicate, text_is};

/// Maps ASCII text `s` of `this`, which is given back where nothing changes; `map` without branches, so
/// that the loops become vector instructions.
#[inline(always)]
fn map_ascii(th: &mut Thread, this: Gc<Str>, s: &str, map: impl Fn(&u8) -> u8) -> Result<Gc<Str>> {
    if s.as_bytes().iter().all(|b| map(b) == *b) {
        return Ok(th.substring(this, 0, s.len()));
    }
    let made = th.str_build(Width::Ascii, s.len(), |dst| {
        for (d, b) in dst.iter_mut().zip(s.as_bytes()) {
            *d = map(b);
        }
    });
    match made {
        Some(s) => Ok(s),
        None => Err(th.memory_error()),
    }
}

/// Maps ASCII bytes, each with whether the one before was a letter (None: there is none).
fn map_words(th: &mut Thread, s: &str, map: impl Fn(u8, Option<bool>) -> u8) -> Gc<Str> {
    let mut out = th.take_room();
    let mut before = None;
    out.extend(s.bytes().map(|b| {
        let mapped = map(b, before);
        before = Some(b.is_ascii_alphabetic());
        mapped
    }));
    let made = th.new_ascii(&out);
    th.keep_room(out);
    made
}

#[inline(always)]
fn ask(s: &Str, ascii: impl Fn(u8) -> bool, other: Predicate) -> bool {
    match s.as_ascii() {
        Some(t) => shared::all(t.as_bytes(), |b| ascii(*b)),
        None => text_is(s.text_ref(), other),
    }
}

#[pymethods(table = METHODS)]
impl Str {
    /// Return a copy of the string converted to lowercase.
    #[pymethod]
    fn lower(th: &mut Thread, this: Gc<Str>) -> Result<Gc<Str>> {
        match this.as_ascii() {
            Some(s) => map_ascii(th, this, s, |b| b ^ u8::from(b.is_ascii_uppercase()) << 5),
            None => Ok(th.str_from_text(&case::text_lower(this.text_ref()))),
        }
    }

    /// Return a copy of the string converted to uppercase.
    #[pymethod]
    fn upper(th: &mut Thread, this: Gc<Str>) -> Result<Gc<Str>> {
        match this.as_ascii() {
            Some(s) => map_ascii(th, this, s, |b| b ^ u8::from(b.is_ascii_lowercase()) << 5),
            None => Ok(th.str_from_text(&case::text_upper(this.text_ref()))),
        }
    }

    /// Return a version of the string suitable for caseless comparisons.
    #[pymethod]
    fn casefold(th: &mut Thread, this: Gc<Str>) -> Result<Gc<Str>> {
        match this.as_ascii() {
            Some(s) => map_ascii(th, this, s, |b| b ^ u8::from(b.is_ascii_uppercase()) << 5),
            None => Ok(th.str_from_text(&case::text_fold(this.text_ref()))),
        }
    }

    /// Return a version of the string where each word is titlecased.
    ///
    /// More specifically, words start with uppercased characters and all remaining
    /// cased characters have lower case.
    #[pymethod]
    fn title(th: &mut Thread, this: Gc<Str>) -> Gc<Str> {
        match this.as_ascii() {
            Some(s) => map_words(th, s, |b, after| match after {
                Some(true) => b.to_ascii_lowercase(),
                _ => b.to_ascii_uppercase(),
            }),
            None => th.str_from_text(&case::text_title(this.text_ref())),
        }
    }

    /// Return a capitalized version of the string.
    ///
    /// More specifically, make the first character have upper case and the rest lower
    /// case.
    #[pymethod]
    fn capitalize(th: &mut Thread, this: Gc<Str>) -> Gc<Str> {
        match this.as_ascii() {
            Some(s) => map_words(th, s, |b, after| match after {
                None => b.to_ascii_uppercase(),
                Some(_) => b.to_ascii_lowercase(),
            }),
            None => th.str_from_text(&case::text_capitalize(this.text_ref())),
        }
    }

    /// Convert uppercase characters to lowercase and lowercase characters to uppercase.
    #[pymethod]
    fn swapcase(th: &mut Thread, this: Gc<Str>) -> Gc<Str> {
        match this.as_ascii() {
            Some(s) => map_words(th, s, |b, _| match b.is_ascii_alphabetic() {
                true => b ^ 0x20,
                false => b,
            }),
            None => th.str_from_text(&case::text_swapcase(this.text_ref())),
        }
    }

    /// Return True if all characters in the string are ASCII, False otherwise.
    #[pymethod]
    fn isascii(_: &mut Thread, this: Gc<Str>) -> bool {
        this.as_ascii().is_some()
    }

    /// Return True if the string is an alphabetic string, False otherwise.
    #[pymethod]
    fn isalpha(_: &mut Thread, this: Gc<Str>) -> bool {
        ask(&this, |b| b.is_ascii_alphabetic(), Predicate::Alpha)
    }

    /// Return True if the string is an alpha-numeric string, False otherwise.
    #[pymethod]
    fn isalnum(_: &mut Thread, this: Gc<Str>) -> bool {
        ask(
            &this,
            |b| b.is_ascii_alphanumeric(),
            Predicate::Alphanumeric,
        )
    }

    /// Return True if the string is a digit string, False otherwise.
    #[pymethod]
    fn isdigit(_: &mut Thread, this: Gc<Str>) -> bool {
        ask(&this, |b| b.is_ascii_digit(), Predicate::Digit)
    }

    /// Return True if the string is a decimal string, False otherwise.
    #[pymethod]
    fn isdecimal(_: &mut Thread, this: Gc<Str>) -> bool {
        ask(&this, |b| b.is_ascii_digit(), Predicate::Decimal)
    }

    /// Return True if the string is a numeric string, False otherwise.
    #[pymethod]
    fn isnumeric(_: &mut Thread, this: Gc<Str>) -> bool {
        ask(&this, |b| b.is_ascii_digit(), Predicate::Numeric)
    }

    /// Return True if the string is a whitespace string, False otherwise.
    #[pymethod]
    fn isspace(_: &mut Thread, this: Gc<Str>) -> bool {
        ask(&this, super::split::is_ascii_blank, Predicate::Space)
    }

    /// Return True if all characters in the string are printable, False otherwise.
    #[pymethod]
    fn isprintable(_: &mut Thread, this: Gc<Str>) -> bool {
        text_is(this.text_ref(), Predicate::Printable)
    }

    /// Return True if the string is a lowercase string, False otherwise.
    #[pymethod]
    fn islower(_: &mut Thread, this: Gc<Str>) -> bool {
        text_is(this.text_ref(), Predicate::Lower)
    }

    /// Return True if the string is an uppercase string, False otherwise.
    #[pymethod]
    fn isupper(_: &mut Thread, this: Gc<Str>) -> bool {
        text_is(this.text_ref(), Predicate::Upper)
    }

    /// Return True if the string is a title-cased string, False otherwise.
    #[pymethod]
    fn istitle(_: &mut Thread, this: Gc<Str>) -> bool {
        text_is(this.text_ref(), Predicate::Title)
    }

    /// Return True if the string is a valid Python identifier, False otherwise.
    #[pymethod]
    fn isidentifier(_: &mut Thread, this: Gc<Str>) -> bool {
        text_is(this.text_ref(), Predicate::Identifier)
    }
}
