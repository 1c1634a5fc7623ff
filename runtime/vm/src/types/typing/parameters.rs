//! Type parameters of aliases and unions: finding them, and putting arguments in their place.

use crate::object::{Gc, Result, Value};
use crate::types::list::List;
use crate::types::tuple::Tuple;
use crate::types::type_::Type;
use crate::{Thread, ValueVec};

fn add_once(th: &mut Thread, out: &ValueVec, v: Value) -> Result<()> {
    if out.as_slice().iter().any(|x| x.is(v)) {
        return Ok(());
    }
    th.push(out, v)
}

fn as_items(th: &mut Thread, v: Value) -> Result<Option<Gc<Tuple>>> {
    if v.downcast::<Tuple>().is_some() || v.downcast::<List>().is_some() {
        return th.to_tuple(v).map(Some);
    }
    Ok(None)
}

fn collect_into(th: &mut Thread, args: Gc<Tuple>, out: &ValueVec) -> Result<()> {
    th.check_native_stack("")?;
    let n = th.names();
    for v in args.as_slice() {
        if v.downcast::<Type>().is_some() {
            continue;
        }
        if let Some(items) = as_items(th, *v)? {
            collect_into(th, items, out)?;
        } else if th.get_attr_option(*v, n.__typing_subst__)?.is_some() {
            add_once(th, out, *v)?;
        } else if let Some(p) = th.get_attr_option(*v, n.__parameters__)?
            && let Some(p) = p.downcast::<Tuple>()
        {
            for v in p.as_slice() {
                add_once(th, out, *v)?;
            }
        }
    }
    Ok(())
}

/// The type parameters that occur in `args`, each once, in order.
pub fn collect(th: &mut Thread, args: Gc<Tuple>) -> Result<Gc<Tuple>> {
    let out = ValueVec::new();
    collect_into(th, args, &out)?;
    Ok(th.new_tuple(out.as_slice()))
}

/// The subscript as arguments: a tuple's items, with unpacked tuples spliced in.
fn unpack(th: &mut Thread, item: Value) -> Result<Gc<Tuple>> {
    let given = match item.downcast::<Tuple>() {
        Some(t) => t,
        None => th.new_tuple(&[item]),
    };
    let out = ValueVec::new();
    for v in given.as_slice() {
        if v.downcast::<Type>().is_none()
            && let Some(sub) = th.get_attr_str_option(*v, "__typing_unpacked_tuple_args__")?
            && let Some(sub) = sub.downcast::<Tuple>()
            && !sub.as_slice().last().is_some_and(|l| l.is(th.ellipsis()))
        {
            th.push_all(&out, sub.as_slice())?;
            continue;
        }
        th.push(&out, *v)?;
    }
    Ok(th.new_tuple(out.as_slice()))
}

/// `args` with the parameters replaced by what `item` gives for them. TypeError when the numbers
/// do not fit, and what the parameters' substitution raises.
pub fn substitute(
    th: &mut Thread,
    owner: Value,
    args: Gc<Tuple>,
    parameters: Gc<Tuple>,
    item: Value,
) -> Result<Gc<Tuple>> {
    th.check_native_stack("")?;
    if parameters.is_empty() {
        let r = th.repr(owner)?.to_string_lossy();
        return Err(th.type_error(format!("{r} is not a generic class")));
    }
    let mut given = unpack(th, item)?;
    let prepare = th.names().__typing_prepare_subst__;
    for p in parameters.as_slice() {
        if let Some(f) = th.get_attr_option(*p, prepare)? {
            let f = th.not_none(Some(f));
            let Some(f) = f else { continue };
            let r = th.call(f, &[owner, given.value()])?;
            given = match r.downcast::<Tuple>() {
                Some(t) => t,
                None => th.new_tuple(&[r]),
            };
        }
    }
    let (n, wanted) = (given.len(), parameters.len());
    if n != wanted {
        let many = if n > wanted { "many" } else { "few" };
        let r = th.repr(owner)?.to_string_lossy();
        return Err(th.type_error(format!(
            "Too {many} arguments for {r}; actual {n}, expected {wanted}"
        )));
    }
    replace(th, args, parameters, given)
}

fn replace(
    th: &mut Thread,
    args: Gc<Tuple>,
    parameters: Gc<Tuple>,
    given: Gc<Tuple>,
) -> Result<Gc<Tuple>> {
    th.check_native_stack("")?;
    let out = ValueVec::new();
    let subst = th.names().__typing_subst__;
    for v in args.as_slice() {
        if v.downcast::<Type>().is_some() {
            th.push(&out, *v)?;
            continue;
        }
        if let Some(items) = as_items(th, *v)? {
            let new = replace(th, items, parameters, given)?;
            let new = if v.downcast::<List>().is_some() {
                th.list_from_slice(new.as_slice()).value()
            } else {
                new.value()
            };
            th.push(&out, new)?;
            continue;
        }
        let splice = match th.get_attr_str_option(*v, "__typing_is_unpacked_typevartuple__")? {
            Some(b) => th.truth(b)?,
            None => false,
        };
        let new = match th.get_attr_option(*v, subst)? {
            Some(f) => {
                let at = parameters.as_slice().iter().position(|p| p.is(*v));
                match at.and_then(|i| given.get(i)) {
                    Some(a) => th.call(f, &[a])?,
                    None => *v,
                }
            }
            None => inner(th, *v, parameters, given)?,
        };
        if !splice {
            th.push(&out, new)?;
            continue;
        }
        match new.downcast::<Tuple>() {
            Some(t) => th.push_all(&out, t.as_slice())?,
            None => {
                let (a, b) = (th.type_name(*v), th.type_name(new));
                return Err(th.type_error(format!(
                    "expected __typing_subst__ of {a} objects to return a tuple, not {b}"
                )));
            }
        }
    }
    Ok(th.new_tuple(out.as_slice()))
}

/// Substitution in an argument that is itself generic: subscribes it with what its parameters get.
fn inner(th: &mut Thread, v: Value, parameters: Gc<Tuple>, given: Gc<Tuple>) -> Result {
    let name = th.names().__parameters__;
    let sub = th.get_attr_option(v, name)?;
    let Some(sub) = sub
        .and_then(|s| s.downcast::<Tuple>())
        .filter(|s| !s.is_empty())
    else {
        return Ok(v);
    };
    let out = ValueVec::new();
    for p in sub.as_slice() {
        let at = parameters.as_slice().iter().position(|q| q.is(*p));
        let arg = at.and_then(|i| given.get(i)).unwrap_or(*p);
        match arg.downcast::<Tuple>() {
            Some(t) if at.is_some() && th.class_of(*p).slots().iter.is_some() => {
                th.push_all(&out, t.as_slice())?
            }
            _ => th.push(&out, arg)?,
        }
    }
    let item = th.new_tuple(out.as_slice()).value();
    th.get_item(v, item)
}
