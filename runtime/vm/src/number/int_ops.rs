//! Arithmetic of wide integers where Python has rules of its own: floored
//! division, correctly rounded conversions, hashes, modular powers.

use dashu_base::{DivRem, Gcd, Sign};
use dashu_int::fast_div::ConstDivisor;
use dashu_int::ops::BitTest;
use dashu_int::{IBig, UBig};

use super::error::{ErrorClass, FormatError, check_memory};
use super::float_hex::round_to_float;
use super::float_ops::{DIVISION_BY_ZERO, HASH_MODULUS};

/// Bits of two factors together, from which on it is worth looking for factors of two.
const MANY_BITS: usize = 4096;

/// An integer, small if it fits in 64 bits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Int {
    /// Fits.
    Small(i64),
    /// Does not fit.
    Big(IBig),
}

impl Int {
    /// The small form if possible.
    pub fn from_big(n: IBig) -> Int {
        match i64::try_from(&n) {
            Ok(small) => Int::Small(small),
            Err(_) => Int::Big(n),
        }
    }

    /// The wide form.
    pub fn to_big(&self) -> IBig {
        match self {
            Int::Small(n) => IBig::from(*n),
            Int::Big(n) => n.clone(),
        }
    }
}

/// `hash(n)` of a small integer.
#[inline]
pub fn hash_small(n: i64) -> i64 {
    let residue = (n.unsigned_abs() % HASH_MODULUS) as i64;
    match if n < 0 { -residue } else { residue } {
        -1 => -2,
        hash => hash,
    }
}

/// `hash(n)`: the residue modulo 2⁶¹ − 1 with the sign of `n`.
pub fn hash(n: &IBig) -> i64 {
    let (sign, words) = n.as_sign_words();
    let mut residue = 0u128;
    for &word in words.iter().rev() {
        // 2^64 ≡ 8, and the parts stay far below 2^128.
        residue = (residue * 8 + u128::from(word)) % u128::from(HASH_MODULUS);
    }
    let residue = residue as i64;
    match if sign == Sign::Negative {
        -residue
    } else {
        residue
    } {
        -1 => -2,
        hash => hash,
    }
}

/// The 64 highest bits, whether any lower bit is set, and the exponent.
fn top_bits(n: &UBig) -> (u64, bool, i64) {
    let len = n.bit_len();
    let shift = len.saturating_sub(64);
    let top = n >> shift;
    let sticky = shift > 0 && n.trailing_zeros().is_some_and(|zeros| zeros < shift);
    (u64::try_from(&top).unwrap_or(0), sticky, shift as i64)
}

/// `float(n)`, rounded half to even.
pub fn to_float(n: &IBig) -> Result<f64, FormatError> {
    let (sign, magnitude) = n.clone().into_parts();
    let (top, sticky, exponent) = top_bits(&magnitude);
    if top == 0 {
        return Ok(0.0);
    }
    let x = round_to_float(top, sticky, exponent)
        .ok_or_else(|| FormatError::overflow("int too large to convert to float"))?;
    Ok(if sign == Sign::Negative { -x } else { x })
}

/// `a / b`, rounded once, half to even.
pub fn true_div(a: &IBig, b: &IBig) -> Result<f64, FormatError> {
    let (sign_a, a) = a.clone().into_parts();
    let (sign_b, b) = b.clone().into_parts();
    if b.is_zero() {
        return Err(FormatError::zero_division(DIVISION_BY_ZERO));
    }
    if a.is_zero() {
        return Ok(if sign_b == Sign::Negative { -0.0 } else { 0.0 });
    }
    // A quotient of 62 or 63 bits: enough to round from, with a sticky bit.
    let shift = a.bit_len() as i64 - b.bit_len() as i64 - 62;
    let (quotient, remainder) = if shift >= 0 {
        a.div_rem(b << shift as usize)
    } else if shift < -1200 {
        // Far below the smallest float.
        (UBig::ZERO, UBig::ONE)
    } else {
        (a << (-shift) as usize).div_rem(b)
    };
    let sticky = !remainder.is_zero();
    let quotient = u64::try_from(&quotient).unwrap_or(u64::MAX);
    let x = if quotient == 0 {
        0.0
    } else {
        round_to_float(quotient, sticky, shift)
            .ok_or_else(|| FormatError::overflow("integer division result too large for a float"))?
    };
    Ok(if sign_a == sign_b { x } else { -x })
}

