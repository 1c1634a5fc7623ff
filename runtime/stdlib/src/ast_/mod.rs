//! `_ast`: the node classes of `ast`, made from the grammar when the module is imported.
//!
//! Trees of source text, and code of trees, are made in `taipan_vm::tree`.

use taipan_vm::call::Args;
use taipan_vm::object::{Gc, NativeHeader, Result, Value};
use taipan_vm::tree::grammar::{self, constructor as parse};
use taipan_vm::types::descriptor::INSTANCE_DICT;
use taipan_vm::types::dict::Dict;
use taipan_vm::types::module::Module;
use taipan_vm::types::str_::Str;
use taipan_vm::types::typing::{generic_alias, union};
use taipan_vm::types::{ExceptionClass, T};
use taipan_vm::{NativeObject, Thread, ValueVec, pymodule, pytype};

/// A node.
#[repr(C)]
#[derive(NativeObject)]
pub struct Ast {
    head: NativeHeader,
}

/// How deep `repr` goes.
const REPR_DEPTH: usize = 3;

fn fields(th: &mut Thread, this: Value) -> Result<ValueVec> {
    let class = th.class_of(this).value();
    match th.get_attr_str_option(class, "_fields")? {
        Some(f) => th.collect(f),
        None => Ok(ValueVec::new()),
    }
}

fn name_of(v: Value) -> String {
    v.downcast::<Str>()
        .map_or(String::new(), |s| s.to_string_lossy())
}

/// What a field gets that was not given: nothing for optional ones (the class has None), an empty
/// list, `Load()`; a warning for others.
fn fill(th: &mut Thread, this: Value, field: Value, types: Gc<Dict>) -> Result<()> {
    let Some(t) = types.get(th, field)? else {
        return Ok(());
    };
    let name = name_of(field);
    if t.downcast::<union::Union>().is_some() {
        return Ok(());
    }
    if t.downcast::<generic_alias::GenericAlias>().is_some() {
        let l = th.new_list().value();
        return th.set_attr_str(this, &name, l);
    }
    let class = th.class_of(this).name_text();
    if let Some(c) = t.downcast::<taipan_vm::types::type_::Type>()
        && c.name_text() == "expr_context"
    {
        let load = th.vm().registry.borrow().get("_ast.Load").copied();
        if let Some(load) = load {
            let v = th.call(load, &[])?;
            return th.set_attr_str(this, &name, v);
        }
    }
    let message = format!(
        "{class}.__init__ missing 1 required positional argument: '{name}'. This will become an error in Python 3.15."
    );
    taipan_vm::exceptions::warn(th, ExceptionClass::DeprecationWarning, &message, 1)
}

fn show(th: &mut Thread, v: Value, depth: usize) -> Result<String> {
    if v.downcast::<Ast>().is_some() {
        return node_repr(th, v, depth);
    }
    let list = v.downcast::<taipan_vm::types::list::List>().is_some();
    if list || v.downcast::<taipan_vm::types::tuple::Tuple>().is_some() {
        let items = th.to_tuple(v)?;
        let items = items.as_slice();
        let mut parts = Vec::new();
        for (i, x) in items.iter().enumerate() {
            if i == 0 || i + 1 == items.len() {
                parts.push(show(th, *x, depth)?);
            } else if i == 1 {
                parts.push("...".into());
            }
        }
        let body = parts.join(", ");
        return Ok(if list {
            format!("[{body}]")
        } else {
            format!("({body})")
        });
    }
    Ok(th.repr(v)?.to_string_lossy())
}

fn node_repr(th: &mut Thread, this: Value, depth: usize) -> Result<String> {
    th.check_native_stack(" during ast node repr")?;
    let class = th.class_of(this).name_text();
    if depth == 0 {
        return Ok(format!("{class}(...)"));
    }
    let mut parts = Vec::new();
    let names = fields(th, this)?;
    for f in names.as_slice() {
        let name = name_of(*f);
        if let Some(v) = th.get_attr_str_option(this, &name)? {
            parts.push(format!("{name}={}", show(th, v, depth - 1)?));
        }
    }
    Ok(format!("{class}({})", parts.join(", ")))
}

