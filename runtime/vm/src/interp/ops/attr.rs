//! Attribute access with inline caches.

use crate::Thread;
use crate::feedback::{CacheKind, FeedbackSlot, seen};
use crate::object::{Gc, Kind, Result, Value, attributes};
use crate::protocol::attr::Method;
use crate::types::T;
use crate::types::descriptor::{ClassMethod, GetSet, Member, StaticMethod};
use crate::types::module::Module;
use crate::types::str_::Str;
use crate::types::type_::{Type, flags};

/// Notes a case of a site: what to do for objects of this value's shape.
fn remember(
    th: &Thread,
    fb: &FeedbackSlot,
    v: Value,
    kind: CacheKind,
    slot: u16,
    value: u64,
    value2: u64,
) {
    let id = th.shape_of(v);
    let version = th.class_of(v).ensure_version(th);
    if version == 0 {
        return;
    }
    let Some(s) = fb.place(|s| s.shape.get() == id.0) else {
        return;
    };
    s.shape.set(id.0);
    s.version.set(version);
    s.slot.set(slot);
    s.refer(th.vm(), value, value2);
    s.kind.set(kind);
}

/// `v[k]`; notes a `__getitem__` in Python.
pub fn subscript(th: &mut Thread, fb: &FeedbackSlot, v: Value, k: Value) -> Result {
    if fb.kind.get() == CacheKind::Empty
        && fb.count.get() < 8
        && v.kind() == Kind::Instance
        && th.class_of(v).slots().getitem.is_some()
    {
        // Looked for a few times only: most classes have it from their layout.
        fb.count.set(fb.count.get() + 1);
        let name = th.names().__getitem__;
        if let Some(f) = th.class_of(v).lookup(th, name)
            && f.kind() == Kind::Function
        {
            remember(th, fb, v, CacheKind::Method, 0, f.bits(), 0);
        }
    }
    th.get_item(v, k)
}

/// Notes what a name gives for a class object whose metaclass looks names up as `type` does.
fn remember_on_class(th: &mut Thread, fb: &FeedbackSlot, class: Gc<Type>, name: Gc<Str>) {
    let Some((value, kind)) = found_on_class(th, class, name) else {
        return;
    };
    let version = class.ensure_version(th);
    if version == 0 {
        return;
    }
    let bits = class.value().bits();
    let Some(s) = fb.place(|s| s.value2.get() == bits && is_class_case(s)) else {
        return;
    };
    s.shape.set(th.shape_of(class.value()).0);
    s.version.set(version);
    s.refer(th.vm(), value.bits(), bits);
    s.kind.set(kind);
}

/// What `C.name` gives for a class whose metaclass looks names up as `type` does, and how:
/// `TypeAttribute`, or `TypeMethod` for the function of a class method. It holds as long as the class
/// has its version, which it loses when its metaclass changes.
pub(crate) fn found_on_class(
    th: &mut Thread,
    class: Gc<Type>,
    name: Gc<Str>,
) -> Option<(Value, CacheKind)> {
    let meta = th.class_of(class.value());
    let plain = th.vm().ty(T::Type).slots().getattro;
    let same =
        matches!((plain, meta.slots().getattro), (Some(f), Some(g)) if std::ptr::fn_addr_eq(f, g));
    // (Without a version nobody is told that it changes.)
    if !same || meta.ensure_version(th) == 0 {
        return None;
    }
    if let Some(d) = meta.lookup(th, name)
        && d.is_pointer()
        && th.class_of(d).slots().descr_set.is_some()
    {
        return None;
    }
    let found = class.lookup(th, name)?;
    let (mut kind, mut value) = (CacheKind::TypeAttribute, found);
    if found.is_pointer() && th.class_of(found).slots().descr_get.is_some() {
        if th.has_class(found, T::StaticMethod) {
            match found.downcast::<StaticMethod>().and_then(|s| s.function()) {
                Some(f) => value = f,
                None => return None,
            }
        } else if th.has_class(found, T::ClassMethod) {
            match found.downcast::<ClassMethod>().and_then(|s| s.function()) {
                Some(f) if f.kind() == Kind::Function => {
                    kind = CacheKind::TypeMethod;
                    value = f;
                }
                _ => return None,
            }
        } else if !th.is_method_descriptor(found) {
            return None;
        }
    }
    Some((value, kind))
}

