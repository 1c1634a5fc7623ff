//! Type codes: how an item becomes a value and a value an item.

use taipan_vm::object::Raised;
use taipan_vm::types::int;
use taipan_vm::types::str_::Str;
use taipan_vm::{Result, Thread, Value};

/// The kind of an array's items.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
#[allow(missing_docs)]
pub enum Code {
    I8 = b'b',
    U8 = b'B',
    WideChar = b'u',
    Char = b'w',
    I16 = b'h',
    U16 = b'H',
    I32 = b'i',
    U32 = b'I',
    Long = b'l',
    ULong = b'L',
    I64 = b'q',
    U64 = b'Q',
    F32 = b'f',
    F64 = b'd',
}

/// An item's bytes; the first `Code::size` of them count.
pub type Item = [u8; 8];

/// All codes, in the order of `array.typecodes`.
pub const ALL: &str = "bBuwhHiIlLqQfd";

impl Code {
    /// The code that a character stands for.
    pub fn of(c: u32) -> Option<Code> {
        use Code::*;
        Some(match u8::try_from(c).ok()? {
            b'b' => I8,
            b'B' => U8,
            b'u' => WideChar,
            b'w' => Char,
            b'h' => I16,
            b'H' => U16,
            b'i' => I32,
            b'I' => U32,
            b'l' => Long,
            b'L' => ULong,
            b'q' => I64,
            b'Q' => U64,
            b'f' => F32,
            b'd' => F64,
            _ => return None,
        })
    }

    /// The character.
    pub fn char(self) -> char {
        self as u8 as char
    }

    /// Bytes in an item.
    #[inline(always)]
    pub fn size(self) -> usize {
        use Code::*;
        match self {
            I8 | U8 => 1,
            I16 | U16 => 2,
            WideChar | Char | I32 | U32 | F32 => 4,
            Long | ULong | I64 | U64 | F64 => 8,
        }
    }

    /// Holds characters?
    pub fn is_text(self) -> bool {
        matches!(self, Code::WideChar | Code::Char)
    }

    /// The format that views of the array have.
    pub fn format(self) -> &'static str {
        use Code::*;
        match self {
            I8 => "b",
            U8 => "B",
            WideChar | Char => "w",
            I16 => "h",
            U16 => "H",
            I32 => "i",
            U32 => "I",
            Long => "l",
            ULong => "L",
            I64 => "q",
            U64 => "Q",
            F32 => "f",
            F64 => "d",
        }
    }
}

/// The value of an item.
#[inline]
pub fn load(th: &mut Thread, code: Code, item: &[u8]) -> Result {
    macro_rules! number {
        ($t:ty) => {
            <$t>::from_ne_bytes(item.try_into().unwrap_or_default())
        };
    }
    Ok(match code {
        Code::I8 => Value::small(i32::from(number!(i8))),
        Code::U8 => Value::small(i32::from(number!(u8))),
        Code::I16 => Value::small(i32::from(number!(i16))),
        Code::U16 => Value::small(i32::from(number!(u16))),
        Code::I32 => Value::small(number!(i32)),
        Code::U32 => th.int(i64::from(number!(u32))),
        Code::Long | Code::I64 => th.int(number!(i64)),
        Code::ULong | Code::U64 => th.int_from_u64(number!(u64)),
        Code::F32 => th.float(f64::from(number!(f32))),
        Code::F64 => th.float(number!(f64)),
        Code::WideChar | Code::Char => {
            let c = number!(u32);
            if c > 0x10FFFF {
                return Err(th.value_error(format!(
                    "character U+{c:x} is not in range [U+0000; U+10ffff]"
                )));
            }
            th.str_from_char(c).value()
        }
    })
}

fn padded<const N: usize>(bytes: [u8; N]) -> Item {
    let mut item = [0; 8];
    item[..N].copy_from_slice(&bytes);
    item
}

fn signed(th: &mut Thread, v: Value, what: &str, low: i64, high: i64) -> Result<i64> {
    let n = th.index_i64(v, "Python int too large to convert to C long")?;
    range(th, n, what, low, high)
}

