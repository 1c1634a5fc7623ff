//! Items of a memoryview: native `struct` formats of one character.

use crate::Thread;
use crate::object::{Result, Value};
use crate::types::ExceptionClass;
use crate::types::bytes::Bytes;
use crate::types::int::to_i64;

/// The format character and item size of a native format (`@` allowed in front).
pub(super) fn native(format: &str) -> Option<(&'static str, usize)> {
    let c = format.strip_prefix('@').unwrap_or(format);
    Some(match c {
        "c" => ("c", 1),
        "b" => ("b", 1),
        "B" => ("B", 1),
        "?" => ("?", 1),
        "h" => ("h", 2),
        "H" => ("H", 2),
        "i" => ("i", 4),
        "I" => ("I", 4),
        "l" => ("l", 8),
        "L" => ("L", 8),
        "q" => ("q", 8),
        "Q" => ("Q", 8),
        "n" => ("n", 8),
        "N" => ("N", 8),
        "P" => ("P", 8),
        "e" => ("e", 2),
        "f" => ("f", 4),
        "d" => ("d", 8),
        _ => return None,
    })
}

/// A half-precision float's value.
fn half(bits: u16) -> f64 {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 0x3FF));
    sign * match exponent {
        0 => fraction * 2f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1.0 + fraction / 1024.0) * 2f64.powi(exponent - 15),
    }
}

fn unsupported(th: &mut Thread, format: &str) -> crate::object::Raised {
    th.not_implemented_error(format!("memoryview: format {format} not supported"))
}

/// The item with a format. Raises NotImplementedError for formats that are not native.
pub(super) fn unpack(th: &mut Thread, format: &str, item: &[u8]) -> Result {
    macro_rules! number {
        ($t:ty) => {
            <$t>::from_ne_bytes(item.try_into().unwrap_or_default())
        };
    }
    Ok(match format {
        "B" => Value::small(i32::from(item.first().copied().unwrap_or(0))),
        "b" => Value::small(i32::from(number!(i8))),
        "c" => th.new_bytes(item).value(),
        "?" => th.bool(item.iter().any(|b| *b != 0)),
        "h" => Value::small(i32::from(number!(i16))),
        "H" => Value::small(i32::from(number!(u16))),
        "i" => Value::small(number!(i32)),
        "I" => th.int(i64::from(number!(u32))),
        "l" | "q" | "n" => th.int(number!(i64)),
        "L" | "Q" | "N" | "P" => th.int_from_u64(number!(u64)),
        "f" => th.float(f64::from(number!(f32))),
        "d" => th.float(number!(f64)),
        "e" => th.float(half(number!(u16))),
        _ => return Err(unsupported(th, format)),
    })
}

fn bad_type(th: &mut Thread, format: &str) -> crate::object::Raised {
    th.type_error(format!("memoryview: invalid type for format '{format}'"))
}

fn bad_value(th: &mut Thread, format: &str) -> crate::object::Raised {
    th.value_error(format!("memoryview: invalid value for format '{format}'"))
}

/// The bytes of a value in a format. Raises TypeError, ValueError.
pub(super) fn pack(th: &mut Thread, format: &str, v: Value) -> Result<Vec<u8>> {
    match format {
        "c" => match v.downcast::<Bytes>() {
            Some(b) if b.len() == 1 => return Ok(b.as_slice().to_vec()),
            Some(_) => return Err(bad_value(th, format)),
            None => return Err(bad_type(th, format)),
        },
        "?" => return Ok(vec![u8::from(th.truth(v)?)]),
        "f" | "d" | "e" => {
            let x = match th.to_f64(v) {
                Ok(x) => x,
                Err(e) => {
                    if th.pending_matches(ExceptionClass::TypeError) {
                        th.clear_pending();
                        return Err(bad_type(th, format));
                    }
                    return Err(e);
                }
            };
            return Ok(match format {
                "f" => (x as f32).to_ne_bytes().to_vec(),
                "d" => x.to_ne_bytes().to_vec(),
                _ => return Err(unsupported(th, format)),
            });
        }
        _ => {}
    }
    if !v.is_int() && th.class_of(v).slots().index.is_none() {
        return Err(bad_type(th, format));
    }
    let i = th.index(v)?;
    let wide: Option<i128> = match to_i64(i) {
        Some(i) => Some(i128::from(i)),
        None => crate::types::int::to_ibig(i).and_then(|b| i128::try_from(&b).ok()),
    };
    let Some(n) = wide else {
        return Err(bad_value(th, format));
    };
    macro_rules! number {
        ($t:ty) => {
            <$t>::try_from(n).ok().map(|n| n.to_ne_bytes().to_vec())
        };
    }
    let packed = match format {
        "B" => number!(u8),
        "b" => number!(i8),
        "h" => number!(i16),
        "H" => number!(u16),
        "i" => number!(i32),
        "I" => number!(u32),
        "l" | "q" | "n" => number!(i64),
        "L" | "Q" | "N" | "P" => number!(u64),
        _ => return Err(unsupported(th, format)),
    };
    match packed {
        Some(b) => Ok(b),
        None => Err(bad_value(th, format)),
    }
}
