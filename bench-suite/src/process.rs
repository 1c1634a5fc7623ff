//! One process: pinned, timed, limited, its output kept.

use std::io::Read;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

use crate::cli::Core;
use crate::interrupt::Interrupt;
use crate::pace::{self, Pace, Track, Watch};

/// How a process ended.
#[derive(Debug)]
pub struct Ended {
    /// What it printed.
    pub stdout: String,
    /// What it printed on standard error.
    pub stderr: String,
    /// Elapsed seconds from start to end.
    pub wall: f64,
    /// Processor seconds of it and of the processes it waited for.
    pub cpu: f64,
    /// How fast its core was while it ran.
    pub track: Track,
    /// The same, from its start to its end.
    pub pace: Option<Pace>,
    /// Why it ended badly.
    pub error: Option<String>,
    /// It was stopped because of Ctrl-C.
    pub interrupted: bool,
}

/// The core to pin to.
pub fn core(choice: Core) -> Option<usize> {
    match choice {
        Core::None => None,
        Core::Number(number) => Some(number),
        Core::Last => {
            let allowed = sched_getaffinity(Pid::from_raw(0)).ok()?;
            (0..CpuSet::count())
                .rev()
                .find(|&n| allowed.is_set(n).unwrap_or(false))
        }
    }
}

/// Runs a command to its end.
pub fn run(
    command: &mut Command,
    core: Option<usize>,
    limit: Duration,
    interrupt: &Interrupt,
) -> Result<Ended, String> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        // Ctrl-C is for us; and what the benchmark starts can be ended with it.
        .process_group(0);
    let watch = core.and_then(Watch::begin);
    let before = children_cpu();
    let from = pace::now();
    let start = Instant::now();
    let mut child = command
        .spawn()
        .map_err(|error| format!("cannot start {:?}: {error}", command.get_program()))?;
    pin(&child, core);
    if let Some(watch) = &watch {
        watch.follow(Pid::from_raw(child.id() as i32));
    }
    let stdout = drain(child.stdout.take());
    let stderr = drain(child.stderr.take());
    let (status, wall, interrupted) = wait(&mut child, start, limit, interrupt)?;
    let cpu = children_cpu() - before;
    let to = from + wall;
    let track = watch.map(Watch::end).unwrap_or_default();
    let grace = Duration::from_secs(2);
    let stdout = stdout.recv_timeout(grace).unwrap_or_default();
    let stderr = stderr.recv_timeout(grace).unwrap_or_default();
    Ok(Ended {
        error: complaint(status, &stderr, limit),
        stdout,
        stderr,
        wall,
        cpu,
        pace: track.over(from, to, cpu),
        track,
        interrupted,
    })
}

fn pin(child: &Child, core: Option<usize>) {
    let Some(core) = core else { return };
    let mut set = CpuSet::new();
    if set.set(core).is_ok() {
        // A process that has ended already needs no core.
        let _ = sched_setaffinity(Pid::from_raw(child.id() as i32), &set);
    }
}

/// Processor seconds of all children that have been waited for.
fn children_cpu() -> f64 {
    let Ok(usage) = getrusage(UsageWho::RUSAGE_CHILDREN) else {
        return 0.0;
    };
    let seconds =
        |time: nix::sys::time::TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 * 1e-6;
    seconds(usage.user_time()) + seconds(usage.system_time())
}

/// Its status (`None`: it had to be killed), how long it took, and whether that was Ctrl-C.
fn wait(
    child: &mut Child,
    start: Instant,
    limit: Duration,
    interrupt: &Interrupt,
) -> Result<(Option<ExitStatus>, f64, bool), String> {
    loop {
        let ended = child.try_wait().map_err(|error| error.to_string())?;
        let elapsed = start.elapsed();
        if let Some(status) = ended {
            return Ok((Some(status), elapsed.as_secs_f64(), false));
        }
        if elapsed > limit || interrupt.wanted() {
            let _ = killpg(Pid::from_raw(child.id() as i32), Signal::SIGKILL);
            let _ = child.kill();
            let _ = child.wait();
            return Ok((None, elapsed.as_secs_f64(), interrupt.wanted()));
        }
        // Often enough for a start-up's time, seldom enough not to disturb a long measurement.
        let pause = (elapsed / 100).clamp(Duration::from_micros(100), Duration::from_millis(20));
        thread::sleep(pause);
    }
}

fn complaint(status: Option<ExitStatus>, stderr: &str, limit: Duration) -> Option<String> {
    let Some(status) = status else {
        return Some(format!("no end after {} s", limit.as_secs()));
    };
    if status.success() {
        return None;
    }
    let last = stderr.lines().rfind(|line| !line.trim().is_empty());
    let last: String = last
        .unwrap_or("nothing on stderr")
        .trim()
        .chars()
        .take(300)
        .collect();
    Some(match status.signal() {
        Some(signal) => format!("crash (signal {signal}): {last}"),
        None => format!("exit {}: {last}", status.code().unwrap_or(-1)),
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(text: &str, limit: f64) -> Ended {
        let interrupt = Interrupt::listen().unwrap();
        let limit = Duration::from_secs_f64(limit);
        run(
            Command::new("sh").args(["-c", text]),
            core(Core::Last),
            limit,
            &interrupt,
        )
        .unwrap()
    }

    #[test]
    fn endings() {
        let good = shell("echo hello", 10.0);
        assert_eq!((good.stdout.as_str(), good.error), ("hello\n", None));
        let bad = shell("echo why >&2; exit 3", 10.0);
        assert_eq!(bad.error.as_deref(), Some("exit 3: why"));
        let crash = shell("kill -SEGV $$", 10.0);
        assert!(crash.error.unwrap().starts_with("crash (signal 11)"));
        let endless = shell("sleep 60", 0.2);
        assert!(endless.error.is_some() && endless.wall < 10.0);
    }
}
