//! UTF-7.
//!
//! Text is mostly itself; other characters are runs of UTF-16 in base 64
//! between `+` and `-`. The state across bytes is the base 64 buffer and a
//! high surrogate that waits for its pair.

use super::{CodecError, DecodeHandler, Decoded, Decoder};
use crate::unicode::TextRef;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn from_base64(b: u8) -> Option<u32> {
    Some(u32::from(match b {
        b'A'..=b'Z' => b - b'A',
        b'a'..=b'z' => b - b'a' + 26,
        b'0'..=b'9' => b - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}

/// Characters that may stand for themselves.
fn is_direct(c: u32) -> bool {
    let Ok(b) = u8::try_from(c) else {
        return false;
    };
    matches!(b, 0x20..=0x7D | b'\t' | b'\n' | b'\r' | 0) && !matches!(b, b'+' | b'\\')
}

#[derive(Default)]
struct Shift {
    bits: u32,
    count: u32,
    surrogate: Option<u32>,
}

/// Decodes; stops before an unfinished shift sequence unless this is the last
/// input.
pub fn decode(input: &[u8], handler: &mut dyn DecodeHandler, last: bool) -> Decoded {
    let mut decoder = Decoder::new("utf7", input, handler);
    let mut at = 0;
    // Where the sequence began, and the output before it.
    let mut shifted: Option<(usize, Shift)> = None;
    let mut unshifted_len = 0;
    while let Some(b) = decoder.byte(at) {
        if let Some((start, shift)) = &mut shifted {
            let start = *start;
            if let Some(digit) = from_base64(b) {
                shift.bits = shift.bits << 6 | digit;
                shift.count += 6;
                at += 1;
                if shift.count >= 16 {
                    shift.count -= 16;
                    let unit = shift.bits >> shift.count & 0xFFFF;
                    shift.bits &= (1 << shift.count) - 1;
                    if let Some(high) = shift.surrogate.take() {
                        if (0xDC00..0xE000).contains(&unit) {
                            let low = unit - 0xDC00;
                            decoder.out.push(0x10000 + ((high - 0xD800) << 10) + low);
                            continue;
                        }
                        decoder.out.push(high);
                    }
                    if (0xD800..0xDC00).contains(&unit) {
                        shift.surrogate = Some(unit);
                    } else {
                        decoder.out.push(unit);
                    }
                }
                continue;
            }
            // The sequence ends.
            let (bits, count) = (shift.bits, shift.count);
            let surrogate = shift.surrogate.take();
            shifted = None;
            if count >= 6 {
                at = decoder.fault(start, at + 1, "partial character in shift sequence")?;
                continue;
            }
            if count > 0 && bits != 0 {
                at = decoder.fault(start, at + 1, "non-zero padding bits in shift sequence")?;
                continue;
            }
            if let Some(high) = surrogate
                && b < 0x80
            {
                decoder.out.push(high);
            }
            if b == b'-' {
                at += 1;
            }
            continue;
        }
        match b {
            b'+' => {
                let start = at;
                at += 1;
                match decoder.byte(at) {
                    Some(b'-') => {
                        decoder.out.push('+'.into());
                        at += 1;
                    }
                    Some(next) if from_base64(next).is_none() => {
                        at = decoder.fault(start, at + 1, "ill-formed sequence")?;
                    }
                    _ => {
                        unshifted_len = decoder.out.len();
                        shifted = Some((start, Shift::default()));
                    }
                }
            }
            0x80.. => at = decoder.fault(at, at + 1, "unexpected special character")?,
            _ => {
                decoder.out.push(b.into());
                at += 1;
            }
        }
    }
    let Some((start, shift)) = shifted else {
        return Ok((decoder.out.finish(), at));
    };
    if !last {
        let text = decoder.out.finish();
        return Ok((text.as_ref().slice(0, unshifted_len).to_text(), start));
    }
    if shift.surrogate.is_some() || shift.count >= 6 || shift.count > 0 && shift.bits != 0 {
        at = decoder.fault(start, input.len(), "unterminated shift sequence")?;
        if at < input.len() {
            return resume(decoder, at);
        }
    }
    Ok((decoder.out.finish(), input.len()))
}

/// Goes on after a handler moved back from the end of the input.
fn resume(decoder: Decoder<'_>, at: usize) -> Decoded {
    let Decoder {
        input,
        mut out,
        handler,
        ..
    } = decoder;
    let rest = input.get(at..).unwrap_or_default();
    let (text, consumed) = decode(rest, handler, true)?;
    out.push_text(text.as_ref());
    Ok((out.finish(), at + consumed))
}

/// Encodes, which cannot fail: lone surrogates are encoded as units.
pub fn encode(input: TextRef<'_>) -> Result<Vec<u8>, CodecError> {
    let mut out = Vec::with_capacity(input.len() + 8);
    let (mut bits, mut count, mut shifted) = (0u64, 0u32, false);
    for c in input.iter() {
        if shifted && is_direct(c) {
            if count > 0 {
                out.push(ALPHABET[(bits << (6 - count) & 63) as usize]);
                (bits, count) = (0, 0);
            }
            shifted = false;
            // What could be read as base 64 needs the mark of the end.
            if u8::try_from(c).is_ok_and(|b| from_base64(b).is_some() || b == b'-') {
                out.push(b'-');
            }
            out.push(c as u8);
            continue;
        }
        if !shifted {
            if c == '+'.into() {
                out.extend(b"+-");
                continue;
            }
            if is_direct(c) {
                out.push(c as u8);
                continue;
            }
            out.push(b'+');
            shifted = true;
        }
        let mut unit = |unit: u32| {
            bits = bits << 16 | u64::from(unit);
            count += 16;
            while count >= 6 {
                count -= 6;
                out.push(ALPHABET[(bits >> count & 63) as usize]);
            }
            bits &= (1 << count) - 1;
        };
        match c.checked_sub(0x10000) {
            Some(high) => {
                unit(0xD800 + (high >> 10));
                unit(0xDC00 + (high & 0x3FF));
            }
            None => unit(c),
        }
    }
    if count > 0 {
        out.push(ALPHABET[(bits << (6 - count) & 63) as usize]);
    }
    if shifted {
        out.push(b'-');
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unicode::Text;
    use crate::unicode::codecs::Builtin;

    #[test]
    fn both_ways() {
        for (text, bytes) in [
            ("a+b", &b"a+-b"[..]),
            ("Hi Mom -☺-!", b"Hi Mom -+Jjo--!"),
            ("😀", b"+2D3eAA-"),
            ("é.", b"+AOk."),
            ("~", b"+AH4-"),
        ] {
            let text = Text::from(text);
            assert_eq!(encode(text.as_ref()).as_deref(), Ok(bytes));
            let decoded = decode(bytes, &mut Builtin::Strict, true);
            assert_eq!(decoded, Ok((text, bytes.len())));
        }
        let partial = decode(b"a+AO", &mut Builtin::Strict, false);
        assert_eq!(partial, Ok((Text::from("a"), 1)));
    }
}
