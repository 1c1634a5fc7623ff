//! Where marking starts, and what the collector asks the virtual machine.
//!
//! Roots are of two sorts. **Exact** ones are reported by the machine ([`RootSet::trace_roots`]):
//! module tables, registered handles. **Conservative** ones are words of value stacks (up to the
//! end of their windows), frame records and machine stacks: any word that points at or into a
//! live cell keeps it alive. The
//! collecting thread's callee-saved registers are spilled and its stack is scanned from there;
//! other threads are stopped with their registers on their stacks, whose bounds the machine
//! knows.
//!
//! A conservative word is believed only if it leads to a cell that is allocated: the test uses
//! the mark bits of the last collection, so this scan precedes everything else.

use super::stats::Collection;
use crate::object::header::Header;
use crate::object::shape::ShapeId;
use crate::object::trace::Tracer;
use crate::object::value::Value;

/// The roots of a heap.
pub trait RootSet {
    /// Reports all exact roots. In a young collection ([`Tracer::is_young`]) roots that have not
    /// changed since the last one may be left out.
    fn trace_roots(&self, tracer: &mut Tracer);
    /// Calls `f` with every stack to be scanned other than the caller's own.
    fn conservative_ranges(&self, f: &mut dyn FnMut(StackRange));
}

/// The part of a stack that is in use.
#[derive(Clone, Copy, Debug)]
pub struct StackRange {
    /// Lower end.
    pub low: *const u64,
    /// Upper end.
    pub high: *const u64,
    /// It is the upper end that stays where it is.
    pub grows_down: bool,
}

impl StackRange {
    pub(super) fn bytes(self) -> usize {
        (self.high as usize).saturating_sub(self.low as usize)
    }
}

/// What shapes say of the objects that have them.
pub trait ShapeInfo {
    /// The class, if it is a heap cell. A shape's class must not change.
    fn class_of(&self, shape: ShapeId) -> Option<*const Header>;
    /// Size of the layout in front of the attribute area, header included; 0 if it differs from
    /// object to object or there is no such area.
    fn payload_size(&self, shape: ShapeId) -> usize;
    /// As [`ShapeInfo::payload_size`], for an object with an attribute area whose shape says 0.
    fn payload_size_of(&self, object: &Header) -> usize;
}

/// What weak references are like.
pub trait WeakReferences {
    /// Makes a weak reference refer to nothing. Must not allocate.
    fn clear_weak(&self, weakref: Value);
    /// Does somebody want to be called when the referent dies?
    fn has_callback(&self, weakref: Value) -> bool;
    /// Marking is finished: the machine drops what it holds weakly (caches, classes of shapes)
    /// and is not live. In a young collection whatever is old counts as live.
    fn sweep_tables(&self, kind: Collection, is_live: &dyn Fn(Value) -> bool);
}

/// All that a collection asks of the virtual machine.
pub trait CollectorHost: RootSet + ShapeInfo + WeakReferences {}
impl<T: RootSet + ShapeInfo + WeakReferences> CollectorHost for T {}

/// How many registers a callee saves. On ARM eight of the vector registers' lower halves are among
/// them, where a compiler may keep words that it moves in pairs.
const SAVED: usize = if cfg!(target_arch = "x86_64") { 6 } else { 20 };

/// Room for the callee-saved registers.
pub type SpillArea = std::mem::MaybeUninit<[u64; SAVED]>;

/// Stores the callee-saved registers in an area of the caller's; gives its address. What the
/// caller's caller had in them is there, or was saved by the caller above it.
#[inline(always)]
pub fn spill_registers(area: &mut SpillArea) -> *const u64 {
    let at = area.as_mut_ptr() as *mut u64;
    #[cfg(target_arch = "x86_64")]
    // SAFETY: stores six registers into an array with room for them.
    unsafe {
        std::arch::asm!(
            "mov [{at}], rbx",
            "mov [{at} + 8], rbp",
            "mov [{at} + 16], r12",
            "mov [{at} + 24], r13",
            "mov [{at} + 32], r14",
            "mov [{at} + 40], r15",
            at = in(reg) at,
            options(nostack, preserves_flags)
        );
    }
    #[cfg(target_arch = "aarch64")]
    // SAFETY: stores twenty registers into an array with room for them.
    unsafe {
        std::arch::asm!(
            "stp x19, x20, [{at}]",
            "stp x21, x22, [{at}, #16]",
            "stp x23, x24, [{at}, #32]",
            "stp x25, x26, [{at}, #48]",
            "stp x27, x28, [{at}, #64]",
            "stp x29, x30, [{at}, #80]",
            "stp d8, d9, [{at}, #96]",
            "stp d10, d11, [{at}, #112]",
            "stp d12, d13, [{at}, #128]",
            "stp d14, d15, [{at}, #144]",
            at = in(reg) at,
            options(nostack, preserves_flags)
        );
    }
    at
}

/// Calls `f` with the address of the lowest stack word that may hold a root of the caller,
/// after the callee-saved registers were stored at that address.
#[inline(never)]
pub fn with_spilled_registers<R>(f: impl FnOnce(*const u64) -> R) -> R {
    let mut registers = SpillArea::uninit();
    let at = spill_registers(&mut registers);
    let result = f(std::hint::black_box(at));
    std::hint::black_box(&registers);
    result
}

/// Overwrites the part of the machine stack that the caller's next calls will use, so that what
/// earlier calls left there is not taken for a root.
#[inline(never)]
pub fn scrub_stack() {
    let mut area = [0u64; 2048];
    std::hint::black_box(&mut area);
}

/// Upper end of the calling thread's stack; None if the system does not say.
pub fn stack_base() -> Option<*const u64> {
    // SAFETY: the attribute object is initialised by the first call and destroyed after use.
    unsafe {
        let mut attributes = std::mem::MaybeUninit::<libc::pthread_attr_t>::uninit();
        if libc::pthread_getattr_np(libc::pthread_self(), attributes.as_mut_ptr()) != 0 {
            return None;
        }
        let mut low = std::ptr::null_mut();
        let mut size = 0;
        let failed = libc::pthread_attr_getstack(attributes.as_ptr(), &mut low, &mut size);
        libc::pthread_attr_destroy(attributes.as_mut_ptr());
        if failed != 0 {
            None
        } else {
            Some((low as usize + size) as *const u64)
        }
    }
}
