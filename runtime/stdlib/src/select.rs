//! `select`: `select`, `poll` and `epoll`.

use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};

use taipan_vm::object::{Gc, NativeHeader};
use taipan_vm::types::ExceptionClass;
use taipan_vm::types::list::List;
use taipan_vm::types::module::Module;
use taipan_vm::{NativeObject, Result, Thread, Value, pymodule, pytype};

use crate::os_error::raise;
use crate::posix::args::{Fd, descriptor, plain};
use crate::system::{Sys, calls};

/// A time-out in seconds: None waits for ever. Raises TypeError, ValueError, OverflowError.
fn timeout_argument(th: &mut Thread, v: Value, negative: Option<&str>) -> Result<Option<f64>> {
    if th.is_none(v) {
        return Ok(None);
    }
    if v.as_int().is_none()
        && th.as_float(v).is_none()
        && th.class_of(v).slots().float.is_none()
        && th.class_of(v).slots().index.is_none()
    {
        return Err(th.type_error("timeout must be a real number or None"));
    }
    let s = th.to_f64(v)?;
    if s.is_nan() {
        return Err(th.value_error("Invalid value NaN (not a number)"));
    }
    if s > 9.2e9 {
        return Err(th.overflow_error("timeout is too large"));
    }
    match negative {
        Some(message) if s < 0.0 => Err(th.value_error(message)),
        _ => Ok(Some(s)),
    }
}

/// Waits again after each signal that was served, for as long as is left of the time.
fn waited<T>(
    th: &mut Thread,
    timeout: Option<Duration>,
    mut f: impl FnMut(Option<Duration>) -> Sys<T>,
) -> Result<Option<T>> {
    let end = timeout.and_then(|t| Instant::now().checked_add(t));
    let mut left = timeout;
    loop {
        match th.without_lock(|| f(left)) {
            Ok(v) => return Ok(Some(v)),
            Err(libc::EINTR) => {
                th.poll()?;
                if let Some(e) = end {
                    let l = e.saturating_duration_since(Instant::now());
                    if l.is_zero() {
                        return Ok(None);
                    }
                    left = Some(l);
                }
            }
            Err(e) => return Err(raise(th, e, None, None)),
        }
    }
}

/// A time as milliseconds, rounded up; -1 for ever.
fn milliseconds(t: Option<Duration>) -> i32 {
    match t {
        None => -1,
        Some(t) => t.as_nanos().div_ceil(1_000_000).min(i32::MAX as u128) as i32,
    }
}

/// An unsigned number of 16 bits.
fn events_argument(th: &mut Thread, v: Option<Value>) -> Result<u16> {
    let Some(v) = v else {
        return Ok((libc::POLLIN | libc::POLLPRI | libc::POLLOUT) as u16);
    };
    let n = th.index_i64(v, "Python int too large to convert to C unsigned short")?;
    if n < 0 {
        return Err(th.value_error("value must be positive"));
    }
    match u16::try_from(n) {
        Ok(n) => Ok(n),
        Err(_) => Err(th.overflow_error("Python int too large to convert to C unsigned short")),
    }
}

/// A polling object.
#[repr(C)]
#[derive(NativeObject)]
pub struct Poll {
    head: NativeHeader,
    #[notrace]
    fds: RefCell<Vec<(i32, u16)>>,
    #[notrace]
    running: Cell<bool>,
}

#[pytype(name = "poll", module = "select", flags = NO_INSTANTIATION, table = POLL_TYPE)]
impl Poll {
    /// Register a file descriptor with the polling object.
    ///
    ///   fd
    ///     either an integer, or an object with a fileno() method returning an int
    ///   eventmask
    ///     an optional bitmask describing the type of events to check for
    #[pymethod(sig = "(fd, eventmask=7, /)")]
    fn register(th: &mut Thread, this: Gc<Poll>, fd: Fd, mask: Option<Value>) -> Result<()> {
        let events = events_argument(th, mask)?;
        let mut fds = this.fds.borrow_mut();
        match fds.iter_mut().find(|(n, _)| *n == fd.0) {
            Some(entry) => entry.1 = events,
            None => fds.push((fd.0, events)),
        }
        Ok(())
    }

