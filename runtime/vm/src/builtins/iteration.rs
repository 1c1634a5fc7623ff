//! Builtin functions that iterate or make iterators.

use crate::call::Args;
use crate::object::slots::CompareOp;
use crate::object::{Gc, Result, Value};
use crate::types::T;
use crate::types::iterators::callable_iterator;
use crate::types::list::{List, sort};
use crate::types::str_::text;
use crate::{Thread, pymethods};

use super::functions::Builtins;

/// The first item whose truth is `wanted`, if there is one.
fn any_is(th: &mut Thread, iterable: Value, wanted: bool) -> Result<bool> {
    if th.is_exact(iterable, T::List)
        && let Some(l) = iterable.downcast::<List>()
    {
        let mut i = 0;
        while let Some(v) = l.items.get(i) {
            if th.truth(v)? == wanted {
                return Ok(true);
            }
            i += 1;
        }
        return Ok(false);
    }
    let it = th.iter(iterable)?;
    while let Some(v) = th.next(it)? {
        if th.truth(v)? == wanted {
            return Ok(true);
        }
        th.poll()?;
    }
    Ok(false)
}

fn better(th: &mut Thread, a: Value, b: Value, op: CompareOp) -> Result<bool> {
    if let (Some(x), Some(y)) = (a.as_tagged_float(), b.as_tagged_float()) {
        return Ok(if op == CompareOp::Lt { x < y } else { x > y });
    }
    th.compare_bool(a, b, op)
}

/// `min` (op is `<`) and `max` (op is `>`).
fn extreme(th: &mut Thread, args: Args<'_>, name: &str, op: CompareOp) -> Result {
    let positional = args.positionals();
    let (mut key, mut default) = (None, None);
    if positional.is_empty() {
        return Err(th.type_error(format!("{name} expected at least 1 argument, got 0")));
    }
    for (k, v) in args.keywords() {
        match text(k).as_deref() {
            Some("key") => key = th.not_none(Some(v)),
            Some("default") => default = Some(v),
            other => {
                let other = other.unwrap_or_default();
                return Err(th.type_error(format!(
                    "{name}() got an unexpected keyword argument '{other}'"
                )));
            }
        }
    }
    let mut best: Option<(Value, Value)> = None;
    let consider = |th: &mut Thread, v: Value, best: &mut Option<(Value, Value)>| -> Result<()> {
        let k = match key {
            Some(f) => th.call(f, &[v])?,
            None => v,
        };
        match *best {
            Some((_, b)) if !better(th, k, b, op)? => {}
            _ => *best = Some((v, k)),
        }
        Ok(())
    };
    match positional {
        [one] => {
            let one = *one;
            th.for_each(one, |th, v| consider(th, v, &mut best))?;
        }
        many => {
            if default.is_some() {
                return Err(th.type_error(format!(
                    "Cannot specify a default for {name}() with multiple positional arguments"
                )));
            }
            for v in many {
                consider(th, *v, &mut best)?;
            }
        }
    }
    match best.map(|b| b.0).or(default) {
        Some(v) => Ok(v),
        None => Err(th.value_error(format!("{name}() iterable argument is empty"))),
    }
}

#[pymethods(table = TABLE)]
impl Builtins {
    /// Return True if bool(x) is True for any x in the iterable.
    ///
    /// If the iterable is empty, return False.
    #[pyfunction]
    fn any(th: &mut Thread, iterable: Value) -> Result<bool> {
        any_is(th, iterable, true)
    }

    /// Return True if bool(x) is True for all values x in the iterable.
    ///
    /// If the iterable is empty, return True.
    #[pyfunction]
    fn all(th: &mut Thread, iterable: Value) -> Result<bool> {
        Ok(!any_is(th, iterable, false)?)
    }

    /// min(iterable, *[, default=obj, key=func]) -> value
    /// min(arg1, arg2, *args, *[, key=func]) -> value
    ///
    /// With a single iterable argument, return its smallest item. The
    /// default keyword-only argument specifies an object to return if
    /// the provided iterable is empty.
    /// With two or more positional arguments, return the smallest argument.
    #[pyfunction(raw)]
    fn min(th: &mut Thread, args: Args<'_>) -> Result {
        extreme(th, args, "min", CompareOp::Lt)
    }

