//! The operations of the data model, as methods of [`Thread`](crate::Thread): attributes, calls of
//! special methods, arithmetic, comparison, containers, iteration, conversion, text, errors.

pub mod arith;
pub mod attr;
pub mod compare;
pub mod container;
pub mod convert;
pub mod errors;
pub mod iter;
pub mod pure;
pub mod text;
