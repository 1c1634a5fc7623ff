//! The `int` type as Python sees it.

use std::borrow::Cow;

use super::{BigInt, compare, construct, normalize, ops, to_i64, to_ibig};
use crate::Thread;
use crate::format::field;
use crate::format::int::{IntRef, format_int_spec};
use crate::format::number::Locale;
use crate::format::spec::{self, Align};
use crate::number::digits::Digits;
use crate::number::int_bytes::{self, ByteOrder};
use crate::number::{int_ops, int_text};
use crate::object::slots::CompareOp;
use crate::object::{Gc, Result, Value};
use crate::types::T;
use crate::types::bytes::Bytes;
use crate::types::str_::Str;
use crate::types::type_::Type;
use crate::{pymethods, pytype};

/// `str(i)`. Raises ValueError beyond the digit limit.
pub fn to_str(th: &mut Thread, v: Value) -> Result<Gc<Str>> {
    if let Some(i) = to_i64(v) {
        return Ok(th.new_ascii(Digits::signed(i).as_bytes()));
    }
    let i = to_ibig(v).unwrap_or_default();
    let limit = th.int_digit_limit();
    let text = th.format_result(int_text::to_decimal(&i, limit))?;
    Ok(th.new_ascii(text.as_bytes()))
}

/// `format(i, spec)` by int's own rules, for a specification that is not empty.
pub fn format(th: &mut Thread, v: Value, spec: Gc<Str>) -> Result<Gc<Str>> {
    let name = match th.is_exact(v, T::Int) {
        true => "int".into(),
        false => Cow::Owned(th.type_name(v)),
    };
    let parsed = spec::parse(spec.text_ref(), &name, Align::Right);
    let parsed = th.format_result(parsed)?;
    let big;
    let n = match to_i64(v) {
        Some(i) => {
            if let Some(text) = field::integer(i, &parsed) {
                return Ok(th.new_ascii(text.as_bytes()));
            }
            IntRef::Small(i)
        }
        None => {
            big = to_ibig(v).unwrap_or_default();
            IntRef::Big(&big)
        }
    };
    let limit = th.int_digit_limit();
    let text = format_int_spec(n, &parsed, &name, limit, &Locale::c());
    let text = th.format_result(text)?;
    Ok(th.str_from_text(&text))
}

/// int([x]) -> integer
/// int(x, base=10) -> integer
///
/// Convert a number or string to an integer, or return 0 if no arguments
/// are given.  If x is a number, return x.__int__().  For floating-point
/// numbers, this truncates towards zero.
///
/// If x is not a number or if base is given, then x must be a string,
/// bytes, or bytearray instance representing an integer literal in the
/// given base.  The literal can be preceded by '+' or '-' and be surrounded
/// by whitespace.  The base defaults to 10.  Valid bases are 0 and 2-36.
/// Base 0 means to interpret the base from the string as an integer literal.
/// >>> int('0b100', base=0)
/// 4
#[pytype(name = "int", flags = BASETYPE | MATCH_SELF, more = [&NUMBER_METHODS], more_getsets = [&NUMBER_ATTRIBUTES])]
impl BigInt {
    #[pynew(name = "int", sig = "(x=0, /, base=10)")]
    fn new(th: &mut Thread, class: Gc<Type>, x: Option<Value>, base: Option<Value>) -> Result {
        let v = construct::construct(th, x, base)?;
        if class.is(th.vm().ty(T::Int)) {
            return Ok(v);
        }
        Ok(super::of_class(th, class, v))
    }

    #[pyslot]
    fn repr(th: &mut Thread, v: Value) -> Result {
        Ok(to_str(th, v)?.value())
    }

    #[pyslot]
    fn hash(_: &mut Thread, v: Value) -> Result<i64> {
        if let Some(i) = to_i64(v) {
            return Ok(super::hash_i64(i));
        }
        Ok(to_ibig(v).map_or(0, |i| int_ops::hash(&i)))
    }

    #[pyslot]
    fn bool_(_: &mut Thread, v: Value) -> Result<bool> {
        Ok(to_i64(v) != Some(0))
    }

