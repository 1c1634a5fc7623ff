//! `bytes`: immutable bytes behind the header.

pub(crate) mod construct;
pub mod hex;
mod methods;
pub(crate) mod percent;
pub(crate) mod shared;

use std::cell::Cell;

use crate::call::buffer::{BufferSource, BufferView};
use crate::object::slots::CompareOp;
use crate::object::{Gc, GcSlot, Header, HeapObject, Kind, NativeHeader, Result, Tracer, Value};
use crate::types::T;
use crate::types::slice::{Slice, adjust};
use crate::types::str_::Str;
use crate::types::tuple::Tuple;
use crate::types::type_::Type;
use crate::{NativeObject, Thread, pymethods, pytype};

/// A bytes object.
#[repr(C)]
pub struct Bytes {
    head: Header,
    len: usize,
    hash: Cell<i64>,
    data: [u8; 0],
}

// SAFETY: repr(C), header first, no pointers.
#[allow(unsafe_code)]
unsafe impl HeapObject for Bytes {
    const KIND: Kind = Kind::Bytes;
    const VARIABLE: bool = true;
    fn trace(&self, _: &mut Tracer) {}
}

impl super::Named for Bytes {
    const NAME: &'static str = "bytes";
}

/// Iterator over a bytes object.
#[repr(C)]
#[derive(NativeObject)]
pub struct BytesIterator {
    head: NativeHeader,
    /// The bytes; empty once exhausted.
    pub bytes: GcSlot<Bytes>,
    /// Next index.
    #[notrace]
    pub index: Cell<usize>,
}

/// `iter(bytes)`, advanced to an index.
pub fn iterator_at(th: &mut Thread, bytes: Gc<Bytes>, index: usize) -> Value {
    let head = th.native_header::<BytesIterator>(T::BytesIterator);
    th.alloc(BytesIterator {
        head,
        bytes: GcSlot::new(bytes),
        index: Cell::new(index),
    })
    .value()
}

impl Bytes {
    /// Where the length is, for compiled code.
    pub const LEN_OFFSET: usize = std::mem::offset_of!(Bytes, len);
    /// Where the bytes begin, for compiled code.
    pub const DATA_OFFSET: usize = std::mem::offset_of!(Bytes, data);

    /// Number of bytes.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Is it empty?
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The bytes.
    #[inline(always)]
    #[allow(unsafe_code)]
    pub fn as_slice(&self) -> &[u8] {
        // SAFETY: the cell holds `len` bytes behind the struct; they never change.
        unsafe { std::slice::from_raw_parts(self.data.as_ptr(), self.len) }
    }

    /// Size of a cell with `len` bytes, rounded up to a word.
    pub fn size_for(len: usize) -> usize {
        (size_of::<Bytes>() + len + 7) & !7
    }

    /// The hash, kept in the object.
    pub fn hash(&self, th: &Thread) -> i64 {
        if self.hash.get() == 0 {
            self.hash.set(crate::types::str_::hash_bytes(
                th.vm().hash_key,
                self.as_slice(),
            ));
        }
        self.hash.get()
    }
}

impl Thread {
    /// A bytes object. None when memory is exhausted.
    pub fn try_new_bytes(&mut self, bytes: &[u8]) -> Option<Gc<Bytes>> {
        self.bytes_build(bytes.len(), |dst| dst.copy_from_slice(bytes))
    }

    /// A bytes object of which `fill` writes every byte. None when memory is exhausted.
    #[inline]
    #[allow(unsafe_code)]
    pub fn bytes_build(&mut self, len: usize, fill: impl FnOnce(&mut [u8])) -> Option<Gc<Bytes>> {
        let head = Header::new(Kind::Bytes, T::Bytes.shape());
        let g = self.alloc_leaf(
            Bytes {
                head,
                len,
                hash: Cell::new(0),
                data: [],
            },
            len,
        )?;
        // SAFETY: the cell was made with room for the bytes, and nobody else has it yet.
        fill(unsafe { std::slice::from_raw_parts_mut(g.data.as_ptr() as *mut u8, len) });
        Some(g)
    }

