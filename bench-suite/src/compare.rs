//! `taipan-bench compare A B`: what became faster or slower, beyond noise.
//!
//! Where the pace of the core is known for every process (`crate::pace`), times are freed of it
//! first, and all processes count: `crate::stats::paced` says how, and what noise explains. Two
//! peers of one result took turns, so they are compared turn by turn.
//!
//! Where it is not, the best process of each side is compared. A difference counts when it is
//! larger than the figures' own scatter explains, and when the best of one side is beyond the
//! middle of the other. The scatter is taken from both: how far the processes of one result
//! differ, and how much samples within a process vary.
//!
//! There are as many verdicts as benchmarks, so both rules lean towards "the same": a false alarm
//! costs more trust than a small change found a day later. What all benchmarks of a peer do together
//! is known better than any of them, so their mean time has a verdict of its own.

use std::fmt::Write as _;
use std::path::Path;

use crate::cli::Clock;
use crate::pace::Pace;
use crate::render::units;
use crate::results::{Figure, Results, Row};
use crate::stats::paced::{self, Difference, Observation};
use crate::stats::{geometric_mean, median, spread, warmup};

/// The figures that are compared.
const COMPARED: [Figure; 3] = [Figure::Steady, Figure::Cold, Figure::Memory];

/// Never less than this is a difference.
const LEAST: f64 = 0.03;

/// Nor less than this where times are freed of the pace: of few rounds, one or two may have been
/// disturbed by what it does not show.
fn least_paced(rounds: usize) -> f64 {
    match rounds {
        0..=5 => 0.15,
        6..ENOUGH => 0.1,
        _ => 0.04,
    }
}

/// The noise that a time usually has, relatively.
const NOISE: f64 = 0.02;

/// So much more for a call shorter than so many seconds: it lives on what is in the caches.
const BRIEF: (f64, f64) = (0.1, 0.001);

/// So much more if others had the core almost all the time: they leave it their caches.
const DISPLACED: f64 = 0.05;

/// With one process on a side nobody knows how far processes differ.
const SINGLE: f64 = 0.06;

/// Of a difference.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// B takes less.
    Better,
    /// B takes more.
    Worse,
    /// Within noise.
    Same,
    /// B fails where A did not.
    Broken,
    /// A failed where B does not.
    Mended,
}

/// A benchmark's figure in both results.
#[derive(Clone, Debug)]
pub struct Change {
    peer: String,
    benchmark: String,
    figure: Figure,
    /// A's value by B's: over 1 is faster.
    ratio: f64,
    /// What noise explains.
    margin: f64,
    /// What to make of it.
    pub verdict: Verdict,
}

/// Reads both, prints what changed; false when something became worse.
pub fn command(before: &Path, after: &Path, peer: Option<&str>) -> Result<bool, String> {
    let (a, b) = (Results::read(before)?, Results::read(after)?);
    if a.header.settings.clock != b.header.settings.clock {
        return Err("they were measured with different clocks".to_owned());
    }
    let changes: Vec<Change> = changes(&a, &b)
        .into_iter()
        .filter(|change| peer.is_none_or(|name| name == change.peer))
        .collect();
    if !same_pace(&a, &b) {
        println!("The pace of the core is not known for both: the best processes are compared.");
    }
    say(
        &changes,
        a.header.settings.rounds.min(b.header.settings.rounds),
    )
}

/// Sets two peers of one result against each other; false when the second does something worse.
pub fn peers(results: &Path, before: &str, after: &str) -> Result<bool, String> {
    let results = Results::read(results)?;
    for name in [before, after] {
        if !results.header.peers.iter().any(|peer| peer.name == name) {
            return Err(format!("it has no peer {name}"));
        }
    }
    if results
        .header
        .redone
        .iter()
        .any(|n| n == before || n == after)
    {
        println!("One was measured again later: they did not take turns.");
    }
    let rounds = results.header.settings.rounds;
    say(&changes_of_peers(&results, before, after), rounds)
}

/// So many rounds tell a change of a tenth.
const ENOUGH: usize = 8;

fn say(changes: &[Change], rounds: usize) -> Result<bool, String> {
    if changes.is_empty() {
        return Err("they have no benchmark and peer in common".to_owned());
    }
    let totals = totals(changes);
    print!("{}", text(changes, &totals));
    if rounds < ENOUGH {
        println!(
            "Rounds: {rounds}. Only large changes are told from noise; --rounds {ENOUGH} tells a tenth."
        );
    }
    let worse = |verdict| matches!(verdict, Verdict::Worse | Verdict::Broken);
    Ok(!changes.iter().any(|c| worse(c.verdict)) && !totals.iter().any(|t| worse(t.verdict)))
}

