//! `_taipan_archive`: the carried library, for its importer (`_taipan_importer.py`), and the
//! [`Library`] that the runtime is given.

use std::path::Path;

use taipan_library::Kind;
use taipan_vm::import::native;
use taipan_vm::object::{Gc, Result, Value};
use taipan_vm::types::ExceptionClass;
use taipan_vm::types::str_::Str;
use taipan_vm::vm::{Library, LibraryModule};
use taipan_vm::{Thread, pymodule};

/// The library in the binary.
pub struct Carried;

impl Library for Carried {
    fn module(&self, name: &str) -> Option<LibraryModule> {
        let e = taipan_library::find(name).filter(|e| e.kind() != Kind::Data)?;
        Some(LibraryModule {
            code: e.code(),
            package: e.kind() == Kind::Package,
            path: e.path(),
        })
    }

    fn names(&self) -> Vec<(&'static str, bool)> {
        taipan_library::entries()
            .filter(|e| e.kind() != Kind::Data)
            .map(|e| (e.name(), e.kind() == Kind::Package))
            .collect()
    }

    fn source(&self, name: &str) -> Option<Vec<u8>> {
        let e = taipan_library::find(name).filter(|e| e.kind() != Kind::Data)?;
        Some(e.contents())
    }

    fn file(&self, path: &str) -> Option<Vec<u8>> {
        taipan_library::find_path(path).map(|e| e.contents())
    }

    fn files(&self) -> Vec<String> {
        taipan_library::entries().map(|e| e.path()).collect()
    }
}

/// The module `_taipan_archive`.
pub struct Archive;

/// The part of a path that lies below the library's directory.
fn below<'p>(th: &Thread, path: &'p Path) -> Option<&'p str> {
    path.strip_prefix(&th.vm().config.stdlib_dir).ok()?.to_str()
}

fn write_file(target: &Path, contents: &[u8]) -> std::io::Result<()> {
    if let Some(parent) = target.parent() {
        std::fs::create_dir_all(parent)?;
    }
    // Nobody sees half a file.
    let name = format!("{}.{}", target.display(), std::process::id());
    let part = Path::new(&name);
    std::fs::write(part, contents)?;
    std::fs::rename(part, target)
}

/// Somebody asks for a path that does not exist. If it names a file or directory of the carried
/// library, it is unpacked there. Whether it exists now.
pub fn unpack(th: &Thread, path: &Path) -> bool {
    let Some(name) = below(th, path) else {
        return false;
    };
    if let Some(e) = taipan_library::find_path(name) {
        return write_file(path, &e.contents()).is_ok();
    }
    taipan_library::is_directory(name) && std::fs::create_dir_all(path).is_ok()
}

/// Somebody lists a directory: if it is one of the carried library, all that is in it is unpacked.
pub fn unpack_all(th: &Thread, directory: &Path) {
    let Some(name) = below(th, directory) else {
        return;
    };
    let base = Path::new(&th.vm().config.stdlib_dir);
    for e in taipan_library::entries() {
        let path = e.path();
        let inside = name.is_empty() || path.strip_prefix(name).is_some_and(|r| r.starts_with('/'));
        let target = base.join(&path);
        // A directory that cannot be written to is left as it is.
        if inside && !target.exists() && write_file(&target, &e.contents()).is_err() {
            return;
        }
    }
}

fn missing(th: &mut Thread, name: &str) -> taipan_vm::Raised {
    th.raise(
        ExceptionClass::ImportError,
        &format!("no module named '{name}' in the library"),
    )
}

/// The standard library's Python modules, as they are carried in the executable.
#[pymodule(name = "_taipan_archive")]
impl Archive {
    /// The directory that the library's files are said to be in.
    #[pyfunction]
    fn directory(th: &mut Thread) -> String {
        native::library_dir(th)
    }

    /// True for a package, False for another module, None when there is no such module.
    #[pyfunction(sig = "(name, /)")]
    fn find(th: &mut Thread, name: Gc<Str>) -> Value {
        let found = th.vm().library.get();
        match found.and_then(|l| l.module(&name.to_string_lossy())) {
            Some(m) => th.bool(m.package),
            None => th.none(),
        }
    }

    /// The code of a module.
    #[pyfunction(sig = "(name, filename, /)")]
    fn code(th: &mut Thread, name: Gc<Str>, filename: Gc<Str>) -> Result {
        let name = name.to_string_lossy();
        match native::library_code(th, &name, &filename.to_string_lossy())? {
            Some(c) => Ok(c.value()),
            None => Err(missing(th, &name)),
        }
    }

    /// The contents of a file by its path below the library's directory, or None.
    #[pyfunction(sig = "(path, /)")]
    fn contents(th: &mut Thread, path: Gc<Str>) -> Value {
        let found = th.vm().library.get();
        match found.and_then(|l| l.file(&path.to_string_lossy())) {
            Some(b) => th.new_bytes(&b).value(),
            None => th.none(),
        }
    }

    /// The source text of a module, or None.
    #[pyfunction(sig = "(name, /)")]
    fn source(th: &mut Thread, name: Gc<Str>) -> Value {
        let found = th.vm().library.get();
        let bytes = found.and_then(|l| l.source(&name.to_string_lossy()));
        match bytes {
            Some(b) => match String::from_utf8(b) {
                Ok(t) => th.new_str(&t).value(),
                // The few that are not UTF-8 are Latin-1.
                Err(e) => th.str_from_latin1(e.as_bytes()).value(),
            },
            None => th.none(),
        }
    }

    /// Pairs of a module's name and whether it is a package.
    #[pyfunction]
    fn modules(th: &mut Thread) -> Result {
        let list = th.new_list();
        let names = th.vm().library.get().map_or(Vec::new(), |l| l.names());
        for (name, package) in names {
            let (name, package) = (th.new_str(name).value(), th.bool(package));
            let pair = th.new_tuple(&[name, package]).value();
            th.list_append(list, pair)?;
        }
        Ok(list.value())
    }

    /// Paths of all files below the library's directory.
    #[pyfunction]
    fn files(th: &mut Thread) -> Result {
        let list = th.new_list();
        let paths = th.vm().library.get().map_or(Vec::new(), |l| l.files());
        for p in paths {
            let v = th.new_str(&p).value();
            th.list_append(list, v)?;
        }
        Ok(list.value())
    }
}
