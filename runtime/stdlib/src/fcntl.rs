//! `fcntl`: `fcntl`, `ioctl` and file locks.

use taipan_vm::call::buffer::request;
use taipan_vm::object::Gc;
use taipan_vm::types::module::Module;
use taipan_vm::types::str_::Str;
use taipan_vm::{Result, Thread, Value, pymodule};

use crate::fcntl_names::CONSTANTS;
use crate::posix::args::{Fd, plain, retried};
use crate::system::calls;

/// Longest structure that is handed over by copy.
const BUFFER: usize = 1024;

fn long(th: &mut Thread, v: Value) -> Result<i64> {
    let i = th.index(v)?;
    match taipan_vm::types::int::to_i64(i) {
        Some(n) => Ok(n),
        // A number that only fits without sign is taken by its bits.
        None => match th.str_lossy(i).parse::<u64>() {
            Ok(n) => Ok(n as i64),
            Err(_) => Err(th.overflow_error("Python int too large to convert to C long")),
        },
    }
}

/// Bytes of a structure given as bytes or text.
fn structure(th: &mut Thread, v: Value, function: &str) -> Result<Vec<u8>> {
    if let Some(s) = v.downcast::<Str>() {
        return Ok(s.to_wtf8());
    }
    if !th.supports_buffer(v) {
        let got = th.type_name(v);
        return Err(th.type_error(format!(
            "{function}() argument 3 must be an integer, a bytes-like object, or a string, not {got}"
        )));
    }
    crate::buffer_bytes(th, v)
}

/// The functions hang here.
pub struct Fcntl;

/// This module performs file control and I/O control on file
/// descriptors.  It is an interface to the fcntl() and ioctl() Unix
/// routines.  File descriptors can be obtained with the fileno() method of
/// a file or socket object.
#[pymodule(name = "fcntl")]
impl Fcntl {
    /// Perform the operation `cmd` on file descriptor fd.
    #[pyfunction(sig = "(fd, cmd, arg=0, /)")]
    fn fcntl(th: &mut Thread, fd: Fd, cmd: i32, arg: Option<Value>) -> Result {
        let number = match arg {
            None => Some(0),
            Some(v) if th.class_of(v).slots().index.is_some() => Some(long(th, v)?),
            Some(_) => None,
        };
        if let Some(n) = number {
            let r = retried(th, || calls::fcntl(fd.0, cmd, n))?;
            return Ok(th.int(r));
        }
        let mut data = match arg {
            Some(v) => structure(th, v, "fcntl")?,
            None => Vec::new(),
        };
        let len = data.len();
        if len > BUFFER {
            return Err(th.value_error("fcntl argument 3 is too long"));
        }
        data.resize(BUFFER, 0);
        retried(th, || calls::fcntl_buffer(fd.0, cmd, &mut data))?;
        Ok(th.new_bytes(&data[..len]).value())
    }

    /// Perform the operation request on file descriptor fd.
    #[pyfunction(sig = "(fd, request, arg=0, mutate_flag=True, /)")]
    fn ioctl(
        th: &mut Thread,
        fd: Fd,
        code: Value,
        arg: Option<Value>,
        mutate_flag: Option<bool>,
    ) -> Result {
        let code = long(th, code)? as u64;
        let number = match arg {
            None => Some(0),
            Some(v) if th.class_of(v).slots().index.is_some() => Some(long(th, v)?),
            Some(_) => None,
        };
        if let Some(n) = number {
            let r = th.without_lock(|| calls::ioctl(fd.0, code, n));
            let r = plain(th, r)?;
            return Ok(th.int(r));
        }
        let Some(arg) = arg else {
            return Ok(th.none());
        };
        if mutate_flag.unwrap_or(true) && arg.downcast::<Str>().is_none() {
            match th.buffer(arg, request::WRITABLE | request::CONTIGUOUS) {
                Ok(view) => {
                    let mut data = view.as_slice().to_vec();
                    let len = data.len();
                    data.resize(len.max(BUFFER), 0);
                    let r = th.without_lock(|| calls::ioctl_buffer(fd.0, code, &mut data));
                    view.write(0, &data[..len]);
                    th.release_buffer(view);
                    let r = plain(th, r)?;
                    return Ok(th.int(r));
                }
                Err(_) => th.clear_pending(),
            }
        }
        let mut data = structure(th, arg, "ioctl")?;
        let len = data.len();
        if len > BUFFER {
            return Err(th.value_error("ioctl argument 3 is too long"));
        }
        data.resize(BUFFER, 0);
        let r = th.without_lock(|| calls::ioctl_buffer(fd.0, code, &mut data));
        plain(th, r)?;
        Ok(th.new_bytes(&data[..len]).value())
    }

    /// Perform the lock operation `operation` on file descriptor `fd`.
    ///
    /// See the Unix manual page for flock(2) for details (On some systems, this
    /// function is emulated using fcntl()).
    #[pyfunction(sig = "(fd, operation, /)")]
    fn flock(th: &mut Thread, fd: Fd, operation: i32) -> Result<()> {
        retried(th, || calls::flock(fd.0, operation)).map(drop)
    }

    /// A wrapper around the fcntl() locking calls.
    #[pyfunction(sig = "(fd, cmd, len=0, start=0, whence=0, /)")]
    fn lockf(
        th: &mut Thread,
        fd: Fd,
        cmd: i32,
        len: Option<i64>,
        start: Option<i64>,
        whence: Option<i32>,
    ) -> Result<()> {
        let kind = if cmd == libc::LOCK_UN {
            libc::F_UNLCK
        } else if cmd & libc::LOCK_SH != 0 {
            libc::F_RDLCK
        } else if cmd & libc::LOCK_EX != 0 {
            libc::F_WRLCK
        } else {
            return Err(th.value_error("unrecognized lockf argument"));
        };
        let mut lock = libc::flock {
            l_type: kind as i16,
            l_whence: whence.unwrap_or(0) as i16,
            l_start: start.unwrap_or(0),
            l_len: len.unwrap_or(0),
            l_pid: 0,
        };
        let command = match cmd & libc::LOCK_NB {
            0 => libc::F_SETLKW,
            _ => libc::F_SETLK,
        };
        retried(th, || calls::fcntl_lock(fd.0, command, &mut lock)).map(drop)
    }

    #[pyexec]
    fn exec(th: &mut Thread, m: Gc<Module>) -> Result<()> {
        crate::enter_numbers(th, m, CONSTANTS);
        Ok(())
    }
}
