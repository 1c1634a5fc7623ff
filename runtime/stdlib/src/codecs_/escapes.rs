//! `unicode_escape`, `raw_unicode_escape` and `escape` (of bytes).

use taipan_vm::call::buffer::ByteArg;
use taipan_vm::object::Gc;
use taipan_vm::types::ExceptionClass;
use taipan_vm::types::bytes::Bytes;
use taipan_vm::types::str_::Str;
use taipan_vm::types::tuple::Tuple;
use taipan_vm::unicode::codecs::escapes::{self, BytesErrors, InvalidEscape};
use taipan_vm::{Result, Thread, Value, pymethods};

use super::{Codecs, decode, encoded, optional};

/// Bytes of a bytes-like object, or of a string as UTF-8.
fn bytes_or_text(th: &mut Thread, data: Value) -> Result<Value> {
    match data.downcast::<Str>() {
        Some(s) => {
            let b = th.encode_fs(s)?;
            Ok(th.new_bytes(&b).value())
        }
        None => Ok(data),
    }
}

fn warn(th: &mut Thread, bytes: &[u8], invalid: Option<InvalidEscape>) -> Result<()> {
    let Some(i) = invalid else { return Ok(()) };
    let message = match i.octal {
        Some(n) => format!(
            "\"\\{n:o}\" is an invalid octal escape sequence. Such sequences will not work in the future. "
        ),
        None => {
            let c = char::from(bytes.get(i.position).copied().unwrap_or(b'?'));
            format!(
                "\"\\{c}\" is an invalid escape sequence. Such sequences will not work in the future. "
            )
        }
    };
    taipan_vm::exceptions::warn(th, ExceptionClass::DeprecationWarning, &message, 1)
}

#[pymethods(table = FUNCTIONS)]
impl Codecs {
    #[pyfunction(sig = "(data, errors=None, /)")]
    fn escape_decode(th: &mut Thread, data: Value, errors: Option<Value>) -> Result<Gc<Tuple>> {
        let errors = optional(th, errors)?;
        let how = match errors.as_deref().unwrap_or("strict") {
            "strict" => BytesErrors::Strict,
            "replace" => BytesErrors::Replace,
            "ignore" => BytesErrors::Ignore,
            other => {
                return Err(th.value_error(format!(
                    "decoding error; unknown error handling code: {other}"
                )));
            }
        };
        let data = bytes_or_text(th, data)?;
        let bytes: ByteArg = th.byte_arg(data)?;
        let r = escapes::decode_bytes(&bytes, how);
        let (out, invalid) = th.format_result(r)?;
        warn(th, &bytes, invalid)?;
        Ok(encoded(th, &out, bytes.len()))
    }

    #[pyfunction(sig = "(data, errors=None, /)")]
    fn escape_encode(th: &mut Thread, data: Gc<Bytes>, errors: Option<Value>) -> Result<Gc<Tuple>> {
        let _ = errors;
        let mut out = Vec::with_capacity(data.len());
        for b in data.as_slice() {
            match b {
                b'\\' | b'\'' => out.extend([b'\\', *b]),
                b'\t' => out.extend(b"\\t"),
                b'\n' => out.extend(b"\\n"),
                b'\r' => out.extend(b"\\r"),
                0x20..0x7F => out.push(*b),
                _ => out.extend(format!("\\x{b:02x}").bytes()),
            }
        }
        Ok(encoded(th, &out, data.len()))
    }

    #[pyfunction(sig = "(data, errors=None, final=True, /)")]
    fn unicode_escape_decode(
        th: &mut Thread,
        data: Value,
        errors: Option<Value>,
        last: Option<bool>,
    ) -> Result<Gc<Tuple>> {
        let data = bytes_or_text(th, data)?;
        let mut invalid = None;
        let r = decode(th, data, errors, |b, h| {
            escapes::decode_unicode_escape(b, h, last.unwrap_or(true)).map(|(t, n, i)| {
                invalid = i;
                (t, n)
            })
        })?;
        if invalid.is_some() {
            let bytes = th.byte_arg(data)?;
            warn(th, &bytes, invalid)?;
        }
        Ok(r)
    }

    #[pyfunction(sig = "(str, errors=None, /)")]
    fn unicode_escape_encode(
        th: &mut Thread,
        str: Gc<Str>,
        errors: Option<Value>,
    ) -> Result<Gc<Tuple>> {
        let _ = errors;
        let b = escapes::encode_unicode_escape(str.text_ref());
        Ok(encoded(th, &b, str.len()))
    }

    #[pyfunction(sig = "(data, errors=None, final=True, /)")]
    fn raw_unicode_escape_decode(
        th: &mut Thread,
        data: Value,
        errors: Option<Value>,
        last: Option<bool>,
    ) -> Result<Gc<Tuple>> {
        let data = bytes_or_text(th, data)?;
        decode(th, data, errors, |b, h| {
            escapes::decode_raw_unicode_escape(b, h, last.unwrap_or(true))
        })
    }

    #[pyfunction(sig = "(str, errors=None, /)")]
    fn raw_unicode_escape_encode(
        th: &mut Thread,
        str: Gc<Str>,
        errors: Option<Value>,
    ) -> Result<Gc<Tuple>> {
        let _ = errors;
        let b = escapes::encode_raw_unicode_escape(str.text_ref());
        Ok(encoded(th, &b, str.len()))
    }
}
