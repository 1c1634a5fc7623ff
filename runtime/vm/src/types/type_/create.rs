//! How classes come to be: from static descriptions, and from class statements.

use super::slot_rows::{FIRST_OF_SLOT, ROWS, SlotRow, rows_of_slot};
use super::{Payload, Type, TypeDef, flags, mro};
use crate::Thread;
use crate::call::{Args, MethodKind};
use crate::object::slots::Slots;
use crate::object::{Gc, Header, Kind, Result, ShapeId, Value};
use crate::types::builtin_function::SlotWrapper;
use taipan_bytecode::code::Constant;

use crate::types::dict::Dict;
use crate::types::function::Function;
use crate::types::str_::Str;
use crate::types::tuple::Tuple;
use crate::types::{T, descriptor};

/// Inline slots of instances of a class about which nothing is known.
const DEFAULT_INLINE: u16 = 4;
/// Most inline slots that `__static_attributes__` may ask for.
const MAX_INLINE: u16 = 48;

/// The class for a static description, made and registered. `shape` is the fixed shape number of
/// builtin types.
pub fn native(th: &mut Thread, def: &'static TypeDef, shape: Option<ShapeId>) -> Gc<Type> {
    if let Some(t) = th.vm().registered_type(def) {
        return t;
    }
    let base = match def.base {
        Some(b) => Some(th.type_for(b)),
        None if std::ptr::eq(def, T::Object.def()) => None,
        None => Some(th.vm().ty(T::Object)),
    };
    let class = allocate_native(th, def, base, shape);
    fill_native(th, class);
    class
}

/// First half of making a native class: the object, its layout and place in the hierarchy.
pub(crate) fn allocate_native(
    th: &mut Thread,
    def: &'static TypeDef,
    base: Option<Gc<Type>>,
    shape: Option<ShapeId>,
) -> Gc<Type> {
    let payload = def.payload.or(base.map(|b| b.payload)).unwrap_or(Payload {
        kind: Kind::Instance,
        size: 8,
    });
    let has_dict = def.flags & flags::HAS_DICT != 0 || base.is_some_and(|b| b.has_instance_dict());
    // Layouts of variable size have room for a dict only, behind their last item.
    let variable = payload.size == 0;
    let inline = if has_dict && !variable { 2 } else { 0 };
    let class = th.alloc(Type::blank(
        Header::new(Kind::Type, T::Type.shape()),
        Some(def),
        payload,
        0,
        inline,
    ));
    th.vm().register_type(def, class);
    if let Some(b) = base {
        class.base.set(class.header(), b);
        b.add_subclass(th, class);
    }
    let inherited = base.map_or(0, |b| {
        b.flags.get()
            & (flags::HAS_DICT
                | flags::HAS_WEAKREF
                | flags::SEQUENCE
                | flags::MAPPING
                | flags::MATCH_SELF)
    });
    let mutable = def.flags & flags::MUTABLE != 0;
    class
        .flags
        .set(def.flags | inherited | if mutable { 0 } else { flags::IMMUTABLE });
    let id = match shape {
        Some(id) => {
            th.vm()
                .shapes
                .define(id, class, payload.size, inline, has_dict);
            id
        }
        None => th
            .vm()
            .shapes
            .push(Some(class), payload.size, 0, inline, has_dict),
    };
    class.set_instance_shape(id);
    if variable && has_dict {
        let id = class.dictionary_shape(th, 0, 0, 0);
        class.set_instance_shape(id);
    }
    class
}

