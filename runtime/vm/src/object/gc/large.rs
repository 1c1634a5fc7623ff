//! Large cells: runs of whole blocks in the same arena.
//!
//! The cell starts behind the header of its first block, so barrier and mark bits work as for
//! small cells. Pages that are never touched cost nothing, hence no finer size classes. A large
//! cell can grow in place while the blocks behind it are free; the memory of dead ones of 16
//! megabytes and more goes back to the system at once (that of others as free blocks are trimmed: to
//! clear what is used again costs a third of new pages).

use super::Heap;
use super::arena::BlockIndex;
use super::block::{BLOCK_SHIFT, BLOCK_SIZE, BlockState, CELLS_OFFSET};

/// Dead cells from this size on are returned to the system at once.
const RETURN_AT_ONCE: usize = 16 << 20;

/// Bytes at the beginning of a leaf cell that are zero: more than any layout has in front of its
/// variable part.
pub(super) const LEAF_HEAD: usize = 256;

/// The large cells of a heap, by first block.
#[derive(Default)]
pub(super) struct LargeCells {
    pub young: Vec<BlockIndex>,
    pub old: Vec<BlockIndex>,
}

/// Blocks needed for a cell of this size.
fn blocks_for(size: usize) -> Option<usize> {
    Some(size.checked_add(CELLS_OFFSET + BLOCK_SIZE - 1)? >> BLOCK_SHIFT)
}

impl Heap {
    /// A zeroed large cell.
    #[inline(never)]
    pub(super) fn try_allocate_large(&mut self, size: usize) -> Option<*mut u8> {
        self.try_allocate_blocks(size, usize::MAX)
    }

    /// A cell whose bytes from [`LEAF_HEAD`] on are whatever was there before.
    #[inline(never)]
    pub(super) fn try_allocate_large_leaf(&mut self, size: usize) -> Option<*mut u8> {
        self.try_allocate_blocks(size, CELLS_OFFSET + LEAF_HEAD)
    }

    /// A large cell in blocks of which the first `zeroed` bytes are zero.
    fn try_allocate_blocks(&mut self, size: usize, zeroed: usize) -> Option<*mut u8> {
        let count = blocks_for(size)?;
        if !self.has_room(count.checked_mul(BLOCK_SIZE)?) {
            return None;
        }
        let head = self.arena.take(count)?;
        self.zero_blocks(head, count, zeroed);
        for i in 0..count {
            let meta = self.arena.meta_mut(head + i);
            meta.state = if i == 0 {
                BlockState::LargeHead
            } else {
                BlockState::LargeTail
            };
            meta.link = if i == 0 { count as u32 } else { i as u32 };
            meta.live = 0;
            meta.cell_size = 0;
            meta.dirty = true;
            meta.swept = true;
        }
        self.write_block_header(head);
        self.large.young.push(head);
        self.note_allocated(size);
        self.live_bytes += count << BLOCK_SHIFT;
        Some((self.arena.address(head) + CELLS_OFFSET) as *mut u8)
    }

    /// Clears the dirty ones of some blocks, as far as they are within the first `bytes` bytes.
    fn zero_blocks(&mut self, first: BlockIndex, count: usize, bytes: usize) {
        for i in 0..count {
            let Some(left) = bytes.checked_sub(i << BLOCK_SHIFT).filter(|n| *n > 0) else {
                break;
            };
            if self.arena.meta(first + i).dirty {
                // SAFETY: the block has just been taken; nothing else refers to it.
                unsafe {
                    std::ptr::write_bytes(
                        self.arena.address(first + i) as *mut u8,
                        0,
                        left.min(BLOCK_SIZE),
                    )
                };
            }
        }
    }

    /// Makes a cell hold at least `size` bytes without moving it; false if that is impossible.
    /// New bytes are zero. Small cells only have what their size class left over.
    pub fn grow_in_place(&mut self, cell: *const u8, size: usize) -> bool {
        if self.usable_size(cell) >= size {
            return true;
        }
        let Some(head) = self.arena.block_of(cell as usize) else {
            return false;
        };
        let meta = *self.arena.meta(head);
        if meta.state != BlockState::LargeHead {
            return false;
        }
        let old = meta.link as usize;
        let Some(extra) = blocks_for(size).map(|n| n - old) else {
            return false;
        };
        if !self.has_room(extra << BLOCK_SHIFT) || !self.arena.take_at(head + old, extra) {
            return false;
        }
        self.zero_blocks(head + old, extra, usize::MAX);
        for i in old..old + extra {
            let meta = self.arena.meta_mut(head + i);
            meta.state = BlockState::LargeTail;
            meta.link = i as u32;
            meta.dirty = true;
            meta.swept = true;
        }
        self.arena.meta_mut(head).link = (old + extra) as u32;
        self.note_allocated(extra << BLOCK_SHIFT);
        self.live_bytes += extra << BLOCK_SHIFT;
        true
    }

    /// Bytes that a cell has room for; 0 for an address outside the heap.
    pub fn usable_size(&self, cell: *const u8) -> usize {
        let Some(block) = self.arena.block_of(cell as usize) else {
            return 0;
        };
        let meta = self.arena.meta(block);
        match meta.state {
            BlockState::Small => meta.cell_size as usize,
            BlockState::LargeHead => ((meta.link as usize) << BLOCK_SHIFT) - CELLS_OFFSET,
            BlockState::Free | BlockState::LargeTail => 0,
        }
    }

    /// Frees the unmarked large cells: the young ones, or all.
    pub(super) fn sweep_large(&mut self, full: bool) {
        let mut candidates = std::mem::take(&mut self.large.young);
        if full {
            candidates.append(&mut self.large.old);
        }
        for head in candidates {
            if self
                .arena
                .is_marked(self.arena.address(head) + CELLS_OFFSET)
            {
                self.large.old.push(head);
                continue;
            }
            let count = self.arena.meta(head).link as usize;
            self.live_bytes -= count << BLOCK_SHIFT;
            self.arena.give_back(head, count);
            if count << BLOCK_SHIFT >= RETURN_AT_ONCE {
                self.arena.release(head, count);
            } else if self.zeal.is_some() {
                self.poison(self.arena.address(head), count << BLOCK_SHIFT);
            }
        }
    }
}
