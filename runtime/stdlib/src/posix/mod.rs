//! `posix`: what `os` stands on. System calls go through std and rustix, so this is safe code.

pub(crate) mod files;
mod process;
mod stat;

use taipan_vm::object::Gc;
use taipan_vm::types::module::Module;
use taipan_vm::{Result, Thread, Value, pymodule};

/// The functions hang here.
pub struct Posix;

/// This module provides access to operating system functionality that is
/// standardized by the C Standard and the POSIX standard (a thinly
/// disguised Unix interface).
#[pymodule(name = "posix", more = [&files::FUNCTIONS, &process::FUNCTIONS, &stat::FUNCTIONS], types = [files::DIR_ENTRY_TYPE, files::SCANDIR_TYPE])]
impl Posix {
    #[pyexec]
    fn exec(th: &mut Thread, m: Gc<Module>) -> Result<()> {
        let dict = m.namespace();
        for (k, v) in CONSTANTS {
            let v = th.int(*v);
            th.dict_set_text(dict, k, v);
        }
        let environ = th.new_dict();
        for (k, v) in std::env::vars_os() {
            use std::os::unix::ffi::OsStrExt;
            let (k, v) = (
                th.new_bytes(k.as_bytes()).value(),
                th.new_bytes(v.as_bytes()).value(),
            );
            environ.set(th, k, v)?;
        }
        th.dict_set_text(dict, "environ", environ.value());
        let e = th
            .vm()
            .exception_class(taipan_vm::types::ExceptionClass::OSError)
            .value();
        th.dict_set_text(dict, "error", e);
        for (k, d) in [
            ("stat_result", &stat::STAT_RESULT),
            ("statvfs_result", &stat::STATVFS_RESULT),
            ("terminal_size", &process::TERMINAL_SIZE),
            ("uname_result", &process::UNAME_RESULT),
            ("times_result", &process::TIMES_RESULT),
        ] {
            let c = th.struct_class(d)?.value();
            th.dict_set_text(dict, k, c);
        }
        let have = th.new_list();
        for h in [
            "HAVE_FACCESSAT",
            "HAVE_FCHDIR",
            "HAVE_FCHMOD",
            "HAVE_FDOPENDIR",
            "HAVE_FSTATVFS",
            "HAVE_FTRUNCATE",
            "HAVE_FUTIMENS",
            "HAVE_LSTAT",
            "HAVE_LUTIMES",
        ] {
            if matches!(h, "HAVE_FDOPENDIR" | "HAVE_FACCESSAT" | "HAVE_FUTIMENS") {
                continue;
            }
            let s = th.new_str(h).value();
            th.list_append(have, s)?;
        }
        th.dict_set_text(dict, "_have_functions", have.value());
        let names = th.new_dict();
        for (k, v) in process::SYSCONF {
            let v = th.int(*v as i64);
            th.dict_set_text(names, k, v);
        }
        th.dict_set_text(dict, "sysconf_names", names.value());
        Ok(())
    }
}

const CONSTANTS: &[(&str, i64)] = &[
    ("F_OK", 0),
    ("R_OK", 4),
    ("W_OK", 2),
    ("X_OK", 1),
    ("O_RDONLY", libc::O_RDONLY as i64),
    ("O_WRONLY", libc::O_WRONLY as i64),
    ("O_RDWR", libc::O_RDWR as i64),
    ("O_CREAT", libc::O_CREAT as i64),
    ("O_EXCL", libc::O_EXCL as i64),
    ("O_TRUNC", libc::O_TRUNC as i64),
    ("O_APPEND", libc::O_APPEND as i64),
    ("O_NONBLOCK", libc::O_NONBLOCK as i64),
    ("O_NDELAY", libc::O_NONBLOCK as i64),
    ("O_NOCTTY", libc::O_NOCTTY as i64),
    ("O_SYNC", libc::O_SYNC as i64),
    ("O_DSYNC", libc::O_DSYNC as i64),
    ("O_CLOEXEC", libc::O_CLOEXEC as i64),
    ("O_DIRECTORY", libc::O_DIRECTORY as i64),
    ("O_NOFOLLOW", libc::O_NOFOLLOW as i64),
    ("O_PATH", libc::O_PATH as i64),
    ("O_TMPFILE", libc::O_TMPFILE as i64),
    ("O_ACCMODE", libc::O_ACCMODE as i64),
    ("SEEK_DATA", libc::SEEK_DATA as i64),
    ("SEEK_HOLE", libc::SEEK_HOLE as i64),
    ("EX_OK", 0),
    ("EX_USAGE", 64),
    ("EX_DATAERR", 65),
    ("EX_NOINPUT", 66),
    ("EX_UNAVAILABLE", 69),
    ("EX_SOFTWARE", 70),
    ("EX_OSERR", 71),
    ("EX_IOERR", 74),
    ("EX_NOPERM", 77),
    ("EX_CONFIG", 78),
    ("WNOHANG", libc::WNOHANG as i64),
    ("WUNTRACED", libc::WUNTRACED as i64),
    ("WCONTINUED", libc::WCONTINUED as i64),
    ("P_ALL", libc::P_ALL as i64),
    ("P_PID", libc::P_PID as i64),
    ("P_PGID", libc::P_PGID as i64),
    ("WEXITED", libc::WEXITED as i64),
    ("WSTOPPED", libc::WSTOPPED as i64),
    ("WNOWAIT", libc::WNOWAIT as i64),
    ("PRIO_PROCESS", 0),
    ("PRIO_PGRP", 1),
    ("PRIO_USER", 2),
    ("GRND_NONBLOCK", 1),
    ("GRND_RANDOM", 2),
    ("RTLD_LAZY", libc::RTLD_LAZY as i64),
    ("RTLD_NOW", libc::RTLD_NOW as i64),
    ("RTLD_GLOBAL", libc::RTLD_GLOBAL as i64),
    ("RTLD_LOCAL", libc::RTLD_LOCAL as i64),
    ("ST_RDONLY", 1),
    ("ST_NOSUID", 2),
    ("NGROUPS_MAX", 65536),
    ("TMP_MAX", 238328),
];

/// Converts a rustix error.
pub(crate) fn fail(
    th: &mut Thread,
    e: rustix::io::Errno,
    file: Option<Value>,
) -> taipan_vm::Raised {
    crate::os_error::raise(th, e.raw_os_error(), file, None)
}
