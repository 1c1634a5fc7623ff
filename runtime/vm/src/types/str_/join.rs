//! `str.join`

use super::Str;
use super::build::{self, Refused};
use crate::Thread;
use crate::object::{Gc, Result, Value};
use crate::pymethods;
use crate::types::T;
use crate::types::list::List;
use crate::types::tuple::Tuple;

fn join_slice(th: &mut Thread, sep: Gc<Str>, parts: &[Value]) -> Result<Gc<Str>> {
    if let [one] = parts
        && th.is_exact(*one, T::Str)
        && let Some(s) = one.downcast::<Str>()
    {
        return Ok(s);
    }
    match build::concat(th, parts, Some(sep)) {
        Ok(s) => Ok(s),
        Err(Refused::NotStr(i)) => {
            let got = th.type_name(parts[i]);
            Err(th.type_error(format!(
                "sequence item {i}: expected str instance, {got} found"
            )))
        }
        Err(Refused::Memory) => Err(th.memory_error()),
    }
}

#[pymethods(table = METHODS)]
impl Str {
    /// Concatenate any number of strings.
    #[pymethod]
    fn join(th: &mut Thread, this: Gc<Str>, iterable: Value) -> Result<Gc<Str>> {
        // No Python code runs while the slices are used.
        if th.is_exact(iterable, T::List)
            && let Some(l) = iterable.downcast::<List>()
        {
            return join_slice(th, this, l.items.as_slice());
        }
        if let Some(t) = iterable.downcast::<Tuple>() {
            return join_slice(th, this, t.as_slice());
        }
        let class = th.class_of(iterable);
        if class.slots().iter.is_none() && class.slots().getitem.is_none() {
            return Err(th.type_error("can only join an iterable"));
        }
        let parts = th.collect(iterable)?;
        join_slice(th, this, parts.as_slice())
    }
}
