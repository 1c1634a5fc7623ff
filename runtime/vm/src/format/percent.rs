//! Printf-style templates: `'%(name)-+ #0*.*ld' % values`.
//!
//! [`Template`] yields the pieces; the caller fetches the values (also those
//! of `*`) and hands numbers to [`format_int`] and [`format_float`], whose
//! result [`pad_number`] puts into its field, and text to [`pad_text`]. It is
//! the same for `str` and `bytes`: positions are indexes into the code points
//! or bytes of the template.
//!
//! An unknown conversion takes a value before it is refused.

use super::FormatError;
use super::int::IntRef;
use crate::number::check_memory;
use crate::number::float_text::{self, FloatStyle, Presentation};
use crate::unicode::{TextBuilder, TextRef};

/// Flags between `%` and the width.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// `-`
    pub left: bool,
    /// `+`
    pub plus: bool,
    /// A space.
    pub space: bool,
    /// `#`
    pub alternate: bool,
    /// `0`
    pub zero: bool,
}

/// A width or precision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// Given as digits.
    Given(usize),
    /// `*`: the next value (to be tried with [`check_memory`] if large).
    Next,
}

/// A conversion.
#[derive(Clone, Copy, Debug)]
pub struct Conversion {
    /// Where the text between `(` and `)` begins and ends.
    pub key: Option<(usize, usize)>,
    /// Flags.
    pub flags: Flags,
    /// Minimum width.
    pub width: Option<Amount>,
    /// Precision; a point without digits means zero.
    pub precision: Option<Amount>,
    /// Conversion character, perhaps one that does not exist: `%%` is literal
    /// text, and `%` after flags is an [`unsupported`] conversion.
    pub kind: u32,
    /// Index of the conversion character.
    pub position: usize,
}

/// Literal text or a conversion.
#[derive(Clone, Copy, Debug)]
pub enum Piece {
    /// Text to be taken as it is: its first position and its end.
    Literal(usize, usize),
    /// A conversion.
    Conversion(Conversion),
}

/// A unit of a template.
pub trait Unit: Copy + Into<u32> {
    /// The first position of a percent sign.
    #[inline]
    fn find_percent(units: &[Self]) -> Option<usize> {
        units.iter().position(|&u| u.into() == '%'.into())
    }
}

impl Unit for u8 {
    #[inline]
    fn find_percent(units: &[u8]) -> Option<usize> {
        memchr::memchr(b'%', units)
    }
}

impl Unit for u16 {}

impl Unit for u32 {}

/// Iterator over the pieces of a template; ends after an error.
#[derive(Clone, Debug)]
pub struct Template<'a, U> {
    units: &'a [U],
    at: usize,
    precision_too_big: &'static str,
}

/// Error for a keyed conversion when the values are no mapping.
pub fn needs_mapping() -> FormatError {
    FormatError::type_error("format requires a mapping")
}

/// Error for a `*` whose value is no integer.
pub fn star_wants_int() -> FormatError {
    FormatError::type_error("* wants int")
}

/// Error for too few values.
pub fn not_enough_arguments() -> FormatError {
    FormatError::type_error("not enough arguments for format string")
}

/// Error for values left over; `kind` is `string` or `bytes`.
pub fn not_all_converted(kind: &str) -> FormatError {
    FormatError::type_error(format!(
        "not all arguments converted during {kind} formatting"
    ))
}

/// Error for a conversion character that does not exist.
pub fn unsupported(conversion: &Conversion) -> FormatError {
    let c = conversion.kind;
    let shown = match c {
        32..127 => char::from(c as u8),
        _ => '?',
    };
    FormatError::value(format!(
        "unsupported format character '{shown}' (0x{c:x}) at index {}",
        conversion.position
    ))
}

/// Error for a value that `d`, `x` and the like cannot convert.
pub fn number_required(kind: char, type_name: &str) -> FormatError {
    let wanted = if matches!(kind, 'o' | 'x' | 'X') {
        "an integer"
    } else {
        "a real number"
    };
    FormatError::type_error(format!(
        "%{kind} format: {wanted} is required, not {type_name}"
    ))
}

impl Conversion {
    /// A conversion that is a letter at a position and nothing else.
    #[inline]
    pub fn plain(kind: u8, position: usize) -> Conversion {
        Conversion {
            key: None,
            flags: Flags::default(),
            width: None,
            precision: None,
            kind: kind.into(),
            position,
        }
    }
}

impl<'a> Template<'a, u8> {
    /// Pieces of a template of bytes.
    pub fn of_bytes(bytes: &'a [u8]) -> Self {
        Template {
            precision_too_big: "prec too big",
            ..Template::new(bytes)
        }
    }
}

impl<'a, U: Unit> Template<'a, U> {
    /// Pieces of a template of text.
    pub fn new(units: &'a [U]) -> Self {
        Template {
            units,
            at: 0,
            precision_too_big: "precision too big",
        }
    }

    #[inline]
    fn unit(&self) -> Option<u32> {
        self.units.get(self.at).map(|&u| u.into())
    }

