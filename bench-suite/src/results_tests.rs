//! Rows made of a journal's entries.

use crate::cli::Clock;
use crate::journal::{Entry, Header, Mode, Settings, Unit};
use crate::machine::Machine;
use crate::protocol::{Measured, Sample};
use crate::results::{FORMAT, Figure, Results};

fn header() -> Header {
    Header {
        format: FORMAT,
        date: "2026-11-28 03:00".to_owned(),
        command: "taipan-bench run".to_owned(),
        name: None,
        notes: Vec::new(),
        machine: Machine::default(),
        core: None,
        settings: Settings {
            rounds: 2,
            least: 1.0,
            most: 5.0,
            clock: Clock::Wall,
            check: false,
        },
        peers: Vec::new(),
        base: "a".to_owned(),
        redone: Vec::new(),
        pace: None,
    }
}

fn entry(peer: &str, mode: Mode, round: usize, measured: Vec<Measured>) -> Entry {
    Entry {
        unit: Unit {
            suite: "s".to_owned(),
            program: "p".to_owned(),
            peer: peer.to_owned(),
            round,
            mode,
        },
        wall: 2.0,
        cpu: 1.0,
        measured,
        statistics: String::new(),
        error: None,
    }
}

fn measured(name: &str, cold: f64, digest: &str) -> Measured {
    Measured {
        name: name.to_owned(),
        cold: Some(cold),
        digest: Some(digest.to_owned()),
        ..Measured::default()
    }
}

#[test]
fn the_best_process_counts() {
    let mut entries = Vec::new();
    for (round, time) in [(0, 1.0), (1, 1.5)] {
        let samples = (1..=12).map(|n| {
            let time = if n == 1 { 9.0 } else { time };
            Sample(1, time, f64::from(n), None)
        });
        let mut m = measured("p", time * 4.0, "x");
        m.samples = samples.collect();
        entries.push(entry("a", Mode::Steady, round, vec![m]));
        let mut m = measured("p", time * 3.0, "x");
        m.peak_kb = Some(1000);
        entries.push(entry("a", Mode::Once, round, vec![m]));
    }
    let results = Results::of(header(), &entries, true);
    let row = results.find("s", "p", "a").unwrap();
    assert_eq!(row.figure(Figure::Steady), Some(1.0));
    assert_eq!(row.figure(Figure::Cold), Some(3.0));
    assert_eq!(row.figure(Figure::Whole), Some(2.0));
    assert_eq!(row.figure(Figure::Memory), Some(1000.0));
    assert_eq!(row.summary.warmup, Some(1.0));
}

#[test]
fn another_result_is_a_failure() {
    let entries = [
        entry("a", Mode::Once, 0, vec![measured("p", 1.0, "x")]),
        entry("b", Mode::Once, 0, vec![measured("p", 1.0, "y")]),
    ];
    let results = Results::of(header(), &entries, true);
    let failures: Vec<_> = results
        .failures()
        .map(|(row, error)| (row.peer.as_str(), error))
        .collect();
    assert_eq!(failures, [("b", "its result is not a's")]);
    assert_eq!(results.ratio("s", "p", "b", Figure::Cold), None);
}

#[test]
fn a_program_that_fails_fails_all_its_benchmarks() {
    let mut failed = entry("b", Mode::Once, 0, Vec::new());
    failed.error = Some("exit 1".to_owned());
    let both = vec![measured("one", 1.0, "x"), measured("two", 1.0, "x")];
    let results = Results::of(header(), &[entry("a", Mode::Once, 0, both), failed], true);
    assert_eq!(results.benchmarks(), [("s", "one"), ("s", "two")]);
    assert_eq!(results.failures().count(), 2);
}

#[test]
fn the_file_can_be_read_again() {
    let results = Results::of(
        header(),
        &[entry("a", Mode::Once, 0, vec![measured("p", 1.0, "x")])],
        true,
    );
    let path =
        std::env::temp_dir().join(format!("taipan-bench-results-{}.json", std::process::id()));
    std::fs::write(&path, results.json().unwrap()).unwrap();
    let again = Results::read(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    assert_eq!(again.json().unwrap(), results.json().unwrap());
}
