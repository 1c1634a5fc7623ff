//! Two sides' times, freed of the pace of the core they were measured on.
//!
//! A core that is slowed down slows different programs differently: what waits for memory anyway
//! hardly notices that another uses the arithmetic units. So a time is taken to be a cost times
//! the pace of each of two kinds of work to some power, which is learned from how both sides'
//! times followed the paces. What is left after that is noise, which says how well the costs are
//! known.
//!
//! There are few processes to learn all that from. What is usual elsewhere therefore counts as
//! much as a few processes would: powers of about a half, and the noise that each time says.

use super::{median, spread};

/// One process: its time, and the core's pace meanwhile.
#[derive(Clone, Copy, Debug)]
pub struct Observation {
    /// Logarithm of the time.
    pub time: f64,
    /// Logarithms of the pace of both kinds of work; always the same when they are not known.
    pub pace: Paces,
    /// The relative noise that such a time usually has.
    pub noise: f64,
}

/// Of both kinds of work.
pub type Paces = [f64; 2];

fn dot(a: Paces, b: Paces) -> f64 {
    a[0] * b[0] + a[1] * b[1]
}

/// What the samples of a process come down to; those that the pace does not explain count less.
pub fn process(samples: &[Observation]) -> Option<Observation> {
    let free: Vec<f64> = samples
        .iter()
        .map(|o| o.time - dot(POWERS, o.pace))
        .collect();
    let weights = weights(&free, median(&free)?, spread(&free)?);
    let count: f64 = weights.iter().sum();
    let mean = |of: &dyn Fn(&Observation) -> f64| {
        samples
            .iter()
            .zip(&weights)
            .map(|(o, w)| w * of(o))
            .sum::<f64>()
            / count
    };
    Some(Observation {
        time: mean(&|o| o.time),
        pace: [0, 1].map(|kind| mean(&|o| o.pace[kind])),
        noise: mean(&|o| o.noise),
    })
}

/// How two sides differ.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Difference {
    /// The first side's time by the second's: over 1, the second is faster.
    pub ratio: f64,
    /// The relative difference that noise explains.
    pub margin: f64,
    /// The better processes of both sides differ likewise: it is not a few that were disturbed.
    pub clear: bool,
}

/// The noise that is usual counts for so many processes.
const USUAL: f64 = 5.0;

/// The powers that are usual.
const POWERS: Paces = [0.5, 0.6];

/// They are as unsure as this before anything was measured.
const POWER: f64 = 0.4;

/// And it is learned from times as noisy as this: those that lie out turn it much.
const ROUGH: f64 = 0.04;

/// And it stays as unsure as this, as one kind of disturbance is not like the other.
const OTHERWISE: f64 = 0.05;

/// Never less than this is a difference between so many processes: of few, one or two may have
/// been disturbed by what the pace does not show.
const FEW: [f64; 6] = [0.4, 0.4, 0.25, 0.15, 0.1, 0.08];

/// The correlation of neighbours that is usual.
const ALIKE: f64 = 0.2;

/// Two runs differ by as much as this in what nobody sees: where pages lie, who has the last
/// cache.
const RUNS: f64 = 0.006;

/// Noise goes so far in one comparison of five thousand.
const QUANTILE: f64 = 3.7;

/// Compares sides that were measured one after the other.
pub fn apart(x: &[Observation], y: &[Observation]) -> Option<Difference> {
    compare(x, y, false)
}

/// Compares sides that took turns: what one met, the other met too.
pub fn in_turns(x: &[Observation], y: &[Observation]) -> Option<Difference> {
    compare(x, y, x.len() == y.len() && x.len() > 2)
}

