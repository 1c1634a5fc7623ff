//! Which programs there are to measure.
//!
//! A suite is a list of programs. pyperformance's come from its package at run
//! time ([`pyperformance`]), our own from `bench-suite/programs`, anybody's from
//! any folder ([`folder`]); the start-up suite is made of command lines
//! ([`startup`]).

mod folder;
mod metadata;
mod pyperformance;
mod startup;

use std::path::{Path, PathBuf};

use crate::cli::Options;
use crate::fetch;

/// How a program is run.
#[derive(Clone, PartialEq, Debug)]
pub enum Kind {
    /// It imports pyperf.
    Pyperf,
    /// It knows nothing of benchmarks, or has a `run()`.
    Plain,
    /// Arguments of the interpreter; only the process is measured.
    Start(Vec<String>),
}

/// A program to measure.
#[derive(Clone, PartialEq, Debug)]
pub struct Program {
    /// The suite's name.
    pub suite: String,
    /// Its own; unique in its suite.
    pub name: String,
    /// The script; empty for a start.
    pub script: PathBuf,
    /// The script's arguments.
    pub args: Vec<String>,
    /// How it is run.
    pub kind: Kind,
    /// Requirements to install before it.
    pub requirements: Option<PathBuf>,
    /// Folders to be importable, apart from its own and the requirements.
    pub path: Vec<PathBuf>,
}

/// The suites measured when none is named.
const DEFAULT: [&str; 3] = ["pyperformance", "programs", "startup"];

/// All the suites with a name.
const ALL: [&str; 4] = ["pyperformance", "apps", "programs", "startup"];

/// What `--quick` measures when no benchmark is named: a few of each sort, in under five minutes.
const QUICK: [&str; 20] = [
    "nbody",
    "fannkuch",
    "richards",
    "deltablue",
    "chaos",
    "go",
    "float",
    "spectral_norm",
    "raytrace",
    "generators",
    "comprehensions",
    "json_dumps",
    "regex_compile",
    "deepcopy",
    "pyflate",
    "word_count",
    "json_lines",
    "matrix",
    "start",
    "start_imports",
];

/// The programs that the options ask for, in the order in which they run.
pub fn choose(options: &Options) -> Result<Vec<Program>, String> {
    let mut names: Vec<&str> = Vec::new();
    for name in &options.suites {
        if name == "all" {
            names.extend(ALL);
        } else {
            names.push(name);
        }
    }
    if names.is_empty() {
        // A benchmark that is asked for by name may be anywhere.
        let all = !options.benches.is_empty();
        names.extend(if all { &ALL[..] } else { &DEFAULT[..] });
    }
    let mut programs = Vec::new();
    for name in names {
        let found = match name {
            "pyperformance" | "apps" => {
                pyperformance::find(&fetch::pyperformance(&options.cache)?, name == "apps")?
            }
            "programs" => folder::find("programs", &own())?,
            "startup" => startup::all(),
            other => {
                let path = Path::new(other);
                let path = std::fs::canonicalize(path)
                    .map_err(|_| format!("there is no suite and no folder {other:?}"))?;
                let name = path
                    .file_name()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned();
                folder::find(&name, &path)?
            }
        };
        programs.extend(found);
    }
    let patterns: Vec<&str> = if !options.benches.is_empty() {
        options.benches.iter().map(String::as_str).collect()
    } else if options.quick && options.suites.is_empty() {
        QUICK.to_vec()
    } else {
        return Ok(programs);
    };
    for pattern in &options.benches {
        if !programs
            .iter()
            .any(|program| matches(pattern, &program.name))
        {
            return Err(format!(
                "there is no benchmark {pattern:?}; see `taipan-bench list --suite all`"
            ));
        }
    }
    programs.retain(|program| {
        patterns
            .iter()
            .any(|pattern| matches(pattern, &program.name))
    });
    Ok(programs)
}

/// The folder of our own programs.
fn own() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("programs")
}

/// Whether `name` is `pattern`, where `*` stands for anything.
fn matches(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((head, tail)) => name.strip_prefix(head).is_some_and(|rest| {
            (0..=rest.len()).any(|n| rest.is_char_boundary(n) && matches(tail, &rest[n..]))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns() {
        assert!(matches("a*", "async") && matches("*c", "async") && matches("a*n*", "async"));
        assert!(matches("go", "go") && !matches("go", "gone") && !matches("*d", "async"));
    }
}
