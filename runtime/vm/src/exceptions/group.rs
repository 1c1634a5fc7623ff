//! Exception groups for `except*`.

use crate::Thread;
use crate::object::{Result, Value};
use crate::types::ExceptionClass;
use crate::types::exception::group::{self, Matcher, is_group, members};
use crate::types::exception::of;
use crate::types::tuple::Tuple;
use crate::types::type_::Type;

/// Classes that `except*` may name: exceptions, but no groups.
fn check_classes(th: &mut Thread, class: Value) -> Result<()> {
    let base = th.vm().exception_class(ExceptionClass::BaseException);
    let groups = th.vm().exception_class(ExceptionClass::BaseExceptionGroup);
    let one = [class];
    let tuple = class.downcast::<Tuple>();
    let all = match &tuple {
        Some(t) => t.as_slice(),
        None => &one,
    };
    for c in all {
        match c.downcast::<Type>() {
            Some(t) if !t.is_subtype(base) => {}
            Some(t) if t.is_subtype(groups) => {
                return Err(th.type_error(
                    "catching ExceptionGroup with except* is not allowed. Use except instead.",
                ));
            }
            Some(_) => continue,
            None => {}
        }
        return Err(
            th.type_error("catching classes that do not inherit from BaseException is not allowed")
        );
    }
    Ok(())
}

/// `MatchExceptionGroup`: the matching part and the rest, or None for each.
pub fn split_star(th: &mut Thread, rest: Value, class: Value) -> Result<(Value, Value)> {
    let none = th.none();
    if th.is_none(rest) {
        return Ok((none, none));
    }
    check_classes(th, class)?;
    if crate::interp::ops::except::matches(th, rest, class)? {
        if is_group(th, rest) {
            return Ok((rest, none));
        }
        // A naked exception is wrapped, with its traceback.
        let e = group::create(th, "", &[rest])?;
        if let (Some(x), Some(r)) = (of(e), of(rest)) {
            x.traceback.set_option(x.header(), r.traceback.get());
        }
        return Ok((e, none));
    }
    if is_group(th, rest) {
        let pair = th.call_method_str(rest, "split", &[class])?;
        let got = th.type_name(rest);
        let Some(t) = pair.downcast::<Tuple>() else {
            let kind = th.type_name(pair);
            return Err(th.type_error(format!("{got}.split must return a tuple, not {kind}")));
        };
        return match t.as_slice() {
            [m, r, ..] => Ok((*m, *r)),
            short => {
                let n = short.len();
                Err(th.type_error(format!(
                    "{got}.split must return a 2-tuple, got tuple of size {n}"
                )))
            }
        };
    }
    Ok((none, rest))
}

/// Are two groups parts of one, as far as their metadata tells?
fn same_metadata(a: Value, b: Value) -> bool {
    let (Some(x), Some(y)) = (of(a), of(b)) else {
        return false;
    };
    x.traceback.get() == y.traceback.get()
        && x.cause.get() == y.cause.get()
        && x.context.get() == y.context.get()
}

fn leaves(th: &mut Thread, e: Value, out: &crate::ValueVec) -> Result<()> {
    match of(e).filter(|_| is_group(th, e)) {
        Some(g) => {
            th.check_native_stack(" in collect_exception_group_leaf_ids")?;
            for v in members(th, g).as_slice() {
                leaves(th, *v, out)?;
            }
            Ok(())
        }
        None => th.push(out, e),
    }
}

/// `PrepareReraiseStar`: what is raised after the `except*` clauses of an exception, given what
/// they raised (or raised again) and what none of them caught. None for nothing.
pub fn prepare_reraise(th: &mut Thread, orig: Value, list: Value) -> Result {
    let items = th.collect(list)?;
    let none = th.none();
    if !is_group(th, orig) {
        // A naked exception was wrapped: only one clause can have run.
        let first = items.as_slice().iter().copied().find(|v| !v.is(none));
        return Ok(th.or_none(first));
    }
    let (raised, again) = (crate::ValueVec::new(), crate::ValueVec::new());
    for e in items.as_slice() {
        if e.is(none) {
            continue;
        }
        if is_group(th, *e) && same_metadata(*e, orig) {
            leaves(th, *e, &again)?;
        } else {
            th.push(&raised, *e)?;
        }
    }
    let projection = if again.is_empty() {
        None
    } else {
        group::split(th, orig, Matcher::Leaves(again.as_slice()), false)?.0
    };
    if raised.is_empty() {
        return Ok(th.or_none(projection));
    }
    if let Some(p) = projection {
        th.push(&raised, p)?;
    }
    match raised.as_slice() {
        [one] => Ok(*one),
        many => group::create_listed(th, "", many),
    }
}
