//! What compiled code calls: one function for each row of `taipan_abi::for_each_helper`.
//!
//! All take the thread first. Words are values, addresses or numbers as the row says; a zero
//! result of a fallible one means that an exception is pending.
//!
//! SAFETY of the whole file: compiled code passes the thread it runs on, values that are alive
//! (they are on its stack), and runs of values in its own stack frame.

use taipan_abi::for_each_helper;
use taipan_abi::resume::{EXHAUSTED, FloatFunction, GONE, RAISED};

use super::enter::Outcome;
use super::unit::Unit;
use crate::Thread;
use crate::call::Args;
use crate::feedback::{CacheKind, FeedbackSlot};
use crate::interp::frame::window_slice;
use crate::interp::ops::calls;
use crate::interp::ops::{attr, build};
use crate::object::slots::CompareOp;
use crate::object::{Gc, HeapObject, Kind, Result, Value};
use crate::protocol::arith::BinaryOp;
use crate::types::T;
use crate::types::builtin_function::{self, Builtin};
use crate::types::code::Code;
use crate::types::dict::Dict;
use crate::types::function::Function;
use crate::types::generator;
use crate::types::list::List;
use crate::types::set::{Set, SetIterator};
use crate::types::str_::Str;
use crate::types::tuple::Tuple;
use crate::types::type_::Type;