/// Second half: names, MRO, namespace, slots.
pub(crate) fn fill_native(th: &mut Thread, class: Gc<Type>) {
    let Some(def) = class.def else { return };
    let h = class.header();
    let name = th.intern(def.name.rsplit('.').next().unwrap_or(def.name));
    class.name.set(h, name);
    class.qualname.set(h, name);
    let base = class.base.get();
    let bases = match base {
        Some(b) => th.new_tuple(&[b.value()]),
        None => th.empty_tuple(),
    };
    class.bases.set(h, bases);
    let mut chain = vec![class];
    let mut b = base;
    while let Some(t) = b {
        chain.push(t);
        b = t.base.get();
    }
    let linear = th.tuple_from_iter(chain.iter().map(|t| t.value()));
    class.mro.set(h, linear);
    let dict = th.new_dict();
    class.dict.set(h, dict);

    let mut slots = def.slots;
    let own = def.slots;
    let wrappers = ROWS.iter().filter(|row| (row.is_set)(&own)).count();
    let methods: usize = def.methods.iter().map(|table| table.len()).sum();
    let getsets: usize = def.getsets.iter().map(|table| table.len()).sum();
    // Besides them `__new__`, `__doc__` and `__module__`.
    dict.make_room(th, wrappers + methods + getsets + 3);
    for row in ROWS {
        if (row.is_set)(&own) {
            if dict.get_str((row.interned)(th.names())).is_some() {
                continue;
            }
            if row.name == "__hash__"
                && own
                    .hash
                    .is_some_and(|f| f as usize == unhashable as *const () as usize)
            {
                let (k, none) = (th.names().__hash__, th.none());
                th.dict_set_str(dict, k, none);
                continue;
            }
            let w = th.new_slot_wrapper(class, row);
            let key = (row.interned)(th.names());
            th.dict_set_str(dict, key, w);
        }
    }
    if own.richcompare.is_some() && own.hash.is_none() {
        let (k, none) = (th.names().__hash__, th.none());
        th.dict_set_str(dict, k, none);
        slots.hash = Some(unhashable);
    }
    if let Some(b) = base {
        let mut from = *b.slots();
        from.text_signature = None;
        if own.new.is_none() && def.flags & flags::NO_INSTANTIATION != 0 {
            from.new = None;
        }
        slots.inherit(&from);
    }
    class.set_slots(slots);
    if own.buffer.is_some() {
        for m in &crate::call::buffer::METHODS {
            let v = th.new_method_descriptor(class, m);
            let key = th.intern(m.name);
            th.dict_set_str(dict, key, v);
        }
    }
    for table in def.methods {
        for m in *table {
            let v = th.new_method_descriptor(class, m);
            let key = th.intern(m.name);
            th.dict_set_str(dict, key, v);
        }
    }
    for table in def.getsets {
        for g in *table {
            let v = descriptor::new_getset(th, class, g);
            let key = th.intern(g.name);
            th.dict_set_str(dict, key, v);
        }
    }
    if crate::types::typing::generic_alias::is_subscriptable(def) {
        let m = &crate::types::typing::generic_alias::CLASS_GETITEM;
        let v = th.new_method_descriptor(class, m);
        let key = th.names().__class_getitem__;
        th.dict_set_str(dict, key, v);
    }
    if own.new.is_some() {
        let v = th.new_constructor(class);
        let key = th.names().__new__;
        th.dict_set_str(dict, key, v);
    }
    let key = th.names().__doc__;
    if dict.get_str(key).is_none() {
        let doc = if def.doc.is_empty() {
            th.none()
        } else {
            th.new_str(def.doc).value()
        };
        th.dict_set_str(dict, key, doc);
    }
    let key = th.names().__module__;
    // Instances may have a `__module__` of their own.
    if def.module != "builtins" && dict.get_str(key).is_none() {
        let v = th.intern(def.module).value();
        th.dict_set_str(dict, key, v);
    }
    update_access_flags(th, class);
}

/// `hash` slot of unhashable types.
pub fn unhashable(th: &mut Thread, v: Value) -> Result<i64> {
    th.unhashable(v)
}

