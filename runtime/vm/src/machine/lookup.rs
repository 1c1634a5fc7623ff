//! What the compiler asks of classes, shapes and namespaces. Answers hold while the assumption that
//! comes with them does.

use super::assumptions::Assumption;
use crate::Thread;
use crate::feedback::{CacheKind, FeedbackSlot};
use crate::object::{Gc, HeaderFlags, Kind, ShapeId, Value};
use crate::types::T;
use crate::types::builtin_function::Builtin;
use crate::types::code::Code;
use crate::types::descriptor::{Member, StaticMethod};
use crate::types::dict::Dict;
use crate::types::function::Function;
use crate::types::method::BoundMethod;
use crate::types::module::Module;
use crate::types::property::Property;
use crate::types::str_::Str;
use crate::types::type_::{Type, flags};

/// Where an attribute of objects of a shape is found.
#[derive(Clone, Debug)]
pub enum AttributePlace {
    /// In a slot of the object: index, offset; the class has no descriptor in the way. The slot is
    /// never empty: an object that loses an attribute gets another shape.
    Slot(u16, i32, Assumption),
    /// In a slot of a `__slots__` member, which may be empty: index, offset.
    Member(u16, i32, Assumption),
    /// Behind the inline slots: offset of the word with the buffer, index there.
    Overflow(i32, u16, Assumption),
    /// On the class, as it is.
    Class(Value, Assumption),
    /// A function on the class: it binds.
    Method(Value, Assumption),
    /// A property with this getter, a Python function.
    Property(Value, Assumption),
    /// Elsewhere.
    Unknown,
}

impl AttributePlace {
    /// Is it the same place, whatever is relied on for it?
    pub fn same(&self, other: &AttributePlace) -> bool {
        use AttributePlace::*;
        match (self, other) {
            (Slot(i, x, _), Slot(j, y, _)) | (Member(i, x, _), Member(j, y, _)) => i == j && x == y,
            (Overflow(x, i, _), Overflow(y, j, _)) => i == j && x == y,
            (Class(x, _), Class(y, _))
            | (Method(x, _), Method(y, _))
            | (Property(x, _), Property(y, _)) => x.is(*y),
            (Unknown, Unknown) => true,
            _ => false,
        }
    }
}

fn class_of_shape(th: &Thread, shape: u32) -> Option<Gc<Type>> {
    if shape >= th.vm().shapes.len() {
        return None;
    }
    th.shape(ShapeId(shape)).class_option()
}

/// The class whose instances have a shape.
pub fn class_with_shape(th: &Thread, shape: u32) -> Option<Value> {
    class_of_shape(th, shape).map(|c| c.value())
}

/// The assumption that a shape's class stays as it is.
pub fn class_assumption(th: &Thread, shape: u32) -> Option<Assumption> {
    let class = class_of_shape(th, shape)?;
    if class.ensure_version(th) == 0 {
        return None;
    }
    let a = Assumption::Class(class.value().bits());
    (!th.vm().assumptions.is_unstable(a)).then_some(a)
}

/// The assumption that a shape's class says of a name what it says now.
fn attribute_assumption(th: &Thread, shape: u32, name: Gc<Str>) -> Option<Assumption> {
    name_assumption(th, class_of_shape(th, shape)?, name)
}

fn name_assumption(th: &Thread, class: Gc<Type>, name: Gc<Str>) -> Option<Assumption> {
    if !name.is_interned() || class.ensure_version(th) == 0 {
        return None;
    }
    let a = Assumption::Attribute(class.value().bits(), name.value().bits());
    (!th.vm().assumptions.is_unstable(a)).then_some(a)
}

