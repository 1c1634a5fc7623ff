//! `_asyncio`: futures, tasks, and which of them run.
//!
//! The running loop and task are fields of the thread. Tasks are not entered in a list of their
//! own: the heap knows all objects with a finalizer, and `all_tasks` looks through those.

mod future;
mod future_type;
mod iter;
mod step;
mod task;

use taipan_vm::object::{Gc, Result, Value};
use taipan_vm::types::module::Module;
use taipan_vm::types::set::{self, Set};
use taipan_vm::{Thread, pymodule};

use crate::support::{import_attr, kept};
use future::Future;

/// The module hangs here.
pub struct Asyncio;

/// What the interpreter keeps of other modules, each looked up when it is first needed.
#[derive(Clone, Copy)]
enum Borrowed {
    CancelledError,
    InvalidStateError,
    FutureRepr,
    TaskRepr,
    TaskStack,
    TaskPrintStack,
    IsCoroutine,
    Policy,
    ExtractStack,
}

/// An attribute of another module.
fn borrowed(th: &mut Thread, what: Borrowed) -> Result {
    let (key, module, name) = match what {
        Borrowed::CancelledError => ("_asyncio.cancelled", "asyncio.exceptions", "CancelledError"),
        Borrowed::InvalidStateError => (
            "_asyncio.invalid",
            "asyncio.exceptions",
            "InvalidStateError",
        ),
        Borrowed::FutureRepr => ("_asyncio.future", "asyncio.base_futures", "_future_repr"),
        Borrowed::TaskRepr => ("_asyncio.task", "asyncio.base_tasks", "_task_repr"),
        Borrowed::TaskStack => ("_asyncio.stack", "asyncio.base_tasks", "_task_get_stack"),
        Borrowed::TaskPrintStack => ("_asyncio.print", "asyncio.base_tasks", "_task_print_stack"),
        Borrowed::IsCoroutine => ("_asyncio.coroutine", "asyncio.coroutines", "iscoroutine"),
        Borrowed::Policy => (
            "_asyncio.policy",
            "asyncio.events",
            "_get_event_loop_policy",
        ),
        Borrowed::ExtractStack => ("_asyncio.extract", "traceback", "extract_stack"),
    };
    keep(th, key, |th| import_attr(th, module, name))
}

fn keep(th: &mut Thread, key: &'static str, make: impl FnOnce(&mut Thread) -> Result) -> Result {
    if let Some(v) = kept(th, key) {
        return Ok(v);
    }
    let v = make(th)?;
    th.vm().registry.borrow_mut().insert(key, v);
    Ok(v)
}

/// Raises InvalidStateError.
#[cold]
fn invalid_state(th: &mut Thread, message: &str) -> taipan_vm::Raised {
    let text = th.new_str(message).value();
    let made = borrowed(th, Borrowed::InvalidStateError).and_then(|c| th.call(c, &[text]));
    match made {
        Ok(e) => th.raise_value(e),
        Err(e) => e,
    }
}

/// Is it an instance of `asyncio.CancelledError`?
fn is_cancelled_error(th: &mut Thread, e: Value) -> Result<bool> {
    let class = borrowed(th, Borrowed::CancelledError)?;
    let class = th.expect_type(class)?;
    let own = th.class_of(e);
    Ok(own.is(class) || own.is_subtype(class))
}

/// Runs `f` while the pending exception is put aside; it is pending again afterwards, unless `f`
/// raises.
fn shielded(th: &mut Thread, r: Result, f: impl FnOnce(&mut Thread) -> Result<()>) -> Result {
    match r {
        Ok(v) => f(th).map(|()| v),
        Err(_) => {
            let e = th.take_pending();
            match f(th) {
                Ok(()) => Err(th.reraise(e)),
                Err(r) => Err(r),
            }
        }
    }
}

#[cold]
fn no_loop(th: &mut Thread) -> taipan_vm::Raised {
    th.runtime_error("no running event loop")
}

#[cold]
fn not_running(th: &mut Thread, event_loop: Value) -> taipan_vm::Raised {
    match th.repr(event_loop) {
        Ok(r) => {
            let r = r.to_string_lossy();
            th.runtime_error(format!("loop {r} is not the running loop"))
        }
        Err(e) => e,
    }
}

fn expect_running(th: &mut Thread, event_loop: Value) -> Result<()> {
    if th.running_loop.get().is_some_and(|l| l.is(event_loop)) {
        return Ok(());
    }
    Err(not_running(th, event_loop))
}

fn enter_task(th: &mut Thread, event_loop: Value, task: Value) -> Result<()> {
    expect_running(th, event_loop)?;
    if let Some(other) = th.running_task.get() {
        let (a, b) = (th.repr_lossy(task), th.repr_lossy(other));
        return Err(th.runtime_error(format!(
            "Cannot enter into task {a} while another task {b} is being executed."
        )));
    }
    th.running_task.set(Some(task));
    Ok(())
}

