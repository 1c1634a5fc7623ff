//! Async generators, and what awaiting their methods goes through: `asend`/`__anext__`,
//! `athrow`/`aclose`, and `anext(it, default)`.
//!
//! An awaitable of an async generator drives the generator itself: what it awaits is passed on,
//! what it yields ends the awaitable. [`Sent::Returned`] is the latter, so that an `async for`
//! makes no StopIteration object.

use std::cell::Cell;

use super::methods::{WrappedValue, thrown};
use super::{Generator, Sent, State, awaitable, send, throw_into};
use crate::object::{Gc, NativeHeader, Result, Slot, Value};
use crate::types::ExceptionClass;
use crate::{NativeObject, Raised, Thread, pytype};

/// `async_generator`'s methods hang here.
pub struct AsyncGenerator;

/// How far an awaitable is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Init,
    Iterating,
    Closed,
}

/// Awaitable of `__anext__` and `asend`.
#[repr(C)]
#[derive(NativeObject)]
pub struct AsyncSend {
    head: NativeHeader,
    generator: Gc<Generator>,
    value: Value,
    #[notrace]
    stage: Cell<Stage>,
}

/// Awaitable of `athrow`, and of `aclose` (without arguments).
#[repr(C)]
#[derive(NativeObject)]
pub struct AsyncThrow {
    head: NativeHeader,
    generator: Gc<Generator>,
    args: Slot,
    #[notrace]
    stage: Cell<Stage>,
}

/// Calls the hooks of `sys.set_asyncgen_hooks` when a generator is first iterated.
fn init_hooks(th: &mut Thread, g: Gc<Generator>) -> Result<()> {
    if g.hooks_done.replace(true) {
        return Ok(());
    }
    let [first, finalizer] = [0, 1].map(|i: usize| th.asyncgen_hooks[i].get());
    if let Some(f) = th.not_none(finalizer) {
        g.extra.set(g.header(), f);
    }
    if let Some(f) = th.not_none(first) {
        th.call(f, &[g.value()])?;
    }
    Ok(())
}

fn ends_generator(th: &Thread) -> bool {
    th.pending_matches(ExceptionClass::StopAsyncIteration)
        || th.pending_matches(ExceptionClass::GeneratorExit)
}

fn stop_async(th: &mut Thread) -> Raised {
    th.raise_with(ExceptionClass::StopAsyncIteration, &[])
}

/// What a step of the generator means to its awaitable: a yielded value ends it.
fn unwrap(th: &mut Thread, g: Gc<Generator>, r: Result<Sent>) -> Result<Sent> {
    let r = match r {
        Ok(Sent::Returned(_)) => Err(stop_async(th)),
        r => r,
    };
    match r {
        Ok(Sent::Yielded(v)) => Ok(match v.downcast::<WrappedValue>() {
            Some(w) => {
                g.running_async.set(false);
                Sent::Returned(w.value)
            }
            None => Sent::Yielded(v),
        }),
        r => {
            if ends_generator(th) {
                g.closed.set(true);
            }
            g.running_async.set(false);
            r
        }
    }
}

fn generator_exit(th: &mut Thread) -> Result {
    let class = th.vm().exception_class(ExceptionClass::GeneratorExit);
    th.call(class.value(), &[])
}

fn to_python(th: &mut Thread, r: Result<Sent>) -> Result {
    match r? {
        Sent::Yielded(v) => Ok(v),
        Sent::Returned(v) => {
            let v = th.not_none(Some(v));
            Err(th.stop_iteration(v))
        }
    }
}

fn to_next(th: &mut Thread, r: Result<Sent>) -> Result<Option<Value>> {
    match r? {
        Sent::Yielded(v) => Ok(Some(v)),
        Sent::Returned(v) if th.is_none(v) => Ok(None),
        Sent::Returned(v) => Err(th.stop_iteration(Some(v))),
    }
}

