//! The `str` type as Python sees it.

use super::Str;
use crate::Thread;
use crate::object::slots::CompareOp;
use crate::object::{Gc, Result, Value};
use crate::pytype;
use crate::types::type_::Type;

/// Is it a valid identifier?
pub fn is_identifier(s: &str) -> bool {
    let mut c = s.chars();
    c.next().is_some_and(|c| c == '_' || c.is_alphabetic())
        && c.all(|c| c == '_' || c.is_alphanumeric())
}

/// Non-ASCII characters as escapes.
pub fn to_ascii(th: &mut Thread, s: Gc<Str>) -> Gc<Str> {
    let mut out = String::new();
    for c in s.code_points() {
        match c {
            0..0x80 => out.push(c as u8 as char),
            0x80..0x100 => out.push_str(&format!("\\x{c:02x}")),
            0x100..0x10000 => out.push_str(&format!("\\u{c:04x}")),
            _ => out.push_str(&format!("\\U{c:08x}")),
        }
    }
    th.new_str(&out)
}

/// str(object='') -> str
#[pytype(name = "str", flags = BASETYPE | MATCH_SELF)]
impl Str {
    #[pynew(sig = "(object='', encoding='utf-8', errors='strict')")]
    fn new(
        th: &mut Thread,
        class: Gc<Type>,
        object: Option<Value>,
        encoding: Option<Value>,
        errors: Option<Value>,
    ) -> Result {
        let _ = (encoding, errors);
        let s = match object {
            Some(v) => th.str(v)?,
            None => th.empty_str(),
        };
        match th.str_of_class(class, s) {
            Some(s) => Ok(s.value()),
            None => Err(th.memory_error()),
        }
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let s = th.expect::<Str>(this)?;
        let mut out = String::from("'");
        for c in s.code_points() {
            match char::from_u32(c) {
                Some('\'') => out.push_str("\\'"),
                Some('\n') => out.push_str("\\n"),
                Some('\\') => out.push_str("\\\\"),
                Some(c) => out.push(c),
                None => out.push_str(&format!("\\u{c:04x}")),
            }
        }
        out.push('\'');
        Ok(th.new_str(&out).value())
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
