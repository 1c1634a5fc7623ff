//! The reserved address range of a heap, cut into blocks.
//!
//! One range per heap, reserved without memory behind it; blocks get memory from the front on
//! demand, in growing steps. Behind the blocks lie their two side tables (metadata and mark
//! bits), which are committed in step. Free blocks are kept as maximal runs, lowest address first
//! for single blocks and best fit for large cells; memory of free blocks goes back to the system
//! beyond an allowance ([`Arena::trim`]).

use std::collections::{BTreeMap, BTreeSet};
use std::ptr::NonNull;

use super::block::{BLOCK_SHIFT, BLOCK_SIZE, BlockMeta, BlockState, MARK_WORDS};

/// Sizes to try, largest first: under an address-space limit less must do.
const RESERVATIONS: [usize; 7] = [
    1 << 40,
    1 << 38,
    1 << 36,
    1 << 34,
    1 << 32,
    1 << 30,
    1 << 28,
];
/// Memory is committed in steps of the size so far, within these bounds (in blocks).
const COMMIT_MIN: usize = 16;
const COMMIT_MAX: usize = 1024;
/// From this size on (in blocks) the arena asks for huge pages.
const HUGE_FROM: usize = 1024;
/// Side tables are committed in units that every system's page size divides.
const PAGE: usize = 1 << 16;

/// Number of a block within the arena.
pub type BlockIndex = usize;

/// The blocks of one heap.
pub struct Arena {
    base: usize,
    reserved: usize,
    committed: usize,
    top: usize,
    meta: NonNull<BlockMeta>,
    marks: NonNull<u64>,
    mapping: (usize, usize),
    free_by_start: BTreeMap<usize, usize>,
    free_by_length: BTreeSet<(usize, usize)>,
    in_use: usize,
}

/// Reserves address space without memory.
fn reserve(length: usize) -> Option<usize> {
    // SAFETY: a fresh private mapping disturbs nothing.
    let p = unsafe {
        libc::mmap(
            std::ptr::null_mut(),
            length,
            libc::PROT_NONE,
            libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE,
            -1,
            0,
        )
    };
    if p == libc::MAP_FAILED {
        None
    } else {
        Some(p as usize)
    }
}

impl Arena {
    /// Reserves the largest arena that the system grants.
    pub fn new() -> Arena {
        for size in RESERVATIONS {
            let reserved = size >> BLOCK_SHIFT;
            let meta_bytes = (reserved * size_of::<BlockMeta>()).next_multiple_of(PAGE);
            let length = size + meta_bytes + reserved * MARK_WORDS * 8 + BLOCK_SIZE + PAGE;
            let Some(start) = reserve(length) else {
                continue;
            };
            let base = start.next_multiple_of(BLOCK_SIZE);
            let (Some(meta), Some(marks)) = (
                NonNull::new((base + size) as *mut BlockMeta),
                NonNull::new((base + size + meta_bytes) as *mut u64),
            ) else {
                continue;
            };
            return Arena {
                base,
                reserved,
                committed: 0,
                top: 0,
                meta,
                marks,
                mapping: (start, length),
                free_by_start: BTreeMap::new(),
                free_by_length: BTreeSet::new(),
                in_use: 0,
            };
        }
        // Not even 256 MB of address space: nothing can run.
        std::alloc::handle_alloc_error(std::alloc::Layout::new::<[u8; BLOCK_SIZE]>())
    }

    /// Address of the first block.
    #[inline(always)]
    pub fn base(&self) -> usize {
        self.base
    }

    /// Bytes from the base to the end of the last block that was ever used.
    #[inline(always)]
    pub fn extent(&self) -> usize {
        self.top << BLOCK_SHIFT
    }

    /// Bytes from the base to the end of what can ever be used.
    #[inline(always)]
    pub fn reserved(&self) -> usize {
        self.reserved << BLOCK_SHIFT
    }

    /// Number of blocks that were ever used.
    #[inline(always)]
    pub fn top(&self) -> usize {
        self.top
    }

    /// Number of blocks in use.
    #[inline(always)]
    pub fn in_use(&self) -> usize {
        self.in_use
    }

    /// Address of a block.
    #[inline(always)]
    pub fn address(&self, block: BlockIndex) -> usize {
        self.base + (block << BLOCK_SHIFT)
    }

    /// The block around an address.
    #[inline(always)]
    pub fn block_of(&self, address: usize) -> Option<BlockIndex> {
        let offset = address.wrapping_sub(self.base);
        if offset < self.extent() {
            Some(offset >> BLOCK_SHIFT)
        } else {
            None
        }
    }

