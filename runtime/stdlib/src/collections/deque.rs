//! `deque`: a vector with free room at both ends.
//!
//! The places before `front` hold None; they are given back when they are more than half.

use std::cell::Cell;

use taipan_vm::call::{Args, Index};
use taipan_vm::object::slots::CompareOp;
use taipan_vm::object::{Gc, NativeHeader, Result, Value, ValueVec};
use taipan_vm::types::sequence::{self, TextParts, guarded_repr, wrap_index};
use taipan_vm::types::str_::text;
use taipan_vm::types::{ExceptionClass, Named};
use taipan_vm::{NativeObject, Thread, pytype};

/// A deque.
#[repr(C)]
#[derive(NativeObject)]
pub struct Deque {
    head: NativeHeader,
    items: ValueVec,
    #[notrace]
    front: Cell<usize>,
    #[notrace]
    limit: Cell<Option<usize>>,
    /// Changes whenever an item is added or removed.
    #[notrace]
    state: Cell<u64>,
}

impl Named for Deque {
    const NAME: &'static str = "deque";
}

/// A subscript: slices are none of a deque's.
fn item_number(th: &mut Thread, key: Value) -> Result<i64> {
    if th.class_of(key).slots().index.is_none() {
        let got = th.type_name(key);
        return Err(th.type_error(format!("sequence index must be integer, not '{got}'")));
    }
    th.item_index(key)
}

impl Deque {
    fn len(&self) -> usize {
        self.items.len() - self.front.get()
    }

    fn get(&self, i: usize) -> Option<Value> {
        self.items.get(self.front.get() + i)
    }

    fn touch(&self) {
        self.state.set(self.state.get().wrapping_add(1));
    }

    fn take_left(&self, th: &Thread) -> Option<Value> {
        let v = self.get(0)?;
        let f = self.front.get();
        self.items.set(f, th.none());
        self.front.set(f + 1);
        self.touch();
        if self.front.get() > 16 && self.front.get() * 2 > self.items.len() {
            self.items.remove_range(0, self.front.get());
            self.front.set(0);
        }
        Some(v)
    }

    fn take_right(&self) -> Option<Value> {
        if self.len() == 0 {
            return None;
        }
        self.touch();
        self.items.pop()
    }

    /// Replaces the contents by `gap` free places and these items.
    fn rebuild(&self, th: &mut Thread, gap: usize, items: &[Value]) -> Result<()> {
        let none = th.none();
        let new = ValueVec::new();
        for _ in 0..gap {
            th.push(&new, none)?;
        }
        th.push_all(&new, items)?;
        self.items.swap(Some(&self.head.header), &new, None);
        self.front.set(gap);
        self.touch();
        Ok(())
    }

    fn add_right(&self, th: &mut Thread, v: Value) -> Result<()> {
        if self.limit.get() == Some(0) {
            return Ok(());
        }
        if !self.items.try_push(th.heap(), Some(&self.head.header), v) {
            return Err(th.memory_error());
        }
        self.touch();
        if self.limit.get().is_some_and(|n| self.len() > n) {
            self.take_left(th);
        }
        Ok(())
    }

    fn add_left(&self, th: &mut Thread, v: Value) -> Result<()> {
        if self.limit.get() == Some(0) {
            return Ok(());
        }
        if self.front.get() == 0 {
            let all = self.copy_items(th)?;
            let gap = all.len().max(8);
            self.rebuild(th, gap, all.as_slice())?;
        }
        let f = self.front.get() - 1;
        self.items.set(f, v);
        self.front.set(f);
        self.touch();
        if self.limit.get().is_some_and(|n| self.len() > n) {
            self.take_right();
        }
        Ok(())
    }

    fn copy_items(&self, th: &mut Thread) -> Result<ValueVec> {
        let f = self.front.get();
        th.value_vec(self.items.as_slice().get(f..).unwrap_or(&[]))
    }

    fn limit_value(&self, th: &mut Thread) -> Value {
        match self.limit.get() {
            Some(n) => th.int(n as i64),
            None => th.none(),
        }
    }
}

