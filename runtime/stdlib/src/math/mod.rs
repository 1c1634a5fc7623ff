//! `math`: functions of real numbers.
//!
//! The functions themselves are `pymath`'s (the C library's, with Python's domains); here are the
//! conversions, the error texts and everything that works on ints of any size.

mod integers;
mod sums;

use pymath::math as m;
use taipan_vm::number::float_ops;
use taipan_vm::object::{Gc, Raised};
use taipan_vm::types::int;
use taipan_vm::types::module::Module;
use taipan_vm::types::str_::Str;
use taipan_vm::{Result, Thread, Value, pymodule};

/// The functions hang here.
pub struct Math;

/// Error of a function of one argument: out of its domain with `expected`, or out of range.
#[cold]
fn error(th: &mut Thread, e: pymath::Error, expected: &str, x: f64) -> Raised {
    match e {
        pymath::Error::EDOM if expected.is_empty() => th.value_error("math domain error"),
        pymath::Error::EDOM => {
            let shown = taipan_vm::number::float_text::repr(x);
            th.value_error(format!("expected {expected}, got {shown}"))
        }
        pymath::Error::ERANGE => th.overflow_error("math range error"),
    }
}

fn unary(
    th: &mut Thread,
    x: f64,
    f: fn(f64) -> pymath::Result<f64>,
    expected: &str,
) -> Result<f64> {
    match f(x) {
        Ok(r) => Ok(r),
        Err(e) => Err(error(th, e, expected, x)),
    }
}

fn float_result(th: &mut Thread, r: pymath::Result<f64>) -> Result<f64> {
    match r {
        Ok(r) => Ok(r),
        Err(e) => Err(error(th, e, "", 0.0)),
    }
}

const FINITE: &str = "a finite input";
const POSITIVE: &str = "a positive input";
const GAMMA: &str = "a noninteger or positive integer";

/// Mantissa in [0.5, 1) and exponent of a wide int.
fn wide_frexp(v: Value) -> (f64, f64) {
    let i = int::to_ibig(v).unwrap_or_default();
    let bits = taipan_vm::number::int_ops::bit_length(&i);
    let shift = bits.saturating_sub(64);
    let top = taipan_vm::number::int_ops::to_float(&(i >> shift)).unwrap_or(0.0);
    let (m, e) = float_ops::frexp(top);
    (m, e as f64 + shift as f64)
}

/// A logarithm of an int or float: `f` for what a float holds, `ln2` the logarithm of 2.
fn logarithm(
    th: &mut Thread,
    x: Value,
    f: fn(f64) -> pymath::Result<f64>,
    log2: f64,
) -> Result<f64> {
    if int::is_int(x) {
        if int::is_negative(x) || int::to_i64(x) == Some(0) {
            return Err(th.value_error("expected a positive input"));
        }
        return match th.int_to_f64(x) {
            Ok(x) => unary(th, x, f, POSITIVE),
            Err(_) => {
                th.clear_pending();
                let (mantissa, exponent) = wide_frexp(x);
                Ok(f(mantissa).unwrap_or(0.0) + log2 * exponent)
            }
        };
    }
    let x = th.to_f64(x)?;
    unary(th, x, f, POSITIVE)
}

fn natural(x: f64) -> pymath::Result<f64> {
    m::log(x, None)
}

/// This module provides access to the mathematical functions
/// defined by the C standard.
#[pymodule(name = "math", more = [&integers::FUNCTIONS, &sums::FUNCTIONS])]
impl Math {
    /// Return the arc cosine (measured in radians) of x.
    ///
    /// The result is between 0 and pi.
    #[pyfunction(name = "acos")]
    fn acos(th: &mut Thread, x: f64) -> Result<f64> {
        unary(th, x, m::acos, "a number in range from -1 up to 1")
    }

