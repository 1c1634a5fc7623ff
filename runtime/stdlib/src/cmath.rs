//! `cmath`: functions of complex numbers, `pymath`'s with Python's errors.

use num_complex::Complex64;
use pymath::cmath as c;
use taipan_vm::object::Gc;
use taipan_vm::types::complex::Complex;
use taipan_vm::types::module::Module;
use taipan_vm::{Result, Thread, Value, pymodule};

/// The functions hang here.
pub struct Cmath;

fn argument(th: &mut Thread, v: Value) -> Result<Complex64> {
    let z = th.to_complex(v)?;
    Ok(Complex64::new(z.re, z.im))
}

fn checked<R>(th: &mut Thread, r: pymath::Result<R>) -> Result<R> {
    match r {
        Ok(r) => Ok(r),
        Err(pymath::Error::EDOM) => Err(th.value_error("math domain error")),
        Err(pymath::Error::ERANGE) => Err(th.overflow_error("math range error")),
    }
}

fn value(th: &mut Thread, z: Complex64) -> Value {
    th.complex(Complex { re: z.re, im: z.im })
}

fn unary(th: &mut Thread, z: Value, f: fn(Complex64) -> pymath::Result<Complex64>) -> Result {
    let z = argument(th, z)?;
    let r = checked(th, f(z))?;
    Ok(value(th, r))
}

/// This module provides access to mathematical functions for complex
/// numbers.
#[pymodule(name = "cmath")]
impl Cmath {
    /// Return the arc cosine of z.
    #[pyfunction]
    fn acos(th: &mut Thread, z: Value) -> Result {
        unary(th, z, c::acos)
    }

    /// Return the inverse hyperbolic cosine of z.
    #[pyfunction]
    fn acosh(th: &mut Thread, z: Value) -> Result {
        unary(th, z, c::acosh)
    }

    /// Return the arc sine of z.
    #[pyfunction]
    fn asin(th: &mut Thread, z: Value) -> Result {
        unary(th, z, c::asin)
    }

    /// Return the inverse hyperbolic sine of z.
    #[pyfunction]
    fn asinh(th: &mut Thread, z: Value) -> Result {
        unary(th, z, c::asinh)
    }

    /// Return the arc tangent of z.
    #[pyfunction]
    fn atan(th: &mut Thread, z: Value) -> Result {
        unary(th, z, c::atan)
    }

    /// Return the inverse hyperbolic tangent of z.
    #[pyfunction]
    fn atanh(th: &mut Thread, z: Value) -> Result {
        unary(th, z, c::atanh)
    }

    /// Return the cosine of z.
    #[pyfunction]
    fn cos(th: &mut Thread, z: Value) -> Result {
        unary(th, z, c::cos)
    }

    /// Return the hyperbolic cosine of z.
    #[pyfunction]
    fn cosh(th: &mut Thread, z: Value) -> Result {
        unary(th, z, c::cosh)
    }

    /// Return the exponential value e**z.
    #[pyfunction]
    fn exp(th: &mut Thread, z: Value) -> Result {
        unary(th, z, c::exp)
    }

    /// log(z[, base]) -> the logarithm of z to the given base.
    ///
    /// If the base is not specified, returns the natural logarithm (base e) of z.
    #[pyfunction]
    fn log(th: &mut Thread, z: Value, base: Option<Value>) -> Result {
        let z = argument(th, z)?;
        let base = match base {
            Some(b) => Some(argument(th, b)?),
            None => None,
        };
        let r = checked(th, c::log(z, base))?;
        Ok(value(th, r))
    }

    /// Return the base-10 logarithm of z.
    #[pyfunction]
    fn log10(th: &mut Thread, z: Value) -> Result {
        unary(th, z, c::log10)
    }

    /// Return the sine of z.
    #[pyfunction]
    fn sin(th: &mut Thread, z: Value) -> Result {
        unary(th, z, c::sin)
    }

    /// Return the hyperbolic sine of z.
    #[pyfunction]
    fn sinh(th: &mut Thread, z: Value) -> Result {
        unary(th, z, c::sinh)
    }

    /// Return the square root of z.
    #[pyfunction]
    fn sqrt(th: &mut Thread, z: Value) -> Result {
        unary(th, z, c::sqrt)
    }

    /// Return the tangent of z.
    #[pyfunction]
    fn tan(th: &mut Thread, z: Value) -> Result {
        unary(th, z, c::tan)
    }

    /// Return the hyperbolic tangent of z.
    #[pyfunction]
    fn tanh(th: &mut Thread, z: Value) -> Result {
        unary(th, z, c::tanh)
    }

    /// Return argument, also known as the phase angle, of a complex.
    #[pyfunction]
    fn phase(th: &mut Thread, z: Value) -> Result<f64> {
        let z = argument(th, z)?;
        checked(th, c::phase(z))
    }

    /// Convert a complex from rectangular coordinates to polar coordinates.
    ///
    /// r is the distance from 0 and phi the phase angle.
    #[pyfunction]
    fn polar(th: &mut Thread, z: Value) -> Result {
        let z = argument(th, z)?;
        let (r, phi) = checked(th, c::polar(z))?;
        let pair = [th.float(r), th.float(phi)];
        Ok(th.new_tuple(&pair).value())
    }

    /// Convert from polar coordinates to rectangular coordinates.
    #[pyfunction]
    fn rect(th: &mut Thread, r: f64, phi: f64) -> Result {
        let z = checked(th, c::rect(r, phi))?;
        Ok(value(th, z))
    }

    /// Return True if both the real and imaginary parts of z are finite, else False.
    #[pyfunction]
    fn isfinite(th: &mut Thread, z: Value) -> Result<bool> {
        Ok(c::isfinite(argument(th, z)?))
    }

    /// Checks if the real or imaginary part of z not a number (NaN).
    #[pyfunction]
    fn isnan(th: &mut Thread, z: Value) -> Result<bool> {
        Ok(c::isnan(argument(th, z)?))
    }

    /// Checks if the real or imaginary part of z is infinite.
    #[pyfunction]
    fn isinf(th: &mut Thread, z: Value) -> Result<bool> {
        Ok(c::isinf(argument(th, z)?))
    }

    /// Determine whether two complex numbers are close in value.
    ///
    /// For the values to be considered close, the difference between them must be
    /// smaller than at least one of the tolerances.
    #[pyfunction(sig = "(a, b, *, rel_tol=1e-09, abs_tol=0.0)")]
    fn isclose(
        th: &mut Thread,
        a: Value,
        b: Value,
        rel_tol: Option<f64>,
        abs_tol: Option<f64>,
    ) -> Result<bool> {
        let (a, b) = (argument(th, a)?, argument(th, b)?);
        let (rel, abs) = (rel_tol.unwrap_or(1e-9), abs_tol.unwrap_or(0.0));
        match c::isclose(a, b, Some(rel), Some(abs)) {
            Ok(r) => Ok(r),
            Err(_) => Err(th.value_error("tolerances must be non-negative")),
        }
    }

    #[pyexec]
    fn exec(th: &mut Thread, m: Gc<Module>) -> Result<()> {
        for (name, f) in [
            ("pi", c::PI),
            ("e", c::E),
            ("tau", c::TAU),
            ("inf", f64::INFINITY),
            ("nan", f64::NAN),
        ] {
            let v = th.float(f);
            th.dict_set_text(m.namespace(), name, v);
        }
        for (name, im) in [("infj", f64::INFINITY), ("nanj", f64::NAN)] {
            let v = th.complex(Complex { re: 0.0, im });
            th.dict_set_text(m.namespace(), name, v);
        }
        Ok(())
    }
}
