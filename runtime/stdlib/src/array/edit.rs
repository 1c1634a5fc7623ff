//! What changes an array.

use super::codes::{self, Code};
use super::{Array, no_array, other_kind, subscript};
use taipan_vm::call::Index;
use taipan_vm::object::slots::CompareOp;
use taipan_vm::object::{Gc, RawBuffer};
use taipan_vm::types::sequence::wrap_index;
use taipan_vm::types::slice::Slice;
use taipan_vm::types::str_::Str;
use taipan_vm::{Result, Thread, Value, pymethods};

impl Array {
    /// The storage, made if there is none yet. Raises MemoryError.
    pub(super) fn storage(&self, th: &mut Thread) -> Result<Gc<RawBuffer>> {
        if let Some(b) = self.buffer.get() {
            return Ok(b);
        }
        match RawBuffer::new(th.heap(), 8) {
            Some(b) => {
                self.buffer.set(&self.head.header, b);
                Ok(b)
            }
            None => Err(th.memory_error()),
        }
    }

    fn check_size_may_change(&self, th: &mut Thread) -> Result<()> {
        if self.exports.count() > 0 && self.exports.in_use(th) {
            return Err(th.buffer_error("cannot resize an array that is exporting buffers"));
        }
        Ok(())
    }

    /// Makes room for `n` more items. Raises MemoryError.
    pub(super) fn reserve(&self, th: &mut Thread, n: usize) -> Result<()> {
        let (size, len) = (self.code.size(), self.len());
        let need = len.checked_add(n).and_then(|n| n.checked_mul(size));
        let Some(need) = need.filter(|n| *n <= isize::MAX as usize) else {
            return Err(th.memory_error());
        };
        let old = self.buffer.get();
        if old.is_some_and(|b| b.capacity() >= need) {
            return Ok(());
        }
        let room = if len == 0 {
            need
        } else {
            need + need / 8 + 8 * size
        };
        let Some(new) = RawBuffer::new(th.heap(), room) else {
            return Err(th.memory_error());
        };
        if let Some(old) = old {
            new.write(0, &old.as_slice()[..len * size]);
        }
        self.buffer.set(&self.head.header, new);
        Ok(())
    }

    /// Puts the items of `data` in place of the items `from..to`. Raises BufferError when the size
    /// changes while a view is lent.
    pub(super) fn splice(
        &self,
        th: &mut Thread,
        from: usize,
        to: usize,
        data: &[u8],
    ) -> Result<()> {
        let (size, len) = (self.code.size(), self.len());
        let (from, to) = (from.min(len), to.min(len).max(from.min(len)));
        let new = data.len() / size;
        if new != to - from {
            self.check_size_may_change(th)?;
        }
        self.reserve(th, new.saturating_sub(to - from))?;
        if let Some(b) = self.buffer.get() {
            if new != to - from {
                b.copy_within(to * size, (from + new) * size, (len - to) * size);
            }
            b.write(from * size, data);
        }
        self.len.set(len - (to - from) + new);
        Ok(())
    }

    /// Appends an item. Raises TypeError, OverflowError, BufferError.
    #[inline]
    pub(super) fn push(&self, th: &mut Thread, v: Value) -> Result<()> {
        let item = codes::store(th, self.code, v)?;
        let (size, len) = (self.code.size(), self.len());
        self.check_size_may_change(th)?;
        self.reserve(th, 1)?;
        if let Some(b) = self.buffer.get() {
            b.write(len * size, &item[..size]);
        }
        self.len.set(len + 1);
        Ok(())
    }

    /// Appends items in machine form. Raises ValueError for a part of an item.
    pub(super) fn push_bytes(&self, th: &mut Thread, bytes: &[u8]) -> Result<()> {
        if !bytes.len().is_multiple_of(self.code.size()) {
            return Err(th.value_error("bytes length not a multiple of item size"));
        }
        let n = self.len();
        self.splice(th, n, n, bytes)
    }

    /// Appends the characters of a string.
    pub(super) fn push_text(&self, th: &mut Thread, s: Gc<Str>) -> Result<()> {
        let bytes: Vec<u8> = s.code_points().flat_map(u32::to_ne_bytes).collect();
        let n = self.len();
        self.splice(th, n, n, &bytes)
    }