    /// Return the inverse hyperbolic cosine of x.
    #[pyfunction]
    fn acosh(th: &mut Thread, x: f64) -> Result<f64> {
        unary(th, x, m::acosh, "argument value not less than 1")
    }

    /// Return the arc sine (measured in radians) of x.
    ///
    /// The result is between -pi/2 and pi/2.
    #[pyfunction]
    fn asin(th: &mut Thread, x: f64) -> Result<f64> {
        unary(th, x, m::asin, "a number in range from -1 up to 1")
    }

    /// Return the inverse hyperbolic sine of x.
    #[pyfunction]
    fn asinh(th: &mut Thread, x: f64) -> Result<f64> {
        unary(th, x, m::asinh, "")
    }

    /// Return the arc tangent (measured in radians) of x.
    ///
    /// The result is between -pi/2 and pi/2.
    #[pyfunction]
    fn atan(th: &mut Thread, x: f64) -> Result<f64> {
        unary(th, x, m::atan, "")
    }

    /// Return the arc tangent (measured in radians) of y/x.
    ///
    /// Unlike atan(y/x), the signs of both x and y are considered.
    #[pyfunction]
    fn atan2(th: &mut Thread, y: f64, x: f64) -> Result<f64> {
        float_result(th, m::atan2(y, x))
    }

    /// Return the inverse hyperbolic tangent of x.
    #[pyfunction]
    fn atanh(th: &mut Thread, x: f64) -> Result<f64> {
        unary(th, x, m::atanh, "a number between -1 and 1")
    }

    /// Return the cube root of x.
    #[pyfunction]
    fn cbrt(th: &mut Thread, x: f64) -> Result<f64> {
        unary(th, x, m::cbrt, "")
    }

    /// Return the ceiling of x as an Integral.
    ///
    /// This is the smallest integer >= x.
    #[pyfunction]
    fn ceil(th: &mut Thread, x: Value) -> Result {
        round_to_int(th, x, "__ceil__", f64::ceil)
    }

    /// Return a float with the magnitude (absolute value) of x but the sign of y.
    ///
    /// On platforms that support signed zeros, copysign(1.0, -0.0)
    /// returns -1.0.
    #[pyfunction]
    fn copysign(_: &mut Thread, x: f64, y: f64) -> Result<f64> {
        Ok(x.copysign(y))
    }

    /// Return the cosine of x (measured in radians).
    #[pyfunction]
    fn cos(th: &mut Thread, x: f64) -> Result<f64> {
        unary(th, x, m::cos, FINITE)
    }

    /// Return the hyperbolic cosine of x.
    #[pyfunction]
    fn cosh(th: &mut Thread, x: f64) -> Result<f64> {
        unary(th, x, m::cosh, "")
    }

    /// Convert angle x from radians to degrees.
    #[pyfunction]
    fn degrees(_: &mut Thread, x: f64) -> Result<f64> {
        Ok(m::degrees(x))
    }

    /// Error function at x.
    #[pyfunction]
    fn erf(th: &mut Thread, x: f64) -> Result<f64> {
        unary(th, x, m::erf, "")
    }

    /// Complementary error function at x.
    #[pyfunction]
    fn erfc(th: &mut Thread, x: f64) -> Result<f64> {
        unary(th, x, m::erfc, "")
    }

    /// Return e raised to the power of x.
    #[pyfunction]
    fn exp(th: &mut Thread, x: f64) -> Result<f64> {
        unary(th, x, m::exp, "")
    }

    /// Return 2 raised to the power of x.
    #[pyfunction]
    fn exp2(th: &mut Thread, x: f64) -> Result<f64> {
        unary(th, x, m::exp2, "")
    }

    /// Return exp(x)-1.
    ///
    /// This function avoids the loss of precision involved in the direct evaluation of exp(x)-1 for small x.
    #[pyfunction]
    fn expm1(th: &mut Thread, x: f64) -> Result<f64> {
        unary(th, x, m::expm1, "")
    }

