//! Plain strings, and the pieces of f- and t-strings.

use super::{Kind, MAX_EXPR_NESTING, MAX_FSTRING_LEVEL, Made, Tokenizer};

/// An f- or t-string that is being read.
pub(super) struct StringMode {
    quote: u8,
    quote_size: usize,
    start: usize,
    line_start: usize,
    line: u32,
    raw: bool,
    template: bool,
    /// Reading an expression, not text.
    pub in_expression: bool,
    pub in_format_spec: bool,
    /// Brackets open inside it.
    pub depth: i32,
    /// The depth of the innermost replacement field; -1 outside of any.
    pub expression_depth: i32,
    /// The expression is followed by `=`.
    pub debug: bool,
    /// The token made last ends before a doubled brace's second half.
    pub skipped_brace: bool,
}

impl StringMode {
    pub fn letter(&self) -> char {
        if self.template { 't' } else { 'f' }
    }

    fn middle(&self) -> Kind {
        if self.template {
            Kind::TMiddle
        } else {
            Kind::FMiddle
        }
    }
}

impl Tokenizer<'_> {
    /// Whether a triple quote opens, behind its first character.
    fn opening_quote(&mut self, quote: u8) -> usize {
        let second = self.next();
        if second == Some(quote) {
            let third = self.next();
            if third == Some(quote) {
                return 3;
            }
            self.back(third);
        }
        self.back(second);
        1
    }

    pub(super) fn string(&mut self, quote: u8) -> Made {
        self.first_line = self.line;
        self.multi_line_start = self.line_start;
        let size = self.opening_quote(quote);
        let mut end_size = 0;
        let mut escaped_quote = false;
        while end_size != size {
            let c = self.next();
            if c.is_none() || (size == 1 && c == Some(b'\n')) {
                return self.unterminated(quote, size, escaped_quote, c.is_none());
            }
            if c == Some(quote) {
                end_size += 1;
                continue;
            }
            end_size = 0;
            if c == Some(0) {
                return self.fail("source code cannot contain null bytes");
            }
            if c == Some(b'\\') {
                escaped_quote |= self.next() == Some(quote);
            }
        }
        Ok(Kind::String)
    }

    fn unterminated(&mut self, quote: u8, size: usize, escaped: bool, at_end: bool) -> Made {
        let detected = self.line;
        self.cur = self.start.unwrap_or(self.cur) + 1;
        self.line_start = self.multi_line_start;
        self.line = self.first_line;
        if let Some(mode) = self.modes.last()
            && mode.quote == quote
            && mode.quote_size == size
        {
            let letter = mode.letter();
            return self.fail(format!("{letter}-string: expecting '}}'"));
        }
        let mut message = if size == 3 {
            format!("unterminated triple-quoted string literal (detected at line {detected})")
        } else {
            format!("unterminated string literal (detected at line {detected})")
        };
        if escaped && size == 1 {
            message.push_str("; perhaps you escaped the end quote?");
        }
        let failed = self.fail(message);
        if let Some(error) = &mut self.error {
            error.at_end = at_end;
        }
        failed
    }

    pub(super) fn interpolated_start(&mut self, quote: u8, raw: bool, template: bool) -> Made {
        self.first_line = self.line;
        self.multi_line_start = self.line_start;
        let quote_size = self.opening_quote(quote);
        if self.modes.len() + 2 >= MAX_FSTRING_LEVEL {
            return self.fail("too many nested f-strings or t-strings");
        }
        self.modes.push(StringMode {
            quote,
            quote_size,
            start: self.start.unwrap_or(self.cur),
            line_start: self.line_start,
            line: self.line,
            raw,
            template,
            in_expression: false,
            in_format_spec: false,
            depth: 0,
            expression_depth: -1,
            debug: false,
            skipped_brace: false,
        });
        Ok(if template { Kind::TStart } else { Kind::FStart })
    }

    /// Enters the expression of a replacement field; the brace is next.
    fn enter_expression(&mut self) -> Result<(), super::Failed> {
        let Some(mode) = self.modes.last_mut() else {
            return Ok(());
        };
        mode.expression_depth += 1;
        mode.in_expression = true;
        if mode.expression_depth >= MAX_EXPR_NESTING {
            let letter = mode.letter();
            return self.fail(format!("{letter}-string: expressions nested too deeply"));
        }
        Ok(())
    }

    pub(super) fn string_middle(&mut self) -> Made {
        self.start = Some(self.cur);
        self.first_line = self.line;
        let Some(mode) = self.modes.last_mut() else {
            return self.normal();
        };
        mode.skipped_brace = false;
        let (quote, quote_size, raw) = (mode.quote, mode.quote_size, mode.raw);
        let middle = mode.middle();
        let end_kind = if mode.template {
            Kind::TEnd
        } else {
            Kind::FEnd
        };

        let rest = &self.source[self.cur..];
        if rest.first() == Some(&b'{') && rest.get(1) != Some(&b'{') {
            self.enter_expression()?;
            return self.normal();
        }
        let closes = rest.len() >= quote_size && rest[..quote_size].iter().all(|&b| b == quote);
        if closes {
            for _ in 0..quote_size {
                self.next();
            }
            self.modes.pop();
            return Ok(end_kind);
        }

        // A line may have ended just before.
        let c = self.next();
        self.back(c);
        self.first_line = self.line;
        self.multi_line_start = self.line_start;
        let mut end_size = 0;
        let mut unicode_escape = false;
        while end_size != quote_size {
            let c = self.next();
            let in_spec = self
                .modes
                .last()
                .is_some_and(|m| m.in_format_spec && m.expression_depth >= 0);
            if c.is_none() || (quote_size == 1 && c == Some(b'\n')) {
                if in_spec && c.is_some() {
                    if quote_size == 1 {
                        let letter = self.modes.last().map_or('f', StringMode::letter);
                        return self.fail(format!(
                            "{letter}-string: newlines are not allowed in format specifiers for \
                             single quoted {letter}-strings"
                        ));
                    }
                    self.back(c);
                    if let Some(mode) = self.modes.last_mut() {
                        mode.in_expression = true;
                        mode.in_format_spec = false;
                    }
                    return Ok(middle);
                }
                return self.unterminated_interpolated(c.is_none());
            }
            if c == Some(quote) {
                end_size += 1;
                continue;
            }
            end_size = 0;
            match c {
                Some(b'{') => {
                    let peek = self.next();
                    if peek != Some(b'{') || in_spec {
                        self.back(peek);
                        self.back(c);
                        self.enter_expression()?;
                        if let Some(mode) = self.modes.last_mut() {
                            mode.in_format_spec = false;
                        }
                    } else if let Some(mode) = self.modes.last_mut() {
                        mode.skipped_brace = true;
                    }
                    return Ok(middle);
                }
                Some(b'}') => {
                    if unicode_escape {
                        return Ok(middle);
                    }
                    let peek = self.next();
                    let depth = self.modes.last().map_or(0, |m| m.depth);
                    if peek == Some(b'}') && !in_spec && depth == 0 {
                        if let Some(mode) = self.modes.last_mut() {
                            mode.skipped_brace = true;
                        }
                    } else {
                        self.back(peek);
                        self.back(c);
                        if let Some(mode) = self.modes.last_mut() {
                            mode.in_expression = true;
                            mode.in_format_spec = false;
                        }
                    }
                    return Ok(middle);
                }
                Some(b'\\') => {
                    let peek = self.next();
                    if matches!(peek, Some(b'{' | b'}')) {
                        self.back(peek);
                    } else if !raw && peek == Some(b'N') {
                        let peek = self.next();
                        if peek == Some(b'{') {
                            unicode_escape = true;
                        } else {
                            self.back(peek);
                        }
                    }
                }
                Some(0) => return self.fail("source code cannot contain null bytes"),
                _ => {}
            }
        }
        for _ in 0..quote_size {
            self.back(Some(quote));
        }
        Ok(middle)
    }

    fn unterminated_interpolated(&mut self, at_end: bool) -> Made {
        let detected = self.line;
        let Some(mode) = self.modes.last() else {
            return self.fail("unterminated f-string literal");
        };
        let (start, line_start, line) = (mode.start, mode.line_start, mode.line);
        let (letter, triple) = (mode.letter(), mode.quote_size == 3);
        self.cur = start + 1;
        self.line_start = line_start;
        self.line = line;
        let what = if triple { "triple-quoted " } else { "" };
        let failed = self.fail(format!(
            "unterminated {what}{letter}-string literal (detected at line {detected})"
        ));
        if let Some(error) = &mut self.error {
            error.at_end = at_end && triple;
        }
        failed
    }
}
