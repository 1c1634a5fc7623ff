//! The methods of decimals that have names: the operations with an optional context, predicates,
//! conversions.

use taipan_vm::call::Args;
use taipan_vm::object::{Gc, Result, Value};
use taipan_vm::types::type_::Type;
use taipan_vm::types::{T, int};
use taipan_vm::{Thread, pymethods};

use super::arithmetic as ar;
use super::coefficient::Coefficient;
use super::context::{self, Context, or_current, rounding, signal};
use super::context_methods::{self as cm, binary, table, unary};
use super::methods::DECIMAL;
use super::number::{Env, Kind, Number, Rounding, status as st};
use super::object::{self, Decimal, expect};
use super::operations as op;
use super::{format, text, transcendental as tr};
use crate::support::kept;

/// An integer ratio of a finite number: `n / d` in lowest terms.
fn integer_ratio(th: &mut Thread, n: &Number) -> Result<(Value, Value)> {
    if n.is_zero() {
        return Ok((th.int(0), th.int(1)));
    }
    let zeros = n.c.trailing_zeros();
    let (c, exp) = (n.c.shr(zeros).0, n.exp + zeros);
    if exp >= 0 {
        let Some(c) = c.shl(exp) else {
            return Err(th.memory_error());
        };
        return Ok((object::coefficient_int(th, &c, n.negative), th.int(1)));
    }
    let k = exp.unsigned_abs();
    if k > super::coefficient::MOST_DIGITS as u64 {
        return Err(th.memory_error());
    }
    // The denominator is 10^k: what it shares with the coefficient are twos or fives.
    let mut top = ar::to_ubig(&c);
    let mut twos = k as usize;
    let mut fives = k as usize;
    let shared = top.trailing_zeros().unwrap_or(0).min(twos);
    top >>= shared;
    twos -= shared;
    let five = dashu_int::UBig::from(5u8);
    if shared == 0 {
        while fives > 0 {
            let (q, r) = dashu_base::DivRem::div_rem(&top, &five);
            if r != dashu_int::UBig::ZERO {
                break;
            }
            top = q;
            fives -= 1;
        }
    }
    let bottom = five.pow(fives) << twos;
    let top = dashu_int::IBig::from(top);
    let top = if n.negative { -top } else { top };
    Ok((
        int::normalize(th, &top),
        int::normalize(th, &dashu_int::IBig::from(bottom)),
    ))
}

