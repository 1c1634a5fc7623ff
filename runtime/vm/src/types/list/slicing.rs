//! Slices of lists: reading, assignment, deletion.

use super::List;
use crate::Thread;
use crate::object::{Gc, Result, Value, ValueVec};
use crate::types::slice::{Slice, adjust};

/// `list[slice]`
pub fn get(th: &mut Thread, l: Gc<List>, s: Gc<Slice>) -> Result {
    let (start, stop, step) = s.unpack(th)?;
    let b = adjust(start, stop, step, l.items.len());
    if b.step == 1 {
        let from = b.start as usize;
        let values = l.items.as_slice().get(from..from + b.count).unwrap_or(&[]);
        return Ok(th.list_from_slice(values).value());
    }
    let Some(out) = ValueVec::with_capacity(th.heap(), b.count) else {
        return Err(th.memory_error());
    };
    for k in 0..b.count {
        if let Some(v) = l.items.get((b.start + k as isize * b.step) as usize) {
            th.push(&out, v)?;
        }
    }
    Ok(th.list_from_vec(out).value())
}

/// `list[slice] = v`
pub fn set(th: &mut Thread, l: Gc<List>, s: Gc<Slice>, v: Value) -> Result<()> {
    let (start, stop, step) = s.unpack(th)?;
    let new = collect(th, v, "must assign iterable to extended slice")?;
    // Iteration may have changed the list, so the bounds are taken now.
    let b = adjust(start, stop, step, l.items.len());
    if b.step == 1 {
        let from = b.start as usize;
        return replace(th, l, from, from + b.count, &new);
    }
    if new.len() != b.count {
        let (n, m) = (new.len(), b.count);
        return Err(th.value_error(format!(
            "attempt to assign sequence of size {n} to extended slice of size {m}"
        )));
    }
    for (k, v) in new.as_slice().iter().enumerate() {
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

/// Replaces `from..to` by `new`.
fn replace(th: &mut Thread, l: Gc<List>, from: usize, to: usize, new: &ValueVec) -> Result<()> {
    let (n, old) = (new.len(), to - from);
    if n == old {
        for (k, v) in new.as_slice().iter().enumerate() {
            l.items.set(from + k, *v);
        }
        return Ok(());
    }
    if n < old {
        for (k, v) in new.as_slice().iter().enumerate() {
            l.items.set(from + k, *v);
        }
        l.items.remove_range(from + n, to);
        return Ok(());
    }
    // Longer: the tail is put aside and comes back behind the new items.
    let tail = th.value_vec(l.items.as_slice().get(to..).unwrap_or(&[]))?;
    if !l.items.try_reserve(th.heap(), Some(l.header()), n - old) {
        return Err(th.memory_error());
    }
    l.items.truncate(from);
    let h = Some(l.header());
    if l.items.try_extend(th.heap(), h, new.as_slice())
        && l.items.try_extend(th.heap(), h, tail.as_slice())
    {
        Ok(())
    } else {
        Err(th.memory_error())
    }
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
