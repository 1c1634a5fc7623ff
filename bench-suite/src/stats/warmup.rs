//! Where a warm-up ends.
//!
//! The second half of a series is taken for what it settles at: its median and spread. A warm-up
//! is what precedes the last place in the first half where two samples in a row lie above
//! that by more than noise explains. One slow sample alone is a disturbance, not a warm-up.

use super::{median, spread};

/// What a series of times looks like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settled {
    /// The first sample of the steady state.
    pub from: usize,
    /// Its second half is much unlike its first: the figures say less than usual.
    pub drifting: bool,
}

/// The least difference that is taken for one.
const LEAST: f64 = 0.02;

/// Finds the steady part of times a loop.
pub fn settled(times: &[f64]) -> Option<Settled> {
    let half = times.len() / 2;
    let end = &times[half..];
    let middle = median(end)?;
    let noise = (3.0 * spread(end)?).max(LEAST * middle);
    let slow = |time: f64| time > middle + noise;
    let from = (0..half)
        .rev()
        .find(|&n| slow(times[n]) && (n == 0 || slow(times[n - 1])))
        .map_or(0, |n| n + 1);
    let steady = &times[from..];
    let (early, late) = steady.split_at(steady.len() / 2);
    let drifting = match (median(early), median(late)) {
        (Some(a), Some(b)) if early.len() >= 4 => (a - b).abs() > 0.05 * b.min(a),
        _ => false,
    };
    Some(Settled { from, drifting })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warm_up_is_found() {
        let times = [
            9.0, 7.0, 3.0, 1.01, 1.0, 1.02, 1.0, 0.99, 1.0, 1.01, 1.0, 1.0,
        ];
        assert_eq!(
            settled(&times),
            Some(Settled {
                from: 3,
                drifting: false
            })
        );
    }

    #[test]
    fn noise_is_no_warm_up() {
        let times = [
            1.0, 1.03, 0.98, 4.0, 1.0, 1.02, 1.0, 0.99, 1.0, 1.01, 1.0, 1.05,
        ];
        assert_eq!(
            settled(&times),
            Some(Settled {
                from: 0,
                drifting: false
            })
        );
    }

    #[test]
    fn a_slow_first_sample_is_one() {
        assert_eq!(settled(&[5.0, 1.0, 1.0, 1.0]).unwrap().from, 1);
        assert_eq!(settled(&[1.0]).unwrap().from, 0);
        assert_eq!(settled(&[]), None);
    }

    #[test]
    fn drift_is_noticed() {
        let times: Vec<f64> = (0..40).map(|n| 1.0 + 0.02 * f64::from(n)).collect();
        assert!(settled(&times).unwrap().drifting);
    }
}
