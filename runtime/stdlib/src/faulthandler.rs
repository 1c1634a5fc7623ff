//! `faulthandler`: what runs, written straight to a descriptor.
//!
//! A fatal signal is reported with its name only: its handler may not look into the interpreter.

use std::sync::Arc;
use std::time::{Duration, Instant};

use taipan_vm::gil::ThreadSummary;
use taipan_vm::object::NativeHeader;
use taipan_vm::{NativeObject, Result, Thread, Value, pymodule, pytype};

use crate::futex::{Latch, Waited};
use crate::os_error::raise;
use crate::system::{calls, signals};

/// Most frames that are shown of a thread.
const MOST: usize = 100;

/// The running watchdog, kept in the registry.
#[repr(C)]
#[derive(NativeObject)]
pub struct Watchdog {
    head: NativeHeader,
    #[notrace]
    cancelled: Arc<Latch>,
}

#[pytype(name = "_Watchdog", module = "faulthandler", flags = NO_INSTANTIATION, table = WATCHDOG_TYPE)]
impl Watchdog {}

const WATCHDOG: &str = "faulthandler.watchdog";
const ENABLED: &str = "faulthandler.enabled";

/// The descriptor of a file argument: an int, an object with `fileno()`, or `sys.stderr`.
fn file_argument(th: &mut Thread, file: Option<Value>) -> Result<i32> {
    let file = match th.not_none(file) {
        Some(f) => f,
        None => match taipan_vm::sys::attribute(th, "stderr") {
            Some(f) if !th.is_none(f) => f,
            _ => return Err(th.runtime_error("unable to get sys.stderr")),
        },
    };
    if let Some(n) = file.as_int() {
        return match i32::try_from(n) {
            Ok(n) if n >= 0 => Ok(n),
            _ => Err(th.value_error("file is not a valid file descripter")),
        };
    }
    let n = th.call_method_str(file, "fileno", &[])?;
    let fd = match n.as_int().and_then(|n| i32::try_from(n).ok()) {
        Some(n) if n >= 0 => n,
        _ => return Err(th.runtime_error("file.fileno() is not a valid file descriptor")),
    };
    if th.call_method_str(file, "flush", &[]).is_err() {
        th.clear_pending();
    }
    Ok(fd)
}

fn text_of(threads: &[ThreadSummary], current: Option<u64>) -> String {
    let mut out = String::new();
    for (i, (ident, frames)) in threads.iter().enumerate() {
        if i > 0 {
            out.push('\n');
        }
        let word = if current == Some(*ident) {
            "Current thread"
        } else {
            "Thread"
        };
        out += &format!("{word} {ident:#018x} (most recent call first):\n");
        out += &frames_text(frames);
    }
    out
}

fn frames_text(frames: &[taipan_vm::gil::FrameSummary]) -> String {
    let mut out = String::new();
    if frames.is_empty() {
        out += "  <no Python frame>\n";
    }
    for f in frames.iter().take(MOST) {
        out += &format!("  File \"{}\", line {} in {}\n", f.file, f.line, f.name);
    }
    if frames.len() > MOST {
        out += "  ...\n";
    }
    out
}

fn write_all(fd: i32, text: &str) {
    let mut rest = text.as_bytes();
    while !rest.is_empty() {
        match calls::write(fd, rest) {
            Ok(n) if n > 0 => rest = &rest[n as usize..],
            Err(libc::EINTR) => {}
            _ => return,
        }
    }
}

