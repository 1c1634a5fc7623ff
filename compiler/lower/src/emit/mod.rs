//! The emitter: symbolic instructions, labels, flow state, and their assembly into a code object.
//!
//! Nothing here knows the syntax tree. [`Builder`] takes instructions in the order of the
//! final code, with labels for jump targets and handlers, and keeps what is known about
//! control flow at the point of emission ([`flow`]): code that cannot be reached is dropped as it
//! comes. [`assemble`] lays out the words.

mod assemble;
mod builder;
mod constants;
mod flow;
mod registers;

pub(crate) use builder::{Builder, Label, operands};
pub(crate) use constants::ConstantPool;
pub(crate) use flow::Bound;
pub(crate) use registers::Registers;
