//! Indexing, slicing and repetition.

use super::{Str, Units, Width};
use crate::Thread;
use crate::object::{Gc, Result, Value};
use crate::types::slice::{Bounds, Slice};

/// `s[key]`
pub(super) fn get(th: &mut Thread, s: Gc<Str>, key: Value) -> Result {
    if let Some(slice) = key.downcast::<Slice>() {
        let b = slice.bounds(th, s.len())?;
        return Ok(slice_of(th, s, b).value());
    }
    let i = match key.as_int() {
        Some(i) => i,
        None => {
            if th.class_of(key).slots().index.is_none() {
                let got = th.type_name(key);
                return Err(th.type_error(format!("string indices must be integers, not '{got}'")));
            }
            match th.index_i64(key, "") {
                Ok(i) => i,
                Err(e) => {
                    if th.pending_matches(crate::types::ExceptionClass::OverflowError) {
                        th.clear_pending();
                        let got = th.type_name(key);
                        return Err(th.index_error(format!(
                            "cannot fit '{got}' into an index-sized integer"
                        )));
                    }
                    return Err(e);
                }
            }
        }
    };
    let i = if i < 0 { i + s.len() as i64 } else { i };
    match usize::try_from(i).ok().and_then(|i| s.at(i)) {
        Some(c) => Ok(th.str_from_char(c).value()),
        None => Err(th.index_error("string index out of range")),
    }
}

fn slice_of(th: &mut Thread, s: Gc<Str>, b: Bounds) -> Gc<Str> {
    let start = b.start.max(0) as usize;
    if b.step == 1 {
        return th.substring(s, start, start + b.count);
    }
    if b.count == 0 {
        return th.empty_str();
    }
    match s.units() {
        Units::Ascii(t) => {
            let made = th.str_build(Width::Ascii, b.count, |dst| b.copy(t.as_bytes(), dst));
            made.unwrap_or_else(|| th.empty_str())
        }
        Units::Latin1(t) => th.str_from_latin1(&taken(t, b, 0)),
        Units::Ucs2(t) => th.str_from_ucs2(&taken(t, b, 0)),
        Units::Ucs4(t) => th.str_from_code_points(&taken(t, b, 0)),
    }
}

fn taken<U: Copy>(units: &[U], b: Bounds, zero: U) -> Vec<U> {
    let mut out = vec![zero; b.count];
    b.copy(units, &mut out);
    out
}

/// `s * n`
pub(super) fn repeat(th: &mut Thread, s: Gc<Str>, n: isize) -> Result {
    let n = usize::try_from(n).unwrap_or(0);
    if n == 0 || s.is_empty() {
        return Ok(th.empty_str().value());
    }
    if n == 1 {
        return Ok(th.substring(s, 0, s.len()).value());
    }
    let width: Width = s.width();
    let total = s.len().checked_mul(n).filter(|t| *t <= isize::MAX as usize);
    let Some(len) = total else {
        return Err(th.overflow_error("repeated string is too long"));
    };
    let made = th.str_build(width, len, |dst| {
        let src = s.raw_bytes();
        if let [one] = src {
            dst.fill(*one);
            return;
        }
        for part in dst.chunks_exact_mut(src.len()) {
            part.copy_from_slice(src);
        }
    });
    match made {
        Some(s) => Ok(s.value()),
        None => Err(th.memory_error()),
    }
}

/// `s[start:stop]` of an exact string for bounds that are small ints or None; None for others.
pub fn simple_slice(th: &mut Thread, s: Gc<Str>, start: Value, stop: Value) -> Option<Value> {
    let none = th.none();
    let bound = |v: Value, missing: isize| match v.as_int() {
        Some(i) => Some(i as isize),
        None => v.is(none).then_some(missing),
    };
    let (start, stop) = (bound(start, 0)?, bound(stop, isize::MAX)?);
    let b = crate::types::slice::adjust(start, stop, 1, s.len());
    let from = b.start.max(0) as usize;
    Some(th.substring(s, from, from + b.count).value())
}
