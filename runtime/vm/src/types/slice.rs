//! `slice`

use crate::Thread;
use crate::number::bigint::IBig;
use crate::object::slots::CompareOp;
use crate::object::{Gc, NativeHeader, Result, Value};
use crate::types::T;
use crate::types::int;
use crate::{NativeObject, pytype};

/// A bound of a simple slice of `n` items: a small int, or None for `missing`. None where it takes more
/// than that.
#[inline(always)]
pub fn simple_bound(th: &Thread, v: Value, missing: i64, n: i64) -> Option<i64> {
    match v.as_int() {
        Some(i) if i < 0 => Some((i + n).max(0)),
        Some(i) => Some(i.min(n)),
        None if th.is_none(v) => Some(missing),
        None => None,
    }
}

/// A slice.
#[repr(C)]
#[derive(NativeObject)]
pub struct Slice {
    head: NativeHeader,
    /// `start`
    pub start: Value,
    /// `stop`
    pub stop: Value,
    /// `step`
    pub step: Value,
}

/// A new slice.
pub fn new(th: &mut Thread, start: Value, stop: Value, step: Value) -> Value {
    let head = th.native_header::<Slice>(T::Slice);
    th.alloc(Slice {
        head,
        start,
        stop,
        step,
    })
    .value()
}

/// A slice's bounds for a sequence, as indices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// First index.
    pub start: isize,
    /// Distance of indices; not 0.
    pub step: isize,
    /// Number of items.
    pub count: usize,
    /// The adjusted stop.
    pub stop: isize,
}

impl Bounds {
    /// Copies the items of `src` into `dst`, which has room for exactly them.
    pub fn copy<U: Copy>(&self, src: &[U], dst: &mut [U]) {
        let Some(last) = self.count.checked_sub(1) else {
            return;
        };
        let distance = self.step.unsigned_abs();
        // The range from the lowest index to the highest.
        let first = self.start.max(0) as usize;
        let span = last * distance;
        let (low, high) = match self.step > 0 {
            true => (first, first + span),
            false => (first.saturating_sub(span), first),
        };
        let part = src.get(low..=high).unwrap_or(&[]);
        match self.step {
            1 => dst.copy_from_slice(part),
            -1 => {
                for (d, s) in dst.iter_mut().zip(part.iter().rev()) {
                    *d = *s;
                }
            }
            2 => {
                let (pairs, rest) = part.as_chunks::<2>();
                for (d, pair) in dst.iter_mut().zip(pairs) {
                    *d = pair[0];
                }
                if let (Some(d), Some(s)) = (dst.last_mut(), rest.first()) {
                    *d = *s;
                }
            }
            step => {
                let mut at = if step > 0 { 0 } else { span };
                for d in dst {
                    if let Some(s) = part.get(at) {
                        *d = *s;
                    }
                    at = at.wrapping_add_signed(step);
                }
            }
        }
    }
}

impl Slice {
    /// The slice's values as numbers, clamped: start, stop, step (PySlice_Unpack). Raises TypeError
    /// for what is no index, ValueError for a step of 0. Missing bounds give the extremes.
    pub fn unpack(&self, th: &mut Thread) -> Result<(isize, isize, isize)> {
        let step = if th.is_none(self.step) {
            1
        } else {
            slice_index(th, self.step)?.max(-isize::MAX)
        };
        if step == 0 {
            return Err(th.value_error("slice step cannot be zero"));
        }
        let start = match th.is_none(self.start) {
            true if step < 0 => isize::MAX,
            true => 0,
            false => slice_index(th, self.start)?,
        };
        let stop = match th.is_none(self.stop) {
            true if step < 0 => isize::MIN,
            true => isize::MAX,
            false => slice_index(th, self.stop)?,
        };
        Ok((start, stop, step))
    }

    /// The items a sequence of `len` items has in the slice.
    pub fn bounds(&self, th: &mut Thread, len: usize) -> Result<Bounds> {
        let (start, stop, step) = self.unpack(th)?;
        Ok(adjust(start, stop, step, len))
    }
}

impl Slice {
    fn parts(&self) -> [Value; 3] {
        [self.start, self.stop, self.step]
    }
}

/// A part of a slice as a number of any size; None when it is None. Raises TypeError.
fn part(th: &mut Thread, v: Value) -> Result<Option<IBig>> {
    if th.is_none(v) {
        return Ok(None);
    }
    if !v.is_int() && th.class_of(v).slots().index.is_none() {
        return Err(
            th.type_error("slice indices must be integers or None or have an __index__ method")
        );
    }
    let i = th.index(v)?;
    Ok(int::to_ibig(i))
}

/// Start, stop and step of a slice of a sequence of any length, clipped.
pub fn indices(th: &mut Thread, s: &Slice, len: &IBig) -> Result<[IBig; 3]> {
    let step = part(th, s.step)?.unwrap_or(IBig::ONE);
    if step == IBig::ZERO {
        return Err(th.value_error("slice step cannot be zero"));
    }
    let down = step < IBig::ZERO;
    let (low, high) = if down {
        (-IBig::ONE, len - IBig::ONE)
    } else {
        (IBig::ZERO, len.clone())
    };
    let clip = |i: IBig| {
        if i < IBig::ZERO {
            (i + len).max(low.clone())
        } else {
            i.min(high.clone())
        }
    };
    let start = match part(th, s.start)? {
        None if down => high.clone(),
        None => low.clone(),
        Some(i) => clip(i),
    };
    let stop = match part(th, s.stop)? {
        None if down => low.clone(),
        None => high.clone(),
        Some(i) => clip(i),
    };
    Ok([start, stop, step])
}

