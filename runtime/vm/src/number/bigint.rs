//! The crate of wide integers: `dashu-int`.
