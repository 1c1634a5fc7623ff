//! `StringIO`: a text stream in memory.

use std::cell::{Cell, RefCell};

use taipan_vm::call::Args;
use taipan_vm::object::{Gc, NativeHeader};
use taipan_vm::types::str_::Str;
use taipan_vm::{NativeObject, Result, Thread, Value, pytype};

use super::base::{TEXT_TYPE, expect};
use super::newline::{LineEnd, Newlines};
use super::support::{self, class_argument, offset};

/// The contents: ASCII as long as nothing else is written.
enum Contents {
    Ascii(Vec<u8>),
    Wide(Vec<u32>),
}

impl Contents {
    fn len(&self) -> usize {
        match self {
            Contents::Ascii(b) => b.len(),
            Contents::Wide(w) => w.len(),
        }
    }

    fn widen(&mut self) -> &mut Vec<u32> {
        if let Contents::Ascii(b) = self {
            *self = Contents::Wide(b.iter().map(|b| *b as u32).collect());
        }
        match self {
            Contents::Wide(w) => w,
            Contents::Ascii(_) => unreachable!("it was widened"),
        }
    }

    fn put(&mut self, at: usize, s: &Str) {
        fn overwrite<T: Copy + Default>(
            v: &mut Vec<T>,
            at: usize,
            new: impl ExactSizeIterator<Item = T>,
        ) {
            if at > v.len() {
                v.resize(at, T::default());
            }
            let end = (at + new.len()).min(v.len());
            v.splice(at..end, new);
        }
        match (&mut *self, s.as_ascii()) {
            (Contents::Ascii(b), Some(t)) if at == b.len() => b.extend_from_slice(t.as_bytes()),
            (Contents::Ascii(b), Some(t)) => overwrite(b, at, t.bytes()),
            _ => {
                let new: Vec<u32> = s.code_points().collect();
                overwrite(self.widen(), at, new.into_iter());
            }
        }
    }

    fn text(&self, th: &mut Thread, from: usize, to: usize) -> Gc<Str> {
        match self {
            Contents::Ascii(b) => th.new_ascii(&b[from..to]),
            Contents::Wide(w) => th.str_from_code_points(&w[from..to]),
        }
    }

    fn at(&self, i: usize) -> Option<u32> {
        match self {
            Contents::Ascii(b) => b.get(i).map(|b| *b as u32),
            Contents::Wide(w) => w.get(i).copied(),
        }
    }

    fn line_end(&self, from: usize, end: LineEnd) -> Option<usize> {
        if let (Contents::Ascii(b), LineEnd::Lf) = (self, end) {
            return memchr::memchr(b'\n', b.get(from..)?).map(|i| from + i + 1);
        }
        let mut i = from;
        while let Some(c) = self.at(i) {
            i += 1;
            match (c, end) {
                (10, LineEnd::Lf | LineEnd::Any) | (13, LineEnd::Cr) => return Some(i),
                (13, LineEnd::Any) => {
                    return Some(if self.at(i) == Some(10) { i + 1 } else { i });
                }
                (13, LineEnd::CrLf) if self.at(i) == Some(10) => return Some(i + 1),
                _ => {}
            }
        }
        None
    }
}

/// A stream over text of its own.
#[repr(C)]
#[derive(NativeObject)]
pub struct StringIo {
    head: NativeHeader,
    #[notrace]
    data: RefCell<Contents>,
    #[notrace]
    at: Cell<usize>,
    #[notrace]
    closed: Cell<bool>,
    #[notrace]
    ready: Cell<bool>,
    #[notrace]
    newlines: Newlines,
    #[notrace]
    universal: Cell<bool>,
    #[notrace]
    line_end: Cell<LineEnd>,
    #[notrace]
    write_end: Cell<Option<&'static str>>,
}

impl StringIo {
    fn check(&self, th: &mut Thread) -> Result<()> {
        if !self.ready.get() {
            return Err(th.value_error("I/O operation on uninitialized object"));
        }
        if self.closed.get() {
            return Err(th.value_error("I/O operation on closed file"));
        }
        Ok(())
    }

    fn put(&self, th: &mut Thread, s: Gc<Str>) {
        let mut s = s;
        if self.universal.get() {
            s = self.newlines.piece(th, s, true);
        }
        if let Some(end) = self.write_end.get() {
            let end: Vec<u32> = end.chars().map(u32::from).collect();
            let mut out = Vec::with_capacity(s.len());
            for c in s.code_points() {
                if c == 10 {
                    out.extend_from_slice(&end);
                } else {
                    out.push(c);
                }
            }
            s = th.str_from_code_points(&out);
        }
        if !s.is_empty() {
            self.data.borrow_mut().put(self.at.get(), &s);
            self.at.set(self.at.get() + s.len());
        }
    }

