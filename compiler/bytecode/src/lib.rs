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
//!
//! # Modules
//!
//! [`ops`] is the table, [`operand`] the kinds its rows use, [`opcode`] the enum made from it,
//! [`encode`] words and back. [`access`] and [`meaning`] interpret a row's registers and
//! numbers for everyone else: [`disasm`], [`verify`], [`liveness`]. [`code`] is the code object,
//! [`positions`] its source ranges, [`pyc`] its bytes.
//!
//! ```
//! use taipan_bytecode::code::{CodeObject, Constant};
//! use taipan_bytecode::encode::{Operands, encode};
//! use taipan_bytecode::opcode::Opcode;
//! use taipan_bytecode::{disasm, pyc, verify};
//!
//! // def answer(): return 'forty-two'
//! let mut code = CodeObject {
//!     name: "answer".into(),
//!     qualname: "answer".into(),
//!     registers: 1,
//!     consts: vec![Constant::Str(b"forty-two".to_vec())],
//!     ..Default::default()
//! };
//! encode(Opcode::LoadConst, &Operands::default(), &mut code.code);
//! encode(Opcode::Return, &Operands::default(), &mut code.code);
//!
//! assert_eq!(verify::verify(&code), Ok(()));
//! let text = disasm::disassemble(&code);
//! assert!(text.contains("LoadConst       r0 = \"forty-two\"\n"));
//! let bytes = pyc::marshal_code(&code)?;
//! assert_eq!(pyc::unmarshal_code(&bytes)?, code);
//! # Ok::<(), pyc::PycError>(())
//! ```
#![forbid(unsafe_code)]

pub mod access;
pub mod code;
pub mod disasm;
pub mod encode;
pub mod lazy;
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
