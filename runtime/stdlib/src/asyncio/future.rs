//! The object behind futures and tasks, and what is done with it natively.

use std::cell::Cell;

use taipan_vm::call::Args;
use taipan_vm::object::{Gc, HeaderFlags, NativeHeader, Raised, Result, Slot, Value, ValueVec};
use taipan_vm::protocol::attr::Method;
use taipan_vm::types::set::{self, Set};
use taipan_vm::types::tuple::Tuple;
use taipan_vm::types::{ExceptionClass, Named};
use taipan_vm::{NativeObject, Thread};

use super::{Borrowed, borrowed, future_type, invalid_state, keep, task};

/// Where a future stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// Without result.
    Pending,
    /// Cancelled.
    Cancelled,
    /// With a result or an exception.
    Finished,
}

/// A future; a task has the same layout and uses all of it.
#[repr(C)]
#[derive(NativeObject)]
pub struct Future {
    head: NativeHeader,
    /// The event loop; empty until `__init__` has run.
    pub event_loop: Slot,
    /// The first callback and its context: most futures have one.
    pub callback: Slot,
    /// See `callback`.
    pub callback_context: Slot,
    /// Further callbacks, each followed by its context.
    pub callbacks: ValueVec,
    /// The result.
    pub result: Slot,
    /// The exception.
    pub exception: Slot,
    /// The traceback that the exception came with.
    pub traceback: Slot,
    /// Where it was made, in debug mode.
    pub source_traceback: Slot,
    /// What `cancel` was given.
    pub cancel_message: Slot,
    /// The CancelledError that ended the coroutine.
    pub cancelled_error: Slot,
    /// Who awaits it: one future, or a set of them.
    pub awaited_by: Slot,
    /// Tasks: the coroutine.
    pub coroutine: Slot,
    /// Tasks: the name, or the number to make it from.
    pub name: Slot,
    /// Tasks: the context.
    pub context: Slot,
    /// Tasks: the future that is awaited.
    pub waiter: Slot,
    /// Tasks: what the loop calls for a step.
    pub step: Slot,
    /// Tasks: the callback of what is awaited.
    pub wakeup: Slot,
    /// Where it stands.
    #[notrace]
    pub state: Cell<State>,
    /// Nobody has looked at the exception.
    #[notrace]
    pub log_traceback: Cell<bool>,
    /// An `await` has handed it to its task.
    #[notrace]
    pub blocking: Cell<bool>,
    /// Tasks: it is to be cancelled at the next step.
    #[notrace]
    pub must_cancel: Cell<bool>,
    /// Tasks: complain when it dies pending.
    #[notrace]
    pub log_destroy_pending: Cell<bool>,
    /// Tasks: `all_tasks` shows it.
    #[notrace]
    pub registered: Cell<bool>,
    /// Is it a task?
    #[notrace]
    pub is_task: bool,
    /// Tasks: number of requests to cancel.
    #[notrace]
    pub cancel_requests: Cell<i64>,
}

impl Named for Future {
    const NAME: &'static str = "_asyncio.Future";
}

impl Future {
    /// What `__new__` makes.
    pub fn fresh(head: NativeHeader, is_task: bool) -> Future {
        Future {
            head,
            event_loop: Slot::empty(),
            callback: Slot::empty(),
            callback_context: Slot::empty(),
            callbacks: ValueVec::new(),
            result: Slot::empty(),
            exception: Slot::empty(),
            traceback: Slot::empty(),
            source_traceback: Slot::empty(),
            cancel_message: Slot::empty(),
            cancelled_error: Slot::empty(),
            awaited_by: Slot::empty(),
            coroutine: Slot::empty(),
            name: Slot::empty(),
            context: Slot::empty(),
            waiter: Slot::empty(),
            step: Slot::empty(),
            wakeup: Slot::empty(),
            state: Cell::new(State::Pending),
            log_traceback: Cell::new(false),
            blocking: Cell::new(false),
            must_cancel: Cell::new(false),
            log_destroy_pending: Cell::new(is_task),
            registered: Cell::new(false),
            is_task,
            cancel_requests: Cell::new(0),
        }
    }

    /// Is it a Future or a Task and nothing derived from one?
    pub fn is_exact(&self, th: &mut Thread) -> bool {
        let class = th.shape(self.head.header.shape()).class();
        let own = if self.is_task {
            &task::TASK
        } else {
            &future_type::FUTURE
        };
        th.vm().registered_type(own).is_some_and(|t| t.is(class))
    }

    /// Is it a task of this loop that is not done?
    pub fn is_waiting_task(&self, event_loop: Value) -> bool {
        self.is_task
            && self.registered.get()
            && self.state.get() == State::Pending
            && self.event_loop.get().is_some_and(|l| l.is(event_loop))
    }

    /// The loop, or RuntimeError.
    #[inline]
    pub fn expect_loop(&self, th: &mut Thread) -> Result {
        match self.event_loop.get() {
            Some(l) => Ok(l),
            None => Err(not_initialized(th)),
        }
    }

