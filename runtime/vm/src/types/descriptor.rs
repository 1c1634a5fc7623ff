//! Descriptors of native attributes and `__slots__` members, `classmethod`, `staticmethod`.

use crate::Thread;
use crate::call::{Args, GetSetDef};
use crate::object::{Gc, NativeHeader, Result, Slot, Value, attributes};
use crate::types::dict::Dict;
use crate::types::str_::Str;
use crate::types::type_::Type;
use crate::types::{ExceptionClass, T};
use crate::{NativeObject, pytype};

/// A native attribute, as found in a type's namespace: a `getset_descriptor`, or a
/// `member_descriptor` where the attribute is a field of CPython's object.
#[repr(C)]
#[derive(NativeObject)]
pub struct GetSet {
    head: NativeHeader,
    #[notrace]
    def: &'static GetSetDef,
    owner: Gc<Type>,
}

/// A `__slots__` member.
#[repr(C)]
#[derive(NativeObject)]
pub struct Member {
    head: NativeHeader,
    name: Gc<Str>,
    owner: Gc<Type>,
    #[notrace]
    index: u16,
}

impl GetSet {
    /// The attribute of an object that the descriptor is for ([`GetSet::suits`]).
    pub fn read(&self, th: &mut Thread, v: Value) -> Result {
        (self.def.get)(th, v)
    }
    /// Is it for such objects?
    pub fn suits(&self, th: &Thread, v: Value) -> bool {
        fits(th, v, self.owner)
    }
}

impl Member {
    /// Inline slot of the member.
    pub fn index(&self) -> u16 {
        self.index
    }
    /// Class that declares it.
    pub fn owner(&self) -> Gc<Type> {
        self.owner
    }
}

/// `classmethod`
#[repr(C)]
#[derive(NativeObject)]
pub struct ClassMethod {
    head: NativeHeader,
    function: Slot,
}

/// `staticmethod`
#[repr(C)]
#[derive(NativeObject)]
pub struct StaticMethod {
    head: NativeHeader,
    function: Slot,
}

impl StaticMethod {
    /// What it wraps.
    pub fn function(&self) -> Option<Value> {
        self.function.get()
    }
}

impl ClassMethod {
    /// What it wraps.
    pub fn function(&self) -> Option<Value> {
        self.function.get()
    }
}

/// A native attribute of a type.
pub fn new_getset(th: &mut Thread, owner: Gc<Type>, def: &'static GetSetDef) -> Value {
    let t = if def.member { T::Member } else { T::GetSet };
    let head = th.native_header::<GetSet>(t);
    th.alloc(GetSet { head, def, owner }).value()
}

/// A `__slots__` member.
pub fn new_slot_member(th: &mut Thread, owner: Gc<Type>, name: Gc<Str>, index: u16) -> Value {
    let head = th.native_header::<Member>(T::Member);
    th.alloc(Member {
        head,
        name,
        owner,
        index,
    })
    .value()
}

/// `staticmethod(f)`
pub fn new_staticmethod(th: &mut Thread, f: Value) -> Value {
    let class = th.vm().ty(T::StaticMethod);
    th.alloc_native(class, |head| StaticMethod {
        head,
        function: Slot::new(f),
    })
    .value()
}

/// `classmethod(f)`
pub fn new_classmethod(th: &mut Thread, f: Value) -> Value {
    let class = th.vm().ty(T::ClassMethod);
    th.alloc_native(class, |head| ClassMethod {
        head,
        function: Slot::new(f),
    })
    .value()
}

/// `__dict__` of a class's instances.
pub fn dict_getset(th: &mut Thread, owner: Gc<Type>) -> Value {
    new_getset(th, owner, &DICT)
}

/// `__weakref__` of a class's instances.
pub fn weakref_getset(th: &mut Thread, owner: Gc<Type>) -> Value {
    new_getset(th, owner, &WEAKREF)
}

