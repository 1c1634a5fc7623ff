//! `_weakref`: what `weakref.py` is built on.

use taipan_vm::object::{Gc, Result, Value};
use taipan_vm::types::dict::Dict;
use taipan_vm::types::module::Module;
use taipan_vm::types::weak_proxy::{CALLABLE_PROXY, PROXY};
use taipan_vm::types::weakref::{TYPE, WeakRef};
use taipan_vm::{Thread, pymodule};

/// The module `_weakref`.
pub struct Weakref;

/// Weak-reference support module.
#[pymodule(name = "_weakref", types = [TYPE, PROXY, CALLABLE_PROXY])]
impl Weakref {
    #[pyexec]
    fn exec(th: &mut Thread, module: Gc<Module>) -> Result<()> {
        let class = th.type_for(&TYPE);
        th.set_attr_str(module.value(), "ref", class.value())
    }

    /// Return the number of weak references to 'object'.
    #[pyfunction]
    fn getweakrefcount(th: &mut Thread, object: Value) -> Result<usize> {
        Ok(live(th, object).count())
    }

    /// Return a list of all weak reference objects pointing to 'object'.
    #[pyfunction]
    fn getweakrefs(th: &mut Thread, object: Value) -> Result {
        let out = th.new_list();
        let mut at = 0;
        loop {
            let next = live(th, object).nth(at);
            let Some(w) = next else { break };
            th.list_append(out, w)?;
            at += 1;
        }
        Ok(out.value())
    }

    /// Create a proxy object that weakly references 'object'.
    ///
    /// 'callback', if given, is called with a reference to the
    /// proxy when 'object' is about to be finalized.
    #[pyfunction(sig = "(object, callback=None, /)")]
    fn proxy(th: &mut Thread, object: Value, callback: Option<Value>) -> Result {
        let callable = th.class_of(object).slots().call.is_some();
        let class = th.type_for(if callable { &CALLABLE_PROXY } else { &PROXY });
        th.new_weak_reference(class, object, callback)
    }

    /// Atomically remove key from dict if it points to a dead weakref.
    #[pyfunction(name = "_remove_dead_weakref")]
    fn remove_dead_weakref(th: &mut Thread, dct: Gc<Dict>, key: Value) -> Result<()> {
        let Some(found) = dct.get(th, key)? else {
            return Ok(());
        };
        match found.downcast::<WeakRef>() {
            Some(w) if w.get().is_some() => Ok(()),
            Some(_) => th.del_item(dct.value(), key),
            None => Err(th.type_error("not a weakref")),
        }
    }
}

/// The references to an object that still refer to it.
fn live(th: &mut Thread, object: Value) -> impl Iterator<Item = Value> + '_ {
    let references = th.heap().weak_refs_of(object);
    references
        .iter()
        .copied()
        .filter(|w| w.downcast::<WeakRef>().is_some_and(|w| w.get().is_some()))
}
