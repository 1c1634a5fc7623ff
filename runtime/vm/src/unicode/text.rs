//! Text in the four compact widths that `str` is built on.
//!
//! Invariant of [`Text`]: the narrowest width that holds every code point is
//! used, so two equal texts have the same variant and the width alone tells
//! whether a text is ASCII. Lone surrogates are ordinary code points here.
//! [`TextRef`] is the borrowed form (a `str` object lends its cells as one);
//! it is allowed to be wider than necessary.

use std::fmt;

/// Owned text of the narrowest possible width.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Text {
    /// All code points below 0x80.
    Ascii(String),
    /// All below 0x100, at least one not ASCII.
    Latin1(Vec<u8>),
    /// All below 0x10000, at least one not Latin-1.
    Ucs2(Vec<u16>),
    /// At least one code point outside the basic plane.
    Ucs4(Vec<u32>),
}

/// Borrowed text.
#[derive(Clone, Copy, Debug)]
pub enum TextRef<'a> {
    /// ASCII only.
    Ascii(&'a str),
    /// One byte a code point.
    Latin1(&'a [u8]),
    /// Two bytes a code point.
    Ucs2(&'a [u16]),
    /// Four bytes a code point.
    Ucs4(&'a [u32]),
}

/// Iterator over code points, from both ends.
#[derive(Clone, Debug)]
pub enum CodePoints<'a> {
    /// ASCII and Latin-1.
    Bytes(std::slice::Iter<'a, u8>),
    /// Two-byte units.
    Ucs2(std::slice::Iter<'a, u16>),
    /// Four-byte units.
    Ucs4(std::slice::Iter<'a, u32>),
}

impl Iterator for CodePoints<'_> {
    type Item = u32;

    #[inline]
    fn next(&mut self) -> Option<u32> {
        match self {
            Self::Bytes(units) => units.next().map(|&c| c.into()),
            Self::Ucs2(units) => units.next().map(|&c| c.into()),
            Self::Ucs4(units) => units.next().copied(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let len = match self {
            Self::Bytes(units) => units.len(),
            Self::Ucs2(units) => units.len(),
            Self::Ucs4(units) => units.len(),
        };
        (len, Some(len))
    }
}

impl DoubleEndedIterator for CodePoints<'_> {
    #[inline]
    fn next_back(&mut self) -> Option<u32> {
        match self {
            Self::Bytes(units) => units.next_back().map(|&c| c.into()),
            Self::Ucs2(units) => units.next_back().map(|&c| c.into()),
            Self::Ucs4(units) => units.next_back().copied(),
        }
    }
}

impl ExactSizeIterator for CodePoints<'_> {}

impl<'a> TextRef<'a> {
    /// Number of code points.
    #[inline]
    pub fn len(self) -> usize {
        match self {
            Self::Ascii(s) => s.len(),
            Self::Latin1(s) => s.len(),
            Self::Ucs2(s) => s.len(),
            Self::Ucs4(s) => s.len(),
        }
    }

    /// Whether there is no code point.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Code point at an index.
    #[inline]
    pub fn get(self, index: usize) -> Option<u32> {
        match self {
            Self::Ascii(s) => s.as_bytes().get(index).map(|&c| c.into()),
            Self::Latin1(s) => s.get(index).map(|&c| c.into()),
            Self::Ucs2(s) => s.get(index).map(|&c| c.into()),
            Self::Ucs4(s) => s.get(index).copied(),
        }
    }

    /// The code points in order.
    #[inline]
    pub fn iter(self) -> CodePoints<'a> {
        match self {
            Self::Ascii(s) => CodePoints::Bytes(s.as_bytes().iter()),
            Self::Latin1(s) => CodePoints::Bytes(s.iter()),
            Self::Ucs2(s) => CodePoints::Ucs2(s.iter()),
            Self::Ucs4(s) => CodePoints::Ucs4(s.iter()),
        }
    }

    /// Part of the text; the bounds are clipped to its length.
    pub fn slice(self, start: usize, end: usize) -> TextRef<'a> {
        let end = end.min(self.len());
        let start = start.min(end);
        match self {
            Self::Ascii(s) => Self::Ascii(s.get(start..end).unwrap_or("")),
            Self::Latin1(s) => Self::Latin1(&s[start..end]),
            Self::Ucs2(s) => Self::Ucs2(&s[start..end]),
            Self::Ucs4(s) => Self::Ucs4(&s[start..end]),
        }
    }

    /// The highest code point; 0 for ASCII and when there is none.
    pub fn highest(self) -> u32 {
        match self {
            Self::Ascii(_) => 0,
            Self::Latin1(s) => highest_of(s),
            Self::Ucs2(s) => highest_of(s),
            Self::Ucs4(s) => highest_of(s),
        }
    }

    /// The text as `&str`, when it is of the ASCII width.
    #[inline]
    pub fn as_ascii(self) -> Option<&'a str> {
        match self {
            Self::Ascii(s) => Some(s),
            _ => None,
        }
    }

    /// An owned copy in the narrowest width.
    pub fn to_text(self) -> Text {
        match self {
            Self::Ascii(s) => Text::Ascii(s.to_owned()),
            _ => Text::from_code_points(self.iter()),
        }
    }

    /// The code points as a vector.
    pub fn to_code_points(self) -> Vec<u32> {
        self.iter().collect()
    }

    /// Rust string, if there is no lone surrogate.
    pub fn to_utf8(self) -> Option<String> {
        match self {
            Self::Ascii(s) => Some(s.to_owned()),
            _ => self.iter().map(char::from_u32).collect(),
        }
    }
}

#[inline(always)]
fn highest_of<U: Copy + Into<u32>>(units: &[U]) -> u32 {
    let mut highest = 0;
    for unit in units {
        highest = highest.max((*unit).into());
    }
    highest
}

impl<'a> From<&'a str> for Text {
    fn from(s: &'a str) -> Self {
        if s.is_ascii() {
            Text::Ascii(s.to_owned())
        } else {
            Text::from_code_points(s.chars().map(u32::from))
        }
    }
}

impl From<String> for Text {
    fn from(s: String) -> Self {
        if s.is_ascii() {
            Text::Ascii(s)
        } else {
            Text::from_code_points(s.chars().map(u32::from))
        }
    }
}

impl Default for Text {
    fn default() -> Self {
        Text::Ascii(String::new())
    }
}

impl Text {
    /// Text of any code points (values above 0x10FFFF become U+FFFD).
    pub fn from_code_points(points: impl IntoIterator<Item = u32>) -> Text {
        let mut builder = TextBuilder::new();
        for c in points {
            builder.push(c);
        }
        builder.finish()
    }

    /// As [`Text::from_code_points`], for code points that are all there, none above 0x10FFFF.
    pub fn narrowest(points: &[u32]) -> Text {
        match TextRef::Ucs4(points).highest() {
            0..0x80 => Text::Ascii(points.iter().map(|&c| char::from(c as u8)).collect()),
            0x80..0x100 => Text::Latin1(points.iter().map(|&c| c as u8).collect()),
            0x100..0x10000 => Text::Ucs2(points.iter().map(|&c| c as u16).collect()),
            _ => Text::Ucs4(points.to_vec()),
        }
    }

    /// Text of Latin-1 bytes.
    pub fn from_latin1(bytes: &[u8]) -> Text {
        if bytes.is_ascii() {
            Text::Ascii(bytes.iter().map(|&b| char::from(b)).collect())
        } else {
            Text::Latin1(bytes.to_vec())
        }
    }

    /// Borrowed form.
    #[inline]
    pub fn as_ref(&self) -> TextRef<'_> {
        match self {
            Text::Ascii(s) => TextRef::Ascii(s),
            Text::Latin1(s) => TextRef::Latin1(s),
            Text::Ucs2(s) => TextRef::Ucs2(s),
            Text::Ucs4(s) => TextRef::Ucs4(s),
        }
    }

    /// Number of code points.
    pub fn len(&self) -> usize {
        self.as_ref().len()
    }

    /// Whether there is no code point.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl fmt::Display for Text {
    /// Lone surrogates are shown as U+FFFD.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write;
        match self {
            Text::Ascii(s) => f.write_str(s),
            _ => self.as_ref().iter().try_for_each(|c| {
                f.write_char(char::from_u32(c).unwrap_or(char::REPLACEMENT_CHARACTER))
            }),
        }
    }
}

