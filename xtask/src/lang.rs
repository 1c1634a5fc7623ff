//! `cargo xtask lang`: the language suite against a runtime.
//!
//! Every program runs in a process of its own under a time limit; what it
//! prints must be what CPython printed. The last line is always
//! `N passed, N failed`, followed by `, N skipped` when some were. With `--times` each program gets a
//! line as it ends.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::corpus::{self, Program};
use crate::process::{CommandLine, End, Finished, run_python};

/// Known failures, a path and a reason a line.
const EXPECTED_FAILURES: &str = "tests/lang/EXPECTED_FAILURES";

/// Lines of a diff that are shown unless `-v` is given.
const DIFF_LINES: usize = 6;

/// What became of a program.
pub enum Verdict {
    /// It printed what CPython printed.
    Passed,
    /// It did not; why.
    Failed(String),
}

/// Entry point; true when nothing failed.
pub fn main(args: &[String]) -> Result<bool, String> {
    let root = crate::repository_root();
    let mut taipan = root.join("target/debug/taipan").display().to_string();
    let mut flags = String::new();
    let mut jobs = 2;
    let mut limit = 10;
    let mut diff_lines = DIFF_LINES;
    let mut left_out = Vec::new();
    let mut times = false;
    let filters = corpus::parse_args(args, |name, value| {
        match name {
            "--taipan" => taipan = value()?,
            "--flags" => flags = value()?,
            "--skip" => left_out.push(value()?),
            "--jobs" => jobs = value()?.parse().map_err(|_| "--jobs wants a number")?,
            "--timeout" => {
                limit = value()?.parse().map_err(|_| "--timeout wants seconds")?;
            }
            "--times" => times = true,
            "-v" | "--verbose" => diff_lines = usize::MAX,
            _ => return Err(format!("lang: unknown option {name}")),
        }
        Ok(())
    })?;
    let line = CommandLine::parse(&taipan)?.with(flags.split_whitespace().map(str::to_owned));
    let limit = Duration::from_secs(limit);
    let expected = expected_failures(&root)?;
    let mut programs = corpus::find(&root, &filters)?;
    programs.retain(|p| !left_out.contains(&p.path));
    let verdicts = corpus::in_parallel(&programs, jobs, |program| {
        let start = Instant::now();
        let verdict = judge(program, &line, &root, limit, diff_lines);
        if times {
            let word = match verdict {
                Ok(Verdict::Passed) => "",
                _ if expected.iter().any(|(p, _)| *p == program.path) => " failed as expected",
                _ => " FAILED",
            };
            let seconds = start.elapsed().as_secs_f64();
            println!("{seconds:8.2} s {}{word}", program.path);
        }
        verdict
    });

    let (mut passed, mut failed, mut skipped) = (0, 0, 0);
    for (program, verdict) in programs.iter().zip(verdicts) {
        let reason = expected
            .iter()
            .find(|(path, _)| *path == program.path)
            .map(|(_, reason)| reason);
        match (verdict?, reason) {
            (Verdict::Passed, None) => passed += 1,
            (Verdict::Passed, Some(_)) => {
                passed += 1;
                println!("UNEXPECTED PASS {}: {EXPECTED_FAILURES}", program.path);
            }
            (Verdict::Failed(_), Some(_)) => skipped += 1,
            (Verdict::Failed(why), None) => {
                failed += 1;
                println!("FAIL {}: {}", program.path, why.trim_end());
            }
        }
    }
    for (path, _) in &expected {
        if filters.is_empty() && !programs.iter().any(|program| program.path == *path) {
            println!("UNKNOWN PROGRAM {path}: {EXPECTED_FAILURES}");
        }
    }
    print!("{passed} passed, {failed} failed");
    if skipped > 0 {
        print!(", {skipped} skipped");
    }
    println!();
    Ok(failed == 0)
}

/// Reads `tests/lang/EXPECTED_FAILURES`; a missing file expects nothing.
pub fn expected_failures(root: &Path) -> Result<Vec<(String, String)>, String> {
    let Ok(text) = fs::read_to_string(root.join(EXPECTED_FAILURES)) else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match line.split_once(char::is_whitespace) {
            Some((path, reason)) => found.push((path.to_owned(), reason.trim().to_owned())),
            None => return Err(format!("{EXPECTED_FAILURES}: {line} has no reason")),
        }
    }
    Ok(found)
}

