//! List, tuple, set and dict displays.
//!
//! Elements are evaluated into consecutive registers and built at once; what goes beyond
//! [`RUN`] elements is added one by one, so that no literal can exhaust the registers.

use ruff_python_ast::{self as ast, DictItem, Expr};
use ruff_text_size::Ranged;
use taipan_bytecode::code::Constant;
use taipan_bytecode::opcode::Opcode;
use taipan_bytecode::operand::Reg;

use super::names::UNUSED;
use super::{Lowerer, Result};
use crate::emit::operands;

/// Most elements that are built at once.
pub(super) const RUN: usize = 255;

impl<'a> Lowerer<'a> {
    pub(super) fn build(&mut self, op: Opcode, dst: Reg, base: Reg, count: usize) {
        self.b().emit(op, operands(dst.0, base.0, count as u16, 0));
    }

    /// Evaluates expressions into consecutive new temporaries.
    pub(super) fn run(&mut self, elements: &'a [Expr]) -> Result<Reg> {
        let mut base = None;
        for e in elements {
            let reg = self.expr_temp(e)?;
            base.get_or_insert(reg);
        }
        Ok(base.unwrap_or(UNUSED))
    }

    pub(super) fn list(&mut self, e: &'a ast::ExprList, want: Option<Reg>) -> Result<Reg> {
        if e.elts.len() >= 3
            && let Some(items) = self.fold_all(&e.elts)
        {
            let dst = self.early_dest(want);
            let t = self.temp();
            self.at(e);
            self.b().load_const(t, Constant::Tuple(items));
            self.build(Opcode::BuildList, dst, UNUSED, 0);
            self.b().op2(Opcode::ListExtend, dst, t);
            self.release(t.0);
            return Ok(dst);
        }
        self.sequence(&e.elts, e, want, Opcode::BuildList)
    }

    pub(super) fn tuple(&mut self, e: &'a ast::ExprTuple, want: Option<Reg>) -> Result<Reg> {
        self.tuple_of(&e.elts, e, want)
    }

    /// A tuple of the elements, which may be starred.
    pub(super) fn tuple_of(
        &mut self,
        elements: &'a [Expr],
        place: impl Ranged + Copy,
        want: Option<Reg>,
    ) -> Result<Reg> {
        if is_short(elements) {
            return self.sequence(elements, place, want, Opcode::BuildTuple);
        }
        let mark = self.mark();
        let list = self.sequence(elements, place, None, Opcode::BuildList)?;
        self.release(mark);
        let dst = self.dest(want);
        self.at(place);
        self.b().op2(Opcode::ListToTuple, dst, list);
        Ok(dst)
    }

    pub(super) fn set(&mut self, e: &'a ast::ExprSet, want: Option<Reg>) -> Result<Reg> {
        if e.elts.len() >= 3
            && let Some(items) = self.fold_all(&e.elts)
        {
            let dst = self.early_dest(want);
            let t = self.temp();
            self.at(e);
            self.b().load_const(t, Constant::FrozenSet(items));
            self.build(Opcode::BuildSet, dst, UNUSED, 0);
            self.b().op2(Opcode::SetUpdate, dst, t);
            self.release(t.0);
            return Ok(dst);
        }
        self.sequence(&e.elts, e, want, Opcode::BuildSet)
    }

    /// A list or set (or, if nothing is starred and it is short, a tuple).
    fn sequence(
        &mut self,
        elements: &'a [Expr],
        place: impl Ranged + Copy,
        want: Option<Reg>,
        build: Opcode,
    ) -> Result<Reg> {
        let (append, extend) = match build {
            Opcode::BuildSet => (Opcode::SetAdd, Opcode::SetUpdate),
            _ => (Opcode::ListAppend, Opcode::ListExtend),
        };
        if is_short(elements) {
            let mark = self.mark();
            let base = self.run(elements)?;
            self.release(mark);
            let dst = self.dest(want);
            self.at(place);
            self.build(build, dst, base, elements.len());
            return Ok(dst);
        }
        let dst = self.early_dest(want);
        let mark = self.mark();
        let head = elements
            .iter()
            .take(RUN)
            .take_while(|e| !e.is_starred_expr())
            .count();
        let base = self.run(&elements[..head])?;
        self.at(place);
        self.build(build, dst, base, head);
        self.release(mark);
        for e in &elements[head..] {
            match e {
                Expr::Starred(star) => {
                    let value = self.expr(&star.value, None)?;
                    self.at(star);
                    self.b().op2(extend, dst, value);
                }
                e => {
                    let value = self.expr(e, None)?;
                    self.at(place);
                    self.b().op2(append, dst, value);
                }
            }
            self.release(mark);
        }
        Ok(dst)
    }

    pub(super) fn dict(&mut self, e: &'a ast::ExprDict, want: Option<Reg>) -> Result<Reg> {
        let head = pairs(&e.items);
        if head == e.items.len() {
            let mark = self.mark();
            let base = self.run_pairs(&e.items)?;
            self.release(mark);
            let dst = self.dest(want);
            self.at(e);
            self.build(Opcode::BuildMap, dst, base, head);
            return Ok(dst);
        }
        let dst = self.early_dest(want);
        let mark = self.mark();
        let base = self.run_pairs(&e.items[..head])?;
        self.at(e);
        self.build(Opcode::BuildMap, dst, base, head);
        self.release(mark);
        let mut rest = &e.items[head..];
        while let Some(item) = rest.first() {
            if item.key.is_none() {
                let value = self.expr(&item.value, None)?;
                self.at(e);
                self.b().op2(Opcode::DictUpdate, dst, value);
                rest = &rest[1..];
            } else {
                // Keys are hashed only after the whole group is evaluated.
                let n = pairs(rest);
                let base = self.run_pairs(&rest[..n])?;
                self.at(e);
                for i in 0..n as u16 {
                    let (key, value) = (base.offset(2 * i), base.offset(2 * i + 1));
                    self.b().op3(Opcode::MapSet, dst, key, value);
                }
                rest = &rest[n..];
            }
            self.release(mark);
        }
        Ok(dst)
    }

    fn run_pairs(&mut self, items: &'a [DictItem]) -> Result<Reg> {
        let mut base = None;
        for item in items {
            let Some(key) = &item.key else { continue };
            let reg = self.expr_temp(key)?;
            base.get_or_insert(reg);
            self.expr_temp(&item.value)?;
        }
        Ok(base.unwrap_or(UNUSED))
    }
}

/// Whether elements are built by one instruction.
pub(super) fn is_short(elements: &[Expr]) -> bool {
    elements.len() <= RUN && !elements.iter().any(Expr::is_starred_expr)
}

/// How many `key: value` items come first, at most a run.
fn pairs(items: &[DictItem]) -> usize {
    items
        .iter()
        .take(RUN / 2)
        .take_while(|i| i.key.is_some())
        .count()
}
