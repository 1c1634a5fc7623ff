//! `TextIOWrapper`: text over a binary stream.
//!
//! `decoded` is the text of the last piece read, handed out up to `used`; `piece` are its bytes, so
//! that `tell` can say where in the file the reader is. `waiting` are encoded bytes that the binary
//! stream has not got yet. Positions are plain byte offsets, also where a codec has state.

pub mod codec;
mod methods;

use std::cell::{Cell, RefCell};

use taipan_vm::object::{Gc, GcSlot, NativeHeader, Slot};
use taipan_vm::types::bytes::Bytes;
use taipan_vm::types::str_::Str;
use taipan_vm::unicode::codecs::Builtin;
use taipan_vm::{NativeObject, Raised, Result, Thread, Value};

pub use methods::TEXT_WRAPPER_TYPE;

use super::buffered::Buffered;
use super::newline::{LineEnd, Newlines, find_line_end};
use super::state;
use super::support;
use codec::Codec;

/// How many bytes wait before they are handed to the binary stream.
const CHUNK: usize = 8192;

/// A text stream.
#[repr(C)]
#[derive(NativeObject)]
pub struct TextWrapper {
    head: NativeHeader,
    /// The binary stream; nothing before `__init__` and after `detach`.
    pub buffer: Slot,
    encoding: Slot,
    errors: Slot,
    encoder: Slot,
    decoder: Slot,
    decoded: GcSlot<Str>,
    #[notrace]
    used: Cell<usize>,
    #[notrace]
    piece: RefCell<Vec<u8>>,
    #[notrace]
    undecoded: RefCell<Vec<u8>>,
    #[notrace]
    waiting: RefCell<Vec<u8>>,
    #[notrace]
    codec: Cell<Codec>,
    #[notrace]
    handler: Cell<Builtin>,
    #[notrace]
    newlines: Newlines,
    /// Are line ends recognised while decoding?
    #[notrace]
    universal: Cell<bool>,
    #[notrace]
    line_end: Cell<LineEnd>,
    /// What `\n` becomes when written, if not itself.
    #[notrace]
    write_end: Cell<Option<&'static str>>,
    #[notrace]
    line_buffering: Cell<bool>,
    #[notrace]
    write_through: Cell<bool>,
    #[notrace]
    detached: Cell<bool>,
    #[notrace]
    telling: Cell<bool>,
    #[notrace]
    seekable: Cell<bool>,
    #[notrace]
    readable: Cell<bool>,
    #[notrace]
    writable: Cell<bool>,
    #[notrace]
    has_read1: Cell<bool>,
    #[notrace]
    chunk: Cell<usize>,
    #[notrace]
    listed: Cell<bool>,
    /// One of the standard streams: flushed at exit only.
    #[notrace]
    pub standard: Cell<bool>,
    #[notrace]
    finalizing: Cell<bool>,
}

impl TextWrapper {
    fn new(head: NativeHeader) -> TextWrapper {
        TextWrapper {
            head,
            buffer: Slot::empty(),
            encoding: Slot::empty(),
            errors: Slot::empty(),
            encoder: Slot::empty(),
            decoder: Slot::empty(),
            decoded: GcSlot::empty(),
            used: Cell::new(0),
            piece: RefCell::default(),
            undecoded: RefCell::default(),
            waiting: RefCell::default(),
            codec: Cell::new(Codec::Utf8),
            handler: Cell::new(Builtin::Strict),
            newlines: Newlines::default(),
            universal: Cell::new(true),
            line_end: Cell::new(LineEnd::Lf),
            write_end: Cell::new(None),
            line_buffering: Cell::new(false),
            write_through: Cell::new(false),
            detached: Cell::new(false),
            telling: Cell::new(true),
            seekable: Cell::new(false),
            readable: Cell::new(true),
            writable: Cell::new(true),
            has_read1: Cell::new(false),
            chunk: Cell::new(CHUNK),
            listed: Cell::new(false),
            standard: Cell::new(false),
            finalizing: Cell::new(false),
        }
    }