    /// Modify an already registered file descriptor.
    #[pymethod(sig = "(fd, eventmask, /)")]
    fn modify(th: &mut Thread, this: Gc<Poll>, fd: Fd, mask: Value) -> Result<()> {
        let events = events_argument(th, Some(mask))?;
        match this.fds.borrow_mut().iter_mut().find(|(n, _)| *n == fd.0) {
            Some(entry) => entry.1 = events,
            None => return Err(raise(th, libc::ENOENT, None, None)),
        }
        Ok(())
    }

    /// Remove a file descriptor being tracked by the polling object.
    #[pymethod(sig = "(fd, /)")]
    fn unregister(th: &mut Thread, this: Gc<Poll>, fd: Fd) -> Result<()> {
        let found = this.fds.borrow().iter().position(|(n, _)| *n == fd.0);
        match found {
            Some(i) => {
                this.fds.borrow_mut().remove(i);
                Ok(())
            }
            None => {
                let key = th.int(fd.0 as i64);
                Err(th.key_error(key))
            }
        }
    }

    /// Polls the set of registered file descriptors.
    ///
    ///   timeout
    ///     The maximum time to wait in milliseconds, or else None (or a negative
    ///     value) to wait indefinitely.
    ///
    /// Returns a list containing any descriptors that have events or errors to
    /// report, as a list of (fd, event) 2-tuples.
    #[pymethod(sig = "(timeout=None, /)")]
    fn poll(th: &mut Thread, this: Gc<Poll>, timeout: Option<Value>) -> Result<Gc<List>> {
        let timeout = match th.not_none(timeout) {
            None => None,
            Some(v) => {
                let ms = timeout_argument(th, v, None)?.unwrap_or(-1.0).ceil();
                if ms > i32::MAX as f64 {
                    return Err(th.overflow_error("timeout is too large"));
                }
                (ms >= 0.0).then(|| Duration::from_millis(ms as u64))
            }
        };
        if this.running.replace(true) {
            return Err(th.runtime_error("concurrent poll() invocation"));
        }
        let mut fds: Vec<libc::pollfd> = (this.fds.borrow().iter())
            .map(|(fd, events)| libc::pollfd {
                fd: *fd,
                events: *events as i16,
                revents: 0,
            })
            .collect();
        let r = waited(th, timeout, |t| calls::poll(&mut fds, milliseconds(t)));
        this.running.set(false);
        r?;
        let out = th.new_list();
        for f in fds.iter().filter(|f| f.revents != 0) {
            let (fd, events) = (th.int(f.fd as i64), th.int(f.revents as u16 as i64));
            let pair = th.new_tuple(&[fd, events]).value();
            th.list_append(out, pair)?;
        }
        Ok(out)
    }
}

/// An epoll object.
#[repr(C)]
#[derive(NativeObject)]
pub struct Epoll {
    head: NativeHeader,
    #[notrace]
    fd: Cell<i32>,
}

impl Epoll {
    fn open(&self, th: &mut Thread) -> Result<i32> {
        match self.fd.get() {
            fd if fd < 0 => Err(th.value_error("I/O operation on closed epoll object")),
            fd => Ok(fd),
        }
    }

    fn make(th: &mut Thread, fd: i32) -> Value {
        th.new_native(&EPOLL_TYPE, |head| Epoll {
            head,
            fd: Cell::new(fd),
        })
        .value()
    }

    fn close_now(&self) -> Sys {
        match self.fd.replace(-1) {
            fd if fd < 0 => Ok(0),
            fd => calls::close(fd),
        }
    }
}

fn mask_argument(th: &mut Thread, v: Option<Value>) -> Result<u32> {
    match v {
        None => Ok((libc::EPOLLIN | libc::EPOLLPRI | libc::EPOLLOUT) as u32),
        Some(v) => {
            let n = th.index_i64(v, "Python int too large to convert to C unsigned long")?;
            Ok(n as u32)
        }
    }
}