/// The most derived metaclass of `meta` and the bases' classes. TypeError on conflict.
pub fn winner(th: &mut Thread, meta: Gc<Type>, bases: &[Value]) -> Result<Gc<Type>> {
    let mut best = meta;
    for b in bases {
        let m = th.class_of(*b);
        if best.is_subtype(m) {
            continue;
        }
        if m.is_subtype(best) {
            best = m;
            continue;
        }
        return Err(th.type_error(
            "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases",
        ));
    }
    Ok(best)
}

/// The ancestor that decides the layout: the nearest that adds to its base's.
fn solid_base(t: Gc<Type>) -> Gc<Type> {
    let mut t = t;
    while let Some(b) = t.base.get() {
        if t.payload.kind != b.payload.kind
            || t.payload.size != b.payload.size
            || t.fixed != b.fixed
        {
            return t;
        }
        t = b;
    }
    t
}

/// The base that decides the layout. TypeError when the layouts conflict.
pub(super) fn best_base(th: &mut Thread, bases: &[Value]) -> Result<Gc<Type>> {
    let mut best: Option<(Gc<Type>, Gc<Type>)> = None;
    for b in bases {
        let Some(b) = b.downcast::<Type>() else {
            return Err(th.type_error("bases must be types"));
        };
        if b.mro.get().is_none() {
            let n = b.name_text();
            return Err(th.type_error(format!("Cannot extend an incomplete type '{n}'")));
        }
        if !b.has(flags::BASETYPE) {
            let n = th.qualified_name(b);
            return Err(th.type_error(format!("type '{n}' is not an acceptable base type")));
        }
        let solid = solid_base(b);
        best = match best {
            None => Some((b, solid)),
            Some((_, s)) if s.is_subtype(solid) => best,
            Some((_, s)) if solid.is_subtype(s) => Some((b, solid)),
            Some(_) => return Err(th.type_error("multiple bases have instance lay-out conflict")),
        };
    }
    match best {
        Some((b, _)) => Ok(b),
        None => Ok(th.vm().ty(T::Object)),
    }
}

/// A class's name can be shown in C: UTF-8 without NUL.
pub(super) fn check_name(th: &mut Thread, name: Gc<Str>) -> Result<()> {
    let text = utf8(th, name)?;
    if text.contains('\0') {
        return Err(th.value_error("type name must not contain null characters"));
    }
    Ok(())
}

/// A string's text; UnicodeEncodeError for lone surrogates.
fn utf8(th: &mut Thread, s: Gc<Str>) -> Result<String> {
    match s.to_utf8() {
        Some(text) => Ok(text.into_owned()),
        None => {
            let encoding = th.new_str("utf-8");
            crate::codecs::encode_str(th, s, Some(encoding), None)?;
            Ok(s.to_string_lossy())
        }
    }
}

/// Names in `__slots__`, mangled, with whether `__dict__` and `__weakref__` are among them.
fn slot_names(
    th: &mut Thread,
    class_name: &str,
    slots: Value,
    base: Gc<Type>,
) -> Result<(Vec<Gc<Str>>, bool, bool)> {
    let single = slots.downcast::<Str>().is_some();
    let items = if single {
        th.new_tuple(&[slots])
    } else {
        th.to_tuple(slots)?
    };
    let (mut names, mut dict, mut weak) = (Vec::new(), false, false);
    for item in items.as_slice() {
        let Some(s) = item.downcast::<Str>() else {
            let got = th.type_name(*item);
            return Err(th.type_error(format!("__slots__ items must be strings, not '{got}'")));
        };
        let text = s.to_string_lossy();
        if !crate::types::str_::is_identifier(&text) {
            return Err(th.type_error("__slots__ must be identifiers"));
        }
        match text.as_str() {
            "__dict__" => {
                if dict || base.has_instance_dict() {
                    return Err(th.type_error("__dict__ slot disallowed: we already got one"));
                }
                dict = true;
            }
            "__weakref__" => {
                if weak || base.has(flags::HAS_WEAKREF) {
                    return Err(th.type_error("__weakref__ slot disallowed: we already got one"));
                }
                weak = true;
            }
            _ => {
                let mangled = if text.starts_with("__")
                    && !text.ends_with("__")
                    && !class_name.trim_start_matches('_').is_empty()
                {
                    format!("_{}{text}", class_name.trim_start_matches('_'))
                } else {
                    text
                };
                names.push(th.intern(&mangled));
            }
        }
    }
    let is_int = base.is_subtype(th.vm().ty(T::Int));
    if !names.is_empty() && (base.payload.size == 0 || is_int) {
        let n = base.name_text();
        return Err(th.type_error(format!(
            "nonempty __slots__ not supported for subtype of '{n}'"
        )));
    }
    names.sort_by_key(|n| n.to_string_lossy());
    Ok((names, dict, weak))
}

