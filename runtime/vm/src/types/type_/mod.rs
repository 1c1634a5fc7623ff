//! `type`: classes, native and Python ones.
//!
//! `create` makes classes (from static descriptions and from class statements), `lookup` finds
//! attributes through the MRO, `slot_rows` relates dunders and slots, `methods` is what Python
//! code sees of a class.

pub mod attributes;
pub mod create;
pub mod lookup;
pub mod methods;
pub mod mro;
pub mod slot_rows;

use std::cell::{Cell, RefCell, UnsafeCell};

use crate::Thread;
use crate::call::{GetSetDef, MethodDef};
use crate::object::slots::Slots;
use crate::object::{Gc, GcSlot, Header, HeapObject, Kind, Result, ShapeId, Slot, Value};
use crate::types::dict::Dict;
use crate::types::str_::Str;
use crate::types::tuple::Tuple;

pub use methods::TYPE;

/// Bits of a class's flags.
pub mod flags {
    /// May be subclassed.
    pub const BASETYPE: u32 = 1;
    /// Made by a class statement (or `type(…)`).
    pub const HEAP: u32 = 2;
    /// Has abstract methods.
    pub const ABSTRACT: u32 = 4;
    /// Matches sequence patterns.
    pub const SEQUENCE: u32 = 8;
    /// Matches mapping patterns.
    pub const MAPPING: u32 = 16;
    /// Attributes cannot be set from Python.
    pub const IMMUTABLE: u32 = 32;
    /// Instances have `__dict__`.
    pub const HAS_DICT: u32 = 64;
    /// Instances can be weakly referenced.
    pub const HAS_WEAKREF: u32 = 128;
    /// A single positional sub-pattern of a class pattern matches the subject itself.
    pub const MATCH_SELF: u32 = 256;
    /// Cannot be called to make an instance.
    pub const NO_INSTANTIATION: u32 = 512;
    /// Instances are functions that bind like methods when found on a class.
    pub const METHOD_DESCRIPTOR: u32 = 1024;
    /// `__getattribute__` is object's and there is no `__getattr__`.
    pub const PLAIN_GETATTR: u32 = 2048;
    /// `__setattr__` is object's.
    pub const PLAIN_SETATTR: u32 = 4096;
    /// A native type with mutable attributes (like `_thread._local`).
    pub const MUTABLE: u32 = 8192;
}

/// The layout of a type's instances.
#[derive(Clone, Copy)]
pub struct Payload {
    /// Its number.
    pub kind: Kind,
    /// Its size in bytes; 0 when it differs from instance to instance.
    pub size: u16,
}

impl Payload {
    /// The layout of a Rust type.
    pub const fn of<O: HeapObject>() -> Payload {
        Payload {
            kind: O::KIND,
            size: if O::VARIABLE {
                0
            } else {
                size_of::<O>() as u16
            },
        }
    }
}

/// The static description of a native type.
pub struct TypeDef {
    /// `__name__`
    pub name: &'static str,
    /// `__module__`
    pub module: &'static str,
    /// `__doc__`
    pub doc: &'static str,
    /// Base class; `object` when None.
    pub base: Option<&'static TypeDef>,
    /// See [`flags`].
    pub flags: u32,
    /// Layout of instances; inherited when None.
    pub payload: Option<Payload>,
    /// Methods.
    pub methods: &'static [&'static [MethodDef]],
    /// Attributes.
    pub getsets: &'static [&'static [GetSetDef]],
    /// Slots.
    pub slots: Slots,
}

