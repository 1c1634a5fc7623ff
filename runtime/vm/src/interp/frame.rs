//! Frames: windows on the value stack, with a record each on the frame stack.
//!
//! A callee's window begins at the caller's outgoing arguments, so nothing is copied. Records hold
//! what is needed to go on after a call and to describe the frame; a Python frame object is made
//! only when somebody asks.
//!
//! Invariants: records between the base and `current` are initialised; each window lies within
//! the value stack; words of a window are zero or valid values (stale ones included, which is why
//! the collector scans windows conservatively).
#![allow(unsafe_code)]

use std::cell::Cell;

use taipan_bytecode::liveness::Liveness;
use taipan_bytecode::opcode::Opcode;

use crate::Thread;
use crate::object::{Gc, Result, Value};
use crate::types::T;
use crate::types::code::Code;
use crate::types::function::Function;
use crate::types::generator::Generator;

/// Bits of [`Frame::flags`].
pub mod flags {
    /// Returning from the frame leaves `run`.
    pub const ENTRY: u16 = 1;
    /// The frame runs `__init__`: the call's value is `result`.
    pub const CONSTRUCT: u16 = 2;
    /// The frame is a generator's, resumed by a `ForIter` in the caller.
    pub const FOR_ITER: u16 = 4;
    /// The frame belongs to a generator.
    pub const GENERATOR: u16 = 8;
    /// A trace function has been told of the frame's call, or the frame was met running.
    pub const ENTERED: u16 = 32;
    /// The frame is a generator's, resumed by a `Delegate` in the caller, which is a generator too.
    pub const DELEGATE: u16 = 16;
    /// The frame is a generator's that only hands on what another one yields: its registers are still
    /// in the generator, and its window is not filled.
    pub const UNLOADED: u16 = 64;
    /// Of a generator's frame, with `DELEGATE`: below it, as many records as `result` says are left
    /// out (see `types::generator::chain`).
    pub const SKIPPED: u16 = 128;
}

/// The record of a frame.
#[repr(C)]
pub struct Frame {
    /// What runs.
    pub function: Gc<Function>,
    /// Its code.
    pub code: Gc<Code>,
    /// The instruction that runs, or the one after a call.
    pub pc: *const u64,
    /// The window.
    pub regs: *mut u64,
    /// The exception that was being handled when the frame was entered; 0 for none.
    pub entry_handled: u64,
    /// Locals mapping of class and module bodies; 0 in functions. (Compiled code clears this and the
    /// next three together.)
    pub locals: u64,
    /// The innermost exception that this frame handles; 0 for none.
    pub own_handled: u64,
    /// The frame object, if one was made.
    pub object: u64,
    /// The generator, if it is one's frame.
    pub generator: u64,
    /// Value of the call for `CONSTRUCT`; a number for `SKIPPED`.
    pub result: u64,
    /// Register of the caller that receives the value.
    pub dst: u16,
    /// See [`flags`].
    pub flags: u16,
}

impl Frame {
    /// Index of the instruction word.
    pub fn word(&self) -> usize {
        (self.pc as usize - self.code.words() as usize) / 8
    }

    /// The instruction at `pc`: its opcode and its second operand, a call's base register.
    pub(crate) fn instruction(&self) -> Option<(Opcode, usize)> {
        // SAFETY: pc addresses an instruction of the frame's code.
        let w = unsafe { *self.pc };
        Some((Opcode::from_u16(w as u16)?, (w >> 32) as u16 as usize))
    }

    /// The first operand of the instruction at `pc`, where most have their destination.
    fn first_operand(&self) -> Option<usize> {
        // SAFETY: pc addresses an instruction of the frame's code.
        let w = unsafe { *self.pc };
        Opcode::from_u16(w as u16).map(|_| (w >> 16) as u16 as usize)
    }

    /// The current source line.
    pub fn line(&self) -> u32 {
        self.code.line_at(self.word())
    }

    /// The generator that has the registers, if the window is not filled.
    pub(crate) fn unloaded(&self) -> Option<Gc<Generator>> {
        match self.flags & flags::UNLOADED {
            0 => None,
            _ => Value::from_bits(self.generator)?.downcast::<Generator>(),
        }
    }