    /// Return the absolute value of the float x.
    #[pyfunction]
    fn fabs(_: &mut Thread, x: f64) -> Result<f64> {
        Ok(x.abs())
    }

    /// Return the floor of x as an Integral.
    ///
    /// This is the largest integer <= x.
    #[pyfunction]
    fn floor(th: &mut Thread, x: Value) -> Result {
        round_to_int(th, x, "__floor__", f64::floor)
    }

    /// Fused multiply-add operation.
    ///
    /// Compute (x * y) + z with a single round.
    #[pyfunction]
    fn fma(th: &mut Thread, x: f64, y: f64, z: f64) -> Result<f64> {
        let r = x.mul_add(y, z);
        if r.is_finite() {
            return Ok(r);
        }
        if r.is_nan() && !x.is_nan() && !y.is_nan() && !z.is_nan() {
            return Err(th.value_error("invalid operation in fma"));
        }
        if r.is_infinite() && x.is_finite() && y.is_finite() && z.is_finite() {
            return Err(th.overflow_error("overflow in fma"));
        }
        Ok(r)
    }

    /// Return fmod(x, y), according to platform C.
    ///
    /// x % y may differ.
    #[pyfunction]
    fn fmod(th: &mut Thread, x: f64, y: f64) -> Result<f64> {
        if y.is_infinite() && x.is_finite() {
            return Ok(x);
        }
        let r = x % y;
        if r.is_nan() && !x.is_nan() && !y.is_nan() {
            return Err(th.value_error("math domain error"));
        }
        Ok(r)
    }

    /// Return the mantissa and exponent of x, as pair (m, e).
    ///
    /// m is a float and e is an int, such that x = m * 2.**e.
    /// If x is 0, m and e are both 0.  Else 0.5 <= abs(m) < 1.0.
    #[pyfunction]
    fn frexp(th: &mut Thread, x: f64) -> Result {
        let (m, e) = float_ops::frexp(x);
        let pair = [th.float(m), th.int(e)];
        Ok(th.new_tuple(&pair).value())
    }

    /// Gamma function at x.
    #[pyfunction]
    fn gamma(th: &mut Thread, x: f64) -> Result<f64> {
        unary(th, x, m::gamma, GAMMA)
    }

    /// Determine whether two floating-point numbers are close in value.
    ///
    ///   rel_tol
    ///     maximum difference for being considered "close", relative to the
    ///     magnitude of the input values
    ///   abs_tol
    ///     maximum difference for being considered "close", regardless of the
    ///     magnitude of the input values
    ///
    /// Return True if a is close in value to b, and False otherwise.
    ///
    /// For the values to be considered close, the difference between them
    /// must be smaller than at least one of the tolerances.
    ///
    /// -inf, inf and NaN behave similarly to the IEEE 754 Standard.  That
    /// is, NaN is not close to anything, even itself.  inf and -inf are
    /// only close to themselves.
    #[pyfunction(sig = "(a, b, *, rel_tol=1e-09, abs_tol=0.0)")]
    fn isclose(
        th: &mut Thread,
        a: f64,
        b: f64,
        rel_tol: Option<f64>,
        abs_tol: Option<f64>,
    ) -> Result<bool> {
        let (rel, abs) = (rel_tol.unwrap_or(1e-9), abs_tol.unwrap_or(0.0));
        match m::isclose(a, b, Some(rel), Some(abs)) {
            Ok(r) => Ok(r),
            Err(_) => Err(th.value_error("tolerances must be non-negative")),
        }
    }

    /// Return True if x is neither an infinity nor a NaN, and False otherwise.
    #[pyfunction]
    fn isfinite(_: &mut Thread, x: f64) -> Result<bool> {
        Ok(x.is_finite())
    }

    /// Return True if x is a positive or negative infinity, and False otherwise.
    #[pyfunction]
    fn isinf(_: &mut Thread, x: f64) -> Result<bool> {
        Ok(x.is_infinite())
    }