/// A class.
#[repr(C)]
pub struct Type {
    head: Header,
    slots: UnsafeCell<Slots>,
    /// Static description, for native types.
    pub def: Option<&'static TypeDef>,
    /// `__name__`
    pub name: GcSlot<Str>,
    /// `__qualname__`
    pub qualname: GcSlot<Str>,
    /// `__base__`
    pub base: GcSlot<Type>,
    /// `__bases__`
    pub bases: GcSlot<Tuple>,
    /// `__mro__`
    pub mro: GcSlot<Tuple>,
    /// The namespace.
    pub dict: GcSlot<Dict>,
    /// See [`flags`].
    pub flags: Cell<u32>,
    /// Identifies the state of the class and its bases; 0: nobody asked since it last changed.
    pub version: Cell<u32>,
    /// Layout of instances.
    pub payload: Payload,
    /// Inline slots of `__slots__` members, inherited ones included.
    pub fixed: u16,
    /// Inline slots of a new instance.
    pub inline: u16,
    shape: Cell<ShapeId>,
    dictionary_shapes: RefCell<Vec<ShapeId>>,
    /// Direct subclasses; entries are dropped when a class dies.
    pub subclasses: RefCell<Vec<Gc<Type>>>,
    /// Cached `__init__`/`__new__` dispositions for fast construction; see `interp::ops::construct`.
    pub construct: Cell<u8>,
    /// `__annotations__`/`__annotate__` caches live in the dict; this holds `__abstractmethods__`.
    pub abstract_methods: Slot,
}

// SAFETY: repr(C) with a header first; every field with heap pointers is reported. Subclasses are
// weak on purpose.
#[allow(unsafe_code)]
unsafe impl HeapObject for Type {
    const KIND: Kind = Kind::Type;
    fn trace(&self, t: &mut crate::object::Tracer) {
        t.gc_slot(&self.name);
        t.gc_slot(&self.qualname);
        t.gc_slot(&self.base);
        t.gc_slot(&self.bases);
        t.gc_slot(&self.mro);
        t.gc_slot(&self.dict);
        t.slot(&self.abstract_methods);
    }
}

impl super::Named for Type {
    const NAME: &'static str = "type";
}

impl Type {
    /// A class with nothing in it but its layout.
    pub(crate) fn blank(
        head: Header,
        def: Option<&'static TypeDef>,
        payload: Payload,
        fixed: u16,
        inline: u16,
    ) -> Type {
        Type {
            head,
            slots: UnsafeCell::new(Slots::EMPTY),
            def,
            name: GcSlot::empty(),
            qualname: GcSlot::empty(),
            base: GcSlot::empty(),
            bases: GcSlot::empty(),
            mro: GcSlot::empty(),
            dict: GcSlot::empty(),
            flags: Cell::new(0),
            version: Cell::new(0),
            payload,
            fixed,
            inline,
            shape: Cell::new(ShapeId::FREE),
            dictionary_shapes: RefCell::default(),
            subclasses: RefCell::default(),
            construct: Cell::new(0),
            abstract_methods: Slot::empty(),
        }
    }

    /// The slots. The reference must not be kept across a change of the class; read the function
    /// pointer you want and call it.
    #[inline(always)]
    #[allow(unsafe_code)]
    pub fn slots(&self) -> &Slots {
        // SAFETY: slots are only replaced whole, by `set_slots`, under the interpreter lock; readers
        // copy function pointers out.
        unsafe { &*self.slots.get() }
    }

    /// Replaces the slots.
    #[allow(unsafe_code)]
    pub fn set_slots(&self, slots: Slots) {
        // SAFETY: as in `slots`.
        unsafe { *self.slots.get() = slots }
    }

    /// Is a flag set?
    #[inline(always)]
    pub fn has(&self, flag: u32) -> bool {
        self.flags.get() & flag != 0
    }

    /// Sets or clears a flag.
    pub fn set_flag(&self, flag: u32, on: bool) {
        self.flags.set(if on {
            self.flags.get() | flag
        } else {
            self.flags.get() & !flag
        });
    }

    /// Do instances have a `__dict__`?
    #[inline(always)]
    pub fn has_instance_dict(&self) -> bool {
        self.has(flags::HAS_DICT)
    }

    /// Shape of a new instance.
    #[inline(always)]
    pub fn instance_shape(&self) -> ShapeId {
        self.shape.get()
    }

    pub(crate) fn set_instance_shape(&self, id: ShapeId) {
        self.shape.set(id);
    }

