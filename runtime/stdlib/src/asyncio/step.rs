//! Steps of tasks: the coroutine runs until it awaits something that is not there yet.

use taipan_vm::Thread;
use taipan_vm::call::{MethodDef, MethodKind};
use taipan_vm::object::{Gc, Result, Value};
use taipan_vm::types::ExceptionClass;
use taipan_vm::types::generator::{self, Generator, Sent};
use taipan_vm::types::generator::{delegate, take_stop, throw_into};

use super::future::{Future, Outcome, call_soon};
use super::{enter_task, invalid_state, is_cancelled_error, leave_task, loop_of, shielded};
use super::{swap_task, task};
use crate::contextvars;

/// The callback of what a task awaits.
static WAKEUP: MethodDef = MethodDef {
    name: "task_wakeup",
    func: |th, args| match args.values {
        [t, future] if args.kwnames.is_none() => match task::own(*t) {
            Some(t) => wake_up(th, t, *future),
            None => Err(th.type_error("not a task")),
        },
        _ => {
            let n = args.values.len().saturating_sub(1);
            Err(th.type_error(format!(
                "Task.task_wakeup() takes exactly one argument ({n} given)"
            )))
        }
    },
    kind: MethodKind::Method,
    signature: None,
    text_signature: None,
    doc: "",
};

fn wakeup(th: &mut Thread, t: Gc<Future>) -> Value {
    if let Some(v) = t.wakeup.get() {
        return v;
    }
    let v = th.new_builtin(&WAKEUP, Some(t.value()), None);
    t.wakeup.set(t.header(), v);
    v
}

/// Has the loop make a step of the task soon.
pub fn schedule(th: &mut Thread, t: Gc<Future>, exception: Option<Value>) -> Result<()> {
    let event_loop = t.expect_loop(th)?;
    let step = match (exception, t.step.get()) {
        (None, Some(s)) => s,
        (None, None) => {
            let s = task::new_step(th, t, None);
            t.step.set(t.header(), s);
            s
        }
        (e, _) => task::new_step(th, t, e),
    };
    call_soon(th, event_loop, step, None, t.context.get())
}

/// `w.cancel(msg=msg)` of anything like a future.
pub fn cancel_any(th: &mut Thread, w: Value, msg: Value) -> Result<bool> {
    if let Some(f) = w.downcast::<Future>()
        && !f.is_task
        && f.is_exact(th)
    {
        return Future::cancel(f, th, Some(msg));
    }
    let name = th.names().cancel;
    let cancel = th.get_attr(w, name)?;
    let r = th.call_keywords(cancel, &[], &[("msg", msg)])?;
    th.truth(r)
}

/// What a task awaits is done.
fn wake_up(th: &mut Thread, t: Gc<Future>, future: Value) -> Result {
    if let Some(f) = future.downcast::<Future>()
        && f.is_exact(th)
    {
        f.discard_waiter(th, t.value())?;
        return match Future::outcome(f, th) {
            Ok(Outcome::Result(_)) => step(th, t, None),
            Ok(Outcome::Exception(e)) => step(th, t, Some(e)),
            Err(_) => {
                let e = th.take_pending();
                step(th, t, Some(e))
            }
        };
    }
    if let Some(f) = future.downcast::<Future>() {
        f.discard_waiter(th, t.value())?;
    }
    let name = th.names().result;
    match th.call_method(future, name, &[]) {
        Ok(_) => step(th, t, None),
        Err(_) => {
            let e = th.take_pending();
            step(th, t, Some(e))
        }
    }
}

/// A step of a task that the loop has called.
pub fn step(th: &mut Thread, t: Gc<Future>, exception: Option<Value>) -> Result {
    let event_loop = t.expect_loop(th)?;
    enter_task(th, event_loop, t.value())?;
    let r = run(th, t, exception);
    shielded(th, r, |th| leave_task(th, event_loop, t.value()))
}

/// The first step, while the task is being made.
pub fn eager_start(th: &mut Thread, t: Gc<Future>) -> Result<()> {
    let event_loop = t.expect_loop(th)?;
    let previous = swap_task(th, event_loop, Some(t.value()))?;
    t.registered.set(true);
    let context = th.or_none(t.context.get());
    let r = contextvars::run_in(th, context, |th| run(th, t, None));
    t.registered.set(false);
    let r = shielded(th, r, |th| swap_task(th, event_loop, previous).map(|_| ()));
    if t.is_done() {
        t.coroutine.clear();
    } else {
        t.registered.set(true);
    }
    r.map(|_| ())
}

/// Sends None into a coroutine.
fn send(th: &mut Thread, coroutine: Value) -> Result<Sent> {
    let none = th.none();
    if let Some(g) = coroutine.downcast::<Generator>() {
        return generator::send(th, g, none);
    }
    delegate(th, coroutine, none)
}

/// Throws an exception into a coroutine.
fn throw(th: &mut Thread, coroutine: Value, e: Value) -> Result<Sent> {
    if let Some(g) = coroutine.downcast::<Generator>() {
        return throw_into(th, g, e);
    }
    let name = th.names().throw;
    match th.call_method(coroutine, name, &[e]) {
        Ok(v) => Ok(Sent::Yielded(v)),
        Err(r) => match take_stop(th) {
            Some(v) => Ok(Sent::Returned(v)),
            None => Err(r),
        },
    }
}

