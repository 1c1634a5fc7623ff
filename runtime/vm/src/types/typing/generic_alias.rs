//! `types.GenericAlias`: `list[int]`.

use super::{parameters, type_repr};
use crate::call::{Args, MethodDef, MethodKind};
use crate::object::slots::CompareOp;
use crate::object::{Gc, GcSlot, NativeHeader, Result, Slot, Value};
use crate::types::T;
use crate::types::list::List;
use crate::types::str_::Str;
use crate::types::tuple::Tuple;
use crate::types::type_::{Type, TypeDef};
use crate::{NativeObject, Thread, pytype};

/// A parametrized class.
#[repr(C)]
#[derive(NativeObject)]
pub struct GenericAlias {
    head: NativeHeader,
    /// The class.
    pub origin: Value,
    /// What it was subscribed with.
    pub args: Gc<Tuple>,
    parameters: GcSlot<Tuple>,
    /// Made by unpacking: `*tuple[int]`.
    #[notrace]
    pub starred: bool,
}

impl crate::types::Named for GenericAlias {
    const NAME: &'static str = "types.GenericAlias";
}

/// Native types with `__class_getitem__`: module, name.
const SUBSCRIPTABLE: &[(&str, &str)] = &[
    ("_asyncio", "Future"),
    ("_asyncio", "Task"),
    ("_contextvars", "ContextVar"),
    ("_contextvars", "Token"),
    ("_ctypes", "Array"),
    ("_queue", "SimpleQueue"),
    ("array", "array"),
    ("builtins", "BaseExceptionGroup"),
    ("builtins", "async_generator"),
    ("builtins", "classmethod"),
    ("builtins", "coroutine"),
    ("builtins", "dict"),
    ("builtins", "enumerate"),
    ("builtins", "frozenset"),
    ("builtins", "generator"),
    ("builtins", "list"),
    ("builtins", "mappingproxy"),
    ("builtins", "memoryview"),
    ("builtins", "set"),
    ("builtins", "staticmethod"),
    ("builtins", "tuple"),
    ("collections", "defaultdict"),
    ("collections", "deque"),
    ("functools", "partial"),
    ("itertools", "chain"),
    ("os", "DirEntry"),
    ("posix", "DirEntry"),
    ("re", "Match"),
    ("re", "Pattern"),
    ("string.templatelib", "Interpolation"),
    ("string.templatelib", "Template"),
    ("weakref", "ReferenceType"),
];

/// `__class_getitem__` of native types.
pub static CLASS_GETITEM: MethodDef = MethodDef {
    name: "__class_getitem__",
    func: |th, args| match args.values {
        [class, item] if args.kwnames.is_none() => new(th, *class, *item),
        _ => {
            let class = args.values.first().and_then(|c| c.downcast::<Type>());
            let t = class.map_or_else(|| "type".into(), |c| c.name_text());
            if args.keyword_count() > 0 {
                return Err(th.type_error(format!(
                    "{t}.__class_getitem__() takes no keyword arguments"
                )));
            }
            let n = args.values.len().saturating_sub(1);
            Err(th.type_error(format!(
                "{t}.__class_getitem__() takes exactly one argument ({n} given)"
            )))
        }
    },
    kind: MethodKind::ClassMethod,
    signature: None,
    text_signature: None,
    doc: "See PEP 585",
};

/// Has this native type the plain `__class_getitem__`?
pub fn is_subscriptable(def: &TypeDef) -> bool {
    let name = def.name.rsplit('.').next().unwrap_or(def.name);
    SUBSCRIPTABLE.contains(&(def.module, name))
}

/// `origin[item]`
pub fn new(th: &mut Thread, origin: Value, item: Value) -> Result {
    let args = match item.downcast::<Tuple>() {
        Some(t) => t,
        None => th.new_tuple(&[item]),
    };
    Ok(make(th, origin, args, false).value())
}

fn make(th: &mut Thread, origin: Value, args: Gc<Tuple>, starred: bool) -> Gc<GenericAlias> {
    th.new_native(&TYPE, |head| GenericAlias {
        head,
        origin,
        args,
        parameters: GcSlot::empty(),
        starred,
    })
}

/// Attributes that are the alias's own; all others are the origin's.
const OWN: &[&str] = &[
    "__class__",
    "__origin__",
    "__args__",
    "__unpacked__",
    "__parameters__",
    "__typing_unpacked_tuple_args__",
    "__mro_entries__",
    "__reduce_ex__",
    "__reduce__",
    "__bases__",
    "__copy__",
    "__deepcopy__",
];

