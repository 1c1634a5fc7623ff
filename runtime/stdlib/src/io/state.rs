//! What the module keeps for an interpreter: the class UnsupportedOperation and the list of
//! writers that hold data.
//!
//! CPython closes (and so flushes) a file when the last reference to it goes. Here a file dies at
//! some later collection, so whatever looks at files from outside (opening or examining a path,
//! starting a process, leaving the interpreter) first flushes the writers in the list. A writer
//! enters the list with its first byte and leaves it at the next flush of all or when it is closed.

use taipan_vm::object::{Gc, NativeHeader, Slot};
use taipan_vm::types::{ExceptionClass, T};
use taipan_vm::{NativeObject, Raised, Result, Thread, Value, ValueVec, pytype};

const KEY: &str = "io.state";

/// The state.
#[repr(C)]
#[derive(NativeObject)]
pub struct IoState {
    head: NativeHeader,
    dirty: ValueVec,
    unsupported: Slot,
}

#[pytype(name = "_state", module = "_io", flags = NO_INSTANTIATION, table = STATE_TYPE)]
impl IoState {}

fn existing(th: &Thread) -> Option<Gc<IoState>> {
    let v = th.vm().registry.borrow().get(KEY).copied();
    v.and_then(|v| v.downcast::<IoState>())
}

fn state(th: &mut Thread) -> Gc<IoState> {
    if let Some(s) = existing(th) {
        return s;
    }
    let s = th.new_native(&STATE_TYPE, |head| IoState {
        head,
        dirty: ValueVec::new(),
        unsupported: Slot::empty(),
    });
    th.vm().registry.borrow_mut().insert(KEY, s.value());
    s
}

/// The class UnsupportedOperation.
pub fn unsupported_class(th: &mut Thread) -> Result {
    let s = state(th);
    if let Some(c) = s.unsupported.get() {
        return Ok(c);
    }
    let os = th.vm().exception_class(ExceptionClass::OSError).value();
    let value = th.vm().exception_class(ExceptionClass::ValueError).value();
    let bases = th.new_tuple(&[os, value]).value();
    let name = th.intern("UnsupportedOperation").value();
    let ns = th.new_dict();
    let module = th.intern("io").value();
    th.dict_set_text(ns, "__module__", module);
    let meta = th.vm().ty(T::Type).value();
    let c = th.call(meta, &[name, bases, ns.value()])?;
    s.unsupported.set(s.header(), c);
    Ok(c)
}

/// Raises UnsupportedOperation.
#[cold]
pub fn unsupported(th: &mut Thread, message: &str) -> Raised {
    let made = unsupported_class(th).and_then(|c| {
        let m = th.new_str(message).value();
        th.call(c, &[m])
    });
    match made {
        Ok(e) => th.raise_value(e),
        Err(r) => r,
    }
}

/// Enters a writer in the list.
pub fn note_dirty(th: &mut Thread, writer: Value) {
    let s = state(th);
    s.dirty.try_push(th.heap(), Some(s.header()), writer);
}

/// Takes a writer off the list.
pub fn forget(th: &Thread, writer: Value) {
    if let Some(s) = existing(th)
        && let Some(i) = s.dirty.as_slice().iter().position(|w| w.is(writer))
    {
        s.dirty.remove_range(i, i + 1);
    }
}

/// Are there writers in the list?
#[inline]
pub fn has_dirty(th: &Thread) -> bool {
    existing(th).is_some_and(|s| !s.dirty.is_empty())
}

/// Takes the last writer off the list.
pub fn pop_dirty(th: &Thread) -> Option<Value> {
    existing(th)?.dirty.pop()
}
