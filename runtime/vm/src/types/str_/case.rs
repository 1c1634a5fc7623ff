//! Case mappings and the `is…` questions.

use super::{Str, Width};
use crate::Thread;
use crate::object::{Gc, Result};
use crate::pymethods;
use crate::types::bytes::shared;
use crate::unicode::case;
use crate::unicode::types::{Predicate, text_is};

/// `map` without branches, so that the loop becomes vector instructions.
#[inline(always)]
fn map_ascii(th: &mut Thread, s: &str, map: impl Fn(&u8) -> u8) -> Result<Gc<Str>> {
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
            Some(s) => map_ascii(th, s, |b| b ^ u8::from(b.is_ascii_uppercase()) << 5),
            None => Ok(th.str_from_text(&case::text_lower(this.text_ref()))),
        }
    }

    /// Return a copy of the string converted to uppercase.
    #[pymethod]
    fn upper(th: &mut Thread, this: Gc<Str>) -> Result<Gc<Str>> {
        match this.as_ascii() {
            Some(s) => map_ascii(th, s, |b| b ^ u8::from(b.is_ascii_lowercase()) << 5),
            None => Ok(th.str_from_text(&case::text_upper(this.text_ref()))),
        }
    }

    /// Return a version of the string suitable for caseless comparisons.
    #[pymethod]
    fn casefold(th: &mut Thread, this: Gc<Str>) -> Result<Gc<Str>> {
        match this.as_ascii() {
            Some(s) => map_ascii(th, s, |b| b ^ u8::from(b.is_ascii_uppercase()) << 5),
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
            Some(s) => th.new_ascii(&shared::title(s.as_bytes())),
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
            Some(s) => th.new_ascii(&shared::capitalize(s.as_bytes())),
            None => th.str_from_text(&case::text_capitalize(this.text_ref())),
        }
    }

    /// Convert uppercase characters to lowercase and lowercase characters to uppercase.
    #[pymethod]
    fn swapcase(th: &mut Thread, this: Gc<Str>) -> Gc<Str> {
        match this.as_ascii() {
            Some(s) => th.new_ascii(&shared::swap_case(s.as_bytes())),
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
