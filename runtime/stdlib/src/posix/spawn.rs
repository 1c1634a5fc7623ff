//! New processes: `fork`, `exec`, `posix_spawn`, and waiting for them.

use std::ffi::CString;

use taipan_vm::object::Gc;
use taipan_vm::types::ExceptionClass;
use taipan_vm::types::list::List;
use taipan_vm::types::structseq::StructDef;
use taipan_vm::types::tuple::Tuple;
use taipan_vm::{Result, Thread, Value, ValueVec, pymethods};

use super::args::{c_path, plain};
use crate::os_error::{path_argument, raise};
use crate::system::exec::{self, Attributes, FileAction};
use crate::system::{self, calls};

/// `posix.waitid_result`
pub static WAITID_RESULT: StructDef = StructDef {
    name: "waitid_result",
    module: "posix",
    doc: "waitid_result: Result from waitid.\n\nThis object may be accessed either as a tuple of\n  (si_pid, si_uid, si_signo, si_status, si_code),\nor via the attributes si_pid, si_uid, and so on.\n\nSee os.waitid for more information.",
    fields: &["si_pid", "si_uid", "si_signo", "si_status", "si_code"],
    visible: 5,
    constructible: true,
};

/// Where the functions of `register_at_fork` are kept.
const BEFORE: &str = "posix.before_fork";
const IN_CHILD: &str = "posix.after_in_child";
const IN_PARENT: &str = "posix.after_in_parent";

fn kept(th: &mut Thread, key: &'static str) -> Option<Gc<List>> {
    let v = th.vm().registry.borrow().get(key).copied();
    v.and_then(|v| v.downcast::<List>())
}

fn register(th: &mut Thread, key: &'static str, f: Value) -> Result<()> {
    let l = match kept(th, key) {
        Some(l) => l,
        None => {
            let l = th.new_list();
            th.vm().registry.borrow_mut().insert(key, l.value());
            l
        }
    };
    th.list_append(l, f)
}

/// Calls the functions of a list; what they raise is reported, not raised.
fn run_registered(th: &mut Thread, key: &'static str, backwards: bool) {
    let Some(l) = kept(th, key) else {
        return;
    };
    let n = l.items.len();
    for i in 0..n {
        let i = if backwards { n - 1 - i } else { i };
        if let Some(f) = l.items.as_slice().get(i).copied()
            && th.call(f, &[]).is_err()
        {
            th.write_unraisable(Some(f), Some("Exception ignored in"));
        }
    }
}

/// Makes what Python keeps good again in the child: this thread is the only one.
fn after_in_child(th: &mut Thread) {
    crate::signal::after_fork(th);
    crate::imp::after_fork(th);
    run_registered(th, IN_CHILD, false);
}

/// Forks with Python's hooks around it; 0 in the child.
pub fn fork(th: &mut Thread) -> Result<i32> {
    run_registered(th, BEFORE, true);
    crate::io::flush_all(th);
    match th.fork(true, exec::fork) {
        Ok(0) => {
            after_in_child(th);
            Ok(0)
        }
        Ok(pid) => {
            run_registered(th, IN_PARENT, false);
            let threads = th.vm().thread_count();
            if threads > 1 {
                let me = std::process::id();
                taipan_vm::exceptions::warn(
                    th,
                    ExceptionClass::DeprecationWarning,
                    &format!(
                        "This process (pid={me}) is multi-threaded, use of fork() may lead to deadlocks in the child."
                    ),
                    1,
                )?;
            }
            Ok(pid)
        }
        Err(e) => {
            run_registered(th, IN_PARENT, false);
            Err(raise(th, e, None, None))
        }
    }
}

/// As [`fork`], but hooks only run in the child and only when it will run Python code.
pub fn fork_for_exec(th: &mut Thread, python: bool) -> Result<i32> {
    if python {
        run_registered(th, BEFORE, true);
    }
    let r = th.fork(python, exec::fork);
    if python {
        match r {
            Ok(0) => after_in_child(th),
            _ => run_registered(th, IN_PARENT, false),
        }
    }
    plain(th, r)
}

