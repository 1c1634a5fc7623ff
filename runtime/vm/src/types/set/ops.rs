//! Set algebra on the tables of sets.

use super::{Set, new_of_class};
use crate::Thread;
use crate::object::slots::CompareOp;
use crate::object::{Gc, Raised, Result, Value};
use crate::types::T;
use crate::types::dict::update::is_plain;
use crate::types::type_::Type;

impl Thread {
    /// The hash of a set's element. Raises TypeError that says so for unhashable ones.
    #[inline]
    pub fn hash_element(&mut self, v: Value) -> Result<i64> {
        match self.hash(v) {
            Ok(h) => Ok(h),
            Err(e) => Err(self.unhashable_in(e, v, "set element")),
        }
    }
}

/// Calls `f` with each element of a set, dict or other iterable, and its hash.
pub(super) fn for_each_hashed(
    th: &mut Thread,
    v: Value,
    mut f: impl FnMut(&mut Thread, Value, i64) -> Result<()>,
) -> Result<()> {
    let table = match v.downcast::<Set>() {
        Some(s) => Some(s.elements()),
        None => is_plain(th, v),
    };
    let Some(d) = table else {
        return th.for_each(v, |th, x| {
            let hash = th.hash_element(x)?;
            f(th, x, hash)
        });
    };
    let mut i = 0u32;
    while let Some(t) = d.table() {
        if i as usize >= t.fill() {
            break;
        }
        if let Some(e) = t.entry(i) {
            f(th, e.key, e.hash)?;
        }
        i += 1;
    }
    Ok(())
}

/// Adds all items of an iterable.
pub fn update(th: &mut Thread, s: Gc<Set>, v: Value) -> Result<()> {
    for_each_hashed(th, v, |th, x, hash| s.add_hashed(th, x, hash))
}

/// A new set of this class with a set's elements.
pub(super) fn copy_as(th: &mut Thread, s: Gc<Set>, class: Gc<Type>) -> Gc<Set> {
    let table = th.dict_copy(s.elements());
    let new = new_of_class(th, class);
    new.table.set(new.header(), table);
    new
}

/// The class of the result of an operation on a set: `set` or `frozenset`, never a subclass.
pub(super) fn result_class(th: &Thread, v: Value) -> Gc<Type> {
    let frozen = th.vm().ty(T::FrozenSet);
    let class = th.class_of(v);
    if class.is(frozen) || class.is_subtype(frozen) {
        frozen
    } else {
        th.vm().ty(T::Set)
    }
}

/// The items of an iterable as a set; a set as it is.
pub(super) fn as_set(th: &mut Thread, v: Value) -> Result<Gc<Set>> {
    if let Some(s) = v.downcast::<Set>() {
        return Ok(s);
    }
    let class = th.vm().ty(T::Set);
    let s = new_of_class(th, class);
    update(th, s, v)?;
    Ok(s)
}

/// Adds an element of another set to a new one, which cannot have it.
fn add_new(th: &mut Thread, out: Gc<Set>, v: Value, hash: i64) -> Result<()> {
    let none = th.none();
    if out.elements().insert_new(th, v, hash, none) {
        Ok(())
    } else {
        Err(th.memory_error())
    }
}

/// Elements of `s` that an iterable has too, as a new set of `class`.
pub(super) fn intersection(
    th: &mut Thread,
    s: Gc<Set>,
    other: Value,
    class: Gc<Type>,
) -> Result<Gc<Set>> {
    let out = new_of_class(th, class);
    if let Some(o) = other.downcast::<Set>() {
        let (small, large) = if o.len() > s.len() { (s, o) } else { (o, s) };
        for_each_hashed(th, small.value(), |th, x, hash| {
            if large.elements().find_hashed(th, x, hash)?.is_some() {
                add_new(th, out, x, hash)?;
            }
            Ok(())
        })?;
        return Ok(out);
    }
    for_each_hashed(th, other, |th, x, hash| {
        if s.elements().find_hashed(th, x, hash)?.is_some() {
            out.add_hashed(th, x, hash)?;
        }
        Ok(())
    })?;
    Ok(out)
}

/// Takes the items of an iterable out of `s`.
pub(super) fn remove_all(th: &mut Thread, s: Gc<Set>, other: Value) -> Result<()> {
    if other.is(s.value()) {
        s.elements().clear();
        return Ok(());
    }
    for_each_hashed(th, other, |th, x, hash| {
        if let Some(i) = s.elements().find_hashed(th, x, hash)? {
            s.elements().remove_at(i);
        }
        Ok(())
    })
}

/// Elements of `s` that an iterable has not, as a new set of `class`.
pub(super) fn difference(
    th: &mut Thread,
    s: Gc<Set>,
    other: Value,
    class: Gc<Type>,
) -> Result<Gc<Set>> {
    let table = match other.downcast::<Set>() {
        Some(o) => Some(o.elements()),
        None => is_plain(th, other),
    };
    match table {
        Some(d) if d.len() >= s.len() / 4 => {
            let out = new_of_class(th, class);
            if !out.elements().reserve(th, s.len()) {
                return Err(th.memory_error());
            }
            for_each_hashed(th, s.value(), |th, x, hash| {
                if d.find_hashed(th, x, hash)?.is_none() {
                    add_new(th, out, x, hash)?;
                }
                Ok(())
            })?;
            Ok(out)
        }
        _ => {
            let out = copy_as(th, s, class);
            remove_all(th, out, other)?;
            Ok(out)
        }
    }
}

