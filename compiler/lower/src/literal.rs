//! Values of string and bytes literals, decoded from their source.
//!
//! The parser's AST holds strings as UTF-8, in which `"\ud800"` has no place: it stands there as a
//! replacement character. [`may_have_surrogates`] tells cheaply whether a literal is affected;
//! then [`string_points`] and [`middle_points`] give its code points. Escapes are known to be well
//! formed, since the parser has checked them; a malformed one is kept as written.

/// Whether a literal's source has an escape that could be a surrogate.
pub fn may_have_surrogates(source: &str) -> bool {
    let bytes = source.as_bytes();
    bytes
        .windows(3)
        .any(|w| w[0] == b'\\' && ((w[1] == b'u' && matches!(w[2], b'd' | b'D')) || w[1] == b'U'))
}

/// A literal token taken apart.
struct Parts<'s> {
    raw: bool,
    body: &'s str,
}

fn parts(token: &str) -> Parts<'_> {
    let quote = token.find(['\'', '"']).unwrap_or(token.len());
    let (prefix, rest) = token.split_at(quote);
    let triple = rest.len() >= 6 && (rest.starts_with("\"\"\"") || rest.starts_with("'''"));
    let size = if triple { 3 } else { 1 };
    Parts {
        raw: prefix.contains(['r', 'R']),
        body: rest
            .get(size..rest.len().saturating_sub(size))
            .unwrap_or(""),
    }
}

/// The code points of one string literal token, prefix and quotes included.
pub fn string_points(token: &str) -> Vec<u32> {
    let parts = parts(token);
    points(parts.body, parts.raw, false)
}

/// The code points of the text between an f- or t-string's replacement fields.
pub fn middle_points(text: &str, raw: bool) -> Vec<u32> {
    points(text, raw, true)
}

/// The value of one bytes literal token, prefix and quotes included.
pub fn bytes_value(token: &str) -> Vec<u8> {
    let parts = parts(token);
    if parts.raw {
        return parts.body.as_bytes().to_vec();
    }
    let body = parts.body.as_bytes();
    let mut value = Vec::with_capacity(body.len());
    let mut at = 0;
    while let Some(&b) = body.get(at) {
        at += 1;
        if b != b'\\' {
            value.push(b);
            continue;
        }
        let Some(&kind) = body.get(at) else {
            value.push(b);
            break;
        };
        at += 1;
        if kind == b'\n' {
            continue;
        }
        if let Some(simple) = simple_escape(char::from(kind)) {
            value.push(simple as u8);
        } else if matches!(kind, b'0'..=b'7') {
            let (octal, used) = octal(&body[at - 1..]);
            value.push(octal as u8);
            at += used - 1;
        } else if kind == b'x'
            && let Some(byte) = hex(body.get(at..at + 2))
        {
            value.push(byte as u8);
            at += 2;
        } else {
            value.extend([b, kind]);
        }
    }
    value
}

fn simple_escape(kind: char) -> Option<u32> {
    Some(match kind {
        '\\' | '\'' | '"' => kind as u32,
        'a' => 7,
        'b' => 8,
        't' => 9,
        'n' => 10,
        'v' => 11,
        'f' => 12,
        'r' => 13,
        _ => return None,
    })
}

/// An octal escape's value and how many digits it has.
fn octal(digits: &[u8]) -> (u32, usize) {
    let used = digits
        .iter()
        .take(3)
        .take_while(|b| matches!(b, b'0'..=b'7'))
        .count();
    let value = digits[..used]
        .iter()
        .fold(0, |n, b| n * 8 + u32::from(b - b'0'));
    (value, used)
}

fn hex(digits: Option<&[u8]>) -> Option<u32> {
    let text = std::str::from_utf8(digits?).ok()?;
    u32::from_str_radix(text, 16).ok()
}

