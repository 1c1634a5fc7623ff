//! Typed pointers to heap cells, and the fields that hold them.
//!
//! [`Gc`] is a copyable pointer that derefs to its object. It may live on the Rust stack, in
//! registers and in heap cells (as [`Slot`] or [`GcSlot`], which run the write barrier), and
//! nowhere else. Objects are shared and mutable, so their fields are `Cell`s.

use std::cell::Cell;
use std::marker::PhantomData;
use std::ops::Deref;
use std::ptr::NonNull;

use super::gc::barrier;
use super::header::Header;
use super::kind::Kind;
use super::trace::Tracer;
use super::value::Value;

/// A layout of heap cells.
///
/// # Safety
/// The type is `#[repr(C)]`, its first field is a [`Header`] (or a
/// [`NativeHeader`](super::native::NativeHeader)), `matches` accepts only cells of this very
/// layout, and `trace` reports every field that can hold a heap pointer.
pub unsafe trait HeapObject: 'static {
    /// The layout's number in the header.
    const KIND: Kind;
    /// Do cells end in a part whose size differs from object to object?
    const VARIABLE: bool = false;

    /// Does a cell with this header have this layout?
    #[inline(always)]
    fn matches(header: &Header) -> bool {
        header.kind() == Self::KIND
    }

    /// Reports the heap pointers in the object.
    fn trace(&self, tracer: &mut Tracer);
}

/// A pointer to a live heap cell of layout T.
#[repr(transparent)]
pub struct Gc<T: HeapObject>(NonNull<T>);

impl<T: HeapObject> Gc<T> {
    /// A typed pointer from an address.
    ///
    /// # Safety
    /// `p` addresses a live, initialised cell of layout T.
    #[inline(always)]
    pub unsafe fn from_raw(p: *mut T) -> Gc<T> {
        // SAFETY: the caller says that it addresses a cell, so it is not null.
        Gc(unsafe { NonNull::new_unchecked(p) })
    }

    /// The pointer as a value.
    #[inline(always)]
    pub fn value(self) -> Value {
        match Value::from_bits(self.0.as_ptr() as u64) {
            Some(v) => v,
            None => unreachable!("a Gc is not null"),
        }
    }

    /// The raw pointer.
    #[inline(always)]
    pub fn as_ptr(self) -> *mut T {
        self.0.as_ptr()
    }

    /// The cell's header.
    #[inline(always)]
    pub fn header(&self) -> &Header {
        // SAFETY: every layout starts with a header.
        unsafe { &*(self.0.as_ptr() as *const Header) }
    }

    /// Same cell?
    #[inline(always)]
    pub fn is(self, other: Gc<T>) -> bool {
        self.0 == other.0
    }
}

impl<T: HeapObject> Clone for Gc<T> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}
impl<T: HeapObject> Copy for Gc<T> {}

impl<T: HeapObject> Deref for Gc<T> {
    type Target = T;
    #[inline(always)]
    fn deref(&self) -> &T {
        // SAFETY: a Gc addresses a live cell of layout T; the pointer itself keeps it alive
        // because the collector finds it on the stack.
        unsafe { self.0.as_ref() }
    }
}

impl<T: HeapObject> PartialEq for Gc<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T: HeapObject> Eq for Gc<T> {}

impl<T: HeapObject> std::fmt::Debug for Gc<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Gc({:?})", self.value())
    }
}

/// A field that holds a value or nothing.
#[repr(transparent)]
#[derive(Default)]
pub struct Slot(Cell<u64>);

impl Slot {
    /// A slot for an object that is just being made (no barrier needed).
    #[inline(always)]
    pub const fn new(v: Value) -> Slot {
        Slot(Cell::new(v.bits()))
    }

    /// As [`Slot::new`], from an option.
    #[inline(always)]
    pub fn from_option(v: Option<Value>) -> Slot {
        Slot(Cell::new(v.map_or(0, Value::bits)))
    }

    /// A slot that holds nothing.
    #[inline(always)]
    pub const fn empty() -> Slot {
        Slot(Cell::new(0))
    }

    /// What it holds.
    #[inline(always)]
    pub fn get(&self) -> Option<Value> {
        Value::from_bits(self.0.get())
    }

    /// Stores a value. `owner` is the header of the object that contains this slot.
    #[inline(always)]
    pub fn set(&self, owner: &Header, v: Value) {
        self.0.set(v.bits());
        barrier::write(owner, v);
    }

    /// Stores a value or nothing.
    #[inline(always)]
    pub fn set_option(&self, owner: &Header, v: Option<Value>) {
        match v {
            Some(v) => self.set(owner, v),
            None => self.0.set(0),
        }
    }

    /// Empties the slot.
    #[inline(always)]
    pub fn clear(&self) {
        self.0.set(0);
    }

    /// Takes the value out.
    #[inline(always)]
    pub fn take(&self) -> Option<Value> {
        let v = self.get();
        self.0.set(0);
        v
    }

    /// The raw word.
    #[inline(always)]
    pub fn bits(&self) -> u64 {
        self.0.get()
    }
}

/// A field that holds a typed pointer or nothing.
#[repr(transparent)]
pub struct GcSlot<T: HeapObject>(Slot, PhantomData<Cell<Option<Gc<T>>>>);

impl<T: HeapObject> Default for GcSlot<T> {
    fn default() -> Self {
        GcSlot::empty()
    }
}

impl<T: HeapObject> GcSlot<T> {
    /// A slot for an object that is just being made.
    #[inline(always)]
    pub fn new(p: Gc<T>) -> Self {
        GcSlot(Slot::new(p.value()), PhantomData)
    }

    /// As [`GcSlot::new`], from an option.
    #[inline(always)]
    pub fn from_option(p: Option<Gc<T>>) -> Self {
        GcSlot(Slot::from_option(p.map(Gc::value)), PhantomData)
    }

    /// A slot that holds nothing.
    #[inline(always)]
    pub const fn empty() -> Self {
        GcSlot(Slot::empty(), PhantomData)
    }

    /// What it holds.
    #[inline(always)]
    pub fn get(&self) -> Option<Gc<T>> {
        let v = self.0.get()?;
        // SAFETY: only pointers to T are ever stored.
        Some(unsafe { Gc::from_raw(v.bits() as *mut T) })
    }

    /// Stores a pointer. `owner` is the header of the object that contains this slot.
    #[inline(always)]
    pub fn set(&self, owner: &Header, p: Gc<T>) {
        self.0.set(owner, p.value());
    }

    /// Stores a pointer or nothing.
    #[inline(always)]
    pub fn set_option(&self, owner: &Header, p: Option<Gc<T>>) {
        self.0.set_option(owner, p.map(Gc::value));
    }

    /// Empties the slot.
    #[inline(always)]
    pub fn clear(&self) {
        self.0.clear();
    }

    /// The slot without its type.
    #[inline(always)]
    pub fn untyped(&self) -> &Slot {
        &self.0
    }
}
