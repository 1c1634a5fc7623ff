//! The abstract bases: `_IOBase`, `_RawIOBase`, `_BufferedIOBase`, `_TextIOBase`.
//!
//! Receivers are any value: native streams have layouts of their own and inherit these methods.
//! Whether a stream without native state is closed is kept in its attribute `__IOBase_closed`.

use memchr::memchr;
use taipan_vm::call::Args;
use taipan_vm::object::{Gc, NativeHeader};
use taipan_vm::types::ExceptionClass;
use taipan_vm::types::bytes::Bytes;
use taipan_vm::types::descriptor::INSTANCE_DICT;
use taipan_vm::{NativeObject, Result, Thread, Value, ValueVec, pytype};

use super::state::unsupported;
use super::support::{self, class_argument, is_closed};

const CLOSED: &str = "__IOBase_closed";

/// A stream without native state.
#[repr(C)]
#[derive(NativeObject)]
pub struct IoBase {
    head: NativeHeader,
}

/// A new instance for a class in Python.
fn construct(th: &mut Thread, args: Args<'_>) -> Result {
    let class = class_argument(th, args)?;
    if class.payload.size as usize != size_of::<IoBase>() {
        let n = class.name_text();
        return Err(th.type_error(format!(
            "_io._IOBase.__new__({n}) is not safe, use {n}.__new__()"
        )));
    }
    Ok(th.alloc_native(class, |head| IoBase { head }).value())
}

/// Raises ValueError when the stream is closed.
pub fn check_closed(th: &mut Thread, this: Value) -> Result<()> {
    if is_closed(th, this)? {
        return Err(support::closed(th));
    }
    Ok(())
}

fn check(th: &mut Thread, this: Value, method: &str, message: &str) -> Result {
    let r = th.call_method_str(this, method, &[])?;
    if !r.is(th.bool(true)) {
        return Err(unsupported(th, message));
    }
    Ok(r)
}

/// Closes a stream that died: what goes wrong is forgotten, as nobody can be told.
pub fn finalize(th: &mut Thread, this: Value) -> Result<()> {
    match th.get_attr_str(this, "closed").and_then(|c| th.truth(c)) {
        Ok(true) => return Ok(()),
        Ok(false) => {}
        Err(_) => th.clear_pending(),
    }
    let yes = th.bool(true);
    if th.set_attr_str(this, "_finalizing", yes).is_err() {
        th.clear_pending();
    }
    if let Err(r) = th.call_method_str(this, "close", &[]) {
        if th.vm().config.dev_mode {
            return Err(r);
        }
        th.clear_pending();
    }
    Ok(())
}

/// One line by `peek` and `read`.
fn read_line(th: &mut Thread, this: Value, limit: isize) -> Result<Vec<u8>> {
    let peek = th.get_attr_str_option(this, "peek")?;
    let mut line = Vec::new();
    while limit < 0 || (line.len() as isize) < limit {
        let mut want = 1;
        if let Some(p) = peek {
            let one = th.int(1);
            let ahead = th.call(p, &[one])?;
            let Some(b) = ahead.downcast::<Bytes>() else {
                let got = th.type_name(ahead);
                return Err(th.raise(
                    ExceptionClass::OSError,
                    &format!("peek() should have returned a bytes object, not '{got}'"),
                ));
            };
            let ahead = b.as_slice();
            if !ahead.is_empty() {
                want = memchr(b'\n', ahead).map_or(ahead.len(), |i| i + 1);
                if limit >= 0 {
                    want = want.min((limit - line.len() as isize) as usize);
                }
            }
        }
        let n = th.int(want as i64);
        let got = th.call_method_str(this, "read", &[n])?;
        let Some(b) = got.downcast::<Bytes>() else {
            if th.is_none(got) {
                break;
            }
            let got = th.type_name(got);
            return Err(th.raise(
                ExceptionClass::OSError,
                &format!("read() should have returned a bytes object, not '{got}'"),
            ));
        };
        if b.is_empty() {
            break;
        }
        line.extend_from_slice(b.as_slice());
        if line.last() == Some(&b'\n') {
            break;
        }
    }
    Ok(line)
}

