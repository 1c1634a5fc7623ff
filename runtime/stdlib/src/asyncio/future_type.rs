//! `Future` as Python sees it.

use taipan_vm::call::Args;
use taipan_vm::object::{Gc, Raised, Result, Value};
use taipan_vm::types::set::{self, Set};
use taipan_vm::types::str_::Str;
use taipan_vm::{Thread, pymethods, pytype};

use super::future::{Future, Outcome, State};
use super::{Borrowed, borrowed, invalid_state, iter};
use crate::contextvars;

/// The future's methods hang here.
pub struct FutureType;

fn expect_alive(th: &mut Thread, f: Gc<Future>) -> Result<()> {
    f.expect_loop(th).map(|_| ())
}

#[cold]
fn cannot_delete(th: &mut Thread, f: Gc<Future>, name: &str) -> Raised {
    let class = if f.is_task {
        "_asyncio.Task"
    } else {
        "_asyncio.Future"
    };
    let message = format!("attribute '{name}' of '{class}' objects cannot be deleted");
    th.attribute_error(f.value(), name, message)
}

/// The truth of a value that an attribute is set to.
pub(super) fn flag(th: &mut Thread, f: Gc<Future>, name: &str, v: Option<Value>) -> Result<bool> {
    match v {
        Some(v) => th.truth(v),
        None => Err(cannot_delete(th, f, name)),
    }
}

/// Tells the loop of something that went wrong and that nobody would hear of.
pub(super) fn complain(
    th: &mut Thread,
    f: Gc<Future>,
    message: &str,
    key: &str,
    exception: Option<Value>,
) -> Result<()> {
    let Some(event_loop) = f.event_loop.get() else {
        return Ok(());
    };
    let context = th.new_dict();
    let message = th.new_str(message).value();
    th.dict_set_text(context, "message", message);
    if let Some(e) = exception {
        th.dict_set_text(context, "exception", e);
    }
    th.dict_set_text(context, key, f.value());
    if let Some(t) = f.source_traceback.get() {
        th.dict_set_text(context, "source_traceback", t);
    }
    th.call_method_str(event_loop, "call_exception_handler", &[context.value()])
        .map(|_| ())
}

/// The finalizer.
pub(super) fn finalize(th: &mut Thread, f: Gc<Future>) -> Result<()> {
    if f.is_task && f.log_destroy_pending.get() && f.state.get() == State::Pending {
        complain(th, f, "Task was destroyed but it is pending!", "task", None)?;
    }
    if !f.log_traceback.replace(false) {
        return Ok(());
    }
    let name = th.class_of(f.value()).name_text();
    let message = format!("{name} exception was never retrieved");
    complain(th, f, &message, "future", f.exception.get())
}

/// This class is *almost* compatible with concurrent.futures.Future.
///
///     Differences:
///
///     - result() and exception() do not take a timeout argument and
///       raise an exception when the future isn't done yet.
///
///     - Callbacks registered with add_done_callback() are always called
///       via the event loop's call_soon_threadsafe().
///
///     - This class is not compatible with the wait() and as_completed()
///       methods in the concurrent.futures package.
#[pytype(name = "Future", module = "_asyncio", payload = Future, flags = BASETYPE | HAS_DICT | HAS_WEAKREF, table = FUTURE, more = [&COMMON, &RESULTS], more_getsets = [&ATTRIBUTES, &taipan_vm::types::descriptor::INSTANCE_DICT])]
impl FutureType {
    #[pynew(raw, sig = "(*, loop=None)")]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        let class = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
        Ok(th
            .alloc_native(class, |head| Future::fresh(head, false))
            .value())
    }

    #[pyslot]
    fn init(th: &mut Thread, this: Value, args: Args<'_>) -> Result<()> {
        let f = th.expect::<Future>(this)?;
        if !args.positionals().is_empty() {
            return Err(th.type_error("Future() takes no positional arguments"));
        }
        let mut event_loop = None;
        for (k, v) in args.keywords() {
            if !k.downcast::<Str>().is_some_and(|k| k.equals_str("loop")) {
                let name = th.str_lossy(k);
                return Err(th.type_error(format!(
                    "Future() got an unexpected keyword argument '{name}'"
                )));
            }
            event_loop = Some(v);
        }
        Future::init(f, th, event_loop)
    }

    #[pyslot]
    fn del(th: &mut Thread, this: Value) -> Result<()> {
        match this.downcast::<Future>() {
            Some(f) => finalize(th, f),
            None => Ok(()),
        }
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let f = th.expect::<Future>(this)?;
        expect_alive(th, f)?;
        let render = borrowed(th, Borrowed::FutureRepr)?;
        th.call(render, &[this])
    }

    #[pyslot]
    fn iter(th: &mut Thread, this: Value) -> Result {
        let f = th.expect::<Future>(this)?;
        expect_alive(th, f)?;
        Ok(iter::new(th, f))
    }

    #[pyslot]
    fn await_(th: &mut Thread, this: Value) -> Result {
        FutureType::iter(th, this)
    }
}

