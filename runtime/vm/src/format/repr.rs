//! `repr` and `ascii` of text and bytes.

use crate::unicode::{Text, TextBuilder, TextRef, types};

const HEX: &[u8; 16] = b"0123456789abcdef";

/// The quote that needs the fewest backslashes: `'`, unless only that one is
/// in the text.
fn quote_for(single: bool, double: bool) -> u8 {
    if single && !double { b'"' } else { b'\'' }
}

/// Adds `\x..`, `\u....` or `\U........`.
pub fn push_hex_escape(out: &mut TextBuilder, c: u32) {
    let mut escape = String::with_capacity(10);
    push_escape(&mut escape, c);
    out.push_str(&escape);
}

fn push_escape(out: &mut String, c: u32) {
    let (escape, len) = escape(c);
    out.push_str(std::str::from_utf8(&escape[..len]).unwrap_or_default());
}

/// Length of the longest escape.
const ESCAPE: usize = 10;

/// An escape and its length.
#[inline(always)]
fn escape(c: u32) -> ([u8; ESCAPE], usize) {
    let d = |place: u32| HEX[(c >> (4 * place) & 15) as usize];
    let start = b'\\';
    match c {
        0..0x100 => ([start, b'x', d(1), d(0), 0, 0, 0, 0, 0, 0], 4),
        0x100..0x10000 => ([start, b'u', d(3), d(2), d(1), d(0), 0, 0, 0, 0], 6),
        _ => {
            let digits = [d(7), d(6), d(5), d(4), d(3), d(2), d(1), d(0)];
            let [a, b, c, d, e, f, g, h] = digits;
            ([start, b'U', a, b, c, d, e, f, g, h], ESCAPE)
        }
    }
}

fn quoted(text: TextRef<'_>, ascii: bool) -> Text {
    match text {
        TextRef::Ascii(s) => quoted_units(s.as_bytes(), text, ascii),
        TextRef::Latin1(units) => quoted_units(units, text, ascii),
        TextRef::Ucs2(units) => quoted_units(units, text, ascii),
        TextRef::Ucs4(units) => quoted_units(units, text, ascii),
    }
}

fn quoted_units<U: Copy + Into<u32>>(units: &[U], text: TextRef<'_>, ascii: bool) -> Text {
    let (mut single, mut double, mut plain) = (false, false, true);
    for unit in units {
        let c: u32 = (*unit).into();
        single |= c == 0x27;
        double |= c == 0x22;
        plain &= (0x20..0x7F).contains(&c) & (c != 0x5C);
    }
    let quote = quote_for(single, double);
    let as_is = |c: u32| match c {
        0x20..0x7F => c != 0x5C && c != u32::from(quote),
        _ => !ascii && c >= 0x80 && types::is_printable(c),
    };
    let mut out = TextBuilder::with_capacity(text.len() + 2);
    out.push(quote.into());
    if plain && !(single && double) {
        out.push_text(text);
        out.push(quote.into());
        return out.finish();
    }
    let mut escapes = String::new();
    let mut at = 0;
    while at < units.len() {
        let start = at;
        while at < units.len() && as_is(units[at].into()) {
            at += 1;
        }
        out.push_text(text.slice(start, at));
        escapes.clear();
        for unit in &units[at..] {
            let c: u32 = (*unit).into();
            match c {
                0x5C => escapes.push_str("\\\\"),
                0x09 => escapes.push_str("\\t"),
                0x0A => escapes.push_str("\\n"),
                0x0D => escapes.push_str("\\r"),
                _ if c == u32::from(quote) => {
                    escapes.push('\\');
                    escapes.push(quote.into());
                }
                _ if as_is(c) => break,
                _ => push_escape(&mut escapes, c),
            }
            at += 1;
        }
        out.push_str(&escapes);
    }
    out.push(quote.into());
    out.finish()
}

/// `repr(str)`.
pub fn repr_text(text: TextRef<'_>) -> Text {
    quoted(text, false)
}

/// `ascii(str)`.
pub fn ascii_text(text: TextRef<'_>) -> Text {
    quoted(text, true)
}

