//! Buffered binary streams over a raw stream: one layout for reader, writer and random access.
//!
//! `ahead` holds bytes read but not handed out from index `at` on; `waiting` holds bytes not yet
//! written. At most one of the two is in use; switching flushes `waiting` or moves the raw stream
//! back. Where the raw stream is exactly a `FileIO`, its descriptor is used directly. Neither
//! buffer is borrowed while Python code or another thread can run.

pub mod pair;
pub mod types;

use std::cell::{Cell, RefCell};

use memchr::memchr;
use rustix::fs::SeekFrom;
use taipan_vm::object::{Gc, NativeHeader, Slot};
use taipan_vm::types::ExceptionClass;
use taipan_vm::types::bytes::Bytes;
use taipan_vm::{NativeObject, Raised, Result, Thread, Value};

use super::fileio::{self, FILE_IO_TYPE, FileIo};
use super::state;
use super::support;

/// A buffered stream.
#[repr(C)]
#[derive(NativeObject)]
pub struct Buffered {
    head: NativeHeader,
    /// The raw stream; nothing before `__init__` and after `detach`.
    pub raw: Slot,
    /// The text stream around it, which must be closed first.
    pub owner: Slot,
    #[notrace]
    ahead: RefCell<Vec<u8>>,
    #[notrace]
    at: Cell<usize>,
    #[notrace]
    waiting: RefCell<Vec<u8>>,
    /// Is it in the list of writers that hold data?
    #[notrace]
    listed: Cell<bool>,
    #[notrace]
    size: Cell<usize>,
    #[notrace]
    detached: Cell<bool>,
    /// Is the raw stream exactly a FileIO?
    #[notrace]
    fast: Cell<bool>,
    #[notrace]
    finalizing: Cell<bool>,
}

/// Closes the streams around a raw file that dies, outermost first.
pub fn finalize_buffered(th: &mut Thread, v: Value) -> Result<()> {
    if let Some(b) = v.downcast::<Buffered>() {
        let raw_closed = b.file().is_some_and(|f| f.fd.get() < 0);
        if b.raw.get().is_none() || raw_closed {
            return Ok(());
        }
        if let Some(text) = b.owner.take() {
            super::base::finalize(th, text)?;
        }
    }
    super::base::finalize(th, v)
}

impl Buffered {
    fn new(head: NativeHeader) -> Buffered {
        Buffered {
            head,
            raw: Slot::empty(),
            owner: Slot::empty(),
            ahead: RefCell::default(),
            at: Cell::new(0),
            waiting: RefCell::default(),
            listed: Cell::new(false),
            size: Cell::new(super::DEFAULT_BUFFER_SIZE),
            detached: Cell::new(false),
            fast: Cell::new(false),
            finalizing: Cell::new(false),
        }
    }

    /// The raw stream when it is exactly a FileIO.
    #[inline]
    pub fn file(&self) -> Option<Gc<FileIo>> {
        if !self.fast.get() {
            return None;
        }
        self.raw.get()?.downcast::<FileIo>()
    }

    #[cold]
    fn uninitialized(&self, th: &mut Thread) -> Raised {
        if self.detached.get() {
            th.value_error("raw stream has been detached")
        } else {
            th.value_error("I/O operation on uninitialized object")
        }
    }

    /// The raw stream. ValueError when there is none.
    pub fn raw(&self, th: &mut Thread) -> Result {
        match self.raw.get() {
            Some(r) => Ok(r),
            None => Err(self.uninitialized(th)),
        }
    }

    /// Is the raw stream closed? ValueError when there is none.
    pub fn is_closed(&self, th: &mut Thread) -> Result<bool> {
        if let Some(f) = self.file() {
            return Ok(f.fd.get() < 0);
        }
        let raw = self.raw(th)?;
        support::is_closed(th, raw)
    }

    fn check_open(&self, th: &mut Thread, what: &str) -> Result<()> {
        if self.is_closed(th)? {
            return Err(th.value_error(format!("{what} of closed file")));
        }
        Ok(())
    }

    fn setup(&self, th: &mut Thread, this: Value, raw: Value, size: isize) -> Result<()> {
        if size <= 0 {
            return Err(th.value_error("buffer size must be strictly positive"));
        }
        let owner = this.header();
        if let Some(h) = owner {
            self.raw.set(h, raw);
        }
        self.size.set(size as usize);
        self.detached.set(false);
        let exact = th.is_exact_native(raw, &FILE_IO_TYPE);
        self.fast.set(exact);
        self.ahead.borrow_mut().clear();
        self.at.set(0);
        self.waiting.borrow_mut().clear();
        if let Some(f) = raw.downcast::<FileIo>() {
            f.owner.set(f.header(), this);
        }
        Ok(())
    }

