//! Results: the rows that tables, pages and comparisons are made of.
//!
//! A row is a benchmark on a peer. A figure comes from several processes: each gives the median
//! of its steady part, and the best process counts, because what disturbs a process only ever
//! makes it slower. The same goes for first calls, whole processes and memory.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::cli::Clock;
use crate::journal::{Entry, Header, Journal, Mode};
use crate::pace::Pace;
use crate::protocol::Sample;
use crate::stats::{self, minimum, rounded, warmup};

/// The form of the JSON file.
pub const FORMAT: u32 = 1;

/// Everything there is to say about a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Results {
    /// With what it was measured.
    #[serde(flatten)]
    pub header: Header,
    /// Whether it was measured to its end.
    pub complete: bool,
    /// What JITs said of a program.
    #[serde(default)]
    pub jit: Vec<Statistics>,
    /// Benchmarks in the order in which they ran, each with its peers.
    pub rows: Vec<Row>,
}

/// What a peer's JIT said at the end of a program.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Statistics {
    /// The suite's name.
    pub suite: String,
    /// The program's.
    pub program: String,
    /// The peer's.
    pub peer: String,
    /// Its own words.
    pub text: String,
}

/// A benchmark on a peer.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Row {
    /// The suite's name.
    pub suite: String,
    /// The program it is part of.
    pub program: String,
    /// Its name.
    pub benchmark: String,
    /// On whom.
    pub peer: String,
    /// The figures.
    pub summary: Summary,
    /// Why there are none, or why they do not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Digest of the result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// First calls, in seconds.
    pub cold: Vec<f64>,
    /// How fast the core was during each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cold_pace: Vec<Option<Pace>>,
    /// Whole processes that did only the first call, in seconds.
    pub whole: Vec<f64>,
    /// Most memory of such a process, in kilobytes.
    pub peak_kb: Vec<u64>,
    /// The samples of each process.
    pub series: Vec<Vec<Sample>>,
}

/// What a row comes down to. Seconds, and kilobytes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// A loop in the steady state.
    pub steady: Option<f64>,
    /// The first call.
    pub cold: Option<f64>,
    /// A process from start to end, with one call.
    pub whole: Option<f64>,
    /// The most memory.
    pub peak_kb: Option<u64>,
    /// How long the warm-up took.
    pub warmup: Option<f64>,
    /// The series still moved at its end.
    pub drifting: bool,
}

/// The figures that are compared between peers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Figure {
    /// Steady state.
    Steady,
    /// First call.
    Cold,
    /// Whole process.
    Whole,
    /// Peak memory.
    Memory,
}

impl Figure {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Steady, Self::Cold, Self::Whole, Self::Memory];

    /// For headings.
    pub fn title(self) -> &'static str {
        match self {
            Self::Steady => "Steady state",
            Self::Cold => "First call",
            Self::Whole => "Whole process",
            Self::Memory => "Peak memory",
        }
    }

    /// What it is, in a sentence.
    pub fn explained(self) -> &'static str {
        match self {
            Self::Steady => "A loop after the warm-up, which is detected in each series.",
            Self::Cold => "The first call in a new process: what a batch job pays.",
            Self::Whole => "A process from start to end that makes one call.",
            Self::Memory => "The most memory such a process had resident.",
        }
    }
}

impl Row {
    /// A figure, when the row counts. Kilobytes for memory, else seconds.
    pub fn figure(&self, figure: Figure) -> Option<f64> {
        if self.error.is_some() {
            return None;
        }
        match figure {
            Figure::Steady => self.summary.steady,
            Figure::Cold => self.summary.cold,
            Figure::Whole => self.summary.whole,
            Figure::Memory => self.summary.peak_kb.map(|kb| kb as f64),
        }
    }

    fn summarise(&mut self) {
        let mut steady = Vec::new();
        let mut warmups = Vec::new();
        let mut drifting = 0;
        for series in &self.series {
            let times: Vec<f64> = series.iter().map(|sample| sample.1).collect();
            let Some(settled) = warmup::settled(&times) else {
                continue;
            };
            steady.extend(stats::median(&times[settled.from..]));
            warmups.push(
                settled
                    .from
                    .checked_sub(1)
                    .map_or(0.0, |last| series[last].2),
            );
            drifting += usize::from(settled.drifting);
        }
        self.summary = Summary {
            steady: minimum(steady),
            cold: minimum(self.cold.iter().copied()),
            whole: minimum(self.whole.iter().copied()),
            peak_kb: self.peak_kb.iter().copied().min(),
            warmup: stats::median(&warmups),
            drifting: drifting * 2 > self.series.len(),
        };
    }
}