/// Appends code points and widens when it has to.
///
/// Since parts are only ever added, the width reached is the narrowest.
#[derive(Clone, Debug, Default)]
pub struct TextBuilder {
    /// The text while it is ASCII.
    ascii: Vec<u8>,
    /// The text once it is wider.
    wide: Option<Text>,
}

impl TextBuilder {
    /// An empty builder.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty builder with room for so many ASCII characters.
    pub fn with_capacity(capacity: usize) -> Self {
        TextBuilder {
            ascii: Vec::with_capacity(capacity),
            wide: None,
        }
    }

    /// An empty builder that writes into a vector's room.
    #[inline]
    pub fn in_room(mut room: Vec<u8>) -> Self {
        room.clear();
        TextBuilder {
            ascii: room,
            wide: None,
        }
    }

    /// A builder that goes on after ASCII bytes (others are taken as Latin-1).
    #[inline]
    pub fn after_ascii(bytes: Vec<u8>) -> Self {
        let wide = if bytes.is_ascii() {
            None
        } else {
            Some(Text::from_latin1(&bytes))
        };
        TextBuilder { ascii: bytes, wide }
    }

    /// The text if it is ASCII, and the room for the next builder.
    #[inline]
    pub fn into_ascii(self) -> Result<Vec<u8>, Text> {
        match self.wide {
            None => Ok(self.ascii),
            Some(text) => Err(text),
        }
    }