    /// The table of block metadata.
    #[inline(always)]
    pub fn meta_table(&self) -> NonNull<BlockMeta> {
        self.meta
    }

    /// The table of mark bits: bit n belongs to the n-th granule from the base.
    #[inline(always)]
    pub fn mark_table(&self) -> NonNull<u64> {
        self.marks
    }

    /// A block's metadata.
    #[inline(always)]
    pub fn meta(&self, block: BlockIndex) -> &BlockMeta {
        assert!(block < self.committed);
        // SAFETY: the table is committed up to `committed`, and zero is a valid BlockMeta.
        unsafe { &*self.meta.as_ptr().add(block) }
    }

    /// A block's metadata, for changes.
    #[inline(always)]
    pub fn meta_mut(&mut self, block: BlockIndex) -> &mut BlockMeta {
        assert!(block < self.committed);
        // SAFETY: as in `meta`, and `self` is borrowed mutably.
        unsafe { &mut *self.meta.as_ptr().add(block) }
    }

    /// A block's mark bits.
    #[inline(always)]
    pub fn marks(&self, block: BlockIndex) -> &[u64; MARK_WORDS] {
        assert!(block < self.committed);
        // SAFETY: the table is committed up to `committed`.
        unsafe { &*(self.marks.as_ptr().add(block * MARK_WORDS) as *const [u64; MARK_WORDS]) }
    }

    /// Is the cell at this address (in the arena) marked?
    #[inline(always)]
    pub fn is_marked(&self, address: usize) -> bool {
        let granule = address.wrapping_sub(self.base) >> 4;
        match self.block_of(address) {
            Some(block) => {
                self.marks(block)[(granule / 64) % MARK_WORDS] >> (granule % 64) & 1 != 0
            }
            None => true,
        }
    }

    /// Clears all mark bits.
    pub fn clear_marks(&mut self) {
        // SAFETY: the table is committed up to `top` at least.
        unsafe { std::ptr::write_bytes(self.marks.as_ptr(), 0, self.top * MARK_WORDS) }
    }

    /// Takes a run of `count` blocks; their metadata says `dirty` where memory must be zeroed.
    pub fn take(&mut self, count: usize) -> Option<BlockIndex> {
        let found = if count == 1 {
            self.free_by_start
                .first_key_value()
                .map(|(&start, &length)| (start, length))
        } else {
            self.free_by_length
                .range((count, 0)..)
                .next()
                .map(|&(length, start)| (start, length))
        };
        let start = match found {
            Some((start, length)) => {
                self.remove_run(start, length);
                if length > count {
                    self.insert_run(start + count, length - count);
                }
                start
            }
            None => self.extend(count)?,
        };
        self.in_use += count;
        Some(start)
    }

    /// Takes the `count` blocks that begin with `start`, if they are free.
    pub fn take_at(&mut self, start: BlockIndex, count: usize) -> bool {
        if let Some(&length) = self.free_by_start.get(&start) {
            if length < count {
                // `extend` makes a free run at the end part of what it takes.
                if start + length != self.top || self.extend(count).is_none() {
                    return false;
                }
                self.in_use += count;
                return true;
            }
            self.remove_run(start, length);
            if length > count {
                self.insert_run(start + count, length - count);
            }
        } else if start == self.top {
            if self.extend(count).is_none() {
                return false;
            }
        } else {
            return false;
        }
        self.in_use += count;
        true
    }

    /// Gives blocks back. Their memory is taken for dirty.
    pub fn give_back(&mut self, start: BlockIndex, count: usize) {
        for block in start..start + count {
            let meta = self.meta_mut(block);
            meta.state = BlockState::Free;
            meta.dirty = true;
        }
        self.in_use -= count;
        let (mut from, mut length) = (start, count);
        if let Some((&before, &n)) = self.free_by_start.range(..start).next_back()
            && before + n == start
        {
            self.remove_run(before, n);
            from = before;
            length += n;
        }
        if let Some(&n) = self.free_by_start.get(&(start + count)) {
            self.remove_run(start + count, n);
            length += n;
        }
        self.insert_run(from, length);
    }

    /// Returns the memory of a run of blocks to the system; they read as zero afterwards.
    pub fn release(&mut self, start: BlockIndex, count: usize) {
        // SAFETY: the blocks are the arena's own and free; private anonymous memory reads as zero
        // after MADV_DONTNEED.
        let done = unsafe {
            libc::madvise(
                self.address(start) as *mut libc::c_void,
                count << BLOCK_SHIFT,
                libc::MADV_DONTNEED,
            )
        };
        if done == 0 {
            for block in start..start + count {
                self.meta_mut(block).dirty = false;
            }
        }
    }

