//! `_codecs`: the codec registry and the codecs that are built in, as `codecs` and `encodings` use
//! them. The conversions are `taipan_vm::unicode::codecs`; here are arguments and results.

mod charmap;
mod escapes;

use taipan_vm::call::buffer::ByteArg;
use taipan_vm::codecs::handlers::Handler;
use taipan_vm::codecs::registry;
use taipan_vm::object::Gc;
use taipan_vm::types::str_::Str;
use taipan_vm::types::tuple::Tuple;
use taipan_vm::unicode::codecs::utf16::Order;
use taipan_vm::unicode::codecs::{CodecError, single_byte, utf7, utf8, utf16, utf32};
use taipan_vm::unicode::{Text, TextBuilder};
use taipan_vm::{Result, Thread, Value, pymodule};

/// An optional name of an error handler.
fn errors_of(errors: Option<Gc<Str>>) -> Option<String> {
    errors.map(|e| e.to_string_lossy())
}

/// None as an absent argument.
fn optional(th: &mut Thread, v: Option<Value>) -> Result<Option<String>> {
    match th.not_none(v) {
        None => Ok(None),
        Some(v) => th.expect::<Str>(v).map(|s| errors_of(Some(s))),
    }
}

/// `(bytes, length)`
fn encoded(th: &mut Thread, bytes: &[u8], len: usize) -> Gc<Tuple> {
    let b = th.new_bytes(bytes).value();
    let n = th.int(len as i64);
    th.new_tuple(&[b, n])
}

/// `(str, consumed)`
fn decoded(th: &mut Thread, text: &Text, consumed: usize) -> Gc<Tuple> {
    let s = th.str_from_text(text).value();
    let n = th.int(consumed as i64);
    th.new_tuple(&[s, n])
}

type Encoded = std::result::Result<Vec<u8>, CodecError>;
type Decoded = std::result::Result<(Text, usize), CodecError>;

