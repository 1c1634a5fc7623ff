//! Building containers, unpacking, formatting.

use crate::Thread;
use crate::object::{Gc, Raised, Result, Value, ValueVec};
use crate::types::dict::Dict;
use crate::types::dict::update::is_plain;
use crate::types::list::List;
use crate::types::set::Set;
use crate::types::str_::Str;
use crate::types::tuple::Tuple;
use crate::types::{ExceptionClass, T};

/// `BuildMap`
pub fn map(th: &mut Thread, pairs: &[Value]) -> Result {
    let d = th.new_dict();
    for p in pairs.chunks_exact(2) {
        d.set(th, p[0], p[1])?;
    }
    Ok(d.value())
}

/// `BuildString`
pub fn string(th: &mut Thread, parts: &[Value]) -> Result {
    crate::types::str_::concat_all(th, parts)
}

/// `ListExtend`
pub fn list_extend(th: &mut Thread, list: Value, iterable: Value) -> Result<()> {
    let Some(l) = list.downcast::<List>() else {
        return Err(th.system_error("ListExtend on no list"));
    };
    if let Some(t) = iterable.downcast::<Tuple>()
        && th.is_exact(iterable, T::Tuple)
    {
        return if l
            .items
            .try_extend(th.heap(), Some(l.header()), t.as_slice())
        {
            Ok(())
        } else {
            Err(th.memory_error())
        };
    }
    let class = th.class_of(iterable);
    if class.slots().iter.is_none() && class.slots().getitem.is_none() {
        let t = class.name_text();
        return Err(th.type_error(format!("Value after * must be an iterable, not {t}")));
    }
    th.for_each(iterable, |th, v| th.list_append(l, v))
}

/// `SetUpdate`
pub fn set_update(th: &mut Thread, set: Value, iterable: Value) -> Result<()> {
    let Some(s) = set.downcast::<Set>() else {
        return Err(th.system_error("SetUpdate on no set"));
    };
    crate::types::set::ops::update(th, s, iterable)
}

fn keys_of(th: &mut Thread, mapping: Value) -> Result<Option<ValueVec>> {
    let name = th.names().keys;
    match th.get_attr_option(mapping, name)? {
        Some(f) => {
            let k = th.call(f, &[])?;
            th.collect(k).map(Some)
        }
        None => Ok(None),
    }
}

/// `DictUpdate`
pub fn dict_update(th: &mut Thread, map: Value, other: Value) -> Result<()> {
    let Some(d) = map.downcast::<Dict>() else {
        return Err(th.system_error("DictUpdate on no dict"));
    };
    if let Some(o) = is_plain(th, other) {
        return d.update_from(th, o);
    }
    match keys_of(th, other)? {
        Some(keys) => {
            for k in keys.as_slice() {
                let v = th.get_item(other, *k)?;
                d.set(th, *k, v)?;
            }
            Ok(())
        }
        None => {
            let t = th.type_name(other);
            Err(th.type_error(format!("'{t}' object is not a mapping")))
        }
    }
}

/// How error messages call a callable: `module.f()` or the like.
pub fn callee_text(th: &mut Thread, f: Value) -> String {
    let key = th.names().__qualname__;
    let q = match th.get_attr_option(f, key) {
        Ok(Some(q)) => match q.downcast::<Str>() {
            Some(q) => q.to_string_lossy(),
            None => return th.str_lossy(f),
        },
        _ => {
            th.clear_pending();
            return th.str_lossy(f);
        }
    };
    let key = th.names().__module__;
    match th.get_attr_option(f, key) {
        Ok(Some(m)) => match m.downcast::<Str>() {
            Some(m) if !m.equals_str("builtins") => format!("{}.{q}()", m.to_string_lossy()),
            _ => format!("{q}()"),
        },
        _ => {
            th.clear_pending();
            format!("{q}()")
        }
    }
}

