//! Digits of 64-bit numbers, in place.

/// Bytes of a numeral with what stands around it. 64 bits in base 2 with sign and prefix fit.
const ROOM: usize = 72;

/// `00` to `99`.
const PAIRS: &[u8; 200] = b"00010203040506070809101112131415161718192021222324\
25262728293031323334353637383940414243444546474849\
50515253545556575859606162636465666768697071727374\
75767778798081828384858687888990919293949596979899";

/// Powers of ten that 64 bits hold.
const POWERS: [u64; 20] = {
    let mut powers = [1; 20];
    let mut i = 1;
    while i < 20 {
        powers[i] = powers[i - 1] * 10;
        i += 1;
    }
    powers
};

/// A numeral without a sign, in ASCII. It is written from its end.
#[derive(Clone, Debug)]
pub struct Digits {
    bytes: [u8; ROOM],
    start: usize,
}

impl Default for Digits {
    fn default() -> Self {
        Digits::new()
    }
}

impl Digits {
    /// Nothing yet.
    #[inline]
    pub const fn new() -> Digits {
        Digits {
            bytes: [0; ROOM],
            start: ROOM,
        }
    }

    /// The number in base 10.
    #[inline]
    pub fn decimal(n: u64) -> Digits {
        let mut digits = Digits::new();
        digits.put_decimal(n);
        digits
    }

    /// A number of 64 bits with its minus sign.
    #[inline]
    pub fn signed(n: i64) -> Digits {
        let mut digits = Digits::decimal(n.unsigned_abs());
        if n < 0 {
            digits.put(b'-');
        }
        digits
    }

    /// Writes a number in base `2^bits` (2, 8 or 16).
    pub fn put_power_base(&mut self, mut n: u64, bits: u32, upper: bool) {
        let letters: &[u8; 16] = match upper {
            true => b"0123456789ABCDEF",
            false => b"0123456789abcdef",
        };
        loop {
            self.put(letters[(n & ((1 << bits) - 1) & 15) as usize]);
            n >>= bits;
            if n == 0 {
                return;
            }
        }
    }

    /// Writes the magnitude of a float with so many digits after the point, exactly and half to
    /// even. False when it is not finite or its digits do not fit in 64 bits.
    #[inline]
    pub fn put_fixed(&mut self, x: f64, places: usize) -> bool {
        match scaled(x, places) {
            Some(n) => {
                self.put_scaled(n, places);
                true
            }
            None => false,
        }
    }

    /// Writes `n / 10^places`, with a point if there are places behind it.
    #[inline]
    fn put_scaled(&mut self, n: u64, places: usize) {
        let mut rest = n;
        if places > 0 {
            for _ in 0..places / 2 {
                self.put_pair(rest % 100);
                rest /= 100;
            }
            if places % 2 == 1 {
                self.put(b'0' + (rest % 10) as u8);
                rest /= 10;
            }
            self.put(b'.');
        }
        self.put_decimal(rest);
    }

    /// Writes the magnitude of a float with an exponent and so many digits after the point. False
    /// when that takes more than 64 bits.
    pub fn put_exponential(&mut self, x: f64, places: usize, upper: bool) -> bool {
        match significant(x, places.saturating_add(1)) {
            Some((n, exponent)) => {
                self.put_exponent(exponent, upper);
                self.put_scaled(n, places);
                true
            }
            None => false,
        }
    }

    /// Writes the magnitude of a float with so many significant digits, without zeros at its end,
    /// and with an exponent if it is small or large. False when that takes more than 64 bits.
    pub fn put_general(&mut self, x: f64, count: usize, upper: bool) -> bool {
        let Some((mut n, exponent)) = significant(x, count) else {
            return false;
        };
        let mut places = count as i32 - 1;
        while places > 0 && n % 10 == 0 {
            n /= 10;
            places -= 1;
        }
        if exponent < -4 || exponent >= count as i32 {
            self.put_exponent(exponent, upper);
            self.put_scaled(n, places as usize);
        } else if places >= exponent {
            self.put_scaled(n, (places - exponent) as usize);
        } else {
            for _ in places..exponent {
                self.put(b'0');
            }
            self.put_decimal(n);
        }
        true
    }

