//! Warm-up curves: seconds a loop over seconds since the second call, one line a peer.

use std::fmt::Write as _;

use super::{colour, escaped};
use crate::protocol::Sample;
use crate::render::units;
use crate::results::{Results, Row};

/// Points in a curve; more cannot be told apart.
const POINTS: usize = 90;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 180.0;

/// The curves of a benchmark; nothing where there are no series.
pub fn draw(page: &mut String, results: &Results, rows: &[&Row]) {
    let series: Vec<(&Row, &[Sample])> = rows
        .iter()
        .filter(|row| row.error.is_none())
        .filter_map(|row| Some((*row, row.series.first()?.as_slice())))
        .filter(|(_, samples)| samples.len() >= 3)
        .collect();
    let all = || {
        series.iter().flat_map(|(row, samples)| {
            samples
                .iter()
                .map(|sample| sample.1)
                .chain(row.summary.cold)
        })
    };
    let low = all().fold(f64::INFINITY, f64::min);
    let high = all().fold(0.0, f64::max);
    let end = series
        .iter()
        .flat_map(|(_, s)| s.iter().map(|s| s.2))
        .fold(0.0, f64::max);
    if series.is_empty() || low <= 0.0 || end <= 0.0 {
        return;
    }
    // Logarithmic in time a loop, so that peers of very different speed are readable together.
    let span = (high / low).ln().max(0.05);
    let y = |value: f64| HEIGHT - 8.0 - (HEIGHT - 16.0) * (value / low).ln() / span;
    let x = |at: f64| 4.0 + (WIDTH - 8.0) * at / end;
    let _ = write!(
        page,
        "<svg class=\"curve\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"warm-up\">"
    );
    for (row, samples) in &series {
        let class = colour(results, &row.peer);
        let step = samples.len().div_ceil(POINTS);
        let mut points = String::new();
        if let Some(cold) = row.summary.cold {
            let _ = write!(points, "{:.1},{:.1} ", x(0.0), y(cold));
        }
        for sample in samples.iter().step_by(step) {
            let _ = write!(points, "{:.1},{:.1} ", x(sample.2), y(sample.1));
        }
        let _ = write!(
            page,
            "<g class=\"{class}\"><title>{}</title><polyline points=\"{}\"/>",
            escaped(&row.peer),
            points.trim_end()
        );
        if let Some(warmup) = row.summary.warmup.filter(|warmup| *warmup > 0.0) {
            let at = x(warmup.min(end));
            let _ = write!(page, "<path class=\"steady\" d=\"M{at:.1} 0V{HEIGHT}\"/>");
        }
        *page += "</g>";
    }
    let _ = writeln!(
        page,
        "</svg>\n<div class=\"ends\"><span>0 s</span><span>{} at the bottom, {} at the top; dashed: warmed up</span><span>{:.1} s</span></div>",
        units::time(low),
        units::time(high),
        end
    );
}
