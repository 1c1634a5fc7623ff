//! Templates of `str.format`: literal text and replacement fields.
//!
//! [`Markup`] yields the pieces, [`FieldName`] splits a field's name, and
//! [`AutoNumber`] counts `{}` fields. Looking values up, converting them and
//! expanding nested specifications is the caller's part, in that order, since
//! errors must come in the order of evaluation.

use super::FormatError;
use crate::unicode::{TextRef, types};

/// How deeply fields may be nested in specifications.
pub const MAX_DEPTH: usize = 2;

/// The error for deeper nesting.
pub fn too_deep() -> FormatError {
    FormatError::value("Max string recursion exceeded")
}

/// A replacement field.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    /// Name with attributes and items, perhaps empty.
    pub name: TextRef<'a>,
    /// `r` of `!r`.
    pub conversion: Option<u32>,
    /// Specification after the colon, perhaps empty.
    pub spec: TextRef<'a>,
    /// Whether the specification has fields of its own.
    pub nested: bool,
}

/// Literal text and the field after it.
#[derive(Clone, Copy, Debug)]
pub struct Piece<'a> {
    /// Text to be taken as it is, perhaps empty.
    pub literal: TextRef<'a>,
    /// The field, if one follows.
    pub field: Option<Field<'a>>,
}

/// Iterator over the pieces of a template; ends after an error.
#[derive(Clone, Debug)]
pub struct Markup<'a> {
    text: TextRef<'a>,
    at: usize,
}

fn fail<T>(message: &'static str) -> Result<T, FormatError> {
    Err(FormatError::value(message))
}

impl<'a> Markup<'a> {
    /// Pieces of a template.
    pub fn new(text: TextRef<'a>) -> Self {
        Markup { text, at: 0 }
    }

    fn read(&mut self) -> Option<char> {
        let c = self.text.get(self.at)?;
        self.at += 1;
        Some(char::from_u32(c).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    /// Reads up to a brace, which is given.
    fn brace(&mut self) -> Option<char> {
        if let TextRef::Ascii(s) = self.text {
            let rest = s.as_bytes().get(self.at..).unwrap_or_default();
            let found = rest.iter().position(|b| matches!(b, b'{' | b'}'));
            self.at += found.map_or(rest.len(), |i| i + 1);
            return found.and_then(|i| rest.get(i)).map(|b| char::from(*b));
        }
        while let Some(c) = self.read() {
            if matches!(c, '{' | '}') {
                return Some(c);
            }
        }
        None
    }

    fn piece(&mut self) -> Result<Piece<'a>, FormatError> {
        let start = self.at;
        let Some(brace) = self.brace() else {
            let literal = self.text.slice(start, self.at);
            return Ok(Piece {
                literal,
                field: None,
            });
        };
        let end = self.at;
        if self.text.get(end) == Some(brace.into()) {
            self.at += 1;
            let literal = self.text.slice(start, end);
            return Ok(Piece {
                literal,
                field: None,
            });
        }
        if brace == '}' {
            return fail("Single '}' encountered in format string");
        }
        if end >= self.text.len() {
            return fail("Single '{' encountered in format string");
        }
        let field = self.field()?;
        Ok(Piece {
            literal: self.text.slice(start, end - 1),
            field: Some(field),
        })
    }

    fn field(&mut self) -> Result<Field<'a>, FormatError> {
        let start = self.at;
        let mut last = '\0';
        while let Some(c) = self.read() {
            last = c;
            match c {
                '{' => return fail("unexpected '{' in field name"),
                '[' => {
                    while self.text.get(self.at).is_some_and(|c| c != ']'.into()) {
                        self.at += 1;
                    }
                }
                '}' | ':' | '!' => break,
                _ => {}
            }
        }
        let mut field = Field {
            name: self.text.slice(start, self.at.saturating_sub(1)),
            conversion: None,
            spec: TextRef::Ascii(""),
            nested: false,
        };
        match last {
            '}' => return Ok(field),
            ':' => {}
            '!' => {
                field.conversion = self.text.get(self.at);
                if field.conversion.is_none() {
                    return fail("end of string while looking for conversion specifier");
                }
                self.at += 1;
                match self.read() {
                    Some('}') => return Ok(field),
                    Some(':') | None => {}
                    Some(_) => return fail("expected ':' after conversion specifier"),
                }
            }
            _ => return fail("expected '}' before end of string"),
        }
        let start = self.at;
        let mut depth = 1;
        while let Some(c) = self.read() {
            match c {
                '{' => {
                    field.nested = true;
                    depth += 1;
                }
                '}' => {
                    depth -= 1;
                    if depth == 0 {
                        field.spec = self.text.slice(start, self.at - 1);
                        return Ok(field);
                    }
                }
                _ => {}
            }
        }
        fail("unmatched '{' in format spec")
    }
}

