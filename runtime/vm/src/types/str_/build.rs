//! Concatenation of many strings in one step.

use super::{Str, Width, widen_into};
use crate::Thread;
use crate::object::{Gc, Result, Value};

/// Why parts cannot be put together.
pub(super) enum Refused {
    /// The part at an index is no string.
    NotStr(usize),
    /// Memory is exhausted.
    Memory,
}

/// The text of parts that are all strings, with `sep` between them.
pub(super) fn concat(
    th: &mut Thread,
    parts: &[Value],
    sep: Option<Gc<Str>>,
) -> std::result::Result<Gc<Str>, Refused> {
    let (mut len, mut width) = (0usize, Width::Ascii);
    for (i, p) in parts.iter().enumerate() {
        let s = p.downcast::<Str>().ok_or(Refused::NotStr(i))?;
        // So many code points that their sum overflows are not in memory, but may be counted twice.
        len = len.saturating_add(s.len());
        width = width.max(s.width());
    }
    if let (Some(sep), 2..) = (sep, parts.len()) {
        len = len.saturating_add(sep.len().saturating_mul(parts.len() - 1));
        width = width.max(sep.width());
    }
    let made = th.str_build(width, len, |dst| {
        if width.bytes() == 1 {
            return fill_narrow(dst, parts, sep);
        }
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
    });
    made.ok_or(Refused::Memory)
}

/// Writes parts of one byte a unit.
fn fill_narrow(dst: &mut [u8], parts: &[Value], sep: Option<Gc<Str>>) {
    let sep = sep.as_ref().map_or(&[][..], |sep| sep.raw_bytes());
    let mut at = 0;
    let mut put = |bytes: &[u8]| {
        dst[at..at + bytes.len()].copy_from_slice(bytes);
        at += bytes.len();
    };
    for (i, p) in parts.iter().enumerate() {
        if i > 0 && !sep.is_empty() {
            put(sep);
        }
        if let Some(s) = p.downcast::<Str>() {
            put(s.raw_bytes());
        }
    }
}

/// Concatenation of strings (f-strings). Raises TypeError for others, MemoryError.
pub fn concat_all(th: &mut Thread, parts: &[Value]) -> Result {
    match concat(th, parts, None) {
        Ok(s) => Ok(s.value()),
        Err(Refused::NotStr(i)) => {
            let got = th.type_name(parts[i]);
            Err(th.type_error(format!("sequence item: expected str instance, {got} found")))
        }
        Err(Refused::Memory) => Err(th.memory_error()),
    }
}
