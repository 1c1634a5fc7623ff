//! The report as Markdown.

use std::fmt::Write as _;

use super::units;
use crate::cli::Clock;
use crate::results::{Figure, Results};
use crate::stats::bootstrap::mean_interval;
use crate::stats::geometric_mean;

/// The whole text.
pub fn render(results: &Results) -> String {
    let header = &results.header;
    let machine = &header.machine;
    let mut text = format!("# {}\n\n", title(results));
    let _ = writeln!(
        text,
        "Measured {} UTC on {} cores of {} ({}), load {} when it began.{}\n",
        header.date,
        machine.cores,
        machine.processor,
        machine.system,
        machine.load,
        if results.complete {
            ""
        } else {
            " **Interrupted: not everything was measured.**"
        }
    );
    text += &method(results);
    text.push('\n');
    if let Some(warning) = warning(results) {
        let _ = writeln!(text, "\n**{warning}**");
    }
    for note in &header.notes {
        let _ = writeln!(text, "\n{note}");
    }
    let _ = writeln!(text, "\n    {}\n", header.command);
    text += "| peer | version | command |\n| --- | --- | --- |\n";
    for peer in &header.peers {
        let _ = writeln!(
            text,
            "| {} | {} {} | `{}` |",
            peer.name,
            peer.implementation,
            peer.version,
            peer.typed()
        );
    }
    text += "\n## Geometric means\n\n";
    let _ = writeln!(
        text,
        "How many times faster (or smaller) than {}, with 95 % intervals and the number of benchmarks that both finished.\n",
        header.base
    );
    means(&mut text, results);
    for figure in Figure::ALL {
        table(&mut text, results, figure);
    }
    failures(&mut text, results);
    text
}

/// What the report calls itself.
pub fn title(results: &Results) -> String {
    let header = &results.header;
    header.name.clone().unwrap_or_else(|| {
        let names: Vec<&str> = header.peers.iter().map(|peer| peer.name.as_str()).collect();
        format!(
            "{}, {}",
            names.join(", "),
            header.date.split(' ').next().unwrap_or_default()
        )
    })
}

/// How it was measured, in sentences.
pub fn method(results: &Results) -> String {
    let header = &results.header;
    let settings = &header.settings;
    let pinned = header
        .core
        .map_or(String::new(), |core| format!(", pinned to core {core}"));
    let rounds = match settings.rounds {
        1 => "1 round".to_owned(),
        n => format!("{n} rounds"),
    };
    let clock = match settings.clock {
        Clock::Wall => "elapsed time",
        Clock::Cpu => "processor time of all threads of a process (waiting does not count)",
    };
    let mut text = format!(
        "Interpreters took turns on each benchmark{pinned}, {rounds} each in new processes. "
    );
    if settings.check {
        text += "Only first calls were measured. ";
    } else {
        let _ = write!(
            text,
            "A measurement took {} to {} s, until it was stable. ",
            settings.least, settings.most
        );
    }
    let _ = write!(text, "Times are {clock}. The best process counts.");
    for name in &header.redone {
        let _ = write!(text, " {name} was measured again afterwards, out of turn.");
    }
    text
}

/// What a reader must know before believing small differences.
pub fn warning(results: &Results) -> Option<String> {
    let load = results.header.machine.load;
    (load > 0.5).then(|| {
        format!(
            "The machine was shared with other work while this was measured (load {load} when it \
             began) and is noisy: small differences mean nothing."
        )
    })
}

fn means(text: &mut String, results: &Results) {
    let others: Vec<&str> = results.peers().into_iter().skip(1).collect();
    let _ = writeln!(text, "| | {} |", others.join(" | "));
    let _ = writeln!(text, "| --- |{}", " --: |".repeat(others.len()));
    for figure in Figure::ALL {
        let _ = write!(text, "| {} |", figure.title());
        for peer in &others {
            let ratios = results.ratios(peer, figure);
            let _ = match (geometric_mean(&ratios), mean_interval(&ratios)) {
                (Some(mean), Some((low, high))) => write!(
                    text,
                    " **{}** ({}–{}; {}) |",
                    units::ratio(mean),
                    units::ratio(low),
                    units::ratio(high),
                    ratios.len()
                ),
                _ => write!(text, " – |"),
            };
        }
        text.push('\n');
    }
}

fn table(text: &mut String, results: &Results, figure: Figure) {
    if results.rows.iter().all(|row| row.figure(figure).is_none()) {
        return;
    }
    let peers = results.peers();
    let _ = write!(
        text,
        "\n## {}\n\n{}\n\n| benchmark |",
        figure.title(),
        figure.explained()
    );
    for (index, peer) in peers.iter().enumerate() {
        let _ = write!(text, " {peer} |{}", if index > 0 { " × |" } else { "" });
    }
    let _ = write!(
        text,
        "\n| --- | --: |{}\n",
        " --: | --: |".repeat(peers.len() - 1)
    );
    for (suite, benchmark) in results.benchmarks() {
        let any = peers.iter().any(|peer| {
            results
                .find(suite, benchmark, peer)
                .is_some_and(|row| row.figure(figure).is_some())
        });
        if !any {
            continue;
        }
        let _ = write!(text, "| {benchmark} |");
        for (index, peer) in peers.iter().enumerate() {
            let row = results.find(suite, benchmark, peer);
            let value = row.and_then(|row| row.figure(figure));
            let failed = row.is_some_and(|row| row.error.is_some());
            let cell = value.map_or(if failed { "failed" } else { "–" }.to_owned(), |v| {
                units::figure(figure, v)
            });
            let _ = write!(text, " {cell} |");
            if index > 0 {
                let ratio = results.ratio(suite, benchmark, peer, figure);
                let _ = write!(text, " {} |", ratio.map_or("–".to_owned(), units::ratio));
            }
        }
        text.push('\n');
    }
}

fn failures(text: &mut String, results: &Results) {
    if results.failures().next().is_none() {
        return;
    }
    text.push_str("\n## Failures\n\n");
    for (row, error) in results.failures() {
        let _ = writeln!(
            text,
            "- {} on {}: {}",
            row.benchmark,
            row.peer,
            error.replace('|', "\\|")
        );
    }
}