    /// Has it a result, an exception, or was it cancelled?
    pub fn is_done(&self) -> bool {
        self.state.get() != State::Pending
    }

    /// Notes that `waiter` awaits it.
    pub fn add_waiter(&self, th: &mut Thread, waiter: Value) -> Result<()> {
        let Some(old) = self.awaited_by.get() else {
            self.awaited_by.set(&self.head.header, waiter);
            return Ok(());
        };
        if let Some(s) = old.downcast::<Set>() {
            return s.add(th, waiter);
        }
        if !old.is(waiter) {
            let s = set::set_from(th, &[old, waiter])?;
            self.awaited_by.set(&self.head.header, s);
        }
        Ok(())
    }

    /// Notes that `waiter` does not await it any more.
    pub fn discard_waiter(&self, th: &mut Thread, waiter: Value) -> Result<()> {
        match self.awaited_by.get() {
            Some(v) if v.is(waiter) => self.awaited_by.clear(),
            Some(v) if v.downcast::<Set>().is_some() => {
                th.call_method_str(v, "discard", &[waiter])?;
            }
            _ => {}
        }
        Ok(())
    }
}

#[cold]
pub(super) fn not_initialized(th: &mut Thread) -> Raised {
    th.runtime_error("Future object is not initialized.")
}

/// `loop.call_soon(f[, arg][, context=context])`
pub(super) fn call_soon(
    th: &mut Thread,
    event_loop: Value,
    f: Value,
    arg: Option<Value>,
    context: Option<Value>,
) -> Result<()> {
    let name = th.names().call_soon;
    let method = th.load_method(event_loop, name)?;
    let mut all = [event_loop; 4];
    let mut n = 1;
    for v in [Some(f), arg, context].into_iter().flatten() {
        all[n] = v;
        n += 1;
    }
    let kwnames = match context {
        Some(_) => {
            let names = keep(th, "_asyncio.context", |th| {
                let name = th.names().context.value();
                Ok(th.new_tuple(&[name]).value())
            })?;
            names.downcast::<Tuple>()
        }
        None => None,
    };
    let (f, values) = match method {
        Method::Unbound(f) => (f, &all[..n]),
        Method::Bound(f) => (f, &all[1..n]),
    };
    th.call_args(f, Args { values, kwnames }).map(|_| ())
}

impl Future {
    /// `Future.__init__`
    pub fn init(this: Gc<Future>, th: &mut Thread, event_loop: Option<Value>) -> Result<()> {
        for s in [
            &this.callback,
            &this.callback_context,
            &this.result,
            &this.exception,
            &this.traceback,
            &this.source_traceback,
            &this.cancel_message,
            &this.cancelled_error,
            &this.awaited_by,
        ] {
            s.clear();
        }
        this.callbacks.clear();
        this.state.set(State::Pending);
        this.log_traceback.set(false);
        this.blocking.set(false);
        let event_loop = match th.not_none(event_loop) {
            Some(l) => l,
            None => super::event_loop(th)?,
        };
        this.event_loop.set(this.header(), event_loop);
        let name = th.names().get_debug;
        let debug = th.call_method(event_loop, name, &[])?;
        if th.truth(debug)? {
            let f = borrowed(th, Borrowed::ExtractStack)?;
            let stack = th.call(f, &[])?;
            this.source_traceback.set(this.header(), stack);
        }
        Ok(())
    }

    /// Has the loop call all callbacks.
    pub fn schedule_callbacks(this: Gc<Future>, th: &mut Thread) -> Result<()> {
        let Some(event_loop) = this.event_loop.get() else {
            return Err(not_initialized(th));
        };
        if let Some(f) = this.callback.take() {
            let context = this.callback_context.take();
            call_soon(th, event_loop, f, Some(this.value()), context)?;
        }
        if this.callbacks.is_empty() {
            return Ok(());
        }
        let all = th.value_vec(this.callbacks.as_slice())?;
        this.callbacks.clear();
        for pair in all.as_slice().chunks_exact(2) {
            call_soon(th, event_loop, pair[0], Some(this.value()), Some(pair[1]))?;
        }
        Ok(())
    }

    /// No finalizer is needed any more: there is nothing to complain of.
    fn settle(this: Gc<Future>, th: &mut Thread) {
        if this.is_exact(th) {
            this.header().set_flag(HeaderFlags::FINALIZED);
        }
    }

    /// `Future.set_result`
    pub fn set_result(this: Gc<Future>, th: &mut Thread, v: Value) -> Result<()> {
        if this.event_loop.get().is_none() {
            return Err(not_initialized(th));
        }
        if this.is_done() {
            return Err(invalid_state(th, "invalid state"));
        }
        this.result.set(this.header(), v);
        this.state.set(State::Finished);
        Future::settle(this, th);
        Future::schedule_callbacks(this, th)
    }