    #[pyslot]
    fn richcompare(th: &mut Thread, a: Value, b: Value, op: CompareOp) -> Result {
        Ok(match compare(a, b) {
            Some(o) => th.bool(op.test(o)),
            None => th.not_implemented(),
        })
    }

    #[pyslot]
    fn add(th: &mut Thread, a: Value, b: Value) -> Result {
        ops::add(th, a, b)
    }

    #[pyslot]
    fn subtract(th: &mut Thread, a: Value, b: Value) -> Result {
        ops::subtract(th, a, b)
    }

    #[pyslot]
    fn multiply(th: &mut Thread, a: Value, b: Value) -> Result {
        ops::multiply(th, a, b)
    }

    #[pyslot]
    fn remainder(th: &mut Thread, a: Value, b: Value) -> Result {
        ops::remainder(th, a, b)
    }

    #[pyslot]
    fn divmod(th: &mut Thread, a: Value, b: Value) -> Result {
        ops::divmod(th, a, b)
    }

    #[pyslot]
    fn power(th: &mut Thread, a: Value, b: Value, m: Value) -> Result {
        ops::power(th, a, b, m)
    }

    #[pyslot]
    fn floor_divide(th: &mut Thread, a: Value, b: Value) -> Result {
        ops::floor_divide(th, a, b)
    }

    #[pyslot]
    fn true_divide(th: &mut Thread, a: Value, b: Value) -> Result {
        ops::true_divide(th, a, b)
    }

    #[pyslot]
    fn lshift(th: &mut Thread, a: Value, b: Value) -> Result {
        ops::lshift(th, a, b)
    }

    #[pyslot]
    fn rshift(th: &mut Thread, a: Value, b: Value) -> Result {
        ops::rshift(th, a, b)
    }

    #[pyslot]
    fn and(th: &mut Thread, a: Value, b: Value) -> Result {
        ops::and(th, a, b)
    }

    #[pyslot]
    fn or(th: &mut Thread, a: Value, b: Value) -> Result {
        ops::or(th, a, b)
    }

    #[pyslot]
    fn xor(th: &mut Thread, a: Value, b: Value) -> Result {
        ops::xor(th, a, b)
    }

    #[pyslot]
    fn negative(th: &mut Thread, v: Value) -> Result {
        ops::negative(th, v)
    }

    #[pyslot]
    fn positive(th: &mut Thread, v: Value) -> Result {
        Ok(super::exact(th, v))
    }

    #[pyslot]
    fn absolute(th: &mut Thread, v: Value) -> Result {
        ops::absolute(th, v)
    }

    #[pyslot]
    fn invert(th: &mut Thread, v: Value) -> Result {
        ops::invert(th, v)
    }

    #[pyslot]
    fn int(th: &mut Thread, v: Value) -> Result {
        Ok(super::exact(th, v))
    }

    #[pyslot]
    fn float(th: &mut Thread, v: Value) -> Result {
        let f = th.int_to_f64(v)?;
        Ok(th.float(f))
    }

    #[pyslot]
    fn index(th: &mut Thread, v: Value) -> Result {
        Ok(super::exact(th, v))
    }
}

impl Thread {
    /// `float(i)` of an int. Raises OverflowError.
    pub fn int_to_f64(&mut self, v: Value) -> Result<f64> {
        if let Some(i) = to_i64(v) {
            return Ok(i as f64);
        }
        let i = to_ibig(v).unwrap_or_default();
        self.format_result(int_ops::to_float(&i))
    }
}

/// The `byteorder` argument.
fn byte_order(th: &mut Thread, v: Option<Value>, function: &str) -> Result<ByteOrder> {
    let Some(v) = v else {
        return Ok(ByteOrder::Big);
    };
    match v.downcast::<Str>() {
        Some(s) => th.format_result(ByteOrder::parse(&s.to_string_lossy())),
        None => {
            let got = th.type_name_for_error(v);
            Err(th.type_error(format!(
                "{function}() argument 'byteorder' must be str, not {got}"
            )))
        }
    }
}

#[pymethods(table = NUMBER_METHODS, getsets = NUMBER_ATTRIBUTES)]
impl BigInt {
    /// Returns self, the complex conjugate of any int.
    #[pymethod(sig = "()")]
    fn conjugate(th: &mut Thread, this: Value) -> Result {
        Ok(super::exact(th, this))
    }

