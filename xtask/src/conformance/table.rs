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

/// The table of a sweep over the whole suite: how each module ends, and what dies or never ends.
pub fn sweep(rows: &Rows, reasons: &super::reasons::Reasons, mode: &str, note: &str) -> String {
    let counts = [
        Outcome::Passed,
        Outcome::Failed,
        Outcome::Error,
        Outcome::Skipped,
        Outcome::Crashed,
        Outcome::Hung,
    ];
    let of = |module: &Module| counts.map(|c| module.count(c));
    let mut sums = [0; 6];
    for (module, _) in rows.values() {
        for (sum, n) in sums.iter_mut().zip(of(module)) {
            *sum += n;
        }
    }
    let [passed, failed, errors, skipped, crashed, hung] = sums;
    let imported = rows.values().filter(|(m, _)| !m.tests.is_empty()).count();
    let mut out = format!(
        "# A sweep over CPython 3.14's whole test suite, mode {mode}: does anything crash or hang?\n\
         # Written by `cargo xtask conformance all --sweep`. {note}\n\n\
         {} modules, {imported} with tests that ran: {passed} passed, {failed} failed, {errors} errors, \
         {skipped} skipped, {crashed} crashed, {hung} hung.\n\n",
        rows.len()
    );
    out.push_str("# Tests that ended the process or never ended\n");
    for (name, (module, _)) in rows {
        for (id, test) in &module.tests {
            if matches!(test.outcome, Outcome::Crashed | Outcome::Hung) {
                let why = reasons.failure(id).unwrap_or(&test.why);
                out.push_str(&format!("{:<8} {id}  {why}\n", test.outcome.word()));
            }
        }
        if let Some(end) = module.broken {
            out.push_str(&format!("{:<8} {name}  {}\n", end.word(), module.note));
        }
    }
    out.push_str(&format!(
        "\n{:<44} {:>6} {:>6} {:>6} {:>7} {:>7} {:>5} {:>6}\n",
        "module", "passed", "failed", "errors", "skipped", "crashed", "hung", "s"
    ));
    for (name, (module, _)) in rows {
        let [passed, failed, errors, skipped, crashed, hung] = of(module);
        let line = format!(
            "{name:<44} {passed:>6} {failed:>6} {errors:>6} {skipped:>7} {crashed:>7} {hung:>5} {:>6.1}  {}",
            module.seconds, module.note
        );
        out.push_str(line.trim_end());
        out.push('\n');
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
