//! `sys._jit`: what CPython's own questions about its JIT get as an answer.
//!
//! They ask for that JIT, whose code is made from traces of CPython's bytecode; ours is asked
//! about by `-X` options, so each answer is no.

use crate::{Thread, pymodule};

/// The functions hang here.
pub struct Jit;

/// Utilities for observing just-in-time compilation.
#[pymodule(name = "sys._jit")]
impl Jit {
    /// Return True if the current Python executable supports JIT compilation, and False otherwise.
    #[pyfunction]
    fn is_available(_: &mut Thread) -> bool {
        false
    }

    /// Return True if JIT compilation is enabled for the current Python process (implies sys._jit.is_available()), and False otherwise.
    #[pyfunction]
    fn is_enabled(_: &mut Thread) -> bool {
        false
    }

    /// Return True if the topmost Python frame is currently executing JIT code (implies sys._jit.is_enabled()), and False otherwise.
    #[pyfunction]
    fn is_active(_: &mut Thread) -> bool {
        false
    }
}
