//! Arithmetic, unary operators, and augmented assignment's operations.

use ruff_python_ast::{self as ast, Expr, Operator, UnaryOp};
use ruff_text_size::{Ranged, TextRange};
use taipan_bytecode::opcode::Opcode;
use taipan_bytecode::operand::Reg;

use super::{Lowerer, Result};
use crate::emit::operands;

fn plain(op: Operator) -> Opcode {
    match op {
        Operator::Add => Opcode::BinaryAdd,
        Operator::Sub => Opcode::BinarySub,
        Operator::Mult => Opcode::BinaryMul,
        Operator::MatMult => Opcode::BinaryMatMul,
        Operator::Div => Opcode::BinaryTrueDiv,
        Operator::Mod => Opcode::BinaryMod,
        Operator::Pow => Opcode::BinaryPow,
        Operator::LShift => Opcode::BinaryLShift,
        Operator::RShift => Opcode::BinaryRShift,
        Operator::BitOr => Opcode::BinaryOr,
        Operator::BitXor => Opcode::BinaryXor,
        Operator::BitAnd => Opcode::BinaryAnd,
        Operator::FloorDiv => Opcode::BinaryFloorDiv,
    }
}

fn inplace(op: Operator) -> Opcode {
    match op {
        Operator::Add => Opcode::InplaceAdd,
        Operator::Sub => Opcode::InplaceSub,
        Operator::Mult => Opcode::InplaceMul,
        Operator::MatMult => Opcode::InplaceMatMul,
        Operator::Div => Opcode::InplaceTrueDiv,
        Operator::Mod => Opcode::InplaceMod,
        Operator::Pow => Opcode::InplacePow,
        Operator::LShift => Opcode::InplaceLShift,
        Operator::RShift => Opcode::InplaceRShift,
        Operator::BitOr => Opcode::InplaceOr,
        Operator::BitXor => Opcode::InplaceXor,
        Operator::BitAnd => Opcode::InplaceAnd,
        Operator::FloorDiv => Opcode::InplaceFloorDiv,
    }
}

fn with_int(op: Operator) -> Option<Opcode> {
    Some(match op {
        Operator::Add => Opcode::BinaryAddInt,
        Operator::Sub => Opcode::BinarySubInt,
        Operator::Mult => Opcode::BinaryMulInt,
        Operator::FloorDiv => Opcode::BinaryFloorDivInt,
        Operator::Mod => Opcode::BinaryModInt,
        Operator::BitAnd => Opcode::BinaryAndInt,
        Operator::LShift => Opcode::BinaryLShiftInt,
        Operator::RShift => Opcode::BinaryRShiftInt,
        _ => return None,
    })
}

impl<'a> Lowerer<'a> {
    /// A chain of operators that leans to the left, from its leaf upwards.
    pub(super) fn bin_op(&mut self, e: &'a ast::ExprBinOp, want: Option<Reg>) -> Result<Reg> {
        if let Some(formatted) = self.percent(e, want)? {
            return Ok(formatted);
        }
        let mut spine = vec![e];
        let mut leaf = e.left.as_ref();
        while let Expr::BinOp(inner) = leaf {
            spine.push(inner);
            leaf = &inner.left;
        }
        // The constant part of the chain is one value.
        let mut constant = None;
        if let Some(mut value) = self.fold(leaf) {
            while let Some(step) = spine.last()
                && let Some(right) = self.fold(&step.right)
                && let Some(folded) = super::fold::binary(step.op, &value, &right)
            {
                value = folded;
                leaf = spine.pop().map_or(leaf, |s| &s.right);
            }
            constant = Some(value);
        }
        let mark = self.mark();
        let mut value = match constant {
            Some(constant) => {
                self.at(leaf);
                self.constant(constant, None)
            }
            None => {
                let later = TextRange::new(leaf.end(), e.range.end());
                self.operand(leaf, later)?
            }
        };
        while let Some(step) = spine.pop() {
            let wanted = if spine.is_empty() { want } else { None };
            value = self.bin_op_step(step, value, mark, wanted)?;
        }
        Ok(value)
    }

    fn bin_op_step(
        &mut self,
        e: &'a ast::ExprBinOp,
        lhs: Reg,
        mark: u16,
        want: Option<Reg>,
    ) -> Result<Reg> {
        if let (Some(op), Some(n)) = (with_int(e.op), self.small_int(&e.right)) {
            self.release(mark);
            let dst = self.dest(want);
            self.at(e);
            self.b().emit(op, operands(dst.0, lhs.0, n as u16, 0));
            return Ok(dst);
        }
        let rhs = self.expr(&e.right, None)?;
        self.release(mark);
        let dst = self.dest(want);
        self.at(e);
        self.b().op3(plain(e.op), dst, lhs, rhs);
        Ok(dst)
    }

    /// `dst = lhs op= e`
    pub(super) fn inplace(
        &mut self,
        op: Operator,
        dst: Reg,
        lhs: Reg,
        e: &'a Expr,
        place: TextRange,
    ) -> Result<()> {
        let short = match op {
            Operator::Add => Some(Opcode::InplaceAddInt),
            Operator::Sub => Some(Opcode::InplaceSubInt),
            _ => None,
        };
        if let (Some(op), Some(n)) = (short, self.small_int(e)) {
            self.at(place);
            self.b().emit(op, operands(dst.0, lhs.0, n as u16, 0));
            return Ok(());
        }
        let mark = self.mark();
        let rhs = self.expr(e, None)?;
        self.release(mark);
        self.at(place);
        self.b().op3(inplace(op), dst, lhs, rhs);
        Ok(())
    }

    pub(super) fn unary_op(&mut self, e: &'a ast::ExprUnaryOp, want: Option<Reg>) -> Result<Reg> {
        if e.op == UnaryOp::Not
            && let Expr::Compare(inner) = e.operand.as_ref()
            && let [op] = inner.ops.as_ref()
            && let Some(inverse) = super::fold::inverse(*op)
            && let [right] = inner.comparators.as_ref()
        {
            return self.compare_once(&inner.left, inverse, right, inner.range, want);
        }
        let mark = self.mark();
        let src = self.expr(&e.operand, None)?;
        self.release(mark);
        let dst = self.dest(want);
        self.at(e);
        let op = match e.op {
            UnaryOp::Invert => Opcode::UnaryInvert,
            UnaryOp::Not => Opcode::UnaryNot,
            UnaryOp::UAdd => Opcode::UnaryPos,
            UnaryOp::USub => Opcode::UnaryNeg,
        };
        self.b().op2(op, dst, src);
        Ok(dst)
    }
}
