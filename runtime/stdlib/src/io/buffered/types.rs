//! `BufferedReader`, `BufferedWriter`, `BufferedRandom`: what Python sees of [`Buffered`].

use taipan_vm::call::Args;
use taipan_vm::object::Gc;
use taipan_vm::{Result, Thread, Value, pymethods, pytype};

use super::Buffered;
use crate::io::base::{BUFFERED_TYPE, expect, finalize};
use crate::io::fileio::FileIo;
use crate::io::state::unsupported;
use crate::io::support::{self, class_argument, offset};
use crate::io::{BUFFER_SIGNATURE, DEFAULT_BUFFER_SIZE, bind};

fn construct(th: &mut Thread, args: Args<'_>) -> Result {
    let class = class_argument(th, args)?;
    Ok(th.alloc_native(class, Buffered::new).value())
}

fn require(th: &mut Thread, raw: Value, method: &str, message: &str) -> Result<()> {
    if let (Some(f), true) = (
        raw.downcast::<FileIo>(),
        th.is_exact_native(raw, &crate::io::fileio::FILE_IO_TYPE),
    ) {
        let ok = match method {
            "readable" => f.readable.get(),
            "writable" => f.writable.get(),
            _ => f.can_seek(),
        };
        if f.fd.get() >= 0 {
            return if ok {
                Ok(())
            } else {
                Err(unsupported(th, message))
            };
        }
    }
    let r = th.call_method_str(raw, method, &[])?;
    if r.is(th.bool(true)) {
        return Ok(());
    }
    Err(unsupported(th, message))
}

fn init(th: &mut Thread, this: Value, args: Args<'_>, needs: &[(&str, &str)]) -> Result<()> {
    let b = expect::<Buffered>(th, this, "_io._BufferedIOBase")?;
    let given = bind(th, &BUFFER_SIGNATURE, args)?;
    let raw = given.required(th, 0)?;
    b.raw.clear();
    for (method, message) in needs {
        require(th, raw, method, message)?;
    }
    let size = match given.get(1) {
        Some(v) => th.index_i64(v, "Python int too large to convert to C ssize_t")? as isize,
        None => DEFAULT_BUFFER_SIZE as isize,
    };
    b.setup(th, this, raw, size)
}

fn read_into(
    th: &mut Thread,
    this: Gc<Buffered>,
    buffer: Value,
    once: bool,
) -> Result<Option<usize>> {
    this.check_open(th, "readinto")?;
    let what = if once { "readinto1" } else { "readinto" };
    support::fill_buffer(th, buffer, what, |th, n| {
        if once {
            this.read_once(th, n).map(Some)
        } else {
            this.read_exact(th, n)
        }
    })
}

/// What all three have.
#[pymethods(table = COMMON, getsets = ATTRIBUTES)]
impl Buffered {
    #[pymethod]
    fn detach(th: &mut Thread, this: Gc<Buffered>) -> Result {
        let raw = this.raw(th)?;
        th.call_method_str(this.value(), "flush", &[])?;
        this.forget(th, this.value());
        this.drop_ahead();
        this.raw.clear();
        this.detached.set(true);
        if let Some(f) = raw.downcast::<FileIo>() {
            f.owner.clear();
        }
        Ok(raw)
    }

    #[pymethod]
    fn flush(th: &mut Thread, this: Gc<Buffered>) -> Result<()> {
        this.check_open(th, "flush")?;
        this.flush_waiting(th)?;
        if this.available() > 0 && !this.fast.get() {
            return Ok(());
        }
        Ok(())
    }