/// Runs a program and compares with what CPython printed.
///
/// # Errors
/// When the runtime cannot be started.
pub fn judge(
    program: &Program,
    line: &CommandLine,
    root: &Path,
    limit: Duration,
    diff_lines: usize,
) -> Result<Verdict, String> {
    judge_against(program, line, root, limit, diff_lines, 1)
}

/// Runs a line that goes through a program several times, and compares with as many times what CPython
/// printed.
///
/// # Errors
/// When the runtime cannot be started.
pub fn judge_repeated(
    program: &Program,
    line: &CommandLine,
    root: &Path,
    limit: Duration,
    times: usize,
) -> Result<Verdict, String> {
    judge_against(program, line, root, limit, DIFF_LINES, times)
}

fn judge_against(
    program: &Program,
    line: &CommandLine,
    root: &Path,
    limit: Duration,
    diff_lines: usize,
    times: usize,
) -> Result<Verdict, String> {
    let Ok(want) = fs::read_to_string(program.out_file()) else {
        return Ok(Verdict::Failed(
            "no .out file: run `cargo xtask bless`".to_owned(),
        ));
    };
    let run = run_python(line, &program.path, root, "0", limit)?;
    Ok(match complaint(&run, limit) {
        Some(why) => Verdict::Failed(why),
        None => compare(program, &run, root, &want.repeat(times), diff_lines),
    })
}

/// Ends that are failures whatever was printed.
fn complaint(run: &Finished, limit: Duration) -> Option<String> {
    let last = run.stderr.lines().rfind(|line| !line.trim().is_empty());
    let last = last.unwrap_or("nothing on stderr");
    match run.end {
        End::Timeout => Some(format!("hang (over {} s); {last}", limit.as_secs())),
        End::Signal(signal) => Some(format!("crash (signal {signal}); {last}")),
        End::Exit(101) => {
            let panic = run.stderr.lines().find(|line| line.contains("panicked at"));
            panic.map(|line| format!("crash ({line})\n    {last}"))
        }
        End::Exit(_) => None,
    }
}

fn compare(program: &Program, run: &Finished, root: &Path, want: &str, lines: usize) -> Verdict {
    let got = corpus::recorded_out(run);
    if got != want {
        let mut text = format!("output differs\n{}", diff(want, &got, lines));
        if run.end != End::Exit(0) {
            let errors: Vec<&str> = run.stderr.lines().collect();
            for line in &errors[errors.len().saturating_sub(3)..] {
                text.push_str(&format!("    stderr: {line}\n"));
            }
        }
        return Verdict::Failed(text);
    }
    if let Ok(want) = fs::read_to_string(program.err_file()) {
        let got = corpus::recorded_err(run, root);
        if got != want {
            return Verdict::Failed(format!("stderr differs\n{}", diff(&want, &got, lines)));
        }
    }
    Verdict::Passed
}

/// The first differing lines of both texts, after the lines they share.
fn diff(want: &str, got: &str, limit: usize) -> String {
    let want: Vec<&str> = want.lines().collect();
    let got: Vec<&str> = got.lines().collect();
    let same = want.iter().zip(&got).take_while(|(a, b)| a == b).count();
    let mut text = format!("    line {}:\n", same + 1);
    for (sign, lines) in [('-', &want[same..]), ('+', &got[same..])] {
        // A whole listing helps nobody; half of the room for each side.
        let room = limit.div_ceil(2);
        for line in lines.iter().take(room) {
            text.push_str(&format!("    {sign} {line}\n"));
        }
        if lines.len() > room {
            text.push_str(&format!("    {sign} … {} more\n", lines.len() - room));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::diff;

    #[test]
    fn diff_starts_at_the_first_difference() {
        let text = diff("a\nb\nc\n", "a\nx\nc\n", 2);
        assert_eq!(
            text,
            "    line 2:\n    - b\n    - … 1 more\n    + x\n    + … 1 more\n"
        );
    }
}
