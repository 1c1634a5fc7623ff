//! What Python sees of coroutines, and the iterator that `__await__` gives.

use super::methods::{self, NAMES, sent};
use super::{Generator, close, send};
use crate::Thread;
use crate::object::{Gc, NativeHeader, Result, Value};
use crate::{NativeObject, pytype};

/// `coroutine`'s methods hang here.
pub struct Coroutine;

#[pytype(name = "coroutine", payload = Generator, flags = HAS_WEAKREF, table = COROUTINE_TYPE, more_getsets = &NAMES)]
impl Coroutine {
    #[pyslot]
    fn del(th: &mut Thread, this: Value) -> Result<()> {
        super::finalize::finalize(th, this)
    }

    #[pyslot]
    fn await_(th: &mut Thread, this: Value) -> Result {
        match this.downcast::<Generator>() {
            Some(coroutine) => Ok(th
                .new_native(&WRAPPER, |head| CoroutineWrapper { head, coroutine })
                .value()),
            None => Ok(this),
        }
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        methods::repr_of(th, this)
    }

    /// send(arg) -> send 'arg' into coroutine,
    /// return next yielded value or raise StopIteration.
    #[pymethod(name = "send")]
    fn py_send(th: &mut Thread, this: Gc<Generator>, value: Value) -> Result {
        let r = send(th, this, value)?;
        sent(th, r)
    }

    /// throw(value)
    /// throw(type[,value[,traceback]])
    ///
    /// Raise exception in coroutine, return next yielded value or raise
    /// StopIteration.
    /// the (type, val, tb) signature is deprecated,
    /// and may be removed in a future version of Python.
    #[pymethod(sig = "(typ, val=None, tb=None, /)")]
    fn throw(
        th: &mut Thread,
        this: Gc<Generator>,
        typ: Value,
        val: Option<Value>,
        tb: Option<Value>,
    ) -> Result {
        methods::throw(th, this, typ, val, tb)
    }

    /// close() -> raise GeneratorExit inside coroutine.
    #[pymethod(name = "close")]
    fn py_close(th: &mut Thread, this: Gc<Generator>) -> Result {
        close(th, this)
    }

    /// object being awaited on, or None
    #[pygetter]
    fn cr_await(_: &mut Thread, this: Gc<Generator>) -> Option<Value> {
        Generator::awaited(this)
    }

    #[pygetter]
    fn cr_running(_: &mut Thread, this: Gc<Generator>) -> bool {
        Generator::is_running(this)
    }

    #[pygetter]
    fn cr_suspended(_: &mut Thread, this: Gc<Generator>) -> bool {
        Generator::is_at_yield(this)
    }

    #[pygetter]
    fn cr_frame(th: &mut Thread, this: Gc<Generator>) -> Option<Value> {
        methods::frame_of(th, this)
    }

    #[pygetter]
    fn cr_code(_: &mut Thread, this: Gc<Generator>) -> Value {
        this.code().value()
    }

    #[pygetter]
    fn cr_origin(_: &mut Thread, this: Gc<Generator>) -> Option<Value> {
        this.extra.get()
    }
}

/// Iterates over a coroutine, for objects whose `__await__` delegates to one.
#[repr(C)]
#[derive(NativeObject)]
pub struct CoroutineWrapper {
    head: NativeHeader,
    coroutine: Gc<Generator>,
}

/// A wrapper object implementing __await__ for coroutines.
#[pytype(name = "coroutine_wrapper", table = WRAPPER)]
impl CoroutineWrapper {
    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        match this.downcast::<CoroutineWrapper>() {
            Some(w) => Generator::next(th, w.coroutine.value()),
            None => Ok(None),
        }
    }

    /// send(arg) -> send 'arg' into coroutine,
    /// return next yielded value or raise StopIteration.
    #[pymethod(name = "send")]
    fn py_send(th: &mut Thread, this: Gc<CoroutineWrapper>, value: Value) -> Result {
        Coroutine::py_send(th, this.coroutine, value)
    }

    /// Raise exception in coroutine, return next yielded value or raise StopIteration.
    #[pymethod(sig = "(typ, val=None, tb=None, /)")]
    fn throw(
        th: &mut Thread,
        this: Gc<CoroutineWrapper>,
        typ: Value,
        val: Option<Value>,
        tb: Option<Value>,
    ) -> Result {
        methods::throw(th, this.coroutine, typ, val, tb)
    }

    /// close() -> raise GeneratorExit inside coroutine.
    #[pymethod(name = "close")]
    fn py_close(th: &mut Thread, this: Gc<CoroutineWrapper>) -> Result {
        close(th, this.coroutine)
    }
}

/// The coroutine behind a wrapper.
pub(super) fn unwrapped(v: Value) -> Option<Gc<Generator>> {
    v.downcast::<CoroutineWrapper>().map(|w| w.coroutine)
}

/// `cr_origin` of a coroutine that is being made: file, line and name of the frames that make it.
pub(super) fn origin(th: &mut Thread) -> Option<Value> {
    let wanted = th.coroutine_origin_depth.get();
    if wanted == 0 {
        return None;
    }
    let out = crate::ValueVec::new();
    for depth in 1..=wanted {
        let Some(frame) = th.stacks.at(depth) else {
            break;
        };
        let (code, line) = (frame.code, frame.code.line_at(frame.word()));
        let file = code.filename.get().map_or(th.none(), Gc::value);
        let name = th.intern(&code.data.name).value();
        let line = th.int(line as i64);
        let entry = th.new_tuple(&[file, line, name]).value();
        th.push(&out, entry).ok()?;
    }
    Some(th.new_tuple(out.as_slice()).value())
}