fn extend(th: &mut Thread, d: Gc<Deque>, iterable: Value, left: bool) -> Result<()> {
    let iterable = if iterable.is(d.value()) {
        let all = d.copy_items(th)?;
        th.list_from_vec(all).value()
    } else {
        iterable
    };
    th.for_each(iterable, |th, v| {
        if left {
            d.add_left(th, v)
        } else {
            d.add_right(th, v)
        }
    })
}

/// A new deque of the same class and limit with these items.
fn like(th: &mut Thread, d: Gc<Deque>, items: Value) -> Result {
    let class = th.class_of(d.value()).value();
    let limit = d.limit_value(th);
    if d.limit.get().is_none() {
        return th.call(class, &[items]);
    }
    th.call(class, &[items, limit])
}

fn find(th: &mut Thread, d: Gc<Deque>, v: Value, from: usize, to: usize) -> Result<Option<usize>> {
    let state = d.state.get();
    let mut i = from;
    while i < to
        && let Some(x) = d.get(i)
    {
        let same = th.equal(x, v)?;
        if d.state.get() != state {
            return Err(th.runtime_error("deque mutated during iteration"));
        }
        if same {
            return Ok(Some(i));
        }
        i += 1;
    }
    Ok(None)
}

/// A list-like sequence optimized for data accesses near its endpoints.
#[pytype(name = "deque", module = "collections", flags = BASETYPE | SEQUENCE | HAS_WEAKREF, table = DEQUE_TYPE)]
impl Deque {
    #[pynew(raw, sig = "([iterable[, maxlen]])")]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        let class = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
        Ok(th
            .alloc_native(class, |head| Deque {
                head,
                items: ValueVec::new(),
                front: Cell::new(0),
                limit: Cell::new(None),
                state: Cell::new(0),
            })
            .value())
    }

    #[pyslot]
    fn init(th: &mut Thread, this: Value, args: Args<'_>) -> Result<()> {
        let d = th.expect::<Deque>(this)?;
        let given = args.positionals();
        if given.len() > 2 {
            let n = given.len();
            return Err(th.type_error(format!("deque() takes at most 2 arguments ({n} given)")));
        }
        let (mut iterable, mut limit) = (given.first().copied(), given.get(1).copied());
        for (k, v) in args.keywords() {
            match text(k).as_deref() {
                Some("iterable") => iterable = Some(v),
                Some("maxlen") => limit = Some(v),
                other => {
                    let other = other.unwrap_or_default();
                    return Err(th.type_error(format!(
                        "deque() got an unexpected keyword argument '{other}'"
                    )));
                }
            }
        }
        let limit = match th.not_none(limit) {
            None => None,
            Some(v) if !taipan_vm::types::int::is_int(v) => {
                return Err(th.type_error("an integer is required"));
            }
            Some(v) => {
                let n = th.index_i64(v, "Python int too large to convert to C ssize_t")?;
                match usize::try_from(n) {
                    Ok(n) => Some(n),
                    Err(_) => return Err(th.value_error("maxlen must be non-negative")),
                }
            }
        };
        d.limit.set(limit);
        d.items.clear();
        d.front.set(0);
        d.touch();
        match iterable {
            Some(v) => extend(th, d, v, false),
            None => Ok(()),
        }
    }

    /// Add an element to the right side of the deque.
    #[pymethod]
    fn append(th: &mut Thread, this: Gc<Deque>, item: Value) -> Result<()> {
        this.add_right(th, item)
    }

    /// Add an element to the left side of the deque.
    #[pymethod]
    fn appendleft(th: &mut Thread, this: Gc<Deque>, item: Value) -> Result<()> {
        this.add_left(th, item)
    }

    /// Remove and return the rightmost element.
    #[pymethod]
    fn pop(th: &mut Thread, this: Gc<Deque>) -> Result {
        match this.take_right() {
            Some(v) => Ok(v),
            None => Err(th.index_error("pop from an empty deque")),
        }
    }

    /// Remove and return the leftmost element.
    #[pymethod]
    fn popleft(th: &mut Thread, this: Gc<Deque>) -> Result {
        match this.take_left(th) {
            Some(v) => Ok(v),
            None => Err(th.index_error("pop from an empty deque")),
        }
    }

    /// Extend the right side of the deque with elements from the iterable.
    #[pymethod(name = "extend")]
    fn extend_right(th: &mut Thread, this: Gc<Deque>, iterable: Value) -> Result<()> {
        extend(th, this, iterable, false)
    }

    /// Extend the left side of the deque with elements from the iterable.
    #[pymethod]
    fn extendleft(th: &mut Thread, this: Gc<Deque>, iterable: Value) -> Result<()> {
        extend(th, this, iterable, true)
    }

    /// Remove all elements from the deque.
    #[pymethod]
    fn clear(_: &mut Thread, this: Gc<Deque>) {
        this.items.clear();
        this.front.set(0);
        this.touch();
    }

    /// Return a shallow copy of a deque.
    #[pymethod]
    fn copy(th: &mut Thread, this: Gc<Deque>) -> Result {
        like(th, this, this.value())
    }

    /// Return a shallow copy of a deque.
    #[pymethod]
    fn __copy__(th: &mut Thread, this: Gc<Deque>) -> Result {
        like(th, this, this.value())
    }

    /// Return number of occurrences of value.
    #[pymethod]
    fn count(th: &mut Thread, this: Gc<Deque>, value: Value) -> Result<usize> {
        let state = this.state.get();
        let (mut i, mut n) = (0, 0);
        while let Some(x) = this.get(i) {
            n += th.equal(x, value)? as usize;
            if this.state.get() != state {
                return Err(th.runtime_error("deque mutated during iteration"));
            }
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
        this: Gc<Deque>,
        value: Value,
        start: Option<Index>,
        stop: Option<Index>,
    ) -> Result<usize> {
        let n = this.len() as isize;
        let wrap = |i: isize| (if i < 0 { (i + n).max(0) } else { i }).min(n) as usize;
        let from = wrap(start.map_or(0, |i| i.0));
        let to = wrap(stop.map_or(isize::MAX, |i| i.0));
        match find(th, this, value, from, to)? {
            Some(i) => Ok(i),
            None => Err(th.value_error("deque.index(x): x not in deque")),
        }
    }

    /// Insert value before index.
    #[pymethod]
    fn insert(th: &mut Thread, this: Gc<Deque>, index: isize, value: Value) -> Result<()> {
        let n = this.len() as isize;
        if this.limit.get().is_some_and(|m| n as usize >= m) {
            return Err(th.index_error("deque already at its maximum size"));
        }
        let i = (if index < 0 { index + n } else { index }).clamp(0, n) as usize;
        if i == 0 {
            return this.add_left(th, value);
        }
        this.touch();
        let at = this.front.get() + i;
        if this
            .items
            .try_insert(th.heap(), Some(this.header()), at, value)
        {
            Ok(())
        } else {
            Err(th.memory_error())
        }
    }

    /// Remove first occurrence of value.
    #[pymethod]
    fn remove(th: &mut Thread, this: Gc<Deque>, value: Value) -> Result<()> {
        let before = this.state.get();
        match find(th, this, value, 0, usize::MAX) {
            Ok(Some(i)) => {
                let at = this.front.get() + i;
                this.items.remove_range(at, at + 1);
                this.touch();
                Ok(())
            }
            Ok(None) => Err(th.value_error("deque.remove(x): x not in deque")),
            Err(e) => {
                let changed = this.state.get() != before;
                if changed && th.pending_matches(ExceptionClass::RuntimeError) {
                    th.clear_pending();
                    return Err(th.index_error("deque mutated during remove()."));
                }
                Err(e)
            }
        }
    }

    /// Reverse *IN PLACE*.
    #[pymethod]
    fn reverse(_: &mut Thread, this: Gc<Deque>) {
        let f = this.front.get();
        this.items.with_slice_mut(|s| s[f..].reverse());
    }

    /// Rotate the deque n steps to the right.  If n is negative, rotates left.
    #[pymethod(sig = "(n=1, /)")]
    fn rotate(_: &mut Thread, this: Gc<Deque>, n: Option<isize>) {
        let len = this.len() as isize;
        if len > 1 {
            let by = n.unwrap_or(1).rem_euclid(len) as usize;
            let f = this.front.get();
            this.items.with_slice_mut(|s| s[f..].rotate_right(by));
            this.touch();
        }
    }

    /// maximum size of a deque or None if unbounded
    #[pygetter]
    fn maxlen(th: &mut Thread, this: Gc<Deque>) -> Value {
        this.limit_value(th)
    }

    /// Return a reverse iterator over the deque.
    #[pymethod]
    fn __reversed__(th: &mut Thread, this: Gc<Deque>) -> Value {
        th.new_native(&REVERSE_TYPE, |head| DequeReverseIterator {
            head,
            deque: this,
            index: Cell::new(0),
            state: this.state.get(),
        })
        .value()
    }

    /// Return state information for pickling.
    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<Deque>) -> Result {
        let class = th.class_of(this.value()).value();
        let args = match this.limit.get() {
            None => th.empty_tuple(),
            Some(n) => {
                let (empty, n) = (th.empty_tuple().value(), th.int(n as i64));
                th.new_tuple(&[empty, n])
            }
        };
        let state = th.call_method_str(this.value(), "__getstate__", &[])?;
        let it = th.iter(this.value())?;
        Ok(th.new_tuple(&[class, args.value(), state, it]).value())
    }

    /// See PEP 585
    #[pyclassmethod]
    fn __class_getitem__(th: &mut Thread, class: Value, item: Value) -> Result {
        taipan_vm::builtins::generic_alias(th, class, item)
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let d = th.expect::<Deque>(this)?;
        let name = th.class_of(this).name_text();
        guarded_repr(th, this, "[...]", |th| {
            let all = d.copy_items(th)?;
            let list = th.list_from_vec(all).value();
            let mut out = TextParts::new();
            out.push_str(&format!("{name}("));
            out.push_repr(th, list)?;
            if let Some(n) = d.limit.get() {
                out.push_str(&format!(", maxlen={n}"));
            }
            out.push_str(")");
            Ok(out.finish(th))
        })
    }

    #[pyslot]
    fn slot_len(th: &mut Thread, this: Value) -> Result<usize> {
        Ok(th.expect::<Deque>(this)?.len())
    }

    #[pyslot]
    fn contains(th: &mut Thread, this: Value, v: Value) -> Result<bool> {
        let d = th.expect::<Deque>(this)?;
        Ok(find(th, d, v, 0, usize::MAX)?.is_some())
    }

    #[pyslot]
    fn getitem(th: &mut Thread, this: Value, key: Value) -> Result {
        let d = th.expect::<Deque>(this)?;
        let i = item_number(th, key)?;
        match wrap_index(i, d.len()).and_then(|i| d.get(i)) {
            Some(v) => Ok(v),
            None => Err(th.index_error("deque index out of range")),
        }
    }

    #[pyslot]
    fn setitem(th: &mut Thread, this: Value, key: Value, v: Option<Value>) -> Result<()> {
        let d = th.expect::<Deque>(this)?;
        let i = item_number(th, key)?;
        let Some(i) = wrap_index(i, d.len()) else {
            return Err(th.index_error("deque index out of range"));
        };
        let at = d.front.get() + i;
        match v {
            Some(v) => d.items.set(at, v),
            None => {
                d.items.remove_range(at, at + 1);
                d.touch();
            }
        }
        Ok(())
    }

    #[pyslot]
    fn concat(th: &mut Thread, this: Value, other: Value) -> Result {
        let d = th.expect::<Deque>(this)?;
        if other.downcast::<Deque>().is_none() {
            let got = th.type_name(other);
            return Err(th.type_error(format!(
                "can only concatenate deque (not \"{got}\") to deque"
            )));
        }
        let new = like(th, d, this)?;
        let n = th.expect::<Deque>(new)?;
        extend(th, n, other, false)?;
        Ok(new)
    }

    #[pyslot]
    fn inplace_concat(th: &mut Thread, this: Value, other: Value) -> Result {
        let d = th.expect::<Deque>(this)?;
        extend(th, d, other, false)?;
        Ok(this)
    }

    #[pyslot]
    fn repeat(th: &mut Thread, this: Value, count: isize) -> Result {
        let d = th.expect::<Deque>(this)?;
        let new = like(th, d, this)?;
        Deque::inplace_repeat(th, new, count)
    }

    #[pyslot]
    fn inplace_repeat(th: &mut Thread, this: Value, count: isize) -> Result {
        let d = th.expect::<Deque>(this)?;
        let all = d.copy_items(th)?;
        if count <= 0 {
            Deque::clear(th, d);
        }
        for _ in 1..count {
            if all.is_empty() {
                break;
            }
            for v in all.as_slice() {
                d.add_right(th, *v)?;
            }
            th.poll()?;
        }
        Ok(this)
    }

    #[pyslot]
    fn iter(th: &mut Thread, this: Value) -> Result {
        let d = th.expect::<Deque>(this)?;
        Ok(th
            .new_native(&ITERATOR_TYPE, |head| DequeIterator {
                head,
                deque: d,
                index: Cell::new(0),
                state: d.state.get(),
            })
            .value())
    }

    #[pyslot]
    fn richcompare(th: &mut Thread, this: Value, other: Value, op: CompareOp) -> Result {
        let (Some(a), Some(b)) = (this.downcast::<Deque>(), other.downcast::<Deque>()) else {
            return Ok(th.not_implemented());
        };
        if a.len() != b.len() && matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(th.bool(op == CompareOp::Ne));
        }
        sequence::compare(th, op, |i| a.get(i), |i| b.get(i), || (a.len(), b.len()))
    }
}