/// The abstract base class for all I/O classes.
///
/// This class provides dummy implementations for many methods that
/// derived classes can override selectively; the default implementations
/// represent a file that cannot be read, written or seeked.
#[pytype(name = "_IOBase", module = "_io", flags = BASETYPE | HAS_DICT | HAS_WEAKREF | MUTABLE, table = BASE_TYPE, more_getsets = &INSTANCE_DICT)]
impl IoBase {
    #[pynew(raw, sig = "()")]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        construct(th, args)
    }

    #[pyslot]
    fn init(_: &mut Thread, _this: Value, _args: Args<'_>) -> Result<()> {
        Ok(())
    }

    #[pyslot]
    fn del(th: &mut Thread, this: Value) -> Result<()> {
        finalize(th, this)
    }

    /// Change the stream position to the given byte offset.
    #[pymethod(sig = "(offset, whence=0, /)")]
    fn seek(th: &mut Thread, _this: Value, _offset: Value, _whence: Option<Value>) -> Result {
        Err(unsupported(th, "seek"))
    }

    /// Return current stream position.
    #[pymethod]
    fn tell(th: &mut Thread, this: Value) -> Result {
        let (zero, one) = (th.int(0), th.int(1));
        th.call_method_str(this, "seek", &[zero, one])
    }

    /// Truncate file to size bytes.
    #[pymethod(sig = "(size=None, /)")]
    fn truncate(th: &mut Thread, _this: Value, _size: Option<Value>) -> Result {
        Err(unsupported(th, "truncate"))
    }

    /// Flush write buffers, if applicable.
    #[pymethod]
    fn flush(th: &mut Thread, this: Value) -> Result<()> {
        let key = th.intern(CLOSED);
        let file_closed = this
            .downcast::<super::fileio::FileIo>()
            .is_some_and(|f| f.fd.get() < 0);
        if file_closed || th.instance_attribute(this, key).is_some() {
            return Err(support::closed(th));
        }
        Ok(())
    }

    /// Flush and close the IO object.
    #[pymethod]
    fn close(th: &mut Thread, this: Value) -> Result<()> {
        let key = th.intern(CLOSED);
        if th.instance_attribute(this, key).is_some() {
            return Ok(());
        }
        let r = th.call_method_str(this, "flush", &[]);
        let pending = r.is_err().then(|| th.take_pending());
        let yes = th.bool(true);
        th.set_instance_attribute(this, key, yes);
        match pending {
            Some(e) => Err(th.reraise(e)),
            None => Ok(()),
        }
    }

    /// Return whether object supports random access.
    #[pymethod]
    fn seekable(_: &mut Thread, _this: Value) -> bool {
        false
    }

    /// Return whether object was opened for reading.
    #[pymethod]
    fn readable(_: &mut Thread, _this: Value) -> bool {
        false
    }

    /// Return whether object was opened for writing.
    #[pymethod]
    fn writable(_: &mut Thread, _this: Value) -> bool {
        false
    }

    #[pymethod]
    #[allow(non_snake_case)]
    fn _checkClosed(th: &mut Thread, this: Value) -> Result<()> {
        check_closed(th, this)
    }

    #[pymethod]
    #[allow(non_snake_case)]
    fn _checkSeekable(th: &mut Thread, this: Value) -> Result {
        check(th, this, "seekable", "File or stream is not seekable.")
    }

    #[pymethod]
    #[allow(non_snake_case)]
    fn _checkReadable(th: &mut Thread, this: Value) -> Result {
        check(th, this, "readable", "File or stream is not readable.")
    }

    #[pymethod]
    #[allow(non_snake_case)]
    fn _checkWritable(th: &mut Thread, this: Value) -> Result {
        check(th, this, "writable", "File or stream is not writable.")
    }

    /// Return underlying file descriptor if one exists.
    #[pymethod]
    fn fileno(th: &mut Thread, _this: Value) -> Result {
        Err(unsupported(th, "fileno"))
    }

    /// Return whether this is an 'interactive' stream.
    #[pymethod]
    fn isatty(th: &mut Thread, this: Value) -> Result<bool> {
        check_closed(th, this)?;
        Ok(false)
    }

    #[pymethod]
    fn __enter__(th: &mut Thread, this: Value) -> Result {
        check_closed(th, this)?;
        Ok(this)
    }

    #[pymethod(sig = "(*args)")]
    fn __exit__(th: &mut Thread, this: Value, _args: taipan_vm::call::VarArgs) -> Result {
        th.call_method_str(this, "close", &[])
    }

    #[pyslot]
    fn iter(th: &mut Thread, this: Value) -> Result {
        check_closed(th, this)?;
        Ok(this)
    }

    #[pyslot]
    fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        let line = th.call_method_str(this, "readline", &[])?;
        Ok(if th.len(line)? == 0 { None } else { Some(line) })
    }

    /// Read and return a line from the stream.
    #[pymethod(sig = "(size=-1, /)")]
    fn readline(th: &mut Thread, this: Value, size: Option<Value>) -> Result {
        let limit = support::size(th, size)?;
        let line = read_line(th, this, limit)?;
        support::bytes(th, &line)
    }

    /// Return a list of lines from the stream.
    #[pymethod(sig = "(hint=-1, /)")]
    fn readlines(th: &mut Thread, this: Value, hint: Option<Value>) -> Result {
        let hint = support::size(th, hint)?;
        let out = ValueVec::new();
        let mut total = 0;
        let it = th.iter(this)?;
        while let Some(line) = th.next(it)? {
            th.push(&out, line)?;
            if hint > 0 {
                total += th.len(line)? as isize;
                if total >= hint {
                    break;
                }
            }
        }
        Ok(th.list_from_slice(out.as_slice()).value())
    }

    /// Write a list of lines to stream.
    #[pymethod]
    fn writelines(th: &mut Thread, this: Value, lines: Value) -> Result<()> {
        check_closed(th, this)?;
        let write = th.get_attr_str(this, "write")?;
        th.for_each(lines, |th, line| th.call(write, &[line]).map(|_| ()))
    }

    #[pygetter]
    fn closed(th: &mut Thread, this: Value) -> bool {
        let key = th.intern(CLOSED);
        th.instance_attribute(this, key).is_some()
    }
}

