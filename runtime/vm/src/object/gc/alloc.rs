//! Allocation: bump over a zeroed window of a free run of a block.
//!
//! Per size class there is a current block. Its free runs (maximal runs of unmarked cells) are
//! found by the mark bits when the allocator gets to them: this is the lazy sweep. A run is
//! cleared a few kilobytes at a time, just before it is handed out, so that the zeros are still
//! in the first-level cache when the object is written. Handing out a cell is then a compare and
//! an add. Only the refill looks at budgets and limits.

use super::Heap;
use super::arena::BlockIndex;
use super::block::{
    BLOCK_SIZE, BlockHeader, BlockState, CELLS_OFFSET, GRANULE, MAX_SMALL, cell_size,
    cells_per_block, class_for,
};
use super::zeal::check_free;

/// Bytes that are cleared at a time.
const WINDOW: usize = 2048;

/// The zeroed window from which cells of one class are handed out. Compiled code reads and
/// writes it too.
#[derive(Clone, Copy, Default)]
#[repr(C)]
pub struct Bump {
    /// Next cell.
    pub cursor: usize,
    /// End of the window.
    pub end: usize,
}

/// The rest of a class's allocation state.
#[derive(Default)]
pub(super) struct ClassBlocks {
    /// The block that cells are handed out of.
    current: Option<BlockIndex>,
    /// Rest of the free run behind the window.
    run: usize,
    run_end: usize,
    /// Where the search for the next free run goes on; an address in the current block.
    search: usize,
    /// The current block's free memory is known to be zero.
    clean: bool,
    /// Blocks that may have free cells.
    pub available: Vec<BlockIndex>,
    /// Blocks that were allocated from since the last collection.
    pub used: Vec<BlockIndex>,
    /// Blocks without free cells to speak of.
    pub full: Vec<BlockIndex>,
}

impl Heap {
    /// A zeroed, 16-byte aligned cell of at least `size` bytes whose header is yet to be
    /// written (before the next safepoint). For sizes that programs do not choose.
    #[inline(always)]
    pub fn allocate(&mut self, size: usize) -> *mut u8 {
        if size > MAX_SMALL {
            return self.allocate_large_or_abort(size);
        }
        let class = class_for(size);
        let bump = &mut self.bumps[class];
        let cell = bump.cursor;
        let next = cell + cell_size(class);
        if next <= bump.end {
            bump.cursor = next;
            return cell as *mut u8;
        }
        self.refill_or_abort(class)
    }

    /// As [`Heap::allocate`], for a size known at compile time.
    #[inline(always)]
    pub fn allocate_sized<const SIZE: usize>(&mut self) -> *mut u8 {
        const { assert!(SIZE <= MAX_SMALL) };
        self.allocate(SIZE)
    }

    /// As [`Heap::allocate`], but says None when memory or the heap's limit is exhausted.
    #[inline]
    pub fn try_allocate(&mut self, size: usize) -> Option<*mut u8> {
        if size > MAX_SMALL {
            return self.try_allocate_large(size);
        }
        let class = class_for(size);
        let bump = &mut self.bumps[class];
        let cell = bump.cursor;
        let next = cell + cell_size(class);
        if next <= bump.end {
            bump.cursor = next;
            return Some(cell as *mut u8);
        }
        self.refill(class, true)
    }

    /// As [`Heap::try_allocate`], for a layout without references whose variable part is written at
    /// once: only what precedes it is sure to be zero.
    #[inline]
    pub fn try_allocate_leaf(&mut self, size: usize) -> Option<*mut u8> {
        if size > MAX_SMALL {
            return self.try_allocate_large_leaf(size);
        }
        self.try_allocate(size)
    }

    #[cold]
    #[inline(never)]
    fn refill_or_abort(&mut self, class: usize) -> *mut u8 {
        match self.refill(class, false) {
            Some(p) => p,
            None => out_of_memory(cell_size(class)),
        }
    }

    #[cold]
    #[inline(never)]
    fn allocate_large_or_abort(&mut self, size: usize) -> *mut u8 {
        match self.try_allocate_large(size) {
            Some(p) => p,
            None => out_of_memory(size),
        }
    }

    /// The next cell when the window is used up. The heap's limit is obeyed if `limited`.
    #[inline(never)]
    fn refill(&mut self, class: usize, limited: bool) -> Option<*mut u8> {
        let size = cell_size(class);
        loop {
            let state = &mut self.classes[class];
            if state.run < state.run_end {
                let window = (WINDOW / size).max(1) * size;
                let start = state.run;
                let end = state.run_end.min(start + window);
                state.run = end;
                if !state.clean && self.zeal.is_some() {
                    check_free(start, end);
                }
                if !self.classes[class].clean {
                    // SAFETY: the run consists of free cells of a block of this heap.
                    unsafe { std::ptr::write_bytes(start as *mut u8, 0, end - start) };
                }
                self.bumps[class] = Bump {
                    cursor: start + size,
                    end,
                };
                self.note_allocated(end - start);
                return Some(start as *mut u8);
            }
            if self.next_run(class) {
                continue;
            }
            let block = match self.classes[class].available.pop() {
                Some(block) => block,
                None => {
                    if limited && !self.has_room(BLOCK_SIZE) {
                        return None;
                    }
                    self.new_block(class)?
                }
            };
            self.enter_block(class, block);
        }
    }

