//! What several native modules need: exception classes of their own, imports of other modules.

use taipan_vm::object::Raised;
use taipan_vm::types::T;
use taipan_vm::{Result, Thread, Value};

/// A module by its absolute name.
pub(crate) fn import(th: &mut Thread, name: &str) -> Result {
    let name = th.intern(name);
    taipan_vm::import::level::import_absolute(th, name)
}

/// An attribute of a module.
pub(crate) fn import_attr(th: &mut Thread, module: &str, name: &str) -> Result {
    let m = import(th, module)?;
    th.get_attr_str(m, name)
}

/// A new exception class, which the interpreter keeps under `key` (for [`raise_own`]). `bases` may
/// be a class or a tuple.
pub(crate) fn exception_class(
    th: &mut Thread,
    key: &'static str,
    module: &str,
    name: &str,
    bases: Value,
) -> Result {
    // A module that is imported anew has the same classes.
    if let Some(class) = kept(th, key) {
        return Ok(class);
    }
    let bases = match bases.downcast::<taipan_vm::types::tuple::Tuple>() {
        Some(t) => t.value(),
        None => th.new_tuple(&[bases]).value(),
    };
    let namespace = th.new_dict();
    let module = th.intern(module).value();
    th.dict_set_text(namespace, "__module__", module);
    let name = th.intern(name).value();
    let metaclass = th.vm().ty(T::Type).value();
    let class = th.call(metaclass, &[name, bases, namespace.value()])?;
    th.vm().registry.borrow_mut().insert(key, class);
    Ok(class)
}

/// What the interpreter keeps under a key.
pub(crate) fn kept(th: &Thread, key: &'static str) -> Option<Value> {
    th.vm().registry.borrow().get(key).copied()
}

/// Raises an exception of a class made by [`exception_class`].
#[cold]
pub(crate) fn raise_own(th: &mut Thread, key: &'static str, message: &str) -> Raised {
    let Some(class) = kept(th, key) else {
        return th.value_error(message);
    };
    let text = th.new_str(message).value();
    match th.call(class, &[text]) {
        Ok(e) => th.raise_value(e),
        Err(e) => e,
    }
}