/// `_RawIOBase`'s methods hang here.
pub struct RawIoBase;

/// Base class for raw binary I/O.
#[pytype(name = "_RawIOBase", module = "_io", base = BASE_TYPE, payload = IoBase, flags = BASETYPE | MUTABLE, table = RAW_TYPE)]
impl RawIoBase {
    #[pymethod(sig = "(size=-1, /)")]
    fn read(th: &mut Thread, this: Value, size: Option<Value>) -> Result {
        let n = support::size(th, size)?;
        if n < 0 {
            return th.call_method_str(this, "readall", &[]);
        }
        let (bytearray, size) = (th.builtin("bytearray")?, th.int(n as i64));
        let target = th.call(bytearray, &[size])?;
        let r = th.call_method_str(this, "readinto", &[target])?;
        if th.is_none(r) {
            return Ok(r);
        }
        let got = support::number(th, r)?;
        support::with_bytes(th, target, |th, b| match usize::try_from(got) {
            Ok(got) if got <= b.len() => support::bytes(th, &b[..got]),
            _ => Err(th.value_error(format!("readinto returned {got} outside buffer size {n}"))),
        })
    }

    /// Read until EOF, using multiple read() call.
    #[pymethod]
    fn readall(th: &mut Thread, this: Value) -> Result {
        let mut all = Vec::new();
        let size = th.int(super::DEFAULT_BUFFER_SIZE as i64);
        loop {
            let r = th.call_method_str(this, "read", &[size])?;
            if th.is_none(r) {
                if all.is_empty() {
                    return Ok(r);
                }
                break;
            }
            let Some(b) = r.downcast::<Bytes>() else {
                return Err(th.type_error("read() should return bytes"));
            };
            if b.is_empty() {
                break;
            }
            all.extend_from_slice(b.as_slice());
        }
        support::bytes(th, &all)
    }

    #[pymethod]
    fn readinto(th: &mut Thread, _this: Value, _buffer: Value) -> Result {
        Err(th.raise_with(ExceptionClass::NotImplementedError, &[]))
    }

    #[pymethod]
    fn write(th: &mut Thread, _this: Value, _buffer: Value) -> Result {
        Err(th.raise_with(ExceptionClass::NotImplementedError, &[]))
    }
}

/// `_BufferedIOBase`'s methods hang here.
pub struct BufferedIoBase;

