//! `list`: a growable vector of values.
//!
//! `methods` is what Python sees, `slicing` assigns and deletes slices, `sort` sorts.

pub mod methods;
pub mod slicing;
pub mod sort;

pub use methods::TYPE;

use crate::Thread;
use crate::object::{Gc, Header, HeapObject, Kind, Result, Tracer, Value, ValueVec};
use crate::types::T;

/// A list.
#[repr(C)]
pub struct List {
    head: Header,
    /// The items.
    pub items: ValueVec,
}

// SAFETY: repr(C), header first; the storage is reported.
#[allow(unsafe_code)]
unsafe impl HeapObject for List {
    const KIND: Kind = Kind::List;
    fn trace(&self, t: &mut Tracer) {
        self.items.trace(t);
    }
}

impl crate::types::Named for List {
    const NAME: &'static str = "list";
}

impl Thread {
    /// An empty list.
    pub fn new_list(&mut self) -> Gc<List> {
        self.alloc(List {
            head: Header::new(Kind::List, T::List.shape()),
            items: ValueVec::new(),
        })
    }

    /// A list of these values.
    pub fn list_from_slice(&mut self, values: &[Value]) -> Gc<List> {
        match ValueVec::copied(self.heap(), values) {
            Some(items) => self.list_from_vec(items),
            None => {
                self.request_memory_error();
                self.new_list()
            }
        }
    }

    /// A list that takes over a vector's storage.
    pub fn list_from_vec(&mut self, items: ValueVec) -> Gc<List> {
        self.alloc(List {
            head: Header::new(Kind::List, T::List.shape()),
            items,
        })
    }

    /// Appends to a list. Raises MemoryError.
    #[inline]
    pub fn list_append(&mut self, l: Gc<List>, v: Value) -> Result<()> {
        if l.items.try_push(self.heap(), Some(l.header()), v) {
            Ok(())
        } else {
            Err(self.memory_error())
        }
    }
}
