//! Signals: what the handler notes, and the calls around them.
//!
//! A process has one disposition for each signal, so what the handler writes to is the one
//! state here that belongs to the process and not to an interpreter. It is made of atomics: a
//! handler may do nothing else.

use std::mem::MaybeUninit;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicPtr, AtomicU32, Ordering};

use super::{Sys, checked, errno, numbered};

/// Signals are numbered below this.
pub const COUNT: usize = 65;

/// What has arrived and whom to tell.
struct Arrivals {
    any: AtomicBool,
    which: [AtomicBool; COUNT],
    /// The request word of the thread that serves signals.
    word: AtomicPtr<AtomicU32>,
    /// The bit to set in it.
    bit: AtomicU32,
    wakeup_fd: AtomicI32,
    warn_when_full: AtomicBool,
    /// Error number of the last write to the wake-up descriptor that failed.
    wakeup_error: AtomicI32,
}

static ARRIVALS: Arrivals = Arrivals {
    any: AtomicBool::new(false),
    which: [const { AtomicBool::new(false) }; COUNT],
    word: AtomicPtr::new(std::ptr::null_mut()),
    bit: AtomicU32::new(0),
    wakeup_fd: AtomicI32::new(-1),
    warn_when_full: AtomicBool::new(true),
    wakeup_error: AtomicI32::new(0),
};

/// Notes a signal, as its arrival does.
pub fn note(signal: i32) {
    let Some(flag) = ARRIVALS.which.get(signal as usize) else {
        return;
    };
    flag.store(true, Ordering::SeqCst);
    ARRIVALS.any.store(true, Ordering::SeqCst);
    let word = ARRIVALS.word.load(Ordering::SeqCst);
    if !word.is_null() {
        // SAFETY: `serve_with` leaked the word, so it lives as long as the process.
        unsafe { (*word).fetch_or(ARRIVALS.bit.load(Ordering::SeqCst), Ordering::SeqCst) };
    }
    let fd = ARRIVALS.wakeup_fd.load(Ordering::SeqCst);
    if fd >= 0 {
        let byte = signal as u8;
        // SAFETY: one byte; write may be called in a handler.
        let n = unsafe { libc::write(fd, (&raw const byte).cast(), 1) };
        if n < 0 {
            let e = errno();
            let full = e == libc::EAGAIN;
            if !full || ARRIVALS.warn_when_full.load(Ordering::SeqCst) {
                ARRIVALS.wakeup_error.store(e, Ordering::SeqCst);
            }
        }
    }
}

extern "C" fn handler(signal: i32) {
    // SAFETY: the thread's own error number, kept for whoever was interrupted.
    let saved = unsafe { *libc::__errno_location() };
    note(signal);
    // SAFETY: as above.
    unsafe { *libc::__errno_location() = saved };
}

/// From now on arrivals set this bit of this word.
pub fn serve_with(word: Arc<AtomicU32>, bit: u32) {
    ARRIVALS.bit.store(bit, Ordering::SeqCst);
    let p = Arc::into_raw(word) as *mut AtomicU32;
    // The old word stays: a handler may just be using it.
    ARRIVALS.word.store(p, Ordering::SeqCst);
}

/// Has anything arrived since the last call?
pub fn take_any() -> bool {
    ARRIVALS.any.swap(false, Ordering::SeqCst)
}

/// Asks to be served again.
pub fn ask_again() {
    ARRIVALS.any.store(true, Ordering::SeqCst);
    let word = ARRIVALS.word.load(Ordering::SeqCst);
    if !word.is_null() {
        // SAFETY: as in `note`.
        unsafe { (*word).fetch_or(ARRIVALS.bit.load(Ordering::SeqCst), Ordering::SeqCst) };
    }
}

/// Has this signal arrived since the last call?
pub fn take(signal: i32) -> bool {
    (ARRIVALS.which.get(signal as usize)).is_some_and(|f| f.swap(false, Ordering::SeqCst))
}

