//! Which registers an instruction reads and writes, from its row.
//!
//! The disassembler, the verifier and liveness all ask here, so that an operand kind or a
//! [`SpanRule`] is interpreted in one place. Widths are `u32`, because a run in damaged code
//! may reach past the last `u16` register; the verifier is what excludes that.

use crate::encode::Operands;
use crate::opcode::Opcode;
use crate::operand::{OperandKind, Position, SpanRule};

/// How an instruction touches a run of registers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Access {
    /// The operand that names the run.
    pub position: Position,
    /// First register.
    pub first: u32,
    /// Number of registers.
    pub count: u32,
    /// The registers are read.
    pub reads: bool,
    /// The registers are written.
    pub writes: bool,
}

impl Opcode {
    /// Whether the registers from the operand `base` up are lost when control goes on: the
    /// callee's window overlaps them.
    pub fn clobbers_from_base(self) -> bool {
        matches!(self, Opcode::Call | Opcode::CallMethod)
    }

    /// The value of the operand of a kind, when the row has one.
    pub fn operand(self, x: &Operands, kind: OperandKind) -> Option<u32> {
        let o = self.info().operands.iter().find(|o| o.kind == kind)?;
        Some(x.get(o.position))
    }
}

/// Number of registers from the base operand to the last one of the run, gaps included.
pub fn run_length(op: Opcode, x: &Operands) -> u32 {
    let count = || op.operand(x, OperandKind::Count).unwrap_or(0);
    match op.info().span {
        SpanRule::None => 0,
        SpanRule::Fixed(n) => n as u32,
        SpanRule::CountPlus(n) => count().saturating_add(n as u32),
        SpanRule::TwiceCount => count().saturating_mul(2),
        SpanRule::UnpackEx => x.d.saturating_add(1).saturating_add(x.e),
        SpanRule::FunctionParts => 16 - (x.c & FUNCTION_PARTS).leading_zeros(),
    }
}

/// The size of window that an instruction needs: its runs, and for calls room for the
/// callable, the arguments and a receiver put before them (the callee may be a bound method).
pub fn window_needed(op: Opcode, x: &Operands) -> u32 {
    let mut needed = 0;
    for_each_access(op, x, |a| {
        needed = needed.max(a.first.saturating_add(a.count))
    });
    if op.clobbers_from_base() {
        let base = op.operand(x, OperandKind::Base).unwrap_or(u32::MAX);
        let count = op.operand(x, OperandKind::Count).unwrap_or(u32::MAX);
        needed = needed.max(base.saturating_add(count).saturating_add(2));
    }
    needed
}

/// The window that all instructions of a code need, for a compiler to size it by: the
/// verifier takes no less. It can exceed what a `u16` holds; then the code cannot be run.
pub fn registers_needed(code: &[u64]) -> u32 {
    let each = instructions(code).map(|(_, op, x, _)| window_needed(op, &x));
    each.max().unwrap_or(0)
}

/// The bits of `MakeFunction`'s `parts` that name a register.
pub const FUNCTION_PARTS: u16 = 0xf;

/// Calls `f` with every run of registers that the instruction touches.
#[inline]
pub fn for_each_access(op: Opcode, x: &Operands, mut f: impl FnMut(Access)) {
    let info = op.info();
    for o in info.operands {
        let first = x.get(o.position);
        let mut run = |first: u32, count: u32, reads: bool, writes: bool| {
            f(Access {
                position: o.position,
                first,
                count,
                reads,
                writes,
            })
        };
        match o.kind {
            OperandKind::Out => run(first, 1, false, true),
            OperandKind::In => run(first, 1, true, false),
            OperandKind::InOut => run(first, 1, true, true),
            OperandKind::Base if info.span == SpanRule::FunctionParts => {
                for bit in (0..4).filter(|bit| x.c & FUNCTION_PARTS & 1 << bit != 0) {
                    run(first.saturating_add(bit), 1, true, false);
                }
            }
            OperandKind::Base => run(first, run_length(op, x), true, false),
            OperandKind::OutBase => run(first, run_length(op, x), false, true),
            OperandKind::InOutBase => {
                let n = run_length(op, x);
                run(first, n.min(2), true, true);
                run(first.saturating_add(2), n.saturating_sub(2), true, false);
            }
            OperandKind::Count
            | OperandKind::Const
            | OperandKind::Name
            | OperandKind::Label
            | OperandKind::Feedback
            | OperandKind::Imm
            | OperandKind::SImm => {}
        }
    }
}

