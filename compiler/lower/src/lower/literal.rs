//! Values of literals that the parser's own types cannot hold: wide ints, lone surrogates.

use ruff_python_ast::str_prefix::StringLiteralPrefix;
use ruff_python_ast::{self as ast};
use taipan_bytecode::code::Constant;

use super::Lowerer;

/// An int literal's value.
pub(super) fn int(n: &ast::Int) -> Constant {
    if let Some(n) = n.as_i64() {
        return Constant::Int(n);
    }
    if let Some(n) = n.as_u64() {
        return Constant::BigInt {
            negative: false,
            magnitude: n.to_le_bytes().to_vec(),
        };
    }
    // Only the text of wider ones is kept.
    let text = n.to_string();
    let (digits, radix) = match text.get(..2) {
        Some("0x" | "0X") => (&text[2..], 16),
        Some("0o" | "0O") => (&text[2..], 8),
        Some("0b" | "0B") => (&text[2..], 2),
        _ => (text.as_str(), 10),
    };
    let mut limbs: Vec<u32> = Vec::new();
    for digit in digits.chars().filter_map(|c| c.to_digit(radix)) {
        let mut carry = digit as u64;
        for limb in &mut limbs {
            let n = *limb as u64 * radix as u64 + carry;
            *limb = n as u32;
            carry = n >> 32;
        }
        if carry != 0 {
            limbs.push(carry as u32);
        }
    }
    let mut magnitude: Vec<u8> = limbs.iter().flat_map(|l| l.to_le_bytes()).collect();
    while magnitude.last() == Some(&0) {
        magnitude.pop();
    }
    Constant::BigInt {
        negative: false,
        magnitude,
    }
}

impl<'a> Lowerer<'a> {
    /// The text of a string literal as WTF-8.
    pub(super) fn string_value(&self, value: &ast::StringLiteralValue) -> Vec<u8> {
        let mut out = Vec::new();
        for part in value.iter() {
            self.push_string(&mut out, part);
        }
        out
    }

    pub(super) fn push_string(&self, out: &mut Vec<u8>, part: &ast::StringLiteral) {
        // The parser has U+FFFD where the literal has a lone surrogate.
        if part.value.contains('\u{FFFD}')
            && !matches!(part.flags.prefix(), StringLiteralPrefix::Raw { .. })
        {
            let text = self.text(part.range);
            let quotes = if part.flags.is_triple_quoted() { 3 } else { 1 };
            let prefix = text.find(['"', '\'']).unwrap_or(0);
            let inner = text
                .get(prefix + quotes..text.len().saturating_sub(quotes))
                .unwrap_or("");
            unescape(inner, &part.value, out);
        } else {
            append(out, part.value.as_bytes());
        }
    }

    /// The text of a literal stretch of an f-string.
    pub(super) fn push_element(
        &self,
        out: &mut Vec<u8>,
        part: &ast::InterpolatedStringLiteralElement,
        raw: bool,
    ) {
        if part.value.contains('\u{FFFD}') && !raw {
            unescape(self.text(part.range), &part.value, out);
        } else {
            append(out, part.value.as_bytes());
        }
    }
}

use ruff_python_ast::StringFlags;

/// Appends WTF-8: surrogates that meet at the joint stay two.
fn append(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend_from_slice(bytes);
}

/// Copies `parsed`, with the surrogates that the escapes in `text` spell.
fn unescape(text: &str, parsed: &str, out: &mut Vec<u8>) {
    let mut surrogates = Vec::new();
    let bytes = text.as_bytes();
    let mut i = 0;
    while i < bytes.len() {
        if bytes[i] != b'\\' {
            let rest = text.get(i..).unwrap_or("");
            let c = rest.chars().next().unwrap_or('\0');
            if c == '\u{FFFD}' {
                surrogates.push(None);
            }
            i += c.len_utf8();
            continue;
        }
        let digits = match bytes.get(i + 1) {
            Some(b'u') => 4,
            Some(b'U') => 8,
            Some(b'N') => {
                // \N{REPLACEMENT CHARACTER}
                let end = text.get(i..).and_then(|t| t.find('}')).unwrap_or(1);
                let name = text.get(i..i + end).unwrap_or("");
                if name
                    .to_ascii_uppercase()
                    .ends_with("{REPLACEMENT CHARACTER")
                {
                    surrogates.push(None);
                }
                i += end.max(2);
                continue;
            }
            _ => {
                i += 1;
                i += text
                    .get(i..)
                    .and_then(|t| t.chars().next())
                    .map_or(1, char::len_utf8);
                continue;
            }
        };
        let value = text
            .get(i + 2..i + 2 + digits)
            .and_then(|hex| u32::from_str_radix(hex, 16).ok());
        match value {
            Some(unit @ 0xD800..=0xDFFF) => surrogates.push(Some(unit)),
            Some(0xFFFD) => surrogates.push(None),
            _ => {}
        }
        i += 2 + digits;
    }
    let mut surrogates = surrogates.into_iter();
    for c in parsed.chars() {
        let mut buffer = [0; 4];
        match c {
            '\u{FFFD}' => match surrogates.next().flatten() {
                Some(unit) => out.extend([
                    0xED,
                    0x80 | (unit >> 6 & 0x3F) as u8,
                    0x80 | (unit & 0x3F) as u8,
                ]),
                None => out.extend_from_slice("\u{FFFD}".as_bytes()),
            },
            c => out.extend_from_slice(c.encode_utf8(&mut buffer).as_bytes()),
        }
    }
}
