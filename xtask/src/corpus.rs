//! The corpus of Python programs: where they are and what is recorded of them.
//!
//! A program is a file `tests/{lang,parity}/<area>/<name>.py`. Deeper folders
//! and files that begin with `_` are support (packages to import). Beside it:
//! `<name>.out`, standard output with a last line `exit: N` when the exit code
//! is not 0, and for programs about tracebacks `<name>.err`, standard error.

use std::fs;
use std::path::{Path, PathBuf};

use crate::process::{End, Finished};

/// Folders that hold areas.
const CORPORA: [&str; 2] = ["tests/lang", "tests/parity"];

/// One program.
#[derive(Clone, Debug)]
pub struct Program {
    /// `tests/lang/core/ints.py`, relative to the repository's root.
    pub path: String,
    full: PathBuf,
}

impl Program {
    /// The file that holds its standard output.
    pub fn out_file(&self) -> PathBuf {
        self.full.with_extension("out")
    }

    /// The file that holds its standard error, where that matters.
    pub fn err_file(&self) -> PathBuf {
        self.full.with_extension("err")
    }
}

/// Programs whose path contains one of the filters (all of them without any), sorted.
pub fn find(root: &Path, filters: &[String]) -> Result<Vec<Program>, String> {
    let mut found = Vec::new();
    for corpus in CORPORA {
        let Ok(areas) = fs::read_dir(root.join(corpus)) else {
            continue;
        };
        for area in areas.flatten().filter(|entry| entry.path().is_dir()) {
            let area_name = area.file_name().to_string_lossy().into_owned();
            let files = fs::read_dir(area.path()).map_err(|error| error.to_string())?;
            for file in files.flatten() {
                let name = file.file_name().to_string_lossy().into_owned();
                if !name.ends_with(".py") || name.starts_with('_') {
                    continue;
                }
                let path = format!("{corpus}/{area_name}/{name}");
                if filters.is_empty() || filters.iter().any(|filter| path.contains(filter)) {
                    found.push(Program {
                        path,
                        full: file.path(),
                    });
                }
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// Standard output as recorded: with its `exit: N` line.
pub fn recorded_out(run: &Finished) -> String {
    let mut text = run.stdout.clone();
    if let End::Exit(code) = run.end
        && code != 0
    {
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        text.push_str(&format!("exit: {code}\n"));
    }
    text
}

/// Standard error as recorded: without the root's path, which differs by checkout.
pub fn recorded_err(run: &Finished, root: &Path) -> String {
    run.stderr.replace(&format!("{}/", root.display()), "")
}

/// Splits options from filters: calls `option` for what begins with `-`.
pub fn parse_args(
    args: &[String],
    mut option: impl FnMut(&str, &mut dyn FnMut() -> Result<String, String>) -> Result<(), String>,
) -> Result<Vec<String>, String> {
    let mut filters = Vec::new();
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        if !arg.starts_with('-') {
            filters.push(arg.clone());
            continue;
        }
        let (name, inline) = match arg.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (arg.as_str(), None),
        };
        let mut inline = inline;
        let mut value = || {
            inline
                .take()
                .or_else(|| rest.next().cloned())
                .ok_or_else(|| format!("{name} wants a value"))
        };
        option(name, &mut value)?;
    }
    Ok(filters)
}

/// Calls `work` for every item, `jobs` at a time; results in the items' order.
pub fn in_parallel<T: Sync, R: Send>(
    items: &[T],
    jobs: usize,
    work: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicUsize, Ordering};
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<(usize, R)>> = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..jobs.max(1) {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(index) else { break };
                    let result = work(item);
                    if let Ok(mut results) = results.lock() {
                        results.push((index, result));
                    }
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap_or_default();
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}
