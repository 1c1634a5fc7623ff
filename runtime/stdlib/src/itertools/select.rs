//! Iterators that leave items out: `compress`, `dropwhile`, `takewhile`, `filterfalse`, `islice`.

use std::cell::Cell;

use taipan_vm::call::Args;
use taipan_vm::object::{Gc, NativeHeader, Result, Slot, Value};
use taipan_vm::types::T;
use taipan_vm::types::type_::Type;
use taipan_vm::{NativeObject, Thread, pytype};

/// Items whose selector is true.
#[repr(C)]
#[derive(NativeObject)]
pub struct Compress {
    head: NativeHeader,
    data: Value,
    selectors: Value,
}

/// Return data elements corresponding to true selector elements.
///
/// Forms a shorter iterator from selected data elements using the selectors to
/// choose the data elements.
#[pytype(name = "compress", module = "itertools", flags = BASETYPE, table = COMPRESS_TYPE)]
impl Compress {
    #[pynew(sig = "(data, selectors)")]
    fn new(th: &mut Thread, class: Gc<Type>, data: Value, selectors: Value) -> Result {
        let data = th.iter(data)?;
        let selectors = th.iter(selectors)?;
        Ok(th
            .alloc_native(class, |head| Compress {
                head,
                data,
                selectors,
            })
            .value())
    }

    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        let Some(c) = this.downcast::<Compress>() else {
            return Ok(None);
        };
        loop {
            let Some(v) = th.next(c.data)? else {
                return Ok(None);
            };
            let Some(s) = th.next(c.selectors)? else {
                return Ok(None);
            };
            if th.truth(s)? {
                return Ok(Some(v));
            }
            th.poll()?;
        }
    }
}

