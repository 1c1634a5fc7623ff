//! From a raised exception to its handler.
#![allow(unsafe_code)]

use crate::interp::frame::{Frame, flags};
use crate::types::traceback;
use crate::{Thread, Value};

/// Where to go on after an exception.
pub enum Unwound {
    /// In the running frame, at this instruction word.
    Handler(u32),
    /// Out of `run`: the entry frame is gone.
    Leave,
}

impl Thread {
    /// Finds the handler for the pending exception, popping frames; `traced` says that the running
    /// frame has its traceback entry already (re-raised).
    #[cold]
    pub(crate) fn unwind(&mut self, traced: bool) -> Unwound {
        let mut traced = traced | std::mem::take(&mut self.machine.reraised);
        loop {
            let Some(frame) = self.stacks.current() else {
                return Unwound::Leave;
            };
            let word = frame.word();
            if frame.flags & flags::UNLOADED != 0 {
                crate::types::generator::load_registers(self);
            }
            self.note_raised(traced);
            traced = false;
            if let Some(target) = frame.code.data.handler(word as u32) {
                return Unwound::Handler(target);
            }
            let f = frame.flags;
            self.drop_frame(frame);
            if f & flags::ENTRY != 0 {
                return Unwound::Leave;
            }
            // The caller was to go on behind its call, which may be outside the handler's range.
            // One that resumed a generator stands at the instruction that did.
            if f & (flags::FOR_ITER | flags::DELEGATE) == 0
                && let Some(caller) = self.stacks.current()
            {
                caller.pc = caller.pc.wrapping_sub(1);
            }
        }
    }

    /// The traceback's entry for the running frame.
    fn note_raised(&mut self, traced: bool) {
        if self.pending.get().is_none() {
            self.system_error("error return without exception set");
        }
        if !traced {
            traceback::add_entry(self);
            if self.is_traced() {
                super::trace::raised(self);
            }
        }
    }

    /// The pending exception leaves the running frame.
    fn drop_frame(&mut self, frame: &mut Frame) {
        if self.is_traced() {
            super::trace::unwinding(self);
        }
        self.stand_where_raised();
        if frame.generator != 0 {
            crate::types::generator::chain::write_delegator(self);
            crate::types::generator::finished(self, frame.generator);
        }
        self.handled.set(Value::from_bits(frame.entry_handled));
        self.pop_frame();
    }

    /// The pending exception goes to a handler in compiled code, `pops` frames further out than
    /// the running one; `traced` as in [`Thread::unwind`]. Does what `EnterHandler` does there:
    /// gives the exception and leaves what was handled before as the second result.
    pub(crate) fn catch(&mut self, pops: usize, traced: bool) -> Value {
        self.note_raised(traced);
        for _ in 0..pops {
            if let Some(frame) = self.stacks.current() {
                self.drop_frame(frame);
            }
            if let Some(caller) = self.stacks.current() {
                caller.pc = caller.pc.wrapping_sub(1);
            }
            self.note_raised(false);
        }
        let e = self.take_pending();
        if let Some(frame) = self.stacks.current() {
            self.machine.second = frame.own_handled;
            frame.own_handled = e.bits();
        }
        self.handled.set(Some(e));
        e
    }

    /// A frame that an exception leaves by code without a line of its own (the end of a handler
    /// or a `with`) has the line where the exception was raised.
    fn stand_where_raised(&mut self) {
        let Some(frame) = self.stacks.current() else {
            return;
        };
        if frame.object == 0 || frame.line() != 0 {
            return;
        }
        let tb = self.pending.get().and_then(crate::types::exception::of);
        let tb = tb.and_then(|e| e.traceback.get());
        if let Some(tb) = tb.and_then(|t| t.downcast::<traceback::Traceback>())
            && tb.frame.value().bits() == frame.object
        {
            frame.pc = frame.code.words().wrapping_add(tb.word);
        }
    }
}
