//! Part of Taipan; see ARCHITECTURE.md.

pub mod sre;