    /// Return True if x is a NaN (not a number), and False otherwise.
    #[pyfunction]
    fn isnan(_: &mut Thread, x: f64) -> Result<bool> {
        Ok(x.is_nan())
    }

    /// Return x * (2**i).
    ///
    /// This is essentially the inverse of frexp().
    #[pyfunction]
    fn ldexp(th: &mut Thread, x: f64, i: Value) -> Result<f64> {
        if !int::is_int(i) {
            return Err(th.type_error("Expected an int as second argument to ldexp."));
        }
        let e = match int::to_i64(i) {
            Some(e) => e,
            None if int::is_negative(i) => i64::MIN,
            None => i64::MAX,
        };
        if x == 0.0 || !x.is_finite() {
            return Ok(x);
        }
        let r = float_ops::ldexp(x, e);
        if r.is_infinite() {
            return Err(th.overflow_error("math range error"));
        }
        Ok(r)
    }

    /// Natural logarithm of absolute value of Gamma function at x.
    #[pyfunction]
    fn lgamma(th: &mut Thread, x: f64) -> Result<f64> {
        unary(th, x, m::lgamma, GAMMA)
    }

    /// log(x, [base=math.e])
    /// Return the logarithm of x to the given base.
    ///
    /// If the base is not specified, returns the natural logarithm (base e) of x.
    #[pyfunction]
    fn log(th: &mut Thread, x: Value, base: Option<Value>) -> Result {
        const LN2: f64 = std::f64::consts::LN_2;
        let n = logarithm(th, x, natural, LN2)?;
        let Some(base) = base else {
            return Ok(th.float(n));
        };
        let d = logarithm(th, base, natural, LN2)?;
        let q = th.format_result(float_ops::div(n, d))?;
        Ok(th.float(q))
    }

    /// Return the base 10 logarithm of x.
    #[pyfunction]
    fn log10(th: &mut Thread, x: Value) -> Result<f64> {
        logarithm(th, x, m::log10, std::f64::consts::LOG10_2)
    }

    /// Return the natural logarithm of 1+x (base e).
    ///
    /// The result is computed in a way which is accurate for x near zero.
    #[pyfunction]
    fn log1p(th: &mut Thread, x: f64) -> Result<f64> {
        unary(th, x, m::log1p, "argument value > -1")
    }

    /// Return the base 2 logarithm of x.
    #[pyfunction]
    fn log2(th: &mut Thread, x: Value) -> Result<f64> {
        logarithm(th, x, m::log2, 1.0)
    }

    /// Return the fractional and integer parts of x.
    ///
    /// Both results carry the sign of x and are floats.
    #[pyfunction]
    fn modf(th: &mut Thread, x: f64) -> Result {
        let (f, i) = m::modf(x);
        let pair = [th.float(f), th.float(i)];
        Ok(th.new_tuple(&pair).value())
    }

    /// Return the floating-point value the given number of steps after x towards y.
    ///
    /// If steps is not specified or is None, it defaults to 1.
    ///
    /// Raises a TypeError, if x or y is not a double, or if steps is not an integer.
    /// Raises ValueError if steps is negative.
    #[pyfunction(sig = "(x, y, /, *, steps=None)")]
    fn nextafter(th: &mut Thread, x: f64, y: f64, steps: Option<Value>) -> Result<f64> {
        let steps = match th.not_none(steps) {
            None => 1,
            Some(s) => {
                let s = th.index(s)?;
                if int::is_negative(s) {
                    return Err(th.value_error("steps must be a non-negative integer"));
                }
                int::to_i64(s).map_or(u64::MAX, |s| s as u64)
            }
        };
        if x == y && steps > 0 {
            // (They may be zeros of different signs.)
            return Ok(y);
        }
        Ok(m::nextafter(x, y, Some(steps)))
    }