fn run(th: &mut Thread, t: Gc<Future>, exception: Option<Value>) -> Result {
    let mut exception = exception;
    if t.is_done() {
        let (a, b) = (
            th.repr_lossy(t.value()),
            exception.map(|e| th.repr_lossy(e)),
        );
        let b = b.unwrap_or_default();
        return Err(invalid_state(
            th,
            &format!("__step(): already done: {a} {b}"),
        ));
    }
    if t.must_cancel.get() {
        let has = match exception {
            Some(e) => is_cancelled_error(th, e)?,
            None => false,
        };
        if !has {
            exception = Some(t.make_cancelled_error(th)?);
        }
        t.must_cancel.set(false);
    }
    t.waiter.clear();
    let Some(coroutine) = t.coroutine.get() else {
        return Err(th.runtime_error("uninitialized Task object"));
    };
    let sent = match exception {
        None => send(th, coroutine),
        Some(e) => throw(th, coroutine, e),
    };
    match sent {
        Ok(Sent::Yielded(v)) => awaits(th, t, v)?,
        Ok(Sent::Returned(v)) => {
            if t.must_cancel.get() {
                // Cancelled right before it ended.
                t.must_cancel.set(false);
                let message = t.cancel_message.get();
                Future::cancel(t, th, message)?;
            } else {
                Future::set_result(t, th, v)?;
            }
        }
        Err(_) => {
            let e = th.take_pending();
            if is_cancelled_error(th, e)? {
                t.cancelled_error.set(t.header(), e);
                Future::cancel(t, th, None)?;
                return Ok(th.none());
            }
            Future::set_exception(t, th, e)?;
            if th.exception_matches(e, ExceptionClass::KeyboardInterrupt)
                || th.exception_matches(e, ExceptionClass::SystemExit)
            {
                return Err(th.reraise(e));
            }
        }
    }
    Ok(th.none())
}

/// Throws a RuntimeError into the task's coroutine soon.
#[cold]
fn fail_soon(th: &mut Thread, t: Gc<Future>, message: &str) -> Result<()> {
    let text = th.new_str(message).value();
    let class = th.vm().exception_class(ExceptionClass::RuntimeError);
    let e = th.call(class.value(), &[text])?;
    schedule(th, t, Some(e))
}

fn repr(th: &mut Thread, v: Value) -> Result<String> {
    Ok(th.repr(v)?.to_string_lossy())
}

#[cold]
fn other_loop(th: &mut Thread, t: Gc<Future>, v: Value) -> Result<()> {
    let (a, b) = (repr(th, t.value())?, repr(th, v)?);
    fail_soon(
        th,
        t,
        &format!("Task {a} got Future {b} attached to a different loop"),
    )
}

#[cold]
fn plain_yield(th: &mut Thread, t: Gc<Future>, v: Value) -> Result<()> {
    let (a, b) = (repr(th, t.value())?, repr(th, v)?);
    fail_soon(
        th,
        t,
        &format!("yield was used instead of yield from in task {a} with {b}"),
    )
}

#[cold]
fn awaits_itself(th: &mut Thread, t: Gc<Future>) -> Result<()> {
    let a = repr(th, t.value())?;
    fail_soon(th, t, &format!("Task cannot await on itself: {a}"))
}

/// The coroutine has yielded: usually a future, which will wake the task up.
fn awaits(th: &mut Thread, t: Gc<Future>, v: Value) -> Result<()> {
    if let Some(f) = v.downcast::<Future>()
        && f.is_exact(th)
    {
        if !t
            .event_loop
            .get()
            .zip(f.event_loop.get())
            .is_some_and(|(a, b)| a.is(b))
        {
            return other_loop(th, t, v);
        }
        if !f.blocking.get() {
            return plain_yield(th, t, v);
        }
        if v.is(t.value()) {
            return awaits_itself(th, t);
        }
        f.blocking.set(false);
        f.add_waiter(th, t.value())?;
        let (callback, context) = (wakeup(th, t), th.or_none(t.context.get()));
        Future::add_done_callback(f, th, callback, context)?;
        return wait_for(th, t, v);
    }
    if th.is_none(v) {
        return schedule(th, t, None);
    }
    let name = th.names()._asyncio_future_blocking;
    let blocking = th.get_attr_option(v, name)?;
    if let Some(b) = th.not_none(blocking) {
        let event_loop = loop_of(th, v)?;
        if !t.event_loop.get().is_some_and(|l| l.is(event_loop)) {
            return other_loop(th, t, v);
        }
        if !th.truth(b)? {
            return plain_yield(th, t, v);
        }
        if v.is(t.value()) {
            return awaits_itself(th, t);
        }
        if let Some(f) = v.downcast::<Future>() {
            f.add_waiter(th, t.value())?;
        }
        let no = th.bool(false);
        th.set_attr(v, name, no)?;
        let (callback, context) = (wakeup(th, t), th.or_none(t.context.get()));
        let name = th.names().add_done_callback;
        let f = th.get_attr(v, name)?;
        th.call_keywords(f, &[callback], &[("context", context)])?;
        return wait_for(th, t, v);
    }
    if v.downcast::<Generator>().is_some() {
        let (a, b) = (repr(th, t.value())?, repr(th, v)?);
        return fail_soon(
            th,
            t,
            &format!("yield was used instead of yield from for generator in task {a} with {b}"),
        );
    }
    let b = repr(th, v)?;
    fail_soon(th, t, &format!("Task got bad yield: {b}"))
}

fn wait_for(th: &mut Thread, t: Gc<Future>, v: Value) -> Result<()> {
    t.waiter.set(t.header(), v);
    if t.must_cancel.get() {
        let message = th.or_none(t.cancel_message.get());
        if cancel_any(th, v, message)? {
            t.must_cancel.set(false);
        }
    }
    Ok(())
}