fn is_class_case(s: &FeedbackSlot) -> bool {
    matches!(
        s.kind.get(),
        CacheKind::TypeAttribute | CacheKind::TypeMethod
    )
}

/// What a site knows of a class object: the value, and whether it is a class method's function.
pub fn cached_on_class(fb: &FeedbackSlot, v: Value) -> Option<(Value, bool)> {
    let class = v.downcast::<Type>()?;
    let s = fb
        .cases()
        .find(|s| s.value2.get() == v.bits() && is_class_case(s))?;
    if class.version.get() != s.version.get() {
        return None;
    }
    let value = Value::from_bits(s.value.get())?;
    Some((value, s.kind.get() == CacheKind::TypeMethod))
}

/// What a value found on the class gives for every instance: itself, or what a static method wraps.
fn plain_value(th: &Thread, found: Value, descriptor: bool) -> Option<Value> {
    if !descriptor {
        return Some(found);
    }
    if th.has_class(found, T::StaticMethod) {
        return found.downcast::<StaticMethod>()?.function();
    }
    None
}

/// `LoadAttr` after a cache miss.
#[cold]
pub fn load(th: &mut Thread, fb: &FeedbackSlot, v: Value, name: Gc<Str>) -> Result {
    fb.note(seen::OTHER);
    if fb.is_megamorphic() {
        return th.get_attr(v, name);
    }
    let class = th.class_of(v);
    if class.has(flags::PLAIN_GETATTR) {
        let found = class.lookup(th, name);
        let mut data = false;
        let mut descriptor = false;
        if let Some(d) = found
            && d.is_pointer()
        {
            let dclass = th.class_of(d);
            let s = dclass.slots();
            descriptor = s.descr_get.is_some();
            data = s.descr_set.is_some() && descriptor;
            if data {
                if let Some(m) = d.downcast::<Member>() {
                    remember(th, fb, v, CacheKind::Member, m.index(), 0, 0);
                } else if let Some(p) = d.downcast::<crate::types::property::Property>()
                    && th.has_class(d, T::Property)
                    && let Some(f) = p.get.get()
                    && f.kind() == Kind::Function
                {
                    remember(th, fb, v, CacheKind::Property, 0, f.bits(), 0);
                } else if let Some(g) = d.downcast::<GetSet>()
                    && v.is_pointer()
                    && g.suits(th, v)
                {
                    remember(th, fb, v, CacheKind::GetSet, 0, d.bits(), 0);
                }
            }
        }
        if !data && let Some(h) = v.header() {
            let shape = th.shape(h.shape());
            if shape.has_attributes && !shape.dictionary_mode {
                match th.vm().shapes.lookup(h.shape(), name) {
                    Some(i) if i < shape.inline_capacity && shape.payload_size != 0 => {
                        let offset = shape.payload_size + 8 + 8 * i;
                        remember(th, fb, v, CacheKind::InlineSlot, offset, 0, 0);
                    }
                    Some(i) if i >= shape.inline_capacity && shape.payload_size != 0 => {
                        let i = i - shape.inline_capacity;
                        remember(th, fb, v, CacheKind::OverflowSlot, i, 0, 0);
                    }
                    Some(_) => {}
                    None => {
                        if let Some(d) = found.and_then(|d| plain_value(th, d, descriptor)) {
                            remember(th, fb, v, CacheKind::ClassValue, 0, d.bits(), 0);
                        }
                    }
                }
            } else if !shape.has_attributes
                && let Some(d) = found.and_then(|d| plain_value(th, d, descriptor))
            {
                remember(th, fb, v, CacheKind::ClassValue, 0, d.bits(), 0);
            }
        }
    } else if v.kind() == Kind::Module
        && th.is_exact(v, T::Module)
        && let Some(m) = v.downcast::<Module>()
        && class.lookup(th, name).is_none()
        && let Some(i) = m.namespace().find_str(name)
    {
        let version = m.namespace().ensure_keys_version(th);
        let shape = th.shape_of(v).0;
        if version != 0
            && let Some(s) = fb.place(|s| s.shape.get() == shape)
        {
            s.shape.set(shape);
            s.version.set(version);
            s.refer(th.vm(), m.namespace().value().bits(), i as u64);
            s.kind.set(CacheKind::ModuleAttribute);
        }
    } else if let Some(class) = v.downcast::<Type>() {
        remember_on_class(th, fb, class, name);
    }
    th.get_attr(v, name)
}