/// Iterator over an alias: gives its starred form once.
#[repr(C)]
#[derive(NativeObject)]
pub struct AliasIterator {
    head: NativeHeader,
    alias: Slot,
}

#[pytype(name = "generic_alias_iterator", flags = NO_INSTANTIATION, table = ITERATOR_TYPE)]
impl AliasIterator {
    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        let alias = this
            .downcast::<AliasIterator>()
            .and_then(|i| i.alias.take());
        let alias = alias.and_then(|v| v.downcast::<GenericAlias>());
        Ok(alias.map(|a| make(th, a.origin, a.args, true).value()))
    }

    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<AliasIterator>) -> Result {
        let iter = th.builtin("iter")?;
        let rest = match this.alias.get() {
            Some(a) => a,
            None => th.empty_tuple().value(),
        };
        let args = th.new_tuple(&[rest]).value();
        Ok(th.new_tuple(&[iter, args]).value())
    }
}

/// Represent a PEP 585 generic type
///
/// E.g. for t = list[int], t.__origin__ is list and t.__args__ is (int,).
#[pytype(name = "GenericAlias", module = "types", flags = BASETYPE | HAS_WEAKREF)]
impl GenericAlias {
    #[pynew(sig = "(origin, args, /)")]
    fn py_new(th: &mut Thread, class: Value, origin: Value, args: Value) -> Result {
        let class = th.expect_type(class)?;
        let args = match args.downcast::<Tuple>() {
            Some(t) => t,
            None => th.new_tuple(&[args]),
        };
        Ok(th
            .alloc_native(class, |head| GenericAlias {
                head,
                origin,
                args,
                parameters: GcSlot::empty(),
                starred: false,
            })
            .value())
    }

    #[pyslot]
    fn init(_: &mut Thread, _: Value, _: Args<'_>) -> Result<()> {
        Ok(())
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let a = th.expect::<GenericAlias>(this)?;
        th.check_native_stack(" while getting the repr of an object")?;
        let mut out = String::from(if a.starred { "*" } else { "" });
        out.push_str(&type_repr(th, a.origin)?);
        let mut parts = Vec::new();
        for v in a.args.as_slice() {
            let part = match v.downcast::<List>() {
                Some(_) => {
                    let items = th.to_tuple(*v)?;
                    let mut inner = Vec::new();
                    for i in items.as_slice() {
                        inner.push(type_repr(th, *i)?);
                    }
                    format!("[{}]", inner.join(", "))
                }
                None => type_repr(th, *v)?,
            };
            parts.push(part);
        }
        if parts.is_empty() {
            parts.push("()".into());
        }
        out.push_str(&format!("[{}]", parts.join(", ")));
        Ok(th.new_str(&out).value())
    }

    #[pyslot]
    fn hash(th: &mut Thread, this: Value) -> Result<i64> {
        let a = th.expect::<GenericAlias>(this)?;
        let h = th.hash(a.origin)? ^ th.hash(a.args.value())?;
        Ok(if h == -1 { -2 } else { h })
    }

    #[pyslot]
    fn richcompare(th: &mut Thread, a: Value, b: Value, op: CompareOp) -> Result {
        let (Some(x), Some(y)) = (a.downcast::<GenericAlias>(), b.downcast::<GenericAlias>())
        else {
            return Ok(th.not_implemented());
        };
        if op != CompareOp::Eq && op != CompareOp::Ne {
            return Ok(th.not_implemented());
        }
        let same = x.starred == y.starred
            && th.equal(x.origin, y.origin)?
            && th.equal(x.args.value(), y.args.value())?;
        Ok(th.bool(same == (op == CompareOp::Eq)))
    }

    #[pyslot]
    fn call(th: &mut Thread, this: Value, args: Args<'_>) -> Result {
        let a = th.expect::<GenericAlias>(this)?;
        let object = th.call_args(a.origin, args)?;
        let name = th.intern("__orig_class__");
        if th.set_attr(object, name, this).is_err() {
            use crate::types::ExceptionClass::{AttributeError, TypeError};
            if !th.pending_matches(AttributeError) && !th.pending_matches(TypeError) {
                return Err(crate::Raised);
            }
            th.clear_pending();
        }
        Ok(object)
    }

    #[pyslot]
    fn getitem(th: &mut Thread, this: Value, item: Value) -> Result {
        let a = th.expect::<GenericAlias>(this)?;
        let parameters = GenericAlias::get_parameters(th, a)?;
        let args = parameters::substitute(th, this, a.args, parameters, item)?;
        Ok(make(th, a.origin, args, a.starred).value())
    }

