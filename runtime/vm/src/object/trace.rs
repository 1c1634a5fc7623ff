//! How the collector sees the inside of objects.

use super::header::Header;
use super::pointer::{Gc, GcSlot, HeapObject, Slot};
use super::value::Value;

/// Longer runs of values are put on the tracer's list of ranges instead of all on its stack.
const LONG: usize = 256;

/// Takes the references that an object reports.
///
/// In a collection it is the marker: a reference to an unmarked cell sets the cell's mark bit
/// and puts the cell on the stack of those whose inside is yet to be reported. Otherwise
/// (`gc.get_referents`) it lists every reference.
pub struct Tracer {
    /// Cells to look into.
    pub(in crate::object) stack: Vec<*const Header>,
    /// Runs of value words to look at.
    pub(in crate::object) ranges: Vec<(*const u64, usize)>,
    /// Arena under collection; an empty one for a lister.
    pub(in crate::object) base: usize,
    pub(in crate::object) extent: usize,
    pub(in crate::object) marks: *mut u64,
    /// A young collection: old cells are already marked.
    pub(in crate::object) young: bool,
    /// Bytes that were looked at so far.
    pub(in crate::object) work: usize,
    /// What is reached now was not reached but by words of the machine stack.
    pub(in crate::object) uncertain: bool,
}

impl Tracer {
    /// A tracer that lists references.
    pub(crate) fn lister() -> Tracer {
        Tracer {
            stack: Vec::new(),
            ranges: Vec::new(),
            base: 0,
            extent: 0,
            marks: std::ptr::null_mut(),
            young: false,
            work: 0,
            uncertain: false,
        }
    }

    /// Does only a word of the machine stack lead here, which may be stale?
    #[inline]
    pub fn is_uncertain(&self) -> bool {
        self.uncertain
    }

    /// Is this a young collection? Roots that have not changed since the last collection may
    /// then be left out.
    #[inline]
    pub fn is_young(&self) -> bool {
        self.young
    }

    /// Reports a value.
    #[inline]
    pub fn value(&mut self, v: Value) {
        if v.is_pointer() {
            self.cell(v.bits() as usize);
        }
    }

    #[inline(always)]
    fn cell(&mut self, address: usize) {
        let offset = address.wrapping_sub(self.base);
        if offset < self.extent {
            // SAFETY: the mark table covers the arena's extent.
            let word = unsafe { &mut *self.marks.add(offset >> 10) };
            let bit = 1 << ((offset >> 4) & 63);
            if *word & bit == 0 {
                *word |= bit;
                self.stack.push(address as *const Header);
            }
        } else if self.extent == 0 {
            self.stack.push(address as *const Header);
        }
    }

    /// Reports the header of a cell.
    #[inline]
    pub fn header(&mut self, header: *const Header) {
        self.cell(header as usize);
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

    /// Reports `count` value words (zero: nothing) from an address inside the object that is
    /// being traced.
    ///
    /// # Safety
    /// The words are readable and each is zero or a value.
    #[inline]
    pub unsafe fn words(&mut self, first: *const u64, count: usize) {
        if count > LONG && self.extent != 0 {
            self.ranges.push((first, count));
            return;
        }
        self.work += count * 8;
        for i in 0..count {
            // SAFETY: the caller says so.
            if let Some(v) = Value::from_bits(unsafe { first.add(i).read() }) {
                self.value(v);
            }
        }
    }

    /// Looks at a part of the last range; false when there is none.
    #[inline]
    pub(in crate::object) fn next_range(&mut self) -> bool {
        let Some((first, count)) = self.ranges.pop() else {
            return false;
        };
        let part = count.min(LONG);
        if count > part {
            // SAFETY: within the range.
            self.ranges.push((unsafe { first.add(part) }, count - part));
        }
        // SAFETY: ranges are only made by `words`, whose caller vouched for them, and the cell
        // they lie in is live and unchanged until the collection ends.
        unsafe { self.words(first, part) };
        true
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
impl<T: Trace> Trace for std::cell::RefCell<T> {
    fn trace_into(&self, tracer: &mut Tracer) {
        if let Ok(inner) = self.try_borrow() {
            inner.trace_into(tracer);
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
