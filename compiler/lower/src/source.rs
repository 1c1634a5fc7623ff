//! Source bytes to text: byte order mark, PEP 263 encoding declaration, decoding.

use std::borrow::Cow;

/// Why bytes could not be turned into text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecodeError {
    /// The declared encoding is none that is built in; the caller may know a codec of that name
    /// and decode the bytes itself.
    UnknownEncoding(String),
    /// A `SyntaxError` without a position, with this message.
    Invalid(String),
    /// Not UTF-8 although nothing else is declared: message, and line of the bad byte.
    InvalidUtf8 {
        /// The `SyntaxError`'s message, without the file's name, which the reference inserts
        /// behind "in file".
        message: String,
        /// From one.
        line: u32,
    },
}

/// The encoding that a source declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, declared or by default.
    Utf8,
    /// ISO 8859-1.
    Latin1,
    /// ASCII.
    Ascii,
    /// Another one, by its declared name.
    Other(String),
}

const BOM: &[u8] = b"\xef\xbb\xbf";

/// The name in an encoding declaration: a comment on the first or second line, the first being
/// blank or a comment too, that matches `coding[:=]\s*([-\w.]+)`.
pub fn declared_encoding(bytes: &[u8]) -> Option<String> {
    let bytes = bytes.strip_prefix(BOM).unwrap_or(bytes);
    for line in bytes.split(|&b| b == b'\n' || b == b'\r').take(2) {
        let at = line
            .iter()
            .position(|b| !matches!(b, b' ' | b'\t' | 0x0c))
            .unwrap_or(line.len());
        let text = line.get(at..).unwrap_or(&[]);
        if text.is_empty() {
            continue;
        }
        if text[0] != b'#' {
            return None;
        }
        if let Some(name) = cookie(text) {
            return Some(name);
        }
    }
    None
}

fn cookie(comment: &[u8]) -> Option<String> {
    const WORD: &[u8] = b"coding";
    let mut rest = comment;
    while let Some(at) = rest.windows(WORD.len()).position(|w| w == WORD) {
        rest = rest.get(at + WORD.len()..).unwrap_or(&[]);
        let Some((b':' | b'=', tail)) = rest.split_first() else {
            continue;
        };
        let skip = tail
            .iter()
            .take_while(|b| matches!(b, b' ' | b'\t'))
            .count();
        let name: String = tail[skip..]
            .iter()
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
            .map(|&b| char::from(b))
            .collect();
        if !name.is_empty() {
            return Some(name);
        }
    }
    None
}

/// Which codec a name means.
pub fn encoding_of(name: &str) -> Encoding {
    let normal: String = name
        .chars()
        .map(|c| match c {
            '_' | ' ' => '-',
            c => c.to_ascii_lowercase(),
        })
        .collect();
    match normal.as_str() {
        "utf8" | "u8" | "utf" | "cp65001" => Encoding::Utf8,
        n if n == "utf-8" || n.starts_with("utf-8-") => Encoding::Utf8,
        "ascii" | "us-ascii" | "646" | "ansi-x3.4-1968" => Encoding::Ascii,
        "latin-1" | "latin1" | "latin" | "l1" | "8859" | "cp819" | "iso8859" | "iso8859-1"
        | "iso-ir-100" => Encoding::Latin1,
        n if n == "iso-8859-1" || n.starts_with("iso-8859-1-") || n.starts_with("latin-1-") => {
            Encoding::Latin1
        }
        _ => Encoding::Other(name.to_owned()),
    }
}

/// Source bytes as text, without a byte order mark.
pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, DecodeError> {
    let declared = declared_encoding(bytes);
    let encoding = declared.as_deref().map_or(Encoding::Utf8, encoding_of);
    let (body, has_bom) = match bytes.strip_prefix(BOM) {
        Some(body) => (body, true),
        None => (bytes, false),
    };
    // With a mark only this very name will do, not an alias.
    if has_bom
        && let Some(name) = &declared
        && !name
            .to_ascii_lowercase()
            .replace('_', "-")
            .starts_with("utf-8")
    {
        return Err(DecodeError::Invalid(format!(
            "encoding problem: {name} with BOM"
        )));
    }
    match encoding {
        Encoding::Utf8 => utf8(body, declared.is_some()),
        Encoding::Latin1 => Ok(body.iter().map(|&b| char::from(b)).collect()),
        Encoding::Ascii => match body.iter().position(|b| !b.is_ascii()) {
            None => utf8(body, true),
            Some(at) => Err(DecodeError::Invalid(format!(
                "'ascii' codec can't decode byte 0x{:02x} in position {at}: ordinal not in \
                 range(128)",
                body[at]
            ))),
        },
        Encoding::Other(name) => Err(DecodeError::UnknownEncoding(name)),
    }
}

fn utf8(bytes: &[u8], declared: bool) -> Result<Cow<'_, str>, DecodeError> {
    std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|e| {
        let at = e.valid_up_to();
        let line = 1 + bytes[..at].iter().filter(|&&b| b == b'\n').count() as u32;
        let byte = bytes.get(at).copied().unwrap_or(0);
        let reason = match (e.error_len(), byte) {
            (None, _) => "unexpected end of data",
            (_, 0xc2..=0xf4) => "invalid continuation byte",
            _ => "invalid start byte",
        };
        let message = if declared {
            format!("(unicode error) 'utf-8' codec can't decode byte 0x{byte:02x} in position {at}: {reason}")
        } else {
            format!(
                "Non-UTF-8 code starting with '\\x{byte:02x}' on line {line}, but no encoding \
                 declared; see https://peps.python.org/pep-0263/ for details"
            )
        };
        DecodeError::InvalidUtf8 { message, line }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations() {
        let declared = |s: &str| declared_encoding(s.as_bytes());
        assert_eq!(
            declared("# -*- coding: latin-1 -*-\n").as_deref(),
            Some("latin-1")
        );
        assert_eq!(
            declared("#!x\n# vim: set fileencoding=cp1252 :\n").as_deref(),
            Some("cp1252")
        );
        assert_eq!(declared("\n\n# coding: ascii\n"), None);
        assert_eq!(declared("x\n# coding: ascii\n"), None);
    }

    #[test]
    fn decoding() {
        assert_eq!(decode(b"\xef\xbb\xbfx").as_deref(), Ok("x"));
        assert_eq!(
            decode(b"# coding: iso-8859-15\n").unwrap_err(),
            DecodeError::UnknownEncoding("iso-8859-15".to_owned())
        );
        assert_eq!(
            decode(b"# coding: latin-1\n'\xe4'").as_deref(),
            Ok("# coding: latin-1\n'ä'")
        );
        assert!(matches!(
            decode(b"\n\xff"),
            Err(DecodeError::InvalidUtf8 { line: 2, .. })
        ));
    }
}
