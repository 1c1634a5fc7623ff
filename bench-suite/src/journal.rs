//! The journal: a line for every process, on the disk as soon as it has ended.
//!
//! A run that is resumed reads it and leaves out what is there. The first line
//! says with which settings and interpreters it was written; figures under
//! other settings do not compare, so those are refused.

use std::collections::HashSet;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::cli::Clock;
use crate::machine::Machine;
use crate::peers::Peer;
use crate::protocol::Measured;

/// What is measured with, and on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Header {
    /// The form of journal and results.
    pub format: u32,
    /// When measuring began, UTC.
    pub date: String,
    /// The command as typed.
    pub command: String,
    /// What the report calls itself.
    pub name: Option<String>,
    /// Remarks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// On which machine.
    pub machine: Machine,
    /// The core that processes were pinned to.
    pub core: Option<usize>,
    /// How.
    pub settings: Settings,
    /// Whom.
    pub peers: Vec<Peer>,
    /// Relative to whom.
    pub base: String,
    /// Who was measured again later, out of turn.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub redone: Vec<String>,
    /// By which piece of work the core's pace was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pace: Option<String>,
}

/// What makes figures comparable.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Settings {
    /// Turns.
    pub rounds: usize,
    /// Least seconds of a measurement.
    pub least: f64,
    /// Most seconds of a measurement.
    pub most: f64,
    /// Which clock.
    pub clock: Clock,
    /// Only the first call.
    pub check: bool,
}

/// What a process was for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// The first call only: what a batch job is, from start to end.
    Once,
    /// Samples after the first call.
    Steady,
    /// The interpreter's start, or a command that a benchmark asks to time.
    Command,
    /// A run whose JIT says at its end what it did; its times do not count.
    Statistics,
}

/// Which process of a run.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Unit {
    /// The suite's name.
    pub suite: String,
    /// The program's name.
    pub program: String,
    /// The peer's name.
    pub peer: String,
    /// The turn, from 0.
    pub round: usize,
    /// What for.
    pub mode: Mode,
}

/// A process that has ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// Which.
    pub unit: Unit,
    /// Elapsed seconds from start to end.
    pub wall: f64,
    /// Processor seconds.
    pub cpu: f64,
    /// What was measured in it.
    pub measured: Vec<Measured>,
    /// What the JIT said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub statistics: String,
    /// Why it ended badly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// The journal on the disk and in memory.
#[derive(Debug)]
pub struct Journal {
    /// Its first line.
    pub header: Header,
    /// Its other lines.
    pub entries: Vec<Entry>,
    done: HashSet<Unit>,
    file: File,
}

impl Journal {
    /// A new one, over what was there.
    pub fn create(path: &Path, header: Header) -> Result<Self, String> {
        Self::write(path, header, Vec::new())
    }

    /// Goes on with the one at `path`, without the entries of the peers in `redo`.
    pub fn resume(path: &Path, mut header: Header, redo: &[String]) -> Result<Self, String> {
        if !path.is_file() {
            return Self::create(path, header);
        }
        let (old, mut entries) = read(path)?;
        if old.settings != header.settings {
            return Err(format!(
                "{} was written with other settings",
                path.display()
            ));
        }
        let known = |name: &str| old.peers.iter().find(|peer| peer.name == name);
        for peer in &header.peers {
            if redo.contains(&peer.name) {
                continue;
            }
            if let Some(before) = known(&peer.name)
                && before != peer
            {
                return Err(format!(
                    "peer {} was {}, now it is {}; give --redo {}",
                    peer.name, before.version, peer.version, peer.name
                ));
            }
        }
        entries.retain(|entry| !redo.contains(&entry.unit.peer));
        let redone = old
            .redone
            .iter()
            .chain(redo)
            .filter(|name| known(name).is_some());
        header.redone = redone.cloned().collect();
        header.redone.sort_unstable();
        header.redone.dedup();
        header.date = old.date.clone();
        header.machine = old.machine.clone();
        Self::write(path, header, entries)
    }

    fn write(path: &Path, header: Header, entries: Vec<Entry>) -> Result<Self, String> {
        let wrong = |error: std::io::Error| format!("{}: {error}", path.display());
        let mut text = line(&header)?;
        for entry in &entries {
            text += &line(entry)?;
        }
        // Not in place: what was measured must survive a full disk.
        let partial = path.with_extension("partial");
        fs::write(&partial, text).map_err(wrong)?;
        fs::rename(&partial, path).map_err(wrong)?;
        let file = OpenOptions::new().append(true).open(path).map_err(wrong)?;
        Ok(Self {
            header,
            done: entries.iter().map(|entry| entry.unit.clone()).collect(),
            entries,
            file,
        })
    }

    /// Whether there is an entry for this.
    pub fn has(&self, unit: &Unit) -> bool {
        self.done.contains(unit)
    }

    /// Adds an entry; it is on the disk when this returns.
    pub fn add(&mut self, entry: Entry) -> Result<(), String> {
        let text = line(&entry)?;
        self.file
            .write_all(text.as_bytes())
            .map_err(|error| format!("journal: {error}"))?;
        self.done.insert(entry.unit.clone());
        self.entries.push(entry);
        Ok(())
    }
}

fn line(value: &impl Serialize) -> Result<String, String> {
    let mut text = serde_json::to_string(value).map_err(|error| error.to_string())?;
    text.push('\n');
    Ok(text)
}

fn read(path: &Path) -> Result<(Header, Vec<Entry>), String> {
    let wrong = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let text = fs::read_to_string(path).map_err(|error| wrong(&error))?;
    let mut lines = text.lines();
    let first = lines.next().unwrap_or_default();
    let header = serde_json::from_str(first).map_err(|error| wrong(&error))?;
    // The last line may be half written; that process is run again.
    let entries = lines
        .map_while(|line| serde_json::from_str(line).ok())
        .collect();
    Ok((header, entries))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(least: f64) -> Header {
        Header {
            format: 1,
            date: "now".to_owned(),
            command: String::new(),
            name: None,
            notes: Vec::new(),
            machine: Machine::default(),
            core: None,
            settings: Settings {
                rounds: 1,
                least,
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

    fn entry(peer: &str) -> Entry {
        Entry {
            unit: Unit {
                suite: "s".to_owned(),
                program: "p".to_owned(),
                peer: peer.to_owned(),
                round: 0,
                mode: Mode::Once,
            },
            wall: 1.0,
            cpu: 1.0,
            measured: Vec::new(),
            statistics: String::new(),
            error: None,
        }
    }

    #[test]
    fn an_interrupted_run_goes_on() {
        let path = std::env::temp_dir().join(format!("taipan-bench-{}.jsonl", std::process::id()));
        let mut journal = Journal::create(&path, header(1.0)).unwrap();
        journal.add(entry("a")).unwrap();
        journal.add(entry("b")).unwrap();
        // The machine went down while a line was written.
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, &text[..text.len() - 10]).unwrap();
        let mut journal = Journal::resume(&path, header(1.0), &[]).unwrap();
        assert!(journal.has(&entry("a").unit) && !journal.has(&entry("b").unit));
        journal.add(entry("b")).unwrap();
        let journal = Journal::resume(&path, header(1.0), &["a".to_owned()]).unwrap();
        assert!(!journal.has(&entry("a").unit) && journal.has(&entry("b").unit));
        assert!(Journal::resume(&path, header(2.0), &[]).is_err());
        fs::remove_file(&path).unwrap();
    }
}
