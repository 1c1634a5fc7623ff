//! `set` and `frozenset` as Python sees them.

use super::{FrozenSet, Set, new_of_class, ops, set_iter};
use crate::Thread;
use crate::call::{Args, VarArgs};
use crate::object::slots::CompareOp;
use crate::object::{Gc, Result, Value};
use crate::types::T;
use crate::types::sequence::{self, TextParts, guarded_repr};
use crate::{pymethods, pytype};

fn set_repr(th: &mut Thread, this: Value) -> Result {
    let s = th.expect::<Set>(this)?;
    let class = th.type_name(this);
    if s.is_empty() {
        return Ok(th.new_str(&format!("{class}()")).value());
    }
    let placeholder = format!("{class}(...)");
    let exact = th.is_exact(this, T::Set);
    guarded_repr(th, this, &placeholder, |th| {
        let mut out = TextParts::new();
        if !exact {
            out.push_str(&class);
            out.push_str("(");
        }
        out.push_str("{");
        let (mut i, mut first) = (0, true);
        while let Some((next, k, _)) = s.element_from(i) {
            if !first {
                out.push_str(", ");
            }
            first = false;
            out.push_repr(th, k)?;
            i = next;
        }
        out.push_str(if exact { "}" } else { "})" });
        Ok(out.finish(th))
    })
}

fn contains(th: &mut Thread, this: Value, v: Value) -> Result<bool> {
    let s = th.expect::<Set>(this)?;
    let (k, hash) = ops::lookup_key(th, v)?;
    Ok(s.find(th, k, hash)?.is_some())
}

fn both(a: Value, b: Value) -> Option<(Gc<Set>, Gc<Set>)> {
    Some((a.downcast::<Set>()?, b.downcast::<Set>()?))
}

fn op_or(th: &mut Thread, a: Value, b: Value) -> Result {
    let Some((x, _)) = both(a, b) else {
        return Ok(th.not_implemented());
    };
    let class = ops::result_class(th, a);
    let out = ops::copy_as(th, x, class)?;
    if !a.is(b) {
        ops::update(th, out, b)?;
    }
    Ok(out.value())
}

fn op_and(th: &mut Thread, a: Value, b: Value) -> Result {
    let Some((x, _)) = both(a, b) else {
        return Ok(th.not_implemented());
    };
    let class = ops::result_class(th, a);
    Ok(ops::intersection(th, x, b, class)?.value())
}

fn op_sub(th: &mut Thread, a: Value, b: Value) -> Result {
    let Some((x, _)) = both(a, b) else {
        return Ok(th.not_implemented());
    };
    let class = ops::result_class(th, a);
    Ok(ops::difference(th, x, b, class)?.value())
}

fn op_xor(th: &mut Thread, a: Value, b: Value) -> Result {
    let Some((x, _)) = both(a, b) else {
        return Ok(th.not_implemented());
    };
    let class = ops::result_class(th, a);
    Ok(ops::symmetric_difference(th, x, b, class)?.value())
}

/// Methods that both types have.
#[pymethods(table = SHARED)]
impl Set {
    /// Return a new set with elements from the set and all others.
    #[pymethod(sig = "(*others)")]
    fn union(th: &mut Thread, this: Gc<Set>, others: VarArgs) -> Result {
        let class = ops::result_class(th, this.value());
        let out = ops::copy_as(th, this, class)?;
        for o in others.0.as_slice() {
            if !o.is(this.value()) {
                ops::update(th, out, *o)?;
            }
        }
        Ok(out.value())
    }

    /// Return a new set with elements common to the set and all others.
    #[pymethod(sig = "(*others)")]
    fn intersection(th: &mut Thread, this: Gc<Set>, others: VarArgs) -> Result {
        let class = ops::result_class(th, this.value());
        let mut out = match others.0.as_slice() {
            [] => ops::copy_as(th, this, class)?,
            [first, ..] => ops::intersection(th, this, *first, class)?,
        };
        for o in others.0.as_slice().iter().skip(1) {
            out = ops::intersection(th, out, *o, class)?;
        }
        Ok(out.value())
    }

