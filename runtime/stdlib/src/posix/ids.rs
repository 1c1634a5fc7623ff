//! Users, groups, sessions, priorities.

use taipan_vm::object::Gc;
use taipan_vm::types::list::List;
use taipan_vm::{Result, Thread, Value, ValueVec, pymethods};

use super::args::{Id, id, plain};
use crate::os_error::path_argument;
use crate::system::{self, calls, users};

fn numbers(th: &mut Thread, ids: [u32; 3]) -> Value {
    let [a, b, c] = ids.map(|i| Value::try_int(i as i64).unwrap_or(Value::small(-1)));
    th.new_tuple(&[a, b, c]).value()
}

/// A text as a C string. Raises TypeError, ValueError.
pub fn name_argument(th: &mut Thread, v: Value, function: &str) -> Result<std::ffi::CString> {
    let p = path_argument(th, v, function, "name", false)?;
    super::args::c_path(th, &p)
}

/// The functions hang here.
pub struct Ids;

#[pymethods(table = FUNCTIONS)]
impl Ids {
    /// Set the current process's user id.
    #[pyfunction(sig = "(uid, /)")]
    fn setuid(th: &mut Thread, uid: Id) -> Result<()> {
        plain(th, calls::setuid(uid.0)).map(drop)
    }

    /// Set the current process's group id.
    #[pyfunction(sig = "(gid, /)")]
    fn setgid(th: &mut Thread, gid: Id) -> Result<()> {
        plain(th, calls::setgid(gid.0)).map(drop)
    }

    /// Set the current process's effective user id.
    #[pyfunction(sig = "(euid, /)")]
    fn seteuid(th: &mut Thread, euid: Id) -> Result<()> {
        plain(th, calls::seteuid(euid.0)).map(drop)
    }

    /// Set the current process's effective group id.
    #[pyfunction(sig = "(egid, /)")]
    fn setegid(th: &mut Thread, egid: Id) -> Result<()> {
        plain(th, calls::setegid(egid.0)).map(drop)
    }

    /// Set the current process's real and effective user ids.
    #[pyfunction(sig = "(ruid, euid, /)")]
    fn setreuid(th: &mut Thread, ruid: Id, euid: Id) -> Result<()> {
        plain(th, calls::setreuid(ruid.0, euid.0)).map(drop)
    }

    /// Set the current process's real and effective group ids.
    #[pyfunction(sig = "(rgid, egid, /)")]
    fn setregid(th: &mut Thread, rgid: Id, egid: Id) -> Result<()> {
        plain(th, calls::setregid(rgid.0, egid.0)).map(drop)
    }

    /// Set the current process's real, effective, and saved user ids.
    #[pyfunction(sig = "(ruid, euid, suid, /)")]
    fn setresuid(th: &mut Thread, ruid: Id, euid: Id, suid: Id) -> Result<()> {
        plain(th, calls::setresuid(ruid.0, euid.0, suid.0)).map(drop)
    }

    /// Set the current process's real, effective, and saved group ids.
    #[pyfunction(sig = "(rgid, egid, sgid, /)")]
    fn setresgid(th: &mut Thread, rgid: Id, egid: Id, sgid: Id) -> Result<()> {
        plain(th, calls::setresgid(rgid.0, egid.0, sgid.0)).map(drop)
    }

    /// Return a tuple of the current process's real, effective, and saved user ids.
    #[pyfunction]
    fn getresuid(th: &mut Thread) -> Result {
        let ids = plain(th, calls::getresuid())?;
        Ok(numbers(th, ids))
    }

    /// Return a tuple of the current process's real, effective, and saved group ids.
    #[pyfunction]
    fn getresgid(th: &mut Thread) -> Result {
        let ids = plain(th, calls::getresgid())?;
        Ok(numbers(th, ids))
    }

    /// Set the groups of the current process to list.
    #[pyfunction(sig = "(groups, /)")]
    fn setgroups(th: &mut Thread, groups: Value) -> Result<()> {
        if th.class_of(groups).slots().getitem.is_none() {
            return Err(th.type_error("setgroups argument must be a sequence"));
        }
        let items = th.collect(groups)?;
        if items.len() > 65536 {
            return Err(th.value_error("too many groups"));
        }
        let mut out = Vec::new();
        for v in items.as_slice() {
            if th.class_of(*v).slots().index.is_none() {
                return Err(th.type_error("groups must be integers"));
            }
            out.push(id(th, *v, "gid")?);
        }
        plain(th, calls::setgroups(&out)).map(drop)
    }

