//! The bridge to the pure modules (`number`, `format`, `unicode`): their errors as exceptions,
//! their texts as strings.

use crate::Thread;
use crate::call::buffer::BufferSource;
use crate::number::{ErrorClass, FormatError};
use crate::object::{Gc, Raised, Result, Value};
use crate::types::bytes::Bytes;
use crate::types::str_::{Str, Units};
use crate::types::{ExceptionClass, T};
use crate::unicode::{Text, TextBuilder, TextRef};

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
        self.str_from_ref(t.as_ref())
    }

    /// A string from a borrowed text.
    pub fn str_from_ref(&mut self, t: TextRef<'_>) -> Gc<Str> {
        match t {
            TextRef::Ascii(s) => self.new_ascii(s.as_bytes()),
            TextRef::Latin1(s) => self.str_from_latin1(s),
            TextRef::Ucs2(s) => self.str_from_ucs2(s),
            TextRef::Ucs4(s) => self.str_from_code_points(s),
        }
    }

    /// An empty text in the thread's scratch room, for a string that [`Thread::finish_text`] makes.
    #[inline]
    pub fn start_text(&mut self) -> TextBuilder {
        TextBuilder::in_room(std::mem::take(&mut self.scratch))
    }

    /// The string of a builder, whose room is kept.
    pub fn finish_text(&mut self, builder: TextBuilder) -> Gc<Str> {
        match builder.into_ascii() {
            Ok(room) => {
                let made = self.new_ascii(&room);
                self.keep_room(room);
                made
            }
            Err(text) => self.str_from_text(&text),
        }
    }

    /// Room for bytes that are being made; to be given back to [`Thread::keep_room`].
    #[inline]
    pub fn take_room(&mut self) -> Vec<u8> {
        let mut room = std::mem::take(&mut self.scratch);
        room.clear();
        room
    }

    /// Takes room for the next text, unless it is large.
    #[inline]
    pub fn keep_room(&mut self, room: Vec<u8>) {
        if room.capacity() <= 4096 {
            self.scratch = room;
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

impl Thread {
    /// The bytes of an object with the buffer protocol, copied; None for what has it not.
    pub fn bytes_like(&mut self, v: Value) -> Result<Option<Vec<u8>>> {
        if let Some(b) = v.downcast::<Bytes>() {
            return Ok(Some(b.as_slice().to_vec()));
        }
        let Some(f) = self.class_of(v).slots().buffer else {
            return Ok(None);
        };
        let view = f(self, v, crate::call::buffer::request::SIMPLE)?;
        let range = view.offset..view.offset.saturating_add(view.len);
        let bytes = match view.source {
            BufferSource::Bytes(b) => b.as_slice().get(range).map(<[u8]>::to_vec),
            BufferSource::Raw(b) => b.as_slice().get(range).map(<[u8]>::to_vec),
            BufferSource::Foreign(..) => None,
        };
        match bytes {
            Some(b) => Ok(Some(b)),
            None => Err(self.buffer_error("memory of this buffer cannot be read here")),
        }
    }

    /// `bytes(v)` as a Rust vector, for what is not an int or a str: `__bytes__`, the buffer
    /// protocol, or an iterable of ints.
    pub fn bytes_from_any(&mut self, v: Value) -> Result<Vec<u8>> {
        if self.is_exact(v, T::Bytes)
            && let Some(b) = v.downcast::<Bytes>()
        {
            return Ok(b.as_slice().to_vec());
        }
        let name = self.names().__bytes__;
        if let Some(r) = self.call_special(v, name, &[])? {
            return match r.downcast::<Bytes>() {
                Some(b) => Ok(b.as_slice().to_vec()),
                None => {
                    let got = self.type_name(r);
                    Err(self.type_error(format!("__bytes__ returned non-bytes (type {got})")))
                }
            };
        }
        if let Some(b) = self.bytes_like(v)? {
            return Ok(b);
        }
        let class = self.class_of(v);
        let slots = class.slots();
        if v.downcast::<Str>().is_some() || (slots.iter.is_none() && slots.getitem.is_none()) {
            let got = self.type_name(v);
            return Err(self.type_error(format!("cannot convert '{got}' object to bytes")));
        }
        let mut out = Vec::new();
        self.for_each(v, |th, item| {
            let i = th.index_i64(item, "Python int too large to convert to C ssize_t")?;
            match u8::try_from(i) {
                Ok(b) => {
                    out.push(b);
                    Ok(())
                }
                Err(_) => Err(th.value_error("bytes must be in range(0, 256)")),
            }
        })?;
        Ok(out)
    }
}