macro_rules! define_table {
    ($($(#[$doc:meta])* $name:ident($($p:ident),*) -> $r:ident, $outcome:ident, $effect:ident;)*) => {
        /// Addresses of the helpers, by number.
        pub static TABLE: &[Address] = &[$(Address($name as *const ()),)*];
    };
}
for_each_helper!(define_table);

/// A helper's address.
#[repr(transparent)]
pub struct Address(pub *const ());

// SAFETY: the address of a function, which is the same for all threads.
unsafe impl Sync for Address {}

#[inline(always)]
fn thread<'a>(th: *mut Thread) -> &'a mut Thread {
    // SAFETY: see the module; compiled code holds no reference while it calls.
    unsafe { &mut *th }
}

#[inline(always)]
fn value(word: u64) -> Value {
    debug_assert!(word != 0);
    // SAFETY: see the module.
    unsafe { Value::from_bits(word).unwrap_unchecked() }
}

#[inline(always)]
fn typed<T: HeapObject>(word: u64) -> Gc<T> {
    // SAFETY: compiled code has tested the shape.
    unsafe { Gc::from_raw(word as *mut T) }
}

#[inline(always)]
fn run<'a>(p: u64, n: u64) -> &'a [Value] {
    // SAFETY: see the module.
    unsafe { window_slice(p as *const u64, n as usize) }
}

#[inline(always)]
fn word(r: Result) -> u64 {
    r.map_or(0, Value::bits)
}

#[inline(always)]
fn done(r: Result<()>) -> u64 {
    r.is_ok() as u64
}

#[inline(always)]
fn tri(r: Result<bool>) -> u64 {
    r.map_or(0, |b| 1 + b as u64)
}

fn binary_op(n: u64) -> BinaryOp {
    use BinaryOp::*;
    [
        Add, Sub, Mul, TrueDiv, FloorDiv, Mod, Pow, MatMul, LShift, RShift, And, Or, Xor, DivMod,
    ][n as usize % 14]
}

fn compare_op(n: u64) -> CompareOp {
    use CompareOp::*;
    [Lt, Le, Eq, Ne, Gt, Ge][n as usize % 6]
}

/// The commonest operations of small ints and floats in words.
#[inline(always)]
fn number_operation(op: BinaryOp, x: Value, y: Value) -> Option<Value> {
    if let (Some(a), Some(b)) = (x.as_int(), y.as_int()) {
        return match op {
            BinaryOp::Add => Value::try_int(a + b),
            BinaryOp::Sub => Value::try_int(a - b),
            BinaryOp::Mul => a.checked_mul(b).and_then(Value::try_int),
            _ => None,
        };
    }
    let number = |v: Value| v.as_tagged_float().or(v.as_int().map(|i| i as f64));
    let (a, b) = (number(x)?, number(y)?);
    match op {
        BinaryOp::Add => Value::try_float(a + b),
        BinaryOp::Sub => Value::try_float(a - b),
        BinaryOp::Mul => Value::try_float(a * b),
        BinaryOp::TrueDiv if b != 0.0 => Value::try_float(a / b),
        _ => None,
    }
}

extern "C" fn binary(th: *mut Thread, op: u64, x: u64, y: u64) -> u64 {
    let (th, x, y) = (thread(th), value(x), value(y));
    let op = binary_op(op);
    if let Some(v) = number_operation(op, x, y) {
        return v.bits();
    }
    if op == BinaryOp::Add
        && let (Some(a), Some(b)) = (exact_str(x), exact_str(y))
    {
        return match th.concat_str(a, b) {
            Some(s) => s.value().bits(),
            None => {
                let _ = th.memory_error();
                0
            }
        };
    }
    word(th.binary(op, x, y))
}

extern "C" fn inplace(th: *mut Thread, op: u64, x: u64, y: u64) -> u64 {
    let (th, x, y) = (thread(th), value(x), value(y));
    let op = binary_op(op);
    if let Some(v) = number_operation(op, x, y) {
        return v.bits();
    }
    if op == BinaryOp::Add
        && let (Some(a), Some(b)) = (exact_str(x), exact_str(y))
    {
        return match th.concat_str(a, b) {
            Some(s) => s.value().bits(),
            None => {
                let _ = th.memory_error();
                0
            }
        };
    }
    word(th.inplace(op, x, y))
}

#[inline(always)]
fn exact_str(v: Value) -> Option<Gc<Str>> {
    if v.header().is_some_and(|h| h.shape() == T::Str.shape()) {
        Some(typed(v.bits()))
    } else {
        None
    }
}

extern "C" fn unary(th: *mut Thread, which: u64, x: u64) -> u64 {
    let symbol = ["-", "+", "~"][which as usize % 3];
    word(thread(th).unary(symbol, value(x)))
}

extern "C" fn compare(th: *mut Thread, op: u64, x: u64, y: u64) -> u64 {
    let (th, x, y) = (thread(th), value(x), value(y));
    let op = compare_op(op);
    if let (Some(a), Some(b)) = (exact_str(x), exact_str(y)) {
        return th.bool(compare_strings(op, a, b)).bits();
    }
    word(th.compare(x, y, op))
}

fn compare_strings(op: CompareOp, a: Gc<Str>, b: Gc<Str>) -> bool {
    match op {
        CompareOp::Eq => a.same_text(&b),
        CompareOp::Ne => !a.same_text(&b),
        _ => op.test(a.compare(&b)),
    }
}

#[inline(always)]
fn exact_set(th: &Thread, v: Value) -> Option<Gc<Set>> {
    let exact = th.is_exact(v, T::Set) || th.is_exact(v, T::FrozenSet);
    exact.then(|| v.downcast::<Set>()).flatten()
}

extern "C" fn compare_truth(th: *mut Thread, op: u64, x: u64, y: u64) -> u64 {
    let (th, x, y) = (thread(th), value(x), value(y));
    let op = compare_op(op);
    if let (Some(a), Some(b)) = (x.as_int(), y.as_int()) {
        return 1 + op.test(a.cmp(&b)) as u64;
    }
    if let (Some(a), Some(b)) = (exact_str(x), exact_str(y)) {
        return 1 + compare_strings(op, a, b) as u64;
    }
    if let Some(r) = th.compare_identities(x, y, op) {
        return 1 + r as u64;
    }
    if let (Some(a), Some(b)) = (exact_set(th, x), exact_set(th, y)) {
        return tri(crate::types::set::ops::compare_sets(th, a, b, op));
    }
    match th.compare(x, y, op) {
        Ok(r) if r.is(th.bool(true)) => 2,
        Ok(r) if r.is(th.bool(false)) => 1,
        Ok(r) => tri(th.truth(r)),
        Err(_) => 0,
    }
}

extern "C" fn truth(th: *mut Thread, x: u64) -> u64 {
    tri(thread(th).truth(value(x)))
}

extern "C" fn contains(th: *mut Thread, item: u64, container: u64) -> u64 {
    let th = thread(th);
    tri(crate::interp::ops::compare::contains_value(
        th,
        value(item),
        value(container),
    ))
}

/// The case of a site that holds for this object. (As the interpreter tests it.)
#[inline(always)]
fn case<'a>(th: &Thread, slot: &'a FeedbackSlot, object: Value) -> Option<&'a FeedbackSlot> {
    let id = th.shape_of(object);
    let s = if id.0 == slot.shape.get() {
        slot
    } else {
        slot.other(id.0)?
    };
    (th.shape(id).version.get() == s.version.get()).then_some(s)
}