    /// A register.
    #[inline(always)]
    pub fn reg(&self, i: usize) -> Option<Value> {
        assert!(i < self.code.registers as usize);
        if let Some(g) = self.unloaded() {
            return g.register(i);
        }
        // SAFETY: within the window.
        Value::from_bits(unsafe { *self.regs.add(i) })
    }

    /// Sets a register.
    pub fn set_reg(&self, i: usize, v: Option<Value>) {
        assert!(i < self.code.registers as usize);
        if let (Some(g), Some(v)) = (self.unloaded(), v) {
            return g.set_register(i, v);
        }
        // SAFETY: within the window.
        unsafe { *self.regs.add(i) = v.map_or(0, Value::bits) }
    }
}

/// Address space for the main thread's value stack and frame records.
const MAIN: [usize; 2] = [256 << 20, 160 << 20];
/// The same for other threads, of which a program may have hundreds.
const OTHER: [usize; 2] = [32 << 20, 16 << 20];
/// A thread with a machine stack of this size is meant to recurse deeply.
const DEEP: usize = 64 << 20;
/// Behind the ends that are tested, room for the windows of frames that compiled code has inlined, in
/// words.
const SLACK_WORDS: usize = 1 << 20;
/// The same for their records.
const SLACK_FRAMES: usize = 64;

/// A thread's value stack and frame records.
pub struct Stacks {
    values: *mut u64,
    pub(crate) values_end: *mut u64,
    pub(crate) frames: *mut Frame,
    pub(crate) frames_end: *mut Frame,
    /// The running frame; one before the base when there is none.
    pub(crate) current: *mut Frame,
    /// First free word of the value stack when no frame runs.
    floor: *mut u64,
    /// How many frames have `SKIPPED`.
    pub(crate) skips: Cell<usize>,
    /// Bytes of the two mappings.
    mapped: [usize; 2],
}

fn reserve(size: usize) -> Option<*mut u8> {
    // SAFETY: an anonymous private mapping; pages are committed when touched.
    let p = unsafe {
        libc::mmap(
            std::ptr::null_mut(),
            size,
            libc::PROT_READ | libc::PROT_WRITE,
            libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE,
            -1,
            0,
        )
    };
    (p != libc::MAP_FAILED).then_some(p as *mut u8)
}

impl Stacks {
    /// Empty stacks of the main thread.
    pub fn new() -> Stacks {
        Stacks::reserved(MAIN)
            .or_else(|| Stacks::reserved(OTHER))
            .expect("address space for the first thread's stacks")
    }

    /// Empty stacks of another thread whose machine stack has `stack` bytes; None when there is
    /// no address space for them.
    pub fn for_thread(stack: usize) -> Option<Stacks> {
        Stacks::reserved(if stack >= DEEP { MAIN } else { OTHER })
    }

    fn reserved([value_bytes, frame_bytes]: [usize; 2]) -> Option<Stacks> {
        let values = reserve(value_bytes)? as *mut u64;
        let Some(frames) = reserve(frame_bytes) else {
            // SAFETY: reserved just above.
            unsafe { libc::munmap(values.cast(), value_bytes) };
            return None;
        };
        let frames = frames as *mut Frame;
        // SAFETY: both ends are within or one past their mappings; `current` is one before the base,
        // reserved by leaving the first record unused.
        unsafe {
            Some(Stacks {
                values,
                values_end: values.add(value_bytes / 8 - SLACK_WORDS),
                frames: frames.add(1),
                frames_end: ((frames as *mut u8).add(frame_bytes) as *mut Frame).sub(SLACK_FRAMES),
                current: frames,
                floor: values,
                skips: Cell::new(0),
                mapped: [value_bytes, frame_bytes],
            })
        }
    }

    /// The running frame.
    #[inline(always)]
    pub fn current<'a>(&self) -> Option<&'a mut Frame> {
        if self.current < self.frames {
            None
        } else {
            // SAFETY: records up to `current` are initialised.
            Some(unsafe { &mut *self.current })
        }
    }

    /// The frame `depth` below the running one.
    pub fn at<'a>(&self, depth: usize) -> Option<&'a mut Frame> {
        let n = self.depth();
        if depth >= n {
            return None;
        }
        if depth > 0 && self.skips.get() > 0 {
            self.write_skipped();
        }
        // SAFETY: records up to `current` are initialised.
        Some(unsafe { &mut *self.current.sub(depth) })
    }

