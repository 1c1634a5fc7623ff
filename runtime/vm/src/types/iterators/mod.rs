//! Iterators of sequences, `iter(callable, sentinel)`, and the iterator types among the builtins.

pub mod enumerate;
pub mod filter;
pub mod map;
pub mod pairs;
pub mod reverse;
pub mod zip;

use std::cell::Cell;

use crate::Thread;
use crate::object::{Gc, NativeHeader, Result, Slot, Value};
use crate::types::list::List;
use crate::types::str_::Str;
use crate::types::tuple::Tuple;
use crate::types::{ExceptionClass, T};
use crate::{NativeObject, pytype};

/// Iterator over a list (or its reverse, see `list`).
#[repr(C)]
#[derive(NativeObject)]
pub struct ListIterator {
    head: NativeHeader,
    /// The list; empty once exhausted.
    pub list: crate::object::GcSlot<List>,
    /// Next index.
    #[notrace]
    pub index: Cell<usize>,
}

/// Iterator over a tuple.
#[repr(C)]
#[derive(NativeObject)]
pub struct TupleIterator {
    head: NativeHeader,
    /// The tuple; empty once exhausted.
    pub tuple: crate::object::GcSlot<Tuple>,
    /// Next index.
    #[notrace]
    pub index: Cell<usize>,
}

/// Iterator over a string.
#[repr(C)]
#[derive(NativeObject)]
pub struct StrIterator {
    head: NativeHeader,
    /// The string; empty once exhausted.
    pub text: crate::object::GcSlot<Str>,
    /// Next index.
    #[notrace]
    pub index: Cell<usize>,
}

/// Iterator by `__getitem__` with 0, 1, 2, …
#[repr(C)]
#[derive(NativeObject)]
pub struct SequenceIterator {
    head: NativeHeader,
    sequence: Slot,
    #[notrace]
    index: Cell<i64>,
}

/// `iter(callable, sentinel)`
#[repr(C)]
#[derive(NativeObject)]
pub struct CallableIterator {
    head: NativeHeader,
    callable: Slot,
    sentinel: Slot,
}

/// `iter(list)`
pub fn list_iterator(th: &mut Thread, list: Gc<List>) -> Value {
    let head = th.native_header::<ListIterator>(T::ListIterator);
    th.alloc(ListIterator {
        head,
        list: crate::object::GcSlot::new(list),
        index: Cell::new(0),
    })
    .value()
}

/// `iter(list)`, advanced to an index.
pub fn list_iterator_at(th: &mut Thread, list: Gc<List>, index: usize) -> Value {
    let it = list_iterator(th, list);
    if let Some(i) = it.downcast::<ListIterator>() {
        i.index.set(index);
    }
    it
}

/// `iter(tuple)`, advanced to an index.
pub fn tuple_iterator_at(th: &mut Thread, tuple: Gc<Tuple>, index: usize) -> Value {
    let it = tuple_iterator(th, tuple);
    if let Some(i) = it.downcast::<TupleIterator>() {
        i.index.set(index);
    }
    it
}

/// `iter(tuple)`
pub fn tuple_iterator(th: &mut Thread, tuple: Gc<Tuple>) -> Value {
    let head = th.native_header::<TupleIterator>(T::TupleIterator);
    th.alloc(TupleIterator {
        head,
        tuple: crate::object::GcSlot::new(tuple),
        index: Cell::new(0),
    })
    .value()
}

/// `iter(str)`
pub fn str_iterator(th: &mut Thread, text: Gc<Str>) -> Value {
    let t = match text.as_ascii() {
        Some(_) => T::StrAsciiIterator,
        None => T::StrIterator,
    };
    let head = th.native_header::<StrIterator>(t);
    th.alloc(StrIterator {
        head,
        text: crate::object::GcSlot::new(text),
        index: Cell::new(0),
    })
    .value()
}

/// `iter(str)`, advanced to an index.
pub fn str_iterator_at(th: &mut Thread, text: Gc<Str>, index: usize) -> Value {
    let it = str_iterator(th, text);
    if let Some(i) = it.downcast::<StrIterator>() {
        i.index.set(index);
    }
    it
}

/// Iterator over an object with `__getitem__` only.
pub fn sequence_iterator(th: &mut Thread, v: Value) -> Value {
    let head = th.native_header::<SequenceIterator>(T::SequenceIterator);
    th.alloc(SequenceIterator {
        head,
        sequence: Slot::new(v),
        index: Cell::new(0),
    })
    .value()
}