    /// Return x**y (x to the power of y).
    #[pyfunction]
    fn pow(th: &mut Thread, x: f64, y: f64) -> Result<f64> {
        float_result(th, m::pow(x, y))
    }

    /// Convert angle x from degrees to radians.
    #[pyfunction]
    fn radians(_: &mut Thread, x: f64) -> Result<f64> {
        Ok(m::radians(x))
    }

    /// Difference between x and the closest integer multiple of y.
    ///
    /// Return x - n*y where n*y is the closest integer multiple of y.
    /// In the case where x is exactly halfway between two multiples of
    /// y, the nearest even value of n is used. The result is always exact.
    #[pyfunction]
    fn remainder(th: &mut Thread, x: f64, y: f64) -> Result<f64> {
        float_result(th, m::remainder(x, y))
    }

    /// Return the sine of x (measured in radians).
    #[pyfunction]
    fn sin(th: &mut Thread, x: f64) -> Result<f64> {
        unary(th, x, m::sin, FINITE)
    }

    /// Return the hyperbolic sine of x.
    #[pyfunction]
    fn sinh(th: &mut Thread, x: f64) -> Result<f64> {
        unary(th, x, m::sinh, "")
    }

    /// Return the square root of x.
    #[pyfunction]
    fn sqrt(th: &mut Thread, x: f64) -> Result<f64> {
        if x < 0.0 {
            return Err(error(th, pymath::Error::EDOM, "a nonnegative input", x));
        }
        Ok(x.sqrt())
    }

    /// Return the tangent of x (measured in radians).
    #[pyfunction]
    fn tan(th: &mut Thread, x: f64) -> Result<f64> {
        unary(th, x, m::tan, FINITE)
    }

    /// Return the hyperbolic tangent of x.
    #[pyfunction]
    fn tanh(th: &mut Thread, x: f64) -> Result<f64> {
        unary(th, x, m::tanh, "")
    }

    /// Truncates the Real x to the nearest Integral toward 0.
    ///
    /// Uses the __trunc__ magic method.
    #[pyfunction]
    fn trunc(th: &mut Thread, x: Value) -> Result {
        if let Some(f) = x.as_tagged_float() {
            let i = th.format_result(float_ops::to_int(f))?;
            return Ok(th.int_from(&i));
        }
        let name = th.names().__trunc__;
        match th.call_special(x, name, &[])? {
            Some(r) => Ok(r),
            None => {
                let got = th.type_name(x);
                Err(th.type_error(format!("type {got} doesn't define __trunc__ method")))
            }
        }
    }

    /// Return the value of the least significant bit of the float x.
    #[pyfunction]
    fn ulp(_: &mut Thread, x: f64) -> Result<f64> {
        Ok(m::ulp(x))
    }

    #[pyexec]
    fn exec(th: &mut Thread, module: Gc<Module>) -> Result<()> {
        for (name, f) in [
            ("pi", m::PI),
            ("e", m::E),
            ("tau", m::TAU),
            ("inf", f64::INFINITY),
            ("nan", f64::NAN),
        ] {
            let v = th.float(f);
            th.dict_set_text(module.namespace(), name, v);
        }
        Ok(())
    }
}

/// `floor` and `ceil`: by the special method, else of the float.
fn round_to_int(th: &mut Thread, x: Value, name: &str, f: fn(f64) -> f64) -> Result {
    if x.is_int() {
        return Ok(x);
    }
    if let Some(x) = x.as_tagged_float() {
        let i = th.format_result(float_ops::to_int(f(x)))?;
        return Ok(th.int_from(&i));
    }
    let name: Gc<Str> = th.intern(name);
    if let Some(r) = th.call_special(x, name, &[])? {
        return Ok(r);
    }
    let x = th.to_f64(x)?;
    let i = th.format_result(float_ops::to_int(f(x)))?;
    Ok(th.int_from(&i))
}