/// select.epoll(sizehint=-1, flags=0)
///
/// Returns an epolling object
///
/// sizehint must be a positive integer or -1 for the default size. The
/// sizehint is used to optimize internal data structures. It doesn't limit
/// the maximum number of monitored events.
#[pytype(name = "epoll", module = "select", flags = BASETYPE, table = EPOLL_TYPE)]
impl Epoll {
    #[pynew(sig = "(sizehint=-1, flags=0)")]
    fn new(th: &mut Thread, _class: Value, sizehint: Option<i32>, flags: Option<i32>) -> Result {
        if !matches!(sizehint.unwrap_or(-1), -1 | 1..) {
            return Err(th.value_error("negative sizehint"));
        }
        if flags.unwrap_or(0) & !libc::EPOLL_CLOEXEC != 0 {
            return Err(raise(th, libc::EINVAL, None, None));
        }
        let fd = plain(th, calls::epoll_create1(libc::EPOLL_CLOEXEC))?;
        Ok(Epoll::make(th, fd as i32))
    }

    #[pyslot]
    fn del(_: &mut Thread, this: Value) -> Result<()> {
        if let Some(e) = this.downcast::<Epoll>() {
            let _ = e.close_now();
        }
        Ok(())
    }

    /// Create an epoll object from a given control fd.
    #[pyclassmethod(sig = "(fd, /)")]
    fn fromfd(th: &mut Thread, _class: Value, fd: i32) -> Value {
        Epoll::make(th, fd)
    }

    /// Close the epoll control file descriptor.
    ///
    /// Further operations on the epoll object will raise an exception.
    #[pymethod]
    fn close(th: &mut Thread, this: Gc<Epoll>) -> Result<()> {
        plain(th, this.close_now()).map(drop)
    }

    /// True if the epoll handler is closed
    #[pygetter]
    fn closed(_: &mut Thread, this: Gc<Epoll>) -> bool {
        this.fd.get() < 0
    }

    /// Return the epoll control file descriptor.
    #[pymethod]
    fn fileno(th: &mut Thread, this: Gc<Epoll>) -> Result<i32> {
        this.open(th)
    }

    /// Registers a new fd or raises an OSError if the fd is already registered.
    ///
    ///   fd
    ///     the target file descriptor of the operation
    ///   eventmask
    ///     a bit set composed of the various EPOLL constants
    #[pymethod(sig = "(fd, eventmask=7)")]
    fn register(th: &mut Thread, this: Gc<Epoll>, fd: Fd, eventmask: Option<Value>) -> Result<()> {
        let (e, mask) = (this.open(th)?, mask_argument(th, eventmask)?);
        plain(th, calls::epoll_ctl(e, libc::EPOLL_CTL_ADD, fd.0, mask)).map(drop)
    }

    /// Modify event mask for a registered file descriptor.
    #[pymethod(sig = "(fd, eventmask)")]
    fn modify(th: &mut Thread, this: Gc<Epoll>, fd: Fd, eventmask: Value) -> Result<()> {
        let (e, mask) = (this.open(th)?, mask_argument(th, Some(eventmask))?);
        plain(th, calls::epoll_ctl(e, libc::EPOLL_CTL_MOD, fd.0, mask)).map(drop)
    }

    /// Remove a registered file descriptor from the epoll object.
    #[pymethod(sig = "(fd)")]
    fn unregister(th: &mut Thread, this: Gc<Epoll>, fd: Fd) -> Result<()> {
        let e = this.open(th)?;
        plain(th, calls::epoll_ctl(e, libc::EPOLL_CTL_DEL, fd.0, 0)).map(drop)
    }

