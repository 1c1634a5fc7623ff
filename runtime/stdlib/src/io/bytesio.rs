//! `BytesIO`: a binary stream in memory.

use std::cell::{Cell, RefCell};

use memchr::memchr;
use taipan_vm::call::Args;
use taipan_vm::call::buffer::{BufferSource, BufferView, Exports};
use taipan_vm::object::{Gc, NativeHeader};
use taipan_vm::types::str_::Str;
use taipan_vm::{NativeObject, Result, Thread, Value, pytype};

use super::base::{BUFFERED_TYPE, expect};
use super::support::{self, class_argument, offset};

/// A stream over bytes of its own.
#[repr(C)]
#[derive(NativeObject)]
pub struct BytesIo {
    head: NativeHeader,
    #[notrace]
    data: RefCell<Vec<u8>>,
    #[notrace]
    at: Cell<usize>,
    #[notrace]
    closed: Cell<bool>,
    /// Number of lent buffers; the data must not move while there are any.
    #[notrace]
    exports: Exports,
}

impl BytesIo {
    fn check(&self, th: &mut Thread) -> Result<()> {
        if self.closed.get() {
            return Err(support::closed(th));
        }
        Ok(())
    }

    fn check_exports(&self, th: &mut Thread) -> Result<()> {
        if self.exports.count() > 0 && self.exports.may_be_in_use(th) {
            return Err(th.buffer_error("Existing exports of data: object cannot be re-sized"));
        }
        Ok(())
    }

    fn take(&self, n: isize) -> Vec<u8> {
        let data = self.data.borrow();
        let from = self.at.get().min(data.len());
        let to = match usize::try_from(n) {
            Ok(n) => from.saturating_add(n).min(data.len()),
            Err(_) => data.len(),
        };
        if to > from {
            self.at.set(to);
        }
        data[from..to].to_vec()
    }

    fn line(&self, n: isize) -> Vec<u8> {
        let len = {
            let data = self.data.borrow();
            let rest = data.get(self.at.get()..).unwrap_or(&[]);
            memchr(b'\n', rest).map_or(rest.len(), |i| i + 1)
        };
        let n = usize::try_from(n).map_or(len, |n| n.min(len));
        self.take(n as isize)
    }

    fn put(&self, bytes: &[u8]) {
        let mut data = self.data.borrow_mut();
        let at = self.at.get();
        let end = at + bytes.len();
        if end > data.len() {
            let reach = at.max(data.len());
            data.resize(reach, 0);
            let inside = data.len() - at;
            data[at..].copy_from_slice(&bytes[..inside]);
            data.extend_from_slice(&bytes[inside..]);
        } else {
            data[at..end].copy_from_slice(bytes);
        }
        self.at.set(end);
    }
}

