//! Sorting of lists: a stable merge sort that finds natural runs, as CPython's (Objects/listsort.txt)
//! in order of results; keys of one plain type are sorted without calling comparisons.
//!
//! While a list is sorted it is empty; what a comparison puts into it is an error. The order of
//! keys is computed on numbers of items, so that values stay where the collector sees them.
//! Merges do not gallop beyond the search for their ends.

use std::cmp::Ordering;

use super::List;
use crate::Thread;
use crate::object::slots::CompareOp;
use crate::object::{Gc, Result, Value, ValueVec};
use crate::types::T;
use crate::types::str_::Str;
use crate::types::tuple::Tuple;

const MIN_MERGE: usize = 64;

/// `list.sort(key=key, reverse=reverse)`
pub fn sort_list(th: &mut Thread, l: Gc<List>, key: Option<Value>, reverse: bool) -> Result<()> {
    let items = ValueVec::new();
    l.items.swap(Some(l.header()), &items, None);
    let r = sort_values(th, &items, key, reverse);
    let changed = l.items.buffer().is_some();
    l.items.clear();
    l.items.swap(Some(l.header()), &items, None);
    r?;
    if changed {
        return Err(th.value_error("list modified during sort"));
    }
    Ok(())
}

/// Sorts a vector that no Python code can reach.
pub fn sort_values(
    th: &mut Thread,
    items: &ValueVec,
    key: Option<Value>,
    reverse: bool,
) -> Result<()> {
    let Some(f) = key else {
        if sort_plain(th, items, reverse) {
            return Ok(());
        }
        let order = order_of(th, items.as_slice(), reverse)?;
        return permute(th, items, &order);
    };
    let keys = ValueVec::new();
    for v in items.as_slice() {
        let k = th.call(f, &[*v])?;
        th.push(&keys, k)?;
    }
    let order = order_of(th, keys.as_slice(), reverse)?;
    permute(th, items, &order)
}

/// Puts `items[order[i]]` at `i`.
fn permute(th: &mut Thread, items: &ValueVec, order: &[u32]) -> Result<()> {
    let old = th.value_vec(items.as_slice())?;
    items.with_slice_mut(|s| {
        for (to, from) in s.iter_mut().zip(order) {
            if let Some(v) = old.as_slice().get(*from as usize) {
                *to = *v;
            }
        }
    });
    Ok(())
}

/// What all keys are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Plain {
    Int,
    Float,
    Str,
}

fn plain_kind(th: &Thread, keys: &[Value]) -> Option<Plain> {
    let first = keys.first()?;
    if first.is_int() {
        keys.iter().all(|k| k.is_int()).then_some(Plain::Int)
    } else if first.is_tagged_float() {
        let ok = |k: &Value| k.as_tagged_float().is_some_and(|f| !f.is_nan());
        keys.iter().all(ok).then_some(Plain::Float)
    } else if th.is_exact(*first, T::Str) {
        keys.iter()
            .all(|k| th.is_exact(*k, T::Str))
            .then_some(Plain::Str)
    } else {
        None
    }
}

fn directed(reverse: bool, o: Ordering) -> Ordering {
    if reverse { o.reverse() } else { o }
}

fn compare_floats(a: Value, b: Value) -> Ordering {
    let (a, b) = (a.float_unchecked(), b.float_unchecked());
    a.partial_cmp(&b).unwrap_or(Ordering::Equal)
}

fn compare_strings(a: Value, b: Value) -> Ordering {
    match (a.downcast::<Str>(), b.downcast::<Str>()) {
        (Some(a), Some(b)) => a.compare(&b),
        _ => Ordering::Equal,
    }
}

/// Sorts in place when all items are of one plain type.
fn sort_plain(th: &Thread, items: &ValueVec, reverse: bool) -> bool {
    let Some(kind) = plain_kind(th, items.as_slice()) else {
        return items.is_empty();
    };
    items.with_slice_mut(|s| match kind {
        // Equal small ints are one word, so stability cannot be seen, and tagged words are in order.
        Plain::Int if reverse => s.sort_unstable_by_key(|v| std::cmp::Reverse(v.bits() as i64)),
        Plain::Int => s.sort_unstable_by_key(|v| v.bits() as i64),
        Plain::Float => s.sort_by(|a, b| directed(reverse, compare_floats(*a, *b))),
        Plain::Str => s.sort_by(|a, b| directed(reverse, compare_strings(*a, *b))),
    });
    true
}

