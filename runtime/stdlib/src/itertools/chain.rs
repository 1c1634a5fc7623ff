//! Iterators that join, pair, group by number or fold: `chain`, `zip_longest`, `pairwise`,
//! `batched`, `starmap`, `accumulate`.

use std::cell::Cell;

use taipan_vm::call::{Args, VarArgs};
use taipan_vm::object::{Gc, NativeHeader, Result, Slot, Value, ValueVec};
use taipan_vm::protocol::arith::BinaryOp;
use taipan_vm::types::str_::Str;
use taipan_vm::types::type_::Type;
use taipan_vm::{NativeObject, Thread, pytype};

/// One iterable after the other.
#[repr(C)]
#[derive(NativeObject)]
pub struct Chain {
    head: NativeHeader,
    source: Slot,
    active: Slot,
}

fn chain_of(th: &mut Thread, class: Gc<Type>, iterables: Value) -> Result {
    let it = th.iter(iterables)?;
    Ok(th
        .alloc_native(class, |head| Chain {
            head,
            source: Slot::new(it),
            active: Slot::empty(),
        })
        .value())
}

/// Return a chain object whose .__next__() method returns elements from the
/// first iterable until it is exhausted, then elements from the next
/// iterable, until all of the iterables are exhausted.
#[pytype(name = "chain", module = "itertools", flags = BASETYPE, table = CHAIN_TYPE)]
impl Chain {
    #[pynew(sig = "(*iterables)")]
    fn new(th: &mut Thread, class: Gc<Type>, iterables: VarArgs) -> Result {
        chain_of(th, class, iterables.0.value())
    }

    /// Alternative chain() constructor taking a single iterable argument that evaluates lazily.
    #[pyclassmethod]
    fn from_iterable(th: &mut Thread, class: Gc<Type>, iterable: Value) -> Result {
        chain_of(th, class, iterable)
    }

    /// See PEP 585
    #[pyclassmethod]
    fn __class_getitem__(th: &mut Thread, class: Value, item: Value) -> Result {
        taipan_vm::builtins::generic_alias(th, class, item)
    }

    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        let Some(c) = this.downcast::<Chain>() else {
            return Ok(None);
        };
        while let Some(source) = c.source.get() {
            let active = match c.active.get() {
                Some(a) => a,
                None => {
                    let next = match th.next(source) {
                        Ok(Some(v)) => th.iter(v),
                        Ok(None) => {
                            c.source.clear();
                            return Ok(None);
                        }
                        Err(e) => Err(e),
                    };
                    match next {
                        Ok(it) => {
                            c.active.set(c.header(), it);
                            it
                        }
                        Err(e) => {
                            c.source.clear();
                            return Err(e);
                        }
                    }
                }
            };
            if let Some(v) = th.next(active)? {
                return Ok(Some(v));
            }
            c.active.clear();
            th.poll()?;
        }
        Ok(None)
    }
}

/// Tuples until the longest iterable ends.
#[repr(C)]
#[derive(NativeObject)]
pub struct ZipLongest {
    head: NativeHeader,
    iterators: ValueVec,
    #[notrace]
    active: Cell<usize>,
    fill: Value,
}

/// Return a zip_longest object whose .__next__() method returns a tuple where
/// the i-th element comes from the i-th iterable argument; missing values are
/// replaced by fillvalue.
#[pytype(name = "zip_longest", module = "itertools", flags = BASETYPE, table = ZIP_LONGEST_TYPE)]
impl ZipLongest {
    #[pynew(raw, sig = "(*iterables, fillvalue=None)")]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        let class = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
        let mut names = args.keywords().filter_map(|(k, _)| k.downcast::<Str>());
        if names.any(|n| !n.equals_str("fillvalue")) {
            return Err(th.type_error("zip_longest() got an unexpected keyword argument"));
        }
        let fill = args.keywords().next().map(|(_, v)| v);
        let fill = th.or_none(fill);
        let all = ValueVec::new();
        for v in args.positionals().iter().skip(1) {
            let it = th.iter(*v)?;
            th.push(&all, it)?;
        }
        let n = all.len();
        Ok(th
            .alloc_native(class, |head| ZipLongest {
                head,
                iterators: all,
                active: Cell::new(n),
                fill,
            })
            .value())
    }

    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        let Some(z) = this.downcast::<ZipLongest>() else {
            return Ok(None);
        };
        if z.active.get() == 0 {
            return Ok(None);
        }
        let none = th.none();
        let out = ValueVec::new();
        for i in 0..z.iterators.len() {
            // An exhausted iterator's place holds None.
            let it = z.iterators.get(i).unwrap_or(none);
            let v = if th.is_none(it) { None } else { th.next(it)? };
            match v {
                Some(v) => th.push(&out, v)?,
                None => {
                    if !th.is_none(it) {
                        z.iterators.set(i, none);
                        z.active.set(z.active.get().saturating_sub(1));
                        if z.active.get() == 0 {
                            return Ok(None);
                        }
                    }
                    th.push(&out, z.fill)?;
                }
            }
        }
        Ok(Some(th.new_tuple(out.as_slice()).value()))
    }
}

/// Overlapping pairs.
#[repr(C)]
#[derive(NativeObject)]
pub struct Pairwise {
    head: NativeHeader,
    iterator: Slot,
    old: Slot,
}

