//! What a profiler's dump of machine code needs of the system: its clock, the thread's number, and
//! the mapping by which `perf` notices the file.
#![allow(unsafe_code)]

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;

/// Nanoseconds of `CLOCK_MONOTONIC`: the clock of `perf record -k mono`.
pub fn monotonic_time() -> u64 {
    let mut t = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: the place to write to is our own, and of the right type.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &mut t) };
    t.tv_sec as u64 * 1_000_000_000 + t.tv_nsec as u64
}

/// The system's number of the running thread.
pub fn thread_number() -> u32 {
    // SAFETY: it takes no arguments and cannot fail.
    unsafe { libc::gettid() as u32 }
}

/// Maps the first page of a file as if to execute it, for as long as the process lives: `perf` records
/// such mappings with the file's name, also those that are there when it comes later.
///
/// # Errors
/// Those of `mmap`: files in the folder may not be executed, for example.
pub fn map(file: &File) -> io::Result<()> {
    let prot = libc::PROT_READ | libc::PROT_EXEC;
    // SAFETY: a new mapping that nothing reads or writes; the result is tested.
    let at = unsafe {
        libc::mmap(
            std::ptr::null_mut(),
            1,
            prot,
            libc::MAP_PRIVATE,
            file.as_raw_fd(),
            0,
        )
    };
    match at == libc::MAP_FAILED {
        true => Err(io::Error::last_os_error()),
        false => Ok(()),
    }
}