    #[pymethod]
    fn close(th: &mut Thread, this: Gc<Buffered>) -> Result<()> {
        let raw = this.raw(th)?;
        if this.is_closed(th)? {
            return Ok(());
        }
        if this.finalizing.get() {
            crate::io::warn_unclosed(th, raw);
        }
        let flushed = th.call_method_str(this.value(), "flush", &[]);
        let earlier = flushed.is_err().then(|| th.take_pending());
        this.forget(th, this.value());
        let r = th.call_method_str(raw, "close", &[]);
        this.ahead.take();
        this.at.set(0);
        this.waiting.take();
        match (r, earlier) {
            (Ok(_), None) => Ok(()),
            (Ok(_), Some(e)) => Err(th.reraise(e)),
            (Err(r), None) => Err(r),
            (Err(_), Some(e)) => {
                let later = th.take_pending();
                if let Some(l) = taipan_vm::types::exception::of(later) {
                    l.context.set(l.header(), e);
                }
                Err(th.reraise(later))
            }
        }
    }

    #[pymethod]
    fn seekable(th: &mut Thread, this: Gc<Buffered>) -> Result {
        let raw = this.raw(th)?;
        th.call_method_str(raw, "seekable", &[])
    }

    #[pymethod]
    fn fileno(th: &mut Thread, this: Gc<Buffered>) -> Result {
        let raw = this.raw(th)?;
        th.call_method_str(raw, "fileno", &[])
    }

    #[pymethod]
    fn isatty(th: &mut Thread, this: Gc<Buffered>) -> Result {
        let raw = this.raw(th)?;
        th.call_method_str(raw, "isatty", &[])
    }

    #[pymethod]
    fn _dealloc_warn(th: &mut Thread, this: Gc<Buffered>, source: Value) -> Result<()> {
        if let Some(raw) = this.raw.get() {
            let _ = th.call_method_str(raw, "_dealloc_warn", &[source]);
            th.clear_pending();
        }
        Ok(())
    }

    #[pymethod]
    fn tell(th: &mut Thread, this: Gc<Buffered>) -> Result<i64> {
        this.raw(th)?;
        if this.is_closed(th)? && this.fast.get() {
            return Err(th.value_error("I/O operation on closed file"));
        }
        this.position(th)
    }

    #[pymethod(sig = "(target, whence=0, /)")]
    fn seek(
        th: &mut Thread,
        this: Gc<Buffered>,
        target: Value,
        whence: Option<i64>,
    ) -> Result<i64> {
        let whence = whence.unwrap_or(0);
        if !(0..=4).contains(&whence) {
            return Err(th.value_error(format!("whence value {whence} unsupported")));
        }
        this.check_open(th, "seek")?;
        let raw = this.raw(th)?;
        require(th, raw, "seekable", "File or stream is not seekable.")?;
        let target = offset(th, target)?;
        this.move_to(th, target, whence)
    }

    #[pymethod(sig = "(pos=None, /)")]
    fn truncate(th: &mut Thread, this: Gc<Buffered>, pos: Option<Value>) -> Result {
        this.check_open(th, "truncate")?;
        let raw = this.raw(th)?;
        require(th, raw, "writable", "truncate")?;
        this.flush_waiting(th)?;
        let pos = match th.not_none(pos) {
            Some(p) => p,
            None => {
                let at = this.position(th)?;
                th.int(at)
            }
        };
        this.rewind(th)?;
        th.call_method_str(raw, "truncate", &[pos])
    }

    #[pymethod]
    fn __getstate__(th: &mut Thread, this: Value) -> Result {
        Err(support::no_pickle(th, this))
    }

    #[pygetter]
    fn closed(th: &mut Thread, this: Gc<Buffered>) -> Result {
        let raw = this.raw(th)?;
        th.get_attr_str(raw, "closed")
    }

    #[pygetter]
    fn name(th: &mut Thread, this: Gc<Buffered>) -> Result {
        let raw = this.raw(th)?;
        th.get_attr_str(raw, "name")
    }

    #[pygetter]
    fn mode(th: &mut Thread, this: Gc<Buffered>) -> Result {
        let raw = this.raw(th)?;
        th.get_attr_str(raw, "mode")
    }

    #[pygetter(name = "raw")]
    fn raw_stream(_: &mut Thread, this: Gc<Buffered>) -> Option<Value> {
        this.raw.get()
    }

