//! Products of long numbers by number-theoretic transforms.
//!
//! Three primes `k·2^32 + 1` below 2⁶³ give the columns of the product modulo each; the Chinese
//! remainder theorem puts a column together (it is below 2¹⁹²). Limbs are used as they are.
//! (Pollard, "The Fast Fourier Transform in a Finite Field", 1971.)

use super::limbs::{BASE, BASE_DIVISOR};

/// From so many limbs on the transform is the faster way.
pub const LIMBS: usize = 700;

/// Numbers modulo a prime, in Montgomery's form.
#[derive(Clone, Copy)]
struct Field {
    p: u64,
    /// `-1/p` modulo 2⁶⁴.
    inverse: u64,
    /// 2¹²⁸ modulo `p`.
    square: u64,
    /// Generator of the multiplicative group.
    generator: u64,
}

impl Field {
    const fn new(p: u64, generator: u64) -> Field {
        let mut x: u64 = 1;
        let mut i = 0;
        while i < 6 {
            x = x.wrapping_mul(2u64.wrapping_sub(p.wrapping_mul(x)));
            i += 1;
        }
        let r = ((1u128 << 64) % p as u128) as u64;
        Field {
            p,
            inverse: x.wrapping_neg(),
            square: (r as u128 * r as u128 % p as u128) as u64,
            generator,
        }
    }

    #[inline(always)]
    fn mul(&self, a: u64, b: u64) -> u64 {
        let t = a as u128 * b as u128;
        let m = (t as u64).wrapping_mul(self.inverse);
        let r = ((t + m as u128 * self.p as u128) >> 64) as u64;
        if r >= self.p { r - self.p } else { r }
    }

    #[inline(always)]
    fn add(&self, a: u64, b: u64) -> u64 {
        let s = a + b;
        if s >= self.p { s - self.p } else { s }
    }

    #[inline(always)]
    fn sub(&self, a: u64, b: u64) -> u64 {
        if a >= b { a - b } else { a + self.p - b }
    }

    fn enter(&self, a: u64) -> u64 {
        self.mul(a % self.p, self.square)
    }

    fn power(&self, a: u64, mut n: u64) -> u64 {
        let (mut a, mut out) = (a, self.enter(1));
        while n > 0 {
            if n & 1 == 1 {
                out = self.mul(out, a);
            }
            a = self.mul(a, a);
            n >>= 1;
        }
        out
    }

    fn invert(&self, a: u64) -> u64 {
        self.power(a, self.p - 2)
    }

    /// Roots for the steps of a transform of `n` points: those of the step of length `len` begin
    /// at `len / 2`.
    fn roots(&self, n: usize, backward: bool) -> Vec<u64> {
        let mut out = vec![0; n];
        let mut len = 2;
        while len <= n {
            let mut w = self.power(self.enter(self.generator), (self.p - 1) / len as u64);
            if backward {
                w = self.invert(w);
            }
            let mut x = self.enter(1);
            for slot in &mut out[len / 2..len] {
                *slot = x;
                x = self.mul(x, w);
            }
            len *= 2;
        }
        out
    }

    /// Decimation in frequency: the result is in bit-reversed order.
    fn forward(&self, a: &mut [u64], roots: &[u64]) {
        let mut len = a.len();
        while len >= 2 {
            let w = &roots[len / 2..len];
            for block in a.chunks_exact_mut(len) {
                let (x, y) = block.split_at_mut(len / 2);
                for ((x, y), w) in x.iter_mut().zip(y).zip(w) {
                    let (s, d) = (self.add(*x, *y), self.sub(*x, *y));
                    *x = s;
                    *y = self.mul(d, *w);
                }
            }
            len /= 2;
        }
    }

    /// Decimation in time, from bit-reversed order.
    fn backward(&self, a: &mut [u64], roots: &[u64]) {
        let mut len = 2;
        while len <= a.len() {
            let w = &roots[len / 2..len];
            for block in a.chunks_exact_mut(len) {
                let (x, y) = block.split_at_mut(len / 2);
                for ((x, y), w) in x.iter_mut().zip(y).zip(w) {
                    let t = self.mul(*y, *w);
                    let (s, d) = (self.add(*x, t), self.sub(*x, t));
                    *x = s;
                    *y = d;
                }
            }
            len *= 2;
        }
    }

