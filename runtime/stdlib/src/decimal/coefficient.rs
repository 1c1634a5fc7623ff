//! Coefficients: natural numbers of any size, up to 36 digits in machine words.

use std::cmp::Ordering;

use super::limbs::{self, BASE, BASE_DIVISOR, DIVISORS, POWERS, Rest, WIDTH};

/// A natural number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Coefficient {
    /// Below 10³⁶.
    Small(u128),
    /// Three limbs or more; the leading one is not zero.
    Large(Vec<u64>),
}

use Coefficient::{Large, Small};

/// Numbers that do not fit are not made.
pub const MOST_DIGITS: i64 = 4_000_000_000;

/// Digits that [`Small`] holds.
pub const SMALL_DIGITS: i64 = 2 * WIDTH;
const SMALL_END: u128 = BASE as u128 * BASE as u128;

static WIDE_POWERS: [u128; 39] = {
    let mut p = [1; 39];
    let mut i = 1;
    while i < 39 {
        p[i] = p[i - 1] * 10;
        i += 1;
    }
    p
};

/// Number of digits; one for zero.
#[inline]
pub fn wide_digits(w: u128) -> i64 {
    if let Ok(w) = u64::try_from(w) {
        return limbs::word_digits(w);
    }
    let guess = ((128 - w.leading_zeros()) * 1233) >> 12;
    guess as i64 + (w >= WIDE_POWERS[guess as usize]) as i64
}

/// `w / 10^n` and the remainder, for `w` below 10³⁶ and `n` at most 36.
#[inline]
fn div_wide(w: u128, n: usize) -> (u128, Rest) {
    if n == 0 {
        return (w, Rest::Zero);
    }
    if n <= 18 {
        let (q, r) = DIVISORS[n].div_wide(w);
        return (q, Rest::of_word(r, n));
    }
    let (high, low) = BASE_DIVISOR.div_wide(w);
    let high = high as u64;
    if n == 36 {
        let top = high / POWERS[17];
        return (
            0,
            Rest::new(top, !high.is_multiple_of(POWERS[17]) || low != 0),
        );
    }
    let (q, r) = DIVISORS[n - 18].div(high as u128);
    let digit = r / POWERS[n - 19];
    let more = r % POWERS[n - 19] != 0 || low != 0;
    (q as u128, Rest::new(digit, more))
}

#[inline]
fn two_limbs(w: u128) -> [u64; 2] {
    if w < BASE as u128 {
        return [w as u64, 0];
    }
    let (q, r) = BASE_DIVISOR.div(w);
    [r, q]
}

impl Coefficient {
    /// Zero.
    pub const ZERO: Coefficient = Small(0);
    /// One.
    pub const ONE: Coefficient = Small(1);

    /// From limbs.
    pub fn from_limbs(mut l: Vec<u64>) -> Coefficient {
        limbs::trim(&mut l);
        if l.len() > 2 {
            Large(l)
        } else {
            Coefficient::from_slice(&l)
        }
    }

    /// From limbs, copied.
    pub fn from_slice(l: &[u64]) -> Coefficient {
        match *limbs::trimmed(l) {
            [] => Small(0),
            [a] => Small(a as u128),
            [a, b] => Small(b as u128 * BASE as u128 + a as u128),
            ref l => Large(l.to_vec()),
        }
    }

    /// From 128 bits.
    pub fn from_wide(w: u128) -> Coefficient {
        if w < SMALL_END {
            return Small(w);
        }
        let (high, low) = BASE_DIVISOR.div_wide(w);
        let (top, middle) = BASE_DIVISOR.div_wide(high);
        Large(vec![low, middle, top as u64])
    }

    /// From ASCII digits.
    pub fn from_digits(text: &[u8]) -> Coefficient {
        if text.len() <= 36 {
            let part = |t: &[u8]| t.iter().fold(0u64, |n, d| n * 10 + (d - b'0') as u64);
            let cut = text.len().saturating_sub(18);
            return Small(part(&text[..cut]) as u128 * BASE as u128 + part(&text[cut..]) as u128);
        }
        Coefficient::from_limbs(limbs::from_digits(text))
    }

    /// `10^n - 1`.
    pub fn nines(n: i64) -> Coefficient {
        if n <= 36 {
            return Small(WIDE_POWERS[n as usize] - 1);
        }
        let mut l = vec![BASE - 1; (n / WIDTH) as usize];
        let rest = (n % WIDTH) as usize;
        if rest > 0 {
            l.push(POWERS[rest] - 1);
        }
        Large(l)
    }

    /// Calls with the limbs.
    pub fn with_limbs<R>(&self, f: impl FnOnce(&[u64]) -> R) -> R {
        match self {
            Small(w) => f(limbs::trimmed(&two_limbs(*w))),
            Large(l) => f(l),
        }
    }

    /// Zero?
    #[inline(always)]
    pub fn is_zero(&self) -> bool {
        matches!(self, Small(0))
    }

    /// Number of digits; one for zero.
    #[inline]
    pub fn digits(&self) -> i64 {
        match self {
            Small(w) => wide_digits(*w),
            Large(l) => limbs::digits(l),
        }
    }