    #[cold]
    fn no_buffer(&self, th: &mut Thread) -> Raised {
        if self.detached.get() {
            th.value_error("underlying buffer has been detached")
        } else {
            th.value_error("I/O operation on uninitialized object")
        }
    }

    /// The binary stream. ValueError when there is none.
    fn buffer(&self, th: &mut Thread) -> Result {
        match self.buffer.get() {
            Some(b) => Ok(b),
            None => Err(self.no_buffer(th)),
        }
    }

    /// The binary stream when it is a native one over a FileIO.
    #[inline]
    fn native(&self, th: &Thread) -> Option<Gc<Buffered>> {
        let v = self.buffer.get()?;
        th.class_of(v).def?;
        let b = v.downcast::<Buffered>()?;
        b.file().map(|_| b)
    }

    /// ValueError when closed or detached.
    fn check_open(&self, th: &mut Thread) -> Result<()> {
        if let Some(b) = self.native(th) {
            return if b.is_closed(th)? {
                Err(support::closed(th))
            } else {
                Ok(())
            };
        }
        let b = self.buffer(th)?;
        if support::is_closed(th, b)? {
            return Err(support::closed(th));
        }
        Ok(())
    }

    /// Settings of line ends. ValueError for what is none.
    fn set_newline(&self, th: &mut Thread, newline: Option<&str>) -> Result<()> {
        let (universal, translate, end, write) = match newline {
            None => (true, true, LineEnd::Lf, None),
            Some("") => (true, false, LineEnd::Any, None),
            Some("\n") => (false, false, LineEnd::Lf, None),
            Some("\r") => (false, false, LineEnd::Cr, Some("\r")),
            Some("\r\n") => (false, false, LineEnd::CrLf, Some("\r\n")),
            Some(other) => {
                let s = th.new_str(other).value();
                let r = th.repr_lossy(s);
                return Err(th.value_error(format!("illegal newline value: {r}")));
            }
        };
        self.universal.set(universal);
        self.newlines.translate.set(translate);
        self.line_end.set(end);
        self.write_end.set(write);
        Ok(())
    }

    /// Chooses how to encode and decode.
    fn set_codec(
        &self,
        th: &mut Thread,
        owner: Gc<TextWrapper>,
        encoding: Value,
        errors: Value,
    ) -> Result<()> {
        let name = th.str_lossy(encoding);
        let handler = Builtin::parse(&th.str_lossy(errors));
        let mut codec = Codec::of(&name);
        if handler.is_none() {
            codec = Codec::Other;
        }
        self.encoder.clear();
        self.decoder.clear();
        if codec == Codec::Other {
            codec::check_text_encoding(th, encoding)?;
        }
        self.codec.set(codec);
        self.handler.set(handler.unwrap_or(Builtin::Strict));
        self.encoding.set(owner.header(), encoding);
        self.errors.set(owner.header(), errors);
        Ok(())
    }

    fn coder(&self, th: &mut Thread, owner: Gc<TextWrapper>, encoding: bool) -> Result {
        let (slot, getter) = if encoding {
            (&self.encoder, "getincrementalencoder")
        } else {
            (&self.decoder, "getincrementaldecoder")
        };
        if let Some(c) = slot.get() {
            return Ok(c);
        }
        let (e, how) = (
            th.or_none(self.encoding.get()),
            th.or_none(self.errors.get()),
        );
        let c = codec::incremental(th, getter, e, how)?;
        slot.set(owner.header(), c);
        Ok(c)
    }

    fn forget_read(&self) {
        self.decoded.clear();
        self.used.set(0);
        self.piece.borrow_mut().clear();
        self.undecoded.borrow_mut().clear();
        self.newlines.pending.set(false);
    }

    fn reset_decoder(&self, th: &mut Thread) -> Result<()> {
        self.forget_read();
        if let Some(d) = self.decoder.get() {
            th.call_method_str(d, "reset", &[])?;
        }
        Ok(())
    }

