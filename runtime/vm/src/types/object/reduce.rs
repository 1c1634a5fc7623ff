//! What copying and pickling ask of every object: `__reduce__`, `__reduce_ex__`, `__getstate__`.
//!
//! Protocols 0 and 1 are copyreg's; from 2 on, `copyreg.__newobj__` or `__newobj_ex__` with the
//! new-arguments, the state and iterators over items of lists and dicts.

use crate::object::{Gc, Kind, Result, Value};
use crate::types::dict::Dict;
use crate::types::list::List;
use crate::types::str_::Str;
use crate::types::tuple::Tuple;
use crate::types::type_::Type;
use crate::{Thread, pymethods};

/// A function of copyreg, which is only imported if it has not been (CPython `import_copyreg`).
fn copyreg(th: &mut Thread, name: Gc<Str>) -> Result {
    let module = th.names().copyreg;
    let known = th.vm().modules_dict().get_str(module);
    let module = match known.filter(|m| !th.is_none(*m)) {
        Some(m) => m,
        None => {
            let list = th.new_tuple(&[name.value()]).value();
            crate::import::import_name(th, module, list, 0)?
        }
    };
    th.get_attr(module, name)
}

fn cannot_pickle(th: &mut Thread, v: Value) -> crate::Raised {
    let class = th.class_of(v);
    let n = th.qualified_name(class);
    th.type_error(format!("cannot pickle '{n}' object"))
}

/// Positional and keyword arguments for `__new__`, if the object has some to give.
fn new_arguments(th: &mut Thread, v: Value) -> Result<(Option<Gc<Tuple>>, Option<Gc<Dict>>)> {
    let n = th.names();
    if let Some(f) = th.get_attr_option(v, n.__getnewargs_ex__)? {
        let r = th.call(f, &[])?;
        let Some(pair) = r.downcast::<Tuple>() else {
            let got = th.type_name(r);
            return Err(th.type_error(format!(
                "__getnewargs_ex__ should return a tuple, not '{got}'"
            )));
        };
        let [args, kwargs] = pair.as_slice() else {
            let n = pair.len();
            return Err(th.value_error(format!(
                "__getnewargs_ex__ should return a tuple of length 2, not {n}"
            )));
        };
        let Some(a) = args.downcast::<Tuple>() else {
            let got = th.type_name(*args);
            return Err(th.type_error(format!(
                "first item of the tuple returned by __getnewargs_ex__ must be a tuple, not '{got}'"
            )));
        };
        let Some(k) = kwargs.downcast::<Dict>() else {
            let got = th.type_name(*kwargs);
            return Err(th.type_error(format!(
                "second item of the tuple returned by __getnewargs_ex__ must be a dict, not '{got}'"
            )));
        };
        return Ok((Some(a), Some(k)));
    }
    if let Some(f) = th.get_attr_option(v, n.__getnewargs__)? {
        let r = th.call(f, &[])?;
        return match r.downcast::<Tuple>() {
            Some(t) => Ok((Some(t), None)),
            None => {
                let got = th.type_name(r);
                Err(th.type_error(format!("__getnewargs__ should return a tuple, not '{got}'")))
            }
        };
    }
    Ok((None, None))
}

/// The names of `__slots__` members of the class and its bases, from copyreg.
fn slot_names(th: &mut Thread, class: Gc<Type>) -> Result<Option<Gc<List>>> {
    let key = th.names().__slotnames__;
    if let Some(l) = class.namespace().get_str(key) {
        return Ok(l.downcast::<List>());
    }
    if class.fixed == 0 {
        return Ok(None);
    }
    let f = copyreg(th, th.names()._slotnames)?;
    let r = th.call(f, &[class.value()])?;
    if !th.is_none(r) && r.downcast::<List>().is_none() {
        return Err(th.type_error("copyreg._slotnames didn't return a list or None"));
    }
    Ok(r.downcast::<List>())
}

/// `object.__getstate__`; with `required`, objects with native state are refused.
fn default_state(th: &mut Thread, v: Value, required: bool) -> Result {
    let class = th.class_of(v);
    if required && class.payload.kind != Kind::Instance {
        return Err(cannot_pickle(th, v));
    }
    let dict = th.new_dict();
    if class.has_instance_dict() {
        th.for_each_attribute(v, &mut |th, k, v| {
            if let Some(name) = k.downcast::<Str>() {
                let name = th.intern_str(name);
                th.dict_set_str(dict, name, v);
            } else {
                // Names that are no strings come only from `__dict__`; their hash is known to work.
                let _ = dict.set(th, k, v);
            }
        });
    }
    let state = if dict.is_empty() {
        th.none()
    } else {
        dict.value()
    };
    let Some(names) = slot_names(th, class)? else {
        return Ok(state);
    };
    let slots = th.new_dict();
    let names = th.to_tuple(names.value())?;
    for n in names.as_slice() {
        if let Some(n) = n.downcast::<Str>() {
            let n = th.intern_str(n);
            if let Some(x) = th.get_attr_option(v, n)? {
                th.dict_set_str(slots, n, x);
            }
        }
    }
    if slots.is_empty() {
        return Ok(state);
    }
    Ok(th.new_tuple(&[state, slots.value()]).value())
}

