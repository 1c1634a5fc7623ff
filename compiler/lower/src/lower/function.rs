//! `def` and `lambda`.

use ruff_python_ast::{self as ast, Expr, Parameters, Stmt};
use ruff_text_size::TextRange;
use taipan_bytecode::code::{Constant, Intrinsic2, co_flags};
use taipan_bytecode::lazy::CodeRef;
use taipan_bytecode::opcode::Opcode;
use taipan_bytecode::operand::Reg;

use super::{Lowerer, Result};
use crate::emit::operands;
use crate::scopes::{ScopeId, ScopeKind};

/// The parts of a function beside its code, in the window of `MakeFunction`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Parts {
    /// The window; none if there are no parts.
    pub base: Option<Reg>,
    /// Which registers of the window are in use.
    pub bits: u16,
}

pub(super) const DEFAULTS: u16 = 1;
pub(super) const KW_DEFAULTS: u16 = 2;
pub(super) const ANNOTATE: u16 = 4;
pub(super) const CLOSURE: u16 = 8;
const WINDOW: usize = 4;

impl<'a> Lowerer<'a> {
    /// The window for a function's parts.
    pub(super) fn window(&mut self) -> Parts {
        Parts {
            base: Some(self.unit.regs.alloc_run(WINDOW)),
            bits: 0,
        }
    }

    /// `R[dst]` = a function of `code`, with the closure it needs.
    pub(super) fn make_function(
        &mut self,
        code: CodeRef,
        scope: ScopeId,
        dst: Reg,
        mut parts: Parts,
    ) {
        let mark = self.mark();
        let scopes = self.scopes;
        let free = &scopes[scope].free_vars;
        if !free.is_empty() {
            let base = match parts.base {
                Some(base) => base,
                None => self.unit.regs.alloc_run(WINDOW),
            };
            let mut first = None;
            for name in free {
                let cell = self.temp();
                first.get_or_insert(cell);
                let resolved = scopes.capture(self.unit.own, self.scope(), name);
                let held = self.cell_of(&resolved).or_else(|| {
                    // A class body passes a cell through that it knows under its own scope.
                    let key = (self.unit.own, name.clone());
                    self.unit.cells.get(&key).copied()
                });
                let variable = (resolved.scope, resolved.name);
                match held {
                    Some(held) => self.b().move_(cell, held),
                    // Of a generator expression that is consumed in line but for this once.
                    None if let Some(&reg) = self.unit.fast.get(&variable) => {
                        self.b().move_(cell, reg);
                        self.b().op1(Opcode::MakeCell, cell);
                    }
                    None => {
                        self.b().op1(Opcode::Clear, cell);
                        self.b().op1(Opcode::MakeCell, cell);
                    }
                }
            }
            let closure = base.offset(3);
            self.build(
                Opcode::BuildTuple,
                closure,
                first.unwrap_or(closure),
                free.len(),
            );
            parts.base = Some(base);
            parts.bits |= CLOSURE;
        }
        self.release(mark);
        let k = self.b().constant(Constant::Code(code));
        let base = parts.base.unwrap_or(Reg(0));
        self.b()
            .emit(Opcode::MakeFunction, operands(dst.0, base.0, parts.bits, k));
    }

    /// `co_flags` that depend on where a function is.
    pub(super) fn function_flags(&mut self, scope: ScopeId) {
        let scopes = self.scopes;
        if let Some(parent) = scopes[scope].parent
            && scopes[parent].kind == ScopeKind::Class
        {
            self.unit.code.flags |= co_flags::METHOD;
        }
    }

    pub(super) fn function_def(&mut self, s: &'a ast::StmtFunctionDef) -> Result<()> {
        let start = self.definition_start(
            &s.decorator_list,
            "def",
            s.is_async,
            &s.name,
            s.range.start(),
        );
        let place = TextRange::new(start, s.range.end());
        let mark = self.mark();
        if s.decorator_list.is_empty()
            && s.type_params.is_none()
            && let Some(local) = self.local(&s.name.id)
        {
            self.at(place);
            let mut parts = self.window();
            self.defaults(&s.parameters, &mut parts)?;
            self.plain_function(s, place, parts, local)?;
            self.b().bound.insert(local.0);
            self.release(mark);
            return Ok(());
        }
        self.decorators(&s.decorator_list)?;
        let dst = self.temp();
        self.at(place);
        match &s.type_params {
            Some(params) => self.generic_function(s, params, place, dst)?,
            None => {
                let mut parts = self.window();
                self.defaults(&s.parameters, &mut parts)?;
                self.plain_function(s, place, parts, dst)?;
            }
        }
        self.release(dst.0 + 1);
        self.decorate(&s.decorator_list, dst);
        self.at(place);
        let value = Reg(mark);
        self.store_name(&s.name.id, value);
        self.release(mark);
        Ok(())
    }

