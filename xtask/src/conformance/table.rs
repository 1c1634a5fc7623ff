//! The committed table: figures by set and module, and every test that fails.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::events::{Module, Outcome};
use super::score::{Score, percent};
use super::sets;

/// The modules of a run with their figures.
pub type Rows = BTreeMap<String, (Module, Score)>;

/// The table as text.
pub fn text(rows: &Rows, mode: &str) -> String {
    let mut out = format!(
        "# CPython 3.14's test suite under Taipan, mode {mode}.\n\
         # Written by `cargo xtask conformance --commit`. \"applies\" counts the test methods that CPython\n\
         # passes on the same machine, less those that check a detail of CPython (see reasons.txt).\n\n"
    );
    for (name, set) in [("Language set", sets::LANGUAGE), ("Types set", sets::TYPES)] {
        let part: Vec<&Score> = rows
            .iter()
            .filter(|(module, _)| sets::contains(set, module))
            .map(|(_, (_, score))| score)
            .collect();
        out.push_str(&total(name, &part));
    }
    out.push_str(&total(
        "Everything run",
        &rows.values().map(|(_, s)| s).collect::<Vec<_>>(),
    ));
    out.push_str(&format!(
        "\n{:<28} {:>7} {:>7} {:>8} {:>6} {:>6} {:>7} {:>5} {:>7} {:>6}\n",
        "module", "applies", "passed", "", "failed", "errors", "crashed", "hung", "skipped", "s"
    ));
    for (name, (module, score)) in rows {
        out.push_str(&format!(
            "{:<28} {:>7} {:>7} {:>8} {:>6} {:>6} {:>7} {:>5} {:>7} {:>6.1}",
            name,
            score.applicable,
            score.passed,
            percent(score.passed, score.applicable),
            module.count(Outcome::Failed),
            module.count(Outcome::Error),
            module.count(Outcome::Crashed),
            module.count(Outcome::Hung),
            module.count(Outcome::Skipped),
            module.seconds,
        ));
        if !module.note.is_empty() {
            out.push_str(&format!("  {}", module.note));
        }
        out.push('\n');
    }
    out.push_str("\n# Tests that do not pass\n");
    for (name, (_, score)) in rows {
        for (id, word, why) in &score.failing {
            let id = id.strip_prefix(name.as_str()).unwrap_or(id);
            out.push_str(&format!("{word:<8} {name}{id}  {why}\n"));
        }
    }
    out
}

fn total(name: &str, part: &[&Score]) -> String {
    let passed = part.iter().map(|s| s.passed).sum();
    let whole = part.iter().map(|s| s.applicable).sum();
    format!(
        "{name:<16} {passed:>6} of {whole:>6} applicable test methods pass, {}, in {} modules\n",
        percent(passed, whole),
        part.len()
    )
}

/// The names of the failing tests in a committed table, for the modules given.
pub fn committed_failures(path: &Path, rows: &Rows) -> Option<BTreeSet<String>> {
    let text = fs::read_to_string(path).ok()?;
    let (_, list) = text.split_once("# Tests that do not pass\n")?;
    let mut found = BTreeSet::new();
    for line in list.lines() {
        let Some(id) = line.split_whitespace().nth(1) else {
            continue;
        };
        let known = |end: usize| rows.contains_key(&id[..end]);
        if known(id.len()) || id.match_indices('.').any(|(at, _)| known(at)) {
            found.insert(id.to_owned());
        }
    }
    Some(found)
}

/// Prints what became better and worse against the committed table.
pub fn compare(path: &Path, rows: &Rows) {
    let Some(before) = committed_failures(path, rows) else {
        println!("no committed table to compare with: {}", path.display());
        return;
    };
    let mut now = BTreeMap::new();
    for (_, score) in rows.values() {
        for (id, word, why) in &score.failing {
            now.insert(id.as_str(), (*word, why.as_str()));
        }
    }
    let mended = before.iter().filter(|id| !now.contains_key(id.as_str()));
    let mended = mended.count();
    let broken: Vec<_> = now
        .iter()
        .filter(|(id, _)| !before.contains(**id))
        .collect();
    for (id, (word, why)) in broken.iter().take(60) {
        println!("NEWLY {word} {id}  {why}");
    }
    println!(
        "against the committed table: {mended} mended, {} broken",
        broken.len()
    );
}

/// The whole run for a program to read.
pub fn json(rows: &Rows, mode: &str) -> String {
    let mut out = format!("{{\"mode\": {}, \"modules\": {{", quote(mode));
    for (i, (name, (module, score))) in rows.iter().enumerate() {
        let comma = if i == 0 { "" } else { "," };
        out.push_str(&format!(
            "{comma}\n{}: {{\"applicable\": {}, \"passed\": {}, \"seconds\": {:.2}, \"note\": {}, \"tests\": {{",
            quote(name),
            score.applicable,
            score.passed,
            module.seconds,
            quote(&module.note)
        ));
        for (j, (id, test)) in module.tests.iter().enumerate() {
            let comma = if j == 0 { "" } else { "," };
            out.push_str(&format!(
                "{comma}\n  {}: [\"{}\"",
                quote(id),
                test.outcome.word()
            ));
            if test.outcome != Outcome::Passed {
                out.push_str(&format!(", {}", quote(&test.why)));
            }
            out.push(']');
        }
        out.push_str("}}");
    }
    out.push_str("\n}}\n");
    out
}

/// A JSON string.
fn quote(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if u32::from(c) < 0x20 => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