impl<'a> Iterator for Markup<'a> {
    type Item = Result<Piece<'a>, FormatError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.text.len() {
            return None;
        }
        let piece = self.piece();
        if piece.is_err() {
            self.at = self.text.len();
        }
        Some(piece)
    }
}

/// The error for a conversion other than `s`, `r` and `a`.
pub fn unknown_conversion(c: u32) -> FormatError {
    FormatError::value(match c {
        33..127 => format!("Unknown conversion specifier {}", char::from(c as u8)),
        _ => format!("Unknown conversion specifier \\x{c:x}"),
    })
}

/// What a field's name begins with.
#[derive(Clone, Copy, Debug)]
pub enum First<'a> {
    /// Nothing: the next positional argument.
    Auto,
    /// A positional argument.
    Index(usize),
    /// A keyword argument.
    Name(TextRef<'a>),
}

/// A step from a value to a part of it.
#[derive(Clone, Copy, Debug)]
pub enum Step<'a> {
    /// `.name`
    Attribute(TextRef<'a>),
    /// `[3]`
    Index(usize),
    /// `[key]`
    Key(TextRef<'a>),
}

/// Iterator over the steps of a field's name.
#[derive(Clone, Debug)]
pub struct FieldName<'a> {
    text: TextRef<'a>,
    at: usize,
}

/// A text that is all decimal digits, as an index.
fn index(text: TextRef<'_>) -> Result<Option<usize>, FormatError> {
    if text.is_empty() {
        return Ok(None);
    }
    let mut value = 0usize;
    for c in text.iter() {
        let Some(digit) = types::decimal(c) else {
            return Ok(None);
        };
        value = value
            .checked_mul(10)
            .and_then(|value| value.checked_add(usize::from(digit)))
            .filter(|&value| value <= isize::MAX as usize)
            .ok_or_else(|| FormatError::value("Too many decimal digits in format string"))?;
    }
    Ok(Some(value))
}

impl<'a> FieldName<'a> {
    /// Splits a name into its beginning and the steps after it.
    pub fn split(text: TextRef<'a>) -> Result<(First<'a>, Self), FormatError> {
        let end = text
            .iter()
            .position(|c| c == '.'.into() || c == '['.into())
            .unwrap_or(text.len());
        let first = text.slice(0, end);
        let first = match index(first)? {
            Some(index) => First::Index(index),
            None if first.is_empty() => First::Auto,
            None => First::Name(first),
        };
        Ok((first, FieldName { text, at: end }))
    }

    fn step(&mut self) -> Result<Step<'a>, FormatError> {
        let empty = || FormatError::value("Empty attribute in format string");
        let kind = self.text.get(self.at);
        self.at += 1;
        let start = self.at;
        let rest = self.text.slice(start, usize::MAX);
        if kind == Some('.'.into()) {
            let len = rest
                .iter()
                .position(|c| c == '.'.into() || c == '['.into())
                .unwrap_or(rest.len());
            self.at = start + len;
            let name = rest.slice(0, len);
            return if name.is_empty() {
                Err(empty())
            } else {
                Ok(Step::Attribute(name))
            };
        }
        if kind != Some('['.into()) {
            return fail("Only '.' or '[' may follow ']' in format field specifier");
        }
        let Some(len) = rest.iter().position(|c| c == ']'.into()) else {
            return fail("Missing ']' in format string");
        };
        self.at = start + len + 1;
        let key = rest.slice(0, len);
        match index(key)? {
            Some(index) => Ok(Step::Index(index)),
            None if key.is_empty() => Err(empty()),
            None => Ok(Step::Key(key)),
        }
    }
}