    /// Number of frames.
    pub fn depth(&self) -> usize {
        (self.current as usize + size_of::<Frame>() - self.frames as usize) / size_of::<Frame>()
    }

    /// First free word of the value stack.
    #[inline(always)]
    pub fn top(&self) -> *mut u64 {
        match self.current() {
            // SAFETY: the window lies within the stack.
            Some(f) => unsafe { f.regs.add(f.code.registers as usize) },
            None => self.floor,
        }
    }

    /// Is there room for a window of `n` registers?
    pub fn has_room(&self, window: *mut u64, n: usize) -> bool {
        window.wrapping_add(n + 64) <= self.values_end
    }

    /// The frame records in use, for the collector.
    pub fn used_frames(&self) -> (*const u64, *const u64) {
        (
            self.frames as *const u64,
            self.current.wrapping_add(1) as *const u64,
        )
    }

    /// The part of the value stack in use, for the collector: up to the end of the window that
    /// reaches farthest. A callee's window begins within its caller's and may end within it, too;
    /// what is dead behind it is saved with the rest when the caller is a generator, so it must
    /// not become stale.
    pub fn used_values(&self) -> (*const u64, *const u64) {
        let mut end = self.top();
        let mut record = self.current;
        while record >= self.frames {
            // SAFETY: the record is initialised: those that are left out are stepped over.
            let frame = unsafe { &*record };
            end = end.max(frame.regs.wrapping_add(frame.code.registers as usize));
            let left_out = match frame.flags & flags::SKIPPED {
                0 => 0,
                _ => frame.result as usize,
            };
            record = record.wrapping_sub(1 + left_out);
        }
        (self.values, end)
    }
}

impl Default for Stacks {
    fn default() -> Self {
        Stacks::new()
    }
}

impl Drop for Stacks {
    fn drop(&mut self) {
        // SAFETY: unmaps what `new` mapped.
        unsafe {
            let [value_bytes, frame_bytes] = self.mapped;
            libc::munmap(self.values as *mut libc::c_void, value_bytes);
            libc::munmap(self.frames.sub(1) as *mut libc::c_void, frame_bytes);
        }
    }
}

/// Bounds of the calling thread's machine stack: lowest and highest address.
pub fn machine_stack() -> (usize, usize) {
    if let Some(bounds) = initial_stack() {
        return bounds;
    }
    // SAFETY: plain queries about the calling thread; the attribute object is destroyed.
    unsafe {
        let mut attr: libc::pthread_attr_t = std::mem::zeroed();
        if libc::pthread_getattr_np(libc::pthread_self(), &mut attr) != 0 {
            let here = &raw const attr as usize;
            return (here.saturating_sub(4 << 20), here + (64 << 10));
        }
        let (mut base, mut size) = (std::ptr::null_mut(), 0);
        libc::pthread_attr_getstack(&attr, &mut base, &mut size);
        libc::pthread_attr_destroy(&mut attr);
        let high = base as usize + size;
        (
            (base as usize).max(high.saturating_sub(TRUSTED_STACK)),
            high,
        )
    }
}

/// An unlimited stack (`ulimit -s unlimited`) is only trusted so far.
const TRUSTED_STACK: usize = 512 << 20;

/// Bounds of the stack that the process began with, if this is its thread. The C library reads
/// the process's memory map to find out, which takes longer than all else it does at the start;
/// but the system has put the name of the executed file at the stack's upper end.
fn initial_stack() -> Option<(usize, usize)> {
    /// Every page is a multiple of this.
    const PAGE: usize = 4096;
    // SAFETY: queries without preconditions; the name is a C string for the process's life.
    unsafe {
        if libc::getpid() as u64 != native_thread_id() {
            return None;
        }
        let name = libc::getauxval(libc::AT_EXECFN) as *const libc::c_char;
        let mut limit = std::mem::zeroed::<libc::rlimit>();
        if name.is_null() || libc::getrlimit(libc::RLIMIT_STACK, &mut limit) != 0 {
            return None;
        }
        let end = name as usize + libc::strlen(name) + 1;
        let high = end.next_multiple_of(PAGE);
        let low = high.saturating_sub((limit.rlim_cur as usize).min(TRUSTED_STACK));
        (low..high)
            .contains(&stack_pointer())
            .then_some((low, high))
    }
}

