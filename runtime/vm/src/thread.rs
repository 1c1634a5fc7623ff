//! A thread of Python execution: its stacks, its pending exception, and the way to everything else.
//!
//! A `&mut Thread` is handed down through every native function. Holding it means holding the
//! interpreter lock.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::interp::frame::Stacks;
use crate::object::shape::Shape;
use crate::object::{Gc, Value};
use crate::types::str_::Str;
use crate::types::tuple::Tuple;
use crate::vm::Vm;

/// Reasons to leave the fast path at the next safepoint; bits of the thread's request word.
pub mod request {
    /// A signal has arrived.
    pub const SIGNAL: u32 = 1;
    /// Another thread wants the interpreter lock.
    pub const SWITCH: u32 = 2;
    /// Finalizers or weak-reference callbacks wait.
    pub const FINALIZE: u32 = 4;
    /// An exception was set from another thread, or by a memory limit.
    pub const ASYNC_EXCEPTION: u32 = 8;
    /// The heap wants a collection.
    pub const COLLECT: u32 = 16;
    /// The JIT has code to install.
    pub const INSTALL: u32 = 32;
    /// There is a trace or profile function (`interp/trace.rs`); stays set as long as there is.
    pub const TRACE: u32 = 64;
}

/// One thread of Python execution.
#[repr(C)]
pub struct Thread {
    pub(crate) vm: std::ptr::NonNull<Vm>,
    pub(crate) shapes: *const Shape,
    none: Value,
    true_: Value,
    false_: Value,
    not_implemented: Value,
    /// The exception that is being raised, if `Raised` is on its way.
    pub(crate) pending: Cell<Option<Value>>,
    /// The exception that is being handled (`sys.exception()`), as seen by the running frame.
    pub(crate) handled: Cell<Option<Value>>,
    /// Value stack and frame records.
    pub(crate) stacks: Stacks,
    /// Frames on the stack, native re-entries included.
    pub(crate) depth: usize,
    /// Lowest address that the machine stack may reach.
    pub(crate) stack_limit: usize,
    /// Highest address of the machine stack, where the collector stops scanning.
    pub(crate) stack_base: usize,
    /// Lowest word of the machine stack in use, while other threads may run; 0 otherwise.
    pub(crate) parked_at: Cell<usize>,
    /// Lowest word of the machine stack above the innermost dispatch loop, its caller's registers
    /// included; 0 while compiled code or a trace function's driver runs inside that loop.
    pub(crate) loop_low: usize,
    /// Finalizers are being run.
    pub(crate) running_pending: Cell<bool>,
    /// `gc.callbacks` are being told of a collection.
    pub(crate) telling: Cell<bool>,
    pub(crate) requests: Arc<AtomicU32>,
    /// `sys.settrace` function.
    pub(crate) trace_function: Cell<Option<Value>>,
    /// `sys.setprofile` function.
    pub(crate) profile_function: Cell<Option<Value>>,
    /// Set while a trace function runs, so that it is not traced itself.
    pub(crate) tracing: Cell<bool>,
    /// The dispatch loop was left in the middle, for `run_traced` to go on.
    pub(crate) to_traced: Cell<bool>,
    /// The current context (contextvars).
    pub context: Cell<Option<Value>>,
    /// The event loop that runs in this thread (`_asyncio`).
    pub running_loop: Cell<Option<Value>>,
    /// The task that runs in the event loop.
    pub running_task: Cell<Option<Value>>,
    /// `sys.set_asyncgen_hooks`: firstiter, finalizer.
    pub asyncgen_hooks: [Cell<Option<Value>>; 2],
    /// `sys.set_coroutine_origin_tracking_depth`.
    pub coroutine_origin_depth: Cell<usize>,
    /// An exception set from elsewhere (`PyThreadState_SetAsyncExc`, memory limit).
    pub(crate) async_exception: Cell<Option<Value>>,
    /// Did the entry frame that `run` just left yield (rather than return)?
    pub(crate) yielded: bool,
    /// Identifier as `threading.get_ident()` gives it.
    pub ident: u64,
    /// What compiled code reaches.
    pub machine: crate::machine::MachineContext,
    /// Room for a text that is being made, kept for the next one.
    pub(crate) scratch: Vec<u8>,
}

impl Thread {
    /// A thread for making an interpreter's first objects, before the singletons exist.
    pub(crate) fn for_bootstrap(vm: &Vm) -> Thread {
        Thread::with_singletons(vm, Stacks::new(), [Value::small(0); 4])
    }

