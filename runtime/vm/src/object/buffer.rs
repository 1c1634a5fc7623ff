//! Heap cells that hold raw storage, and the growable vector of values built on them.

use std::cell::Cell;

use super::gc::{Heap, barrier};
use super::header::Header;
use super::kind::Kind;
use super::pointer::{Gc, HeapObject};
use super::shape::ShapeId;
use super::trace::Tracer;
use super::value::Value;

/// An array of value words in the heap; unused words are zero.
#[repr(C)]
pub struct ValueBuffer {
    header: Header,
    capacity: Cell<usize>,
    words: [Cell<u64>; 0],
}

// SAFETY: header first, repr(C), and trace reports every word.
unsafe impl HeapObject for ValueBuffer {
    const KIND: Kind = Kind::Values;
    fn trace(&self, tracer: &mut Tracer) {
        // SAFETY: all words are within the cell, and zero or values.
        unsafe { tracer.words(self.data(), self.capacity.get()) }
    }
}

impl ValueBuffer {
    /// Where the words begin, for compiled code.
    pub const DATA_OFFSET: usize = std::mem::offset_of!(ValueBuffer, words);
    /// Where the capacity is, for compiled code.
    pub const CAPACITY_OFFSET: usize = std::mem::offset_of!(ValueBuffer, capacity);

    /// A new buffer; None when memory (or `-X max-heap`) is exhausted.
    #[inline]
    pub fn new(heap: &mut Heap, capacity: usize) -> Option<Gc<ValueBuffer>> {
        let size = capacity
            .checked_mul(8)?
            .checked_add(size_of::<ValueBuffer>())?;
        let p = heap.try_allocate(size)? as *mut ValueBuffer;
        // SAFETY: the cell is fresh, zeroed and large enough.
        unsafe {
            (&raw mut (*p).capacity).write(Cell::new(capacity));
            (&raw mut (*p).header).write(Header::new(Kind::Values, ShapeId::INTERNAL));
            Some(Gc::from_raw(p))
        }
    }

    /// Makes room for at least `capacity` words without moving, if that is possible.
    #[inline]
    pub fn grow_in_place(&self, heap: &mut Heap, capacity: usize) -> bool {
        let cell = self as *const ValueBuffer as *const u8;
        let Some(size) = capacity
            .checked_mul(8)
            .and_then(|n| n.checked_add(size_of::<ValueBuffer>()))
        else {
            return false;
        };
        if !heap.grow_in_place(cell, size) {
            return false;
        }
        self.capacity
            .set((heap.usable_size(cell) - size_of::<ValueBuffer>()) / 8);
        true
    }

    /// Number of words.
    #[inline(always)]
    pub fn capacity(&self) -> usize {
        self.capacity.get()
    }

    #[inline(always)]
    fn word(&self, i: usize) -> &Cell<u64> {
        assert!(i < self.capacity());
        // SAFETY: the index is within the cell, checked above.
        unsafe { &*self.words.as_ptr().add(i) }
    }

    /// The value at an index; None when the word is empty.
    #[inline(always)]
    pub fn get(&self, i: usize) -> Option<Value> {
        Value::from_bits(self.word(i).get())
    }

    /// Stores a value at an index.
    #[inline(always)]
    pub fn set(&self, i: usize, v: Value) {
        self.word(i).set(v.bits());
        barrier::write(&self.header, v);
    }

    /// Empties a word.
    #[inline(always)]
    pub fn clear(&self, i: usize) {
        self.word(i).set(0);
    }

    /// The first `len` words as values. They must all have been set.
    #[inline(always)]
    pub fn as_slice(&self, len: usize) -> &[Value] {
        assert!(len <= self.capacity());
        debug_assert!((0..len).all(|i| self.word(i).get() != 0));
        // SAFETY: within the cell; Value and Cell<u64> have one layout; the owner keeps words
        // below `len` non-zero. Code that can change the buffer must not run while the slice lives.
        unsafe { std::slice::from_raw_parts(self.words.as_ptr() as *const Value, len) }
    }