    /// The last digit.
    pub fn last_digit(&self) -> u64 {
        match self {
            Small(w) => (*w % 10) as u64,
            Large(l) => l[0] % 10,
        }
    }

    /// Odd?
    pub fn is_odd(&self) -> bool {
        match self {
            Small(w) => *w & 1 == 1,
            Large(l) => l[0] & 1 == 1,
        }
    }

    /// Number of zeros at the end; none for zero.
    pub fn trailing_zeros(&self) -> i64 {
        let word = |mut w: u64| {
            let mut n = 0;
            while w != 0 && w.is_multiple_of(10) {
                w /= 10;
                n += 1;
            }
            n
        };
        if self.is_zero() || self.last_digit() != 0 {
            return 0;
        }
        self.with_limbs(|l| match l.iter().position(|x| *x != 0) {
            Some(i) => i as i64 * WIDTH + word(l[i]),
            None => 0,
        })
    }

    /// `self * 10^n`; None if that is too large.
    #[inline]
    pub fn shl(&self, n: i64) -> Option<Coefficient> {
        if n == 0 || self.is_zero() {
            return Some(self.clone());
        }
        let digits = self.digits();
        if let Small(w) = self
            && n <= SMALL_DIGITS - digits
        {
            return Some(Small(*w * WIDE_POWERS[n as usize]));
        }
        if n > MOST_DIGITS - digits {
            return None;
        }
        Some(Coefficient::from_limbs(
            self.with_limbs(|l| limbs::shl(l, n)),
        ))
    }

    /// `self / 10^n` and what is dropped.
    #[inline]
    pub fn shr(&self, n: i64) -> (Coefficient, Rest) {
        match self {
            Small(w) => {
                if n > SMALL_DIGITS {
                    let rest = if *w == 0 { Rest::Zero } else { Rest::Below };
                    return (Small(0), rest);
                }
                let (q, r) = div_wide(*w, n as usize);
                (Small(q), r)
            }
            Large(l) => shr_limbs(l, n),
        }
    }

    /// `self + other`.
    #[inline]
    pub fn add(&self, other: &Coefficient) -> Coefficient {
        if let (Small(a), Small(b)) = (self, other) {
            return Coefficient::from_wide(a + b);
        }
        Coefficient::from_limbs(self.with_limbs(|a| other.with_limbs(|b| limbs::add(a, b))))
    }

    /// `self + 1`.
    pub fn increment(&self) -> Coefficient {
        self.add(&Small(1))
    }

    /// `self - other`, which is not negative.
    pub fn sub(&self, other: &Coefficient) -> Coefficient {
        if let (Small(a), Small(b)) = (self, other) {
            return Small(a - b);
        }
        Coefficient::from_limbs(self.with_limbs(|a| other.with_limbs(|b| limbs::sub(a, b))))
    }

    /// `self * other`.
    pub fn mul(&self, other: &Coefficient) -> Coefficient {
        self.mul_to(other, i64::MAX).0
    }

    /// `self * other` without so many digits at the end that at most `most` are left, their number
    /// and what was dropped.
    #[inline]
    pub fn mul_to(&self, other: &Coefficient, most: i64) -> (Coefficient, i64, Rest) {
        if let (Small(a), Small(b)) = (self, other) {
            if let (Ok(x), Ok(y)) = (u64::try_from(*a), u64::try_from(*b)) {
                let w = x as u128 * y as u128;
                if w < SMALL_END {
                    let extra = if most > SMALL_DIGITS {
                        0
                    } else {
                        (wide_digits(w) - most).max(0)
                    };
                    let (q, r) = div_wide(w, extra as usize);
                    return (Small(q), extra, r);
                }
            }
            let (x, y) = (two_limbs(*a), two_limbs(*b));
            let mut out = [0; 4];
            limbs::mul_columns(&mut out, &x, &y);
            let out = limbs::trimmed(&out);
            let extra = (limbs::digits(out) - most).max(0);
            let (q, r) = shr_limbs(out, extra);
            return (q, extra, r);
        }
        if self.is_zero() || other.is_zero() {
            return (Small(0), 0, Rest::Zero);
        }
        let p = self.with_limbs(|a| other.with_limbs(|b| limbs::mul(a, b)));
        let extra = (limbs::digits(&p) - most).max(0);
        if extra == 0 {
            return (Coefficient::from_limbs(p), 0, Rest::Zero);
        }
        let (q, r) = shr_limbs(&p, extra);
        (q, extra, r)
    }

    /// Quotient and remainder; the divisor is not zero.
    pub fn divide(&self, by: &Coefficient) -> (Coefficient, Coefficient) {
        if let (Small(a), Small(b)) = (self, by) {
            if let (Ok(a), Ok(b)) = (u64::try_from(*a), u64::try_from(*b)) {
                return (Small((a / b) as u128), Small((a % b) as u128));
            }
            return (Small(a / b), Small(a % b));
        }
        let (q, r) = self.with_limbs(|a| by.with_limbs(|b| limbs::divide(a, b)));
        (Coefficient::from_limbs(q), Coefficient::from_limbs(r))
    }

