//! Part of Taipan; see ARCHITECTURE.md.

pub mod format;
pub mod number;
pub mod unicode;
