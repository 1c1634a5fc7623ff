//! `_thread`: locks, thread-local data and starting of threads.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use taipan_vm::call::{Args, IntoReturn};
use taipan_vm::object::{Gc, GcSlot, NativeHeader, Slot};
use taipan_vm::types::ExceptionClass;
use taipan_vm::types::dict::Dict;
use taipan_vm::types::module::Module;
use taipan_vm::types::str_::Str;
use taipan_vm::types::tuple::Tuple;
use taipan_vm::{NativeObject, Result, Thread, Value, pymodule, pytype};

use crate::futex::{Flag, Latch, Waited};

/// Longest name of a thread in bytes.
const NAME_MAX: usize = 15;

/// `_thread._ExceptHookArgs`
static EXCEPT_HOOK_ARGS: taipan_vm::types::structseq::StructDef =
    taipan_vm::types::structseq::StructDef {
        name: "_ExceptHookArgs",
        module: "_thread",
        doc: "ExceptHookArgs\n\nType used to pass arguments to threading.excepthook.",
        fields: &["exc_type", "exc_value", "exc_traceback", "thread"],
        visible: 4,
        constructible: true,
    };

/// Longest time-out in seconds.
const TIMEOUT_MAX: f64 = 9_223_372_036.0;

/// Waits for a flag without the interpreter lock, serving signals in between.
fn acquire(th: &mut Thread, flag: &Arc<Flag>, blocking: bool, timeout: f64) -> Result<bool> {
    if flag.try_take() {
        return Ok(true);
    }
    if !blocking || timeout == 0.0 {
        return Ok(false);
    }
    let deadline = if timeout < 0.0 {
        None
    } else {
        Some(Instant::now() + Duration::from_secs_f64(timeout))
    };
    let flag = flag.clone();
    wait(th, deadline, |until| flag.take(until))
}

/// How long a thread waits before it looks whether garbage is what it waits for.
const PATIENCE: Duration = Duration::from_millis(150);

/// How long the thread that handles signals waits before it looks whether one came in the moment
/// before it waited, when the system has nothing to interrupt.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// Waits without the interpreter lock, serving signals in between. False if the time is over.
///
/// What another thread waits for may be held by something that nobody can reach any more (a
/// connection that was dropped without being closed), so a thread that has to wait long collects.
fn wait(
    th: &mut Thread,
    deadline: Option<Instant>,
    mut attempt: impl FnMut(Option<Instant>) -> Waited,
) -> Result<bool> {
    let mut first = Some(Instant::now() + PATIENCE).filter(|f| deadline.is_none_or(|d| *f < d));
    loop {
        let main = th.vm().main_ident.get() == th.ident;
        let look = main.then(|| Instant::now() + LOOK_AGAIN);
        let look = look.filter(|l| deadline.is_none_or(|d| *l < d));
        let until = first.or(look).or(deadline);
        match th.without_lock(|| attempt(until)) {
            Waited::Done => return Ok(true),
            Waited::TimedOut if first.take().is_some() => th.collect_while_idle(),
            Waited::TimedOut if look.is_none() => return Ok(false),
            Waited::TimedOut | Waited::Interrupted => {}
        }
        th.poll()?;
    }
}

fn timeout_argument(
    th: &mut Thread,
    blocking: Option<bool>,
    timeout: Option<f64>,
) -> Result<(bool, f64)> {
    let blocking = blocking.unwrap_or(true);
    let timeout = timeout.unwrap_or(-1.0);
    if !blocking && timeout != -1.0 {
        return Err(th.value_error("can't specify a timeout for a non-blocking call"));
    }
    if timeout < 0.0 && timeout != -1.0 {
        return Err(th.value_error("timeout value must be a non-negative number"));
    }
    if timeout > TIMEOUT_MAX {
        return Err(th.overflow_error("timeout value is too large"));
    }
    Ok((blocking, timeout))
}

/// A lock.
#[repr(C)]
#[derive(NativeObject)]
pub struct Lock {
    head: NativeHeader,
    #[notrace]
    flag: Arc<Flag>,
}

fn new_lock(th: &mut Thread) -> Value {
    th.new_native(&LOCK_TYPE, |head| Lock {
        head,
        flag: Arc::default(),
    })
    .value()
}

