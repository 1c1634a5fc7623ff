//! The heap: allocation, barrier, collection.
//!
//! # Theory
//! Non-moving mark and sweep with conservative stacks and an exact heap (as in WebKit's JSC), in
//! blocks of one size class, with *sticky mark bits* for generations (Demers et al., POPL 1990):
//! the mark bits of a collection are kept, and say "old" until the next full collection. A young
//! collection marks from the roots and from the remembered set ([`barrier`]) and stops at old
//! cells; so its cost follows what survives of the young, plus roots. Of the stacks only words that
//! have changed since the last collection are looked at (`stacks`).
//!
//! Invariants:
//! - A cell's bit is set ⇔ it was reached by the last collection ⇔ its header says old.
//! - A free cell's first word is zero, or its block says that it is not swept.
//! - The blocks an allocator has not come to since the last collection contain no young cells.
//! - A collection happens only inside [`Heap::collect`], never in an allocation.
//!
//! Deliberately absent: moving or compaction, marking in the background or in steps, allocation
//! by several threads at a time (the interpreter lock is held by whoever uses the heap).
//!
//! # Figures
//! One core of an AMD EPYC (Zen), nothing else in the process: a 32-byte cell that dies young
//! costs 2.4 ns, clearing, collections and sweeping included; in a heap fragmented to nine free
//! cells in ten, 5 ns. Marking random graphs of 32-byte cells: 1.0–1.6 GB/s at 50 MB, 0.9–1.2 GB/s
//! at 200–400 MB. Random sizes up to 1 KB with 50 MB alive, 1/16 surviving: the process peaks at
//! 140 MB. A young collection that finds nothing to keep takes some 20 µs and the roots' time.
//!
//! # Interface
//! [`Heap::allocate`], [`Heap::try_allocate`]; [`barrier::write`]; [`Heap::should_collect`] and
//! [`Heap::due`] at safepoints, [`Heap::collect`] with a [`CollectorHost`]; afterwards
//! [`Heap::take_pending_weak_callback`], then [`Heap::take_pending_finalizer`].
//!
//! What others must keep to: values live on the stack, in cells or in reported roots; every
//! store into a cell that may be old is followed by the barrier (storage that is written without
//! it, as a running generator's registers, needs [`barrier::write_many`] when it stops running);
//! an object whose shape changes needs the barrier too, for the class behind the shape
//! (`Header::set_shape` has it).

pub mod barrier;

mod alloc;
mod arena;
mod block;
mod finalize;
mod inspect;
mod large;
mod mark;
mod roots;
mod stacks;
mod stats;
mod sweep;
mod weak;
mod zeal;

#[cfg(test)]
mod tests;

use std::cell::Cell;
use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::time::Instant;

pub use alloc::Bump;
pub use block::{BLOCK_SIZE, CLASS_COUNT, MAX_SMALL, cell_size, class_for};
pub use roots::{
    CollectorHost, RootSet, ShapeInfo, SpillArea, StackRange, WeakReferences, scrub_stack,
    spill_registers, stack_base, with_spilled_registers,
};
pub use stats::{Collection, GenerationStats, Stats};
pub use zeal::POISON;

use self::alloc::ClassBlocks;
use self::arena::Arena;
use self::barrier::Remembered;
use self::finalize::Finalizers;
use self::large::LargeCells;
use self::mark::Marker;
use self::stacks::{STACK_SHARE, StackCopies};
use self::weak::WeakTable;
use self::zeal::Zeal;
use crate::object::header::Header;

/// One interpreter's heap.
#[repr(C)]
pub struct Heap {
    /// Per size class; compiled code allocates from here.
    bumps: [Bump; CLASS_COUNT],
    /// A collection is due.
    requested: bool,
    /// Where to say so: the request word of the running thread, and the bit in it.
    interrupt: Option<(Arc<AtomicU32>, u32)>,
    forced: bool,
    /// Bytes handed to the allocators since the last collection, and how many make one due.
    allocated: usize,
    budget: usize,
    /// Bytes of marked small cells and of large cells.
    live_bytes: usize,
    /// What the last young collections' work makes of `budget`.
    young_budget: usize,
    full_at: usize,
    /// Free bytes in blocks that young collections have left alone since the last full one, because
    /// they lie scattered.
    scattered: usize,
    /// Bytes that were allocated since the last full collection.
    allocated_since_full: usize,
    limit: usize,
    /// When a thread that had nothing to do collected last.
    idle_at: Option<Instant>,
    arena: Arena,
    classes: [ClassBlocks; CLASS_COUNT],
    large: LargeCells,
    stacks: StackCopies,
    remembered: NonNull<Remembered>,
    finalizers: Finalizers,
    weak: WeakTable,
    zeal: Option<Zeal>,
    stats: Stats,
    /// What compiled code assumes, for objects that have no other way to it.
    assumptions: *const crate::machine::assumptions::Assumptions,
}

impl Default for Heap {
    fn default() -> Self {
        Heap::new()
    }
}

impl Heap {
    /// An empty heap.
    pub fn new() -> Heap {
        let remembered = Box::leak(Box::new(Remembered { cells: Vec::new() }));
        let mut heap = Heap {
            bumps: [Bump::default(); CLASS_COUNT],
            requested: false,
            interrupt: None,
            forced: false,
            allocated: 0,
            budget: 0,
            live_bytes: 0,
            young_budget: 0,
            scattered: 0,
            allocated_since_full: 0,
            full_at: 0,
            limit: usize::MAX,
            idle_at: None,
            arena: Arena::new(),
            classes: std::array::from_fn(|_| ClassBlocks::default()),
            large: LargeCells::default(),
            stacks: StackCopies::default(),
            remembered: NonNull::from(remembered),
            finalizers: Finalizers::default(),
            weak: WeakTable::default(),
            zeal: None,
            stats: Stats::new(),
            assumptions: std::ptr::null(),
        };
        heap.set_full_budget();
        heap.set_budgets();
        heap
    }

