//! The dispatch loop.
//!
//! State of the running frame is kept in locals (`pc`, `regs`, `consts`, `feedback`) and written back
//! to the record before anything that can raise, call or collect. A Python-to-Python call pushes
//! a record and goes on in the same loop; only frames with the ENTRY flag leave it.
//!
//! `unsafe` here rests on the verifier: register, constant, name, label and feedback operands of
//! a verified code object are in range, so window and table accesses are too.
//!
//! Longer bodies of opcodes stand in `run/`, a file an opcode that is often executed or a family of
//! others. They are included as text, because the loop's state must be locals of one function: only so it stays in machine
//! registers.
#![allow(unsafe_code, unused_unsafe, unused_assignments)]

use std::sync::atomic::Ordering;

use taipan_bytecode::code::{Intrinsic1, Intrinsic2};
use taipan_bytecode::opcode::Opcode;

use super::frame::{Frame, flags, window_slice};
use super::ops::arith::{
    float_add, float_mul, float_sub, float_true_div, int_add, int_and, int_floor_div, int_mod,
    int_mul, int_or, int_shl, int_shr, int_sub, int_true_div, int_xor, no_float, no_int,
    slow_arith,
};
use super::ops::compare::{contains, slow_compare, slow_compare_bool};
use super::ops::slices::{load_slice, load_stepped_slice, store_slice};
use super::ops::{attr, build, calls, except, matching, name};
use super::unwind::Unwound;
use crate::Thread;
use crate::builtins::numbers::sum_step;
use crate::call::Args;
use crate::feedback::{CacheKind, FeedbackSlot, seen};
use crate::machine::enter::{Ended, Outcome};
use crate::object::gc::{SpillArea, spill_registers};
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