    /// Return a new set with elements in the set that are not in the others.
    #[pymethod(sig = "(*others)")]
    fn difference(th: &mut Thread, this: Gc<Set>, others: VarArgs) -> Result {
        let class = ops::result_class(th, this.value());
        let mut out = match others.0.as_slice() {
            [] => ops::copy_as(th, this, class)?,
            [first, ..] => ops::difference(th, this, *first, class)?,
        };
        for o in others.0.as_slice().iter().skip(1) {
            out = ops::difference(th, out, *o, class)?;
        }
        Ok(out.value())
    }

    /// Return a new set with elements in either the set or other but not both.
    #[pymethod]
    fn symmetric_difference(th: &mut Thread, this: Gc<Set>, other: Value) -> Result {
        let class = ops::result_class(th, this.value());
        Ok(ops::symmetric_difference(th, this, other, class)?.value())
    }

    /// Return True if two sets have a null intersection.
    #[pymethod]
    fn isdisjoint(th: &mut Thread, this: Gc<Set>, other: Value) -> Result<bool> {
        ops::is_disjoint(th, this, other)
    }

    /// Report whether another set contains this set.
    #[pymethod]
    fn issubset(th: &mut Thread, this: Gc<Set>, other: Value) -> Result<bool> {
        let o = ops::as_set(th, other)?;
        ops::is_subset(th, this, o)
    }

    /// Report whether this set contains another set.
    #[pymethod]
    fn issuperset(th: &mut Thread, this: Gc<Set>, other: Value) -> Result<bool> {
        let o = ops::as_set(th, other)?;
        ops::is_subset(th, o, this)
    }

    /// Return a shallow copy of a set.
    #[pymethod]
    fn copy(th: &mut Thread, this: Gc<Set>) -> Result {
        if th.is_exact(this.value(), T::FrozenSet) {
            return Ok(this.value());
        }
        let class = ops::result_class(th, this.value());
        Ok(ops::copy_as(th, this, class)?.value())
    }

    /// Return state information for pickling.
    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<Set>) -> Result {
        let class = th.class_of(this.value()).value();
        let keys = crate::object::ValueVec::new();
        let mut i = 0;
        while let Some((next, k, _)) = this.element_from(i) {
            th.push(&keys, k)?;
            i = next;
        }
        let list = th.list_from_vec(keys).value();
        let args = th.new_tuple(&[list]).value();
        let state = th.call_method_str(this.value(), "__getstate__", &[])?;
        Ok(th.new_tuple(&[class, args, state]).value())
    }

    /// S.__sizeof__() -> size of S in memory, in bytes.
    #[pymethod]
    fn __sizeof__(_: &mut Thread, this: Gc<Set>) -> usize {
        /// Bytes of a set without what does not fit into it, and of a slot.
        const SIZES: [usize; 2] = [200, 16];
        match this.mask() + 1 {
            super::SMALLEST => SIZES[0],
            slots => SIZES[0] + slots * SIZES[1],
        }
    }

    /// See PEP 585
    #[pyclassmethod]
    fn __class_getitem__(th: &mut Thread, class: Value, item: Value) -> Result {
        crate::builtins::generic_alias(th, class, item)
    }
}