    #[pygetter(name = "_finalizing")]
    fn get_finalizing(_: &mut Thread, this: Gc<Buffered>) -> bool {
        this.finalizing.get()
    }

    #[pysetter(name = "_finalizing")]
    fn set_finalizing(th: &mut Thread, this: Gc<Buffered>, v: Option<Value>) -> Result<()> {
        let on = match v {
            Some(v) => th.truth(v)?,
            None => false,
        };
        this.finalizing.set(on);
        Ok(())
    }
}

/// What readers have.
#[pymethods(table = READING)]
impl Buffered {
    #[pymethod]
    fn readable(th: &mut Thread, this: Gc<Buffered>) -> Result {
        let raw = this.raw(th)?;
        th.call_method_str(raw, "readable", &[])
    }

    #[pymethod(sig = "(size=-1, /)")]
    fn read(th: &mut Thread, this: Gc<Buffered>, size: Option<Value>) -> Result {
        let n = support::size(th, size)?;
        if n < -1 {
            return Err(th.value_error("read length must be non-negative or -1"));
        }
        this.check_open(th, "read")?;
        let r = if n == -1 {
            this.read_all(th)?
        } else {
            this.read_exact(th, n as usize)?
        };
        match r {
            Some(b) => support::bytes(th, &b),
            None => Ok(th.none()),
        }
    }

    #[pymethod(sig = "(size=-1, /)")]
    fn read1(th: &mut Thread, this: Gc<Buffered>, size: Option<Value>) -> Result {
        let n = support::size(th, size)?;
        this.check_open(th, "read")?;
        let n = usize::try_from(n).unwrap_or(this.size.get());
        let b = this.read_once(th, n)?;
        support::bytes(th, &b)
    }

    #[pymethod]
    fn readinto(th: &mut Thread, this: Gc<Buffered>, buffer: Value) -> Result<Option<usize>> {
        read_into(th, this, buffer, false)
    }

    #[pymethod]
    fn readinto1(th: &mut Thread, this: Gc<Buffered>, buffer: Value) -> Result<Option<usize>> {
        read_into(th, this, buffer, true)
    }

    #[pymethod(sig = "(size=0, /)")]
    fn peek(th: &mut Thread, this: Gc<Buffered>, _size: Option<Value>) -> Result {
        this.check_open(th, "peek")?;
        if this.available() == 0 {
            this.fill(th)?;
        }
        let data = this.ahead.borrow()[this.at.get()..].to_vec();
        support::bytes(th, &data)
    }

    #[pymethod(sig = "(size=-1, /)")]
    fn readline(th: &mut Thread, this: Gc<Buffered>, size: Option<Value>) -> Result {
        let n = support::size(th, size)?;
        this.check_open(th, "readline")?;
        let line = this.line(th, n)?;
        support::bytes(th, &line)
    }
}

/// What writers have.
#[pymethods(table = WRITING)]
impl Buffered {
    #[pymethod]
    fn writable(th: &mut Thread, this: Gc<Buffered>) -> Result {
        let raw = this.raw(th)?;
        th.call_method_str(raw, "writable", &[])
    }

    #[pymethod]
    fn write(th: &mut Thread, this: Gc<Buffered>, buffer: Value) -> Result<usize> {
        if buffer.downcast::<taipan_vm::types::str_::Str>().is_some() {
            return Err(th.type_error("a bytes-like object is required, not 'str'"));
        }
        this.raw(th)?;
        if this.is_closed(th)? {
            return Err(th.value_error("write to closed file"));
        }
        support::with_bytes(th, buffer, |th, data| {
            this.put(th, this.value(), data)?;
            Ok(data.len())
        })
    }
}