/// About how many names the class's body annotates: the attributes of a dataclass are set by a
/// function outside of it.
fn annotated(th: &Thread, ns: Gc<Dict>) -> u16 {
    let n = th.names();
    let text = |c: &&Constant| matches!(c, Constant::Str(_));
    if let Some(f) = ns
        .get_str(n.__annotate_func__)
        .and_then(|v| v.downcast::<Function>())
    {
        return f
            .code()
            .data
            .consts
            .iter()
            .filter(text)
            .count()
            .min(MAX_INLINE.into()) as u16;
    }
    match ns
        .get_str(n.__annotations__)
        .and_then(|v| v.downcast::<Dict>())
    {
        Some(d) => d.len().min(MAX_INLINE.into()) as u16,
        None => 0,
    }
}

fn inline_wish(th: &mut Thread, ns: Gc<Dict>, base: Gc<Type>) -> u16 {
    let own = match ns
        .get_str(th.names().__static_attributes__)
        .and_then(|v| v.downcast::<Tuple>())
    {
        Some(t) => t.len() as u16,
        None => 0,
    };
    let own = own.max(annotated(th, ns));
    let inherited = if base.has_instance_dict() {
        base.inline - base.fixed
    } else {
        0
    };
    (own + inherited).clamp(DEFAULT_INLINE, MAX_INLINE)
}

