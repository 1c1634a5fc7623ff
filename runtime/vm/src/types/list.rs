//! `list`: a growable vector of values.

use crate::Thread;
use crate::object::{Gc, Header, HeapObject, Kind, Result, Tracer, Value, ValueVec};
use crate::pytype;
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

impl super::Named for List {
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
        let l = self.new_list();
        if !l.items.try_extend(self.heap(), Some(l.header()), values) {
            self.request_memory_error();
        }
        l
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

/// Built-in mutable sequence.
#[pytype(name = "list", flags = BASETYPE | SEQUENCE | MATCH_SELF)]
impl List {
    #[pymethod]
    fn append(th: &mut Thread, this: Gc<List>, object: Value) -> Result<()> {
        th.list_append(this, object)
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let t = th.expect::<List>(this)?;
        let mut out = String::from("[");
        let mut i = 0;
        while let Some(v) = t.items.get(i) {
            if i > 0 {
                out.push_str(", ");
            }
            out.push_str(&th.repr(v)?.to_string_lossy());
            i += 1;
        }
        out.push(']');
        Ok(th.new_str(&out).value())
    }

    #[pyslot]
    fn len(th: &mut Thread, this: Value) -> Result<usize> {
        Ok(th.expect::<List>(this)?.items.len())
    }

    #[pyslot]
    fn getitem(th: &mut Thread, this: Value, key: Value) -> Result {
        let t = th.expect::<List>(this)?;
        let i = th.index_i64(key, "cannot fit 'int' into an index-sized integer")?;
        let i = if i < 0 { i + t.items.len() as i64 } else { i };
        match usize::try_from(i).ok().and_then(|i| t.items.get(i)) {
            Some(v) => Ok(v),
            None => Err(th.index_error("list index out of range")),
        }
    }

    #[pyslot]
    fn setitem(th: &mut Thread, this: Value, key: Value, v: Option<Value>) -> Result<()> {
        let t = th.expect::<List>(this)?;
        let i = th.index_i64(key, "cannot fit 'int' into an index-sized integer")?;
        let i = if i < 0 { i + t.items.len() as i64 } else { i };
        match (usize::try_from(i).ok().filter(|i| *i < t.items.len()), v) {
            (Some(i), Some(v)) => t.items.set(i, v),
            (Some(i), None) => t.items.remove_range(i, i + 1),
            _ => return Err(th.index_error("list assignment index out of range")),
        }
        Ok(())
    }

    #[pyslot]
    fn iter(th: &mut Thread, this: Value) -> Result {
        let t = th.expect::<List>(this)?;
        Ok(crate::types::iterators::list_iterator(th, t))
    }
}