fn range(th: &mut Thread, n: i64, what: &str, low: i64, high: i64) -> Result<i64> {
    if n < low {
        return Err(th.overflow_error(format!("{what} is less than minimum")));
    }
    if n > high {
        return Err(th.overflow_error(format!("{what} is greater than maximum")));
    }
    Ok(n)
}

#[cold]
fn negative(th: &mut Thread, message: &str) -> Raised {
    th.overflow_error(message)
}

fn unsigned(th: &mut Thread, v: Value, below: &str, above: &str) -> Result<u64> {
    let v = th.index(v)?;
    if int::is_negative(v) {
        return Err(negative(th, below));
    }
    match int::to_ibig(v).map(|b| u64::try_from(&b)) {
        Some(Ok(n)) => Ok(n),
        _ => Err(th.overflow_error(above)),
    }
}

const NEGATIVE: &str = "can't convert negative value to unsigned int";
const LONG: &str = "Python int too large to convert to C unsigned long";

/// The bytes of a value as an item. Raises TypeError, OverflowError.
#[inline]
pub fn store(th: &mut Thread, code: Code, v: Value) -> Result<Item> {
    match (code, v.as_int()) {
        (Code::U8, Some(n)) if n as u8 as i64 == n => return Ok(padded([n as u8])),
        (Code::I32, Some(n)) if n as i32 as i64 == n => {
            return Ok(padded((n as i32).to_ne_bytes()));
        }
        (Code::Long | Code::I64, Some(n)) => return Ok(n.to_ne_bytes()),
        (Code::F64, None) => {
            if let Some(f) = v.as_tagged_float() {
                return Ok(f.to_ne_bytes());
            }
        }
        _ => {}
    }
    store_slow(th, code, v)
}

fn store_slow(th: &mut Thread, code: Code, v: Value) -> Result<Item> {
    const SHORT: &str = "signed short integer";
    const INT: &str = "signed integer";
    let (i32_min, i32_max) = (i64::from(i32::MIN), i64::from(i32::MAX));
    Ok(match code {
        Code::I8 => {
            let n = signed(th, v, SHORT, -0x8000, 0x7FFF)?;
            padded([range(th, n, "signed char", -128, 127)? as u8])
        }
        Code::U8 => padded([signed(th, v, "unsigned byte integer", 0, 255)? as u8]),
        Code::I16 => padded((signed(th, v, SHORT, -0x8000, 0x7FFF)? as i16).to_ne_bytes()),
        Code::U16 => {
            let n = signed(th, v, INT, i32_min, i32_max)?;
            padded((range(th, n, "unsigned short", 0, 0xFFFF)? as u16).to_ne_bytes())
        }
        Code::I32 => padded((signed(th, v, INT, i32_min, i32_max)? as i32).to_ne_bytes()),
        Code::U32 => {
            let n = unsigned(th, v, NEGATIVE, LONG)?;
            match u32::try_from(n) {
                Ok(n) => padded(n.to_ne_bytes()),
                Err(_) => return Err(th.overflow_error("unsigned int is greater than maximum")),
            }
        }
        Code::Long => th
            .index_i64(v, "Python int too large to convert to C long")?
            .to_ne_bytes(),
        Code::ULong => unsigned(th, v, NEGATIVE, LONG)?.to_ne_bytes(),
        Code::I64 => th.index_i64(v, "int too big to convert")?.to_ne_bytes(),
        Code::U64 => unsigned(
            th,
            v,
            "can't convert negative int to unsigned",
            "int too big to convert",
        )?
        .to_ne_bytes(),
        Code::F32 => padded((th.to_f64(v)? as f32).to_ne_bytes()),
        Code::F64 => th.to_f64(v)?.to_ne_bytes(),
        Code::WideChar | Code::Char => {
            let Some(s) = v.downcast::<Str>() else {
                let got = th.type_name_for_error(v);
                return Err(
                    th.type_error(format!("array item must be a unicode character, not {got}"))
                );
            };
            match s.at(0) {
                Some(c) if s.len() == 1 => padded(c.to_ne_bytes()),
                _ => {
                    let n = s.len();
                    return Err(th.type_error(format!(
                        "array item must be a unicode character, not a string of length {n}"
                    )));
                }
            }
        }
    })
}
