//! `unicode_escape`, `raw_unicode_escape` and the escapes of bytes.

use super::{CodecError, DecodeHandler, Decoded, Decoder};
use crate::format::repr::push_hex_escape;
use crate::number::error::FormatError;
use crate::unicode::{TextBuilder, TextRef, names};

/// A backslash that begins no known escape, or an octal escape beyond `\377`,
/// of which Python warns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidEscape {
    /// Index of the character after the backslash.
    pub position: usize,
    /// The octal value, if it is one that is too large.
    pub octal: Option<u32>,
}

/// Hexadecimal digits at a place, at most so many: their value and count.
fn hex_digits(input: &[u8], at: usize, most: usize) -> (u32, usize) {
    let digits = input.get(at..).unwrap_or_default().iter().take(most);
    digits
        .map_while(|&b| char::from(b).to_digit(16))
        .fold((0, 0), |(value, count), digit| {
            (value << 4 | digit, count + 1)
        })
}

fn octal_digits(input: &[u8], at: usize) -> (u32, usize) {
    let digits = input.get(at..).unwrap_or_default().iter().take(3);
    digits
        .map_while(|&b| char::from(b).to_digit(8))
        .fold((0, 0), |(value, count), digit| {
            (value << 3 | digit, count + 1)
        })
}

/// One-character escapes that text and bytes share.
fn simple_escape(b: u8) -> Option<u8> {
    Some(match b {
        b'\\' | b'\'' | b'"' => b,
        b'b' => 8,
        b'f' => 12,
        b't' => 9,
        b'n' => 10,
        b'r' => 13,
        b'v' => 11,
        b'a' => 7,
        _ => return None,
    })
}

/// Decodes `unicode_escape`; bytes that are not part of an escape are Latin-1.
/// The second result is the first escape to warn of.
pub fn decode_unicode_escape(
    input: &[u8],
    handler: &mut dyn DecodeHandler,
    last: bool,
) -> Result<(crate::unicode::Text, usize, Option<InvalidEscape>), CodecError> {
    let mut decoder = Decoder::new("unicodeescape", input, handler);
    let mut invalid = None;
    let mut at = 0;
    while let Some(b) = decoder.byte(at) {
        if b != b'\\' {
            decoder.out.push(b.into());
            at += 1;
            continue;
        }
        let start = at;
        let Some(kind) = decoder.byte(at + 1) else {
            if !last {
                break;
            }
            at = decoder.fault(start, input.len(), "\\ at end of string")?;
            continue;
        };
        at += 2;
        if let Some(b) = simple_escape(kind) {
            decoder.out.push(b.into());
            continue;
        }
        let (digits, truncated) = match kind {
            b'\n' => continue,
            b'0'..=b'7' => {
                let (value, count) = octal_digits(input, start + 1);
                if value > 0o377 && invalid.is_none() {
                    invalid = Some(InvalidEscape {
                        position: start + 1,
                        octal: Some(value),
                    });
                }
                at = start + 1 + count;
                decoder.out.push(value);
                continue;
            }
            b'x' => (2, "truncated \\xXX escape"),
            b'u' => (4, "truncated \\uXXXX escape"),
            b'U' => (8, "truncated \\UXXXXXXXX escape"),
            b'N' => {
                match named(&mut decoder, start, last)? {
                    Some(next) => at = next,
                    None => return Ok((decoder.out.finish(), start, invalid)),
                }
                continue;
            }
            _ => {
                if invalid.is_none() {
                    invalid = Some(InvalidEscape {
                        position: start + 1,
                        octal: None,
                    });
                }
                decoder.out.push('\\'.into());
                decoder.out.push(kind.into());
                continue;
            }
        };
        let (value, count) = hex_digits(input, at, digits);
        let end = at + count;
        if count < digits {
            if !last && end == input.len() {
                return Ok((decoder.out.finish(), start, invalid));
            }
            at = decoder.fault(start, end, truncated)?;
        } else if value >= 0x110000 {
            at = decoder.fault(start, end, "illegal Unicode character")?;
        } else {
            decoder.out.push(value);
            at = end;
        }
    }
    Ok((decoder.out.finish(), at, invalid))
}

/// `\N{name}` at `start`; `None` if it is incomplete.
fn named(decoder: &mut Decoder<'_>, start: usize, last: bool) -> Result<Option<usize>, CodecError> {
    let input = decoder.input;
    let open = start + 2;
    let malformed = "malformed \\N character escape";
    match decoder.byte(open) {
        None if !last => return Ok(None),
        Some(b'{') => {}
        _ => return decoder.fault(start, open, malformed).map(Some),
    }
    let name = input.get(open + 1..).unwrap_or_default();
    let Some(len) = name.iter().position(|&b| b == b'}') else {
        if !last {
            return Ok(None);
        }
        return decoder.fault(start, input.len(), malformed).map(Some);
    };
    let end = open + 1 + len + 1;
    if len == 0 {
        return decoder.fault(start, end, malformed).map(Some);
    }
    let found = name
        .get(..len)
        .and_then(|name| std::str::from_utf8(name).ok())
        .and_then(names::character);
    match found {
        Some(c) => {
            decoder.out.push(c);
            Ok(Some(end))
        }
        None => decoder
            .fault(start, end, "unknown Unicode character name")
            .map(Some),
    }
}

