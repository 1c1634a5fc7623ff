//! Part of Taipan; see ARCHITECTURE.md.
#![forbid(unsafe_code)]
fn main() {}