/// Finds an attribute of objects of a shape.
pub fn find_attribute(th: &mut Thread, shape: u32, name: Gc<Str>) -> AttributePlace {
    let Some(class) = class_of_shape(th, shape) else {
        return AttributePlace::Unknown;
    };
    if !class.has(flags::PLAIN_GETATTR) {
        return AttributePlace::Unknown;
    }
    let Some(assumption) = attribute_assumption(th, shape, name) else {
        return AttributePlace::Unknown;
    };
    let layout = th.shape(ShapeId(shape));
    let found = class.lookup(th, name);
    let mut descriptor = false;
    if let Some(d) = found
        && d.is_pointer()
    {
        let dclass = th.class_of(d);
        let slots = dclass.slots();
        descriptor = slots.descr_get.is_some();
        if descriptor && slots.descr_set.is_some() {
            if let Some(m) = d.downcast::<Member>()
                && layout.payload_size != 0
                && m.index() < layout.inline_capacity
            {
                let offset = layout.payload_size + 8 + 8 * m.index();
                return AttributePlace::Member(m.index(), offset as i32, assumption);
            }
            if let Some(p) = d.downcast::<Property>()
                && th.has_class(d, T::Property)
                && let Some(f) = p.get.get()
                && f.kind() == Kind::Function
            {
                return AttributePlace::Property(f, assumption);
            }
            return AttributePlace::Unknown;
        }
    }
    if layout.has_attributes {
        if layout.dictionary_mode {
            return AttributePlace::Unknown;
        }
        match th.vm().shapes.lookup(ShapeId(shape), name) {
            Some(i) if i < layout.inline_capacity && layout.payload_size != 0 => {
                let offset = layout.payload_size + 8 + 8 * i;
                return AttributePlace::Slot(i, offset as i32, assumption);
            }
            Some(i) if layout.payload_size != 0 => {
                let index = i - layout.inline_capacity;
                return AttributePlace::Overflow(layout.payload_size as i32, index, assumption);
            }
            Some(_) => return AttributePlace::Unknown,
            None => {}
        }
    }
    match found {
        Some(f) if th.is_method_descriptor(f) => AttributePlace::Method(f, assumption),
        Some(v) if th.has_class(v, T::StaticMethod) => {
            match v.downcast::<StaticMethod>().and_then(|s| s.function()) {
                Some(f) => AttributePlace::Class(f, assumption),
                None => AttributePlace::Unknown,
            }
        }
        Some(v) if !descriptor => AttributePlace::Class(v, assumption),
        _ => AttributePlace::Unknown,
    }
}

/// Where a store of an attribute goes.
#[derive(Clone, Debug, PartialEq)]
pub enum StorePlace {
    /// To a slot of the object: index, offset, the shape afterwards.
    Slot(u16, i32, u32),
    /// Behind the inline slots: offset of the word with the buffer, index there.
    Overflow(i32, u16),
}

/// Where a store of an attribute of objects of a shape goes, and what says so.
pub fn find_store(th: &mut Thread, shape: u32, name: Gc<Str>) -> Option<(StorePlace, Assumption)> {
    let class = class_of_shape(th, shape)?;
    if !class.has(flags::PLAIN_SETATTR) {
        return None;
    }
    let assumption = attribute_assumption(th, shape, name)?;
    let layout = th.shape(ShapeId(shape));
    let found = class.lookup(th, name);
    if let Some(m) = found.and_then(|d| d.downcast::<Member>()) {
        if layout.payload_size == 0 || m.index() >= layout.inline_capacity {
            return None;
        }
        let offset = layout.payload_size + 8 + 8 * m.index();
        return Some((
            StorePlace::Slot(m.index(), offset as i32, shape),
            assumption,
        ));
    }
    if found.is_some_and(|d| d.is_pointer() && th.class_of(d).slots().descr_set.is_some()) {
        return None;
    }
    if !layout.has_attributes
        || layout.dictionary_mode
        || !class.has_instance_dict()
        || layout.payload_size == 0
    {
        return None;
    }
    let (index, after) = match th.vm().shapes.lookup(ShapeId(shape), name) {
        Some(i) => (i, shape),
        None => match th.vm().shapes.add(ShapeId(shape), name) {
            crate::object::shape::Transition::Shape(next) => (layout.count, next.0),
            crate::object::shape::Transition::Dictionary => return None,
        },
    };
    if index >= layout.inline_capacity {
        let place =
            StorePlace::Overflow(layout.payload_size as i32, index - layout.inline_capacity);
        return (after == shape).then_some((place, assumption));
    }
    let offset = layout.payload_size + 8 + 8 * index;
    Some((StorePlace::Slot(index, offset as i32, after), assumption))
}

/// An attribute of a module or a class that is known: value, assumption, what must be kept alive.
pub fn module_attribute(
    th: &mut Thread,
    owner: Value,
    name: Gc<Str>,
) -> Option<(Value, Assumption, Value)> {
    if let Some(m) = owner.downcast::<Module>() {
        if !th.is_exact(owner, T::Module) || th.vm().ty(T::Module).lookup(th, name).is_some() {
            return None;
        }
        let ns = m.namespace();
        let v = ns.get_str(name)?;
        super::assumptions::watch(ns);
        let a = Assumption::Name(ns.value().bits(), name.value().bits());
        return Some((v, a, ns.value()));
    }
    match class_attribute(th, owner, name)? {
        (v, false, assumption) => Some((v, assumption, owner)),
        _ => None,
    }
}

