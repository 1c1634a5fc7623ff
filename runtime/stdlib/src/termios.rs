//! `termios`: settings of terminals.

use taipan_vm::object::Gc;
use taipan_vm::types::ExceptionClass;
use taipan_vm::types::bytes::Bytes;
use taipan_vm::types::list::List;
use taipan_vm::types::module::Module;
use taipan_vm::{Raised, Result, Thread, Value, pymodule};

use crate::posix::args::Fd;
use crate::system::{Sys, calls};
use crate::termios_names::CONSTANTS;

fn fail(th: &mut Thread, e: i32) -> Raised {
    let class = th.vm().registry.borrow().get("termios.error").copied();
    let (n, text) = (
        th.int(e as i64),
        th.new_str(&crate::os_error::strerror(e)).value(),
    );
    match class {
        Some(c) => match th.call(c, &[n, text]) {
            Ok(e) => th.raise_value(e),
            Err(r) => r,
        },
        None => th.raise_with(ExceptionClass::OSError, &[n, text]),
    }
}

fn done<T>(th: &mut Thread, r: Sys<T>) -> Result<T> {
    r.map_err(|e| fail(th, e))
}

fn number(th: &mut Thread, v: Value) -> Result<u32> {
    th.index_i64(v, "Python int too large to convert to C unsigned long")
        .map(|n| n as u32)
}

/// The functions hang here.
pub struct Termios;

/// This module provides an interface to the Posix calls for tty I/O control.
///
/// For a complete description of these calls, see the Posix or Unix manual
/// pages. It is only available for those Unix versions that support Posix
/// termios style tty I/O control (and then only if configured at installation
/// time).
///
/// All functions in this module take a file descriptor fd as their first
/// argument. This can be an integer file descriptor, such as returned by
/// sys.stdin.fileno(), or a file object, such as sys.stdin itself.
#[pymodule(name = "termios")]
impl Termios {
    /// Get the tty attributes for file descriptor fd.
    ///
    /// Returns a list [iflag, oflag, cflag, lflag, ispeed, ospeed, cc]
    /// where cc is a list of the tty special characters (each a string of
    /// length 1, except the items with indices VMIN and VTIME, which are
    /// integers when these fields are defined).  The interpretation of the
    /// flags and the speeds as well as the indexing in the cc array must be
    /// done using the symbolic constants defined in this module.
    #[pyfunction(sig = "(fd, /)")]
    fn tcgetattr(th: &mut Thread, fd: Fd) -> Result<Gc<List>> {
        let t = done(th, calls::tcgetattr(fd.0))?;
        let (input, output) = calls::speeds(&t);
        let cc = th.new_list();
        for (i, c) in t.c_cc.iter().enumerate() {
            let numeric = t.c_lflag & libc::ICANON == 0 && (i == libc::VMIN || i == libc::VTIME);
            let v = match numeric {
                true => th.int(*c as i64),
                false => th.new_bytes(&[*c]).value(),
            };
            th.list_append(cc, v)?;
        }
        let out = th.new_list();
        for n in [t.c_iflag, t.c_oflag, t.c_cflag, t.c_lflag, input, output] {
            let v = th.int(n as i64);
            th.list_append(out, v)?;
        }
        th.list_append(out, cc.value())?;
        Ok(out)
    }

    /// Set the tty attributes for file descriptor fd.
    ///
    /// The attributes to be set are taken from the attributes argument, which
    /// is a list like the one returned by tcgetattr(). The when argument
    /// determines when the attributes are changed: termios.TCSANOW to
    /// change immediately, termios.TCSADRAIN to change after transmitting all
    /// queued output, or termios.TCSAFLUSH to change after transmitting all
    /// queued output and discarding all queued input.
    #[pyfunction(sig = "(fd, when, attributes, /)")]
    fn tcsetattr(th: &mut Thread, fd: Fd, when: i32, attributes: Value) -> Result<()> {
        let items = match attributes.downcast::<List>() {
            Some(l) if l.items.len() == 7 => th.value_vec(l.items.as_slice())?,
            _ => {
                return Err(th.type_error("tcsetattr, arg 3: must be 7 element list"));
            }
        };
        let v = items.as_slice();
        let mut t = done(th, calls::tcgetattr(fd.0))?;
        t.c_iflag = number(th, v[0])?;
        t.c_oflag = number(th, v[1])?;
        t.c_cflag = number(th, v[2])?;
        t.c_lflag = number(th, v[3])?;
        let (input, output) = (number(th, v[4])?, number(th, v[5])?);
        let cc = match v[6].downcast::<List>() {
            Some(l) if l.items.len() == t.c_cc.len() => th.value_vec(l.items.as_slice())?,
            _ => {
                let n = t.c_cc.len();
                return Err(
                    th.type_error(format!("tcsetattr: attributes[6] must be {n} element list"))
                );
            }
        };
        for (to, v) in t.c_cc.iter_mut().zip(cc.as_slice()) {
            *to = match (v.downcast::<Bytes>(), v.as_int()) {
                (Some(b), _) if b.as_slice().len() == 1 => b.as_slice()[0],
                (None, Some(n)) => n as u8,
                _ => {
                    return Err(th.type_error(
                        "tcsetattr: elements of attributes must be characters or integers",
                    ));
                }
            };
        }
        let r = th.without_lock(|| calls::tcsetattr(fd.0, when, &mut t, input, output));
        done(th, r)
    }

