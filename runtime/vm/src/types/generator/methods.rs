//! What Python sees of generators; what it shares with coroutines and async generators.

use super::{Generator, Sent, close, send, throw_into};
use crate::Thread;
use crate::object::{Gc, NativeHeader, Result, Value};
use crate::types::ExceptionClass;
use crate::types::T;
use crate::types::str_::Str;
use crate::{NativeObject, pymethods, pytype};

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

pub(super) fn sent(th: &mut Thread, r: Sent) -> Result {
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
    let tb = th.not_none(tb);
    if tb.is_some_and(|t| !th.is_exact(t, T::Traceback)) {
        return Err(th.type_error("throw() third argument must be a traceback object"));
    }
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
    if let (Some(x), Some(tb)) = (crate::types::exception::of(e), tb) {
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

#[pytype(name = "generator", flags = HAS_WEAKREF, more_getsets = &NAMES)]
impl Generator {
    #[pyslot]
    fn del(th: &mut Thread, this: Value) -> Result<()> {
        super::finalize::finalize(th, this)
    }

    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    pub(super) fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
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
        throw(th, this, typ, val, tb)
    }

    /// close() -> raise GeneratorExit inside generator.
    #[pymethod(name = "close")]
    fn py_close(th: &mut Thread, this: Gc<Generator>) -> Result {
        close(th, this)
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        repr_of(th, this)
    }

    #[pygetter]
    fn gi_running(_: &mut Thread, this: Gc<Generator>) -> bool {
        Generator::is_running(this)
    }

    #[pygetter]
    fn gi_suspended(_: &mut Thread, this: Gc<Generator>) -> bool {
        Generator::is_at_yield(this)
    }

    #[pygetter]
    fn gi_yieldfrom(_: &mut Thread, this: Gc<Generator>) -> Option<Value> {
        Generator::awaited(this)
    }

    #[pygetter]
    fn gi_code(_: &mut Thread, this: Gc<Generator>) -> Result {
        Ok(this.code().value())
    }

    #[pygetter]
    fn gi_frame(th: &mut Thread, this: Gc<Generator>) -> Option<Value> {
        frame_of(th, this)
    }
}

/// `throw()` of generators and coroutines.
pub(super) fn throw(
    th: &mut Thread,
    g: Gc<Generator>,
    typ: Value,
    val: Option<Value>,
    tb: Option<Value>,
) -> Result {
    if val.is_some() {
        warn_signature(th, "throw")?;
    }
    let e = thrown(th, typ, val, tb)?;
    let r = throw_into(th, g, e)?;
    sent(th, r)
}

/// The warning for `throw(type, value, traceback)`.
pub fn warn_signature(th: &mut Thread, name: &str) -> Result<()> {
    let message = format!(
        "the (type, exc, tb) signature of {name}() is deprecated, use the single-arg signature instead."
    );
    crate::exceptions::warn(th, ExceptionClass::DeprecationWarning, &message, 1)
}

/// The repr of all three.
pub(super) fn repr_of(th: &mut Thread, this: Value) -> Result {
    let Some(g) = this.downcast::<Generator>() else {
        return Ok(this);
    };
    let (q, t) = (qualname(g), th.type_name(this));
    Ok(th
        .new_str(&format!("<{t} object {q} at {:#x}>", this.bits()))
        .value())
}

/// The frame of a generator that has not ended.
pub(super) fn frame_of(th: &mut Thread, g: Gc<Generator>) -> Option<Value> {
    crate::types::frame::of_generator(th, g).map(Gc::value)
}

/// Names, which all three have.
struct Names;

#[pymethods(table = NO_METHODS, getsets = NAMES)]
impl Names {
    /// name of the generator
    #[pygetter(name = "__name__")]
    fn get_name(_: &mut Thread, this: Gc<Generator>) -> Option<Value> {
        this.name.get()
    }

    #[pysetter(name = "__name__")]
    fn set_name(th: &mut Thread, this: Gc<Generator>, v: Option<Value>) -> Result<()> {
        match v {
            Some(v) if v.downcast::<Str>().is_some() => {
                this.name.set(this.header(), v);
                Ok(())
            }
            _ => Err(th.type_error("__name__ must be set to a string object")),
        }
    }

    /// qualified name of the generator
    #[pygetter(name = "__qualname__")]
    fn get_qualname(_: &mut Thread, this: Gc<Generator>) -> Option<Value> {
        this.qualname.get()
    }

    #[pysetter(name = "__qualname__")]
    fn set_qualname(th: &mut Thread, this: Gc<Generator>, v: Option<Value>) -> Result<()> {
        match v {
            Some(v) if v.downcast::<Str>().is_some() => {
                this.qualname.set(this.header(), v);
                Ok(())
            }
            _ => Err(th.type_error("__qualname__ must be set to a string object")),
        }
    }
}
