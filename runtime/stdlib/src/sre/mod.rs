//! Regular expressions: the matching engine, and the module `_sre` over it.

pub mod engine;
pub mod module;
