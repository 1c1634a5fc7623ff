//! The interpreter lock, and threads of Python execution.
//!
//! Whoever holds a `&mut Thread` holds the lock. It is let go around blocking calls
//! ([`Thread::without_lock`]) and handed over when another thread has waited for 5 ms: the waiter
//! sets the holder's SWITCH request, which the holder serves at its next safepoint.
//!
//! While a thread is parked its registers are on its stack and `parked_at` says where the stack
//! ends, so that another thread's collection can scan it.
#![allow(unsafe_code)]

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::interp::frame::Stacks;
use crate::object::gc::with_spilled_registers;
use crate::object::{Result, Value};
use crate::thread::request;
use crate::{Thread, Vm};

/// How long a thread may keep others waiting.
pub const SWITCH_INTERVAL: Duration = Duration::from_millis(5);

#[derive(Default)]
struct State {
    held: bool,
    waiting: usize,
    /// Request word of the holder.
    holder: Option<Arc<AtomicU32>>,
    /// Counts hand-overs, so that a thread that gave way sees that another one had its turn.
    turns: u64,
}

/// The lock of an interpreter. It is made of the standard library's parts because these, unlike
/// `parking_lot`'s, keep nothing outside themselves that `fork` could leave half changed.
#[derive(Default)]
pub struct InterpreterLock {
    state: Mutex<State>,
    changed: Condvar,
}

impl InterpreterLock {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a change. Whether the time was over first.
    fn wait<'a>(&self, s: MutexGuard<'a, State>, time: Duration) -> (MutexGuard<'a, State>, bool) {
        let (s, r) = self
            .changed
            .wait_timeout(s, time)
            .unwrap_or_else(PoisonError::into_inner);
        (s, r.timed_out())
    }

    fn acquire(&self, word: &Arc<AtomicU32>) {
        let mut s = self.state();
        s.waiting += 1;
        while s.held {
            let timed_out;
            (s, timed_out) = self.wait(s, SWITCH_INTERVAL);
            if timed_out
                && s.held
                && let Some(h) = &s.holder
            {
                h.fetch_or(request::SWITCH, Ordering::Relaxed);
            }
        }
        s.waiting -= 1;
        s.held = true;
        s.turns += 1;
        s.holder = Some(word.clone());
        self.changed.notify_all();
    }

    fn release(&self) -> u64 {
        let mut s = self.state();
        s.held = false;
        s.holder = None;
        self.changed.notify_all();
        s.turns
    }

    /// Waits until another thread has had a turn, if one waits.
    fn give_way(&self, turns: u64) {
        let mut s = self.state();
        let end = Instant::now() + SWITCH_INTERVAL;
        while s.turns == turns && s.waiting > 0 {
            let timed_out;
            (s, timed_out) = self.wait(s, end.saturating_duration_since(Instant::now()));
            if timed_out {
                break;
            }
        }
    }
}