    /// Adds ASCII bytes (others are taken as Latin-1).
    #[inline]
    pub fn push_ascii(&mut self, bytes: &[u8]) {
        if self.wide.is_none() && bytes.is_ascii() {
            self.ascii.extend_from_slice(bytes);
        } else {
            bytes.iter().for_each(|&b| self.push(b.into()));
        }
    }

    /// Number of code points so far.
    pub fn len(&self) -> usize {
        match &self.wide {
            None => self.ascii.len(),
            Some(text) => text.len(),
        }
    }

    /// Whether nothing was added yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds one code point (above 0x10FFFF: U+FFFD).
    #[inline]
    pub fn push(&mut self, c: u32) {
        match &mut self.wide {
            None if c < 0x80 => self.ascii.push(c as u8),
            Some(Text::Latin1(s)) if c < 0x100 => s.push(c as u8),
            Some(Text::Ucs2(s)) if c < 0x10000 => s.push(c as u16),
            Some(Text::Ucs4(s)) if c < 0x110000 => s.push(c),
            _ => self.push_wider(c),
        }
    }

    #[cold]
    fn push_wider(&mut self, c: u32) {
        let c = if c < 0x110000 { c } else { 0xFFFD };
        self.widen(c);
        match &mut self.wide {
            None => self.ascii.push(c as u8),
            Some(Text::Ascii(s)) => s.push(char::from(c as u8)),
            Some(Text::Latin1(s)) => s.push(c as u8),
            Some(Text::Ucs2(s)) => s.push(c as u16),
            Some(Text::Ucs4(s)) => s.push(c),
        }
    }

    /// Makes the width hold `c`.
    fn widen(&mut self, c: u32) {
        let old = match &self.wide {
            None => TextRef::Latin1(&self.ascii),
            Some(text) => text.as_ref(),
        };
        let wider = match (c, &self.wide) {
            (0..0x80, _)
            | (0x80..0x100, Some(Text::Latin1(_) | Text::Ucs2(_)))
            | (0x100..0x10000, Some(Text::Ucs2(_)))
            | (_, Some(Text::Ucs4(_))) => return,
            (0x80..0x100, _) => Text::Latin1(old.iter().map(|c| c as u8).collect()),
            (0x100..0x10000, _) => Text::Ucs2(old.iter().map(|c| c as u16).collect()),
            _ => Text::Ucs4(old.iter().collect()),
        };
        self.wide = Some(wider);
    }

