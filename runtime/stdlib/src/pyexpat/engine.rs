//! The parser: bytes go in, events come out. It knows no Python object.
//!
//! An entity's text is an input of its own on a stack. What is complete in the input is turned
//! into events one at a time; what is not waits for more.

mod content;
mod subset;

use std::cell::RefCell;
use std::collections::{HashMap, HashSet, VecDeque};
use std::rc::Rc;

use super::codes;
use super::decode::{Decoder, Encoding};
use super::dtd::{Dtd, newlines};
use super::event::{Event, ExternalId};
use super::scan::{self, RawAttribute, Stop, is_space};

const XML_URI: &str = "http://www.w3.org/XML/1998/namespace";
const XMLNS_URI: &str = "http://www.w3.org/2000/xmlns/";

/// Why there is no event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// An error of the document.
    Code(i32),
    /// An encoding that the engine does not know; see [`Engine::set_table`].
    Encoding(String),
}

impl From<i32> for Failure {
    fn from(code: i32) -> Failure {
        Failure::Code(code)
    }
}

type Step<T = Option<Event>> = Result<T, Failure>;

/// What the user wants to hear of.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Stands between URI and name; namespaces are processed.
    pub separator: Option<String>,
    /// Prefixes are part of names.
    pub prefixes: bool,
    /// External entities are handled.
    pub external: bool,
    /// Internal entities are not to be expanded.
    pub raw_entities: bool,
    /// Somebody wants to know of dependences.
    pub not_standalone: bool,
    /// Read the external subset: never, unless standalone, always.
    pub parameters: i32,
    /// Act as if there were an external subset.
    pub foreign: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    Head,
    Prolog,
    Subset,
    /// Behind the `]` of the internal subset.
    SubsetEnd,
    Content,
    Cdata,
    Epilog,
    /// Text of an external entity that belongs to the DTD.
    OutsideSubset,
}

struct Input {
    text: Vec<u8>,
    pos: usize,
    entity: Option<(String, bool)>,
    depth: usize,
}

struct Open {
    raw: String,
    name: String,
    bindings: Vec<(String, Option<String>)>,
}

/// A parser.
pub struct Engine {
    /// What the user wants.
    pub options: Options,
    decoder: Decoder,
    forced: bool,
    head: Vec<u8>,
    inputs: Vec<Input>,
    last: bool,
    state: State,
    in_outside: bool,
    is_fragment: bool,
    tags: Vec<Open>,
    namespaces: HashMap<String, String>,
    dtd: Rc<RefCell<Dtd>>,
    open: HashSet<(String, bool)>,
    queue: VecDeque<Event>,
    doctype: ExternalId,
    seen_doctype: bool,
    raw: (usize, usize),
    conditionals: usize,
    /// Where the current event begins in the document's text; an error moves it.
    at: usize,
    counted: (usize, u64, u64),
    byte_base: u64,
    direct: u64,
    expanded: u64,
    attempt: usize,
    /// Wait for more input before a piece that was incomplete is looked at again.
    pub deferral: bool,
    attributes: Vec<RawAttribute>,
}

fn owned(b: &[u8]) -> String {
    String::from_utf8_lossy(b).into_owned()
}

impl Engine {
    /// A parser; an encoding that is given overrides what the document says.
    pub fn new(encoding: Option<Encoding>, options: Options) -> Engine {
        let mut namespaces = HashMap::new();
        namespaces.insert("xml".to_owned(), XML_URI.to_owned());
        Engine {
            options,
            forced: encoding.is_some(),
            decoder: Decoder::new(encoding.unwrap_or(Encoding::Unknown)),
            head: Vec::new(),
            inputs: vec![Input {
                text: Vec::new(),
                pos: 0,
                entity: None,
                depth: 0,
            }],
            last: false,
            state: State::Head,
            in_outside: false,
            is_fragment: false,
            tags: Vec::new(),
            namespaces,
            dtd: Rc::default(),
            open: HashSet::new(),
            queue: VecDeque::new(),
            doctype: ExternalId::default(),
            seen_doctype: false,
            raw: (0, 0),
            conditionals: 0,
            at: 0,
            counted: (0, 1, 0),
            byte_base: 0,
            direct: 0,
            expanded: 0,
            attempt: 0,
            deferral: true,
            attributes: Vec::new(),
        }
    }