    /// The shape of instances in dictionary mode with this cell layout.
    pub fn dictionary_shape(&self, th: &Thread, payload: u16, fixed: u16, inline: u16) -> ShapeId {
        let shapes = &th.vm().shapes;
        for id in self.dictionary_shapes.borrow().iter() {
            let s = shapes.get(*id);
            if s.payload_size == payload && s.inline_capacity == inline && s.fixed == fixed {
                return *id;
            }
        }
        let me = shapes.get(self.shape.get()).class();
        let id = shapes.push_dictionary(me, payload, fixed, inline);
        shapes.get(id).version.set(self.version.get());
        self.dictionary_shapes.borrow_mut().push(id);
        id
    }

    /// Calls `f` with every shape of the class.
    pub fn for_each_shape(&self, th: &Thread, f: &mut dyn FnMut(ShapeId)) {
        th.vm().shapes.for_each_derived(self.shape.get(), f);
        self.dictionary_shapes.borrow().iter().for_each(|id| f(*id));
    }

    /// The name in errors: a native type's with its module, as in `collections.deque`.
    pub fn error_name(&self) -> String {
        match self.def {
            Some(def) if def.module != "builtins" && !def.module.is_empty() => {
                format!("{}.{}", def.module, def.name)
            }
            _ => self.name_text(),
        }
    }

    /// `__name__` as text.
    pub fn name_text(&self) -> String {
        match self.name.get() {
            Some(n) => n.to_string_lossy(),
            None => self.def.map_or("?", |d| d.name).to_string(),
        }
    }

    /// Is it the class of a static description itself?
    pub fn is_made_from(&self, def: &'static TypeDef) -> bool {
        self.def.is_some_and(|own| std::ptr::eq(own, def))
    }

    /// Is this class `other`, or derived from it (by the MRO)?
    pub fn is_subtype(&self, other: Gc<Type>) -> bool {
        match self.mro.get() {
            Some(mro) => mro.as_slice().iter().any(|c| c.is(other.value())),
            None => {
                if std::ptr::eq(self, &raw const *other) {
                    return true;
                }
                let mut t = self.base.get();
                while let Some(b) = t {
                    if b.is(other) {
                        return true;
                    }
                    t = b.base.get();
                }
                false
            }
        }
    }

    /// The namespace.
    pub fn namespace(&self) -> Gc<Dict> {
        match self.dict.get() {
            Some(d) => d,
            None => unreachable!("class without namespace"),
        }
    }
}

impl Thread {
    /// Is `v` an instance of a builtin type or of a subclass of it?
    pub fn is_instance_of(&self, v: Value, t: super::T) -> bool {
        let class = self.class_of(v);
        let wanted = self.vm().ty(t);
        class.is(wanted) || class.is_subtype(wanted)
    }

    /// Is `v` an exact instance of a builtin type?
    #[inline(always)]
    pub fn is_exact(&self, v: Value, t: super::T) -> bool {
        self.shape_of(v) == t.shape()
    }

    /// As [`Thread::is_exact`], for types whose instances have a `__dict__`: with attributes of its own an
    /// instance has another shape.
    pub fn has_class(&self, v: Value, t: super::T) -> bool {
        self.class_of(v).is(self.vm().ty(t))
    }

    /// The class for a static description, made on first use.
    pub fn type_for(&mut self, def: &'static TypeDef) -> Gc<Type> {
        match self.vm().registered_type(def) {
            Some(t) => t,
            None => create::native(self, def, None),
        }
    }

    /// A new instance of a native type with the open layout.
    pub fn new_native<O: crate::object::NativeObject>(
        &mut self,
        def: &'static TypeDef,
        make: impl FnOnce(crate::object::NativeHeader) -> O,
    ) -> Gc<O> {
        let class = self.type_for(def);
        self.alloc_native(class, make)
    }

    /// The class as a value's class argument (`cls` of `__new__`), or TypeError.
    pub fn expect_type(&mut self, v: Value) -> Result<Gc<Type>> {
        match v.downcast::<Type>() {
            Some(t) => Ok(t),
            None => {
                let got = self.type_name(v);
                Err(self.type_error(format!("X is not a type object ({got})")))
            }
        }
    }
}