/// `divmod(a, b)`: the quotient is floored.
pub fn divmod(a: &IBig, b: &IBig) -> Result<(IBig, IBig), FormatError> {
    if b.is_zero() {
        return Err(FormatError::zero_division(DIVISION_BY_ZERO));
    }
    let (mut quotient, mut remainder) = a.div_rem(b);
    if !remainder.is_zero() && (remainder.sign() != b.sign()) {
        quotient -= IBig::ONE;
        remainder += b;
    }
    Ok((quotient, remainder))
}

/// `divmod(a, b)` of small integers; the quotient of `i64::MIN` by −1 does not
/// fit.
pub fn divmod_small(a: i64, b: i64) -> Result<(Int, i64), FormatError> {
    if b == 0 {
        return Err(FormatError::zero_division(DIVISION_BY_ZERO));
    }
    if b == -1 {
        let quotient = a
            .checked_neg()
            .map_or_else(|| Int::Big(-IBig::from(a)), Int::Small);
        return Ok((quotient, 0));
    }
    let (quotient, remainder) = (a / b, a % b);
    Ok(if remainder != 0 && (remainder < 0) != (b < 0) {
        (Int::Small(quotient - 1), remainder + b)
    } else {
        (Int::Small(quotient), remainder)
    })
}

/// `n << count`, if there is memory for it.
pub fn shift_left(n: &IBig, count: &IBig) -> Result<IBig, FormatError> {
    if count.sign() == Sign::Negative {
        return Err(FormatError::value("negative shift count"));
    }
    if n.is_zero() {
        return Ok(IBig::ZERO);
    }
    match usize::try_from(count) {
        Ok(count) if count >> 60 == 0 => {
            check_memory(count / 4)?;
            Ok(n << count)
        }
        _ => Err(FormatError::overflow("too many digits in integer")),
    }
}

/// `n >> count`, floored.
pub fn shift_right(n: &IBig, count: &IBig) -> Result<IBig, FormatError> {
    if count.sign() == Sign::Negative {
        return Err(FormatError::value("negative shift count"));
    }
    Ok(match usize::try_from(count) {
        Ok(count) => n >> count,
        Err(_) if n.sign() == Sign::Negative => IBig::NEG_ONE,
        Err(_) => IBig::ZERO,
    })
}

/// `pow(base, exponent, modulus)`.
pub fn pow_mod(base: &IBig, exponent: &IBig, modulus: &IBig) -> Result<IBig, FormatError> {
    if modulus.is_zero() {
        return Err(FormatError::value("pow() 3rd argument cannot be 0"));
    }
    let (sign, magnitude) = modulus.clone().into_parts();
    if magnitude.is_one() {
        return Ok(IBig::ZERO);
    }
    let ring = ConstDivisor::new(magnitude);
    let mut reduced = ring.reduce(base.clone());
    let (exponent_sign, exponent) = exponent.clone().into_parts();
    if exponent_sign == Sign::Negative {
        reduced = reduced
            .inv()
            .ok_or_else(|| FormatError::value("base is not invertible for the given modulus"))?;
    }
    let result = IBig::from(reduced.pow(&exponent).residue());
    Ok(if sign == Sign::Negative && !result.is_zero() {
        result + modulus
    } else {
        result
    })
}

/// `a * b`. Where a good part of the bits are factors of two, those are shifted: their zero words
/// would be multiplied like others (a power of two of a billion bits by itself: 18 s, and 0.6).
pub fn multiply(a: IBig, b: IBig) -> IBig {
    let bits = a.bit_len() + b.bit_len();
    if bits > MANY_BITS
        && let (Some(i), Some(j)) = (a.trailing_zeros(), b.trailing_zeros())
        && i + j > bits / 8
    {
        return ((a >> i) * (b >> j)) << (i + j);
    }
    a * b
}