/// How two sides were measured.
#[derive(Clone, Copy)]
struct Way {
    clock: Clock,
    /// The paces of both are of the same work on the same machine.
    paced: bool,
    /// Both took turns.
    turns: bool,
    /// How often.
    rounds: usize,
}

fn same_pace(a: &Results, b: &Results) -> bool {
    a.header.pace.is_some()
        && a.header.pace == b.header.pace
        && a.header.machine.processor == b.header.machine.processor
}

/// All figures that two peers of a result have.
pub fn changes_of_peers(results: &Results, before: &str, after: &str) -> Vec<Change> {
    let redone = &results.header.redone;
    let way = Way {
        clock: results.header.settings.clock,
        paced: results.header.pace.is_some(),
        turns: !redone.iter().any(|name| name == before || name == after),
        rounds: results.header.settings.rounds,
    };
    let rows = results.rows.iter().filter(|row| row.peer == after);
    let pairs = rows.filter_map(|row| {
        let before = results.find(&row.suite, &row.benchmark, before)?;
        Some((before, row))
    });
    changes_of(pairs, way)
}

/// All figures that both have.
pub fn changes(a: &Results, b: &Results) -> Vec<Change> {
    let way = Way {
        clock: b.header.settings.clock,
        paced: same_pace(a, b),
        turns: false,
        rounds: a.header.settings.rounds.min(b.header.settings.rounds),
    };
    let pairs = b.rows.iter().filter_map(|row| {
        let before = a.find(&row.suite, &row.benchmark, &row.peer)?;
        Some((before, row))
    });
    changes_of(pairs, way)
}

fn changes_of<'a>(pairs: impl Iterator<Item = (&'a Row, &'a Row)>, way: Way) -> Vec<Change> {
    let mut found = Vec::new();
    for (before, after) in pairs {
        match (&before.error, &after.error) {
            (None, None) => {}
            (before, after_error) => {
                let verdict = match (before, after_error) {
                    (None, Some(_)) => Verdict::Broken,
                    (Some(_), None) => Verdict::Mended,
                    _ => continue,
                };
                found.push(change(after, Figure::Steady, 1.0, 0.0, verdict));
                continue;
            }
        }
        for figure in COMPARED {
            if let Some(difference) = difference(before, after, figure, way) {
                let margin = difference.margin.max(least_paced(way.rounds));
                let verdict = verdict_of(&difference, margin);
                found.push(change(after, figure, difference.ratio, margin, verdict));
            } else if let (Some(x), Some(y)) = (before.figure(figure), after.figure(figure)) {
                let (x_all, y_all) = (processes(before, figure), processes(after, figure));
                let margin = match figure {
                    // Where a collection falls decides much; there is no undisturbed half.
                    Figure::Memory => margin(&x_all, &y_all)
                        .max(least_memory(x_all.values.len().min(y_all.values.len())))
                        .max(range(&x_all.values))
                        .max(range(&y_all.values)),
                    _ => margin(&x_all, &y_all),
                };
                let verdict = verdict(x, y, &x_all.values, &y_all.values, margin);
                found.push(change(after, figure, x / y, margin, verdict));
            }
        }
    }
    found
}

/// Of few processes nobody knows how far collections move their peak.
fn least_memory(processes: usize) -> f64 {
    match processes {
        0 | 1 => 0.15,
        2 => 0.1,
        _ => 0.05,
    }
}

fn change(row: &Row, figure: Figure, ratio: f64, margin: f64, verdict: Verdict) -> Change {
    Change {
        peer: row.peer.clone(),
        benchmark: row.benchmark.clone(),
        figure,
        ratio,
        margin,
        verdict,
    }
}

/// How they differ, freed of the pace; `None` when that is not known.
fn difference(before: &Row, after: &Row, figure: Figure, way: Way) -> Option<Difference> {
    let (x, y) = (
        observations(before, figure, way)?,
        observations(after, figure, way)?,
    );
    if way.turns {
        paced::in_turns(&x, &y)
    } else if way.paced {
        paced::apart(&x, &y)
    } else {
        None
    }
}

fn verdict_of(difference: &Difference, margin: f64) -> Verdict {
    let most = 1.0 + margin;
    match difference.ratio {
        _ if !difference.clear => Verdict::Same,
        ratio if ratio > most => Verdict::Better,
        ratio if ratio * most < 1.0 => Verdict::Worse,
        _ => Verdict::Same,
    }
}

