//! Objects by their own account (`__reduce_ex__`, dispatch tables), and things found by name.

use super::opcodes::*;
use super::pickler::Pickler;
use super::pickling_error;
use crate::support;
use taipan_vm::object::Gc;
use taipan_vm::types::dict::Dict;
use taipan_vm::types::function::Function;
use taipan_vm::types::str_::Str;
use taipan_vm::types::tuple::Tuple;
use taipan_vm::types::{ExceptionClass, T};
use taipan_vm::{Result, Thread, Value, ValueVec};

/// Is a function's name this one?
fn is_named(th: &mut Thread, f: Value, name: &str) -> Result<bool> {
    let n = th.get_attr_str_option(f, "__name__")?;
    Ok(n.and_then(|n| n.downcast::<Str>())
        .is_some_and(|n| n.equals_str(name)))
}

impl Pickler {
    /// What has no opcodes of its own.
    pub(super) fn save_other(&self, th: &mut Thread, v: Value) -> Result<()> {
        let mut reduced = None;
        if let Some(f) = self.reducer_override.get() {
            let r = th.call(f, &[v])?;
            if !r.is(th.not_implemented()) {
                reduced = Some(r);
            }
        }
        let class = th.class_of(v);
        if reduced.is_none() {
            if class.is(th.vm().ty(T::Type)) {
                return self.save_type(th, v);
            }
            if v.downcast::<Function>().is_some() {
                return self.save_global(th, v, None);
            }
            reduced = self.dispatched(th, class.value(), v)?;
        }
        let reduced = match reduced {
            Some(r) => r,
            None => {
                if class.is_subtype(th.vm().ty(T::Type)) {
                    return self.save_global(th, v, None);
                }
                if let Some(f) = th.get_attr_str_option(v, "__reduce_ex__")? {
                    let p = th.int(self.protocol.get());
                    th.call(f, &[p])?
                } else if let Some(f) = th.get_attr_str_option(v, "__reduce__")? {
                    th.call(f, &[])?
                } else {
                    let name = th.type_name(v);
                    return Err(pickling_error(th, format!("Can't pickle {name} object")));
                }
            }
        };
        if reduced.downcast::<Str>().is_some() {
            return self.save_global(th, v, Some(reduced));
        }
        let r = match reduced.downcast::<Tuple>() {
            None => {
                let got = th.type_name(reduced);
                Err(pickling_error(
                    th,
                    format!("__reduce__ must return a string or tuple, not {got}"),
                ))
            }
            Some(t) if !(2..=6).contains(&t.len()) => Err(pickling_error(
                th,
                "tuple returned by __reduce__ must contain 2 through 6 elements",
            )),
            Some(t) => self.save_reduce(th, t.as_slice(), Some(v)),
        };
        self.noted(th, r, v, "object")
    }

    /// What the dispatch table says of a class.
    fn dispatched(&self, th: &mut Thread, class: Value, v: Value) -> Result<Option<Value>> {
        let table = match self.dispatch_table.get() {
            Some(t) => t,
            None => support::import_attr(th, "copyreg", "dispatch_table")?,
        };
        let f = match table
            .downcast::<Dict>()
            .filter(|_| th.is_exact(table, T::Dict))
        {
            Some(d) => d.get(th, class)?,
            None => match th.get_item(table, class) {
                Ok(f) => Some(f),
                Err(_) if th.pending_matches(ExceptionClass::KeyError) => {
                    th.clear_pending();
                    None
                }
                Err(e) => return Err(e),
            },
        };
        match f {
            Some(f) => th.call(f, &[v]).map(Some),
            None => Ok(None),
        }
    }

    fn save_type(&self, th: &mut Thread, v: Value) -> Result<()> {
        for single in [th.none(), th.not_implemented(), th.ellipsis()] {
            if v.is(th.class_of(single).value()) {
                let class = th.vm().ty(T::Type).value();
                let args = th.new_tuple(&[single]).value();
                return self.save_reduce(th, &[class, args], Some(v));
            }
        }
        self.save_global(th, v, None)
    }

