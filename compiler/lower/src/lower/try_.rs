//! `try` in all its forms.
//!
//! A handler's body runs between `EnterHandler` and `ExitHandler`; everything in between
//! that may raise is guarded by a cleanup handler, which restores what was handled before
//! and raises again. `finally` bodies are compiled once for each way they are reached.

use ruff_python_ast::{self as ast, ExceptHandler, Stmt};
use ruff_text_size::{Ranged, TextRange};
use taipan_bytecode::opcode::Opcode;
use taipan_bytecode::operand::Reg;

use super::{Block, Lowerer, Result};
use crate::emit::operands;

impl<'a> Lowerer<'a> {
    pub(super) fn try_(&mut self, s: &'a ast::StmtTry) -> Result<()> {
        self.at(TextRange::at(s.start(), 3.into()));
        self.op0(Opcode::Nop);
        if s.finalbody.is_empty() {
            self.try_except(s)
        } else {
            self.try_finally(s)
        }
    }

    fn try_except(&mut self, s: &'a ast::StmtTry) -> Result<()> {
        if s.is_star {
            self.except_star(s)
        } else {
            self.except(s)
        }
    }

    fn try_finally(&mut self, s: &'a ast::StmtTry) -> Result<()> {
        let unbound = self.unbound_in(s.range);
        let handler = self.b().handler_label(&unbound);
        let end = self.b().label();
        let outside = self.b().set_handler(Some(handler));
        self.unit.blocks.push(Block::Finally {
            body: &s.finalbody,
            outside,
        });
        if s.handlers.is_empty() {
            self.suite(&s.body)?;
        } else {
            self.try_except(s)?;
        }
        self.unit.blocks.pop();
        self.b().set_handler(outside);
        self.suite(&s.finalbody)?;
        self.b().jump_to(end);

        self.b().bind(handler);
        self.b().nowhere();
        let mark = self.mark();
        let (exc, save) = (self.temp(), self.temp());
        self.b().op2(Opcode::EnterHandler, exc, save);
        let cleanup = self.b().handler_label(&unbound);
        self.b().set_handler(Some(cleanup));
        self.unit.blocks.push(Block::Handling {
            save,
            name: None,
            outside,
        });
        self.suite(&s.finalbody)?;
        self.unit.blocks.pop();
        self.b().nowhere();
        self.b().op1(Opcode::Reraise, exc);
        self.b().set_handler(outside);
        self.cleanup_handler(cleanup, save);
        self.release(mark);
        self.b().bind(end);
        Ok(())
    }

    /// The part of `try` up to its handlers; gives the handlers' label and the outer handler.
    fn guarded(&mut self, body: &'a [Stmt], unbound: &[Reg]) -> Result<crate::emit::Label> {
        let handler = self.b().handler_label(unbound);
        let outside = self.b().set_handler(Some(handler));
        self.unit.blocks.push(Block::Guarded { outside });
        self.suite(body)?;
        self.unit.blocks.pop();
        self.b().set_handler(outside);
        Ok(handler)
    }

    fn except(&mut self, s: &'a ast::StmtTry) -> Result<()> {
        let unbound = self.unbound_in(s.range);
        let end = self.b().label();
        let handler = self.guarded(&s.body, &unbound)?;
        let outside = self.b().handler();
        self.suite(&s.orelse)?;
        self.b().jump_to(end);

        self.b().bind(handler);
        self.b().nowhere();
        let mark = self.mark();
        let (exc, save) = (self.temp(), self.temp());
        self.b().op2(Opcode::EnterHandler, exc, save);
        let cleanup = self.b().handler_label(&unbound);
        for ExceptHandler::ExceptHandler(h) in &s.handlers {
            self.at(h);
            let next = self.b().label();
            self.b().set_handler(Some(cleanup));
            if let Some(class) = &h.type_ {
                let t = self.temp();
                self.except_class(class, t)?;
                self.at(h);
                self.b().op3(Opcode::MatchException, t, exc, t);
                self.b().jump_if(t, false, next);
                self.release(t.0);
            } else {
                self.op0(Opcode::Nop);
            }
            self.handler_body(h, exc, save, cleanup, outside, &unbound)?;
            self.b().jump_to(end);
            self.b().bind(next);
        }
        self.b().set_handler(Some(cleanup));
        self.b().nowhere();
        self.b().op1(Opcode::Reraise, exc);
        self.b().set_handler(outside);
        self.cleanup_handler(cleanup, save);
        self.release(mark);
        self.b().bind(end);
        Ok(())
    }

    /// The class (or tuple of them) after `except`.
    fn except_class(&mut self, class: &'a ast::Expr, dst: Reg) -> Result<()> {
        self.expr_to(class, dst)?;
        self.release(dst.0 + 1);
        self.at(class);
        Ok(())
    }

