//! What Python sees of [`TextWrapper`].

use taipan_vm::call::Args;
use taipan_vm::object::Gc;
use taipan_vm::types::ExceptionClass;
use taipan_vm::types::str_::Str;
use taipan_vm::{Result, Thread, Value, pytype};

use super::codec::Codec;
use super::{CHUNK, TextWrapper};
use crate::io::base::{TEXT_TYPE, expect};
use crate::io::buffered::Buffered;
use crate::io::state::unsupported;
use crate::io::support::{self, class_argument};
use crate::io::{TEXT_SIGNATURE, bind};

fn text_argument(th: &mut Thread, v: Option<Value>, what: &str) -> Result<Option<Gc<Str>>> {
    match th.not_none(v) {
        None => Ok(None),
        Some(v) => match v.downcast::<Str>() {
            Some(s) if s.code_points().any(|c| c == 0) => {
                Err(th.value_error("embedded null character"))
            }
            Some(s) => Ok(Some(s)),
            None => {
                let got = th.type_name_for_error(v);
                Err(th.type_error(format!(
                    "TextIOWrapper() argument '{what}' must be str or None, not {got}"
                )))
            }
        },
    }
}

fn setup(th: &mut Thread, t: Gc<TextWrapper>, args: Args<'_>) -> Result<()> {
    let b = bind(th, &TEXT_SIGNATURE, args)?;
    t.buffer.clear();
    t.detached.set(false);
    let buffer = b.required(th, 0)?;
    let encoding = text_argument(th, b.get(1), "encoding")?;
    let errors = text_argument(th, b.get(2), "errors")?;
    let newline = text_argument(th, b.get(3), "newline")?;
    let line_buffering = match b.get(4) {
        Some(v) => th.truth(v)?,
        None => false,
    };
    let write_through = match b.get(5) {
        Some(v) => th.truth(v)?,
        None => false,
    };
    let newline = newline.map(|n| n.to_string_lossy());
    t.set_newline(th, newline.as_deref())?;
    let encoding = match encoding {
        Some(e) if !e.equals_str("locale") => e.value(),
        _ if th.vm().config.utf8_mode => th.intern("utf-8").value(),
        _ => th.intern("UTF-8").value(),
    };
    let errors = match errors {
        Some(e) => e.value(),
        None => th.intern("strict").value(),
    };
    t.set_codec(th, t, encoding, errors)?;
    t.line_buffering.set(line_buffering);
    t.write_through.set(write_through);
    t.forget_read();
    t.waiting.borrow_mut().clear();
    t.chunk.set(CHUNK);
    t.buffer.set(t.header(), buffer);
    if let Some(inner) = buffer.downcast::<Buffered>() {
        inner.owner.set(inner.header(), t.value());
    }
    t.telling.set(true);
    t.readable.set(true);
    t.writable.set(true);
    if t.is_native(th) {
        let seekable = t
            .native(th)
            .and_then(|b| b.file())
            .is_some_and(|f| f.can_seek());
        t.seekable.set(seekable);
        t.has_read1.set(true);
    } else {
        let r = th.call_method_str(buffer, "seekable", &[])?;
        let seekable = th.truth(r)?;
        t.seekable.set(seekable);
        let r = th.call_method_str(buffer, "readable", &[])?;
        let readable = th.truth(r)?;
        t.readable.set(readable);
        let w = th.call_method_str(buffer, "writable", &[])?;
        let writable = th.truth(w)?;
        t.writable.set(writable);
        let has = th.get_attr_str_option(buffer, "read1")?.is_some();
        t.has_read1.set(has);
    }
    skip_mark(th, t, buffer)
}

/// In the middle of a file no mark of the byte order is written.
fn skip_mark(th: &mut Thread, t: Gc<TextWrapper>, buffer: Value) -> Result<()> {
    if t.codec.get() == Codec::Other && t.seekable.get() {
        let w = th.call_method_str(buffer, "writable", &[])?;
        if th.truth(w)? {
            let p = th.call_method_str(buffer, "tell", &[])?;
            let p = support::number(th, p)?;
            if p != 0 {
                let e = t.coder(th, t, true)?;
                let zero = th.int(0);
                th.call_method_str(e, "setstate", &[zero])?;
            }
        }
    }
    Ok(())
}

