//! `marshal`: CPython's format, versions 0 to 5, except that a code object is carried as its
//! length and the payload of a `.pyc` file ([`taipan_bytecode::pyc`]), which has a checksum and is
//! verified when it is read.

mod read;
mod write;

use taipan_vm::object::{Gc, Result, Value};
use taipan_vm::types::bytes::Bytes;
use taipan_vm::types::module::Module;
use taipan_vm::{Thread, pymodule};

/// `marshal.version`
const VERSION: i64 = 5;
/// Nesting at which both directions give up.
const MAX_DEPTH: u32 = 2000;
/// Marks an object that later references may name.
const FLAG_REF: u8 = 0x80;

/// A value in the newest version.
pub(crate) fn dump_bytes(th: &mut Thread, value: Value) -> Result<Vec<u8>> {
    let mut w = write::Writer::new(VERSION, true);
    w.object(th, value, 0)?;
    Ok(w.out)
}

/// The value of some bytes.
pub(crate) fn load_bytes(th: &mut Thread, data: &[u8]) -> Result {
    read::Reader::new(read::Source::Bytes(data, 0), true).value(th)
}

/// The module `marshal`.
pub struct Marshal;

/// This module contains functions that can read and write Python values in
/// a binary format.
#[pymodule(name = "marshal")]
impl Marshal {
    /// Write the value on the open file.
    ///
    ///   value
    ///     Must be a supported type.
    ///   file
    ///     Must be a writeable binary file.
    ///   version
    ///     Indicates the data format that dump should use.
    ///   allow_code
    ///     Allow to write code objects.
    #[pyfunction(sig = "(value, file, version=5, /, *, allow_code=True)")]
    fn dump(
        th: &mut Thread,
        value: Value,
        file: Value,
        version: Option<i64>,
        allow_code: Option<bool>,
    ) -> Result {
        let bytes = Self::dumps(th, value, version, allow_code)?;
        th.call_method_str(file, "write", &[bytes.value()])
    }

    /// Return the bytes object that would be written to a file by dump(value, file).
    ///
    ///   value
    ///     Must be a supported type.
    ///   version
    ///     Indicates the data format that dumps should use.
    ///   allow_code
    ///     Allow to write code objects.
    #[pyfunction(sig = "(value, version=5, /, *, allow_code=True)")]
    fn dumps(
        th: &mut Thread,
        value: Value,
        version: Option<i64>,
        allow_code: Option<bool>,
    ) -> Result<Gc<Bytes>> {
        let mut w = write::Writer::new(version.unwrap_or(VERSION), allow_code != Some(false));
        w.object(th, value, 0)?;
        Ok(th.new_bytes(&w.out))
    }

    /// Read one value from the open file and return it.
    ///
    ///   file
    ///     Must be readable binary file.
    ///   allow_code
    ///     Allow to load code objects.
    ///
    /// If no valid value is read (e.g. because the data has a different Python
    /// version's incompatible marshal format), raise EOFError, ValueError or
    /// TypeError.
    #[pyfunction(sig = "(file, /, *, allow_code=True)")]
    fn load(th: &mut Thread, file: Value, allow_code: Option<bool>) -> Result {
        read::Reader::new(read::Source::File(file), allow_code != Some(false)).value(th)
    }

    /// Convert the bytes-like object to a value.
    ///
    ///   allow_code
    ///     Allow to load code objects.
    ///
    /// If no valid value is found, raise EOFError, ValueError or TypeError.  Extra
    /// bytes in the input are ignored.
    #[pyfunction(sig = "(bytes, /, *, allow_code=True)")]
    fn loads(th: &mut Thread, bytes: Value, allow_code: Option<bool>) -> Result {
        let data = crate::buffer_bytes(th, bytes)?;
        let source = read::Source::Bytes(&data, 0);
        read::Reader::new(source, allow_code != Some(false)).value(th)
    }

    #[pyexec]
    fn exec(th: &mut Thread, m: Gc<Module>) -> Result<()> {
        let v = th.int(VERSION);
        th.set_attr_str(m.value(), "version", v)
    }
}