/// `close()` of an awaitable, by a throw of GeneratorExit into it.
fn closed(th: &mut Thread, r: Result<Sent>) -> Result<()> {
    match r {
        Ok(Sent::Yielded(_)) => Err(th.runtime_error("coroutine ignored GeneratorExit")),
        Ok(Sent::Returned(_)) => Ok(()),
        Err(e) => {
            if ends_generator(th) || th.pending_matches(ExceptionClass::StopIteration) {
                th.clear_pending();
                return Ok(());
            }
            Err(e)
        }
    }
}

impl AsyncSend {
    fn begin(&self, th: &mut Thread) -> Result<()> {
        if self.generator.running_async.get() {
            self.stage.set(Stage::Closed);
            return Err(th.runtime_error("anext(): asynchronous generator is already running"));
        }
        self.stage.set(Stage::Iterating);
        Ok(())
    }

    fn check(&self, th: &mut Thread) -> Result<()> {
        if self.stage.get() == Stage::Closed {
            return Err(th.runtime_error("cannot reuse already awaited __anext__()/asend()"));
        }
        Ok(())
    }

    fn end(&self, r: Result<Sent>) -> Result<Sent> {
        if !matches!(r, Ok(Sent::Yielded(_))) {
            self.stage.set(Stage::Closed);
        }
        r
    }

    /// One step.
    pub fn send(&self, th: &mut Thread, v: Value) -> Result<Sent> {
        self.check(th)?;
        let mut v = v;
        if self.stage.get() == Stage::Init {
            self.begin(th)?;
            if th.is_none(v) {
                v = self.value;
            }
        }
        self.generator.running_async.set(true);
        let r = send(th, self.generator, v);
        let r = unwrap(th, self.generator, r);
        self.end(r)
    }

    /// Raises an exception at the point where the generator stands.
    pub fn throw(&self, th: &mut Thread, e: Value) -> Result<Sent> {
        self.check(th)?;
        if self.stage.get() == Stage::Init {
            self.begin(th)?;
            self.generator.running_async.set(true);
        }
        let r = throw_into(th, self.generator, e);
        let r = unwrap(th, self.generator, r);
        self.end(r)
    }
}

#[pytype(name = "async_generator_asend", table = ASYNC_SEND)]
impl AsyncSend {
    #[pyslot]
    fn await_(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        let Some(a) = this.downcast::<AsyncSend>() else {
            return Ok(None);
        };
        let none = th.none();
        let r = a.send(th, none);
        to_next(th, r)
    }

    #[pymethod(name = "send")]
    fn py_send(th: &mut Thread, this: Gc<AsyncSend>, value: Value) -> Result {
        let r = this.send(th, value);
        to_python(th, r)
    }

    #[pymethod(name = "throw", sig = "(typ, val=None, tb=None, /)")]
    fn py_throw(
        th: &mut Thread,
        this: Gc<AsyncSend>,
        typ: Value,
        val: Option<Value>,
        tb: Option<Value>,
    ) -> Result {
        let e = thrown(th, typ, val, tb)?;
        let r = this.throw(th, e);
        to_python(th, r)
    }

    #[pymethod]
    fn close(th: &mut Thread, this: Gc<AsyncSend>) -> Result<()> {
        if this.stage.get() == Stage::Closed {
            return Ok(());
        }
        let e = generator_exit(th)?;
        let r = this.throw(th, e);
        closed(th, r)
    }
}

impl AsyncThrow {
    fn is_close(&self) -> bool {
        self.args.get().is_none()
    }

    fn check(&self, th: &mut Thread) -> Result<()> {
        if self.stage.get() == Stage::Closed {
            return Err(th.runtime_error("cannot reuse already awaited aclose()/athrow()"));
        }
        Ok(())
    }

    fn begin(&self, th: &mut Thread) -> Result<()> {
        if self.generator.running_async.get() {
            self.stage.set(Stage::Closed);
            let what = if self.is_close() { "aclose" } else { "athrow" };
            return Err(th.runtime_error(format!(
                "{what}(): asynchronous generator is already running"
            )));
        }
        Ok(())
    }

