//! Both directions of the relation between dunders and slots, expanded from
//! [`for_each_slot!`](crate::for_each_slot).
//!
//! * A native type's filled slot shows itself to Python as a wrapper descriptor: [`SlotRow::call`].
//! * A dunder defined by a class statement fills the slot with a function that looks the dunder up
//!   and calls it: [`SlotRow::set_generic`].

use crate::Thread;
use crate::call::Args;
use crate::object::slots::{CompareOp, SetAttrFn, Slots};
use crate::object::{Gc, Raised, Result, Value};
use crate::types::ExceptionClass;
use crate::types::function::Function;
use crate::types::generator;
use crate::types::names::Names;
use crate::types::str_::Str;
use crate::types::type_::{Type, flags};

/// One row of the table.
pub struct SlotRow {
    /// `__add__`, …
    pub name: &'static str,
    /// The interned name.
    pub interned: fn(&Names) -> Gc<Str>,
    /// Docstring of the wrapper.
    pub doc: &'static str,
    /// `__text_signature__` of the wrapper.
    pub text_signature: &'static str,
    /// Index of the slot among all slots (rows with one slot share it).
    pub slot: &'static str,
    /// Is the slot filled?
    pub is_set: fn(&Slots) -> bool,
    /// Are the slots equal?
    pub same: fn(&Slots, &Slots) -> bool,
    /// Copies the slot.
    pub copy: fn(&Slots, &mut Slots),
    /// Empties the slot.
    pub clear: fn(&mut Slots),
    /// Fills the slot with the function that calls the dunder(s).
    pub set_generic: fn(&mut Slots),
    /// Calls the slot as the dunder: receiver, then arguments.
    pub call: fn(&mut Thread, &Slots, Value, Args<'_>) -> Result,
}

fn count(th: &mut Thread, name: &str, args: &Args<'_>, min: usize, max: usize) -> Result<()> {
    let given = args.values.len();
    if args.keyword_count() > 0 {
        return Err(th.type_error(format!("wrapper {name}() takes no keyword arguments")));
    }
    if given < min || given > max {
        return Err(wrong_count(th, name, given, min, max));
    }
    Ok(())
}

#[cold]
fn wrong_count(th: &mut Thread, name: &str, given: usize, min: usize, max: usize) -> Raised {
    // Wrappers that unpack more than one argument say their name.
    let message = match (min, max) {
        (1, 2) if name != "__get__" => format!("expected 1 or 2 arguments, got {given}"),
        (1, 2) if given < min => format!("{name} expected at least 1 argument, got {given}"),
        (1, 2) => format!("{name} expected at most 2 arguments, got {given}"),
        (2, 2) => format!("{name} expected 2 arguments, got {given}"),
        (1, 1) => format!("expected 1 argument, got {given}"),
        _ => format!("expected {min} arguments, got {given}"),
    };
    th.type_error(message)
}

fn name_argument(th: &mut Thread, v: Value) -> Result<Gc<Str>> {
    match v.downcast::<Str>() {
        Some(s) => Ok(th.intern_str(s)),
        None => {
            let got = th.type_name(v);
            Err(th.type_error(format!("attribute name must be string, not '{got}'")))
        }
    }
}

fn repeat_count(th: &mut Thread, v: Value) -> Result<isize> {
    th.index_i64(v, "cannot fit 'int' into an index-sized integer")
        .map(|i| i as isize)
}

/// Classes must not be changed by the `__setattr__` of `object`: what depends on them would not
/// notice.
fn not_over_type(th: &mut Thread, f: SetAttrFn, this: Value, name: &str) -> Result<()> {
    if this.downcast::<Type>().is_none() {
        return Ok(());
    }
    let mut class = Some(th.class_of(this));
    while let Some(c) = class.filter(|c| c.has(flags::HEAP)) {
        class = c.base.get();
    }
    let own = class.and_then(|c| c.slots().setattro);
    if own.is_none_or(|own| std::ptr::fn_addr_eq(own, f)) {
        return Ok(());
    }
    let got = th.type_name(this);
    Err(th.type_error(format!("can't apply this {name} to {got} object")))
}

/// Binary operator of a class in Python: tries the left operand's dunder, then the right one's.
fn binary(
    th: &mut Thread,
    a: Value,
    b: Value,
    slot: fn(&Slots) -> Option<crate::object::slots::BinaryFn>,
    me: crate::object::slots::BinaryFn,
    left: Gc<Str>,
    right: Gc<Str>,
) -> Result {
    let (ca, cb) = (th.class_of(a), th.class_of(b));
    let same =
        |f: Option<crate::object::slots::BinaryFn>| f.is_some_and(|f| std::ptr::fn_addr_eq(f, me));
    let mut try_right = !ca.is(cb) && same(slot(cb.slots()));
    if same(slot(ca.slots())) {
        if try_right && cb.is_subtype(ca) {
            let overrides = match (cb.lookup(th, right), ca.lookup(th, right)) {
                (Some(x), Some(y)) => !x.is(y),
                (Some(_), None) => true,
                _ => false,
            };
            if overrides {
                if let Some(r) = th.call_special(b, right, &[a])?
                    && !r.is(th.not_implemented())
                {
                    return Ok(r);
                }
                try_right = false;
            }
        }
        if let Some(r) = th.call_special(a, left, &[b])?
            && !r.is(th.not_implemented())
        {
            return Ok(r);
        }
        if ca.is(cb) {
            return Ok(th.not_implemented());
        }
    }
    if try_right && let Some(r) = th.call_special(b, right, &[a])? {
        return Ok(r);
    }
    Ok(th.not_implemented())
}

fn required(th: &mut Thread, this: Value, name: Gc<Str>, args: &[Value]) -> Result {
    match th.call_special(this, name, args)? {
        Some(r) => Ok(r),
        None => {
            // The other half of a slot that two methods share, as in a class with `__set__` only.
            let name = name.to_string_lossy();
            Err(th.raise(ExceptionClass::AttributeError, &name))
        }
    }
}

fn compare(th: &mut Thread, a: Value, b: Value, op: CompareOp) -> Result {
    let n = th.names();
    let name = match op {
        CompareOp::Lt => n.__lt__,
        CompareOp::Le => n.__le__,
        CompareOp::Eq => n.__eq__,
        CompareOp::Ne => n.__ne__,
        CompareOp::Gt => n.__gt__,
        CompareOp::Ge => n.__ge__,
    };
    if let Some(f) = th.lookup_on_class(a, name)
        && let Some(f) = f.downcast::<Function>()
    {
        return th.call_function(f, Args::positional(&[a, b]));
    }
    match th.call_special(a, name, &[b])? {
        Some(r) => Ok(r),
        None => Ok(th.not_implemented()),
    }
}

fn generic_bool(th: &mut Thread, this: Value) -> Result<bool> {
    let n = th.names();
    if let Some(r) = th.call_special(this, n.__bool__, &[])? {
        if r.is(th.bool(true)) || r.is(th.bool(false)) {
            return Ok(r.is(th.bool(true)));
        }
        let got = th.type_name(r);
        return Err(th.type_error(format!("__bool__ should return bool, returned {got}")));
    }
    match th.call_special(this, n.__len__, &[])? {
        Some(r) => th.check_length(r).map(|n| n != 0),
        None => Ok(true),
    }
}

fn generic_len(th: &mut Thread, this: Value) -> Result<usize> {
    let name = th.names().__len__;
    let r = required(th, this, name, &[])?;
    th.check_length(r)
}

fn generic_hash(th: &mut Thread, this: Value) -> Result<i64> {
    let name = th.names().__hash__;
    let method = th.lookup_on_class(this, name);
    if method.is_none_or(|m| th.is_none(m)) {
        return th.unhashable(this);
    }
    let r = required(th, this, name, &[])?;
    th.hash_result(r)
}

fn generic_next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
    let name = th.names().__next__;
    match required(th, this, name, &[]) {
        Ok(v) => Ok(Some(v)),
        Err(e) => {
            if th.pending_matches(crate::types::ExceptionClass::StopIteration) {
                th.clear_pending();
                return Ok(None);
            }
            Err(e)
        }
    }
}

