//! New processes and new programs.

use std::ffi::{CStr, CString, c_char};

use super::{Sys, checked, errno};

/// Pointers to strings, with null behind the last.
struct Strings {
    pointers: Vec<*const c_char>,
}

impl Strings {
    /// The strings must outlive the pointers.
    fn new(strings: &[CString]) -> Strings {
        let mut pointers: Vec<_> = strings.iter().map(|s| s.as_ptr()).collect();
        pointers.push(std::ptr::null());
        Strings { pointers }
    }

    fn as_ptr(&self) -> *const *const c_char {
        self.pointers.as_ptr()
    }
}

/// `fork`; 0 in the child. Only to be called where nothing else in the process holds a lock that
/// the child will want (see `posix::fork`).
pub fn fork() -> Sys<i32> {
    // SAFETY: the child goes on with this thread alone; the interpreter's own locks are made
    // anew, and the allocator and the C library take care of theirs.
    checked(unsafe { libc::fork() } as i64).map(|p| p as i32)
}

/// `execve`, or `execv` without an environment. Comes back only with an error.
pub fn execve(path: &CStr, args: &[CString], environment: Option<&[CString]>) -> i32 {
    let argv = Strings::new(args);
    // SAFETY: C strings and null-terminated arrays of them.
    unsafe {
        match environment {
            Some(e) => {
                let envp = Strings::new(e);
                libc::execve(path.as_ptr(), argv.as_ptr(), envp.as_ptr());
            }
            None => {
                libc::execv(path.as_ptr(), argv.as_ptr());
            }
        }
    }
    errno()
}

/// `fexecve`. Comes back only with an error.
pub fn fexecve(fd: i32, args: &[CString], environment: &[CString]) -> i32 {
    let (argv, envp) = (Strings::new(args), Strings::new(environment));
    // SAFETY: null-terminated arrays of C strings.
    unsafe { libc::fexecve(fd, argv.as_ptr(), envp.as_ptr()) };
    errno()
}

/// What `subprocess` wants done in the child.
pub struct Spawn<'a> {
    /// Arguments.
    pub args: &'a [CString],
    /// Paths to try, in order.
    pub programs: &'a [CString],
    /// Close what is not in `keep`?
    pub close_fds: bool,
    /// Descriptors that stay open, in ascending order.
    pub keep: &'a [i32],
    /// Working directory.
    pub directory: Option<&'a CStr>,
    /// Environment; the parent's without.
    pub environment: Option<&'a [CString]>,
    /// Pipes: read and write end of stdin, stdout, stderr; -1 for none.
    pub pipes: [i32; 6],
    /// Where the child writes what went wrong.
    pub error: [i32; 2],
    /// Reset the signals that Python ignores?
    pub restore_signals: bool,
    /// `setsid`?
    pub new_session: bool,
    /// `setpgid` with this, unless -1.
    pub group: i32,
    /// `setgid`
    pub gid: Option<u32>,
    /// `setgroups`
    pub groups: Option<&'a [u32]>,
    /// `setuid`
    pub uid: Option<u32>,
    /// `umask`, unless negative.
    pub umask: i32,
}

/// What to do before the program is executed (Python's `preexec_fn`): false when it raised.
pub type Before<'a> = &'a mut dyn FnMut() -> bool;

/// Executes the program in the child. Never returns; what goes wrong is written to the pipe.
pub fn run_child(s: &Spawn<'_>, before: Option<Before<'_>>) -> ! {
    // Pointers are made before anything can fail.
    let argv = Strings::new(s.args);
    let envp = s.environment.map(Strings::new);
    let failure = child(s, &argv, envp.as_ref(), before);
    let text = match failure {
        Failure::Before => "SubprocessError:0:Exception occurred in preexec_fn.".to_owned(),
        Failure::Call(e, context) => format!("OSError:{e:X}:{context}"),
    };
    let _ = super::calls::write(s.error[1], text.as_bytes());
    // SAFETY: ends the child without running anything of the parent's.
    unsafe { libc::_exit(255) }
}