/// The order of keys as numbers of items.
fn order_of(th: &mut Thread, keys: &[Value], reverse: bool) -> Result<Vec<u32>> {
    let Ok(n) = u32::try_from(keys.len()) else {
        return Err(th.memory_error());
    };
    let mut order: Vec<u32> = (0..n).collect();
    if let Some(kind) = plain_kind(th, keys) {
        let at = |i: &u32| keys[*i as usize];
        match kind {
            Plain::Int => {
                order.sort_by(|a, b| {
                    directed(reverse, (at(a).bits() as i64).cmp(&(at(b).bits() as i64)))
                });
            }
            Plain::Float => order.sort_by(|a, b| directed(reverse, compare_floats(at(a), at(b)))),
            Plain::Str => order.sort_by(|a, b| directed(reverse, compare_strings(at(a), at(b)))),
        }
        return Ok(order);
    }
    if reverse {
        order.reverse();
    }
    let tuples = keys
        .iter()
        .all(|k| th.is_exact(*k, T::Tuple) && k.downcast::<Tuple>().is_some_and(|t| !t.is_empty()));
    let mut s = Sorter { th, keys, tuples };
    s.sort(&mut order)?;
    if reverse {
        order.reverse();
    }
    Ok(order)
}

struct Sorter<'a> {
    th: &'a mut Thread,
    keys: &'a [Value],
    /// Are all keys tuples with at least one item?
    tuples: bool,
}

/// Is a tuple less than another one, as far as plain items decide it?
fn tuple_less(th: &Thread, a: &Tuple, b: &Tuple) -> Option<bool> {
    for (p, q) in a.as_slice().iter().zip(b.as_slice()) {
        if let (Some(x), Some(y)) = (p.as_tagged_float(), q.as_tagged_float()) {
            match x.partial_cmp(&y)? {
                Ordering::Equal => continue,
                order => return Some(order == Ordering::Less),
            }
        }
        if p.is(*q) {
            continue;
        }
        if p.is_int() && q.is_int() {
            return Some(p.int_unchecked() < q.int_unchecked());
        }
        if th.is_exact(*p, T::Bool) && th.is_exact(*q, T::Bool) {
            return Some(q.is(th.bool(true)));
        }
        if !th.is_exact(*p, T::Str) || !th.is_exact(*q, T::Str) {
            return None;
        }
        match p.downcast::<Str>()?.compare(&*q.downcast::<Str>()?) {
            Ordering::Equal => {}
            order => return Some(order == Ordering::Less),
        }
    }
    Some(a.len() < b.len())
}