fn compare(x: &[Observation], y: &[Observation], turns: bool) -> Option<Difference> {
    let powers = powers(x, y);
    let free = |side: &[Observation]| -> Vec<f64> {
        side.iter()
            .map(|o| o.time - dot(powers.are, o.pace))
            .collect()
    };
    let (x_free, y_free) = (free(x), free(y));
    let noises: Vec<f64> = x.iter().chain(y).map(|o| o.noise).collect();
    let usual = median(&noises)?;
    let (difference, error, freedom) = if turns {
        let pairs: Vec<f64> = x_free.iter().zip(&y_free).map(|(a, b)| b - a).collect();
        let middle = middle(&pairs)?;
        let freedom = pairs.len() as f64 - 1.0;
        let usual = usual * 2.0_f64.sqrt();
        let noise = noise(middle.squares, freedom, usual) * persistence(&[&middle], usual);
        (middle.value, noise / middle.count.sqrt(), freedom)
    } else {
        let (a, b) = (middle(&x_free)?, middle(&y_free)?);
        let freedom = (x.len() + y.len()) as f64 - 2.0;
        let noise = noise(a.squares + b.squares, freedom, usual) * persistence(&[&a, &b], usual);
        let error = noise * (1.0 / a.count + 1.0 / b.count).sqrt();
        (b.value - a.value, error, freedom)
    };
    let moved = [0, 1].map(|kind| {
        let mean = |side: &[Observation]| {
            side.iter().map(|o| o.pace[kind]).sum::<f64>() / side.len() as f64
        };
        mean(y) - mean(x)
    });
    let unseen = if turns { 0.0 } else { RUNS * 2.0_f64.sqrt() };
    let error = error.hypot(unseen).hypot(powers.error(moved));
    let least = FEW.get(x.len().min(y.len())).copied().unwrap_or(0.0);
    let better = (better(&y_free) - better(&x_free)) * difference.signum();
    Some(Difference {
        ratio: (-difference).exp(),
        margin: (quantile(freedom + USUAL) * error).exp_m1().max(least),
        clear: better > 0.4 * difference.abs(),
    })
}

/// To which powers times follow the paces.
struct Powers {
    are: Paces,
    /// The noise that they were learned in.
    noise: f64,
    /// How much the paces varied, and what is usual: a symmetric matrix, by its diagonal and the
    /// element beside it.
    diagonal: Paces,
    beside: f64,
}

impl Powers {
    /// Solves for the matrix.
    fn solve(&self, right: Paces) -> Paces {
        let [a, b] = self.diagonal;
        let c = self.beside;
        // What is usual is on the diagonal, so it is not singular.
        let determinant = a * b - c * c;
        [
            (b * right[0] - c * right[1]) / determinant,
            (a * right[1] - c * right[0]) / determinant,
        ]
    }

    /// How wrong the powers may make a difference between sides whose paces differ so much.
    fn error(&self, moved: Paces) -> f64 {
        let learned = self.noise * dot(moved, self.solve(moved)).max(0.0).sqrt();
        let otherwise = OTHERWISE * dot(moved, moved).sqrt();
        learned.hypot(otherwise)
    }
}

fn powers(x: &[Observation], y: &[Observation]) -> Powers {
    let prior = (ROUGH / POWER).powi(2);
    let mut powers = Powers {
        are: POWERS,
        noise: ROUGH,
        diagonal: [prior; 2],
        beside: 0.0,
    };
    for _ in 0..6 {
        let (mut right, mut squares) = (POWERS.map(|power| power * prior), 0.0);
        (powers.diagonal, powers.beside) = ([prior; 2], 0.0);
        for side in [x, y] {
            // What the paces cannot explain must not turn the line.
            let free: Vec<f64> = side
                .iter()
                .map(|o| o.time - dot(powers.are, o.pace))
                .collect();
            let (Some(center), Some(usual)) = (median(&free), spread(&free)) else {
                continue;
            };
            let weights = weights(&free, center, usual);
            let count: f64 = weights.iter().sum();
            let mean = |of: &dyn Fn(&Observation) -> f64| {
                let weighted = side.iter().zip(&weights).map(|(o, w)| w * of(o));
                weighted.sum::<f64>() / count
            };
            let time = mean(&|o| o.time);
            let pace = [0, 1].map(|kind| mean(&|o| o.pace[kind]));
            for (one, weight) in side.iter().zip(&weights) {
                let time = one.time - time;
                let pace = [0, 1].map(|kind| one.pace[kind] - pace[kind]);
                for kind in [0, 1] {
                    right[kind] += weight * time * pace[kind];
                    powers.diagonal[kind] += weight * pace[kind] * pace[kind];
                }
                powers.beside += weight * pace[0] * pace[1];
                squares += weight * (time - dot(powers.are, pace)).powi(2);
            }
        }
        let freedom = (x.len() + y.len()) as f64 - 2.0;
        powers.are = powers.solve(right).map(|power| power.clamp(-0.3, 1.6));
        powers.noise = noise(squares, freedom, ROUGH);
    }
    powers
}

