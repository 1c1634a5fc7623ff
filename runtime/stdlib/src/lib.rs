//! Taipan's native modules: one file or folder each. The list of them all is [`MODULES`].
#![deny(unsafe_code)]

extern crate taipan_vm;

pub mod abc_;
pub mod contextvars;
pub mod gc;
pub mod sre;
pub mod thread;
pub mod types_;
pub mod typing_;
pub mod weakref;

use taipan_vm::types::module::ModuleDef;

/// Every native module that can be imported (`builtins` and `sys` are made by the runtime).
pub static MODULES: &[&ModuleDef] = &[
    &abc_::MODULE,
    &contextvars::MODULE,
    &types_::MODULE,
    &typing_::MODULE,
    &gc::MODULE,
    &thread::MODULE,
    &weakref::MODULE,
];

/// Makes the native modules known to an interpreter.
pub fn register(vm: &taipan_vm::Vm) {
    vm.native_modules.borrow_mut().extend_from_slice(MODULES);
}