/// What each process says of a figure.
fn observations(row: &Row, figure: Figure, way: Way) -> Option<Vec<Observation>> {
    let observe = |time: f64, loops: u64, pace: Option<Pace>| -> Option<Observation> {
        let Pace(arithmetic, loads, share) = match pace {
            Some(pace) if way.paced => pace,
            None if way.paced => return None,
            _ => Pace(1.0, 1.0, 1.0),
        };
        let time = match way.clock {
            // While it waited for its core, elapsed time went on.
            Clock::Wall => time * share,
            Clock::Cpu => time,
        };
        let brief = if time * (loops as f64) < BRIEF.1 {
            BRIEF.0
        } else {
            0.0
        };
        let one = Observation {
            time: time.ln(),
            pace: [arithmetic.ln(), loads.ln()],
            noise: NOISE + DISPLACED * (1.0 - share) + brief,
        };
        (one.time.is_finite() && one.pace.iter().all(|pace| pace.is_finite())).then_some(one)
    };
    match figure {
        Figure::Steady => row
            .series
            .iter()
            .map(|series| {
                let times: Vec<f64> = series.iter().map(|sample| sample.1).collect();
                let from = warmup::settled(&times)?.from;
                let samples: Option<Vec<Observation>> = series[from..]
                    .iter()
                    .map(|sample| observe(sample.1, sample.0, sample.3))
                    .collect();
                paced::process(&samples?)
            })
            .collect(),
        Figure::Cold => {
            let none = vec![None; row.cold.len()];
            let paces = if way.paced { &row.cold_pace } else { &none };
            let pairs = row.cold.iter().zip(paces);
            (row.cold.len() == paces.len())
                .then(|| pairs.map(|(time, pace)| observe(*time, 1, *pace)).collect())?
        }
        Figure::Whole | Figure::Memory => None,
    }
}

/// A figure's value in each process, and how much it varies within one, relatively.
struct Processes {
    values: Vec<f64>,
    within: f64,
}

fn processes(row: &Row, figure: Figure) -> Processes {
    let mut within = 0.0_f64;
    let values = match figure {
        Figure::Steady => {
            let mut values = Vec::new();
            for series in &row.series {
                let times: Vec<f64> = series.iter().map(|sample| sample.1).collect();
                let from = warmup::settled(&times).map_or(0, |settled| settled.from);
                let steady = &times[from..];
                if let (Some(middle), Some(noise)) = (median(steady), spread(steady)) {
                    // Neighbouring samples are alike, so only the root of a quarter of them counts.
                    let count = (steady.len() as f64 / 4.0).max(1.0).sqrt();
                    within = within.max(noise / middle / count);
                    values.push(middle);
                }
            }
            values
        }
        Figure::Cold => row.cold.clone(),
        Figure::Whole => row.whole.clone(),
        Figure::Memory => row.peak_kb.iter().map(|kb| *kb as f64).collect(),
    };
    Processes { values, within }
}

/// The relative difference that noise explains.
fn margin(x: &Processes, y: &Processes) -> f64 {
    let least = if x.values.len() < 2 || y.values.len() < 2 {
        SINGLE
    } else {
        LEAST
    };
    let between = scatter(&x.values).max(scatter(&y.values));
    least.max(between).max(3.0 * x.within.max(y.within))
}

/// How far the best third of the processes lie apart: the figure is the best one, so this is how
/// well it is known. The others were disturbed.
fn scatter(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let next = sorted.get((sorted.len() / 3).max(1)).or(sorted.last());
    match (sorted.first(), next) {
        (Some(least), Some(next)) if *least > 0.0 => next / least - 1.0,
        _ => 0.0,
    }
}

/// How far all the processes lie apart.
fn range(values: &[f64]) -> f64 {
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let most = values.iter().copied().fold(0.0, f64::max);
    if least > 0.0 && least.is_finite() {
        most / least - 1.0
    } else {
        0.0
    }
}

fn verdict(x: f64, y: f64, x_all: &[f64], y_all: &[f64], margin: f64) -> Verdict {
    // The best of one side must be beyond the middle of the other, and by the margin.
    let beyond = |best: f64, others: &[f64]| median(others).is_some_and(|middle| best > middle);
    if y > x * (1.0 + margin) && beyond(y, x_all) {
        Verdict::Worse
    } else if x > y * (1.0 + margin) && beyond(x, y_all) {
        Verdict::Better
    } else {
        Verdict::Same
    }
}

