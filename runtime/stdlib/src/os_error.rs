//! System errors as OSError and its subclasses, and paths from Python to the system.

use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;

use taipan_vm::types::ExceptionClass;
use taipan_vm::types::bytes::Bytes;
use taipan_vm::types::str_::{Str, push_wtf8};
use taipan_vm::{Raised, Result, Thread, Value};

/// The system's text for an error number.
pub fn strerror(errno: i32) -> String {
    let text = io::Error::from_raw_os_error(errno).to_string();
    match text.rfind(" (os error") {
        Some(i) => text[..i].to_string(),
        None => text,
    }
}

/// The class of an error number.
pub fn class_of(errno: i32) -> ExceptionClass {
    use ExceptionClass::*;
    match errno {
        libc::EAGAIN | libc::EALREADY | libc::EINPROGRESS => BlockingIOError,
        libc::EPIPE | libc::ESHUTDOWN => BrokenPipeError,
        libc::ECHILD => ChildProcessError,
        libc::ECONNABORTED => ConnectionAbortedError,
        libc::ECONNREFUSED => ConnectionRefusedError,
        libc::ECONNRESET => ConnectionResetError,
        libc::EEXIST => FileExistsError,
        libc::ENOENT => FileNotFoundError,
        libc::EISDIR => IsADirectoryError,
        libc::ENOTDIR => NotADirectoryError,
        libc::EINTR => InterruptedError,
        libc::EACCES | libc::EPERM => PermissionError,
        libc::ESRCH => ProcessLookupError,
        libc::ETIMEDOUT => TimeoutError,
        _ => OSError,
    }
}

/// Raises OSError (or the subclass for the number), with up to two file names.
pub fn raise(th: &mut Thread, errno: i32, file: Option<Value>, file2: Option<Value>) -> Raised {
    let (n, text) = (th.int(errno as i64), th.new_str(&strerror(errno)).value());
    let class = class_of(errno);
    match (file, file2) {
        (Some(f), Some(g)) => {
            let none = th.none();
            th.raise_with(class, &[n, text, f, none, g])
        }
        (Some(f), None) => th.raise_with(class, &[n, text, f]),
        _ => th.raise_with(class, &[n, text]),
    }
}

/// Raises the exception for an error of std::io.
pub fn raise_io(th: &mut Thread, e: &io::Error, file: Option<Value>) -> Raised {
    raise(th, e.raw_os_error().unwrap_or(libc::EIO), file, None)
}

/// Bytes of a str in the file system's encoding: UTF-8 with surrogateescape. Raises
/// UnicodeEncodeError for other surrogates.
pub fn fs_encode(th: &mut Thread, s: &Str) -> Result<Vec<u8>> {
    let mut out = Vec::with_capacity(s.len());
    for (i, c) in s.code_points().enumerate() {
        match c {
            0xDC80..=0xDCFF => out.push(c as u8),
            0xD800..=0xDFFF => {
                let text: Vec<u32> = s.code_points().collect();
                let object = th.str_from_code_points(&text).value();
                let (enc, why) = (
                    th.new_str("utf-8").value(),
                    th.new_str("surrogates not allowed").value(),
                );
                let (a, b) = (th.int(i as i64), th.int(i as i64 + 1));
                return Err(th.raise_with(
                    ExceptionClass::UnicodeEncodeError,
                    &[enc, object, a, b, why],
                ));
            }
            c => push_wtf8(&mut out, c),
        }
    }
    Ok(out)
}

/// A str from the file system's bytes.
pub fn fs_decode(th: &mut Thread, bytes: &[u8]) -> Value {
    if let Ok(s) = std::str::from_utf8(bytes) {
        return th.new_str(s).value();
    }
    let mut points = Vec::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        points.extend(chunk.valid().chars().map(|c| c as u32));
        points.extend(chunk.invalid().iter().map(|b| 0xDC00 + *b as u32));
    }
    th.str_from_code_points(&points).value()
}

/// A path argument: its bytes, and whether results are bytes too.
#[derive(Clone, Debug)]
pub struct FsPath {
    /// For the system.
    pub path: PathBuf,
    /// What was given, for errors.
    pub given: Value,
    /// Was it bytes?
    pub bytes: bool,
    /// A file descriptor in place of a path.
    pub fd: Option<i32>,
}

/// A path from str, bytes, or an object with `__fspath__`; a descriptor where `fd_allowed`.
/// Raises TypeError, ValueError for a null character.
pub fn path_argument(
    th: &mut Thread,
    v: Value,
    function: &str,
    name: &str,
    fd_allowed: bool,
) -> Result<FsPath> {
    let mut x = v;
    if fd_allowed
        && (x.is_int()
            || (x.downcast::<Str>().is_none()
                && x.downcast::<Bytes>().is_none()
                && th.class_of(x).slots().index.is_some()))
    {
        let fd = th.index_i64(x, "fd is greater than maximum")?;
        return Ok(FsPath {
            path: PathBuf::new(),
            given: v,
            bytes: false,
            fd: Some(fd as i32),
        });
    }
    for _ in 0..2 {
        let bytes = if let Some(s) = x.downcast::<Str>() {
            Some((fs_encode(th, &s)?, false))
        } else {
            x.downcast::<Bytes>().map(|b| (b.as_slice().to_vec(), true))
        };
        if let Some((raw, bytes)) = bytes {
            if raw.contains(&0) {
                let p = if function.is_empty() {
                    String::new()
                } else {
                    format!("{function}: ")
                };
                return Err(th.value_error(format!(
                    "{p}embedded null {} in {name}",
                    if bytes { "byte" } else { "character" }
                )));
            }
            return Ok(FsPath {
                path: PathBuf::from(OsStr::from_bytes(&raw)),
                given: v,
                bytes,
                fd: None,
            });
        }
        let key = th.intern("__fspath__");
        match th.call_special(x, key, &[])? {
            Some(r) => x = r,
            None => break,
        }
    }
    let got = th.type_name(v);
    let kinds = if fd_allowed {
        "string, bytes, os.PathLike or integer"
    } else {
        "string, bytes or os.PathLike"
    };
    let p = if function.is_empty() {
        String::new()
    } else {
        format!("{function}: ")
    };
    Err(th.type_error(format!("{p}{name} should be {kinds}, not {got}")))
}

/// Text from the system, as str or bytes.
pub fn text(th: &mut Thread, s: &OsStr, bytes: bool) -> Value {
    if bytes {
        th.new_bytes(s.as_bytes()).value()
    } else {
        fs_decode(th, s.as_bytes())
    }
}

/// As [`text`], of an owned string.
pub fn text_owned(th: &mut Thread, s: std::ffi::OsString, bytes: bool) -> Value {
    let v = s.into_vec();
    text(th, OsStr::from_bytes(&v), bytes)
}
