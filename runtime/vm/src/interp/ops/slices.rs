//! `v[start:stop]` and `v[start:stop:step]` of the common sequences, without a slice object.
#![allow(unsafe_code)]

use super::build;
use crate::Thread;
use crate::interp::run::{cast, shape_is};
use crate::object::{Gc, Result, Value};
use crate::types::T;
use crate::types::bytes::{Bytes, construct};
use crate::types::list::{List, slicing};
use crate::types::range::{self, Range};
use crate::types::slice::{adjust, simple_bound};
use crate::types::tuple::Tuple;

/// Bounds of a simple slice of a sequence of `len` items: small ints and None only.
#[inline(always)]
fn simple_bounds(th: &Thread, start: Value, stop: Value, len: usize) -> Option<(usize, usize)> {
    let n = len as i64;
    let bound = |v: Value, missing: i64| simple_bound(th, v, missing, n);
    let (from, to) = (bound(start, 0)?, bound(stop, n)?);
    Some((from as usize, to.max(from) as usize))
}

/// `v[start:stop]`
#[inline(never)]
pub(crate) fn load_slice(th: &mut Thread, v: Value, start: Value, stop: Value) -> Result {
    if shape_is(v, T::List) {
        // SAFETY: its shape or kind was just tested, or is what the slot's kind says.
        let l: Gc<List> = unsafe { cast(v) };
        if let Some((from, to)) = simple_bounds(th, start, stop, l.items.len()) {
            let part = l.items.as_slice().get(from..to).unwrap_or(&[]);
            return Ok(th.list_from_slice(part).value());
        }
    } else if shape_is(v, T::Str) {
        if let Some(s) = v.downcast::<crate::types::str_::Str>()
            && let Some(part) = crate::types::str_::subscript::simple_slice(th, s, start, stop)
        {
            return Ok(part);
        }
    } else if shape_is(v, T::Tuple) {
        // SAFETY: its shape or kind was just tested, or is what the slot's kind says.
        let t: Gc<Tuple> = unsafe { cast(v) };
        if let Some((from, to)) = simple_bounds(th, start, stop, t.len()) {
            if to - from == t.len() {
                return Ok(v);
            }
            let part = t.as_slice().get(from..to).unwrap_or(&[]);
            return Ok(th.new_tuple(part).value());
        }
    } else if shape_is(v, T::Range) {
        // SAFETY: its shape was just tested.
        let r: Gc<Range> = unsafe { cast(v) };
        if let Some(part) = range::simple_part(th, r, start, stop) {
            return Ok(part);
        }
    } else if shape_is(v, T::Bytes) {
        // SAFETY: its shape was just tested.
        let b: Gc<Bytes> = unsafe { cast(v) };
        if let Some((from, to)) = simple_bounds(th, start, stop, b.len()) {
            if to - from == b.len() {
                return Ok(v);
            }
            let part = b.as_slice().get(from..to).unwrap_or(&[]);
            return Ok(construct::exact(th, part)?.value());
        }
    }
    let s = build::slice(th, start, stop);
    th.get_item(v, s)
}

/// `v[start:stop:step]`
#[inline(never)]
pub(crate) fn load_stepped_slice(th: &mut Thread, v: Value, bounds: [Value; 3]) -> Result {
    let [start, stop, step] = bounds;
    if shape_is(v, T::List)
        && let Some(by) = step.as_int().filter(|n| *n != 0)
    {
        let bound = |v: Value, missing: isize| match v.as_int() {
            None if th.is_none(v) => Some(missing),
            i => i.map(|i| i as isize),
        };
        let (first, last) = match by > 0 {
            true => (0, isize::MAX),
            false => (isize::MAX, isize::MIN),
        };
        if let (Some(from), Some(to)) = (bound(start, first), bound(stop, last)) {
            // SAFETY: its shape was just tested.
            let l: Gc<List> = unsafe { cast(v) };
            let b = adjust(from, to, by as isize, l.items.len());
            return slicing::part(th, l, b);
        }
    }
    let s = crate::types::slice::new(th, start, stop, step);
    th.get_item(v, s)
}

#[inline(never)]
pub(crate) fn store_slice(
    th: &mut Thread,
    v: Value,
    start: Value,
    stop: Value,
    x: Value,
) -> Result<()> {
    if shape_is(v, T::List) && shape_is(x, T::List) && !v.is(x) {
        // SAFETY: its shape or kind was just tested, or is what the slot's kind says.
        let (l, new): (Gc<List>, Gc<List>) = unsafe { (cast(v), cast(x)) };
        if let Some((from, to)) = simple_bounds(th, start, stop, l.items.len()) {
            let done =
                l.items
                    .try_splice(th.heap(), Some(l.header()), from, to, new.items.as_slice());
            return if done { Ok(()) } else { Err(th.memory_error()) };
        }
    }
    let k = build::slice(th, start, stop);
    th.set_item(v, k, x)
}
