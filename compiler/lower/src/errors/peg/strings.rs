//! Errors inside literals, as the codecs word them.

/// The message for a decimal integer of too many digits.
pub(super) fn too_many_digits(text: &str, most: usize) -> Option<String> {
    let decimal = text.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    (decimal && most != 0 && digits > most).then(|| {
        format!(
            "Exceeds the limit ({most} digits) for integer string conversion: value has \
             {digits} digits; use sys.set_int_max_str_digits() to increase the limit - Consider \
             hexadecimal for huge integer literals to avoid decimal conversion limits."
        )
    })
}

/// The message for the first malformed escape of a literal's body.
pub(super) fn bad_escape(body: &str, bytes: bool) -> Option<String> {
    if bytes {
        return bad_byte_escape(body.as_bytes());
    }
    // Positions are those of the buffer the codec sees, in which every non-ASCII character is
    // written as `\UXXXXXXXX`.
    let mut at = 0usize;
    let mut rest = body;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        if c != '\\' {
            at += if c.is_ascii() { 1 } else { 10 };
            continue;
        }
        let Some(kind) = rest.chars().next() else {
            break;
        };
        rest = &rest[kind.len_utf8()..];
        let start = at;
        at += if kind.is_ascii() { 2 } else { 11 };
        let width = match kind {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            'N' => {
                let Some(name) = rest.strip_prefix('{').and_then(|r| r.split_once('}')) else {
                    let seen = rest.find('}').unwrap_or(rest.len());
                    let seen = if rest.starts_with('{') { seen } else { 0 };
                    return Some(error(
                        start,
                        at + seen - 1,
                        "malformed \\N character escape",
                    ));
                };
                if name.0.is_empty() {
                    return Some(error(start, at + 1, "malformed \\N character escape"));
                }
                let end = at + name.0.len() + 1;
                if unicode_names2::character(name.0).is_none() {
                    return Some(error(start, end, "unknown Unicode character name"));
                }
                at = end + 1;
                rest = name.1;
                continue;
            }
            _ => continue,
        };
        let digits = rest
            .bytes()
            .take(width)
            .take_while(u8::is_ascii_hexdigit)
            .count();
        if digits < width {
            let shown = "X".repeat(width);
            let message = format!("truncated \\{kind}{shown} escape");
            return Some(error(start, at + digits - 1, &message));
        }
        let value = u32::from_str_radix(&rest[..width], 16).unwrap_or(0);
        if value > 0x10ffff {
            return Some(error(start, at + width - 1, "illegal Unicode character"));
        }
        at += width;
        rest = &rest[width..];
    }
    None
}

fn error(start: usize, end: usize, what: &str) -> String {
    let range = if end > start {
        format!("bytes in position {start}-{end}")
    } else {
        format!("byte 0x5c in position {start}")
    };
    format!("(unicode error) 'unicodeescape' codec can't decode {range}: {what}")
}

fn bad_byte_escape(body: &[u8]) -> Option<String> {
    let mut at = 0;
    while at < body.len() {
        if body[at] != b'\\' {
            at += 1;
            continue;
        }
        if body.get(at + 1) == Some(&b'x') {
            let digits = body.get(at + 2..at + 4).unwrap_or(&[]);
            if digits.len() < 2 || !digits.iter().all(u8::is_ascii_hexdigit) {
                return Some(format!("(value error) invalid \\x escape at position {at}"));
            }
        }
        at += 2;
    }
    None
}
