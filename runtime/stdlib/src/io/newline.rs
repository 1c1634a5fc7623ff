//! Universal newlines: which line ends have been seen, and their translation to `\n`.
//!
//! A carriage return at the end of a piece is held back, so that `\r\n` is never cut in two.

use std::cell::Cell;

use memchr::{memchr, memmem};
use taipan_vm::call::Args;
use taipan_vm::object::{Gc, NativeHeader, Slot};
use taipan_vm::types::str_::Str;
use taipan_vm::{NativeObject, Result, Thread, Value, pytype};

use super::support::class_argument;

const CR: u8 = 1;
const LF: u8 = 2;
const CRLF: u8 = 4;

/// State between pieces of text.
#[derive(Default)]
pub struct Newlines {
    /// Are all line ends translated to `\n`?
    pub translate: Cell<bool>,
    /// Was a carriage return held back?
    pub pending: Cell<bool>,
    seen: Cell<u8>,
}

impl Newlines {
    /// Forgets what was held back and seen.
    pub fn reset(&self) {
        self.pending.set(false);
        self.seen.set(0);
    }

    /// `newlines`: None, a string, or a tuple of strings.
    pub fn seen(&self, th: &mut Thread) -> Value {
        let seen = self.seen.get();
        let (cr, lf, crlf) = (
            th.intern("\r").value(),
            th.intern("\n").value(),
            th.intern("\r\n").value(),
        );
        match seen {
            0 => th.none(),
            CR => cr,
            LF => lf,
            CRLF => crlf,
            3 => th.new_tuple(&[cr, lf]).value(),
            5 => th.new_tuple(&[cr, crlf]).value(),
            6 => th.new_tuple(&[lf, crlf]).value(),
            _ => th.new_tuple(&[cr, lf, crlf]).value(),
        }
    }

    /// The next piece of text, with line ends handled.
    pub fn piece(&self, th: &mut Thread, s: Gc<Str>, last: bool) -> Gc<Str> {
        if !self.pending.get()
            && let Some(t) = s.as_ascii()
            && memchr(b'\r', t.as_bytes()).is_none()
        {
            if self.seen.get() & LF == 0 && memchr(b'\n', t.as_bytes()).is_some() {
                self.seen.set(self.seen.get() | LF);
            }
            return s;
        }
        let mut out: Vec<u32> = Vec::with_capacity(s.len() + 1);
        if self.pending.get() && (last || !s.is_empty()) {
            out.push(13);
            self.pending.set(false);
        }
        out.extend(s.code_points());
        if !last && out.last() == Some(&13) {
            out.pop();
            self.pending.set(true);
        }
        let mut seen = self.seen.get();
        let mut kept = 0;
        let mut i = 0;
        while i < out.len() {
            let c = out[i];
            i += 1;
            let pair = c == 13 && out.get(i) == Some(&10);
            seen |= match c {
                13 if pair => CRLF,
                13 => CR,
                10 => LF,
                _ => 0,
            };
            if pair {
                i += 1;
                if !self.translate.get() {
                    out[kept] = 13;
                    kept += 1;
                }
                out[kept] = 10;
            } else if c == 13 && self.translate.get() {
                out[kept] = 10;
            } else {
                out[kept] = c;
            }
            kept += 1;
        }
        out.truncate(kept);
        self.seen.set(seen);
        th.str_from_code_points(&out)
    }
}

/// How lines end in a stream.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LineEnd {
    /// `\n`, others having been translated.
    Lf,
    /// Any of the three.
    Any,
    /// `\r`
    Cr,
    /// `\r\n`
    CrLf,
}

/// Index behind the first line end at or after `from`.
pub fn find_line_end(s: &Str, from: usize, end: LineEnd) -> Option<usize> {
    if let Some(t) = s.as_ascii() {
        let b = t.as_bytes().get(from..)?;
        return match end {
            LineEnd::Lf => memchr(b'\n', b).map(|i| from + i + 1),
            LineEnd::Cr => memchr(b'\r', b).map(|i| from + i + 1),
            LineEnd::CrLf => memmem::find(b, b"\r\n").map(|i| from + i + 2),
            LineEnd::Any => memchr::memchr2(b'\r', b'\n', b).map(|i| {
                from + i
                    + if b[i] == b'\r' && b.get(i + 1) == Some(&b'\n') {
                        2
                    } else {
                        1
                    }
            }),
        };
    }
    if let taipan_vm::types::str_::Units::Latin1(t) = s.units()
        && end == LineEnd::Lf
    {
        return memchr(b'\n', t.get(from..)?).map(|i| from + i + 1);
    }
    let mut i = from;
    while let Some(c) = s.at(i) {
        i += 1;
        match (c, end) {
            (10, LineEnd::Lf | LineEnd::Any) => return Some(i),
            (13, LineEnd::Cr) => return Some(i),
            (13, LineEnd::Any) => return Some(if s.at(i) == Some(10) { i + 1 } else { i }),
            (13, LineEnd::CrLf) if s.at(i) == Some(10) => return Some(i + 1),
            _ => {}
        }
    }
    None
}

