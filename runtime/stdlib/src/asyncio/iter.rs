//! The iterator that awaiting a future gives: it yields the future once, then its result.

use taipan_vm::object::{Gc, GcSlot, NativeHeader, Result, Value};
use taipan_vm::types::generator::Sent;
use taipan_vm::types::generator::methods::{thrown, warn_signature};
use taipan_vm::types::type_::Type;
use taipan_vm::types::{ExceptionClass, T};
use taipan_vm::{NativeObject, Thread, pytype};

use super::future::Future;

/// An `await` of a future that is under way.
#[repr(C)]
#[derive(NativeObject)]
pub struct FutureIter {
    head: NativeHeader,
    future: GcSlot<Future>,
}

/// The iterator of a future.
pub fn new(th: &mut Thread, future: Gc<Future>) -> Value {
    th.new_native(&ITER, |head| FutureIter {
        head,
        future: GcSlot::new(future),
    })
    .value()
}

fn advance(th: &mut Thread, it: &FutureIter) -> Result<Sent> {
    let Some(f) = it.future.get() else {
        return Ok(Sent::Returned(th.none()));
    };
    if f.is_done() {
        it.future.clear();
        return Future::get_result(f, th).map(Sent::Returned);
    }
    if f.blocking.get() {
        return Err(th.runtime_error("await wasn't used with future"));
    }
    f.blocking.set(true);
    Ok(Sent::Yielded(f.value()))
}

#[pytype(name = "FutureIter", module = "_asyncio", flags = NO_INSTANTIATION, table = ITER)]
impl FutureIter {
    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        let Some(it) = this.downcast::<FutureIter>() else {
            return Ok(None);
        };
        match advance(th, &it)? {
            Sent::Yielded(v) => Ok(Some(v)),
            Sent::Returned(v) if th.is_none(v) => Ok(None),
            Sent::Returned(v) => Err(th.stop_iteration(Some(v))),
        }
    }

    #[pyslot]
    fn slot_send(th: &mut Thread, this: Value, _: Value) -> Result<Sent> {
        match this.downcast::<FutureIter>() {
            Some(it) => advance(th, &it),
            None => Ok(Sent::Returned(th.none())),
        }
    }

    /// Resume the iterator; the value is not used.
    #[pymethod]
    fn send(th: &mut Thread, this: Gc<FutureIter>, _value: Value) -> Result {
        match advance(th, &this)? {
            Sent::Yielded(v) => Ok(v),
            Sent::Returned(v) => {
                let v = th.not_none(Some(v));
                Err(th.stop_iteration(v))
            }
        }
    }

    /// Raise an exception, and forget the future.
    #[pymethod(sig = "(typ, val=None, tb=None, /)")]
    fn throw(
        th: &mut Thread,
        this: Gc<FutureIter>,
        typ: Value,
        val: Option<Value>,
        tb: Option<Value>,
    ) -> Result {
        if val.is_some() {
            warn_signature(th, "throw")?;
        }
        let traceback = th.not_none(tb);
        if traceback.is_some_and(|t| !th.is_exact(t, T::Traceback)) {
            return Err(th.type_error("throw() third argument must be a traceback"));
        }
        let base = th.vm().exception_class(ExceptionClass::BaseException);
        let fits = match typ.downcast::<Type>() {
            Some(class) => class.is_subtype(base) || class.is(base),
            None => taipan_vm::types::exception::of(typ).is_some(),
        };
        if !fits {
            return Err(th.type_error(
                "exceptions must be classes deriving BaseException or instances of such a class",
            ));
        }
        let e = thrown(th, typ, val, tb)?;
        this.future.clear();
        Err(th.reraise(e))
    }

    /// Forget the future.
    #[pymethod]
    fn close(_: &mut Thread, this: Gc<FutureIter>) {
        this.future.clear();
    }
}
