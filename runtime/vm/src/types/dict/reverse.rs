//! Reverse iterators over dicts.

use std::cell::Cell;

use super::Dict;
use crate::object::{Gc, GcSlot, NativeHeader, Result, Value, ValueVec};
use crate::types::iterators::reduce_items;
use crate::{NativeObject, Thread, pytype};

macro_rules! reverse {
    ($($iter:ident $name:literal $table:ident $make:ident $item:expr;)*) => { $(
        #[doc = concat!("`", $name, "`")]
        #[repr(C)]
        #[derive(NativeObject)]
        pub struct $iter {
            head: NativeHeader,
            dict: GcSlot<Dict>,
            /// Entries at and beyond this number were given.
            #[notrace]
            before: Cell<usize>,
            #[notrace]
            left: Cell<usize>,
            #[notrace]
            size: usize,
        }

        /// The reverse iterator of a dict.
        pub fn $make(th: &mut Thread, d: Gc<Dict>) -> Value {
            th.new_native(&$table, |head| $iter {
                head,
                dict: GcSlot::new(d),
                before: Cell::new(d.fill()),
                left: Cell::new(d.len()),
                size: d.len(),
            }).value()
        }

        #[pytype(name = $name, flags = NO_INSTANTIATION, table = $table)]
        impl $iter {
            #[pyslot]
            fn iter(_: &mut Thread, this: Value) -> Result {
                Ok(this)
            }

            #[pyslot]
            fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
                let Some(it) = this.downcast::<$iter>() else { return Ok(None) };
                let Some(d) = it.dict.get() else { return Ok(None) };
                if d.len() != it.size {
                    it.dict.clear();
                    return Err(th.runtime_error("dictionary changed size during iteration"));
                }
                if it.before.get() > d.fill() {
                    it.dict.clear();
                    return Ok(None);
                }
                match d.entry_before(it.before.get()) {
                    Some((i, k, v)) => {
                        it.before.set(i);
                        let Some(left) = it.left.get().checked_sub(1) else {
                            it.dict.clear();
                            return Err(th.runtime_error("dictionary keys changed during iteration"));
                        };
                        it.left.set(left);
                        let item: fn(&mut Thread, Value, Value) -> Value = $item;
                        Ok(Some(item(th, k, v)))
                    }
                    None => {
                        it.dict.clear();
                        Ok(None)
                    }
                }
            }

            #[pymethod]
            fn __length_hint__(_: &mut Thread, this: Gc<$iter>) -> usize {
                match this.dict.get() {
                    Some(d) if d.len() == this.size => this.left.get(),
                    _ => 0,
                }
            }

            #[pymethod]
            fn __reduce__(th: &mut Thread, this: Gc<$iter>) -> Result {
                let out = ValueVec::new();
                let mut before = this.before.get();
                if let Some(d) = this.dict.get() {
                    while let Some((i, k, v)) = d.entry_before(before) {
                        let item: fn(&mut Thread, Value, Value) -> Value = $item;
                        let x = item(th, k, v);
                        th.push(&out, x)?;
                        before = i;
                    }
                }
                reduce_items(th, out)
            }
        }
    )* };
}

reverse! {
    ReverseKeyIterator "dict_reversekeyiterator" KEY_TYPE key_iterator |_, k, _| k;
    ReverseValueIterator "dict_reversevalueiterator" VALUE_TYPE value_iterator |_, _, v| v;
    ReverseItemIterator "dict_reverseitemiterator" ITEM_TYPE item_iterator |th, k, v| th.new_tuple(&[k, v]).value();
}