/// The first quarter of the values ends here.
fn better(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 4).copied().unwrap_or(0.0)
}

/// A value counts the less, the farther it lies out.
fn weights(values: &[f64], center: f64, usual: f64) -> Vec<f64> {
    let reach = 2.0 * usual.max(0.01);
    let weigh = |value: &f64| (reach / (value - center).abs().max(1e-12)).min(1.0);
    values.iter().map(weigh).collect()
}

/// What values come down to.
struct Middle {
    value: f64,
    /// Of how many values, the outliers counting less.
    count: f64,
    /// The sum of squares of their distances.
    squares: f64,
    /// The sum of products of neighbours' distances.
    neighbours: f64,
}

/// A mean to which outliers contribute little.
fn middle(values: &[f64]) -> Option<Middle> {
    let mut value = median(values)?;
    let usual = spread(values)?;
    let (mut count, mut squares, mut neighbours) = (0.0, 0.0, 0.0);
    for _ in 0..5 {
        let weights = weights(values, value, usual);
        let weighted = |of: &dyn Fn(f64) -> f64| -> f64 {
            weights.iter().zip(values).map(|(w, v)| w * of(*v)).sum()
        };
        count = weights.iter().sum();
        value = weighted(&|v| v) / count;
        squares = weighted(&|v| (v - value).powi(2));
        let distances: Vec<f64> = weights
            .iter()
            .zip(values)
            .map(|(w, v)| w.sqrt() * (v - value))
            .collect();
        neighbours = distances.windows(2).map(|pair| pair[0] * pair[1]).sum();
    }
    Some(Middle {
        value,
        count,
        squares,
        neighbours,
    })
}

fn noise(squares: f64, freedom: f64, usual: f64) -> f64 {
    ((squares + USUAL * usual * usual) / (freedom + USUAL)).sqrt()
}

/// How many times larger the error of a mean is because neighbours are disturbed alike: a
/// disturbance that the pace does not show lasts for several processes.
fn persistence(sides: &[&Middle], usual: f64) -> f64 {
    let usual = USUAL * usual * usual;
    let (mut neighbours, mut squares) = (ALIKE * usual, usual);
    for side in sides {
        // The mean is of the same values, which hides a part.
        neighbours += side.neighbours + side.squares / side.count;
        squares += side.squares;
    }
    let alike = (neighbours / squares).clamp(0.0, 0.8);
    ((1.0 + alike) / (1.0 - alike)).sqrt()
}