fn state(th: &mut Thread, v: Value, required: bool) -> Result {
    let name = th.names().__getstate__;
    let object = th.vm().ty(crate::types::T::Object);
    let plain = match (th.lookup_on_class(v, name), object.lookup(th, name)) {
        (Some(a), Some(b)) => a.is(b) && th.instance_attribute(v, name).is_none(),
        _ => false,
    };
    if plain {
        return default_state(th, v, required);
    }
    th.call_method(v, name, &[])
}

fn newobj(th: &mut Thread, v: Value) -> Result {
    let class = th.class_of(v);
    if class.slots().new.is_none() {
        return Err(cannot_pickle(th, v));
    }
    let (args, kwargs) = new_arguments(th, v)?;
    let has_args = args.is_some();
    let kwargs = kwargs.filter(|k| !k.is_empty());
    let (f, new) = match kwargs {
        None => {
            let f = copyreg(th, th.names().__newobj__)?;
            let new = match args {
                None => th.new_tuple(&[class.value()]),
                Some(args) => {
                    let all = th.value_vec(&[class.value()])?;
                    th.push_all(&all, args.as_slice())?;
                    th.new_tuple(all.as_slice())
                }
            };
            (f, new)
        }
        Some(k) => {
            let a = args.unwrap_or(th.empty_tuple());
            let f = copyreg(th, th.names().__newobj_ex__)?;
            (f, th.new_tuple(&[class.value(), a.value(), k.value()]))
        }
    };
    let (is_list, is_dict) = (
        v.downcast::<List>().is_some(),
        v.downcast::<Dict>().is_some(),
    );
    let s = state(th, v, !has_args && !is_list && !is_dict)?;
    let items = if is_list { th.iter(v)? } else { th.none() };
    let pairs = if is_dict {
        let all = th.call_method_str(v, "items", &[])?;
        th.iter(all)?
    } else {
        th.none()
    };
    Ok(th.new_tuple(&[f, new.value(), s, items, pairs]).value())
}

fn common(th: &mut Thread, v: Value, protocol: i64) -> Result {
    if protocol >= 2 {
        return newobj(th, v);
    }
    let f = copyreg(th, th.names()._reduce_ex)?;
    let p = th.int(protocol);
    th.call(f, &[v, p])
}

fn merge(th: &mut Thread, out: Gc<Dict>, class: Value) -> Result<()> {
    th.check_native_stack("")?;
    let n = th.names();
    if let Some(d) = th.get_attr_option(class, n.__dict__)? {
        let keys = th.collect(d)?;
        for k in keys.as_slice() {
            let none = th.none();
            out.set(th, *k, none)?;
        }
    }
    if let Some(bases) = th.get_attr_option(class, n.__bases__)?
        && let Some(bases) = bases.downcast::<Tuple>()
    {
        for b in bases.as_slice() {
            merge(th, out, *b)?;
        }
    }
    Ok(())
}

fn keys(th: &mut Thread, d: Gc<Dict>) -> Result {
    let keys = th.collect(d.value())?;
    Ok(th.list_from_slice(keys.as_slice()).value())
}

/// `type.__dir__`: the names in the class and its bases.
pub fn class_names(th: &mut Thread, class: Value) -> Result {
    let out = th.new_dict();
    merge(th, out, class)?;
    keys(th, out)
}

/// The methods hang here.
pub struct Reduce;

#[pymethods(table = METHODS)]
impl Reduce {
    /// Helper for pickle.
    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Value) -> Result {
        common(th, this, 0)
    }

    /// Helper for pickle.
    #[pymethod]
    fn __reduce_ex__(th: &mut Thread, this: Value, protocol: i64) -> Result {
        let name = th.names().__reduce__;
        let object = th.vm().ty(crate::types::T::Object);
        if let Some(f) = th.get_attr_option(this, name)? {
            let overridden = match (th.lookup_on_class(this, name), object.lookup(th, name)) {
                (Some(a), Some(b)) => !a.is(b),
                _ => true,
            };
            if overridden {
                return th.call(f, &[]);
            }
        }
        common(th, this, protocol)
    }

    /// Helper for pickle.
    #[pymethod]
    fn __getstate__(th: &mut Thread, this: Value) -> Result {
        default_state(th, this, false)
    }

    /// Default dir() implementation.
    #[pymethod]
    fn __dir__(th: &mut Thread, this: Value) -> Result {
        let out = th.new_dict();
        let n = th.names();
        if let Some(d) = th.get_attr_option(this, n.__dict__)?
            && let Some(d) = d.downcast::<Dict>()
        {
            out.update_from(th, d)?;
        }
        if let Some(c) = th.get_attr_option(this, n.__class__)? {
            merge(th, out, c)?;
        }
        keys(th, out)
    }

    /// Size of object in memory, in bytes.
    #[pymethod]
    fn __sizeof__(th: &mut Thread, this: Value) -> usize {
        match this.header() {
            Some(h) => {
                let s = th.shape(h.shape());
                (s.payload_size as usize).max(8)
                    + if s.has_attributes {
                        8 * (1 + s.inline_capacity as usize)
                    } else {
                        0
                    }
            }
            None => 8,
        }
    }
}
