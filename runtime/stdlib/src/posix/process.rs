//! Processes, users, the machine.

use taipan_vm::object::Gc;
use taipan_vm::types::bytes::Bytes;
use taipan_vm::types::structseq::StructDef;
use taipan_vm::{Result, Thread, pymethods};

use super::fail;
use super::files::with_fd;
use crate::os_error::{raise, strerror};

/// `os.terminal_size`
pub static TERMINAL_SIZE: StructDef = StructDef {
    name: "terminal_size",
    module: "os",
    doc: "A tuple of (columns, lines) for holding terminal window size",
    fields: &["columns", "lines"],
    visible: 2,
    constructible: true,
};

/// `posix.uname_result`
pub static UNAME_RESULT: StructDef = StructDef {
    name: "uname_result",
    module: "posix",
    doc: "uname_result: Result from os.uname().",
    fields: &["sysname", "nodename", "release", "version", "machine"],
    visible: 5,
    constructible: true,
};

/// `posix.times_result`
pub static TIMES_RESULT: StructDef = StructDef {
    name: "times_result",
    module: "posix",
    doc: "times_result: Result from os.times().",
    fields: &[
        "user",
        "system",
        "children_user",
        "children_system",
        "elapsed",
    ],
    visible: 5,
    constructible: true,
};

/// The functions hang here.
pub struct Process;

#[allow(non_snake_case)]
#[pymethods(table = FUNCTIONS)]
impl Process {
    /// Return the current process id.
    #[pyfunction]
    fn getpid(_: &mut Thread) -> u32 {
        std::process::id()
    }

    /// Return the parent's process id.
    #[pyfunction]
    fn getppid(_: &mut Thread) -> i64 {
        rustix::process::getppid().map_or(0, |p| p.as_raw_nonzero().get() as i64)
    }

    #[pyfunction]
    fn getuid(_: &mut Thread) -> u32 {
        rustix::process::getuid().as_raw()
    }

    #[pyfunction]
    fn geteuid(_: &mut Thread) -> u32 {
        rustix::process::geteuid().as_raw()
    }

    #[pyfunction]
    fn getgid(_: &mut Thread) -> u32 {
        rustix::process::getgid().as_raw()
    }

    #[pyfunction]
    fn getegid(_: &mut Thread) -> u32 {
        rustix::process::getegid().as_raw()
    }

    #[pyfunction]
    fn getpgrp(_: &mut Thread) -> i64 {
        rustix::process::getpgrp().as_raw_nonzero().get() as i64
    }

    #[pyfunction]
    fn setsid(th: &mut Thread) -> Result<()> {
        match rustix::process::setsid() {
            Ok(_) => Ok(()),
            Err(e) => Err(fail(th, e, None)),
        }
    }

    #[pyfunction]
    fn getgroups(th: &mut Thread) -> Result {
        let l = th.new_list();
        match rustix::process::getgroups() {
            Ok(groups) => {
                for g in groups {
                    let v = th.int(g.as_raw() as i64);
                    th.list_append(l, v)?;
                }
                Ok(l.value())
            }
            Err(e) => Err(fail(th, e, None)),
        }
    }

    /// Set the current numeric umask and return the previous umask.
    #[pyfunction]
    fn umask(_: &mut Thread, mask: u32) -> u32 {
        rustix::process::umask(rustix::fs::Mode::from_bits_truncate(mask)).bits()
    }

    /// Return a bytes object containing random bytes suitable for cryptographic use.
    #[pyfunction]
    fn urandom(th: &mut Thread, size: i64) -> Result<Gc<Bytes>> {
        let Ok(n) = usize::try_from(size) else {
            return Err(th.value_error("negative argument not allowed"));
        };
        let mut b = vec![0u8; n];
        let mut at = 0;
        while at < n {
            match rustix::rand::getrandom(&mut b[at..], rustix::rand::GetRandomFlags::empty()) {
                Ok(k) => at += k,
                Err(e) => return Err(fail(th, e, None)),
            }
        }
        Ok(th.new_bytes(&b))
    }

    /// Translate an error code to a message string.
    #[pyfunction]
    fn strerror(_: &mut Thread, code: i32) -> String {
        strerror(code)
    }

    /// Exit to the system with specified status, without normal exit processing.
    #[pyfunction(sig = "(status)")]
    fn _exit(_: &mut Thread, status: i32) -> Result<()> {
        crate::exit_now(status)
    }