/// Strings of a sequence of paths or texts.
pub fn strings(
    th: &mut Thread,
    items: &[Value],
    function: &str,
    name: &str,
) -> Result<Vec<CString>> {
    let mut out = Vec::new();
    for v in items {
        let p = path_argument(th, *v, function, name, false)?;
        out.push(c_path(th, &p)?);
    }
    Ok(out)
}

fn arguments(th: &mut Thread, argv: Value, function: &str) -> Result<Vec<CString>> {
    let items = if let Some(l) = argv.downcast::<List>() {
        let t = th.new_tuple(l.items.as_slice());
        t.value()
    } else {
        argv
    };
    let Some(t) = items.downcast::<Tuple>() else {
        return Err(th.type_error(format!("{function}: argv must be a tuple or list")));
    };
    if t.is_empty() {
        return Err(th.value_error(format!("{function}: argv must not be empty")));
    }
    let list = strings(th, t.as_slice(), "", "argv")?;
    if list[0].as_bytes().is_empty() {
        return Err(th.value_error(format!("{function}: argv first element cannot be empty")));
    }
    Ok(list)
}

/// `NAME=VALUE` of a mapping.
pub fn environment(th: &mut Thread, env: Value, function: &str) -> Result<Vec<CString>> {
    let keys = match th.get_attr_str_option(env, "keys")? {
        Some(_) => th.call_method_str(env, "keys", &[])?,
        None => {
            return Err(th.type_error(format!("{function}: environment must be a mapping object")));
        }
    };
    let keys = th.collect(keys)?;
    let mut out = Vec::new();
    for k in keys.as_slice() {
        let v = th.get_item(env, *k)?;
        let name = path_argument(th, *k, "", "env", false)?;
        let value = path_argument(th, v, "", "env", false)?;
        let (name, value) = (c_path(th, &name)?, c_path(th, &value)?);
        if name.as_bytes().is_empty() || name.as_bytes()[1..].contains(&b'=') {
            return Err(th.value_error("illegal environment variable name"));
        }
        let mut text = name.into_bytes();
        text.push(b'=');
        text.extend(value.as_bytes());
        let s = system::c_string(&text);
        out.push(plain(th, s)?);
    }
    Ok(out)
}

fn signal_set(th: &mut Thread, v: Option<Value>) -> Result<Option<Vec<i32>>> {
    let Some(v) = v else {
        return Ok(None);
    };
    let items = th.collect(v)?;
    let mut out = Vec::new();
    for v in items.as_slice() {
        let n = th.index_i64(*v, "Python int too large to convert to C long")?;
        if !(1..system::signals::COUNT as i64).contains(&n) {
            return Err(th.value_error(format!(
                "signal number {n} out of range [1; {}]",
                system::signals::COUNT - 1
            )));
        }
        out.push(n as i32);
    }
    Ok(Some(out))
}

fn file_actions(th: &mut Thread, v: Value) -> Result<Vec<FileAction>> {
    let items = th.collect(v)?;
    let mut out = Vec::new();
    for a in items.as_slice() {
        let Some(t) = a.downcast::<Tuple>().filter(|t| !t.is_empty()) else {
            return Err(th.type_error("Each file_actions element must be a non-empty tuple"));
        };
        let v = t.as_slice();
        let Some(kind) = v[0].as_int() else {
            return Err(th.type_error("Unknown file_actions identifier"));
        };
        let int = |th: &mut Thread, v: Value| {
            th.index_i64(v, "Python int too large to convert to C int")
                .map(|n| n as i32)
        };
        let wrong = |th: &mut Thread, what: &str| {
            th.type_error(format!(
                "A {what} file_action tuple must have the right elements"
            ))
        };
        out.push(match kind {
            0 => {
                let [_, fd, path, flags, mode] = v else {
                    return Err(wrong(th, "open"));
                };
                let fd = int(th, *fd)?;
                let p = path_argument(th, *path, "", "path", false)?;
                let p = c_path(th, &p)?;
                let (flags, mode) = (int(th, *flags)?, int(th, *mode)?);
                FileAction::Open(fd, p, flags, mode as u32)
            }
            1 => {
                let [_, fd] = v else {
                    return Err(wrong(th, "close"));
                };
                FileAction::Close(int(th, *fd)?)
            }
            2 => {
                let [_, fd, to] = v else {
                    return Err(wrong(th, "dup2"));
                };
                let fd = int(th, *fd)?;
                FileAction::Dup2(fd, int(th, *to)?)
            }
            3 => {
                let [_, fd] = v else {
                    return Err(wrong(th, "closefrom"));
                };
                FileAction::CloseFrom(int(th, *fd)?)
            }
            _ => return Err(th.type_error("Unknown file_actions identifier")),
        });
    }
    Ok(out)
}

