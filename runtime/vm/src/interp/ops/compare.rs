//! Comparison of what is not two small ints or two floats; `in`.
#![allow(unsafe_code)]

use crate::Thread;
use crate::feedback::{FeedbackSlot, seen};
use crate::interp::run::{cast, shape_is};
use crate::object::slots::CompareOp;
use crate::object::{Gc, Result, Value};
use crate::types::T;
use crate::types::dict::Dict;
use crate::types::list::List;
use crate::types::set::Set;
use crate::types::str_::Str;
use crate::types::tuple::Tuple;

/// A small int that a float represents exactly.
#[inline(always)]
fn exact_float(v: Value) -> Option<f64> {
    if v.is_tagged_float() {
        return Some(v.float_unchecked());
    }
    let i = v.as_int()?;
    (i.unsigned_abs() < 1 << 53).then_some(i as f64)
}

#[inline(never)]
pub(crate) fn slow_compare(
    th: &mut Thread,
    x: Value,
    y: Value,
    op: CompareOp,
    fb: &FeedbackSlot,
) -> Result {
    if let (Some(f), Some(g)) = (exact_float(x), exact_float(y)) {
        fb.note(seen::MIXED);
        let r = match op {
            CompareOp::Lt => f < g,
            CompareOp::Le => f <= g,
            CompareOp::Eq => f == g,
            CompareOp::Ne => f != g,
            CompareOp::Gt => f > g,
            CompareOp::Ge => f >= g,
        };
        return Ok(th.bool(r));
    }
    if shape_is(x, T::Str) && shape_is(y, T::Str) {
        fb.note(seen::STR);
        let (a, b): (Gc<Str>, Gc<Str>) =
            // SAFETY: its shape or kind was just tested, or is what the slot's kind says.
            unsafe { (cast(x), cast(y)) };
        return Ok(match op {
            CompareOp::Eq => th.bool(a.same_text(&b)),
            CompareOp::Ne => th.bool(!a.same_text(&b)),
            _ => th.bool(op.test(a.compare(&b))),
        });
    }
    fb.note(seen::OTHER);
    th.compare(x, y, op)
}

#[inline(never)]
pub(crate) fn slow_compare_bool(
    th: &mut Thread,
    x: Value,
    y: Value,
    op: CompareOp,
    fb: &FeedbackSlot,
) -> Result<bool> {
    let r = slow_compare(th, x, y, op, fb)?;
    th.truth(r)
}

/// `item in container`
pub(crate) fn contains_value(th: &mut Thread, item: Value, container: Value) -> Result<bool> {
    contains(th, item, container, None)
}

#[inline(never)]
pub(crate) fn contains(
    th: &mut Thread,
    item: Value,
    container: Value,
    fb: Option<&FeedbackSlot>,
) -> Result<bool> {
    let note = |kind: u8| {
        if let Some(fb) = fb {
            fb.note(kind);
        }
    };
    if shape_is(container, T::Dict) {
        note(seen::DICT);
        // SAFETY: its shape or kind was just tested, or is what the slot's kind says.
        let d: Gc<Dict> = unsafe { cast(container) };
        return Ok(d.find(th, item)?.is_some());
    }
    if shape_is(container, T::Set) || shape_is(container, T::FrozenSet) {
        note(seen::FLOAT);
        // SAFETY: its shape or kind was just tested, or is what the slot's kind says.
        let s: Gc<Set> = unsafe { cast(container) };
        if item.downcast::<Set>().is_none() {
            let hash = th.hash_element(item)?;
            return Ok(s.find(th, item, hash)?.is_some());
        }
    } else if shape_is(container, T::List) {
        note(seen::LIST);
        // SAFETY: its shape or kind was just tested, or is what the slot's kind says.
        let l: Gc<List> = unsafe { cast(container) };
        return match find_int(item, l.items.as_slice()) {
            Ok(found) => Ok(found),
            Err(from) => contains_item(th, item, from, |i| l.items.get(i)),
        };
    } else if shape_is(container, T::Tuple) {
        note(seen::TUPLE);
        // SAFETY: its shape or kind was just tested, or is what the slot's kind says.
        let t: Gc<Tuple> = unsafe { cast(container) };
        return match find_int(item, t.as_slice()) {
            Ok(found) => Ok(found),
            Err(from) => contains_item(th, item, from, |i| t.get(i)),
        };
    }
    note(seen::OTHER);
    th.contains(container, item)
}

/// Is a small int among small ints? The place of the first item that must be asked otherwise, 0 for an
/// item that is no small int.
#[inline(always)]
fn find_int(item: Value, items: &[Value]) -> std::result::Result<bool, usize> {
    if !item.is_int() {
        return Err(0);
    }
    match items.iter().position(|x| x.is(item) || !x.is_int()) {
        None => Ok(false),
        Some(i) if items[i].is(item) => Ok(true),
        Some(i) => Err(i),
    }
}

/// Is the item among those that `at` gives, from `from` on until it gives none?
#[inline(always)]
fn contains_item(
    th: &mut Thread,
    item: Value,
    from: usize,
    at: impl Fn(usize) -> Option<Value>,
) -> Result<bool> {
    let mut i = from;
    while let Some(x) = at(i) {
        if x.is(item) && !x.is_tagged_float() {
            return Ok(true);
        }
        if !(x.is_int() && item.is_int()) && th.equal(x, item)? {
            return Ok(true);
        }
        i += 1;
    }
    Ok(false)
}
