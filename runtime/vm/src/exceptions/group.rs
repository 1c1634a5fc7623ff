//! Exception groups for `except*`.

use crate::Thread;
use crate::object::{Result, Value};
use crate::types::ExceptionClass;
use crate::types::exception::of;

/// `MatchExceptionGroup`: the matching part and the rest, or None for each.
pub fn split_star(th: &mut Thread, rest: Value, class: Value) -> Result<(Value, Value)> {
    let none = th.none();
    if th.is_none(rest) {
        return Ok((none, none));
    }
    if crate::interp::ops::except::matches(th, rest, class)? {
        if th.exception_matches(rest, ExceptionClass::BaseExceptionGroup) {
            return Ok((rest, none));
        }
        let text = th.empty_str().value();
        let list = th.new_tuple(&[rest]).value();
        let group = th
            .vm()
            .exception_class(ExceptionClass::BaseExceptionGroup)
            .value();
        let e = th.call(group, &[text, list])?;
        if let (Some(x), Some(r)) = (of(e), of(rest)) {
            x.traceback.set_option(x.header(), r.traceback.get());
        }
        return Ok((e, none));
    }
    if th.exception_matches(rest, ExceptionClass::BaseExceptionGroup) {
        let pair = th.call_method_str(rest, "split", &[class])?;
        let pair = th.to_tuple(pair)?;
        if let [m, r] = pair.as_slice() {
            return Ok((*m, *r));
        }
    }
    Ok((none, rest))
}

/// `PrepareReraiseStar`
pub fn prepare_reraise(th: &mut Thread, orig: Value, list: Value) -> Result {
    let _ = orig;
    let items = th.collect(list)?;
    let none = th.none();
    let left: Vec<Value> = items
        .as_slice()
        .iter()
        .copied()
        .filter(|v| !v.is(none))
        .collect();
    match left.as_slice() {
        [] => Ok(none),
        [one] => Ok(*one),
        many => {
            let text = th.empty_str().value();
            let t = th.new_tuple(many).value();
            let group = th
                .vm()
                .exception_class(ExceptionClass::BaseExceptionGroup)
                .value();
            th.call(group, &[text, t])
        }
    }
}
