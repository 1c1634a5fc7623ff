//! Filling dicts from mappings, pairs and keywords.

use super::Dict;
use crate::Thread;
use crate::call::Args;
use crate::object::{Gc, Result, Value};
use crate::types::sequence;
use crate::types::{ExceptionClass, T};

/// Does iteration of this object give a dict's own keys? True for exact dicts and for subclasses
/// that do not override `__iter__`.
pub fn is_plain(th: &Thread, v: Value) -> Option<Gc<Dict>> {
    let d = v.downcast::<Dict>()?;
    if th.is_exact(v, T::Dict) {
        return Some(d);
    }
    let plain = th.vm().ty(T::Dict).slots().iter;
    match (th.class_of(v).slots().iter, plain) {
        (Some(f), Some(g)) if std::ptr::fn_addr_eq(f, g) => Some(d),
        _ => None,
    }
}

/// `d.update(other)`
pub fn update(th: &mut Thread, d: Gc<Dict>, other: Value) -> Result<()> {
    if let Some(o) = is_plain(th, other) {
        return merge_dict(th, d, o);
    }
    let keys = th.names().keys;
    if th.get_attr_option(other, keys)?.is_some() {
        return merge_mapping(th, d, other);
    }
    merge_pairs(th, d, other)
}

fn merge_dict(th: &mut Thread, d: Gc<Dict>, o: Gc<Dict>) -> Result<()> {
    if d.is(o) || o.is_empty() {
        return Ok(());
    }
    let n = o.len();
    let mut i = 0u32;
    while let Some(t) = o.table() {
        if i as usize >= t.fill() {
            break;
        }
        if let Some(e) = t.entry(i) {
            d.set_hashed(th, e.key, e.hash, e.value)?;
            if o.len() != n {
                return Err(th.runtime_error("dict mutated during update"));
            }
        }
        i += 1;
    }
    Ok(())
}

fn merge_mapping(th: &mut Thread, d: Gc<Dict>, other: Value) -> Result<()> {
    let keys = th.call_method_str(other, "keys", &[])?;
    let it = th.iter(keys)?;
    while let Some(k) = th.next(it)? {
        let v = th.get_item(other, k)?;
        d.set(th, k, v)?;
    }
    Ok(())
}

fn merge_pairs(th: &mut Thread, d: Gc<Dict>, other: Value) -> Result<()> {
    let it = th.iter(other)?;
    let mut n = 0;
    while let Some(pair) = th.next(it)? {
        let class = th.class_of(pair);
        if class.slots().iter.is_none() && class.slots().getitem.is_none() {
            let e = th.type_error("object is not iterable");
            th.add_note_to_pending(&format!(
                "Cannot convert dictionary update sequence element #{n} to a sequence"
            ));
            return Err(e);
        }
        let items = match th.collect(pair) {
            Ok(items) => items,
            Err(e) => {
                if th.pending_matches(ExceptionClass::TypeError) {
                    th.add_note_to_pending(&format!(
                        "Cannot convert dictionary update sequence element #{n} to a sequence"
                    ));
                }
                return Err(e);
            }
        };
        let [k, v] = items.as_slice() else {
            let m = items.len();
            return Err(th.value_error(format!(
                "dictionary update sequence element #{n} has length {m}; 2 is required"
            )));
        };
        d.set(th, *k, *v)?;
        n += 1;
    }
    Ok(())
}

/// `d.update(*args, **keywords)` for a function of this name.
pub fn update_args(th: &mut Thread, d: Gc<Dict>, args: Args<'_>, name: &str) -> Result<()> {
    match args.positionals() {
        [] => {}
        [v] => update(th, d, *v)?,
        more => return Err(sequence::too_many(th, name, 1, more.len())),
    }
    for (k, v) in args.keywords() {
        d.set(th, k, v)?;
    }
    Ok(())
}

/// Are two dicts equal? Values are compared by identity or equality.
pub fn equal(th: &mut Thread, a: Gc<Dict>, b: Gc<Dict>) -> Result<bool> {
    if a.len() != b.len() {
        return Ok(false);
    }
    let mut i = 0u32;
    while let Some(t) = a.table() {
        if i as usize >= t.fill() {
            break;
        }
        if let Some(e) = t.entry(i) {
            match b.get_hashed(th, e.key, e.hash)? {
                Some(v) => {
                    if !th.equal(e.value, v)? {
                        return Ok(false);
                    }
                }
                None => return Ok(false),
            }
        }
        i += 1;
    }
    Ok(true)
}

/// A new dict with the keys of an iterable, all with one value.
pub fn from_keys(th: &mut Thread, class: Value, iterable: Value, v: Value) -> Result {
    let new = th.call(class, &[])?;
    if th.is_exact(new, T::Dict)
        && let Some(d) = new.downcast::<Dict>()
    {
        crate::types::set::ops::for_each_hashed(th, iterable, |th, k, hash| {
            d.set_hashed(th, k, hash, v)
        })?;
        return Ok(new);
    }
    th.for_each(iterable, |th, k| th.set_item(new, k, v))?;
    Ok(new)
}