    /// Finds the next free run of the current block.
    fn next_run(&mut self, class: usize) -> bool {
        let state = &mut self.classes[class];
        let Some(block) = state.current else {
            return false;
        };
        let searched = state.search;
        let found = free_run(&self.arena, class, block, searched);
        let state = &mut self.classes[class];
        match found {
            Some((start, end)) => {
                let address = self.arena.address(block);
                let meta = self.arena.meta_mut(block);
                if searched == address + meta.first_free as usize * GRANULE {
                    meta.first_free = ((start - address) / GRANULE) as u16;
                }
                state.run = start;
                state.run_end = end;
                state.search = end;
                true
            }
            None => {
                state.current = None;
                // All its free cells were handed out.
                self.arena.meta_mut(block).zeroed_from = (BLOCK_SIZE / GRANULE) as u16;
                false
            }
        }
    }

    fn enter_block(&mut self, class: usize, block: BlockIndex) {
        let address = self.arena.address(block);
        let meta = self.arena.meta_mut(block);
        let first = address + meta.first_free as usize * GRANULE;
        meta.swept = true;
        let clean = !meta.dirty;
        meta.dirty = true;
        let state = &mut self.classes[class];
        state.current = Some(block);
        state.search = first;
        state.clean = clean;
        state.used.push(block);
    }

    fn new_block(&mut self, class: usize) -> Option<BlockIndex> {
        let block = self.arena.take(1)?;
        let meta = self.arena.meta_mut(block);
        meta.state = BlockState::Small;
        meta.class = class as u8;
        meta.live = 0;
        meta.link = 0;
        meta.cell_size = cell_size(class) as u16;
        meta.forget_free_cells();
        self.write_block_header(block);
        Some(block)
    }

    pub(super) fn write_block_header(&mut self, block: BlockIndex) {
        let header = self.arena.address(block) as *mut BlockHeader;
        // SAFETY: the block is committed and belongs to this heap.
        unsafe {
            (&raw mut (*header).remembered).write(self.remembered.as_ptr());
            (&raw mut (*header).assumptions).write(self.assumptions);
        }
    }

    /// Gives every free cell of the current blocks a zero first word, so that free and allocated
    /// cells can be told apart in all blocks. Allocation may go on afterwards.
    pub(super) fn flush_allocators(&mut self) {
        for class in 0..self.classes.len() {
            let size = cell_size(class);
            let state = &self.classes[class];
            let Some(block) = state.current else { continue };
            let address = self.arena.address(block);
            let zeroed = match state.clean {
                true => 0,
                false => address + self.arena.meta(block).zeroed_from as usize * GRANULE,
            };
            let mut run = Some((state.run, state.run_end));
            let mut search = state.search;
            while let Some((start, end)) = run.filter(|&(start, _)| start < zeroed) {
                for cell in (start..end.min(zeroed)).step_by(size) {
                    // SAFETY: a free cell of a block of this heap.
                    unsafe { (cell as *mut u64).write(0) };
                }
                search = search.max(end);
                run = free_run(&self.arena, class, block, search);
            }
            self.arena.meta_mut(block).zeroed_from = ((state.run - address) / GRANULE) as u16;
        }
    }

    /// Forgets the current blocks; after a collection.
    pub(super) fn reset_allocators(&mut self) {
        for (bump, state) in self.bumps.iter_mut().zip(&mut self.classes) {
            *bump = Bump::default();
            state.current = None;
            state.run = 0;
            state.run_end = 0;
        }
    }
}

/// The first run of unmarked cells of a block at or behind the cell at address `from`.
fn free_run(
    arena: &super::arena::Arena,
    class: usize,
    block: BlockIndex,
    from: usize,
) -> Option<(usize, usize)> {
    let size = cell_size(class);
    let marks = arena.marks(block);
    let address = arena.address(block);
    let limit = CELLS_OFFSET + cells_per_block(class) * size;
    let marked = |offset: usize| marks[offset >> 10] >> ((offset >> 4) & 63) & 1 != 0;
    let mut start = from - address;
    while start < limit && marked(start) {
        start += size;
    }
    if start >= limit {
        return None;
    }
    // The run ends with the next mark bit: free cells have none, not even inside.
    let mut index = start >> 10;
    let mut word = marks[index] & (u64::MAX << ((start >> 4) & 63));
    let end = loop {
        if word != 0 {
            break (index << 10) + ((word.trailing_zeros() as usize) << 4);
        }
        index += 1;
        match marks.get(index) {
            Some(&w) => word = w,
            None => break limit,
        }
    };
    Some((address + start, address + end.min(limit)))
}

#[cold]
fn out_of_memory(size: usize) -> ! {
    match std::alloc::Layout::from_size_align(size, 16) {
        Ok(layout) => std::alloc::handle_alloc_error(layout),
        Err(_) => std::process::abort(),
    }
}