/// Buffered I/O implementation using an in-memory bytes buffer.
#[pytype(name = "BytesIO", module = "_io", base = BUFFERED_TYPE, flags = BASETYPE | MUTABLE, table = BYTES_IO_TYPE)]
impl BytesIo {
    #[pynew(raw, sig = "(initial_bytes=b'')")]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        let class = class_argument(th, args)?;
        Ok(th
            .alloc_native(class, |head| BytesIo {
                head,
                data: RefCell::default(),
                at: Cell::new(0),
                closed: Cell::new(false),
                exports: Exports::default(),
            })
            .value())
    }

    #[pyslot]
    fn init(th: &mut Thread, this: Value, args: Args<'_>) -> Result<()> {
        let s = expect::<BytesIo>(th, this, "_io.BytesIO")?;
        let b = super::bind(th, &super::BYTES_SIGNATURE, args)?;
        s.check_exports(th)?;
        s.at.set(0);
        s.closed.set(false);
        let data = match th.not_none(b.get(0)) {
            Some(v) => support::with_bytes(th, v, |_, b| Ok(b.to_vec()))?,
            None => Vec::new(),
        };
        *s.data.borrow_mut() = data;
        Ok(())
    }

    #[pyslot]
    fn del(th: &mut Thread, this: Value) -> Result<()> {
        if th.class_of(this).def.is_some() {
            return Ok(());
        }
        super::base::finalize(th, this)
    }

    #[pymethod]
    fn readable(th: &mut Thread, this: Gc<BytesIo>) -> Result<bool> {
        this.check(th)?;
        Ok(true)
    }

    #[pymethod]
    fn writable(th: &mut Thread, this: Gc<BytesIo>) -> Result<bool> {
        this.check(th)?;
        Ok(true)
    }

    #[pymethod]
    fn seekable(th: &mut Thread, this: Gc<BytesIo>) -> Result<bool> {
        this.check(th)?;
        Ok(true)
    }

    #[pymethod]
    fn flush(th: &mut Thread, this: Gc<BytesIo>) -> Result<()> {
        this.check(th)
    }

    #[pymethod]
    fn isatty(th: &mut Thread, this: Gc<BytesIo>) -> Result<bool> {
        this.check(th)?;
        Ok(false)
    }

    /// Get a read-write view over the contents of the BytesIO object.
    #[pymethod]
    fn getbuffer(th: &mut Thread, this: Gc<BytesIo>) -> Result {
        this.check(th)?;
        let mut data = this.data.borrow_mut();
        let view = BufferView {
            owner: this.value(),
            source: BufferSource::Foreign(data.as_mut_ptr(), data.len()),
            offset: 0,
            len: data.len(),
            readonly: false,
            itemsize: 1,
            format: "B",
            guard: Some(this.exports.guard()),
        };
        Ok(th.new_memoryview(view).value())
    }

    /// Retrieve the entire contents of the BytesIO object.
    #[pymethod]
    fn getvalue(th: &mut Thread, this: Gc<BytesIo>) -> Result {
        this.check(th)?;
        let data = this.data.borrow();
        support::bytes(th, &data)
    }

    #[pymethod]
    fn tell(th: &mut Thread, this: Gc<BytesIo>) -> Result<usize> {
        this.check(th)?;
        Ok(this.at.get())
    }

    #[pymethod(sig = "(size=-1, /)")]
    fn read(th: &mut Thread, this: Gc<BytesIo>, size: Option<Value>) -> Result {
        let n = support::size(th, size)?;
        this.check(th)?;
        let b = this.take(n);
        support::bytes(th, &b)
    }

    #[pymethod(sig = "(size=-1, /)")]
    fn read1(th: &mut Thread, this: Gc<BytesIo>, size: Option<Value>) -> Result {
        BytesIo::read(th, this, size)
    }

    #[pymethod(sig = "(size=-1, /)")]
    fn readline(th: &mut Thread, this: Gc<BytesIo>, size: Option<Value>) -> Result {
        let n = support::size(th, size)?;
        this.check(th)?;
        let b = this.line(n);
        support::bytes(th, &b)
    }

    #[pymethod(sig = "(size=None, /)")]
    fn readlines(th: &mut Thread, this: Gc<BytesIo>, size: Option<Value>) -> Result {
        let hint = support::size(th, size)?;
        this.check(th)?;
        let out = taipan_vm::ValueVec::new();
        let mut total = 0;
        loop {
            let line = this.line(-1);
            if line.is_empty() {
                break;
            }
            total += line.len();
            let v = support::bytes(th, &line)?;
            th.push(&out, v)?;
            if hint > 0 && total >= hint as usize {
                break;
            }
        }
        Ok(th.list_from_slice(out.as_slice()).value())
    }

    #[pymethod]
    fn readinto(th: &mut Thread, this: Gc<BytesIo>, buffer: Value) -> Result<Option<usize>> {
        this.check(th)?;
        support::fill_buffer(th, buffer, "readinto", |_, n| {
            Ok(Some(this.take(n as isize)))
        })
    }

    #[pymethod(sig = "(size=None, /)")]
    fn truncate(th: &mut Thread, this: Gc<BytesIo>, size: Option<Value>) -> Result<usize> {
        this.check(th)?;
        this.check_exports(th)?;
        let n = match th.not_none(size) {
            Some(v) => offset(th, v)?,
            None => this.at.get() as i64,
        };
        let Ok(n) = usize::try_from(n) else {
            return Err(th.value_error(format!("negative size value {n}")));
        };
        this.data.borrow_mut().truncate(n);
        Ok(n)
    }

    #[pymethod(sig = "(pos, whence=0, /)")]
    fn seek(th: &mut Thread, this: Gc<BytesIo>, pos: Value, whence: Option<i64>) -> Result<usize> {
        this.check(th)?;
        let pos = offset(th, pos)?;
        let base = match whence.unwrap_or(0) {
            0 if pos < 0 => return Err(th.value_error(format!("negative seek value {pos}"))),
            0 => 0,
            1 => this.at.get() as i64,
            2 => this.data.borrow().len() as i64,
            w => {
                return Err(th.value_error(format!("invalid whence ({w}, should be 0, 1 or 2)")));
            }
        };
        match base.checked_add(pos) {
            Some(p) => {
                this.at.set(p.max(0) as usize);
                Ok(this.at.get())
            }
            None => Err(th.overflow_error("new position too large")),
        }
    }

    #[pymethod]
    fn write(th: &mut Thread, this: Gc<BytesIo>, b: Value) -> Result<usize> {
        this.check(th)?;
        this.check_exports(th)?;
        if b.downcast::<Str>().is_some() {
            return Err(th.type_error("a bytes-like object is required, not 'str'"));
        }
        support::with_bytes(th, b, |th, data| {
            if !data.is_empty() {
                if this
                    .at
                    .get()
                    .checked_add(data.len())
                    .is_none_or(|n| n > isize::MAX as usize)
                {
                    return Err(th.overflow_error("new buffer size too large"));
                }
                if this.at.get() > this.data.borrow().len() + (1 << 40) {
                    return Err(th.memory_error());
                }
                this.put(data);
            }
            Ok(data.len())
        })
    }

    #[pymethod]
    fn writelines(th: &mut Thread, this: Gc<BytesIo>, lines: Value) -> Result<()> {
        this.check(th)?;
        th.for_each(lines, |th, v| BytesIo::write(th, this, v).map(|_| ()))
    }

    #[pymethod]
    fn close(th: &mut Thread, this: Gc<BytesIo>) -> Result<()> {
        this.check_exports(th)?;
        this.closed.set(true);
        this.data.take();
        Ok(())
    }

    #[pymethod]
    fn detach(th: &mut Thread, _this: Gc<BytesIo>) -> Result {
        Err(super::state::unsupported(th, "detach"))
    }

    #[pymethod]
    fn __getstate__(th: &mut Thread, this: Gc<BytesIo>) -> Result {
        let value = BytesIo::getvalue(th, this)?;
        let at = th.int(this.at.get() as i64);
        let dict = match th.instance_dict(this.value()) {
            Some(d) => th.dict_copy(d).value(),
            None => th.none(),
        };
        Ok(th.new_tuple(&[value, at, dict]).value())
    }

    #[pymethod]
    fn __setstate__(th: &mut Thread, this: Gc<BytesIo>, state: Value) -> Result<()> {
        let t = th.to_tuple(state)?;
        let [data, at, dict] = *t.as_slice() else {
            let n = t.len();
            return Err(th.type_error(format!(
                "{}.__setstate__ argument should be 3-tuple, got tuple of {n}",
                "_io.BytesIO"
            )));
        };
        this.check_exports(th)?;
        let data = support::with_bytes(th, data, |_, b| Ok(b.to_vec()))?;
        *this.data.borrow_mut() = data;
        let at = offset(th, at)?;
        if at < 0 {
            return Err(th.value_error("position value cannot be negative"));
        }
        this.at.set(at as usize);
        if let (Some(d), Some(mine)) = (
            dict.downcast::<taipan_vm::types::dict::Dict>(),
            th.instance_dict(this.value()),
        ) {
            mine.update_from(th, d)?;
        }
        Ok(())
    }

    #[pyslot]
    fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        let s = expect::<BytesIo>(th, this, "_io.BytesIO")?;
        s.check(th)?;
        let line = s.line(-1);
        if line.is_empty() {
            return Ok(None);
        }
        support::bytes(th, &line).map(Some)
    }

    #[pygetter]
    fn closed(_: &mut Thread, this: Gc<BytesIo>) -> bool {
        this.closed.get()
    }
}