    /// Number of bytes read ahead.
    pub fn available(&self) -> usize {
        self.ahead.borrow().len() - self.at.get()
    }

    /// Takes up to `n` bytes that were read ahead.
    fn take(&self, n: usize) -> Vec<u8> {
        let ahead = self.ahead.borrow();
        let from = self.at.get();
        let to = from.saturating_add(n).min(ahead.len());
        self.at.set(to);
        ahead[from..to].to_vec()
    }

    fn drop_ahead(&self) {
        self.ahead.borrow_mut().clear();
        self.at.set(0);
    }

    /// One read from the raw stream behind what `out` holds. None when it would block.
    fn raw_read(&self, th: &mut Thread, out: &mut Vec<u8>, n: usize) -> Result<Option<usize>> {
        if let Some(f) = self.file() {
            let fd = f.check_readable(th)?;
            return fileio::read_fd(th, fd, out, n);
        }
        let raw = self.raw(th)?;
        let (make, size) = (th.builtin("bytearray")?, th.int(n as i64));
        let target = th.call(make, &[size])?;
        let view = th.builtin("memoryview")?;
        let view = th.call(view, &[target])?;
        let r = loop {
            match th.call_method_str(raw, "readinto", &[view]) {
                Err(_) if th.pending_matches(ExceptionClass::InterruptedError) => {
                    th.clear_pending();
                    th.poll()?;
                }
                other => break other,
            }
        };
        let pending = r.is_err().then(|| th.take_pending());
        if th.call_method_str(view, "release", &[]).is_err() {
            th.clear_pending();
        }
        let r = match pending {
            Some(e) => return Err(th.reraise(e)),
            None => r?,
        };
        if th.is_none(r) {
            return Ok(None);
        }
        let got = match support::number(th, r) {
            Ok(g) => g,
            Err(_) => {
                let cause = th.take_pending();
                let raised = th.raise(ExceptionClass::OSError, "raw readinto() failed");
                if let Some(e) = th
                    .pending_exception()
                    .and_then(taipan_vm::types::exception::of)
                {
                    e.cause.set(e.header(), cause);
                    e.suppress_context.set(true);
                }
                return Err(raised);
            }
        };
        support::with_bytes(th, target, |th, b| {
            match usize::try_from(got).ok().and_then(|g| b.get(..g)) {
                Some(b) => {
                    out.extend_from_slice(b);
                    Ok(Some(b.len()))
                }
                None => Err(th.raise(
                    ExceptionClass::OSError,
                    &format!("raw readinto() returned invalid length {got} (should have been between 0 and {n})"),
                )),
            }
        })
    }

    /// Reads ahead once; the buffer must be used up. None when it would block.
    fn fill(&self, th: &mut Thread) -> Result<Option<usize>> {
        self.flush_before_reading(th)?;
        let mut buffer = std::mem::take(&mut *self.ahead.borrow_mut());
        self.at.set(0);
        buffer.clear();
        let r = self.raw_read(th, &mut buffer, self.size.get());
        *self.ahead.borrow_mut() = buffer;
        r
    }

    fn flush_before_reading(&self, th: &mut Thread) -> Result<()> {
        if !self.waiting.borrow().is_empty() {
            self.flush_waiting(th)?;
        }
        Ok(())
    }

    /// Reads to the end. None when nothing can be had without blocking.
    fn read_all(&self, th: &mut Thread) -> Result<Option<Vec<u8>>> {
        self.flush_before_reading(th)?;
        let mut out = self.take(usize::MAX);
        self.drop_ahead();
        if let Some(f) = self.file() {
            return Ok(match f.read_all(th)? {
                Some(rest) if out.is_empty() => Some(rest),
                Some(rest) => {
                    out.extend_from_slice(&rest);
                    Some(out)
                }
                None => (!out.is_empty()).then_some(out),
            });
        }
        let raw = self.raw(th)?;
        if let Some(readall) = th.get_attr_str_option(raw, "readall")? {
            let r = th.call(readall, &[])?;
            if let Some(b) = r.downcast::<Bytes>() {
                out.extend_from_slice(b.as_slice());
                return Ok(Some(out));
            }
            if th.is_none(r) {
                return Ok((!out.is_empty()).then_some(out));
            }
            return Err(th.type_error("readall() should return bytes"));
        }
        let mut empty = out.is_empty();
        loop {
            let r = th.call_method_str(raw, "read", &[])?;
            if th.is_none(r) {
                return Ok((!empty).then_some(out));
            }
            let Some(b) = r.downcast::<Bytes>() else {
                return Err(th.type_error("read() should return bytes"));
            };
            if b.is_empty() {
                return Ok(Some(out));
            }
            empty = false;
            out.extend_from_slice(b.as_slice());
        }
    }

