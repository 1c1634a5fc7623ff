//! `_functools`: `partial`, `reduce`, `cmp_to_key`, the cache of `lru_cache`.

mod lru;

use taipan_vm::call::Args;
use taipan_vm::object::slots::CompareOp;
use taipan_vm::object::{Gc, GcSlot, NativeHeader, Result, Slot, Value, ValueVec};
use taipan_vm::types::dict::Dict;
use taipan_vm::types::module::Module;
use taipan_vm::types::sequence::{TextParts, guarded_repr};
use taipan_vm::types::tuple::Tuple;
use taipan_vm::{NativeObject, Thread, pymodule, pytype};

/// The module hangs here.
pub struct Functools;

/// Tools that operate on functions.
#[pymodule(name = "_functools", types = [PARTIAL_TYPE, PLACEHOLDER_TYPE, lru::LRU_TYPE])]
impl Functools {
    /// Apply a function of two arguments cumulatively to the items of an iterable, from left to right.
    ///
    /// This effectively reduces the iterable to a single value.  If initial is present,
    /// it is placed before the items of the iterable in the calculation, and serves as
    /// a default when the iterable is empty.
    #[pyfunction(sig = "(function, iterable, /, initial=<unrepresentable>)")]
    fn reduce(th: &mut Thread, function: Value, iterable: Value, initial: Option<Value>) -> Result {
        let class = th.class_of(iterable);
        if class.slots().iter.is_none() && class.slots().getitem.is_none() {
            return Err(th.type_error("reduce() arg 2 must support iteration"));
        }
        let mut total = initial;
        th.for_each(iterable, |th, v| {
            total = Some(match total {
                Some(t) => th.call(function, &[t, v])?,
                None => v,
            });
            Ok(())
        })?;
        match total {
            Some(v) => Ok(v),
            None => Err(th.type_error("reduce() of empty iterable with no initial value")),
        }
    }

    /// Convert a cmp= function into a key= function.
    ///
    ///   mycmp
    ///     Function that compares two objects.
    #[pyfunction(sig = "(mycmp)")]
    fn cmp_to_key(th: &mut Thread, mycmp: Value) -> Value {
        new_key(th, mycmp, None)
    }

    #[pyexec]
    fn exec(th: &mut Thread, m: Gc<Module>) -> Result<()> {
        let p = placeholder(th);
        th.dict_set_text(m.namespace(), "Placeholder", p);
        Ok(())
    }
}

/// Stands for an argument that a partial leaves open.
#[repr(C)]
#[derive(NativeObject)]
pub struct Placeholder {
    head: NativeHeader,
}

/// The one placeholder.
fn placeholder(th: &mut Thread) -> Value {
    const KEY: &str = "functools.Placeholder";
    if let Some(p) = th.vm().registry.borrow().get(KEY).copied() {
        return p;
    }
    let p = th
        .new_native(&PLACEHOLDER_TYPE, |head| Placeholder { head })
        .value();
    th.vm().registry.borrow_mut().insert(KEY, p);
    p
}

/// The type of the Placeholder constant.
///
/// Used as a placeholder for partial arguments.
#[pytype(name = "_PlaceholderType", module = "functools", table = PLACEHOLDER_TYPE)]
impl Placeholder {
    #[pynew(raw)]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        if args.values.len() > 1 {
            return Err(th.type_error("_PlaceholderType takes no arguments"));
        }
        Ok(placeholder(th))
    }

    #[pyslot]
    fn repr(th: &mut Thread, _this: Value) -> Result {
        Ok(th.new_str("Placeholder").value())
    }

    #[pymethod]
    fn __reduce__(_: &mut Thread, _this: Gc<Placeholder>) -> &'static str {
        "Placeholder"
    }
}

/// What `cmp_to_key` gives.
#[repr(C)]
#[derive(NativeObject)]
pub struct Key {
    head: NativeHeader,
    compare: Value,
    object: Slot,
}

fn new_key(th: &mut Thread, compare: Value, object: Option<Value>) -> Value {
    let k = th.new_native(&KEY_TYPE, |head| Key {
        head,
        compare,
        object: Slot::empty(),
    });
    k.object.set_option(k.header(), object);
    k.value()
}

#[pytype(name = "KeyWrapper", module = "functools", flags = NO_INSTANTIATION, table = KEY_TYPE)]
impl Key {
    #[pymethod(name = "__call__", sig = "(obj)")]
    fn call_method(th: &mut Thread, this: Gc<Key>, obj: Value) -> Value {
        new_key(th, this.compare, Some(obj))
    }

    #[pyslot]
    fn call(th: &mut Thread, this: Value, args: Args<'_>) -> Result {
        match (this.downcast::<Key>(), args.values) {
            (Some(k), [v]) => Ok(new_key(th, k.compare, Some(*v))),
            _ => Err(th.type_error("K() takes exactly one argument")),
        }
    }

