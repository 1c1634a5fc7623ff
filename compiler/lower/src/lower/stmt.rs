//! Statements: dispatch, and the short ones.

use ruff_python_ast::{self as ast, Expr, Stmt};
use ruff_text_size::{Ranged, TextSize};
use taipan_bytecode::code::Intrinsic1;
use taipan_bytecode::opcode::Opcode;

use super::{Lowerer, Result};
use crate::emit::operands;

impl<'a> Lowerer<'a> {
    pub(super) fn stmt(&mut self, s: &'a Stmt) -> Result<()> {
        match s {
            Stmt::FunctionDef(s) => self.function_def(s),
            Stmt::ClassDef(s) => self.class_def(s),
            Stmt::Return(s) => self.return_(s),
            Stmt::Delete(s) => self.delete(s),
            Stmt::TypeAlias(s) => self.type_alias(s),
            Stmt::Assign(s) => self.assign(s),
            Stmt::AugAssign(s) => self.aug_assign(s),
            Stmt::AnnAssign(s) => self.ann_assign(s),
            Stmt::For(s) => self.for_(s),
            Stmt::While(s) => self.while_(s),
            Stmt::If(s) => self.if_(s),
            Stmt::With(s) => self.with(s, &s.items),
            Stmt::Match(s) => self.match_(s),
            Stmt::Raise(s) => self.raise(s),
            Stmt::Try(s) => self.try_(s),
            Stmt::Assert(s) => self.assert(s),
            Stmt::Import(s) => self.import(s),
            Stmt::ImportFrom(s) => self.import_from(s),
            Stmt::Global(_) | Stmt::Nonlocal(_) => Ok(()),
            Stmt::Expr(s) => self.expr_stmt(s),
            Stmt::Pass(s) => {
                self.at(s);
                self.op0(Opcode::Nop);
                Ok(())
            }
            Stmt::Break(s) => self.break_(s.range),
            Stmt::Continue(s) => self.continue_(s.range),
            Stmt::IpyEscapeCommand(s) => Err(self.error(s.range, "invalid syntax")),
        }
    }

    fn expr_stmt(&mut self, s: &'a ast::StmtExpr) -> Result<()> {
        if self.interactive && self.outer.is_empty() {
            let mark = self.mark();
            let value = self.expr(&s.value, None)?;
            self.at(s);
            let t = self.temp();
            self.intrinsic1(t, value, Intrinsic1::Print);
            self.release(mark);
            return Ok(());
        }
        if self.fold(&s.value).is_some() {
            self.at(s);
            self.op0(Opcode::Nop);
            return Ok(());
        }
        self.expr_effect(&s.value)
    }

    fn if_(&mut self, s: &'a ast::StmtIf) -> Result<()> {
        let end = self.b().label();
        let mut next = self.b().label();
        if self.constant_truth(&s.test) == Some(true) {
            // The line is there for debuggers all the same.
            self.at(s.test.as_ref());
            self.op0(Opcode::Nop);
        }
        self.jump_cond(&s.test, false, next)?;
        self.suite(&s.body)?;
        for clause in &s.elif_else_clauses {
            self.b().jump_to(end);
            self.b().bind(next);
            next = self.b().label();
            if let Some(test) = &clause.test {
                self.jump_cond(test, false, next)?;
            }
            self.suite(&clause.body)?;
        }
        self.b().bind(next);
        self.b().bind(end);
        Ok(())
    }

    fn raise(&mut self, s: &'a ast::StmtRaise) -> Result<()> {
        let mark = self.mark();
        match (&s.exc, &s.cause) {
            (Some(exc), Some(cause)) => {
                let e = self.operand(exc, cause.range())?;
                let c = self.expr(cause, None)?;
                self.at(s);
                self.b().op2(Opcode::RaiseFrom, e, c);
            }
            (Some(exc), None) => {
                let e = self.expr(exc, None)?;
                self.at(s);
                self.b().op1(Opcode::Raise, e);
            }
            (None, _) => {
                self.at(s);
                self.op0(Opcode::RaiseCurrent);
            }
        }
        self.release(mark);
        Ok(())
    }

    fn assert(&mut self, s: &'a ast::StmtAssert) -> Result<()> {
        if self.optimize > 0 {
            return Ok(());
        }
        let end = self.b().label();
        self.jump_cond(&s.test, true, end)?;
        let mark = self.mark();
        let t = self.temp();
        self.at(s.test.as_ref());
        self.b().op1(Opcode::LoadAssertionError, t);
        if let Some(message) = &s.msg {
            self.expr_temp(message)?;
            self.at(s.test.as_ref());
            self.b().emit(Opcode::Call, operands(t.0, t.0, 1, 0));
        }
        self.b().op1(Opcode::Raise, t);
        self.release(mark);
        self.b().bind(end);
        Ok(())
    }

    fn delete(&mut self, s: &'a ast::StmtDelete) -> Result<()> {
        for target in &s.targets {
            self.delete_target(target)?;
        }
        Ok(())
    }

    fn delete_target(&mut self, target: &'a Expr) -> Result<()> {
        let mark = self.mark();
        match target {
            Expr::Name(name) => {
                self.at(name);
                self.delete_name(&name.id);
            }
            Expr::Attribute(e) => {
                let object = self.expr(&e.value, None)?;
                self.unit.b.at = self.attribute_place(e, e.range);
                let name = self.scopes[self.scope()].mangle(&e.attr);
                let none = super::names::UNUSED;
                self.b()
                    .named(Opcode::DeleteAttr, object, none, none, &name);
            }
            Expr::Subscript(e) => {
                let object = self.operand(&e.value, e.slice.range())?;
                let index = self.expr(&e.slice, None)?;
                self.at(e);
                self.b().op2(Opcode::DeleteSubscript, object, index);
            }
            Expr::Tuple(ast::ExprTuple { elts, .. }) | Expr::List(ast::ExprList { elts, .. }) => {
                for e in elts {
                    self.delete_target(e)?;
                }
            }
            other => return Err(self.error(other.range(), "cannot delete expression")),
        }
        self.release(mark);
        Ok(())
    }

    /// Where the `def` or `class` keyword (or `async`) of a decorated definition is.
    pub(super) fn definition_start(
        &self,
        decorators: &[ast::Decorator],
        keyword: &str,
        is_async: bool,
        name: &ast::Identifier,
        start: TextSize,
    ) -> TextSize {
        let Some(last) = decorators.last() else {
            return start;
        };
        let from = last.range.end();
        let text = self
            .source
            .get(from.to_usize()..name.range.start().to_usize())
            .unwrap_or("");
        let Some(mut at) = text.rfind(keyword) else {
            return start;
        };
        if is_async {
            at = text.get(..at).and_then(|t| t.rfind("async")).unwrap_or(at);
        }
        from + TextSize::try_from(at).unwrap_or_default()
    }
}
