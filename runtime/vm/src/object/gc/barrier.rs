//! The write barrier: an old object that is given a young one is remembered.
//!
//! A young collection takes old objects as live without looking inside. So an old object that was
//! changed to refer to a young one must be looked at: it is put on its heap's remembered set,
//! once per cycle (its header says [`REMEMBERED`] from then on). The set is found through the
//! header of the object's block, so the barrier needs no heap or thread. Cells outside every
//! arena stay [`YOUNG`] for ever and never get past the first test.

use super::block::{BLOCK_SIZE, BlockHeader};
use crate::object::header::Header;
use crate::object::value::Value;

/// Header state: allocated since the last collection.
pub const YOUNG: u8 = 0;
/// Header state: has survived a collection.
pub const OLD: u8 = 1;
/// Header state: old, and on the remembered set.
pub const REMEMBERED: u8 = 2;

/// The old objects that may refer to young ones.
pub struct Remembered {
    /// Their addresses.
    pub(super) cells: Vec<usize>,
}

/// To be called after `v` was stored in the object with this header.
#[inline(always)]
pub fn write(owner: &Header, v: Value) {
    if owner.gc.get() == OLD && v.header().is_some_and(|h| h.gc.get() == YOUNG) {
        remember(owner);
    }
}

/// As [`write`](self::write()), for stores of many values.
#[inline(always)]
pub fn write_many(owner: &Header) {
    if owner.gc.get() == OLD {
        remember(owner);
    }
}

/// The slow path: puts an old object on its heap's remembered set.
#[cold]
#[inline(never)]
pub fn remember(owner: &Header) {
    owner.gc.set(REMEMBERED);
    let block = (owner.address() & !(BLOCK_SIZE - 1)) as *const BlockHeader;
    // Only cells in an arena ever become old (the marker sets the state of marked cells only), and the
    // interpreter lock makes this the only reference.
    // SAFETY: such a cell is in a block with a header, whose remembered set lives as long as the heap.
    unsafe { (*(*block).remembered).cells.push(owner.address()) }
}