    /// What `__reduce__` gave: function, arguments, state, list items, dict items, state setter.
    pub(super) fn save_reduce(
        &self,
        th: &mut Thread,
        parts: &[Value],
        object: Option<Value>,
    ) -> Result<()> {
        let (f, args) = (parts[0], parts[1]);
        let part = |th: &Thread, i: usize| th.not_none(parts.get(i).copied());
        let (state, items, pairs, setter) = (part(th, 2), part(th, 3), part(th, 4), part(th, 5));
        if !th.is_callable(f) {
            let got = th.type_name(f);
            return Err(pickling_error(
                th,
                format!(
                    "first item of the tuple returned by __reduce__ must be callable, not {got}"
                ),
            ));
        }
        let Some(args) = args.downcast::<Tuple>() else {
            let got = th.type_name(args);
            return Err(pickling_error(
                th,
                format!(
                    "second item of the tuple returned by __reduce__ must be a tuple, not {got}"
                ),
            ));
        };
        for (v, which, what) in [(items, "fourth", "iterator"), (pairs, "fifth", "iterator")] {
            if let Some(v) = v
                && th.class_of(v).slots().next.is_none()
            {
                let got = th.type_name(v);
                return Err(pickling_error(
                    th,
                    format!(
                        "{which} item of the tuple returned by __reduce__ must be an {what}, not {got}"
                    ),
                ));
            }
        }
        if let Some(s) = setter
            && !th.is_callable(s)
        {
            let got = th.type_name(s);
            return Err(pickling_error(
                th,
                format!(
                    "sixth item of the tuple returned by __reduce__ must be callable, not {got}"
                ),
            ));
        }
        let owner = object.unwrap_or(f);
        let p = self.protocol.get();
        if p >= 2 && is_named(th, f, "__newobj_ex__")? {
            self.save_new_ex(th, args, object, owner)?;
        } else if p >= 2 && is_named(th, f, "__newobj__")? {
            self.save_new(th, args, object, owner)?;
        } else {
            let r = self.save(th, f, true);
            self.noted(th, r, owner, "reconstructor")?;
            let r = self.save(th, args.value(), true);
            self.noted(th, r, owner, "reconstructor arguments")?;
            self.op(REDUCE);
        }
        if let Some(v) = object {
            match self.memoized(v) {
                Some(n) => {
                    self.op(POP);
                    self.get(n);
                }
                None => self.memoize(th, v)?,
            }
        }
        if let Some(it) = items {
            self.save_items(th, it, owner)?;
        }
        if let Some(it) = pairs {
            self.save_pairs(th, it, owner)?;
        }
        let Some(state) = state else {
            return Ok(());
        };
        match (setter, object) {
            (Some(f), Some(v)) => {
                let r = self.save(th, f, true);
                self.noted(th, r, owner, "state setter")?;
                self.save(th, v, true)?;
                let r = self.save(th, state, true);
                self.noted(th, r, owner, "state")?;
                self.put(&[TUPLE2, REDUCE, POP]);
            }
            _ => {
                let r = self.save(th, state, true);
                self.noted(th, r, owner, "state")?;
                self.op(BUILD);
            }
        }
        Ok(())
    }

    /// Checks the class that `__newobj__` or `__newobj_ex__` is to make an instance of.
    fn check_class(
        &self,
        th: &mut Thread,
        class: Value,
        object: Option<Value>,
        name: &str,
    ) -> Result<()> {
        if th.get_attr_str_option(class, "__new__")?.is_none() {
            return Err(pickling_error(
                th,
                format!("first argument to {name}() has no __new__"),
            ));
        }
        if let Some(v) = object {
            let own = th.get_attr_str(v, "__class__")?;
            if !own.is(class) {
                let (want, got) = (th.repr_lossy(own), th.repr_lossy(class));
                return Err(pickling_error(
                    th,
                    format!("first argument to {name}() must be {want}, not {got}"),
                ));
            }
        }
        Ok(())
    }

    fn save_new(
        &self,
        th: &mut Thread,
        args: Gc<Tuple>,
        object: Option<Value>,
        owner: Value,
    ) -> Result<()> {
        let Some(class) = args.get(0) else {
            return Err(pickling_error(
                th,
                "__newobj__ expected at least 1 argument, got 0",
            ));
        };
        self.check_class(th, class, object, "__newobj__")?;
        let rest = th.new_tuple(&args.as_slice()[1..]).value();
        let r = self.save(th, class, true);
        self.noted(th, r, owner, "class")?;
        let r = self.save(th, rest, true);
        self.noted(th, r, owner, "__new__ arguments")?;
        self.op(NEWOBJ);
        Ok(())
    }

    fn save_new_ex(
        &self,
        th: &mut Thread,
        args: Gc<Tuple>,
        object: Option<Value>,
        owner: Value,
    ) -> Result<()> {
        let [class, positional, keywords] = *args.as_slice() else {
            let n = args.len();
            return Err(pickling_error(
                th,
                format!("__newobj_ex__ expected 3 arguments, got {n}"),
            ));
        };
        self.check_class(th, class, object, "__newobj_ex__")?;
        let Some(p) = positional.downcast::<Tuple>() else {
            let got = th.type_name(positional);
            return Err(pickling_error(
                th,
                format!("second argument to __newobj_ex__() must be a tuple, not {got}"),
            ));
        };
        let Some(k) = keywords.downcast::<Dict>() else {
            let got = th.type_name(keywords);
            return Err(pickling_error(
                th,
                format!("third argument to __newobj_ex__() must be a dict, not {got}"),
            ));
        };
        if self.protocol.get() >= 4 {
            let r = self.save(th, class, true);
            self.noted(th, r, owner, "class")?;
            let r = self.save(th, positional, true);
            self.noted(th, r, owner, "__new__ arguments")?;
            let r = self.save(th, keywords, true);
            self.noted(th, r, owner, "__new__ arguments")?;
            self.op(NEWOBJ_EX);
            return Ok(());
        }
        let partial = support::import_attr(th, "functools", "partial")?;
        let new = th.get_attr_str(class, "__new__")?;
        let values = ValueVec::new();
        th.push_all(&values, &[new, class])?;
        th.push_all(&values, p.as_slice())?;
        let names = th.new_list();
        let mut at = 0;
        while let Some((next, key, v)) = k.entry_from(at) {
            at = next;
            th.list_append(names, key)?;
            th.push(&values, v)?;
        }
        let kwnames = match names.items.is_empty() {
            true => None,
            false => Some(th.to_tuple(names.value())?),
        };
        let f = th.call_args(
            partial,
            taipan_vm::call::Args {
                values: values.as_slice(),
                kwnames,
            },
        )?;
        let r = self.save(th, f, true);
        self.noted(th, r, owner, "reconstructor")?;
        let nothing = th.empty_tuple().value();
        self.save(th, nothing, true)?;
        self.op(REDUCE);
        Ok(())
    }

