//! UTF-8.

use std::borrow::Cow;

use super::{
    CodecError, DecodeHandler, Decoded, Decoder, EncodeHandler, Fault, Replacement, ascii_prefix,
    encode_fault,
};
use crate::unicode::{Text, TextRef};

const NAME: &str = "utf-8";
const SURROGATES: &str = "surrogates not allowed";

/// Text of valid UTF-8, in the width that its first bytes tell.
fn text_of(valid: &str) -> Text {
    let (mut highest, mut count) = (0, 0);
    for b in valid.as_bytes() {
        highest = highest.max(*b);
        count += usize::from(!matches!(b, 0x80..0xC0));
    }
    match highest {
        0..0x80 => Text::Ascii(valid.to_owned()),
        0x80..0xC4 => Text::Latin1(points(valid, count, |c| c as u8)),
        0xC4..0xF0 => Text::Ucs2(points(valid, count, |c| c as u16)),
        _ => Text::Ucs4(points(valid, count, |c| c)),
    }
}

#[inline(always)]
fn points<U>(valid: &str, count: usize, unit: impl Fn(u32) -> U) -> Vec<U> {
    let mut out = Vec::with_capacity(count);
    for c in valid.chars() {
        out.push(unit(c.into()));
    }
    out
}

/// The UTF-8 of a code point and its length; None for a surrogate.
#[inline(always)]
fn encoded(c: u32) -> Option<([u8; 4], usize)> {
    let low = |shift: u32| 0x80 | (c >> shift & 63) as u8;
    Some(match c {
        0..0x80 => ([c as u8, 0, 0, 0], 1),
        0x80..0x800 => ([0xC0 | (c >> 6) as u8, low(0), 0, 0], 2),
        0xD800..0xE000 => return None,
        0x800..0x10000 => ([0xE0 | (c >> 12) as u8, low(6), low(0), 0], 3),
        _ => ([0xF0 | (c >> 18) as u8, low(12), low(6), low(0)], 4),
    })
}

/// Number of code points that are encoded at a time.
const PIECE: usize = 64;

/// Appends the UTF-8 of code points until one is a surrogate; their number.
#[inline(always)]
fn push_units<U: Copy + Into<u32>>(units: &[U], out: &mut Vec<u8>) -> usize {
    let mut done = 0;
    for piece in units.chunks(PIECE) {
        let mut bytes = [0u8; 4 * PIECE];
        let (mut n, mut taken) = (0, 0);
        for unit in piece {
            let Some((encoded, len)) = encoded((*unit).into()) else {
                break;
            };
            // There is room for four bytes each.
            if let Some(place) = bytes.get_mut(n..).and_then(<[u8]>::first_chunk_mut) {
                *place = encoded;
            }
            n += len;
            taken += 1;
        }
        out.extend_from_slice(&bytes[..n]);
        done += taken;
        if taken < piece.len() {
            break;
        }
    }
    done
}

/// Text of UTF-8 of the basic plane, validated on the way; None for anything else.
fn decode_basic(input: &[u8]) -> Option<Text> {
    let tail = |b: u8| (b & 0xC0 == 0x80).then_some(u16::from(b & 0x3F));
    let mut out = Vec::with_capacity(input.len());
    let (mut rest, mut all) = (input, 0);
    loop {
        let unit = match rest {
            [a @ 0..0x80, more @ ..] => {
                rest = more;
                u16::from(*a)
            }
            [a @ 0xC2..0xE0, b, more @ ..] => {
                rest = more;
                u16::from(a & 0x1F) << 6 | tail(*b)?
            }
            [a @ 0xE0..0xF0, b, c, more @ ..] => {
                rest = more;
                let unit = u16::from(a & 0x0F) << 12 | tail(*b)? << 6 | tail(*c)?;
                if matches!(unit, 0..0x800 | 0xD800..0xE000) {
                    return None;
                }
                unit
            }
            [] => break,
            _ => return None,
        };
        out.push(unit);
        all |= unit;
    }
    Some(match all {
        0..0x80 => Text::Ascii(out.iter().map(|c| char::from(*c as u8)).collect()),
        0x80..0x100 => Text::Latin1(out.iter().map(|c| *c as u8).collect()),
        _ => Text::Ucs2(out),
    })
}

