//! Tracing and profiling: `sys.settrace`, `sys.setprofile`, `f_trace`.
//!
//! The dispatch loop knows nothing of it. While a thread has a trace or profile function,
//! [`run_traced`] drives the frames instead, one instruction at a time, and looks at each
//! instruction before it runs: is it the first of a frame, of a line, a return, a call of a
//! builtin? A thread comes here when a request bit sends it to a safepoint (function entry,
//! back-edge, after a builtin's call), and goes back when both functions are gone.
//!
//! The rules are those of CPython 3.12 and later: an instruction is the event `line` when its
//! line is not the line of the instruction before it in the same frame, or when a jump backward
//! led to it.
#![allow(unsafe_code)]

use taipan_bytecode::code::co_flags;
use taipan_bytecode::opcode::Opcode;

use super::frame::flags;
use super::run::step;
use super::unwind::Unwound;
use crate::Thread;
use crate::object::{Gc, Raised, Result, Value};
use crate::thread::request;
use crate::types::builtin_function::Builtin;
use crate::types::frame::FrameObject;
use crate::types::generator::Generator;
use crate::types::method::BoundMethod;

/// What a frame's trace function is being told; [`FrameObject::trace_event`].
pub mod event {
    /// Nothing: no trace function runs for the frame.
    pub const NONE: u8 = 0;
    /// `call`
    pub const CALL: u8 = 1;
    /// `line`
    pub const LINE: u8 = 2;
    /// `return` of a frame that yields and can go on.
    pub const YIELD: u8 = 3;
    /// Any other.
    pub const OTHER: u8 = 4;
}

/// What to do after looking at an instruction.
enum Look {
    /// Run it.
    Run,
    /// A trace function has moved the frame elsewhere.
    Moved,
    /// Nobody traces any more.
    Off,
}

impl Thread {
    /// Are events wanted just now?
    #[inline]
    pub(crate) fn is_traced(&self) -> bool {
        (self.trace_function.get().is_some() || self.profile_function.get().is_some())
            && !self.tracing.get()
    }

    /// Sets the trace function, and asks for the way to [`run_traced`].
    pub fn set_trace(&mut self, f: Option<Value>) {
        self.trace_function.set(f);
        self.leave_compiled_code(f);
        self.request(request::TRACE);
    }

    /// Sets the profile function, and asks for the way to [`run_traced`].
    pub fn set_profile(&mut self, f: Option<Value>) {
        self.profile_function.set(f);
        self.leave_compiled_code(f);
        self.request(request::TRACE);
    }

    /// Compiled code reports no events.
    fn leave_compiled_code(&self, f: Option<Value>) {
        if f.is_some() {
            self.vm().assumptions.trace_begins();
        }
    }
}

/// Runs the running frame until it (or the entry frame below it) returns, or until nobody
/// traces any more, which is None: then the dispatch loop goes on.
pub(super) fn run_traced(th: &mut Thread) -> Result<Option<Value>> {
    loop {
        if let Some(code) = th.stacks.current().map(|f| f.code) {
            th.unpack(code);
        }
        let reraised = match look(th) {
            Ok(Look::Off) => return Ok(None),
            Ok(Look::Moved) => continue,
            Ok(Look::Run) => {
                let Some(frame) = th.stacks.current() else {
                    return Ok(None);
                };
                let entry = frame.flags & flags::ENTRY != 0;
                // SAFETY: pc addresses an instruction of verified code.
                let op = unsafe { *frame.pc } as u16;
                let depth = th.stacks.depth();
                // A yield leaves the generators that delegate to this one, too.
                let mut chain = 0;
                while th
                    .stacks
                    .at(chain)
                    .is_some_and(|f| f.flags & flags::DELEGATE != 0)
                {
                    chain += 1;
                }
                let chain_entry = th
                    .stacks
                    .at(chain)
                    .is_some_and(|f| f.flags & flags::ENTRY != 0);
                let object = Value::from_bits(frame.object);
                let dst = frame.dst as usize;
                match step(th) {
                    Ok(v) => {
                        let gone = depth.saturating_sub(th.stacks.depth());
                        let left = gone > 0;
                        let entry = if gone == chain + 1 {
                            chain_entry
                        } else {
                            entry
                        };
                        if left && op == Opcode::Delegate as u16 {
                            let v = if entry {
                                Some(v)
                            } else {
                                th.stacks.current().and_then(|f| f.reg(dst))
                            };
                            let yielded = th.yielded;
                            suspended(th, object, v)?;
                            th.yielded = yielded;
                        }
                        if left && entry {
                            return Ok(Some(v));
                        }
                        continue;
                    }
                    Err(Raised) => is_reraise(th, op),
                }
            }
            Err(Raised) => false,
        };
        match th.unwind(reraised) {
            Unwound::Handler(target) => {
                if let Some(frame) = th.stacks.current() {
                    // SAFETY: handlers of verified code are instruction starts.
                    frame.pc = unsafe { frame.code.words().add(target as usize) };
                }
            }
            Unwound::Leave => return Err(Raised),
        }
    }
}

