//! What Python sees of exceptions: BaseException's methods, and what each class adds.

use super::table::Extra;
use super::{Exception, new_exception};
use crate::Thread;
use crate::call::{Args, GetSetDef};
use crate::object::slots::Slots;
use crate::object::{Gc, Kind, Result, Value};
use crate::types::dict::Dict;
use crate::types::str_::Str;
use crate::types::traceback::Traceback;
use crate::{pymethods, types::ExceptionClass};

/// A class that adds nothing.
pub const NOTHING: Extra = Extra {
    methods: &[],
    getsets: &[],
    slots: Slots::EMPTY,
};

/// An attribute that is a field of the exception; deleting it empties the field.
macro_rules! field {
    ($name:literal, $index:literal) => {
        GetSetDef {
            name: $name,
            member: true,
            doc: "",
            get: |th, this| Ok(th.or_none(super::of(this).and_then(|e| e.fields[$index].get()))),
            set: Some(|_, this, v| {
                if let Some(e) = super::of(this) {
                    e.fields[$index].set_option(e.header(), v);
                }
                Ok(())
            }),
        }
    };
}

pub(super) use field;

macro_rules! extra {
    (@methods ATTRIBUTE_ERROR) => { &[&ATTRIBUTE_ERROR_METHODS] };
    (@methods IMPORT_ERROR) => { &[&IMPORT_ERROR_METHODS] };
    (@methods $name:ident) => { &[] };
    ($(#[$doc:meta])* $name:ident [$($field:literal $index:literal),*] $init:expr, $str_:expr) => {
        $(#[$doc])*
        pub const $name: Extra = Extra {
            methods: extra!(@methods $name),
            getsets: {
                const ROWS: &[GetSetDef] = &[$(field!($field, $index)),*];
                &[ROWS]
            },
            slots: Slots { init: $init, str_: $str_, ..Slots::EMPTY },
        };
    };
}

extra! { /// `code`
SYSTEM_EXIT ["code" 0] Some(init_single), None }
extra! { /// `value`
STOP_ITERATION ["value" 0] Some(init_single), None }
extra! { /// `name`, `obj`
ATTRIBUTE_ERROR ["name" 0, "obj" 1] Some(init_keywords::<0>), None }
extra! { /// `name`
NAME_ERROR ["name" 0] Some(init_keywords::<1>), None }
extra! { /// `name`, `path`, `name_from`, `msg`
IMPORT_ERROR ["name" 0, "path" 1, "name_from" 2, "msg" 3] Some(init_keywords::<2>), Some(import_error_str) }
/// BaseException itself.
pub const BASE: Extra = Extra {
    methods: &[&METHODS],
    getsets: &[&GETSETS, &crate::types::descriptor::INSTANCE_DICT],
    slots: Slots {
        new: Some(base_new),
        init: Some(base_init),
        repr: Some(base_repr),
        str_: Some(base_str),
        ..Slots::EMPTY
    },
};

pub(super) fn base_new(th: &mut Thread, args: Args<'_>) -> Result {
    Ok(new_exception(th, args)?.value())
}

pub(super) fn store_args(th: &mut Thread, this: Value, args: Args<'_>) -> Option<Gc<Exception>> {
    let e = super::of(this)?;
    let t = th.new_tuple(args.positionals());
    e.args.set(e.header(), t);
    Some(e)
}

pub(super) fn base_init(th: &mut Thread, this: Value, args: Args<'_>) -> Result<()> {
    if args.keyword_count() > 0 {
        let class = th.type_name(this);
        return Err(th.type_error(format!("{class}() takes no keyword arguments")));
    }
    store_args(th, this, args);
    Ok(())
}

fn init_single(th: &mut Thread, this: Value, args: Args<'_>) -> Result<()> {
    base_init(th, this, args)?;
    if let Some(e) = super::of(this) {
        let v = match args.values {
            [] => None,
            [v] => Some(*v),
            many if th.exception_matches(this, ExceptionClass::StopIteration) => {
                many.first().copied()
            }
            many => Some(th.new_tuple(many).value()),
        };
        e.fields[0].set_option(e.header(), v);
    }
    Ok(())
}

/// Keyword-only fields of AttributeError (0), NameError (1), ImportError (2).
fn init_keywords<const WHICH: usize>(th: &mut Thread, this: Value, args: Args<'_>) -> Result<()> {
    let Some(e) = store_args(th, this, args) else {
        return Ok(());
    };
    let names: &[&str] = match WHICH {
        0 => &["name", "obj"],
        1 => &["name"],
        _ => &["name", "path", "name_from"],
    };
    // (Called once more, it forgets.)
    for field in e.fields.iter().take(names.len()) {
        field.set_option(e.header(), None);
    }
    for (k, v) in args.keywords() {
        let Some(k) = k.downcast::<Str>() else {
            continue;
        };
        match names.iter().position(|n| k.equals_str(n)) {
            Some(i) => e.fields[i].set(e.header(), v),
            None => {
                let (class, k) = (
                    ["AttributeError", "NameError", "ImportError"][WHICH.min(2)],
                    k.to_string_lossy(),
                );
                return Err(th.type_error(format!(
                    "{class}() got an unexpected keyword argument '{k}'"
                )));
            }
        }
    }
    if WHICH == 2 {
        let msg = match args.positionals() {
            [m] => Some(*m),
            _ => None,
        };
        e.fields[3].set_option(e.header(), msg);
    }
    Ok(())
}

fn import_error_str(th: &mut Thread, this: Value) -> Result {
    if let Some(m) = super::of(this).and_then(|e| e.fields[3].get())
        && m.downcast::<Str>().is_some()
        && th.is_exact(m, crate::types::T::Str)
    {
        return Ok(m);
    }
    base_str(th, this)
}

fn base_repr(th: &mut Thread, this: Value) -> Result {
    let Some(e) = super::of(this) else {
        return Ok(this);
    };
    if super::group::is_group(th, this) {
        return super::group::repr(th, e);
    }
    let class = th.type_name(this);
    let args = e.args.get().unwrap_or(th.empty_tuple());
    let text = match args.as_slice() {
        [one] => format!("{class}({})", th.repr(*one)?.to_string_lossy()),
        _ => format!("{class}{}", th.repr(args.value())?.to_string_lossy()),
    };
    Ok(th.new_str(&text).value())
}

pub(super) fn base_str(th: &mut Thread, this: Value) -> Result {
    let Some(e) = super::of(this) else {
        return Ok(this);
    };
    let args = e.args.get().unwrap_or(th.empty_tuple());
    match args.as_slice() {
        [] => Ok(th.empty_str().value()),
        [one] => {
            if th.exception_matches(this, ExceptionClass::KeyError) {
                return Ok(th.repr(*one)?.value());
            }
            Ok(th.str(*one)?.value())
        }
        _ => Ok(th.str(args.value())?.value()),
    }
}

/// `(class, args[, state])` with the state's entries in front of the instance's own attributes.
pub(super) fn reduce_with(th: &mut Thread, this: Gc<Exception>, state: &[(&str, Value)]) -> Result {
    let class = th.class_of(this.value()).value();
    let args = this.args.get().unwrap_or(th.empty_tuple()).value();
    let dict = state_dict(th, this, state)?;
    if dict.is_empty() {
        return Ok(th.new_tuple(&[class, args]).value());
    }
    Ok(th.new_tuple(&[class, args, dict.value()]).value())
}

fn state_dict(th: &mut Thread, this: Gc<Exception>, state: &[(&str, Value)]) -> Result<Gc<Dict>> {
    let dict = th.new_dict();
    if let Some(own) = th.instance_dict(this.value()) {
        dict.update_from(th, own)?;
    }
    for (k, v) in state {
        th.dict_set_text(dict, k, *v);
    }
    Ok(dict)
}

fn attribute_error_state(th: &mut Thread, this: Gc<Exception>) -> Vec<(&'static str, Value)> {
    // `obj` may not be picklable, and is left out as in CPython. The values stay reachable through
    // the exception while the state is used.
    let mut state = Vec::new();
    if let Some(n) = this.fields[0].get() {
        state.push(("name", n));
    }
    if !state.is_empty()
        || th
            .instance_dict(this.value())
            .is_some_and(|d| !d.is_empty())
    {
        let args = this.args.get().unwrap_or(th.empty_tuple()).value();
        state.push(("args", args));
    }
    state
}

/// What AttributeError adds.
pub struct AttributeErrorMethods;

#[pymethods(table = ATTRIBUTE_ERROR_METHODS)]
impl AttributeErrorMethods {
    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<Exception>) -> Result {
        let state = attribute_error_state(th, this);
        reduce_with(th, this, &state)
    }

    #[pymethod]
    fn __getstate__(th: &mut Thread, this: Gc<Exception>) -> Result {
        let state = attribute_error_state(th, this);
        let dict = state_dict(th, this, &state)?;
        Ok(if dict.is_empty() {
            th.none()
        } else {
            dict.value()
        })
    }
}

/// What ImportError adds.
pub struct ImportErrorMethods;

#[pymethods(table = IMPORT_ERROR_METHODS)]
impl ImportErrorMethods {
    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<Exception>) -> Result {
        let mut state = Vec::new();
        for (i, name) in ["name", "path", "name_from"].into_iter().enumerate() {
            if let Some(v) = this.fields[i].get() {
                state.push((name, v));
            }
        }
        reduce_with(th, this, &state)
    }
}

