//! `range` and its iterators: bounds may be ints of any size; those of 64 bits have fast paths
//! (`methods` is what Python sees, `wide` iterates over big numbers).

pub mod methods;
pub mod wide;

pub use methods::TYPE;

use std::cell::Cell;

use crate::Thread;
use crate::object::{Gc, NativeHeader, Result, Value};
use crate::types::T;
use crate::types::int;
use crate::types::slice::simple_bound;
use crate::{NativeObject, pytype};

/// A range.
#[repr(C)]
#[derive(NativeObject)]
pub struct Range {
    head: NativeHeader,
    /// `start`
    pub start: Value,
    /// `stop`
    pub stop: Value,
    /// `step`
    pub step: Value,
}

/// Iterator over a range whose items fit 64 bits.
#[repr(C)]
#[derive(NativeObject)]
pub struct RangeIterator {
    head: NativeHeader,
    /// Next item.
    #[notrace]
    pub next: Cell<i64>,
    /// Distance.
    #[notrace]
    pub step: Cell<i64>,
    /// Items left.
    #[notrace]
    pub left: Cell<u64>,
}

impl Range {
    /// Its items, when start, stop and step are small ints.
    pub fn small_numbers(&self) -> Option<impl Iterator<Item = i64> + use<>> {
        let (start, stop) = (self.start.as_int()?, self.stop.as_int()?);
        let step = self.step.as_int()?;
        // (The last item lies between start and stop.)
        let items = 0..count(start, stop, step) as i64;
        Some(items.map(move |k| start + k * step))
    }
}

/// `range[start:stop]` of small ints; None where it takes more than that.
pub fn simple_part(th: &mut Thread, r: Gc<Range>, start: Value, stop: Value) -> Option<Value> {
    let (first, last) = (r.start.as_int()?, r.stop.as_int()?);
    let step = r.step.as_int()?;
    let n = count(first, last, step) as i64;
    let bound = |v: Value, missing: i64| simple_bound(th, v, missing, n);
    let (from, to) = (bound(start, 0)?, bound(stop, n)?);
    let at = |i: i64| Value::try_int(first.checked_add(i.checked_mul(step)?)?);
    let (from, to) = (at(from)?, at(to)?);
    Some(new(th, from, to, r.step))
}

/// Number of items of a range of 64-bit numbers.
pub fn count(start: i64, stop: i64, step: i64) -> u64 {
    if step > 0 && start < stop {
        (stop.wrapping_sub(start) as u64 - 1) / step as u64 + 1
    } else if step < 0 && start > stop {
        (start.wrapping_sub(stop) as u64 - 1) / (step.unsigned_abs()) + 1
    } else {
        0
    }
}

/// A range of ints.
pub fn new(th: &mut Thread, start: Value, stop: Value, step: Value) -> Value {
    let head = th.native_header::<Range>(T::Range);
    th.alloc(Range {
        head,
        start,
        stop,
        step,
    })
    .value()
}

/// A new range iterator.
pub fn iterator(th: &mut Thread, next: i64, step: i64, left: u64) -> Value {
    let head = th.native_header::<RangeIterator>(T::RangeIterator);
    th.alloc(RangeIterator {
        head,
        next: Cell::new(next),
        step: Cell::new(step),
        left: Cell::new(left),
    })
    .value()
}

#[pytype(name = "range_iterator", table = ITERATOR_TYPE)]
impl RangeIterator {
    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        let Some(r) = this.downcast::<RangeIterator>() else {
            return Ok(None);
        };
        Ok(r.advance().map(|i| th.int(i)))
    }

    #[pymethod]
    fn __length_hint__(_: &mut Thread, this: Gc<RangeIterator>) -> u64 {
        this.left.get()
    }

    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<RangeIterator>) -> Result {
        let (start, step) = (this.next.get(), this.step.get());
        let stop = start as i128 + step as i128 * this.left.get() as i128;
        let range = Range {
            head: th.native_header::<Range>(T::Range),
            start: th.int(start),
            stop: int::from_i128(th, stop),
            step: th.int(step),
        };
        let range = th.alloc(range).value();
        let iter = th.builtin("iter")?;
        let args = th.new_tuple(&[range]).value();
        let none = th.none();
        Ok(th.new_tuple(&[iter, args, none]).value())
    }

    #[pymethod]
    fn __setstate__(_: &mut Thread, this: Gc<RangeIterator>, state: Option<isize>) {
        let n = (state.unwrap_or(0).max(0) as u64).min(this.left.get());
        let gone = this.step.get().wrapping_mul(n as i64);
        this.next.set(this.next.get().wrapping_add(gone));
        this.left.set(this.left.get() - n);
    }
}

impl RangeIterator {
    /// The next item.
    #[inline(always)]
    pub fn advance(&self) -> Option<i64> {
        let left = self.left.get();
        if left == 0 {
            return None;
        }
        let i = self.next.get();
        self.left.set(left - 1);
        self.next.set(i.wrapping_add(self.step.get()));
        Some(i)
    }
}

impl Range {
    /// Unused fields keep their names in docs.
    pub fn parts(this: Gc<Range>) -> (Value, Value, Value) {
        (this.start, this.stop, this.step)
    }
}
