//! Views of dicts and their iterators.

use std::cell::Cell;

use super::Dict;
use crate::Thread;
use crate::object::{Gc, GcSlot, NativeHeader, Result, Value};
use crate::types::T;
use crate::{NativeObject, pytype};

macro_rules! views {
    ($($view:ident $kind:ident $name:literal $table:ident, $iter:ident $ikind:ident $iname:literal $itable:ident, $make:ident, $item:expr;)*) => {
        $(
        #[doc = concat!("`", $name, "`")]
        #[repr(C)]
        #[derive(NativeObject)]
        pub struct $view {
            head: NativeHeader,
            /// The dict.
            pub dict: Gc<Dict>,
        }

        #[doc = concat!("`", $iname, "`")]
        #[repr(C)]
        #[derive(NativeObject)]
        pub struct $iter {
            head: NativeHeader,
            /// The dict; empty once exhausted.
            pub dict: GcSlot<Dict>,
            /// Next entry.
            #[notrace]
            pub index: Cell<usize>,
            /// Size of the dict when the iterator was made.
            #[notrace]
            pub size: usize,
        }

        /// The iterator.
        pub fn $make(th: &mut Thread, d: Gc<Dict>) -> Value {
            let head = th.native_header::<$iter>(T::$ikind);
            th.alloc($iter { head, dict: GcSlot::new(d), index: Cell::new(0), size: d.len() }).value()
        }

        impl $iter {
            /// The next item. RuntimeError when the dict has changed size.
            #[inline]
            pub fn advance(&self, th: &mut Thread) -> Result<Option<Value>> {
                let Some(d) = self.dict.get() else { return Ok(None) };
                if d.len() != self.size {
                    self.dict.clear();
                    return Err(th.runtime_error("dictionary changed size during iteration"));
                }
                match d.entry_from(self.index.get()) {
                    Some((next, k, v)) => {
                        self.index.set(next);
                        let item: fn(&mut Thread, Value, Value) -> Value = $item;
                        Ok(Some(item(th, k, v)))
                    }
                    None => {
                        self.dict.clear();
                        Ok(None)
                    }
                }
            }
        }

        #[pytype(name = $iname, table = $itable)]
        impl $iter {
            #[pyslot]
            fn iter(_: &mut Thread, this: Value) -> Result {
                Ok(this)
            }

            #[pyslot]
            fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
                match this.downcast::<$iter>() {
                    Some(i) => i.advance(th),
                    None => Ok(None),
                }
            }

            #[pymethod]
            fn __length_hint__(_: &mut Thread, this: Gc<$iter>) -> usize {
                match this.dict.get() {
                    Some(d) if d.len() == this.size => d.len().saturating_sub(this.index.get()),
                    _ => 0,
                }
            }
        }

        impl $view {
            /// The view of a dict.
            pub fn new(th: &mut Thread, dict: Gc<Dict>) -> Value {
                let head = th.native_header::<$view>(T::$kind);
                th.alloc($view { head, dict }).value()
            }
        }
        )*
    };
}

views! {
    DictKeys DictKeys "dict_keys" KEYS_TYPE, DictKeyIterator DictKeyIterator "dict_keyiterator" KEY_ITERATOR_TYPE, key_iterator, |_, k, _| k;
    DictValues DictValues "dict_values" VALUES_TYPE, DictValueIterator DictValueIterator "dict_valueiterator" VALUE_ITERATOR_TYPE, value_iterator, |_, _, v| v;
    DictItems DictItems "dict_items" ITEMS_TYPE, DictItemIterator DictItemIterator "dict_itemiterator" ITEM_ITERATOR_TYPE, item_iterator, |th, k, v| th.new_tuple(&[k, v]).value();
}

#[pytype(name = "dict_keys", table = KEYS_TYPE)]
impl DictKeys {
    #[pyslot]
    fn len(_: &mut Thread, this: Value) -> Result<usize> {
        Ok(this.downcast::<DictKeys>().map_or(0, |v| v.dict.len()))
    }

    #[pyslot]
    fn iter(th: &mut Thread, this: Value) -> Result {
        match this.downcast::<DictKeys>() {
            Some(v) => Ok(key_iterator(th, v.dict)),
            None => Ok(this),
        }
    }
}

#[pytype(name = "dict_values", table = VALUES_TYPE)]
impl DictValues {
    #[pyslot]
    fn len(_: &mut Thread, this: Value) -> Result<usize> {
        Ok(this.downcast::<DictValues>().map_or(0, |v| v.dict.len()))
    }

    #[pyslot]
    fn iter(th: &mut Thread, this: Value) -> Result {
        match this.downcast::<DictValues>() {
            Some(v) => Ok(value_iterator(th, v.dict)),
            None => Ok(this),
        }
    }
}

#[pytype(name = "dict_items", table = ITEMS_TYPE)]
impl DictItems {
    #[pyslot]
    fn len(_: &mut Thread, this: Value) -> Result<usize> {
        Ok(this.downcast::<DictItems>().map_or(0, |v| v.dict.len()))
    }

    #[pyslot]
    fn iter(th: &mut Thread, this: Value) -> Result {
        match this.downcast::<DictItems>() {
            Some(v) => Ok(item_iterator(th, v.dict)),
            None => Ok(this),
        }
    }
}