fn text(changes: &[Change], totals: &[Total]) -> String {
    let mut text = String::new();
    let mut shown: Vec<&Change> = changes
        .iter()
        .filter(|change| change.verdict != Verdict::Same)
        .collect();
    shown.sort_by(|a, b| a.ratio.total_cmp(&b.ratio));
    for change in shown {
        let what = match change.verdict {
            Verdict::Better if change.figure == Figure::Memory => "smaller",
            Verdict::Worse if change.figure == Figure::Memory => "larger",
            Verdict::Better => "faster",
            Verdict::Worse => "slower",
            Verdict::Broken => "FAILS now",
            Verdict::Mended => "works now",
            Verdict::Same => continue,
        };
        let _ = write!(text, "{:<30} {:<16} ", change.benchmark, change.peer);
        if matches!(change.verdict, Verdict::Broken | Verdict::Mended) {
            let _ = writeln!(text, "{what}");
        } else {
            let _ = writeln!(
                text,
                "{:<14} {:>6} ×  {what} (noise explains {:.0} %)",
                change.figure.title().to_lowercase(),
                units::ratio(change.ratio),
                change.margin * 100.0
            );
        }
    }
    for total in totals {
        let in_all = match total.verdict {
            Verdict::Better => "faster in all",
            Verdict::Worse => "slower in all",
            _ => "no change in all",
        };
        let _ = write!(
            text,
            "{}, {}: {} × over {} benchmarks; {} better, {} worse, {} the same",
            total.peer,
            total.figure.title().to_lowercase(),
            units::ratio(total.ratio),
            total.benchmarks,
            total.better,
            total.worse,
            total.benchmarks - total.better - total.worse
        );
        let _ = match total.figure {
            Figure::Memory => writeln!(text),
            _ => writeln!(
                text,
                "; {in_all} (noise explains {:.0} %)",
                total.margin * 100.0
            ),
        };
    }
    text
}

/// A figure over all benchmarks of a peer.
struct Total<'a> {
    peer: &'a str,
    figure: Figure,
    /// Geometric mean of the ratios.
    ratio: f64,
    /// What noise explains of it.
    margin: f64,
    verdict: Verdict,
    benchmarks: usize,
    better: usize,
    worse: usize,
}

/// Half of what noise explains is taken to befall all benchmarks alike (a machine that is slower today);
/// the other half befalls each by itself, and becomes less in their mean.
const COMMON: f64 = 0.5;

/// What noise explains of a mean of ratios.
fn margin_of_mean(margins: &[f64]) -> f64 {
    let n = margins.len().max(1) as f64;
    let mean = margins.iter().sum::<f64>() / n;
    let squares = margins.iter().map(|m| m * m).sum::<f64>() / (n * n);
    (COMMON * mean * mean + (1.0 - COMMON) * squares).sqrt()
}