    /// Initialize the group access list.
    ///
    /// Call the system initgroups() to initialize the group access list with all of
    /// the groups of which the specified username is a member, plus the specified
    /// group id.
    #[pyfunction(sig = "(username, gid, /)")]
    fn initgroups(th: &mut Thread, username: Value, gid: Id) -> Result<()> {
        let name = name_argument(th, username, "initgroups")?;
        plain(th, calls::initgroups(&name, gid.0)).map(drop)
    }

    /// Returns a list of groups to which a user belongs.
    #[pyfunction(sig = "(user, group, /)")]
    fn getgrouplist(th: &mut Thread, user: Value, group: Value) -> Result<Gc<List>> {
        let gid = id(th, group, "gid")?;
        let name = name_argument(th, user, "getgrouplist")?;
        let groups = ValueVec::new();
        for g in users::group_list(&name, gid) {
            let v = th.int(g as i64);
            th.push(&groups, v)?;
        }
        Ok(th.list_from_vec(groups))
    }

    /// Return the actual login name.
    #[pyfunction]
    fn getlogin(th: &mut Thread) -> Result {
        let name = plain(th, calls::getlogin())?;
        Ok(crate::os_error::fs_decode(th, &name))
    }

    /// Call the system call getpgid(), and return the result.
    #[pyfunction(sig = "(pid)")]
    fn getpgid(th: &mut Thread, pid: i32) -> Result<i64> {
        plain(th, calls::getpgid(pid))
    }

    /// Call the system call setpgid(pid, pgrp).
    #[pyfunction(sig = "(pid, pgrp, /)")]
    fn setpgid(th: &mut Thread, pid: i32, pgrp: i32) -> Result<()> {
        plain(th, calls::setpgid(pid, pgrp)).map(drop)
    }

    /// Make the current process the leader of its process group.
    #[pyfunction]
    fn setpgrp(th: &mut Thread) -> Result<()> {
        plain(th, calls::setpgid(0, 0)).map(drop)
    }

    /// Call the system call getsid(pid) and return the result.
    #[pyfunction(sig = "(pid, /)")]
    fn getsid(th: &mut Thread, pid: i32) -> Result<i64> {
        plain(th, calls::getsid(pid))
    }

    /// Add increment to the priority of process and return the new priority.
    #[pyfunction(sig = "(increment, /)")]
    fn nice(th: &mut Thread, increment: i32) -> Result<i64> {
        plain(th, calls::nice(increment))
    }

    /// Return program scheduling priority.
    #[pyfunction(sig = "(which, who)")]
    fn getpriority(th: &mut Thread, which: i32, who: i32) -> Result<i64> {
        plain(th, calls::getpriority(which as u32, who as u32))
    }

    /// Set program scheduling priority.
    #[pyfunction(sig = "(which, who, priority)")]
    fn setpriority(th: &mut Thread, which: i32, who: i32, priority: i32) -> Result<()> {
        plain(th, calls::setpriority(which as u32, who as u32, priority)).map(drop)
    }

    /// Kill a process group with a signal.
    #[pyfunction(sig = "(pgid, signal, /)")]
    fn killpg(th: &mut Thread, pgid: i32, signal: i32) -> Result<()> {
        plain(th, calls::killpg(pgid, signal))?;
        th.poll()
    }

    /// Kill a process with a signal.
    #[pyfunction(sig = "(pid, signal, /)")]
    fn kill(th: &mut Thread, pid: i32, signal: i32) -> Result<()> {
        plain(th, calls::kill(pid, signal))?;
        th.poll()
    }

    /// Return the process group associated with the terminal specified by fd.
    #[pyfunction(sig = "(fd, /)")]
    fn tcgetpgrp(th: &mut Thread, fd: i32) -> Result<i64> {
        plain(th, calls::tcgetpgrp(fd))
    }

    /// Set the process group associated with the terminal specified by fd.
    #[pyfunction(sig = "(fd, pgid, /)")]
    fn tcsetpgrp(th: &mut Thread, fd: i32, pgid: i32) -> Result<()> {
        plain(th, calls::tcsetpgrp(fd, pgid)).map(drop)
    }

    /// Return the name of the terminal device connected to 'fd'.
    #[pyfunction(sig = "(fd, /)")]
    fn ttyname(th: &mut Thread, fd: i32) -> Result {
        let name = plain(th, calls::ttyname(fd))?;
        Ok(crate::os_error::fs_decode(th, &name))
    }

