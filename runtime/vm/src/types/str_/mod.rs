//! `str`: immutable text in the narrowest of four widths.
//!
//! The units of an exact string lie behind its header. A string made by concatenation of long
//! ones points into a growable buffer instead, which strings that begin with the same text
//! share: `s += t` in a loop appends in place while `s` is the buffer's longest user, so it is
//! linear. Instances of subclasses always use a buffer (their payload has a fixed size).
//!
//! `aux` of the header is the [`Width`].

mod build;
mod case;
mod construct;
mod format;
pub mod intern;
mod join;
pub mod methods;
pub mod numeric_percent;
mod pad;
mod percent;
mod search;
mod split;
mod strip;
pub mod subscript;
mod translate;

use std::cell::Cell;

use crate::Thread;
use crate::object::{Gc, Header, HeaderFlags, HeapObject, Kind, RawBuffer, Result, Tracer, Value};
use crate::types::T;

pub use build::concat_all;
pub use format::format_str;
pub use methods::{TYPE, is_identifier, to_ascii};

/// Size class of a string's units.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[repr(u8)]
pub enum Width {
    /// One byte a unit, all below 0x80.
    Ascii,
    /// One byte a unit.
    Latin1,
    /// Two bytes a unit.
    Ucs2,
    /// Four bytes a unit.
    Ucs4,
}

impl Width {
    /// Bytes in a unit.
    #[inline(always)]
    pub fn bytes(self) -> usize {
        match self {
            Width::Ascii | Width::Latin1 => 1,
            Width::Ucs2 => 2,
            Width::Ucs4 => 4,
        }
    }

    /// The narrowest width for a code point.
    #[inline(always)]
    pub fn of(c: u32) -> Width {
        match c {
            0..0x80 => Width::Ascii,
            0x80..0x100 => Width::Latin1,
            0x100..0x10000 => Width::Ucs2,
            _ => Width::Ucs4,
        }
    }
}