    /// A bytes object.
    pub fn new_bytes(&mut self, bytes: &[u8]) -> Gc<Bytes> {
        match self.try_new_bytes(bytes) {
            Some(b) => b,
            None => {
                self.request_memory_error();
                match self.vm().singletons().empty_bytes.downcast::<Bytes>() {
                    Some(b) => b,
                    None => unreachable!("the empty bytes object is one"),
                }
            }
        }
    }

    /// An instance of a subclass of bytes with these bytes. None when memory is exhausted.
    #[allow(unsafe_code)]
    pub fn bytes_of_class(&mut self, class: Gc<Type>, bytes: &[u8]) -> Option<Gc<Bytes>> {
        if class.is(self.vm().ty(T::Bytes)) {
            return self.try_new_bytes(bytes);
        }
        let head = Header::new(Kind::Bytes, class.instance_shape());
        let dict = class.has_instance_dict();
        let rounded = Bytes::size_for(bytes.len()) - size_of::<Bytes>();
        let g = self.alloc_variable(
            Bytes {
                head,
                len: bytes.len(),
                hash: Cell::new(0),
                data: [],
            },
            rounded + if dict { 8 } else { 0 },
        )?;
        if dict {
            g.header().set_flag(crate::object::HeaderFlags::ATTRIBUTES);
        }
        // SAFETY: the cell was made with room for the bytes (and the dict word behind them).
        unsafe {
            std::ptr::copy_nonoverlapping(bytes.as_ptr(), g.data.as_ptr() as *mut u8, bytes.len())
        };
        self.note_finalizer(class, g.value());
        Some(g)
    }
}

/// `bytes[key]` and `bytearray[key]` but for slices: the byte. `class` is for errors.
pub(crate) fn byte_at(th: &mut Thread, bytes: &[u8], key: Value, class: &str) -> Result {
    if !key.is_int() && th.class_of(key).slots().index.is_none() {
        let got = th.type_name(key);
        return Err(th.type_error(match class {
            "bytes" => format!("byte indices must be integers or slices, not {got}"),
            _ => format!("{class} indices must be integers or slices, not {got}"),
        }));
    }
    let i = th.item_index(key)?;
    let i = if i < 0 { i + bytes.len() as i64 } else { i };
    match usize::try_from(i).ok().and_then(|i| bytes.get(i)) {
        Some(b) => Ok(Value::small(i32::from(*b))),
        None => Err(th.index_error(match class {
            "bytes" => "index out of range".to_string(),
            _ => format!("{class} index out of range"),
        })),
    }
}

/// The bytes in a slice.
pub(crate) fn sliced<B: shared::ByteString>(
    th: &mut Thread,
    bytes: Gc<B>,
    s: Gc<Slice>,
) -> Result<Gc<B>> {
    // Bounds may be objects whose `__index__` changes a bytearray.
    let (start, stop, step) = s.unpack(th)?;
    let all = bytes.bytes();
    let b = adjust(start, stop, step, all.len());
    if b.step == 1 {
        let start = b.start.max(0) as usize;
        return shared::part(th, bytes, start, start + b.count);
    }
    B::build(th, b.count, |dst| b.copy(all, dst))
}

/// `bytes * n`
pub(crate) fn repeated(th: &mut Thread, bytes: &[u8], n: isize) -> Result<Vec<u8>> {
    let n = usize::try_from(n).unwrap_or(0);
    let total = bytes.len().checked_mul(n);
    let Some(total) = total.filter(|t| *t <= isize::MAX as usize) else {
        return Err(th.overflow_error("repeated bytes are too long"));
    };
    let r = crate::number::error::check_memory(total);
    th.format_result(r)?;
    Ok(bytes.repeat(n))
}

/// Comparison of two objects that lend bytes.
pub(crate) fn compare(th: &mut Thread, a: &[u8], other: Value, op: CompareOp) -> Result {
    if let Some(b) = other.downcast::<Bytes>() {
        return Ok(th.bool(op.test(a.cmp(b.as_slice()))));
    }
    if !th.supports_buffer(other) {
        return Ok(th.not_implemented());
    }
    let b = match th.byte_arg(other) {
        Ok(b) => b,
        Err(_) => {
            th.clear_pending();
            return Ok(th.not_implemented());
        }
    };
    Ok(th.bool(op.test(a.cmp(&b))))
}

