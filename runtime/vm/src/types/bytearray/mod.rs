//! `bytearray`: bytes in a growable raw buffer.
//!
//! The bytes are `start..start + len` of the buffer, so taking bytes off the front moves nothing.
//! While a view of it is lent ([`Exports`]) the size cannot change; views that nobody uses any more
//! are looked for by a collection before a program is refused.

mod edit;
mod methods;

use std::cell::Cell;

use crate::call::buffer::{BufferSource, BufferView, Exports};
use crate::object::slots::CompareOp;
use crate::object::{Gc, GcSlot, NativeHeader, RawBuffer, Result, Value};
use crate::types::T;
use crate::types::bytes::{byte_at, compare, percent, repeated, shared, sliced};
use crate::types::slice::Slice;
use crate::types::str_::Str;
use crate::types::type_::Type;
use crate::{NativeObject, Thread, pytype};

/// A bytearray.
#[repr(C)]
#[derive(NativeObject)]
pub struct ByteArray {
    head: NativeHeader,
    buffer: GcSlot<RawBuffer>,
    #[notrace]
    start: Cell<usize>,
    #[notrace]
    len: Cell<usize>,
    #[notrace]
    exports: Exports,
}

impl super::Named for ByteArray {
    const NAME: &'static str = "bytearray";
}

/// Iterator over a bytearray.
#[repr(C)]
#[derive(NativeObject)]
pub struct ByteArrayIterator {
    head: NativeHeader,
    array: GcSlot<ByteArray>,
    #[notrace]
    index: Cell<usize>,
}

impl ByteArray {
    /// Where the reference to the buffer is, for compiled code.
    pub const BUFFER_OFFSET: usize = std::mem::offset_of!(ByteArray, buffer);
    /// Where in the buffer the bytes begin is kept here, for compiled code.
    pub const START_OFFSET: usize = std::mem::offset_of!(ByteArray, start);
    /// Where the length is, for compiled code.
    pub const LEN_OFFSET: usize = std::mem::offset_of!(ByteArray, len);

    fn with_head(head: NativeHeader) -> ByteArray {
        ByteArray {
            head,
            buffer: GcSlot::empty(),
            start: Cell::new(0),
            len: Cell::new(0),
            exports: Exports::default(),
        }
    }

    /// Number of bytes.
    pub fn len(&self) -> usize {
        self.len.get()
    }

    /// Is it empty?
    pub fn is_empty(&self) -> bool {
        self.len.get() == 0
    }

    /// Sets a byte; the index must be below the length.
    pub fn set(&self, i: usize, b: u8) {
        if let (Some(buffer), true) = (self.buffer.get(), i < self.len()) {
            buffer.write(self.start.get() + i, &[b]);
        }
    }
}

impl ByteArray {
    /// Sets the bytes at `first`, `first + step`, …; those outside are left alone.
    fn set_each(&self, first: usize, step: isize, bytes: &[u8]) {
        let (start, len) = (self.start.get(), self.len());
        if let Some(buffer) = self.buffer.get() {
            buffer.with_bytes_mut(|all| {
                let mut at = first;
                for b in bytes {
                    if at < len
                        && let Some(place) = all.get_mut(start + at)
                    {
                        *place = *b;
                    }
                    at = at.wrapping_add_signed(step);
                }
            });
        }
    }
}

impl Gc<ByteArray> {
    /// The bytes. Nothing that changes the array may run while the slice lives.
    pub fn as_slice(&self) -> &[u8] {
        shared::ByteString::bytes(&**self)
    }
}

impl Thread {
    /// A bytearray with these bytes. Raises MemoryError.
    pub fn new_bytearray(&mut self, bytes: &[u8]) -> Result<Gc<ByteArray>> {
        let head = self.native_header::<ByteArray>(T::ByteArray);
        let a = self.alloc(ByteArray::with_head(head));
        a.splice(self, 0, 0, bytes)?;
        Ok(a)
    }
}

/// bytearray(iterable_of_ints) -> bytearray
/// bytearray(string, encoding[, errors]) -> bytearray
/// bytearray(bytes_or_buffer) -> mutable copy of bytes_or_buffer
/// bytearray(int) -> bytes array of size given by the parameter initialized with null bytes
/// bytearray() -> empty bytes array
///
/// Construct a mutable bytearray object from:
///   - an iterable yielding integers in range(256)
///   - a text string encoded using the specified encoding
///   - a bytes or a buffer object
///   - any object implementing the buffer API.
///   - an integer
#[pytype(
    name = "bytearray",
    flags = BASETYPE | MATCH_SELF,
    more = [&methods::METHODS, &edit::METHODS]
)]
impl ByteArray {
    #[pynew(raw, sig = "(source=b'', encoding='utf-8', errors='strict')")]
    fn new(th: &mut Thread, args: crate::call::Args<'_>) -> Result {
        let class = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
        Ok(th.alloc_native(class, ByteArray::with_head).value())
    }

    #[pyslot]
    fn init(th: &mut Thread, this: Value, args: crate::call::Args<'_>) -> Result<()> {
        let a = th.expect::<ByteArray>(this)?;
        edit::init(th, a, args)
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let a = th.expect::<ByteArray>(this)?;
        let name = th.type_name(this);
        let text = crate::format::repr::repr_bytearray(&name, a.as_slice());
        Ok(th.new_str(&text).value())
    }

    #[pyslot]
    fn str_(th: &mut Thread, this: Value) -> Result {
        if th.vm().config.bytes_warning > 0 {
            crate::exceptions::warn(
                th,
                crate::types::ExceptionClass::BytesWarning,
                "str() on a bytearray instance",
                1,
            )?;
        }
        ByteArray::repr(th, this)
    }

