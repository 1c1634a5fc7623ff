//! Generators, coroutines and async generators.
//!
//! A suspended frame's registers are kept in the generator's cell; resuming copies them to the
//! value stack and pushes a record, so that a running generator is an ordinary frame.
#![allow(unsafe_code)]

pub mod async_gen;
pub mod chain;
pub mod coroutine;
pub mod finalize;
pub mod methods;

use std::cell::Cell;

use taipan_abi::resume::Stands;
use taipan_bytecode::code::co_flags;
use taipan_bytecode::opcode::Opcode;

use crate::Thread;
use crate::interp::frame::{copy_window, flags};
use crate::object::{Gc, GcSlot, Header, HeapObject, Kind, Result, Slot, Tracer, Value, ValueVec};
use crate::types::code::Code;
use crate::types::function::Function;
use crate::types::{ExceptionClass, T};

pub use async_gen::ASYNC_GENERATOR_TYPE;
pub use chain::{enter_chain, load_registers, suspend_all, suspend_chain};
pub use coroutine::COROUTINE_TYPE;
pub use methods::TYPE;

/// Where a generator stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum State {
    /// Not started.
    Created,
    /// At a yield.
    Suspended,
    /// On the stack.
    Running,
    /// Finished.
    Closed,
}

/// A generator, coroutine or async generator.
#[repr(C)]
pub struct Generator {
    head: Header,
    /// What runs.
    pub function: GcSlot<Function>,
    /// Its code.
    pub code: GcSlot<Code>,
    /// `__name__`
    pub name: Slot,
    /// `__qualname__`
    pub qualname: Slot,
    /// Where it stands.
    pub state: Cell<State>,
    /// Async generators: an asend/athrow is under way.
    pub running_async: Cell<bool>,
    /// Async generators: hooks were called.
    pub hooks_done: Cell<bool>,
    /// Async generators: closed by aclose.
    pub closed: Cell<bool>,
    /// The instruction it stands at.
    pc: Cell<*const u64>,
    /// The exception that its frame handles; empty for none.
    own_handled: Slot,
    /// The frame object, if somebody asked for it.
    pub frame_object: Slot,
    /// Async generators: the finalizer hook. Coroutines: `cr_origin`.
    pub extra: Slot,
    /// Its frame is on the stack without registers: they are here.
    unloaded: Cell<bool>,
    /// Number of the chain it is in (see [`chain`]); 0 for none.
    parked: Cell<u64>,
    /// The outermost generator of a chain: those that it delegates to, the innermost last.
    chain: ValueVec,
    registers: usize,
    words: [Cell<u64>; 0],
}

// SAFETY: repr(C), header first; slots and all saved registers are reported.
unsafe impl HeapObject for Generator {
    const KIND: Kind = Kind::Generator;
    const VARIABLE: bool = true;
    fn trace(&self, t: &mut Tracer) {
        t.gc_slot(&self.function);
        t.gc_slot(&self.code);
        for s in [
            &self.name,
            &self.qualname,
            &self.own_handled,
            &self.frame_object,
            &self.extra,
        ] {
            t.slot(s);
        }
        self.chain.trace(t);
        // While it runs its registers are on the stack, and what was saved is stale.
        if self.is_suspended() || self.unloaded.get() {
            for i in 0..self.registers {
                if let Some(v) = self.register(i) {
                    t.value(v);
                }
            }
        }
    }
}

/// What sending into something gave.
#[derive(Clone, Copy)]
pub enum Sent {
    /// It yielded.
    Yielded(Value),
    /// It returned.
    Returned(Value),
}

impl Generator {
    /// A saved register (registers may hold stale but valid words).
    pub fn register(&self, i: usize) -> Option<Value> {
        if i >= self.registers {
            return None;
        }
        // SAFETY: within the cell.
        Value::from_bits(unsafe { (*self.words.as_ptr().add(i)).get() })
    }

    /// Sets a saved register.
    pub fn set_register(&self, i: usize, v: Value) {
        if i < self.registers {
            // SAFETY: within the cell.
            unsafe { (*self.words.as_ptr().add(i)).set(v.bits()) };
            crate::object::gc::barrier::write_many(&self.head);
        }
    }

