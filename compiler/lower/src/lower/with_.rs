//! `with` and `async with`.

use ruff_python_ast as ast;
use ruff_text_size::Ranged;
use taipan_bytecode::opcode::Opcode;
use taipan_bytecode::operand::Reg;

use super::{Block, Lowerer, Result};
use crate::emit::operands;

const ENTER: u16 = 0;
const EXIT: u16 = 1;
/// Added for the asynchronous ones.
const ASYNC: u16 = 2;

impl<'a> Lowerer<'a> {
    pub(super) fn with(&mut self, s: &'a ast::StmtWith, items: &'a [ast::WithItem]) -> Result<()> {
        let Some((item, inner)) = items.split_first() else {
            return self.suite(&s.body);
        };
        let kind = if s.is_async { ASYNC } else { 0 };
        let mark = self.mark();
        let exit = self.unit.regs.alloc_run(2);
        let manager = self.expr(&item.context_expr, None)?;
        let place = self.locate(item.context_expr.range());
        self.at(&item.context_expr);
        self.b().emit(
            Opcode::LoadSpecial,
            operands(exit.0, manager.0, EXIT + kind, 0),
        );
        let enter = self.unit.regs.alloc_run(2);
        self.b().emit(
            Opcode::LoadSpecial,
            operands(enter.0, manager.0, ENTER + kind, 0),
        );
        let value = Reg(exit.0 + 2);
        self.b()
            .emit(Opcode::CallMethod, operands(value.0, enter.0, 0, 0));
        self.release(exit.0 + 2);
        self.temp();
        if s.is_async {
            self.await_value(value, value, 1);
        }
        let unbound = self.unbound_in(s.range);
        let handler = self.b().handler_label(&unbound);
        let end = self.b().label();
        let outside = self.b().set_handler(Some(handler));
        self.unit.blocks.push(Block::With {
            exit,
            is_async: s.is_async,
            at: place,
            outside,
        });
        if let Some(target) = &item.optional_vars {
            self.store(target, value)?;
        }
        self.release(exit.0 + 2);
        self.with(s, inner)?;
        self.unit.blocks.pop();
        self.b().set_handler(outside);
        self.unit.b.at = place;
        self.call_exit(exit, s.is_async);
        self.b().jump_to(end);

        self.b().bind(handler);
        self.unit.b.at = place;
        let (exc, save) = (self.temp(), self.temp());
        self.b().op2(Opcode::EnterHandler, exc, save);
        let cleanup = self.b().handler_label(&unbound);
        self.b().set_handler(Some(cleanup));
        let t = self.temp();
        self.b().op3(Opcode::WithExceptStart, t, exit, exc);
        if s.is_async {
            self.await_value(t, t, 2);
        }
        let suppressed = self.b().label();
        self.b().jump_if(t, true, suppressed);
        self.b().op1(Opcode::Reraise, exc);
        self.b().set_handler(outside);
        self.b().bind(suppressed);
        self.b().op1(Opcode::ExitHandler, save);
        self.b().jump_to(end);
        self.cleanup_handler(cleanup, save);
        self.release(mark);
        self.b().bind(end);
        Ok(())
    }

    /// `exit(None, None, None)` on the way out.
    pub(super) fn call_exit(&mut self, exit: Reg, is_async: bool) {
        let mark = self.mark();
        // In place if nothing is live above; the method is not needed again.
        let base = if mark == exit.0 + 2 {
            self.unit.regs.alloc_run(3);
            exit
        } else {
            let base = self.unit.regs.alloc_run(5);
            self.b().move_(base, exit);
            self.b().move_(base.offset(1), exit.offset(1));
            base
        };
        for i in 2..5 {
            self.b().load_none(base.offset(i));
        }
        self.b()
            .emit(Opcode::CallMethod, operands(base.0, base.0, 3, 0));
        if is_async {
            self.await_value(base, base, 2);
        }
        self.release(mark);
    }
}
