//! A tokenizer that fails where the reference's does.
//!
//! It runs only after parsing has failed, over the whole input, and stops at the first error. The
//! position bookkeeping (which line is current, how far it has read) follows the reference's,
//! because error positions show it.

mod number;
mod string;

use super::ErrorKind;
use string::StringMode;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Name,
    Number,
    String,
    FStart,
    FMiddle,
    FEnd,
    TStart,
    TMiddle,
    TEnd,
    Newline,
    Indent,
    Dedent,
    /// An operator or bracket; its text is the source.
    Op,
    End,
    Error,
}

/// A token. Columns are UTF-8 bytes, -1 where the reference has no position.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub kind: Kind,
    pub start: usize,
    pub end: usize,
    pub line: u32,
    pub col: i32,
    pub end_line: u32,
    pub end_col: i32,
    /// How many brackets are open behind it.
    pub level: usize,
    /// The end of input had been seen when it was made.
    pub at_end: bool,
    /// Where the tokenizer stood then: line and column of the next byte.
    pub stop: (u32, i32),
}

/// An error of the tokenizer. Columns as in [`super::SyntaxError`].
#[derive(Clone, Debug)]
pub(super) struct TokenError {
    pub kind: ErrorKind,
    pub message: String,
    pub line: u32,
    pub col: i32,
    pub end_col: i32,
    /// It hides an error of the parser before it.
    pub eager: bool,
    /// It is inside an f- or t-string; such errors hide nothing.
    pub in_string: bool,
    /// The input ended too soon.
    pub at_end: bool,
}

/// An open bracket.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open {
    pub bracket: char,
    pub line: u32,
    pub col: i32,
}

/// The outcome.
pub(super) struct Tokens {
    /// All tokens; the last is [`Kind::End`] or [`Kind::Error`].
    pub list: Vec<Token>,
    /// The error behind a [`Kind::Error`].
    pub error: Option<TokenError>,
    /// Brackets open at the end.
    pub open: Vec<Open>,
}

const MAX_INDENT: usize = 100;
const MAX_LEVEL: usize = 200;
const MAX_FSTRING_LEVEL: usize = 150;
const MAX_EXPR_NESTING: i32 = 3;
const TAB_SIZE: u32 = 8;

/// The error was noted in the tokenizer.
struct Failed;
type Made = Result<Kind, Failed>;

struct Tokenizer<'s> {
    source: &'s [u8],
    cur: usize,
    /// End of the current line.
    inp: usize,
    line_start: usize,
    line: u32,
    at_bol: bool,
    at_end: bool,
    pending: i32,
    indents: Vec<(u32, u32)>,
    open: Vec<Open>,
    modes: Vec<StringMode>,
    start: Option<usize>,
    first_line: u32,
    multi_line_start: usize,
    /// Start of the line on which the current token began.
    buffer: usize,
    error: Option<TokenError>,
}

/// Tokenizes `source`, whose line ends are `\n`. `single`: interactive input, where the end of
/// input is also the end of the statement; dedents are then implied if `imply_dedent`.
pub(super) fn tokenize(source: &str, single: bool, imply_dedent: bool) -> Tokens {
    let mut t = Tokenizer {
        source: source.as_bytes(),
        cur: 0,
        inp: 0,
        line_start: 0,
        line: 0,
        at_bol: true,
        at_end: false,
        pending: 0,
        indents: vec![(0, 0)],
        open: Vec::new(),
        modes: Vec::new(),
        start: None,
        first_line: 0,
        multi_line_start: 0,
        buffer: 0,
        error: None,
    };
    let mut list: Vec<Token> = Vec::new();
    let mut started = false;
    loop {
        let mut kind = t.token().unwrap_or(Kind::Error);
        let ends = single && kind == Kind::End && started;
        started = !ends;
        if ends {
            kind = Kind::Newline;
            let implied = t.indents.len() as i32 - 1;
            if implied > 0 && imply_dedent {
                t.pending = -implied;
                t.indents.truncate(1);
                t.at_bol = false;
            }
        }
        list.push(t.make(kind));
        if ends && let Some(token) = list.last_mut() {
            token.col = -1;
            token.end_col = -1;
        }
        if matches!(kind, Kind::End | Kind::Error) {
            break;
        }
    }
    Tokens {
        list,
        error: t.error,
        open: t.open,
    }
}

