//! `range` as Python sees it.

use super::{Range, count, iterator, wide};
use crate::call::Args;
use crate::number::bigint::IBig;
use crate::object::slots::CompareOp;
use crate::object::{Gc, Result, Value};
use crate::types::sequence;
use crate::types::slice::{self, Slice};
use crate::types::{T, int};
use crate::{Thread, pytype};

fn expect(th: &mut Thread, v: Value) -> Result<Gc<Range>> {
    match v.downcast::<Range>() {
        Some(r) => Ok(r),
        None => Err(th.type_error("expected a range")),
    }
}

fn make(th: &mut Thread, start: Value, stop: Value, step: Value) -> Value {
    let head = th.native_header::<Range>(T::Range);
    th.alloc(Range {
        head,
        start,
        stop,
        step,
    })
    .value()
}

impl Range {
    /// Start, stop and step, if all have 64 bits.
    fn narrow(&self) -> Option<(i64, i64, i64)> {
        Some((
            int::to_i64(self.start)?,
            int::to_i64(self.stop)?,
            int::to_i64(self.step)?,
        ))
    }

    fn numbers(&self) -> [IBig; 3] {
        [self.start, self.stop, self.step].map(|v| int::to_ibig(v).unwrap_or_default())
    }

    /// Number of items.
    fn length(&self) -> IBig {
        if let Some((a, b, s)) = self.narrow() {
            return IBig::from(count(a, b, s));
        }
        let [start, stop, step] = self.numbers();
        let (span, step) = if step > IBig::ZERO {
            (stop - start, step)
        } else {
            (start - stop, -step)
        };
        if span <= IBig::ZERO {
            IBig::ZERO
        } else {
            (span - IBig::ONE) / step + IBig::ONE
        }
    }

    /// The item with this number, which must exist.
    fn item(&self, th: &mut Thread, i: &IBig) -> Value {
        let [start, _, step] = self.numbers();
        int::normalize(th, &(start + i * step))
    }

    /// The number of the item that equals an int, if there is one.
    fn position(&self, v: Value) -> Option<IBig> {
        if let (Some((a, b, s)), Some(v)) = (self.narrow(), int::to_i64(v)) {
            let inside = if s > 0 {
                a <= v && v < b
            } else {
                b < v && v <= a
            };
            let distance = v as i128 - a as i128;
            return (inside && distance % s as i128 == 0).then(|| IBig::from(distance / s as i128));
        }
        let [start, stop, step] = self.numbers();
        let v = int::to_ibig(v)?;
        let inside = if step > IBig::ZERO {
            start <= v && v < stop
        } else {
            stop < v && v <= start
        };
        let distance = v - start;
        (inside && &distance % &step == IBig::ZERO).then(|| distance / step)
    }
}

fn is_plain_int(th: &Thread, v: Value) -> bool {
    v.is_int() || th.is_exact(v, T::Int) || th.is_exact(v, T::Bool)
}

/// What distinguishes ranges: the length, the start unless empty, the step if there are two items.
fn identity(th: &mut Thread, r: Gc<Range>) -> Value {
    let n = r.length();
    let none = th.none();
    let len = int::normalize(th, &n);
    let parts = if n == IBig::ZERO {
        [len, none, none]
    } else if n == IBig::ONE {
        [len, r.start, none]
    } else {
        [len, r.start, r.step]
    };
    th.new_tuple(&parts).value()
}

fn reversed(th: &mut Thread, r: Gc<Range>) -> Value {
    if let Some((a, b, s)) = r.narrow() {
        let n = count(a, b, s);
        let last = a as i128 + s as i128 * (n as i128 - 1);
        if n == 0 {
            return iterator(th, 0, 1, 0);
        }
        if let (Ok(last), Some(back)) = (i64::try_from(last), s.checked_neg()) {
            return iterator(th, last, back, n);
        }
    }
    let n = r.length();
    let [start, _, step] = r.numbers();
    let last = start + &step * (&n - IBig::ONE);
    wide::iterator(th, &last, &-step, &n)
}

