//! The `float` type as Python sees it.

use std::borrow::Cow;

use super::{HeapFloat, of_class, ops};
use crate::Thread;
use crate::format::field;
use crate::format::float::format_parsed;
use crate::format::number::Locale;
use crate::format::spec::{self, Align};
use crate::number::{float_hex, float_ops, float_parse, float_text};
use crate::object::slots::CompareOp;
use crate::object::{Gc, Result, Value};
use crate::types::T;
use crate::types::int::normalize;
use crate::types::str_::Str;
use crate::types::type_::Type;
use crate::{pymethods, pytype};

/// `float(v)`, for the constructor: texts and bytes too.
pub fn construct(th: &mut Thread, v: Value) -> Result<f64> {
    if let Some(f) = th.as_float(v)
        && th.is_exact(v, T::Float)
    {
        return Ok(f);
    }
    if let Some(i) = v.as_int() {
        return Ok(i as f64);
    }
    if let Some(s) = v.downcast::<Str>() {
        return th.format_result(float_parse::parse_text(s.text_ref()));
    }
    let class = th.class_of(v);
    let slots = class.slots();
    if slots.float.is_some() || slots.index.is_some() {
        return super::to_f64_slow(th, v);
    }
    if let Some(b) = th.bytes_like(v)? {
        return th.format_result(float_parse::parse_bytes(&b));
    }
    let got = th.type_name(v);
    Err(th.type_error(format!(
        "float() argument must be a string or a real number, not '{got}'"
    )))
}

macro_rules! arithmetic {
    ($th:ident, $a:ident, $b:ident, |$x:ident, $y:ident| $e:expr) => {{
        let Some(($x, $y)) = ops::operands($th, $a, $b)? else {
            return Ok($th.not_implemented());
        };
        let r: f64 = $e;
        Ok($th.float(r))
    }};
}

/// The number of a receiver that is a float.
#[inline(always)]
fn number(th: &mut Thread, v: Value) -> Result<f64> {
    match th.as_float(v) {
        Some(f) => Ok(f),
        None => th.to_f64(v),
    }
}

/// `str(x)` of a float.
pub fn to_str(th: &mut Thread, x: f64) -> Gc<Str> {
    match float_text::ReprBuffer::new().short_repr(x) {
        Some(text) => th.new_ascii(text.as_bytes()),
        None => th.new_ascii(float_text::repr(x).as_bytes()),
    }
}

/// `format(x, spec)` by float's own rules, for a specification that is not empty.
pub fn format(th: &mut Thread, v: Value, spec: Gc<Str>) -> Result<Gc<Str>> {
    let x = number(th, v)?;
    let name = match th.is_exact(v, T::Float) {
        true => "float".into(),
        false => Cow::Owned(th.type_name(v)),
    };
    let parsed = spec::parse(spec.text_ref(), &name, Align::Right);
    let parsed = th.format_result(parsed)?;
    if let Some(text) = field::float(x, &parsed) {
        return Ok(th.new_ascii(text.as_bytes()));
    }
    let text = format_parsed(x, &parsed, &name, &Locale::c());
    let text = th.format_result(text)?;
    Ok(th.str_from_text(&text))
}

/// Convert a string or number to a floating-point number, if possible.
#[pytype(name = "float", flags = BASETYPE | MATCH_SELF, more = [&NUMBER_METHODS], more_getsets = [&NUMBER_ATTRIBUTES])]
impl HeapFloat {
    #[pynew(name = "float", sig = "(x=0, /)")]
    fn new(th: &mut Thread, class: Gc<Type>, x: Option<Value>) -> Result {
        let f = match x {
            Some(v) => construct(th, v)?,
            None => 0.0,
        };
        Ok(of_class(th, class, f))
    }

    #[pyslot]
    fn repr(th: &mut Thread, v: Value) -> Result {
        let f = number(th, v)?;
        Ok(to_str(th, f).value())
    }

    #[pyslot]
    fn hash(th: &mut Thread, v: Value) -> Result<i64> {
        let f = number(th, v)?;
        Ok(match float_ops::hash(f) {
            Some(h) => h,
            None => th.identity_hash(v),
        })
    }

    #[pyslot]
    fn bool_(th: &mut Thread, v: Value) -> Result<bool> {
        Ok(number(th, v)? != 0.0)
    }

    #[pyslot]
    fn richcompare(th: &mut Thread, a: Value, b: Value, op: CompareOp) -> Result {
        ops::richcompare(th, a, b, op)
    }

    #[pyslot]
    fn add(th: &mut Thread, a: Value, b: Value) -> Result {
        arithmetic!(th, a, b, |x, y| x + y)
    }