/// `base ** exponent` for an exponent that is not negative, if there is memory
/// for it.
pub fn pow(base: &IBig, exponent: &IBig) -> Result<IBig, FormatError> {
    let odd = exponent.bit(0);
    if base.is_zero() || base.is_one() || *base == IBig::NEG_ONE {
        return Ok(match (exponent.is_zero(), odd) {
            (true, _) => IBig::ONE,
            (_, true) => base.clone(),
            _ => base * base,
        });
    }
    let count = usize::try_from(exponent).ok();
    let bits = count.and_then(|count| count.checked_mul(base.bit_len()));
    match (count, bits) {
        (Some(count), Some(bits)) => {
            check_memory(bits / 4)?;
            Ok(base.pow(count))
        }
        _ => Err(FormatError::new(ErrorClass::MemoryError, "")),
    }
}

/// `math.isqrt(n)`.
pub fn isqrt(n: &IBig) -> Result<IBig, FormatError> {
    use dashu_base::SquareRoot;
    let (sign, magnitude) = n.clone().into_parts();
    if sign == Sign::Negative {
        return Err(FormatError::value("isqrt() argument must be nonnegative"));
    }
    Ok(IBig::from(SquareRoot::sqrt(&magnitude)))
}

/// `math.gcd(a, b)`.
pub fn gcd(a: &IBig, b: &IBig) -> IBig {
    if a.is_zero() && b.is_zero() {
        return IBig::ZERO;
    }
    IBig::from(a.gcd(b))
}

/// `n.bit_length()`.
pub fn bit_length(n: &IBig) -> usize {
    n.as_sign_words()
        .1
        .iter()
        .rposition(|&word| word != 0)
        .map_or(0, |top| {
            let word = n.as_sign_words().1[top];
            (top + 1) * 64 - word.leading_zeros() as usize
        })
}

/// `n.bit_count()`: ones of the magnitude.
pub fn bit_count(n: &IBig) -> usize {
    let words = n.as_sign_words().1;
    words.iter().map(|word| word.count_ones() as usize).sum()
}

/// `round(n, -places)`, half to even.
pub fn round_places(n: &IBig, places: usize) -> IBig {
    if places > bit_length(n) {
        return IBig::ZERO;
    }
    let unit = IBig::from(10).pow(places);
    let Ok((quotient, remainder)) = divmod(n, &unit) else {
        return n.clone();
    };
    let twice = &remainder * IBig::from(2);
    let up = twice > unit || twice == unit && quotient.bit(0);
    (quotient + IBig::from(u8::from(up))) * unit
}

#[cfg(test)]
mod tests {
    use super::*;

    fn big(text: &str) -> IBig {
        text.parse().unwrap()
    }

    #[test]
    fn hashes() {
        assert_eq!(hash(&big("2305843009213693951")), 0);
        assert_eq!(hash(&-(IBig::ONE << 61usize)), -2);
        assert_eq!((hash_small(-1), hash_small(i64::MIN)), (-2, -4));
        assert_eq!(hash(&IBig::from(10).pow(50)), 619332571178673746);
    }

    #[test]
    fn floats() {
        assert_eq!(to_float(&big("9007199254740993")), Ok(9007199254740992.0));
        assert_eq!(to_float(&big("-9007199254740995")), Ok(-9007199254740996.0));
        assert_eq!(to_float(&IBig::from(10).pow(22)), Ok(1e22));
        assert!(to_float(&IBig::from(10).pow(309)).is_err());
        assert_eq!(
            true_div(
                &IBig::from(10).pow(400),
                &(IBig::from(10).pow(400) * IBig::from(3))
            ),
            Ok(1.0 / 3.0)
        );
        assert_eq!(true_div(&IBig::ONE, &(IBig::ONE << 1074usize)), Ok(5e-324));
        assert_eq!(true_div(&IBig::ONE, &(IBig::ONE << 1075usize)), Ok(0.0));
        assert_eq!(true_div(&IBig::from(3), &IBig::from(10).pow(400)), Ok(0.0));
        assert!(true_div(&IBig::from(10).pow(400), &IBig::from(3)).is_err());
    }

