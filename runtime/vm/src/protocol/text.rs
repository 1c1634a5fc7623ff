//! `repr`, `str`, `format` (Objects/object.c) and text helpers.

use crate::Thread;
use crate::object::{Gc, Result, Value};
use crate::types::str_::Str;
use crate::types::{T, float, int};

impl Thread {
    /// `repr(v)`
    pub fn repr(&mut self, v: Value) -> Result<Gc<Str>> {
        self.check_native_stack(" while getting the repr of an object")?;
        let r = match self.class_of(v).slots().repr {
            Some(f) => f(self, v)?,
            None => return Ok(self.default_repr(v)),
        };
        match r.downcast::<Str>() {
            Some(s) => Ok(s),
            None => {
                let got = self.type_name(r);
                Err(self.type_error(format!("__repr__ returned non-string (type {got})")))
            }
        }
    }

    /// `str(v)`
    pub fn str(&mut self, v: Value) -> Result<Gc<Str>> {
        if self.is_exact(v, T::Str)
            && let Some(s) = v.downcast::<Str>()
        {
            return Ok(s);
        }
        if self.is_exact(v, T::Int) {
            return int::to_str(self, v);
        }
        self.check_native_stack(" while getting the str of an object")?;
        let r = match self.class_of(v).slots().str_ {
            Some(f) => f(self, v)?,
            None => return self.repr(v),
        };
        match r.downcast::<Str>() {
            Some(s) => Ok(s),
            None => {
                let got = self.type_name(r);
                Err(self.type_error(format!("__str__ returned non-string (type {got})")))
            }
        }
    }

    /// `ascii(v)`
    pub fn ascii(&mut self, v: Value) -> Result<Gc<Str>> {
        let s = self.repr(v)?;
        Ok(crate::types::str_::to_ascii(self, s))
    }

    /// `format(v, spec)`
    pub fn format(&mut self, v: Value, spec: Gc<Str>) -> Result<Gc<Str>> {
        if spec.is_empty() {
            if self.is_exact(v, T::Str)
                && let Some(s) = v.downcast::<Str>()
            {
                return Ok(s);
            }
            if self.is_exact(v, T::Int) {
                return int::to_str(self, v);
            }
            if let Some(x) = self.as_float(v)
                && self.is_exact(v, T::Float)
            {
                return Ok(float::to_str(self, x));
            }
        }
        if self.is_exact(v, T::Str)
            && let Some(s) = v.downcast::<Str>()
        {
            return crate::types::str_::format_str(self, s, spec);
        }
        if self.is_exact(v, T::Int) {
            return int::format(self, v, spec);
        }
        if self.is_exact(v, T::Float) {
            return float::format(self, v, spec);
        }
        let name = self.names().__format__;
        let r = match self.call_special(v, name, &[spec.value()])? {
            Some(r) => r,
            None => {
                let got = self.type_name(v);
                return Err(self.type_error(format!("Type {got} doesn't define __format__")));
            }
        };
        match r.downcast::<Str>() {
            Some(s) => Ok(s),
            None => {
                let got = self.type_name(r);
                Err(self.type_error(format!("__format__ must return a str, not {got}")))
            }
        }
    }

    /// `<C object at 0x…>`
    pub fn default_repr(&mut self, v: Value) -> Gc<Str> {
        let class = self.class_of(v);
        let name = self.qualified_name(class);
        let address = v.bits();
        self.new_str(&format!("<{name} object at {address:#x}>"))
    }

    /// `module.qualname` of a class, without `builtins.`.
    pub fn qualified_name(&mut self, class: Gc<crate::types::type_::Type>) -> String {
        let q = class
            .qualname
            .get()
            .map_or_else(|| class.name_text(), |q| q.to_string_lossy());
        let key = self.names().__module__;
        let module = match class.def {
            Some(d) => Some(d.module.to_string()),
            None => class
                .lookup_uncached(key)
                .and_then(|m| m.downcast::<Str>())
                .map(|m| m.to_string_lossy()),
        };
        match module {
            Some(m) if m != "builtins" => format!("{m}.{q}"),
            _ => q,
        }
    }

    /// As [`Thread::qualified_name`] for messages, in which `__main__.` is left out, too.
    pub fn full_name(&mut self, class: Gc<crate::types::type_::Type>) -> String {
        let name = self.qualified_name(class);
        match name.strip_prefix("__main__.") {
            Some(rest) => rest.to_owned(),
            None => name,
        }
    }

    /// `repr(v)` for messages; errors become a placeholder.
    pub fn repr_lossy(&mut self, v: Value) -> String {
        let pending = self.pending.take();
        let r = match self.repr(v) {
            Ok(s) => s.to_string_lossy(),
            Err(_) => format!("<{} object>", self.type_name(v)),
        };
        self.pending.set(pending);
        r
    }

    /// `str(v)` for messages; errors become a placeholder.
    pub fn str_lossy(&mut self, v: Value) -> String {
        let pending = self.pending.take();
        let r = match self.str(v) {
            Ok(s) => s.to_string_lossy(),
            Err(_) => format!("<{} object>", self.type_name(v)),
        };
        self.pending.set(pending);
        r
    }
}