    /// A class, function or other thing by module and name.
    pub(super) fn save_global(&self, th: &mut Thread, v: Value, name: Option<Value>) -> Result<()> {
        let name = match name {
            Some(n) => n,
            None => match th.get_attr_str_option(v, "__qualname__")? {
                Some(n) => n,
                None => th.get_attr_str(v, "__name__")?,
            },
        };
        let which = support::import_attr(th, "pickle", "whichmodule")?;
        let module = th.call(which, &[v, name])?;
        let p = self.protocol.get();
        if p >= 2 {
            let registry = support::import_attr(th, "copyreg", "_extension_registry")?;
            let key = th.new_tuple(&[module, name]).value();
            let code = match registry.downcast::<Dict>() {
                Some(d) => d.get(th, key)?,
                None => None,
            };
            if let Some(code) = code {
                let n = th.index_i64(code, "Python int too large to convert to C long")?;
                match n {
                    1..=0xFF => self.put(&[EXT1, n as u8]),
                    0x100..=0xFFFF => self.put(&[EXT2, n as u8, (n >> 8) as u8]),
                    0x10000..=0x7FFF_FFFF => {
                        self.op(EXT4);
                        self.put(&(n as i32).to_le_bytes());
                    }
                    _ => {
                        return Err(th.runtime_error(format!("extension code {n} is out of range")));
                    }
                }
                return Ok(());
            }
        }
        if p >= 4 {
            self.save(th, module, true)?;
            self.save(th, name, true)?;
            self.op(STACK_GLOBAL);
            return self.memoize(th, v);
        }
        let text = th.str_lossy(name);
        let parts: Vec<&str> = text.split('.').collect();
        if let [first, rest @ ..] = parts.as_slice()
            && !rest.is_empty()
        {
            let getattr = th.builtin("getattr")?;
            for _ in rest {
                self.save(th, getattr, true)?;
                if p < 2 {
                    self.op(MARK);
                }
            }
            let first = th.new_str(first).value();
            self.put_global(th, module, first)?;
            for part in rest {
                let part = th.intern(part).value();
                self.save(th, part, true)?;
                self.op(if p < 2 { TUPLE } else { TUPLE2 });
                self.op(REDUCE);
            }
        } else {
            self.put_global(th, module, name)?;
        }
        self.memoize(th, v)
    }

    fn put_global(&self, th: &mut Thread, mut module: Value, mut name: Value) -> Result<()> {
        let p = self.protocol.get();
        if p < 3 && self.fix_imports.get() {
            let names = support::import_attr(th, "_compat_pickle", "REVERSE_NAME_MAPPING")?;
            let modules = support::import_attr(th, "_compat_pickle", "REVERSE_IMPORT_MAPPING")?;
            let key = th.new_tuple(&[module, name]).value();
            let found = match names.downcast::<Dict>() {
                Some(d) => d.get(th, key)?,
                None => None,
            };
            if let Some(t) = found.and_then(|v| v.downcast::<Tuple>())
                && let (Some(m), Some(n)) = (t.get(0), t.get(1))
            {
                (module, name) = (m, n);
            } else if let Some(d) = modules.downcast::<Dict>()
                && let Some(m) = d.get(th, module)?
            {
                module = m;
            }
        }
        self.op(GLOBAL);
        for (v, what) in [(module, "module"), (name, "global")] {
            let s = th.expect::<Str>(v)?;
            let bytes = match s.as_ascii() {
                Some(t) => t.as_bytes().to_vec(),
                None if p >= 3 => s.to_wtf8(),
                None => {
                    let shown = th.repr_lossy(v);
                    return Err(pickling_error(
                        th,
                        format!("can't pickle {what} identifier {shown} using pickle protocol {p}"),
                    ));
                }
            };
            self.put(&bytes);
            self.op(b'\n');
        }
        Ok(())
    }
}