    #[test]
    fn division_and_shifts() {
        for (a, b, q, r) in [
            (7, 2, 3, 1),
            (-7, 2, -4, 1),
            (7, -2, -4, -1),
            (-7, -2, 3, -1),
        ] {
            let wide = divmod(&IBig::from(a), &IBig::from(b));
            assert_eq!(wide, Ok((IBig::from(q), IBig::from(r))));
            assert_eq!(divmod_small(a, b), Ok((Int::Small(q), r)));
        }
        let huge = IBig::ONE << 70usize;
        assert_eq!(shift_right(&IBig::from(-5), &IBig::ONE), Ok(IBig::from(-3)));
        assert_eq!(shift_right(&IBig::from(-5), &huge), Ok(IBig::NEG_ONE));
        assert!(shift_left(&IBig::ONE, &huge).is_err());
        assert_eq!(shift_left(&IBig::ZERO, &huge), Ok(IBig::ZERO));
        assert_eq!(-&huge & IBig::from(-2), -huge.clone());
        assert_eq!(-&huge | IBig::from(5), -huge.clone() + IBig::from(5));
        assert_eq!(!&huge, -huge - IBig::ONE);
    }

    #[test]
    fn factors_of_two_are_shifted() {
        let odd = |n: u32| IBig::from(-3).pow(n as usize) - IBig::from(2);
        for (i, j) in [(0, 0), (5000, 0), (0, 7001), (6400, 6400), (100_000, 3)] {
            let (a, b) = (odd(101) << i, odd(1500) << j);
            let plain = (&a * &b, &a * &a, &b * &b);
            let shifted = (
                super::multiply(a.clone(), b.clone()),
                super::multiply(a.clone(), a),
                super::multiply(b.clone(), b),
            );
            assert_eq!(shifted, plain);
        }
        assert_eq!(super::multiply(IBig::ZERO, IBig::ONE << 9000), IBig::ZERO);
    }

    #[test]
    fn powers_and_roots() {
        let pow3 = |a: i32, b: i32, c: i32| {
            pow_mod(&IBig::from(a), &IBig::from(b), &IBig::from(c)).map_err(|e| e.to_string())
        };
        assert_eq!(pow3(3, -2, 7), Ok(IBig::from(4)));
        assert_eq!(pow3(-3, 2, -7), Ok(IBig::from(-5)));
        assert_eq!(pow3(2, -1, 1), Ok(IBig::ZERO));
        assert_eq!(pow3(5, 0, 7), Ok(IBig::ONE));
        assert_eq!(
            pow3(2, -1, 4),
            Err("ValueError: base is not invertible for the given modulus".into())
        );
        assert_eq!(pow(&IBig::from(-2), &IBig::from(3)), Ok(IBig::from(-8)));
        assert_eq!(pow(&IBig::NEG_ONE, &(IBig::ONE << 70usize)), Ok(IBig::ONE));
        assert_eq!(isqrt(&IBig::from(10).pow(40)), Ok(IBig::from(10).pow(20)));
        assert_eq!(gcd(&IBig::from(-12), &IBig::from(18)), IBig::from(6));
        assert_eq!(gcd(&IBig::ZERO, &IBig::ZERO), IBig::ZERO);
        assert_eq!(
            (bit_length(&IBig::from(-256)), bit_count(&IBig::from(-7))),
            (9, 3)
        );
        assert_eq!(
            round_places(&big("12345678901234567890"), 3),
            big("12345678901234568000")
        );
        assert_eq!(round_places(&IBig::from(-15), 1), IBig::from(-20));
        assert_eq!(round_places(&IBig::from(25), 1), IBig::from(20));
    }
}
