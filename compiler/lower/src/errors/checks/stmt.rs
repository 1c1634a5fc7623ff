//! Statements.

use ruff_python_ast::{self as ast, ExceptHandler, Expr, Parameters, Stmt, TypeParam};
use ruff_text_size::{Ranged, TextRange};

use super::{Block, Checker, Done};

impl Checker<'_> {
    pub(super) fn stmts(&mut self, body: &[Stmt]) -> Done {
        body.iter().try_for_each(|s| self.stmt(s))
    }

    fn stmt(&mut self, stmt: &Stmt) -> Done {
        match stmt {
            Stmt::FunctionDef(s) => self.function(s),
            Stmt::ClassDef(s) => self.class(s),
            Stmt::TypeAlias(s) => {
                if let Some(params) = &s.type_params {
                    self.type_params(params)?;
                }
                let scope = self.scopes.type_alias(s);
                self.inside(scope, |c| c.expr(&s.value))
            }
            Stmt::Return(s) => self.return_(s),
            Stmt::Delete(s) => self.exprs(&s.targets),
            Stmt::Assign(s) => {
                self.expr(&s.value)?;
                s.targets.iter().try_for_each(|t| self.target(t))
            }
            Stmt::AugAssign(s) => {
                self.expr(&s.target)?;
                self.expr(&s.value)
            }
            Stmt::AnnAssign(s) => {
                if let Some(value) = &s.value {
                    self.expr(value)?;
                }
                self.target(&s.target)?;
                let scope = self.scopes.annotations_of(self.scope);
                self.inside(scope, |c| c.expr(&s.annotation))
            }
            Stmt::For(s) => {
                self.expr(&s.iter)?;
                self.within(Block::Loop, s.range, |c| {
                    c.target(&s.target)?;
                    c.stmts(&s.body)
                })?;
                self.stmts(&s.orelse)
            }
            Stmt::While(s) => {
                self.within(Block::Loop, s.range, |c| {
                    c.expr(&s.test)?;
                    c.stmts(&s.body)
                })?;
                self.stmts(&s.orelse)
            }
            Stmt::If(s) => {
                self.expr(&s.test)?;
                self.stmts(&s.body)?;
                for clause in &s.elif_else_clauses {
                    if let Some(test) = &clause.test {
                        self.expr(test)?;
                    }
                    self.stmts(&clause.body)?;
                }
                Ok(())
            }
            Stmt::With(s) => self.with(&s.items, s),
            Stmt::Match(s) => self.match_(s),
            Stmt::Raise(s) => {
                self.optional(s.exc.as_deref())?;
                self.optional(s.cause.as_deref())
            }
            Stmt::Try(s) => self.try_(s),
            Stmt::Assert(s) => {
                if let Expr::Tuple(tuple) = &*s.test
                    && !tuple.elts.is_empty()
                {
                    self.warn(
                        s.range,
                        "assertion is always true, perhaps remove parentheses?",
                    );
                }
                self.expr(&s.test)?;
                self.optional(s.msg.as_deref())
            }
            Stmt::Expr(s) => self.expr(&s.value),
            Stmt::Break(s) => {
                if self.in_finally == Some(false) {
                    self.warn_of_finally("break", s.range);
                }
                self.leave_loop(s.range, "'break' outside loop")
            }
            Stmt::Continue(s) => {
                if self.in_finally == Some(false) {
                    self.warn_of_finally("continue", s.range);
                }
                self.leave_loop(s.range, "'continue' not properly in loop")
            }
            Stmt::Import(_)
            | Stmt::ImportFrom(_)
            | Stmt::Global(_)
            | Stmt::Nonlocal(_)
            | Stmt::Pass(_)
            | Stmt::IpyEscapeCommand(_) => Ok(()),
        }
    }

    fn leave_loop(&self, range: TextRange, message: &str) -> Done {
        for block in self.blocks.iter().rev() {
            match block {
                Block::Loop => return Ok(()),
                Block::ExceptStar => return self.in_except_star(range),
                Block::Other => {}
            }
        }
        self.error(range, message)
    }

    fn in_except_star(&self, range: TextRange) -> Done {
        self.error(
            range,
            "'break', 'continue' and 'return' cannot appear in an except* block",
        )
    }

    fn return_(&mut self, s: &ast::StmtReturn) -> Done {
        if self.in_finally.is_some() {
            self.warn_of_finally("return", s.range);
        }
        let scope = &self.scopes[self.scope];
        if !scope.kind.is_function() {
            return self.error(s.range, "'return' outside function");
        }
        if s.value.is_some() && scope.is_async_generator() {
            return self.error(s.range, "'return' with value in async generator");
        }
        self.optional(s.value.as_deref())?;
        if self.blocks.contains(&Block::ExceptStar) {
            // Leaving is done where the value was loaded last.
            let constant = s.value.as_deref().filter(|v| {
                v.is_literal_expr() && self.lines.line(v.start()) == self.lines.line(s.start())
            });
            return self.in_except_star(constant.map_or(s.range, Ranged::range));
        }
        Ok(())
    }

    fn with(&mut self, items: &[ast::WithItem], s: &ast::StmtWith) -> Done {
        let Some((item, rest)) = items.split_first() else {
            return self.stmts(&s.body);
        };
        self.expr(&item.context_expr)?;
        self.within(Block::Other, s.range, |c| {
            if let Some(target) = &item.optional_vars {
                c.target(target)?;
            }
            c.with(rest, s)
        })
    }

    fn try_(&mut self, s: &ast::StmtTry) -> Done {
        if !s.finalbody.is_empty() {
            self.within(Block::Other, s.range, |c| c.handlers(s))?;
            return self.within(Block::Other, s.range, |c| {
                c.in_finally = Some(false);
                c.stmts(&s.finalbody)
            });
        }
        self.handlers(s)
    }

    fn handlers(&mut self, s: &ast::StmtTry) -> Done {
        if s.handlers.is_empty() {
            return self.stmts(&s.body);
        }
        self.within(Block::Other, s.range, |c| c.stmts(&s.body))?;
        if s.is_star {
            self.within(Block::ExceptStar, s.range, |c| c.each_handler(s))?;
        } else {
            self.within(Block::Other, s.range, |c| c.each_handler(s))?;
        }
        self.stmts(&s.orelse)
    }

    fn each_handler(&mut self, s: &ast::StmtTry) -> Done {
        for (at, handler) in s.handlers.iter().enumerate() {
            let ExceptHandler::ExceptHandler(h) = handler;
            if h.type_.is_none() && at + 1 < s.handlers.len() {
                return self.error(h.range, "default 'except:' must be last");
            }
            self.optional(h.type_.as_deref())?;
            self.within(Block::Other, h.range, |c| c.stmts(&h.body))?;
        }
        Ok(())
    }

    pub(super) fn defaults(&mut self, parameters: &Parameters) -> Done {
        parameters
            .posonlyargs
            .iter()
            .chain(&parameters.args)
            .chain(&parameters.kwonlyargs)
            .try_for_each(|p| self.optional(p.default.as_deref()))
    }

    fn function(&mut self, s: &ast::StmtFunctionDef) -> Done {
        for d in &s.decorator_list {
            self.expr(&d.expression)?;
        }
        self.defaults(&s.parameters)?;
        if let Some(params) = &s.type_params {
            self.type_params(params)?;
        }
        let annotations = self.scopes.function_annotations(s);
        self.inside(annotations, |c| {
            let p = &*s.parameters;
            let named = p.posonlyargs.iter().chain(&p.args).chain(&p.kwonlyargs);
            for annotation in named
                .filter_map(|p| p.parameter.annotation.as_deref())
                .chain(p.kwarg.iter().filter_map(|p| p.annotation.as_deref()))
                .chain(s.returns.as_deref())
            {
                c.expr(annotation)?;
            }
            match p.vararg.as_ref().and_then(|p| p.annotation.as_deref()) {
                Some(Expr::Starred(starred)) => c.expr(&starred.value),
                Some(annotation) => c.expr(annotation),
                None => Ok(()),
            }
        })?;
        let scope = self.scopes.function(s);
        self.inside(scope, |c| c.stmts(&s.body))
    }

    fn class(&mut self, s: &ast::StmtClassDef) -> Done {
        for d in &s.decorator_list {
            self.expr(&d.expression)?;
        }
        if let Some(params) = &s.type_params {
            self.type_params(params)?;
        }
        let scope = self.scopes.class(s);
        self.inside(scope, |c| c.stmts(&s.body))?;
        match &s.arguments {
            Some(arguments) => self.arguments(arguments),
            None => Ok(()),
        }
    }

    fn type_params(&mut self, params: &ast::TypeParams) -> Done {
        let scope = self.scopes.type_params(params);
        self.inside(scope, |c| {
            let mut seen_default = false;
            for param in &params.type_params {
                let default = match param {
                    TypeParam::TypeVar(p) => {
                        if let Some(bound) = &p.bound {
                            let scope = c.scopes.type_param_bound(p);
                            c.inside(scope, |c| c.expr(bound))?;
                        }
                        p.default.as_deref()
                    }
                    TypeParam::TypeVarTuple(p) => match p.default.as_deref() {
                        Some(Expr::Starred(starred)) => Some(&*starred.value),
                        default => default,
                    },
                    TypeParam::ParamSpec(p) => p.default.as_deref(),
                };
                match default {
                    Some(default) => {
                        seen_default = true;
                        let scope = c.scopes.type_param_default(param);
                        c.inside(scope, |c| c.expr(default))?;
                    }
                    None if seen_default => {
                        let name = param.name();
                        return c.error(
                            param.range(),
                            format!(
                                "non-default type parameter '{name}' follows default type \
                                 parameter"
                            ),
                        );
                    }
                    None => {}
                }
            }
            Ok(())
        })
    }
}
