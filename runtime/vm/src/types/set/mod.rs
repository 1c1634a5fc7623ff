//! `set` and `frozenset`, on a dict table whose values are None.
//!
//! Elements come in the order of insertion, which is one of the orders the language allows.

pub mod methods;
pub mod ops;

pub use methods::{FROZEN_TYPE, TYPE};

use crate::Thread;
use crate::object::{
    Gc, GcSlot, Header, HeapObject, Kind, NativeHeader, Result, Tracer, Value, ValueVec,
};
use crate::types::T;
use crate::types::dict::Dict;
use crate::types::type_::Type;
use crate::{NativeObject, pytype};

/// A set or frozenset.
#[repr(C)]
pub struct Set {
    head: Header,
    /// The elements, as keys.
    pub table: GcSlot<Dict>,
    /// Cached hash of a frozenset; 0: not computed.
    pub hash: std::cell::Cell<i64>,
}

// SAFETY: repr(C), header first; the table is reported.
#[allow(unsafe_code)]
unsafe impl HeapObject for Set {
    const KIND: Kind = Kind::Set;
    fn trace(&self, t: &mut Tracer) {
        t.gc_slot(&self.table);
    }
}

impl crate::types::Named for Set {
    const NAME: &'static str = "set";
}

/// Iterator over a set.
#[repr(C)]
#[derive(NativeObject)]
pub struct SetIterator {
    head: NativeHeader,
    set: GcSlot<Set>,
    #[notrace]
    index: std::cell::Cell<usize>,
    #[notrace]
    size: usize,
    #[notrace]
    given: std::cell::Cell<usize>,
}

impl Set {
    /// The elements, as keys of a dict.
    #[inline(always)]
    pub fn elements(&self) -> Gc<Dict> {
        match self.table.get() {
            Some(d) => d,
            None => unreachable!("a set has a table"),
        }
    }

    /// Number of elements.
    pub fn len(&self) -> usize {
        self.elements().len()
    }

    /// Is it empty?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds an element. Raises what `__hash__` and `__eq__` raise.
    pub fn add(&self, th: &mut Thread, v: Value) -> Result<()> {
        let hash = th.hash_element(v)?;
        self.add_hashed(th, v, hash)
    }

    /// As [`Set::add`], with the hash known.
    #[inline]
    pub fn add_hashed(&self, th: &mut Thread, v: Value, hash: i64) -> Result<()> {
        self.elements().add_key(th, v, hash)
    }
}

/// An empty set (or frozenset, or subclass).
pub fn new_of_class(th: &mut Thread, class: Gc<Type>) -> Gc<Set> {
    let d = th.new_dict();
    th.alloc_of_class(class, |head| Set {
        head,
        table: GcSlot::new(d),
        hash: std::cell::Cell::new(0),
    })
}

/// A frozenset of these values.
pub fn frozenset_from(th: &mut Thread, values: &[Value]) -> Result {
    let class = th.vm().ty(T::FrozenSet);
    let s = new_of_class(th, class);
    for v in values {
        s.add(th, *v)?;
    }
    Ok(s.value())
}

/// A set of these values.
pub fn set_from(th: &mut Thread, values: &[Value]) -> Result {
    let class = th.vm().ty(T::Set);
    let s = new_of_class(th, class);
    for v in values {
        s.add(th, *v)?;
    }
    Ok(s.value())
}

fn set_iter(th: &mut Thread, this: Value) -> Result {
    let s = th.expect::<Set>(this)?;
    let head = th.native_header::<SetIterator>(T::SetIterator);
    Ok(th
        .alloc(SetIterator {
            head,
            set: GcSlot::new(s),
            index: std::cell::Cell::new(0),
            size: s.len(),
            given: std::cell::Cell::new(0),
        })
        .value())
}

/// `frozenset`'s methods hang here.
pub struct FrozenSet;

#[pytype(name = "set_iterator", table = ITERATOR_TYPE)]
impl SetIterator {
    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        let Some(it) = this.downcast::<SetIterator>() else {
            return Ok(None);
        };
        let Some(s) = it.set.get() else {
            return Ok(None);
        };
        if s.len() != it.size {
            it.set.clear();
            return Err(th.runtime_error("Set changed size during iteration"));
        }
        match s.elements().entry_from(it.index.get()) {
            Some((next, k, _)) => {
                it.index.set(next);
                it.given.set(it.given.get() + 1);
                Ok(Some(k))
            }
            None => {
                it.set.clear();
                Ok(None)
            }
        }
    }

    #[pymethod]
    fn __length_hint__(_: &mut Thread, this: Gc<SetIterator>) -> usize {
        match this.set.get() {
            Some(s) if s.len() == this.size => this.size.saturating_sub(this.given.get()),
            _ => 0,
        }
    }

    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<SetIterator>) -> Result {
        let out = ValueVec::new();
        let mut i = this.index.get();
        if let Some(s) = this.set.get() {
            while let Some((next, k, _)) = s.elements().entry_from(i) {
                th.push(&out, k)?;
                i = next;
            }
        }
        crate::types::iterators::reduce_items(th, out)
    }
}
