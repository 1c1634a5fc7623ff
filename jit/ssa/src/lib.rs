//! Taipan's typed SSA: what the JIT's frontend builds from bytecode and feedback, and what is
//! lowered to machine code.
//!
//! A [`Graph`] is blocks with parameters. A [`Value`] has a [`Type`] (what Python objects it can
//! be) and a [`Rep`] (how it sits in a register). What an instruction is, reads, writes and
//! whether it can leave is one row of the table in [`insts`]. An instruction that can leave
//! carries a [`State`](state::State): all Python frames, inlined ones included, as they must look
//! to the interpreter when it takes over.
//!
//! The crate knows no virtual machine and no machine code: constants are words.
#![forbid(unsafe_code)]

pub mod graph;
pub mod insts;
pub mod parser;
pub mod passes;
pub mod printer;
pub mod state;
pub mod types;
pub mod verify;

pub use graph::{Block, Graph, Inst, Terminator, Value};
pub use insts::{Effect, Op};
pub use state::{State, StateId};
pub use types::{Rep, Type};
