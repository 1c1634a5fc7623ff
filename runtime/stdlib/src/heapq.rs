//! `_heapq`: priority queues in lists.
//!
//! Comparisons may run Python code that changes the list, so every step looks its items up again
//! and a change of size is reported.

use taipan_vm::object::Gc;
use taipan_vm::types::list::List;
use taipan_vm::{Result, Thread, Value, pymodule};

use crate::bisect::less;

/// Does `a` belong above `b`? (Smaller first, or larger first in a max-heap.)
#[inline]
fn before<const MAX: bool>(th: &mut Thread, a: Value, b: Value) -> Result<bool> {
    if MAX { less(th, b, a) } else { less(th, a, b) }
}

fn at(th: &mut Thread, heap: Gc<List>, i: usize) -> Result {
    match heap.items.get(i) {
        Some(v) => Ok(v),
        None => Err(th.runtime_error("list changed size during iteration")),
    }
}

fn check(th: &mut Thread, heap: Gc<List>, len: usize) -> Result<()> {
    if heap.items.len() == len {
        Ok(())
    } else {
        Err(th.runtime_error("list changed size during iteration"))
    }
}

/// Moves the item at `i` towards the root, not above `start`.
fn sift_to_root<const MAX: bool>(
    th: &mut Thread,
    heap: Gc<List>,
    start: usize,
    mut i: usize,
) -> Result<()> {
    let len = heap.items.len();
    let new = at(th, heap, i)?;
    while i > start {
        let parent_at = (i - 1) >> 1;
        let parent = at(th, heap, parent_at)?;
        let up = before::<MAX>(th, new, parent)?;
        check(th, heap, len)?;
        if !up {
            break;
        }
        let (parent, new) = (at(th, heap, parent_at)?, at(th, heap, i)?);
        heap.items.set(parent_at, new);
        heap.items.set(i, parent);
        i = parent_at;
    }
    Ok(())
}

/// Moves the item at `i` to a leaf along the better children, then to its place.
fn sift_to_leaf<const MAX: bool>(th: &mut Thread, heap: Gc<List>, mut i: usize) -> Result<()> {
    let len = heap.items.len();
    let start = i;
    let limit = len >> 1;
    while i < limit {
        let mut child = 2 * i + 1;
        if child + 1 < len {
            let (a, b) = (at(th, heap, child)?, at(th, heap, child + 1)?);
            let left = before::<MAX>(th, a, b)?;
            check(th, heap, len)?;
            if !left {
                child += 1;
            }
        }
        let (a, b) = (at(th, heap, child)?, at(th, heap, i)?);
        heap.items.set(i, a);
        heap.items.set(child, b);
        i = child;
    }
    sift_to_root::<MAX>(th, heap, start, i)
}

fn push<const MAX: bool>(th: &mut Thread, heap: Gc<List>, item: Value) -> Result<()> {
    th.list_append(heap, item)?;
    sift_to_root::<MAX>(th, heap, 0, heap.items.len() - 1)
}

fn pop<const MAX: bool>(th: &mut Thread, heap: Gc<List>) -> Result {
    let Some(last) = heap.items.pop() else {
        return Err(th.index_error("index out of range"));
    };
    let Some(first) = heap.items.get(0) else {
        return Ok(last);
    };
    heap.items.set(0, last);
    sift_to_leaf::<MAX>(th, heap, 0)?;
    Ok(first)
}

fn replace<const MAX: bool>(th: &mut Thread, heap: Gc<List>, item: Value) -> Result {
    let Some(first) = heap.items.get(0) else {
        return Err(th.index_error("index out of range"));
    };
    heap.items.set(0, item);
    sift_to_leaf::<MAX>(th, heap, 0)?;
    Ok(first)
}

fn push_pop<const MAX: bool>(th: &mut Thread, heap: Gc<List>, item: Value) -> Result {
    let Some(first) = heap.items.get(0) else {
        return Ok(item);
    };
    if !before::<MAX>(th, first, item)? {
        return Ok(item);
    }
    replace::<MAX>(th, heap, item)
}

fn heapify<const MAX: bool>(th: &mut Thread, heap: Gc<List>) -> Result<()> {
    for i in (0..heap.items.len() / 2).rev() {
        sift_to_leaf::<MAX>(th, heap, i)?;
    }
    Ok(())
}

/// The functions hang here.
pub struct Heapq;

/// Heap queue algorithm (a.k.a. priority queue).
#[pymodule(name = "_heapq")]
impl Heapq {
    /// Push item onto heap, maintaining the heap invariant.
    #[pyfunction]
    fn heappush(th: &mut Thread, heap: Gc<List>, item: Value) -> Result<()> {
        push::<false>(th, heap, item)
    }

    /// Push item on the heap, then pop and return the smallest item from the heap.
    ///
    /// The combined action runs more efficiently than heappush() followed by
    /// a separate call to heappop().
    #[pyfunction]
    fn heappushpop(th: &mut Thread, heap: Gc<List>, item: Value) -> Result {
        push_pop::<false>(th, heap, item)
    }

    /// Pop the smallest item off the heap, maintaining the heap invariant.
    #[pyfunction]
    fn heappop(th: &mut Thread, heap: Gc<List>) -> Result {
        pop::<false>(th, heap)
    }

    /// Pop and return the current smallest value, and add the new item.
    #[pyfunction]
    fn heapreplace(th: &mut Thread, heap: Gc<List>, item: Value) -> Result {
        replace::<false>(th, heap, item)
    }

    /// Transform list into a heap, in-place, in O(len(heap)) time.
    #[pyfunction(name = "heapify")]
    fn make_heap(th: &mut Thread, heap: Gc<List>) -> Result<()> {
        heapify::<false>(th, heap)
    }

    /// Push item onto max heap, maintaining the heap invariant.
    #[pyfunction]
    fn heappush_max(th: &mut Thread, heap: Gc<List>, item: Value) -> Result<()> {
        push::<true>(th, heap, item)
    }

    /// Maxheap variant of heappushpop.
    ///
    /// The combined action runs more efficiently than heappush_max() followed by
    /// a separate call to heappop_max().
    #[pyfunction]
    fn heappushpop_max(th: &mut Thread, heap: Gc<List>, item: Value) -> Result {
        push_pop::<true>(th, heap, item)
    }

    /// Maxheap variant of heappop.
    #[pyfunction]
    fn heappop_max(th: &mut Thread, heap: Gc<List>) -> Result {
        pop::<true>(th, heap)
    }

    /// Maxheap variant of heapreplace.
    #[pyfunction]
    fn heapreplace_max(th: &mut Thread, heap: Gc<List>, item: Value) -> Result {
        replace::<true>(th, heap, item)
    }

    /// Maxheap variant of heapify.
    #[pyfunction(name = "heapify_max")]
    fn make_max_heap(th: &mut Thread, heap: Gc<List>) -> Result<()> {
        heapify::<true>(th, heap)
    }
}
