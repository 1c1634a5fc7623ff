//! Declarations of a document type.

use std::collections::HashMap;

use super::codes;
use super::event::{Event, ExternalId, Model};
use super::scan::{self, is_space};

/// A declared entity.
#[derive(Clone, Debug, Default)]
pub struct Entity {
    /// Text of an internal one.
    pub text: Option<String>,
    /// Place of an external one.
    pub id: ExternalId,
    /// Notation of one that is not parsed.
    pub notation: Option<String>,
    /// Declared outside the internal subset.
    pub outside: bool,
}

/// A declared attribute.
#[derive(Clone, Debug)]
pub struct AttributeDecl {
    /// Name.
    pub name: String,
    /// Blanks in its value count.
    pub cdata: bool,
    /// Default value.
    pub default: Option<String>,
}

/// What the declarations have said so far.
#[derive(Debug, Default)]
pub struct Dtd {
    /// General entities.
    pub general: HashMap<String, Entity>,
    /// Parameter entities.
    pub parameter: HashMap<String, Entity>,
    /// Attributes by element.
    pub attributes: HashMap<String, Vec<AttributeDecl>>,
    /// The document says that it is complete.
    pub standalone: bool,
    /// Part of the declarations may be somewhere else.
    pub has_references: bool,
    /// A part was not read: declarations do not count any more.
    pub stopped: bool,
    /// The external part was read.
    pub was_read: bool,
}

/// The text of one declaration, from behind its keyword to its `>`.
pub struct Words<'a> {
    b: &'a [u8],
    i: usize,
}

type Parsed<T> = Result<T, i32>;

fn owned(b: &[u8]) -> String {
    String::from_utf8_lossy(b).into_owned()
}

/// Line ends as XML wants them.
pub fn newlines(text: &str) -> String {
    if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n")
    } else {
        text.to_owned()
    }
}

impl<'a> Words<'a> {
    /// Over a declaration's text.
    pub fn new(b: &'a [u8]) -> Words<'a> {
        Words { b, i: 0 }
    }

    fn skip(&mut self) {
        self.i = scan::skip_space(self.b, self.i);
    }

    fn peek(&mut self) -> Option<u8> {
        self.skip();
        self.b.get(self.i).copied()
    }

    /// Where reading stands.
    pub fn place(&self) -> usize {
        self.i
    }

    /// Is nothing left?
    pub fn is_done(&mut self) -> bool {
        self.peek().is_none()
    }

    fn eat(&mut self, c: u8) -> bool {
        let there = self.peek() == Some(c);
        self.i += there as usize;
        there
    }

    /// A name.
    pub fn name(&mut self) -> Parsed<String> {
        self.skip();
        match scan::name(self.b, self.i) {
            Ok(end) => {
                let n = owned(&self.b[self.i..end]);
                self.i = end;
                Ok(n)
            }
            Err(_) => Err(codes::SYNTAX),
        }
    }

    fn token(&mut self) -> Parsed<String> {
        self.skip();
        let end = scan::name_run(self.b, self.i);
        if end == self.i {
            return Err(codes::SYNTAX);
        }
        let t = owned(&self.b[self.i..end]);
        self.i = end;
        Ok(t)
    }

    fn keyword(&mut self, word: &str) -> bool {
        self.skip();
        let rest = &self.b[self.i..];
        let there =
            rest.starts_with(word.as_bytes()) && scan::name_run(rest, word.len()) == word.len();
        if there {
            self.i += word.len();
        }
        there
    }

    /// What stands in quotes, as it is.
    pub fn literal(&mut self) -> Parsed<&'a str> {
        self.skip();
        let quote = match self.b.get(self.i) {
            Some(c @ (b'"' | b'\'')) => *c,
            _ => return Err(codes::SYNTAX),
        };
        let from = self.i + 1;
        let Some(n) = memchr::memchr(quote, &self.b[from..]) else {
            return Err(codes::SYNTAX);
        };
        self.i = from + n + 1;
        std::str::from_utf8(&self.b[from..from + n]).map_err(|_| codes::INVALID_TOKEN)
    }

