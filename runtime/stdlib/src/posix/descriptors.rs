//! Reading and writing by descriptor, and descriptors of other things than files.

use taipan_vm::call::buffer::request;
use taipan_vm::object::Gc;
use taipan_vm::types::bytes::Bytes;
use taipan_vm::{Result, Thread, Value, pymethods};

use super::args::{Fd, plain, retried};
use crate::os_error::raise;
use crate::system::{Sys, calls};

/// Most bytes that one call reads or writes.
const MOST: usize = 0x7fff_f000;

fn length_argument(th: &mut Thread, n: i64) -> Result<usize> {
    match usize::try_from(n) {
        Ok(n) => Ok(n.min(MOST)),
        Err(_) => Err(raise(th, libc::EINVAL, None, None)),
    }
}

fn buffer(th: &mut Thread, n: usize) -> Result<Vec<u8>> {
    let mut v = Vec::new();
    if v.try_reserve_exact(n).is_err() {
        return Err(th.memory_error());
    }
    v.resize(n, 0);
    Ok(v)
}

fn pair(th: &mut Thread, a: i64, b: i64) -> Value {
    let (a, b) = (th.int(a), th.int(b));
    th.new_tuple(&[a, b]).value()
}

/// Copies of the buffers of a sequence.
fn copies(th: &mut Thread, buffers: Value, function: &str) -> Result<Vec<Vec<u8>>> {
    if !is_sequence(th, buffers) {
        return Err(th.type_error(format!("{function} arg 2 must be a sequence")));
    }
    let items = th.collect(buffers)?;
    let mut out = Vec::new();
    for v in items.as_slice() {
        out.push(crate::buffer_bytes(th, *v)?);
    }
    Ok(out)
}

fn is_sequence(th: &mut Thread, v: Value) -> bool {
    th.class_of(v).slots().getitem.is_some()
        && v.downcast::<taipan_vm::types::dict::Dict>().is_none()
}

/// Reads into the buffers of a sequence.
fn read_into(
    th: &mut Thread,
    buffers: Value,
    function: &str,
    mut f: impl FnMut(&mut [Vec<u8>]) -> Sys,
) -> Result<i64> {
    if !is_sequence(th, buffers) {
        return Err(th.type_error(format!("{function} arg 2 must be a sequence")));
    }
    let items = th.collect(buffers)?;
    let mut parts = Vec::new();
    let mut views = Vec::new();
    for v in items.as_slice() {
        let view = th.buffer(*v, request::WRITABLE | request::CONTIGUOUS)?;
        parts.push(buffer(th, view.len)?);
        views.push(view);
    }
    let n = retried(th, || f(&mut parts))?;
    let mut left = n as usize;
    for (view, part) in views.into_iter().zip(&parts) {
        let here = left.min(part.len());
        view.write(0, &part[..here]);
        left -= here;
        th.release_buffer(view);
    }
    Ok(n)
}

fn optional_offset(th: &mut Thread, v: Option<Value>, name: &str) -> Result<Option<i64>> {
    match th.not_none(v) {
        None => Ok(None),
        Some(v) => {
            let n = th.index_i64(v, "int too big to convert")?;
            let _ = name;
            Ok(Some(n))
        }
    }
}

fn timer_nanoseconds(th: &mut Thread, s: f64) -> Result<i64> {
    if s.is_nan() {
        return Err(th.value_error("Invalid value NaN (not a number)"));
    }
    let ns = (s * 1e9).round();
    if ns.abs() > 9.2e18 {
        return Err(th.overflow_error("timestamp too large to convert to C PyTime_t"));
    }
    Ok(ns as i64)
}

fn seconds(th: &mut Thread, (value, interval): (i64, i64)) -> Value {
    let (a, b) = (
        th.float(value as f64 * 1e-9),
        th.float(interval as f64 * 1e-9),
    );
    th.new_tuple(&[a, b]).value()
}

/// The functions hang here.
pub struct Descriptors;

#[pymethods(table = FUNCTIONS)]
impl Descriptors {
    /// Read from a file descriptor.  Returns a bytes object.
    #[pyfunction(sig = "(fd, length, /)")]
    fn read(th: &mut Thread, fd: i32, length: i64) -> Result<Gc<Bytes>> {
        let n = length_argument(th, length)?;
        let mut b = buffer(th, n)?;
        let n = retried(th, || calls::read(fd, &mut b))?;
        Ok(th.new_bytes(&b[..n as usize]))
    }

