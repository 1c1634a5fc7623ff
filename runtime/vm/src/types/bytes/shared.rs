//! What `bytes` and `bytearray` have in common: every method that reads.
//!
//! [`byte_methods!`] writes the method table for a type that implements [`ByteString`]; results are
//! exact instances of that type. Arguments are converted before the receiver's bytes are looked at,
//! since conversions may run Python code that changes a bytearray.

use super::hex::{self, NotHex};
use crate::Thread;
use crate::call::Bound;
use crate::call::buffer::ByteArg;
use crate::object::{Gc, Result, Value, ValueVec};
use crate::types::list::List;
use crate::types::search;
use crate::types::str_::{Str, Width};
use crate::types::tuple::Tuple;
use crate::types::{Named, T};

/// A type with the methods of bytes.
pub trait ByteString: Named {
    /// The bytes. Nothing that changes them may run while the slice lives.
    fn bytes(&self) -> &[u8];
    /// A new object with these bytes. Raises MemoryError.
    fn make(th: &mut Thread, bytes: &[u8]) -> Result<Gc<Self>>
    where
        Self: Sized;
    /// A new object of this length of which `fill` writes every byte. Raises MemoryError.
    fn build(th: &mut Thread, len: usize, fill: impl FnOnce(&mut [u8])) -> Result<Gc<Self>>
    where
        Self: Sized,
    {
        let mut bytes = vec![0; len];
        fill(&mut bytes);
        Self::make(th, &bytes)
    }
    /// The receiver where an immutable object may stand for its copy.
    fn same(th: &mut Thread, this: Gc<Self>) -> Result<Gc<Self>>
    where
        Self: Sized;
}

/// Blanks of bytes.
pub(super) fn is_blank(b: u8) -> bool {
    matches!(b, b' ' | 9..=13)
}

/// A part of the receiver.
pub(super) fn part<B: ByteString>(
    th: &mut Thread,
    this: Gc<B>,
    a: usize,
    b: usize,
) -> Result<Gc<B>> {
    let bytes = this.bytes();
    if a == 0 && b == bytes.len() {
        return B::same(th, this);
    }
    let copy = bytes.get(a..b).unwrap_or(&[]);
    B::make(th, copy)
}

/// A byte of an int. Raises ValueError.
#[inline]
pub fn byte_of(th: &mut Thread, v: Value, message: &str) -> Result<u8> {
    if let Some(b) = v.as_int().and_then(|i| u8::try_from(i).ok()) {
        return Ok(b);
    }
    let i = th.index(v)?;
    match crate::types::int::to_i64(i).and_then(|i| u8::try_from(i).ok()) {
        Some(b) => Ok(b),
        None => Err(th.value_error(message)),
    }
}

/// What is searched for: a byte or a run of them.
pub fn needle(th: &mut Thread, v: Value) -> Result<ByteArg> {
    if let Some(b) = v.downcast::<super::Bytes>() {
        return Ok(ByteArg::Bytes(b));
    }
    if th.supports_buffer(v) {
        return th.byte_arg(v);
    }
    if v.is_int() || th.class_of(v).slots().index.is_some() {
        let b = byte_of(th, v, "byte must be in range(0, 256)")?;
        return Ok(ByteArg::Copied(vec![b]));
    }
    let got = th.type_name(v);
    Err(th.type_error(format!(
        "argument should be integer or bytes-like object, not '{got}'"
    )))
}

pub fn find(hay: &[u8], needle: &[u8], start: Bound, end: Bound, last: bool) -> Option<usize> {
    let (start, end) = search::clamp(start.0, end.0, hay.len());
    if start > end {
        return None;
    }
    let part = hay.get(start..end)?;
    let found = if last {
        search::rfind(part, needle)
    } else {
        search::find(part, needle)
    };
    found.map(|i| i + start)
}

pub fn count(hay: &[u8], needle: &[u8], start: Bound, end: Bound) -> usize {
    let (start, end) = search::clamp(start.0, end.0, hay.len());
    hay.get(start..end)
        .map_or(0, |part| search::count(part, needle, usize::MAX))
}

/// `v in bytes`
pub fn contains<B: ByteString>(th: &mut Thread, this: Gc<B>, v: Value) -> Result<bool> {
    if v.is_int() || !th.supports_buffer(v) {
        if !v.is_int() && th.class_of(v).slots().index.is_none() {
            let got = th.type_name(v);
            return Err(th.type_error(format!("a bytes-like object is required, not '{got}'")));
        }
        let b = byte_of(th, v, "byte must be in range(0, 256)")?;
        return Ok(memchr::memchr(b, this.bytes()).is_some());
    }
    let n = th.byte_arg(v)?;
    Ok(search::find(this.bytes(), &n).is_some())
}