impl<'a> Iterator for FieldName<'a> {
    type Item = Result<Step<'a>, FormatError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.text.len() {
            return None;
        }
        let step = self.step();
        if step.is_err() {
            self.at = self.text.len();
        }
        Some(step)
    }
}

/// Counter of `{}` fields, which must not be mixed with `{0}` fields. One is
/// shared by a template and its nested specifications.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AutoNumber {
    /// No positional field was seen.
    #[default]
    Unknown,
    /// `{}`: the next index.
    Automatic(usize),
    /// `{0}`
    Manual,
}

impl AutoNumber {
    /// Positional index of a field; `None` for a keyword.
    pub fn resolve(&mut self, first: First<'_>) -> Result<Option<usize>, FormatError> {
        match (first, *self) {
            (First::Name(_), _) => Ok(None),
            (First::Auto, AutoNumber::Manual) => {
                fail("cannot switch from manual field specification to automatic field numbering")
            }
            (First::Index(_), AutoNumber::Automatic(_)) => {
                fail("cannot switch from automatic field numbering to manual field specification")
            }
            (First::Index(index), _) => {
                *self = AutoNumber::Manual;
                Ok(Some(index))
            }
            (First::Auto, state) => {
                let next = match state {
                    AutoNumber::Automatic(next) => next,
                    _ => 0,
                };
                *self = AutoNumber::Automatic(next + 1);
                Ok(Some(next))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unicode::Text;

    fn show(template: &str) -> String {
        let text = Text::from(template);
        let mut out = String::new();
        for piece in Markup::new(text.as_ref()) {
            match piece {
                Err(error) => out += &error.message,
                Ok(piece) => {
                    out += &piece.literal.to_text().to_string();
                    if let Some(field) = piece.field {
                        let conversion = field.conversion.and_then(char::from_u32);
                        out += &format!(
                            "<{}|{}|{}|{}>",
                            field.name.to_text(),
                            conversion.unwrap_or('-'),
                            field.spec.to_text(),
                            field.nested
                        );
                    }
                }
            }
        }
        out
    }

    #[test]
    fn templates() {
        for (template, shown) in [
            ("a{{b}}c", "a{b}c"),
            ("x{0.a[k}]!r:{w}.2}y", "x<0.a[k}]|r|{w}.2|true>y"),
            ("{}", "<|-||false>"),
            ("{!r}", "<|r||false>"),
            ("a}", "Single '}' encountered in format string"),
            ("a{", "Single '{' encountered in format string"),
            ("{a", "expected '}' before end of string"),
            ("{a{", "unexpected '{' in field name"),
            (
                "{a!",
                "end of string while looking for conversion specifier",
            ),
            ("{a!r", "unmatched '{' in format spec"),
            ("{a!rx}", "expected ':' after conversion specifier"),
            ("{a:{b}", "unmatched '{' in format spec"),
        ] {
            assert_eq!(show(template), shown, "{template}");
        }
    }

    #[test]
    fn names() {
        let steps = |name: &str| {
            let text = Text::from(name);
            let (first, rest) = FieldName::split(text.as_ref()).unwrap();
            let mut out = format!("{first:?}");
            for step in rest {
                out += &step.map_or_else(|e| format!(" {}", e.message), |s| format!(" {s:?}"));
            }
            out
        };
        assert_eq!(
            steps("0.a[1][k]"),
            "Index(0) Attribute(Ascii(\"a\")) Index(1) Key(Ascii(\"k\"))"
        );
        assert_eq!(
            steps("x."),
            "Name(Ascii(\"x\")) Empty attribute in format string"
        );
        assert_eq!(steps("[0"), "Auto Missing ']' in format string");
        assert_eq!(
            steps("[0]a"),
            "Auto Index(0) Only '.' or '[' may follow ']' in format field specifier"
        );
        let mut auto = AutoNumber::default();
        assert_eq!(auto.resolve(First::Auto), Ok(Some(0)));
        assert_eq!(auto.resolve(First::Auto), Ok(Some(1)));
        assert!(auto.resolve(First::Index(0)).is_err());
    }
}