macro_rules! iterators {
    ($($t:ident $name:literal $table:ident $pick:expr;)*) => { $(
        #[doc = concat!("`", $name, "`")]
        #[repr(C)]
        #[derive(NativeObject)]
        pub struct $t {
            head: NativeHeader,
            deque: Gc<Deque>,
            /// Items given so far.
            #[notrace]
            index: Cell<usize>,
            #[notrace]
            state: u64,
        }

        #[pytype(name = $name, module = "collections", table = $table)]
        impl $t {
            #[pynew(sig = "(deque, index=0, /)")]
            fn new(th: &mut Thread, _class: Value, deque: Value, index: Option<isize>) -> Result {
                let deque = th.expect::<Deque>(deque)?;
                let index = index.unwrap_or(0).max(0) as usize;
                Ok(th
                    .new_native(&$table, |head| $t {
                        head,
                        deque,
                        index: Cell::new(index),
                        state: deque.state.get(),
                    })
                    .value())
            }

            #[pymethod]
            fn __reduce__(th: &mut Thread, this: Gc<$t>) -> Value {
                let class = th.class_of(this.value()).value();
                let index = this.index.get().min(this.deque.len());
                let args = [this.deque.value(), th.int(index as i64)];
                let args = th.new_tuple(&args).value();
                th.new_tuple(&[class, args]).value()
            }

            #[pyslot]
            fn iter(_: &mut Thread, this: Value) -> Result {
                Ok(this)
            }

            #[pyslot]
            fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
                let Some(it) = this.downcast::<$t>() else { return Ok(None) };
                let i = it.index.get();
                if i == usize::MAX {
                    return Ok(None);
                }
                if it.deque.state.get() != it.state {
                    it.index.set(usize::MAX);
                    return Err(th.runtime_error("deque mutated during iteration"));
                }
                let pick: fn(&Deque, usize) -> Option<Value> = $pick;
                let v = pick(&it.deque, i);
                it.index.set(if v.is_some() { i + 1 } else { usize::MAX });
                Ok(v)
            }

            #[pymethod]
            fn __length_hint__(_: &mut Thread, this: Gc<$t>) -> usize {
                this.deque.len().saturating_sub(this.index.get())
            }
        }
    )* };
}

iterators! {
    DequeIterator "_deque_iterator" ITERATOR_TYPE |d, i| d.get(i);
    DequeReverseIterator "_deque_reverse_iterator" REVERSE_TYPE |d, i| d.get(d.len().checked_sub(i + 1)?);
}