/// What both spawning functions are given.
struct Request {
    path: Value,
    argv: Value,
    env: Value,
    file_actions: Option<Value>,
    group: Option<Value>,
    reset_ids: Option<bool>,
    new_session: Option<bool>,
    mask: Option<Value>,
    defaults: Option<Value>,
    scheduler: Option<Value>,
}

fn spawn(th: &mut Thread, search: bool, r: Request) -> Result<i32> {
    let function = if search {
        "posix_spawnp"
    } else {
        "posix_spawn"
    };
    let path = path_argument(th, r.path, function, "path", false)?;
    let file = c_path(th, &path)?;
    let args = arguments(th, r.argv, function)?;
    let env = match th.is_none(r.env) {
        true => calls::environment(),
        false => environment(th, r.env, function)?,
    };
    let actions = match th.not_none(r.file_actions) {
        Some(v) => file_actions(th, v)?,
        None => Vec::new(),
    };
    let group = match th.not_none(r.group) {
        Some(v) => Some(th.index_i64(v, "Python int too large to convert to C int")? as i32),
        None => None,
    };
    let scheduler = match th.not_none(r.scheduler) {
        None => None,
        Some(v) => match v.downcast::<Tuple>().map(|t| (t, t.len())) {
            Some((t, 2)) => {
                let (policy, param) = (t.as_slice()[0], t.as_slice()[1]);
                let policy = match th.is_none(policy) {
                    true => None,
                    false => Some(th.index_i64(policy, "int too large")? as i32),
                };
                Some((policy, super::sched::priority_of(th, param)?))
            }
            Some(_) => {
                return Err(th.type_error("A scheduler tuple must have two elements"));
            }
            None => return Err(th.type_error("scheduler must be a tuple or None")),
        },
    };
    let mask = signal_set(th, r.mask)?;
    let defaults = signal_set(th, r.defaults)?.filter(|d| !d.is_empty());
    let attributes = Attributes {
        group,
        reset_ids: r.reset_ids.unwrap_or(false),
        new_session: r.new_session.unwrap_or(false),
        mask,
        defaults,
        scheduler,
    };
    crate::io::flush_all(th);
    match exec::posix_spawn(search, &file, &args, &env, &actions, &attributes) {
        Ok(pid) => Ok(pid),
        Err(e) => Err(raise(th, e, Some(path.given), None)),
    }
}

/// `(pid, status)`
fn pid_status(th: &mut Thread, pid: i64, status: i64) -> Value {
    let (p, s) = (th.int(pid), th.int(status));
    th.new_tuple(&[p, s]).value()
}

fn wait(th: &mut Thread, pid: i32, options: i32) -> Result<(i32, i32, libc::rusage)> {
    super::args::retried(th, || calls::wait4(pid, options))
}

fn wait_usage(th: &mut Thread, pid: i32, options: i32) -> Result {
    let (pid, status, usage) = wait(th, pid, options)?;
    // The class belongs to a module that must have been imported, as in CPython.
    taipan_vm::sys::hooks::import(th, "resource")?;
    let usage = crate::resource::usage(th, &usage)?;
    let (p, s) = (th.int(pid as i64), th.int(status as i64));
    Ok(th.new_tuple(&[p, s, usage]).value())
}

/// The functions hang here.
pub struct Spawn;

#[pymethods(table = FUNCTIONS)]
impl Spawn {
    /// Fork a child process.
    ///
    /// Return 0 to child process and PID of child to parent process.
    #[pyfunction]
    fn fork(th: &mut Thread) -> Result<i32> {
        self::fork(th)
    }