/// A lock object is a synchronization primitive.
#[pytype(name = "lock", module = "_thread", flags = HAS_WEAKREF, table = LOCK_TYPE)]
impl Lock {
    #[pynew(sig = "()")]
    fn new(th: &mut Thread, _class: Value) -> Result {
        Ok(new_lock(th))
    }

    /// Lock the lock.
    #[pymethod(sig = "(blocking=True, timeout=-1)")]
    fn acquire(
        th: &mut Thread,
        this: Gc<Lock>,
        blocking: Option<bool>,
        timeout: Option<f64>,
    ) -> Result<bool> {
        let (b, t) = timeout_argument(th, blocking, timeout)?;
        let flag = this.flag.clone();
        acquire(th, &flag, b, t)
    }

    /// An obsolete synonym of acquire().
    #[pymethod(sig = "(blocking=True, timeout=-1)")]
    fn acquire_lock(
        th: &mut Thread,
        this: Gc<Lock>,
        blocking: Option<bool>,
        timeout: Option<f64>,
    ) -> Result<bool> {
        Lock::acquire(th, this, blocking, timeout)
    }

    /// Release the lock.
    #[pymethod]
    fn release(th: &mut Thread, this: Gc<Lock>) -> Result<()> {
        if this.flag.release() {
            Ok(())
        } else {
            Err(th.runtime_error("release unlocked lock"))
        }
    }

    /// An obsolete synonym of release().
    #[pymethod]
    fn release_lock(th: &mut Thread, this: Gc<Lock>) -> Result<()> {
        Lock::release(th, this)
    }

    /// Return whether the lock is in the locked state.
    #[pymethod]
    fn locked(_: &mut Thread, this: Gc<Lock>) -> bool {
        this.flag.is_held()
    }

    #[pymethod]
    fn locked_lock(_: &mut Thread, this: Gc<Lock>) -> bool {
        this.flag.is_held()
    }

    #[pymethod]
    fn __enter__(th: &mut Thread, this: Gc<Lock>) -> Result<bool> {
        Lock::acquire(th, this, None, None)
    }

    #[pymethod(sig = "(*exc_info)")]
    fn __exit__(th: &mut Thread, this: Gc<Lock>, _exc: taipan_vm::call::VarArgs) -> Result<()> {
        Lock::release(th, this)
    }

    #[pymethod]
    fn _at_fork_reinit(_: &mut Thread, this: Gc<Lock>) {
        this.flag.release();
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let Some(l) = this.downcast::<Lock>() else {
            return Ok(this);
        };
        let state = if l.flag.is_held() {
            "locked"
        } else {
            "unlocked"
        };
        let t = th.class_of(this);
        let name = th.qualified_name(t);
        Ok(th
            .new_str(&format!("<{state} {name} object at {:#x}>", this.bits()))
            .value())
    }
}

/// A reentrant lock.
#[repr(C)]
#[derive(NativeObject)]
pub struct RLock {
    head: NativeHeader,
    #[notrace]
    flag: Arc<Flag>,
    #[notrace]
    owner: Cell<u64>,
    #[notrace]
    count: Cell<usize>,
}

