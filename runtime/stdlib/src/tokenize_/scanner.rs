//! Source text to tokens, with the places and the whims of the reference's tokenizer: columns in
//! characters, an empty NEWLINE for a last line without one, both halves of `{{` as one brace.

use std::collections::VecDeque;

use super::literals::Quoted;

/// Token types (numbers of module `token`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum Kind {
    EndMarker = 0,
    Name = 1,
    Number = 2,
    String = 3,
    Newline = 4,
    Indent = 5,
    Dedent = 6,
    Op = 55,
    FStringStart = 59,
    FStringMiddle = 60,
    FStringEnd = 61,
    TStringStart = 62,
    TStringMiddle = 63,
    TStringEnd = 64,
    Comment = 65,
    Nl = 66,
}

/// A line from one, a column from zero.
pub type Place = (usize, i64);

/// A token.
pub struct Token {
    pub kind: Kind,
    pub text: String,
    pub start: Place,
    pub end: Place,
    /// The lines that it stands in.
    pub line: String,
}

/// Which exception a failure is.
#[allow(missing_docs)]
pub enum FailureKind {
    Syntax,
    Indentation,
    Tab,
}

/// What is wrong with the source.
pub struct Failure {
    pub kind: FailureKind,
    pub message: String,
    /// Line and column, both from one.
    pub place: Option<(usize, usize)>,
    /// The line there.
    pub text: String,
    /// Without a place: where the source ends.
    pub at_end: (usize, usize),
}

pub(super) type Result<T> = std::result::Result<T, Failure>;

const OPERATORS: [(&str, i64); 48] = [
    ("**=", 46),
    ("//=", 48),
    ("<<=", 44),
    (">>=", 45),
    ("...", 52),
    ("!=", 28),
    ("%=", 40),
    ("&=", 41),
    ("**", 35),
    ("*=", 38),
    ("+=", 36),
    ("-=", 37),
    ("->", 51),
    ("//", 47),
    ("/=", 39),
    (":=", 53),
    ("<<", 33),
    ("<=", 29),
    ("==", 27),
    (">=", 30),
    (">>", 34),
    ("@=", 50),
    ("^=", 43),
    ("|=", 42),
    ("!", 54),
    ("%", 24),
    ("&", 19),
    ("(", 7),
    (")", 8),
    ("*", 16),
    ("+", 14),
    (",", 12),
    ("-", 15),
    (".", 23),
    ("/", 17),
    (":", 11),
    (";", 13),
    ("<", 20),
    ("=", 22),
    (">", 21),
    ("@", 49),
    ("[", 9),
    ("]", 10),
    ("^", 32),
    ("{", 25),
    ("|", 18),
    ("}", 26),
    ("~", 31),
];

/// The exact type of an operator.
pub fn exact_type(text: &str) -> i64 {
    OPERATORS
        .iter()
        .find(|(o, _)| *o == text)
        .map_or(Kind::Op as i64, |(_, n)| *n)
}

/// The state of tokenizing a text.
pub struct Scanner {
    pub(super) text: Vec<char>,
    /// Where each line begins.
    lines: Vec<usize>,
    /// The text's last line break was added.
    added_newline: bool,
    extra: bool,
    pub(super) at: usize,
    /// Columns of the blocks: with tabs of eight, with tabs of one.
    indents: Vec<(usize, usize)>,
    at_line_start: bool,
    /// Nothing but white space and comments on the line so far.
    blank: bool,
    /// Open brackets.
    pub(super) depth: usize,
    /// f- and t-strings that are open.
    pub(super) quoted: Vec<Quoted>,
    waiting: VecDeque<Token>,
    done: bool,
}

impl Scanner {
    pub fn new(mut text: Vec<char>, extra: bool) -> Scanner {
        let added_newline = text.last().is_some_and(|c| *c != '\n');
        if added_newline {
            text.push('\n');
        }
        let breaks = text.iter().enumerate().filter(|(_, c)| **c == '\n');
        let mut lines: Vec<usize> = std::iter::once(0)
            .chain(breaks.map(|(i, _)| i + 1))
            .collect();
        if lines.len() > 1 {
            lines.pop();
        }
        Scanner {
            text,
            lines,
            added_newline,
            extra,
            at: 0,
            indents: vec![(0, 0)],
            at_line_start: true,
            blank: true,
            depth: 0,
            quoted: Vec::new(),
            waiting: VecDeque::new(),
            done: false,
        }
    }