/// Build an unordered collection of unique elements.
#[pytype(name = "set", flags = BASETYPE | HAS_WEAKREF | MATCH_SELF, more = &SHARED)]
impl Set {
    #[pynew(raw, sig = "(iterable=(), /)")]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        let class = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
        Ok(new_of_class(th, class).value())
    }

    #[pyslot]
    fn init(th: &mut Thread, this: Value, args: Args<'_>) -> Result<()> {
        let s = th.expect::<Set>(this)?;
        if args.keyword_count() > 0 && sequence::has_new_of(th, th.class_of(this), T::Set) {
            return Err(sequence::no_keywords(th, "set"));
        }
        let given = args.positionals();
        if given.len() > 1 {
            return Err(sequence::too_many(th, "set", 1, given.len()));
        }
        s.reset();
        match given {
            [v] => ops::update(th, s, *v),
            _ => Ok(()),
        }
    }

    /// Add an element to a set.
    ///
    /// This has no effect if the element is already present.
    #[pymethod(name = "add")]
    fn add_element(th: &mut Thread, this: Gc<Set>, object: Value) -> Result<()> {
        this.add(th, object)
    }

    /// Remove an element from a set if it is a member.
    ///
    /// Unlike set.remove(), the discard() method does not raise
    /// an exception when an element is missing from the set.
    #[pymethod]
    fn discard(th: &mut Thread, this: Gc<Set>, object: Value) -> Result<()> {
        let (k, hash) = ops::lookup_key(th, object)?;
        this.remove_hashed(th, k, hash).map(|_| ())
    }

    /// Remove an element from a set; it must be a member.
    ///
    /// If the element is not a member, raise a KeyError.
    #[pymethod]
    fn remove(th: &mut Thread, this: Gc<Set>, object: Value) -> Result<()> {
        let (k, hash) = ops::lookup_key(th, object)?;
        match this.remove_hashed(th, k, hash)? {
            true => Ok(()),
            false => Err(th.key_error(object)),
        }
    }

    /// Remove and return an arbitrary set element.
    ///
    /// Raises KeyError if the set is empty.
    #[pymethod]
    fn pop(th: &mut Thread, this: Gc<Set>) -> Result {
        match this.pop_next() {
            Some(v) => Ok(v),
            None => {
                let text = th.new_str("pop from an empty set").value();
                Err(th.key_error(text))
            }
        }
    }

    /// Remove all elements from this set.
    #[pymethod]
    fn clear(_: &mut Thread, this: Gc<Set>) {
        this.reset();
    }

    /// Update the set, adding elements from all others.
    #[pymethod(sig = "(*others)")]
    fn update(th: &mut Thread, this: Gc<Set>, others: VarArgs) -> Result<()> {
        for o in others.0.as_slice() {
            ops::update(th, this, *o)?;
        }
        Ok(())
    }

    /// Update the set, keeping only elements found in it and all others.
    #[pymethod(sig = "(*others)")]
    fn intersection_update(th: &mut Thread, this: Gc<Set>, others: VarArgs) -> Result<()> {
        let class = th.vm().ty(T::Set);
        let mut out = match others.0.as_slice() {
            [] => return Ok(()),
            [first, ..] => ops::intersection(th, this, *first, class)?,
        };
        for o in others.0.as_slice().iter().skip(1) {
            out = ops::intersection(th, out, *o, class)?;
        }
        this.become_like(&out);
        Ok(())
    }

    /// Update the set, removing elements found in others.
    #[pymethod(sig = "(*others)")]
    fn difference_update(th: &mut Thread, this: Gc<Set>, others: VarArgs) -> Result<()> {
        for o in others.0.as_slice() {
            ops::remove_all(th, this, *o)?;
        }
        Ok(())
    }

    /// Update the set, keeping only elements found in either set, but not in both.
    #[pymethod]
    fn symmetric_difference_update(th: &mut Thread, this: Gc<Set>, other: Value) -> Result<()> {
        ops::symmetric_update(th, this, other)
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        set_repr(th, this)
    }

    #[pyslot]
    fn slot_len(th: &mut Thread, this: Value) -> Result<usize> {
        Ok(th.expect::<Set>(this)?.len())
    }

    #[pyslot]
    fn contains(th: &mut Thread, this: Value, v: Value) -> Result<bool> {
        contains(th, this, v)
    }

    #[pyslot]
    fn iter(th: &mut Thread, this: Value) -> Result {
        set_iter(th, this)
    }

    #[pyslot]
    fn richcompare(th: &mut Thread, a: Value, b: Value, op: CompareOp) -> Result {
        ops::compare(th, a, b, op)
    }

    #[pyslot]
    fn or(th: &mut Thread, a: Value, b: Value) -> Result {
        op_or(th, a, b)
    }

    #[pyslot]
    fn and(th: &mut Thread, a: Value, b: Value) -> Result {
        op_and(th, a, b)
    }

    #[pyslot]
    fn subtract(th: &mut Thread, a: Value, b: Value) -> Result {
        op_sub(th, a, b)
    }

    #[pyslot]
    fn xor(th: &mut Thread, a: Value, b: Value) -> Result {
        op_xor(th, a, b)
    }

    #[pyslot]
    fn inplace_or(th: &mut Thread, a: Value, b: Value) -> Result {
        let Some((x, _)) = both(a, b) else {
            return Ok(th.not_implemented());
        };
        ops::update(th, x, b)?;
        Ok(a)
    }

    #[pyslot]
    fn inplace_and(th: &mut Thread, a: Value, b: Value) -> Result {
        let Some((x, _)) = both(a, b) else {
            return Ok(th.not_implemented());
        };
        let class = th.vm().ty(T::Set);
        let out = ops::intersection(th, x, b, class)?;
        x.become_like(&out);
        Ok(a)
    }

    #[pyslot]
    fn inplace_subtract(th: &mut Thread, a: Value, b: Value) -> Result {
        let Some((x, _)) = both(a, b) else {
            return Ok(th.not_implemented());
        };
        ops::remove_all(th, x, b)?;
        Ok(a)
    }

    #[pyslot]
    fn inplace_xor(th: &mut Thread, a: Value, b: Value) -> Result {
        let Some((x, _)) = both(a, b) else {
            return Ok(th.not_implemented());
        };
        ops::symmetric_update(th, x, b)?;
        Ok(a)
    }
}