/// Identifier of the calling thread.
pub fn thread_ident() -> u64 {
    // SAFETY: no preconditions.
    unsafe { libc::pthread_self() as u64 }
}

/// The operating system's number of the calling thread.
pub fn native_thread_id() -> u64 {
    // SAFETY: no preconditions.
    unsafe { libc::syscall(libc::SYS_gettid) as u64 }
}

/// Address of the caller's frame, roughly.
#[inline(always)]
pub fn stack_pointer() -> usize {
    let x = 0u8;
    std::hint::black_box(&raw const x) as usize
}

impl Thread {
    /// RecursionError when the machine stack is nearly used up.
    #[inline(always)]
    pub fn check_native_stack(&mut self, where_: &str) -> Result<()> {
        if stack_pointer() < self.stack_limit {
            self.native_stack_overflow(where_)
        } else {
            Ok(())
        }
    }

    #[cold]
    fn native_stack_overflow(&mut self, where_: &str) -> Result<()> {
        let old = self.stack_limit;
        self.stack_limit = old.saturating_sub(192 << 10);
        let e = self.recursion_error(format!("maximum recursion depth exceeded{where_}"));
        self.stack_limit = old;
        Err(e)
    }

    /// Pushes a frame whose first `bound` registers are set; the others become unbound.
    #[inline(always)]
    pub(crate) fn push_frame(
        &mut self,
        function: Gc<Function>,
        code: Gc<Code>,
        regs: *mut u64,
        bound: usize,
        dst: u16,
        flags: u16,
    ) -> Result<*mut Frame> {
        let n = code.registers as usize;
        // SAFETY: pointer arithmetic within or one past the mappings; the limits are tested before any
        // write. The record is written whole.
        unsafe {
            let frame = self.stacks.current.add(1);
            if regs.wrapping_add(n + 64) > self.stacks.values_end
                || frame.add(2) > self.stacks.frames_end
            {
                return Err(self.recursion_overflow());
            }
            if self.depth >= self.vm().recursion_limit.get() {
                return Err(self.recursion_overflow());
            }
            self.depth += 1;
            // Volatile, or the few words become a call of memset.
            for i in bound..n {
                regs.add(i).write_volatile(0);
            }
            frame.write(Frame {
                function,
                code,
                pc: code.known_words(),
                regs,
                locals: 0,
                entry_handled: self.handled.get().map_or(0, Value::bits),
                own_handled: 0,
                object: 0,
                generator: 0,
                result: 0,
                dst,
                flags,
            });
            self.stacks.current = frame;
            Ok(frame)
        }
    }

    #[cold]
    pub(crate) fn recursion_overflow(&mut self) -> crate::Raised {
        // Making the exception calls no Python code, so there is room for it.
        let depth = std::mem::replace(&mut self.depth, 0);
        let e = self.recursion_error("maximum recursion depth exceeded");
        self.depth = depth;
        e
    }

    /// Pops the running frame.
    #[inline(always)]
    pub(crate) fn pop_frame(&mut self) {
        // SAFETY: there is a running frame.
        unsafe {
            if (*self.stacks.current).object != 0 {
                self.detach_frame_object();
            }
            self.stacks.current = self.stacks.current.sub(1);
        }
        self.depth -= 1;
    }

    /// Copies into the frame objects of this many innermost frames what must outlive them.
    #[cold]
    pub(crate) fn detach_frame_objects(&mut self, n: usize) {
        let running = self.stacks.current;
        for _ in 0..n {
            let Some(frame) = self.stacks.current() else {
                break;
            };
            if frame.object != 0 {
                crate::types::frame::detach(self);
                frame.object = 0;
            }
            self.stacks.current = self.stacks.current.wrapping_sub(1);
        }
        self.stacks.current = running;
    }

    #[cold]
    fn detach_frame_object(&mut self) {
        crate::types::frame::detach(self);
    }

