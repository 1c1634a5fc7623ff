//! Chains: generators that delegate to one another (`yield from`, `await`).
//!
//! To resume a generator that delegates is to resume the innermost of its chain; what that yields
//! goes past all the others. They need frames only so that the stack can be looked at, and so that
//! there is where to go on when the innermost has ended. So a chain that has been walked is kept
//! by its outermost generator (`chain`), and the next time two frames are pushed, however long it
//! is: the outermost one's and the innermost one's. Between them records are left out
//! ([`flags::SKIPPED`], their number in `result`), to be written when the innermost generator
//! returns or raises (one), or when somebody looks ([`Stacks::write_skipped`], all). This makes a
//! recursive traversal by `yield from` linear.
//!
//! Invariants: the members of a chain have its number in `parked`, and so has the outermost
//! generator. Whoever resumes a member otherwise takes it, and all below it, out of its chain
//! (the number is cleared), so a chain whose last member has the outermost's number is intact.
//! A member whose record is left out is `Suspended` and has its registers; no member but the
//! innermost handles an exception or has a frame object.
#![allow(unsafe_code)]

use taipan_bytecode::opcode::Opcode;

use super::{Generator, State, enter, enter_at, kind_name, resumable, suspend};
use crate::Thread;
use crate::interp::frame::{Frame, Stacks, copy_window, flags};
use crate::object::{Gc, Result, Value};

/// From so many generators between the outermost and the innermost on, a chain is kept.
const WORTH_KEEPING: usize = 2;

impl Generator {
    /// The generator that a suspended one delegates to.
    fn inner(&self) -> Option<Gc<Generator>> {
        self.delegate()?.downcast::<Generator>()
    }

    /// The innermost generator of those that a suspended one delegates to; itself if it does not.
    fn innermost(this: Gc<Generator>) -> Gc<Generator> {
        let mut g = this;
        while let Some(inner) = g.inner() {
            g = inner;
        }
        g
    }

    /// Does it run, or does one run that it delegates to?
    pub fn is_running(this: Gc<Generator>) -> bool {
        this.state.get() == State::Running
            || this.parked.get() != 0 && Generator::innermost(this).state.get() == State::Running
    }

    /// Is it at a yield, and can be resumed?
    pub fn is_at_yield(this: Gc<Generator>) -> bool {
        this.state.get() == State::Suspended && !Generator::is_running(this)
    }

    /// What it delegates to, while it does not run.
    pub fn awaited(this: Gc<Generator>) -> Option<Value> {
        let awaited = this.delegate()?;
        (!Generator::is_running(this)).then_some(awaited)
    }

    /// The register that receives what the delegate returns.
    fn receiver(&self) -> u16 {
        // SAFETY: pc addresses the Delegate at which the frame was suspended.
        unsafe { (*self.pc.get() >> 16) as u16 }
    }

    fn member(&self, i: usize) -> Option<Gc<Generator>> {
        self.chain.get(i)?.downcast::<Generator>()
    }
}

/// Takes a generator, and those it delegates to, out of the chains they are in. False, and nothing
/// is changed, when the innermost of them runs.
pub(crate) fn leave_chain(this: Gc<Generator>) -> bool {
    if Generator::innermost(this).state.get() == State::Running {
        return false;
    }
    let mut next = Some(this);
    while let Some(g) = next {
        g.parked.set(0);
        g.chain.clear();
        next = g.inner();
    }
    true
}

/// The ValueError for a generator that runs.
#[cold]
pub(super) fn already_executing(th: &mut Thread, g: Gc<Generator>) -> crate::Raised {
    let k = kind_name(g);
    th.value_error(format!("{k} already executing"))
}

/// Pushes a suspended generator's frame, and those of the generators that it delegates to, down
/// to the one that stands at a yield, to which the value is sent. Frames in between get no
/// registers, or are left out. When this raises, frames may have been pushed, of which the running
/// one raises.
pub fn enter_chain(
    th: &mut Thread,
    g: Gc<Generator>,
    sent: Value,
    fl: u16,
    dst: u16,
) -> Result<()> {
    if g.parked.get() != 0 {
        if fl & flags::DELEGATE == 0
            && !th.is_traced()
            && let Some(n) = g.chain.len().checked_sub(1)
            && n > 0
            && let Some(last) = g.member(n)
            && last.parked.get() == g.parked.get()
            && last.state.get() == State::Suspended
        {
            return enter_parked(th, g, last, n, sent, fl, dst);
        }
        if !leave_chain(g) {
            return Err(already_executing(th, g));
        }
    }
    let (mut g, mut fl, mut dst) = (g, fl, dst);
    while g.state.get() == State::Suspended && !th.is_traced() {
        // SAFETY: pc addresses the instruction at which the frame was suspended.
        let w = unsafe { *g.pc.get() };
        if w as u16 != Opcode::Delegate as u16 {
            break;
        }
        let it = g.register((w >> 32) as u16 as usize);
        let Some(inner) = it.and_then(|it| resumable(th, it, sent)) else {
            break;
        };
        if inner.parked.get() != 0 && !leave_chain(inner) {
            // The Delegate runs again and says so.
            break;
        }
        enter_unloaded(th, g, fl, dst)?;
        (g, fl, dst) = (inner, flags::DELEGATE, (w >> 16) as u16);
    }
    enter(th, g, sent, fl, dst)
}

