//! `_posixsubprocess`: how `subprocess` starts programs.

use std::ffi::CString;

use taipan_vm::types::bytes::Bytes;
use taipan_vm::types::tuple::Tuple;
use taipan_vm::{Result, Thread, Value, pymodule};

use crate::posix::args::id;
use crate::posix::spawn;
use crate::system::exec::{self, Spawn};

/// The functions hang here.
pub struct PosixSubprocess;

/// The descriptors to keep: ints in ascending order, none of them negative.
fn descriptors(th: &mut Thread, v: Value) -> Result<Vec<i32>> {
    let Some(t) = v.downcast::<Tuple>() else {
        let got = th.type_name(v);
        return Err(th.type_error(format!("fork_exec() argument 4 must be tuple, not {got}")));
    };
    let mut out: Vec<i32> = Vec::new();
    for v in t.as_slice() {
        let fd = v.as_int().and_then(|n| i32::try_from(n).ok());
        match fd {
            Some(fd) if fd >= 0 && out.last().is_none_or(|last| *last < fd) => out.push(fd),
            _ => return Err(th.value_error("bad value(s) in fds_to_keep")),
        }
    }
    Ok(out)
}

fn texts(th: &mut Thread, v: Value, what: &str) -> Result<Vec<CString>> {
    let items = th.collect(v)?;
    spawn::strings(th, items.as_slice(), "", what)
}

/// A POSIX helper for the subprocess module.
#[pymodule(name = "_posixsubprocess")]
impl PosixSubprocess {
    /// Spawn a fresh new child process.
    ///
    /// Fork a child process, close parent file descriptors as appropriate in the
    /// child and duplicate the few that are needed before calling exec() in the
    /// child process.
    ///
    /// If close_fds is True, close file descriptors 3 and higher, except those listed
    /// in the sorted tuple pass_fds.
    ///
    /// The preexec_fn, if supplied, will be called immediately before closing file
    /// descriptors and executing.
    ///
    /// WARNING: preexec_fn is NOT SAFE if your application uses threads.
    ///          It may trigger infrequent, difficult to debug deadlocks.
    ///
    /// If an error occurs in the child process before the exec, it is
    /// serialized and written to the errpipe_write fd per subprocess.py.
    ///
    /// Returns: the child process's PID.
    ///
    /// Raises: Only on an error in the parent process.
    #[pyfunction(
        sig = "(args, executable_list, close_fds, pass_fds, cwd, env, p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite, errpipe_read, errpipe_write, restore_signals, call_setsid, pgid_to_set, gid, extra_groups, uid, child_umask, preexec_fn, /)"
    )]
    fn fork_exec(
        th: &mut Thread,
        args: Value,
        executable_list: Value,
        close_fds: bool,
        pass_fds: Value,
        cwd: Value,
        env: Value,
        p2cread: i32,
        p2cwrite: i32,
        c2pread: i32,
        c2pwrite: i32,
        errread: i32,
        errwrite: i32,
        errpipe_read: i32,
        errpipe_write: i32,
        restore_signals: bool,
        call_setsid: bool,
        pgid_to_set: i32,
        gid: Value,
        extra_groups: Value,
        uid: Value,
        child_umask: i32,
        preexec_fn: Value,
    ) -> Result<i32> {
        let keep = descriptors(th, pass_fds)?;
        if close_fds && errpipe_write < 3 {
            return Err(th.value_error("errpipe_write must be >= 3"));
        }
        let args = match th.is_none(args) {
            true => Vec::new(),
            false => texts(th, args, "args")?,
        };
        let programs = {
            let items = th.collect(executable_list)?;
            for v in items.as_slice() {
                if v.downcast::<Bytes>().is_none() {
                    return Err(th.type_error("expected bytes"));
                }
            }
            spawn::strings(th, items.as_slice(), "", "executable")?
        };
        let environment = match th.not_none(Some(env)) {
            None => None,
            Some(v) => Some(texts(th, v, "env")?),
        };
        let directory = match th.not_none(Some(cwd)) {
            None => None,
            Some(v) => spawn::strings(th, &[v], "", "cwd")?.pop(),
        };
        let groups = match th.not_none(Some(extra_groups)) {
            None => None,
            Some(v) => {
                if v.downcast::<taipan_vm::types::list::List>().is_none() {
                    return Err(th.type_error("setgroups argument must be a sequence"));
                }
                let items = th.collect(v)?;
                if items.len() > 65536 {
                    return Err(th.value_error("too many extra_groups"));
                }
                let mut out = Vec::new();
                for g in items.as_slice() {
                    if th.class_of(*g).slots().index.is_none() {
                        return Err(th.type_error("extra_groups must be integers"));
                    }
                    out.push(number(th, *g, "gid", "invalid group id")?);
                }
                Some(out)
            }
        };
        let gid = match th.not_none(Some(gid)) {
            None => None,
            Some(v) => Some(number(th, v, "gid", "invalid group id")?),
        };
        let uid = match th.not_none(Some(uid)) {
            None => None,
            Some(v) => Some(number(th, v, "uid", "invalid user id")?),
        };
        let before = th.not_none(Some(preexec_fn));
        crate::io::flush_all(th);
        let pid = spawn::fork_for_exec(th, before.is_some())?;
        if pid != 0 {
            return Ok(pid);
        }
        let s = Spawn {
            args: &args,
            programs: &programs,
            close_fds,
            keep: &keep,
            directory: directory.as_deref(),
            environment: environment.as_deref(),
            pipes: [p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite],
            error: [errpipe_read, errpipe_write],
            restore_signals,
            new_session: call_setsid,
            group: pgid_to_set,
            gid,
            groups: groups.as_deref(),
            uid,
            umask: child_umask,
        };
        match before {
            Some(f) => {
                let mut call = || th.call(f, &[]).is_ok();
                exec::run_child(&s, Some(&mut call))
            }
            None => exec::run_child(&s, None),
        }
    }
}

/// A user's or group's number; what is none is a ValueError here.
fn number(th: &mut Thread, v: Value, what: &str, message: &str) -> Result<u32> {
    id(th, v, what).map_err(|_| {
        th.clear_pending();
        th.value_error(message)
    })
}
