//! Small things that the streams share: arguments, bytes of other objects, common errors.

use taipan_vm::object::Gc;
use taipan_vm::types::bytes::Bytes;
use taipan_vm::types::type_::Type;
use taipan_vm::{Raised, Result, Thread, Value};

use crate::os_error;

/// ValueError for a stream that has been closed.
#[cold]
pub fn closed(th: &mut Thread) -> Raised {
    th.value_error("I/O operation on closed file.")
}

/// Whether `v.closed` is true.
pub fn is_closed(th: &mut Thread, v: Value) -> Result<bool> {
    let c = th.get_attr_str(v, "closed")?;
    th.truth(c)
}

/// A size argument: -1 for None or nothing. TypeError for what is no integer.
pub fn size(th: &mut Thread, v: Option<Value>) -> Result<isize> {
    match th.not_none(v) {
        None => Ok(-1),
        Some(v) => match v.as_int() {
            Some(i) => Ok(i as isize),
            None if th.class_of(v).slots().index.is_none() => {
                let got = th.type_name(v);
                Err(th.type_error(format!("argument should be integer or None, not '{got}'")))
            }
            None => Ok(th.index_i64(v, "Python int too large to convert to C ssize_t")? as isize),
        },
    }
}

/// Calls `f` with the bytes of a bytes-like object. `f` must not run Python code that writes them.
pub fn with_bytes<R>(
    th: &mut Thread,
    v: Value,
    f: impl FnOnce(&mut Thread, &[u8]) -> Result<R>,
) -> Result<R> {
    if let Some(b) = v.downcast::<Bytes>() {
        return f(th, b.as_slice());
    }
    th.with_buffer(v, f)
}

/// Calls `f` with the length of a writable buffer; the bytes that it gives are stored in it and
/// counted. None is passed through (nothing was there to read).
pub fn fill_buffer(
    th: &mut Thread,
    v: Value,
    what: &str,
    f: impl FnOnce(&mut Thread, usize) -> Result<Option<Vec<u8>>>,
) -> Result<Option<usize>> {
    let lends = v.downcast::<Bytes>().is_none() && th.supports_buffer(v);
    let mut made = None;
    let mut f = Some(f);
    let r = match lends {
        true => th.with_buffer_mut(v, |th, target| {
            let Some(f) = f.take() else { return Ok(()) };
            made = f(th, target.len())?.map(|data| {
                let n = data.len().min(target.len());
                target[..n].copy_from_slice(&data[..n]);
                n
            });
            Ok(())
        }),
        false => Ok(()),
    };
    if f.is_none() {
        return r.map(|()| made);
    }
    th.clear_pending();
    let got = th.type_name(v);
    Err(th.type_error(format!(
        "{what}() argument must be read-write bytes-like object, not {got}"
    )))
}

/// A file position argument. TypeError, OverflowError.
pub fn offset(th: &mut Thread, v: Value) -> Result<i64> {
    match v.as_int() {
        Some(i) => Ok(i),
        None => th.index_i64(v, "cannot fit 'int' into an offset-sized integer"),
    }
}

/// An integer that another stream's method gave back.
pub fn number(th: &mut Thread, v: Value) -> Result<i64> {
    offset(th, v)
}

/// Raises OSError for a result of the system.
pub fn system<R>(th: &mut Thread, r: rustix::io::Result<R>) -> Result<R> {
    match r {
        Ok(r) => Ok(r),
        Err(e) => Err(os_error::raise(th, e.raw_os_error(), None, None)),
    }
}

/// Repeats a system call that signals interrupt, serving them; runs it without the lock.
pub fn retry<R>(
    th: &mut Thread,
    mut f: impl FnMut() -> rustix::io::Result<R>,
) -> Result<rustix::io::Result<R>> {
    loop {
        let r = th.without_lock(&mut f);
        if matches!(r, Err(rustix::io::Errno::INTR)) {
            th.poll()?;
            continue;
        }
        return Ok(r);
    }
}

/// A bytes object, or MemoryError.
pub fn bytes(th: &mut Thread, b: &[u8]) -> Result {
    match th.try_new_bytes(b) {
        Some(b) => Ok(b.value()),
        None => Err(th.memory_error()),
    }
}

/// The class of a constructor's first argument.
pub fn class_argument(th: &mut Thread, args: taipan_vm::call::Args<'_>) -> Result<Gc<Type>> {
    let v = args.values.first().copied().unwrap_or(th.none());
    th.expect_type(v)
}

/// The exception class is BlockingIOError with what has been written.
#[cold]
pub fn would_block(th: &mut Thread, message: &str, written: usize) -> Raised {
    let n = th.int(libc::EAGAIN as i64);
    let m = th.new_str(message).value();
    let r = th.raise_with(taipan_vm::types::ExceptionClass::BlockingIOError, &[n, m]);
    if let Some(e) = th
        .pending_exception()
        .and_then(taipan_vm::types::exception::of)
    {
        let w = th.int(written as i64);
        e.fields[4].set(e.header(), w);
    }
    r
}

/// Text of an attribute for `__repr__`: None when there is none.
pub fn attribute_repr(th: &mut Thread, v: Value, name: &str) -> Result<Option<String>> {
    match th.get_attr_str(v, name) {
        Ok(n) => Ok(Some(th.repr(n)?.to_string_lossy())),
        Err(r) => {
            use taipan_vm::types::ExceptionClass::{AttributeError, ValueError};
            if th.pending_matches(AttributeError) || th.pending_matches(ValueError) {
                th.clear_pending();
                return Ok(None);
            }
            Err(r)
        }
    }
}

/// `cannot pickle '…' instances`
#[cold]
pub fn no_pickle(th: &mut Thread, v: Value) -> Raised {
    let class = th.class_of(v);
    let name = th.qualified_name(class);
    th.type_error(format!("cannot pickle '{name}' instances"))
}