/// `type.__new__(meta, name, bases, namespace, **keywords)`
///
/// Raises what CPython's does: TypeError for layouts, metaclasses or MROs that conflict, and
/// whatever `__set_name__` and `__init_subclass__` raise.
pub fn class(
    th: &mut Thread,
    meta: Gc<Type>,
    name: Gc<Str>,
    bases: Gc<Tuple>,
    namespace: Gc<Dict>,
    keywords: Args<'_>,
) -> Result<Gc<Type>> {
    let object = th.vm().ty(T::Object);
    let bases = if bases.is_empty() {
        th.new_tuple(&[object.value()])
    } else {
        bases
    };
    let base = best_base(th, bases.as_slice())?;
    check_name(th, name)?;
    let ns = th.dict_copy(namespace);
    let n = th.names();
    if let Some(doc) = ns.get_str(n.__doc__).and_then(|d| d.downcast::<Str>()) {
        utf8(th, doc)?;
    }
    let name_text = name.to_string_lossy();

    let slots_value = ns.get_str(n.__slots__);
    let any_dict = bases
        .as_slice()
        .iter()
        .any(|b| b.downcast::<Type>().is_some_and(|b| b.has_instance_dict()));
    let any_weak = bases.as_slice().iter().any(|b| {
        b.downcast::<Type>()
            .is_some_and(|b| b.has(flags::HAS_WEAKREF))
    });
    let (members, has_dict, has_weak) = match slots_value {
        Some(s) => {
            let (m, d, w) = slot_names(th, &name_text, s, base)?;
            (m, d || any_dict, w || any_weak)
        }
        // Instances of variable size have no place for weak references in CPython.
        None => {
            let sized = [T::Int, T::Tuple, T::Bytes].map(|t| th.vm().ty(t));
            let sized = sized.into_iter().any(|t| base.is_subtype(t));
            (Vec::new(), true, any_weak || !sized)
        }
    };
    // Classes and modules keep their attributes in a namespace of their own.
    let has_dict = has_dict
        && !base.is_subtype(th.vm().ty(T::Type))
        && !base.is_subtype(th.vm().ty(T::Module));
    for m in &members {
        // What the compiler puts into the namespace is taken out again below.
        let implicit = [n.__qualname__, n.__classcell__, n.__classdictcell__];
        if ns.get_str(*m).is_some() && !implicit.iter().any(|i| m.is(*i)) {
            return Err(th.value_error(format!(
                "'{}' in __slots__ conflicts with class variable",
                m.to_string_lossy()
            )));
        }
    }
    let fixed = base.fixed + members.len() as u16;
    let variable = base.payload.size == 0;
    let inline = if variable {
        0
    } else {
        fixed
            + if has_dict {
                inline_wish(th, ns, base)
            } else {
                0
            }
    };

    let head = Header::new(Kind::Type, meta.instance_shape());
    let mut blank = Some(Type::blank(head, None, base.payload, fixed, inline));
    let class = if th.shape(meta.instance_shape()).has_attributes
        || meta.payload.size as usize != size_of::<Type>()
    {
        th.alloc_of_class(meta, |h| match blank.take() {
            Some(mut t) => {
                t.head = h;
                t
            }
            None => unreachable!("called once"),
        })
    } else {
        th.alloc(match blank.take() {
            Some(t) => t,
            None => unreachable!("taken once"),
        })
    };
    let h = class.header();
    class.name.set(h, name);
    class.qualname.set(h, name);
    class.base.set(h, base);
    class.bases.set(h, bases);
    class.dict.set(h, ns);
    let mut f = flags::HEAP | flags::BASETYPE;
    f |= base.flags.get() & flags::MATCH_SELF;
    // The first base that is one of the two decides what `match` takes it for.
    const PATTERNS: u32 = flags::SEQUENCE | flags::MAPPING;
    for b in bases.as_slice() {
        if let Some(b) = b.downcast::<Type>()
            && f & PATTERNS == 0
        {
            f |= b.flags.get() & PATTERNS;
        }
    }
    if has_dict {
        f |= flags::HAS_DICT;
    }
    if has_weak {
        f |= flags::HAS_WEAKREF;
    }
    class.flags.set(f);
    let has_area = has_dict || fixed > 0;
    let id = th
        .vm()
        .shapes
        .push(Some(class), base.payload.size, fixed, inline, has_area);
    class.set_instance_shape(id);
    if variable && has_dict {
        let id = class.dictionary_shape(th, 0, 0, 0);
        class.set_instance_shape(id);
    }

    // Things of the namespace that get a special form.
    if let Some(q) = ns.remove_str(n.__qualname__) {
        match q.downcast::<Str>() {
            Some(q) => class.qualname.set(h, q),
            None => {
                let got = th.type_name(q);
                return Err(th.type_error(format!("type __qualname__ must be a str, not {got}")));
            }
        }
    }
    if ns.get_str(n.__module__).is_none()
        && let Some(m) = th.current_globals().and_then(|g| g.get_str(n.__name__))
    {
        th.dict_set_str(ns, n.__module__, m);
    }
    if let Some(f) = ns.get_str(n.__new__)
        && f.kind() == Kind::Function
    {
        let v = descriptor::new_staticmethod(th, f);
        th.dict_set_str(ns, n.__new__, v);
    }
    for key in [n.__init_subclass__, n.__class_getitem__] {
        if let Some(f) = ns.get_str(key)
            && f.kind() == Kind::Function
        {
            let v = descriptor::new_classmethod(th, f);
            th.dict_set_str(ns, key, v);
        }
    }
    let cell = ns.remove_str(n.__classcell__);
    let dict_cell = ns.remove_str(n.__classdictcell__);
    for (i, m) in members.iter().enumerate() {
        let v = descriptor::new_slot_member(th, class, *m, base.fixed + i as u16);
        th.dict_set_str(ns, *m, v);
    }
    if has_dict && !base.has_instance_dict() && ns.get_str(n.__dict__).is_none() {
        let v = descriptor::dict_getset(th, class);
        th.dict_set_str(ns, n.__dict__, v);
    }
    if has_weak && !base.has(flags::HAS_WEAKREF) && ns.get_str(n.__weakref__).is_none() {
        let v = descriptor::weakref_getset(th, class);
        th.dict_set_str(ns, n.__weakref__, v);
    }
    if ns.get_str(n.__doc__).is_none() {
        let none = th.none();
        th.dict_set_str(ns, n.__doc__, none);
    }
    if ns.get_str(n.__eq__).is_some() && ns.get_str(n.__hash__).is_none() {
        let none = th.none();
        th.dict_set_str(ns, n.__hash__, none);
    }

    set_mro(th, class)?;
    fix_slots(th, class);
    for b in bases.as_slice() {
        if let Some(b) = b.downcast::<Type>() {
            b.add_subclass(th, class);
            th.vm().assumptions.subclassed(&b);
        }
    }
    if let Some(c) = cell {
        match c.downcast::<crate::types::cell::CellObject>() {
            Some(c) => c.contents.set(c.header(), class.value()),
            None => {
                let got = th.type_name(c);
                return Err(th.type_error(format!(
                    "__classcell__ must be a nonlocal cell, not <class '{got}'>"
                )));
            }
        }
    }
    if let Some(c) = dict_cell.and_then(|c| c.downcast::<crate::types::cell::CellObject>()) {
        c.contents.set(c.header(), ns.value());
    }
    set_names(th, class)?;
    init_subclass(th, class, keywords)?;
    Ok(class)
}

