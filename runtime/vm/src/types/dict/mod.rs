//! `dict`: an insertion-ordered hash table, safe against keys whose comparison changes it.

pub mod methods;
pub mod order;
pub mod proxy;
pub mod reverse;
pub mod update;
pub mod views;

use std::cell::Cell;

use crate::Thread;
use crate::machine::assumptions;
use crate::object::dict_storage::{DictTable, Entry};
use crate::object::gc::Heap;
use crate::object::{
    Gc, GcSlot, Header, HeapObject, Kind, Raised, Result, Tracer, Value, ValueVec,
};
use crate::types::T;
use crate::types::str_::Str;

pub use methods::TYPE;

/// A dict.
#[repr(C)]
pub struct Dict {
    head: Header,
    table: GcSlot<DictTable>,
    live: Cell<usize>,
    /// Identifies the set of keys and where they sit; 0: nobody asked since it last changed.
    /// Inline caches of globals rely on it; replacing a value does not change it.
    pub keys_version: Cell<u32>,
    /// Counts changes of the set of keys and their order; kept by `OrderedDict` alone.
    changes: Cell<u32>,
}

// SAFETY: repr(C), header first; the storage is reported.
#[allow(unsafe_code)]
unsafe impl HeapObject for Dict {
    const KIND: Kind = Kind::Dict;
    fn trace(&self, t: &mut Tracer) {
        t.gc_slot(&self.table);
    }
}

impl super::Named for Dict {
    const NAME: &'static str = "dict";
}

/// Is it a small int or an exact string, whose comparison runs no Python code?
#[inline(always)]
fn is_simple_key(key: Value) -> bool {
    key.is_int() || key.header().is_some_and(|h| h.shape() == T::Str.shape())
}

impl Dict {
    /// Where the number of entries is, for compiled code.
    pub const LIVE_OFFSET: usize = std::mem::offset_of!(Dict, live);

    /// A dict's payload for a new cell.
    pub fn payload(head: Header) -> Dict {
        Dict {
            head,
            table: GcSlot::empty(),
            live: Cell::new(0),
            keys_version: Cell::new(0),
            changes: Cell::new(0),
        }
    }