    fn take(&self, th: &mut Thread, n: isize) -> Gc<Str> {
        let data = self.data.borrow();
        let from = self.at.get().min(data.len());
        let to = match usize::try_from(n) {
            Ok(n) => from.saturating_add(n).min(data.len()),
            Err(_) => data.len(),
        };
        if to > from {
            self.at.set(to);
        }
        data.text(th, from, to)
    }

    fn line(&self, th: &mut Thread, limit: isize) -> Gc<Str> {
        let n = {
            let data = self.data.borrow();
            let from = self.at.get().min(data.len());
            data.line_end(from, self.line_end.get())
                .unwrap_or(data.len())
                - from
        };
        let n = usize::try_from(limit).map_or(n, |l| l.min(n));
        self.take(th, n as isize)
    }

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
        self.newlines.reset();
        self.line_end.set(end);
        self.write_end.set(write);
        Ok(())
    }
}

/// Text I/O implementation using an in-memory buffer.
///
/// The initial_value argument sets the value of object.  The newline
/// argument is like the one of TextIOWrapper's constructor.
#[pytype(name = "StringIO", module = "_io", base = TEXT_TYPE, flags = BASETYPE | MUTABLE, table = STRING_IO_TYPE)]
impl StringIo {
    #[pynew(raw, sig = "(initial_value='', newline='\\n')")]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        let class = class_argument(th, args)?;
        Ok(th
            .alloc_native(class, |head| StringIo {
                head,
                data: RefCell::new(Contents::Ascii(Vec::new())),
                at: Cell::new(0),
                closed: Cell::new(false),
                ready: Cell::new(false),
                newlines: Newlines::default(),
                universal: Cell::new(false),
                line_end: Cell::new(LineEnd::Lf),
                write_end: Cell::new(None),
            })
            .value())
    }

    #[pyslot]
    fn init(th: &mut Thread, this: Value, args: Args<'_>) -> Result<()> {
        let s = expect::<StringIo>(th, this, "_io.StringIO")?;
        let b = super::bind(th, &super::STRING_SIGNATURE, args)?;
        match b.get(1) {
            None => s.set_newline(th, Some("\n"))?,
            Some(v) if th.is_none(v) => s.set_newline(th, None)?,
            Some(v) => match v.downcast::<Str>() {
                Some(n) => s.set_newline(th, Some(&n.to_string_lossy()))?,
                None => {
                    let got = th.type_name(v);
                    return Err(th.type_error(format!("newline must be str or None, not {got}")));
                }
            },
        }
        let initial = match th.not_none(b.get(0)) {
            None => None,
            Some(v) => match v.downcast::<Str>() {
                Some(t) => Some(t),
                None => {
                    let got = th.type_name(v);
                    return Err(
                        th.type_error(format!("initial_value must be str or None, not {got}"))
                    );
                }
            },
        };
        *s.data.borrow_mut() = Contents::Ascii(Vec::new());
        s.at.set(0);
        s.closed.set(false);
        s.ready.set(true);
        if let Some(t) = initial {
            s.put(th, t);
            s.at.set(0);
        }
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
    fn readable(th: &mut Thread, this: Gc<StringIo>) -> Result<bool> {
        this.check(th)?;
        Ok(true)
    }

    #[pymethod]
    fn writable(th: &mut Thread, this: Gc<StringIo>) -> Result<bool> {
        this.check(th)?;
        Ok(true)
    }

    #[pymethod]
    fn seekable(th: &mut Thread, this: Gc<StringIo>) -> Result<bool> {
        this.check(th)?;
        Ok(true)
    }

    /// Retrieve the entire contents of the object.
    #[pymethod]
    fn getvalue(th: &mut Thread, this: Gc<StringIo>) -> Result<Gc<Str>> {
        this.check(th)?;
        let data = this.data.borrow();
        Ok(data.text(th, 0, data.len()))
    }

    #[pymethod]
    fn tell(th: &mut Thread, this: Gc<StringIo>) -> Result<usize> {
        this.check(th)?;
        Ok(this.at.get())
    }

    #[pymethod(sig = "(size=-1, /)")]
    fn read(th: &mut Thread, this: Gc<StringIo>, size: Option<Value>) -> Result<Gc<Str>> {
        let n = support::size(th, size)?;
        this.check(th)?;
        Ok(this.take(th, n))
    }

    #[pymethod(sig = "(size=-1, /)")]
    fn readline(th: &mut Thread, this: Gc<StringIo>, size: Option<Value>) -> Result<Gc<Str>> {
        let n = support::size(th, size)?;
        this.check(th)?;
        Ok(this.line(th, n))
    }

    #[pymethod(sig = "(pos=None, /)")]
    fn truncate(th: &mut Thread, this: Gc<StringIo>, pos: Option<Value>) -> Result<usize> {
        this.check(th)?;
        let n = match th.not_none(pos) {
            Some(v) => offset(th, v)?,
            None => this.at.get() as i64,
        };
        let Ok(n) = usize::try_from(n) else {
            return Err(th.value_error(format!("Negative size value {n}")));
        };
        match &mut *this.data.borrow_mut() {
            Contents::Ascii(b) => b.truncate(n),
            Contents::Wide(w) => w.truncate(n),
        }
        Ok(n)
    }

    #[pymethod(sig = "(pos, whence=0, /)")]
    fn seek(th: &mut Thread, this: Gc<StringIo>, pos: Value, whence: Option<i64>) -> Result<usize> {
        this.check(th)?;
        let pos = offset(th, pos)?;
        let whence = whence.unwrap_or(0);
        if !(0..=2).contains(&whence) {
            return Err(th.value_error(format!("Invalid whence ({whence}, should be 0, 1 or 2)")));
        }
        if pos < 0 && whence == 0 {
            return Err(th.value_error(format!("Negative seek position {pos}")));
        }
        if whence != 0 && pos != 0 {
            return Err(th.raise(
                taipan_vm::types::ExceptionClass::OSError,
                "Can't do nonzero cur-relative seeks",
            ));
        }
        let to = match whence {
            0 => pos as usize,
            1 => this.at.get(),
            _ => this.data.borrow().len(),
        };
        this.at.set(to);
        Ok(to)
    }

    #[pymethod]
    fn write(th: &mut Thread, this: Gc<StringIo>, s: Value) -> Result<usize> {
        let Some(text) = s.downcast::<Str>() else {
            let got = th.type_name(s);
            return Err(th.type_error(format!("string argument expected, got '{got}'")));
        };
        this.check(th)?;
        this.put(th, text);
        Ok(text.len())
    }

    #[pymethod]
    fn close(_: &mut Thread, this: Gc<StringIo>) {
        this.closed.set(true);
        *this.data.borrow_mut() = Contents::Ascii(Vec::new());
    }

    #[pymethod]
    fn __getstate__(th: &mut Thread, this: Gc<StringIo>) -> Result {
        let value = StringIo::getvalue(th, this)?.value();
        let newline = match (
            this.universal.get(),
            this.newlines.translate.get(),
            this.line_end.get(),
        ) {
            (true, true, _) => th.none(),
            (true, false, _) => th.new_str("").value(),
            (_, _, LineEnd::Cr) => th.new_str("\r").value(),
            (_, _, LineEnd::CrLf) => th.new_str("\r\n").value(),
            _ => th.new_str("\n").value(),
        };
        let at = th.int(this.at.get() as i64);
        let dict = match th.instance_dict(this.value()) {
            Some(d) => th.dict_copy(d).value(),
            None => th.none(),
        };
        Ok(th.new_tuple(&[value, newline, at, dict]).value())
    }

    #[pymethod]
    fn __setstate__(th: &mut Thread, this: Gc<StringIo>, state: Value) -> Result<()> {
        let t = th.to_tuple(state)?;
        let [value, newline, at, dict] = *t.as_slice() else {
            let n = t.len();
            return Err(th.type_error(format!(
                "_io.StringIO.__setstate__ argument should be 4-tuple, got tuple of {n}"
            )));
        };
        let empty = th.empty_str().value();
        StringIo::init(th, this.value(), Args::positional(&[empty, newline]))?;
        if let Some(s) = value.downcast::<Str>() {
            this.data.borrow_mut().put(0, &s);
        }
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
        let s = expect::<StringIo>(th, this, "_io.StringIO")?;
        s.check(th)?;
        let line = if th.class_of(this).def.is_some() {
            s.line(th, -1).value()
        } else {
            th.call_method_str(this, "readline", &[])?
        };
        Ok(if th.len(line)? == 0 { None } else { Some(line) })
    }

    #[pygetter]
    fn closed(th: &mut Thread, this: Gc<StringIo>) -> Result<bool> {
        if !this.ready.get() {
            return Err(th.value_error("I/O operation on uninitialized object"));
        }
        Ok(this.closed.get())
    }

    #[pygetter]
    fn line_buffering(th: &mut Thread, this: Gc<StringIo>) -> Result<bool> {
        this.check(th)?;
        Ok(false)
    }

    #[pygetter]
    fn newlines(th: &mut Thread, this: Gc<StringIo>) -> Result {
        this.check(th)?;
        Ok(this.newlines.seen(th))
    }
}