/// Did the instruction raise again what has its traceback entry already?
fn is_reraise(th: &Thread, op: u16) -> bool {
    op == Opcode::Reraise as u16
        || op == Opcode::RaiseCurrent as u16
            && th.pending.get().map(Value::bits) == th.handled.get().map(Value::bits)
}

/// Sends the events that come before the running frame's next instruction.
fn look(th: &mut Thread) -> Result<Look> {
    if !th.is_traced() {
        return Ok(Look::Off);
    }
    let Some(frame) = th.stacks.current() else {
        return Ok(Look::Off);
    };
    let code = frame.code;
    const MAKERS: u32 = co_flags::GENERATOR | co_flags::COROUTINE | co_flags::ASYNC_GENERATOR;
    if code.has(MAKERS) && frame.generator == 0 {
        // A call that only makes the generator is no event.
        return Ok(Look::Run);
    }
    let word = frame.word();
    let Some(object) = crate::types::frame::of_running(th) else {
        return Ok(Look::Run);
    };
    after_builtin(th, object, true)?;
    let mut line = code.line_at(word);
    let mut goes_on = false;
    if frame.flags & flags::ENTERED == 0 {
        frame.flags |= flags::ENTERED;
        let resumed = Value::from_bits(frame.generator)
            .and_then(|g| g.downcast::<Generator>())
            .map(|g| g.word());
        let starts = match resumed {
            Some(w) => word == w || word == w + 1,
            None => word == 0,
        };
        if starts {
            // SAFETY: pc addresses an instruction of verified code.
            let op = unsafe { *frame.pc } as u16;
            let first = match resumed {
                Some(w) => word == w && op != Opcode::Delegate as u16,
                None => true,
            };
            if first {
                object
                    .trace_line
                    .set(crate::types::code::introspect::entry_line(&code));
            } else if let Some(w) = resumed {
                // A generator goes on at its `yield`, not behind it.
                object.trace_line.set(code.line_at(w));
                goes_on = true;
                if object.trace_word.get() == usize::MAX {
                    object.trace_word.set(w);
                }
            }
            let r = entered(th, object);
            object.trace_line.set(crate::types::frame::NO_LINE);
            r?;
        }
    }
    let before = object.trace_word.get();
    if line != 0 && is_line_event(frame, line) {
        object.trace_word.set(word);
    } else {
        line = 0;
    }
    if object.trace.get().is_some() {
        // Going on in a `yield` is not going back.
        let back = word <= before && !goes_on;
        let changed = before == usize::MAX || code.line_at(before) != line || back;
        if line != 0 && changed && object.trace_lines.get() {
            let none = th.none();
            tell(th, object, event::LINE, "line", none)?;
            if moved(th, object) {
                return Ok(Look::Moved);
            }
        }
        if object.trace_opcodes.get() {
            let none = th.none();
            tell(th, object, event::OTHER, "opcode", none)?;
        }
    }
    leaving_or_calling(th, object)?;
    if moved(th, object) {
        return Ok(Look::Moved);
    }
    Ok(Look::Run)
}

