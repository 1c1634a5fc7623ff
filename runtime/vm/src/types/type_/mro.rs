//! The C3 linearisation (Lib's `mro()`, "The Python 2.3 Method Resolution Order").

use super::Type;
use crate::Thread;
use crate::object::{Gc, Result, ValueVec};
use crate::types::tuple::Tuple;

/// The MRO of a class whose bases are set. TypeError when the bases' orders contradict.
pub fn compute(th: &mut Thread, class: Gc<Type>) -> Result<Gc<Tuple>> {
    let out = th.value_vec(&[class.value()])?;
    let bases = class.bases.get().unwrap_or(th.empty_tuple());
    let mut lists: Vec<(Gc<Tuple>, usize)> = Vec::new();
    for (i, b) in bases.as_slice().iter().enumerate() {
        if bases.as_slice().iter().take(i).any(|c| c.is(*b)) {
            let n = b.downcast::<Type>().map_or("?".into(), |t| t.name_text());
            return Err(th.type_error(format!("duplicate base class {n}")));
        }
        if let Some(mro) = b.downcast::<Type>().and_then(|b| b.mro.get()) {
            lists.push((mro, 0));
        }
    }
    lists.push((bases, 0));
    loop {
        lists.retain(|(t, i)| *i < t.len());
        if lists.is_empty() {
            break;
        }
        let candidate = lists.iter().find_map(|(t, i)| {
            let c = t.get(*i)?;
            let blocked = lists.iter().any(|(u, j)| {
                u.as_slice()
                    .get(j + 1..)
                    .is_some_and(|rest| rest.iter().any(|x| x.is(c)))
            });
            if blocked { None } else { Some(c) }
        });
        let Some(c) = candidate else {
            return Err(conflict(th, &lists));
        };
        push(th, &out, c)?;
        for (t, i) in &mut lists {
            if t.get(*i).is_some_and(|x| x.is(c)) {
                *i += 1;
            }
        }
    }
    Ok(th.new_tuple(out.as_slice()))
}

fn push(th: &mut Thread, out: &ValueVec, c: crate::Value) -> Result<()> {
    if out.try_push(th.heap(), None, c) {
        Ok(())
    } else {
        Err(th.memory_error())
    }
}

#[cold]
fn conflict(th: &mut Thread, lists: &[(Gc<Tuple>, usize)]) -> crate::Raised {
    let mut names: Vec<String> = Vec::new();
    for (t, i) in lists {
        if let Some(c) = t.get(*i).and_then(|c| c.downcast::<Type>()) {
            let n = c.name_text();
            if !names.contains(&n) {
                names.push(n);
            }
        }
    }
    th.type_error(format!(
        "Cannot create a consistent method resolution order (MRO) for bases {}",
        names.join(", ")
    ))
}
