//! Strings as JSON text.

use taipan_vm::object::Gc;
use taipan_vm::types::str_::{Str, Units, push_wtf8};

fn push_escape(out: &mut Vec<u8>, unit: u32) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    out.extend_from_slice(b"\\u");
    for shift in [12, 8, 4, 0] {
        out.push(DIGITS[(unit >> shift & 15) as usize]);
    }
}

/// The two-character escape of a character, if it has one.
fn short(c: u32) -> Option<u8> {
    Some(match u8::try_from(c).ok()? {
        b'"' => b'"',
        b'\\' => b'\\',
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        8 => b'b',
        12 => b'f',
        _ => return None,
    })
}

fn push_char(out: &mut Vec<u8>, c: u32, ascii: bool) {
    if let Some(e) = short(c) {
        out.extend([b'\\', e]);
    } else if c < 0x20 {
        push_escape(out, c);
    } else if c < 0x7F || (!ascii && c == 0x7F) {
        out.push(c as u8);
    } else if !ascii {
        push_wtf8(out, c);
    } else if c < 0x10000 {
        push_escape(out, c);
    } else {
        let c = c - 0x10000;
        push_escape(out, 0xD800 | c >> 10);
        push_escape(out, 0xDC00 | (c & 0x3FF));
    }
}

/// Appends a string in quotes, with escapes for everything outside ASCII if `ascii`.
pub(super) fn push_quoted(out: &mut Vec<u8>, s: Gc<Str>, ascii: bool) {
    out.push(b'"');
    match s.units() {
        Units::Ascii(text) => {
            let bytes = text.as_bytes();
            let mut done = 0;
            for (i, b) in bytes.iter().enumerate() {
                if *b >= 0x20 && *b != b'"' && *b != b'\\' && (*b != 0x7F || !ascii) {
                    continue;
                }
                out.extend_from_slice(&bytes[done..i]);
                push_char(out, u32::from(*b), ascii);
                done = i + 1;
            }
            out.extend_from_slice(&bytes[done..]);
        }
        _ => {
            for c in s.code_points() {
                push_char(out, c, ascii);
            }
        }
    }
    out.push(b'"');
}
