//! UTF-32, in both orders and with a byte order mark.

use super::utf16::{Order, encode_wide};
use super::{CodecError, DecodeHandler, Decoder, EncodeHandler};
use crate::unicode::{Text, TextRef};

/// Decodes; the third result is the order that was found, for the next input.
pub fn decode(
    input: &[u8],
    handler: &mut dyn DecodeHandler,
    order: Order,
    last: bool,
) -> Result<(Text, usize, Order), CodecError> {
    let (order, mut at) = order.detect(input, &[0xFF, 0xFE, 0, 0]);
    let big = order.or_native() == Order::Big;
    let encoding = if big { "utf-32-be" } else { "utf-32-le" };
    let mut decoder = Decoder::new(encoding, input, handler);
    while at < input.len() {
        let unit = input.get(at..at + 4).and_then(|unit| unit.try_into().ok());
        let Some(unit) = unit else {
            if !last {
                break;
            }
            at = decoder.fault(at, input.len(), "truncated data")?;
            continue;
        };
        let c = if big {
            u32::from_be_bytes(unit)
        } else {
            u32::from_le_bytes(unit)
        };
        at = match c {
            0xD800..0xE000 => decoder.fault(
                at,
                at + 4,
                "code point in surrogate code point range(0xd800, 0xe000)",
            )?,
            0x110000.. => decoder.fault(at, at + 4, "code point not in range(0x110000)")?,
            _ => {
                decoder.out.push(c);
                at + 4
            }
        };
    }
    Ok((decoder.out.finish(), at, order))
}

/// Encodes; `Marked` begins with a byte order mark.
pub fn encode(
    input: TextRef<'_>,
    handler: &mut dyn EncodeHandler,
    order: Order,
) -> Result<Vec<u8>, CodecError> {
    let (big, encoding) = match order {
        Order::Little => (false, "utf-32-le"),
        Order::Big => (true, "utf-32-be"),
        Order::Marked => (Order::NATIVE == Order::Big, "utf-32"),
    };
    let push = |out: &mut Vec<u8>, c: u32| {
        out.extend(if big {
            c.to_be_bytes()
        } else {
            c.to_le_bytes()
        });
    };
    let mut out = Vec::with_capacity(input.len() * 4 + 4);
    if order == Order::Marked {
        push(&mut out, 0xFEFF);
    }
    encode_wide(input, handler, encoding, 4, &mut out, push)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unicode::codecs::Builtin;

    #[test]
    fn both_ways() {
        let text = Text::from("a😀");
        let bytes = encode(text.as_ref(), &mut Builtin::Strict, Order::Big).unwrap_or_default();
        assert_eq!(bytes, b"\0\0\0a\0\x01\xf6\0");
        let decoded = decode(&bytes, &mut Builtin::Strict, Order::Big, true);
        assert_eq!(decoded, Ok((text, 8, Order::Big)));
        assert!(decode(b"\0\0\xd8\0", &mut Builtin::Strict, Order::Big, true).is_err());
    }
}
