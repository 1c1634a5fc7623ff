//! `yield`, `await`, and asynchronous iteration.

use ruff_python_ast::{self as ast, Expr};
use ruff_text_size::{Ranged, TextRange};
use taipan_bytecode::opcode::Opcode;
use taipan_bytecode::operand::Reg;

use super::{Lowerer, Result};
use crate::emit::{Label, operands};

impl<'a> Lowerer<'a> {
    pub(super) fn is_async_generator(&self) -> bool {
        let flags = self.unit.code.flags;
        flags & taipan_bytecode::code::co_flags::ASYNC_GENERATOR != 0
    }

    pub(super) fn yield_(&mut self, e: &'a ast::ExprYield, want: Option<Reg>) -> Result<Reg> {
        let mark = self.mark();
        let value = match &e.value {
            Some(value) => self.expr(value, None)?,
            None => {
                self.at(e);
                self.constant(taipan_bytecode::code::Constant::None, None)
            }
        };
        self.release(mark);
        let dst = self.dest(want);
        self.at(e);
        let wrap = self.is_async_generator() as u16;
        self.b()
            .emit(Opcode::Yield, operands(dst.0, value.0, wrap, 0));
        Ok(dst)
    }

    pub(super) fn yield_from(
        &mut self,
        e: &'a ast::ExprYieldFrom,
        want: Option<Reg>,
    ) -> Result<Reg> {
        let mark = self.mark();
        let iter = self.temp();
        self.expr_to(&e.value, iter)?;
        self.at(e);
        self.b().op2(Opcode::GetYieldFromIter, iter, iter);
        self.release(iter.0 + 1);
        let dst = match want {
            Some(want) => want,
            None => Reg(mark),
        };
        self.delegate(dst, iter);
        self.release(mark);
        Ok(self.claim(dst, want))
    }

    /// Allocates `dst` if it is the temporary at the top rather than the wanted register.
    fn claim(&mut self, dst: Reg, want: Option<Reg>) -> Reg {
        match want {
            Some(want) => want,
            None => {
                let top = self.temp();
                debug_assert!(top == dst || self.unit.regs.overflow);
                top
            }
        }
    }

    fn delegate(&mut self, dst: Reg, iter: Reg) {
        let sent = self.temp();
        self.b().load_none(sent);
        self.b().op3(Opcode::Delegate, dst, iter, sent);
        self.release(sent.0);
    }

    pub(super) fn await_(&mut self, e: &'a ast::ExprAwait, want: Option<Reg>) -> Result<Reg> {
        let mark = self.mark();
        let value = self.expr(&e.value, None)?;
        self.release(mark);
        let dst = self.dest(want);
        self.at(e);
        self.await_value(dst, value, 0);
        Ok(dst)
    }

    /// `R[dst] = await R[value]`; see `GetAwaitable` for the context. `dst` may be a variable.
    pub(super) fn await_value(&mut self, dst: Reg, value: Reg, context: u16) {
        let mark = self.mark();
        let iter = self.temp();
        self.b()
            .emit(Opcode::GetAwaitable, operands(iter.0, value.0, context, 0));
        self.delegate(dst, iter);
        self.release(mark);
    }

    /// One step of an asynchronous loop: stores the next item, or goes to `exit`.
    pub(super) fn async_next(
        &mut self,
        iter: Reg,
        exit: Label,
        target: &'a Expr,
        place: TextRange,
    ) -> Result<()> {
        let _ = place;
        let mark = self.mark();
        let t = self.temp();
        let ended = self.b().handler_label(&[]);
        let outside = self.b().set_handler(Some(ended));
        self.b().op2(Opcode::GetANext, t, iter);
        self.delegate(t, t);
        self.b().set_handler(outside);
        let go_on = self.b().label();
        self.b().jump_to(go_on);

        self.b().bind(ended);
        let exc = self.temp();
        let save = self.temp();
        self.b().op2(Opcode::EnterHandler, exc, save);
        let stop = self.b().label();
        self.b()
            .jump(Opcode::JumpIfStopAsync, operands(exc.0, 0, 0, 0), stop);
        self.b().op1(Opcode::ExitHandler, save);
        self.b().op1(Opcode::Reraise, exc);
        self.b().bind(stop);
        self.b().op1(Opcode::ExitHandler, save);
        self.b().jump_to(exit);
        self.release(t.0 + 1);

        self.b().bind(go_on);
        self.store(target, t)?;
        self.release(mark);
        Ok(())
    }

    pub(super) fn async_for(&mut self, s: &'a ast::StmtFor) -> Result<()> {
        let mark = self.mark();
        let iter = self.temp();
        let source = self.expr(&s.iter, Some(iter))?;
        self.at(s.iter.as_ref());
        self.b().op2(Opcode::GetAIter, iter, source);
        self.release(iter.0 + 1);
        let unbound = self.unbound_in(s.range);
        let (header, exhausted, exit, slot) = self.enter_loop(&unbound);
        self.at(s.iter.as_ref());
        self.async_next(iter, exhausted, &s.target, s.iter.range())?;
        self.suite(&s.body)?;
        self.leave_loop(header, slot);
        self.b().bind(exhausted);
        self.suite(&s.orelse)?;
        self.b().bind(exit);
        self.release(mark);
        Ok(())
    }
}
