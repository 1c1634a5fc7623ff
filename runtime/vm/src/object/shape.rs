//! Shapes (hidden classes): what the first half of a header says.
//!
//! A shape names the class of an object and, for objects with an attribute area, which
//! attribute sits in which slot. Objects whose attributes were added in the same order share a
//! shape, so one 32-bit compare tells class and layout at once.
//!
//! The attribute area behind a payload is `[dict word][inline slots …]`. The dict word holds
//! nothing, an overflow buffer (more attributes than inline slots), or, in *dictionary mode*, the
//! real `__dict__`. The first `fixed` inline slots belong to `__slots__` members.
//!
//! Each shape carries a copy of its class's version: an inline cache that remembers what was
//! found on the class compares it, and a changed class renews it in all its shapes.
//!
//! The table is one reserved range of memory, so an index is an address; shapes do not move.

use std::cell::{Cell, RefCell};

use rustc_hash::FxHashMap;

use super::pointer::Gc;
use crate::types::str_::Str;
use crate::types::type_::Type;

/// Index of a shape. The exact shapes of builtin types have fixed numbers (see `types::table`).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
#[repr(transparent)]
pub struct ShapeId(pub u32);

impl ShapeId {
    /// A free cell.
    pub const FREE: ShapeId = ShapeId(0);
    /// A cell that is no Python object (buffers and tables).
    pub const INTERNAL: ShapeId = ShapeId(1);
    /// First of the builtin types' shapes.
    pub const FIRST_TYPE: u32 = 2;
}

/// One hidden class.
pub struct Shape {
    class: Cell<Option<Gc<Type>>>,
    /// Copy of the class's version; 0 when the class has none.
    pub version: Cell<u32>,
    /// Attributes are in a real dict behind the dict word.
    pub dictionary_mode: bool,
    /// Does an object of this shape have an attribute area?
    pub has_attributes: bool,
    /// Offset of the attribute area, in bytes.
    pub payload_size: u16,
    /// Inline slots, the fixed ones included.
    pub inline_capacity: u16,
    /// Slots of `__slots__` members.
    pub fixed: u16,
    /// Slots in use, the fixed ones included.
    pub count: u16,
    /// An object of this shape has got another one, or compiled code exists that gives it one.
    pub left: Cell<bool>,
    parent: ShapeId,
    name: Option<Gc<Str>>,
    transitions: RefCell<Vec<(Gc<Str>, ShapeId)>>,
    /// What an object gets that loses an attribute which is not the last one.
    removals: RefCell<Option<Box<Removals>>>,
    /// Of a root shape: removals known among the shapes derived from it.
    removal_count: Cell<u16>,
    index: RefCell<Option<Box<FxHashMap<Gc<Str>, u16>>>>,
}

type Removals = Vec<(Gc<Str>, ShapeId)>;

impl std::hash::Hash for Gc<Str> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        state.write_u64(self.value().bits());
    }
}

impl Shape {
    /// The class of the objects.
    #[inline(always)]
    pub fn class(&self) -> Gc<Type> {
        match self.class.get() {
            Some(c) => c,
            None => unreachable!("shape without class"),
        }
    }

    /// The class, or None for a shape that is not (or no longer) in use.
    pub fn class_option(&self) -> Option<Gc<Type>> {
        self.class.get()
    }

    /// Gives the shape its class (once, while the builtin types are being made, or None when the
    /// class has died).
    pub fn set_class(&self, class: Option<Gc<Type>>) {
        self.class.set(class);
    }

    /// Name of the attribute that this shape adds to its parent.
    pub fn added(&self) -> Option<Gc<Str>> {
        self.name
    }
}

/// What can be derived from a shape when an attribute is added.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Transition {
    /// The attribute gets this shape's last slot.
    Shape(ShapeId),
    /// Too many: the object must go to dictionary mode.
    Dictionary,
}

const CAPACITY: usize = 1 << 21;
const MAX_SLOTS: u16 = 512;
const MAX_TRANSITIONS: usize = 128;
/// Objects that lose attributes in more ways than this are used like dicts.
const MAX_REMOVALS: u16 = 32;
/// Most attributes behind the removed one.
const MAX_MOVED: u16 = 16;

/// All shapes of an interpreter.
pub struct ShapeTable {
    base: *mut Shape,
    len: Cell<u32>,
    free: RefCell<Vec<ShapeId>>,
}

