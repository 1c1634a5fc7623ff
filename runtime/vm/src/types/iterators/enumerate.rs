//! `enumerate`

use crate::call::Args;
use crate::object::{Gc, NativeHeader, Result, Slot, Value};
use crate::protocol::arith::BinaryOp;
use crate::types::type_::Type;
use crate::{NativeObject, Thread, pytype};

/// An enumeration.
#[repr(C)]
#[derive(NativeObject)]
pub struct Enumerate {
    head: NativeHeader,
    iterator: Value,
    /// The next number, small or not.
    count: Slot,
}

impl Enumerate {
    /// The next number and item.
    #[inline]
    pub fn advance(&self, th: &mut Thread) -> Result<Option<(Value, Value)>> {
        let Some(v) = th.next(self.iterator)? else {
            return Ok(None);
        };
        let n = self.count.get().unwrap_or(Value::small(0));
        let next = match n.as_int().and_then(|i| Value::try_int(i + 1)) {
            Some(next) => next,
            None => th.binary(BinaryOp::Add, n, Value::small(1))?,
        };
        self.count.set(&self.head.header, next);
        Ok(Some((n, v)))
    }
}

/// An exact `enumerate` of an iterator whose next number is this.
pub fn at(th: &mut Thread, iterator: Value, count: Value) -> Value {
    let class = th.vm().ty(crate::types::T::Enumerate);
    th.alloc_native(class, |head| Enumerate {
        head,
        iterator,
        count: Slot::new(count),
    })
    .value()
}

fn make(th: &mut Thread, class: Gc<Type>, iterable: Value, start: Option<Value>) -> Result {
    let count = match start {
        Some(s) => th.index(s)?,
        None => Value::small(0),
    };
    let iterator = th.iter(iterable)?;
    Ok(th
        .alloc_native(class, |head| Enumerate {
            head,
            iterator,
            count: Slot::new(count),
        })
        .value())
}

/// Return an enumerate object.
///
///   iterable
///     an object supporting iteration
///
/// The enumerate object yields pairs containing a count (from start, which
/// defaults to zero) and a value yielded by the iterable argument.
///
/// enumerate is useful for obtaining an indexed list:
///     (0, seq[0]), (1, seq[1]), (2, seq[2]), ...
#[pytype(name = "enumerate", flags = BASETYPE)]
impl Enumerate {
    #[pynew(raw, sig = "(iterable, start=0)")]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        let class = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
        if let ([_, v], None) = (args.values, args.kwnames) {
            return make(th, class, *v, None);
        }
        let given = args.values.len().saturating_sub(1);
        if given > 2 {
            return Err(th.type_error(format!(
                "enumerate() takes at most 2 arguments ({given} given)"
            )));
        }
        let positional = args.positionals();
        let mut found = [positional.get(1).copied(), positional.get(2).copied()];
        for (k, v) in args.keywords() {
            let text = crate::types::str_::text(k).unwrap_or_default();
            let at = match text.as_str() {
                "iterable" => 0,
                "start" => 1,
                _ => {
                    return Err(th.type_error(format!(
                        "'{text}' is an invalid keyword argument for enumerate()"
                    )));
                }
            };
            if found[at].is_some() {
                return Err(th.type_error(format!(
                    "'{text}' is an invalid keyword argument for enumerate()"
                )));
            }
            found[at] = Some(v);
        }
        match found {
            [Some(v), start] => make(th, class, v, start),
            _ => Err(th.type_error("enumerate() missing required argument 'iterable'")),
        }
    }

    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        let Some(e) = this.downcast::<Enumerate>() else {
            return Ok(None);
        };
        Ok(e.advance(th)?.map(|(n, v)| th.new_tuple(&[n, v]).value()))
    }

    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<Enumerate>) -> Result {
        let class = th.class_of(this.value()).value();
        let args = th
            .new_tuple(&[this.iterator, th.or_none(this.count.get())])
            .value();
        Ok(th.new_tuple(&[class, args]).value())
    }

    /// See PEP 585
    #[pyclassmethod]
    fn __class_getitem__(th: &mut Thread, class: Value, item: Value) -> Result {
        crate::builtins::generic_alias(th, class, item)
    }
}