    /// A step of `aclose()`: a yielded value is an error, the end of the generator the result.
    fn closing(&self, th: &mut Thread, r: Result<Sent>) -> Result<Sent> {
        match r {
            Ok(Sent::Yielded(v)) if v.downcast::<WrappedValue>().is_some() => {
                self.generator.running_async.set(false);
                self.stage.set(Stage::Closed);
                Err(th.runtime_error("async generator ignored GeneratorExit"))
            }
            Ok(Sent::Yielded(v)) => Ok(Sent::Yielded(v)),
            Ok(Sent::Returned(_)) => {
                self.generator.running_async.set(false);
                self.stage.set(Stage::Closed);
                Ok(Sent::Returned(th.none()))
            }
            Err(e) => {
                self.generator.running_async.set(false);
                self.stage.set(Stage::Closed);
                if ends_generator(th) {
                    th.clear_pending();
                    return Ok(Sent::Returned(th.none()));
                }
                Err(e)
            }
        }
    }

    /// A step of `athrow()`.
    fn throwing(&self, th: &mut Thread, r: Result<Sent>) -> Result<Sent> {
        let r = unwrap(th, self.generator, r);
        if !matches!(r, Ok(Sent::Yielded(_))) {
            self.stage.set(Stage::Closed);
        }
        r
    }

    fn step(&self, th: &mut Thread, r: Result<Sent>) -> Result<Sent> {
        if self.is_close() {
            self.closing(th, r)
        } else {
            self.throwing(th, r)
        }
    }

    /// One step.
    pub fn send(&self, th: &mut Thread, v: Value) -> Result<Sent> {
        self.check(th)?;
        let g = self.generator;
        if g.state.get() == State::Closed {
            self.stage.set(Stage::Closed);
            return Ok(Sent::Returned(th.none()));
        }
        if self.stage.get() == Stage::Iterating {
            let r = send(th, g, v);
            return self.step(th, r);
        }
        self.begin(th)?;
        if g.closed.get() {
            self.stage.set(Stage::Closed);
            return Err(stop_async(th));
        }
        if !th.is_none(v) {
            return Err(th.runtime_error("can't send non-None value to a just-started coroutine"));
        }
        self.stage.set(Stage::Iterating);
        g.running_async.set(true);
        let args = self
            .args
            .get()
            .and_then(|a| a.downcast::<crate::types::tuple::Tuple>());
        let e = match args {
            None => {
                g.closed.set(true);
                generator_exit(th)
            }
            Some(a) => match a.get(0) {
                Some(t) => thrown(th, t, a.get(1), a.get(2)),
                None => Err(th.system_error("athrow() without arguments")),
            },
        };
        let r = match e {
            Ok(e) => throw_into(th, g, e),
            Err(e) => Err(e),
        };
        self.step(th, r)
    }

    /// Raises an exception at the point where the generator stands.
    pub fn throw(&self, th: &mut Thread, e: Value) -> Result<Sent> {
        self.check(th)?;
        if self.stage.get() == Stage::Init {
            self.begin(th)?;
            self.stage.set(Stage::Iterating);
            self.generator.running_async.set(true);
        }
        let r = throw_into(th, self.generator, e);
        self.step(th, r)
    }
}

#[pytype(name = "async_generator_athrow", table = ASYNC_THROW)]
impl AsyncThrow {
    #[pyslot]
    fn await_(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        let Some(a) = this.downcast::<AsyncThrow>() else {
            return Ok(None);
        };
        let none = th.none();
        let r = a.send(th, none);
        to_next(th, r)
    }

    #[pymethod(name = "send")]
    fn py_send(th: &mut Thread, this: Gc<AsyncThrow>, value: Value) -> Result {
        let r = this.send(th, value);
        to_python(th, r)
    }