/// Whether a byte can start an identifier; bytes of non-ASCII characters are checked later.
fn starts_name(c: u8) -> bool {
    c.is_ascii_alphabetic() || c == b'_' || c >= 128
}

fn continues_name(c: u8) -> bool {
    starts_name(c) || c.is_ascii_digit()
}

impl Tokenizer<'_> {
    fn next(&mut self) -> Option<u8> {
        if self.cur == self.inp {
            if self.inp >= self.source.len() {
                self.at_end = true;
                return None;
            }
            self.line_start = self.cur;
            self.line += 1;
            if self.start.is_none() {
                self.buffer = self.cur;
            }
            let rest = &self.source[self.cur..];
            self.inp = match rest.iter().position(|&b| b == b'\n') {
                Some(at) => self.cur + at + 1,
                None => self.source.len(),
            };
        }
        let c = self.source[self.cur];
        self.cur += 1;
        Some(c)
    }

    fn back(&mut self, c: Option<u8>) {
        if c.is_some() {
            self.cur -= 1;
        }
    }

    fn chars(&self, from: usize, to: usize) -> i32 {
        String::from_utf8_lossy(self.source.get(from..to).unwrap_or(&[]))
            .chars()
            .count() as i32
    }

    /// An error at the byte read last.
    fn fail<T>(&mut self, message: impl Into<String>) -> Result<T, Failed> {
        let col = self.chars(self.line_start, self.cur);
        self.fail_range(col, col, message)
    }

    fn fail_range<T>(
        &mut self,
        col: i32,
        end_col: i32,
        message: impl Into<String>,
    ) -> Result<T, Failed> {
        self.error = Some(TokenError {
            kind: ErrorKind::Syntax,
            message: message.into(),
            line: self.line,
            col,
            end_col,
            eager: true,
            in_string: !self.modes.is_empty(),
            at_end: false,
        });
        Err(Failed)
    }

    /// An error that counts only if the parser reaches it.
    fn fail_late<T>(
        &mut self,
        kind: ErrorKind,
        (col, end_col): (i32, i32),
        message: &str,
    ) -> Result<T, Failed> {
        self.error = Some(TokenError {
            kind,
            message: message.to_owned(),
            line: self.line,
            col,
            end_col,
            eager: false,
            in_string: !self.modes.is_empty(),
            at_end: false,
        });
        Err(Failed)
    }

    fn bad_tabs<T>(&mut self) -> Result<T, Failed> {
        self.cur = self.inp;
        self.start = None;
        self.fail_late(
            ErrorKind::Tab,
            (1, 0),
            "inconsistent use of tabs and spaces in indentation",
        )
    }

    /// The token that ends at `cur`.
    fn make(&self, kind: Kind) -> Token {
        let multi_line = matches!(kind, Kind::String | Kind::FMiddle | Kind::TMiddle);
        let (line, line_start) = if multi_line {
            (self.first_line, self.multi_line_start)
        } else {
            (self.line, self.line_start)
        };
        let positioned = !matches!(kind, Kind::End | Kind::Error | Kind::Indent | Kind::Dedent);
        let mut end = self.cur;
        // The lexer may have stepped over the second brace of `{{`.
        if multi_line
            && let Some(mode) = self.modes.last()
            && mode.skipped_brace
        {
            end -= 1;
        }
        let start = self.start.filter(|_| positioned).unwrap_or(end);
        let stop = self.cur as i32 - self.line_start as i32;
        Token {
            kind,
            start,
            end,
            line,
            col: if positioned {
                start as i32 - line_start as i32
            } else {
                -1
            },
            end_line: self.line,
            end_col: if positioned {
                end as i32 - self.line_start as i32
            } else {
                -1
            },
            level: self.open.len(),
            at_end: self.at_end,
            stop: (self.line, stop),
        }
    }

    fn token(&mut self) -> Made {
        if self.modes.last().is_some_and(|m| !m.in_expression) {
            self.string_middle()
        } else {
            self.normal()
        }
    }

    /// Behind a backslash.
    fn continuation(&mut self) -> Result<(), Failed> {
        if self.next() != Some(b'\n') {
            let line = self.chars(self.line_start, self.inp) + 1;
            let col = self.chars(self.buffer, self.cur).min(line);
            return self.fail_late(
                ErrorKind::Syntax,
                (col, 0),
                "unexpected character after line continuation character",
            );
        }
        let c = self.next();
        if c.is_none() {
            self.cur = self.inp;
            return self.unexpected_end();
        }
        self.back(c);
        Ok(())
    }

    fn unexpected_end<T>(&mut self) -> Result<T, Failed> {
        self.start = None;
        if let Some(&open) = self.open.last() {
            self.error = Some(TokenError {
                kind: ErrorKind::Syntax,
                message: format!("'{}' was never closed", open.bracket),
                line: open.line,
                col: open.col + 1,
                end_col: 0,
                eager: false,
                in_string: !self.modes.is_empty(),
                at_end: true,
            });
            return Err(Failed);
        }
        let col = self.chars(self.line_start, self.cur);
        let failed = self.fail_late(ErrorKind::Syntax, (col, -1), "unexpected EOF while parsing");
        if let Some(error) = &mut self.error {
            error.at_end = true;
        }
        failed
    }

    /// Measures the indentation of a new line; whether the line is blank.
    fn indentation(&mut self) -> Result<bool, Failed> {
        let (mut col, mut alt, mut continued) = (0u32, 0u32, 0u32);
        let c = loop {
            match self.next() {
                Some(b' ') => {
                    col += 1;
                    alt += 1;
                }
                Some(b'\t') => {
                    col = (col / TAB_SIZE + 1) * TAB_SIZE;
                    alt += 1;
                }
                Some(0x0c) => {
                    col = 0;
                    alt = 0;
                }
                Some(b'\\') => {
                    // The first part of a continued line decides.
                    if continued == 0 {
                        continued = col;
                    }
                    self.continuation()?;
                }
                c => break c,
            }
        };
        self.back(c);
        if matches!(c, Some(b'#' | b'\n')) {
            return Ok(true);
        }
        if !self.open.is_empty() {
            return Ok(false);
        }
        if continued != 0 {
            col = continued;
            alt = continued;
        }
        let (top, top_alt) = self.indents.last().copied().unwrap_or_default();
        if col == top {
            if alt != top_alt {
                return self.bad_tabs();
            }
        } else if col > top {
            if self.indents.len() >= MAX_INDENT {
                self.cur = self.inp;
                self.start = None;
                return self.fail_late(
                    ErrorKind::Indentation,
                    (1, 0),
                    "too many levels of indentation",
                );
            }
            if alt <= top_alt {
                return self.bad_tabs();
            }
            self.pending += 1;
            self.indents.push((col, alt));
        } else {
            while self.indents.len() > 1 && self.indents.last().is_some_and(|i| col < i.0) {
                self.pending -= 1;
                self.indents.pop();
            }
            let (top, top_alt) = self.indents.last().copied().unwrap_or_default();
            if col != top {
                self.cur = self.inp;
                self.start = None;
                let col = self.chars(self.line_start, self.cur);
                return self.fail_late(
                    ErrorKind::Indentation,
                    (col, -1),
                    "unindent does not match any outer indentation level",
                );
            }
            if alt != top_alt {
                return self.bad_tabs();
            }
        }
        Ok(false)
    }

    fn normal(&mut self) -> Made {
        loop {
            self.start = None;
            let mut blank = false;
            if self.at_bol {
                self.at_bol = false;
                blank = self.indentation()?;
            }
            self.start = Some(self.cur);
            if self.pending < 0 {
                self.pending += 1;
                return Ok(Kind::Dedent);
            }
            if self.pending > 0 {
                self.pending -= 1;
                return Ok(Kind::Indent);
            }
            let c = loop {
                let c = loop {
                    let c = self.next();
                    if !matches!(c, Some(b' ' | b'\t' | 0x0c)) {
                        break c;
                    }
                };
                self.start = Some(if c.is_some() { self.cur - 1 } else { self.cur });
                if c != Some(b'\\') {
                    break c;
                }
                self.continuation()?;
            };
            let c = if c == Some(b'#') {
                loop {
                    let c = self.next();
                    if matches!(c, None | Some(b'\n')) {
                        break c;
                    }
                }
            } else {
                c
            };
            let Some(c) = c else {
                if !self.open.is_empty() {
                    return self.unexpected_end();
                }
                return Ok(Kind::End);
            };
            if c == b'\n' {
                self.at_bol = true;
                if blank || !self.open.is_empty() {
                    continue;
                }
                return Ok(Kind::Newline);
            }
            return self.visible(c);
        }
    }

    /// A token that starts with `c`.
    fn visible(&mut self, c: u8) -> Made {
        if starts_name(c) {
            return self.name(c);
        }
        match c {
            b'.' => {
                let c2 = self.next();
                if c2.is_some_and(|c| c.is_ascii_digit()) {
                    return self.fraction(c2);
                }
                if c2 == Some(b'.') {
                    let c3 = self.next();
                    if c3 == Some(b'.') {
                        return Ok(Kind::Op);
                    }
                    self.back(c3);
                }
                self.back(c2);
                Ok(Kind::Op)
            }
            b'0'..=b'9' => self.number(c),
            b'\'' | b'"' => self.string(c),
            _ => self.operator(c),
        }
    }

    fn name(&mut self, first: u8) -> Made {
        let mut c = Some(first);
        let (mut b, mut r, mut u, mut f, mut t) = (false, false, false, false, false);
        while let Some(x) = c {
            match x.to_ascii_lowercase() {
                b'b' if !b => b = true,
                b'u' if !u => u = true,
                b'r' if !r => r = true,
                b'f' if !f => f = true,
                b't' if !t => t = true,
                _ => break,
            }
            c = self.next();
            if let Some(q @ (b'\'' | b'"')) = c {
                let clashes = [
                    (u && b, "'u' and 'b'"),
                    (u && r, "'u' and 'r'"),
                    (u && f, "'u' and 'f'"),
                    (u && t, "'u' and 't'"),
                    (b && f, "'b' and 'f'"),
                    (b && t, "'b' and 't'"),
                    (f && t, "'f' and 't'"),
                ];
                if let Some((_, which)) = clashes.iter().find(|(clash, _)| *clash) {
                    let start = self.chars(self.line_start, self.start.unwrap_or(self.cur)) + 1;
                    let end = self.chars(self.line_start, self.cur);
                    return self.fail_range(
                        start,
                        end,
                        format!("{which} prefixes are incompatible"),
                    );
                }
                return if f || t {
                    self.interpolated_start(q, r, t)
                } else {
                    self.string(q)
                };
            }
        }
        let mut ascii = true;
        while let Some(x) = c.filter(|&x| continues_name(x)) {
            ascii &= x < 128;
            c = self.next();
        }
        self.back(c);
        if !ascii {
            self.verify_identifier()?;
        }
        Ok(Kind::Name)
    }

    fn verify_identifier(&mut self) -> Result<(), Failed> {
        let start = self.start.unwrap_or(self.cur);
        let text = String::from_utf8_lossy(&self.source[start..self.cur]).into_owned();
        for (at, c) in text.char_indices() {
            let valid = c == '_'
                || if at == 0 {
                    unicode_ident::is_xid_start(c)
                } else {
                    unicode_ident::is_xid_continue(c)
                };
            if !valid {
                self.cur = start + at + c.len_utf8();
                let code = c as u32;
                return self.fail(if is_printable(c) {
                    format!("invalid character '{c}' (U+{code:04X})")
                } else {
                    format!("invalid non-printable character U+{code:04X}")
                });
            }
        }
        Ok(())
    }

    fn operator(&mut self, c: u8) -> Made {
        if c == b':'
            && let Some(mode) = self.modes.last_mut()
            && mode.expression_depth >= 0
            && mode.depth - 1 == mode.expression_depth
        {
            mode.in_expression = false;
            mode.in_format_spec = true;
            return Ok(Kind::Op);
        }
        let c2 = self.next();
        let two = c2.is_some_and(|c2| {
            matches!(
                &[c, c2],
                b"!="
                    | b"%="
                    | b"&="
                    | b"**"
                    | b"*="
                    | b"+="
                    | b"-="
                    | b"->"
                    | b"//"
                    | b"/="
                    | b":="
                    | b"<<"
                    | b"<="
                    | b"<>"
                    | b"=="
                    | b">="
                    | b">>"
                    | b"@="
                    | b"^="
                    | b"|="
            )
        });
        if two {
            let c3 = self.next();
            let three = matches!(
                (c, c2, c3),
                (b'*', Some(b'*'), Some(b'='))
                    | (b'/', Some(b'/'), Some(b'='))
                    | (b'<', Some(b'<'), Some(b'='))
                    | (b'>', Some(b'>'), Some(b'='))
            );
            if !three {
                self.back(c3);
            }
            return Ok(Kind::Op);
        }
        self.back(c2);
        match c {
            b'(' | b'[' | b'{' => {
                if self.open.len() >= MAX_LEVEL {
                    return self.fail("too many nested parentheses");
                }
                let start = self.start.unwrap_or(self.cur);
                self.open.push(Open {
                    bracket: char::from(c),
                    line: self.line,
                    col: self.chars(self.line_start, start),
                });
                if let Some(mode) = self.modes.last_mut() {
                    mode.depth += 1;
                }
            }
            b')' | b']' | b'}' => self.close(c)?,
            b'=' => {
                if let Some(mode) = self.modes.last_mut() {
                    mode.debug = mode.expression_depth >= 0;
                }
            }
            0 => return self.fail("source code cannot contain null bytes"),
            0x20..0x7f => {}
            _ => return self.fail(format!("invalid non-printable character U+{c:04X}")),
        }
        Ok(Kind::Op)
    }

    fn close(&mut self, c: u8) -> Result<(), Failed> {
        let shown = char::from(c);
        let letter = self.modes.last().map(|m| m.letter());
        if let (Some(mode), Some(letter)) = (self.modes.last(), letter)
            && mode.depth == 0
            && c == b'}'
        {
            return self.fail(format!("{letter}-string: single '}}' is not allowed"));
        }
        let Some(open) = self.open.pop() else {
            return self.fail(format!("unmatched '{shown}'"));
        };
        let matches = matches!((open.bracket, c), ('(', b')') | ('[', b']') | ('{', b'}'));
        if !matches {
            if let (Some(mode), Some(letter)) = (self.modes.last(), letter)
                && open.bracket == '{'
                && mode.depth - 1 == mode.expression_depth
            {
                return self.fail(format!("{letter}-string: unmatched '{shown}'"));
            }
            let mut message = format!(
                "closing parenthesis '{shown}' does not match opening parenthesis '{}'",
                open.bracket
            );
            if open.line != self.line {
                message.push_str(&format!(" on line {}", open.line));
            }
            return self.fail(message);
        }
        if let Some(mode) = self.modes.last_mut() {
            mode.depth -= 1;
            if mode.depth < 0 {
                let letter = mode.letter();
                return self.fail(format!("{letter}-string: unmatched '{shown}'"));
            }
            if c == b'}' && mode.depth == mode.expression_depth {
                mode.expression_depth -= 1;
                mode.in_expression = false;
                mode.in_format_spec = false;
                mode.debug = false;
            }
        }
        Ok(())
    }
}

/// Whether `repr` would show the character as it is: an approximation by blocks, for messages.
fn is_printable(c: char) -> bool {
    !(c.is_control()
        || (c.is_whitespace() && c != ' ')
        || matches!(c as u32,
            0xad | 0x600..=0x605 | 0x61c | 0x6dd | 0x70f | 0x180e | 0x200b..=0x200f
            | 0x2028..=0x202e | 0x2060..=0x206f | 0xe000..=0xf8ff | 0xfeff | 0xfff0..=0xfffb
            | 0xfffe..=0xffff | 0xe0000..))
}
