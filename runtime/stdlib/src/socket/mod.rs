//! `_socket`: sockets, and (in `resolve`) names.

mod address;
mod names;
mod object;
mod resolve;

use taipan_vm::object::Gc;
use taipan_vm::types::ExceptionClass;
use taipan_vm::types::module::Module;
use taipan_vm::{Result, Thread, Value, pymodule};

use crate::posix::args::plain;
use crate::system::{calls, sockets};

/// Where the default time-out is kept.
const DEFAULT_TIMEOUT: &str = "socket.default_timeout";

/// The default time-out in seconds; negative for none.
fn default_timeout(th: &mut Thread) -> f64 {
    let v = th.vm().registry.borrow().get(DEFAULT_TIMEOUT).copied();
    v.and_then(|v| th.as_float(v)).unwrap_or(-1.0)
}

/// The functions hang here.
pub struct SocketModule;

/// Implementation module for socket operations.
///
/// See the socket module for documentation.
#[pymodule(name = "_socket", more = [&resolve::FUNCTIONS], types = [object::SOCKET_TYPE])]
impl SocketModule {
    /// Close an integer socket file descriptor.
    ///
    /// This is like os.close(), but for sockets; on some platforms os.close()
    /// won't work for socket file descriptors.
    #[pyfunction(sig = "(fd, /)")]
    fn close(th: &mut Thread, fd: i32) -> Result<()> {
        match th.without_lock(|| calls::close(fd)) {
            // The other side has gone: it is closed all the same.
            Ok(_) | Err(libc::ECONNRESET) => Ok(()),
            Err(e) => Err(crate::os_error::raise(th, e, None, None)),
        }
    }

    /// Duplicate an integer socket file descriptor.
    ///
    /// This is like os.dup(), but for sockets; on some platforms os.dup()
    /// won't work for socket file descriptors.
    #[pyfunction(sig = "(fd, /)")]
    fn dup(th: &mut Thread, fd: i32) -> Result<i64> {
        plain(th, calls::dup_cloexec(fd))
    }

    /// Create a pair of socket objects from the sockets returned by the platform socketpair() function.
    ///
    /// The arguments are the same as for socket() except the default family is AF_UNIX
    /// if defined on the platform; otherwise, the default is AF_INET.
    #[pyfunction(sig = "(family=1, type=1, proto=0, /)")]
    fn socketpair(
        th: &mut Thread,
        family: Option<i32>,
        kind: Option<i32>,
        proto: Option<i32>,
    ) -> Result {
        let (family, kind, proto) = (
            family.unwrap_or(libc::AF_UNIX),
            kind.unwrap_or(libc::SOCK_STREAM),
            proto.unwrap_or(0),
        );
        let [a, b] = plain(th, sockets::socketpair(family, kind, proto))?;
        let a = object::make(th, a, family, kind, proto)?;
        let b = object::make(th, b, family, kind, proto)?;
        Ok(th.new_tuple(&[a, b]).value())
    }

    /// Returns the default timeout in seconds (float) for new socket objects.
    ///
    /// A value of None indicates that new socket objects have no timeout.
    /// When the socket module is first imported, the default is None.
    #[pyfunction]
    fn getdefaulttimeout(th: &mut Thread) -> Option<f64> {
        Some(default_timeout(th)).filter(|t| *t >= 0.0)
    }

    /// Set the default timeout in seconds (float) for new socket objects.
    ///
    /// A value of None indicates that new socket objects have no timeout.
    /// When the socket module is first imported, the default is None.
    #[pyfunction(sig = "(timeout, /)")]
    fn setdefaulttimeout(th: &mut Thread, timeout: Value) -> Result<()> {
        let t = object::timeout_argument(th, timeout)?;
        let v = th.float(t);
        (th.vm().registry.borrow_mut()).insert(DEFAULT_TIMEOUT, v);
        Ok(())
    }

    /// CMSG_LEN(length) -> control message length
    ///
    /// Return the total length, without trailing padding, of an ancillary
    /// data item with associated data of the given length.
    #[pyfunction(name = "CMSG_LEN", sig = "(length, /)")]
    fn cmsg_len(th: &mut Thread, length: i64) -> Result<usize> {
        let n = control_length(th, length, "CMSG_LEN")?;
        Ok(sockets::control_len(n))
    }

    /// CMSG_SPACE(length) -> buffer size
    ///
    /// Return the buffer size needed for recvmsg() to receive an ancillary
    /// data item with associated data of the given length, along with any
    /// trailing padding.
    #[pyfunction(name = "CMSG_SPACE", sig = "(length, /)")]
    fn cmsg_space(th: &mut Thread, length: i64) -> Result<usize> {
        let n = control_length(th, length, "CMSG_SPACE")?;
        Ok(sockets::control_space(n))
    }

    #[pyexec]
    fn exec(th: &mut Thread, m: Gc<Module>) -> Result<()> {
        crate::enter_numbers(th, m, names::CONSTANTS);
        let d = m.namespace();
        let os_error = th.vm().exception_class(ExceptionClass::OSError).value();
        th.dict_set_text(d, "error", os_error);
        let timeout = th
            .vm()
            .exception_class(ExceptionClass::TimeoutError)
            .value();
        th.dict_set_text(d, "timeout", timeout);
        for (key, name) in [("socket.gaierror", "gaierror"), ("socket.herror", "herror")] {
            let c = crate::new_exception(th, key, os_error)?;
            th.vm().registry.borrow_mut().insert(key, c);
            th.dict_set_text(d, name, c);
        }
        let class = th.type_for(&object::SOCKET_TYPE).value();
        th.dict_set_text(d, "SocketType", class);
        let yes = th.bool(true);
        th.dict_set_text(d, "has_ipv6", yes);
        for (name, text) in [
            ("BDADDR_ANY", "00:00:00:00:00:00"),
            ("BDADDR_LOCAL", "00:00:00:FF:FF:FF"),
        ] {
            let v = th.new_str(text).value();
            th.dict_set_text(d, name, v);
        }
        Ok(())
    }
}

fn control_length(th: &mut Thread, n: i64, function: &str) -> Result<u32> {
    match u32::try_from(n) {
        Ok(n) if n <= i32::MAX as u32 - 32 => Ok(n),
        _ => Err(th.overflow_error(format!("{function}() argument out of range"))),
    }
}
