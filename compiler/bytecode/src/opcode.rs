//! The opcode enum and its properties, expanded from [`for_each_op!`](crate::for_each_op).

use crate::for_each_op;
use crate::operand::{FeedbackKind, OperandKind, Position, SpanRule, flags};

/// One operand of a row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OperandInfo {
    /// The field's name in the row.
    pub name: &'static str,
    /// What it means.
    pub kind: OperandKind,
    /// Where it sits.
    pub position: Position,
}

/// What the table says about an opcode.
#[derive(Debug)]
pub struct OpInfo {
    /// The opcode's name, as the disassembler prints it.
    pub name: &'static str,
    /// Its operands in the row's order.
    pub operands: &'static [OperandInfo],
    /// Length of the register run, if any.
    pub span: SpanRule,
    /// What its feedback slot records, if it has one.
    pub feedback: Option<FeedbackKind>,
    /// Effects: see [`flags`].
    pub flags: u32,
    /// One or two words.
    pub words: u8,
}

macro_rules! position {
    (a) => {
        Position::A
    };
    (b) => {
        Position::B
    };
    (c) => {
        Position::C
    };
    (bc) => {
        Position::BC
    };
    (d) => {
        Position::D
    };
    (e) => {
        Position::E
    };
}
macro_rules! second_word {
    (d) => {
        true
    };
    (e) => {
        true
    };
    ($x:ident) => {
        false
    };
}
macro_rules! feedback {
    (None) => {
        None
    };
    ($k:ident) => {
        Some(FeedbackKind::$k)
    };
}
macro_rules! span {
    (None) => {
        SpanRule::None
    };
    (TwiceCount) => {
        SpanRule::TwiceCount
    };
    (UnpackEx) => {
        SpanRule::UnpackEx
    };
    (FunctionParts) => {
        SpanRule::FunctionParts
    };
    (Fixed($n:literal)) => {
        SpanRule::Fixed($n)
    };
    (CountPlus($n:literal)) => {
        SpanRule::CountPlus($n)
    };
}

macro_rules! define {
    ($( $(#[$doc:meta])* $op:ident [$($pos:ident : $kind:ident $field:ident),*] span($($span:tt)*) fb($fb:ident) $($flag:ident)|+ ;)*) => {
        /// An operation of the bytecode.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[repr(u16)]
        pub enum Opcode { $( $(#[$doc])* $op ),* }

        impl Opcode {
            /// All opcodes in the table's order; the index is the encoding.
            pub const ALL: &'static [Opcode] = &[$(Opcode::$op),*];

            /// The row of this opcode.
            pub const fn info(self) -> &'static OpInfo {
                const INFOS: &[OpInfo] = &[$(OpInfo {
                    name: stringify!($op),
                    operands: &[$(OperandInfo {
                        name: stringify!($field),
                        kind: OperandKind::$kind,
                        position: position!($pos),
                    }),*],
                    span: span!($($span)*),
                    feedback: feedback!($fb),
                    flags: 0 $(| flags::$flag)+,
                    words: if false $(|| second_word!($pos))* { 2 } else { 1 },
                }),*];
                &INFOS[self as usize]
            }
        }
    };
}
for_each_op!(define);

impl Opcode {
    /// The opcode with this number.
    pub fn from_u16(n: u16) -> Option<Opcode> {
        Opcode::ALL.get(n as usize).copied()
    }

    /// Number of opcodes.
    pub const COUNT: usize = Opcode::ALL.len();
}
