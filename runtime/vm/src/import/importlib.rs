//! importlib at work: bringing it up, and handing imports to it.
//!
//! `_bootstrap` and `_bootstrap_external` are Python modules of the carried library, run as
//! frozen modules. Until they are installed, [`super::native`] imports.

use crate::Thread;
use crate::object::{Gc, Result, Value};
use crate::types::ExceptionClass;
use crate::types::str_::Str;
use crate::types::traceback::Traceback;

/// Registry key of `importlib._bootstrap`.
const BOOTSTRAP: &str = "importlib._bootstrap";

/// Runs `_bootstrap` and installs the importers of native and frozen modules.
pub fn install(th: &mut Thread) -> Result<()> {
    let bootstrap = load_frozen(th, "_frozen_importlib", BOOTSTRAP)?;
    let imp = match super::native::make_native(th, "_imp")? {
        Some(m) => m.value(),
        None => {
            return Err(super::native::not_found(
                th,
                "_imp",
                "No module named '_imp'",
            ));
        }
    };
    let modules = th.vm().modules_dict();
    let Some(sys) = th.dict_get_text(modules, "sys") else {
        return Err(super::native::not_found(th, "sys", "No module named 'sys'"));
    };
    th.call_method_str(bootstrap, "_install", &[sys, imp])?;
    th.vm().registry.borrow_mut().insert(BOOTSTRAP, bootstrap);
    Ok(())
}

/// Installs the importers of files and archives, and of the carried library.
pub fn install_external(th: &mut Thread) -> Result<()> {
    let bootstrap = th.vm().registry.borrow().get(BOOTSTRAP).copied();
    let Some(bootstrap) = bootstrap else {
        return Err(th.runtime_error("importlib is not installed"));
    };
    th.call_method_str(bootstrap, "_install_external_importers", &[])?;
    let name = th.intern("_taipan_importer");
    let importer = super::level::import_absolute(th, name)?;
    th.call_method_str(importer, "install", &[])?;
    Ok(())
}

/// Takes importlib out of use again, after it failed to come up.
pub fn uninstall(th: &mut Thread) {
    th.vm().registry.borrow_mut().remove(BOOTSTRAP);
}

fn load_frozen(th: &mut Thread, name: &str, origin: &'static str) -> Result {
    let file = super::frozen::code_file(origin);
    match super::native::library_code(th, origin, &file)? {
        Some(code) => {
            let m = super::native::run_as_module(th, name, code, None, false)?;
            // What FrozenImporter needs to know to complete the module.
            let v = th.new_str(origin).value();
            th.set_attr_str(m, "__origname__", v)?;
            Ok(m)
        }
        None => Err(super::native::not_found(
            th,
            origin,
            &format!("No module named '{origin}'"),
        )),
    }
}

/// `importlib._bootstrap._find_and_load(name)`.
pub fn find_and_load(th: &mut Thread, name: Gc<Str>) -> Result {
    let bootstrap = th.vm().registry.borrow().get(BOOTSTRAP).copied();
    let Some(bootstrap) = bootstrap else {
        return super::native::load(th, name);
    };
    let function = th.builtins_module();
    let function = th.get_attr_str(function, "__import__")?;
    let r = th.call_method_str(bootstrap, "_find_and_load", &[name.value(), function]);
    if r.is_err() {
        trim_traceback(th);
    }
    r
}

/// `repr()` of a module as importlib words it; None while importlib is not there.
pub fn module_repr(th: &mut Thread, module: Value) -> Result<Option<Value>> {
    let bootstrap = th.vm().registry.borrow().get(BOOTSTRAP).copied();
    match bootstrap {
        Some(b) => th.call_method_str(b, "_module_repr", &[module]).map(Some),
        None => Ok(None),
    }
}

/// Waits until another thread has finished a module.
pub fn wait_for(th: &mut Thread, name: Gc<Str>) -> Result<()> {
    let bootstrap = th.vm().registry.borrow().get(BOOTSTRAP).copied();
    if let Some(b) = bootstrap {
        let r = th.call_method_str(b, "_lock_unlock_module", &[name.value()]);
        if r.is_err() {
            trim_traceback(th);
        }
        r?;
    }
    Ok(())
}

/// Imports what a `from` list names.
pub fn handle_fromlist(th: &mut Thread, module: Value, fromlist: Value) -> Result {
    let bootstrap = th.vm().registry.borrow().get(BOOTSTRAP).copied();
    if let Some(b) = bootstrap {
        let function = th.builtins_module();
        let function = th.get_attr_str(function, "__import__")?;
        let r = th.call_method_str(b, "_handle_fromlist", &[module, fromlist, function]);
        if r.is_err() {
            trim_traceback(th);
        }
        return r;
    }
    let package = th.get_attr_str(module, "__name__")?;
    let package = th.str_lossy(package);
    for name in th.collect(fromlist)?.as_slice() {
        let Some(name) = name.downcast::<Str>() else {
            continue;
        };
        if name.equals_str("*") || th.get_attr_option(module, name)?.is_some() {
            continue;
        }
        let full = th.intern(&format!("{package}.{}", name.to_string_lossy()));
        if super::native::load(th, full).is_err() {
            if !th.pending_matches(ExceptionClass::ModuleNotFoundError) {
                return Err(crate::object::Raised);
            }
            th.clear_pending();
        }
    }
    Ok(module)
}

/// Leaves importlib's own frames out of the traceback of a failed import: all of them for an
/// ImportError, else the runs of them that end in `_call_with_frames_removed`.
fn trim_traceback(th: &mut Thread) {
    if th.vm().config.verbose > 0 {
        return;
    }
    let Some(value) = th.pending_exception() else {
        return;
    };
    let Some(e) = crate::types::exception::of(value) else {
        return;
    };
    let always = th.exception_matches(value, ExceptionClass::ImportError);
    let step = |t: Gc<Traceback>| t.next.get().and_then(|v| v.downcast::<Traceback>());
    let mut at = e.traceback.get().and_then(|v| v.downcast::<Traceback>());
    // Where the link to the current entry is: an earlier entry, or the exception.
    let mut link: Option<Gc<Traceback>> = None;
    let mut chunk: Option<Option<Gc<Traceback>>> = None;
    while let Some(t) = at {
        let next = step(t);
        let code = t.frame.code;
        let ours = code.filename.get().is_some_and(|f| {
            f.equals_str("<frozen importlib._bootstrap>")
                || f.equals_str("<frozen importlib._bootstrap_external>")
        });
        if !ours {
            chunk = None;
            link = Some(t);
            at = next;
            continue;
        }
        let start = *chunk.get_or_insert(link);
        if always || code.data.name == "_call_with_frames_removed" {
            let rest = next.map(|n| n.value());
            match start {
                Some(p) => p.next.set_option(p.header(), rest),
                None => e.traceback.set_option(e.header(), rest),
            }
            link = start;
        } else {
            link = Some(t);
        }
        at = next;
    }
}
