//! `time`: clocks and sleeping; the calendar functions are in `time_calendar`.
//!
//! Absent so far: `get_clock_info`, `clock_gettime` and its kin, `tzset`.

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};
use taipan_vm::object::Gc;
use taipan_vm::types::module::Module;
use taipan_vm::{Result, Thread, Value, pymodule};

fn nanoseconds(id: ClockId) -> i64 {
    let t = clock_gettime(id);
    t.tv_sec * 1_000_000_000 + t.tv_nsec
}

fn seconds(id: ClockId) -> f64 {
    let t = clock_gettime(id);
    t.tv_sec as f64 + t.tv_nsec as f64 * 1e-9
}

/// The functions hang here.
pub struct Time;

/// This module provides various functions to manipulate time values.
#[pymodule(name = "time", more = [&crate::time_calendar::FUNCTIONS])]
impl Time {
    /// Return the current time in seconds since the Epoch.
    #[pyfunction]
    fn time(_: &mut Thread) -> f64 {
        seconds(ClockId::Realtime)
    }

    /// Return the current time in nanoseconds since the Epoch.
    #[pyfunction]
    fn time_ns(_: &mut Thread) -> i64 {
        nanoseconds(ClockId::Realtime)
    }

    /// Monotonic clock, cannot go backward.
    #[pyfunction]
    fn monotonic(_: &mut Thread) -> f64 {
        seconds(ClockId::Monotonic)
    }

    /// Monotonic clock, cannot go backward, as nanoseconds.
    #[pyfunction]
    fn monotonic_ns(_: &mut Thread) -> i64 {
        nanoseconds(ClockId::Monotonic)
    }

    /// Performance counter for benchmarking.
    #[pyfunction]
    fn perf_counter(_: &mut Thread) -> f64 {
        seconds(ClockId::Monotonic)
    }

    /// Performance counter for benchmarking as nanoseconds.
    #[pyfunction]
    fn perf_counter_ns(_: &mut Thread) -> i64 {
        nanoseconds(ClockId::Monotonic)
    }

    /// Process time for profiling: sum of the kernel and user-space CPU time.
    #[pyfunction]
    fn process_time(_: &mut Thread) -> f64 {
        seconds(ClockId::ProcessCPUTime)
    }

    /// Process time for profiling as nanoseconds.
    #[pyfunction]
    fn process_time_ns(_: &mut Thread) -> i64 {
        nanoseconds(ClockId::ProcessCPUTime)
    }

    /// Thread time for profiling: sum of the kernel and user-space CPU time.
    #[pyfunction]
    fn thread_time(_: &mut Thread) -> f64 {
        seconds(ClockId::ThreadCPUTime)
    }

    /// Thread time for profiling as nanoseconds.
    #[pyfunction]
    fn thread_time_ns(_: &mut Thread) -> i64 {
        nanoseconds(ClockId::ThreadCPUTime)
    }

    /// Delay execution for a given number of seconds.
    #[pyfunction]
    fn sleep(th: &mut Thread, object: Value) -> Result<()> {
        let s = th.to_f64(object)?;
        if s.is_nan() {
            return Err(th.value_error("Invalid value NaN (not a number)"));
        }
        if s < 0.0 {
            return Err(th.value_error("sleep length must be non-negative"));
        }
        let Ok(length) = Duration::try_from_secs_f64(s) else {
            return Err(th.overflow_error("timestamp out of range for platform time_t"));
        };
        let Some(end) = Instant::now().checked_add(length) else {
            return Err(th.overflow_error("timestamp out of range for platform time_t"));
        };
        loop {
            // Wake now and then so that a signal can be served.
            let left = end.saturating_duration_since(Instant::now());
            let part = left.min(Duration::from_millis(50));
            th.without_lock(|| std::thread::sleep(part));
            th.poll()?;
            if part == left {
                return Ok(());
            }
        }
    }

    #[pyexec]
    fn exec(th: &mut Thread, m: Gc<Module>) -> Result<()> {
        crate::time_calendar::exec(th, m)?;
        let d = m.namespace();
        for (name, id) in [
            ("CLOCK_REALTIME", libc::CLOCK_REALTIME),
            ("CLOCK_MONOTONIC", libc::CLOCK_MONOTONIC),
            ("CLOCK_PROCESS_CPUTIME_ID", libc::CLOCK_PROCESS_CPUTIME_ID),
            ("CLOCK_THREAD_CPUTIME_ID", libc::CLOCK_THREAD_CPUTIME_ID),
        ] {
            let v = th.int(id as i64);
            th.dict_set_text(d, name, v);
        }
        Ok(())
    }
}
