//! One benchmark on one interpreter: a process, its time limit, its lines.

use std::fs;
use std::io::Read;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::options::{Options, Python};
use crate::suite::Program;

/// What a script reported of one benchmark in it, in seconds.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// The benchmark's name: a script may measure several.
    pub name: String,
    /// The first call.
    pub cold: f64,
    /// Best and median per loop; missing in a check.
    pub steady: Option<(f64, f64)>,
    /// How many samples `steady` rests on.
    pub samples: u64,
    /// How many loops a sample ran.
    pub loops: u64,
    /// Digest of the result; `None` where the benchmark returns none.
    pub digest: Option<String>,
}

/// What a process achieved. It can both measure something and fail later.
#[derive(Debug, Default)]
pub struct Outcome {
    /// In the order in which they ran.
    pub measured: Vec<Measured>,
    /// Why it ended badly.
    pub error: Option<String>,
}

/// The core to pin to: the one asked for, else the last allowed, as the first serves interrupts.
pub fn core(options: &Options) -> Option<usize> {
    if let Some(choice) = options.core {
        return choice;
    }
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let list = status
        .lines()
        .find_map(|line| line.strip_prefix("Cpus_allowed_list:"))?;
    list.trim().rsplit([',', '-']).next()?.parse().ok()
}

/// Runs `program` on `python`.
pub fn run(
    program: &Program,
    python: &Python,
    path: &[PathBuf],
    core: Option<usize>,
    options: &Options,
) -> Result<Outcome, String> {
    let mut words: Vec<String> = Vec::new();
    if let Some(core) = core {
        words.extend(["taskset".to_owned(), "-c".to_owned(), core.to_string()]);
    }
    words.extend(python.command.iter().cloned());
    let mode = if options.check { "check" } else { "measure" };
    let settings = format!("--bench={mode},{},{}", options.warmup, options.time);

    let python_path = std::env::join_paths(path).map_err(|error| error.to_string())?;
    let mut command = Command::new(&words[0]);
    command
        .args(&words[1..])
        .arg(&program.script)
        .arg(settings)
        .args(&program.args)
        .env("PYTHONPATH", python_path)
        .env("PYTHONHASHSEED", "0")
        .env("PYTHONUTF8", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0);
    let mut child = command
        .spawn()
        .map_err(|error| format!("cannot start {:?}: {error}", words[0]))?;
    let stdout = drain(child.stdout.take());
    let stderr = drain(child.stderr.take());
    let ended = wait(&mut child, options.timeout)?;
    let grace = Duration::from_secs(2);
    let stdout = stdout.recv_timeout(grace).unwrap_or_default();
    let stderr = stderr.recv_timeout(grace).unwrap_or_default();

    let measured: Vec<Measured> = stdout.lines().filter_map(parse).collect();
    let last = stderr.lines().rfind(|line| !line.trim().is_empty());
    let last = last.unwrap_or("nothing on stderr").trim().to_owned();
    let error = match ended {
        None => Some(format!("timeout after {} s", options.timeout.as_secs())),
        Some(status) => match (status.signal(), status.code()) {
            (Some(signal), _) => Some(format!("crash (signal {signal}): {last}")),
            (None, Some(0)) if measured.is_empty() => Some("measured nothing".to_owned()),
            (None, Some(0)) => None,
            (None, code) => Some(format!("exit {}: {last}", code.unwrap_or(-1))),
        },
    };
    Ok(Outcome { measured, error })
}

fn drain(pipe: Option<impl Read + Send + 'static>) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            // Whatever arrived before an error is still worth having.
            let _ = pipe.read_to_end(&mut bytes);
        }
        let _ = sender.send(String::from_utf8_lossy(&bytes).into_owned());
    });
    receiver
}

/// Its status, or `None` when it had to be killed.
fn wait(child: &mut Child, limit: Duration) -> Result<Option<std::process::ExitStatus>, String> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
            return Ok(Some(status));
        }
        if start.elapsed() > limit {
            // The whole group, as a benchmark may have started processes of its own.
            let group = format!("-{}", child.id());
            let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
            let _ = child.kill();
            let _ = child.wait();
            return Ok(None);
        }
        // Long enough not to disturb a measurement on the other core.
        thread::sleep(Duration::from_millis(20));
    }
}

/// Reads a line of the harness; other lines are the benchmark's own.
fn parse(line: &str) -> Option<Measured> {
    let mut fields = line.split('\t');
    if fields.next()? != "@bench" {
        return None;
    }
    let name = fields.next()?.to_owned();
    let cold = fields.next()?.parse().ok()?;
    let best: Option<f64> = fields.next()?.parse().ok();
    let median: Option<f64> = fields.next()?.parse().ok();
    let samples = fields.next()?.parse().ok()?;
    let loops = fields.next()?.parse().ok()?;
    let digest = fields.next()?;
    Some(Measured {
        name,
        cold,
        steady: best.zip(median),
        samples,
        loops,
        digest: (digest != "-").then(|| digest.to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn harness_lines() {
        let measured = parse("@bench\tfloat\t0.25\t0.1\t0.125\t20\t1\t-").unwrap();
        assert_eq!(measured.steady, Some((0.1, 0.125)));
        assert_eq!(
            (measured.cold, measured.samples, measured.digest),
            (0.25, 20, None)
        );
        let checked = parse("@bench\tx\t0.25\t-\t-\t0\t1\tabcd").unwrap();
        assert_eq!(
            (checked.steady, checked.digest.as_deref()),
            (None, Some("abcd"))
        );
        assert_eq!(parse("anything else"), None);
        assert_eq!(parse("@bench\tshort"), None);
    }
}