fn generic_contains(th: &mut Thread, this: Value, v: Value) -> Result<bool> {
    let name = th.names().__contains__;
    match th.lookup_on_class(this, name) {
        Some(m) if th.is_none(m) => {
            let got = th.type_name(this);
            Err(th.type_error(format!("'{got}' object is not a container")))
        }
        _ => match th.call_special(this, name, &[v])? {
            Some(r) => th.truth(r),
            None => th.contains_by_iteration(this, v),
        },
    }
}

fn generic_iter(th: &mut Thread, this: Value) -> Result {
    let name = th.names().__iter__;
    match th.lookup_on_class(this, name) {
        Some(m) if th.is_none(m) => {
            let got = th.type_name(this);
            Err(th.type_error(format!("'{got}' object is not iterable")))
        }
        Some(f) if let Some(f) = generator::function_of_one(th, f) => {
            generator::from_parameters(th, f, &[this])
        }
        _ => match th.call_special(this, name, &[])? {
            Some(r) => Ok(r),
            None => th.sequence_iterator(this),
        },
    }
}

fn generic_getattr(th: &mut Thread, this: Value, attr: Gc<Str>) -> Result {
    let n = th.names();
    let plain = match th.lookup_on_class(this, n.__getattribute__) {
        Some(f) => th.is_object_getattribute(f),
        None => true,
    };
    let first = if plain {
        match th.generic_lookup(this, attr) {
            Ok(Some(v)) => return Ok(v),
            Ok(None) => {
                return match th.call_special(this, n.__getattr__, &[attr.value()])? {
                    Some(r) => Ok(r),
                    None => Err(th.no_attribute(this, attr)),
                };
            }
            Err(r) => Err(r),
        }
    } else {
        required(th, this, n.__getattribute__, &[attr.value()])
    };
    if first.is_ok() || !th.pending_matches(crate::types::ExceptionClass::AttributeError) {
        return first;
    }
    let class = th.class_of(this);
    if class.lookup(th, n.__getattr__).is_none() {
        return first;
    }
    let original = th.take_pending();
    match th.call_special(this, n.__getattr__, &[attr.value()])? {
        Some(r) => Ok(r),
        None => Err(th.raise_value(original)),
    }
}

