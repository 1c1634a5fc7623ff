//! Sums and products of iterables.

use pymath::math as m;
use taipan_vm::protocol::arith::BinaryOp;
use taipan_vm::types::{T, int};
use taipan_vm::{Result, Thread, Value, call::VarArgs, pymethods};

/// The functions hang here.
pub struct Sums;

fn floats(th: &mut Thread, v: Value) -> Result<Vec<f64>> {
    let mut out = Vec::new();
    th.for_each(v, |th, x| {
        let f = th.to_f64(x)?;
        out.push(f);
        Ok(())
    })?;
    Ok(out)
}

/// Adds `x` to partial sums that do not overlap (Shewchuk).
fn add_partial(partials: &mut Vec<f64>, mut x: f64) {
    let mut kept = 0;
    for i in 0..partials.len() {
        let mut y = partials[i];
        if x.abs() < y.abs() {
            (x, y) = (y, x);
        }
        let high = x + y;
        let low = y - (high - x);
        if low != 0.0 {
            partials[kept] = low;
            kept += 1;
        }
        x = high;
    }
    partials.truncate(kept);
    partials.push(x);
}

/// The partial sums' total, rounded once, half to even.
fn total(partials: &[f64]) -> f64 {
    let Some((&last, mut rest)) = partials.split_last() else {
        return 0.0;
    };
    let (mut high, mut low) = (last, 0.0);
    while let Some((&y, before)) = rest.split_last() {
        rest = before;
        let x = high;
        high = x + y;
        low = y - (high - x);
        if low != 0.0 {
            break;
        }
    }
    // A tie is broken by the sign of what is below it.
    if let Some(&next) = rest.last()
        && ((low < 0.0 && next < 0.0) || (low > 0.0 && next > 0.0))
    {
        let twice = low * 2.0;
        let x = high + twice;
        if twice == x - high {
            high = x;
        }
    }
    high
}

#[pymethods(table = FUNCTIONS)]
impl Sums {
    /// Return an accurate floating-point sum of values in the iterable seq.
    ///
    /// Assumes IEEE-754 floating-point arithmetic.
    #[pyfunction]
    fn fsum(th: &mut Thread, seq: Value) -> Result<f64> {
        let mut partials: Vec<f64> = Vec::new();
        let (mut special, mut infinite) = (0.0f64, 0.0f64);
        th.for_each(seq, |th, v| {
            let x = th.to_f64(v)?;
            if !x.is_finite() {
                if x.is_infinite() {
                    infinite += x;
                }
                special += x;
                partials.clear();
                return Ok(());
            }
            add_partial(&mut partials, x);
            if partials.last().is_some_and(|p| !p.is_finite()) {
                return Err(th.overflow_error("intermediate overflow in fsum"));
            }
            Ok(())
        })?;
        if special != 0.0 {
            if infinite.is_nan() {
                return Err(th.value_error("-inf + inf in fsum"));
            }
            return Ok(special);
        }
        Ok(total(&partials))
    }

    /// Multidimensional Euclidean distance from the origin to a point.
    ///
    /// Roughly equivalent to:
    ///     sqrt(sum(x**2 for x in coordinates))
    ///
    /// For a two dimensional point (x, y), gives the hypotenuse
    /// using the Pythagorean theorem:  sqrt(x*x + y*y).
    ///
    /// For example, the hypotenuse of a 3/4/5 right triangle is:
    ///
    ///     >>> hypot(3.0, 4.0)
    ///     5.0
    #[pyfunction(sig = "(*coordinates)")]
    fn hypot(th: &mut Thread, coordinates: VarArgs) -> Result<f64> {
        let mut point = Vec::with_capacity(coordinates.0.len());
        for v in coordinates.0.as_slice() {
            point.push(th.to_f64(*v)?);
        }
        Ok(m::hypot(&point))
    }

    /// Return the Euclidean distance between two points p and q.
    ///
    /// The points should be specified as sequences (or iterables) of
    /// coordinates.  Both inputs must have the same dimension.
    ///
    /// Roughly equivalent to:
    ///     sqrt(sum((px - qx) ** 2.0 for px, qx in zip(p, q)))
    #[pyfunction]
    fn dist(th: &mut Thread, p: Value, q: Value) -> Result<f64> {
        let p = th.to_tuple(p)?.value();
        let q = th.to_tuple(q)?.value();
        if th.len(p)? != th.len(q)? {
            return Err(th.value_error("both points must have the same number of dimensions"));
        }
        let (p, q) = (floats(th, p)?, floats(th, q)?);
        Ok(m::dist(&p, &q))
    }

    /// Calculate the product of all the elements in the input iterable.
    ///
    /// The default start value for the product is 1.
    ///
    /// When the iterable is empty, return the start value.  This function is
    /// intended specifically for use with numeric values and may reject
    /// non-numeric types.
    #[pyfunction(sig = "(iterable, /, *, start=1)")]
    fn prod(th: &mut Thread, iterable: Value, start: Option<Value>) -> Result {
        let mut result = start.unwrap_or(Value::small(1));
        th.for_each(iterable, |th, v| {
            result = match (result.as_int(), v.as_int()) {
                (Some(x), Some(y)) => int::from_i128(th, x as i128 * y as i128),
                _ => match (result.as_tagged_float(), v.as_tagged_float()) {
                    (Some(x), Some(y)) => th.float(x * y),
                    _ => th.binary(BinaryOp::Mul, result, v)?,
                },
            };
            Ok(())
        })?;
        Ok(result)
    }

    /// Return the sum of products of values from two iterables p and q.
    ///
    /// Roughly equivalent to:
    ///
    ///     sum(map(operator.mul, p, q, strict=True))
    ///
    /// For float and mixed int/float inputs, the intermediate products
    /// and sums are computed with extended precision.
    #[pyfunction]
    fn sumprod(th: &mut Thread, p: Value, q: Value) -> Result {
        let (p, q) = (th.collect(p)?, th.collect(q)?);
        if p.len() != q.len() {
            return Err(th.value_error("Inputs are not the same length"));
        }
        let plain =
            |th: &Thread, v: Value| v.is_int() || v.is_tagged_float() || th.is_exact(v, T::Float);
        let pairs = || p.as_slice().iter().zip(q.as_slice());
        let numbers = pairs().all(|(a, b)| plain(th, *a) && plain(th, *b));
        let floating = pairs().any(|(a, b)| !a.is_int() || !b.is_int());
        if numbers && floating {
            let mut xs = Vec::with_capacity(p.len());
            let mut ys = Vec::with_capacity(p.len());
            for i in 0..p.len() {
                if let (Some(a), Some(b)) = (p.get(i), q.get(i)) {
                    xs.push(th.to_f64(a)?);
                    ys.push(th.to_f64(b)?);
                }
            }
            let r = m::sumprod(&xs, &ys).unwrap_or(f64::NAN);
            return Ok(th.float(r));
        }
        let mut sum = Value::small(0);
        for i in 0..p.len() {
            if let (Some(a), Some(b)) = (p.get(i), q.get(i)) {
                let product = th.binary(BinaryOp::Mul, a, b)?;
                sum = th.binary(BinaryOp::Add, sum, product)?;
            }
        }
        Ok(sum)
    }
}