    /// Returns the memory of free blocks to the system, except for `keep` of them.
    pub fn trim(&mut self, keep: usize) {
        if self.top - self.in_use <= keep {
            return;
        }
        let runs: Vec<(usize, usize)> = self.free_by_start.iter().map(|(&s, &n)| (s, n)).collect();
        let mut kept = 0;
        for (start, length) in runs {
            let mut block = start;
            while block < start + length {
                if !self.meta(block).dirty {
                    block += 1;
                    continue;
                }
                let first = block;
                while block < start + length && self.meta(block).dirty {
                    block += 1;
                }
                let spare = keep.saturating_sub(kept).min(block - first);
                kept += spare;
                if first + spare < block {
                    self.release(first + spare, block - first - spare);
                }
            }
        }
    }

    fn insert_run(&mut self, start: usize, length: usize) {
        self.free_by_start.insert(start, length);
        self.free_by_length.insert((length, start));
    }

    fn remove_run(&mut self, start: usize, length: usize) {
        self.free_by_start.remove(&start);
        self.free_by_length.remove(&(length, start));
    }

    /// Takes `count` new blocks from the end; a free run at the end becomes part of them.
    fn extend(&mut self, count: usize) -> Option<BlockIndex> {
        let tail = self
            .free_by_start
            .last_key_value()
            .map(|(&s, &n)| (s, n))
            .filter(|&(s, n)| s + n == self.top && n < count);
        let start = tail.map_or(self.top, |(s, _)| s);
        let top = start.checked_add(count)?;
        if top > self.committed {
            self.commit(top)?;
        }
        if let Some((s, n)) = tail {
            self.remove_run(s, n);
        }
        self.top = top;
        Some(start)
    }

    /// Puts memory behind the first `need` blocks and their side tables.
    fn commit(&mut self, need: usize) -> Option<()> {
        if need > self.reserved {
            return None;
        }
        let step = self.committed.clamp(COMMIT_MIN, COMMIT_MAX);
        let to = need.max(self.committed + step).min(self.reserved);
        let from = self.committed;
        let (meta, marks) = (self.meta.as_ptr() as usize, self.marks.as_ptr() as usize);
        let parts = [
            (self.address(from), self.address(to)),
            (
                meta + from * size_of::<BlockMeta>(),
                meta + to * size_of::<BlockMeta>(),
            ),
            (marks + from * MARK_WORDS * 8, marks + to * MARK_WORDS * 8),
        ];
        for (start, end) in parts {
            let start = start & !(PAGE - 1);
            let end = end.next_multiple_of(PAGE);
            // SAFETY: the range lies in this arena's reservation.
            let failed = unsafe {
                libc::mprotect(
                    start as *mut libc::c_void,
                    end - start,
                    libc::PROT_READ | libc::PROT_WRITE,
                )
            };
            if failed != 0 {
                return None;
            }
        }
        if from >= HUGE_FROM {
            // SAFETY: as above; advice only.
            unsafe {
                libc::madvise(
                    self.address(from) as *mut libc::c_void,
                    (to - from) << BLOCK_SHIFT,
                    libc::MADV_HUGEPAGE,
                )
            };
        }
        self.committed = to;
        Some(())
    }
}

impl Drop for Arena {
    fn drop(&mut self) {
        // SAFETY: the mapping is this arena's own, and the heap that used it is gone.
        unsafe {
            libc::munmap(self.mapping.0 as *mut libc::c_void, self.mapping.1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_coalesce_and_are_reused() {
        let mut arena = Arena::new();
        let a = arena.take(3).expect("blocks");
        let b = arena.take(1).expect("block");
        let c = arena.take(5).expect("blocks");
        assert_eq!((a, b, c, arena.in_use()), (0, 3, 4, 9));
        arena.give_back(a, 3);
        arena.give_back(c, 5);
        arena.give_back(b, 1);
        assert_eq!(arena.free_by_start.len(), 1);
        assert_eq!(arena.take(9), Some(0));
        arena.give_back(0, 9);
        assert_eq!(arena.take(20), Some(0), "a free run at the end is extended");
        assert_eq!(arena.top(), 20);
        assert!(arena.take(1 << 40).is_none());
    }

    #[test]
    fn released_memory_reads_as_zero() {
        let mut arena = Arena::new();
        let a = arena.take(2).expect("blocks");
        let p = arena.address(a) as *mut u64;
        // SAFETY: the blocks are committed and this test's own.
        unsafe { p.write(7) };
        arena.give_back(a, 2);
        assert!(arena.meta(a).dirty);
        arena.trim(0);
        assert!(!arena.meta(a).dirty);
        // SAFETY: as above.
        assert_eq!(unsafe { p.read() }, 0);
    }
}
