//! The thread's way to the heap and the shape table, and allocation of typed objects.

use super::gc::Heap;
use super::header::Header;
use super::native::{NativeHeader, NativeObject};
use super::pointer::{Gc, HeapObject};
use super::shape::{Shape, ShapeId};
use super::value::Value;
use crate::Thread;
use crate::types::T;
use crate::types::type_::Type;
use crate::vm::Vm;

impl Thread {
    /// The interpreter.
    #[inline(always)]
    pub fn vm(&self) -> &'static Vm {
        // SAFETY: a Vm outlives all of its threads (it is only torn down after they are joined),
        // and the reference does not outlive the process's use of the Vm.
        unsafe { &*self.vm.as_ptr() }
    }

    /// The heap.
    #[inline(always)]
    pub fn heap(&mut self) -> &mut Heap {
        // SAFETY: the thread holds the interpreter lock, and the borrow of the thread keeps a
        // second reference from being made while this one lives.
        unsafe { &mut *self.vm().heap_cell().get() }
    }

    /// The shape with this number.
    #[inline(always)]
    pub fn shape(&self, id: ShapeId) -> &'static Shape {
        // SAFETY: ids in headers and caches were made by this interpreter's table; shapes do not move.
        unsafe { &*self.shapes.add(id.0 as usize) }
    }

    /// The class of a value.
    #[inline(always)]
    pub fn class_of(&self, v: Value) -> Gc<Type> {
        match v.header() {
            Some(h) => self.shape(h.shape()).class(),
            None if v.is_int() => self.vm().ty(T::Int),
            None => self.vm().ty(T::Float),
        }
    }

    /// The shape of a value; tagged numbers have their types' exact shapes.
    #[inline(always)]
    pub fn shape_of(&self, v: Value) -> ShapeId {
        match v.header() {
            Some(h) => h.shape(),
            None if v.is_int() => T::Int.shape(),
            None => T::Float.shape(),
        }
    }

    /// A new heap object.
    #[inline(always)]
    pub fn alloc<O: HeapObject>(&mut self, object: O) -> Gc<O> {
        let p = self.heap().allocate(size_of::<O>()) as *mut O;
        // SAFETY: the cell is fresh and large enough; every layout starts with its header.
        unsafe {
            p.write(object);
            let g = Gc::from_raw(p);
            self.note_new_object(&g);
            g
        }
    }

    #[inline(always)]
    fn note_new_object<O: HeapObject>(&mut self, g: &Gc<O>) {
        if O::KIND == super::Kind::Native && std::mem::needs_drop::<O>() {
            self.heap().register_native_drop(g.value());
        }
    }

    /// A header for a native object that is an exact instance of a builtin type.
    pub fn native_header<O: NativeObject>(&self, t: T) -> NativeHeader {
        NativeHeader::new::<O>(t.shape())
    }

    /// A new object with layout O of the class `class` (the type of O or a subclass of it). The
    /// payload is what `make` gives for a header; the attribute area starts out empty.
    pub fn alloc_of_class<O: HeapObject>(
        &mut self,
        class: Gc<Type>,
        make: impl FnOnce(Header) -> O,
    ) -> Gc<O> {
        let shape_id = class.instance_shape();
        let shape = self.shape(shape_id);
        let header = Header::new(O::KIND, shape_id);
        let mut size = size_of::<O>();
        if shape.has_attributes {
            debug_assert!(shape.payload_size as usize >= size);
            size = shape.payload_size as usize + 8 + 8 * shape.inline_capacity as usize;
        }
        let p = self.heap().allocate(size) as *mut O;
        // SAFETY: the cell is fresh, zeroed and large enough; the layout starts with a header.
        let g = unsafe {
            p.write(make(header));
            Gc::from_raw(p)
        };
        if shape.has_attributes {
            g.header().set_flag(super::HeaderFlags::ATTRIBUTES);
        }
        self.note_new_object(&g);
        self.note_finalizer(class, g.value());
        g
    }

    /// Has the finalizer of a new object run when it dies, if its class has one.
    #[inline(always)]
    pub fn note_finalizer(&mut self, class: Gc<Type>, v: Value) {
        if class.slots().del.is_some() {
            self.heap().register_finalizer(v);
        }
    }

    /// As [`Thread::alloc_of_class`], for open layouts.
    pub fn alloc_native<O: NativeObject>(
        &mut self,
        class: Gc<Type>,
        make: impl FnOnce(NativeHeader) -> O,
    ) -> Gc<O> {
        self.alloc_of_class::<O>(class, |header| {
            make(NativeHeader {
                header,
                vtable: O::VTABLE,
            })
        })
    }

    /// As [`Thread::alloc_of_class`], for layouts whose payload ends in a variable part of `extra`
    /// bytes. Classes with an attribute area keep it in front of the variable part's place only for
    /// fixed layouts, so for these the area follows the payload's rounded size.
    pub fn alloc_variable<O: HeapObject>(&mut self, object: O, extra: usize) -> Option<Gc<O>> {
        let size = size_of::<O>().checked_add(extra)?;
        let p = self.heap().try_allocate(size)? as *mut O;
        // SAFETY: the cell is fresh, zeroed and large enough.
        unsafe {
            p.write(object);
            Some(Gc::from_raw(p))
        }
    }

    /// As [`Thread::alloc_variable`], for a layout without references. The variable part may hold
    /// anything: the caller writes all of it before anybody else sees the object.
    pub fn alloc_leaf<O: HeapObject>(&mut self, object: O, extra: usize) -> Option<Gc<O>> {
        let size = size_of::<O>().checked_add(extra)?;
        let p = self.heap().try_allocate_leaf(size)? as *mut O;
        // SAFETY: the cell is fresh and large enough.
        unsafe {
            p.write(object);
            Some(Gc::from_raw(p))
        }
    }
}