    fn public(&mut self) -> Parsed<String> {
        let text = self.literal()?;
        let fits = |c: char| c.is_ascii_alphanumeric() || " \r\n-'()+,./:=?;!*#@$_%".contains(c);
        if !text.chars().all(fits) {
            return Err(codes::PUBLICID);
        }
        Ok(text.split_ascii_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// `SYSTEM "…"` or `PUBLIC "…" "…"`; the second literal may be missing for notations.
    pub fn external_id(&mut self, notation: bool) -> Parsed<Option<ExternalId>> {
        if self.keyword("SYSTEM") {
            let system = Some(self.literal()?.to_owned());
            return Ok(Some(ExternalId {
                system,
                public: None,
            }));
        }
        if !self.keyword("PUBLIC") {
            return Ok(None);
        }
        let public = Some(self.public()?);
        let system = match self.peek() {
            Some(b'"' | b'\'') => Some(self.literal()?.to_owned()),
            _ if notation => None,
            _ => return Err(codes::SYNTAX),
        };
        Ok(Some(ExternalId { system, public }))
    }

    fn end(&mut self) -> Parsed<()> {
        if self.is_done() {
            Ok(())
        } else {
            Err(codes::SYNTAX)
        }
    }

    fn quantifier(&mut self) -> i64 {
        let q = match self.b.get(self.i) {
            Some(b'?') => 1,
            Some(b'*') => 2,
            Some(b'+') => 3,
            _ => return 0,
        };
        self.i += 1;
        q
    }

    fn group(&mut self, depth: usize) -> Parsed<Model> {
        if depth > 500 {
            return Err(codes::NO_MEMORY);
        }
        let mut m = Model {
            kind: 6,
            ..Model::default()
        };
        let mut separator = None;
        loop {
            let part = if self.eat(b'(') {
                self.group(depth + 1)?
            } else if self.keyword("#PCDATA") {
                m.kind = 3;
                Model::default()
            } else {
                let name = Some(self.name()?);
                let quantifier = self.quantifier();
                Model {
                    kind: 4,
                    quantifier,
                    name,
                    children: Vec::new(),
                }
            };
            if part.kind != 0 {
                m.children.push(part);
            }
            match self.peek() {
                Some(b')') => break,
                Some(c @ (b'|' | b',')) if separator.is_none_or(|s| s == c) => {
                    separator = Some(c);
                    self.i += 1;
                }
                _ => return Err(codes::SYNTAX),
            }
        }
        self.i += 1;
        if m.kind == 6 && separator == Some(b'|') {
            m.kind = 5;
        }
        m.quantifier = self.quantifier();
        Ok(m)
    }

    /// Behind `<!ELEMENT`.
    pub fn element(&mut self) -> Parsed<Event> {
        let name = self.name()?;
        let model = if self.keyword("EMPTY") {
            Model {
                kind: 1,
                ..Model::default()
            }
        } else if self.keyword("ANY") {
            Model {
                kind: 2,
                ..Model::default()
            }
        } else if self.eat(b'(') {
            self.group(0)?
        } else {
            return Err(codes::SYNTAX);
        };
        self.end()?;
        Ok(Event::Element(name, model))
    }

    /// Behind `<!NOTATION`.
    pub fn notation(&mut self) -> Parsed<Event> {
        let name = self.name()?;
        let Some(id) = self.external_id(true)? else {
            return Err(codes::SYNTAX);
        };
        self.end()?;
        Ok(Event::Notation(name, id))
    }

    /// Behind `<!ENTITY`: the event, and the value as it is written.
    pub fn entity(&mut self) -> Parsed<Event> {
        let parameter = self.eat(b'%');
        if parameter && !self.b.get(self.i).is_some_and(|c| is_space(*c)) {
            return Err(codes::INVALID_TOKEN);
        }
        let name = self.name()?;
        let (mut value, mut id, mut notation) = (None, ExternalId::default(), None);
        match self.external_id(false)? {
            Some(found) => {
                id = found;
                if !parameter && self.keyword("NDATA") {
                    notation = Some(self.name()?);
                }
            }
            None => value = Some(self.literal()?.to_owned()),
        }
        self.end()?;
        Ok(Event::Entity {
            name,
            parameter,
            value,
            id,
            notation,
        })
    }

    fn choices(&mut self, mut text: String) -> Parsed<String> {
        let mut first = true;
        text.push('(');
        loop {
            if !first {
                text.push('|');
            }
            first = false;
            text.push_str(&self.token()?);
            if self.eat(b')') {
                break;
            }
            if !self.eat(b'|') {
                return Err(codes::SYNTAX);
            }
        }
        text.push(')');
        Ok(text)
    }

    /// The next attribute behind `<!ATTLIST element`: name, type, default as it is written,
    /// whether it must be there.
    pub fn attribute(&mut self) -> Parsed<(String, String, Option<&'a str>, bool)> {
        const TYPES: [&str; 8] = [
            "CDATA", "IDREFS", "IDREF", "ID", "ENTITY", "ENTITIES", "NMTOKENS", "NMTOKEN",
        ];
        let name = self.name()?;
        let kind = if self.eat(b'(') {
            self.choices(String::new())?
        } else if self.keyword("NOTATION") {
            if !self.eat(b'(') {
                return Err(codes::SYNTAX);
            }
            self.choices("NOTATION".into())?
        } else {
            match TYPES.iter().find(|t| self.keyword(t)) {
                Some(t) => (*t).to_owned(),
                None => return Err(codes::SYNTAX),
            }
        };
        if self.keyword("#REQUIRED") {
            return Ok((name, kind, None, true));
        }
        if self.keyword("#IMPLIED") {
            return Ok((name, kind, None, false));
        }
        let fixed = self.keyword("#FIXED");
        let value = self.literal()?;
        Ok((name, kind, Some(value), fixed))
    }
}