    /// Moves `count` words from index `from` to index `to` (ranges may overlap).
    #[inline]
    pub fn copy_within(&self, from: usize, to: usize, count: usize) {
        assert!(from + count <= self.capacity() && to + count <= self.capacity());
        // SAFETY: both ranges are within the cell.
        unsafe {
            let p = self.words.as_ptr() as *mut u64;
            std::ptr::copy(p.add(from), p.add(to), count);
        }
    }

    /// Copies values in at an index.
    #[inline]
    pub fn copy_from(&self, at: usize, values: &[Value]) {
        assert!(at + values.len() <= self.capacity());
        // SAFETY: the range is within the cell; the source may overlap it.
        unsafe {
            let p = self.words.as_ptr() as *mut Value;
            std::ptr::copy(values.as_ptr(), p.add(at), values.len());
        }
        barrier::write_many(&self.header);
    }

    /// Empties words `from..to`.
    #[inline]
    pub fn clear_range(&self, from: usize, to: usize) {
        for i in from..to {
            self.clear(i);
        }
    }

    /// Address of the first word, for compiled code and the interpreter.
    #[inline(always)]
    pub fn data(&self) -> *const u64 {
        self.words.as_ptr() as *const u64
    }

    /// The cell's header.
    #[inline(always)]
    pub fn header(&self) -> &Header {
        &self.header
    }
}

/// A fixed-capacity array of bytes in the heap, without pointers.
#[repr(C)]
pub struct RawBuffer {
    header: Header,
    capacity: usize,
    /// For the owner's use (for example how much of it is filled).
    pub used: Cell<usize>,
    bytes: [Cell<u8>; 0],
}

impl RawBuffer {
    /// Offset of the first byte.
    pub const DATA_OFFSET: usize = std::mem::offset_of!(RawBuffer, bytes);
}

// SAFETY: header first, repr(C); there are no pointers.
unsafe impl HeapObject for RawBuffer {
    const KIND: Kind = Kind::RawBuffer;
    fn trace(&self, _: &mut Tracer) {}
}

impl RawBuffer {
    /// A new zeroed buffer; None when memory is exhausted.
    pub fn new(heap: &mut Heap, capacity: usize) -> Option<Gc<RawBuffer>> {
        let size = capacity.checked_add(size_of::<RawBuffer>())?;
        let p = heap.try_allocate(size)? as *mut RawBuffer;
        // SAFETY: the cell is fresh, zeroed and large enough.
        unsafe {
            (&raw mut (*p).capacity).write(capacity);
            (&raw mut (*p).header).write(Header::new(Kind::RawBuffer, ShapeId::INTERNAL));
            Some(Gc::from_raw(p))
        }
    }

    /// A new buffer whose bytes may be anything until its owner has written them; None when memory
    /// is exhausted.
    pub fn to_fill(heap: &mut Heap, capacity: usize) -> Option<Gc<RawBuffer>> {
        let size = capacity.checked_add(size_of::<RawBuffer>())?;
        let p = heap.try_allocate_leaf(size)? as *mut RawBuffer;
        // SAFETY: the cell is fresh and large enough; what is in front of the bytes is zero.
        unsafe {
            (&raw mut (*p).capacity).write(capacity);
            (&raw mut (*p).header).write(Header::new(Kind::RawBuffer, ShapeId::INTERNAL));
            Some(Gc::from_raw(p))
        }
    }

    /// Number of bytes.
    #[inline(always)]
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// All bytes. No code that writes to the buffer may run while the slice lives.
    #[inline(always)]
    pub fn as_slice(&self) -> &[u8] {
        // SAFETY: within the cell.
        unsafe { std::slice::from_raw_parts(self.bytes.as_ptr() as *const u8, self.capacity) }
    }

