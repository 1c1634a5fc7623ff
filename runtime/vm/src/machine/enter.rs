//! Entering compiled code.

use taipan_abi::resume::{GONE, INTERPRET, RAISED};

use crate::Thread;
use crate::interp::frame::flags;
use crate::interp::unwind::Unwound;
use crate::object::{Raised, Result, Value};

/// Address of what compiled code calls for a function that has no machine code.
pub(crate) fn interpreted_entry() -> u64 {
    interpret as extern "C" fn(*mut Thread, *mut u64) -> u64 as usize as u64
}

/// Runs the frame that compiled code has just pushed with its arguments, as the function's own machine
/// code would be called: its record is the running one afterwards, and popped by the caller, unless an
/// exception is pending.
extern "C" fn interpret(th: *mut Thread, _: *mut u64) -> u64 {
    // SAFETY: compiled code passes the thread it runs on, and holds no reference while it calls.
    let th = unsafe { &mut *th };
    let record = th.stacks.current;
    let Ok(value) = th.interpret_callee() else {
        return GONE;
    };
    // SAFETY: the record of a frame that has ended lies in the frame stack, above those that run.
    unsafe { (*record).object = 0 };
    th.stacks.current = record;
    value.bits()
}

/// What became of an activation of compiled code.
pub enum Outcome {
    /// It returned this; its frame is still on the stack.
    Returned(Value),
    /// The interpreter must go on with the running frame.
    Interpret,
    /// The running frame, a generator's, delegates to something that has yielded this.
    Yielded(Value),
    /// An exception is pending; the running frame must be unwound.
    Raised,
}

/// What became of the frames that end with one.
pub enum Ended {
    /// All that delegated to it have ended, with this value; the flags of the last, whose record
    /// is gone.
    Left(Value, u16),
    /// The running frame delegated to it, and has come so far; never `Returned`.
    Goes(Outcome),
}

impl Thread {
    /// Runs compiled code for the running frame, whose window begins at `regs`.
    #[inline]
    pub(crate) fn enter_machine(&mut self, entry: u64, regs: *mut u64) -> Outcome {
        let outer = std::mem::replace(&mut self.loop_low, 0);
        // SAFETY: `entry` is the address of code that the compiler installed for this frame's code,
        // with this signature; the window is the running frame's.
        let word = unsafe {
            let f: extern "C" fn(*mut Thread, *mut u64) -> u64 =
                std::mem::transmute::<usize, _>(entry as usize);
            f(self, regs)
        };
        self.loop_low = outer;
        match word {
            RAISED => Outcome::Raised,
            INTERPRET => Outcome::Interpret,
            _ => match Value::from_bits(word) {
                Some(v) => Outcome::Returned(v),
                None => Outcome::Raised,
            },
        }
    }

    fn interpret_callee(&mut self) -> Result {
        if self.check_native_stack("").is_err() {
            return self.run_raised();
        }
        if let Some(frame) = self.stacks.current() {
            let (code, function) = (frame.code, frame.function);
            // Compiled code leaves the registers behind the parameters as they were.
            let bound = crate::machine::parameter_count(code);
            for i in bound..code.registers as usize {
                frame.set_reg(i, None);
            }
            let calls = code.calls.get().wrapping_add(1);
            code.calls.set(calls);
            if calls >= self.machine.call_threshold {
                self.hot_function(function);
            }
        }
        self.run_entry()
    }

    /// Runs the running frame, which was pushed with the ENTRY flag, to its end: compiled if it is,
    /// else interpreted.
    pub(crate) fn run_entry(&mut self) -> Result {
        if let Some(frame) = self.stacks.current() {
            let compiled = frame.code.compiled();
            if compiled != 0 && self.may_enter() {
                let outcome = self.enter_machine(compiled, frame.regs);
                return self.finish_entry(outcome);
            }
        }
        crate::interp::run::run(self)
    }

    /// Compiled code for the generator that was just entered and stands behind a yield; counts how
    /// often that was asked.
    #[inline]
    pub(crate) fn resume_entry(&mut self) -> Option<u64> {
        let frame = self.stacks.current()?;
        let code = frame.code;
        if let Ok(known) = code.resumed.try_borrow()
            && !known.is_empty()
        {
            let word = frame.word() as u32;
            if let Some((_, entry)) = known.iter().find(|(w, _)| *w == word) {
                let entry = *entry;
                return self.may_enter().then_some(entry);
            }
        }
        let calls = code.calls.get().wrapping_add(1);
        code.calls.set(calls);
        if calls < self.machine.call_threshold {
            return None;
        }
        code.calls.set(0);
        self.hot_resume()
    }

    #[cold]
    fn hot_resume(&mut self) -> Option<u64> {
        let frame = self.stacks.current()?;
        let word = frame.word();
        if word == 0 || !self.may_enter() {
            return None;
        }
        self.tell_broken();
        let tier = self.vm().tier.get()?;
        tier.hot_loop(self, word as u32)
    }

