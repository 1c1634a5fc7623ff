//! Taipan's bytecode: the one table of opcodes and everything expanded from it.
//!
//! A code object is a list of 64-bit words. An instruction is one or two words:
//!
//! ```text
//! word 0   bits  0..16  opcode
//!          bits 16..32  operand a      ┐ registers, counts, small immediates
//!          bits 32..48  operand b      │
//!          bits 48..64  operand c      ┘ (or one 32-bit operand `bc` in 32..64)
//! word 1   bits  0..32  operand d      ┐ constants, names, labels,
//!          bits 32..64  operand e      ┘ feedback slots
//! ```
//!
//! Every field is naturally aligned, so decoding is a plain load, and there is no
//! second "wide" encoding to keep in step: 65,535 registers and 2³² constants fit as
//! they are. The second word is present when the opcode's row names `d` or `e`.
//!
//! Registers `0..nlocals` are the function's local variables (parameters first), then
//! cells and free variables, then temporaries. An unbound register holds zero.
//!
//! The crate knows no Python object: constants are plain data ([`code::Constant`]).
#![forbid(unsafe_code)]

pub mod access;
pub mod code;
pub mod disasm;
pub mod encode;
pub mod liveness;
pub mod meaning;
pub mod opcode;
pub mod operand;
pub mod ops;
pub mod positions;
pub mod pyc;
pub mod siphash;
mod varint;
pub mod verify;
