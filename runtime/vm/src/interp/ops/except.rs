//! `raise`, `except`, `except*`, `with`.

use crate::Thread;
use crate::object::{Raised, Result, Value};
use crate::types::ExceptionClass;
use crate::types::exception::Exception;
use crate::types::tuple::Tuple;
use crate::types::type_::Type;

/// An exception instance from what `raise` was given. Raises TypeError for other things.
pub fn instance(th: &mut Thread, v: Value, what: &str) -> Result {
    if v.downcast::<Exception>().is_some() {
        return Ok(v);
    }
    if let Some(t) = v.downcast::<Type>()
        && t.is_subtype(th.vm().exception_class(ExceptionClass::BaseException))
    {
        let e = th.call(v, &[])?;
        if e.downcast::<Exception>().is_some() {
            return Ok(e);
        }
        let (t, got) = (th.repr_lossy(v), th.class_of(e));
        let got = th.repr_lossy(got.value());
        return Err(th.type_error(format!(
            "calling {t} should have returned an instance of BaseException, not {got}"
        )));
    }
    Err(th.type_error(what))
}

/// `raise e`, `raise e from c`
pub fn raise(th: &mut Thread, e: Value, cause: Option<Value>) -> Raised {
    let e = match instance(th, e, "exceptions must derive from BaseException") {
        Ok(e) => e,
        Err(r) => return r,
    };
    if let Some(c) = cause
        && let Some(x) = e.downcast::<Exception>()
    {
        let c = if th.is_none(c) {
            None
        } else {
            match instance(th, c, "exception causes must derive from BaseException") {
                Ok(c) => Some(c),
                Err(r) => return r,
            }
        };
        x.cause.set_option(x.header(), c);
        x.suppress_context.set(true);
    }
    th.raise_value(e)
}

/// Bare `raise`: true when the handled exception is pending again.
pub fn raise_current(th: &mut Thread) -> bool {
    match th.handled.get() {
        Some(e) => {
            th.pending.set(Some(e));
            true
        }
        None => {
            th.runtime_error("No active exception to reraise");
            false
        }
    }
}

fn check_class(th: &mut Thread, c: Value) -> Result<()> {
    let base = th.vm().exception_class(ExceptionClass::BaseException);
    if c.downcast::<Type>().is_some_and(|t| t.is_subtype(base)) {
        return Ok(());
    }
    Err(th.type_error("catching classes that do not inherit from BaseException is not allowed"))
}

/// `MatchException`
pub fn matches(th: &mut Thread, e: Value, class: Value) -> Result<bool> {
    let c = th.class_of(e);
    if let Some(t) = class.downcast::<Tuple>() {
        for k in t.as_slice() {
            check_class(th, *k)?;
        }
        return Ok(t
            .as_slice()
            .iter()
            .any(|k| k.downcast::<Type>().is_some_and(|k| c.is_subtype(k))));
    }
    check_class(th, class)?;
    Ok(class.downcast::<Type>().is_some_and(|k| c.is_subtype(k)))
}
