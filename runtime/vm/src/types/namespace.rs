//! `types.SimpleNamespace`

use crate::call::Args;
use crate::object::slots::CompareOp;
use crate::object::{NativeHeader, Result, Value};
use crate::types::descriptor::INSTANCE_DICT;
use crate::types::dict::Dict;
use crate::types::str_::Str;
use crate::{NativeObject, Thread, pytype};

/// An object with nothing but attributes.
#[repr(C)]
#[derive(NativeObject)]
pub struct SimpleNamespace {
    head: NativeHeader,
}

impl Thread {
    /// `types.SimpleNamespace()`
    pub fn new_namespace(&mut self) -> Value {
        self.new_native(&TYPE, |head| SimpleNamespace { head })
            .value()
    }
}

fn attributes(th: &mut Thread, v: Value) -> crate::Gc<Dict> {
    match th.instance_dict(v) {
        Some(d) => d,
        None => th.new_dict(),
    }
}

/// A simple attribute-based namespace.
#[pytype(name = "SimpleNamespace", module = "types", flags = BASETYPE | HAS_DICT | HAS_WEAKREF, more_getsets = &INSTANCE_DICT)]
impl SimpleNamespace {
    #[pynew(raw, sig = "(mapping_or_iterable=(), /, **kwargs)")]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        let class = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
        Ok(th
            .alloc_native(class, |head| SimpleNamespace { head })
            .value())
    }

    #[pyslot]
    fn init(th: &mut Thread, this: Value, args: Args<'_>) -> Result<()> {
        let given = match args.positionals() {
            [] => None,
            [one] => Some(*one),
            more => {
                let (class, n) = (th.class_of(this).name_text(), more.len());
                return Err(th.type_error(format!("{class} expected at most 1 argument, got {n}")));
            }
        };
        let dict = attributes(th, this);
        if let Some(v) = given {
            let new = match v.downcast::<Dict>() {
                Some(d) if th.is_exact(v, crate::types::T::Dict) => d,
                _ => {
                    let class = th.vm().ty(crate::types::T::Dict).value();
                    let made = th.call(class, &[v])?;
                    th.expect::<Dict>(made)?
                }
            };
            let items = th.dict_items_vec(new)?;
            for pair in items.as_slice().chunks_exact(2) {
                if pair[0].downcast::<Str>().is_none() {
                    let got = th.type_name(pair[0]);
                    return Err(th.type_error(format!("keywords must be strings, not '{got}'")));
                }
            }
            dict.update_from(th, new)?;
        }
        for (k, v) in args.keywords() {
            dict.set(th, k, v)?;
        }
        Ok(())
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let class = th.class_of(this);
        let name = if th.is_exact_native(this, &TYPE) {
            "namespace".to_string()
        } else {
            class.name_text()
        };
        th.check_native_stack(" while getting the repr of an object")?;
        let parts = body(th, this)?;
        Ok(th.new_str(&format!("{name}({})", parts.join(", "))).value())
    }

    #[pyslot]
    fn richcompare(th: &mut Thread, a: Value, b: Value, op: CompareOp) -> Result {
        if a.downcast::<SimpleNamespace>().is_none() || b.downcast::<SimpleNamespace>().is_none() {
            return Ok(th.not_implemented());
        }
        let (x, y) = (attributes(th, a).value(), attributes(th, b).value());
        th.compare(x, y, op)
    }

    /// Return state information for pickling
    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Value) -> Result {
        let class = th.class_of(this).value();
        let (args, dict) = (th.empty_tuple().value(), attributes(th, this).value());
        Ok(th.new_tuple(&[class, args, dict]).value())
    }

    /// Return a copy of the namespace object with new values for the specified attributes.
    #[pymethod(sig = "(**changes)")]
    fn __replace__(th: &mut Thread, this: Value, changes: crate::call::KwArgs) -> Result {
        let class = th.class_of(this).value();
        let new = th.call(class, &[])?;
        let (from, to) = (attributes(th, this), attributes(th, new));
        to.update_from(th, from)?;
        to.update_from(th, changes.0)?;
        Ok(new)
    }
}

fn body(th: &mut Thread, this: Value) -> Result<Vec<String>> {
    let dict = attributes(th, this);
    let items = th.dict_items_vec(dict)?;
    let mut parts = Vec::new();
    for pair in items.as_slice().chunks_exact(2) {
        let Some(k) = pair[0].downcast::<Str>() else {
            continue;
        };
        let key = k.to_string_lossy();
        let r = th.repr(pair[1])?.to_string_lossy();
        parts.push(format!("{key}={r}"));
    }
    Ok(parts)
}
