//! Regular expressions: the matching engine behind the `_sre` module.

pub mod engine;