fn generic_descr_get(
    th: &mut Thread,
    this: Value,
    object: Option<Value>,
    owner: Option<Value>,
) -> Result {
    let name = th.names().__get__;
    let (o, c) = (th.or_none(object), th.or_none(owner));
    match th.call_special(this, name, &[o, c])? {
        Some(r) => Ok(r),
        None => Ok(this),
    }
}

fn generic_call(th: &mut Thread, this: Value, args: Args<'_>) -> Result {
    let name = th.names().__call__;
    match th.call_special_args(this, name, args)? {
        Some(r) => Ok(r),
        None => {
            let got = th.type_name(this);
            Err(th.type_error(format!("'{got}' object is not callable")))
        }
    }
}

fn generic_init(th: &mut Thread, this: Value, args: Args<'_>) -> Result<()> {
    let name = th.names().__init__;
    let Some(r) = th.call_special_args(this, name, args)? else {
        return Ok(());
    };
    if th.is_none(r) {
        return Ok(());
    }
    let got = th.type_name(r);
    Err(th.type_error(format!("__init__() should return None, not '{got}'")))
}

macro_rules! form_text {
    (Unary) => {
        "($self, /)"
    };
    (Hash) => {
        "($self, /)"
    };
    (Next) => {
        "($self, /)"
    };
    (Len) => {
        "($self, /)"
    };
    (Bool) => {
        "($self, /)"
    };
    (Del) => {
        "($self, /)"
    };
    (Call) => {
        "($self, /, *args, **kwargs)"
    };
    (Init) => {
        "($self, /, *args, **kwargs)"
    };
    (GetAttr) => {
        "($self, name, /)"
    };
    (SetAttr) => {
        "($self, name, value, /)"
    };
    (DelAttr) => {
        "($self, name, /)"
    };
    (DescrGet) => {
        "($self, instance, owner=None, /)"
    };
    (DescrSet) => {
        "($self, instance, value, /)"
    };
    (DescrDelete) => {
        "($self, instance, /)"
    };
    (SetItem) => {
        "($self, key, value, /)"
    };
    (DelItem) => {
        "($self, key, /)"
    };
    (Contains) => {
        "($self, key, /)"
    };
    (Binary) => {
        "($self, key, /)"
    };
    (PowLeft) => {
        "($self, value, mod=None, /)"
    };
    (PowRight) => {
        "($self, value, mod=None, /)"
    };
    ($other:ident) => {
        "($self, value, /)"
    };
}