    /// The function.
    pub fn function(&self) -> Option<Gc<Function>> {
        self.function.get()
    }

    /// Can it be resumed?
    #[inline(always)]
    pub fn is_suspended(&self) -> bool {
        matches!(self.state.get(), State::Created | State::Suspended)
    }

    /// The code.
    pub fn code(&self) -> Gc<Code> {
        match self.code.get() {
            Some(c) => c,
            None => unreachable!("generator without code"),
        }
    }

    /// The object that a suspended generator delegates to (`yield from`, `await`).
    pub fn delegate(&self) -> Option<Value> {
        if self.state.get() != State::Suspended {
            return None;
        }
        // SAFETY: pc addresses the instruction at which the frame was suspended.
        let w = unsafe { *self.pc.get() };
        if w as u16 == Opcode::Delegate as u16 {
            self.register((w >> 32) as u16 as usize)
        } else {
            None
        }
    }

    /// Has nothing of it run yet?
    pub fn is_created(&self) -> bool {
        self.state.get() == State::Created
    }

    /// Has it ended?
    pub fn is_closed(&self) -> bool {
        self.state.get() == State::Closed
    }

    /// Index of the instruction word it stands at.
    pub fn word(&self) -> usize {
        (self.pc.get() as usize - self.code().words() as usize) / 8
    }
}

fn type_of(code: Gc<Code>) -> T {
    if code.has(co_flags::ASYNC_GENERATOR) {
        T::AsyncGenerator
    } else if code.has(co_flags::COROUTINE) {
        T::Coroutine
    } else {
        T::Generator
    }
}

/// Can a call of this code make the object without a frame? Not while somebody traces, or wants
/// to know where coroutines were made.
#[inline]
pub(crate) fn is_made_at_once(th: &Thread, code: Gc<Code>) -> bool {
    code.makes_at_once.get() && !th.is_traced() && th.coroutine_origin_depth.get() == 0
}

/// A generator function of one parameter, if a call can make its object without a frame.
#[inline]
pub(crate) fn function_of_one(th: &Thread, f: Value) -> Option<Gc<Function>> {
    let function = f.downcast::<Function>()?;
    let code = function.code();
    let simple = code.simple && code.argcount == 1 && is_made_at_once(th, code);
    simple.then_some(function)
}

/// What a call of a generator function gives, without a frame (see [`is_made_at_once`]); its
/// parameters are bound to these words. RecursionError as for a frame.
pub(crate) fn from_parameters(
    th: &mut Thread,
    function: Gc<Function>,
    parameters: &[Value],
) -> Result {
    if th.depth >= th.vm().recursion_limit.get() {
        return Err(th.recursion_overflow());
    }
    let code = function.code();
    let t = type_of(code);
    // Behind `ReturnGenerator`, which has one word.
    let pc = code.words().wrapping_add(1);
    let object = fresh(t, function, code, pc, None);
    let n = object.registers;
    let Some(g) = th.alloc_variable(object, n * 8) else {
        return Err(th.memory_error());
    };
    for (i, v) in parameters.iter().take(n).enumerate() {
        // SAFETY: within the cell, which nobody else has yet.
        unsafe { (*g.words.as_ptr().add(i)).set(v.bits()) };
    }
    if t == T::Coroutine {
        th.heap().register_finalizer(g.value());
    }
    Ok(g.value())
}

/// Moves the running frame into a new generator object; the frame is still to be popped.
pub fn from_frame(th: &mut Thread) -> Value {
    let Some(frame) = th.stacks.current() else {
        return th.none();
    };
    let (function, code) = (frame.function, frame.code);
    let n = code.registers as usize;
    let t = type_of(code);
    let pc = frame.pc;
    let origin = match t {
        T::Coroutine => coroutine::origin(th),
        _ => None,
    };
    let Some(frame) = th.stacks.current() else {
        return th.none();
    };
    let object = fresh(t, function, code, pc, origin);
    let regs = frame.regs;
    let Some(g) = th.alloc_variable(object, n * 8) else {
        th.request_memory_error();
        return th.none();
    };
    // SAFETY: the cell has room for the registers; the window is the frame's.
    unsafe { copy_window(regs, g.words.as_ptr() as *mut u64, n) };
    if t == T::Coroutine {
        th.heap().register_finalizer(g.value());
    }
    g.value()
}