fn leave_task(th: &mut Thread, event_loop: Value, task: Value) -> Result<()> {
    expect_running(th, event_loop)?;
    let running = th.running_task.get();
    if !running.is_some_and(|t| t.is(task)) {
        let entered = th.or_none(running);
        let (a, b) = (th.repr_lossy(task), th.repr_lossy(entered));
        return Err(th.runtime_error(format!(
            "Invalid attempt to leave task {a} while task {b} is entered."
        )));
    }
    th.running_task.set(None);
    Ok(())
}

fn swap_task(th: &mut Thread, event_loop: Value, task: Option<Value>) -> Result<Option<Value>> {
    expect_running(th, event_loop)?;
    Ok(th.running_task.replace(task))
}

/// The current event loop: the running one, or the policy's.
fn event_loop(th: &mut Thread) -> Result {
    if let Some(l) = th.running_loop.get() {
        return Ok(l);
    }
    let get = borrowed(th, Borrowed::Policy)?;
    let policy = th.call(get, &[])?;
    th.call_method_str(policy, "get_event_loop", &[])
}

/// The loop of anything like a future.
fn loop_of(th: &mut Thread, future: Value) -> Result {
    if let Some(f) = future.downcast::<Future>()
        && f.is_exact(th)
    {
        return f.expect_loop(th);
    }
    let name = th.names().get_loop;
    if let Some(f) = th.get_attr_option(future, name)? {
        return th.call(f, &[]);
    }
    let name = th.names()._loop;
    th.get_attr(future, name)
}

/// Tasks of other classes than ours, in a WeakSet.
fn foreign_tasks(th: &mut Thread) -> Result {
    keep(th, "_asyncio.foreign", |th| {
        let class = import_attr(th, "weakref", "WeakSet")?;
        th.call(class, &[])
    })
}

/// Tasks of other classes that run their first step.
fn eager_tasks(th: &mut Thread) -> Result<Gc<Set>> {
    let v = keep(th, "_asyncio.eager", |th| set::set_from(th, &[]))?;
    match v.downcast::<Set>() {
        Some(s) => Ok(s),
        None => Err(th.system_error("the eager tasks are no set")),
    }
}

/// Accelerator module for asyncio
#[pymodule(name = "_asyncio", types = [future_type::FUTURE, task::TASK])]
impl Asyncio {
    /// Return the running event loop or None.
    ///
    /// This is a low-level function intended to be used by event loops.
    /// This function is thread-specific.
    #[pyfunction(name = "_get_running_loop")]
    fn peek_running_loop(th: &mut Thread) -> Option<Value> {
        th.running_loop.get()
    }

    /// Set the running event loop.
    ///
    /// This is a low-level function intended to be used by event loops.
    /// This function is thread-specific.
    #[pyfunction(name = "_set_running_loop", sig = "(loop, /)")]
    fn set_running_loop(th: &mut Thread, event_loop: Value) {
        let l = th.not_none(Some(event_loop));
        th.running_loop.set(l);
    }

    /// Return the running event loop.  Raise a RuntimeError if there is none.
    ///
    /// This function is thread-specific.
    #[pyfunction]
    fn get_running_loop(th: &mut Thread) -> Result {
        match th.running_loop.get() {
            Some(l) => Ok(l),
            None => Err(no_loop(th)),
        }
    }

    /// Return an asyncio event loop.
    ///
    /// When called from a coroutine or a callback (e.g. scheduled with
    /// call_soon or similar API), this function will always return the
    /// running event loop.
    ///
    /// If there is no running event loop set, the function will return
    /// the result of `get_event_loop_policy().get_event_loop()` call.
    #[pyfunction]
    fn get_event_loop(th: &mut Thread) -> Result {
        event_loop(th)
    }

    /// Return a currently executed task.
    #[pyfunction(sig = "(loop=None)")]
    fn current_task(th: &mut Thread, event_loop: Option<Value>) -> Result<Option<Value>> {
        let running = th.running_loop.get();
        match (th.not_none(event_loop), running) {
            (None, None) => Err(no_loop(th)),
            (Some(l), Some(r)) if !l.is(r) => Ok(th.vm().task_in_loop(l)),
            (Some(l), None) => Ok(th.vm().task_in_loop(l)),
            _ => Ok(th.running_task.get()),
        }
    }

