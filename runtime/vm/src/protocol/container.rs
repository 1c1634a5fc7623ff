//! Items, length and containment (Objects/abstract.c), and shorthands for exact dicts.

use crate::Thread;
use crate::object::{Gc, Result, Value};
use crate::types::dict::Dict;
use crate::types::str_::Str;
use crate::types::type_::flags;

impl Thread {
    /// `v[key]`
    pub fn get_item(&mut self, v: Value, key: Value) -> Result {
        if let Some(f) = self.class_of(v).slots().getitem {
            return f(self, v, key);
        }
        if let Some(class) = v.downcast::<crate::types::type_::Type>() {
            let name = self.names().__class_getitem__;
            if class.is(self.vm().ty(crate::types::T::Type)) {
                return crate::types::type_::methods::generic_alias(self, v, key);
            }
            if class.lookup(self, name).is_some() {
                let f = self.get_attr(v, name)?;
                return self.call(f, &[key]);
            }
            let n = class.error_name();
            return Err(self.type_error(format!("type '{n}' is not subscriptable")));
        }
        let got = self.type_name(v);
        Err(self.type_error(format!("'{got}' object is not subscriptable")))
    }

    /// `v[key] = item`
    pub fn set_item(&mut self, v: Value, key: Value, item: Value) -> Result<()> {
        match self.class_of(v).slots().setitem {
            Some(f) => f(self, v, key, Some(item)),
            None => {
                let got = self.type_name(v);
                Err(self.type_error(format!("'{got}' object does not support item assignment")))
            }
        }
    }

    /// `del v[key]`
    pub fn del_item(&mut self, v: Value, key: Value) -> Result<()> {
        match self.class_of(v).slots().setitem {
            Some(f) => f(self, v, key, None),
            None => {
                let class = self.class_of(v);
                let got = class.error_name();
                // Sequences have a function of their own in CPython, and its wording.
                let s = class.slots();
                let sequence = class.has(flags::HEAP)
                    || s.contains.is_some()
                    || s.len.is_some()
                    || s.repeat.is_some();
                let sequence = sequence && self.class_of(key).slots().index.is_some();
                let not = if sequence { "doesn't" } else { "does not" };
                Err(self.type_error(format!("'{got}' object {not} support item deletion")))
            }
        }
    }

    /// `len(v)`
    pub fn len(&mut self, v: Value) -> Result<usize> {
        match self.class_of(v).slots().len {
            Some(f) => f(self, v),
            None => {
                let got = self.type_name(v);
                Err(self.type_error(format!("object of type '{got}' has no len()")))
            }
        }
    }

    /// What `__len__` returned, checked.
    pub fn check_length(&mut self, r: Value) -> Result<usize> {
        let index = self.index(r)?;
        if crate::types::int::is_negative(index) {
            return Err(self.value_error("__len__() should return >= 0"));
        }
        let n = self.index_i64(index, "cannot fit 'int' into an index-sized integer")?;
        match usize::try_from(n) {
            Ok(n) => Ok(n),
            Err(_) => Err(self.value_error("__len__() should return >= 0")),
        }
    }

    /// `item in v`
    pub fn contains(&mut self, v: Value, item: Value) -> Result<bool> {
        match self.class_of(v).slots().contains {
            Some(f) => f(self, v, item),
            None => self.contains_by_iteration(v, item),
        }
    }

    /// `item in v` by iterating.
    pub fn contains_by_iteration(&mut self, v: Value, item: Value) -> Result<bool> {
        let class = self.class_of(v);
        if class.slots().iter.is_none() && class.slots().getitem.is_none() {
            let got = class.error_name();
            return Err(self.type_error(format!(
                "argument of type '{got}' is not a container or iterable"
            )));
        }
        let it = self.iter(v)?;
        while let Some(x) = self.next(it)? {
            if self.equal(x, item)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Stores in an exact dict that is known to be one.
    pub fn dict_set(&mut self, dict: Value, key: Value, v: Value) -> Result<()> {
        match dict.downcast::<Dict>() {
            Some(d) => d.set(self, key, v),
            None => self.set_item(dict, key, v),
        }
    }

    /// Stores under an interned name.
    pub fn dict_set_str(&mut self, dict: Gc<Dict>, key: Gc<Str>, v: Value) {
        dict.set_str(self, key, v);
    }

    /// Stores under a name.
    pub fn dict_set_text(&mut self, dict: Gc<Dict>, key: &str, v: Value) {
        let key = self.intern(key);
        dict.set_str(self, key, v);
    }

    /// The value under a name.
    pub fn dict_get_text(&mut self, dict: Gc<Dict>, key: &str) -> Option<Value> {
        let key = self.intern(key);
        dict.get_str(key)
    }
}
