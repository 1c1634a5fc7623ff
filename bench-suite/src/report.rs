//! What comes out: a line on the terminal as it happens, JSON lines, a table.
//!
//! Ratios say how many times faster than the first interpreter: over 1 is
//! faster. Steady ratios compare medians. A geometric mean covers the
//! benchmarks that both interpreters finished, and says how many those are.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::Write as _;

use crate::options::{Options, Python};
use crate::run::Measured;
use crate::suite::Program;

/// A benchmark on an interpreter.
#[derive(Debug)]
pub struct Entry {
    benchmark: String,
    program: String,
    python: String,
    result: Result<Measured, String>,
}

impl Entry {
    /// It was measured.
    pub fn measured(program: &Program, python: &Python, measured: Measured) -> Self {
        Self {
            benchmark: measured.name.clone(),
            program: program.name.clone(),
            python: python.name.clone(),
            result: Ok(measured),
        }
    }

    /// The script failed.
    pub fn failed(program: &Program, python: &Python, error: String) -> Self {
        Self {
            benchmark: program.name.clone(),
            program: program.name.clone(),
            python: python.name.clone(),
            result: Err(error),
        }
    }

    fn json(&self) -> String {
        let mut text = format!(
            "{{\"benchmark\": {}, \"program\": {}, \"python\": {}",
            quoted(&self.benchmark),
            quoted(&self.program),
            quoted(&self.python)
        );
        match &self.result {
            Ok(measured) => {
                let _ = write!(text, ", \"cold\": {:e}", measured.cold);
                if let Some((best, median)) = measured.steady {
                    let _ = write!(
                        text,
                        ", \"best\": {best:e}, \"median\": {median:e}, \"samples\": {}, \"loops\": {}",
                        measured.samples, measured.loops
                    );
                }
                if let Some(digest) = &measured.digest {
                    let _ = write!(text, ", \"digest\": {}", quoted(digest));
                }
            }
            Err(error) => {
                let _ = write!(text, ", \"error\": {}", quoted(error));
            }
        }
        text + "}"
    }

    fn line(&self) -> String {
        let outcome = match &self.result {
            Ok(measured) => match measured.steady {
                Some((_, median)) => {
                    format!("steady {}  cold {}", time(median), time(measured.cold))
                }
                None => format!(
                    "ok  {}  {}",
                    time(measured.cold),
                    measured.digest.as_deref().unwrap_or("")
                ),
            },
            Err(error) => format!("FAIL  {error}"),
        };
        format!("{:<28} {:<10} {}", self.benchmark, self.python, outcome)
    }
}

/// Collects entries.
pub struct Report<'a> {
    options: &'a Options,
    entries: Vec<Entry>,
    lines: File,
}

impl<'a> Report<'a> {
    /// Starts a report in the output folder.
    pub fn new(options: &'a Options) -> Result<Self, String> {
        let wrong = |error: std::io::Error| format!("{}: {error}", options.out.display());
        fs::create_dir_all(&options.out).map_err(wrong)?;
        let lines = File::create(options.out.join("results.jsonl")).map_err(wrong)?;
        Ok(Self {
            options,
            entries: Vec::new(),
            lines,
        })
    }

    /// Adds an entry; it is on the disk and on the terminal when this returns.
    pub fn add(&mut self, entry: Entry) -> Result<(), String> {
        println!("{}", entry.line());
        writeln!(self.lines, "{}", entry.json()).map_err(|error| error.to_string())?;
        self.entries.push(entry);
        Ok(())
    }

    /// Writes the table or the check's verdict; false when something is wrong.
    pub fn finish(self) -> Result<bool, String> {
        let mismatches = self.mismatches();
        for line in &mismatches {
            println!("{line}");
        }
        let failed = self
            .entries
            .iter()
            .filter(|entry| entry.result.is_err())
            .count();
        if self.options.check {
            println!(
                "{} ok, {failed} failed, {} results differ",
                self.entries.len() - failed,
                mismatches.len()
            );
        } else {
            let table = self.markdown(&mismatches);
            println!("\n{table}");
            let file = self.options.out.join("table.md");
            fs::write(&file, table).map_err(|error| format!("{}: {error}", file.display()))?;
        }
        Ok(failed == 0 && mismatches.is_empty())
    }

    fn find(&self, benchmark: &str, python: &str) -> Option<&Entry> {
        self.entries
            .iter()
            .find(|entry| entry.benchmark == benchmark && entry.python == python)
    }

    /// Benchmarks in the order in which they first appeared.
    fn benchmarks(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for entry in &self.entries {
            if !names.contains(&entry.benchmark.as_str()) {
                names.push(&entry.benchmark);
            }
        }
        names
    }