    /// Reads exactly `n` bytes unless the stream ends. None when nothing can be had without
    /// blocking.
    fn read_exact(&self, th: &mut Thread, n: usize) -> Result<Option<Vec<u8>>> {
        let mut out = self.take(n);
        while out.len() < n {
            let want = n - out.len();
            let r = if want >= self.size.get() {
                self.flush_before_reading(th)?;
                self.drop_ahead();
                self.raw_read(th, &mut out, want - want % self.size.get())?
            } else {
                let r = self.fill(th)?;
                out.extend_from_slice(&self.take(want));
                r
            };
            match r {
                Some(0) => break,
                None if out.is_empty() => return Ok(None),
                None => break,
                Some(_) => {}
            }
        }
        Ok(Some(out))
    }

    /// What is there, after at most one read of the raw stream.
    pub fn read_once(&self, th: &mut Thread, n: usize) -> Result<Vec<u8>> {
        if self.available() > 0 || n == 0 {
            return Ok(self.take(n));
        }
        self.flush_before_reading(th)?;
        self.drop_ahead();
        if n >= self.size.get() {
            let mut out = Vec::new();
            self.raw_read(th, &mut out, n)?;
            return Ok(out);
        }
        self.fill(th)?;
        Ok(self.take(n))
    }

    /// All that is read ahead, or one filled buffer. For text streams.
    pub fn read_chunk(&self, th: &mut Thread) -> Result<Vec<u8>> {
        if self.available() == 0 {
            self.fill(th)?;
        }
        Ok(self.take(usize::MAX))
    }

