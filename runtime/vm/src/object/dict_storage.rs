//! The insertion-ordered hash table beneath `dict` (and class and module namespaces).
//!
//! One heap cell holds a table of entry numbers (one, two or four bytes each, by size) and the
//! entries (hash, key, value) in insertion order. A removed entry leaves a hole (key 0) and a
//! mark in the index. The table itself knows nothing of Python equality: [`DictTable::probe`] is a
//! cursor over candidates with an equal hash, and the dict decides.

use std::cell::Cell;

use super::gc::{Heap, barrier};
use super::header::Header;
use super::kind::Kind;
use super::pointer::{Gc, HeapObject};
use super::shape::ShapeId;
use super::trace::Tracer;
use super::value::Value;
use crate::types::T;
use crate::types::str_::Str;

const EMPTY: u32 = u32::MAX;
const REMOVED: u32 = u32::MAX - 1;

/// The storage of a dict.
#[repr(C)]
pub struct DictTable {
    header: Header,
    /// log2 of the number of index slots.
    bits: u8,
    /// Bytes in an index slot.
    width: u8,
    /// Entries that fit.
    capacity: u32,
    /// Entries in use, holes included.
    fill: Cell<u32>,
    /// Index slots that are not empty: those of entries, and marks of removed ones.
    marked: Cell<u32>,
    /// All entries before this number are holes.
    first: Cell<u32>,
    data: [u64; 0],
}

/// One entry.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Hash of the key.
    pub hash: i64,
    /// The key.
    pub key: Value,
    /// The value.
    pub value: Value,
}

// SAFETY: repr(C), header first; keys and values of all entries are reported.
unsafe impl HeapObject for DictTable {
    const KIND: Kind = Kind::DictTable;
    fn trace(&self, t: &mut Tracer) {
        for i in 0..self.fill.get() {
            if let Some(e) = self.entry(i) {
                t.value(e.key);
                t.value(e.value);
            }
        }
    }
}

#[inline(always)]
fn exact_str(v: Value) -> Option<Gc<Str>> {
    if v.header()?.shape() == T::Str.shape() {
        v.downcast::<Str>()
    } else {
        None
    }
}

/// Why a search did not come to an end: keys must be compared as Python says.
#[derive(Clone, Copy, Debug)]
pub struct NeedsPython;

/// A word of the index.
trait IndexWord: Copy {
    /// An entry's number, [`EMPTY`] or [`REMOVED`].
    fn number(self) -> u32;
}

impl IndexWord for u8 {
    #[inline(always)]
    fn number(self) -> u32 {
        // The marks are the two largest numbers of each width.
        if self >= 0xfe {
            self as i8 as u32
        } else {
            self as u32
        }
    }
}

impl IndexWord for u16 {
    #[inline(always)]
    fn number(self) -> u32 {
        if self >= 0xfffe {
            self as i16 as u32
        } else {
            self as u32
        }
    }
}

impl IndexWord for u32 {
    #[inline(always)]
    fn number(self) -> u32 {
        self
    }
}

/// Where a search stands.
#[derive(Clone, Copy)]
pub struct Cursor {
    slot: usize,
    perturb: u64,
}

impl DictTable {
    /// An empty table for at least `n` entries; None when memory is exhausted.
    pub fn new(heap: &mut Heap, n: usize) -> Option<Gc<DictTable>> {
        let slots = (n.checked_mul(3)? / 2 + 1).max(8).next_power_of_two();
        let bits = slots.trailing_zeros() as u8;
        let width = match bits {
            0..8 => 1u8,
            8..16 => 2,
            _ => 4,
        };
        if bits > 30 {
            return None;
        }
        let capacity = slots * 2 / 3;
        let index_bytes = (slots * width as usize + 7) & !7;
        let size = size_of::<DictTable>() + index_bytes + capacity * 24;
        let p = heap.try_allocate(size)? as *mut DictTable;
        // SAFETY: the cell is fresh, zeroed and large enough for header, index and entries.
        unsafe {
            p.write(DictTable {
                header: Header::new(Kind::DictTable, ShapeId::INTERNAL),
                bits,
                width,
                capacity: capacity as u32,
                fill: Cell::new(0),
                marked: Cell::new(0),
                first: Cell::new(0),
                data: [],
            });
            std::ptr::write_bytes(
                (&raw mut (*p).data) as *mut u8,
                0xff,
                slots * width as usize,
            );
            Some(Gc::from_raw(p))
        }
    }

