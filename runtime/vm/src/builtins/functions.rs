//! The module `builtins`: its own table, class tests; the other functions are grouped by theme in
//! the neighbouring files.

use crate::Thread;
use crate::call::Args;
use crate::object::{Gc, Result, Value};
use crate::pymodule;
use crate::types::str_::Str;
use crate::types::tuple::Tuple;
use crate::types::type_::Type;

/// The functions hang here.
pub struct Builtins;

/// Built-in functions, types, exceptions, and other objects.
#[pymodule(name = "builtins", more = [
    &super::attributes::TABLE,
    &super::iteration::TABLE,
    &super::numbers::TABLE,
    &super::output::TABLE,
    &super::source::TABLE,
    &super::characters::TABLE,
])]
impl Builtins {
    /// Internal helper function used by the class statement.
    #[pyfunction(raw)]
    fn __build_class__(th: &mut Thread, args: Args<'_>) -> Result {
        super::build_class::build_class(th, args)
    }

    /// Import a module.
    ///
    /// Because this function is meant for use by the Python
    /// interpreter and not for general use, it is better to use
    /// importlib.import_module() to programmatically import a module.
    #[pyfunction(sig = "(name, globals=None, locals=None, fromlist=(), level=0)")]
    fn __import__(
        th: &mut Thread,
        name: Value,
        globals: Option<Value>,
        locals: Option<Value>,
        fromlist: Option<Value>,
        level: Option<i64>,
    ) -> Result {
        let _ = locals;
        let Some(name) = name.downcast::<Str>() else {
            return Err(th.type_error("module name must be a string"));
        };
        let level = level.unwrap_or(0);
        crate::import::level::import_module_level(th, name, globals, fromlist, level)
    }

    /// Return the number of items in a container.
    #[pyfunction]
    fn len(th: &mut Thread, obj: Value) -> Result<usize> {
        th.len(obj)
    }

    /// Return the canonical string representation of the object.
    #[pyfunction]
    fn repr(th: &mut Thread, obj: Value) -> Result<Gc<Str>> {
        th.repr(obj)
    }

    /// Return whether an object is an instance of a class or of a subclass thereof.
    #[pyfunction]
    fn isinstance(th: &mut Thread, obj: Value, class_or_tuple: Value) -> Result<bool> {
        th.is_instance_check(obj, class_or_tuple)
    }

    /// Return whether 'cls' is derived from another class or is the same class.
    #[pyfunction]
    fn issubclass(th: &mut Thread, cls: Value, class_or_tuple: Value) -> Result<bool> {
        th.is_subclass_check(cls, class_or_tuple)
    }
}

impl Thread {
    /// `isinstance(v, class)`: tuples, unions, `__instancecheck__`. Raises TypeError.
    pub fn is_instance_check(&mut self, v: Value, class: Value) -> Result<bool> {
        if self.class_of(v).value().is(class) {
            return Ok(true);
        }
        if let Some(t) = class.downcast::<Tuple>() {
            self.check_native_stack(" in __instancecheck__")?;
            for c in t.as_slice() {
                if self.is_instance_check(v, *c)? {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        if let Some(t) = class.downcast::<Type>()
            && self.is_exact(class, crate::types::T::Type)
        {
            return self.is_instance(v, t);
        }
        if let Some(u) = class.downcast::<crate::types::typing::union::Union>() {
            return self.is_instance_check(v, u.args.value());
        }
        let name = self.names().__instancecheck__;
        if let Some(r) = self.call_special(class, name, &[v])? {
            return self.truth(r);
        }
        let bases = self.names().__bases__;
        match self.get_attr_option(class, bases)? {
            Some(b) if b.downcast::<Tuple>().is_some() => {
                let k = self.names().__class__;
                match self.get_attr_option(v, k)? {
                    Some(k) => self.is_real_subclass(k, class),
                    None => Ok(false),
                }
            }
            _ => {
                Err(self
                    .type_error("isinstance() arg 2 must be a type, a tuple of types, or a union"))
            }
        }
    }

    /// `issubclass(class, of)`: tuples, unions, `__subclasscheck__`. Raises TypeError.
    pub fn is_subclass_check(&mut self, class: Value, of: Value) -> Result<bool> {
        if let Some(t) = of.downcast::<Tuple>() {
            self.check_native_stack(" in __subclasscheck__")?;
            for c in t.as_slice() {
                if self.is_subclass_check(class, *c)? {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        if self.is_exact(of, crate::types::T::Type) {
            if class.is(of) {
                return Ok(true);
            }
            return self.is_real_subclass(class, of);
        }
        if let Some(u) = of.downcast::<crate::types::typing::union::Union>() {
            return self.is_subclass_check(class, u.args.value());
        }
        let name = self.names().__subclasscheck__;
        if let Some(r) = self.call_special(of, name, &[class])? {
            return self.truth(r);
        }
        self.is_real_subclass(class, of)
    }

    /// The plain subclass test, by MRO or `__bases__`.
    pub fn is_real_subclass(&mut self, class: Value, of: Value) -> Result<bool> {
        if let (Some(c), Some(o)) = (class.downcast::<Type>(), of.downcast::<Type>()) {
            return Ok(c.is(o) || c.is_subtype(o));
        }
        let name = self.names().__bases__;
        for (v, n, what) in [
            (class, 1, "a class"),
            (of, 2, "a class, a tuple of classes, or a union"),
        ] {
            let ok = v.downcast::<Type>().is_some()
                || self
                    .get_attr_option(v, name)?
                    .is_some_and(|b| b.downcast::<Tuple>().is_some());
            if !ok {
                return Err(self.type_error(format!("issubclass() arg {n} must be {what}")));
            }
        }
        self.is_abstract_subclass(class, of)
    }

    fn is_abstract_subclass(&mut self, class: Value, of: Value) -> Result<bool> {
        self.check_native_stack(" in __subclasscheck__")?;
        if class.is(of) {
            return Ok(true);
        }
        let name = self.names().__bases__;
        let bases = self.get_attr_option(class, name)?;
        let Some(bases) = bases.and_then(|b| b.downcast::<Tuple>()) else {
            return Ok(false);
        };
        for b in bases.as_slice() {
            if self.is_abstract_subclass(*b, of)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
