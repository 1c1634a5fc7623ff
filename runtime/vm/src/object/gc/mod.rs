//! The heap: allocation, barrier, collection.
//!
//! Interface to the rest of the runtime: [`Heap::allocate`] and [`Heap::try_allocate`],
//! [`barrier::write`], roots and safepoints.

pub mod barrier;

use std::alloc::Layout;

/// One interpreter's heap.
pub struct Heap {
    cursor: usize,
    limit: usize,
}

impl Default for Heap {
    fn default() -> Self {
        Heap::new()
    }
}

impl Heap {
    /// An empty heap.
    pub fn new() -> Heap {
        Heap { cursor: 0, limit: 0 }
    }

    /// A zeroed, 16-byte aligned cell of at least `size` bytes whose header is yet to be
    /// written (before the next allocation). For sizes that programs do not choose.
    #[inline(always)]
    pub fn allocate(&mut self, size: usize) -> *mut u8 {
        let size = (size + 15) & !15;
        let p = self.cursor;
        if size <= self.limit - p {
            self.cursor = p + size;
            return p as *mut u8;
        }
        self.refill(size)
    }

    /// As [`Heap::allocate`], but says None when memory or the heap's limit is exhausted.
    #[inline]
    pub fn try_allocate(&mut self, size: usize) -> Option<*mut u8> {
        if size > 1 << 46 {
            return None;
        }
        Some(self.allocate(size))
    }

    #[cold]
    fn refill(&mut self, size: usize) -> *mut u8 {
        let chunk = if size > 1 << 16 { size } else { 1 << 20 };
        let layout = Layout::from_size_align(chunk, 16).expect("chunk layout");
        // SAFETY: the layout has a size above zero.
        let p = unsafe { std::alloc::alloc_zeroed(layout) };
        if p.is_null() {
            std::alloc::handle_alloc_error(layout);
        }
        if chunk > size {
            self.cursor = p as usize + size;
            self.limit = p as usize + chunk;
        }
        p
    }
}
