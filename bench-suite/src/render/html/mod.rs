//! The report as one page that needs nothing else: no network, no script, light and dark.

mod bars;
mod curves;
mod details;
mod means;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;

use super::markdown;
use crate::results::{Figure, Results};

/// Colours there are; further peers share the last.
const COLOURS: usize = 6;

/// The whole page.
pub fn render(results: &Results) -> String {
    let header = &results.header;
    let machine = &header.machine;
    let title = escaped(&markdown::title(results));
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>\n{}</style>\n</head>\n<body>\n<h1>{title}</h1>\n",
        include_str!("style.css")
    );
    let _ = writeln!(
        page,
        "<p class=\"quiet\">{} UTC · {} cores of {} · {} MB · {}</p>",
        escaped(&header.date),
        machine.cores,
        escaped(&machine.processor),
        machine.memory_mb,
        escaped(&machine.system)
    );
    if !results.complete {
        page += "<p class=\"warning\">Interrupted: not everything was measured.</p>\n";
    }
    if let Some(warning) = markdown::warning(results) {
        let _ = writeln!(page, "<p class=\"warning\">{}</p>", escaped(&warning));
    }
    for note in &header.notes {
        let _ = writeln!(page, "<p>{}</p>", escaped(note));
    }
    means::section(&mut page, results);
    for figure in Figure::ALL {
        bars::section(&mut page, results, figure);
    }
    details::section(&mut page, results);
    failures(&mut page, results);
    method(&mut page, results);
    page + "</body>\n</html>\n"
}

/// Text that cannot be taken for markup.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            c => out.push(c),
        }
    }
    out
}

/// The class that gives a peer its colour.
fn colour(results: &Results, peer: &str) -> String {
    let place = results
        .peers()
        .iter()
        .position(|name| *name == peer)
        .unwrap_or(0);
    format!("p{}", place.min(COLOURS - 1))
}

/// The fragment of a benchmark's details.
fn anchor(suite: &str, benchmark: &str) -> String {
    let text = format!("{suite}.{benchmark}");
    text.chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || "._-".contains(c) {
                c
            } else {
                '-'
            }
        })
        .collect()
}

/// Which colour is whom.
fn key(page: &mut String, results: &Results) {
    *page += "<ul class=\"key\">";
    for peer in results.peers() {
        let _ = write!(
            page,
            "<li class=\"{}\">{}</li>",
            colour(results, peer),
            escaped(peer)
        );
    }
    *page += "</ul>\n";
}

fn failures(page: &mut String, results: &Results) {
    if results.failures().next().is_none() {
        return;
    }
    *page += "<h2 id=\"failures\">Failures</h2>\n<div class=\"scroll\"><table class=\"failures\">\
              <tr><th>benchmark</th><th>peer</th><td class=\"wide\"></td></tr>\n";
    for (row, error) in results.failures() {
        let _ = writeln!(
            page,
            "<tr><td>{}</td><td>{}</td><td class=\"wide failed\">{}</td></tr>",
            escaped(&row.benchmark),
            escaped(&row.peer),
            escaped(error)
        );
    }
    *page += "</table></div>\n";
}

fn method(page: &mut String, results: &Results) {
    let header = &results.header;
    let _ = write!(
        page,
        "<h2>How it was measured</h2>\n<p>{}</p>\n<pre>{}</pre>\n<div class=\"scroll\"><table>\
         <tr><th>peer</th><th>version</th><th>command</th></tr>\n",
        escaped(&markdown::method(results)),
        escaped(&header.command)
    );
    for peer in &header.peers {
        let _ = writeln!(
            page,
            "<tr><td class=\"peer {}\">{}</td><td>{} {}</td><td><code>{}</code></td></tr>",
            colour(results, &peer.name),
            escaped(&peer.name),
            escaped(&peer.implementation),
            escaped(&peer.version),
            escaped(&peer.typed())
        );
    }
    *page += "</table></div>\n";
}
