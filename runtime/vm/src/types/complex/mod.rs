//! `complex`: two floats in a heap cell.
//!
//! Operations with a real operand are componentwise (no zero imaginary part is invented for it).

mod construct;

use crate::Thread;
use crate::format::complex::format_complex;
use crate::format::number::Locale;
use crate::number::complex;
pub use crate::number::complex::Complex;
use crate::object::slots::CompareOp;
use crate::object::{Gc, NativeHeader, Result, Value};
use crate::types::T;
use crate::types::int;
use crate::types::str_::Str;
use crate::types::type_::Type;
use crate::{NativeObject, pytype};

/// A complex number in the heap.
#[repr(C)]
#[derive(NativeObject)]
pub struct HeapComplex {
    head: NativeHeader,
    #[notrace]
    re: f64,
    #[notrace]
    im: f64,
}

impl HeapComplex {
    /// The number.
    pub fn get(&self) -> Complex {
        Complex {
            re: self.re,
            im: self.im,
        }
    }
}

impl Thread {
    /// A complex number as a value.
    pub fn complex(&mut self, z: Complex) -> Value {
        let head = self.native_header::<HeapComplex>(T::Complex);
        self.alloc(HeapComplex {
            head,
            re: z.re,
            im: z.im,
        })
        .value()
    }

    /// `complex(v)` for numbers: by `__complex__`, `__float__` or `__index__`. Raises TypeError.
    pub fn to_complex(&mut self, v: Value) -> Result<Complex> {
        if let Some(z) = v.downcast::<HeapComplex>() {
            return Ok(z.get());
        }
        if let Some(z) = construct::by_method(self, v)? {
            return Ok(z);
        }
        let re = self.to_f64(v)?;
        Ok(Complex { re, im: 0.0 })
    }
}

/// An operand: real or complex.
#[derive(Clone, Copy)]
enum Number {
    Real(f64),
    Complex(Complex),
}

impl Number {
    fn complex(self) -> Complex {
        match self {
            Number::Real(re) => Complex { re, im: 0.0 },
            Number::Complex(z) => z,
        }
    }
}

fn operand(th: &mut Thread, v: Value) -> Result<Option<Number>> {
    if let Some(z) = v.downcast::<HeapComplex>() {
        return Ok(Some(Number::Complex(z.get())));
    }
    if let Some(f) = th.as_float(v) {
        return Ok(Some(Number::Real(f)));
    }
    if int::is_int(v) {
        return th.int_to_f64(v).map(|f| Some(Number::Real(f)));
    }
    Ok(None)
}

macro_rules! operands {
    ($th:ident, $a:ident, $b:ident) => {
        match (operand($th, $a)?, operand($th, $b)?) {
            (Some(x), Some(y)) => (x, y),
            _ => return Ok($th.not_implemented()),
        }
    };
}

fn number(th: &mut Thread, v: Value) -> Result<Complex> {
    match v.downcast::<HeapComplex>() {
        Some(z) => Ok(z.get()),
        None => Err(th.type_error("complex number expected")),
    }
}

/// Create a complex number from a string or numbers.
///
/// If a string is given, parse it as a complex number.
/// If a single number is given, convert it to a complex number.
/// If the 'real' or 'imag' arguments are given, create a complex number
/// with the specified real and imaginary components.
#[pytype(name = "complex", flags = BASETYPE)]
impl HeapComplex {
    #[pynew(name = "complex", sig = "(real=0, imag=0)")]
    fn new(th: &mut Thread, class: Gc<Type>, real: Option<Value>, imag: Option<Value>) -> Result {
        if let (Some(v), None) = (real, imag)
            && th.is_exact(v, T::Complex)
            && class.is(th.vm().ty(T::Complex))
        {
            return Ok(v);
        }
        let z = construct::construct(th, real, imag)?;
        Ok(of_class(th, class, z))
    }

    #[pyslot]
    fn repr(th: &mut Thread, v: Value) -> Result {
        let z = number(th, v)?;
        Ok(th.new_str(&complex::repr(z)).value())
    }

    #[pyslot]
    fn hash(th: &mut Thread, v: Value) -> Result<i64> {
        let z = number(th, v)?;
        Ok(complex::hash(z).unwrap_or_else(|| th.identity_hash(v)))
    }

    #[pyslot]
    fn bool_(th: &mut Thread, v: Value) -> Result<bool> {
        let z = number(th, v)?;
        Ok(z.re != 0.0 || z.im != 0.0)
    }