/// `iter(callable, sentinel)`
pub fn callable_iterator(th: &mut Thread, callable: Value, sentinel: Value) -> Value {
    let head = th.native_header::<CallableIterator>(T::CallableIterator);
    th.alloc(CallableIterator {
        head,
        callable: Slot::new(callable),
        sentinel: Slot::new(sentinel),
    })
    .value()
}

impl ListIterator {
    /// The next item.
    #[inline(always)]
    pub fn advance(&self) -> Option<Value> {
        let list = self.list.get()?;
        let i = self.index.get();
        match list.items.get(i) {
            Some(v) => {
                self.index.set(i + 1);
                Some(v)
            }
            None => {
                self.list.clear();
                None
            }
        }
    }
}

impl StrIterator {
    /// The next character.
    #[inline]
    pub fn advance(&self, th: &mut Thread) -> Option<Value> {
        let s = self.text.get()?;
        let i = self.index.get();
        match s.at(i) {
            Some(c) => {
                self.index.set(i + 1);
                Some(th.str_from_char(c).value())
            }
            None => {
                self.text.clear();
                None
            }
        }
    }
}

impl TupleIterator {
    /// The next item.
    #[inline(always)]
    pub fn advance(&self) -> Option<Value> {
        let tuple = self.tuple.get()?;
        let i = self.index.get();
        match tuple.get(i) {
            Some(v) => {
                self.index.set(i + 1);
                Some(v)
            }
            None => {
                self.tuple.clear();
                None
            }
        }
    }
}

#[pytype(name = "list_iterator", table = LIST_ITERATOR_TYPE)]
impl ListIterator {
    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn next(_: &mut Thread, this: Value) -> Result<Option<Value>> {
        Ok(this.downcast::<ListIterator>().and_then(|i| i.advance()))
    }

    #[pymethod]
    fn __length_hint__(_: &mut Thread, this: Gc<ListIterator>) -> usize {
        this.list
            .get()
            .map_or(0, |l| l.items.len().saturating_sub(this.index.get()))
    }

    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<ListIterator>) -> Result {
        let rest = this.list.get().map(|v| v.value());
        let index = this.index.get() as i64;
        reduce_sequence(th, rest, index)
    }

    #[pymethod]
    fn __setstate__(_: &mut Thread, this: Gc<ListIterator>, state: isize) {
        if let Some(v) = this.list.get() {
            this.index.set(clamp_state(state, v.items.len()));
        }
    }
}

#[pytype(name = "tuple_iterator", table = TUPLE_ITERATOR_TYPE)]
impl TupleIterator {
    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn next(_: &mut Thread, this: Value) -> Result<Option<Value>> {
        Ok(this.downcast::<TupleIterator>().and_then(|i| i.advance()))
    }

    #[pymethod]
    fn __length_hint__(_: &mut Thread, this: Gc<TupleIterator>) -> usize {
        this.tuple
            .get()
            .map_or(0, |l| l.len().saturating_sub(this.index.get()))
    }

    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<TupleIterator>) -> Result {
        let rest = this.tuple.get().map(|v| v.value());
        let index = this.index.get() as i64;
        reduce_sequence(th, rest, index)
    }

    #[pymethod]
    fn __setstate__(_: &mut Thread, this: Gc<TupleIterator>, state: isize) {
        if let Some(v) = this.tuple.get() {
            this.index.set(clamp_state(state, v.len()));
        }
    }
}

/// `str_ascii_iterator`'s methods hang here.
pub struct StrAsciiIterator;

/// The iterator of strings of ASCII characters: another class to Python, but the same layout.
#[pytype(name = "str_ascii_iterator", payload = StrIterator, table = STR_ASCII_ITERATOR_TYPE)]
impl StrAsciiIterator {
    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        StrIterator::next(th, this)
    }

    #[pymethod]
    fn __length_hint__(th: &mut Thread, this: Gc<StrIterator>) -> usize {
        StrIterator::__length_hint__(th, this)
    }

    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<StrIterator>) -> Result {
        StrIterator::__reduce__(th, this)
    }

    #[pymethod]
    fn __setstate__(th: &mut Thread, this: Gc<StrIterator>, state: isize) {
        StrIterator::__setstate__(th, this, state);
    }
}