fn into_by(th: &mut Thread, this: Value, buffer: Value, method: &str, what: &str) -> Result {
    let r = support::fill_buffer(th, buffer, what, |th, n| {
        let size = th.int(n as i64);
        let r = th.call_method_str(this, method, &[size])?;
        let Some(b) = r.downcast::<Bytes>() else {
            return Err(th.type_error("read() should return bytes"));
        };
        if b.len() > n {
            let got = b.len();
            return Err(th.value_error(format!(
                "read() returned too much data: {n} bytes requested, {got} returned"
            )));
        }
        Ok(Some(b.as_slice().to_vec()))
    })?;
    Ok(match r {
        Some(n) => th.int(n as i64),
        None => th.none(),
    })
}

/// Base class for buffered IO objects.
#[pytype(name = "_BufferedIOBase", module = "_io", base = BASE_TYPE, payload = IoBase, flags = BASETYPE | MUTABLE, table = BUFFERED_TYPE)]
impl BufferedIoBase {
    /// Disconnect this buffer from its underlying raw stream and return it.
    #[pymethod]
    fn detach(th: &mut Thread, _this: Value) -> Result {
        Err(unsupported(th, "detach"))
    }

    /// Read and return up to n bytes.
    #[pymethod(sig = "(size=-1, /)")]
    fn read(th: &mut Thread, _this: Value, _size: Option<Value>) -> Result {
        Err(unsupported(th, "read"))
    }

    /// Read and return up to size bytes.
    #[pymethod(sig = "(size=-1, /)")]
    fn read1(th: &mut Thread, _this: Value, _size: Option<Value>) -> Result {
        Err(unsupported(th, "read1"))
    }

    #[pymethod]
    fn readinto(th: &mut Thread, this: Value, buffer: Value) -> Result {
        into_by(th, this, buffer, "read", "readinto")
    }

    #[pymethod]
    fn readinto1(th: &mut Thread, this: Value, buffer: Value) -> Result {
        into_by(th, this, buffer, "read1", "readinto1")
    }

    /// Write buffer b to the IO stream.
    #[pymethod]
    fn write(th: &mut Thread, _this: Value, _b: Value) -> Result {
        Err(unsupported(th, "write"))
    }
}

/// `_TextIOBase`'s methods hang here.
pub struct TextIoBase;

/// Base class for text I/O.
#[pytype(name = "_TextIOBase", module = "_io", base = BASE_TYPE, payload = IoBase, flags = BASETYPE | MUTABLE, table = TEXT_TYPE)]
impl TextIoBase {
    /// Separate the underlying buffer from the TextIOBase and return it.
    #[pymethod]
    fn detach(th: &mut Thread, _this: Value) -> Result {
        Err(unsupported(th, "detach"))
    }

    /// Read at most size characters from stream.
    #[pymethod(sig = "(size=-1, /)")]
    fn read(th: &mut Thread, _this: Value, _size: Option<Value>) -> Result {
        Err(unsupported(th, "read"))
    }

    /// Read until newline or EOF.
    #[pymethod(sig = "(size=-1, /)")]
    fn readline(th: &mut Thread, _this: Value, _size: Option<Value>) -> Result {
        Err(unsupported(th, "readline"))
    }

    /// Write string s to stream.
    #[pymethod]
    fn write(th: &mut Thread, _this: Value, _s: Value) -> Result {
        Err(unsupported(th, "write"))
    }

    /// Encoding of the text stream.
    #[pygetter]
    fn encoding(_: &mut Thread, _this: Value) -> Option<Value> {
        None
    }

    /// Line endings translated so far.
    #[pygetter]
    fn newlines(_: &mut Thread, _this: Value) -> Option<Value> {
        None
    }

    /// The error setting of the decoder or encoder.
    #[pygetter]
    fn errors(_: &mut Thread, _this: Value) -> Option<Value> {
        None
    }
}

/// A stream's native state, when the class's layout is as expected.
pub fn expect<T: taipan_vm::object::NativeObject>(
    th: &mut Thread,
    v: Value,
    what: &str,
) -> Result<Gc<T>> {
    match v.downcast::<T>() {
        Some(p) => Ok(p),
        None => {
            let got = th.type_name(v);
            Err(th.type_error(format!(
                "descriptor requires a '{what}' object but received a '{got}'"
            )))
        }
    }
}
