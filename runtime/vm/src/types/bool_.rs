//! `bool`: the two instances are made with the interpreter.

use crate::Thread;
use crate::object::{Gc, Result, Value};
use crate::pytype;
use crate::types::type_::Type;

/// The type's methods hang here; instances have int's layout.
pub struct Bool;

/// Returns True when the argument is true, False otherwise.
#[pytype(name = "bool", base = crate::types::int::TYPE, payload = none)]
impl Bool {
    #[pynew(sig = "(object=False, /)")]
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
}
