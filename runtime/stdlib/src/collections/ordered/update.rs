//! Filling ordered dicts: `mutablemapping_update` of `Objects/odictobject.c`.

use super::{is_exact, put};
use taipan_vm::Thread;
use taipan_vm::call::Args;
use taipan_vm::object::{Result, Value};
use taipan_vm::types::T;
use taipan_vm::types::dict::Dict;

/// `this[key] = v`, as the class of `this` says.
fn store(th: &mut Thread, this: Value, key: Value, v: Value) -> Result<()> {
    match this.downcast::<Dict>().filter(|_| is_exact(th, this)) {
        Some(d) => put(th, d, key, v),
        None => th.set_item(this, key, v),
    }
}

fn add_pairs(th: &mut Thread, this: Value, pairs: Value) -> Result<()> {
    th.for_each(pairs, |th, pair| {
        let it = th.iter(pair)?;
        let Some(key) = th.next(it)? else {
            return Err(th.value_error("need more than 0 values to unpack"));
        };
        let Some(v) = th.next(it)? else {
            return Err(th.value_error("need more than 1 value to unpack"));
        };
        if th.next(it)?.is_some() {
            return Err(th.value_error("too many values to unpack (expected 2)"));
        }
        store(th, this, key, v)
    })
}

/// Adds the entries of a mapping, or pairs.
pub fn update(th: &mut Thread, this: Value, other: Value) -> Result<()> {
    if th.is_exact(other, T::Dict)
        && let Some(o) = other.downcast::<Dict>()
    {
        // A copy, because storing may run Python code that changes the other.
        let items = th.dict_items_vec(o)?;
        for pair in items.as_slice().chunks_exact(2) {
            store(th, this, pair[0], pair[1])?;
        }
        return Ok(());
    }
    let name = th.names().keys;
    if let Some(keys) = th.get_attr_option(other, name)? {
        let keys = th.call(keys, &[])?;
        return th.for_each(keys, |th, key| {
            let v = th.get_item(other, key)?;
            store(th, this, key, v)
        });
    }
    let name = th.intern("items");
    if let Some(items) = th.get_attr_option(other, name)? {
        let items = th.call(items, &[])?;
        return add_pairs(th, this, items);
    }
    add_pairs(th, this, other)
}

/// As [`update`], with the arguments of `OrderedDict.update`.
pub fn update_args(th: &mut Thread, this: Value, args: Args<'_>) -> Result<()> {
    if let Some(other) = args.positionals().first() {
        update(th, this, *other)?;
    }
    for (key, v) in args.keywords() {
        store(th, this, key, v)?;
    }
    Ok(())
}
