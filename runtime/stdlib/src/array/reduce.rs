//! Pickling: an array is its machine format and its bytes, readable on any machine.

use super::codes::{self, Code};
use super::{ARRAY_TYPE, Array, empty};
use taipan_vm::object::Gc;
use taipan_vm::types::bytes::Bytes;
use taipan_vm::types::str_::Str;
use taipan_vm::types::type_::Type;
use taipan_vm::{Result, Thread, Value, pymethods};

/// A machine format: how other machines wrote an item.
#[derive(Clone, Copy, PartialEq)]
enum Format {
    Int {
        size: usize,
        signed: bool,
        big: bool,
    },
    Float {
        size: usize,
        big: bool,
    },
    Utf16 {
        big: bool,
    },
    Utf32 {
        big: bool,
    },
}

fn format_of(number: i64) -> Option<Format> {
    let int = |size, signed, big| Format::Int { size, signed, big };
    Some(match number {
        0 => int(1, false, false),
        1 => int(1, true, false),
        2..=13 => {
            let n = number - 2;
            int(2 << (n / 4), n & 2 != 0, n & 1 != 0)
        }
        14..=17 => Format::Float {
            size: if number < 16 { 4 } else { 8 },
            big: number & 1 != 0,
        },
        18 | 19 => Format::Utf16 { big: number == 19 },
        20 | 21 => Format::Utf32 { big: number == 21 },
        _ => return None,
    })
}

/// The machine format of a code on this machine (which is little-endian or not as Rust says).
fn number_of(code: Code) -> i64 {
    let big = i64::from(cfg!(target_endian = "big"));
    match code {
        Code::U8 => 0,
        Code::I8 => 1,
        Code::U16 => 2 + big,
        Code::I16 => 4 + big,
        Code::U32 => 6 + big,
        Code::I32 => 8 + big,
        Code::ULong | Code::U64 => 10 + big,
        Code::Long | Code::I64 => 12 + big,
        Code::F32 => 14 + big,
        Code::F64 => 16 + big,
        Code::WideChar | Code::Char => 20 + big,
    }
}

fn decode(th: &mut Thread, a: Gc<Array>, format: Format, data: &[u8]) -> Result<()> {
    let size = match format {
        Format::Int { size, .. } | Format::Float { size, .. } => size,
        Format::Utf16 { .. } | Format::Utf32 { .. } => {
            let (name, big) = match format {
                Format::Utf16 { big } => ("utf-16", big),
                Format::Utf32 { big } => ("utf-32", big),
                _ => ("", false),
            };
            let bytes = th.new_bytes(data).value();
            let codec = th
                .new_str(&format!("{name}-{}", if big { "be" } else { "le" }))
                .value();
            let text = th.call_method_str(bytes, "decode", &[codec])?;
            return match text.downcast::<Str>() {
                Some(s) if a.code.is_text() => a.push_text(th, s),
                _ => a.extend(th, text),
            };
        }
    };
    if !data.len().is_multiple_of(size) {
        return Err(th.value_error("string length not a multiple of item size"));
    }
    for item in data.chunks_exact(size) {
        let mut word = [0u8; 8];
        word[..size].copy_from_slice(item);
        let big = matches!(
            format,
            Format::Int { big: true, .. } | Format::Float { big: true, .. }
        );
        if big {
            word[..size].reverse();
        }
        let n = u64::from_le_bytes(word);
        let v = match format {
            Format::Int { signed: true, .. } => {
                let unused = 64 - 8 * size as u32;
                th.int((n << unused) as i64 >> unused)
            }
            Format::Float { size: 4, .. } => th.float(f64::from(f32::from_bits(n as u32))),
            Format::Float { .. } => th.float(f64::from_bits(n)),
            _ => th.int_from_u64(n),
        };
        a.push(th, v)?;
    }
    Ok(())
}

/// `_array_reconstructor`
pub(super) fn reconstruct(
    th: &mut Thread,
    class: Value,
    code: Value,
    format: Value,
    items: Value,
) -> Result {
    let Some(class) = class.downcast::<Type>() else {
        let got = th.type_name(class);
        return Err(th.type_error(format!("first argument must be a type object, not {got}")));
    };
    let array = th.type_for(&ARRAY_TYPE);
    if !class.is_subtype(array) {
        let name = class.name_text();
        return Err(th.type_error(format!("{name} is not a subtype of array.array")));
    }
    let c = match code.downcast::<Str>() {
        Some(s) if s.len() == 1 => s.at(0).unwrap_or(0),
        _ => {
            let got = th.type_name_for_error(code);
            return Err(th.type_error(format!(
                "_array_reconstructor() argument 2 must be a unicode character, not {got}"
            )));
        }
    };
    let Some(code) = Code::of(c) else {
        return Err(th.value_error("second argument must be a valid type code"));
    };
    let number = th.index_i64(format, "Python int too large to convert to C int")?;
    let Some(format) = format_of(number) else {
        return Err(th.value_error("third argument must be a valid machine format code."));
    };
    let Some(bytes) = items.downcast::<Bytes>() else {
        let got = th.type_name(items);
        return Err(th.type_error(format!("fourth argument should be bytes, not {got}")));
    };
    let a = empty(th, class, code);
    if number == number_of(code) {
        if bytes.len() % code.size() != 0 {
            return Err(th.value_error("string length not a multiple of item size"));
        }
        a.push_bytes(th, bytes.as_slice())?;
    } else {
        decode(th, a, format, bytes.as_slice())?;
    }
    Ok(a.value())
}

#[pymethods(table = METHODS)]
impl Array {
    /// Return state information for pickling.
    #[pymethod]
    fn __reduce_ex__(th: &mut Thread, this: Gc<Array>, value: Value) -> Result {
        let protocol = th.index_i64(value, "Python int too large to convert to C long")?;
        let class = th.class_of(this.value()).value();
        let none = th.none();
        let state = match th.get_attr_str_option(this.value(), "__dict__")? {
            Some(d) => d,
            None => none,
        };
        let code = th.str_from_char(this.code as u32).value();
        if protocol < 3 {
            let items = this.list(th)?;
            let args = th.new_tuple(&[code, items]).value();
            return Ok(th.new_tuple(&[class, args, state]).value());
        }
        let f = crate::support::import_attr(th, "array", "_array_reconstructor")?;
        let bytes = this.bytes();
        let bytes = th.new_bytes(&bytes).value();
        let number = th.int(number_of(this.code));
        let args = th.new_tuple(&[class, code, number, bytes]).value();
        Ok(th.new_tuple(&[f, args, state]).value())
    }
}

// The table's order is the one of `codes::ALL`; nothing else to keep in step.
const _: () = assert!(codes::ALL.len() == 14);