impl Sorter<'_> {
    fn less(&mut self, a: u32, b: u32) -> Result<bool> {
        let (x, y) = (self.keys[a as usize], self.keys[b as usize]);
        if self.tuples
            && let (Some(s), Some(t)) = (x.downcast::<Tuple>(), y.downcast::<Tuple>())
            && let Some(less) = tuple_less(self.th, &s, &t)
        {
            return Ok(less);
        }
        self.th.poll()?;
        self.th.compare_bool(x, y, CompareOp::Lt)
    }

    /// Length of the run at the start of `a`; a strictly descending one is turned round.
    fn run(&mut self, a: &mut [u32]) -> Result<usize> {
        let n = a.len();
        if n < 2 {
            return Ok(n);
        }
        let mut i = 2;
        if self.less(a[1], a[0])? {
            while i < n && self.less(a[i], a[i - 1])? {
                i += 1;
            }
            a[..i].reverse();
        } else {
            while i < n && !self.less(a[i], a[i - 1])? {
                i += 1;
            }
        }
        Ok(i)
    }

    /// Sorts `a`, of which the first `sorted` are in order, by insertion.
    fn insertion(&mut self, a: &mut [u32], sorted: usize) -> Result<()> {
        for i in sorted.max(1)..a.len() {
            let pivot = a[i];
            let (mut low, mut high) = (0, i);
            while low < high {
                let mid = low + (high - low) / 2;
                if self.less(pivot, a[mid])? {
                    high = mid;
                } else {
                    low = mid + 1;
                }
            }
            a.copy_within(low..i, low + 1);
            a[low] = pivot;
        }
        Ok(())
    }

    fn sort(&mut self, a: &mut [u32]) -> Result<()> {
        let n = a.len();
        let mut minimum = n;
        let mut odd = 0;
        while minimum >= MIN_MERGE {
            odd |= minimum & 1;
            minimum >>= 1;
        }
        let minimum = minimum + odd;
        // Runs wait on a stack whose powers grow (Munro and Wild's powersort).
        let mut stack: Vec<(usize, usize, u32)> = Vec::new();
        let mut scratch: Vec<u32> = Vec::new();
        let mut start = 0;
        while start < n {
            let mut len = self.run(&mut a[start..])?;
            if len < minimum {
                let force = minimum.min(n - start);
                self.insertion(&mut a[start..start + force], len)?;
                len = force;
            }
            if let Some((s1, n1, _)) = stack.last().copied() {
                let p = power(s1, n1, len, n);
                while stack.len() > 1 && stack[stack.len() - 2].2 > p {
                    self.merge_top(a, &mut stack, &mut scratch)?;
                }
                if let Some(top) = stack.last_mut() {
                    top.2 = p;
                }
            }
            stack.push((start, len, 0));
            start += len;
        }
        while stack.len() > 1 {
            let k = stack.len();
            if k > 2 && stack[k - 3].1 < stack[k - 1].1 {
                let last = stack.pop();
                self.merge_top(a, &mut stack, &mut scratch)?;
                stack.extend(last);
            } else {
                self.merge_top(a, &mut stack, &mut scratch)?;
            }
        }
        Ok(())
    }

    fn merge_top(
        &mut self,
        a: &mut [u32],
        stack: &mut Vec<(usize, usize, u32)>,
        scratch: &mut Vec<u32>,
    ) -> Result<()> {
        let (Some((s2, n2, p2)), Some((s1, n1, _))) = (stack.pop(), stack.pop()) else {
            return Ok(());
        };
        stack.push((s1, n1 + n2, p2));
        self.merge(&mut a[s1..s2 + n2], n1, scratch)
    }

    /// Merges the two sorted parts of `a` that meet at `mid`.
    fn merge(&mut self, a: &mut [u32], mid: usize, scratch: &mut Vec<u32>) -> Result<()> {
        // Items of the left part that are in place already, and those of the right part.
        let (mut low, mut high) = (0, mid);
        while low < high {
            let m = low + (high - low) / 2;
            if self.less(a[mid], a[m])? {
                high = m;
            } else {
                low = m + 1;
            }
        }
        let from = low;
        if from == mid {
            return Ok(());
        }
        let (mut low, mut high) = (mid, a.len());
        while low < high {
            let m = low + (high - low) / 2;
            if self.less(a[m], a[mid - 1])? {
                low = m + 1;
            } else {
                high = m;
            }
        }
        let to = low;
        scratch.clear();
        scratch.extend_from_slice(&a[from..mid]);
        let (mut i, mut j, mut k) = (0, mid, from);
        while i < scratch.len() && j < to {
            if self.less(a[j], scratch[i])? {
                a[k] = a[j];
                j += 1;
            } else {
                a[k] = scratch[i];
                i += 1;
            }
            k += 1;
        }
        a[k..k + scratch.len() - i].copy_from_slice(&scratch[i..]);
        Ok(())
    }
}

/// Depth at which the boundary between two neighbouring runs lies in a perfectly balanced merge.
fn power(s1: usize, n1: usize, n2: usize, n: usize) -> u32 {
    let mut a = 2 * s1 as u128 + n1 as u128;
    let mut b = a + n1 as u128 + n2 as u128;
    let n = n as u128;
    let mut result = 0;
    loop {
        result += 1;
        if a >= n {
            a -= n;
            b -= n;
        } else if b >= n {
            return result;
        }
        a <<= 1;
        b <<= 1;
    }
}
