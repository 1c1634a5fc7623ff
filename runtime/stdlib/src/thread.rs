//! `_thread`: locks, thread-local data and starting of threads.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};
use taipan_vm::call::{Args, IntoReturn};
use taipan_vm::object::{Gc, GcSlot, NativeHeader, Slot};
use taipan_vm::types::ExceptionClass;
use taipan_vm::types::dict::Dict;
use taipan_vm::types::module::Module;
use taipan_vm::types::str_::Str;
use taipan_vm::types::tuple::Tuple;
use taipan_vm::{NativeObject, Result, Thread, Value, pymodule, pytype};

/// Longest time-out in seconds.
const TIMEOUT_MAX: f64 = 9_223_372_036.0;

#[derive(Default)]
struct Flag {
    set: Mutex<bool>,
    changed: Condvar,
}

impl Flag {
    /// Takes the flag; waits until the deadline (None: for ever). Whether it was taken.
    fn take(&self, deadline: Option<Instant>) -> bool {
        let mut s = self.set.lock();
        while *s {
            match deadline {
                Some(d) => {
                    if self.changed.wait_until(&mut s, d).timed_out() && *s {
                        return false;
                    }
                }
                None => {
                    // Wake now and then so that a signal can be served.
                    self.changed.wait_for(&mut s, Duration::from_millis(50));
                    if *s {
                        return false;
                    }
                }
            }
        }
        *s = true;
        true
    }

    fn try_take(&self) -> bool {
        let mut s = self.set.lock();
        !std::mem::replace(&mut *s, true)
    }

    fn release(&self) -> bool {
        let mut s = self.set.lock();
        let was = std::mem::replace(&mut *s, false);
        self.changed.notify_one();
        was
    }
}

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
    loop {
        let f = flag.clone();
        if th.without_lock(move || f.take(deadline)) {
            return Ok(true);
        }
        th.poll()?;
        if deadline.is_some_and(|d| Instant::now() >= d) {
            return Ok(false);
        }
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
        *this.flag.set.lock()
    }

    #[pymethod]
    fn locked_lock(_: &mut Thread, this: Gc<Lock>) -> bool {
        *this.flag.set.lock()
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
        let state = if *l.flag.set.lock() {
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
    done: Mutex<bool>,
    changed: Condvar,
}

impl Running {
    fn finish(&self) {
        *self.done.lock() = true;
        self.changed.notify_all();
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
        *this.running.done.lock()
    }

    #[pymethod]
    fn _set_done(_: &mut Thread, this: Gc<ThreadHandle>) {
        this.running.finish();
    }

    #[pymethod(sig = "(timeout=None, /)")]
    fn join(th: &mut Thread, this: Gc<ThreadHandle>, timeout: Option<Value>) -> Result<()> {
        let timeout = match th.not_none(timeout) {
            Some(t) => Some(th.to_f64(t)?).filter(|t| *t >= 0.0),
            None => None,
        };
        let running = this.running.clone();
        if running.ident.load(Ordering::Relaxed) == th.ident && !*running.done.lock() {
            return Err(th.runtime_error("Cannot join current thread"));
        }
        let deadline =
            timeout.map(|t| Instant::now() + Duration::from_secs_f64(t.min(TIMEOUT_MAX)));
        loop {
            let r = running.clone();
            let done = th.without_lock(move || {
                let mut d = r.done.lock();
                if !*d {
                    let slice = Instant::now() + Duration::from_millis(50);
                    r.changed
                        .wait_until(&mut d, deadline.map_or(slice, |x| x.min(slice)));
                }
                *d
            });
            th.poll()?;
            if done || deadline.is_some_and(|d| Instant::now() >= d) {
                return Ok(());
            }
        }
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
    let kw = th.or_none(kwargs);
    let kept = th.new_tuple(&[function, args, kw]).value();
    let shared = running.clone();
    let stack = th.vm().thread_stack_size.get();
    th.start_thread(stack, kept, move |th, kept| {
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
        shared.finish();
    })?;
    while running.ident.load(Ordering::Relaxed) == 0 && !*running.done.lock() {
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
        spawn(th, function, args, kwargs, Arc::default())
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
        if daemon == Some(false) {
            th.vm().foreground_threads.borrow_mut().push(Box::new({
                let r = running.clone();
                move || *r.done.lock()
            }));
        }
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
        loop {
            th.vm()
                .foreground_threads
                .borrow_mut()
                .retain(|done| !done());
            if th.vm().foreground_threads.borrow().is_empty() {
                return Ok(());
            }
            th.without_lock(|| std::thread::sleep(Duration::from_millis(1)));
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

    #[pyfunction(sig = "(signum=2, /)")]
    fn interrupt_main(th: &mut Thread, signum: Option<i64>) -> Result<()> {
        let hook = th.vm().raise_signal_hook.get();
        if let Some(f) = hook {
            f(th, signum.unwrap_or(2));
        }
        Ok(())
    }

    #[pyfunction]
    fn set_name(_: &mut Thread, name: Gc<Str>) {
        let _ = name;
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
        Ok(())
    }
}