/// The units of a string.
#[derive(Clone, Copy, Debug)]
pub enum Units<'a> {
    /// ASCII
    Ascii(&'a str),
    /// Latin-1
    Latin1(&'a [u8]),
    /// UCS-2 (lone surrogates included)
    Ucs2(&'a [u16]),
    /// UCS-4
    Ucs4(&'a [u32]),
}

/// A string.
#[repr(C)]
pub struct Str {
    head: Header,
    len: usize,
    hash: Cell<i64>,
    data: Cell<*const u8>,
}

// SAFETY: repr(C), header first; the only pointer is to a raw buffer when the data is not inline.
#[allow(unsafe_code)]
unsafe impl HeapObject for Str {
    const KIND: Kind = Kind::Str;
    fn trace(&self, t: &mut Tracer) {
        if let Some(b) = self.buffer() {
            t.pointer(b);
        }
    }
}

impl super::Named for Str {
    const NAME: &'static str = "str";
}

impl Str {
    /// Where the number of code points is, for compiled code.
    pub const LEN_OFFSET: usize = std::mem::offset_of!(Str, len);
    /// Where the address of the units is, for compiled code.
    pub const DATA_OFFSET: usize = std::mem::offset_of!(Str, data);

    #[inline(always)]
    fn inline_data(&self) -> *const u8 {
        (self as *const Str as usize + size_of::<Str>()) as *const u8
    }

    /// The growable buffer that holds the units, when they are not inline.
    #[allow(unsafe_code)]
    pub(crate) fn buffer(&self) -> Option<Gc<RawBuffer>> {
        let data = self.data.get();
        if data == self.inline_data() || self.len == 0 {
            return None;
        }
        // SAFETY: data outside the cell is the first byte of a RawBuffer, whose header part has a
        // fixed size.
        Some(unsafe { Gc::from_raw((data as usize - size_of::<RawBuffer>()) as *mut RawBuffer) })
    }

    /// Number of code points.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Is it empty?
    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Size class of the units.
    #[inline(always)]
    pub fn width(&self) -> Width {
        match self.head.aux.get() {
            0 => Width::Ascii,
            1 => Width::Latin1,
            2 => Width::Ucs2,
            _ => Width::Ucs4,
        }
    }

    /// Is it an interned string?
    #[inline(always)]
    pub fn is_interned(&self) -> bool {
        self.head.has(HeaderFlags::INTERNED)
    }

    /// The units.
    #[inline(always)]
    #[allow(unsafe_code)]
    pub fn units(&self) -> Units<'_> {
        let p = self.data.get();
        // SAFETY: `data` addresses `len` initialised units of the width that `aux` says, aligned for
        // it (cells and buffers are 8-byte aligned behind their headers); strings never change.
        unsafe {
            match self.width() {
                Width::Ascii => Units::Ascii(std::str::from_utf8_unchecked(
                    std::slice::from_raw_parts(p, self.len),
                )),
                Width::Latin1 => Units::Latin1(std::slice::from_raw_parts(p, self.len)),
                Width::Ucs2 => Units::Ucs2(std::slice::from_raw_parts(p as *const u16, self.len)),
                Width::Ucs4 => Units::Ucs4(std::slice::from_raw_parts(p as *const u32, self.len)),
            }
        }
    }

    /// The units' bytes in memory order.
    #[inline(always)]
    #[allow(unsafe_code)]
    pub fn raw_bytes(&self) -> &[u8] {
        // SAFETY: as in `units`.
        unsafe { std::slice::from_raw_parts(self.data.get(), self.len * self.width().bytes()) }
    }

    /// As `&str` when it is ASCII.
    #[inline(always)]
    pub fn as_ascii(&self) -> Option<&str> {
        match self.units() {
            Units::Ascii(s) => Some(s),
            _ => None,
        }
    }

    /// The units when they are one byte wide (ASCII or Latin-1).
    #[inline(always)]
    pub fn narrow(&self) -> Option<&[u8]> {
        match self.units() {
            Units::Ascii(s) => Some(s.as_bytes()),
            Units::Latin1(s) => Some(s),
            _ => None,
        }
    }

    /// The code point at an index.
    #[inline(always)]
    pub fn at(&self, i: usize) -> Option<u32> {
        match self.units() {
            Units::Ascii(s) => s.as_bytes().get(i).map(|b| *b as u32),
            Units::Latin1(s) => s.get(i).map(|b| *b as u32),
            Units::Ucs2(s) => s.get(i).map(|b| *b as u32),
            Units::Ucs4(s) => s.get(i).copied(),
        }
    }

    /// The code points.
    pub fn code_points(&self) -> impl Iterator<Item = u32> + '_ {
        (0..self.len).filter_map(|i| self.at(i))
    }

    /// As UTF-8; lone surrogates become U+FFFD.
    pub fn to_string_lossy(&self) -> String {
        match self.units() {
            Units::Ascii(s) => s.to_string(),
            Units::Latin1(s) => s.iter().map(|b| *b as char).collect(),
            _ => self
                .code_points()
                .map(|c| char::from_u32(c).unwrap_or('\u{FFFD}'))
                .collect(),
        }
    }

    /// As UTF-8; None when there are lone surrogates.
    pub fn to_utf8(&self) -> Option<std::borrow::Cow<'_, str>> {
        match self.units() {
            Units::Ascii(s) => Some(s.into()),
            Units::Latin1(s) => Some(s.iter().map(|b| *b as char).collect::<String>().into()),
            _ => self
                .code_points()
                .map(char::from_u32)
                .collect::<Option<String>>()
                .map(Into::into),
        }
    }

    /// As WTF-8 (lone surrogates encoded like other code points).
    pub fn to_wtf8(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.len);
        for c in self.code_points() {
            push_wtf8(&mut out, c);
        }
        out
    }

    /// Same text?
    #[inline]
    pub fn same_text(&self, other: &Str) -> bool {
        if std::ptr::eq(self, other) {
            return true;
        }
        self.len == other.len
            && self.width() == other.width()
            && self.raw_bytes() == other.raw_bytes()
    }

    /// Is the text equal to this?
    pub fn equals_str(&self, other: &str) -> bool {
        match self.units() {
            Units::Ascii(s) => s == other,
            _ => self.code_points().eq(other.chars().map(|c| c as u32)),
        }
    }

    /// The hash: SipHash-1-3 over the units, kept in the object.
    #[inline(always)]
    pub fn hash(&self, th: &Thread) -> i64 {
        let h = self.hash.get();
        if h != 0 { h } else { self.compute_hash(th) }
    }

    /// The hash if it was computed, else 0.
    #[inline(always)]
    pub(crate) fn hash_field(&self) -> i64 {
        self.hash.get()
    }

    /// Notes the hash of a new string, which its maker has computed.
    pub(super) fn know_hash(&self, hash: i64) {
        self.hash.set(hash);
    }

    #[cold]
    fn compute_hash(&self, th: &Thread) -> i64 {
        let h = hash_bytes(th.vm().hash_key, self.raw_bytes());
        self.hash.set(h);
        h
    }

    /// Order by code points.
    pub fn compare(&self, other: &Str) -> std::cmp::Ordering {
        match (self.units(), other.units()) {
            (Units::Ascii(a), Units::Ascii(b)) => a.cmp(b),
            (Units::Latin1(a), Units::Latin1(b)) => a.cmp(b),
            _ => self.code_points().cmp(other.code_points()),
        }
    }
}

