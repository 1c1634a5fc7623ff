//! The format specification mini-language:
//! `[[fill]align][sign][z][#][0][width][grouping][.precision[grouping]][type]`.

use super::FormatError;
use crate::number::check_memory;
use crate::unicode::{TextRef, types};

/// Where padding goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// `<`
    Left,
    /// `>`
    Right,
    /// `^`
    Center,
    /// `=`: between sign and digits.
    AfterSign,
}

impl Align {
    fn of(c: u32) -> Option<Align> {
        Some(match char::from_u32(c)? {
            '<' => Align::Left,
            '>' => Align::Right,
            '^' => Align::Center,
            '=' => Align::AfterSign,
            _ => return None,
        })
    }
}

/// Which sign a number that is not negative has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// `-`: none.
    Minus,
    /// `+`
    Plus,
    /// A space.
    Space,
}

/// Separator of digit groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grouping {
    /// `,` every three digits.
    Comma,
    /// `_` every three digits (every four in bases 2, 8 and 16).
    Underscore,
}

impl Grouping {
    /// The separator.
    pub fn char(self) -> char {
        match self {
            Grouping::Comma => ',',
            Grouping::Underscore => '_',
        }
    }
}

/// A parsed specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spec {
    /// Padding character; `0` if the flag `0` is given and no other is.
    pub fill: u32,
    /// Alignment, the default of the type included.
    pub align: Align,
    /// Sign option.
    pub sign: Option<Sign>,
    /// `z`: no negative zero.
    pub no_negative_zero: bool,
    /// `#`
    pub alternate: bool,
    /// Minimum width.
    pub width: usize,
    /// Grouping before the point.
    pub grouping: Option<Grouping>,
    /// Precision.
    pub precision: Option<usize>,
    /// Grouping after the point.
    pub fraction_grouping: Option<Grouping>,
    /// Presentation type.
    pub kind: Option<u32>,
}

impl Spec {
    /// The presentation type as an ASCII byte; zero if there is none.
    pub(crate) fn kind_byte(&self) -> u8 {
        match self.kind {
            None => 0,
            Some(c) => u8::try_from(c).ok().filter(u8::is_ascii).unwrap_or(0xFF),
        }
    }
}

fn shown(c: u32) -> String {
    match c {
        33..128 => char::from(c as u8).to_string(),
        _ => format!("\\x{c:x}"),
    }
}

/// The error for a presentation type that an object does not have.
pub fn unknown_kind(kind: u32, type_name: &str) -> FormatError {
    FormatError::value(format!(
        "Unknown format code '{}' for object of type '{type_name}'",
        shown(kind)
    ))
}

fn bad_grouping(grouping: Grouping, kind: u32) -> FormatError {
    FormatError::value(format!(
        "Cannot specify '{}' with '{}'.",
        grouping.char(),
        shown(kind)
    ))
}

fn both_groupings() -> FormatError {
    FormatError::value("Cannot specify both ',' and '_'.")
}

#[inline]
fn decimal(c: u32) -> Option<u8> {
    match c {
        0x30..=0x39 => Some((c - 0x30) as u8),
        0..0x80 => None,
        _ => types::decimal(c),
    }
}

/// A specification's units, of whatever width.
struct Reader<'a, U> {
    units: &'a [U],
    at: usize,
}

impl<U: Copy + Into<u32>> Reader<'_, U> {
    #[inline]
    fn get(&self, index: usize) -> Option<u32> {
        self.units.get(index).map(|&c| c.into())
    }

    #[inline]
    fn peek(&self) -> Option<u32> {
        self.get(self.at)
    }

    fn take(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c.into());
        self.at += usize::from(found);
        found
    }

    fn integer(&mut self) -> Result<Option<usize>, FormatError> {
        let mut value = None;
        while let Some(digit) = self.peek().and_then(decimal) {
            let next = value
                .unwrap_or(0usize)
                .checked_mul(10)
                .and_then(|value| value.checked_add(usize::from(digit)))
                .filter(|&value| value <= isize::MAX as usize);
            let too_many = || FormatError::value("Too many decimal digits in format string");
            value = Some(next.ok_or_else(too_many)?);
            self.at += 1;
        }
        Ok(value)
    }

    fn grouping(&mut self) -> Result<Option<Grouping>, FormatError> {
        let mut found = None;
        if self.take(',') {
            found = Some(Grouping::Comma);
        }
        if self.take('_') {
            if found.is_some() {
                return Err(both_groupings());
            }
            found = Some(Grouping::Underscore);
        }
        if found == Some(Grouping::Underscore) && self.peek() == Some(','.into()) {
            return Err(both_groupings());
        }
        Ok(found)
    }
}