    /// Send a break on file descriptor fd.
    ///
    /// A zero duration sends a break for 0.25-0.5 seconds; a nonzero duration
    /// has a system dependent meaning.
    #[pyfunction(sig = "(fd, duration, /)")]
    fn tcsendbreak(th: &mut Thread, fd: Fd, duration: i32) -> Result<()> {
        let r = th.without_lock(|| calls::tcsendbreak(fd.0, duration));
        done(th, r).map(drop)
    }

    /// Wait until all output written to file descriptor fd has been transmitted.
    #[pyfunction(sig = "(fd, /)")]
    fn tcdrain(th: &mut Thread, fd: Fd) -> Result<()> {
        let r = th.without_lock(|| calls::tcdrain(fd.0));
        done(th, r).map(drop)
    }

    /// Discard queued data on file descriptor fd.
    ///
    /// The queue selector specifies which queue: termios.TCIFLUSH for the input
    /// queue, termios.TCOFLUSH for the output queue, or termios.TCIOFLUSH for
    /// both queues.
    #[pyfunction(sig = "(fd, queue, /)")]
    fn tcflush(th: &mut Thread, fd: Fd, queue: i32) -> Result<()> {
        let r = th.without_lock(|| calls::tcflush(fd.0, queue));
        done(th, r).map(drop)
    }

    /// Suspend or resume input or output on file descriptor fd.
    ///
    /// The action argument can be termios.TCOOFF to suspend output,
    /// termios.TCOON to restart output, termios.TCIOFF to suspend input,
    /// or termios.TCION to restart input.
    #[pyfunction(sig = "(fd, action, /)")]
    fn tcflow(th: &mut Thread, fd: Fd, action: i32) -> Result<()> {
        let r = th.without_lock(|| calls::tcflow(fd.0, action));
        done(th, r).map(drop)
    }

    /// Get the tty winsize for file descriptor fd.
    ///
    /// Returns a tuple (ws_row, ws_col).
    #[pyfunction(sig = "(fd, /)")]
    fn tcgetwinsize(th: &mut Thread, fd: Fd) -> Result {
        let mut b = [0u8; 8];
        done(th, calls::ioctl_buffer(fd.0, libc::TIOCGWINSZ, &mut b))?;
        let at = |i: usize| u16::from_ne_bytes([b[i], b[i + 1]]) as i64;
        let (rows, columns) = (th.int(at(0)), th.int(at(2)));
        Ok(th.new_tuple(&[rows, columns]).value())
    }

    /// Set the tty winsize for file descriptor fd.
    ///
    /// The winsize to be set is taken from the winsize argument, which
    /// is a two-item tuple (ws_row, ws_col) like the one returned by tcgetwinsize().
    #[pyfunction(sig = "(fd, winsize, /)")]
    fn tcsetwinsize(th: &mut Thread, fd: Fd, winsize: Value) -> Result<()> {
        let t = match th.to_tuple(winsize) {
            Ok(t) if t.len() == 2 => t,
            _ => {
                th.clear_pending();
                return Err(th.type_error("tcsetwinsize, arg 2: must be a two-item sequence"));
            }
        };
        let t = th.value_vec(t.as_slice())?;
        let mut b = [0u8; 8];
        done(th, calls::ioctl_buffer(fd.0, libc::TIOCGWINSZ, &mut b))?;
        for (i, v) in t.as_slice().iter().enumerate() {
            let n = th.index_i64(*v, "Python int too large to convert to C long")?;
            let Ok(n) = u16::try_from(n) else {
                return Err(th.overflow_error("winsize value(s) out of range"));
            };
            b[2 * i..2 * i + 2].copy_from_slice(&n.to_ne_bytes());
        }
        done(th, calls::ioctl_buffer(fd.0, libc::TIOCSWINSZ, &mut b)).map(drop)
    }

    #[pyexec]
    fn exec(th: &mut Thread, m: Gc<Module>) -> Result<()> {
        crate::enter_numbers(th, m, CONSTANTS);
        let base = th.vm().exception_class(ExceptionClass::Exception).value();
        let e = crate::new_exception(th, "termios.error", base)?;
        th.vm().registry.borrow_mut().insert("termios.error", e);
        th.dict_set_text(m.namespace(), "error", e);
        Ok(())
    }
}