static DICT: GetSetDef = GetSetDef {
    name: "__dict__",
    member: false,
    doc: "dictionary for instance variables",
    get: |th, this| match th.instance_dict(this) {
        Some(d) => Ok(d.value()),
        None => {
            let name = th.names().__dict__;
            Err(th.no_attribute(this, name))
        }
    },
    set: Some(|th, this, v| {
        let dict = match v {
            None => None,
            Some(v) => match v.downcast::<Dict>() {
                Some(d) => Some(d),
                None => {
                    let got = th.type_name(v);
                    return Err(th.type_error(format!(
                        "__dict__ must be set to a dictionary, not a '{got}'"
                    )));
                }
            },
        };
        if th.set_instance_dict(this, dict) {
            return Ok(());
        }
        let name = th.names().__dict__;
        Err(th.no_attribute(this, name))
    }),
};

/// `__dict__` of native types with an attribute area.
pub static INSTANCE_DICT: [GetSetDef; 1] = [GetSetDef {
    name: DICT.name,
    member: false,
    doc: DICT.doc,
    get: DICT.get,
    set: Some(|th, this, v| match (v, DICT.set) {
        (Some(v), Some(set)) => set(th, this, Some(v)),
        _ => Err(th.type_error("cannot delete __dict__")),
    }),
}];

/// Attributes that `classmethod` and `staticmethod` take from what they wrap, until they are set.
static WRAPPED: [GetSetDef; 2] = [
    GetSetDef {
        name: "__annotations__",
        member: false,
        doc: "",
        get: |th, this| wrapped_attribute(th, this, "__annotations__"),
        set: Some(|th, this, v| set_wrapped_attribute(th, this, "__annotations__", v)),
    },
    GetSetDef {
        name: "__annotate__",
        member: false,
        doc: "",
        get: |th, this| wrapped_attribute(th, this, "__annotate__"),
        set: Some(|th, this, v| set_wrapped_attribute(th, this, "__annotate__", v)),
    },
];

fn wrapped_attribute(th: &mut Thread, this: Value, name: &str) -> Result {
    let name = th.intern(name);
    let own = th.instance_dict(this);
    if let Some(v) = own.and_then(|d| d.get_str(name)) {
        return Ok(v);
    }
    let f = match (
        this.downcast::<ClassMethod>(),
        this.downcast::<StaticMethod>(),
    ) {
        (Some(c), _) => c.function.get(),
        (_, Some(s)) => s.function.get(),
        _ => None,
    };
    let Some(f) = f else {
        return Err(th.no_attribute(this, name));
    };
    let v = th.get_attr(f, name)?;
    if let Some(own) = own {
        own.set_str(th, name, v);
    }
    Ok(v)
}

fn set_wrapped_attribute(th: &mut Thread, this: Value, name: &str, v: Option<Value>) -> Result<()> {
    let key = th.intern(name);
    let Some(own) = th.instance_dict(this) else {
        return Err(th.no_attribute(this, key));
    };
    match v {
        Some(v) => own.set_str(th, key, v),
        None if own.remove_str(key).is_some() => {}
        None => {
            let message = format!("'{}' object has no attribute '{name}'", th.type_name(this));
            return Err(th.attribute_error(this, name, message));
        }
    }
    Ok(())
}

static WEAKREF: GetSetDef = GetSetDef {
    name: "__weakref__",
    member: false,
    doc: "list of weak references to the object",
    get: |th, this| {
        let first = th.heap().weak_refs_of(this).first().copied();
        Ok(th.or_none(first))
    },
    set: None,
};

fn wrong_object(th: &mut Thread, name: &str, owner: Gc<Type>, got: Value) -> crate::Raised {
    let (t, g) = (owner.error_name(), th.type_name(got));
    th.type_error(format!(
        "descriptor '{name}' for '{t}' objects doesn't apply to a '{g}' object"
    ))
}

fn fits(th: &Thread, v: Value, owner: Gc<Type>) -> bool {
    let c = th.class_of(v);
    c.is(owner) || c.is_subtype(owner)
}

