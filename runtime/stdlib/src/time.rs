//! `time`: clocks and sleeping; the calendar functions are in `time_calendar`.

use rustix::time::{ClockId, clock_gettime};
use taipan_vm::object::Gc;
use taipan_vm::types::ExceptionClass;
use taipan_vm::types::module::Module;
use taipan_vm::types::str_::Str;
use taipan_vm::{Result, Thread, Value, pymodule};

use crate::os_error::raise;
use crate::system::{Sys, calls};

fn clock_result(th: &mut Thread, r: Sys) -> Result<i64> {
    r.map_err(|e| raise(th, e, None, None))
}

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
        let length = (s * 1e9).ceil();
        if length > i64::MAX as f64 {
            return Err(th.overflow_error("timestamp too large to convert to C PyTime_t"));
        }
        let end = nanoseconds(ClockId::Monotonic).saturating_add(length as i64);
        loop {
            match th.without_lock(|| calls::sleep_until(end)) {
                Ok(()) => return th.poll(),
                Err(libc::EINTR) => th.poll()?,
                Err(e) => return Err(raise(th, e, None, None)),
            }
        }
    }

    /// Return the time of the specified clock clk_id as a float.
    #[pyfunction(sig = "(clk_id, /)")]
    fn clock_gettime(th: &mut Thread, clock: i32) -> Result<f64> {
        let ns = clock_result(th, calls::clock_gettime(clock))?;
        Ok(ns as f64 * 1e-9)
    }

    /// Return the time of the specified clock clk_id as nanoseconds (int).
    #[pyfunction(sig = "(clk_id, /)")]
    fn clock_gettime_ns(th: &mut Thread, clock: i32) -> Result<i64> {
        clock_result(th, calls::clock_gettime(clock))
    }

    /// Return the resolution (precision) of the specified clock clk_id.
    #[pyfunction(sig = "(clk_id, /)")]
    fn clock_getres(th: &mut Thread, clock: i32) -> Result<f64> {
        let ns = clock_result(th, calls::clock_getres(clock))?;
        Ok(ns as f64 * 1e-9)
    }

    /// Set the time of the specified clock clk_id.
    ///
    /// Only privileged processes may set most clocks.
    #[pyfunction(sig = "(clk_id, time, /)")]
    fn clock_settime(th: &mut Thread, clock: i32, time: f64) -> Result<()> {
        if !time.is_finite() || time.abs() > 9.2e9 {
            return Err(th.overflow_error("timestamp too large to convert to C PyTime_t"));
        }
        clock_result(th, calls::clock_settime(clock, (time * 1e9) as i64)).map(drop)
    }

    /// Set the time of the specified clock clk_id with nanoseconds.
    #[pyfunction(sig = "(clk_id, time, /)")]
    fn clock_settime_ns(th: &mut Thread, clock: i32, time: i64) -> Result<()> {
        clock_result(th, calls::clock_settime(clock, time)).map(drop)
    }

    /// Return the clk_id of a thread's CPU time clock.
    #[pyfunction(sig = "(thread_id, /)")]
    fn pthread_getcpuclockid(th: &mut Thread, thread_id: i64) -> Result<i32> {
        // Of a thread that has ended the C library would read what memory there is.
        let threads = th.vm().stacks_of_threads();
        if !threads.iter().any(|(ident, _)| *ident == thread_id as u64) {
            let text = th.new_str("No such process").value();
            let number = th.int(i64::from(libc::ESRCH));
            return Err(th.raise_with(ExceptionClass::OSError, &[number, text]));
        }
        match calls::thread_clock(thread_id as u64) {
            Ok(c) => Ok(c),
            Err(e) => Err(raise(th, e, None, None)),
        }
    }

    /// Get information of the specified clock.
    #[pyfunction(sig = "(name, /)")]
    fn get_clock_info(th: &mut Thread, name: Gc<Str>) -> Result {
        let (call, clock, monotonic) = match name.to_string_lossy().as_str() {
            "time" => ("CLOCK_REALTIME", libc::CLOCK_REALTIME, false),
            "monotonic" | "perf_counter" => ("CLOCK_MONOTONIC", libc::CLOCK_MONOTONIC, true),
            "process_time" => (
                "CLOCK_PROCESS_CPUTIME_ID",
                libc::CLOCK_PROCESS_CPUTIME_ID,
                true,
            ),
            "thread_time" => (
                "CLOCK_THREAD_CPUTIME_ID",
                libc::CLOCK_THREAD_CPUTIME_ID,
                true,
            ),
            _ => return Err(th.value_error("unknown clock")),
        };
        let ns = clock_result(th, calls::clock_getres(clock))?;
        let class = {
            let sys = taipan_vm::sys::hooks::import(th, "sys")?;
            let sample = th.get_attr_str(sys, "implementation")?;
            th.class_of(sample).value()
        };
        let info = th.call(class, &[])?;
        let text = th.new_str(&format!("clock_gettime({call})")).value();
        th.set_attr_str(info, "implementation", text)?;
        let v = th.bool(monotonic);
        th.set_attr_str(info, "monotonic", v)?;
        let v = th.bool(!monotonic);
        th.set_attr_str(info, "adjustable", v)?;
        let v = th.float(ns as f64 * 1e-9);
        th.set_attr_str(info, "resolution", v)?;
        Ok(info)
    }

    /// Initialize, or reinitialize, the local timezone to the value stored in
    /// os.environ['TZ']. The TZ environment variable should be specified in
    /// standard Unix timezone format as documented in the tzset man page
    /// (eg. 'US/Eastern', 'Europe/Amsterdam'). Unknown timezones will silently
    /// fall back to UTC. If the TZ environment variable is not set, the local
    /// timezone is set to the systems best guess of wallclock time.
    #[pyfunction]
    fn tzset(th: &mut Thread) -> Result<()> {
        calls::tzset();
        let modules = th.vm().modules_dict();
        match th
            .dict_get_text(modules, "time")
            .and_then(|m| m.downcast::<Module>())
        {
            Some(m) => crate::time_calendar::exec(th, m),
            None => Ok(()),
        }
    }

    #[pyexec]
    fn exec(th: &mut Thread, m: Gc<Module>) -> Result<()> {
        crate::time_calendar::exec(th, m)?;
        let d = m.namespace();
        for (name, id) in [
            ("CLOCK_MONOTONIC_RAW", libc::CLOCK_MONOTONIC_RAW),
            ("CLOCK_BOOTTIME", libc::CLOCK_BOOTTIME),
            ("CLOCK_TAI", libc::CLOCK_TAI),
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