    /// The columns of the product modulo the prime.
    fn columns(&self, a: &[u64], b: &[u64], n: usize) -> Vec<u64> {
        let roots = self.roots(n, false);
        let load = |x: &[u64]| {
            let mut v: Vec<u64> = x.iter().map(|l| self.enter(*l)).collect();
            v.resize(n, 0);
            self.forward(&mut v, &roots);
            v
        };
        let mut x = load(a);
        if a == b {
            for v in &mut x {
                *v = self.mul(*v, *v);
            }
        } else {
            let y = load(b);
            for (v, w) in x.iter_mut().zip(&y) {
                *v = self.mul(*v, *w);
            }
        }
        self.backward(&mut x, &self.roots(n, true));
        // Out of Montgomery's form and by the number of points.
        let scale = self.mul(self.invert(self.enter(n as u64)), 1);
        for v in &mut x {
            *v = self.mul(*v, scale);
        }
        x
    }
}

/// The primes, each with a generator.
const FIELDS: [Field; 3] = [
    Field::new(9_223_372_006_790_004_737, 3),
    Field::new(9_223_371_938_070_528_001, 19),
    Field::new(9_223_371_877_940_985_857, 5),
];

/// `out = a * b`; `out` has the length of both.
pub fn mul(out: &mut [u64], a: &[u64], b: &[u64]) {
    let (a, b) = if a.len() < b.len() { (b, a) } else { (a, b) };
    if a.len() > 2 * b.len() {
        // Piece by piece, so that a short factor does not pay for a long transform.
        out.fill(0);
        for (i, piece) in a.chunks(2 * b.len()).enumerate() {
            let mut part = vec![0; piece.len() + b.len()];
            product(&mut part, piece, b);
            let at = i * 2 * b.len();
            let mut carry = 0;
            for (k, slot) in out[at..].iter_mut().enumerate() {
                let s = *slot + part.get(k).copied().unwrap_or(0) + carry;
                if k >= part.len() && carry == 0 {
                    break;
                }
                carry = (s >= BASE) as u64;
                *slot = if carry == 1 { s - BASE } else { s };
            }
        }
        return;
    }
    product(out, a, b);
}

fn product(out: &mut [u64], a: &[u64], b: &[u64]) {
    let n = (a.len() + b.len()).next_power_of_two();
    let [f, g, h] = FIELDS;
    let (x, y, z) = (f.columns(a, b, n), g.columns(a, b, n), h.columns(a, b, n));
    // Garner's form: column = x + p·u + p·q·v.
    let p_in_g = g.invert(g.enter(f.p));
    let p_in_h = h.enter(f.p);
    let pq_in_h = h.invert(h.mul(h.enter(f.p), h.enter(g.p)));
    let pq = f.p as u128 * g.p as u128;
    // `p·q` as three limbs.
    let (high, m0) = BASE_DIVISOR.div_wide(pq);
    let (m2, m1) = BASE_DIVISOR.div_wide(high);
    let m2 = m2 as u64;
    let (mut c0, mut c1, mut c2) = (0u128, 0u128, 0u128);
    for (k, slot) in out.iter_mut().enumerate() {
        let u = g.mul(g.sub(y[k], x[k] % g.p), p_in_g);
        let t = h.add(x[k] % h.p, h.mul(u % h.p, p_in_h));
        let v = h.mul(h.sub(z[k], t), pq_in_h);
        let low = x[k] as u128 + f.p as u128 * u as u128;
        let (q, r0) = BASE_DIVISOR.div_wide(low);
        let (r2, r1) = BASE_DIVISOR.div_wide(q);
        // v < 2⁶³ and the limbs are below 2⁶⁰: each sum is far below 2¹²⁸.
        c0 += r0 as u128 + v as u128 * m0 as u128;
        c1 += r1 as u128 + v as u128 * m1 as u128;
        c2 += r2 + v as u128 * m2 as u128;
        let (carry, r) = BASE_DIVISOR.div_wide(c0);
        *slot = r;
        c0 = c1 + carry;
        c1 = c2;
        c2 = 0;
    }
}
