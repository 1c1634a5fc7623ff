//! Native functions, their unbound forms on types, and slots as Python sees them.

use crate::Thread;
use crate::call::{Args, MethodDef, MethodKind};
use crate::object::{Gc, Header, HeapObject, Kind, NativeHeader, Result, Slot, Tracer, Value};
use crate::types::T;
use crate::types::type_::Type;
use crate::types::type_::slot_rows::SlotRow;
use crate::{NativeObject, pytype};

/// A native function, alone or bound (to a module, an instance or a class).
#[repr(C)]
pub struct Builtin {
    head: Header,
    /// The row of the method table.
    pub def: &'static MethodDef,
    /// The receiver; for module functions the module (not passed).
    pub receiver: Slot,
    /// `__module__`
    pub module: Slot,
    /// Class that defines it, for method descriptors.
    pub owner: Slot,
}

// SAFETY: repr(C), header first, the slots are reported.
#[allow(unsafe_code)]
unsafe impl HeapObject for Builtin {
    const KIND: Kind = Kind::Builtin;
    fn trace(&self, t: &mut Tracer) {
        t.slot(&self.receiver);
        t.slot(&self.module);
        t.slot(&self.owner);
    }
}

impl Builtin {
    /// The class that defines a method descriptor.
    pub fn owner_type(&self) -> Option<Gc<Type>> {
        self.owner.get().and_then(|v| v.downcast::<Type>())
    }

    /// Does the receiver go first among the arguments?
    #[inline(always)]
    pub fn passes_receiver(&self) -> bool {
        self.def.kind != MethodKind::Function
            && self.def.kind != MethodKind::StaticMethod
            && self.def.kind != MethodKind::New
    }
}

/// A filled slot of a native type, as found in its namespace (`int.__add__`).
#[repr(C)]
#[derive(NativeObject)]
pub struct SlotWrapper {
    head: NativeHeader,
    #[notrace]
    row: &'static SlotRow,
    owner: Gc<Type>,
}

impl SlotWrapper {
    /// The row of the slot table.
    pub fn row(&self) -> &'static SlotRow {
        self.row
    }

    /// The class whose slot it is.
    pub fn owner(&self) -> Gc<Type> {
        self.owner
    }

    /// Is it one of [`METHODS`]?
    fn is_method(&self, th: &Thread) -> bool {
        let (name, owner) = (self.row.name, self.owner);
        let mut methods = METHODS.iter();
        methods.any(|(t, m)| *m == name && th.vm().ty(*t).is(owner))
    }

    /// Words the wrong arguments of one of [`METHODS`].
    #[cold]
    fn check_method(&self, th: &mut Thread, args: &Args<'_>) -> Result<()> {
        let (name, owner) = (self.row.name, self.owner);
        if !self.is_method(th) {
            return Ok(());
        }
        let (t, n) = (owner.name_text(), args.positionals().len());
        if args.keyword_count() > 0 {
            return Err(th.type_error(format!("{t}.{name}() takes no keyword arguments")));
        }
        if n != 1 {
            return Err(th.type_error(format!(
                "{t}.{name}() takes exactly one argument ({n} given)"
            )));
        }
        Ok(())
    }
}

/// A slot wrapper bound to an object (`(1).__add__`).
#[repr(C)]
#[derive(NativeObject)]
pub struct MethodWrapper {
    head: NativeHeader,
    /// The wrapper.
    pub wrapper: Gc<SlotWrapper>,
    /// The receiver.
    pub receiver: Value,
}

/// Slots beside which CPython's type has a method of one argument: no wrapper, to its users.
const METHODS: &[(T, &str)] = &[
    (T::List, "__getitem__"),
    (T::Dict, "__getitem__"),
    (T::Dict, "__contains__"),
    (T::Set, "__contains__"),
    (T::FrozenSet, "__contains__"),
];

impl Thread {
    /// A native function, as in a module.
    pub fn new_builtin(
        &mut self,
        def: &'static MethodDef,
        receiver: Option<Value>,
        module: Option<Value>,
    ) -> Value {
        self.builtin_with_shape(T::Builtin, def, receiver, module, None)
    }

