//! Encoding and decoding of strings: `str.encode`, `bytes.decode` and the codec registry.
//!
//! UTF-8, Latin-1, ASCII, UTF-16 and UTF-32 are done here whatever way their names are spelled;
//! other encodings go through the registry ([`registry`]), whose search function is the package
//! `encodings`. Faults go to [`handlers`].

pub mod handlers;
pub mod registry;

use crate::Thread;
use crate::object::{Gc, Result, Value};
use crate::types::str_::Str;
use crate::unicode::codecs::utf16::Order;
use crate::unicode::codecs::{single_byte, utf8, utf16, utf32};
use handlers::Handler;

/// An encoding that needs no registry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Native {
    Utf8,
    Latin1,
    Ascii,
    Utf16(Order),
    Utf32(Order),
}

/// The native encoding with a name.
fn native(name: &str) -> Option<Native> {
    if name.len() > 16 {
        return None;
    }
    let plain: String = name
        .chars()
        .map(|c| match c {
            '_' | ' ' => '-',
            c => c.to_ascii_lowercase(),
        })
        .collect();
    Some(match plain.as_str() {
        "utf-8" | "utf8" | "u8" | "cp65001" => Native::Utf8,
        "latin-1" | "latin1" | "iso-8859-1" | "iso8859-1" | "l1" | "latin" | "8859" => {
            Native::Latin1
        }
        "ascii" | "us-ascii" | "646" => Native::Ascii,
        "utf-16" | "utf16" => Native::Utf16(Order::Marked),
        "utf-16-le" | "utf-16le" => Native::Utf16(Order::Little),
        "utf-16-be" | "utf-16be" => Native::Utf16(Order::Big),
        "utf-32" | "utf32" => Native::Utf32(Order::Marked),
        "utf-32-le" | "utf-32le" => Native::Utf32(Order::Little),
        "utf-32-be" | "utf-32be" => Native::Utf32(Order::Big),
        _ => return None,
    })
}

fn no_nul(th: &mut Thread, s: Option<Gc<Str>>) -> Result<Option<String>> {
    let Some(s) = s else { return Ok(None) };
    if s.code_points().any(|c| c == 0) {
        return Err(th.value_error("embedded null character"));
    }
    Ok(Some(s.to_string_lossy()))
}

/// `str.encode(encoding, errors)`
pub fn encode_str(
    th: &mut Thread,
    s: Gc<Str>,
    encoding: Option<Gc<Str>>,
    errors: Option<Gc<Str>>,
) -> Result {
    let name = no_nul(th, encoding)?;
    let errors = no_nul(th, errors)?;
    let kind = match &name {
        None => Some(Native::Utf8),
        Some(n) => native(n),
    };
    let Some(kind) = kind else {
        return registry::encode_text(
            th,
            s.value(),
            name.as_deref().unwrap_or("utf-8"),
            errors.as_deref(),
        );
    };
    if let (Some(t), Native::Utf8 | Native::Latin1 | Native::Ascii) = (s.as_ascii(), kind) {
        return match th.try_new_bytes(t.as_bytes()) {
            Some(b) => Ok(b.value()),
            None => Err(th.memory_error()),
        };
    }
    let text = s.text_ref();
    let mut handler = Handler::new(th, s.value(), errors.as_deref());
    let r = match kind {
        Native::Utf8 => utf8::encode(text, &mut handler).map(|b| b.into_owned()),
        Native::Latin1 => single_byte::encode_latin1(text, &mut handler),
        Native::Ascii => single_byte::encode_ascii(text, &mut handler),
        Native::Utf16(order) => utf16::encode(text, &mut handler, order),
        Native::Utf32(order) => utf32::encode(text, &mut handler, order),
    };
    let bytes = handler.finish(r)?;
    Ok(th.new_bytes(&bytes).value())
}

/// `bytes.decode(encoding, errors)` for any object that lends bytes.
pub fn decode_value(
    th: &mut Thread,
    v: Value,
    encoding: Option<Gc<Str>>,
    errors: Option<Gc<Str>>,
) -> Result<Gc<Str>> {
    let name = no_nul(th, encoding)?;
    let errors = no_nul(th, errors)?;
    let kind = match &name {
        None => Some(Native::Utf8),
        Some(n) => native(n),
    };
    let Some(kind) = kind else {
        return registry::decode_text(th, v, name.as_deref().unwrap_or("utf-8"), errors.as_deref());
    };
    th.with_buffer(v, |th, bytes| {
        if bytes.is_ascii() && matches!(kind, Native::Utf8 | Native::Latin1 | Native::Ascii) {
            return Ok(th.new_ascii(bytes));
        }
        if kind == Native::Latin1 {
            return Ok(th.str_from_latin1(bytes));
        }
        decode_bytes(th, v, bytes, kind, errors.as_deref())
    })
}

fn decode_bytes(
    th: &mut Thread,
    v: Value,
    bytes: &[u8],
    kind: Native,
    errors: Option<&str>,
) -> Result<Gc<Str>> {
    let mut handler = Handler::new(th, v, errors);
    let r = match kind {
        Native::Utf16(order) => utf16::decode(bytes, &mut handler, order, true).map(|(t, _, _)| t),
        Native::Utf32(order) => utf32::decode(bytes, &mut handler, order, true).map(|(t, _, _)| t),
        Native::Ascii => single_byte::decode_ascii(bytes, &mut handler).map(|(t, _)| t),
        _ => utf8::decode(bytes, &mut handler, true).map(|(t, _)| t),
    };
    let (text, rest) = handler.finish_part(r)?;
    let Some((other, at, th)) = rest else {
        return Ok(th.str_from_text(&text));
    };
    // The handler has replaced the input: the rest of the text comes from there.
    let first = th.str_from_text(&text);
    let other = th.byte_arg(other)?;
    let rest = th.new_bytes(other.get(at..).unwrap_or_default());
    let bytes = rest.as_slice();
    th.check_native_stack(" while decoding")?;
    let rest = decode_bytes(th, rest.value(), bytes, kind, errors)?;
    let whole = th.binary(
        crate::protocol::arith::BinaryOp::Add,
        first.value(),
        rest.value(),
    )?;
    th.expect::<Str>(whole)
}

impl Thread {
    /// UTF-8 with `surrogateescape`, as file names and the environment are.
    pub fn decode_fs(&mut self, bytes: &[u8]) -> Gc<Str> {
        let mut handler = crate::unicode::codecs::Builtin::SurrogateEscape;
        match utf8::decode(bytes, &mut handler, true) {
            Ok((t, _)) => self.str_from_text(&t),
            Err(_) => self.empty_str(),
        }
    }

    /// The bytes of a file name (`os.fsencode`). Raises UnicodeEncodeError.
    pub fn encode_fs(&mut self, s: Gc<Str>) -> Result<Vec<u8>> {
        let mut handler = Handler::new(self, s.value(), Some("surrogateescape"));
        let r = utf8::encode(s.text_ref(), &mut handler).map(|b| b.into_owned());
        handler.finish(r)
    }
}
