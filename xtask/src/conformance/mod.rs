//! `cargo xtask conformance`: CPython's own test suite, unmodified, as the judge.
//!
//! Each module runs in a process of its own under a limit of time and memory,
//! two at a time. `harness.py` reports every test method as it happens, so that
//! a death is charged to the method that was running; the module then goes on
//! behind it. `conformance/reference.txt` says which methods CPython passes on
//! the same machine (the denominator), `conformance/reasons.txt` which of these
//! check a detail of CPython, `conformance/table.txt` is the last committed run.

mod child;
mod events;
mod reasons;
mod reference;
mod score;
mod sets;
mod table;

use std::collections::BTreeMap;
use std::fs;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::corpus;
use events::{Module, Outcome};

const HARNESS: &str = include_str!("harness.py");
const FOLDER: &str = "/opt/peers/usr/lib/python3.14/test";

struct Options {
    folder: PathBuf,
    python: String,
    mode: String,
    jobs: usize,
    limits: (u64, u64, u64),
    reference: bool,
    commit: bool,
    sweep: bool,
    json: Option<PathBuf>,
    verbose: bool,
}

/// Entry point; true when nothing is worse than the committed table says.
pub fn main(args: &[String]) -> Result<bool, String> {
    let root = crate::repository_root();
    let mut options = Options {
        folder: PathBuf::from(FOLDER),
        python: root.join("target/debug/taipan").display().to_string(),
        mode: "default".to_owned(),
        jobs: 2,
        limits: (120, 900, 4096),
        reference: false,
        commit: false,
        sweep: false,
        json: None,
        verbose: false,
    };
    let number = |text: String| text.parse().map_err(|_| format!("not a number: {text}"));
    let filters = corpus::parse_args(args, |name, value| {
        match name {
            "--folder" => options.folder = PathBuf::from(value()?),
            "--taipan" => options.python = value()?,
            "--mode" => options.mode = value()?,
            "--jobs" => options.jobs = number(value()?)? as usize,
            "--test-timeout" => options.limits.0 = number(value()?)?,
            "--module-timeout" => options.limits.1 = number(value()?)?,
            "--memory" => options.limits.2 = number(value()?)?,
            "--reference" => options.reference = true,
            "--commit" => options.commit = true,
            "--sweep" => {
                options.sweep = true;
                options.limits.1 = options.limits.1.min(60);
            }
            "--json" => options.json = Some(PathBuf::from(value()?)),
            "-v" | "--verbose" => options.verbose = true,
            _ => return Err(format!("conformance: unknown option {name}")),
        }
        Ok(())
    })?;
    let modules = choose(&options.folder, &filters)?;
    let scratch = std::env::temp_dir().join(format!("taipan-conformance-{}", std::process::id()));
    fs::create_dir_all(&scratch).map_err(|e| e.to_string())?;
    let outcome = run(&options, &modules, &scratch, &root);
    let _ = fs::remove_dir_all(&scratch);
    outcome
}

/// The modules a command line names: `language`, `types`, `rest` (what is in neither), `all`, or names.
fn choose(folder: &Path, filters: &[String]) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    let entries = fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    for entry in entries {
        let path = entry.map_err(|e| e.to_string())?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if !name.starts_with("test_") {
            continue;
        }
        if let Some(stem) = name.strip_suffix(".py") {
            found.push(stem.to_owned());
        } else if path.join("__init__.py").is_file() {
            parts(&path, &name, &mut found);
        }
    }
    found.sort();
    let wanted = |module: &String| {
        filters.iter().any(|filter| match filter.as_str() {
            "all" => true,
            "language" => sets::contains(sets::LANGUAGE, module),
            "types" => sets::contains(sets::TYPES, module),
            "rest" => {
                !sets::contains(sets::LANGUAGE, module) && !sets::contains(sets::TYPES, module)
            }
            name => module == name || module.split('.').next() == Some(name),
        })
    };
    if filters.is_empty() {
        return Err(
            "conformance: which modules? `language`, `types`, `rest`, `all`, or names".to_owned(),
        );
    }
    found.retain(wanted);
    if found.is_empty() {
        return Err("conformance: no such module".to_owned());
    }
    Ok(found)
}