    /// Read into a buffer object from a file descriptor.
    ///
    /// The buffer should be mutable and bytes-like. On success, returns the number of
    /// bytes read. Less bytes may be read than the size of the buffer. The underlying
    /// system call will be retried when interrupted by a signal, unless the signal
    /// handler raises an exception. Other errors will not be retried and an error will
    /// be raised.
    ///
    /// Returns 0 if *fd* is at end of file or if the provided *buffer* has length 0
    /// (which can be used to check for errors without reading data). Never returns
    /// negative.
    #[pyfunction(sig = "(fd, buffer, /)")]
    fn readinto(th: &mut Thread, fd: i32, target: Value) -> Result<i64> {
        let view = match th.buffer(target, request::WRITABLE | request::CONTIGUOUS) {
            Ok(v) => v,
            Err(_) => {
                th.clear_pending();
                let got = th.type_name(target);
                return Err(th.type_error(format!(
                    "readinto() argument 2 must be read-write bytes-like object, not {got}"
                )));
            }
        };
        let mut b = buffer(th, view.len.min(MOST))?;
        let n = retried(th, || calls::read(fd, &mut b))?;
        view.write(0, &b[..n as usize]);
        th.release_buffer(view);
        Ok(n)
    }

    /// Write a bytes object to a file descriptor.
    #[pyfunction(sig = "(fd, data, /)")]
    fn write(th: &mut Thread, fd: i32, data: Value) -> Result<i64> {
        let data = crate::buffer_bytes(th, data)?;
        retried(th, || calls::write(fd, &data[..data.len().min(MOST)]))
    }

    /// Read a number of bytes from a file descriptor starting at a particular offset.
    ///
    /// Read length bytes from file descriptor fd, starting at offset bytes from
    /// the beginning of the file.  The file offset remains unchanged.
    #[pyfunction(sig = "(fd, length, offset, /)")]
    fn pread(th: &mut Thread, fd: i32, length: i64, offset: i64) -> Result<Gc<Bytes>> {
        let n = length_argument(th, length)?;
        let mut b = buffer(th, n)?;
        let n = retried(th, || calls::pread(fd, &mut b, offset))?;
        Ok(th.new_bytes(&b[..n as usize]))
    }

    /// Write bytes to a file descriptor starting at a particular offset.
    ///
    /// Write buffer to fd, starting at offset bytes from the beginning of
    /// the file.  Returns the number of bytes written.  Does not change the
    /// current file offset.
    #[pyfunction(sig = "(fd, buffer, offset, /)")]
    fn pwrite(th: &mut Thread, fd: i32, data: Value, offset: i64) -> Result<i64> {
        let data = crate::buffer_bytes(th, data)?;
        retried(th, || calls::pwrite(fd, &data, offset))
    }

    /// Iterate over buffers, and write the contents of each to a file descriptor.
    ///
    /// Returns the total number of bytes written.
    /// buffers must be a sequence of bytes-like objects.
    #[pyfunction(sig = "(fd, buffers, /)")]
    fn writev(th: &mut Thread, fd: i32, buffers: Value) -> Result<i64> {
        let parts = copies(th, buffers, "writev()")?;
        retried(th, || calls::write_parts(fd, &parts, None))
    }

    /// Writes the contents of bytes-like objects to a file descriptor at a given offset.
    #[pyfunction(sig = "(fd, buffers, offset, flags=0, /)")]
    fn pwritev(
        th: &mut Thread,
        fd: i32,
        buffers: Value,
        offset: i64,
        flags: Option<i32>,
    ) -> Result<i64> {
        let parts = copies(th, buffers, "pwritev()")?;
        let at = Some((offset, flags.unwrap_or(0)));
        retried(th, || calls::write_parts(fd, &parts, at))
    }

    /// Read from a file descriptor fd into an iterable of buffers.
    ///
    /// The buffers should be mutable buffers accepting bytes.
    /// readv will transfer data into each buffer until it is full
    /// and then move on to the next buffer in the sequence to hold
    /// the rest of the data.
    #[pyfunction(sig = "(fd, buffers, /)")]
    fn readv(th: &mut Thread, fd: i32, buffers: Value) -> Result<i64> {
        read_into(th, buffers, "readv()", |p| calls::read_parts(fd, p, None))
    }

    /// Reads from a file descriptor into a number of mutable bytes-like objects.
    #[pyfunction(sig = "(fd, buffers, offset, flags=0, /)")]
    fn preadv(
        th: &mut Thread,
        fd: i32,
        buffers: Value,
        offset: i64,
        flags: Option<i32>,
    ) -> Result<i64> {
        let at = Some((offset, flags.unwrap_or(0)));
        read_into(th, buffers, "preadv()", |p| calls::read_parts(fd, p, at))
    }

