//! Values of literals that the parser's own types cannot hold: wide ints, lone surrogates. Escapes
//! are decoded by [`crate::literal`].

use ruff_python_ast::{self as ast};
use taipan_bytecode::code::Constant;

use super::Lowerer;
use crate::literal::{bytes_value, may_have_surrogates, middle_points, string_points};

/// An int literal's value.
pub(crate) fn int(n: &ast::Int) -> Constant {
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
        let text = self.text(part.range);
        if part.value.contains('\u{FFFD}') && may_have_surrogates(text) {
            push_points(out, &string_points(text));
        } else {
            out.extend_from_slice(part.value.as_bytes());
        }
    }

    /// The text of a literal stretch of an f-string.
    pub(super) fn push_element(
        &self,
        out: &mut Vec<u8>,
        part: &ast::InterpolatedStringLiteralElement,
        raw: bool,
    ) {
        let text = self.text(part.range);
        if part.value.contains('\u{FFFD}') && may_have_surrogates(text) {
            push_points(out, &middle_points(text, raw));
        } else {
            out.extend_from_slice(part.value.as_bytes());
        }
    }

    /// The value of a bytes literal.
    pub(super) fn bytes_literal(&self, value: &ast::BytesLiteralValue) -> Vec<u8> {
        let mut out = Vec::new();
        for part in value.iter() {
            let text = self.text(part.range);
            if text.contains('\\') {
                out.extend(bytes_value(text));
            } else {
                out.extend_from_slice(&part.value);
            }
        }
        out
    }
}

/// Appends code points as WTF-8: surrogates that meet stay two.
pub(crate) fn push_points(out: &mut Vec<u8>, points: &[u32]) {
    for &point in points {
        match char::from_u32(point) {
            Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            None => out.extend([
                0xE0 | (point >> 12 & 0xF) as u8,
                0x80 | (point >> 6 & 0x3F) as u8,
                0x80 | (point & 0x3F) as u8,
            ]),
        }
    }
}