/// How many times the error a mean strays when the error itself is only estimated (Student's
/// distribution, by the first terms of its series).
fn quantile(freedom: f64) -> f64 {
    let z = QUANTILE;
    let first = (z.powi(3) + z) / (4.0 * freedom);
    let second = (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / (96.0 * freedom * freedom);
    z + first + second
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::bootstrap::Random;

    /// What a simulated machine does to a program.
    struct Machine {
        random: Random,
        /// The other half of the core is busy.
        busy: bool,
    }

    impl Machine {
        fn new() -> Self {
            Self {
                random: Random::new(),
                busy: false,
            }
        }

        /// Between -1 and 1, near 0 more often.
        fn noise(&mut self) -> f64 {
            let sum: f64 = (0..3)
                .map(|_| self.random.below(2001) as f64 / 1000.0)
                .sum();
            sum / 3.0 - 1.0
        }

        /// A process of a program that follows the pace to some power.
        fn process(&mut self, cost: f64, power: f64, noise: f64) -> Observation {
            if self.random.below(4) == 0 {
                self.busy = !self.busy;
            }
            let slow = if self.busy { 1.5 } else { 1.0 };
            let paces = [0, 1].map(|_| slow * (1.0 + 0.08 * self.noise()));
            let mut time = cost * (1.0 + noise * 2.0 * self.noise());
            for pace in paces {
                time *= f64::powf(pace, power / 2.0);
            }
            if self.random.below(40) == 0 {
                // Something that the pace does not show.
                time *= 1.2;
            }
            Observation {
                time: time.ln(),
                pace: paces.map(|pace| (pace * (1.0 + 0.02 * self.noise())).ln()),
                noise: 0.02,
            }
        }

        /// Two programs in turns.
        fn both(
            &mut self,
            costs: [f64; 2],
            power: f64,
            noise: f64,
            count: usize,
        ) -> [Vec<Observation>; 2] {
            let mut sides = [Vec::new(), Vec::new()];
            for turn in 0..count {
                for place in [turn % 2, 1 - turn % 2] {
                    sides[place].push(self.process(costs[place], power, noise));
                }
            }
            sides
        }

        fn side(&mut self, cost: f64, power: f64, noise: f64, count: usize) -> Vec<Observation> {
            (0..count)
                .map(|_| self.process(cost, power, noise))
                .collect()
        }
    }

    const SOME: [f64; 4] = [0.6, 0.9, 1.1, 1.4];

    fn beyond(difference: Option<Difference>) -> bool {
        let Difference {
            ratio,
            margin,
            clear,
        } = difference.unwrap();
        clear && ratio.max(1.0 / ratio) > 1.0 + margin.max(0.04)
    }

    #[test]
    fn the_same_on_an_unsteady_machine_is_no_alarm() {
        let mut machine = Machine::new();
        let (mut alarms, mut all) = (0, 0);
        for count in [1, 2, 3, 5, 8, 12] {
            for power in SOME {
                for noise in [0.01, 0.03, 0.06] {
                    for _ in 0..100 {
                        let x = machine.side(1.0, power, noise, count);
                        let y = machine.side(1.0, power, noise, count);
                        alarms += usize::from(beyond(apart(&x, &y)));
                        let [x, y] = machine.both([1.0, 1.0], power, noise, count);
                        alarms += usize::from(beyond(in_turns(&x, &y)));
                        all += 2;
                    }
                }
            }
        }
        assert!(alarms * 1000 <= all, "{alarms} false alarms of {all}");
    }

    #[test]
    fn a_tenth_slower_is_found_on_it() {
        let mut machine = Machine::new();
        for (count, noise, wanted) in [(5, 0.01, 40), (8, 0.02, 70), (12, 0.03, 80)] {
            for power in SOME {
                let (mut found, mut in_turn) = (0, 0);
                for _ in 0..200 {
                    let x = machine.side(1.0, power, noise, count);
                    let y = machine.side(1.1, power, noise, count);
                    found += usize::from(beyond(apart(&x, &y)));
                    let [x, y] = machine.both([1.0, 1.1], power, noise, count);
                    in_turn += usize::from(beyond(in_turns(&x, &y)));
                }
                for found in [found, in_turn] {
                    assert!(
                        found >= 2 * wanted,
                        "{found} of 200: {count}, {noise}, {power}"
                    );
                }
            }
        }
    }

    #[test]
    fn the_ratio_is_of_the_costs() {
        let at = |time: f64, pace: f64| Observation {
            time: time.ln(),
            pace: [pace.ln(); 2],
            noise: 0.02,
        };
        let x = [at(1.0, 1.0), at(1.2, 1.2), at(1.5, 1.5)];
        let y = [at(4.0, 2.0), at(3.0, 1.5), at(2.0, 1.0)];
        let difference = apart(&x, &y).unwrap();
        assert!((difference.ratio - 0.5).abs() < 1e-3, "{difference:?}");
        assert_eq!(apart(&[], &y), None);
    }
}