    fn put_exponent(&mut self, exponent: i32, upper: bool) {
        let magnitude = exponent.unsigned_abs();
        self.put_decimal(magnitude.into());
        if magnitude < 10 {
            self.put(b'0');
        }
        self.put(if exponent < 0 { b'-' } else { b'+' });
        self.put(if upper { b'E' } else { b'e' });
    }

    /// [`Digits::put_fixed`] as digits of their own.
    pub fn fixed(x: f64, places: usize) -> Option<Digits> {
        let mut digits = Digits::new();
        digits.put_fixed(x, places).then_some(digits)
    }

    /// Number of bytes.
    #[inline]
    pub fn len(&self) -> usize {
        ROOM - self.start
    }

    /// Is nothing written?
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Writes a text in front. There must be room.
    #[inline]
    pub fn prepend(&mut self, text: &str) {
        for b in text.bytes().rev() {
            self.put(b);
        }
    }

    /// Writes a byte several times in front. There must be room.
    #[inline]
    pub fn prepend_repeated(&mut self, b: u8, times: usize) {
        let start = self.start - times;
        self.bytes[start..self.start].fill(b);
        self.start = start;
    }

    /// Writes a byte several times behind. There must be room.
    pub fn append_repeated(&mut self, b: u8, times: usize) {
        let start = self.start - times;
        self.bytes.copy_within(self.start.., start);
        self.bytes[ROOM - times..].fill(b);
        self.start = start;
    }

    /// The ASCII text.
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(self.start..).unwrap_or_default()
    }

    #[inline]
    fn put(&mut self, b: u8) {
        self.start -= 1;
        self.bytes[self.start] = b;
    }

    #[inline]
    fn put_pair(&mut self, n: u64) {
        let at = 2 * n as usize;
        self.start -= 2;
        self.bytes[self.start..self.start + 2].copy_from_slice(&PAIRS[at..at + 2]);
    }

    /// Writes a number in base 10.
    #[inline]
    pub fn put_decimal(&mut self, mut n: u64) {
        while n >= 100 {
            self.put_pair(n % 100);
            n /= 100;
        }
        if n >= 10 {
            self.put_pair(n);
        } else {
            self.put(b'0' + n as u8);
        }
    }
}

/// `10^n`, if 64 bits hold it.
#[inline]
pub fn power_of_ten(n: usize) -> Option<u64> {
    POWERS.get(n).copied()
}

/// `|x| × 10^places`, exactly, and rounded half to even. None when `x` is not finite or 64 bits do
/// not hold it.
pub fn scaled(x: f64, places: usize) -> Option<u64> {
    let power = power_of_ten(places)?;
    let (mantissa, shift) = parts(x)?;
    // Below 2^117.
    halves_to_even(u128::from(mantissa) * u128::from(power), shift)
}

/// Mantissa and exponent of a finite float's magnitude: `mantissa × 2^exponent`.
#[inline]
fn parts(x: f64) -> Option<(u64, i32)> {
    let bits = x.abs().to_bits();
    let exponent = (bits >> 52) as i32;
    if exponent == 0x7FF {
        return None;
    }
    let hidden = if exponent > 0 { 1 << 52 } else { 0 };
    Some((bits & ((1 << 52) - 1) | hidden, exponent.max(1) - 1075))
}

/// `product × 2^shift`, rounded half to even, for a product below `2^127`; None when 64 bits do not
/// hold it.
#[inline]
fn halves_to_even(product: u128, shift: i32) -> Option<u64> {
    if shift >= 0 {
        let fits = product.leading_zeros() as i32 >= 64 + shift;
        return fits.then(|| (product as u64) << shift);
    }
    let down = shift.unsigned_abs();
    if down > 127 {
        // Less than a half.
        return Some(0);
    }
    let whole = product >> down;
    let rest = product & ((1 << down) - 1);
    let half = 1 << (down - 1);
    let up = rest > half || rest == half && whole & 1 == 1;
    u64::try_from(whole + u128::from(up)).ok()
}

/// Places that 128 bits hold together with a float's mantissa.
const MOST_PLACES: u32 = 22;

