//! Mappings and semaphores.

use std::ffi::CStr;
use std::ptr::NonNull;

use super::{Sys, checked, errno};

/// A mapping of a file or of anonymous memory; unmapped when dropped.
pub struct Mapping {
    start: NonNull<u8>,
    len: usize,
}

impl Mapping {
    /// `mmap`
    pub fn new(len: usize, protection: i32, flags: i32, fd: i32, offset: i64) -> Sys<Mapping> {
        // SAFETY: a new mapping where the system likes.
        let p = unsafe { libc::mmap(std::ptr::null_mut(), len, protection, flags, fd, offset) };
        if p == libc::MAP_FAILED {
            return Err(errno());
        }
        match NonNull::new(p.cast()) {
            Some(start) => Ok(Mapping { start, len }),
            None => Err(libc::ENOMEM),
        }
    }

    /// Its address.
    pub fn start(&self) -> *mut u8 {
        self.start.as_ptr()
    }

    /// Its length.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Is it empty?
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The bytes. Another process may change them at any time, so they are only good for copying.
    pub fn as_slice(&self) -> &[u8] {
        // SAFETY: the mapping is as long as this, and lives as long as the borrow.
        unsafe { std::slice::from_raw_parts(self.start.as_ptr(), self.len) }
    }

    /// Copies bytes in; false when they do not fit.
    pub fn write(&self, at: usize, data: &[u8]) -> bool {
        if at.checked_add(data.len()).is_none_or(|end| end > self.len) {
            return false;
        }
        // SAFETY: the range is within the mapping; the caller has checked that it is writable.
        unsafe { std::ptr::copy(data.as_ptr(), self.start.as_ptr().add(at), data.len()) };
        true
    }

    /// Copies a range within the mapping; the ranges must be within it.
    pub fn copy_within(&self, to: usize, from: usize, count: usize) -> bool {
        let end = to.max(from).checked_add(count);
        if end.is_none_or(|end| end > self.len) {
            return false;
        }
        // SAFETY: both ranges are within the mapping, and may overlap.
        unsafe { std::ptr::copy(self.start().add(from), self.start().add(to), count) };
        true
    }

    /// `msync`
    pub fn flush(&self, offset: usize, len: usize, flags: i32) -> Sys<()> {
        // SAFETY: the caller has checked the range.
        checked(unsafe { libc::msync(self.start().add(offset).cast(), len, flags) } as i64)
            .map(drop)
    }

    /// `madvise`
    pub fn advise(&self, offset: usize, len: usize, advice: i32) -> Sys<()> {
        // SAFETY: the caller has checked the range; advice that drops contents is what the
        // program asks for.
        checked(unsafe { libc::madvise(self.start().add(offset).cast(), len, advice) } as i64)
            .map(drop)
    }

    /// `mremap`
    pub fn resize(&mut self, len: usize) -> Sys<()> {
        // SAFETY: nothing borrows the mapping, which we hold mutably.
        let p = unsafe { libc::mremap(self.start().cast(), self.len, len, libc::MREMAP_MAYMOVE) };
        if p == libc::MAP_FAILED {
            return Err(errno());
        }
        if let Some(start) = NonNull::new(p.cast()) {
            self.start = start;
            self.len = len;
        }
        Ok(())
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: our own mapping; nothing borrows it any more.
        unsafe { libc::munmap(self.start.as_ptr().cast(), self.len) };
    }
}

/// A named semaphore.
pub struct Semaphore(NonNull<libc::sem_t>);

// SAFETY: semaphores are made for being used by several threads.
unsafe impl Send for Semaphore {}
// SAFETY: as above.
unsafe impl Sync for Semaphore {}

impl Semaphore {
    /// `sem_open`; `create` gives mode and value of a new one.
    pub fn open(name: &CStr, create: Option<(u32, u32)>) -> Sys<Semaphore> {
        // SAFETY: a C string and numbers.
        let p = unsafe {
            match create {
                Some((mode, value)) => {
                    libc::sem_open(name.as_ptr(), libc::O_CREAT | libc::O_EXCL, mode, value)
                }
                None => libc::sem_open(name.as_ptr(), 0),
            }
        };
        NonNull::new(p).map(Semaphore).ok_or_else(errno)
    }

    /// Its address, as a number that a child process may use.
    pub fn address(&self) -> u64 {
        self.0.as_ptr() as u64
    }

    /// Takes the semaphore; waits until a time of the real clock in nanoseconds, or for ever
    /// (None). False when the time is over; EINTR when a signal arrives.
    pub fn wait(&self, until: Option<i64>) -> Sys<bool> {
        // SAFETY: an open semaphore.
        let r = unsafe {
            match until {
                None => libc::sem_wait(self.0.as_ptr()),
                Some(ns) => {
                    let t = libc::timespec {
                        tv_sec: ns / 1_000_000_000,
                        tv_nsec: ns % 1_000_000_000,
                    };
                    libc::sem_timedwait(self.0.as_ptr(), &t)
                }
            }
        };
        match checked(r as i64) {
            Ok(_) => Ok(true),
            Err(libc::ETIMEDOUT) => Ok(false),
            Err(e) => Err(e),
        }
    }

    /// Takes the semaphore if that is possible at once.
    pub fn try_wait(&self) -> Sys<bool> {
        // SAFETY: an open semaphore.
        match checked(unsafe { libc::sem_trywait(self.0.as_ptr()) } as i64) {
            Ok(_) => Ok(true),
            Err(libc::EAGAIN) => Ok(false),
            Err(e) => Err(e),
        }
    }

    /// `sem_post`
    pub fn post(&self) -> Sys<()> {
        // SAFETY: an open semaphore.
        checked(unsafe { libc::sem_post(self.0.as_ptr()) } as i64).map(drop)
    }

    /// `sem_getvalue`
    pub fn value(&self) -> Sys<i32> {
        let mut v = 0;
        // SAFETY: an open semaphore and a place for a number.
        checked(unsafe { libc::sem_getvalue(self.0.as_ptr(), &mut v) } as i64)?;
        Ok(v)
    }
}

impl Drop for Semaphore {
    fn drop(&mut self) {
        // SAFETY: an open semaphore, not used afterwards.
        unsafe { libc::sem_close(self.0.as_ptr()) };
    }
}
