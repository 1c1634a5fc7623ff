//! Zeal: the debugging modes that make a missing root or barrier show at once.
//!
//! With `-X gc-every=N` every N-th safepoint collects (fully one in 64, or, in a heap above a
//! megabyte, one in as many as it has 16 KB), and dead cells
//! are overwritten: the header says "free", every other word is [`POISON`], which has the tag of
//! a pointer and no valid address. Before such memory is handed out again (zeroed, as ever), it is
//! checked that nobody has written to it since. With `verify`, every cell that the marker reaches is
//! checked to be one. `-X gc-poison` poisons and checks without collecting more often.

use super::Heap;
use super::arena::BlockIndex;
use super::block::{CELLS_OFFSET, GRANULE, cell_size, cells_per_block};

/// What dead cells are filled with.
pub const POISON: u64 = 0xDBDB_DBDB_DBDB_DBD8;

/// For [`Zeal::every`]: memory is poisoned, but nothing collected for that.
const NEVER: u32 = u32::MAX;

/// State of the zealous mode.
pub(super) struct Zeal {
    /// Collect at each of this many safepoints.
    every: u32,
    countdown: u32,
    /// How many collections it has asked for since the last full one.
    rounds: u32,
}

impl Heap {
    /// Collects at every `every`-th safepoint and poisons freed memory; 0 turns it off.
    pub fn set_zeal(&mut self, every: u32) {
        self.zeal = if every == 0 {
            None
        } else {
            Some(Zeal {
                every,
                countdown: every,
                rounds: 0,
            })
        };
        self.update_request();
    }

    /// Is every safepoint to be counted?
    pub(super) fn is_zealous(&self) -> bool {
        self.zeal.as_ref().is_some_and(|z| z.every != NEVER)
    }

    /// Counts a safepoint; true when it is one to collect at.
    pub(super) fn zeal_is_due(&mut self) -> bool {
        let Some(zeal) = &mut self.zeal else {
            return false;
        };
        if zeal.every == NEVER {
            return false;
        }
        zeal.countdown -= 1;
        if zeal.countdown != 0 {
            return false;
        }
        zeal.countdown = zeal.every;
        true
    }

    /// Counts a collection that the mode asks for; true when it is to be a full one. Those would
    /// take nearly all of the time if their number did not depend on what they cost.
    pub(super) fn zeal_wants_all(&mut self) -> bool {
        let rounds = (self.live_bytes >> 14).max(64);
        let Some(zeal) = &mut self.zeal else {
            return false;
        };
        zeal.rounds += 1;
        let all = zeal.rounds as usize >= rounds;
        if all {
            zeal.rounds = 0;
        }
        all
    }

    /// Poisons freed memory and checks it, without more collections.
    pub fn set_poison(&mut self) {
        if self.zeal.is_none() {
            self.zeal = Some(Zeal {
                every: NEVER,
                countdown: NEVER,
                rounds: 0,
            });
        }
    }

    /// Overwrites the dead cells of a block: those that are free now and were not when the last
    /// collection ended are among the ones handed out since, or anywhere after a full collection.
    pub(super) fn poison_block(&mut self, class: usize, block: BlockIndex) {
        let size = cell_size(class);
        let meta = *self.arena.meta(block);
        let address = self.arena.address(block);
        let limit = CELLS_OFFSET + cells_per_block(class) * size;
        let (from, to) = (meta.first_free as usize, meta.zeroed_from as usize);
        for offset in (from * GRANULE..limit.min(to * GRANULE)).step_by(size) {
            let cell = address + offset;
            // SAFETY: the first word of a cell of this heap. Zero: free before, and poisoned then.
            let was_allocated = unsafe { *(cell as *const u64) } != 0;
            if was_allocated && !self.arena.is_marked(cell) {
                self.poison(cell, size);
            }
        }
    }

    /// Overwrites free memory that begins with a cell's first word or a block.
    pub(super) fn poison(&mut self, start: usize, bytes: usize) {
        let words = start as *mut u64;
        // SAFETY: the memory is a dead cell's or a free block's.
        unsafe {
            words.write(0);
            for i in 1..bytes / 8 {
                words.add(i).write(POISON);
            }
        }
    }
}

/// Ends the process if somebody has written to free memory.
pub(super) fn check_free(start: usize, end: usize) {
    for at in (start..end).step_by(8) {
        // SAFETY: memory of a free run of a block of the heap.
        let word = unsafe { (at as *const u64).read() };
        if word != 0 && word != POISON {
            eprintln!("gc: {at:#x} was written to after it was freed: {word:#x}");
            std::process::abort();
        }
    }
}
