//! Part of Taipan; see ARCHITECTURE.md.
