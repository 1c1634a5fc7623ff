//! `bytes`: immutable bytes behind the header.

use std::cell::Cell;

use crate::Thread;
use crate::object::{Gc, Header, HeapObject, Kind, Result, Tracer, Value};
use crate::pytype;
use crate::types::T;

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

impl Bytes {
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
    #[allow(unsafe_code)]
    pub fn try_new_bytes(&mut self, bytes: &[u8]) -> Option<Gc<Bytes>> {
        let head = Header::new(Kind::Bytes, T::Bytes.shape());
        let g = self.alloc_variable(
            Bytes {
                head,
                len: bytes.len(),
                hash: Cell::new(0),
                data: [],
            },
            bytes.len(),
        )?;
        // SAFETY: the cell was made with room for the bytes.
        unsafe {
            std::ptr::copy_nonoverlapping(bytes.as_ptr(), g.data.as_ptr() as *mut u8, bytes.len())
        };
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
}

/// bytes(iterable_of_ints) -> bytes
#[pytype(name = "bytes", flags = BASETYPE | MATCH_SELF)]
impl Bytes {
    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let b = th.expect::<Bytes>(this)?;
        Ok(th
            .new_str(&format!("b'{}'", b.as_slice().escape_ascii()))
            .value())
    }

    #[pyslot]
    fn slot_len(th: &mut Thread, this: Value) -> Result<usize> {
        Ok(th.expect::<Bytes>(this)?.len)
    }
}
