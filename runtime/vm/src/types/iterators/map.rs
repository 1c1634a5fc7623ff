//! `map`

use std::cell::Cell;

use super::zip::mismatch;
use crate::call::Args;
use crate::object::{Gc, NativeHeader, Result, Value, ValueVec};
use crate::types::str_::text;
use crate::types::tuple::Tuple;
use crate::{NativeObject, Thread, pytype};

/// Iterator over the results of a function for the items of iterables.
#[repr(C)]
#[derive(NativeObject)]
pub struct Map {
    head: NativeHeader,
    function: Value,
    iterators: Gc<Tuple>,
    #[notrace]
    strict: Cell<bool>,
}

impl Map {
    /// The function and the iterator of a `map` over one iterable.
    pub fn of_one(&self) -> Option<(Value, Value)> {
        match self.iterators.as_slice() {
            [one] => Some((self.function, *one)),
            _ => None,
        }
    }
}

/// The value of `strict=`. Raises TypeError for any other keyword.
pub(super) fn strict_keyword(th: &mut Thread, args: &Args<'_>, name: &str) -> Result<bool> {
    let mut strict = false;
    for (k, v) in args.keywords() {
        match text(k).as_deref() {
            Some("strict") => strict = th.truth(v)?,
            other => {
                let other = other.unwrap_or_default();
                return Err(th.type_error(format!(
                    "{name}() got an unexpected keyword argument '{other}'"
                )));
            }
        }
    }
    Ok(strict)
}

/// Make an iterator that computes the function using arguments from
/// each of the iterables.  Stops when the shortest iterable is exhausted.
///
/// If strict is true and one of the arguments is exhausted before the others,
/// raise a ValueError.
#[pytype(name = "map", flags = BASETYPE)]
impl Map {
    #[pynew(raw, sig = "(function, iterable, /, *iterables, strict=False)")]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        let class = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
        let strict = strict_keyword(th, &args, "map")?;
        let [_, function, iterables @ ..] = args.positionals() else {
            return Err(th.type_error("map() must have at least two arguments."));
        };
        if iterables.is_empty() {
            return Err(th.type_error("map() must have at least two arguments."));
        }
        let function = *function;
        let all = ValueVec::new();
        for v in iterables {
            let it = th.iter(*v)?;
            th.push(&all, it)?;
        }
        let iterators = th.new_tuple(all.as_slice());
        Ok(th
            .alloc_native(class, |head| Map {
                head,
                function,
                iterators,
                strict: Cell::new(strict),
            })
            .value())
    }

    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        let Some(m) = this.downcast::<Map>() else {
            return Ok(None);
        };
        match m.iterators.as_slice() {
            [one] => match th.next(*one)? {
                Some(v) => th.call(m.function, &[v]).map(Some),
                None => Ok(None),
            },
            [a, b] if !m.strict.get() => {
                let Some(x) = th.next(*a)? else {
                    return Ok(None);
                };
                let Some(y) = th.next(*b)? else {
                    return Ok(None);
                };
                th.call(m.function, &[x, y]).map(Some)
            }
            many => {
                let all = ValueVec::new();
                for (i, it) in many.iter().enumerate() {
                    match th.next(*it)? {
                        Some(v) => th.push(&all, v)?,
                        None if m.strict.get() => {
                            return mismatch(th, "map", many, i).map(|()| None);
                        }
                        None => return Ok(None),
                    }
                }
                th.call(m.function, all.as_slice()).map(Some)
            }
        }
    }

    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<Map>) -> Result {
        let class = th.class_of(this.value()).value();
        let all = th.value_vec(&[this.function])?;
        th.push_all(&all, this.iterators.as_slice())?;
        let args = th.new_tuple(all.as_slice()).value();
        if this.strict.get() {
            let yes = th.bool(true);
            return Ok(th.new_tuple(&[class, args, yes]).value());
        }
        Ok(th.new_tuple(&[class, args]).value())
    }

    #[pymethod]
    fn __setstate__(th: &mut Thread, this: Gc<Map>, state: Value) -> Result<()> {
        let strict = th.truth(state)?;
        this.strict.set(strict);
        Ok(())
    }
}
