//! Marking: from the roots to everything they reach.
//!
//! The mark stack holds cells whose bit is set and whose inside is yet to be reported (see
//! [`Tracer`]). Between stack and scan cells pass through a short queue that prefetches them.
//! Besides what its payload reports, a cell refers to its class (through its shape: one look per
//! shape and collection) and to the words of its attribute area.

use super::arena::Arena;
use super::barrier::OLD;
use super::block::{BLOCK_SHIFT, BLOCK_SIZE, BlockMeta, BlockState, CELLS_OFFSET, cell_offset};
use super::roots::ShapeInfo;
use crate::object::header::{Header, HeaderFlags};
use crate::object::kind::trace_payload;
use crate::object::shape::ShapeId;
use crate::object::trace::Tracer;

/// Length of the prefetch queue.
const AHEAD: usize = 8;

#[inline(always)]
fn prefetch(p: *const Header) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a prefetch has no effect but on caches, whatever the address.
    unsafe {
        std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(p as *const i8)
    };
    #[cfg(target_arch = "aarch64")]
    // SAFETY: as above.
    unsafe {
        std::arch::asm!("prfm pldl1keep, [{p}]", p = in(reg) p, options(nostack, preserves_flags, readonly))
    };
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    let _ = p;
}

/// A marker for one collection.
pub(super) struct Marker<'a> {
    pub tracer: Tracer,
    shapes: &'a dyn ShapeInfo,
    meta: *const BlockMeta,
    /// Per shape: 0 before its first cell is met, else its payload size plus one.
    payload: Vec<u32>,
    /// Check that what is reached are cells; in zealous mode.
    pub verify: bool,
}

impl Tracer {
    fn marker(arena: &Arena, young: bool) -> Tracer {
        Tracer {
            base: arena.base(),
            extent: arena.extent(),
            marks: arena.mark_table().as_ptr(),
            young,
            ..Tracer::lister()
        }
    }
}

impl<'a> Marker<'a> {
    pub fn new(arena: &Arena, shapes: &'a dyn ShapeInfo, young: bool) -> Marker<'a> {
        let meta = arena.meta_table().as_ptr();
        Marker {
            tracer: Tracer::marker(arena, young),
            shapes,
            meta,
            payload: vec![0; 256],
            verify: false,
        }
    }

    /// Looks into everything that was reached, until nothing new is.
    pub fn drain(&mut self) {
        let mut queue = [std::ptr::null::<Header>(); AHEAD];
        let mut at = 0;
        let mut idle = 0;
        loop {
            let incoming = match self.tracer.stack.pop() {
                Some(cell) => {
                    prefetch(cell);
                    cell
                }
                None if self.tracer.next_range() => continue,
                None => std::ptr::null(),
            };
            let cell = std::mem::replace(&mut queue[at % AHEAD], incoming);
            at += 1;
            if cell.is_null() {
                idle += 1;
                if idle > AHEAD {
                    return;
                }
                continue;
            }
            idle = 0;
            // SAFETY: the marker only takes addresses of live cells.
            self.scan(unsafe { &*cell });
        }
    }

    /// As [`Marker::drain`], depth first; lists the addresses of the cells with finalizers that are
    /// found, those that refer to others mostly before these.
    pub fn drain_listing(&mut self, finalizable: &mut Vec<usize>) {
        loop {
            let cell = match self.tracer.stack.pop() {
                Some(cell) => cell,
                None if self.tracer.next_range() => continue,
                None => return,
            };
            let header = super::finalize::header_at(cell as usize);
            if header.has(HeaderFlags::HAS_FINALIZER) {
                finalizable.push(header.address());
            }
            self.scan(header);
        }
    }

    /// Reports a cell's inside.
    #[inline]
    pub fn scan(&mut self, header: &Header) {
        header.gc.set(OLD);
        let shape = header.shape();
        let payload = match self.payload.get(shape.0 as usize) {
            Some(&size) if size != 0 => size,
            _ => self.meet_shape(shape),
        };
        self.tracer.work += payload as usize;
        let before = self.tracer.stack.len();
        trace_payload(header, &mut self.tracer);
        if header.has(HeaderFlags::ATTRIBUTES) {
            let block = (header.address() - self.tracer.base) >> BLOCK_SHIFT;
            // SAFETY: a marked cell lies in a block of the arena.
            let meta = unsafe { &*self.meta.add(block) };
            let payload = match payload as usize - 1 {
                0 => self.shapes.payload_size_of(header),
                n => n,
            };
            attribute_words(header, cell_bytes(meta), payload, &mut self.tracer);
        }
        if self.verify {
            self.check(before, Some(header));
        }
    }

    /// Checks the roots that were reported so far.
    pub fn check_roots(&self) {
        if self.verify {
            self.check(0, None);
        }
    }

    /// Checks that what was put on the stack above `from` are allocated cells.
    #[cold]
    fn check(&self, from: usize, owner: Option<&Header>) {
        for &cell in self.tracer.stack.iter().skip(from) {
            let offset = (cell as usize).wrapping_sub(self.tracer.base);
            // SAFETY: the marker only takes addresses inside the arena.
            let meta = unsafe { &*self.meta.add(offset >> BLOCK_SHIFT) };
            let starts_cell = match meta.state {
                BlockState::Small => {
                    let within = offset & (BLOCK_SIZE - 1);
                    cell_offset(meta.class as usize, within) == Some(within)
                }
                BlockState::LargeHead => offset & (BLOCK_SIZE - 1) == CELLS_OFFSET,
                BlockState::Free | BlockState::LargeTail => false,
            };
            // SAFETY: an aligned word in a block in use.
            if starts_cell && unsafe { (*cell).shape().0 } != 0 {
                continue;
            }
            match owner {
                Some(o) => eprintln!(
                    "gc: {:?} of shape {} at {:p} refers to {cell:p}, which was freed ({:?})",
                    o.kind(),
                    o.shape().0,
                    o,
                    meta.state
                ),
                None => eprintln!(
                    "gc: a root refers to {cell:p}, which was freed ({:?})",
                    meta.state
                ),
            }
            std::process::abort();
        }
    }

    #[cold]
    fn meet_shape(&mut self, shape: ShapeId) -> u32 {
        let index = shape.0 as usize;
        if index >= self.payload.len() {
            self.payload.resize((index + 1).next_power_of_two(), 0);
        }
        let size = self.shapes.payload_size(shape) as u32 + 1;
        self.payload[index] = size;
        if let Some(class) = self.shapes.class_of(shape) {
            self.tracer.header(class);
        }
        size
    }
}

/// Room for the cell that starts in this block.
pub(super) fn cell_bytes(meta: &BlockMeta) -> usize {
    match meta.state {
        BlockState::Small => meta.cell_size as usize,
        BlockState::LargeHead => ((meta.link as usize) << BLOCK_SHIFT) - CELLS_OFFSET,
        BlockState::Free | BlockState::LargeTail => 0,
    }
}

/// Reports the attribute area of a cell: all words behind its payload.
pub(super) fn attribute_words(header: &Header, bytes: usize, payload: usize, tracer: &mut Tracer) {
    if bytes > payload {
        let first = (header.address() + payload) as *const u64;
        // SAFETY: within the cell, whose words behind the payload are zero or values.
        unsafe { tracer.words(first, (bytes - payload) / 8) };
    }
}
