//! `str % values`

use super::Str;
use super::numeric_percent::{Values, key_text, number};
use crate::Thread;
use crate::format::percent::{Piece, Template, pad_number, pad_text, unsupported};
use crate::object::{Gc, Result, Value};
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
    let mut values = Values::new(th, values);
    let mut out = TextBuilder::with_capacity(template.len() + 16);
    for piece in Template::new(template.text_ref()) {
        let c = match th.format_result(piece)? {
            Piece::Literal(t) => {
                out.push_text(t);
                continue;
            }
            Piece::Conversion(c) => c,
        };
        let keyed = match c.key {
            Some(k) => {
                let k = key_text(th, k);
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
        match char::from_u32(c.kind) {
            Some(k @ ('s' | 'r' | 'a')) => {
                let s = match k {
                    's' => th.str(v)?,
                    'r' => th.repr(v)?,
                    _ => th.ascii(v)?,
                };
                if width == 0 && precision.is_none() {
                    out.push_text(s.text_ref());
                } else {
                    let text = pad_text(s.text_ref(), flags, width, precision);
                    out.push_text(text.as_ref());
                }
            }
            Some('c') => {
                let text = character(th, v)?;
                let text = pad_text(text.as_ref(), flags, width, None);
                out.push_text(text.as_ref());
            }
            _ => match number(th, v, &c, flags, precision)? {
                Some(n) => out.push_str(&pad_number(&n, flags, width)),
                None => return Err(th.raise_format(unsupported(&c))),
            },
        }
    }
    values.finish(th, "string")?;
    Ok(th.str_from_text(&out.finish()))
}
