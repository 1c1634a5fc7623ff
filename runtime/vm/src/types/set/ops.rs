//! Set algebra on the tables of sets.

use super::{Set, new_of_class};
use crate::Thread;
use crate::object::slots::CompareOp;
use crate::object::{Gc, Raised, Result, Value};
use crate::types::T;
use crate::types::dict::Dict;
use crate::types::dict::update::is_plain;
use crate::types::str_::Str;
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
pub(crate) fn for_each_hashed(
    th: &mut Thread,
    v: Value,
    mut f: impl FnMut(&mut Thread, Value, i64) -> Result<()>,
) -> Result<()> {
    if let Some(s) = v.downcast::<Set>() {
        let mut i = 0;
        while let Some((next, v, hash)) = s.element_from(i) {
            f(th, v, hash)?;
            i = next;
        }
        return Ok(());
    }
    if let Some(d) = is_plain(th, v) {
        return for_each_key(th, d, f);
    }
    th.for_each(v, |th, x| {
        let hash = th.hash_element(x)?;
        f(th, x, hash)
    })
}

fn for_each_key(
    th: &mut Thread,
    d: Gc<Dict>,
    mut f: impl FnMut(&mut Thread, Value, i64) -> Result<()>,
) -> Result<()> {
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
    if let Some(other) = v.downcast::<Set>() {
        return s.merge(th, &other);
    }
    if let Some(d) = is_plain(th, v) {
        s.make_room(th, d.len())?;
    }
    if th.is_exact(v, T::Str)
        && let Some(text) = v.downcast::<Str>()
    {
        return add_characters(th, s, text);
    }
    for_each_hashed(th, v, |th, x, hash| s.add_hashed(th, x, hash))
}

/// Adds the characters of a string. One that was added a moment ago is not looked for again.
fn add_characters(th: &mut Thread, s: Gc<Set>, text: Gc<Str>) -> Result<()> {
    const NONE: [u32; 256] = [u32::MAX; 256];
    let mut recent = NONE;
    let mut i = 0;
    while let Some(c) = text.at(i) {
        i += 1;
        let known = &mut recent[(c & 255) as usize];
        if *known == c {
            continue;
        }
        *known = c;
        let x = th.str_from_char(c);
        let hash = x.hash(th);
        s.add_hashed(th, x.value(), hash)?;
        if th.has_requests() {
            // Others may remove elements meanwhile.
            th.poll()?;
            recent = NONE;
        }
    }
    Ok(())
}