/// A generator of which nothing has run; the registers are still to be filled.
fn fresh(
    t: T,
    function: Gc<Function>,
    code: Gc<Code>,
    pc: *const u64,
    origin: Option<Value>,
) -> Generator {
    Generator {
        head: Header::new(Kind::Generator, t.shape()),
        function: GcSlot::new(function),
        code: GcSlot::new(code),
        name: Slot::from_option(function.name.get()),
        qualname: Slot::from_option(function.qualname.get()),
        state: Cell::new(State::Created),
        running_async: Cell::new(false),
        hooks_done: Cell::new(false),
        closed: Cell::new(false),
        pc: Cell::new(pc),
        own_handled: Slot::empty(),
        frame_object: Slot::empty(),
        extra: Slot::from_option(origin),
        unloaded: Cell::new(false),
        parked: Cell::new(0),
        chain: ValueVec::new(),
        registers: code.registers as usize,
        words: [],
    }
}

/// A plain generator that compiled code had not made, with its registers.
pub(crate) fn restored(
    th: &mut Thread,
    function: Gc<Function>,
    code: Gc<Code>,
    stands: Stands,
    register: impl Fn(usize) -> Option<Value>,
) -> Value {
    let (state, word) = match stands {
        Stands::Created(word) => (State::Created, word),
        Stands::Suspended(word) => (State::Suspended, word),
        // (The position has been looked at.)
        Stands::Running | Stands::Somewhere => (State::Running, 0),
    };
    let pc = code.words().wrapping_add(word as usize);
    let object = fresh(T::Generator, function, code, pc, None);
    object.state.set(state);
    let n = object.registers;
    let Some(g) = th.alloc_variable(object, n * 8) else {
        th.request_memory_error();
        return th.none();
    };
    for i in 0..n {
        let word = match state {
            State::Running => 0,
            _ => register(i).map_or(0, Value::bits),
        };
        // SAFETY: within the cell, which nobody else has yet.
        unsafe { (*g.words.as_ptr().add(i)).set(word) };
    }
    if state == State::Suspended {
        finalize::note_suspended(th, g);
    }
    g.value()
}

/// Saves the running (generator) frame into its generator; the frame is still to be popped.
pub fn suspend(th: &mut Thread) {
    let Some(frame) = th.stacks.current() else {
        return;
    };
    let Some(g) = Value::from_bits(frame.generator).and_then(|v| v.downcast::<Generator>()) else {
        return;
    };
    g.state.set(State::Suspended);
    if frame.flags & flags::UNLOADED != 0 {
        // Nothing of it has run.
        g.unloaded.set(false);
        th.handled.set(Value::from_bits(frame.entry_handled));
        return;
    }
    g.pc.set(frame.pc);
    match Value::from_bits(frame.own_handled) {
        Some(e) => g.own_handled.set(g.header(), e),
        None => g.own_handled.clear(),
    }
    let (regs, entry) = (frame.regs, frame.entry_handled);
    // SAFETY: as in `from_frame`.
    unsafe { copy_window(regs, g.words.as_ptr() as *mut u64, g.registers) };
    crate::object::gc::barrier::write_many(g.header());
    finalize::note_suspended(th, g);
    th.handled.set(Value::from_bits(entry));
}

/// Ends a generator of which nothing has run; for a coroutine that is worth a warning.
pub fn abandon(th: &mut Thread, g: Gc<Generator>) {
    if let Err(crate::Raised) = finalize::finalize(th, g.value()) {
        th.write_unraisable(Some(g.value()), None);
    }
    finished(th, g.value().bits());
}

/// Notes that a generator's frame has ended.
pub fn finished(_: &mut Thread, generator: u64) {
    if let Some(g) = Value::from_bits(generator).and_then(|v| v.downcast::<Generator>()) {
        g.state.set(State::Closed);
        // There is nothing left to finalize.
        g.header().set_flag(crate::object::HeaderFlags::FINALIZED);
        for i in 0..g.registers {
            // SAFETY: within the cell.
            unsafe { (*g.words.as_ptr().add(i)).set(0) };
        }
    }
}

