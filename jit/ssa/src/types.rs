//! Types and representations of values.

/// How a value sits in a machine register.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Rep {
    /// A Python value as a word; zero is "unbound".
    Tagged,
    /// An untagged int of 64 bits (a Python int when it is a Python value), or an address.
    Int,
    /// A float.
    Float,
    /// Truth: 0 or 1.
    Bool,
}

/// Bits of [`Type::kinds`].
pub mod kinds {
    /// A small int.
    pub const INT: u8 = 1;
    /// A float in the word.
    pub const FLOAT: u8 = 2;
    /// `True` or `False`.
    pub const BOOL: u8 = 4;
    /// `None`.
    pub const NONE: u8 = 8;
    /// Another heap object (wide ints and rare floats too).
    pub const OBJECT: u8 = 16;
    /// Nothing: an unbound register or empty slot.
    pub const UNBOUND: u8 = 32;
    /// Any value.
    pub const ANY: u8 = 31;
}

/// Smallest small int.
pub const INT_MIN: i64 = -(1 << 61);
/// Largest small int.
pub const INT_MAX: i64 = (1 << 61) - 1;

/// What a value can be.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Type {
    /// Which of [`kinds`].
    pub kinds: u8,
    /// Shape of the object, if it can only be an object and has just this one; else 0.
    pub shape: u32,
    /// Number of a set of shapes of the graph, plus one: the object has one of these; else 0.
    pub shapes: u32,
    /// Least int, if it can be one.
    pub low: i64,
    /// Greatest int, if it can be one.
    pub high: i64,
}

impl Type {
    /// Any value.
    pub const ANY: Type = Type::of(kinds::ANY);
    /// Any value or unbound.
    pub const ANY_OR_UNBOUND: Type = Type::of(kinds::ANY | kinds::UNBOUND);
    /// A small int.
    pub const INT: Type = Type::of(kinds::INT);
    /// A float.
    pub const FLOAT: Type = Type::of(kinds::FLOAT);
    /// A bool.
    pub const BOOL: Type = Type::of(kinds::BOOL);
    /// Not a Python value: an address, an untagged number of 64 bits.
    pub const RAW: Type = Type {
        kinds: 0,
        shape: 0,
        shapes: 0,
        low: i64::MIN,
        high: i64::MAX,
    };

    /// These kinds.
    pub const fn of(kinds: u8) -> Type {
        Type {
            kinds,
            shape: 0,
            shapes: 0,
            low: INT_MIN,
            high: INT_MAX,
        }
    }

    /// An int between two bounds.
    pub const fn int(low: i64, high: i64) -> Type {
        Type {
            kinds: kinds::INT,
            shape: 0,
            shapes: 0,
            low,
            high,
        }
    }

    /// An object with this shape.
    pub const fn shape(shape: u32) -> Type {
        Type {
            kinds: kinds::OBJECT,
            shape,
            shapes: 0,
            low: INT_MIN,
            high: INT_MAX,
        }
    }

    /// An object with one of the shapes of a set.
    pub const fn one_of(set: u32) -> Type {
        Type {
            shapes: set + 1,
            ..Type::of(kinds::OBJECT)
        }
    }

    /// Only of these kinds?
    pub const fn within(self, kinds: u8) -> bool {
        self.kinds & !kinds == 0 && self.kinds != 0
    }

    /// Surely a small int?
    pub const fn is_int(self) -> bool {
        self.within(kinds::INT)
    }

    /// Surely a float in the word?
    pub const fn is_float(self) -> bool {
        self.within(kinds::FLOAT)
    }

    /// Can it be one of these kinds?
    pub const fn may_be(self, kinds: u8) -> bool {
        self.kinds & kinds != 0
    }

    /// Surely a pointer?
    pub const fn is_pointer(self) -> bool {
        self.within(kinds::BOOL | kinds::NONE | kinds::OBJECT)
    }

    /// What is either.
    pub fn join(self, other: Type) -> Type {
        let ints = |t: Type| t.kinds & kinds::INT != 0 || t.kinds == 0;
        let (low, high) = match (ints(self), ints(other)) {
            (true, true) => (self.low.min(other.low), self.high.max(other.high)),
            (true, false) => (self.low, self.high),
            (false, _) => (other.low, other.high),
        };
        Type {
            kinds: self.kinds | other.kinds,
            shape: if self.shape == other.shape {
                self.shape
            } else {
                0
            },
            shapes: if self.shapes == other.shapes {
                self.shapes
            } else {
                0
            },
            low,
            high,
        }
    }

    /// The same with narrower bounds.
    pub fn clamp(self, low: i64, high: i64) -> Type {
        Type {
            low: self.low.max(low),
            high: self.high.min(high),
            ..self
        }
    }
}
