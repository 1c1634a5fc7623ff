//! The dispatch loop.
//!
//! State of the running frame is kept in locals (`pc`, `regs`, `consts`, `feedback`) and written back
//! to the record before anything that can raise, call or collect. A Python-to-Python call pushes
//! a record and goes on in the same loop; only frames with the ENTRY flag leave it.
//!
//! `unsafe` here rests on the verifier: register, constant, name, label and feedback operands of
//! a verified code object are in range, so window and table accesses are too.
//!
//! SAFETY of the whole file: every `unsafe` block here reads or writes a register, constant or
//! feedback slot that the verifier has bounded, the running frame's record, or casts a value
//! whose shape or kind was tested in the line above it.
#![allow(
    unsafe_code,
    clippy::undocumented_unsafe_blocks,
    unused_unsafe,
    unused_assignments
)]

use std::sync::atomic::Ordering;

use taipan_bytecode::code::{Intrinsic1, Intrinsic2};
use taipan_bytecode::opcode::Opcode;

use super::frame::{Frame, flags, window_slice};
use super::ops::{attr, build, calls, except, matching, name};
use super::unwind::Unwound;
use crate::Thread;
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
unsafe fn cast<O: HeapObject>(v: Value) -> Gc<O> {
    // SAFETY: the caller tested the layout.
    unsafe { Gc::from_raw(v.bits() as *mut O) }
}

#[inline(always)]
fn shape_is(v: Value, t: T) -> bool {
    v.header().is_some_and(|h| h.shape() == t.shape())
}

