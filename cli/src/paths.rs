//! Where things are: the executable, prefixes (a virtual environment's `pyvenv.cfg` included), the
//! library's directory, and `sys.path`.
//!
//! The library is carried in the executable; its directory `PREFIX/lib/taipan3.14` is a name that
//! the library's importer answers to, and holds `site-packages`.

use std::path::{Path, PathBuf};

use taipan_vm::vm::Config;

/// Name of the library's directory below `PREFIX/lib`.
pub const LIBRARY: &str = "taipan3.14";

fn executable() -> PathBuf {
    // As it was called, not what a link to it names: virtual environments are links.
    let called = std::env::args_os().next().map(PathBuf::from);
    if let Some(p) = called.filter(|p| p.components().count() > 1)
        && let Ok(p) = std::path::absolute(&p)
        && p.is_file()
    {
        return p;
    } else if let Some(name) = std::env::args_os().next()
        && let Some(path) = std::env::var_os("PATH")
        && let Some(p) = std::env::split_paths(&path)
            .map(|d| d.join(&name))
            .find(|p| p.is_file())
        && let Ok(p) = std::path::absolute(&p)
    {
        return p;
    }
    std::env::current_exe().unwrap_or_default()
}

/// The value of `home` in a virtual environment's configuration.
fn home_of(config: &Path) -> Option<PathBuf> {
    let text = std::fs::read_to_string(config).ok()?;
    text.lines().find_map(|line| {
        let (key, value) = line.split_once('=')?;
        (key.trim().eq_ignore_ascii_case("home")).then(|| PathBuf::from(value.trim()))
    })
}

fn text(p: &Path) -> String {
    p.to_string_lossy().into_owned()
}

/// Enters executable, prefixes and the library's directory.
pub fn fill(config: &mut Config, python_path: &[String]) {
    let exe = executable();
    config.executable = text(&exe);
    let parent = exe.parent().unwrap_or(Path::new("/"));
    let above = parent.parent().unwrap_or(Path::new("/"));
    let environment = [parent, above]
        .into_iter()
        .find_map(|d| Some((d.to_owned(), home_of(&d.join("pyvenv.cfg"))?)));
    let real = std::fs::canonicalize(&exe).unwrap_or(exe.clone());
    let own = real
        .parent()
        .and_then(Path::parent)
        .unwrap_or(Path::new("/"));
    let (prefix, base) = match &environment {
        Some((dir, home)) => {
            let base = home.parent().unwrap_or(own);
            (dir.as_path(), base)
        }
        None => (own, own),
    };
    config.prefix = text(prefix);
    config.base_prefix = text(base);
    config.stdlib_dir = text(&base.join("lib").join(LIBRARY));
    let mut paths: Vec<String> = python_path
        .iter()
        .map(|p| match p.is_empty() {
            true => std::env::current_dir()
                .map(|d| text(&d))
                .unwrap_or_default(),
            false => text(&std::path::absolute(p).unwrap_or(PathBuf::from(p))),
        })
        .collect();
    paths.push(config.stdlib_dir.clone());
    config.module_search_paths = paths;
}

/// The directory that a script's imports are looked up in first.
pub fn script_directory(script: &str) -> String {
    let real = std::fs::canonicalize(script);
    let path = match real {
        Ok(p) => p,
        Err(_) => PathBuf::from(script),
    };
    path.parent().map(text).unwrap_or_default()
}
