//! The hash table of a set: open addressing, a run of neighbours before each jump.
//!
//! Where an element lies decides the order in which a set gives its elements, and programs depend
//! on it (for numbers it is the same in each run). So sizes, probing and the moments of resizing are
//! those of CPython's Objects/setobject.c: a free slot has key and hash 0, the mark of a removed
//! element has key 0 and hash -1 (which no element has), and a new element goes into the last one that
//! the search for it has met. The table knows nothing of Python equality: [`SetTable::search`] says where keys must be
//! compared.
#![allow(unsafe_code)]

use crate::object::gc::{Heap, barrier};
use crate::object::{Gc, Header, HeapObject, Kind, ShapeId, Tracer, Value};
use crate::types::T;
use crate::types::str_::Str;

/// Slots of the smallest table.
pub const SMALLEST: usize = 8;
/// Neighbours that are looked at before a jump.
const LINEAR_PROBES: usize = 9;
const PERTURB_SHIFT: u32 = 5;
/// Hash word of a removed element.
const REMOVED: u64 = u64::MAX;

/// The storage of a set.
#[repr(C)]
pub struct SetTable {
    header: Header,
    mask: usize,
    slots: [[u64; 2]; 0],
}

// SAFETY: repr(C), header first; the keys of all slots are reported.
unsafe impl HeapObject for SetTable {
    const KIND: Kind = Kind::SetTable;
    fn trace(&self, t: &mut Tracer) {
        for i in 0..=self.mask {
            if let Some((_, key)) = self.element(i) {
                t.value(key);
            }
        }
    }
}

/// Where a search has come to.
#[derive(Clone, Copy, Debug)]
pub enum Found {
    /// The element is in this slot.
    Element(usize),
    /// It is not there; it would go into this slot, which is free.
    Free(usize),
    /// It is not there; it would go into this slot, in which an element was removed.
    Removed(usize),
    /// The key of this slot has the same hash and must be compared.
    Unsure(usize),
}

/// The first slot of a search does not decide it.
#[derive(Clone, Copy, Debug)]
pub struct GoOn;

/// A position of the probe sequence.
#[derive(Clone, Copy)]
pub struct Probe {
    slot: usize,
    perturb: u64,
    /// Neighbours looked at since the last jump.
    offset: usize,
    /// The last mark of a removed element that was met; `usize::MAX` for none.
    removed: usize,
}

impl Probe {
    #[inline(always)]
    fn free(&self, slot: usize) -> Found {
        match self.removed {
            usize::MAX => Found::Free(slot),
            i => Found::Removed(i),
        }
    }
}

#[inline(always)]
fn exact_str(v: Value) -> Option<Gc<Str>> {
    match v.header()?.shape() == T::Str.shape() {
        true => v.downcast::<Str>(),
        false => None,
    }
}

impl SetTable {
    /// An empty table; `slots` is a power of two. None when memory is exhausted.
    pub fn new(heap: &mut Heap, slots: usize) -> Option<Gc<SetTable>> {
        let size = slots.checked_mul(16)?.checked_add(size_of::<SetTable>())?;
        let p = heap.try_allocate(size)? as *mut SetTable;
        // SAFETY: the cell is fresh, zeroed and large enough.
        unsafe {
            (&raw mut (*p).mask).write(slots - 1);
            (&raw mut (*p).header).write(Header::new(Kind::SetTable, ShapeId::INTERNAL));
            Some(Gc::from_raw(p))
        }
    }

    /// Number of slots, less one.
    #[inline(always)]
    pub fn mask(&self) -> usize {
        self.mask
    }

    #[inline(always)]
    fn slot(&self, i: usize) -> *mut [u64; 2] {
        debug_assert!(i <= self.mask);
        self.slots.as_ptr().wrapping_add(i) as *mut [u64; 2]
    }

    /// Hash and key of the element in a slot, if there is one.
    #[inline(always)]
    pub fn element(&self, i: usize) -> Option<(i64, Value)> {
        assert!(i <= self.mask);
        // SAFETY: the slot is within the cell.
        let [hash, key] = unsafe { *self.slot(i) };
        Some((hash as i64, Value::from_bits(key)?))
    }

    /// Puts an element into a free slot.
    #[inline(always)]
    pub fn put(&self, i: usize, hash: i64, key: Value) {
        assert!(i <= self.mask);
        // SAFETY: the slot is within the cell.
        unsafe { *self.slot(i) = [hash as u64, key.bits()] };
        barrier::write(&self.header, key);
    }