macro_rules! form_call {
    ($name:ident $slot:ident Unary) => { |th, s, this, a| { count(th, stringify!($name), &a, 0, 0)?; match s.$slot { Some(f) => f(th, this), None => Ok(th.not_implemented()) } } };
    ($name:ident $slot:ident Hash) => { |th, s, this, a| { count(th, stringify!($name), &a, 0, 0)?; match s.$slot { Some(f) => { let h = f(th, this)?; Ok(th.int(h)) } None => Ok(th.none()) } } };
    ($name:ident $slot:ident Call) => { |th, s, this, a| match s.$slot { Some(f) => f(th, this, a), None => Ok(th.none()) } };
    ($name:ident $slot:ident Next) => { |th, s, this, a| { count(th, stringify!($name), &a, 0, 0)?; match s.$slot { Some(f) => match f(th, this)? { Some(v) => Ok(v), None => Err(th.stop_iteration(None)) }, None => Ok(th.none()) } } };
    ($name:ident $slot:ident GetAttr) => { |th, s, this, a| { count(th, stringify!($name), &a, 1, 1)?; let n = name_argument(th, a.values[0])?; match s.$slot { Some(f) => f(th, this, n), None => Ok(th.none()) } } };
    ($name:ident $slot:ident SetAttr) => { |th, s, this, a| { count(th, stringify!($name), &a, 2, 2)?; let n = name_argument(th, a.values[0])?; if let Some(f) = s.$slot { not_over_type(th, f, this, stringify!($name))?; f(th, this, n, Some(a.values[1]))?; } Ok(th.none()) } };
    ($name:ident $slot:ident DelAttr) => { |th, s, this, a| { count(th, stringify!($name), &a, 1, 1)?; let n = name_argument(th, a.values[0])?; if let Some(f) = s.$slot { not_over_type(th, f, this, stringify!($name))?; f(th, this, n, None)?; } Ok(th.none()) } };
    ($name:ident $slot:ident CompareLt) => { form_call!(@compare $name $slot Lt) };
    ($name:ident $slot:ident CompareLe) => { form_call!(@compare $name $slot Le) };
    ($name:ident $slot:ident CompareEq) => { form_call!(@compare $name $slot Eq) };
    ($name:ident $slot:ident CompareNe) => { form_call!(@compare $name $slot Ne) };
    ($name:ident $slot:ident CompareGt) => { form_call!(@compare $name $slot Gt) };
    ($name:ident $slot:ident CompareGe) => { form_call!(@compare $name $slot Ge) };
    (@compare $name:ident $slot:ident $op:ident) => { |th, s, this, a| { count(th, stringify!($name), &a, 1, 1)?; match s.$slot { Some(f) => f(th, this, a.values[0], CompareOp::$op), None => Ok(th.not_implemented()) } } };
    ($name:ident $slot:ident DescrGet) => { |th, s, this, a| {
        count(th, stringify!($name), &a, 1, 2)?;
        let object = th.not_none(a.values.first().copied());
        let owner = th.not_none(a.values.get(1).copied());
        if object.is_none() && owner.is_none() { return Err(th.type_error("__get__(None, None) is invalid")); }
        match s.$slot { Some(f) => f(th, this, object, owner), None => Ok(this) }
    } };
    ($name:ident $slot:ident DescrSet) => { |th, s, this, a| { count(th, stringify!($name), &a, 2, 2)?; if let Some(f) = s.$slot { f(th, this, a.values[0], Some(a.values[1]))?; } Ok(th.none()) } };
    ($name:ident $slot:ident DescrDelete) => { |th, s, this, a| { count(th, stringify!($name), &a, 1, 1)?; if let Some(f) = s.$slot { f(th, this, a.values[0], None)?; } Ok(th.none()) } };
    ($name:ident $slot:ident Init) => { |th, s, this, a| { if let Some(f) = s.$slot { f(th, this, a)?; } Ok(th.none()) } };
    ($name:ident $slot:ident Del) => { |th, s, this, a| { count(th, stringify!($name), &a, 0, 0)?; if let Some(f) = s.$slot { f(th, this)?; } Ok(th.none()) } };
    ($name:ident $slot:ident Len) => { |th, s, this, a| { count(th, stringify!($name), &a, 0, 0)?; match s.$slot { Some(f) => { let n = f(th, this)?; Ok(th.int_from_u64(n as u64)) } None => Ok(th.none()) } } };
    ($name:ident $slot:ident Binary) => { |th, s, this, a| { count(th, stringify!($name), &a, 1, 1)?; match s.$slot { Some(f) => f(th, this, a.values[0]), None => Ok(th.not_implemented()) } } };
    ($name:ident $slot:ident Left) => { form_call!($name $slot Binary) };
    ($name:ident $slot:ident Concat) => { form_call!($name $slot Binary) };
    ($name:ident $slot:ident Inplace) => { form_call!($name $slot Binary) };
    ($name:ident $slot:ident Right) => { |th, s, this, a| { count(th, stringify!($name), &a, 1, 1)?; match s.$slot { Some(f) => f(th, a.values[0], this), None => Ok(th.not_implemented()) } } };
    ($name:ident $slot:ident SetItem) => { |th, s, this, a| { count(th, stringify!($name), &a, 2, 2)?; if let Some(f) = s.$slot { f(th, this, a.values[0], Some(a.values[1]))?; } Ok(th.none()) } };
    ($name:ident $slot:ident DelItem) => { |th, s, this, a| { count(th, stringify!($name), &a, 1, 1)?; if let Some(f) = s.$slot { f(th, this, a.values[0], None)?; } Ok(th.none()) } };
    ($name:ident $slot:ident Contains) => { |th, s, this, a| { count(th, stringify!($name), &a, 1, 1)?; match s.$slot { Some(f) => { let b = f(th, this, a.values[0])?; Ok(th.bool(b)) } None => Ok(th.bool(false)) } } };
    ($name:ident $slot:ident Repeat) => { |th, s, this, a| { count(th, stringify!($name), &a, 1, 1)?; let n = repeat_count(th, a.values[0])?; match s.$slot { Some(f) => f(th, this, n), None => Ok(th.not_implemented()) } } };
    ($name:ident $slot:ident PowLeft) => { |th, s, this, a| { count(th, stringify!($name), &a, 1, 2)?; let m = a.values.get(1).copied().unwrap_or(th.none()); match s.$slot { Some(f) => f(th, this, a.values[0], m), None => Ok(th.not_implemented()) } } };
    ($name:ident $slot:ident PowRight) => { |th, s, this, a| { count(th, stringify!($name), &a, 1, 2)?; let m = a.values.get(1).copied().unwrap_or(th.none()); match s.$slot { Some(f) => f(th, a.values[0], this, m), None => Ok(th.not_implemented()) } } };
    ($name:ident $slot:ident InplacePow) => { |th, s, this, a| { count(th, stringify!($name), &a, 1, 1)?; match s.$slot { Some(f) => { let m = th.none(); f(th, this, a.values[0], m) } None => Ok(th.not_implemented()) } } };
    ($name:ident $slot:ident Bool) => { |th, s, this, a| { count(th, stringify!($name), &a, 0, 0)?; match s.$slot { Some(f) => { let b = f(th, this)?; Ok(th.bool(b)) } None => Ok(th.bool(true)) } } };
}

