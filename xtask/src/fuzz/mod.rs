//! `cargo xtask fuzz`: random programs under CPython, and under Taipan interpreted and compiled, whose
//! output must agree.
//!
//! Programs are typed enough to get past their first lines. They are short, so that with Taipan's
//! thresholds most of them would only be interpreted: [`MODES`] compiles them. Many run in one process,
//! so that start-up does not count. What differs is run alone, shrunk piece by piece and line by line,
//! and printed with its seed; `--keep DIR` writes it there. A seed names the same program always.

mod expr;
mod program;
mod rng;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::corpus;
use crate::process::{CommandLine, End, run_python};
use program::Program;

const DRIVER: &str = include_str!("driver.py");
/// Stands in the output where an interpreter did not come to the end.
const ENDED: &str = "!! the interpreter ended";
/// Seconds for a batch.
const LIMIT: Duration = Duration::from_secs(60);

/// How each program is run, if no `--flags` say otherwise.
const MODES: [&str; 2] = ["-X jit=off", "-X jit-threshold=2"];

struct Runner {
    /// Taipan, in each mode.
    taipan: Vec<CommandLine>,
    reference: CommandLine,
    scratch: PathBuf,
    next_file: AtomicUsize,
    /// Programs that CPython itself did not end within the limit.
    unanswered: AtomicUsize,
}

/// Entry point; true when nothing differed.
pub fn main(args: &[String]) -> Result<bool, String> {
    let root = crate::repository_root();
    let mut taipan = root.join("target/debug/taipan").display().to_string();
    let mut reference = "peer-cpython314".to_owned();
    let (mut count, mut seed, mut batch, mut jobs) = (1000, 1, 100, 2);
    let (mut keep, mut modes) = (None, Vec::new());
    let number = |text: String| text.parse().map_err(|_| format!("not a number: {text}"));
    let rest = corpus::parse_args(args, |name, value| {
        match name {
            "--taipan" => taipan = value()?,
            "--python" => reference = value()?,
            "--count" => count = number(value()?)?,
            "--seed" => seed = number(value()?)?,
            "--batch" => batch = number(value()?)?.max(1),
            "--jobs" => jobs = number(value()?)? as usize,
            "--flags" => modes.push(value()?),
            "--keep" => keep = Some(PathBuf::from(value()?)),
            _ => return Err(format!("fuzz: unknown option {name}")),
        }
        Ok(())
    })?;
    if let Some(word) = rest.first() {
        return Err(format!("fuzz: what is {word}?"));
    }
    if modes.is_empty() {
        modes.extend(MODES.map(str::to_owned));
    }
    let taipan = CommandLine::parse(&taipan)?;
    let in_mode = |flags: &String| {
        let flags = flags.split_whitespace().map(str::to_owned);
        taipan.clone().with(flags)
    };
    let scratch = std::env::temp_dir().join(format!("taipan-fuzz-{}", std::process::id()));
    fs::create_dir_all(&scratch).map_err(|e| e.to_string())?;
    fs::write(scratch.join("driver.py"), DRIVER).map_err(|e| e.to_string())?;
    let runner = Runner {
        taipan: modes.iter().map(in_mode).collect(),
        reference: CommandLine::parse(&reference)?,
        scratch: scratch.clone(),
        next_file: AtomicUsize::new(0),
        unanswered: AtomicUsize::new(0),
    };
    let result = session(&runner, seed..seed + count, batch, jobs, keep.as_deref());
    let _ = fs::remove_dir_all(&scratch);
    result
}

fn session(
    runner: &Runner,
    seeds: std::ops::Range<u64>,
    batch: u64,
    jobs: usize,
    keep: Option<&Path>,
) -> Result<bool, String> {
    let started = Instant::now();
    let next = AtomicU64::new(seeds.start);
    let differing: Mutex<Vec<(u64, Program)>> = Mutex::default();
    let work = || -> Result<(), String> {
        loop {
            let from = next.fetch_add(batch, Ordering::Relaxed);
            if from >= seeds.end {
                return Ok(());
            }
            let programs: Vec<(u64, Program)> = (from..(from + batch).min(seeds.end))
                .map(|seed| (seed, program::generate(seed)))
                .collect();
            let found = runner.compare(&programs)?;
            differing.lock().map_err(|e| e.to_string())?.extend(found);
        }
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..jobs.max(1)).map(|_| scope.spawn(work)).collect();
        for worker in workers {
            worker
                .join()
                .map_err(|_| "a worker panicked".to_owned())??;
        }
        Ok::<_, String>(())
    })?;
    let seconds = started.elapsed().as_secs_f64();
    let differing = differing.into_inner().map_err(|e| e.to_string())?;
    let count = seeds.end - seeds.start;
    println!(
        "{count} programs from seed {} under {}: {} differ, {} without an answer of CPython; {seconds:.0} s, {:.0} programs a second",
        seeds.start,
        runner.modes(),
        differing.len(),
        runner.unanswered.load(Ordering::Relaxed),
        count as f64 / seconds
    );
    for (seed, program) in &differing {
        report(runner, *seed, program, keep)?;
    }
    Ok(differing.is_empty())
}

