//! Who runs when.
//!
//! The interpreters take turns on each benchmark, so that a change of the machine's mood hits
//! all of them; who begins changes from turn to turn. Rounds are passes over everything, so
//! that the processes of one benchmark are spread over the whole time, and an interrupted run
//! has whole rounds.

use std::collections::HashSet;
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use crate::cli::{Clock, Options};
use crate::fetch;
use crate::interrupt::Interrupt;
use crate::journal::{Entry, Journal, Mode, Unit};
use crate::packages::Packages;
use crate::peers::{JIT_STATISTICS, Peer};
use crate::process::{self, Ended};
use crate::progress::Progress;
use crate::protocol::{self, Measured, Sample};
use crate::suites::{Kind, Program};

/// How often a start is timed in one turn.
const STARTS: usize = 8;

/// Runs what the journal does not have yet. `each` is called when a program is through a round
/// on all peers. False when Ctrl-C ended it early.
pub fn run(
    options: &Options,
    programs: &[Program],
    journal: &mut Journal,
    interrupt: &Interrupt,
    mut each: impl FnMut(&Journal, &Program, usize) -> Result<(), String>,
) -> Result<bool, String> {
    let peers = journal.header.peers.clone();
    let plan = plan(programs, &peers, &journal.header.settings);
    let waiting = plan.iter().filter(|step| !journal.has(&step.unit));
    let mut progress = Progress::new(waiting.map(|step| step.unit.mode));
    let mut runner = Runner {
        options,
        peers: &peers,
        core: journal.header.core,
        harness: fetch::harness(&options.cache)?,
        packages: Packages::default(),
        interrupt,
    };
    // A program that failed on a peer is not tried there again.
    let mut failed: HashSet<(String, String, String)> = journal
        .entries
        .iter()
        .filter(|entry| entry.error.is_some())
        .map(|entry| place(&entry.unit))
        .collect();
    for (index, step) in plan.iter().enumerate() {
        if interrupt.wanted() {
            progress.clear();
            return Ok(false);
        }
        if !journal.has(&step.unit) {
            if !failed.contains(&place(&step.unit)) {
                let what = format!("{} on {}", step.program.name, step.peer.name);
                progress.begin(step.unit.mode, &what);
                let Some(entry) = runner.run(step)? else {
                    progress.clear();
                    return Ok(false);
                };
                if entry.error.is_some() {
                    failed.insert(place(&entry.unit));
                }
                journal.add(entry)?;
            }
            progress.end(step.unit.mode);
        }
        let last = plan
            .get(index + 1)
            .is_none_or(|next| next.program != step.program || next.unit.round != step.unit.round);
        if last {
            progress.clear();
            each(journal, step.program, step.unit.round)?;
        }
    }
    progress.clear();
    Ok(true)
}

fn place(unit: &Unit) -> (String, String, String) {
    (unit.suite.clone(), unit.program.clone(), unit.peer.clone())
}

/// A process to run.
struct Step<'a> {
    unit: Unit,
    program: &'a Program,
    peer: &'a Peer,
}

fn plan<'a>(
    programs: &'a [Program],
    peers: &'a [Peer],
    settings: &crate::journal::Settings,
) -> Vec<Step<'a>> {
    let mut steps = Vec::new();
    let rounds = if settings.check { 1 } else { settings.rounds };
    for round in 0..rounds {
        for (number, program) in programs.iter().enumerate() {
            let modes: &[Mode] = match (&program.kind, settings.check) {
                (Kind::Start(_), _) => &[Mode::Command],
                (_, true) => &[Mode::Once],
                (_, false) => &[Mode::Once, Mode::Steady],
            };
            for &mode in modes {
                for turn in 0..peers.len() {
                    let peer = &peers[(turn + round + number) % peers.len()];
                    let unit = Unit {
                        suite: program.suite.clone(),
                        program: program.name.clone(),
                        peer: peer.name.clone(),
                        round,
                        mode,
                    };
                    steps.push(Step {
                        unit,
                        program,
                        peer,
                    });
                }
            }
        }
    }
    // Last, as its times do not count.
    for program in programs
        .iter()
        .filter(|p| !matches!(p.kind, Kind::Start(_)))
    {
        for peer in peers
            .iter()
            .filter(|peer| peer.statistics && !settings.check)
        {
            let unit = Unit {
                suite: program.suite.clone(),
                program: program.name.clone(),
                peer: peer.name.clone(),
                round: rounds,
                mode: Mode::Statistics,
            };
            steps.push(Step {
                unit,
                program,
                peer,
            });
        }
    }
    steps
}

/// Runs single steps.
struct Runner<'a> {
    options: &'a Options,
    peers: &'a [Peer],
    core: Option<usize>,
    harness: PathBuf,
    packages: Packages,
    interrupt: &'a Interrupt,
}