    /// Number of entries.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.live.get()
    }

    /// Is it empty?
    pub fn is_empty(&self) -> bool {
        self.live.get() == 0
    }

    /// The storage.
    #[inline(always)]
    pub fn table(&self) -> Option<Gc<DictTable>> {
        self.table.get()
    }

    /// The version of the set of keys, given out if there is none; 0 when they have run out.
    pub fn ensure_keys_version(&self, th: &Thread) -> u32 {
        let v = self.keys_version.get();
        if v != 0 {
            return v;
        }
        let next = th.vm().next_keys_version.get();
        if next == u32::MAX {
            return 0;
        }
        th.vm().next_keys_version.set(next + 1);
        self.keys_version.set(next);
        next
    }

    /// The number of the entry of a string key, without Python code.
    #[inline(always)]
    pub fn find_str(&self, name: Gc<Str>) -> Option<u32> {
        let t = self.table.get()?;
        match name.known_hash() {
            0 => self.find_unhashed(name),
            hash => t.find_str(hash, name),
        }
    }

    /// As [`Dict::find_str`], for a string that was never hashed: by its text.
    #[cold]
    fn find_unhashed(&self, name: Gc<Str>) -> Option<u32> {
        let t = self.table.get()?;
        (0..t.fill() as u32).find(|i| {
            t.entry(*i)
                .and_then(|e| e.key.downcast::<Str>())
                .is_some_and(|k| k.same_text(&name))
        })
    }

    /// The value of a string key.
    #[inline(always)]
    pub fn get_str(&self, name: Gc<Str>) -> Option<Value> {
        let t = self.table.get()?;
        t.entry(self.find_str(name)?).map(|e| e.value)
    }

    /// The number of a key's entry. Raises what `__hash__` and `__eq__` raise.
    #[inline]
    pub fn find(&self, th: &mut Thread, key: Value) -> Result<Option<u32>> {
        let hash = th.hash_key(key)?;
        self.find_hashed(th, key, hash)
    }

    /// As [`Dict::find`], with the hash known.
    #[inline]
    pub fn find_hashed(&self, th: &mut Thread, key: Value, hash: i64) -> Result<Option<u32>> {
        if is_simple_key(key) {
            let Some(t) = self.table.get() else {
                return Ok(None);
            };
            if let Ok(found) = t.find_simple(hash, key) {
                return Ok(found);
            }
        }
        self.find_general(th, key, hash)
    }

    fn find_general(&self, th: &mut Thread, key: Value, hash: i64) -> Result<Option<u32>> {
        'again: loop {
            let Some(t) = self.table.get() else {
                return Ok(None);
            };
            let mut c = t.probe(hash);
            while let Some((i, e)) = t.next_candidate(&mut c, hash) {
                if e.key.is(key) {
                    return Ok(Some(i));
                }
                if e.key.is_int() && key.is_int() {
                    continue;
                }
                let equal = th.equal(e.key, key)?;
                // The comparison may have run Python code that changed the dict.
                let same = self.table.get().is_some_and(|u| u.is(t))
                    && t.entry(i).is_some_and(|f| f.key.is(e.key));
                if !same {
                    continue 'again;
                }
                if equal {
                    return Ok(Some(i));
                }
            }
            return Ok(None);
        }
    }

    /// The value of a key.
    #[inline]
    pub fn get(&self, th: &mut Thread, key: Value) -> Result<Option<Value>> {
        Ok(match self.find(th, key)? {
            Some(i) => self.table.get().and_then(|t| t.entry(i)).map(|e| e.value),
            None => None,
        })
    }

    /// The value of a key whose hash is known.
    #[inline]
    pub fn get_hashed(&self, th: &mut Thread, key: Value, hash: i64) -> Result<Option<Value>> {
        Ok(match self.find_hashed(th, key, hash)? {
            Some(i) => self.table.get().and_then(|t| t.entry(i)).map(|e| e.value),
            None => None,
        })
    }

    /// Adds or replaces.
    #[inline]
    pub fn set(&self, th: &mut Thread, key: Value, v: Value) -> Result<()> {
        let hash = th.hash_key(key)?;
        if is_simple_key(key)
            && let Some(t) = self.table.get()
            && let Ok(found) = t.find_simple(hash, key)
        {
            return match found {
                Some(i) => {
                    self.note_change(th, key);
                    t.set_value(i, v);
                    Ok(())
                }
                None if self.insert_new(th, key, hash, v) => Ok(()),
                None => Err(th.memory_error()),
            };
        }
        self.set_hashed(th, key, hash, v)
    }

    /// As [`Dict::set`], with the hash known.
    #[inline]
    pub fn set_hashed(&self, th: &mut Thread, key: Value, hash: i64, v: Value) -> Result<()> {
        if let Some(i) = self.find_hashed(th, key, hash)?
            && let Some(t) = self.table.get()
        {
            self.note_change(th, key);
            t.set_value(i, v);
            return Ok(());
        }
        if self.insert_new(th, key, hash, v) {
            Ok(())
        } else {
            Err(th.memory_error())
        }
    }

    /// Adds or replaces under a string key, without Python code.
    pub fn set_str(&self, th: &mut Thread, name: Gc<Str>, v: Value) {
        let hash = name.hash(th);
        if let Some(t) = self.table.get()
            && let Some(i) = t.find_str(hash, name)
        {
            self.note_change(th, name.value());
            t.set_value(i, v);
            return;
        }
        if !self.insert_new(th, name.value(), hash, v) {
            th.request_memory_error();
        }
    }

    /// Tells those who rely on a watched namespace that a name is given a value.
    #[inline(always)]
    pub fn note_change(&self, th: &Thread, key: Value) {
        if assumptions::is_watched(&self.head) {
            th.vm().assumptions.name_changed(self, key);
        }
    }

    /// Appends an entry whose key is not there.
    pub(crate) fn insert_new(&self, th: &mut Thread, key: Value, hash: i64, v: Value) -> bool {
        let table = match self.table.get() {
            Some(t) if t.fill() < t.capacity() => t,
            _ => match self.grow(th, 1) {
                Some(t) => t,
                None => return false,
            },
        };
        self.note_change(th, key);
        table.push(hash, key, v);
        self.live.set(self.live.get() + 1);
        self.keys_version.set(0);
        true
    }

    /// Makes room for entries that are about to be added.
    pub(crate) fn make_room(&self, th: &mut Thread, extra: usize) {
        let room = self.table.get().map_or(0, |t| t.capacity() - t.fill());
        if room < extra && self.grow(th, extra).is_none() {
            th.request_memory_error();
        }
    }

    /// Makes room for `extra` more entries and closes holes.
    #[cold]
    fn grow(&self, th: &mut Thread, extra: usize) -> Option<Gc<DictTable>> {
        let live = self.live.get();
        let want = if live < 5 && extra <= 1 {
            5
        } else {
            (live + extra).max(live * 2)
        };
        let new = DictTable::new(th.heap(), want)?;
        if let Some(old) = self.table.get() {
            for i in 0..old.fill() as u32 {
                if let Some(e) = old.entry(i) {
                    new.push(e.hash, e.key, e.value);
                }
            }
        }
        self.table.set(&self.head, new);
        self.keys_version.set(0);
        Some(new)
    }

    /// Removes a key; its value if it was there.
    pub fn remove(&self, th: &mut Thread, key: Value) -> Result<Option<Value>> {
        Ok(match self.find(th, key)? {
            Some(i) => self.remove_at(i).map(|e| e.value),
            None => None,
        })
    }

    /// Removes a string key; its value if it was there.
    pub fn remove_str(&self, name: Gc<Str>) -> Option<Value> {
        let i = self.find_str(name)?;
        self.remove_at(i).map(|e| e.value)
    }

    /// Removes an entry by number.
    pub fn remove_at(&self, i: u32) -> Option<Entry> {
        let t = self.table.get()?;
        let e = t.entry(i)?;
        if assumptions::is_watched(&self.head)
            && let Some(a) = Heap::assumptions_of(&self.head)
        {
            a.name_changed(self, e.key);
        }
        t.remove(i);
        self.live.set(self.live.get() - 1);
        self.keys_version.set(0);
        Some(e)
    }

    /// Removes everything.
    pub fn clear(&self) {
        if assumptions::is_watched(&self.head)
            && let Some(a) = Heap::assumptions_of(&self.head)
        {
            a.namespace_changed(self);
        }
        self.table.clear();
        self.live.set(0);
        self.keys_version.set(0);
    }

    /// The first entry at or after number `i`: the number after it, key, value.
    #[inline]
    pub fn entry_from(&self, i: usize) -> Option<(usize, Value, Value)> {
        let (i, k, v) = self.table.get()?.entry_at_or_after(i as u32)?;
        Some((i as usize + 1, k, v))
    }

    /// Entries in use, holes included.
    pub fn fill(&self) -> usize {
        self.table.get().map_or(0, |t| t.fill())
    }

    /// The last entry before number `i`: its number, key, value.
    pub fn entry_before(&self, i: usize) -> Option<(usize, Value, Value)> {
        let t = self.table.get()?;
        let mut i = i.min(t.fill());
        while i > 0 {
            i -= 1;
            if let Some(e) = t.entry(i as u32) {
                return Some((i, e.key, e.value));
            }
        }
        None
    }

    /// Adds all entries of another dict; hashes are not computed again.
    pub fn update_from(&self, th: &mut Thread, other: Gc<Dict>) -> Result<()> {
        let mut i = 0u32;
        while let Some(t) = other.table.get() {
            if i as usize >= t.fill() {
                break;
            }
            if let Some(e) = t.entry(i) {
                self.set_hashed(th, e.key, e.hash, e.value)?;
            }
            i += 1;
        }
        Ok(())
    }
}

