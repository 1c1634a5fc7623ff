//! Natural numbers as limbs of 18 decimal digits, least significant first.
//!
//! With 18 digits a limb, some hundred products of limbs fit 128 bits, so that a column of the
//! product is summed before it is reduced once. Decimal shifts and texts are linear.

use std::cmp::Ordering;

/// Digits of a limb.
pub const WIDTH: i64 = 18;
/// One more than the largest limb.
pub const BASE: u64 = 1_000_000_000_000_000_000;

/// `10^i`.
pub const POWERS: [u64; 20] = {
    let mut p = [1; 20];
    let mut i = 1;
    while i < 20 {
        p[i] = p[i - 1] * 10;
        i += 1;
    }
    p
};

/// A divisor of 64 bits prepared for division by multiplication (Möller and Granlund, "Improved
/// division by invariant integers", algorithm 4).
#[derive(Clone, Copy)]
pub struct Divisor {
    d: u64,
    v: u64,
    shift: u32,
}

impl Divisor {
    /// Of a number that is not zero.
    pub const fn new(n: u64) -> Divisor {
        let shift = n.leading_zeros();
        let d = n << shift;
        Divisor {
            d,
            v: (u128::MAX / d as u128 - (1 << 64)) as u64,
            shift,
        }
    }

    /// Quotient and remainder of a number whose quotient fits 64 bits.
    #[inline(always)]
    pub fn div(&self, x: u128) -> (u64, u64) {
        let x = x << self.shift;
        let (high, low) = ((x >> 64) as u64, x as u64);
        let q = (self.v as u128 * high as u128).wrapping_add(x);
        let mut q1 = ((q >> 64) as u64).wrapping_add(1);
        let mut r = low.wrapping_sub(q1.wrapping_mul(self.d));
        if r > q as u64 {
            q1 = q1.wrapping_sub(1);
            r = r.wrapping_add(self.d);
        }
        if r >= self.d {
            q1 = q1.wrapping_add(1);
            r -= self.d;
        }
        (q1, r >> self.shift)
    }

    /// Quotient and remainder of any number; the divisor is at most 2⁶⁰.
    #[inline(always)]
    pub fn div_wide(&self, x: u128) -> (u128, u64) {
        let high = (x >> 64) as u64;
        let n = self.d >> self.shift;
        if high < n {
            let (q, r) = self.div(x);
            return (q as u128, r);
        }
        let (qh, rh) = (high / n, high % n);
        let (q, r) = self.div((rh as u128) << 64 | x as u64 as u128);
        ((qh as u128) << 64 | q as u128, r)
    }
}

/// The base, prepared.
pub const BASE_DIVISOR: Divisor = Divisor::new(BASE);

/// `10^i`, prepared.
pub static DIVISORS: [Divisor; 20] = {
    let mut p = [Divisor::new(1); 20];
    let mut i = 0;
    while i < 20 {
        p[i] = Divisor::new(POWERS[i]);
        i += 1;
    }
    p
};

/// Number of digits of a word; one for zero.
#[inline]
pub fn word_digits(w: u64) -> i64 {
    let guess = ((64 - (w | 1).leading_zeros()) * 1233) >> 12;
    guess as i64 + (w >= POWERS[guess as usize] || w == 0) as i64
}

/// Without leading zero limbs.
pub fn trimmed(a: &[u64]) -> &[u64] {
    let n = a.iter().rposition(|&l| l != 0).map_or(0, |i| i + 1);
    &a[..n]
}

/// Drops leading zero limbs.
pub fn trim(a: &mut Vec<u64>) {
    let n = trimmed(a).len();
    a.truncate(n);
}

/// Number of digits; one for zero. The leading limb is not zero.
pub fn digits(a: &[u64]) -> i64 {
    match a.last() {
        Some(&top) => (a.len() as i64 - 1) * WIDTH + word_digits(top),
        None => 1,
    }
}

/// Order of two numbers without leading zeros.
pub fn compare(a: &[u64], b: &[u64]) -> Ordering {
    a.len()
        .cmp(&b.len())
        .then_with(|| a.iter().rev().cmp(b.iter().rev()))
}

/// `a += b << at` limbs; `a` has room for the carry.
fn add_at(a: &mut [u64], b: &[u64], at: usize) {
    let mut carry = 0;
    let n = b.len().min(a.len() - at);
    let (low, high) = a[at..].split_at_mut(n);
    for (x, y) in low.iter_mut().zip(b) {
        let s = *x + y + carry;
        carry = (s >= BASE) as u64;
        *x = if carry == 1 { s - BASE } else { s };
    }
    for x in high {
        if carry == 0 {
            return;
        }
        *x += 1;
        carry = (*x == BASE) as u64;
        if carry == 1 {
            *x = 0;
        }
    }
}