/// Computes and stores the MRO, by the metaclass's `mro()` when it overrides type's.
pub fn set_mro(th: &mut Thread, class: Gc<Type>) -> Result<()> {
    let name = th.names().mro;
    let meta = th.class_of(class.value());
    let custom = !meta.is(th.vm().ty(T::Type))
        && meta
            .lookup(th, name)
            .is_some_and(|f| f.kind() != Kind::Builtin);
    let order = if custom {
        let r = th.call_method(class.value(), name, &[])?;
        let t = th.to_tuple(r)?;
        let solid = solid_base(class);
        for c in t.as_slice() {
            let Some(c) = c.downcast::<Type>() else {
                let got = th.type_name(*c);
                return Err(th.type_error(format!("mro() returned a non-class ('{got}')")));
            };
            if !solid.is_subtype(solid_base(c)) {
                let n = c.name_text();
                let message = format!("mro() returned base with unsuitable layout ('{n}')");
                return Err(th.type_error(message));
            }
        }
        t
    } else {
        mro::compute(th, class)?
    };
    if custom {
        // `mro()` may have looked at the unfinished class.
        class.modified(th);
    }
    class.mro.set(class.header(), order);
    if custom {
        // Changes of a class that is in the MRO without being a base concern this class, too.
        let mut bases = Vec::new();
        all_bases(class, &mut bases);
        for c in order.as_slice().iter().filter_map(|c| c.downcast::<Type>()) {
            let known = c.is(class)
                || bases.iter().any(|b: &Gc<Type>| b.is(c))
                || c.subclasses.borrow().iter().any(|s| s.is(class));
            if !known {
                c.add_subclass(th, class);
            }
        }
    }
    Ok(())
}

fn all_bases(class: Gc<Type>, out: &mut Vec<Gc<Type>>) {
    let Some(bases) = class.bases.get() else {
        return;
    };
    for b in bases.as_slice().iter().filter_map(|b| b.downcast::<Type>()) {
        if !out.iter().any(|c| c.is(b)) {
            out.push(b);
            all_bases(b, out);
        }
    }
}

