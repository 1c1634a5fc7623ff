//! `groupby`

use taipan_vm::object::{Gc, NativeHeader, Result, Slot, Value};
use taipan_vm::types::type_::Type;
use taipan_vm::{NativeObject, Thread, pytype};

/// Groups of items with equal keys.
#[repr(C)]
#[derive(NativeObject)]
pub struct GroupBy {
    head: NativeHeader,
    iterator: Value,
    function: Slot,
    target: Slot,
    key: Slot,
    value: Slot,
    grouper: Slot,
}

/// One group.
#[repr(C)]
#[derive(NativeObject)]
pub struct Grouper {
    head: NativeHeader,
    parent: Gc<GroupBy>,
    key: Value,
}

impl GroupBy {
    /// Takes the next item; false when there is none.
    fn step(&self, th: &mut Thread, this: Gc<GroupBy>) -> Result<bool> {
        let Some(v) = th.next(self.iterator)? else {
            return Ok(false);
        };
        let key = match self.function.get() {
            Some(f) => th.call(f, &[v])?,
            None => v,
        };
        self.value.set(this.header(), v);
        self.key.set(this.header(), key);
        Ok(true)
    }
}

/// make an iterator that returns consecutive keys and groups from the iterable
///
///   iterable
///     Elements to divide into groups according to the key function.
///   key
///     A function for computing the group category for each element.
///     If the key function is not specified or is None, the element itself
///     is used for grouping.
#[pytype(name = "groupby", module = "itertools", flags = BASETYPE, table = GROUPBY_TYPE)]
impl GroupBy {
    #[pynew(sig = "(iterable, key=None)")]
    fn new(th: &mut Thread, class: Gc<Type>, iterable: Value, key: Option<Value>) -> Result {
        let iterator = th.iter(iterable)?;
        let key = th.not_none(key);
        let g = th.alloc_native(class, |head| GroupBy {
            head,
            iterator,
            function: Slot::empty(),
            target: Slot::empty(),
            key: Slot::empty(),
            value: Slot::empty(),
            grouper: Slot::empty(),
        });
        g.function.set_option(g.header(), key);
        Ok(g.value())
    }

    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        let Some(g) = this.downcast::<GroupBy>() else {
            return Ok(None);
        };
        g.grouper.clear();
        loop {
            match (g.key.get(), g.target.get()) {
                (Some(_), None) => break,
                (Some(k), Some(t)) => {
                    if !th.equal(t, k)? {
                        break;
                    }
                }
                (None, _) => {}
            }
            if !g.step(th, g)? {
                return Ok(None);
            }
            th.poll()?;
        }
        let key = th.or_none(g.key.get());
        g.target.set(g.header(), key);
        let group = th
            .new_native(&GROUPER_TYPE, |head| Grouper {
                head,
                parent: g,
                key,
            })
            .value();
        g.grouper.set(g.header(), group);
        Ok(Some(th.new_tuple(&[key, group]).value()))
    }
}

#[pytype(name = "_grouper", module = "itertools", flags = NO_INSTANTIATION, table = GROUPER_TYPE)]
impl Grouper {
    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        let Some(g) = this.downcast::<Grouper>() else {
            return Ok(None);
        };
        let p = g.parent;
        if !p.grouper.get().is_some_and(|x| x.is(this)) {
            return Ok(None);
        }
        if p.value.get().is_none() && !p.step(th, p)? {
            return Ok(None);
        }
        let key = th.or_none(p.key.get());
        if !th.equal(g.key, key)? {
            return Ok(None);
        }
        let v = p.value.get();
        p.value.clear();
        Ok(v)
    }
}
