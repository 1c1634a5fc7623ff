//! Number literals and what may not follow them.

use super::{Failed, Kind, Made, Tokenizer, continues_name};

fn is_digit(c: Option<u8>) -> bool {
    c.is_some_and(|c| c.is_ascii_digit())
}

impl Tokenizer<'_> {
    /// Digits and underscores; what follows them.
    fn decimal_tail(&mut self) -> Result<Option<u8>, Failed> {
        loop {
            let mut c = self.next();
            while is_digit(c) {
                c = self.next();
            }
            if c != Some(b'_') {
                return Ok(c);
            }
            c = self.next();
            if !is_digit(c) {
                self.back(c);
                return self.fail("invalid decimal literal");
            }
        }
    }

    fn follows(&self, word: &str) -> bool {
        let rest = &self.source[self.cur..self.inp];
        rest.starts_with(word.as_bytes())
            && !rest.get(word.len()).is_some_and(|&c| continues_name(c))
    }

    /// A keyword may follow a number without a space (with a warning), a name may not.
    fn number_ends(&mut self, c: Option<u8>, what: &str) -> Result<(), Failed> {
        let keyword = match c {
            Some(b'a') => self.follows("nd"),
            Some(b'e') => self.follows("lse"),
            Some(b'f') => self.follows("or"),
            Some(b'i') => matches!(self.source.get(self.cur), Some(b'f' | b'n' | b's')),
            Some(b'o') => self.follows("r"),
            Some(b'n') => self.follows("ot"),
            _ => false,
        };
        if !keyword && c.is_some_and(|c| c < 128 && continues_name(c)) {
            self.back(c);
            return self.fail(format!("invalid {what} literal"));
        }
        Ok(())
    }

    fn radix(&mut self, what: &str, valid: fn(u8) -> bool) -> Made {
        let mut c = self.next();
        loop {
            if c == Some(b'_') {
                c = self.next();
            }
            if !c.is_some_and(valid) {
                if is_digit(c) && what != "hexadecimal" {
                    let c = char::from(c.unwrap_or(b'?'));
                    return self.fail(format!("invalid digit '{c}' in {what} literal"));
                }
                self.back(c);
                return self.fail(format!("invalid {what} literal"));
            }
            while c.is_some_and(valid) {
                c = self.next();
            }
            if c != Some(b'_') {
                break;
            }
        }
        if is_digit(c) {
            let c = char::from(c.unwrap_or(b'?'));
            return self.fail(format!("invalid digit '{c}' in {what} literal"));
        }
        self.number_ends(c, what)?;
        self.back(c);
        Ok(Kind::Number)
    }

    pub(super) fn number(&mut self, first: u8) -> Made {
        if first != b'0' {
            let c = self.decimal_tail()?;
            return self.after_digits(c);
        }
        let mut c = self.next();
        match c {
            Some(b'x' | b'X') => return self.radix("hexadecimal", |c| c.is_ascii_hexdigit()),
            Some(b'o' | b'O') => return self.radix("octal", |c| matches!(c, b'0'..=b'7')),
            Some(b'b' | b'B') => return self.radix("binary", |c| matches!(c, b'0' | b'1')),
            _ => {}
        }
        loop {
            if c == Some(b'_') {
                c = self.next();
                if !is_digit(c) {
                    self.back(c);
                    return self.fail("invalid decimal literal");
                }
            }
            if c != Some(b'0') {
                break;
            }
            c = self.next();
        }
        let zeros_end = self.cur;
        let nonzero = is_digit(c);
        if nonzero {
            c = self.decimal_tail()?;
        }
        if nonzero && !matches!(c, Some(b'.' | b'e' | b'E' | b'j' | b'J')) {
            self.back(c);
            let start = self.chars(self.line_start, self.start.unwrap_or(self.cur)) + 1;
            let end = self.chars(self.line_start, zeros_end);
            return self.fail_range(
                start,
                end,
                "leading zeros in decimal integer literals are not permitted; \
                 use an 0o prefix for octal integers",
            );
        }
        self.after_digits(c)
    }

    fn after_digits(&mut self, c: Option<u8>) -> Made {
        if c == Some(b'.') {
            let c = self.next();
            return self.fraction(c);
        }
        self.exponent(c)
    }

    /// Behind the point; `c` is read already.
    pub(super) fn fraction(&mut self, mut c: Option<u8>) -> Made {
        if is_digit(c) {
            c = self.decimal_tail()?;
        }
        self.exponent(c)
    }

    fn exponent(&mut self, mut c: Option<u8>) -> Made {
        if matches!(c, Some(b'e' | b'E')) {
            let e = c;
            c = self.next();
            if matches!(c, Some(b'+' | b'-')) {
                c = self.next();
                if !is_digit(c) {
                    self.back(c);
                    return self.fail("invalid decimal literal");
                }
            } else if !is_digit(c) {
                self.back(c);
                self.number_ends(e, "decimal")?;
                self.back(e);
                return Ok(Kind::Number);
            }
            c = self.decimal_tail()?;
        }
        if matches!(c, Some(b'j' | b'J')) {
            c = self.next();
            self.number_ends(c, "imaginary")?;
        } else {
            self.number_ends(c, "decimal")?;
        }
        self.back(c);
        Ok(Kind::Number)
    }
}
