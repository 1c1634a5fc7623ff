//! What changes a bytearray.

use super::{ByteArray, class_of, text_argument};
use crate::Thread;
use crate::call::Args;
use crate::object::{Gc, RawBuffer, Result, Value};
use crate::pymethods;
use crate::types::bytes::construct;
use crate::types::bytes::shared::byte_of;
use crate::types::slice::Slice;
use crate::types::str_::Str;
use crate::types::tuple::Tuple;

const RANGE: &str = "byte must be in range(0, 256)";

impl ByteArray {
    /// `len` bytes of the buffer from `start`.
    #[allow(unsafe_code)]
    pub(super) fn range(&self, start: usize, len: usize) -> &[u8] {
        match self.buffer.get() {
            // SAFETY: the slice lies within the buffer, which the array keeps alive as long as nothing
            // changes the array, and that is what callers promise.
            Some(b) if start + len <= b.capacity() => unsafe {
                std::slice::from_raw_parts(b.data().add(start), len)
            },
            _ => &[],
        }
    }

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
        if self.exports.in_use(th) {
            return Err(th.buffer_error("Existing exports of data: object cannot be re-sized"));
        }
        Ok(())
    }

    /// Puts `data` in place of the bytes `from..to`; the range must be within the array. `data` must
    /// not be the array's own. Raises BufferError when the size changes while bytes are lent.
    pub fn splice(&self, th: &mut Thread, from: usize, to: usize, data: &[u8]) -> Result<()> {
        let (start, len) = (self.start.get(), self.len());
        let (from, to) = (from.min(len), to.min(len));
        let new_len = match (len - (to - from)).checked_add(data.len()) {
            Some(n) if n <= isize::MAX as usize => n,
            _ => return Err(th.memory_error()),
        };
        if new_len != len {
            self.check_size_may_change(th)?;
        }
        if from == 0 && data.len() <= to && new_len > 0 {
            // Off the front: what is left stays where it is.
            let shift = to - data.len();
            if let Some(b) = self.buffer.get() {
                b.write(start + shift, data);
            }
            self.start.set(start + shift);
            self.len.set(new_len);
            return Ok(());
        }
        let capacity = self.buffer.get().map_or(0, |b| b.capacity());
        if start + new_len > capacity {
            let room = if new_len > len {
                new_len + (new_len >> 3) + 8
            } else {
                new_len
            };
            let made = RawBuffer::new(th.heap(), room);
            let Some(b) = made else {
                return Err(th.memory_error());
            };
            b.write(0, self.range(start, from));
            b.write(from, data);
            b.write(from + data.len(), self.range(start + to, len - to));
            self.buffer.set(&self.head.header, b);
            self.start.set(0);
        } else if let Some(b) = self.buffer.get() {
            if new_len != len {
                b.copy_within(start + to, start + from + data.len(), len - to);
            }
            b.write(start + from, data);
        }
        self.len.set(new_len);
        if new_len == 0 {
            self.start.set(0);
        }
        Ok(())
    }

    fn push(&self, th: &mut Thread, b: u8) -> Result<()> {
        let n = self.len();
        self.splice(th, n, n, &[b])
    }
}

/// `bytearray.__init__`
pub(super) fn init(th: &mut Thread, a: Gc<ByteArray>, args: Args<'_>) -> Result<()> {
    let mut given = [None; 3];
    let positional = args.positionals();
    if args.values.len() > 3 {
        let n = args.values.len();
        return Err(th.type_error(format!("bytearray() takes at most 3 arguments ({n} given)")));
    }
    for (slot, v) in given.iter_mut().zip(positional) {
        *slot = Some(*v);
    }
    for (k, v) in args.keywords() {
        let i = ["source", "encoding", "errors"]
            .iter()
            .position(|n| k.downcast::<Str>().is_some_and(|k| k.equals_str(n)));
        match i {
            Some(i) if given[i].is_none() => given[i] = Some(v),
            Some(i) => {
                let n = i + 1;
                let name = th.str_lossy(k);
                return Err(th.type_error(format!(
                    "argument for bytearray() given by name ('{name}') and position ({n})"
                )));
            }
            None => {
                let name = th.str_lossy(k);
                return Err(th.type_error(format!(
                    "bytearray() got an unexpected keyword argument '{name}'"
                )));
            }
        }
    }
    let encoding = text_argument(th, given[1], "encoding")?;
    let errors = text_argument(th, given[2], "errors")?;
    let bytes = construct::from_arguments(th, "bytearray", given[0], encoding, errors)?;
    let n = a.len();
    a.splice(th, 0, n, &bytes)
}