/// `a -= b << at` limbs; the result is not negative.
fn sub_at(a: &mut [u64], b: &[u64], at: usize) {
    let mut borrow = 0;
    let n = b.len().min(a.len() - at);
    let (low, high) = a[at..].split_at_mut(n);
    for (x, y) in low.iter_mut().zip(b) {
        let s = y + borrow;
        borrow = (*x < s) as u64;
        *x = if borrow == 1 { *x + BASE - s } else { *x - s };
    }
    for x in high {
        if borrow == 0 {
            return;
        }
        borrow = (*x == 0) as u64;
        *x = if borrow == 1 { BASE - 1 } else { *x - 1 };
    }
}

/// `a + b`.
pub fn add(a: &[u64], b: &[u64]) -> Vec<u64> {
    let (a, b) = if a.len() < b.len() { (b, a) } else { (a, b) };
    let mut out = Vec::with_capacity(a.len() + 1);
    out.extend_from_slice(a);
    out.push(0);
    add_at(&mut out, b, 0);
    trim(&mut out);
    out
}

/// `a - b`; `a` is not below `b`.
pub fn sub(a: &[u64], b: &[u64]) -> Vec<u64> {
    let mut out = a.to_vec();
    sub_at(&mut out, b, 0);
    trim(&mut out);
    out
}

/// Numbers of fewer limbs are multiplied column by column.
const KARATSUBA: usize = 48;

/// `out = a * b`, for few limbs. `out` has the length of both.
pub fn mul_columns(out: &mut [u64], a: &[u64], b: &[u64]) {
    let (n, m) = (a.len(), b.len());
    let mut carry: u128 = 0;
    for (k, slot) in out.iter_mut().enumerate() {
        let first = (k + 1).saturating_sub(m);
        let last = (k + 1).min(n);
        let mut sum = carry;
        if first < last {
            // At most 255 products below 10³⁶, and a carry below 10²¹.
            for (x, y) in a[first..last]
                .iter()
                .zip(b[k + 1 - last..].iter().take(last - first).rev())
            {
                sum += *x as u128 * *y as u128;
            }
        }
        let (q, r) = BASE_DIVISOR.div_wide(sum);
        *slot = r;
        carry = q;
    }
}

fn mul_into(out: &mut [u64], a: &[u64], b: &[u64]) {
    let (a, b) = if a.len() < b.len() { (b, a) } else { (a, b) };
    if b.len() < KARATSUBA {
        return mul_columns(out, a, b);
    }
    if a.len() >= 2 * b.len() || b.len() * 2 <= a.len() + 1 {
        // Piece by piece of the longer one.
        out.fill(0);
        for (i, piece) in a.chunks(b.len()).enumerate() {
            let mut part = vec![0; piece.len() + b.len()];
            mul_into(&mut part, piece, b);
            add_at(out, &part, i * b.len());
        }
        return;
    }
    let half = a.len().div_ceil(2);
    let (a0, a1) = a.split_at(half);
    let (b0, b1) = b.split_at(half);
    let sum = |x: &[u64], y: &[u64]| {
        let mut s = Vec::with_capacity(half + 1);
        s.extend_from_slice(x);
        s.push(0);
        add_at(&mut s, y, 0);
        s
    };
    let (sa, sb) = (sum(a0, a1), sum(b0, b1));
    let mut middle = vec![0; sa.len() + sb.len()];
    mul_into(&mut middle, &sa, &sb);
    let (low, high) = out.split_at_mut(2 * half);
    mul_into(low, a0, b0);
    mul_into(high, a1, b1);
    sub_at(&mut middle, low, 0);
    sub_at(&mut middle, high, 0);
    let middle = trimmed(&middle);
    add_at(out, middle, half);
}

/// `a * b`.
pub fn mul(a: &[u64], b: &[u64]) -> Vec<u64> {
    if a.is_empty() || b.is_empty() {
        return Vec::new();
    }
    let mut out = vec![0; a.len() + b.len()];
    if a.len().min(b.len()) >= super::transform::LIMBS {
        super::transform::mul(&mut out, a, b);
    } else {
        mul_into(&mut out, a, b);
    }
    trim(&mut out);
    out
}

/// Divides in place by a word; gives the remainder.
pub fn div_word(a: &mut [u64], w: u64) -> u64 {
    let d = Divisor::new(w);
    let mut r = 0u64;
    for x in a.iter_mut().rev() {
        // `r < w`, so the quotient is below the base.
        let (q, rest) = d.div(r as u128 * BASE as u128 + *x as u128);
        *x = q;
        r = rest;
    }
    r
}

