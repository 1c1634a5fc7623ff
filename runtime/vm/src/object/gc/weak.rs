//! Weak references: a table from referents to the weak reference objects.
//!
//! The order is CPython 3.14's. Of the referents that are found dead,
//! 1. weak references with a callback are cleared first, and those that are themselves alive are
//!    queued for their callback (a dead weak reference's callback never runs);
//! 2. then finalizable objects and what they reach are brought back for their finalizers;
//! 3. weak references without a callback are cleared only if the referent is still dead then,
//!    so that they work while finalizers run.
//!
//! A young collection looks only at entries made or changed since the last collection: in the
//! others referent and references are old, and stay.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use super::Heap;
use super::arena::Arena;
use super::mark::Marker;
use super::roots::WeakReferences;
use crate::object::header::HeaderFlags;
use crate::object::value::Value;

/// The heap's table. Addresses and values in it keep nothing alive, except for `pending`.
#[derive(Default)]
pub(super) struct WeakTable {
    entries: FxHashMap<usize, Vec<Value>>,
    changed: Vec<usize>,
    pending: VecDeque<Value>,
}

fn is_marked(arena: &Arena, v: Value) -> bool {
    arena.is_marked(v.bits() as usize)
}

impl WeakTable {
    /// Reports what waits for its callback.
    pub fn trace(&self, marker: &mut Marker<'_>) {
        for &v in &self.pending {
            marker.tracer.value(v);
        }
    }

    pub fn has_pending(&self) -> bool {
        !self.pending.is_empty()
    }

    pub fn pending_count(&self) -> usize {
        self.pending.len()
    }

    /// The referents to look at in this collection.
    pub fn candidates(&mut self, full: bool) -> Vec<usize> {
        let changed = std::mem::take(&mut self.changed);
        if full {
            self.entries.keys().copied().collect()
        } else {
            changed
        }
    }

    /// Step 1: references with a callback, before finalizers.
    pub fn clear_with_callback(
        &mut self,
        arena: &Arena,
        host: &dyn WeakReferences,
        referents: &[usize],
    ) {
        for &referent in referents {
            if arena.is_marked(referent) {
                continue;
            }
            let Some(references) = self.entries.get_mut(&referent) else {
                continue;
            };
            let pending = &mut self.pending;
            let mut called = 0;
            references.retain(|&r| {
                // A dead reference's memory is still intact, but who would look at it?
                if !is_marked(arena, r) || !host.has_callback(r) {
                    return true;
                }
                host.clear_weak(r);
                // The latest reference is called first, as in CPython.
                pending.insert(pending.len() - called, r);
                called += 1;
                false
            });
        }
    }

    /// Step 3: the rest, and entries that have become pointless.
    pub fn clear_rest(&mut self, arena: &Arena, host: &dyn WeakReferences, referents: &[usize]) {
        for referent in referents {
            let Some(references) = self.entries.get_mut(referent) else {
                continue;
            };
            if arena.is_marked(*referent) {
                references.retain(|&r| is_marked(arena, r));
                if references.is_empty() {
                    self.entries.remove(referent);
                    // SAFETY: a marked address is that of a live cell.
                    let header = unsafe { &*(*referent as *const crate::object::header::Header) };
                    header.clear_flag(HeaderFlags::WEAKLY_REFERENCED);
                }
            } else {
                for &r in references.iter().filter(|&&r| is_marked(arena, r)) {
                    host.clear_weak(r);
                }
                self.entries.remove(referent);
            }
        }
    }
}

impl Heap {
    /// Notes that `weakref` refers to `referent`; `first` puts it before the others.
    pub fn register_weak(&mut self, referent: Value, weakref: Value, first: bool) {
        let Some(header) = referent.header() else {
            return;
        };
        header.set_flag(HeaderFlags::WEAKLY_REFERENCED);
        let address = header.address();
        let references = self.weak.entries.entry(address).or_default();
        references.insert(if first { 0 } else { references.len() }, weakref);
        self.weak.changed.push(address);
    }

    /// The weak references to an object, oldest first.
    pub fn weak_refs_of(&self, referent: Value) -> &[Value] {
        match referent.header() {
            Some(h) if h.has(HeaderFlags::WEAKLY_REFERENCED) => self
                .weak
                .entries
                .get(&h.address())
                .map_or(&[], |r| r.as_slice()),
            _ => &[],
        }
    }

    /// Takes the next weak reference whose callback is to be run.
    pub fn take_pending_weak_callback(&mut self) -> Option<Value> {
        self.weak.pending.pop_front()
    }
}