impl Results {
    /// Makes rows of a journal.
    pub fn new(journal: &Journal, complete: bool) -> Self {
        Self::of(journal.header.clone(), &journal.entries, complete)
    }

    /// Makes rows of entries.
    pub fn of(header: Header, entries: &[Entry], complete: bool) -> Self {
        let mut results = Self {
            header,
            complete,
            jit: Vec::new(),
            rows: Vec::new(),
        };
        for entry in entries {
            results.take(entry);
        }
        for row in &mut results.rows {
            row.summarise();
        }
        results.spread_failures();
        results.judge();
        results.sort();
        results
    }

    fn take(&mut self, entry: &Entry) {
        if entry.unit.mode == Mode::Statistics {
            if !entry.statistics.is_empty() {
                self.jit.push(Statistics {
                    suite: entry.unit.suite.clone(),
                    program: entry.unit.program.clone(),
                    peer: entry.unit.peer.clone(),
                    text: entry.statistics.clone(),
                });
            }
            return;
        }
        let clock = self.header.settings.clock;
        for (index, measured) in entry.measured.iter().enumerate() {
            let mode = entry.unit.mode;
            let row = self.row(entry, &measured.name);
            if let Some(cold) = measured.cold {
                row.cold.push(rounded(cold, 5));
                row.cold_pace.push(measured.pace);
            }
            if !measured.samples.is_empty() {
                let series = measured.samples.iter();
                row.series.push(
                    series
                        .map(|s| Sample(s.0, rounded(s.1, 5), s.2, s.3))
                        .collect(),
                );
            }
            // A process is the whole of a program; the first benchmark of several stands for it.
            if mode == Mode::Once && index == 0 {
                let seconds = match clock {
                    Clock::Wall => entry.wall,
                    Clock::Cpu => entry.cpu,
                };
                row.whole.push(rounded(seconds, 5));
                row.peak_kb.extend(measured.peak_kb);
            }
            if let Some(digest) = &measured.digest {
                match &row.digest {
                    Some(before) if before != digest => {
                        row.error = Some("its result is not the same each time".to_owned());
                    }
                    _ => row.digest = Some(digest.clone()),
                }
            }
            if let Some(wrong) = &measured.wrong {
                row.error = Some(format!("wrong: {wrong}"));
            }
        }
        if let Some(error) = &entry.error {
            let name = entry
                .measured
                .last()
                .map_or(&entry.unit.program, |last| &last.name);
            let row = self.row(entry, &name.clone());
            row.error = Some(error.clone());
        }
    }

    fn row(&mut self, entry: &Entry, benchmark: &str) -> &mut Row {
        let unit = &entry.unit;
        let found = self.rows.iter().position(|row| {
            row.benchmark == benchmark
                && row.peer == unit.peer
                && row.program == unit.program
                && row.suite == unit.suite
        });
        let index = found.unwrap_or_else(|| {
            self.rows.push(Row {
                suite: unit.suite.clone(),
                program: unit.program.clone(),
                benchmark: benchmark.to_owned(),
                peer: unit.peer.clone(),
                ..Row::default()
            });
            self.rows.len() - 1
        });
        &mut self.rows[index]
    }

    /// A program of several benchmarks that failed before the first is a failure of each of them.
    fn spread_failures(&mut self) {
        let mut spread = Vec::new();
        for row in &self.rows {
            let known = |other: &&Row| {
                other.program == row.program && other.suite == row.suite && other.peer != row.peer
            };
            let named = self
                .rows
                .iter()
                .filter(known)
                .any(|other| other.benchmark == row.benchmark);
            if row.error.is_none() || row.benchmark != row.program || named {
                continue;
            }
            let names = self
                .rows
                .iter()
                .filter(known)
                .filter(|other| other.error.is_none());
            for name in names.map(|other| other.benchmark.clone()) {
                let mine =
                    |r: &Row| r.benchmark == name && r.peer == row.peer && r.suite == row.suite;
                if !self.rows.iter().chain(&spread).any(mine) {
                    spread.push(Row {
                        benchmark: name,
                        ..row.clone()
                    });
                }
            }
        }
        let replaced = |row: &Row| {
            row.benchmark == row.program
                && row.error.is_some()
                && spread
                    .iter()
                    .any(|s| s.program == row.program && s.peer == row.peer && s.suite == row.suite)
        };
        self.rows.retain(|row| !replaced(row));
        self.rows.extend(spread);
    }

