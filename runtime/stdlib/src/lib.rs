//! Taipan's native modules: one file or folder each. The list of them all is [`MODULES`].
#![deny(unsafe_code)]

extern crate taipan_vm;

/// A table of names and numbers: the C library's number of that name where no other is given.
macro_rules! numbers {
    (@ $name:ident) => {
        libc::$name as i64
    };
    (@ $name:ident $number:expr) => {
        $number
    };
    ($($name:ident $(= $number:expr)?),* $(,)?) => {
        &[$((stringify!($name), numbers!(@ $name $($number)?))),*]
    };
}

pub mod abc_;
pub mod archive;
pub mod array;
pub mod ast_;
pub mod asyncio;
pub mod atexit;
pub mod binascii;
pub mod bisect;
pub mod bz2;
pub mod cmath;
pub mod codecs_;
pub mod collections;
pub mod contextvars;
pub mod csv;
pub mod datetime;
pub mod decimal;
pub mod errno;
pub mod faulthandler;
pub mod fcntl;
mod fcntl_names;
pub mod functools;
pub mod futex;
pub mod gc;
pub mod hashes;
pub mod heapq;
pub mod imp;
pub mod io;
pub mod itertools;
pub mod json;
pub mod locale_;
mod locale_names;
pub mod lzma;
pub mod marshal;
pub mod math;
pub mod mmap;
mod mmap_names;
pub mod multiprocessing;
pub mod opcode;
pub mod operator;
pub mod os_error;
pub mod pickle;
pub mod posix;
pub mod posixsubprocess;
pub mod pwd;
pub mod pyexpat;
pub mod random;
pub mod resource;
pub mod select;
pub mod signal;
pub mod socket;
pub mod sre;
pub mod stat;
pub mod statistics;
pub mod string_;
pub mod struct_;
mod support;
pub mod system;
pub mod termios;
mod termios_names;
pub mod thread;
pub mod time;
pub mod time_calendar;
pub mod tokenize_;
pub mod types_;
pub mod typing_;
pub mod unicodedata;
pub mod weakref;
pub mod zlib;

use taipan_vm::types::module::ModuleDef;

/// Every native module that can be imported (`builtins` and `sys` are made by the runtime).
pub static MODULES: &[&ModuleDef] = &[
    &functools::MODULE,
    &collections::MODULE,
    &itertools::MODULE,
    &abc_::MODULE,
    &codecs_::MODULE,
    &ast_::MODULE,
    &asyncio::MODULE,
    &atexit::MODULE,
    &opcode::MODULE,
    &bisect::MODULE,
    &bz2::MODULE,
    &cmath::MODULE,
    &contextvars::MODULE,
    &csv::MODULE,
    &taipan_vm::exceptions::suggest::MODULE,
    &taipan_vm::exceptions::warnings::MODULE,
    &taipan_vm::tree::symtable::MODULE,
    &types_::MODULE,
    &typing_::MODULE,
    &archive::MODULE,
    &array::MODULE,
    &binascii::MODULE,
    &statistics::MODULE,
    &datetime::MODULE,
    &decimal::MODULE,
    &errno::MODULE,
    &faulthandler::MODULE,
    &fcntl::MODULE,
    &locale_::MODULE,
    &mmap::MODULE,
    &multiprocessing::MODULE,
    &multiprocessing::shmem::MODULE,
    &termios::MODULE,
    &zlib::MODULE,
    &gc::MODULE,
    &pwd::MODULE,
    &pyexpat::MODULE,
    &pwd::grp::MODULE,
    &posixsubprocess::MODULE,
    &resource::MODULE,
    &imp::MODULE,
    &io::MODULE,
    &json::MODULE,
    &lzma::MODULE,
    &marshal::MODULE,
    &hashes::md5_module::MODULE,
    &hashes::sha1_module::MODULE,
    &hashes::sha2_module::MODULE,
    &hashes::sha3_module::MODULE,
    &hashes::blake2_module::MODULE,
    &heapq::MODULE,
    &math::MODULE,
    &operator::MODULE,
    &pickle::MODULE,
    &posix::MODULE,
    &random::MODULE,
    &select::MODULE,
    &signal::MODULE,
    &socket::MODULE,
    &sre::module::MODULE,
    &stat::MODULE,
    &string_::MODULE,
    &struct_::MODULE,
    &thread::MODULE,
    &tokenize_::MODULE,
    &time::MODULE,
    &unicodedata::MODULE,
    &weakref::MODULE,
];

/// Makes the native modules known to an interpreter.
pub fn register(vm: &taipan_vm::Vm) {
    vm.native_modules.borrow_mut().extend_from_slice(MODULES);
    vm.library.set(Some(&archive::Carried));
}

/// A new exception class `module.name`.
pub(crate) fn new_exception(
    th: &mut taipan_vm::Thread,
    full_name: &str,
    base: taipan_vm::Value,
) -> taipan_vm::Result {
    let (module, name) = full_name.rsplit_once('.').unwrap_or(("", full_name));
    let bases = th.new_tuple(&[base]).value();
    let namespace = th.new_dict();
    let module = th.intern(module).value();
    th.dict_set_text(namespace, "__module__", module);
    let name = th.intern(name).value();
    let metaclass = th.vm().ty(taipan_vm::types::T::Type).value();
    th.call(metaclass, &[name, bases, namespace.value()])
}

/// Enters named numbers in a module.
pub(crate) fn enter_numbers(
    th: &mut taipan_vm::Thread,
    m: taipan_vm::Gc<taipan_vm::types::module::Module>,
    numbers: &[(&str, i64)],
) {
    let d = m.namespace();
    for (name, n) in numbers {
        let v = th.int(*n);
        th.dict_set_text(d, name, v);
    }
}

/// Bytes of a bytes-like object, copied. Raises TypeError.
pub(crate) fn buffer_bytes(
    th: &mut taipan_vm::Thread,
    v: taipan_vm::Value,
) -> taipan_vm::Result<Vec<u8>> {
    th.with_buffer(v, |_, b| Ok(b.to_vec()))
}

/// Ends the process at once.
pub(crate) fn exit_now<T>(status: i32) -> T {
    use std::io::Write;
    let _ = std::io::stdout().flush();
    std::process::exit(status)
}
