//! Assignment to all kinds of targets.

use ruff_python_ast::{self as ast, Expr};
use ruff_text_size::{Ranged, TextRange};
use taipan_bytecode::opcode::Opcode;
use taipan_bytecode::operand::Reg;

use super::expr::two_part_slice;
use super::names::UNUSED;
use super::{Lowerer, Result};
use crate::emit::operands;

/// Most elements that a tuple assignment takes apart at compile time.
const PARALLEL: usize = 16;

impl<'a> Lowerer<'a> {
    pub(super) fn assign(&mut self, s: &'a ast::StmtAssign) -> Result<()> {
        let [target] = s.targets.as_slice() else {
            let mark = self.mark();
            let later = TextRange::new(s.range.start(), s.value.start());
            let mut value = self.operand(&s.value, later)?;
            if self.unit.regs.is_variable(value) && !s.targets.iter().all(Expr::is_name_expr) {
                let copy = self.temp();
                self.b().move_(copy, value);
                value = copy;
            }
            for target in &s.targets {
                self.store(target, value)?;
            }
            self.release(mark);
            return Ok(());
        };
        self.assign_from(target, &s.value)
    }

    /// `target = value`
    pub(super) fn assign_from(&mut self, target: &'a Expr, value: &'a Expr) -> Result<()> {
        let mark = self.mark();
        if let Expr::Name(name) = target
            && let Some(local) = self.local(&name.id)
        {
            self.expr_to(value, local)?;
            self.b().bound.insert(local.0);
            self.release(mark);
            return Ok(());
        }
        if let (Some(targets), Some(values)) = (elements(target), elements(value))
            && targets.len() == values.len()
            && (1..=PARALLEL).contains(&targets.len())
            && !targets.iter().chain(values).any(Expr::is_starred_expr)
        {
            return self.assign_parallel(targets, values, target.range());
        }
        let value = self.operand(value, target.range())?;
        self.store(target, value)?;
        self.release(mark);
        Ok(())
    }

    /// `a, b = x, y` without a tuple. All values first; one that is a local is read in place
    /// if no target stored before its turn is that local.
    fn assign_parallel(
        &mut self,
        targets: &'a [Expr],
        values: &'a [Expr],
        place: TextRange,
    ) -> Result<()> {
        let mark = self.mark();
        let mut regs = Vec::with_capacity(values.len());
        for (i, value) in values.iter().enumerate() {
            if let Some(constant) = self.fold(value) {
                regs.push(Err(constant));
                continue;
            }
            let rest = match values.last() {
                Some(last) => TextRange::new(value.end(), last.end().max(value.end())),
                None => value.range(),
            };
            let reg = self.operand(value, rest)?;
            let reg = self.keep(reg, place);
            let overwritten = self.unit.regs.is_variable(reg)
                && targets.iter().take(i).any(|t| match t {
                    Expr::Name(name) => self.local(&name.id) == Some(reg),
                    Expr::Attribute(_) | Expr::Subscript(_) => false,
                    _ => true,
                });
            regs.push(Ok(if overwritten {
                let copy = self.temp();
                self.b().move_(copy, reg);
                copy
            } else {
                reg
            }));
        }
        for ((target, value), reg) in targets.iter().zip(values).zip(regs) {
            match (reg, target) {
                (Ok(reg), _) => self.store(target, reg)?,
                (Err(constant), Expr::Name(name)) if self.local(&name.id).is_some() => {
                    self.at(value);
                    if let Some(local) = self.local(&name.id) {
                        self.b().load_const(local, constant);
                        self.b().bound.insert(local.0);
                    }
                }
                (Err(constant), _) => {
                    self.at(value);
                    let t = self.constant(constant, None);
                    self.store(target, t)?;
                    self.release(t.0);
                }
            }
        }
        self.release(mark);
        Ok(())
    }

    /// Stores a register's value into a target.
    pub(super) fn store(&mut self, target: &'a Expr, value: Reg) -> Result<()> {
        let mark = self.mark();
        match target {
            Expr::Name(name) => {
                self.at(name);
                self.store_name(&name.id, value);
            }
            Expr::Attribute(e) => {
                self.static_attribute(e);
                let object = self.expr(&e.value, None)?;
                self.unit.b.at = self.attribute_place(e, e.range);
                let name = self.scopes[self.scope()].mangle(&e.attr);
                self.b()
                    .named(Opcode::StoreAttr, object, value, UNUSED, &name);
            }
            Expr::Subscript(e) => {
                let object = self.operand(&e.value, e.slice.range())?;
                if let Some(bounds) = two_part_slice(&e.slice)
                    && self.fold(&e.slice).is_none()
                {
                    let base = self.bounds(bounds)?;
                    self.at(e);
                    self.b()
                        .emit(Opcode::StoreSlice, operands(object.0, value.0, base.0, 0));
                } else {
                    let index = self.expr(&e.slice, None)?;
                    self.at(e);
                    self.b().op3(Opcode::StoreSubscript, object, index, value);
                }
            }
            Expr::Tuple(e) => self.unpack(&e.elts, value, e.range)?,
            Expr::List(e) => self.unpack(&e.elts, value, e.range)?,
            Expr::Starred(e) => {
                return Err(self.error(
                    e.range,
                    "starred assignment target must be in a list or tuple",
                ));
            }
            other => return Err(self.error(other.range(), "cannot assign to expression")),
        }
        self.release(mark);
        Ok(())
    }