    /// The character here, if it is one that a conversion may be made of.
    #[inline]
    fn peek(&self) -> Option<u8> {
        Some(u8::try_from(self.unit()?).unwrap_or(0xFF))
    }

    /// Where reading goes on.
    #[inline]
    pub fn position(&self) -> usize {
        self.at
    }

    /// Steps over text up to a percent sign or the end, and gives its bounds.
    #[inline]
    pub fn literal(&mut self) -> (usize, usize) {
        let start = self.at;
        let rest = self.units.get(start..).unwrap_or_default();
        if rest.first().is_some_and(|&u| u.into() != '%'.into()) {
            self.at += U::find_percent(rest).unwrap_or(rest.len());
        }
        (start, self.at)
    }

    /// Steps over a conversion that is a letter and nothing else, of those that take one value.
    #[inline]
    pub fn plain_kind(&mut self) -> Option<u8> {
        let [percent, letter, ..] = self.units.get(self.at..)? else {
            return None;
        };
        let letter = u8::try_from((*letter).into()).ok()?;
        if (*percent).into() != '%'.into() || !matches!(letter, b's' | b'd') {
            return None;
        }
        self.at += 2;
        Some(letter)
    }

    fn amount(
        &mut self,
        most: usize,
        too_big: &'static str,
    ) -> Result<Option<Amount>, FormatError> {
        match self.peek() {
            Some(b'*') => {
                self.at += 1;
                return Ok(Some(Amount::Next));
            }
            Some(b'0'..=b'9') => {}
            _ => return Ok(None),
        }
        let mut value = None;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            let next = value
                .unwrap_or(0usize)
                .checked_mul(10)
                .and_then(|value| value.checked_add(usize::from(digit - b'0')))
                .filter(|&value| value <= most);
            value = Some(next.ok_or_else(|| FormatError::value(too_big))?);
            self.at += 1;
        }
        check_memory(value.unwrap_or(0))?;
        Ok(value.map(Amount::Given))
    }

    fn key(&mut self) -> Result<(usize, usize), FormatError> {
        self.at += 1;
        let start = self.at;
        let mut depth = 1;
        while let Some(c) = self.peek() {
            self.at += 1;
            match c {
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Ok((start, self.at - 1));
            }
        }
        Err(FormatError::value("incomplete format key"))
    }

    fn conversion(&mut self) -> Result<Conversion, FormatError> {
        let key = match self.peek() {
            Some(b'(') => Some(self.key()?),
            _ => None,
        };
        let mut flags = Flags::default();
        while let Some(c) = self.peek() {
            match c {
                b'-' => flags.left = true,
                b'+' => flags.plus = true,
                b' ' => flags.space = true,
                b'#' => flags.alternate = true,
                b'0' => flags.zero = true,
                _ => break,
            }
            self.at += 1;
        }
        let width = self.amount(isize::MAX as usize, "width too big")?;
        let mut precision = None;
        if self.peek() == Some(b'.') {
            self.at += 1;
            precision = Some(
                self.amount(i32::MAX as usize, self.precision_too_big)?
                    .unwrap_or(Amount::Given(0)),
            );
        }
        if matches!(self.peek(), Some(b'h' | b'l' | b'L')) {
            self.at += 1;
        }
        let kind = self
            .unit()
            .ok_or_else(|| FormatError::value("incomplete format"))?;
        self.at += 1;
        Ok(Conversion {
            key,
            flags,
            width,
            precision,
            kind,
            position: self.at - 1,
        })
    }
}

impl<U: Unit> Iterator for Template<'_, U> {
    type Item = Result<Piece, FormatError>;

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.at;
        let rest = self.units.get(start..).filter(|rest| !rest.is_empty())?;
        let literal = U::find_percent(rest).unwrap_or(rest.len());
        if literal > 0 {
            self.at += literal;
            return Some(Ok(Piece::Literal(start, self.at)));
        }
        self.at += 1;
        if self.peek() == Some(b'%') {
            self.at += 1;
            return Some(Ok(Piece::Literal(start + 1, self.at)));
        }
        let conversion = self.conversion();
        if conversion.is_err() {
            self.at = self.units.len();
        }
        Some(conversion.map(Piece::Conversion))
    }
}

/// A number ready for its field: sign, prefix and digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// Whether it has a minus sign.
    pub negative: bool,
    /// `0x`, `0X`, `0o` or nothing.
    pub prefix: &'static str,
    /// The rest.
    pub body: String,
}

/// Digits of `d`, `i`, `u`, `o`, `x` and `X`.
pub fn format_int(
    n: IntRef<'_>,
    kind: char,
    alternate: bool,
    precision: Option<usize>,
    limit: usize,
) -> Result<Number, FormatError> {
    let (base, prefix) = match kind {
        'o' => (8, "0o"),
        'x' => (16, "0x"),
        'X' => (16, "0X"),
        _ => (10, ""),
    };
    let precision = precision.unwrap_or(0);
    if precision > i32::MAX as usize - 3 {
        return Err(FormatError::overflow("precision too large"));
    }
    let mut body = n.magnitude(base, limit)?;
    if kind == 'X' {
        body.make_ascii_uppercase();
    }
    if body.len() < precision {
        body.insert_str(0, &"0".repeat(precision - body.len()));
    }
    Ok(Number {
        negative: n.is_negative(),
        prefix: if alternate { prefix } else { "" },
        body,
    })
}

