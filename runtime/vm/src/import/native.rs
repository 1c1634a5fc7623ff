//! Import without importlib: native modules, and modules of the carried library.
//!
//! This is what brings importlib itself up, and what remains when it cannot come up. It knows no
//! paths and no loaders; modules made here get `__file__` and `__path__`, but no `__spec__`.

use crate::Thread;
use crate::object::{Gc, Result, Value};
use crate::types::ExceptionClass;
use crate::types::code::Code;
use crate::types::module::{Module, ModuleDef};
use crate::types::str_::Str;

/// The description of a native module.
pub fn native_def(th: &Thread, name: &str) -> Option<&'static ModuleDef> {
    let modules = th.vm().native_modules.borrow();
    modules.iter().copied().find(|d| d.name == name)
}

/// Directory that the files of the library are said to be in.
pub fn library_dir(th: &Thread) -> String {
    th.vm().config.stdlib_dir.clone()
}

/// Code of a module of the carried library, under the file name given.
pub fn library_code(th: &mut Thread, name: &str, filename: &str) -> Result<Option<Gc<Code>>> {
    let Some(m) = th.vm().library.get().and_then(|l| l.module(name)) else {
        return Ok(None);
    };
    // What is carried is compiled without `-O`.
    if th.vm().config.optimize > 0
        && let Some(source) = th.vm().library.get().and_then(|l| l.source(name))
        && let Ok(text) = taipan_lower::source::decode(&source)
    {
        let mode = taipan_lower::parse::Mode::Exec;
        return th.compile(&text, filename, mode).map(Some);
    }
    match taipan_bytecode::pyc::unmarshal_carried(m.code, filename) {
        Ok(data) => Ok(Some(th.code_from(data.into()))),
        Err(e) => Err(th.raise(
            ExceptionClass::ImportError,
            &format!("carried module '{name}' is damaged: {e}"),
        )),
    }
}

/// ModuleNotFoundError with `name` set.
pub fn not_found(th: &mut Thread, name: &str, message: &str) -> crate::object::Raised {
    let r = th.raise(ExceptionClass::ModuleNotFoundError, message);
    let name = th.new_str(name).value();
    if let Some(e) = th.pending_exception().and_then(crate::types::exception::of) {
        e.fields[0].set(e.header(), name);
    }
    r
}

/// A native module, made and entered in `sys.modules`; None when there is no such module.
pub fn make_native(th: &mut Thread, name: &str) -> Result<Option<Gc<Module>>> {
    let Some(def) = native_def(th, name) else {
        return Ok(None);
    };
    let m = th.native_module(def)?;
    let modules = th.vm().modules_dict();
    th.dict_set_text(modules, name, m.value());
    Ok(Some(m))
}

/// Finds and loads a module and its parents.
pub fn load(th: &mut Thread, name: Gc<Str>) -> Result {
    let text = name.to_string_lossy();
    let parent = match text.rsplit_once('.') {
        Some((parent, child)) => {
            let key = th.intern(parent);
            let p = super::level::import_absolute(th, key)?;
            // Importing the parent may have imported the child.
            if let Some(m) = th.vm().modules_dict().get_str(name) {
                return Ok(m);
            }
            Some((p, child.to_owned()))
        }
        None => None,
    };
    let m = match load_one(th, &text)? {
        Some(m) => m,
        None => return Err(not_found(th, &text, &format!("No module named '{text}'"))),
    };
    if let Some((p, child)) = parent {
        th.set_attr_str(p, &child, m)?;
    }
    Ok(m)
}

fn load_one(th: &mut Thread, name: &str) -> Result<Option<Value>> {
    if let Some(m) = make_native(th, name)? {
        return Ok(Some(m.value()));
    }
    let Some(found) = th.vm().library.get().and_then(|l| l.module(name)) else {
        return Ok(None);
    };
    let file = format!("{}/{}", library_dir(th), found.path);
    let Some(code) = library_code(th, name, &file)? else {
        return Ok(None);
    };
    let m = run_as_module(th, name, code, Some(&file), found.package)?;
    Ok(Some(m))
}

/// Runs code as the body of a new module in `sys.modules`; it is taken out again on failure.
pub fn run_as_module(
    th: &mut Thread,
    name: &str,
    code: Gc<Code>,
    file: Option<&str>,
    package: bool,
) -> Result {
    let m = th.new_module(name);
    let dict = m.namespace();
    if let Some(file) = file {
        let v = th.new_str(file).value();
        th.dict_set_text(dict, "__file__", v);
        if package {
            let dir = file.strip_suffix("/__init__.py").unwrap_or(file);
            let dir = th.new_str(dir).value();
            let path = th.list_from_slice(&[dir]).value();
            th.dict_set_text(dict, "__path__", path);
        }
    }
    let package_name = match package {
        true => name,
        false => name.rsplit_once('.').map_or("", |(p, _)| p),
    };
    let v = th.new_str(package_name).value();
    th.dict_set_text(dict, "__package__", v);
    let modules = th.vm().modules_dict();
    th.dict_set_text(modules, name, m.value());
    match th.run_code(code, dict, dict.value()) {
        Ok(_) => {
            // The module may have put something else in its place.
            Ok(th.dict_get_text(modules, name).unwrap_or(m.value()))
        }
        Err(e) => {
            let key = th.intern(name);
            modules.remove_str(key);
            Err(e)
        }
    }
}
