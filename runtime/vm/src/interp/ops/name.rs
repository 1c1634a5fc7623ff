//! Globals, names of class and module bodies, and cells.

use crate::Thread;
use crate::feedback::{CacheKind, FeedbackSlot, seen};
use crate::object::{Gc, Raised, Result, Value};
use crate::types::ExceptionClass;
use crate::types::cell::CellObject;
use crate::types::code::Code;
use crate::types::dict::Dict;
use crate::types::str_::Str;

#[cold]
pub(crate) fn not_defined(th: &mut Thread, name: Gc<Str>) -> Raised {
    let t = name.to_string_lossy();
    th.name_error(
        ExceptionClass::NameError,
        &t,
        format!("name '{t}' is not defined"),
    )
}

/// Where an entry's value lies in the dict's table, as a word that is no pointer: the offset, plus 1.
pub fn value_place(dict: Gc<Dict>, i: u32) -> u64 {
    dict.table().map_or(0, |t| t.value_offset(i) as u64 | 1)
}

/// `LoadGlobal` after a cache miss.
#[cold]
pub fn load_global(
    th: &mut Thread,
    fb: Option<&FeedbackSlot>,
    globals: Gc<Dict>,
    builtins: Gc<Dict>,
    name: Gc<Str>,
) -> Result {
    if let Some(fb) = fb {
        fb.note(seen::RUN);
    }
    if !th.is_exact(globals.value(), crate::types::T::Dict)
        || !th.is_exact(builtins.value(), crate::types::T::Dict)
    {
        // Subclasses of dict have their say, with `__getitem__` and `__missing__`.
        for namespace in [globals, builtins] {
            if let Some(v) = mapping_get(th, namespace.value(), name)? {
                return Ok(v);
            }
        }
        return Err(not_defined(th, name));
    }
    if let Some(i) = globals.find_str(name)
        && let Some(e) = globals.table().and_then(|t| t.entry(i))
    {
        if let Some(fb) = fb {
            let v = globals.ensure_keys_version(th);
            if v != 0 {
                fb.version.set(v);
                fb.refer(th.vm(), value_place(globals, i), i as u64);
                fb.kind.set(CacheKind::Global);
            }
        }
        return Ok(e.value);
    }
    if let Some(i) = builtins.find_str(name)
        && let Some(e) = builtins.table().and_then(|t| t.entry(i))
    {
        if let Some(fb) = fb {
            let (g, b) = (
                globals.ensure_keys_version(th),
                builtins.ensure_keys_version(th),
            );
            if g != 0 && b != 0 {
                fb.version.set(g);
                fb.shape.set(b);
                fb.refer(th.vm(), value_place(builtins, i), i as u64);
                fb.kind.set(CacheKind::Builtin);
            }
        }
        return Ok(e.value);
    }
    Err(not_defined(th, name))
}

/// Item of a locals mapping by name; None when missing.
pub fn mapping_get(th: &mut Thread, mapping: Value, name: Gc<Str>) -> Result<Option<Value>> {
    if th.is_exact(mapping, crate::types::T::Dict)
        && let Some(d) = mapping.downcast::<Dict>()
    {
        return Ok(d.get_str(name));
    }
    match th.get_item(mapping, name.value()) {
        Ok(v) => Ok(Some(v)),
        Err(e) => {
            if th.pending_matches(ExceptionClass::KeyError) {
                th.clear_pending();
                return Ok(None);
            }
            Err(e)
        }
    }
}

/// `LoadName`
pub fn load_name(
    th: &mut Thread,
    locals: Value,
    globals: Gc<Dict>,
    builtins: Gc<Dict>,
    name: Gc<Str>,
) -> Result {
    if let Some(v) = mapping_get(th, locals, name)? {
        return Ok(v);
    }
    load_global(th, None, globals, builtins, name)
}

/// `StoreName`
pub fn store_name(th: &mut Thread, locals: Value, name: Gc<Str>, v: Value) -> Result<()> {
    if th.is_exact(locals, crate::types::T::Dict)
        && let Some(d) = locals.downcast::<Dict>()
    {
        d.set_str(th, name, v);
        return Ok(());
    }
    th.set_item(locals, name.value(), v)
}

/// `DeleteName`
pub fn delete_name(th: &mut Thread, locals: Value, name: Gc<Str>) -> Result<()> {
    if let Some(d) = locals.downcast::<Dict>()
        && th.is_exact(locals, crate::types::T::Dict)
    {
        return match d.remove_str(name) {
            Some(_) => Ok(()),
            None => Err(not_defined(th, name)),
        };
    }
    match th.del_item(locals, name.value()) {
        Ok(()) => Ok(()),
        Err(e) => {
            if th.pending_matches(ExceptionClass::KeyError) {
                th.clear_pending();
                return Err(not_defined(th, name));
            }
            Err(e)
        }
    }
}

/// UnboundLocalError for a local variable.
#[cold]
pub fn unbound_local(th: &mut Thread, name: Gc<Str>) -> Raised {
    let t = name.to_string_lossy();
    th.name_error(
        ExceptionClass::UnboundLocalError,
        &t,
        format!("cannot access local variable '{t}' where it is not associated with a value"),
    )
}

/// The error for an empty cell.
#[cold]
pub fn empty_cell(th: &mut Thread, code: Gc<Code>, name: Gc<Str>) -> Raised {
    let t = name.to_string_lossy();
    if code.data.cellvars.iter().any(|(n, _)| *n == t) {
        return unbound_local(th, name);
    }
    unbound_free(th, name)
}

/// The error for a free variable that is not bound.
#[cold]
pub fn unbound_free(th: &mut Thread, name: Gc<Str>) -> Raised {
    let t = name.to_string_lossy();
    th.name_error(
        ExceptionClass::NameError,
        &t,
        format!("cannot access free variable '{t}' where it is not associated with a value in enclosing scope"),
    )
}

/// The cell in a register.
#[inline(always)]
pub fn cell(th: &mut Thread, v: Option<Value>) -> Result<Gc<CellObject>> {
    match v.and_then(|v| v.downcast::<CellObject>()) {
        Some(c) => Ok(c),
        None => Err(th.system_error("register does not hold a cell")),
    }
}