#[pytype(name = "getset_descriptor", table = GETSET_TYPE)]
impl GetSet {
    #[pyslot]
    fn descr_get(
        th: &mut Thread,
        this: Value,
        object: Option<Value>,
        _owner: Option<Value>,
    ) -> Result {
        let Some(g) = this.downcast::<GetSet>() else {
            return Ok(this);
        };
        let Some(o) = object else { return Ok(this) };
        if !fits(th, o, g.owner) {
            return Err(wrong_object(th, g.def.name, g.owner, o));
        }
        (g.def.get)(th, o)
    }

    #[pyslot]
    fn descr_set(th: &mut Thread, this: Value, object: Value, v: Option<Value>) -> Result<()> {
        let Some(g) = this.downcast::<GetSet>() else {
            return Ok(());
        };
        if !fits(th, object, g.owner) {
            return Err(wrong_object(th, g.def.name, g.owner, object));
        }
        match g.def.set {
            Some(f) => f(th, object, v),
            None if g.def.member => {
                Err(th.raise(ExceptionClass::AttributeError, "readonly attribute"))
            }
            None => {
                let t = g.owner.error_name();
                let m = format!(
                    "attribute '{}' of '{t}' objects is not writable",
                    g.def.name
                );
                Err(th.attribute_error(object, g.def.name, m))
            }
        }
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let Some(g) = this.downcast::<GetSet>() else {
            return Ok(this);
        };
        let t = g.owner.error_name();
        let what = if g.def.member { "member" } else { "attribute" };
        Ok(th
            .new_str(&format!("<{what} '{}' of '{t}' objects>", g.def.name))
            .value())
    }

    #[pygetter(name = "__name__", member)]
    fn get_name(th: &mut Thread, this: Gc<GetSet>) -> Result {
        Ok(th.intern(this.def.name).value())
    }

    #[pygetter(name = "__qualname__")]
    fn get_qualname(th: &mut Thread, this: Gc<GetSet>) -> Result {
        let t = this.owner.name_text();
        Ok(th.new_str(&format!("{t}.{}", this.def.name)).value())
    }

    #[pygetter(name = "__objclass__", member)]
    fn get_objclass(_: &mut Thread, this: Gc<GetSet>) -> Gc<Type> {
        this.owner
    }

    #[pygetter(name = "__doc__")]
    fn get_doc(th: &mut Thread, this: Gc<GetSet>) -> Result {
        Ok(if this.def.doc.is_empty() {
            th.none()
        } else {
            th.new_str(this.def.doc).value()
        })
    }
}

#[pytype(name = "member_descriptor", table = MEMBER_TYPE)]
impl Member {
    #[pyslot]
    fn descr_get(
        th: &mut Thread,
        this: Value,
        object: Option<Value>,
        owner: Option<Value>,
    ) -> Result {
        let Some(m) = this.downcast::<Member>() else {
            return GetSet::descr_get(th, this, object, owner);
        };
        let Some(o) = object else { return Ok(this) };
        let name = m.name.to_string_lossy();
        if !fits(th, o, m.owner) {
            return Err(wrong_object(th, &name, m.owner, o));
        }
        let Some(header) = o.header() else {
            return Ok(this);
        };
        match attributes::inline_slot(header, th.shape(header.shape()), m.index) {
            Some(v) => Ok(v),
            None => Err(th.no_attribute(o, m.name)),
        }
    }

    #[pyslot]
    fn descr_set(th: &mut Thread, this: Value, object: Value, v: Option<Value>) -> Result<()> {
        let Some(m) = this.downcast::<Member>() else {
            return GetSet::descr_set(th, this, object, v);
        };
        let name = m.name.to_string_lossy();
        if !fits(th, object, m.owner) {
            return Err(wrong_object(th, &name, m.owner, object));
        }
        let Some(header) = object.header() else {
            return Ok(());
        };
        let shape = th.shape(header.shape());
        if v.is_none() && attributes::inline_slot(header, shape, m.index).is_none() {
            // Only the name, as CPython has it.
            return Err(th.attribute_error(object, &name, name.clone()));
        }
        attributes::set_inline_slot(header, shape, m.index, v);
        Ok(())
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let Some(m) = this.downcast::<Member>() else {
            return GetSet::repr(th, this);
        };
        let (n, t) = (m.name.to_string_lossy(), m.owner.error_name());
        Ok(th
            .new_str(&format!("<member '{n}' of '{t}' objects>"))
            .value())
    }

