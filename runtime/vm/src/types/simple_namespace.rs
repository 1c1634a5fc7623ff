//! `types.SimpleNamespace`: an object that is its attributes.

use crate::Thread;
use crate::call::Args;
use crate::object::slots::CompareOp;
use crate::object::{Gc, NativeHeader, Result, Value};
use crate::types::list::List;
use crate::types::str_::Str;
use crate::types::type_::Type;
use crate::{NativeObject, pytype};

/// A namespace.
#[repr(C)]
#[derive(NativeObject)]
pub struct SimpleNamespace {
    head: NativeHeader,
}

/// A namespace with these attributes.
pub fn from_pairs(th: &mut Thread, pairs: &[(&str, Value)]) -> Value {
    let class = th.type_for(&TYPE);
    let v = th
        .alloc_native(class, |head| SimpleNamespace { head })
        .value();
    for (k, x) in pairs {
        let k = th.intern(k);
        th.set_instance_attribute(v, k, *x);
    }
    v
}

/// The namespaces whose `repr` is on its way, so that one that holds itself ends.
const ACTIVE: &str = "types.SimpleNamespace.active";

fn enter(th: &mut Thread, v: Value) -> bool {
    let active = th.vm().registry.borrow().get(ACTIVE).copied();
    let list = match active.and_then(|l| l.downcast::<List>()) {
        Some(l) => l,
        None => {
            let l = th.new_list();
            th.vm().registry.borrow_mut().insert(ACTIVE, l.value());
            l
        }
    };
    if list.items.as_slice().iter().any(|x| x.is(v)) {
        return false;
    }
    th.list_append(list, v).is_ok()
}

fn leave(th: &mut Thread, v: Value) {
    let active = th.vm().registry.borrow().get(ACTIVE).copied();
    if let Some(l) = active.and_then(|l| l.downcast::<List>())
        && let Some(i) = l.items.as_slice().iter().rposition(|x| x.is(v))
    {
        l.items.remove_range(i, i + 1);
    }
}

/// A simple attribute-based namespace.
#[pytype(name = "SimpleNamespace", module = "types", flags = BASETYPE | HAS_DICT, more_getsets = &crate::types::descriptor::INSTANCE_DICT)]
impl SimpleNamespace {
    #[pynew(raw, sig = "(mapping_or_iterable=(), /, **kwargs)")]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        let class: Gc<Type> = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
        Ok(th
            .alloc_native(class, |head| SimpleNamespace { head })
            .value())
    }

    #[pyslot]
    fn init(th: &mut Thread, this: Value, args: Args<'_>) -> Result<()> {
        let Some(dict) = th.instance_dict(this) else {
            return Ok(());
        };
        match args.positionals() {
            [] => {}
            [source] => {
                let d = th.builtin("dict")?;
                let d = th.call(d, &[*source])?;
                if let Some(d) = d.downcast::<crate::types::dict::Dict>() {
                    let items = th.dict_items_vec(d)?;
                    for pair in items.as_slice().chunks_exact(2) {
                        if pair[0].downcast::<Str>().is_none() {
                            return Err(th.type_error("keywords must be strings"));
                        }
                        dict.set(th, pair[0], pair[1])?;
                    }
                }
            }
            many => {
                let (class, n) = (th.type_name(this), many.len());
                return Err(th.type_error(format!("{class} expected at most 1 argument, got {n}")));
            }
        }
        for (k, v) in args.keywords() {
            dict.set(th, k, v)?;
        }
        Ok(())
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let class = th.class_of(this);
        let name = if th.type_for(&TYPE).is(class) {
            "namespace".to_string()
        } else {
            class.name_text()
        };
        if !enter(th, this) {
            return Ok(th.new_str(&format!("{name}(...)")).value());
        }
        let mut text = format!("{name}(");
        let mut result = Ok(());
        if let Some(dict) = th.instance_dict(this) {
            let items = th.dict_items_vec(dict);
            result = items.and_then(|items| {
                let mut first = true;
                for pair in items.as_slice().chunks_exact(2) {
                    let Some(k) = crate::types::str_::text(pair[0]) else {
                        continue;
                    };
                    if k.is_empty() {
                        continue;
                    }
                    if !first {
                        text.push_str(", ");
                    }
                    first = false;
                    text.push_str(&format!("{k}={}", th.repr(pair[1])?.to_string_lossy()));
                }
                Ok(())
            });
        }
        leave(th, this);
        result?;
        text.push(')');
        Ok(th.new_str(&text).value())
    }

    #[pyslot]
    fn richcompare(th: &mut Thread, this: Value, other: Value, op: CompareOp) -> Result {
        if this.downcast::<SimpleNamespace>().is_none()
            || other.downcast::<SimpleNamespace>().is_none()
        {
            return Ok(th.not_implemented());
        }
        match (th.instance_dict(this), th.instance_dict(other)) {
            (Some(a), Some(b)) => th.compare(a.value(), b.value(), op),
            _ => Ok(th.not_implemented()),
        }
    }

    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<SimpleNamespace>) -> Result {
        let class = th.class_of(this.value()).value();
        let none = th.none();
        let dict = th.instance_dict(this.value()).map_or(none, Gc::value);
        let empty = th.empty_tuple().value();
        Ok(th.new_tuple(&[class, empty, dict]).value())
    }

    /// Return a copy of the namespace object with new values for the specified attributes.
    #[pymethod(raw)]
    fn __replace__(th: &mut Thread, args: Args<'_>) -> Result {
        let Some(this) = args.values.first().copied() else {
            return Err(th.type_error("__replace__() needs an argument"));
        };
        if args.positionals().len() > 1 {
            return Err(th.type_error("__replace__() takes no positional arguments"));
        }
        let class = th.class_of(this).value();
        let new = th.call(class, &[])?;
        if let (Some(from), Some(to)) = (th.instance_dict(this), th.instance_dict(new)) {
            to.update_from(th, from)?;
            for (k, v) in args.keywords() {
                to.set(th, k, v)?;
            }
        }
        Ok(new)
    }
}