fn totals(changes: &[Change]) -> Vec<Total<'_>> {
    let mut totals = Vec::new();
    let mut peers: Vec<&str> = changes.iter().map(|change| change.peer.as_str()).collect();
    peers.sort_unstable();
    peers.dedup();
    for peer in peers {
        for figure in COMPARED {
            let of: Vec<&Change> = changes
                .iter()
                .filter(|c| c.peer == peer && c.figure == figure && c.margin > 0.0)
                .collect();
            let ratios: Vec<f64> = of.iter().map(|change| change.ratio).collect();
            let margins: Vec<f64> = of.iter().map(|change| change.margin).collect();
            if let Some(ratio) = geometric_mean(&ratios) {
                let count = |verdict| of.iter().filter(|c| c.verdict == verdict).count();
                let margin = margin_of_mean(&margins);
                totals.push(Total {
                    peer,
                    figure,
                    ratio,
                    margin,
                    verdict: match figure {
                        // Where a collection falls is no noise that a mean makes less.
                        Figure::Memory => Verdict::Same,
                        _ if ratio > 1.0 + margin => Verdict::Better,
                        _ if ratio * (1.0 + margin) < 1.0 => Verdict::Worse,
                        _ => Verdict::Same,
                    },
                    benchmarks: ratios.len(),
                    better: count(Verdict::Better),
                    worse: count(Verdict::Worse),
                });
            }
        }
    }
    totals
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::bootstrap::Random;

    /// Values around `middle` with up to `noise` of it on top.
    fn noisy(random: &mut Random, middle: f64, noise: f64, count: usize) -> Processes {
        let mut values = Vec::new();
        for _ in 0..count {
            values.push(middle * (1.0 + noise * random.below(1000) as f64 / 1000.0));
        }
        Processes {
            values,
            within: noise / 4.0,
        }
    }

    fn judged(x: &Processes, y: &Processes) -> Verdict {
        let least = |p: &Processes| p.values.iter().copied().fold(f64::INFINITY, f64::min);
        verdict(least(x), least(y), &x.values, &y.values, margin(x, y))
    }

    #[test]
    fn the_same_twice_is_no_alarm() {
        let mut random = Random::new();
        for _ in 0..2000 {
            let (x, y) = (
                noisy(&mut random, 1.0, 0.04, 5),
                noisy(&mut random, 1.0, 0.04, 5),
            );
            assert_eq!(judged(&x, &y), Verdict::Same);
        }
    }

    /// A row of six processes, some on a core that was slowed down.
    fn row(peer: &str, cost: f64, paces: bool) -> Row {
        let mut row = Row {
            benchmark: "b".to_owned(),
            peer: peer.to_owned(),
            ..Row::default()
        };
        for pace in [100.0, 150.0, 101.0, 148.0, 102.0, 160.0] {
            row.cold.push(cost * pace);
            if paces {
                row.cold_pace.push(Some(Pace(pace, pace, 1.0)));
            }
        }
        row.summary.cold = row.cold.iter().copied().min_by(f64::total_cmp);
        row
    }

    #[test]
    fn times_are_freed_of_the_pace() {
        let way = |paced, turns| Way {
            clock: Clock::Wall,
            paced,
            turns,
            rounds: ENOUGH,
        };
        let judged = |x: &Row, y: &Row, way: Way| -> Vec<(Figure, Verdict)> {
            let changes = changes_of(std::iter::once((x, y)), way);
            changes.iter().map(|c| (c.figure, c.verdict)).collect()
        };
        for turns in [false, true] {
            let (x, y) = (row("x", 1.0, true), row("y", 1.1, true));
            let way = way(true, turns);
            assert_eq!(judged(&x, &y, way), [(Figure::Cold, Verdict::Worse)]);
            assert_eq!(judged(&y, &x, way), [(Figure::Cold, Verdict::Better)]);
            assert_eq!(judged(&x, &x, way), [(Figure::Cold, Verdict::Same)]);
        }
        // What was measured before there were paces, and half of it.
        let old = row("x", 1.0, false);
        let much = row("y", 1.5, true);
        for paced in [false, true] {
            let way = way(paced, false);
            assert_eq!(judged(&old, &much, way), [(Figure::Cold, Verdict::Worse)]);
        }
        // In turns, what one met the other met too.
        let some = row("y", 1.1, false);
        assert_eq!(
            judged(&old, &some, way(false, true)),
            [(Figure::Cold, Verdict::Worse)]
        );
    }

    #[test]
    fn a_mean_is_known_better_than_its_parts() {
        let change = |ratio| Change {
            peer: "p".to_owned(),
            benchmark: "b".to_owned(),
            figure: Figure::Cold,
            ratio,
            margin: 0.11,
            verdict: Verdict::Same,
        };
        let verdict = |ratio| totals(&[change(ratio), change(ratio), change(ratio)])[0].verdict;
        assert_eq!(verdict(1.0 / 1.1), Verdict::Worse);
        assert_eq!(verdict(1.1), Verdict::Better);
        assert_eq!(verdict(0.95), Verdict::Same);
        // One alone says no more than it says.
        assert!((margin_of_mean(&[0.11]) - 0.11).abs() < 1e-9);
    }

    #[test]
    fn waiting_for_the_core_is_no_work() {
        let observed = |clock, share| {
            let mut row = row("x", 1.0, true);
            row.cold_pace[0] = Some(Pace(100.0, 100.0, share));
            let way = Way {
                clock,
                paced: true,
                turns: false,
                rounds: ENOUGH,
            };
            observations(&row, Figure::Cold, way).unwrap()[0].time.exp()
        };
        assert!((observed(Clock::Wall, 0.5) - 50.0).abs() < 1e-6);
        assert!((observed(Clock::Cpu, 0.5) - 100.0).abs() < 1e-6);
    }

    #[test]
    fn a_tenth_slower_is_found() {
        let mut random = Random::new();
        for _ in 0..2000 {
            let (x, y) = (
                noisy(&mut random, 1.0, 0.03, 5),
                noisy(&mut random, 1.1, 0.03, 5),
            );
            assert_eq!(judged(&x, &y), Verdict::Worse);
            assert_eq!(judged(&y, &x), Verdict::Better);
        }
    }
}
