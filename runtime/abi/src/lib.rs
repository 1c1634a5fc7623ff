//! What compiled code and the runtime agree on: the helpers it may call ([`helpers`]), and how it
//! leaves for the interpreter ([`resume`]). Offsets of objects are in the runtime's
//! `machine::layout`, where the structs are.
#![forbid(unsafe_code)]

pub mod helpers;
pub mod resume;
