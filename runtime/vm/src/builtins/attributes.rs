//! Builtin functions on attributes and namespaces.

use crate::call::Args;
use crate::object::{Gc, Result, Value, ValueVec};
use crate::types::dict::Dict;
use crate::types::list::{List, sort};
use crate::types::module::Module;
use crate::types::str_::Str;
use crate::types::type_::Type;
use crate::{Thread, pymethods};

use super::functions::Builtins;

fn attribute_name(th: &mut Thread, name: Value) -> Result<Gc<Str>> {
    match name.downcast::<Str>() {
        Some(s) => Ok(th.intern_str(s)),
        None => {
            let got = th.type_name(name);
            Err(th.type_error(format!("attribute name must be string, not '{got}'")))
        }
    }
}

/// The locals of the running frame. SystemError without one.
pub(super) fn current_locals(th: &mut Thread) -> Result {
    match crate::types::frame::of_running(th) {
        Some(f) => Ok(f.locals(th)),
        None => Err(th.system_error("frame does not exist")),
    }
}

/// Names in a class's namespace and its bases'.
fn add_class_names(th: &mut Thread, class: Gc<Type>, into: Gc<Dict>) -> Result<()> {
    if let Some(mro) = class.mro.get() {
        for c in mro.as_slice().iter().rev() {
            if let Some(c) = c.downcast::<Type>() {
                into.update_from(th, c.namespace())?;
            }
        }
    }
    Ok(())
}

/// What `object.__dir__`, `type.__dir__` and `module.__dir__` give: the names, unsorted.
pub fn default_dir(th: &mut Thread, v: Value) -> Result {
    let names = th.new_dict();
    if let Some(c) = v.downcast::<Type>() {
        add_class_names(th, c, names)?;
    } else if let Some(m) = v.downcast::<Module>() {
        names.update_from(th, m.namespace())?;
    } else {
        let key = th.names().__dict__;
        if let Some(d) = th
            .get_attr_option(v, key)?
            .and_then(|d| d.downcast::<Dict>())
        {
            names.update_from(th, d)?;
        }
        let key = th.names().__class__;
        if let Some(c) = th
            .get_attr_option(v, key)?
            .and_then(|c| c.downcast::<Type>())
        {
            add_class_names(th, c, names)?;
        }
    }
    let out = ValueVec::new();
    let mut i = 0;
    while let Some((next, k, _)) = names.entry_from(i) {
        th.push(&out, k)?;
        i = next;
    }
    Ok(th.list_from_vec(out).value())
}

fn sorted_list(th: &mut Thread, v: Value) -> Result {
    let items = th.collect(v)?;
    let l: Gc<List> = th.list_from_vec(items);
    sort::sort_list(th, l, None, false)?;
    Ok(l.value())
}

#[pymethods(table = TABLE)]
impl Builtins {
    /// getattr(object, name[, default]) -> value
    ///
    /// Get a named attribute from an object; getattr(x, 'y') is equivalent to x.y.
    /// When a default argument is given, it is returned when the attribute doesn't
    /// exist; without it, an exception is raised in that case.
    #[pyfunction(sig = "(object, name, default=<unrepresentable>, /)")]
    fn getattr(th: &mut Thread, object: Value, name: Value, default: Option<Value>) -> Result {
        let name = attribute_name(th, name)?;
        match default {
            None => th.get_attr(object, name),
            Some(d) => Ok(th.get_attr_option(object, name)?.unwrap_or(d)),
        }
    }

    /// Return whether the object has an attribute with the given name.
    ///
    /// This is done by calling getattr(obj, name) and catching AttributeError.
    #[pyfunction]
    fn hasattr(th: &mut Thread, obj: Value, name: Value) -> Result<bool> {
        let name = attribute_name(th, name)?;
        Ok(th.get_attr_option(obj, name)?.is_some())
    }

    /// Sets the named attribute on the given object to the specified value.
    ///
    /// setattr(x, 'y', v) is equivalent to ``x.y = v``
    #[pyfunction]
    fn setattr(th: &mut Thread, obj: Value, name: Value, value: Value) -> Result<()> {
        let name = attribute_name(th, name)?;
        th.set_attr(obj, name, value)
    }

    /// Deletes the named attribute from the given object.
    ///
    /// delattr(x, 'y') is equivalent to ``del x.y``
    #[pyfunction]
    fn delattr(th: &mut Thread, obj: Value, name: Value) -> Result<()> {
        let name = attribute_name(th, name)?;
        th.del_attr(obj, name)
    }

    /// Return whether the object is callable (i.e., some kind of function).
    #[pyfunction]
    fn callable(th: &mut Thread, obj: Value) -> bool {
        th.is_callable(obj)
    }

    /// Return the identity of an object.
    ///
    /// This is guaranteed to be unique among simultaneously existing objects.
    #[pyfunction]
    fn id(_: &mut Thread, obj: Value) -> u64 {
        obj.bits()
    }

    /// Return the hash value for the given object.
    ///
    /// Two objects that compare equal must also have the same hash value, but the
    /// reverse is not necessarily true.
    #[pyfunction]
    fn hash(th: &mut Thread, obj: Value) -> Result<i64> {
        th.hash(obj)
    }

    /// Return the dictionary containing the current scope's global variables.
    #[pyfunction]
    fn globals(th: &mut Thread) -> Result {
        match th.current_globals() {
            Some(g) => Ok(g.value()),
            None => Err(th.system_error("frame does not exist")),
        }
    }

    /// Return a dictionary containing the current scope's local variables.
    #[pyfunction]
    fn locals(th: &mut Thread) -> Result {
        current_locals(th)
    }

    /// vars([object]) -> dictionary
    ///
    /// Without arguments, equivalent to locals().
    /// With an argument, equivalent to object.__dict__.
    #[pyfunction(sig = "(object=<unrepresentable>, /)")]
    fn vars(th: &mut Thread, object: Option<Value>) -> Result {
        let Some(v) = object else {
            return current_locals(th);
        };
        let key = th.names().__dict__;
        match th.get_attr_option(v, key)? {
            Some(d) => Ok(d),
            None => Err(th.type_error("vars() argument must have __dict__ attribute")),
        }
    }

    /// dir([object]) -> list of strings
    ///
    /// If called without an argument, return the names in the current scope.
    /// Else, return an alphabetized list of names comprising (some of) the attributes
    /// of the given object, and of attributes reachable from it.
    #[pyfunction(raw)]
    fn dir(th: &mut Thread, args: Args<'_>) -> Result {
        if args.keyword_count() > 0 {
            return Err(th.type_error("dir() takes no keyword arguments"));
        }
        match args.values {
            [] => {
                let l = current_locals(th)?;
                let keys = th.call_method_str(l, "keys", &[])?;
                sorted_list(th, keys)
            }
            [v] => {
                let name = th.names().__dir__;
                let r = match th.call_special(*v, name, &[])? {
                    Some(r) => r,
                    None => default_dir(th, *v)?,
                };
                sorted_list(th, r)
            }
            more => {
                let n = more.len();
                Err(th.type_error(format!("dir expected at most 1 argument, got {n}")))
            }
        }
    }
}