    /// A thread of an interpreter, for the calling OS thread. Takes the bounds of its machine stack.
    pub fn new(vm: &Vm) -> Thread {
        let mut th = Thread::with_stacks(vm, Stacks::new());
        th.listen_to_heap();
        th
    }

    /// For the bootstrap's thread, once there are singletons.
    pub(crate) fn take_singletons(&mut self) {
        let s = self.vm().singletons();
        (self.none, self.true_, self.false_) = (s.none, s.true_, s.false_);
        self.not_implemented = s.not_implemented;
        self.listen_to_heap();
    }

    /// As [`Thread::new`], with stacks made before. The heap does not know of the thread before
    /// it is attached: its maker need not hold the interpreter lock.
    pub(crate) fn with_stacks(vm: &Vm, stacks: Stacks) -> Thread {
        let s = vm.singletons();
        let singletons = [s.none, s.true_, s.false_, s.not_implemented];
        Thread::with_singletons(vm, stacks, singletons)
    }

    fn with_singletons(
        vm: &Vm,
        stacks: Stacks,
        [none, true_, false_, not_implemented]: [Value; 4],
    ) -> Thread {
        let ident = crate::interp::frame::thread_ident();
        let (low, high) = match vm.main_stack.get() {
            // Asking the system reads a file.
            Some((i, bounds)) if i == ident => bounds,
            known => {
                let bounds = crate::interp::frame::machine_stack();
                if known.is_none() {
                    vm.main_stack.set(Some((ident, bounds)));
                }
                bounds
            }
        };
        let requests = Arc::new(AtomicU32::new(0));
        Thread {
            machine: crate::machine::MachineContext::new(vm, &requests),
            vm: std::ptr::NonNull::from(vm),
            shapes: vm.shapes.base(),
            none,
            true_,
            false_,
            not_implemented,
            pending: Cell::new(None),
            handled: Cell::new(None),
            stacks,
            depth: 0,
            stack_limit: low + (256 << 10),
            stack_base: high,
            parked_at: Cell::new(0),
            loop_low: 0,
            running_pending: Cell::new(false),
            telling: Cell::new(false),
            requests,
            trace_function: Cell::new(None),
            profile_function: Cell::new(None),
            tracing: Cell::new(false),
            to_traced: Cell::new(false),
            context: Cell::new(None),
            running_loop: Cell::new(None),
            running_task: Cell::new(None),
            asyncgen_hooks: [Cell::new(None), Cell::new(None)],
            coroutine_origin_depth: Cell::new(0),
            async_exception: Cell::new(None),
            yielded: false,
            ident,
            scratch: Vec::new(),
        }
    }

    /// `None`
    #[inline(always)]
    pub fn none(&self) -> Value {
        self.none
    }

    /// `True` or `False`
    #[inline(always)]
    pub fn bool(&self, b: bool) -> Value {
        if b { self.true_ } else { self.false_ }
    }

    /// `NotImplemented`
    #[inline(always)]
    pub fn not_implemented(&self) -> Value {
        self.not_implemented
    }

    /// `Ellipsis`
    pub fn ellipsis(&self) -> Value {
        self.vm().singletons().ellipsis
    }

    /// Is it `None`?
    #[inline(always)]
    pub fn is_none(&self, v: Value) -> bool {
        v.is(self.none)
    }

    /// `None` for nothing.
    #[inline(always)]
    pub fn or_none(&self, v: Option<Value>) -> Value {
        v.unwrap_or(self.none)
    }

    /// The value unless it is `None`.
    #[inline(always)]
    pub fn not_none(&self, v: Option<Value>) -> Option<Value> {
        v.filter(|v| !v.is(self.none))
    }

    /// The empty tuple.
    pub fn empty_tuple(&self) -> Gc<Tuple> {
        self.vm().singletons().empty_tuple
    }

    /// The empty string.
    pub fn empty_str(&self) -> Gc<Str> {
        self.vm().singletons().empty_str
    }

    /// Asks for the slow path at the next safepoint.
    pub fn request(&self, what: u32) {
        self.requests.fetch_or(what, Ordering::Relaxed);
    }

    /// The word in which others put their requests.
    pub fn request_word(&self) -> Arc<AtomicU32> {
        self.requests.clone()
    }

    /// Is something waiting for a safepoint?
    #[inline(always)]
    pub fn has_requests(&self) -> bool {
        self.requests.load(Ordering::Relaxed) != 0
    }
}
