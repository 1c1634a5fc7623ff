//! Methods of contexts: the operations, with the context as the first argument.

use taipan_vm::call::Args;
use taipan_vm::object::{Gc, Result, Value};
use taipan_vm::{Thread, pymethods};

use super::arithmetic as ar;
use super::context::{Context, signal};
use super::methods::DECIMAL;
use super::number::{Env, Kind, Number, finish, status as st};
use super::object::{self, Decimal, expect};
use super::operations::{self as op, Extreme};
use super::text;
use super::transcendental as tr;

/// An operation with one operand.
pub type Unary = fn(&Number, &Env, &mut u32) -> Number;

/// Runs an operation in a context.
pub fn unary(th: &mut Thread, ctx: Gc<Context>, f: Unary, x: &Number) -> Result {
    let mut status = 0;
    let n = f(x, &ctx.env.get(), &mut status);
    signal(th, ctx, status)?;
    object::new(th, &n)
}

/// Runs an operation in a context.
#[inline(always)]
pub fn binary(
    th: &mut Thread,
    ctx: Gc<Context>,
    f: impl FnOnce(&Number, &Number, &Env, &mut u32) -> Number,
    x: &Number,
    y: &Number,
) -> Result {
    let mut status = 0;
    let n = f(x, y, &ctx.env.get(), &mut status);
    signal(th, ctx, status)?;
    object::new(th, &n)
}

/// `divmod` as a tuple.
pub fn divmod(th: &mut Thread, ctx: Gc<Context>, x: &Number, y: &Number) -> Result {
    let mut status = 0;
    let (q, r) = ar::divmod(x, y, &ctx.env.get(), &mut status);
    signal(th, ctx, status)?;
    let pair = [object::new(th, &q)?, object::new(th, &r)?];
    Ok(th.new_tuple(&pair).value())
}

/// A power, or with a modulus a power modulo that.
pub fn power(
    th: &mut Thread,
    ctx: Gc<Context>,
    x: &Number,
    y: &Number,
    modulus: Option<&Number>,
) -> Result {
    let mut status = 0;
    let env = ctx.env.get();
    let n = match modulus {
        None => tr::power(x, y, &env, &mut status),
        Some(m) => tr::power_modulo(x, y, m, &env, &mut status),
    };
    signal(th, ctx, status)?;
    object::new(th, &n)
}

/// `fma`
pub fn fma(th: &mut Thread, ctx: Gc<Context>, x: &Number, y: &Number, z: &Number) -> Result {
    let mut status = 0;
    let n = ar::fma(x, y, z, &ctx.env.get(), &mut status);
    signal(th, ctx, status)?;
    object::new(th, &n)
}

/// The operations as functions of one type.
pub mod table {
    use super::*;

    macro_rules! functions {
        ($($name:ident($($arg:ident),*) = $e:expr;)*) => {$(
            /// The operation of that name.
            pub fn $name($($arg: &Number,)* env: &Env, status: &mut u32) -> Number {
                let f: fn($(functions!(@ $arg)),*, &Env, &mut u32) -> Number = $e;
                f($($arg,)* env, status)
            }
        )*};
        (@ $arg:ident) => { &Number };
    }

    functions! {
        abs(a) = ar::absolute;
        plus(a) = |a, e, s| ar::plus(a, false, e, s);
        minus(a) = |a, e, s| ar::plus(a, true, e, s);
        to_integral_exact(a) = |a, e, s| op::to_integral(a, true, e.rounding, e, s);
        to_integral_value(a) = |a, e, s| op::to_integral(a, false, e.rounding, e, s);
        next_plus(a) = |a, e, s| op::next(a, false, e, s);
        next_minus(a) = |a, e, s| op::next(a, true, e, s);
        add(a, b) = |a, b, e, s| ar::add(a, b, false, e, s);
        subtract(a, b) = |a, b, e, s| ar::add(a, b, true, e, s);
        compare(a, b) = |a, b, e, s| op::compare_numbers(a, b, false, e, s);
        compare_signal(a, b) = |a, b, e, s| op::compare_numbers(a, b, true, e, s);
        compare_total(a, b) = |a, b, _, _| op::compare_total(a, b);
        compare_total_mag(a, b) = |a, b, _, _| op::compare_total(&a.magnitude(), &b.magnitude());
        copy_sign(a, b) = |a, b, _, _| a.clone().with_sign(b.negative);
        max(a, b) = |a, b, e, s| op::extreme(Extreme { largest: true, magnitude: false }, a, b, e, s);
        min(a, b) = |a, b, e, s| op::extreme(Extreme { largest: false, magnitude: false }, a, b, e, s);
        max_mag(a, b) = |a, b, e, s| op::extreme(Extreme { largest: true, magnitude: true }, a, b, e, s);
        min_mag(a, b) = |a, b, e, s| op::extreme(Extreme { largest: false, magnitude: true }, a, b, e, s);
        logical_and(a, b) = |a, b, e, s| op::logical(a, b, |x, y| x & y, e, s);
        logical_or(a, b) = |a, b, e, s| op::logical(a, b, |x, y| x | y, e, s);
        logical_xor(a, b) = |a, b, e, s| op::logical(a, b, |x, y| x ^ y, e, s);
    }
}