    pub(super) fn peek(&self, ahead: usize) -> Option<char> {
        self.text.get(self.at + ahead).copied()
    }

    pub(super) fn place(&self, at: usize) -> Place {
        let line = self.lines.partition_point(|s| *s <= at);
        let start = self.lines.get(line.wrapping_sub(1)).copied().unwrap_or(0);
        (line, (at - start) as i64)
    }

    /// Text of the lines from one offset to another.
    fn lines_between(&self, from: usize, to: usize) -> String {
        let (first, last) = (self.place(from).0, self.place(to.max(from)).0);
        let start = self.lines.get(first - 1).copied().unwrap_or(0);
        let end = self.lines.get(last).copied().unwrap_or(self.text.len());
        let end = if self.added_newline && end == self.text.len() {
            end - 1
        } else {
            end
        };
        self.text.get(start..end).unwrap_or(&[]).iter().collect()
    }

    pub(super) fn slice(&self, from: usize, to: usize) -> String {
        self.text.get(from..to).unwrap_or(&[]).iter().collect()
    }

    /// A token of the text from an offset to the present one.
    pub(super) fn token(&self, kind: Kind, from: usize) -> Token {
        let last = if self.at > from { self.at - 1 } else { from };
        let multi = matches!(
            kind,
            Kind::String | Kind::FStringMiddle | Kind::TStringMiddle
        );
        let line = match multi {
            true => self.lines_between(from, self.at.min(self.text.len().saturating_sub(1))),
            false => self.lines_between(last, last),
        };
        let (start, mut end) = (self.place(from), self.place(self.at));
        if matches!(kind, Kind::Newline | Kind::Nl) {
            end = (start.0, start.1 + (self.at - from) as i64);
        }
        Token {
            kind,
            text: self.slice(from, self.at),
            start,
            end,
            line,
        }
    }

    pub(super) fn fail(&self, message: impl Into<String>, at: usize) -> Failure {
        let (line, column) = self.place(at);
        Failure {
            kind: FailureKind::Syntax,
            message: message.into(),
            place: Some((line, column.max(0) as usize + 1)),
            text: self
                .lines_between(at, at)
                .trim_end_matches('\n')
                .to_string(),
            at_end: (0, 0),
        }
    }

    /// Number of the last line.
    pub(super) fn last_line(&self) -> usize {
        self.lines.len()
    }

    fn block_failure(&self, kind: FailureKind, message: &str) -> Failure {
        let (line, _) = self.place(self.at);
        let text = self.lines_between(self.at, self.at);
        let text = text.trim_end_matches('\n').to_string();
        Failure {
            kind,
            message: message.into(),
            place: Some((line, text.chars().count() + 1)),
            text,
            at_end: (0, 0),
        }
    }

    fn unexpected_end(&self) -> Failure {
        let n = self.text.len();
        let continued = self.added_newline && n >= 2 && self.text[n - 2] == '\\';
        let column = if continued {
            n - self.lines.last().copied().unwrap_or(0)
        } else {
            0
        };
        Failure {
            kind: FailureKind::Syntax,
            message: "unexpected EOF in multi-line statement".into(),
            place: None,
            text: String::new(),
            at_end: (self.lines.len(), column),
        }
    }

    /// The next token; None behind the end marker.
    pub fn next_token(&mut self) -> Result<Option<Token>> {
        loop {
            if let Some(t) = self.waiting.pop_front() {
                if !self.extra && matches!(t.kind, Kind::Comment | Kind::Nl) {
                    continue;
                }
                return Ok(Some(t));
            }
            if self.done {
                return Ok(None);
            }
            let t = self.scan()?;
            self.waiting.push_front(t);
        }
    }