/// `ascii` of something that is not text, from its `repr`.
pub fn ascii_of_repr(text: TextRef<'_>) -> Text {
    if let TextRef::Ascii(s) = text {
        return Text::Ascii(s.to_owned());
    }
    let mut out = Vec::with_capacity(text.len() * 2);
    // Gathered in pieces with room for one more escape, so that none is copied by its length.
    let (mut piece, mut n) = ([0; 512], 0);
    for c in text.iter() {
        if n + ESCAPE > piece.len() {
            out.extend_from_slice(&piece[..n]);
            n = 0;
        }
        let (escape, len) = match c {
            0..0x80 => ([c as u8; ESCAPE], 1),
            _ => escape(c),
        };
        if let Some(place) = piece[n..].first_chunk_mut() {
            *place = escape;
        }
        n += len;
    }
    out.extend_from_slice(&piece[..n]);
    Text::Ascii(String::from_utf8(out).unwrap_or_default())
}

/// The first characters of `repr(str)`, for an error message.
pub fn repr_prefix(text: TextRef<'_>, limit: usize) -> String {
    // One code point may decide the quote, so quote all of it.
    let shown = repr_text(text);
    shown.as_ref().slice(0, limit).to_text().to_string()
}

/// `repr(bytes)`.
pub fn repr_bytes(bytes: &[u8]) -> String {
    let quote = quote_for(bytes.contains(&b'\''), bytes.contains(&b'"'));
    repr_bytes_quoted(bytes, quote, quote)
}

/// `repr(bytearray)`, for the name of its class.
pub fn repr_bytearray(class: &str, bytes: &[u8]) -> String {
    let quote = quote_for(bytes.contains(&b'\''), bytes.contains(&b'"'));
    // The single quote has a backslash whichever quote is around it.
    format!("{class}({})", repr_bytes_quoted(bytes, quote, b'\''))
}

fn repr_bytes_quoted(bytes: &[u8], quote: u8, escaped: u8) -> String {
    let mut out = String::with_capacity(bytes.len() + 3);
    out.push('b');
    out.push(char::from(quote));
    for &b in bytes {
        match b {
            b'\\' => out.push_str("\\\\"),
            b'\t' => out.push_str("\\t"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            _ if b == escaped => {
                out.push('\\');
                out.push(char::from(b));
            }
            0x20..0x7F => out.push(char::from(b)),
            _ => {
                out.push_str("\\x");
                out.push(char::from(HEX[usize::from(b >> 4)]));
                out.push(char::from(HEX[usize::from(b & 15)]));
            }
        }
    }
    out.push(char::from(quote));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts() {
        for (text, repr, ascii) in [
            ("", "''", "''"),
            ("it's", "\"it's\"", "\"it's\""),
            ("'\"", "'\\'\"'", "'\\'\"'"),
            ("\"", "'\"'", "'\"'"),
            (
                "a\\b\t\n\r\0\x7f",
                r"'a\\b\t\n\r\x00\x7f'",
                r"'a\\b\t\n\r\x00\x7f'",
            ),
            ("é\u{ad}", r"'é\xad'", r"'\xe9\xad'"),
            ("\u{200b}€", r"'\u200b€'", r"'\u200b\u20ac'"),
            ("😀\u{e0001}", r"'😀\U000e0001'", r"'\U0001f600\U000e0001'"),
        ] {
            let text = Text::from(text);
            assert_eq!(repr_text(text.as_ref()).to_string(), repr);
            assert_eq!(ascii_text(text.as_ref()).to_string(), ascii);
        }
        let lone = Text::from_code_points([0xD800]);
        assert_eq!(repr_text(lone.as_ref()).to_string(), r"'\ud800'");
    }

    #[test]
    fn bytes() {
        assert_eq!(repr_bytes(b"a'\\\n\x00\xff"), r#"b"a'\\\n\x00\xff""#);
        assert_eq!(repr_bytes(b"'\""), r#"b'\'"'"#);
        assert_eq!(repr_bytearray("bytearray", b"\""), "bytearray(b'\"')");
        assert_eq!(repr_bytearray("A", b"a'"), r#"A(b"a\'")"#);
    }
}