    /// Copy count bytes from file descriptor in_fd to file descriptor out_fd.
    #[pyfunction(sig = "(out_fd, in_fd, offset, count)")]
    fn sendfile(
        th: &mut Thread,
        out_fd: i32,
        in_fd: i32,
        offset: Value,
        count: i64,
    ) -> Result<i64> {
        let n = length_argument(th, count)?;
        match optional_offset(th, Some(offset), "offset")? {
            None => retried(th, || calls::sendfile(out_fd, in_fd, n)),
            Some(at) => retried(th, || calls::sendfile_at(out_fd, in_fd, at, n)),
        }
    }

    /// Copy count bytes from one file descriptor to another.
    #[pyfunction(sig = "(src, dst, count, offset_src=None, offset_dst=None)")]
    fn copy_file_range(
        th: &mut Thread,
        src: i32,
        dst: i32,
        count: i64,
        offset_src: Option<Value>,
        offset_dst: Option<Value>,
    ) -> Result<i64> {
        let Ok(n) = usize::try_from(count) else {
            return Err(th.value_error("negative value for 'count' not allowed"));
        };
        let a = optional_offset(th, offset_src, "offset_src")?;
        let b = optional_offset(th, offset_dst, "offset_dst")?;
        retried(th, || calls::copy_file_range(src, a, dst, b, n))
    }

    /// Transfer count bytes from one pipe to a descriptor or vice versa.
    #[pyfunction(sig = "(src, dst, count, offset_src=None, offset_dst=None, flags=0)")]
    fn splice(
        th: &mut Thread,
        src: i32,
        dst: i32,
        count: i64,
        offset_src: Option<Value>,
        offset_dst: Option<Value>,
        flags: Option<u32>,
    ) -> Result<i64> {
        let Ok(n) = usize::try_from(count) else {
            return Err(th.value_error("negative value for 'count' not allowed"));
        };
        let a = optional_offset(th, offset_src, "offset_src")?;
        let b = optional_offset(th, offset_dst, "offset_dst")?;
        let flags = flags.unwrap_or(0);
        retried(th, || calls::splice(src, a, dst, b, n, flags))
    }

    /// Apply, test or remove a POSIX lock on an open file descriptor.
    #[pyfunction(sig = "(fd, command, length, /)")]
    fn lockf(th: &mut Thread, fd: i32, command: i32, length: i64) -> Result<()> {
        let r = th.without_lock(|| calls::lockf(fd, command, length));
        plain(th, r).map(drop)
    }

    /// Create a pipe with flags set atomically.
    #[pyfunction(sig = "(flags, /)")]
    fn pipe2(th: &mut Thread, flags: i32) -> Result {
        let flags = rustix::pipe::PipeFlags::from_bits_retain(flags as u32);
        match rustix::pipe::pipe_with(flags) {
            Ok((r, w)) => {
                use std::os::fd::IntoRawFd;
                Ok(pair(th, r.into_raw_fd() as i64, w.into_raw_fd() as i64))
            }
            Err(e) => Err(super::fail(th, e, None)),
        }
    }

    /// Return a duplicate of a file descriptor.
    #[pyfunction(sig = "(fd, /)")]
    fn dup(th: &mut Thread, fd: i32) -> Result<i64> {
        plain(th, calls::dup_cloexec(fd))
    }

    /// Duplicate file descriptor.
    #[pyfunction(sig = "(fd, fd2, inheritable=True)")]
    fn dup2(th: &mut Thread, fd: i32, fd2: i32, inheritable: Option<bool>) -> Result<i64> {
        if fd < 0 || fd2 < 0 {
            return Err(raise(th, libc::EBADF, None, None));
        }
        let inheritable = inheritable.unwrap_or(true);
        let r = th.without_lock(|| match inheritable || fd == fd2 {
            true => calls::dup2(fd, fd2),
            false => calls::dup3(fd, fd2, libc::O_CLOEXEC),
        });
        plain(th, r)
    }

    /// Close a file descriptor.
    #[pyfunction(sig = "(fd)")]
    fn close(th: &mut Thread, fd: i32) -> Result<()> {
        match th.without_lock(|| calls::close(fd)) {
            // It is closed all the same.
            Ok(_) | Err(libc::EINTR) => th.poll(),
            Err(e) => Err(raise(th, e, None, None)),
        }
    }

    /// Closes all file descriptors in [fd_low, fd_high), ignoring errors.
    #[pyfunction(sig = "(fd_low, fd_high, /)")]
    fn closerange(th: &mut Thread, low: i32, high: i32) {
        let low = low.max(0);
        if high > low {
            th.without_lock(|| calls::close_range(low as u32, high as u32 - 1));
        }
    }