pub fn affix<B: ByteString>(
    th: &mut Thread,
    this: Gc<B>,
    what: Value,
    (start, end): (Bound, Bound),
    tail: bool,
) -> Result<bool> {
    let test = |affix: &[u8]| {
        let hay = this.bytes();
        let (start, end) = search::clamp(start.0, end.0, hay.len());
        hay.get(start..end).is_some_and(|p| {
            if tail {
                p.ends_with(affix)
            } else {
                p.starts_with(affix)
            }
        })
    };
    if let Some(t) = what.downcast::<Tuple>() {
        for v in t.as_slice() {
            let a = th.byte_arg(*v)?;
            if test(&a) {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    if !th.supports_buffer(what) {
        let name = if tail { "endswith" } else { "startswith" };
        let got = th.type_name(what);
        return Err(th.type_error(format!(
            "{name} first arg must be bytes or a tuple of bytes, not {got}"
        )));
    }
    let a = th.byte_arg(what)?;
    Ok(test(&a))
}

pub fn remove_affix<B: ByteString>(
    th: &mut Thread,
    this: Gc<B>,
    affix: &[u8],
    tail: bool,
) -> Result<Gc<B>> {
    let b = this.bytes();
    let (from, to) = if tail && !affix.is_empty() && b.ends_with(affix) {
        (0, b.len() - affix.len())
    } else if !tail && b.starts_with(affix) {
        (affix.len(), b.len())
    } else {
        (0, b.len())
    };
    part(th, this, from, to)
}

pub fn split<B: ByteString>(
    th: &mut Thread,
    this: Gc<B>,
    sep: Option<Value>,
    most: Option<isize>,
    right: bool,
) -> Result<Gc<List>> {
    let most = usize::try_from(most.unwrap_or(-1)).unwrap_or(usize::MAX);
    let sep = match th.not_none(sep) {
        Some(v) => Some(th.byte_arg(v)?),
        None => None,
    };
    if sep.as_ref().is_some_and(|s| s.is_empty()) {
        return Err(th.value_error("empty separator"));
    }
    let out = ValueVec::new();
    let bytes = this.bytes();
    let mut put = |a: usize, b: usize| {
        let p = B::make(th, &bytes[a..b])?;
        th.push(&out, p.value())
    };
    match (&sep, right) {
        (Some(s), false) => search::split(bytes, s, most, &mut put)?,
        (Some(s), true) => search::rsplit(bytes, s, most, &mut put)?,
        (None, false) => search::split_blanks(bytes, is_blank, most, &mut put)?,
        (None, true) => search::rsplit_blanks(bytes, is_blank, most, &mut put)?,
    }
    if right {
        out.with_slice_mut(|p| p.reverse());
    }
    Ok(th.list_from_vec(out))
}

pub fn split_lines<B: ByteString>(th: &mut Thread, this: Gc<B>, keep: bool) -> Result<Gc<List>> {
    let out = ValueVec::new();
    let bytes = this.bytes();
    let mut start = 0;
    while start < bytes.len() {
        let rest = &bytes[start..];
        let (end, next) = match memchr::memchr2(b'\n', b'\r', rest) {
            None => (rest.len(), rest.len()),
            Some(i) if rest[i] == b'\r' && rest.get(i + 1) == Some(&b'\n') => (i, i + 2),
            Some(i) => (i, i + 1),
        };
        let p = B::make(th, &rest[..if keep { next } else { end }])?;
        th.push(&out, p.value())?;
        start += next;
    }
    Ok(th.list_from_vec(out))
}

pub fn join<B: ByteString>(th: &mut Thread, this: Gc<B>, iterable: Value) -> Result<Gc<B>> {
    let class = th.class_of(iterable);
    if class.slots().iter.is_none() && class.slots().getitem.is_none() {
        return Err(th.type_error("can only join an iterable"));
    }
    let parts = th.collect(iterable)?;
    let mut out = Vec::new();
    for i in 0..parts.len() {
        let Some(v) = parts.get(i) else { break };
        if i > 0 {
            out.extend_from_slice(this.bytes());
        }
        if !th.supports_buffer(v) {
            let got = th.type_name(v);
            return Err(th.type_error(format!(
                "sequence item {i}: expected a bytes-like object, {got} found"
            )));
        }
        th.with_buffer(v, |_, b| {
            out.extend_from_slice(b);
            Ok(())
        })?;
    }
    B::make(th, &out)
}

pub fn strip<B: ByteString>(
    th: &mut Thread,
    this: Gc<B>,
    chars: Option<Value>,
    (left, right): (bool, bool),
) -> Result<Gc<B>> {
    let set = match th.not_none(chars) {
        Some(v) => Some(th.byte_arg(v)?),
        None => None,
    };
    let hit = |b: u8| match &set {
        Some(s) => s.contains(&b),
        None => is_blank(b),
    };
    let bytes = this.bytes();
    let (mut a, mut b) = (0, bytes.len());
    while left && a < b && hit(bytes[a]) {
        a += 1;
    }
    while right && b > a && hit(bytes[b - 1]) {
        b -= 1;
    }
    part(th, this, a, b)
}

pub fn replace<B: ByteString>(
    th: &mut Thread,
    this: Gc<B>,
    old: &[u8],
    new: &[u8],
    most: Option<isize>,
) -> Result<Gc<B>> {
    let most = usize::try_from(most.unwrap_or(-1)).unwrap_or(usize::MAX);
    let bytes = this.bytes();
    if most == 0 || (bytes.is_empty() && !old.is_empty()) {
        return part(th, this, 0, bytes.len());
    }
    let mut out = Vec::with_capacity(bytes.len());
    if old.is_empty() {
        let mut left = most;
        for b in bytes {
            if left > 0 {
                out.extend_from_slice(new);
                left -= 1;
            }
            out.push(*b);
        }
        if left > 0 {
            out.extend_from_slice(new);
        }
        return B::make(th, &out);
    }
    let (mut from, mut left) = (0, most);
    search::Unit::for_each(bytes, old, |i| {
        out.extend_from_slice(&bytes[from..i]);
        out.extend_from_slice(new);
        from = i + old.len();
        left -= 1;
        left > 0
    });
    if from == 0 && left == most {
        return part(th, this, 0, bytes.len());
    }
    out.extend_from_slice(&bytes[from..]);
    B::make(th, &out)
}

pub fn partition<B: ByteString>(
    th: &mut Thread,
    this: Gc<B>,
    sep: Value,
    last: bool,
) -> Result<Gc<Tuple>> {
    let n = th.byte_arg(sep)?;
    if n.is_empty() {
        return Err(th.value_error("empty separator"));
    }
    let bytes = this.bytes();
    let len = bytes.len();
    let parts = match find(bytes, &n, Bound(None), Bound(None), last) {
        Some(i) => [
            B::make(th, &bytes[..i])?.value(),
            B::make(th, &n)?.value(),
            B::make(th, &bytes[i + n.len()..])?.value(),
        ],
        None => {
            let whole = part(th, this, 0, len)?.value();
            let (x, y) = (B::make(th, &[])?.value(), B::make(th, &[])?.value());
            if last { [x, y, whole] } else { [whole, x, y] }
        }
    };
    Ok(th.new_tuple(&parts))
}

/// Where padding goes.
pub enum Place {
    Left,
    Right,
    Both,
}

pub fn pad<B: ByteString>(
    th: &mut Thread,
    this: Gc<B>,
    width: isize,
    fill: Option<Value>,
    (place, name): (Place, &str),
) -> Result<Gc<B>> {
    let fill = match fill {
        None => b' ',
        Some(v) => {
            let single = if v.downcast::<super::Bytes>().is_some() || th.is_exact(v, T::ByteArray) {
                let b = th.byte_arg(v)?;
                match *b {
                    [b] => Some(b),
                    _ => {
                        let n = b.len();
                        let class = th.type_name(v);
                        return Err(th.type_error(format!(
                            "{name}(): argument 2 must be a byte string of length 1, not a {class} object of length {n}"
                        )));
                    }
                }
            } else {
                None
            };
            match single {
                Some(b) => b,
                None => {
                    let got = th.type_name(v);
                    return Err(th.type_error(format!(
                        "{name}() argument 2 must be a byte string of length 1, not {got}"
                    )));
                }
            }
        }
    };
    let bytes = this.bytes();
    let width = usize::try_from(width).unwrap_or(0);
    let n = width.saturating_sub(bytes.len());
    let left = match place {
        Place::Left => n,
        Place::Right => 0,
        Place::Both => n / 2 + (n & width & 1),
    };
    if n == 0 {
        return part(th, this, 0, bytes.len());
    }
    let r = crate::number::error::check_memory(width);
    th.format_result(r)?;
    B::build(th, bytes.len() + n, |dst| {
        let (before, rest) = dst.split_at_mut(left);
        let (middle, after) = rest.split_at_mut(bytes.len());
        before.fill(fill);
        middle.copy_from_slice(bytes);
        after.fill(fill);
    })
}

pub fn zfill<B: ByteString>(th: &mut Thread, this: Gc<B>, width: isize) -> Result<Gc<B>> {
    let bytes = this.bytes();
    let width = usize::try_from(width).unwrap_or(0);
    let n = width.saturating_sub(bytes.len());
    if n == 0 {
        return part(th, this, 0, bytes.len());
    }
    let r = crate::number::error::check_memory(width);
    th.format_result(r)?;
    let sign = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    B::build(th, bytes.len() + n, |dst| {
        dst[..sign].copy_from_slice(&bytes[..sign]);
        dst[sign..sign + n].fill(b'0');
        dst[sign + n..].copy_from_slice(&bytes[sign..]);
    })
}

pub fn expand_tabs<B: ByteString>(th: &mut Thread, this: Gc<B>, size: i32) -> Result<Gc<B>> {
    let size = usize::try_from(size).unwrap_or(0);
    let (mut out, mut column) = (Vec::new(), 0usize);
    for b in this.bytes() {
        match b {
            b'\t' if size > 0 => {
                let n = size - column % size;
                column += n;
                let r = crate::number::error::check_memory(out.len() + n);
                th.format_result(r)?;
                out.resize(out.len() + n, b' ');
            }
            b'\t' => {}
            _ => {
                column = if matches!(b, b'\n' | b'\r') {
                    0
                } else {
                    column + 1
                };
                out.push(*b);
            }
        }
    }
    B::make(th, &out)
}

pub fn title(bytes: &[u8]) -> Vec<u8> {
    let mut inside = 0;
    bytes
        .iter()
        .map(|b| {
            // A letter is in lower case when bit 5 is set.
            let letter = u8::from(b.is_ascii_alphabetic()) << 5;
            let r = b & !letter | letter & inside;
            inside = letter;
            r
        })
        .collect()
}

pub fn capitalize(bytes: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_ascii_lowercase();
    if let Some(b) = out.first_mut() {
        b.make_ascii_uppercase();
    }
    out
}

pub fn swap_case(bytes: &[u8]) -> Vec<u8> {
    bytes
        .iter()
        .map(|b| b ^ u8::from(b.is_ascii_alphabetic()) << 5)
        .collect()
}

pub fn is_title(bytes: &[u8]) -> bool {
    let (mut found, mut inside) = (false, false);
    for b in bytes {
        if b.is_ascii_uppercase() && inside || b.is_ascii_lowercase() && !inside {
            return false;
        }
        inside = b.is_ascii_alphabetic();
        found |= inside;
    }
    found
}

/// All bytes pass, and there are some.
#[inline(always)]
pub fn all(bytes: &[u8], test: impl Fn(&u8) -> bool) -> bool {
    // By pieces, because a loop that may end at every byte is not vectorised.
    !bytes.is_empty()
        && bytes
            .chunks(64)
            .all(|part| part.iter().fold(true, |all, b| all & test(b)))
}

pub fn one_case(bytes: &[u8], wanted: fn(&u8) -> bool, other: fn(&u8) -> bool) -> bool {
    !bytes.iter().any(other) && bytes.iter().any(wanted)
}

pub fn translate<B: ByteString>(
    th: &mut Thread,
    this: Gc<B>,
    table: Value,
    delete: Option<Value>,
) -> Result<Gc<B>> {
    let table = match th.not_none(Some(table)) {
        Some(v) => {
            let t = th.byte_arg(v)?;
            if t.len() != 256 {
                return Err(th.value_error("translation table must be 256 characters long"));
            }
            Some(t)
        }
        None => None,
    };
    let Some(v) = delete else {
        let bytes = this.bytes();
        return match &table {
            Some(t) => B::build(th, bytes.len(), |dst| map_bytes(bytes, t, dst)),
            None => part(th, this, 0, bytes.len()),
        };
    };
    let mut kept = [1; 256];
    for b in th.byte_arg(v)?.iter() {
        kept[usize::from(*b)] = 0;
    }
    let mut out = delete_bytes(this.bytes(), &kept);
    if let Some(t) = &table {
        for b in &mut out {
            *b = t[usize::from(*b)];
        }
    }
    B::make(th, &out)
}

/// Maps bytes by a table of 256.
fn map_bytes(bytes: &[u8], table: &[u8], dst: &mut [u8]) {
    let Ok(table) = <&[u8; 256]>::try_from(table) else {
        return;
    };
    for (d, b) in dst.iter_mut().zip(bytes) {
        *d = table[usize::from(*b)];
    }
}

/// The bytes for which the table has 1 and not 0.
fn delete_bytes(bytes: &[u8], kept: &[u8; 256]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let (parts, rest) = bytes.as_chunks::<16>();
    for part in parts {
        let count: u8 = part.iter().map(|b| kept[usize::from(*b)]).sum();
        match count {
            0 => {}
            16 => out.extend_from_slice(part),
            _ => out.extend(part.iter().filter(|b| kept[usize::from(**b)] != 0)),
        }
    }
    out.extend(rest.iter().filter(|b| kept[usize::from(**b)] != 0));
    out
}

pub fn make_trans(th: &mut Thread, from: &[u8], to: &[u8]) -> Result {
    if from.len() != to.len() {
        return Err(th.value_error("maketrans arguments must have same length"));
    }
    let mut table: Vec<u8> = (0..=255).collect();
    for (a, b) in from.iter().zip(to) {
        table[usize::from(*a)] = *b;
    }
    Ok(th.new_bytes(&table).value())
}

/// `bytes.hex(sep, bytes_per_sep)`
pub fn hex(
    th: &mut Thread,
    bytes: &[u8],
    sep: Option<Value>,
    group: Option<i32>,
) -> Result<Gc<Str>> {
    let sep = match sep {
        None => None,
        Some(v) => {
            let one = if let Some(s) = v.downcast::<Str>() {
                if s.len() == 1 && s.as_ascii().is_none() {
                    return Err(th.value_error("sep must be ASCII."));
                }
                (s.len() == 1).then(|| s.at(0).unwrap_or(0) as u8)
            } else if let Some(b) = v.downcast::<super::Bytes>() {
                match b.as_slice() {
                    [b] if b.is_ascii() => Some(*b),
                    [_] => return Err(th.value_error("sep must be ASCII.")),
                    _ => None,
                }
            } else {
                return Err(match th.len(v) {
                    Ok(1) => th.type_error("sep must be str or bytes."),
                    Ok(_) => th.value_error("sep must be length 1."),
                    Err(e) => e,
                });
            };
            match one {
                Some(b) => Some(b),
                None => return Err(th.value_error("sep must be length 1.")),
            }
        }
    };
    let sep = sep.map(|s| (s, i64::from(group.unwrap_or(1))));
    let made = th.str_build(Width::Ascii, hex::written(bytes.len(), sep), |dst| {
        hex::write(bytes, sep, dst);
    });
    match made {
        Some(s) => Ok(s),
        None => Err(th.memory_error()),
    }
}

/// `bytes.fromhex`
pub fn from_hex(th: &mut Thread, v: Value) -> Result<Vec<u8>> {
    let decoded = if let Some(s) = v.downcast::<Str>() {
        match s.as_ascii() {
            Some(text) => hex::decode(text.as_bytes()),
            None => Err(NotHex::At(
                s.code_points().take_while(|c| *c < 0x80).count(),
            )),
        }
    } else if th.supports_buffer(v) {
        hex::decode(&th.byte_arg(v)?)
    } else {
        let got = th.type_name(v);
        return Err(th.type_error(format!(
            "fromhex() argument must be str or bytes-like, not {got}"
        )));
    };
    decoded.map_err(|e| {
        th.value_error(match e {
            NotHex::Odd => {
                "fromhex() arg must contain an even number of hexadecimal digits".to_string()
            }
            NotHex::At(i) => {
                format!("non-hexadecimal number found in fromhex() arg at position {i}")
            }
        })
    })
}

/// Writes the method table that bytes and bytearray share.
macro_rules! byte_methods {
    ($type:ident, $table:ident) => {
        #[crate::pymethods(table = $table)]
        impl $type {
            /// Return the lowest index in B where subsection 'sub' is found, such that 'sub' is contained within B[start,end].
            #[pymethod(sig = "(sub, start=None, end=None, /)")]
            fn find(
                th: &mut Thread,
                this: Gc<$type>,
                sub: Value,
                start: Bound,
                end: Bound,
            ) -> Result<isize> {
                let n = shared::needle(th, sub)?;
                Ok(shared::find(this.bytes(), &n, start, end, false).map_or(-1, |i| i as isize))
            }
            /// Return the highest index in B where subsection 'sub' is found, such that 'sub' is contained within B[start,end].
            #[pymethod(sig = "(sub, start=None, end=None, /)")]
            fn rfind(
                th: &mut Thread,
                this: Gc<$type>,
                sub: Value,
                start: Bound,
                end: Bound,
            ) -> Result<isize> {
                let n = shared::needle(th, sub)?;
                Ok(shared::find(this.bytes(), &n, start, end, true).map_or(-1, |i| i as isize))
            }
            /// Return the lowest index in B where subsection 'sub' is found, such that 'sub' is contained within B[start,end].
            #[pymethod(sig = "(sub, start=None, end=None, /)")]
            fn index(
                th: &mut Thread,
                this: Gc<$type>,
                sub: Value,
                start: Bound,
                end: Bound,
            ) -> Result<usize> {
                let n = shared::needle(th, sub)?;
                match shared::find(this.bytes(), &n, start, end, false) {
                    Some(i) => Ok(i),
                    None => Err(th.value_error("subsection not found")),
                }
            }
            /// Return the highest index in B where subsection 'sub' is found, such that 'sub' is contained within B[start,end].
            #[pymethod(sig = "(sub, start=None, end=None, /)")]
            fn rindex(
                th: &mut Thread,
                this: Gc<$type>,
                sub: Value,
                start: Bound,
                end: Bound,
            ) -> Result<usize> {
                let n = shared::needle(th, sub)?;
                match shared::find(this.bytes(), &n, start, end, true) {
                    Some(i) => Ok(i),
                    None => Err(th.value_error("subsection not found")),
                }
            }
            /// Return the number of non-overlapping occurrences of subsection 'sub' in bytes B[start:end].
            #[pymethod(sig = "(sub, start=None, end=None, /)")]
            fn count(
                th: &mut Thread,
                this: Gc<$type>,
                sub: Value,
                start: Bound,
                end: Bound,
            ) -> Result<usize> {
                let n = shared::needle(th, sub)?;
                Ok(shared::count(this.bytes(), &n, start, end))
            }
            /// Return True if the bytes starts with the specified prefix, False otherwise.
            #[pymethod(sig = "(prefix, start=None, end=None, /)")]
            fn startswith(
                th: &mut Thread,
                this: Gc<$type>,
                prefix: Value,
                start: Bound,
                end: Bound,
            ) -> Result<bool> {
                shared::affix(th, this, prefix, (start, end), false)
            }
            /// Return True if the bytes ends with the specified suffix, False otherwise.
            #[pymethod(sig = "(suffix, start=None, end=None, /)")]
            fn endswith(
                th: &mut Thread,
                this: Gc<$type>,
                suffix: Value,
                start: Bound,
                end: Bound,
            ) -> Result<bool> {
                shared::affix(th, this, suffix, (start, end), true)
            }
            /// Return a bytes object with the given prefix string removed if present.
            #[pymethod]
            fn removeprefix(
                th: &mut Thread,
                this: Gc<$type>,
                prefix: ByteArg,
            ) -> Result<Gc<$type>> {
                shared::remove_affix(th, this, &prefix, false)
            }
            /// Return a bytes object with the given suffix string removed if present.
            #[pymethod]
            fn removesuffix(
                th: &mut Thread,
                this: Gc<$type>,
                suffix: ByteArg,
            ) -> Result<Gc<$type>> {
                shared::remove_affix(th, this, &suffix, true)
            }
            /// Return a list of the sections in the bytes, using sep as the delimiter.
            #[pymethod(sig = "(sep=None, maxsplit=-1)")]
            fn split(
                th: &mut Thread,
                this: Gc<$type>,
                sep: Option<Value>,
                maxsplit: Option<isize>,
            ) -> Result<Gc<List>> {
                shared::split(th, this, sep, maxsplit, false)
            }
            /// Return a list of the sections in the bytes, using sep as the delimiter.
            #[pymethod(sig = "(sep=None, maxsplit=-1)")]
            fn rsplit(
                th: &mut Thread,
                this: Gc<$type>,
                sep: Option<Value>,
                maxsplit: Option<isize>,
            ) -> Result<Gc<List>> {
                shared::split(th, this, sep, maxsplit, true)
            }
            /// Return a list of the lines in the bytes, breaking at line boundaries.
            #[pymethod(sig = "(keepends=False)")]
            fn splitlines(
                th: &mut Thread,
                this: Gc<$type>,
                keepends: Option<bool>,
            ) -> Result<Gc<List>> {
                shared::split_lines(th, this, keepends.unwrap_or(false))
            }
            /// Concatenate any number of bytes objects.
            #[pymethod]
            fn join(
                th: &mut Thread,
                this: Gc<$type>,
                iterable_of_bytes: Value,
            ) -> Result<Gc<$type>> {
                shared::join(th, this, iterable_of_bytes)
            }
            /// Strip leading and trailing bytes contained in the argument.
            #[pymethod(sig = "(bytes=None, /)")]
            fn strip(th: &mut Thread, this: Gc<$type>, bytes: Option<Value>) -> Result<Gc<$type>> {
                shared::strip(th, this, bytes, (true, true))
            }
            /// Strip leading bytes contained in the argument.
            #[pymethod(sig = "(bytes=None, /)")]
            fn lstrip(th: &mut Thread, this: Gc<$type>, bytes: Option<Value>) -> Result<Gc<$type>> {
                shared::strip(th, this, bytes, (true, false))
            }
            /// Strip trailing bytes contained in the argument.
            #[pymethod(sig = "(bytes=None, /)")]
            fn rstrip(th: &mut Thread, this: Gc<$type>, bytes: Option<Value>) -> Result<Gc<$type>> {
                shared::strip(th, this, bytes, (false, true))
            }
            /// Return a copy with all occurrences of substring old replaced by new.
            #[pymethod(sig = "(old, new, count=-1, /)")]
            fn replace(
                th: &mut Thread,
                this: Gc<$type>,
                old: ByteArg,
                new: ByteArg,
                count: Option<isize>,
            ) -> Result<Gc<$type>> {
                shared::replace(th, this, &old, &new, count)
            }
            /// Partition the bytes into three parts using the given separator.
            #[pymethod]
            fn partition(th: &mut Thread, this: Gc<$type>, sep: Value) -> Result<Gc<Tuple>> {
                shared::partition(th, this, sep, false)
            }
            /// Partition the bytes into three parts using the given separator.
            #[pymethod]
            fn rpartition(th: &mut Thread, this: Gc<$type>, sep: Value) -> Result<Gc<Tuple>> {
                shared::partition(th, this, sep, true)
            }
            /// Return a centered string of length width.
            #[pymethod(sig = "(width, fillchar=b' ', /)")]
            fn center(
                th: &mut Thread,
                this: Gc<$type>,
                width: isize,
                fillchar: Option<Value>,
            ) -> Result<Gc<$type>> {
                shared::pad(th, this, width, fillchar, (shared::Place::Both, "center"))
            }
            /// Return a left-justified string of length width.
            #[pymethod(sig = "(width, fillchar=b' ', /)")]
            fn ljust(
                th: &mut Thread,
                this: Gc<$type>,
                width: isize,
                fillchar: Option<Value>,
            ) -> Result<Gc<$type>> {
                shared::pad(th, this, width, fillchar, (shared::Place::Right, "ljust"))
            }
            /// Return a right-justified string of length width.
            #[pymethod(sig = "(width, fillchar=b' ', /)")]
            fn rjust(
                th: &mut Thread,
                this: Gc<$type>,
                width: isize,
                fillchar: Option<Value>,
            ) -> Result<Gc<$type>> {
                shared::pad(th, this, width, fillchar, (shared::Place::Left, "rjust"))
            }
            /// Pad a numeric string with zeros on the left, to fill a field of the given width.
            #[pymethod]
            fn zfill(th: &mut Thread, this: Gc<$type>, width: isize) -> Result<Gc<$type>> {
                shared::zfill(th, this, width)
            }
            /// Return a copy where all tab characters are expanded using spaces.
            #[pymethod(sig = "(tabsize=8)")]
            fn expandtabs(
                th: &mut Thread,
                this: Gc<$type>,
                tabsize: Option<i32>,
            ) -> Result<Gc<$type>> {
                shared::expand_tabs(th, this, tabsize.unwrap_or(8))
            }
            /// Return a copy of B with all ASCII characters converted to lowercase.
            #[pymethod]
            fn lower(th: &mut Thread, this: Gc<$type>) -> Result<Gc<$type>> {
                let v = this.bytes().to_ascii_lowercase();
                <$type as ByteString>::make(th, &v)
            }
            /// Return a copy of B with all ASCII characters converted to uppercase.
            #[pymethod]
            fn upper(th: &mut Thread, this: Gc<$type>) -> Result<Gc<$type>> {
                let v = this.bytes().to_ascii_uppercase();
                <$type as ByteString>::make(th, &v)
            }
            /// Return a titlecased version of B.
            #[pymethod]
            fn title(th: &mut Thread, this: Gc<$type>) -> Result<Gc<$type>> {
                let v = shared::title(this.bytes());
                <$type as ByteString>::make(th, &v)
            }
            /// Return a copy of B with only its first character capitalized (ASCII).
            #[pymethod]
            fn capitalize(th: &mut Thread, this: Gc<$type>) -> Result<Gc<$type>> {
                let v = shared::capitalize(this.bytes());
                <$type as ByteString>::make(th, &v)
            }
            /// Return a copy of B with uppercase ASCII characters converted to lowercase ASCII and vice versa.
            #[pymethod]
            fn swapcase(th: &mut Thread, this: Gc<$type>) -> Result<Gc<$type>> {
                let v = shared::swap_case(this.bytes());
                <$type as ByteString>::make(th, &v)
            }
            /// Return True if B is empty or all characters in B are ASCII, False otherwise.
            #[pymethod]
            fn isascii(_: &mut Thread, this: Gc<$type>) -> bool {
                this.bytes().is_ascii()
            }
            /// Return True if all characters in B are alphabetic and there is at least one character in B.
            #[pymethod]
            fn isalpha(_: &mut Thread, this: Gc<$type>) -> bool {
                shared::all(this.bytes(), u8::is_ascii_alphabetic)
            }
            /// Return True if all characters in B are alphanumeric and there is at least one character in B.
            #[pymethod]
            fn isalnum(_: &mut Thread, this: Gc<$type>) -> bool {
                shared::all(this.bytes(), u8::is_ascii_alphanumeric)
            }
            /// Return True if all characters in B are digits and there is at least one character in B.
            #[pymethod]
            fn isdigit(_: &mut Thread, this: Gc<$type>) -> bool {
                shared::all(this.bytes(), u8::is_ascii_digit)
            }
            /// Return True if all characters in B are whitespace and there is at least one character in B.
            #[pymethod]
            fn isspace(_: &mut Thread, this: Gc<$type>) -> bool {
                shared::all(this.bytes(), |b| matches!(b, b' ' | 9..=13))
            }
            /// Return True if all cased characters in B are lowercase and there is at least one cased character in B.
            #[pymethod]
            fn islower(_: &mut Thread, this: Gc<$type>) -> bool {
                shared::one_case(this.bytes(), u8::is_ascii_lowercase, u8::is_ascii_uppercase)
            }
            /// Return True if all cased characters in B are uppercase and there is at least one cased character in B.
            #[pymethod]
            fn isupper(_: &mut Thread, this: Gc<$type>) -> bool {
                shared::one_case(this.bytes(), u8::is_ascii_uppercase, u8::is_ascii_lowercase)
            }
            /// Return True if B is a titlecased string and there is at least one character in B.
            #[pymethod]
            fn istitle(_: &mut Thread, this: Gc<$type>) -> bool {
                shared::is_title(this.bytes())
            }
            /// Return a copy with each character mapped by the given translation table.
            #[pymethod(sig = "(table, /, delete=b'')")]
            fn translate(
                th: &mut Thread,
                this: Gc<$type>,
                table: Value,
                delete: Option<Value>,
            ) -> Result<Gc<$type>> {
                shared::translate(th, this, table, delete)
            }
            /// Return a translation table usable for the bytes or bytearray translate method.
            #[pystaticmethod(sig = "(frm, to, /)")]
            fn maketrans(th: &mut Thread, frm: ByteArg, to: ByteArg) -> Result {
                shared::make_trans(th, &frm, &to)
            }
            /// Create a string of hexadecimal numbers from a bytes object.
            #[pymethod(sig = "(sep=<unrepresentable>, bytes_per_sep=1)")]
            fn hex(
                th: &mut Thread,
                this: Gc<$type>,
                sep: Option<Value>,
                bytes_per_sep: Option<i32>,
            ) -> Result<Gc<Str>> {
                shared::hex(th, this.bytes(), sep, bytes_per_sep)
            }
            /// Create a bytes object from a string of hexadecimal numbers.
            #[pyclassmethod]
            fn fromhex(th: &mut Thread, class: Gc<Type>, string: Value) -> Result {
                let v = shared::from_hex(th, string)?;
                let r = <$type as ByteString>::make(th, &v)?.value();
                if class.def.is_some() {
                    return Ok(r);
                }
                th.call(class.value(), &[r])
            }
            /// Decode the bytes using the codec registered for encoding.
            #[pymethod(sig = "(encoding='utf-8', errors='strict')")]
            fn decode(
                th: &mut Thread,
                this: Gc<$type>,
                encoding: Option<Gc<Str>>,
                errors: Option<Gc<Str>>,
            ) -> Result<Gc<Str>> {
                crate::codecs::decode_value(th, this.value(), encoding, errors)
            }
        }
    };
}
pub(crate) use byte_methods;