    #[pygetter(name = "__name__", member)]
    fn get_name(th: &mut Thread, this: Value) -> Result {
        match this.downcast::<GetSet>() {
            Some(g) => GetSet::get_name(th, g),
            None => Ok(th.expect_member(this)?.name.value()),
        }
    }

    #[pygetter(name = "__qualname__")]
    fn get_qualname(th: &mut Thread, this: Value) -> Result {
        if let Some(g) = this.downcast::<GetSet>() {
            return GetSet::get_qualname(th, g);
        }
        let m = th.expect_member(this)?;
        let text = format!("{}.{}", m.owner.name_text(), m.name.to_string_lossy());
        Ok(th.new_str(&text).value())
    }

    #[pygetter(name = "__objclass__", member)]
    fn get_objclass(th: &mut Thread, this: Value) -> Result {
        match this.downcast::<GetSet>() {
            Some(g) => Ok(g.owner.value()),
            None => Ok(th.expect_member(this)?.owner.value()),
        }
    }

    #[pygetter(name = "__doc__")]
    fn get_doc(th: &mut Thread, this: Value) -> Result {
        match this.downcast::<GetSet>() {
            Some(g) => GetSet::get_doc(th, g),
            None => Ok(th.none()),
        }
    }
}

impl Thread {
    fn expect_member(&mut self, v: Value) -> Result<Gc<Member>> {
        match v.downcast::<Member>() {
            Some(m) => Ok(m),
            None => Err(self.type_error("not a member descriptor")),
        }
    }
}

/// Copies the wrapped function's names to the wrapper, as functools.wraps does.
fn copy_names(th: &mut Thread, from: Value, to: Value) -> Result<()> {
    for name in ["__module__", "__name__", "__qualname__", "__doc__"] {
        let name = th.intern(name);
        if let Some(v) = th.get_attr_option(from, name)? {
            th.set_instance_attribute(to, name, v);
        }
    }
    Ok(())
}

/// Convert a function to be a class method.
#[pytype(name = "classmethod", flags = BASETYPE | HAS_DICT, table = CLASSMETHOD_TYPE, more_getsets = [&INSTANCE_DICT, &WRAPPED])]
impl ClassMethod {
    #[pynew(raw, sig = "(function, /)")]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        let class = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
        Ok(th
            .alloc_native(class, |head| ClassMethod {
                head,
                function: Slot::empty(),
            })
            .value())
    }

    #[pyslot]
    fn init(th: &mut Thread, this: Value, args: Args<'_>) -> Result<()> {
        if args.keyword_count() > 0 {
            return Err(crate::types::sequence::no_keywords(th, "classmethod"));
        }
        let [f] = args.values else {
            return Err(th.type_error(format!(
                "classmethod expected 1 argument, got {}",
                args.values.len()
            )));
        };
        if let Some(c) = this.downcast::<ClassMethod>() {
            c.function.set(c.header(), *f);
        }
        copy_names(th, *f, this)
    }

    #[pyslot]
    fn descr_get(
        th: &mut Thread,
        this: Value,
        object: Option<Value>,
        owner: Option<Value>,
    ) -> Result {
        let Some(f) = this
            .downcast::<ClassMethod>()
            .and_then(|c| c.function.get())
        else {
            return Err(th.runtime_error("uninitialized classmethod object"));
        };
        let class = match (owner, object) {
            (Some(c), _) => c,
            (None, Some(o)) => th.class_of(o).value(),
            (None, None) => return Ok(this),
        };
        Ok(th.new_bound_method(f, class))
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let f = this
            .downcast::<ClassMethod>()
            .and_then(|c| c.function.get());
        let f = th.or_none(f);
        let r = th.repr(f)?.to_string_lossy();
        Ok(th.new_str(&format!("<classmethod({r})>")).value())
    }

    #[pygetter(name = "__func__", member)]
    fn get_func(_: &mut Thread, this: Gc<ClassMethod>) -> Option<Value> {
        this.function.get()
    }

    #[pygetter(name = "__wrapped__", member)]
    fn get_wrapped(_: &mut Thread, this: Gc<ClassMethod>) -> Option<Value> {
        this.function.get()
    }

    #[pygetter(name = "__isabstractmethod__")]
    fn is_abstract(th: &mut Thread, this: Gc<ClassMethod>) -> Result<bool> {
        match this.function.get() {
            Some(f) => th.is_abstract_method(f),
            None => Ok(false),
        }
    }
}

