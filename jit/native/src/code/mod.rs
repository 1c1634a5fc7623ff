//! Machine code in memory.
//!
//! One arena, mapped twice: where it is written it cannot be executed, and where it is executed
//! it cannot be written. Code is appended; freeing is not done yet.
#![allow(unsafe_code)]

pub mod marker;

use std::cell::Cell;

/// Bytes reserved for code.
const SIZE: usize = 256 << 20;

/// The arena.
pub struct Arena {
    write: Cell<usize>,
    execute: Cell<usize>,
    used: Cell<usize>,
    /// The process that mapped it: a forked child shares what is there, and appends elsewhere.
    owner: Cell<u32>,
}

impl Default for Arena {
    fn default() -> Self {
        Arena::new()
    }
}

impl Arena {
    /// An arena that is mapped on first use.
    pub fn new() -> Arena {
        Arena {
            write: Cell::new(0),
            execute: Cell::new(0),
            used: Cell::new(0),
            owner: Cell::new(0),
        }
    }

    fn map(&self) -> bool {
        let process = std::process::id();
        if self.write.get() != 0 && self.owner.get() == process {
            return true;
        }
        self.owner.set(process);
        self.used.set(0);
        // SAFETY: plain system calls; the results are tested.
        unsafe {
            let fd = libc::memfd_create(c"taipan-code".as_ptr(), libc::MFD_CLOEXEC);
            if fd < 0 {
                return false;
            }
            if libc::ftruncate(fd, SIZE as libc::off_t) != 0 {
                libc::close(fd);
                return false;
            }
            let map = |prot| libc::mmap(std::ptr::null_mut(), SIZE, prot, libc::MAP_SHARED, fd, 0);
            let w = map(libc::PROT_READ | libc::PROT_WRITE);
            let x = map(libc::PROT_READ | libc::PROT_EXEC);
            libc::close(fd);
            if w == libc::MAP_FAILED || x == libc::MAP_FAILED {
                return false;
            }
            self.write.set(w as usize);
            self.execute.set(x as usize);
        }
        true
    }

    /// Puts code into the arena; gives its address. None when there is no memory.
    pub fn add(&self, code: &[u8]) -> Option<usize> {
        if !self.map() {
            return None;
        }
        let size = code.len().next_multiple_of(64);
        let at = self.used.get();
        if at + size > SIZE {
            return None;
        }
        self.used.set(at + size);
        // SAFETY: within the write mapping, at a place that was not handed out.
        unsafe {
            std::ptr::copy_nonoverlapping(
                code.as_ptr(),
                (self.write.get() + at) as *mut u8,
                code.len(),
            );
        }
        let address = self.execute.get() + at;
        clear_instruction_cache(address, code.len());
        Some(address)
    }

    /// Bytes in use.
    pub fn used(&self) -> usize {
        self.used.get()
    }
}

/// Makes all threads see code that was just written.
#[cfg(target_arch = "aarch64")]
fn clear_instruction_cache(address: usize, len: usize) {
    /// `MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE`, and what registers for it.
    const SYNC_CORE: libc::c_int = 1 << 5;
    const REGISTER_SYNC_CORE: libc::c_int = 1 << 6;
    // SAFETY: the C library declares it so.
    unsafe extern "C" {
        fn __clear_cache(from: *mut libc::c_char, to: *mut libc::c_char);
    }
    // Other processors that run this process may have fetched what was there before. Where the system
    // has no such barrier, a thread's way to the interpreter lock must do.
    // SAFETY: the C library's routine on our own memory, then a system call without pointers.
    unsafe {
        __clear_cache(address as *mut _, (address + len) as *mut _);
        let barrier = |command: libc::c_int| libc::syscall(libc::SYS_membarrier, command, 0, 0);
        if barrier(SYNC_CORE) != 0 && barrier(REGISTER_SYNC_CORE) == 0 {
            barrier(SYNC_CORE);
        }
    }
}

#[cfg(not(target_arch = "aarch64"))]
fn clear_instruction_cache(_: usize, _: usize) {}