    /// `Future.set_exception`
    pub fn set_exception(this: Gc<Future>, th: &mut Thread, e: Value) -> Result<()> {
        if this.event_loop.get().is_none() {
            return Err(not_initialized(th));
        }
        if this.is_done() {
            return Err(invalid_state(th, "invalid state"));
        }
        let mut e = e;
        if let Some(class) = e.downcast::<taipan_vm::types::type_::Type>()
            && class.is_subtype(th.vm().exception_class(ExceptionClass::BaseException))
        {
            e = th.call(e, &[])?;
        }
        if taipan_vm::types::exception::of(e).is_none() {
            return Err(th.type_error("invalid exception object"));
        }
        if th.exception_matches(e, ExceptionClass::StopIteration) {
            let text = th.new_str(
                "StopIteration interacts badly with generators and cannot be raised into a Future",
            );
            let class = th.vm().exception_class(ExceptionClass::RuntimeError);
            let new = th.call(class.value(), &[text.value()])?;
            if let Some(x) = taipan_vm::types::exception::of(new) {
                x.cause.set(x.header(), e);
                x.context.set(x.header(), e);
                x.suppress_context.set(true);
            }
            e = new;
        }
        let Some(x) = taipan_vm::types::exception::of(e) else {
            return Err(th.type_error("invalid exception object"));
        };
        this.exception.set(this.header(), e);
        this.traceback.set_option(this.header(), x.traceback.get());
        this.state.set(State::Finished);
        Future::schedule_callbacks(this, th)?;
        this.log_traceback.set(true);
        Ok(())
    }

    /// `Future.cancel`: was it pending?
    pub fn cancel(this: Gc<Future>, th: &mut Thread, message: Option<Value>) -> Result<bool> {
        if this.event_loop.get().is_none() {
            return Err(not_initialized(th));
        }
        this.log_traceback.set(false);
        if this.is_done() {
            return Ok(false);
        }
        this.state.set(State::Cancelled);
        this.cancel_message.set_option(this.header(), message);
        Future::settle(this, th);
        Future::schedule_callbacks(this, th)?;
        Ok(true)
    }

    /// `Future.add_done_callback`
    pub fn add_done_callback(
        this: Gc<Future>,
        th: &mut Thread,
        f: Value,
        context: Value,
    ) -> Result<()> {
        let Some(event_loop) = this.event_loop.get() else {
            return Err(th.runtime_error("uninitialized Future object"));
        };
        if this.is_done() {
            return call_soon(th, event_loop, f, Some(this.value()), Some(context));
        }
        if this.callback.get().is_none() && this.callbacks.is_empty() {
            this.callback.set(this.header(), f);
            this.callback_context.set(this.header(), context);
            return Ok(());
        }
        for v in [f, context] {
            if !this.callbacks.try_push(th.heap(), Some(this.header()), v) {
                return Err(th.memory_error());
            }
        }
        Ok(())
    }

    /// All callbacks, each followed by its context.
    pub fn all_callbacks(&self, th: &mut Thread) -> Result<ValueVec> {
        let all = ValueVec::new();
        if let Some(f) = self.callback.get() {
            let context = th.or_none(self.callback_context.get());
            th.push_all(&all, &[f, context])?;
        }
        th.push_all(&all, self.callbacks.as_slice())?;
        Ok(all)
    }

    /// The CancelledError to raise.
    pub fn make_cancelled_error(&self, th: &mut Thread) -> Result {
        if let Some(e) = self.cancelled_error.take() {
            return Ok(e);
        }
        let class = borrowed(th, Borrowed::CancelledError)?;
        match th.not_none(self.cancel_message.get()) {
            Some(m) => th.call(class, &[m]),
            None => th.call(class, &[]),
        }
    }

    /// What came of it: a result, or an exception. Raises when it is cancelled or pending.
    pub fn outcome(this: Gc<Future>, th: &mut Thread) -> Result<Outcome> {
        match this.state.get() {
            State::Cancelled => {
                let e = this.make_cancelled_error(th)?;
                return Err(th.raise_value(e));
            }
            State::Pending => return Err(invalid_state(th, "Result is not set.")),
            State::Finished => {}
        }
        this.log_traceback.set(false);
        match this.exception.get() {
            Some(e) => {
                if let Some(x) = taipan_vm::types::exception::of(e) {
                    x.traceback.set_option(x.header(), this.traceback.take());
                }
                Ok(Outcome::Exception(e))
            }
            None => Ok(Outcome::Result(th.or_none(this.result.get()))),
        }
    }

    /// `Future.result`
    pub fn get_result(this: Gc<Future>, th: &mut Thread) -> Result {
        match Future::outcome(this, th)? {
            Outcome::Result(v) => Ok(v),
            Outcome::Exception(e) => Err(th.raise_value(e)),
        }
    }
}

/// What came of a future.
pub enum Outcome {
    /// A result.
    Result(Value),
    /// An exception.
    Exception(Value),
}
