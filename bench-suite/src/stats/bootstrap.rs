//! Confidence intervals by drawing again from what was measured.

use super::geometric_mean;

/// A small generator of random numbers; the seed is fixed, so that a report can be made again.
#[derive(Debug)]
pub struct Random(u64);

impl Random {
    /// Always the same.
    pub fn new() -> Self {
        Self(0x9E37_79B9_7F4A_7C15)
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 33) as usize) % limit.max(1)
    }
}

/// How often to draw.
const DRAWS: usize = 2000;

/// The 95 % interval of a geometric mean: what it would be over other benchmarks like these.
pub fn mean_interval(ratios: &[f64]) -> Option<(f64, f64)> {
    interval(0.95, |random| {
        let drawn: Vec<f64> = (0..ratios.len())
            .map(|_| ratios[random.below(ratios.len())])
            .collect();
        geometric_mean(&drawn)
    })
}

/// The middle `share` of what `draw` gives.
pub fn interval(
    share: f64,
    mut draw: impl FnMut(&mut Random) -> Option<f64>,
) -> Option<(f64, f64)> {
    let mut random = Random::new();
    let mut drawn = Vec::with_capacity(DRAWS);
    for _ in 0..DRAWS {
        drawn.push(draw(&mut random)?);
    }
    drawn.sort_by(f64::total_cmp);
    let cut = ((1.0 - share) / 2.0 * DRAWS as f64) as usize;
    Some((drawn[cut], drawn[DRAWS - 1 - cut]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_holds_its_mean() {
        let ratios = [1.0, 2.0, 1.5, 1.2, 3.0, 0.8];
        let mean = geometric_mean(&ratios).unwrap();
        let (low, high) = mean_interval(&ratios).unwrap();
        assert!(low < mean && mean < high && low >= 0.8 && high <= 3.0);
        assert_eq!(mean_interval(&[2.0]), Some((2.0, 2.0)));
        assert_eq!(mean_interval(&[]), None);
    }
}