fn encode(
    th: &mut Thread,
    s: Gc<Str>,
    errors: Option<Value>,
    f: impl FnOnce(&mut Handler<'_>) -> Encoded,
) -> Result<Gc<Tuple>> {
    let errors = optional(th, errors)?;
    let mut handler = Handler::new(th, s.value(), errors.as_deref());
    let r = f(&mut handler);
    let bytes = handler.finish(r)?;
    Ok(encoded(th, &bytes, s.len()))
}

fn decode(
    th: &mut Thread,
    data: Value,
    errors: Option<Value>,
    mut f: impl FnMut(&[u8], &mut Handler<'_>) -> Decoded,
) -> Result<Gc<Tuple>> {
    let errors = optional(th, errors)?;
    th.with_buffer(data, |th, bytes| {
        let mut handler = Handler::new(th, data, errors.as_deref());
        let r = f(bytes, &mut handler);
        let ((mut text, consumed), mut rest) = handler.finish_part(r)?;
        // A handler has replaced the input: the rest of the text comes from there.
        while let Some((other, at, th)) = rest {
            th.poll()?;
            let other = th.byte_arg(other)?;
            let part = th.new_bytes(other.get(at..).unwrap_or_default());
            let mut handler = Handler::new(th, part.value(), errors.as_deref());
            let r = f(part.as_slice(), &mut handler);
            let ((more, _), next) = handler.finish_part(r)?;
            let mut whole = TextBuilder::new();
            whole.push_text(text.as_ref());
            whole.push_text(more.as_ref());
            text = whole.finish();
            rest = next;
        }
        Ok(decoded(th, &text, consumed))
    })
}

fn order_of(byteorder: Option<i32>) -> Order {
    match byteorder.unwrap_or(0) {
        0 => Order::Marked,
        n if n < 0 => Order::Little,
        _ => Order::Big,
    }
}

fn order_number(order: Order) -> i32 {
    match order {
        Order::Marked => 0,
        Order::Little => -1,
        Order::Big => 1,
    }
}

/// Which decoder of wide units.
#[derive(Clone, Copy)]
enum Wide {
    Utf16,
    Utf32,
}

fn decode_wide(
    th: &mut Thread,
    data: Value,
    errors: Option<Value>,
    (wide, order, last): (Wide, Order, bool),
    with_order: bool,
) -> Result<Gc<Tuple>> {
    let mut found = order;
    let t = decode(th, data, errors, |b, h| {
        let r = match wide {
            Wide::Utf16 => utf16::decode(b, h, order, last),
            Wide::Utf32 => utf32::decode(b, h, order, last),
        };
        r.map(|(t, n, o)| {
            found = o;
            (t, n)
        })
    })?;
    if !with_order {
        return Ok(t);
    }
    let (a, b) = (t.get(0), t.get(1));
    let order = Value::small(order_number(found));
    let (a, b) = (th.or_none(a), th.or_none(b));
    Ok(th.new_tuple(&[a, b, order]))
}

/// The functions hang here.
pub struct Codecs;

macro_rules! wide_codecs {
    ($($table:ident $wide:ident $module:ident $encode:ident $le_encode:ident $be_encode:ident
       $decode:ident $le_decode:ident $be_decode:ident $ex_decode:ident;)*) => {
        $(#[taipan_vm::pymethods(table = $table)]
        impl Codecs {
            #[pyfunction(sig = "(str, errors=None, byteorder=0, /)")]
            fn $encode(th: &mut Thread, str: Gc<Str>, errors: Option<Value>, byteorder: Option<i32>) -> Result<Gc<Tuple>> {
                encode(th, str, errors, |h| $module::encode(str.text_ref(), h, order_of(byteorder)))
            }
            #[pyfunction(sig = "(str, errors=None, /)")]
            fn $le_encode(th: &mut Thread, str: Gc<Str>, errors: Option<Value>) -> Result<Gc<Tuple>> {
                encode(th, str, errors, |h| $module::encode(str.text_ref(), h, Order::Little))
            }
            #[pyfunction(sig = "(str, errors=None, /)")]
            fn $be_encode(th: &mut Thread, str: Gc<Str>, errors: Option<Value>) -> Result<Gc<Tuple>> {
                encode(th, str, errors, |h| $module::encode(str.text_ref(), h, Order::Big))
            }
            #[pyfunction(sig = "(data, errors=None, final=False, /)")]
            fn $decode(th: &mut Thread, data: Value, errors: Option<Value>, last: Option<bool>) -> Result<Gc<Tuple>> {
                decode_wide(th, data, errors, (Wide::$wide, Order::Marked, last.unwrap_or(false)), false)
            }
            #[pyfunction(sig = "(data, errors=None, final=False, /)")]
            fn $le_decode(th: &mut Thread, data: Value, errors: Option<Value>, last: Option<bool>) -> Result<Gc<Tuple>> {
                decode_wide(th, data, errors, (Wide::$wide, Order::Little, last.unwrap_or(false)), false)
            }
            #[pyfunction(sig = "(data, errors=None, final=False, /)")]
            fn $be_decode(th: &mut Thread, data: Value, errors: Option<Value>, last: Option<bool>) -> Result<Gc<Tuple>> {
                decode_wide(th, data, errors, (Wide::$wide, Order::Big, last.unwrap_or(false)), false)
            }
            #[pyfunction(sig = "(data, errors=None, byteorder=0, final=False, /)")]
            fn $ex_decode(th: &mut Thread, data: Value, errors: Option<Value>, byteorder: Option<i32>, last: Option<bool>) -> Result<Gc<Tuple>> {
                decode_wide(th, data, errors, (Wide::$wide, order_of(byteorder), last.unwrap_or(false)), true)
            }
        })*
    };
}

wide_codecs! {
    UTF16_FUNCTIONS Utf16 utf16 utf_16_encode utf_16_le_encode utf_16_be_encode
        utf_16_decode utf_16_le_decode utf_16_be_decode utf_16_ex_decode;
    UTF32_FUNCTIONS Utf32 utf32 utf_32_encode utf_32_le_encode utf_32_be_encode
        utf_32_decode utf_32_le_decode utf_32_be_decode utf_32_ex_decode;
}

#[pymodule(
    name = "_codecs",
    more = [&UTF16_FUNCTIONS, &UTF32_FUNCTIONS, &charmap::FUNCTIONS, &escapes::FUNCTIONS]
)]
impl Codecs {
    /// Register a codec search function.
    #[pyfunction]
    fn register(th: &mut Thread, search_function: Value) -> Result<()> {
        registry::register(th, search_function)
    }

    /// Unregister a codec search function and clear the registry's cache.
    #[pyfunction]
    fn unregister(th: &mut Thread, search_function: Value) -> Result<()> {
        registry::unregister(th, search_function)
    }

    /// Looks up a codec tuple in the Python codec registry and returns a CodecInfo object.
    #[pyfunction]
    fn lookup(th: &mut Thread, encoding: Gc<Str>) -> Result<Gc<Tuple>> {
        registry::lookup(th, &encoding.to_string_lossy())
    }