/// The value that a slot of kind `Global` or `Builtin` knows the place of; the dict's version of
/// its keys was just found to be the slot's.
#[inline(always)]
fn cached_item(dict: Gc<Dict>, s: &FeedbackSlot) -> u64 {
    match dict.table() {
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
                pc = (*frame).pc;
                regs = (*frame).regs;
                feedback = code.feedback_ptr(th, code);
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
                    unsafe { *regs.add($i) }
                };
            }
            macro_rules! set {
                ($i:expr, $v:expr) => {
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
                    unsafe { (*frame).pc = pc }
                };
            }
            macro_rules! next {
                ($n:literal) => {{
                    pc = unsafe { pc.add($n) };
                    continue 'run;
                }};
            }
            macro_rules! goto {
                ($t:expr) => {{
                    pc = unsafe { code.words.add($t as usize) };
                    continue 'run;
                }};
            }
            macro_rules! fb {
                ($i:expr) => {
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
                        unsafe { ((*frame).flags, (*frame).dst, (*frame).generator) };
                    if fl & flags::CONSTRUCT != 0 {
                        if !th.is_none(v) {
                            save!();
                            let got = th.type_name(v);
                            th.type_error(format!("__init__() should return None, not '{got}'"));
                            break 'run false;
                        }
                        if let Some(r) = Value::from_bits(unsafe { (*frame).result }) {
                            v = r;
                        }
                    }
                    save!();
                    if generator != 0 {
                        generator::finished(th, generator);
                        th.handled
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

            // Suspends the running generator, whose pc is saved, and those that delegate to it;
            // goes on in whoever resumed the outermost with the yielded value.
            macro_rules! yield_up {
                ($v:expr) => {{
                    let v: Value = $v;
                    loop {
                        let (fl, dst) =
                            unsafe { ((*th.stacks.current).flags, (*th.stacks.current).dst) };
                        generator::suspend(th);
                        th.pop_frame();
                        if fl & flags::ENTRY != 0 {
                            th.yielded = true;
                            return Ok(v);
                        }
                        if fl & flags::DELEGATE == 0 {
                            load_frame!();
                            set!(dst as usize, v);
                            next!(2);
                        }
                    }
                }};
            }

            match op {
                Opcode::Nop => next!(1),
                Opcode::Move => {
                    unsafe { *regs.add(a) = reg!(b) };
                    next!(1)
                }
                Opcode::LoadConst => {
                    let k = (w >> 32) as usize;
                    unsafe { *regs.add(a) = *code.consts.data().add(k) };
                    next!(1)
                }
                Opcode::LoadInt => {
                    set!(a, Value::small((w >> 32) as i32));
                    next!(1)
                }
                Opcode::Clear => {
                    unsafe { *regs.add(a) = 0 };
                    next!(1)
                }
                Opcode::CheckBound => {
                    if reg!(a) == 0 {
                        save!();
                        name::unbound_local(th, name_at!(d!()));
                        break 'run false;
                    }
                    next!(2)
                }
                Opcode::LoadAssertionError => {
                    set!(
                        a,
                        th.vm()
                            .exception_class(crate::types::ExceptionClass::AssertionError)
                            .value()
                    );
                    next!(1)
                }
                Opcode::LoadNotImplementedError => {
                    set!(
                        a,
                        th.vm()
                            .exception_class(crate::types::ExceptionClass::NotImplementedError)
                            .value()
                    );
                    next!(1)
                }
                Opcode::LoadBuildClass => {
                    save!();
                    let n = th.names().__build_class__;
                    let builtins = unsafe { (*frame).function.builtins() };
                    match builtins.get_str(n) {
                        Some(v) => set!(a, v),
                        None => {
                            th.name_error(
                                crate::types::ExceptionClass::NameError,
                                "__build_class__",
                                "__build_class__ not found",
                            );
                            break 'run false;
                        }
                    }
                    next!(1)
                }

                Opcode::MakeCell => {
                    save!();
                    let cell = th.new_cell(Value::from_bits(reg!(a)));
                    set!(a, cell.value());
                    next!(1)
                }
                Opcode::LoadClosure => {
                    let function = unsafe { (*frame).function };
                    let closure = function.closure.get();
                    match closure.and_then(|t| t.get(b)) {
                        Some(v) => set!(a, v),
                        None => {
                            save!();
                            th.system_error("closure is too short");
                            break 'run false;
                        }
                    }
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
                Opcode::DeleteCell => {
                    let cell = check!(name::cell(th, Value::from_bits(reg!(a))));
                    if cell.contents.take().is_none() {
                        save!();
                        name::empty_cell(th, code, name_at!(d!()));
                        break 'run false;
                    }
                    next!(2)
                }

                Opcode::LoadGlobal => {
                    let s = fb!(e!());
                    let function = unsafe { (*frame).function };
                    let globals = function.globals();
                    match s.kind.get() {
                        CacheKind::Global if globals.keys_version.get() == s.version.get() => {
                            unsafe { *regs.add(a) = cached_item(globals, s) };
                            next!(2);
                        }
                        CacheKind::Builtin if globals.keys_version.get() == s.version.get() => {
                            let builtins = function.builtins();
                            if builtins.keys_version.get() == s.shape.get() {
                                unsafe { *regs.add(a) = cached_item(builtins, s) };
                                next!(2);
                            }
                        }
                        _ => {}
                    }
                    save!();
                    let v = check!(name::load_global(
                        th,
                        Some(s),
                        globals,
                        function.builtins(),
                        name_at!(d!())
                    ));
                    set!(a, v);
                    next!(2)
                }
                Opcode::StoreGlobal => {
                    let s = fb!(e!());
                    let globals = unsafe { (*frame).function.globals() };
                    let v = val!(a);
                    if s.kind.get() == CacheKind::Global
                        && globals.keys_version.get() == s.version.get()
                        && let Some(t) = globals.table()
                    {
                        if globals.header().has(HeaderFlags::WATCHED) {
                            globals.note_change(th, name_at!(d!()).value());
                        }
                        t.set_value(s.value2.get() as u32, v);
                        next!(2);
                    }
                    save!();
                    let n = name_at!(d!());
                    globals.set_str(th, n, v);
                    remember_global(th, s, globals, n);
                    next!(2)
                }
                Opcode::DeleteGlobal => {
                    save!();
                    let globals = unsafe { (*frame).function.globals() };
                    let n = name_at!(d!());
                    if globals.remove_str(n).is_none() {
                        name::not_defined(th, n);
                        break 'run false;
                    }
                    next!(2)
                }
                Opcode::LoadName => {
                    let function = unsafe { (*frame).function };
                    let s = fb!(e!());
                    let locals = unsafe { (*frame).locals };
                    let globals = function.globals();
                    if locals == globals.value().bits() {
                        // Module level: as LoadGlobal.
                        match s.kind.get() {
                            CacheKind::Global if globals.keys_version.get() == s.version.get() => {
                                unsafe { *regs.add(a) = cached_item(globals, s) };
                                next!(2);
                            }
                            CacheKind::Builtin if globals.keys_version.get() == s.version.get() => {
                                let builtins = function.builtins();
                                if builtins.keys_version.get() == s.shape.get() {
                                    unsafe { *regs.add(a) = cached_item(builtins, s) };
                                    next!(2);
                                }
                            }
                            _ => {}
                        }
                        save!();
                        let v = check!(name::load_global(
                            th,
                            Some(s),
                            globals,
                            function.builtins(),
                            name_at!(d!())
                        ));
                        set!(a, v);
                        next!(2);
                    }
                    save!();
                    let n = name_at!(d!());
                    let v = match Value::from_bits(locals) {
                        Some(l) => check!(name::load_name(th, l, globals, function.builtins(), n)),
                        None => {
                            check!(name::load_global(th, None, globals, function.builtins(), n))
                        }
                    };
                    set!(a, v);
                    next!(2)
                }
                Opcode::StoreName => {
                    let v = val!(a);
                    let s = fb!(e!());
                    let locals = unsafe { (*frame).locals };
                    let globals = unsafe { (*frame).function.globals() };
                    if locals == globals.value().bits()
                        && s.kind.get() == CacheKind::Global
                        && globals.keys_version.get() == s.version.get()
                        && let Some(t) = globals.table()
                    {
                        if globals.header().has(HeaderFlags::WATCHED) {
                            globals.note_change(th, name_at!(d!()).value());
                        }
                        t.set_value(s.value2.get() as u32, v);
                        next!(2);
                    }
                    save!();
                    let n = name_at!(d!());
                    match Value::from_bits(locals) {
                        Some(l) => check!(name::store_name(th, l, n, v)),
                        None => globals.set_str(th, n, v),
                    }
                    if locals == globals.value().bits() {
                        remember_global(th, s, globals, n);
                    }
                    next!(2)
                }
                Opcode::DeleteName => {
                    save!();
                    let locals = unsafe { (*frame).locals };
                    let l = Value::from_bits(locals)
                        .unwrap_or(unsafe { (*frame).function.globals().value() });
                    check!(name::delete_name(th, l, name_at!(d!())));
                    next!(2)
                }
                Opcode::LoadLocals => {
                    let locals = unsafe { (*frame).locals };
                    set!(
                        a,
                        Value::from_bits(locals)
                            .unwrap_or(unsafe { (*frame).function.globals().value() })
                    );
                    next!(1)
                }
                Opcode::LoadFromDictOrGlobals => {
                    save!();
                    let m = val!(b);
                    let n = name_at!(d!());
                    let v = match check!(name::mapping_get(th, m, n)) {
                        Some(v) => v,
                        None => {
                            let f = unsafe { (*frame).function };
                            check!(name::load_global(th, None, f.globals(), f.builtins(), n))
                        }
                    };
                    set!(a, v);
                    next!(2)
                }
                Opcode::LoadFromDictOrCell => {
                    save!();
                    let m = val!(b);
                    let n = name_at!(d!());
                    let v = match check!(name::mapping_get(th, m, n)) {
                        Some(v) => v,
                        None => {
                            let cell = check!(name::cell(th, Value::from_bits(reg!(c))));
                            match cell.contents.get() {
                                Some(v) => v,
                                None => {
                                    name::empty_cell(th, code, n);
                                    break 'run false;
                                }
                            }
                        }
                    };
                    set!(a, v);
                    next!(2)
                }

                Opcode::LoadAttr => {
                    let v = val!(b);
                    let mut s = fb!(e!());
                    if let Some(h) = v.header() {
                        let id = h.shape();
                        if id.0 != s.shape.get() {
                            s = s.other(id.0).unwrap_or(s);
                        }
                        if id == T::Type.shape()
                            && let Some((x, false)) = attr::cached_on_class(th, fb!(e!()), v)
                        {
                            set!(a, x);
                            next!(2);
                        }
                        let fits = id.0 == s.shape.get();
                        if fits
                            && s.kind.get() == CacheKind::InlineSlot
                            && th.shape(id).version.get() == s.version.get()
                        {
                            // SAFETY: the shape says that the slot lies in the cell.
                            let x = unsafe { *((v.bits() + s.slot.get() as u64) as *const u64) };
                            if x != 0 {
                                unsafe { *regs.add(a) = x };
                                next!(2);
                            }
                        }
                        let kind = if fits { s.kind.get() } else { CacheKind::Empty };
                        match kind {
                            CacheKind::OverflowSlot
                                if th.shape(id).version.get() == s.version.get() =>
                            {
                                if let Some(x) = attr::overflow(th, v, s.slot.get()) {
                                    set!(a, x);
                                    next!(2);
                                }
                            }
                            CacheKind::ClassValue
                                if th.shape(id).version.get() == s.version.get() =>
                            {
                                unsafe { *regs.add(a) = s.value.get() };
                                next!(2);
                            }
                            CacheKind::Member if th.shape(id).version.get() == s.version.get() => {
                                if let Some(x) = attr::member(th, v, s.slot.get()) {
                                    set!(a, x);
                                    next!(2);
                                }
                            }
                            CacheKind::ModuleAttribute => {
                                let m: Gc<Module> = unsafe { cast(v) };
                                let ns = m.namespace();
                                if ns.value().bits() == s.value.get()
                                    && ns.keys_version.get() == s.version.get()
                                    && let Some(x) =
                                        ns.table().and_then(|t| t.entry(s.value2.get() as u32))
                                {
                                    set!(a, x.value);
                                    next!(2);
                                }
                            }
                            CacheKind::Property
                                if th.shape(id).version.get() == s.version.get() =>
                            {
                                save!();
                                if let Some(f) = Value::from_bits(s.value.get()) {
                                    let f: Gc<Function> = unsafe { cast(f) };
                                    let fc = f.code();
                                    if fc.simple && fc.argcount == 1 {
                                        let window = unsafe { regs.add(code.registers as usize) };
                                        check!(th.ensure_window(window, fc.registers as usize));
                                        unsafe { *window = v.bits() };
                                        check!(th.push_frame(f, fc, window, 1, a as u16, 0));
                                        unsafe { (*frame).pc = pc.add(2) };
                                        load_frame!();
                                        continue 'run;
                                    }
                                    let r = check!(th.call(f.value(), &[v]));
                                    set!(a, r);
                                    next!(2);
                                }
                            }
                            _ => {}
                        }
                    }
                    save!();
                    let r = check!(attr::load(th, fb!(e!()), v, name_at!(d!())));
                    set!(a, r);
                    next!(2)
                }
                Opcode::StoreAttr => {
                    let v = val!(a);
                    let x = val!(b);
                    let mut s = fb!(e!());
                    if let Some(h) = v.header() {
                        let id = h.shape().0;
                        if id != s.shape.get()
                            && let Some(other) = s.other(id)
                        {
                            s = other;
                        }
                    }
                    if let Some(h) = v.header()
                        && h.shape().0 == s.shape.get()
                        && th.shape(h.shape()).version.get() == s.version.get()
                    {
                        match s.kind.get() {
                            CacheKind::InlineSlot => {
                                debug_assert!(th.slot_is_inside(v, s.slot.get() as usize));
                                // SAFETY: the shape says that the slot lies in the cell.
                                unsafe {
                                    *((v.bits() + s.slot.get() as u64) as *mut u64) = x.bits()
                                };
                                crate::object::gc::barrier::write(h, x);
                                next!(2);
                            }
                            CacheKind::AddSlot => {
                                debug_assert!(th.slot_is_inside(v, s.slot.get() as usize));
                                // SAFETY: as above; the new shape has the same cell layout.
                                unsafe {
                                    *((v.bits() + s.slot.get() as u64) as *mut u64) = x.bits()
                                };
                                h.set_shape(crate::object::ShapeId(s.value2.get() as u32));
                                crate::object::gc::barrier::write(h, x);
                                next!(2);
                            }
                            CacheKind::Member => {
                                crate::object::attributes::set_inline_slot(
                                    h,
                                    th.shape(h.shape()),
                                    s.slot.get(),
                                    Some(x),
                                );
                                next!(2);
                            }
                            _ => {}
                        }
                    }
                    save!();
                    check!(attr::store(th, fb!(e!()), v, name_at!(d!()), x));
                    next!(2)
                }
                Opcode::DeleteAttr => {
                    save!();
                    let v = val!(a);
                    check!(th.del_attr(v, name_at!(d!())));
                    next!(2)
                }
                Opcode::LoadMethod => {
                    let v = val!(b);
                    let mut s = fb!(e!());
                    let id = th.shape_of(v);
                    if id.0 != s.shape.get() {
                        s = s.other(id.0).unwrap_or(s);
                    }
                    if id == T::Type.shape()
                        && let Some((x, bind)) = attr::cached_on_class(th, fb!(e!()), v)
                    {
                        unsafe {
                            *regs.add(a) = x.bits();
                            *regs.add(a + 1) = if bind { v.bits() } else { 0 };
                        }
                        next!(2);
                    }
                    if id.0 == s.shape.get()
                        && s.kind.get() == CacheKind::Method
                        && th.shape(id).version.get() == s.version.get()
                    {
                        unsafe {
                            *regs.add(a) = s.value.get();
                            *regs.add(a + 1) = v.bits();
                        }
                        next!(2);
                    }
                    if id.0 == s.shape.get() && s.kind.get() == CacheKind::ModuleAttribute {
                        let m: Gc<Module> = unsafe { cast(v) };
                        let ns = m.namespace();
                        if ns.value().bits() == s.value.get()
                            && ns.keys_version.get() == s.version.get()
                            && let Some(x) = ns.table().and_then(|t| t.entry(s.value2.get() as u32))
                        {
                            unsafe {
                                *regs.add(a) = x.value.bits();
                                *regs.add(a + 1) = 0;
                            }
                            next!(2);
                        }
                    }
                    if id.0 == s.shape.get()
                        && s.kind.get() == CacheKind::ClassValue
                        && th.shape(id).version.get() == s.version.get()
                    {
                        unsafe {
                            *regs.add(a) = s.value.get();
                            *regs.add(a + 1) = 0;
                        }
                        next!(2);
                    }
                    if id.0 == s.shape.get()
                        && s.kind.get() == CacheKind::InlineSlot
                        && th.shape(id).version.get() == s.version.get()
                    {
                        // SAFETY: the shape says that the slot lies in the cell.
                        let x = unsafe { *((v.bits() + s.slot.get() as u64) as *const u64) };
                        if x != 0 {
                            unsafe {
                                *regs.add(a) = x;
                                *regs.add(a + 1) = 0;
                            }
                            next!(2);
                        }
                    }
                    save!();
                    let (f, r) = check!(attr::method(th, fb!(e!()), v, name_at!(d!())));
                    unsafe {
                        *regs.add(a) = f.bits();
                        *regs.add(a + 1) = r.map_or(0, Value::bits);
                    }
                    next!(2)
                }
                Opcode::LoadSuperAttr => {
                    save!();
                    let (x, y, z) = (val!(b), val!(b + 1), val!(b + 2));
                    let r = check!(attr::super_attr(th, x, y, z, name_at!(d!())));
                    set!(a, r);
                    next!(2)
                }
                Opcode::LoadSuperMethod => {
                    save!();
                    let (x, y, z) = (val!(a), val!(a + 1), val!(a + 2));
                    let (f, r) = check!(attr::super_method(th, fb!(e!()), x, y, z, name_at!(d!())));
                    unsafe {
                        *regs.add(a) = f.bits();
                        *regs.add(a + 1) = r.map_or(0, Value::bits);
                    }
                    next!(2)
                }
                Opcode::LoadSpecial => {
                    save!();
                    let v = val!(b);
                    let (f, r) = check!(attr::special(th, v, c as u16));
                    unsafe {
                        *regs.add(a) = f.bits();
                        *regs.add(a + 1) = r.map_or(0, Value::bits);
                    }
                    next!(1)
                }

                Opcode::LoadSubscript => {
                    let (v, k) = (val!(b), val!(c));
                    let s = fb!(d!());
                    if k.is_int() {
                        let i = k.int_unchecked();
                        if shape_is(v, T::List) {
                            let l: Gc<List> = unsafe { cast(v) };
                            let n = l.items.len();
                            let i = if i < 0 { i + n as i64 } else { i };
                            if let Some(x) = l.items.get(i as usize) {
                                s.note(seen::LIST);
                                set!(a, x);
                                next!(2);
                            }
                        } else if shape_is(v, T::Tuple) {
                            let t: Gc<Tuple> = unsafe { cast(v) };
                            let i = if i < 0 { i + t.len() as i64 } else { i };
                            if let Some(x) = t.get(i as usize) {
                                s.note(seen::TUPLE);
                                set!(a, x);
                                next!(2);
                            }
                        } else if shape_is(v, T::Str) {
                            let t: Gc<crate::types::str_::Str> = unsafe { cast(v) };
                            let i = if i < 0 { i + t.len() as i64 } else { i };
                            if let Some(x) = t.at(i as usize) {
                                s.note(seen::STR);
                                save!();
                                let x = th.str_from_char(x);
                                set!(a, x.value());
                                next!(2);
                            }
                        }
                    }
                    save!();
                    if shape_is(v, T::Dict) {
                        s.note(seen::DICT);
                        let dict: Gc<Dict> = unsafe { cast(v) };
                        match check!(dict.get(th, k)) {
                            Some(x) => {
                                set!(a, x);
                                next!(2)
                            }
                            None => {
                                th.key_error(k);
                                break 'run false;
                            }
                        }
                    }
                    s.note(seen::OTHER);
                    crate::machine::arrays::note_container(th, s, v);
                    let r = check!(th.get_item(v, k));
                    set!(a, r);
                    next!(2)
                }
                Opcode::LoadSubscriptInt => {
                    let v = val!(b);
                    let i = c as u16 as i16 as i64;
                    let s = fb!(d!());
                    if shape_is(v, T::List) {
                        let l: Gc<List> = unsafe { cast(v) };
                        let i = if i < 0 { i + l.items.len() as i64 } else { i };
                        if let Some(x) = l.items.get(i as usize) {
                            s.note(seen::LIST);
                            set!(a, x);
                            next!(2);
                        }
                    } else if shape_is(v, T::Tuple) {
                        let t: Gc<Tuple> = unsafe { cast(v) };
                        let i = if i < 0 { i + t.len() as i64 } else { i };
                        if let Some(x) = t.get(i as usize) {
                            s.note(seen::TUPLE);
                            set!(a, x);
                            next!(2);
                        }
                    }
                    save!();
                    s.note(seen::OTHER);
                    crate::machine::arrays::note_container(th, s, v);
                    let r = check!(th.get_item(v, Value::small(i as i32)));
                    set!(a, r);
                    next!(2)
                }
                Opcode::StoreSubscript => {
                    let (v, k, x) = (val!(a), val!(b), val!(c));
                    let s = fb!(d!());
                    if shape_is(v, T::List) && k.is_int() {
                        let l: Gc<List> = unsafe { cast(v) };
                        let i = k.int_unchecked();
                        let n = l.items.len();
                        let i = if i < 0 { i + n as i64 } else { i };
                        if (i as u64) < n as u64 {
                            s.note(seen::LIST);
                            l.items.set(i as usize, x);
                            next!(2);
                        }
                    }
                    save!();
                    if shape_is(v, T::Dict) {
                        s.note(seen::DICT);
                        let dict: Gc<Dict> = unsafe { cast(v) };
                        check!(dict.set(th, k, x));
                        next!(2);
                    }
                    s.note(seen::OTHER);
                    crate::machine::arrays::note_container(th, s, v);
                    check!(th.set_item(v, k, x));
                    next!(2)
                }
                Opcode::DeleteSubscript => {
                    save!();
                    let (v, k) = (val!(a), val!(b));
                    check!(th.del_item(v, k));
                    next!(1)
                }
                Opcode::LoadSlice => {
                    save!();
                    let v = val!(b);
                    let (x, y) = (val!(c), val!(c + 1));
                    let r = check!(load_slice(th, v, x, y));
                    set!(a, r);
                    next!(2)
                }
                Opcode::StoreSlice => {
                    save!();
                    let (v, x) = (val!(a), val!(b));
                    let (from, to) = (val!(c), val!(c + 1));
                    check!(store_slice(th, v, from, to, x));
                    next!(1)
                }
                Opcode::BuildSlice => {
                    save!();
                    let (x, y, z) = (val!(b), val!(b + 1), val!(b + 2));
                    let s = crate::types::slice::new(th, x, y, z);
                    set!(a, s);
                    next!(1)
                }

                Opcode::BinaryAdd => arith!(
                    Add,
                    false,
                    |x: i64, y: i64| Value::try_int(x + y),
                    |x: f64, y: f64| Some(x + y)
                ),
                Opcode::BinarySub => arith!(
                    Sub,
                    false,
                    |x: i64, y: i64| Value::try_int(x - y),
                    |x: f64, y: f64| Some(x - y)
                ),
                Opcode::BinaryMul => arith!(
                    Mul,
                    false,
                    |x: i64, y: i64| x.checked_mul(y).and_then(Value::try_int),
                    |x: f64, y: f64| Some(x * y)
                ),
                Opcode::BinaryTrueDiv => {
                    arith!(TrueDiv, false, int_true_div, |x: f64, y: f64| if y != 0.0 {
                        Some(x / y)
                    } else {
                        None
                    })
                }
                Opcode::BinaryFloorDiv => {
                    arith!(FloorDiv, false, int_floor_div, |_: f64, _: f64| None)
                }
                Opcode::BinaryMod => arith!(Mod, false, int_mod, |_: f64, _: f64| None),
                Opcode::BinaryPow => {
                    arith!(Pow, false, |_: i64, _: i64| None, |_: f64, _: f64| None)
                }
                Opcode::BinaryMatMul => {
                    arith!(MatMul, false, |_: i64, _: i64| None, |_: f64, _: f64| None)
                }
                Opcode::BinaryLShift => arith!(LShift, false, int_shl, |_: f64, _: f64| None),
                Opcode::BinaryRShift => arith!(RShift, false, int_shr, |_: f64, _: f64| None),
                Opcode::BinaryAnd => arith!(
                    And,
                    false,
                    |x: i64, y: i64| Value::try_int(x & y),
                    |_: f64, _: f64| None
                ),
                Opcode::BinaryOr => arith!(
                    Or,
                    false,
                    |x: i64, y: i64| Value::try_int(x | y),
                    |_: f64, _: f64| None
                ),
                Opcode::BinaryXor => arith!(
                    Xor,
                    false,
                    |x: i64, y: i64| Value::try_int(x ^ y),
                    |_: f64, _: f64| None
                ),
                Opcode::InplaceAdd => arith!(
                    Add,
                    true,
                    |x: i64, y: i64| Value::try_int(x + y),
                    |x: f64, y: f64| Some(x + y)
                ),
                Opcode::InplaceSub => arith!(
                    Sub,
                    true,
                    |x: i64, y: i64| Value::try_int(x - y),
                    |x: f64, y: f64| Some(x - y)
                ),
                Opcode::InplaceMul => arith!(
                    Mul,
                    true,
                    |x: i64, y: i64| x.checked_mul(y).and_then(Value::try_int),
                    |x: f64, y: f64| Some(x * y)
                ),
                Opcode::InplaceTrueDiv => {
                    arith!(TrueDiv, true, int_true_div, |x: f64, y: f64| if y != 0.0 {
                        Some(x / y)
                    } else {
                        None
                    })
                }
                Opcode::InplaceFloorDiv => {
                    arith!(FloorDiv, true, int_floor_div, |_: f64, _: f64| None)
                }
                Opcode::InplaceMod => arith!(Mod, true, int_mod, |_: f64, _: f64| None),
                Opcode::InplacePow => {
                    arith!(Pow, true, |_: i64, _: i64| None, |_: f64, _: f64| None)
                }
                Opcode::InplaceMatMul => {
                    arith!(MatMul, true, |_: i64, _: i64| None, |_: f64, _: f64| None)
                }
                Opcode::InplaceLShift => arith!(LShift, true, int_shl, |_: f64, _: f64| None),
                Opcode::InplaceRShift => arith!(RShift, true, int_shr, |_: f64, _: f64| None),
                Opcode::InplaceAnd => arith!(
                    And,
                    true,
                    |x: i64, y: i64| Value::try_int(x & y),
                    |_: f64, _: f64| None
                ),
                Opcode::InplaceOr => arith!(
                    Or,
                    true,
                    |x: i64, y: i64| Value::try_int(x | y),
                    |_: f64, _: f64| None
                ),
                Opcode::InplaceXor => arith!(
                    Xor,
                    true,
                    |x: i64, y: i64| Value::try_int(x ^ y),
                    |_: f64, _: f64| None
                ),
                Opcode::BinaryAddInt => arith_int!(
                    Add,
                    false,
                    |x: i64, y: i64| Value::try_int(x + y),
                    |x: f64, y: f64| Some(x + y)
                ),
                Opcode::BinarySubInt => arith_int!(
                    Sub,
                    false,
                    |x: i64, y: i64| Value::try_int(x - y),
                    |x: f64, y: f64| Some(x - y)
                ),
                Opcode::BinaryMulInt => arith_int!(
                    Mul,
                    false,
                    |x: i64, y: i64| x.checked_mul(y).and_then(Value::try_int),
                    |x: f64, y: f64| Some(x * y)
                ),
                Opcode::BinaryFloorDivInt => {
                    arith_int!(FloorDiv, false, int_floor_div, |_: f64, _: f64| None)
                }
                Opcode::BinaryModInt => arith_int!(Mod, false, int_mod, |_: f64, _: f64| None),
                Opcode::BinaryAndInt => arith_int!(
                    And,
                    false,
                    |x: i64, y: i64| Value::try_int(x & y),
                    |_: f64, _: f64| None
                ),
                Opcode::BinaryLShiftInt => {
                    arith_int!(LShift, false, int_shl, |_: f64, _: f64| None)
                }
                Opcode::BinaryRShiftInt => {
                    arith_int!(RShift, false, int_shr, |_: f64, _: f64| None)
                }
                Opcode::InplaceAddInt => arith_int!(
                    Add,
                    true,
                    |x: i64, y: i64| Value::try_int(x + y),
                    |x: f64, y: f64| Some(x + y)
                ),
                Opcode::InplaceSubInt => arith_int!(
                    Sub,
                    true,
                    |x: i64, y: i64| Value::try_int(x - y),
                    |x: f64, y: f64| Some(x - y)
                ),
                Opcode::UnaryNeg => {
                    let v = val!(b);
                    if let Some(i) = v.as_int()
                        && let Some(r) = Value::try_int(-i)
                    {
                        fb!(d!()).note(seen::INT);
                        set!(a, r);
                        next!(2);
                    }
                    if v.is_tagged_float()
                        && let Some(r) = Value::try_float(-v.float_unchecked())
                    {
                        fb!(d!()).note(seen::FLOAT);
                        set!(a, r);
                        next!(2);
                    }
                    save!();
                    fb!(d!()).note(seen::OTHER);
                    let r = check!(th.unary("-", v));
                    set!(a, r);
                    next!(2)
                }
                Opcode::UnaryPos => {
                    save!();
                    let v = val!(b);
                    let r = check!(th.unary("+", v));
                    set!(a, r);
                    next!(1)
                }
                Opcode::UnaryInvert => {
                    save!();
                    let v = val!(b);
                    let r = match v.as_int() {
                        Some(i) => th.int(!i),
                        None => check!(th.unary("~", v)),
                    };
                    set!(a, r);
                    next!(1)
                }
                Opcode::UnaryNot => {
                    save!();
                    let v = val!(b);
                    let t = check!(th.truth(v));
                    set!(a, th.bool(!t));
                    next!(1)
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
                    let r = check!(contains(th, x, y, fb!(e!())));
                    set!(a, th.bool(r == (d!() == 0)));
                    next!(2)
                }
                Opcode::Is => {
                    let r = reg!(b) == reg!(c);
                    set!(a, th.bool(r == (d!() == 0)));
                    next!(2)
                }

                Opcode::Jump => goto!(d!()),
                Opcode::LoopBack => {
                    let s = fb!(e!());
                    let n = s.count.get().wrapping_add(1);
                    s.count.set(n);
                    if th.requests.load(Ordering::Relaxed) != 0 {
                        save!();
                        check!(th.serve_requests());
                        if !STEP && th.is_traced() {
                            th.to_traced.set(true);
                            return Err(Raised);
                        }
                    }
                    if n >= th.machine.loop_threshold && !STEP {
                        // The frame stands at the header.
                        pc = unsafe { code.words.add(d!() as usize) };
                        save!();
                        let header = frame_word(frame);
                        if let Some(entry) = th.hot_loop(header, s) {
                            after_machine!(th.enter_machine(entry, regs));
                        }
                        continue 'run;
                    }
                    goto!(d!())
                }
                Opcode::JumpIfTrue => {
                    let v = val!(a);
                    let t = if v.is(th.bool(true)) {
                        true
                    } else if v.is(th.bool(false)) || v.is(th.none()) {
                        false
                    } else {
                        save!();
                        fb!(e!()).note(seen::OTHER);
                        fb!(e!()).shape.set(th.shape_of(v).0);
                        check!(th.truth(v))
                    };
                    if t { goto!(d!()) } else { next!(2) }
                }
                Opcode::JumpIfFalse => {
                    let v = val!(a);
                    let t = if v.is(th.bool(true)) {
                        true
                    } else if v.is(th.bool(false)) || v.is(th.none()) {
                        false
                    } else {
                        save!();
                        fb!(e!()).note(seen::OTHER);
                        fb!(e!()).shape.set(th.shape_of(v).0);
                        check!(th.truth(v))
                    };
                    if t { next!(2) } else { goto!(d!()) }
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
                Opcode::JumpLt => jump_compare!(Lt, <, reg!(b), val!(b)),
                Opcode::JumpLe => jump_compare!(Le, <=, reg!(b), val!(b)),
                Opcode::JumpEq => jump_compare!(Eq, ==, reg!(b), val!(b)),
                Opcode::JumpNe => jump_compare!(Ne, !=, reg!(b), val!(b)),
                Opcode::JumpGt => jump_compare!(Gt, >, reg!(b), val!(b)),
                Opcode::JumpGe => jump_compare!(Ge, >=, reg!(b), val!(b)),
                Opcode::JumpLtInt => {
                    jump_compare!(Lt, <, Value::small(b as u16 as i16 as i32).bits(), Value::small(b as u16 as i16 as i32))
                }
                Opcode::JumpLeInt => {
                    jump_compare!(Le, <=, Value::small(b as u16 as i16 as i32).bits(), Value::small(b as u16 as i16 as i32))
                }
                Opcode::JumpEqInt => {
                    jump_compare!(Eq, ==, Value::small(b as u16 as i16 as i32).bits(), Value::small(b as u16 as i16 as i32))
                }
                Opcode::JumpNeInt => {
                    jump_compare!(Ne, !=, Value::small(b as u16 as i16 as i32).bits(), Value::small(b as u16 as i16 as i32))
                }
                Opcode::JumpGtInt => {
                    jump_compare!(Gt, >, Value::small(b as u16 as i16 as i32).bits(), Value::small(b as u16 as i16 as i32))
                }
                Opcode::JumpGeInt => {
                    jump_compare!(Ge, >=, Value::small(b as u16 as i16 as i32).bits(), Value::small(b as u16 as i16 as i32))
                }
                Opcode::JumpContains => {
                    save!();
                    let (x, y) = (val!(a), val!(b));
                    let r = check!(contains(th, x, y, fb!(e!())));
                    if r == (c != 0) { goto!(d!()) } else { next!(2) }
                }
                Opcode::JumpIs => {
                    if (reg!(a) == reg!(b)) == (c != 0) {
                        goto!(d!())
                    } else {
                        next!(2)
                    }
                }

                Opcode::GetIter => {
                    save!();
                    let v = val!(b);
                    fb!(d!()).shape.set(th.shape_of(v).0);
                    if shape_is(v, T::Generator) {
                        set!(a, v);
                        next!(2);
                    }
                    if shape_is(v, T::List) {
                        let it = crate::types::iterators::list_iterator(th, unsafe { cast(v) });
                        set!(a, it);
                        next!(2);
                    }
                    if shape_is(v, T::Tuple) {
                        let it = crate::types::iterators::tuple_iterator(th, unsafe { cast(v) });
                        set!(a, it);
                        next!(2);
                    }
                    let it = check!(th.iter(v));
                    set!(a, it);
                    next!(2)
                }
                Opcode::ForIter => {
                    let it = val!(b);
                    if let Some(h) = it.header() {
                        let id = h.shape();
                        fb!(e!()).shape.set(id.0);
                        if id == T::RangeIterator.shape() {
                            let r: Gc<RangeIterator> = unsafe { cast(it) };
                            match r.advance() {
                                Some(i) => {
                                    let v = match Value::try_int(i) {
                                        Some(v) => v,
                                        None => {
                                            save!();
                                            th.int(i)
                                        }
                                    };
                                    set!(a, v);
                                    next!(2)
                                }
                                None => goto!(d!()),
                            }
                        }
                        if id == T::ListIterator.shape() {
                            let l: Gc<ListIterator> = unsafe { cast(it) };
                            match l.advance() {
                                Some(v) => {
                                    set!(a, v);
                                    next!(2)
                                }
                                None => goto!(d!()),
                            }
                        }
                        if id == T::TupleIterator.shape() {
                            let l: Gc<TupleIterator> = unsafe { cast(it) };
                            match l.advance() {
                                Some(v) => {
                                    set!(a, v);
                                    next!(2)
                                }
                                None => goto!(d!()),
                            }
                        }
                        if id == T::Generator.shape() {
                            save!();
                            let g: Gc<generator::Generator> = unsafe { cast(it) };
                            if g.is_suspended() {
                                let none = th.none();
                                check!(generator::enter(th, g, none, flags::FOR_ITER, a as u16));
                                load_frame!();
                                if let Some(entry) = th.resume_entry() {
                                    after_machine!(th.enter_machine(entry, regs));
                                }
                                continue 'run;
                            }
                        }
                    }
                    save!();
                    // An item that is only taken apart by the next instruction need not be made.
                    let w = unsafe { *pc.add(2) };
                    if w as u16 == Opcode::UnpackSequence as u16
                        && (w >> 32) as u16 as usize == a
                        && (w >> 48) as u16 == 2
                        && a >= code.first_temporary as usize
                        && let Some(pair) = crate::types::iterators::pairs::next(th, it)
                    {
                        match check!(pair) {
                            Some((x, y)) => {
                                let to = (w >> 16) as u16 as usize;
                                set!(to, x);
                                set!(to + 1, y);
                                next!(4)
                            }
                            None => goto!(d!()),
                        }
                    }
                    match check!(th.next(it)) {
                        Some(v) => {
                            set!(a, v);
                            next!(2)
                        }
                        None => goto!(d!()),
                    }
                }
                Opcode::UnpackSequence => {
                    let v = val!(b);
                    fb!(d!()).shape.set(th.shape_of(v).0);
                    if shape_is(v, T::Tuple) {
                        let t: Gc<Tuple> = unsafe { cast(v) };
                        if t.len() == c {
                            for (i, x) in t.as_slice().iter().enumerate() {
                                set!(a + i, *x);
                            }
                            next!(2);
                        }
                        save!();
                        build::unpack_length(th, c, t.len(), true);
                        break 'run false;
                    }
                    if shape_is(v, T::List) {
                        let l: Gc<List> = unsafe { cast(v) };
                        if l.items.len() == c {
                            for (i, x) in l.items.as_slice().iter().enumerate() {
                                set!(a + i, *x);
                            }
                            next!(2);
                        }
                        save!();
                        build::unpack_length(th, c, l.items.len(), true);
                        break 'run false;
                    }
                    save!();
                    let items = check!(build::unpack(th, v, c));
                    for (i, x) in items.as_slice().iter().enumerate() {
                        set!(a + i, *x);
                    }
                    next!(2)
                }
                Opcode::UnpackEx => {
                    save!();
                    let v = val!(b);
                    let items = check!(build::unpack_ex(th, v, d!() as usize, e!() as usize));
                    for (i, x) in items.as_slice().iter().enumerate() {
                        set!(a + i, *x);
                    }
                    next!(2)
                }

                Opcode::BuildTuple => {
                    save!();
                    // SAFETY: the lowering sets every register of a run that is read.
                    let t = th.new_tuple(unsafe { window_slice(regs.add(b), c) });
                    set!(a, t.value());
                    next!(1)
                }
                Opcode::BuildList => {
                    save!();
                    let l = th.list_from_slice(unsafe { window_slice(regs.add(b), c) });
                    set!(a, l.value());
                    next!(1)
                }
                Opcode::BuildSet => {
                    save!();
                    let s = check!(crate::types::set::set_from(th, unsafe {
                        window_slice(regs.add(b), c)
                    }));
                    set!(a, s);
                    next!(1)
                }
                Opcode::BuildMap => {
                    save!();
                    let m = check!(build::map(th, unsafe { window_slice(regs.add(b), 2 * c) }));
                    set!(a, m);
                    next!(1)
                }
                Opcode::BuildString => {
                    save!();
                    let s = check!(build::string(th, unsafe { window_slice(regs.add(b), c) }));
                    set!(a, s);
                    next!(1)
                }
                Opcode::ListAppend => {
                    save!();
                    let (l, v) = (val!(a), val!(b));
                    if let Some(l) = l.downcast::<List>() {
                        check!(th.list_append(l, v));
                    }
                    next!(1)
                }
                Opcode::ListExtend => {
                    save!();
                    let (l, v) = (val!(a), val!(b));
                    check!(build::list_extend(th, l, v));
                    next!(1)
                }
                Opcode::ListToTuple => {
                    save!();
                    let l = val!(b);
                    let t = build::list_to_tuple(th, l);
                    set!(a, t.value());
                    next!(1)
                }
                Opcode::SetAdd => {
                    save!();
                    let (s, v) = (val!(a), val!(b));
                    if let Some(s) = s.downcast::<Set>() {
                        check!(s.add(th, v));
                    }
                    next!(1)
                }
                Opcode::SetUpdate => {
                    save!();
                    let (s, v) = (val!(a), val!(b));
                    check!(build::set_update(th, s, v));
                    next!(1)
                }
                Opcode::MapSet => {
                    save!();
                    let (m, k, v) = (val!(a), val!(b), val!(c));
                    if let Some(m) = m.downcast::<Dict>() {
                        check!(m.set(th, k, v));
                    }
                    next!(1)
                }
                Opcode::DictUpdate => {
                    save!();
                    let (m, v) = (val!(a), val!(b));
                    check!(build::dict_update(th, m, v));
                    next!(1)
                }
                Opcode::DictMerge => {
                    save!();
                    let (m, v, f) = (val!(a), val!(b), val!(c));
                    check!(build::dict_merge(th, m, v, f));
                    next!(1)
                }
                Opcode::FormatValue => {
                    save!();
                    let v = val!(b);
                    let r = check!(build::format(th, v, None, c as u32));
                    set!(a, r);
                    next!(1)
                }
                Opcode::FormatWithSpec => {
                    save!();
                    let (v, s) = (val!(b), val!(c));
                    let r = check!(build::format(th, v, Some(s), d!()));
                    set!(a, r);
                    next!(2)
                }
                Opcode::BuildInterpolation => {
                    save!();
                    let r = check!(crate::builtins::interpolation(th, unsafe {
                        window_slice(regs.add(b), 4)
                    }));
                    set!(a, r);
                    next!(1)
                }
                Opcode::BuildTemplate => {
                    save!();
                    let (x, y) = (val!(b), val!(c));
                    let r = check!(crate::builtins::template(th, x, y));
                    set!(a, r);
                    next!(1)
                }

                Opcode::Call | Opcode::CallMethod => {
                    save!();
                    let mut f = val!(b);
                    // First argument register and number of arguments.
                    let (mut base, mut n) = (b + 1, c);
                    if matches!(op, Opcode::CallMethod) {
                        if reg!(b + 1) != 0 {
                            n += 1;
                        } else {
                            base += 1;
                        }
                    }
                    // A method that is a class needs the register below its receiver, which is not free.
                    if shape_is(f, T::BoundMethod)
                        && unsafe { cast::<BoundMethod>(f) }.function.kind() != Kind::Type
                    {
                        let m: Gc<BoundMethod> = unsafe { cast(f) };
                        // The callable's (or empty receiver's) register is free for the receiver.
                        base -= 1;
                        n += 1;
                        set!(base, m.receiver);
                        f = m.function;
                        fb!(e!()).note(seen::BOUND_METHOD);
                    }
                    let kw = d!();
                    if f.kind() == Kind::Function {
                        let function: Gc<Function> = unsafe { cast(f) };
                        let fc = function.code();
                        let window = unsafe { regs.add(base) };
                        let bound = if kw == 0 && fc.simple && fc.argcount as usize == n {
                            n
                        } else {
                            let args = Args {
                                values: unsafe { window_slice(window, n) },
                                kwnames: kwnames(code, kw),
                            };
                            check!(th.bind_arguments(function, args, window))
                        };
                        let calls = fc.calls.get().wrapping_add(1);
                        fc.calls.set(calls);
                        if calls >= th.machine.call_threshold {
                            th.hot_function(function);
                        }
                        note_callee(fb!(e!()), f, fc);
                        check!(th.push_frame(function, fc, window, bound, a as u16, 0));
                        unsafe { (*frame).pc = pc.add(2) };
                        if th.requests.load(Ordering::Relaxed) != 0 {
                            load_frame!();
                            check!(th.serve_requests());
                            if !STEP && th.is_traced() {
                                th.to_traced.set(true);
                                return Err(Raised);
                            }
                        }
                        let compiled = fc.compiled.get();
                        if compiled != 0 && !STEP && th.may_enter() {
                            after_machine!(th.enter_machine(compiled, window));
                        }
                        load_frame!();
                        continue 'run;
                    }
                    {
                        let s = fb!(e!());
                        s.note(seen::NATIVE);
                        // The compiler wants to know what builtins are given.
                        if n > 0 && s.kind.get() == CacheKind::Empty {
                            s.shape.set(th.shape_of(val!(base)).0);
                        }
                    }
                    let args = Args {
                        values: unsafe { window_slice(regs.add(base), n) },
                        kwnames: kwnames(code, kw),
                    };
                    let r = match f.kind() {
                        Kind::Builtin if shape_is(f, T::Builtin) => {
                            let bf: Gc<Builtin> = unsafe { cast(f) };
                            check!(crate::types::builtin_function::call(th, bf, args))
                        }
                        Kind::Builtin if shape_is(f, T::MethodDescriptor) => {
                            let bf: Gc<Builtin> = unsafe { cast(f) };
                            check!(crate::types::builtin_function::call_unbound(th, bf, args))
                        }
                        Kind::Type => {
                            let class: Gc<Type> = unsafe { cast(f) };
                            let s = fb!(e!());
                            let init = if class.def.is_some() {
                                None
                            } else if s.kind.get() == CacheKind::Construct
                                && s.value.get() == f.bits()
                                && class.version.get() == s.version.get()
                            {
                                Value::from_bits(s.value2.get())
                                    .map(|v| unsafe { cast::<Function>(v) })
                            } else {
                                calls::construct_target(th, s, class)
                            };
                            match init {
                                Some(init) => {
                                    let object = crate::types::object::new_instance(th, class);
                                    // The class's register (just below the arguments) receives `self`.
                                    let window = unsafe { regs.add(base - 1) };
                                    unsafe { *window = object.bits() };
                                    let ic = init.code();
                                    let bound =
                                        if kw == 0 && ic.simple && ic.argcount as usize == n + 1 {
                                            n + 1
                                        } else {
                                            let args = Args {
                                                values: unsafe { window_slice(window, n + 1) },
                                                kwnames: kwnames(code, kw),
                                            };
                                            check!(th.bind_arguments(init, args, window))
                                        };
                                    let new = check!(th.push_frame(
                                        init,
                                        ic,
                                        window,
                                        bound,
                                        a as u16,
                                        flags::CONSTRUCT
                                    ));
                                    unsafe {
                                        (*new).result = object.bits();
                                        (*frame).pc = pc.add(2);
                                    }
                                    let calls = ic.calls.get().wrapping_add(1);
                                    ic.calls.set(calls);
                                    if calls >= th.machine.call_threshold {
                                        th.hot_function(init);
                                    }
                                    let compiled = ic.compiled.get();
                                    if compiled != 0 && !STEP && th.may_enter() {
                                        after_machine!(th.enter_machine(compiled, window));
                                    }
                                    load_frame!();
                                    continue 'run;
                                }
                                None if shape_is(f, T::Type) && class.def.is_some() => {
                                    // The register just below the arguments is free for the class.
                                    let with_class = unsafe {
                                        *regs.add(base - 1) = f.bits();
                                        window_slice(regs.add(base - 1), n + 1)
                                    };
                                    check!(crate::types::type_::methods::construct_native(
                                        th,
                                        class,
                                        Args {
                                            values: with_class,
                                            kwnames: args.kwnames,
                                        }
                                    ))
                                }
                                None => check!(th.call_args(f, args)),
                            }
                        }
                        _ => check!(th.call_args(f, args)),
                    };
                    set!(a, r);
                    if th.requests.load(Ordering::Relaxed) != 0 {
                        check!(th.serve_requests());
                        if !STEP && th.is_traced() {
                            pc = unsafe { pc.add(2) };
                            save!();
                            th.to_traced.set(true);
                            return Err(Raised);
                        }
                    }
                    next!(2)
                }
                Opcode::CallEx => {
                    save!();
                    let (f, x) = (val!(b), val!(b + 1));
                    let k = Value::from_bits(reg!(b + 2));
                    let r = check!(calls::call_ex(th, f, x, k));
                    set!(a, r);
                    next!(2)
                }
                Opcode::MakeFunction => {
                    save!();
                    let part = |i: usize| {
                        if c >> i & 1 == 1 {
                            Value::from_bits(reg!(b + i))
                        } else {
                            None
                        }
                    };
                    let parts = [part(0), part(1), part(2), part(3)];
                    let globals = unsafe { (*frame).function.globals() };
                    let fc: Gc<Code> = match code.consts.get(d!() as usize) {
                        Some(v) => unsafe { cast(v) },
                        None => unreachable!("verified"),
                    };
                    let f = calls::make_function(th, fc, globals, parts);
                    if !std::ptr::eq(f.builtins().as_ptr(), unsafe {
                        (*frame).function.builtins().as_ptr()
                    }) {
                        f.builtins
                            .set(f.header(), unsafe { (*frame).function.builtins() });
                    }
                    set!(a, f.value());
                    next!(2)
                }
                Opcode::Return | Opcode::ReturnNone => {
                    let v = if matches!(op, Opcode::Return) {
                        val!(a)
                    } else {
                        th.none()
                    };
                    leave!(v)
                }

                Opcode::ReturnGenerator => {
                    save!();
                    unsafe { (*frame).pc = pc.add(1) };
                    let g = generator::from_frame(th);
                    let (fl, dst) = unsafe { ((*frame).flags, (*frame).dst) };
                    let result = unsafe { (*frame).result };
                    th.pop_frame();
                    if fl & flags::ENTRY != 0 {
                        th.yielded = false;
                        return Ok(g);
                    }
                    load_frame!();
                    if fl & flags::CONSTRUCT != 0 {
                        let _ = result;
                        let got = th.type_name(g);
                        th.type_error(format!("__init__() should return None, not '{got}'"));
                        break 'run false;
                    }
                    set!(dst as usize, g);
                    continue 'run;
                }
                Opcode::Yield => {
                    let mut v = val!(b);
                    if c == 1 {
                        save!();
                        v = generator::wrap_async(th, v);
                    }
                    save!();
                    yield_up!(v)
                }
                Opcode::Delegate => {
                    save!();
                    let (it, sent) = (val!(b), val!(c));
                    if !STEP && let Some(g) = generator::resumable(th, it, sent) {
                        check!(generator::enter(th, g, sent, flags::DELEGATE, a as u16));
                        load_frame!();
                        if let Some(entry) = th.resume_entry() {
                            after_machine!(th.enter_machine(entry, regs));
                        }
                        continue 'run;
                    }
                    match check!(generator::delegate(th, it, sent)) {
                        generator::Sent::Returned(v) => {
                            set!(a, v);
                            next!(1)
                        }
                        generator::Sent::Yielded(v) => yield_up!(v),
                    }
                }
                Opcode::GetYieldFromIter => {
                    save!();
                    let v = val!(b);
                    let r = check!(generator::yield_from_iter(th, v, code));
                    set!(a, r);
                    next!(1)
                }
                Opcode::GetAwaitable => {
                    save!();
                    let v = val!(b);
                    let r = check!(generator::awaitable(th, v, c as u16));
                    set!(a, r);
                    next!(1)
                }
                Opcode::GetAIter => {
                    save!();
                    let v = val!(b);
                    let r = check!(generator::get_aiter(th, v));
                    set!(a, r);
                    next!(1)
                }
                Opcode::GetANext => {
                    save!();
                    let v = val!(b);
                    let r = check!(generator::get_anext(th, v));
                    set!(a, r);
                    next!(1)
                }
                Opcode::JumpIfStopAsync => {
                    let v = val!(a);
                    if th.exception_matches(v, crate::types::ExceptionClass::StopAsyncIteration) {
                        goto!(d!())
                    } else {
                        next!(2)
                    }
                }

                Opcode::EnterHandler => {
                    save!();
                    let exc = th.take_pending();
                    unsafe {
                        *regs.add(b) = (*frame).own_handled;
                        (*frame).own_handled = exc.bits();
                    }
                    th.handled.set(Some(exc));
                    set!(a, exc);
                    next!(1)
                }
                Opcode::ExitHandler => {
                    let saved = reg!(a);
                    unsafe {
                        (*frame).own_handled = saved;
                        let outer = if saved != 0 {
                            saved
                        } else {
                            (*frame).entry_handled
                        };
                        th.handled.set(Value::from_bits(outer));
                    }
                    next!(1)
                }
                Opcode::Raise => {
                    save!();
                    let v = val!(a);
                    except::raise(th, v, None);
                    break 'run false;
                }
                Opcode::RaiseFrom => {
                    save!();
                    let (v, cause) = (val!(a), val!(b));
                    except::raise(th, v, Some(cause));
                    break 'run false;
                }
                Opcode::RaiseCurrent => {
                    save!();
                    break 'run except::raise_current(th);
                }
                Opcode::Reraise => {
                    save!();
                    let v = val!(a);
                    th.pending.set(Some(v));
                    break 'run true;
                }
                Opcode::MatchException => {
                    save!();
                    let (v, k) = (val!(b), val!(c));
                    let r = check!(except::matches(th, v, k));
                    set!(a, th.bool(r));
                    next!(1)
                }
                Opcode::MatchExceptionGroup => {
                    save!();
                    let (rest, k) = (val!(b), val!(c));
                    let (m, r) = check!(crate::exceptions::group::split_star(th, rest, k));
                    if !th.is_none(m) {
                        // The clause handles its part only.
                        unsafe { (*frame).own_handled = m.bits() };
                        th.handled.set(Some(m));
                    }
                    set!(a, m);
                    set!(b, r);
                    next!(1)
                }
                Opcode::PrepareReraiseStar => {
                    save!();
                    let (orig, list) = (val!(b), val!(c));
                    let r = check!(crate::exceptions::group::prepare_reraise(th, orig, list));
                    set!(a, r);
                    next!(1)
                }
                Opcode::WithExceptStart => {
                    save!();
                    let f = val!(b);
                    let exc = val!(c);
                    let class = th.class_of(exc).value();
                    let tb = th
                        .or_none(crate::types::exception::of(exc).and_then(|e| e.traceback.get()));
                    let r = match Value::from_bits(reg!(b + 1)) {
                        Some(this) => check!(th.call(f, &[this, class, exc, tb])),
                        None => check!(th.call(f, &[class, exc, tb])),
                    };
                    set!(a, r);
                    next!(1)
                }

                Opcode::ImportName => {
                    save!();
                    let fromlist = val!(b);
                    let r = check!(crate::import::import_name(
                        th,
                        name_at!(d!()),
                        fromlist,
                        c as i64
                    ));
                    set!(a, r);
                    next!(2)
                }
                Opcode::ImportFrom => {
                    save!();
                    let m = val!(b);
                    let r = check!(crate::import::import_from(th, m, name_at!(d!())));
                    set!(a, r);
                    next!(2)
                }
                Opcode::ImportStar => {
                    save!();
                    let m = val!(a);
                    let locals = Value::from_bits(unsafe { (*frame).locals })
                        .unwrap_or(unsafe { (*frame).function.globals().value() });
                    check!(crate::import::import_star(th, m, locals));
                    next!(1)
                }

                Opcode::GetLen => {
                    save!();
                    let v = val!(b);
                    let n = check!(th.len(v));
                    let n = th.int(n as i64);
                    set!(a, n);
                    next!(1)
                }
                Opcode::MatchMapping => {
                    let v = val!(b);
                    set!(
                        a,
                        th.bool(th.class_of(v).has(crate::types::type_::flags::MAPPING))
                    );
                    next!(1)
                }
                Opcode::MatchSequence => {
                    let v = val!(b);
                    set!(
                        a,
                        th.bool(th.class_of(v).has(crate::types::type_::flags::SEQUENCE))
                    );
                    next!(1)
                }
                Opcode::MatchKeys => {
                    save!();
                    let (v, k) = (val!(b), val!(c));
                    let r = check!(matching::keys(th, v, k));
                    set!(a, r);
                    next!(1)
                }
                Opcode::MatchClass => {
                    save!();
                    let (v, k) = (val!(b), val!(c));
                    let names = code.consts.get(e!() as usize).unwrap_or(th.none());
                    let r = check!(matching::class(th, v, k, d!() as usize, names));
                    set!(a, r);
                    next!(2)
                }

                Opcode::CallIntrinsic1 => {
                    save!();
                    let v = val!(b);
                    let r = match Intrinsic1::from_u16(c as u16) {
                        Some(i) => check!(crate::builtins::intrinsic1(th, i, v)),
                        None => unreachable!("verified"),
                    };
                    set!(a, r);
                    next!(1)
                }
                Opcode::CallIntrinsic2 => {
                    save!();
                    let (x, y) = (val!(b), val!(c));
                    let r = match Intrinsic2::from_u16(d!() as u16) {
                        Some(i) => check!(crate::builtins::intrinsic2(th, i, x, y)),
                        None => unreachable!("verified"),
                    };
                    set!(a, r);
                    next!(2)
                }
                Opcode::SetupAnnotations => {
                    save!();
                    let locals = Value::from_bits(unsafe { (*frame).locals })
                        .unwrap_or(unsafe { (*frame).function.globals().value() });
                    let n = th.names().__annotations__;
                    if check!(name::mapping_get(th, locals, n)).is_none() {
                        let dict = th.new_dict().value();
                        check!(name::store_name(th, locals, n, dict));
                    }
                    next!(1)
                }
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
                    (*frame).pc = code.words.add(target as usize);
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
    unsafe { (*frame).word() as u32 }
}

#[inline(always)]
fn kwnames(code: Gc<Code>, kw: u32) -> Option<Gc<Tuple>> {
    if kw == 0 {
        None
    } else {
        code.consts
            .get(kw as usize - 1)
            .and_then(|v| v.downcast::<Tuple>())
    }
}

#[inline(always)]
fn int_floor_div(x: i64, y: i64) -> Option<Value> {
    if y == 0 {
        return None;
    }
    let q = x / y;
    Value::try_int(if x % y != 0 && (x ^ y) < 0 { q - 1 } else { q })
}

#[inline(always)]
fn int_mod(x: i64, y: i64) -> Option<Value> {
    if y == 0 {
        return None;
    }
    let r = x % y;
    Value::try_int(if r != 0 && (r ^ y) < 0 { r + y } else { r })
}

#[inline(always)]
fn int_true_div(x: i64, y: i64) -> Option<Value> {
    // Exact when both fit a double's mantissa.
    const LIMIT: u64 = 1 << 53;
    if y == 0 || x.unsigned_abs() > LIMIT || y.unsigned_abs() > LIMIT {
        return None;
    }
    Value::try_float(x as f64 / y as f64)
}

#[inline(always)]
fn int_shl(x: i64, y: i64) -> Option<Value> {
    if !(0..62).contains(&y) {
        return None;
    }
    let r = x << y;
    if r >> y == x { Value::try_int(r) } else { None }
}

#[inline(always)]
fn int_shr(x: i64, y: i64) -> Option<Value> {
    if y < 0 {
        return None;
    }
    Value::try_int(x >> y.min(63))
}

/// An int power that fits a word; None for others.
fn small_pow(x: i64, y: i64) -> Option<Value> {
    let y = u32::try_from(y).ok()?;
    x.checked_pow(y).and_then(Value::try_int)
}

#[inline(never)]
fn slow_arith(
    th: &mut Thread,
    op: BinaryOp,
    inplace: bool,
    x: Value,
    y: Value,
    fb: &FeedbackSlot,
) -> Result {
    let (ix, iy) = (x.is_int(), y.is_int());
    let (fx, fy) = (x.is_tagged_float(), y.is_tagged_float());
    if (ix && fy) || (fx && iy) {
        fb.note(seen::MIXED);
        let (f, g) = (
            if ix {
                x.int_unchecked() as f64
            } else {
                x.float_unchecked()
            },
            if iy {
                y.int_unchecked() as f64
            } else {
                y.float_unchecked()
            },
        );
        match op {
            BinaryOp::Add => return Ok(th.float(f + g)),
            BinaryOp::Sub => return Ok(th.float(f - g)),
            BinaryOp::Mul => return Ok(th.float(f * g)),
            BinaryOp::TrueDiv if g != 0.0 => return Ok(th.float(f / g)),
            _ => {}
        }
    } else if ix && iy {
        if op == BinaryOp::Pow
            && let Some(r) = small_pow(x.int_unchecked(), y.int_unchecked())
        {
            fb.note(seen::INT);
            return Ok(r);
        }
        fb.note(seen::OVERFLOW);
    } else if fx && fy {
        fb.note(seen::FLOAT);
    } else if shape_is(x, T::Str) && shape_is(y, T::Str) && op == BinaryOp::Add {
        fb.note(seen::STR);
        let (a, b) = unsafe { (cast(x), cast(y)) };
        return match th.concat_str(a, b) {
            Some(s) => Ok(s.value()),
            None => Err(th.memory_error()),
        };
    } else {
        fb.note(seen::OTHER);
        fb.shape.set(th.shape_of(x).0);
        if !inplace && op == BinaryOp::Add && shape_is(x, T::List) && shape_is(y, T::List) {
            let (a, b): (Gc<List>, Gc<List>) = unsafe { (cast(x), cast(y)) };
            return crate::types::list::methods::concatenated(th, a, b);
        }
    }
    if inplace {
        th.inplace(op, x, y)
    } else {
        th.binary(op, x, y)
    }
}

/// A small int that a float represents exactly.
#[inline(always)]
fn exact_float(v: Value) -> Option<f64> {
    if v.is_tagged_float() {
        return Some(v.float_unchecked());
    }
    let i = v.as_int()?;
    (i.unsigned_abs() < 1 << 53).then_some(i as f64)
}

#[inline(never)]
fn slow_compare(th: &mut Thread, x: Value, y: Value, op: CompareOp, fb: &FeedbackSlot) -> Result {
    if let (Some(f), Some(g)) = (exact_float(x), exact_float(y)) {
        fb.note(seen::MIXED);
        let r = match op {
            CompareOp::Lt => f < g,
            CompareOp::Le => f <= g,
            CompareOp::Eq => f == g,
            CompareOp::Ne => f != g,
            CompareOp::Gt => f > g,
            CompareOp::Ge => f >= g,
        };
        return Ok(th.bool(r));
    }
    if shape_is(x, T::Str) && shape_is(y, T::Str) {
        fb.note(seen::STR);
        let (a, b): (Gc<crate::types::str_::Str>, Gc<crate::types::str_::Str>) =
            unsafe { (cast(x), cast(y)) };
        return Ok(match op {
            CompareOp::Eq => th.bool(a.same_text(&b)),
            CompareOp::Ne => th.bool(!a.same_text(&b)),
            _ => th.bool(op.test(a.compare(&b))),
        });
    }
    fb.note(seen::OTHER);
    th.compare(x, y, op)
}

#[inline(never)]
fn slow_compare_bool(
    th: &mut Thread,
    x: Value,
    y: Value,
    op: CompareOp,
    fb: &FeedbackSlot,
) -> Result<bool> {
    let r = slow_compare(th, x, y, op, fb)?;
    th.truth(r)
}

/// `item in container`
pub(crate) fn contains_value(th: &mut Thread, item: Value, container: Value) -> Result<bool> {
    contains(th, item, container, &FeedbackSlot::default())
}

#[inline(never)]
fn contains(th: &mut Thread, item: Value, container: Value, fb: &FeedbackSlot) -> Result<bool> {
    if shape_is(container, T::Dict) {
        fb.note(seen::DICT);
        let d: Gc<Dict> = unsafe { cast(container) };
        return Ok(d.find(th, item)?.is_some());
    }
    if shape_is(container, T::Set) || shape_is(container, T::FrozenSet) {
        fb.note(seen::FLOAT);
        let s: Gc<Set> = unsafe { cast(container) };
        if item.downcast::<Set>().is_none() {
            let hash = th.hash_element(item)?;
            return Ok(s.elements().find_hashed(th, item, hash)?.is_some());
        }
    } else if shape_is(container, T::List) {
        fb.note(seen::LIST);
        let l: Gc<List> = unsafe { cast(container) };
        return contains_item(th, item, |i| l.items.get(i));
    } else if shape_is(container, T::Tuple) {
        fb.note(seen::TUPLE);
        let t: Gc<Tuple> = unsafe { cast(container) };
        return contains_item(th, item, |i| t.get(i));
    }
    fb.note(seen::OTHER);
    th.contains(container, item)
}

/// Is the item among those that `at` gives, from 0 on until it gives none?
#[inline(always)]
fn contains_item(
    th: &mut Thread,
    item: Value,
    at: impl Fn(usize) -> Option<Value>,
) -> Result<bool> {
    let mut i = 0;
    while let Some(x) = at(i) {
        if x.is(item) && !x.is_tagged_float() {
            return Ok(true);
        }
        if !(x.is_int() && item.is_int()) && th.equal(x, item)? {
            return Ok(true);
        }
        i += 1;
    }
    Ok(false)
}

/// Bounds of a simple slice of a sequence of `len` items: small ints and None only.
#[inline(always)]
fn simple_bounds(th: &Thread, start: Value, stop: Value, len: usize) -> Option<(usize, usize)> {
    let n = len as i64;
    let bound = |v: Value, missing: i64| match v.as_int() {
        Some(i) if i < 0 => Some((i + n).max(0)),
        Some(i) => Some(i.min(n)),
        None if th.is_none(v) => Some(missing),
        None => None,
    };
    let (from, to) = (bound(start, 0)?, bound(stop, n)?);
    Some((from as usize, to.max(from) as usize))
}

/// `v[start:stop]`
#[inline(never)]
pub(crate) fn load_slice(th: &mut Thread, v: Value, start: Value, stop: Value) -> Result {
    if shape_is(v, T::List) {
        let l: Gc<List> = unsafe { cast(v) };
        if let Some((from, to)) = simple_bounds(th, start, stop, l.items.len()) {
            let part = l.items.as_slice().get(from..to).unwrap_or(&[]);
            return Ok(th.list_from_slice(part).value());
        }
    } else if shape_is(v, T::Str) {
        if let Some(s) = v.downcast::<crate::types::str_::Str>()
            && let Some(part) = crate::types::str_::subscript::simple_slice(th, s, start, stop)
        {
            return Ok(part);
        }
    } else if shape_is(v, T::Tuple) {
        let t: Gc<Tuple> = unsafe { cast(v) };
        if let Some((from, to)) = simple_bounds(th, start, stop, t.len()) {
            if to - from == t.len() {
                return Ok(v);
            }
            let part = t.as_slice().get(from..to).unwrap_or(&[]);
            return Ok(th.new_tuple(part).value());
        }
    }
    let s = build::slice(th, start, stop);
    th.get_item(v, s)
}

#[inline(never)]
fn store_slice(th: &mut Thread, v: Value, start: Value, stop: Value, x: Value) -> Result<()> {
    if shape_is(v, T::List) && shape_is(x, T::List) && !v.is(x) {
        let (l, new): (Gc<List>, Gc<List>) = unsafe { (cast(v), cast(x)) };
        if let Some((from, to)) = simple_bounds(th, start, stop, l.items.len()) {
            let done =
                l.items
                    .try_splice(th.heap(), Some(l.header()), from, to, new.items.as_slice());
            return if done { Ok(()) } else { Err(th.memory_error()) };
        }
    }
    let k = build::slice(th, start, stop);
    th.set_item(v, k, x)
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
