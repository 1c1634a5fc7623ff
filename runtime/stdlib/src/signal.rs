//! `_signal`: handlers in Python, timers, masks.
//!
//! The system's handler only notes that a signal has arrived and sets the main thread's request
//! word (`system::signals`); the main thread calls the Python handler at its next safepoint.

use taipan_vm::object::Gc;
use taipan_vm::thread::request;
use taipan_vm::types::ExceptionClass;
use taipan_vm::types::list::List;
use taipan_vm::types::module::Module;
use taipan_vm::types::structseq::StructDef;
use taipan_vm::{Raised, Result, Thread, Value, ValueVec, pymodule};

use crate::os_error::raise;
use crate::system::signals::{self, COUNT, Disposition};

/// Where the list of handlers is kept.
const HANDLERS: &str = "signal.handlers";

const SIG_DFL: i64 = 0;
const SIG_IGN: i64 = 1;

/// `signal.struct_siginfo`
static SIGINFO: StructDef = StructDef {
    name: "struct_siginfo",
    module: "signal",
    doc: "struct_siginfo: Result from sigwaitinfo or sigtimedwait.\n\nThis object may be accessed either as a tuple of\n(si_signo, si_code, si_errno, si_pid, si_uid, si_status, si_band),\nor via the attributes si_signo, si_code, and so on.",
    fields: &[
        "si_signo",
        "si_code",
        "si_errno",
        "si_pid",
        "si_uid",
        "si_status",
        "si_band",
    ],
    visible: 7,
    constructible: true,
};

/// Makes the calling thread the one that serves signals, and SIGINT a KeyboardInterrupt (unless
/// the process was told to ignore it).
pub fn install(th: &mut Thread) {
    signals::serve_with(th.request_word(), request::SIGNAL);
    th.vm().signal_hook.set(Some(serve));
    th.vm().raise_signal_hook.set(Some(simulate));
    let _ = signals::set_disposition(libc::SIGPIPE, Disposition::Ignore);
    let _ = signals::set_disposition(libc::SIGXFSZ, Disposition::Ignore);
    if signals::disposition(libc::SIGINT) == Ok(Disposition::Default) {
        let _ = signals::set_disposition(libc::SIGINT, Disposition::Noted);
    }
}

/// Ends the process as SIGINT does.
pub fn die_by_interrupt() {
    signals::die_by(libc::SIGINT);
}

/// In the child after `fork`: its only thread serves signals, and starts without any.
pub fn after_fork(th: &mut Thread) {
    signals::forget();
    signals::serve_with(th.request_word(), request::SIGNAL);
}

fn simulate(th: &mut Thread, signal: i64) {
    // As the arrival of the signal: nothing happens when it is ignored or left to the system.
    let n = signal as i32;
    let handled = match handlers(th)
        .ok()
        .and_then(|h| h.items.as_slice().get(n as usize).copied())
    {
        Some(v) => !matches!(v.as_int(), Some(SIG_DFL | SIG_IGN)) && !th.is_none(v),
        None => false,
    };
    if handled {
        signals::note(n);
    }
}

/// The list of handlers, made on first use from what the process was started with.
fn handlers(th: &mut Thread) -> Result<Gc<List>> {
    let found = th.vm().registry.borrow().get(HANDLERS).copied();
    if let Some(l) = found.and_then(|v| v.downcast::<List>()) {
        return Ok(l);
    }
    let list = th.new_list();
    for n in 0..COUNT as i32 {
        let v = match signals::disposition(n) {
            Ok(Disposition::Default) => th.int(SIG_DFL),
            Ok(Disposition::Ignore) => th.int(SIG_IGN),
            Ok(Disposition::Noted) if n == libc::SIGINT => default_handler(th)?,
            _ => th.none(),
        };
        th.list_append(list, v)?;
    }
    (th.vm().registry.borrow_mut()).insert(HANDLERS, list.value());
    Ok(list)
}

fn default_handler(th: &mut Thread) -> Result {
    let m = taipan_vm::sys::hooks::import(th, "_signal")?;
    th.get_attr_str(m, "default_int_handler")
}

