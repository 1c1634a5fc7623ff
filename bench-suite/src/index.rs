//! A folder of dated reports, and its index.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::fetch::absolute;
use crate::render::{self, markdown, units};
use crate::results::{Figure, Results};
use crate::run::write_file;
use crate::stats::geometric_mean;

/// Puts a report into the folder, under its date, and renews the index.
pub fn publish(results: &Results, folder: &Path) -> Result<(), String> {
    let stem = stem(results);
    let place = folder.join(&stem);
    fs::create_dir_all(&place).map_err(|error| format!("{}: {error}", place.display()))?;
    for (name, text) in render::files(results)? {
        write_file(&place.join(name), &text)?;
    }
    println!("{}", absolute(&place)?.display());
    write(folder)
}

/// `2026-11-28-1745`: reports sort by when they were begun.
fn stem(results: &Results) -> String {
    results.header.date.replace(' ', "-").replace(':', "")
}

/// Writes `README.md`: a line for each report, the newest first.
pub fn write(folder: &Path) -> Result<(), String> {
    let wrong = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut names: Vec<String> = fs::read_dir(folder)
        .map_err(wrong)?
        .flatten()
        .filter(|entry| entry.path().join("results.json").is_file())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort_unstable_by(|a, b| b.cmp(a));
    let mut text = String::from(
        "# Reports\n\nWritten by `taipan-bench run --publish perf-reports`. Ratios are geometric \
         means of how many times faster than the reference, over the benchmarks that both finished.\n\n\
         | report | against | peer | steady | first call | benchmarks | failures |\n\
         | --- | --- | --- | --: | --: | --: | --: |\n",
    );
    for name in names {
        let results = Results::read(&folder.join(&name).join("results.json"))?;
        for (index, peer) in results.peers().into_iter().enumerate().skip(1) {
            let title = markdown::title(&results);
            let report = if index == 1 {
                format!(
                    "[{title}]({name}/table.md) · [page]({name}/report.html) · [data]({name}/results.json)"
                )
            } else {
                String::new()
            };
            let steady = results.ratios(peer, Figure::Steady);
            let mean = |ratios: &[f64]| geometric_mean(ratios).map_or("–".to_owned(), units::ratio);
            let failures = results
                .failures()
                .filter(|(row, _)| row.peer == peer)
                .count();
            let _ = writeln!(
                text,
                "| {report} | {} | {peer} | {} | {} | {} | {failures} |",
                results.header.base,
                mean(&steady),
                mean(&results.ratios(peer, Figure::Cold)),
                steady.len()
            );
        }
    }
    write_file(&folder.join("README.md"), &text)
}
