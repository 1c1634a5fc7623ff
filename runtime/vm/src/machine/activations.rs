//! Whether somebody is in machine code: its activations are found by their return addresses.
//!
//! # Theory
//! An activation of compiled code that is not the innermost one has called something, and its return
//! address is on a machine stack. So the words of all machine stacks are looked at, as the collector does
//! for objects: one that points into a piece of code means that the piece may be left to. A stale word
//! keeps a piece until the next look.
//!
//! Who asks is not compiled code, and the other threads wait for the interpreter lock, with their
//! registers on their stacks.

use crate::Thread;
use crate::object::gc::with_spilled_registers;

impl Thread {
    /// Calls `f` with each word of the machine stacks of this thread and of those that wait.
    pub fn for_each_stack_word(&self, f: &mut dyn FnMut(usize)) {
        with_spilled_registers(|low| words(low as usize, self.stack_base, f));
        let others = self.vm().threads.borrow();
        for &thread in others.iter().filter(|t| !std::ptr::eq(**t, self)) {
            // SAFETY: threads are on the list while they exist; the others are stopped at a place where
            // they left no borrow of themselves.
            let (low, high) = unsafe { ((*thread).parked_at.get(), (*thread).stack_base) };
            if low != 0 {
                words(low, high, f);
            }
        }
    }
}

/// The words of a stack, from the lower to the upper end.
fn words(low: usize, high: usize, f: &mut dyn FnMut(usize)) {
    let mut at = low.next_multiple_of(8);
    while at + 8 <= high {
        // SAFETY: within a stack, which is readable; volatile, because the words belong to variables of
        // other functions.
        f(unsafe { (at as *const usize).read_volatile() });
        at += 8;
    }
}
