//! Frozen modules: those of the library that importlib's FrozenImporter finds, so that start-up
//! touches no directory. The list is the reference's.

use crate::Thread;

/// Library modules that are frozen.
const FROZEN: &[&str] = &[
    "__hello__",
    "__phello__",
    "__phello__.ham",
    "__phello__.ham.eggs",
    "__phello__.spam",
    "_collections_abc",
    "_sitebuiltins",
    "_taipan_importer",
    "abc",
    "codecs",
    "genericpath",
    "importlib._bootstrap",
    "importlib._bootstrap_external",
    "importlib.machinery",
    "importlib.util",
    "io",
    "ntpath",
    "os",
    "posixpath",
    "runpy",
    "site",
    "stat",
    "zipimport",
];

/// Names by which a frozen module is also known.
const ALIASES: &[(&str, &str)] = &[
    ("_frozen_importlib", "importlib._bootstrap"),
    (
        "_frozen_importlib_external",
        "importlib._bootstrap_external",
    ),
    ("__hello_alias__", "__hello__"),
    ("__phello_alias__", "__hello__"),
    ("__phello_alias__.spam", "__hello__"),
    ("os.path", "posixpath"),
];

/// A frozen module.
#[derive(Clone, Copy, Debug)]
pub struct Frozen {
    /// Its name in the library.
    pub origin: &'static str,
    /// Is it a package?
    pub package: bool,
}

/// The frozen module with this name.
pub fn find(th: &Thread, name: &str) -> Option<Frozen> {
    let alias = ALIASES.iter().find(|(a, _)| *a == name).map(|(_, o)| *o);
    let origin = match alias.filter(|_| name != "os.path") {
        Some(o) => o,
        None => FROZEN.iter().copied().find(|n| *n == name)?,
    };
    let m = th.vm().library.get()?.module(origin)?;
    let package = m.package || name == "__phello_alias__";
    Some(Frozen { origin, package })
}

/// Names of all frozen modules, aliases included.
pub fn names() -> impl Iterator<Item = &'static str> {
    let aliases = ALIASES.iter().map(|(a, _)| *a).filter(|a| *a != "os.path");
    FROZEN.iter().copied().chain(aliases)
}

/// The file name in a frozen module's code.
pub fn code_file(origin: &str) -> String {
    format!("<frozen {origin}>")
}
