//! `range` and its iterator. Bounds that fit 64 bits are kept as numbers; wider ones are not yet
//! iterated natively (`wide`).

use std::cell::Cell;

use crate::Thread;
use crate::object::{Gc, NativeHeader, Result, Value};
use crate::types::T;
use crate::types::int;
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

/// range(stop) -> range object
#[pytype(name = "range", flags = SEQUENCE)]
impl Range {
    #[pynew(raw)]
    fn new(th: &mut Thread, args: crate::call::Args<'_>) -> Result {
        let (zero, one) = (Value::small(0), Value::small(1));
        let (start, stop, step) = match args.skip_first().values {
            [stop] => (zero, th.index(*stop)?, one),
            [start, stop] => (th.index(*start)?, th.index(*stop)?, one),
            [start, stop, step] => (th.index(*start)?, th.index(*stop)?, th.index(*step)?),
            other => {
                let n = other.len();
                let bound = if n == 0 {
                    "at least 1 argument"
                } else {
                    "at most 3 arguments"
                };
                return Err(th.type_error(format!("range expected {bound}, got {n}")));
            }
        };
        if step.as_int() == Some(0) {
            return Err(th.value_error("range() arg 3 must not be zero"));
        }
        let head = th.native_header::<Range>(T::Range);
        Ok(th
            .alloc(Range {
                head,
                start,
                stop,
                step,
            })
            .value())
    }

    #[pyslot]
    fn iter(th: &mut Thread, this: Value) -> Result {
        let Some(r) = this.downcast::<Range>() else {
            return Ok(this);
        };
        match (
            int::to_i64(r.start),
            int::to_i64(r.stop),
            int::to_i64(r.step),
        ) {
            (Some(a), Some(b), Some(s)) => Ok(iterator(th, a, s, count(a, b, s))),
            _ => Err(
                th.not_implemented_error("iteration over a range with bounds of more than 64 bits")
            ),
        }
    }

    #[pyslot]
    fn len(th: &mut Thread, this: Value) -> Result<usize> {
        let Some(r) = this.downcast::<Range>() else {
            return Ok(0);
        };
        match (
            int::to_i64(r.start),
            int::to_i64(r.stop),
            int::to_i64(r.step),
        ) {
            (Some(a), Some(b), Some(s)) => Ok(count(a, b, s) as usize),
            _ => Err(th.overflow_error("Python int too large to convert to C ssize_t")),
        }
    }
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
