//! `set` and `frozenset`, on a hash table of their own.
//!
//! Elements come in the order in which the table has them, which is CPython's (see [`table`]); so
//! the operations that make sets add elements in CPython's order, too, and resize when it does.

pub mod methods;
pub mod ops;
pub mod table;

pub use methods::{FROZEN_TYPE, TYPE};

use crate::Thread;
use crate::object::{
    Gc, GcSlot, Header, HeapObject, Kind, NativeHeader, Result, Tracer, Value, ValueVec,
};
use crate::types::T;
use crate::types::type_::Type;
use crate::{NativeObject, pytype};
use std::cell::Cell;
use table::{Found, GoOn, SMALLEST, SetTable};

/// A set or frozenset.
#[repr(C)]
pub struct Set {
    head: Header,
    /// The elements; none when nothing has been added yet.
    table: GcSlot<SetTable>,
    /// Number of elements.
    used: Cell<usize>,
    /// Slots of the table that are not free: those of elements and of removed ones.
    fill: Cell<usize>,
    /// Where `pop` looks for the next element.
    finger: Cell<usize>,
    /// Cached hash of a frozenset; 0: not computed.
    pub hash: Cell<i64>,
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
    index: Cell<usize>,
    #[notrace]
    size: usize,
    #[notrace]
    given: Cell<usize>,
}

/// From so many elements on, a table grows to twice the number, not to four times.
const LARGE: usize = 50_000;

impl Set {
    /// A set's payload for a new cell.
    pub fn payload(head: Header) -> Set {
        Set {
            head,
            table: GcSlot::empty(),
            used: Cell::new(0),
            fill: Cell::new(0),
            finger: Cell::new(0),
            hash: Cell::new(0),
        }
    }

