//! Character properties, supplied by the caller, and the units that subjects are made of.

use super::opcode::Words;

/// Properties of code points, as Python's `str` methods define them.
///
/// The engine holds no Unicode tables. The first 256 code points are asked for once, when a
/// program is translated; others, and everything that depends on the locale, while matching.
pub trait CharInfo {
    /// `str.isdecimal` of one code point.
    fn is_decimal(&self, ch: u32) -> bool;
    /// `str.isspace` of one code point.
    fn is_space(&self, ch: u32) -> bool;
    /// `str.isalnum` of one code point.
    fn is_alnum(&self, ch: u32) -> bool;
    /// The simple (one to one) lower-case mapping.
    fn lower(&self, ch: u32) -> u32;
    /// The simple (one to one) upper-case mapping.
    fn upper(&self, ch: u32) -> u32;
    /// Whether `str.splitlines` breaks at this code point.
    fn is_linebreak(&self, ch: u32) -> bool {
        matches!(ch, 0x0a..=0x0d | 0x1c..=0x1e | 0x85 | 0x2028 | 0x2029)
    }
    /// C's `isalnum` in the current locale; the C locale's unless overridden.
    fn is_locale_alnum(&self, ch: u32) -> bool {
        is_ascii_alnum(ch)
    }
    /// C's `tolower` in the current locale; the C locale's unless overridden.
    fn locale_lower(&self, ch: u32) -> u32 {
        ascii_lower(ch)
    }
    /// C's `toupper` in the current locale; the C locale's unless overridden.
    fn locale_upper(&self, ch: u32) -> u32 {
        if (0x61..=0x7a).contains(&ch) {
            ch - 32
        } else {
            ch
        }
    }
}

/// `CharInfo` from Rust's standard library: close to, but not exactly, Python's tables.
/// For tests and tools.
#[derive(Clone, Copy, Debug, Default)]
pub struct StdChars;

impl CharInfo for StdChars {
    fn is_decimal(&self, ch: u32) -> bool {
        // Decimal digits come in runs of ten; these are the starts of those in the first planes.
        const ZEROS: [u32; 13] = [
            0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xe50,
            0xff10,
        ];
        ZEROS.iter().any(|&zero| (zero..zero + 10).contains(&ch))
    }
    fn is_space(&self, ch: u32) -> bool {
        matches!(ch, 0x1c..=0x1f) || char::from_u32(ch).is_some_and(char::is_whitespace)
    }
    fn is_alnum(&self, ch: u32) -> bool {
        // `char::is_alphabetic` counts combining vowel signs, which `str.isalpha` does not.
        char::from_u32(ch).is_some_and(char::is_alphanumeric)
    }
    fn lower(&self, ch: u32) -> u32 {
        if ch == 0x130 {
            return 0x69;
        }
        char::from_u32(ch).map_or(ch, |c| single(c.to_lowercase(), ch))
    }
    fn upper(&self, ch: u32) -> u32 {
        char::from_u32(ch).map_or(ch, |c| single(c.to_uppercase(), ch))
    }
}

/// The only character of a case mapping, or `same` when it has several.
fn single(mut mapped: impl Iterator<Item = char>, same: u32) -> u32 {
    match (mapped.next(), mapped.next()) {
        (Some(c), None) => c as u32,
        _ => same,
    }
}

/// ASCII lower-casing of a code point.
#[inline]
pub(super) fn ascii_lower(ch: u32) -> u32 {
    if (0x41..=0x5a).contains(&ch) {
        ch + 32
    } else {
        ch
    }
}

/// Whether a code point is an ASCII letter or digit.
#[inline]
pub(super) fn is_ascii_alnum(ch: u32) -> bool {
    ch < 128 && (ch as u8).is_ascii_alphanumeric()
}

/// Whether a code point belongs to a word.
#[inline]
pub(super) fn is_word(ch: u32, words: Words, chars: &dyn CharInfo) -> bool {
    ch == 0x5f
        || match words {
            Words::Ascii => is_ascii_alnum(ch),
            Words::Locale => ch < 256 && chars.is_locale_alnum(ch),
            Words::Unicode if ch < 128 => is_ascii_alnum(ch),
            Words::Unicode => chars.is_alnum(ch),
        }
}

/// One element of a subject: a byte, or a code point stored in one, two or four bytes.
pub(super) trait Unit: Copy + Eq {
    /// Every value is below 256.
    const NARROW: bool;
    /// The value.
    fn code(self) -> u32;
    /// The subject as bytes, when it is one.
    fn bytes(subject: &[Self]) -> Option<&[u8]>;
}

impl Unit for u8 {
    const NARROW: bool = true;
    #[inline(always)]
    fn code(self) -> u32 {
        u32::from(self)
    }
    #[inline(always)]
    fn bytes(subject: &[u8]) -> Option<&[u8]> {
        Some(subject)
    }
}

impl Unit for u16 {
    const NARROW: bool = false;
    #[inline(always)]
    fn code(self) -> u32 {
        u32::from(self)
    }
    #[inline(always)]
    fn bytes(_: &[u16]) -> Option<&[u8]> {
        None
    }
}

impl Unit for u32 {
    const NARROW: bool = false;
    #[inline(always)]
    fn code(self) -> u32 {
        self
    }
    #[inline(always)]
    fn bytes(_: &[u32]) -> Option<&[u8]> {
        None
    }
}