#[pytype(name = "AST", module = "ast", flags = BASETYPE | HAS_DICT | MUTABLE, table = AST, more_getsets = &INSTANCE_DICT)]
impl Ast {
    #[pynew(raw, sig = "(*args, **kwargs)")]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        let class = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
        Ok(th.alloc_native(class, |head| Ast { head }).value())
    }

    #[pyslot]
    fn init(th: &mut Thread, this: Value, args: Args<'_>) -> Result<()> {
        let names = fields(th, this)?;
        let class = th.class_of(this);
        let given = args.positionals();
        let n = names.len();
        if given.len() > n {
            let (c, s) = (class.name_text(), if n == 1 { "" } else { "s" });
            return Err(th.type_error(format!(
                "{c} constructor takes at most {n} positional argument{s}"
            )));
        }
        let mut missing: Vec<bool> = vec![true; n];
        for (i, v) in given.iter().enumerate() {
            let name = name_of(names.as_slice()[i]);
            th.set_attr_str(this, &name, *v)?;
            missing[i] = false;
        }
        for (k, v) in args.keywords() {
            let name = name_of(k);
            match names.as_slice().iter().position(|f| name_of(*f) == name) {
                Some(i) if i < given.len() => {
                    let c = class.name_text();
                    return Err(
                        th.type_error(format!("{c} got multiple values for argument '{name}'"))
                    );
                }
                Some(i) => missing[i] = false,
                None => {
                    let known = th.get_attr_str_option(class.value(), "_attributes")?;
                    let known = match known {
                        Some(a) => th.contains(a, k)?,
                        None => false,
                    };
                    if !known {
                        let c = class.name_text();
                        let message = format!(
                            "{c}.__init__ got an unexpected keyword argument '{name}'. Support for arbitrary keyword arguments is deprecated and will be removed in Python 3.15."
                        );
                        taipan_vm::exceptions::warn(
                            th,
                            ExceptionClass::DeprecationWarning,
                            &message,
                            1,
                        )?;
                    }
                }
            }
            th.set_attr_str(this, &name, v)?;
        }
        let types = th.get_attr_str_option(class.value(), "_field_types")?;
        let Some(types) = types.and_then(|t| t.downcast::<Dict>()) else {
            return Ok(());
        };
        for (i, f) in names.as_slice().iter().enumerate() {
            if missing[i] {
                fill(th, this, *f, types)?;
            }
        }
        Ok(())
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let text = node_repr(th, this, REPR_DEPTH)?;
        Ok(th.new_str(&text).value())
    }

    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Value) -> Result {
        let names = fields(th, this)?;
        let none = th.none();
        let class = th.class_of(this).value();
        let args = th.tuple_from_iter(names.as_slice().iter().map(|_| none));
        let dict = match th.instance_dict(this) {
            Some(d) => th.dict_copy(d).value(),
            None => none,
        };
        Ok(th.new_tuple(&[class, args.value(), dict]).value())
    }

    #[pymethod(sig = "(**kwargs)")]
    fn __replace__(th: &mut Thread, this: Value, kwargs: taipan_vm::call::KwArgs) -> Result {
        let class = th.class_of(this);
        let new = th.alloc_native(class, |head| Ast { head }).value();
        if let (Some(from), Some(to)) = (th.instance_dict(this), th.instance_dict(new)) {
            to.update_from(th, from)?;
            to.update_from(th, kwargs.0)?;
        }
        Ok(new)
    }
}

struct Maker {
    dict: Gc<Dict>,
}

