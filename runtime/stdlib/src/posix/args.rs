//! Kinds of arguments: descriptors, users, paths with a directory.

use taipan_vm::call::{ArgContext, FromArg};
use taipan_vm::{Result, Thread, Value};

use crate::os_error::{FsPath, raise};
use crate::system::Sys;

/// A descriptor: an int, or an object with `fileno()`.
#[derive(Clone, Copy, Debug)]
pub struct Fd(pub i32);

/// The descriptor of an object. Raises TypeError, ValueError, OverflowError.
pub fn descriptor(th: &mut Thread, v: Value) -> Result<i32> {
    let n = if th.class_of(v).slots().index.is_some() {
        v
    } else {
        match th.get_attr_str_option(v, "fileno")? {
            Some(f) => {
                let n = th.call(f, &[])?;
                if n.as_int().is_none() && th.class_of(n).slots().index.is_none() {
                    return Err(th.type_error("fileno() returned a non-integer"));
                }
                n
            }
            None => {
                return Err(th.type_error("argument must be an int, or have a fileno() method."));
            }
        }
    };
    let n = th.index_i64(n, "Python int too large to convert to C int")?;
    if n < 0 {
        return Err(th.value_error(format!(
            "file descriptor cannot be a negative integer ({n})"
        )));
    }
    match i32::try_from(n) {
        Ok(n) => Ok(n),
        Err(_) => Err(th.overflow_error("Python int too large to convert to C int")),
    }
}

impl FromArg for Fd {
    fn from_arg(th: &mut Thread, c: ArgContext, v: Option<Value>) -> Result<Self> {
        let v = Value::from_arg(th, c, v)?;
        descriptor(th, v).map(Fd)
    }
}

/// A user's or group's number; -1 for "leave it".
#[derive(Clone, Copy, Debug)]
pub struct Id(pub u32);

/// A user's or group's number from an object.
pub fn id(th: &mut Thread, v: Value, what: &str) -> Result<u32> {
    if th.class_of(v).slots().index.is_none() {
        let got = th.type_name(v);
        return Err(th.type_error(format!("{what} should be integer, not {got}")));
    }
    let i = th.index(v)?;
    match taipan_vm::types::int::to_i64(i) {
        Some(n) if (-1..u32::MAX as i64 + 1).contains(&n) => Ok(n as u32),
        Some(n) if n < 0 => Err(th.overflow_error(format!("{what} is less than minimum"))),
        None if taipan_vm::types::int::is_negative(i) => {
            Err(th.overflow_error(format!("{what} is less than minimum")))
        }
        _ => Err(th.overflow_error(format!("{what} is greater than maximum"))),
    }
}

impl FromArg for Id {
    fn from_arg(th: &mut Thread, c: ArgContext, v: Option<Value>) -> Result<Self> {
        let v = Value::from_arg(th, c, v)?;
        let name = c.signature.params.get(c.index).map_or("", |p| p.name);
        let what = if name.contains("gid") { "gid" } else { "uid" };
        id(th, v, what).map(Id)
    }
}

/// A directory's descriptor; AT_FDCWD for None.
#[derive(Clone, Copy, Debug)]
pub struct DirFd(pub i32);

impl FromArg for DirFd {
    fn from_arg(th: &mut Thread, _: ArgContext, v: Option<Value>) -> Result<Self> {
        let Some(v) = th.not_none(v) else {
            return Ok(DirFd(libc::AT_FDCWD));
        };
        if th.class_of(v).slots().index.is_none() {
            let got = th.type_name(v);
            return Err(th.type_error(format!("argument should be integer or None, not {got}")));
        }
        let n = th.index_i64(v, "fd is greater than maximum")?;
        match i32::try_from(n) {
            Ok(n) => Ok(DirFd(n)),
            Err(_) if n < 0 => Err(th.overflow_error("fd is less than minimum")),
            Err(_) => Err(th.overflow_error("fd is greater than maximum")),
        }
    }
}

/// The result of a call that concerns no file.
pub fn plain<T>(th: &mut Thread, r: Sys<T>) -> Result<T> {
    r.map_err(|e| raise(th, e, None, None))
}

/// The result of a call that concerns a file.
pub fn about<T>(th: &mut Thread, r: Sys<T>, file: Value) -> Result<T> {
    r.map_err(|e| raise(th, e, Some(file), None))
}

/// A path as a C string.
pub fn c_path(th: &mut Thread, p: &FsPath) -> Result<std::ffi::CString> {
    let r = crate::system::c_path(&p.path);
    about(th, r, p.given)
}

/// Calls a blocking function without the interpreter's lock, again after each signal that was
/// served.
pub fn retried<T>(th: &mut Thread, mut f: impl FnMut() -> Sys<T>) -> Result<T> {
    loop {
        match th.without_lock(&mut f) {
            Ok(v) => {
                return Ok(v);
            }
            Err(libc::EINTR) => th.poll()?,
            Err(e) => return Err(raise(th, e, None, None)),
        }
    }
}