    fn scan(&mut self) -> Result<Token> {
        if self.quoted.last().is_some_and(|q| q.in_text()) {
            return self.quoted_text();
        }
        if self.at_line_start {
            self.at_line_start = false;
            self.blank = true;
            self.indentation()?;
            if let Some(t) = self.waiting.pop_front() {
                return Ok(t);
            }
        }
        self.regular()
    }

    fn indentation(&mut self) -> Result<()> {
        let from = self.at;
        let (mut column, mut alternative) = (0, 0);
        let mut continued = false;
        loop {
            match self.peek(0) {
                Some(' ') => (column, alternative) = (column + 1, alternative + 1),
                Some('\t') => (column, alternative) = ((column / 8 + 1) * 8, alternative + 1),
                Some('\x0c') => (column, alternative) = (0, 0),
                Some('\\') if self.peek(1) == Some('\n') => {
                    self.at += 1;
                    continued = true;
                }
                _ => break,
            }
            self.at += 1;
        }
        if continued && self.peek(0).is_none() {
            return Err(self.unexpected_end());
        }
        let blank = match self.peek(0) {
            Some('#' | '\n') => true,
            Some('\r') => self.peek(1) == Some('\n'),
            _ => false,
        };
        if blank || self.depth > 0 || self.peek(0).is_none() {
            return Ok(());
        }
        let (top, top_alternative) = self.indents.last().copied().unwrap_or((0, 0));
        let inconsistent = |s: &Scanner| {
            s.block_failure(
                FailureKind::Tab,
                "inconsistent use of tabs and spaces in indentation",
            )
        };
        if column == top {
            if alternative != top_alternative {
                return Err(inconsistent(self));
            }
        } else if column > top {
            if alternative <= top_alternative {
                return Err(inconsistent(self));
            }
            if self.indents.len() >= 100 {
                return Err(
                    self.block_failure(FailureKind::Indentation, "too many levels of indentation")
                );
            }
            self.indents.push((column, alternative));
            let t = self.token(Kind::Indent, from);
            self.waiting.push_back(t);
        } else {
            while self.indents.last().is_some_and(|i| i.0 > column) {
                self.indents.pop();
                let t = Token {
                    text: String::new(),
                    line: self.lines_between(self.at, self.at),
                    ..self.token(Kind::Dedent, self.at)
                };
                self.waiting.push_back(t);
            }
            match self.indents.last() {
                Some(i) if i.0 == column => {
                    if i.1 != alternative {
                        return Err(inconsistent(self));
                    }
                }
                _ => {
                    return Err(self.block_failure(
                        FailureKind::Indentation,
                        "unindent does not match any outer indentation level",
                    ));
                }
            }
        }
        Ok(())
    }

    fn end(&mut self) -> Result<Token> {
        if self.depth > 0 || !self.quoted.is_empty() {
            return Err(self.unexpected_end());
        }
        self.done = true;
        let line = if self.text.is_empty() {
            1
        } else {
            self.lines.len() + 1
        };
        let here = (line, 0);
        let empty = |kind| Token {
            kind,
            text: String::new(),
            start: here,
            end: here,
            line: String::new(),
        };
        for _ in 1..self.indents.len() {
            self.waiting.push_back(empty(Kind::Dedent));
        }
        self.waiting.push_back(empty(Kind::EndMarker));
        match self.waiting.pop_front() {
            Some(t) => Ok(t),
            None => Ok(empty(Kind::EndMarker)),
        }
    }

    fn newline(&mut self) -> Token {
        let from = self.at;
        self.at += if self.peek(0) == Some('\r') { 2 } else { 1 };
        let inside = self.depth > 0 || !self.quoted.is_empty();
        let kind = if inside || self.blank {
            Kind::Nl
        } else {
            Kind::Newline
        };
        self.at_line_start = !inside;
        let mut t = self.token(kind, from);
        if self.added_newline && self.at == self.text.len() {
            t.text = String::new();
        }
        t
    }