    /// A line of at most `limit` bytes (negative: any length).
    fn line(&self, th: &mut Thread, limit: isize) -> Result<Vec<u8>> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut out = Vec::new();
        loop {
            {
                let ahead = self.ahead.borrow();
                let rest = &ahead[self.at.get()..];
                let rest = &rest[..rest.len().min(limit - out.len())];
                let n = memchr(b'\n', rest).map_or(rest.len(), |i| i + 1);
                out.extend_from_slice(&rest[..n]);
                self.at.set(self.at.get() + n);
            }
            if out.last() == Some(&b'\n') || out.len() >= limit {
                return Ok(out);
            }
            if !matches!(self.fill(th)?, Some(n) if n > 0) {
                return Ok(out);
            }
        }
    }

    /// One write to the raw stream. None when it would block.
    fn raw_write(&self, th: &mut Thread, data: &[u8]) -> Result<Option<usize>> {
        if let Some(f) = self.file() {
            let fd = f.check_writable(th)?;
            return fileio::write_fd(th, fd, data);
        }
        let raw = self.raw(th)?;
        let given = support::bytes(th, data)?;
        let view = th.builtin("memoryview")?;
        let given = th.call(view, &[given])?;
        let r = loop {
            match th.call_method_str(raw, "write", &[given]) {
                Err(_) if th.pending_matches(ExceptionClass::InterruptedError) => {
                    th.clear_pending();
                    th.poll()?;
                }
                other => break other?,
            }
        };
        if th.is_none(r) {
            return Ok(None);
        }
        let n = support::number(th, r)?;
        match usize::try_from(n) {
            Ok(n) if n <= data.len() => Ok(Some(n)),
            _ => {
                let len = data.len();
                Err(th.raise(
                    ExceptionClass::OSError,
                    &format!("raw write() returned invalid length {n} (should have been between 0 and {len})"),
                ))
            }
        }
    }

    /// Writes all that waits. BlockingIOError when not all can be taken.
    pub fn flush_waiting(&self, th: &mut Thread) -> Result<()> {
        let data = std::mem::take(&mut *self.waiting.borrow_mut());
        if data.is_empty() {
            return Ok(());
        }
        let mut done = 0;
        let r = loop {
            if done == data.len() {
                break Ok(());
            }
            match self.raw_write(th, &data[done..]) {
                Ok(Some(n)) => {
                    done += n;
                    // A write that a signal has cut short must not be followed by one that waits.
                    if done < data.len()
                        && let Err(r) = th.poll()
                    {
                        break Err(r);
                    }
                }
                Ok(None) => {
                    break Err(support::would_block(
                        th,
                        "write could not complete without blocking",
                        0,
                    ));
                }
                Err(r) => break Err(r),
            }
        };
        let mut waiting = self.waiting.borrow_mut();
        if done < data.len() {
            let mut rest = data[done..].to_vec();
            rest.extend_from_slice(&waiting);
            *waiting = rest;
        } else if waiting.is_empty() {
            // Keep the allocation.
            *waiting = data;
            waiting.clear();
        }
        r
    }

    /// Moves the raw stream back to where the reader is, before writing.
    fn rewind(&self, th: &mut Thread) -> Result<()> {
        let n = self.available();
        self.drop_ahead();
        if n > 0 {
            self.raw_seek(th, -(n as i64), 1)?;
        }
        Ok(())
    }

    /// Takes bytes for writing. The caller has checked that the stream is open.
    pub fn put(&self, th: &mut Thread, this: Value, data: &[u8]) -> Result<()> {
        if self.available() > 0 {
            self.rewind(th)?;
        } else if self.at.get() > 0 {
            self.drop_ahead();
        }
        let held = self.waiting.borrow().len();
        let size = self.size.get();
        if held + data.len() <= size {
            self.waiting.borrow_mut().extend_from_slice(data);
            if held == 0 && !self.listed.get() {
                self.listed.set(true);
                state::note_dirty(th, this);
            }
            return Ok(());
        }
        if let Err(r) = self.flush_waiting(th) {
            if !th.pending_matches(ExceptionClass::BlockingIOError) {
                return Err(r);
            }
            // Take what there is room for.
            th.clear_pending();
            let mut waiting = self.waiting.borrow_mut();
            let room = size.saturating_sub(waiting.len()).min(data.len());
            waiting.extend_from_slice(&data[..room]);
            drop(waiting);
            if room < data.len() {
                return Err(support::would_block(
                    th,
                    "write could not complete without blocking",
                    room,
                ));
            }
            return Ok(());
        }
        let mut rest = data;
        while rest.len() > size {
            match self.raw_write(th, rest)? {
                Some(n) => {
                    rest = &rest[n..];
                    if !rest.is_empty() {
                        th.poll()?;
                    }
                }
                None => {
                    let room = size.min(rest.len());
                    self.waiting.borrow_mut().extend_from_slice(&rest[..room]);
                    if room < rest.len() {
                        let done = data.len() - rest.len() + room;
                        return Err(support::would_block(
                            th,
                            "write could not complete without blocking",
                            done,
                        ));
                    }
                    return Ok(());
                }
            }
        }
        if !rest.is_empty() {
            self.waiting.borrow_mut().extend_from_slice(rest);
            if !self.listed.get() {
                self.listed.set(true);
                state::note_dirty(th, this);
            }
        }
        Ok(())
    }

    /// It is no longer in the list of writers.
    pub fn unlist(&self) {
        self.listed.set(false);
    }

    fn raw_seek(&self, th: &mut Thread, offset: i64, whence: i64) -> Result<i64> {
        if let Some(f) = self.file() {
            let fd = f.fd.get();
            let to = fileio::whence(th, offset, whence)?;
            return fileio::seek_fd(th, fd, to);
        }
        let raw = self.raw(th)?;
        let (o, w) = (th.int(offset), th.int(whence));
        let r = th.call_method_str(raw, "seek", &[o, w])?;
        let n = support::number(th, r)?;
        if n < 0 {
            return Err(th.raise(
                ExceptionClass::OSError,
                &format!("Raw stream returned invalid position {n}"),
            ));
        }
        Ok(n)
    }

    fn raw_tell(&self, th: &mut Thread) -> Result<i64> {
        if let Some(f) = self.file() {
            let fd = f.fd.get();
            return fileio::seek_fd(th, fd, SeekFrom::Current(0));
        }
        let raw = self.raw(th)?;
        let r = th.call_method_str(raw, "tell", &[])?;
        let n = support::number(th, r)?;
        if n < 0 {
            return Err(th.raise(
                ExceptionClass::OSError,
                &format!("Raw stream returned invalid position {n}"),
            ));
        }
        Ok(n)
    }

    /// The position as the user sees it.
    pub fn position(&self, th: &mut Thread) -> Result<i64> {
        let raw = self.raw_tell(th)?;
        // A character device may say that it is at its start whatever was read.
        let ahead = self.available() as i64;
        Ok((raw - ahead).max(0) + self.waiting.borrow().len() as i64)
    }

    /// Moves the position.
    pub fn move_to(&self, th: &mut Thread, offset: i64, whence: i64) -> Result<i64> {
        self.flush_before_reading(th)?;
        let n = self.available() as i64;
        if n > 0 && (whence == 0 || whence == 1) {
            // Perhaps the target has been read ahead.
            let here = self.raw_tell(th)? - n;
            let by = if whence == 0 { offset - here } else { offset };
            if by >= -(self.at.get() as i64) && by <= n {
                self.at.set((self.at.get() as i64 + by) as usize);
                return Ok(here + by);
            }
        }
        let offset = if whence == 1 { offset - n } else { offset };
        let r = self.raw_seek(th, offset, whence)?;
        self.drop_ahead();
        Ok(r)
    }

    /// Closes for good what the stream holds: it leaves the list of writers.
    fn forget(&self, th: &Thread, this: Value) {
        if self.listed.replace(false) {
            state::forget(th, this);
        }
    }
}
