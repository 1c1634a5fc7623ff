//! Annotations: `__annotate__` functions (PEP 649), or strings with the future import.

use ruff_python_ast::{self as ast, Expr, Stmt};
use ruff_text_size::{Ranged, TextRange};
use taipan_bytecode::code::{Constant, SourceRange};
use taipan_bytecode::opcode::Opcode;
use taipan_bytecode::operand::Reg;

use super::names::UNUSED;
use super::{Lowerer, Result};
use crate::emit::operands;
use crate::scopes::{ScopeId, ScopeKind};

/// The largest annotation format that the compiled functions know.
const FORMAT_VALUE_WITH_FAKE_GLOBALS: u16 = 2;

impl<'a> Lowerer<'a> {
    /// Begins a function of one parameter, the format, which it checks.
    pub(super) fn enter_annotation_scope(&mut self, scope: ScopeId, name: &str, at: SourceRange) {
        self.enter(scope, name, at.line, true);
        self.unit.b.at = at;
        self.unit.code.argcount = 1;
        self.unit.code.posonlyargcount = 1;
        let known = self.b().label();
        let mut format = Reg(0);
        if let Some(&cell) = self.scopes[scope]
            .params
            .first()
            .and_then(|p| self.unit.cells.get(&(scope, p.clone())))
        {
            let t = self.temp();
            self.b().named(Opcode::LoadCell, t, cell, UNUSED, "format");
            format = t;
        }
        self.b().jump(
            Opcode::JumpLeInt,
            operands(format.0, FORMAT_VALUE_WITH_FAKE_GLOBALS, 1, 0),
            known,
        );
        let t = self.temp();
        self.b().op1(Opcode::LoadNotImplementedError, t);
        self.b().op1(Opcode::Raise, t);
        self.b().bind(known);
        let first = self.unit.regs.mark().min(t.0);
        self.release(first);
    }

    /// An annotation's value: its text with the future import.
    fn annotation(&mut self, e: &'a Expr, dst: Reg) -> Result<()> {
        if self.future_annotations {
            self.at(e);
            let text = self.unparse(e);
            self.b().load_const(dst, Constant::Str(text));
            return Ok(());
        }
        if let Expr::Starred(star) = e {
            // `*args: *Ts` means the one element of `[*Ts]`.
            self.expr_to(&star.value, dst)?;
            self.at(e);
            self.b()
                .emit(Opcode::UnpackSequence, operands(dst.0, dst.0, 1, 0));
            return Ok(());
        }
        self.expr_to(e, dst)
    }

    /// The annotate function of a `def`, if it has annotations, into a register.
    pub(super) fn function_annotate(
        &mut self,
        s: &'a ast::StmtFunctionDef,
        place: TextRange,
        dst: Reg,
    ) -> Result<bool> {
        let Some(scope) = self.scopes.function_annotations(s) else {
            return Ok(false);
        };
        if !self.scopes[scope].annotations_used {
            return Ok(false);
        }
        let p = &s.parameters;
        let arg = |p: &'a ast::Parameter| {
            let annotation = p.annotation.as_deref()?;
            Some((p.name.id.as_str(), annotation))
        };
        let plain = p.args.iter().chain(&p.posonlyargs);
        let annotated: Vec<(&str, &'a Expr)> = plain
            .filter_map(|p| arg(&p.parameter))
            .chain(p.vararg.as_deref().and_then(arg))
            .chain(p.kwonlyargs.iter().filter_map(|p| arg(&p.parameter)))
            .chain(p.kwarg.as_deref().and_then(arg))
            .chain(s.returns.as_deref().map(|r| ("return", r)))
            .collect();
        let at = self.locate(place);
        self.enter_annotation_scope(scope, "__annotate__", at);
        let base = self.mark();
        for (name, annotation) in &annotated {
            let key = self.temp();
            let name = match *name {
                "return" => "return".into(),
                name => self.scopes[scope].mangle(name),
            };
            self.b()
                .load_const(key, Constant::Str(name.as_str().into()));
            let value = self.temp();
            self.annotation(annotation, value)?;
            self.release(value.0 + 1);
        }
        self.unit.b.at = self.locate(place);
        self.release(base);
        let map = self.temp();
        self.build(Opcode::BuildMap, map, Reg(base), annotated.len());
        self.b().op1(Opcode::Return, map);
        let code = self.leave()?;
        self.at(place);
        self.make_function(code, scope, dst, Default::default());
        Ok(true)
    }

    /// What a module or class body with annotations does first: finds them, and sets up where they,
    /// or which of them were executed, are kept. `t` is scratch.
    pub(super) fn prepare_annotations(&mut self, body: &'a [Stmt], t: Reg) -> Result<()> {
        let scope = self.unit.own;
        let is_module = self.scopes[scope].kind == ScopeKind::Module;
        let mut found = Vec::new();
        collect(body, false, &mut found);
        if found.is_empty() {
            return Ok(());
        }
        let mut next = 0;
        for (s, conditional) in found {
            let number = (is_module || conditional).then(|| {
                next += 1;
                next - 1
            });
            self.unit.annotations.push((s, number));
        }
        if is_module && !self.future_annotations {
            let place = body.first().map_or(TextRange::default(), |s| s.range());
            let at = self.locate(place);
            self.body_annotate(at, t)?;
            self.store_special("__annotate__", t);
        }
        if next > 0 {
            self.build(Opcode::BuildSet, t, t, 0);
            match self.own_cell("__conditional_annotations__") {
                Some(cell) => self.b().op2(Opcode::StoreCell, cell, t),
                None if is_module => self.store_special("__conditional_annotations__", t),
                None => {}
            }
        }
        if self.future_annotations {
            self.op0(Opcode::SetupAnnotations);
        }
        Ok(())
    }

