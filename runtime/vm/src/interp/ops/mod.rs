//! Slow paths of the opcodes: everything that is not worth a place in the dispatch loop.

pub mod arith;
pub mod attr;
pub mod build;
pub mod calls;
pub mod compare;
pub mod except;
pub mod matching;
pub mod name;
pub mod slices;