    /// A parser for an external entity: with a context, one of the content, else of the DTD.
    pub fn for_entity(&self, context: Option<&str>, encoding: Option<Encoding>) -> Engine {
        let mut e = Engine::new(encoding, self.options.clone());
        e.dtd = self.dtd.clone();
        e.deferral = self.deferral;
        match context {
            None => e.in_outside = true,
            Some(context) => {
                e.is_fragment = true;
                e.namespaces = self.namespaces.clone();
                e.open = self.open.clone();
                for part in context.split('\u{c}') {
                    if !part.is_empty() && !part.contains('=') {
                        e.open.insert((part.to_owned(), false));
                    }
                }
            }
        }
        e
    }

    /// The external subset was handed to somebody: note that it is being read.
    pub fn note_read(&self) {
        self.dtd.borrow_mut().was_read = true;
    }

    /// Has parsing begun?
    pub fn has_begun(&self) -> bool {
        self.direct > 0 || self.last
    }

    /// Is it the parser of an external entity?
    pub fn is_entity(&self) -> bool {
        self.in_outside || self.is_fragment
    }

    /// Overrides the encoding, before anything was parsed.
    pub fn force_encoding(&mut self, encoding: Encoding) {
        self.forced = true;
        self.decoder.encoding = encoding;
    }

    /// Takes more of the document.
    pub fn feed(&mut self, data: &[u8], last: bool) {
        self.drop_consumed();
        self.last = last;
        self.direct += data.len() as u64;
        if self.state == State::Head {
            self.head.extend_from_slice(data);
        }
        let base = &mut self.inputs[0];
        self.decoder.decode(data, last, &mut base.text);
    }

    fn drop_consumed(&mut self) {
        let n = self.inputs[0].pos.min(self.at);
        if n == 0 || self.inputs.len() > 1 {
            return;
        }
        self.count_to(n);
        let (_, line, column) = self.counted;
        self.byte_base += self.bytes_of(0, n);
        let base = &mut self.inputs[0];
        base.text.drain(..n);
        base.pos -= n;
        self.at -= n;
        self.counted = (0, line, column);
        self.raw = (0, 0);
    }

    fn bytes_of(&self, from: usize, to: usize) -> u64 {
        let part = self.inputs[0].text.get(from..to).unwrap_or(&[]);
        let chars = || part.iter().filter(|b| **b & 0xC0 != 0x80).count();
        (match self.decoder.encoding {
            Encoding::Latin1 | Encoding::Table(_) => chars(),
            Encoding::Utf16Le | Encoding::Utf16Be => {
                2 * (chars() + part.iter().filter(|b| **b >= 0xF0).count())
            }
            _ => part.len(),
        }) as u64
    }

    fn count_to(&mut self, to: usize) {
        let (mut from, mut line, mut column) = self.counted;
        if to < from {
            // The text before was counted already, and is not looked at again.
            return;
        }
        let text = &self.inputs[0].text;
        while from < to {
            match text[from] {
                b'\n' => {
                    line += 1;
                    column = 0;
                }
                b'\r' => {
                    line += 1;
                    column = 0;
                    if text.get(from + 1) == Some(&b'\n') {
                        from += 1;
                    }
                }
                b if b & 0xC0 != 0x80 => column += 1,
                _ => {}
            }
            from += 1;
        }
        self.counted = (from, line, column);
    }

    /// Line, column and byte of the current event, or of the error.
    pub fn position(&mut self) -> (u64, u64, i64) {
        let at = self.at.min(self.inputs[0].text.len());
        self.count_to(at);
        let (_, line, column) = self.counted;
        let byte = self.byte_base + self.bytes_of(0, at);
        (line, column, byte as i64)
    }

    /// The text of the document from the current event on.
    pub fn context(&self) -> Option<(&[u8], usize)> {
        self.has_begun()
            .then(|| (self.inputs[0].text.as_slice(), self.at))
    }

    /// What the last event was made from.
    pub fn raw_text(&self) -> String {
        let top = match self.inputs.last() {
            Some(i) => i,
            None => return String::new(),
        };
        owned(top.text.get(self.raw.0..self.raw.1).unwrap_or(&[]))
    }

    fn top(&self) -> &Input {
        let n = self.inputs.len() - 1;
        &self.inputs[n]
    }

    fn in_entity(&self) -> bool {
        self.inputs.len() > 1
    }

    fn complete(&self) -> bool {
        self.last || self.in_entity()
    }

    /// Goes on behind `end`; what lies between is the event's text.
    fn consume(&mut self, end: usize) {
        let n = self.inputs.len() - 1;
        let top = &mut self.inputs[n];
        self.raw = (top.pos, end);
        top.pos = end;
    }

