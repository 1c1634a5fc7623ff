//! `complex(…)`.

use super::{Complex, HeapComplex};
use crate::Thread;
use crate::number::complex;
use crate::object::{Result, Value};
use crate::types::ExceptionClass;
use crate::types::T;
use crate::types::str_::Str;

/// The result of `__complex__`, if the class has it.
pub fn by_method(th: &mut Thread, v: Value) -> Result<Option<Complex>> {
    if v.is_int() || v.is_tagged_float() {
        return Ok(None);
    }
    let name = th.names().__complex__;
    let Some(r) = th.call_special(v, name, &[])? else {
        return Ok(None);
    };
    let Some(z) = r.downcast::<HeapComplex>() else {
        let got = th.type_name(r);
        return Err(th.type_error(format!("__complex__ returned non-complex (type {got})")));
    };
    if !th.is_exact(r, T::Complex) {
        let (class, got) = (th.type_name(v), th.type_name(r));
        crate::exceptions::warn(
            th,
            ExceptionClass::DeprecationWarning,
            &format!(
                "{class}.__complex__() must return a complex, not {got}.  The ability to return an instance of a strict subclass of complex is deprecated, and may not be supported in a future version of Python."
            ),
            1,
        )?;
    }
    Ok(Some(z.get()))
}

fn is_real(th: &Thread, v: Value) -> bool {
    let class = th.class_of(v);
    let s = class.slots();
    s.float.is_some() || s.index.is_some()
}

fn warn_not_real(th: &mut Thread, v: Value, which: &str) -> Result<()> {
    let class = th.class_of(v);
    let got = th.full_name(class);
    let message = format!("complex() argument '{which}' must be a real number, not {got}");
    crate::exceptions::warn(th, ExceptionClass::DeprecationWarning, &message, 1)
}

/// A part: its number, and whether it was complex.
fn part(th: &mut Thread, v: Value, which: &str) -> Result<(Complex, bool)> {
    if let Some(z) = v.downcast::<HeapComplex>() {
        warn_not_real(th, v, which)?;
        return Ok((z.get(), true));
    }
    if !is_real(th, v) {
        let class = th.class_of(v);
        let got = th.full_name(class);
        return Err(th.type_error(format!(
            "complex() argument '{which}' must be a real number, not {got}"
        )));
    }
    let re = th.to_f64(v)?;
    Ok((Complex { re, im: 0.0 }, false))
}

/// The number of `complex(real, imag)`.
pub fn construct(th: &mut Thread, real: Option<Value>, imag: Option<Value>) -> Result<Complex> {
    let Some(imag) = imag else {
        let Some(v) = real else {
            return Ok(Complex { re: 0.0, im: 0.0 });
        };
        if let Some(s) = v.downcast::<Str>() {
            return th.format_result(complex::parse_text(s.text_ref()));
        }
        if let Some(z) = by_method(th, v)? {
            return Ok(z);
        }
        if let Some(z) = v.downcast::<HeapComplex>() {
            return Ok(z.get());
        }
        if !is_real(th, v) {
            let class = th.class_of(v);
            let got = th.full_name(class);
            return Err(th.type_error(format!(
                "complex() argument must be a string or a number, not {got}"
            )));
        }
        let re = th.to_f64(v)?;
        return Ok(Complex { re, im: 0.0 });
    };
    let (a, a_complex) = match real {
        None => (Complex { re: 0.0, im: 0.0 }, false),
        Some(v) => match by_method(th, v)? {
            Some(z) if v.downcast::<HeapComplex>().is_none() => {
                warn_not_real(th, v, "real")?;
                (z, true)
            }
            _ => part(th, v, "real")?,
        },
    };
    let (b, b_complex) = part(th, imag, "imag")?;
    let mut z = Complex { re: a.re, im: b.re };
    if b_complex {
        z.re -= b.im;
    }
    if a_complex {
        z.im += a.im;
    }
    Ok(z)
}