/// Pushes a suspended generator's frame; `sent` is what its yield gives.
#[inline]
pub fn enter(th: &mut Thread, g: Gc<Generator>, sent: Value, fl: u16, dst: u16) -> Result<()> {
    let window = th.stacks.top();
    enter_at(th, window, g, sent, fl, dst)
}

/// As [`enter`], with the window's place.
#[inline(always)]
fn enter_at(
    th: &mut Thread,
    window: *mut u64,
    g: Gc<Generator>,
    sent: Value,
    fl: u16,
    dst: u16,
) -> Result<()> {
    let code = g.code();
    let function = match g.function.get() {
        Some(f) => f,
        None => unreachable!("generator without function"),
    };
    let n = g.registers;
    let frame = th.push_frame(function, code, window, n, dst, fl | flags::GENERATOR)?;
    // SAFETY: push_frame checked that the window has room; the frame is the running one.
    unsafe {
        copy_window(g.words.as_ptr() as *const u64, window, n);
        let pc = g.pc.get();
        (*frame).generator = g.value().bits();
        if g.frame_object.bits() != 0 {
            crate::types::frame::attach(&mut *frame, g);
        }
        (*frame).own_handled = g.own_handled.bits();
        if g.own_handled.bits() != 0 {
            th.handled.set(g.own_handled.get());
        }
        if g.state.get() == State::Suspended {
            let w = *pc;
            if w as u16 == Opcode::Yield as u16 {
                *window.add((w >> 16) as u16 as usize) = sent.bits();
                (*frame).pc = pc.add(1);
            } else {
                // Delegate: runs again with the sent value.
                *window.add((w >> 48) as u16 as usize) = sent.bits();
                (*frame).pc = pc;
            }
        } else {
            (*frame).pc = pc;
        }
    }
    g.state.set(State::Running);
    Ok(())
}

fn kind_name(g: Gc<Generator>) -> &'static str {
    let code = g.code();
    if code.has(co_flags::ASYNC_GENERATOR) {
        "async generator"
    } else if code.has(co_flags::COROUTINE) {
        "coroutine"
    } else {
        "generator"
    }
}

/// `g.send(v)`: raises what the generator raises.
pub fn send(th: &mut Thread, g: Gc<Generator>, v: Value) -> Result<Sent> {
    match g.state.get() {
        State::Running => return Err(chain::already_executing(th, g)),
        State::Closed => {
            if kind_name(g) == "coroutine" {
                return Err(th.runtime_error("cannot reuse already awaited coroutine"));
            }
            return Ok(Sent::Returned(th.none()));
        }
        State::Created if !th.is_none(v) => {
            let k = kind_name(g);
            return Err(th.type_error(format!("can't send non-None value to a just-started {k}")));
        }
        _ => {}
    }
    th.check_native_stack("")?;
    enter_and_run(th, g, v)
}

#[inline]
fn enter_and_run(th: &mut Thread, g: Gc<Generator>, v: Value) -> Result<Sent> {
    let depth = th.depth;
    match enter_chain(th, g, v, flags::ENTRY, 0) {
        Ok(()) => run_entered(th),
        Err(r) if th.depth == depth => Err(r),
        Err(_) => {
            let r = th.run_raised()?;
            Ok(sent(th, r))
        }
    }
}

/// `next(g)` for native loops: None when it returns, whatever its value.
#[inline]
pub fn advance(th: &mut Thread, g: Gc<Generator>) -> Result<Option<Value>> {
    let none = th.none();
    let sent = if g.is_suspended() {
        th.check_native_stack("")?;
        enter_and_run(th, g, none)?
    } else {
        send(th, g, none)?
    };
    Ok(match sent {
        Sent::Yielded(v) => Some(v),
        Sent::Returned(_) => None,
    })
}

fn run_entered(th: &mut Thread) -> Result<Sent> {
    let r = match th.resume_entry() {
        Some(entry) => th.run_resumed(entry)?,
        None => crate::interp::run::run(th)?,
    };
    Ok(sent(th, r))
}

fn sent(th: &Thread, v: Value) -> Sent {
    if th.yielded {
        Sent::Yielded(v)
    } else {
        Sent::Returned(v)
    }
}