    fn fail<T>(&mut self, at: usize, code: i32) -> Step<T> {
        if !self.in_entity() {
            self.at = at;
        }
        Err(Failure::Code(code))
    }

    /// More input is needed: None, or an error where there is no more.
    fn partial(&mut self, code: i32) -> Step {
        if !self.complete() {
            return Ok(None);
        }
        let (at, broken) = (self.top().text.len(), self.decoder.broken);
        if broken && !self.in_entity() {
            return self.fail(at, codes::INVALID_TOKEN);
        }
        let at = self.top().pos;
        self.fail(at, code)
    }

    fn stopped(&mut self, stop: Stop, code: i32) -> Step {
        match stop {
            Stop::Bad(i) => self.fail(i, codes::INVALID_TOKEN),
            Stop::Partial if self.decoder.broken && !self.in_entity() => {
                let at = self.top().text.len();
                self.fail(at, codes::INVALID_TOKEN)
            }
            Stop::Partial => self.partial(code),
        }
    }

    /// Should an incomplete piece be tried again?
    pub fn worth_trying(&self) -> bool {
        let waiting = self.inputs[0].text.len() - self.inputs[0].pos;
        !self.deferral || self.last || self.in_entity() || waiting >= 2 * self.attempt
    }

    /// Notes what was there when the input did not do; `progress` says that something was read.
    pub fn note_attempt(&mut self, progress: bool) {
        let waiting = self.inputs[0].text.len() - self.inputs[0].pos;
        self.attempt = if progress { 0 } else { waiting };
    }

    /// Place of reading in the document, to see whether anything was read.
    pub fn mark(&self) -> u64 {
        self.byte_base + self.inputs[0].pos as u64
    }

    /// The next event; None when more input is needed, or all was read.
    pub fn next_event(&mut self) -> Step {
        if let Some(e) = self.queue.pop_front() {
            if matches!(e, Event::End { .. }) && !self.in_entity() {
                // An empty element ends where its tag ends.
                self.at = self.inputs[0].pos;
                self.raw = (0, 0);
            }
            return Ok(Some(e));
        }
        loop {
            if !self.in_entity() {
                self.at = self.inputs[0].pos;
            }
            let before = (self.state, self.inputs.len(), self.top().pos);
            let event = match self.state {
                State::Head => self.read_head()?,
                State::Prolog | State::Epilog => self.outside()?,
                State::Subset | State::OutsideSubset => self.subset()?,
                State::SubsetEnd => self.subset_end()?,
                State::Content => self.content()?,
                State::Cdata => self.cdata()?,
            };
            if event.is_some() {
                return Ok(event);
            }
            if let Some(e) = self.queue.pop_front() {
                return Ok(Some(e));
            }
            if before == (self.state, self.inputs.len(), self.top().pos) {
                return Ok(None);
            }
        }
    }

    // The beginning.

    fn set_encoding(&mut self, encoding: Encoding) {
        let mut d = Decoder::new(encoding);
        let (head, mut text) = (std::mem::take(&mut self.head), Vec::new());
        d.decode(&head, self.last, &mut text);
        self.decoder = d;
        self.inputs[0].text = text;
    }

    /// Gives the meaning of the bytes of an encoding that was asked for.
    pub fn set_table(&mut self, table: Box<[Option<char>]>) {
        self.set_encoding(Encoding::Table(table));
        self.forced = true;
    }

    /// The document's encoding is named: may it be?
    fn named_encoding(&mut self, name: &str) -> Step<()> {
        if self.forced {
            return Ok(());
        }
        let wide = matches!(self.decoder.encoding, Encoding::Utf16Le | Encoding::Utf16Be);
        match name.to_ascii_uppercase().as_str() {
            "UTF-8" | "UTF8" if !wide => {}
            "UTF-16" if wide => {}
            "UTF-16LE" if self.decoder.encoding == Encoding::Utf16Le => {}
            "UTF-16BE" if self.decoder.encoding == Encoding::Utf16Be => {}
            "UTF-16" | "UTF-16LE" | "UTF-16BE" => return Err(codes::INCORRECT_ENCODING.into()),
            _ if wide => return Err(codes::INCORRECT_ENCODING.into()),
            "ISO-8859-1" | "LATIN-1" | "LATIN1" => self.set_encoding(Encoding::Latin1),
            "US-ASCII" | "ASCII" => self.set_encoding(Encoding::Ascii),
            _ => return Err(Failure::Encoding(name.to_owned())),
        }
        Ok(())
    }