/// Convert a function to be a static method.
#[pytype(name = "staticmethod", flags = BASETYPE | HAS_DICT, table = STATICMETHOD_TYPE, more_getsets = [&INSTANCE_DICT, &WRAPPED])]
impl StaticMethod {
    #[pynew(raw, sig = "(function, /)")]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        let class = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
        Ok(th
            .alloc_native(class, |head| StaticMethod {
                head,
                function: Slot::empty(),
            })
            .value())
    }

    #[pyslot]
    fn init(th: &mut Thread, this: Value, args: Args<'_>) -> Result<()> {
        if args.keyword_count() > 0 {
            return Err(crate::types::sequence::no_keywords(th, "staticmethod"));
        }
        let [f] = args.values else {
            return Err(th.type_error(format!(
                "staticmethod expected 1 argument, got {}",
                args.values.len()
            )));
        };
        if let Some(c) = this.downcast::<StaticMethod>() {
            c.function.set(c.header(), *f);
        }
        copy_names(th, *f, this)
    }

    #[pyslot]
    fn call(th: &mut Thread, this: Value, args: Args<'_>) -> Result {
        match this
            .downcast::<StaticMethod>()
            .and_then(|c| c.function.get())
        {
            Some(f) => th.call_args(f, args),
            None => Err(th.runtime_error("uninitialized staticmethod object")),
        }
    }

    #[pyslot]
    fn descr_get(
        th: &mut Thread,
        this: Value,
        _object: Option<Value>,
        _owner: Option<Value>,
    ) -> Result {
        match this
            .downcast::<StaticMethod>()
            .and_then(|c| c.function.get())
        {
            Some(f) => Ok(f),
            None => Err(th.runtime_error("uninitialized staticmethod object")),
        }
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let f = this
            .downcast::<StaticMethod>()
            .and_then(|c| c.function.get());
        let f = th.or_none(f);
        let r = th.repr(f)?.to_string_lossy();
        Ok(th.new_str(&format!("<staticmethod({r})>")).value())
    }

    #[pygetter(name = "__func__", member)]
    fn get_func(_: &mut Thread, this: Gc<StaticMethod>) -> Option<Value> {
        this.function.get()
    }

    #[pygetter(name = "__wrapped__", member)]
    fn get_wrapped(_: &mut Thread, this: Gc<StaticMethod>) -> Option<Value> {
        this.function.get()
    }

    #[pygetter(name = "__isabstractmethod__")]
    fn is_abstract(th: &mut Thread, this: Gc<StaticMethod>) -> Result<bool> {
        match this.function.get() {
            Some(f) => th.is_abstract_method(f),
            None => Ok(false),
        }
    }
}

impl Thread {
    /// The truth of `v.__isabstractmethod__`, False when there is none.
    pub fn is_abstract_method(&mut self, v: Value) -> Result<bool> {
        let name = self.names().__isabstractmethod__;
        match self.get_attr_option(v, name)? {
            Some(b) => self.truth(b),
            None => Ok(false),
        }
    }
}
