//! `atexit`: functions that run when the program ends. The command calls `_run_exitfuncs`.
//!
//! The functions are (callable, args, kwargs) tuples in a list that the interpreter keeps.

use taipan_vm::call::Args;
use taipan_vm::object::Gc;
use taipan_vm::types::dict::Dict;
use taipan_vm::types::list::List;
use taipan_vm::types::tuple::Tuple;
use taipan_vm::{Result, Thread, Value, pymodule};

const KEY: &str = "atexit.functions";

fn functions(th: &mut Thread) -> Gc<List> {
    let found = th.vm().registry.borrow().get(KEY).copied();
    match found.and_then(|v| v.downcast::<List>()) {
        Some(l) => l,
        None => {
            let l = th.new_list();
            th.vm().registry.borrow_mut().insert(KEY, l.value());
            l
        }
    }
}

/// The functions hang here.
pub struct AtExit;

/// allow programmer to define multiple exit functions to be executed upon normal program termination.
#[pymodule(name = "atexit")]
impl AtExit {
    /// Register a function to be executed upon normal program termination.
    #[pyfunction(raw, sig = "(func, /, *args, **kwargs)")]
    fn register(th: &mut Thread, args: Args<'_>) -> Result {
        let Some((f, rest)) = args.positionals().split_first() else {
            return Err(th.type_error("register() takes at least 1 argument (0 given)"));
        };
        if !th.is_callable(*f) {
            return Err(th.type_error("the first argument must be callable"));
        }
        let positional = th.new_tuple(rest).value();
        let keywords = th.new_dict();
        for (k, v) in args.keywords() {
            keywords.set(th, k, v)?;
        }
        let entry = th.new_tuple(&[*f, positional, keywords.value()]).value();
        let list = functions(th);
        th.list_append(list, entry)?;
        Ok(*f)
    }

    /// Unregister an exit function which was previously registered using atexit.register
    #[pyfunction]
    fn unregister(th: &mut Thread, func: Value) -> Result<()> {
        let list = functions(th);
        let mut i = 0;
        while let Some(e) = list.items.get(i) {
            let f = e.downcast::<Tuple>().and_then(|t| t.get(0));
            let same = match f {
                Some(f) => th.equal(f, func)?,
                None => false,
            };
            if same && i < list.items.len() {
                list.items.remove_range(i, i + 1);
            } else {
                i += 1;
            }
        }
        Ok(())
    }

    /// Clear the list of previously registered exit functions.
    #[pyfunction]
    fn _clear(th: &mut Thread) {
        functions(th).items.clear();
    }

    /// Return the number of registered exit functions.
    #[pyfunction]
    fn _ncallbacks(th: &mut Thread) -> usize {
        functions(th).items.len()
    }

    /// Run all registered exit functions, the last one first.
    #[pyfunction]
    fn _run_exitfuncs(th: &mut Thread) -> Result<()> {
        let list = functions(th);
        while let Some(e) = list.items.pop() {
            let Some(t) = e.downcast::<Tuple>() else {
                continue;
            };
            let [f, args, keywords] = t.as_slice() else {
                continue;
            };
            let keywords = keywords.downcast::<Dict>().map(Gc::value);
            if taipan_vm::interp::ops::calls::call_ex(th, *f, *args, keywords).is_err() {
                let pending = th.take_pending();
                let shown = th.repr_lossy(*f);
                th.raise_value(pending);
                let message = format!("Exception ignored in atexit callback {shown}");
                th.write_unraisable(None, Some(&message));
            }
        }
        Ok(())
    }
}
