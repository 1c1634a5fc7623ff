//! Numbers, strings, and the texts of f- and t-strings.

use super::scanner::{Failure, Kind, Result, Scanner, Token};

/// An f- or t-string that is open.
pub(super) struct Quoted {
    quote: char,
    triple: bool,
    raw: bool,
    template: bool,
    /// Where it begins.
    start: usize,
    /// Its open braces: bracket depth inside of each, and whether its format spec has begun.
    braces: Vec<(usize, bool)>,
}

/// What follows a stretch of an f- or t-string.
enum After {
    Text,
    Field,
    SpecEnd,
    End,
}

impl Quoted {
    /// Is text what comes next, as against an expression?
    pub fn in_text(&self) -> bool {
        self.braces.last().is_none_or(|b| b.1)
    }

    /// Directly in a replacement field whose brackets are this deep?
    pub fn at_level(&self, depth: usize) -> bool {
        self.braces.last().is_some_and(|b| b.0 == depth && !b.1)
    }

    pub fn begin_spec(&mut self) {
        if let Some(b) = self.braces.last_mut() {
            b.1 = true;
        }
    }

    pub fn close_brace(&mut self) {
        self.braces.pop();
    }

    /// What errors call it.
    pub fn name(&self) -> &'static str {
        if self.template {
            "t-string"
        } else {
            "f-string"
        }
    }

    fn kinds(&self) -> (Kind, Kind) {
        match self.template {
            true => (Kind::TStringMiddle, Kind::TStringEnd),
            false => (Kind::FStringMiddle, Kind::FStringEnd),
        }
    }
}

impl Scanner {
    fn is_triple(&self, quote: char) -> bool {
        (0..3).all(|i| self.peek(i) == Some(quote))
    }

    /// A string whose prefix begins at `from`; the quote is next.
    pub(super) fn string(&mut self, from: usize) -> Result<Token> {
        let quote = self.peek(0).unwrap_or('\'');
        let triple = self.is_triple(quote);
        self.at += if triple { 3 } else { 1 };
        let mut escaped_quote = false;
        loop {
            match self.peek(0) {
                Some('\\') => {
                    escaped_quote |= self.peek(1) == Some(quote);
                    self.at += if self.peek(1) == Some('\r') { 3 } else { 2 };
                }
                Some(c) if c == quote && (!triple || self.is_triple(quote)) => {
                    self.at += if triple { 3 } else { 1 };
                    return Ok(self.token(Kind::String, from));
                }
                Some('\n') if !triple => break,
                None => break,
                Some(_) => self.at += 1,
            }
        }
        self.at = self.at.min(self.text.len());
        if let Some(q) = self.quoted.last()
            && q.quote == quote
            && q.triple == triple
        {
            let name = q.name();
            return Err(self.fail(format!("{name}: expecting '}}'"), from));
        }
        let kind = if triple {
            "triple-quoted string"
        } else {
            "string"
        };
        let line = match triple {
            true => self.last_line(),
            false => self.place(self.at).0,
        };
        let advice = match escaped_quote && !triple {
            true => "; perhaps you escaped the end quote",
            false => "",
        };
        Err(self.fail(
            format!("unterminated {kind} literal (detected at line {line}){advice}"),
            from,
        ))
    }

    /// The start of an f- or t-string whose prefix begins at `from`; the quote is next.
    pub(super) fn open_quoted(&mut self, from: usize, prefix: &str) -> Result<Token> {
        let quote = self.peek(0).unwrap_or('\'');
        let triple = self.is_triple(quote);
        self.at += if triple { 3 } else { 1 };
        let template = prefix.contains('t');
        self.quoted.push(Quoted {
            quote,
            triple,
            raw: prefix.contains('r'),
            template,
            start: from,
            braces: Vec::new(),
        });
        let kind = if template {
            Kind::TStringStart
        } else {
            Kind::FStringStart
        };
        Ok(self.token(kind, from))
    }

    fn unterminated(&self, q: &Quoted) -> Failure {
        let line = self.last_line().min(self.place(self.at).0);
        let triple = if q.triple { "triple-quoted " } else { "" };
        let line = if q.triple { self.last_line() } else { line };
        self.fail(
            format!(
                "unterminated {triple}{} literal (detected at line {line})",
                q.name()
            ),
            q.start,
        )
    }

    /// The next stretch of text of an f- or t-string, its end, or the brace of a field.
    pub(super) fn quoted_text(&mut self) -> Result<Token> {
        let Some(mut q) = self.quoted.pop() else {
            // There is an open string whenever its text is asked for.
            return Err(self.fail("unexpected end of string", self.at.saturating_sub(1)));
        };
        let (token, after) = self.text_of(&q)?;
        match after {
            After::Text => {}
            After::Field => q.braces.push((self.depth, false)),
            After::SpecEnd => {
                if let Some(b) = q.braces.last_mut() {
                    b.1 = false;
                }
            }
            After::End => return Ok(token),
        }
        self.quoted.push(q);
        Ok(token)
    }