/// Parses a specification of an object whose class is `type_name` (for errors).
///
/// The default alignment also tells text from numbers: text has the
/// presentation type `s`, which takes no grouping.
pub fn parse(
    text: TextRef<'_>,
    type_name: &str,
    default_align: Align,
) -> Result<Spec, FormatError> {
    match text {
        TextRef::Ascii(s) => parse_units(s.as_bytes(), text, type_name, default_align),
        TextRef::Latin1(s) => parse_units(s, text, type_name, default_align),
        TextRef::Ucs2(s) => parse_units(s, text, type_name, default_align),
        TextRef::Ucs4(s) => parse_units(s, text, type_name, default_align),
    }
}

/// `text` is for errors.
fn parse_units<U: Copy + Into<u32>>(
    units: &[U],
    text: TextRef<'_>,
    type_name: &str,
    default_align: Align,
) -> Result<Spec, FormatError> {
    let mut reader = Reader { units, at: 0 };
    let mut fill = None;
    let mut align = reader.get(1).and_then(Align::of);
    if align.is_some() {
        fill = reader.get(0);
        reader.at = 2;
    } else {
        align = reader.get(0).and_then(Align::of);
        reader.at = usize::from(align.is_some());
    }
    let sign = match reader.peek().and_then(char::from_u32) {
        Some('+') => Some(Sign::Plus),
        Some('-') => Some(Sign::Minus),
        Some(' ') => Some(Sign::Space),
        _ => None,
    };
    reader.at += usize::from(sign.is_some());
    let no_negative_zero = reader.take('z');
    let alternate = reader.take('#');
    if fill.is_none() && reader.take('0') {
        fill = Some('0'.into());
        if align.is_none() && default_align == Align::Right {
            align = Some(Align::AfterSign);
        }
    }
    let width = reader.integer()?.unwrap_or(0);
    let grouping = reader.grouping()?;
    let (mut precision, mut fraction_grouping) = (None, None);
    if reader.take('.') {
        precision = reader.integer()?;
        fraction_grouping = reader.grouping()?;
        if precision.is_none() && fraction_grouping.is_none() {
            return Err(FormatError::value("Format specifier missing precision"));
        }
    }
    if units.len() - reader.at > 1 {
        return Err(FormatError::value(format!(
            "Invalid format specifier '{}' for object of type '{type_name}'",
            text.to_text()
        )));
    }
    let default_kind = (default_align == Align::Left).then_some('s'.into());
    let kind = reader.peek().or(default_kind);
    let class = kind.map_or(0, |c| u8::try_from(c).unwrap_or(0xFF));
    if let Some(grouping) = grouping {
        match class {
            b'd' | b'e' | b'f' | b'g' | b'E' | b'G' | b'%' | b'F' | 0 => {}
            b'b' | b'o' | b'x' | b'X' if grouping == Grouping::Underscore => {}
            _ => return Err(bad_grouping(grouping, kind.unwrap_or(0))),
        }
    }
    if let Some(grouping) = fraction_grouping
        && class == b'n'
    {
        return Err(bad_grouping(grouping, kind.unwrap_or(0)));
    }
    check_memory(width.max(precision.unwrap_or(0).min(i32::MAX as usize)))?;
    Ok(Spec {
        fill: fill.unwrap_or(' '.into()),
        align: align.unwrap_or(default_align),
        sign,
        no_negative_zero,
        alternate,
        width,
        grouping,
        precision,
        fraction_grouping,
        kind,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unicode::Text;

    fn error(spec: &str) -> String {
        let spec = Text::from(spec);
        parse(spec.as_ref(), "float", Align::Right)
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn full() {
        let text = Text::from("é^+z#12,.3_f");
        let spec = parse(text.as_ref(), "float", Align::Right).unwrap();
        assert_eq!(
            spec,
            Spec {
                fill: 0xE9,
                align: Align::Center,
                sign: Some(Sign::Plus),
                no_negative_zero: true,
                alternate: true,
                width: 12,
                grouping: Some(Grouping::Comma),
                precision: Some(3),
                fraction_grouping: Some(Grouping::Underscore),
                kind: Some('f'.into()),
            }
        );
    }

    #[test]
    fn errors() {
        assert_eq!(
            error(".f"),
            "ValueError: Format specifier missing precision"
        );
        assert_eq!(error(",_"), "ValueError: Cannot specify both ',' and '_'.");
        assert_eq!(error(",n"), "ValueError: Cannot specify ',' with 'n'.");
        assert_eq!(
            error("10fx"),
            "ValueError: Invalid format specifier '10fx' for object of type 'float'"
        );
        assert_eq!(
            error("99999999999999999999"),
            "ValueError: Too many decimal digits in format string"
        );
    }
}