/// A bound of a slice: None is not allowed here. Raises TypeError.
pub fn slice_index(th: &mut Thread, v: Value) -> Result<isize> {
    if let Some(i) = v.as_int() {
        return Ok(i as isize);
    }
    if th.class_of(v).slots().index.is_none() {
        return Err(
            th.type_error("slice indices must be integers or None or have an __index__ method")
        );
    }
    th.index_clamped(v)
}

/// A division, which takes long, is seldom needed.
#[inline(always)]
fn steps(n: isize, step: isize) -> isize {
    if step == 1 { n } else { n / step }
}

/// PySlice_AdjustIndices.
pub fn adjust(start: isize, stop: isize, step: isize, len: usize) -> Bounds {
    let len = len as isize;
    let clamp = |i: isize| {
        if i < 0 {
            let j = i.saturating_add(len);
            if j < 0 {
                if step < 0 { -1 } else { 0 }
            } else {
                j
            }
        } else if i >= len {
            if step < 0 { len - 1 } else { len }
        } else {
            i
        }
    };
    let (start, stop) = (clamp(start), clamp(stop));
    let count = if step < 0 {
        if stop < start {
            steps(start - stop - 1, -step) + 1
        } else {
            0
        }
    } else if start < stop {
        steps(stop - start - 1, step) + 1
    } else {
        0
    };
    Bounds {
        start,
        step,
        count: count as usize,
        stop,
    }
}

/// slice(stop), slice(start, stop[, step])
#[pytype(name = "slice")]
impl Slice {
    #[pynew(raw)]
    fn new(th: &mut Thread, args: crate::call::Args<'_>) -> Result {
        let none = th.none();
        if args.keyword_count() > 0 {
            return Err(crate::types::sequence::no_keywords(th, "slice"));
        }
        match args.skip_first().values {
            [stop] => Ok(new(th, none, *stop, none)),
            [start, stop] => Ok(new(th, *start, *stop, none)),
            [start, stop, step] => Ok(new(th, *start, *stop, *step)),
            other => {
                let n = other.len();
                let bound = if n == 0 {
                    "at least 1 argument"
                } else {
                    "at most 3 arguments"
                };
                Err(th.type_error(format!("slice expected {bound}, got {n}")))
            }
        }
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let Some(s) = this.downcast::<Slice>() else {
            return Ok(this);
        };
        let (a, b, c) = (th.repr(s.start)?, th.repr(s.stop)?, th.repr(s.step)?);
        let text = format!(
            "slice({}, {}, {})",
            a.to_string_lossy(),
            b.to_string_lossy(),
            c.to_string_lossy()
        );
        Ok(th.new_str(&text).value())
    }

    #[pyslot]
    fn hash(th: &mut Thread, this: Value) -> Result<i64> {
        let Some(s) = this.downcast::<Slice>() else {
            return Ok(0);
        };
        // xxHash64's lanes, as in CPython's Objects/sliceobject.c.
        let mut acc: u64 = 0x27D4_EB2F_1656_67C5;
        for v in [s.start, s.stop, s.step] {
            let lane = th.hash(v)? as u64;
            acc = acc
                .wrapping_add(lane.wrapping_mul(0xC2B2_AE3D_27D4_EB4F))
                .rotate_left(31)
                .wrapping_mul(0x9E37_79B1_85EB_CA87);
        }
        Ok(if acc == u64::MAX {
            1546275796
        } else {
            acc as i64
        })
    }

    #[pyslot]
    fn richcompare(th: &mut Thread, a: Value, b: Value, op: CompareOp) -> Result {
        let (Some(x), Some(y)) = (a.downcast::<Slice>(), b.downcast::<Slice>()) else {
            return Ok(th.not_implemented());
        };
        let (x, y) = (x.parts(), y.parts());
        let (x, y) = (th.new_tuple(&x).value(), th.new_tuple(&y).value());
        th.compare(x, y, op)
    }

    /// S.indices(len) -> (start, stop, stride)
    ///
    /// Assuming a sequence of length len, calculate the start and stop
    /// indices, and the stride length of the extended slice described by
    /// S. Out of bounds indices are clipped in a manner consistent with the
    /// handling of normal slices.
    #[pymethod(name = "indices")]
    fn indices_method(th: &mut Thread, this: Gc<Slice>, len: Value) -> Result {
        let len = th.index(len)?;
        if int::is_negative(len) {
            return Err(th.value_error("length should not be negative"));
        }
        let len = int::to_ibig(len).unwrap_or_default();
        let parts = indices(th, &this, &len)?;
        let values = parts.map(|i| int::normalize(th, &i));
        Ok(th.new_tuple(&values).value())
    }

    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<Slice>) -> Value {
        let class = th.class_of(this.value()).value();
        let args = th.new_tuple(&this.parts()).value();
        th.new_tuple(&[class, args]).value()
    }

    /// See PEP 585
    #[pyclassmethod]
    fn __class_getitem__(th: &mut Thread, class: Value, item: Value) -> Result {
        crate::builtins::generic_alias(th, class, item)
    }

    #[pygetter(member)]
    fn start(_: &mut Thread, this: Gc<Slice>) -> Value {
        this.start
    }

    #[pygetter(member)]
    fn stop(_: &mut Thread, this: Gc<Slice>) -> Value {
        this.stop
    }

    #[pygetter(member)]
    fn step(_: &mut Thread, this: Gc<Slice>) -> Value {
        this.step
    }
}