/// Fills the slots of a class in Python from its namespace and its bases.
pub fn fix_slots(th: &mut Thread, class: Gc<Type>) {
    let mut slots = Slots::EMPTY;
    if let Some(mro) = class.mro.get() {
        for c in mro.as_slice().iter().skip(1) {
            if let Some(c) = c.downcast::<Type>() {
                let mut from = *c.slots();
                from.text_signature = None;
                slots.inherit(&from);
            }
        }
    }
    // Slots without a dunder of their own come from the layout's base.
    if let Some(b) = class.base.get() {
        slots.buffer = b.slots().buffer.or(slots.buffer);
        slots.new = b.slots().new;
    }
    match only_base(th, class) {
        Some(base) => {
            // What the class does not define itself is as its base has it.
            let (buffer, new) = (slots.buffer, slots.new);
            slots = *base.slots();
            slots.text_signature = None;
            slots.buffer = buffer;
            slots.new = new;
            let own = class.namespace();
            let mut at = 0;
            while let Some((next, key, _)) = own.entry_from(at) {
                at = next;
                let Some(key) = key.downcast::<Str>() else {
                    continue;
                };
                if !key.as_ascii().is_some_and(|t| t.starts_with("__")) {
                    continue;
                }
                let key = th.intern_str(key);
                // Several slots may go by one name.
                for (i, row) in ROWS.iter().enumerate() {
                    if (row.interned)(th.names()).is(key) {
                        fix_slot(th, class, &mut slots, i);
                    }
                }
            }
        }
        None => {
            for (i, first) in FIRST_OF_SLOT.iter().enumerate() {
                // Once for each slot.
                if *first as usize == i {
                    fix_slot(th, class, &mut slots, i);
                }
            }
        }
    }
    let n = th.names();
    if class.lookup_uncached(n.__getattr__).is_some() {
        let row = ROWS.iter().find(|r| r.name == "__getattribute__");
        if let Some(row) = row {
            (row.set_generic)(&mut slots);
        }
    }
    if let Some((f, owner)) = class.lookup_with_owner(n.__new__)
        && owner.has(flags::HEAP)
        && !th.is_native_constructor(f)
    {
        slots.new = Some(crate::types::object::generic_new);
    }
    class.set_slots(slots);
    update_access_flags(th, class);
}

/// The base of a class that has one only, if its slots are what its subclasses' begin with:
/// `object` and classes in Python.
fn only_base(th: &Thread, class: Gc<Type>) -> Option<Gc<Type>> {
    let bases = class.bases.get()?;
    let [base] = bases.as_slice() else {
        return None;
    };
    let base = base.downcast::<Type>()?;
    let object = th.vm().registered_type(T::Object.def())?;
    // A metaclass may have ordered the MRO otherwise.
    let regular = class.mro.get()?.len() == base.mro.get()?.len() + 1;
    ((base.has(flags::HEAP) || base.is(object)) && regular).then_some(base)
}

/// Decides the slot of a row; rows that share it must agree for a native function to be taken over.
fn fix_slot(th: &mut Thread, class: Gc<Type>, slots: &mut Slots, i: usize) {
    let row: &SlotRow = &ROWS[i];
    if row.slot == "concat"
        || row.slot == "repeat"
        || row.slot == "inplace_concat"
        || row.slot == "inplace_repeat"
    {
        // `__add__` in a class statement goes to the number slot; the sequence slot must not be found.
        for r in rows_of_slot(i) {
            if let Some((_, owner)) = class.lookup_with_owner((r.interned)(th.names()))
                && owner.has(flags::HEAP)
            {
                (r.clear)(slots);
            }
        }
        return;
    }
    let mut generic = false;
    let mut native: Option<Gc<Type>> = None;
    let mut found = false;
    let mut none = false;
    for r in rows_of_slot(i) {
        let Some((v, owner)) = class.lookup_with_owner((r.interned)(th.names())) else {
            continue;
        };
        found = true;
        match v.downcast::<SlotWrapper>() {
            Some(w) if w.row().slot == r.slot && !generic => {
                let t = w.owner();
                match native {
                    Some(t0) if !t0.is(t) && !(r.same)(t0.slots(), t.slots()) => generic = true,
                    Some(_) => {}
                    None => native = Some(t),
                }
            }
            Some(_) => {
                // A wrapper of another slot (for example `__add__` of a sequence): not this slot's.
                if owner.has(flags::HEAP) {
                    generic = true;
                } else if !generic && native.is_none() {
                    found = false;
                }
            }
            None if th.is_none(v) && r.name == "__hash__" => none = true,
            None => generic = true,
        }
    }
    if generic {
        (row.set_generic)(slots);
    } else if none {
        slots.hash = Some(unhashable);
    } else if let Some(t) = native {
        (row.copy)(t.slots(), slots);
    } else if !found {
        (row.clear)(slots);
    }
}