fn points(body: &str, raw: bool, braces: bool) -> Vec<u32> {
    let mut value = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        if braces && matches!(c, '{' | '}') {
            rest = rest.strip_prefix(c).unwrap_or(rest);
        }
        if c != '\\' || raw {
            value.push(c as u32);
            continue;
        }
        let Some(kind) = rest.chars().next() else {
            value.push(c as u32);
            break;
        };
        if braces && matches!(kind, '{' | '}') {
            value.push(c as u32);
            continue;
        }
        let after = &rest[kind.len_utf8()..];
        if kind == '\n' {
            rest = after;
            continue;
        }
        if let Some(simple) = simple_escape(kind) {
            value.push(simple);
            rest = after;
            continue;
        }
        let width = match kind {
            '0'..='7' => {
                let (octal, used) = octal(rest.as_bytes());
                value.push(octal);
                rest = &rest[used..];
                continue;
            }
            'x' => 2,
            'u' => 4,
            'U' => 8,
            'N' => {
                let named = after
                    .strip_prefix('{')
                    .and_then(|r| r.split_once('}'))
                    .and_then(|(name, tail)| Some((unicode_names2::character(name)?, tail)));
                match named {
                    Some((c, tail)) => {
                        value.push(c as u32);
                        rest = tail;
                    }
                    None => value.push(c as u32),
                }
                continue;
            }
            _ => {
                value.push(c as u32);
                continue;
            }
        };
        match hex(after.as_bytes().get(..width)) {
            Some(point) => {
                value.push(point);
                rest = &after[width..];
            }
            None => value.push(c as u32),
        }
    }
    value
}

/// An escape that means nothing, and the warning it earns.
pub(crate) struct DoubtfulEscape {
    /// Its offset in the text.
    pub at: usize,
    /// What to warn.
    pub warning: String,
    /// What to say if warnings are errors.
    pub error: String,
}

/// The first doubtful escape of a literal's body; there is one warning a literal.
pub(crate) fn doubtful_escape(body: &str, bytes: bool, braces: bool) -> Option<DoubtfulEscape> {
    let mut chars = body.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c != '\\' {
            continue;
        }
        let (_, kind) = *chars.peek()?;
        let (shown, octal) = match kind {
            '\n' | '\\' | '\'' | '"' | 'a' | 'b' | 'f' | 'n' | 'r' | 't' | 'v' | 'x' => {
                chars.next();
                continue;
            }
            'u' | 'U' if !bytes => continue,
            'N' if !bytes => {
                while chars.next_if(|(_, c)| *c != '}').is_some() {}
                continue;
            }
            '0'..='7' => {
                let (value, used) = self::octal(&body.as_bytes()[at + 1..]);
                if value <= 0o377 {
                    for _ in 0..used {
                        chars.next();
                    }
                    continue;
                }
                (body[at..at + 1 + used].to_owned(), "octal ")
            }
            '{' | '}' if braces => (format!("\\{kind}"), ""),
            kind if !kind.is_ascii() => continue,
            kind => (format!("\\{kind}"), ""),
        };
        let what = format!("\"{shown}\" is an invalid {octal}escape sequence.");
        let advice = format!("Did you mean \"\\{shown}\"? A raw string is also an option.");
        return Some(DoubtfulEscape {
            at,
            warning: format!("{what} Such sequences will not work in the future. {advice}"),
            error: format!("{what} {advice}"),
        });
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surrogates_stay() {
        assert!(may_have_surrogates(r#""\ud83d\ude00""#));
        assert_eq!(string_points(r#""a\ud83d\ude00""#), [0x61, 0xd83d, 0xde00]);
        assert_eq!(string_points(r#"'''\U0000D800'''"#), [0xd800]);
        assert_eq!(
            middle_points(r"{{\ud800}}\{", false),
            [0x7b, 0xd800, 0x7d, 0x5c, 0x7b]
        );
        assert_eq!(string_points(r#"R"\ud800""#).len(), 6);
    }

    #[test]
    fn other_escapes() {
        assert_eq!(
            string_points("'\\x41\\101\\N{DIGIT ONE}\\n\\q\\\n.'"),
            "AA1\n\\q.".chars().map(u32::from).collect::<Vec<_>>()
        );
        assert_eq!(
            bytes_value(r#"b"\x00\377\777\q\\""#),
            [0, 255, 255, b'\\', b'q', b'\\']
        );
        assert_eq!(bytes_value(r#"rb"\x00""#), br"\x00");
    }
}