fn native_class(th: &Thread, this: Value) -> bool {
    th.class_of(this).def.is_some()
}

/// Character and line based layer over a BufferedIOBase object, buffer.
///
/// encoding gives the name of the encoding that the stream will be
/// decoded or encoded with. It defaults to locale.getencoding().
///
/// errors determines the strictness of encoding and decoding (see
/// help(codecs.Codec) or the documentation for codecs.register) and
/// defaults to "strict".
#[pytype(name = "TextIOWrapper", module = "_io", base = TEXT_TYPE, flags = BASETYPE | MUTABLE, table = TEXT_WRAPPER_TYPE)]
impl TextWrapper {
    #[pynew(
        raw,
        sig = "(buffer, encoding=None, errors=None, newline=None, line_buffering=False, write_through=False)"
    )]
    fn construct(th: &mut Thread, args: Args<'_>) -> Result {
        let class = class_argument(th, args)?;
        Ok(th.alloc_native(class, TextWrapper::new).value())
    }

    #[pyslot]
    fn init(th: &mut Thread, this: Value, args: Args<'_>) -> Result<()> {
        let t = expect::<TextWrapper>(th, this, "_io.TextIOWrapper")?;
        setup(th, t, args)
    }

    #[pyslot]
    fn del(th: &mut Thread, this: Value) -> Result<()> {
        match this.downcast::<TextWrapper>() {
            Some(t) if t.buffer.get().is_none() => Ok(()),
            _ => crate::io::base::finalize(th, this),
        }
    }

    /// Reconfigure the text stream with new parameters.
    #[pymethod(
        sig = "(*, encoding=None, errors=None, newline=None, line_buffering=None, write_through=None)"
    )]
    fn reconfigure(
        th: &mut Thread,
        this: Gc<TextWrapper>,
        encoding: Option<Value>,
        errors: Option<Value>,
        newline: Option<Value>,
        line_buffering: Option<Value>,
        write_through: Option<Value>,
    ) -> Result<()> {
        this.buffer(th)?;
        let encoding = th.not_none(encoding);
        let errors = th.not_none(errors);
        for v in [encoding, errors].into_iter().flatten() {
            if v.downcast::<Str>().is_none() {
                let (what, got) = (
                    if errors.is_some_and(|e| e.is(v)) {
                        "errors"
                    } else {
                        "encoding"
                    },
                    th.type_name(v),
                );
                return Err(th.type_error(format!(
                    "reconfigure() argument '{what}' must be str or None, not {got}"
                )));
            }
        }
        let had_newline = newline;
        if this.decoded.get().is_some()
            && (encoding.is_some() || errors.is_some() || had_newline.is_some())
        {
            return Err(unsupported(
                th,
                "It is not possible to set the encoding or newline of stream after the first read",
            ));
        }
        let flag = |th: &mut Thread, v: Option<Value>, old: bool| match th.not_none(v) {
            Some(v) => Ok(th.index_i64(v, "Python int too large to convert to C int")? != 0),
            None => Ok(old),
        };
        let line = flag(th, line_buffering, this.line_buffering.get())?;
        let through = flag(th, write_through, this.write_through.get())?;
        th.call_method_str(this.value(), "flush", &[])?;
        if let Some(n) = had_newline {
            let n = text_argument(th, Some(n), "newline")?.map(|n| n.to_string_lossy());
            this.set_newline(th, n.as_deref())?;
        }
        if encoding.is_some() || errors.is_some() {
            let old = th.or_none(this.encoding.get());
            let locale = encoding
                .and_then(|e| e.downcast::<Str>())
                .is_some_and(|e| e.equals_str("locale"));
            let e = if locale {
                th.intern("utf-8").value()
            } else {
                encoding.unwrap_or(old)
            };
            let how = match errors {
                Some(e) => e,
                None if encoding.is_none() => th.or_none(this.errors.get()),
                None => th.intern("strict").value(),
            };
            this.set_codec(th, this, e, how)?;
            let buffer = this.buffer(th)?;
            skip_mark(th, this, buffer)?;
        }
        this.line_buffering.set(line);
        this.write_through.set(through);
        Ok(())
    }

    #[pymethod]
    fn detach(th: &mut Thread, this: Gc<TextWrapper>) -> Result {
        let b = this.buffer(th)?;
        th.call_method_str(this.value(), "flush", &[])?;
        this.leave_list(th, this.value());
        if let Some(inner) = b.downcast::<Buffered>() {
            inner.owner.clear();
        }
        this.buffer.clear();
        this.detached.set(true);
        Ok(b)
    }

    #[pymethod(name = "write")]
    fn write_method(th: &mut Thread, this: Gc<TextWrapper>, text: Value) -> Result<usize> {
        let Some(s) = text.downcast::<Str>() else {
            let got = th.type_name(text);
            return Err(th.type_error(format!("write() argument must be str, not {got}")));
        };
        this.write(th, this, s)?;
        Ok(s.len())
    }

    #[pymethod(sig = "(size=-1, /)")]
    fn read(th: &mut Thread, this: Gc<TextWrapper>, size: Option<Value>) -> Result<Gc<Str>> {
        let n = support::size(th, size)?;
        this.check_open(th)?;
        this.hand_over(th)?;
        if let Some(f) = this.native(th).and_then(|b| b.file())
            && !f.readable.get()
        {
            return Err(unsupported(th, "not readable"));
        }
        if n < 0 {
            return this.read_all(th, this);
        }
        let n = n as usize;
        let mut out = this.take(th, n);
        while out.len() < n {
            if !this.read_piece(th, this)? {
                break;
            }
            let more = this.take(th, n - out.len());
            out = match th.concat_str(out, more) {
                Some(s) => s,
                None => return Err(th.memory_error()),
            };
        }
        Ok(out)
    }

    #[pymethod(sig = "(size=-1, /)")]
    fn readline(th: &mut Thread, this: Gc<TextWrapper>, size: Option<Value>) -> Result<Gc<Str>> {
        let n = support::size(th, size)?;
        this.check_open(th)?;
        this.hand_over(th)?;
        this.line(th, this, n)
    }

    #[pyslot]
    fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        let Some(t) = this.downcast::<TextWrapper>() else {
            return Ok(None);
        };
        t.telling.set(false);
        let line = if native_class(th, this) {
            t.check_open(th)?;
            t.hand_over(th)?;
            t.line(th, t, -1)?
        } else {
            let v = th.call_method_str(this, "readline", &[])?;
            match v.downcast::<Str>() {
                Some(s) => s,
                None => {
                    let got = th.type_name(v);
                    return Err(th.raise(
                        ExceptionClass::OSError,
                        &format!("readline() should have returned a str object, not '{got}'"),
                    ));
                }
            }
        };
        if line.is_empty() {
            t.telling.set(true);
            return Ok(None);
        }
        Ok(Some(line.value()))
    }

    #[pymethod(name = "flush")]
    fn flush_method(th: &mut Thread, this: Gc<TextWrapper>) -> Result<()> {
        this.check_open(th)?;
        this.telling.set(this.seekable.get() || this.telling.get());
        this.flush(th)
    }

    #[pymethod]
    fn close(th: &mut Thread, this: Gc<TextWrapper>) -> Result<()> {
        let b = this.buffer(th)?;
        if support::is_closed(th, b)? {
            return Ok(());
        }
        if this.finalizing.get() {
            if let Some(raw) = this.native(th).and_then(|b| b.raw.get()) {
                crate::io::warn_unclosed(th, raw);
            } else {
                let _ = th.call_method_str(b, "_dealloc_warn", &[this.value()]);
                th.clear_pending();
            }
        }
        let earlier = match th.call_method_str(this.value(), "flush", &[]) {
            Ok(_) => None,
            Err(_) => Some(th.take_pending()),
        };
        this.leave_list(th, this.value());
        this.waiting.borrow_mut().clear();
        match (th.call_method_str(b, "close", &[]), earlier) {
            (r, None) => r.map(|_| ()),
            (Ok(_), Some(e)) => Err(th.reraise(e)),
            (Err(_), Some(e)) => {
                let later = th.take_pending();
                if let Some(l) = taipan_vm::types::exception::of(later)
                    && !later.is(e)
                {
                    l.context.set(l.header(), e);
                }
                Err(th.reraise(later))
            }
        }
    }

    #[pymethod]
    fn fileno(th: &mut Thread, this: Gc<TextWrapper>) -> Result {
        let b = this.buffer(th)?;
        th.call_method_str(b, "fileno", &[])
    }

    #[pymethod]
    fn seekable(th: &mut Thread, this: Gc<TextWrapper>) -> Result {
        let b = this.buffer(th)?;
        th.call_method_str(b, "seekable", &[])
    }

    #[pymethod]
    fn readable(th: &mut Thread, this: Gc<TextWrapper>) -> Result {
        let b = this.buffer(th)?;
        th.call_method_str(b, "readable", &[])
    }

    #[pymethod]
    fn writable(th: &mut Thread, this: Gc<TextWrapper>) -> Result {
        let b = this.buffer(th)?;
        th.call_method_str(b, "writable", &[])
    }

    #[pymethod]
    fn isatty(th: &mut Thread, this: Gc<TextWrapper>) -> Result {
        let b = this.buffer(th)?;
        th.call_method_str(b, "isatty", &[])
    }

    #[pymethod]
    fn tell(th: &mut Thread, this: Gc<TextWrapper>) -> Result<i64> {
        this.check_open(th)?;
        if !this.seekable.get() {
            return Err(unsupported(th, "underlying stream is not seekable"));
        }
        if !this.telling.get() {
            return Err(th.raise(
                ExceptionClass::OSError,
                "telling position disabled by next() call",
            ));
        }
        this.flush(th)?;
        this.position(th, this)
    }

    #[pymethod(sig = "(cookie, whence=0, /)")]
    fn seek(
        th: &mut Thread,
        this: Gc<TextWrapper>,
        cookie: Value,
        whence: Option<i64>,
    ) -> Result<i64> {
        this.check_open(th)?;
        let whence = whence.unwrap_or(0);
        if !this.seekable.get() {
            return Err(unsupported(th, "underlying stream is not seekable"));
        }
        let mut target = support::offset(th, cookie)?;
        let buffer = this.buffer(th)?;
        match whence {
            0 => {}
            1 => {
                if target != 0 {
                    return Err(unsupported(th, "can't do nonzero cur-relative seeks"));
                }
                this.flush(th)?;
                target = this.position(th, this)?;
            }
            2 => {
                if target != 0 {
                    return Err(unsupported(th, "can't do nonzero end-relative seeks"));
                }
                this.flush(th)?;
                this.reset_decoder(th)?;
                let (zero, two) = (th.int(0), th.int(2));
                let r = th.call_method_str(buffer, "seek", &[zero, two])?;
                let r = support::number(th, r)?;
                if let Some(e) = this.encoder.get() {
                    let zero = th.int(0);
                    if r == 0 {
                        th.call_method_str(e, "reset", &[])?;
                    } else {
                        th.call_method_str(e, "setstate", &[zero])?;
                    }
                }
                return Ok(r);
            }
            w => {
                return Err(th.value_error(format!("invalid whence ({w}, should be 0, 1 or 2)")));
            }
        }
        if target < 0 {
            return Err(th.value_error(format!("negative seek position {target}")));
        }
        this.flush(th)?;
        let t = th.int(target);
        th.call_method_str(buffer, "seek", &[t])?;
        this.reset_decoder(th)?;
        if this.codec.get() == Codec::Other {
            let e = this.coder(th, this, true);
            match e {
                Ok(e) if target == 0 => {
                    th.call_method_str(e, "reset", &[])?;
                }
                Ok(e) => {
                    let zero = th.int(0);
                    th.call_method_str(e, "setstate", &[zero])?;
                }
                Err(_) => th.clear_pending(),
            }
        }
        this.telling.set(true);
        Ok(target)
    }

    #[pymethod(sig = "(pos=None, /)")]
    fn truncate(th: &mut Thread, this: Gc<TextWrapper>, pos: Option<Value>) -> Result {
        this.check_open(th)?;
        let pos = match th.not_none(pos) {
            Some(p) => p,
            None if this.decoded.get().is_some() => {
                let p = this.position(th, this)?;
                th.int(p)
            }
            None => th.none(),
        };
        this.flush(th)?;
        let b = this.buffer(th)?;
        th.call_method_str(b, "truncate", &[pos])
    }

    #[pymethod]
    fn __getstate__(th: &mut Thread, this: Value) -> Result {
        Err(support::no_pickle(th, this))
    }

    #[pygetter]
    fn encoding(_: &mut Thread, this: Gc<TextWrapper>) -> Option<Value> {
        this.encoding.get()
    }

    #[pygetter]
    fn errors(_: &mut Thread, this: Gc<TextWrapper>) -> Option<Value> {
        this.errors.get()
    }

    #[pygetter]
    fn newlines(th: &mut Thread, this: Gc<TextWrapper>) -> Value {
        this.newlines.seen(th)
    }

    #[pygetter]
    fn line_buffering(_: &mut Thread, this: Gc<TextWrapper>) -> bool {
        this.line_buffering.get()
    }

    #[pygetter]
    fn write_through(_: &mut Thread, this: Gc<TextWrapper>) -> bool {
        this.write_through.get()
    }

    #[pygetter(name = "buffer")]
    fn get_buffer(th: &mut Thread, this: Gc<TextWrapper>) -> Result {
        this.buffer(th)
    }

    #[pygetter]
    fn name(th: &mut Thread, this: Gc<TextWrapper>) -> Result {
        let b = this.buffer(th)?;
        th.get_attr_str(b, "name")
    }

    #[pygetter]
    fn closed(th: &mut Thread, this: Gc<TextWrapper>) -> Result {
        let b = this.buffer(th)?;
        th.get_attr_str(b, "closed")
    }

    #[pygetter(name = "_CHUNK_SIZE")]
    fn chunk_size(_: &mut Thread, this: Gc<TextWrapper>) -> usize {
        this.chunk.get()
    }

    #[pysetter(name = "_CHUNK_SIZE")]
    fn set_chunk_size(th: &mut Thread, this: Gc<TextWrapper>, v: Option<Value>) -> Result<()> {
        let Some(v) = v else {
            return Err(th.raise(ExceptionClass::AttributeError, "cannot delete attribute"));
        };
        let n = th.index(v)?;
        let message = match taipan_vm::types::int::to_i64(n) {
            Some(n) if n > 0 => {
                this.chunk.set(n as usize);
                return Ok(());
            }
            Some(_) => "a strictly positive integer is required",
            None => "cannot fit 'int' into an index-sized integer",
        };
        Err(th.value_error(message))
    }

    #[pygetter(name = "_finalizing")]
    fn get_finalizing(_: &mut Thread, this: Gc<TextWrapper>) -> bool {
        this.finalizing.get()
    }

    #[pysetter(name = "_finalizing")]
    fn set_finalizing(th: &mut Thread, this: Gc<TextWrapper>, v: Option<Value>) -> Result<()> {
        let on = match v {
            Some(v) => th.truth(v)?,
            None => false,
        };
        this.finalizing.set(on);
        Ok(())
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let t = expect::<TextWrapper>(th, this, "_io.TextIOWrapper")?;
        if t.encoding.get().is_none() {
            return Err(th.value_error("I/O operation on uninitialized object"));
        }
        let class = th.class_of(this);
        let mut text = format!("<{}", th.qualified_name(class));
        for name in ["name", "mode"] {
            if let Some(v) = support::attribute_repr(th, this, name)? {
                text.push_str(&format!(" {name}={v}"));
            }
        }
        let e = th.or_none(t.encoding.get());
        text.push_str(&format!(" encoding={}>", th.repr_lossy(e)));
        Ok(th.new_str(&text).value())
    }
}