    fn builtin_with_shape(
        &mut self,
        t: T,
        def: &'static MethodDef,
        receiver: Option<Value>,
        module: Option<Value>,
        owner: Option<Value>,
    ) -> Value {
        self.alloc(Builtin {
            head: Header::new(Kind::Builtin, t.shape()),
            def,
            receiver: Slot::from_option(receiver),
            module: Slot::from_option(module),
            owner: Slot::from_option(owner),
        })
        .value()
    }

    /// What a row of a type's method table becomes in its namespace.
    pub fn new_method_descriptor(&mut self, class: Gc<Type>, def: &'static MethodDef) -> Value {
        let owner = Some(class.value());
        match def.kind {
            MethodKind::ClassMethod => {
                self.builtin_with_shape(T::ClassMethodDescriptor, def, None, None, owner)
            }
            MethodKind::StaticMethod => {
                let f = self.builtin_with_shape(T::Builtin, def, owner, None, None);
                crate::types::descriptor::new_staticmethod(self, f)
            }
            _ => self.builtin_with_shape(T::MethodDescriptor, def, None, None, owner),
        }
    }

    /// `__new__` in a native type's namespace.
    pub fn new_constructor(&mut self, class: Gc<Type>) -> Value {
        self.builtin_with_shape(T::Builtin, &CONSTRUCTOR, Some(class.value()), None, None)
    }

    /// Is it the `__new__` of a native type?
    pub fn is_native_constructor(&self, f: Value) -> bool {
        f.downcast::<Builtin>()
            .is_some_and(|b| b.def.kind == MethodKind::New)
    }

    /// A filled slot in a native type's namespace.
    pub fn new_slot_wrapper(&mut self, owner: Gc<Type>, row: &'static SlotRow) -> Value {
        let head = self.native_header::<SlotWrapper>(T::SlotWrapper);
        self.alloc(SlotWrapper { head, row, owner }).value()
    }

    /// Is it the native function with this name?
    pub fn is_builtin_named(&self, v: Value, name: &str) -> bool {
        v.downcast::<Builtin>().is_some_and(|b| b.def.name == name)
    }
}

/// `C.__new__(cls, …)`: checks the class, then calls C's own constructor.
static CONSTRUCTOR: MethodDef = MethodDef {
    name: "__new__",
    func: |th, _| Err(th.type_error("object.__new__(): not enough arguments")),
    kind: MethodKind::New,
    signature: None,
    text_signature: Some("($type, *args, **kwargs)"),
    doc: "Create and return a new object.  See help(type) for accurate signature.",
};

fn call_constructor(th: &mut Thread, b: Gc<Builtin>, args: Args<'_>) -> Result {
    let Some(owner) = b.receiver.get().and_then(|v| v.downcast::<Type>()) else {
        return Err(th.type_error("__new__() called on something that is no type"));
    };
    let name = owner.error_name();
    let Some(first) = args.positionals().first() else {
        return Err(th.type_error(format!("{name}.__new__(): not enough arguments")));
    };
    let Some(class) = first.downcast::<Type>() else {
        let got = th.type_name(*first);
        return Err(th.type_error(format!("{name}.__new__(X): X is not a type object ({got})")));
    };
    if !class.is_subtype(owner) {
        let c = class.error_name();
        return Err(th.type_error(format!(
            "{name}.__new__({c}): {c} is not a subtype of {name}"
        )));
    }
    // A class whose layout comes from a more derived native type must be made by that type.
    let mut native = class;
    while native.def.is_none() {
        match native.base.get() {
            Some(b) => native = b,
            None => break,
        }
    }
    let same = matches!((native.slots().new, owner.slots().new), (Some(a), Some(b)) if a as usize == b as usize);
    if !same && !native.is(owner) {
        let (c, n) = (class.error_name(), native.error_name());
        return Err(th.type_error(format!(
            "{name}.__new__({c}) is not safe, use {n}.__new__()"
        )));
    }
    match owner.slots().new {
        Some(f) => f(th, args),
        None => Err(th.type_error(format!("cannot create '{name}' instances"))),
    }
}