/// Raises an exception inside the generator, at the point where it stands.
pub fn throw_into(th: &mut Thread, g: Gc<Generator>, e: Value) -> Result<Sent> {
    match g.state.get() {
        State::Running => return Err(chain::already_executing(th, g)),
        State::Closed => {
            if kind_name(g) == "coroutine" {
                return Err(th.runtime_error("cannot reuse already awaited coroutine"));
            }
            return Err(th.reraise(e));
        }
        State::Created => {
            // Nothing of the body runs.
            finished(th, g.value().bits());
            return Err(th.reraise(e));
        }
        State::Suspended => {}
    }
    if g.parked.get() != 0 && !chain::leave_chain(g) {
        return Err(chain::already_executing(th, g));
    }
    th.check_native_stack("")?;
    if let Some(inner) = g.delegate() {
        // Its frame is on the stack meanwhile, for whoever looks at the stack.
        let none = th.none();
        enter(th, g, none, flags::ENTRY, 0)?;
        match throw_delegate(th, inner, e) {
            Ok(Sent::Yielded(v)) => {
                suspend(th);
                th.pop_frame();
                return Ok(Sent::Yielded(v));
            }
            Ok(Sent::Returned(v)) => {
                // `yield from` ends with this value: go on behind the Delegate.
                if let Some(frame) = th.stacks.current() {
                    // SAFETY: pc addresses the Delegate, a one-word instruction.
                    unsafe {
                        let w = *frame.pc;
                        *frame.regs.add((w >> 16) as u16 as usize) = v.bits();
                        frame.pc = frame.pc.add(1);
                    }
                }
                return run_entered(th);
            }
            Err(_) => {
                let e = th.take_pending();
                return raise_here(th, e);
            }
        }
    }
    raise_inside(th, g, e)
}

fn raise_inside(th: &mut Thread, g: Gc<Generator>, e: Value) -> Result<Sent> {
    let none = th.none();
    enter(th, g, none, flags::ENTRY, 0)?;
    if let Some(frame) = th.stacks.current() {
        frame.pc = g.pc.get();
    }
    raise_here(th, e)
}

/// Raises an exception in the running frame, which is a generator's entry frame.
fn raise_here(th: &mut Thread, e: Value) -> Result<Sent> {
    crate::exceptions::set_context(th, e);
    th.pending.set(Some(e));
    match th.unwind(false) {
        crate::interp::unwind::Unwound::Handler(target) => {
            if let Some(frame) = th.stacks.current() {
                // SAFETY: handlers of verified code are instruction starts.
                frame.pc = unsafe { frame.code.words().add(target as usize) };
            }
            run_entered(th)
        }
        crate::interp::unwind::Unwound::Leave => Err(crate::Raised),
    }
}

/// throw() into what a generator delegates to; a GeneratorExit closes it instead.
fn throw_delegate(th: &mut Thread, inner: Value, e: Value) -> Result<Sent> {
    if th.exception_matches(e, ExceptionClass::GeneratorExit) {
        close_any(th, inner)?;
        return Err(th.reraise(e));
    }
    if let Some(g) = inner.downcast::<Generator>() {
        return throw_into(th, g, e);
    }
    if let Some(g) = coroutine::unwrapped(inner) {
        return throw_into(th, g, e);
    }
    if let Some(r) = async_gen::throw_step(th, inner, e) {
        return r;
    }
    let name = th.names().throw;
    match th.get_attr_option(inner, name)? {
        Some(f) => match th.call(f, &[e]) {
            Ok(v) => Ok(Sent::Yielded(v)),
            Err(r) => match take_stop(th) {
                Some(v) => Ok(Sent::Returned(v)),
                None => Err(r),
            },
        },
        None => Err(th.reraise(e)),
    }
}

/// The value of a pending StopIteration, which is taken; None when something else is pending.
pub fn take_stop(th: &mut Thread) -> Option<Value> {
    if !th.pending_matches(ExceptionClass::StopIteration) {
        return None;
    }
    let e = th.take_pending();
    Some(th.or_none(crate::types::exception::of(e).and_then(|e| e.fields[0].get())))
}