/// Notes whether attribute access on instances is object's own, for the inline caches.
pub fn update_access_flags(th: &mut Thread, class: Gc<Type>) {
    let object = th.vm().registered_type(T::Object.def());
    let Some(object) = object else { return };
    let (o, s) = (object.slots(), class.slots());
    let same_get =
        matches!((o.getattro, s.getattro), (Some(a), Some(b)) if a as usize == b as usize);
    let same_set =
        matches!((o.setattro, s.setattro), (Some(a), Some(b)) if a as usize == b as usize);
    class.set_flag(flags::PLAIN_GETATTR, same_get);
    class.set_flag(flags::PLAIN_SETATTR, same_set);
    class.construct.set(0);
}

/// After `name` of the namespace changed: slots of the class and of its subclasses follow.
pub fn attribute_changed(th: &mut Thread, class: Gc<Type>, name: Gc<Str>) {
    let text = name.to_string_lossy();
    if !(text.starts_with("__") && text.ends_with("__")) {
        return;
    }
    let relevant =
        ROWS.iter().any(|r| r.name == text) || matches!(text.as_str(), "__getattr__" | "__new__");
    if !relevant {
        return;
    }
    fix_slots_recursive(th, class);
}

/// Slots of a class and of its subclasses.
pub(super) fn fix_slots_recursive(th: &mut Thread, class: Gc<Type>) {
    if class.has(flags::HEAP) {
        fix_slots(th, class);
    }
    let subclasses: Vec<Gc<Type>> = class.subclasses.borrow().clone();
    for s in subclasses {
        fix_slots_recursive(th, s);
    }
}

fn set_names(th: &mut Thread, class: Gc<Type>) -> Result<()> {
    let ns = class.namespace();
    let snapshot = th.dict_items_vec(ns)?;
    let name = th.names().__set_name__;
    for pair in snapshot.as_slice().chunks_exact(2) {
        let (key, v) = (pair[0], pair[1]);
        if !v.is_pointer() || th.lookup_on_class(v, name).is_none() {
            continue;
        }
        if let Err(e) = th.call_special(v, name, &[class.value(), key]) {
            let vt = th.type_name(v);
            let k = th.repr_lossy(key);
            let c = class.name_text();
            th.add_note_to_pending(&format!(
                "Error calling __set_name__ on '{vt}' instance {k} in '{c}'"
            ));
            return Err(e);
        }
    }
    Ok(())
}

fn init_subclass(th: &mut Thread, class: Gc<Type>, keywords: Args<'_>) -> Result<()> {
    let name = th.names().__init_subclass__;
    let method = crate::types::super_::lookup(th, class, class.value(), class, name)?;
    match method {
        Some(m) => {
            th.call_args(m, keywords)?;
            Ok(())
        }
        None => Ok(()),
    }
}

/// What a method table's row becomes in a namespace.
pub fn is_plain_method(kind: MethodKind) -> bool {
    kind == MethodKind::Method
}