/// Calls the Python handlers of what has arrived. Raises what they raise.
fn serve(th: &mut Thread) -> Result<()> {
    if th.ident != th.vm().main_ident.get() || !signals::take_any() {
        return Ok(());
    }
    let e = signals::take_wakeup_error();
    if e != 0 {
        raise(th, e, None, None);
        th.write_unraisable(
            None,
            Some("Exception ignored when trying to write to the signal wakeup fd"),
        );
    }
    for n in 1..COUNT as i32 {
        if !signals::take(n) {
            continue;
        }
        let known = th.vm().registry.borrow().get(HANDLERS).copied();
        let handler = known
            .and_then(|v| v.downcast::<List>())
            .and_then(|l| l.items.as_slice().get(n as usize).copied());
        let handler = match handler {
            None if n == libc::SIGINT => {
                let r = th.raise_with(ExceptionClass::KeyboardInterrupt, &[]);
                signals::ask_again();
                return Err(r);
            }
            Some(h) if h.as_int().is_none() && !th.is_none(h) => h,
            // It was taken away before it could be called.
            Some(_) => {
                th.raise(
                    ExceptionClass::OSError,
                    &format!("Signal {n} ignored due to race condition"),
                );
                th.write_unraisable(None, None);
                continue;
            }
            None => continue,
        };
        let number = th.int(n as i64);
        let frame = match taipan_vm::types::frame::of_running(th) {
            Some(f) => f.value(),
            None => th.none(),
        };
        if let Err(r) = th.call(handler, &[number, frame]) {
            // The others are served next time.
            signals::ask_again();
            return Err(r);
        }
    }
    Ok(())
}

fn number(th: &mut Thread, v: Value) -> Result<i32> {
    let n = th.index_i64(v, "Python int too large to convert to C int")?;
    if !(1..COUNT as i64).contains(&n) {
        return Err(th.value_error("signal number out of range"));
    }
    Ok(n as i32)
}

fn set_argument(th: &mut Thread, v: Value) -> Result<Vec<i32>> {
    let items = th.collect(v)?;
    let mut out = Vec::new();
    for v in items.as_slice() {
        let n = th.index(*v)?;
        match taipan_vm::types::int::to_i64(n) {
            Some(n) if (1..COUNT as i64).contains(&n) => out.push(n as i32),
            _ => {
                let n = th.str_lossy(n);
                return Err(
                    th.value_error(format!("signal number {n} out of range [1; {}]", COUNT - 1))
                );
            }
        }
    }
    Ok(out)
}

fn set_result(th: &mut Thread, signals: &[i32]) -> Result {
    let v = ValueVec::new();
    for s in signals {
        th.push(&v, Value::small(*s))?;
    }
    taipan_vm::types::set::set_from(th, v.as_slice())
}

fn fail<T>(th: &mut Thread, r: crate::system::Sys<T>) -> Result<T> {
    r.map_err(|e| raise(th, e, None, None))
}

fn interval(th: &mut Thread, (value, interval): (f64, f64)) -> Value {
    let (a, b) = (th.float(value), th.float(interval));
    th.new_tuple(&[a, b]).value()
}

fn itimer_error(th: &mut Thread, e: i32) -> Raised {
    let class = th.vm().registry.borrow().get("signal.ItimerError").copied();
    let Some(class) = class else {
        return raise(th, e, None, None);
    };
    let (n, text) = (
        th.int(e as i64),
        th.new_str(&crate::os_error::strerror(e)).value(),
    );
    match th.call(class, &[n, text]) {
        Ok(e) => th.raise_value(e),
        Err(r) => r,
    }
}

/// A time in seconds as nanoseconds, rounded up.
fn nanoseconds(th: &mut Thread, v: Value) -> Result<i64> {
    if let Some(i) = v.as_int() {
        return match i.checked_mul(1_000_000_000) {
            Some(n) => Ok(n),
            None => Err(th.overflow_error("timestamp too large to convert to C PyTime_t")),
        };
    }
    let s = th.to_f64(v)?;
    if s.is_nan() {
        return Err(th.value_error("Invalid value NaN (not a number)"));
    }
    let ns = (s * 1e9).ceil();
    if !(-9.2e18..9.2e18).contains(&ns) {
        return Err(th.overflow_error("timestamp too large to convert to C PyTime_t"));
    }
    Ok(ns as i64)
}

fn siginfo(th: &mut Thread, info: signals::Info) -> Result {
    let v = ValueVec::new();
    for i in info {
        let i = th.int(i);
        th.push(&v, i)?;
    }
    th.new_struct(&SIGINFO, v.as_slice())
}

/// The functions hang here.
pub struct Signal;

/// This module provides mechanisms to use signal handlers in Python.
#[pymodule(name = "_signal")]
impl Signal {
    /// The default handler for SIGINT installed by Python.
    ///
    /// It raises KeyboardInterrupt.
    #[pyfunction(sig = "(signalnum, frame, /)")]
    fn default_int_handler(th: &mut Thread, _signal: i32, _frame: Value) -> Result<()> {
        Err(th.raise_with(ExceptionClass::KeyboardInterrupt, &[]))
    }