    /// Encodes obj using the codec registered for encoding.
    #[pyfunction(sig = "(obj, encoding='utf-8', errors='strict')")]
    fn encode(
        th: &mut Thread,
        obj: Value,
        encoding: Option<Gc<Str>>,
        errors: Option<Gc<Str>>,
    ) -> Result {
        let name = errors_of(encoding).unwrap_or_else(|| "utf-8".into());
        let errors = errors_of(errors);
        registry::encode_any(th, obj, &name, errors.as_deref())
    }

    /// Decodes obj using the codec registered for encoding.
    #[pyfunction(sig = "(obj, encoding='utf-8', errors='strict')")]
    fn decode(
        th: &mut Thread,
        obj: Value,
        encoding: Option<Gc<Str>>,
        errors: Option<Gc<Str>>,
    ) -> Result {
        let name = errors_of(encoding).unwrap_or_else(|| "utf-8".into());
        let errors = errors_of(errors);
        registry::decode_any(th, obj, &name, errors.as_deref())
    }

    /// Register the specified error handler under the name errors.
    #[pyfunction]
    fn register_error(th: &mut Thread, errors: Gc<Str>, handler: Value) -> Result<()> {
        registry::register_error(th, errors, handler)
    }

    /// Un-register the specified error handler for the error handling `errors'.
    #[pyfunction]
    fn _unregister_error(th: &mut Thread, errors: Gc<Str>) -> Result<bool> {
        registry::unregister_error(th, errors)
    }

    /// Return the error handler for the specified error handling name.
    #[pyfunction]
    fn lookup_error(th: &mut Thread, name: Gc<Str>) -> Result {
        registry::lookup_error(th, &name.to_string_lossy())
    }

    #[pyfunction(sig = "(data, errors=None, /)")]
    fn readbuffer_encode(th: &mut Thread, data: Value, errors: Option<Value>) -> Result<Gc<Tuple>> {
        let _ = errors;
        if let Some(s) = data.downcast::<Str>() {
            let b = th.encode_fs(s)?;
            return Ok(encoded(th, &b, b.len()));
        }
        let b: ByteArg = th.byte_arg(data)?;
        Ok(encoded(th, &b, b.len()))
    }

    #[pyfunction(sig = "(str, errors=None, /)")]
    fn utf_8_encode(th: &mut Thread, str: Gc<Str>, errors: Option<Value>) -> Result<Gc<Tuple>> {
        encode(th, str, errors, |h| {
            utf8::encode(str.text_ref(), h).map(|b| b.into_owned())
        })
    }

    #[pyfunction(sig = "(data, errors=None, final=False, /)")]
    fn utf_8_decode(
        th: &mut Thread,
        data: Value,
        errors: Option<Value>,
        last: Option<bool>,
    ) -> Result<Gc<Tuple>> {
        decode(th, data, errors, |b, h| {
            utf8::decode(b, h, last.unwrap_or(false))
        })
    }

    #[pyfunction(sig = "(str, errors=None, /)")]
    fn utf_7_encode(th: &mut Thread, str: Gc<Str>, errors: Option<Value>) -> Result<Gc<Tuple>> {
        encode(th, str, errors, |_| utf7::encode(str.text_ref()))
    }

    #[pyfunction(sig = "(data, errors=None, final=False, /)")]
    fn utf_7_decode(
        th: &mut Thread,
        data: Value,
        errors: Option<Value>,
        last: Option<bool>,
    ) -> Result<Gc<Tuple>> {
        decode(th, data, errors, |b, h| {
            utf7::decode(b, h, last.unwrap_or(false))
        })
    }

    #[pyfunction(sig = "(str, errors=None, /)")]
    fn latin_1_encode(th: &mut Thread, str: Gc<Str>, errors: Option<Value>) -> Result<Gc<Tuple>> {
        encode(th, str, errors, |h| {
            single_byte::encode_latin1(str.text_ref(), h)
        })
    }

    #[pyfunction(sig = "(data, errors=None, /)")]
    fn latin_1_decode(th: &mut Thread, data: Value, errors: Option<Value>) -> Result<Gc<Tuple>> {
        decode(th, data, errors, |b, _| {
            Ok((single_byte::decode_latin1(b), b.len()))
        })
    }

    #[pyfunction(sig = "(str, errors=None, /)")]
    fn ascii_encode(th: &mut Thread, str: Gc<Str>, errors: Option<Value>) -> Result<Gc<Tuple>> {
        encode(th, str, errors, |h| {
            single_byte::encode_ascii(str.text_ref(), h)
        })
    }

    #[pyfunction(sig = "(data, errors=None, /)")]
    fn ascii_decode(th: &mut Thread, data: Value, errors: Option<Value>) -> Result<Gc<Tuple>> {
        decode(th, data, errors, |b, h| single_byte::decode_ascii(b, h))
    }
}