/// A reentrant lock.
#[pytype(name = "RLock", module = "_thread", flags = BASETYPE | HAS_WEAKREF, table = RLOCK_TYPE)]
impl RLock {
    #[pynew(raw)]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        let class = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
        Ok(th
            .alloc_native(class, |head| RLock {
                head,
                flag: Arc::default(),
                owner: Cell::new(0),
                count: Cell::new(0),
            })
            .value())
    }

    /// Lock the lock.
    #[pymethod(sig = "(blocking=True, timeout=-1)")]
    fn acquire(
        th: &mut Thread,
        this: Gc<RLock>,
        blocking: Option<bool>,
        timeout: Option<f64>,
    ) -> Result<bool> {
        let (b, t) = timeout_argument(th, blocking, timeout)?;
        let me = th.ident;
        if this.count.get() > 0 && this.owner.get() == me {
            this.count.set(this.count.get() + 1);
            return Ok(true);
        }
        let flag = this.flag.clone();
        if !acquire(th, &flag, b, t)? {
            return Ok(false);
        }
        this.owner.set(me);
        this.count.set(1);
        Ok(true)
    }

    /// Release the lock.
    #[pymethod]
    fn release(th: &mut Thread, this: Gc<RLock>) -> Result<()> {
        if this.count.get() == 0 || this.owner.get() != th.ident {
            return Err(th.runtime_error("cannot release un-acquired lock"));
        }
        this.count.set(this.count.get() - 1);
        if this.count.get() == 0 {
            this.owner.set(0);
            this.flag.release();
        }
        Ok(())
    }

    #[pymethod]
    fn __enter__(th: &mut Thread, this: Gc<RLock>) -> Result<bool> {
        RLock::acquire(th, this, None, None)
    }

    #[pymethod(sig = "(*exc_info)")]
    fn __exit__(th: &mut Thread, this: Gc<RLock>, _exc: taipan_vm::call::VarArgs) -> Result<()> {
        RLock::release(th, this)
    }

    /// Return whether the lock is held by any thread.
    #[pymethod]
    fn locked(_: &mut Thread, this: Gc<RLock>) -> bool {
        this.count.get() > 0
    }

    #[pymethod]
    fn _is_owned(th: &mut Thread, this: Gc<RLock>) -> bool {
        this.count.get() > 0 && this.owner.get() == th.ident
    }

    #[pymethod]
    fn _recursion_count(th: &mut Thread, this: Gc<RLock>) -> usize {
        if this.owner.get() == th.ident {
            this.count.get()
        } else {
            0
        }
    }

    #[pymethod]
    fn _release_save(th: &mut Thread, this: Gc<RLock>) -> Result {
        if this.count.get() == 0 {
            return Err(th.runtime_error("cannot release un-acquired lock"));
        }
        let (count, owner) = (this.count.replace(0), this.owner.replace(0));
        this.flag.release();
        let (c, o) = (th.int(count as i64), th.int_from_u64(owner));
        Ok(th.new_tuple(&[c, o]).value())
    }

    #[pymethod]
    fn _acquire_restore(th: &mut Thread, this: Gc<RLock>, state: Gc<Tuple>) -> Result<()> {
        let flag = this.flag.clone();
        acquire(th, &flag, true, -1.0)?;
        let get = |i: usize| {
            state
                .get(i)
                .and_then(taipan_vm::types::int::to_i64)
                .unwrap_or(0)
        };
        this.count.set(get(0) as usize);
        this.owner.set(get(1) as u64);
        Ok(())
    }

    #[pymethod]
    fn _at_fork_reinit(_: &mut Thread, this: Gc<RLock>) {
        this.count.set(0);
        this.owner.set(0);
        this.flag.release();
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let Some(l) = this.downcast::<RLock>() else {
            return Ok(this);
        };
        let state = if l.count.get() > 0 {
            "locked"
        } else {
            "unlocked"
        };
        let t = th.class_of(this);
        let name = th.qualified_name(t);
        let text = format!(
            "<{state} {name} object owner={} count={} at {:#x}>",
            l.owner.get(),
            l.count.get(),
            this.bits()
        );
        Ok(th.new_str(&text).value())
    }
}

/// The state of a started thread, shared with it.
#[derive(Default)]
struct Running {
    ident: AtomicU64,
    started: AtomicBool,
    daemon: AtomicBool,
    done: Latch,
}

/// A thread in the interpreter's list.
struct Started(Arc<Running>);

impl taipan_vm::vm::StartedThread for Started {
    fn is_done(&self) -> bool {
        self.0.done.is_open()
    }

    fn mark_done(&self) {
        self.0.done.open();
    }

    fn ident(&self) -> u64 {
        self.0.ident.load(Ordering::Relaxed)
    }

    fn is_foreground(&self) -> bool {
        !self.0.daemon.load(Ordering::Relaxed)
    }
}

/// Handle of a thread.
#[repr(C)]
#[derive(NativeObject)]
pub struct ThreadHandle {
    head: NativeHeader,
    #[notrace]
    running: Arc<Running>,
}

#[pytype(name = "_ThreadHandle", module = "_thread", table = HANDLE_TYPE)]
impl ThreadHandle {
    #[pynew(sig = "()")]
    fn new(th: &mut Thread, _class: Value) -> Result {
        Ok(th
            .new_native(&HANDLE_TYPE, |head| ThreadHandle {
                head,
                running: Arc::default(),
            })
            .value())
    }

