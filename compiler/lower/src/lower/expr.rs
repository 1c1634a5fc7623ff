//! Expressions: dispatch, and the forms that have no file of their own.

use ruff_python_ast::{self as ast, Expr};
use ruff_text_size::{Ranged, TextRange};
use taipan_bytecode::code::{Constant, SourceRange};
use taipan_bytecode::opcode::Opcode;
use taipan_bytecode::operand::Reg;

use super::names::UNUSED;
use super::{Lowerer, Result};
use crate::emit::operands;

impl<'a> Lowerer<'a> {
    /// Compiles an expression and gives the register its value is in: a local variable's own, or
    /// `want`, or a new temporary at the top.
    pub(super) fn expr(&mut self, e: &'a Expr, want: Option<Reg>) -> Result<Reg> {
        if let Some(constant) = self.fold(e) {
            self.at(e);
            let dst = self.dest(want);
            self.b().load_const(dst, constant);
            return Ok(dst);
        }
        match e {
            Expr::Name(e) => {
                self.at(e);
                Ok(self.load_name(&e.id, want))
            }
            Expr::BoolOp(e) => self.bool_op(e, want),
            Expr::Named(e) => self.named(e, want),
            Expr::BinOp(e) => self.bin_op(e, want),
            Expr::UnaryOp(e) => self.unary_op(e, want),
            Expr::Lambda(e) => self.lambda(e, want),
            Expr::If(e) => self.if_expr(e, want),
            Expr::Dict(e) => self.dict(e, want),
            Expr::Set(e) => self.set(e, want),
            Expr::List(e) => self.list(e, want),
            Expr::Tuple(e) => self.tuple(e, want),
            Expr::ListComp(_) | Expr::SetComp(_) | Expr::DictComp(_) | Expr::Generator(_) => {
                self.comprehension(e, want)
            }
            Expr::Await(e) => self.await_(e, want),
            Expr::Yield(e) => self.yield_(e, want),
            Expr::YieldFrom(e) => self.yield_from(e, want),
            Expr::Compare(e) => self.compare(e, want),
            Expr::Call(e) => self.call(e, want),
            Expr::FString(e) => self.fstring(e, want),
            Expr::TString(e) => self.tstring(e, want),
            Expr::Attribute(e) => self.attribute(e, want),
            Expr::Subscript(e) => self.subscript(e, want),
            Expr::Slice(e) => self.slice(e, want),
            Expr::Starred(e) => Err(self.error(e.range, "can't use starred expression here")),
            Expr::StringLiteral(_)
            | Expr::BytesLiteral(_)
            | Expr::NumberLiteral(_)
            | Expr::BooleanLiteral(_)
            | Expr::NoneLiteral(_)
            | Expr::EllipsisLiteral(_)
            | Expr::IpyEscapeCommand(_) => Err(self.error(e.range(), "invalid syntax")),
        }
    }

    /// Compiles an expression into exactly this register.
    pub(super) fn expr_to(&mut self, e: &'a Expr, dst: Reg) -> Result<()> {
        let reg = self.expr(e, Some(dst))?;
        self.b().move_(dst, reg);
        Ok(())
    }

    /// Compiles an expression into a new temporary at the top.
    pub(super) fn expr_temp(&mut self, e: &'a Expr) -> Result<Reg> {
        let dst = self.temp();
        self.expr_to(e, dst)?;
        self.release(dst.0 + 1);
        Ok(dst)
    }

    /// An operand that must keep its value while `later` is evaluated.
    pub(super) fn operand(&mut self, e: &'a Expr, later: TextRange) -> Result<Reg> {
        let reg = self.expr(e, None)?;
        Ok(self.keep(reg, later))
    }

    /// Copies a local's value if code in `later` may rebind the local.
    pub(super) fn keep(&mut self, reg: Reg, later: TextRange) -> Reg {
        if self.unit.regs.is_variable(reg) && self.marks.rebinds(later) {
            let copy = self.temp();
            self.b().move_(copy, reg);
            copy
        } else {
            reg
        }
    }

    /// Evaluates an expression for its effects.
    pub(super) fn expr_effect(&mut self, e: &'a Expr) -> Result<()> {
        let mark = self.mark();
        self.expr(e, None)?;
        self.release(mark);
        Ok(())
    }

    fn named(&mut self, e: &'a ast::ExprNamed, want: Option<Reg>) -> Result<Reg> {
        let Expr::Name(target) = e.target.as_ref() else {
            return Err(self.error(e.range, "invalid syntax"));
        };
        if let Some(local) = self.local(&target.id) {
            self.expr_to(&e.value, local)?;
            self.b().bound.insert(local.0);
            return Ok(local);
        }
        let value = self.expr(&e.value, want)?;
        self.at(target);
        self.store_name(&target.id, value);
        Ok(value)
    }