    /// Announce an intention to access data in a specific pattern.
    #[pyfunction(sig = "(fd, offset, length, advice, /)")]
    fn posix_fadvise(th: &mut Thread, fd: i32, at: i64, length: i64, advice: i32) -> Result<()> {
        retried(th, || calls::fadvise(fd, at, length, advice))
    }

    /// Ensure a file has allocated at least a particular number of bytes on disk.
    #[pyfunction(sig = "(fd, offset, length, /)")]
    fn posix_fallocate(th: &mut Thread, fd: i32, at: i64, length: i64) -> Result<()> {
        retried(th, || calls::fallocate(fd, at, length))
    }

    /// Force write of fd to disk.
    #[pyfunction(sig = "(fd)")]
    fn fsync(th: &mut Thread, fd: Fd) -> Result<()> {
        let r = th.without_lock(|| super::files::with_fd(fd.0, |f| rustix::fs::fsync(f)));
        r.map_err(|e| super::fail(th, e, None))
    }

    /// Force write of fd to disk without forcing update of metadata.
    #[pyfunction(sig = "(fd)")]
    fn fdatasync(th: &mut Thread, fd: Fd) -> Result<()> {
        let r = th.without_lock(|| super::files::with_fd(fd.0, |f| rustix::fs::fdatasync(f)));
        r.map_err(|e| super::fail(th, e, None))
    }

    /// Change to the directory of the given file descriptor.
    ///
    /// fd must be opened on a directory, not a file.
    /// Equivalent to os.chdir(fd).
    #[pyfunction(sig = "(fd)")]
    fn fchdir(th: &mut Thread, fd: Fd) -> Result<()> {
        let r = super::files::with_fd(fd.0, |f| rustix::process::fchdir(f));
        r.map_err(|e| super::fail(th, e, None))
    }

    /// Change the owner and group id of the file specified by file descriptor.
    ///
    /// Equivalent to os.chown(fd, uid, gid).
    #[pyfunction(sig = "(fd, uid, gid)")]
    fn fchown(th: &mut Thread, fd: i32, uid: super::args::Id, gid: super::args::Id) -> Result<()> {
        retried(th, || calls::fchown(fd, uid.0, gid.0)).map(drop)
    }

    /// Open a pseudo-terminal.
    ///
    /// Return a tuple of (master_fd, slave_fd) containing open file descriptors
    /// for both the master and slave ends.
    #[pyfunction]
    fn openpty(th: &mut Thread) -> Result {
        let (master, slave) = plain(th, calls::openpty())?;
        for fd in [master, slave] {
            let r = calls::fcntl(fd, libc::F_SETFD, libc::FD_CLOEXEC as i64);
            plain(th, r)?;
        }
        Ok(pair(th, master as i64, slave as i64))
    }

    /// Open and return a file descriptor for a master pseudo-terminal device.
    #[pyfunction(sig = "(oflag, /)")]
    fn posix_openpt(th: &mut Thread, oflag: i32) -> Result<i64> {
        plain(th, calls::posix_openpt(oflag | libc::O_CLOEXEC))
    }

    /// Grant access to the slave pseudo-terminal device.
    #[pyfunction(sig = "(fd, /)")]
    fn grantpt(th: &mut Thread, fd: Fd) -> Result<()> {
        plain(th, calls::grantpt(fd.0)).map(drop)
    }

    /// Unlock a pseudo-terminal master/slave pair.
    #[pyfunction(sig = "(fd, /)")]
    fn unlockpt(th: &mut Thread, fd: Fd) -> Result<()> {
        plain(th, calls::unlockpt(fd.0)).map(drop)
    }

    /// Return the name of the slave pseudo-terminal device.
    #[pyfunction(sig = "(fd, /)")]
    fn ptsname(th: &mut Thread, fd: Fd) -> Result {
        let name = plain(th, calls::ptsname(fd.0))?;
        Ok(crate::os_error::fs_decode(th, &name))
    }

    /// Creates and returns an event notification file descriptor.
    #[pyfunction(sig = "(initval, flags=524288)")]
    fn eventfd(th: &mut Thread, initval: u32, flags: Option<i32>) -> Result<i64> {
        plain(
            th,
            calls::eventfd(initval, flags.unwrap_or(libc::EFD_CLOEXEC)),
        )
    }

    /// Read eventfd value
    #[pyfunction(sig = "(fd)")]
    fn eventfd_read(th: &mut Thread, fd: Fd) -> Result<u64> {
        let mut b = [0u8; 8];
        retried(th, || calls::read(fd.0, &mut b))?;
        Ok(u64::from_ne_bytes(b))
    }