    #[pygetter]
    fn ident(_: &mut Thread, this: Gc<ThreadHandle>) -> u64 {
        this.running.ident.load(Ordering::Relaxed)
    }

    #[pymethod]
    fn is_done(_: &mut Thread, this: Gc<ThreadHandle>) -> bool {
        this.running.done.is_open()
    }

    #[pymethod]
    fn _set_done(th: &mut Thread, this: Gc<ThreadHandle>) -> Result<()> {
        if !this.running.started.load(Ordering::Relaxed) {
            return Err(th.runtime_error("thread not started"));
        }
        this.running.done.open();
        Ok(())
    }

    #[pymethod(sig = "(timeout=None, /)")]
    fn join(th: &mut Thread, this: Gc<ThreadHandle>, timeout: Option<Value>) -> Result<()> {
        let timeout = match th.not_none(timeout) {
            Some(t) => Some(th.to_f64(t)?).filter(|t| *t >= 0.0),
            None => None,
        };
        let running = this.running.clone();
        if !running.started.load(Ordering::Relaxed) {
            return Err(th.runtime_error("thread not started"));
        }
        if running.ident.load(Ordering::Relaxed) == th.ident && !running.done.is_open() {
            return Err(th.runtime_error("Cannot join current thread"));
        }
        if th.vm().finalizing.get() && !running.done.is_open() {
            return Err(th.raise(
                ExceptionClass::PythonFinalizationError,
                "cannot join thread at interpreter shutdown",
            ));
        }
        let deadline =
            timeout.map(|t| Instant::now() + Duration::from_secs_f64(t.min(TIMEOUT_MAX)));
        wait(th, deadline, |until| running.done.wait(until)).map(|_| ())
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let Some(h) = this.downcast::<ThreadHandle>() else {
            return Ok(this);
        };
        let ident = h.running.ident.load(Ordering::Relaxed);
        Ok(th
            .new_str(&format!("<_ThreadHandle object: ident={ident}>"))
            .value())
    }
}

/// Thread-local data: a dict for each thread, kept by the thread's ident.
#[repr(C)]
#[derive(NativeObject)]
pub struct Local {
    head: NativeHeader,
    dicts: GcSlot<Dict>,
    args: Slot,
    kwargs: Slot,
}

impl Local {
    /// This thread's namespace, made (and `__init__` run) on first use.
    fn namespace(this: Gc<Local>, th: &mut Thread) -> Result<Gc<Dict>> {
        let key = th.ident.into_return(th)?;
        let Some(dicts) = this.dicts.get() else {
            return Err(th.system_error("no thread-local data"));
        };
        if let Some(d) = dicts.get(th, key)?.and_then(|d| d.downcast::<Dict>()) {
            return Ok(d);
        }
        let d = th.new_dict();
        dicts.set(th, key, d.value())?;
        let class = th.class_of(this.value());
        let init = th.names().__init__;
        if let Some(f) = class.lookup(th, init)
            && f.downcast::<taipan_vm::types::function::Function>()
                .is_some()
        {
            let args = this
                .args
                .get()
                .and_then(|a| a.downcast::<Tuple>())
                .unwrap_or(th.empty_tuple());
            let kwargs = this.kwargs.get();
            let f = th.bind_descriptor(f, Some(this.value()), class)?;
            taipan_vm::interp::ops::calls::call_ex(th, f, args.value(), kwargs)?;
        }
        Ok(d)
    }
}

