//! Python's numeric rules on plain Rust numbers.
//!
//! Texts to and from numbers, and the arithmetic where Python differs from
//! Rust, with CPython's error texts. Nothing here knows a Python object; wide
//! integers are `dashu_int::IBig` (see [`bigint`] for why).

pub mod bigint;
pub mod complex;
pub mod digits;
pub mod error;
pub mod float_hex;
pub mod float_ops;
pub mod float_parse;
pub mod float_text;
pub mod int_bytes;
pub mod int_ops;
pub mod int_text;

pub use error::{ErrorClass, FormatError, check_memory};