/// Appends a code point as (W)UTF-8.
pub fn push_wtf8(out: &mut Vec<u8>, c: u32) {
    match c {
        0..0x80 => out.push(c as u8),
        0x80..0x800 => out.extend([0xC0 | (c >> 6) as u8, 0x80 | (c & 63) as u8]),
        0x800..0x10000 => out.extend([
            0xE0 | (c >> 12) as u8,
            0x80 | (c >> 6 & 63) as u8,
            0x80 | (c & 63) as u8,
        ]),
        _ => out.extend([
            0xF0 | (c >> 18) as u8,
            0x80 | (c >> 12 & 63) as u8,
            0x80 | (c >> 6 & 63) as u8,
            0x80 | (c & 63) as u8,
        ]),
    }
}

/// Code points of WTF-8 text; malformed bytes become U+FFFD.
pub fn wtf8_code_points(bytes: &[u8]) -> Vec<u32> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let b = bytes[i];
        let (n, first) = match b {
            0..0x80 => (1, b as u32),
            0xC0..0xE0 => (2, (b & 31) as u32),
            0xE0..0xF0 => (3, (b & 15) as u32),
            0xF0..0xF8 => (4, (b & 7) as u32),
            _ => {
                out.push(0xFFFD);
                i += 1;
                continue;
            }
        };
        let Some(rest) = bytes.get(i + 1..i + n) else {
            out.push(0xFFFD);
            break;
        };
        out.push(rest.iter().fold(first, |c, b| c << 6 | (b & 63) as u32));
        i += n;
    }
    out
}

/// Keys of SipHash for a seed: 0 gives fixed keys, None random ones.
pub fn hash_key(seed: Option<u32>) -> (u64, u64) {
    match seed {
        Some(0) => (0, 0),
        Some(s) => {
            let mut x = s;
            let mut next = || {
                let mut v = 0u64;
                for _ in 0..8 {
                    x = x.wrapping_mul(214013).wrapping_add(2531011);
                    v = v >> 8 | ((x >> 16 & 0xff) as u64) << 56;
                }
                v
            };
            (next(), next())
        }
        None => {
            use std::hash::{BuildHasher, Hasher};
            let r = std::collections::hash_map::RandomState::new();
            let (mut a, mut b) = (r.build_hasher(), r.build_hasher());
            a.write_u8(1);
            b.write_u8(2);
            (a.finish(), b.finish())
        }
    }
}

/// Hash of a run of bytes, as str and bytes use it; never 0 for non-empty input, never -1.
pub fn hash_bytes(key: (u64, u64), bytes: &[u8]) -> i64 {
    if bytes.is_empty() {
        return 0;
    }
    match taipan_bytecode::siphash::siphash13(key.0, key.1, bytes) as i64 {
        -1 => -2,
        0 => 1,
        h => h,
    }
}

fn header(width: Width) -> Header {
    let h = Header::new(Kind::Str, T::Str.shape());
    h.aux.set(width as u8);
    h
}

#[allow(unsafe_code)]
fn units_as_bytes<U>(units: &[U]) -> &[u8] {
    // SAFETY: only called with u8, u16 and u32, which have no padding.
    unsafe { std::slice::from_raw_parts(units.as_ptr() as *const u8, size_of_val(units)) }
}