    /// Return a set of all tasks for the loop.
    #[pyfunction(sig = "(loop=None)")]
    fn all_tasks(th: &mut Thread, event_loop: Option<Value>) -> Result {
        let event_loop = match th.not_none(event_loop) {
            Some(l) => l,
            None => Asyncio::get_running_loop(th)?,
        };
        let all = taipan_vm::ValueVec::new();
        let foreign = foreign_tasks(th)?;
        th.for_each(foreign, |th, t| th.push(&all, t))?;
        let eager = eager_tasks(th)?.value();
        th.for_each(eager, |th, t| th.push(&all, t))?;
        let mut at = 0;
        // Storing what was found may collect, and then the list is another one.
        loop {
            let found = th.heap().finalizable().skip(at).enumerate().find(|(_, v)| {
                v.downcast::<Future>()
                    .is_some_and(|t| t.is_waiting_task(event_loop))
            });
            let Some((i, v)) = found else { break };
            th.push(&all, v)?;
            at += i + 1;
        }
        let out = set::set_from(th, &[])?;
        let Some(set) = out.downcast::<Set>() else {
            return Ok(out);
        };
        for t in all.as_slice() {
            if t.downcast::<Future>()
                .is_some_and(|f| f.is_waiting_task(event_loop))
            {
                set.add(th, *t)?;
                continue;
            }
            let done = th.call_method_str(*t, "done", &[])?;
            if !th.truth(done)? && loop_of(th, *t)?.is(event_loop) {
                set.add(th, *t)?;
            }
        }
        Ok(out)
    }

    /// Register a new task in asyncio as executed by loop.
    #[pyfunction(name = "_register_task", sig = "(task)")]
    fn register_task(th: &mut Thread, task: Value) -> Result<()> {
        if let Some(t) = task::own(task) {
            t.registered.set(true);
            return Ok(());
        }
        let all = foreign_tasks(th)?;
        th.call_method_str(all, "add", &[task]).map(|_| ())
    }

    /// Unregister a task.
    #[pyfunction(name = "_unregister_task", sig = "(task)")]
    fn unregister_task(th: &mut Thread, task: Value) -> Result<()> {
        if let Some(t) = task::own(task) {
            t.registered.set(false);
            return Ok(());
        }
        let all = foreign_tasks(th)?;
        th.call_method_str(all, "discard", &[task]).map(|_| ())
    }

    /// Register a new task in asyncio as executed by loop.
    #[pyfunction(name = "_register_eager_task", sig = "(task)")]
    fn register_eager_task(th: &mut Thread, task: Value) -> Result<()> {
        eager_tasks(th)?.add(th, task)
    }

    /// Unregister a task.
    #[pyfunction(name = "_unregister_eager_task", sig = "(task)")]
    fn unregister_eager_task(th: &mut Thread, task: Value) -> Result<()> {
        let all = eager_tasks(th)?.value();
        th.call_method_str(all, "discard", &[task]).map(|_| ())
    }

    /// Enter into task execution or resume suspended task.
    ///
    /// Task belongs to loop.
    #[pyfunction(name = "_enter_task", sig = "(loop, task)")]
    fn py_enter_task(th: &mut Thread, event_loop: Value, task: Value) -> Result<()> {
        enter_task(th, event_loop, task)
    }

    /// Leave task execution or suspend a task.
    ///
    /// Task belongs to loop.
    #[pyfunction(name = "_leave_task", sig = "(loop, task)")]
    fn py_leave_task(th: &mut Thread, event_loop: Value, task: Value) -> Result<()> {
        leave_task(th, event_loop, task)
    }

    /// Temporarily swap in the supplied task and return the original one (or None).
    ///
    /// This is intended for use during eager coroutine execution.
    #[pyfunction(name = "_swap_current_task", sig = "(loop, task)")]
    fn py_swap_current_task(
        th: &mut Thread,
        event_loop: Value,
        task: Value,
    ) -> Result<Option<Value>> {
        let task = th.not_none(Some(task));
        swap_task(th, event_loop, task)
    }

    /// Record that `fut` is awaited on by `waiter`.
    #[pyfunction(sig = "(fut, waiter, /)")]
    fn future_add_to_awaited_by(th: &mut Thread, fut: Value, waiter: Value) -> Result<()> {
        match (fut.downcast::<Future>(), waiter.downcast::<Future>()) {
            (Some(f), Some(_)) => f.add_waiter(th, waiter),
            _ => Ok(()),
        }
    }

    /// Record that `fut` is no longer awaited on by `waiter`.
    #[pyfunction(sig = "(fut, waiter, /)")]
    fn future_discard_from_awaited_by(th: &mut Thread, fut: Value, waiter: Value) -> Result<()> {
        match (fut.downcast::<Future>(), waiter.downcast::<Future>()) {
            (Some(f), Some(_)) => f.discard_waiter(th, waiter),
            _ => Ok(()),
        }
    }

    #[pyexec]
    fn exec(th: &mut Thread, _: Gc<Module>) -> Result<()> {
        eager_tasks(th).map(|_| ())
    }
}
