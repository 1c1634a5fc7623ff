//! `int`: 62-bit numbers in the value word, wider ones as limbs in a heap cell.
//!
//! `True` and `False` and instances of subclasses are heap cells too, whatever their size. An exact
//! wide int is never one that fits the word: results go through [`normalize`].

pub mod construct;
pub mod methods;
pub mod ops;

use std::cmp::Ordering;

use dashu_int::{IBig, Sign, UBig};

use crate::Thread;
use crate::object::{Gc, GcSlot, Header, HeapObject, Kind, RawBuffer, Tracer, Value};
use crate::types::T;
use crate::types::type_::Type;

pub use methods::{TYPE, format, to_str};

/// An int in the heap.
#[repr(C)]
pub struct BigInt {
    head: Header,
    /// Number of limbs; negative for a negative int.
    size: i64,
    /// The limbs of a subclass's instance with more than one of them.
    external: GcSlot<RawBuffer>,
    /// First limb; an exact int has the others behind it.
    first: u64,
}

// SAFETY: repr(C), header first, the one pointer is reported.
#[allow(unsafe_code)]
unsafe impl HeapObject for BigInt {
    const KIND: Kind = Kind::BigInt;
    fn trace(&self, t: &mut Tracer) {
        t.gc_slot(&self.external);
    }
}

impl super::Named for BigInt {
    const NAME: &'static str = "int";
}

impl BigInt {
    /// The magnitude's limbs, least significant first, without leading zeros.
    #[allow(unsafe_code)]
    pub fn limbs(&self) -> &[u64] {
        let n = self.size.unsigned_abs() as usize;
        let p = match self.external.get() {
            Some(b) => b.data() as *const u64,
            None => &raw const self.first,
        };
        // SAFETY: the cell (or its buffer) holds `n` limbs; ints never change.
        unsafe { std::slice::from_raw_parts(p, n) }
    }

    /// Below zero?
    pub fn is_negative(&self) -> bool {
        self.size < 0
    }

    /// As a number of the bigint crate.
    pub fn to_ibig(&self) -> IBig {
        let sign = if self.size < 0 {
            Sign::Negative
        } else {
            Sign::Positive
        };
        IBig::from_parts(sign, UBig::from_words(self.limbs()))
    }

    /// As 128 bits, if it fits.
    pub fn to_i128(&self) -> Option<i128> {
        let m = match self.limbs() {
            [] => 0,
            [low] => *low as u128,
            [low, high] => *low as u128 | (*high as u128) << 64,
            _ => return None,
        };
        let m = i128::try_from(m).ok()?;
        Some(if self.size < 0 { -m } else { m })
    }

    /// As 64 bits, if it fits.
    pub fn to_i64(&self) -> Option<i64> {
        match (self.limbs(), self.size < 0) {
            ([], _) => Some(0),
            ([w], false) => i64::try_from(*w).ok(),
            ([w], true) => {
                if *w <= 1 << 63 {
                    Some((*w as i64).wrapping_neg())
                } else {
                    None
                }
            }
            _ => None,
        }
    }
}

/// `hash(i)` for 64 bits: modulo 2⁶¹-1, sign kept, never -1.
#[inline(always)]
pub fn hash_i64(i: i64) -> i64 {
    const P: u64 = (1 << 61) - 1;
    let m = i.unsigned_abs();
    let m = (m & P) + (m >> 61);
    let m = if m >= P { m - P } else { m } as i64;
    match if i < 0 { -m } else { m } {
        -1 => -2,
        h => h,
    }
}

fn exact_cell(th: &mut Thread, negative: bool, limbs: &[u64]) -> Value {
    let (Some(first), rest) = (limbs.first().copied(), limbs.get(1..).unwrap_or(&[])) else {
        return Value::small(0);
    };
    let size = if negative {
        -(limbs.len() as i64)
    } else {
        limbs.len() as i64
    };
    let object = BigInt {
        head: Header::new(Kind::BigInt, T::Int.shape()),
        size,
        external: GcSlot::empty(),
        first,
    };
    match th.alloc_variable(object, rest.len() * 8) {
        Some(g) => {
            write_rest(g, rest);
            g.value()
        }
        None => {
            // Memory is exhausted: reported at the next safepoint.
            th.request_memory_error();
            Value::small(0)
        }
    }
}

#[allow(unsafe_code)]
fn write_rest(g: Gc<BigInt>, rest: &[u64]) {
    // SAFETY: the cell was made with room for `rest` behind the struct.
    unsafe {
        let p = (&raw mut (*g.as_ptr()).first).add(1);
        std::ptr::copy_nonoverlapping(rest.as_ptr(), p, rest.len());
    }
}

