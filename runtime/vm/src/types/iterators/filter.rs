//! `filter`

use crate::call::Args;
use crate::object::{Gc, NativeHeader, Result, Value};
use crate::types::T;
use crate::types::sequence;
use crate::{NativeObject, Thread, pytype};

/// Iterator over the items for which a function is true.
#[repr(C)]
#[derive(NativeObject)]
pub struct Filter {
    head: NativeHeader,
    function: Value,
    iterator: Value,
}

/// Return an iterator yielding those items of iterable for which function(item) is true.
///
/// If function is None, return the items that are true.
#[pytype(name = "filter", flags = BASETYPE)]
impl Filter {
    #[pynew(raw, sig = "(function, iterable, /)")]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        let class = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
        if args.keyword_count() > 0 && class.is(th.vm().ty(T::Filter)) {
            return Err(sequence::no_keywords(th, "filter"));
        }
        let [_, function, iterable] = args.positionals() else {
            let n = args.positionals().len().saturating_sub(1);
            return Err(th.type_error(format!("filter expected 2 arguments, got {n}")));
        };
        let (function, iterable) = (*function, *iterable);
        let iterator = th.iter(iterable)?;
        Ok(th
            .alloc_native(class, |head| Filter {
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
        let Some(f) = this.downcast::<Filter>() else {
            return Ok(None);
        };
        let plain = th.is_none(f.function) || f.function.is(th.vm().ty(T::Bool).value());
        while let Some(v) = th.next(f.iterator)? {
            let r = if plain { v } else { th.call(f.function, &[v])? };
            if th.truth(r)? {
                return Ok(Some(v));
            }
            th.poll()?;
        }
        Ok(None)
    }

    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<Filter>) -> Result {
        let class = th.class_of(this.value()).value();
        let args = th.new_tuple(&[this.function, this.iterator]).value();
        Ok(th.new_tuple(&[class, args]).value())
    }
}