/// The interpreter's address on its way to a new thread.
struct Sent(&'static Vm);
// SAFETY: the receiving thread touches the interpreter only after it has taken its lock.
unsafe impl Send for Sent {}

/// Empty stacks on their way to a new thread.
struct FreshStacks(Stacks);
// SAFETY: nothing but the two mappings, which no other thread knows.
unsafe impl Send for FreshStacks {}

impl Thread {
    /// Takes the lock and enters the thread in the interpreter's list; to be done once by each
    /// thread, before anything else.
    pub fn attach(&mut self) {
        self.vm().lock.acquire(&self.requests);
        let me: *const Thread = self;
        self.vm().threads.borrow_mut().push(me);
        self.listen_to_heap();
    }

    /// Leaves the list and lets the lock go.
    pub fn detach(&mut self) {
        let me: *const Thread = self;
        self.vm()
            .threads
            .borrow_mut()
            .retain(|t| !std::ptr::eq(*t, me));
        self.vm().lock.release();
    }

    /// Runs `f` without the lock. `f` must not touch Python objects.
    pub fn without_lock<R>(&mut self, f: impl FnOnce() -> R) -> R {
        let lock = &self.vm().lock;
        let requests = self.requests.clone();
        let r = with_spilled_registers(|sp| {
            self.parked_at.set(sp as usize);
            lock.release();
            let r = f();
            lock.acquire(&requests);
            self.parked_at.set(0);
            r
        });
        self.listen_to_heap();
        r
    }

    /// Lets another thread have a turn (safepoints do, when SWITCH was requested).
    pub fn switch(&mut self) {
        let lock = &self.vm().lock;
        let requests = self.requests.clone();
        with_spilled_registers(|sp| {
            self.parked_at.set(sp as usize);
            let turns = lock.release();
            lock.give_way(turns);
            lock.acquire(&requests);
            self.parked_at.set(0);
        });
        self.listen_to_heap();
    }

    /// Calls `fork` while no other thread is inside the lock. In the child (`fork` gives 0) this
    /// thread is the only one; `python` says whether it will run Python code.
    pub fn fork<E>(
        &mut self,
        python: bool,
        fork: impl FnOnce() -> std::result::Result<i32, E>,
    ) -> std::result::Result<i32, E> {
        let vm = self.vm();
        if python && let Some(tier) = vm.tier.get() {
            tier.forking();
        }
        let mut s = vm.lock.state();
        let r = fork();
        if matches!(r, Ok(0)) {
            s.waiting = 0;
            s.held = true;
            s.holder = Some(self.requests.clone());
            drop(s);
            let me: *const Thread = self;
            vm.threads.borrow_mut().retain(|t| std::ptr::eq(*t, me));
            vm.main_ident.set(self.ident);
            // The others do not exist here.
            vm.started_threads.borrow_mut().retain(|t| {
                let mine = t.ident() == self.ident;
                if !mine {
                    t.mark_done();
                }
                mine
            });
        }
        r
    }

    /// Starts an OS thread that is no thread of the interpreter: whenever `wait` gives true, it
    /// hands the stacks of all threads to `act`; when it gives false, it ends.
    pub fn start_watchdog(
        &mut self,
        mut wait: impl FnMut() -> bool + Send + 'static,
        mut act: impl FnMut(Vec<ThreadSummary>) + Send + 'static,
    ) -> Result<()> {
        let vm = Sent(self.vm());
        let started = std::thread::Builder::new().spawn(move || {
            let Sent(vm) = { vm };
            let word = Arc::default();
            while wait() {
                vm.lock.acquire(&word);
                let stacks = vm.stacks_of_threads();
                vm.lock.release();
                act(stacks);
            }
        });
        match started {
            Ok(_) => Ok(()),
            Err(_) => Err(self.runtime_error("unable to start watchdog thread")),
        }
    }

    /// Starts an OS thread that runs `f` as a new thread of this interpreter. `kept` is alive
    /// until `f` has got it. Raises RuntimeError when no thread can be started.
    pub fn start_thread(
        &mut self,
        stack: usize,
        kept: Value,
        f: impl FnOnce(&mut Thread, Value) + Send + 'static,
    ) -> Result<()> {
        let vm = Sent(self.vm());
        let Some(stacks) = Stacks::for_thread(stack) else {
            return Err(self.runtime_error("can't start new thread"));
        };
        let stacks = FreshStacks(stacks);
        let id = self.vm().keep(kept);
        let builder =
            std::thread::Builder::new().stack_size(if stack == 0 { 16 << 20 } else { stack });
        let started = builder.spawn(move || {
            let Sent(vm) = { vm };
            let FreshStacks(stacks) = { stacks };
            let mut th = Thread::with_stacks(vm, stacks);
            th.attach();
            let kept = th.vm().release_kept(id).unwrap_or(th.none());
            f(&mut th, kept);
            th.detach();
        });
        match started {
            Ok(_) => Ok(()),
            Err(_) => {
                self.vm().release_kept(id);
                Err(self.runtime_error("can't start new thread"))
            }
        }
    }
}

/// A frame as a report shows it.
#[derive(Clone, Debug)]
pub struct FrameSummary {
    /// File name of the code.
    pub file: String,
    /// Line.
    pub line: u32,
    /// Name of the function.
    pub name: String,
}

/// A thread's ident, and its frames from the innermost out.
pub type ThreadSummary = (u64, Vec<FrameSummary>);

impl Vm {
    /// What runs in each thread, the latest thread first. For the holder of the lock.
    pub fn stacks_of_threads(&self) -> Vec<ThreadSummary> {
        let summary = |t: &*const Thread| {
            // SAFETY: threads leave the list before they end, and the lock is held, so that no
            // other thread changes its stacks.
            let t = unsafe { &**t };
            let frames = (0..t.stacks.depth()).filter_map(|d| t.stacks.at(d));
            let text = |s: Option<crate::Gc<crate::types::str_::Str>>| {
                s.map_or(String::new(), |s| s.to_string_lossy())
            };
            let frames = frames.map(|f| FrameSummary {
                file: text(f.code.filename.get()),
                line: f.line(),
                name: text(f.code.name.get()),
            });
            (t.ident, frames.collect())
        };
        self.threads.borrow().iter().rev().map(summary).collect()
    }

    /// The task that runs in an event loop, in whatever thread. For the holder of the lock.
    pub fn task_in_loop(&self, event_loop: Value) -> Option<Value> {
        let task = |t: &*const Thread| {
            // SAFETY: as in `stacks_of_threads`.
            let t = unsafe { &**t };
            let same = t.running_loop.get().is_some_and(|l| l.is(event_loop));
            t.running_task.get().filter(|_| same)
        };
        self.threads.borrow().iter().find_map(task)
    }

    /// Number of threads that run Python code.
    pub fn thread_count(&self) -> usize {
        self.threads.borrow().len()
    }

    /// Keeps a value alive until it is released.
    pub fn keep(&self, v: Value) -> u64 {
        let id = self.next_kept.get();
        self.next_kept.set(id + 1);
        self.kept.borrow_mut().insert(id, v);
        id
    }

    /// Takes back a kept value.
    pub fn release_kept(&self, id: u64) -> Option<Value> {
        self.kept.borrow_mut().remove(&id)
    }
}
