//! Expressions.

use ruff_python_ast::name::Name;
use ruff_python_ast::{
    self as ast, Comprehension, Expr, ExprContext, FStringPart, InterpolatedStringElement,
};
use ruff_text_size::TextRange;

use super::{Access, Collector, Done};
use crate::scopes::{ComprehensionKind, NodeKind, ScopeKind, Seen};
use taipan_bytecode::code::Consumer;

impl Collector<'_> {
    pub(super) fn exprs<'e>(&mut self, list: impl IntoIterator<Item = &'e Expr>) -> Done {
        list.into_iter().try_for_each(|e| self.expr(e))
    }

    pub(super) fn optional(&mut self, expr: Option<&Expr>) -> Done {
        expr.map_or(Ok(()), |e| self.expr(e))
    }

    pub(super) fn expr(&mut self, expr: &Expr) -> Done {
        match expr {
            Expr::Name(e) => self.name(e),
            Expr::Named(e) => self.named(e),
            Expr::BoolOp(e) => self.exprs(&e.values),
            Expr::BinOp(e) => {
                self.expr(&e.left)?;
                self.expr(&e.right)
            }
            Expr::UnaryOp(e) => self.expr(&e.operand),
            Expr::Lambda(e) => self.lambda(e),
            Expr::If(e) => {
                self.expr(&e.test)?;
                self.expr(&e.body)?;
                self.expr(&e.orelse)
            }
            Expr::Dict(e) => {
                for item in &e.items {
                    self.optional(item.key.as_ref())?;
                }
                self.exprs(e.items.iter().map(|i| &i.value))
            }
            Expr::Set(e) => self.exprs(&e.elts),
            Expr::ListComp(e) => {
                let kind = ComprehensionKind::List;
                self.comprehension(kind, e.range, &e.generators, &[&*e.elt])
            }
            Expr::SetComp(e) => {
                let kind = ComprehensionKind::Set;
                self.comprehension(kind, e.range, &e.generators, &[&*e.elt])
            }
            Expr::DictComp(e) => {
                let kind = ComprehensionKind::Dict;
                let mut parts = vec![&*e.value];
                parts.extend(e.key.as_deref());
                self.comprehension(kind, e.range, &e.generators, &parts)
            }
            Expr::Generator(e) => {
                let kind = ComprehensionKind::Generator;
                self.comprehension(kind, e.range, &e.generators, &[&*e.elt])
            }
            Expr::Await(e) => self.await_(e),
            Expr::Yield(e) => {
                self.not_in_annotation("yield expression", e.range)?;
                self.optional(e.value.as_deref())?;
                self.yielded(e.range)
            }
            Expr::YieldFrom(e) => {
                self.not_in_annotation("yield expression", e.range)?;
                self.expr(&e.value)?;
                self.yielded(e.range)
            }
            Expr::Compare(e) => {
                self.expr(&e.left)?;
                self.exprs(&*e.comparators)
            }
            Expr::Call(e) => {
                self.expr(&e.func)?;
                self.exprs(&*e.arguments.args)?;
                self.keywords(&e.arguments.keywords)?;
                self.consumer(e);
                Ok(())
            }
            Expr::FString(e) => {
                for part in &e.value {
                    if let FStringPart::FString(f) = part {
                        self.interpolations(f.elements.iter())?;
                    }
                }
                Ok(())
            }
            Expr::TString(e) => {
                for part in &e.value {
                    self.interpolations(part.elements.iter())?;
                }
                Ok(())
            }
            Expr::StringLiteral(_)
            | Expr::BytesLiteral(_)
            | Expr::NumberLiteral(_)
            | Expr::BooleanLiteral(_)
            | Expr::NoneLiteral(_)
            | Expr::EllipsisLiteral(_)
            | Expr::IpyEscapeCommand(_) => Ok(()),
            Expr::Attribute(e) => {
                self.check_name(&e.attr.id, e.range, access(e.ctx))?;
                self.expr(&e.value)
            }
            Expr::Subscript(e) => {
                self.expr(&e.value)?;
                self.expr(&e.slice)
            }
            Expr::Starred(e) => self.expr(&e.value),
            Expr::List(e) => self.exprs(&e.elts),
            Expr::Tuple(e) => self.exprs(&e.elts),
            Expr::Slice(e) => {
                self.optional(e.lower.as_deref())?;
                self.optional(e.upper.as_deref())?;
                self.optional(e.step.as_deref())
            }
        }
    }

    fn interpolations<'e>(
        &mut self,
        elements: impl Iterator<Item = &'e InterpolatedStringElement>,
    ) -> Done {
        for element in elements {
            if let InterpolatedStringElement::Interpolation(e) = element {
                self.expr(&e.expression)?;
                if let Some(spec) = &e.format_spec {
                    self.interpolations(spec.elements.iter())?;
                }
            }
        }
        Ok(())
    }

    fn name(&mut self, e: &ast::ExprName) -> Done {
        if self.state().in_unevaluated_annotation {
            return Ok(());
        }
        let access = access(e.ctx);
        let seen = match access {
            Access::Load => Seen::USED,
            _ => Seen::ASSIGNED,
        };
        self.define_as(&e.id, seen, e.range, access)?;
        // `super()` without arguments reads the cell.
        if access == Access::Load && self.cur().kind.is_function_like() && &e.id == "super" {
            self.define(&Name::new_static("__class__"), Seen::USED, e.range)?;
        }
        Ok(())
    }

    fn lambda(&mut self, e: &ast::ExprLambda) -> Done {
        if let Some(parameters) = &e.parameters {
            self.defaults(parameters)?;
        }
        self.enter(
            ScopeKind::Lambda,
            Name::new_static("<lambda>"),
            e.range,
            Some((NodeKind::Lambda, e.range)),
        )?;
        if let Some(parameters) = &e.parameters {
            self.parameters(parameters)?;
        }
        self.expr(&e.body)?;
        self.leave();
        Ok(())
    }

    fn await_(&mut self, e: &ast::ExprAwait) -> Done {
        self.not_in_annotation("await expression", e.range)?;
        let kind = self.cur().kind;
        if !(self.options.top_level_await && kind == ScopeKind::Module) {
            if !kind.is_function_like() {
                return self.error(e.range, "'await' outside function");
            }
            let is_async_def = kind.is_function() && self.cur().is_coroutine;
            if !is_async_def && !matches!(kind, ScopeKind::Comprehension(_)) {
                return self.error(e.range, "'await' outside async function");
            }
        }
        self.expr(&e.value)?;
        self.cur_mut().is_coroutine = true;
        Ok(())
    }

    fn yielded(&mut self, range: TextRange) -> Done {
        self.cur_mut().is_generator = true;
        let ScopeKind::Comprehension(kind) = self.cur().kind else {
            return Ok(());
        };
        let place = match kind {
            ComprehensionKind::List => "list comprehension",
            ComprehensionKind::Set => "set comprehension",
            ComprehensionKind::Dict => "dict comprehension",
            ComprehensionKind::Generator => "generator expression",
        };
        self.error(range, format!("'yield' inside {place}"))
    }

    fn not_in_annotation(&mut self, what: &str, range: TextRange) -> Done {
        let place = match self.cur().kind {
            ScopeKind::Annotations => "an annotation",
            ScopeKind::TypeParamBound | ScopeKind::TypeParamDefault => {
                self.state().what.unwrap_or("a type parameter")
            }
            ScopeKind::TypeAlias => "a type alias",
            ScopeKind::TypeParams => "the definition of a generic",
            _ => return Ok(()),
        };
        self.error(range, format!("{what} cannot be used within {place}"))
    }

    fn named(&mut self, e: &ast::ExprNamed) -> Done {
        self.not_in_annotation("named expression", e.range)?;
        if self.state().comprehension_iterables > 0 {
            return self.error(
                e.range,
                "assignment expression cannot be used in a comprehension iterable expression",
            );
        }
        if matches!(self.cur().kind, ScopeKind::Comprehension(_))
            && let Expr::Name(target) = &*e.target
        {
            self.cur_mut().assigns_outside = true;
            self.bind_outside_comprehension(target)?;
        }
        self.expr(&e.value)?;
        self.expr(&e.target)
    }

    /// The target of `:=` in a comprehension belongs to the nearest scope that is none.
    fn bind_outside_comprehension(&mut self, target: &ast::ExprName) -> Done {
        let name = &target.id;
        let range = target.range;
        for at in (0..self.stack.len()).rev() {
            let id = self.stack[at];
            let kind = self.out.scopes[id.index()].kind;
            let place = match kind {
                ScopeKind::Comprehension(_) => {
                    let seen = self.seen(id, name);
                    if seen.any(Seen::ITERATED) && seen.any(Seen::ASSIGNED) {
                        return self.error(
                            range,
                            format!(
                                "assignment expression cannot rebind comprehension iteration \
                                 variable '{name}'"
                            ),
                        );
                    }
                    continue;
                }
                ScopeKind::Function | ScopeKind::Lambda => {
                    let seen = if self.seen(id, name).any(Seen::GLOBAL) {
                        Seen::GLOBAL
                    } else {
                        Seen::NONLOCAL
                    };
                    self.define(name, seen, range)?;
                    self.record_directive(name, range);
                    return self.define_in(id, name, Seen::ASSIGNED, range);
                }
                ScopeKind::Module => {
                    self.define(name, Seen::GLOBAL, range)?;
                    self.record_directive(name, range);
                    return self.define_in(id, name, Seen::GLOBAL, range);
                }
                // Reported by the named expression itself.
                ScopeKind::Annotations => continue,
                ScopeKind::Class => "in a class body",
                ScopeKind::TypeParams => "within the definition of a generic",
                ScopeKind::TypeAlias => "in a type alias",
                ScopeKind::TypeParamBound | ScopeKind::TypeParamDefault => "in a TypeVar bound",
            };
            return self.error(
                range,
                format!("assignment expression within a comprehension cannot be used {place}"),
            );
        }
        Ok(())
    }

    fn target(&mut self, target: &Expr) -> Done {
        self.state().in_comprehension_target = true;
        let done = self.expr(target);
        self.state().in_comprehension_target = false;
        done
    }

    fn iterable(&mut self, iter: &Expr) -> Done {
        self.state().comprehension_iterables += 1;
        let done = self.expr(iter);
        self.state().comprehension_iterables -= 1;
        done
    }

    /// Notes what consumes a generator expression that is a call's only positional argument.
    fn consumer(&mut self, e: &ast::ExprCall) {
        let ([Expr::Generator(g)], keywords) = (&*e.arguments.args, &*e.arguments.keywords) else {
            return;
        };
        let consumer = match &*e.func {
            Expr::Name(name) => Consumer::by_name(&name.id),
            Expr::Attribute(method)
                if method.attr.as_str() == "join" && method.value.is_string_literal_expr() =>
            {
                Some(Consumer::Join)
            }
            _ => None,
        };
        // Keyword arguments are evaluated before the generator runs: `sorted` has some, and these
        // cannot tell.
        let plain = |k: &ast::Keyword| {
            k.arg.is_some()
                && (k.value.is_name_expr() || k.value.is_lambda_expr() || is_constant(&k.value))
        };
        let possible = match consumer {
            Some(Consumer::Sorted) => keywords.iter().all(plain),
            _ => keywords.is_empty(),
        };
        if let Some(&id) = self
            .out
            .by_node
            .get(&(NodeKind::Comprehension, g.range))
            .filter(|_| possible)
        {
            self.out.scopes[id.index()].consumer = consumer;
        }
    }

    fn comprehension(
        &mut self,
        kind: ComprehensionKind,
        range: TextRange,
        generators: &[Comprehension],
        parts: &[&Expr],
    ) -> Done {
        let Some((outermost, rest)) = generators.split_first() else {
            return Ok(());
        };
        self.iterable(&outermost.iter)?;
        let name = match kind {
            ComprehensionKind::List => "<listcomp>",
            ComprehensionKind::Set => "<setcomp>",
            ComprehensionKind::Dict => "<dictcomp>",
            ComprehensionKind::Generator => "<genexpr>",
        };
        self.enter(
            ScopeKind::Comprehension(kind),
            Name::new_static(name),
            range,
            Some((NodeKind::Comprehension, range)),
        )?;
        self.cur_mut().is_coroutine |= outermost.is_async;
        self.define(&Name::new_static(".0"), Seen::PARAM, range)?;
        self.target(&outermost.target)?;
        self.exprs(&outermost.ifs)?;
        for generator in rest {
            self.target(&generator.target)?;
            self.iterable(&generator.iter)?;
            self.exprs(&generator.ifs)?;
            self.cur_mut().is_coroutine |= generator.is_async;
        }
        self.exprs(parts.iter().copied())?;
        let is_generator = kind == ComprehensionKind::Generator;
        self.cur_mut().is_generator = is_generator;
        let is_async = self.cur().is_coroutine && !is_generator;
        self.leave();
        if is_async {
            let host = self.cur();
            let is_async_def = host.kind.is_function() && host.is_coroutine;
            let in_module = host.kind == ScopeKind::Module && self.options.top_level_await;
            if !is_async_def && !in_module && !matches!(host.kind, ScopeKind::Comprehension(_)) {
                return self.error(
                    range,
                    "asynchronous comprehension outside of an asynchronous function",
                );
            }
            self.cur_mut().is_coroutine = true;
        }
        Ok(())
    }
}

fn is_constant(e: &Expr) -> bool {
    e.is_boolean_literal_expr() || e.is_none_literal_expr() || e.is_number_literal_expr()
}

fn access(ctx: ExprContext) -> Access {
    match ctx {
        ExprContext::Load | ExprContext::Invalid => Access::Load,
        ExprContext::Store => Access::Store,
        ExprContext::Del => Access::Delete,
    }
}