/// Digits of `e`, `f`, `g` and their capitals.
pub fn format_float(
    x: f64,
    kind: char,
    alternate: bool,
    precision: Option<usize>,
) -> Result<Number, FormatError> {
    let precision = precision.unwrap_or(6);
    if precision > i32::MAX as usize {
        return Err(FormatError::value("precision too big"));
    }
    let presentation = match kind.to_ascii_lowercase() {
        'e' => Presentation::Exponent,
        'f' => Presentation::Fixed,
        _ => Presentation::General,
    };
    let style = FloatStyle {
        presentation,
        precision,
        alternate,
        add_dot_0: false,
        upper: kind.is_ascii_uppercase(),
    };
    Ok(Number {
        negative: x.is_sign_negative() && !x.is_nan(),
        prefix: "",
        body: float_text::format_magnitude(x, style),
    })
}

/// Puts a number into its field. The result is ASCII.
pub fn pad_number(number: &Number, flags: Flags, width: usize) -> String {
    let sign = match number.negative {
        true => "-",
        false if flags.plus => "+",
        false if flags.space => " ",
        false => "",
    };
    let len = sign.len() + number.prefix.len() + number.body.len();
    let missing = width.saturating_sub(len);
    let zeros = if flags.zero && !flags.left {
        missing
    } else {
        0
    };
    let before = if flags.left { 0 } else { missing - zeros };
    let mut out = String::with_capacity(len + missing);
    out.extend(std::iter::repeat_n(' ', before));
    out.push_str(sign);
    out.push_str(number.prefix);
    out.extend(std::iter::repeat_n('0', zeros));
    out.push_str(&number.body);
    out.extend(std::iter::repeat_n(' ', width.saturating_sub(out.len())));
    out
}

/// Writes text in its field, cut to the precision.
pub fn push_padded(
    out: &mut TextBuilder,
    text: TextRef<'_>,
    flags: Flags,
    width: usize,
    precision: Option<usize>,
) {
    let text = text.slice(0, precision.unwrap_or(usize::MAX));
    let missing = width.saturating_sub(text.len());
    if !flags.left {
        out.push_repeated(' '.into(), missing);
    }
    out.push_text(text);
    if flags.left {
        out.push_repeated(' '.into(), missing);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conversion(template: &str) -> Result<Conversion, FormatError> {
        match Template::new(template.as_bytes()).last() {
            Some(Ok(Piece::Conversion(conversion))) => Ok(conversion),
            Some(Err(error)) => Err(error),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn parses() {
        let found = conversion("abc%(k(x))-+ #0*.12ld").unwrap();
        assert_eq!(found.key, Some((5, 9)));
        assert!(found.flags.left && found.flags.plus && found.flags.space && found.flags.zero);
        assert_eq!(found.width, Some(Amount::Next));
        assert_eq!(found.precision, Some(Amount::Given(12)));
        assert_eq!((found.kind, found.position), ('d'.into(), 20));
        assert_eq!(
            conversion("%5.f").unwrap().precision,
            Some(Amount::Given(0))
        );
        assert_eq!(conversion("a%").unwrap_err().message, "incomplete format");
        assert_eq!(
            conversion("%(a").unwrap_err().message,
            "incomplete format key"
        );
        let unknown = unsupported(&conversion("%y").unwrap());
        assert_eq!(
            unknown.message,
            "unsupported format character 'y' (0x79) at index 1"
        );
    }

    #[test]
    fn numbers() {
        let int = |n, template| {
            let c = conversion(template).unwrap();
            let amount = |amount| match amount {
                Some(Amount::Given(n)) => Some(n),
                _ => None,
            };
            let kind = char::from_u32(c.kind).unwrap();
            let n = IntRef::Small(n);
            let number = format_int(n, kind, c.flags.alternate, amount(c.precision), 4300).unwrap();
            pad_number(&number, c.flags, amount(c.width).unwrap_or(0))
        };
        assert_eq!(int(-255, "%#010x"), "-0x00000ff");
        assert_eq!(int(255, "%#X"), "0XFF");
        assert_eq!(int(42, "%+-6d"), "+42   ");
        assert_eq!(int(42, "% 6.4d"), "  0042");
        assert_eq!(int(8, "%#o"), "0o10");
        let float = |x, kind| {
            let number = format_float(x, kind, false, None).unwrap();
            let flags = Flags {
                zero: true,
                ..Flags::default()
            };
            pad_number(&number, flags, 10)
        };
        assert_eq!(float(-1.5, 'f'), "-01.500000");
        assert_eq!(float(f64::INFINITY, 'F'), "0000000INF");
        assert_eq!(float(1e20, 'g'), "000001e+20");
    }
}