macro_rules! unary_methods {
    ($($(#[$doc:meta])* $name:ident = $f:expr;)*) => {
        #[pymethods(table = UNARY)]
        impl Decimal {
            $($(#[$doc])* #[pymethod(sig = "(context=None)")]
            fn $name(th: &mut Thread, this: Gc<Decimal>, context: Option<Value>) -> Result {
                let ctx = or_current(th, context)?;
                unary(th, ctx, $f, &this.number())
            })*
        }
    };
}

unary_methods! {
    /// Return the value of the (natural) exponential function e**x at the given
    /// number.  The function always uses the ROUND_HALF_EVEN mode and the result
    /// is correctly rounded.
    exp = tr::exp;
    /// Return the natural (base e) logarithm of the operand. The function always
    /// uses the ROUND_HALF_EVEN mode and the result is correctly rounded.
    ln = tr::ln;
    /// Return the base ten logarithm of the operand. The function always uses the
    /// ROUND_HALF_EVEN mode and the result is correctly rounded.
    log10 = tr::log10;
    /// For a non-zero number, return the adjusted exponent of the operand as a
    /// Decimal instance.  If the operand is a zero, then Decimal('-Infinity') is
    /// returned and the DivisionByZero condition is raised. If the operand is
    /// an infinity then Decimal('Infinity') is returned.
    logb = op::logb;
    /// Return the digit-wise inversion of the (logical) operand.
    logical_invert = op::logical_invert;
    /// Return the largest number representable in the given context (or in the
    /// current default context if no context is given) that is smaller than the
    /// given operand.
    next_minus = table::next_minus;
    /// Return the smallest number representable in the given context (or in the
    /// current default context if no context is given) that is larger than the
    /// given operand.
    next_plus = table::next_plus;
    /// Normalize the number by stripping the rightmost trailing zeros and
    /// converting any result equal to Decimal('0') to Decimal('0e0').  Used
    /// for producing canonical values for members of an equivalence class.
    /// For example, Decimal('32.100') and Decimal('0.321000e+2') both normalize
    /// to the equivalent value Decimal('32.1').
    normalize = op::normalize;
    /// Return the square root of the argument to full precision. The result is
    /// correctly rounded using the ROUND_HALF_EVEN rounding mode.
    sqrt = ar::square_root;
}

macro_rules! binary_methods {
    ($($(#[$doc:meta])* $name:ident = $f:expr;)*) => {
        #[pymethods(table = BINARY)]
        impl Decimal {
            $($(#[$doc])* #[pymethod(sig = "(other, context=None)")]
            fn $name(
                th: &mut Thread,
                this: Gc<Decimal>,
                other: Value,
                context: Option<Value>,
            ) -> Result {
                let ctx = or_current(th, context)?;
                let y = expect(th, other)?;
                binary(th, ctx, $f, &this.number(), &y)
            })*
        }
    };
}

binary_methods! {
    /// Compare self to other.  Return a decimal value:
    ///
    ///     a or b is a NaN ==> Decimal('NaN')
    ///     a < b           ==> Decimal('-1')
    ///     a == b          ==> Decimal('0')
    ///     a > b           ==> Decimal('1')
    compare = table::compare;
    /// Identical to compare, except that all NaNs signal.
    compare_signal = table::compare_signal;
    /// Compare two operands using their abstract representation rather than their
    /// numerical value.
    compare_total = table::compare_total;
    /// Compare two operands using their abstract representation rather than their
    /// value as in compare_total(), but ignoring the sign of each operand.
    compare_total_mag = table::compare_total_mag;
    /// Return a copy of the first operand with the sign set to be the same as the
    /// sign of the second operand.
    copy_sign = table::copy_sign;
    /// Return the digit-wise 'and' of the two (logical) operands.
    logical_and = table::logical_and;
    /// Return the digit-wise 'or' of the two (logical) operands.
    logical_or = table::logical_or;
    /// Return the digit-wise 'exclusive or' of the two (logical) operands.
    logical_xor = table::logical_xor;
    /// Maximum of self and other.  If one operand is a quiet NaN and the other is
    /// numeric, the numeric operand is returned.
    max = table::max;
    /// Similar to the max() method, but the comparison is done using the absolute
    /// values of the operands.
    max_mag = table::max_mag;
    /// Minimum of self and other. If one operand is a quiet NaN and the other is
    /// numeric, the numeric operand is returned.
    min = table::min;
    /// Similar to the min() method, but the comparison is done using the absolute
    /// values of the operands.
    min_mag = table::min_mag;
    /// If the two operands are unequal, return the number closest to the first
    /// operand in the direction of the second operand.  If both operands are
    /// numerically equal, return a copy of the first operand with the sign set
    /// to be the same as the sign of the second operand.
    next_toward = op::next_toward;
    /// Return the remainder from dividing self by other, as close to zero as possible.
    remainder_near = ar::remainder_near;
    /// Return the result of rotating the digits of the first operand by an amount
    /// specified by the second operand.
    rotate = op::rotate;
    /// Return the first operand with the exponent adjusted the second.
    scaleb = op::scaleb;
    /// Return the result of shifting the digits of the first operand by an amount
    /// specified by the second operand.
    shift = op::shift;
}

macro_rules! predicates {
    ($($(#[$doc:meta])* $name:ident = $f:expr;)*) => {
        #[pymethods(table = PREDICATES)]
        impl Decimal {
            $($(#[$doc])* #[pymethod(sig = "()")]
            fn $name(_: &mut Thread, this: Gc<Decimal>) -> bool {
                let f: fn(&Decimal) -> bool = $f;
                f(&this)
            })*
        }
    };
}

predicates! {
    /// Return True if the argument is canonical and False otherwise. Currently,
    /// a Decimal instance is always canonical, so this operation always returns
    /// True.
    is_canonical = |_| true;
    /// Return True if the argument is a finite number, and False if the argument
    /// is infinite or a NaN.
    is_finite = |d| d.kind() == Kind::Finite;
    /// Return True if the argument is either positive or negative infinity and
    /// False otherwise.
    is_infinite = |d| d.kind() == Kind::Infinite;
    /// Return True if the argument is a (quiet or signaling) NaN and False
    /// otherwise.
    is_nan = |d| d.nan();
    /// Return True if the argument is a quiet NaN, and False otherwise.
    is_qnan = |d| d.kind() == Kind::Nan;
    /// Return True if the argument is a signaling NaN and False otherwise.
    is_snan = |d| d.kind() == Kind::Snan;
    /// Return True if the argument has a negative sign and False otherwise.
    is_signed = |d| d.signed();
    /// Return True if the argument is a (positive or negative) zero and False
    /// otherwise.
    is_zero = |d| d.zero();
}

/// A context's numbers with an optional rounding.
fn with_rounding(th: &mut Thread, ctx: Gc<Context>, r: Option<Value>) -> Result<Env> {
    let mut env = ctx.env.get();
    if let Some(r) = th.not_none(r) {
        env.rounding = rounding(th, r)?;
    }
    Ok(env)
}

fn to_integral(
    th: &mut Thread,
    this: Gc<Decimal>,
    r: Option<Value>,
    context: Option<Value>,
    exact: bool,
) -> Result {
    let ctx = or_current(th, context)?;
    let env = with_rounding(th, ctx, r)?;
    let mut status = 0;
    let n = op::to_integral(&this.number(), exact, env.rounding, &env, &mut status);
    signal(th, ctx, status)?;
    object::new(th, &n)
}

#[pymethods(table = OTHERS)]
impl Decimal {
    /// Class method that converts a float to a decimal number, exactly.
    /// Since 0.1 is not exactly representable in binary floating point,
    /// Decimal.from_float(0.1) is not the same as Decimal('0.1').
    #[pyclassmethod(sig = "(f, /)")]
    fn from_float(th: &mut Thread, class: Gc<Type>, f: Value) -> Result {
        let n = cm::from_float(th, f)?;
        let v = object::new(th, &n)?;
        if class.is(th.type_for(&DECIMAL)) {
            return Ok(v);
        }
        th.call(class.value(), &[v])
    }

    /// Class method that converts a real number to a decimal number, exactly.
    ///
    ///     >>> Decimal.from_number(314)              # int
    ///     Decimal('314')
    ///     >>> Decimal.from_number(0.1)              # float
    ///     Decimal('0.1000000000000000055511151231257827021181583404541015625')
    ///     >>> Decimal.from_number(Decimal('3.14'))  # another decimal instance
    ///     Decimal('3.14')
    #[pyclassmethod(sig = "(number, /)")]
    fn from_number(th: &mut Thread, class: Gc<Type>, number: Value) -> Result {
        let v = match object::of(number) {
            Some(_) => number,
            None if int::is_int(number) || th.as_float(number).is_some() => {
                if !int::is_int(number) {
                    let ctx = context::current(th)?;
                    signal(th, ctx, st::FLOAT_OPERATION)?;
                }
                let n = cm::from_float(th, number)?;
                object::new(th, &n)?
            }
            None => {
                let got = th.type_name(number);
                return Err(
                    th.type_error(format!("conversion from {got} to Decimal is not supported"))
                );
            }
        };
        let plain = th.type_for(&DECIMAL);
        if class.is(plain) {
            if th.class_of(v).is(plain) {
                return Ok(v);
            }
            let n = expect(th, v)?;
            return object::new(th, &n);
        }
        th.call(class.value(), &[v])
    }

    /// Return the adjusted exponent of the number.  Defined as exp + digits - 1.
    #[pymethod(sig = "()")]
    fn adjusted(_: &mut Thread, this: Gc<Decimal>) -> i64 {
        let n = this.number();
        if n.is_finite() { n.adjusted() } else { 0 }
    }

    /// Return a tuple representation of the number.
    #[pymethod(sig = "()")]
    fn as_tuple(th: &mut Thread, this: Gc<Decimal>) -> Result {
        let n = this.number();
        let exponent = match n.kind {
            Kind::Finite => th.int(n.exp),
            Kind::Infinite => th.intern("F").value(),
            Kind::Nan => th.intern("n").value(),
            Kind::Snan => th.intern("N").value(),
        };
        let list = th.new_list();
        if !(n.is_nan() && n.c.is_zero()) {
            for d in n.c.to_digits() {
                th.list_append(list, Value::small((d - b'0') as i32))?;
            }
        }
        let digits = th.to_tuple(list.value())?.value();
        let sign = th.int(n.negative as i64);
        let class = kept(th, "decimal.DecimalTuple").unwrap_or(th.none());
        th.call(class, &[sign, digits, exponent])
    }

    /// Decimal.as_integer_ratio() -> (int, int)
    ///
    /// Return a pair of integers, whose ratio is exactly equal to the original
    /// Decimal and with a positive denominator. The ratio is in lowest terms.
    /// Raise OverflowError on infinities and a ValueError on NaNs.
    #[pymethod(sig = "()")]
    fn as_integer_ratio(th: &mut Thread, this: Gc<Decimal>) -> Result {
        let n = this.number();
        if n.is_nan() {
            return Err(th.value_error("cannot convert NaN to integer ratio"));
        }
        if n.is_infinite() {
            return Err(th.overflow_error("cannot convert Infinity to integer ratio"));
        }
        let (a, b) = integer_ratio(th, &n)?;
        Ok(th.new_tuple(&[a, b]).value())
    }

    /// Return the canonical encoding of the argument.  Currently, the encoding
    /// of a Decimal instance is always canonical, so this operation returns its
    /// argument unchanged.
    #[pymethod(sig = "()")]
    fn canonical(_: &mut Thread, this: Value) -> Value {
        this
    }

    /// Return self.
    #[pymethod(sig = "()")]
    fn conjugate(_: &mut Thread, this: Value) -> Value {
        this
    }

    /// Return Decimal(10), the radix (base) in which the Decimal class does
    /// all its arithmetic. Included for compatibility with the specification.
    #[pymethod(sig = "()")]
    fn radix(th: &mut Thread, _this: Value) -> Result {
        object::new(th, &Number::small(false, 10, 0))
    }

    /// Return the absolute value of the argument.  This operation is unaffected by
    /// context and is quiet: no flags are changed and no rounding is performed.
    #[pymethod(sig = "()")]
    fn copy_abs(th: &mut Thread, this: Gc<Decimal>) -> Result {
        object::new(th, &this.number().with_sign(false))
    }

    /// Return the negation of the argument.  This operation is unaffected by context
    /// and is quiet: no flags are changed and no rounding is performed.
    #[pymethod(sig = "()")]
    fn copy_negate(th: &mut Thread, this: Gc<Decimal>) -> Result {
        let n = this.number();
        let negative = !n.negative;
        object::new(th, &n.with_sign(negative))
    }

    /// Return True if the argument is a normal finite non-zero number with an
    /// adjusted exponent greater than or equal to Emin. Return False if the
    /// argument is zero, subnormal, infinite or a NaN.
    #[pymethod(sig = "(context=None)")]
    fn is_normal(th: &mut Thread, this: Gc<Decimal>, context: Option<Value>) -> Result<bool> {
        let ctx = or_current(th, context)?;
        Ok(this.number().is_normal(&ctx.env.get()))
    }

    /// Return True if the argument is subnormal, and False otherwise. A number is
    /// subnormal if it is non-zero, finite, and has an adjusted exponent less
    /// than Emin.
    #[pymethod(sig = "(context=None)")]
    fn is_subnormal(th: &mut Thread, this: Gc<Decimal>, context: Option<Value>) -> Result<bool> {
        let ctx = or_current(th, context)?;
        Ok(this.number().is_subnormal(&ctx.env.get()))
    }

    /// Return a string describing the class of the operand.  The returned value
    /// is one of the ten strings that the specification names.
    #[pymethod(sig = "(context=None)")]
    fn number_class(
        th: &mut Thread,
        this: Gc<Decimal>,
        context: Option<Value>,
    ) -> Result<&'static str> {
        let ctx = or_current(th, context)?;
        Ok(op::number_class(&this.number(), &ctx.env.get()))
    }

    /// Convert to an engineering-type string.  Engineering notation has an exponent
    /// which is a multiple of 3, so there are up to 3 digits left of the decimal
    /// place. For example, Decimal('123E+1') is converted to Decimal('1.23E+3').
    ///
    /// The value of context.capitals determines whether the exponent sign is lower
    /// or upper case. Otherwise, the context does not affect the operation.
    #[pymethod(sig = "(context=None)")]
    fn to_eng_string(th: &mut Thread, this: Gc<Decimal>, context: Option<Value>) -> Result {
        let ctx = or_current(th, context)?;
        let t = text::to_text(&this.number(), ctx.capitals.get(), true);
        Ok(th.new_ascii(&t).value())
    }

    /// Test whether self and other have the same exponent or whether both are NaN.
    #[pymethod(sig = "(other, context=None)")]
    fn same_quantum(
        th: &mut Thread,
        this: Gc<Decimal>,
        other: Value,
        context: Option<Value>,
    ) -> Result<bool> {
        or_current(th, context)?;
        let y = expect(th, other)?;
        Ok(op::same_quantum(&this.number(), &y))
    }

    /// Fused multiply-add.  Return self*other+third with no rounding of the
    /// intermediate product.
    ///
    ///     >>> Decimal(2).fma(3, 5)
    ///     Decimal('11')
    #[pymethod(sig = "(other, third, context=None)")]
    fn fma(
        th: &mut Thread,
        this: Gc<Decimal>,
        other: Value,
        third: Value,
        context: Option<Value>,
    ) -> Result {
        let ctx = or_current(th, context)?;
        let (y, z) = (expect(th, other)?, expect(th, third)?);
        cm::fma(th, ctx, &this.number(), &y, &z)
    }

    /// Return a value equal to the first operand after rounding and having the
    /// exponent of the second operand.
    ///
    ///     >>> Decimal('1.41421356').quantize(Decimal('1.000'))
    ///     Decimal('1.414')
    ///
    /// Unlike other operations, if the length of the coefficient after the quantize
    /// operation would be greater than precision, then an InvalidOperation is signaled.
    /// This guarantees that, unless there is an error condition, the quantized exponent
    /// is always equal to that of the right-hand operand.
    ///
    /// Also unlike other operations, quantize never signals Underflow, even if the
    /// result is subnormal and inexact.
    ///
    /// If the exponent of the second operand is larger than that of the first, then
    /// rounding may be necessary. In this case, the rounding mode is determined by the
    /// rounding argument if given, else by the given context argument; if neither
    /// argument is given, the rounding mode of the current thread's context is used.
    #[pymethod(sig = "(exp, rounding=None, context=None)")]
    fn quantize(
        th: &mut Thread,
        this: Gc<Decimal>,
        exp: Value,
        rounding: Option<Value>,
        context: Option<Value>,
    ) -> Result {
        let ctx = or_current(th, context)?;
        let env = with_rounding(th, ctx, rounding)?;
        let y = expect(th, exp)?;
        let mut status = 0;
        let n = op::quantize(&this.number(), &y, &env, &mut status);
        signal(th, ctx, status)?;
        object::new(th, &n)
    }

    /// Identical to the to_integral_value() method.  The to_integral() name has been
    /// kept for compatibility with older versions.
    #[pymethod(sig = "(rounding=None, context=None)")]
    fn to_integral(
        th: &mut Thread,
        this: Gc<Decimal>,
        rounding: Option<Value>,
        context: Option<Value>,
    ) -> Result {
        to_integral(th, this, rounding, context, false)
    }

    /// Round to the nearest integer without signaling Inexact or Rounded.  The
    /// rounding mode is determined by the rounding parameter if given, else by the
    /// given context.
    #[pymethod(sig = "(rounding=None, context=None)")]
    fn to_integral_value(
        th: &mut Thread,
        this: Gc<Decimal>,
        rounding: Option<Value>,
        context: Option<Value>,
    ) -> Result {
        to_integral(th, this, rounding, context, false)
    }

    /// Round to the nearest integer, signaling Inexact or Rounded as appropriate if
    /// rounding occurs.  The rounding mode is determined by the rounding parameter
    /// if given, else by the given context.
    #[pymethod(sig = "(rounding=None, context=None)")]
    fn to_integral_exact(
        th: &mut Thread,
        this: Gc<Decimal>,
        rounding: Option<Value>,
        context: Option<Value>,
    ) -> Result {
        to_integral(th, this, rounding, context, true)
    }

    #[pymethod(raw)]
    fn __round__(th: &mut Thread, args: Args<'_>) -> Result {
        let n = args.values.len() - 1;
        if n > 1 {
            let m = format!("function takes at most 1 argument ({n} given)");
            return Err(th.type_error(m));
        }
        let this = th.expect::<Decimal>(args.values[0])?;
        let Some(digits) = args.values.get(1).copied() else {
            return object::to_int(th, &this.number(), Rounding::HalfEven);
        };
        if !int::is_int(digits) {
            return Err(th.type_error("optional arg must be an integer"));
        }
        let digits = context::number(th, digits)?;
        let ctx = context::current(th)?;
        let unit = Number::new(false, Coefficient::ONE, digits.saturating_neg());
        let mut status = 0;
        let n = op::quantize(&this.number(), &unit, &ctx.env.get(), &mut status);
        signal(th, ctx, status)?;
        object::new(th, &n)
    }

    #[pymethod(sig = "()")]
    fn __floor__(th: &mut Thread, this: Gc<Decimal>) -> Result {
        object::to_int(th, &this.number(), Rounding::Floor)
    }

    #[pymethod(sig = "()")]
    fn __ceil__(th: &mut Thread, this: Gc<Decimal>) -> Result {
        object::to_int(th, &this.number(), Rounding::Ceiling)
    }

    #[pymethod(sig = "()")]
    fn __trunc__(th: &mut Thread, this: Gc<Decimal>) -> Result {
        object::to_int(th, &this.number(), Rounding::Down)
    }

    #[pymethod(sig = "()")]
    fn __complex__(th: &mut Thread, this: Gc<Decimal>) -> Result {
        let f = object::to_float(th, &this.number())?;
        let f = th.float(f);
        let class = th.vm().ty(T::Complex).value();
        th.call(class, &[f])
    }

    #[pymethod(sig = "()")]
    fn __copy__(_: &mut Thread, this: Value) -> Value {
        this
    }

    #[pymethod]
    fn __deepcopy__(_: &mut Thread, this: Value, _memo: Value) -> Value {
        this
    }

    #[pymethod(sig = "()")]
    fn __reduce__(th: &mut Thread, this: Gc<Decimal>) -> Result {
        let text = th.str(this.value())?.value();
        let args = th.new_tuple(&[text]).value();
        let class = th.class_of(this.value()).value();
        Ok(th.new_tuple(&[class, args]).value())
    }

    #[pymethod(sig = "()")]
    fn __sizeof__(_: &mut Thread, this: Gc<Decimal>) -> i64 {
        let beyond = this
            .number()
            .c
            .with_limbs(|l| if l.len() > 2 { l.len() } else { 0 });
        (size_of::<Decimal>() + 8 * beyond) as i64
    }

    #[pymethod(raw)]
    fn __format__(th: &mut Thread, args: Args<'_>) -> Result {
        let n = args.values.len() - 1;
        let (this, spec, over) = match args.values {
            [this, spec] => (*this, *spec, None),
            [this, spec, over] => (*this, *spec, Some(*over)),
            _ => {
                let m = if n == 0 {
                    "function missing required argument 'specifier' (pos 1)".to_owned()
                } else {
                    format!("function takes at most 2 arguments ({n} given)")
                };
                return Err(th.type_error(m));
            }
        };
        let d = th.expect::<Decimal>(this)?;
        format::format(th, d, spec, over)
    }
}