impl Thread {
    /// A string from raw units of a width that is known to be the narrowest.
    #[inline]
    #[allow(unsafe_code)]
    pub fn str_from_raw(&mut self, width: Width, len: usize, bytes: &[u8]) -> Gc<Str> {
        debug_assert_eq!(len * width.bytes(), bytes.len());
        if len <= 1 {
            if len == 0 {
                return self.empty_str_or_new();
            }
            if let (Width::Ascii | Width::Latin1, Some(s)) = (width, self.latin1_str(bytes[0])) {
                return s;
            }
        }
        let g = self.alloc_leaf(
            Str {
                head: header(width),
                len,
                hash: Cell::new(0),
                data: Cell::new(std::ptr::null()),
            },
            bytes.len(),
        );
        let Some(g) = g else { return self.empty_str() };
        // SAFETY: the cell was made with room for `bytes` behind the struct.
        unsafe {
            let p = g.inline_data();
            std::ptr::copy_nonoverlapping(bytes.as_ptr(), p as *mut u8, bytes.len());
            g.data.set(p);
        }
        g
    }

    /// A string whose units `fill` writes, at a width that must turn out to be the narrowest.
    /// `fill` writes all of them. None when memory is exhausted.
    #[inline]
    #[allow(unsafe_code)]
    pub fn str_build(
        &mut self,
        width: Width,
        len: usize,
        fill: impl FnOnce(&mut [u8]),
    ) -> Option<Gc<Str>> {
        let size = len.checked_mul(width.bytes())?;
        if len <= 1 {
            let mut unit = [0u8; 4];
            fill(&mut unit[..size]);
            return Some(self.str_from_raw(width, len, &unit[..size]));
        }
        let g = self.alloc_leaf(
            Str {
                head: header(width),
                len,
                hash: Cell::new(0),
                data: Cell::new(std::ptr::null()),
            },
            size,
        )?;
        let p = g.inline_data();
        g.data.set(p);
        // SAFETY: the cell was made with room for `size` bytes behind the struct, and nobody
        // else has the string yet.
        fill(unsafe { std::slice::from_raw_parts_mut(p as *mut u8, size) });
        Some(g)
    }

    fn empty_str_or_new(&mut self) -> Gc<Str> {
        self.vm().latin1(256).unwrap_or_else(|| {
            let g = self.alloc(Str {
                head: header(Width::Ascii),
                len: 0,
                hash: Cell::new(0),
                data: Cell::new(std::ptr::null()),
            });
            g.data.set(g.inline_data());
            g
        })
    }

    /// The empty string and the 256 strings of one Latin-1 character; the empty one is returned.
    pub(crate) fn bootstrap_strings(&mut self) -> Gc<Str> {
        let mut all = Vec::with_capacity(257);
        for b in 0..=255u8 {
            all.push(self.bootstrap_char(b));
        }
        let empty = self.empty_str_or_new();
        all.push(empty);
        self.vm().set_latin1(all);
        empty
    }

    #[allow(unsafe_code)]
    fn bootstrap_char(&mut self, b: u8) -> Gc<Str> {
        let width = Width::of(b as u32);
        let g = match self.alloc_variable(
            Str {
                head: header(width),
                len: 1,
                hash: Cell::new(0),
                data: Cell::new(std::ptr::null()),
            },
            1,
        ) {
            Some(g) => g,
            None => unreachable!("an empty heap has room"),
        };
        // SAFETY: the cell was made with room for one byte behind the struct.
        unsafe {
            let p = g.inline_data();
            *(p as *mut u8) = b;
            g.data.set(p);
        }
        g
    }

    #[inline]
    fn latin1_str(&self, b: u8) -> Option<Gc<Str>> {
        self.vm().latin1(b as usize)
    }

    /// A string of ASCII text that is known to be ASCII.
    pub fn new_ascii(&mut self, s: &[u8]) -> Gc<Str> {
        debug_assert!(s.is_ascii());
        self.str_from_raw(Width::Ascii, s.len(), s)
    }