    fn mismatches(&self) -> Vec<String> {
        let mut found = Vec::new();
        for name in self.benchmarks() {
            let digests: Vec<(&str, &str)> = self
                .entries
                .iter()
                .filter(|entry| entry.benchmark == name)
                .filter_map(|entry| {
                    let digest = entry.result.as_ref().ok()?.digest.as_deref()?;
                    Some((entry.python.as_str(), digest))
                })
                .collect();
            if digests.windows(2).any(|pair| pair[0].1 != pair[1].1) {
                let texts: Vec<String> = digests
                    .iter()
                    .map(|(python, digest)| format!("{python} {digest}"))
                    .collect();
                found.push(format!("DIFFERENT RESULTS {name}: {}", texts.join(", ")));
            }
        }
        found
    }

    fn markdown(&self, mismatches: &[String]) -> String {
        let mut text = String::new();
        self.table(&mut text, "Steady state (median per loop)", |measured| {
            measured.steady.map(|(_, median)| median)
        });
        self.table(&mut text, "First call", |measured| Some(measured.cold));
        let errors: Vec<&Entry> = self
            .entries
            .iter()
            .filter(|entry| entry.result.is_err())
            .collect();
        if !errors.is_empty() || !mismatches.is_empty() {
            text.push_str("## Failures\n\n");
            for entry in errors {
                if let Err(error) = &entry.result {
                    let _ = writeln!(text, "- {} on {}: {error}", entry.benchmark, entry.python);
                }
            }
            for line in mismatches {
                let _ = writeln!(text, "- {line}");
            }
        }
        text
    }

    fn table(&self, text: &mut String, title: &str, pick: impl Fn(&Measured) -> Option<f64>) {
        let pythons = &self.options.pythons;
        let Some((base, others)) = pythons.split_first() else {
            return;
        };
        let _ = write!(text, "## {title}\n\n| benchmark | {} |", base.name);
        for other in others {
            let _ = write!(text, " {} | × |", other.name);
        }
        text.push_str("\n| --- | --: |");
        text.push_str(&" --: | --: |".repeat(others.len()));
        text.push('\n');
        let get = |name: &str, python: &Python| {
            let entry = self.find(name, &python.name)?;
            pick(entry.result.as_ref().ok()?)
        };
        let cell = |value: Option<f64>| value.map_or("failed".to_owned(), time);
        let mut ratios: Vec<Vec<f64>> = vec![Vec::new(); others.len()];
        for name in self.benchmarks() {
            let reference = get(name, base);
            let _ = write!(text, "| {name} | {} |", cell(reference));
            for (index, other) in others.iter().enumerate() {
                let value = get(name, other);
                let ratio = reference.zip(value).map(|(a, b)| a / b);
                let _ = write!(text, " {} |", cell(value));
                match ratio.filter(|ratio| ratio.is_finite() && *ratio > 0.0) {
                    Some(ratio) => {
                        ratios[index].push(ratio);
                        let _ = write!(text, " {ratio:.2} |");
                    }
                    None => text.push_str(" – |"),
                }
            }
            text.push('\n');
        }
        let _ = write!(text, "| **geometric mean** | |");
        for list in &ratios {
            match geometric_mean(list) {
                Some(mean) => {
                    let _ = write!(text, " of {} | **{mean:.2}** |", list.len());
                }
                None => text.push_str(" | – |"),
            }
        }
        text.push_str("\n\n");
    }
}

fn geometric_mean(values: &[f64]) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    let sum: f64 = values.iter().map(|value| value.ln()).sum();
    Some((sum / values.len() as f64).exp())
}

/// Seconds for people: three digits and a unit.
fn time(seconds: f64) -> String {
    let (value, unit) = match seconds {
        s if s >= 1.0 => (s, "s"),
        s if s >= 1e-3 => (s * 1e3, "ms"),
        s if s >= 1e-6 => (s * 1e6, "µs"),
        s => (s * 1e9, "ns"),
    };
    let digits = if value >= 100.0 {
        0
    } else if value >= 10.0 {
        1
    } else {
        2
    };
    format!("{value:.digits$} {unit}")
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                out.push('\\');
                out.push(character);
            }
            c if (c as u32) < 0x20 => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_for_people() {
        assert_eq!(time(2.5), "2.50 s");
        assert_eq!(time(0.0123), "12.3 ms");
        assert_eq!(time(4.56e-4), "456 µs");
        assert_eq!(time(5e-9), "5.00 ns");
        assert_eq!(geometric_mean(&[2.0, 8.0]), Some(4.0));
        assert_eq!(geometric_mean(&[]), None);
    }

    #[test]
    fn json_strings_are_escaped() {
        assert_eq!(quoted("a\"b\\\n"), "\"a\\\"b\\\\\\u000a\"");
    }
}
