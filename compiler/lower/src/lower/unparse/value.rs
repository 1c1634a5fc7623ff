//! `repr` of constants.

use taipan_bytecode::code::Constant;

/// `repr(float)`; an infinity is spelled as a literal that gives it.
pub(super) fn repr_float(x: f64, out: &mut String) {
    if x.is_infinite() {
        out.push_str("1e309");
        return;
    }
    let scientific = format!("{x:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if !(-4..16).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        out.push_str(&format!("{mantissa}e{sign}{:02}", exponent.abs()));
        return;
    }
    let plain = format!("{x}");
    out.push_str(&plain);
    if !plain.contains('.') {
        out.push_str(".0");
    }
}

/// `repr` of an imaginary literal.
pub(super) fn repr_imaginary(x: f64, out: &mut String) {
    let mut text = String::new();
    repr_float(x, &mut text);
    out.push_str(text.strip_suffix(".0").unwrap_or(&text));
    out.push('j');
}

/// `repr(int)`
pub(super) fn repr_int(n: &Constant, out: &mut String) {
    match n {
        Constant::Int(n) => out.push_str(&n.to_string()),
        Constant::BigInt { magnitude, .. } => {
            // Base 10**9, least significant first.
            let mut digits: Vec<u32> = vec![0];
            for &byte in magnitude.iter().rev() {
                let mut carry = byte as u64;
                for d in &mut digits {
                    let n = *d as u64 * 256 + carry;
                    *d = (n % 1_000_000_000) as u32;
                    carry = n / 1_000_000_000;
                }
                if carry > 0 {
                    digits.push(carry as u32);
                }
            }
            let mut digits = digits.into_iter().rev();
            out.push_str(&digits.next().unwrap_or(0).to_string());
            for d in digits {
                out.push_str(&format!("{d:09}"));
            }
        }
        _ => {}
    }
}

/// The quote that needs fewer escapes, single if it does not matter.
fn quote(bytes: &[u8]) -> u8 {
    if bytes.contains(&b'\'') && !bytes.contains(&b'"') {
        b'"'
    } else {
        b'\''
    }
}

fn escape_ascii(b: u8, quote: u8, out: &mut String) {
    match b {
        b'\\' => out.push_str("\\\\"),
        b'\n' => out.push_str("\\n"),
        b'\r' => out.push_str("\\r"),
        b'\t' => out.push_str("\\t"),
        b if b == quote => {
            out.push('\\');
            out.push(b as char);
        }
        0x20..=0x7E => out.push(b as char),
        b => out.push_str(&format!("\\x{b:02x}")),
    }
}

/// `repr(bytes)`
pub(super) fn repr_bytes(bytes: &[u8], out: &mut String) {
    let quote = quote(bytes);
    out.push('b');
    out.push(quote as char);
    bytes.iter().for_each(|&b| escape_ascii(b, quote, out));
    out.push(quote as char);
}

/// `repr(str)` of WTF-8.
pub(super) fn repr_str(bytes: &[u8], out: &mut String) {
    let quote = quote(bytes);
    out.push(quote as char);
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            if c.is_ascii() {
                escape_ascii(c as u8, quote, out);
            } else if is_printable(c) {
                out.push(c);
            } else {
                match c as u32 {
                    n @ ..0x100 => out.push_str(&format!("\\x{n:02x}")),
                    n @ ..0x1_0000 => out.push_str(&format!("\\u{n:04x}")),
                    n => out.push_str(&format!("\\U{n:08x}")),
                }
            }
        }
        // The three bytes of a surrogate come one invalid chunk each.
        if let &[lead @ 0xED] = chunk.invalid() {
            let at = chunk.invalid().as_ptr() as usize - bytes.as_ptr() as usize;
            if let Some(&[_, b, c]) = bytes.get(at..at + 3) {
                let unit = (lead as u32 & 0xF) << 12 | (b as u32 & 0x3F) << 6 | (c as u32 & 0x3F);
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    out.push(quote as char);
}

/// Whether `repr` shows a non-ASCII character as it is.
fn is_printable(c: char) -> bool {
    // Rust escapes combining marks when they stand alone; Python shows them.
    let mark = matches!(c as u32, 0x300..=0x36F | 0x483..=0x489 | 0x591..=0x5BD
        | 0x610..=0x61A | 0x64B..=0x65F | 0x900..=0xDFF | 0x20D0..=0x20F0 | 0xFE00..=0xFE0F);
    mark || c.escape_debug().len() == 1
}