/// Thread-local data.
#[pytype(name = "_local", module = "_thread", flags = BASETYPE | HAS_WEAKREF, table = LOCAL_TYPE)]
impl Local {
    #[pynew(raw)]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        let class = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
        let dicts = th.new_dict();
        let rest = args.skip_first();
        let positional = th.new_tuple(rest.positionals());
        let kwargs = th.new_dict();
        for (k, v) in rest.keywords() {
            kwargs.set(th, k, v)?;
        }
        let this = th.alloc_native(class, |head| Local {
            head,
            dicts: GcSlot::new(dicts),
            args: Slot::new(positional.value()),
            kwargs: Slot::new(kwargs.value()),
        });
        // This thread's `__init__` runs as the constructor's own.
        let key = th.ident.into_return(th)?;
        let d = th.new_dict();
        dicts.set(th, key, d.value())?;
        Ok(this.value())
    }

    #[pyslot]
    fn init(_: &mut Thread, _this: Value, _args: Args<'_>) -> Result<()> {
        Ok(())
    }

    #[pyslot]
    fn getattro(th: &mut Thread, this: Value, name: Gc<Str>) -> Result {
        let Some(l) = this.downcast::<Local>() else {
            return Ok(this);
        };
        let d = Local::namespace(l, th)?;
        let name = th.intern_str(name);
        if name.equals_str("__dict__") {
            return Ok(d.value());
        }
        let class = th.class_of(this);
        if let Some(x) = class.lookup(th, name)
            && th.class_of(x).slots().descr_set.is_some()
        {
            return th.bind_descriptor(x, Some(this), class);
        }
        if let Some(v) = d.get_str(name) {
            return Ok(v);
        }
        match class.lookup(th, name) {
            Some(x) => th.bind_descriptor(x, Some(this), class),
            None => Err(th.no_attribute(this, name)),
        }
    }

    #[pyslot]
    fn setattro(th: &mut Thread, this: Value, name: Gc<Str>, v: Option<Value>) -> Result<()> {
        let Some(l) = this.downcast::<Local>() else {
            return Ok(());
        };
        let name = th.intern_str(name);
        if name.equals_str("__dict__") {
            let t = th.type_name(this);
            return Err(th.attribute_error(
                this,
                "__dict__",
                format!("'{t}' object attribute '__dict__' is read-only"),
            ));
        }
        let class = th.class_of(this);
        if let Some(x) = class.lookup(th, name)
            && let Some(set) = th.class_of(x).slots().descr_set
        {
            return set(th, x, this, v);
        }
        let d = Local::namespace(l, th)?;
        match v {
            Some(v) => {
                th.dict_set_str(d, name, v);
                Ok(())
            }
            None => match d.remove_str(name) {
                Some(_) => Ok(()),
                None => Err(th.no_attribute(this, name)),
            },
        }
    }
}

fn spawn(
    th: &mut Thread,
    function: Value,
    args: Value,
    kwargs: Option<Value>,
    running: Arc<Running>,
) -> Result<u64> {
    if running.started.swap(true, Ordering::Relaxed) {
        return Err(th.runtime_error("thread already started"));
    }
    if th.vm().finalizing.get() {
        running.started.store(false, Ordering::Relaxed);
        return Err(th.raise(
            ExceptionClass::PythonFinalizationError,
            "can't create new thread at interpreter shutdown",
        ));
    }
    let kw = th.or_none(kwargs);
    let kept = th.new_tuple(&[function, args, kw]).value();
    let shared = running.clone();
    let stack = th.vm().thread_stack_size.get();
    let started = th.start_thread(stack, kept, move |th, kept| {
        shared.ident.store(th.ident, Ordering::Relaxed);
        if let Some(t) = kept.downcast::<Tuple>()
            && let [f, a, k] = t.as_slice()
        {
            let k = th.not_none(Some(*k));
            if taipan_vm::interp::ops::calls::call_ex(th, *f, *a, k).is_err() {
                if th.pending_matches(ExceptionClass::SystemExit) {
                    th.clear_pending();
                } else {
                    th.write_unraisable(Some(*f), Some("Exception ignored in thread started by"));
                }
            }
        }
        shared.done.open();
    });
    if let Err(e) = started {
        running.started.store(false, Ordering::Relaxed);
        return Err(e);
    }
    let threads = &th.vm().started_threads;
    threads.borrow_mut().retain(|t| !t.is_done());
    threads
        .borrow_mut()
        .push(Box::new(Started(running.clone())));
    while running.ident.load(Ordering::Relaxed) == 0 && !running.done.is_open() {
        th.without_lock(std::thread::yield_now);
    }
    Ok(running.ident.load(Ordering::Relaxed))
}

/// The functions hang here.
pub struct ThreadModule;

