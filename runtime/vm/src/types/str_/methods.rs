//! The `str` type as Python sees it: its slots. Methods are in the files beside.

use super::Str;
use super::{
    case, construct, format, join, pad, percent, search, split, strip, subscript, translate,
};
use crate::Thread;
use crate::format::repr::{ascii_of_repr, repr_text};
use crate::object::slots::CompareOp;
use crate::object::{Gc, Result, Value};
use crate::pytype;
use crate::types::type_::Type;
use crate::unicode::Text;
use crate::unicode::types::{Predicate, text_is};

/// Is it a valid identifier?
pub fn is_identifier(s: &str) -> bool {
    text_is(Text::from(s).as_ref(), Predicate::Identifier)
}

/// Non-ASCII characters as escapes.
pub fn to_ascii(th: &mut Thread, s: Gc<Str>) -> Gc<Str> {
    if s.as_ascii().is_some() {
        return s;
    }
    th.str_from_text(&ascii_of_repr(s.text_ref()))
}

/// str(object='') -> str
/// str(bytes_or_buffer[, encoding[, errors]]) -> str
///
/// Create a new string object from the given object. If encoding or
/// errors is specified, then the object must expose a data buffer
/// that will be decoded using the given encoding and error handler.
/// Otherwise, returns the result of object.__str__() (if defined)
/// or repr(object).
/// encoding defaults to 'utf-8'.
/// errors defaults to 'strict'.
#[pytype(
    name = "str",
    flags = BASETYPE | MATCH_SELF,
    more = [
        &search::METHODS,
        &split::METHODS,
        &join::METHODS,
        &strip::METHODS,
        &pad::METHODS,
        &case::METHODS,
        &translate::METHODS,
        &format::METHODS,
        &construct::METHODS
    ]
)]
impl Str {
    #[pynew(sig = "(object='', encoding='utf-8', errors='strict')")]
    fn new(
        th: &mut Thread,
        class: Gc<Type>,
        object: Option<Value>,
        encoding: Option<Gc<Str>>,
        errors: Option<Gc<Str>>,
    ) -> Result {
        construct::new(th, class, object, encoding, errors)
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let s = th.expect::<Str>(this)?;
        Ok(th.str_from_text(&repr_text(s.text_ref())).value())
    }

    #[pyslot]
    fn str_(th: &mut Thread, this: Value) -> Result {
        let s = th.expect::<Str>(this)?;
        Ok(th.substring(s, 0, s.len()).value())
    }

    #[pyslot]
    fn slot_hash(th: &mut Thread, this: Value) -> Result<i64> {
        Ok(th.expect::<Str>(this)?.hash(th))
    }

    #[pyslot]
    fn slot_len(th: &mut Thread, this: Value) -> Result<usize> {
        Ok(th.expect::<Str>(this)?.len())
    }

    #[pyslot]
    fn iter(th: &mut Thread, this: Value) -> Result {
        let s = th.expect::<Str>(this)?;
        Ok(crate::types::iterators::str_iterator(th, s))
    }

    #[pyslot]
    fn getitem(th: &mut Thread, this: Value, key: Value) -> Result {
        let s = th.expect::<Str>(this)?;
        subscript::get(th, s, key)
    }

    #[pyslot]
    fn contains(th: &mut Thread, this: Value, item: Value) -> Result<bool> {
        let s = th.expect::<Str>(this)?;
        match item.downcast::<Str>() {
            Some(t) => Ok(search::contains(&s, &t)),
            None => {
                let got = th.type_name(item);
                Err(th.type_error(format!(
                    "'in <string>' requires string as left operand, not {got}"
                )))
            }
        }
    }

    #[pyslot]
    fn repeat(th: &mut Thread, this: Value, n: isize) -> Result {
        let s = th.expect::<Str>(this)?;
        subscript::repeat(th, s, n)
    }

    #[pyslot]
    fn remainder(th: &mut Thread, this: Value, values: Value) -> Result {
        match this.downcast::<Str>() {
            Some(s) => Ok(percent::format(th, s, values)?.value()),
            None => Ok(th.not_implemented()),
        }
    }

    #[pyslot]
    fn concat(th: &mut Thread, this: Value, other: Value) -> Result {
        let a = th.expect::<Str>(this)?;
        let Some(b) = other.downcast::<Str>() else {
            let got = th.type_name(other);
            return Err(th.type_error(format!("can only concatenate str (not \"{got}\") to str")));
        };
        match th.concat_str(a, b) {
            Some(s) => Ok(s.value()),
            None => Err(th.memory_error()),
        }
    }

    #[pyslot]
    fn richcompare(th: &mut Thread, this: Value, other: Value, op: CompareOp) -> Result {
        let (Some(a), Some(b)) = (this.downcast::<Str>(), other.downcast::<Str>()) else {
            return Ok(th.not_implemented());
        };
        Ok(match op {
            CompareOp::Eq => th.bool(a.same_text(&b)),
            CompareOp::Ne => th.bool(!a.same_text(&b)),
            _ => th.bool(op.test(a.compare(&b))),
        })
    }
}
