//! Builtin functions on numbers: `abs`, `divmod`, `pow`, `round`, `sum`.

use crate::number::complex::Complex;
use crate::object::{Result, Value};
use crate::protocol::arith::BinaryOp;
use crate::types::bytes::Bytes;
use crate::types::complex::HeapComplex;
use crate::types::int;
use crate::types::str_::Str;
use crate::{Thread, pymethods};

use super::functions::Builtins;

/// A running sum: exact in 64 bits, compensated for floats, generic otherwise.
enum Sum {
    Int(i64),
    /// Sum and compensation (Neumaier).
    Float(f64, f64),
    /// The same for both parts of complex numbers.
    Complex([f64; 2], [f64; 2]),
    Any(Value),
}

impl Sum {
    fn start(th: &Thread, v: Value) -> Sum {
        if let Some(i) = v.as_int() {
            Sum::Int(i)
        } else if th.is_exact(v, crate::types::T::Float)
            && let Some(f) = th.as_float(v)
        {
            Sum::Float(f, 0.0)
        } else if th.is_exact(v, crate::types::T::Complex)
            && let Some(z) = v.downcast::<HeapComplex>()
        {
            let z = z.get();
            Sum::Complex([z.re, z.im], [0.0; 2])
        } else {
            Sum::Any(v)
        }
    }

    fn value(&self, th: &mut Thread) -> Value {
        match *self {
            Sum::Int(i) => th.int(i),
            Sum::Float(f, c) => {
                // An infinite or undefined compensation would spoil the sum.
                let f = if c != 0.0 && c.is_finite() { f + c } else { f };
                th.float(f)
            }
            Sum::Complex(parts, c) => {
                let [re, im] = [0, 1].map(|i| match c[i] != 0.0 && c[i].is_finite() {
                    true => parts[i] + c[i],
                    false => parts[i],
                });
                th.complex(Complex { re, im })
            }
            Sum::Any(v) => v,
        }
    }

    fn add(&mut self, th: &mut Thread, v: Value) -> Result<()> {
        match self {
            Sum::Int(i) => {
                if let Some(n) = v.as_int().and_then(|j| i.checked_add(j)) {
                    *i = n;
                    return Ok(());
                }
                let r = self.add_any(th, v)?;
                *self = Sum::start(th, r);
                return Ok(());
            }
            Sum::Float(f, c) => {
                let x = match v.as_int() {
                    Some(i) => Some(i as f64),
                    None if th.is_exact(v, crate::types::T::Float) => th.as_float(v),
                    None => None,
                };
                if let Some(x) = x {
                    add_compensated(f, c, x);
                    return Ok(());
                }
            }
            Sum::Complex([re, im], [re_c, im_c]) => {
                if th.is_exact(v, crate::types::T::Complex)
                    && let Some(z) = v.downcast::<HeapComplex>().map(|z| z.get())
                {
                    add_compensated(re, re_c, z.re);
                    add_compensated(im, im_c, z.im);
                    return Ok(());
                }
                let x = match v.as_int() {
                    Some(i) => Some(i as f64),
                    None if th.is_exact(v, crate::types::T::Float) => th.as_float(v),
                    None => None,
                };
                if let Some(x) = x {
                    add_compensated(re, re_c, x);
                    return Ok(());
                }
            }
            Sum::Any(_) => {}
        }
        let was_number = matches!(self, Sum::Float(..));
        let r = self.add_any(th, v)?;
        *self = match r.downcast::<HeapComplex>() {
            Some(z) if was_number && th.is_exact(r, crate::types::T::Complex) => {
                let z = z.get();
                Sum::Complex([z.re, z.im], [0.0; 2])
            }
            _ => Sum::Any(r),
        };
        Ok(())
    }

    /// As `SumStep` keeps it in registers.
    fn from_registers(th: &Thread, total: Value, state: Value) -> Sum {
        if let Some(c) = th.as_float(state) {
            Sum::Float(th.as_float(total).unwrap_or(0.0), c)
        } else if th.is_none(state)
            && let Some(i) = int::to_i64(total)
        {
            Sum::Int(i)
        } else if let (Some(z), Some(c)) = (
            total.downcast::<HeapComplex>(),
            state.downcast::<HeapComplex>(),
        ) {
            let (z, c) = (z.get(), c.get());
            Sum::Complex([z.re, z.im], [c.re, c.im])
        } else {
            Sum::Any(total)
        }
    }