impl Runner<'_> {
    /// `None` when Ctrl-C ended it.
    fn run(&mut self, step: &Step) -> Result<Option<Entry>, String> {
        let mut entry = Entry {
            unit: step.unit.clone(),
            wall: 0.0,
            cpu: 0.0,
            measured: Vec::new(),
            statistics: String::new(),
            error: None,
        };
        if let Kind::Start(args) = &step.program.kind {
            let timed = self.time(|| step.peer.start(args))?;
            return Ok(timed.map(|timed| timed.entry(entry, &step.program.name, Vec::new())));
        }
        let mut path = vec![self.harness.clone()];
        path.extend(step.program.path.iter().cloned());
        if let Some(list) = &step.program.requirements {
            match self
                .packages
                .folder(list, step.peer, self.peers, &self.options.cache)
            {
                Ok(folder) => path.push(folder),
                Err(error) => {
                    entry.error = Some(error);
                    return Ok(Some(entry));
                }
            }
        }
        let path = std::env::join_paths(path).map_err(|error| error.to_string())?;
        let mut command = self.command(step);
        set_environment(command.env("PYTHONPATH", &path));
        let ended = self.process(&mut command)?;
        if ended.interrupted {
            return Ok(None);
        }
        entry.wall = ended.wall;
        entry.cpu = ended.cpu;
        entry.error = ended.error;
        if step.unit.mode == Mode::Statistics {
            entry.error = None;
            entry.statistics = shortened(&ended.stderr);
            return Ok(Some(entry));
        }
        entry.measured = protocol::parse(&ended.stdout, &ended.track);
        if entry.error.is_none() && entry.measured.is_empty() {
            entry.error = Some("measured nothing".to_owned());
        }
        let wanted: Vec<Measured> = entry
            .measured
            .iter()
            .filter(|m| !m.command.is_empty())
            .cloned()
            .collect();
        for measured in wanted {
            let args = measured.command.get(1..).unwrap_or_default();
            let own = measured.command.first() == Some(&step.peer.executable);
            let timed = self.time(|| {
                let mut command = if own {
                    step.peer.start(args)
                } else {
                    let mut command = Command::new(&measured.command[0]);
                    command.args(args);
                    command
                };
                command.env("PYTHONPATH", &path);
                command
            })?;
            let Some(timed) = timed else { return Ok(None) };
            entry.measured.retain(|m| m.name != measured.name);
            entry = timed.entry(entry, &measured.name, measured.command);
        }
        Ok(Some(entry))
    }

    fn command(&self, step: &Step) -> Command {
        let mode = match step.unit.mode {
            Mode::Steady | Mode::Statistics => "steady",
            Mode::Once | Mode::Command => "once",
        };
        let options = self.options;
        let settings = format!(
            "--bench={mode},{},{},{}",
            options.clock.name(),
            options.least,
            options.most
        );
        let script = step.program.script.to_string_lossy().into_owned();
        let mut words = match step.program.kind {
            Kind::Plain => vec![
                self.harness
                    .join("script.py")
                    .to_string_lossy()
                    .into_owned(),
                settings,
                script,
            ],
            _ => vec![script, settings],
        };
        words.extend(step.program.args.iter().cloned());
        if step.unit.mode == Mode::Statistics {
            let options = JIT_STATISTICS.iter().map(|&word| word.to_owned());
            words.splice(0..0, options);
        }
        step.peer.start(&words)
    }

    fn process(&self, command: &mut Command) -> Result<Ended, String> {
        process::run(command, self.core, self.options.timeout, self.interrupt)
    }

    /// Times whole processes: some, or as many as a few seconds allow.
    fn time(&self, mut command: impl FnMut() -> Command) -> Result<Option<Timed>, String> {
        let begin = Instant::now();
        let mut timed = Timed::default();
        let most = if self.options.check { 1 } else { STARTS };
        while timed.samples.len() < most
            && (timed.samples.is_empty() || begin.elapsed().as_secs_f64() < self.options.most)
        {
            let mut command = command();
            set_environment(&mut command);
            let ended = self.process(&mut command)?;
            if ended.interrupted {
                return Ok(None);
            }
            let seconds = match self.options.clock {
                Clock::Wall => ended.wall,
                Clock::Cpu => ended.cpu,
            };
            timed.wall = ended.wall;
            timed.cpu = ended.cpu;
            timed.samples.push(Sample(
                1,
                seconds,
                begin.elapsed().as_secs_f64(),
                ended.pace,
            ));
            if ended.error.is_some() {
                timed.error = ended.error;
                break;
            }
        }
        Ok(Some(timed))
    }
}

/// Whole processes that were timed.
#[derive(Default)]
struct Timed {
    samples: Vec<Sample>,
    wall: f64,
    cpu: f64,
    error: Option<String>,
}

impl Timed {
    fn entry(self, mut entry: Entry, name: &str, command: Vec<String>) -> Entry {
        entry.wall = self.wall;
        entry.cpu = self.cpu;
        if self.error.is_some() {
            entry.error = self.error;
        } else {
            entry.measured.push(Measured {
                name: name.to_owned(),
                cold: self.samples.first().map(|sample| sample.1),
                pace: self.samples.first().and_then(|sample| sample.3),
                samples: self.samples,
                command,
                ..Measured::default()
            });
        }
        entry
    }
}

/// The same for every interpreter.
fn set_environment(command: &mut Command) {
    command.env("PYTHONHASHSEED", "0").env("PYTHONUTF8", "1");
}

/// A text that a page can hold.
fn shortened(text: &str) -> String {
    const LINES: usize = 120;
    let mut lines: Vec<&str> = text.lines().take(LINES + 1).collect();
    if lines.len() > LINES {
        lines[LINES] = "…";
    }
    lines.join("\n")
}
