//! Who looks at the variables of frames that are not its own.
//!
//! Compiled code drops what is not read again, and does not make objects that stay inside. A function
//! that its callee or a traceback's reader asks for `f_locals` must have all of it. Nobody can ask
//! without naming it, so code that does is looked for when it is loaded; from then on compiled code keeps
//! all variables. What the interpreter's own library has is looked at when it first runs.
//!
//! Deliberately absent: names that are put together (`getattr(frame, "f_" + "locals")`), and variables
//! of activations that had dropped them before the first such code was loaded.

use taipan_bytecode::code::{CodeObject, Constant};

use crate::Thread;

/// The attribute, and the keyword with which `traceback` is asked for it.
const NAMES: [&str; 2] = ["f_locals", "capture_locals"];

/// The library's functions that name it and do not ask: one wants the class, one asks if its caller wants
/// it (and names the keyword).
const LEFT_OUT: [&str; 2] = ["_get_framelocalsproxy", "_extract_from_extended_frame_gen"];

/// Code is loaded.
pub(super) fn loaded(th: &Thread, data: &CodeObject) {
    let known = th.vm().variables_are_seen.get();
    let names = || data.names.iter().any(|n| NAMES.contains(&n.as_str()));
    if !known && (names() || data.consts.iter().any(is_name)) && !is_of_library(th, data) {
        seen(th);
    }
}

/// Code runs for the first time.
pub(super) fn run(th: &Thread, data: &CodeObject) {
    let known = th.vm().variables_are_seen.get();
    if !known && data.names.iter().any(|n| n == NAMES[0]) && !LEFT_OUT.contains(&data.name.as_str())
    {
        seen(th);
    }
}

fn seen(th: &Thread) {
    th.vm().variables_are_seen.set(true);
    th.vm().assumptions.variables_seen();
}

/// Does the code come with the interpreter?
fn is_of_library(th: &Thread, data: &CodeObject) -> bool {
    let file = &data.filename;
    let below = || file.starts_with(&th.vm().config.stdlib_dir) && !file.contains("site-packages");
    file.starts_with("<frozen ") || below()
}

/// Is the constant one of the names, or does it contain one (names of keywords)?
fn is_name(c: &Constant) -> bool {
    match c {
        Constant::Str(s) => NAMES.iter().any(|n| s.as_slice() == n.as_bytes()),
        Constant::Tuple(items) => items.iter().any(is_name),
        _ => false,
    }
}