macro_rules! form_generic {
    (__iter__ iter Unary) => { |s| s.iter = Some(generic_iter) };
    ($name:ident $slot:ident Unary) => { |s| s.$slot = Some(|th, this| { let n = th.names().$name; required(th, this, n, &[]) }) };
    ($name:ident $slot:ident Hash) => { |s| s.$slot = Some(generic_hash) };
    ($name:ident $slot:ident Call) => { |s| s.$slot = Some(generic_call) };
    ($name:ident $slot:ident Next) => { |s| s.$slot = Some(generic_next) };
    ($name:ident $slot:ident GetAttr) => { |s| s.$slot = Some(generic_getattr) };
    ($name:ident $slot:ident SetAttr) => { |s| s.setattro = Some(|th, this, attr, v| {
        let n = th.names();
        match v {
            Some(v) => required(th, this, n.__setattr__, &[attr.value(), v])?,
            None => required(th, this, n.__delattr__, &[attr.value()])?,
        };
        Ok(())
    }) };
    ($name:ident $slot:ident DelAttr) => { form_generic!(__setattr__ $slot SetAttr) };
    ($name:ident $slot:ident CompareLt) => { |s| s.$slot = Some(compare) };
    ($name:ident $slot:ident CompareLe) => { |s| s.$slot = Some(compare) };
    ($name:ident $slot:ident CompareEq) => { |s| s.$slot = Some(compare) };
    ($name:ident $slot:ident CompareNe) => { |s| s.$slot = Some(compare) };
    ($name:ident $slot:ident CompareGt) => { |s| s.$slot = Some(compare) };
    ($name:ident $slot:ident CompareGe) => { |s| s.$slot = Some(compare) };
    ($name:ident $slot:ident DescrGet) => { |s| s.$slot = Some(generic_descr_get) };
    ($name:ident $slot:ident DescrSet) => { |s| s.descr_set = Some(|th, this, object, v| {
        let n = th.names();
        match v {
            Some(v) => required(th, this, n.__set__, &[object, v])?,
            None => required(th, this, n.__delete__, &[object])?,
        };
        Ok(())
    }) };
    ($name:ident $slot:ident DescrDelete) => { form_generic!(__set__ $slot DescrSet) };
    ($name:ident $slot:ident Init) => { |s| s.$slot = Some(generic_init) };
    ($name:ident $slot:ident Del) => { |s| s.$slot = Some(|th, this| { let n = th.names().$name; th.call_special(this, n, &[])?; Ok(()) }) };
    ($name:ident $slot:ident Len) => { |s| s.$slot = Some(generic_len) };
    ($name:ident $slot:ident Binary) => { |s| s.$slot = Some(|th, this, k| { let n = th.names().$name; required(th, this, n, &[k]) }) };
    ($name:ident $slot:ident SetItem) => { |s| s.setitem = Some(|th, this, k, v| {
        let n = th.names();
        match v {
            Some(v) => required(th, this, n.__setitem__, &[k, v])?,
            None => required(th, this, n.__delitem__, &[k])?,
        };
        Ok(())
    }) };
    ($name:ident $slot:ident DelItem) => { form_generic!(__setitem__ $slot SetItem) };
    ($name:ident $slot:ident Contains) => { |s| s.$slot = Some(generic_contains) };
    ($name:ident $slot:ident Concat) => { |_| {} };
    ($name:ident $slot:ident Repeat) => { |_| {} };
    ($name:ident $slot:ident Inplace) => { |s| s.$slot = Some(|th, a, b| {
        let n = th.names().$name;
        match th.call_special(a, n, &[b])? { Some(r) => Ok(r), None => Ok(th.not_implemented()) }
    }) };
    ($name:ident $slot:ident PowRight) => { |s| s.power = Some(generic_power) };
    ($name:ident $slot:ident InplacePow) => { |s| s.$slot = Some(|th, a, b, _| {
        let n = th.names().$name;
        match th.call_special(a, n, &[b])? { Some(r) => Ok(r), None => Ok(th.not_implemented()) }
    }) };
    ($name:ident $slot:ident Bool) => { |s| s.$slot = Some(generic_bool) };
    ($name:ident $slot:ident Right) => { |s| s.$slot = Some(generic_binary::$slot) };
    ($name:ident $slot:ident Left [$right:ident]) => { |s| s.$slot = Some(generic_binary::$slot) };
    ($name:ident $slot:ident PowLeft [$right:ident]) => { |s| s.power = Some(generic_power) };
}

