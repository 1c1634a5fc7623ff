//! After marking: which blocks are empty, full or worth allocating from.
//!
//! Nothing is swept here cell by cell; the allocator finds free runs by the mark bits when it
//! gets to a block. A young collection looks only at the blocks that were allocated from since
//! the last one: in all others no mark has changed.

use super::Heap;
use super::arena::BlockIndex;
use super::block::{BLOCK_SIZE, BlockState, CELLS_OFFSET, GRANULE, cell_size, cells_per_block};
use crate::object::header::Header;

/// Blocks with fewer free cells than one in this many are left alone until the next full
/// collection.
const FULL_ENOUGH: usize = 12;
/// As are, behind a young collection, blocks whose free cells lie in runs of fewer bytes than this, on
/// average: to find a run and to clear it costs as much as to hand out some ten cells.
const SHORT_RUN: usize = 512;
/// Free blocks whose memory is kept, at least.
const KEEP_BLOCKS: usize = 512;

impl Heap {
    /// Sorts the blocks anew by the mark bits.
    pub(super) fn sort_blocks(&mut self, full: bool) {
        for class in 0..self.classes.len() {
            let state = &mut self.classes[class];
            let mut blocks = std::mem::take(&mut state.used);
            if full {
                blocks.append(&mut state.available);
                blocks.append(&mut state.full);
                // Low addresses are taken off the end first, so that high blocks drain.
                blocks.sort_unstable_by(|a, b| b.cmp(a));
            }
            for block in blocks {
                self.sort_block(class, block, full);
            }
        }
        self.arena
            .trim(KEEP_BLOCKS.max(self.live_bytes / BLOCK_SIZE / 8));
    }

    fn sort_block(&mut self, class: usize, block: BlockIndex, full: bool) {
        let marks = self.arena.marks(block);
        let live: u32 = marks.iter().map(|w| w.count_ones()).sum();
        let capacity = cells_per_block(class);
        let free = (capacity - live as usize) * cell_size(class);
        let scattered = !full
            && free < SHORT_RUN * free_runs(marks, cell_size(class))
            && self.scattered + free <= self.scattered_limit();
        let meta = self.arena.meta_mut(block);
        let before = meta.live as usize;
        meta.live = live as u16;
        meta.swept = false;
        if full {
            meta.forget_free_cells();
        }
        let live = live as usize;
        self.live_bytes =
            (self.live_bytes + live * cell_size(class)).wrapping_sub(before * cell_size(class));
        if self.zeal.is_some() {
            self.poison_block(class, block);
        }
        if live == 0 {
            self.arena.give_back(block, 1);
        } else if scattered {
            self.scattered += free;
            self.classes[class].full.push(block);
        } else if (capacity - live) * FULL_ENOUGH <= capacity {
            self.classes[class].full.push(block);
        } else {
            self.classes[class].available.push(block);
        }
    }

    /// Calls `f` with every allocated cell and whether it is marked. Dead cells in blocks that
    /// the allocator has not come to since they died are left out. Allocators must be flushed.
    pub(super) fn walk(&self, mut f: impl FnMut(&Header, bool)) {
        for block in 0..self.arena.top() {
            let meta = self.arena.meta(block);
            let (size, count) = match meta.state {
                BlockState::Small => (
                    meta.cell_size as usize,
                    cells_per_block(meta.class as usize),
                ),
                BlockState::LargeHead => (0, 1),
                BlockState::Free | BlockState::LargeTail => continue,
            };
            let swept = meta.swept;
            for i in 0..count {
                let cell = self.arena.address(block) + CELLS_OFFSET + i * size;
                let marked = self.arena.is_marked(cell);
                // SAFETY: every cell of a block in use begins with a header or a zero word.
                let header = unsafe { &*(cell as *const Header) };
                if marked || (swept && header.shape().0 != 0) {
                    f(header, marked);
                }
            }
        }
    }
}

/// How many marked cells of this size have a free one behind them, about: those that lie across the end
/// of a word of mark bits do not count.
fn free_runs(marks: &[u64], size: usize) -> usize {
    let next = (size / GRANULE).min(63) as u32;
    let ends = |w: u64| (w & !(w >> next)).count_ones() as usize;
    marks.iter().map(|w| ends(*w)).sum()
}
