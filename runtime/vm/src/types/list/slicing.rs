//! Slices of lists: reading, assignment, deletion.

use super::List;
use crate::Thread;
use crate::object::{Gc, Result, Value, ValueVec};
use crate::types::T;
use crate::types::slice::{Bounds, Slice, adjust};

/// `list[slice]`
pub fn get(th: &mut Thread, l: Gc<List>, s: Gc<Slice>) -> Result {
    let (start, stop, step) = s.unpack(th)?;
    let b = adjust(start, stop, step, l.items.len());
    part(th, l, b)
}

/// The items at these bounds, which were adjusted to the list's length.
pub fn part(th: &mut Thread, l: Gc<List>, b: Bounds) -> Result {
    let (items, start, by) = (l.items.as_slice(), b.start as usize, b.step.unsigned_abs());
    let made = match b.step {
        _ if b.count == 0 => Some(ValueVec::new()),
        1 => {
            let values = items.get(start..start + b.count).unwrap_or(&[]);
            return Ok(th.list_from_slice(values).value());
        }
        -1 => {
            let part = items.get(start + 1 - b.count..=start).unwrap_or(&[]);
            ValueVec::from_exact(th.heap(), b.count, part.iter().rev().copied())
        }
        step if step > 0 => {
            let part = items.get(start..).unwrap_or(&[]);
            ValueVec::from_exact(th.heap(), b.count, part.iter().step_by(by).copied())
        }
        _ => {
            let part = items.get(..=start).unwrap_or(&[]);
            ValueVec::from_exact(th.heap(), b.count, part.iter().rev().step_by(by).copied())
        }
    };
    match made {
        Some(out) => Ok(th.list_from_vec(out).value()),
        None => Err(th.memory_error()),
    }
}

/// `list[slice] = v`
pub fn set(th: &mut Thread, l: Gc<List>, s: Gc<Slice>, v: Value) -> Result<()> {
    let (start, stop, step) = s.unpack(th)?;
    let own = match v.downcast::<List>() {
        // Another list's items are taken where they are: nothing below runs Python code.
        Some(other) if th.is_exact(v, T::List) && !other.is(l) => Ok(other),
        _ => Err(collect(th, v, "must assign iterable to extended slice")?),
    };
    let new = match &own {
        Ok(other) => other.items.as_slice(),
        Err(items) => items.as_slice(),
    };
    // Iteration may have changed the list, so the bounds are taken now.
    let b = adjust(start, stop, step, l.items.len());
    if b.step == 1 {
        let from = b.start as usize;
        let h = Some(l.header());
        if l.items.try_splice(th.heap(), h, from, from + b.count, new) {
            return Ok(());
        }
        return Err(th.memory_error());
    }
    if new.len() != b.count {
        let (n, m) = (new.len(), b.count);
        return Err(th.value_error(format!(
            "attempt to assign sequence of size {n} to extended slice of size {m}"
        )));
    }
    for (k, v) in new.iter().enumerate() {
        l.items.set((b.start + k as isize * b.step) as usize, *v);
    }
    Ok(())
}

fn collect(th: &mut Thread, v: Value, message: &str) -> Result<ValueVec> {
    let class = th.class_of(v);
    if class.slots().iter.is_none() && class.slots().getitem.is_none() {
        return Err(th.type_error(message));
    }
    th.collect(v)
}

/// `del list[slice]`
pub fn delete(th: &mut Thread, l: Gc<List>, s: Gc<Slice>) -> Result<()> {
    let (start, stop, step) = s.unpack(th)?;
    let b = adjust(start, stop, step, l.items.len());
    if b.count == 0 {
        return Ok(());
    }
    let (first, step) = if b.step < 0 {
        (
            (b.start + (b.count as isize - 1) * b.step) as usize,
            b.step.unsigned_abs(),
        )
    } else {
        (b.start as usize, b.step as usize)
    };
    if step == 1 {
        l.items.remove_range(first, first + b.count);
        return Ok(());
    }
    let len = l.items.len();
    let (mut to, mut removed) = (first, 0);
    for i in first..len {
        if removed < b.count && i == first + removed * step {
            removed += 1;
        } else if let Some(v) = l.items.get(i) {
            l.items.set(to, v);
            to += 1;
        }
    }
    l.items.truncate(to);
    Ok(())
}