    /// Marks the element of a slot as removed.
    pub fn remove(&self, i: usize) {
        assert!(i <= self.mask);
        // SAFETY: the slot is within the cell.
        unsafe { *self.slot(i) = [REMOVED, 0] };
    }

    /// What the first slot says that is looked at for an element: it is there (its slot), or it
    /// is not; `Err` when the search must go on.
    #[inline(always)]
    pub fn first_look(&self, hash: i64, key: Value) -> Result<Option<usize>, GoOn> {
        let i = hash as usize & self.mask;
        // SAFETY: the slot is within the cell.
        let [h, k] = unsafe { *self.slot(i) };
        if k == key.bits() {
            Ok(Some(i))
        } else if h == 0 && k == 0 {
            Ok(None)
        } else {
            Err(GoOn)
        }
    }

    /// Begins a search.
    #[inline(always)]
    pub fn probe(&self, hash: i64) -> Probe {
        Probe {
            slot: hash as usize & self.mask,
            perturb: hash as u64,
            offset: 0,
            removed: usize::MAX,
        }
    }

    /// Goes on with a search, from behind the slot that was unsure if there was one.
    #[inline(always)]
    pub fn search(&self, p: &mut Probe, hash: i64, key: Value) -> Found {
        loop {
            let run = match p.slot + LINEAR_PROBES <= self.mask {
                true => LINEAR_PROBES,
                false => 0,
            };
            while p.offset <= run {
                let i = p.slot + p.offset;
                p.offset += 1;
                // SAFETY: the slot is within the cell.
                let [h, k] = unsafe { *self.slot(i) };
                if k == key.bits() {
                    return Found::Element(i);
                }
                if h == hash as u64 {
                    let Some(other) = Value::from_bits(k) else {
                        // A free slot, which has hash 0. (No element has the mark's hash.)
                        return p.free(i);
                    };
                    if key.is_int() && other.is_int() {
                        continue;
                    }
                    match (exact_str(other), exact_str(key)) {
                        (Some(a), Some(b)) if a.same_text(&b) => return Found::Element(i),
                        (Some(_), Some(_)) => continue,
                        _ => return Found::Unsure(i),
                    }
                }
                if k == 0 {
                    if h == 0 {
                        return p.free(i);
                    }
                    p.removed = i;
                }
            }
            p.perturb >>= PERTURB_SHIFT;
            p.slot = (p.slot.wrapping_mul(5))
                .wrapping_add(1)
                .wrapping_add(p.perturb as usize)
                & self.mask;
            p.offset = 0;
        }
    }

    /// Adds an element that is not there to a table without marks, which has a free slot.
    #[inline]
    pub fn put_new(&self, hash: i64, key: Value) {
        let mut slot = hash as usize & self.mask;
        let mut perturb = hash as u64;
        loop {
            let run = match slot + LINEAR_PROBES <= self.mask {
                true => LINEAR_PROBES,
                false => 0,
            };
            for i in slot..=slot + run {
                // SAFETY: the slot is within the cell.
                if unsafe { (*self.slot(i))[1] } == 0 {
                    return self.put(i, hash, key);
                }
            }
            perturb >>= PERTURB_SHIFT;
            slot = slot
                .wrapping_mul(5)
                .wrapping_add(1)
                .wrapping_add(perturb as usize)
                & self.mask;
        }
    }

    /// Number of the first slot from `i` on that has an element, and what it has.
    #[inline(always)]
    pub fn element_from(&self, mut i: usize) -> Option<(usize, i64, Value)> {
        while i <= self.mask {
            // SAFETY: the slot is within the cell.
            let [hash, key] = unsafe { *self.slot(i) };
            if let Some(key) = Value::from_bits(key) {
                return Some((i, hash as i64, key));
            }
            i += 1;
        }
        None
    }

    /// Copies all slots of a table of the same size into this one, which is empty.
    pub fn copy_from(&self, other: &SetTable) {
        if self.mask == other.mask {
            // SAFETY: both cells have as many slots.
            unsafe {
                std::ptr::copy_nonoverlapping(other.slot(0), self.slot(0), self.mask + 1);
            }
            barrier::write_many(&self.header);
        }
    }
}
