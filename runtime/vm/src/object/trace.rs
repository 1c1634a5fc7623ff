//! How the collector sees the inside of objects.

use super::header::Header;
use super::pointer::{Gc, GcSlot, HeapObject, Slot};
use super::value::Value;

/// Collects the cells that an object refers to, onto the mark stack.
///
/// A marker pushes unmarked cells on its stack; it is handed to [`HeapObject::trace`].
pub struct Tracer {
    /// Cells that were reached; the collector decides which of them are new.
    pub(crate) stack: Vec<*const Header>,
}

impl Tracer {
    pub(crate) fn new() -> Tracer {
        Tracer { stack: Vec::new() }
    }

    /// Reports a value.
    #[inline]
    pub fn value(&mut self, v: Value) {
        if let Some(h) = v.header() {
            self.stack.push(h);
        }
    }

    /// Reports a slot's contents.
    #[inline]
    pub fn slot(&mut self, s: &Slot) {
        if let Some(v) = s.get() {
            self.value(v);
        }
    }

    /// Reports a typed slot's contents.
    #[inline]
    pub fn gc_slot<T: HeapObject>(&mut self, s: &GcSlot<T>) {
        self.slot(s.untyped());
    }

    /// Reports a typed pointer.
    #[inline]
    pub fn pointer<T: HeapObject>(&mut self, p: Gc<T>) {
        self.value(p.value());
    }
}

/// Things that can hold heap pointers inside an object; what `#[derive(Trace)]` calls on fields.
pub trait Trace {
    /// Reports the heap pointers inside.
    fn trace_into(&self, tracer: &mut Tracer);
}

impl Trace for Slot {
    fn trace_into(&self, tracer: &mut Tracer) {
        tracer.slot(self);
    }
}
impl<T: HeapObject> Trace for GcSlot<T> {
    fn trace_into(&self, tracer: &mut Tracer) {
        tracer.gc_slot(self);
    }
}
impl Trace for Value {
    fn trace_into(&self, tracer: &mut Tracer) {
        tracer.value(*self);
    }
}
impl<T: HeapObject> Trace for Gc<T> {
    fn trace_into(&self, tracer: &mut Tracer) {
        tracer.pointer(*self);
    }
}
impl<T: Trace> Trace for Option<T> {
    fn trace_into(&self, tracer: &mut Tracer) {
        if let Some(x) = self {
            x.trace_into(tracer);
        }
    }
}
impl<T: Trace + Copy> Trace for std::cell::Cell<T> {
    fn trace_into(&self, tracer: &mut Tracer) {
        self.get().trace_into(tracer);
    }
}
impl<T: Trace, const N: usize> Trace for [T; N] {
    fn trace_into(&self, tracer: &mut Tracer) {
        for x in self {
            x.trace_into(tracer);
        }
    }
}