    /// Evaluates decorators into consecutive temporaries.
    pub(super) fn decorators(&mut self, decorators: &'a [ast::Decorator]) -> Result<()> {
        for d in decorators {
            self.expr_temp(&d.expression)?;
        }
        Ok(())
    }

    /// Calls decorators, innermost first, on the value right above them.
    pub(super) fn decorate(&mut self, decorators: &'a [ast::Decorator], value: Reg) {
        for (i, d) in decorators.iter().rev().enumerate() {
            let base = Reg(value.0 - 1 - i as u16);
            self.at(&d.expression);
            self.b().emit(Opcode::Call, operands(base.0, base.0, 1, 0));
        }
    }

    /// Defaults of parameters into the window.
    pub(super) fn defaults(&mut self, p: &'a Parameters, parts: &mut Parts) -> Result<()> {
        let Some(base) = parts.base else {
            return Ok(());
        };
        let mark = self.mark();
        let positional: Vec<&'a Expr> = p
            .posonlyargs
            .iter()
            .chain(&p.args)
            .filter_map(|p| p.default.as_deref())
            .collect();
        if !positional.is_empty() {
            let folded: Option<Vec<Constant>> = positional.iter().map(|e| self.fold(e)).collect();
            match folded {
                Some(items) => self.b().load_const(base, Constant::Tuple(items)),
                None => {
                    let mut first = None;
                    for e in &positional {
                        let reg = self.expr_temp(e)?;
                        first.get_or_insert(reg);
                    }
                    self.build(
                        Opcode::BuildTuple,
                        base,
                        first.unwrap_or(base),
                        positional.len(),
                    );
                }
            }
            parts.bits |= DEFAULTS;
        }
        self.release(mark);
        let mut first = None;
        let mut count = 0;
        for param in &p.kwonlyargs {
            let Some(default) = param.default.as_deref() else {
                continue;
            };
            let name = self.scopes[self.scope()].mangle(&param.parameter.name);
            let key = self.temp();
            first.get_or_insert(key);
            self.b()
                .load_const(key, Constant::Str(name.as_str().into()));
            self.expr_temp(default)?;
            count += 1;
        }
        if let Some(first) = first {
            self.build(Opcode::BuildMap, base.offset(1), first, count);
            parts.bits |= KW_DEFAULTS;
        }
        self.release(mark);
        Ok(())
    }

    /// The function itself, its defaults being in the window already.
    pub(super) fn plain_function(
        &mut self,
        s: &'a ast::StmtFunctionDef,
        place: TextRange,
        mut parts: Parts,
        dst: Reg,
    ) -> Result<()> {
        let Some(scope) = self.scopes.function(s) else {
            return Err(self.error(s.range, "function without a scope"));
        };
        if let Some(base) = parts.base
            && self.function_annotate(s, place, base.offset(2))?
        {
            parts.bits |= ANNOTATE;
        }
        let first_line = self.line(s.range.start());
        self.enter(scope, s.name.as_str(), first_line, true);
        self.unit.b.at = self.locate(TextRange::at(place.start(), 0.into()));
        self.parameters(scope, &s.parameters);
        let body = self.docstring(&s.body);
        if self.scopes[scope].is_generator || self.scopes[scope].is_coroutine {
            self.enter_generator();
        }
        self.suite(body)?;
        let code = self.leave()?;
        self.at(place);
        self.make_function(code, scope, dst, parts);
        Ok(())
    }

