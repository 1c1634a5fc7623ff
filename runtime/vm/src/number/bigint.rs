//! The crate of wide integers: `dashu-int` 0.6, not `num-bigint` 0.5.
//!
//! Measured on a shared x86-64 machine with random operands of so many 64-bit
//! words; division is of twice as many words. Times in microseconds.
//!
//! | words | crate | multiply | divide | add | to decimal | from decimal |
//! | --- | --- | --- | --- | --- | --- | --- |
//! | 2 | dashu | 0.06 | 0.11 | 0.04 | 0.35 | 0.11 |
//! | 2 | num | 0.06 | 0.27 | 0.08 | 0.21 | 0.17 |
//! | 20 | dashu | 0.71 | 1.7 | 0.06 | 4.6 | 0.95 |
//! | 20 | num | 0.82 | 2.0 | 0.10 | 4.4 | 1.9 |
//! | 1,000 | dashu | 555 | 1,140 | 2.1 | 1,300 | 630 |
//! | 1,000 | num | 700 | 1,400 | 1.4 | 1,440 | 1,040 |
//! | 100,000 | dashu | 442,000 | 1,910,000 | 360 | 2,630,000 | 969,000 |
//! | 100,000 | num | 896,000 | 2,630,000 | 366 | 2,690,000 | 15,200,000 |
//!
//! `dashu` is ahead or equal everywhere but in the text of very short numbers,
//! keeps two words inline without an allocation, and has modular rings, roots
//! and two's complement operators. Reading a million digits with `num` is
//! quadratic. So Python's rules in [`super::int_ops`] are written on `dashu`.

pub use dashu_int::{IBig, UBig};
