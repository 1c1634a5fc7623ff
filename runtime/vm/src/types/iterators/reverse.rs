//! `reversed`: the type, and the reverse iterator of lists.

use std::cell::Cell;

use crate::call::Args;
use crate::object::{Gc, GcSlot, NativeHeader, Result, Slot, Value};
use crate::types::list::List;
use crate::types::sequence;
use crate::types::{ExceptionClass, T};
use crate::{NativeObject, Thread, pytype};

/// Iterator over a list from its end.
#[repr(C)]
#[derive(NativeObject)]
pub struct ListReverseIterator {
    head: NativeHeader,
    /// The list; empty once exhausted.
    pub list: GcSlot<List>,
    /// Items not yet given.
    #[notrace]
    pub left: Cell<usize>,
}

/// `reversed(list)`
pub fn list_reverse_iterator(th: &mut Thread, list: Gc<List>) -> Value {
    list_at(th, list, list.items.len())
}

/// `reversed(list)`, with so many items not yet given.
pub fn list_at(th: &mut Thread, list: Gc<List>, left: usize) -> Value {
    let head = th.native_header::<ListReverseIterator>(T::ListReverseIterator);
    th.alloc(ListReverseIterator {
        head,
        list: GcSlot::new(list),
        left: Cell::new(left),
    })
    .value()
}

#[pytype(name = "list_reverseiterator", flags = NO_INSTANTIATION, table = LIST_REVERSE_TYPE)]
impl ListReverseIterator {
    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn next(_: &mut Thread, this: Value) -> Result<Option<Value>> {
        let Some(it) = this.downcast::<ListReverseIterator>() else {
            return Ok(None);
        };
        let Some(l) = it.list.get() else {
            return Ok(None);
        };
        if let Some(i) = it.left.get().checked_sub(1)
            && let Some(v) = l.items.get(i)
        {
            it.left.set(i);
            return Ok(Some(v));
        }
        it.list.clear();
        Ok(None)
    }

    #[pymethod]
    fn __length_hint__(_: &mut Thread, this: Gc<ListReverseIterator>) -> usize {
        match this.list.get() {
            Some(l) if this.left.get() <= l.items.len() => this.left.get(),
            _ => 0,
        }
    }

    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<ListReverseIterator>) -> Result {
        match this.list.get() {
            Some(l) => {
                let f = th.builtin("reversed")?;
                let args = th.new_tuple(&[l.value()]).value();
                let index = th.int(this.left.get() as i64 - 1);
                Ok(th.new_tuple(&[f, args, index]).value())
            }
            None => {
                let iter = th.builtin("iter")?;
                let empty = th.new_list().value();
                let args = th.new_tuple(&[empty]).value();
                Ok(th.new_tuple(&[iter, args]).value())
            }
        }
    }

    #[pymethod]
    fn __setstate__(_: &mut Thread, this: Gc<ListReverseIterator>, state: isize) {
        if let Some(l) = this.list.get() {
            let i = state.clamp(-1, l.items.len() as isize - 1);
            this.left.set((i + 1) as usize);
        }
    }
}

/// `reversed(sequence)`
#[repr(C)]
#[derive(NativeObject)]
pub struct Reversed {
    head: NativeHeader,
    sequence: Slot,
    /// Index of the next item; negative: exhausted.
    #[notrace]
    index: Cell<i64>,
}

/// Return a reverse iterator over the values of the given sequence.
#[pytype(name = "reversed", flags = BASETYPE)]
impl Reversed {
    #[pynew(raw, sig = "(object, /)")]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        let class = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
        if args.keyword_count() > 0 && class.is(th.vm().ty(T::Reversed)) {
            return Err(sequence::no_keywords(th, "reversed"));
        }
        let [_, v] = args.positionals() else {
            let n = args.positionals().len().saturating_sub(1);
            return Err(th.type_error(format!("reversed expected 1 argument, got {n}")));
        };
        let v = *v;
        let name = th.names().__reversed__;
        let vclass = th.class_of(v);
        if let Some(f) = vclass.lookup(th, name) {
            if th.is_none(f) {
                let got = th.type_name(v);
                return Err(th.type_error(format!("'{got}' object is not reversible")));
            }
            let f = th.bind_descriptor(f, Some(v), vclass)?;
            return th.call(f, &[]);
        }
        if !th.is_sequence(v) {
            let got = th.type_name(v);
            return Err(th.type_error(format!("'{got}' object is not reversible")));
        }
        let n = th.len(v)? as i64;
        Ok(th
            .alloc_native(class, |head| Reversed {
                head,
                sequence: Slot::new(v),
                index: Cell::new(n - 1),
            })
            .value())
    }

    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        let Some(it) = this.downcast::<Reversed>() else {
            return Ok(None);
        };
        let i = it.index.get();
        let Some(s) = it.sequence.get() else {
            return Ok(None);
        };
        if i >= 0 {
            let key = th.int(i);
            match th.get_item(s, key) {
                Ok(v) => {
                    it.index.set(i - 1);
                    return Ok(Some(v));
                }
                Err(e) => {
                    if !th.pending_matches(ExceptionClass::IndexError)
                        && !th.pending_matches(ExceptionClass::StopIteration)
                    {
                        return Err(e);
                    }
                    th.clear_pending();
                }
            }
        }
        it.index.set(-1);
        it.sequence.clear();
        Ok(None)
    }

    #[pymethod]
    fn __length_hint__(th: &mut Thread, this: Gc<Reversed>) -> Result<i64> {
        let Some(s) = this.sequence.get() else {
            return Ok(0);
        };
        let n = th.len(s)? as i64;
        let left = this.index.get() + 1;
        Ok(if n < left { 0 } else { left })
    }

    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<Reversed>) -> Result {
        let class = th.class_of(this.value()).value();
        match this.sequence.get() {
            Some(s) => {
                let args = th.new_tuple(&[s]).value();
                let index = th.int(this.index.get());
                Ok(th.new_tuple(&[class, args, index]).value())
            }
            None => {
                let empty = th.empty_tuple().value();
                let args = th.new_tuple(&[empty]).value();
                Ok(th.new_tuple(&[class, args]).value())
            }
        }
    }

    #[pymethod]
    fn __setstate__(th: &mut Thread, this: Gc<Reversed>, state: isize) -> Result<()> {
        if let Some(s) = this.sequence.get() {
            let n = th.len(s)? as i64;
            this.index.set((state as i64).clamp(-1, n - 1));
        }
        Ok(())
    }
}
