//! `_pickle`: objects to byte streams and back, protocols 0 to 5.

mod buffer;
mod find;
mod framing;
mod load;
mod opcodes;
mod pickler;
mod reduce;
mod save;
mod source;
mod unpickler;

use taipan_vm::call::Args;
use taipan_vm::object::{Gc, Raised};
use taipan_vm::types::module::Module;
use taipan_vm::types::{ExceptionClass, int};
use taipan_vm::{Result, Thread, Value, pymodule};

use crate::support;

const PICKLING: &str = "_pickle.PicklingError";
const UNPICKLING: &str = "_pickle.UnpicklingError";
const HIGHEST_PROTOCOL: i64 = 5;
const DEFAULT_PROTOCOL: i64 = 5;

#[cold]
fn pickling_error(th: &mut Thread, message: impl AsRef<str>) -> Raised {
    support::raise_own(th, PICKLING, message.as_ref())
}

#[cold]
fn unpickling_error(th: &mut Thread, message: impl AsRef<str>) -> Raised {
    support::raise_own(th, UNPICKLING, message.as_ref())
}

/// The protocol that an argument asks for.
fn protocol(th: &mut Thread, v: Option<Value>) -> Result<i64> {
    let Some(v) = th.not_none(v) else {
        return Ok(DEFAULT_PROTOCOL);
    };
    let n = th.index(v)?;
    match int::to_i64(n) {
        Some(n) if n < 0 => Ok(HIGHEST_PROTOCOL),
        Some(n) if n <= HIGHEST_PROTOCOL => Ok(n),
        _ => Err(th.value_error(format!("pickle protocol must be <= {HIGHEST_PROTOCOL}"))),
    }
}

/// The functions hang here.
pub struct Pickle;

/// Optimized C implementation for the Python pickle module.
#[pymodule(name = "_pickle", types = [pickler::PICKLER_TYPE, unpickler::UNPICKLER_TYPE, buffer::BUFFER_TYPE])]
impl Pickle {
    /// Write a pickled representation of obj to the open file object file.
    #[pyfunction(sig = "(obj, file, protocol=None, *, fix_imports=True, buffer_callback=None)")]
    fn dump(
        th: &mut Thread,
        obj: Value,
        file: Value,
        protocol: Option<Value>,
        fix_imports: Option<bool>,
        buffer_callback: Option<Value>,
    ) -> Result<()> {
        let p = pickler::make(th, None)?;
        p.set_up(th, protocol, fix_imports.unwrap_or(true), buffer_callback)?;
        p.set_file(th, file)?;
        p.dump(th, obj)
    }

    /// Return the pickled representation of the object as a bytes object.
    #[pyfunction(sig = "(obj, protocol=None, *, fix_imports=True, buffer_callback=None)")]
    fn dumps(
        th: &mut Thread,
        obj: Value,
        protocol: Option<Value>,
        fix_imports: Option<bool>,
        buffer_callback: Option<Value>,
    ) -> Result {
        let p = pickler::make(th, None)?;
        p.set_up(th, protocol, fix_imports.unwrap_or(true), buffer_callback)?;
        p.dump(th, obj)?;
        let out = p.output.take();
        match th.try_new_bytes(&out) {
            Some(b) => Ok(b.value()),
            None => Err(th.memory_error()),
        }
    }

    /// Read and return an object from the pickle data stored in a file.
    #[pyfunction(
        sig = "(file, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=())"
    )]
    fn load(
        th: &mut Thread,
        file: Value,
        fix_imports: Option<bool>,
        encoding: Option<Value>,
        errors: Option<Value>,
        buffers: Option<Value>,
    ) -> Result {
        let u = unpickler::make(th, None)?;
        u.set_up(th, fix_imports.unwrap_or(true), encoding, errors, buffers)?;
        u.source.set_file(th, u, file)?;
        load::load(th, u)
    }

    /// Read and return an object from the given pickle data.
    #[pyfunction(
        sig = "(data, /, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=())"
    )]
    fn loads(
        th: &mut Thread,
        data: Value,
        fix_imports: Option<bool>,
        encoding: Option<Value>,
        errors: Option<Value>,
        buffers: Option<Value>,
    ) -> Result {
        let u = unpickler::make(th, None)?;
        u.set_up(th, fix_imports.unwrap_or(true), encoding, errors, buffers)?;
        let bytes = crate::buffer_bytes(th, data)?;
        u.source.set_bytes(bytes);
        load::load(th, u)
    }

    #[pyexec]
    fn exec(th: &mut Thread, m: Gc<Module>) -> Result<()> {
        let dict = m.namespace();
        let exception = th.vm().exception_class(ExceptionClass::Exception).value();
        let base = support::exception_class(
            th,
            "_pickle.PickleError",
            "_pickle",
            "PickleError",
            exception,
        )?;
        th.dict_set_text(dict, "PickleError", base);
        for (key, name) in [(PICKLING, "PicklingError"), (UNPICKLING, "UnpicklingError")] {
            let class = support::exception_class(th, key, "_pickle", name, base)?;
            th.dict_set_text(dict, name, class);
        }
        Ok(())
    }
}

/// A call with positional arguments of a tuple.
fn call_with(th: &mut Thread, f: Value, args: &[Value]) -> Result {
    th.call_args(f, Args::positional(args))
}