/// The modules of a folder of tests, each to be run by itself.
fn parts(folder: &Path, name: &str, found: &mut Vec<String>) {
    let before = found.len();
    if let Ok(entries) = fs::read_dir(folder) {
        for entry in entries.flatten() {
            let file = entry.file_name().to_string_lossy().into_owned();
            if let Some(stem) = file.strip_suffix(".py")
                && stem.starts_with("test_")
            {
                found.push(format!("{name}.{stem}"));
            }
        }
    }
    if found.len() == before {
        found.push(name.to_owned());
    }
}

fn run(options: &Options, modules: &[String], scratch: &Path, root: &Path) -> Result<bool, String> {
    fs::write(scratch.join("harness.py"), HARNESS).map_err(|e| e.to_string())?;
    let mut setting = setting(options, scratch)?;
    let mut results = all(&setting, modules, options)?;
    if options.sweep {
        // Slow is not hung: what ran into a limit gets more time.
        let over = |m: &Module| m.count(Outcome::Hung) > 0 || m.broken == Some(Outcome::Hung);
        let again = results.iter().filter(|(_, m)| over(m));
        let again: Vec<String> = again.map(|(name, _)| name.clone()).collect();
        setting.test_limit *= 4;
        setting.module_limit *= 10;
        results.extend(all(&setting, &again, options)?);
    }
    let place = root.join("conformance");
    fs::create_dir_all(&place).map_err(|e| e.to_string())?;
    if options.reference {
        reference::write(&place.join("reference.txt"), &results)?;
        return Ok(true);
    }
    let known = reference::read(&place.join("reference.txt"));
    let reasons = reasons::Reasons::read(&place.join("reasons.txt"))?;
    let mut rows = table::Rows::new();
    for (name, module) in results {
        let score = score::judge(&module, known.get(&name), &reasons);
        rows.insert(name, (module, score));
    }
    if options.sweep {
        let note = format!(
            "{} s a test, {} s a module, {} MB; what ran into a limit had a second run with more.",
            options.limits.0, options.limits.1, options.limits.2
        );
        let text = table::sweep(&rows, &reasons, &options.mode, &note);
        print!("{}", text.split("\nmodule").next().unwrap_or(&text));
        if options.commit {
            let name = match options.mode.as_str() {
                "default" => "sweep.txt".to_owned(),
                mode => format!("sweep-{mode}.txt"),
            };
            fs::write(place.join(name), text).map_err(|e| e.to_string())?;
        }
        return Ok(alive(&rows));
    }
    let text = table::text(&rows, &options.mode);
    match options.verbose {
        true => print!("{text}"),
        false => print!(
            "{}",
            text.split("# Tests that do not").next().unwrap_or(&text)
        ),
    }
    let committed = place.join("table.txt");
    table::compare(&committed, &rows);
    if let Some(path) = &options.json {
        let text = table::json(&rows, &options.mode);
        fs::write(path, text).map_err(|e| format!("{}: {e}", path.display()))?;
    }
    if options.commit {
        fs::write(&committed, text).map_err(|e| e.to_string())?;
    }
    Ok(alive(&rows))
}

/// Did nothing crash or hang?
fn alive(rows: &table::Rows) -> bool {
    let deaths = [Outcome::Crashed, Outcome::Hung];
    rows.values().all(|(module, _)| {
        module.broken.is_none() && deaths.iter().all(|&death| module.count(death) == 0)
    })
}

fn setting(options: &Options, scratch: &Path) -> Result<child::Setting, String> {
    let python = match options.reference {
        true => vec!["peer-cpython314".to_owned()],
        false => {
            let mut line: Vec<String> = options
                .python
                .split_whitespace()
                .map(str::to_owned)
                .collect();
            if let Some(binary) = line.first_mut() {
                *binary = install(binary, &options.folder, scratch)?;
            }
            line.extend(mode_flags(&options.mode)?);
            line
        }
    };
    Ok(child::Setting {
        python,
        scratch: scratch.to_path_buf(),
        test_limit: Duration::from_secs(options.limits.0),
        module_limit: Duration::from_secs(options.limits.1),
        memory: options.limits.2,
    })
}

