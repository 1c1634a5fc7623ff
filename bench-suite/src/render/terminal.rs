//! Tables in a terminal: a line for each benchmark, as it is through.

use std::fmt::Write as _;

use super::units;
use crate::results::{Figure, Results, Row};
use crate::stats::bootstrap::mean_interval;
use crate::stats::geometric_mean;

/// The columns that have times and ratios.
const SHOWN: [Figure; 2] = [Figure::Steady, Figure::Cold];

const NAME: usize = 30;
const TIME: usize = 9;
const RATIO: usize = 7;

/// Heading and all lines.
pub fn render(results: &Results) -> String {
    let mut text = heading(results) + "\n";
    for (suite, benchmark) in results.benchmarks() {
        text += &line(results, suite, benchmark);
        text.push('\n');
    }
    text + &conclusion(results)
}

/// What the columns are.
pub fn heading(results: &Results) -> String {
    let mut above = " ".repeat(NAME);
    let mut below = format!("{:<NAME$}", "benchmark");
    let columns = if results.header.settings.check {
        &SHOWN[1..]
    } else {
        &SHOWN[..]
    };
    for figure in columns {
        let mut width = 0;
        for (index, peer) in results.peers().into_iter().enumerate() {
            let name: String = peer.chars().take(TIME).collect();
            let _ = write!(below, " {name:>TIME$}");
            width += TIME + 1;
            if index > 0 {
                let _ = write!(below, "{:>RATIO$}", "×");
                width += RATIO;
            }
        }
        let title = figure.title();
        let _ = write!(above, "  {title:<0$}", width);
        below += "  ";
    }
    format!("{}\n{}", above.trim_end(), below.trim_end())
}

/// A benchmark's line.
pub fn line(results: &Results, suite: &str, benchmark: &str) -> String {
    let mut text: String = benchmark.chars().take(NAME).collect();
    text = format!("{text:<NAME$}");
    let columns = if results.header.settings.check {
        &SHOWN[1..]
    } else {
        &SHOWN[..]
    };
    for &figure in columns {
        for (index, peer) in results.peers().into_iter().enumerate() {
            let row = results.find(suite, benchmark, peer);
            let _ = write!(text, " {:>TIME$}", cell(row, figure));
            if index > 0 {
                let ratio = results.ratio(suite, benchmark, peer, figure);
                let _ = write!(
                    text,
                    "{:>RATIO$}",
                    ratio.map_or(String::new(), units::ratio)
                );
            }
        }
        text += "  ";
    }
    let mut text = text.trim_end().to_owned();
    for row in results
        .rows
        .iter()
        .filter(|row| row.suite == suite && row.benchmark == benchmark)
    {
        if let Some(error) = &row.error {
            let _ = write!(text, "\n    {}: {error}", row.peer);
        }
    }
    text
}

fn cell(row: Option<&Row>, figure: Figure) -> String {
    let Some(row) = row else {
        return "–".to_owned();
    };
    if row.error.is_some() {
        return "failed".to_owned();
    }
    row.figure(figure)
        .map_or("–".to_owned(), |value| units::figure(figure, value))
}

/// Geometric means.
pub fn conclusion(results: &Results) -> String {
    let mut text = String::new();
    let base = &results.header.base;
    for peer in results.peers().into_iter().skip(1) {
        let _ = write!(text, "\n{peer} against {base}, geometric means:");
        for figure in Figure::ALL {
            let ratios = results.ratios(peer, figure);
            if let (Some(mean), Some((low, high))) =
                (geometric_mean(&ratios), mean_interval(&ratios))
            {
                let _ = write!(
                    text,
                    "\n  {:<14} {:>5} ×  ({} to {}; {} benchmarks)",
                    figure.title().to_lowercase(),
                    units::ratio(mean),
                    units::ratio(low),
                    units::ratio(high),
                    ratios.len()
                );
            }
        }
    }
    let failures = results.failures().count();
    let _ = write!(
        text,
        "\n\nOver 1 is faster (or smaller) than {base}. {failures} failures in {} rows.\n",
        results.rows.len()
    );
    text
}