    /// Number of elements.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.used.get()
    }

    /// Is it empty?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of slots, less one.
    fn mask(&self) -> usize {
        self.table.get().map_or(SMALLEST - 1, |t| t.mask())
    }

    /// The first element in slot `i` or behind: the number of the slot after it, the element, its
    /// hash.
    #[inline]
    pub fn element_from(&self, i: usize) -> Option<(usize, Value, i64)> {
        let (at, hash, key) = self.table.get()?.element_from(i)?;
        Some((at + 1, key, hash))
    }

    /// Adds an element. Raises what `__hash__` and `__eq__` raise.
    pub fn add(&self, th: &mut Thread, v: Value) -> Result<()> {
        let hash = th.hash_element(v)?;
        self.add_hashed(th, v, hash)
    }

    /// Looks for an element: its slot, or the free one where it would go; None when there is no
    /// table. Raises what `__eq__` raises.
    fn search(&self, th: &mut Thread, v: Value, hash: i64) -> Result<Option<Found>> {
        'again: loop {
            let Some(t) = self.table.get() else {
                return Ok(None);
            };
            let mut probe = t.probe(hash);
            loop {
                let found = t.search(&mut probe, hash, v);
                let Found::Unsure(i) = found else {
                    return Ok(Some(found));
                };
                let Some((_, other)) = t.element(i) else {
                    continue;
                };
                let equal = th.equal(other, v)?;
                // The comparison may have run Python code that changed the set.
                let same = self.table.get().is_some_and(|u| u.is(t))
                    && t.element(i).is_some_and(|(_, k)| k.is(other));
                if !same {
                    continue 'again;
                }
                if equal {
                    return Ok(Some(Found::Element(i)));
                }
            }
        }
    }

    /// The slot of an element. Raises what `__eq__` raises.
    #[inline]
    pub fn find(&self, th: &mut Thread, v: Value, hash: i64) -> Result<Option<usize>> {
        let Some(t) = self.table.get() else {
            return Ok(None);
        };
        if let Ok(found) = t.first_look(hash, v) {
            return Ok(found);
        }
        Ok(match self.search(th, v, hash)? {
            Some(Found::Element(i)) => Some(i),
            _ => None,
        })
    }

    /// As [`Set::find`], but runs no code of others: `Err` when it would have to.
    #[inline]
    fn find_quietly(&self, v: Value, hash: i64) -> std::result::Result<Option<usize>, GoOn> {
        let Some(t) = self.table.get() else {
            return Ok(None);
        };
        if let Ok(found) = t.first_look(hash, v) {
            return Ok(found);
        }
        match t.search(&mut t.probe(hash), hash, v) {
            Found::Element(i) => Ok(Some(i)),
            Found::Unsure(_) => Err(GoOn),
            _ => Ok(None),
        }
    }

    /// As [`Set::add`], with the hash known.
    #[inline]
    pub fn add_hashed(&self, th: &mut Thread, v: Value, hash: i64) -> Result<()> {
        let slot = match self.search(th, v, hash)? {
            Some(Found::Element(_) | Found::Unsure(_)) => return Ok(()),
            Some(Found::Free(i)) => i,
            Some(Found::Removed(i)) => {
                if let Some(t) = self.table.get() {
                    t.put(i, hash, v);
                    self.used.set(self.used.get() + 1);
                }
                return Ok(());
            }
            None => {
                self.resize(th, 0)?;
                hash as usize & self.mask()
            }
        };
        let Some(t) = self.table.get() else {
            return Ok(());
        };
        t.put(slot, hash, v);
        self.note_added(th, t)
    }

    /// Adds an element that is not there to a set from which nothing was removed. Raises MemoryError.
    #[inline]
    fn add_new(&self, th: &mut Thread, v: Value, hash: i64) -> Result<()> {
        if self.table.get().is_none() {
            self.resize(th, 0)?;
        }
        let Some(t) = self.table.get() else {
            return Ok(());
        };
        t.put_new(hash, v);
        self.note_added(th, t)
    }

    /// Counts an element that went into a free slot of the table.
    #[inline(always)]
    fn note_added(&self, th: &mut Thread, t: Gc<SetTable>) -> Result<()> {
        self.fill.set(self.fill.get() + 1);
        self.used.set(self.used.get() + 1);
        if self.fill.get() * 5 < t.mask() * 3 {
            return Ok(());
        }
        self.grow(th)
    }

    #[cold]
    fn grow(&self, th: &mut Thread) -> Result<()> {
        let used = self.used.get();
        self.resize(th, if used > LARGE { used * 2 } else { used * 4 })
    }

    /// Rebuilds the table with more than `least` slots, without marks of removed elements. Raises
    /// MemoryError.
    fn resize(&self, th: &mut Thread, least: usize) -> Result<()> {
        let slots = (least + 1).next_power_of_two().max(SMALLEST);
        let Some(new) = SetTable::new(th.heap(), slots) else {
            return Err(th.memory_error());
        };
        if let Some(old) = self.table.get() {
            let mut i = 0;
            while let Some((at, hash, key)) = old.element_from(i) {
                new.put_new(hash, key);
                i = at + 1;
            }
        }
        self.table.set(&self.head, new);
        self.fill.set(self.used.get());
        Ok(())
    }

    /// Makes room at once for `more` elements that are about to be added, if need be. Raises
    /// MemoryError.
    fn make_room(&self, th: &mut Thread, more: usize) -> Result<()> {
        if (self.fill.get() + more) * 5 >= self.mask() * 3 {
            return self.resize(th, (self.used.get() + more) * 2);
        }
        Ok(())
    }

    /// Adds the elements of another set. Raises what `__eq__` raises, and MemoryError.
    pub fn merge(&self, th: &mut Thread, other: &Set) -> Result<()> {
        let Some(from) = other.table.get().filter(|_| other.used.get() > 0) else {
            return Ok(());
        };
        if std::ptr::eq(self, other) {
            return Ok(());
        }
        self.make_room(th, other.used.get())?;
        if self.fill.get() > 0 {
            let mut i = 0;
            // Comparisons may change the other set.
            while let Some((next, v, hash)) = other.element_from(i) {
                self.add_hashed(th, v, hash)?;
                i = next;
            }
            return Ok(());
        }
        if self.table.get().is_none() {
            self.resize(th, 0)?;
        }
        let Some(to) = self.table.get() else {
            return Ok(());
        };
        if to.mask() == from.mask() && other.fill.get() == other.used.get() {
            to.copy_from(&from);
        } else {
            let mut i = 0;
            while let Some((at, hash, key)) = from.element_from(i) {
                to.put_new(hash, key);
                i = at + 1;
            }
        }
        self.fill.set(other.used.get());
        self.used.set(other.used.get());
        Ok(())
    }

    /// Removes the element of a slot.
    pub fn remove_at(&self, slot: usize) {
        if let Some(t) = self.table.get()
            && slot <= t.mask()
            && t.element(slot).is_some()
        {
            t.remove(slot);
            self.used.set(self.used.get() - 1);
        }
    }

    /// Takes an element out: was it there? Raises what `__eq__` raises.
    pub fn remove_hashed(&self, th: &mut Thread, v: Value, hash: i64) -> Result<bool> {
        let found = self.find(th, v, hash)?;
        if let Some(i) = found {
            self.remove_at(i);
        }
        Ok(found.is_some())
    }

    /// Rebuilds the table when more than a quarter of it are marks of removed elements.
    fn shed_marks(&self, th: &mut Thread) -> Result<()> {
        if self.fill.get() - self.used.get() <= self.mask() / 4 {
            return Ok(());
        }
        self.grow(th)
    }

    /// Takes out the next element: none is left when there is None.
    pub fn pop_next(&self) -> Option<Value> {
        let t = self.table.get().filter(|_| self.used.get() > 0)?;
        let start = self.finger.get() & t.mask();
        let found = t.element_from(start).or_else(|| t.element_from(0));
        let (i, _, key) = found?;
        self.remove_at(i);
        self.finger.set(i + 1);
        Some(key)
    }

    /// Removes everything.
    pub fn reset(&self) {
        self.table.clear();
        self.used.set(0);
        self.fill.set(0);
        self.finger.set(0);
    }

    /// Takes over the elements of another set, which is not used any more.
    pub fn become_like(&self, other: &Set) {
        match other.table.get() {
            Some(t) => self.table.set(&self.head, t),
            None => self.table.clear(),
        }
        self.used.set(other.used.get());
        self.fill.set(other.fill.get());
        self.finger.set(other.finger.get());
        self.hash.set(other.hash.get());
    }
}

