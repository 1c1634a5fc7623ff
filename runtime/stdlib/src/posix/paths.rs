//! Owners, special files, extended attributes, and paths as texts.

use taipan_vm::object::Gc;
use taipan_vm::types::bytes::Bytes;
use taipan_vm::types::list::List;
use taipan_vm::types::str_::Str;
use taipan_vm::{Result, Thread, Value, pymethods};

use super::args::{DirFd, Id, about, c_path, plain};
use crate::os_error::{FsPath, fs_decode, path_argument};
use crate::system::{Sys, calls};

fn no_symlinks_with_fd(
    th: &mut Thread,
    function: &str,
    p: &FsPath,
    follow: bool,
    dir: i32,
) -> Result<()> {
    if p.fd.is_some() && dir != libc::AT_FDCWD {
        return Err(th.value_error(format!(
            "{function}: can't specify dir_fd without matching path"
        )));
    }
    if p.fd.is_some() && !follow {
        return Err(th.value_error(format!(
            "{function}: cannot use fd and follow_symlinks together"
        )));
    }
    Ok(())
}

/// Reads into a growing buffer until it is large enough.
fn growing(mut f: impl FnMut(&mut [u8]) -> Sys) -> Sys<Vec<u8>> {
    let mut size = 256;
    loop {
        let mut b = vec![0u8; size];
        match f(&mut b) {
            Ok(n) => {
                b.truncate(n as usize);
                return Ok(b);
            }
            Err(libc::ERANGE) if size < 1 << 20 => size *= 16,
            Err(e) => return Err(e),
        }
    }
}

fn path_or_here(th: &mut Thread, path: Option<Value>, function: &str) -> Result<FsPath> {
    match th.not_none(path) {
        Some(v) => path_argument(th, v, function, "path", true),
        None => {
            let v = th.intern(".").value();
            path_argument(th, v, function, "path", true)
        }
    }
}

/// `os.path.normpath` of bytes.
fn normalized(path: &[u8]) -> Vec<u8> {
    if path.is_empty() {
        return b".".to_vec();
    }
    let slashes = path.iter().take_while(|b| **b == b'/').count();
    // Two slashes in front mean something of their own in POSIX; three are one.
    let root: &[u8] = match slashes {
        0 => b"",
        2 => b"//",
        _ => b"/",
    };
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in path.split(|b| *b == b'/') {
        match part {
            b"" | b"." => {}
            b".." => match parts.last() {
                Some(last) if *last != b".." => {
                    parts.pop();
                }
                None if !root.is_empty() => {}
                _ => parts.push(part),
            },
            _ => parts.push(part),
        }
    }
    let mut out = root.to_vec();
    out.extend(parts.join(&b'/'));
    if out.is_empty() {
        out.push(b'.');
    }
    out
}

/// A path's text as bytes, with the kind it had.
fn text_argument(th: &mut Thread, v: Value) -> Result<(Vec<u8>, bool)> {
    if let Some(s) = v.downcast::<Str>() {
        return Ok((s.to_wtf8(), false));
    }
    if let Some(b) = v.downcast::<Bytes>() {
        return Ok((b.as_slice().to_vec(), true));
    }
    let p = path_argument(th, v, "", "path", false)?;
    use std::os::unix::ffi::OsStrExt;
    Ok((p.path.as_os_str().as_bytes().to_vec(), p.bytes))
}

fn text_result(th: &mut Thread, b: &[u8], bytes: bool) -> Value {
    match bytes {
        true => th.new_bytes(b).value(),
        false => th.str_from_wtf8(b).value(),
    }
}

/// The functions hang here.
pub struct Paths;

