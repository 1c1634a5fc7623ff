//! Blocks and size classes: the arithmetic that leads from an address to its cell.
//!
//! A block is 64 KB, aligned to its size. Its first 16 bytes are a [`BlockHeader`]; the rest is
//! cut into cells of one size class, or is the start of one large cell that goes on in the blocks
//! behind it. What the collector knows of a block ([`BlockMeta`]) and the mark bits (one per
//! 16-byte granule) lie in dense side tables of the arena rather than in the blocks, because
//! equal offsets in 64 KB-aligned blocks would compete for the same few cache sets.

use super::barrier::Remembered;

/// Bytes in a block.
pub const BLOCK_SIZE: usize = 1 << BLOCK_SHIFT;
/// log2 of [`BLOCK_SIZE`].
pub const BLOCK_SHIFT: u32 = 16;
/// Cells are multiples of this and aligned to it.
pub const GRANULE: usize = 16;
/// Words of mark bits for one block.
pub const MARK_WORDS: usize = BLOCK_SIZE / GRANULE / 64;
/// Where the first cell of a block begins.
pub const CELLS_OFFSET: usize = size_of::<BlockHeader>();
/// Largest request that is served from a size class.
pub const MAX_SMALL: usize = (BLOCK_SIZE - CELLS_OFFSET) / 2 / GRANULE * GRANULE;

/// Start of every block that holds cells. It exists for the write barrier, which has an address
/// and nothing else.
#[repr(C)]
pub struct BlockHeader {
    /// The remembered set of the heap that owns the block.
    pub remembered: *mut Remembered,
    /// What compiled code assumes about objects of the heap; null in a heap without interpreter.
    pub assumptions: *const crate::machine::assumptions::Assumptions,
}

/// Cells per block of the classes above 1 KB; below, classes are evenly spaced.
const COARSE: [u32; 26] = [
    56, 51, 45, 40, 36, 32, 31, 28, 25, 22, 20, 18, 16, 15, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2,
];

/// Number of size classes.
pub const CLASS_COUNT: usize = 32 + COARSE.len();

/// Bytes in a cell of each class.
pub static CLASS_SIZE: [u32; CLASS_COUNT] = class_sizes();
/// Class of a request, by its size in granules.
pub static CLASS_OF: [u8; MAX_SMALL / GRANULE + 1] = class_of();
/// `ceil(2^32 / size)` of each class: a multiplication in place of a division.
static RECIPROCAL: [u32; CLASS_COUNT] = reciprocals();

const fn class_sizes() -> [u32; CLASS_COUNT] {
    let mut sizes = [0; CLASS_COUNT];
    let mut i = 0;
    while i < 32 {
        sizes[i] = match i {
            0..16 => 16 * (i as u32 + 1),
            16..24 => 256 + 32 * (i as u32 - 15),
            _ => 512 + 64 * (i as u32 - 23),
        };
        i += 1;
    }
    while i < CLASS_COUNT {
        sizes[i] =
            (BLOCK_SIZE - CELLS_OFFSET) as u32 / COARSE[i - 32] / GRANULE as u32 * GRANULE as u32;
        i += 1;
    }
    sizes
}

const fn class_of() -> [u8; MAX_SMALL / GRANULE + 1] {
    let sizes = class_sizes();
    let mut table = [0; MAX_SMALL / GRANULE + 1];
    let mut granules = 0;
    let mut class = 0;
    while granules < table.len() {
        if (granules * GRANULE) as u32 > sizes[class] {
            class += 1;
        }
        table[granules] = class as u8;
        granules += 1;
    }
    table
}

const fn reciprocals() -> [u32; CLASS_COUNT] {
    let sizes = class_sizes();
    let mut table = [0; CLASS_COUNT];
    let mut i = 0;
    while i < CLASS_COUNT {
        table[i] = ((1u64 << 32).div_ceil(sizes[i] as u64)) as u32;
        i += 1;
    }
    table
}

/// Classes up to this size are one granule apart, and need no table.
const FINE: usize = 256;

/// Class of a request of at most [`MAX_SMALL`] bytes.
#[inline(always)]
pub fn class_for(size: usize) -> usize {
    if size <= FINE {
        (size.max(1) - 1) / GRANULE
    } else {
        CLASS_OF[size.div_ceil(GRANULE)] as usize
    }
}

/// Bytes in a cell of a class.
#[inline(always)]
pub fn cell_size(class: usize) -> usize {
    if class < FINE / GRANULE {
        (class + 1) * GRANULE
    } else {
        CLASS_SIZE[class] as usize
    }
}

/// Cells in a block of a class.
#[inline(always)]
pub fn cells_per_block(class: usize) -> usize {
    (BLOCK_SIZE - CELLS_OFFSET) / cell_size(class)
}

/// Offset of the cell around a byte offset in a block of this class; None for the block's header
/// and for the remainder behind the last cell.
#[inline(always)]
pub fn cell_offset(class: usize, offset: usize) -> Option<usize> {
    let from_first = offset.checked_sub(CELLS_OFFSET)?;
    let index = ((from_first as u64 * RECIPROCAL[class] as u64) >> 32) as usize;
    if index < cells_per_block(class) {
        Some(CELLS_OFFSET + index * cell_size(class))
    } else {
        None
    }
}

/// What a block is used for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum BlockState {
    /// Nothing. The value of fresh (zero) memory.
    Free,
    /// Cells of one class.
    Small,
    /// First block of a large cell.
    LargeHead,
    /// Another block of a large cell.
    LargeTail,
}

/// What the collector knows of a block.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct BlockMeta {
    /// Its use.
    pub state: BlockState,
    /// Size class, of a small block.
    pub class: u8,
    /// Its memory may hold something else than zeros. (Meaningful in free blocks.)
    pub dirty: bool,
    /// Free cells have a zero first word. Otherwise a cell is live only if it is marked.
    pub swept: bool,
    /// Marked cells at the last collection, of a small block.
    pub live: u16,
    /// Granules from the block's start to the first cell that may be free, of a small block: those
    /// in front of it stay marked until the next full collection.
    pub first_free: u16,
    /// Large head: number of blocks. Large tail: distance to the head.
    pub link: u32,
    /// Bytes in a cell, of a small block.
    pub cell_size: u16,
    /// Granules from a small block's start to where all free cells have a zero first word, whether
    /// the block is swept or not.
    pub zeroed_from: u16,
}

impl BlockMeta {
    /// To be called when any cell of a small block may have become free.
    pub fn forget_free_cells(&mut self) {
        self.first_free = (CELLS_OFFSET / GRANULE) as u16;
        self.zeroed_from = (BLOCK_SIZE / GRANULE) as u16;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_small_size_has_the_smallest_class_that_fits() {
        assert_eq!(CLASS_SIZE[CLASS_COUNT - 1] as usize, MAX_SMALL);
        for size in 0..=MAX_SMALL {
            let class = class_for(size);
            assert!(cell_size(class) >= size);
            assert!(class == 0 || cell_size(class - 1) < size.max(1), "{size}");
            assert_eq!(cell_size(class) % GRANULE, 0);
        }
    }

    #[test]
    fn inner_offsets_lead_to_their_cell() {
        for class in 0..CLASS_COUNT {
            let size = cell_size(class);
            for offset in 0..BLOCK_SIZE {
                let expected = offset
                    .checked_sub(CELLS_OFFSET)
                    .map(|o| o / size)
                    .filter(|&i| i < cells_per_block(class))
                    .map(|i| CELLS_OFFSET + i * size);
                assert_eq!(cell_offset(class, offset), expected);
            }
        }
    }
}
