//! Machine code in memory.
//!
//! One arena, mapped twice: where it is written it cannot be executed, and where it is executed
//! it cannot be written. What is freed is filled with instructions that trap, and used again (first
//! fit; neighbours are joined). A forked process shares the memory of its parent, so what is there when
//! a process forks is never used again in either.
#![allow(unsafe_code)]

pub mod marker;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

/// Bytes reserved for code.
const SIZE: usize = 256 << 20;

/// The arena.
pub struct Arena {
    write: Cell<usize>,
    execute: Cell<usize>,
    used: Cell<usize>,
    /// The process that mapped it: a forked child shares what is there, and appends elsewhere.
    owner: Cell<u32>,
    /// Free pieces below `used`: offset and size, in order.
    free: RefCell<BTreeMap<usize, usize>>,
    /// What is below was there when the process forked.
    kept: Cell<usize>,
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
            free: RefCell::default(),
            kept: Cell::new(0),
        }
    }

    fn map(&self) -> bool {
        let process = std::process::id();
        if self.write.get() != 0 && self.owner.get() == process {
            return true;
        }
        self.owner.set(process);
        self.used.set(0);
        self.kept.set(0);
        self.free.borrow_mut().clear();
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
        let at = match self.take_free(size) {
            Some(at) => at,
            None => {
                let at = self.used.get();
                if at + size > SIZE {
                    return None;
                }
                self.used.set(at + size);
                at
            }
        };
        // SAFETY: within the write mapping, at a place that is not handed out.
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

    /// A place among the free pieces.
    fn take_free(&self, size: usize) -> Option<usize> {
        let mut free = self.free.borrow_mut();
        let (at, room) = free
            .iter()
            .map(|(at, room)| (*at, *room))
            .find(|(_, room)| *room >= size)?;
        free.remove(&at);
        if room > size {
            free.insert(at + size, room - size);
        }
        Some(at)
    }

    /// Gives the memory of code at an address that [`Arena::add`] gave, of so many bytes, back. Nobody
    /// may be in the code, or enter it.
    pub fn free(&self, address: usize, bytes: usize) {
        let Some(at) = address.checked_sub(self.execute.get()) else {
            return;
        };
        let size = bytes.next_multiple_of(64);
        let mine = self.owner.get() == std::process::id() && at + size <= self.used.get();
        if !mine || at < self.kept.get() {
            return;
        }
        // SAFETY: within the write mapping, a place that was handed out and that nobody uses.
        unsafe {
            std::ptr::write_bytes((self.write.get() + at) as *mut u8, TRAP, size);
        }
        let mut free = self.free.borrow_mut();
        let (mut from, mut end) = (at, at + size);
        if let Some((before, room)) = free.range(..at).next_back().map(|(a, r)| (*a, *r))
            && before + room == from
        {
            free.remove(&before);
            from = before;
        }
        if let Some(room) = free.remove(&end) {
            end += room;
        }
        if end == self.used.get() {
            self.used.set(from);
        } else {
            free.insert(from, end - from);
        }
    }

    /// Another process is about to share what is there: it stays.
    pub fn keep(&self) {
        self.kept.set(self.used.get());
        self.free.borrow_mut().clear();
    }

    /// Bytes from the first piece in use to the last.
    pub fn used(&self) -> usize {
        self.used.get()
    }
}

/// Bytes that trap wherever somebody would go on in them: `int3`, and `udf` of zeros on ARM.
const TRAP: u8 = if cfg!(target_arch = "x86_64") {
    0xCC
} else {
    0
};

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

#[cfg(test)]
mod tests {
    use super::{Arena, TRAP};

    #[test]
    fn freed_memory_traps_and_is_used_again() {
        let arena = Arena::new();
        let code = |n: u8, len: usize| vec![n; len];
        let at: Vec<usize> = (0..4)
            .map(|i| arena.add(&code(i, 100)).expect("room"))
            .collect();
        assert_eq!(arena.used(), 4 * 128);
        arena.free(at[1], 100);
        // SAFETY: the piece is mapped.
        assert_eq!(unsafe { *(at[1] as *const u8) }, TRAP);
        arena.free(at[2], 100);
        // Neighbours were joined: both together have room for one that is larger.
        assert_eq!(arena.add(&code(9, 200)), Some(at[1]));
        assert_eq!(arena.add(&code(8, 1)), Some(at[3] + 128));
        // What is free at the end is not even kept.
        arena.free(at[3] + 128, 1);
        arena.free(at[3], 100);
        assert_eq!(arena.used(), 3 * 128);
    }

    #[test]
    fn what_another_process_shares_stays() {
        let arena = Arena::new();
        let first = arena.add(&[1; 64]).expect("room");
        arena.keep();
        arena.free(first, 64);
        assert_ne!(arena.add(&[2; 64]), Some(first));
        // SAFETY: the piece is mapped.
        assert_eq!(unsafe { *(first as *const u8) }, 1);
    }
}
