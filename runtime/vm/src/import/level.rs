//! What `__import__` does: the absolute name, `sys.modules`, and what an import statement binds.
//!
//! A module that is already there is found without running Python code; everything else is
//! importlib's ([`super::importlib`]) or, before that is up, [`super::native`]'s.

use crate::Thread;
use crate::object::{Gc, Result, Value};
use crate::types::ExceptionClass;
use crate::types::dict::Dict;
use crate::types::str_::Str;
use crate::types::tuple::Tuple;

/// `__import__(name, globals, locals, fromlist, level)`.
pub fn import_module_level(
    th: &mut Thread,
    name: Gc<Str>,
    globals: Option<Value>,
    fromlist: Option<Value>,
    level: i64,
) -> Result {
    if level < 0 {
        return Err(th.value_error("level must be >= 0"));
    }
    let absolute = if level > 0 {
        let full = resolve_name(th, name, globals, level)?;
        th.intern(&full)
    } else {
        if name.is_empty() {
            return Err(th.value_error("Empty module name"));
        }
        th.intern_str(name)
    };
    let module = import_absolute(th, absolute)?;
    let fromlist = match th.not_none(fromlist) {
        Some(f) if th.truth(f)? => Some(f),
        _ => None,
    };
    if let Some(fromlist) = fromlist {
        return handle_fromlist(th, module, fromlist);
    }
    if level > 0 && name.is_empty() {
        return Ok(module);
    }
    let text = name.to_string_lossy();
    let Some(dot) = text.find('.') else {
        return Ok(module);
    };
    let front = &text[..dot];
    if level == 0 {
        let front = th.intern(front);
        return import_absolute(th, front);
    }
    let absolute = absolute.to_string_lossy();
    let cut = text.len() - dot;
    let wanted = absolute.get(..absolute.len() - cut).unwrap_or_default();
    let modules = th.vm().modules_dict();
    match th.dict_get_text(modules, wanted) {
        Some(m) => Ok(m),
        None => {
            let message = th.new_str(&format!("'{wanted}' not in sys.modules as expected"));
            Err(th.key_error(message.value()))
        }
    }
}

/// A module by its absolute name: from `sys.modules`, or found and loaded.
pub fn import_absolute(th: &mut Thread, name: Gc<Str>) -> Result {
    let modules = th.vm().modules_dict();
    if let Some(m) = modules.get_str(name)
        && !th.is_none(m)
    {
        if super::is_initializing(th, m)? {
            super::importlib::wait_for(th, name)?;
        }
        return Ok(m);
    }
    super::importlib::find_and_load(th, name)
}

/// The absolute name for a relative one.
fn resolve_name(
    th: &mut Thread,
    name: Gc<Str>,
    globals: Option<Value>,
    level: i64,
) -> Result<String> {
    let Some(globals) = th.not_none(globals) else {
        let text = th.new_str("'__name__' not in globals").value();
        return Err(th.key_error(text));
    };
    let Some(globals) = globals.downcast::<Dict>() else {
        return Err(th.type_error("globals must be a dict"));
    };
    let package = package_of(th, globals)?;
    if package.is_empty() {
        return Err(th.raise(
            ExceptionClass::ImportError,
            "attempted relative import with no known parent package",
        ));
    }
    let mut base = package.as_str();
    for _ in 1..level {
        match base.rfind('.') {
            Some(i) => base = &base[..i],
            None => {
                return Err(th.raise(
                    ExceptionClass::ImportError,
                    "attempted relative import beyond top-level package",
                ));
            }
        }
    }
    Ok(match name.is_empty() {
        true => base.to_owned(),
        false => format!("{base}.{}", name.to_string_lossy()),
    })
}

/// The package that relative imports in a namespace start from.
fn package_of(th: &mut Thread, globals: Gc<Dict>) -> Result<String> {
    let get = |th: &mut Thread, key: &str| {
        let v = th.dict_get_text(globals, key);
        th.not_none(v)
    };
    let package = get(th, "__package__");
    let spec = get(th, "__spec__");
    let parent = match spec {
        Some(s) => th.get_attr_str_option(s, "parent")?,
        None => None,
    };
    if let Some(p) = package {
        let Some(text) = p.downcast::<Str>() else {
            return Err(th.type_error("package must be a string"));
        };
        if let Some(parent) = parent
            && !th.equal(p, parent)?
        {
            crate::exceptions::warn(
                th,
                ExceptionClass::DeprecationWarning,
                "__package__ != __spec__.parent",
                1,
            )?;
        }
        return Ok(text.to_string_lossy());
    }
    if let Some(parent) = parent {
        return match parent.downcast::<Str>() {
            Some(p) => Ok(p.to_string_lossy()),
            None => Err(th.type_error("__spec__.parent must be a string")),
        };
    }
    crate::exceptions::warn(
        th,
        ExceptionClass::ImportWarning,
        "can't resolve package from __spec__ or __package__, falling back on __name__ and __path__",
        1,
    )?;
    let Some(name) = get(th, "__name__") else {
        let text = th.new_str("'__name__' not in globals").value();
        return Err(th.key_error(text));
    };
    let Some(name) = name.downcast::<Str>() else {
        return Err(th.type_error("__name__ must be a string"));
    };
    let name = name.to_string_lossy();
    if th.dict_get_text(globals, "__path__").is_some() {
        return Ok(name);
    }
    Ok(name.rfind('.').map_or("", |i| &name[..i]).to_owned())
}

/// Imports the submodules that `from package import names` wants.
fn handle_fromlist(th: &mut Thread, module: Value, fromlist: Value) -> Result {
    if th.get_attr_str_option(module, "__path__")?.is_none() {
        return Ok(module);
    }
    // Without a star, and with every name present already, there is nothing to do.
    if let Some(names) = fromlist.downcast::<Tuple>() {
        let mut all = true;
        for n in names.as_slice() {
            let Some(s) = n.downcast::<Str>() else {
                all = false;
                break;
            };
            if s.equals_str("*") || th.get_attr_option(module, s)?.is_none() {
                all = false;
                break;
            }
        }
        if all {
            return Ok(module);
        }
    }
    super::importlib::handle_fromlist(th, module, fromlist)
}