#[pytype(name = "str_iterator", table = STR_ITERATOR_TYPE)]
impl StrIterator {
    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        Ok(this.downcast::<StrIterator>().and_then(|it| it.advance(th)))
    }

    #[pymethod]
    fn __length_hint__(_: &mut Thread, this: Gc<StrIterator>) -> usize {
        this.text
            .get()
            .map_or(0, |l| l.len().saturating_sub(this.index.get()))
    }

    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<StrIterator>) -> Result {
        let rest = this.text.get().map(|v| v.value());
        let index = this.index.get() as i64;
        reduce_sequence(th, rest, index)
    }

    #[pymethod]
    fn __setstate__(_: &mut Thread, this: Gc<StrIterator>, state: isize) {
        if let Some(v) = this.text.get() {
            this.index.set(clamp_state(state, v.len()));
        }
    }
}

#[pytype(name = "iterator", table = SEQUENCE_ITERATOR_TYPE)]
impl SequenceIterator {
    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        let Some(it) = this.downcast::<SequenceIterator>() else {
            return Ok(None);
        };
        let Some(s) = it.sequence.get() else {
            return Ok(None);
        };
        let i = it.index.get();
        let index = th.int(i);
        match th.get_item(s, index) {
            Ok(v) => {
                it.index.set(i + 1);
                Ok(Some(v))
            }
            Err(e) => {
                if th.pending_matches(ExceptionClass::IndexError)
                    || th.pending_matches(ExceptionClass::StopIteration)
                {
                    th.clear_pending();
                    it.sequence.clear();
                    return Ok(None);
                }
                Err(e)
            }
        }
    }

    #[pymethod]
    fn __length_hint__(th: &mut Thread, this: Gc<SequenceIterator>) -> Result {
        let Some(s) = this.sequence.get() else {
            return Ok(Value::small(0));
        };
        if th.class_of(s).slots().len.is_none() {
            return Ok(th.not_implemented());
        }
        let n = th.len(s)? as i64 - this.index.get();
        Ok(th.int(n.max(0)))
    }

    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<SequenceIterator>) -> Result {
        let (rest, index) = (this.sequence.get(), this.index.get());
        reduce_sequence(th, rest, index)
    }

    #[pymethod]
    fn __setstate__(_: &mut Thread, this: Gc<SequenceIterator>, state: isize) {
        if this.sequence.get().is_some() {
            this.index.set(state.max(0) as i64);
        }
    }
}

#[pytype(name = "callable_iterator", table = CALLABLE_ITERATOR_TYPE)]
impl CallableIterator {
    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        let Some(it) = this.downcast::<CallableIterator>() else {
            return Ok(None);
        };
        let (Some(f), Some(s)) = (it.callable.get(), it.sentinel.get()) else {
            return Ok(None);
        };
        let v = match th.call(f, &[]) {
            Ok(v) => v,
            Err(e) => {
                if th.pending_matches(ExceptionClass::StopIteration) {
                    th.clear_pending();
                    it.callable.clear();
                    return Ok(None);
                }
                return Err(e);
            }
        };
        if th.equal(s, v)? {
            it.callable.clear();
            return Ok(None);
        }
        Ok(Some(v))
    }

    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<CallableIterator>) -> Result {
        match (this.callable.get(), this.sentinel.get()) {
            (Some(f), Some(s)) => {
                let iter = th.builtin("iter")?;
                let args = th.new_tuple(&[f, s]).value();
                Ok(th.new_tuple(&[iter, args]).value())
            }
            _ => reduce_sequence(th, None, 0),
        }
    }
}

/// `__reduce__` of an iterator: `(iter, (sequence,), index)`, or `(iter, ((),))` when exhausted.
pub fn reduce_sequence(th: &mut Thread, sequence: Option<Value>, index: i64) -> Result {
    let iter = th.builtin("iter")?;
    match sequence {
        Some(s) => {
            let args = th.new_tuple(&[s]).value();
            let index = th.int(index);
            Ok(th.new_tuple(&[iter, args, index]).value())
        }
        None => {
            let empty = th.empty_tuple().value();
            let args = th.new_tuple(&[empty]).value();
            Ok(th.new_tuple(&[iter, args]).value())
        }
    }
}

/// `__reduce__` of an iterator whose items are collected: `(iter, ([…],))`.
pub fn reduce_items(th: &mut Thread, items: crate::object::ValueVec) -> Result {
    let iter = th.builtin("iter")?;
    let list = th.list_from_vec(items).value();
    let args = th.new_tuple(&[list]).value();
    Ok(th.new_tuple(&[iter, args]).value())
}

fn clamp_state(state: isize, len: usize) -> usize {
    (state.max(0) as usize).min(len)
}
