//! Conversions between Python numbers and Rust ones.

use crate::Thread;
use crate::object::{Result, Value};
use crate::types::T;
use crate::types::int::BigInt;

impl Thread {
    /// An int.
    #[inline(always)]
    pub fn int(&mut self, v: i64) -> Value {
        match Value::try_int(v) {
            Some(v) => v,
            None => crate::types::int::from_i64(self, v),
        }
    }

    /// An int from an unsigned number.
    #[inline]
    pub fn int_from_u64(&mut self, v: u64) -> Value {
        match i64::try_from(v) {
            Ok(v) => self.int(v),
            Err(_) => crate::types::int::from_u64(self, v),
        }
    }

    /// A float.
    #[inline(always)]
    pub fn float(&mut self, f: f64) -> Value {
        match Value::try_float(f) {
            Some(v) => v,
            None => crate::types::float::boxed(self, f),
        }
    }

    /// The number of a float (tagged, boxed, or of a subclass); None for anything else.
    #[inline(always)]
    pub fn as_float(&self, v: Value) -> Option<f64> {
        if v.is_tagged_float() {
            return Some(v.float_unchecked());
        }
        v.downcast::<crate::types::float::HeapFloat>()
            .map(|h| h.value)
    }

    /// `operator.index(v)`: an int (small or wide, exact).
    pub fn index(&mut self, v: Value) -> Result {
        if v.is_int() {
            return Ok(v);
        }
        if v.downcast::<BigInt>().is_some() {
            return Ok(crate::types::int::exact(self, v));
        }
        let Some(f) = self.class_of(v).slots().index else {
            let got = self.type_name(v);
            return Err(self.type_error(format!(
                "'{got}' object cannot be interpreted as an integer"
            )));
        };
        let r = f(self, v)?;
        if r.is_int() || self.is_exact(r, T::Int) {
            return Ok(r);
        }
        if r.downcast::<BigInt>().is_some() {
            let got = self.type_name(r);
            crate::exceptions::warn(
                self,
                crate::types::ExceptionClass::DeprecationWarning,
                &format!(
                    "__index__ returned non-int (type {got}).  The ability to return an instance of a strict subclass of int is deprecated, and may not be supported in a future version of Python."
                ),
                1,
            )?;
            return Ok(crate::types::int::exact(self, r));
        }
        let got = self.type_name(r);
        Err(self.type_error(format!("__index__ returned non-int (type {got})")))
    }

    /// `v` as a 64-bit int by `__index__`; OverflowError with `message` when it is wider.
    pub fn index_i64(&mut self, v: Value, message: &str) -> Result<i64> {
        let i = self.index(v)?;
        match crate::types::int::to_i64(i) {
            Some(i) => Ok(i),
            None => Err(self.overflow_error(message)),
        }
    }

    /// `v` as the index of an item. Raises IndexError for what no sequence can hold.
    pub fn item_index(&mut self, v: Value) -> Result<i64> {
        let i = self.index(v)?;
        match crate::types::int::to_i64(i) {
            Some(i) => Ok(i),
            None => {
                let got = self.type_name(v);
                Err(self.index_error(format!("cannot fit '{got}' into an index-sized integer")))
            }
        }
    }

    /// `v` as an index, clamped to `isize`.
    pub fn index_clamped(&mut self, v: Value) -> Result<isize> {
        let i = self.index(v)?;
        Ok(match crate::types::int::to_i64(i) {
            Some(i) => i as isize,
            None if crate::types::int::is_negative(i) => isize::MIN,
            None => isize::MAX,
        })
    }

    /// `v` as a float (`__float__`, `__index__`). Raises TypeError.
    pub fn to_f64(&mut self, v: Value) -> Result<f64> {
        if let Some(f) = self.as_float(v) {
            return Ok(f);
        }
        if let Some(i) = v.as_int() {
            return Ok(i as f64);
        }
        crate::types::float::to_f64_slow(self, v)
    }
}
