//! `writer`: rows to lines.

use super::dialect::{Dialect, Quoting};
use super::error;
use super::reader::bit;
use taipan_vm::object::{Gc, NativeHeader};
use taipan_vm::types::ExceptionClass;
use taipan_vm::types::str_::Str;
use taipan_vm::{NativeObject, Result, Thread, Value, pytype};

/// A writer.
#[repr(C)]
#[derive(NativeObject)]
pub struct Writer {
    head: NativeHeader,
    write: Value,
    dialect: Gc<Dialect>,
}

/// A writer to a `write` method.
pub(super) fn new(th: &mut Thread, write: Value, dialect: Gc<Dialect>) -> Value {
    th.new_native(&WRITER_TYPE, |head| Writer {
        head,
        write,
        dialect,
    })
    .value()
}

/// ASCII characters that a field has to be quoted or escaped for, a bit each.
fn special(d: &Dialect) -> u128 {
    let others = [d.escapechar, d.quotechar].into_iter().flatten();
    let breaks = [u32::from(b'\n'), u32::from(b'\r')];
    others
        .chain(breaks)
        .chain(d.lineterminator.code_points())
        .fold(bit(d.delimiter), |all, c| all | bit(c))
}

/// Appends a field (None: nothing) to a line.
fn append(
    th: &mut Thread,
    d: &Dialect,
    line: &mut Vec<u32>,
    special: u128,
    first: bool,
    field: Option<Gc<Str>>,
    mut quoted: bool,
) -> Result<()> {
    let null = field.is_none();
    if field.is_none_or(|f| f.is_empty()) && d.delimiter == u32::from(b' ') && d.skipinitialspace {
        if d.quoting == Quoting::None
            || (null && matches!(d.quoting, Quoting::Strings | Quoting::NotNull))
        {
            return Err(error(
                th,
                "empty field must be quoted if delimiter is a space and skipinitialspace is true",
            ));
        }
        quoted = true;
    }
    if let Some(text) = field.as_ref().and_then(|f| f.as_ascii())
        && text.bytes().all(|b| special & bit(u32::from(b)) == 0)
    {
        if !first {
            line.push(d.delimiter);
        }
        let quote = d.quotechar.filter(|_| quoted);
        line.extend(quote);
        line.extend(text.bytes().map(u32::from));
        line.extend(quote);
        return Ok(());
    }
    let mut text = Vec::new();
    if let Some(f) = field {
        for c in f.code_points() {
            let special = c == d.delimiter
                || Some(c) == d.escapechar
                || Some(c) == d.quotechar
                || c == u32::from(b'\n')
                || c == u32::from(b'\r')
                || d.lineterminator.code_points().any(|e| e == c);
            if special {
                let mut escape = false;
                if d.quoting == Quoting::None {
                    escape = true;
                } else {
                    if Some(c) == d.quotechar {
                        if d.doublequote {
                            text.push(c);
                        } else {
                            escape = true;
                        }
                    } else if Some(c) == d.escapechar {
                        escape = true;
                    }
                    if !escape {
                        quoted = true;
                    }
                }
                if escape {
                    match d.escapechar {
                        Some(e) => text.push(e),
                        None => {
                            return Err(error(th, "need to escape, but no escapechar set"));
                        }
                    }
                }
            }
            text.push(c);
        }
    }
    if !first {
        line.push(d.delimiter);
    }
    let quote = d.quotechar.filter(|_| quoted);
    line.extend(quote);
    line.extend(text);
    line.extend(quote);
    Ok(())
}

fn write_row(th: &mut Thread, w: Gc<Writer>, row: Value) -> Result {
    let d = w.dialect;
    let it = match th.iter(row) {
        Ok(it) => it,
        Err(e) => {
            if !th.pending_matches(ExceptionClass::TypeError) {
                return Err(e);
            }
            th.clear_pending();
            let got = th.type_name(row);
            return Err(error(th, &format!("iterable expected, not {got}")));
        }
    };
    let mut line = Vec::new();
    let special = special(&d);
    let (mut count, mut null) = (0usize, false);
    while let Some(field) = th.next(it)? {
        let is_none = th.is_none(field);
        let text = field.downcast::<Str>();
        let quoted = match d.quoting {
            Quoting::NonNumeric => !is_number(th, field),
            Quoting::All => true,
            Quoting::Strings => text.is_some(),
            Quoting::NotNull => !is_none,
            Quoting::Minimal | Quoting::None => false,
        };
        null = is_none;
        let text = match text {
            Some(s) => Some(s),
            None if is_none => None,
            None => Some(th.str(field)?),
        };
        append(th, &d, &mut line, special, count == 0, text, quoted)?;
        count += 1;
    }
    if count > 0 && line.is_empty() {
        if d.quoting == Quoting::None
            || (null && matches!(d.quoting, Quoting::Strings | Quoting::NotNull))
        {
            return Err(error(th, "single empty field record must be quoted"));
        }
        append(th, &d, &mut line, special, true, None, true)?;
    }
    line.extend(d.lineterminator.code_points());
    let text = th.str_from_code_points(&line).value();
    th.call(w.write, &[text])
}

/// Can it be a number (`__index__`, `__int__`, `__float__`, complex)?
fn is_number(th: &Thread, v: Value) -> bool {
    let slots = *th.class_of(v).slots();
    slots.index.is_some()
        || slots.int.is_some()
        || slots.float.is_some()
        || v.downcast::<taipan_vm::types::complex::HeapComplex>()
            .is_some()
}

/// CSV writer
///
/// Writer objects are responsible for generating tabular data
/// in CSV format from sequence input.
#[pytype(name = "writer", module = "_csv", flags = NO_INSTANTIATION, table = WRITER_TYPE)]
impl Writer {
    /// Construct and write a CSV record from an iterable of fields.
    ///
    /// Non-string elements will be converted to string.
    #[pymethod]
    fn writerow(th: &mut Thread, this: Gc<Writer>, row: Value) -> Result {
        write_row(th, this, row)
    }

    /// Construct and write a series of iterables to a csv file.
    ///
    /// Non-string elements will be converted to string.
    #[pymethod]
    fn writerows(th: &mut Thread, this: Gc<Writer>, rows: Value) -> Result<()> {
        th.for_each(rows, |th, row| write_row(th, this, row).map(|_| ()))
    }

    #[pygetter]
    fn dialect(_: &mut Thread, this: Gc<Writer>) -> Value {
        this.dialect.value()
    }
}