    fn unpack(&mut self, targets: &'a [Expr], value: Reg, place: TextRange) -> Result<()> {
        self.at(place);
        let star = targets.iter().position(Expr::is_starred_expr);
        let base = self.unit.regs.alloc_run(targets.len());
        match star {
            None => self.build_unpack(base, value, targets.len()),
            Some(before) => {
                let after = targets.len() - before - 1;
                if targets.iter().skip(before + 1).any(Expr::is_starred_expr) {
                    return Err(self.error(place, "multiple starred expressions in assignment"));
                }
                let mut x = operands(base.0, value.0, 0, before as u32);
                x.e = after as u32;
                self.b().emit(Opcode::UnpackEx, x);
            }
        }
        for (i, target) in targets.iter().enumerate() {
            let target = match target {
                Expr::Starred(star) => &star.value,
                target => target,
            };
            self.store(target, base.offset(i as u16))?;
        }
        Ok(())
    }

    fn build_unpack(&mut self, base: Reg, value: Reg, count: usize) {
        self.b().emit(
            Opcode::UnpackSequence,
            operands(base.0, value.0, count as u16, 0),
        );
    }

    /// `self.name = …` in a method is noted for the class's `__static_attributes__`.
    fn static_attribute(&mut self, e: &ast::ExprAttribute) {
        if !matches!(e.value.as_ref(), Expr::Name(name) if name.id.as_str() == "self") {
            return;
        }
        let scopes = self.scopes;
        let class = |scope| scopes[scope].kind == crate::scopes::ScopeKind::Class;
        let units = std::iter::once(&mut self.unit).chain(self.outer.iter_mut().rev());
        for unit in units {
            if class(unit.own) {
                unit.static_attributes.insert(e.attr.id.to_string());
                break;
            }
        }
    }

    pub(super) fn aug_assign(&mut self, s: &'a ast::StmtAugAssign) -> Result<()> {
        let mark = self.mark();
        let place = s.range;
        match s.target.as_ref() {
            Expr::Name(name) => {
                self.at(name);
                let old = self.load_name(&name.id, None);
                let old = self.keep(old, s.value.range());
                match self.local(&name.id) {
                    Some(local) => self.inplace(s.op, local, old, &s.value, place)?,
                    None => {
                        let new = self.temp();
                        self.inplace(s.op, new, old, &s.value, place)?;
                        self.at(name);
                        self.store_name(&name.id, new);
                    }
                }
            }
            Expr::Attribute(e) => {
                let object = self.operand(&e.value, s.value.range())?;
                let at = self.attribute_place(e, e.range);
                self.unit.b.at = at;
                let name = self.scopes[self.scope()].mangle(&e.attr);
                let t = self.temp();
                self.b().named(Opcode::LoadAttr, t, object, UNUSED, &name);
                self.inplace(s.op, t, t, &s.value, place)?;
                self.unit.b.at = at;
                self.b().named(Opcode::StoreAttr, object, t, UNUSED, &name);
            }
            Expr::Subscript(e) => {
                let later = TextRange::new(e.slice.start(), s.range.end());
                let object = self.operand(&e.value, later)?;
                if let Some(bounds) = two_part_slice(&e.slice)
                    && self.fold(&e.slice).is_none()
                {
                    let base = self.bounds(bounds)?;
                    let t = self.temp();
                    self.at(e);
                    self.b()
                        .emit(Opcode::LoadSlice, operands(t.0, object.0, base.0, 0));
                    self.inplace(s.op, t, t, &s.value, place)?;
                    self.at(e);
                    self.b()
                        .emit(Opcode::StoreSlice, operands(object.0, t.0, base.0, 0));
                } else {
                    let index = self.operand(&e.slice, s.value.range())?;
                    let t = self.temp();
                    self.at(e);
                    self.b().op3(Opcode::LoadSubscript, t, object, index);
                    self.inplace(s.op, t, t, &s.value, place)?;
                    self.at(e);
                    self.b().op3(Opcode::StoreSubscript, object, index, t);
                }
            }
            other => {
                return Err(
                    self.error(other.range(), "illegal expression for augmented assignment")
                );
            }
        }
        self.release(mark);
        Ok(())
    }
}

/// The elements of a tuple or list display.
fn elements(e: &Expr) -> Option<&[Expr]> {
    match e {
        Expr::Tuple(e) => Some(&e.elts),
        Expr::List(e) => Some(&e.elts),
        _ => None,
    }
}