macro_rules! predicated {
    ($t:ident, $name:literal, $table:ident, $next:ident, $(#[$doc:meta])*) => {
        #[doc = concat!("`", $name, "`")]
        #[repr(C)]
        #[derive(NativeObject)]
        pub struct $t {
            head: NativeHeader,
            function: Value,
            iterator: Value,
            /// Has the predicate decided for good?
            #[notrace]
            decided: Cell<bool>,
        }

        $(#[$doc])*
        #[pytype(name = $name, module = "itertools", flags = BASETYPE, table = $table)]
        impl $t {
            #[pynew(sig = "(predicate, iterable, /)")]
            fn new(th: &mut Thread, class: Gc<Type>, function: Value, iterable: Value) -> Result {
                let iterator = th.iter(iterable)?;
                Ok(th
                    .alloc_native(class, |head| $t {
                        head,
                        function,
                        iterator,
                        decided: Cell::new(false),
                    })
                    .value())
            }

            #[pyslot]
            fn iter(_: &mut Thread, this: Value) -> Result {
                Ok(this)
            }

            #[pyslot]
            fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
                match this.downcast::<$t>() {
                    Some(p) => $next(th, p.function, p.iterator, &p.decided),
                    None => Ok(None),
                }
            }
        }
    };
}

fn holds(th: &mut Thread, f: Value, v: Value) -> Result<bool> {
    if th.is_none(f) || f.is(th.vm().ty(T::Bool).value()) {
        return th.truth(v);
    }
    let r = th.call(f, &[v])?;
    th.truth(r)
}

fn call_truth(th: &mut Thread, f: Value, v: Value) -> Result<bool> {
    let r = th.call(f, &[v])?;
    th.truth(r)
}

fn drop_next(th: &mut Thread, f: Value, it: Value, done: &Cell<bool>) -> Result<Option<Value>> {
    while let Some(v) = th.next(it)? {
        if done.get() {
            return Ok(Some(v));
        }
        if !call_truth(th, f, v)? {
            done.set(true);
            return Ok(Some(v));
        }
    }
    Ok(None)
}

fn take_next(th: &mut Thread, f: Value, it: Value, done: &Cell<bool>) -> Result<Option<Value>> {
    if done.get() {
        return Ok(None);
    }
    let Some(v) = th.next(it)? else {
        return Ok(None);
    };
    if call_truth(th, f, v)? {
        return Ok(Some(v));
    }
    done.set(true);
    Ok(None)
}

fn false_next(th: &mut Thread, f: Value, it: Value, _: &Cell<bool>) -> Result<Option<Value>> {
    while let Some(v) = th.next(it)? {
        if !holds(th, f, v)? {
            return Ok(Some(v));
        }
        th.poll()?;
    }
    Ok(None)
}

predicated!(
    DropWhile,
    "dropwhile",
    DROPWHILE_TYPE,
    drop_next,
    /// Drop items from the iterable while predicate(item) is true.
    ///
    /// Afterwards, return every element until the iterable is exhausted.
);
predicated!(
    TakeWhile,
    "takewhile",
    TAKEWHILE_TYPE,
    take_next,
    /// Return successive entries from an iterable as long as the predicate evaluates to true for each entry.
);
predicated!(
    FilterFalse,
    "filterfalse",
    FILTERFALSE_TYPE,
    false_next,
    /// Return those items of iterable for which function(item) is false.
    ///
    /// If function is None, return the items that are false.
);

/// Part of an iterable.
#[repr(C)]
#[derive(NativeObject)]
pub struct Islice {
    head: NativeHeader,
    iterator: Slot,
    /// Number of the next item to give.
    #[notrace]
    next: Cell<usize>,
    #[notrace]
    stop: usize,
    #[notrace]
    step: usize,
    /// Items taken so far.
    #[notrace]
    taken: Cell<usize>,
}

const INDICES: &str = "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.";

fn bound(th: &mut Thread, v: Value, message: &str) -> Result<Option<usize>> {
    if th.is_none(v) {
        return Ok(None);
    }
    let i = match th.index(v) {
        Ok(i) => taipan_vm::types::int::to_i64(i),
        Err(_) => {
            th.clear_pending();
            None
        }
    };
    match i.and_then(|i| usize::try_from(i).ok()) {
        Some(i) => Ok(Some(i)),
        None => Err(th.value_error(message)),
    }
}

/// islice(iterable, stop) --> islice object
/// islice(iterable, start, stop[, step]) --> islice object
///
/// Return an iterator whose next() method returns selected values from an
/// iterable.  If start is specified, will skip all preceding elements;
/// otherwise, start defaults to zero.  Step defaults to one.  If
/// specified as another value, step determines how many values are
/// skipped between successive calls.
#[pytype(name = "islice", module = "itertools", flags = BASETYPE, table = ISLICE_TYPE)]
impl Islice {
    #[pynew(raw)]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        let class = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
        if args.keyword_count() > 0 {
            return Err(th.type_error("islice() takes no keyword arguments"));
        }
        let none = th.none();
        let (iterable, start, stop, step) = match args.values {
            [_, it, stop] => (*it, none, *stop, none),
            [_, it, start, stop] => (*it, *start, *stop, none),
            [_, it, start, stop, step] => (*it, *start, *stop, *step),
            other => {
                let n = other.len().saturating_sub(1);
                let bound = if n < 2 { "at least 2" } else { "at most 4" };
                return Err(th.type_error(format!("islice expected {bound} arguments, got {n}")));
            }
        };
        let stop_message = if args.values.len() == 3 {
            "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize."
        } else {
            INDICES
        };
        let start = bound(th, start, INDICES)?.unwrap_or(0);
        let stop = bound(th, stop, stop_message)?.unwrap_or(usize::MAX);
        let message = "Step for islice() must be a positive integer or None.";
        let step = bound(th, step, message)?.unwrap_or(1);
        if step == 0 {
            return Err(th.value_error(message));
        }
        let it = th.iter(iterable)?;
        Ok(th
            .alloc_native(class, |head| Islice {
                head,
                iterator: Slot::new(it),
                next: Cell::new(start),
                stop,
                step,
                taken: Cell::new(0),
            })
            .value())
    }

    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot(name = "next")]
    fn advance(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        let Some(s) = this.downcast::<Islice>() else {
            return Ok(None);
        };
        let Some(it) = s.iterator.get() else {
            return Ok(None);
        };
        // Items before the next one are taken even when the end comes first.
        while s.taken.get() < s.next.get().min(s.stop) {
            if th.next(it)?.is_none() {
                s.iterator.clear();
                return Ok(None);
            }
            s.taken.set(s.taken.get() + 1);
            th.poll()?;
        }
        if s.taken.get() >= s.stop {
            s.iterator.clear();
            return Ok(None);
        }
        let Some(v) = th.next(it)? else {
            s.iterator.clear();
            return Ok(None);
        };
        s.taken.set(s.taken.get() + 1);
        s.next.set(s.next.get().saturating_add(s.step).min(s.stop));
        Ok(Some(v))
    }
}
