//! System calls as safe functions. Everything here takes numbers, slices and C strings and gives
//! a result or an error number; nothing here knows Python objects.
#![allow(unsafe_code)]

pub mod calls;
pub mod deflate;
pub mod exec;
pub mod locale;
pub mod memory;
pub mod signals;
pub mod sockets;
pub mod users;

use std::ffi::CString;

/// What a system call gives: a result, or an error number.
pub type Sys<T = i64> = std::result::Result<T, i32>;

/// The calling thread's error number.
pub fn errno() -> i32 {
    std::io::Error::last_os_error().raw_os_error().unwrap_or(0)
}

/// Turns -1 into the error number.
pub fn checked(r: i64) -> Sys {
    if r == -1 { Err(errno()) } else { Ok(r) }
}

/// Turns a result that is itself an error number into one.
pub fn numbered(r: i32) -> Sys<()> {
    if r == 0 { Ok(()) } else { Err(r) }
}

/// A C string; EINVAL for text with a null in it.
pub fn c_string(bytes: &[u8]) -> Sys<CString> {
    CString::new(bytes).map_err(|_| libc::EINVAL)
}

/// A C string of a path.
pub fn c_path(path: &std::path::Path) -> Sys<CString> {
    use std::os::unix::ffi::OsStrExt;
    c_string(path.as_os_str().as_bytes())
}