    /// Text of the next bytes.
    fn decode(
        &self,
        th: &mut Thread,
        owner: Gc<TextWrapper>,
        bytes: Vec<u8>,
        last: bool,
    ) -> Result<Gc<Str>> {
        let s = if self.codec.get() == Codec::Other {
            let d = self.coder(th, owner, false)?;
            let (b, l) = (support::bytes(th, &bytes)?, th.bool(last));
            let v = th.call_method_str(d, "decode", &[b, l])?;
            codec::text(th, v)?
        } else {
            let mut data = std::mem::take(&mut *self.undecoded.borrow_mut());
            let data = if data.is_empty() {
                bytes
            } else {
                data.extend_from_slice(&bytes);
                data
            };
            let (s, n) = codec::decode(th, self.codec.get(), self.handler.get(), &data, last)?;
            if n < data.len() {
                *self.undecoded.borrow_mut() = data[n..].to_vec();
            }
            s
        };
        Ok(if self.universal.get() {
            self.newlines.piece(th, s, last)
        } else {
            s
        })
    }

    /// Reads and decodes one more piece; what of the last one is left stays in front. False at the
    /// end of the stream.
    fn read_piece(&self, th: &mut Thread, owner: Gc<TextWrapper>) -> Result<bool> {
        let bytes = match self.native(th) {
            Some(b) => {
                if b.file().is_some_and(|f| !f.readable.get()) {
                    return Err(state::unsupported(th, "not readable"));
                }
                b.read_chunk(th)?
            }
            None => {
                let b = self.buffer(th)?;
                self.check_readable(th)?;
                let method = if self.has_read1.get() {
                    "read1"
                } else {
                    "read"
                };
                let n = th.int(self.chunk.get() as i64);
                let v = th.call_method_str(b, method, &[n])?;
                match v.downcast::<Bytes>() {
                    Some(b) => b.as_slice().to_vec(),
                    None if th.supports_buffer(v) => {
                        support::with_bytes(th, v, |_, b| Ok(b.to_vec()))?
                    }
                    None => {
                        let got = th.type_name(v);
                        return Err(th.type_error(format!(
                            "underlying {method}() should have returned a bytes-like object, not '{got}'"
                        )));
                    }
                }
            }
        };
        let last = bytes.is_empty();
        let rest = self.decoded.get().filter(|d| self.used.get() < d.len());
        let mut piece = std::mem::take(&mut *self.piece.borrow_mut());
        if rest.is_some() {
            let n = codec::bytes_of_chars(
                self.codec.get(),
                self.newlines.translate.get(),
                &piece,
                self.used.get(),
            );
            piece.drain(..n);
        } else {
            piece.clear();
            if self.newlines.pending.get() {
                piece.push(b'\r');
            }
            piece.extend_from_slice(&self.undecoded.borrow());
        }
        piece.extend_from_slice(&bytes);
        *self.piece.borrow_mut() = piece;
        let new = self.decode(th, owner, bytes, last)?;
        let more = !last || !new.is_empty();
        let all = match rest {
            Some(r) => {
                let r = th.substring(r, self.used.get(), r.len());
                match th.concat_str(r, new) {
                    Some(s) => s,
                    None => return Err(th.memory_error()),
                }
            }
            None => new,
        };
        self.decoded.set(owner.header(), all);
        self.used.set(0);
        Ok(more)
    }

    /// What the binary stream said of itself when this one was made.
    fn check_readable(&self, th: &mut Thread) -> Result<()> {
        match self.readable.get() {
            true => Ok(()),
            false => Err(state::unsupported(th, "not readable")),
        }
    }

    /// Hands out up to `n` characters of what is decoded.
    fn take(&self, th: &mut Thread, n: usize) -> Gc<Str> {
        let Some(d) = self.decoded.get() else {
            return th.empty_str();
        };
        let from = self.used.get();
        let to = from.saturating_add(n).min(d.len());
        self.used.set(to);
        th.substring(d, from, to)
    }