    fn read_head(&mut self) -> Step {
        let text = &self.inputs[0].text;
        let prefix = b"<?xml";
        let n = text.len().min(6);
        let may_be = text[..n.min(5)] == prefix[..n.min(5)];
        if may_be && (n < 6 && !self.last && !self.decoder.broken) {
            return Ok(None);
        }
        let mut event = None;
        if may_be && n == 6 && is_space(text[5]) {
            let end = match scan::until(text, 5, b"?>") {
                Ok(end) => end,
                Err(s) => return self.stopped(s, codes::UNCLOSED_TOKEN),
            };
            let body = owned(&text[5..end - 2]);
            let declared = match declaration(&body, self.is_entity()) {
                Some(d) => d,
                None => {
                    let code = if self.is_entity() {
                        codes::TEXT_DECL
                    } else {
                        codes::XML_DECL
                    };
                    return self.fail(0, code);
                }
            };
            let (version, encoding, standalone) = declared;
            if let Some(name) = &encoding {
                match self.named_encoding(name) {
                    Err(Failure::Code(code)) => {
                        let at = 5 + body.find(name.as_str()).unwrap_or(0);
                        return self.fail(at, code);
                    }
                    other => other?,
                }
            }
            if standalone == 1 {
                self.dtd.borrow_mut().standalone = true;
            }
            self.consume(end);
            event = Some(Event::XmlDecl {
                version,
                encoding,
                standalone,
            });
        }
        self.head = Vec::new();
        self.state = if self.in_outside {
            State::OutsideSubset
        } else if self.is_fragment {
            State::Content
        } else {
            State::Prolog
        };
        Ok(event)
    }

    /// The input ends at `i`: not in the midst of a character.
    fn no_half_character(&mut self, i: usize) -> Step<()> {
        if self.decoder.broken {
            return self.fail(i, codes::INVALID_TOKEN);
        }
        if self.decoder.has_pending() {
            return self.fail(i, codes::PARTIAL_CHAR);
        }
        Ok(())
    }

    // Before and behind the root element.

    fn outside(&mut self) -> Step {
        let prolog = self.state == State::Prolog;
        let i = self.top().pos;
        let b = &self.top().text;
        if i == b.len() {
            if !self.last {
                return Ok(None);
            }
            self.no_half_character(i)?;
            if prolog {
                return self.fail(i, codes::NO_ELEMENTS);
            }
            return Ok(None);
        }
        let space = scan::skip_space(b, i);
        if space > i {
            self.consume(space);
            return Ok(Some(Event::Raw));
        }
        if b[i] != b'<' {
            let known = scan::prolog_token(b, i, self.last);
            let code = if prolog {
                codes::SYNTAX
            } else {
                codes::JUNK_AFTER_DOC_ELEMENT
            };
            return match known {
                Ok(()) => self.fail(i, code),
                Err(s) => self.stopped(s, codes::UNCLOSED_TOKEN),
            };
        }
        match b.get(i + 1) {
            None => self.partial(codes::UNCLOSED_TOKEN),
            Some(b'?') => self.instruction(),
            Some(b'!') => {
                let rest = &b[i..];
                if rest.starts_with(b"<!--") {
                    return self.comment();
                }
                let word: &[u8] = b"<!DOCTYPE";
                let n = rest.len().min(word.len());
                if b"<!--".starts_with(&rest[..rest.len().min(4)]) || rest[..n] == word[..n] {
                    if n < word.len() {
                        return self.partial(codes::UNCLOSED_TOKEN);
                    }
                    let word_ends = rest.get(n).is_none_or(|c| is_space(*c) || *c == b'%');
                    if !prolog || self.seen_doctype || !word_ends {
                        return self.fail(
                            i,
                            if prolog {
                                codes::SYNTAX
                            } else {
                                codes::JUNK_AFTER_DOC_ELEMENT
                            },
                        );
                    }
                    return self.start_doctype();
                }
                if rest.len() > 2 && (scan::starts_name(rest, 2) || rest[2] == b'[') {
                    let code = if prolog {
                        codes::SYNTAX
                    } else {
                        codes::JUNK_AFTER_DOC_ELEMENT
                    };
                    return self.fail(i, code);
                }
                self.fail(i + 2, codes::INVALID_TOKEN)
            }
            Some(_) if prolog && scan::starts_name(b, i + 1) => {
                self.state = State::Content;
                if self.options.foreign {
                    self.options.foreign = false;
                    if self.options.parameters > 0 && self.options.external {
                        self.dtd.borrow_mut().has_references = true;
                        self.raw = (i, i);
                        return Ok(Some(Event::External(None, ExternalId::default())));
                    }
                }
                Ok(None)
            }
            Some(_) if scan::starts_name(b, i + 1) => self.fail(i, codes::JUNK_AFTER_DOC_ELEMENT),
            Some(_) => self.fail(i + 1, codes::INVALID_TOKEN),
        }
    }