    #[pyslot]
    fn slot_len(th: &mut Thread, this: Value) -> Result<usize> {
        Ok(th.expect::<ByteArray>(this)?.len())
    }

    #[pyslot]
    fn iter(th: &mut Thread, this: Value) -> Result {
        let a = th.expect::<ByteArray>(this)?;
        let head = th.native_header::<ByteArrayIterator>(T::ByteArrayIterator);
        let it = th.alloc(ByteArrayIterator {
            head,
            array: GcSlot::new(a),
            index: Cell::new(0),
        });
        Ok(it.value())
    }

    #[pyslot]
    fn getitem(th: &mut Thread, this: Value, key: Value) -> Result {
        let a = th.expect::<ByteArray>(this)?;
        if let Some(s) = key.downcast::<Slice>() {
            return Ok(sliced(th, a, s)?.value());
        }
        byte_at(th, a.as_slice(), key, "bytearray")
    }

    #[pyslot]
    fn setitem(th: &mut Thread, this: Value, key: Value, v: Option<Value>) -> Result<()> {
        let a = th.expect::<ByteArray>(this)?;
        edit::set_item(th, a, key, v)
    }

    #[pyslot]
    fn contains(th: &mut Thread, this: Value, v: Value) -> Result<bool> {
        let a = th.expect::<ByteArray>(this)?;
        shared::contains(th, a, v)
    }

    #[pyslot]
    fn concat(th: &mut Thread, this: Value, other: Value) -> Result {
        let a = th.expect::<ByteArray>(this)?;
        if !th.supports_buffer(other) {
            let got = th.type_name(other);
            return Err(th.type_error(format!("can't concat {got} to bytearray")));
        }
        let b = th.byte_arg(other)?;
        let mut out = a.as_slice().to_vec();
        out.extend_from_slice(&b);
        Ok(th.new_bytearray(&out)?.value())
    }

    #[pyslot]
    fn inplace_concat(th: &mut Thread, this: Value, other: Value) -> Result {
        let a = th.expect::<ByteArray>(this)?;
        if !th.supports_buffer(other) {
            let got = th.type_name(other);
            return Err(th.type_error(format!("can't concat {got} to bytearray")));
        }
        let b = th.byte_arg(other)?;
        let n = a.len();
        a.splice(th, n, n, &b)?;
        Ok(this)
    }

    #[pyslot]
    fn repeat(th: &mut Thread, this: Value, n: isize) -> Result {
        let a = th.expect::<ByteArray>(this)?;
        let out = repeated(th, a.as_slice(), n)?;
        Ok(th.new_bytearray(&out)?.value())
    }

    #[pyslot]
    fn inplace_repeat(th: &mut Thread, this: Value, n: isize) -> Result {
        let a = th.expect::<ByteArray>(this)?;
        let out = repeated(th, a.as_slice(), n)?;
        let len = a.len();
        a.splice(th, 0, len, &out)?;
        Ok(this)
    }

    #[pyslot]
    fn remainder(th: &mut Thread, this: Value, values: Value) -> Result {
        let Some(a) = this.downcast::<ByteArray>() else {
            return Ok(th.not_implemented());
        };
        let template = a.as_slice().to_vec();
        let out = percent::format(th, &template, values)?;
        Ok(th.new_bytearray(&out)?.value())
    }

    #[pyslot]
    fn richcompare(th: &mut Thread, this: Value, other: Value, op: CompareOp) -> Result {
        match this.downcast::<ByteArray>() {
            Some(a) => {
                let bytes = a.as_slice().to_vec();
                compare(th, &bytes, other, op)
            }
            None => Ok(th.not_implemented()),
        }
    }

    #[pyslot]
    fn buffer(th: &mut Thread, this: Value, _: u32) -> Result<BufferView> {
        let a = th.expect::<ByteArray>(this)?;
        let buffer = a.storage(th)?;
        Ok(BufferView {
            owner: this,
            source: BufferSource::Raw(buffer),
            offset: a.start.get(),
            len: a.len(),
            readonly: false,
            itemsize: 1,
            format: "B",
            guard: Some(a.exports.guard()),
        })
    }
}

#[pytype(name = "bytearray_iterator", table = BYTEARRAY_ITERATOR_TYPE)]
impl ByteArrayIterator {
    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn next(_: &mut Thread, this: Value) -> Result<Option<Value>> {
        let Some(it) = this.downcast::<ByteArrayIterator>() else {
            return Ok(None);
        };
        let Some(a) = it.array.get() else {
            return Ok(None);
        };
        let i = it.index.get();
        match a.as_slice().get(i) {
            Some(b) => {
                it.index.set(i + 1);
                Ok(Some(Value::small(i32::from(*b))))
            }
            None => {
                it.array.clear();
                Ok(None)
            }
        }
    }

    #[pymethod]
    fn __length_hint__(_: &mut Thread, this: Gc<ByteArrayIterator>) -> usize {
        this.array
            .get()
            .map_or(0, |b| b.len().saturating_sub(this.index.get()))
    }
}

/// An optional str argument of the constructor. Raises TypeError.
pub(crate) fn text_argument(
    th: &mut Thread,
    v: Option<Value>,
    name: &str,
) -> Result<Option<Gc<Str>>> {
    match v {
        None => Ok(None),
        Some(v) => match v.downcast::<Str>() {
            Some(s) => Ok(Some(s)),
            None => {
                let got = th.type_name_for_error(v);
                Err(th.type_error(format!(
                    "bytearray() argument '{name}' must be str, not {got}"
                )))
            }
        },
    }
}

/// The class, for methods that return new instances.
pub(crate) fn class_of(th: &Thread, a: Gc<ByteArray>) -> Gc<Type> {
    th.class_of(a.value())
}