    /// Reads all that is left.
    fn read_all(&self, th: &mut Thread, owner: Gc<TextWrapper>) -> Result<Gc<Str>> {
        let b = self.buffer(th)?;
        self.check_readable(th)?;
        let v = th.call_method_str(b, "read", &[])?;
        if th.is_none(v) {
            return Err(support::would_block(th, "Read returned None.", 0));
        }
        let bytes = support::with_bytes(th, v, |_, b| Ok(b.to_vec()))?;
        let new = self.decode(th, owner, bytes, true)?;
        let rest = self.take(th, usize::MAX);
        self.forget_read();
        if rest.is_empty() {
            return Ok(new);
        }
        match th.concat_str(rest, new) {
            Some(s) => Ok(s),
            None => Err(th.memory_error()),
        }
    }

    /// A line of at most `limit` characters (negative: any length).
    fn line(&self, th: &mut Thread, owner: Gc<TextWrapper>, limit: isize) -> Result<Gc<Str>> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut looked = 0;
        loop {
            if let Some(d) = self.decoded.get() {
                let from = self.used.get();
                if let Some(end) = find_line_end(&d, from + looked, self.line_end.get()) {
                    return Ok(self.take(th, (end - from).min(limit)));
                }
                let n = d.len() - from;
                if n >= limit {
                    return Ok(self.take(th, limit));
                }
                // (The last character may be half of a line end.)
                looked = n.saturating_sub(1);
            }
            if !self.read_piece(th, owner)? {
                let rest = self.take(th, limit);
                if self
                    .decoded
                    .get()
                    .is_some_and(|d| self.used.get() >= d.len())
                {
                    self.forget_read();
                }
                return Ok(rest);
            }
        }
    }

    /// Hands waiting bytes to the binary stream.
    fn hand_over(&self, th: &mut Thread) -> Result<()> {
        if self.waiting.borrow().is_empty() {
            return Ok(());
        }
        let data = std::mem::take(&mut *self.waiting.borrow_mut());
        if let Some(b) = self.native(th) {
            let Some(f) = b.file() else { return Ok(()) };
            if f.fd.get() < 0 {
                return Err(support::closed(th));
            }
            let r = b.put(th, b.value(), &data);
            let mut waiting = self.waiting.borrow_mut();
            if waiting.is_empty() {
                // Keep the allocation.
                *waiting = data;
                waiting.clear();
            }
            return r;
        }
        let b = self.buffer(th)?;
        let given = support::bytes(th, &data)?;
        loop {
            match th.call_method_str(b, "write", &[given]) {
                Err(_)
                    if th.pending_matches(taipan_vm::types::ExceptionClass::InterruptedError) =>
                {
                    th.clear_pending();
                    th.poll()?;
                }
                Err(r) => {
                    // What could not be written stays.
                    let mut waiting = self.waiting.borrow_mut();
                    let mut all = data;
                    all.extend_from_slice(&waiting);
                    *waiting = all;
                    return Err(r);
                }
                Ok(_) => return Ok(()),
            }
        }
    }

    /// Writes text.
    pub fn write(&self, th: &mut Thread, owner: Gc<TextWrapper>, s: Gc<Str>) -> Result<()> {
        self.check_open(th)?;
        let native = self.native(th);
        if let Some(f) = native.and_then(|b| b.file())
            && !f.writable.get()
        {
            return Err(state::unsupported(th, "not writable"));
        }
        if !self.writable.get() {
            return Err(state::unsupported(th, "not writable"));
        }
        let mut flush = self.write_through.get();
        let mut text = s;
        if self.line_buffering.get() || self.write_end.get().is_some() {
            let has_lf = find_line_end(&s, 0, LineEnd::Lf).is_some();
            if self.line_buffering.get() && (has_lf || find_line_end(&s, 0, LineEnd::Cr).is_some())
            {
                flush = true;
            }
            if let (true, Some(end)) = (has_lf, self.write_end.get()) {
                let end: Vec<u32> = end.chars().map(u32::from).collect();
                let mut out = Vec::with_capacity(s.len() + 8);
                for c in s.code_points() {
                    if c == 10 {
                        out.extend_from_slice(&end);
                    } else {
                        out.push(c);
                    }
                }
                text = th.str_from_code_points(&out);
            }
        }
        let mut waiting = std::mem::take(&mut *self.waiting.borrow_mut());
        let held = waiting.len();
        let r = if self.codec.get() == Codec::Other {
            match self.coder(th, owner, true) {
                Ok(e) => match th.call_method_str(e, "encode", &[text.value()]) {
                    Ok(v) => codec::encoded(th, v, &mut waiting),
                    Err(r) => Err(r),
                },
                Err(r) => Err(r),
            }
        } else {
            codec::encode(th, self.codec.get(), self.handler.get(), text, &mut waiting)
        };
        if r.is_err() {
            waiting.truncate(held);
        }
        let total = waiting.len();
        // Other streams may count on it that what waited and what is new are not run together.
        if native.is_none() && held > 0 && total > self.chunk.get() && r.is_ok() {
            let new = waiting.split_off(held);
            *self.waiting.borrow_mut() = waiting;
            self.hand_over(th)?;
            self.waiting.borrow_mut().extend_from_slice(&new);
        } else {
            *self.waiting.borrow_mut() = waiting;
        }
        r?;
        if self.decoded.get().is_some() || !self.undecoded.borrow().is_empty() {
            if self.seekable.get() {
                self.reset_decoder(th)?;
            } else if let Some(d) = self.decoder.get() {
                th.call_method_str(d, "reset", &[])?;
            }
        }
        if total >= self.chunk.get() || flush {
            self.hand_over(th)?;
        } else if !self.listed.get() && !self.standard.get() {
            self.listed.set(true);
            state::note_dirty(th, owner.value());
        }
        if flush && (self.line_buffering.get()) {
            self.flush_buffer(th)?;
        }
        Ok(())
    }

    fn flush_buffer(&self, th: &mut Thread) -> Result<()> {
        if let Some(b) = self.native(th) {
            return b.flush_waiting(th);
        }
        let b = self.buffer(th)?;
        th.call_method_str(b, "flush", &[]).map(|_| ())
    }

    /// Hands everything to the system.
    pub fn flush(&self, th: &mut Thread) -> Result<()> {
        self.hand_over(th)?;
        self.flush_buffer(th)
    }

    /// Can it be flushed without running Python code?
    pub fn is_native(&self, th: &Thread) -> bool {
        self.native(th).is_some()
    }

    /// Marks it as in the list of writers with data, or not.
    pub fn set_listed(&self, on: bool) {
        self.listed.set(on);
    }

    fn leave_list(&self, th: &Thread, this: Value) {
        if self.listed.replace(false) {
            state::forget(th, this);
        }
    }

    /// The position in the binary stream of the next character.
    fn position(&self, th: &mut Thread, owner: Gc<TextWrapper>) -> Result<i64> {
        let b = self.buffer(th)?;
        let p = th.call_method_str(b, "tell", &[])?;
        let p = support::number(th, p)?;
        let Some(d) = self.decoded.get() else {
            return Ok(p);
        };
        if self.codec.get() == Codec::Other {
            let rest = th.substring(d, self.used.get(), d.len());
            if rest.is_empty() {
                return Ok(p);
            }
            let (e, how) = (
                th.or_none(self.encoding.get()),
                th.or_none(self.errors.get()),
            );
            let _ = owner;
            let made = codec::incremental(th, "getincrementalencoder", e, how)?;
            let zero = th.int(0);
            let first = th.empty_str().value();
            // (Not at the start of the stream: no mark of the byte order.)
            let _ = th.call_method_str(made, "encode", &[first])?;
            let _ = th.call_method_str(made, "setstate", &[zero])?;
            let v = th.call_method_str(made, "encode", &[rest.value()])?;
            return Ok(p - th.len(v)? as i64);
        }
        let piece = self.piece.borrow();
        let n = codec::bytes_of_chars(
            self.codec.get(),
            self.newlines.translate.get(),
            &piece,
            self.used.get(),
        );
        Ok(p - (piece.len() - n) as i64)
    }
}