/// An attribute that lies in the object or is the class's, by a case of its site.
#[inline(always)]
fn cached_attribute(th: &Thread, s: &FeedbackSlot, v: Value) -> Option<Value> {
    match s.kind.get() {
        CacheKind::InlineSlot => {
            // SAFETY: the shape says that the slot lies in the cell.
            Value::from_bits(unsafe { *((v.bits() + s.slot.get() as u64) as *const u64) })
        }
        CacheKind::ClassValue => Value::from_bits(s.value.get()),
        CacheKind::Member => attr::member(th, v, s.slot.get()),
        CacheKind::OverflowSlot => attr::overflow(th, v, s.slot.get()),
        _ => None,
    }
}

extern "C" fn load_attr(th: *mut Thread, slot: u64, object: u64, name: u64) -> u64 {
    let th = thread(th);
    // SAFETY: the address of a slot of a code object that the unit keeps.
    let slot = unsafe { &*(slot as *const FeedbackSlot) };
    let v = value(object);
    if v.is_pointer() {
        if let Some(s) = case(th, slot, v) {
            if let Some(x) = cached_attribute(th, s, v) {
                return x.bits();
            }
            if s.kind.get() == CacheKind::Property
                && let Some(f) = Value::from_bits(s.value.get())
            {
                return word(th.call(f, &[v]));
            }
            if s.kind.get() == CacheKind::GetSet
                && let Some(r) = attr::native_attribute(th, s, v)
            {
                return word(r);
            }
        }
        if v.kind() == Kind::Type
            && let Some((x, false)) = attr::cached_on_class(slot, v)
        {
            return x.bits();
        }
    }
    word(attr::load(th, slot, v, typed::<Str>(name)))
}

extern "C" fn store_attr(th: *mut Thread, slot: u64, object: u64, name: u64, v: u64) -> u64 {
    let th = thread(th);
    // SAFETY: the address of a slot of a code object that the unit keeps.
    let slot = unsafe { &*(slot as *const FeedbackSlot) };
    let (o, x) = (value(object), value(v));
    if let Some(h) = o.header()
        && let Some(s) = case(th, slot, o)
        && matches!(s.kind.get(), CacheKind::InlineSlot | CacheKind::AddSlot)
    {
        // SAFETY: the shape says that the slot lies in the cell; one more slot does not change the layout.
        unsafe { *((object + s.slot.get() as u64) as *mut u64) = v };
        if s.kind.get() == CacheKind::AddSlot {
            h.set_shape(crate::object::ShapeId(s.value2.get() as u32));
        }
        crate::object::gc::barrier::write(h, x);
        return 1;
    }
    done(attr::store(th, slot, o, typed::<Str>(name), x))
}

extern "C" fn load_method(th: *mut Thread, slot: u64, object: u64, name: u64) -> u64 {
    let th = thread(th);
    let object = value(object);
    // SAFETY: the address of a slot of a code object that the unit keeps.
    let slot = unsafe { &*(slot as *const FeedbackSlot) };
    if let Some(s) = case(th, slot, object) {
        if s.kind.get() == CacheKind::Method {
            th.machine.second = object.bits();
            return s.value.get();
        }
        if object.is_pointer()
            && let Some(f) = cached_attribute(th, s, object)
        {
            th.machine.second = 0;
            return f.bits();
        }
    }
    if object.kind() == Kind::Type
        && let Some((f, bind)) = attr::cached_on_class(slot, object)
    {
        th.machine.second = if bind { object.bits() } else { 0 };
        return f.bits();
    }
    match attr::method(th, slot, object, typed::<Str>(name)) {
        Ok((f, r)) => {
            th.machine.second = r.map_or(0, Value::bits);
            f.bits()
        }
        Err(_) => 0,
    }
}