impl ShapeTable {
    /// A table with room for `builtin` shapes to be given classes later.
    pub fn new(builtin: u32) -> ShapeTable {
        let size = CAPACITY * size_of::<Shape>();
        // SAFETY: an anonymous private mapping; pages are committed when touched.
        let p = unsafe {
            libc::mmap(
                std::ptr::null_mut(),
                size,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE,
                -1,
                0,
            )
        };
        assert!(
            p != libc::MAP_FAILED,
            "no address space for the shape table"
        );
        let t = ShapeTable {
            base: p as *mut Shape,
            len: Cell::new(0),
            free: RefCell::default(),
        };
        for _ in 0..ShapeId::FIRST_TYPE + builtin {
            t.push(None, 0, 0, 0, false);
        }
        t
    }

    /// Address of shape 0, for inline caches.
    #[inline(always)]
    pub fn base(&self) -> *const Shape {
        self.base
    }

    /// Number of shapes ever made.
    pub fn len(&self) -> u32 {
        self.len.get()
    }

    /// Never true: the builtin shapes are always there.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// The shape with this number.
    #[inline(always)]
    pub fn get(&self, id: ShapeId) -> &Shape {
        debug_assert!(id.0 < self.len.get());
        // SAFETY: ids are only made by this table, and shapes below `len` are initialised.
        unsafe { &*self.base.add(id.0 as usize) }
    }

    fn place(&self, shape: Shape) -> ShapeId {
        if let Some(id) = self.free.borrow_mut().pop() {
            // SAFETY: a freed shape is in the initialised range and nobody refers to it.
            unsafe { *self.base.add(id.0 as usize) = shape };
            return id;
        }
        let id = self.len.get();
        assert!((id as usize) < CAPACITY, "too many shapes");
        // SAFETY: within the mapping, checked above; the place was never initialised.
        unsafe { self.base.add(id as usize).write(shape) };
        self.len.set(id + 1);
        ShapeId(id)
    }

    /// A new root shape.
    pub fn push(
        &self,
        class: Option<Gc<Type>>,
        payload: u16,
        fixed: u16,
        inline: u16,
        attributes: bool,
    ) -> ShapeId {
        self.place(Shape {
            class: Cell::new(class),
            version: Cell::new(0),
            dictionary_mode: false,
            has_attributes: attributes,
            payload_size: payload,
            inline_capacity: inline.max(fixed),
            fixed,
            count: fixed,
            left: Cell::new(false),
            parent: ShapeId::FREE,
            name: None,
            transitions: RefCell::default(),
            removals: RefCell::default(),
            removal_count: Cell::new(0),
            index: RefCell::default(),
        })
    }

    /// Describes a builtin shape that `new` left open.
    pub fn define(
        &self,
        id: ShapeId,
        class: Gc<Type>,
        payload: u16,
        inline: u16,
        attributes: bool,
    ) {
        // SAFETY: `id` is one of the shapes made by `new`; nobody holds a reference to it yet.
        unsafe {
            let s = &mut *self.base.add(id.0 as usize);
            s.class.set(Some(class));
            s.payload_size = payload;
            s.inline_capacity = inline;
            s.has_attributes = attributes;
        }
    }

    /// The dictionary-mode shape beside a root shape.
    pub fn push_dictionary(
        &self,
        class: Gc<Type>,
        payload: u16,
        fixed: u16,
        inline: u16,
    ) -> ShapeId {
        let id = self.push(Some(class), payload, fixed, inline, true);
        // SAFETY: just made; nobody holds a reference to it.
        unsafe { (*self.base.add(id.0 as usize)).dictionary_mode = true };
        id
    }

    /// Lets a dead class's shapes go.
    pub fn release(&self, id: ShapeId) {
        self.get(id).set_class(None);
        self.free.borrow_mut().push(id);
    }

    /// The slot of an attribute (an interned name) in objects of this shape.
    pub fn lookup(&self, id: ShapeId, name: Gc<Str>) -> Option<u16> {
        let shape = self.get(id);
        if shape.count - shape.fixed > 8 {
            return self.lookup_indexed(shape, id, name);
        }
        let mut s = shape;
        while let Some(n) = s.name {
            if n.is(name) {
                return Some(s.count - 1);
            }
            s = self.get(s.parent);
        }
        None
    }

