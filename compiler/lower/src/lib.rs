//! From Python source to bytecode: decoding ([`source`]), parsing ([`parse`]), symbol scopes
//! ([`scopes`]), compile-time errors ([`errors`]), and code generation ([`compile`]).
#![forbid(unsafe_code)]

pub mod anchors;
pub mod asdl;
mod bare_raise;
mod emit;
pub mod errors;
mod flufl;
mod lines;
pub mod literal;
mod lower;
pub mod parse;
mod scan;
pub mod scopes;
pub mod source;

pub use lower::{Compiled, Options, TreeError, compile, compile_parsed, compile_tree};
