//! `int(…)`: from numbers, texts and bytes.

use super::{exact, is_int, normalize};
use crate::Thread;
use crate::number::int_ops::Int;
use crate::number::int_text;
use crate::object::{Result, Value};
use crate::types::T;
use crate::types::bytes::Bytes;
use crate::types::str_::Str;

impl Thread {
    /// Digits that conversions between text and int may have (0: any number of them).
    pub fn int_digit_limit(&self) -> usize {
        self.vm().int_max_str_digits.get()
    }

    /// A number of the pure modules as an int.
    pub fn int_from(&mut self, i: &Int) -> Value {
        match i {
            Int::Small(i) => self.int(*i),
            Int::Big(i) => normalize(self, i),
        }
    }

    /// `int(text)` for a str (or a subclass's instance).
    pub fn parse_int(&mut self, s: &Str, base: u32) -> Result {
        if base == 10
            && let Some(text) = s.as_ascii()
            && let Some(i) = short_decimal(text.as_bytes())
        {
            return Ok(self.int(i));
        }
        let limit = self.int_digit_limit();
        let i = self.format_result(int_text::parse_text(s.text_ref(), base, limit))?;
        Ok(self.int_from(&i))
    }

    /// `int(v)`: by `__int__`, `__index__`, or from text and bytes. Raises TypeError, ValueError.
    pub fn to_int(&mut self, v: Value) -> Result {
        if v.is_int() || self.is_exact(v, T::Int) {
            return Ok(v);
        }
        if let Some(f) = self.as_float(v)
            && self.is_exact(v, T::Float)
        {
            let i = self.format_result(crate::number::float_ops::to_int(f))?;
            return Ok(self.int_from(&i));
        }
        if let Some(s) = v.downcast::<Str>()
            && self.is_exact(v, T::Str)
        {
            return self.parse_int(&s, 10);
        }
        let class = self.class_of(v);
        let slots = class.slots();
        if let Some(f) = slots.int {
            let r = f(self, v)?;
            if r.is_int() || self.is_exact(r, T::Int) {
                return Ok(r);
            }
            let got = self.type_name(r);
            if !is_int(r) {
                return Err(self.type_error(format!("__int__ returned non-int (type {got})")));
            }
            crate::exceptions::warn(
                self,
                crate::types::ExceptionClass::DeprecationWarning,
                &format!(
                    "__int__ returned non-int (type {got}).  The ability to return an instance of a strict subclass of int is deprecated, and may not be supported in a future version of Python."
                ),
                1,
            )?;
            return Ok(exact(self, r));
        }
        if slots.index.is_some() {
            return self.index(v);
        }
        if let Some(s) = v.downcast::<Str>() {
            return self.parse_int(&s, 10);
        }
        if let Some(bytes) = self.bytes_like(v)? {
            let limit = self.int_digit_limit();
            let i = self.format_result(int_text::parse_bytes(&bytes, 10, limit))?;
            return Ok(self.int_from(&i));
        }
        let got = self.type_name(v);
        Err(self.type_error(format!(
            "int() argument must be a string, a bytes-like object or a real number, not '{got}'"
        )))
    }
}

/// A decimal numeral of at most 18 digits, without underscores. Blanks may stand behind it, as at
/// the end of a line.
fn short_decimal(text: &[u8]) -> Option<i64> {
    let text = match text {
        [.., b' ' | b'\t'..=b'\r'] => text.trim_ascii_end(),
        _ => text,
    };
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, text),
    };
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    let mut n = 0i64;
    for d in digits {
        let d = d.wrapping_sub(b'0');
        if d > 9 {
            return None;
        }
        n = n * 10 + d as i64;
    }
    Some(if negative { -n } else { n })
}

/// `int(x, base)` as an exact int.
pub fn construct(th: &mut Thread, x: Option<Value>, base: Option<Value>) -> Result {
    let Some(base) = base else {
        return match x {
            Some(x) => th.to_int(x),
            None => Ok(Value::small(0)),
        };
    };
    let Some(x) = x else {
        return Err(th.type_error("int() missing string argument"));
    };
    let base = th.index_clamped(base)? as i64;
    let base = th.format_result(int_text::check_base(base))?;
    if let Some(s) = x.downcast::<Str>() {
        return th.parse_int(&s, base);
    }
    let is_bytes = x.downcast::<Bytes>().is_some() || th.type_is_bytearray(x);
    if is_bytes && let Some(bytes) = th.bytes_like(x)? {
        let limit = th.int_digit_limit();
        let i = th.format_result(int_text::parse_bytes(&bytes, base, limit))?;
        return Ok(th.int_from(&i));
    }
    Err(th.type_error("int() can't convert non-string with explicit base"))
}

impl Thread {
    /// Is it a bytearray (or a subclass's instance)?
    fn type_is_bytearray(&self, v: Value) -> bool {
        let class = self.class_of(v);
        class.mro.get().is_some_and(|mro| {
            mro.as_slice().iter().any(|c| {
                c.downcast::<crate::types::type_::Type>()
                    .and_then(|c| c.def)
                    .is_some_and(|d| d.name == "bytearray" && d.module == "builtins")
            })
        })
    }
}