    fn add_any(&self, th: &mut Thread, v: Value) -> Result {
        let a = self.value(th);
        th.binary(BinaryOp::Add, a, v)
    }
}

/// One step of `sum` on the registers of `SumStep`: total, state, value.
#[inline(never)]
pub fn sum_step(th: &mut Thread, total: Value, state: Value, v: Value) -> Result<(Value, Value)> {
    let mut sum = Sum::from_registers(th, total, state);
    sum.add(th, v)?;
    Ok(match sum {
        Sum::Int(i) => (th.int(i), th.none()),
        Sum::Float(f, c) => (th.float(f), th.float(c)),
        Sum::Complex([re, im], [re_c, im_c]) => {
            let state = th.complex(Complex { re: re_c, im: im_c });
            (th.complex(Complex { re, im }), state)
        }
        Sum::Any(v) => (v, th.bool(false)),
    })
}

/// What `sum` returns of the registers of `SumStep`.
pub fn sum_result(th: &mut Thread, total: Value, state: Value) -> Value {
    Sum::from_registers(th, total, state).value(th)
}

/// One step of Neumaier's summation.
fn add_compensated(sum: &mut f64, compensation: &mut f64, x: f64) {
    let t = *sum + x;
    *compensation += if sum.abs() >= x.abs() {
        (*sum - t) + x
    } else {
        (x - t) + *sum
    };
    *sum = t;
}

#[pymethods(table = TABLE)]
impl Builtins {
    /// Return the absolute value of the argument.
    #[pyfunction]
    fn abs(th: &mut Thread, number: Value) -> Result {
        if let Some(i) = number.as_int() {
            return Ok(th.int(i.abs()));
        }
        match th.class_of(number).slots().absolute {
            Some(f) => f(th, number),
            None => {
                let got = th.type_name(number);
                Err(th.type_error(format!("bad operand type for abs(): '{got}'")))
            }
        }
    }

    /// Return the tuple (x//y, x%y).  Invariant: div*y + mod == x.
    #[pyfunction]
    fn divmod(th: &mut Thread, x: Value, y: Value) -> Result {
        th.binary(BinaryOp::DivMod, x, y)
    }

    /// Equivalent to base**exp with 2 arguments or base**exp % mod with 3 arguments.
    ///
    /// Some types, such as ints, are able to use a more efficient algorithm when
    /// invoked using the three argument form.
    #[pyfunction(sig = "(base, exp, mod=None)")]
    fn pow(th: &mut Thread, base: Value, exp: Value, modulus: Option<Value>) -> Result {
        let m = th.or_none(modulus);
        th.power(base, exp, m)
    }

    /// Round a number to a given precision in decimal digits.
    ///
    /// The return value is an integer if ndigits is omitted or None.  Otherwise
    /// the return value has the same type as the number.  ndigits may be negative.
    #[pyfunction(sig = "(number, ndigits=None)")]
    fn round(th: &mut Thread, number: Value, ndigits: Option<Value>) -> Result {
        let name = th.names().__round__;
        let r = match th.not_none(ndigits) {
            Some(n) => th.call_special(number, name, &[n])?,
            None => th.call_special(number, name, &[])?,
        };
        match r {
            Some(r) => Ok(r),
            None => {
                let got = th.type_name(number);
                Err(th.type_error(format!("type {got} doesn't define __round__ method")))
            }
        }
    }

    /// Return the sum of a 'start' value (default: 0) plus an iterable of numbers
    ///
    /// When the iterable is empty, return the start value.
    /// This function is intended specifically for use with numeric values and may
    /// reject non-numeric types.
    #[pyfunction(sig = "(iterable, /, start=0)")]
    fn sum(th: &mut Thread, iterable: Value, start: Option<Value>) -> Result {
        let start = start.unwrap_or(Value::small(0));
        let refused = if start.downcast::<Str>().is_some() {
            Some("strings [use ''.join(seq) instead]")
        } else if start.downcast::<Bytes>().is_some() {
            Some("bytes [use b''.join(seq) instead]")
        } else if start.is_pointer() && th.type_name(start) == "bytearray" {
            Some("bytearray [use b''.join(seq) instead]")
        } else {
            None
        };
        if let Some(what) = refused {
            return Err(th.type_error(format!("sum() can't sum {what}")));
        }
        let mut sum = Sum::start(th, start);
        th.for_each(iterable, |th, v| sum.add(th, v))?;
        Ok(sum.value(th))
    }
}