    fn lookup_indexed(&self, shape: &Shape, id: ShapeId, name: Gc<Str>) -> Option<u16> {
        let mut index = shape.index.borrow_mut();
        let map = index.get_or_insert_with(|| {
            let mut map = FxHashMap::default();
            let mut s = self.get(id);
            while let Some(n) = s.name {
                map.insert(n, s.count - 1);
                s = self.get(s.parent);
            }
            Box::new(map)
        });
        map.get(&name).copied()
    }

    /// The shape after adding an attribute (an interned name that is not there yet).
    pub fn add(&self, id: ShapeId, name: Gc<Str>) -> Transition {
        let shape = self.get(id);
        let mut transitions = shape.transitions.borrow_mut();
        if let Some((_, next)) = transitions.iter().find(|(n, _)| n.is(name)) {
            return Transition::Shape(*next);
        }
        if shape.count >= MAX_SLOTS || transitions.len() >= MAX_TRANSITIONS {
            return Transition::Dictionary;
        }
        let next = self.place(Shape {
            class: Cell::new(shape.class.get()),
            version: Cell::new(shape.version.get()),
            dictionary_mode: false,
            has_attributes: true,
            payload_size: shape.payload_size,
            inline_capacity: shape.inline_capacity,
            fixed: shape.fixed,
            count: shape.count + 1,
            left: Cell::new(false),
            parent: id,
            name: Some(name),
            transitions: RefCell::default(),
            removals: RefCell::default(),
            removal_count: Cell::new(0),
            index: RefCell::default(),
        });
        transitions.push((name, next));
        Transition::Shape(next)
    }

    /// The shape with the same attributes except the one in slot `index`, those behind it one slot
    /// further down. None when the object should go to dictionary mode.
    pub fn remove(&self, id: ShapeId, name: Gc<Str>, index: u16) -> Option<ShapeId> {
        let shape = self.get(id);
        if let Some(list) = &*shape.removals.borrow()
            && let Some((_, to)) = list.iter().find(|(n, _)| n.is(name))
        {
            return Some(*to);
        }
        if shape.count - index > MAX_MOVED {
            return None;
        }
        let mut behind = Vec::new();
        let (mut at, mut s) = (id, shape);
        while s.count > index + 1 {
            behind.extend(s.name);
            (at, s) = (s.parent, self.get(s.parent));
        }
        let mut to = s.parent;
        while s.name.is_some() {
            (at, s) = (s.parent, self.get(s.parent));
        }
        debug_assert!(self.get(at).count == shape.fixed);
        if s.removal_count.get() >= MAX_REMOVALS {
            return None;
        }
        for n in behind.into_iter().rev() {
            match self.add(to, n) {
                Transition::Shape(next) => to = next,
                Transition::Dictionary => return None,
            }
        }
        s.removal_count.set(s.removal_count.get() + 1);
        shape
            .removals
            .borrow_mut()
            .get_or_insert_default()
            .push((name, to));
        Some(to)
    }

    /// The shape before the last attribute was added.
    pub fn parent(&self, id: ShapeId) -> ShapeId {
        self.get(id).parent
    }

    /// Attribute names in slot order with their slots.
    pub fn attributes(&self, id: ShapeId) -> Vec<(Gc<Str>, u16)> {
        let mut v = Vec::new();
        let mut s = self.get(id);
        while let Some(n) = s.name {
            v.push((n, s.count - 1));
            s = self.get(s.parent);
        }
        v.reverse();
        v
    }

    /// Calls `f` with every shape derived from a root, the root included.
    pub fn for_each_derived(&self, root: ShapeId, f: &mut dyn FnMut(ShapeId)) {
        let mut work = vec![root];
        while let Some(id) = work.pop() {
            f(id);
            work.extend(self.get(id).transitions.borrow().iter().map(|(_, s)| *s));
        }
    }
}

impl Drop for ShapeTable {
    fn drop(&mut self) {
        // SAFETY: drops what was initialised, then unmaps what `new` mapped.
        unsafe {
            for i in 0..self.len.get() as usize {
                std::ptr::drop_in_place(self.base.add(i));
            }
            libc::munmap(
                self.base as *mut libc::c_void,
                CAPACITY * size_of::<Shape>(),
            );
        }
    }
}
