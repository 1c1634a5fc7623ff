//! `FrameLocalsProxy`: `f_locals` of a function's frame (PEP 667).
//!
//! Reads and writes go to the frame's variables; names that the code does not have are kept in a
//! dict of the frame.

use super::FrameObject;
use crate::object::slots::CompareOp;
use crate::object::{Gc, NativeHeader, Result, Value};
use crate::types::cell::CellObject;
use crate::types::dict::Dict;
use crate::types::str_::Str;
use crate::{NativeObject, Thread, pytype};

/// The proxy.
#[repr(C)]
#[derive(NativeObject)]
pub struct FrameLocals {
    head: NativeHeader,
    frame: Gc<FrameObject>,
}

/// A proxy for a function's frame.
pub fn new(th: &mut Thread, frame: Gc<FrameObject>) -> Value {
    th.new_native(&TYPE, |head| FrameLocals { head, frame })
        .value()
}

/// Where a variable lives.
enum Place {
    Register(usize),
    Cell(usize),
}

fn place(frame: &FrameObject, name: &str) -> Option<Place> {
    let data = &frame.code.data;
    if let Some((_, r)) = data
        .cellvars
        .iter()
        .chain(&data.freevars)
        .find(|(n, _)| n == name)
    {
        return Some(Place::Cell(*r as usize));
    }
    let i = data.varnames.iter().position(|n| n == name)?;
    (!name.starts_with('.')).then_some(Place::Register(i))
}

fn frame_of(th: &mut Thread, this: Value) -> Result<Gc<FrameObject>> {
    match this.downcast::<FrameLocals>() {
        Some(p) => Ok(p.frame),
        None => Err(th.type_error("a FrameLocalsProxy is expected")),
    }
}

fn extra(frame: Gc<FrameObject>) -> Option<Gc<Dict>> {
    frame.extra.get().and_then(|d| d.downcast::<Dict>())
}

fn get(th: &mut Thread, frame: Gc<FrameObject>, key: Value) -> Result<Option<Value>> {
    if let Some(name) = key.downcast::<Str>()
        && let Some(p) = place(&frame, &name.to_string_lossy())
    {
        let v = match p {
            Place::Register(i) => frame.register(i),
            Place::Cell(i) => frame
                .register(i)
                .and_then(|v| match v.downcast::<CellObject>() {
                    Some(c) => c.contents.get(),
                    None => Some(v),
                }),
        };
        if v.is_some() {
            return Ok(v);
        }
    }
    match extra(frame) {
        Some(d) => d.get(th, key),
        None => {
            th.hash(key)?;
            Ok(None)
        }
    }
}

fn set(th: &mut Thread, frame: Gc<FrameObject>, key: Value, v: Value) -> Result<()> {
    if let Some(name) = key.downcast::<Str>()
        && let Some(p) = place(&frame, &name.to_string_lossy())
    {
        // (An activation of compiled code has its variables elsewhere.)
        th.vm().assumptions.variable_set();
        match p {
            Place::Register(i) => frame.set_register(i, v),
            Place::Cell(i) => match frame.register(i).and_then(|c| c.downcast::<CellObject>()) {
                Some(c) => c.contents.set(c.header(), v),
                None => frame.set_register(i, v),
            },
        }
        return Ok(());
    }
    let d = match extra(frame) {
        Some(d) => d,
        None => {
            let d = th.new_dict();
            frame.extra.set(frame.header(), d.value());
            d
        }
    };
    d.set(th, key, v)
}

fn snapshot(th: &mut Thread, this: Value) -> Result<Gc<Dict>> {
    let frame = frame_of(th, this)?;
    match frame.locals(th).downcast::<Dict>() {
        Some(d) => Ok(d),
        None => Ok(th.new_dict()),
    }
}

fn update(th: &mut Thread, this: Value, other: Value) -> Result<()> {
    let frame = frame_of(th, this)?;
    let keys = th.call_method_str(other, "keys", &[])?;
    let keys = th.collect(keys)?;
    for k in keys.as_slice() {
        let v = th.get_item(other, *k)?;
        set(th, frame, *k, v)?;
    }
    Ok(())
}

const NO_REMOVAL: &str = "cannot remove local variables from FrameLocalsProxy";

#[pytype(name = "FrameLocalsProxy", flags = MAPPING)]
impl FrameLocals {
    #[pynew(sig = "(frame, /)")]
    fn new(th: &mut Thread, _class: Value, frame: Value) -> Result {
        match frame.downcast::<FrameObject>() {
            Some(f) => Ok(new(th, f)),
            None => {
                let got = th.type_name(frame);
                Err(th.type_error(format!("expect frame, not {got}")))
            }
        }
    }

    #[pyslot]
    fn len(th: &mut Thread, this: Value) -> Result<usize> {
        Ok(snapshot(th, this)?.len())
    }

    #[pyslot]
    fn getitem(th: &mut Thread, this: Value, key: Value) -> Result {
        let frame = frame_of(th, this)?;
        match get(th, frame, key)? {
            Some(v) => Ok(v),
            None => {
                let name = th.repr_lossy(key);
                let text = format!("local variable '{name}' is not defined");
                let message = th.new_str(&text).value();
                Err(th.key_error(message))
            }
        }
    }