    /// Binds the name and runs a handler's body, up to and with `ExitHandler`.
    fn handler_body(
        &mut self,
        h: &'a ast::ExceptHandlerExceptHandler,
        exc: Reg,
        save: Reg,
        cleanup: crate::emit::Label,
        outside: Option<crate::emit::Label>,
        unbound: &[Reg],
    ) -> Result<()> {
        let Some(name) = &h.name else {
            self.unit.blocks.push(Block::Handling {
                save,
                name: None,
                outside,
            });
            self.suite(&h.body)?;
            self.unit.blocks.pop();
            self.b().set_handler(outside);
            self.b().nowhere();
            self.b().op1(Opcode::ExitHandler, save);
            return Ok(());
        };
        self.at(h);
        self.store_name(&name.id, exc);
        let unnamed = self.b().handler_label(unbound);
        self.b().set_handler(Some(unnamed));
        self.unit.blocks.push(Block::Handling {
            save,
            name: Some(name),
            outside,
        });
        self.suite(&h.body)?;
        self.unit.blocks.pop();
        self.b().set_handler(outside);
        self.b().nowhere();
        self.b().op1(Opcode::ExitHandler, save);
        self.unbind(name);
        let done = self.b().label();
        self.b().jump_to(done);

        // The body raised: the name goes all the same.
        self.b().bind(unnamed);
        self.b().nowhere();
        let mark = self.mark();
        let (inner, inner_save) = (self.temp(), self.temp());
        self.b().op2(Opcode::EnterHandler, inner, inner_save);
        self.b().set_handler(Some(cleanup));
        self.unbind(name);
        self.b().set_handler(outside);
        self.b().op1(Opcode::ExitHandler, save);
        self.b().op1(Opcode::Reraise, inner);
        self.release(mark);
        self.b().bind(done);
        Ok(())
    }

    fn except_star(&mut self, s: &'a ast::StmtTry) -> Result<()> {
        let unbound = self.unbound_in(s.range);
        let end = self.b().label();
        let handler = self.guarded(&s.body, &unbound)?;
        let outside = self.b().handler();
        self.suite(&s.orelse)?;
        self.b().jump_to(end);

        self.b().bind(handler);
        self.b().nowhere();
        let mark = self.mark();
        let (exc, save) = (self.temp(), self.temp());
        let (rest, list) = (self.temp(), self.temp());
        self.b().op2(Opcode::EnterHandler, exc, save);
        let cleanup = self.b().handler_label(&unbound);
        self.b().set_handler(Some(cleanup));
        self.b().move_(rest, exc);
        self.build(Opcode::BuildList, list, exc, 0);
        self.unit.blocks.push(Block::Star);
        for ExceptHandler::ExceptHandler(h) in &s.handlers {
            self.at(h);
            let next = self.b().label();
            self.b().set_handler(Some(cleanup));
            let matched = self.temp();
            if let Some(class) = &h.type_ {
                self.except_class(class, matched)?;
                self.at(h);
            }
            self.b()
                .op3(Opcode::MatchExceptionGroup, matched, rest, matched);
            self.b()
                .jump(Opcode::JumpIfNone, operands(matched.0, 0, 0, 0), next);
            if let Some(name) = &h.name {
                self.at(h);
                self.store_name(&name.id, matched);
            }
            let raised = self.b().handler_label(&unbound);
            self.b().set_handler(Some(raised));
            self.suite(&h.body)?;
            self.b().set_handler(Some(cleanup));
            if let Some(name) = &h.name {
                self.unbind(name);
            }
            self.b().jump_to(next);

            self.b().bind(raised);
            self.b().nowhere();
            let (inner, inner_save) = (self.temp(), self.temp());
            self.b().op2(Opcode::EnterHandler, inner, inner_save);
            if let Some(name) = &h.name {
                self.unbind(name);
            }
            self.b().op2(Opcode::ListAppend, list, inner);
            self.b().op1(Opcode::ExitHandler, inner_save);
            self.release(matched.0);
            self.b().bind(next);
        }
        self.unit.blocks.pop();
        self.b().set_handler(Some(cleanup));
        self.b().nowhere();
        let nothing_left = self.b().label();
        self.b()
            .jump(Opcode::JumpIfNone, operands(rest.0, 0, 0, 0), nothing_left);
        self.b().op2(Opcode::ListAppend, list, rest);
        self.b().bind(nothing_left);
        self.b().op3(Opcode::PrepareReraiseStar, rest, exc, list);
        self.b().set_handler(outside);
        self.b().op1(Opcode::ExitHandler, save);
        self.b()
            .jump(Opcode::JumpIfNone, operands(rest.0, 0, 0, 0), end);
        self.b().op1(Opcode::Reraise, rest);
        self.cleanup_handler(cleanup, save);
        self.release(mark);
        self.b().bind(end);
        Ok(())
    }
}