impl Thread {
    /// `False` or `True`, before their class exists.
    pub(crate) fn bootstrap_bool(&mut self, b: bool) -> Value {
        let head = Header::new(Kind::BigInt, T::Bool.shape());
        self.alloc(BigInt {
            head,
            size: b as i64,
            external: GcSlot::empty(),
            first: b as u64,
        })
        .value()
    }
}

/// An int of any size as the value it must be: a word if it fits.
pub fn normalize(th: &mut Thread, i: &IBig) -> Value {
    if let Ok(small) = i64::try_from(i)
        && let Some(v) = Value::try_int(small)
    {
        return v;
    }
    let (sign, words) = i.as_sign_words();
    exact_cell(th, sign == Sign::Negative, words)
}

/// An int from 64 bits that do not fit the word.
#[cold]
pub fn from_i64(th: &mut Thread, v: i64) -> Value {
    match Value::try_int(v) {
        Some(v) => v,
        None => exact_cell(th, v < 0, &[v.unsigned_abs()]),
    }
}

/// An int from unsigned 64 bits.
pub fn from_u64(th: &mut Thread, v: u64) -> Value {
    match i64::try_from(v).ok().and_then(Value::try_int) {
        Some(v) => v,
        None => exact_cell(th, false, &[v]),
    }
}

/// An int from 128 bits.
pub fn from_i128(th: &mut Thread, v: i128) -> Value {
    match i64::try_from(v) {
        Ok(v) => th.int(v),
        Err(_) => {
            let m = v.unsigned_abs();
            let limbs = [m as u64, (m >> 64) as u64];
            exact_cell(th, v < 0, &limbs[..1 + (limbs[1] != 0) as usize])
        }
    }
}

/// An instance of a subclass of int (or bool's two) with this number.
pub fn of_class(th: &mut Thread, class: Gc<Type>, v: Value) -> Value {
    if class.is(th.vm().ty(T::Int)) {
        return exact(th, v);
    }
    let (negative, limbs): (bool, Vec<u64>) = match v.as_int() {
        Some(0) => (false, Vec::new()),
        Some(i) => (i < 0, vec![i.unsigned_abs()]),
        None => match v.downcast::<BigInt>() {
            Some(b) => (b.is_negative(), b.limbs().to_vec()),
            None => (false, Vec::new()),
        },
    };
    let size = if negative {
        -(limbs.len() as i64)
    } else {
        limbs.len() as i64
    };
    let external = if limbs.len() > 1 {
        RawBuffer::new(th.heap(), limbs.len() * 8)
    } else {
        None
    };
    if let Some(b) = external {
        for (i, l) in limbs.iter().enumerate() {
            b.write(i * 8, &l.to_ne_bytes());
        }
    }
    let first = limbs.first().copied().unwrap_or(0);
    th.alloc_of_class(class, |head| BigInt {
        head,
        size,
        external: GcSlot::from_option(external),
        first,
    })
    .value()
}

/// The exact int with the number of an int, bool or instance of a subclass.
pub fn exact(th: &mut Thread, v: Value) -> Value {
    match v.downcast::<BigInt>() {
        Some(b) if !th.is_exact(v, T::Int) => match b.to_i64() {
            Some(i) => th.int(i),
            None => exact_cell(th, b.is_negative(), b.limbs()),
        },
        _ => v,
    }
}

/// An int's number as 64 bits, if it fits; None for what is no int too.
#[inline]
pub fn to_i64(v: Value) -> Option<i64> {
    match v.as_int() {
        Some(i) => Some(i),
        None => v.downcast::<BigInt>()?.to_i64(),
    }
}

/// An int's number; None for what is no int.
pub fn to_ibig(v: Value) -> Option<IBig> {
    match v.as_int() {
        Some(i) => Some(IBig::from(i)),
        None => Some(v.downcast::<BigInt>()?.to_ibig()),
    }
}

/// Is it an int (bools and subclasses included)?
#[inline(always)]
pub fn is_int(v: Value) -> bool {
    v.is_int() || v.kind() == Kind::BigInt
}

/// Below zero? (False for what is no int.)
pub fn is_negative(v: Value) -> bool {
    match v.as_int() {
        Some(i) => i < 0,
        None => v.downcast::<BigInt>().is_some_and(|b| b.is_negative()),
    }
}

/// Order of two ints; None when one is no int.
pub fn compare(a: Value, b: Value) -> Option<Ordering> {
    if let (Some(x), Some(y)) = (to_i64(a), to_i64(b)) {
        return Some(x.cmp(&y));
    }
    Some(to_ibig(a)?.cmp(&to_ibig(b)?))
}