/// `IncrementalNewlineDecoder`.
#[repr(C)]
#[derive(NativeObject)]
pub struct NewlineDecoder {
    head: NativeHeader,
    decoder: Slot,
    #[notrace]
    state: Newlines,
}

/// Codec used when reading a file in universal newlines mode.
///
/// It wraps another incremental decoder, translating \r\n and \r into \n.
#[pytype(name = "IncrementalNewlineDecoder", module = "_io", flags = BASETYPE | HAS_DICT | HAS_WEAKREF | MUTABLE, table = DECODER_TYPE)]
impl NewlineDecoder {
    #[pynew(raw, sig = "(decoder, translate, errors='strict')")]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        let class = class_argument(th, args)?;
        Ok(th
            .alloc_native(class, |head| NewlineDecoder {
                head,
                decoder: Slot::empty(),
                state: Newlines::default(),
            })
            .value())
    }

    #[pyslot]
    fn init(th: &mut Thread, this: Value, args: Args<'_>) -> Result<()> {
        let d = super::base::expect::<NewlineDecoder>(th, this, "_io.IncrementalNewlineDecoder")?;
        let b = super::bind(th, &super::NEWLINE_SIGNATURE, args)?;
        let decoder = b.required(th, 0)?;
        d.decoder.set(d.header(), decoder);
        let translate = b.required(th, 1)?;
        let translate = th.truth(translate)?;
        d.state.translate.set(translate);
        d.state.reset();
        Ok(())
    }

    #[pymethod(sig = "(input, final=False)")]
    fn decode(
        th: &mut Thread,
        this: Gc<NewlineDecoder>,
        input: Value,
        last: Option<bool>,
    ) -> Result<Gc<Str>> {
        let last = last.unwrap_or(false);
        let Some(decoder) = this.decoder.get() else {
            return Err(th.value_error("IncrementalNewlineDecoder.__init__() not called"));
        };
        let out = if th.is_none(decoder) {
            input
        } else {
            let l = th.bool(last);
            th.call_method_str(decoder, "decode", &[input, l])?
        };
        let Some(s) = out.downcast::<Str>() else {
            let got = th.type_name(out);
            return Err(th.type_error(format!(
                "decoder should return a string result, not '{got}'"
            )));
        };
        Ok(this.state.piece(th, s, last))
    }

    #[pymethod]
    fn getstate(th: &mut Thread, this: Gc<NewlineDecoder>) -> Result {
        let decoder = th.or_none(this.decoder.get());
        let (buffer, flag) = if th.is_none(decoder) {
            (th.new_bytes(b"").value(), 0)
        } else {
            let state = th.call_method_str(decoder, "getstate", &[])?;
            let t = th.to_tuple(state)?;
            match t.as_slice() {
                [b, f] => (*b, super::support::number(th, *f)?),
                _ => return Err(th.type_error("illegal decoder state")),
            }
        };
        let flag = th.int(flag << 1 | this.state.pending.get() as i64);
        Ok(th.new_tuple(&[buffer, flag]).value())
    }

    #[pymethod]
    fn setstate(th: &mut Thread, this: Gc<NewlineDecoder>, state: Value) -> Result<()> {
        let Some(t) = state.downcast::<taipan_vm::types::tuple::Tuple>() else {
            return Err(th.type_error("state argument must be a tuple"));
        };
        let [buffer, flag] = *t.as_slice() else {
            return Err(
                th.type_error("IncrementalNewlineDecoder.setstate(): illegal state argument")
            );
        };
        let flag = super::support::number(th, flag)?;
        this.state.pending.set(flag & 1 != 0);
        if let Some(d) = th.not_none(this.decoder.get()) {
            let f = th.int(flag >> 1);
            let inner = th.new_tuple(&[buffer, f]).value();
            th.call_method_str(d, "setstate", &[inner])?;
        }
        Ok(())
    }

    #[pymethod]
    fn reset(th: &mut Thread, this: Gc<NewlineDecoder>) -> Result<()> {
        this.state.reset();
        if let Some(d) = th.not_none(this.decoder.get()) {
            th.call_method_str(d, "reset", &[])?;
        }
        Ok(())
    }

    #[pygetter]
    fn newlines(th: &mut Thread, this: Gc<NewlineDecoder>) -> Value {
        this.state.seen(th)
    }
}