    /// Adds ASCII or any other Rust text.
    #[inline]
    pub fn push_str(&mut self, s: &str) {
        if self.wide.is_none() && s.is_ascii() {
            self.ascii.extend_from_slice(s.as_bytes());
        } else {
            s.chars().for_each(|c| self.push(c.into()));
        }
    }

    /// Adds other text.
    #[inline]
    pub fn push_text(&mut self, other: TextRef<'_>) {
        if other.is_empty() {
            return;
        }
        let fits = matches!(
            (&self.wide, other),
            (_, TextRef::Ascii(_))
                | (Some(Text::Ucs4(_)), _)
                | (Some(Text::Latin1(_) | Text::Ucs2(_)), TextRef::Latin1(_))
                | (Some(Text::Ucs2(_)), TextRef::Ucs2(_))
        );
        if !fits {
            self.widen(other.highest());
        }
        match (&mut self.wide, other) {
            (None, TextRef::Ascii(s)) => self.ascii.extend_from_slice(s.as_bytes()),
            (Some(Text::Latin1(text)), TextRef::Ascii(s)) => text.extend_from_slice(s.as_bytes()),
            (Some(Text::Latin1(text)), TextRef::Latin1(s)) => text.extend_from_slice(s),
            (Some(Text::Ucs2(text)), TextRef::Ascii(s)) => text.extend(s.bytes().map(u16::from)),
            (Some(Text::Ucs2(text)), TextRef::Latin1(s)) => {
                text.extend(s.iter().copied().map(u16::from));
            }
            (Some(Text::Ucs2(text)), TextRef::Ucs2(s)) => text.extend_from_slice(s),
            (Some(Text::Ucs4(text)), TextRef::Ucs4(s)) => text.extend_from_slice(s),
            _ => other.iter().for_each(|c| self.push(c)),
        }
    }

    /// Adds a code point several times.
    pub fn push_repeated(&mut self, c: u32, times: usize) {
        if times == 0 {
            return;
        }
        self.push(c);
        let more = times - 1;
        match &mut self.wide {
            None => self.ascii.resize(self.ascii.len() + more, c as u8),
            Some(Text::Latin1(text)) => text.resize(text.len() + more, c as u8),
            Some(Text::Ucs2(text)) => text.resize(text.len() + more, c as u16),
            _ => (0..more).for_each(|_| self.push(c)),
        }
    }

    /// The text built.
    pub fn finish(self) -> Text {
        match self.wide {
            Some(text) => text,
            None => Text::Ascii(String::from_utf8(self.ascii).unwrap_or_default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_the_narrowest() {
        assert!(matches!(Text::from("abc"), Text::Ascii(_)));
        assert!(matches!(Text::from("abé"), Text::Latin1(_)));
        assert!(matches!(Text::from("aé€b"), Text::Ucs2(_)));
        assert!(matches!(Text::from("aé€😀b"), Text::Ucs4(_)));
        assert_eq!(Text::from("aé€😀b").to_string(), "aé€😀b");
        assert!(matches!(Text::from_latin1(b"a\xe9"), Text::Latin1(_)));
        assert_eq!(
            Text::from_code_points([0x61, 0xD800]).as_ref().get(1),
            Some(0xD800)
        );
    }

    #[test]
    fn slices_and_iterates() {
        let text = Text::from("aé€😀b");
        let part = text.as_ref().slice(1, 3).to_text();
        assert_eq!(part, Text::from("é€"));
        assert!(matches!(
            text.as_ref().slice(4, 99).to_text(),
            Text::Ascii(_)
        ));
        assert_eq!(text.as_ref().iter().next_back(), Some(0x62));
    }
}
