//! Properties of code points that `unicodedata` reports.

use super::tables::decomposition::{DECOMPOSITION_TEXT, DECOMPOSITIONS, TAGS};
use super::tables::properties::{
    BIDI_CLASSES, CATEGORIES, PROPERTIES, PROPERTY_FIRST, PROPERTY_SECOND, WIDTHS,
};

pub(super) fn record(c: u32) -> &'static (u8, u8, u8, u8, u8) {
    let block = PROPERTY_FIRST.get((c >> 6) as usize).copied().unwrap_or(0);
    let index = PROPERTY_SECOND[(usize::from(block) << 6) | (c & 63) as usize];
    &PROPERTIES[usize::from(index)]
}

/// General category, such as `Lu`.
pub fn category(c: u32) -> &'static str {
    CATEGORIES[usize::from(record(c).0)]
}

/// Bidirectional class, empty if undefined.
pub fn bidirectional(c: u32) -> &'static str {
    BIDI_CLASSES[usize::from(record(c).1)]
}

/// Canonical combining class.
pub fn combining(c: u32) -> u8 {
    if c < 0x300 { 0 } else { record(c).2 }
}

/// East Asian width, such as `W`.
pub fn east_asian_width(c: u32) -> &'static str {
    WIDTHS[usize::from(record(c).3)]
}

/// Whether it is mirrored in bidirectional text.
pub fn mirrored(c: u32) -> bool {
    record(c).4 != 0
}

/// One step of decomposition: the tag, empty if it is canonical, and the code
/// points. Hangul syllables have none here.
pub fn decomposition(c: u32) -> Option<(&'static str, &'static [u32])> {
    let found = DECOMPOSITIONS.binary_search_by_key(&c, |row| row.0).ok()?;
    let (_, tag, start, len) = DECOMPOSITIONS[found];
    let start = usize::from(start);
    let points = DECOMPOSITION_TEXT.get(start..start + usize::from(len))?;
    Some((TAGS[usize::from(tag)], points))
}

/// `unicodedata.decomposition`
pub fn decomposition_text(c: u32) -> String {
    let Some((tag, points)) = decomposition(c) else {
        return String::new();
    };
    let mut words = vec![tag.to_owned()];
    words.extend(points.iter().map(|c| format!("{c:04X}")));
    words.join(" ").trim_start().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recorded() {
        assert_eq!((category(0x41), category(0x378)), ("Lu", "Cn"));
        assert_eq!((bidirectional(0x5D0), bidirectional(0x378)), ("R", ""));
        assert_eq!((combining(0x301), combining(0x41)), (230, 0));
        assert_eq!((east_asian_width(0x4E00), mirrored(0x28)), ("W", true));
        assert_eq!(decomposition_text(0xE9), "0065 0301");
        assert_eq!(decomposition_text(0xBD), "<fraction> 0031 2044 0032");
        assert_eq!(decomposition_text(0x41), "");
    }
}
