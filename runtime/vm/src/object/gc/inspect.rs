//! Looking around in the heap: what `gc.get_objects` and its kin need.

use super::Heap;
use super::mark::attribute_words;
use super::roots::ShapeInfo;
use crate::object::header::{Header, HeaderFlags};
use crate::object::kind::trace_payload;
use crate::object::shape::ShapeId;
use crate::object::trace::Tracer;
use crate::object::value::Value;

impl Heap {
    /// Calls `f` with the header of every allocated cell, storage cells included. Some may be
    /// dead but not collected yet; none is freed. `f` must not allocate.
    pub fn for_each_cell(&mut self, f: &mut dyn FnMut(&Header)) {
        self.flush_allocators();
        self.walk(|header, _| f(header));
    }

    /// The allocated cell at or around an address.
    pub fn cell_of(&mut self, address: *const u8) -> Option<&Header> {
        self.flush_allocators();
        self.live_cell(address as usize)
    }

    /// Is this address in a block of the heap?
    #[inline]
    pub fn contains(&self, address: *const u8) -> bool {
        self.arena.block_of(address as usize).is_some()
    }

    /// Calls `f` with everything that a cell refers to directly, its class included. Storage
    /// cells (shape INTERNAL) are looked through.
    pub fn for_each_referent(
        &self,
        header: &Header,
        shapes: &dyn ShapeInfo,
        f: &mut dyn FnMut(Value),
    ) {
        let mut tracer = Tracer::lister();
        self.list_references(header, shapes, &mut tracer);
        let mut at = 0;
        while let Some(&cell) = tracer.stack.get(at) {
            at += 1;
            // SAFETY: a live cell refers to live cells.
            let inner = unsafe { &*cell };
            if inner.shape() == ShapeId::INTERNAL {
                let seen = tracer
                    .stack
                    .iter()
                    .take(at - 1)
                    .any(|&c| std::ptr::eq(c, cell));
                if !seen {
                    self.list_references(inner, shapes, &mut tracer);
                }
            } else if let Some(v) = Value::from_bits(cell as u64) {
                f(v);
            }
        }
    }

    /// Calls `f` with every object that refers to one of `targets`. `f` must not allocate.
    pub fn for_each_referrer(
        &mut self,
        targets: &[Value],
        shapes: &dyn ShapeInfo,
        f: &mut dyn FnMut(Value),
    ) {
        self.flush_allocators();
        let heap = &*self;
        heap.walk(|header, _| {
            if header.shape() == ShapeId::INTERNAL {
                return;
            }
            let mut found = false;
            heap.for_each_referent(header, shapes, &mut |v| found |= targets.contains(&v));
            if found && let Some(v) = Value::from_bits(header.address() as u64) {
                f(v);
            }
        });
    }

    fn list_references(&self, header: &Header, shapes: &dyn ShapeInfo, tracer: &mut Tracer) {
        trace_payload(header, tracer);
        if header.has(HeaderFlags::ATTRIBUTES) {
            let payload = match shapes.payload_size(header.shape()) {
                0 => shapes.payload_size_of(header),
                n => n,
            };
            let bytes = self.usable_size(header as *const Header as *const u8);
            attribute_words(header, bytes, payload, tracer);
        }
        if let Some(class) = shapes.class_of(header.shape()) {
            tracer.header(class);
        }
    }

    /// Number of allocated objects, without storage cells. Allocators must be flushed.
    pub(super) fn count_objects(&self) -> usize {
        let mut n = 0;
        self.walk(|header, _| n += usize::from(header.shape() != ShapeId::INTERNAL));
        n
    }

    /// Number of marked objects.
    pub(super) fn count_marked(&self) -> usize {
        let mut n = 0;
        self.walk(|header, marked| n += usize::from(marked && header.shape() != ShapeId::INTERNAL));
        n
    }
}
