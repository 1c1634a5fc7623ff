//! The dispatch loop.
//!
//! State of the running frame is kept in locals (`pc`, `regs`, `consts`, `feedback`) and written back
//! to the record before anything that can raise, call or collect. A Python-to-Python call pushes
//! a record and goes on in the same loop; only frames with the ENTRY flag leave it.
//!
//! `unsafe` here rests on the verifier: register, constant, name, label and feedback operands of
//! a verified code object are in range, so window and table accesses are too.
//!
//! The bodies of the opcodes stand in `run/`, a file a family of opcodes. They are included as
//! text, because the loop's state must be locals of one function: only so it stays in machine
//! registers.
#![allow(unsafe_code, unused_unsafe, unused_assignments)]

use std::sync::atomic::Ordering;

use taipan_bytecode::code::{Intrinsic1, Intrinsic2};
use taipan_bytecode::opcode::Opcode;

use super::frame::{Frame, flags, window_slice};
use super::ops::arith::{int_floor_div, int_mod, int_shl, int_shr, int_true_div, slow_arith};
use super::ops::compare::{contains, slow_compare, slow_compare_bool};
use super::ops::slices::{load_slice, load_stepped_slice, store_slice};
use super::ops::{attr, build, calls, except, matching, name};
use super::unwind::Unwound;
use crate::Thread;
use crate::builtins::numbers::sum_step;
use crate::call::Args;
use crate::feedback::{CacheKind, FeedbackSlot, seen};
use crate::machine::enter::Outcome;
use crate::object::slots::CompareOp;
use crate::object::{Gc, HeaderFlags, HeapObject, Kind, Raised, Result, Value};
use crate::protocol::arith::BinaryOp;
use crate::types::T;
use crate::types::builtin_function::Builtin;
use crate::types::code::Code;
use crate::types::dict::Dict;
use crate::types::function::Function;
use crate::types::generator;
use crate::types::iterators::{ListIterator, TupleIterator};
use crate::types::list::List;
use crate::types::method::BoundMethod;
use crate::types::module::Module;
use crate::types::range::RangeIterator;
use crate::types::set::Set;
use crate::types::tuple::Tuple;
use crate::types::type_::Type;

/// Typed pointer to a cell whose layout was just tested by shape or kind.
#[inline(always)]
pub(super) unsafe fn cast<O: HeapObject>(v: Value) -> Gc<O> {
    // SAFETY: the caller tested the layout.
    unsafe { Gc::from_raw(v.bits() as *mut O) }
}

#[inline(always)]
pub(super) fn shape_is(v: Value, t: T) -> bool {
    v.header().is_some_and(|h| h.shape() == t.shape())
}

/// The value that a slot of kind `Global` or `Builtin` knows the place of; the dict's version of
/// its keys was just found to be the slot's.
#[inline(always)]
fn cached_item(dict: Gc<Dict>, s: &FeedbackSlot) -> u64 {
    match dict.table() {
        // SAFETY: the cell was just read.
        Some(t) => unsafe { *((t.value().bits() + s.value.get() - 1) as *const u64) },
        None => unreachable!("a version of no keys"),
    }
}

/// Runs the running frame until it (or the entry frame below it) returns.
///
/// Gives the frame's value; for a generator's entry frame the thread notes whether it yielded.
pub fn run(th: &mut Thread) -> Result {
    loop {
        if th.is_traced()
            && let Some(v) = super::trace::run_traced(th)?
        {
            return Ok(v);
        }
        match run_loop::<false>(th) {
            Err(Raised) if th.to_traced.replace(false) => {}
            r => return r,
        }
    }
}

/// Runs one instruction of the running frame. Raises without unwinding.
pub(crate) fn step(th: &mut Thread) -> Result {
    run_loop::<true>(th)
}

/// As [`step`]; gives the address of the word behind the instruction.
pub(crate) fn step_word(th: &mut Thread) -> Result<usize> {
    step(th)?;
    Ok(th.stacks.current().map_or(0, |f| f.pc as usize))
}

