//! Taipan's virtual machine: objects, heap, interpreter, builtin types and functions, import.
//!
//! Start at [`vm::Vm`] and [`thread::Thread`]; `ARCHITECTURE.md` follows one function through.
#![deny(unsafe_code)]

extern crate self as taipan_vm;

pub mod builtins;
pub mod call;
pub mod codecs;
pub mod exceptions;
pub mod feedback;
pub mod format;
pub mod gil;
pub mod import;
pub mod interp;
#[allow(unsafe_code)]
pub mod machine;
pub mod number;
pub mod object;
pub mod protocol;
pub mod sys;
pub mod thread;
pub mod tier;
pub mod tree;
pub mod types;
pub mod unicode;
pub mod vm;

pub use object::{Gc, Raised, Result, Value, ValueVec};
pub use taipan_macros::{NativeObject, Trace, pymethods, pymodule, pytype};
pub use thread::Thread;
pub use vm::Vm;
