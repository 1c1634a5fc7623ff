//! The tagged 64-bit value.
//!
//! | low bits | meaning |
//! | --- | --- |
//! | `00` | pointer to a heap cell |
//! | `10` | int of 62 bits, `v << 2 \| 2` |
//! | `1`  | float, `rotl(bits + (768 << 52), 3)` |
//!
//! The float encoding is self-tagging (Melançon et al., OOPSLA 2025): the low bit is 1 for
//! ±0, subnormals, infinities, NaN and every magnitude outside `[2⁻⁷⁶⁷, 2⁻²⁵⁵)` and
//! `[2²⁵⁷, 2⁷⁶⁹)`; those few are heap floats. A value is never zero: zero stands for an
//! unbound register, an empty slot or "raised".

use std::num::NonZeroU64;

use super::header::Header;
use super::kind::Kind;
use super::pointer::{Gc, HeapObject};

/// A Python value: a small int, most floats, or a pointer to a heap object.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct Value(NonZeroU64);

const FLOAT_BIAS: u64 = 768 << 52;

impl Value {
    /// Largest int that is not on the heap.
    pub const INT_MAX: i64 = (1 << 61) - 1;
    /// Smallest int that is not on the heap.
    pub const INT_MIN: i64 = -(1 << 61);

    /// The raw word.
    #[inline(always)]
    pub const fn bits(self) -> u64 {
        self.0.get()
    }

    /// The value with this raw word, or None for zero.
    #[inline(always)]
    pub const fn from_bits(bits: u64) -> Option<Value> {
        match NonZeroU64::new(bits) {
            Some(b) => Some(Value(b)),
            None => None,
        }
    }

    /// A small int; None when it needs more than 62 bits.
    #[inline(always)]
    pub const fn try_int(v: i64) -> Option<Value> {
        let w = v.wrapping_shl(2);
        if w >> 2 == v {
            Value::from_bits(w as u64 | 2)
        } else {
            None
        }
    }

    /// An int that is known to fit 62 bits (any 32-bit number does).
    #[inline(always)]
    pub const fn small(v: i32) -> Value {
        Value(NonZeroU64::MIN.saturating_add(((v as i64) << 2 | 2) as u64 - 1))
    }

    /// Is it a small int?
    #[inline(always)]
    pub const fn is_int(self) -> bool {
        self.bits() & 3 == 2
    }

    /// The small int's number.
    #[inline(always)]
    pub const fn as_int(self) -> Option<i64> {
        if self.is_int() {
            Some(self.bits() as i64 >> 2)
        } else {
            None
        }
    }

    /// The number of a value that is known to be a small int; garbage otherwise.
    #[inline(always)]
    pub const fn int_unchecked(self) -> i64 {
        self.bits() as i64 >> 2
    }

    /// A float that fits the word; None for the rare exponents that need a heap float.
    #[inline(always)]
    pub const fn try_float(f: f64) -> Option<Value> {
        let w = f.to_bits().wrapping_add(FLOAT_BIAS).rotate_left(3);
        if w & 1 == 1 {
            Value::from_bits(w)
        } else {
            None
        }
    }

    /// Is it a float in the word?
    #[inline(always)]
    pub const fn is_tagged_float(self) -> bool {
        self.bits() & 1 == 1
    }

    /// The number of a float in the word.
    #[inline(always)]
    pub const fn as_tagged_float(self) -> Option<f64> {
        if self.is_tagged_float() {
            Some(self.float_unchecked())
        } else {
            None
        }
    }

    /// The number of a value that is known to be a tagged float; garbage otherwise.
    #[inline(always)]
    pub const fn float_unchecked(self) -> f64 {
        f64::from_bits(self.bits().rotate_right(3).wrapping_sub(FLOAT_BIAS))
    }

    /// Is it a pointer to a heap cell?
    #[inline(always)]
    pub const fn is_pointer(self) -> bool {
        self.bits() & 3 == 0
    }

    /// The header of the heap cell, or None for a tagged number.
    #[inline(always)]
    pub fn header(&self) -> Option<&Header> {
        if self.is_pointer() {
            // SAFETY: a pointer value always addresses a live cell, which starts with a header.
            Some(unsafe { &*(self.bits() as *const Header) })
        } else {
            None
        }
    }

    /// The layout kind of the heap cell; `Kind::Free` for tagged numbers.
    #[inline(always)]
    pub fn kind(self) -> Kind {
        self.header().map_or(Kind::Free, |h| h.kind())
    }

    /// As a typed pointer when the cell has T's layout (instances of Python subclasses too).
    #[inline(always)]
    pub fn downcast<T: HeapObject>(self) -> Option<Gc<T>> {
        let header = self.header()?;
        if T::matches(header) {
            // SAFETY: `matches` says that the cell has T's layout.
            Some(unsafe { Gc::from_raw(header as *const Header as *mut T) })
        } else {
            None
        }
    }

    /// Same object (`is`): equal words, with ints and floats compared by value.
    #[inline(always)]
    pub fn is(self, other: Value) -> bool {
        self.0 == other.0
    }
}

impl<T: HeapObject> From<Gc<T>> for Value {
    #[inline(always)]
    fn from(p: Gc<T>) -> Value {
        p.value()
    }
}

impl From<i32> for Value {
    #[inline(always)]
    fn from(v: i32) -> Value {
        Value::small(v)
    }
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(i) = self.as_int() {
            write!(f, "{i}")
        } else if let Some(x) = self.as_tagged_float() {
            write!(f, "{x:?}")
        } else {
            write!(f, "<{:?} at {:#x}>", self.kind(), self.bits())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ints_round_trip_at_the_edges() {
        for v in [0, 1, -1, Value::INT_MAX, Value::INT_MIN, i32::MAX as i64] {
            assert_eq!(Value::try_int(v).and_then(Value::as_int), Some(v));
        }
        assert!(Value::try_int(Value::INT_MAX + 1).is_none());
        assert!(Value::try_int(Value::INT_MIN - 1).is_none());
        for v in [0, 1, -1, i32::MAX, i32::MIN] {
            assert_eq!(Value::small(v).as_int(), Some(v as i64));
        }
    }

    #[test]
    fn floats_round_trip_or_say_that_they_do_not_fit() {
        let tiny = f64::from_bits(1);
        for f in [
            0.0,
            -0.0,
            1.5,
            -1e10,
            f64::INFINITY,
            f64::MAX,
            f64::MIN_POSITIVE,
            tiny,
            1e-76,
            2f64.powi(256),
        ] {
            let v = Value::try_float(f).expect("tagged");
            assert_eq!(v.float_unchecked().to_bits(), f.to_bits());
            assert!(!v.is_int() && !v.is_pointer());
        }
        assert!(Value::try_float(f64::NAN).is_some());
        for f in [
            2f64.powi(257),
            2f64.powi(768),
            2f64.powi(-256),
            2f64.powi(-767),
        ] {
            assert!(Value::try_float(f).is_none(), "{f}");
        }
    }
}
