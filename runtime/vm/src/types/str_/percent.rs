//! `str % values`

use super::numeric_percent::{Values, key_text, number, short};
use super::{Str, Units};
use crate::Thread;
use crate::format::percent::{
    Conversion, Flags, Piece, Template, Unit, pad_number, push_padded, unsupported,
};
use crate::number::digits::Digits;
use crate::object::{Gc, Result, Value};
use crate::types::T;
use crate::types::int::{is_int, to_i64};
use crate::unicode::{Text, TextBuilder};

/// The text of `%c`.
fn character(th: &mut Thread, v: Value) -> Result<Text> {
    if let Some(s) = v.downcast::<Str>() {
        if s.len() == 1 {
            return Ok(s.text_ref().to_text());
        }
        let n = s.len();
        return Err(th.type_error(format!(
            "%c requires an int or a unicode character, not a string of length {n}"
        )));
    }
    if !is_int(v) && th.class_of(v).slots().index.is_none() {
        let class = th.class_of(v);
        let got = th.full_name(class);
        return Err(th.type_error(format!(
            "%c requires an int or a unicode character, not {got}"
        )));
    }
    let i = th.index(v)?;
    match to_i64(i).and_then(|i| u32::try_from(i).ok()) {
        Some(c) if c < 0x110000 => Ok(Text::from_code_points([c])),
        _ => Err(th.overflow_error("%c arg not in range(0x110000)")),
    }
}

/// `template % values`
pub(super) fn format(th: &mut Thread, template: Gc<Str>, values: Value) -> Result<Gc<Str>> {
    let mut out = th.start_text();
    match template.units() {
        Units::Ascii(s) => fill(th, &template, s.as_bytes(), values, &mut out),
        Units::Latin1(s) => fill(th, &template, s, values, &mut out),
        Units::Ucs2(s) => fill(th, &template, s, values, &mut out),
        Units::Ucs4(s) => fill(th, &template, s, values, &mut out),
    }?;
    Ok(th.finish_text(out))
}

/// Writes a template, whose units `units` are, with its values.
fn fill<U: Unit>(
    th: &mut Thread,
    template: &Str,
    units: &[U],
    values: Value,
    out: &mut TextBuilder,
) -> Result<()> {
    let mut values = Values::new(th, values);
    let mut pieces = Template::new(units);
    loop {
        let (start, end) = pieces.literal();
        if start < end {
            out.push_text(template.text_ref().slice(start, end));
        }
        // The usual case: what is shown as it is.
        if let Some(kind @ (b's' | b'd')) = pieces.plain_kind() {
            let v = values.next(th)?;
            if push_plain(th, out, v, kind) {
                continue;
            }
            let c = Conversion::plain(kind, pieces.position() - 1);
            convert(th, out, &c, v, (c.flags, 0, None))?;
            continue;
        }
        let c = match pieces.next() {
            None => break,
            Some(piece) => match th.format_result(piece)? {
                Piece::Literal(start, end) => {
                    out.push_text(template.text_ref().slice(start, end));
                    continue;
                }
                Piece::Conversion(c) => c,
            },
        };
        let keyed = match c.key {
            Some((start, end)) => {
                let k = key_text(th, template.text_ref().slice(start, end));
                Some(values.keyed(th, k)?)
            }
            None => None,
        };
        let mut flags = c.flags;
        let width = values.amount(th, c.width, Some(&mut flags))?.unwrap_or(0);
        let precision = values.amount(th, c.precision, None)?;
        let v = match keyed {
            Some(v) => v,
            None => values.next(th)?,
        };
        convert(th, out, &c, v, (flags, width, precision))?;
    }
    values.finish(th, "string")
}

/// Writes a value as a conversion wants it.
fn convert(
    th: &mut Thread,
    out: &mut TextBuilder,
    c: &Conversion,
    v: Value,
    (flags, width, precision): (Flags, usize, Option<usize>),
) -> Result<()> {
    match u8::try_from(c.kind) {
        Ok(k @ (b's' | b'r' | b'a')) => {
            let s = match k {
                b's' => th.str(v)?,
                b'r' => th.repr(v)?,
                _ => th.ascii(v)?,
            };
            push_padded(out, s.text_ref(), flags, width, precision);
        }
        Ok(b'c') => {
            let text = character(th, v)?;
            push_padded(out, text.as_ref(), flags, width, None);
        }
        _ => {
            let mut digits = Digits::new();
            if short(th, &mut digits, v, c, (flags, width, precision)) {
                out.push_ascii(digits.as_bytes());
                return Ok(());
            }
            match number(th, v, c, flags, precision)? {
                Some(n) => out.push_str(&pad_number(&n, flags, width)),
                None => return Err(th.raise_format(unsupported(c))),
            }
        }
    }
    Ok(())
}

/// Writes what is exactly a string, for `%s`, or exactly an int that fits in 64 bits.
#[inline]
pub(super) fn push_plain(th: &Thread, out: &mut TextBuilder, v: Value, kind: u8) -> bool {
    if kind == b's'
        && th.is_exact(v, T::Str)
        && let Some(s) = v.downcast::<Str>()
    {
        out.push_text(s.text_ref());
        return true;
    }
    match to_i64(v) {
        Some(i) if th.is_exact(v, T::Int) => {
            out.push_ascii(Digits::signed(i).as_bytes());
            true
        }
        _ => false,
    }
}