fn next_line(th: &mut Thread, this: Value) -> Result<Option<Value>> {
    let native = th.class_of(this).def.is_some();
    match this.downcast::<Buffered>() {
        Some(b) if native => {
            b.check_open(th, "readline")?;
            let line = b.line(th, -1)?;
            if line.is_empty() {
                return Ok(None);
            }
            support::bytes(th, &line).map(Some)
        }
        _ => {
            let line = th.call_method_str(this, "readline", &[])?;
            Ok(if th.len(line)? == 0 { None } else { Some(line) })
        }
    }
}

fn buffered_repr(th: &mut Thread, this: Value) -> Result {
    let class = th.class_of(this);
    let class = th.qualified_name(class);
    let text = match support::attribute_repr(th, this, "name")? {
        Some(n) => format!("<{class} name={n}>"),
        None => format!("<{class}>"),
    };
    Ok(th.new_str(&text).value())
}

fn delete(th: &mut Thread, this: Value) -> Result<()> {
    match this.downcast::<Buffered>() {
        Some(b) if b.raw.get().is_none() => Ok(()),
        Some(_) => super::finalize_buffered(th, this),
        None => finalize(th, this),
    }
}

/// `BufferedReader`'s slots hang here.
pub struct BufferedReader;

/// Create a new buffered reader using the given readable raw IO object.
#[pytype(name = "BufferedReader", module = "_io", base = BUFFERED_TYPE, payload = Buffered, flags = BASETYPE | MUTABLE, table = READER_TYPE, more = [&COMMON, &READING], more_getsets = [&ATTRIBUTES])]
impl BufferedReader {
    #[pynew(raw, sig = "(raw, buffer_size=131072)")]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        construct(th, args)
    }

    #[pyslot]
    fn init(th: &mut Thread, this: Value, args: Args<'_>) -> Result<()> {
        init(
            th,
            this,
            args,
            &[("readable", "File or stream is not readable.")],
        )
    }

    #[pyslot]
    fn del(th: &mut Thread, this: Value) -> Result<()> {
        delete(th, this)
    }

    #[pyslot]
    fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        next_line(th, this)
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        buffered_repr(th, this)
    }
}

/// `BufferedWriter`'s slots hang here.
pub struct BufferedWriter;

/// A buffer for a writeable sequential RawIO object.
#[pytype(name = "BufferedWriter", module = "_io", base = BUFFERED_TYPE, payload = Buffered, flags = BASETYPE | MUTABLE, table = WRITER_TYPE, more = [&COMMON, &WRITING], more_getsets = [&ATTRIBUTES])]
impl BufferedWriter {
    #[pynew(raw, sig = "(raw, buffer_size=131072)")]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        construct(th, args)
    }

    #[pyslot]
    fn init(th: &mut Thread, this: Value, args: Args<'_>) -> Result<()> {
        init(
            th,
            this,
            args,
            &[("writable", "File or stream is not writable.")],
        )
    }

    #[pyslot]
    fn del(th: &mut Thread, this: Value) -> Result<()> {
        delete(th, this)
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        buffered_repr(th, this)
    }
}

/// `BufferedRandom`'s slots hang here.
pub struct BufferedRandom;

/// A buffered interface to random access streams.
#[pytype(name = "BufferedRandom", module = "_io", base = BUFFERED_TYPE, payload = Buffered, flags = BASETYPE | MUTABLE, table = RANDOM_TYPE, more = [&COMMON, &READING, &WRITING], more_getsets = [&ATTRIBUTES])]
impl BufferedRandom {
    #[pynew(raw, sig = "(raw, buffer_size=131072)")]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        construct(th, args)
    }

    #[pyslot]
    fn init(th: &mut Thread, this: Value, args: Args<'_>) -> Result<()> {
        init(
            th,
            this,
            args,
            &[
                ("seekable", "File or stream is not seekable."),
                ("readable", "File or stream is not readable."),
                ("writable", "File or stream is not writable."),
            ],
        )
    }

    #[pyslot]
    fn del(th: &mut Thread, this: Value) -> Result<()> {
        delete(th, this)
    }

    #[pyslot]
    fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        next_line(th, this)
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        buffered_repr(th, this)
    }
}
