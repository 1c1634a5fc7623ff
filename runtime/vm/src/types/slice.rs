//! `slice`

use crate::Thread;
use crate::object::{Gc, NativeHeader, Result, Value};
use crate::types::T;
use crate::{NativeObject, pytype};

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
            (start - stop - 1) / -step + 1
        } else {
            0
        }
    } else if start < stop {
        (stop - start - 1) / step + 1
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

    #[pygetter]
    fn start(_: &mut Thread, this: Gc<Slice>) -> Value {
        this.start
    }

    #[pygetter]
    fn stop(_: &mut Thread, this: Gc<Slice>) -> Value {
        this.stop
    }

    #[pygetter]
    fn step(_: &mut Thread, this: Gc<Slice>) -> Value {
        this.step
    }
}