    #[pyslot]
    fn subtract(th: &mut Thread, a: Value, b: Value) -> Result {
        arithmetic!(th, a, b, |x, y| x - y)
    }

    #[pyslot]
    fn multiply(th: &mut Thread, a: Value, b: Value) -> Result {
        arithmetic!(th, a, b, |x, y| x * y)
    }

    #[pyslot]
    fn true_divide(th: &mut Thread, a: Value, b: Value) -> Result {
        arithmetic!(th, a, b, |x, y| th.format_result(float_ops::div(x, y))?)
    }

    #[pyslot]
    fn floor_divide(th: &mut Thread, a: Value, b: Value) -> Result {
        arithmetic!(th, a, b, |x, y| th
            .format_result(float_ops::floor_div(x, y))?)
    }

    #[pyslot]
    fn remainder(th: &mut Thread, a: Value, b: Value) -> Result {
        arithmetic!(th, a, b, |x, y| th
            .format_result(float_ops::modulo(x, y))?)
    }

    #[pyslot]
    fn divmod(th: &mut Thread, a: Value, b: Value) -> Result {
        let Some((x, y)) = ops::operands(th, a, b)? else {
            return Ok(th.not_implemented());
        };
        let (q, r) = th.format_result(float_ops::divmod(x, y))?;
        let pair = [th.float(q), th.float(r)];
        Ok(th.new_tuple(&pair).value())
    }

    #[pyslot]
    fn power(th: &mut Thread, a: Value, b: Value, m: Value) -> Result {
        if !th.is_none(m) {
            return Err(
                th.type_error("pow() 3rd argument not allowed unless all arguments are integers")
            );
        }
        let Some((x, y)) = ops::operands(th, a, b)? else {
            return Ok(th.not_implemented());
        };
        ops::pow(th, x, y)
    }

    #[pyslot]
    fn negative(th: &mut Thread, v: Value) -> Result {
        let f = number(th, v)?;
        Ok(th.float(-f))
    }

    #[pyslot]
    fn positive(th: &mut Thread, v: Value) -> Result {
        let f = number(th, v)?;
        Ok(th.float(f))
    }

    #[pyslot]
    fn absolute(th: &mut Thread, v: Value) -> Result {
        let f = number(th, v)?;
        Ok(th.float(f.abs()))
    }

    #[pyslot]
    fn int(th: &mut Thread, v: Value) -> Result {
        let f = number(th, v)?;
        let i = th.format_result(float_ops::to_int(f))?;
        Ok(th.int_from(&i))
    }

    #[pyslot]
    fn float(th: &mut Thread, v: Value) -> Result {
        let f = number(th, v)?;
        Ok(th.float(f))
    }
}

#[pymethods(table = NUMBER_METHODS, getsets = NUMBER_ATTRIBUTES)]
impl HeapFloat {
    /// Convert real number to a floating-point number.
    #[pyclassmethod(sig = "(number, /)")]
    fn from_number(th: &mut Thread, class: Gc<Type>, number: Value) -> Result {
        if th.is_exact(number, T::Float) && class.is(th.vm().ty(T::Float)) {
            return Ok(number);
        }
        let f = th.to_f64(number)?;
        let v = th.float(f);
        if class.is(th.vm().ty(T::Float)) {
            return Ok(v);
        }
        th.call(class.value(), &[v])
    }

    /// Return self, the complex conjugate of any float.
    #[pymethod(sig = "()")]
    fn conjugate(th: &mut Thread, this: Value) -> Result {
        let f = number(th, this)?;
        Ok(th.float(f))
    }

    /// Return the Integral closest to x between 0 and x.
    #[pymethod(sig = "()")]
    fn __trunc__(th: &mut Thread, this: Value) -> Result {
        HeapFloat::int(th, this)
    }

    /// Return the floor as an Integral.
    #[pymethod(sig = "()")]
    fn __floor__(th: &mut Thread, this: Value) -> Result {
        let f = number(th, this)?;
        let i = th.format_result(float_ops::to_int(f.floor()))?;
        Ok(th.int_from(&i))
    }

    /// Return the ceiling as an Integral.
    #[pymethod(sig = "()")]
    fn __ceil__(th: &mut Thread, this: Value) -> Result {
        let f = number(th, this)?;
        let i = th.format_result(float_ops::to_int(f.ceil()))?;
        Ok(th.int_from(&i))
    }