/// An attribute of a native type, by what a site remembers of it.
pub fn native_attribute(th: &mut Thread, fb: &FeedbackSlot, v: Value) -> Option<Result> {
    let g = Value::from_bits(fb.value.get())?.downcast::<GetSet>()?;
    Some(g.read(th, v))
}

/// `StoreAttr` after a cache miss.
#[cold]
pub fn store(
    th: &mut Thread,
    fb: &FeedbackSlot,
    v: Value,
    name: Gc<Str>,
    value: Value,
) -> Result<()> {
    let class = th.class_of(v);
    if !fb.is_megamorphic()
        && class.has(flags::PLAIN_SETATTR)
        && let Some(h) = v.header()
    {
        let found = class.lookup(th, name);
        let data =
            found.is_some_and(|d| d.is_pointer() && th.class_of(d).slots().descr_set.is_some());
        let shape = th.shape(h.shape());
        if let Some(m) = found.and_then(|d| d.downcast::<Member>()) {
            remember(th, fb, v, CacheKind::Member, m.index(), 0, 0);
        } else if !data
            && shape.has_attributes
            && !shape.dictionary_mode
            && class.has_instance_dict()
            && shape.payload_size != 0
        {
            let before = h.shape();
            match th.vm().shapes.lookup(before, name) {
                Some(i) if i < shape.inline_capacity => {
                    remember(
                        th,
                        fb,
                        v,
                        CacheKind::InlineSlot,
                        shape.payload_size + 8 + 8 * i,
                        0,
                        0,
                    );
                }
                Some(_) => {}
                None => {
                    let version = class.ensure_version(th);
                    th.generic_set_attr(v, name, Some(value))?;
                    let after = h.shape();
                    let new = th.shape(after);
                    if version != 0
                        && !new.dictionary_mode
                        && new.count - 1 < new.inline_capacity
                        && after != before
                        && let Some(s) = fb.place(|s| s.shape.get() == before.0)
                    {
                        s.shape.set(before.0);
                        s.version.set(version);
                        s.slot.set(new.payload_size + 8 + 8 * (new.count - 1));
                        s.refer(th.vm(), 0, after.0 as u64);
                        s.kind.set(CacheKind::AddSlot);
                    }
                    return Ok(());
                }
            }
        }
    }
    th.set_attr(v, name, value)
}

/// `LoadMethod` after a cache miss: callable, and the receiver to pass if any.
#[cold]
pub fn method(
    th: &mut Thread,
    fb: &FeedbackSlot,
    v: Value,
    name: Gc<Str>,
) -> Result<(Value, Option<Value>)> {
    fb.note(seen::OTHER);
    let class = th.class_of(v);
    if !fb.is_megamorphic()
        && class.has(flags::PLAIN_GETATTR)
        && let Some(f) = class.lookup(th, name)
        && (th.is_method_descriptor(f) || th.has_class(f, T::StaticMethod))
    {
        let shadowed = match v.header() {
            Some(h) => {
                let shape = th.shape(h.shape());
                shape.has_attributes
                    && (shape.dictionary_mode || th.vm().shapes.lookup(h.shape(), name).is_some())
            }
            None => false,
        };
        if !shadowed {
            if th.is_method_descriptor(f) {
                remember(th, fb, v, CacheKind::Method, 0, f.bits(), 0);
                return Ok((f, Some(v)));
            }
            if let Some(f) = plain_value(th, f, true) {
                remember(th, fb, v, CacheKind::ClassValue, 0, f.bits(), 0);
                return Ok((f, None));
            }
        }
    }
    if v.kind() == Kind::Type {
        if !fb.is_megamorphic()
            && let Some(class) = v.downcast::<Type>()
        {
            remember_on_class(th, fb, class, name);
            if let Some((f, bind)) = cached_on_class(fb, v) {
                return Ok((f, if bind { Some(v) } else { None }));
            }
        }
        return th.get_attr(v, name).map(|f| (f, None));
    }
    if v.kind() == Kind::Module {
        return load(th, fb, v, name).map(|f| (f, None));
    }
    match th.load_method(v, name)? {
        Method::Unbound(f) => Ok((f, Some(v))),
        Method::Bound(f) => Ok((f, None)),
    }
}