/// A time as a report shows it.
fn time_text(t: Duration) -> String {
    let s = t.as_secs();
    let us = t.subsec_micros();
    let whole = format!("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
    match us {
        0 => whole,
        _ => format!("{whole}.{us:06}"),
    }
}

fn cancel(th: &mut Thread) {
    let old = th.vm().registry.borrow_mut().remove(WATCHDOG);
    if let Some(w) = old.and_then(|v| v.downcast::<Watchdog>()) {
        w.cancelled.open();
    }
}

/// The functions hang here.
pub struct FaultHandler;

/// faulthandler module.
#[pymodule(name = "faulthandler")]
impl FaultHandler {
    /// Enable the fault handler.
    #[pyfunction(sig = "(file=sys.stderr, all_threads=True, c_stack=True)")]
    fn enable(
        th: &mut Thread,
        file: Option<Value>,
        _all_threads: Option<bool>,
        _c_stack: Option<bool>,
    ) -> Result<()> {
        let fd = file_argument(th, file)?;
        if let Err(e) = signals::report_fatal(Some(fd)) {
            return Err(raise(th, e, None, None));
        }
        let kept = file.unwrap_or(th.bool(true));
        th.vm().registry.borrow_mut().insert(ENABLED, kept);
        Ok(())
    }

    /// Disable the fault handler.
    #[pyfunction]
    fn disable(th: &mut Thread) -> Result<bool> {
        let was = th.vm().registry.borrow_mut().remove(ENABLED).is_some();
        if was && let Err(e) = signals::report_fatal(None) {
            return Err(raise(th, e, None, None));
        }
        Ok(was)
    }

    /// Check if the handler is enabled.
    #[pyfunction]
    fn is_enabled(th: &mut Thread) -> bool {
        th.vm().registry.borrow().contains_key(ENABLED)
    }

    /// Dump the traceback of the current thread, or of all threads if all_threads is True, into file.
    #[pyfunction(sig = "(file=sys.stderr, all_threads=True)")]
    fn dump_traceback(
        th: &mut Thread,
        file: Option<Value>,
        all_threads: Option<bool>,
    ) -> Result<()> {
        let fd = file_argument(th, file)?;
        let threads = th.vm().stacks_of_threads();
        let text = match all_threads.unwrap_or(true) {
            true => text_of(&threads, Some(th.ident)),
            false => {
                let own = threads.iter().find(|t| t.0 == th.ident);
                let frames = own.map_or(String::new(), |t| frames_text(&t.1));
                format!("Stack (most recent call first):\n{frames}")
            }
        };
        write_all(fd, &text);
        Ok(())
    }

    /// Dump the traceback of all threads in timeout seconds.
    ///
    /// If repeat is true, the tracebacks of all threads are dumped every timeout
    /// seconds. If exit is true, call _exit(1) which is not safe.
    #[pyfunction(sig = "(timeout, repeat=False, file=sys.stderr, exit=False)")]
    fn dump_traceback_later(
        th: &mut Thread,
        timeout: f64,
        repeat: Option<bool>,
        file: Option<Value>,
        exit: Option<bool>,
    ) -> Result<()> {
        if timeout.is_nan() || timeout <= 0.0 {
            return Err(th.value_error("timeout must be greater than 0"));
        }
        if timeout > 9.2e9 {
            return Err(th.overflow_error("timeout value is too large"));
        }
        let fd = file_argument(th, file)?;
        cancel(th);
        let cancelled = Arc::<Latch>::default();
        let (mut left, time) = (true, Duration::from_secs_f64(timeout));
        let (repeat, exit) = (repeat.unwrap_or(false), exit.unwrap_or(false));
        let latch = cancelled.clone();
        let wait = move || {
            if !std::mem::replace(&mut left, repeat) {
                return false;
            }
            let end = Instant::now() + time;
            loop {
                match latch.wait(Some(end)) {
                    Waited::TimedOut => return true,
                    Waited::Done => return false,
                    Waited::Interrupted => {}
                }
            }
        };
        let act = move |threads: Vec<ThreadSummary>| {
            let head = format!("Timeout ({})!\n", time_text(time));
            write_all(fd, &(head + &text_of(&threads, None)));
            if exit {
                crate::exit_now::<()>(1);
            }
        };
        th.start_watchdog(wait, act)?;
        let w = th.new_native(&WATCHDOG_TYPE, |head| Watchdog { head, cancelled });
        (th.vm().registry.borrow_mut()).insert(WATCHDOG, w.value());
        Ok(())
    }

    /// Cancel the previous call to dump_traceback_later().
    #[pyfunction]
    fn cancel_dump_traceback_later(th: &mut Thread) {
        cancel(th);
    }
}