extern "C" fn get_item(th: *mut Thread, object: u64, key: u64) -> u64 {
    let (th, object, key) = (thread(th), value(object), value(key));
    if let Some(h) = object.header()
        && h.shape() == T::Dict.shape()
    {
        return dict_get_item(th, object.bits(), key.bits());
    }
    word(th.get_item(object, key))
}

extern "C" fn set_item(th: *mut Thread, object: u64, key: u64, v: u64) -> u64 {
    done(thread(th).set_item(value(object), value(key), value(v)))
}

extern "C" fn get_slice(th: *mut Thread, object: u64, start: u64, stop: u64) -> u64 {
    let th = thread(th);
    word(crate::interp::ops::slices::load_slice(
        th,
        value(object),
        value(start),
        value(stop),
    ))
}

extern "C" fn sum_step(th: *mut Thread, total: u64, state: u64, v: u64) -> u64 {
    let th = thread(th);
    match crate::builtins::numbers::sum_step(th, value(total), value(state), value(v)) {
        Ok((total, state)) => {
            th.machine.second = state.bits();
            total.bits()
        }
        Err(_) => 0,
    }
}

extern "C" fn get_stepped_slice(th: *mut Thread, o: u64, start: u64, stop: u64, step: u64) -> u64 {
    let bounds = [value(start), value(stop), value(step)];
    let load = crate::interp::ops::slices::load_stepped_slice;
    word(load(thread(th), value(o), bounds))
}

extern "C" fn set_slice(th: *mut Thread, object: u64, start: u64, stop: u64, v: u64) -> u64 {
    let (start, stop, v) = (value(start), value(stop), value(v));
    let set = crate::interp::ops::slices::store_slice;
    done(set(thread(th), value(object), start, stop, v))
}

extern "C" fn del_item(th: *mut Thread, object: u64, key: u64) -> u64 {
    done(thread(th).del_item(value(object), value(key)))
}

extern "C" fn dict_get_item(th: *mut Thread, dict: u64, key: u64) -> u64 {
    let (th, dict, key) = (thread(th), typed::<Dict>(dict), value(key));
    match dict.get(th, key) {
        Ok(Some(v)) => v.bits(),
        Ok(None) => {
            th.key_error(key);
            0
        }
        Err(_) => 0,
    }
}

extern "C" fn dict_get(th: *mut Thread, dict: u64, key: u64, default: u64) -> u64 {
    match typed::<Dict>(dict).get(thread(th), value(key)) {
        Ok(found) => found.map_or(default, Value::bits),
        Err(_) => 0,
    }
}

extern "C" fn dict_set_item(th: *mut Thread, dict: u64, key: u64, v: u64) -> u64 {
    let (th, dict) = (thread(th), typed::<Dict>(dict));
    done(dict.set(th, value(key), value(v)))
}

extern "C" fn iter(th: *mut Thread, x: u64) -> u64 {
    word(thread(th).iter(value(x)))
}

extern "C" fn next(th: *mut Thread, x: u64) -> u64 {
    let (th, it) = (thread(th), value(x));
    let next = match it.downcast::<SetIterator>() {
        Some(it) => it.step(th),
        None => th.next(it),
    };
    match next {
        Ok(Some(v)) => v.bits(),
        Ok(None) => EXHAUSTED,
        Err(_) => 0,
    }
}

extern "C" fn next_pair(th: *mut Thread, x: u64) -> u64 {
    let th = thread(th);
    match crate::types::iterators::pairs::next(th, value(x)) {
        Some(Ok(Some((a, b)))) => {
            th.machine.second = b.bits();
            a.bits()
        }
        Some(Ok(None)) => EXHAUSTED,
        Some(Err(_)) => 0,
        // (Only iterators of pairs come here.)
        None => {
            let _ = th.system_error("an iterator gave no pair");
            0
        }
    }
}

