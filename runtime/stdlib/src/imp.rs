//! `_imp`: what importlib asks of the runtime. `extension_suffixes()` is empty: there are no
//! extension modules, and `create_dynamic` does not exist.

use std::os::unix::ffi::OsStringExt;

use taipan_bytecode::pyc;
use taipan_vm::import::{frozen, native};
use taipan_vm::object::{Gc, Result, Value};
use taipan_vm::types::ExceptionClass;
use taipan_vm::types::code::Code;
use taipan_vm::types::module::Module;
use taipan_vm::types::str_::Str;
use taipan_vm::{Thread, pymodule};

/// The module `_imp`.
pub struct Imp;

fn no_such_frozen(th: &mut Thread, name: &str) -> taipan_vm::Raised {
    let r = th.raise(
        ExceptionClass::ImportError,
        &format!("No such frozen object named {name}"),
    );
    let name = th.new_str(name).value();
    if let Some(e) = th.pending_exception()
        && let Err(e) = th.set_attr_str(e, "name", name)
    {
        return e;
    }
    r
}

fn frozen_code(th: &mut Thread, name: &str) -> Result<Gc<Code>> {
    let Some(f) = frozen::find(th, name) else {
        return Err(no_such_frozen(th, name));
    };
    let file = frozen::code_file(f.origin);
    match native::library_code(th, f.origin, &file)? {
        Some(c) => Ok(c),
        None => Err(no_such_frozen(th, name)),
    }
}

/// The import lock: who holds it, and how often. Threads take turns under the interpreter lock, so
/// only `importlib`'s short critical sections are ever inside.
fn lock_depth(th: &mut Thread, change: i64) -> i64 {
    const KEY: &str = "_imp.lock_depth";
    let old = th.vm().registry.borrow().get(KEY).and_then(|v| v.as_int());
    let new = old.unwrap_or(0) + change;
    if new >= 0 && change != 0 {
        let v = th.int(new);
        th.vm().registry.borrow_mut().insert(KEY, v);
    }
    new
}

/// In the child after `fork`: whoever held the import lock is gone.
pub(crate) fn after_fork(th: &mut Thread) {
    let depth = lock_depth(th, 0);
    lock_depth(th, -depth);
}

/// (Extremely) low-level import machinery bits as used by importlib.
#[pymodule(name = "_imp")]
impl Imp {
    /// Return True if the import lock is currently held, else False.
    ///
    /// On platforms without threads, return False.
    #[pyfunction]
    fn lock_held(th: &mut Thread) -> bool {
        lock_depth(th, 0) > 0
    }

    /// Acquires the interpreter's import lock for the current thread.
    ///
    /// This lock should be used by import hooks to ensure thread-safety when importing
    /// modules. On platforms without threads, this function does nothing.
    #[pyfunction]
    fn acquire_lock(th: &mut Thread) {
        lock_depth(th, 1);
    }

    /// Release the interpreter's import lock.
    ///
    /// On platforms without threads, this function does nothing.
    #[pyfunction]
    fn release_lock(th: &mut Thread) -> Result<()> {
        if lock_depth(th, -1) < 0 {
            return Err(th.runtime_error("not holding the import lock"));
        }
        Ok(())
    }

    /// Returns the list of file suffixes used to identify extension modules.
    #[pyfunction]
    fn extension_suffixes(th: &mut Thread) -> Value {
        th.new_list().value()
    }

    /// Returns True if the module name corresponds to a built-in module.
    #[pyfunction(sig = "(name, /)")]
    fn is_builtin(th: &mut Thread, name: Gc<Str>) -> i64 {
        match name.to_string_lossy().as_str() {
            "builtins" | "sys" => -1,
            n => native::native_def(th, n).is_some() as i64,
        }
    }

    /// Returns True if the module name corresponds to a frozen module.
    #[pyfunction(sig = "(name, /)")]
    fn is_frozen(th: &mut Thread, name: Gc<Str>) -> bool {
        frozen::find(th, &name.to_string_lossy()).is_some()
    }

    /// Returns True if the module name is of a frozen package.
    #[pyfunction(sig = "(name, /)")]
    fn is_frozen_package(th: &mut Thread, name: Gc<Str>) -> Result<bool> {
        let name = name.to_string_lossy();
        match frozen::find(th, &name) {
            Some(f) => Ok(f.package),
            None => Err(no_such_frozen(th, &name)),
        }
    }

    /// Return info about the corresponding frozen module (if there is one) or None.
    ///
    /// The returned info (a 3-tuple):
    ///
    ///  * data         the raw marshalled bytes
    ///  * is_package   whether or not it is a package
    ///  * origname     the originally frozen module's name, or None if not
    ///                 a stdlib module (this will usually be the same as
    ///                 the module's current name)
    #[pyfunction(sig = "(name, /, *, withdata=False)")]
    fn find_frozen(th: &mut Thread, name: Gc<Str>, withdata: Option<bool>) -> Result {
        let name = name.to_string_lossy();
        let Some(f) = frozen::find(th, &name) else {
            return Ok(th.none());
        };
        let data = match withdata {
            Some(true) => {
                let code = frozen_code(th, &name)?;
                let bytes = crate::marshal::dump_bytes(th, code.value())?;
                let bytes = th.new_bytes(&bytes).value();
                match th.builtin("memoryview") {
                    Ok(class) => th.call(class, &[bytes])?,
                    Err(_) => {
                        th.clear_pending();
                        bytes
                    }
                }
            }
            _ => th.none(),
        };
        let package = th.bool(f.package);
        let origin = th.new_str(f.origin).value();
        Ok(th.new_tuple(&[data, package, origin]).value())
    }

