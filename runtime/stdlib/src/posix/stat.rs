//! `stat` and its kin.

use std::path::Path;

use rustix::fs::{AtFlags, CWD};
use taipan_vm::types::structseq::StructDef;
use taipan_vm::{Result, Thread, Value, pymethods};

use super::fail;
use crate::os_error::{FsPath, path_argument};

/// `os.stat_result`
pub static STAT_RESULT: StructDef = StructDef {
    name: "stat_result",
    module: "os",
    doc: "stat_result: Result from stat, fstat, or lstat.",
    fields: &[
        "st_mode",
        "st_ino",
        "st_dev",
        "st_nlink",
        "st_uid",
        "st_gid",
        "st_size",
        "",
        "",
        "",
        "st_atime",
        "st_mtime",
        "st_ctime",
        "st_atime_ns",
        "st_mtime_ns",
        "st_ctime_ns",
        "st_blksize",
        "st_blocks",
        "st_rdev",
    ],
    visible: 10,
    constructible: true,
};

/// `os.statvfs_result`
pub static STATVFS_RESULT: StructDef = StructDef {
    name: "statvfs_result",
    module: "os",
    doc: "statvfs_result: Result from statvfs or fstatvfs.",
    fields: &[
        "f_bsize",
        "f_frsize",
        "f_blocks",
        "f_bfree",
        "f_bavail",
        "f_files",
        "f_ffree",
        "f_favail",
        "f_flag",
        "f_namemax",
        "f_fsid",
    ],
    visible: 10,
    constructible: true,
};

fn result(th: &mut Thread, s: &rustix::fs::Stat) -> Result {
    let times = [
        (s.st_atime, s.st_atime_nsec),
        (s.st_mtime, s.st_mtime_nsec),
        (s.st_ctime, s.st_ctime_nsec),
    ];
    let mut v = Vec::with_capacity(19);
    let numbers = [
        s.st_mode as i128,
        s.st_ino as i128,
        s.st_dev as i128,
        s.st_nlink as i128,
        s.st_uid as i128,
        s.st_gid as i128,
        s.st_size as i128,
        times[0].0 as i128,
        times[1].0 as i128,
        times[2].0 as i128,
    ];
    v.extend(numbers.map(Number::Int));
    v.extend(times.map(|(t, n)| Number::Float(t as f64 + n as f64 * 1e-9)));
    v.extend(times.map(|(t, n)| Number::Int(t as i128 * 1_000_000_000 + n as i128)));
    v.extend([s.st_blksize as i128, s.st_blocks as i128, s.st_rdev as i128].map(Number::Int));
    let out = taipan_vm::ValueVec::new();
    for n in v {
        let x = match n {
            Number::Int(i) => taipan_vm::types::int::from_i128(th, i),
            Number::Float(f) => th.float(f),
        };
        th.push(&out, x)?;
    }
    th.new_struct(&STAT_RESULT, out.as_slice())
}

enum Number {
    Int(i128),
    Float(f64),
}

/// Stat of a path or descriptor.
pub fn stat_path(th: &mut Thread, p: &FsPath, follow: bool, dir: Option<Value>) -> Result {
    crate::io::flush_all(th);
    if p.fd.is_some() && th.not_none(dir).is_some() {
        return Err(th.value_error("stat: can't specify dir_fd without matching path"));
    }
    if p.fd.is_some() && !follow {
        return Err(th.value_error("stat: cannot use fd and follow_symlinks together"));
    }
    let look = |th: &mut Thread| match p.fd {
        Some(fd) => Err(fstat(th, fd, Some(p.given))),
        None => Ok({
            let flags = if follow {
                AtFlags::empty()
            } else {
                AtFlags::SYMLINK_NOFOLLOW
            };
            match th.not_none(dir) {
                Some(d) => match th.index_i64(d, "fd is greater than maximum") {
                    Ok(fd) => {
                        super::files::with_fd(fd as i32, |f| rustix::fs::statat(f, &p.path, flags))
                    }
                    Err(e) => return Err(Err(e)),
                },
                None => rustix::fs::statat(CWD, &p.path, flags),
            }
        }),
    };
    let mut r = look(th);
    if matches!(r, Ok(Err(rustix::io::Errno::NOENT))) && crate::archive::unpack(th, &p.path) {
        r = look(th);
    }
    match r {
        Ok(Ok(s)) => result(th, &s),
        Ok(Err(e)) => Err(fail(th, e, Some(p.given))),
        Err(done) => done,
    }
}

fn fstat(th: &mut Thread, fd: i32, given: Option<Value>) -> Result {
    if fd < 0 {
        return Err(fail(th, rustix::io::Errno::BADF, given));
    }
    match super::files::with_fd(fd, |f| rustix::fs::fstat(f)) {
        Ok(s) => result(th, &s),
        Err(e) => Err(fail(th, e, given)),
    }
}