    /// Return the Integral closest to x, rounding half toward even.
    ///
    /// When an argument is passed, work like built-in round(x, ndigits).
    #[pymethod(sig = "(ndigits=None, /)")]
    fn __round__(th: &mut Thread, this: Value, ndigits: Option<Value>) -> Result {
        let f = number(th, this)?;
        let Some(n) = th.not_none(ndigits) else {
            let i = th.format_result(float_ops::round_to_int(f))?;
            return Ok(th.int_from(&i));
        };
        let n = th.index_clamped(n)? as i64;
        let r = th.format_result(float_ops::round_digits(f, n))?;
        Ok(th.float(r))
    }

    /// Return a pair of integers, whose ratio is exactly equal to the original float.
    ///
    /// The ratio is in lowest terms and has a positive denominator.  Raise
    /// OverflowError on infinities and a ValueError on NaNs.
    ///
    /// >>> (10.0).as_integer_ratio()
    /// (10, 1)
    /// >>> (0.0).as_integer_ratio()
    /// (0, 1)
    /// >>> (-.25).as_integer_ratio()
    /// (-1, 4)
    #[pymethod(sig = "()")]
    fn as_integer_ratio(th: &mut Thread, this: Value) -> Result {
        let f = number(th, this)?;
        let (n, d) = th.format_result(float_ops::as_integer_ratio(f))?;
        let pair = [normalize(th, &n), normalize(th, &d)];
        Ok(th.new_tuple(&pair).value())
    }

    /// Create a floating-point number from a hexadecimal string.
    ///
    /// >>> float.fromhex('0x1.ffffp10')
    /// 2047.984375
    /// >>> float.fromhex('-0x1p-1074')
    /// -5e-324
    #[pyclassmethod(sig = "(string, /)")]
    fn fromhex(th: &mut Thread, class: Gc<Type>, string: Value) -> Result {
        let Some(s) = string.downcast::<Str>() else {
            return Err(th.type_error("bad argument type for built-in operation"));
        };
        let f = th.format_result(float_hex::from_hex(s.to_string_lossy().as_bytes()))?;
        let v = th.float(f);
        if class.is(th.vm().ty(T::Float)) {
            return Ok(v);
        }
        th.call(class.value(), &[v])
    }

    /// Return a hexadecimal representation of a floating-point number.
    ///
    /// >>> (-0.1).hex()
    /// '-0x1.999999999999ap-4'
    /// >>> 3.14159.hex()
    /// '0x1.921f9f01b866ep+1'
    #[pymethod(sig = "()")]
    fn hex(th: &mut Thread, this: Value) -> Result<String> {
        let f = number(th, this)?;
        Ok(float_hex::to_hex(f))
    }

    /// Return True if the float is an integer.
    #[pymethod(sig = "()")]
    fn is_integer(th: &mut Thread, this: Value) -> Result<bool> {
        let f = number(th, this)?;
        Ok(f.is_finite() && f == f.trunc())
    }

    #[pymethod(sig = "()")]
    fn __getnewargs__(th: &mut Thread, this: Value) -> Result {
        let f = number(th, this)?;
        let v = th.float(f);
        Ok(th.new_tuple(&[v]).value())
    }

    /// You probably don't want to use this function.
    ///
    ///   typestr
    ///     Must be 'double' or 'float'.
    ///
    /// It exists mainly to be used in Python's test suite.
    ///
    /// This function returns whichever of 'unknown', 'IEEE, big-endian' or 'IEEE,
    /// little-endian' best describes the format of floating-point numbers used by the
    /// C type named by typestr.
    #[pyclassmethod(sig = "(typestr, /)")]
    fn __getformat__(th: &mut Thread, _class: Gc<Type>, typestr: Gc<Str>) -> Result<&'static str> {
        if typestr.equals_str("double") || typestr.equals_str("float") {
            Ok(if cfg!(target_endian = "little") {
                "IEEE, little-endian"
            } else {
                "IEEE, big-endian"
            })
        } else {
            Err(th.value_error("__getformat__() argument 1 must be 'double' or 'float'"))
        }
    }

    /// Formats the float according to format_spec.
    #[pymethod]
    fn __format__(th: &mut Thread, this: Value, format_spec: Gc<Str>) -> Result<Gc<Str>> {
        if format_spec.is_empty() {
            return th.str(this);
        }
        format(th, this, format_spec)
    }

    /// Size of object in memory, in bytes.
    #[pymethod(sig = "()")]
    fn __sizeof__(_: &mut Thread, _this: Value) -> Result<usize> {
        Ok(size_of::<HeapFloat>())
    }

    /// the real part of a complex number
    #[pygetter]
    fn real(th: &mut Thread, this: Value) -> Result {
        let f = number(th, this)?;
        Ok(th.float(f))
    }

    /// the imaginary part of a complex number
    #[pygetter]
    fn imag(th: &mut Thread, _this: Value) -> Result {
        Ok(th.float(0.0))
    }
}