impl Str {
    /// The hash of a string whose hash was computed before (interned strings'); computing it here
    /// is impossible without the interpreter's key, so others must be hashed first.
    #[inline(always)]
    pub fn known_hash(&self) -> i64 {
        self.hash_field()
    }
}

impl Thread {
    /// The hash of a dict's key. Raises TypeError that says so for unhashable keys.
    #[inline]
    pub fn hash_key(&mut self, key: Value) -> Result<i64> {
        match self.hash(key) {
            Ok(h) => Ok(h),
            Err(e) => Err(self.unhashable_in(e, key, "dict key")),
        }
    }

    /// Rewords the pending TypeError of an unhashable key or element; others stay as they are.
    #[cold]
    pub(crate) fn unhashable_in(&mut self, raised: Raised, v: Value, role: &str) -> Raised {
        let Some(e) = self.pending_exception() else {
            return raised;
        };
        let exact = self
            .vm()
            .exception_class(crate::types::ExceptionClass::TypeError);
        if !self.class_of(e).is(exact) {
            return raised;
        }
        self.clear_pending();
        let class = self.class_of(v);
        let (class, why) = (self.full_name(class), self.str_lossy(e));
        self.type_error(format!("cannot use '{class}' as a {role} ({why})"))
    }

    /// An empty dict.
    #[inline]
    pub fn new_dict(&mut self) -> Gc<Dict> {
        self.alloc(Dict::payload(Header::new(Kind::Dict, T::Dict.shape())))
    }

    /// A copy of a dict, as an exact dict.
    pub fn dict_copy(&mut self, d: Gc<Dict>) -> Gc<Dict> {
        let new = self.new_dict();
        if let Some(t) = d.table.get()
            && t.fill() == d.len()
            && t.fill() * 3 >= t.capacity()
        {
            // Dense: copied as it is.
            match t.duplicate(self.heap()) {
                Some(copy) => {
                    new.table.set(&new.head, copy);
                    new.live.set(d.len());
                }
                None => self.request_memory_error(),
            }
            return new;
        }
        if !d.is_empty() && new.grow(self, d.len()).is_none() {
            self.request_memory_error();
            return new;
        }
        if let (Some(from), Some(to)) = (d.table.get(), new.table.get()) {
            for i in 0..from.fill() as u32 {
                if let Some(e) = from.entry(i) {
                    to.push(e.hash, e.key, e.value);
                }
            }
            new.live.set(d.live.get());
        }
        new
    }

    /// Keys and values, alternating.
    pub fn dict_items_vec(&mut self, d: Gc<Dict>) -> Result<ValueVec> {
        let out = ValueVec::new();
        let mut i = 0;
        while let Some((next, k, v)) = d.entry_from(i) {
            self.push_all(&out, &[k, v])?;
            i = next;
        }
        Ok(out)
    }
}
