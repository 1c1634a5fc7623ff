//! Signals and the thread that compiles.

/// Blocks all signals in the calling thread, so that they reach one that runs Python code.
pub fn block_signals() {
    // SAFETY: the set is filled before it is read, and both calls only concern the calling thread.
    unsafe {
        let mut all: libc::sigset_t = std::mem::zeroed();
        libc::sigfillset(&mut all);
        libc::pthread_sigmask(libc::SIG_BLOCK, &all, std::ptr::null_mut());
    }
}