#[inline(never)]
fn run_loop<const STEP: bool>(th: &mut Thread) -> Result {
    let mut stepped = false;
    let mut frame: *mut Frame = th.stacks.current;
    let mut pc: *const u64;
    let mut regs: *mut u64;
    let mut feedback: *const FeedbackSlot;
    let mut code: Gc<Code>;

    // Reads the running frame's state into the locals.
    macro_rules! load_frame {
        () => {
            // SAFETY: `current` is an initialised record.
            unsafe {
                frame = th.stacks.current;
                code = (*frame).code;
                feedback = code.feedback_ptr(th, code);
                // Behind `feedback_ptr`, which unpacks code that runs for the first time.
                pc = (*frame).pc;
                regs = (*frame).regs;
            }
        };
    }
    load_frame!();

    'frames: loop {
        // An error inside the loop breaks out of it with `true` when the traceback entry exists.
        let traced: bool = 'run: loop {
            if STEP {
                if stepped {
                    // SAFETY: the running frame's record.
                    unsafe { (*frame).pc = pc };
                    return Ok(th.none());
                }
                stepped = true;
            }
            // SAFETY: pc addresses an instruction of verified code.
            let w = unsafe { *pc };
            // SAFETY: verified code holds only known opcodes.
            let op = unsafe { std::mem::transmute::<u16, Opcode>(w as u16) };
            let a = (w >> 16) as u16 as usize;
            let b = (w >> 32) as u16 as usize;
            let c = (w >> 48) as u16 as usize;

            macro_rules! word2 {
                () => {
                    // SAFETY: labels and the ends of instructions are bounded by the verifier.
                    unsafe { *pc.add(1) }
                };
            }
            macro_rules! d {
                () => {
                    word2!() as u32
                };
            }
            macro_rules! e {
                () => {
                    (word2!() >> 32) as u32
                };
            }
            macro_rules! reg {
                ($i:expr) => {
                    // SAFETY: a window behind the running frame's registers, with room for the arguments.
                    unsafe { *regs.add($i) }
                };
            }
            macro_rules! set {
                ($i:expr, $v:expr) => {
                    // SAFETY: a window behind the running frame's registers, with room for the arguments.
                    unsafe { *regs.add($i) = Value::bits($v) }
                };
            }
            macro_rules! val {
                ($i:expr) => {
                    match Value::from_bits(reg!($i)) {
                        Some(v) => v,
                        None => {
                            save!();
                            th.system_error("unbound register read");
                            break 'run false;
                        }
                    }
                };
            }
            macro_rules! save {
                () => {
                    // SAFETY: the record of a frame that runs or was just pushed.
                    unsafe { (*frame).pc = pc }
                };
            }
            macro_rules! next {
                ($n:literal) => {{
                    // SAFETY: labels and the ends of instructions are bounded by the verifier.
                    pc = unsafe { pc.add($n) };
                    continue 'run;
                }};
            }
            macro_rules! goto {
                ($t:expr) => {{
                    // SAFETY: labels and the ends of instructions are bounded by the verifier.
                    pc = unsafe { code.words().add($t as usize) };
                    continue 'run;
                }};
            }
            macro_rules! fb {
                ($i:expr) => {
                    // SAFETY: the verifier bounds feedback slots.
                    unsafe { &*feedback.add($i as usize) }
                };
            }
            macro_rules! check {
                ($r:expr) => {
                    match $r {
                        Ok(v) => v,
                        Err(Raised) => break 'run false,
                    }
                };
            }
            // A word into a register.
            macro_rules! put {
                ($i:expr, $word:expr) => {
                    // SAFETY: the verifier bounds registers.
                    unsafe { *regs.add($i) = $word }
                };
            }
            // A run of registers as values.
            macro_rules! registers {
                ($first:expr, $n:expr) => {
                    // SAFETY: the lowering sets every register of a run that is read, and the
                    // verifier bounds runs.
                    unsafe { window_slice(regs.add($first), $n) }
                };
            }
            macro_rules! function {
                () => {
                    // SAFETY: the running frame's record.
                    unsafe { (*frame).function }
                };
            }
            macro_rules! locals {
                () => {
                    // SAFETY: the running frame's record.
                    unsafe { (*frame).locals }
                };
            }
            // The running frame goes on behind this instruction of so many words.
            macro_rules! return_behind {
                ($n:literal) => {
                    // SAFETY: the running frame's record; verified code does not end here.
                    unsafe { (*frame).pc = pc.add($n) }
                };
            }
            macro_rules! name_at {
                ($i:expr) => {
                    code.name_at($i)
                };
            }

            // Leaves the running frame with a value.
            macro_rules! leave {
                ($value:expr) => {{
                    let mut v = $value;
                    let (fl, dst, generator) =
                        // SAFETY: the record of a frame that runs or was just pushed.
                        unsafe { ((*frame).flags, (*frame).dst, (*frame).generator) };
                    if fl & flags::CONSTRUCT != 0 {
                        if !th.is_none(v) {
                            save!();
                            let got = th.type_name(v);
                            th.type_error(format!("__init__() should return None, not '{got}'"));
                            break 'run false;
                        }
                        // SAFETY: the record of a frame that runs or was just pushed.
                        if let Some(r) = Value::from_bits(unsafe { (*frame).result }) {
                            v = r;
                        }
                    }
                    save!();
                    if generator != 0 {
                        generator::finished(th, generator);
                        th.handled
                            // SAFETY: the record of a frame that runs or was just pushed.
                            .set(Value::from_bits(unsafe { (*frame).entry_handled }));
                    }
                    th.pop_frame();
                    if fl & flags::ENTRY != 0 {
                        th.yielded = false;
                        return Ok(v);
                    }
                    load_frame!();
                    if fl & flags::FOR_ITER != 0 {
                        // pc still addresses the ForIter: the generator has ended.
                        goto!(d!());
                    }
                    set!(dst as usize, v);
                    if fl & flags::DELEGATE != 0 {
                        next!(1);
                    }
                    continue 'run;
                }};
            }
            // Goes on after compiled code of the running frame.
            macro_rules! after_machine {
                ($outcome:expr) => {{
                    let outcome = $outcome;
                    load_frame!();
                    match outcome {
                        Outcome::Returned(v) => leave!(v),
                        Outcome::Interpret => continue 'run,
                        Outcome::Raised => break 'run false,
                    }
                }};
            }

            // Goes on in a Python function that takes just the arguments given; its value goes to
            // register `a`, and the instruction has two words.
            macro_rules! enter_function {
                ($function:expr, $($argument:expr),+) => {{
                    let f: Gc<Function> = $function;
                    let arguments = [$($argument.bits()),+];
                    let fc = f.code();
                    // SAFETY: a window behind the running frame's registers, with room for the arguments.
                    let window = unsafe { regs.add(code.registers as usize) };
                    check!(th.ensure_window(window, fc.registers as usize));
                    for (i, x) in arguments.iter().enumerate() {
                        // SAFETY: a window behind the running frame's registers, with room for the arguments.
                        unsafe { *window.add(i) = *x };
                    }
                    let calls = fc.calls.get().wrapping_add(1);
                    fc.calls.set(calls);
                    if calls >= th.machine.call_threshold {
                        th.hot_function(f);
                    }
                    check!(th.push_frame(f, fc, window, arguments.len(), a as u16, 0));
                    return_behind!(2);
                    let compiled = fc.compiled.get();
                    if compiled != 0 && !STEP && th.may_enter() {
                        after_machine!(th.enter_machine(compiled, window));
                    }
                    load_frame!();
                    continue 'run;
                }};
            }

            match op {
                Opcode::Nop
                | Opcode::Move
                | Opcode::LoadConst
                | Opcode::LoadInt
                | Opcode::Clear
                | Opcode::CheckBound
                | Opcode::LoadAssertionError
                | Opcode::LoadNotImplementedError
                | Opcode::LoadBuildClass
                | Opcode::MakeCell
                | Opcode::LoadClosure
                | Opcode::LoadCell
                | Opcode::StoreCell
                | Opcode::DeleteCell
                | Opcode::LoadGlobal
                | Opcode::StoreGlobal
                | Opcode::DeleteGlobal
                | Opcode::LoadName
                | Opcode::StoreName
                | Opcode::DeleteName
                | Opcode::LoadLocals
                | Opcode::LoadFromDictOrGlobals
                | Opcode::LoadFromDictOrCell
                | Opcode::ImportName
                | Opcode::ImportFrom
                | Opcode::ImportStar
                | Opcode::SetupAnnotations => include!("run/names.rs"),
                Opcode::LoadAttr
                | Opcode::StoreAttr
                | Opcode::DeleteAttr
                | Opcode::LoadMethod
                | Opcode::LoadSuperAttr
                | Opcode::LoadSuperMethod
                | Opcode::LoadSpecial => include!("run/attributes.rs"),
                Opcode::LoadSubscript
                | Opcode::LoadSubscriptInt
                | Opcode::StoreSubscript
                | Opcode::DeleteSubscript
                | Opcode::LoadSlice
                | Opcode::LoadSteppedSlice
                | Opcode::StoreSlice
                | Opcode::BuildSlice
                | Opcode::BuildTuple
                | Opcode::BuildList
                | Opcode::BuildSet
                | Opcode::BuildMap
                | Opcode::BuildString
                | Opcode::ListAppend
                | Opcode::ListExtend
                | Opcode::ListToTuple
                | Opcode::SetAdd
                | Opcode::SetUpdate
                | Opcode::MapSet
                | Opcode::DictUpdate
                | Opcode::DictMerge
                | Opcode::FormatValue
                | Opcode::FormatWithSpec
                | Opcode::BuildInterpolation
                | Opcode::BuildTemplate => include!("run/containers.rs"),
                Opcode::BinaryAdd
                | Opcode::SumStep
                | Opcode::BinarySub
                | Opcode::BinaryMul
                | Opcode::BinaryTrueDiv
                | Opcode::BinaryFloorDiv
                | Opcode::BinaryMod
                | Opcode::BinaryPow
                | Opcode::BinaryMatMul
                | Opcode::BinaryLShift
                | Opcode::BinaryRShift
                | Opcode::BinaryAnd
                | Opcode::BinaryOr
                | Opcode::BinaryXor
                | Opcode::InplaceAdd
                | Opcode::InplaceSub
                | Opcode::InplaceMul
                | Opcode::InplaceTrueDiv
                | Opcode::InplaceFloorDiv
                | Opcode::InplaceMod
                | Opcode::InplacePow
                | Opcode::InplaceMatMul
                | Opcode::InplaceLShift
                | Opcode::InplaceRShift
                | Opcode::InplaceAnd
                | Opcode::InplaceOr
                | Opcode::InplaceXor
                | Opcode::BinaryAddInt
                | Opcode::BinarySubInt
                | Opcode::BinaryMulInt
                | Opcode::BinaryFloorDivInt
                | Opcode::BinaryModInt
                | Opcode::BinaryAndInt
                | Opcode::BinaryLShiftInt
                | Opcode::BinaryRShiftInt
                | Opcode::InplaceAddInt
                | Opcode::InplaceSubInt
                | Opcode::UnaryNeg
                | Opcode::UnaryPos
                | Opcode::UnaryInvert
                | Opcode::UnaryNot => include!("run/arithmetic.rs"),
                Opcode::CompareLt
                | Opcode::CompareLe
                | Opcode::CompareEq
                | Opcode::CompareNe
                | Opcode::CompareGt
                | Opcode::CompareGe
                | Opcode::Contains
                | Opcode::Is
                | Opcode::Jump
                | Opcode::LoopBack
                | Opcode::JumpIfTrue
                | Opcode::JumpIfFalse
                | Opcode::JumpIfNone
                | Opcode::JumpIfNotNone
                | Opcode::JumpIfUnbound
                | Opcode::JumpIfNotBuiltin
                | Opcode::JumpLt
                | Opcode::JumpLe
                | Opcode::JumpEq
                | Opcode::JumpNe
                | Opcode::JumpGt
                | Opcode::JumpGe
                | Opcode::JumpLtInt
                | Opcode::JumpLeInt
                | Opcode::JumpEqInt
                | Opcode::JumpNeInt
                | Opcode::JumpGtInt
                | Opcode::JumpGeInt
                | Opcode::JumpContains
                | Opcode::JumpIs => include!("run/branches.rs"),
                Opcode::GetIter
                | Opcode::ForIter
                | Opcode::UnpackSequence
                | Opcode::UnpackEx
                | Opcode::ReturnGenerator
                | Opcode::Yield
                | Opcode::Delegate
                | Opcode::GetYieldFromIter
                | Opcode::GetAwaitable
                | Opcode::GetAIter
                | Opcode::GetANext
                | Opcode::JumpIfStopAsync => include!("run/iteration.rs"),
                Opcode::Call
                | Opcode::CallMethod
                | Opcode::CallEx
                | Opcode::MakeFunction
                | Opcode::Return
                | Opcode::ReturnNone
                | Opcode::CallIntrinsic1
                | Opcode::CallIntrinsic2 => include!("run/calls.rs"),
                Opcode::EnterHandler
                | Opcode::ExitHandler
                | Opcode::Raise
                | Opcode::RaiseFrom
                | Opcode::RaiseCurrent
                | Opcode::Reraise
                | Opcode::MatchException
                | Opcode::MatchExceptionGroup
                | Opcode::PrepareReraiseStar
                | Opcode::WithExceptStart
                | Opcode::GetLen
                | Opcode::MatchMapping
                | Opcode::MatchSequence
                | Opcode::MatchKeys
                | Opcode::MatchClass => include!("run/exceptions.rs"),
            }
        };
        if STEP {
            return Err(Raised);
        }
        match th.unwind(traced) {
            Unwound::Handler(target) => {
                // SAFETY: handlers of verified code are instruction starts.
                unsafe {
                    frame = th.stacks.current;
                    code = (*frame).code;
                    (*frame).pc = code.words().add(target as usize);
                }
                load_frame!();
                continue 'frames;
            }
            Unwound::Leave => return Err(Raised),
        }
    }
}

