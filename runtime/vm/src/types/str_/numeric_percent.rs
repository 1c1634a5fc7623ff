//! The parts of `%` formatting that `str` and `bytes` share: fetching values, and numbers.

use super::Str;
use crate::Thread;
use crate::format::field;
use crate::format::int::IntRef;
use crate::format::percent::{self, Amount, Conversion, Flags, Number};
use crate::number::digits::Digits;
use crate::object::{Gc, Result, Value};
use crate::types::ExceptionClass;
use crate::types::bytearray::ByteArray;
use crate::types::bytes::Bytes;
use crate::types::int::{is_int, to_i64, to_ibig};
use crate::types::tuple::Tuple;
use crate::unicode::TextRef;

/// The values on the right of `%`.
pub struct Values {
    all: Value,
    tuple: Option<Gc<Tuple>>,
    next: usize,
    mapping: bool,
}

impl Values {
    /// The values of an operand of strings: a tuple's items, or the operand itself.
    pub fn new(th: &Thread, all: Value) -> Values {
        Values::unless_text(th, all, all.downcast::<Str>().is_some())
    }

    /// The values of an operand of bytes.
    pub fn for_bytes(th: &Thread, all: Value) -> Values {
        let text = all.downcast::<Bytes>().is_some()
            || all.downcast::<ByteArray>().is_some()
            || all.downcast::<Str>().is_some();
        Values::unless_text(th, all, text)
    }

    /// A text that is one to the format is no mapping.
    fn unless_text(th: &Thread, all: Value, text: bool) -> Values {
        let tuple = all.downcast::<Tuple>();
        Values {
            all,
            tuple,
            next: 0,
            mapping: tuple.is_none() && !text && th.class_of(all).slots().getitem.is_some(),
        }
    }

    /// The next value. Raises TypeError when there is none.
    pub fn next(&mut self, th: &mut Thread) -> Result {
        let i = self.next;
        self.next += 1;
        let v = match self.tuple {
            Some(t) => t.get(i),
            None if i == 0 => Some(self.all),
            None => None,
        };
        match v {
            Some(v) => Ok(v),
            None => Err(th.raise_format(percent::not_enough_arguments())),
        }
    }

    /// The value of a keyed conversion.
    pub fn keyed(&mut self, th: &mut Thread, key: Value) -> Result {
        if !self.mapping {
            return Err(th.raise_format(percent::needs_mapping()));
        }
        // A mapping is used up by its first key.
        self.next = self.next.max(1);
        th.get_item(self.all, key)
    }

    /// Is an operand a mapping, so that keys may be used?
    pub fn is_mapping(&self) -> bool {
        self.mapping
    }

    /// Raises TypeError when values are left over. `kind`: string or bytes.
    pub fn finish(&self, th: &mut Thread, kind: &str) -> Result<()> {
        let total = self.tuple.map_or(1, |t| t.len());
        if !self.mapping && self.next < total {
            return Err(th.raise_format(percent::not_all_converted(kind)));
        }
        Ok(())
    }

    /// A width or precision as a number; a negative width means left adjustment.
    pub fn amount(
        &mut self,
        th: &mut Thread,
        a: Option<Amount>,
        flags: Option<&mut Flags>,
    ) -> Result<Option<usize>> {
        match a {
            None => Ok(None),
            Some(Amount::Given(n)) => Ok(Some(n)),
            Some(Amount::Next) => {
                let v = self.next(th)?;
                if !is_int(v) {
                    return Err(th.raise_format(percent::star_wants_int()));
                }
                let precision = flags.is_none();
                let Some(n) = to_i64(v).filter(|n| !precision || i32::try_from(*n).is_ok()) else {
                    return Err(th.overflow_error(if precision {
                        "Python int too large to convert to C int"
                    } else {
                        "Python int too large to convert to C ssize_t"
                    }));
                };
                let size = if let Some(flags) = flags
                    && n < 0
                {
                    flags.left = true;
                    n.unsigned_abs() as usize
                } else {
                    usize::try_from(n).unwrap_or(0)
                };
                let r = crate::number::error::check_memory(size);
                th.format_result(r)?;
                Ok(Some(size))
            }
        }
    }
}

fn integer(th: &mut Thread, v: Value, kind: char) -> Result {
    if is_int(v) {
        return Ok(v);
    }
    let class = th.class_of(v);
    let slots = class.slots();
    let decimal = matches!(kind, 'd' | 'i' | 'u');
    let r = if decimal && let Some(f) = slots.int {
        f(th, v)
    } else if slots.index.is_some() {
        th.index(v)
    } else {
        Err(th.type_error("no integer"))
    };
    match r {
        Ok(v) if is_int(v) => Ok(v),
        Ok(_) => {
            let got = th.type_name(v);
            Err(th.raise_format(percent::number_required(kind, &got)))
        }
        Err(e) => {
            if th.pending_matches(ExceptionClass::TypeError) {
                th.clear_pending();
                let got = th.type_name(v);
                return Err(th.raise_format(percent::number_required(kind, &got)));
            }
            Err(e)
        }
    }
}

/// Writes the text of a numeric conversion in its field, where no Python code is needed for it and
/// it is short. What is written after false is nothing's text.
#[inline]
pub fn short(
    th: &Thread,
    digits: &mut Digits,
    v: Value,
    c: &Conversion,
    (flags, width, precision): (Flags, usize, Option<usize>),
) -> bool {
    match u8::try_from(c.kind) {
        Ok(kind @ (b'f' | b'F' | b'e' | b'E' | b'g' | b'G')) => {
            match th.as_float(v).or(v.as_int().map(|i| i as f64)) {
                Some(x) => field::percent_float(digits, x, kind, flags, width, precision),
                None => false,
            }
        }
        Ok(kind @ (b'd' | b'i' | b'u' | b'x' | b'X' | b'o')) if is_int(v) => match to_i64(v) {
            Some(i) => field::percent_integer(digits, i, kind, flags, width, precision),
            None => false,
        },
        _ => false,
    }
}

/// The number of a numeric conversion; None when the conversion is not numeric. The value has been
/// fetched.
pub fn number(
    th: &mut Thread,
    v: Value,
    c: &Conversion,
    flags: Flags,
    precision: Option<usize>,
) -> Result<Option<Number>> {
    let Some(kind) = char::from_u32(c.kind) else {
        return Ok(None);
    };
    match kind {
        'd' | 'i' | 'u' | 'o' | 'x' | 'X' => {
            let v = integer(th, v, kind)?;
            let limit = th.vm().int_max_str_digits.get();
            let kind = if matches!(kind, 'i' | 'u') { 'd' } else { kind };
            let r = match to_i64(v) {
                Some(i) => {
                    percent::format_int(IntRef::Small(i), kind, flags.alternate, precision, limit)
                }
                None => {
                    let big = to_ibig(v).unwrap_or_default();
                    percent::format_int(IntRef::Big(&big), kind, flags.alternate, precision, limit)
                }
            };
            th.format_result(r).map(Some)
        }
        'e' | 'E' | 'f' | 'F' | 'g' | 'G' => {
            let x = th.to_f64(v)?;
            let r = percent::format_float(x, kind, flags.alternate, precision);
            th.format_result(r).map(Some)
        }
        _ => Ok(None),
    }
}

/// A key as a string.
pub fn key_text(th: &mut Thread, key: TextRef<'_>) -> Value {
    th.str_from_ref(key).value()
}
