//! `taipan-bench run` and `list`.

use std::fs;
use std::path::Path;

use crate::cli::Options;
use crate::index;
use crate::interrupt::Interrupt;
use crate::journal::{Header, Journal, Settings};
use crate::machine::{Machine, now};
use crate::pace;
use crate::peers::{self, Peer};
use crate::process;
use crate::render::{self, terminal};
use crate::results::{FORMAT, Results};
use crate::schedule;
use crate::suites::{self, Program};

/// Measures; false when something failed or differs.
pub fn run(options: &Options) -> Result<bool, String> {
    let programs = suites::choose(options)?;
    let peers = peers::find(&options.peers)?;
    let base = base(options, &peers)?;
    fs::create_dir_all(&options.out)
        .map_err(|error| format!("{}: {error}", options.out.display()))?;
    let path = options.out.join("journal.jsonl");
    let header = header(options, peers, base);
    let mut journal = if options.resume {
        Journal::resume(&path, header, &options.redo)?
    } else {
        Journal::create(&path, header)?
    };
    let interrupt = Interrupt::listen()?;
    let rounds = if options.check { 1 } else { options.rounds };
    println!("{}", terminal::heading(&Results::new(&journal, false)));
    let complete = schedule::run(
        options,
        &programs,
        &mut journal,
        &interrupt,
        |journal, program, round| {
            if round + 1 == rounds {
                show(journal, program);
            }
            // A whole program is a good moment: the page of a long run can be looked at.
            Results::new(journal, false)
                .json()
                .and_then(|text| write(options, "results.json", &text))
        },
    )?;
    let results = Results::new(&journal, complete);
    print!("{}", terminal::conclusion(&results));
    for (name, text) in render::files(&results)? {
        write(options, name, &text)?;
        println!("{}", options.out.join(name).display());
    }
    if !complete {
        println!("interrupted; --resume goes on");
        return Ok(false);
    }
    if let Some(folder) = &options.publish {
        index::publish(&results, folder)?;
    }
    Ok(results.failures().next().is_none())
}

/// Says what would run.
pub fn list(options: &Options) -> Result<bool, String> {
    for program in suites::choose(options)? {
        println!("{:<14} {}", program.suite, program.name);
    }
    Ok(true)
}

fn show(journal: &Journal, program: &Program) {
    let results = Results::new(journal, false);
    let mut names: Vec<&str> = Vec::new();
    for row in &results.rows {
        if row.suite == program.suite
            && row.program == program.name
            && !names.contains(&row.benchmark.as_str())
        {
            names.push(&row.benchmark);
        }
    }
    for name in names {
        println!("{}", terminal::line(&results, &program.suite, name));
    }
}

fn write(options: &Options, name: &str, text: &str) -> Result<(), String> {
    let path = options.out.join(name);
    write_file(&path, text)
}

/// Replaces a file in one step.
pub fn write_file(path: &Path, text: &str) -> Result<(), String> {
    let partial = path.with_extension("partial");
    fs::write(&partial, text)
        .and_then(|()| fs::rename(&partial, path))
        .map_err(|error| format!("{}: {error}", path.display()))
}

fn header(options: &Options, peers: Vec<Peer>, base: String) -> Header {
    Header {
        format: FORMAT,
        date: now(),
        command: typed(),
        name: options.name.clone(),
        notes: options.notes.clone(),
        machine: Machine::here(),
        core: process::core(options.core),
        settings: Settings {
            rounds: options.rounds,
            least: options.least,
            most: options.most,
            clock: options.clock,
            check: options.check,
        },
        peers,
        base,
        redone: Vec::new(),
        pace: process::core(options.core).map(|_| pace::NAME.to_owned()),
    }
}

/// The command line, without the path of this program.
fn typed() -> String {
    let words = std::env::args().skip(1).map(|word| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_=./,+:*".contains(c);
        if word.chars().all(plain) {
            word
        } else {
            format!("'{word}'")
        }
    });
    std::iter::once("taipan-bench".to_owned())
        .chain(words)
        .collect::<Vec<_>>()
        .join(" ")
}

fn base(options: &Options, peers: &[Peer]) -> Result<String, String> {
    if let Some(name) = &options.base {
        return match peers.iter().find(|peer| peer.name == *name) {
            Some(peer) => Ok(peer.name.clone()),
            None => Err(format!("--base {name}: no such peer")),
        };
    }
    peers
        .iter()
        .find(|peer| peer.is_reference())
        .or(peers.first())
        .map(|peer| peer.name.clone())
        .ok_or_else(|| "no interpreter to measure".to_owned())
}