    /// Set the action for the given signal.
    ///
    /// The action can be SIG_DFL, SIG_IGN, or a callable Python object.
    /// The previous action is returned.  See getsignal() for possible return values.
    #[pyfunction(sig = "(signalnum, handler, /)")]
    fn signal(th: &mut Thread, signalnum: Value, handler: Value) -> Result {
        let n = th.index_i64(signalnum, "Python int too large to convert to C int")?;
        if th.ident != th.vm().main_ident.get() {
            return Err(th.value_error("signal only works in main thread of the main interpreter"));
        }
        let signalnum = th.int(n);
        let n = number(th, signalnum)?;
        let kind = match handler.as_int() {
            Some(SIG_DFL) => Disposition::Default,
            Some(SIG_IGN) => Disposition::Ignore,
            None if th.is_callable(handler) => Disposition::Noted,
            _ => {
                return Err(th.type_error(
                    "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object",
                ));
            }
        };
        // What has arrived belongs to the old handler.
        th.poll()?;
        let list = handlers(th)?;
        let r = signals::set_disposition(n, kind);
        fail(th, r)?;
        let old = list
            .items
            .as_slice()
            .get(n as usize)
            .copied()
            .unwrap_or(th.none());
        list.items.set(n as usize, handler);
        Ok(old)
    }

    /// Return the current action for the given signal.
    ///
    /// The return value can be:
    ///   SIG_IGN -- if the signal is being ignored
    ///   SIG_DFL -- if the default action for the signal is in effect
    ///   None    -- if an unknown handler is in effect
    ///   anything else -- the callable Python object used as a handler
    #[pyfunction(sig = "(signalnum, /)")]
    fn getsignal(th: &mut Thread, signalnum: Value) -> Result {
        let n = number(th, signalnum)?;
        let list = handlers(th)?;
        Ok(list
            .items
            .as_slice()
            .get(n as usize)
            .copied()
            .unwrap_or(th.none()))
    }

    /// Return the system description of the given signal.
    ///
    /// Returns the description of signal *signalnum*, such as "Interrupt"
    /// for :const:`SIGINT`. Returns :const:`None` if *signalnum* has no
    /// description. Raises :exc:`ValueError` if *signalnum* is invalid.
    #[pyfunction(sig = "(signalnum, /)")]
    fn strsignal(th: &mut Thread, signalnum: Value) -> Result<Option<String>> {
        let n = number(th, signalnum)?;
        Ok(signals::describe(n))
    }

    /// Send a signal to the executing process.
    #[pyfunction(sig = "(signalnum, /)")]
    fn raise_signal(th: &mut Thread, signalnum: i32) -> Result<()> {
        let r = signals::raise(signalnum);
        fail(th, r)?;
        th.poll()
    }

    /// Arrange for SIGALRM to arrive after the given number of seconds.
    #[pyfunction(sig = "(seconds, /)")]
    fn alarm(_: &mut Thread, seconds: i32) -> u32 {
        signals::alarm(seconds as u32)
    }

    /// Sets given itimer (one of ITIMER_REAL, ITIMER_VIRTUAL or ITIMER_PROF).
    ///
    /// The timer will fire after value seconds and after that every interval seconds.
    /// The itimer can be cleared by setting seconds to zero.
    ///
    /// Returns old values as a tuple: (delay, interval).
    #[pyfunction(sig = "(which, seconds, interval=0.0, /)")]
    fn setitimer(th: &mut Thread, which: i32, seconds: f64, every: Option<f64>) -> Result {
        match signals::setitimer(which, seconds, every.unwrap_or(0.0)) {
            Ok(old) => Ok(interval(th, old)),
            Err(e) => Err(itimer_error(th, e)),
        }
    }

    /// Returns current value of given itimer.
    #[pyfunction(sig = "(which, /)")]
    fn getitimer(th: &mut Thread, which: i32) -> Result {
        match signals::getitimer(which) {
            Ok(now) => Ok(interval(th, now)),
            Err(e) => Err(itimer_error(th, e)),
        }
    }

    /// Wait until a signal arrives.
    #[pyfunction]
    fn pause(th: &mut Thread) -> Result<()> {
        th.without_lock(signals::pause);
        th.poll()
    }

