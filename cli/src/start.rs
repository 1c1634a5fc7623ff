//! Start-up: builtins, `sys`, importlib, the standard streams, `site`.
//!
//! What fails on the way is told under `-v`; a program that does not need it still runs.

use taipan_vm::import::importlib;
use taipan_vm::types::list::List;
use taipan_vm::{Result, Thread, Value};

/// Brings the interpreter up. Raises only when builtins or `sys` cannot be made.
pub fn start(th: &mut Thread) -> Result<()> {
    taipan_vm::builtins::install(th)?;
    taipan_vm::sys::install(th)?;
    enter_paths(th);
    // importlib may want to print before there are streams.
    let (sys, none) = (th.vm().sys_dict(), th.none());
    for name in ["stdin", "stdout", "stderr"] {
        th.dict_set_text(sys, name, none);
    }
    if let Err(e) = importlib::install(th) {
        report(th, "importlib", e);
        importlib::uninstall(th);
    } else if let Err(e) = importlib::install_external(th) {
        report(th, "importlib's importers of files", e);
        // Without them most of the library would not be found.
        importlib::uninstall(th);
    }
    if let Err(e) = taipan_stdlib::io::install_std_streams(th) {
        report(th, "standard streams", e);
        // `print` writes to the descriptor when there is no `sys.stdout`; with None it is silent.
        for name in ["stdin", "stdout"] {
            let key = th.intern(name);
            th.vm().sys_dict().remove_str(key);
        }
    }
    let config = &th.vm().config;
    if !config.warnoptions.is_empty() {
        let r = taipan_vm::sys::hooks::import(th, "warnings").map(drop);
        if let Err(e) = r {
            report(th, "warnings", e);
        }
    }
    Ok(())
}

/// Imports `site`, unless `-S` was given.
pub fn site(th: &mut Thread) {
    if th.vm().config.no_site {
        return;
    }
    let r = taipan_vm::sys::hooks::import(th, "site")
        .and_then(|site| th.call_method_str(site, "main", &[]));
    if let Err(e) = r {
        report(th, "site", e);
    }
}

fn report(th: &mut Thread, what: &str, _: taipan_vm::Raised) {
    let e = th.take_pending();
    if th.vm().config.verbose > 0 {
        let text = taipan_vm::exceptions::report::render(th, e);
        eprint!("taipan: start-up without {what}:\n{text}");
    }
}

fn enter_paths(th: &mut Thread) {
    let config = &th.vm().config;
    let dict = th.vm().sys_dict();
    for (name, text) in [
        ("prefix", &config.prefix),
        ("exec_prefix", &config.prefix),
        ("base_prefix", &config.base_prefix),
        ("base_exec_prefix", &config.base_prefix),
        ("_stdlib_dir", &config.stdlib_dir),
    ] {
        let v = th.new_str(text).value();
        th.dict_set_text(dict, name, v);
    }
}

/// `sys.path`, when it is still a list.
pub fn sys_path(th: &mut Thread) -> Option<taipan_vm::Gc<List>> {
    let dict = th.vm().sys_dict();
    th.dict_get_text(dict, "path")
        .and_then(|p: Value| p.downcast::<List>())
}

/// Puts a directory in front of `sys.path`.
pub fn prepend_path(th: &mut Thread, dir: &str) {
    let v = th.new_str(dir).value();
    if let Some(l) = sys_path(th) {
        l.items.try_insert(th.heap(), Some(l.header()), 0, v);
    }
}
