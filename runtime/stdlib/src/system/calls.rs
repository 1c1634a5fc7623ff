//! Calls that take nothing but numbers, strings and buffers whose length goes with them.

use std::ffi::{CStr, CString, c_char};

use super::{Sys, checked, errno, numbered};

macro_rules! calls {
    ($($(#[$doc:meta])* fn $name:ident($($arg:ident: $t:ty),*) = $call:expr;)*) => {
        $($(#[$doc])* pub fn $name($($arg: $t),*) -> Sys {
            // SAFETY: numbers, and strings and buffers with their lengths that live as long as
            // the call; the system checks the rest.
            checked(unsafe { $call } as i64)
        })*
    };
}

calls! {
    /// `setuid`
    fn setuid(id: u32) = libc::setuid(id);
    /// `setgid`
    fn setgid(id: u32) = libc::setgid(id);
    /// `seteuid`
    fn seteuid(id: u32) = libc::seteuid(id);
    /// `setegid`
    fn setegid(id: u32) = libc::setegid(id);
    /// `setreuid`
    fn setreuid(r: u32, e: u32) = libc::setreuid(r, e);
    /// `setregid`
    fn setregid(r: u32, e: u32) = libc::setregid(r, e);
    /// `setresuid`
    fn setresuid(r: u32, e: u32, s: u32) = libc::setresuid(r, e, s);
    /// `setresgid`
    fn setresgid(r: u32, e: u32, s: u32) = libc::setresgid(r, e, s);
    /// `getpgid`
    fn getpgid(pid: i32) = libc::getpgid(pid);
    /// `setpgid`
    fn setpgid(pid: i32, group: i32) = libc::setpgid(pid, group);
    /// `getsid`
    fn getsid(pid: i32) = libc::getsid(pid);
    /// `kill`
    fn kill(pid: i32, signal: i32) = libc::kill(pid, signal);
    /// `killpg`
    fn killpg(group: i32, signal: i32) = libc::killpg(group, signal);
    /// `setgroups`
    fn setgroups(groups: &[u32]) = libc::setgroups(groups.len(), groups.as_ptr());
    /// `initgroups`
    fn initgroups(name: &CStr, group: u32) = libc::initgroups(name.as_ptr(), group);
    /// `setpriority`
    fn setpriority(which: u32, who: u32, value: i32) = libc::setpriority(which, who, value);
    /// `chown`
    fn chown(path: &CStr, uid: u32, gid: u32) = libc::chown(path.as_ptr(), uid, gid);
    /// `lchown`
    fn lchown(path: &CStr, uid: u32, gid: u32) = libc::lchown(path.as_ptr(), uid, gid);
    /// `fchown`
    fn fchown(fd: i32, uid: u32, gid: u32) = libc::fchown(fd, uid, gid);
    /// `fchownat`
    fn fchownat(dir: i32, path: &CStr, uid: u32, gid: u32, flags: i32)
        = libc::fchownat(dir, path.as_ptr(), uid, gid, flags);
    /// `fchmodat`
    fn fchmodat(dir: i32, path: &CStr, mode: u32, flags: i32)
        = libc::fchmodat(dir, path.as_ptr(), mode, flags);
    /// `faccessat`
    fn faccessat(dir: i32, path: &CStr, mode: i32, flags: i32)
        = libc::faccessat(dir, path.as_ptr(), mode, flags);
    /// `chroot`
    fn chroot(path: &CStr) = libc::chroot(path.as_ptr());
    /// `mkfifoat`
    fn mkfifoat(dir: i32, path: &CStr, mode: u32) = libc::mkfifoat(dir, path.as_ptr(), mode);
    /// `mknodat`
    fn mknodat(dir: i32, path: &CStr, mode: u32, device: u64)
        = libc::mknodat(dir, path.as_ptr(), mode, device);
    /// `lockf`
    fn lockf(fd: i32, command: i32, length: i64) = libc::lockf(fd, command, length);
    /// `pread`
    fn pread(fd: i32, buffer: &mut [u8], offset: i64)
        = libc::pread(fd, buffer.as_mut_ptr().cast(), buffer.len(), offset);
    /// `pwrite`
    fn pwrite(fd: i32, data: &[u8], offset: i64)
        = libc::pwrite(fd, data.as_ptr().cast(), data.len(), offset);
    /// `read`
    fn read(fd: i32, buffer: &mut [u8]) = libc::read(fd, buffer.as_mut_ptr().cast(), buffer.len());
    /// `write`
    fn write(fd: i32, data: &[u8]) = libc::write(fd, data.as_ptr().cast(), data.len());
    /// `tcgetpgrp`
    fn tcgetpgrp(fd: i32) = libc::tcgetpgrp(fd);
    /// `tcsetpgrp`
    fn tcsetpgrp(fd: i32, group: i32) = libc::tcsetpgrp(fd, group);
    /// `posix_openpt`
    fn posix_openpt(flags: i32) = libc::posix_openpt(flags);
    /// `grantpt`
    fn grantpt(fd: i32) = libc::grantpt(fd);
    /// `unlockpt`
    fn unlockpt(fd: i32) = libc::unlockpt(fd);
    /// `login_tty`
    fn login_tty(fd: i32) = libc::login_tty(fd);
    /// `eventfd`
    fn eventfd(value: u32, flags: i32) = libc::eventfd(value, flags);
    /// `memfd_create`
    fn memfd_create(name: &CStr, flags: u32) = libc::memfd_create(name.as_ptr(), flags);
    /// `pidfd_open`
    fn pidfd_open(pid: i32, flags: u32) = libc::syscall(libc::SYS_pidfd_open, pid, flags);
    /// `pidfd_send_signal`
    fn pidfd_send_signal(fd: i32, signal: i32, flags: u32)
        = libc::syscall(libc::SYS_pidfd_send_signal, fd, signal, std::ptr::null::<u8>(), flags);
    /// `unshare`
    fn unshare(flags: i32) = libc::unshare(flags);
    /// `setns`
    fn setns(fd: i32, kind: i32) = libc::setns(fd, kind);
    /// `fpathconf`
    fn fpathconf_raw(fd: i32, name: i32) = libc::fpathconf(fd, name);
    /// `sched_get_priority_max`
    fn sched_get_priority_max(policy: i32) = libc::sched_get_priority_max(policy);
    /// `sched_get_priority_min`
    fn sched_get_priority_min(policy: i32) = libc::sched_get_priority_min(policy);
    /// `sched_getscheduler`
    fn sched_getscheduler(pid: i32) = libc::sched_getscheduler(pid);
    /// `setxattr`
    fn setxattr(path: &CStr, name: &CStr, value: &[u8], flags: i32)
        = libc::setxattr(path.as_ptr(), name.as_ptr(), value.as_ptr().cast(), value.len(), flags);
    /// `lsetxattr`
    fn lsetxattr(path: &CStr, name: &CStr, value: &[u8], flags: i32)
        = libc::lsetxattr(path.as_ptr(), name.as_ptr(), value.as_ptr().cast(), value.len(), flags);
    /// `fsetxattr`
    fn fsetxattr(fd: i32, name: &CStr, value: &[u8], flags: i32)
        = libc::fsetxattr(fd, name.as_ptr(), value.as_ptr().cast(), value.len(), flags);
    /// `getxattr`
    fn getxattr(path: &CStr, name: &CStr, out: &mut [u8])
        = libc::getxattr(path.as_ptr(), name.as_ptr(), out.as_mut_ptr().cast(), out.len());
    /// `lgetxattr`
    fn lgetxattr(path: &CStr, name: &CStr, out: &mut [u8])
        = libc::lgetxattr(path.as_ptr(), name.as_ptr(), out.as_mut_ptr().cast(), out.len());
    /// `fgetxattr`
    fn fgetxattr(fd: i32, name: &CStr, out: &mut [u8])
        = libc::fgetxattr(fd, name.as_ptr(), out.as_mut_ptr().cast(), out.len());
    /// `listxattr`
    fn listxattr(path: &CStr, out: &mut [u8])
        = libc::listxattr(path.as_ptr(), out.as_mut_ptr().cast(), out.len());
    /// `llistxattr`
    fn llistxattr(path: &CStr, out: &mut [u8])
        = libc::llistxattr(path.as_ptr(), out.as_mut_ptr().cast(), out.len());
    /// `flistxattr`
    fn flistxattr(fd: i32, out: &mut [u8]) = libc::flistxattr(fd, out.as_mut_ptr().cast(), out.len());
    /// `removexattr`
    fn removexattr(path: &CStr, name: &CStr) = libc::removexattr(path.as_ptr(), name.as_ptr());
    /// `lremovexattr`
    fn lremovexattr(path: &CStr, name: &CStr) = libc::lremovexattr(path.as_ptr(), name.as_ptr());
    /// `fremovexattr`
    fn fremovexattr(fd: i32, name: &CStr) = libc::fremovexattr(fd, name.as_ptr());
    /// `sendfile` from the file's own position.
    fn sendfile(to: i32, from: i32, count: usize)
        = libc::sendfile(to, from, std::ptr::null_mut(), count);
    /// `sendfile` from a position.
    fn sendfile_at(to: i32, from: i32, offset: i64, count: usize)
        = libc::sendfile(to, from, &raw const offset as *mut i64, count);
    /// `flock`
    fn flock(fd: i32, operation: i32) = libc::flock(fd, operation);
    /// `fcntl` with a number.
    fn fcntl(fd: i32, command: i32, arg: i64) = libc::fcntl(fd, command, arg);
    /// `ioctl` with a number.
    fn ioctl(fd: i32, request: u64, arg: i64) = libc::ioctl(fd, request, arg);
    /// `epoll_create1`
    fn epoll_create1(flags: i32) = libc::epoll_create1(flags);
    /// `close`
    fn close(fd: i32) = libc::close(fd);
    /// `dup`, closed when a program is executed.
    fn dup_cloexec(fd: i32) = libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, 0);
    /// `dup2`
    fn dup2(fd: i32, to: i32) = libc::dup2(fd, to);
    /// `dup3`
    fn dup3(fd: i32, to: i32, flags: i32) = libc::dup3(fd, to, flags);
    /// `unlinkat`
    fn unlinkat(dir: i32, path: &CStr, flags: i32) = libc::unlinkat(dir, path.as_ptr(), flags);
    /// `shm_open`
    fn shm_open(name: &CStr, flags: i32, mode: u32) = libc::shm_open(name.as_ptr(), flags, mode);
    /// `shm_unlink`
    fn shm_unlink(name: &CStr) = libc::shm_unlink(name.as_ptr());
    /// `sem_unlink`
    fn sem_unlink(name: &CStr) = libc::sem_unlink(name.as_ptr());
    /// `tcsendbreak`
    fn tcsendbreak(fd: i32, duration: i32) = libc::tcsendbreak(fd, duration);
    /// `tcdrain`
    fn tcdrain(fd: i32) = libc::tcdrain(fd);
    /// `tcflush`
    fn tcflush(fd: i32, queue: i32) = libc::tcflush(fd, queue);
    /// `tcflow`
    fn tcflow(fd: i32, action: i32) = libc::tcflow(fd, action);
    /// `system`
    fn system(command: &CStr) = libc::system(command.as_ptr());
    /// `sethostname`
    fn sethostname(name: &[u8]) = libc::sethostname(name.as_ptr().cast(), name.len());
    /// `copy_file_range`
    fn copy_file_range(from: i32, from_at: Option<i64>, to: i32, to_at: Option<i64>, count: usize)
        = libc::copy_file_range(from, offset(&from_at), to, offset(&to_at), count, 0);
    /// `splice`
    fn splice(from: i32, from_at: Option<i64>, to: i32, to_at: Option<i64>, count: usize, flags: u32)
        = libc::splice(from, offset(&from_at), to, offset(&to_at), count, flags);
    /// `timerfd_create`
    fn timerfd_create(clock: i32, flags: i32) = libc::timerfd_create(clock, flags);
}

fn offset(at: &Option<i64>) -> *mut i64 {
    match at {
        Some(n) => n as *const i64 as *mut i64,
        None => std::ptr::null_mut(),
    }
}

/// `nice`, which may give -1 without an error.
pub fn nice(increment: i32) -> Sys {
    clear_errno();
    // SAFETY: a number.
    let r = unsafe { libc::nice(increment) };
    if r == -1 && errno() != 0 {
        return Err(errno());
    }
    Ok(r as i64)
}

/// `getpriority`, which may give -1 without an error.
pub fn getpriority(which: u32, who: u32) -> Sys {
    clear_errno();
    // SAFETY: numbers.
    let r = unsafe { libc::getpriority(which, who) };
    if r == -1 && errno() != 0 {
        return Err(errno());
    }
    Ok(r as i64)
}

/// Sets the error number to 0, for calls whose -1 is no error by itself.
pub fn clear_errno() {
    // SAFETY: the address is the calling thread's own error number.
    unsafe { *libc::__errno_location() = 0 }
}

/// `pathconf`: -1 for no limit.
pub fn pathconf(path: &CStr, name: i32) -> Sys {
    clear_errno();
    // SAFETY: a C string and a number.
    let r = unsafe { libc::pathconf(path.as_ptr(), name) };
    if r == -1 && errno() != 0 {
        Err(errno())
    } else {
        Ok(r)
    }
}

/// `fpathconf`: -1 for no limit.
pub fn fpathconf(fd: i32, name: i32) -> Sys {
    clear_errno();
    match fpathconf_raw(fd, name) {
        Err(0) => Ok(-1),
        r => r,
    }
}

/// `sysconf`: -1 for no limit.
pub fn sysconf(name: i32) -> Sys {
    clear_errno();
    // SAFETY: a number.
    let r = unsafe { libc::sysconf(name) };
    if r == -1 && errno() != 0 {
        Err(errno())
    } else {
        Ok(r)
    }
}

/// `confstr`; None when the name has no value.
pub fn confstr(name: i32) -> Sys<Option<Vec<u8>>> {
    clear_errno();
    let mut out = vec![0u8; 255];
    loop {
        // SAFETY: the buffer's length goes with it.
        let n = unsafe { libc::confstr(name, out.as_mut_ptr().cast(), out.len()) };
        if n == 0 {
            return if errno() != 0 { Err(errno()) } else { Ok(None) };
        }
        if n <= out.len() {
            out.truncate(n - 1);
            return Ok(Some(out));
        }
        out.resize(n, 0);
    }
}

/// `posix_fadvise`
pub fn fadvise(fd: i32, offset: i64, length: i64, advice: i32) -> Sys<()> {
    // SAFETY: numbers.
    numbered(unsafe { libc::posix_fadvise(fd, offset, length, advice) })
}

/// `posix_fallocate`
pub fn fallocate(fd: i32, offset: i64, length: i64) -> Sys<()> {
    // SAFETY: numbers.
    numbered(unsafe { libc::posix_fallocate(fd, offset, length) })
}

/// Name of a terminal, by `ttyname_r` or `ptsname_r`.
fn name_of(fd: i32, f: unsafe extern "C" fn(i32, *mut c_char, usize) -> i32) -> Sys<Vec<u8>> {
    let mut out = vec![0u8; 4096];
    // SAFETY: the buffer's length goes with it.
    numbered(unsafe { f(fd, out.as_mut_ptr().cast(), out.len()) })?;
    out.truncate(out.iter().position(|b| *b == 0).unwrap_or(0));
    Ok(out)
}

/// `ttyname`
pub fn ttyname(fd: i32) -> Sys<Vec<u8>> {
    name_of(fd, libc::ttyname_r)
}

/// `ptsname`
pub fn ptsname(fd: i32) -> Sys<Vec<u8>> {
    name_of(fd, libc::ptsname_r)
}

/// `openpty`: master and slave.
pub fn openpty() -> Sys<(i32, i32)> {
    let (mut master, mut slave) = (-1, -1);
    let none = std::ptr::null_mut();
    // SAFETY: two places for numbers; the rest is not wanted.
    checked(unsafe {
        libc::openpty(
            &mut master,
            &mut slave,
            none,
            std::ptr::null_mut(),
            std::ptr::null_mut(),
        )
    } as i64)?;
    Ok((master, slave))
}

/// `getresuid`
pub fn getresuid() -> Sys<[u32; 3]> {
    let mut v = [0; 3];
    let [a, b, c] = &mut v;
    // SAFETY: three places for numbers.
    checked(unsafe { libc::getresuid(a, b, c) } as i64)?;
    Ok(v)
}

/// `getresgid`
pub fn getresgid() -> Sys<[u32; 3]> {
    let mut v = [0; 3];
    let [a, b, c] = &mut v;
    // SAFETY: three places for numbers.
    checked(unsafe { libc::getresgid(a, b, c) } as i64)?;
    Ok(v)
}

/// `fcntl` with a structure that is read and written.
pub fn fcntl_buffer(fd: i32, command: i32, buffer: &mut [u8]) -> Sys {
    // SAFETY: the caller's buffer is longer than any structure of fcntl's.
    checked(unsafe { libc::fcntl(fd, command, buffer.as_mut_ptr()) } as i64)
}

/// `fcntl` with a `struct flock`.
pub fn fcntl_lock(fd: i32, command: i32, lock: &mut libc::flock) -> Sys {
    // SAFETY: the structure that these commands take.
    checked(unsafe { libc::fcntl(fd, command, lock as *mut libc::flock) } as i64)
}

/// `ioctl` with a structure that is read and written.
pub fn ioctl_buffer(fd: i32, request: u64, buffer: &mut [u8]) -> Sys {
    // SAFETY: the program says how much the request wants; its buffer is at least 1 KB here.
    checked(unsafe { libc::ioctl(fd, request, buffer.as_mut_ptr()) } as i64)
}

/// `select`: sets are bit sets of descriptors.
pub fn select(count: i32, sets: &mut [libc::fd_set; 3], timeout: Option<libc::timeval>) -> Sys {
    let [r, w, x] = sets;
    let mut timeout = timeout;
    let t = timeout
        .as_mut()
        .map_or(std::ptr::null_mut(), |t| t as *mut _);
    // SAFETY: three sets and perhaps a time; count is at most FD_SETSIZE.
    checked(unsafe { libc::select(count.min(libc::FD_SETSIZE as i32), r, w, x, t) } as i64)
}

/// An empty set of descriptors.
pub fn empty_fd_set() -> libc::fd_set {
    // SAFETY: all zeros is the empty set.
    unsafe { std::mem::zeroed() }
}

/// Enters a descriptor below FD_SETSIZE.
pub fn fd_set_add(set: &mut libc::fd_set, fd: i32) {
    if (0..libc::FD_SETSIZE as i32).contains(&fd) {
        // SAFETY: the number is within the set.
        unsafe { libc::FD_SET(fd, set) }
    }
}

/// Is a descriptor in the set?
pub fn fd_set_has(set: &libc::fd_set, fd: i32) -> bool {
    // SAFETY: the number is within the set.
    (0..libc::FD_SETSIZE as i32).contains(&fd) && unsafe { libc::FD_ISSET(fd, set) }
}

/// `poll`; milliseconds, -1 for ever.
pub fn poll(fds: &mut [libc::pollfd], timeout: i32) -> Sys {
    // SAFETY: the slice's length goes with it.
    checked(unsafe { libc::poll(fds.as_mut_ptr(), fds.len() as _, timeout) } as i64)
}

/// `epoll_ctl`
pub fn epoll_ctl(epoll: i32, operation: i32, fd: i32, events: u32) -> Sys {
    let mut event = libc::epoll_event {
        events,
        u64: fd as u64,
    };
    // SAFETY: one event.
    checked(unsafe { libc::epoll_ctl(epoll, operation, fd, &mut event) } as i64)
}

/// `epoll_wait`: descriptors with their events.
pub fn epoll_wait(epoll: i32, most: usize, timeout: i32) -> Sys<Vec<(i32, u32)>> {
    let most = most.clamp(1, 1 << 16);
    let mut out = vec![libc::epoll_event { events: 0, u64: 0 }; most];
    // SAFETY: the buffer's length goes with it.
    let n = unsafe { libc::epoll_wait(epoll, out.as_mut_ptr(), most as i32, timeout) };
    let n = checked(n as i64)? as usize;
    out.truncate(n);
    Ok(out.iter().map(|e| (e.u64 as i32, e.events)).collect())
}

/// `getrusage`
pub fn getrusage(who: i32) -> Sys<libc::rusage> {
    // SAFETY: numbers, of which any are valid.
    let mut usage = unsafe { std::mem::zeroed() };
    // SAFETY: a place for the structure.
    checked(unsafe { libc::getrusage(who, &mut usage) } as i64)?;
    Ok(usage)
}

/// `wait4`
pub fn wait4(pid: i32, options: i32) -> Sys<(i32, i32, libc::rusage)> {
    // SAFETY: numbers, of which any are valid.
    let mut usage = unsafe { std::mem::zeroed() };
    let mut status = 0;
    // SAFETY: places for the results.
    let r = checked(unsafe { libc::wait4(pid, &mut status, options, &mut usage) } as i64)?;
    Ok((r as i32, status, usage))
}

/// `waitid`: pid, uid, signal, status, code; None when nothing has changed.
pub fn waitid(kind: u32, id: u32, options: i32) -> Sys<Option<[i64; 5]>> {
    // SAFETY: numbers, of which any are valid.
    let mut info: libc::siginfo_t = unsafe { std::mem::zeroed() };
    // SAFETY: a place for the structure.
    checked(unsafe { libc::waitid(kind, id, &mut info, options) } as i64)?;
    // SAFETY: the fields of SIGCHLD, zero when there was none.
    let (pid, uid, status) = unsafe { (info.si_pid(), info.si_uid(), info.si_status()) };
    if pid == 0 {
        return Ok(None);
    }
    Ok(Some([
        pid as i64,
        uid as i64,
        info.si_signo as i64,
        status as i64,
        info.si_code as i64,
    ]))
}

/// `prlimit`: sets limits when there are any, and gives the old ones.
pub fn prlimit(pid: i32, resource: u32, new: Option<(u64, u64)>) -> Sys<(u64, u64)> {
    let new = new.map(|(soft, hard)| libc::rlimit {
        rlim_cur: soft,
        rlim_max: hard,
    });
    let mut old = libc::rlimit {
        rlim_cur: 0,
        rlim_max: 0,
    };
    let p = new.as_ref().map_or(std::ptr::null(), |n| n as *const _);
    // SAFETY: one structure to read, one to write.
    checked(unsafe { libc::prlimit(pid, resource as _, p, &mut old) } as i64)?;
    Ok((old.rlim_cur, old.rlim_max))
}

/// `sched_setscheduler`
pub fn sched_setscheduler(pid: i32, policy: i32, priority: i32) -> Sys {
    let p = libc::sched_param {
        sched_priority: priority,
    };
    // SAFETY: one structure to read.
    checked(unsafe { libc::sched_setscheduler(pid, policy, &p) } as i64)
}

/// `sched_setparam`
pub fn sched_setparam(pid: i32, priority: i32) -> Sys {
    let p = libc::sched_param {
        sched_priority: priority,
    };
    // SAFETY: one structure to read.
    checked(unsafe { libc::sched_setparam(pid, &p) } as i64)
}

/// `sched_getparam`
pub fn sched_getparam(pid: i32) -> Sys<i32> {
    let mut p = libc::sched_param { sched_priority: 0 };
    // SAFETY: one structure to write.
    checked(unsafe { libc::sched_getparam(pid, &mut p) } as i64)?;
    Ok(p.sched_priority)
}

/// `sched_rr_get_interval`, in seconds.
pub fn sched_rr_get_interval(pid: i32) -> Sys<f64> {
    let mut t = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: one structure to write.
    checked(unsafe { libc::sched_rr_get_interval(pid, &mut t) } as i64)?;
    Ok(t.tv_sec as f64 + t.tv_nsec as f64 * 1e-9)
}

const CPU_WORDS: usize = 1024;

/// `sched_getaffinity`: numbers of the processors.
pub fn sched_getaffinity(pid: i32) -> Sys<Vec<usize>> {
    let mut mask = [0u64; CPU_WORDS];
    // SAFETY: the mask's size goes with it.
    let r = unsafe {
        libc::syscall(
            libc::SYS_sched_getaffinity,
            pid,
            size_of_val(&mask),
            mask.as_mut_ptr(),
        )
    };
    checked(r)?;
    Ok((0..CPU_WORDS * 64)
        .filter(|i| mask[i / 64] >> (i % 64) & 1 == 1)
        .collect())
}

/// `sched_setaffinity`
pub fn sched_setaffinity(pid: i32, processors: &[usize]) -> Sys {
    let mut mask = [0u64; CPU_WORDS];
    for p in processors {
        match mask.get_mut(p / 64) {
            Some(word) => *word |= 1 << (p % 64),
            None => return Err(libc::EINVAL),
        }
    }
    // SAFETY: the mask's size goes with it.
    checked(unsafe {
        libc::syscall(
            libc::SYS_sched_setaffinity,
            pid,
            size_of_val(&mask),
            mask.as_ptr(),
        )
    })
}

fn vectors(parts: &[Vec<u8>]) -> Vec<libc::iovec> {
    let vector = |p: &Vec<u8>| libc::iovec {
        iov_base: p.as_ptr() as *mut _,
        iov_len: p.len(),
    };
    parts.iter().map(vector).collect()
}

/// `writev`, `pwritev`
pub fn write_parts(fd: i32, parts: &[Vec<u8>], at: Option<(i64, i32)>) -> Sys {
    let v = vectors(parts);
    // SAFETY: each vector says how long its part is.
    let r = unsafe {
        match at {
            None => libc::writev(fd, v.as_ptr(), v.len() as i32),
            Some((at, flags)) => libc::pwritev2(fd, v.as_ptr(), v.len() as i32, at, flags),
        }
    };
    checked(r as i64)
}

/// `readv`, `preadv`
pub fn read_parts(fd: i32, parts: &mut [Vec<u8>], at: Option<(i64, i32)>) -> Sys {
    let v: Vec<libc::iovec> = parts
        .iter_mut()
        .map(|p| libc::iovec {
            iov_base: p.as_mut_ptr().cast(),
            iov_len: p.len(),
        })
        .collect();
    // SAFETY: each vector says how long its part is.
    let r = unsafe {
        match at {
            None => libc::readv(fd, v.as_ptr(), v.len() as i32),
            Some((at, flags)) => libc::preadv2(fd, v.as_ptr(), v.len() as i32, at, flags),
        }
    };
    checked(r as i64)
}

/// `timerfd_settime`: interval and value before, in nanoseconds.
pub fn timerfd_settime(fd: i32, flags: i32, initial: i64, interval: i64) -> Sys<(i64, i64)> {
    let spec = |ns: i64| libc::timespec {
        tv_sec: ns.div_euclid(1_000_000_000),
        tv_nsec: ns.rem_euclid(1_000_000_000),
    };
    let new = libc::itimerspec {
        it_interval: spec(interval),
        it_value: spec(initial),
    };
    let mut old = libc::itimerspec {
        it_interval: spec(0),
        it_value: spec(0),
    };
    // SAFETY: one structure to read, one to write.
    checked(unsafe { libc::timerfd_settime(fd, flags, &new, &mut old) } as i64)?;
    Ok((nanoseconds(old.it_value), nanoseconds(old.it_interval)))
}

/// `timerfd_gettime`: value and interval in nanoseconds.
pub fn timerfd_gettime(fd: i32) -> Sys<(i64, i64)> {
    let zero = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    let mut now = libc::itimerspec {
        it_interval: zero,
        it_value: zero,
    };
    // SAFETY: one structure to write.
    checked(unsafe { libc::timerfd_gettime(fd, &mut now) } as i64)?;
    Ok((nanoseconds(now.it_value), nanoseconds(now.it_interval)))
}

fn nanoseconds(t: libc::timespec) -> i64 {
    t.tv_sec * 1_000_000_000 + t.tv_nsec
}

/// A terminal's settings.
pub fn tcgetattr(fd: i32) -> Sys<libc::termios> {
    // SAFETY: numbers, of which any are valid.
    let mut t = unsafe { std::mem::zeroed() };
    // SAFETY: a place for the structure.
    checked(unsafe { libc::tcgetattr(fd, &mut t) } as i64)?;
    Ok(t)
}

/// Sets a terminal's settings, with these speeds.
pub fn tcsetattr(fd: i32, when: i32, t: &mut libc::termios, input: u32, output: u32) -> Sys<()> {
    // SAFETY: one structure to change.
    unsafe {
        checked(libc::cfsetispeed(t, input) as i64)?;
        checked(libc::cfsetospeed(t, output) as i64)?;
        checked(libc::tcsetattr(fd, when, t) as i64)?;
    }
    Ok(())
}

/// Input and output speed of terminal settings.
pub fn speeds(t: &libc::termios) -> (u32, u32) {
    // SAFETY: one structure to read.
    unsafe { (libc::cfgetispeed(t), libc::cfgetospeed(t)) }
}

/// The login name.
pub fn getlogin() -> Sys<Vec<u8>> {
    // SAFETY: the signatures are those of the C library's headers.
    unsafe extern "C" {
        fn getlogin_r(name: *mut c_char, size: usize) -> i32;
    }
    let mut out = vec![0u8; 256];
    // SAFETY: the buffer's length goes with it.
    numbered(unsafe { getlogin_r(out.as_mut_ptr().cast(), out.len()) })?;
    out.truncate(out.iter().position(|b| *b == 0).unwrap_or(0));
    Ok(out)
}

/// Sets a variable of the C library's environment, or takes it out.
pub fn setenv(name: &CStr, value: Option<&CStr>) -> Sys {
    // SAFETY: C strings, which are copied. Rust code that reads the environment at the same time
    // does so under the interpreter's lock, as this does.
    checked(unsafe {
        match value {
            Some(v) => libc::setenv(name.as_ptr(), v.as_ptr(), 1),
            None => libc::unsetenv(name.as_ptr()),
        }
    } as i64)
}

/// The C library's environment, entries of `NAME=VALUE`.
pub fn environment() -> Vec<CString> {
    // SAFETY: the signatures are those of the C library's headers.
    unsafe extern "C" {
        static environ: *const *const c_char;
    }
    let mut out = Vec::new();
    // SAFETY: an array of C strings that ends with null; only changed under the interpreter's lock.
    unsafe {
        let mut p = environ;
        while !p.is_null() && !(*p).is_null() {
            out.push(CStr::from_ptr(*p).to_owned());
            p = p.add(1);
        }
    }
    out
}

/// The clock of another thread's processor time.
pub fn thread_clock(ident: u64) -> Sys<i32> {
    let mut clock = 0;
    // SAFETY: the program says that this is a live thread, as in C.
    numbered(unsafe { libc::pthread_getcpuclockid(ident as libc::pthread_t, &mut clock) })?;
    Ok(clock)
}

/// `clock_gettime` of any clock, in nanoseconds.
pub fn clock_gettime(clock: i32) -> Sys {
    let mut t = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: one structure to write.
    checked(unsafe { libc::clock_gettime(clock, &mut t) } as i64)?;
    Ok(nanoseconds(t))
}

/// `clock_getres`, in nanoseconds.
pub fn clock_getres(clock: i32) -> Sys {
    let mut t = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: one structure to write.
    checked(unsafe { libc::clock_getres(clock, &mut t) } as i64)?;
    Ok(nanoseconds(t))
}

/// `clock_settime`, in nanoseconds.
pub fn clock_settime(clock: i32, ns: i64) -> Sys {
    let t = libc::timespec {
        tv_sec: ns.div_euclid(1_000_000_000),
        tv_nsec: ns.rem_euclid(1_000_000_000),
    };
    // SAFETY: one structure to read.
    checked(unsafe { libc::clock_settime(clock, &t) } as i64)
}

/// Sleeps until the monotonic clock shows this time; EINTR when a signal arrives.
pub fn sleep_until(ns: i64) -> Sys<()> {
    let t = libc::timespec {
        tv_sec: ns / 1_000_000_000,
        tv_nsec: ns % 1_000_000_000,
    };
    // SAFETY: one structure to read.
    numbered(unsafe {
        libc::clock_nanosleep(
            libc::CLOCK_MONOTONIC,
            libc::TIMER_ABSTIME,
            &t,
            std::ptr::null_mut(),
        )
    })
}

/// Closes the descriptors from `low` to `high`, inclusive.
pub fn close_range(low: u32, high: u32) {
    // SAFETY: numbers; the program owns its descriptors by number.
    if unsafe { libc::syscall(libc::SYS_close_range, low, high, 0) } != 0 {
        for fd in low..=high.min(1 << 16) {
            let _ = close(fd as i32);
        }
    }
}

/// The process's time zone from its environment, as `localtime` will use it.
pub fn tzset() {
    // SAFETY: the signatures are those of the C library's headers.
    unsafe extern "C" {
        fn tzset();
    }
    // SAFETY: reads the environment, under the interpreter's lock.
    unsafe { tzset() }
}

/// Gives a thread its name.
pub fn set_thread_name(name: &CStr) {
    // SAFETY: a C string, copied; too long a name is refused.
    unsafe {
        libc::pthread_setname_np(libc::pthread_self(), name.as_ptr());
    }
}
