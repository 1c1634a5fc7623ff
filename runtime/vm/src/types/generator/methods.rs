//! What Python sees of generators, coroutines and async generators.

use super::{Generator, Sent, State, close, send, throw_into};
use crate::Thread;
use crate::object::{Gc, NativeHeader, Result, Value};
use crate::types::T;
use crate::{NativeObject, pytype};

/// A value yielded by an async generator (as opposed to one awaited through it).
#[repr(C)]
#[derive(NativeObject)]
pub struct WrappedValue {
    head: NativeHeader,
    /// The value.
    pub value: Value,
}

#[pytype(name = "async_generator_wrapped_value", table = WRAPPED_TYPE)]
impl WrappedValue {}

/// Marks a value as yielded by an async generator.
pub fn wrap(th: &mut Thread, v: Value) -> Value {
    th.new_native(&WRAPPED_TYPE, |head| WrappedValue { head, value: v })
        .value()
}

fn sent(th: &mut Thread, r: Sent) -> Result {
    match r {
        Sent::Yielded(v) => Ok(v),
        Sent::Returned(v) => {
            let v = th.not_none(Some(v));
            Err(th.stop_iteration(v))
        }
    }
}

/// The exception instance that throw()'s arguments mean.
pub fn thrown(th: &mut Thread, typ: Value, value: Option<Value>, tb: Option<Value>) -> Result {
    let value = th.not_none(value);
    let e = match (typ.downcast::<crate::types::type_::Type>(), value) {
        (Some(_), Some(v)) if crate::types::exception::of(v).is_some() => v,
        (Some(_), Some(v)) => match v.downcast::<crate::types::tuple::Tuple>() {
            Some(t) => th.call(typ, t.as_slice())?,
            None => th.call(typ, &[v])?,
        },
        (None, Some(_)) if crate::types::exception::of(typ).is_some() => {
            return Err(th.type_error("instance exception may not have a separate value"));
        }
        _ => {
            let t = th.type_name(typ);
            crate::interp::ops::except::instance(
                th,
                typ,
                &format!(
                    "exceptions must be classes or instances deriving from BaseException, not {t}"
                ),
            )?
        }
    };
    if let (Some(x), Some(tb)) = (crate::types::exception::of(e), th.not_none(tb)) {
        x.traceback.set(x.header(), tb);
    }
    Ok(e)
}

fn qualname(g: Gc<Generator>) -> String {
    g.qualname
        .get()
        .and_then(crate::types::str_::text)
        .unwrap_or_default()
}

#[pytype(name = "generator", flags = HAS_WEAKREF)]
impl Generator {
    #[pygetter]
    fn gi_frame(
        th: &mut Thread,
        this: Gc<Generator>,
    ) -> Option<Gc<crate::types::frame::FrameObject>> {
        crate::types::frame::of_generator(th, this)
    }

    #[pyslot]
    fn del(th: &mut Thread, this: Value) -> Result<()> {
        super::finalize::finalize(th, this)
    }

    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        let Some(g) = this.downcast::<Generator>() else {
            return Ok(None);
        };
        let none = th.none();
        match send(th, g, none)? {
            Sent::Yielded(v) => Ok(Some(v)),
            Sent::Returned(v) if th.is_none(v) => Ok(None),
            Sent::Returned(v) => Err(th.stop_iteration(Some(v))),
        }
    }

    /// send(value) -> send 'value' into generator, return next yielded value or raise StopIteration.
    #[pymethod(name = "send")]
    fn py_send(th: &mut Thread, this: Gc<Generator>, value: Value) -> Result {
        let r = send(th, this, value)?;
        sent(th, r)
    }

    /// throw(value): raise exception in generator, return next yielded value or raise StopIteration.
    #[pymethod(sig = "(typ, val=None, tb=None, /)")]
    fn throw(
        th: &mut Thread,
        this: Gc<Generator>,
        typ: Value,
        val: Option<Value>,
        tb: Option<Value>,
    ) -> Result {
        let e = thrown(th, typ, val, tb)?;
        let r = throw_into(th, this, e)?;
        sent(th, r)
    }

    /// close() -> raise GeneratorExit inside generator.
    #[pymethod(name = "close")]
    fn py_close(th: &mut Thread, this: Gc<Generator>) -> Result {
        close(th, this)
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let Some(g) = this.downcast::<Generator>() else {
            return Ok(this);
        };
        let (q, t) = (qualname(g), th.type_name(this));
        Ok(th
            .new_str(&format!("<{t} object {q} at {:#x}>", this.bits()))
            .value())
    }

    #[pygetter(name = "__name__")]
    fn get_name(_: &mut Thread, this: Gc<Generator>) -> Option<Value> {
        this.name.get()
    }

    #[pygetter(name = "__qualname__")]
    fn get_qualname(_: &mut Thread, this: Gc<Generator>) -> Option<Value> {
        this.qualname.get()
    }

    #[pygetter]
    fn gi_running(_: &mut Thread, this: Gc<Generator>) -> bool {
        this.state.get() == State::Running
    }

    #[pygetter]
    fn gi_suspended(_: &mut Thread, this: Gc<Generator>) -> bool {
        this.state.get() == State::Suspended
    }

    #[pygetter]
    fn gi_yieldfrom(_: &mut Thread, this: Gc<Generator>) -> Option<Value> {
        this.delegate()
    }

    #[pygetter]
    fn gi_code(_: &mut Thread, this: Gc<Generator>) -> Result {
        Ok(this.code().value())
    }
}

/// `coroutine`'s methods hang here.
pub struct Coroutine;

#[pytype(name = "coroutine", payload = Generator, flags = HAS_WEAKREF, table = COROUTINE_TYPE)]
impl Coroutine {
    #[pygetter]
    fn cr_frame(
        th: &mut Thread,
        this: Gc<Generator>,
    ) -> Option<Gc<crate::types::frame::FrameObject>> {
        crate::types::frame::of_generator(th, this)
    }

    #[pyslot]
    fn del(th: &mut Thread, this: Value) -> Result<()> {
        super::finalize::finalize(th, this)
    }

    #[pymethod]
    fn send(th: &mut Thread, this: Gc<Generator>, value: Value) -> Result {
        let r = send(th, this, value)?;
        sent(th, r)
    }

    #[pymethod(sig = "(typ, val=None, tb=None, /)")]
    fn throw(
        th: &mut Thread,
        this: Gc<Generator>,
        typ: Value,
        val: Option<Value>,
        tb: Option<Value>,
    ) -> Result {
        Generator::throw(th, this, typ, val, tb)
    }

    #[pymethod]
    fn close(th: &mut Thread, this: Gc<Generator>) -> Result {
        close(th, this)
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        Generator::repr(th, this)
    }
}

/// `async_generator`'s methods hang here.
pub struct AsyncGenerator;

#[pytype(name = "async_generator", payload = Generator, flags = HAS_WEAKREF, table = ASYNC_GENERATOR_TYPE)]
impl AsyncGenerator {
    #[pygetter]
    fn ag_frame(
        th: &mut Thread,
        this: Gc<Generator>,
    ) -> Option<Gc<crate::types::frame::FrameObject>> {
        crate::types::frame::of_generator(th, this)
    }

    #[pyslot]
    fn del(th: &mut Thread, this: Value) -> Result<()> {
        super::finalize::finalize(th, this)
    }

    #[pyslot]
    fn aiter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        Generator::repr(th, this)
    }
}

#[allow(dead_code)]
const _: T = T::Generator;
