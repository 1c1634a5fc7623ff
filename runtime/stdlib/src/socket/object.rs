//! `socket`: the object.

use std::cell::Cell;
use std::time::{Duration, Instant};

use taipan_vm::call::Args;
use taipan_vm::call::buffer::request;
use taipan_vm::object::{Gc, NativeHeader};
use taipan_vm::types::ExceptionClass;
use taipan_vm::types::bytes::Bytes;
use taipan_vm::types::tuple::Tuple;
use taipan_vm::{NativeObject, Result, Thread, Value, ValueVec, pytype};

use super::address;
use crate::os_error::raise;
use crate::posix::args::plain;
use crate::system::{Sys, calls, sockets};

/// A socket.
#[repr(C)]
#[derive(NativeObject)]
pub struct Socket {
    head: NativeHeader,
    #[notrace]
    fd: Cell<i32>,
    #[notrace]
    family: Cell<i32>,
    #[notrace]
    kind: Cell<i32>,
    #[notrace]
    proto: Cell<i32>,
    /// Seconds; negative for none, 0 for non-blocking.
    #[notrace]
    timeout: Cell<f64>,
}

/// What a call waits for.
#[derive(Clone, Copy, PartialEq)]
enum Ready {
    Read,
    Write,
    Connect,
}

/// A time-out in seconds from an argument; negative for None.
pub fn timeout_argument(th: &mut Thread, v: Value) -> Result<f64> {
    if th.is_none(v) {
        return Ok(-1.0);
    }
    let t = th.to_f64(v)?;
    if t.is_nan() {
        return Err(th.value_error("Invalid value NaN (not a number)"));
    }
    if t < 0.0 {
        return Err(th.value_error("Timeout value out of range"));
    }
    if t > 9.2e9 {
        return Err(th.overflow_error("timestamp too large to convert to C PyTime_t"));
    }
    // As long as the clock can tell.
    Ok(if t > 0.0 { t.max(1e-9) } else { t })
}

fn set_blocking(fd: i32, on: bool) -> Sys<()> {
    let flags = calls::fcntl(fd, libc::F_GETFL, 0)?;
    let new = match on {
        true => flags & !(libc::O_NONBLOCK as i64),
        false => flags | libc::O_NONBLOCK as i64,
    };
    if new != flags {
        calls::fcntl(fd, libc::F_SETFL, new)?;
    }
    Ok(())
}

/// A new object of the base class.
pub fn make(th: &mut Thread, fd: i32, family: i32, kind: i32, proto: i32) -> Result {
    let s = th.new_native(&SOCKET_TYPE, |head| Socket {
        head,
        fd: Cell::new(-1),
        family: Cell::new(-1),
        kind: Cell::new(-1),
        proto: Cell::new(-1),
        timeout: Cell::new(-1.0),
    });
    s.set(th, fd, family, kind, proto)?;
    Ok(s.value())
}

impl Socket {
    fn set(&self, th: &mut Thread, fd: i32, family: i32, kind: i32, proto: i32) -> Result<()> {
        self.fd.set(fd);
        self.family.set(family);
        self.proto.set(proto);
        self.kind
            .set(kind & !(libc::SOCK_NONBLOCK | libc::SOCK_CLOEXEC));
        if kind & libc::SOCK_NONBLOCK != 0 {
            self.timeout.set(0.0);
            return Ok(());
        }
        let t = super::default_timeout(th);
        self.timeout.set(t);
        if t >= 0.0 {
            plain(th, set_blocking(fd, false))?;
        }
        Ok(())
    }

    /// Waits until the socket is ready. False when the time is over.
    fn ready(&self, what: Ready, left: Option<Duration>) -> Sys<bool> {
        let mut fds = [libc::pollfd {
            fd: self.fd.get(),
            events: match what {
                Ready::Read => libc::POLLIN,
                Ready::Write => libc::POLLOUT,
                Ready::Connect => libc::POLLOUT | libc::POLLERR,
            },
            revents: 0,
        }];
        let ms = match left {
            None => -1,
            Some(t) => t.as_nanos().div_ceil(1_000_000).min(i32::MAX as u128) as i32,
        };
        Ok(calls::poll(&mut fds, ms)? > 0)
    }

    fn deadline(&self) -> Option<Instant> {
        let t = self.timeout.get();
        (t > 0.0).then(|| Instant::now() + Duration::from_secs_f64(t))
    }

