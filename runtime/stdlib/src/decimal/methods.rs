//! `decimal.Decimal`.

use taipan_vm::call::Args;
use taipan_vm::object::slots::CompareOp;
use taipan_vm::object::{Result, Value};
use taipan_vm::types::T;
use taipan_vm::types::type_::Type;
use taipan_vm::{Thread, pytype};

use super::arithmetic as ar;
use super::context::{self, or_current, signal};
use super::context_methods::{self as cm, Unary, binary, table, unary};
use super::number::{Env, Kind, Number, Rounding, compare, status as st};
use super::object::{self, Decimal, operand};
use super::{named_methods as nm, text};
use crate::datetime::args::named;
use crate::support::kept;

const P: u64 = (1 << 61) - 1;

fn power_modulo(base: u64, mut n: u64) -> u64 {
    let (mut x, mut b) = (1u128, base as u128);
    while n > 0 {
        if n & 1 == 1 {
            x = x * b % P as u128;
        }
        b = b * b % P as u128;
        n >>= 1;
    }
    x as u64
}

/// The hash that equal ints, floats and fractions have: the number modulo 2⁶¹-1.
fn hash_number(n: &Number) -> i64 {
    // The inverse of ten.
    const TENTH: u64 = 2075258708292324556;
    let power = match n.exp {
        0 => 1,
        e if e > 0 => power_modulo(10, e as u64),
        e => power_modulo(TENTH, e.unsigned_abs()),
    };
    let h = (n.c.modulo(P) as u128 * power as u128 % P as u128) as i64;
    match if n.negative { -h } else { h } {
        -1 => -2,
        h => h,
    }
}

/// A binary operator.
#[inline(always)]
fn operator(
    th: &mut Thread,
    a: Value,
    b: Value,
    f: impl FnOnce(&Number, &Number, &Env, &mut u32) -> Number,
) -> Result {
    let (Some(x), Some(y)) = (operand(a), operand(b)) else {
        return Ok(th.not_implemented());
    };
    let ctx = context::current(th)?;
    binary(th, ctx, f, &x, &y)
}

fn unary_operator(th: &mut Thread, this: Value, f: Unary) -> Result {
    let x = th.expect::<Decimal>(this)?.number();
    let ctx = context::current(th)?;
    unary(th, ctx, f, &x)
}

/// The other operand of a comparison, and by what ours is multiplied; None: not comparable.
fn comparable(
    th: &mut Thread,
    x: &Number,
    other: Value,
    op: CompareOp,
) -> Result<Option<(Number, Number)>> {
    if let Some(y) = operand(other) {
        return Ok(Some((x.clone(), y)));
    }
    let equality = matches!(op, CompareOp::Eq | CompareOp::Ne);
    let note = |th: &mut Thread| -> Result<()> {
        let ctx = context::current(th)?;
        if equality {
            ctx.status.set(ctx.status.get() | st::FLOAT_OPERATION);
            return Ok(());
        }
        signal(th, ctx, st::FLOAT_OPERATION)
    };
    if let Some(f) = th.as_float(other) {
        note(th)?;
        return Ok(Some((x.clone(), object::from_float(f))));
    }
    if th.is_instance_of(other, T::Complex) {
        if !equality {
            return Ok(None);
        }
        let (re, im) = (
            th.get_attr_str(other, "real")?,
            th.get_attr_str(other, "imag")?,
        );
        if th.as_float(im) != Some(0.0) {
            return Ok(None);
        }
        note(th)?;
        let f = th.as_float(re).unwrap_or(0.0);
        return Ok(Some((x.clone(), object::from_float(f))));
    }
    let rational = kept(th, "decimal.Rational").unwrap_or(th.none());
    if !th.is_instance_check(other, rational)? {
        return Ok(None);
    }
    let mut part = |name: &str| -> Result<Number> {
        let v = th.get_attr_str(other, name)?;
        match object::from_int(v) {
            Some(n) => Ok(n),
            None => {
                let what = format!("{name} is not an integer");
                Err(th.type_error(what))
            }
        }
    };
    let (n, d) = (part("numerator")?, part("denominator")?);
    let ours = if x.is_finite() {
        let mut own = 0;
        ar::multiply_exactly(x, &d, &mut own)
    } else {
        x.clone()
    };
    Ok(Some((ours, n)))
}

/// Construct a new Decimal object. 'value' can be an integer, string, tuple,
/// or another Decimal object. If no value is given, return Decimal('0'). The
/// context does not affect the conversion and is only passed to determine if
/// the InvalidOperation trap is active.
///
///
#[pytype(name = "Decimal", module = "decimal", flags = BASETYPE, table = DECIMAL,
    more = [&nm::UNARY, &nm::BINARY, &nm::PREDICATES, &nm::OTHERS])]