#[pymethods(table = FUNCTIONS)]
impl Paths {
    /// Change the owner and group id of path to the numeric uid and gid.
    #[pyfunction(sig = "(path, uid, gid, *, dir_fd=None, follow_symlinks=True)")]
    fn chown(
        th: &mut Thread,
        path: Value,
        uid: Id,
        gid: Id,
        dir_fd: DirFd,
        follow_symlinks: Option<bool>,
    ) -> Result<()> {
        let p = path_argument(th, path, "chown", "path", true)?;
        let follow = follow_symlinks.unwrap_or(true);
        no_symlinks_with_fd(th, "chown", &p, follow, dir_fd.0)?;
        let r = match p.fd {
            Some(fd) => calls::fchown(fd, uid.0, gid.0),
            None => {
                let path = c_path(th, &p)?;
                let flags = if follow { 0 } else { libc::AT_SYMLINK_NOFOLLOW };
                calls::fchownat(dir_fd.0, &path, uid.0, gid.0, flags)
            }
        };
        about(th, r, p.given).map(drop)
    }

    /// Change the owner and group id of path to the numeric uid and gid.
    ///
    /// This function will not follow symbolic links.
    /// Equivalent to os.chown(path, uid, gid, follow_symlinks=False).
    #[pyfunction(sig = "(path, uid, gid)")]
    fn lchown(th: &mut Thread, path: Value, uid: Id, gid: Id) -> Result<()> {
        let p = path_argument(th, path, "lchown", "path", false)?;
        let path = c_path(th, &p)?;
        let r = calls::lchown(&path, uid.0, gid.0);
        about(th, r, p.given).map(drop)
    }

    /// Change root directory to path.
    #[pyfunction(sig = "(path)")]
    fn chroot(th: &mut Thread, path: Value) -> Result<()> {
        let p = path_argument(th, path, "chroot", "path", false)?;
        let path = c_path(th, &p)?;
        about(th, calls::chroot(&path), p.given).map(drop)
    }

    /// Use the real uid/gid to test for access to a path.
    #[pyfunction(sig = "(path, mode, *, dir_fd=None, effective_ids=False, follow_symlinks=True)")]
    fn access(
        th: &mut Thread,
        path: Value,
        mode: i32,
        dir_fd: DirFd,
        effective_ids: Option<bool>,
        follow_symlinks: Option<bool>,
    ) -> Result<bool> {
        let p = path_argument(th, path, "access", "path", false)?;
        let path = c_path(th, &p)?;
        let mut flags = 0;
        if effective_ids == Some(true) {
            flags |= libc::AT_EACCESS;
        }
        if follow_symlinks == Some(false) {
            flags |= libc::AT_SYMLINK_NOFOLLOW;
        }
        Ok(match calls::faccessat(dir_fd.0, &path, mode, flags) {
            Err(libc::ENOENT) if crate::archive::unpack(th, &p.path) => {
                calls::faccessat(dir_fd.0, &path, mode, flags).is_ok()
            }
            r => r.is_ok(),
        })
    }

    /// Create a "fifo" (a POSIX named pipe).
    #[pyfunction(sig = "(path, mode=438, *, dir_fd=None)")]
    fn mkfifo(th: &mut Thread, path: Value, mode: Option<u32>, dir_fd: DirFd) -> Result<()> {
        let p = path_argument(th, path, "mkfifo", "path", false)?;
        let path = c_path(th, &p)?;
        let r = calls::mkfifoat(dir_fd.0, &path, mode.unwrap_or(0o666));
        about(th, r, p.given).map(drop)
    }

    /// Create a node in the file system.
    #[pyfunction(sig = "(path, mode=384, device=0, *, dir_fd=None)")]
    fn mknod(
        th: &mut Thread,
        path: Value,
        mode: Option<u32>,
        device: Option<i64>,
        dir_fd: DirFd,
    ) -> Result<()> {
        let p = path_argument(th, path, "mknod", "path", false)?;
        let path = c_path(th, &p)?;
        let (mode, device) = (mode.unwrap_or(0o600), device.unwrap_or(0) as u64);
        about(th, calls::mknodat(dir_fd.0, &path, mode, device), p.given).map(drop)
    }