/// Calls a native function object.
#[inline]
pub fn call(th: &mut Thread, b: Gc<Builtin>, args: Args<'_>) -> Result {
    match b.def.kind {
        MethodKind::New => call_constructor(th, b, args),
        MethodKind::Function | MethodKind::StaticMethod => (b.def.func)(th, args),
        _ => match b.receiver.get() {
            Some(r) => th.with_receiver(r, args, |th, args| (b.def.func)(th, args)),
            None => call_unbound(th, b, args),
        },
    }
}

/// Calls a method descriptor with the receiver among the arguments.
#[inline(always)]
pub fn call_unbound(th: &mut Thread, b: Gc<Builtin>, args: Args<'_>) -> Result {
    // Nearly always the receiver is an exact instance; class methods are called with a class.
    if let (Some(owner), Some(first), None) = (b.owner.get(), args.values.first(), args.kwnames)
        && th.class_of(*first).value().is(owner)
        && b.def.kind == MethodKind::Method
    {
        return (b.def.func)(th, args);
    }
    call_unbound_checked(th, b, args)
}

#[inline(never)]
fn call_unbound_checked(th: &mut Thread, b: Gc<Builtin>, args: Args<'_>) -> Result {
    check_receiver(th, b, &args)?;
    (b.def.func)(th, args)
}

fn check_receiver(th: &mut Thread, b: Gc<Builtin>, args: &Args<'_>) -> Result<()> {
    let Some(owner) = b.owner_type() else {
        return Ok(());
    };
    let n = args.values.len() - args.keyword_count();
    if n == 0 {
        let (t, m) = (owner.name_text(), b.def.name);
        return Err(th.type_error(format!("unbound method {t}.{m}() needs an argument")));
    }
    if b.def.kind == MethodKind::ClassMethod {
        return Ok(());
    }
    let class = th.class_of(args.values[0]);
    if class.is(owner) || class.is_subtype(owner) {
        return Ok(());
    }
    let (m, t, got) = (b.def.name, owner.error_name(), class.error_name());
    Err(th.type_error(format!(
        "descriptor '{m}' for '{t}' objects doesn't apply to a '{got}' object"
    )))
}

fn qualname(b: Gc<Builtin>) -> String {
    let owner = match b.owner_type() {
        Some(t) => Some(t),
        None => match b.receiver.get() {
            Some(r) => r.downcast::<Type>(),
            None => None,
        },
    };
    match owner {
        Some(t) => format!("{}.{}", t.name_text(), b.def.name),
        None => b.def.name.to_string(),
    }
}

/// Built-in functions and methods.
#[pytype(name = "builtin_function_or_method", flags = HAS_WEAKREF)]
impl Builtin {
    #[pyslot]
    fn call(th: &mut Thread, this: Value, args: Args<'_>) -> Result {
        match this.downcast::<Builtin>() {
            Some(b) => self::call(th, b, args),
            None => Err(th.type_error("not a native function")),
        }
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let b = th.expect_builtin(this)?;
        let text = match b.receiver.get() {
            Some(r) if r.kind() != Kind::Module => {
                let class = th.type_name(r);
                format!(
                    "<built-in method {} of {class} object at {:#x}>",
                    b.def.name,
                    r.bits()
                )
            }
            _ => format!("<built-in function {}>", b.def.name),
        };
        Ok(th.new_str(&text).value())
    }

    #[pygetter(name = "__name__")]
    fn get_name(th: &mut Thread, this: Gc<Builtin>) -> Result {
        Ok(th.intern(this.def.name).value())
    }

    #[pygetter(name = "__qualname__")]
    fn get_qualname(th: &mut Thread, this: Gc<Builtin>) -> Result {
        let text = match this.receiver.get() {
            Some(r) if r.kind() != Kind::Module && r.kind() != Kind::Type => {
                format!("{}.{}", th.type_name(r), this.def.name)
            }
            _ => qualname(this),
        };
        Ok(th.new_str(&text).value())
    }

    #[pygetter(name = "__module__")]
    fn get_module(_: &mut Thread, this: Gc<Builtin>) -> Option<Value> {
        this.module.get()
    }

