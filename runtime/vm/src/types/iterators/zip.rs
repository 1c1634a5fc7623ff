//! `zip`

use std::cell::Cell;

use super::map::strict_keyword;
use crate::call::Args;
use crate::object::{Gc, NativeHeader, Result, Value, ValueVec};
use crate::types::tuple::Tuple;
use crate::{NativeObject, Thread, pytype};

/// Iterator over tuples of items.
#[repr(C)]
#[derive(NativeObject)]
pub struct Zip {
    head: NativeHeader,
    iterators: Gc<Tuple>,
    #[notrace]
    strict: Cell<bool>,
}

impl Zip {
    /// The next pair; None when it does not zip two iterators, or is strict.
    #[inline]
    pub fn advance_pair(&self, th: &mut Thread) -> Option<Result<Option<(Value, Value)>>> {
        let [a, b] = *self.iterators.as_slice() else {
            return None;
        };
        if self.strict.get() {
            return None;
        }
        let x = match th.next(a) {
            Ok(Some(x)) => x,
            Ok(None) => return Some(Ok(None)),
            Err(r) => return Some(Err(r)),
        };
        Some(th.next(b).map(|y| y.map(|y| (x, y))))
    }
}

/// An exact `zip` of iterators, not strict.
pub fn of(th: &mut Thread, iterators: &[Value]) -> Value {
    let class = th.vm().ty(crate::types::T::Zip);
    let iterators = th.new_tuple(iterators);
    th.alloc_native(class, |head| Zip {
        head,
        iterators,
        strict: Cell::new(false),
    })
    .value()
}

/// Iterator number `i` was exhausted in a strict run: ValueError unless all are.
pub(super) fn mismatch(th: &mut Thread, name: &str, all: &[Value], i: usize) -> Result<()> {
    let these = |n: usize| {
        if n == 1 {
            "argument 1".to_string()
        } else {
            format!("arguments 1-{n}")
        }
    };
    if i > 0 {
        let (n, others) = (i + 1, these(i));
        return Err(th.value_error(format!("{name}() argument {n} is shorter than {others}")));
    }
    for (j, it) in all.iter().enumerate().skip(1) {
        if th.next(*it)?.is_some() {
            let (n, others) = (j + 1, these(j));
            return Err(th.value_error(format!("{name}() argument {n} is longer than {others}")));
        }
    }
    Ok(())
}

/// The zip object yields n-length tuples, where n is the number of iterables
/// passed as positional arguments to zip().  The i-th element in every tuple
/// comes from the i-th iterable argument to zip().  This continues until the
/// shortest argument is exhausted.
///
/// If strict is true and one of the arguments is exhausted before the others,
/// raise a ValueError.
///
///    >>> list(zip('abcdefg', range(3), range(4)))
///    [('a', 0, 0), ('b', 1, 1), ('c', 2, 2)]
#[pytype(name = "zip", flags = BASETYPE)]
impl Zip {
    #[pynew(raw, sig = "(*iterables, strict=False)")]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        let class = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
        let strict = strict_keyword(th, &args, "zip")?;
        let all = ValueVec::new();
        for v in args.positionals().iter().skip(1) {
            let it = th.iter(*v)?;
            th.push(&all, it)?;
        }
        let iterators = th.new_tuple(all.as_slice());
        Ok(th
            .alloc_native(class, |head| Zip {
                head,
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
        let Some(z) = this.downcast::<Zip>() else {
            return Ok(None);
        };
        if let Some(pair) = z.advance_pair(th) {
            return Ok(pair?.map(|(x, y)| th.new_tuple(&[x, y]).value()));
        }
        match z.iterators.as_slice() {
            [] => Ok(None),
            many => {
                let all = ValueVec::new();
                for (i, it) in many.iter().enumerate() {
                    match th.next(*it)? {
                        Some(v) => th.push(&all, v)?,
                        None if z.strict.get() => {
                            return mismatch(th, "zip", many, i).map(|()| None);
                        }
                        None => return Ok(None),
                    }
                }
                Ok(Some(th.new_tuple(all.as_slice()).value()))
            }
        }
    }

    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<Zip>) -> Result {
        let class = th.class_of(this.value()).value();
        let args = this.iterators.value();
        if this.strict.get() {
            let yes = th.bool(true);
            return Ok(th.new_tuple(&[class, args, yes]).value());
        }
        Ok(th.new_tuple(&[class, args]).value())
    }

    #[pymethod]
    fn __setstate__(th: &mut Thread, this: Gc<Zip>, state: Value) -> Result<()> {
        let strict = th.truth(state)?;
        this.strict.set(strict);
        Ok(())
    }
}