    /// Number of bits necessary to represent self in binary.
    ///
    /// >>> bin(37)
    /// '0b100101'
    /// >>> (37).bit_length()
    /// 6
    #[pymethod(sig = "()")]
    fn bit_length(_: &mut Thread, this: Value) -> Result<usize> {
        Ok(match to_i64(this) {
            Some(i) => 64 - i.unsigned_abs().leading_zeros() as usize,
            None => to_ibig(this).map_or(0, |i| int_ops::bit_length(&i)),
        })
    }

    /// Number of ones in the binary representation of the absolute value of self.
    ///
    /// Also known as the population count.
    ///
    /// >>> bin(13)
    /// '0b1101'
    /// >>> (13).bit_count()
    /// 3
    #[pymethod(sig = "()")]
    fn bit_count(_: &mut Thread, this: Value) -> Result<usize> {
        Ok(match to_i64(this) {
            Some(i) => i.unsigned_abs().count_ones() as usize,
            None => to_ibig(this).map_or(0, |i| int_ops::bit_count(&i)),
        })
    }

    /// Return an array of bytes representing an integer.
    ///
    ///   length
    ///     Length of bytes object to use.  An OverflowError is raised if the
    ///     integer is not representable with the given number of bytes.  Default
    ///     is length 1.
    ///   byteorder
    ///     The byte order used to represent the integer.  If byteorder is 'big',
    ///     the most significant byte is at the beginning of the byte array.  If
    ///     byteorder is 'little', the most significant byte is at the end of the
    ///     byte array.  To request the native byte order of the host system, use
    ///     sys.byteorder as the byte order value.  Default is to use 'big'.
    ///   signed
    ///     Determines whether two's complement is used to represent the integer.
    ///     If signed is False and a negative integer is given, an OverflowError
    ///     is raised.
    #[pymethod(sig = "(length=1, byteorder='big', *, signed=False)")]
    fn to_bytes(
        th: &mut Thread,
        this: Value,
        length: Option<isize>,
        byteorder: Option<Value>,
        signed: Option<bool>,
    ) -> Result<Gc<Bytes>> {
        let order = byte_order(th, byteorder, "to_bytes")?;
        let length = length.unwrap_or(1) as i64;
        let i = to_ibig(this).unwrap_or_default();
        let bytes = int_bytes::to_bytes(&i, length, order, signed.unwrap_or(false));
        let bytes = th.format_result(bytes)?;
        Ok(th.new_bytes(&bytes))
    }

    /// Return the integer represented by the given array of bytes.
    ///
    ///   bytes
    ///     Holds the array of bytes to convert.  The argument must either
    ///     support the buffer protocol or be an iterable object producing bytes.
    ///     Bytes and bytearray are examples of built-in objects that support the
    ///     buffer protocol.
    ///   byteorder
    ///     The byte order used to represent the integer.  If byteorder is 'big',
    ///     the most significant byte is at the beginning of the byte array.  If
    ///     byteorder is 'little', the most significant byte is at the end of the
    ///     byte array.  To request the native byte order of the host system, use
    ///     sys.byteorder as the byte order value.  Default is to use 'big'.
    ///   signed
    ///     Indicates whether two's complement is used to represent the integer.
    #[pyclassmethod(sig = "(bytes, byteorder='big', *, signed=False)")]
    fn from_bytes(
        th: &mut Thread,
        class: Gc<Type>,
        bytes: Value,
        byteorder: Option<Value>,
        signed: Option<bool>,
    ) -> Result {
        let order = byte_order(th, byteorder, "from_bytes")?;
        let data = th.bytes_from_any(bytes)?;
        let signed = signed.unwrap_or(false);
        let v = match data.len() {
            0 => Value::small(0),
            n @ 1..=8 => {
                let mut word = [0; 8];
                match order {
                    ByteOrder::Little => word[..n].copy_from_slice(&data),
                    ByteOrder::Big => word[8 - n..].copy_from_slice(&data),
                }
                let word = match order {
                    ByteOrder::Little => u64::from_le_bytes(word),
                    ByteOrder::Big => u64::from_be_bytes(word),
                };
                if signed {
                    let unused = 64 - 8 * n as u32;
                    th.int((word << unused) as i64 >> unused)
                } else {
                    th.int_from_u64(word)
                }
            }
            _ => {
                let i = int_bytes::from_bytes(&data, order, signed);
                normalize(th, &i)
            }
        };
        if class.is(th.vm().ty(T::Int)) {
            return Ok(v);
        }
        th.call(class.value(), &[v])
    }

