//! ASCII and Latin-1.

use super::{
    CodecError, DecodeHandler, Decoded, Decoder, EncodeHandler, Fault, Replacement, ascii_prefix,
    encode_fault,
};
use crate::unicode::{Text, TextRef};

/// Decodes ASCII.
pub fn decode_ascii(input: &[u8], handler: &mut dyn DecodeHandler) -> Decoded {
    let mut decoder = Decoder::new("ascii", input, handler);
    let mut at = 0;
    loop {
        let rest = input.get(at..).unwrap_or_default();
        let (ascii, bad) = rest.split_at(ascii_prefix(rest));
        decoder
            .out
            .push_str(std::str::from_utf8(ascii).unwrap_or_default());
        at += ascii.len();
        if bad.is_empty() {
            return Ok((decoder.out.finish(), input.len()));
        }
        at = decoder.fault(at, at + 1, "ordinal not in range(128)")?;
    }
}

/// Decodes Latin-1, which cannot fail.
pub fn decode_latin1(input: &[u8]) -> Text {
    Text::from_latin1(input)
}

/// Encodes ASCII.
pub fn encode_ascii(
    input: TextRef<'_>,
    handler: &mut dyn EncodeHandler,
) -> Result<Vec<u8>, CodecError> {
    encode(input, handler, "ascii", 0x80, "ordinal not in range(128)")
}

/// Encodes Latin-1.
pub fn encode_latin1(
    input: TextRef<'_>,
    handler: &mut dyn EncodeHandler,
) -> Result<Vec<u8>, CodecError> {
    encode(
        input,
        handler,
        "latin-1",
        0x100,
        "ordinal not in range(256)",
    )
}

fn encode(
    input: TextRef<'_>,
    handler: &mut dyn EncodeHandler,
    encoding: &'static str,
    limit: u32,
    reason: &'static str,
) -> Result<Vec<u8>, CodecError> {
    match input {
        TextRef::Ascii(s) => return Ok(s.as_bytes().to_vec()),
        TextRef::Latin1(s) if limit == 0x100 => return Ok(s.to_vec()),
        _ => {}
    }
    let mut out: Vec<u8> = Vec::with_capacity(input.len());
    let mut at = 0;
    while at < input.len() {
        let rest = input.slice(at, usize::MAX);
        let before = out.len();
        out.extend(rest.iter().take_while(|&c| c < limit).map(|c| c as u8));
        at += out.len() - before;
        if at == input.len() {
            break;
        }
        let rest = input.slice(at, usize::MAX);
        let run = rest.iter().take_while(|&c| c >= limit).count();
        let fault = Fault {
            encoding,
            start: at,
            end: at + run,
            reason: reason.into(),
        };
        let (replacement, position) = encode_fault(handler, input, &fault)?;
        match replacement {
            Replacement::Bytes(bytes) => out.extend_from_slice(&bytes),
            Replacement::Text(text) => {
                let text = text.as_ref();
                if text.iter().any(|c| c >= limit) {
                    return Err(CodecError::Encode(fault));
                }
                out.extend(text.iter().map(|c| c as u8));
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
        let escaped = decode_ascii(b"a\xff", &mut Builtin::BackslashReplace);
        assert_eq!(escaped, Ok((Text::from("a\\xff"), 2)));
        let text = Text::from("é€x");
        let encode = |mut handler: Builtin| encode_latin1(text.as_ref(), &mut handler);
        assert_eq!(
            encode(Builtin::XmlCharRefReplace),
            Ok(b"\xe9&#8364;x".to_vec())
        );
        assert_eq!(
            encode(Builtin::NameReplace),
            Ok(b"\xe9\\N{EURO SIGN}x".to_vec())
        );
        let fault = Fault {
            encoding: "ascii",
            start: 0,
            end: 2,
            reason: "ordinal not in range(128)".into(),
        };
        assert_eq!(
            encode_ascii(text.as_ref(), &mut Builtin::Strict),
            Err(CodecError::Encode(fault))
        );
    }
}