/// `DictMerge`
pub fn dict_merge(th: &mut Thread, map: Value, other: Value, callee: Value) -> Result<()> {
    let Some(d) = map.downcast::<Dict>() else {
        return Err(th.system_error("DictMerge on no dict"));
    };
    let add = |th: &mut Thread, k: Value, v: Value| -> Result<()> {
        if d.find(th, k)?.is_some() {
            let f = callee_text(th, callee);
            let k = th.str_lossy(k);
            return Err(th.type_error(format!(
                "{f} got multiple values for keyword argument '{k}'"
            )));
        }
        d.set(th, k, v)
    };
    if let Some(o) = is_plain(th, other) {
        let items = th.dict_items_vec(o)?;
        for p in items.as_slice().chunks_exact(2) {
            add(th, p[0], p[1])?;
        }
        return Ok(());
    }
    match keys_of(th, other)? {
        Some(keys) => {
            for k in keys.as_slice() {
                let v = th.get_item(other, *k)?;
                add(th, *k, v)?;
            }
            Ok(())
        }
        None => {
            let (f, t) = (callee_text(th, callee), th.type_name(other));
            Err(th.type_error(format!("{f} argument after ** must be a mapping, not {t}")))
        }
    }
}

/// `FormatValue`, `FormatWithSpec`
pub fn format(th: &mut Thread, v: Value, spec: Option<Value>, conversion: u32) -> Result {
    let v = match conversion {
        1 => th.str(v)?.value(),
        2 => th.repr(v)?.value(),
        3 => th.ascii(v)?.value(),
        _ => v,
    };
    let spec = match spec.and_then(|s| s.downcast::<Str>()) {
        Some(s) => s,
        None => th.empty_str(),
    };
    Ok(th.format(v, spec)?.value())
}

#[cold]
fn not_enough(th: &mut Thread, want: usize, got: usize, at_least: bool) -> Raised {
    let bound = if at_least { "at least " } else { "" };
    th.value_error(format!(
        "not enough values to unpack (expected {bound}{want}, got {got})"
    ))
}

/// `UnpackSequence` for anything but exact tuples and lists: exactly `count` values.
pub fn unpack(th: &mut Thread, v: Value, count: usize) -> Result<ValueVec> {
    let it = unpack_iter(th, v)?;
    let out = ValueVec::new();
    while out.len() < count {
        match th.next(it)? {
            Some(x) => th.push(&out, x)?,
            None => return Err(not_enough(th, count, out.len(), false)),
        }
    }
    if th.next(it)?.is_some() {
        return Err(th.value_error(format!("too many values to unpack (expected {count})")));
    }
    Ok(out)
}

/// The error for a list or tuple of the wrong length.
#[cold]
pub fn unpack_length(th: &mut Thread, count: usize, got: usize, is_exact: bool) -> Raised {
    if got < count {
        not_enough(th, count, got, false)
    } else if is_exact {
        th.value_error(format!(
            "too many values to unpack (expected {count}, got {got})"
        ))
    } else {
        th.value_error(format!("too many values to unpack (expected {count})"))
    }
}

fn unpack_iter(th: &mut Thread, v: Value) -> Result {
    match th.iter(v) {
        Ok(i) => Ok(i),
        Err(e) => {
            let class = th.class_of(v);
            if th.pending_matches(ExceptionClass::TypeError)
                && class.slots().iter.is_none()
                && class.slots().getitem.is_none()
            {
                th.clear_pending();
                let t = class.error_name();
                return Err(th.type_error(format!("cannot unpack non-iterable {t} object")));
            }
            Err(e)
        }
    }
}

/// `UnpackEx`
pub fn unpack_ex(th: &mut Thread, v: Value, before: usize, after: usize) -> Result<ValueVec> {
    let it = unpack_iter(th, v)?;
    let out = ValueVec::new();
    while out.len() < before {
        match th.next(it)? {
            Some(x) => th.push(&out, x)?,
            None => return Err(not_enough(th, before + after, out.len(), true)),
        }
    }
    let rest = th.new_list();
    while let Some(x) = th.next(it)? {
        th.list_append(rest, x)?;
    }
    let n = rest.items.len();
    if n < after {
        return Err(not_enough(th, before + after, before + n, true));
    }
    th.push(&out, rest.value())?;
    for i in n - after..n {
        if let Some(x) = rest.items.get(i) {
            th.push(&out, x)?;
        }
    }
    rest.items.truncate(n - after);
    Ok(out)
}

/// Slice object for `LoadSlice` and `StoreSlice`.
pub fn slice(th: &mut Thread, start: Value, stop: Value) -> Value {
    let none = th.none();
    crate::types::slice::new(th, start, stop, none)
}

/// A tuple for `ListToTuple`.
pub fn list_to_tuple(th: &mut Thread, list: Value) -> Gc<Tuple> {
    match list.downcast::<List>() {
        Some(l) => th.new_tuple(l.items.as_slice()),
        None => th.empty_tuple(),
    }
}