enum Failure {
    Before,
    Call(i32, &'static str),
}

fn child(
    s: &Spawn<'_>,
    argv: &Strings,
    envp: Option<&Strings>,
    before: Option<Before<'_>>,
) -> Failure {
    let before_exec = |e: i32| Failure::Call(e, "noexec");
    macro_rules! attempt {
        ($call:expr, $context:expr) => {
            // SAFETY: numbers, C strings, or a slice with its length.
            if unsafe { $call } < 0 {
                return $context(errno());
            }
        };
    }
    for fd in s.keep.iter().filter(|fd| **fd != s.error[1]) {
        attempt!(libc::fcntl(*fd, libc::F_SETFD, 0), before_exec);
    }
    let [
        in_read,
        in_write,
        out_read,
        mut out_write,
        err_read,
        mut err_write,
    ] = s.pipes;
    for fd in [in_write, out_read, err_read, s.error[0]] {
        if fd != -1 {
            attempt!(libc::close(fd), before_exec);
        }
    }
    // What is to become 0, 1 or 2 must not be overwritten on the way.
    if out_write == 0 {
        out_write = match super::calls::dup_cloexec(0) {
            Ok(fd) => fd as i32,
            Err(e) => return before_exec(e),
        };
    }
    while (0..2).contains(&err_write) {
        err_write = match super::calls::dup_cloexec(err_write) {
            Ok(fd) => fd as i32,
            Err(e) => return before_exec(e),
        };
    }
    for (fd, target) in [(in_read, 0), (out_write, 1), (err_write, 2)] {
        if fd == target {
            attempt!(libc::fcntl(fd, libc::F_SETFD, 0), before_exec);
        } else if fd != -1 {
            attempt!(libc::dup2(fd, target), before_exec);
        }
    }
    if let Some(d) = s.directory {
        attempt!(libc::chdir(d.as_ptr()), |e| Failure::Call(
            e,
            "noexec:chdir"
        ));
    }
    if s.umask >= 0 {
        // SAFETY: a number.
        unsafe { libc::umask(s.umask as libc::mode_t) };
    }
    if s.restore_signals {
        for signal in [libc::SIGPIPE, libc::SIGXFSZ] {
            // SAFETY: the default action.
            unsafe { libc::signal(signal, libc::SIG_DFL) };
        }
    }
    if s.new_session {
        attempt!(libc::setsid(), before_exec);
    }
    if s.group >= 0 {
        attempt!(libc::setpgid(0, s.group), before_exec);
    }
    if let Some(groups) = s.groups {
        attempt!(libc::setgroups(groups.len(), groups.as_ptr()), before_exec);
    }
    if let Some(gid) = s.gid {
        attempt!(libc::setregid(gid, gid), before_exec);
    }
    if let Some(uid) = s.uid {
        attempt!(libc::setreuid(uid, uid), before_exec);
    }
    if let Some(f) = before
        && !f()
    {
        return Failure::Before;
    }
    if s.close_fds {
        let mut from = 3u32;
        for fd in s.keep.iter().chain([&i32::MAX]) {
            let fd = *fd as u32;
            if fd > from {
                super::calls::close_range(from, fd - 1);
            }
            from = from.max(fd.saturating_add(1));
        }
    }
    let mut result = libc::ENOENT;
    for program in s.programs {
        // SAFETY: C strings and null-terminated arrays of them.
        unsafe {
            match envp {
                Some(e) => libc::execve(program.as_ptr(), argv.as_ptr(), e.as_ptr()),
                None => libc::execv(program.as_ptr(), argv.as_ptr()),
            };
        }
        let e = errno();
        if e != libc::ENOENT && e != libc::ENOTDIR {
            result = e;
        }
    }
    Failure::Call(result, "")
}

/// What `posix_spawn` does with descriptors before the program runs.
pub enum FileAction {
    /// Opens a path as a descriptor.
    Open(i32, CString, i32, u32),
    /// Closes one.
    Close(i32),
    /// Makes one a copy of another.
    Dup2(i32, i32),
    /// Closes all from here.
    CloseFrom(i32),
}

/// Attributes of `posix_spawn`.
#[derive(Default)]
pub struct Attributes {
    /// `setpgroup`
    pub group: Option<i32>,
    /// `resetids`
    pub reset_ids: bool,
    /// `setsid`
    pub new_session: bool,
    /// `setsigmask`
    pub mask: Option<Vec<i32>>,
    /// `setsigdef`
    pub defaults: Option<Vec<i32>>,
    /// `scheduler`: policy (unless only the parameter is set) and priority.
    pub scheduler: Option<(Option<i32>, i32)>,
}

/// `posix_spawn`, `posix_spawnp`
pub fn posix_spawn(
    search: bool,
    path: &CStr,
    args: &[CString],
    environment: &[CString],
    actions: &[FileAction],
    attributes: &Attributes,
) -> Sys<i32> {
    let (argv, envp) = (Strings::new(args), Strings::new(environment));
    let mut pid = 0;
    // SAFETY: both objects are made, filled by their own functions and destroyed here; strings are
    // C strings, arrays end with null.
    let r = unsafe {
        let mut fa = std::mem::zeroed();
        libc::posix_spawn_file_actions_init(&mut fa);
        let mut r = 0;
        for a in actions {
            let e = match a {
                FileAction::Open(fd, path, flags, mode) => libc::posix_spawn_file_actions_addopen(
                    &mut fa,
                    *fd,
                    path.as_ptr(),
                    *flags,
                    *mode,
                ),
                FileAction::Close(fd) => libc::posix_spawn_file_actions_addclose(&mut fa, *fd),
                FileAction::Dup2(fd, to) => {
                    libc::posix_spawn_file_actions_adddup2(&mut fa, *fd, *to)
                }
                FileAction::CloseFrom(fd) => {
                    libc::posix_spawn_file_actions_addclosefrom_np(&mut fa, *fd)
                }
            };
            r = if r == 0 { e } else { r };
        }
        let mut at = std::mem::zeroed();
        libc::posix_spawnattr_init(&mut at);
        let mut flags = 0;
        if let Some(g) = attributes.group {
            flags |= libc::POSIX_SPAWN_SETPGROUP;
            libc::posix_spawnattr_setpgroup(&mut at, g);
        }
        if attributes.reset_ids {
            flags |= libc::POSIX_SPAWN_RESETIDS;
        }
        if attributes.new_session {
            // POSIX_SPAWN_SETSID of the GNU C library.
            flags |= 0x80;
        }
        if let Some(m) = &attributes.mask {
            flags |= libc::POSIX_SPAWN_SETSIGMASK;
            libc::posix_spawnattr_setsigmask(&mut at, &super::signals::set_of(m));
        }
        if let Some(m) = &attributes.defaults {
            flags |= libc::POSIX_SPAWN_SETSIGDEF;
            libc::posix_spawnattr_setsigdefault(&mut at, &super::signals::set_of(m));
        }
        if let Some((policy, priority)) = attributes.scheduler {
            if let Some(p) = policy {
                flags |= libc::POSIX_SPAWN_SETSCHEDULER;
                libc::posix_spawnattr_setschedpolicy(&mut at, p);
            }
            flags |= libc::POSIX_SPAWN_SETSCHEDPARAM;
            let param = libc::sched_param {
                sched_priority: priority,
            };
            libc::posix_spawnattr_setschedparam(&mut at, &param);
        }
        libc::posix_spawnattr_setflags(&mut at, flags as _);
        if r == 0 {
            let f = match search {
                true => libc::posix_spawnp,
                false => libc::posix_spawn,
            };
            r = f(
                &mut pid,
                path.as_ptr(),
                &fa,
                &at,
                argv.as_ptr() as *const *mut c_char,
                envp.as_ptr() as *const *mut c_char,
            );
        }
        libc::posix_spawn_file_actions_destroy(&mut fa);
        libc::posix_spawnattr_destroy(&mut at);
        r
    };
    super::numbered(r)?;
    Ok(pid)
}