    #[pygetter(name = "__self__")]
    fn get_self(_: &mut Thread, this: Gc<Builtin>) -> Option<Value> {
        this.receiver.get()
    }

    #[pygetter(name = "__doc__")]
    fn get_doc(th: &mut Thread, this: Gc<Builtin>) -> Result {
        Ok(if this.def.doc.is_empty() {
            th.none()
        } else {
            th.new_str(this.def.doc).value()
        })
    }

    #[pygetter(name = "__text_signature__")]
    fn get_text_signature(th: &mut Thread, this: Gc<Builtin>) -> Result {
        Ok(match this.def.text_signature {
            Some(s) if !s.contains("<unrepresentable>") => th.new_str(s).value(),
            _ => th.none(),
        })
    }

    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<Builtin>) -> Result {
        match this.receiver.get() {
            Some(r) if r.kind() != Kind::Module => {
                let getattr = th.builtin("getattr")?;
                let name = th.intern(this.def.name).value();
                let args = th.new_tuple(&[r, name]);
                Ok(th.new_tuple(&[getattr, args.value()]).value())
            }
            _ => Ok(th.intern(this.def.name).value()),
        }
    }
}

impl Thread {
    fn expect_builtin(&mut self, v: Value) -> Result<Gc<Builtin>> {
        match v.downcast::<Builtin>() {
            Some(b) => Ok(b),
            None => Err(self.type_error("not a native function")),
        }
    }
}

/// `method_descriptor`'s methods hang here.
pub struct MethodDescriptor;

#[pytype(name = "method_descriptor", payload = Builtin, flags = METHOD_DESCRIPTOR, table = METHOD_DESCRIPTOR_TYPE)]
impl MethodDescriptor {
    #[pyslot]
    fn call(th: &mut Thread, this: Value, args: Args<'_>) -> Result {
        let b = th.expect_builtin(this)?;
        call_unbound(th, b, args)
    }

    #[pyslot]
    fn descr_get(
        th: &mut Thread,
        this: Value,
        object: Option<Value>,
        _owner: Option<Value>,
    ) -> Result {
        let b = th.expect_builtin(this)?;
        let Some(o) = object else { return Ok(this) };
        check_receiver(th, b, &Args::positional(&[o]))?;
        Ok(th.new_builtin(b.def, Some(o), None))
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let b = th.expect_builtin(this)?;
        let owner = b.owner_type().map_or("?".into(), |t| t.error_name());
        Ok(th
            .new_str(&format!("<method '{}' of '{owner}' objects>", b.def.name))
            .value())
    }

    #[pygetter(name = "__name__", member)]
    fn get_name(th: &mut Thread, this: Gc<Builtin>) -> Result {
        Ok(th.intern(this.def.name).value())
    }

    #[pygetter(name = "__qualname__")]
    fn get_qualname(th: &mut Thread, this: Gc<Builtin>) -> Result {
        let q = qualname(this);
        Ok(th.new_str(&q).value())
    }

    #[pygetter(name = "__objclass__", member)]
    fn get_objclass(_: &mut Thread, this: Gc<Builtin>) -> Option<Value> {
        this.owner.get()
    }

    #[pygetter(name = "__doc__")]
    fn get_doc(th: &mut Thread, this: Gc<Builtin>) -> Result {
        Builtin::get_doc(th, this)
    }

    #[pygetter(name = "__text_signature__")]
    fn get_text_signature(th: &mut Thread, this: Gc<Builtin>) -> Result {
        Builtin::get_text_signature(th, this)
    }

    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<Builtin>) -> Result {
        let getattr = th.builtin("getattr")?;
        let name = th.intern(this.def.name).value();
        let args = th.new_tuple(&[th.or_none(this.owner.get()), name]);
        Ok(th.new_tuple(&[getattr, args.value()]).value())
    }
}

/// `classmethod_descriptor`'s methods hang here.
pub struct ClassMethodDescriptor;

#[pytype(name = "classmethod_descriptor", payload = Builtin, table = CLASSMETHOD_DESCRIPTOR_TYPE)]
impl ClassMethodDescriptor {
    #[pyslot]
    fn call(th: &mut Thread, this: Value, args: Args<'_>) -> Result {
        let b = th.expect_builtin(this)?;
        call_unbound(th, b, args)
    }

