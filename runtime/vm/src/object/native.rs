//! The open layout: objects of native types that need no layout number of their own.
//!
//! Such a cell has, after the header, a pointer to a static table with the type's identity,
//! tracer and destructor. `#[derive(NativeObject)]` writes the implementation.

use std::any::TypeId;

use super::header::Header;
use super::kind::Kind;
use super::pointer::HeapObject;
use super::shape::ShapeId;
use super::trace::Tracer;

/// What the collector must know of a native layout.
pub struct NativeVtable {
    /// Identity of the Rust type.
    pub type_id: fn() -> TypeId,
    /// Size of the payload in bytes.
    pub size: usize,
    /// Reports the heap pointers in the object.
    pub trace: fn(*const Header, &mut Tracer),
    /// Destructor, for payloads that own something outside the heap.
    pub drop: Option<fn(*mut Header)>,
    /// Rust name, for diagnostics.
    pub name: &'static str,
}

/// First field of a native object.
#[repr(C)]
pub struct NativeHeader {
    /// The common header.
    pub header: Header,
    /// The layout's table.
    pub vtable: &'static NativeVtable,
}

impl NativeHeader {
    /// A header for a T of this shape.
    pub fn new<T: NativeObject>(shape: ShapeId) -> NativeHeader {
        NativeHeader {
            header: Header::new(Kind::Native, shape),
            vtable: T::VTABLE,
        }
    }
}

/// A type with the open layout.
///
/// # Safety
/// As for [`HeapObject`], with a [`NativeHeader`] as the first field.
pub unsafe trait NativeObject: Sized + 'static {
    /// The layout's table; use [`vtable_of`].
    const VTABLE: &'static NativeVtable;
    /// Reports the heap pointers in the object.
    fn trace_fields(&self, tracer: &mut Tracer);
}

/// The table for T.
pub const fn vtable_of<T: NativeObject>(name: &'static str) -> NativeVtable {
    NativeVtable {
        type_id: TypeId::of::<T>,
        size: size_of::<T>(),
        trace: |p, tracer| {
            // SAFETY: the table is only reached through a cell of layout T.
            unsafe { (*(p as *const T)).trace_fields(tracer) }
        },
        drop: if std::mem::needs_drop::<T>() {
            Some(|p| {
                // SAFETY: called once, by the sweeper, on a dead cell of layout T.
                unsafe { std::ptr::drop_in_place(p as *mut T) }
            })
        } else {
            None
        },
        name,
    }
}

// SAFETY: `matches` compares the identity of the Rust type, and the layout is `repr(C)` with a
// NativeHeader first by NativeObject's contract.
unsafe impl<T: NativeObject> HeapObject for T {
    const KIND: Kind = Kind::Native;

    #[inline(always)]
    fn matches(header: &Header) -> bool {
        if header.kind() != Kind::Native {
            return false;
        }
        // SAFETY: cells of kind Native start with a NativeHeader.
        let vtable = unsafe { (*(header as *const Header as *const NativeHeader)).vtable };
        std::ptr::eq(vtable, T::VTABLE) || (vtable.type_id)() == TypeId::of::<T>()
    }

    fn trace(&self, tracer: &mut Tracer) {
        self.trace_fields(tracer);
    }
}