    #[pyslot]
    fn richcompare(th: &mut Thread, a: Value, b: Value, op: CompareOp) -> Result {
        let (Some(x), Some(y)) = (a.downcast::<Key>(), b.downcast::<Key>()) else {
            return Err(th.type_error("other argument must be K instance"));
        };
        let (Some(p), Some(q)) = (x.object.get(), y.object.get()) else {
            return Err(th.raise(taipan_vm::types::ExceptionClass::AttributeError, "object"));
        };
        let r = th.call(x.compare, &[p, q])?;
        th.compare(r, Value::small(0), op)
    }

    /// Value wrapped by a key function.
    #[pygetter]
    fn obj(_: &mut Thread, this: Gc<Key>) -> Option<Value> {
        this.object.get()
    }
}

/// A function with some of its arguments.
#[repr(C)]
#[derive(NativeObject)]
pub struct Partial {
    head: NativeHeader,
    function: Slot,
    args: GcSlot<Tuple>,
    keywords: GcSlot<Dict>,
    /// Number of placeholders among the arguments.
    #[notrace]
    open: std::cell::Cell<usize>,
}

impl Partial {
    fn arguments(&self, th: &Thread) -> Gc<Tuple> {
        self.args.get().unwrap_or(th.empty_tuple())
    }
}

/// The stored arguments with their placeholders filled from `given`, then the rest of `given`.
fn fill(th: &mut Thread, stored: Gc<Tuple>, given: &[Value]) -> Result<ValueVec> {
    let hole = placeholder(th);
    let out = ValueVec::new();
    let mut next = 0;
    for v in stored.as_slice() {
        if v.is(hole)
            && let Some(g) = given.get(next)
        {
            th.push(&out, *g)?;
            next += 1;
        } else {
            th.push(&out, *v)?;
        }
    }
    th.push_all(&out, given.get(next..).unwrap_or(&[]))?;
    Ok(out)
}