    /// Appends another array's items, or those of an iterable.
    pub(super) fn extend(&self, th: &mut Thread, v: Value) -> Result<()> {
        let Some(other) = v.downcast::<Array>() else {
            return th.for_each(v, |th, v| self.push(th, v));
        };
        if other.code != self.code {
            return Err(th.type_error("can only extend with array of same kind"));
        }
        let (bytes, n) = (other.bytes(), self.len());
        self.splice(th, n, n, &bytes)
    }

    /// The items' bytes `n` times over. Raises MemoryError.
    pub(super) fn repeated(&self, th: &mut Thread, n: isize) -> Result<Vec<u8>> {
        let bytes = self.bytes();
        let n = n.max(0) as usize;
        match bytes.len().checked_mul(n) {
            Some(all) if taipan_vm::number::check_memory(all).is_ok() => Ok(bytes.repeat(n)),
            _ => Err(th.memory_error()),
        }
    }

    /// The first index of a value in a range.
    pub(super) fn find(
        &self,
        th: &mut Thread,
        v: Value,
        from: usize,
        to: usize,
    ) -> Result<Option<usize>> {
        let mut i = from;
        while i < to {
            let Some(x) = self.get(th, i)? else {
                return Ok(None);
            };
            if th.compare_bool(x, v, CompareOp::Eq)? {
                return Ok(Some(i));
            }
            i += 1;
        }
        Ok(None)
    }

    /// The characters as a string.
    pub(super) fn text(&self, th: &mut Thread) -> Result {
        let mut points = Vec::with_capacity(self.len());
        for c in self.bytes().chunks_exact(4) {
            let c = u32::from_ne_bytes(c.try_into().unwrap_or_default());
            if c > 0x10FFFF {
                return Err(th.value_error(format!(
                    "character U+{c:x} is not in range [U+0000; U+10ffff]"
                )));
            }
            points.push(c);
        }
        Ok(th.str_from_code_points(&points).value())
    }

    /// The items as a list.
    pub(super) fn list(&self, th: &mut Thread) -> Result {
        let list = th.new_list();
        let mut i = 0;
        while let Some(v) = self.get(th, i)? {
            th.list_append(list, v)?;
            i += 1;
        }
        Ok(list.value())
    }
}

/// `a[key] = v` and `del a[key]`
pub(super) fn set_item(th: &mut Thread, a: Gc<Array>, key: Value, v: Option<Value>) -> Result<()> {
    let i = match key.as_int() {
        Some(i) => i,
        None => {
            if let Some(s) = key.downcast::<Slice>() {
                return set_slice(th, a, s, v);
            }
            subscript(th, key)?
        }
    };
    let Some(at) = wrap_index(i, a.len()) else {
        return Err(th.index_error("array assignment index out of range"));
    };
    let Some(v) = v else {
        return a.splice(th, at, at + 1, &[]);
    };
    let item = codes::store(th, a.code, v)?;
    // Conversion may have run code that made the array shorter.
    let Some(at) = wrap_index(i, a.len()) else {
        return Err(th.index_error("array assignment index out of range"));
    };
    let size = a.code.size();
    if let Some(b) = a.buffer.get() {
        b.write(at * size, &item[..size]);
    }
    Ok(())
}

fn set_slice(th: &mut Thread, a: Gc<Array>, s: Gc<Slice>, v: Option<Value>) -> Result<()> {
    let data = match v {
        None => Vec::new(),
        Some(v) => {
            let Some(other) = v.downcast::<Array>() else {
                return Err(no_array(th, "assign", v, " to array slice"));
            };
            if other.code != a.code {
                return Err(other_kind(th));
            }
            other.bytes()
        }
    };
    let b = s.bounds(th, a.len())?;
    let size = a.code.size();
    if b.step == 1 {
        let start = b.start.max(0) as usize;
        return a.splice(th, start, start + b.count, &data);
    }
    let at = |i: usize| (b.start + i as isize * b.step) as usize;
    if v.is_none() {
        if b.count == 0 {
            return Ok(());
        }
        let mut gone = vec![false; a.len()];
        for i in 0..b.count {
            gone[at(i)] = true;
        }
        let bytes = a.bytes();
        let mut kept = Vec::with_capacity(bytes.len());
        for (item, gone) in bytes.chunks_exact(size).zip(&gone) {
            if !gone {
                kept.extend_from_slice(item);
            }
        }
        let n = a.len();
        return a.splice(th, 0, n, &kept);
    }
    if data.len() != b.count * size {
        let (n, want) = (data.len() / size, b.count);
        return Err(th.value_error(format!(
            "attempt to assign array of size {n} to extended slice of size {want}"
        )));
    }
    if let Some(buffer) = a.buffer.get() {
        for (i, item) in data.chunks_exact(size).enumerate() {
            buffer.write(at(i) * size, item);
        }
    }
    Ok(())
}

