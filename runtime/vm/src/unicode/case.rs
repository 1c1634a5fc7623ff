//! Case mappings of code points and texts (full mappings, with the final sigma).

use super::tables::case::{CASE, CASE_TEXT};
use super::tables::types::EXTENDED_CASE;
use super::types::{is_case_ignorable, is_cased, is_lower, is_upper, record};
use super::{Text, TextRef};

const SIGMA: u32 = 0x3A3;
const FINAL_SIGMA: u32 = 0x3C2;
const SMALL_SIGMA: u32 = 0x3C3;

#[derive(Clone, Copy)]
enum Mapping {
    Upper,
    Lower,
    Title,
    Fold,
}

/// One to three code points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mapped {
    /// One code point.
    One(u32),
    /// Several.
    Many(&'static [u32]),
}

#[inline(always)]
fn map(c: u32, mapping: Mapping) -> Mapped {
    if c >= 0x110000 {
        return Mapped::One(c);
    }
    let record = record(c);
    if record.0 & EXTENDED_CASE != 0
        && let Some(mapped) = map_extended(c, mapping)
    {
        return mapped;
    }
    Mapped::One(c.wrapping_add_signed(match mapping {
        Mapping::Upper => record.4,
        Mapping::Title => record.5,
        Mapping::Lower | Mapping::Fold => record.3,
    }))
}

fn map_extended(c: u32, mapping: Mapping) -> Option<Mapped> {
    let found = CASE.binary_search_by_key(&c, |row| row.0).ok()?;
    let row = &CASE[found];
    let (start, len) = match mapping {
        Mapping::Upper => (row.1, row.2),
        Mapping::Lower => (row.3, row.4),
        Mapping::Title => (row.5, row.6),
        Mapping::Fold => (row.7, row.8),
    };
    let start = usize::from(start);
    Some(match CASE_TEXT.get(start..start + usize::from(len)) {
        Some([one]) => Mapped::One(*one),
        Some(points) => Mapped::Many(points),
        None => Mapped::One(c),
    })
}

/// Upper case of one code point.
#[inline(always)]
pub fn upper(c: u32) -> Mapped {
    map(c, Mapping::Upper)
}

/// Lower case of one code point, without the rule of the final sigma.
#[inline(always)]
pub fn lower(c: u32) -> Mapped {
    map(c, Mapping::Lower)
}

/// Title case of one code point.
#[inline(always)]
pub fn title(c: u32) -> Mapped {
    map(c, Mapping::Title)
}

/// Case folding of one code point.
#[inline(always)]
pub fn fold(c: u32) -> Mapped {
    map(c, Mapping::Fold)
}

/// Simple lower case, always one code point: what `re` compares by.
#[inline]
pub fn simple_lower(c: u32) -> u32 {
    if c >= 0x110000 {
        return c;
    }
    c.wrapping_add_signed(record(c).3)
}

/// Simple upper case, always one code point: what `re` compares by.
#[inline]
pub fn simple_upper(c: u32) -> u32 {
    if c >= 0x110000 {
        return c;
    }
    c.wrapping_add_signed(record(c).4)
}

/// Lower case of the code point at an index.
#[inline(always)]
fn lower_at(text: TextRef<'_>, index: usize, c: u32) -> Mapped {
    if c == SIGMA {
        Mapped::One(sigma_at(text, index))
    } else {
        lower(c)
    }
}