/// `**` of classes in Python; the three-operand form asks only the left operand, then the right.
fn generic_power(th: &mut Thread, a: Value, b: Value, m: Value) -> Result {
    let n = th.names();
    if th.is_none(m) {
        return binary(
            th,
            a,
            b,
            |s| {
                s.power
                    .is_some_and(|f| {
                        std::ptr::fn_addr_eq(f, generic_power as crate::object::slots::TernaryFn)
                    })
                    .then_some(power_marker as _)
            },
            power_marker,
            n.__pow__,
            n.__rpow__,
        );
    }
    if let Some(r) = th.call_special(a, n.__pow__, &[b, m])?
        && !r.is(th.not_implemented())
    {
        return Ok(r);
    }
    match th.call_special(b, n.__rpow__, &[a, m])? {
        Some(r) => Ok(r),
        None => Ok(th.not_implemented()),
    }
}

fn power_marker(th: &mut Thread, _: Value, _: Value) -> Result {
    Ok(th.not_implemented())
}

macro_rules! generic_binaries {
    ($($name:ident $slot:ident $form:ident $([$right:ident])? $doc:literal;)*) => {
        /// One function a binary slot, so that its address tells "implemented in Python".
        mod generic_binary {
            use super::{Result, Thread, Value, binary};
            $(generic_binaries!(@one $form $slot $name $($right)?);)*
        }
    };
    (@one Left $slot:ident $name:ident $right:ident) => {
        #[inline(never)]
        pub fn $slot(th: &mut Thread, a: Value, b: Value) -> Result {
            let n = th.names();
            binary(th, a, b, |s| s.$slot, $slot, n.$name, n.$right)
        }
    };
    (@one $form:ident $slot:ident $name:ident $($right:ident)?) => {};
}
crate::for_each_slot!(generic_binaries);