/// range(stop) -> range object
/// range(start, stop[, step]) -> range object
///
/// Return an object that produces a sequence of integers from start (inclusive)
/// to stop (exclusive) by step.  range(i, j) produces i, i+1, i+2, ..., j-1.
/// start defaults to 0, and stop is omitted!  range(4) produces 0, 1, 2, 3.
/// These are exactly the valid indices for a list of 4 elements.
/// When step is given, it specifies the increment (or decrement).
#[pytype(name = "range", flags = SEQUENCE)]
impl Range {
    #[pynew(raw)]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        if args.keyword_count() > 0 {
            return Err(sequence::no_keywords(th, "range"));
        }
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
        Ok(make(th, start, stop, step))
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let r = expect(th, this)?;
        let (a, b) = (th.repr(r.start)?, th.repr(r.stop)?);
        let (a, b) = (a.to_string_lossy(), b.to_string_lossy());
        let text = if r.step.as_int() == Some(1) {
            format!("range({a}, {b})")
        } else {
            let s = th.repr(r.step)?.to_string_lossy();
            format!("range({a}, {b}, {s})")
        };
        Ok(th.new_str(&text).value())
    }

    #[pyslot]
    fn iter(th: &mut Thread, this: Value) -> Result {
        let r = expect(th, this)?;
        if let Some((a, b, s)) = r.narrow() {
            return Ok(iterator(th, a, s, count(a, b, s)));
        }
        let n = r.length();
        let [start, _, step] = r.numbers();
        Ok(wide::iterator(th, &start, &step, &n))
    }

    #[pyslot]
    fn len(th: &mut Thread, this: Value) -> Result<usize> {
        let r = expect(th, this)?;
        match i64::try_from(&r.length()) {
            Ok(n) => Ok(n as usize),
            Err(_) => Err(th.overflow_error("Python int too large to convert to C ssize_t")),
        }
    }

    #[pyslot]
    fn bool_(th: &mut Thread, this: Value) -> Result<bool> {
        let r = expect(th, this)?;
        Ok(r.length() != IBig::ZERO)
    }

    #[pyslot]
    fn getitem(th: &mut Thread, this: Value, key: Value) -> Result {
        let r = expect(th, this)?;
        if let (Some((a, b, s)), Some(i)) = (r.narrow(), key.as_int()) {
            let n = count(a, b, s) as i128;
            let i = if i < 0 { i as i128 + n } else { i as i128 };
            if i < 0 || i >= n {
                return Err(th.index_error("range object index out of range"));
            }
            return Ok(int::from_i128(th, a as i128 + i * s as i128));
        }
        let n = r.length();
        if let Some(s) = key.downcast::<Slice>() {
            let [from, to, by] = slice::indices(th, &s, &n)?;
            let [start, _, step] = r.numbers();
            let first = int::normalize(th, &(&start + from * &step));
            let last = int::normalize(th, &(&start + to * &step));
            let step = int::normalize(th, &(step * by));
            return Ok(make(th, first, last, step));
        }
        if !key.is_int() && th.class_of(key).slots().index.is_none() {
            let got = th.type_name(key);
            return Err(th.type_error(format!(
                "range indices must be integers or slices, not {got}"
            )));
        }
        let i = th.index(key)?;
        let mut i = int::to_ibig(i).unwrap_or_default();
        if i < IBig::ZERO {
            i += &n;
        }
        if i < IBig::ZERO || i >= n {
            return Err(th.index_error("range object index out of range"));
        }
        Ok(r.item(th, &i))
    }

    #[pyslot]
    fn contains(th: &mut Thread, this: Value, v: Value) -> Result<bool> {
        let r = expect(th, this)?;
        if is_plain_int(th, v) {
            return Ok(r.position(v).is_some());
        }
        th.contains_by_iteration(this, v)
    }

    #[pyslot]
    fn hash(th: &mut Thread, this: Value) -> Result<i64> {
        let r = expect(th, this)?;
        let id = identity(th, r);
        th.hash(id)
    }

    #[pyslot]
    fn richcompare(th: &mut Thread, a: Value, b: Value, op: CompareOp) -> Result {
        let (Some(x), Some(y)) = (a.downcast::<Range>(), b.downcast::<Range>()) else {
            return Ok(th.not_implemented());
        };
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(th.not_implemented());
        }
        let (x, y) = (identity(th, x), identity(th, y));
        th.compare(x, y, op)
    }

    /// rangeobject.count(value) -> integer -- return number of occurrences of value
    #[pymethod(name = "count")]
    fn count_of(th: &mut Thread, this: Gc<Range>, value: Value) -> Result<usize> {
        if is_plain_int(th, value) {
            return Ok(this.position(value).is_some() as usize);
        }
        let mut n = 0;
        th.for_each(this.value(), |th, v| {
            n += th.equal(v, value)? as usize;
            Ok(())
        })?;
        Ok(n)
    }

    /// rangeobject.index(value) -> integer -- return index of value.
    /// Raise ValueError if the value is not present.
    #[pymethod]
    fn index(th: &mut Thread, this: Gc<Range>, value: Value) -> Result {
        if is_plain_int(th, value) {
            return match this.position(value) {
                Some(i) => Ok(int::normalize(th, &i)),
                None => Err(th.value_error("range.index(x): x not in range")),
            };
        }
        let it = th.iter(this.value())?;
        let mut i = 0;
        while let Some(v) = th.next(it)? {
            if th.equal(v, value)? {
                return Ok(th.int(i));
            }
            i += 1;
        }
        Err(th.value_error("sequence.index(x): x not in sequence"))
    }

    /// Return a reverse iterator.
    #[pymethod]
    fn __reversed__(th: &mut Thread, this: Gc<Range>) -> Value {
        reversed(th, this)
    }

    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<Range>) -> Value {
        let class = th.class_of(this.value()).value();
        let args = th.new_tuple(&[this.start, this.stop, this.step]).value();
        th.new_tuple(&[class, args]).value()
    }

    #[pygetter(member)]
    fn start(_: &mut Thread, this: Gc<Range>) -> Value {
        this.start
    }

    #[pygetter(member)]
    fn stop(_: &mut Thread, this: Gc<Range>) -> Value {
        this.stop
    }

    #[pygetter(member)]
    fn step(_: &mut Thread, this: Gc<Range>) -> Value {
        this.step
    }
}