    #[pymethod(name = "throw", sig = "(typ, val=None, tb=None, /)")]
    fn py_throw(
        th: &mut Thread,
        this: Gc<AsyncThrow>,
        typ: Value,
        val: Option<Value>,
        tb: Option<Value>,
    ) -> Result {
        let e = thrown(th, typ, val, tb)?;
        let r = this.throw(th, e);
        to_python(th, r)
    }

    #[pymethod]
    fn close(th: &mut Thread, this: Gc<AsyncThrow>) -> Result<()> {
        if this.stage.get() == Stage::Closed {
            return Ok(());
        }
        let e = generator_exit(th)?;
        let r = this.throw(th, e);
        closed(th, r)
    }
}

fn async_send(th: &mut Thread, g: Gc<Generator>, value: Value) -> Result {
    init_hooks(th, g)?;
    Ok(th
        .new_native(&ASYNC_SEND, |head| AsyncSend {
            head,
            generator: g,
            value,
            stage: Cell::new(Stage::Init),
        })
        .value())
}

fn async_throw(th: &mut Thread, g: Gc<Generator>, args: Option<Value>) -> Result {
    init_hooks(th, g)?;
    Ok(th
        .new_native(&ASYNC_THROW, |head| AsyncThrow {
            head,
            generator: g,
            args: Slot::from_option(args),
            stage: Cell::new(Stage::Init),
        })
        .value())
}

#[pytype(name = "async_generator", payload = Generator, flags = HAS_WEAKREF, table = ASYNC_GENERATOR_TYPE, more_getsets = &super::methods::NAMES)]
impl AsyncGenerator {
    #[pyslot]
    fn del(th: &mut Thread, this: Value) -> Result<()> {
        super::finalize::finalize(th, this)
    }

    #[pyslot]
    fn aiter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn anext(th: &mut Thread, this: Value) -> Result {
        let none = th.none();
        match this.downcast::<Generator>() {
            Some(g) => async_send(th, g, none),
            None => Ok(this),
        }
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        super::methods::repr_of(th, this)
    }

    /// asend(v) -> send 'v' in generator.
    #[pymethod]
    fn asend(th: &mut Thread, this: Gc<Generator>, value: Value) -> Result {
        async_send(th, this, value)
    }

    /// athrow(value)
    /// athrow(type[,value[,tb]])
    ///
    /// raise exception in generator.
    /// the (type, val, tb) signature is deprecated,
    /// and may be removed in a future version of Python.
    #[pymethod(sig = "(typ, val=None, tb=None, /)")]
    fn athrow(
        th: &mut Thread,
        this: Gc<Generator>,
        typ: Value,
        val: Option<Value>,
        tb: Option<Value>,
    ) -> Result {
        if val.is_some() {
            super::methods::warn_signature(th, "athrow")?;
        }
        let args = [typ, th.or_none(val), th.or_none(tb)];
        let args = th.new_tuple(&args).value();
        async_throw(th, this, Some(args))
    }

    /// aclose() -> raise GeneratorExit inside generator.
    #[pymethod]
    fn aclose(th: &mut Thread, this: Gc<Generator>) -> Result {
        async_throw(th, this, None)
    }

    #[pygetter(member)]
    fn ag_running(_: &mut Thread, this: Gc<Generator>) -> bool {
        this.running_async.get()
    }

    #[pygetter]
    fn ag_suspended(_: &mut Thread, this: Gc<Generator>) -> bool {
        Generator::is_at_yield(this)
    }

    /// object being awaited on, or None
    #[pygetter]
    fn ag_await(_: &mut Thread, this: Gc<Generator>) -> Option<Value> {
        Generator::awaited(this)
    }

    #[pygetter]
    fn ag_frame(th: &mut Thread, this: Gc<Generator>) -> Option<Value> {
        super::methods::frame_of(th, this)
    }

    #[pygetter]
    fn ag_code(_: &mut Thread, this: Gc<Generator>) -> Value {
        this.code().value()
    }
}