    /// Create a code object for a frozen module.
    #[pyfunction(sig = "(name, data=None, /)")]
    fn get_frozen_object(th: &mut Thread, name: Gc<Str>, data: Option<Value>) -> Result {
        let name = name.to_string_lossy();
        let Some(data) = th.not_none(data) else {
            return frozen_code(th, &name).map(|c| c.value());
        };
        let bytes = crate::buffer_bytes(th, data)?;
        let v = crate::marshal::load_bytes(th, &bytes);
        match v {
            Ok(v) if v.downcast::<Code>().is_some() => Ok(v),
            Ok(_) => Err(th.type_error(format!("frozen object '{name}' is not a code object"))),
            Err(_) => {
                th.clear_pending();
                let r = th.raise(
                    ExceptionClass::ImportError,
                    &format!("Frozen object named '{name}' is invalid"),
                );
                Err(r)
            }
        }
    }

    /// Initializes a frozen module.
    #[pyfunction(sig = "(name, /)")]
    fn init_frozen(th: &mut Thread, name: Gc<Str>) -> Result {
        let text = name.to_string_lossy();
        let Some(f) = frozen::find(th, &text) else {
            return Ok(th.none());
        };
        let code = frozen_code(th, &text)?;
        native::run_as_module(th, &text, code, None, f.package)
    }

    /// Create an extension module.
    #[pyfunction(sig = "(spec, /)")]
    fn create_builtin(th: &mut Thread, spec: Value) -> Result {
        let name = th.get_attr_str(spec, "name")?;
        let Some(name) = name.downcast::<Str>() else {
            let got = th.type_name(name);
            return Err(th.type_error(format!("name must be string, not {got}")));
        };
        let text = name.to_string_lossy();
        if text == "sys" || text == "builtins" {
            let modules = th.vm().modules_dict();
            if let Some(m) = th.dict_get_text(modules, &text) {
                return Ok(m);
            }
        }
        match native::native_def(th, &text) {
            Some(def) => th.native_module(def).map(|m| m.value()),
            None => Ok(th.none()),
        }
    }

    /// Initialize a built-in module. It was, when it was created.
    #[pyfunction(sig = "(mod, /)")]
    fn exec_builtin(_: &mut Thread, module: Value) -> i64 {
        let _ = module;
        0
    }

    /// Changes code.co_filename to specify the passed-in file path.
    ///
    ///   code
    ///     Code object to change.
    ///   path
    ///     File path to use.
    #[pyfunction(sig = "(code, path, /)")]
    fn _fix_co_filename(th: &mut Thread, code: Gc<Code>, path: Gc<Str>) {
        let Some(old) = code.filename.get() else {
            return;
        };
        if !old.same_text(&path) {
            let old = old.to_string_lossy();
            rename(th, code, &old, path);
        }
    }

    /// The contents of a file.
    #[pyfunction(sig = "(path, /)")]
    fn _read_file(th: &mut Thread, path: Value) -> Result {
        let name = match path.downcast::<Str>() {
            Some(s) => crate::os_error::fs_encode(th, &s)?,
            None => crate::buffer_bytes(th, path)?,
        };
        let name = std::ffi::OsString::from_vec(name);
        match std::fs::read(&name) {
            Ok(bytes) => match th.try_new_bytes(&bytes) {
                Some(b) => Ok(b.value()),
                None => Err(th.memory_error()),
            },
            Err(e) => Err(crate::os_error::raise_io(th, &e, Some(path))),
        }
    }

    /// The hash in hash-based bytecode files.
    #[pyfunction(sig = "(key, source)")]
    fn source_hash(th: &mut Thread, key: i64, source: Value) -> Result {
        let bytes = crate::buffer_bytes(th, source)?;
        let hash = pyc::keyed_source_hash(key as u64, &bytes);
        Ok(th.new_bytes(&hash).value())
    }

    /// (internal-only) Override PyConfig.use_frozen_modules.
    ///
    /// (-1: "off", 1: "on", 0: no override)
    /// See frozen_modules() in Lib/test/support/import_helper.py.
    #[pyfunction(name = "_override_frozen_modules_for_tests", sig = "(override, /)")]
    fn override_frozen(_: &mut Thread, value: i64) {
        let _ = value;
    }

    /// (internal-only) Override PyInterpreterConfig.check_multi_interp_extensions.
    ///
    /// (-1: "never", 1: "always", 0: no override)
    #[pyfunction(
        name = "_override_multi_interp_extensions_check",
        sig = "(override, /)"
    )]
    fn override_extensions(_: &mut Thread, value: i64) -> i64 {
        let _ = value;
        0
    }

    /// (internal-only) Returns the list of available frozen modules.
    #[pyfunction]
    fn _frozen_module_names(th: &mut Thread) -> Result {
        let list = th.new_list();
        for n in frozen::names() {
            let v = th.new_str(n).value();
            th.list_append(list, v)?;
        }
        Ok(list.value())
    }

    #[pyexec]
    fn exec(th: &mut Thread, m: Gc<Module>) -> Result<()> {
        let check = th.vm().config.check_hash_pycs.clone();
        let check = th.new_str(&check).value();
        th.set_attr_str(m.value(), "check_hash_based_pycs", check)?;
        let token = th.int(u32::from_le_bytes(pyc::MAGIC) as i64);
        th.set_attr_str(m.value(), "pyc_magic_number_token", token)
    }
}

fn rename(th: &mut Thread, code: Gc<Code>, old: &str, path: Gc<Str>) {
    if !code.filename.get().is_some_and(|f| f.equals_str(old)) {
        return;
    }
    code.filename.set(code.header(), path);
    for i in 0..code.data.consts.len() {
        if let Some(c) = th.constant_of(code, i).and_then(|v| v.downcast::<Code>()) {
            rename(th, c, old, path);
        }
    }
}
