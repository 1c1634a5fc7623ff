//! `_collections`: `deque`, `defaultdict`, `OrderedDict`, and helpers of `namedtuple` and
//! `Counter`.

pub mod default;
pub mod deque;
pub mod getter;
pub mod ordered;

use taipan_vm::object::{Result, Value};
use taipan_vm::protocol::arith::BinaryOp;
use taipan_vm::types::T;
use taipan_vm::types::dict::Dict;
use taipan_vm::{Thread, pymodule};

/// The module hangs here.
pub struct Collections;

fn increment(th: &mut Thread, old: Option<Value>) -> Result {
    match old {
        None => Ok(Value::small(1)),
        Some(v) => match v.as_int() {
            Some(i) => Ok(th.int(i + 1)),
            None => th.binary(BinaryOp::Add, v, Value::small(1)),
        },
    }
}

/// High performance data structures.
#[pymodule(name = "_collections", types = [
    deque::DEQUE_TYPE,
    deque::ITERATOR_TYPE,
    deque::REVERSE_TYPE,
    default::DEFAULT_TYPE,
    getter::GETTER_TYPE,
    ordered::ORDERED_TYPE,
])]
impl Collections {
    /// Count elements in the iterable, updating the mapping
    #[pyfunction]
    fn _count_elements(th: &mut Thread, mapping: Value, iterable: Value) -> Result<()> {
        let plain = th.vm().ty(T::Dict);
        let class = th.class_of(mapping);
        let get = th.names().get;
        let same_get = match (class.lookup(th, get), plain.lookup(th, get)) {
            (Some(a), Some(b)) => a.is(b),
            _ => false,
        };
        let set = th.names().__setitem__;
        let same_set = match (class.lookup(th, set), plain.lookup(th, set)) {
            (Some(a), Some(b)) => a.is(b),
            _ => false,
        };
        if let Some(d) = mapping.downcast::<Dict>()
            && same_get
            && same_set
        {
            return th.for_each(iterable, |th, k| {
                let hash = th.hash_key(k)?;
                let old = d.get_hashed(th, k, hash)?;
                let new = increment(th, old)?;
                d.set_hashed(th, k, hash, new)
            });
        }
        let zero = Value::small(0);
        th.for_each(iterable, |th, k| {
            let old = th.call_method(mapping, get, &[k, zero])?;
            let new = increment(th, Some(old))?;
            th.set_item(mapping, k, new)
        })
    }
}