fn mul_word(a: &[u64], w: u64) -> Vec<u64> {
    let mut out = Vec::with_capacity(a.len() + 1);
    let mut carry = 0u64;
    for x in a {
        let (q, r) = BASE_DIVISOR.div(*x as u128 * w as u128 + carry as u128);
        out.push(r);
        carry = q;
    }
    out.push(carry);
    out
}

/// Divisors of fewer limbs, and quotients, are found limb by limb.
const RECURSIVE: usize = 100;

/// Quotient and remainder (Knuth, "The Art of Computer Programming", volume 2, 4.3.1, algorithm
/// D). The divisor is not zero and has no leading zeros.
pub fn divide(a: &[u64], b: &[u64]) -> (Vec<u64>, Vec<u64>) {
    if compare(a, b).is_lt() {
        return (Vec::new(), a.to_vec());
    }
    if let [w] = b {
        let mut q = a.to_vec();
        let r = div_word(&mut q, *w);
        trim(&mut q);
        return (q, if r == 0 { Vec::new() } else { vec![r] });
    }
    // The leading limb of the divisor becomes at least half the base.
    let scale = BASE / (b[b.len() - 1] + 1);
    let mut u = mul_word(a, scale);
    let mut v = mul_word(b, scale);
    trim(&mut v);
    let mut q = divide_scaled(&mut u, &v);
    trim(&mut q);
    trim(&mut u);
    if scale != 1 {
        div_word(&mut u, scale);
        trim(&mut u);
    }
    (q, u)
}

/// The quotient; the remainder stays in `u`.
fn divide_scaled(u: &mut [u64], v: &[u64]) -> Vec<u64> {
    let n = v.len();
    let m = u.len() - n;
    let mut q = vec![0; m];
    if n >= RECURSIVE && m >= RECURSIVE {
        // Blocks of as many limbs as the divisor has, from the top.
        let mut at = m;
        while at > 0 {
            let size = if at.is_multiple_of(n) { n } else { at % n };
            at -= size;
            divide_block(&mut u[at..at + n + size], v, &mut q[at..at + size]);
        }
        return q;
    }
    divide_limbs(u, v, &mut q);
    q
}

/// `u` has as many limbs as `v` and `q` have; `u / v` fits `q`. (Burnikel and Ziegler, "Fast
/// recursive division".)
fn divide_block(u: &mut [u64], v: &[u64], q: &mut [u64]) {
    let (n, m) = (v.len(), q.len());
    if m < RECURSIVE || n < RECURSIVE {
        return divide_limbs(u, v, q);
    }
    let low = m / 2;
    let high = m - low;
    divide_half(&mut u[low..], v, &mut q[low..], high);
    divide_half(&mut u[..n + low], v, &mut q[..low], low);
}

/// `size` limbs of quotient from the leading `size` limbs of the divisor, corrected.
fn divide_half(u: &mut [u64], v: &[u64], q: &mut [u64], size: usize) {
    let n = v.len();
    if n <= size {
        return divide_block(u, v, q);
    }
    let rest = n - size;
    let (v_low, v_high) = v.split_at(rest);
    {
        // The quotient of the leading limbs may be the base itself: then all nines.
        let top = &mut u[rest..];
        if compare(trimmed(&top[size..]), trimmed(v_high)).is_ge() {
            q.fill(BASE - 1);
            let mut product = vec![0; 2 * size];
            mul_into(&mut product, q, v_high);
            sub_at(top, trimmed(&product), 0);
        } else {
            divide_block(top, v_high, q);
        }
    }
    let mut product = mul(trimmed(q), trimmed(v_low));
    trim(&mut product);
    while compare(trimmed(u), &product).is_lt() {
        add_at(u, v, 0);
        sub_at(q, &[1], 0);
    }
    sub_at(u, &product, 0);
}

fn divide_limbs(u: &mut [u64], v: &[u64], quotient: &mut [u64]) {
    let n = v.len();
    let (top, next) = (v[n - 1], v[n - 2]);
    let by_top = Divisor::new(top);
    for j in (0..quotient.len()).rev() {
        let head = u[j + n] as u128 * BASE as u128 + u[j + n - 1] as u128;
        let (mut q, mut r) = if u[j + n] >= top {
            (BASE - 1, head - (BASE - 1) as u128 * top as u128)
        } else {
            let (q, r) = by_top.div(head);
            (q, r as u128)
        };
        while r < BASE as u128 && q as u128 * next as u128 > r * BASE as u128 + u[j + n - 2] as u128
        {
            q -= 1;
            r += top as u128;
        }
        if q == 0 {
            continue;
        }
        let (mut carry, mut borrow) = (0u64, 0u64);
        let window = &mut u[j..=j + n];
        for (x, y) in window.iter_mut().zip(v) {
            let (c, p) = BASE_DIVISOR.div(q as u128 * *y as u128 + carry as u128);
            carry = c;
            let s = p + borrow;
            borrow = (*x < s) as u64;
            *x = if borrow == 1 { *x + BASE - s } else { *x - s };
        }
        let s = carry + borrow;
        if window[n] < s {
            // One too much (rare): add the divisor back.
            window[n] = (window[n] + BASE).wrapping_sub(s);
            q -= 1;
            add_at(window, v, 0);
            window[n] %= BASE;
        } else {
            window[n] -= s;
        }
        quotient[j] = q;
    }
}

