//! The eight bytes in front of every heap cell.

use std::cell::Cell;

use super::kind::Kind;
use super::shape::ShapeId;

/// Bits of [`Header`]'s flag byte.
pub struct HeaderFlags;

impl HeaderFlags {
    /// The cell has an attribute area (dict word and inline slots) behind its payload.
    pub const ATTRIBUTES: u8 = 1;
    /// A weak reference to the object exists (kept in the heap's weak table).
    pub const WEAKLY_REFERENCED: u8 = 2;
    /// `__del__` has run once.
    pub const FINALIZED: u8 = 4;
    /// An interned string.
    pub const INTERNED: u8 = 8;
    /// Somebody wants to hear when this dict changes (see `assumptions`).
    pub const WATCHED: u8 = 16;
    /// The object has an entry on the heap's finalizer list (its class has `__del__`).
    pub const HAS_FINALIZER: u8 = 32;
    /// `id()` of the object was asked for or it hashes by address. (Reserved.)
    pub const RESERVED: u8 = 64;
    /// Repr of this container is under way (recursion guard).
    pub const IN_REPR: u8 = 128;
}

/// First word of every heap cell. `shape` is zero in a free cell.
#[repr(C)]
pub struct Header {
    shape: Cell<u32>,
    /// Collector's state: 0 young, 1 old, 2 old and remembered. See `gc`.
    pub(crate) gc: Cell<u8>,
    flags: Cell<u8>,
    kind: u8,
    /// For the layout's own use (width of a string's units, …).
    pub aux: Cell<u8>,
}

impl Header {
    /// A header for a cell of this layout and shape.
    #[inline(always)]
    pub const fn new(kind: Kind, shape: ShapeId) -> Header {
        Header {
            shape: Cell::new(shape.0),
            gc: Cell::new(0),
            flags: Cell::new(0),
            kind: kind as u8,
            aux: Cell::new(0),
        }
    }

    /// The layout of the cell.
    #[inline(always)]
    pub fn kind(&self) -> Kind {
        Kind::from_u8(self.kind)
    }

    /// The shape: class and, for instances, layout of the attributes.
    #[inline(always)]
    pub fn shape(&self) -> ShapeId {
        ShapeId(self.shape.get())
    }

    /// Changes the shape. The class behind the new one may be young, so this is a store for the
    /// write barrier.
    #[inline(always)]
    pub fn set_shape(&self, shape: ShapeId) {
        self.shape.set(shape.0);
        super::gc::barrier::write_many(self);
    }

    /// Is this flag set?
    #[inline(always)]
    pub fn has(&self, flag: u8) -> bool {
        self.flags.get() & flag != 0
    }

    /// Sets a flag.
    #[inline(always)]
    pub fn set_flag(&self, flag: u8) {
        self.flags.set(self.flags.get() | flag);
    }

    /// Clears a flag.
    #[inline(always)]
    pub fn clear_flag(&self, flag: u8) {
        self.flags.set(self.flags.get() & !flag);
    }

    /// Was the cell allocated since the last collection?
    #[inline]
    pub fn is_young(&self) -> bool {
        self.gc.get() == super::gc::barrier::YOUNG
    }

    /// Address of the cell.
    #[inline(always)]
    pub fn address(&self) -> usize {
        self as *const Header as usize
    }
}
