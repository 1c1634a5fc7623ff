//! The command line.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use lexopt::ValueExt;
use lexopt::prelude::{Long, Short, Value};
use serde::{Deserialize, Serialize};

/// What `--help` prints.
pub const USAGE: &str = "\
Measures Pythons against each other.

usage: taipan-bench run [OPTIONS]          measure, and write the results, a table and a page
       taipan-bench list [OPTIONS]         say what would be measured
       taipan-bench compare A B            what B's results do faster or slower than A's, beyond noise
       taipan-bench compare A --peers X,Y  what peer Y does faster or slower than peer X in one result
       taipan-bench render RESULTS [DIR]   write the table and the page of results again
       taipan-bench index DIR              write the index of a folder of reports

What to measure:
  --suite NAME|DIR     repeatable: pyperformance (programs that need only a standard library), apps
                       (pyperformance's programs that need packages), programs (our own), startup,
                       all, or a folder of scripts or of bm_*/run_benchmark.py
                       (default: pyperformance, programs, startup)
  --bench a,b*,c       only these benchmarks
  --check              once each: does it work, and are the results the same?
  --quick              one round of short measurements; without --bench, of a quick selection
  --full               every suite, at length

On what:
  --peer NAME=COMMAND  repeatable; environment first if need be: jit='PYTHON_JIT=1 python3.15'
                       (default: the taipan built from this repository, and python3.14, python3.15
                       and pypy3 where the PATH has them)
  --base NAME          whom the ratios are relative to (default: the first peer that is CPython)

How:
  --rounds N           how often each benchmark is measured, in new processes (3; quick 1)
  --least S, --most S  a measurement ends when it is stable, between these (1 and 5; quick 0.5 and 3)
  --clock wall|cpu     cpu is of all the process's threads, for machines that others use as well
                       (wall)
  --core N|none        the core to pin to (the last one allowed)
  --timeout S          stop a process after this long (300)

Where to:
  --out DIR            results.json, table.md, report.html, journal.jsonl (target/bench)
  --resume             go on where DIR's journal ends
  --redo PEER          when resuming, measure this peer again
  --name TEXT          what the report calls itself
  --note TEXT          repeatable: what a reader should know, at the top of the report
  --publish DIR        also put a dated report in DIR, and renew its index
  --cache DIR          downloaded programs and packages (target/bench-cache)
";

/// What to do.
#[derive(Debug)]
pub enum Command {
    /// Print the usage.
    Help,
    /// Measure.
    Run(Box<Options>),
    /// Say what would be measured.
    List(Box<Options>),
    /// Set two results against each other.
    Compare {
        /// The older results.
        before: PathBuf,
        /// The newer.
        after: PathBuf,
        /// Only this peer.
        peer: Option<String>,
    },
    /// Set two peers of one result against each other.
    ComparePeers {
        /// The results.
        results: PathBuf,
        /// The older peer.
        before: String,
        /// The newer.
        after: String,
    },
    /// Table and page of results that are there.
    Render {
        /// The JSON file.
        results: PathBuf,
        /// Where to write; beside the file by default.
        out: Option<PathBuf>,
    },
    /// The index of a folder of reports.
    Index {
        /// The folder.
        folder: PathBuf,
    },
}

/// The clock that benchmarks are measured with.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Clock {
    /// Elapsed time.
    Wall,
    /// Processor time of all threads.
    Cpu,
}

impl Clock {
    /// As the harness and the command line spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Wall => "wall",
            Self::Cpu => "cpu",
        }
    }
}

/// The core that processes are pinned to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Core {
    /// The last one this process may use; the first often serves interrupts.
    Last,
    /// This one.
    Number(usize),
    /// Any.
    None,
}

/// Everything `run` can be told.
#[derive(Clone, Debug)]
pub struct Options {
    /// Names or folders of suites; empty for the default.
    pub suites: Vec<String>,
    /// Patterns of benchmarks; empty for all.
    pub benches: Vec<String>,
    /// NAME=COMMAND, as given.
    pub peers: Vec<String>,
    /// Whom ratios are relative to.
    pub base: Option<String>,
    /// Once each.
    pub check: bool,
    /// A short measurement.
    pub quick: bool,
    /// Turns.
    pub rounds: usize,
    /// Least seconds of a measurement.
    pub least: f64,
    /// Most seconds of a measurement.
    pub most: f64,
    /// Which clock.
    pub clock: Clock,
    /// Which core.
    pub core: Core,
    /// The limit of one process.
    pub timeout: Duration,
    /// Folder for results.
    pub out: PathBuf,
    /// Go on with the journal.
    pub resume: bool,
    /// Peers to forget when resuming.
    pub redo: Vec<String>,
    /// The report's name.
    pub name: Option<String>,
    /// Remarks for the report.
    pub notes: Vec<String>,
    /// Folder of dated reports.
    pub publish: Option<PathBuf>,
    /// Folder for downloads.
    pub cache: PathBuf,
}

