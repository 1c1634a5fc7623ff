//! Text made from values: `repr`, format specifications, printf-style and
//! brace templates.
//!
//! The caller walks the parsed templates and supplies the values; nothing here
//! knows a Python object.

pub mod complex;
pub mod field;
pub mod float;
pub mod int;
pub mod number;
pub mod percent;
pub mod repr;
pub mod spec;
pub mod str;
pub mod template;

pub use crate::number::error::{ErrorClass, FormatError};
