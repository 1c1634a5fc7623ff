//! Conditions as control flow: no truth value is made where a jump will do.

use ruff_python_ast::{self as ast, BoolOp, CmpOp, Expr, UnaryOp};
use ruff_text_size::{Ranged, TextRange};
use taipan_bytecode::opcode::Opcode;
use taipan_bytecode::operand::Reg;

use super::{Lowerer, Result};
use crate::emit::{Label, operands};

/// The fused jump of a rich comparison, with registers and with an immediate.
fn fused(op: CmpOp) -> Option<(Opcode, Opcode)> {
    Some(match op {
        CmpOp::Lt => (Opcode::JumpLt, Opcode::JumpLtInt),
        CmpOp::LtE => (Opcode::JumpLe, Opcode::JumpLeInt),
        CmpOp::Eq => (Opcode::JumpEq, Opcode::JumpEqInt),
        CmpOp::NotEq => (Opcode::JumpNe, Opcode::JumpNeInt),
        CmpOp::Gt => (Opcode::JumpGt, Opcode::JumpGtInt),
        CmpOp::GtE => (Opcode::JumpGe, Opcode::JumpGeInt),
        _ => return None,
    })
}

impl<'a> Lowerer<'a> {
    /// Goes to `target` if the truth of `e` equals `sense`, and falls through otherwise.
    pub(super) fn jump_cond(&mut self, e: &'a Expr, sense: bool, target: Label) -> Result<()> {
        let mark = self.mark();
        self.jump_cond_inner(e, sense, target)?;
        self.release(mark);
        Ok(())
    }

    fn jump_cond_inner(&mut self, e: &'a Expr, sense: bool, target: Label) -> Result<()> {
        if let Some(truth) = self.constant_truth(e) {
            if truth == sense {
                self.at(e);
                self.b().jump_to(target);
            }
            return Ok(());
        }
        match e {
            Expr::UnaryOp(inner) if inner.op == UnaryOp::Not => {
                self.jump_cond(&inner.operand, !sense, target)
            }
            Expr::BoolOp(inner) => self.jump_bool_op(inner, sense, target),
            Expr::If(inner) => {
                let orelse = self.b().label();
                let end = self.b().label();
                self.jump_cond(&inner.test, false, orelse)?;
                self.jump_cond(&inner.body, sense, target)?;
                self.b().jump_to(end);
                self.b().bind(orelse);
                self.jump_cond(&inner.orelse, sense, target)?;
                self.b().bind(end);
                Ok(())
            }
            Expr::Compare(inner) => self.jump_compare(inner, sense, target),
            _ => {
                let value = self.expr(e, None)?;
                self.at(e);
                self.b().jump_if(value, sense, target);
                Ok(())
            }
        }
    }

    fn jump_bool_op(&mut self, e: &'a ast::ExprBoolOp, sense: bool, target: Label) -> Result<()> {
        // `decides`: the truth of one operand that settles the whole.
        let decides = e.op == BoolOp::Or;
        let Some((last, others)) = e.values.split_last() else {
            return Ok(());
        };
        if decides == sense {
            for value in others {
                self.jump_cond(value, sense, target)?;
            }
            return self.jump_cond(last, sense, target);
        }
        let end = self.b().label();
        for value in others {
            self.jump_cond(value, decides, end)?;
        }
        self.jump_cond(last, sense, target)?;
        self.b().bind(end);
        Ok(())
    }

    fn jump_compare(&mut self, e: &'a ast::ExprCompare, sense: bool, target: Label) -> Result<()> {
        let Some((last_op, other_ops)) = e.ops.split_last() else {
            return Ok(());
        };
        let Some((last, others)) = e.comparators.split_last() else {
            return Ok(());
        };
        let mut lhs = self.operand(&e.left, TextRange::new(e.left.end(), e.range.end()))?;
        if other_ops.is_empty() {
            return self.jump_compare_op(lhs, *last_op, last, e.range, sense, target);
        }
        // `a < b < c`: all but the last fail to the same place.
        let end = self.b().label();
        let fail = if sense { end } else { target };
        for (op, right) in other_ops.iter().zip(others) {
            let rhs = self.comparand(*op, right, TextRange::new(right.end(), e.range.end()))?;
            self.jump_on(lhs, *op, rhs, e.range, false, fail);
            lhs = rhs;
        }
        self.jump_compare_op(lhs, *last_op, last, e.range, sense, target)?;
        self.b().bind(end);
        Ok(())
    }

    fn jump_compare_op(
        &mut self,
        lhs: Reg,
        op: CmpOp,
        right: &'a Expr,
        place: TextRange,
        sense: bool,
        target: Label,
    ) -> Result<()> {
        if matches!(op, CmpOp::Is | CmpOp::IsNot) && right.is_none_literal_expr() {
            self.at(place);
            let on_none = (op == CmpOp::Is) == sense;
            let op = if on_none {
                Opcode::JumpIfNone
            } else {
                Opcode::JumpIfNotNone
            };
            self.b().jump(op, operands(lhs.0, 0, 0, 0), target);
            return Ok(());
        }
        if let (Some((_, with_int)), Some(n)) = (fused(op), self.small_int(right)) {
            self.at(place);
            let x = operands(lhs.0, n as u16, sense as u16, 0);
            self.b().jump(with_int, x, target);
            return Ok(());
        }
        let rhs = self.comparand(op, right, TextRange::empty(right.end()))?;
        self.jump_on(lhs, op, rhs, place, sense, target);
        Ok(())
    }

    fn jump_on(
        &mut self,
        lhs: Reg,
        op: CmpOp,
        rhs: Reg,
        place: TextRange,
        sense: bool,
        target: Label,
    ) {
        let (opcode, sense) = match op {
            CmpOp::In => (Opcode::JumpContains, sense),
            CmpOp::NotIn => (Opcode::JumpContains, !sense),
            CmpOp::Is => (Opcode::JumpIs, sense),
            CmpOp::IsNot => (Opcode::JumpIs, !sense),
            rich => (fused(rich).map_or(Opcode::JumpEq, |(op, _)| op), sense),
        };
        self.at(place);
        let x = operands(lhs.0, rhs.0, sense as u16, 0);
        self.b().jump(opcode, x, target);
    }
}
