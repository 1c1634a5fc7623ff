//! What becomes of a generator that nobody can resume any more.
//!
//! A suspended one with handlers (`finally`, `with`) is closed, so that they run; an async one
//! goes to its event loop's hook instead. A coroutine that never started is worth a warning.
//! Generators that are plain ([`Code::is_plain_generator`]) need none of this and are not put on
//! the heap's list.
//!
//! [`Code::is_plain_generator`]: crate::types::code::Code::is_plain_generator

use super::{Generator, State, close};
use crate::Thread;
use crate::object::{Gc, HeaderFlags, Result, Value};
use crate::types::{ExceptionClass, T};

/// To be called when a generator was suspended: it may need a finalizer from now on.
#[inline]
pub(super) fn note_suspended(th: &mut Thread, g: Gc<Generator>) {
    if !g.code().is_plain_generator.get()
        && !g
            .header()
            .has(HeaderFlags::HAS_FINALIZER | HeaderFlags::FINALIZED)
        && !needs_no_closing(g)
    {
        th.heap().register_finalizer(g.value());
    }
}

/// Has it no handlers, and nothing to close but a generator that it delegates to, which sees to that
/// itself? (If others hold that one, it stays open.)
fn needs_no_closing(g: Gc<Generator>) -> bool {
    g.code().has_no_handlers.get()
        && g.delegate().is_none_or(|d| {
            d.header()
                .is_some_and(|h| h.shape() == T::Generator.shape())
        })
}

/// Warns by `warnings._warn_unawaited_coroutine`, which shows where it was made, if possible.
fn warn_unawaited(th: &mut Thread, this: Value, message: &str) -> Result<()> {
    let modules = th.vm().modules_dict();
    let warnings = th.dict_get_text(modules, "warnings");
    let name = th.intern("_warn_unawaited_coroutine");
    if let Some(warnings) = warnings
        && let Some(f) = th.get_attr_option(warnings, name)?
    {
        match th.call(f, &[this]) {
            Ok(_) => return Ok(()),
            Err(e) if th.pending_matches(ExceptionClass::Warning) => return Err(e),
            Err(_) => th.write_unraisable(Some(this), None),
        }
    }
    crate::exceptions::warn(th, ExceptionClass::RuntimeWarning, message, 1)
}

/// What is said of an exception that comes out of the finalizer.
pub fn complaint(th: &mut Thread, g: Gc<Generator>) -> String {
    let what = match g.state.get() {
        State::Created => "finalizing coroutine",
        _ => "closing generator",
    };
    format!(
        "Exception ignored while {what} {}",
        th.repr_lossy(g.value())
    )
}

/// The finalizer. Raises what the generator's handlers raise.
pub(super) fn finalize(th: &mut Thread, this: Value) -> Result<()> {
    let Some(g) = this.downcast::<Generator>() else {
        return Ok(());
    };
    match g.state.get() {
        State::Running | State::Closed => Ok(()),
        State::Created if th.is_exact(this, T::Coroutine) => {
            let name = g
                .qualname
                .get()
                .map(|n| th.str_lossy(n))
                .unwrap_or_default();
            let message = format!("coroutine '{name}' was never awaited");
            warn_unawaited(th, this, &message)
        }
        State::Created => Ok(()),
        State::Suspended => {
            if th.is_exact(this, T::AsyncGenerator)
                && let Some(hook) = g.extra.get()
                && !th.is_none(hook)
            {
                return th.call(hook, &[this]).map(|_| ());
            }
            close(th, g).map(|_| ())
        }
    }
}