    /// A copy, holes and all; None when memory is exhausted.
    pub fn duplicate(&self, heap: &mut Heap) -> Option<Gc<DictTable>> {
        let index_bytes = (((1usize << self.bits) * self.width as usize) + 7) & !7;
        let size = size_of::<DictTable>() + index_bytes + self.capacity as usize * 24;
        let p = heap.try_allocate(size)? as *mut DictTable;
        let filled = size_of::<DictTable>() + index_bytes + self.fill.get() as usize * 24;
        // SAFETY: the new cell is as large as this one and is given a header of its own; it is
        // young, so the barrier has nothing to do.
        unsafe {
            std::ptr::copy_nonoverlapping(
                self as *const DictTable as *const u8,
                p as *mut u8,
                filled,
            );
            (&raw mut (*p).header).write(Header::new(Kind::DictTable, ShapeId::INTERNAL));
            Some(Gc::from_raw(p))
        }
    }

    /// Entries that fit.
    #[inline(always)]
    pub fn capacity(&self) -> usize {
        self.capacity as usize
    }

    /// Entries in use, holes included.
    #[inline(always)]
    pub fn fill(&self) -> usize {
        self.fill.get() as usize
    }

    #[inline(always)]
    fn mask(&self) -> usize {
        (1 << self.bits) - 1
    }

    #[inline(always)]
    fn index(&self, slot: usize) -> u32 {
        debug_assert!(slot <= self.mask());
        let p = self.data.as_ptr() as *const u8;
        // SAFETY: `slot` is masked to the index part of the cell.
        unsafe {
            match self.width {
                1 => match *p.add(slot) {
                    0xff => EMPTY,
                    0xfe => REMOVED,
                    i => i as u32,
                },
                2 => match *(p as *const u16).add(slot) {
                    0xffff => EMPTY,
                    0xfffe => REMOVED,
                    i => i as u32,
                },
                _ => *(p as *const u32).add(slot),
            }
        }
    }

    #[inline(always)]
    fn set_index(&self, slot: usize, i: u32) {
        debug_assert!(slot <= self.mask());
        let p = self.data.as_ptr() as *mut u8;
        // SAFETY: as in `index`; marks truncate to the width's own marks.
        unsafe {
            match self.width {
                1 => *p.add(slot) = i as u8,
                2 => *(p as *mut u16).add(slot) = i as u16,
                _ => *(p as *mut u32).add(slot) = i,
            }
        }
    }

    #[inline(always)]
    fn entry_ptr(&self, i: u32) -> *mut [u64; 3] {
        debug_assert!(i < self.capacity);
        let index_bytes = (((1usize << self.bits) * self.width as usize) + 7) & !7;
        (self.data.as_ptr() as usize + index_bytes + i as usize * 24) as *mut [u64; 3]
    }

    /// Where in the cell the value of an entry lies, in bytes. The place is good as long as the
    /// dict's `keys_version` is.
    pub fn value_offset(&self, i: u32) -> usize {
        self.entry_ptr(i) as usize + 16 - self as *const DictTable as usize
    }

    /// Address of the entries, for compiled code.
    pub fn entries(&self) -> *const u64 {
        self.entry_ptr(0) as *const u64
    }

    /// The entry with this number; None for a hole.
    #[inline(always)]
    pub fn entry(&self, i: u32) -> Option<Entry> {
        if i >= self.fill.get() {
            return None;
        }
        // SAFETY: below `fill`, so initialised.
        let [hash, key, value] = unsafe { *self.entry_ptr(i) };
        Some(Entry {
            hash: hash as i64,
            key: Value::from_bits(key)?,
            value: Value::from_bits(value)?,
        })
    }