/// Is the instruction the frame stands at one that a line's event can be for? Going back to a loop's
/// header on the header's own line is not: the header will be.
fn is_line_event(frame: &super::frame::Frame, line: u32) -> bool {
    // SAFETY: pc addresses an instruction of verified code.
    if unsafe { *frame.pc } as u16 != Opcode::LoopBack as u16 {
        return true;
    }
    // SAFETY: a LoopBack has a second word, which begins with its target.
    let target = unsafe { *frame.pc.add(1) } as u32 as usize;
    target == frame.word() || frame.code.line_at(target) != line
}

/// Did the trace function set `f_lineno`?
fn moved(th: &mut Thread, object: Gc<FrameObject>) -> bool {
    let Some(frame) = th.stacks.current() else {
        return false;
    };
    if !object.jumped.get() {
        return false;
    }
    object.jumped.set(false);
    // The jump may have left handlers.
    let handled = match frame.own_handled {
        0 => frame.entry_handled,
        own => own,
    };
    th.handled.set(Value::from_bits(handled));
    true
}

/// `call`, to the thread's functions.
fn entered(th: &mut Thread, object: Gc<FrameObject>) -> Result<()> {
    let none = th.none();
    if let Some(f) = th.trace_function.get() {
        let r = call(th, f, object, event::CALL, "call", none);
        note_result(th, object, r)?;
    }
    profile(th, object, "call", none)
}

/// Events of the next instruction itself: it returns, yields, or calls a builtin.
fn leaving_or_calling(th: &mut Thread, object: Gc<FrameObject>) -> Result<()> {
    let Some(frame) = th.stacks.current() else {
        return Ok(());
    };
    // SAFETY: pc addresses an instruction of verified code.
    let w = unsafe { *frame.pc };
    let (op, a, b) = (
        w as u16,
        (w >> 16) as u16 as usize,
        (w >> 32) as u16 as usize,
    );
    let value = if op == Opcode::Return as u16 {
        frame.reg(a)
    } else if op == Opcode::ReturnNone as u16 {
        None
    } else if op == Opcode::Yield as u16 {
        frame.reg(b)
    } else {
        if th.profile_function.get().is_some()
            && (op == Opcode::Call as u16 || op == Opcode::CallMethod as u16)
            && let Some(f) = frame.reg(b)
        {
            return before_builtin(th, object, f);
        }
        return Ok(());
    };
    let value = th.or_none(value);
    let kind = match op == Opcode::Yield as u16 {
        true => event::YIELD,
        false => event::OTHER,
    };
    left(th, object, kind, value)
}

/// `return`, to everybody.
fn left(th: &mut Thread, object: Gc<FrameObject>, kind: u8, value: Value) -> Result<()> {
    let last = last_line(th, object);
    if let Some(line) = last {
        object.trace_line.set(line);
    }
    let r =
        tell(th, object, kind, "return", value).and_then(|()| profile(th, object, "return", value));
    if last.is_some() {
        object.trace_line.set(crate::types::frame::NO_LINE);
    }
    r
}

/// The line that was traced last, for a return that no line owns.
fn last_line(th: &Thread, object: Gc<FrameObject>) -> Option<u32> {
    let frame = th.stacks.current()?;
    let word = object.trace_word.get();
    let is_running = frame.object == object.value().bits();
    (is_running && word != usize::MAX && frame.code.line_at(frame.word()) == 0)
        .then(|| frame.code.line_at(word))
}

/// `return` for a frame whose `yield from` has just suspended it.
fn suspended(th: &mut Thread, object: Option<Value>, value: Option<Value>) -> Result<()> {
    let value = th.or_none(value);
    match object.and_then(|o| o.downcast::<FrameObject>()) {
        Some(object) => left(th, object, event::OTHER, value),
        None => Ok(()),
    }
}

/// `c_call`, when a builtin is about to be called.
fn before_builtin(th: &mut Thread, object: Gc<FrameObject>, f: Value) -> Result<()> {
    let f = match f.downcast::<BoundMethod>() {
        Some(m) => m.function,
        None => f,
    };
    if f.downcast::<Builtin>().is_none() {
        return Ok(());
    }
    profile(th, object, "c_call", f)?;
    object.trace_builtin.set(object.header(), f);
    Ok(())
}

