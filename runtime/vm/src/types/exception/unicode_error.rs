//! UnicodeDecodeError, UnicodeEncodeError, UnicodeTranslateError.
//!
//! `start` and `end` keep what they were given; the text clamps them to the object.

use super::methods::{base_init, base_str, field};
use super::table::Extra;
use crate::Thread;
use crate::call::{Args, GetSetDef};
use crate::object::slots::Slots;
use crate::object::{Result, Value};
use crate::types::bytes::Bytes;
use crate::types::str_::Str;

/// A field that holds an int.
macro_rules! position {
    ($name:literal, $index:literal) => {
        GetSetDef {
            set: Some(|th, this, v| {
                let (Some(e), Some(v)) = (super::of(this), v) else {
                    return Err(th.type_error("can't delete numeric/char attribute"));
                };
                let n = th.index(v)?;
                e.fields[$index].set(e.header(), n);
                Ok(())
            }),
            ..field!($name, $index)
        }
    };
}

const ROWS: &[GetSetDef] = &[
    field!("encoding", 0),
    field!("object", 1),
    position!("start", 2),
    position!("end", 3),
    field!("reason", 4),
];

const fn extra(init: crate::object::slots::InitFn, text: crate::object::slots::UnaryFn) -> Extra {
    Extra {
        methods: &[],
        getsets: &[ROWS],
        slots: Slots {
            init: Some(init),
            str_: Some(text),
            ..Slots::EMPTY
        },
    }
}

/// UnicodeDecodeError
pub const DECODE: Extra = extra(init::<0>, decode_text);
/// UnicodeEncodeError
pub const ENCODE: Extra = extra(init::<1>, encode_text);
/// UnicodeTranslateError
pub const TRANSLATE: Extra = extra(init::<2>, translate_text);

/// Which: 0 decode, 1 encode, 2 translate.
fn init<const WHICH: usize>(th: &mut Thread, this: Value, args: Args<'_>) -> Result<()> {
    base_init(th, this, args)?;
    let Some(e) = super::of(this) else {
        return Ok(());
    };
    let a = args.values;
    let (want, first) = if WHICH == 2 { (4, 1) } else { (5, 0) };
    if a.len() != want {
        let n = a.len();
        return Err(th.type_error(format!(
            "function takes exactly {want} arguments ({n} given)"
        )));
    }
    let values = crate::ValueVec::new();
    for (i, v) in a.iter().enumerate() {
        let v = match i + first {
            2 | 3 => {
                th.index_i64(*v, "Python int too large to convert to C ssize_t")?;
                *v
            }
            1 if WHICH == 0 => *v,
            _ if v.downcast::<Str>().is_some() => *v,
            _ => {
                let got = th.type_name_for_error(*v);
                let n = i + 1;
                return Err(th.type_error(format!("argument {n} must be str, not {got}")));
            }
        };
        th.push(&values, v)?;
    }
    if WHICH == 0
        && let Some(object) = values.get(1)
        && object.downcast::<Bytes>().is_none()
    {
        let class = th.builtin("bytes")?;
        if object.is_int() {
            return Err(th.type_error("a bytes-like object is required, not 'int'"));
        }
        let b = th.call(class, &[object])?;
        values.set(1, b);
    }
    for (i, v) in values.as_slice().iter().enumerate() {
        e.fields[first + i].set(e.header(), *v);
    }
    Ok(())
}

/// The text of a range error: what is said of one unit, and of several.
fn describe(
    th: &mut Thread,
    this: Value,
    what: &str,
    unit: impl Fn(Value, usize) -> Option<String>,
    len: impl Fn(Value) -> Option<usize>,
) -> Result {
    let Some(e) = super::of(this) else {
        return base_str(th, this);
    };
    let Some(object) = e.fields[1].get() else {
        return Ok(th.empty_str().value());
    };
    let reason = th.or_none(e.fields[4].get());
    let reason = th.str(reason)?.to_string_lossy();
    let prefix = match e.fields[0].get() {
        Some(c) => format!("'{}' codec ", th.str(c)?.to_string_lossy()),
        None => String::new(),
    };
    let number = |i: usize| {
        e.fields[i]
            .get()
            .and_then(crate::types::int::to_i64)
            .unwrap_or(0)
    };
    let (start, end) = (number(2), number(3));
    let size = len(object).unwrap_or(0) as i64;
    if (0..size).contains(&start)
        && end == start + 1
        && let Some(u) = unit(object, start as usize)
    {
        return Ok(th
            .new_str(&format!("{prefix}can't {u} in position {start}: {reason}"))
            .value());
    }
    let last = end.wrapping_sub(1);
    Ok(th
        .new_str(&format!(
            "{prefix}can't {what}s in position {start}-{last}: {reason}"
        ))
        .value())
}

fn character(what: &'static str) -> impl Fn(Value, usize) -> Option<String> {
    move |v, i| {
        let c = v.downcast::<Str>()?.at(i)?;
        Some(match c {
            0..=0xFF => format!("{what} '\\x{c:02x}'"),
            0x100..=0xFFFF => format!("{what} '\\u{c:04x}'"),
            _ => format!("{what} '\\U{c:08x}'"),
        })
    }
}

fn decode_text(th: &mut Thread, this: Value) -> Result {
    describe(
        th,
        this,
        "decode byte",
        |v, i| {
            let b = v.downcast::<Bytes>()?;
            Some(format!("decode byte 0x{:02x}", b.as_slice().get(i)?))
        },
        |v| v.downcast::<Bytes>().map(|b| b.len()),
    )
}

fn str_len(v: Value) -> Option<usize> {
    v.downcast::<Str>().map(|s| s.len())
}

fn encode_text(th: &mut Thread, this: Value) -> Result {
    describe(
        th,
        this,
        "encode character",
        character("encode character"),
        str_len,
    )
}

fn translate_text(th: &mut Thread, this: Value) -> Result {
    describe(
        th,
        this,
        "translate character",
        character("translate character"),
        str_len,
    )
}