impl Decimal {
    #[pynew(raw, sig = "(value=\"0\", context=None)")]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        let class = args.values.first().and_then(|v| v.downcast::<Type>());
        let Some(class) = class else {
            return Err(th.type_error("Decimal.__new__(): not enough arguments"));
        };
        let (v, ctx) = match (args.positionals(), args.kwnames) {
            ([_, v], None) => (Some(*v), None),
            _ => {
                let all = named(th, args.skip_first(), &["value", "context"], 0, 2)?;
                (all[0], all[1])
            }
        };
        let ctx = or_current(th, ctx)?;
        match v {
            Some(v) => object::construct(th, class, v, ctx, true),
            None => object::of_class(th, class, &Number::small(false, 0, 0)),
        }
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let n = th.expect::<Decimal>(this)?.number();
        let capitals = context::current(th)?.capitals.get();
        let mut out = b"Decimal('".to_vec();
        out.extend_from_slice(&text::to_text(&n, capitals, false));
        out.extend_from_slice(b"')");
        Ok(th.new_ascii(&out).value())
    }

    #[pyslot]
    fn str_(th: &mut Thread, this: Value) -> Result {
        let n = th.expect::<Decimal>(this)?.number();
        let capitals = context::current(th)?.capitals.get();
        Ok(th.new_ascii(&text::to_text(&n, capitals, false)).value())
    }

    #[pyslot]
    fn hash(th: &mut Thread, this: Value) -> Result<i64> {
        let n = th.expect::<Decimal>(this)?.number();
        Ok(match n.kind {
            Kind::Finite => hash_number(&n),
            Kind::Infinite => {
                if n.negative {
                    -314159
                } else {
                    314159
                }
            }
            Kind::Nan => {
                let object = th.vm().ty(T::Object);
                match object.slots().hash {
                    Some(f) => return f(th, this),
                    None => 0,
                }
            }
            Kind::Snan => return Err(th.type_error("Cannot hash a signaling NaN value")),
        })
    }

    #[pyslot]
    fn richcompare(th: &mut Thread, a: Value, b: Value, op: CompareOp) -> Result {
        let x = th.expect::<Decimal>(a)?.number();
        let Some((x, y)) = comparable(th, &x, b, op)? else {
            return Ok(th.not_implemented());
        };
        if x.is_nan() || y.is_nan() {
            let signaling = x.kind == Kind::Snan || y.kind == Kind::Snan;
            if signaling || !matches!(op, CompareOp::Eq | CompareOp::Ne) {
                let ctx = context::current(th)?;
                signal(th, ctx, st::INVALID_OPERATION)?;
            }
            return Ok(th.bool(op == CompareOp::Ne));
        }
        Ok(th.bool(op.test(compare(&x, &y))))
    }

    #[pyslot]
    fn bool_(th: &mut Thread, this: Value) -> Result<bool> {
        Ok(!th.expect::<Decimal>(this)?.zero())
    }

    #[pyslot]
    fn add(th: &mut Thread, a: Value, b: Value) -> Result {
        operator(th, a, b, |x, y, e, s| ar::add(x, y, false, e, s))
    }

    #[pyslot]
    fn subtract(th: &mut Thread, a: Value, b: Value) -> Result {
        operator(th, a, b, |x, y, e, s| ar::add(x, y, true, e, s))
    }

    #[pyslot]
    fn multiply(th: &mut Thread, a: Value, b: Value) -> Result {
        operator(th, a, b, ar::multiply)
    }

    #[pyslot]
    fn true_divide(th: &mut Thread, a: Value, b: Value) -> Result {
        operator(th, a, b, ar::divide)
    }

    #[pyslot]
    fn floor_divide(th: &mut Thread, a: Value, b: Value) -> Result {
        operator(th, a, b, ar::divide_integer)
    }

    #[pyslot]
    fn remainder(th: &mut Thread, a: Value, b: Value) -> Result {
        operator(th, a, b, ar::remainder)
    }

    #[pyslot]
    fn divmod(th: &mut Thread, a: Value, b: Value) -> Result {
        let (Some(x), Some(y)) = (operand(a), operand(b)) else {
            return Ok(th.not_implemented());
        };
        let ctx = context::current(th)?;
        cm::divmod(th, ctx, &x, &y)
    }

    #[pyslot]
    fn power(th: &mut Thread, a: Value, b: Value, m: Value) -> Result {
        let (Some(x), Some(y)) = (operand(a), operand(b)) else {
            return Ok(th.not_implemented());
        };
        let modulus = if th.is_none(m) {
            None
        } else {
            match operand(m) {
                Some(m) => Some(m),
                None => return Ok(th.not_implemented()),
            }
        };
        let ctx = context::current(th)?;
        cm::power(th, ctx, &x, &y, modulus.as_ref())
    }

    #[pyslot]
    fn negative(th: &mut Thread, this: Value) -> Result {
        unary_operator(th, this, table::minus)
    }

    #[pyslot]
    fn positive(th: &mut Thread, this: Value) -> Result {
        unary_operator(th, this, table::plus)
    }

    #[pyslot]
    fn absolute(th: &mut Thread, this: Value) -> Result {
        unary_operator(th, this, table::abs)
    }

    #[pyslot]
    fn int(th: &mut Thread, this: Value) -> Result {
        let n = th.expect::<Decimal>(this)?.number();
        object::to_int(th, &n, Rounding::Down)
    }

    #[pyslot]
    fn float(th: &mut Thread, this: Value) -> Result {
        let n = th.expect::<Decimal>(this)?.number();
        let f = object::to_float(th, &n)?;
        Ok(th.float(f))
    }

    #[pygetter]
    fn real(_: &mut Thread, this: Value) -> Value {
        this
    }

    #[pygetter]
    fn imag(th: &mut Thread, _this: Value) -> Result {
        object::new(th, &Number::small(false, 0, 0))
    }
}