    /// Replaces the value of an entry.
    #[inline(always)]
    pub fn set_value(&self, i: u32, v: Value) {
        assert!(i < self.fill.get());
        // SAFETY: below `fill`.
        unsafe { (*self.entry_ptr(i))[2] = v.bits() };
        barrier::write(&self.header, v);
    }

    /// Begins a search.
    #[inline(always)]
    pub fn probe(&self, hash: i64) -> Cursor {
        Cursor {
            slot: hash as usize & self.mask(),
            perturb: hash as u64,
        }
    }

    /// The next entry with an equal hash, and its number; None when there is no further one.
    #[inline(always)]
    pub fn next_candidate(&self, c: &mut Cursor, hash: i64) -> Option<(u32, Entry)> {
        loop {
            let i = self.index(c.slot);
            if i == EMPTY {
                return None;
            }
            self.advance(c);
            if i != REMOVED
                && let Some(e) = self.entry(i)
                && e.hash == hash
            {
                return Some((i, e));
            }
        }
    }

    #[inline(always)]
    fn advance(&self, c: &mut Cursor) {
        c.perturb >>= 5;
        c.slot = (c
            .slot
            .wrapping_mul(5)
            .wrapping_add(c.perturb as usize)
            .wrapping_add(1))
            & self.mask();
    }

    /// Finds a string key by identity or text, without Python code.
    #[inline]
    pub fn find_str(&self, hash: i64, name: Gc<Str>) -> Option<u32> {
        let mut c = self.probe(hash);
        loop {
            let i = self.index(c.slot);
            if i < REMOVED {
                // SAFETY: the index names entries below `fill`, and no holes.
                let [h, key, _] = unsafe { *self.entry_ptr(i) };
                if key == name.value().bits() {
                    return Some(i);
                }
                if h == hash as u64
                    && Value::from_bits(key)
                        .and_then(Value::downcast::<Str>)
                        .is_some_and(|k| k.same_text(&name))
                {
                    return Some(i);
                }
            } else if i == EMPTY {
                return None;
            }
            self.advance(&mut c);
        }
    }

    /// Finds a key that is a small int or an exact string as far as that goes without Python
    /// code: `Err` when a key of another kind has the same hash.
    #[inline]
    pub fn find_simple(&self, hash: i64, key: Value) -> Result<Option<u32>, NeedsPython> {
        match self.width {
            1 => self.find_by::<u8>(hash, key),
            2 => self.find_by::<u16>(hash, key),
            _ => self.find_by::<u32>(hash, key),
        }
    }

    #[inline(always)]
    fn find_by<W: IndexWord>(&self, hash: i64, key: Value) -> Result<Option<u32>, NeedsPython> {
        let index = self.data.as_ptr() as *const W;
        let entries = self.entry_ptr(0);
        let is_int = key.is_int();
        let mut c = self.probe(hash);
        loop {
            // SAFETY: the slot is masked to the index part of the cell, whose words are of this width.
            let i = unsafe { *index.add(c.slot) }.number();
            if i < REMOVED {
                // SAFETY: the index names entries below `fill`, and no holes.
                let [h, k, _] = unsafe { *entries.add(i as usize) };
                if k == key.bits() {
                    return Ok(Some(i));
                }
                if h == hash as u64 {
                    let Some(k) = Value::from_bits(k) else {
                        return Err(NeedsPython);
                    };
                    if is_int {
                        if !k.is_int() {
                            return Err(NeedsPython);
                        }
                    } else {
                        match (exact_str(k), exact_str(key)) {
                            (Some(a), Some(b)) if a.same_text(&b) => return Ok(Some(i)),
                            (Some(_), Some(_)) => {}
                            _ => return Err(NeedsPython),
                        }
                    }
                }
            } else if i == EMPTY {
                return Ok(None);
            }
            self.advance(&mut c);
        }
    }