/// A new set of this class with a set's elements.
pub(super) fn copy_as(th: &mut Thread, s: Gc<Set>, class: Gc<Type>) -> Result<Gc<Set>> {
    let new = new_of_class(th, class);
    new.merge(th, &s)?;
    Ok(new)
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

/// Elements of `s` that an iterable has too, as a new set of `class`.
pub(crate) fn intersection(
    th: &mut Thread,
    s: Gc<Set>,
    other: Value,
    class: Gc<Type>,
) -> Result<Gc<Set>> {
    if other.is(s.value()) {
        return copy_as(th, s, class);
    }
    let out = new_of_class(th, class);
    if let Some(o) = other.downcast::<Set>() {
        let (small, large) = if o.len() > s.len() { (s, o) } else { (o, s) };
        select(th, small, large, true, out)?;
        return Ok(out);
    }
    for_each_hashed(th, other, |th, x, hash| match s.find(th, x, hash)? {
        Some(_) => out.add_hashed(th, x, hash),
        None => Ok(()),
    })?;
    Ok(out)
}

/// Adds to `out`, which is empty, those elements of a set that another one has, or has not.
fn select(
    th: &mut Thread,
    from: Gc<Set>,
    other: Gc<Set>,
    wanted: bool,
    out: Gc<Set>,
) -> Result<()> {
    // A comparison in Python can change the set: from then on it may give an element twice.
    let mut distinct = true;
    let mut i = 0;
    while let Some((next, x, hash)) = from.element_from(i) {
        let found = match other.find_quietly(x, hash) {
            Ok(found) => found,
            Err(_) => {
                distinct = false;
                other.find(th, x, hash)?
            }
        };
        if found.is_some() == wanted {
            match distinct {
                true => out.add_new(th, x, hash)?,
                false => out.add_hashed(th, x, hash)?,
            }
        }
        i = next;
    }
    Ok(())
}

/// A set that is so much larger than another one is not walked to take its elements out of that.
const MUCH_LARGER: usize = 8;

/// Takes the items of an iterable out of `s`.
pub(crate) fn remove_all(th: &mut Thread, s: Gc<Set>, other: Value) -> Result<()> {
    if other.is(s.value()) {
        s.reset();
        return Ok(());
    }
    let other = match other.downcast::<Set>() {
        Some(o) if o.len() / MUCH_LARGER > s.len() => {
            let class = th.vm().ty(T::Set);
            intersection(th, s, other, class)?.value()
        }
        _ => other,
    };
    for_each_hashed(th, other, |th, x, hash| {
        s.remove_hashed(th, x, hash).map(|_| ())
    })?;
    s.shed_marks(th)
}

/// Elements of `s` that an iterable has not, as a new set of `class`.
pub(super) fn difference(
    th: &mut Thread,
    s: Gc<Set>,
    other: Value,
    class: Gc<Type>,
) -> Result<Gc<Set>> {
    let (set, dict) = match other.downcast::<Set>() {
        Some(o) => (Some(o), None),
        None => (None, is_plain(th, other)),
    };
    let size = match (set, dict) {
        (Some(o), _) => o.len(),
        (_, Some(d)) => d.len(),
        _ => 0,
    };
    if set.is_none() && dict.is_none() || s.len() / 4 > size {
        let out = copy_as(th, s, class)?;
        remove_all(th, out, other)?;
        return Ok(out);
    }
    let out = new_of_class(th, class);
    if let Some(o) = set {
        select(th, s, o, false, out)?;
        return Ok(out);
    }
    for_each_hashed(th, s.value(), |th, x, hash| {
        let has = match dict {
            Some(d) => d.find_hashed(th, x, hash)?.is_some(),
            None => false,
        };
        match has {
            true => Ok(()),
            false => out.add_hashed(th, x, hash),
        }
    })?;
    Ok(out)
}

/// `s ^= other`
pub(crate) fn symmetric_update(th: &mut Thread, s: Gc<Set>, other: Value) -> Result<()> {
    if other.is(s.value()) {
        s.reset();
        return Ok(());
    }
    // Items that an iterable gives twice count once; a dict has none twice.
    let other = match is_plain(th, other) {
        Some(_) => other,
        None => as_set(th, other)?.value(),
    };
    for_each_hashed(th, other, |th, x, hash| {
        match s.remove_hashed(th, x, hash)? {
            true => Ok(()),
            false => s.add_hashed(th, x, hash),
        }
    })
}

/// Elements that only one of the two has, as a new set of `class`.
pub(super) fn symmetric_difference(
    th: &mut Thread,
    s: Gc<Set>,
    other: Value,
    class: Gc<Type>,
) -> Result<Gc<Set>> {
    let out = new_of_class(th, class);
    update(th, out, other)?;
    symmetric_update(th, out, s.value())?;
    Ok(out)
}

/// Has `b` every element of `a`?
pub(super) fn is_subset(th: &mut Thread, a: Gc<Set>, b: Gc<Set>) -> Result<bool> {
    if a.len() > b.len() {
        return Ok(false);
    }
    let mut i = 0;
    while let Some((next, v, hash)) = a.element_from(i) {
        if b.find(th, v, hash)?.is_none() {
            return Ok(false);
        }
        i = next;
    }
    Ok(true)
}

/// Have the set and the iterable no common element?
pub(super) fn is_disjoint(th: &mut Thread, s: Gc<Set>, other: Value) -> Result<bool> {
    if let Some(o) = other.downcast::<Set>() {
        let (small, large) = if o.len() > s.len() { (s, o) } else { (o, s) };
        let mut i = 0;
        while let Some((next, v, hash)) = small.element_from(i) {
            if large.find(th, v, hash)?.is_some() {
                return Ok(false);
            }
            i = next;
        }
        return Ok(true);
    }
    let it = th.iter(other)?;
    while let Some(v) = th.next(it)? {
        let hash = th.hash_element(v)?;
        if s.find(th, v, hash)?.is_some() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Comparison of sets: inclusion.
pub(super) fn compare(th: &mut Thread, a: Value, b: Value, op: CompareOp) -> Result {
    match (a.downcast::<Set>(), b.downcast::<Set>()) {
        (Some(x), Some(y)) => compare_sets(th, x, y, op).map(|r| th.bool(r)),
        _ => Ok(th.not_implemented()),
    }
}

/// As [`compare`], of what are sets.
pub(crate) fn compare_sets(th: &mut Thread, x: Gc<Set>, y: Gc<Set>, op: CompareOp) -> Result<bool> {
    Ok(match op {
        CompareOp::Eq | CompareOp::Ne => {
            let (h, k) = (x.hash.get(), y.hash.get());
            let same = x.len() == y.len() && (h == 0 || k == 0 || h == k) && is_subset(th, x, y)?;
            same == (op == CompareOp::Eq)
        }
        CompareOp::Lt => x.len() < y.len() && is_subset(th, x, y)?,
        CompareOp::Le => is_subset(th, x, y)?,
        CompareOp::Gt => x.len() > y.len() && is_subset(th, y, x)?,
        CompareOp::Ge => is_subset(th, y, x)?,
    })
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
        let copy = copy_as(th, s, frozen)?;
        let h = hash(th, copy)?;
        return Ok((copy.value(), h));
    }
    Err(th.unhashable_in(e, v, "set element"))
}