/// `close()` of a generator or of anything that has it.
pub fn close_any(th: &mut Thread, v: Value) -> Result<()> {
    if let Some(g) = v.downcast::<Generator>() {
        close(th, g)?;
        return Ok(());
    }
    let name = th.names().close;
    if let Some(f) = th.get_attr_option(v, name)? {
        th.call(f, &[])?;
    }
    Ok(())
}

/// `g.close()`: the value that the generator returned, or None.
pub fn close(th: &mut Thread, g: Gc<Generator>) -> Result {
    match g.state.get() {
        State::Closed => return Ok(th.none()),
        State::Created => {
            finished(th, g.value().bits());
            return Ok(th.none());
        }
        _ => {}
    }
    let class = th.vm().exception_class(ExceptionClass::GeneratorExit);
    let e = th.call(class.value(), &[])?;
    match throw_into(th, g, e) {
        Ok(Sent::Yielded(_)) => {
            let k = kind_name(g);
            Err(th.runtime_error(format!("{k} ignored GeneratorExit")))
        }
        Ok(Sent::Returned(v)) => Ok(v),
        Err(r) => {
            if th.pending_matches(ExceptionClass::GeneratorExit) {
                th.clear_pending();
                return Ok(th.none());
            }
            if let Some(v) = take_stop(th) {
                return Ok(v);
            }
            Err(r)
        }
    }
}

/// The generator or coroutine that `Delegate` can resume by a frame of its own; None where
/// there is more to it.
#[inline]
pub fn resumable(th: &Thread, it: Value, sent: Value) -> Option<Gc<Generator>> {
    let g = it.downcast::<Generator>()?;
    let suspended = match g.state.get() {
        State::Suspended => true,
        State::Created => th.is_none(sent),
        _ => false,
    };
    (suspended && !g.code().has(co_flags::ASYNC_GENERATOR)).then_some(g)
}

/// `Delegate`: sends to anything.
pub fn delegate(th: &mut Thread, it: Value, sent: Value) -> Result<Sent> {
    if let Some(g) = it.downcast::<Generator>()
        && !g.code().has(co_flags::ASYNC_GENERATOR)
    {
        return send(th, g, sent);
    }
    if let Some(g) = coroutine::unwrapped(it) {
        return send(th, g, sent);
    }
    if let Some(r) = async_gen::step(th, it, sent) {
        return r;
    }
    let class = th.class_of(it);
    let slots = class.slots();
    if let Some(f) = slots.send {
        return f(th, it, sent);
    }
    if th.is_none(sent)
        && let Some(f) = slots.next
    {
        return match f(th, it) {
            Ok(Some(v)) => Ok(Sent::Yielded(v)),
            Ok(None) => Ok(Sent::Returned(th.none())),
            Err(r) => match take_stop(th) {
                Some(v) => Ok(Sent::Returned(v)),
                None => Err(r),
            },
        };
    }
    let name = th.names().send;
    match th.call_method(it, name, &[sent]) {
        Ok(v) => Ok(Sent::Yielded(v)),
        Err(r) => match take_stop(th) {
            Some(v) => Ok(Sent::Returned(v)),
            None => Err(r),
        },
    }
}

/// `GetYieldFromIter`
pub fn yield_from_iter(th: &mut Thread, v: Value, code: Gc<Code>) -> Result {
    if let Some(g) = v.downcast::<Generator>() {
        let c = g.code();
        if c.has(co_flags::COROUTINE)
            && !code.has(co_flags::COROUTINE | co_flags::ITERABLE_COROUTINE)
        {
            return Err(th.type_error(
                "cannot 'yield from' a coroutine object in a non-coroutine generator",
            ));
        }
        if !c.has(co_flags::ASYNC_GENERATOR) {
            return Ok(v);
        }
    }
    th.iter(v)
}

