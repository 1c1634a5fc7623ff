//! How fast the core is while a process runs on it.
//!
//! The core of a virtual machine is half of a real one: when a stranger works on the other half,
//! everything takes up to twice as long, for seconds or minutes, and no clock or counter says so.
//! So a thread on the same core wakes every few milliseconds and times the same two small pieces
//! of work, in its own processor time. One keeps many execution units busy, the other the load
//! ports, as interpreters do, because that is what a stranger takes away: a chain of operations
//! that wait for each other would hardly notice. It costs the process one per cent of its core,
//! whatever the interpreter, and touches no more than 16 kilobytes.
//!
//! The same thread asks the kernel how long the process has waited for the core because others
//! of this machine were on it.

use std::fs;
use std::hint::black_box;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use nix::sched::{CpuSet, sched_setaffinity};
use nix::time::{ClockId, clock_gettime};
use nix::unistd::Pid;
use serde::{Deserialize, Serialize};

use crate::stats::{median, rounded};

/// What the pieces of work are called, and how their times are taken: paces of others do not compare.
pub const NAME: &str = if cfg!(debug_assertions) {
    "arithmetic, loads 2, unoptimised"
} else {
    "arithmetic, loads 2"
};

/// How often the thread wakes.
const PERIOD: Duration = Duration::from_millis(10);

/// Looks before and after a process.
const AROUND: usize = 4;

/// The share of its time that a process waits for its core when it has it alone: the looks
/// themselves take one per cent.
const CONTENDED: f64 = 0.03;

/// A piece that takes so many times as long as usual was itself interrupted.
const INTERRUPTED: f64 = 2.5;

/// Microseconds of the piece of arithmetic and of the piece of loads, and the share of the time
/// that the process did not wait for others to leave its core.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Pace(pub f64, pub f64, pub f64);

/// One look at the core.
#[derive(Clone, Copy, Debug)]
struct Tick {
    /// Seconds since 1970.
    at: f64,
    /// What the pieces took.
    micros: [f64; 2],
    /// Seconds that the process has waited for the core until now.
    waited: f64,
}

/// What was seen while a process ran.
#[derive(Clone, Debug, Default)]
pub struct Track(Vec<Tick>);

impl Track {
    /// The pace between two times, in seconds since 1970, of which the process was busy some
    /// seconds; `None` when nobody looked.
    pub fn over(&self, from: f64, to: f64, busy: f64) -> Option<Pace> {
        let reach = 0.6 * PERIOD.as_secs_f64();
        let within = |reach: f64| -> Vec<[f64; 2]> {
            let near = |tick: &&Tick| tick.at >= from - reach && tick.at <= to + reach;
            self.0.iter().filter(near).map(|tick| tick.micros).collect()
        };
        let mut looks = within(reach);
        if looks.is_empty() {
            looks = within(5.0 * reach);
        }
        let pace = |kind: usize| -> Option<f64> {
            let times: Vec<f64> = looks.iter().map(|look| look[kind]).collect();
            let most = INTERRUPTED * median(&times)?;
            let logs: f64 = times.iter().map(|time| time.min(most).ln()).sum();
            Some(rounded((logs / times.len() as f64).exp(), 4))
        };
        let share = if self.contended() {
            (busy / (to - from).max(1e-9)).clamp(0.01, 1.0)
        } else {
            1.0
        };
        Some(Pace(pace(0)?, pace(1)?, rounded(share, 3)))
    }

    /// Whether others had the process's core. Then all the time that it was not busy counts as
    /// waiting for them; else it waited for something that belongs to its work.
    fn contended(&self) -> bool {
        let (Some(first), Some(last)) = (self.0.first(), self.0.last()) else {
            return false;
        };
        last.waited > CONTENDED * (last.at - first.at)
    }
}

/// What the thread is told.
enum Message {
    /// This process is watched.
    Follow(Pid),
    /// It has ended.
    Stop,
}

/// The thread that watches.
#[derive(Debug)]
pub struct Watch {
    messages: Sender<Message>,
    thread: JoinHandle<Track>,
}

impl Watch {
    /// Begins on a core; the pace before the process is known when this returns.
    pub fn begin(core: usize) -> Option<Self> {
        let mut set = CpuSet::new();
        set.set(core).ok()?;
        let (messages, inbox) = channel();
        let (ready, wait) = channel();
        let thread = thread::Builder::new()
            .name("pace".to_owned())
            .spawn(move || watch(&set, &inbox, &ready))
            .ok()?;
        // An error is a thread that has ended: it then has nothing to say at the end either.
        let _ = wait.recv();
        Some(Self { messages, thread })
    }

    /// The process has begun.
    pub fn follow(&self, process: Pid) {
        let _ = self.messages.send(Message::Follow(process));
    }

    /// The process has ended.
    pub fn end(self) -> Track {
        let _ = self.messages.send(Message::Stop);
        self.thread.join().unwrap_or_default()
    }
}