    /// Fork a new process with a new pseudo-terminal as controlling tty.
    ///
    /// Returns a tuple of (pid, master_fd).
    /// Like fork(), return pid of 0 to the child process,
    /// and pid of child to the parent process.
    /// To both, return fd of newly opened pseudo-terminal.
    #[pyfunction]
    fn forkpty(th: &mut Thread) -> Result {
        let (master, slave) = plain(th, calls::openpty())?;
        let pid = self::fork(th)?;
        if pid == 0 {
            let _ = calls::close(master);
            if calls::login_tty(slave).is_err() {
                crate::exit_now::<()>(1);
            }
            return Ok(pid_status(th, 0, -1));
        }
        let _ = calls::close(slave);
        Ok(pid_status(th, pid as i64, master as i64))
    }

    /// Register callables to be called when forking a new process.
    ///
    ///   before
    ///     A callable to be called in the parent before the fork() syscall.
    ///   after_in_child
    ///     A callable to be called in the child after fork().
    ///   after_in_parent
    ///     A callable to be called in the parent after fork().
    ///
    /// 'before' callbacks are called in reverse order.
    /// 'after_in_child' and 'after_in_parent' callbacks are called in order.
    #[pyfunction(
        sig = "(*, before=<unrepresentable>, after_in_child=<unrepresentable>, after_in_parent=<unrepresentable>)"
    )]
    fn register_at_fork(
        th: &mut Thread,
        before: Option<Value>,
        after_in_child: Option<Value>,
        after_in_parent: Option<Value>,
    ) -> Result<()> {
        let given = [
            (BEFORE, "before", before),
            (IN_CHILD, "after_in_child", after_in_child),
            (IN_PARENT, "after_in_parent", after_in_parent),
        ];
        if given.iter().all(|g| g.2.is_none()) {
            return Err(th.type_error("At least one argument is required."));
        }
        for (_, name, f) in given {
            if let Some(f) = f
                && !th.is_callable(f)
            {
                let got = th.type_name(f);
                return Err(th.type_error(format!("'{name}' must be callable, not {got}")));
            }
        }
        for (key, _, f) in given {
            if let Some(f) = f {
                register(th, key, f)?;
            }
        }
        Ok(())
    }

    /// Execute an executable path with arguments, replacing current process.
    ///
    ///   path
    ///     Path of executable file.
    ///   argv
    ///     Tuple or list of strings.
    #[pyfunction(sig = "(path, argv, /)")]
    fn execv(th: &mut Thread, path: Value, argv: Value) -> Result<()> {
        let p = path_argument(th, path, "execv", "path", false)?;
        let file = c_path(th, &p)?;
        let args = arguments(th, argv, "execv")?;
        crate::io::flush_all(th);
        let e = exec::execve(&file, &args, None);
        Err(raise(th, e, Some(p.given), None))
    }

    /// Execute an executable path with arguments, replacing current process.
    ///
    ///   path
    ///     Path of executable file.
    ///   argv
    ///     Tuple or list of strings.
    ///   env
    ///     Dictionary of strings mapping to strings.
    #[pyfunction(sig = "(path, argv, env)")]
    fn execve(th: &mut Thread, path: Value, argv: Value, env: Value) -> Result<()> {
        let p = path_argument(th, path, "execve", "path", true)?;
        let file = c_path(th, &p)?;
        let args = arguments(th, argv, "execve")?;
        let env = environment(th, env, "execve")?;
        crate::io::flush_all(th);
        let e = match p.fd {
            Some(fd) => exec::fexecve(fd, &args, &env),
            None => exec::execve(&file, &args, Some(&env)),
        };
        Err(raise(th, e, Some(p.given), None))
    }

    /// Execute the program specified by path in a new process.
    ///
    ///   path
    ///     Path of executable file.
    ///   argv
    ///     Tuple or list of strings.
    ///   env
    ///     Dictionary of strings mapping to strings.
    #[pyfunction(
        sig = "(path, argv, env, /, *, file_actions=(), setpgroup=None, resetids=False, setsid=False, setsigmask=(), setsigdef=(), scheduler=None)"
    )]
    fn posix_spawn(
        th: &mut Thread,
        path: Value,
        argv: Value,
        env: Value,
        file_actions: Option<Value>,
        group: Option<Value>,
        reset_ids: Option<bool>,
        new_session: Option<bool>,
        mask: Option<Value>,
        defaults: Option<Value>,
        scheduler: Option<Value>,
    ) -> Result<i32> {
        let r = Request {
            path,
            argv,
            env,
            file_actions,
            group,
            reset_ids,
            new_session,
            mask,
            defaults,
            scheduler,
        };
        spawn(th, false, r)
    }

    /// Execute the program specified by path in a new process.
    ///
    ///   path
    ///     Path of executable file.
    ///   argv
    ///     Tuple or list of strings.
    ///   env
    ///     Dictionary of strings mapping to strings.
    #[pyfunction(
        sig = "(path, argv, env, /, *, file_actions=(), setpgroup=None, resetids=False, setsid=False, setsigmask=(), setsigdef=(), scheduler=None)"
    )]
    fn posix_spawnp(
        th: &mut Thread,
        path: Value,
        argv: Value,
        env: Value,
        file_actions: Option<Value>,
        group: Option<Value>,
        reset_ids: Option<bool>,
        new_session: Option<bool>,
        mask: Option<Value>,
        defaults: Option<Value>,
        scheduler: Option<Value>,
    ) -> Result<i32> {
        let r = Request {
            path,
            argv,
            env,
            file_actions,
            group,
            reset_ids,
            new_session,
            mask,
            defaults,
            scheduler,
        };
        spawn(th, true, r)
    }

    /// Wait for completion of a child process.
    ///
    /// Returns a tuple of information about the child process:
    ///     (pid, status)
    #[pyfunction]
    fn wait(th: &mut Thread) -> Result {
        let (pid, status, _) = self::wait(th, -1, 0)?;
        Ok(pid_status(th, pid as i64, status as i64))
    }

    /// Wait for completion of a given child process.
    ///
    /// Returns a tuple of information regarding the child process:
    ///     (pid, status)
    ///
    /// The options argument is ignored on Windows.
    #[pyfunction(sig = "(pid, options, /)")]
    fn waitpid(th: &mut Thread, pid: i32, options: i32) -> Result {
        let (pid, status, _) = self::wait(th, pid, options)?;
        Ok(pid_status(th, pid as i64, status as i64))
    }

    /// Wait for completion of a child process.
    ///
    /// Returns a tuple of information about the child process:
    ///   (pid, status, rusage)
    #[pyfunction(sig = "(options)")]
    fn wait3(th: &mut Thread, options: i32) -> Result {
        wait_usage(th, -1, options)
    }

    /// Wait for completion of a specific child process.
    ///
    /// Returns a tuple of information about the child process:
    ///   (pid, status, rusage)
    #[pyfunction(sig = "(pid, options)")]
    fn wait4(th: &mut Thread, pid: i32, options: i32) -> Result {
        wait_usage(th, pid, options)
    }

    /// Returns the result of waiting for a process or processes.
    ///
    ///   idtype
    ///     Must be one of be P_PID, P_PGID or P_ALL.
    ///   id
    ///     The id to wait on.
    ///   options
    ///     Constructed from the ORing of one or more of WEXITED, WSTOPPED
    ///     or WCONTINUED and additionally may be ORed with WNOHANG or WNOWAIT.
    ///
    /// Returns either waitid_result or None if WNOHANG is specified and there are
    /// no children in a waitable state.
    #[pyfunction(sig = "(idtype, id, options, /)")]
    fn waitid(th: &mut Thread, idtype: i32, id: i64, options: i32) -> Result {
        let r = super::args::retried(th, || calls::waitid(idtype as u32, id as u32, options))?;
        match r {
            None => Ok(th.none()),
            Some(fields) => {
                let v = ValueVec::new();
                for f in fields {
                    let f = th.int(f);
                    th.push(&v, f)?;
                }
                th.new_struct(&WAITID_RESULT, v.as_slice())
            }
        }
    }

    /// Return True if the process returning status was dumped to a core file.
    #[pyfunction(name = "WCOREDUMP", sig = "(status, /)")]
    fn core_dump(_: &mut Thread, status: i32) -> bool {
        status & 0x80 != 0
    }

    /// Abort the interpreter immediately.
    ///
    /// This function 'dumps core' or otherwise fails in the hardest way possible
    /// on the hosting operating system.  This function never returns.
    #[pyfunction]
    fn abort(_: &mut Thread) {
        std::process::abort()
    }
}