/// Parses the command line, the program's name included.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Command, String> {
    let mut parser = lexopt::Parser::from_iter(args);
    let mut words: Vec<String> = Vec::new();
    let mut peer = None;
    let mut pair = None;
    let mut options = defaults();
    let (mut rounds, mut least, mut most) = (None, None, None);
    let mut full = false;
    while let Some(arg) = parser.next().map_err(text)? {
        let option = match arg {
            Short('h') | Long("help") => return Ok(Command::Help),
            Long(name) => name.to_owned(),
            Value(value) => {
                words.push(value.string().map_err(text)?);
                continue;
            }
            Short(_) => return Err(text(arg.unexpected())),
        };
        let mut value = || parser.value().and_then(|v| v.string()).map_err(text);
        match option.as_str() {
            "suite" => options.suites.push(value()?),
            "bench" => options
                .benches
                .extend(value()?.split(',').map(str::to_owned)),
            "check" => options.check = true,
            "quick" => options.quick = true,
            "full" => full = true,
            "peer" => {
                let given = value()?;
                peer = Some(given.clone());
                options.peers.push(given);
            }
            "peers" => pair = Some(value()?),
            "base" => options.base = Some(value()?),
            "rounds" => rounds = Some(number(&option, &value()?)? as usize),
            "least" => least = Some(number(&option, &value()?)?),
            "most" => most = Some(number(&option, &value()?)?),
            "clock" => options.clock = clock(&value()?)?,
            "core" => options.core = core(&value()?)?,
            "timeout" => {
                options.timeout = Duration::from_secs_f64(number(&option, &value()?)?);
            }
            "out" => options.out = PathBuf::from(value()?),
            "resume" => options.resume = true,
            "redo" => options.redo.push(value()?),
            "name" => options.name = Some(value()?),
            "note" => options.notes.push(value()?),
            "publish" => options.publish = Some(PathBuf::from(value()?)),
            "cache" => options.cache = PathBuf::from(value()?),
            _ => return Err(format!("unknown option --{option}; see --help")),
        }
    }
    if full {
        options.suites = vec!["all".to_owned()];
    }
    let (r, l, m) = if options.quick {
        (1, 0.5, 3.0)
    } else {
        (3, 1.0, 5.0)
    };
    options.rounds = rounds.unwrap_or(r).max(1);
    options.least = least.unwrap_or(l);
    options.most = most.unwrap_or(m).max(options.least);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] => Ok(Command::Help),
        ["run"] => Ok(Command::Run(Box::new(options))),
        ["list"] => Ok(Command::List(Box::new(options))),
        ["compare", results] => {
            let pair = pair.ok_or("compare wants two results, or one and --peers X,Y")?;
            let (before, after) = pair.split_once(',').ok_or("--peers wants X,Y")?;
            Ok(Command::ComparePeers {
                results: PathBuf::from(results),
                before: before.to_owned(),
                after: after.to_owned(),
            })
        }
        ["compare", before, after] => Ok(Command::Compare {
            before: PathBuf::from(before),
            after: PathBuf::from(after),
            peer,
        }),
        ["render", results] => Ok(Command::Render {
            results: PathBuf::from(results),
            out: None,
        }),
        ["render", results, out] => Ok(Command::Render {
            results: PathBuf::from(results),
            out: Some(PathBuf::from(out)),
        }),
        ["index", folder] => Ok(Command::Index {
            folder: PathBuf::from(folder),
        }),
        _ => Err(format!(
            "cannot make sense of {:?}; see --help",
            words.join(" ")
        )),
    }
}

fn defaults() -> Options {
    let target = target_folder();
    Options {
        suites: Vec::new(),
        benches: Vec::new(),
        peers: Vec::new(),
        base: None,
        check: false,
        quick: false,
        rounds: 3,
        least: 1.0,
        most: 5.0,
        clock: Clock::Wall,
        core: Core::Last,
        timeout: Duration::from_secs(300),
        out: target.join("bench"),
        resume: false,
        redo: Vec::new(),
        name: None,
        notes: Vec::new(),
        publish: None,
        cache: target.join("bench-cache"),
    }
}

fn text(error: lexopt::Error) -> String {
    error.to_string()
}

fn number(name: &str, text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if (0.0..1e6).contains(&value) => Ok(value),
        _ => Err(format!("--{name} wants a number, not {text:?}")),
    }
}

fn clock(text: &str) -> Result<Clock, String> {
    match text {
        "wall" => Ok(Clock::Wall),
        "cpu" => Ok(Clock::Cpu),
        _ => Err(format!("--clock is wall or cpu, not {text:?}")),
    }
}

fn core(text: &str) -> Result<Core, String> {
    if text == "none" {
        return Ok(Core::None);
    }
    let number = text
        .parse()
        .map_err(|_| format!("--core wants a number or none, not {text:?}"))?;
    Ok(Core::Number(number))
}

/// Cargo's target folder: results and downloads never go into the repository.
pub fn target_folder() -> PathBuf {
    if let Some(folder) = std::env::var_os("CARGO_TARGET_DIR") {
        return PathBuf::from(folder);
    }
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    crate_folder.parent().unwrap_or(crate_folder).join("target")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &str) -> Result<Command, String> {
        parse(
            std::iter::once("taipan-bench")
                .chain(words.split(' '))
                .map(OsString::from),
        )
    }

    #[test]
    fn a_quick_run() {
        let Ok(Command::Run(options)) =
            parsed("run --peer a=py --peer b=X=1 --bench x,y* --quick --rounds 2")
        else {
            panic!("not a run");
        };
        assert_eq!(options.peers, ["a=py", "b=X=1"]);
        assert_eq!(options.benches, ["x", "y*"]);
        assert_eq!((options.rounds, options.most), (2, 3.0));
    }

    #[test]
    fn nonsense_is_refused() {
        for words in [
            "fly",
            "run --what",
            "run --clock moon",
            "compare a",
            "compare a --peers x",
            "run --timeout -1",
        ] {
            assert!(parsed(words).is_err(), "{words}");
        }
    }
}