/// Build an immutable unordered collection of unique elements.
#[pytype(name = "frozenset", payload = Set, flags = BASETYPE | HAS_WEAKREF | MATCH_SELF, table = FROZEN_TYPE, more = &SHARED)]
impl FrozenSet {
    #[pynew(raw, sig = "(iterable=(), /)")]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        let class = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
        let exact = class.is(th.vm().ty(T::FrozenSet));
        if args.keyword_count() > 0 && sequence::has_init_of(th, class, T::FrozenSet) {
            return Err(sequence::no_keywords(th, "frozenset"));
        }
        match args.positionals() {
            [_] => Ok(new_of_class(th, class).value()),
            [_, v] => {
                if exact && th.is_exact(*v, T::FrozenSet) {
                    return Ok(*v);
                }
                let s = new_of_class(th, class);
                ops::update(th, s, *v)?;
                Ok(s.value())
            }
            more => Err(sequence::too_many(th, "frozenset", 1, more.len() - 1)),
        }
    }

    #[pyslot]
    fn hash(th: &mut Thread, this: Value) -> Result<i64> {
        let s = th.expect::<Set>(this)?;
        ops::hash(th, s)
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        set_repr(th, this)
    }

    #[pyslot]
    fn slot_len(th: &mut Thread, this: Value) -> Result<usize> {
        Ok(th.expect::<Set>(this)?.len())
    }

    #[pyslot]
    fn contains(th: &mut Thread, this: Value, v: Value) -> Result<bool> {
        contains(th, this, v)
    }

    #[pyslot]
    fn iter(th: &mut Thread, this: Value) -> Result {
        set_iter(th, this)
    }

    #[pyslot]
    fn richcompare(th: &mut Thread, a: Value, b: Value, op: CompareOp) -> Result {
        ops::compare(th, a, b, op)
    }

    #[pyslot]
    fn or(th: &mut Thread, a: Value, b: Value) -> Result {
        op_or(th, a, b)
    }

    #[pyslot]
    fn and(th: &mut Thread, a: Value, b: Value) -> Result {
        op_and(th, a, b)
    }

    #[pyslot]
    fn subtract(th: &mut Thread, a: Value, b: Value) -> Result {
        op_sub(th, a, b)
    }

    #[pyslot]
    fn xor(th: &mut Thread, a: Value, b: Value) -> Result {
        op_xor(th, a, b)
    }
}