    fn if_expr(&mut self, e: &'a ast::ExprIf, want: Option<Reg>) -> Result<Reg> {
        let dst = self.dest(want);
        let mark = self.mark();
        let orelse = self.b().label();
        let end = self.b().label();
        self.jump_cond(&e.test, false, orelse)?;
        self.expr_to(&e.body, dst)?;
        self.release(mark);
        self.b().jump_to(end);
        self.b().bind(orelse);
        self.expr_to(&e.orelse, dst)?;
        self.release(mark);
        self.b().bind(end);
        Ok(dst)
    }

    /// Where errors of an attribute access point: at the name alone if it is on a line of
    /// its own.
    pub(super) fn attribute_place(&self, e: &ast::ExprAttribute, whole: TextRange) -> SourceRange {
        let mut place = self.locate(whole);
        let attribute = self.locate(e.range);
        if attribute.line != attribute.end_line {
            let length = e.attr.id.as_str().len() as u32;
            place.line = attribute.end_line;
            if length <= attribute.end_column {
                place.column = attribute.end_column - length;
            } else {
                // The name was normalised and is not as long as the text.
                place.column = 0;
                place.end_column = 0;
            }
            place.end_line = place.end_line.max(place.line);
            if place.line == place.end_line {
                place.end_column = place.end_column.max(place.column);
            }
        }
        place
    }

    fn attribute(&mut self, e: &'a ast::ExprAttribute, want: Option<Reg>) -> Result<Reg> {
        if let Some(base) = self.super_arguments(&e.value, e.attr.as_str())? {
            self.unit.b.at = self.attribute_place(e, e.range);
            self.release(base.0);
            let dst = self.dest(want);
            let name = self.scopes[self.scope()].mangle(&e.attr);
            self.b()
                .named(Opcode::LoadSuperAttr, dst, base, UNUSED, &name);
            return Ok(dst);
        }
        let mark = self.mark();
        let object = self.expr(&e.value, None)?;
        self.release(mark);
        let dst = self.dest(want);
        self.unit.b.at = self.attribute_place(e, e.range);
        let name = self.scopes[self.scope()].mangle(&e.attr);
        self.b().named(Opcode::LoadAttr, dst, object, UNUSED, &name);
        Ok(dst)
    }

    fn subscript(&mut self, e: &'a ast::ExprSubscript, want: Option<Reg>) -> Result<Reg> {
        let mark = self.mark();
        if let ast::Expr::Slice(bounds) = &*e.slice
            && self.fold(&e.slice).is_none()
        {
            let object = self.operand(&e.value, e.slice.range())?;
            let base = self.bounds(bounds)?;
            let mut opcode = Opcode::LoadSlice;
            if let Some(step) = &bounds.step {
                opcode = Opcode::LoadSteppedSlice;
                let reg = self.temp();
                self.expr_to(step, reg)?;
            }
            self.release(mark);
            let dst = self.dest(want);
            self.at(e);
            self.b().emit(opcode, operands(dst.0, object.0, base.0, 0));
            return Ok(dst);
        }
        if let Some(n) = self.small_int(&e.slice) {
            let object = self.expr(&e.value, None)?;
            self.release(mark);
            let dst = self.dest(want);
            self.at(e);
            self.b().emit(
                Opcode::LoadSubscriptInt,
                operands(dst.0, object.0, n as u16, 0),
            );
            return Ok(dst);
        }
        let object = self.operand(&e.value, e.slice.range())?;
        let index = self.expr(&e.slice, None)?;
        self.release(mark);
        let dst = self.dest(want);
        self.at(e);
        self.b().op3(Opcode::LoadSubscript, dst, object, index);
        Ok(dst)
    }

    /// The bounds of `a[i:j]` in two new temporaries; None where one is missing.
    pub(super) fn bounds(&mut self, e: &'a ast::ExprSlice) -> Result<Reg> {
        let mut base = None;
        for part in [&e.lower, &e.upper] {
            let reg = self.temp();
            base.get_or_insert(reg);
            match part {
                Some(part) => self.expr_to(part, reg)?,
                None => self.b().load_none(reg),
            }
            self.release(reg.0 + 1);
        }
        Ok(base.unwrap_or(UNUSED))
    }

    fn slice(&mut self, e: &'a ast::ExprSlice, want: Option<Reg>) -> Result<Reg> {
        let mark = self.mark();
        let base = self.bounds(e)?;
        let step = self.temp();
        match &e.step {
            Some(part) => self.expr_to(part, step)?,
            None => self.b().load_none(step),
        }
        self.release(mark);
        let dst = self.dest(want);
        self.at(e);
        self.b().op2(Opcode::BuildSlice, dst, base);
        Ok(dst)
    }

    /// A constant into a new or the wanted register.
    pub(super) fn constant(&mut self, constant: Constant, want: Option<Reg>) -> Reg {
        let dst = self.dest(want);
        self.b().load_const(dst, constant);
        dst
    }
}

/// A slice without a step.
pub(super) fn two_part_slice(e: &Expr) -> Option<&ast::ExprSlice> {
    match e {
        Expr::Slice(slice) if slice.step.is_none() => Some(slice),
        _ => None,
    }
}
