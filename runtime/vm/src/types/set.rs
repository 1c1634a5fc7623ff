//! `set` and `frozenset`, on a dict table whose values are None.

use crate::Thread;
use crate::object::{Gc, GcSlot, Header, HeapObject, Kind, NativeHeader, Result, Tracer, Value};
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

impl super::Named for Set {
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
        let none = th.none();
        let hash = th.hash(v)?;
        let d = self.elements();
        if d.find_hashed(th, v, hash)?.is_none() {
            d.set_hashed(th, v, hash, none)?;
        }
        Ok(())
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

fn construct(th: &mut Thread, args: crate::call::Args<'_>) -> Result {
    let class = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
    Ok(new_of_class(th, class).value())
}

fn fill(th: &mut Thread, s: Gc<Set>, iterable: Value) -> Result<()> {
    th.for_each(iterable, |th, v| s.add(th, v))
}

fn set_repr(th: &mut Thread, this: Value) -> Result {
    let s = th.expect::<Set>(this)?;
    let class = th.type_name(this);
    if s.is_empty() {
        return Ok(th.new_str(&format!("{class}()")).value());
    }
    let mut out = String::new();
    let mut i = 0;
    while let Some((next, k, _)) = s.elements().entry_from(i) {
        if !out.is_empty() {
            out.push_str(", ");
        }
        out.push_str(&th.repr(k)?.to_string_lossy());
        i = next;
    }
    let text = if th.is_exact(this, T::Set) {
        format!("{{{out}}}")
    } else {
        format!("{class}({{{out}}})")
    };
    Ok(th.new_str(&text).value())
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
        })
        .value())
}

/// Build an unordered collection of unique elements.
#[pytype(name = "set", flags = BASETYPE | HAS_WEAKREF | MATCH_SELF)]
impl Set {
    #[pynew(raw, sig = "(iterable=(), /)")]
    fn new(th: &mut Thread, args: crate::call::Args<'_>) -> Result {
        construct(th, args)
    }

    #[pyslot]
    fn init(th: &mut Thread, this: Value, args: crate::call::Args<'_>) -> Result<()> {
        let s = th.expect::<Set>(this)?;
        match args.values {
            [] => Ok(()),
            [v] => fill(th, s, *v),
            other => {
                let n = other.len();
                Err(th.type_error(format!("set expected at most 1 argument, got {n}")))
            }
        }
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        set_repr(th, this)
    }

    #[pyslot]
    fn slot_len(th: &mut Thread, this: Value) -> Result<usize> {
        Ok(th.expect::<Set>(this)?.len())
    }

    #[pyslot]
    fn contains(th: &mut Thread, this: Value, v: Value) -> Result<bool> {
        let s = th.expect::<Set>(this)?;
        Ok(s.elements().find(th, v)?.is_some())
    }

    #[pyslot]
    fn iter(th: &mut Thread, this: Value) -> Result {
        set_iter(th, this)
    }
}

/// `frozenset`'s methods hang here.
pub struct FrozenSet;

/// Build an immutable unordered collection of unique elements.
#[pytype(name = "frozenset", payload = Set, flags = BASETYPE | HAS_WEAKREF | MATCH_SELF, table = FROZEN_TYPE)]
impl FrozenSet {
    #[pynew(raw, sig = "(iterable=(), /)")]
    fn new(th: &mut Thread, args: crate::call::Args<'_>) -> Result {
        let s = construct(th, args)?;
        if let (Some(s), Some(v)) = (s.downcast::<Set>(), args.values.get(1)) {
            fill(th, s, *v)?;
        }
        Ok(s)
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        set_repr(th, this)
    }

    #[pyslot]
    fn slot_len(th: &mut Thread, this: Value) -> Result<usize> {
        Ok(th.expect::<Set>(this)?.len())
    }

    #[pyslot]
    fn contains(th: &mut Thread, this: Value, v: Value) -> Result<bool> {
        let s = th.expect::<Set>(this)?;
        Ok(s.elements().find(th, v)?.is_some())
    }

    #[pyslot]
    fn iter(th: &mut Thread, this: Value) -> Result {
        set_iter(th, this)
    }
}

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
                Ok(Some(k))
            }
            None => {
                it.set.clear();
                Ok(None)
            }
        }
    }
}
