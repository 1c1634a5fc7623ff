//! Views of dicts and their iterators.

use std::cell::Cell;

use super::{Dict, proxy, reverse};
use crate::Thread;
use crate::object::slots::CompareOp;
use crate::object::{Gc, GcSlot, NativeHeader, Result, Value, ValueVec};
use crate::types::T;
use crate::types::iterators::reduce_items;
use crate::types::sequence::{TextParts, guarded_repr};
use crate::types::set::Set;
use crate::types::tuple::Tuple;
use crate::types::type_::TypeDef;
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
            /// Items not yet given.
            #[notrace]
            pub left: Cell<usize>,
        }

        /// The iterator.
        pub fn $make(th: &mut Thread, d: Gc<Dict>) -> Value {
            let head = th.native_header::<$iter>(T::$ikind);
            th.alloc($iter { head, dict: GcSlot::new(d), index: Cell::new(0), size: d.len(), left: Cell::new(d.len()) }).value()
        }

        impl $iter {
            /// The next entry. RuntimeError when the dict has changed size.
            #[inline]
            pub fn advance_pair(&self, th: &mut Thread) -> Result<Option<(Value, Value)>> {
                let Some(d) = self.dict.get() else { return Ok(None) };
                if d.len() != self.size {
                    self.dict.clear();
                    return Err(th.runtime_error("dictionary changed size during iteration"));
                }
                match d.entry_from(self.index.get()) {
                    Some((next, k, v)) => {
                        self.index.set(next);
                        let Some(left) = self.left.get().checked_sub(1) else {
                            self.dict.clear();
                            return Err(th.runtime_error("dictionary keys changed during iteration"));
                        };
                        self.left.set(left);
                        Ok(Some((k, v)))
                    }
                    None => {
                        self.dict.clear();
                        if self.left.get() != 0 {
                            return Err(th.runtime_error("dictionary keys changed during iteration"));
                        }
                        Ok(None)
                    }
                }
            }

            /// The next item. RuntimeError when the dict has changed size.
            #[inline]
            pub fn advance(&self, th: &mut Thread) -> Result<Option<Value>> {
                let item: fn(&mut Thread, Value, Value) -> Value = $item;
                Ok(self.advance_pair(th)?.map(|(k, v)| item(th, k, v)))
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
                    Some(d) if d.len() == this.size => this.left.get(),
                    _ => 0,
                }
            }

            #[pymethod]
            fn __reduce__(th: &mut Thread, this: Gc<$iter>) -> Result {
                let out = ValueVec::new();
                let mut i = this.index.get();
                if let Some(d) = this.dict.get() {
                    while let Some((next, k, v)) = d.entry_from(i) {
                        let item: fn(&mut Thread, Value, Value) -> Value = $item;
                        let x = item(th, k, v);
                        th.push(&out, x)?;
                        i = next;
                    }
                }
                reduce_items(th, out)
            }
        }

        impl $view {
            /// The view of a dict.
            pub fn new(th: &mut Thread, dict: Gc<Dict>) -> Value {
                let head = th.native_header::<$view>(T::$kind);
                th.alloc($view { head, dict }).value()
            }

            /// The view of a dict, of a native class made from this one.
            pub fn of_class(th: &mut Thread, def: &'static TypeDef, dict: Gc<Dict>) -> Value {
                th.new_native(def, |head| $view { head, dict }).value()
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

/// Is it something that set operations of views take for a set?
fn is_set_like(v: Value) -> bool {
    v.downcast::<Set>().is_some()
        || v.downcast::<DictKeys>().is_some()
        || v.downcast::<DictItems>().is_some()
}

/// The items of an iterable as a new set.
fn to_set(th: &mut Thread, v: Value) -> Result<Gc<Set>> {
    let class = th.vm().ty(T::Set);
    let s = crate::types::set::new_of_class(th, class);
    let from = match v.downcast::<DictKeys>() {
        Some(keys) => keys.dict.value(),
        None => v,
    };
    crate::types::set::ops::update(th, s, from)?;
    Ok(s)
}

fn contains_all(th: &mut Thread, of: Value, within: Value) -> Result<bool> {
    let it = th.iter(of)?;
    while let Some(v) = th.next(it)? {
        if !th.contains(within, v)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn view_compare(th: &mut Thread, a: Value, b: Value, op: CompareOp) -> Result {
    if !is_set_like(b) {
        return Ok(th.not_implemented());
    }
    let (m, n) = (th.len(a)?, th.len(b)?);
    let r = match op {
        CompareOp::Eq => m == n && contains_all(th, a, b)?,
        CompareOp::Ne => !(m == n && contains_all(th, a, b)?),
        CompareOp::Lt => m < n && contains_all(th, a, b)?,
        CompareOp::Le => m <= n && contains_all(th, a, b)?,
        CompareOp::Gt => m > n && contains_all(th, b, a)?,
        CompareOp::Ge => m >= n && contains_all(th, b, a)?,
    };
    Ok(th.bool(r))
}

fn difference(th: &mut Thread, a: Value, b: Value) -> Result {
    let s = to_set(th, a)?;
    crate::types::set::ops::remove_all(th, s, b)?;
    Ok(s.value())
}

fn union(th: &mut Thread, a: Value, b: Value) -> Result {
    let s = to_set(th, a)?;
    crate::types::set::ops::update(th, s, b)?;
    Ok(s.value())
}

fn is_view(v: Value) -> bool {
    v.downcast::<DictKeys>().is_some() || v.downcast::<DictItems>().is_some()
}

/// Which operand is walked decides the order of the result; as in CPython's `_PyDictView_Intersect`.
fn intersection(th: &mut Thread, a: Value, b: Value) -> Result {
    let class = th.vm().ty(T::Set);
    let (mut view, mut other) = if is_view(a) { (a, b) } else { (b, a) };
    let size = th.len(view)?;
    if th.is_exact(other, T::Set)
        && let Some(s) = other.downcast::<Set>()
        && size <= s.len()
    {
        return Ok(crate::types::set::ops::intersection(th, s, view, class)?.value());
    }
    if is_view(other) && th.len(other)? > size {
        (view, other) = (other, view);
    }
    let out = crate::types::set::new_of_class(th, class);
    th.for_each(other, |th, v| {
        if th.contains(view, v)? {
            out.add(th, v)?;
        }
        Ok(())
    })?;
    Ok(out.value())
}

fn symmetric(th: &mut Thread, a: Value, b: Value) -> Result {
    let out = to_set(th, a)?;
    crate::types::set::ops::symmetric_update(th, out, b)?;
    Ok(out.value())
}

fn disjoint(th: &mut Thread, view: Value, other: Value) -> Result<bool> {
    let it = th.iter(other)?;
    while let Some(v) = th.next(it)? {
        if th.contains(view, v)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// `name([…])`
pub fn view_repr(th: &mut Thread, this: Value, name: &str) -> Result {
    guarded_repr(th, this, "...", |th| {
        let mut out = TextParts::new();
        out.push_str(&format!("{name}(["));
        let mut first = true;
        let it = th.iter(this)?;
        while let Some(v) = th.next(it)? {
            if !first {
                out.push_str(", ");
            }
            first = false;
            out.push_repr(th, v)?;
        }
        out.push_str("])");
        Ok(out.finish(th))
    })
}

fn has_item(th: &mut Thread, d: Gc<Dict>, v: Value) -> Result<bool> {
    let Some(t) = v.downcast::<Tuple>() else {
        return Ok(false);
    };
    let [k, x] = t.as_slice() else {
        return Ok(false);
    };
    match Dict::get(&d, th, *k)? {
        Some(y) => th.equal(y, *x),
        None => Ok(false),
    }
}

#[pytype(name = "dict_values", flags = NO_INSTANTIATION, table = VALUES_TYPE)]
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

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        view_repr(th, this, "dict_values")
    }

    /// Return a reverse iterator over the dict values.
    #[pymethod]
    fn __reversed__(th: &mut Thread, this: Gc<DictValues>) -> Value {
        reverse::value_iterator(th, this.dict)
    }

    /// dictionary that this view refers to
    #[pygetter]
    fn mapping(th: &mut Thread, this: Gc<DictValues>) -> Value {
        proxy::new(th, this.dict.value())
    }
}

#[pytype(name = "dict_keys", flags = NO_INSTANTIATION, table = KEYS_TYPE)]
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

    #[pyslot]
    fn contains(th: &mut Thread, this: Value, v: Value) -> Result<bool> {
        let Some(view) = this.downcast::<DictKeys>() else {
            return Ok(false);
        };
        Ok(view.dict.find(th, v)?.is_some())
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        view_repr(th, this, "dict_keys")
    }

    #[pyslot]
    fn richcompare(th: &mut Thread, this: Value, other: Value, op: CompareOp) -> Result {
        view_compare(th, this, other, op)
    }

    #[pyslot]
    fn subtract(th: &mut Thread, a: Value, b: Value) -> Result {
        difference(th, a, b)
    }

    #[pyslot]
    fn and(th: &mut Thread, a: Value, b: Value) -> Result {
        intersection(th, a, b)
    }

    #[pyslot]
    fn or(th: &mut Thread, a: Value, b: Value) -> Result {
        union(th, a, b)
    }

    #[pyslot]
    fn xor(th: &mut Thread, a: Value, b: Value) -> Result {
        symmetric(th, a, b)
    }

    /// Return True if the view and the given iterable have a null intersection.
    #[pymethod]
    fn isdisjoint(th: &mut Thread, this: Gc<DictKeys>, other: Value) -> Result<bool> {
        disjoint(th, this.value(), other)
    }

    /// Return a reverse iterator over the view.
    #[pymethod]
    fn __reversed__(th: &mut Thread, this: Gc<DictKeys>) -> Value {
        reverse::key_iterator(th, this.dict)
    }

    /// dictionary that this view refers to
    #[pygetter]
    fn mapping(th: &mut Thread, this: Gc<DictKeys>) -> Value {
        proxy::new(th, this.dict.value())
    }
}

#[pytype(name = "dict_items", flags = NO_INSTANTIATION, table = ITEMS_TYPE)]
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

    #[pyslot]
    fn contains(th: &mut Thread, this: Value, v: Value) -> Result<bool> {
        let Some(view) = this.downcast::<DictItems>() else {
            return Ok(false);
        };
        has_item(th, view.dict, v)
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        view_repr(th, this, "dict_items")
    }

    #[pyslot]
    fn richcompare(th: &mut Thread, this: Value, other: Value, op: CompareOp) -> Result {
        view_compare(th, this, other, op)
    }

    #[pyslot]
    fn subtract(th: &mut Thread, a: Value, b: Value) -> Result {
        difference(th, a, b)
    }

    #[pyslot]
    fn and(th: &mut Thread, a: Value, b: Value) -> Result {
        intersection(th, a, b)
    }

    #[pyslot]
    fn or(th: &mut Thread, a: Value, b: Value) -> Result {
        union(th, a, b)
    }

    #[pyslot]
    fn xor(th: &mut Thread, a: Value, b: Value) -> Result {
        symmetric(th, a, b)
    }

    /// Return True if the view and the given iterable have a null intersection.
    #[pymethod]
    fn isdisjoint(th: &mut Thread, this: Gc<DictItems>, other: Value) -> Result<bool> {
        disjoint(th, this.value(), other)
    }

    /// Return a reverse iterator over the view.
    #[pymethod]
    fn __reversed__(th: &mut Thread, this: Gc<DictItems>) -> Value {
        reverse::item_iterator(th, this.dict)
    }

    /// dictionary that this view refers to
    #[pygetter]
    fn mapping(th: &mut Thread, this: Gc<DictItems>) -> Value {
        proxy::new(th, this.dict.value())
    }
}
