//! Iterator over a range with numbers of more than 64 bits.

use crate::number::bigint::IBig;
use crate::object::{Gc, NativeHeader, Result, Slot, Value};
use crate::types::{T, int};
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
    fn __reduce__(th: &mut Thread, this: Gc<WideIterator>) -> Result {
        let start = WideIterator::number(&this.next);
        let step = int::to_ibig(this.step).unwrap_or_default();
        let stop = &start + &step * WideIterator::number(&this.left);
        let stop = int::normalize(th, &stop);
        let start = th.or_none(this.next.get());
        let class = th.vm().ty(T::Range).value();
        let range = th.call(class, &[start, stop, this.step])?;
        let iter = th.builtin("iter")?;
        let args = th.new_tuple(&[range]).value();
        let none = th.none();
        Ok(th.new_tuple(&[iter, args, none]).value())
    }

    #[pymethod]
    fn __setstate__(th: &mut Thread, this: Gc<WideIterator>, state: Value) -> Result<()> {
        let Some(n) = int::to_ibig(state) else {
            let got = th.type_name_for_error(state);
            return Err(th.type_error(format!("state must be an int, not {got}")));
        };
        let left = WideIterator::number(&this.left);
        let n = n.max(IBig::ZERO).min(left.clone());
        let step = int::to_ibig(this.step).unwrap_or_default();
        let next = int::normalize(th, &(WideIterator::number(&this.next) + step * &n));
        let left = int::normalize(th, &(left - n));
        this.next.set(this.header(), next);
        this.left.set(this.header(), left);
        Ok(())
    }

    #[pymethod]
    fn __length_hint__(_: &mut Thread, this: Gc<WideIterator>) -> Option<Value> {
        this.left.get()
    }
}
