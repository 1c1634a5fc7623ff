//! OSError: the errno chooses the class, and file names are part of the message.

use super::methods::{base_init, base_str, field, reduce_with};
use super::table::Extra;
use super::{Exception, new_exception};
use crate::Thread;
use crate::call::{Args, GetSetDef};
use crate::object::slots::Slots;
use crate::object::{Gc, Result, Value};
use crate::pymethods;
use crate::types::ExceptionClass;
use crate::types::type_::Type;

/// `errno`, `strerror`, `filename`, `filename2`
pub const OS_ERROR: Extra = Extra {
    methods: &[&METHODS],
    getsets: {
        const ROWS: &[GetSetDef] = &[
            field!("errno", 0),
            field!("strerror", 1),
            field!("filename", 2),
            field!("filename2", 3),
        ];
        &[ROWS]
    },
    slots: Slots {
        new: Some(new),
        init: Some(init),
        str_: Some(text),
        ..Slots::EMPTY
    },
};

/// `characters_written`
pub const BLOCKING_IO: Extra = Extra {
    methods: &[],
    getsets: {
        const ROWS: &[GetSetDef] = &[GetSetDef {
            name: "characters_written",
            member: false,
            doc: "",
            get: |th, this| match super::of(this).and_then(|e| e.fields[4].get()) {
                Some(v) => Ok(v),
                None => Err(th.raise(ExceptionClass::AttributeError, "characters_written")),
            },
            set: Some(|th, this, v| {
                let Some(e) = super::of(this) else {
                    return Ok(());
                };
                match v {
                    Some(v) => {
                        let n = th.index(v)?;
                        e.fields[4].set(e.header(), n);
                        Ok(())
                    }
                    None if e.fields[4].take().is_some() => Ok(()),
                    None => Err(th.raise(ExceptionClass::AttributeError, "characters_written")),
                }
            }),
        }];
        &[ROWS]
    },
    slots: Slots::EMPTY,
};

/// The subclass for an error number.
pub fn class_for(errno: i64) -> Option<ExceptionClass> {
    use ExceptionClass::*;
    Some(match i32::try_from(errno).ok()? {
        libc::EAGAIN | libc::EALREADY | libc::EINPROGRESS => BlockingIOError,
        libc::EPIPE | libc::ESHUTDOWN => BrokenPipeError,
        libc::ECHILD => ChildProcessError,
        libc::ECONNABORTED => ConnectionAbortedError,
        libc::ECONNREFUSED => ConnectionRefusedError,
        libc::ECONNRESET => ConnectionResetError,
        libc::EEXIST => FileExistsError,
        libc::ENOENT => FileNotFoundError,
        libc::EISDIR => IsADirectoryError,
        libc::ENOTDIR => NotADirectoryError,
        libc::EINTR => InterruptedError,
        libc::EACCES | libc::EPERM => PermissionError,
        libc::ESRCH => ProcessLookupError,
        libc::ETIMEDOUT => TimeoutError,
        _ => return None,
    })
}

/// A class with its own `__init__` and the inherited `__new__` gets its arguments in `__init__`.
fn filled_by_init(class: Gc<Type>) -> bool {
    let s = class.slots();
    let is = |f: Option<usize>, g: usize| f == Some(g);
    !is(
        s.init.map(|f| f as usize),
        init as fn(&mut Thread, Value, Args<'_>) -> Result<()> as usize,
    ) && is(
        s.new.map(|f| f as usize),
        new as fn(&mut Thread, Args<'_>) -> Result as usize,
    )
}

fn fill(th: &mut Thread, e: Gc<Exception>, a: &[Value]) -> Result<()> {
    let h = e.header();
    let all = th.new_tuple(a);
    e.args.set(h, all);
    if !(2..=5).contains(&a.len()) {
        return Ok(());
    }
    e.fields[0].set(h, a[0]);
    e.fields[1].set(h, a[1]);
    let Some(f) = th.not_none(a.get(2).copied()) else {
        return Ok(());
    };
    let blocking = th.vm().exception_class(ExceptionClass::BlockingIOError);
    let kind = th.class_of(f);
    let number = kind.slots();
    let is_number = number.index.is_some() || number.int.is_some() || number.float.is_some();
    if th.class_of(e.value()).is(blocking) && is_number {
        let n = th.index(f)?;
        e.fields[4].set(h, n);
        return Ok(());
    }
    e.fields[2].set(h, f);
    if let Some(g) = th.not_none(a.get(4).copied()) {
        e.fields[3].set(h, g);
    }
    let two = th.new_tuple(&a[..2]);
    e.args.set(h, two);
    Ok(())
}

fn no_keywords(th: &mut Thread, class: Gc<Type>, args: Args<'_>) -> Result<()> {
    if args.keyword_count() > 0 {
        let n = class.name_text();
        return Err(th.type_error(format!("{n}() takes no keyword arguments")));
    }
    Ok(())
}

fn new(th: &mut Thread, args: Args<'_>) -> Result {
    let mut class = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
    let by_init = filled_by_init(class);
    let rest = args.positionals().get(1..).unwrap_or(&[]);
    if !by_init {
        no_keywords(th, class, args)?;
        if (2..=5).contains(&rest.len())
            && class.is(th.vm().exception_class(ExceptionClass::OSError))
            && let Some(n) = rest.first().and_then(|v| v.as_int())
            && let Some(better) = class_for(n)
        {
            class = th.vm().exception_class(better);
        }
    }
    let e = new_exception(th, Args::positional(&[class.value()]))?;
    if !by_init {
        fill(th, e, rest)?;
    }
    Ok(e.value())
}

fn init(th: &mut Thread, this: Value, args: Args<'_>) -> Result<()> {
    let class = th.class_of(this);
    if !filled_by_init(class) {
        return Ok(());
    }
    no_keywords(th, class, args)?;
    match super::of(this) {
        Some(e) => fill(th, e, args.positionals()),
        None => base_init(th, this, args),
    }
}

fn text(th: &mut Thread, this: Value) -> Result {
    let Some(e) = super::of(this) else {
        return base_str(th, this);
    };
    let (n, s) = (e.fields[0].get(), e.fields[1].get());
    let file = e.fields[2].get();
    if file.is_none() && (n.is_none() || s.is_none()) {
        return base_str(th, this);
    }
    let (n, s) = (th.or_none(n), th.or_none(s));
    let (n, s) = (th.str(n)?.to_string_lossy(), th.str(s)?.to_string_lossy());
    let mut text = format!("[Errno {n}] {s}");
    if let Some(f) = file {
        text.push_str(&format!(": {}", th.repr(f)?.to_string_lossy()));
        if let Some(g) = e.fields[3].get() {
            text.push_str(&format!(" -> {}", th.repr(g)?.to_string_lossy()));
        }
    }
    Ok(th.new_str(&text).value())
}

/// The methods hang here.
pub struct OsError;

#[pymethods(table = METHODS)]
impl OsError {
    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<Exception>) -> Result {
        let args = this.args.get().unwrap_or(th.empty_tuple());
        let r = reduce_with(th, this, &[])?;
        let (Some(f), [n, s], Some(parts)) = (
            this.fields[2].get(),
            args.as_slice(),
            r.downcast::<crate::types::tuple::Tuple>(),
        ) else {
            return Ok(r);
        };
        let none = th.none();
        let full = match this.fields[3].get() {
            Some(g) => th.new_tuple(&[*n, *s, f, none, g]),
            None => th.new_tuple(&[*n, *s, f]),
        };
        let items = th.value_vec(parts.as_slice())?;
        items.set(1, full.value());
        Ok(th.new_tuple(items.as_slice()).value())
    }
}
