//! Geometric means with their intervals, a card for each peer.

use std::fmt::Write as _;

use super::{bars, colour, escaped};
use crate::render::units;
use crate::results::{Figure, Results};
use crate::stats::bootstrap::mean_interval;
use crate::stats::geometric_mean;

/// The cards.
pub fn section(page: &mut String, results: &Results) {
    let base = escaped(&results.header.base);
    let _ = write!(
        page,
        "<h2>Geometric means <small>times faster or smaller than {base}, with 95 % intervals</small></h2>\n\
         <div class=\"means\">\n"
    );
    for peer in results.peers().into_iter().skip(1) {
        let _ = write!(
            page,
            "<div class=\"mean {}\"><h3>{}</h3><dl>",
            colour(results, peer),
            escaped(peer)
        );
        for figure in Figure::ALL {
            let ratios = results.ratios(peer, figure);
            let (Some(mean), Some((low, high))) = (geometric_mean(&ratios), mean_interval(&ratios))
            else {
                continue;
            };
            let _ = write!(
                page,
                "<dt>{} <small>({})</small></dt><dd data-figure=\"{figure:?}\" data-mean=\"{mean:.4}\"><b>{}</b> × \
                 <small>{}–{}</small></dd>{}",
                figure.title(),
                ratios.len(),
                units::ratio(mean),
                units::ratio(low),
                units::ratio(high),
                interval(low, mean, high)
            );
        }
        *page += "</dl></div>\n";
    }
    *page += "</div>\n";
}

/// The interval as a thin bar, the mean as a thick stroke, on the axis of the bars.
fn interval(low: f64, mean: f64, high: f64) -> String {
    let (a, b, c) = (bars::place(low), bars::place(mean), bars::place(high));
    format!(
        "<svg viewBox=\"0 0 200 12\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{low:.2} to {high:.2}\">\
         <line class=\"axis\" x1=\"100\" x2=\"100\" y1=\"0\" y2=\"12\"/>\
         <rect x=\"{a:.1}\" y=\"4\" width=\"{:.1}\" height=\"4\" fill=\"var(--c)\" opacity=\"0.45\"/>\
         <rect x=\"{:.1}\" y=\"1\" width=\"2.4\" height=\"10\" fill=\"var(--c)\"/></svg>",
        (c - a).max(0.8),
        b - 1.2
    )
}