/// An empty set (or frozenset, or subclass).
pub fn new_of_class(th: &mut Thread, class: Gc<Type>) -> Gc<Set> {
    th.alloc_of_class(class, Set::payload)
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
            index: Cell::new(0),
            size: s.len(),
            given: Cell::new(0),
        })
        .value())
}

/// The RuntimeError for a set that changed while it was iterated over.
#[cold]
pub(crate) fn changed_size(th: &mut Thread) -> crate::Raised {
    th.runtime_error("Set changed size during iteration")
}

impl SetIterator {
    /// The next element. RuntimeError when the set has changed its size.
    #[inline]
    pub(crate) fn step(&self, th: &mut Thread) -> Result<Option<Value>> {
        let Some(s) = self.set.get() else {
            return Ok(None);
        };
        if s.len() != self.size {
            self.set.clear();
            return Err(changed_size(th));
        }
        match s.element_from(self.index.get()) {
            Some((next, k, _)) => {
                self.index.set(next);
                self.given.set(self.given.get() + 1);
                Ok(Some(k))
            }
            None => {
                self.set.clear();
                Ok(None)
            }
        }
    }
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
        match this.downcast::<SetIterator>() {
            Some(it) => it.step(th),
            None => Ok(None),
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
            while let Some((next, k, _)) = s.element_from(i) {
                th.push(&out, k)?;
                i = next;
            }
        }
        crate::types::iterators::reduce_items(th, out)
    }
}
