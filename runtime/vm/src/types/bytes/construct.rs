//! Making bytes from values: `bytes(…)` and what `bytearray(…)` shares with it.

use super::Bytes;
use crate::Thread;
use crate::object::{Gc, Result, Value};
use crate::types::list::List;
use crate::types::str_::Str;
use crate::types::tuple::Tuple;
use crate::types::{ExceptionClass, T};

/// An exact bytes object. Raises MemoryError.
pub(crate) fn exact(th: &mut Thread, bytes: &[u8]) -> Result<Gc<Bytes>> {
    if bytes.is_empty()
        && let Some(b) = th.vm().singletons().empty_bytes.downcast::<Bytes>()
    {
        return Ok(b);
    }
    match th.try_new_bytes(bytes) {
        Some(b) => Ok(b),
        None => Err(th.memory_error()),
    }
}

/// The bytes that a constructor's arguments give. `class`: bytes or bytearray.
pub(crate) fn from_arguments(
    th: &mut Thread,
    class: &str,
    source: Option<Value>,
    encoding: Option<Gc<Str>>,
    errors: Option<Gc<Str>>,
) -> Result<Vec<u8>> {
    let text = source.and_then(|v| v.downcast::<Str>());
    if encoding.is_some() || errors.is_some() {
        let Some(s) = text else {
            let what = if encoding.is_some() {
                "encoding"
            } else {
                "errors"
            };
            return Err(th.type_error(format!("{what} without a string argument")));
        };
        if encoding.is_none() {
            return Err(th.type_error("string argument without an encoding"));
        }
        let b = crate::codecs::encode_str(th, s, encoding, errors)?;
        return Ok(th.byte_arg(b)?.to_vec());
    }
    let Some(v) = source else {
        return Ok(Vec::new());
    };
    if text.is_some() {
        return Err(th.type_error("string argument without an encoding"));
    }
    if v.is_int() || th.class_of(v).slots().index.is_some() {
        match th.index_i64(v, "cannot fit 'int' into an index-sized integer") {
            Ok(n) => {
                let Ok(n) = usize::try_from(n) else {
                    return Err(th.value_error("negative count"));
                };
                let r = crate::number::error::check_memory(n);
                th.format_result(r)?;
                return Ok(vec![0; n]);
            }
            Err(e) => {
                if !th.pending_matches(ExceptionClass::TypeError) {
                    return Err(e);
                }
                th.clear_pending();
            }
        }
    }
    from_value(th, class, v)
}

/// The bytes of a buffer or of an iterable of ints.
pub(crate) fn from_value(th: &mut Thread, class: &str, v: Value) -> Result<Vec<u8>> {
    if let Some(m) = v.downcast::<crate::types::memoryview::MemoryView>() {
        return m.contents(th);
    }
    if th.supports_buffer(v) {
        return Ok(th.byte_arg(v)?.to_vec());
    }
    let kind = th.class_of(v);
    let slots = kind.slots();
    if v.downcast::<Str>().is_some() || slots.iter.is_none() && slots.getitem.is_none() {
        let got = th.type_name(v);
        return Err(th.type_error(format!("cannot convert '{got}' object to {class}")));
    }
    let message = if class == "bytes" {
        "bytes must be in range(0, 256)"
    } else {
        "byte must be in range(0, 256)"
    };
    if let Some(out) = from_small_ints(th, v) {
        return Ok(out);
    }
    let mut out = Vec::new();
    th.for_each(v, |th, x| {
        let b = super::shared::byte_of(th, x, message)?;
        out.push(b);
        Ok(())
    })?;
    Ok(out)
}

/// The bytes in a list or tuple of nothing else.
fn from_small_ints(th: &Thread, v: Value) -> Option<Vec<u8>> {
    if th.is_exact(v, T::List) {
        return bytes_of(v.downcast::<List>()?.items.as_slice());
    }
    if th.is_exact(v, T::Tuple) {
        return bytes_of(v.downcast::<Tuple>()?.as_slice());
    }
    None
}

fn bytes_of(items: &[Value]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(items.len());
    for v in items {
        out.push(u8::try_from(v.as_int()?).ok()?);
    }
    Some(out)
}