fn arguments<'a>(kwnames: u64, args: u64, n: u64) -> Args<'a> {
    Args {
        values: run(args, n),
        kwnames: Value::from_bits(kwnames).and_then(|v| v.downcast::<Tuple>()),
    }
}

extern "C" fn call(th: *mut Thread, f: u64, kwnames: u64, args: u64, n: u64) -> u64 {
    let th = thread(th);
    scrub_for_collector(th, value(f));
    word(th.call_args(value(f), arguments(kwnames, args, n)))
}

/// A call that reaches the collector: what earlier calls left on the machine stack, where the frames from
/// here on lie, must not look like roots.
#[inline]
fn scrub_for_collector(th: &Thread, f: Value) {
    if super::is_collector(th, f) {
        crate::object::gc::scrub_stack();
    }
}

extern "C" fn call_method(th: *mut Thread, f: u64, kwnames: u64, args: u64, n: u64) -> u64 {
    // SAFETY: there is at least the receiver's place.
    let receiver = unsafe { *(args as *const u64) };
    let (args, n) = if receiver == 0 {
        (args + 8, n - 1)
    } else {
        (args, n)
    };
    let th = thread(th);
    scrub_for_collector(th, value(f));
    word(th.call_args(value(f), arguments(kwnames, args, n)))
}

extern "C" fn call_init(th: *mut Thread, f: u64, kwnames: u64, args: u64, n: u64) -> u64 {
    let th = thread(th);
    match th.call_args(value(f), arguments(kwnames, args, n)) {
        Ok(v) if th.is_none(v) => v.bits(),
        Ok(v) => {
            let got = th.type_name(v);
            let _ = th.type_error(format!("__init__() should return None, not '{got}'"));
            0
        }
        Err(_) => 0,
    }
}

extern "C" fn detach_frames(th: *mut Thread, n: u64) {
    thread(th).detach_frame_objects(n as usize);
}

extern "C" fn recursion_error(th: *mut Thread) -> u64 {
    let _ = thread(th).recursion_overflow();
    0
}

extern "C" fn raise(th: *mut Thread, e: u64, cause: u64) -> u64 {
    crate::interp::ops::except::raise(thread(th), value(e), Value::from_bits(cause));
    0
}

extern "C" fn raise_current(th: *mut Thread) -> u64 {
    let th = thread(th);
    th.machine.reraised = crate::interp::ops::except::raise_current(th);
    0
}

extern "C" fn reraise(th: *mut Thread, e: u64) -> u64 {
    let th = thread(th);
    th.pending.set(Some(value(e)));
    th.machine.reraised = true;
    0
}

extern "C" fn catch(th: *mut Thread, pops: u64) -> u64 {
    let th = thread(th);
    let traced = std::mem::take(&mut th.machine.reraised);
    th.catch(pops as usize, traced).bits()
}

extern "C" fn exit_handler(th: *mut Thread, frame: u64, saved: u64) {
    let th = thread(th);
    // The record of a frame with a handler was written when the handler was entered.
    // SAFETY: the records of inlined frames lie behind the unit's own, which is the running one.
    let frame = unsafe { &mut *th.stacks.current.add(frame as usize) };
    frame.own_handled = saved;
    let outer = if saved != 0 {
        saved
    } else {
        frame.entry_handled
    };
    th.handled.set(Value::from_bits(outer));
}

extern "C" fn match_exception(th: *mut Thread, e: u64, class: u64) -> u64 {
    let matches = crate::interp::ops::except::matches;
    tri(matches(thread(th), value(e), value(class)))
}

extern "C" fn is_caught(th: *mut Thread, e: u64, class: u64) -> u64 {
    let class = typed::<Type>(class);
    thread(th).class_of(value(e)).is_subtype(class) as u64
}

extern "C" fn awaitable(th: *mut Thread, v: u64, context: u64) -> u64 {
    word(generator::awaitable(thread(th), value(v), context as u16))
}

extern "C" fn yield_from_iter(th: *mut Thread, v: u64) -> u64 {
    let th = thread(th);
    match th.stacks.current() {
        Some(frame) => word(generator::yield_from_iter(th, value(v), frame.code)),
        None => 0,
    }
}