/// `mantissa × 2^shift × 10^places`, rounded half to even. None when 128 bits are not enough.
fn times_power_of_ten(mantissa: u64, shift: i32, places: i32) -> Option<u64> {
    let power = 10u128.pow(Some(places.unsigned_abs()).filter(|n| *n <= MOST_PLACES)?);
    let mantissa = u128::from(mantissa);
    if places >= 0 {
        return halves_to_even(mantissa * power, shift);
    }
    let (over, under) = match shift {
        0..=74 => (mantissa << shift, power),
        -50..0 => (mantissa, power << shift.unsigned_abs()),
        _ => return None,
    };
    let (whole, rest) = (over / under, over % under);
    let up = rest * 2 > under || rest * 2 == under && whole & 1 == 1;
    u64::try_from(whole + u128::from(up)).ok()
}

/// A finite float's magnitude rounded half to even to so many decimal digits, and the power of ten
/// of the first of them. None when 64 bits do not hold them or 128 bits are not enough on the way.
fn significant(x: f64, count: usize) -> Option<(u64, i32)> {
    let limit = power_of_ten(count).filter(|_| (1..=18).contains(&count))?;
    let (mantissa, shift) = parts(x)?;
    if mantissa == 0 {
        return Some((0, 0));
    }
    // Rather too small: then there is a digit too many.
    let first = (x.abs().log10() - 1e-9).floor() as i32;
    for exponent in first..first + 3 {
        let n = times_power_of_ten(mantissa, shift, count as i32 - 1 - exponent)?;
        if n < limit {
            return Some((n, exponent));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(digits: Digits) -> String {
        String::from_utf8_lossy(digits.as_bytes()).into_owned()
    }

    #[test]
    fn integers() {
        assert_eq!(text(Digits::decimal(0)), "0");
        assert_eq!(text(Digits::decimal(1234567)), "1234567");
        assert_eq!(text(Digits::decimal(u64::MAX)), u64::MAX.to_string());
        assert_eq!(text(Digits::signed(i64::MIN)), i64::MIN.to_string());
        let power_base = |n, bits, upper| {
            let mut digits = Digits::new();
            digits.put_power_base(n, bits, upper);
            text(digits)
        };
        assert_eq!(power_base(255, 4, true), "FF");
        assert_eq!(power_base(8, 3, false), "10");
        assert_eq!(power_base(u64::MAX, 1, false).len(), 64);
        let mut digits = Digits::signed(-5);
        digits.append_repeated(b'.', 3);
        digits.prepend_repeated(b'*', 2);
        digits.prepend("ab");
        assert_eq!(digits.len(), 9);
        assert_eq!(text(digits), "ab**-5...");
    }

    #[test]
    fn floats_are_as_the_library_writes_them() {
        let mut seed = 1u64;
        let (mut found, mut exponential) = (0, 0);
        for i in 0..200_000u64 {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(i | 1);
            let bits = match i % 4 {
                // Magnitudes that are formatted, ties among them.
                0 => seed & !(0x7FF << 52) | (1003 + (seed >> 7) % 60) << 52,
                1 => seed & !(0x7FF << 52 | 0xFFFF_FFFF_FFFF) | (1018 + (seed >> 7) % 20) << 52,
                2 => ((seed >> 40) as f64 / 1000.0).to_bits(),
                _ => seed,
            };
            let (x, places) = (f64::from_bits(bits).abs(), (seed >> 20) as usize % 21);
            let mut digits = Digits::new();
            if x.is_finite() && digits.put_exponential(x, places, false) {
                let wanted = format!("{x:.places$e}");
                let (mantissa, exponent) = wanted.split_once('e').unwrap();
                let exponent: i32 = exponent.parse().unwrap();
                let sign = if exponent < 0 { '-' } else { '+' };
                let wanted = format!("{mantissa}e{sign}{:02}", exponent.abs());
                assert_eq!(text(digits), wanted, "{x:e} {places}");
                exponential += 1;
            }
            if let Some(digits) = Digits::fixed(x, places) {
                found += 1;
                assert_eq!(text(digits), format!("{x:.places$}"), "{x:e}");
            }
        }
        assert!(
            found > 100_000 && exponential > 100_000,
            "{found} {exponential}"
        );
        assert!(Digits::fixed(f64::NAN, 2).is_none());
        assert!(Digits::fixed(1e19, 1).is_none());
        assert_eq!(scaled(-2.5, 0), Some(2));
    }
}