/// `c_return` or `c_exception`, when a builtin's call has ended.
fn after_builtin(th: &mut Thread, object: Gc<FrameObject>, well: bool) -> Result<()> {
    match object.trace_builtin.take() {
        Some(f) if well => profile(th, object, "c_return", f),
        Some(f) => profile(th, object, "c_exception", f),
        None => Ok(()),
    }
}

/// Tells the frame's own trace function, if it has one.
fn tell(
    th: &mut Thread,
    object: Gc<FrameObject>,
    kind: u8,
    name: &str,
    argument: Value,
) -> Result<()> {
    let Some(f) = object.trace.get() else {
        return Ok(());
    };
    if th.trace_function.get().is_none() {
        return Ok(());
    }
    let r = call(th, f, object, kind, name, argument);
    note_result(th, object, r)
}

/// A trace function's value becomes the frame's trace function; its exception ends tracing.
fn note_result(th: &mut Thread, object: Gc<FrameObject>, r: Result) -> Result<()> {
    match r {
        Ok(v) if th.is_none(v) => Ok(()),
        Ok(v) => {
            object.trace.set(object.header(), v);
            Ok(())
        }
        Err(Raised) => {
            th.set_trace(None);
            object.trace.clear();
            Err(Raised)
        }
    }
}

/// Tells the thread's profile function.
fn profile(th: &mut Thread, object: Gc<FrameObject>, name: &str, argument: Value) -> Result<()> {
    let Some(f) = th.profile_function.get() else {
        return Ok(());
    };
    let r = call(th, f, object, event::OTHER, name, argument);
    if r.is_err() {
        th.set_profile(None);
    }
    r.map(|_| ())
}

/// Calls a trace or profile function, which is not traced itself.
fn call(
    th: &mut Thread,
    f: Value,
    object: Gc<FrameObject>,
    kind: u8,
    name: &str,
    argument: Value,
) -> Result {
    let name = th.intern(name).value();
    let handled = th.handled.get();
    let was = th.tracing.replace(true);
    let outer = object.trace_event.replace(kind);
    let r = th.call(f, &[object.value(), name, argument]);
    object.trace_event.set(outer);
    th.tracing.set(was);
    th.handled.set(handled);
    r
}

/// `exception`, and what ends with it; called when the pending exception has got its traceback
/// entry for the running frame. What a trace function raises takes its place.
#[cold]
pub(super) fn raised(th: &mut Thread) {
    let Some(object) = traced_object(th) else {
        return;
    };
    let Some(e) = th.pending.take() else {
        return;
    };
    let r = before_exception(th, object).and_then(|()| {
        if object.trace.get().is_none() {
            return Ok(());
        }
        let class = th.class_of(e).value();
        let tb = th.or_none(crate::types::exception::of(e).and_then(|e| e.traceback.get()));
        let argument = th.new_tuple(&[class, e, tb]).value();
        tell(th, object, event::OTHER, "exception", argument)
    });
    if r.is_ok() {
        th.pending.set(Some(e));
    }
}

/// `call` for a frame that was resumed to raise, and the end of a builtin's call.
fn before_exception(th: &mut Thread, object: Gc<FrameObject>) -> Result<()> {
    after_builtin(th, object, false)?;
    if let Some(frame) = th.stacks.current()
        && frame.flags & flags::ENTERED == 0
    {
        frame.flags |= flags::ENTERED;
        if frame.generator != 0 {
            return entered(th, object);
        }
    }
    Ok(())
}

/// `return` with None, when the pending exception is about to leave the running frame.
#[cold]
pub(super) fn unwinding(th: &mut Thread) {
    let Some(object) = traced_object(th) else {
        return;
    };
    let Some(e) = th.pending.take() else {
        return;
    };
    let none = th.none();
    if left(th, object, event::OTHER, none).is_ok() {
        th.pending.set(Some(e));
    }
}

fn traced_object(th: &mut Thread) -> Option<Gc<FrameObject>> {
    let frame = th.stacks.current()?;
    // A frame that was never looked at belongs to nobody's trace, except a resumed one.
    if frame.flags & flags::ENTERED == 0 && frame.generator == 0 {
        return None;
    }
    let object = crate::types::frame::of_running(th)?;
    let profiled = th.profile_function.get().is_some();
    (profiled || th.trace_function.get().is_some()).then_some(object)
}
