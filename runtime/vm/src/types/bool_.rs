//! `bool`: the two instances are made with the interpreter.

use crate::Thread;
use crate::object::{Gc, Result, Value};
use crate::pytype;
use crate::types::ExceptionClass;
use crate::types::int::ops;
use crate::types::type_::Type;

/// The type's methods hang here; instances have int's layout.
pub struct Bool;

/// The truth of a value that is True or False; None for anything else.
fn truth(th: &Thread, v: Value) -> Option<bool> {
    if v.is(th.bool(true)) {
        Some(true)
    } else if v.is(th.bool(false)) {
        Some(false)
    } else {
        None
    }
}

/// Returns True when the argument is true, False otherwise.
/// The builtins True and False are the only two instances of the class bool.
/// The class bool is a subclass of the class int, and cannot be subclassed.
#[pytype(name = "bool", base = crate::types::int::TYPE, payload = none, flags = MATCH_SELF)]
impl Bool {
    #[pynew(name = "bool", sig = "(object=False, /)")]
    fn new(th: &mut Thread, _class: Gc<Type>, object: Option<Value>) -> Result {
        let b = match object {
            Some(v) => th.truth(v)?,
            None => false,
        };
        Ok(th.bool(b))
    }

    #[pyslot]
    fn repr(th: &mut Thread, v: Value) -> Result {
        let text = if v.is(th.bool(true)) { "True" } else { "False" };
        Ok(th.intern(text).value())
    }

    #[pyslot]
    fn and(th: &mut Thread, a: Value, b: Value) -> Result {
        match (truth(th, a), truth(th, b)) {
            (Some(x), Some(y)) => Ok(th.bool(x & y)),
            _ => ops::and(th, a, b),
        }
    }

    #[pyslot]
    fn or(th: &mut Thread, a: Value, b: Value) -> Result {
        match (truth(th, a), truth(th, b)) {
            (Some(x), Some(y)) => Ok(th.bool(x | y)),
            _ => ops::or(th, a, b),
        }
    }

    #[pyslot]
    fn xor(th: &mut Thread, a: Value, b: Value) -> Result {
        match (truth(th, a), truth(th, b)) {
            (Some(x), Some(y)) => Ok(th.bool(x ^ y)),
            _ => ops::xor(th, a, b),
        }
    }

    #[pyslot]
    fn invert(th: &mut Thread, v: Value) -> Result {
        crate::exceptions::warn(
            th,
            ExceptionClass::DeprecationWarning,
            "Bitwise inversion '~' on bool is deprecated and will be removed in Python 3.16. This returns the bitwise inversion of the underlying int object and is usually not what you expect from negating a bool. Use the 'not' operator for boolean negation or ~int(x) if you really want the bitwise inversion of the underlying int.",
            1,
        )?;
        ops::invert(th, v)
    }
}