    /// Calls `f` when the socket is ready, again after signals; TimeoutError after the deadline.
    fn call<T>(
        &self,
        th: &mut Thread,
        what: Ready,
        deadline: Option<Instant>,
        mut f: impl FnMut(i32) -> Sys<T>,
    ) -> Result<T> {
        loop {
            if let Some(d) = deadline {
                let left = d.saturating_duration_since(Instant::now());
                match th.without_lock(|| self.ready(what, Some(left))) {
                    Ok(true) => {}
                    Ok(false) => return Err(timed_out(th)),
                    Err(libc::EINTR) => {
                        th.poll()?;
                        continue;
                    }
                    Err(e) => return Err(raise(th, e, None, None)),
                }
            }
            let fd = self.fd.get();
            match th.without_lock(|| f(fd)) {
                Ok(v) => return Ok(v),
                Err(libc::EINTR) => th.poll()?,
                // Somebody else was quicker.
                Err(libc::EAGAIN) if deadline.is_some() => {}
                Err(e) => return Err(raise(th, e, None, None)),
            }
        }
    }

    /// Connects; an error number that is not raised is given back.
    fn connect_to(&self, th: &mut Thread, a: &sockets::Address) -> Result<i32> {
        let (fd, a) = (self.fd.get(), *a);
        let first = th.without_lock(|| sockets::connect(fd, &a));
        let Err(e) = first else {
            return Ok(0);
        };
        let wait = match e {
            libc::EINTR => {
                th.poll()?;
                self.timeout.get() != 0.0
            }
            libc::EINPROGRESS => self.timeout.get() > 0.0,
            _ => false,
        };
        if !wait {
            return Ok(e);
        }
        let deadline = self.deadline();
        loop {
            let left = deadline.map(|d| d.saturating_duration_since(Instant::now()));
            match th.without_lock(|| self.ready(Ready::Connect, left)) {
                Ok(true) => break,
                Ok(false) => return Ok(libc::ETIMEDOUT),
                Err(libc::EINTR) => th.poll()?,
                Err(e) => return Ok(e),
            }
        }
        let mut b = [0u8; 4];
        match sockets::getsockopt(fd, libc::SOL_SOCKET, libc::SO_ERROR, &mut b) {
            Ok(_) => match i32::from_ne_bytes(b) {
                libc::EISCONN => Ok(0),
                e => Ok(e),
            },
            Err(e) => Ok(e),
        }
    }

    fn receive(&self, th: &mut Thread, n: usize, flags: i32) -> Result<Vec<u8>> {
        let mut b = buffer(th, n)?;
        let d = self.deadline();
        let n = self.call(th, Ready::Read, d, |fd| sockets::recv(fd, &mut b, flags))?;
        b.truncate(n as usize);
        Ok(b)
    }
}

fn timed_out(th: &mut Thread) -> taipan_vm::Raised {
    th.raise(ExceptionClass::TimeoutError, "timed out")
}

fn buffer(th: &mut Thread, n: usize) -> Result<Vec<u8>> {
    let mut v = Vec::new();
    if v.try_reserve_exact(n).is_err() {
        return Err(th.memory_error());
    }
    v.resize(n, 0);
    Ok(v)
}

fn size(th: &mut Thread, n: i64, function: &str) -> Result<usize> {
    match usize::try_from(n) {
        Ok(n) => Ok(n),
        Err(_) => Err(th.value_error(format!("negative buffersize in {function}"))),
    }
}

/// Lends a writable buffer: where it is, and how much of it is wanted.
fn writable(
    th: &mut Thread,
    v: Value,
    n: Option<i64>,
    function: &str,
) -> Result<(taipan_vm::call::buffer::BufferView, usize)> {
    let view = match th.buffer(v, request::WRITABLE | request::CONTIGUOUS) {
        Ok(v) => v,
        Err(_) => {
            th.clear_pending();
            let got = th.type_name(v);
            return Err(th.type_error(format!(
                "{function}() argument 1 must be read-write bytes-like object, not {got}"
            )));
        }
    };
    let n = n.unwrap_or(0);
    let problem = if n < 0 {
        Some(format!("negative buffersize in {function}"))
    } else if n as usize > view.len {
        Some(match function {
            "recvfrom_into" => "nbytes is greater than the length of the buffer".to_owned(),
            _ => "buffer too small for requested bytes".to_owned(),
        })
    } else {
        None
    };
    if let Some(text) = problem {
        th.release_buffer(view);
        return Err(th.value_error(text));
    }
    let n = if n == 0 { view.len } else { n as usize };
    Ok((view, n))
}

fn index_argument(th: &mut Thread, v: Option<Value>, default: i32) -> Result<i32> {
    match v {
        None => Ok(default),
        Some(v) => {
            let n = th.index_i64(v, "Python int too large to convert to C int")?;
            match i32::try_from(n) {
                Ok(n) => Ok(n),
                Err(_) if n > 0 => Err(th.overflow_error("signed integer is greater than maximum")),
                Err(_) => Err(th.overflow_error("signed integer is less than minimum")),
            }
        }
    }
}