    /// Globals of the running frame.
    pub fn current_globals(&self) -> Option<Gc<crate::types::dict::Dict>> {
        self.stacks.current().map(|f| f.function.globals())
    }

    /// The class and first argument for a `super()` without arguments. RuntimeError without them.
    pub fn super_without_arguments(&mut self) -> Result<(Value, Option<Value>)> {
        let Some(f) = self.stacks.current() else {
            return Err(self.runtime_error("super(): no current frame"));
        };
        let code = f.code;
        if code.argcount == 0 {
            return Err(self.runtime_error("super(): no arguments"));
        }
        let mut first = f.reg(0);
        if let Some(c) = first.and_then(|v| v.downcast::<crate::types::cell::CellObject>())
            && code.data.cellvars.iter().any(|(_, r)| *r == 0)
        {
            first = c.contents.get();
        }
        let Some(first) = first else {
            return Err(self.runtime_error("super(): arg[0] deleted"));
        };
        let Some((_, r)) = code.data.freevars.iter().find(|(n, _)| n == "__class__") else {
            return Err(self.runtime_error("super(): __class__ cell not found"));
        };
        let cell = f
            .reg(*r as usize)
            .and_then(|v| v.downcast::<crate::types::cell::CellObject>());
        let Some(class) = cell.and_then(|c| c.contents.get()) else {
            return Err(self.runtime_error("super(): empty __class__ cell"));
        };
        if !self.is_instance_of(class, T::Type) {
            let got = self.type_name(class);
            return Err(self.runtime_error(format!("super(): __class__ is not a type ({got})")));
        }
        Ok((class, Some(first)))
    }
}

impl Thread {
    /// Empties the temporaries of all frames that are not read any more, so that they keep nothing
    /// alive. Only for native functions that the running frame has called: there each frame's
    /// `pc` says where it stands. Variables stay, as `locals()` shows them.
    pub fn clear_dead_temporaries(&mut self) {
        let top = self.stacks.top();
        let mut limit = top;
        let mut depth = 0;
        while let Some(frame) = self.stacks.at(depth) {
            depth += 1;
            let data = &frame.code.data;
            let liveness = Liveness::compute(data);
            if let Some(live) = liveness.live_in(frame.word() as u32) {
                let is_variable = |r: u16| {
                    data.cellvars
                        .iter()
                        .chain(&data.freevars)
                        .any(|(_, register)| *register == r)
                };
                // Behind a native call finalizers run at the call still, but its result is there.
                let result = match depth {
                    1 => None,
                    _ => frame.first_operand(),
                };
                for r in data.varnames.len()..frame.code.registers as usize {
                    if result == Some(r) {
                        continue;
                    }
                    let word = frame.regs.wrapping_add(r);
                    // What overlaps the callee's window is the callee's.
                    if (word < limit || word >= top)
                        && !live.contains(r as u16)
                        && !is_variable(r as u16)
                    {
                        // SAFETY: within the window.
                        unsafe { *word = 0 };
                    }
                }
            }
            limit = frame.regs;
        }
    }
}

/// A slice of a window as arguments.
///
/// # Safety
/// The run lies within a window whose words are set, and is not written while the slice lives.
#[inline(always)]
pub unsafe fn window_slice<'a>(p: *const u64, n: usize) -> &'a [Value] {
    // SAFETY: the caller's promise.
    debug_assert!((0..n).all(|i| unsafe { *p.add(i) } != 0));
    // SAFETY: the caller's promise; Value and u64 have one layout.
    unsafe { std::slice::from_raw_parts(p as *const Value, n) }
}

/// Raw registers of a window, for saving and restoring generators.
///
/// # Safety
/// As for [`window_slice`], without the promise that words are set.
#[inline]
pub unsafe fn copy_window(from: *const u64, to: *mut u64, n: usize) {
    if n > 32 {
        // SAFETY: the caller's promise.
        return unsafe { std::ptr::copy_nonoverlapping(from, to, n) };
    }
    for i in 0..n {
        // SAFETY: the caller's promise. Volatile, or the few words become a call of memcpy.
        unsafe { to.add(i).write_volatile(*from.add(i)) };
    }
}

/// A cell for values on the Rust stack that must survive a call (documentation aid).
pub type Kept = Cell<Option<Value>>;
