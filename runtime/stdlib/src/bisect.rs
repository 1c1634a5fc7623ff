//! `_bisect`: binary search in sorted sequences.

use taipan_vm::object::slots::CompareOp;
use taipan_vm::types::T;
use taipan_vm::types::int;
use taipan_vm::types::list::List;
use taipan_vm::{Result, Thread, Value, pymodule};

/// `a < b`
#[inline]
pub(crate) fn less(th: &mut Thread, a: Value, b: Value) -> Result<bool> {
    if let (Some(x), Some(y)) = (a.as_int(), b.as_int()) {
        return Ok(x < y);
    }
    if let (Some(x), Some(y)) = (a.as_tagged_float(), b.as_tagged_float()) {
        return Ok(x < y);
    }
    th.compare_bool(a, b, CompareOp::Lt)
}

fn item(th: &mut Thread, a: Value, i: usize) -> Result {
    if th.is_exact(a, T::List)
        && let Some(v) = a.downcast::<List>().and_then(|l| l.items.get(i))
    {
        return Ok(v);
    }
    let i = th.int_from_u64(i as u64);
    th.get_item(a, i)
}

fn search(
    th: &mut Thread,
    a: Value,
    x: Value,
    lo: Option<Value>,
    hi: Option<Value>,
    key: Option<Value>,
    right: bool,
) -> Result<usize> {
    let mut lo = match lo {
        Some(v) => th.index_i64(v, "cannot fit 'int' into an index-sized integer")?,
        None => 0,
    };
    if lo < 0 {
        return Err(th.value_error("lo must be non-negative"));
    }
    let mut hi = match th.not_none(hi) {
        Some(v) => th.index_i64(v, "cannot fit 'int' into an index-sized integer")?,
        None => -1,
    };
    if hi < 0 {
        hi = th.len(a)? as i64;
    }
    let key = th.not_none(key);
    while lo < hi {
        let middle = lo + (hi - lo) / 2;
        let mut v = item(th, a, middle as usize)?;
        if let Some(f) = key {
            v = th.call(f, &[v])?;
        }
        let left = if right {
            less(th, x, v)?
        } else {
            !less(th, v, x)?
        };
        if left {
            hi = middle;
        } else {
            lo = middle + 1;
        }
    }
    Ok(lo as usize)
}

fn insert(
    th: &mut Thread,
    [a, x]: [Value; 2],
    lo: Option<Value>,
    hi: Option<Value>,
    key: Option<Value>,
    right: bool,
) -> Result<()> {
    let wanted = match th.not_none(key) {
        Some(f) => th.call(f, &[x])?,
        None => x,
    };
    let at = search(th, a, wanted, lo, hi, key, right)?;
    if th.is_exact(a, T::List)
        && let Some(l) = a.downcast::<List>()
    {
        let at = at.min(l.items.len());
        if !l.items.try_insert(th.heap(), Some(l.header()), at, x) {
            return Err(th.memory_error());
        }
        return Ok(());
    }
    let at = int::from_u64(th, at as u64);
    th.call_method_str(a, "insert", &[at, x])?;
    Ok(())
}

/// The functions hang here.
pub struct Bisect;

/// Bisection algorithms.
///
/// This module provides support for maintaining a list in sorted order without
/// having to sort the list after each insertion. For long lists of items with
/// expensive comparison operations, this can be an improvement over the more
/// common approach.
#[pymodule(name = "_bisect")]
impl Bisect {
    /// Return the index where to insert item x in list a, assuming a is sorted.
    #[pyfunction(sig = "(a, x, lo=0, hi=None, *, key=None)")]
    fn bisect_right(
        th: &mut Thread,
        a: Value,
        x: Value,
        lo: Option<Value>,
        hi: Option<Value>,
        key: Option<Value>,
    ) -> Result<usize> {
        search(th, a, x, lo, hi, key, true)
    }

    /// Return the index where to insert item x in list a, assuming a is sorted.
    #[pyfunction(sig = "(a, x, lo=0, hi=None, *, key=None)")]
    fn bisect_left(
        th: &mut Thread,
        a: Value,
        x: Value,
        lo: Option<Value>,
        hi: Option<Value>,
        key: Option<Value>,
    ) -> Result<usize> {
        search(th, a, x, lo, hi, key, false)
    }

    /// Insert item x in list a, and keep it sorted assuming a is sorted.
    ///
    /// If x is already in a, insert it to the right of the rightmost x.
    #[pyfunction(sig = "(a, x, lo=0, hi=None, *, key=None)")]
    fn insort_right(
        th: &mut Thread,
        a: Value,
        x: Value,
        lo: Option<Value>,
        hi: Option<Value>,
        key: Option<Value>,
    ) -> Result<()> {
        insert(th, [a, x], lo, hi, key, true)
    }

    /// Insert item x in list a, and keep it sorted assuming a is sorted.
    ///
    /// If x is already in a, insert it to the left of the leftmost x.
    #[pyfunction(sig = "(a, x, lo=0, hi=None, *, key=None)")]
    fn insort_left(
        th: &mut Thread,
        a: Value,
        x: Value,
        lo: Option<Value>,
        hi: Option<Value>,
        key: Option<Value>,
    ) -> Result<()> {
        insert(th, [a, x], lo, hi, key, false)
    }
}
