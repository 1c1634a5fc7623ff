//! The runtime's side of compiled code: what it reads of objects ([`layout`]), what it calls
//! ([`helpers`]), how it is entered and left ([`enter`], [`leave`]), what it is ([`unit`]), whether
//! somebody is in it (`activations`) and what it relies on ([`assumptions`]).
//!
//! # Theory
//! A Python frame that runs compiled code has an ordinary record on the frame stack, pushed by
//! whoever calls it and popped by whoever called it. Compiled code keeps registers in machine
//! registers and leaves the window alone; only an exit writes them back. It returns a value, or
//! a marker (see `taipan_abi::resume`) when the interpreter must go on with the records as
//! they are: after a failed guard, or with an exception pending. So no machine stack is patched,
//! and tracebacks, recursion limits and the collector see ordinary frames.
//!
//! Inlined frames have no record. Before a call that can run Python code, compiled code pushes
//! records for them, and an exit pushes those that are missing.
//!
//! Deliberately absent: temporaries of a frame that runs compiled code, as seen from outside. Variables
//! are written to its window in front of calls; all of them once somebody may look
//! (`Assumption::UnseenVariables`).

mod activations;
pub mod arrays;
pub mod assumptions;
pub mod context;
pub mod enter;
pub mod helpers;
pub mod layout;
pub mod leave;
mod lookup;
mod restored;
mod signals;
mod text;
pub mod unit;

pub use context::MachineContext;
pub(crate) use enter::interpreted_entry;
pub use lookup::*;
pub use signals::block_signals;
pub use text::{CharacterClass, character_classes, characters};
pub use unit::Unit;
