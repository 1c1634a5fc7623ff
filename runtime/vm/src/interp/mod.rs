//! The interpreter: frames, the dispatch loop, unwinding, and the bodies of the opcodes.

pub mod frame;
pub(crate) mod jump;
pub mod ops;
pub mod run;
mod safepoint;
pub mod trace;
pub mod unwind;

/// Gives a frame that was just pushed its locals mapping.
#[allow(unsafe_code)]
pub(crate) fn set_locals(frame: *mut frame::Frame, locals: crate::Value) {
    // SAFETY: the caller just pushed the frame.
    unsafe { (*frame).locals = locals.bits() }
}
