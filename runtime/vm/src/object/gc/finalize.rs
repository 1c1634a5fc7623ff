//! Finalizers (`__del__`) and destructors of native objects.
//!
//! Objects whose class has a finalizer are registered. When one is found dead it is marked with
//! all that it reaches, so that it outlives the collection, and queued; the machine runs the
//! queue at a safepoint. Its header says FINALIZED from then on, so the next collection that
//! finds it dead frees it. An object that came back to life simply stays.
//!
//! Destructors are for cells that own something outside the heap. They run inside the collection
//! when the cell is freed, see nothing but their own cell, and must not touch the heap.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use super::Heap;
use super::arena::Arena;
use super::mark::Marker;
use crate::object::header::{Header, HeaderFlags};
use crate::object::kind::drop_payload;
use crate::object::value::Value;

/// Addresses of registered cells; those registered since the last collection apart.
#[derive(Default)]
struct Registry {
    young: Vec<usize>,
    old: Vec<usize>,
}

impl Registry {
    /// Moves the candidates of this collection out, in the order in which they were registered.
    fn candidates(&mut self, full: bool) -> Vec<usize> {
        let mut candidates = match full {
            true => std::mem::take(&mut self.old),
            false => Vec::new(),
        };
        candidates.append(&mut self.young);
        candidates
    }
}

/// The heap's lists.
#[derive(Default)]
pub(super) struct Finalizers {
    finalizable: Registry,
    destructible: Registry,
    pending: VecDeque<Value>,
}

/// The cell at an address that the marker or a list of the registry holds. Registered cells are taken off
/// the lists before their memory is reused.
pub(super) fn header_at(address: usize) -> &'static Header {
    // SAFETY: a live cell, or one still on a list; the reference does not leave the collection.
    unsafe { &*(address as *const Header) }
}

/// Marks what the dead objects reach and gives them in the order in which their finalizers are to
/// run: what holds before what it holds, as where counted references are dropped (a generator is
/// closed before what its locals hold is finalized); else, and where objects hold each other, in
/// the order in which they were registered.
fn in_order(dead: &[usize], arena: &Arena, marker: &mut Marker<'_>) -> Vec<usize> {
    // Filled from the end: what is met later holds what was met earlier, or has nothing to do with it.
    let mut reversed = Vec::with_capacity(dead.len());
    let mut positions = FxHashMap::default();
    let mut reached = Vec::new();
    for &cell in dead.iter().rev() {
        if arena.is_marked(cell) {
            continue;
        }
        reached.clear();
        marker.scan(header_at(cell));
        marker.drain_listing(&mut reached);
        if arena.is_marked(cell) {
            if positions.is_empty() {
                positions.extend(dead.iter().enumerate().map(|(i, &cell)| (cell, i)));
            }
            reached.sort_by_key(|cell| positions.get(cell).copied());
        } else {
            if let Some(v) = Value::from_bits(cell as u64) {
                marker.tracer.value(v);
            }
            marker.drain();
            reached.insert(0, cell);
        }
        reversed.extend(reached.iter().rev());
    }
    reversed.reverse();
    reversed
}

impl Finalizers {
    /// Reports what waits for its finalizer to run.
    pub fn trace(&self, marker: &mut Marker<'_>) {
        for &v in &self.pending {
            marker.tracer.value(v);
        }
    }

    /// Queues the dead among the registered objects and marks what they reach.
    pub fn queue_dead(&mut self, arena: &Arena, marker: &mut Marker<'_>, full: bool) {
        // All are tested before any is marked: an object that is dead but reachable from another
        // one with a finalizer gets its own finalizer run in the same round, as in CPython.
        let (dead, live): (Vec<usize>, Vec<usize>) = self
            .finalizable
            .candidates(full)
            .into_iter()
            .partition(|&cell| !arena.is_marked(cell));
        self.finalizable.old.extend(live);
        let mut dead = dead;
        dead.retain(|&cell| {
            let done = header_at(cell).has(HeaderFlags::FINALIZED);
            if done {
                header_at(cell).clear_flag(HeaderFlags::HAS_FINALIZER);
            }
            !done
        });
        for cell in in_order(&dead, arena, marker) {
            let header = header_at(cell);
            header.clear_flag(HeaderFlags::HAS_FINALIZER);
            if header.has(HeaderFlags::FINALIZED) {
                continue;
            }
            header.set_flag(HeaderFlags::FINALIZED);
            if let Some(v) = Value::from_bits(cell as u64) {
                self.pending.push_back(v);
            }
        }
    }

    /// Runs the destructors of the dead.
    pub fn destroy_dead(&mut self, arena: &Arena, full: bool) {
        for cell in self.destructible.candidates(full) {
            if arena.is_marked(cell) {
                self.destructible.old.push(cell);
            } else {
                destroy(cell);
            }
        }
    }

    /// Runs all destructors; when the heap goes.
    pub fn destroy_all(&mut self) {
        for cell in self.destructible.candidates(true) {
            destroy(cell);
        }
    }
}

fn destroy(cell: usize) {
    // SAFETY: the cell has just been found dead and leaves the registry; its memory is intact.
    unsafe { drop_payload(cell as *mut Header) }
}

impl Heap {
    /// Has the finalizer of this object queued when the object dies.
    pub fn register_finalizer(&mut self, v: Value) {
        if let Some(header) = v.header() {
            header.set_flag(HeaderFlags::HAS_FINALIZER);
            self.finalizers.finalizable.young.push(header.address());
        }
    }

    /// The objects whose finalizer has not run, those found dead excepted.
    pub fn finalizable(&self) -> impl Iterator<Item = Value> + '_ {
        let registry = &self.finalizers.finalizable;
        let all = registry.young.iter().chain(&registry.old);
        all.filter_map(|&cell| Value::from_bits(cell as u64))
    }

    /// Has the destructor of an object run when the object dies. To be called once, after the
    /// object was initialised, if its layout owns something outside the heap.
    pub fn register_native_drop(&mut self, v: Value) {
        if let Some(header) = v.header() {
            self.finalizers.destructible.young.push(header.address());
        }
    }

    /// Takes the next object whose finalizer is to be run. The caller's stack keeps it alive.
    pub fn take_pending_finalizer(&mut self) -> Option<Value> {
        self.finalizers.pending.pop_front()
    }

    /// Queues the finalizers of all registered objects that `wanted` says, dead or not; at exit.
    pub fn queue_all_finalizers(&mut self, wanted: impl Fn(Value) -> bool) {
        let mut all = std::mem::take(&mut self.finalizers.finalizable.old);
        all.append(&mut self.finalizers.finalizable.young);
        for cell in all {
            let Some(v) = Value::from_bits(cell as u64) else {
                continue;
            };
            if !wanted(v) {
                // Among them are some that no collection has seen yet.
                self.finalizers.finalizable.young.push(cell);
                continue;
            }
            let header = header_at(cell);
            header.clear_flag(HeaderFlags::HAS_FINALIZER);
            if !header.has(HeaderFlags::FINALIZED) {
                header.set_flag(HeaderFlags::FINALIZED);
                self.finalizers.pending.push_back(v);
            }
        }
    }

    /// How many callbacks of weak references and how many finalizers wait.
    pub fn pending_counts(&self) -> (usize, usize) {
        (self.weak.pending_count(), self.finalizers.pending.len())
    }

    /// Is there a finalizer or a weak reference's callback to be run?
    pub fn has_pending(&self) -> bool {
        !self.finalizers.pending.is_empty() || self.weak.has_pending()
    }
}