    #[pyslot]
    fn iter(th: &mut Thread, this: Value) -> Result {
        let a = th.expect::<GenericAlias>(this)?;
        Ok(th
            .new_native(&ITERATOR_TYPE, |head| AliasIterator {
                head,
                alias: Slot::new(a.value()),
            })
            .value())
    }

    #[pyslot]
    fn or(th: &mut Thread, a: Value, b: Value) -> Result {
        super::union::or(th, a, b)
    }

    #[pyslot]
    fn getattro(th: &mut Thread, this: Value, name: Gc<Str>) -> Result {
        let a = th.expect::<GenericAlias>(this)?;
        let text = name.to_string_lossy();
        let own = OWN.contains(&text.as_str())
            // A subclass may add attributes of its own kind; dunders are still the origin's.
            || !th.is_exact_native(this, &TYPE) && !text.starts_with("__");
        if own {
            if th.lookup_on_class(this, name).is_some() || !text.starts_with("__") {
                let class = th.class_of(this);
                if class.lookup(th, name).is_some() {
                    return th.generic_get_attr(this, name);
                }
            } else {
                return th.generic_get_attr(this, name);
            }
        }
        th.get_attr(a.origin, name)
    }

    #[pygetter(name = "__origin__", member)]
    fn get_origin(_: &mut Thread, this: Gc<GenericAlias>) -> Value {
        this.origin
    }

    #[pygetter(name = "__args__", member)]
    fn get_args(_: &mut Thread, this: Gc<GenericAlias>) -> Gc<Tuple> {
        this.args
    }

    #[pygetter(name = "__unpacked__", member)]
    fn get_unpacked(_: &mut Thread, this: Gc<GenericAlias>) -> bool {
        this.starred
    }

    /// Type variables in the GenericAlias.
    #[pygetter(name = "__parameters__")]
    fn get_parameters(th: &mut Thread, this: Gc<GenericAlias>) -> Result<Gc<Tuple>> {
        if let Some(p) = this.parameters.get() {
            return Ok(p);
        }
        let p = parameters::collect(th, this.args)?;
        this.parameters.set(this.header(), p);
        Ok(p)
    }

    #[pygetter(name = "__typing_unpacked_tuple_args__")]
    fn get_unpacked_args(th: &mut Thread, this: Gc<GenericAlias>) -> Option<Gc<Tuple>> {
        let tuple = th.vm().ty(T::Tuple).value();
        (this.starred && this.origin.is(tuple)).then_some(this.args)
    }

    #[pymethod]
    fn __mro_entries__(th: &mut Thread, this: Gc<GenericAlias>, _bases: Value) -> Gc<Tuple> {
        th.new_tuple(&[this.origin])
    }

    #[pymethod]
    fn __instancecheck__(th: &mut Thread, _this: Value, _object: Value) -> Result<bool> {
        Err(th.type_error("isinstance() argument 2 cannot be a parameterized generic"))
    }

    #[pymethod]
    fn __subclasscheck__(th: &mut Thread, _this: Value, _class: Value) -> Result<bool> {
        Err(th.type_error("issubclass() argument 2 cannot be a parameterized generic"))
    }

    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<GenericAlias>) -> Result {
        let class = th.class_of(this.value()).value();
        if this.starred {
            let plain = make(th, this.origin, this.args, false).value();
            let it = th.iter(plain)?;
            let next = th.builtin("next")?;
            let args = th.new_tuple(&[it]).value();
            return Ok(th.new_tuple(&[next, args]).value());
        }
        let args = th.new_tuple(&[this.origin, this.args.value()]).value();
        Ok(th.new_tuple(&[class, args]).value())
    }

    #[pymethod]
    fn __dir__(th: &mut Thread, this: Gc<GenericAlias>) -> Result {
        let dir = th.builtin("dir")?;
        let names = th.call(dir, &[this.origin])?;
        for n in OWN
            .iter()
            .filter(|n| !matches!(**n, "__copy__" | "__deepcopy__" | "__bases__"))
        {
            let n = th.intern(n).value();
            if !th.contains(names, n)? {
                th.call_method_str(names, "append", &[n])?;
            }
        }
        Ok(names)
    }
}

impl Thread {
    /// Is `v` an exact instance of a native type without a fixed shape?
    pub fn is_exact_native(&mut self, v: Value, def: &'static TypeDef) -> bool {
        let class = self.type_for(def);
        self.class_of(v).is(class)
    }
}