    /// Write eventfd value.
    #[pyfunction(sig = "(fd, value)")]
    fn eventfd_write(th: &mut Thread, fd: Fd, value: Value) -> Result<()> {
        let v = th.index(value)?;
        let n = match taipan_vm::types::int::to_i64(v) {
            Some(n) => n as u64,
            None => {
                let text = th.str_lossy(v);
                match text.parse::<u64>() {
                    Ok(n) => n,
                    Err(_) => return Err(th.overflow_error("int too big to convert")),
                }
            }
        };
        retried(th, || calls::write(fd.0, &n.to_ne_bytes())).map(drop)
    }

    #[pyfunction(sig = "(name, flags=1)")]
    fn memfd_create(th: &mut Thread, name: Value, flags: Option<u32>) -> Result<i64> {
        let name = super::ids::name_argument(th, name, "memfd_create")?;
        plain(
            th,
            calls::memfd_create(&name, flags.unwrap_or(libc::MFD_CLOEXEC)),
        )
    }

    /// Create and return a timer file descriptor.
    #[pyfunction(sig = "(clockid, /, *, flags=0)")]
    fn timerfd_create(th: &mut Thread, clockid: i32, flags: Option<i32>) -> Result<i64> {
        let flags = flags.unwrap_or(0) | libc::TFD_CLOEXEC;
        plain(th, calls::timerfd_create(clockid, flags))
    }

    /// Alter a timer file descriptor's internal timer in seconds.
    #[pyfunction(sig = "(fd, /, *, flags=0, initial=0.0, interval=0.0)")]
    fn timerfd_settime(
        th: &mut Thread,
        fd: Fd,
        flags: Option<i32>,
        initial: Option<f64>,
        interval: Option<f64>,
    ) -> Result {
        let a = timer_nanoseconds(th, initial.unwrap_or(0.0))?;
        let b = timer_nanoseconds(th, interval.unwrap_or(0.0))?;
        let old = plain(th, calls::timerfd_settime(fd.0, flags.unwrap_or(0), a, b))?;
        Ok(seconds(th, old))
    }

    /// Alter a timer file descriptor's internal timer in nanoseconds.
    #[pyfunction(sig = "(fd, /, *, flags=0, initial=0, interval=0)")]
    fn timerfd_settime_ns(
        th: &mut Thread,
        fd: Fd,
        flags: Option<i32>,
        initial: Option<i64>,
        interval: Option<i64>,
    ) -> Result {
        let (a, b) = (initial.unwrap_or(0), interval.unwrap_or(0));
        let (a, b) = plain(th, calls::timerfd_settime(fd.0, flags.unwrap_or(0), a, b))?;
        Ok(pair(th, a, b))
    }

    /// Return a tuple of a timer file descriptor's (interval, next expiration) in float seconds.
    #[pyfunction(sig = "(fd, /)")]
    fn timerfd_gettime(th: &mut Thread, fd: Fd) -> Result {
        let now = plain(th, calls::timerfd_gettime(fd.0))?;
        Ok(seconds(th, now))
    }

    /// Return a tuple of a timer file descriptor's (interval, next expiration) in nanoseconds.
    #[pyfunction(sig = "(fd, /)")]
    fn timerfd_gettime_ns(th: &mut Thread, fd: Fd) -> Result {
        let (a, b) = plain(th, calls::timerfd_gettime(fd.0))?;
        Ok(pair(th, a, b))
    }

    /// Return a string describing the encoding of a terminal's file descriptor.
    ///
    /// The file descriptor must be attached to a terminal.
    /// If the device is not a terminal, return None.
    #[pyfunction(sig = "(fd)")]
    fn device_encoding(th: &mut Thread, fd: i32) -> Option<&'static str> {
        let _ = th;
        match super::files::with_fd(fd, |f| rustix::termios::tcgetwinsize(f)) {
            Ok(_) => Some("utf-8"),
            Err(_) => None,
        }
    }

    /// Obtain random bytes from the kernel.
    #[pyfunction(sig = "(size, flags=0)")]
    fn getrandom(th: &mut Thread, size: i64, flags: Option<u32>) -> Result<Gc<Bytes>> {
        let n = length_argument(th, size)?;
        let flags = rustix::rand::GetRandomFlags::from_bits_retain(flags.unwrap_or(0));
        let mut b = buffer(th, n)?;
        let r = rustix::io::retry_on_intr(|| rustix::rand::getrandom(&mut b[..], flags));
        match r {
            Ok(n) => Ok(th.new_bytes(&b[..n])),
            Err(e) => Err(super::fail(th, e, None)),
        }
    }
}