    #[pyslot]
    fn descr_get(
        th: &mut Thread,
        this: Value,
        object: Option<Value>,
        owner: Option<Value>,
    ) -> Result {
        let b = th.expect_builtin(this)?;
        let class = match owner {
            Some(c) => c,
            None => match object {
                Some(o) => th.class_of(o).value(),
                None => return Ok(this),
            },
        };
        Ok(th.new_builtin(b.def, Some(class), None))
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        MethodDescriptor::repr(th, this)
    }

    #[pygetter(name = "__name__", member)]
    fn get_name(th: &mut Thread, this: Gc<Builtin>) -> Result {
        Ok(th.intern(this.def.name).value())
    }

    #[pygetter(name = "__qualname__")]
    fn get_qualname(th: &mut Thread, this: Gc<Builtin>) -> Result {
        let q = qualname(this);
        Ok(th.new_str(&q).value())
    }

    #[pygetter(name = "__objclass__", member)]
    fn get_objclass(_: &mut Thread, this: Gc<Builtin>) -> Option<Value> {
        this.owner.get()
    }

    #[pygetter(name = "__doc__")]
    fn get_doc(th: &mut Thread, this: Gc<Builtin>) -> Result {
        Builtin::get_doc(th, this)
    }

    #[pygetter(name = "__text_signature__")]
    fn get_text_signature(th: &mut Thread, this: Gc<Builtin>) -> Result {
        Builtin::get_text_signature(th, this)
    }
}

#[pytype(name = "wrapper_descriptor", flags = METHOD_DESCRIPTOR, table = SLOT_WRAPPER_TYPE)]
impl SlotWrapper {
    #[pyslot]
    fn call(th: &mut Thread, this: Value, args: Args<'_>) -> Result {
        let Some(w) = this.downcast::<SlotWrapper>() else {
            return Err(th.type_error("not a slot wrapper"));
        };
        let (name, owner) = (w.row.name, w.owner);
        let Some(receiver) = args.positionals().first().copied() else {
            if w.is_method(th) {
                let t = owner.name_text();
                return Err(th.type_error(format!("unbound method {t}.{name}() needs an argument")));
            }
            let t = owner.error_name();
            return Err(th.type_error(format!(
                "descriptor '{name}' of '{t}' object needs an argument"
            )));
        };
        let class = th.class_of(receiver);
        if !class.is(owner) && !class.is_subtype(owner) {
            let (t, got) = (owner.error_name(), class.error_name());
            if w.is_method(th) {
                return Err(th.type_error(format!(
                    "descriptor '{name}' for '{t}' objects doesn't apply to a '{got}' object"
                )));
            }
            return Err(th.type_error(format!(
                "descriptor '{name}' requires a '{t}' object but received a '{got}'"
            )));
        }
        let args = args.skip_first();
        if args.values.len() != 1 || args.kwnames.is_some() {
            w.check_method(th, &args)?;
        }
        (w.row.call)(th, w.owner.slots(), receiver, args)
    }

    #[pyslot]
    fn descr_get(
        th: &mut Thread,
        this: Value,
        object: Option<Value>,
        _owner: Option<Value>,
    ) -> Result {
        let Some(w) = this.downcast::<SlotWrapper>() else {
            return Err(th.type_error("not a slot wrapper"));
        };
        let Some(receiver) = object else {
            return Ok(this);
        };
        let class = th.class_of(receiver);
        if !class.is(w.owner) && !class.is_subtype(w.owner) {
            let (n, t, got) = (w.row.name, w.owner.error_name(), class.error_name());
            return Err(th.type_error(format!(
                "descriptor '{n}' for '{t}' objects doesn't apply to a '{got}' object"
            )));
        }
        let head = th.native_header::<MethodWrapper>(T::MethodWrapper);
        Ok(th
            .alloc(MethodWrapper {
                head,
                wrapper: w,
                receiver,
            })
            .value())
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let Some(w) = this.downcast::<SlotWrapper>() else {
            return Err(th.type_error("not a slot wrapper"));
        };
        let t = w.owner.error_name();
        Ok(th
            .new_str(&format!("<slot wrapper '{}' of '{t}' objects>", w.row.name))
            .value())
    }

