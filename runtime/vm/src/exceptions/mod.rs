//! Exceptions at work: context chaining, warnings, groups, suggestions, reports.

pub mod frames;
pub mod group;
pub mod printer;
pub mod report;
pub mod source;
pub mod suggest;
pub mod warnings;

use crate::Thread;
use crate::object::{Result, Value};
use crate::types::ExceptionClass;
use crate::types::exception::of;

/// Makes the handled exception the context of one that is being raised, without cycles.
pub fn set_context(th: &mut Thread, e: Value) {
    let (Some(handled), Some(x)) = (th.handled.get(), of(e)) else {
        return;
    };
    if handled.is(e) {
        return;
    }
    // Break the chain where it would come back to `e`.
    let mut at = handled;
    let mut steps = 0usize;
    while let Some(y) = of(at) {
        match y.context.get() {
            Some(c) if c.is(e) => {
                y.context.clear();
                break;
            }
            Some(c) => at = c,
            None => break,
        }
        steps += 1;
        if steps > 10_000 {
            break;
        }
    }
    x.context.set(x.header(), handled);
}

/// Issues a warning (`warnings.warn`). Raises it when filters say so.
pub fn warn(
    th: &mut Thread,
    category: ExceptionClass,
    message: &str,
    stacklevel: i64,
) -> Result<()> {
    let text = th.new_str(message).value();
    let class = th.vm().exception_class(category).value();
    warnings::warn(th, class, text, stacklevel, None, &[])
}
