//! UTF-16, in both orders and with a byte order mark.

use super::{
    CodecError, DecodeHandler, Decoded, Decoder, EncodeHandler, Fault, Replacement, encode_fault,
};
use crate::unicode::TextRef;

/// Order of the bytes of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Native, told by a byte order mark if there is one.
    Marked,
    /// Little-endian.
    Little,
    /// Big-endian.
    Big,
}

impl Order {
    /// The order of the machine.
    pub const NATIVE: Order = if cfg!(target_endian = "big") {
        Order::Big
    } else {
        Order::Little
    };

    /// The order that is used when there is no mark.
    pub(super) fn or_native(self) -> Order {
        match self {
            Order::Marked => Order::NATIVE,
            order => order,
        }
    }

    /// What bytes begin with, for an encoding that may have a mark: the order
    /// and the length of the mark.
    pub(super) fn detect(self, input: &[u8], mark: &[u8]) -> (Order, usize) {
        if self != Order::Marked {
            return (self, 0);
        }
        let start = input.get(..mark.len()).unwrap_or_default();
        if start == mark {
            (Order::Little, mark.len())
        } else if start.iter().eq(mark.iter().rev()) {
            (Order::Big, mark.len())
        } else {
            (Order::Marked, 0)
        }
    }
}

/// Decodes; the third result is the order that was found, for the next input.
pub fn decode(
    input: &[u8],
    handler: &mut dyn DecodeHandler,
    order: Order,
    last: bool,
) -> Result<(crate::unicode::Text, usize, Order), CodecError> {
    let (order, skip) = order.detect(input, &[0xFF, 0xFE]);
    let big = order.or_native() == Order::Big;
    let encoding = if big { "utf-16-be" } else { "utf-16-le" };
    let decoder = Decoder::new(encoding, input, handler);
    let (text, consumed) = decode_units(decoder, skip, big, last)?;
    Ok((text, consumed, order))
}

fn decode_units(mut decoder: Decoder<'_>, mut at: usize, big: bool, last: bool) -> Decoded {
    let input = decoder.input;
    let unit = |at: usize| {
        let pair: [u8; 2] = input.get(at..at + 2)?.try_into().ok()?;
        Some(u32::from(if big {
            u16::from_be_bytes(pair)
        } else {
            u16::from_le_bytes(pair)
        }))
    };
    while at < input.len() {
        let Some(c) = unit(at) else {
            if !last {
                break;
            }
            at = decoder.fault(at, input.len(), "truncated data")?;
            continue;
        };
        match c {
            0xD800..0xDC00 => match unit(at + 2) {
                Some(low @ 0xDC00..0xE000) => {
                    decoder
                        .out
                        .push(0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00));
                    at += 4;
                }
                Some(_) => at = decoder.fault(at, at + 2, "illegal UTF-16 surrogate")?,
                None if !last => break,
                None => at = decoder.fault(at, input.len(), "unexpected end of data")?,
            },
            0xDC00..0xE000 => at = decoder.fault(at, at + 2, "illegal encoding")?,
            _ => {
                decoder.out.push(c);
                at += 2;
            }
        }
    }
    Ok((decoder.out.finish(), at))
}

/// Encodes; `Marked` begins with a byte order mark.
pub fn encode(
    input: TextRef<'_>,
    handler: &mut dyn EncodeHandler,
    order: Order,
) -> Result<Vec<u8>, CodecError> {
    let (big, encoding) = match order {
        Order::Little => (false, "utf-16-le"),
        Order::Big => (true, "utf-16-be"),
        Order::Marked => (Order::NATIVE == Order::Big, "utf-16"),
    };
    let push = |out: &mut Vec<u8>, unit: u32| {
        let unit = unit as u16;
        out.extend(if big {
            unit.to_be_bytes()
        } else {
            unit.to_le_bytes()
        });
    };
    let push_char = |out: &mut Vec<u8>, c: u32| match c.checked_sub(0x10000) {
        None => push(out, c),
        Some(high) => {
            push(out, 0xD800 + (high >> 10));
            push(out, 0xDC00 + (high & 0x3FF));
        }
    };
    let mut out = Vec::with_capacity(input.len() * 2 + 2);
    if order == Order::Marked {
        push(&mut out, 0xFEFF);
    }
    encode_wide(input, handler, encoding, 2, &mut out, push_char)?;
    Ok(out)
}

/// What UTF-16 and UTF-32 share: single surrogates are faults.
pub(super) fn encode_wide(
    input: TextRef<'_>,
    handler: &mut dyn EncodeHandler,
    encoding: &'static str,
    unit: usize,
    out: &mut Vec<u8>,
    push: impl Fn(&mut Vec<u8>, u32),
) -> Result<(), CodecError> {
    let surrogate = |c: u32| (0xD800..0xE000).contains(&c);
    let mut at = 0;
    while let Some(c) = input.get(at) {
        if !surrogate(c) {
            push(out, c);
            at += 1;
            continue;
        }
        let fault = Fault {
            encoding,
            start: at,
            end: at + 1,
            reason: "surrogates not allowed".into(),
        };
        let (replacement, position) = encode_fault(handler, input, &fault)?;
        match replacement {
            Replacement::Bytes(bytes) if bytes.len() % unit == 0 => out.extend_from_slice(&bytes),
            Replacement::Text(text) if text.as_ref().as_ascii().is_some() => {
                text.as_ref().iter().for_each(|c| push(out, c));
            }
            _ => return Err(CodecError::Encode(fault)),
        }
        at = position;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unicode::Text;
    use crate::unicode::codecs::Builtin;

    #[test]
    fn both_ways() {
        let text = Text::from("a€😀");
        for (order, bytes) in [
            (Order::Little, &b"a\0\xac\x20\x3d\xd8\0\xde"[..]),
            (Order::Big, b"\0a\x20\xac\xd8\x3d\xde\0"),
        ] {
            assert_eq!(
                encode(text.as_ref(), &mut Builtin::Strict, order).as_deref(),
                Ok(bytes)
            );
            let decoded = decode(bytes, &mut Builtin::Strict, order, true);
            assert_eq!(decoded, Ok((text.clone(), bytes.len(), order)));
        }
        let marked = decode(b"\xfe\xff\0a", &mut Builtin::Strict, Order::Marked, true);
        assert_eq!(marked, Ok((Text::from("a"), 4, Order::Big)));
        let partial = decode(b"a\0\x3d\xd8\0", &mut Builtin::Strict, Order::Little, false);
        assert_eq!(partial, Ok((Text::from("a"), 2, Order::Little)));
    }
}