/// Pushes the frame of a generator that delegates; its registers stay where they are.
fn enter_unloaded(th: &mut Thread, g: Gc<Generator>, fl: u16, dst: u16) -> Result<()> {
    let function = match g.function.get() {
        Some(f) => f,
        None => unreachable!("generator without function"),
    };
    let window = th.stacks.top();
    let all = fl | flags::GENERATOR | flags::UNLOADED;
    let frame = th.push_frame(function, g.code(), window, g.registers, dst, all)?;
    // SAFETY: the record was just pushed.
    let frame = unsafe { &mut *frame };
    frame.pc = g.pc.get();
    frame.generator = g.value().bits();
    if g.frame_object.bits() != 0 {
        crate::types::frame::attach(frame, g);
    }
    frame.own_handled = g.own_handled.bits();
    if g.own_handled.bits() != 0 {
        th.handled.set(g.own_handled.get());
    }
    g.unloaded.set(true);
    g.state.set(State::Running);
    Ok(())
}

/// Pushes the frames of the two ends of a chain; `n` records between them are left out.
fn enter_parked(
    th: &mut Thread,
    g: Gc<Generator>,
    last: Gc<Generator>,
    n: usize,
    sent: Value,
    fl: u16,
    dst: u16,
) -> Result<()> {
    enter_unloaded(th, g, fl, dst)?;
    let receiver = g.member(n - 1).map_or(0, |m| m.receiver());
    let window = th.stacks.top();
    let limit = th.vm().recursion_limit.get();
    if th.depth + n >= limit || !th.stacks.skip(n) {
        return Err(th.recursion_overflow());
    }
    th.depth += n;
    let entered = enter_at(
        th,
        window,
        last,
        sent,
        flags::DELEGATE | flags::SKIPPED,
        receiver,
    );
    match th.stacks.current() {
        Some(frame) if entered.is_ok() => frame.result = n as u64,
        _ => {
            th.stacks.unskip(n);
            th.depth -= n;
        }
    }
    entered
}

/// Fills the window of the running frame, if that was not done when it was entered.
#[inline]
pub fn load_registers(th: &mut Thread) {
    let Some(frame) = th.stacks.current() else {
        return;
    };
    if let Some(g) = frame.unloaded() {
        // SAFETY: the window has room for the code's registers, which the cell has.
        unsafe { copy_window(g.words.as_ptr() as *const u64, frame.regs, g.registers) };
        frame.flags &= !flags::UNLOADED;
        g.unloaded.set(false);
    }
}

/// Before the running frame, a generator's, is popped because it has ended: the record below it is
/// written if it was left out.
#[inline]
pub(crate) fn write_delegator(th: &mut Thread) {
    if let Some(frame) = th.stacks.current()
        && frame.flags & flags::SKIPPED != 0
    {
        th.stacks.write_below(frame);
    }
}

/// Suspends the running generator, which has yielded, and those that delegate to it. The
/// flags of the outermost one's frame, and the register that it was resumed for.
pub fn suspend_chain(th: &mut Thread) -> (u16, u16) {
    let top = th.stacks.current;
    let mut skipped = 0;
    while let Some(frame) = th.stacks.current() {
        let (fl, dst, n) = (frame.flags, frame.dst, frame.result as usize);
        suspend(th);
        th.pop_frame();
        if fl & flags::DELEGATE == 0 {
            let root: *const Frame = frame;
            let first = root.wrapping_add(1 + skipped);
            let passed = (top as usize + size_of::<Frame>() - first as usize) / size_of::<Frame>();
            // SAFETY: the records from `first` to `top` were written; nothing was pushed since.
            let passed = unsafe { std::slice::from_raw_parts(first, passed) };
            if !passed.is_empty()
                && let Some(g) = generator_of(frame)
            {
                keep_chain(th, g, passed, skipped);
            }
            return (fl, dst);
        }
        if fl & flags::SKIPPED != 0 {
            th.stacks.unskip(n);
            th.depth -= n;
            skipped = n;
        }
    }
    (flags::ENTRY, 0)
}