    /// Change system call restart behaviour.
    ///
    /// If flag is False, system calls will be restarted when interrupted by
    /// signal sig, else system calls will be interrupted.
    #[pyfunction(sig = "(signalnum, flag, /)")]
    fn siginterrupt(th: &mut Thread, signalnum: Value, flag: Value) -> Result<()> {
        let n = number(th, signalnum)?;
        let on = th.index_i64(flag, "Python int too large to convert to C int")? != 0;
        let r = signals::interrupt(n, on);
        fail(th, r)
    }

    /// Sets the fd to be written to (with the signal number) when a signal comes in.
    ///
    /// A library can use this to wakeup select or poll.
    /// The previous fd or -1 is returned.
    ///
    /// The fd must be non-blocking.
    #[pyfunction(sig = "(fd, /, *, warn_on_full_buffer=True)")]
    fn set_wakeup_fd(th: &mut Thread, fd: i32, warn_on_full_buffer: Option<bool>) -> Result<i32> {
        if th.ident != th.vm().main_ident.get() {
            return Err(
                th.value_error("set_wakeup_fd only works in main thread of the main interpreter")
            );
        }
        if fd != -1 {
            let flags = crate::system::calls::fcntl(fd, libc::F_GETFL, 0);
            let flags = fail(th, flags)?;
            if flags & libc::O_NONBLOCK as i64 == 0 {
                return Err(th.value_error(format!("the fd {fd} must be in non-blocking mode")));
            }
        }
        Ok(signals::set_wakeup_fd(
            fd,
            warn_on_full_buffer.unwrap_or(true),
        ))
    }

    /// Send a signal to a thread.
    #[pyfunction(sig = "(thread_id, signalnum, /)")]
    fn pthread_kill(th: &mut Thread, thread_id: i64, signalnum: i32) -> Result<()> {
        let r = signals::pthread_kill(thread_id as u64, signalnum);
        fail(th, r)?;
        th.poll()
    }

    /// Send a signal to a process referred to by a pid file descriptor.
    #[pyfunction(sig = "(pidfd, signalnum, siginfo=None, flags=0, /)")]
    fn pidfd_send_signal(
        th: &mut Thread,
        pidfd: i32,
        signalnum: i32,
        siginfo: Option<Value>,
        flags: Option<u32>,
    ) -> Result<()> {
        if th.not_none(siginfo).is_some() {
            return Err(th.type_error("siginfo must be None"));
        }
        let r = crate::system::calls::pidfd_send_signal(pidfd, signalnum, flags.unwrap_or(0));
        fail(th, r)?;
        th.poll()
    }

    /// Fetch and/or change the signal mask of the calling thread.
    #[pyfunction(sig = "(how, mask, /)")]
    fn pthread_sigmask(th: &mut Thread, how: i32, mask: Value) -> Result {
        let set = set_argument(th, mask)?;
        let old = signals::mask(how, Some(&set));
        let old = fail(th, old)?;
        th.poll()?;
        set_result(th, &old)
    }

    /// Examine pending signals.
    ///
    /// Returns a set of signal numbers that are pending for delivery to
    /// the calling thread.
    #[pyfunction]
    fn sigpending(th: &mut Thread) -> Result {
        let r = signals::pending();
        let set = fail(th, r)?;
        set_result(th, &set)
    }

    /// Wait for a signal.
    ///
    /// Suspend execution of the calling thread until the delivery of one of the
    /// signals specified in the signal set sigset.
    #[pyfunction(sig = "(sigset, /)")]
    fn sigwait(th: &mut Thread, sigset: Value) -> Result<i32> {
        let set = set_argument(th, sigset)?;
        let r = th.without_lock(move || signals::wait(&set));
        fail(th, r)
    }

    /// Wait synchronously until one of the signals in *sigset* is delivered.
    ///
    /// Returns a struct_siginfo containing information about the signal.
    #[pyfunction(sig = "(sigset, /)")]
    fn sigwaitinfo(th: &mut Thread, sigset: Value) -> Result {
        let set = set_argument(th, sigset)?;
        loop {
            let s = set.clone();
            match th.without_lock(move || signals::wait_info(&s, None)) {
                Ok(i) => return siginfo(th, i),
                Err(libc::EINTR) => th.poll()?,
                Err(e) => return Err(raise(th, e, None, None)),
            }
        }
    }