    #[pyslot]
    fn richcompare(th: &mut Thread, a: Value, b: Value, op: CompareOp) -> Result {
        let z = number(th, a)?;
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(th.not_implemented());
        }
        let equal = if let Some(w) = b.downcast::<HeapComplex>() {
            z == w.get()
        } else if th.as_float(b).is_some() || int::is_int(b) {
            let re = th.float(z.re);
            z.im == 0.0 && th.equal(re, b)?
        } else {
            return Ok(th.not_implemented());
        };
        Ok(th.bool(equal == (op == CompareOp::Eq)))
    }

    #[pyslot]
    fn add(th: &mut Thread, a: Value, b: Value) -> Result {
        use Number::{Complex as C, Real as R};
        let z = match operands!(th, a, b) {
            (R(x), C(z)) | (C(z), R(x)) => Complex {
                re: z.re + x,
                im: z.im,
            },
            (x, y) => {
                let (x, y) = (x.complex(), y.complex());
                Complex {
                    re: x.re + y.re,
                    im: x.im + y.im,
                }
            }
        };
        Ok(th.complex(z))
    }

    #[pyslot]
    fn subtract(th: &mut Thread, a: Value, b: Value) -> Result {
        use Number::{Complex as C, Real as R};
        let z = match operands!(th, a, b) {
            (C(z), R(x)) => Complex {
                re: z.re - x,
                im: z.im,
            },
            (R(x), C(z)) => Complex {
                re: x - z.re,
                im: -z.im,
            },
            (x, y) => {
                let (x, y) = (x.complex(), y.complex());
                Complex {
                    re: x.re - y.re,
                    im: x.im - y.im,
                }
            }
        };
        Ok(th.complex(z))
    }

    #[pyslot]
    fn multiply(th: &mut Thread, a: Value, b: Value) -> Result {
        use Number::{Complex as C, Real as R};
        let z = match operands!(th, a, b) {
            (R(x), C(z)) | (C(z), R(x)) => Complex {
                re: z.re * x,
                im: z.im * x,
            },
            (x, y) => complex::mul(x.complex(), y.complex()),
        };
        Ok(th.complex(z))
    }

    #[pyslot]
    fn true_divide(th: &mut Thread, a: Value, b: Value) -> Result {
        use Number::{Complex as C, Real as R};
        let z = match operands!(th, a, b) {
            (C(_), R(0.0)) => return Err(th.zero_division_error("division by zero")),
            (C(z), R(x)) => Complex {
                re: z.re / x,
                im: z.im / x,
            },
            (R(x), C(z)) => th.format_result(complex::div_real_by(x, z))?,
            (x, y) => th.format_result(complex::div(x.complex(), y.complex()))?,
        };
        Ok(th.complex(z))
    }

    #[pyslot]
    fn power(th: &mut Thread, a: Value, b: Value, m: Value) -> Result {
        let (x, y) = operands!(th, a, b);
        if !th.is_none(m) {
            return Err(th.value_error("complex modulo"));
        }
        let z = th.format_result(complex::pow(x.complex(), y.complex()))?;
        Ok(th.complex(z))
    }

    #[pyslot]
    fn negative(th: &mut Thread, v: Value) -> Result {
        let z = number(th, v)?;
        Ok(th.complex(Complex {
            re: -z.re,
            im: -z.im,
        }))
    }

    #[pyslot]
    fn positive(th: &mut Thread, v: Value) -> Result {
        if th.is_exact(v, T::Complex) {
            return Ok(v);
        }
        let z = number(th, v)?;
        Ok(th.complex(z))
    }

    #[pyslot]
    fn absolute(th: &mut Thread, v: Value) -> Result {
        let z = number(th, v)?;
        let f = th.format_result(complex::abs(z))?;
        Ok(th.float(f))
    }

    /// Convert number to a complex floating-point number.
    #[pyclassmethod(sig = "(number, /)")]
    fn from_number(th: &mut Thread, class: Gc<Type>, number: Value) -> Result {
        if th.is_exact(number, T::Complex) && class.is(th.vm().ty(T::Complex)) {
            return Ok(number);
        }
        let z = th.to_complex(number)?;
        let v = th.complex(z);
        if class.is(th.vm().ty(T::Complex)) {
            return Ok(v);
        }
        th.call(class.value(), &[v])
    }

    /// Return the complex conjugate of its argument. (3-4j).conjugate() == 3+4j.
    #[pymethod(sig = "()")]
    fn conjugate(th: &mut Thread, this: Gc<HeapComplex>) -> Result {
        let z = this.get();
        Ok(th.complex(Complex {
            re: z.re,
            im: -z.im,
        }))
    }

    /// Convert this value to exact type complex.
    #[pymethod(sig = "()")]
    fn __complex__(th: &mut Thread, this: Gc<HeapComplex>) -> Result {
        HeapComplex::positive(th, this.value())
    }

    #[pymethod(sig = "()")]
    fn __getnewargs__(th: &mut Thread, this: Gc<HeapComplex>) -> Result {
        let pair = [th.float(this.re), th.float(this.im)];
        Ok(th.new_tuple(&pair).value())
    }

    /// Convert to a string according to format_spec.
    #[pymethod]
    fn __format__(th: &mut Thread, this: Gc<HeapComplex>, format_spec: Gc<Str>) -> Result<Gc<Str>> {
        if format_spec.is_empty() {
            return th.str(this.value());
        }
        let name = th.type_name(this.value());
        let text = format_complex(this.get(), format_spec.text_ref(), &name, &Locale::c());
        let text = th.format_result(text)?;
        Ok(th.str_from_text(&text))
    }

    /// the real part of a complex number
    #[pygetter(member)]
    fn real(th: &mut Thread, this: Gc<HeapComplex>) -> Result {
        Ok(th.float(this.re))
    }

    /// the imaginary part of a complex number
    #[pygetter(member)]
    fn imag(th: &mut Thread, this: Gc<HeapComplex>) -> Result {
        Ok(th.float(this.im))
    }
}

fn of_class(th: &mut Thread, class: Gc<Type>, z: Complex) -> Value {
    if class.is(th.vm().ty(T::Complex)) {
        return th.complex(z);
    }
    th.alloc_native(class, |head| HeapComplex {
        head,
        re: z.re,
        im: z.im,
    })
    .value()
}
