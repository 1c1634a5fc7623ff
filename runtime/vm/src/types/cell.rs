//! Cells: variables shared between a function and its closures.

use crate::Thread;
use crate::object::slots::CompareOp;
use crate::object::{Gc, Header, HeapObject, Kind, Result, Slot, Tracer, Value};
use crate::pytype;
use crate::types::T;
use crate::types::type_::Type;

/// A cell.
#[repr(C)]
pub struct CellObject {
    head: Header,
    /// The variable; empty when unbound.
    pub contents: Slot,
}

// SAFETY: repr(C), header first, the slot is reported.
#[allow(unsafe_code)]
unsafe impl HeapObject for CellObject {
    const KIND: Kind = Kind::Cell;
    fn trace(&self, t: &mut Tracer) {
        t.slot(&self.contents);
    }
}

impl super::Named for CellObject {
    const NAME: &'static str = "cell";
}

impl Thread {
    /// A new cell.
    pub fn new_cell(&mut self, v: Option<Value>) -> Gc<CellObject> {
        self.alloc(CellObject {
            head: Header::new(Kind::Cell, T::Cell.shape()),
            contents: Slot::from_option(v),
        })
    }
}

/// Create a new cell object.
#[pytype(name = "cell")]
impl CellObject {
    #[pynew(sig = "(contents=None, /)")]
    fn new(th: &mut Thread, _class: Gc<Type>, contents: Option<Value>) -> Result {
        Ok(th.new_cell(contents).value())
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let shown = match this.downcast::<CellObject>().and_then(|c| c.contents.get()) {
            None => "empty".to_owned(),
            Some(v) => {
                format!("{} object at {:#x}", th.type_name(v), v.bits())
            }
        };
        let text = format!("<cell at {:#x}: {shown}>", this.bits());
        Ok(th.new_str(&text).value())
    }

    #[pyslot]
    fn richcompare(th: &mut Thread, a: Value, b: Value, op: CompareOp) -> Result {
        let (Some(x), Some(y)) = (a.downcast::<CellObject>(), b.downcast::<CellObject>()) else {
            return Ok(th.not_implemented());
        };
        match (x.contents.get(), y.contents.get()) {
            (Some(x), Some(y)) => th.compare(x, y, op),
            // An empty cell is less than any other.
            (x, y) => Ok(th.bool(op.test(x.is_some().cmp(&y.is_some())))),
        }
    }

    #[pygetter]
    fn cell_contents(th: &mut Thread, this: Gc<CellObject>) -> Result {
        match this.contents.get() {
            Some(v) => Ok(v),
            None => Err(th.value_error("cell is empty")),
        }
    }

    #[pysetter]
    fn set_cell_contents(_: &mut Thread, this: Gc<CellObject>, v: Option<Value>) -> Result<()> {
        this.contents.set_option(this.header(), v);
        Ok(())
    }
}