    /// Finds rows whose result is not the reference's.
    fn judge(&mut self) {
        let base = self.header.base.clone();
        let right: Vec<(String, String, String)> = self
            .rows
            .iter()
            .filter(|row| row.peer == base && row.error.is_none())
            .filter_map(|row| {
                Some((
                    row.suite.clone(),
                    row.benchmark.clone(),
                    row.digest.clone()?,
                ))
            })
            .collect();
        for row in &mut self.rows {
            let expected = right
                .iter()
                .find(|(suite, benchmark, _)| *suite == row.suite && *benchmark == row.benchmark);
            if let (Some((_, _, expected)), Some(digest), None) =
                (expected, &row.digest, &row.error)
                && digest != expected
            {
                row.error = Some(format!("its result is not {base}'s"));
            }
        }
    }

    /// Keeps the rows of a benchmark together, its peers in their order.
    fn sort(&mut self) {
        let mut order: Vec<(String, String)> = Vec::new();
        for row in &self.rows {
            let key = (row.suite.clone(), row.benchmark.clone());
            if !order.contains(&key) {
                order.push(key);
            }
        }
        let peers = &self.header.peers;
        self.rows.sort_by_key(|row| {
            let program = order
                .iter()
                .position(|(suite, name)| *suite == row.suite && *name == row.benchmark);
            (program, peers.iter().position(|peer| peer.name == row.peer))
        });
    }

    /// Suite and name of each benchmark, in order.
    pub fn benchmarks(&self) -> Vec<(&str, &str)> {
        let mut found: Vec<(&str, &str)> = Vec::new();
        for row in &self.rows {
            let key = (row.suite.as_str(), row.benchmark.as_str());
            if found.last() != Some(&key) {
                found.push(key);
            }
        }
        found
    }

    /// The row of a benchmark on a peer.
    pub fn find(&self, suite: &str, benchmark: &str, peer: &str) -> Option<&Row> {
        self.rows
            .iter()
            .find(|row| row.benchmark == benchmark && row.suite == suite && row.peer == peer)
    }

    /// How many times faster than the base (or smaller) a peer is on a benchmark.
    pub fn ratio(&self, suite: &str, benchmark: &str, peer: &str, figure: Figure) -> Option<f64> {
        let base = self
            .find(suite, benchmark, &self.header.base)?
            .figure(figure)?;
        let value = self.find(suite, benchmark, peer)?.figure(figure)?;
        Some(base / value).filter(|ratio| ratio.is_finite() && *ratio > 0.0)
    }

    /// All ratios of a peer.
    pub fn ratios(&self, peer: &str, figure: Figure) -> Vec<f64> {
        self.benchmarks()
            .into_iter()
            .filter_map(|(suite, benchmark)| self.ratio(suite, benchmark, peer, figure))
            .collect()
    }

    /// The names of the peers, the base first.
    pub fn peers(&self) -> Vec<&str> {
        let base = self.header.base.as_str();
        let names = self.header.peers.iter().map(|peer| peer.name.as_str());
        std::iter::once(base)
            .chain(names.filter(|name| *name != base))
            .collect()
    }

    /// Rows that say what went wrong.
    pub fn failures(&self) -> impl Iterator<Item = (&Row, &str)> {
        self.rows
            .iter()
            .filter_map(|row| Some((row, row.error.as_deref()?)))
    }

    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self, String> {
        let wrong = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
        let text = fs::read_to_string(path).map_err(|error| wrong(&error))?;
        let results: Self = serde_json::from_str(&text).map_err(|error| wrong(&error))?;
        if results.header.format == FORMAT {
            Ok(results)
        } else {
            Err(wrong(&format!(
                "its format is {}, not {FORMAT}",
                results.header.format
            )))
        }
    }

    /// The file's text: a line for each row.
    pub fn json(&self) -> Result<String, String> {
        fn text(value: &impl Serialize) -> Result<String, String> {
            serde_json::to_string(value).map_err(|error| error.to_string())
        }
        let head = text(&Self {
            rows: Vec::new(),
            ..self.clone()
        })?;
        let rows: Vec<String> = self.rows.iter().map(text).collect::<Result<_, _>>()?;
        let open = head
            .strip_suffix("[]}")
            .ok_or("results have lost their form")?;
        Ok(format!("{open}[\n{}\n]}}\n", rows.join(",\n")))
    }
}
