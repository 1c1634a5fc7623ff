//! `tee`: iterators that share one source through a chain of fetched items. Items that all of them
//! have passed are garbage.

use std::cell::Cell;

use taipan_vm::object::{Gc, GcSlot, NativeHeader, Result, Slot, Value, ValueVec};
use taipan_vm::types::type_::Type;
use taipan_vm::{NativeObject, Thread, pytype};

/// One item and the way to the next; without a value it has not been fetched.
#[repr(C)]
#[derive(NativeObject)]
pub struct Node {
    head: NativeHeader,
    value: Slot,
    next: GcSlot<Node>,
    #[notrace]
    running: Cell<bool>,
}

#[pytype(name = "_tee_dataobject", module = "itertools", flags = NO_INSTANTIATION, table = NODE_TYPE)]
impl Node {}

/// One of the iterators.
#[repr(C)]
#[derive(NativeObject)]
pub struct Tee {
    head: NativeHeader,
    source: Value,
    node: GcSlot<Node>,
}

fn new_node(th: &mut Thread) -> Gc<Node> {
    th.new_native(&NODE_TYPE, |head| Node {
        head,
        value: Slot::empty(),
        next: GcSlot::empty(),
        running: Cell::new(false),
    })
}

fn from_iterable(th: &mut Thread, iterable: Value) -> Result {
    let it = th.iter(iterable)?;
    if let Some(t) = it.downcast::<Tee>() {
        return Ok(Tee::copy_of(th, t));
    }
    let node = new_node(th);
    Ok(th
        .new_native(&TEE_TYPE, |head| Tee {
            head,
            source: it,
            node: GcSlot::new(node),
        })
        .value())
}

/// `tee(iterable, n)`
pub fn tee(th: &mut Thread, iterable: Value, n: isize) -> Result {
    let Ok(n) = usize::try_from(n) else {
        return Err(th.value_error("n must be >= 0"));
    };
    if n == 0 {
        return Ok(th.empty_tuple().value());
    }
    let out = ValueVec::new();
    let first = from_iterable(th, iterable)?;
    th.push(&out, first)?;
    for _ in 1..n {
        if let Some(t) = first.downcast::<Tee>() {
            let c = Tee::copy_of(th, t);
            th.push(&out, c)?;
        }
    }
    Ok(th.new_tuple(out.as_slice()).value())
}

impl Tee {
    fn copy_of(th: &mut Thread, t: Gc<Tee>) -> Value {
        let node = t.node.get();
        th.new_native(&TEE_TYPE, |head| Tee {
            head,
            source: t.source,
            node: GcSlot::from_option(node),
        })
        .value()
    }
}

/// Iterator wrapped to make it copyable.
#[pytype(name = "_tee", module = "itertools", flags = HAS_WEAKREF, table = TEE_TYPE)]
impl Tee {
    #[pynew(sig = "(iterable, /)")]
    fn new(th: &mut Thread, _class: Gc<Type>, iterable: Value) -> Result {
        from_iterable(th, iterable)
    }

    /// Returns an independent iterator.
    #[pymethod]
    fn __copy__(th: &mut Thread, this: Gc<Tee>) -> Value {
        Tee::copy_of(th, this)
    }

    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot(name = "next")]
    fn advance(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        let Some(t) = this.downcast::<Tee>() else {
            return Ok(None);
        };
        let Some(node) = t.node.get() else {
            return Ok(None);
        };
        if node.value.get().is_none() {
            if node.running.get() {
                return Err(th.runtime_error("cannot re-enter the tee iterator"));
            }
            node.running.set(true);
            let r = th.next(t.source);
            node.running.set(false);
            let Some(v) = r? else {
                return Ok(None);
            };
            node.value.set(node.header(), v);
            let next = new_node(th);
            node.next.set(node.header(), next);
        }
        if let Some(next) = node.next.get() {
            t.node.set(t.header(), next);
        }
        Ok(node.value.get())
    }
}