    #[pyslot]
    fn setitem(th: &mut Thread, this: Value, key: Value, v: Option<Value>) -> Result<()> {
        let frame = frame_of(th, this)?;
        match v {
            Some(v) => set(th, frame, key, v),
            None => {
                if key
                    .downcast::<Str>()
                    .is_some_and(|n| place(&frame, &n.to_string_lossy()).is_some())
                {
                    return Err(th.value_error(NO_REMOVAL));
                }
                if let Some(d) = extra(frame)
                    && d.remove(th, key)?.is_some()
                {
                    return Ok(());
                }
                Err(th.key_error(key))
            }
        }
    }

    #[pyslot]
    fn contains(th: &mut Thread, this: Value, key: Value) -> Result<bool> {
        let frame = frame_of(th, this)?;
        Ok(get(th, frame, key)?.is_some())
    }

    #[pyslot]
    fn iter(th: &mut Thread, this: Value) -> Result {
        let d = snapshot(th, this)?;
        th.iter(d.value())
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        crate::types::sequence::guarded_repr(th, this, "{...}", |th| {
            let d = snapshot(th, this)?;
            Ok(th.repr(d.value())?.value())
        })
    }

    #[pyslot]
    fn richcompare(th: &mut Thread, this: Value, other: Value, op: CompareOp) -> Result {
        let d = snapshot(th, this)?.value();
        let other = match other.downcast::<FrameLocals>() {
            Some(_) => snapshot(th, other)?.value(),
            None if other.downcast::<Dict>().is_some() => other,
            None => return Ok(th.not_implemented()),
        };
        th.compare(d, other, op)
    }

    #[pyslot]
    fn or(th: &mut Thread, this: Value, other: Value) -> Result {
        let usable =
            |v: Value| v.downcast::<FrameLocals>().is_some() || v.downcast::<Dict>().is_some();
        if !usable(this) || !usable(other) {
            return Ok(th.not_implemented());
        }
        let out = th.new_dict();
        for v in [this, other] {
            let d = match v.downcast::<Dict>() {
                Some(d) => d,
                None => snapshot(th, v)?,
            };
            out.update_from(th, d)?;
        }
        Ok(out.value())
    }

    #[pyslot]
    fn inplace_or(th: &mut Thread, this: Value, other: Value) -> Result {
        let usable =
            other.downcast::<FrameLocals>().is_some() || other.downcast::<Dict>().is_some();
        if !usable {
            return Ok(th.not_implemented());
        }
        update(th, this, other)?;
        Ok(this)
    }

    #[pymethod]
    fn keys(th: &mut Thread, this: Gc<FrameLocals>) -> Result {
        let d = snapshot(th, this.value())?.value();
        let keys = th.call_method_str(d, "keys", &[])?;
        let keys = th.collect(keys)?;
        Ok(th.list_from_vec(keys).value())
    }

    #[pymethod]
    fn values(th: &mut Thread, this: Gc<FrameLocals>) -> Result {
        let d = snapshot(th, this.value())?.value();
        let values = th.call_method_str(d, "values", &[])?;
        let values = th.collect(values)?;
        Ok(th.list_from_vec(values).value())
    }

    #[pymethod]
    fn items(th: &mut Thread, this: Gc<FrameLocals>) -> Result {
        let d = snapshot(th, this.value())?.value();
        let items = th.call_method_str(d, "items", &[])?;
        let items = th.collect(items)?;
        Ok(th.list_from_vec(items).value())
    }

    #[pymethod]
    fn copy(th: &mut Thread, this: Gc<FrameLocals>) -> Result {
        Ok(snapshot(th, this.value())?.value())
    }

    #[pymethod]
    fn __reversed__(th: &mut Thread, this: Gc<FrameLocals>) -> Result {
        let d = snapshot(th, this.value())?.value();
        let keys = th.call_method_str(d, "__reversed__", &[])?;
        let keys = th.collect(keys)?;
        Ok(th.list_from_vec(keys).value())
    }

    #[pymethod(sig = "(key, default=None, /)")]
    fn get(th: &mut Thread, this: Gc<FrameLocals>, key: Value, default: Option<Value>) -> Result {
        Ok(get(th, this.frame, key)?.unwrap_or(th.or_none(default)))
    }

    #[pymethod(sig = "(key, default=None, /)")]
    fn setdefault(
        th: &mut Thread,
        this: Gc<FrameLocals>,
        key: Value,
        default: Option<Value>,
    ) -> Result {
        if let Some(v) = get(th, this.frame, key)? {
            return Ok(v);
        }
        let v = th.or_none(default);
        set(th, this.frame, key, v)?;
        Ok(v)
    }

    #[pymethod]
    fn update(th: &mut Thread, this: Gc<FrameLocals>, other: Value) -> Result<()> {
        update(th, this.value(), other)
    }

    #[pymethod(sig = "(key, default=None, /)")]
    fn pop(th: &mut Thread, this: Gc<FrameLocals>, key: Value, default: Option<Value>) -> Result {
        if key
            .downcast::<Str>()
            .is_some_and(|n| place(&this.frame, &n.to_string_lossy()).is_some())
        {
            return Err(th.value_error(NO_REMOVAL));
        }
        if let Some(d) = extra(this.frame)
            && let Some(v) = d.remove(th, key)?
        {
            return Ok(v);
        }
        match default {
            Some(v) => Ok(v),
            None => Err(th.key_error(key)),
        }
    }
}