/// `a[key] = v` and `del a[key]`
pub(super) fn set_item(
    th: &mut Thread,
    a: Gc<ByteArray>,
    key: Value,
    v: Option<Value>,
) -> Result<()> {
    if let Some(s) = key.downcast::<Slice>() {
        return set_slice(th, a, s, v);
    }
    if !key.is_int() && th.class_of(key).slots().index.is_none() {
        let got = th.type_name(key);
        return Err(th.type_error(format!(
            "bytearray indices must be integers or slices, not {got}"
        )));
    }
    let i = th.item_index(key)?;
    let byte = match v {
        Some(v) => Some(byte_of(th, v, RANGE)?),
        None => None,
    };
    let i = if i < 0 { i + a.len() as i64 } else { i };
    let Some(i) = usize::try_from(i).ok().filter(|i| *i < a.len()) else {
        return Err(th.index_error("bytearray index out of range"));
    };
    match byte {
        Some(b) => {
            a.set(i, b);
            Ok(())
        }
        None => a.splice(th, i, i + 1, &[]),
    }
}

fn set_slice(th: &mut Thread, a: Gc<ByteArray>, s: Gc<Slice>, v: Option<Value>) -> Result<()> {
    let data = match v {
        None => None,
        Some(v) => {
            if v.downcast::<Str>().is_some() || v.is_int() {
                return Err(th.type_error(
                    "can assign only bytes, buffers, or iterables of ints in range(0, 256)",
                ));
            }
            Some(construct::from_value(th, "bytearray", v)?)
        }
    };
    let b = s.bounds(th, a.len())?;
    if b.step == 1 {
        let start = b.start.max(0) as usize;
        return a.splice(th, start, start + b.count, data.as_deref().unwrap_or(&[]));
    }
    let at = |i: usize| (b.start + i as isize * b.step) as usize;
    match data {
        Some(d) if d.len() == b.count => {
            a.set_each(b.start as usize, b.step, &d);
            Ok(())
        }
        Some(d) => {
            let (n, want) = (d.len(), b.count);
            Err(th.value_error(format!(
                "attempt to assign bytes of size {n} to extended slice of size {want}"
            )))
        }
        None => {
            let mut gone = vec![false; a.len()];
            for i in 0..b.count {
                if let Some(g) = gone.get_mut(at(i)) {
                    *g = true;
                }
            }
            let kept: Vec<u8> = a
                .as_slice()
                .iter()
                .zip(&gone)
                .filter(|(_, g)| !**g)
                .map(|(b, _)| *b)
                .collect();
            let n = a.len();
            a.splice(th, 0, n, &kept)
        }
    }
}

#[pymethods(table = METHODS)]
impl ByteArray {
    /// Append a single item to the end of the bytearray.
    #[pymethod]
    fn append(th: &mut Thread, this: Gc<ByteArray>, item: Value) -> Result<()> {
        let b = byte_of(th, item, RANGE)?;
        this.push(th, b)
    }

    /// Append all the items from the iterator or sequence to the end of the bytearray.
    #[pymethod]
    fn extend(th: &mut Thread, this: Gc<ByteArray>, iterable_of_ints: Value) -> Result<()> {
        let v = iterable_of_ints;
        if v.downcast::<Str>().is_some() {
            return Err(th.type_error("expected iterable of integers; got: 'str'"));
        }
        let class = th.class_of(v);
        if class.slots().buffer.is_none()
            && class.slots().iter.is_none()
            && class.slots().getitem.is_none()
        {
            let got = th.type_name(v);
            return Err(th.type_error(format!("can't extend bytearray with {got}")));
        }
        let data = construct::from_value(th, "bytearray", v)?;
        let n = this.len();
        this.splice(th, n, n, &data)
    }

    /// Insert a single item into the bytearray before the given index.
    #[pymethod]
    fn insert(th: &mut Thread, this: Gc<ByteArray>, index: isize, item: Value) -> Result<()> {
        let b = byte_of(th, item, RANGE)?;
        let n = this.len() as isize;
        let at = if index < 0 {
            (index + n).max(0)
        } else {
            index.min(n)
        } as usize;
        this.splice(th, at, at, &[b])
    }

