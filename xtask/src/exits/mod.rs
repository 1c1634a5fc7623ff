//! `cargo xtask exits`: every exit of compiled code is taken, and the program must not notice.
//!
//! Each program runs with `-X jit-exit-sites` until a run takes no exit of its own functions that was
//! not taken before; all runs must print what CPython printed. With `--times N` a run goes through the
//! program N times where that prints the same each time, in one module, so that what was compiled late is
//! entered again. The last lines count the sites of all programs together, by reason: how many were taken, and
//! how many were never reached, so that nothing could force them; the places of sites, whichever loop
//! the unit was entered at; and the kinds of sites, a reason at an opcode. Sites of the library are
//! left alone, and not counted.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::corpus::{self, Program};
use crate::lang::{self, Verdict, judge, judge_repeated};
use crate::process::CommandLine;

/// Runs of a program, at most.
const MOST_RUNS: usize = 40;

/// What runs a program several times.
const AGAIN: &str = include_str!("again.py");

/// Entry point; true when nothing failed.
pub fn main(args: &[String]) -> Result<bool, String> {
    let root = crate::repository_root();
    let mut taipan = root.join("target/debug/taipan").display().to_string();
    let mut flags = "-X jit-threshold=2".to_owned();
    let mut jobs = 2;
    let mut limit = 60;
    let mut times = 1;
    let mut folder = root.join("target/exits");
    let mut verbose = false;
    let filters = corpus::parse_args(args, |name, value| {
        match name {
            "--taipan" => taipan = value()?,
            "--flags" => flags = value()?,
            "--jobs" => jobs = value()?.parse().map_err(|_| "--jobs wants a number")?,
            "--timeout" => limit = value()?.parse().map_err(|_| "--timeout wants seconds")?,
            "--times" => times = value()?.parse().map_err(|_| "--times wants a number")?,
            "--folder" => folder = value()?.into(),
            "-v" | "--verbose" => verbose = true,
            _ => return Err(format!("exits: unknown option {name}")),
        }
        Ok(())
    })?;
    fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let again = folder.join("again.py");
    fs::write(&again, AGAIN).map_err(|e| format!("{}: {e}", again.display()))?;
    let line = CommandLine::parse(&taipan)?.with(flags.split_whitespace().map(str::to_owned));
    let mut programs = corpus::find(&root, &filters)?;
    let expected = lang::expected_failures(&root)?;
    programs.retain(|p| !expected.iter().any(|(path, _)| *path == p.path));
    let place = Surroundings {
        root: &root,
        folder: &folder,
        limit: Duration::from_secs(limit),
        times,
    };
    let found = corpus::in_parallel(&programs, jobs, |program| explore(program, &line, &place));

    let (mut runs, mut repeated, mut failed) = (0, 0, 0);
    let mut sites: BTreeMap<String, bool> = BTreeMap::new();
    for (program, result) in programs.iter().zip(found) {
        let explored = result?;
        runs += explored.runs;
        repeated += usize::from(explored.repeated);
        if let Some(why) = explored.failure {
            failed += 1;
            println!(
                "FAIL {}, run {}: {}",
                program.path,
                explored.runs,
                why.trim_end()
            );
        }
        for (site, taken) in explored.sites {
            *sites.entry(site).or_default() |= taken;
        }
    }
    report(&sites, verbose);
    if times > 1 {
        println!("{repeated} programs ran {times} times a run");
    }
    println!("{} programs, {runs} runs, {failed} failed", programs.len());
    Ok(failed == 0)
}

/// What the runs of a program found.
struct Explored {
    runs: usize,
    /// Whether each run went through it several times.
    repeated: bool,
    failure: Option<String>,
    sites: BTreeMap<String, bool>,
}

/// What all programs share.
struct Surroundings<'a> {
    root: &'a Path,
    folder: &'a Path,
    limit: Duration,
    /// How often a run goes through a program that can be repeated.
    times: usize,
}

impl Surroundings<'_> {
    /// Runs a program, `times` through it, and compares with as many times what CPython printed.
    fn judge(
        &self,
        program: &Program,
        line: &CommandLine,
        times: usize,
    ) -> Result<Verdict, String> {
        if times == 1 {
            return judge(program, line, self.root, self.limit, 6);
        }
        let again = self.folder.join("again.py").display().to_string();
        let line = line.clone().with([again, times.to_string()]);
        judge_repeated(program, &line, self.root, self.limit, times)
    }

    /// How often a run can go through a program: once, if it ends the process, shows its tracebacks,
    /// or prints something else the second time.
    fn times_of(&self, program: &Program, line: &CommandLine) -> Result<usize, String> {
        if self.times == 1 || program.err_file().exists() {
            return Ok(1);
        }
        let line = line.clone().with(["-X".to_owned(), "jit=off".to_owned()]);
        Ok(match self.judge(program, &line, self.times)? {
            Verdict::Passed => self.times,
            Verdict::Failed(_) => 1,
        })
    }
}

