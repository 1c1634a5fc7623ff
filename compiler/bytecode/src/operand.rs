//! Typed operands of instructions.
//!
//! The kind of an operand is part of the opcode's row, so the verifier, liveness and the
//! disassembler know which numbers are registers and in which direction they flow.

/// A register of the current frame's window.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Reg(pub u16);

impl Reg {
    /// The register `n` places above this one.
    pub fn offset(self, n: u16) -> Reg {
        Reg(self.0 + n)
    }
}

/// What an operand means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OperandKind {
    /// A register that is written.
    Out,
    /// A register that is read.
    In,
    /// A register that is read and written.
    InOut,
    /// The first register of a run that is read; its length is the operand of kind
    /// [`OperandKind::Count`] in the same row, plus the row's `extra` (see [`SpanRule`]).
    Base,
    /// The first register of a run that is written; length as for `Base`.
    OutBase,
    /// The first register of a run that is read in full, of which the first two are written.
    InOutBase,
    /// A number of registers in the run.
    Count,
    /// An index into the code's constants.
    Const,
    /// An index into the code's names.
    Name,
    /// A word index in the same code.
    Label,
    /// A feedback slot index.
    Feedback,
    /// A plain unsigned number.
    Imm,
    /// A plain signed number (16 or 32 bits, by position).
    SImm,
}

/// How many registers the run at a `Base` or `OutBase` operand has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SpanRule {
    /// There is no run in this row.
    None,
    /// A fixed number.
    Fixed(u16),
    /// The `Count` operand plus this number.
    CountPlus(u16),
    /// Twice the `Count` operand.
    TwiceCount,
    /// `UnpackEx`: operand `d` + 1 + operand `e`.
    UnpackEx,
    /// `MakeFunction`: the registers of the bits set in operand `c`.
    FunctionParts,
}

/// Where an operand sits in its instruction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Position {
    /// Bits 16..32 of word 0.
    A,
    /// Bits 32..48 of word 0.
    B,
    /// Bits 48..64 of word 0.
    C,
    /// Bits 32..64 of word 0.
    BC,
    /// Bits 0..32 of word 1.
    D,
    /// Bits 32..64 of word 1.
    E,
}

/// What the interpreter records at a feedback slot.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
pub enum FeedbackKind {
    /// Operand classes of an arithmetic operation.
    BinaryOp,
    /// Operand classes of a comparison or a containment test.
    Compare,
    /// Shapes of the object at an attribute load, method load or store.
    Attr,
    /// Version and index of a global or builtin.
    Global,
    /// Callee identity.
    Call,
    /// Kind of the iterable or iterator.
    Iter,
    /// Classes of container and index.
    Subscript,
    /// Class of a tested value and the direction taken.
    Branch,
    /// Back-edge counter of a loop.
    Loop,
}

impl FeedbackKind {
    /// The kind with this number, as stored in a `.pyc`.
    pub fn from_u8(n: u8) -> Option<FeedbackKind> {
        use FeedbackKind::*;
        [
            BinaryOp, Compare, Attr, Global, Call, Iter, Subscript, Branch, Loop,
        ]
        .get(n as usize)
        .copied()
    }
}

/// What an opcode may do beside writing its output registers.
pub mod flags {
    /// Nothing: cannot raise, call Python code, or leave.
    pub const PURE: u32 = 0;
    /// May raise an exception.
    pub const RAISES: u32 = 1;
    /// May run arbitrary Python code (implies a safepoint).
    pub const CALLS: u32 = 2;
    /// Control never reaches the next instruction.
    pub const TERMINATES: u32 = 4;
    /// May jump to its label.
    pub const JUMPS: u32 = 8;
    /// Suspends the frame; the interpreter resumes after (or at) it.
    pub const SUSPENDS: u32 = 16;
    /// Allocates (implies a safepoint).
    pub const ALLOCATES: u32 = 32;
}