/// Iterates over the instructions of a code: word index, opcode, operands, next word.
/// Ends at the first word that is no instruction.
pub fn instructions(code: &[u64]) -> impl Iterator<Item = (usize, Opcode, Operands, usize)> + '_ {
    let mut pc = 0;
    std::iter::from_fn(move || {
        let (op, x, next) = crate::encode::decode(code, pc)?;
        let at = std::mem::replace(&mut pc, next);
        Some((at, op, x, next))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accesses(op: Opcode, x: Operands) -> Vec<(u32, u32, bool, bool)> {
        let mut v = Vec::new();
        for_each_access(op, &x, |a| v.push((a.first, a.count, a.reads, a.writes)));
        v
    }

    #[test]
    fn runs() {
        let x = Operands {
            a: 1,
            b: 4,
            c: 2,
            d: 3,
            e: 5,
        };
        assert_eq!(
            accesses(Opcode::Call, x),
            [(1, 1, false, true), (4, 3, true, false)]
        );
        assert_eq!(
            accesses(Opcode::BuildMap, x),
            [(1, 1, false, true), (4, 4, true, false)]
        );
        assert_eq!(
            accesses(Opcode::UnpackEx, x),
            [(1, 9, false, true), (4, 1, true, false)]
        );
        assert_eq!(
            accesses(Opcode::LoadSuperMethod, x),
            [(1, 2, true, true), (3, 1, true, false)]
        );
    }

    #[test]
    fn calls_need_room_for_a_receiver() {
        let x = Operands {
            b: 4,
            c: 2,
            ..Default::default()
        };
        let mut code = Vec::new();
        assert_eq!(registers_needed(&code), 0);
        crate::encode::encode(Opcode::Move, &x, &mut code);
        assert_eq!(registers_needed(&code), 5);
        crate::encode::encode(Opcode::Call, &x, &mut code);
        assert_eq!(registers_needed(&code), 8);
    }

    #[test]
    fn function_parts_are_sparse() {
        let x = Operands {
            a: 9,
            b: 4,
            c: 0b1001,
            ..Default::default()
        };
        assert_eq!(run_length(Opcode::MakeFunction, &x), 4);
        assert_eq!(
            accesses(Opcode::MakeFunction, x),
            [
                (9, 1, false, true),
                (4, 1, true, false),
                (7, 1, true, false)
            ]
        );
    }

    /// Each row that has a span names exactly one run, and the operands its rule reads.
    #[test]
    fn rows_are_consistent() {
        for op in Opcode::ALL {
            let kinds = |k: OperandKind| op.info().operands.iter().filter(|o| o.kind == k).count();
            let bases = kinds(OperandKind::Base)
                + kinds(OperandKind::OutBase)
                + kinds(OperandKind::InOutBase);
            let info = op.info();
            assert_eq!(bases, usize::from(info.span != SpanRule::None), "{op:?}");
            let counted = matches!(info.span, SpanRule::CountPlus(_) | SpanRule::TwiceCount);
            assert_eq!(kinds(OperandKind::Count), usize::from(counted), "{op:?}");
            assert_eq!(
                kinds(OperandKind::Feedback),
                usize::from(info.feedback.is_some()),
                "{op:?}"
            );
            let jumps = info.flags & crate::operand::flags::JUMPS != 0;
            assert_eq!(kinds(OperandKind::Label), usize::from(jumps), "{op:?}");
            if op.clobbers_from_base() {
                assert_eq!(kinds(OperandKind::Base), 1);
            }
        }
    }
}