/// Installs a binary in the scratch folder with `test`, and nothing else of CPython's library,
/// where the interpreters that tests start with `-I` find it too. Gives the installed binary.
fn install(binary: &str, tests: &Path, scratch: &Path) -> Result<String, String> {
    let said = |e: std::io::Error| e.to_string();
    let packages = scratch.join("install/lib/taipan3.14/site-packages");
    fs::create_dir_all(&packages).map_err(said)?;
    std::os::unix::fs::symlink(tests, packages.join("test")).map_err(said)?;
    let place = scratch.join("install/bin/taipan");
    fs::create_dir_all(scratch.join("install/bin")).map_err(said)?;
    if fs::hard_link(binary, &place).is_err() {
        fs::copy(binary, &place).map_err(|e| format!("{binary}: {e}"))?;
    }
    Ok(place.display().to_string())
}

/// Taipan's flags for a tier mode.
fn mode_flags(mode: &str) -> Result<Vec<String>, String> {
    let flags = match mode {
        "default" => "",
        "interp" => "-X jit=off",
        "jit" => "-X jit=on",
        "stress" => "-X jit=eager",
        "stress-gc" => "-X gc-every=1000",
        other if other.starts_with('-') => other,
        other => return Err(format!("conformance: what is mode {other}?")),
    };
    Ok(flags.split_whitespace().map(str::to_owned).collect())
}

/// Runs the modules, some at a time, with a line of progress.
fn all(
    setting: &child::Setting,
    modules: &[String],
    options: &Options,
) -> Result<BTreeMap<String, Module>, String> {
    let next = AtomicUsize::new(0);
    let results = Mutex::new(BTreeMap::new());
    let started = Instant::now();
    let work = || -> Result<(), String> {
        while let Some(name) = modules.get(next.fetch_add(1, Ordering::Relaxed)) {
            let module = child::run(setting, name)?;
            let mut results = results.lock().map_err(|e| e.to_string())?;
            progress(results.len() + 1, modules.len(), name, &module, started);
            results.insert(name.clone(), module);
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..options.jobs.max(1))
            .map(|_| scope.spawn(work))
            .collect();
        for worker in workers {
            worker
                .join()
                .map_err(|_| "a worker panicked".to_owned())??;
        }
        Ok::<_, String>(())
    })?;
    results.into_inner().map_err(|e| e.to_string())
}

fn progress(done: usize, of: usize, name: &str, module: &Module, started: Instant) {
    let bar = 20 * done / of.max(1);
    let bad = [
        Outcome::Failed,
        Outcome::Error,
        Outcome::Crashed,
        Outcome::Hung,
    ];
    let bad: Vec<String> = bad
        .iter()
        .map(|&kind| (kind.word(), module.count(kind)))
        .filter(|(_, count)| *count > 0)
        .map(|(word, count)| format!(", {count} {word}"))
        .collect();
    let text = format!(
        "[{}{}] {done}/{of} {:>4.0} s  {name}: {} passed{} ({:.1} s) {}",
        "#".repeat(bar),
        ".".repeat(20 - bar),
        started.elapsed().as_secs_f64(),
        module.count(Outcome::Passed),
        bad.concat(),
        module.seconds,
        module.note.chars().take(90).collect::<String>()
    );
    let mut out = std::io::stderr();
    let end = if out.is_terminal() { "\x1b[K\r" } else { "\n" };
    // Progress is for whoever looks; nobody need read it.
    let _ = write!(out, "{text}{end}");
    for (id, test) in &module.tests {
        if matches!(test.outcome, Outcome::Crashed | Outcome::Hung) {
            let _ = writeln!(out, "  {} {id}  {}", test.outcome.word(), test.why);
        }
    }
}