macro_rules! unary_methods {
    ($($(#[$doc:meta])* $name:ident = $f:expr;)*) => {
        #[pymethods(table = UNARY)]
        impl Context {
            $($(#[$doc])* #[pymethod(sig = "(x, /)")]
            fn $name(th: &mut Thread, this: Gc<Context>, x: Value) -> Result {
                let x = expect(th, x)?;
                unary(th, this, $f, &x)
            })*
        }
    };
}

unary_methods! {
    /// Return the absolute value of x.
    abs = table::abs;
    /// Return e ** x.
    exp = tr::exp;
    /// Return the natural (base e) logarithm of x.
    ln = tr::ln;
    /// Return the base 10 logarithm of x.
    log10 = tr::log10;
    /// Return the exponent of the magnitude of the operand's MSD.
    logb = op::logb;
    /// Invert all digits of x.
    logical_invert = op::logical_invert;
    /// Minus corresponds to the unary prefix minus operator in Python, but applies
    /// the context to the result.
    minus = table::minus;
    /// Return the largest representable number smaller than x.
    next_minus = table::next_minus;
    /// Return the smallest representable number larger than x.
    next_plus = table::next_plus;
    /// Reduce x to its simplest form. Alias for reduce(x).
    normalize = op::normalize;
    /// Plus corresponds to the unary prefix plus operator in Python, but applies
    /// the context to the result.
    plus = table::plus;
    /// Square root of a non-negative number to context precision.
    sqrt = ar::square_root;
    /// Identical to to_integral_value(x).
    to_integral = table::to_integral_value;
    /// Round to an integer. Signal if the result is rounded or inexact.
    to_integral_exact = table::to_integral_exact;
    /// Round to an integer.
    to_integral_value = table::to_integral_value;
}

macro_rules! binary_methods {
    ($($(#[$doc:meta])* $name:ident = $f:expr;)*) => {
        #[pymethods(table = BINARY)]
        impl Context {
            $($(#[$doc])* #[pymethod(sig = "(x, y, /)")]
            fn $name(th: &mut Thread, this: Gc<Context>, x: Value, y: Value) -> Result {
                let x = expect(th, x)?;
                let y = expect(th, y)?;
                binary(th, this, $f, &x, &y)
            })*
        }
    };
}

binary_methods! {
    /// Return the sum of x and y.
    add = table::add;
    /// Compare x and y numerically.
    compare = table::compare;
    /// Compare x and y numerically.  All NaNs signal.
    compare_signal = table::compare_signal;
    /// Compare x and y using their abstract representation.
    compare_total = table::compare_total;
    /// Compare x and y using their abstract representation, ignoring sign.
    compare_total_mag = table::compare_total_mag;
    /// Copy the sign from y to x.
    copy_sign = table::copy_sign;
    /// Return x divided by y.
    divide = ar::divide;
    /// Return x divided by y, truncated to an integer.
    divide_int = ar::divide_integer;
    /// Digit-wise and of x and y.
    logical_and = table::logical_and;
    /// Digit-wise or of x and y.
    logical_or = table::logical_or;
    /// Digit-wise xor of x and y.
    logical_xor = table::logical_xor;
    /// Compare the values numerically and return the maximum.
    max = table::max;
    /// Compare the values numerically with their sign ignored.
    max_mag = table::max_mag;
    /// Compare the values numerically and return the minimum.
    min = table::min;
    /// Compare the values numerically with their sign ignored.
    min_mag = table::min_mag;
    /// Return the product of x and y.
    multiply = ar::multiply;
    /// Return the number closest to x, in the direction towards y.
    next_toward = op::next_toward;
    /// Return a value equal to x (rounded), having the exponent of y.
    quantize = op::quantize;
    /// Return the remainder from integer division.  The sign of the result,
    /// if non-zero, is the same as that of the original dividend.
    remainder = ar::remainder;
    /// Return x - y * n, where n is the integer nearest the exact value of x / y
    /// (if the result is 0 then its sign will be the sign of x).
    remainder_near = ar::remainder_near;
    /// Return a copy of x, rotated by y places.
    rotate = op::rotate;
    /// Return the first operand after adding the second value to its exp.
    scaleb = op::scaleb;
    /// Return a copy of x, shifted by y places.
    shift = op::shift;
    /// Return the difference between x and y.
    subtract = table::subtract;
}

macro_rules! predicates {
    ($($(#[$doc:meta])* $name:ident = $f:expr;)*) => {
        #[pymethods(table = PREDICATES)]
        impl Context {
            $($(#[$doc])* #[pymethod(sig = "(x, /)")]
            fn $name(th: &mut Thread, this: Gc<Context>, x: Value) -> Result<bool> {
                let x = expect(th, x)?;
                let f: fn(&Number, &Env) -> bool = $f;
                Ok(f(&x, &this.env.get()))
            })*
        }
    };
}

predicates! {
    /// Return True if x is finite, False otherwise.
    is_finite = |x, _| x.is_finite();
    /// Return True if x is infinite, False otherwise.
    is_infinite = |x, _| x.is_infinite();
    /// Return True if x is a qNaN or sNaN, False otherwise.
    is_nan = |x, _| x.is_nan();
    /// Return True if x is a normal number, False otherwise.
    is_normal = |x, e| x.is_normal(e);
    /// Return True if x is a quiet NaN, False otherwise.
    is_qnan = |x, _| x.kind == Kind::Nan;
    /// Return True if x is negative, False otherwise.
    is_signed = |x, _| x.negative;
    /// Return True if x is a signaling NaN, False otherwise.
    is_snan = |x, _| x.kind == Kind::Snan;
    /// Return True if x is subnormal, False otherwise.
    is_subnormal = |x, e| x.is_subnormal(e);
    /// Return True if x is a zero, False otherwise.
    is_zero = |x, _| x.is_zero();
}

fn expect_decimal(th: &mut Thread, v: Value) -> Result<Gc<Decimal>> {
    match object::of(v) {
        Some(d) => Ok(d),
        None => Err(th.type_error("argument must be a Decimal")),
    }
}

fn of_float(th: &mut Thread, v: Value) -> Result<Number> {
    if let Some(n) = object::from_int(v) {
        return Ok(n);
    }
    match th.as_float(v) {
        Some(f) => Ok(object::from_float(f)),
        None => Err(th.type_error("argument must be int or float")),
    }
}

#[pymethods(table = OTHERS)]
impl Context {
    /// Return a new instance of x.
    #[pymethod(sig = "(x, /)")]
    fn canonical(th: &mut Thread, _this: Gc<Context>, x: Value) -> Result {
        expect_decimal(th, x).map(Gc::value)
    }

    /// Return True if x is canonical, False otherwise.
    #[pymethod(sig = "(x, /)")]
    fn is_canonical(th: &mut Thread, _this: Gc<Context>, x: Value) -> Result<bool> {
        expect_decimal(th, x).map(|_| true)
    }

    /// Return a copy of x with the sign set to 0.
    #[pymethod(sig = "(x, /)")]
    fn copy_abs(th: &mut Thread, _this: Gc<Context>, x: Value) -> Result {
        let x = expect(th, x)?;
        object::new(th, &x.magnitude())
    }

    /// Return a copy of Decimal x.
    #[pymethod(sig = "(x, /)")]
    fn copy_decimal(th: &mut Thread, _this: Gc<Context>, x: Value) -> Result {
        if object::of(x).is_some() {
            return Ok(x);
        }
        let n = expect(th, x)?;
        object::new(th, &n)
    }

    /// Return a copy of x with the sign inverted.
    #[pymethod(sig = "(x, /)")]
    fn copy_negate(th: &mut Thread, _this: Gc<Context>, x: Value) -> Result {
        let x = expect(th, x)?;
        let negative = !x.negative;
        object::new(th, &x.with_sign(negative))
    }

    /// Return an indication of the class of x.
    #[pymethod(sig = "(x, /)")]
    fn number_class(th: &mut Thread, this: Gc<Context>, x: Value) -> Result<&'static str> {
        let x = expect(th, x)?;
        Ok(op::number_class(&x, &this.env.get()))
    }

    /// Convert a number to a string using scientific notation.
    #[pymethod(sig = "(x, /)")]
    fn to_sci_string(th: &mut Thread, this: Gc<Context>, x: Value) -> Result {
        let x = expect(th, x)?;
        let t = text::to_text(&x, this.capitals.get(), false);
        Ok(th.new_ascii(&t).value())
    }

    /// Convert a number to a string, using engineering notation.
    #[pymethod(sig = "(x, /)")]
    fn to_eng_string(th: &mut Thread, this: Gc<Context>, x: Value) -> Result {
        let x = expect(th, x)?;
        let t = text::to_text(&x, this.capitals.get(), true);
        Ok(th.new_ascii(&t).value())
    }

    /// Return True if the two operands have the same exponent.
    #[pymethod(sig = "(x, y, /)")]
    fn same_quantum(th: &mut Thread, _this: Gc<Context>, x: Value, y: Value) -> Result<bool> {
        let (x, y) = (expect(th, x)?, expect(th, y)?);
        Ok(op::same_quantum(&x, &y))
    }

    /// Return quotient and remainder of the division x / y.
    #[pymethod(sig = "(x, y, /)")]
    fn divmod(th: &mut Thread, this: Gc<Context>, x: Value, y: Value) -> Result {
        let (x, y) = (expect(th, x)?, expect(th, y)?);
        divmod(th, this, &x, &y)
    }

    /// Return x multiplied by y, plus z.
    #[pymethod(sig = "(x, y, z, /)")]
    fn fma(th: &mut Thread, this: Gc<Context>, x: Value, y: Value, z: Value) -> Result {
        let (x, y) = (expect(th, x)?, expect(th, y)?);
        let z = expect(th, z)?;
        fma(th, this, &x, &y, &z)
    }

    /// Compute a**b.
    ///
    /// If 'a' is negative, then 'b' must be integral. The result will be
    /// inexact unless 'a' is integral and the result is finite and can be
    /// expressed exactly in 'precision' digits.  In the Python version the
    /// result is always correctly rounded, in the C version the result is
    /// almost always correctly rounded.
    ///
    /// If modulo is given, compute (a**b) % modulo. The following restrictions
    /// hold:
    ///
    ///     * all three arguments must be integral
    ///     * 'b' must be nonnegative
    ///     * at least one of 'a' or 'b' must be nonzero
    ///     * modulo must be nonzero and less than 10**prec in absolute value
    #[pymethod(sig = "(a, b, modulo=None)")]
    fn power(
        th: &mut Thread,
        this: Gc<Context>,
        a: Value,
        b: Value,
        modulo: Option<Value>,
    ) -> Result {
        let (x, y) = (expect(th, a)?, expect(th, b)?);
        match th.not_none(modulo) {
            None => power(th, this, &x, &y, None),
            Some(m) => {
                let m = expect(th, m)?;
                power(th, this, &x, &y, Some(&m))
            }
        }
    }

    /// Create a new Decimal instance from num, using self as the context. Unlike the
    /// Decimal constructor, this function observes the context limits.
    #[pymethod(sig = "(num=\"0\", /)")]
    fn create_decimal(th: &mut Thread, this: Gc<Context>, num: Option<Value>) -> Result {
        let class = th.type_for(&DECIMAL);
        match num {
            None => object::new(th, &Number::small(false, 0, 0)),
            Some(v) => object::construct(th, class, v, this, false),
        }
    }

    /// Create a new Decimal instance from float f.  Unlike the Decimal.from_float()
    /// class method, this function observes the context limits.
    #[pymethod(sig = "(f, /)")]
    fn create_decimal_from_float(th: &mut Thread, this: Gc<Context>, f: Value) -> Result {
        let n = of_float(th, f)?;
        let mut status = 0;
        let n = finish(n, &this.env.get(), &mut status);
        signal(th, this, status)?;
        object::new(th, &n)
    }

    #[pymethod(raw)]
    fn __sizeof__(th: &mut Thread, _: Args<'_>) -> Value {
        th.int(size_of::<Context>() as i64)
    }
}

/// A class method's decimal from an int or float.
pub fn from_float(th: &mut Thread, v: Value) -> Result<Number> {
    let n = of_float(th, v)?;
    let mut own = 0;
    let n = finish(n, &Env::MAX, &mut own);
    debug_assert_eq!(own & st::INEXACT, 0);
    Ok(n)
}