/// Shrinks a program that differs and shows it.
fn report(
    runner: &Runner,
    seed: u64,
    program: &Program,
    keep: Option<&Path>,
) -> Result<(), String> {
    let small = shrink(runner, program)?;
    let text = small.join("\n");
    println!(
        "seed {seed}:\n{text}\n--- CPython\n{}",
        runner.one(&runner.reference, &text)?
    );
    for line in &runner.taipan {
        println!("--- {line}\n{}", runner.one(line, &text)?);
    }
    if let Some(folder) = keep {
        fs::create_dir_all(folder).map_err(|e| e.to_string())?;
        let file = folder.join(format!("seed_{seed}.py"));
        fs::write(&file, text + "\n").map_err(|e| e.to_string())?;
    }
    Ok(())
}

/// Leaves out pieces, then single lines, as long as the outputs still differ in the same way.
fn shrink(runner: &Runner, program: &Program) -> Result<Program, String> {
    let mut best = program.clone();
    for by_line in [false, true] {
        if by_line {
            best = best
                .iter()
                .flat_map(|p| p.lines().map(str::to_owned))
                .collect();
        }
        let mut at = best.len();
        while at > 0 {
            at -= 1;
            let mut tried = best.clone();
            tried.remove(at);
            let text = tried.join("\n");
            let theirs = runner.one(&runner.reference, &text)?;
            // A program that both refuse is another program.
            if !theirs.contains("!! SyntaxError")
                && !theirs.contains("!! IndentationError")
                && runner.differs(&text, &theirs)?
            {
                best = tried;
            }
        }
    }
    Ok(best)
}

impl Runner {
    /// The programs of a batch whose outputs differ.
    fn compare(&self, programs: &[(u64, Program)]) -> Result<Vec<(u64, Program)>, String> {
        let texts: Vec<String> = programs.iter().map(|(_, p)| p.join("\n")).collect();
        let theirs = self.batch(&self.reference, &texts)?;
        let mut agree = vec![true; texts.len()];
        for line in &self.taipan {
            let ours = self.batch(line, &texts)?;
            for (i, agree) in agree.iter_mut().enumerate() {
                *agree &= ours.get(i) == theirs.get(i) && ours.get(i).is_some();
            }
        }
        let mut found = Vec::new();
        for (i, (seed, program)) in programs.iter().enumerate().filter(|(i, _)| !agree[*i]) {
            // Not reached in the batch, or affected by a program before it: alone it counts.
            let theirs = self.one(&self.reference, &texts[i])?;
            if theirs.contains(ENDED) {
                self.unanswered.fetch_add(1, Ordering::Relaxed);
            } else if self.differs(&texts[i], &theirs)? {
                found.push((*seed, program.clone()));
            }
        }
        Ok(found)
    }

    /// Does one program print something else than CPython did, in any mode?
    fn differs(&self, text: &str, theirs: &str) -> Result<bool, String> {
        for line in &self.taipan {
            if self.one(line, text)? != theirs {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What an interpreter prints for one program.
    fn one(&self, line: &CommandLine, text: &str) -> Result<String, String> {
        let mut outputs = self.batch(line, &[text.to_owned()])?;
        Ok(outputs.pop().unwrap_or_default())
    }

    /// Taipan's command lines, for a person.
    fn modes(&self) -> String {
        let lines: Vec<String> = self.taipan.iter().map(|l| format!("`{l}`")).collect();
        lines.join(" and ")
    }

    /// What an interpreter prints for each program; it may end before the last one.
    fn batch(&self, line: &CommandLine, texts: &[String]) -> Result<Vec<String>, String> {
        let number = self.next_file.fetch_add(1, Ordering::Relaxed);
        let file = self.scratch.join(format!("batch{number}.txt"));
        fs::write(&file, texts.join("\n#====\n")).map_err(|e| e.to_string())?;
        let driver = self.scratch.join("driver.py").display().to_string();
        let line = line.clone().with([driver]);
        let run = run_python(
            &line,
            &file.display().to_string(),
            &self.scratch,
            "0",
            LIMIT,
        )?;
        let _ = fs::remove_file(&file);
        let mut outputs: Vec<String> = Vec::new();
        for part in run.stdout.split("#== ").skip(1) {
            let (_, text) = part.split_once('\n').unwrap_or(("", ""));
            outputs.push(text.to_owned());
        }
        if run.end != End::Exit(0) && outputs.len() < texts.len() {
            outputs.push(format!("{ENDED}: {:?}\n{}", run.end, last(&run.stderr)));
        }
        Ok(outputs)
    }
}

fn last(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(4)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::program::generate;

    #[test]
    fn a_seed_is_a_program() {
        assert_eq!(generate(42), generate(42));
        assert_ne!(generate(42), generate(43));
        assert!(!generate(7).is_empty());
    }
}
