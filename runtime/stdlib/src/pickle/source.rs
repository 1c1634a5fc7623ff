//! What an unpickler reads: bytes, or a file by frames.

use std::cell::{Cell, RefCell};

use super::unpickler::Unpickler;
use super::unpickling_error;
use taipan_vm::object::{Gc, Raised, Slot};
use taipan_vm::types::bytes::Bytes;
use taipan_vm::{Result, Thread, Trace, Value};

/// The input.
#[derive(Trace)]
pub struct Source {
    read: Slot,
    readline: Slot,
    #[notrace]
    data: RefCell<Vec<u8>>,
    #[notrace]
    at: Cell<usize>,
}

#[cold]
fn truncated(th: &mut Thread) -> Raised {
    unpickling_error(th, "pickle data was truncated")
}

impl Source {
    pub(super) fn new() -> Source {
        Source {
            read: Slot::empty(),
            readline: Slot::empty(),
            data: RefCell::default(),
            at: Cell::new(0),
        }
    }

    pub(super) fn set_bytes(&self, bytes: Vec<u8>) {
        *self.data.borrow_mut() = bytes;
        self.at.set(0);
    }

    pub(super) fn set_file(
        &self,
        th: &mut Thread,
        owner: Gc<Unpickler>,
        file: Value,
    ) -> Result<()> {
        let read = th.get_attr_str_option(file, "read")?;
        let readline = th.get_attr_str_option(file, "readline")?;
        let (Some(read), Some(readline)) = (read, readline) else {
            return Err(th.type_error("file must have 'read' and 'readline' attributes"));
        };
        self.read.set(owner.header(), read);
        self.readline.set(owner.header(), readline);
        self.set_bytes(Vec::new());
        Ok(())
    }

    fn read_from_file(
        &self,
        th: &mut Thread,
        f: Value,
        args: &[Value],
        what: &str,
    ) -> Result<Vec<u8>> {
        let v = th.call(f, args)?;
        match v.downcast::<Bytes>() {
            Some(b) => Ok(b.as_slice().to_vec()),
            None => {
                if th.supports_buffer(v) {
                    return crate::buffer_bytes(th, v);
                }
                let got = th.type_name(v);
                Err(th.type_error(format!("{what}() returned non-bytes object ({got})")))
            }
        }
    }

    fn rest(&self) -> usize {
        self.data.borrow().len() - self.at.get()
    }

    /// Calls `f` with the next `n` bytes.
    pub(super) fn take<R>(
        &self,
        th: &mut Thread,
        n: usize,
        f: impl FnOnce(&mut Thread, &[u8]) -> R,
    ) -> Result<R> {
        let at = self.at.get();
        if self.rest() >= n {
            self.at.set(at + n);
            let data = self.data.borrow();
            return Ok(f(th, &data[at..at + n]));
        }
        let Some(read) = self.read.get() else {
            return Err(truncated(th));
        };
        if self.rest() > 0 {
            return Err(unpickling_error(th, "pickle exhausted before end of frame"));
        }
        if n > isize::MAX as usize {
            return Err(th.overflow_error("read would overflow (invalid bytecode)"));
        }
        let count = th.int(n as i64);
        let bytes = self.read_from_file(th, read, &[count], "read")?;
        if bytes.len() < n {
            return Err(truncated(th));
        }
        Ok(f(th, &bytes[..n]))
    }

    /// The next byte.
    #[inline]
    pub(super) fn byte(&self, th: &mut Thread) -> Result<u8> {
        let at = self.at.get();
        if let Some(b) = self.data.borrow().get(at) {
            self.at.set(at + 1);
            return Ok(*b);
        }
        self.take(th, 1, |_, b| b[0])
    }

    /// A line without its end.
    pub(super) fn line(&self, th: &mut Thread) -> Result<Vec<u8>> {
        if self.rest() == 0
            && let Some(f) = self.readline.get()
        {
            let mut line = self.read_from_file(th, f, &[], "readline")?;
            return match line.pop() {
                Some(b'\n') => Ok(line),
                _ => Err(truncated(th)),
            };
        }
        let at = self.at.get();
        let found = {
            let data = self.data.borrow();
            memchr::memchr(b'\n', &data[at..]).map(|i| data[at..at + i].to_vec())
        };
        match found {
            Some(line) => {
                self.at.set(at + line.len() + 1);
                Ok(line)
            }
            None => Err(truncated(th)),
        }
    }

    /// A frame begins.
    pub(super) fn frame(&self, th: &mut Thread, n: u64) -> Result<()> {
        let Ok(n) = usize::try_from(n) else {
            return Err(th.overflow_error("FRAME length exceeds system's maximum"));
        };
        if self.rest() >= n {
            return Ok(());
        }
        let Some(read) = self.read.get() else {
            return Err(truncated(th));
        };
        if self.rest() > 0 {
            return Err(unpickling_error(
                th,
                "beginning of a new frame before end of current frame",
            ));
        }
        if n > isize::MAX as usize {
            return Err(th.overflow_error("FRAME length exceeds system's maximum of bytes"));
        }
        let count = th.int(n as i64);
        let bytes = self.read_from_file(th, read, &[count], "read")?;
        if bytes.len() < n {
            return Err(truncated(th));
        }
        self.set_bytes(bytes);
        Ok(())
    }
}