impl Maker {
    fn class(
        &self,
        th: &mut Thread,
        base: Value,
        text: &str,
        name: &str,
        fields: Option<&[(&str, &str)]>,
        attributes: &[&str],
    ) -> Result {
        let ns = th.new_dict();
        let names: Vec<&str> = fields.unwrap_or(&[]).iter().map(|(_, n)| *n).collect();
        let tuple = |th: &mut Thread, names: &[&str]| {
            let v: Vec<_> = names.iter().map(|n| th.intern(n)).collect();
            th.tuple_from_iter(v.iter().map(|s| s.value())).value()
        };
        let names = tuple(th, &names);
        let (module, doc, none) = (
            th.intern("ast").value(),
            th.new_str(text).value(),
            th.none(),
        );
        for (k, v) in [
            ("_fields", names),
            ("__match_args__", names),
            ("__module__", module),
            ("__doc__", doc),
        ] {
            th.dict_set_text(ns, k, v);
        }
        if !attributes.is_empty() {
            let v = tuple(th, attributes);
            th.dict_set_text(ns, "_attributes", v);
            for a in attributes.iter().filter(|a| a.starts_with("end_")) {
                th.dict_set_text(ns, a, none);
            }
        } else if fields.is_none() {
            let v = th.empty_tuple().value();
            th.dict_set_text(ns, "_attributes", v);
        }
        for (t, n) in fields.unwrap_or(&[]) {
            if t.ends_with('?') {
                th.dict_set_text(ns, n, none);
            }
        }
        let bases = th.new_tuple(&[base]).value();
        let name_value = th.intern(name).value();
        let meta = th.vm().ty(T::Type).value();
        let class = th.call(meta, &[name_value, bases, ns.value()])?;
        th.dict_set_text(self.dict, name, class);
        Ok(class)
    }

    fn field_type(&self, th: &mut Thread, text: &str) -> Result {
        let name = text.trim_end_matches(['?', '*']);
        let t = match name {
            "identifier" | "string" => th.vm().ty(T::Str).value(),
            "int" => th.vm().ty(T::Int).value(),
            "constant" => th.vm().ty(T::Object).value(),
            n => match th.dict_get_text(self.dict, n) {
                Some(c) => c,
                None => th.vm().ty(T::Object).value(),
            },
        };
        if text.ends_with('*') {
            let list = th.vm().ty(T::List).value();
            return generic_alias::new(th, list, t);
        }
        if text.ends_with('?') {
            let none = th.none();
            return union::of(th, &[t, none]);
        }
        Ok(t)
    }
}

/// The module `_ast`.
pub struct AstModule;

#[pymodule(name = "_ast", types = [AST])]
impl AstModule {
    #[pyexec]
    fn exec(th: &mut Thread, module: Gc<Module>) -> Result<()> {
        let maker = Maker {
            dict: module.namespace(),
        };
        let root = th.type_for(&AST);
        let empty = th.empty_tuple().value();
        for k in ["_fields", "__match_args__", "_attributes"] {
            th.dict_set_text(root.namespace(), k, empty);
        }
        for kind in grammar::GRAMMAR {
            let alone = matches!(kind.constructors, [c] if parse(c).0 == kind.name);
            if alone {
                let (name, fields) = parse(kind.constructors[0]);
                let text = kind.constructors[0];
                maker.class(th, root.value(), text, name, Some(&fields), kind.attributes)?;
                continue;
            }
            let plain = kind.constructors.iter().all(|c| !c.contains('('));
            let bar = if plain {
                " | ".to_string()
            } else {
                format!("\n{}| ", " ".repeat(kind.name.len() + 1))
            };
            let text = format!("{} = {}", kind.name, kind.constructors.join(&bar));
            let base = maker.class(th, root.value(), &text, kind.name, None, kind.attributes)?;
            for c in kind.constructors {
                let (name, fields) = parse(c);
                maker.class(th, base, c, name, Some(&fields), &[])?;
            }
        }
        for kind in grammar::GRAMMAR {
            for c in kind.constructors {
                let (name, fields) = parse(c);
                let types = th.new_dict();
                for (t, n) in fields {
                    let t = maker.field_type(th, t)?;
                    th.dict_set_text(types, n, t);
                }
                if let Some(class) = th.dict_get_text(maker.dict, name) {
                    th.set_attr_str(class, "_field_types", types.value())?;
                    th.set_attr_str(class, "__annotations__", types.value())?;
                }
            }
        }
        if let Some(load) = th.dict_get_text(maker.dict, "Load") {
            th.vm().registry.borrow_mut().insert("_ast.Load", load);
        }
        for (k, v) in [
            ("PyCF_ONLY_AST", 0x400),
            ("PyCF_TYPE_COMMENTS", 0x1000),
            ("PyCF_ALLOW_TOP_LEVEL_AWAIT", 0x2000),
            ("PyCF_OPTIMIZED_AST", 0x8400),
        ] {
            let v = th.int(v);
            th.dict_set_text(maker.dict, k, v);
        }
        Ok(())
    }
}