extern "C" fn call_builtin(th: *mut Thread, f: u64, args: u64, n: u64) -> u64 {
    let (th, b) = (thread(th), typed::<Builtin>(f));
    let args = Args {
        values: run(args, n),
        kwnames: None,
    };
    if b.header().shape() == T::MethodDescriptor.shape() {
        return word(builtin_function::call_unbound(th, b, args));
    }
    word(builtin_function::call(th, b, args))
}

extern "C" fn step(th: *mut Thread) -> u64 {
    let th = thread(th);
    match crate::interp::run::step_word(th) {
        Ok(pc) => pc as u64,
        Err(_) => 0,
    }
}

extern "C" fn resume(th: *mut Thread, marker: u64) -> u64 {
    let th = thread(th);
    if marker == GONE {
        return 0;
    }
    if th.check_native_stack("").is_err() {
        return word(th.run_raised());
    }
    let outcome = if marker == RAISED {
        Outcome::Raised
    } else {
        Outcome::Interpret
    };
    word(th.finish_entry(outcome))
}

/// The unit whose code calls.
fn unit_at(word: u64) -> &'static Unit {
    // SAFETY: compiled code hands on its own unit, which is not freed while the call's return address
    // leads into its code.
    unsafe { &*(word as *const Unit) }
}

extern "C" fn deopt(th: *mut Thread, unit: u64, exit: u64) -> u64 {
    thread(th).leave_machine(unit_at(unit), exit as usize)
}

extern "C" fn exit_is_new(_: *mut Thread, unit: u64, exit: u64) -> u64 {
    u64::from(
        unit_at(unit)
            .taken()
            .get(exit as usize)
            .is_some_and(|n| n.get() == 0),
    )
}

extern "C" fn new_tuple(th: *mut Thread, p: u64, n: u64) -> u64 {
    thread(th).new_tuple(run(p, n)).value().bits()
}

extern "C" fn new_generator(th: *mut Thread, p: u64, n: u64) -> u64 {
    let th = thread(th);
    let [function, parameters @ ..] = run(p, n) else {
        return 0;
    };
    let Some(f) = function.downcast::<crate::types::function::Function>() else {
        return 0;
    };
    word(if generator::is_made_at_once(th, f.code()) {
        generator::from_parameters(th, f, parameters)
    } else {
        th.call(*function, parameters)
    })
}

extern "C" fn new_list(th: *mut Thread, p: u64, n: u64) -> u64 {
    thread(th).list_from_slice(run(p, n)).value().bits()
}

extern "C" fn new_dict(th: *mut Thread, p: u64, n: u64) -> u64 {
    word(build::map(thread(th), run(p, n)))
}

extern "C" fn new_set(th: *mut Thread, p: u64, n: u64) -> u64 {
    word(crate::types::set::set_from(thread(th), run(p, n)))
}

extern "C" fn new_string(th: *mut Thread, p: u64, n: u64) -> u64 {
    word(build::string(thread(th), run(p, n)))
}

extern "C" fn list_extend(th: *mut Thread, list: u64, v: u64) -> u64 {
    done(build::list_extend(thread(th), value(list), value(v)))
}

extern "C" fn list_to_tuple(th: *mut Thread, list: u64) -> u64 {
    build::list_to_tuple(thread(th), value(list)).value().bits()
}

extern "C" fn set_add(th: *mut Thread, set: u64, v: u64) -> u64 {
    done(typed::<Set>(set).add(thread(th), value(v)).map(|_| ()))
}

extern "C" fn store_global(th: *mut Thread, globals: u64, name: u64, v: u64) -> u64 {
    typed::<Dict>(globals).set_str(thread(th), typed::<Str>(name), value(v));
    1
}

extern "C" fn format(th: *mut Thread, v: u64, spec: u64, conversion: u64) -> u64 {
    let spec = Value::from_bits(spec);
    word(build::format(thread(th), value(v), spec, conversion as u32))
}

extern "C" fn list_append(th: *mut Thread, list: u64, v: u64) -> u64 {
    done(thread(th).list_append(typed::<List>(list), value(v)))
}

