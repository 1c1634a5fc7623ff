//! `type` as Python sees it: calling classes, their attributes and methods.

use super::{Type, create, flags};
use crate::Thread;
use crate::call::Args;
use crate::object::{Gc, Result, Value};
use crate::pytype;
use crate::types::T;
use crate::types::dict::Dict;
use crate::types::str_::Str;
use crate::types::tuple::Tuple;

/// `C[params]` without `__class_getitem__`: only `type[...]` itself.
pub fn generic_alias(th: &mut Thread, origin: Value, params: Value) -> Result {
    crate::builtins::generic_alias(th, origin, params)
}

/// `int(x)` and `str(x)`, which need no more than the conversion.
#[inline]
fn converted(th: &mut Thread, class: Gc<Type>, args: Args<'_>) -> Option<Result> {
    let ([x], None) = (args.values, args.kwnames) else {
        return None;
    };
    if class.is(th.vm().ty(T::Int)) {
        return Some(th.to_int(*x));
    }
    if class.is(th.vm().ty(T::Str)) {
        return Some(th.str(*x).map(Gc::value));
    }
    None
}

/// `C(…)`: `__new__`, then `__init__` when the result is an instance of C.
pub fn construct(th: &mut Thread, class: Gc<Type>, args: Args<'_>) -> Result {
    if class.is(th.vm().ty(T::Type)) && args.values.len() == 1 && args.kwnames.is_none() {
        return Ok(th.class_of(args.values[0]).value());
    }
    if let Some(made) = converted(th, class, args) {
        return made;
    }
    let Some(new) = class.slots().new else {
        let n = th.qualified_name(class);
        return Err(th.type_error(format!("cannot create '{n}' instances")));
    };
    let object = th.with_receiver(class.value(), args, new)?;
    let made = th.class_of(object);
    if !(made.is(class) || made.is_subtype(class)) {
        return Ok(object);
    }
    if let Some(init) = made.slots().init {
        init(th, object, args)?;
    }
    Ok(object)
}

/// As [`construct`], for a native class whose metaclass is `type`; the class is among the arguments.
pub fn construct_native(th: &mut Thread, class: Gc<Type>, args: Args<'_>) -> Result {
    if class.is(th.vm().ty(T::Type)) {
        return construct(th, class, args.skip_first());
    }
    if let Some(made) = converted(th, class, args.skip_first()) {
        return made;
    }
    let Some(new) = class.slots().new else {
        return construct(th, class, args.skip_first());
    };
    let object = new(th, args)?;
    let made = th.class_of(object);
    if !(made.is(class) || made.is_subtype(class)) {
        return Ok(object);
    }
    let object_type = th.vm().ty(T::Object);
    let plain = object_type.slots();
    if let Some(init) = made.slots().init {
        // `object.__init__` looks at its arguments only where `__new__` is object's too.
        let same = |a: Option<usize>, b: Option<usize>| a.is_some() && a == b;
        let is_plain = same(Some(init as usize), plain.init.map(|f| f as usize))
            && !same(Some(new as usize), plain.new.map(|f| f as usize));
        if !is_plain {
            init(th, object, args.skip_first())?;
        }
    }
    Ok(object)
}

impl Thread {
    fn expect_class(&mut self, v: Value) -> Result<Gc<Type>> {
        match v.downcast::<Type>() {
            Some(t) => Ok(t),
            None => Err(self.type_error("not a class")),
        }
    }

    fn check_mutable(&mut self, t: Gc<Type>, name: &str) -> Result<()> {
        if t.has(flags::IMMUTABLE) {
            let n = t.name_text();
            return Err(self.type_error(format!(
                "cannot set '{name}' attribute of immutable type '{n}'"
            )));
        }
        Ok(())
    }
}

