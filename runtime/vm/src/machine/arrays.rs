//! Arrays of numbers: what compiled code must know of `array.array`, which lives in the library.

use crate::Thread;
use crate::feedback::{CacheKind, FeedbackSlot};
use crate::object::Value;

/// Where exact arrays keep what.
#[derive(Clone, Copy, Debug)]
pub struct NumberArrays {
    /// Their shape.
    pub shape: u32,
    /// Offset of the reference to the buffer ([`crate::object::RawBuffer`]).
    pub buffer: i32,
    /// Offset of the number of items.
    pub len: i32,
    /// Offset of the type code, a byte.
    pub code: i32,
}

/// How an item of an array lies in memory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Item {
    /// A float of 64 bits.
    Float,
    /// An int of so many bytes, signed or not.
    Int(u8, bool),
}

/// What a type code of `array.array` means; None for those that compiled code does not read.
pub fn item_of(code: u8) -> Option<Item> {
    Some(match code {
        b'd' => Item::Float,
        b'b' => Item::Int(1, true),
        b'B' => Item::Int(1, false),
        b'h' => Item::Int(2, true),
        b'H' => Item::Int(2, false),
        b'i' => Item::Int(4, true),
        b'I' => Item::Int(4, false),
        b'l' | b'q' => Item::Int(8, true),
        _ => return None,
    })
}

/// Notes the shape of a container that a subscript met, and of an array the type code.
pub fn note_container(th: &Thread, slot: &FeedbackSlot, container: Value) {
    if slot.kind.get() != CacheKind::Empty {
        return;
    }
    let shape = th.shape_of(container).0;
    slot.shape.set(shape);
    if let Some(a) = th.vm().number_arrays.get()
        && a.shape == shape
        && let Some(h) = container.header()
    {
        // SAFETY: an object of this shape has a byte at this offset.
        let code = unsafe { *(h as *const _ as *const u8).add(a.code as usize) };
        slot.slot.set(code as u16);
    }
}

/// Offset of the first byte of a raw buffer.
pub const RAW_DATA: i32 = crate::object::RawBuffer::DATA_OFFSET as i32;