    /// Extracts a device major number from a raw device number.
    #[pyfunction(sig = "(device, /)")]
    fn major(th: &mut Thread, device: i64) -> Result<i64> {
        match device {
            -1 => Ok(-1),
            d if d < 0 => Err(th.overflow_error("can't convert negative int to unsigned")),
            d => Ok(libc::major(d as u64) as i64),
        }
    }

    /// Extracts a device minor number from a raw device number.
    #[pyfunction(sig = "(device, /)")]
    fn minor(th: &mut Thread, device: i64) -> Result<i64> {
        match device {
            -1 => Ok(-1),
            d if d < 0 => Err(th.overflow_error("can't convert negative int to unsigned")),
            d => Ok(libc::minor(d as u64) as i64),
        }
    }

    /// Composes a raw device number from the major and minor device numbers.
    #[pyfunction(sig = "(major, minor, /)")]
    fn makedev(_: &mut Thread, major: i64, minor: i64) -> i64 {
        match (major, minor) {
            (-1, -1) => -1,
            _ => libc::makedev(major as u32, minor as u32) as i64,
        }
    }

    /// Return the value of extended attribute attribute on path.
    #[pyfunction(sig = "(path, attribute, *, follow_symlinks=True)")]
    fn getxattr(
        th: &mut Thread,
        path: Value,
        attribute: Value,
        follow_symlinks: Option<bool>,
    ) -> Result<Gc<Bytes>> {
        let p = path_argument(th, path, "getxattr", "path", true)?;
        let a = path_argument(th, attribute, "getxattr", "attribute", false)?;
        let follow = follow_symlinks.unwrap_or(true);
        no_symlinks_with_fd(th, "getxattr", &p, follow, libc::AT_FDCWD)?;
        let (c, name) = (c_path(th, &p)?, c_path(th, &a)?);
        let r = growing(|b| match p.fd {
            Some(fd) => calls::fgetxattr(fd, &name, b),
            None if follow => calls::getxattr(&c, &name, b),
            None => calls::lgetxattr(&c, &name, b),
        });
        let v = about(th, r, p.given)?;
        Ok(th.new_bytes(&v))
    }

    /// Set extended attribute attribute on path to value.
    #[pyfunction(sig = "(path, attribute, value, flags=0, *, follow_symlinks=True)")]
    fn setxattr(
        th: &mut Thread,
        path: Value,
        attribute: Value,
        value: Value,
        flags: Option<i32>,
        follow_symlinks: Option<bool>,
    ) -> Result<()> {
        let p = path_argument(th, path, "setxattr", "path", true)?;
        let a = path_argument(th, attribute, "setxattr", "attribute", false)?;
        let value = crate::buffer_bytes(th, value)?;
        let follow = follow_symlinks.unwrap_or(true);
        no_symlinks_with_fd(th, "setxattr", &p, follow, libc::AT_FDCWD)?;
        let (c, name) = (c_path(th, &p)?, c_path(th, &a)?);
        let flags = flags.unwrap_or(0);
        let r = match p.fd {
            Some(fd) => calls::fsetxattr(fd, &name, &value, flags),
            None if follow => calls::setxattr(&c, &name, &value, flags),
            None => calls::lsetxattr(&c, &name, &value, flags),
        };
        about(th, r, p.given).map(drop)
    }

    /// Remove extended attribute attribute on path.
    #[pyfunction(sig = "(path, attribute, *, follow_symlinks=True)")]
    fn removexattr(
        th: &mut Thread,
        path: Value,
        attribute: Value,
        follow_symlinks: Option<bool>,
    ) -> Result<()> {
        let p = path_argument(th, path, "removexattr", "path", true)?;
        let a = path_argument(th, attribute, "removexattr", "attribute", false)?;
        let follow = follow_symlinks.unwrap_or(true);
        no_symlinks_with_fd(th, "removexattr", &p, follow, libc::AT_FDCWD)?;
        let (c, name) = (c_path(th, &p)?, c_path(th, &a)?);
        let r = match p.fd {
            Some(fd) => calls::fremovexattr(fd, &name),
            None if follow => calls::removexattr(&c, &name),
            None => calls::lremovexattr(&c, &name),
        };
        about(th, r, p.given).map(drop)
    }