/// Methods that tasks have as well.
struct Common;

#[pymethods(table = COMMON)]
impl Common {
    /// Return the result this future represents.
    ///
    /// If the future has been cancelled, raises CancelledError.  If the
    /// future's result isn't yet available, raises InvalidStateError.  If
    /// the future is done and has an exception set, this exception is raised.
    #[pymethod]
    fn result(th: &mut Thread, this: Gc<Future>) -> Result {
        if this.event_loop.get().is_none() {
            return Err(invalid_state(th, "Future object is not initialized."));
        }
        Future::get_result(this, th)
    }

    /// Return the exception that was set on this future.
    ///
    /// The exception (or None if no exception was set) is returned only if
    /// the future is done.  If the future has been cancelled, raises
    /// CancelledError.  If the future isn't done yet, raises
    /// InvalidStateError.
    #[pymethod]
    fn exception(th: &mut Thread, this: Gc<Future>) -> Result {
        if this.event_loop.get().is_none() {
            return Err(invalid_state(th, "Future object is not initialized."));
        }
        if this.state.get() == State::Pending {
            return Err(invalid_state(th, "Exception is not set."));
        }
        let traceback = this.traceback.get();
        match Future::outcome(this, th)? {
            Outcome::Result(_) => Ok(th.none()),
            Outcome::Exception(e) => {
                this.traceback.set_option(this.header(), traceback);
                Ok(e)
            }
        }
    }

    /// Add a callback to be run when the future becomes done.
    ///
    /// The callback is called with a single argument - the future object. If
    /// the future is already done when this is called, the callback is
    /// scheduled with call_soon.
    #[pymethod(sig = "(fn, /, *, context=<unrepresentable>)")]
    fn add_done_callback(
        th: &mut Thread,
        this: Gc<Future>,
        f: Value,
        context: Option<Value>,
    ) -> Result<()> {
        let context = match th.not_none(context) {
            Some(c) => c,
            None => contextvars::copy_current(th),
        };
        Future::add_done_callback(this, th, f, context)
    }

    /// Remove all instances of a callback from the "call when done" list.
    ///
    /// Returns the number of callbacks removed.
    #[pymethod(sig = "(fn, /)")]
    fn remove_done_callback(th: &mut Thread, this: Gc<Future>, f: Value) -> Result<usize> {
        expect_alive(th, this)?;
        let all = this.all_callbacks(th)?;
        let (kept, mut removed) = (taipan_vm::ValueVec::new(), 0);
        for pair in all.as_slice().chunks_exact(2) {
            if th.equal(pair[0], f)? {
                removed += 1;
            } else {
                th.push_all(&kept, pair)?;
            }
        }
        if removed > 0 {
            this.callback.clear();
            this.callback_context.clear();
            this.callbacks.clear();
            if !this
                .callbacks
                .try_extend(th.heap(), Some(this.header()), kept.as_slice())
            {
                return Err(th.memory_error());
            }
        }
        Ok(removed)
    }

    /// Return True if the future was cancelled.
    #[pymethod]
    fn cancelled(_: &mut Thread, this: Gc<Future>) -> bool {
        this.event_loop.get().is_some() && this.state.get() == State::Cancelled
    }

    /// Return True if the future is done.
    ///
    /// Done means either that a result / exception are available, or that the
    /// future was cancelled.
    #[pymethod]
    fn done(_: &mut Thread, this: Gc<Future>) -> bool {
        this.event_loop.get().is_some() && this.is_done()
    }

    /// Return the event loop the Future is bound to.
    #[pymethod]
    fn get_loop(th: &mut Thread, this: Gc<Future>) -> Result {
        this.expect_loop(th)
    }

    /// Create the CancelledError to raise if the Future is cancelled.
    ///
    /// This should only be called once when handling a cancellation since
    /// it erases the context exception value.
    #[pymethod(name = "_make_cancelled_error")]
    fn make_cancelled_error(th: &mut Thread, this: Gc<Future>) -> Result {
        this.make_cancelled_error(th)
    }
}

/// Methods that tasks have otherwise.
struct Results;

