//! SyntaxError: where in the source, in its second argument.

use super::methods::{base_init, base_str, field};
use super::table::Extra;
use crate::Thread;
use crate::call::{Args, GetSetDef};
use crate::object::slots::Slots;
use crate::object::{Result, Value};

/// The fields by index: `msg`, `filename`, `lineno`, `offset`, `text`, `end_lineno`, `end_offset`,
/// `_metadata`, `print_file_and_line`.
pub const SYNTAX_ERROR: Extra = Extra {
    methods: &[],
    getsets: {
        const ROWS: &[GetSetDef] = &[
            field!("msg", 0),
            field!("filename", 1),
            field!("lineno", 2),
            field!("offset", 3),
            field!("text", 4),
            field!("end_lineno", 5),
            field!("end_offset", 6),
            field!("_metadata", 7),
            field!("print_file_and_line", 8),
        ];
        &[ROWS]
    },
    slots: Slots {
        init: Some(init),
        str_: Some(text),
        ..Slots::EMPTY
    },
};

fn init(th: &mut Thread, this: Value, args: Args<'_>) -> Result<()> {
    base_init(th, this, args)?;
    let Some(e) = super::of(this) else {
        return Ok(());
    };
    if let Some(m) = args.values.first() {
        e.fields[0].set(e.header(), *m);
    }
    let [_, info] = args.values else {
        return Ok(());
    };
    let t = th.to_tuple(*info)?;
    let n = t.len();
    if !(4..=7).contains(&n) {
        let bound = if n < 4 { "at least 4" } else { "at most 7" };
        return Err(th.type_error(format!("function takes {bound} arguments ({n} given)")));
    }
    for i in 0..7 {
        e.fields[1 + i].set_option(e.header(), t.get(i));
    }
    if n == 5 {
        return Err(th.type_error("end_offset must be provided when end_lineno is provided"));
    }
    Ok(())
}

fn text(th: &mut Thread, this: Value) -> Result {
    let Some(e) = super::of(this) else {
        return base_str(th, this);
    };
    let msg = th.or_none(e.fields[0].get());
    let msg = th.str(msg)?.to_string_lossy();
    let file = e.fields[1].get().and_then(crate::types::str_::text);
    let line = e.fields[2].get().and_then(Value::as_int);
    let base = file.map(|f| f.rsplit('/').next().unwrap_or("").to_string());
    let text = match (base, line) {
        (Some(f), Some(l)) => format!("{msg} ({f}, line {l})"),
        (Some(f), None) => format!("{msg} ({f})"),
        (None, Some(l)) => format!("{msg} (line {l})"),
        (None, None) => msg,
    };
    Ok(th.new_str(&text).value())
}
