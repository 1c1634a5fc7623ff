//! What the errors of imports say: circular imports, and files that hide modules of the library.

use crate::Thread;
use crate::object::{Gc, Raised, Result, Value};
use crate::types::ExceptionClass;
use crate::types::dict::Dict;
use crate::types::module::Module;
use crate::types::str_::Str;

/// A module attribute as text, when it is a string.
fn text_of(th: &mut Thread, v: Option<Value>) -> Option<String> {
    let v = th.not_none(v)?;
    v.downcast::<Str>().map(|s| s.to_string_lossy())
}

/// `__spec__.origin` of a module that has a location.
fn origin(th: &mut Thread, spec: Option<Value>) -> Result<Option<String>> {
    let Some(spec) = th.not_none(spec) else {
        return Ok(None);
    };
    let located = match th.get_attr_str_option(spec, "has_location")? {
        Some(v) => th.truth(v)?,
        None => false,
    };
    if !located {
        return Ok(None);
    }
    let o = th.get_attr_str_option(spec, "origin")?;
    Ok(text_of(th, o))
}

/// Does this file lie in the directory that scripts import from first? Then it may hide a module
/// of the library unintentionally.
fn is_possibly_shadowing(th: &mut Thread, origin: &str) -> bool {
    if th.vm().config.safe_path {
        return false;
    }
    let sys: Option<Gc<Dict>> = th.vm().sys.get().and_then(|v| v.downcast::<Dict>());
    let Some(sys) = sys else { return false };
    let path = th.dict_get_text(sys, "path");
    let first = path
        .and_then(|p| p.downcast::<crate::types::list::List>())
        .and_then(|l| l.items.get(0));
    let Some(first) = text_of(th, first) else {
        return false;
    };
    let mut root = match origin.rsplit_once('/') {
        Some((r, _)) => r,
        None => return false,
    };
    if origin.ends_with("/__init__.py") {
        root = match root.rsplit_once('/') {
            Some((r, _)) => r,
            None => return false,
        };
    }
    let first = match first.is_empty() {
        true => std::env::current_dir()
            .map(|d| d.to_string_lossy().into_owned())
            .unwrap_or_default(),
        false => first,
    };
    first == root
}

fn is_stdlib_name(th: &mut Thread, name: &str) -> Result<bool> {
    let sys: Option<Gc<Dict>> = th.vm().sys.get().and_then(|v| v.downcast::<Dict>());
    let Some(sys) = sys else { return Ok(false) };
    match th.dict_get_text(sys, "stdlib_module_names") {
        Some(names) => {
            let name = th.new_str(name).value();
            th.contains(names, name)
        }
        None => Ok(false),
    }
}

/// ImportError for `from module import name`.
pub(super) fn cannot_import(th: &mut Thread, module: Value, name: Gc<Str>) -> Result {
    let n = th.names();
    let module_name = th.get_attr_option(module, n.__name__)?;
    let module_name = text_of(th, module_name).unwrap_or_else(|| "<unknown module name>".into());
    let spec = th.get_attr_option(module, n.__spec__)?;
    let mut path = origin(th, spec)?;
    let shadowing = match &path {
        Some(o) => is_possibly_shadowing(th, o),
        None => false,
    };
    let stdlib = shadowing && is_stdlib_name(th, &module_name)?;
    if path.is_none() {
        let f = th.get_attr_option(module, n.__file__)?;
        path = text_of(th, f);
    }
    let quote = |th: &mut Thread, s: &str| {
        let s = th.new_str(s).value();
        th.repr_lossy(s)
    };
    let wanted = th.repr_lossy(name.value());
    let from = quote(th, &module_name);
    let message = match &path {
        Some(p) if stdlib => {
            let p = quote(th, p);
            format!(
                "cannot import name {wanted} from {from} (consider renaming {p} since it has the \
                 same name as the standard library module named {from} and prevents importing \
                 that standard library module)"
            )
        }
        _ => {
            let starting = super::is_initializing(th, module)?;
            match &path {
                Some(p) if shadowing && starting => {
                    let p = quote(th, p);
                    format!(
                        "cannot import name {wanted} from {from} (consider renaming {p} if it has \
                         the same name as a library you intended to import)"
                    )
                }
                Some(p) if starting => format!(
                    "cannot import name {wanted} from partially initialized module {from} (most \
                     likely due to a circular import) ({p})"
                ),
                Some(p) => format!("cannot import name {wanted} from {from} ({p})"),
                None => format!("cannot import name {wanted} from {from} (unknown location)"),
            }
        }
    };
    let _ = th.raise(ExceptionClass::ImportError, &message);
    let module_name = th.new_str(&module_name).value();
    let path = path.map(|p| th.new_str(&p).value());
    if let Some(e) = th.pending_exception().and_then(crate::types::exception::of) {
        e.fields[0].set(e.header(), module_name);
        e.fields[1].set_option(e.header(), path);
        e.fields[2].set(e.header(), name.value());
    }
    Err(Raised)
}

/// The text of the AttributeError for a module's missing attribute.
pub(super) fn missing_attribute(th: &mut Thread, m: Gc<Module>, name: Gc<Str>) -> Result<String> {
    let n = th.names();
    let text = name.to_string_lossy();
    let dict = m.namespace();
    let Some(module) = text_of(th, dict.get_str(n.__name__)) else {
        return Ok(format!("module has no attribute '{text}'"));
    };
    let spec = dict.get_str(n.__spec__);
    let path = origin(th, spec)?;
    if let Some(p) = &path
        && is_possibly_shadowing(th, p)
    {
        if is_stdlib_name(th, &module)? {
            return Ok(format!(
                "module '{module}' has no attribute '{text}' (consider renaming '{p}' since it has \
                 the same name as the standard library module named '{module}' and prevents \
                 importing that standard library module)"
            ));
        }
        if super::is_initializing(th, m.value())? {
            return Ok(format!(
                "module '{module}' has no attribute '{text}' (consider renaming '{p}' if it has \
                 the same name as a library you intended to import)"
            ));
        }
    }
    if super::is_initializing(th, m.value())? {
        return Ok(match path {
            Some(p) => format!(
                "partially initialized module '{module}' from '{p}' has no attribute '{text}' \
                 (most likely due to a circular import)"
            ),
            None => format!(
                "partially initialized module '{module}' has no attribute '{text}' (most likely \
                 due to a circular import)"
            ),
        });
    }
    if let Some(spec) = th.not_none(spec)
        && let Some(pending) = th.get_attr_str_option(spec, "_uninitialized_submodules")?
        && th.contains(pending, name.value())?
    {
        return Ok(format!(
            "cannot access submodule '{text}' of module '{module}' (most likely due to a circular \
             import)"
        ));
    }
    Ok(format!("module '{module}' has no attribute '{text}'"))
}
