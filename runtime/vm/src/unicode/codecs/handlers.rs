//! The error handlers that Python has built in.

use super::{CodecError, DecodeHandler, EncodeHandler, Fault, Replacement};
use crate::format::repr::push_hex_escape;
use crate::number::error::FormatError;
use crate::unicode::{Text, TextBuilder, TextRef, names};

/// A built-in error handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Builtin {
    /// `strict`
    Strict,
    /// `ignore`
    Ignore,
    /// `replace`
    Replace,
    /// `surrogateescape`
    SurrogateEscape,
    /// `surrogatepass`
    SurrogatePass,
    /// `backslashreplace`
    BackslashReplace,
    /// `xmlcharrefreplace`, only for encoding.
    XmlCharRefReplace,
    /// `namereplace`, only for encoding.
    NameReplace,
}

impl Builtin {
    /// Handler of a name.
    pub fn parse(name: &str) -> Option<Builtin> {
        Some(match name {
            "strict" => Builtin::Strict,
            "ignore" => Builtin::Ignore,
            "replace" => Builtin::Replace,
            "surrogateescape" => Builtin::SurrogateEscape,
            "surrogatepass" => Builtin::SurrogatePass,
            "backslashreplace" => Builtin::BackslashReplace,
            "xmlcharrefreplace" => Builtin::XmlCharRefReplace,
            "namereplace" => Builtin::NameReplace,
            _ => return None,
        })
    }
}

fn is_surrogate(c: u32) -> bool {
    (0xD800..0xE000).contains(&c)
}

/// Width of a unit and whether it is big-endian, for `surrogatepass`.
fn unit_of(encoding: &str) -> Option<(usize, bool)> {
    Some(match encoding {
        "utf-8" => (3, false),
        "utf-16-le" => (2, false),
        "utf-16-be" => (2, true),
        "utf-32-le" => (4, false),
        "utf-32-be" => (4, true),
        "utf-16" => (2, cfg!(target_endian = "big")),
        "utf-32" => (4, cfg!(target_endian = "big")),
        _ => return None,
    })
}

/// A surrogate encoded in the units of an encoding.
fn surrogate_at(bytes: &[u8], encoding: &str) -> Option<(u32, usize)> {
    let (width, big) = unit_of(encoding)?;
    let unit = bytes.get(..width)?;
    let c = match (unit, encoding) {
        ([a, b, c], "utf-8") if a & 0xF0 == 0xE0 && b & 0xC0 == 0x80 && c & 0xC0 == 0x80 => {
            u32::from(a & 15) << 12 | u32::from(b & 63) << 6 | u32::from(c & 63)
        }
        (_, "utf-8") => return None,
        _ if big => unit.iter().fold(0, |c, &b| c << 8 | u32::from(b)),
        _ => unit.iter().rev().fold(0, |c, &b| c << 8 | u32::from(b)),
    };
    is_surrogate(c).then_some((c, width))
}

fn encode_surrogate(out: &mut Vec<u8>, c: u32, encoding: &str) -> Option<()> {
    let (width, big) = unit_of(encoding)?;
    if encoding == "utf-8" {
        out.extend([
            0xE0 | (c >> 12) as u8,
            0x80 | (c >> 6 & 63) as u8,
            0x80 | (c & 63) as u8,
        ]);
    } else if big {
        out.extend_from_slice(&c.to_be_bytes()[4 - width..]);
    } else {
        out.extend_from_slice(&c.to_le_bytes()[..width]);
    }
    Some(())
}

impl DecodeHandler for Builtin {
    fn handle(&mut self, input: &[u8], fault: &Fault) -> Result<(Text, usize), CodecError> {
        let strict = || CodecError::Decode(fault.clone());
        let bytes = input.get(fault.start..fault.end).unwrap_or_default();
        match self {
            Builtin::Strict => Err(strict()),
            Builtin::Ignore => Ok((Text::default(), fault.end)),
            Builtin::Replace => Ok((Text::from("\u{FFFD}"), fault.end)),
            Builtin::BackslashReplace => {
                let mut out = TextBuilder::new();
                for &b in bytes {
                    push_hex_escape(&mut out, b.into());
                }
                Ok((out.finish(), fault.end))
            }
            Builtin::SurrogateEscape => {
                // Only bytes that are not ASCII, at most four, are escaped.
                let escaped: Vec<u32> = bytes
                    .iter()
                    .take(4)
                    .take_while(|&&b| b >= 0x80)
                    .map(|&b| 0xDC00 + u32::from(b))
                    .collect();
                if escaped.is_empty() {
                    return Err(strict());
                }
                let position = fault.start + escaped.len();
                Ok((Text::from_code_points(escaped), position))
            }
            Builtin::SurrogatePass => {
                let rest = input.get(fault.start..).unwrap_or_default();
                let (c, width) = surrogate_at(rest, fault.encoding).ok_or_else(strict)?;
                Ok((Text::from_code_points([c]), fault.start + width))
            }
            Builtin::XmlCharRefReplace | Builtin::NameReplace => {
                Err(CodecError::Other(FormatError::type_error(
                    "don't know how to handle UnicodeDecodeError in error callback",
                )))
            }
        }
    }
}

impl EncodeHandler for Builtin {
    fn handle(
        &mut self,
        input: TextRef<'_>,
        fault: &Fault,
    ) -> Result<(Replacement, usize), CodecError> {
        let strict = || CodecError::Encode(fault.clone());
        let text = input.slice(fault.start, fault.end);
        let mut out = TextBuilder::new();
        match self {
            Builtin::Strict => return Err(strict()),
            Builtin::Ignore => {}
            Builtin::Replace => out.push_repeated('?'.into(), text.len()),
            Builtin::BackslashReplace => {
                text.iter().for_each(|c| push_hex_escape(&mut out, c));
            }
            Builtin::XmlCharRefReplace => {
                text.iter().for_each(|c| out.push_str(&format!("&#{c};")));
            }
            Builtin::NameReplace => {
                for c in text.iter() {
                    match names::name(c) {
                        Some(name) => out.push_str(&format!("\\N{{{name}}}")),
                        None => push_hex_escape(&mut out, c),
                    }
                }
            }
            Builtin::SurrogateEscape => {
                // What can be escaped is; the codec asks again for the rest.
                let bytes: Vec<u8> = text
                    .iter()
                    .map_while(|c| (0xDC80..0xDD00).contains(&c).then(|| (c - 0xDC00) as u8))
                    .collect();
                if bytes.is_empty() {
                    return Err(strict());
                }
                let position = fault.start + bytes.len();
                return Ok((Replacement::Bytes(bytes), position));
            }
            Builtin::SurrogatePass => {
                let mut bytes = Vec::new();
                for c in text.iter() {
                    if !is_surrogate(c) {
                        return Err(strict());
                    }
                    encode_surrogate(&mut bytes, c, fault.encoding).ok_or_else(strict)?;
                }
                return Ok((Replacement::Bytes(bytes), fault.end));
            }
        }
        Ok((Replacement::Text(out.finish()), fault.end))
    }
}
