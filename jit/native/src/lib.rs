//! The machine-code tier: bytecode and feedback to typed SSA ([`frontend`]), SSA to Cranelift
//! ([`clif`]), code in memory ([`code`]), the thread that
//! does it ([`worker`]), what a profiler is told ([`perf`]), and the driver that decides what is compiled when ([`driver`]). `cli` plugs it into the runtime by the trait `TierUp`.

// Frames and registers are numbers here: several lists are indexed by one.
#![allow(clippy::needless_range_loop)]

pub mod clif;
pub mod code;
pub mod driver;
pub mod frontend;
pub mod nesting;
pub mod options;
pub mod perf;
pub mod sites;
pub mod stats;
pub mod worker;

pub use driver::Jit;