    fn text_of(&mut self, q: &Quoted) -> Result<(Token, After)> {
        let (middle, end) = q.kinds();
        let in_spec = !q.braces.is_empty();
        let from = self.at;
        if self.peek(0) == Some('{') && (in_spec || self.peek(1) != Some('{')) {
            self.at += 1;
            self.depth += 1;
            return Ok((self.token(Kind::Op, from), After::Field));
        }
        let closes =
            |s: &Scanner| s.peek(0) == Some(q.quote) && (!q.triple || s.is_triple(q.quote));
        if closes(self) {
            if in_spec {
                return Err(self.fail(format!("{}: expecting '}}'", q.name()), from));
            }
            self.at += if q.triple { 3 } else { 1 };
            return Ok((self.token(end, from), After::End));
        }
        loop {
            let Some(c) = self.peek(0) else {
                return Err(self.unterminated(q));
            };
            if closes(self) {
                break;
            }
            match c {
                '\n' if !q.triple => {
                    if in_spec {
                        return Err(self.fail(
                            format!(
                                "{}: newlines are not allowed in format specifiers for single quoted {}s",
                                q.name(),
                                q.name()
                            ),
                            self.at,
                        ));
                    }
                    return Err(self.unterminated(q));
                }
                '{' if !in_spec && self.peek(1) == Some('{') => {
                    return Ok(self.doubled(middle, from));
                }
                '{' => break,
                // The brace itself is an operator of the expression around it.
                '}' if in_spec => return Ok((self.token(middle, from), After::SpecEnd)),
                '}' if self.peek(1) == Some('}') => return Ok(self.doubled(middle, from)),
                '}' => {
                    return Err(
                        self.fail(format!("{}: single '}}' is not allowed", q.name()), self.at)
                    );
                }
                '\\' if !q.raw && self.peek(1) == Some('N') && self.peek(2) == Some('{') => {
                    while self.peek(0).is_some_and(|c| c != '}' && c != '\n') {
                        self.at += 1;
                    }
                    if self.peek(0) == Some('}') {
                        self.at += 1;
                    }
                }
                '\\' => {
                    self.at += match self.peek(1) {
                        Some('{' | '}') | None => 1,
                        Some('\r') => 3,
                        Some(_) => 2,
                    };
                }
                _ => self.at += 1,
            }
        }
        Ok((self.token(middle, from), After::Text))
    }

    /// Text that ends in a doubled brace: one of the two belongs to it.
    fn doubled(&mut self, kind: Kind, from: usize) -> (Token, After) {
        self.at += 1;
        let token = self.token(kind, from);
        self.at += 1;
        (token, After::Text)
    }

    fn digits(&mut self, radix: u32, what: &str) -> Result<usize> {
        let from = self.at;
        loop {
            while self.peek(0).is_some_and(|c| c.is_digit(radix)) {
                self.at += 1;
            }
            if self.peek(0) != Some('_') {
                return Ok(self.at - from);
            }
            self.at += 1;
            match self.peek(0) {
                Some(c) if c.is_digit(radix) => {}
                Some(c) if c.is_ascii_digit() => {
                    return Err(
                        self.fail(format!("invalid digit '{c}' in {what} literal"), self.at)
                    );
                }
                _ => {
                    return Err(self.fail(format!("invalid {what} literal"), self.at - 1));
                }
            }
        }
    }

    fn decimal(&mut self) -> Result<usize> {
        self.digits(10, "decimal")
    }

    pub(super) fn number(&mut self) -> Result<Token> {
        let from = self.at;
        if self.peek(0) == Some('0') {
            let (radix, what) = match self.peek(1) {
                Some('x' | 'X') => (16, "hexadecimal"),
                Some('o' | 'O') => (8, "octal"),
                Some('b' | 'B') => (2, "binary"),
                _ => (10, ""),
            };
            if radix != 10 {
                self.at += 2;
                if self.peek(0) == Some('_') {
                    self.at += 1;
                }
                let bad = |s: &Scanner, c: char| {
                    s.fail(format!("invalid digit '{c}' in {what} literal"), s.at)
                };
                match self.peek(0) {
                    Some(c) if c.is_digit(radix) => {}
                    Some(c) if c.is_ascii_digit() => return Err(bad(self, c)),
                    _ => return Err(self.fail(format!("invalid {what} literal"), self.at - 1)),
                }
                self.digits(radix, what)?;
                if let Some(c) = self.peek(0)
                    && c.is_ascii_digit()
                {
                    return Err(bad(self, c));
                }
                return Ok(self.token(Kind::Number, from));
            }
        }
        if self.peek(0) != Some('.') {
            self.decimal()?;
        }
        if self.peek(0) == Some('.') {
            self.at += 1;
            if self.peek(0).is_some_and(|c| c.is_ascii_digit()) {
                self.decimal()?;
            }
        }
        if matches!(self.peek(0), Some('e' | 'E')) {
            match self.peek(1) {
                Some('+' | '-') => {
                    if !self.peek(2).is_some_and(|c| c.is_ascii_digit()) {
                        return Err(self.fail("invalid decimal literal", self.at + 1));
                    }
                    self.at += 2;
                    self.decimal()?;
                }
                Some(c) if c.is_ascii_digit() => {
                    self.at += 1;
                    self.decimal()?;
                }
                _ => {}
            }
        }
        if matches!(self.peek(0), Some('j' | 'J')) {
            self.at += 1;
        }
        Ok(self.token(Kind::Number, from))
    }
}
