//! Encodings given by a mapping, as `codecs.charmap_decode` uses.
//!
//! The mapping is a closure of the caller: a table, a decoding string or a
//! dictionary of a program.

use super::{
    CodecError, DecodeHandler, Decoded, Decoder, EncodeHandler, Fault, Replacement, encode_fault,
};
use crate::unicode::{Text, TextRef};

const UNDEFINED: &str = "character maps to <undefined>";

/// What a byte decodes to; `None` if it is undefined.
pub type DecodeMap<'a> = dyn FnMut(u8) -> Result<Option<Text>, CodecError> + 'a;

/// What a code point encodes to; `None` if it is undefined.
pub type EncodeMap<'a> = dyn FnMut(u32) -> Result<Option<Vec<u8>>, CodecError> + 'a;

/// The mapping of a decoding table, in which U+FFFE means undefined.
pub fn table_lookup(table: TextRef<'_>, byte: u8) -> Option<u32> {
    table.get(byte.into()).filter(|&c| c != 0xFFFE)
}

/// Decodes by a table.
pub fn decode_table(input: &[u8], handler: &mut dyn DecodeHandler, table: TextRef<'_>) -> Decoded {
    let mut decoder = Decoder::new("charmap", input, handler);
    let mut at = 0;
    while let Some(byte) = decoder.byte(at) {
        at = match table_lookup(table, byte) {
            Some(c) => {
                decoder.out.push(c);
                at + 1
            }
            None => decoder.fault(at, at + 1, UNDEFINED)?,
        };
    }
    Ok((decoder.out.finish(), at))
}

/// Decodes by any mapping.
pub fn decode(input: &[u8], handler: &mut dyn DecodeHandler, map: &mut DecodeMap<'_>) -> Decoded {
    let mut decoder = Decoder::new("charmap", input, handler);
    let mut at = 0;
    while let Some(byte) = decoder.byte(at) {
        at = match map(byte)? {
            Some(text) => {
                decoder.out.push_text(text.as_ref());
                at + 1
            }
            None => decoder.fault(at, at + 1, UNDEFINED)?,
        };
    }
    Ok((decoder.out.finish(), at))
}

/// Encodes by any mapping.
pub fn encode(
    input: TextRef<'_>,
    handler: &mut dyn EncodeHandler,
    map: &mut EncodeMap<'_>,
) -> Result<Vec<u8>, CodecError> {
    let mut out = Vec::with_capacity(input.len());
    let mut at = 0;
    while let Some(c) = input.get(at) {
        if let Some(bytes) = map(c)? {
            out.extend_from_slice(&bytes);
            at += 1;
            continue;
        }
        let mut end = at + 1;
        while let Some(c) = input.get(end) {
            if map(c)?.is_some() {
                break;
            }
            end += 1;
        }
        let fault = Fault {
            encoding: "charmap",
            start: at,
            end,
            reason: UNDEFINED.into(),
        };
        let (replacement, position) = encode_fault(handler, input, &fault)?;
        match replacement {
            Replacement::Bytes(bytes) => out.extend_from_slice(&bytes),
            Replacement::Text(text) => {
                for c in text.as_ref().iter() {
                    let bytes = map(c)?.ok_or_else(|| CodecError::Encode(fault.clone()))?;
                    out.extend_from_slice(&bytes);
                }
            }
        }
        at = position;
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unicode::codecs::Builtin;

    #[test]
    fn both_ways() {
        let table = Text::from("ab\u{FFFE}€");
        let decoded = decode_table(b"\0\x03\x02\x09", &mut Builtin::Replace, table.as_ref());
        assert_eq!(decoded, Ok((Text::from("a€\u{FFFD}\u{FFFD}"), 4)));
        let mut map = |c: u32| Ok((c < 0x80).then(|| vec![c as u8 + 1]));
        let text = Text::from("aé");
        let encoded = encode(text.as_ref(), &mut Builtin::Replace, &mut map);
        assert_eq!(encoded, Ok(b"b@".to_vec()));
    }
}