/// socket(family=AF_INET, type=SOCK_STREAM, proto=0) -> socket object
/// socket(family=-1, type=-1, proto=-1, fileno=None) -> socket object
///
/// Open a socket of the given type.  The family argument specifies the
/// address family; it defaults to AF_INET.  The type argument specifies
/// whether this is a stream (SOCK_STREAM, this is the default)
/// or datagram (SOCK_DGRAM) socket.  The protocol argument defaults to 0,
/// specifying the default protocol.  Keyword arguments are accepted.
/// The socket is created as non-inheritable.
///
/// When a fileno is passed in, family, type and proto are auto-detected,
/// unless they are explicitly set.
#[pytype(name = "socket", module = "_socket", flags = BASETYPE, table = SOCKET_TYPE)]
impl Socket {
    #[pynew(raw, sig = "(family=-1, type=-1, proto=-1, fileno=None)")]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        let class = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
        Ok(th
            .alloc_native(class, |head| Socket {
                head,
                fd: Cell::new(-1),
                family: Cell::new(0),
                kind: Cell::new(0),
                proto: Cell::new(0),
                timeout: Cell::new(-1.0),
            })
            .value())
    }

    #[pyslot]
    fn init(th: &mut Thread, this: Value, args: Args<'_>) -> Result<()> {
        let Some(s) = this.downcast::<Socket>() else {
            return Ok(());
        };
        static SIGNATURE: taipan_vm::call::Signature = taipan_vm::call::Signature {
            name: "socket",
            has_self: false,
            params: &[
                optional("family"),
                optional("type"),
                optional("proto"),
                optional("fileno"),
            ],
        };
        let mut bound = [None; 4];
        taipan_vm::call::bind(th, &SIGNATURE, &args, &mut bound)?;
        let mut family = index_argument(th, bound[0], -1)?;
        let mut kind = index_argument(th, bound[1], -1)?;
        let mut proto = index_argument(th, bound[2], -1)?;
        let fd = match th.not_none(bound[3]) {
            Some(v) => {
                if th.as_float(v).is_some() {
                    return Err(th.type_error("integer argument expected, got float"));
                }
                let fd = th.index_i64(v, "Python int too large to convert to C int")?;
                if fd < 0 {
                    return Err(th.value_error("negative file descriptor"));
                }
                let fd = fd as i32;
                let a = plain(th, sockets::getsockname(fd))?;
                if family == -1 {
                    family = a.family();
                }
                let option = |name: i32| {
                    let mut b = [0u8; 4];
                    sockets::getsockopt(fd, libc::SOL_SOCKET, name, &mut b)
                        .map(|_| i32::from_ne_bytes(b))
                };
                if kind == -1 {
                    let r = option(libc::SO_TYPE);
                    kind = plain(th, r)?;
                }
                if proto == -1 {
                    let r = option(libc::SO_PROTOCOL);
                    proto = plain(th, r)?;
                }
                fd
            }
            None => {
                family = if family == -1 { libc::AF_INET } else { family };
                kind = if kind == -1 { libc::SOCK_STREAM } else { kind };
                proto = proto.max(0);
                let r = th.without_lock(|| sockets::socket(family, kind, proto));
                plain(th, r)?
            }
        };
        s.set(th, fd, family, kind, proto)
    }

    #[pyslot]
    fn del(th: &mut Thread, this: Value) -> Result<()> {
        let Some(s) = this.downcast::<Socket>() else {
            return Ok(());
        };
        if s.fd.get() < 0 {
            return Ok(());
        }
        let text = th.repr_lossy(this);
        let warned = taipan_vm::exceptions::warn(
            th,
            ExceptionClass::ResourceWarning,
            &format!("unclosed {text}"),
            1,
        );
        if warned.is_err() {
            th.write_unraisable(Some(this), None);
        }
        let _ = calls::close(s.fd.replace(-1));
        Ok(())
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let Some(s) = this.downcast::<Socket>() else {
            return Ok(this);
        };
        Ok(th
            .new_str(&format!(
                "<socket object, fd={}, family={}, type={}, proto={}>",
                s.fd.get(),
                s.family.get(),
                s.kind.get(),
                s.proto.get()
            ))
            .value())
    }

    /// the socket family
    #[pygetter]
    fn family(_: &mut Thread, this: Gc<Socket>) -> i32 {
        this.family.get()
    }

    /// the socket type
    #[pygetter(name = "type")]
    fn kind(_: &mut Thread, this: Gc<Socket>) -> i32 {
        this.kind.get()
    }

    /// the socket protocol
    #[pygetter]
    fn proto(_: &mut Thread, this: Gc<Socket>) -> i32 {
        this.proto.get()
    }

    /// the socket timeout
    #[pygetter]
    fn timeout(_: &mut Thread, this: Gc<Socket>) -> Option<f64> {
        Some(this.timeout.get()).filter(|t| *t >= 0.0)
    }

    /// _accept() -> (integer, address info)
    ///
    /// Wait for an incoming connection.  Return a new socket file descriptor
    /// representing the connection, and the address of the client.
    /// For IP sockets, the address info is a pair (hostaddr, port).
    #[pymethod]
    fn _accept(th: &mut Thread, this: Gc<Socket>) -> Result {
        let d = this.deadline();
        let (fd, a) = this.call(th, Ready::Read, d, sockets::accept)?;
        let fd = th.int(fd);
        let a = address::to_python(th, &a)?;
        Ok(th.new_tuple(&[fd, a]).value())
    }

    /// bind(address)
    ///
    /// Bind the socket to a local address.  For IP sockets, the address is a
    /// pair (host, port); the host must refer to the local host. For raw packet
    /// sockets the address is a tuple (ifname, proto [,pkttype [,hatype [,addr]]])
    #[pymethod(sig = "(address, /)")]
    fn bind(th: &mut Thread, this: Gc<Socket>, a: Value) -> Result<()> {
        let a = address::from_python(th, this.family.get(), a, "bind")?;
        let fd = this.fd.get();
        let r = th.without_lock(|| sockets::bind(fd, &a));
        plain(th, r).map(drop)
    }

    /// close()
    ///
    /// Close the socket.  It cannot be used after this call.
    #[pymethod]
    fn close(th: &mut Thread, this: Gc<Socket>) -> Result<()> {
        let fd = this.fd.replace(-1);
        if fd < 0 {
            return Ok(());
        }
        match th.without_lock(|| calls::close(fd)) {
            Ok(_) | Err(libc::ECONNRESET) => Ok(()),
            Err(e) => Err(raise(th, e, None, None)),
        }
    }

    /// connect(address)
    ///
    /// Connect the socket to a remote address.  For IP sockets, the address
    /// is a pair (host, port).
    #[pymethod(sig = "(address, /)")]
    fn connect(th: &mut Thread, this: Gc<Socket>, a: Value) -> Result<()> {
        let a = address::from_python(th, this.family.get(), a, "connect")?;
        match this.connect_to(th, &a)? {
            0 => Ok(()),
            libc::ETIMEDOUT if this.timeout.get() > 0.0 => Err(timed_out(th)),
            e => Err(raise(th, e, None, None)),
        }
    }

    /// connect_ex(address) -> errno
    ///
    /// This is like connect(address), but returns an error code (the errno value)
    /// instead of raising an exception when an error occurs.
    #[pymethod(sig = "(address, /)")]
    fn connect_ex(th: &mut Thread, this: Gc<Socket>, a: Value) -> Result<i32> {
        let a = address::from_python(th, this.family.get(), a, "connect_ex")?;
        match this.connect_to(th, &a)? {
            libc::ETIMEDOUT if this.timeout.get() > 0.0 => Ok(libc::EAGAIN),
            e => Ok(e),
        }
    }

    /// detach()
    ///
    /// Close the socket object without closing the underlying file descriptor.
    /// The object cannot be used after this call, but the file descriptor
    /// can be reused for other purposes.  The file descriptor is returned.
    #[pymethod]
    fn detach(_: &mut Thread, this: Gc<Socket>) -> i32 {
        this.fd.replace(-1)
    }

    /// fileno() -> integer
    ///
    /// Return the integer file descriptor of the socket.
    #[pymethod]
    fn fileno(_: &mut Thread, this: Gc<Socket>) -> i32 {
        this.fd.get()
    }

    /// getpeername() -> address info
    ///
    /// Return the address of the remote endpoint.  For IP sockets, the address
    /// info is a pair (hostaddr, port).
    #[pymethod]
    fn getpeername(th: &mut Thread, this: Gc<Socket>) -> Result {
        let a = plain(th, sockets::getpeername(this.fd.get()))?;
        address::to_python(th, &a)
    }

    /// getsockname() -> address info
    ///
    /// Return the address of the local endpoint. The format depends on the
    /// address family. For IPv4 sockets, the address info is a pair
    /// (hostaddr, port). For IPv6 sockets, the address info is a 4-tuple
    /// (hostaddr, port, flowinfo, scope_id).
    #[pymethod]
    fn getsockname(th: &mut Thread, this: Gc<Socket>) -> Result {
        let a = plain(th, sockets::getsockname(this.fd.get()))?;
        address::to_python(th, &a)
    }

    /// getsockopt(level, option[, buffersize]) -> value
    ///
    /// Get a socket option.  See the Unix manual for level and option.
    /// If a nonzero buffersize argument is given, the return value is a
    /// string of that length; otherwise it is an integer.
    #[pymethod(sig = "(level, option, buffersize=0, /)")]
    fn getsockopt(
        th: &mut Thread,
        this: Gc<Socket>,
        level: i32,
        option: i32,
        buffersize: Option<i32>,
    ) -> Result {
        match buffersize.unwrap_or(0) {
            0 => {
                let mut b = [0u8; 4];
                plain(
                    th,
                    sockets::getsockopt(this.fd.get(), level, option, &mut b),
                )?;
                Ok(Value::small(i32::from_ne_bytes(b)))
            }
            n @ 1..=1024 => {
                let mut b = vec![0u8; n as usize];
                let r = sockets::getsockopt(this.fd.get(), level, option, &mut b);
                let n = plain(th, r)?;
                Ok(th.new_bytes(&b[..n.min(b.len())]).value())
            }
            _ => Err(th.raise(ExceptionClass::OSError, "getsockopt buflen out of range")),
        }
    }

    /// setsockopt(level, option, value: int)
    /// setsockopt(level, option, value: buffer)
    /// setsockopt(level, option, None, optlen: int)
    ///
    /// Set a socket option.  See the Unix manual for level and option.
    /// The value argument can either be an integer, a string buffer, or
    /// None, optlen.
    #[pymethod(sig = "(level, option, value, optlen=<unrepresentable>, /)")]
    fn setsockopt(
        th: &mut Thread,
        this: Gc<Socket>,
        level: i32,
        option: i32,
        value: Value,
        optlen: Option<u32>,
    ) -> Result<()> {
        let fd = this.fd.get();
        let r = match optlen {
            Some(n) if th.is_none(value) => sockets::setsockopt_none(fd, level, option, n),
            Some(_) => {
                let got = th.type_name(value);
                return Err(th.type_error(format!(
                    "setsockopt() argument 3 must be None when optlen is given, not {got}"
                )));
            }
            None if th.class_of(value).slots().index.is_some() => {
                let n = index_argument(th, Some(value), 0)?;
                sockets::setsockopt(fd, level, option, &n.to_ne_bytes())
            }
            None if th.is_none(value) => {
                return Err(th.type_error(
                    "setsockopt() missing required argument optlen when value is None",
                ));
            }
            None => {
                let b = crate::buffer_bytes(th, value)?;
                sockets::setsockopt(fd, level, option, &b)
            }
        };
        plain(th, r).map(drop)
    }

    /// listen([backlog])
    ///
    /// Enable a server to accept connections.  If backlog is specified, it must be
    /// at least 0 (if it is lower, it is set to 0); it specifies the number of
    /// unaccepted connections that the system will allow before refusing new
    /// connections. If not specified, a default reasonable value is chosen.
    #[pymethod(sig = "(backlog=128, /)")]
    fn listen(th: &mut Thread, this: Gc<Socket>, backlog: Option<i32>) -> Result<()> {
        let (fd, n) = (this.fd.get(), backlog.unwrap_or(128).max(0));
        let r = th.without_lock(|| sockets::listen(fd, n));
        plain(th, r).map(drop)
    }

    /// shutdown(flag)
    ///
    /// Shut down the reading side of the socket (flag == SHUT_RD), the writing side
    /// of the socket (flag == SHUT_WR), or both ends (flag == SHUT_RDWR).
    #[pymethod(sig = "(how, /)")]
    fn shutdown(th: &mut Thread, this: Gc<Socket>, how: i32) -> Result<()> {
        let fd = this.fd.get();
        let r = th.without_lock(|| sockets::shutdown(fd, how));
        plain(th, r).map(drop)
    }

    /// setblocking(flag)
    ///
    /// Set the socket to blocking (flag is true) or non-blocking (false).
    /// setblocking(True) is equivalent to settimeout(None);
    /// setblocking(False) is equivalent to settimeout(0.0).
    #[pymethod(sig = "(flag, /)")]
    fn setblocking(th: &mut Thread, this: Gc<Socket>, flag: bool) -> Result<()> {
        this.timeout.set(if flag { -1.0 } else { 0.0 });
        plain(th, set_blocking(this.fd.get(), flag))
    }

    /// getblocking()
    ///
    /// Returns True if socket is in blocking mode, or False if it
    /// is in non-blocking mode.
    #[pymethod]
    fn getblocking(_: &mut Thread, this: Gc<Socket>) -> bool {
        this.timeout.get() != 0.0
    }

    /// settimeout(timeout)
    ///
    /// Set a timeout on socket operations.  'timeout' can be a float,
    /// giving in seconds, or None.  Setting a timeout of None disables
    /// the timeout feature and is equivalent to setblocking(1).
    /// Setting a timeout of zero is the same as setblocking(0).
    #[pymethod(sig = "(timeout, /)")]
    fn settimeout(th: &mut Thread, this: Gc<Socket>, timeout: Value) -> Result<()> {
        let t = timeout_argument(th, timeout)?;
        this.timeout.set(t);
        plain(th, set_blocking(this.fd.get(), t < 0.0))
    }

    /// gettimeout() -> timeout
    ///
    /// Returns the timeout in seconds (float) associated with socket operations.
    /// A timeout of None indicates that timeouts on socket operations are
    /// disabled.
    #[pymethod]
    fn gettimeout(_: &mut Thread, this: Gc<Socket>) -> Option<f64> {
        Some(this.timeout.get()).filter(|t| *t >= 0.0)
    }

    /// recv(buffersize[, flags]) -> data
    ///
    /// Receive up to buffersize bytes from the socket.  For the optional flags
    /// argument, see the Unix manual.  When no data is available, block until
    /// at least one byte is available or until the remote end is closed.  When
    /// the remote end is closed and all data is read, return the empty string.
    #[pymethod(sig = "(bufsize, flags=0, /)")]
    fn recv(
        th: &mut Thread,
        this: Gc<Socket>,
        bufsize: i64,
        flags: Option<i32>,
    ) -> Result<Gc<Bytes>> {
        let n = size(th, bufsize, "recv")?;
        let b = this.receive(th, n, flags.unwrap_or(0))?;
        Ok(th.new_bytes(&b))
    }

    /// recv_into(buffer, [nbytes[, flags]]) -> nbytes_read
    ///
    /// A version of recv() that stores its data into a buffer rather than creating
    /// a new string.  Receive up to buffersize bytes from the socket.  If buffersize
    /// is not specified (or 0), receive up to the size available in the given buffer.
    ///
    /// See recv() for documentation about the flags.
    #[pymethod(sig = "(buffer, nbytes=0, flags=0)")]
    fn recv_into(
        th: &mut Thread,
        this: Gc<Socket>,
        target: Value,
        nbytes: Option<i64>,
        flags: Option<i32>,
    ) -> Result<usize> {
        let (view, n) = writable(th, target, nbytes, "recv_into")?;
        let r = this.receive(th, n, flags.unwrap_or(0));
        if let Ok(b) = &r {
            view.write(0, b);
        }
        th.release_buffer(view);
        r.map(|b| b.len())
    }

    /// recvfrom(buffersize[, flags]) -> (data, address info)
    ///
    /// Like recv(buffersize, flags) but also return the sender's address info.
    #[pymethod(sig = "(bufsize, flags=0, /)")]
    fn recvfrom(th: &mut Thread, this: Gc<Socket>, bufsize: i64, flags: Option<i32>) -> Result {
        let n = size(th, bufsize, "recvfrom")?;
        let mut b = buffer(th, n)?;
        let (d, flags) = (this.deadline(), flags.unwrap_or(0));
        let (n, a) = this.call(th, Ready::Read, d, |fd| {
            sockets::recvfrom(fd, &mut b, flags)
        })?;
        let data = th.new_bytes(&b[..n as usize]).value();
        let a = address::to_python(th, &a)?;
        Ok(th.new_tuple(&[data, a]).value())
    }

    /// recvfrom_into(buffer[, nbytes[, flags]]) -> (nbytes, address info)
    ///
    /// Like recv_into(buffer[, nbytes[, flags]]) but also return the sender's address info.
    #[pymethod(sig = "(buffer, nbytes=0, flags=0)")]
    fn recvfrom_into(
        th: &mut Thread,
        this: Gc<Socket>,
        target: Value,
        nbytes: Option<i64>,
        flags: Option<i32>,
    ) -> Result {
        let (view, n) = writable(th, target, nbytes, "recvfrom_into")?;
        let mut b = buffer(th, n)?;
        let (d, flags) = (this.deadline(), flags.unwrap_or(0));
        let r = this.call(th, Ready::Read, d, |fd| {
            sockets::recvfrom(fd, &mut b, flags)
        });
        if let Ok((n, _)) = &r {
            view.write(0, &b[..*n as usize]);
        }
        th.release_buffer(view);
        let (n, a) = r?;
        let n = th.int(n);
        let a = address::to_python(th, &a)?;
        Ok(th.new_tuple(&[n, a]).value())
    }

    /// send(data[, flags]) -> count
    ///
    /// Send a data string to the socket.  For the optional flags
    /// argument, see the Unix manual.  Return the number of bytes
    /// sent; this may be less than len(data) if the network is busy.
    #[pymethod(sig = "(data, flags=0, /)")]
    fn send(th: &mut Thread, this: Gc<Socket>, data: Value, flags: Option<i32>) -> Result<i64> {
        let b = crate::buffer_bytes(th, data)?;
        let (d, flags) = (this.deadline(), flags.unwrap_or(0));
        this.call(th, Ready::Write, d, |fd| sockets::send(fd, &b, flags))
    }

    /// sendall(data[, flags])
    ///
    /// Send a data string to the socket.  For the optional flags
    /// argument, see the Unix manual.  This calls send() repeatedly
    /// until all data is sent.  If an error occurs, it's impossible
    /// to tell how much data has been sent.
    #[pymethod(sig = "(data, flags=0, /)")]
    fn sendall(th: &mut Thread, this: Gc<Socket>, data: Value, flags: Option<i32>) -> Result<()> {
        let b = crate::buffer_bytes(th, data)?;
        let (d, flags) = (this.deadline(), flags.unwrap_or(0));
        let mut rest = &b[..];
        loop {
            let n = this.call(th, Ready::Write, d, |fd| sockets::send(fd, rest, flags))?;
            rest = &rest[(n as usize).min(rest.len())..];
            if rest.is_empty() {
                return Ok(());
            }
            th.poll()?;
        }
    }

    /// sendto(data[, flags], address) -> count
    ///
    /// Like send(data, flags) but allows specifying the destination address.
    /// For IP sockets, the address is a pair (hostaddr, port).
    #[pymethod(raw)]
    fn sendto(th: &mut Thread, args: Args<'_>) -> Result<i64> {
        let v = args.positionals();
        let Some(this) = v.first().and_then(|v| v.downcast::<Socket>()) else {
            return Err(th.type_error("descriptor 'sendto' needs a socket"));
        };
        let (data, flags, a) = match v[1..] {
            [data, a] => (data, 0, a),
            [data, flags, a] => (data, index_argument(th, Some(flags), 0)?, a),
            _ => {
                return Err(th.type_error(format!(
                    "sendto() takes 2 or 3 arguments ({} given)",
                    v.len() - 1
                )));
            }
        };
        let b = crate::buffer_bytes(th, data)?;
        let a = address::from_python(th, this.family.get(), a, "sendto")?;
        let d = this.deadline();
        this.call(th, Ready::Write, d, |fd| sockets::sendto(fd, &b, flags, &a))
    }

    /// sendmsg(buffers[, ancdata[, flags[, address]]]) -> count
    ///
    /// Send normal and ancillary data to the socket, gathering the
    /// non-ancillary data from a series of buffers and concatenating it into
    /// a single message.
    #[pymethod(sig = "(buffers, ancdata=(), flags=0, address=None, /)")]
    fn sendmsg(
        th: &mut Thread,
        this: Gc<Socket>,
        buffers: Value,
        ancdata: Option<Value>,
        flags: Option<i32>,
        a: Option<Value>,
    ) -> Result<i64> {
        let items = match th.iter(buffers) {
            Ok(_) => th.collect(buffers)?,
            Err(_) => {
                th.clear_pending();
                return Err(th.type_error("sendmsg() argument 1 must be iterable"));
            }
        };
        let mut parts = Vec::new();
        for v in items.as_slice() {
            parts.push(crate::buffer_bytes(th, *v)?);
        }
        let mut control = Vec::new();
        if let Some(list) = ancdata {
            let items = match th.iter(list) {
                Ok(_) => th.collect(list)?,
                Err(_) => {
                    th.clear_pending();
                    return Err(th.type_error("sendmsg() argument 2 must be iterable"));
                }
            };
            for v in items.as_slice() {
                let t = match th.to_tuple(*v) {
                    Ok(t) if t.len() == 3 => t,
                    _ => {
                        th.clear_pending();
                        return Err(th.type_error(
                            "[sendmsg() ancillary data items] must be sequences of length 3",
                        ));
                    }
                };
                let t = th.value_vec(t.as_slice())?;
                let level = index_argument(th, Some(t.as_slice()[0]), 0)?;
                let kind = index_argument(th, Some(t.as_slice()[1]), 0)?;
                let data = crate::buffer_bytes(th, t.as_slice()[2])?;
                control.push((level, kind, data));
            }
        }
        let a = match th.not_none(a) {
            Some(v) => Some(address::from_python(th, this.family.get(), v, "sendmsg")?),
            None => None,
        };
        let (d, flags) = (this.deadline(), flags.unwrap_or(0));
        this.call(th, Ready::Write, d, |fd| {
            sockets::sendmsg(fd, &parts, &control, flags, a.as_ref())
        })
    }

    /// recvmsg(bufsize[, ancbufsize[, flags]]) -> (data, ancdata, msg_flags, address)
    ///
    /// Receive normal data (up to bufsize bytes) and ancillary data from the
    /// socket.
    #[pymethod(sig = "(bufsize, ancbufsize=0, flags=0, /)")]
    fn recvmsg(
        th: &mut Thread,
        this: Gc<Socket>,
        bufsize: i64,
        ancbufsize: Option<i64>,
        flags: Option<i32>,
    ) -> Result {
        let Ok(n) = usize::try_from(bufsize) else {
            return Err(th.value_error("negative buffer size in recvmsg()"));
        };
        let mut parts = [buffer(th, n)?];
        let r = this.receive_message(th, &mut parts, ancbufsize, flags, "recvmsg")?;
        let [b] = parts;
        let data = th.new_bytes(&b[..r.count.min(b.len())]).value();
        message(th, data, r)
    }

    /// recvmsg_into(buffers[, ancbufsize[, flags]]) -> (nbytes, ancdata, msg_flags, address)
    ///
    /// Receive normal data and ancillary data from the socket, scattering the
    /// non-ancillary data into a series of buffers.
    #[pymethod(sig = "(buffers, ancbufsize=0, flags=0, /)")]
    fn recvmsg_into(
        th: &mut Thread,
        this: Gc<Socket>,
        buffers: Value,
        ancbufsize: Option<i64>,
        flags: Option<i32>,
    ) -> Result {
        let items = match th.iter(buffers) {
            Ok(_) => th.collect(buffers)?,
            Err(_) => {
                th.clear_pending();
                return Err(th.type_error("recvmsg_into() argument 1 must be iterable"));
            }
        };
        let (mut views, mut parts) = (Vec::new(), Vec::new());
        for v in items.as_slice() {
            let view = th.buffer(*v, request::WRITABLE | request::CONTIGUOUS)?;
            parts.push(buffer(th, view.len)?);
            views.push(view);
        }
        let r = this.receive_message(th, &mut parts, ancbufsize, flags, "recvmsg_into")?;
        let mut left = r.count;
        for (view, part) in views.into_iter().zip(&parts) {
            let here = left.min(part.len());
            view.write(0, &part[..here]);
            left -= here;
            th.release_buffer(view);
        }
        let n = th.int(r.count as i64);
        message(th, n, r)
    }
}