/// bytes(iterable_of_ints) -> bytes
/// bytes(string, encoding[, errors]) -> bytes
/// bytes(bytes_or_buffer) -> immutable copy of bytes_or_buffer
/// bytes(int) -> bytes object of size given by the parameter initialized with null bytes
/// bytes() -> empty bytes object
///
/// Construct an immutable array of bytes from:
///   - an iterable yielding integers in range(256)
///   - a text string encoded using the specified encoding
///   - any object implementing the buffer API.
///   - an integer
#[pytype(name = "bytes", flags = BASETYPE | MATCH_SELF, more = [&methods::METHODS, &OWN_METHODS])]
impl Bytes {
    #[pynew(sig = "(source=b'', encoding='utf-8', errors='strict')")]
    fn new(
        th: &mut Thread,
        class: Gc<Type>,
        source: Option<Value>,
        encoding: Option<Gc<Str>>,
        errors: Option<Gc<Str>>,
    ) -> Result {
        let exact = class.is(th.vm().ty(T::Bytes));
        if let Some(v) = source
            && encoding.is_none()
            && errors.is_none()
        {
            if exact && th.is_exact(v, T::Bytes) {
                return Ok(v);
            }
            let name = th.intern("__bytes__");
            if !th.is_exact(v, T::Bytes)
                && let Some(r) = th.call_special(v, name, &[])?
            {
                let Some(b) = r.downcast::<Bytes>() else {
                    let got = th.type_name(r);
                    return Err(th.type_error(format!("__bytes__ returned non-bytes (type {got})")));
                };
                if exact {
                    return Ok(r);
                }
                return match th.bytes_of_class(class, b.as_slice()) {
                    Some(b) => Ok(b.value()),
                    None => Err(th.memory_error()),
                };
            }
        }
        let b = construct::from_arguments(th, "bytes", source, encoding, errors)?;
        if exact {
            return Ok(construct::exact(th, &b)?.value());
        }
        match th.bytes_of_class(class, &b) {
            Some(b) => Ok(b.value()),
            None => Err(th.memory_error()),
        }
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let b = th.expect::<Bytes>(this)?;
        let text = crate::format::repr::repr_bytes(b.as_slice());
        Ok(th.new_str(&text).value())
    }

    #[pyslot]
    fn str_(th: &mut Thread, this: Value) -> Result {
        if th.vm().config.bytes_warning > 0 {
            crate::exceptions::warn(
                th,
                crate::types::ExceptionClass::BytesWarning,
                "str() on a bytes instance",
                1,
            )?;
        }
        Bytes::repr(th, this)
    }

    #[pyslot]
    fn slot_hash(th: &mut Thread, this: Value) -> Result<i64> {
        Ok(th.expect::<Bytes>(this)?.hash(th))
    }

    #[pyslot]
    fn slot_len(th: &mut Thread, this: Value) -> Result<usize> {
        Ok(th.expect::<Bytes>(this)?.len)
    }

    #[pyslot]
    fn iter(th: &mut Thread, this: Value) -> Result {
        let b = th.expect::<Bytes>(this)?;
        Ok(iterator_at(th, b, 0))
    }

    #[pyslot]
    fn getitem(th: &mut Thread, this: Value, key: Value) -> Result {
        let b = th.expect::<Bytes>(this)?;
        if let Some(s) = key.downcast::<Slice>() {
            return Ok(sliced(th, b, s)?.value());
        }
        byte_at(th, b.as_slice(), key, "bytes")
    }

    #[pyslot]
    fn contains(th: &mut Thread, this: Value, v: Value) -> Result<bool> {
        let b = th.expect::<Bytes>(this)?;
        shared::contains(th, b, v)
    }