/// This module provides primitive operations to write multi-threaded programs.
#[pymodule(name = "_thread", types = [LOCK_TYPE, RLOCK_TYPE, LOCAL_TYPE, HANDLE_TYPE])]
impl ThreadModule {
    #[pyfunction(sig = "(function, args, kwargs=None, /)")]
    fn start_new_thread(
        th: &mut Thread,
        function: Value,
        args: Value,
        kwargs: Option<Value>,
    ) -> Result<u64> {
        if !th.is_callable(function) {
            return Err(th.type_error("first arg must be callable"));
        }
        if args.downcast::<Tuple>().is_none() {
            return Err(th.type_error("2nd arg must be a tuple"));
        }
        let running = Arc::<Running>::default();
        running.daemon.store(true, Ordering::Relaxed);
        spawn(th, function, args, kwargs, running)
    }

    #[pyfunction(sig = "(function, args, kwargs=None, /)")]
    fn start_new(
        th: &mut Thread,
        function: Value,
        args: Value,
        kwargs: Option<Value>,
    ) -> Result<u64> {
        ThreadModule::start_new_thread(th, function, args, kwargs)
    }

    #[pyfunction(sig = "(function, handle=None, daemon=True)")]
    fn start_joinable_thread(
        th: &mut Thread,
        function: Value,
        handle: Option<Value>,
        daemon: Option<bool>,
    ) -> Result {
        let handle = match th.not_none(handle) {
            Some(h) => h,
            None => ThreadHandle::new(th, function)?,
        };
        let Some(h) = handle.downcast::<ThreadHandle>() else {
            return Err(th.type_error("'handle' must be a _ThreadHandle"));
        };
        let args = th.empty_tuple().value();
        let running = h.running.clone();
        running
            .daemon
            .store(daemon.unwrap_or(true), Ordering::Relaxed);
        spawn(th, function, args, None, running)?;
        Ok(handle)
    }

    #[pyfunction]
    fn daemon_threads_allowed(_: &mut Thread) -> bool {
        true
    }

    #[pyfunction]
    fn allocate_lock(th: &mut Thread) -> Value {
        new_lock(th)
    }

    #[pyfunction]
    fn allocate(th: &mut Thread) -> Value {
        new_lock(th)
    }

    #[pyfunction]
    fn get_ident(th: &mut Thread) -> u64 {
        th.ident
    }

    #[pyfunction]
    fn get_native_id(th: &mut Thread) -> u64 {
        let _ = th;
        taipan_vm::interp::frame::native_thread_id()
    }

    #[pyfunction]
    fn _get_main_thread_ident(th: &mut Thread) -> u64 {
        th.vm().main_ident.get()
    }

    #[pyfunction]
    fn _is_main_interpreter(_: &mut Thread) -> bool {
        true
    }

    #[pyfunction]
    fn _count(th: &mut Thread) -> usize {
        th.vm().thread_count().saturating_sub(1)
    }

    #[pyfunction]
    fn _shutdown(th: &mut Thread) -> Result<()> {
        let me = th.ident;
        loop {
            // One at a time, so that a thread that is started meanwhile is waited for, too.
            let next = {
                let mut threads = th.vm().started_threads.borrow_mut();
                threads.retain(|t| !t.is_done());
                threads.iter().any(|t| t.is_foreground() && t.ident() != me)
            };
            if !next {
                return Ok(());
            }
            let until = Instant::now() + Duration::from_millis(1);
            th.without_lock(move || std::thread::sleep(until - Instant::now().min(until)));
            th.poll()?;
        }
    }

    #[pyfunction]
    fn _make_thread_handle(th: &mut Thread, ident: i64) -> Result {
        let h = th.new_native(&HANDLE_TYPE, |head| ThreadHandle {
            head,
            running: Arc::default(),
        });
        h.running.ident.store(ident as u64, Ordering::Relaxed);
        h.running.started.store(true, Ordering::Relaxed);
        // Nobody has to wait for it, but a forked child must see it as ended.
        h.running.daemon.store(true, Ordering::Relaxed);
        let started = Box::new(Started(h.running.clone()));
        th.vm().started_threads.borrow_mut().push(started);
        Ok(h.value())
    }