/// `LoadSuperAttr`: super, class and receiver are the three values.
pub fn super_attr(th: &mut Thread, sup: Value, class: Value, this: Value, name: Gc<Str>) -> Result {
    if sup.is(th.vm().ty(T::Super).value())
        && let Some(c) = class.downcast::<crate::types::type_::Type>()
        && !name.equals_str("__class__")
    {
        let start = crate::types::super_::check(th, c, this)?;
        if let Some(v) = crate::types::super_::lookup(th, c, this, start, name)? {
            return Ok(v);
        }
    }
    let s = th.call(sup, &[class, this])?;
    th.get_attr(s, name)
}

/// `LoadSuperMethod`
pub fn super_method(
    th: &mut Thread,
    fb: &FeedbackSlot,
    sup: Value,
    class: Value,
    this: Value,
    name: Gc<Str>,
) -> Result<(Value, Option<Value>)> {
    if sup.is(th.vm().ty(T::Super).value())
        && let Some(c) = class.downcast::<crate::types::type_::Type>()
    {
        let start = crate::types::super_::check(th, c, this)?;
        fb.note_shape(th.shape_of(this).0);
        let version = start.version.get();
        if version != 0
            && fb.kind.get() == CacheKind::Method
            && fb.version.get() == version
            && fb.value2.get() == class.bits()
            && let Some(f) = Value::from_bits(fb.value.get())
        {
            return Ok((f, Some(this)));
        }
        if !this.is(start.value())
            && let Some(f) = crate::types::super_::lookup_unbound(th, c, start, name)
            && th.is_method_descriptor(f)
        {
            let version = start.ensure_version(th);
            if version != 0 {
                fb.version.set(version);
                fb.refer(th.vm(), f.bits(), class.bits());
                fb.kind.set(CacheKind::Method);
            }
            return Ok((f, Some(this)));
        }
    }
    super_attr(th, sup, class, this, name).map(|f| (f, None))
}

/// `LoadSpecial`
pub fn special(th: &mut Thread, v: Value, which: u16) -> Result<(Value, Option<Value>)> {
    let n = th.names();
    let name = match which {
        0 => n.__enter__,
        1 => n.__exit__,
        2 => n.__aenter__,
        _ => n.__aexit__,
    };
    let class = th.class_of(v);
    let Some(f) = class.lookup(th, name) else {
        let t = th.full_name(class);
        let is_async = which >= 2;
        let (a, b) = if is_async {
            ("asynchronous context manager", n.__enter__)
        } else {
            ("context manager", n.__aenter__)
        };
        let missed = name.to_string_lossy();
        let q = t;
        let mut text =
            format!("'{q}' object does not support the {a} protocol (missed {missed} method)");
        if class.lookup(th, b).is_some() {
            text = if is_async {
                format!(
                    "'{q}' object does not support the asynchronous context manager protocol (missed {missed} method) but it supports the context manager protocol. Did you mean to use 'with'?"
                )
            } else {
                format!(
                    "'{q}' object does not support the context manager protocol (missed {missed} method) but it supports the asynchronous context manager protocol. Did you mean to use 'async with'?"
                )
            };
        }
        return Err(th.type_error(text));
    };
    if th.is_method_descriptor(f) {
        return Ok((f, Some(v)));
    }
    th.bind_descriptor(f, Some(v), class).map(|f| (f, None))
}

/// A `__slots__` member of an object, by cached index.
#[inline(always)]
pub fn member(th: &Thread, v: Value, index: u16) -> Option<Value> {
    let h = v.header()?;
    attributes::inline_slot(h, th.shape(h.shape()), index)
}

/// An attribute in the overflow buffer, by cached index.
#[inline(never)]
pub fn overflow(th: &Thread, v: Value, index: u16) -> Option<Value> {
    let h = v.header()?;
    let shape = th.shape(h.shape());
    attributes::slot(h, shape, shape.inline_capacity + index)
}