    /// Goes on with the running frame, a generator's that was entered with the ENTRY flag, in compiled
    /// code: what it yields or returns.
    pub(crate) fn run_resumed(&mut self, entry: u64) -> Result {
        let Some(frame) = self.stacks.current() else {
            return crate::interp::run::run(self);
        };
        match self.enter_machine(entry, frame.regs) {
            Outcome::Interpret => self.yield_or_run(),
            outcome => self.finish_entry(outcome),
        }
    }

    /// Goes on with the running frame, a generator's, which compiled code has left.
    fn yield_or_run(&mut self) -> Result {
        loop {
            if let Some(v) = self.yield_here() {
                return Ok(v);
            }
            match self.delegate_here() {
                Ok(true) => {}
                Ok(false) => return crate::interp::run::run(self),
                Err(Raised) => return self.run_raised(),
            }
            let entered = self.resume_entry();
            let (Some(entry), Some(frame)) = (entered, self.stacks.current()) else {
                return crate::interp::run::run(self);
            };
            match self.enter_machine(entry, frame.regs) {
                Outcome::Interpret => {}
                outcome => return self.finish_entry(outcome),
            }
        }
    }

    /// Enters the generator that the running frame delegates to, if it stands there. When this raises,
    /// it is the running frame that does.
    fn delegate_here(&mut self) -> Result<bool> {
        let Some(frame) = self.stacks.current() else {
            return Ok(false);
        };
        // SAFETY: pc addresses an instruction of the frame's code.
        let w = unsafe { *frame.pc };
        if w as u16 != taipan_bytecode::opcode::Opcode::Delegate as u16 {
            return Ok(false);
        }
        let register = |i: u64| frame.reg(i as u16 as usize);
        let (Some(it), Some(sent)) = (register(w >> 32), register(w >> 48)) else {
            return Ok(false);
        };
        let inner = match self.may_enter() {
            true => crate::types::generator::resumable(self, it, sent),
            false => None,
        };
        let Some(g) = inner else {
            return Ok(false);
        };
        let dst = (w >> 16) as u16;
        crate::types::generator::enter_chain(self, g, sent, flags::DELEGATE, dst)?;
        Ok(true)
    }

    /// Ends the running frame with a value. Generators that delegate to one another end with it, as
    /// far as nothing is left of them to be done but in compiled code.
    pub(crate) fn end_frame(&mut self, value: Value) -> Ended {
        let mut v = value;
        loop {
            let (mut fl, mut dst) = (0, 0);
            if let Some(frame) = self.stacks.current()
                && frame.generator != 0
            {
                (fl, dst) = (frame.flags, frame.dst);
                crate::types::generator::chain::write_delegator(self);
                crate::types::generator::finished(self, frame.generator);
                self.handled.set(Value::from_bits(frame.entry_handled));
            }
            self.pop_frame();
            if fl & flags::DELEGATE == 0 {
                return Ended::Left(v, fl);
            }
            // What delegated to it goes on.
            crate::types::generator::load_registers(self);
            let Some(frame) = self.stacks.current() else {
                return Ended::Goes(Outcome::Raised);
            };
            frame.set_reg(dst as usize, Some(v));
            frame.pc = frame.pc.wrapping_add(1);
            let regs = frame.regs;
            match self.resume_entry().map(|e| self.enter_machine(e, regs)) {
                Some(Outcome::Returned(next)) => v = next,
                Some(outcome) => return Ended::Goes(outcome),
                None => return Ended::Goes(Outcome::Interpret),
            }
        }
    }

    /// The value that the running frame yields, if it stands at a plain yield; it is suspended then.
    fn yield_here(&mut self) -> Option<Value> {
        let frame = self.stacks.current()?;
        // SAFETY: pc addresses an instruction of the frame's code, whose registers are in the window.
        let v = unsafe {
            let w = *frame.pc;
            let plain = w as u16 == taipan_bytecode::opcode::Opcode::Yield as u16
                && (w >> 48) as u16 != 1
                && frame.flags & (flags::ENTRY | flags::DELEGATE) != 0;
            if !plain {
                return None;
            }
            Value::from_bits(*frame.regs.add((w >> 32) as u16 as usize))?
        };
        if frame.flags & flags::DELEGATE == 0 {
            crate::types::generator::suspend(self);
            self.pop_frame();
            self.yielded = true;
        } else {
            crate::types::generator::suspend_all(self);
        }
        Some(v)
    }

    /// Brings an entry frame to its end after compiled code has left it.
    pub(crate) fn finish_entry(&mut self, outcome: Outcome) -> Result {
        match outcome {
            Outcome::Returned(v) => match self.end_frame(v) {
                Ended::Left(v, _) => {
                    self.yielded = false;
                    Ok(v)
                }
                Ended::Goes(Outcome::Interpret) => self.yield_or_run(),
                Ended::Goes(outcome) => self.finish_entry(outcome),
            },
            Outcome::Yielded(v) => {
                crate::types::generator::suspend_all(self);
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
                    frame.pc = frame.code.words().wrapping_add(target as usize);
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