    /// `self * 10^n / by`: quotient, and is there a remainder?
    #[inline]
    pub fn divide_shifted(&self, n: i64, by: &Coefficient) -> Option<(Coefficient, bool)> {
        if let (Small(a), Small(b)) = (self, by)
            && *b < BASE as u128
            && n + wide_digits(*a) <= 72
        {
            // Few limbs by one.
            let mut buffer = [0; 5];
            let (skip, rest) = ((n / WIDTH) as usize, (n % WIDTH) as usize);
            let [low, high] = two_limbs(*a);
            let (l1, l0) = DIVISORS[18 - rest].div(low as u128);
            let (h1, h0) = DIVISORS[18 - rest].div(high as u128);
            let put = [l0 * POWERS[rest], l1 + h0 * POWERS[rest], h1];
            if rest == 0 {
                buffer[skip..skip + 2].copy_from_slice(&[low, high]);
            } else {
                for (slot, w) in buffer[skip..].iter_mut().zip(put) {
                    *slot = w;
                }
            }
            let len = limbs::trimmed(&buffer).len();
            let r = limbs::div_word(&mut buffer[..len], *b as u64);
            return Some((Coefficient::from_slice(&buffer[..len]), r != 0));
        }
        let (q, r) = self.shl(n)?.divide(by);
        Some((q, !r.is_zero()))
    }

    /// Order.
    #[inline]
    pub fn compare(&self, other: &Coefficient) -> Ordering {
        match (self, other) {
            (Small(a), Small(b)) => a.cmp(b),
            (Small(_), Large(_)) => Ordering::Less,
            (Large(_), Small(_)) => Ordering::Greater,
            (Large(a), Large(b)) => limbs::compare(a, b),
        }
    }

    /// The last `n` digits.
    pub fn low_digits(&self, n: i64) -> Coefficient {
        if n >= self.digits() {
            return self.clone();
        }
        self.with_limbs(|l| {
            let (whole, rest) = ((n / WIDTH) as usize, (n % WIDTH) as usize);
            let mut out = l[..whole].to_vec();
            if rest > 0 {
                out.push(l[whole] % POWERS[rest]);
            }
            Coefficient::from_limbs(out)
        })
    }

    /// Appends the digits.
    pub fn push_digits(&self, out: &mut Vec<u8>) {
        self.with_limbs(|l| limbs::push_digits(out, l));
    }

    /// The digits.
    pub fn to_digits(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.push_digits(&mut out);
        out
    }

    /// As 64 bits, if it fits.
    pub fn to_u64(&self) -> Option<u64> {
        match self {
            Small(w) => u64::try_from(*w).ok(),
            Large(_) => None,
        }
    }

    /// Modulo a number below 2⁶⁴.
    pub fn modulo(&self, m: u64) -> u64 {
        self.with_limbs(|l| {
            let step = BASE as u128;
            l.iter()
                .rev()
                .fold(0u128, |r, w| (r * step + *w as u128) % m as u128) as u64
        })
    }
}

fn shr_limbs(l: &[u64], n: i64) -> (Coefficient, Rest) {
    let digits = limbs::digits(l);
    if n == 0 {
        return (Coefficient::from_slice(l), Rest::Zero);
    }
    if n > digits {
        let rest = if l.is_empty() {
            Rest::Zero
        } else {
            Rest::Below
        };
        return (Small(0), rest);
    }
    if n == digits {
        let Some((&top, below)) = l.split_last() else {
            return (Small(0), Rest::Zero);
        };
        let unit = POWERS[limbs::word_digits(top) as usize - 1];
        let more = top % unit != 0 || below.iter().any(|x| *x != 0);
        return (Small(0), Rest::new(top / unit, more));
    }
    if l.len() <= 4 && digits - n <= SMALL_DIGITS {
        // Without a vector: the leading limbs as two words.
        let (whole, part) = ((n / WIDTH) as usize, (n % WIDTH) as usize);
        let get = |i: usize| l.get(whole + i).copied().unwrap_or(0);
        let below = l[..whole].iter().any(|x| *x != 0);
        if part == 0 {
            let top = l[whole - 1];
            let more = !top.is_multiple_of(POWERS[17]) || l[..whole - 1].iter().any(|x| *x != 0);
            let w = get(1) as u128 * BASE as u128 + get(0) as u128;
            return (Small(w), Rest::new(top / POWERS[17], more));
        }
        let (cut, up) = (DIVISORS[part], POWERS[18 - part] as u128);
        let (a, dropped) = cut.div(get(0) as u128);
        let (b, low1) = cut.div(get(1) as u128);
        let low2 = get(2) % POWERS[part];
        let first = a as u128 + low1 as u128 * up;
        let second = b as u128 + low2 as u128 * up;
        let mut rest = Rest::of_word(dropped, part);
        if below {
            rest = match rest {
                Rest::Zero => Rest::Below,
                Rest::Half => Rest::Above,
                r => r,
            };
        }
        return (Small(second * BASE as u128 + first), rest);
    }
    let (q, r) = limbs::shr(l, n);
    (Coefficient::from_limbs(q), r)
}
