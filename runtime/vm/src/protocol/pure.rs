//! The bridge to the pure modules (`number`, `format`, `unicode`): their errors as exceptions,
//! their texts as strings.

use crate::Thread;
use crate::number::{ErrorClass, FormatError};
use crate::object::{Gc, Raised, Result};
use crate::types::ExceptionClass;
use crate::types::str_::{Str, Units};
use crate::unicode::{Text, TextRef};

impl Str {
    /// The text as the pure modules take it.
    #[inline]
    pub fn text_ref(&self) -> TextRef<'_> {
        match self.units() {
            Units::Ascii(s) => TextRef::Ascii(s),
            Units::Latin1(s) => TextRef::Latin1(s),
            Units::Ucs2(s) => TextRef::Ucs2(s),
            Units::Ucs4(s) => TextRef::Ucs4(s),
        }
    }
}

impl Thread {
    /// A string from a text of the pure modules.
    pub fn str_from_text(&mut self, t: &Text) -> Gc<Str> {
        match t.as_ref() {
            TextRef::Ascii(s) => self.new_ascii(s.as_bytes()),
            TextRef::Latin1(s) => self.str_from_latin1(s),
            TextRef::Ucs2(s) => self.str_from_ucs2(s),
            TextRef::Ucs4(s) => self.str_from_code_points(s),
        }
    }

    /// Raises an error of the pure modules.
    #[cold]
    pub fn raise_format(&mut self, e: FormatError) -> Raised {
        let class = match e.class {
            ErrorClass::ValueError => ExceptionClass::ValueError,
            ErrorClass::TypeError => ExceptionClass::TypeError,
            ErrorClass::OverflowError => ExceptionClass::OverflowError,
            ErrorClass::ZeroDivisionError => ExceptionClass::ZeroDivisionError,
            ErrorClass::MemoryError => return self.memory_error(),
            ErrorClass::KeyError => ExceptionClass::KeyError,
            ErrorClass::IndexError => ExceptionClass::IndexError,
            ErrorClass::LookupError => ExceptionClass::LookupError,
        };
        match e.errno {
            Some(n) => {
                let text = self.new_str(&e.message).value();
                let n = self.int(n as i64);
                self.raise_with(class, &[n, text])
            }
            None => self.raise(class, &e.message),
        }
    }

    /// A result of the pure modules as one of the interpreter.
    #[inline]
    pub fn format_result<R>(&mut self, r: std::result::Result<R, FormatError>) -> Result<R> {
        match r {
            Ok(r) => Ok(r),
            Err(e) => Err(self.raise_format(e)),
        }
    }
}
