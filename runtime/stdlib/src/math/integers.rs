//! Functions of ints of any size.

use dashu_int::{IBig, UBig};
use taipan_vm::number::int_ops;
use taipan_vm::types::int;
use taipan_vm::{Result, Thread, Value, call::VarArgs, pymethods};

/// The functions hang here.
pub struct Integers;

/// `v` as an int, by `__index__`.
fn integer(th: &mut Thread, v: Value) -> Result<IBig> {
    let v = th.index(v)?;
    Ok(int::to_ibig(v).unwrap_or_default())
}

fn gcd_small(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// The product of the numbers `from..=to`, by halves so that factors stay of one size.
fn range_product(from: u64, to: u64) -> UBig {
    if from > to {
        return UBig::ONE;
    }
    if to - from < 8 {
        let mut r = UBig::from(from);
        for i in from + 1..=to {
            r *= UBig::from(i);
        }
        return r;
    }
    let middle = from + (to - from) / 2;
    range_product(from, middle) * range_product(middle + 1, to)
}

/// Falling product `n · (n-1) ⋯ (n-k+1)`.
fn falling(n: &IBig, k: u64) -> IBig {
    match k {
        0 => IBig::ONE,
        1 => n.clone(),
        _ => {
            let half = k / 2;
            falling(n, half) * falling(&(n - IBig::from(half)), k - half)
        }
    }
}

#[pymethods(table = FUNCTIONS)]
impl Integers {
    /// Number of ways to choose k items from n items without repetition and without order.
    ///
    /// Evaluates to n! / (k! * (n - k)!) when k <= n and evaluates
    /// to zero when k > n.
    ///
    /// Also called the binomial coefficient because it is equivalent
    /// to the coefficient of k-th term in polynomial expansion of the
    /// expression (1 + x)**n.
    ///
    /// Raises TypeError if either of the arguments are not integers.
    /// Raises ValueError if either of the arguments are negative.
    #[pyfunction]
    fn comb(th: &mut Thread, n: Value, k: Value) -> Result {
        let (n, k) = (integer(th, n)?, integer(th, k)?);
        if n < IBig::ZERO {
            return Err(th.value_error("n must be a non-negative integer"));
        }
        if k < IBig::ZERO {
            return Err(th.value_error("k must be a non-negative integer"));
        }
        if k > n {
            return Ok(Value::small(0));
        }
        let rest = &n - &k;
        let k = if rest < k { rest } else { k };
        let Ok(k) = i64::try_from(&k) else {
            return Err(th.overflow_error(format!("min(n - k, k) must not exceed {}", i64::MAX)));
        };
        // Exact at every step: r is a binomial coefficient itself.
        if let Ok(n) = u64::try_from(&n) {
            let mut r: u128 = 1;
            let mut fits = true;
            for i in 0..k as u64 {
                match r.checked_mul((n - i) as u128) {
                    Some(p) => r = p / (i as u128 + 1),
                    None => {
                        fits = false;
                        break;
                    }
                }
            }
            if fits {
                return Ok(int::normalize(th, &IBig::from(r)));
            }
        }
        let r = falling(&n, k as u64) / IBig::from(range_product(1, k as u64));
        Ok(int::normalize(th, &r))
    }

    /// Number of ways to choose k items from n items without repetition and with order.
    ///
    /// Evaluates to n! / (n - k)! when k <= n and evaluates
    /// to zero when k > n.
    ///
    /// If k is not specified or is None, then k defaults to n
    /// and the function returns n!.
    ///
    /// Raises TypeError if either of the arguments are not integers.
    /// Raises ValueError if either of the arguments are negative.
    #[pyfunction(sig = "(n, k=None, /)")]
    fn perm(th: &mut Thread, n: Value, k: Option<Value>) -> Result {
        let Some(k) = th.not_none(k) else {
            return factorial(th, n);
        };
        let (n, k) = (integer(th, n)?, integer(th, k)?);
        if n < IBig::ZERO {
            return Err(th.value_error("n must be a non-negative integer"));
        }
        if k < IBig::ZERO {
            return Err(th.value_error("k must be a non-negative integer"));
        }
        if k > n {
            return Ok(Value::small(0));
        }
        let Ok(k) = i64::try_from(&k) else {
            return Err(th.overflow_error(format!("k must not exceed {}", i64::MAX)));
        };
        let r = falling(&n, k as u64);
        Ok(int::normalize(th, &r))
    }

    /// Find n!.
    #[pyfunction]
    fn factorial(th: &mut Thread, n: Value) -> Result {
        factorial(th, n)
    }

    /// Greatest Common Divisor.
    #[pyfunction(sig = "(*integers)")]
    fn gcd(th: &mut Thread, integers: VarArgs) -> Result {
        let mut small: u64 = 0;
        let mut wide: Option<IBig> = None;
        for v in integers.0.as_slice() {
            let v = th.index(*v)?;
            match (&wide, int::to_i64(v)) {
                (None, Some(i)) => small = gcd_small(small, i.unsigned_abs()),
                _ => {
                    let i = int::to_ibig(v).unwrap_or_default();
                    let so_far = wide.unwrap_or_else(|| IBig::from(small));
                    wide = Some(int_ops::gcd(&so_far, &i));
                }
            }
        }
        Ok(match wide {
            None => th.int_from_u64(small),
            Some(i) => int::normalize(th, &i),
        })
    }

    /// Least Common Multiple.
    #[pyfunction(sig = "(*integers)")]
    fn lcm(th: &mut Thread, integers: VarArgs) -> Result {
        let mut r = IBig::ONE;
        for v in integers.0.as_slice() {
            let i = integer(th, *v)?;
            r = if r.is_zero() || i.is_zero() {
                IBig::ZERO
            } else {
                let g = int_ops::gcd(&r, &i);
                let product = (r / g) * i;
                if product < IBig::ZERO {
                    -product
                } else {
                    product
                }
            };
        }
        Ok(int::normalize(th, &r))
    }

    /// Return the integer part of the square root of the input.
    #[pyfunction]
    fn isqrt(th: &mut Thread, n: Value) -> Result {
        let n = th.index(n)?;
        if let Some(i) = n.as_int()
            && i >= 0
        {
            return Ok(th.int((i as u64).isqrt() as i64));
        }
        let n = int::to_ibig(n).unwrap_or_default();
        let r = th.format_result(int_ops::isqrt(&n))?;
        Ok(int::normalize(th, &r))
    }
}

fn factorial(th: &mut Thread, n: Value) -> Result {
    let n = th.index(n)?;
    let n = match int::to_i64(n) {
        Some(n) if n >= 0 => n as u64,
        None if !int::is_negative(n) => {
            return Err(th.overflow_error(format!(
                "factorial() argument should not exceed {}",
                i64::MAX
            )));
        }
        _ => return Err(th.value_error("factorial() not defined for negative values")),
    };
    let r = IBig::from(range_product(1, n));
    Ok(int::normalize(th, &r))
}
