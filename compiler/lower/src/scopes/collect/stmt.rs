//! Statements.

use ruff_python_ast::name::Name;
use ruff_python_ast::{self as ast, ExceptHandler, Expr, Parameters, Stmt, TypeParam};
use ruff_text_size::{Ranged, TextRange};

use super::{Access, Collector, Done, has_docstring};
use crate::scopes::{NodeKind, ScopeId, ScopeKind, Seen};

impl Collector<'_> {
    pub(super) fn stmts(&mut self, body: &[Stmt]) -> Done {
        body.iter().try_for_each(|s| self.stmt(s))
    }

    fn stmt(&mut self, stmt: &Stmt) -> Done {
        match stmt {
            Stmt::FunctionDef(s) => self.function(s),
            Stmt::ClassDef(s) => self.class(s),
            Stmt::TypeAlias(s) => self.type_alias(s),
            Stmt::Return(s) => {
                if let Some(value) = &s.value {
                    self.expr(value)?;
                    self.cur_mut().returns_value = true;
                }
                Ok(())
            }
            Stmt::Delete(s) => self.exprs(&s.targets),
            Stmt::Assign(s) => {
                self.exprs(&s.targets)?;
                self.expr(&s.value)
            }
            Stmt::AugAssign(s) => {
                self.expr(&s.target)?;
                self.expr(&s.value)
            }
            Stmt::AnnAssign(s) => self.annotated_assignment(s),
            Stmt::For(s) => {
                if s.is_async {
                    self.require_coroutine("'async for' outside async function", s.range)?;
                }
                self.expr(&s.target)?;
                self.expr(&s.iter)?;
                self.conditionally(|c| {
                    c.stmts(&s.body)?;
                    c.stmts(&s.orelse)
                })
            }
            Stmt::While(s) => {
                self.expr(&s.test)?;
                self.conditionally(|c| {
                    c.stmts(&s.body)?;
                    c.stmts(&s.orelse)
                })
            }
            Stmt::If(s) => {
                self.expr(&s.test)?;
                self.conditionally(|c| {
                    c.stmts(&s.body)?;
                    for clause in &s.elif_else_clauses {
                        if let Some(test) = &clause.test {
                            c.expr(test)?;
                        }
                        c.stmts(&clause.body)?;
                    }
                    Ok(())
                })
            }
            Stmt::With(s) => {
                if s.is_async {
                    self.require_coroutine("'async with' outside async function", s.range)?;
                }
                self.conditionally(|c| {
                    for item in &s.items {
                        c.expr(&item.context_expr)?;
                        if let Some(target) = &item.optional_vars {
                            c.expr(target)?;
                        }
                    }
                    c.stmts(&s.body)
                })
            }
            Stmt::Match(s) => {
                self.expr(&s.subject)?;
                self.conditionally(|c| {
                    for case in &s.cases {
                        c.pattern(&case.pattern)?;
                        if let Some(guard) = &case.guard {
                            c.expr(guard)?;
                        }
                        c.stmts(&case.body)?;
                    }
                    Ok(())
                })
            }
            Stmt::Raise(s) => {
                self.optional(s.exc.as_deref())?;
                self.optional(s.cause.as_deref())
            }
            Stmt::Try(s) => self.conditionally(|c| {
                c.stmts(&s.body)?;
                for handler in &s.handlers {
                    let ExceptHandler::ExceptHandler(h) = handler;
                    c.optional(h.type_.as_deref())?;
                    if let Some(name) = &h.name {
                        c.define(&name.id, Seen::ASSIGNED, h.range)?;
                    }
                    c.stmts(&h.body)?;
                }
                c.stmts(&s.orelse)?;
                c.stmts(&s.finalbody)
            }),
            Stmt::Assert(s) => {
                self.expr(&s.test)?;
                self.optional(s.msg.as_deref())
            }
            Stmt::Import(s) => s.names.iter().try_for_each(|a| self.alias(a)),
            Stmt::ImportFrom(s) => {
                s.names.iter().try_for_each(|a| self.alias(a))?;
                let is_future =
                    s.level == 0 && s.module.as_ref().is_some_and(|m| &m.id == "__future__");
                if is_future
                    && self
                        .options
                        .future_end
                        .is_none_or(|end| s.range.end() > end)
                {
                    return self.error(
                        s.range,
                        "from __future__ imports must occur at the beginning of the file",
                    );
                }
                Ok(())
            }
            Stmt::Global(s) => self.declare(&s.names, s.range, Seen::GLOBAL, "global"),
            Stmt::Nonlocal(s) => self.declare(&s.names, s.range, Seen::NONLOCAL, "nonlocal"),
            Stmt::Expr(s) => self.expr(&s.value),
            Stmt::Pass(_) | Stmt::Break(_) | Stmt::Continue(_) | Stmt::IpyEscapeCommand(_) => {
                Ok(())
            }
        }
    }

    fn require_coroutine(&mut self, message: &str, range: TextRange) -> Done {
        if self.options.top_level_await && self.cur().kind == ScopeKind::Module {
            self.cur_mut().is_coroutine = true;
        }
        if self.cur().is_coroutine {
            Ok(())
        } else {
            self.error(range, message)
        }
    }

    fn declare(
        &mut self,
        names: &[ast::Identifier],
        range: TextRange,
        seen: Seen,
        word: &str,
    ) -> Done {
        for name in names {
            let before = self.seen(self.cur_id(), &name.id);
            let message = if before.any(Seen::PARAM) {
                Some(format!("name '{name}' is parameter and {word}"))
            } else if before.any(Seen::USED) {
                Some(format!("name '{name}' is used prior to {word} declaration"))
            } else if before.any(Seen::ANNOTATED) {
                Some(format!("annotated name '{name}' can't be {word}"))
            } else if before.any(Seen::ASSIGNED) {
                Some(format!(
                    "name '{name}' is assigned to before {word} declaration"
                ))
            } else {
                None
            };
            if let Some(message) = message {
                return self.error(range, message);
            }
            self.define(&name.id, seen, range)?;
            self.record_directive(&name.id, range);
        }
        Ok(())
    }

    fn alias(&mut self, alias: &ast::Alias) -> Done {
        let name = alias.asname.as_ref().unwrap_or(&alias.name);
        if name.as_str() == "*" {
            if self.cur().kind != ScopeKind::Module {
                return self.error(alias.range, "import * only allowed at module level");
            }
            self.cur_mut().has_star_import = true;
            return Ok(());
        }
        let bound = name.as_str().split('.').next().unwrap_or_default();
        self.define(&Name::new(bound), Seen::IMPORTED, alias.range)
    }

    fn annotated_assignment(&mut self, s: &ast::StmtAnnAssign) -> Done {
        self.cur_mut().annotations_used = true;
        if let Expr::Name(target) = &*s.target {
            let before = self.seen(self.cur_id(), &target.id);
            if s.simple
                && self.cur_id() != ScopeId(0)
                && before.any(Seen::GLOBAL.with(Seen::NONLOCAL))
            {
                let word = if before.any(Seen::GLOBAL) {
                    "global"
                } else {
                    "nonlocal"
                };
                return self.error(
                    s.range,
                    format!("annotated name '{}' can't be {word}", target.id),
                );
            }
            if s.simple {
                let seen = Seen::ANNOTATED.with(Seen::ASSIGNED);
                self.define(&target.id, seen, target.range)?;
            } else if s.value.is_some() {
                self.define(&target.id, Seen::ASSIGNED, target.range)?;
            }
        } else {
            self.expr(&s.target)?;
        }
        self.variable_annotation(&s.annotation)?;
        self.optional(s.value.as_deref())
    }

    /// Defaults of positional parameters, then of keyword-only ones.
    pub(super) fn defaults(&mut self, parameters: &Parameters) -> Done {
        parameters
            .posonlyargs
            .iter()
            .chain(&parameters.args)
            .chain(&parameters.kwonlyargs)
            .try_for_each(|p| self.optional(p.default.as_deref()))
    }

    pub(super) fn parameters(&mut self, parameters: &Parameters) -> Done {
        for p in parameters
            .posonlyargs
            .iter()
            .chain(&parameters.args)
            .chain(&parameters.kwonlyargs)
        {
            self.define(&p.parameter.name.id, Seen::PARAM, p.parameter.range)?;
        }
        if let Some(p) = &parameters.vararg {
            self.define(&p.name.id, Seen::PARAM, super::unstarred(p))?;
            self.cur_mut().has_varargs = true;
        }
        if let Some(p) = &parameters.kwarg {
            self.define(&p.name.id, Seen::PARAM, super::unstarred(p))?;
            self.cur_mut().has_varkeywords = true;
        }
        Ok(())
    }

    fn function(&mut self, s: &ast::StmtFunctionDef) -> Done {
        let range = super::without_decorators(self.out.source, s.range, &s.decorator_list);
        self.define(&s.name.id, Seen::ASSIGNED, range)?;
        self.defaults(&s.parameters)?;
        for d in &s.decorator_list {
            self.expr(&d.expression)?;
        }
        if let Some(params) = &s.type_params {
            let positional = s.parameters.posonlyargs.iter().chain(&s.parameters.args);
            let has_defaults = positional.into_iter().any(|p| p.default.is_some());
            let has_kwdefaults = s.parameters.kwonlyargs.iter().any(|p| p.default.is_some());
            self.enter_type_params(params, &s.name.id, range)?;
            if has_defaults {
                self.define(&Name::new_static(".defaults"), Seen::PARAM, range)?;
            }
            if has_kwdefaults {
                self.define(&Name::new_static(".kwdefaults"), Seen::PARAM, range)?;
            }
            self.type_parameters(&params.type_params)?;
        }
        self.function_annotations(s, range)?;
        self.enter(
            ScopeKind::Function,
            s.name.id.clone(),
            s.range,
            Some((NodeKind::Function, s.range)),
        )?;
        self.cur_mut().has_docstring = has_docstring(&s.body);
        self.cur_mut().is_coroutine = s.is_async;
        self.parameters(&s.parameters)?;
        self.stmts(&s.body)?;
        self.leave();
        if s.type_params.is_some() {
            self.leave();
        }
        Ok(())
    }

    fn function_annotations(&mut self, s: &ast::StmtFunctionDef, range: TextRange) -> Done {
        let p = &*s.parameters;
        let positional = p.posonlyargs.iter().chain(&p.args);
        let annotations: Vec<&Expr> = positional
            .filter_map(|p| p.parameter.annotation.as_deref())
            .chain(p.vararg.iter().filter_map(|p| p.annotation.as_deref()))
            .chain(p.kwarg.iter().filter_map(|p| p.annotation.as_deref()))
            .chain(
                p.kwonlyargs
                    .iter()
                    .filter_map(|p| p.parameter.annotation.as_deref()),
            )
            .chain(s.returns.as_deref())
            .collect();
        if annotations.is_empty() {
            return Ok(());
        }
        let in_class = self.cur().can_see_class_scope || self.cur().kind == ScopeKind::Class;
        self.enter(
            ScopeKind::Annotations,
            Name::new_static("__annotate__"),
            s.range,
            Some((NodeKind::FunctionAnnotations, s.range)),
        )?;
        self.cur_mut().annotations_used = true;
        if in_class {
            self.cur_mut().can_see_class_scope = true;
            self.define(&Name::new_static("__classdict__"), Seen::USED, range)?;
        }
        for annotation in annotations {
            // `*args: *Ts` is the only place where a starred expression stands alone.
            self.expr(annotation)?;
        }
        self.leave();
        Ok(())
    }

    fn class(&mut self, s: &ast::StmtClassDef) -> Done {
        let range = super::without_decorators(self.out.source, s.range, &s.decorator_list);
        self.define(&s.name.id, Seen::ASSIGNED, range)?;
        for d in &s.decorator_list {
            self.expr(&d.expression)?;
        }
        let outer = self.private.clone();
        if let Some(params) = &s.type_params {
            self.enter_type_params(params, &s.name.id, range)?;
            for name in [".type_params", ".generic_base"] {
                let name = Name::new_static(name);
                self.define(&name, Seen::ASSIGNED, range)?;
                self.define(&name, Seen::USED, range)?;
            }
            self.private = Some(s.name.id.clone());
            let scope = self.cur_mut();
            scope.private = Some(s.name.id.clone());
            scope.mangled_names = Some(Vec::new());
            self.type_parameters(&params.type_params)?;
        }
        if let Some(arguments) = &s.arguments {
            self.exprs(&arguments.args)?;
            self.keywords(&arguments.keywords)?;
        }
        self.enter(
            ScopeKind::Class,
            s.name.id.clone(),
            s.range,
            Some((NodeKind::Class, s.range)),
        )?;
        self.private = Some(s.name.id.clone());
        self.cur_mut().private = Some(s.name.id.clone());
        if s.type_params.is_some() {
            self.define(&Name::new_static("__type_params__"), Seen::ASSIGNED, range)?;
            self.define(&Name::new_static(".type_params"), Seen::USED, range)?;
        }
        self.cur_mut().has_docstring = has_docstring(&s.body);
        self.stmts(&s.body)?;
        self.leave();
        if s.type_params.is_some() {
            self.leave();
        }
        self.private = outer;
        Ok(())
    }

    fn type_alias(&mut self, s: &ast::StmtTypeAlias) -> Done {
        self.expr(&s.name)?;
        let Expr::Name(name) = &*s.name else {
            return Ok(());
        };
        let in_class = self.cur().kind == ScopeKind::Class;
        if let Some(params) = &s.type_params {
            self.enter_type_params(params, &name.id, s.range)?;
            self.type_parameters(&params.type_params)?;
        }
        self.enter(
            ScopeKind::TypeAlias,
            name.id.clone(),
            s.range,
            Some((NodeKind::TypeAlias, s.range)),
        )?;
        self.see_class(in_class, s.value.range())?;
        self.expr(&s.value)?;
        self.leave();
        if s.type_params.is_some() {
            self.leave();
        }
        Ok(())
    }

    fn see_class(&mut self, in_class: bool, range: TextRange) -> Done {
        self.cur_mut().can_see_class_scope = in_class;
        if in_class {
            self.define(&Name::new_static("__classdict__"), Seen::USED, range)?;
        }
        Ok(())
    }

    fn enter_type_params(
        &mut self,
        params: &ast::TypeParams,
        name: &Name,
        range: TextRange,
    ) -> Done {
        let in_class = self.cur().kind == ScopeKind::Class;
        self.enter(
            ScopeKind::TypeParams,
            name.clone(),
            params.range,
            Some((NodeKind::TypeParams, params.range)),
        )?;
        self.see_class(in_class, range)
    }

    fn type_parameters(&mut self, params: &[TypeParam]) -> Done {
        for param in params {
            let range = param.range();
            let name = param.name();
            let seen = Seen::TYPE_PARAM.with(Seen::ASSIGNED);
            self.define(&name.id, seen, range)?;
            let (bound, default, what) = match param {
                TypeParam::TypeVar(p) => {
                    let bound = p.bound.as_deref().map(|b| {
                        let what = if b.is_tuple_expr() {
                            "a TypeVar constraint"
                        } else {
                            "a TypeVar bound"
                        };
                        (b, what)
                    });
                    (bound, p.default.as_deref(), "a TypeVar default")
                }
                TypeParam::TypeVarTuple(p) => {
                    (None, p.default.as_deref(), "a TypeVarTuple default")
                }
                TypeParam::ParamSpec(p) => (None, p.default.as_deref(), "a ParamSpec default"),
            };
            if &name.id == "__classdict__" {
                return self.error(
                    range,
                    format!("reserved name '{name}' cannot be used for type parameter"),
                );
            }
            if let Some((bound, what)) = bound {
                let node = (NodeKind::Bound, range);
                self.type_param_part(ScopeKind::TypeParamBound, &name.id, bound, what, node)?;
            }
            if let Some(default) = default {
                let node = (NodeKind::Default, range);
                self.type_param_part(ScopeKind::TypeParamDefault, &name.id, default, what, node)?;
            }
        }
        Ok(())
    }

    fn type_param_part(
        &mut self,
        kind: ScopeKind,
        name: &Name,
        value: &Expr,
        what: &'static str,
        node: (NodeKind, TextRange),
    ) -> Done {
        let in_class = self.cur().can_see_class_scope;
        self.enter(kind, name.clone(), value.range(), Some(node))?;
        self.see_class(in_class, value.range())?;
        self.state().what = Some(what);
        self.expr(value)?;
        self.leave();
        Ok(())
    }

    pub(super) fn keywords(&mut self, keywords: &[ast::Keyword]) -> Done {
        for keyword in keywords {
            if let Some(arg) = &keyword.arg {
                self.check_name(&arg.id, keyword.range, Access::Store)?;
            }
        }
        keywords.iter().try_for_each(|k| self.expr(&k.value))
    }
}
