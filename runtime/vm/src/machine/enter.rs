//! Entering compiled code.

use taipan_abi::resume::{INTERPRET, RAISED};

use crate::Thread;
use crate::interp::unwind::Unwound;
use crate::object::{Raised, Result, Value};

/// What became of an activation of compiled code.
pub enum Outcome {
    /// It returned this; its frame is still on the stack.
    Returned(Value),
    /// The interpreter must go on with the running frame.
    Interpret,
    /// An exception is pending; the running frame must be unwound.
    Raised,
}

impl Thread {
    /// Runs compiled code for the running frame, whose window begins at `regs`.
    #[inline]
    pub(crate) fn enter_machine(&mut self, entry: u64, regs: *mut u64) -> Outcome {
        // SAFETY: `entry` is the address of code that the compiler installed for this frame's code,
        // with this signature; the window is the running frame's.
        let word = unsafe {
            let f: extern "C" fn(*mut Thread, *mut u64) -> u64 =
                std::mem::transmute::<usize, _>(entry as usize);
            f(self, regs)
        };
        match word {
            RAISED => Outcome::Raised,
            INTERPRET => Outcome::Interpret,
            _ => match Value::from_bits(word) {
                Some(v) => Outcome::Returned(v),
                None => Outcome::Raised,
            },
        }
    }

    /// Runs the running frame, which was pushed with the ENTRY flag, to its end: compiled if it is,
    /// else interpreted.
    pub(crate) fn run_entry(&mut self) -> Result {
        if let Some(frame) = self.stacks.current() {
            let compiled = frame.code.compiled.get();
            if compiled != 0 && self.may_enter() {
                let outcome = self.enter_machine(compiled, frame.regs);
                return self.finish_entry(outcome);
            }
        }
        crate::interp::run::run(self)
    }

    /// Brings an entry frame to its end after compiled code has left it.
    pub(crate) fn finish_entry(&mut self, outcome: Outcome) -> Result {
        match outcome {
            Outcome::Returned(v) => {
                self.pop_frame();
                self.yielded = false;
                Ok(v)
            }
            Outcome::Interpret => crate::interp::run::run(self),
            Outcome::Raised => self.run_raised(),
        }
    }

    /// As the interpreter's `run`, with an exception pending in the running frame.
    pub(crate) fn run_raised(&mut self) -> Result {
        match self.unwind(false) {
            Unwound::Handler(target) => {
                if let Some(frame) = self.stacks.current() {
                    frame.pc = frame.code.words.wrapping_add(target as usize);
                }
                crate::interp::run::run(self)
            }
            Unwound::Leave => Err(Raised),
        }
    }

    /// May compiled code be entered now? Not while somebody traces.
    #[inline(always)]
    pub(crate) fn may_enter(&self) -> bool {
        !self.is_traced()
    }
}

impl Thread {
    /// A function was called often: the compiler decides.
    #[cold]
    pub(crate) fn hot_function(&mut self, f: crate::object::Gc<crate::types::function::Function>) {
        if let Some(tier) = self.vm().tier.get() {
            self.tell_broken();
            tier.hot_function(self, f);
        }
    }

    /// A loop of the running frame ran often: the address of compiled code to go on in.
    #[cold]
    pub(crate) fn hot_loop(
        &mut self,
        header: u32,
        slot: &crate::feedback::FeedbackSlot,
    ) -> Option<u64> {
        if !self.may_enter() {
            return None;
        }
        self.tell_broken();
        let tier = self.vm().tier.get()?;
        let entry = tier.hot_loop(self, header);
        if entry.is_none() {
            // Ask again after as many rounds.
            slot.count.set(0);
        }
        entry
    }

    /// Tells the compiler of broken assumptions.
    pub(crate) fn tell_broken(&mut self) {
        if self.vm().assumptions.has_broken() {
            let units = self.vm().assumptions.take_broken();
            if let Some(tier) = self.vm().tier.get() {
                tier.broken(self, units);
            }
        }
    }
}