    /// Like sigwaitinfo(), but with a timeout.
    ///
    /// The timeout is specified in seconds, with floating-point numbers allowed.
    #[pyfunction(sig = "(sigset, timeout, /)")]
    fn sigtimedwait(th: &mut Thread, sigset: Value, timeout: Value) -> Result {
        let ns = nanoseconds(th, timeout)?;
        if ns < 0 {
            return Err(th.value_error("timeout must be non-negative"));
        }
        let set = set_argument(th, sigset)?;
        let end = std::time::Instant::now() + std::time::Duration::from_nanos(ns as u64);
        loop {
            let left = end.saturating_duration_since(std::time::Instant::now());
            let (s, left) = (set.clone(), left.as_nanos() as i64);
            match th.without_lock(move || signals::wait_info(&s, Some(left))) {
                Ok(i) => return siginfo(th, i),
                Err(libc::EINTR) => th.poll()?,
                Err(libc::EAGAIN) => return Ok(th.none()),
                Err(e) => return Err(raise(th, e, None, None)),
            }
        }
    }

    /// Return a set of valid signal numbers on this platform.
    ///
    /// The signal numbers returned by this function can be safely passed to
    /// functions like `pthread_kill`.
    #[pyfunction]
    fn valid_signals(th: &mut Thread) -> Result {
        set_result(th, &signals::valid())
    }

    #[pyexec]
    fn exec(th: &mut Thread, m: Gc<Module>) -> Result<()> {
        let d = m.namespace();
        let (first, last) = signals::real_time();
        let more = [
            ("SIGRTMIN", first as i64),
            ("SIGRTMAX", last as i64),
            ("NSIG", COUNT as i64),
            ("SIG_DFL", SIG_DFL),
            ("SIG_IGN", SIG_IGN),
            ("SIG_BLOCK", libc::SIG_BLOCK as i64),
            ("SIG_UNBLOCK", libc::SIG_UNBLOCK as i64),
            ("SIG_SETMASK", libc::SIG_SETMASK as i64),
            ("ITIMER_REAL", 0),
            ("ITIMER_VIRTUAL", 1),
            ("ITIMER_PROF", 2),
        ];
        for (name, n) in more
            .into_iter()
            .chain(SIGNALS.iter().map(|(n, s)| (*n, *s as i64)))
        {
            let v = th.int(n);
            th.dict_set_text(d, name, v);
        }
        let c = th.struct_class(&SIGINFO)?.value();
        th.dict_set_text(d, "struct_siginfo", c);
        let base = th.vm().exception_class(ExceptionClass::OSError).value();
        let e = crate::new_exception(th, "signal.itimer_error", base)?;
        th.dict_set_text(d, "ItimerError", e);
        (th.vm().registry.borrow_mut()).insert("signal.ItimerError", e);
        Ok(())
    }
}

const SIGNALS: &[(&str, i32)] = &[
    ("SIGHUP", libc::SIGHUP),
    ("SIGINT", libc::SIGINT),
    ("SIGQUIT", libc::SIGQUIT),
    ("SIGILL", libc::SIGILL),
    ("SIGTRAP", libc::SIGTRAP),
    ("SIGIOT", libc::SIGABRT),
    ("SIGABRT", libc::SIGABRT),
    ("SIGFPE", libc::SIGFPE),
    ("SIGKILL", libc::SIGKILL),
    ("SIGBUS", libc::SIGBUS),
    ("SIGSEGV", libc::SIGSEGV),
    ("SIGSYS", libc::SIGSYS),
    ("SIGPIPE", libc::SIGPIPE),
    ("SIGALRM", libc::SIGALRM),
    ("SIGTERM", libc::SIGTERM),
    ("SIGUSR1", libc::SIGUSR1),
    ("SIGUSR2", libc::SIGUSR2),
    ("SIGCLD", libc::SIGCHLD),
    ("SIGCHLD", libc::SIGCHLD),
    ("SIGPWR", libc::SIGPWR),
    ("SIGIO", libc::SIGIO),
    ("SIGURG", libc::SIGURG),
    ("SIGWINCH", libc::SIGWINCH),
    ("SIGPOLL", libc::SIGPOLL),
    ("SIGSTOP", libc::SIGSTOP),
    ("SIGTSTP", libc::SIGTSTP),
    ("SIGCONT", libc::SIGCONT),
    ("SIGTTIN", libc::SIGTTIN),
    ("SIGTTOU", libc::SIGTTOU),
    ("SIGVTALRM", libc::SIGVTALRM),
    ("SIGPROF", libc::SIGPROF),
    ("SIGXCPU", libc::SIGXCPU),
    ("SIGXFSZ", libc::SIGXFSZ),
    ("SIGSTKFLT", libc::SIGSTKFLT),
];
