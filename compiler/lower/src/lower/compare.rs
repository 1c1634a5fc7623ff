//! Comparisons and `and`/`or` as values.

use ruff_python_ast::{self as ast, BoolOp, CmpOp, Expr};
use ruff_text_size::{Ranged, TextRange};
use taipan_bytecode::opcode::Opcode;
use taipan_bytecode::operand::Reg;

use super::{Lowerer, Result};
use crate::emit::operands;

impl<'a> Lowerer<'a> {
    pub(super) fn compare(&mut self, e: &'a ast::ExprCompare, want: Option<Reg>) -> Result<Reg> {
        if let ([op], [right]) = (e.ops.as_ref(), e.comparators.as_ref()) {
            return self.compare_once(&e.left, *op, right, e.range, want);
        }
        let dst = self.early_dest(want);
        let mark = self.mark();
        let end = self.b().label();
        let mut lhs = self.operand(&e.left, e.range)?;
        let last = e.ops.len().saturating_sub(1);
        for (i, (op, right)) in e.ops.iter().zip(&e.comparators).enumerate() {
            let rest = TextRange::new(right.end(), e.range.end());
            let rhs = self.comparand(*op, right, rest)?;
            self.at(e);
            self.compare_op(*op, dst, lhs, rhs);
            if i != last {
                self.b().jump_if(dst, false, end);
                lhs = rhs;
            }
        }
        self.release(mark);
        self.b().bind(end);
        Ok(dst)
    }

    /// The right operand of a comparison.
    pub(super) fn comparand(&mut self, op: CmpOp, e: &'a Expr, later: TextRange) -> Result<Reg> {
        if matches!(op, CmpOp::In | CmpOp::NotIn)
            && let Some(constant) = self.fold_display(e)
        {
            self.at(e);
            return Ok(self.constant(constant, None));
        }
        self.operand(e, later)
    }

    pub(super) fn compare_once(
        &mut self,
        left: &'a Expr,
        op: CmpOp,
        right: &'a Expr,
        place: TextRange,
        want: Option<Reg>,
    ) -> Result<Reg> {
        let mark = self.mark();
        let lhs = self.operand(left, right.range())?;
        let rhs = self.comparand(op, right, TextRange::empty(right.end()))?;
        self.release(mark);
        let dst = self.dest(want);
        self.at(place);
        self.compare_op(op, dst, lhs, rhs);
        Ok(dst)
    }

    fn compare_op(&mut self, op: CmpOp, dst: Reg, lhs: Reg, rhs: Reg) {
        let (opcode, negate) = match op {
            CmpOp::Eq => (Opcode::CompareEq, 0),
            CmpOp::NotEq => (Opcode::CompareNe, 0),
            CmpOp::Lt => (Opcode::CompareLt, 0),
            CmpOp::LtE => (Opcode::CompareLe, 0),
            CmpOp::Gt => (Opcode::CompareGt, 0),
            CmpOp::GtE => (Opcode::CompareGe, 0),
            CmpOp::Is => (Opcode::Is, 0),
            CmpOp::IsNot => (Opcode::Is, 1),
            CmpOp::In => (Opcode::Contains, 0),
            CmpOp::NotIn => (Opcode::Contains, 1),
        };
        let mut x = operands(dst.0, lhs.0, rhs.0, 0);
        if matches!(opcode, Opcode::Is | Opcode::Contains) {
            x.d = negate;
        }
        self.b().emit(opcode, x);
    }

    pub(super) fn bool_op(&mut self, e: &'a ast::ExprBoolOp, want: Option<Reg>) -> Result<Reg> {
        let dst = self.early_dest(want);
        let mark = self.mark();
        let end = self.b().label();
        let sense = e.op == BoolOp::Or;
        let last = e.values.len().saturating_sub(1);
        for (i, value) in e.values.iter().enumerate() {
            if i == last {
                self.expr_to(value, dst)?;
                break;
            }
            match self.constant_truth(value) {
                // `x and 1 and y`: a constant that decides nothing is skipped.
                Some(truth) if truth != sense => continue,
                Some(_) => {
                    self.expr_to(value, dst)?;
                    self.b().jump_to(end);
                    continue;
                }
                None => {}
            }
            // An inner `a or b` decides the outer one on the way.
            self.expr_to(value, dst)?;
            self.release(mark);
            self.at(value);
            self.b().jump_if(dst, sense, end);
        }
        self.release(mark);
        self.b().bind(end);
        Ok(dst)
    }
}
