//! Names of code points.
//!
//! The names are `unicode_names2`'s, which has Unicode 16 in the version used;
//! named sequences, which it has not, are in a table of ours.

use super::tables::sequences::{SEQUENCE_TEXT, SEQUENCES};

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// A code point.
    Character(u32),
    /// A named sequence (which `\N{...}` does not know).
    Sequence(&'static [u32]),
}

/// `unicodedata.name`
pub fn name(c: u32) -> Option<String> {
    Some(unicode_names2::name(char::from_u32(c)?)?.to_string())
}

/// The character of a name or alias, in any case: what `\N{...}` means.
pub fn character(name: &str) -> Option<u32> {
    if !name.is_ascii() {
        return None;
    }
    unicode_names2::character(name).map(u32::from)
}

/// `unicodedata.lookup`
pub fn lookup(name: &str) -> Option<Named> {
    if let Some(c) = character(name) {
        return Some(Named::Character(c));
    }
    let upper = name.to_ascii_uppercase();
    let found = SEQUENCES
        .binary_search_by_key(&upper.as_str(), |row| row.0)
        .ok()?;
    let (_, start, len) = SEQUENCES[found];
    let start = usize::from(start);
    Some(Named::Sequence(
        SEQUENCE_TEXT.get(start..start + usize::from(len))?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways() {
        assert_eq!(name(0x2603).as_deref(), Some("SNOWMAN"));
        assert_eq!(name(0xAC01).as_deref(), Some("HANGUL SYLLABLE GAG"));
        assert_eq!(name(0x4E00).as_deref(), Some("CJK UNIFIED IDEOGRAPH-4E00"));
        assert_eq!((name(0), name(0xD800), name(0x378)), (None, None, None));
        assert_eq!(lookup("snowman"), Some(Named::Character(0x2603)));
        assert_eq!(lookup("BACKSPACE"), Some(Named::Character(8)));
        assert_eq!(
            lookup("KEYCAP DIGIT ONE"),
            Some(Named::Sequence(&[0x31, 0xFE0F, 0x20E3]))
        );
        assert_eq!(
            (lookup("no such"), character("KEYCAP DIGIT ONE")),
            (None, None)
        );
    }
}