const fn optional(name: &'static str) -> taipan_vm::call::Param {
    taipan_vm::call::Param {
        name,
        kind: taipan_vm::call::ParamKind::PositionalOrKeyword,
        required: false,
    }
}

impl Socket {
    fn receive_message(
        &self,
        th: &mut Thread,
        parts: &mut [Vec<u8>],
        control: Option<i64>,
        flags: Option<i32>,
        function: &str,
    ) -> Result<sockets::Received> {
        let control = control.unwrap_or(0);
        if !(0..=i32::MAX as i64).contains(&control) {
            return Err(th.value_error("invalid ancillary data buffer length"));
        }
        let _ = function;
        let flags = flags.unwrap_or(0) | libc::MSG_CMSG_CLOEXEC;
        let d = self.deadline();
        self.call(th, Ready::Read, d, |fd| {
            sockets::recvmsg(fd, parts, control as usize, flags)
        })
    }
}

/// `(data, ancdata, msg_flags, address)`
fn message(th: &mut Thread, data: Value, r: sockets::Received) -> Result {
    let list = ValueVec::new();
    for (level, kind, bytes) in &r.control {
        let (l, k) = (th.int(*level as i64), th.int(*kind as i64));
        let b = th.new_bytes(bytes).value();
        let row: Gc<Tuple> = th.new_tuple(&[l, k, b]);
        th.push(&list, row.value())?;
    }
    let list = th.list_from_vec(list).value();
    let flags = th.int((r.flags & !libc::MSG_CMSG_CLOEXEC) as i64);
    let a = address::to_python(th, &r.address)?;
    Ok(th.new_tuple(&[data, list, flags, a]).value())
}