    #[pyfunction]
    fn getloadavg(th: &mut Thread) -> Result {
        let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
        let v: Vec<f64> = text
            .split_whitespace()
            .take(3)
            .filter_map(|s| s.parse().ok())
            .collect();
        let [a, b, c] = v[..] else {
            return Err(raise(th, libc::EIO, None, None));
        };
        let (a, b, c) = (th.float(a), th.float(b), th.float(c));
        Ok(th.new_tuple(&[a, b, c]).value())
    }

    /// Return an object identifying the current operating system.
    #[pyfunction]
    fn uname(th: &mut Thread) -> Result {
        let u = rustix::system::uname();
        let texts = [
            u.sysname(),
            u.nodename(),
            u.release(),
            u.version(),
            u.machine(),
        ]
        .map(|s| s.to_string_lossy().into_owned());
        let v = taipan_vm::ValueVec::new();
        for t in texts {
            let s = th.new_str(&t).value();
            th.push(&v, s)?;
        }
        th.new_struct(&UNAME_RESULT, v.as_slice())
    }

    /// Return a collection containing process timing information.
    #[pyfunction]
    fn times(th: &mut Thread) -> Result {
        let own = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
        let total = own.tv_sec as f64 + own.tv_nsec as f64 * 1e-9;
        // The split and the children's share are in clock ticks in /proc (proc(5), fields 14 to 17).
        let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
        let after = stat.rsplit(')').next().unwrap_or("");
        let ticks: Vec<f64> = after
            .split_whitespace()
            .skip(11)
            .take(4)
            .filter_map(|s| s.parse().ok())
            .collect();
        let t = rustix::param::clock_ticks_per_second() as f64;
        let get = |i: usize| ticks.get(i).copied().unwrap_or(0.0) / t;
        let system = get(1);
        let start = std::fs::read_to_string("/proc/uptime")
            .ok()
            .and_then(|s| s.split(' ').next()?.parse::<f64>().ok())
            .unwrap_or(0.0);
        let all = [(total - system).max(0.0), system, get(2), get(3), start];
        let v = taipan_vm::ValueVec::new();
        for f in all {
            let f = th.float(f);
            th.push(&v, f)?;
        }
        th.new_struct(&TIMES_RESULT, v.as_slice())
    }

    /// Return the size of the terminal window as (columns, lines).
    #[pyfunction(sig = "(fd=1, /)")]
    fn get_terminal_size(th: &mut Thread, fd: Option<i32>) -> Result {
        match with_fd(fd.unwrap_or(1), |f| rustix::termios::tcgetwinsize(f)) {
            Ok(w) => {
                let (c, l) = (th.int(w.ws_col as i64), th.int(w.ws_row as i64));
                th.new_struct(&TERMINAL_SIZE, &[c, l])
            }
            Err(e) => Err(fail(th, e, None)),
        }
    }

    #[pyfunction(sig = "(status)")]
    fn WIFEXITED(_: &mut Thread, status: i32) -> bool {
        status & 0x7f == 0
    }

    #[pyfunction(sig = "(status)")]
    fn WEXITSTATUS(_: &mut Thread, status: i32) -> i32 {
        status >> 8 & 0xff
    }

    #[pyfunction(sig = "(status)")]
    fn WIFSIGNALED(_: &mut Thread, status: i32) -> bool {
        status & 0x7f != 0 && status & 0xff != 0x7f
    }

    #[pyfunction(sig = "(status)")]
    fn WTERMSIG(_: &mut Thread, status: i32) -> i32 {
        status & 0x7f
    }

    #[pyfunction(sig = "(status)")]
    fn WIFSTOPPED(_: &mut Thread, status: i32) -> bool {
        status & 0xff == 0x7f
    }

    #[pyfunction(sig = "(status)")]
    fn WSTOPSIG(_: &mut Thread, status: i32) -> i32 {
        status >> 8 & 0xff
    }

    #[pyfunction(sig = "(status)")]
    fn WIFCONTINUED(_: &mut Thread, status: i32) -> bool {
        status == 0xffff
    }

    /// Convert a wait status to an exit code.
    #[pyfunction(sig = "(status)")]
    fn waitstatus_to_exitcode(th: &mut Thread, status: i32) -> Result<i32> {
        if status & 0x7f == 0 {
            return Ok(status >> 8 & 0xff);
        }
        if status & 0xff == 0x7f {
            return Err(th.value_error(format!(
                "process stopped by delivery of signal {}",
                status >> 8 & 0xff
            )));
        }
        Ok(-(status & 0x7f))
    }
}
