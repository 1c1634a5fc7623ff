//! The `dict` type as Python sees it.

use super::Dict;
use crate::Thread;
use crate::object::{Gc, Result, Value};
use crate::pytype;
use crate::types::type_::Type;

/// dict() -> new empty dictionary
#[pytype(name = "dict", flags = BASETYPE | MAPPING | MATCH_SELF)]
impl Dict {
    #[pynew(raw)]
    fn new(th: &mut Thread, args: crate::call::Args<'_>) -> Result {
        let class = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
        let d: Gc<Dict> = th.alloc_of_class(class, Dict::payload);
        let _: Gc<Type> = class;
        Ok(d.value())
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let d = th.expect::<Dict>(this)?;
        let mut out = String::from("{");
        let mut i = 0;
        while let Some((next, k, v)) = d.entry_from(i) {
            if i > 0 {
                out.push_str(", ");
            }
            out.push_str(&th.repr(k)?.to_string_lossy());
            out.push_str(": ");
            out.push_str(&th.repr(v)?.to_string_lossy());
            i = next;
        }
        out.push('}');
        Ok(th.new_str(&out).value())
    }

    #[pyslot]
    fn slot_len(th: &mut Thread, this: Value) -> Result<usize> {
        Ok(th.expect::<Dict>(this)?.len())
    }

    #[pyslot]
    fn getitem(th: &mut Thread, this: Value, key: Value) -> Result {
        let d = th.expect::<Dict>(this)?;
        match d.get(th, key)? {
            Some(v) => Ok(v),
            None => {
                if !th.is_exact(this, crate::types::T::Dict) {
                    let name = th.names().__missing__;
                    if let Some(r) = th.call_special(this, name, &[key])? {
                        return Ok(r);
                    }
                }
                Err(th.key_error(key))
            }
        }
    }

    #[pyslot]
    fn setitem(th: &mut Thread, this: Value, key: Value, v: Option<Value>) -> Result<()> {
        let d = th.expect::<Dict>(this)?;
        match v {
            Some(v) => d.set(th, key, v),
            None => match d.remove(th, key)? {
                Some(_) => Ok(()),
                None => Err(th.key_error(key)),
            },
        }
    }

    #[pyslot]
    fn contains(th: &mut Thread, this: Value, key: Value) -> Result<bool> {
        let d = th.expect::<Dict>(this)?;
        Ok(d.find(th, key)?.is_some())
    }

    #[pyslot]
    fn iter(th: &mut Thread, this: Value) -> Result {
        let d = th.expect::<Dict>(this)?;
        Ok(super::views::key_iterator(th, d))
    }
}