#[pymethods(table = METHODS, getsets = GETSETS)]
impl Exception {
    /// Set self.__traceback__ to tb and return self.
    #[pymethod]
    fn with_traceback(th: &mut Thread, this: Gc<Exception>, tb: Value) -> Result {
        Exception::set_tb(th, this, Some(tb))?;
        Ok(this.value())
    }

    /// Add a note to the exception
    #[pymethod]
    fn add_note(th: &mut Thread, this: Gc<Exception>, note: Value) -> Result<()> {
        if note.downcast::<Str>().is_none() {
            let got = th.type_name_for_error(note);
            return Err(th.type_error(format!("add_note() argument must be str, not {got}")));
        }
        let name = th.names().__notes__;
        let notes = match th.get_attr_option(this.value(), name)? {
            Some(n) => n,
            None => {
                let l = th.new_list().value();
                th.set_attr(this.value(), name, l)?;
                l
            }
        };
        match notes.downcast::<crate::types::list::List>() {
            Some(l) => th.list_append(l, note),
            None => Err(th.type_error("Cannot add note: __notes__ is not a list")),
        }
    }

    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<Exception>) -> Result {
        reduce_with(th, this, &[])
    }

    #[pymethod]
    fn __setstate__(th: &mut Thread, this: Gc<Exception>, state: Value) -> Result<()> {
        if let Some(d) = state.downcast::<Dict>() {
            let items = th.dict_items_vec(d)?;
            for pair in items.as_slice().chunks_exact(2) {
                if let Some(k) = pair[0].downcast::<Str>() {
                    let k = th.intern_str(k);
                    th.set_attr(this.value(), k, pair[1])?;
                }
            }
        } else if !th.is_none(state) {
            return Err(th.type_error("state is not a dictionary"));
        }
        Ok(())
    }

    #[pygetter]
    fn args(th: &mut Thread, this: Gc<Exception>) -> Result {
        Ok(this.args.get().unwrap_or(th.empty_tuple()).value())
    }

    #[pysetter]
    fn set_args(th: &mut Thread, this: Gc<Exception>, v: Option<Value>) -> Result<()> {
        let Some(v) = v else {
            return Err(th.type_error("args may not be deleted"));
        };
        let t = th.to_tuple(v)?;
        this.args.set(this.header(), t);
        Ok(())
    }

    #[pygetter(name = "__traceback__")]
    fn tb(_: &mut Thread, this: Gc<Exception>) -> Option<Value> {
        this.traceback.get()
    }

    #[pysetter(name = "__traceback__")]
    fn set_tb(th: &mut Thread, this: Gc<Exception>, v: Option<Value>) -> Result<()> {
        let Some(v) = v else {
            return Err(th.type_error("__traceback__ may not be deleted"));
        };
        if !th.is_none(v) && v.downcast::<Traceback>().is_none() {
            return Err(th.type_error("__traceback__ must be a traceback or None"));
        }
        this.traceback
            .set_option(this.header(), th.not_none(Some(v)));
        Ok(())
    }

    #[pygetter(name = "__context__")]
    fn context(_: &mut Thread, this: Gc<Exception>) -> Option<Value> {
        this.context.get()
    }

    #[pysetter(name = "__context__")]
    fn set_context(th: &mut Thread, this: Gc<Exception>, v: Option<Value>) -> Result<()> {
        let v = exception_or_none(th, v, "context")?;
        this.context.set_option(this.header(), v);
        Ok(())
    }

    #[pygetter(name = "__cause__")]
    fn cause(_: &mut Thread, this: Gc<Exception>) -> Option<Value> {
        this.cause.get()
    }

    #[pysetter(name = "__cause__")]
    fn set_cause(th: &mut Thread, this: Gc<Exception>, v: Option<Value>) -> Result<()> {
        let v = exception_or_none(th, v, "cause")?;
        this.cause.set_option(this.header(), v);
        this.suppress_context.set(true);
        Ok(())
    }

    #[pygetter(name = "__suppress_context__")]
    fn suppress(_: &mut Thread, this: Gc<Exception>) -> bool {
        this.suppress_context.get()
    }

    #[pysetter(name = "__suppress_context__")]
    fn set_suppress(th: &mut Thread, this: Gc<Exception>, v: Option<Value>) -> Result<()> {
        match v {
            Some(v) if v.is(th.bool(true)) => this.suppress_context.set(true),
            Some(v) if v.is(th.bool(false)) => this.suppress_context.set(false),
            Some(_) => return Err(th.type_error("attribute value type must be bool")),
            None => return Err(th.type_error("can't delete numeric/char attribute")),
        }
        Ok(())
    }
}

fn exception_or_none(th: &mut Thread, v: Option<Value>, what: &str) -> Result<Option<Value>> {
    match v {
        None => Err(th.type_error(format!("__{what}__ may not be deleted"))),
        Some(v) if th.is_none(v) => Ok(None),
        Some(v) if v.kind() == Kind::Exception => Ok(Some(v)),
        Some(_) => Err(th.type_error(format!(
            "exception {what} must be None or derive from BaseException"
        ))),
    }
}