    #[pyfunction(sig = "(size=0, /)")]
    fn stack_size(th: &mut Thread, size: Option<usize>) -> Result<usize> {
        let old = th.vm().thread_stack_size.get();
        if let Some(s) = size {
            if s != 0 && s < 32 << 10 {
                return Err(th.value_error(format!("size not valid: {s} bytes")));
            }
            th.vm().thread_stack_size.set(s);
        }
        Ok(old)
    }

    #[pyfunction]
    fn exit(th: &mut Thread) -> Result<()> {
        Err(th.raise_with(ExceptionClass::SystemExit, &[]))
    }

    #[pyfunction]
    fn exit_thread(th: &mut Thread) -> Result<()> {
        ThreadModule::exit(th)
    }

    /// Simulate the arrival of the given signal in the main thread,
    /// where the corresponding signal handler will be executed.
    #[pyfunction(sig = "(signum=2, /)")]
    fn interrupt_main(th: &mut Thread, signum: Option<i64>) -> Result<()> {
        let n = signum.unwrap_or(2);
        if !(1..crate::system::signals::COUNT as i64).contains(&n) {
            return Err(th.value_error("signal number out of range"));
        }
        let hook = th.vm().raise_signal_hook.get();
        if let Some(f) = hook {
            f(th, n);
        }
        Ok(())
    }

    /// Set the name of the current thread.
    #[pyfunction(sig = "(name)")]
    fn set_name(th: &mut Thread, name: Gc<Str>) -> Result<()> {
        let mut bytes = crate::os_error::fs_encode(th, &name)?;
        bytes.truncate(NAME_MAX);
        if let Ok(name) = crate::system::c_string(&bytes) {
            crate::system::calls::set_thread_name(&name);
        }
        Ok(())
    }

    /// Get the name of the current thread.
    #[pyfunction]
    fn _get_name(th: &mut Thread) -> Value {
        let text = std::fs::read("/proc/thread-self/comm").unwrap_or_default();
        crate::os_error::fs_decode(th, text.trim_ascii_end())
    }

    /// Handle uncaught Thread.run() exception.
    #[pyfunction(sig = "(exc_info, /)")]
    fn _excepthook(th: &mut Thread, exc_info: Value) -> Result<()> {
        let Some(t) = exc_info.downcast::<Tuple>().filter(|t| t.len() == 4) else {
            return Err(th.type_error("_thread.excepthook argument type must be ExceptHookArgs"));
        };
        let (kind, e, thread) = (t.as_slice()[0], t.as_slice()[1], t.as_slice()[3]);
        let exit = th.vm().exception_class(ExceptionClass::SystemExit);
        if kind.is(exit.value()) {
            return Ok(());
        }
        let file = match taipan_vm::sys::attribute(th, "stderr") {
            Some(f) if !th.is_none(f) => f,
            _ => {
                if th.is_none(thread) {
                    return Ok(());
                }
                match th.get_attr_str_option(thread, "_stderr")? {
                    Some(f) if !th.is_none(f) => f,
                    _ => return Ok(()),
                }
            }
        };
        let name = match th.is_none(thread) {
            false => th.get_attr_str_option(thread, "_name")?,
            true => None,
        };
        let name = match name {
            Some(n) => th.str_lossy(n),
            None => th.ident.to_string(),
        };
        let mut text = format!("Exception in thread {name}:\n");
        text += &taipan_vm::exceptions::report::render(th, e);
        let text = th.new_str(&text).value();
        th.call_method_str(file, "write", &[text])?;
        th.call_method_str(file, "flush", &[])?;
        Ok(())
    }

    #[pyexec]
    fn exec(th: &mut Thread, m: Gc<Module>) -> Result<()> {
        let dict = m.namespace();
        let max = th.float(TIMEOUT_MAX);
        th.dict_set_text(dict, "TIMEOUT_MAX", max);
        let error = th
            .vm()
            .exception_class(ExceptionClass::RuntimeError)
            .value();
        th.dict_set_text(dict, "error", error);
        let lock = th.type_for(&LOCK_TYPE).value();
        th.dict_set_text(dict, "LockType", lock);
        let args = th.struct_class(&EXCEPT_HOOK_ARGS)?.value();
        th.dict_set_text(dict, "_ExceptHookArgs", args);
        let longest = th.int(NAME_MAX as i64);
        th.dict_set_text(dict, "_NAME_MAXLEN", longest);
        Ok(())
    }
}
