//! Shared by the tests that read recorded programs.

/// Undoes a JSON string's quotes and escapes; no lone surrogates.
pub fn unescape(text: &str) -> String {
    let text = text.trim();
    let body = text
        .strip_prefix('"')
        .and_then(|t| t.strip_suffix('"'))
        .unwrap_or(text);
    let mut units: Vec<u16> = Vec::new();
    let mut chars = body.chars();
    let mut buffer = [0; 2];
    while let Some(c) = chars.next() {
        if c != '\\' {
            units.extend_from_slice(c.encode_utf16(&mut buffer));
            continue;
        }
        match chars.next() {
            Some('n') => units.push(10),
            Some('t') => units.push(9),
            Some('r') => units.push(13),
            Some('b') => units.push(8),
            Some('f') => units.push(12),
            Some('u') => {
                let hex: String = chars.by_ref().take(4).collect();
                units.push(u16::from_str_radix(&hex, 16).expect("hex digits"));
            }
            Some(c) => units.extend_from_slice(c.encode_utf16(&mut buffer)),
            None => {}
        }
    }
    String::from_utf16(&units).expect("no lone surrogates")
}