/// Create a new function with partial application of the given arguments and keywords.
#[pytype(name = "partial", module = "functools", flags = BASETYPE | HAS_DICT | HAS_WEAKREF, table = PARTIAL_TYPE, more_getsets = &taipan_vm::types::descriptor::INSTANCE_DICT)]
impl Partial {
    #[pynew(raw, sig = "(func, /, *args, **keywords)")]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        let class = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
        let [_, function, given @ ..] = args.positionals() else {
            return Err(th.type_error("type 'partial' takes at least one argument"));
        };
        if !th.is_callable(*function) {
            return Err(th.type_error("the first argument must be callable"));
        }
        let mut function = *function;
        let hole = placeholder(th);
        if given.last().is_some_and(|v| v.is(hole)) {
            return Err(th.type_error("trailing Placeholders are not allowed"));
        }
        if args.keywords().any(|(_, v)| v.is(hole)) {
            return Err(th.type_error("Placeholder cannot be passed as a keyword argument"));
        }
        let keywords = th.new_dict();
        let mut all = th.value_vec(given)?;
        let mine = th.type_for(&PARTIAL_TYPE);
        let fclass = th.class_of(function);
        if let Some(inner) = function.downcast::<Partial>()
            && (fclass.is(mine) || fclass.is_subtype(mine))
        {
            let stored = inner.arguments(th);
            all = fill(th, stored, given)?;
            if let Some(k) = inner.keywords.get() {
                keywords.update_from(th, k)?;
            }
            function = th.or_none(inner.function.get());
        }
        for (k, v) in args.keywords() {
            keywords.set(th, k, v)?;
        }
        let open = all.as_slice().iter().filter(|v| v.is(hole)).count();
        let stored = th.new_tuple(all.as_slice());
        Ok(th
            .alloc_native(class, |head| Partial {
                head,
                function: Slot::new(function),
                args: GcSlot::new(stored),
                keywords: GcSlot::new(keywords),
                open: std::cell::Cell::new(open),
            })
            .value())
    }

    #[pyslot]
    fn call(th: &mut Thread, this: Value, args: Args<'_>) -> Result {
        let Some(p) = this.downcast::<Partial>() else {
            return Err(th.type_error("not a partial"));
        };
        let given = args.positionals();
        if given.len() < p.open.get() {
            let (n, m) = (p.open.get(), given.len());
            return Err(th.type_error(format!(
                "missing positional arguments in 'partial' call; expected at least {n}, got {m}"
            )));
        }
        let stored = p.arguments(th);
        let values = fill(th, stored, given)?;
        let f = th.or_none(p.function.get());
        let keywords = p.keywords.get();
        let plain = keywords.is_none_or(|k| k.is_empty());
        if plain && args.kwnames.is_none() {
            return th.call(f, values.as_slice());
        }
        let merged = match keywords {
            Some(k) => th.dict_copy(k),
            None => th.new_dict(),
        };
        for (k, v) in args.keywords() {
            merged.set(th, k, v)?;
        }
        let names = ValueVec::new();
        let mut i = 0;
        while let Some((next, k, v)) = merged.entry_from(i) {
            th.push(&names, k)?;
            th.push(&values, v)?;
            i = next;
        }
        let names = th.new_tuple(names.as_slice());
        th.call_args(
            f,
            Args {
                values: values.as_slice(),
                kwnames: Some(names),
            },
        )
    }

    #[pyslot]
    fn descr_get(
        th: &mut Thread,
        this: Value,
        object: Option<Value>,
        _owner: Option<Value>,
    ) -> Result {
        match object {
            Some(o) if !th.is_none(o) => Ok(th.new_bound_method(this, o)),
            _ => Ok(this),
        }
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let Some(p) = this.downcast::<Partial>() else {
            return Ok(this);
        };
        guarded_repr(th, this, "...", |th| {
            let class = th.class_of(this);
            let name = th.qualified_name(class);
            let mut out = TextParts::new();
            out.push_str(&format!("{name}("));
            // What is shown may set another state.
            let f = th.or_none(p.function.get());
            let (arguments, keywords) = (p.arguments(th), p.keywords.get());
            out.push_repr(th, f)?;
            for v in arguments.as_slice() {
                out.push_str(", ");
                out.push_repr(th, *v)?;
            }
            if let Some(d) = keywords {
                let mut i = 0;
                while let Some((next, k, v)) = d.entry_from(i) {
                    out.push_str(", ");
                    let k = th.str(k)?;
                    out.push(k);
                    out.push_str("=");
                    out.push_repr(th, v)?;
                    i = next;
                }
            }
            out.push_str(")");
            Ok(out.finish(th))
        })
    }

    /// function object to use in future partial calls
    #[pygetter(member)]
    fn func(_: &mut Thread, this: Gc<Partial>) -> Option<Value> {
        this.function.get()
    }

    /// tuple of arguments to future partial calls
    #[pygetter(name = "args", member)]
    fn get_args(th: &mut Thread, this: Gc<Partial>) -> Value {
        this.arguments(th).value()
    }

    /// dictionary of keyword arguments to future partial calls
    #[pygetter(name = "keywords", member)]
    fn get_keywords(_: &mut Thread, this: Gc<Partial>) -> Option<Value> {
        this.keywords.get().map(|k| k.value())
    }

    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<Partial>) -> Result {
        let class = th.class_of(this.value()).value();
        let f = th.or_none(this.function.get());
        let args = th.new_tuple(&[f]).value();
        let stored = this.arguments(th).value();
        let none = th.none();
        let keywords = this.keywords.get().map_or(none, |k| k.value());
        let dict = match th.instance_dict(this.value()) {
            Some(d) if !d.is_empty() => d.value(),
            _ => none,
        };
        let state = th.new_tuple(&[f, stored, keywords, dict]).value();
        Ok(th.new_tuple(&[class, args, state]).value())
    }

    #[pymethod]
    fn __setstate__(th: &mut Thread, this: Gc<Partial>, state: Value) -> Result<()> {
        let wrong = "invalid partial state";
        let Some(t) = state.downcast::<Tuple>() else {
            return Err(th.type_error(wrong));
        };
        let [f, args, keywords, dict] = t.as_slice() else {
            return Err(th.type_error(wrong));
        };
        let (Some(a), true) = (args.downcast::<Tuple>(), th.is_callable(*f)) else {
            return Err(th.type_error(wrong));
        };
        let k = match keywords.downcast::<Dict>() {
            Some(k) if th.is_exact(*keywords, taipan_vm::types::T::Dict) => k,
            Some(k) => th.dict_copy(k),
            None if th.is_none(*keywords) => th.new_dict(),
            None => return Err(th.type_error(wrong)),
        };
        let hole = placeholder(th);
        if a.as_slice().last().is_some_and(|v| v.is(hole)) {
            return Err(th.type_error("trailing Placeholders are not allowed"));
        }
        let h = this.header();
        this.function.set(h, *f);
        let own = th.is_exact(a.value(), taipan_vm::types::T::Tuple);
        this.args
            .set(h, if own { a } else { th.new_tuple(a.as_slice()) });
        this.keywords.set(h, k);
        this.open
            .set(a.as_slice().iter().filter(|v| v.is(hole)).count());
        match dict.downcast::<Dict>() {
            Some(d) => {
                th.set_instance_dict(this.value(), Some(d));
            }
            None if th.is_none(*dict) => {
                th.set_instance_dict(this.value(), None);
            }
            None => return Err(th.type_error(wrong)),
        }
        Ok(())
    }

    /// See PEP 585
    #[pyclassmethod]
    fn __class_getitem__(th: &mut Thread, class: Value, item: Value) -> Result {
        taipan_vm::builtins::generic_alias(th, class, item)
    }
}