fn generator_of(frame: &Frame) -> Option<Gc<Generator>> {
    Value::from_bits(frame.generator)?.downcast::<Generator>()
}

/// Notes the chain of a generator that was just suspended: the first `skipped` members are known,
/// then come those of the frames that `passed` has been told.
fn keep_chain(th: &mut Thread, root: Gc<Generator>, passed: &[Frame], skipped: usize) {
    let [between @ .., last] = passed else {
        return;
    };
    if skipped > 0 {
        if between.is_empty() && root.chain.get(skipped).map_or(0, Value::bits) == last.generator {
            // As before.
            root.chain.truncate(skipped + 1);
            return;
        }
        root.chain.truncate(skipped);
    } else {
        root.chain.clear();
        root.parked.set(0);
        if between.len() < WORTH_KEEPING {
            return;
        }
        root.parked.set(th.vm().next_chain());
    }
    let mut good = between.iter().all(|f| f.own_handled == 0 && f.object == 0);
    for g in passed.iter().filter_map(generator_of) {
        g.chain.clear();
        g.parked.set(root.parked.get());
        good = good
            && root
                .chain
                .try_push(th.heap(), Some(root.header()), g.value());
    }
    if !good {
        root.chain.clear();
    }
}

/// Suspends the running generator, which has yielded, and those that delegate to it, up to the one
/// that was entered from native code.
pub fn suspend_all(th: &mut Thread) {
    suspend_chain(th);
    th.yielded = true;
}

impl Stacks {
    /// Leaves out the next `n` records. False when there is no room for them and some more.
    fn skip(&mut self, n: usize) -> bool {
        let to = self.current.wrapping_add(n);
        if to.wrapping_add(3) > self.frames_end {
            return false;
        }
        self.current = to;
        self.skips.set(self.skips.get() + 1);
        true
    }

    /// Takes back `n` records that were left out and are the topmost.
    fn unskip(&mut self, n: usize) {
        self.current = self.current.wrapping_sub(n);
        self.skips.set(self.skips.get() - 1);
    }

    /// Writes the record below `frame`, which was left out; those further down stay so.
    fn write_below(&self, frame: &mut Frame) {
        let n = frame.result as usize;
        frame.flags &= !flags::SKIPPED;
        let below: *mut Frame = frame;
        // SAFETY: below the records that were left out is the outermost generator's.
        let root = unsafe { &*below.sub(n + 1) };
        write_record(frame, root, n - 1, below.wrapping_sub(1));
        if n > 1 {
            // SAFETY: just written.
            let below = unsafe { &mut *below.sub(1) };
            below.flags |= flags::SKIPPED;
            below.result = n as u64 - 1;
        } else {
            self.skips.set(self.skips.get() - 1);
        }
    }

    /// Writes all records that were left out; for those who look at the stack.
    #[cold]
    pub(crate) fn write_skipped(&self) {
        let mut record = self.current;
        while self.skips.get() > 0 && record >= self.frames {
            // SAFETY: a record is written before the walk comes to it.
            let frame = unsafe { &mut *record };
            if frame.flags & flags::SKIPPED != 0 {
                self.write_below(frame);
            }
            record = record.wrapping_sub(1);
        }
    }
}

/// Writes the record of a chain's member, whose registers stay where they are.
fn write_record(above: &Frame, root: &Frame, member: usize, to: *mut Frame) {
    let Some(outermost) = generator_of(root) else {
        unreachable!("a chain without its outermost generator");
    };
    let g = outermost.member(member);
    let Some((g, function)) = g.and_then(|g| Some((g, g.function.get()?))) else {
        unreachable!("a chain without a member");
    };
    let delegator = match member {
        0 => outermost,
        _ => outermost.member(member - 1).unwrap_or(outermost),
    };
    let frame = Frame {
        function,
        code: g.code(),
        pc: g.pc.get(),
        // All of a chain's windows but the innermost one's are empty; it begins here.
        regs: root.regs.wrapping_add(root.code.registers as usize),
        entry_handled: above.entry_handled,
        locals: 0,
        own_handled: 0,
        object: 0,
        generator: g.value().bits(),
        result: 0,
        dst: delegator.receiver(),
        flags: flags::DELEGATE | flags::GENERATOR | flags::UNLOADED,
    };
    // SAFETY: a record that was left out, between two that are in use.
    unsafe { to.write(frame) };
    g.unloaded.set(true);
    g.state.set(State::Running);
}
