//! `__build_class__`: the class statement.

use crate::Thread;
use crate::call::Args;
use crate::object::{Gc, Result, Value};
use crate::types::T;
use crate::types::function::Function;
use crate::types::tuple::Tuple;
use crate::types::type_::{Type, create};

/// Replaces bases by what their `__mro_entries__` give.
fn resolve_bases(th: &mut Thread, bases: &[Value]) -> Result<Option<Gc<Tuple>>> {
    let name = th.names().__mro_entries__;
    let mut changed = false;
    let out = crate::ValueVec::new();
    let all = th.new_tuple(bases);
    for b in bases {
        if b.downcast::<Type>().is_some() {
            th.push(&out, *b)?;
            continue;
        }
        match th.get_attr_option(*b, name)? {
            Some(f) => {
                let r = th.call(f, &[all.value()])?;
                let Some(t) = r.downcast::<Tuple>() else {
                    return Err(th.type_error("__mro_entries__ must return a tuple"));
                };
                th.push_all(&out, t.as_slice())?;
                changed = true;
            }
            None => th.push(&out, *b)?,
        }
    }
    Ok(if changed {
        Some(th.new_tuple(out.as_slice()))
    } else {
        None
    })
}

/// `__build_class__(func, name, /, *bases, [metaclass], **kwds)`
pub fn build_class(th: &mut Thread, args: Args<'_>) -> Result {
    let [f, name, bases @ ..] = args.positionals() else {
        return Err(th.type_error("__build_class__: not enough arguments"));
    };
    let Some(f) = f.downcast::<Function>() else {
        return Err(th.type_error("__build_class__: func must be a function"));
    };
    let name = *name;
    let original = th.new_tuple(bases);
    let resolved = resolve_bases(th, bases)?;
    let bases = resolved.unwrap_or(original);

    let n = th.names();
    let mut meta = None;
    let (values, names) = (crate::ValueVec::new(), crate::ValueVec::new());
    for (k, v) in args.keywords() {
        if k.is(n.metaclass.value())
            || k.downcast::<crate::types::str_::Str>()
                .is_some_and(|k| k.equals_str("metaclass"))
        {
            meta = Some(v);
        } else {
            th.push(&values, v)?;
            th.push(&names, k)?;
        }
    }
    let kwnames = if names.is_empty() {
        None
    } else {
        Some(th.new_tuple(names.as_slice()))
    };
    let meta = match meta {
        Some(m) => m,
        None => match bases.get(0) {
            Some(b) => th.class_of(b).value(),
            None => th.vm().ty(T::Type).value(),
        },
    };
    let meta = match meta.downcast::<Type>() {
        Some(m) => create::winner(th, m, bases.as_slice())?.value(),
        None => meta,
    };
    let ns = match th.get_attr_option(meta, n.__prepare__)? {
        Some(p) => {
            let all = th.value_vec(&[name, bases.value()])?;
            th.push_all(&all, values.as_slice())?;
            th.call_args(
                p,
                Args {
                    values: all.as_slice(),
                    kwnames,
                },
            )?
        }
        None => th.new_dict().value(),
    };
    if th.class_of(ns).slots().getitem.is_none() {
        let got = th.type_name(ns);
        let m = meta
            .downcast::<Type>()
            .map_or("<metaclass>".into(), |m| m.name_text());
        return Err(th.type_error(format!(
            "{m}.__prepare__() must return a mapping, not {got}"
        )));
    }
    let cell = th.run_closure(f.code(), f.globals(), ns, f.closure.get())?;
    if resolved.is_some() {
        crate::interp::ops::name::store_name(th, ns, n.__orig_bases__, original.value())?;
    }
    let all = th.value_vec(&[name, bases.value(), ns])?;
    th.push_all(&all, values.as_slice())?;
    let class = th.call_args(
        meta,
        Args {
            values: all.as_slice(),
            kwnames,
        },
    )?;
    if let (Some(c), Some(t)) = (
        cell.downcast::<crate::types::cell::CellObject>(),
        class.downcast::<Type>(),
    ) {
        match c.contents.get() {
            None => {
                let (n, c) = (th.repr_lossy(name), th.repr_lossy(t.value()));
                return Err(th.runtime_error(format!("__class__ not set defining {n} as {c}. Was __classcell__ propagated to type.__new__?")));
            }
            Some(v) if !v.is(class) => {
                let (n, v) = (th.repr_lossy(name), th.repr_lossy(v));
                let c = th.repr_lossy(class);
                return Err(th.type_error(format!("__class__ set to {v} defining {n} as {c}")));
            }
            _ => {}
        }
    }
    Ok(class)
}