/// `a * 10^n`.
pub fn shl(a: &[u64], n: i64) -> Vec<u64> {
    if a.is_empty() {
        return Vec::new();
    }
    let (limbs, rest) = ((n / WIDTH) as usize, (n % WIDTH) as usize);
    let mut out = Vec::with_capacity(limbs + a.len() + 1);
    out.resize(limbs, 0);
    if rest == 0 {
        out.extend_from_slice(a);
        return out;
    }
    // Each limb is cut in two.
    let cut = DIVISORS[18 - rest];
    let mut carry = 0;
    for x in a {
        let (high, low) = cut.div(*x as u128);
        out.push(low * POWERS[rest] + carry);
        carry = high;
    }
    if carry != 0 {
        out.push(carry);
    }
    out
}

/// What a shift to the right drops: nothing, less than half of a unit, half, more.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rest {
    /// Nothing but zeros.
    Zero,
    /// Less than half.
    Below,
    /// Exactly half.
    Half,
    /// More than half.
    Above,
}

impl Rest {
    /// From the first digit dropped and whether others are not zero.
    pub fn new(digit: u64, more: bool) -> Rest {
        match (digit, more) {
            (0, false) => Rest::Zero,
            (5, false) => Rest::Half,
            (0..=4, _) => Rest::Below,
            _ => Rest::Above,
        }
    }

    /// Of a remainder below `10^n`, `n` from 1 to 19.
    pub fn of_word(r: u64, n: usize) -> Rest {
        if r == 0 {
            return Rest::Zero;
        }
        match r.cmp(&(POWERS[n] / 2)) {
            Ordering::Less => Rest::Below,
            Ordering::Equal => Rest::Half,
            Ordering::Greater => Rest::Above,
        }
    }
}

/// `a / 10^n` with what is dropped; `n` is less than the number of digits.
pub fn shr(a: &[u64], n: i64) -> (Vec<u64>, Rest) {
    let (limbs, rest) = ((n / WIDTH) as usize, (n % WIDTH) as usize);
    let below = |k: usize| a[..k].iter().any(|l| *l != 0);
    if rest == 0 {
        if n == 0 {
            return (a.to_vec(), Rest::Zero);
        }
        let top = a[limbs - 1];
        let digit = top / POWERS[17];
        let more = !top.is_multiple_of(POWERS[17]) || below(limbs - 1);
        return (a[limbs..].to_vec(), Rest::new(digit, more));
    }
    let cut = DIVISORS[rest];
    let (mut high, dropped) = cut.div(a[limbs] as u128);
    let digit = dropped / POWERS[rest - 1];
    let more = dropped % POWERS[rest - 1] != 0 || below(limbs);
    let mut out = Vec::with_capacity(a.len() - limbs);
    for x in &a[limbs + 1..] {
        let (q, r) = cut.div(*x as u128);
        out.push(high + r * POWERS[18 - rest]);
        high = q;
    }
    if high != 0 {
        out.push(high);
    }
    (out, Rest::new(digit, more))
}

/// From ASCII digits.
pub fn from_digits(text: &[u8]) -> Vec<u64> {
    let mut out: Vec<u64> = text
        .rchunks(WIDTH as usize)
        .map(|c| c.iter().fold(0, |n, d| n * 10 + (d - b'0') as u64))
        .collect();
    trim(&mut out);
    out
}

/// Appends the digits.
pub fn push_digits(out: &mut Vec<u8>, a: &[u64]) {
    let Some((top, rest)) = a.split_last() else {
        out.push(b'0');
        return;
    };
    let mut buffer = [0; 18];
    let mut push = |mut w: u64, width: usize| {
        for d in buffer[..width].iter_mut().rev() {
            *d = b'0' + (w % 10) as u8;
            w /= 10;
        }
        out.extend_from_slice(&buffer[..width]);
    };
    push(*top, word_digits(*top) as usize);
    for w in rest.iter().rev() {
        push(*w, 18);
    }
}