    /// A string from Latin-1 bytes.
    pub fn str_from_latin1(&mut self, s: &[u8]) -> Gc<Str> {
        let w = if s.is_ascii() {
            Width::Ascii
        } else {
            Width::Latin1
        };
        self.str_from_raw(w, s.len(), s)
    }

    /// A string from UTF-8.
    pub fn new_str(&mut self, s: &str) -> Gc<Str> {
        if s.is_ascii() {
            return self.str_from_raw(Width::Ascii, s.len(), s.as_bytes());
        }
        let points: Vec<u32> = s.chars().map(|c| c as u32).collect();
        self.str_from_code_points(&points)
    }

    /// A string from code points (lone surrogates included), in the narrowest width.
    pub fn str_from_code_points(&mut self, points: &[u32]) -> Gc<Str> {
        let all = points.iter().fold(0, |a, c| a | c);
        match Width::of(all) {
            w @ (Width::Ascii | Width::Latin1) => {
                let v: Vec<u8> = points.iter().map(|c| *c as u8).collect();
                self.str_from_raw(w, v.len(), &v)
            }
            Width::Ucs2 => {
                let v: Vec<u16> = points.iter().map(|c| *c as u16).collect();
                self.str_from_raw(Width::Ucs2, v.len(), units_as_bytes(&v))
            }
            Width::Ucs4 => {
                // Code points or-ed together may look wide though none is.
                match points.iter().copied().max().map_or(Width::Ascii, Width::of) {
                    Width::Ucs4 => {
                        self.str_from_raw(Width::Ucs4, points.len(), units_as_bytes(points))
                    }
                    _ => {
                        let v: Vec<u16> = points.iter().map(|c| *c as u16).collect();
                        self.str_from_raw(Width::Ucs2, v.len(), units_as_bytes(&v))
                    }
                }
            }
        }
    }

    /// A string from UCS-2 units, narrowed if possible.
    pub fn str_from_ucs2(&mut self, units: &[u16]) -> Gc<Str> {
        // By pieces, because most often the first one tells.
        let wide = |part: &[u16]| part.iter().fold(0, |a, c| a | c) > 0xFF;
        if !units.chunks(64).any(wide) {
            let v: Vec<u8> = units.iter().map(|c| *c as u8).collect();
            return self.str_from_latin1(&v);
        }
        self.str_from_raw(Width::Ucs2, units.len(), units_as_bytes(units))
    }

    /// A string from WTF-8, as constants of code objects are kept.
    pub fn str_from_wtf8(&mut self, bytes: &[u8]) -> Gc<Str> {
        match std::str::from_utf8(bytes) {
            Ok(s) => self.new_str(s),
            Err(_) => {
                let points = wtf8_code_points(bytes);
                self.str_from_code_points(&points)
            }
        }
    }

    /// A string of one code point.
    #[inline]
    pub fn str_from_char(&mut self, c: u32) -> Gc<Str> {
        if c < 256
            && let Some(s) = self.latin1_str(c as u8)
        {
            return s;
        }
        match Width::of(c) {
            Width::Ucs2 => self.str_from_raw(Width::Ucs2, 1, &(c as u16).to_ne_bytes()),
            _ => self.str_from_code_points(&[c]),
        }
    }

    /// Calls `f` with the characters of a string, some at a time.
    pub(crate) fn characters(
        &mut self,
        s: Gc<Str>,
        mut f: impl FnMut(&mut Thread, &[Value]) -> Result<()>,
    ) -> Result<()> {
        let mut some = [s.value(); 64];
        let mut i = 0;
        loop {
            let mut n = 0;
            while let (Some(place), Some(c)) = (some.get_mut(n), s.at(i)) {
                *place = self.str_from_char(c).value();
                n += 1;
                i += 1;
            }
            if n == 0 {
                return Ok(());
            }
            f(self, &some[..n])?;
            self.poll()?;
        }
    }

    /// `s[from..to]` (within the length).
    pub fn substring(&mut self, s: Gc<Str>, from: usize, to: usize) -> Gc<Str> {
        if from == 0 && to == s.len() && self.is_exact(s.value(), T::Str) {
            return s;
        }
        match s.units() {
            Units::Ascii(t) => self.new_ascii(&t.as_bytes()[from..to]),
            Units::Latin1(t) => self.str_from_latin1(&t[from..to]),
            Units::Ucs2(t) => self.str_from_ucs2(&t[from..to]),
            Units::Ucs4(t) => self.str_from_code_points(&t[from..to]),
        }
    }

