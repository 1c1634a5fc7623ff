//! Calls with unpacked arguments, functions, classes.

use crate::Thread;
use crate::call::Args;
use crate::feedback::{CacheKind, FeedbackSlot, seen};
use crate::object::{Gc, Kind, Result, Value};
use crate::types::builtin_function::Builtin;
use crate::types::code::Code;
use crate::types::dict::Dict;
use crate::types::function::Function;
use crate::types::method::BoundMethod;
use crate::types::str_::Str;
use crate::types::tuple::Tuple;
use crate::types::type_::{Type, flags};
use crate::types::{T, object};

/// The positional arguments that `*args` means.
fn positional(th: &mut Thread, f: Value, args: Value) -> Result<Gc<Tuple>> {
    if th.is_exact(args, T::Tuple)
        && let Some(t) = args.downcast::<Tuple>()
    {
        return Ok(t);
    }
    let class = th.class_of(args);
    if class.slots().iter.is_none() && class.slots().getitem.is_none() {
        let (n, t) = (super::build::callee_text(th, f), class.name_text());
        return Err(th.type_error(format!("{n} argument after * must be an iterable, not {t}")));
    }
    th.to_tuple(args)
}

/// Hands on what `f(*args, **keywords)` passes.
fn with_arguments<R>(
    th: &mut Thread,
    f: Value,
    args: Value,
    keywords: Option<Value>,
    then: impl FnOnce(&mut Thread, Args<'_>) -> Result<R>,
) -> Result<R> {
    let positional = positional(th, f, args)?;
    let Some(k) = keywords
        .and_then(|k| k.downcast::<Dict>())
        .filter(|k| !k.is_empty())
    else {
        return then(th, Args::positional(positional.as_slice()));
    };
    let all = th.value_vec(positional.as_slice())?;
    let names = crate::ValueVec::new();
    let mut i = 0;
    while let Some((next, name, v)) = k.entry_from(i) {
        if name.downcast::<Str>().is_none() {
            return Err(th.type_error("keywords must be strings"));
        }
        th.push(&names, name)?;
        th.push(&all, v)?;
        i = next;
    }
    let kwnames = th.new_tuple(names.as_slice());
    then(
        th,
        Args {
            values: all.as_slice(),
            kwnames: Some(kwnames),
        },
    )
}

/// `CallEx`
pub fn call_ex(th: &mut Thread, f: Value, args: Value, keywords: Option<Value>) -> Result {
    with_arguments(th, f, args, keywords, |th, args| th.call_args(f, args))
}

/// Notes what a `CallEx` calls, as a plain call does.
#[inline]
pub fn note_called(th: &Thread, fb: &FeedbackSlot, f: Value) {
    let function = match f.downcast::<BoundMethod>() {
        Some(m) => {
            fb.note(seen::BOUND_METHOD);
            m.function
        }
        None => f,
    };
    match function.downcast::<Function>() {
        Some(function) => {
            crate::interp::run::note_callee(th, fb, function.value(), function.code());
        }
        None => fb.note(seen::NATIVE),
    }
}

/// `MakeFunction`
pub fn make_function(
    th: &mut Thread,
    code: Gc<Code>,
    globals: Gc<Dict>,
    parts: [Option<Value>; 4],
) -> Gc<Function> {
    let f = th.new_function(code, globals);
    let [defaults, kwdefaults, annotate, closure] = parts;
    f.defaults
        .set_option(f.header(), defaults.and_then(|v| v.downcast::<Tuple>()));
    f.kwdefaults
        .set_option(f.header(), kwdefaults.and_then(|v| v.downcast::<Dict>()));
    f.annotate.set_option(f.header(), annotate);
    f.closure
        .set_option(f.header(), closure.and_then(|v| v.downcast::<Tuple>()));
    f
}

/// The same, where another function's globals and builtins are the new one's.
pub fn make_function_beside(
    th: &mut Thread,
    code: Gc<Code>,
    home: Gc<Function>,
    parts: [Option<Value>; 4],
) -> Gc<Function> {
    let f = make_function(th, code, home.globals(), parts);
    f.builtins.set(f.header(), home.builtins());
    f
}

/// Notes the call of a builtin that is bound to a receiver (`add = items.append; add(x)`): the
/// descriptor of the method, and the receiver's shape. False if it has no receiver.
#[inline]
pub fn note_bound_builtin(th: &mut Thread, fb: &FeedbackSlot, f: Gc<Builtin>) -> bool {
    let Some(receiver) = f.receiver.get().filter(|_| f.passes_receiver()) else {
        return false;
    };
    fb.shape.set(th.shape_of(receiver).0);
    let known = Value::from_bits(fb.value.get()).and_then(|v| v.downcast::<Builtin>());
    if !known.is_some_and(|k| std::ptr::eq(k.def, f.def)) {
        note_other_bound(th, fb, f, receiver);
    }
    true
}

#[cold]
fn note_other_bound(th: &mut Thread, fb: &FeedbackSlot, f: Gc<Builtin>, receiver: Value) {
    if fb.value.get() == 0 {
        let name = th.intern(f.def.name);
        let found = th.class_of(receiver).lookup(th, name);
        if let Some(d) = found
            && th.is_exact(d, T::MethodDescriptor)
            && let Some(b) = d.downcast::<Builtin>()
            && std::ptr::eq(b.def, f.def)
        {
            fb.refer(th.vm(), d.bits(), fb.value2.get());
            return;
        }
    }
    fb.note(seen::OTHER_CODE);
}

/// Can instances of the class be made by pushing a frame for `__init__`? Gives the function.
#[cold]
pub fn construct_target(
    th: &mut Thread,
    fb: &FeedbackSlot,
    class: Gc<Type>,
) -> Option<Gc<Function>> {
    let meta = th.class_of(class.value());
    let type_type = th.vm().ty(T::Type);
    let same_call = matches!((meta.slots().call, type_type.slots().call), (Some(a), Some(b)) if a as usize == b as usize);
    if !same_call
        || class.payload.kind != Kind::Instance
        || class.has(flags::ABSTRACT)
        || class.slots().del.is_some()
    {
        return None;
    }
    if !object::has_plain_new(th, class) {
        return None;
    }
    let name = th.names().__init__;
    let f = class.lookup(th, name)?.downcast::<Function>()?;
    if f.code().is_generator {
        return None;
    }
    let version = class.ensure_version(th);
    if version != 0 {
        fb.version.set(version);
        fb.refer(th.vm(), class.value().bits(), f.value().bits());
        fb.kind.set(CacheKind::Construct);
    }
    Some(f)
}