    /// Key and value of the first entry at or behind number `i`, and its number.
    #[inline(always)]
    pub fn entry_at_or_after(&self, mut i: u32) -> Option<(u32, Value, Value)> {
        let from_start = i <= self.first.get();
        if from_start {
            i = self.first.get();
        }
        while i < self.fill.get() {
            // SAFETY: below `fill`, so initialised; a hole's words are zero.
            let [_, key, value] = unsafe { *self.entry_ptr(i) };
            if let (Some(k), Some(v)) = (Value::from_bits(key), Value::from_bits(value)) {
                if from_start {
                    self.first.set(i);
                }
                return Some((i, k, v));
            }
            i += 1;
        }
        None
    }

    /// Appends an entry; there must be room (`fill < capacity`).
    #[inline]
    pub fn push(&self, hash: i64, key: Value, value: Value) -> u32 {
        let i = self.fill.get();
        assert!(i < self.capacity);
        // SAFETY: below `capacity`.
        unsafe { *self.entry_ptr(i) = [hash as u64, key.bits(), value.bits()] };
        self.fill.set(i + 1);
        self.enter(hash, i);
        barrier::write(&self.header, key);
        barrier::write(&self.header, value);
        i
    }

    /// Leaves `n` holes at the beginning of an empty table, for [`DictTable::push_front`].
    pub fn leave_front(&self, n: usize) {
        assert!(self.fill.get() == 0 && n <= self.capacity());
        // The cell came zeroed, so they are holes.
        self.fill.set(n as u32);
        self.first.set(n as u32);
    }

    /// Is there a hole in front of all entries?
    pub fn has_room_in_front(&self) -> bool {
        self.first.get() > 0
    }

    /// Puts an entry in front of all others; None when there is no hole.
    pub fn push_front(&self, hash: i64, key: Value, value: Value) -> Option<u32> {
        let i = self.first.get().checked_sub(1)?;
        // SAFETY: below `fill`.
        unsafe { *self.entry_ptr(i) = [hash as u64, key.bits(), value.bits()] };
        self.first.set(i);
        self.enter(hash, i);
        barrier::write(&self.header, key);
        barrier::write(&self.header, value);
        Some(i)
    }

    /// Puts an entry's number into the index.
    #[inline(always)]
    fn enter(&self, hash: i64, i: u32) {
        let mut c = self.probe(hash);
        loop {
            match self.index(c.slot) {
                REMOVED => break,
                EMPTY => {
                    let marked = self.marked.get() + 1;
                    if marked as usize > (self.mask() + 1) / 8 * 7 {
                        return self.renew_index();
                    }
                    self.marked.set(marked);
                    break;
                }
                _ => self.advance(&mut c),
            }
        }
        self.set_index(c.slot, i);
    }

    /// Forgets the marks of removed entries. With `popitem()`, which gives places back, they would
    /// fill the index without the entries ever running out, and no search would find an end.
    #[cold]
    fn renew_index(&self) {
        for slot in 0..=self.mask() {
            self.set_index(slot, EMPTY);
        }
        self.marked.set(0);
        for i in 0..self.fill.get() {
            if let Some(e) = self.entry(i) {
                self.enter(e.hash, i);
            }
        }
    }

    /// Removes an entry. Its place is not used again, so that iterators see that keys changed.
    pub fn remove(&self, i: u32) {
        let Some(e) = self.entry(i) else { return };
        let mut c = self.probe(e.hash);
        while self.index(c.slot) != i {
            if self.index(c.slot) == EMPTY {
                return;
            }
            self.advance(&mut c);
        }
        self.set_index(c.slot, REMOVED);
        // SAFETY: below `fill`.
        unsafe { *self.entry_ptr(i) = [0; 3] };
        if i == self.first.get() {
            self.first.set(i + 1);
        }
    }

    /// Gives up the holes at the end, so that `popitem()` in a loop is linear.
    pub fn trim(&self) {
        let mut n = self.fill.get();
        while n > 0 && self.entry(n - 1).is_none() {
            n -= 1;
        }
        self.fill.set(n);
        self.first.set(self.first.get().min(n));
    }
}
