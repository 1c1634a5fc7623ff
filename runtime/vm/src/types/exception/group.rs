//! BaseExceptionGroup and ExceptionGroup.

use super::methods::base_init;
use super::table::Extra;
use super::{Exception, new_exception};
use crate::Thread;
use crate::call::{Args, GetSetDef, GetterFn};
use crate::object::slots::Slots;
use crate::object::{Gc, Result, Value};
use crate::pymethods;
use crate::types::ExceptionClass;
use crate::types::T;
use crate::types::str_::Str;
use crate::types::tuple::Tuple;
use crate::types::type_::Type;

const fn read_only(name: &'static str, doc: &'static str, get: GetterFn) -> GetSetDef {
    GetSetDef {
        name,
        doc,
        get,
        set: None,
        member: true,
    }
}

/// `message`, `exceptions`
pub const GROUP: Extra = Extra {
    methods: &[&METHODS],
    getsets: {
        const ROWS: &[GetSetDef] = &[
            read_only("message", "exception message", |th, this| {
                Ok(th.or_none(super::of(this).and_then(|e| e.fields[0].get())))
            }),
            read_only("exceptions", "nested exceptions", |th, this| {
                Ok(th.or_none(super::of(this).and_then(|e| e.fields[1].get())))
            }),
        ];
        &[ROWS]
    },
    slots: Slots {
        new: Some(new),
        init: Some(base_init),
        str_: Some(text),
        ..Slots::EMPTY
    },
};

fn is_sequence(th: &mut Thread, v: Value) -> bool {
    let class = th.class_of(v);
    class.slots().getitem.is_some()
        && v.downcast::<crate::types::dict::Dict>().is_none()
        && !class.has(crate::types::type_::flags::MAPPING)
}

fn new(th: &mut Thread, args: Args<'_>) -> Result {
    let mut class = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
    let given = args.positionals().get(1..).unwrap_or(&[]);
    let [message, list] = given else {
        let n = given.len();
        return Err(th.type_error(format!(
            "BaseExceptionGroup.__new__() takes exactly 2 arguments ({n} given)"
        )));
    };
    if message.downcast::<Str>().is_none() {
        let got = th.type_name_for_error(*message);
        return Err(th.type_error(format!(
            "BaseExceptionGroup.__new__() argument 1 must be str, not {got}"
        )));
    }
    if !is_sequence(th, *list) {
        return Err(th.type_error("second argument (exceptions) must be a sequence"));
    }
    let items = th.to_tuple(*list)?;
    if items.is_empty() {
        return Err(th.value_error("second argument (exceptions) must be a non-empty sequence"));
    }
    let mut base_inside = false;
    for (i, v) in items.as_slice().iter().enumerate() {
        if super::of(*v).is_none() {
            return Err(th.value_error(format!(
                "Item {i} of second argument (exceptions) is not an exception"
            )));
        }
        base_inside |= !th.exception_matches(*v, ExceptionClass::Exception);
    }
    let base_group = th.vm().exception_class(ExceptionClass::BaseExceptionGroup);
    let group = th.vm().exception_class(ExceptionClass::ExceptionGroup);
    let exception = th.vm().exception_class(ExceptionClass::Exception);
    if class.is(base_group) {
        if !base_inside {
            class = group;
        }
    } else if base_inside && class.is(group) {
        return Err(th.type_error("Cannot nest BaseExceptions in an ExceptionGroup"));
    } else if base_inside && class.is_subtype(exception) {
        let n = class.name_text();
        return Err(th.type_error(format!("Cannot nest BaseExceptions in '{n}'")));
    }
    let e = new_exception(th, Args::positional(&[class.value(), *message, *list]))?;
    e.fields[0].set(e.header(), *message);
    e.fields[1].set(e.header(), items.value());
    // Another kind of sequence is shown as it was.
    if list.downcast::<Tuple>().is_none() && !th.is_exact(*list, T::List) {
        let shown = th.repr(*list)?.value();
        e.fields[2].set(e.header(), shown);
    }
    Ok(e.value())
}