    /// The end of a class body: its annotate function.
    pub(super) fn class_annotate(&mut self, at: SourceRange) -> Result<()> {
        if self.unit.annotations.is_empty() || self.future_annotations {
            return Ok(());
        }
        let t = self.temp();
        self.body_annotate(at, t)?;
        self.store_special("__annotate_func__", t);
        self.release(t.0);
        Ok(())
    }

    /// The annotate function of a module or class body.
    fn body_annotate(&mut self, at: SourceRange, dst: Reg) -> Result<()> {
        let owner = self.unit.own;
        let Some(scope) = self.scopes.annotations_of(owner) else {
            return Ok(());
        };
        let annotations = std::mem::take(&mut self.unit.annotations);
        self.enter_annotation_scope(scope, "__annotate__", at);
        let map = self.temp();
        self.build(Opcode::BuildMap, map, map, 0);
        for (s, number) in &annotations {
            let mark = self.mark();
            let skip = self.b().label();
            self.at(*s);
            if let Some(number) = number {
                let n = self.temp();
                self.b().load_int(n, *number as i32);
                let executed = self.load_name("__conditional_annotations__", None);
                self.b()
                    .jump(Opcode::JumpContains, operands(n.0, executed.0, 0, 0), skip);
                self.release(mark);
            }
            if let Expr::Name(name) = s.target.as_ref() {
                let value = self.temp();
                self.annotation(&s.annotation, value)?;
                self.release(value.0 + 1);
                let key = self.temp();
                let name = self.scopes[owner].mangle(&name.id);
                self.b()
                    .load_const(key, Constant::Str(name.as_str().into()));
                self.unit.b.at = at;
                self.b().op3(Opcode::MapSet, map, key, value);
            }
            self.release(mark);
            self.b().bind(skip);
        }
        self.b().op1(Opcode::Return, map);
        let code = self.leave()?;
        self.unit.annotations = annotations;
        self.unit.b.at = at;
        self.make_function(code, scope, dst, Default::default());
        Ok(())
    }

    pub(super) fn ann_assign(&mut self, s: &'a ast::StmtAnnAssign) -> Result<()> {
        let mark = self.mark();
        if let Some(value) = &s.value {
            self.assign_from(&s.target, value)?;
        }
        let kind = self.scopes[self.unit.own].kind;
        let is_body = matches!(kind, ScopeKind::Module | ScopeKind::Class);
        match s.target.as_ref() {
            Expr::Name(name) if s.simple && is_body => self.simple_annotation(s, name)?,
            Expr::Attribute(e) if s.value.is_none() => self.expr_effect(&e.value)?,
            Expr::Subscript(e) if s.value.is_none() => {
                self.expr_effect(&e.value)?;
                self.expr_effect(&e.slice)?;
            }
            _ => {}
        }
        self.release(mark);
        Ok(())
    }

    fn simple_annotation(
        &mut self,
        s: &'a ast::StmtAnnAssign,
        name: &'a ast::ExprName,
    ) -> Result<()> {
        self.at(s);
        if self.future_annotations {
            let value = self.temp();
            self.annotation(&s.annotation, value)?;
            let map = self.temp();
            self.b()
                .named(Opcode::LoadName, map, UNUSED, UNUSED, "__annotations__");
            let key = self.temp();
            let name = self.scopes[self.scope()].mangle(&name.id);
            self.b()
                .load_const(key, Constant::Str(name.as_str().into()));
            self.at(s);
            self.b().op3(Opcode::StoreSubscript, map, key, value);
            return Ok(());
        }
        let number = self
            .unit
            .annotations
            .iter()
            .find(|(other, _)| other.range == s.range)
            .and_then(|(_, number)| *number);
        let Some(number) = number else {
            return Ok(());
        };
        let set = self.temp();
        match self.own_cell("__conditional_annotations__") {
            Some(cell) => self.b().named(
                Opcode::LoadCell,
                set,
                cell,
                UNUSED,
                "__conditional_annotations__",
            ),
            None => self.b().named(
                Opcode::LoadName,
                set,
                UNUSED,
                UNUSED,
                "__conditional_annotations__",
            ),
        }
        let n = self.temp();
        self.b().load_int(n, number as i32);
        self.b().op2(Opcode::SetAdd, set, n);
        Ok(())
    }
}

/// The annotated simple names of a body in source order, and whether they are conditional.
fn collect<'a>(body: &'a [Stmt], conditional: bool, out: &mut Vec<(&'a ast::StmtAnnAssign, bool)>) {
    for stmt in body {
        match stmt {
            Stmt::AnnAssign(s) if s.simple && s.target.is_name_expr() => {
                out.push((s, conditional));
            }
            Stmt::If(s) => {
                collect(&s.body, true, out);
                for clause in &s.elif_else_clauses {
                    collect(&clause.body, true, out);
                }
            }
            Stmt::For(s) => {
                collect(&s.body, true, out);
                collect(&s.orelse, true, out);
            }
            Stmt::While(s) => {
                collect(&s.body, true, out);
                collect(&s.orelse, true, out);
            }
            Stmt::With(s) => collect(&s.body, true, out),
            Stmt::Match(s) => {
                for case in &s.cases {
                    collect(&case.body, true, out);
                }
            }
            Stmt::Try(s) => {
                collect(&s.body, true, out);
                for ast::ExceptHandler::ExceptHandler(h) in &s.handlers {
                    collect(&h.body, true, out);
                }
                collect(&s.orelse, true, out);
                collect(&s.finalbody, true, out);
            }
            _ => {}
        }
    }
}