/// Forgets what has arrived: a child process starts without its parent's signals.
pub fn forget() {
    ARRIVALS.any.store(false, Ordering::SeqCst);
    for f in &ARRIVALS.which {
        f.store(false, Ordering::SeqCst);
    }
}

/// Error number of a write to the wake-up descriptor, once.
pub fn take_wakeup_error() -> i32 {
    ARRIVALS.wakeup_error.swap(0, Ordering::SeqCst)
}

/// Sets the descriptor that gets a byte for each signal; -1 for none. Gives the old one.
pub fn set_wakeup_fd(fd: i32, warn_when_full: bool) -> i32 {
    ARRIVALS
        .warn_when_full
        .store(warn_when_full, Ordering::SeqCst);
    ARRIVALS.wakeup_fd.swap(fd, Ordering::SeqCst)
}

/// What happens when a signal arrives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Disposition {
    /// The system's default.
    Default,
    /// Nothing.
    Ignore,
    /// It is noted, for a handler in Python.
    Noted,
    /// A handler that is not ours.
    Foreign,
}

fn empty_set() -> libc::sigset_t {
    let mut set = MaybeUninit::uninit();
    // SAFETY: sigemptyset fills the set.
    unsafe {
        libc::sigemptyset(set.as_mut_ptr());
        set.assume_init()
    }
}

/// A set of signals; numbers that are none are left out.
pub fn set_of(signals: &[i32]) -> libc::sigset_t {
    let mut set = empty_set();
    for s in signals {
        // SAFETY: a set and a number, which is checked.
        unsafe { libc::sigaddset(&mut set, *s) };
    }
    set
}

/// The signals of a set.
pub fn members(set: &libc::sigset_t) -> Vec<i32> {
    let has = |s: &i32| {
        // SAFETY: a set and a number, which is checked.
        unsafe { libc::sigismember(set, *s) == 1 }
    };
    (1..COUNT as i32).filter(has).collect()
}

/// All signals that a program may use.
pub fn valid() -> Vec<i32> {
    let mut set = empty_set();
    // SAFETY: sigfillset fills the set.
    unsafe { libc::sigfillset(&mut set) };
    members(&set)
}

/// Sets what happens when a signal arrives.
pub fn set_disposition(signal: i32, to: Disposition) -> Sys<()> {
    let action = libc::sigaction {
        sa_sigaction: match to {
            Disposition::Default | Disposition::Foreign => libc::SIG_DFL,
            Disposition::Ignore => libc::SIG_IGN,
            Disposition::Noted => handler as *const () as usize,
        },
        sa_mask: empty_set(),
        // On the alternative stack where there is one, and calls are interrupted.
        sa_flags: libc::SA_ONSTACK,
        sa_restorer: None,
    };
    // SAFETY: the handler only touches atomics and calls write.
    checked(unsafe { libc::sigaction(signal, &action, std::ptr::null_mut()) } as i64)?;
    Ok(())
}

/// What happens when a signal arrives.
pub fn disposition(signal: i32) -> Sys<Disposition> {
    let mut action = MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: a place for the structure, which the call fills.
    let action = unsafe {
        checked(libc::sigaction(signal, std::ptr::null(), action.as_mut_ptr()) as i64)?;
        action.assume_init()
    };
    Ok(match action.sa_sigaction {
        libc::SIG_DFL => Disposition::Default,
        libc::SIG_IGN => Disposition::Ignore,
        h if h == handler as *const () as usize => Disposition::Noted,
        _ => Disposition::Foreign,
    })
}

/// `siginterrupt`
pub fn interrupt(signal: i32, on: bool) -> Sys<()> {
    let mut action = MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: places for the structure; only its flags are changed.
    unsafe {
        checked(libc::sigaction(signal, std::ptr::null(), action.as_mut_ptr()) as i64)?;
        let mut action = action.assume_init();
        match on {
            true => action.sa_flags &= !libc::SA_RESTART,
            false => action.sa_flags |= libc::SA_RESTART,
        }
        checked(libc::sigaction(signal, &action, std::ptr::null_mut()) as i64)?;
    }
    Ok(())
}