    /// Where in a Heap the [`Bump`] of a size class lies, for compiled code.
    pub const fn bump_offset(class: usize) -> usize {
        std::mem::offset_of!(Heap, bumps) + class * size_of::<Bump>()
    }

    /// Tells the heap of its interpreter's assumptions, before anything is allocated.
    pub(crate) fn set_assumptions(&mut self, a: &'static crate::machine::assumptions::Assumptions) {
        self.assumptions = a;
    }

    /// The assumptions of the interpreter that an object of a heap block belongs to.
    #[cold]
    pub fn assumptions_of(
        header: &Header,
    ) -> Option<&'static crate::machine::assumptions::Assumptions> {
        let block = (header.address() & !(BLOCK_SIZE - 1)) as *const block::BlockHeader;
        // SAFETY: only objects in an arena are watched; a cell of a size class begins in a block with
        // a header, and the interpreter's assumptions live as long as the interpreter.
        unsafe { (*block).assumptions.as_ref() }
    }

    /// Collects now. `base` is the upper end of the calling thread's stack, which is scanned from
    /// `low`, or from here on up if that is null. Returns how many objects were freed if `count` is set (it costs a walk over
    /// the heap), else 0.
    ///
    /// Weak references to the dead are cleared on return, but nothing has been called yet:
    /// callbacks and finalizers wait in the queues.
    pub fn collect(
        &mut self,
        kind: Collection,
        host: &dyn CollectorHost,
        low: *const u64,
        base: *const u64,
        count: bool,
    ) -> usize {
        if !low.is_null() {
            return self.collect_from(kind, host, low, base, count);
        }
        with_spilled_registers(|low| self.collect_from(kind, host, low, base, count))
    }

    #[inline(never)]
    fn collect_from(
        &mut self,
        kind: Collection,
        host: &dyn CollectorHost,
        low: *const u64,
        base: *const u64,
        count: bool,
    ) -> usize {
        let start = Instant::now();
        let full = kind == Collection::Full;
        self.flush_allocators();
        // Old mark bits are needed to tell live cells from dead ones, so stacks come first.
        let mut on_stacks: Vec<*const Header> = Vec::new();
        let mut on_machine_stack: Vec<*const Header> = Vec::new();
        let own = StackRange {
            low,
            high: base,
            grows_down: true,
        };
        self.scan_conservatively(own, !full, &mut on_machine_stack);
        let mut work = own.bytes() / STACK_SHARE;
        host.conservative_ranges(&mut |stack| {
            self.scan_conservatively(stack, !full, &mut on_stacks);
            work += stack.bytes() / STACK_SHARE;
        });
        self.stacks.end_collection();
        // Walking needs the old bits too: what is counted is dead afterwards, but not before.
        let before = if count { self.count_objects() } else { 0 };
        if full {
            self.arena.clear_marks();
        }
        let mut marker = Marker::new(&self.arena, host, !full);
        marker.verify = self.zeal.is_some();
        for cell in on_stacks {
            marker.tracer.header(cell);
        }
        self.trace_remembered(&mut marker, full);
        host.trace_roots(&mut marker.tracer);
        self.weak.trace(&mut marker);
        self.finalizers.trace(&mut marker);
        marker.check_roots();
        marker.drain();
        marker.tracer.uncertain = true;
        for cell in on_machine_stack {
            marker.tracer.header(cell);
        }
        marker.drain();
        marker.tracer.uncertain = false;

        let referents = self.weak.candidates(full);
        self.weak.clear_with_callback(&self.arena, host, &referents);
        self.finalizers.queue_dead(&self.arena, &mut marker, full);
        self.weak.clear_rest(&self.arena, host, &referents);
        host.sweep_tables(kind, &|v| {
            !v.is_pointer() || self.arena.is_marked(v.bits() as usize)
        });
        self.finalizers.destroy_dead(&self.arena, full);
        work += marker.tracer.work;
        drop(marker);
        if !full {
            self.note_young_work(work);
        }

        let collected = if count {
            before - self.count_marked()
        } else {
            0
        };
        self.stats.peak = self.stats.peak.max(self.size());
        self.stats.total_allocated += self.allocated as u64;
        self.sweep_large(full);
        self.sort_blocks(full);
        self.reset_allocators();
        self.allocated_since_full += self.allocated;
        self.allocated = 0;
        self.forced = false;
        if full {
            self.set_full_budget();
        }
        self.set_budgets();
        self.stats.record(kind, start.elapsed(), collected);
        collected
    }

    /// Empties the remembered set; what is on it is looked into in a young collection.
    fn trace_remembered(&mut self, marker: &mut Marker<'_>, full: bool) {
        // SAFETY: the set lives as long as the heap, and the barrier does not run meanwhile.
        let cells = unsafe { &mut self.remembered.as_mut().cells };
        for &cell in cells.iter() {
            // SAFETY: old cells are not freed before the next full collection, which empties the
            // set before it frees any.
            let gc: &Cell<u8> = unsafe { &(*(cell as *const Header)).gc };
            gc.set(barrier::OLD);
            if !full {
                marker.tracer.stack.push(cell as *const Header);
            }
        }
        cells.clear();
    }
}

impl Drop for Heap {
    fn drop(&mut self) {
        self.finalizers.destroy_all();
        // SAFETY: made by Box::leak in `new`; no block refers to it any more once the arena goes.
        drop(unsafe { Box::from_raw(self.remembered.as_ptr()) });
    }
}