fn text(th: &mut Thread, this: Value) -> Result {
    let Some(e) = super::of(this) else {
        return Ok(this);
    };
    let message = th.or_none(e.fields[0].get());
    let message = th.str(message)?.to_string_lossy();
    let n = members(th, e).len();
    let s = if n == 1 { "" } else { "s" };
    Ok(th
        .new_str(&format!("{message} ({n} sub-exception{s})"))
        .value())
}

/// `Class('message', [exceptions])`: a list is shown as a list, with what the group holds.
pub(super) fn repr(th: &mut Thread, e: Gc<Exception>) -> Result {
    let class = th.type_name(e.value());
    let message = th.or_none(e.fields[0].get());
    let message = th.repr(message)?.to_string_lossy();
    let shown = match e.fields[2].get() {
        Some(text) => th.str(text)?.to_string_lossy(),
        None => {
            let items = members(th, e);
            let as_list = e
                .args
                .get()
                .and_then(|a| a.get(1))
                .is_some_and(|l| th.is_exact(l, T::List));
            let items = if as_list {
                th.list_from_slice(items.as_slice()).value()
            } else {
                items.value()
            };
            th.repr(items)?.to_string_lossy()
        }
    };
    Ok(th.new_str(&format!("{class}({message}, {shown})")).value())
}

/// The exceptions of a group.
pub fn members(th: &mut Thread, e: Gc<Exception>) -> Gc<Tuple> {
    e.fields[1]
        .get()
        .and_then(|t| t.downcast::<Tuple>())
        .unwrap_or(th.empty_tuple())
}

/// Is it an exception group?
pub fn is_group(th: &Thread, v: Value) -> bool {
    v.kind() == crate::object::Kind::Exception
        && th.exception_matches(v, ExceptionClass::BaseExceptionGroup)
}

/// A new group of exceptions, of class ExceptionGroup when all of them allow it.
pub fn create(th: &mut Thread, message: &str, exceptions: &[Value]) -> Result {
    let items = th.new_tuple(exceptions).value();
    create_of(th, message, items)
}

/// As [`create`], of a list: the group's text shows it as one.
pub fn create_listed(th: &mut Thread, message: &str, exceptions: &[Value]) -> Result {
    let items = th.list_from_slice(exceptions).value();
    create_of(th, message, items)
}

fn create_of(th: &mut Thread, message: &str, items: Value) -> Result {
    let text = th.new_str(message).value();
    let class = th.vm().exception_class(ExceptionClass::BaseExceptionGroup);
    th.call(class.value(), &[text, items])
}

/// What exceptions a split is after.
#[derive(Clone, Copy)]
pub enum Matcher<'a> {
    /// Instances of a class or of one in a tuple.
    Classes(Value),
    /// Those for which a function is true.
    Predicate(Value),
    /// These very leaves.
    Leaves(&'a [Value]),
}

impl Matcher<'_> {
    fn of(th: &mut Thread, v: Value) -> Result<Matcher<'static>> {
        let base = th.vm().exception_class(ExceptionClass::BaseException);
        let is_class = |v: Value| v.downcast::<Type>().is_some_and(|t| t.is_subtype(base));
        if is_class(v)
            || v.downcast::<Tuple>()
                .is_some_and(|t| t.as_slice().iter().all(|c| is_class(*c)))
        {
            return Ok(Matcher::Classes(v));
        }
        if v.downcast::<Type>().is_none() && th.is_callable(v) {
            return Ok(Matcher::Predicate(v));
        }
        Err(th.type_error(
            "expected an exception type, a tuple of exception types, or a callable (other than a class)",
        ))
    }

    fn accepts(self, th: &mut Thread, e: Value) -> Result<bool> {
        match self {
            Matcher::Classes(c) => crate::interp::ops::except::matches(th, e, c),
            Matcher::Predicate(f) => {
                let r = th.call(f, &[e])?;
                th.truth(r)
            }
            Matcher::Leaves(l) => Ok(!is_group(th, e) && l.iter().any(|x| x.is(e))),
        }
    }
}