/// Stores or deletes a class attribute.
pub fn set_class_attribute(
    th: &mut Thread,
    t: Gc<Type>,
    name: Gc<Str>,
    v: Option<Value>,
) -> Result<()> {
    let text = name.to_string_lossy();
    th.check_mutable(t, &text)?;
    let meta = th.class_of(t.value());
    if let Some(d) = meta.lookup(th, name)
        && d.is_pointer()
        && let Some(set) = th.class_of(d).slots().descr_set
    {
        return set(th, d, t.value(), v);
    }
    let name = th.intern_str(name);
    t.name_modified(th, name);
    let dict = t.namespace();
    match v {
        Some(v) => dict.set_str(th, name, v),
        None => {
            if dict.remove_str(name).is_none() {
                let n = t.name_text();
                return Err(th.attribute_error(
                    t.value(),
                    &text,
                    format!("type object '{n}' has no attribute '{text}'"),
                ));
            }
        }
    }
    create::attribute_changed(th, t, name);
    Ok(())
}

/// type(object) -> the object's type
/// type(name, bases, dict, **kwds) -> a new type
#[pytype(name = "type", flags = BASETYPE | HAS_WEAKREF, more = &super::attributes::METHODS, more_getsets = &super::attributes::GETSETS)]
impl Type {
    #[pynew(raw)]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        let meta = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
        let rest = args.skip_first();
        let [name, bases, ns] = rest.positionals() else {
            let n = rest.positionals().len();
            if meta.is(th.vm().ty(T::Type)) && n != 1 {
                return Err(th.type_error("type() takes 1 or 3 arguments"));
            }
            if n == 1 && meta.is(th.vm().ty(T::Type)) {
                return Err(crate::types::sequence::no_keywords(th, "type"));
            }
            return Err(th.type_error(format!(
                "type.__new__() takes exactly 3 arguments ({n} given)"
            )));
        };
        let Some(name) = name.downcast::<Str>() else {
            let got = th.type_name(*name);
            return Err(th.type_error(format!("type.__new__() argument 1 must be str, not {got}")));
        };
        let Some(bases) = bases.downcast::<Tuple>() else {
            let got = th.type_name(*bases);
            return Err(th.type_error(format!(
                "type.__new__() argument 2 must be tuple, not {got}"
            )));
        };
        let Some(ns) = ns.downcast::<Dict>() else {
            let got = th.type_name(*ns);
            return Err(th.type_error(format!("type.__new__() argument 3 must be dict, not {got}")));
        };
        for b in bases.as_slice() {
            if b.downcast::<Type>().is_none() {
                let n = th.names().__mro_entries__;
                if th.get_attr_option(*b, n)?.is_some() {
                    return Err(th.type_error(
                        "type() doesn't support MRO entry resolution; use types.new_class()",
                    ));
                }
            }
        }
        let win = create::winner(th, meta, bases.as_slice())?;
        if !win.is(meta) {
            let same = matches!((win.slots().new, meta.slots().new), (Some(a), Some(b)) if a as usize == b as usize);
            if !same && let Some(f) = win.slots().new {
                return th.with_receiver(win.value(), rest, f);
            }
        }
        let keywords = Args {
            values: &rest.values[3..],
            kwnames: rest.kwnames,
        };
        Ok(create::class(th, win, name, bases, ns, keywords)?.value())
    }

    #[pyslot]
    fn init(th: &mut Thread, _this: Value, args: Args<'_>) -> Result<()> {
        let n = args.positionals().len();
        if n != 1 && n != 3 {
            return Err(th.type_error("type.__init__() takes 1 or 3 arguments"));
        }
        Ok(())
    }

    #[pyslot]
    fn call(th: &mut Thread, this: Value, args: Args<'_>) -> Result {
        let class = th.expect_class(this)?;
        construct(th, class, args)
    }

    #[pyslot]
    fn or(th: &mut Thread, a: Value, b: Value) -> Result {
        crate::types::typing::union::or(th, a, b)
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let t = th.expect_class(this)?;
        let n = th.qualified_name(t);
        Ok(th.new_str(&format!("<class '{n}'>")).value())
    }

    #[pyslot]
    fn getattro(th: &mut Thread, this: Value, name: Gc<Str>) -> Result {
        let t = th.expect_class(this)?;
        let meta = th.class_of(this);
        let name = th.intern_str(name);
        let on_meta = meta.lookup(th, name);
        if let Some(d) = on_meta
            && d.is_pointer()
        {
            let dclass = th.class_of(d);
            let s = dclass.slots();
            if let (Some(get), true) = (s.descr_get, s.descr_set.is_some()) {
                return get(th, d, Some(this), Some(meta.value()));
            }
        }
        if let Some(v) = t.lookup(th, name) {
            if v.is_pointer()
                && let Some(get) = th.class_of(v).slots().descr_get
            {
                return get(th, v, None, Some(this));
            }
            return Ok(v);
        }
        match on_meta {
            Some(d) => th.bind_descriptor(d, Some(this), meta),
            None => {
                let (n, text) = (t.name_text(), name.to_string_lossy());
                Err(th.attribute_error(
                    this,
                    &text,
                    format!("type object '{n}' has no attribute '{text}'"),
                ))
            }
        }
    }

    #[pyslot]
    fn setattro(th: &mut Thread, this: Value, name: Gc<Str>, v: Option<Value>) -> Result<()> {
        let t = th.expect_class(this)?;
        set_class_attribute(th, t, name, v)
    }

    #[pygetter(name = "__name__")]
    fn get_name(_: &mut Thread, this: Gc<Type>) -> Option<Gc<Str>> {
        this.name.get()
    }

    #[pysetter(name = "__name__")]
    fn set_name(th: &mut Thread, this: Gc<Type>, v: Option<Value>) -> Result<()> {
        th.check_mutable(this, "__name__")?;
        let n = this.name_text();
        match v {
            None => Err(th.type_error(format!(
                "cannot delete '__name__' attribute of immutable type '{n}'"
            ))),
            Some(v) => match v.downcast::<Str>() {
                Some(s) => {
                    super::create::check_name(th, s)?;
                    this.name.set(this.header(), s);
                    Ok(())
                }
                None => {
                    let got = th.type_name(v);
                    Err(th.type_error(format!(
                        "can only assign string to {n}.__name__, not '{got}'"
                    )))
                }
            },
        }
    }

    #[pygetter(name = "__qualname__")]
    fn get_qualname(_: &mut Thread, this: Gc<Type>) -> Option<Gc<Str>> {
        this.qualname.get()
    }

    #[pysetter(name = "__qualname__")]
    fn set_qualname(th: &mut Thread, this: Gc<Type>, v: Option<Value>) -> Result<()> {
        th.check_mutable(this, "__qualname__")?;
        if v.is_none() {
            let n = this.name_text();
            return Err(th.type_error(format!(
                "cannot delete '__qualname__' attribute of immutable type '{n}'"
            )));
        }
        match v.and_then(|v| v.downcast::<Str>()) {
            Some(s) => {
                this.qualname.set(this.header(), s);
                Ok(())
            }
            None => {
                let (n, got) = (
                    this.name_text(),
                    v.map_or("None".into(), |v| th.type_name(v)),
                );
                Err(th.type_error(format!(
                    "can only assign string to {n}.__qualname__, not '{got}'"
                )))
            }
        }
    }

    #[pygetter(name = "__module__")]
    fn get_module(th: &mut Thread, this: Gc<Type>) -> Result {
        if let Some(d) = this.def {
            return Ok(th.intern(d.module).value());
        }
        let key = th.names().__module__;
        match this.namespace().get_str(key) {
            Some(m) => Ok(m),
            None => Err(th.no_attribute(this.value(), key)),
        }
    }

    #[pysetter(name = "__module__")]
    fn set_module(th: &mut Thread, this: Gc<Type>, v: Option<Value>) -> Result<()> {
        th.check_mutable(this, "__module__")?;
        let key = th.names().__module__;
        if v.is_none() {
            let n = this.name_text();
            return Err(th.type_error(format!(
                "cannot delete '__module__' attribute of immutable type '{n}'"
            )));
        }
        if let Some(v) = v {
            this.modified(th);
            this.namespace().set_str(th, key, v);
            // The line is one of another module.
            let line = th.intern("__firstlineno__");
            this.namespace().remove_str(line);
        }
        Ok(())
    }

    #[pygetter(name = "__base__", member)]
    fn get_base(_: &mut Thread, this: Gc<Type>) -> Option<Gc<Type>> {
        this.base.get()
    }

    #[pygetter(name = "__mro__")]
    fn get_mro(_: &mut Thread, this: Gc<Type>) -> Option<Gc<Tuple>> {
        this.mro.get()
    }

    #[pygetter(name = "__dict__")]
    fn get_dict(th: &mut Thread, this: Gc<Type>) -> Value {
        crate::types::dict::proxy::new(th, this.namespace().value())
    }

    #[pygetter(name = "__doc__")]
    fn get_doc(th: &mut Thread, this: Gc<Type>) -> Result {
        // A native type's namespace may have an attribute of that name for its instances.
        if let Some(def) = this.def {
            return Ok(match def.doc {
                "" => th.none(),
                text => th.new_str(text).value(),
            });
        }
        let key = th.names().__doc__;
        match this.namespace().get_str(key) {
            Some(d) => th.bind_descriptor(d, None, this),
            None => Ok(th.none()),
        }
    }

    #[pysetter(name = "__doc__")]
    fn set_doc(th: &mut Thread, this: Gc<Type>, v: Option<Value>) -> Result<()> {
        th.check_mutable(this, "__doc__")?;
        let key = th.names().__doc__;
        let Some(v) = v else {
            let n = this.name_text();
            return Err(th.type_error(format!(
                "cannot delete '__doc__' attribute of immutable type '{n}'"
            )));
        };
        this.modified(th);
        this.namespace().set_str(th, key, v);
        Ok(())
    }

    #[pygetter(name = "__abstractmethods__")]
    fn get_abstract(th: &mut Thread, this: Gc<Type>) -> Result {
        match this.abstract_methods.get() {
            Some(v) => Ok(v),
            None => {
                let key = th.names().__abstractmethods__;
                let n = this.name_text();
                let _ = key;
                Err(th.attribute_error(
                    this.value(),
                    "__abstractmethods__",
                    format!("type object '{n}' has no attribute '__abstractmethods__'"),
                ))
            }
        }
    }

    #[pysetter(name = "__abstractmethods__")]
    fn set_abstract(th: &mut Thread, this: Gc<Type>, v: Option<Value>) -> Result<()> {
        let on = match v {
            Some(v) => th.truth(v)?,
            None => false,
        };
        this.modified(th);
        this.abstract_methods.set_option(this.header(), v);
        this.set_flag(flags::ABSTRACT, on);
        Ok(())
    }

    /// Return a type's method resolution order.
    #[pymethod]
    fn mro(th: &mut Thread, this: Gc<Type>) -> Result {
        let t = super::mro::compute(th, this)?;
        Ok(th.list_from_slice(t.as_slice()).value())
    }

    /// Return a list of immediate subclasses.
    #[pymethod]
    fn __subclasses__(th: &mut Thread, this: Gc<Type>) -> Result {
        let l = th.new_list();
        let subs: Vec<Gc<Type>> = this.subclasses.borrow().clone();
        for s in subs {
            // Classes that have this one in their MRO only are listed for what depends on it.
            let direct = s
                .bases
                .get()
                .is_some_and(|b| b.as_slice().iter().any(|b| b.is(this.value())));
            if direct {
                th.list_append(l, s.value())?;
            }
        }
        Ok(l.value())
    }

    /// Used to create the namespace for the class statement.
    #[pyclassmethod(sig = "(*args, **kwargs)")]
    fn __prepare__(
        th: &mut Thread,
        _class: Value,
        _args: crate::call::VarArgs,
        _kwargs: crate::call::KwArgs,
    ) -> Result {
        Ok(th.new_dict().value())
    }

    /// Check if an object is an instance.
    #[pymethod]
    fn __instancecheck__(th: &mut Thread, this: Gc<Type>, instance: Value) -> Result<bool> {
        th.is_instance(instance, this)
    }

    /// Check if a class is a subclass.
    #[pymethod]
    fn __subclasscheck__(th: &mut Thread, this: Gc<Type>, subclass: Value) -> Result<bool> {
        th.is_real_subclass(subclass, this.value())
    }
}
