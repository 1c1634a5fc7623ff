//! `count`, `cycle`, `repeat`.

use std::cell::Cell;

use taipan_vm::call::Args;
use taipan_vm::object::{Gc, NativeHeader, Result, Slot, Value, ValueVec};
use taipan_vm::protocol::arith::BinaryOp;
use taipan_vm::types::str_::text;
use taipan_vm::types::type_::Type;
use taipan_vm::{NativeObject, Thread, pytype};

/// Counts on.
#[repr(C)]
#[derive(NativeObject)]
pub struct Count {
    head: NativeHeader,
    next: Slot,
    step: Value,
}

fn is_number(th: &Thread, v: Value) -> bool {
    let class = th.class_of(v);
    let s = class.slots();
    s.index.is_some() || s.float.is_some() || s.int.is_some() || th.type_name(v) == "complex"
}

/// Return a count object whose .__next__() method returns consecutive values.
#[pytype(name = "count", module = "itertools", flags = BASETYPE, table = COUNT_TYPE)]
impl Count {
    #[pynew(sig = "(start=0, step=1)")]
    fn new(th: &mut Thread, class: Gc<Type>, start: Option<Value>, step: Option<Value>) -> Result {
        let start = start.unwrap_or(Value::small(0));
        let step = step.unwrap_or(Value::small(1));
        if !is_number(th, start) || !is_number(th, step) {
            return Err(th.type_error("a number is required"));
        }
        Ok(th
            .alloc_native(class, |head| Count {
                head,
                next: Slot::new(start),
                step,
            })
            .value())
    }

    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot(name = "next")]
    fn advance(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        let Some(c) = this.downcast::<Count>() else {
            return Ok(None);
        };
        let v = c.next.get().unwrap_or(Value::small(0));
        let sum = match (v.as_int(), c.step.as_int()) {
            (Some(a), Some(b)) => th.int(a + b),
            _ => th.binary(BinaryOp::Add, v, c.step)?,
        };
        c.next.set(c.header(), sum);
        Ok(Some(v))
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let Some(c) = this.downcast::<Count>() else {
            return Ok(this);
        };
        let name = th.class_of(this).name_text();
        let v = c.next.get().unwrap_or(Value::small(0));
        let v = th.repr(v)?.to_string_lossy();
        let text = if c.step.as_int() == Some(1) {
            format!("{name}({v})")
        } else {
            let s = th.repr(c.step)?.to_string_lossy();
            format!("{name}({v}, {s})")
        };
        Ok(th.new_str(&text).value())
    }
}

/// Goes round and round.
#[repr(C)]
#[derive(NativeObject)]
pub struct Cycle {
    head: NativeHeader,
    iterator: Slot,
    saved: ValueVec,
    #[notrace]
    index: Cell<usize>,
}

/// Return elements from the iterable until it is exhausted. Then repeat the sequence indefinitely.
#[pytype(name = "cycle", module = "itertools", flags = BASETYPE, table = CYCLE_TYPE)]
impl Cycle {
    #[pynew(sig = "(iterable, /)")]
    fn new(th: &mut Thread, class: Gc<Type>, iterable: Value) -> Result {
        let it = th.iter(iterable)?;
        Ok(th
            .alloc_native(class, |head| Cycle {
                head,
                iterator: Slot::new(it),
                saved: ValueVec::new(),
                index: Cell::new(0),
            })
            .value())
    }

    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        let Some(c) = this.downcast::<Cycle>() else {
            return Ok(None);
        };
        if let Some(it) = c.iterator.get() {
            if let Some(v) = th.next(it)? {
                if !c.saved.try_push(th.heap(), Some(c.header()), v) {
                    return Err(th.memory_error());
                }
                return Ok(Some(v));
            }
            c.iterator.clear();
        }
        let i = c.index.get();
        let v = c.saved.get(i);
        c.index.set(if i + 1 >= c.saved.len() { 0 } else { i + 1 });
        Ok(v)
    }
}

/// The same object again and again.
#[repr(C)]
#[derive(NativeObject)]
pub struct Repeat {
    head: NativeHeader,
    object: Value,
    /// Negative: for ever.
    #[notrace]
    left: Cell<isize>,
}

/// repeat(object [,times]) -> create an iterator which returns the object
/// for the specified number of times.  If not specified, returns the object
/// endlessly.
#[pytype(name = "repeat", module = "itertools", flags = BASETYPE, table = REPEAT_TYPE)]
impl Repeat {
    #[pynew(sig = "(object, times=<unrepresentable>)")]
    fn new(th: &mut Thread, class: Gc<Type>, object: Value, times: Option<isize>) -> Result {
        let left = times.map_or(-1, |n| n.max(0));
        Ok(th
            .alloc_native(class, |head| Repeat {
                head,
                object,
                left: Cell::new(left),
            })
            .value())
    }

    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn next(_: &mut Thread, this: Value) -> Result<Option<Value>> {
        let Some(r) = this.downcast::<Repeat>() else {
            return Ok(None);
        };
        match r.left.get() {
            0 => return Ok(None),
            n if n > 0 => r.left.set(n - 1),
            _ => {}
        }
        Ok(Some(r.object))
    }

    #[pymethod]
    fn __length_hint__(th: &mut Thread, this: Gc<Repeat>) -> Result<isize> {
        match this.left.get() {
            n if n < 0 => Err(th.type_error("len() of unsized object")),
            n => Ok(n),
        }
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let Some(r) = this.downcast::<Repeat>() else {
            return Ok(this);
        };
        let name = th.class_of(this).name_text();
        let v = th.repr(r.object)?.to_string_lossy();
        let text = match r.left.get() {
            n if n < 0 => format!("{name}({v})"),
            n => format!("{name}({v}, {n})"),
        };
        Ok(th.new_str(&text).value())
    }
}

/// The only keyword a variadic constructor takes; TypeError for another.
pub(super) fn only_keyword(
    th: &mut Thread,
    args: &Args<'_>,
    wanted: &str,
    function: &str,
) -> Result<Option<Value>> {
    let mut found = None;
    for (k, v) in args.keywords() {
        let name = text(k).unwrap_or_default();
        if name != wanted {
            return Err(th.type_error(format!(
                "{function}() got an unexpected keyword argument '{name}'"
            )));
        }
        found = Some(v);
    }
    Ok(found)
}
