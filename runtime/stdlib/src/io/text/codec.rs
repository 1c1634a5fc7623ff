//! Encodings of text streams: three natively, others by the codecs' incremental encoders and
//! decoders.

use taipan_vm::object::Gc;
use taipan_vm::types::ExceptionClass;
use taipan_vm::types::bytes::Bytes;
use taipan_vm::types::str_::Str;
use taipan_vm::unicode::codecs::{Builtin, CodecError, Fault, single_byte, utf8};
use taipan_vm::{Raised, Result, Thread, Value};

/// The encoding of a text stream.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Codec {
    /// UTF-8
    Utf8,
    /// Latin-1
    Latin1,
    /// ASCII
    Ascii,
    /// By the codec registry.
    Other,
}

impl Codec {
    /// The encoding of a name.
    pub fn of(name: &str) -> Codec {
        let plain: String = name
            .chars()
            .map(|c| {
                if c == '_' || c == ' ' {
                    '-'
                } else {
                    c.to_ascii_lowercase()
                }
            })
            .collect();
        match plain.as_str() {
            "utf-8" | "utf8" | "u8" | "utf" | "cp65001" => Codec::Utf8,
            "latin-1" | "latin1" | "iso-8859-1" | "iso8859-1" | "8859" | "l1" | "latin" => {
                Codec::Latin1
            }
            "ascii" | "us-ascii" | "646" => Codec::Ascii,
            _ => Codec::Other,
        }
    }
}

fn unicode_error(th: &mut Thread, class: ExceptionClass, object: Value, fault: &Fault) -> Raised {
    let encoding = th.new_str(fault.encoding).value();
    let reason = th.new_str(&fault.reason).value();
    let (a, b) = (th.int(fault.start as i64), th.int(fault.end as i64));
    th.raise_with(class, &[encoding, object, a, b, reason])
}

#[cold]
fn raise(th: &mut Thread, object: Value, e: CodecError) -> Raised {
    match e {
        CodecError::Decode(f) => unicode_error(th, ExceptionClass::UnicodeDecodeError, object, &f),
        CodecError::Encode(f) => unicode_error(th, ExceptionClass::UnicodeEncodeError, object, &f),
        CodecError::Other(e) => th.raise_format(e),
        CodecError::Raised => Raised,
    }
}

/// Appends the encoded text. Raises UnicodeEncodeError.
pub fn encode(
    th: &mut Thread,
    codec: Codec,
    mut errors: Builtin,
    s: Gc<Str>,
    out: &mut Vec<u8>,
) -> Result<()> {
    if let Some(t) = s.as_ascii() {
        out.extend_from_slice(t.as_bytes());
        return Ok(());
    }
    let r =
        match codec {
            Codec::Latin1 => single_byte::encode_latin1(s.text_ref(), &mut errors)
                .map(|b| out.extend_from_slice(&b)),
            Codec::Ascii => single_byte::encode_ascii(s.text_ref(), &mut errors)
                .map(|b| out.extend_from_slice(&b)),
            _ => utf8::encode(s.text_ref(), &mut errors).map(|b| out.extend_from_slice(&b)),
        };
    r.map_err(|e| raise(th, s.value(), e))
}

/// Decodes; gives the text and how many bytes were used. Raises UnicodeDecodeError.
pub fn decode(
    th: &mut Thread,
    codec: Codec,
    mut errors: Builtin,
    data: &[u8],
    last: bool,
) -> Result<(Gc<Str>, usize)> {
    if codec == Codec::Latin1 {
        return Ok((th.str_from_latin1(data), data.len()));
    }
    if data.is_ascii() {
        return Ok((th.new_ascii(data), data.len()));
    }
    let r = match codec {
        Codec::Ascii => single_byte::decode_ascii(data, &mut errors),
        _ => utf8::decode(data, &mut errors, last),
    };
    match r {
        Ok((t, n)) => Ok((th.str_from_text(&t), n)),
        Err(e) => {
            let object = th.new_bytes(data).value();
            Err(raise(th, object, e))
        }
    }
}

/// Number of bytes that the first `n` characters took.
pub fn bytes_of_chars(codec: Codec, translated: bool, data: &[u8], n: usize) -> usize {
    let plain = data.is_ascii() || codec != Codec::Utf8;
    if plain && !(translated && memchr::memchr(b'\r', data).is_some()) {
        return n.min(data.len());
    }
    let mut i = 0;
    for _ in 0..n {
        let Some(b) = data.get(i) else { break };
        i += match b {
            b'\r' if translated && data.get(i + 1) == Some(&b'\n') => 2,
            _ if codec != Codec::Utf8 => 1,
            0xC2..=0xDF if data.len() > i + 1 => 2,
            0xE0..=0xEF if data.len() > i + 2 => 3,
            0xF0..=0xF4 if data.len() > i + 3 => 4,
            _ => 1,
        };
    }
    i
}

fn codecs(th: &mut Thread) -> Result {
    let import = th.builtin("__import__")?;
    let name = th.new_str("codecs").value();
    th.call(import, &[name])
}

/// An incremental coder (`getincrementalencoder` or `…decoder`) for an encoding. LookupError.
pub fn incremental(th: &mut Thread, getter: &str, encoding: Value, errors: Value) -> Result {
    let m = codecs(th)?;
    let make = th.call_method_str(m, getter, &[encoding])?;
    th.call(make, &[errors])
}

/// Is it a text encoding? LookupError otherwise.
pub fn check_text_encoding(th: &mut Thread, encoding: Value) -> Result<()> {
    let m = codecs(th)?;
    let info = th.call_method_str(m, "lookup", &[encoding])?;
    if let Some(t) = th.get_attr_str_option(info, "_is_text_encoding")?
        && !th.truth(t)?
    {
        let e = th.repr_lossy(encoding);
        return Err(th.lookup_error(format!(
            "{e} is not a text encoding; use codecs.open() to handle arbitrary codecs"
        )));
    }
    Ok(())
}

/// The text that a decoder gave. TypeError.
pub fn text(th: &mut Thread, v: Value) -> Result<Gc<Str>> {
    match v.downcast::<Str>() {
        Some(s) => Ok(s),
        None => {
            let got = th.type_name(v);
            Err(th.type_error(format!(
                "decoder should return a string result, not '{got}'"
            )))
        }
    }
}

/// The bytes that an encoder gave. TypeError.
pub fn encoded(th: &mut Thread, v: Value, out: &mut Vec<u8>) -> Result<()> {
    match v.downcast::<Bytes>() {
        Some(b) => {
            out.extend_from_slice(b.as_slice());
            Ok(())
        }
        None => {
            let got = th.type_name(v);
            Err(th.type_error(format!("encoder should return a bytes object, not '{got}'")))
        }
    }
}
