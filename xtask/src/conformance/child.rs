//! One module in processes of its own: started, watched, and started again
//! behind a test that killed it.

use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use super::events::{Module, Outcome};

/// What every process of the run shares.
pub struct Setting {
    /// The interpreter's command line.
    pub python: Vec<String>,
    /// Where the harness and the working folders lie.
    pub scratch: PathBuf,
    /// Seconds without an event before a test counts as hung.
    pub test_limit: Duration,
    /// Seconds for the whole module.
    pub module_limit: Duration,
    /// Megabytes of address space.
    pub memory: u64,
}

/// After so many deaths the rest of a module is given up.
const RESTARTS: usize = 40;

enum End {
    Exit(ExitStatus),
    Silent,
    TooLong,
}

/// Runs a module to its end.
pub fn run(setting: &Setting, module: &str) -> Result<Module, String> {
    let place = setting.scratch.join(module);
    let mut result = Module::default();
    let started = Instant::now();
    let mut avoided: Vec<String> = Vec::new();
    for _ in 0..=RESTARTS {
        // A test may have taken rights away from what it left.
        let _ = fs::remove_dir_all(&place);
        fs::create_dir_all(place.join("cwd")).map_err(|e| format!("{}: {e}", place.display()))?;
        let end = attempt(setting, module, &place, &avoided, started)?;
        let text = fs::read(place.join("events")).unwrap_or_default();
        let progress = result.absorb(&String::from_utf8_lossy(&text));
        if progress.done {
            break;
        }
        let (outcome, why) = match end {
            End::Silent => (Outcome::Hung, "no answer within the limit".to_owned()),
            End::TooLong => (Outcome::Hung, "the module's time was over".to_owned()),
            End::Exit(status) => (Outcome::Crashed, obituary(status, &place)),
        };
        let over = matches!(end, End::TooLong);
        match progress.running {
            Some(id) => {
                result.note_test(&id, outcome, &why);
                avoided.push(id);
            }
            None => {
                result.broken = Some(outcome);
                result.note = why;
                break;
            }
        }
        if over {
            break;
        }
    }
    result.seconds = started.elapsed().as_secs_f64();
    let _ = fs::remove_dir_all(&place);
    Ok(result)
}

fn attempt(
    setting: &Setting,
    module: &str,
    place: &Path,
    avoided: &[String],
    started: Instant,
) -> Result<End, String> {
    let events = place.join("events");
    let mut command = Command::new("sh");
    command
        .arg("-c")
        // (A run in the background ignores Ctrl-C; the tests must not.)
        .arg(format!(
            "ulimit -c 0; ulimit -v {}; exec env --default-signal=INT \"$@\"",
            setting.memory * 1024
        ))
        .arg("sh")
        .args(&setting.python)
        .arg(setting.scratch.join("harness.py"))
        .arg(&events)
        .arg(module);
    for id in avoided {
        command.arg("--not").arg(format!("test.{id}"));
    }
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("PYTHON") {
            command.env_remove(&name);
        }
    }
    let log = |name: &str| File::create(place.join(name)).map_err(|e| e.to_string());
    let mut child = command
        .current_dir(place.join("cwd"))
        .env("TMPDIR", place)
        .stdin(Stdio::null())
        .stdout(log("stdout")?)
        .stderr(log("stderr")?)
        .process_group(0)
        .spawn()
        .map_err(|e| format!("cannot start {}: {e}", setting.python[0]))?;
    let end = watch(&mut child, setting, &events, started)?;
    // The group, for what the tests started and forgot.
    let _ = Command::new("kill")
        .args(["-9", "--", &format!("-{}", child.id())])
        .stderr(Stdio::null())
        .status();
    let _ = child.wait();
    Ok(end)
}

fn watch(
    child: &mut Child,
    setting: &Setting,
    events: &Path,
    started: Instant,
) -> Result<End, String> {
    let (mut length, mut changed) = (0, Instant::now());
    loop {
        if let Some(status) = child.try_wait().map_err(|e| e.to_string())? {
            return Ok(End::Exit(status));
        }
        let now = fs::metadata(events).map_or(0, |m| m.len());
        if now != length {
            (length, changed) = (now, Instant::now());
        }
        if changed.elapsed() > setting.test_limit {
            return Ok(End::Silent);
        }
        if started.elapsed() > setting.module_limit {
            return Ok(End::TooLong);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// How a process died, with what it said last.
fn obituary(status: ExitStatus, place: &Path) -> String {
    let stderr = fs::read(place.join("stderr")).unwrap_or_default();
    let stderr = String::from_utf8_lossy(&stderr);
    let panic = stderr.lines().find(|line| line.contains("panicked at"));
    let last = stderr.lines().rfind(|line| !line.trim().is_empty());
    let said = panic.or(last).unwrap_or("nothing on stderr");
    let said: String = said.chars().take(300).collect();
    format!("{status}; {said}")
}
