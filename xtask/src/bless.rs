//! `cargo xtask bless`: records the reference interpreter's output.
//!
//! Every program runs twice, under two hash seeds; one that prints two
//! different things is refused, because no other runtime could match it.

use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::corpus::{self, Program};
use crate::process::{CommandLine, End, run_python};

/// Reference interpreters, in the order in which they are looked for.
const REFERENCES: [&str; 2] = ["peer-cpython314", "python3.14"];

/// Entry point; true when every program was recorded.
pub fn main(args: &[String]) -> Result<bool, String> {
    let mut python = None;
    let mut jobs = 2;
    let mut only_missing = false;
    let filters = corpus::parse_args(args, |name, value| {
        match name {
            "--python" => python = Some(value()?),
            "--jobs" => jobs = value()?.parse().map_err(|_| "--jobs wants a number")?,
            "--missing" => only_missing = true,
            _ => return Err(format!("bless: unknown option {name}")),
        }
        Ok(())
    })?;
    let python = match python {
        Some(text) => CommandLine::parse(&text)?,
        None => CommandLine::parse(reference().ok_or("no CPython 3.14 found: give --python")?)?,
    };
    let root = crate::repository_root();
    let mut programs = corpus::find(&root, &filters)?;
    if only_missing {
        programs.retain(|program| !program.out_file().exists());
    }
    let results = corpus::in_parallel(&programs, jobs, |program| record(program, &python, &root));
    let mut refused = 0;
    let mut changed = 0;
    for (program, result) in programs.iter().zip(results) {
        match result {
            Ok(true) => changed += 1,
            Ok(false) => {}
            Err(why) => {
                refused += 1;
                println!("{}: {why}", program.path);
            }
        }
    }
    println!(
        "{} programs, {changed} recordings changed, {refused} refused",
        programs.len()
    );
    Ok(refused == 0)
}

fn reference() -> Option<&'static str> {
    let path = std::env::var_os("PATH")?;
    REFERENCES
        .into_iter()
        .find(|name| std::env::split_paths(&path).any(|folder| folder.join(name).is_file()))
}

/// Records one program; true when a file changed.
fn record(program: &Program, python: &CommandLine, root: &Path) -> Result<bool, String> {
    let limit = Duration::from_secs(20);
    let first = run_python(python, &program.path, root, "0", limit)?;
    let second = run_python(python, &program.path, root, "1", limit)?;
    match first.end {
        End::Exit(_) => {}
        End::Timeout => return Err("takes too long".to_owned()),
        End::Signal(signal) => return Err(format!("killed by signal {signal}")),
    }
    let out = corpus::recorded_out(&first);
    if out != corpus::recorded_out(&second) {
        return Err("prints something else under another hash seed".to_owned());
    }
    let err_file = program.err_file();
    if first.end != End::Exit(0)
        && !err_file.exists()
        && !fs::read_to_string(root.join(&program.path))
            .is_ok_and(|source| source.contains("# expect: failure"))
    {
        let last = first.stderr.lines().last().unwrap_or_default();
        return Err(format!(
            "fails, and neither has an .err file nor says `# expect: failure`: {last}"
        ));
    }
    let mut changed = write_if_changed(&program.out_file(), &out)?;
    if err_file.exists() {
        changed |= write_if_changed(&err_file, &corpus::recorded_err(&first, root))?;
    }
    Ok(changed)
}

fn write_if_changed(file: &Path, text: &str) -> Result<bool, String> {
    if fs::read_to_string(file).is_ok_and(|old| old == text) {
        return Ok(false);
    }
    fs::write(file, text).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(true)
}