    fn regular(&mut self) -> Result<Token> {
        loop {
            match self.peek(0) {
                Some(' ' | '\t' | '\x0c') => self.at += 1,
                Some('\\') => {
                    let n = match (self.peek(1), self.peek(2)) {
                        (Some('\n'), _) => 2,
                        (Some('\r'), Some('\n')) => 3,
                        (None, _) => return Err(self.unexpected_end()),
                        _ => {
                            return Err(self.fail(
                                "unexpected character after line continuation character",
                                self.at + 1,
                            ));
                        }
                    };
                    self.at += n;
                    if self.at >= self.text.len() {
                        return Err(self.unexpected_end());
                    }
                }
                _ => break,
            }
        }
        let from = self.at;
        let Some(c) = self.peek(0) else {
            return self.end();
        };
        match c {
            '#' => {
                while self.peek(0).is_some_and(|c| c != '\n') {
                    self.at += 1;
                }
                if self.text.get(self.at.wrapping_sub(1)) == Some(&'\r') {
                    self.at -= 1;
                }
                return Ok(self.token(Kind::Comment, from));
            }
            '\n' => return Ok(self.newline()),
            '\r' if self.peek(1) == Some('\n') => return Ok(self.newline()),
            _ => {}
        }
        self.blank = false;
        if c == '_' || c.is_ascii_alphabetic() || !c.is_ascii() {
            return self.name();
        }
        if c.is_ascii_digit() || (c == '.' && self.peek(1).is_some_and(|c| c.is_ascii_digit())) {
            return self.number();
        }
        if c == '\'' || c == '"' {
            return self.string(from);
        }
        self.operator(c)
    }

    fn name(&mut self) -> Result<Token> {
        let from = self.at;
        while let Some(c) = self.peek(0) {
            let quote = c == '\'' || c == '"';
            if quote && self.at - from <= 2 {
                let prefix = self.slice(from, self.at).to_ascii_lowercase();
                match prefix.as_str() {
                    "b" | "r" | "u" | "br" | "rb" => return self.string(from),
                    "f" | "fr" | "rf" | "t" | "tr" | "rt" => {
                        return self.open_quoted(from, &prefix);
                    }
                    _ => {}
                }
            }
            if c != '_' && !c.is_ascii_alphanumeric() && c.is_ascii() {
                break;
            }
            self.at += 1;
        }
        let text = self.slice(from, self.at);
        if !text.is_ascii() {
            for (i, c) in text.chars().enumerate() {
                let fits = taipan_vm::types::str_::is_identifier(&format!("a{c}"));
                let begins = i > 0 || taipan_vm::types::str_::is_identifier(&c.to_string());
                if !fits || !begins {
                    let code = c as u32;
                    let message = if c.is_control() || c.is_whitespace() {
                        format!("invalid non-printable character U+{code:04X}")
                    } else {
                        format!("invalid character '{c}' (U+{code:04X})")
                    };
                    return Err(self.fail(message, from + i));
                }
            }
        }
        Ok(self.token(Kind::Name, from))
    }

    fn operator(&mut self, c: char) -> Result<Token> {
        let from = self.at;
        let inside = self.quoted.last().is_some_and(|q| q.at_level(self.depth));
        if inside && c == ':' {
            self.at += 1;
            if let Some(q) = self.quoted.last_mut() {
                q.begin_spec();
            }
            return Ok(self.token(Kind::Op, from));
        }
        let rest: String = self.slice(from, from + 3);
        let length = OPERATORS
            .iter()
            .find(|(o, _)| rest.starts_with(o))
            .map_or(1, |(o, _)| o.len());
        self.at += length;
        match c {
            '(' | '[' | '{' => self.depth += 1,
            ')' | ']' | '}' => {
                if inside && c == '}' {
                    if let Some(q) = self.quoted.last_mut() {
                        q.close_brace();
                    }
                } else if let Some(q) = self.quoted.last()
                    && inside
                {
                    let kind = q.name();
                    return Err(self.fail(format!("{kind}: unmatched '{c}'"), from));
                }
                self.depth = self.depth.saturating_sub(1);
            }
            _ => {}
        }
        if length == 1 && !c.is_ascii_punctuation() {
            return Err(self.fail(
                format!("invalid non-printable character U+{:04X}", c as u32),
                from,
            ));
        }
        Ok(self.token(Kind::Op, from))
    }
}
