//! `list` as Python sees it.

use super::{List, slicing, sort};
use crate::Thread;
use crate::call::{Args, Index};
use crate::object::slots::CompareOp;
use crate::object::{Gc, Result, Value, ValueVec};
use crate::pytype;
use crate::types::T;
use crate::types::iterators::{list_iterator, reverse};
use crate::types::sequence::{self, TextParts, guarded_repr, wrap_index};
use crate::types::slice::Slice;
use crate::types::str_::Str;
use crate::types::tuple::Tuple;

/// Appends all items of an iterable. Raises MemoryError and what iteration raises.
pub fn extend(th: &mut Thread, this: Gc<List>, iterable: Value) -> Result<()> {
    let (list, tuple) = (iterable.downcast::<List>(), iterable.downcast::<Tuple>());
    if th.is_exact(iterable, T::Str)
        && let Some(s) = iterable.downcast::<Str>()
    {
        return th.characters(s, |th, some| append_all(th, this, some));
    }
    let values = match (&list, &tuple) {
        (Some(l), _) if th.is_exact(iterable, T::List) => l.items.as_slice(),
        (_, Some(t)) if th.is_exact(iterable, T::Tuple) => t.as_slice(),
        _ => return th.for_each(iterable, |th, v| th.list_append(this, v)),
    };
    append_all(th, this, values)
}

fn append_all(th: &mut Thread, this: Gc<List>, values: &[Value]) -> Result<()> {
    if this
        .items
        .try_extend(th.heap(), Some(this.header()), values)
    {
        Ok(())
    } else {
        Err(th.memory_error())
    }
}

/// `count` copies of `values` one after the other.
pub(crate) fn repeated(th: &mut Thread, values: &[Value], count: isize) -> Result<ValueVec> {
    let count = count.max(0) as usize;
    let total = values.len().checked_mul(count);
    let Some(total) = total.filter(|n| *n <= isize::MAX as usize / 8) else {
        return Err(th.memory_error());
    };
    if let [one] = values {
        return match ValueVec::from_exact(th.heap(), count, std::iter::repeat_n(*one, count)) {
            Some(out) => Ok(out),
            None => Err(th.memory_error()),
        };
    }
    let Some(out) = ValueVec::with_capacity(th.heap(), total) else {
        return Err(th.memory_error());
    };
    if !values.is_empty() {
        for _ in 0..count {
            th.push_all(&out, values)?;
        }
    }
    Ok(out)
}

/// `a + b`
pub fn concatenated(th: &mut Thread, a: Gc<List>, b: Gc<List>) -> Result {
    let n = a.items.len() + b.items.len();
    let Some(out) = ValueVec::with_capacity(th.heap(), n) else {
        return Err(th.memory_error());
    };
    if out.try_extend(th.heap(), None, a.items.as_slice())
        && out.try_extend(th.heap(), None, b.items.as_slice())
    {
        return Ok(th.list_from_vec(out).value());
    }
    Err(th.memory_error())
}

fn find(th: &mut Thread, l: Gc<List>, v: Value) -> Result<Option<usize>> {
    let mut i = 0;
    while let Some(x) = l.items.get(i) {
        if th.equal(x, v)? {
            return Ok(Some(i));
        }
        i += 1;
    }
    Ok(None)
}