    /// `a + b`. None when memory is exhausted.
    pub fn concat_str(&mut self, a: Gc<Str>, b: Gc<Str>) -> Option<Gc<Str>> {
        if b.is_empty() && self.is_exact(a.value(), T::Str) {
            return Some(a);
        }
        if a.is_empty() && self.is_exact(b.value(), T::Str) {
            return Some(b);
        }
        let width = a.width().max(b.width());
        let len = a.len.checked_add(b.len)?;
        let size = len.checked_mul(width.bytes())?;
        if size < 256 {
            let at = a.len * width.bytes();
            return self.str_build(width, len, |dst| {
                widen_into(&a, width, dst);
                widen_into(&b, width, &mut dst[at..]);
            });
        }
        // Appending to the longest user of a buffer with room.
        let at = a.len * width.bytes();
        if let Some(buffer) = a.buffer()
            && a.width() == width
            && buffer.used.get() == at
            && buffer.capacity() >= size
        {
            buffer.with_bytes_mut(|dst| widen_into(&b, width, &mut dst[at..size]));
            buffer.used.set(size);
            return Some(self.str_in_buffer(width, len, buffer));
        }
        // Who appends to what was appended to will do so again; one `a + b` needs no more room.
        let capacity = match a.buffer() {
            Some(_) => size.checked_mul(2)?,
            None => size,
        };
        let buffer = RawBuffer::to_fill(self.heap(), capacity)?;
        buffer.with_bytes_mut(|dst| {
            widen_into(&a, width, dst);
            widen_into(&b, width, &mut dst[at..]);
        });
        buffer.used.set(size);
        Some(self.str_in_buffer(width, len, buffer))
    }

    fn str_in_buffer(&mut self, width: Width, len: usize, buffer: Gc<RawBuffer>) -> Gc<Str> {
        self.alloc(Str {
            head: header(width),
            len,
            hash: Cell::new(0),
            data: Cell::new(buffer.data()),
        })
    }

    /// An instance of a subclass of `str` with this text.
    pub fn str_of_class(
        &mut self,
        class: Gc<crate::types::type_::Type>,
        s: Gc<Str>,
    ) -> Option<Gc<Str>> {
        if class.is(self.vm().ty(T::Str)) {
            return Some(if self.is_exact(s.value(), T::Str) {
                s
            } else {
                self.str_from_raw(s.width(), s.len, s.raw_bytes())
            });
        }
        let size = s.len * s.width().bytes();
        let buffer = if size == 0 {
            None
        } else {
            Some(RawBuffer::new(self.heap(), size)?)
        };
        if let Some(b) = buffer {
            b.write(0, s.raw_bytes());
            b.used.set(size);
        }
        let data = buffer.map_or(std::ptr::dangling::<u64>() as *const u8, |b| b.data());
        Some(self.alloc_of_class(class, |head| {
            head.aux.set(s.head.aux.get());
            Str {
                head,
                len: s.len,
                hash: Cell::new(s.hash.get()),
                data: Cell::new(data),
            }
        }))
    }
}

/// Copies a string's units into `dst` at a width at least its own.
pub(crate) fn widen_into(s: &Str, width: Width, dst: &mut [u8]) {
    if s.width().bytes() == width.bytes() {
        let b = s.raw_bytes();
        dst[..b.len()].copy_from_slice(b);
        return;
    }
    match width {
        Width::Ucs2 => {
            for (d, c) in dst.chunks_exact_mut(2).zip(s.code_points()) {
                d.copy_from_slice(&(c as u16).to_ne_bytes());
            }
        }
        Width::Ucs4 => {
            for (d, c) in dst.chunks_exact_mut(4).zip(s.code_points()) {
                d.copy_from_slice(&c.to_ne_bytes());
            }
        }
        _ => {}
    }
}

/// The text of a value that is a str (or of a subclass).
pub fn text(v: Value) -> Option<String> {
    v.downcast::<Str>().map(|s| s.to_string_lossy())
}