    /// Return a list of extended attributes on path.
    ///
    /// path may be either None, a string, a path-like object, or an open file descriptor.
    /// if path is None, listxattr will examine the current directory.
    #[pyfunction(sig = "(path=None, *, follow_symlinks=True)")]
    fn listxattr(
        th: &mut Thread,
        path: Option<Value>,
        follow_symlinks: Option<bool>,
    ) -> Result<Gc<List>> {
        let p = path_or_here(th, path, "listxattr")?;
        let follow = follow_symlinks.unwrap_or(true);
        no_symlinks_with_fd(th, "listxattr", &p, follow, libc::AT_FDCWD)?;
        let c = c_path(th, &p)?;
        let r = growing(|b| match p.fd {
            Some(fd) => calls::flistxattr(fd, b),
            None if follow => calls::listxattr(&c, b),
            None => calls::llistxattr(&c, b),
        });
        let names = about(th, r, p.given)?;
        let out = th.new_list();
        for n in names.split(|b| *b == 0).filter(|n| !n.is_empty()) {
            let v = fs_decode(th, n);
            th.list_append(out, v)?;
        }
        Ok(out)
    }

    /// Normalize path, eliminating double slashes, etc.
    #[pyfunction(sig = "(path)")]
    fn _path_normpath(th: &mut Thread, path: Value) -> Result {
        let (b, bytes) = text_argument(th, path)?;
        let n = normalized(&b);
        Ok(text_result(th, &n, bytes))
    }

    /// Split a pathname into drive, root and tail.
    ///
    /// The tail contains anything after the root.
    #[pyfunction(sig = "(p)")]
    fn _path_splitroot_ex(th: &mut Thread, path: Value) -> Result {
        let (b, bytes) = text_argument(th, path)?;
        let slashes = b.iter().take_while(|c| **c == b'/').count();
        let at = match slashes {
            0 => 0,
            2 => 2,
            _ => 1,
        };
        let drive = text_result(th, b"", bytes);
        let root = text_result(th, &b[..at], bytes);
        let tail = text_result(th, &b[at..], bytes);
        Ok(th.new_tuple(&[drive, root, tail]).value())
    }

    /// Change or add an environment variable.
    #[pyfunction(sig = "(name, value, /)")]
    fn putenv(th: &mut Thread, name: Value, value: Value) -> Result<()> {
        let n = path_argument(th, name, "putenv", "name", false)?;
        let v = path_argument(th, value, "putenv", "value", false)?;
        let (n, v) = (c_path(th, &n)?, c_path(th, &v)?);
        if n.as_bytes().contains(&b'=') {
            return Err(th.value_error("illegal environment variable name"));
        }
        plain(th, calls::setenv(&n, Some(&v))).map(drop)
    }

    /// Delete an environment variable.
    #[pyfunction(sig = "(name, /)")]
    fn unsetenv(th: &mut Thread, name: Value) -> Result<()> {
        let n = path_argument(th, name, "unsetenv", "name", false)?;
        let n = c_path(th, &n)?;
        plain(th, calls::setenv(&n, None)).map(drop)
    }

    /// Create the environment dictionary.
    #[pyfunction]
    fn _create_environ(th: &mut Thread) -> Result {
        super::environ(th)
    }

    #[pyfunction]
    fn _inputhook(_: &mut Thread) {}

    #[pyfunction]
    fn _is_inputhook_installed(_: &mut Thread) -> bool {
        false
    }
}