/// The functions hang here.
pub struct Stat;

#[pymethods(table = FUNCTIONS)]
impl Stat {
    /// Perform a stat system call on the given path.
    #[pyfunction(sig = "(path, *, dir_fd=None, follow_symlinks=True)")]
    fn stat(
        th: &mut Thread,
        path: Value,
        dir_fd: Option<Value>,
        follow_symlinks: Option<bool>,
    ) -> Result {
        let p = path_argument(th, path, "stat", "path", true)?;
        stat_path(th, &p, follow_symlinks.unwrap_or(true), dir_fd)
    }

    /// Perform a stat system call on the given path, without following symbolic links.
    #[pyfunction(sig = "(path, *, dir_fd=None)")]
    fn lstat(th: &mut Thread, path: Value, dir_fd: Option<Value>) -> Result {
        let p = path_argument(th, path, "lstat", "path", false)?;
        stat_path(th, &p, false, dir_fd)
    }

    /// Perform a stat system call on the given file descriptor.
    #[pyfunction(sig = "(fd)")]
    fn fstat(th: &mut Thread, fd: i32) -> Result {
        fstat(th, fd, None)
    }

    /// Perform a statvfs system call on the given path.
    #[pyfunction(sig = "(path)")]
    fn statvfs(th: &mut Thread, path: Value) -> Result {
        let p = path_argument(th, path, "statvfs", "path", true)?;
        let s = match p.fd {
            Some(fd) => super::files::with_fd(fd, |f| rustix::fs::fstatvfs(f)),
            None => rustix::fs::statvfs(&p.path),
        };
        match s {
            Ok(s) => {
                let flags = s.f_flag.bits();
                let all = [
                    s.f_bsize,
                    s.f_frsize,
                    s.f_blocks,
                    s.f_bfree,
                    s.f_bavail,
                    s.f_files,
                    s.f_ffree,
                    s.f_favail,
                    flags,
                    s.f_namemax,
                    s.f_fsid,
                ];
                let out = taipan_vm::ValueVec::new();
                for n in all {
                    let v = th.int_from_u64(n);
                    th.push(&out, v)?;
                }
                th.new_struct(&STATVFS_RESULT, out.as_slice())
            }
            Err(e) => Err(fail(th, e, Some(path))),
        }
    }

    /// Does the path exist?
    #[pyfunction(sig = "(path)")]
    fn _path_exists(th: &mut Thread, path: Value) -> Result<bool> {
        test(th, path, |_| true)
    }

    /// Does the path exist, as a link or otherwise?
    #[pyfunction(sig = "(path)")]
    fn _path_lexists(th: &mut Thread, path: Value) -> Result<bool> {
        match path_argument(th, path, "", "path", true) {
            Ok(p) => Ok(rustix::fs::lstat(&p.path).is_ok()),
            Err(e) => swallow(th, e),
        }
    }

    /// Is it a directory?
    #[pyfunction(sig = "(s)")]
    fn _path_isdir(th: &mut Thread, s: Value) -> Result<bool> {
        test(th, s, |m| m & 0o170000 == 0o040000)
    }

    /// Is it a regular file?
    #[pyfunction(sig = "(path)")]
    fn _path_isfile(th: &mut Thread, path: Value) -> Result<bool> {
        test(th, path, |m| m & 0o170000 == 0o100000)
    }

    /// Is it a symbolic link?
    #[pyfunction(sig = "(path)")]
    fn _path_islink(th: &mut Thread, path: Value) -> Result<bool> {
        match path_argument(th, path, "", "path", true) {
            Ok(p) => Ok(rustix::fs::lstat(&p.path).is_ok_and(|s| s.st_mode & 0o170000 == 0o120000)),
            Err(e) => swallow(th, e),
        }
    }
}

fn swallow(th: &mut Thread, e: taipan_vm::Raised) -> Result<bool> {
    if th.pending_matches(taipan_vm::types::ExceptionClass::ValueError) {
        th.clear_pending();
        return Ok(false);
    }
    Err(e)
}

fn test(th: &mut Thread, v: Value, f: fn(u32) -> bool) -> Result<bool> {
    match path_argument(th, v, "", "path", true) {
        Ok(p) => {
            let s = match p.fd {
                Some(fd) if fd < 0 => return Ok(false),
                Some(fd) => super::files::with_fd(fd, |f| rustix::fs::fstat(f)),
                None => match rustix::fs::stat(Path::new(&p.path)) {
                    Err(rustix::io::Errno::NOENT) if crate::archive::unpack(th, &p.path) => {
                        rustix::fs::stat(Path::new(&p.path))
                    }
                    r => r,
                },
            };
            Ok(s.is_ok_and(|s| f(s.st_mode)))
        }
        Err(e) => swallow(th, e),
    }
}
