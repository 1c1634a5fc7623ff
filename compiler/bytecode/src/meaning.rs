//! What the plain numbers and constants of particular opcodes stand for.
//!
//! The table's `Imm` and `Const` say only "a number", "a constant". Where the interpreter
//! indexes or matches on the value, the rule is here, once, for the verifier (which enforces
//! it) and the disassembler (which spells it out).

use crate::code::{Consumer, Intrinsic1, Intrinsic2};
use crate::opcode::Opcode;
use crate::operand::Position;

/// The rule for one `Imm` or `Const` operand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Meaning {
    /// Any value will do.
    Any,
    /// A number below this one.
    Below(u32),
    /// An index into the free variables.
    FreeVariable,
    /// 0, or 1 + the index of a constant tuple of strings, at most as many as `count`.
    KeywordNames,
    /// The number of an [`Intrinsic1`].
    Intrinsic1,
    /// The number of an [`Intrinsic2`].
    Intrinsic2,
    /// A constant that is a tuple of strings.
    NameTuple,
    /// A constant that is a code object.
    Code,
}

/// The rule for the operand of `op` at a position.
pub fn meaning(op: Opcode, position: Position) -> Meaning {
    use Opcode as O;
    use Position as P;
    match (op, position) {
        (O::LoadClosure, P::B) => Meaning::FreeVariable,
        (O::LoadSpecial, P::C) => Meaning::Below(4),
        (O::JumpIfNotBuiltin, P::B) => Meaning::Below(Consumer::NAMES.len() as u32),
        (O::CheckBound, P::B) => Meaning::Below(2),
        (O::Contains | O::Is, P::D) => Meaning::Below(2),
        (
            O::JumpLt
            | O::JumpLe
            | O::JumpEq
            | O::JumpNe
            | O::JumpGt
            | O::JumpGe
            | O::JumpLtInt
            | O::JumpLeInt
            | O::JumpEqInt
            | O::JumpNeInt
            | O::JumpGtInt
            | O::JumpGeInt
            | O::JumpContains
            | O::JumpIs
            | O::Yield,
            P::C,
        ) => Meaning::Below(2),
        (O::FormatValue, P::C) | (O::FormatWithSpec, P::D) => Meaning::Below(4),
        (O::Call | O::CallMethod, P::D) => Meaning::KeywordNames,
        (O::MakeFunction, P::C) => Meaning::Below(16),
        (O::MakeFunction, P::D) => Meaning::Code,
        (O::GetAwaitable, P::C) => Meaning::Below(3),
        (O::MatchClass, P::E) => Meaning::NameTuple,
        (O::CallIntrinsic1, P::C) => Meaning::Intrinsic1,
        (O::CallIntrinsic2, P::D) => Meaning::Intrinsic2,
        _ => Meaning::Any,
    }
}

/// The name of an intrinsic operand, when the number is one.
pub fn intrinsic_name(meaning: Meaning, n: u32) -> Option<String> {
    let n = u16::try_from(n).ok()?;
    match meaning {
        Meaning::Intrinsic1 => Intrinsic1::from_u16(n).map(|i| format!("{i:?}")),
        Meaning::Intrinsic2 => Intrinsic2::from_u16(n).map(|i| format!("{i:?}")),
        _ => None,
    }
}