/// Decodes `raw_unicode_escape`: only `\u` and `\U` are escapes.
pub fn decode_raw_unicode_escape(
    input: &[u8],
    handler: &mut dyn DecodeHandler,
    last: bool,
) -> Decoded {
    let mut decoder = Decoder::new("rawunicodeescape", input, handler);
    let mut at = 0;
    while let Some(b) = decoder.byte(at) {
        let next = decoder.byte(at + 1);
        if b != b'\\' || next.is_none() && last {
            decoder.out.push(b.into());
            at += 1;
            continue;
        }
        let (digits, truncated) = match next {
            None => break,
            Some(b'u') => (4, "truncated \\uXXXX escape"),
            Some(b'U') => (8, "truncated \\UXXXXXXXX escape"),
            Some(other) => {
                decoder.out.push(b.into());
                decoder.out.push(other.into());
                at += 2;
                continue;
            }
        };
        let (value, count) = hex_digits(input, at + 2, digits);
        let end = at + 2 + count;
        if count < digits {
            if !last && end == input.len() {
                break;
            }
            at = decoder.fault(at, end, truncated)?;
        } else if value >= 0x110000 {
            at = decoder.fault(at, end, "\\Uxxxxxxxx out of range")?;
        } else {
            decoder.out.push(value);
            at = end;
        }
    }
    Ok((decoder.out.finish(), at))
}

fn push_ascii(out: &mut Vec<u8>, c: u32) {
    let mut escape = TextBuilder::new();
    push_hex_escape(&mut escape, c);
    out.extend(escape.finish().as_ref().iter().map(|c| c as u8));
}

/// Encodes `unicode_escape`, which cannot fail.
pub fn encode_unicode_escape(input: TextRef<'_>) -> Vec<u8> {
    let mut out = Vec::with_capacity(input.len());
    for c in input.iter() {
        match c {
            0x5C => out.extend(b"\\\\"),
            0x09 => out.extend(b"\\t"),
            0x0A => out.extend(b"\\n"),
            0x0D => out.extend(b"\\r"),
            0x20..0x7F => out.push(c as u8),
            _ => push_ascii(&mut out, c),
        }
    }
    out
}

/// Encodes `raw_unicode_escape`, which cannot fail.
pub fn encode_raw_unicode_escape(input: TextRef<'_>) -> Vec<u8> {
    let mut out = Vec::with_capacity(input.len());
    for c in input.iter() {
        match u8::try_from(c) {
            Ok(b) => out.push(b),
            Err(_) => push_ascii(&mut out, c),
        }
    }
    out
}

/// What `codecs.escape_decode` does with a bad `\x`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BytesErrors {
    /// `strict`
    Strict,
    /// `replace`
    Replace,
    /// `ignore`
    Ignore,
}

/// Decodes the escapes of bytes literals.
pub fn decode_bytes(
    input: &[u8],
    errors: BytesErrors,
) -> Result<(Vec<u8>, Option<InvalidEscape>), FormatError> {
    let mut out = Vec::with_capacity(input.len());
    let mut invalid = None;
    let mut at = 0;
    while let Some(&b) = input.get(at) {
        if b != b'\\' {
            out.push(b);
            at += 1;
            continue;
        }
        let start = at;
        let Some(&kind) = input.get(at + 1) else {
            return Err(FormatError::value("Trailing \\ in string"));
        };
        at += 2;
        match kind {
            _ if simple_escape(kind).is_some() => out.extend(simple_escape(kind)),
            b'\n' => {}
            b'0'..=b'7' => {
                let (value, count) = octal_digits(input, start + 1);
                if value > 0o377 && invalid.is_none() {
                    invalid = Some(InvalidEscape {
                        position: start + 1,
                        octal: Some(value),
                    });
                }
                out.push(value as u8);
                at = start + 1 + count;
            }
            b'x' => {
                let (value, count) = hex_digits(input, at, 2);
                at += count;
                match errors {
                    _ if count == 2 => out.push(value as u8),
                    BytesErrors::Strict => {
                        return Err(FormatError::value(format!(
                            "invalid \\x escape at position {start}"
                        )));
                    }
                    BytesErrors::Replace => out.push(b'?'),
                    BytesErrors::Ignore => {}
                }
            }
            _ => {
                if invalid.is_none() {
                    invalid = Some(InvalidEscape {
                        position: start + 1,
                        octal: None,
                    });
                }
                out.extend([b'\\', kind]);
            }
        }
    }
    Ok((out, invalid))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unicode::Text;
    use crate::unicode::codecs::Builtin;

    #[test]
    fn decodes() {
        let input = br"a\n\x41\u20ac\U0001f600\101\N{SNOWMAN}\d";
        let (text, len, invalid) =
            decode_unicode_escape(input, &mut Builtin::Strict, true).unwrap();
        assert_eq!(text, Text::from("a\nA€😀A☃\\d"));
        assert_eq!(len, input.len());
        assert_eq!(
            invalid.map(|invalid| invalid.position),
            Some(input.len() - 1)
        );
        let raw = decode_raw_unicode_escape(br"\n\u20ac\\u20ac", &mut Builtin::Strict, true);
        assert_eq!(raw, Ok((Text::from("\\n€\\\\u20ac"), 15)));
        let fault = decode_unicode_escape(br"a\x4", &mut Builtin::Strict, true);
        assert!(matches!(fault, Err(CodecError::Decode(f)) if (f.start, f.end) == (1, 4)));
        let bytes = decode_bytes(br"\x41\101\n\q", BytesErrors::Strict);
        assert_eq!(bytes.map(|found| found.0), Ok(b"AA\n\\q".to_vec()));
    }

    #[test]
    fn encodes() {
        let text = Text::from("a\\\n\u{7f}é€😀");
        assert_eq!(
            encode_unicode_escape(text.as_ref()),
            br"a\\\n\x7f\xe9\u20ac\U0001f600"
        );
        assert_eq!(
            encode_raw_unicode_escape(text.as_ref()),
            b"a\\\n\x7f\xe9\\u20ac\\U0001f600"
        );
    }
}