macro_rules! rows {
    ($($name:ident $slot:ident $form:ident $([$right:ident])? $doc:literal;)*) => {
        /// All rows in the table's order.
        pub static ROWS: &[SlotRow] = &[$(SlotRow {
            name: stringify!($name),
            interned: |n| n.$name,
            doc: $doc,
            text_signature: form_text!($form),
            slot: stringify!($slot),
            is_set: |s| s.$slot.is_some(),
            same: |a, b| match (a.$slot, b.$slot) { (Some(f), Some(g)) => f as usize == g as usize, (None, None) => true, _ => false },
            copy: |from, to| to.$slot = from.$slot,
            clear: |s| s.$slot = None,
            set_generic: form_generic!($name $slot $form $([$right])?),
            call: form_call!($name $slot $form),
        },)*];
    };
}
crate::for_each_slot!(rows);

/// For each row the first one with the same slot.
pub static FIRST_OF_SLOT: [u8; ROWS.len()] = {
    let mut first = [0; ROWS.len()];
    let mut i = 0;
    while i < ROWS.len() {
        let mut j = 0;
        while !same_text(ROWS[j].slot, ROWS[i].slot) {
            j += 1;
        }
        first[i] = j as u8;
        i += 1;
    }
    first
};

const fn same_text(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut i = 0;
    while i < a.len() && i < b.len() && a[i] == b[i] {
        i += 1;
    }
    i == a.len() && i == b.len()
}

/// For each row the next one with the same slot; 0 behind the last.
static NEXT_OF_SLOT: [u8; ROWS.len()] = {
    let mut next = [0; ROWS.len()];
    let mut i = 0;
    while i < ROWS.len() {
        let mut j = i + 1;
        while j < ROWS.len() {
            if FIRST_OF_SLOT[j] == FIRST_OF_SLOT[i] {
                next[i] = j as u8;
                break;
            }
            j += 1;
        }
        i += 1;
    }
    next
};

/// The rows that share the slot of row `i`.
pub fn rows_of_slot(i: usize) -> impl Iterator<Item = &'static SlotRow> {
    let first = FIRST_OF_SLOT.get(i).copied().unwrap_or(0) as usize;
    let next = |i: &usize| match NEXT_OF_SLOT[*i] {
        0 => None,
        n => Some(n as usize),
    };
    std::iter::successors(Some(first), next).map(|i| &ROWS[i])
}
