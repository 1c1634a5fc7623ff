//! What threads wait for: a flag that one of them holds, and a latch that opens once.
//!
//! Both are one word and the system's futex, for two reasons: a signal interrupts the wait, and
//! there is no state elsewhere that a child process would find half changed.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use rustix::io::Errno;
use rustix::thread::futex::{self, Flags, Timespec};

/// How a wait ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Waited {
    /// With what was waited for.
    Done,
    /// The time was over.
    TimedOut,
    /// A signal arrived.
    Interrupted,
}

/// Waits until the word is no longer `value`; None when it should be looked at again.
fn wait_while(word: &AtomicU32, value: u32, deadline: Option<Instant>) -> Option<Waited> {
    let left = match deadline {
        None => None,
        Some(d) => {
            let left = d.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Some(Waited::TimedOut);
            }
            Some(Timespec {
                tv_sec: left.as_secs() as i64,
                tv_nsec: left.subsec_nanos() as i64,
            })
        }
    };
    match futex::wait(word, Flags::PRIVATE, value, left.as_ref()) {
        Err(Errno::INTR) => Some(Waited::Interrupted),
        _ => None,
    }
}

/// A flag that one thread at a time holds: 0 free, 1 held, 2 held and perhaps waited for.
#[derive(Default)]
pub struct Flag(AtomicU32);

impl Flag {
    /// Takes the flag if it is free.
    pub fn try_take(&self) -> bool {
        let r = (self.0).compare_exchange(0, 1, Ordering::Acquire, Ordering::Relaxed);
        r.is_ok()
    }

    /// Takes the flag; waits until the deadline (None: for ever).
    pub fn take(&self, deadline: Option<Instant>) -> Waited {
        loop {
            if self.0.swap(2, Ordering::Acquire) == 0 {
                return Waited::Done;
            }
            if let Some(w) = wait_while(&self.0, 2, deadline) {
                return w;
            }
        }
    }

    /// Lets the flag go. Whether it was held.
    pub fn release(&self) -> bool {
        match self.0.swap(0, Ordering::Release) {
            0 => false,
            1 => true,
            _ => {
                let _ = futex::wake(&self.0, Flags::PRIVATE, 1);
                true
            }
        }
    }

    /// Is it held?
    pub fn is_held(&self) -> bool {
        self.0.load(Ordering::Relaxed) != 0
    }
}

/// Something that happens once.
#[derive(Default)]
pub struct Latch(AtomicU32);

impl Latch {
    /// It has happened.
    pub fn open(&self) {
        self.0.store(1, Ordering::Release);
        let _ = futex::wake(&self.0, Flags::PRIVATE, i32::MAX as u32);
    }

    /// Has it happened?
    pub fn is_open(&self) -> bool {
        self.0.load(Ordering::Acquire) != 0
    }

    /// Waits for it until the deadline (None: for ever).
    pub fn wait(&self, deadline: Option<Instant>) -> Waited {
        loop {
            if self.is_open() {
                return Waited::Done;
            }
            if let Some(w) = wait_while(&self.0, 0, deadline) {
                return w;
            }
        }
    }
}