/// What becomes of the code points of a text, which are asked for in order.
trait Rule {
    fn apply(&mut self, text: TextRef<'_>, index: usize, c: u32) -> Mapped;
}

fn mapped(text: TextRef<'_>, rule: impl Rule) -> Text {
    let points = match text {
        TextRef::Ascii(s) => mapped_units(s.as_bytes(), text, rule),
        TextRef::Latin1(units) => mapped_units(units, text, rule),
        TextRef::Ucs2(units) => mapped_units(units, text, rule),
        TextRef::Ucs4(units) => mapped_units(units, text, rule),
    };
    Text::narrowest(&points)
}

fn mapped_units<U: Copy + Into<u32>>(
    units: &[U],
    text: TextRef<'_>,
    mut rule: impl Rule,
) -> Vec<u32> {
    let mut out = Vec::with_capacity(units.len());
    for (index, unit) in units.iter().enumerate() {
        match rule.apply(text, index, (*unit).into()) {
            Mapped::One(c) => out.push(c),
            Mapped::Many(points) => out.extend_from_slice(points),
        }
    }
    out
}

/// Writes the [`Rule`]s.
macro_rules! rules {
    ($($name:ident $(($state:ty))? |$this:ident, $text:ident, $index:ident, $c:ident| $body:expr;)*) => {
        $(struct $name $(($state))?;

        impl Rule for $name {
            #[inline(always)]
            fn apply(&mut self, $text: TextRef<'_>, $index: usize, $c: u32) -> Mapped {
                let $this = self;
                $body
            }
        })*
    };
}

rules! {
    Upper |_rule, _text, _index, c| upper(c);
    Lower |_rule, text, index, c| lower_at(text, index, c);
    Fold |_rule, _text, _index, c| fold(c);
    // Whether the code point before is cased.
    Title(bool) |rule, text, index, c| match std::mem::replace(&mut rule.0, is_cased(c)) {
        true => lower_at(text, index, c),
        false => title(c),
    };
    Capitalize |_rule, text, index, c| match index {
        0 => title(c),
        _ => lower_at(text, index, c),
    };
    Swap |_rule, text, index, c| {
        if is_upper(c) {
            lower_at(text, index, c)
        } else if is_lower(c) {
            upper(c)
        } else {
            Mapped::One(c)
        }
    };
}

/// A capital sigma becomes final if it ends a word.
fn sigma_at(text: TextRef<'_>, index: usize) -> u32 {
    let before = text
        .slice(0, index)
        .iter()
        .rev()
        .find(|&c| !is_case_ignorable(c));
    let after = text
        .slice(index + 1, usize::MAX)
        .iter()
        .find(|&c| !is_case_ignorable(c));
    if before.is_some_and(is_cased) && !after.is_some_and(is_cased) {
        FINAL_SIGMA
    } else {
        SMALL_SIGMA
    }
}

/// Mapped Latin-1; a mapping of this kind keeps apart what is ASCII.
fn latin1_text(bytes: &[u8], mapping: fn(u8) -> u8) -> Text {
    if bytes.is_ascii() {
        return Text::Ascii(bytes.iter().map(|&b| char::from(mapping(b))).collect());
    }
    Text::Latin1(bytes.iter().map(|&b| mapping(b)).collect())
}

/// Lower case of Latin-1, which is Latin-1.
fn latin1_lower(b: u8) -> u8 {
    match b {
        b'A'..=b'Z' | 0xC0..=0xD6 | 0xD8..=0xDE => b + 32,
        _ => b,
    }
}

/// Upper case of Latin-1, but for `µ`, `ß` and `ÿ`, where it is not Latin-1.
fn latin1_upper(b: u8) -> u8 {
    match b {
        b'a'..=b'z' | 0xE0..=0xF6 | 0xF8..=0xFE => b - 32,
        _ => b,
    }
}

/// `str.upper`
pub fn text_upper(text: TextRef<'_>) -> Text {
    match text {
        TextRef::Ascii(s) => Text::Ascii(s.to_ascii_uppercase()),
        TextRef::Latin1(s) if !s.iter().any(|b| matches!(b, 0xB5 | 0xDF | 0xFF)) => {
            latin1_text(s, latin1_upper)
        }
        _ => mapped(text, Upper),
    }
}

/// `str.lower`
pub fn text_lower(text: TextRef<'_>) -> Text {
    match text {
        TextRef::Ascii(s) => Text::Ascii(s.to_ascii_lowercase()),
        TextRef::Latin1(s) => latin1_text(s, latin1_lower),
        _ => mapped(text, Lower),
    }
}

/// `str.casefold`
pub fn text_fold(text: TextRef<'_>) -> Text {
    match text {
        TextRef::Ascii(s) => Text::Ascii(s.to_ascii_lowercase()),
        _ => mapped(text, Fold),
    }
}

/// `str.title`
pub fn text_title(text: TextRef<'_>) -> Text {
    mapped(text, Title(false))
}

/// `str.capitalize`
pub fn text_capitalize(text: TextRef<'_>) -> Text {
    mapped(text, Capitalize)
}

/// `str.swapcase`
pub fn text_swapcase(text: TextRef<'_>) -> Text {
    mapped(text, Swap)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recorded() {
        let check = |f: fn(TextRef<'_>) -> Text, text: &str, expected: &str| {
            assert_eq!(f(Text::from(text).as_ref()).to_string(), expected);
        };
        check(text_upper, "straße ŉ", "STRASSE ʼN");
        check(text_lower, "ΑΣ ΑΣΑ Σ ΑΣ. İ", "ας ασα σ ας. i̇");
        check(text_title, "ǆabc they're ﬁne", "ǅabc They'Re Fine");
        check(text_capitalize, "ßaBC ΑΣ", "Ssabc ας");
        check(text_swapcase, "aBßΣ", "AbSSς");
        check(text_fold, "Maße Σς", "masse σσ");
        assert_eq!(simple_lower(0x130), 0x69);
    }
}