/// What a class gives for a name: the value, whether it is a class method's function, which is to be
/// called with the class first, and what this relies on.
pub fn class_attribute(
    th: &mut Thread,
    owner: Value,
    name: Gc<Str>,
) -> Option<(Value, bool, Assumption)> {
    let c = owner.downcast::<Type>()?;
    let (v, kind) = crate::interp::ops::attr::found_on_class(th, c, name)?;
    let assumption = name_assumption(th, c, name)?;
    Some((v, kind == CacheKind::TypeMethod, assumption))
}

/// The method that `super().name` of a class finds for objects of a shape.
pub fn find_super_method(
    th: &mut Thread,
    sup: Value,
    class: Value,
    shape: u32,
    name: Gc<Str>,
) -> Option<(Value, Assumption)> {
    if !sup.is(th.vm().ty(T::Super).value()) {
        return None;
    }
    let class = class.downcast::<Type>()?;
    let start = class_of_shape(th, shape)?;
    if !start.is_subtype(class) {
        return None;
    }
    let a = attribute_assumption(th, shape, name)?;
    let f = crate::types::super_::lookup_unbound(th, class, start, name)?;
    th.is_method_descriptor(f).then_some((f, a))
}

/// A special method of the class of a shape.
pub fn special_method(th: &mut Thread, shape: u32, name: &str) -> Option<(Value, Assumption)> {
    let class = class_of_shape(th, shape)?;
    let a = class_assumption(th, shape)?;
    let name = th.intern(name);
    let f = class.lookup(th, name)?;
    Some((f, a))
}

/// Are objects of a shape instances of a builtin type, or of a class made from it?
pub fn derives_from(th: &Thread, shape: u32, t: T) -> bool {
    class_of_shape(th, shape).is_some_and(|c| c.is_subtype(th.vm().ty(t)))
}

/// Is this `object.__init__`, which does nothing?
pub fn is_object_init(th: &mut Thread, f: Value) -> bool {
    let name = th.names().__init__;
    let own = th.vm().ty(T::Object).lookup(th, name);
    own.is_some_and(|o| o.is(f))
}

/// Do objects of a shape, which derive from a builtin type, have this special method of that type? What
/// it relies on.
pub fn inherits(th: &mut Thread, shape: u32, t: T, name: &str) -> Option<Assumption> {
    if !derives_from(th, shape, t) {
        return None;
    }
    let (f, assumption) = special_method(th, shape, name)?;
    let name = th.intern(name);
    let own = th.vm().ty(t).lookup(th, name)?;
    f.is(own).then_some(assumption)
}

/// Has the class of a shape no subclasses? What that relies on.
pub fn has_no_subclass(th: &Thread, shape: u32) -> Option<Assumption> {
    let class = class_of_shape(th, shape)?;
    let a = Assumption::NoSubclass(class.value().bits());
    let none = class.subclasses.borrow().is_empty();
    (none && !th.vm().assumptions.is_unstable(a)).then_some(a)
}

/// Are objects of this shape always true?
pub fn always_true(th: &mut Thread, shape: u32) -> bool {
    class_of_shape(th, shape).is_some_and(|c| {
        let s = c.slots();
        c.payload.kind == Kind::Instance && s.bool_.is_none() && s.len.is_none()
    })
}

/// Are objects of this shape instances of classes made in Python?
pub fn are_instances(th: &Thread, shape: u32) -> bool {
    shape != 0
        && class_of_shape(th, shape)
            .is_some_and(|c| c.payload.kind == Kind::Instance && c.has(flags::HEAP))
}

/// Can an object of this shape get another one?
pub fn can_change_shape(th: &Thread, shape: u32) -> bool {
    class_of_shape(th, shape)
        .is_none_or(|c| c.has(flags::HEAP) || th.shape(ShapeId(shape)).has_attributes)
}

/// Have all objects of this shape kept it so far?
pub fn is_stable_shape(th: &Thread, shape: u32) -> bool {
    shape < th.vm().shapes.len() && !th.shape(ShapeId(shape)).left.get()
}

/// Code is being made that gives objects of this shape another one.
pub fn shape_will_be_left(th: &Thread, shape: u32) {
    if !th.shape(ShapeId(shape)).left.replace(true) {
        th.vm().assumptions.shape_left(shape);
    }
}

