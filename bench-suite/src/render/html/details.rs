//! Everything about each benchmark: numbers, warm-up curve, JIT statistics.
//!
//! The fragment is inside the closed box: following a link to it opens the box.

use std::fmt::Write as _;

use super::{anchor, colour, curves, escaped};
use crate::render::units;
use crate::results::{Figure, Results, Row};

/// A closed box for each benchmark.
pub fn section(page: &mut String, results: &Results) {
    *page += "<h2>Benchmarks <small>numbers, warm-up curves, JIT statistics</small></h2>\n";
    for (suite, benchmark) in results.benchmarks() {
        let rows: Vec<&Row> = results
            .peers()
            .into_iter()
            .filter_map(|peer| results.find(suite, benchmark, peer))
            .collect();
        let _ = writeln!(
            page,
            "<details class=\"benchmark\"><summary>{} <span class=\"quiet\">{}</span></summary>\n\
             <div id=\"{}\">",
            escaped(benchmark),
            escaped(suite),
            anchor(suite, benchmark)
        );
        table(page, results, &rows);
        curves::draw(page, results, &rows);
        for row in &rows {
            statistics(page, results, row);
        }
        *page += "</div></details>\n";
    }
}

fn table(page: &mut String, results: &Results, rows: &[&Row]) {
    *page += "<div class=\"scroll\"><table><tr><th>peer</th>";
    for figure in Figure::ALL {
        let _ = write!(page, "<th>{}</th><th>×</th>", figure.title().to_lowercase());
    }
    *page += "<th>warm-up</th><th>samples</th></tr>\n";
    for row in rows {
        let _ = write!(
            page,
            "<tr><td class=\"peer {}\">{}</td>",
            colour(results, &row.peer),
            escaped(&row.peer)
        );
        if let Some(error) = &row.error {
            let _ = writeln!(
                page,
                "<td class=\"wide failed\" colspan=\"10\">{}</td></tr>",
                escaped(error)
            );
            continue;
        }
        for figure in Figure::ALL {
            let value = row
                .figure(figure)
                .map_or("–".to_owned(), |v| units::figure(figure, v));
            let ratio = results.ratio(&row.suite, &row.benchmark, &row.peer, figure);
            let ratio = ratio.filter(|_| row.peer != results.header.base);
            let _ = write!(
                page,
                "<td>{value}</td><td>{}</td>",
                ratio.map_or(String::new(), units::ratio)
            );
        }
        let warmup = row.summary.warmup.map_or("–".to_owned(), units::warmup);
        let samples: usize = row.series.iter().map(Vec::len).sum();
        let drifting = if row.summary.drifting {
            ", drifting"
        } else {
            ""
        };
        let _ = writeln!(page, "<td>{warmup}{drifting}</td><td>{samples}</td></tr>");
    }
    *page += "</table></div>\n";
}

fn statistics(page: &mut String, results: &Results, row: &Row) {
    let found = results
        .jit
        .iter()
        .find(|jit| jit.suite == row.suite && jit.program == row.program && jit.peer == row.peer);
    if let Some(jit) = found {
        let _ = writeln!(
            page,
            "<details class=\"jit\"><summary>JIT statistics of {} on {}</summary><pre>{}</pre></details>",
            escaped(&row.program),
            escaped(&row.peer),
            escaped(&jit.text)
        );
    }
}