    /// Wait for events on the epoll file descriptor.
    ///
    ///   timeout
    ///     the maximum time to wait in seconds (as float);
    ///     a timeout of None or -1 makes poll wait indefinitely
    ///   maxevents
    ///     the maximum number of events returned; -1 means no limit
    ///
    /// Returns a list containing any descriptors that have events to report,
    /// as a list of (fd, events) 2-tuples.
    #[pymethod(sig = "(timeout=None, maxevents=-1)")]
    fn poll(
        th: &mut Thread,
        this: Gc<Epoll>,
        timeout: Option<Value>,
        maxevents: Option<i32>,
    ) -> Result<Gc<List>> {
        let e = this.open(th)?;
        let timeout = match th.not_none(timeout) {
            None => None,
            Some(v) => timeout_argument(th, v, None)?
                .filter(|s| *s >= 0.0)
                .map(Duration::from_secs_f64),
        };
        if timeout.is_some_and(|t| t.as_millis() > i32::MAX as u128) {
            return Err(th.overflow_error("timeout is too large"));
        }
        let most = match maxevents.unwrap_or(-1) {
            -1 => 1023,
            n if n > 0 => n as usize,
            n => {
                return Err(th.value_error(format!("maxevents must be greater than 0, got {n}")));
            }
        };
        let found = waited(th, timeout, |t| calls::epoll_wait(e, most, milliseconds(t)))?;
        let out = th.new_list();
        for (fd, events) in found.unwrap_or_default() {
            let (fd, events) = (th.int(fd as i64), th.int(events as i64));
            let pair = th.new_tuple(&[fd, events]).value();
            th.list_append(out, pair)?;
        }
        Ok(out)
    }

    #[pymethod]
    fn __enter__(th: &mut Thread, this: Gc<Epoll>) -> Result<Value> {
        this.open(th)?;
        Ok(this.value())
    }

    #[pymethod(sig = "(exc_type=None, exc_value=None, exc_tb=None, /)")]
    fn __exit__(
        th: &mut Thread,
        this: Gc<Epoll>,
        _kind: Option<Value>,
        _value: Option<Value>,
        _traceback: Option<Value>,
    ) -> Result<()> {
        Epoll::close(th, this)
    }
}

/// Descriptors of an iterable, with the objects that stand for them.
fn descriptors(th: &mut Thread, v: Value) -> Result<(taipan_vm::ValueVec, Vec<i32>)> {
    let items = match th.iter(v) {
        Ok(it) => th.collect(it)?,
        Err(_) => {
            th.clear_pending();
            return Err(th.type_error("arguments 1-3 must be sequences"));
        }
    };
    let mut out = Vec::new();
    for v in items.as_slice() {
        let fd = descriptor(th, *v)?;
        if fd >= libc::FD_SETSIZE as i32 {
            return Err(th.value_error("filedescriptor out of range in select()"));
        }
        out.push(fd);
    }
    if out.len() > libc::FD_SETSIZE {
        return Err(th.value_error("too many file descriptors in select()"));
    }
    Ok((items, out))
}

/// The functions hang here.
pub struct Select;

/// This module supports asynchronous I/O on multiple file descriptors.
///
/// *** IMPORTANT NOTICE ***
/// On Windows, only sockets are supported; on Unix, all file descriptors.
#[pymodule(name = "select", types = [EPOLL_TYPE])]
impl Select {
    /// Wait until one or more file descriptors are ready for some kind of I/O.
    ///
    /// The first three arguments are iterables of file descriptors to be waited for:
    /// rlist -- wait until ready for reading
    /// wlist -- wait until ready for writing
    /// xlist -- wait for an "exceptional condition"
    /// If only one kind of condition is required, pass [] for the other lists.
    ///
    /// A file descriptor is either a socket or file object, or a small integer
    /// gotten from a fileno() method call on one of those.
    ///
    /// The optional 4th argument specifies a timeout in seconds; it may be
    /// a floating-point number to specify fractions of seconds.  If it is absent
    /// or None, the call will never time out.
    ///
    /// The return value is a tuple of three lists corresponding to the first three
    /// arguments; each contains the subset of the corresponding file descriptors
    /// that are ready.
    #[pyfunction(sig = "(rlist, wlist, xlist, timeout=None, /)")]
    fn select(
        th: &mut Thread,
        rlist: Value,
        wlist: Value,
        xlist: Value,
        timeout: Option<Value>,
    ) -> Result {
        let timeout = match timeout {
            None => None,
            Some(v) => timeout_argument(th, v, Some("timeout must be non-negative"))?
                .map(Duration::from_secs_f64),
        };
        let (r, rfds) = descriptors(th, rlist)?;
        let (w, wfds) = descriptors(th, wlist)?;
        let (x, xfds) = descriptors(th, xlist)?;
        let asked = [&rfds, &wfds, &xfds];
        let count = asked
            .iter()
            .flat_map(|f| f.iter())
            .max()
            .map_or(0, |m| m + 1);
        let mut sets = [calls::empty_fd_set(); 3];
        waited(th, timeout, |t| {
            for (set, fds) in sets.iter_mut().zip(asked) {
                *set = calls::empty_fd_set();
                for fd in fds {
                    calls::fd_set_add(set, *fd);
                }
            }
            let t = t.map(|t| libc::timeval {
                tv_sec: t.as_secs() as i64,
                tv_usec: t.subsec_nanos().div_ceil(1000).min(999_999) as i64,
            });
            let n = calls::select(count, &mut sets, t)?;
            if n == 0 {
                sets = [calls::empty_fd_set(); 3];
            }
            Ok(n)
        })
        .map(|r| {
            if r.is_none() {
                sets = [calls::empty_fd_set(); 3];
            }
        })?;
        let mut lists = [th.none(); 3];
        for (i, (items, fds)) in [(r, rfds), (w, wfds), (x, xfds)].into_iter().enumerate() {
            let list = th.new_list();
            for (v, fd) in items.as_slice().iter().zip(&fds) {
                if calls::fd_set_has(&sets[i], *fd) {
                    th.list_append(list, *v)?;
                }
            }
            lists[i] = list.value();
        }
        Ok(th.new_tuple(&lists).value())
    }

