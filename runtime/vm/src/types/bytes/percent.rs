//! `bytes % values`

use crate::Thread;
use crate::format::percent::{Conversion, Flags, Piece, Template, pad_number, unsupported};
use crate::number::digits::Digits;
use crate::object::{Result, Value};
use crate::types::bytes::Bytes;
use crate::types::int::{is_int, to_i64};
use crate::types::str_::numeric_percent::{Values, number, short};

fn pad(out: &mut Vec<u8>, b: &[u8], flags: Flags, width: usize) {
    let missing = width.saturating_sub(b.len());
    if !flags.left {
        out.resize(out.len() + missing, b' ');
    }
    out.extend_from_slice(b);
    if flags.left {
        out.resize(out.len() + missing, b' ');
    }
}

fn character(th: &mut Thread, v: Value) -> Result<u8> {
    if !is_int(v) && th.supports_buffer(v) {
        let b = th.byte_arg(v)?;
        if let [one] = *b {
            return Ok(one);
        }
        let (n, class) = (b.len(), th.type_name(v));
        return Err(th.type_error(format!(
            "%c requires an integer in range(256) or a single byte, not a {class} object of length {n}"
        )));
    }
    if !is_int(v) && th.class_of(v).slots().index.is_none() {
        let got = th.type_name(v);
        return Err(th.type_error(format!(
            "%c requires an integer in range(256) or a single byte, not {got}"
        )));
    }
    let i = th.index(v)?;
    match to_i64(i).and_then(|i| u8::try_from(i).ok()) {
        Some(b) => Ok(b),
        None => Err(th.overflow_error("%c arg not in range(256)")),
    }
}

fn text(th: &mut Thread, v: Value) -> Result<Vec<u8>> {
    if th.supports_buffer(v) {
        return Ok(th.byte_arg(v)?.to_vec());
    }
    let name = th.intern("__bytes__");
    match th.call_special(v, name, &[])? {
        Some(r) => match r.downcast::<Bytes>() {
            Some(b) => Ok(b.as_slice().to_vec()),
            None => {
                let got = th.type_name(r);
                Err(th.type_error(format!("__bytes__ returned non-bytes (type {got})")))
            }
        },
        None => {
            let got = th.type_name(v);
            Err(th.type_error(format!(
                "%b requires a bytes-like object, or an object that implements __bytes__, not '{got}'"
            )))
        }
    }
}

/// `template % values`
///
/// The result's room comes from [`Thread::take_room`] and may be given back.
pub(crate) fn format(th: &mut Thread, template: &[u8], values: Value) -> Result<Vec<u8>> {
    let mut values = Values::for_bytes(th, values);
    let mut out = th.take_room();
    let mut pieces = Template::of_bytes(template);
    loop {
        let (start, end) = pieces.literal();
        out.extend_from_slice(&template[start..end]);
        let plain = pieces.plain_kind();
        let c = match plain {
            Some(kind) => Conversion::plain(kind, pieces.position() - 1),
            None => match pieces.next() {
                None => break,
                Some(piece) => match th.format_result(piece)? {
                    Piece::Literal(start, end) => {
                        out.extend_from_slice(&template[start..end]);
                        continue;
                    }
                    Piece::Conversion(c) => c,
                },
            },
        };
        if plain == Some(b'd') {
            let v = values.next(th)?;
            let mut digits = Digits::new();
            if short(th, &mut digits, v, &c, (c.flags, 0, None)) {
                out.extend_from_slice(digits.as_bytes());
            } else if let Some(n) = number(th, v, &c, c.flags, None)? {
                out.extend_from_slice(pad_number(&n, c.flags, 0).as_bytes());
            }
            continue;
        }
        let keyed = match c.key {
            Some((start, end)) => {
                let k = th.new_bytes(&template[start..end]).value();
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
            Some('s' | 'b') => {
                if width == 0
                    && precision.is_none()
                    && let Some(b) = v.downcast::<Bytes>()
                {
                    out.extend_from_slice(b.as_slice());
                    continue;
                }
                let b = text(th, v)?;
                let n = precision.unwrap_or(usize::MAX).min(b.len());
                pad(&mut out, &b[..n], flags, width);
            }
            Some('r' | 'a') => {
                let s = th.ascii(v)?;
                let b = s.narrow().unwrap_or(&[]);
                let n = precision.unwrap_or(usize::MAX).min(b.len());
                pad(&mut out, &b[..n], flags, width);
            }
            Some('c') => {
                let b = character(th, v)?;
                pad(&mut out, &[b], flags, width);
            }
            _ => {
                let mut digits = Digits::new();
                if short(th, &mut digits, v, &c, (flags, width, precision)) {
                    out.extend_from_slice(digits.as_bytes());
                    continue;
                }
                match number(th, v, &c, flags, precision)? {
                    Some(n) => out.extend_from_slice(pad_number(&n, flags, width).as_bytes()),
                    None => return Err(th.raise_format(unsupported(&c))),
                }
            }
        }
    }
    values.finish(th, "bytes")?;
    Ok(out)
}