#[pymethods(table = RESULTS)]
impl Results {
    /// Mark the future done and set its result.
    ///
    /// If the future is already done when this method is called, raises
    /// InvalidStateError.
    #[pymethod(sig = "(result, /)")]
    fn set_result(th: &mut Thread, this: Gc<Future>, result: Value) -> Result<()> {
        Future::set_result(this, th, result)
    }

    /// Mark the future done and set an exception.
    ///
    /// If the future is already done when this method is called, raises
    /// InvalidStateError.
    #[pymethod(sig = "(exception, /)")]
    fn set_exception(th: &mut Thread, this: Gc<Future>, exception: Value) -> Result<()> {
        Future::set_exception(this, th, exception)
    }

    /// Cancel the future and schedule callbacks.
    ///
    /// If the future is already done or cancelled, return False.  Otherwise,
    /// change the future's state to cancelled, schedule the callbacks and
    /// return True.
    #[pymethod(sig = "(msg=None)")]
    fn cancel(th: &mut Thread, this: Gc<Future>, msg: Option<Value>) -> Result<bool> {
        Future::cancel(this, th, msg)
    }
}

/// Attributes.
struct Attributes;

#[pymethods(table = NONE, getsets = ATTRIBUTES)]
impl Attributes {
    #[pygetter]
    fn _state(th: &mut Thread, this: Gc<Future>) -> Result {
        expect_alive(th, this)?;
        let text = match this.state.get() {
            State::Pending => "PENDING",
            State::Cancelled => "CANCELLED",
            State::Finished => "FINISHED",
        };
        Ok(th.intern(text).value())
    }

    #[pygetter]
    fn _asyncio_future_blocking(_: &mut Thread, this: Gc<Future>) -> bool {
        this.event_loop.get().is_some() && this.blocking.get()
    }

    #[pysetter(name = "_asyncio_future_blocking")]
    fn set_blocking(th: &mut Thread, this: Gc<Future>, v: Option<Value>) -> Result<()> {
        expect_alive(th, this)?;
        let b = flag(th, this, "_asyncio_future_blocking", v)?;
        this.blocking.set(b);
        Ok(())
    }

    #[pygetter]
    fn _loop(_: &mut Thread, this: Gc<Future>) -> Option<Value> {
        this.event_loop.get()
    }

    #[pygetter]
    fn _callbacks(th: &mut Thread, this: Gc<Future>) -> Result {
        expect_alive(th, this)?;
        let all = this.all_callbacks(th)?;
        if all.is_empty() {
            return Ok(th.none());
        }
        let out = th.new_list();
        for pair in all.as_slice().chunks_exact(2) {
            let pair = th.new_tuple(pair).value();
            th.list_append(out, pair)?;
        }
        Ok(out.value())
    }

    #[pygetter]
    fn _result(th: &mut Thread, this: Gc<Future>) -> Result<Option<Value>> {
        expect_alive(th, this)?;
        Ok(this.result.get())
    }

    #[pygetter]
    fn _exception(th: &mut Thread, this: Gc<Future>) -> Result<Option<Value>> {
        expect_alive(th, this)?;
        Ok(this.exception.get())
    }

    #[pygetter]
    fn _log_traceback(th: &mut Thread, this: Gc<Future>) -> Result<bool> {
        expect_alive(th, this)?;
        Ok(this.log_traceback.get())
    }

    #[pysetter(name = "_log_traceback")]
    fn set_log_traceback(th: &mut Thread, this: Gc<Future>, v: Option<Value>) -> Result<()> {
        if flag(th, this, "_log_traceback", v)? {
            return Err(th.value_error("_log_traceback can only be set to False"));
        }
        this.log_traceback.set(false);
        Ok(())
    }

    #[pygetter]
    fn _source_traceback(_: &mut Thread, this: Gc<Future>) -> Option<Value> {
        this.source_traceback.get()
    }

    #[pygetter]
    fn _cancel_message(_: &mut Thread, this: Gc<Future>) -> Option<Value> {
        this.cancel_message.get()
    }

    #[pysetter(name = "_cancel_message")]
    fn set_cancel_message(th: &mut Thread, this: Gc<Future>, v: Option<Value>) -> Result<()> {
        match v {
            Some(v) => {
                this.cancel_message.set(this.header(), v);
                Ok(())
            }
            None => Err(cannot_delete(th, this, "_cancel_message")),
        }
    }

    #[pygetter]
    fn _asyncio_awaited_by(th: &mut Thread, this: Gc<Future>) -> Result {
        match this.awaited_by.get() {
            None => Ok(th.none()),
            Some(v) if v.downcast::<Set>().is_some() => {
                let all = th.collect(v)?;
                set::frozenset_from(th, all.as_slice())
            }
            Some(v) => set::frozenset_from(th, &[v]),
        }
    }
}