    /// Return a pair of integers, whose ratio is equal to the original int.
    ///
    /// The ratio is in lowest terms and has a positive denominator.
    ///
    /// >>> (10).as_integer_ratio()
    /// (10, 1)
    /// >>> (-10).as_integer_ratio()
    /// (-10, 1)
    /// >>> (0).as_integer_ratio()
    /// (0, 1)
    #[pymethod(sig = "()")]
    fn as_integer_ratio(th: &mut Thread, this: Value) -> Result {
        let v = super::exact(th, this);
        Ok(th.new_tuple(&[v, Value::small(1)]).value())
    }

    /// Returns True. Exists for duck type compatibility with float.is_integer.
    #[pymethod(sig = "()")]
    fn is_integer(_: &mut Thread, _this: Value) -> Result<bool> {
        Ok(true)
    }

    /// Truncating an Integral returns itself.
    #[pymethod(sig = "()")]
    fn __trunc__(th: &mut Thread, this: Value) -> Result {
        Ok(super::exact(th, this))
    }

    /// Flooring an Integral returns itself.
    #[pymethod(sig = "()")]
    fn __floor__(th: &mut Thread, this: Value) -> Result {
        Ok(super::exact(th, this))
    }

    /// Ceiling of an Integral returns itself.
    #[pymethod(sig = "()")]
    fn __ceil__(th: &mut Thread, this: Value) -> Result {
        Ok(super::exact(th, this))
    }

    /// Rounding an Integral returns itself.
    ///
    /// Rounding with an ndigits argument also returns an integer.
    #[pymethod(sig = "(ndigits=None, /)")]
    fn __round__(th: &mut Thread, this: Value, ndigits: Option<Value>) -> Result {
        let Some(n) = th.not_none(ndigits) else {
            return Ok(super::exact(th, this));
        };
        let n = th.index_clamped(n)?;
        if n >= 0 {
            return Ok(super::exact(th, this));
        }
        let i = to_ibig(this).unwrap_or_default();
        let r = int_ops::round_places(&i, n.unsigned_abs());
        Ok(normalize(th, &r))
    }

    #[pymethod(sig = "()")]
    fn __getnewargs__(th: &mut Thread, this: Value) -> Result {
        let v = super::exact(th, this);
        Ok(th.new_tuple(&[v]).value())
    }

    /// Convert to a string according to format_spec.
    #[pymethod]
    fn __format__(th: &mut Thread, this: Value, format_spec: Gc<Str>) -> Result<Gc<Str>> {
        if format_spec.is_empty() {
            return th.str(this);
        }
        format(th, this, format_spec)
    }

    /// Returns size in memory, in bytes.
    #[pymethod(sig = "()")]
    fn __sizeof__(_: &mut Thread, this: Value) -> Result<usize> {
        let bits = match to_i64(this) {
            Some(i) => 64 - i.unsigned_abs().leading_zeros() as usize,
            None => to_ibig(this).map_or(0, |i| int_ops::bit_length(&i)),
        };
        // As on the reference implementation: 24 bytes and four for every 30 bits.
        Ok(24 + 4 * bits.div_ceil(30).max(1))
    }

    /// the real part of a complex number
    #[pygetter]
    fn real(th: &mut Thread, this: Value) -> Result {
        Ok(super::exact(th, this))
    }

    /// the imaginary part of a complex number
    #[pygetter]
    fn imag(_: &mut Thread, _this: Value) -> Result {
        Ok(Value::small(0))
    }

    /// the numerator of a rational number in lowest terms
    #[pygetter]
    fn numerator(th: &mut Thread, this: Value) -> Result {
        Ok(super::exact(th, this))
    }

    /// the denominator of a rational number in lowest terms
    #[pygetter]
    fn denominator(_: &mut Thread, _this: Value) -> Result {
        Ok(Value::small(1))
    }
}
