//! `itemgetter`, `attrgetter`, `methodcaller`.

use taipan_vm::call::Args;
use taipan_vm::object::{Gc, NativeHeader, ValueVec};
use taipan_vm::types::dict::Dict;
use taipan_vm::types::str_::Str;
use taipan_vm::types::tuple::Tuple;
use taipan_vm::{NativeObject, Result, Thread, Value, pytype};

/// Fetches items.
#[repr(C)]
#[derive(NativeObject)]
pub struct ItemGetter {
    head: NativeHeader,
    keys: Gc<Tuple>,
}

/// Fetches attributes, through dots.
#[repr(C)]
#[derive(NativeObject)]
pub struct AttrGetter {
    head: NativeHeader,
    /// As given.
    names: Gc<Tuple>,
    /// For each, a tuple of the names between the dots.
    paths: Gc<Tuple>,
}

/// Calls a method.
#[repr(C)]
#[derive(NativeObject)]
pub struct MethodCaller {
    head: NativeHeader,
    name: Gc<Str>,
    arguments: Gc<Tuple>,
    keywords: Gc<Dict>,
}

fn one_object(th: &mut Thread, args: &Args<'_>, name: &str) -> Result {
    if args.keyword_count() > 0 {
        return Err(th.type_error(format!("{name}() takes no keyword arguments")));
    }
    match args.values {
        [v] => Ok(*v),
        other => {
            let n = other.len();
            Err(th.type_error(format!("{name} expected 1 argument, got {n}")))
        }
    }
}

fn class_name(th: &mut Thread, v: Value) -> String {
    let class = th.class_of(v);
    th.qualified_name(class)
}

fn reprs(th: &mut Thread, values: &[Value]) -> Result<String> {
    let mut parts = Vec::with_capacity(values.len());
    for v in values {
        parts.push(th.repr(*v)?.to_string_lossy());
    }
    Ok(parts.join(", "))
}

/// Return a callable object that fetches the given item(s) from its operand.
///
/// After f = itemgetter(2), the call f(r) returns r[2].
/// After g = itemgetter(2, 5, 3), the call g(r) returns (r[2], r[5], r[3])
#[pytype(name = "itemgetter", module = "operator", flags = BASETYPE, table = ITEMGETTER_TYPE)]
impl ItemGetter {
    #[pynew(raw, sig = "(item, /, *items)")]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        let class = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
        let keys = super::plain_arguments(th, &args, "itemgetter")?.0;
        Ok(th
            .alloc_native(class, |head| ItemGetter { head, keys })
            .value())
    }

    #[pyslot]
    fn call(th: &mut Thread, this: Value, args: Args<'_>) -> Result {
        let Some(this) = this.downcast::<ItemGetter>() else {
            return Err(th.type_error("itemgetter expected"));
        };
        let v = one_object(th, &args, "itemgetter")?;
        if let [key] = this.keys.as_slice() {
            return th.get_item(v, *key);
        }
        let out = ValueVec::new();
        for i in 0..this.keys.len() {
            if let Some(key) = this.keys.get(i) {
                let item = th.get_item(v, key)?;
                th.push(&out, item)?;
            }
        }
        Ok(th.new_tuple(out.as_slice()).value())
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let name = class_name(th, this);
        let keys = match this.downcast::<ItemGetter>() {
            Some(g) => reprs(th, g.keys.as_slice())?,
            None => String::new(),
        };
        Ok(th.new_str(&format!("{name}({keys})")).value())
    }

    /// Return state information for pickling
    #[pymethod(sig = "()")]
    fn __reduce__(th: &mut Thread, this: Gc<ItemGetter>) -> Result<Gc<Tuple>> {
        let class = th.class_of(this.value()).value();
        Ok(th.new_tuple(&[class, this.keys.value()]))
    }
}

/// Return a callable object that fetches the given attribute(s) from its operand.
///
/// After f = attrgetter('name'), the call f(r) returns r.name.
/// After g = attrgetter('name', 'date'), the call g(r) returns (r.name, r.date).
/// After h = attrgetter('name.first', 'name.last'), the call h(r) returns
/// (r.name.first, r.name.last).
#[pytype(name = "attrgetter", module = "operator", flags = BASETYPE, table = ATTRGETTER_TYPE)]
impl AttrGetter {
    #[pynew(raw, sig = "(attr, /, *attrs)")]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        let class = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
        let names = super::plain_arguments(th, &args, "attrgetter")?.0;
        let paths = ValueVec::new();
        for i in 0..names.len() {
            let Some(name) = names.get(i).and_then(|v| v.downcast::<Str>()) else {
                return Err(th.type_error("attribute name must be a string"));
            };
            let points: Vec<u32> = name.code_points().collect();
            let path = ValueVec::new();
            for part in points.split(|c| *c == '.' as u32) {
                let part = th.str_from_code_points(part);
                let part = th.intern_str(part).value();
                th.push(&path, part)?;
            }
            let path = th.new_tuple(path.as_slice()).value();
            th.push(&paths, path)?;
        }
        let paths = th.new_tuple(paths.as_slice());
        Ok(th
            .alloc_native(class, |head| AttrGetter { head, names, paths })
            .value())
    }

    #[pyslot]
    fn call(th: &mut Thread, this: Value, args: Args<'_>) -> Result {
        let Some(this) = this.downcast::<AttrGetter>() else {
            return Err(th.type_error("attrgetter expected"));
        };
        let v = one_object(th, &args, "attrgetter")?;
        let out = ValueVec::new();
        for i in 0..this.paths.len() {
            let Some(path) = this.paths.get(i).and_then(|p| p.downcast::<Tuple>()) else {
                continue;
            };
            let mut found = v;
            for j in 0..path.len() {
                if let Some(name) = path.get(j).and_then(|n| n.downcast::<Str>()) {
                    found = th.get_attr(found, name)?;
                }
            }
            if this.paths.len() == 1 {
                return Ok(found);
            }
            th.push(&out, found)?;
        }
        Ok(th.new_tuple(out.as_slice()).value())
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let name = class_name(th, this);
        let names = match this.downcast::<AttrGetter>() {
            Some(g) => reprs(th, g.names.as_slice())?,
            None => String::new(),
        };
        Ok(th.new_str(&format!("{name}({names})")).value())
    }

    /// Return state information for pickling
    #[pymethod(sig = "()")]
    fn __reduce__(th: &mut Thread, this: Gc<AttrGetter>) -> Result<Gc<Tuple>> {
        let class = th.class_of(this.value()).value();
        Ok(th.new_tuple(&[class, this.names.value()]))
    }
}