/// `GetAwaitable`
pub fn awaitable(th: &mut Thread, v: Value, context: u16) -> Result {
    if let Some(g) = v.downcast::<Generator>()
        && g.code()
            .has(co_flags::COROUTINE | co_flags::ITERABLE_COROUTINE)
    {
        if g.code().has(co_flags::COROUTINE) && g.delegate().is_some() {
            return Err(th.runtime_error("coroutine is being awaited already"));
        }
        return Ok(v);
    }
    let Some(f) = th.class_of(v).slots().await_ else {
        let t = th.type_name(v);
        return Err(th.type_error(match context {
            1 => format!("'async with' received an object from __aenter__ that does not implement __await__: {t}"),
            2 => format!("'async with' received an object from __aexit__ that does not implement __await__: {t}"),
            _ => format!("'{t}' object can't be awaited"),
        }));
    };
    let r = f(th, v)?;
    if r.downcast::<Generator>().is_some_and(|g| {
        g.code()
            .has(co_flags::COROUTINE | co_flags::ITERABLE_COROUTINE)
    }) {
        return Err(th.type_error("__await__() returned a coroutine"));
    }
    if th.class_of(r).slots().next.is_none() {
        let t = th.type_name(r);
        return Err(th.type_error(format!("__await__() returned non-iterator of type '{t}'")));
    }
    Ok(r)
}

/// `GetAIter`
pub fn get_aiter(th: &mut Thread, v: Value) -> Result {
    let Some(f) = th.class_of(v).slots().aiter else {
        let t = th.type_name(v);
        return Err(th.type_error(format!(
            "'async for' requires an object with __aiter__ method, got {t}"
        )));
    };
    let r = f(th, v)?;
    if th.class_of(r).slots().anext.is_none() {
        let t = th.type_name(r);
        return Err(th.type_error(format!(
            "'async for' received an object from __aiter__ that does not implement __anext__: {t}"
        )));
    }
    Ok(r)
}

/// `GetANext`
pub fn get_anext(th: &mut Thread, v: Value) -> Result {
    let Some(f) = th.class_of(v).slots().anext else {
        let t = th.type_name(v);
        return Err(th.type_error(format!(
            "'async for' requires an iterator with __anext__ method, got {t}"
        )));
    };
    let r = f(th, v)?;
    match awaitable(th, r, 0) {
        Ok(a) => Ok(a),
        Err(_) => {
            let cause = th.take_pending();
            let t = th.type_name(r);
            let e = th.type_error(format!(
                "'async for' received an invalid object from __anext__: {t}"
            ));
            if let Some(x) = th.pending_exception().and_then(crate::types::exception::of) {
                x.cause.set(x.header(), cause);
                x.suppress_context.set(true);
            }
            Err(e)
        }
    }
}

/// A value yielded by an async generator, marked as such.
pub fn wrap_async(th: &mut Thread, v: Value) -> Value {
    methods::wrap(th, v)
}

/// The RuntimeError for a StopIteration (or StopAsyncIteration) that leaves a generator; any other
/// exception as it is.
pub fn stop_iteration_error(th: &mut Thread, e: Value) -> Result {
    let is_async = th
        .stacks
        .current()
        .is_some_and(|f| f.code.has(co_flags::ASYNC_GENERATOR));
    let coroutine = th
        .stacks
        .current()
        .is_some_and(|f| f.code.has(co_flags::COROUTINE));
    let what = match (is_async, coroutine) {
        (true, _) => "async generator",
        (_, true) => "coroutine",
        _ => "generator",
    };
    if th.exception_matches(e, ExceptionClass::StopIteration) {
        raised_stop_iteration(th, e, what)
    } else if is_async && th.exception_matches(e, ExceptionClass::StopAsyncIteration) {
        runtime_error(th, e, "async generator raised StopAsyncIteration")
    } else {
        Ok(e)
    }
}

/// The RuntimeError for the StopIteration `e` that leaves a generator, or what `what` says.
pub fn raised_stop_iteration(th: &mut Thread, e: Value, what: &str) -> Result {
    runtime_error(th, e, &format!("{what} raised StopIteration"))
}

fn runtime_error(th: &mut Thread, e: Value, message: &str) -> Result {
    let text = th.new_str(message).value();
    let class = th.vm().exception_class(ExceptionClass::RuntimeError);
    let new = th.call(class.value(), &[text])?;
    if let Some(x) = crate::types::exception::of(new) {
        x.cause.set(x.header(), e);
        x.context.set(x.header(), e);
        x.suppress_context.set(true);
    }
    Ok(new)
}