fn explore(
    program: &Program,
    line: &CommandLine,
    place: &Surroundings<'_>,
) -> Result<Explored, String> {
    let file = place.folder.join(program.path.replace('/', "."));
    let _ = fs::remove_file(&file);
    let times = place.times_of(program, line)?;
    let option = format!(
        "jit-exit-sites={},{}/tests/",
        file.display(),
        place.root.display()
    );
    let line = line.clone().with(["-X".to_owned(), option]);
    let mut explored = Explored {
        runs: 0,
        repeated: times > 1,
        failure: None,
        sites: BTreeMap::new(),
    };
    let mut before = None;
    while explored.runs < MOST_RUNS {
        explored.runs += 1;
        if let Verdict::Failed(why) = place.judge(program, &line, times)? {
            explored.failure = Some(why);
            break;
        }
        explored.sites = read(&file, place.root);
        let taken = explored.sites.values().filter(|t| **t).count();
        if before == Some(taken) {
            break;
        }
        before = Some(taken);
    }
    Ok(explored)
}

/// The sites of programs in a file, and whether they were taken in any run.
fn read(file: &Path, root: &Path) -> BTreeMap<String, bool> {
    // A program that ended without its end (killed, or by `os._exit`) has written none.
    let text = fs::read_to_string(file).unwrap_or_default();
    let mut sites = BTreeMap::new();
    let tests = format!(" in {}/tests/", root.display());
    for line in text.lines() {
        if let Some((sign, site)) = line.split_at_checked(1)
            && site.contains(&tests)
        {
            *sites.entry(site.to_owned()).or_default() |= sign == "+";
        }
    }
    sites
}

fn report(sites: &BTreeMap<String, bool>, verbose: bool) {
    let reason = |site: &str| site.split(' ').next().unwrap_or_default().to_owned();
    let reasons: BTreeSet<String> = sites.keys().map(|s| reason(s)).collect();
    for r in reasons {
        let of: Vec<bool> = sites
            .iter()
            .filter(|(s, _)| reason(s) == r)
            .map(|(_, taken)| *taken)
            .collect();
        let taken = of.iter().filter(|t| **t).count();
        println!("{r:12} {:6} sites, {taken:6} taken", of.len());
    }
    let mut kinds: BTreeMap<String, bool> = BTreeMap::new();
    for (site, taken) in sites {
        let opcode = site.rsplit(' ').next().unwrap_or_default();
        *kinds
            .entry(format!("{} at {opcode}", reason(site)))
            .or_default() |= taken;
    }
    let mut places: BTreeMap<String, bool> = BTreeMap::new();
    for (site, taken) in sites {
        *places.entry(without_entry(site)).or_default() |= taken;
    }
    let taken = places.values().filter(|t| **t).count();
    println!("{} places of sites, {taken} taken", places.len());
    let taken = kinds.values().filter(|t| **t).count();
    println!("{} kinds of sites, {taken} taken", kinds.len());
    for (kind, _) in kinds.iter().filter(|(_, taken)| !**taken) {
        println!("never reached: {kind}");
    }
    let taken = sites.values().filter(|t| **t).count();
    println!(
        "{} sites, {taken} taken, {} never reached",
        sites.len(),
        sites.len() - taken
    );
    if verbose {
        for (site, _) in sites.iter().filter(|(_, taken)| !**taken) {
            println!("  {site}");
        }
    }
}

/// A site's place: its text without where its unit is entered.
fn without_entry(site: &str) -> String {
    match site.split_once(" from ") {
        Some((before, after)) => {
            let rest = after.split_once(", ").map_or("", |(_, rest)| rest);
            format!("{before}, {rest}")
        }
        None => site.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::without_entry;

    #[test]
    fn a_place_is_a_site_whatever_entry_its_unit_has() {
        let site = |entry: &str| {
            format!("NotInt in /t.py:1 f from {entry}, depth 1, f word 7 line 2 at Call")
        };
        assert_eq!(
            without_entry(&site("None")),
            without_entry(&site("Some(9)"))
        );
        assert_ne!(
            without_entry(&site("None")),
            without_entry("NotInt in /t.py:1 f")
        );
    }
}
