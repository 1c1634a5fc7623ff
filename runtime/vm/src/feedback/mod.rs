//! What the interpreter learns while it runs: one slot for each instruction that its row gives one.
//!
//! A slot serves the interpreter as inline cache and the JIT as type feedback. Attribute sites hold
//! up to four cases: the slot itself and three more in [`FeedbackSlot::more`], which is made when
//! a second case turns up. [`FeedbackSlot::cases`] gives them all. References in slots are weak: after marking, the collector clears the slots that refer to dead objects.

use std::cell::{Cell, OnceCell};

use crate::vm::Vm;

/// Bits of [`FeedbackSlot::seen`] for operands.
pub mod seen {
    /// Both operands small ints.
    pub const INT: u8 = 1;
    /// Both floats.
    pub const FLOAT: u8 = 2;
    /// One small int and one float.
    pub const MIXED: u8 = 4;
    /// Both exact strings.
    pub const STR: u8 = 8;
    /// Small ints whose result did not fit.
    pub const OVERFLOW: u8 = 16;
    /// Anything else.
    pub const OTHER: u8 = 32;
    /// An exact list and a small int.
    pub const LIST: u8 = 64;
    /// An exact dict.
    pub const DICT: u8 = 128;
    /// Calls: another function with the same code was called.
    pub const OTHER_FUNCTION: u8 = 1;
    /// Calls: functions with different code were called.
    pub const OTHER_CODE: u8 = 2;
    /// Calls: through a bound method.
    pub const BOUND_METHOD: u8 = 4;
    /// Calls: of something else than a Python function.
    pub const NATIVE: u8 = 8;
    /// Names: the instruction has run.
    pub const RUN: u8 = 1;
    /// An exact tuple and a small int (subscripts).
    pub const TUPLE: u8 = 4;
}

/// What an inline cache holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum CacheKind {
    /// Nothing yet.
    Empty,
    /// Instance slot `slot`, inline.
    InlineSlot,
    /// Instance slot `slot`, in the overflow buffer.
    OverflowSlot,
    /// Value `value` found on the class, no descriptor.
    ClassValue,
    /// Method `value` of the class (unbound), not shadowed by the instance.
    Method,
    /// Property whose getter is the function `value`.
    Property,
    /// `__slots__` member in inline slot `slot`.
    Member,
    /// Attribute of a native type: `value` is the descriptor.
    GetSet,
    /// Store that adds an attribute: the shape becomes `slot2`, the value goes to `slot`.
    AddSlot,
    /// Entry `slot2` of the globals, whose keys have version `version`.
    Global,
    /// Entry `slot2` of the builtins (versions in `version` and `shape`).
    Builtin,
    /// Module attribute: entry `slot2` of the module's namespace with keys version `version`.
    ModuleAttribute,
    /// Call of a class: instances of shape `shape`, `__init__` is the function `value2`.
    Construct,
    /// Too many different things were seen.
    Megamorphic,
    /// Attribute of a class whose metaclass is `type`: `value` is what `C.name` gives for the class
    /// `value2` at version `version`; `shape` is the shape of such classes.
    TypeAttribute,
    /// Class method found on a class: `value` is the function, to be called with the class
    /// first; otherwise as `TypeAttribute`.
    TypeMethod,
}

/// Cases of a site beside the slot's own.
pub const MORE_CASES: usize = 3;
/// After so many misses a site that has all its cases in use learns no new ones.
const MEGAMORPHIC: u32 = 100;

/// One feedback slot.
#[derive(Debug)]
#[repr(C)]
pub struct FeedbackSlot {
    /// Shape that the cache is for.
    pub shape: Cell<u32>,
    /// Version that must still hold; at calls of builtins, the shape of the second argument.
    pub version: Cell<u32>,
    /// First reference (weak); written by [`FeedbackSlot::refer`].
    pub value: Cell<u64>,
    /// Second reference (weak) or number; as above.
    pub value2: Cell<u64>,
    /// What the cache holds.
    pub kind: Cell<CacheKind>,
    /// Operand kinds seen: see [`seen`].
    pub seen: Cell<u8>,
    /// Slot number.
    pub slot: Cell<u16>,
    /// Executions or misses, by kind.
    pub count: Cell<u32>,
    /// Further cases of the same site.
    pub more: OnceCell<Box<[FeedbackSlot; MORE_CASES]>>,
}

impl Default for FeedbackSlot {
    fn default() -> Self {
        FeedbackSlot {
            shape: Cell::new(0),
            version: Cell::new(0),
            value: Cell::new(0),
            value2: Cell::new(0),
            kind: Cell::new(CacheKind::Empty),
            seen: Cell::new(0),
            slot: Cell::new(0),
            count: Cell::new(0),
            more: OnceCell::new(),
        }
    }
}

impl FeedbackSlot {
    /// Notes operand kinds.
    #[inline(always)]
    pub fn note(&self, bit: u8) {
        self.seen.set(self.seen.get() | bit);
    }

    /// Notes the shape of what was iterated over; `seen::OTHER` when it was another one before.
    #[inline(always)]
    pub fn note_shape(&self, shape: u32) {
        let before = self.shape.replace(shape);
        if before != shape && before != 0 {
            self.note(seen::OTHER);
        }
    }

    /// The further case for a shape.
    #[inline]
    pub fn other(&self, shape: u32) -> Option<&FeedbackSlot> {
        self.more.get()?.iter().find(|s| s.shape.get() == shape)
    }

    /// All cases that hold something, the most common one first as far as is known.
    pub fn cases(&self) -> impl Iterator<Item = &FeedbackSlot> {
        std::iter::once(self)
            .chain(self.more.get().into_iter().flat_map(|m| m.iter()))
            .filter(|s| s.kind.get() != CacheKind::Empty)
    }

    /// Has the site seen more than its cases can hold?
    pub fn is_megamorphic(&self) -> bool {
        self.count.get() >= MEGAMORPHIC
    }

    /// Where to note a case that none of the cases was right for; `same` tells whether one is
    /// about the same shape or object and can be replaced. None for a megamorphic site.
    pub fn place(&self, same: impl Fn(&FeedbackSlot) -> bool) -> Option<&FeedbackSlot> {
        if self.kind.get() == CacheKind::Empty || same(self) {
            return Some(self);
        }
        let more = self
            .more
            .get_or_init(|| Box::new(std::array::from_fn(|_| FeedbackSlot::default())));
        if let Some(s) = more
            .iter()
            .find(|s| s.kind.get() == CacheKind::Empty || same(s))
        {
            return Some(s);
        }
        let n = self.count.get();
        if n >= MEGAMORPHIC {
            return None;
        }
        self.count.set(n + 1);
        more.get(n as usize % MORE_CASES)
    }

    /// Notes what the cache refers to; the collector is told to look at slots.
    #[inline]
    pub fn refer(&self, vm: &Vm, value: u64, value2: u64) {
        vm.weak_tables_changed.set(true);
        self.value.set(value);
        self.value2.set(value2);
    }

    /// Empties the cache; what was seen stays.
    pub fn clear(&self) {
        self.kind.set(CacheKind::Empty);
        self.shape.set(0);
        self.version.set(0);
        self.value.set(0);
        self.value2.set(0);
    }
}