/// Awaitable of `anext(it, default)`.
#[repr(C)]
#[derive(NativeObject)]
pub struct NextOrDefault {
    head: NativeHeader,
    wrapped: Value,
    default: Value,
}

/// `anext(it, default)`, of what `__anext__` gave.
pub fn next_or_default(th: &mut Thread, wrapped: Value, default: Value) -> Value {
    th.new_native(&NEXT_OR_DEFAULT, |head| NextOrDefault {
        head,
        wrapped,
        default,
    })
    .value()
}

impl NextOrDefault {
    fn inner(&self, th: &mut Thread) -> Result {
        let a = awaitable(th, self.wrapped, 0)?;
        // A coroutine is iterated as it is.
        Ok(a)
    }

    fn or_default(&self, th: &mut Thread, r: Result) -> Result {
        match r {
            Err(_) if th.pending_matches(ExceptionClass::StopAsyncIteration) => {
                th.clear_pending();
                Err(th.stop_iteration(Some(self.default)))
            }
            r => r,
        }
    }

    fn send(&self, th: &mut Thread, v: Value) -> Result {
        let inner = match self.inner(th) {
            Ok(i) => i,
            Err(e) => return self.or_default(th, Err(e)),
        };
        let r = match super::delegate(th, inner, v) {
            Ok(Sent::Yielded(v)) => Ok(v),
            Ok(Sent::Returned(v)) => {
                let v = th.not_none(Some(v));
                Err(th.stop_iteration(v))
            }
            Err(e) => Err(e),
        };
        self.or_default(th, r)
    }
}

#[pytype(name = "anext_awaitable", table = NEXT_OR_DEFAULT)]
impl NextOrDefault {
    #[pyslot]
    fn await_(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        let Some(a) = this.downcast::<NextOrDefault>() else {
            return Ok(None);
        };
        let none = th.none();
        a.send(th, none).map(Some)
    }

    #[pymethod(name = "send")]
    fn py_send(th: &mut Thread, this: Gc<NextOrDefault>, value: Value) -> Result {
        this.send(th, value)
    }

    #[pymethod(raw)]
    fn throw(th: &mut Thread, args: crate::call::Args<'_>) -> Result {
        let this = args.values.first().copied().unwrap_or(th.none());
        let a = th.expect_native::<NextOrDefault>(this, "anext_awaitable")?;
        let inner = a.inner(th)?;
        let f = th.get_attr_str(inner, "throw")?;
        let r = th.call_args(f, args.skip_first());
        a.or_default(th, r)
    }

    #[pymethod]
    fn close(th: &mut Thread, this: Gc<NextOrDefault>) -> Result {
        let inner = this.inner(th)?;
        let r = th.call_method_str(inner, "close", &[]);
        this.or_default(th, r)
    }
}

impl Thread {
    /// A receiver of a raw method.
    fn expect_native<O: crate::object::NativeObject>(
        &mut self,
        v: Value,
        name: &str,
    ) -> Result<Gc<O>> {
        match v.downcast::<O>() {
            Some(o) => Ok(o),
            None => {
                let got = self.type_name(v);
                Err(self.type_error(format!("expected {name}, got {got}")))
            }
        }
    }
}

/// A step of an awaitable of this module; None when it is something else.
pub(super) fn step(th: &mut Thread, it: Value, v: Value) -> Option<Result<Sent>> {
    if let Some(a) = it.downcast::<AsyncSend>() {
        return Some(a.send(th, v));
    }
    it.downcast::<AsyncThrow>().map(|a| a.send(th, v))
}

/// A throw into an awaitable of this module; None when it is something else.
pub(super) fn throw_step(th: &mut Thread, it: Value, e: Value) -> Option<Result<Sent>> {
    if let Some(a) = it.downcast::<AsyncSend>() {
        return Some(a.throw(th, e));
    }
    it.downcast::<AsyncThrow>().map(|a| a.throw(th, e))
}