/// Are objects of a shape instances of a class? None when classes decide otherwise.
pub fn is_instance(th: &mut Thread, shape: u32, class: Gc<Type>) -> Option<(bool, Assumption)> {
    let meta = th.class_of(class.value());
    if !meta.is(th.vm().ty(T::Type)) {
        return None;
    }
    let c = class_of_shape(th, shape)?;
    let a = class_assumption(th, shape)?;
    if c.is(class) || c.is_subtype(class) {
        return Some((true, a));
    }
    // `__class__` may be a property that says otherwise.
    let name = th.intern("__class__");
    let plain = c.lookup(th, name);
    let object = th.vm().ty(T::Object).lookup(th, name);
    match (plain, object) {
        (Some(p), Some(o)) if p.is(o) => Some((false, a)),
        _ => None,
    }
}

/// How instances of a class are made.
pub struct Construction {
    /// Their shape at first.
    pub shape: u32,
    /// Inline slots.
    pub slots: usize,
    /// `__init__`, if it is not object's.
    pub init: Option<Gc<Function>>,
    /// What this relies on.
    pub assumption: Assumption,
}

/// How a call of a class makes an instance, if that is plain.
pub fn construction(th: &mut Thread, class: Gc<Type>) -> Option<Construction> {
    let slot = FeedbackSlot::default();
    if class.ensure_version(th) == 0 {
        return None;
    }
    let shape = class.instance_shape();
    let layout = th.shape(shape);
    if layout.dictionary_mode || (layout.has_attributes && layout.payload_size == 0) {
        return None;
    }
    let assumption = Assumption::Class(class.value().bits());
    if th.vm().assumptions.is_unstable(assumption) {
        return None;
    }
    let slots = layout.inline_capacity as usize;
    if crate::types::object::has_plain_init(th, class) {
        let meta = th.class_of(class.value());
        let plain = meta.is(th.vm().ty(T::Type))
            && class.payload.kind == Kind::Instance
            && !class.has(flags::ABSTRACT)
            && class.slots().del.is_none()
            && crate::types::object::has_plain_new(th, class)
            && class.has(flags::HEAP);
        return plain.then_some(Construction {
            shape: shape.0,
            slots,
            init: None,
            assumption,
        });
    }
    let init = crate::interp::ops::calls::construct_target(th, &slot, class)?;
    Some(Construction {
        shape: shape.0,
        slots,
        init: Some(init),
        assumption,
    })
}

/// How an instance of a shape is laid out.
pub struct InstanceLayout {
    /// Its header word.
    pub header: u64,
    /// Bytes of the cell.
    pub size: usize,
    /// Offset of the first inline slot.
    pub first_slot: i32,
}

/// The layout of instances of a shape.
pub fn instance_layout(th: &Thread, shape: u32) -> InstanceLayout {
    let s = th.shape(ShapeId(shape));
    let payload = (s.payload_size as usize).max(size_of::<crate::object::Header>());
    let mut flag = 0;
    let mut size = payload;
    if s.has_attributes {
        flag = HeaderFlags::ATTRIBUTES;
        size = payload + 8 + 8 * s.inline_capacity as usize;
    }
    InstanceLayout {
        header: header_word(shape, flag, Kind::Instance),
        size,
        first_slot: payload as i32 + 8,
    }
}

fn header_word(shape: u32, flags: u8, kind: Kind) -> u64 {
    // The fields of `Header` in order: shape, gc, flags, kind, aux.
    shape as u64 | (flags as u64) << 40 | (kind as u64) << 48
}

/// Header word, second word (0: none) and size of exact instances of some builtin types.
pub fn native_layout(_: &Thread, t: T) -> (u64, u64, usize) {
    use crate::object::NativeObject;
    use crate::types::cell::CellObject;
    use crate::types::iterators::{ListIterator, TupleIterator};
    use crate::types::range::{Range, RangeIterator};
    let shape = t.shape().0;
    fn native<O: NativeObject>(shape: u32) -> (u64, u64, usize) {
        (
            header_word(shape, 0, Kind::Native),
            O::VTABLE as *const crate::object::NativeVtable as u64,
            size_of::<O>(),
        )
    }
    match t {
        T::Range => native::<Range>(shape),
        T::RangeIterator => native::<RangeIterator>(shape),
        T::ListIterator => native::<ListIterator>(shape),
        T::TupleIterator => native::<TupleIterator>(shape),
        T::ListReverseIterator => {
            native::<crate::types::iterators::reverse::ListReverseIterator>(shape)
        }
        T::BytesIterator => native::<crate::types::bytes::BytesIterator>(shape),
        T::Cell => (
            header_word(shape, 0, Kind::Cell),
            0,
            size_of::<CellObject>(),
        ),
        _ => (
            header_word(shape, 0, Kind::BoundMethod),
            0,
            size_of::<BoundMethod>(),
        ),
    }
}