/// A group like `e` with other exceptions: `e.derive(…)` with traceback, chain and notes of `e`.
fn subset(th: &mut Thread, e: Gc<Exception>, exceptions: &[Value]) -> Result<Option<Value>> {
    if exceptions.is_empty() {
        return Ok(None);
    }
    let list = th.list_from_slice(exceptions).value();
    let new = th.call_method_str(e.value(), "derive", &[list])?;
    if !is_group(th, new) {
        return Err(th.type_error("derive must return an instance of BaseExceptionGroup"));
    }
    if let Some(x) = super::of(new) {
        let h = x.header();
        x.traceback.set_option(h, e.traceback.get());
        x.context.set_option(h, e.context.get());
        x.cause.set_option(h, e.cause.get());
        if e.cause.get().is_some() || e.suppress_context.get() {
            x.suppress_context.set(true);
        }
    }
    let name = th.names().__notes__;
    if let Some(notes) = th.get_attr_option(e.value(), name)?
        && is_sequence(th, notes)
    {
        let copy = th.collect(notes)?;
        let copy = th.list_from_vec(copy).value();
        th.set_attr(new, name, copy)?;
    }
    Ok(Some(new))
}

/// Splits an exception or group into what matches and the rest.
pub fn split(
    th: &mut Thread,
    e: Value,
    matcher: Matcher<'_>,
    want_rest: bool,
) -> Result<(Option<Value>, Option<Value>)> {
    if matcher.accepts(th, e)? {
        return Ok((Some(e), None));
    }
    let Some(x) = super::of(e).filter(|_| is_group(th, e)) else {
        return Ok((None, Some(e)));
    };
    th.check_native_stack(" in exceptiongroup_split_recursive")?;
    let (yes, no) = (crate::ValueVec::new(), crate::ValueVec::new());
    for v in members(th, x).as_slice() {
        let (a, b) = split(th, *v, matcher, want_rest)?;
        if let Some(a) = a {
            th.push(&yes, a)?;
        }
        if let Some(b) = b {
            th.push(&no, b)?;
        }
    }
    let a = subset(th, x, yes.as_slice())?;
    let b = if want_rest {
        subset(th, x, no.as_slice())?
    } else {
        None
    };
    Ok((a, b))
}

fn group_receiver(th: &mut Thread, this: Gc<Exception>, name: &str) -> Result {
    if is_group(th, this.value()) {
        return Ok(this.value());
    }
    let got = th.type_name(this.value());
    Err(th.type_error(format!(
        "descriptor '{name}' for 'BaseExceptionGroup' objects doesn't apply to a '{got}' object"
    )))
}

/// The methods hang here.
pub struct Group;

#[pymethods(table = METHODS)]
impl Group {
    #[pymethod]
    fn derive(th: &mut Thread, this: Gc<Exception>, excs: Value) -> Result {
        group_receiver(th, this, "derive")?;
        let class = th.vm().exception_class(ExceptionClass::BaseExceptionGroup);
        let message = th.or_none(this.fields[0].get());
        th.call(class.value(), &[message, excs])
    }

    #[pymethod]
    fn split(th: &mut Thread, this: Gc<Exception>, matcher_value: Value) -> Result {
        let e = group_receiver(th, this, "split")?;
        let m = Matcher::of(th, matcher_value)?;
        let (a, b) = split(th, e, m, true)?;
        let pair = [th.or_none(a), th.or_none(b)];
        Ok(th.new_tuple(&pair).value())
    }

    #[pymethod]
    fn subgroup(th: &mut Thread, this: Gc<Exception>, matcher_value: Value) -> Result {
        let e = group_receiver(th, this, "subgroup")?;
        let m = Matcher::of(th, matcher_value)?;
        let (a, _) = split(th, e, m, false)?;
        Ok(th.or_none(a))
    }

    /// See PEP 585
    #[pyclassmethod]
    fn __class_getitem__(th: &mut Thread, class: Value, object: Value) -> Result {
        crate::builtins::generic_alias(th, class, object)
    }
}
