//! Iterator over a range with numbers of more than 64 bits.

use crate::number::bigint::IBig;
use crate::object::{Gc, NativeHeader, Result, Slot, Value};
use crate::types::int;
use crate::{NativeObject, Thread, pytype};

/// `longrange_iterator`
#[repr(C)]
#[derive(NativeObject)]
pub struct WideIterator {
    head: NativeHeader,
    next: Slot,
    step: Value,
    left: Slot,
}

/// An iterator that gives `left` numbers from `next` on.
pub fn iterator(th: &mut Thread, next: &IBig, step: &IBig, left: &IBig) -> Value {
    let next = int::normalize(th, next);
    let step = int::normalize(th, step);
    let left = int::normalize(th, left);
    th.new_native(&WIDE_TYPE, |head| WideIterator {
        head,
        next: Slot::new(next),
        step,
        left: Slot::new(left),
    })
    .value()
}

impl WideIterator {
    fn number(slot: &Slot) -> IBig {
        slot.get().and_then(int::to_ibig).unwrap_or_default()
    }
}

#[pytype(name = "longrange_iterator", flags = NO_INSTANTIATION, table = WIDE_TYPE)]
impl WideIterator {
    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot(name = "next")]
    fn advance(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        let Some(it) = this.downcast::<WideIterator>() else {
            return Ok(None);
        };
        let left = WideIterator::number(&it.left);
        if left <= IBig::ZERO {
            return Ok(None);
        }
        let v = it.next.get();
        let next = WideIterator::number(&it.next) + int::to_ibig(it.step).unwrap_or_default();
        let next = int::normalize(th, &next);
        let left = int::normalize(th, &(left - IBig::ONE));
        it.next.set(it.header(), next);
        it.left.set(it.header(), left);
        Ok(v)
    }

    #[pymethod]
    fn __length_hint__(_: &mut Thread, this: Gc<WideIterator>) -> Option<Value> {
        this.left.get()
    }
}