    /// Returns a polling object.
    ///
    /// This object supports registering and unregistering file descriptors, and then
    /// polling them for I/O events.
    #[pyfunction]
    fn poll(th: &mut Thread) -> Value {
        th.new_native(&POLL_TYPE, |head| Poll {
            head,
            fds: RefCell::default(),
            running: Cell::new(false),
        })
        .value()
    }

    #[pyexec]
    fn exec(th: &mut Thread, m: Gc<Module>) -> Result<()> {
        crate::enter_numbers(th, m, CONSTANTS);
        let e = th.vm().exception_class(ExceptionClass::OSError).value();
        th.dict_set_text(m.namespace(), "error", e);
        Ok(())
    }
}

const CONSTANTS: &[(&str, i64)] = &[
    ("EPOLLIN", libc::EPOLLIN as i64),
    ("EPOLLOUT", libc::EPOLLOUT as i64),
    ("EPOLLPRI", libc::EPOLLPRI as i64),
    ("EPOLLERR", libc::EPOLLERR as i64),
    ("EPOLLHUP", libc::EPOLLHUP as i64),
    ("EPOLLRDHUP", libc::EPOLLRDHUP as i64),
    ("EPOLLET", libc::EPOLLET as u32 as i64),
    ("EPOLLONESHOT", libc::EPOLLONESHOT as i64),
    ("EPOLLEXCLUSIVE", libc::EPOLLEXCLUSIVE as i64),
    ("EPOLLWAKEUP", libc::EPOLLWAKEUP as i64),
    ("EPOLLRDNORM", libc::EPOLLRDNORM as i64),
    ("EPOLLRDBAND", libc::EPOLLRDBAND as i64),
    ("EPOLLWRNORM", libc::EPOLLWRNORM as i64),
    ("EPOLLWRBAND", libc::EPOLLWRBAND as i64),
    ("EPOLLMSG", libc::EPOLLMSG as i64),
    ("EPOLL_CLOEXEC", libc::EPOLL_CLOEXEC as i64),
    ("PIPE_BUF", 4096),
    ("POLLIN", libc::POLLIN as i64),
    ("POLLOUT", libc::POLLOUT as i64),
    ("POLLPRI", libc::POLLPRI as i64),
    ("POLLERR", libc::POLLERR as i64),
    ("POLLHUP", libc::POLLHUP as i64),
    ("POLLNVAL", libc::POLLNVAL as i64),
    ("POLLRDNORM", libc::POLLRDNORM as i64),
    ("POLLRDBAND", libc::POLLRDBAND as i64),
    ("POLLWRNORM", libc::POLLWRNORM as i64),
    ("POLLWRBAND", libc::POLLWRBAND as i64),
    ("POLLMSG", 0x400),
    ("POLLRDHUP", libc::POLLRDHUP as i64),
];
