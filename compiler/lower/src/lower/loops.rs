//! `for`, `while`, `break`, `continue`.

use ruff_python_ast::{self as ast, Expr, Stmt};
use ruff_text_size::{Ranged, TextRange};
use taipan_bytecode::opcode::Opcode;
use taipan_bytecode::operand::{FeedbackKind, Reg};

use super::{Block, Lowerer, Result};
use crate::emit::{Label, operands};

impl<'a> Lowerer<'a> {
    /// `R[target] = next(R[iter])`, or out of the loop.
    pub(super) fn for_iter(
        &mut self,
        iter: Reg,
        exit: Label,
        target: &'a Expr,
        source: &'a Expr,
    ) -> Result<()> {
        self.at(source);
        if let Expr::Name(name) = target
            && let Some(local) = self.local(&name.id)
        {
            self.b()
                .jump(Opcode::ForIter, operands(local.0, iter.0, 0, 0), exit);
            self.b().bound.insert(local.0);
            return Ok(());
        }
        let mark = self.mark();
        let t = self.temp();
        self.b()
            .jump(Opcode::ForIter, operands(t.0, iter.0, 0, 0), exit);
        self.store(target, t)?;
        self.release(mark);
        Ok(())
    }

    pub(super) fn for_(&mut self, s: &'a ast::StmtFor) -> Result<()> {
        if s.is_async {
            return self.async_for(s);
        }
        let mark = self.mark();
        let iter = self.temp();
        let source = self.iterable(&s.iter, iter)?;
        self.at(s.iter.as_ref());
        self.b().op2(Opcode::GetIter, iter, source);
        self.release(iter.0 + 1);
        let unbound = self.unbound_in(s.range);
        let (header, exhausted, exit, slot) = self.enter_loop(&unbound);
        self.for_iter(iter, exhausted, &s.target, &s.iter)?;
        self.suite(&s.body)?;
        self.leave_loop(header, slot);
        self.b().bind(exhausted);
        self.suite(&s.orelse)?;
        self.b().bind(exit);
        self.release(mark);
        Ok(())
    }

    /// Header, exhaustion and exit labels and the counter of a loop, whose header is here.
    pub(super) fn enter_loop(&mut self, unbound: &[Reg]) -> (Label, Label, Label, u32) {
        let header = self.b().label();
        let exhausted = self.b().label();
        let exit = self.b().label();
        let slot = self.b().feedback_slot(FeedbackKind::Loop);
        self.b().bind_loop(header, unbound);
        self.unit.blocks.push(Block::Loop { header, slot, exit });
        (header, exhausted, exit, slot)
    }

    /// The end of a loop's body.
    pub(super) fn leave_loop(&mut self, header: Label, slot: u32) {
        // On the line of the body's last instruction: going back makes the line event.
        self.b().loop_back(header, slot);
        self.unit.blocks.pop();
    }

    pub(super) fn while_(&mut self, s: &'a ast::StmtWhile) -> Result<()> {
        let unbound = self.unbound_in(s.range);
        let (header, exhausted, exit, slot) = self.enter_loop(&unbound);
        if self.constant_truth(&s.test) == Some(true) {
            self.at(s.test.range());
            self.op0(Opcode::Nop);
        } else {
            self.jump_cond(&s.test, false, exhausted)?;
        }
        self.suite(&s.body)?;
        self.leave_loop(header, slot);
        self.b().bind(exhausted);
        self.suite(&s.orelse)?;
        self.b().bind(exit);
        Ok(())
    }

    fn innermost_loop(&self) -> Option<usize> {
        self.unit
            .blocks
            .iter()
            .rposition(|b| matches!(b, Block::Loop { .. }))
    }

    pub(super) fn break_(&mut self, range: TextRange) -> Result<()> {
        self.at(range);
        let Some(depth) = self.innermost_loop() else {
            return Err(self.error(range, "'break' outside loop"));
        };
        self.op0(Opcode::Nop);
        let unwound = self.unwind(depth + 1, range)?;
        if let Some(Block::Loop { exit, .. }) = self.unit.blocks.last().copied() {
            self.b().jump_to(exit);
        }
        self.rewind(unwound);
        Ok(())
    }

    pub(super) fn continue_(&mut self, range: TextRange) -> Result<()> {
        self.at(range);
        let Some(depth) = self.innermost_loop() else {
            return Err(self.error(range, "'continue' not properly in loop"));
        };
        self.op0(Opcode::Nop);
        let unwound = self.unwind(depth + 1, range)?;
        if let Some(Block::Loop { header, slot, .. }) = self.unit.blocks.last().copied() {
            self.b().loop_back(header, slot);
        }
        self.rewind(unwound);
        Ok(())
    }

    /// A list of statements.
    pub(super) fn suite(&mut self, body: &'a [Stmt]) -> Result<()> {
        for stmt in body {
            self.stmt(stmt)?;
        }
        Ok(())
    }

    pub(super) fn return_(&mut self, s: &'a ast::StmtReturn) -> Result<()> {
        self.at(s);
        let mark = self.mark();
        let runs_code = self.unwinding_runs_code(0);
        let constant = match &s.value {
            Some(value) => self.fold(value),
            None => Some(taipan_bytecode::code::Constant::None),
        };
        let value = match (&s.value, &constant) {
            (Some(e), None) => {
                let value = self.expr(e, None)?;
                if runs_code && self.unit.regs.is_variable(value) {
                    let copy = self.temp();
                    self.b().move_(copy, value);
                    Some(copy)
                } else {
                    Some(value)
                }
            }
            (Some(e), Some(_)) if runs_code => {
                self.at(e.as_ref());
                self.op0(Opcode::Nop);
                None
            }
            (None, _) if runs_code => {
                self.op0(Opcode::Nop);
                None
            }
            _ => None,
        };
        self.at(s);
        let unwound = self.unwind(0, s.range)?;
        match (value, constant) {
            (Some(value), _) => self.b().op1(Opcode::Return, value),
            (None, Some(taipan_bytecode::code::Constant::None) | None) => {
                self.op0(Opcode::ReturnNone);
            }
            (None, Some(constant)) => {
                let t = self.constant(constant, None);
                self.b().op1(Opcode::Return, t);
            }
        }
        self.rewind(unwound);
        self.release(mark);
        Ok(())
    }
}