/// Return a callable object that calls the given method on its operand.
///
/// After f = methodcaller('name'), the call f(r) returns r.name().
/// After g = methodcaller('name', 'date', foo=1), the call g(r) returns
/// r.name('date', foo=1).
#[pytype(name = "methodcaller", module = "operator", flags = BASETYPE, table = METHODCALLER_TYPE)]
impl MethodCaller {
    #[pynew(raw, sig = "(name, /, *args, **kwargs)")]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        let class = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
        let args = args.skip_first();
        let Some((name, rest)) = args.positionals().split_first() else {
            return Err(th.type_error("methodcaller needs at least one argument, the method name"));
        };
        let Some(name) = name.downcast::<Str>() else {
            return Err(th.type_error("method name must be a string"));
        };
        let name = th.intern_str(name);
        let arguments = th.new_tuple(rest);
        let keywords = th.new_dict();
        for (k, v) in args.keywords() {
            keywords.set(th, k, v)?;
        }
        Ok(th
            .alloc_native(class, |head| MethodCaller {
                head,
                name,
                arguments,
                keywords,
            })
            .value())
    }

    #[pyslot]
    fn call(th: &mut Thread, this: Value, args: Args<'_>) -> Result {
        let Some(this) = this.downcast::<MethodCaller>() else {
            return Err(th.type_error("methodcaller expected"));
        };
        let v = one_object(th, &args, "methodcaller")?;
        if this.keywords.is_empty() {
            return th.call_method(v, this.name, this.arguments.as_slice());
        }
        let f = th.get_attr(v, this.name)?;
        let values = th.value_vec(this.arguments.as_slice())?;
        let names = ValueVec::new();
        let mut i = 0;
        while let Some((next, k, v)) = this.keywords.entry_from(i) {
            th.push(&names, k)?;
            th.push(&values, v)?;
            i = next;
        }
        let kwnames = th.new_tuple(names.as_slice());
        th.call_args(
            f,
            Args {
                values: values.as_slice(),
                kwnames: Some(kwnames),
            },
        )
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let name = class_name(th, this);
        let Some(this) = this.downcast::<MethodCaller>() else {
            return Err(th.type_error("methodcaller expected"));
        };
        let mut text = th.repr(this.name.value())?.to_string_lossy();
        if !this.arguments.is_empty() {
            text.push_str(", ");
            text.push_str(&reprs(th, this.arguments.as_slice())?);
        }
        let mut i = 0;
        while let Some((next, k, v)) = this.keywords.entry_from(i) {
            let (k, v) = (th.str(k)?.to_string_lossy(), th.repr(v)?.to_string_lossy());
            text.push_str(&format!(", {k}={v}"));
            i = next;
        }
        Ok(th.new_str(&format!("{name}({text})")).value())
    }

    /// Return state information for pickling
    #[pymethod(sig = "()")]
    fn __reduce__(th: &mut Thread, this: Gc<MethodCaller>) -> Result<Gc<Tuple>> {
        let class = th.class_of(this.value()).value();
        let name = this.name.value();
        if this.keywords.is_empty() {
            let all = th.value_vec(&[name])?;
            th.push_all(&all, this.arguments.as_slice())?;
            let all = th.new_tuple(all.as_slice()).value();
            return Ok(th.new_tuple(&[class, all]));
        }
        let import = th.builtin("__import__")?;
        let functools = th.new_str("functools").value();
        let functools = th.call(import, &[functools])?;
        let partial = th.get_attr_str(functools, "partial")?;
        let values = th.value_vec(&[class, name])?;
        let names = ValueVec::new();
        let mut i = 0;
        while let Some((next, k, v)) = this.keywords.entry_from(i) {
            th.push(&names, k)?;
            th.push(&values, v)?;
            i = next;
        }
        let kwnames = th.new_tuple(names.as_slice());
        let constructor = th.call_args(
            partial,
            Args {
                values: values.as_slice(),
                kwnames: Some(kwnames),
            },
        )?;
        Ok(th.new_tuple(&[constructor, this.arguments.value()]))
    }
}