    /// max(iterable, *[, default=obj, key=func]) -> value
    /// max(arg1, arg2, *args, *[, key=func]) -> value
    ///
    /// With a single iterable argument, return its biggest item. The
    /// default keyword-only argument specifies an object to return if
    /// the provided iterable is empty.
    /// With two or more positional arguments, return the largest argument.
    #[pyfunction(raw)]
    fn max(th: &mut Thread, args: Args<'_>) -> Result {
        extreme(th, args, "max", CompareOp::Gt)
    }

    /// Return a new list containing all items from the iterable in ascending order.
    ///
    /// A custom key function can be supplied to customize the sort order, and the
    /// reverse flag can be set to request the result in descending order.
    #[pyfunction(raw, sig = "(iterable, /, *, key=None, reverse=False)")]
    fn sorted(th: &mut Thread, args: Args<'_>) -> Result<Gc<List>> {
        let [iterable] = args.positionals() else {
            let n = args.positionals().len();
            return Err(th.type_error(format!("sorted expected 1 argument, got {n}")));
        };
        let items = th.collect(*iterable)?;
        let (mut key, mut reverse) = (None, false);
        for (k, v) in args.keywords() {
            match text(k).as_deref() {
                Some("key") => key = th.not_none(Some(v)),
                Some("reverse") => reverse = th.truth(v)?,
                other => {
                    let other = other.unwrap_or_default();
                    return Err(th.type_error(format!(
                        "sort() got an unexpected keyword argument '{other}'"
                    )));
                }
            }
        }
        sort::sort_values(th, &items, key, reverse)?;
        Ok(th.list_from_vec(items))
    }

    /// iter(iterable) -> iterator
    /// iter(callable, sentinel) -> iterator
    ///
    /// Get an iterator from an object.
    /// In the first form, the argument must supply its own iterator, or be a sequence.
    /// In the second form, the callable is called until it returns the sentinel.
    #[pyfunction(sig = "(object, sentinel=<unrepresentable>, /)")]
    fn iter(th: &mut Thread, object: Value, sentinel: Option<Value>) -> Result {
        match sentinel {
            None => th.iter(object),
            Some(s) if th.is_callable(object) => Ok(callable_iterator(th, object, s)),
            Some(_) => Err(th.type_error("iter(v, w): v must be callable")),
        }
    }

    /// next(iterator[, default])
    ///
    /// Return the next item from the iterator. If default is given and the iterator
    /// is exhausted, it is returned instead of raising StopIteration.
    #[pyfunction(sig = "(iterator, default=<unrepresentable>, /)")]
    fn next(th: &mut Thread, iterator: Value, default: Option<Value>) -> Result {
        let Some(f) = th.class_of(iterator).slots().next else {
            let got = th.type_name(iterator);
            return Err(th.type_error(format!("'{got}' object is not an iterator")));
        };
        let Some(d) = default else {
            // A StopIteration with a value passes as it is.
            return match f(th, iterator)? {
                Some(v) => Ok(v),
                None => Err(th.stop_iteration(None)),
            };
        };
        Ok(th.next(iterator)?.unwrap_or(d))
    }

    /// Return an AsyncIterator for an AsyncIterable object.
    #[pyfunction]
    fn aiter(th: &mut Thread, async_iterable: Value) -> Result {
        let Some(f) = th.class_of(async_iterable).slots().aiter else {
            let got = th.type_name(async_iterable);
            return Err(th.type_error(format!("'{got}' object is not an async iterable")));
        };
        let it = f(th, async_iterable)?;
        if th.class_of(it).slots().anext.is_none() {
            let got = th.type_name(it);
            return Err(th.type_error(format!(
                "aiter() returned not an async iterator of type '{got}'"
            )));
        }
        Ok(it)
    }

    /// Return the next item from the async iterator.
    ///
    /// If default is given and the async iterator is exhausted,
    /// it is returned instead of raising StopAsyncIteration.
    #[pyfunction(sig = "(async_iterator, default=<unrepresentable>, /)")]
    fn anext(th: &mut Thread, async_iterator: Value, default: Option<Value>) -> Result {
        let Some(f) = th.class_of(async_iterator).slots().anext else {
            let got = th.type_name(async_iterator);
            return Err(th.type_error(format!("'{got}' object is not an async iterator")));
        };
        let awaitable = f(th, async_iterator)?;
        Ok(match default {
            Some(d) => crate::types::generator::async_gen::next_or_default(th, awaitable, d),
            None => awaitable,
        })
    }
}
