//! Iterators of sequences, and `iter(callable, sentinel)`.

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
    let head = th.native_header::<StrIterator>(T::StrIterator);
    th.alloc(StrIterator {
        head,
        text: crate::object::GcSlot::new(text),
        index: Cell::new(0),
    })
    .value()
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
}

#[pytype(name = "str_iterator", table = STR_ITERATOR_TYPE)]
impl StrIterator {
    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        let Some(it) = this.downcast::<StrIterator>() else {
            return Ok(None);
        };
        let Some(s) = it.text.get() else {
            return Ok(None);
        };
        let i = it.index.get();
        match s.at(i) {
            Some(c) => {
                it.index.set(i + 1);
                Ok(Some(th.str_from_char(c).value()))
            }
            None => {
                it.text.clear();
                Ok(None)
            }
        }
    }

    #[pymethod]
    fn __length_hint__(_: &mut Thread, this: Gc<StrIterator>) -> usize {
        this.text
            .get()
            .map_or(0, |l| l.len().saturating_sub(this.index.get()))
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
                    it.callable.clear();
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
}