    /// Remove and return a single item from B.
    #[pymethod(sig = "(index=-1, /)")]
    fn pop(th: &mut Thread, this: Gc<ByteArray>, index: Option<isize>) -> Result {
        if this.is_empty() {
            return Err(th.index_error("pop from empty bytearray"));
        }
        let i = index.unwrap_or(-1);
        let i = if i < 0 { i + this.len() as isize } else { i };
        let found = usize::try_from(i)
            .ok()
            .and_then(|i| Some((i, *this.as_slice().get(i)?)));
        let Some((i, b)) = found else {
            return Err(th.index_error("pop index out of range"));
        };
        this.splice(th, i, i + 1, &[])?;
        Ok(Value::small(i32::from(b)))
    }

    /// Remove the first occurrence of a value in the bytearray.
    #[pymethod]
    fn remove(th: &mut Thread, this: Gc<ByteArray>, value: Value) -> Result<()> {
        let b = byte_of(th, value, RANGE)?;
        match memchr::memchr(b, this.as_slice()) {
            Some(i) => this.splice(th, i, i + 1, &[]),
            None => Err(th.value_error("value not found in bytearray")),
        }
    }

    /// Reverse the order of the values in B in place.
    #[pymethod]
    fn reverse(th: &mut Thread, this: Gc<ByteArray>) -> Result<()> {
        let mut v = this.as_slice().to_vec();
        v.reverse();
        let n = v.len();
        this.splice(th, 0, n, &v)
    }

    /// Remove all items from the bytearray.
    #[pymethod]
    fn clear(th: &mut Thread, this: Gc<ByteArray>) -> Result<()> {
        let n = this.len();
        this.splice(th, 0, n, &[])
    }

    /// Return a copy of B.
    #[pymethod]
    fn copy(th: &mut Thread, this: Gc<ByteArray>) -> Result<Gc<ByteArray>> {
        th.new_bytearray(this.as_slice())
    }

    /// Resize the internal buffer of bytearray to len.
    #[pymethod]
    fn resize(th: &mut Thread, this: Gc<ByteArray>, size: isize) -> Result<()> {
        let Ok(size) = usize::try_from(size) else {
            return Err(th.value_error(format!(
                "bytearray.resize(): new size must be >= 0, got {size}"
            )));
        };
        let n = this.len();
        if size <= n {
            return this.splice(th, size, n, &[]);
        }
        let r = crate::number::error::check_memory(size);
        th.format_result(r)?;
        this.splice(th, n, n, &vec![0; size - n])
    }

    /// Return the number of bytes actually allocated.
    #[pymethod]
    fn __alloc__(_: &mut Thread, this: Gc<ByteArray>) -> usize {
        this.buffer.get().map_or(0, |b| b.capacity())
    }

    /// Returns the size of the bytearray object in memory, in bytes.
    #[pymethod]
    fn __sizeof__(_: &mut Thread, this: Gc<ByteArray>) -> usize {
        size_of::<ByteArray>() + this.buffer.get().map_or(0, |b| b.capacity())
    }

    /// Return state information for pickling.
    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<ByteArray>) -> Result<Gc<Tuple>> {
        reduce(th, this, false)
    }

    /// Return state information for pickling.
    #[pymethod(sig = "(proto=0, /)")]
    fn __reduce_ex__(
        th: &mut Thread,
        this: Gc<ByteArray>,
        proto: Option<i32>,
    ) -> Result<Gc<Tuple>> {
        reduce(th, this, proto.unwrap_or(0) >= 3)
    }
}

/// The class, its arguments and the instance's attributes.
fn reduce(th: &mut Thread, a: Gc<ByteArray>, bytes: bool) -> Result<Gc<Tuple>> {
    let class = class_of(th, a).value();
    let state = th.get_attr_str_option(a.value(), "__dict__")?;
    let state = th.or_none(state);
    let args = if bytes {
        let b = th.new_bytes(a.as_slice()).value();
        th.new_tuple(&[b])
    } else {
        let s = th.str_from_latin1(a.as_slice()).value();
        let e = th.new_str("latin-1").value();
        th.new_tuple(&[s, e])
    };
    Ok(th.new_tuple(&[class, args.value(), state]))
}
