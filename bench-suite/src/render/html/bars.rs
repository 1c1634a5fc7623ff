//! Ratio bars: for each benchmark one bar a peer, on a logarithmic axis around the base.

use std::fmt::Write as _;

use super::{anchor, colour, escaped, key};
use crate::render::units;
use crate::results::{Figure, Results};

/// Doublings that the axis has on each side.
const REACH: f64 = 6.0;

/// Where a ratio is on an axis from 0 to 200 with the base at 100.
pub fn place(ratio: f64) -> f64 {
    100.0 + 100.0 * (ratio.log2() / REACH).clamp(-1.0, 1.0)
}

/// All benchmarks' bars for one figure. The first two figures are open, the others a click away.
pub fn section(page: &mut String, results: &Results, figure: Figure) {
    let others: Vec<&str> = results.peers().into_iter().skip(1).collect();
    if others
        .iter()
        .all(|peer| results.ratios(peer, figure).is_empty())
    {
        return;
    }
    let open = if matches!(figure, Figure::Steady | Figure::Cold) {
        " open"
    } else {
        ""
    };
    let better = if figure == Figure::Memory {
        "smaller"
    } else {
        "faster"
    };
    let _ = write!(
        page,
        "<details class=\"figure\" data-figure=\"{figure:?}\"{open}><summary><h2>{} \
         <small>to the right is {better} than {}</small></h2></summary>\n<p class=\"quiet\">{}</p>\n",
        figure.title(),
        escaped(&results.header.base),
        figure.explained()
    );
    key(page, results);
    *page += "<div class=\"scale\"><span></span><div><i><span>1/64</span><span>1/16</span><span>1/4</span><span>1</span><span>4</span><span>16</span><span>64</span></i><span>×</span><span></span></div></div>\n";
    for (suite, benchmark) in results.benchmarks() {
        if others
            .iter()
            .any(|peer| results.find(suite, benchmark, peer).is_some())
        {
            row(page, results, suite, benchmark, figure);
        }
    }
    *page += "</details>\n";
}

fn row(page: &mut String, results: &Results, suite: &str, benchmark: &str, figure: Figure) {
    let base = results.find(suite, benchmark, &results.header.base);
    let of_base = base.and_then(|row| row.figure(figure));
    let mut bars = String::new();
    let mut any = false;
    for peer in results.peers().into_iter().skip(1) {
        let Some(row) = results.find(suite, benchmark, peer) else {
            continue;
        };
        let value = row.figure(figure);
        let (mark, text) = match (results.ratio(suite, benchmark, peer, figure), value) {
            (Some(ratio), Some(value)) => (bar(ratio), units::figure(figure, value)),
            (None, Some(value)) => (String::new(), units::figure(figure, value)),
            _ if row.error.is_some() => (
                String::new(),
                "<span class=\"failed\">failed</span>".to_owned(),
            ),
            _ => continue,
        };
        any |= value.is_some();
        let ratio = results.ratio(suite, benchmark, peer, figure);
        let _ = write!(
            bars,
            "<div class=\"bar {}\"{}>{}<span>{}</span><span>{text}</span></div>",
            colour(results, peer),
            ratio.map_or(String::new(), |ratio| format!(" data-ratio=\"{ratio:.4}\"")),
            if mark.is_empty() {
                "<span></span>"
            } else {
                &mark
            },
            ratio.map_or(String::new(), units::ratio)
        );
    }
    if any {
        let _ = writeln!(
            page,
            "<div class=\"bench\"><a href=\"#{}\">{} <span class=\"quiet\">{}</span></a><div>{bars}</div></div>",
            anchor(suite, benchmark),
            escaped(benchmark),
            of_base.map_or(String::new(), |value| units::figure(figure, value))
        );
    }
}

fn bar(ratio: f64) -> String {
    let end = place(ratio);
    let (x, width) = if end < 100.0 {
        (end, 100.0 - end)
    } else {
        (100.0, end - 100.0)
    };
    format!(
        "<svg viewBox=\"0 0 200 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
         <path class=\"tick\" d=\"M33.3 0V10M66.7 0V10M133.3 0V10M166.7 0V10\"/>\
         <rect x=\"{x:.1}\" y=\"1\" width=\"{:.1}\" height=\"8\"/><path class=\"axis\" d=\"M100 0V10\"/></svg>",
        width.max(0.4)
    )
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn the_axis() {
        assert_eq!(
            (place(1.0), place(64.0), place(1.0 / 64.0)),
            (100.0, 200.0, 0.0)
        );
        assert_eq!((place(1e6), place(1e-6)), (200.0, 0.0));
    }
}