    /// Return the name of the controlling terminal for this process.
    #[pyfunction]
    fn ctermid(_: &mut Thread) -> &'static str {
        "/dev/tty"
    }

    /// Prepare the tty of which fd is a file descriptor for a new login session.
    #[pyfunction(sig = "(fd, /)")]
    fn login_tty(th: &mut Thread, fd: super::args::Fd) -> Result<()> {
        plain(th, calls::login_tty(fd.0)).map(drop)
    }

    /// Disassociate parts of a process (or thread) execution context.
    #[pyfunction(sig = "(flags)")]
    fn unshare(th: &mut Thread, flags: i32) -> Result<()> {
        plain(th, calls::unshare(flags)).map(drop)
    }

    /// Move the calling thread into different namespaces.
    #[pyfunction(sig = "(fd, nstype=0)")]
    fn setns(th: &mut Thread, fd: super::args::Fd, nstype: Option<i32>) -> Result<()> {
        plain(th, calls::setns(fd.0, nstype.unwrap_or(0))).map(drop)
    }

    /// Return a file descriptor referring to the process *pid*.
    ///
    /// The descriptor can be used to perform process management without races and
    /// signals.
    #[pyfunction(sig = "(pid, flags=0)")]
    fn pidfd_open(th: &mut Thread, pid: i32, flags: Option<u32>) -> Result<i64> {
        plain(th, calls::pidfd_open(pid, flags.unwrap_or(0)))
    }

    /// Return a string-valued system configuration variable.
    #[pyfunction(sig = "(name, /)")]
    fn confstr(th: &mut Thread, name: Value) -> Result {
        let n = configuration(th, name, super::names::CONFSTR)?;
        match plain(th, calls::confstr(n))? {
            Some(text) => Ok(crate::os_error::fs_decode(th, &text)),
            None => Ok(th.none()),
        }
    }

    /// Return an integer-valued system configuration variable.
    #[pyfunction(sig = "(name, /)")]
    fn sysconf(th: &mut Thread, name: Value) -> Result<i64> {
        let n = configuration(th, name, super::names::SYSCONF)?;
        plain(th, calls::sysconf(n))
    }

    /// Return the configuration limit name for the file descriptor fd.
    ///
    /// If there is no limit, return -1.
    #[pyfunction(sig = "(fd, name, /)")]
    fn fpathconf(th: &mut Thread, fd: super::args::Fd, name: Value) -> Result<i64> {
        let n = configuration(th, name, super::names::PATHCONF)?;
        plain(th, calls::fpathconf(fd.0, n))
    }

    /// Return the configuration limit name for the file or directory path.
    ///
    /// If there is no limit, return -1.
    /// On some platforms, path may also be specified as an open file descriptor.
    /// If this functionality is unavailable, using it raises an exception.
    #[pyfunction(sig = "(path, name)")]
    fn pathconf(th: &mut Thread, path: Value, name: Value) -> Result<i64> {
        let p = path_argument(th, path, "pathconf", "path", true)?;
        let n = configuration(th, name, super::names::PATHCONF)?;
        let r = match p.fd {
            Some(fd) => calls::fpathconf(fd, n),
            None => {
                let path = super::args::c_path(th, &p)?;
                calls::pathconf(&path, n)
            }
        };
        super::args::about(th, r, p.given)
    }

    /// Execute the command in a subshell.
    #[pyfunction(sig = "(command)")]
    fn system(th: &mut Thread, command: Value) -> Result<i64> {
        let p = path_argument(th, command, "system", "command", false)?;
        let command = plain(th, system::c_path(&p.path))?;
        crate::io::flush_all(th);
        let status = th.without_lock(move || calls::system(&command));
        th.poll()?;
        plain(th, status)
    }
}

/// A configuration value's number, from its name or itself.
fn configuration(th: &mut Thread, v: Value, names: &[(&str, i64)]) -> Result<i32> {
    if let Some(s) = v.downcast::<taipan_vm::types::str_::Str>() {
        return match names.iter().find(|(k, _)| s.equals_str(k)) {
            Some((_, n)) => Ok(*n as i32),
            None => Err(th.value_error("unrecognized configuration name")),
        };
    }
    if th.class_of(v).slots().index.is_none() {
        return Err(th.type_error("configuration names must be strings or integers"));
    }
    let n = th.index_i64(v, "Python int too large to convert to C int")?;
    match i32::try_from(n) {
        Ok(n) => Ok(n),
        Err(_) => Err(th.overflow_error("Python int too large to convert to C int")),
    }
}
