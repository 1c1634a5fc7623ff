//! From Python source to bytecode: parsing ([`parse`]), symbol scopes ([`scopes`]) and
//! compile-time errors ([`errors`]).
#![forbid(unsafe_code)]

pub mod errors;
mod lines;
pub mod parse;
pub mod scopes;
pub mod source;
