//! Bytes to values. Nothing in the input is trusted: lengths are held against what remains.

use taipan_bytecode::code::Constant;
use taipan_bytecode::pyc::PycError;
use taipan_vm::Thread;
use taipan_vm::object::{Raised, Result, Value, ValueVec};
use taipan_vm::types::{ExceptionClass, set, slice};

use super::{FLAG_REF, MAX_DEPTH};

/// Where bytes come from.
pub(super) enum Source<'a> {
    /// Memory, and how much of it has been read.
    Bytes(&'a [u8], usize),
    /// An object with a method `read`.
    File(Value),
}

/// Reads one value.
pub(super) struct Reader<'a> {
    source: Source<'a>,
    allow_code: bool,
    /// What references name; a place is reserved (None) while its object is being read.
    refs: ValueVec,
}

/// Largest piece that is asked of a file at once, so that a wrong length costs no memory.
const PIECE: usize = 1 << 20;

impl Reader<'_> {
    pub fn new(source: Source<'_>, allow_code: bool) -> Reader<'_> {
        Reader {
            source,
            allow_code,
            refs: ValueVec::new(),
        }
    }

    /// The value. A lone null marker is no value.
    pub fn value(&mut self, th: &mut Thread) -> Result {
        match self.object(th, 0)? {
            Some(v) => Ok(v),
            None => Err(th.type_error("NULL object in marshal data for object")),
        }
    }

    fn bad(&self, th: &mut Thread, what: &str) -> Raised {
        th.value_error(format!("bad marshal data ({what})"))
    }

    fn short(&self, th: &mut Thread) -> Raised {
        let message = match self.source {
            Source::Bytes(..) => "marshal data too short",
            Source::File(_) => "EOF read where not expected",
        };
        th.raise(ExceptionClass::EOFError, message)
    }

    fn bytes(&mut self, th: &mut Thread, n: usize) -> Result<Vec<u8>> {
        match &mut self.source {
            Source::Bytes(data, at) => {
                let end = at.checked_add(n);
                match end.and_then(|end| data.get(*at..end)) {
                    Some(b) => {
                        *at += n;
                        Ok(b.to_vec())
                    }
                    None => Err(self.short(th)),
                }
            }
            Source::File(f) => {
                let f = *f;
                let mut out = Vec::new();
                while out.len() < n {
                    let want = th.int((n - out.len()).min(PIECE) as i64);
                    let got = th.call_method_str(f, "read", &[want])?;
                    let got = match got.downcast::<taipan_vm::types::bytes::Bytes>() {
                        Some(b) => b.as_slice().to_vec(),
                        None => {
                            let t = th.type_name(got);
                            return Err(
                                th.type_error(format!("file.read() returned not bytes but {t}"))
                            );
                        }
                    };
                    if got.is_empty() {
                        return Err(
                            th.raise(ExceptionClass::EOFError, "EOF read where not expected")
                        );
                    }
                    if got.len() > n - out.len() {
                        return Err(th.value_error(
                            "read() returned too much data: more bytes than requested",
                        ));
                    }
                    out.extend(got);
                }
                Ok(out)
            }
        }
    }

    fn byte(&mut self, th: &mut Thread) -> Result<u8> {
        if let Source::Bytes(data, at) = &mut self.source {
            if let Some(b) = data.get(*at) {
                *at += 1;
                return Ok(*b);
            }
            return Err(self.short(th));
        }
        Ok(self.bytes(th, 1)?.first().copied().unwrap_or(0))
    }

    fn array<const N: usize>(&mut self, th: &mut Thread) -> Result<[u8; N]> {
        let b = self.bytes(th, N)?;
        Ok(b.first_chunk().copied().unwrap_or([0; N]))
    }

    fn i32(&mut self, th: &mut Thread) -> Result<i32> {
        Ok(i32::from_le_bytes(self.array(th)?))
    }

    fn f64(&mut self, th: &mut Thread) -> Result<f64> {
        Ok(f64::from_le_bytes(self.array(th)?))
    }

    fn size(&mut self, th: &mut Thread, what: &str) -> Result<usize> {
        let n = self.i32(th)?;
        match usize::try_from(n) {
            Ok(n) => Ok(n),
            Err(_) => Err(self.bad(th, &format!("{what} size out of range"))),
        }
    }

    fn sized(&mut self, th: &mut Thread, what: &str) -> Result<Vec<u8>> {
        let n = self.size(th, what)?;
        self.bytes(th, n)
    }

    fn float_text(&mut self, th: &mut Thread) -> Result<f64> {
        let n = self.byte(th)?;
        let b = self.bytes(th, n as usize)?;
        let text = String::from_utf8_lossy(&b);
        match text.trim().parse() {
            Ok(f) => Ok(f),
            Err(_) => Err(th.value_error(format!("could not convert string to float: '{text}'"))),
        }
    }

    fn reserve(&mut self, th: &mut Thread, flag: bool) -> Result<Option<usize>> {
        if !flag {
            return Ok(None);
        }
        let at = self.refs.len();
        // The interpreter's marker of an empty place: no Python value can be it.
        let empty = th.not_implemented();
        th.push(&self.refs, empty)?;
        Ok(Some(at))
    }

    fn keep(&mut self, at: Option<usize>, v: Value) -> Value {
        if let Some(at) = at {
            self.refs.set(at, v);
        }
        v
    }

    /// A value, or None for the null marker.
    fn object(&mut self, th: &mut Thread, depth: u32) -> Result<Option<Value>> {
        if depth > MAX_DEPTH {
            return Err(th.value_error("recursion limit exceeded"));
        }
        th.check_native_stack(" while unmarshalling an object")?;
        let code = match &self.source {
            Source::Bytes(data, at) if *at >= data.len() => {
                return Err(th.raise(ExceptionClass::EOFError, "EOF read where object expected"));
            }
            _ => self.byte(th)?,
        };
        let flag = code & FLAG_REF != 0;
        let v = match code & !FLAG_REF {
            b'0' => return Ok(None),
            b'N' => return Ok(Some(th.none())),
            b'T' => return Ok(Some(th.bool(true))),
            b'F' => return Ok(Some(th.bool(false))),
            b'.' => return Ok(Some(th.ellipsis())),
            b'S' => {
                let c = th.vm().exception_class(ExceptionClass::StopIteration);
                return Ok(Some(c.value()));
            }
            b'r' => {
                let n = self.i32(th)?;
                let found = usize::try_from(n).ok().and_then(|n| self.refs.get(n));
                return match found {
                    Some(v) if !v.is(th.not_implemented()) => Ok(Some(v)),
                    _ => Err(self.bad(th, "invalid reference")),
                };
            }
            b'(' | b')' | b'>' | b':' | b'[' | b'{' | b'<' | b'c' => {
                return self.container(th, code & !FLAG_REF, flag, depth).map(Some);
            }
            b'i' => {
                let n = self.i32(th)?;
                th.int(n as i64)
            }
            b'I' => {
                let n = i64::from_le_bytes(self.array(th)?);
                th.int(n)
            }
            b'l' => self.long(th)?,
            b'f' => {
                let f = self.float_text(th)?;
                th.float(f)
            }
            b'g' => {
                let f = self.f64(th)?;
                th.float(f)
            }
            c @ (b'x' | b'y') => {
                let mut part = |r: &mut Self| match c {
                    b'x' => r.float_text(th),
                    _ => r.f64(th),
                };
                let (re, im) = (part(self)?, part(self)?);
                th.constant(&Constant::Complex(re.to_bits(), im.to_bits()))
            }
            b's' => {
                let b = self.sized(th, "bytes object")?;
                th.new_bytes(&b).value()
            }
            c @ (b'u' | b't') => {
                let b = self.sized(th, "string")?;
                let s = match std::str::from_utf8(&b) {
                    Ok(t) => th.new_str(t),
                    Err(_) => th.str_from_wtf8(&b),
                };
                if c == b't' {
                    th.intern_str(s).value()
                } else {
                    s.value()
                }
            }
            c @ (b'a' | b'A' | b'z' | b'Z') => {
                let n = match c {
                    b'a' | b'A' => self.size(th, "string")?,
                    _ => self.byte(th)? as usize,
                };
                let b = self.bytes(th, n)?;
                // Bytes above ASCII would be damage; they are taken for Latin-1.
                let s = th.str_from_latin1(&b);
                if c.is_ascii_uppercase() {
                    th.intern_str(s).value()
                } else {
                    s.value()
                }
            }
            _ => return Err(self.bad(th, "unknown type code")),
        };
        let at = self.reserve(th, flag)?;
        Ok(Some(self.keep(at, v)))
    }

    fn required(&mut self, th: &mut Thread, depth: u32, what: &str) -> Result {
        match self.object(th, depth)? {
            Some(v) => Ok(v),
            None => Err(th.type_error(format!("NULL object in marshal data for {what}"))),
        }
    }

    fn items(&mut self, th: &mut Thread, n: usize, depth: u32, what: &str) -> Result<ValueVec> {
        let items = ValueVec::new();
        for _ in 0..n {
            let v = self.required(th, depth + 1, what)?;
            th.push(&items, v)?;
        }
        Ok(items)
    }

    fn container(&mut self, th: &mut Thread, code: u8, flag: bool, depth: u32) -> Result {
        match code {
            b'(' | b')' => {
                let n = match code {
                    b')' => self.byte(th)? as usize,
                    _ => self.size(th, "tuple")?,
                };
                let at = self.reserve(th, flag)?;
                let items = self.items(th, n, depth, "tuple")?;
                let v = th.new_tuple(items.as_slice()).value();
                Ok(self.keep(at, v))
            }
            b'[' => {
                let n = self.size(th, "list")?;
                let list = th.new_list();
                let at = self.reserve(th, flag)?;
                self.keep(at, list.value());
                for _ in 0..n {
                    let v = self.required(th, depth + 1, "list")?;
                    th.list_append(list, v)?;
                }
                Ok(list.value())
            }
            b'{' => {
                let dict = th.new_dict();
                let at = self.reserve(th, flag)?;
                self.keep(at, dict.value());
                while let Some(k) = self.object(th, depth + 1)? {
                    let Some(v) = self.object(th, depth + 1)? else {
                        break;
                    };
                    dict.set(th, k, v)?;
                }
                Ok(dict.value())
            }
            b'<' | b'>' => {
                let n = self.size(th, "set")?;
                if code == b'<' {
                    let s = set::set_from(th, &[])?;
                    let at = self.reserve(th, flag)?;
                    self.keep(at, s);
                    for _ in 0..n {
                        let v = self.required(th, depth + 1, "set")?;
                        if let Some(set) = s.downcast::<set::Set>() {
                            set.add(th, v)?;
                        }
                    }
                    return Ok(s);
                }
                let at = self.reserve(th, flag)?;
                let items = self.items(th, n, depth, "set")?;
                let s = set::frozenset_from(th, items.as_slice())?;
                Ok(self.keep(at, s))
            }
            b':' => {
                let at = self.reserve(th, flag)?;
                let parts = self.items(th, 3, depth, "slice")?;
                let part = |i| parts.get(i).unwrap_or(th.none());
                let (a, b, c) = (part(0), part(1), part(2));
                let s = slice::new(th, a, b, c);
                Ok(self.keep(at, s))
            }
            _ => {
                if !self.allow_code {
                    return Err(th.value_error("unmarshalling code objects is disallowed"));
                }
                let at = self.reserve(th, flag)?;
                let payload = self.sized(th, "code object")?;
                match taipan_bytecode::pyc::unmarshal_code(&payload) {
                    Ok(data) => {
                        let c = th.code_from(data.into()).value();
                        Ok(self.keep(at, c))
                    }
                    Err(PycError::Truncated) => Err(self.short(th)),
                    Err(e) => Err(self.bad(th, &e.to_string())),
                }
            }
        }
    }

    fn long(&mut self, th: &mut Thread) -> Result {
        let n = self.i32(th)?;
        let count = n.unsigned_abs() as usize;
        if n == i32::MIN {
            return Err(self.bad(th, "long size out of range"));
        }
        let raw = self.bytes(th, count * 2)?;
        let mut magnitude = Vec::with_capacity(raw.len());
        let (mut bits, mut have) = (0u32, 0);
        let mut last = 1;
        for d in raw.as_chunks().0 {
            let d = u16::from_le_bytes(*d);
            if d > 0x7fff {
                return Err(self.bad(th, "digit out of range in long"));
            }
            last = d;
            bits |= (d as u32) << have;
            have += 15;
            while have >= 8 {
                magnitude.push(bits as u8);
                bits >>= 8;
                have -= 8;
            }
        }
        if last == 0 {
            return Err(self.bad(th, "unnormalized long data"));
        }
        if have > 0 {
            magnitude.push(bits as u8);
        }
        while magnitude.last() == Some(&0) {
            magnitude.pop();
        }
        Ok(th.constant(&Constant::BigInt {
            negative: n < 0,
            magnitude,
        }))
    }
}