    fn parameters(&mut self, scope: ScopeId, p: &Parameters) {
        let code = &mut self.unit.code;
        code.posonlyargcount = p.posonlyargs.len() as u32;
        code.argcount = (p.posonlyargs.len() + p.args.len()) as u32;
        code.kwonlyargcount = p.kwonlyargs.len() as u32;
        self.function_flags(scope);
    }

    /// Takes the docstring off a function's body and keeps it as the first constant.
    fn docstring(&mut self, body: &'a [Stmt]) -> &'a [Stmt] {
        let Some((doc, rest)) = self.split_docstring(body) else {
            return body;
        };
        if self.optimize < 2 {
            self.reserve_docstring(doc);
        }
        rest
    }

    /// The docstring that a body begins with, cleaned.
    pub(super) fn split_docstring(&self, body: &'a [Stmt]) -> Option<(Constant, &'a [Stmt])> {
        let (first, rest) = body.split_first()?;
        let Stmt::Expr(statement) = first else {
            return None;
        };
        let Expr::StringLiteral(literal) = statement.value.as_ref() else {
            return None;
        };
        let text = self.string_value(&literal.value);
        Some((Constant::Str(clean_docstring(&text)), rest))
    }

    pub(super) fn lambda(&mut self, e: &'a ast::ExprLambda, want: Option<Reg>) -> Result<Reg> {
        let Some(scope) = self.scopes.lambda(e) else {
            return Err(self.error(e.range, "lambda without a scope"));
        };
        let mark = self.mark();
        let mut parts = Parts::default();
        if let Some(p) = &e.parameters {
            parts = self.window();
            self.at(e);
            self.defaults(p, &mut parts)?;
        }
        let line = self.line(e.range.start());
        self.enter(scope, "<lambda>", line, true);
        match &e.parameters {
            Some(p) => self.parameters(scope, p),
            None => self.function_flags(scope),
        }
        let is_generator = self.scopes[scope].is_generator || self.scopes[scope].is_coroutine;
        if is_generator {
            self.at(e);
            self.enter_generator();
        }
        let value = self.expr(&e.body, None)?;
        self.at(e.body.as_ref());
        if self.scopes[scope].is_async_generator() {
            self.op0(Opcode::ReturnNone);
        } else {
            self.b().op1(Opcode::Return, value);
        }
        let code = self.leave()?;
        self.release(mark);
        let dst = self.dest(want);
        // The window may be where `dst` is: both are read before it is written.
        let after = self.mark();
        self.unit.regs.alloc_run(WINDOW);
        self.at(e);
        self.make_function(code, scope, dst, parts);
        self.release(after);
        Ok(dst)
    }

    /// `function.__type_params__ = params`
    pub(super) fn set_type_params(&mut self, function: Reg, params: Reg) {
        self.intrinsic2(
            function,
            function,
            params,
            Intrinsic2::SetFunctionTypeParams,
        );
    }
}

/// Removes the common indentation of all lines but the first, as `inspect.cleandoc` does, but
/// keeps blank lines at both ends.
pub(super) fn clean_docstring(text: &[u8]) -> Vec<u8> {
    let mut expanded = Vec::with_capacity(text.len());
    let mut column = 0;
    for &b in text {
        match b {
            b'\t' => {
                let n = 8 - column % 8;
                expanded.resize(expanded.len() + n, b' ');
                column += n;
            }
            b'\n' | b'\r' => {
                expanded.push(b);
                column = 0;
            }
            // Continuation bytes are no columns.
            0x80..=0xBF => expanded.push(b),
            _ => {
                expanded.push(b);
                column += 1;
            }
        }
    }
    let lines: Vec<&[u8]> = expanded.split(|&b| b == b'\n').collect();
    let indent = |line: &[u8]| line.iter().take_while(|&&b| b == b' ').count();
    let margin = lines
        .iter()
        .skip(1)
        .filter(|l| l.iter().any(|&b| b != b' '))
        .map(|l| indent(l))
        .min()
        .unwrap_or(0);
    let mut out = Vec::with_capacity(expanded.len());
    for (i, line) in lines.iter().enumerate() {
        let cut = if i == 0 {
            indent(line)
        } else {
            out.push(b'\n');
            indent(line).min(margin)
        };
        out.extend_from_slice(line.get(cut..).unwrap_or(&[]));
    }
    out
}