/// Decodes; stops before an incomplete sequence unless this is the last input.
pub fn decode(input: &[u8], handler: &mut dyn DecodeHandler, last: bool) -> Decoded {
    if !input.is_ascii()
        && let Some(text) = decode_basic(input)
    {
        return Ok((text, input.len()));
    }
    let mut decoder = Decoder::new(NAME, input, handler);
    let mut at = 0;
    loop {
        let rest = input.get(at..).unwrap_or_default();
        let error = match std::str::from_utf8(rest) {
            Ok(valid) if at == 0 => return Ok((text_of(valid), input.len())),
            Ok(valid) => {
                decoder.out.push_str(valid);
                return Ok((decoder.out.finish(), input.len()));
            }
            Err(error) => error,
        };
        let (valid, bad) = rest.split_at(error.valid_up_to());
        decoder
            .out
            .push_str(std::str::from_utf8(valid).unwrap_or_default());
        let start = at + valid.len();
        at = match error.error_len() {
            None if !last => return Ok((decoder.out.finish(), start)),
            None => decoder.fault(start, input.len(), "unexpected end of data")?,
            // It may become a surrogate, which a handler may let pass.
            Some(_) if !last && matches!(bad, [0xED, 0xA0..=0xBF]) => {
                return Ok((decoder.out.finish(), start));
            }
            Some(len) => {
                let starts = matches!(bad.first(), Some(0xC2..=0xF4));
                let reason = if starts {
                    "invalid continuation byte"
                } else {
                    "invalid start byte"
                };
                decoder.fault(start, start + len, reason)?
            }
        };
    }
}

/// Encodes; text without lone surrogates cannot fail.
pub fn encode<'a>(
    input: TextRef<'a>,
    handler: &mut dyn EncodeHandler,
) -> Result<Cow<'a, [u8]>, CodecError> {
    if let TextRef::Ascii(s) = input {
        return Ok(Cow::Borrowed(s.as_bytes()));
    }
    let mut out: Vec<u8> = Vec::with_capacity(input.len() * 2);
    let mut at = 0;
    loop {
        let rest = input.slice(at, usize::MAX);
        at += match rest {
            TextRef::Ascii(s) => push_units(s.as_bytes(), &mut out),
            TextRef::Latin1(units) => push_units(units, &mut out),
            TextRef::Ucs2(units) => push_units(units, &mut out),
            TextRef::Ucs4(units) => push_units(units, &mut out),
        };
        if at == input.len() {
            return Ok(Cow::Owned(out));
        }
        let run = input
            .slice(at, usize::MAX)
            .iter()
            .take_while(|&c| char::from_u32(c).is_none())
            .count();
        let fault = Fault {
            encoding: NAME,
            start: at,
            end: at + run,
            reason: SURROGATES.into(),
        };
        let (replacement, position) = encode_fault(handler, input, &fault)?;
        match replacement {
            Replacement::Bytes(bytes) => out.extend_from_slice(&bytes),
            Replacement::Text(Text::Ascii(text)) => out.extend_from_slice(text.as_bytes()),
            Replacement::Text(_) => return Err(CodecError::Encode(fault)),
        }
        at = position;
    }
}

/// Whether bytes are ASCII, and so decode to themselves.
pub fn is_ascii(bytes: &[u8]) -> bool {
    ascii_prefix(bytes) == bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unicode::codecs::Builtin;

    fn fault(bytes: &[u8]) -> (usize, usize, String) {
        match decode(bytes, &mut Builtin::Strict, true) {
            Err(CodecError::Decode(fault)) => (fault.start, fault.end, fault.reason.into_owned()),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn decodes() {
        let decoded = decode("aé€😀".as_bytes(), &mut Builtin::Strict, true);
        assert_eq!(decoded, Ok((Text::from("aé€😀"), 10)));
        assert_eq!(fault(b"a\xff"), (1, 2, "invalid start byte".into()));
        assert_eq!(fault(b"\xe2\x82"), (0, 2, "unexpected end of data".into()));
        assert_eq!(
            fault(b"\xe2\x82a"),
            (0, 2, "invalid continuation byte".into())
        );
        let partial = decode(b"a\xe2\x82", &mut Builtin::Strict, false);
        assert_eq!(partial, Ok((Text::from("a"), 1)));
        let escaped = decode(b"\xed\xa0\x80", &mut Builtin::SurrogatePass, true);
        assert_eq!(escaped, Ok((Text::from_code_points([0xD800]), 3)));
        let replaced = decode(b"\xf0\x90a\xff", &mut Builtin::Replace, true);
        assert_eq!(replaced, Ok((Text::from("\u{FFFD}a\u{FFFD}"), 4)));
    }

    #[test]
    fn encodes() {
        let text = Text::from_code_points([0xE9, 0xDC80, 0x62]);
        let bytes = encode(text.as_ref(), &mut Builtin::SurrogateEscape);
        assert_eq!(bytes.as_deref(), Ok(&b"\xc3\xa9\x80b"[..]));
        assert!(encode(text.as_ref(), &mut Builtin::Strict).is_err());
    }
}