/// `alarm`: seconds that were left.
pub fn alarm(seconds: u32) -> u32 {
    // SAFETY: a number.
    unsafe { libc::alarm(seconds) }
}

/// Waits for a signal.
pub fn pause() {
    // SAFETY: no arguments.
    unsafe { libc::pause() };
}

/// `raise`
pub fn raise(signal: i32) -> Sys<()> {
    // SAFETY: a number.
    checked(unsafe { libc::raise(signal) } as i64).map(drop)
}

/// `pthread_kill`
pub fn pthread_kill(ident: u64, signal: i32) -> Sys<()> {
    // SAFETY: the program says that this is a thread, as in C.
    numbered(unsafe { libc::pthread_kill(ident as libc::pthread_t, signal) })
}

/// `pthread_sigmask`: the old set.
pub fn mask(how: i32, signals: Option<&[i32]>) -> Sys<Vec<i32>> {
    let set = signals.map(set_of);
    let mut old = empty_set();
    let p = set.as_ref().map_or(std::ptr::null(), |s| s as *const _);
    // SAFETY: one set to read, one to write.
    numbered(unsafe { libc::pthread_sigmask(how, p, &mut old) })?;
    Ok(members(&old))
}

/// `sigpending`
pub fn pending() -> Sys<Vec<i32>> {
    let mut set = empty_set();
    // SAFETY: one set to write.
    checked(unsafe { libc::sigpending(&mut set) } as i64)?;
    Ok(members(&set))
}

/// `sigwait`
pub fn wait(signals: &[i32]) -> Sys<i32> {
    let set = set_of(signals);
    let mut signal = 0;
    // SAFETY: one set to read, one number to write.
    numbered(unsafe { libc::sigwait(&set, &mut signal) })?;
    Ok(signal)
}

/// Fields of a `siginfo_t` as Python shows them: signo, code, errno, pid, uid, status, band.
pub type Info = [i64; 7];

fn info_of(i: &libc::siginfo_t) -> Info {
    // SAFETY: the union's words, of which any are valid as numbers; which of them mean something
    // depends on the signal.
    let (pid, uid, status) = unsafe { (i.si_pid(), i.si_uid(), i.si_status()) };
    let band = if i.si_signo == libc::SIGPOLL {
        pid as i64
    } else {
        0
    };
    [
        i.si_signo as i64,
        i.si_code as i64,
        i.si_errno as i64,
        pid as i64,
        uid as i64,
        status as i64,
        band,
    ]
}

/// `sigtimedwait`; without a time, `sigwaitinfo`.
pub fn wait_info(signals: &[i32], nanoseconds: Option<i64>) -> Sys<Info> {
    let set = set_of(signals);
    let time = nanoseconds.map(|ns| libc::timespec {
        tv_sec: ns / 1_000_000_000,
        tv_nsec: ns % 1_000_000_000,
    });
    // SAFETY: numbers, of which any are valid.
    let mut info = unsafe { std::mem::zeroed() };
    let t = time.as_ref().map_or(std::ptr::null(), |t| t as *const _);
    // SAFETY: a set and perhaps a time to read, one structure to write.
    checked(unsafe { libc::sigtimedwait(&set, &mut info, t) } as i64)?;
    Ok(info_of(&info))
}

/// The C library's description of a signal.
pub fn describe(signal: i32) -> Option<String> {
    // SAFETY: a text that lives until the next call; we hold the interpreter's lock and copy it.
    let text = unsafe {
        let p = libc::strsignal(signal);
        (!p.is_null()).then(|| std::ffi::CStr::from_ptr(p).to_string_lossy().into_owned())
    }?;
    (!text.starts_with("Unknown signal")).then_some(text)
}