/// Typed pointer to a cell.
///
/// # Safety
/// The cell's layout was just tested by shape or kind, or is what a slot's kind says.
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
#[inline(never)]
pub fn run(th: &mut Thread) -> Result {
    let outer = th.loop_low;
    // An exact collection stops above the loop; what the caller has in registers must lie there.
    let mut registers = SpillArea::uninit();
    let low = spill_registers(&mut registers);
    let result = loop {
        if th.is_traced() {
            th.loop_low = 0;
            match super::trace::run_traced(th) {
                Ok(None) => {}
                Ok(Some(v)) => break Ok(v),
                Err(e) => break Err(e),
            }
        }
        th.loop_low = low as usize;
        match run_loop::<false>(th) {
            Err(Raised) if th.to_traced.replace(false) => {}
            r => break r,
        }
    };
    std::hint::black_box(&registers);
    th.loop_low = outer;
    result
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
                    if !STEP && fl & flags::DELEGATE != 0 {
                        match th.end_frame(v) {
                            Ended::Left(value, ends) => {
                                v = value;
                                if ends & flags::ENTRY != 0 {
                                    th.yielded = false;
                                    return Ok(v);
                                }
                                load_frame!();
                                goto!(d!());
                            }
                            Ended::Goes(Outcome::Yielded(v)) => {
                                load_frame!();
                                yield_up!(v);
                            }
                            Ended::Goes(Outcome::Raised) => {
                                load_frame!();
                                break 'run false;
                            }
                            Ended::Goes(_) => {
                                load_frame!();
                                continue 'run;
                            }
                        }
                    }
                    if generator != 0 {
                        generator::chain::write_delegator(th);
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
                    if fl & flags::DELEGATE != 0 {
                        generator::load_registers(th);
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
            // Suspends the running generator, whose pc is saved, and those that delegate to it;
            // goes on in whoever resumed the outermost with the yielded value.
            macro_rules! yield_up {
                ($v:expr) => {{
                    let v: Value = $v;
                    // SAFETY: the record of a frame that runs or was just pushed.
                    let (fl, dst) = match unsafe { ((*frame).flags, (*frame).dst) } {
                        (fl, _) if fl & flags::DELEGATE != 0 => generator::suspend_chain(th),
                        ends => {
                            generator::suspend(th);
                            th.pop_frame();
                            ends
                        }
                    };
                    if fl & flags::ENTRY != 0 {
                        th.yielded = true;
                        return Ok(v);
                    }
                    load_frame!();
                    set!(dst as usize, v);
                    next!(2);
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
                        Outcome::Yielded(v) => yield_up!(v),
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
                    let compiled = fc.compiled();
                    if compiled != 0 && !STEP && th.may_enter() {
                        after_machine!(th.enter_machine(compiled, window));
                    }
                    load_frame!();
                    continue 'run;
                }};
            }

            // `v[i]` of an exact list or tuple, where there is such an item.
            macro_rules! sequence_item {
                ($v:expr, $i:expr, $s:expr) => {{
                    let (v, i, s): (Value, i64, &FeedbackSlot) = ($v, $i, $s);
                    let item = if shape_is(v, T::List) {
                        // SAFETY: its shape or kind was just tested, or is what the slot's kind says.
                        let l: Gc<List> = unsafe { cast(v) };
                        let i = if i < 0 { i + l.items.len() as i64 } else { i };
                        l.items.get(i as usize).map(|x| (x, seen::LIST))
                    } else if shape_is(v, T::Tuple) {
                        // SAFETY: its shape or kind was just tested, or is what the slot's kind says.
                        let t: Gc<Tuple> = unsafe { cast(v) };
                        let i = if i < 0 { i + t.len() as i64 } else { i };
                        t.get(i as usize).map(|x| (x, seen::TUPLE))
                    } else {
                        None
                    };
                    if let Some((x, kind)) = item {
                        s.note(kind);
                        set!(a, x);
                        next!(2);
                    }
                }};
            }

            // `v[k]` of a class that is none of the common ones; pc is saved.
            macro_rules! general_subscript {
                ($v:expr, $k:expr, $s:expr) => {{
                    let (v, k, s): (Value, Value, &FeedbackSlot) = ($v, $k, $s);
                    s.note(seen::OTHER);
                    if s.kind.get() == CacheKind::Method
                        && let Some(h) = v.header()
                        && h.shape().0 == s.shape.get()
                        && th.shape(h.shape()).version.get() == s.version.get()
                        && let Some(f) = Value::from_bits(s.value.get())
                    {
                        // SAFETY: its shape or kind was just tested, or is what the slot's kind says.
                        let f: Gc<Function> = unsafe { cast(f) };
                        let fc = f.code();
                        if fc.simple && fc.argcount == 2 {
                            enter_function!(f, v, k);
                        }
                    }
                    crate::machine::arrays::note_container(th, s, v);
                    let r = check!(attr::subscript(th, s, v, k));
                    set!(a, r);
                    next!(2)
                }};
            }

            // Arithmetic with fast paths for small ints and tagged floats.
            macro_rules! arith {
                ($op:ident, $inplace:expr, $int:expr, $float:expr) => {{
                    let (x, y) = (reg!(b), reg!(c));
                    if (x ^ 2 | y ^ 2) & 3 == 0 {
                        let r: Option<Value> = $int(x as i64 >> 2, y as i64 >> 2);
                        if let Some(r) = r {
                            fb!(d!()).note(seen::INT);
                            set!(a, r);
                            next!(2);
                        }
                    } else if x & y & 1 == 1 {
                        // SAFETY: the words are tagged floats, so not zero.
                        let (f, g) = unsafe {
                            (
                                Value::from_bits(x).unwrap_unchecked().float_unchecked(),
                                Value::from_bits(y).unwrap_unchecked().float_unchecked(),
                            )
                        };
                        let r: Option<f64> = $float(f, g);
                        if let Some(r) = r
                            && let Some(r) = Value::try_float(r)
                        {
                            fb!(d!()).note(seen::FLOAT);
                            set!(a, r);
                            next!(2);
                        }
                    }
                    save!();
                    let (x, y) = (val!(b), val!(c));
                    let r = check!(slow_arith(th, BinaryOp::$op, $inplace, x, y, fb!(d!())));
                    set!(a, r);
                    next!(2);
                }};
            }

            macro_rules! arith_int {
                ($op:ident, $inplace:expr, $int:expr, $float:expr) => {{
                    let x = reg!(b);
                    let y = c as u16 as i16 as i64;
                    if x & 3 == 2 {
                        let r: Option<Value> = $int(x as i64 >> 2, y);
                        if let Some(r) = r {
                            fb!(d!()).note(seen::INT);
                            set!(a, r);
                            next!(2);
                        }
                    } else if x & 1 == 1 {
                        // SAFETY: the words are tagged floats, so not zero.
                        let f = unsafe { Value::from_bits(x).unwrap_unchecked().float_unchecked() };
                        let r: Option<f64> = $float(f, y as f64);
                        if let Some(r) = r
                            && let Some(r) = Value::try_float(r)
                        {
                            fb!(d!()).note(seen::MIXED);
                            set!(a, r);
                            next!(2);
                        }
                    }
                    save!();
                    let x = val!(b);
                    let r = check!(slow_arith(
                        th,
                        BinaryOp::$op,
                        $inplace,
                        x,
                        Value::small(y as i32),
                        fb!(d!())
                    ));
                    set!(a, r);
                    next!(2);
                }};
            }

            macro_rules! compare {
                ($name:ident, $op:tt) => {{
                    let (x, y) = (reg!(b), reg!(c));
                    if (x ^ 2 | y ^ 2) & 3 == 0 {
                        fb!(d!()).note(seen::INT);
                        set!(a, th.bool((x as i64) $op (y as i64)));
                        next!(2);
                    }
                    if x & y & 1 == 1 {
                        // SAFETY: the words are tagged floats, so not zero.
                        let (f, g) = unsafe { (Value::from_bits(x).unwrap_unchecked().float_unchecked(), Value::from_bits(y).unwrap_unchecked().float_unchecked()) };
                        fb!(d!()).note(seen::FLOAT);
                        set!(a, th.bool(f $op g));
                        next!(2);
                    }
                    save!();
                    let (x, y) = (val!(b), val!(c));
                    let r = check!(slow_compare(th, x, y, CompareOp::$name, fb!(d!())));
                    set!(a, r);
                    next!(2);
                }};
            }

            macro_rules! jump_compare {
                ($name:ident, $op:tt, $y:expr, $yv:expr) => {{
                    let x = reg!(a);
                    let y: u64 = $y;
                    let r: bool = if (x ^ 2 | y ^ 2) & 3 == 0 {
                        fb!(e!()).note(seen::INT);
                        (x as i64) $op (y as i64)
                    } else if x & y & 1 == 1 {
                        // SAFETY: the words are tagged floats, so not zero.
                        let (f, g) = unsafe { (Value::from_bits(x).unwrap_unchecked().float_unchecked(), Value::from_bits(y).unwrap_unchecked().float_unchecked()) };
                        fb!(e!()).note(seen::FLOAT);
                        f $op g
                    } else {
                        save!();
                        let x = val!(a);
                        let y: Value = $yv;
                        check!(slow_compare_bool(th, x, y, CompareOp::$name, fb!(e!())))
                    };
                    if r == (c != 0) { goto!(d!()) } else { next!(2) }
                }};
            }

            macro_rules! truth {
                ($v:expr) => {{
                    let v = $v;
                    if v.is(th.bool(true)) {
                        true
                    } else if v.is(th.bool(false)) || v.is(th.none()) {
                        false
                    } else {
                        save!();
                        fb!(e!()).note(seen::OTHER);
                        fb!(e!()).shape.set(th.shape_of(v).0);
                        check!(th.truth(v))
                    }
                }};
            }

            // The small number in an instruction.
            macro_rules! small {
                () => {
                    Value::small(b as u16 as i16 as i32)
                };
            }

            // One level: an opcode that much is executed of has an arm of its own, because a family's
            // second match would be a second jump through a table.
            match op {
                Opcode::Move => {
                    put!(a, reg!(b));
                    next!(1)
                }
                Opcode::LoadConst => {
                    let k = (w >> 32) as usize;
                    put!(a, *code.consts().data().add(k));
                    next!(1)
                }
                Opcode::LoadInt => {
                    set!(a, Value::small((w >> 32) as i32));
                    next!(1)
                }
                Opcode::Clear => {
                    put!(a, 0);
                    next!(1)
                }
                Opcode::LoadCell => {
                    let cell = check!(name::cell(th, Value::from_bits(reg!(b))));
                    match cell.contents.get() {
                        Some(v) => set!(a, v),
                        None => {
                            save!();
                            name::empty_cell(th, code, name_at!(d!()));
                            break 'run false;
                        }
                    }
                    next!(2)
                }
                Opcode::StoreCell => {
                    let cell = check!(name::cell(th, Value::from_bits(reg!(a))));
                    let v = val!(b);
                    cell.contents.set(cell.header(), v);
                    next!(1)
                }
                Opcode::LoadGlobal => include!("run/load_global.rs"),
                Opcode::Nop
                | Opcode::CheckBound
                | Opcode::LoadAssertionError
                | Opcode::LoadNotImplementedError
                | Opcode::LoadBuildClass
                | Opcode::MakeCell
                | Opcode::LoadClosure
                | Opcode::DeleteCell
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
                Opcode::LoadAttr => include!("run/load_attr.rs"),
                Opcode::StoreAttr => include!("run/store_attr.rs"),
                Opcode::LoadMethod => include!("run/load_method.rs"),
                Opcode::DeleteAttr
                | Opcode::LoadSuperAttr
                | Opcode::LoadSuperMethod
                | Opcode::LoadSpecial => include!("run/attributes.rs"),
                Opcode::LoadSubscript => include!("run/load_subscript.rs"),
                Opcode::LoadSubscriptInt => include!("run/load_subscript_int.rs"),
                Opcode::StoreSubscript => include!("run/store_subscript.rs"),
                Opcode::DeleteSubscript
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
                Opcode::BinaryAdd => arith!(Add, false, int_add, float_add),
                Opcode::SumStep => {
                    let (x, y) = (reg!(a), reg!(b));
                    if (x ^ 2 | y ^ 2) & 3 == 0
                        && reg!(a + 1) == th.none().bits()
                        && let Some(r) = Value::try_int((x as i64 >> 2) + (y as i64 >> 2))
                    {
                        fb!(d!()).note(seen::INT);
                        set!(a, r);
                        next!(2);
                    }
                    save!();
                    fb!(d!()).note(seen::OTHER);
                    let (total, state, v) = (val!(a), val!(a + 1), val!(b));
                    let (total, state) = check!(sum_step(th, total, state, v));
                    set!(a, total);
                    set!(a + 1, state);
                    next!(2);
                }
                Opcode::BinarySub => arith!(Sub, false, int_sub, float_sub),
                Opcode::BinaryMul => arith!(Mul, false, int_mul, float_mul),
                Opcode::BinaryTrueDiv => arith!(TrueDiv, false, int_true_div, float_true_div),
                Opcode::BinaryFloorDiv => arith!(FloorDiv, false, int_floor_div, no_float),
                Opcode::BinaryMod => arith!(Mod, false, int_mod, no_float),
                Opcode::BinaryPow => arith!(Pow, false, no_int, no_float),
                Opcode::BinaryMatMul => arith!(MatMul, false, no_int, no_float),
                Opcode::BinaryLShift => arith!(LShift, false, int_shl, no_float),
                Opcode::BinaryRShift => arith!(RShift, false, int_shr, no_float),
                Opcode::BinaryAnd => arith!(And, false, int_and, no_float),
                Opcode::BinaryOr => arith!(Or, false, int_or, no_float),
                Opcode::BinaryXor => arith!(Xor, false, int_xor, no_float),
                Opcode::InplaceAdd => arith!(Add, true, int_add, float_add),
                Opcode::InplaceSub => arith!(Sub, true, int_sub, float_sub),
                Opcode::InplaceMul => arith!(Mul, true, int_mul, float_mul),
                Opcode::InplaceTrueDiv => arith!(TrueDiv, true, int_true_div, float_true_div),
                Opcode::InplaceFloorDiv => arith!(FloorDiv, true, int_floor_div, no_float),
                Opcode::InplaceMod => arith!(Mod, true, int_mod, no_float),
                Opcode::InplacePow => arith!(Pow, true, no_int, no_float),
                Opcode::InplaceMatMul => arith!(MatMul, true, no_int, no_float),
                Opcode::InplaceLShift => arith!(LShift, true, int_shl, no_float),
                Opcode::InplaceRShift => arith!(RShift, true, int_shr, no_float),
                Opcode::InplaceAnd => arith!(And, true, int_and, no_float),
                Opcode::InplaceOr => arith!(Or, true, int_or, no_float),
                Opcode::InplaceXor => arith!(Xor, true, int_xor, no_float),
                Opcode::BinaryAddInt => arith_int!(Add, false, int_add, float_add),
                Opcode::BinarySubInt => arith_int!(Sub, false, int_sub, float_sub),
                Opcode::BinaryMulInt => arith_int!(Mul, false, int_mul, float_mul),
                Opcode::BinaryFloorDivInt => arith_int!(FloorDiv, false, int_floor_div, no_float),
                Opcode::BinaryModInt => arith_int!(Mod, false, int_mod, no_float),
                Opcode::BinaryAndInt => arith_int!(And, false, int_and, no_float),
                Opcode::BinaryLShiftInt => arith_int!(LShift, false, int_shl, no_float),
                Opcode::BinaryRShiftInt => arith_int!(RShift, false, int_shr, no_float),
                Opcode::InplaceAddInt => arith_int!(Add, true, int_add, float_add),
                Opcode::InplaceSubInt => arith_int!(Sub, true, int_sub, float_sub),
                Opcode::UnaryNeg | Opcode::UnaryPos | Opcode::UnaryInvert | Opcode::UnaryNot => {
                    include!("run/unary.rs")
                }
                Opcode::CompareLt => compare!(Lt, <),
                Opcode::CompareLe => compare!(Le, <=),
                Opcode::CompareEq => compare!(Eq, ==),
                Opcode::CompareNe => compare!(Ne, !=),
                Opcode::CompareGt => compare!(Gt, >),
                Opcode::CompareGe => compare!(Ge, >=),
                Opcode::Contains => {
                    save!();
                    let (x, y) = (val!(b), val!(c));
                    let r = check!(contains(th, x, y, Some(fb!(e!()))));
                    set!(a, th.bool(r == (d!() == 0)));
                    next!(2)
                }
                Opcode::Is => {
                    let r = reg!(b) == reg!(c);
                    set!(a, th.bool(r == (d!() == 0)));
                    next!(2)
                }
                Opcode::Jump => goto!(d!()),
                Opcode::LoopBack => include!("run/loop_back.rs"),
                Opcode::JumpIfTrue => {
                    if truth!(val!(a)) {
                        goto!(d!())
                    } else {
                        next!(2)
                    }
                }
                Opcode::JumpIfFalse => {
                    if truth!(val!(a)) {
                        next!(2)
                    } else {
                        goto!(d!())
                    }
                }
                Opcode::JumpIfNone => {
                    if reg!(a) == th.none().bits() {
                        goto!(d!())
                    } else {
                        next!(2)
                    }
                }
                Opcode::JumpIfNotNone => {
                    if reg!(a) != th.none().bits() {
                        goto!(d!())
                    } else {
                        next!(2)
                    }
                }
                Opcode::JumpIfUnbound => {
                    if reg!(a) == 0 {
                        goto!(d!())
                    } else {
                        next!(2)
                    }
                }
                Opcode::JumpIfNotBuiltin => {
                    if th.vm().consumer(b).is_some_and(|v| v.bits() == reg!(a)) {
                        next!(2)
                    } else {
                        goto!(d!())
                    }
                }
                Opcode::JumpLt => jump_compare!(Lt, <, reg!(b), val!(b)),
                Opcode::JumpLe => jump_compare!(Le, <=, reg!(b), val!(b)),
                Opcode::JumpEq => jump_compare!(Eq, ==, reg!(b), val!(b)),
                Opcode::JumpNe => jump_compare!(Ne, !=, reg!(b), val!(b)),
                Opcode::JumpGt => jump_compare!(Gt, >, reg!(b), val!(b)),
                Opcode::JumpGe => jump_compare!(Ge, >=, reg!(b), val!(b)),
                Opcode::JumpLtInt => jump_compare!(Lt, <, small!().bits(), small!()),
                Opcode::JumpLeInt => jump_compare!(Le, <=, small!().bits(), small!()),
                Opcode::JumpEqInt => jump_compare!(Eq, ==, small!().bits(), small!()),
                Opcode::JumpNeInt => jump_compare!(Ne, !=, small!().bits(), small!()),
                Opcode::JumpGtInt => jump_compare!(Gt, >, small!().bits(), small!()),
                Opcode::JumpGeInt => jump_compare!(Ge, >=, small!().bits(), small!()),
                Opcode::JumpContains => {
                    save!();
                    let (x, y) = (val!(a), val!(b));
                    let r = check!(contains(th, x, y, Some(fb!(e!()))));
                    if r == (c != 0) { goto!(d!()) } else { next!(2) }
                }
                Opcode::JumpIs => {
                    if (reg!(a) == reg!(b)) == (c != 0) {
                        goto!(d!())
                    } else {
                        next!(2)
                    }
                }
                Opcode::ForIter => include!("run/for_iter.rs"),
                Opcode::GetIter
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
                Opcode::Call | Opcode::CallMethod => include!("run/call.rs"),
                Opcode::Return => leave!(val!(a)),
                Opcode::ReturnNone => leave!(th.none()),
                Opcode::CallEx
                | Opcode::MakeFunction
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
pub(crate) fn note_callee(th: &Thread, s: &FeedbackSlot, f: Value, code: Gc<Code>) {
    if s.value.get() != f.bits() {
        note_other_callee(th, s, f, code);
    }
}

#[cold]
fn note_other_callee(th: &Thread, s: &FeedbackSlot, f: Value, code: Gc<Code>) {
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
    s.refer(th.vm(), f.bits(), code);
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
            s.refer(th.vm(), name::value_place(globals, i), i as u64);
            s.kind.set(CacheKind::Global);
        }
    }
}
