//! Things by module and name.

use super::unpickler::{UNPICKLER_TYPE, Unpickler};
use super::unpickling_error;
use crate::support;
use taipan_vm::object::Gc;
use taipan_vm::types::dict::Dict;
use taipan_vm::types::str_::Str;
use taipan_vm::types::tuple::Tuple;
use taipan_vm::types::{ExceptionClass, int};
use taipan_vm::{Result, Thread, Value};

/// `Unpickler.find_class`
pub(super) fn class(th: &mut Thread, u: Gc<Unpickler>, module: Value, name: Value) -> Result {
    let (mut module, mut name) = (module, name);
    let p = u.protocol.get();
    if p < 3 && u.fix_imports.get() {
        let names = support::import_attr(th, "_compat_pickle", "NAME_MAPPING")?;
        let modules = support::import_attr(th, "_compat_pickle", "IMPORT_MAPPING")?;
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
    let (m, n) = (th.expect::<Str>(module)?, th.expect::<Str>(name)?);
    let m = th.intern_str(m);
    let found = taipan_vm::import::level::import_absolute(th, m)?;
    if p < 4 {
        return th.get_attr(found, n);
    }
    let path = n.to_string_lossy();
    let mut v = found;
    for part in path.split('.') {
        if part == "<locals>" {
            let repr = th.repr_lossy(found);
            return Err(th.raise(
                ExceptionClass::AttributeError,
                &format!("Can't get local attribute '{path}' on {repr}"),
            ));
        }
        v = match th.get_attr_str_option(v, part)? {
            Some(v) => v,
            None => {
                let repr = th.repr_lossy(found);
                return Err(th.raise(
                    ExceptionClass::AttributeError,
                    &format!("Can't resolve path '{path}' on {repr}"),
                ));
            }
        };
    }
    Ok(v)
}

impl Unpickler {
    /// Looks for what a subclass overrides.
    pub(super) fn hooks(&self, th: &mut Thread) -> Result<()> {
        let own = th.type_for(&UNPICKLER_TYPE);
        let sub = !th.class_of(self.value()).is(own);
        for (slot, name) in [
            (&self.persistent_load, "persistent_load"),
            (&self.find_class, "find_class"),
        ] {
            let f = match sub {
                true => th.get_attr_str_option(self.value(), name)?,
                false => None,
            };
            let f = f.filter(|f| !th.is_builtin_named(*f, name));
            slot.set_option(self.header(), f);
        }
        Ok(())
    }

    pub(super) fn find(&self, th: &mut Thread, module: Value, name: Value) -> Result {
        match self.find_class.get() {
            Some(f) => th.call(f, &[module, name]),
            None => class(th, self.this(), module, name),
        }
    }

    /// What an extension code stands for.
    pub(super) fn extension(&self, th: &mut Thread, code: i64) -> Result {
        let cache = support::import_attr(th, "copyreg", "_extension_cache")?;
        let key = th.int(code);
        if let Some(d) = cache.downcast::<Dict>()
            && let Some(v) = d.get(th, key)?
        {
            return Ok(v);
        }
        let registry = support::import_attr(th, "copyreg", "_inverted_registry")?;
        let found = match registry.downcast::<Dict>() {
            Some(d) => d.get(th, key)?,
            None => None,
        };
        let Some(pair) = found else {
            if code <= 0 {
                return Err(unpickling_error(th, "EXT specifies code <= 0"));
            }
            return Err(th.value_error(format!("unregistered extension code {code}")));
        };
        let pair = pair.downcast::<Tuple>().filter(|t| t.len() == 2);
        let Some((module, name)) = pair.and_then(|t| Some((t.get(0)?, t.get(1)?))) else {
            return Err(th.value_error(format!(
                "_inverted_registry[{code}] isn't a 2-tuple of strings"
            )));
        };
        let v = self.find(th, module, name)?;
        th.set_item(cache, key, v)?;
        Ok(v)
    }
}

/// The number of a line of digits.
pub(super) fn number(th: &mut Thread, line: &[u8]) -> Result {
    let text = th.str_from_latin1(line);
    let class = th.vm().ty(taipan_vm::types::T::Int).value();
    let v = th.call(class, &[text.value()])?;
    Ok(int::exact(th, v))
}