/// `s ^= other`
pub(super) fn symmetric_update(th: &mut Thread, s: Gc<Set>, other: Value) -> Result<()> {
    if other.is(s.value()) {
        s.elements().clear();
        return Ok(());
    }
    // Items that an iterable gives twice count once.
    let o = as_set(th, other)?;
    for_each_hashed(th, o.value(), |th, x, hash| {
        match s.elements().find_hashed(th, x, hash)? {
            Some(i) => {
                s.elements().remove_at(i);
                Ok(())
            }
            None => s.add_hashed(th, x, hash),
        }
    })
}

/// Has `b` every element of `a`?
pub(super) fn is_subset(th: &mut Thread, a: Gc<Set>, b: Gc<Set>) -> Result<bool> {
    if a.len() > b.len() {
        return Ok(false);
    }
    let mut i = 0u32;
    while let Some(t) = a.elements().table() {
        if i as usize >= t.fill() {
            break;
        }
        if let Some(e) = t.entry(i)
            && b.elements().find_hashed(th, e.key, e.hash)?.is_none()
        {
            return Ok(false);
        }
        i += 1;
    }
    Ok(true)
}

/// Have the set and the iterable no common element?
pub(super) fn is_disjoint(th: &mut Thread, s: Gc<Set>, other: Value) -> Result<bool> {
    if let Some(o) = other.downcast::<Set>() {
        let (small, large) = if o.len() > s.len() { (s, o) } else { (o, s) };
        let mut i = 0u32;
        while let Some(t) = small.elements().table() {
            if i as usize >= t.fill() {
                break;
            }
            if let Some(e) = t.entry(i)
                && large.elements().find_hashed(th, e.key, e.hash)?.is_some()
            {
                return Ok(false);
            }
            i += 1;
        }
        return Ok(true);
    }
    let it = th.iter(other)?;
    while let Some(v) = th.next(it)? {
        let hash = th.hash_element(v)?;
        if s.elements().find_hashed(th, v, hash)?.is_some() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Comparison of sets: inclusion.
pub(super) fn compare(th: &mut Thread, a: Value, b: Value, op: CompareOp) -> Result {
    let (Some(x), Some(y)) = (a.downcast::<Set>(), b.downcast::<Set>()) else {
        return Ok(th.not_implemented());
    };
    let r = match op {
        CompareOp::Eq | CompareOp::Ne => {
            let (h, k) = (x.hash.get(), y.hash.get());
            let same = x.len() == y.len() && (h == 0 || k == 0 || h == k) && is_subset(th, x, y)?;
            same == (op == CompareOp::Eq)
        }
        CompareOp::Lt => x.len() < y.len() && is_subset(th, x, y)?,
        CompareOp::Le => is_subset(th, x, y)?,
        CompareOp::Gt => x.len() > y.len() && is_subset(th, y, x)?,
        CompareOp::Ge => is_subset(th, y, x)?,
    };
    Ok(th.bool(r))
}

/// Hash of a frozenset: independent of the order of its elements.
pub(super) fn hash(th: &mut Thread, s: Gc<Set>) -> Result<i64> {
    if s.hash.get() != 0 {
        return Ok(s.hash.get());
    }
    // The mixing of CPython's Objects/setobject.c, so that equal runs give equal hashes.
    let mut acc: u64 = 0;
    let n = s.len() as u64;
    for_each_hashed(th, s.value(), |_, _, hash| {
        let h = hash as u64;
        acc ^= ((h ^ 89869747) ^ (h << 16)).wrapping_mul(3644798167);
        Ok(())
    })?;
    acc ^= (n + 1).wrapping_mul(1927868237);
    acc ^= (acc >> 11) ^ (acc >> 25);
    acc = acc.wrapping_mul(69069).wrapping_add(907133923);
    let h = if acc == u64::MAX {
        590923713
    } else {
        acc as i64
    };
    s.hash.set(h);
    Ok(h)
}

/// An element to look up: a set stands for the frozenset of its elements when it is unhashable.
pub(super) fn lookup_key(th: &mut Thread, v: Value) -> Result<(Value, i64)> {
    match th.hash(v) {
        Ok(h) => Ok((v, h)),
        Err(e) => lookup_set(th, v, e),
    }
}

#[cold]
fn lookup_set(th: &mut Thread, v: Value, e: Raised) -> Result<(Value, i64)> {
    let set = th.vm().ty(T::Set);
    let class = th.class_of(v);
    if let Some(s) = v.downcast::<Set>()
        && (class.is(set) || class.is_subtype(set))
        && th.pending_matches(crate::types::ExceptionClass::TypeError)
    {
        th.clear_pending();
        let frozen = th.vm().ty(T::FrozenSet);
        let copy = copy_as(th, s, frozen);
        let h = hash(th, copy)?;
        return Ok((copy.value(), h));
    }
    Err(th.unhashable_in(e, v, "set element"))
}
