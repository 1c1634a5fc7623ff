//! `Task` as Python sees it.

use taipan_vm::call::Args;
use taipan_vm::object::{Gc, NativeHeader, Result, Value};
use taipan_vm::types::T;
use taipan_vm::types::str_::Str;
use taipan_vm::{NativeObject, Thread, pytype};

use super::future::Future;
use super::{Borrowed, borrowed, future_type, iter, step};
use crate::contextvars;

/// The task's methods hang here.
pub struct Task;

/// A task of ours.
pub(super) fn own(v: Value) -> Option<Gc<Future>> {
    v.downcast::<Future>().filter(|f| f.is_task)
}

/// What the event loop calls for a step of a task.
#[repr(C)]
#[derive(NativeObject)]
pub struct Step {
    head: NativeHeader,
    task: Gc<Future>,
    /// The exception to throw into the coroutine, or None.
    exception: Value,
}

/// A callable that makes a step of a task.
pub(super) fn new_step(th: &mut Thread, task: Gc<Future>, exception: Option<Value>) -> Value {
    let exception = th.or_none(exception);
    th.new_native(&STEP, |head| Step {
        head,
        task,
        exception,
    })
    .value()
}

#[pytype(name = "TaskStepMethWrapper", module = "_asyncio", flags = NO_INSTANTIATION, table = STEP)]
impl Step {
    #[pyslot]
    fn call(th: &mut Thread, this: Value, args: Args<'_>) -> Result {
        let Some(s) = this.downcast::<Step>() else {
            return Err(th.type_error("not a step of a task"));
        };
        if args.keyword_count() > 0 {
            return Err(th.type_error("function takes no keyword arguments"));
        }
        if !args.values.is_empty() {
            return Err(th.type_error("function takes no positional arguments"));
        }
        let e = th.not_none(Some(s.exception));
        step::step(th, s.task, e)
    }

    #[pygetter(name = "__self__")]
    fn receiver(_: &mut Thread, this: Gc<Step>) -> Value {
        this.task.value()
    }
}

struct Arguments {
    coroutine: Value,
    event_loop: Option<Value>,
    name: Option<Value>,
    context: Option<Value>,
    eager: bool,
}

fn arguments(th: &mut Thread, args: Args<'_>) -> Result<Arguments> {
    let given = args.positionals();
    if given.len() > 1 {
        let n = given.len();
        return Err(th.type_error(format!(
            "Task() takes exactly 1 positional argument ({n} given)"
        )));
    }
    let mut coroutine = given.first().copied();
    let (mut event_loop, mut name, mut context, mut eager) = (None, None, None, false);
    for (k, v) in args.keywords() {
        let Some(key) = k.downcast::<Str>() else {
            return Err(th.type_error("keywords must be strings"));
        };
        if key.equals_str("loop") {
            event_loop = Some(v);
        } else if key.equals_str("eager_start") {
            eager = th.truth(v)?;
        } else if key.equals_str("name") {
            name = th.not_none(Some(v));
        } else if key.equals_str("context") {
            context = th.not_none(Some(v));
        } else if key.equals_str("coro") {
            if coroutine.replace(v).is_some() {
                return Err(
                    th.type_error("argument for Task() given by name ('coro') and position (1)")
                );
            }
        } else {
            let other = key.to_string_lossy();
            return Err(th.type_error(format!(
                "Task() got an unexpected keyword argument '{other}'"
            )));
        }
    }
    match coroutine {
        Some(coroutine) => Ok(Arguments {
            coroutine,
            event_loop,
            name,
            context,
            eager,
        }),
        None => Err(th.type_error("Task() missing required argument 'coro' (pos 1)")),
    }
}

