//! Conservative scanning of stacks, and what it remembers of them.
//!
//! Of every stack the words are kept as the last collection found them. In a young collection a
//! word that has not changed needs no look: what it leads to was reached by that collection, so
//! it is old. The part of a deep stack that nobody has returned to costs a comparison, eight
//! words at a time, whoever may have written to it. (Generational stack collection does this by
//! markers in return addresses; here callees, compiled code and debuggers write to the windows of
//! others.)

use super::Heap;
use super::arena::Arena;
use super::block::{BLOCK_SHIFT, BLOCK_SIZE, BlockState, CELLS_OFFSET, cell_offset};
use super::roots::StackRange;
use crate::object::header::Header;

/// Words that are compared at a time.
const CHUNK: usize = 8;
/// Bytes of a stack that are compared in the time that looking at one byte of a cell takes.
pub(super) const STACK_SHARE: usize = 8;
/// A copy of at most so many words is never made smaller.
const KEEP_WORDS: usize = 1 << 13;

/// The words of a stack as the last collection found them.
struct StackCopy {
    /// The end of the stack that does not move.
    origin: usize,
    /// Address of the first word.
    start: usize,
    /// A word that led to a live cell, or that lies outside the arena, as it was; otherwise, and
    /// for what was not scanned, 0.
    words: Vec<u64>,
    /// What was scanned last.
    low: usize,
    high: usize,
    /// By the collection that is under way.
    scanned: bool,
}

/// The stacks that the last collection scanned.
#[derive(Default)]
pub(super) struct StackCopies {
    copies: Vec<StackCopy>,
}

impl StackCopies {
    /// Forgets the stacks that this collection has not scanned: their words keep nothing alive.
    pub fn end_collection(&mut self) {
        self.copies.retain_mut(|c| std::mem::take(&mut c.scanned));
    }

    /// The copy of the stack with this fixed end, made to cover the bounds; what lies outside of
    /// them is forgotten.
    fn covering(&mut self, origin: usize, low: usize, high: usize) -> &mut StackCopy {
        let at = match self.copies.iter().position(|c| c.origin == origin) {
            Some(at) => at,
            None => {
                self.copies.push(StackCopy {
                    origin,
                    start: low,
                    words: Vec::new(),
                    low,
                    high: low,
                    scanned: false,
                });
                self.copies.len() - 1
            }
        };
        let copy = &mut self.copies[at];
        copy.cover(low, high);
        copy
    }
}

impl StackCopy {
    fn end(&self) -> usize {
        self.start + self.words.len() * 8
    }

    fn cover(&mut self, low: usize, high: usize) {
        self.forget(self.low, self.high.min(low));
        self.forget(self.low.max(high), self.high);
        let need = (high - low) / 8;
        if low < self.start
            || high > self.end()
            || self.words.len() > KEEP_WORDS && self.words.len() / 8 > need
        {
            // Room for as much again where the stack grows.
            let (start, end) = match self.origin == low {
                true => (low, high + need * 8),
                false => (low.saturating_sub(need * 8), high),
            };
            let mut words = vec![0; (end - start) / 8];
            let (from, to) = (self.low.max(low), self.high.min(high));
            if from < to {
                let (old, new) = ((from - self.start) / 8, (from - start) / 8);
                let count = (to - from) / 8;
                words[new..new + count].copy_from_slice(&self.words[old..old + count]);
            }
            self.words = words;
            self.start = start;
        }
        self.low = low;
        self.high = high;
        self.scanned = true;
    }

    /// Forgets the words between two addresses.
    fn forget(&mut self, from: usize, to: usize) {
        if from < to {
            self.words[(from - self.start) / 8..(to - self.start) / 8].fill(0);
        }
    }
}

impl Heap {
    /// The live cell at or around an address. Exact only while the allocators are flushed
    /// (`flush_allocators`); in between it may take a free cell for a live one.
    #[inline]
    pub(super) fn live_cell(&self, address: usize) -> Option<&Header> {
        live_cell(&self.arena, address)
    }

    /// Collects the live cells that the words of a stack point into; in a young collection only
    /// where a word has changed since the last collection.
    pub(super) fn scan_conservatively(
        &mut self,
        stack: StackRange,
        young: bool,
        found: &mut Vec<*const Header>,
    ) {
        let low = (stack.low as usize).next_multiple_of(8);
        let high = stack.high as usize & !7;
        if low >= high {
            return;
        }
        let origin = if stack.grows_down { high } else { low };
        let arena = &self.arena;
        let (base, extent) = (arena.base(), arena.reserved());
        let copy = self.stacks.covering(origin, low, high);
        let first = (low - copy.start) / 8;
        let kept = &mut copy.words[first..first + (high - low) / 8];
        // Volatile, because the words belong to variables of other functions.
        // SAFETY: the words between the bounds are on a stack, which is readable.
        let read = |i: usize| unsafe { (low as *const u64).add(i).read_volatile() };
        for (n, kept) in kept.chunks_mut(CHUNK).enumerate() {
            let at = n * CHUNK;
            if young {
                let mut changed = 0;
                for (i, &k) in kept.iter().enumerate() {
                    changed |= read(at + i) ^ k;
                }
                if changed == 0 {
                    continue;
                }
            }
            for (i, k) in kept.iter_mut().enumerate() {
                let word = read(at + i);
                if young && word == *k {
                    continue;
                }
                *k = word;
                if (word as usize).wrapping_sub(base) < extent {
                    match live_cell(arena, word as usize) {
                        Some(header) => found.push(header),
                        // A cell may be made there yet.
                        None => *k = 0,
                    }
                }
            }
        }
    }
}

#[inline]
fn live_cell(arena: &Arena, address: usize) -> Option<&Header> {
    let block = arena.block_of(address)?;
    let meta = arena.meta(block);
    let cell = match meta.state {
        BlockState::Small => {
            let offset = cell_offset(meta.class as usize, address & (BLOCK_SIZE - 1))?;
            arena.address(block) + offset
        }
        BlockState::LargeHead => arena.address(block) + CELLS_OFFSET,
        BlockState::LargeTail => {
            arena.address(block) - ((meta.link as usize) << BLOCK_SHIFT) + CELLS_OFFSET
        }
        BlockState::Free => return None,
    };
    if address < cell {
        return None;
    }
    // SAFETY: a cell of a block in use begins with a header or a zero word.
    let header = unsafe { &*(cell as *const Header) };
    let live = arena.is_marked(cell) || (meta.swept && header.shape().0 != 0);
    if live { Some(header) } else { None }
}
