//! Passes: one file each. [`pipeline`] runs them in order.

pub mod common;
pub mod dead;
pub mod dominators;
pub mod invariant;
pub mod parameters;
pub mod pipeline;