extern "C" fn new_function(th: *mut Thread, p: u64, n: u64) -> u64 {
    // (Parts that are not there are no values.)
    // SAFETY: compiled code hands on where it has put the run.
    let all = unsafe { std::slice::from_raw_parts(p as *const u64, n as usize) };
    let part = |i: usize| all.get(i).and_then(|w| Value::from_bits(*w));
    let parts = [part(2), part(3), part(4), part(5)];
    let (code, home) = (typed::<Code>(all[0]), typed::<Function>(all[1]));
    calls::make_function_beside(thread(th), code, home, parts)
        .value()
        .bits()
}

extern "C" fn new_enumerate(th: *mut Thread, iterator: u64, count: u64) -> u64 {
    let th = thread(th);
    crate::types::iterators::enumerate::at(th, value(iterator), value(count)).bits()
}

extern "C" fn new_str_iterator(th: *mut Thread, s: u64, i: u64) -> u64 {
    crate::types::iterators::str_iterator_at(thread(th), typed::<Str>(s), i as usize).bits()
}

extern "C" fn new_zip(th: *mut Thread, p: u64, n: u64) -> u64 {
    crate::types::iterators::zip::of(thread(th), run(p, n)).bits()
}

extern "C" fn new_instance(th: *mut Thread, class: u64) -> u64 {
    crate::types::object::new_instance(thread(th), typed::<Type>(class)).bits()
}

extern "C" fn allocate(th: *mut Thread, size: u64) -> u64 {
    thread(th).heap().allocate(size as usize) as u64
}

extern "C" fn box_int(th: *mut Thread, n: u64) -> u64 {
    thread(th).int(n as i64).bits()
}

extern "C" fn box_float(th: *mut Thread, f: f64) {
    let th = thread(th);
    th.machine.second = th.float(f).bits();
}

extern "C" fn to_float(th: *mut Thread, x: u64) -> u64 {
    let th = thread(th);
    let v = value(x);
    if let Some(f) = v.as_tagged_float() {
        th.machine.second_float = f;
        return 1;
    }
    if let Some(i) = v.as_int() {
        th.machine.second_float = i as f64;
        return 1;
    }
    if v.kind() == Kind::Float && th.is_exact(v, T::Float) {
        th.machine.second_float = th.as_float(v).unwrap_or(0.0);
        return 1;
    }
    0
}

extern "C" fn remember(_: *mut Thread, owner: u64) {
    if let Some(h) = value(owner).header() {
        crate::object::gc::barrier::write_many(h);
    }
}

extern "C" fn same_text(_: *mut Thread, x: u64, y: u64) -> u64 {
    typed::<Str>(x).same_text(&typed::<Str>(y)) as u64
}

extern "C" fn char_at(th: *mut Thread, s: u64, i: u64) -> u64 {
    let th = thread(th);
    match typed::<Str>(s).at(i as usize) {
        Some(c) => th.str_from_char(c).value().bits(),
        None => th.empty_str().value().bits(),
    }
}

extern "C" fn float_pow(th: *mut Thread, x: f64, y: f64) -> u64 {
    use crate::number::float_ops::Power;
    match crate::number::float_ops::pow(x, y) {
        Ok(Power::Float(f)) => {
            thread(th).machine.second_float = f;
            1
        }
        _ => 0,
    }
}

extern "C" fn float_mod(_: *mut Thread, x: f64, y: f64) -> f64 {
    crate::number::float_ops::modulo(x, y).unwrap_or(f64::NAN)
}

extern "C" fn float_floor_div(_: *mut Thread, x: f64, y: f64) -> f64 {
    crate::number::float_ops::floor_div(x, y).unwrap_or(f64::NAN)
}

extern "C" fn float_function(_: *mut Thread, which: u64, x: f64) -> f64 {
    match which {
        w if w == FloatFunction::Sin as u64 => x.sin(),
        w if w == FloatFunction::Cos as u64 => x.cos(),
        w if w == FloatFunction::Tan as u64 => x.tan(),
        w if w == FloatFunction::Exp as u64 => x.exp(),
        w if w == FloatFunction::Log as u64 => x.ln(),
        _ => x.atan(),
    }
}
