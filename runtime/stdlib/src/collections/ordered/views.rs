//! Views and iterators of ordered dicts.

use std::cell::Cell;

use taipan_vm::object::{Gc, GcSlot, NativeHeader, Result, Value};
use taipan_vm::types::dict::views::{self as plain, DictItems, DictKeys, DictValues};
use taipan_vm::types::dict::{Dict, views::view_repr};
use taipan_vm::types::iterators::reduce_items;
use taipan_vm::{NativeObject, Thread, pytype};

/// Keys came, went or moved.
pub const MUTATED: &str = "OrderedDict mutated during iteration";
/// The same, by methods of `dict`.
pub const CHANGED_SIZE: &str = "OrderedDict changed size during iteration";

/// The size of a dict that was seen to have changed: no dict is so large.
const STICKY: usize = usize::MAX;

/// What an iterator gives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum What {
    /// Keys.
    Keys,
    /// Values.
    Values,
    /// Pairs of both.
    Items,
}

/// `odict_iterator`
#[repr(C)]
#[derive(NativeObject)]
pub struct OrderedIterator {
    head: NativeHeader,
    /// Empty once exhausted.
    dict: GcSlot<Dict>,
    #[notrace]
    what: What,
    #[notrace]
    reversed: bool,
    /// What [`Dict::changes`] was at the beginning.
    #[notrace]
    changes: u32,
    #[notrace]
    size: Cell<usize>,
    /// The entry to look at next; in reverse, the one behind it.
    #[notrace]
    at: Cell<usize>,
    /// Items not yet given.
    #[notrace]
    left: Cell<usize>,
}

/// An iterator.
pub fn iterator(th: &mut Thread, d: Gc<Dict>, what: What, reversed: bool) -> Value {
    th.new_native(&ITERATOR_TYPE, |head| OrderedIterator {
        head,
        dict: GcSlot::new(d),
        what,
        reversed,
        changes: d.changes(),
        size: Cell::new(d.len()),
        at: Cell::new(if reversed { d.fill() } else { 0 }),
        left: Cell::new(d.len()),
    })
    .value()
}

impl OrderedIterator {
    fn advance(&self, th: &mut Thread) -> Result<Option<Value>> {
        let Some(d) = self.dict.get() else {
            return Ok(None);
        };
        let Some(left) = self.left.get().checked_sub(1) else {
            self.dict.clear();
            return Ok(None);
        };
        if d.changes() != self.changes {
            self.dict.clear();
            return Err(th.runtime_error(MUTATED));
        }
        if d.len() != self.size.get() {
            self.size.set(STICKY);
            return Err(th.runtime_error(CHANGED_SIZE));
        }
        let found = if self.reversed {
            d.entry_before(self.at.get())
        } else {
            d.entry_from(self.at.get())
        };
        let Some((at, k, v)) = found else {
            self.dict.clear();
            return Ok(None);
        };
        self.at.set(at);
        self.left.set(left);
        Ok(Some(match self.what {
            What::Keys => k,
            What::Values => v,
            What::Items => th.new_tuple(&[k, v]).value(),
        }))
    }
}

#[pytype(name = "odict_iterator", flags = NO_INSTANTIATION, table = ITERATOR_TYPE)]
impl OrderedIterator {
    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        match this.downcast::<OrderedIterator>() {
            Some(it) => it.advance(th),
            None => Ok(None),
        }
    }

    /// Return state information for pickling
    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<OrderedIterator>) -> Result {
        let copy = th.new_native(&ITERATOR_TYPE, |head| OrderedIterator {
            head,
            dict: GcSlot::empty(),
            what: this.what,
            reversed: this.reversed,
            changes: this.changes,
            size: Cell::new(this.size.get()),
            at: Cell::new(this.at.get()),
            left: Cell::new(this.left.get()),
        });
        copy.dict.set_option(copy.header(), this.dict.get());
        let rest = th.collect(copy.value())?;
        reduce_items(th, rest)
    }
}

macro_rules! views {
    ($($owner:ident $view:ident $name:literal $base:ident $table:ident $what:ident;)*) => { $(
        #[doc = concat!("`", $name, "`")]
        pub struct $owner;

        #[pytype(name = $name, base = plain::$base, payload = $view, flags = NO_INSTANTIATION, table = $table)]
        impl $owner {
            #[pyslot]
            fn iter(th: &mut Thread, this: Value) -> Result {
                match this.downcast::<$view>() {
                    Some(view) => Ok(iterator(th, view.dict, What::$what, false)),
                    None => Ok(this),
                }
            }

            #[pyslot]
            fn repr(th: &mut Thread, this: Value) -> Result {
                view_repr(th, this, $name)
            }

            #[pymethod]
            fn __reversed__(th: &mut Thread, this: Gc<$view>) -> Value {
                iterator(th, this.dict, What::$what, true)
            }
        }
    )* };
}

views! {
    OrderedKeys DictKeys "odict_keys" KEYS_TYPE KEYS_TYPE Keys;
    OrderedValues DictValues "odict_values" VALUES_TYPE VALUES_TYPE Values;
    OrderedItems DictItems "odict_items" ITEMS_TYPE ITEMS_TYPE Items;
}