#[pymethods(table = METHODS)]
impl Array {
    /// Append new value v to the end of the array.
    #[pymethod]
    fn append(th: &mut Thread, this: Gc<Array>, v: Value) -> Result<()> {
        this.push(th, v)
    }

    /// Append items to the end of the array.
    #[pymethod(name = "extend")]
    fn extend_method(th: &mut Thread, this: Gc<Array>, bb: Value) -> Result<()> {
        this.extend(th, bb)
    }

    /// Insert a new item v into the array before position i.
    #[pymethod]
    fn insert(th: &mut Thread, this: Gc<Array>, i: isize, v: Value) -> Result<()> {
        let item = codes::store(th, this.code, v)?;
        let n = this.len() as isize;
        let at = (if i < 0 { i.saturating_add(n) } else { i }).clamp(0, n) as usize;
        this.splice(th, at, at, &item[..this.code.size()])
    }

    /// Return the i-th element and delete it from the array.
    ///
    /// i defaults to -1.
    #[pymethod(sig = "(i=-1, /)")]
    fn pop(th: &mut Thread, this: Gc<Array>, i: Option<isize>) -> Result {
        if this.is_empty() {
            return Err(th.index_error("pop from empty array"));
        }
        let Some(i) = wrap_index(i.unwrap_or(-1) as i64, this.len()) else {
            return Err(th.index_error("pop index out of range"));
        };
        let v = this.get(th, i)?;
        this.splice(th, i, i + 1, &[])?;
        Ok(th.or_none(v))
    }

    /// Remove the first occurrence of v in the array.
    #[pymethod]
    fn remove(th: &mut Thread, this: Gc<Array>, v: Value) -> Result<()> {
        match this.find(th, v, 0, usize::MAX)? {
            Some(i) => this.splice(th, i, i + 1, &[]),
            None => Err(th.value_error("array.remove(x): x not in array")),
        }
    }

    /// Remove all items from the array.
    #[pymethod]
    fn clear(th: &mut Thread, this: Gc<Array>) -> Result<()> {
        let n = this.len();
        this.splice(th, 0, n, &[])
    }

    /// Reverse the order of the items in the array.
    #[pymethod]
    fn reverse(_: &mut Thread, this: Gc<Array>) {
        let size = this.code.size();
        let bytes = this.bytes();
        if let Some(b) = this.buffer.get() {
            for (i, item) in bytes.chunks_exact(size).rev().enumerate() {
                b.write(i * size, item);
            }
        }
    }

    /// Return number of occurrences of v in the array.
    #[pymethod]
    fn count(th: &mut Thread, this: Gc<Array>, v: Value) -> Result<usize> {
        let (mut i, mut n) = (0, 0);
        while let Some(x) = this.get(th, i)? {
            n += usize::from(th.compare_bool(x, v, CompareOp::Eq)?);
            i += 1;
        }
        Ok(n)
    }

    /// Return index of first occurrence of v in the array.
    ///
    /// Raise ValueError if the value is not present.
    #[pymethod(sig = "(v, start=0, stop=sys.maxsize, /)")]
    fn index(
        th: &mut Thread,
        this: Gc<Array>,
        v: Value,
        start: Option<Index>,
        stop: Option<Index>,
    ) -> Result<usize> {
        let n = this.len() as isize;
        let wrap = |i: isize| (if i < 0 { i.saturating_add(n).max(0) } else { i }) as usize;
        let from = wrap(start.map_or(0, |i| i.0));
        let to = wrap(stop.map_or(isize::MAX, |i| i.0));
        match this.find(th, v, from, to)? {
            Some(i) => Ok(i),
            None => Err(th.value_error("array.index(x): x not in array")),
        }
    }

    /// Extends this array with data from the unicode string ustr.
    ///
    /// The array must be a unicode type array; otherwise a ValueError is
    /// raised.  Use array.frombytes(ustr.encode(...)) to append Unicode
    /// data to an array of some other type.
    #[pymethod]
    fn fromunicode(th: &mut Thread, this: Gc<Array>, ustr: Gc<Str>) -> Result<()> {
        if !matches!(this.code, Code::WideChar | Code::Char) {
            return Err(th.value_error(
                "fromunicode() may only be called on unicode type arrays ('u' or 'w')",
            ));
        }
        this.push_text(th, ustr)
    }
}