/// Built-in mutable sequence.
///
/// If no argument is given, the constructor creates a new empty list.
/// The argument must be an iterable if specified.
#[pytype(name = "list", flags = BASETYPE | SEQUENCE | MATCH_SELF)]
impl List {
    #[pynew(raw, sig = "(iterable=(), /)")]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        let class = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
        Ok(th
            .alloc_of_class(class, |head| List {
                head,
                items: ValueVec::new(),
            })
            .value())
    }

    #[pyslot]
    fn init(th: &mut Thread, this: Value, args: Args<'_>) -> Result<()> {
        let t = th.expect::<List>(this)?;
        if args.keyword_count() > 0 && sequence::has_new_of(th, th.class_of(this), T::List) {
            return Err(sequence::no_keywords(th, "list"));
        }
        let given = args.positionals();
        if given.len() > 1 {
            return Err(sequence::too_many(th, "list", 1, given.len()));
        }
        if !t.items.is_empty() {
            t.items.clear();
        }
        match given {
            [v] => extend(th, t, *v),
            _ => Ok(()),
        }
    }

    /// Append object to the end of the list.
    #[pymethod]
    fn append(th: &mut Thread, this: Gc<List>, object: Value) -> Result<()> {
        th.list_append(this, object)
    }

    /// Insert object before index.
    #[pymethod]
    fn insert(th: &mut Thread, this: Gc<List>, index: isize, object: Value) -> Result<()> {
        let n = this.items.len() as isize;
        let i = if index < 0 { index + n } else { index }.clamp(0, n);
        if this
            .items
            .try_insert(th.heap(), Some(this.header()), i as usize, object)
        {
            Ok(())
        } else {
            Err(th.memory_error())
        }
    }

    /// Extend list by appending elements from the iterable.
    #[pymethod]
    fn extend(th: &mut Thread, this: Gc<List>, iterable: Value) -> Result<()> {
        extend(th, this, iterable)
    }

    /// Remove and return item at index (default last).
    ///
    /// Raises IndexError if list is empty or index is out of range.
    #[pymethod(sig = "(index=-1, /)")]
    fn pop(th: &mut Thread, this: Gc<List>, index: Option<isize>) -> Result {
        let n = this.items.len();
        if n == 0 {
            return Err(th.index_error("pop from empty list"));
        }
        let Some(i) = wrap_index(index.unwrap_or(-1) as i64, n) else {
            return Err(th.index_error("pop index out of range"));
        };
        if i + 1 == n {
            return Ok(th.or_none(this.items.pop()));
        }
        let v = this.items.get(i);
        this.items.remove_range(i, i + 1);
        Ok(th.or_none(v))
    }

    /// Remove first occurrence of value.
    ///
    /// Raises ValueError if the value is not present.
    #[pymethod]
    fn remove(th: &mut Thread, this: Gc<List>, value: Value) -> Result<()> {
        match find(th, this, value)? {
            Some(i) if i < this.items.len() => {
                this.items.remove_range(i, i + 1);
                Ok(())
            }
            _ => Err(th.value_error("list.remove(x): x not in list")),
        }
    }

    /// Remove all items from list.
    #[pymethod]
    fn clear(_: &mut Thread, this: Gc<List>) {
        this.items.clear();
    }

    /// Return a shallow copy of the list.
    #[pymethod]
    fn copy(th: &mut Thread, this: Gc<List>) -> Gc<List> {
        th.list_from_slice(this.items.as_slice())
    }

    /// Reverse *IN PLACE*.
    #[pymethod]
    fn reverse(_: &mut Thread, this: Gc<List>) {
        this.items.with_slice_mut(|s| s.reverse());
    }

    /// Return number of occurrences of value.
    #[pymethod]
    fn count(th: &mut Thread, this: Gc<List>, value: Value) -> Result<usize> {
        let (mut i, mut n) = (0, 0);
        while let Some(x) = this.items.get(i) {
            n += th.equal(x, value)? as usize;
            i += 1;
        }
        Ok(n)
    }

    /// Return first index of value.
    ///
    /// Raises ValueError if the value is not present.
    #[pymethod(sig = "(value, start=0, stop=sys.maxsize, /)")]
    fn index(
        th: &mut Thread,
        this: Gc<List>,
        value: Value,
        start: Option<Index>,
        stop: Option<Index>,
    ) -> Result<usize> {
        let n = this.items.len() as isize;
        let wrap = |i: isize| if i < 0 { (i + n).max(0) } else { i };
        let mut i = wrap(start.map_or(0, |i| i.0)) as usize;
        let stop = wrap(stop.map_or(isize::MAX, |i| i.0)) as usize;
        while i < stop
            && let Some(x) = this.items.get(i)
        {
            if th.equal(x, value)? {
                return Ok(i);
            }
            i += 1;
        }
        Err(th.value_error("list.index(x): x not in list"))
    }

    /// Sort the list in ascending order and return None.
    ///
    /// The sort is in-place (i.e. the list itself is modified) and stable (i.e. the
    /// order of two equal elements is maintained).
    ///
    /// If a key function is given, apply it once to each list item and sort them,
    /// ascending or descending, according to their function values.
    ///
    /// The reverse flag can be set to sort in descending order.
    #[pymethod(sig = "(*, key=None, reverse=False)")]
    fn sort(
        th: &mut Thread,
        this: Gc<List>,
        key: Option<Value>,
        reverse: Option<bool>,
    ) -> Result<()> {
        let key = th.not_none(key);
        sort::sort_list(th, this, key, reverse.unwrap_or(false))
    }

    /// Return a reverse iterator over the list.
    #[pymethod]
    fn __reversed__(th: &mut Thread, this: Gc<List>) -> Value {
        reverse::list_reverse_iterator(th, this)
    }

    /// Return the size of the list in memory, in bytes.
    #[pymethod]
    fn __sizeof__(_: &mut Thread, this: Gc<List>) -> usize {
        40 + 8 * this.items.capacity()
    }

    /// See PEP 585
    #[pyclassmethod]
    fn __class_getitem__(th: &mut Thread, class: Value, item: Value) -> Result {
        crate::builtins::generic_alias(th, class, item)
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let t = th.expect::<List>(this)?;
        guarded_repr(th, this, "[...]", |th| {
            let mut out = TextParts::new();
            out.push_str("[");
            let mut i = 0;
            while let Some(v) = t.items.get(i) {
                if i > 0 {
                    out.push_str(", ");
                }
                out.push_repr(th, v)?;
                i += 1;
            }
            out.push_str("]");
            Ok(out.finish(th))
        })
    }

    #[pyslot]
    fn slot_len(th: &mut Thread, this: Value) -> Result<usize> {
        Ok(th.expect::<List>(this)?.items.len())
    }

    #[pyslot]
    fn contains(th: &mut Thread, this: Value, v: Value) -> Result<bool> {
        let t = th.expect::<List>(this)?;
        Ok(find(th, t, v)?.is_some())
    }

    #[pyslot]
    fn getitem(th: &mut Thread, this: Value, key: Value) -> Result {
        let t = th.expect::<List>(this)?;
        if let Some(s) = key.downcast::<Slice>() {
            return slicing::get(th, t, s);
        }
        let i = sequence::subscript_index(th, key, "list")?;
        match wrap_index(i, t.items.len()).and_then(|i| t.items.get(i)) {
            Some(v) => Ok(v),
            None => Err(th.index_error("list index out of range")),
        }
    }

    #[pyslot]
    fn setitem(th: &mut Thread, this: Value, key: Value, v: Option<Value>) -> Result<()> {
        let t = th.expect::<List>(this)?;
        if let Some(s) = key.downcast::<Slice>() {
            return match v {
                Some(v) => slicing::set(th, t, s, v),
                None => slicing::delete(th, t, s),
            };
        }
        let i = sequence::subscript_index(th, key, "list")?;
        match (wrap_index(i, t.items.len()), v) {
            (Some(i), Some(v)) => t.items.set(i, v),
            (Some(i), None) => t.items.remove_range(i, i + 1),
            (None, _) => return Err(th.index_error("list assignment index out of range")),
        }
        Ok(())
    }

    #[pyslot]
    fn concat(th: &mut Thread, this: Value, other: Value) -> Result {
        let t = th.expect::<List>(this)?;
        let Some(o) = other.downcast::<List>() else {
            let got = th.type_name(other);
            return Err(th.type_error(format!("can only concatenate list (not \"{got}\") to list")));
        };
        concatenated(th, t, o)
    }

    #[pyslot]
    fn inplace_concat(th: &mut Thread, this: Value, other: Value) -> Result {
        let t = th.expect::<List>(this)?;
        extend(th, t, other)?;
        Ok(this)
    }

    #[pyslot]
    fn repeat(th: &mut Thread, this: Value, count: isize) -> Result {
        let t = th.expect::<List>(this)?;
        let out = repeated(th, t.items.as_slice(), count)?;
        Ok(th.list_from_vec(out).value())
    }

    #[pyslot]
    fn inplace_repeat(th: &mut Thread, this: Value, count: isize) -> Result {
        let t = th.expect::<List>(this)?;
        let out = repeated(th, t.items.as_slice(), count)?;
        t.items.swap(Some(t.header()), &out, None);
        Ok(this)
    }

    #[pyslot]
    fn iter(th: &mut Thread, this: Value) -> Result {
        let t = th.expect::<List>(this)?;
        Ok(list_iterator(th, t))
    }

    #[pyslot]
    fn richcompare(th: &mut Thread, this: Value, other: Value, op: CompareOp) -> Result {
        let (Some(a), Some(b)) = (this.downcast::<List>(), other.downcast::<List>()) else {
            return Ok(th.not_implemented());
        };
        if a.items.len() != b.items.len() && matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(th.bool(op == CompareOp::Ne));
        }
        sequence::compare(
            th,
            op,
            |i| a.items.get(i),
            |i| b.items.get(i),
            || (a.items.len(), b.items.len()),
        )
    }
}