fn watch(set: &CpuSet, inbox: &Receiver<Message>, ready: &Sender<()>) -> Track {
    let mut track = Track::default();
    if sched_setaffinity(Pid::from_raw(0), set).is_err() {
        return track;
    }
    let table = table();
    for _ in 0..AROUND {
        track.0.extend(look(&table, 0.0));
    }
    let _ = ready.send(());
    let mut process = None;
    loop {
        let last = track.0.last().map_or(0.0, |tick| tick.waited);
        match inbox.recv_timeout(PERIOD) {
            Ok(Message::Follow(id)) => process = Some(id),
            Err(RecvTimeoutError::Timeout) => {
                let waited = process.and_then(waited).unwrap_or(last);
                track.0.extend(look(&table, waited));
            }
            Ok(Message::Stop) | Err(RecvTimeoutError::Disconnected) => {
                for _ in 0..AROUND {
                    track.0.extend(look(&table, last));
                }
                return track;
            }
        }
    }
}

/// Seconds that a process was ready to run, and another was on its core.
fn waited(process: Pid) -> Option<f64> {
    let text = fs::read_to_string(format!("/proc/{process}/schedstat")).ok()?;
    let nanoseconds: f64 = text.split_whitespace().nth(1)?.parse().ok()?;
    Some(nanoseconds * 1e-9)
}

/// Seconds since 1970.
pub fn now() -> f64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0.0, |time| time.as_secs_f64())
}

fn look(table: &[u32; ENTRIES], waited: f64) -> Option<Tick> {
    // Whatever ran before has the caches and the branch predictor.
    black_box(table.iter().step_by(16).fold(0, |sum, x| sum ^ x));
    black_box(wide(black_box(50)) ^ loads(table, black_box(50)));
    let begin = thread_seconds()?;
    black_box(wide(black_box(6000)));
    let middle = thread_seconds()?;
    black_box(loads(table, black_box(12_000)));
    let end = thread_seconds()?;
    Some(Tick {
        at: now(),
        micros: [middle - begin, end - middle].map(|seconds| (seconds * 1e6).max(1e-3)),
        waited,
    })
}

fn thread_seconds() -> Option<f64> {
    let time = clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).ok()?;
    Some(time.tv_sec() as f64 + time.tv_nsec() as f64 * 1e-9)
}

/// Six chains of additions, shifts and exclusive-ors that do not wait for each other.
#[inline(never)]
fn wide(count: u64) -> u64 {
    let mut chains = [1_u64, 2, 3, 4, 5, 6];
    for round in 0..count {
        for (number, x) in chains.iter_mut().enumerate() {
            *x = (*x ^ round).wrapping_add((*x >> 3) ^ number as u64);
        }
    }
    chains.iter().fold(0, |sum, x| sum ^ x)
}

/// 16 kilobytes: they stay in the nearest cache, and push little out of it.
const ENTRIES: usize = 4096;

fn table() -> Box<[u32; ENTRIES]> {
    let mut table = Box::new([0; ENTRIES]);
    let mut x = 1_u32;
    for entry in table.iter_mut() {
        x = x.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        *entry = x >> 8;
    }
    table
}

/// Loads at four places that are known early.
#[inline(never)]
fn loads(table: &[u32; ENTRIES], count: u64) -> u64 {
    let at = |place: u64| u64::from(table[place as usize % ENTRIES]);
    let (mut sum, mut x) = (0_u64, 12_345_u64);
    for _ in 0..count {
        x = x
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let k = x >> 33;
        sum = (sum + at(k)) ^ at(k * 7 + 3);
        sum = (sum + at(k >> 5)) ^ at(k * 31);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn watched(ticks: &[(f64, f64, f64)]) -> Track {
        let tick = |&(at, micros, waited)| Tick {
            at,
            micros: [micros, 2.0 * micros],
            waited,
        };
        Track(ticks.iter().map(tick).collect())
    }

    #[test]
    fn the_pace_of_a_while() {
        let track = watched(&[
            (1.00, 100.0, 0.0),
            (1.01, 100.0, 0.0),
            (1.02, 200.0, 0.005),
            (1.03, 200.0, 0.005),
            (1.04, 9000.0, 0.005),
        ]);
        assert_eq!(track.over(1.0, 1.01, 0.01), Some(Pace(100.0, 200.0, 1.0)));
        // Others had its core, so what it was not busy, it waited.
        assert_eq!(
            track.over(1.018, 1.03, 0.009),
            Some(Pace(200.0, 400.0, 0.75))
        );
        // An interrupted piece counts as one that was somewhat slow.
        let Some(Pace(pace, _, _)) = track.over(1.02, 1.04, 0.02) else {
            panic!("nothing was seen")
        };
        assert!((200.0..300.0).contains(&pace));
        assert_eq!(track.over(3.0, 4.0, 1.0), None);
        // Nobody had: it waited for something else.
        let alone = watched(&[(1.00, 100.0, 0.0), (1.01, 100.0, 0.0001)]);
        assert_eq!(alone.over(1.0, 1.01, 0.0), Some(Pace(100.0, 200.0, 1.0)));
        assert_eq!(Track::default().over(0.0, 1.0, 1.0), None);
    }

    #[test]
    fn a_core_is_watched() {
        let Some(core) = crate::process::core(crate::cli::Core::Last) else {
            return;
        };
        let from = now();
        let watch = Watch::begin(core).unwrap();
        watch.follow(Pid::this());
        thread::sleep(4 * PERIOD);
        let track = watch.end();
        assert!(track.0.len() >= 2 * AROUND);
        let Some(Pace(pace, loads, share)) = track.over(from, now(), 0.0) else {
            panic!("nothing was seen")
        };
        assert!(pace > 1.0 && loads > 1.0 && (0.0..=1.0).contains(&share));
    }
}