fn timeval(seconds: f64) -> libc::timeval {
    libc::timeval {
        tv_sec: seconds.floor() as i64,
        tv_usec: ((seconds - seconds.floor()) * 1e6).ceil().min(999_999.0) as i64,
    }
}

fn seconds(t: libc::timeval) -> f64 {
    t.tv_sec as f64 + t.tv_usec as f64 * 1e-6
}

/// `setitimer`: value and interval before.
pub fn setitimer(which: i32, value: f64, interval: f64) -> Sys<(f64, f64)> {
    let new = libc::itimerval {
        it_interval: timeval(interval),
        it_value: timeval(value),
    };
    let mut old = libc::itimerval {
        it_interval: timeval(0.0),
        it_value: timeval(0.0),
    };
    // SAFETY: one structure to read, one to write.
    checked(unsafe { libc::syscall(libc::SYS_setitimer, which, &new, &mut old) })?;
    Ok((seconds(old.it_value), seconds(old.it_interval)))
}

/// `getitimer`: value and interval.
pub fn getitimer(which: i32) -> Sys<(f64, f64)> {
    let mut now = libc::itimerval {
        it_interval: timeval(0.0),
        it_value: timeval(0.0),
    };
    // SAFETY: one structure to write.
    checked(unsafe { libc::syscall(libc::SYS_getitimer, which, &mut now) })?;
    Ok((seconds(now.it_value), seconds(now.it_interval)))
}

/// First and last real-time signal.
pub fn real_time() -> (i32, i32) {
    (libc::SIGRTMIN(), libc::SIGRTMAX())
}

/// Signals that mean that the process is broken, with what they are called.
pub const FATAL: [(i32, &str); 5] = [
    (libc::SIGBUS, "Bus error"),
    (libc::SIGILL, "Illegal instruction"),
    (libc::SIGFPE, "Floating-point exception"),
    (libc::SIGABRT, "Aborted"),
    (libc::SIGSEGV, "Segmentation fault"),
];

static FATAL_FD: AtomicI32 = AtomicI32::new(-1);

extern "C" fn fatal_handler(signal: i32) {
    let fd = FATAL_FD.load(Ordering::SeqCst);
    let text = FATAL
        .iter()
        .find(|(s, _)| *s == signal)
        .map_or("Unknown", |(_, t)| t);
    for part in ["Fatal Python error: ", text, "\n\n"] {
        // SAFETY: a text and its length; write may be called in a handler.
        unsafe { libc::write(fd, part.as_ptr().cast(), part.len()) };
    }
    // SAFETY: both may be called in a handler; the default action ends the process.
    unsafe {
        libc::signal(signal, libc::SIG_DFL);
        libc::raise(signal);
    }
}

/// Reports fatal signals to a descriptor, or leaves them to the system again (None).
pub fn report_fatal(fd: Option<i32>) -> Sys<()> {
    FATAL_FD.store(fd.unwrap_or(-1), Ordering::SeqCst);
    for (signal, _) in FATAL {
        let action = libc::sigaction {
            sa_sigaction: match fd {
                Some(_) => fatal_handler as *const () as usize,
                None => libc::SIG_DFL,
            },
            sa_mask: empty_set(),
            sa_flags: libc::SA_NODEFER | libc::SA_ONSTACK,
            sa_restorer: None,
        };
        // SAFETY: the handler only reads an atomic and calls what a handler may call.
        checked(unsafe { libc::sigaction(signal, &action, std::ptr::null_mut()) } as i64)?;
    }
    Ok(())
}

/// Lets a signal end the process, as an uncaught one does.
pub fn die_by(signal: i32) {
    let _ = set_disposition(signal, Disposition::Default);
    let _ = mask(libc::SIG_UNBLOCK, Some(&[signal]));
    let _ = super::calls::kill(std::process::id() as i32, signal);
}