/// Notes what is called, for the compiler: the function and its code, or that it differs.
#[inline(always)]
fn note_callee(s: &FeedbackSlot, f: Value, code: Gc<Code>) {
    if s.value.get() != f.bits() {
        note_other_callee(s, f, code);
    }
}

#[cold]
fn note_other_callee(s: &FeedbackSlot, f: Value, code: Gc<Code>) {
    if s.kind.get() == CacheKind::Construct {
        return;
    }
    let code = code.value().bits();
    if s.value.get() != 0 {
        s.note(if s.value2.get() == code {
            crate::feedback::seen::OTHER_FUNCTION
        } else {
            crate::feedback::seen::OTHER_CODE
        });
    }
    s.value.set(f.bits());
    s.value2.set(code);
}

#[inline(always)]
fn frame_word(frame: *const Frame) -> u32 {
    // SAFETY: the record of a frame that runs or was just pushed.
    unsafe { (*frame).word() as u32 }
}

#[inline(always)]
fn kwnames(code: Gc<Code>, kw: u32) -> Option<Gc<Tuple>> {
    if kw == 0 {
        None
    } else {
        code.consts()
            .get(kw as usize - 1)
            .and_then(|v| v.downcast::<Tuple>())
    }
}

#[cold]
fn remember_global(
    th: &mut Thread,
    s: &FeedbackSlot,
    globals: Gc<Dict>,
    name: Gc<crate::types::str_::Str>,
) {
    if let Some(i) = globals.find_str(name) {
        let v = globals.ensure_keys_version(th);
        if v != 0 {
            s.version.set(v);
            s.value.set(name::value_place(globals, i));
            s.value2.set(i as u64);
            s.kind.set(CacheKind::Global);
        }
    }
}