/// The module (or class) and name of a native function, or of a method descriptor.
pub fn builtin_name(o: Value) -> Option<(&'static str, &'static str)> {
    let b = o.downcast::<Builtin>()?;
    if let Some(c) = b.owner_type() {
        return Some((c.def.map_or("", |d| d.name), b.def.name));
    }
    let module = b.module.get()?.downcast::<Str>()?;
    let module = ["builtins", "math"]
        .into_iter()
        .find(|m| module.equals_str(m))?;
    Some((module, b.def.name))
}

/// Address of the method table's row of a method descriptor that applies to objects of a shape;
/// None for anything else. (Types may have a row in common.)
pub fn method_row(th: &Thread, o: Value, receiver: u32) -> Option<usize> {
    if !th.is_exact(o, T::MethodDescriptor) || receiver >= th.vm().shapes.len() {
        return None;
    }
    let b = o.downcast::<Builtin>()?;
    let class = th.shape(ShapeId(receiver)).class_option()?;
    if !class.is_subtype(b.owner_type()?) {
        return None;
    }
    Some(std::ptr::from_ref(b.def) as usize)
}

/// Is this `gc.collect`, which only the interpreter calls?
pub fn is_collector(th: &Thread, o: Value) -> bool {
    let def = o.downcast::<Builtin>().map(|b| std::ptr::from_ref(b.def));
    def.is_some() && def == th.vm().collector.get().map(std::ptr::from_ref)
}

/// Function and receiver of a bound method.
pub fn bound_method_parts(o: Value) -> Option<(Value, Value)> {
    let m = o.downcast::<BoundMethod>()?;
    Some((m.function, m.receiver))
}

/// A value that is known to be a function.
pub fn as_function(v: Value) -> Gc<Function> {
    match v.downcast::<Function>() {
        Some(f) => f,
        None => unreachable!("the compiler's own root"),
    }
}

/// Are the running frame's locals its globals (module level)?
pub fn locals_are_globals(th: &Thread, f: Gc<Function>) -> bool {
    th.stacks
        .current()
        .is_some_and(|frame| frame.function.is(f) && frame.locals == f.globals().value().bits())
}

/// Where the value of a global is kept: version of the keys, the table, the address.
pub fn global_place(th: &Thread, globals: Gc<Dict>, name: Gc<Str>) -> Option<(u32, Value, u64)> {
    let i = globals.find_str(name)?;
    let version = globals.ensure_keys_version(th);
    if version == 0 {
        return None;
    }
    let table = globals.table()?;
    let address = table.entries() as u64 + i as u64 * 24 + 16;
    Some((version, table.value(), address))
}

/// Number of registers that hold parameters.
pub fn parameter_count(code: Gc<Code>) -> usize {
    use taipan_bytecode::code::co_flags;
    let d = &code.data;
    (d.argcount + d.kwonlyargcount) as usize
        + (d.flags & co_flags::VARARGS != 0) as usize
        + (d.flags & co_flags::VARKEYWORDS != 0) as usize
}

/// Address of the first instruction word.
pub fn first_word(code: Gc<Code>) -> u64 {
    code.words() as u64
}

/// The feedback slots of a code object that the compiler keeps alive.
pub fn feedback_slots(th: &mut Thread, code: Gc<Code>) -> Vec<&'static FeedbackSlot> {
    let first = code.feedback_ptr(th, code);
    (0..code.data.feedback.len().max(1))
        // SAFETY: the slots of a code object are made once, as many, and live as long as it.
        .map(|i| unsafe { &*first.add(i) })
        .collect()
}

impl Thread {
    /// A register of the running frame.
    pub fn frame_register(&self, i: usize) -> Option<Value> {
        self.stacks.current()?.reg(i)
    }

    /// The function of the running frame.
    pub fn running_function(&self) -> Option<Gc<Function>> {
        Some(self.stacks.current()?.function)
    }

    /// Is the running frame a generator's?
    pub fn runs_generator(&self) -> bool {
        self.stacks.current().is_some_and(|f| f.generator != 0)
    }
}
