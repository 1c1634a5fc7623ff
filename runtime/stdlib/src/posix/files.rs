//! Files and directories.

use std::cell::RefCell;
use std::os::fd::{BorrowedFd, IntoRawFd, RawFd};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use rustix::fs::{AtFlags, CWD, Mode, OFlags, Timespec, Timestamps};
use taipan_vm::object::{Gc, NativeHeader, Slot};
use taipan_vm::types::bytes::Bytes;
use taipan_vm::types::list::List;
use taipan_vm::types::str_::Str;
use taipan_vm::{NativeObject, Result, Thread, Value, pymethods, pytype};

use super::fail;
use super::stat::stat_path;
use crate::os_error::{FsPath, path_argument, raise, raise_io, text, text_owned};

/// Calls `f` with a borrowed descriptor.
pub fn with_fd<R>(
    fd: RawFd,
    f: impl FnOnce(BorrowedFd<'_>) -> std::result::Result<R, rustix::io::Errno>,
) -> std::result::Result<R, rustix::io::Errno> {
    if fd < 0 {
        return Err(rustix::io::Errno::BADF);
    }
    borrow(fd, f)
}

#[allow(unsafe_code)]
fn borrow<R>(fd: RawFd, f: impl FnOnce(BorrowedFd<'_>) -> R) -> R {
    // SAFETY: the number is not -1 and is only used for system calls, which check it; Python code
    // owns its descriptors by number, so a stale one is the program's error, not memory unsafety.
    f(unsafe { BorrowedFd::borrow_raw(fd) })
}

fn unit(
    th: &mut Thread,
    r: std::result::Result<(), rustix::io::Errno>,
    file: Option<Value>,
) -> Result<()> {
    match r {
        Ok(()) => Ok(()),
        Err(e) => Err(fail(th, e, file)),
    }
}

fn io(th: &mut Thread, r: std::io::Result<()>, file: Value) -> Result<()> {
    match r {
        Ok(()) => Ok(()),
        Err(e) => Err(raise_io(th, &e, Some(file))),
    }
}

fn dir_fd(th: &mut Thread, d: Option<Value>) -> Result<Option<i32>> {
    match th.not_none(d) {
        Some(d) if th.class_of(d).slots().index.is_none() => {
            let got = th.type_name(d);
            Err(th.type_error(format!("argument should be integer or None, not {got}")))
        }
        Some(d) => th
            .index_i64(d, "fd is greater than maximum")
            .map(|i| Some(i as i32)),
        None => Ok(None),
    }
}

fn at<R>(
    fd: Option<i32>,
    f: impl FnOnce(BorrowedFd<'_>) -> std::result::Result<R, rustix::io::Errno>,
) -> std::result::Result<R, rustix::io::Errno> {
    match fd {
        Some(fd) => with_fd(fd, f),
        None => f(CWD),
    }
}

/// An entry of a directory, as `scandir` gives it.
#[repr(C)]
#[derive(NativeObject)]
pub struct DirEntry {
    head: NativeHeader,
    name: Value,
    path: Value,
    stat: Slot,
    lstat: Slot,
    #[notrace]
    full: PathBuf,
    #[notrace]
    kind: Option<std::fs::FileType>,
    #[notrace]
    inode: u64,
}

#[pytype(name = "DirEntry", module = "posix", table = DIR_ENTRY_TYPE)]
impl DirEntry {
    /// the entry's base filename, relative to scandir() "path" argument
    #[pygetter]
    fn name(_: &mut Thread, this: Gc<DirEntry>) -> Value {
        this.name
    }

    /// the entry's full path name; equivalent to os.path.join(scandir_path, entry.name)
    #[pygetter]
    fn path(_: &mut Thread, this: Gc<DirEntry>) -> Value {
        this.path
    }

    #[pymethod]
    fn inode(_: &mut Thread, this: Gc<DirEntry>) -> u64 {
        this.inode
    }

    #[pymethod]
    fn __fspath__(_: &mut Thread, this: Gc<DirEntry>) -> Value {
        this.path
    }

    #[pymethod(sig = "(*, follow_symlinks=True)")]
    fn is_dir(_: &mut Thread, this: Gc<DirEntry>, follow_symlinks: Option<bool>) -> bool {
        this.kind_is(follow_symlinks.unwrap_or(true), |t| t.is_dir())
    }

    #[pymethod(sig = "(*, follow_symlinks=True)")]
    fn is_file(_: &mut Thread, this: Gc<DirEntry>, follow_symlinks: Option<bool>) -> bool {
        this.kind_is(follow_symlinks.unwrap_or(true), |t| t.is_file())
    }

    #[pymethod]
    fn is_symlink(_: &mut Thread, this: Gc<DirEntry>) -> bool {
        this.kind.is_some_and(|k| k.is_symlink())
    }

    #[pymethod]
    fn is_junction(_: &mut Thread, _this: Gc<DirEntry>) -> bool {
        false
    }

    #[pymethod(sig = "(*, follow_symlinks=True)")]
    fn stat(th: &mut Thread, this: Gc<DirEntry>, follow_symlinks: Option<bool>) -> Result {
        let follow = follow_symlinks.unwrap_or(true);
        let slot = if follow { &this.stat } else { &this.lstat };
        if let Some(s) = slot.get() {
            return Ok(s);
        }
        let p = FsPath {
            path: this.full.clone(),
            given: this.path,
            bytes: false,
            fd: None,
        };
        let s = stat_path(th, &p, follow, None)?;
        slot.set(this.header(), s);
        Ok(s)
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let Some(e) = this.downcast::<DirEntry>() else {
            return Ok(this);
        };
        let n = th.repr(e.name)?.to_string_lossy();
        Ok(th.new_str(&format!("<DirEntry {n}>")).value())
    }
}

impl DirEntry {
    fn kind_is(&self, follow: bool, f: impl Fn(&std::fs::FileType) -> bool) -> bool {
        match self.kind {
            Some(k) if !(follow && k.is_symlink()) => f(&k),
            _ => std::fs::metadata(&self.full).is_ok_and(|m| f(&m.file_type())),
        }
    }
}

/// The iterator of `scandir`.
#[repr(C)]
#[derive(NativeObject)]
pub struct ScanDir {
    head: NativeHeader,
    #[notrace]
    entries: RefCell<Option<std::fs::ReadDir>>,
    #[notrace]
    bytes: bool,
    #[notrace]
    prefix: Option<PathBuf>,
}

#[pytype(name = "ScandirIterator", module = "posix", table = SCANDIR_TYPE)]
impl ScanDir {
    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        let Some(s) = this.downcast::<ScanDir>() else {
            return Ok(None);
        };
        let next = s.entries.borrow_mut().as_mut().and_then(|e| e.next());
        let entry = match next {
            None => {
                s.entries.take();
                return Ok(None);
            }
            Some(Ok(e)) => e,
            Some(Err(e)) => return Err(raise_io(th, &e, None)),
        };
        use std::os::unix::fs::DirEntryExt;
        let name = entry.file_name();
        let full = entry.path();
        let shown = match &s.prefix {
            Some(p) => p.join(&name),
            None => PathBuf::from(&name),
        };
        let n = text(th, &name, s.bytes);
        let p = text(th, shown.as_os_str(), s.bytes);
        let (kind, inode) = (entry.file_type().ok(), entry.ino());
        let e = th.new_native(&DIR_ENTRY_TYPE, |head| DirEntry {
            head,
            name: n,
            path: p,
            stat: Slot::empty(),
            lstat: Slot::empty(),
            full,
            kind,
            inode,
        });
        Ok(Some(e.value()))
    }

    #[pymethod]
    fn close(_: &mut Thread, this: Gc<ScanDir>) {
        this.entries.take();
    }

    #[pymethod]
    fn __enter__(_: &mut Thread, this: Gc<ScanDir>) -> Value {
        this.value()
    }

    #[pymethod(sig = "(*exc_info)")]
    fn __exit__(_: &mut Thread, this: Gc<ScanDir>, _exc: taipan_vm::call::VarArgs) {
        this.entries.take();
    }
}

fn directory(
    th: &mut Thread,
    path: Option<Value>,
    function: &str,
) -> Result<(FsPath, Option<PathBuf>)> {
    match th.not_none(path) {
        Some(v) => {
            let p = path_argument(th, v, function, "path", true)?;
            if let Some(fd) = p.fd {
                let path = PathBuf::from(format!("/proc/self/fd/{fd}"));
                return Ok((FsPath { path, ..p }, None));
            }
            let shown = p.path.clone();
            Ok((p, Some(shown)))
        }
        None => {
            let given = th.intern(".").value();
            Ok((
                FsPath {
                    path: ".".into(),
                    given,
                    bytes: false,
                    fd: None,
                },
                Some(PathBuf::from(".")),
            ))
        }
    }
}

/// The functions hang here.
pub struct Files;

#[pymethods(table = FUNCTIONS)]
impl Files {
    /// Return a list containing the names of the files in the directory.
    #[pyfunction(sig = "(path=None)")]
    fn listdir(th: &mut Thread, path: Option<Value>) -> Result<Gc<List>> {
        let (p, _) = directory(th, path, "listdir")?;
        crate::archive::unpack_all(th, &p.path);
        let out = th.new_list();
        match std::fs::read_dir(&p.path) {
            Ok(entries) => {
                for e in entries {
                    match e {
                        Ok(e) => {
                            let v = text_owned(th, e.file_name(), p.bytes);
                            th.list_append(out, v)?;
                        }
                        Err(e) => return Err(raise_io(th, &e, Some(p.given))),
                    }
                }
                Ok(out)
            }
            Err(e) => Err(raise_io(th, &e, Some(p.given))),
        }
    }

    /// Return an iterator of DirEntry objects for given path.
    #[pyfunction(sig = "(path=None)")]
    fn scandir(th: &mut Thread, path: Option<Value>) -> Result {
        let (p, prefix) = directory(th, path, "scandir")?;
        crate::archive::unpack_all(th, &p.path);
        match std::fs::read_dir(&p.path) {
            Ok(e) => {
                let bytes = p.bytes;
                Ok(th
                    .new_native(&SCANDIR_TYPE, |head| ScanDir {
                        head,
                        entries: RefCell::new(Some(e)),
                        bytes,
                        prefix,
                    })
                    .value())
            }
            Err(e) => Err(raise_io(th, &e, Some(p.given))),
        }
    }

    /// Open a file for low level IO.  Returns a file descriptor (integer).
    #[pyfunction(sig = "(path, flags, mode=511, *, dir_fd=None)")]
    fn open(
        th: &mut Thread,
        path: Value,
        flags: i32,
        mode: Option<u32>,
        dir_fd_: Option<Value>,
    ) -> Result<i32> {
        let p = path_argument(th, path, "open", "path", false)?;
        let dir = dir_fd(th, dir_fd_)?;
        let (flags, mode) = (
            OFlags::from_bits_retain(flags as u32) | OFlags::CLOEXEC,
            Mode::from_bits_truncate(mode.unwrap_or(0o777)),
        );
        crate::io::flush_all(th);
        let open = || at(dir, |d| rustix::fs::openat(d, &p.path, flags, mode));
        let mut r = th.without_lock(open);
        if matches!(r, Err(rustix::io::Errno::NOENT)) && crate::archive::unpack(th, &p.path) {
            r = th.without_lock(open);
        }
        match r {
            Ok(fd) => Ok(fd.into_raw_fd()),
            Err(e) => Err(fail(th, e, Some(p.given))),
        }
    }

    /// Set the position of a file descriptor.  Return the new position.
    #[pyfunction]
    fn lseek(th: &mut Thread, fd: i32, position: i64, how: i32) -> Result<u64> {
        use rustix::fs::SeekFrom;
        let to = match how {
            0 => match u64::try_from(position) {
                Ok(p) => SeekFrom::Start(p),
                Err(_) => return Err(raise(th, libc::EINVAL, None, None)),
            },
            1 => SeekFrom::Current(position),
            2 => SeekFrom::End(position),
            3 => SeekFrom::Data(position as u64),
            4 => SeekFrom::Hole(position as u64),
            _ => return Err(raise(th, libc::EINVAL, None, None)),
        };
        match with_fd(fd, |f| rustix::fs::seek(f, to)) {
            Ok(p) => Ok(p),
            Err(e) => Err(fail(th, e, None)),
        }
    }

    /// Create a directory.
    #[pyfunction(sig = "(path, mode=511, *, dir_fd=None)")]
    fn mkdir(th: &mut Thread, path: Value, mode: Option<u32>, dir: Option<Value>) -> Result<()> {
        let p = path_argument(th, path, "mkdir", "path", false)?;
        let d = dir_fd(th, dir)?;
        let r = at(d, |d| {
            rustix::fs::mkdirat(d, &p.path, Mode::from_bits_truncate(mode.unwrap_or(0o777)))
        });
        unit(th, r, Some(p.given))
    }

    /// Remove a directory.
    #[pyfunction(sig = "(path, *, dir_fd=None)")]
    fn rmdir(th: &mut Thread, path: Value, dir: Option<Value>) -> Result<()> {
        let p = path_argument(th, path, "rmdir", "path", false)?;
        let d = dir_fd(th, dir)?;
        let r = at(d, |d| rustix::fs::unlinkat(d, &p.path, AtFlags::REMOVEDIR));
        unit(th, r, Some(p.given))
    }

    /// Remove a file (same as remove()).
    #[pyfunction(sig = "(path, *, dir_fd=None)")]
    fn unlink(th: &mut Thread, path: Value, dir: Option<Value>) -> Result<()> {
        let p = path_argument(th, path, "unlink", "path", false)?;
        let d = dir_fd(th, dir)?;
        let r = at(d, |d| rustix::fs::unlinkat(d, &p.path, AtFlags::empty()));
        unit(th, r, Some(p.given))
    }

    /// Remove a file (same as unlink()).
    #[pyfunction(sig = "(path, *, dir_fd=None)")]
    fn remove(th: &mut Thread, path: Value, dir: Option<Value>) -> Result<()> {
        let p = path_argument(th, path, "remove", "path", false)?;
        let d = dir_fd(th, dir)?;
        let r = at(d, |d| rustix::fs::unlinkat(d, &p.path, AtFlags::empty()));
        unit(th, r, Some(p.given))
    }

    /// Rename a file or directory.
    #[pyfunction(sig = "(src, dst, *, src_dir_fd=None, dst_dir_fd=None)")]
    fn rename(
        th: &mut Thread,
        src: Value,
        dst: Value,
        a: Option<Value>,
        b: Option<Value>,
    ) -> Result<()> {
        crate::io::flush_all(th);
        let s = path_argument(th, src, "rename", "src", false)?;
        let d = path_argument(th, dst, "rename", "dst", false)?;
        let (a, b) = (dir_fd(th, a)?, dir_fd(th, b)?);
        let r = at(a, |x| {
            at(b, |y| rustix::fs::renameat(x, &s.path, y, &d.path))
        });
        match r {
            Ok(()) => Ok(()),
            Err(e) => Err(raise(th, e.raw_os_error(), Some(src), Some(dst))),
        }
    }

    /// Rename a file or directory, overwriting the destination.
    #[pyfunction(sig = "(src, dst, *, src_dir_fd=None, dst_dir_fd=None)")]
    fn replace(
        th: &mut Thread,
        src: Value,
        dst: Value,
        a: Option<Value>,
        b: Option<Value>,
    ) -> Result<()> {
        Files::rename(th, src, dst, a, b)
    }

    /// Create a hard link to a file.
    #[pyfunction(sig = "(src, dst, *, src_dir_fd=None, dst_dir_fd=None, follow_symlinks=True)")]
    fn link(
        th: &mut Thread,
        src: Value,
        dst: Value,
        a: Option<Value>,
        b: Option<Value>,
        follow: Option<bool>,
    ) -> Result<()> {
        crate::io::flush_all(th);
        let s = path_argument(th, src, "link", "src", false)?;
        let d = path_argument(th, dst, "link", "dst", false)?;
        let (a, b) = (dir_fd(th, a)?, dir_fd(th, b)?);
        let flags = if follow.unwrap_or(true) {
            AtFlags::SYMLINK_FOLLOW
        } else {
            AtFlags::empty()
        };
        match at(a, |x| {
            at(b, |y| rustix::fs::linkat(x, &s.path, y, &d.path, flags))
        }) {
            Ok(()) => Ok(()),
            Err(e) => Err(raise(th, e.raw_os_error(), Some(src), Some(dst))),
        }
    }

    /// Create a symbolic link pointing to src named dst.
    #[pyfunction(sig = "(src, dst, target_is_directory=False, *, dir_fd=None)")]
    fn symlink(
        th: &mut Thread,
        src: Value,
        dst: Value,
        _dir: Option<Value>,
        fd: Option<Value>,
    ) -> Result<()> {
        let s = path_argument(th, src, "symlink", "src", false)?;
        let d = path_argument(th, dst, "symlink", "dst", false)?;
        let fd = dir_fd(th, fd)?;
        match at(fd, |x| rustix::fs::symlinkat(&s.path, x, &d.path)) {
            Ok(()) => Ok(()),
            Err(e) => Err(raise(th, e.raw_os_error(), Some(src), Some(dst))),
        }
    }

    /// Return a string representing the path to which the symbolic link points.
    #[pyfunction(sig = "(path, *, dir_fd=None)")]
    fn readlink(th: &mut Thread, path: Value, dir: Option<Value>) -> Result {
        let p = path_argument(th, path, "readlink", "path", false)?;
        let d = dir_fd(th, dir)?;
        match at(d, |x| rustix::fs::readlinkat(x, &p.path, Vec::new())) {
            Ok(s) => Ok(text(th, std::ffi::OsStr::from_bytes(s.as_bytes()), p.bytes)),
            Err(e) => Err(fail(th, e, Some(p.given))),
        }
    }

    /// Change the access permissions of a file.
    #[pyfunction(sig = "(path, mode, *, dir_fd=None, follow_symlinks=True)")]
    fn chmod(
        th: &mut Thread,
        path: Value,
        mode: u32,
        dir: Option<Value>,
        _follow: Option<bool>,
    ) -> Result<()> {
        let p = path_argument(th, path, "chmod", "path", true)?;
        let d = dir_fd(th, dir)?;
        let mode = Mode::from_bits_truncate(mode);
        let r = match p.fd {
            Some(fd) => with_fd(fd, |f| rustix::fs::fchmod(f, mode)),
            None => at(d, |x| {
                rustix::fs::chmodat(x, &p.path, mode, AtFlags::empty())
            }),
        };
        unit(th, r, Some(p.given))
    }

    #[pyfunction(sig = "(fd, mode)")]
    fn fchmod(th: &mut Thread, fd: i32, mode: u32) -> Result<()> {
        let r = with_fd(fd, |f| {
            rustix::fs::fchmod(f, Mode::from_bits_truncate(mode))
        });
        unit(th, r, None)
    }

    /// Set the access and modified time of path.
    #[pyfunction(sig = "(path, times=None, *, ns=None, dir_fd=None, follow_symlinks=True)")]
    fn utime(
        th: &mut Thread,
        path: Value,
        times: Option<Value>,
        ns: Option<Value>,
        dir: Option<Value>,
        follow: Option<bool>,
    ) -> Result<()> {
        let p = path_argument(th, path, "utime", "path", true)?;
        let d = dir_fd(th, dir)?;
        let stamp = |ns: i128| Timespec {
            tv_sec: ns.div_euclid(1_000_000_000) as _,
            tv_nsec: ns.rem_euclid(1_000_000_000) as _,
        };
        let now = Timespec {
            tv_sec: 0,
            tv_nsec: rustix::fs::UTIME_NOW,
        };
        let t = match (th.not_none(times), th.not_none(ns)) {
            (Some(_), Some(_)) => {
                return Err(
                    th.value_error("utime: you may specify either 'times' or 'ns' but not both")
                );
            }
            (Some(t), None) => {
                let t = th.to_tuple(t)?;
                let [a, b] = t.as_slice() else {
                    return Err(
                        th.type_error("utime: 'times' must be either a tuple of two ints or None")
                    );
                };
                let mut both = [now, now];
                for (i, v) in [*a, *b].into_iter().enumerate() {
                    both[i] = match v.as_int() {
                        Some(s) => stamp(s as i128 * 1_000_000_000),
                        None => stamp((th.to_f64(v)? * 1e9) as i128),
                    };
                }
                both
            }
            (None, Some(t)) => {
                let t = th.to_tuple(t)?;
                let [a, b] = t.as_slice() else {
                    return Err(th.type_error("utime: 'ns' must be a tuple of two ints"));
                };
                [
                    stamp(th.index_i64(*a, "timestamp out of range")? as i128),
                    stamp(th.index_i64(*b, "timestamp out of range")? as i128),
                ]
            }
            (None, None) => [now, now],
        };
        let t = Timestamps {
            last_access: t[0],
            last_modification: t[1],
        };
        let flags = if follow.unwrap_or(true) {
            AtFlags::empty()
        } else {
            AtFlags::SYMLINK_NOFOLLOW
        };
        let r = match p.fd {
            Some(fd) => with_fd(fd, |f| rustix::fs::futimens(f, &t)),
            None => at(d, |x| rustix::fs::utimensat(x, &p.path, &t, flags)),
        };
        unit(th, r, Some(p.given))
    }

    /// Truncate a file, specified by path, to a specific length.
    #[pyfunction(sig = "(path, length)")]
    fn truncate(th: &mut Thread, path: Value, length: i64) -> Result<()> {
        let p = path_argument(th, path, "truncate", "path", true)?;
        if let Some(fd) = p.fd {
            let r = with_fd(fd, |f| rustix::fs::ftruncate(f, length as u64));
            return unit(th, r, None);
        }
        let r = std::fs::OpenOptions::new()
            .write(true)
            .open(&p.path)
            .and_then(|f| f.set_len(length as u64));
        io(th, r, path)
    }

    #[pyfunction]
    fn ftruncate(th: &mut Thread, fd: i32, length: i64) -> Result<()> {
        let r = with_fd(fd, |f| rustix::fs::ftruncate(f, length as u64));
        unit(th, r, None)
    }

    #[pyfunction]
    fn sync(th: &mut Thread) {
        th.without_lock(rustix::fs::sync);
    }

    /// Return a unicode string representing the current working directory.
    #[pyfunction]
    fn getcwd(th: &mut Thread) -> Result {
        match std::env::current_dir() {
            Ok(p) => Ok(text(th, p.as_os_str(), false)),
            Err(e) => Err(raise_io(th, &e, None)),
        }
    }

    /// Return a bytes string representing the current working directory.
    #[pyfunction]
    fn getcwdb(th: &mut Thread) -> Result {
        match std::env::current_dir() {
            Ok(p) => Ok(text(th, p.as_os_str(), true)),
            Err(e) => Err(raise_io(th, &e, None)),
        }
    }

    /// Change the current working directory to the specified path.
    #[pyfunction(sig = "(path)")]
    fn chdir(th: &mut Thread, path: Value) -> Result<()> {
        let p = path_argument(th, path, "chdir", "path", true)?;
        let r = match p.fd {
            Some(fd) => with_fd(fd, |f| rustix::process::fchdir(f)),
            None => rustix::process::chdir(&p.path),
        };
        unit(th, r, Some(p.given))
    }

    /// Create a pipe.
    #[pyfunction]
    fn pipe(th: &mut Thread) -> Result {
        match rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC) {
            Ok((r, w)) => {
                let (a, b) = (
                    th.int(r.into_raw_fd() as i64),
                    th.int(w.into_raw_fd() as i64),
                );
                Ok(th.new_tuple(&[a, b]).value())
            }
            Err(e) => Err(fail(th, e, None)),
        }
    }

    #[pyfunction]
    fn get_inheritable(th: &mut Thread, fd: i32) -> Result<bool> {
        match with_fd(fd, |f| rustix::io::fcntl_getfd(f)) {
            Ok(f) => Ok(!f.contains(rustix::io::FdFlags::CLOEXEC)),
            Err(e) => Err(fail(th, e, None)),
        }
    }

    #[pyfunction]
    fn set_inheritable(th: &mut Thread, fd: i32, inheritable: bool) -> Result<()> {
        let r = with_fd(fd, |f| {
            let mut flags = rustix::io::fcntl_getfd(f)?;
            flags.set(rustix::io::FdFlags::CLOEXEC, !inheritable);
            rustix::io::fcntl_setfd(f, flags)
        });
        unit(th, r, None)
    }

    #[pyfunction]
    fn get_blocking(th: &mut Thread, fd: i32) -> Result<bool> {
        match with_fd(fd, |f| rustix::fs::fcntl_getfl(f)) {
            Ok(f) => Ok(!f.contains(OFlags::NONBLOCK)),
            Err(e) => Err(fail(th, e, None)),
        }
    }

    #[pyfunction]
    fn set_blocking(th: &mut Thread, fd: i32, blocking: bool) -> Result<()> {
        let r = with_fd(fd, |f| {
            let mut flags = rustix::fs::fcntl_getfl(f)?;
            flags.set(OFlags::NONBLOCK, !blocking);
            rustix::fs::fcntl_setfl(f, flags)
        });
        unit(th, r, None)
    }

    /// Return True if the fd is connected to a terminal.
    #[pyfunction]
    fn isatty(_: &mut Thread, fd: i32) -> bool {
        fd >= 0 && borrow(fd, |f| rustix::termios::isatty(f))
    }

    /// Return the file system path representation of the object.
    #[pyfunction(sig = "(path)")]
    fn fspath(th: &mut Thread, path: Value) -> Result {
        if path.downcast::<Str>().is_some() || path.downcast::<Bytes>().is_some() {
            return Ok(path);
        }
        let key = th.intern("__fspath__");
        let r = match th.call_special(path, key, &[])? {
            Some(r) => r,
            None => {
                let got = th.class_of(path).name_text();
                return Err(th.type_error(format!(
                    "expected str, bytes or os.PathLike object, not {got}"
                )));
            }
        };
        if r.downcast::<Str>().is_some() || r.downcast::<Bytes>().is_some() {
            return Ok(r);
        }
        let (t, got) = (th.type_name(path), th.type_name(r));
        Err(th.type_error(format!(
            "expected {t}.__fspath__() to return str or bytes, not {got}"
        )))
    }
}