    fn instruction(&mut self) -> Step {
        let i = self.top().pos;
        let b = &self.top().text;
        let name_end = match scan::name(b, i + 2) {
            Ok(n) if n < b.len() => n,
            Ok(_) => return self.partial(codes::UNCLOSED_TOKEN),
            Err(s) => return self.stopped(s, codes::UNCLOSED_TOKEN),
        };
        let target = owned(&b[i + 2..name_end]);
        if !is_space(b[name_end]) && b[name_end] != b'?' {
            return self.fail(name_end, codes::INVALID_TOKEN);
        }
        let end = match scan::until(b, name_end, b"?>") {
            Ok(n) => n,
            Err(s) => return self.stopped(s, codes::UNCLOSED_TOKEN),
        };
        if b[name_end] == b'?' && end != name_end + 2 {
            return self.fail(name_end + 1, codes::INVALID_TOKEN);
        }
        if target == "xml" {
            let code = if self.state == State::Epilog {
                codes::JUNK_AFTER_DOC_ELEMENT
            } else {
                codes::MISPLACED_XML_PI
            };
            return self.fail(i, code);
        }
        if target.eq_ignore_ascii_case("xml") {
            return self.fail(i + 2, codes::INVALID_TOKEN);
        }
        let data = owned(&b[scan::skip_space(b, name_end).min(end - 2)..end - 2]);
        self.consume(end);
        Ok(Some(Event::Instruction(target, newlines(&data))))
    }

    fn comment(&mut self) -> Step {
        let i = self.top().pos;
        let b = &self.top().text;
        match scan::until(b, i + 4, b"--") {
            Ok(end) => match b.get(end) {
                None => self.partial(codes::UNCLOSED_TOKEN),
                Some(b'>') => {
                    let text = owned(&b[i + 4..end - 2]);
                    self.consume(end + 1);
                    Ok(Some(Event::Comment(newlines(&text))))
                }
                _ => self.fail(end, codes::INVALID_TOKEN),
            },
            Err(s) => self.stopped(s, codes::UNCLOSED_TOKEN),
        }
    }
}

/// What `<?xml …?>` says: version, encoding, standalone.
fn declaration(body: &str, text: bool) -> Option<(Option<String>, Option<String>, i64)> {
    let (mut version, mut encoding, mut standalone) = (None, None, -1);
    let mut rest = body;
    let mut stage = 0;
    loop {
        let trimmed = rest.trim_start_matches([' ', '\t', '\n', '\r']);
        if trimmed.is_empty() {
            break;
        }
        if trimmed.len() == rest.len() {
            return None;
        }
        let (name, after) = trimmed.split_once('=')?;
        let after = after.trim_start_matches([' ', '\t', '\n', '\r']);
        let quote = after.chars().next().filter(|c| *c == '"' || *c == '\'')?;
        let end = after[1..].find(quote)? + 1;
        let value = &after[1..end];
        if !value
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "._-:".contains(c))
        {
            return None;
        }
        match name.trim_end_matches([' ', '\t', '\n', '\r']) {
            "version" if stage == 0 => {
                let minor = value.strip_prefix("1.")?;
                if minor.is_empty() || !minor.chars().all(|c| c.is_ascii_digit()) {
                    return None;
                }
                version = Some(value.to_owned());
                stage = 1;
            }
            "encoding" if stage == 1 || (stage == 0 && text) => {
                if !value.starts_with(|c: char| c.is_ascii_alphabetic()) {
                    return None;
                }
                encoding = Some(value.to_owned());
                stage = 2;
            }
            "standalone" if (stage == 1 || stage == 2) && !text => {
                standalone = match value {
                    "yes" => 1,
                    "no" => 0,
                    _ => return None,
                };
                stage = 3;
            }
            _ => return None,
        }
        rest = &after[end + 1..];
    }
    match text {
        false if version.is_none() => None,
        true if encoding.is_none() => None,
        _ => Some((version, encoding, standalone)),
    }
}