    #[pyslot]
    fn concat(th: &mut Thread, this: Value, other: Value) -> Result {
        let a = th.expect::<Bytes>(this)?;
        if !th.supports_buffer(other) {
            let got = th.type_name(other);
            return Err(th.type_error(format!("can't concat {got} to bytes")));
        }
        if a.is_empty() && th.is_exact(other, T::Bytes) {
            return Ok(other);
        }
        let b = th.byte_arg(other)?;
        if b.is_empty() && th.is_exact(this, T::Bytes) {
            return Ok(this);
        }
        let a = a.as_slice();
        let sum = <Bytes as shared::ByteString>::build(th, a.len() + b.len(), |dst| {
            dst[..a.len()].copy_from_slice(a);
            dst[a.len()..].copy_from_slice(&b);
        })?;
        Ok(sum.value())
    }

    #[pyslot]
    fn repeat(th: &mut Thread, this: Value, n: isize) -> Result {
        let b = th.expect::<Bytes>(this)?;
        if n == 1 && th.is_exact(this, T::Bytes) {
            return Ok(this);
        }
        let out = repeated(th, b.as_slice(), n)?;
        Ok(construct::exact(th, &out)?.value())
    }

    #[pyslot]
    fn remainder(th: &mut Thread, this: Value, values: Value) -> Result {
        let Some(b) = this.downcast::<Bytes>() else {
            return Ok(th.not_implemented());
        };
        let out = percent::format(th, b.as_slice(), values)?;
        let made = construct::exact(th, &out)?;
        th.keep_room(out);
        Ok(made.value())
    }

    #[pyslot]
    fn richcompare(th: &mut Thread, this: Value, other: Value, op: CompareOp) -> Result {
        let Some(a) = this.downcast::<Bytes>() else {
            return Ok(th.not_implemented());
        };
        match other.downcast::<Bytes>() {
            Some(b) => Ok(th.bool(op.test(a.as_slice().cmp(b.as_slice())))),
            None => Ok(th.not_implemented()),
        }
    }

    #[pyslot]
    fn buffer(th: &mut Thread, this: Value, _: u32) -> Result<BufferView> {
        let b = th.expect::<Bytes>(this)?;
        Ok(BufferView {
            owner: this,
            source: BufferSource::Bytes(b),
            offset: 0,
            len: b.len(),
            readonly: true,
            itemsize: 1,
            format: "B",
            guard: None,
        })
    }
}

#[pymethods(table = OWN_METHODS)]
impl Bytes {
    /// Convert this value to exact type bytes.
    #[pymethod(name = "__bytes__")]
    fn to_bytes(th: &mut Thread, this: Gc<Bytes>) -> Result<Gc<Bytes>> {
        if th.is_exact(this.value(), T::Bytes) {
            return Ok(this);
        }
        construct::exact(th, this.as_slice())
    }

    #[pymethod]
    fn __getnewargs__(th: &mut Thread, this: Gc<Bytes>) -> Result<Gc<Tuple>> {
        let b = construct::exact(th, this.as_slice())?;
        Ok(th.new_tuple(&[b.value()]))
    }

    /// Return the size of the bytes object in memory, in bytes.
    #[pymethod]
    fn __sizeof__(_: &mut Thread, this: Gc<Bytes>) -> usize {
        size_of::<Bytes>() + this.len()
    }
}

#[pytype(name = "bytes_iterator", table = BYTES_ITERATOR_TYPE)]
impl BytesIterator {
    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn next(_: &mut Thread, this: Value) -> Result<Option<Value>> {
        let Some(it) = this.downcast::<BytesIterator>() else {
            return Ok(None);
        };
        let Some(b) = it.bytes.get() else {
            return Ok(None);
        };
        let i = it.index.get();
        match b.as_slice().get(i) {
            Some(b) => {
                it.index.set(i + 1);
                Ok(Some(Value::small(i32::from(*b))))
            }
            None => {
                it.bytes.clear();
                Ok(None)
            }
        }
    }

    #[pymethod]
    fn __length_hint__(_: &mut Thread, this: Gc<BytesIterator>) -> usize {
        this.bytes
            .get()
            .map_or(0, |b| b.len().saturating_sub(this.index.get()))
    }
}