    /// Copies bytes in at an offset.
    #[inline]
    pub fn write(&self, at: usize, data: &[u8]) {
        assert!(
            at.checked_add(data.len())
                .is_some_and(|end| end <= self.capacity)
        );
        // SAFETY: within the cell; the source may overlap it.
        unsafe {
            std::ptr::copy(
                data.as_ptr(),
                (self.bytes.as_ptr() as *mut u8).add(at),
                data.len(),
            )
        }
    }

    /// Moves bytes within the buffer.
    #[inline]
    pub fn copy_within(&self, from: usize, to: usize, count: usize) {
        assert!(
            from.max(to)
                .checked_add(count)
                .is_some_and(|end| end <= self.capacity)
        );
        // SAFETY: both ranges are within the cell.
        unsafe {
            let p = self.bytes.as_ptr() as *mut u8;
            std::ptr::copy(p.add(from), p.add(to), count);
        }
    }

    /// Calls `f` with the bytes for writing. `f` must not reach this buffer in another way.
    #[inline]
    pub fn with_bytes_mut<R>(&self, f: impl FnOnce(&mut [u8]) -> R) -> R {
        f(
            // SAFETY: within the cell; the heap is single-threaded under the interpreter lock and `f`
            // gets the only reference for its duration.
            unsafe {
                std::slice::from_raw_parts_mut(self.bytes.as_ptr() as *mut u8, self.capacity)
            },
        )
    }

    /// Address of the first byte.
    #[inline(always)]
    pub fn data(&self) -> *const u8 {
        self.bytes.as_ptr() as *const u8
    }
}

/// A growable vector of values whose storage the collector sees.
///
/// Lives on the Rust stack (or in a heap cell that traces it); a `Vec<Value>` must never be used
/// in its place. Growth beyond the memory limit is reported by the `try_` forms.
#[derive(Default)]
pub struct ValueVec {
    buffer: Cell<Option<Gc<ValueBuffer>>>,
    len: Cell<usize>,
}

impl ValueVec {
    /// Where the buffer is, for compiled code.
    pub const BUFFER_OFFSET: usize = std::mem::offset_of!(ValueVec, buffer);
    /// Where the length is, for compiled code.
    pub const LEN_OFFSET: usize = std::mem::offset_of!(ValueVec, len);

    /// An empty vector; allocates nothing.
    pub const fn new() -> ValueVec {
        ValueVec {
            buffer: Cell::new(None),
            len: Cell::new(0),
        }
    }

    /// An empty vector with room for `n` values.
    pub fn with_capacity(heap: &mut Heap, n: usize) -> Option<ValueVec> {
        Some(ValueVec {
            buffer: Cell::new(if n == 0 {
                None
            } else {
                Some(ValueBuffer::new(heap, n)?)
            }),
            len: Cell::new(0),
        })
    }