/// Return an iterator of overlapping pairs taken from the input iterator.
///
///     s -> (s0,s1), (s1,s2), (s2, s3), ...
#[pytype(name = "pairwise", module = "itertools", flags = BASETYPE, table = PAIRWISE_TYPE)]
impl Pairwise {
    #[pynew(sig = "(iterable, /)")]
    fn new(th: &mut Thread, class: Gc<Type>, iterable: Value) -> Result {
        let it = th.iter(iterable)?;
        Ok(th
            .alloc_native(class, |head| Pairwise {
                head,
                iterator: Slot::new(it),
                old: Slot::empty(),
            })
            .value())
    }

    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        let Some(p) = this.downcast::<Pairwise>() else {
            return Ok(None);
        };
        let Some(it) = p.iterator.get() else {
            return Ok(None);
        };
        let old = match p.old.get() {
            Some(o) => Some(o),
            None => {
                let first = th.next(it)?;
                if let Some(o) = first {
                    p.old.set(p.header(), o);
                }
                first
            }
        };
        let next = match old {
            Some(_) => th.next(it)?,
            None => None,
        };
        match (old, next) {
            (Some(a), Some(b)) => {
                p.old.set(p.header(), b);
                Ok(Some(th.new_tuple(&[a, b]).value()))
            }
            _ => {
                p.iterator.clear();
                p.old.clear();
                Ok(None)
            }
        }
    }
}

/// Tuples of n items.
#[repr(C)]
#[derive(NativeObject)]
pub struct Batched {
    head: NativeHeader,
    iterator: Slot,
    #[notrace]
    size: usize,
    #[notrace]
    strict: bool,
}

/// Batch data into tuples of length n. The last batch may be shorter than n.
///
/// Loops over the input iterable and accumulates data into tuples up to size n.
/// If "strict" is True, raises a ValueError if the final batch is shorter than n.
#[pytype(name = "batched", module = "itertools", flags = BASETYPE, table = BATCHED_TYPE)]
impl Batched {
    #[pynew(sig = "(iterable, n, *, strict=False)")]
    fn new(
        th: &mut Thread,
        class: Gc<Type>,
        iterable: Value,
        n: isize,
        strict: Option<bool>,
    ) -> Result {
        if n < 1 {
            return Err(th.value_error("n must be at least one"));
        }
        let it = th.iter(iterable)?;
        Ok(th
            .alloc_native(class, |head| Batched {
                head,
                iterator: Slot::new(it),
                size: n as usize,
                strict: strict.unwrap_or(false),
            })
            .value())
    }

    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        let Some(b) = this.downcast::<Batched>() else {
            return Ok(None);
        };
        let Some(it) = b.iterator.get() else {
            return Ok(None);
        };
        let out = ValueVec::new();
        while out.len() < b.size {
            match th.next(it) {
                Ok(Some(v)) => th.push(&out, v)?,
                Ok(None) => {
                    b.iterator.clear();
                    break;
                }
                Err(e) => {
                    b.iterator.clear();
                    return Err(e);
                }
            }
        }
        if out.is_empty() {
            return Ok(None);
        }
        if b.strict && out.len() < b.size {
            return Err(th.value_error("batched(): incomplete batch"));
        }
        Ok(Some(th.new_tuple(out.as_slice()).value()))
    }
}

/// Results of a function for tuples of arguments.
#[repr(C)]
#[derive(NativeObject)]
pub struct Starmap {
    head: NativeHeader,
    function: Value,
    iterator: Value,
}

/// Return an iterator whose values are returned from the function evaluated with an argument tuple taken from the given sequence.
#[pytype(name = "starmap", module = "itertools", flags = BASETYPE, table = STARMAP_TYPE)]
impl Starmap {
    #[pynew(sig = "(function, iterable, /)")]
    fn new(th: &mut Thread, class: Gc<Type>, function: Value, iterable: Value) -> Result {
        let iterator = th.iter(iterable)?;
        Ok(th
            .alloc_native(class, |head| Starmap {
                head,
                function,
                iterator,
            })
            .value())
    }

    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        let Some(s) = this.downcast::<Starmap>() else {
            return Ok(None);
        };
        match th.next(s.iterator)? {
            Some(args) => {
                let args = th.to_tuple(args)?;
                th.call(s.function, args.as_slice()).map(Some)
            }
            None => Ok(None),
        }
    }
}

/// Running totals.
#[repr(C)]
#[derive(NativeObject)]
pub struct Accumulate {
    head: NativeHeader,
    iterator: Value,
    function: Slot,
    total: Slot,
    initial: Slot,
}

/// Return series of accumulated sums (or other binary function results).
#[pytype(name = "accumulate", module = "itertools", flags = BASETYPE, table = ACCUMULATE_TYPE)]
impl Accumulate {
    #[pynew(sig = "(iterable, func=None, *, initial=None)")]
    fn new(
        th: &mut Thread,
        class: Gc<Type>,
        iterable: Value,
        func: Option<Value>,
        initial: Option<Value>,
    ) -> Result {
        let iterator = th.iter(iterable)?;
        let (func, initial) = (th.not_none(func), th.not_none(initial));
        let a = th.alloc_native(class, |head| Accumulate {
            head,
            iterator,
            function: Slot::empty(),
            total: Slot::empty(),
            initial: Slot::empty(),
        });
        a.function.set_option(a.header(), func);
        a.initial.set_option(a.header(), initial);
        Ok(a.value())
    }

    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        let Some(a) = this.downcast::<Accumulate>() else {
            return Ok(None);
        };
        if let Some(v) = a.initial.get() {
            a.initial.clear();
            a.total.set(a.header(), v);
            return Ok(Some(v));
        }
        let Some(v) = th.next(a.iterator)? else {
            return Ok(None);
        };
        let total = match (a.total.get(), a.function.get()) {
            (None, _) => v,
            (Some(t), None) => th.binary(BinaryOp::Add, t, v)?,
            (Some(t), Some(f)) => th.call(f, &[t, v])?,
        };
        a.total.set(a.header(), total);
        Ok(Some(total))
    }
}