/// A coroutine wrapped in a Future.
#[pytype(name = "Task", module = "_asyncio", base = future_type::FUTURE, payload = Future, flags = BASETYPE | HAS_DICT | HAS_WEAKREF, table = TASK, more = [&future_type::COMMON])]
impl Task {
    #[pynew(
        raw,
        sig = "(coro, *, loop=None, name=None, context=None, eager_start=False)"
    )]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        let class = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
        Ok(th
            .alloc_native(class, |head| Future::fresh(head, true))
            .value())
    }

    #[pyslot]
    fn init(th: &mut Thread, this: Value, args: Args<'_>) -> Result<()> {
        let t = th.expect::<Future>(this)?;
        let a = arguments(th, args)?;
        Future::init(t, th, a.event_loop)?;
        if !th.is_exact(a.coroutine, T::Coroutine) {
            let is_coroutine = borrowed(th, Borrowed::IsCoroutine)?;
            let r = th.call(is_coroutine, &[a.coroutine])?;
            if !th.truth(r)? {
                t.log_destroy_pending.set(false);
                let r = th.repr(a.coroutine)?.to_string_lossy();
                return Err(th.type_error(format!("a coroutine was expected, got {r}")));
            }
        }
        let context = match a.context {
            Some(c) => c,
            None => contextvars::copy_current(th),
        };
        t.context.set(t.header(), context);
        t.waiter.clear();
        t.must_cancel.set(false);
        t.log_destroy_pending.set(true);
        t.cancel_requests.set(0);
        t.coroutine.set(t.header(), a.coroutine);
        let name = match a.name {
            Some(n) if th.is_exact(n, T::Str) => n,
            Some(n) => th.str(n)?.value(),
            None => {
                let number = th.vm().named_tasks.get() + 1;
                th.vm().named_tasks.set(number);
                th.int_from_u64(number)
            }
        };
        t.name.set(t.header(), name);
        if a.eager {
            let event_loop = t.expect_loop(th)?;
            let name = th.names().is_running;
            let running = th.call_method(event_loop, name, &[])?;
            if th.truth(running)? {
                return step::eager_start(th, t);
            }
        }
        step::schedule(th, t, None)?;
        t.registered.set(true);
        Ok(())
    }

    #[pyslot]
    fn del(th: &mut Thread, this: Value) -> Result<()> {
        match this.downcast::<Future>() {
            Some(f) => future_type::finalize(th, f),
            None => Ok(()),
        }
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let t = th.expect::<Future>(this)?;
        t.expect_loop(th)?;
        let render = borrowed(th, Borrowed::TaskRepr)?;
        th.call(render, &[this])
    }

    #[pyslot]
    fn iter(th: &mut Thread, this: Value) -> Result {
        let t = th.expect::<Future>(this)?;
        t.expect_loop(th)?;
        Ok(iter::new(th, t))
    }

    #[pyslot]
    fn await_(th: &mut Thread, this: Value) -> Result {
        Task::iter(th, this)
    }

    /// Tasks have no such operation.
    #[pymethod(sig = "(result, /)")]
    fn set_result(th: &mut Thread, _this: Gc<Future>, _result: Value) -> Result {
        Err(th.runtime_error("Task does not support set_result operation"))
    }

    /// Tasks have no such operation.
    #[pymethod(sig = "(exception, /)")]
    fn set_exception(th: &mut Thread, _this: Gc<Future>, _exception: Value) -> Result {
        Err(th.runtime_error("Task does not support set_exception operation"))
    }

    /// Request that this task cancel itself.
    ///
    /// This arranges for a CancelledError to be thrown into the
    /// wrapped coroutine on the next cycle through the event loop.
    /// The coroutine then has a chance to clean up or even deny
    /// the request using try/except/finally.
    ///
    /// Unlike Future.cancel, this does not guarantee that the
    /// task will be cancelled: the exception might be caught and
    /// acted upon, delaying cancellation of the task or preventing
    /// cancellation completely.  The task may also return a value or
    /// raise a different exception.
    ///
    /// Immediately after this method is called, Task.cancelled() will
    /// not return True (unless the task was already cancelled).  A
    /// task will be marked as cancelled when the wrapped coroutine
    /// terminates with a CancelledError exception (even if cancel()
    /// was not called).
    ///
    /// This also increases the task's count of cancellation requests.
    #[pymethod(sig = "(msg=None)")]
    fn cancel(th: &mut Thread, this: Gc<Future>, msg: Option<Value>) -> Result<bool> {
        this.log_traceback.set(false);
        if this.is_done() {
            return Ok(false);
        }
        let n = this.cancel_requests.get();
        this.cancel_requests.set(n.saturating_add(1));
        let msg = th.or_none(msg);
        if let Some(w) = this.waiter.get()
            && step::cancel_any(th, w, msg)?
        {
            // It stays the waiter: it may ignore the request, and be cancelled again later.
            return Ok(true);
        }
        this.must_cancel.set(true);
        this.cancel_message.set(this.header(), msg);
        Ok(true)
    }

    /// Return the count of the task's cancellation requests.
    ///
    /// This count is incremented when .cancel() is called
    /// and may be decremented using .uncancel().
    #[pymethod]
    fn cancelling(_: &mut Thread, this: Gc<Future>) -> i64 {
        this.cancel_requests.get()
    }

    /// Decrement the task's count of cancellation requests.
    ///
    /// This should be used by tasks that catch CancelledError
    /// and wish to continue indefinitely until they are cancelled again.
    ///
    /// Returns the remaining number of cancellation requests.
    #[pymethod]
    fn uncancel(_: &mut Thread, this: Gc<Future>) -> i64 {
        let n = this.cancel_requests.get();
        if n > 0 {
            this.cancel_requests.set(n - 1);
            if n == 1 {
                this.must_cancel.set(false);
            }
        }
        this.cancel_requests.get()
    }

    /// Return the list of stack frames for this task's coroutine.
    ///
    /// If the coroutine is not done, this returns the stack where it is
    /// suspended.  If the coroutine has completed successfully or was
    /// cancelled, this returns an empty list.  If the coroutine was
    /// terminated by an exception, this returns the list of traceback
    /// frames.
    ///
    /// The frames are always ordered from oldest to newest.
    ///
    /// The optional limit gives the maximum number of frames to
    /// return; by default all available frames are returned.  Its
    /// meaning differs depending on whether a stack or a traceback is
    /// returned: the newest frames of a stack are returned, but the
    /// oldest frames of a traceback are returned.  (This matches the
    /// behavior of the traceback module.)
    ///
    /// For reasons beyond our control, only one stack frame is
    /// returned for a suspended coroutine.
    #[pymethod(sig = "(*, limit=None)")]
    fn get_stack(th: &mut Thread, this: Gc<Future>, limit: Option<Value>) -> Result {
        let f = borrowed(th, Borrowed::TaskStack)?;
        let limit = th.or_none(limit);
        th.call(f, &[this.value(), limit])
    }

    /// Print the stack or traceback for this task's coroutine.
    ///
    /// This produces output similar to that of the traceback module,
    /// for the frames retrieved by get_stack().  The limit argument
    /// is passed to get_stack().  The file argument is an I/O stream
    /// to which the output is written; by default output is written
    /// to sys.stderr.
    #[pymethod(sig = "(*, limit=None, file=None)")]
    fn print_stack(
        th: &mut Thread,
        this: Gc<Future>,
        limit: Option<Value>,
        file: Option<Value>,
    ) -> Result {
        let f = borrowed(th, Borrowed::TaskPrintStack)?;
        let (limit, file) = (th.or_none(limit), th.or_none(file));
        th.call(f, &[this.value(), limit, file])
    }

    /// The task's name.
    #[pymethod]
    fn get_name(th: &mut Thread, this: Gc<Future>) -> Result<Option<Value>> {
        let Some(name) = this.name.get() else {
            return Ok(None);
        };
        if name.downcast::<Str>().is_some() {
            return Ok(Some(name));
        }
        let number = th.str(name)?.to_string_lossy();
        let name = th.new_str(&format!("Task-{number}")).value();
        this.name.set(this.header(), name);
        Ok(Some(name))
    }

    /// Rename the task.
    #[pymethod(sig = "(value, /)")]
    fn set_name(th: &mut Thread, this: Gc<Future>, value: Value) -> Result<()> {
        let name = if th.is_exact(value, T::Str) {
            value
        } else {
            th.str(value)?.value()
        };
        this.name.set(this.header(), name);
        Ok(())
    }

    /// The coroutine.
    #[pymethod]
    fn get_coro(_: &mut Thread, this: Gc<Future>) -> Option<Value> {
        this.coroutine.get()
    }

    /// The context in which the coroutine runs.
    #[pymethod]
    fn get_context(_: &mut Thread, this: Gc<Future>) -> Option<Value> {
        this.context.get()
    }

    #[pygetter]
    fn _log_destroy_pending(_: &mut Thread, this: Gc<Future>) -> bool {
        this.log_destroy_pending.get()
    }

    #[pysetter(name = "_log_destroy_pending")]
    fn set_log_destroy_pending(th: &mut Thread, this: Gc<Future>, v: Option<Value>) -> Result<()> {
        let b = future_type::flag(th, this, "_log_destroy_pending", v)?;
        this.log_destroy_pending.set(b);
        Ok(())
    }

    #[pygetter]
    fn _must_cancel(_: &mut Thread, this: Gc<Future>) -> bool {
        this.must_cancel.get()
    }

    #[pygetter]
    fn _coro(_: &mut Thread, this: Gc<Future>) -> Option<Value> {
        this.coroutine.get()
    }

    #[pygetter]
    fn _fut_waiter(_: &mut Thread, this: Gc<Future>) -> Option<Value> {
        this.waiter.get()
    }
}
