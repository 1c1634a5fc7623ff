//! Text made from values: `repr`, format specifications, printf-style and
//! brace templates.
//!
//! The caller walks the parsed templates and supplies the values; nothing here
//! knows a Python object.

pub mod repr;

pub use crate::number::error::{ErrorClass, FormatError};