    #[pygetter(name = "__name__", member)]
    fn get_name(th: &mut Thread, this: Gc<SlotWrapper>) -> Result {
        Ok(th.intern(this.row.name).value())
    }

    #[pygetter(name = "__qualname__")]
    fn get_qualname(th: &mut Thread, this: Gc<SlotWrapper>) -> Result {
        let t = this.owner.name_text();
        Ok(th.new_str(&format!("{t}.{}", this.row.name)).value())
    }

    #[pygetter(name = "__doc__")]
    fn get_doc(th: &mut Thread, this: Gc<SlotWrapper>) -> Result {
        Ok(th.new_str(this.row.doc).value())
    }

    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<SlotWrapper>) -> Result {
        let getattr = th.builtin("getattr")?;
        let name = SlotWrapper::get_name(th, this)?;
        let args = th.new_tuple(&[this.owner.value(), name]).value();
        Ok(th.new_tuple(&[getattr, args]).value())
    }

    #[pygetter(name = "__objclass__", member)]
    fn get_objclass(_: &mut Thread, this: Gc<SlotWrapper>) -> Result {
        Ok(this.owner.value())
    }

    #[pygetter(name = "__text_signature__")]
    fn get_text_signature(th: &mut Thread, this: Gc<SlotWrapper>) -> Result {
        Ok(th.new_str(this.row.text_signature).value())
    }
}

#[pytype(name = "method-wrapper", table = METHOD_WRAPPER_TYPE)]
impl MethodWrapper {
    #[pyslot]
    fn call(th: &mut Thread, this: Value, args: Args<'_>) -> Result {
        let Some(w) = this.downcast::<MethodWrapper>() else {
            return Err(th.type_error("not a method wrapper"));
        };
        if args.values.len() != 1 || args.kwnames.is_some() {
            w.wrapper.check_method(th, &args)?;
        }
        (w.wrapper.row.call)(th, w.wrapper.owner.slots(), w.receiver, args)
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let Some(w) = this.downcast::<MethodWrapper>() else {
            return Err(th.type_error("not a method wrapper"));
        };
        let t = th.type_name(w.receiver);
        let text = format!(
            "<method-wrapper '{}' of {t} object at {:#x}>",
            w.wrapper.row.name,
            w.receiver.bits()
        );
        Ok(th.new_str(&text).value())
    }

    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<MethodWrapper>) -> Result {
        let getattr = th.builtin("getattr")?;
        let name = MethodWrapper::get_name(th, this)?;
        let args = th.new_tuple(&[this.receiver, name]).value();
        Ok(th.new_tuple(&[getattr, args]).value())
    }

    #[pygetter(name = "__self__", member)]
    fn get_self(_: &mut Thread, this: Gc<MethodWrapper>) -> Result {
        Ok(this.receiver)
    }

    #[pygetter(name = "__name__")]
    fn get_name(th: &mut Thread, this: Gc<MethodWrapper>) -> Result {
        Ok(th.intern(this.wrapper.row.name).value())
    }

    #[pygetter(name = "__qualname__")]
    fn get_qualname(th: &mut Thread, this: Gc<MethodWrapper>) -> Result {
        SlotWrapper::get_qualname(th, this.wrapper)
    }

    #[pygetter(name = "__objclass__")]
    fn get_objclass(_: &mut Thread, this: Gc<MethodWrapper>) -> Result {
        Ok(this.wrapper.owner.value())
    }

    #[pygetter(name = "__doc__")]
    fn get_doc(th: &mut Thread, this: Gc<MethodWrapper>) -> Result {
        SlotWrapper::get_doc(th, this.wrapper)
    }

    #[pygetter(name = "__text_signature__")]
    fn get_text_signature(th: &mut Thread, this: Gc<MethodWrapper>) -> Result {
        SlotWrapper::get_text_signature(th, this.wrapper)
    }
}
