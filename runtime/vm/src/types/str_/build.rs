//! Concatenation of many strings in one step.

use super::{Str, Width, widen_into};
use crate::Thread;
use crate::object::{Gc, Result, Value};

/// The text of parts that are all strings, with `sep` between them. None when memory is exhausted.
pub(super) fn concat(th: &mut Thread, parts: &[Value], sep: Option<Gc<Str>>) -> Option<Gc<Str>> {
    let (mut len, mut width) = (0usize, Width::Ascii);
    for p in parts {
        let s = p.downcast::<Str>()?;
        len = len.checked_add(s.len())?;
        width = width.max(s.width());
    }
    if let (Some(sep), 2..) = (sep, parts.len()) {
        len = len.checked_add(sep.len().checked_mul(parts.len() - 1)?)?;
        width = width.max(sep.width());
    }
    th.str_build(width, len, |dst| {
        let unit = width.bytes();
        let mut at = 0;
        let mut put = |s: &Str| {
            widen_into(s, width, &mut dst[at..]);
            at += s.len() * unit;
        };
        for (i, p) in parts.iter().enumerate() {
            if let (Some(sep), true) = (&sep, i > 0) {
                put(sep);
            }
            if let Some(s) = p.downcast::<Str>() {
                put(&s);
            }
        }
    })
}

/// Concatenation of strings (f-strings). Raises TypeError for others, MemoryError.
pub fn concat_all(th: &mut Thread, parts: &[Value]) -> Result {
    for p in parts {
        if p.downcast::<Str>().is_none() {
            let got = th.type_name(*p);
            return Err(th.type_error(format!("sequence item: expected str instance, {got} found")));
        }
    }
    match concat(th, parts, None) {
        Some(s) => Ok(s.value()),
        None => Err(th.memory_error()),
    }
}