    /// Number of values.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.len.get()
    }

    /// Is it empty?
    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.len.get() == 0
    }

    /// The values. Nothing that changes the vector may run while the slice lives.
    #[inline(always)]
    pub fn as_slice(&self) -> &[Value] {
        match self.buffer.get() {
            // SAFETY: the buffer is kept alive by this vector; `len` words are set.
            Some(b) => unsafe { &*(b.as_slice(self.len.get()) as *const [Value]) },
            None => &[],
        }
    }

    /// The value at an index.
    #[inline(always)]
    pub fn get(&self, i: usize) -> Option<Value> {
        if i < self.len.get() {
            let b = self.buffer.get()?;
            debug_assert!(i < b.capacity());
            // SAFETY: the length never exceeds the buffer's capacity.
            Value::from_bits(unsafe { (*b.words.as_ptr().add(i)).get() })
        } else {
            None
        }
    }

    /// Replaces `from..to` (within the length) by values that are not this vector's own; false
    /// when memory is exhausted. `owner` as for [`ValueVec::try_push`].
    pub fn try_splice(
        &self,
        heap: &mut Heap,
        owner: Option<&Header>,
        from: usize,
        to: usize,
        values: &[Value],
    ) -> bool {
        let len = self.len.get();
        assert!(from <= to && to <= len);
        let (old, new) = (to - from, values.len());
        if new > old && !self.try_reserve(heap, owner, new - old) {
            return false;
        }
        let Some(b) = self.buffer.get() else {
            return true;
        };
        if new != old {
            b.copy_within(to, from + new, len - to);
        }
        if !values.is_empty() {
            b.copy_from(from, values);
        }
        if new < old {
            b.clear_range(len + new - old, len);
        }
        self.len.set(len + new - old);
        true
    }

    /// A vector of these values, without room for more; None when memory is exhausted.
    pub fn copied(heap: &mut Heap, values: &[Value]) -> Option<ValueVec> {
        let vec = ValueVec::with_capacity(heap, values.len())?;
        if let Some(b) = vec.buffer.get() {
            b.copy_from(0, values);
            vec.len.set(values.len());
        }
        Some(vec)
    }

    /// A vector of the values that an iterator with exactly `n` of them gives; None when memory
    /// is exhausted. The iterator must not run Python code.
    pub fn from_exact(
        heap: &mut Heap,
        n: usize,
        values: impl Iterator<Item = Value>,
    ) -> Option<ValueVec> {
        let vec = ValueVec::with_capacity(heap, n)?;
        if let Some(b) = vec.buffer.get() {
            let mut len = 0;
            for v in values.take(n) {
                // SAFETY: below `n`, which is the capacity at least. The buffer is new, so the
                // barrier has nothing to do.
                unsafe { (*b.words.as_ptr().add(len)).set(v.bits()) };
                len += 1;
            }
            vec.len.set(len);
        }
        Some(vec)
    }

    /// Appends; false when memory is exhausted. `owner` is the header of the heap object this
    /// vector is a field of, if it is one.
    #[inline]
    pub fn try_push(&self, heap: &mut Heap, owner: Option<&Header>, v: Value) -> bool {
        let len = self.len.get();
        if let Some(b) = self.buffer.get()
            && len < b.capacity()
        {
            // SAFETY: below the capacity.
            unsafe { (*b.words.as_ptr().add(len)).set(v.bits()) };
            barrier::write(&b.header, v);
            self.len.set(len + 1);
            return true;
        }
        if !self.try_reserve(heap, owner, 1) {
            return false;
        }
        self.try_push(heap, owner, v)
    }

    /// Makes room for `extra` more values; false when memory is exhausted.
    #[cold]
    pub fn try_reserve(&self, heap: &mut Heap, owner: Option<&Header>, extra: usize) -> bool {
        let len = self.len.get();
        let Some(need) = len.checked_add(extra) else {
            return false;
        };
        let old = self.buffer.get();
        if old.is_some_and(|b| b.capacity() >= need) {
            return true;
        }
        let capacity = need.max(len + (len >> 1) + 4);
        if old.is_some_and(|b| b.grow_in_place(heap, need)) {
            return true;
        }
        let Some(new) = ValueBuffer::new(heap, capacity) else {
            return false;
        };
        if let Some(old) = old {
            new.copy_from(0, old.as_slice(len));
        }
        self.set_buffer(owner, new);
        true
    }

    fn set_buffer(&self, owner: Option<&Header>, b: Gc<ValueBuffer>) {
        self.buffer.set(Some(b));
        if let Some(owner) = owner {
            barrier::write(owner, b.value());
        }
    }

    /// Takes the last value off.
    #[inline]
    pub fn pop(&self) -> Option<Value> {
        let len = self.len.get().checked_sub(1)?;
        let v = self.buffer.get()?.get(len);
        self.buffer.get()?.clear(len);
        self.len.set(len);
        v
    }

    /// Stores at an index below the length.
    #[inline(always)]
    pub fn set(&self, i: usize, v: Value) {
        assert!(i < self.len.get());
        if let Some(b) = self.buffer.get() {
            debug_assert!(i < b.capacity());
            // SAFETY: the length never exceeds the buffer's capacity.
            unsafe { (*b.words.as_ptr().add(i)).set(v.bits()) };
            barrier::write(&b.header, v);
        }
    }

    /// Inserts at an index (at most the length); false when memory is exhausted.
    pub fn try_insert(&self, heap: &mut Heap, owner: Option<&Header>, i: usize, v: Value) -> bool {
        let len = self.len.get();
        assert!(i <= len);
        if self.buffer.get().is_none_or(|b| b.capacity() == len)
            && !self.try_reserve(heap, owner, 1)
        {
            return false;
        }
        if let Some(b) = self.buffer.get() {
            b.copy_within(i, i + 1, len - i);
            b.set(i, v);
        }
        self.len.set(len + 1);
        true
    }

    /// Removes `from..to` (within the length).
    pub fn remove_range(&self, from: usize, to: usize) {
        let len = self.len.get();
        assert!(from <= to && to <= len);
        if let Some(b) = self.buffer.get() {
            b.copy_within(to, from, len - to);
            b.clear_range(len - (to - from), len);
        }
        self.len.set(len - (to - from));
    }

    /// Appends all values; false when memory is exhausted. `values` may be this vector's own.
    pub fn try_extend(&self, heap: &mut Heap, owner: Option<&Header>, values: &[Value]) -> bool {
        let len = self.len.get();
        if self
            .buffer
            .get()
            .is_none_or(|b| b.capacity() - len < values.len())
            && !self.try_reserve(heap, owner, values.len())
        {
            return false;
        }
        if let Some(b) = self.buffer.get() {
            b.copy_from(len, values);
        }
        self.len.set(len + values.len());
        true
    }

    /// Shortens to `len` values.
    pub fn truncate(&self, len: usize) {
        let old = self.len.get();
        if len < old {
            if let Some(b) = self.buffer.get() {
                b.clear_range(len, old);
            }
            self.len.set(len);
        }
    }

    /// Empties it and lets the storage go.
    pub fn clear(&self) {
        self.len.set(0);
        self.buffer.set(None);
    }

    /// Exchanges contents with another vector. Owners as for `try_push`.
    pub fn swap(&self, owner: Option<&Header>, other: &ValueVec, other_owner: Option<&Header>) {
        self.buffer.swap(&other.buffer);
        self.len.swap(&other.len);
        if let (Some(o), Some(b)) = (owner, self.buffer.get()) {
            barrier::write(o, b.value());
        }
        if let (Some(o), Some(b)) = (other_owner, other.buffer.get()) {
            barrier::write(o, b.value());
        }
    }

    /// The values for in-place reordering. `f` must not run Python code or reach the vector.
    pub fn with_slice_mut<R>(&self, f: impl FnOnce(&mut [Value]) -> R) -> R {
        match self.buffer.get() {
            Some(b) => {
                // SAFETY: `len` words are set; `f` has the only reference for its duration. Values
                // are only permuted or replaced by ones the barrier is told of below.
                let r = f(unsafe {
                    std::slice::from_raw_parts_mut(b.data() as *mut Value, self.len.get())
                });
                barrier::write_many(b.header());
                r
            }
            None => f(&mut []),
        }
    }

    /// The storage, for the interpreter's fast paths.
    #[inline(always)]
    pub fn buffer(&self) -> Option<Gc<ValueBuffer>> {
        self.buffer.get()
    }

    /// Allocated room.
    pub fn capacity(&self) -> usize {
        self.buffer.get().map_or(0, |b| b.capacity())
    }

    /// Reports the storage; for objects that have the vector as a field.
    pub fn trace(&self, tracer: &mut Tracer) {
        if let Some(b) = self.buffer.get() {
            tracer.pointer(b);
        }
    }
}

impl super::trace::Trace for ValueVec {
    fn trace_into(&self, tracer: &mut Tracer) {
        self.trace(tracer);
    }
}
