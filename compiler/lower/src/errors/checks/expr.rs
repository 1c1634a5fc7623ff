//! Expressions and assignment targets.

use ruff_python_ast::{
    self as ast, Comprehension, Expr, ExprContext, FStringPart, InterpolatedStringElement,
};
use ruff_text_size::Ranged;

use super::warn::Literal;
use super::{Checker, Done};

impl Checker<'_> {
    pub(super) fn exprs<'e>(&mut self, list: impl IntoIterator<Item = &'e Expr>) -> Done {
        list.into_iter().try_for_each(|e| self.expr(e))
    }

    pub(super) fn optional(&mut self, expr: Option<&Expr>) -> Done {
        expr.map_or(Ok(()), |e| self.expr(e))
    }

    /// Elements of a display, among which `*x` is allowed.
    fn elements(&mut self, list: &[Expr]) -> Done {
        list.iter().try_for_each(|e| match e {
            Expr::Starred(starred) => self.expr(&starred.value),
            e => self.expr(e),
        })
    }

    /// An assignment target.
    pub(super) fn target(&mut self, target: &Expr) -> Done {
        match target {
            Expr::Starred(e) => self.error(
                e.range,
                "starred assignment target must be in a list or tuple",
            ),
            Expr::Tuple(e) => self.unpack(&e.elts, target),
            Expr::List(e) => self.unpack(&e.elts, target),
            _ => self.expr(target),
        }
    }

    fn unpack(&mut self, elements: &[Expr], target: &Expr) -> Done {
        let mut starred = 0;
        for (at, element) in elements.iter().enumerate() {
            if element.is_starred_expr() {
                starred += 1;
                if starred > 1 {
                    return self
                        .error(target.range(), "multiple starred expressions in assignment");
                }
                if at >= 1 << 8 || elements.len() - at > 1 << 23 {
                    return self.error(
                        target.range(),
                        "too many expressions in star-unpacking assignment",
                    );
                }
            }
        }
        elements.iter().try_for_each(|e| match e {
            Expr::Starred(starred) => self.target(&starred.value),
            e => self.target(e),
        })
    }

    pub(super) fn expr(&mut self, expr: &Expr) -> Done {
        match expr {
            Expr::StringLiteral(e) => {
                for part in &e.value {
                    self.string_escapes(part);
                }
                Ok(())
            }
            Expr::BytesLiteral(e) => {
                for part in &e.value {
                    if !part.flags.prefix().is_raw() {
                        self.warn_of_escapes(part.content_range(), Literal::Bytes, true);
                    }
                }
                Ok(())
            }
            Expr::Name(_)
            | Expr::NumberLiteral(_)
            | Expr::BooleanLiteral(_)
            | Expr::NoneLiteral(_)
            | Expr::EllipsisLiteral(_)
            | Expr::IpyEscapeCommand(_) => Ok(()),
            Expr::Named(e) => {
                self.expr(&e.value)?;
                self.expr(&e.target)
            }
            Expr::BoolOp(e) => self.exprs(&e.values),
            Expr::BinOp(e) => {
                self.expr(&e.left)?;
                self.expr(&e.right)
            }
            Expr::UnaryOp(e) => self.expr(&e.operand),
            Expr::Lambda(e) => {
                if let Some(parameters) = &e.parameters {
                    self.defaults(parameters)?;
                }
                let scope = self.scopes.lambda(e);
                self.inside(scope, |c| c.expr(&e.body))
            }
            Expr::If(e) => {
                self.expr(&e.test)?;
                self.expr(&e.body)?;
                self.expr(&e.orelse)
            }
            Expr::Dict(e) => e.items.iter().try_for_each(|item| {
                self.optional(item.key.as_ref())?;
                self.expr(&item.value)
            }),
            Expr::Set(e) => self.elements(&e.elts),
            Expr::List(e) if e.ctx == ExprContext::Load => self.elements(&e.elts),
            Expr::Tuple(e) if e.ctx == ExprContext::Load => self.elements(&e.elts),
            Expr::List(e) if e.ctx == ExprContext::Del => self.exprs(&e.elts),
            Expr::Tuple(e) if e.ctx == ExprContext::Del => self.exprs(&e.elts),
            Expr::List(e) => self.unpack(&e.elts, expr),
            Expr::Tuple(e) => self.unpack(&e.elts, expr),
            Expr::ListComp(e) => self.comprehension(expr, &e.generators, &[&*e.elt]),
            Expr::SetComp(e) => self.comprehension(expr, &e.generators, &[&*e.elt]),
            Expr::Generator(e) => self.comprehension(expr, &e.generators, &[&*e.elt]),
            Expr::DictComp(e) => {
                let mut parts: Vec<&Expr> = e.key.as_deref().into_iter().collect();
                parts.push(&*e.value);
                self.comprehension(expr, &e.generators, &parts)
            }
            Expr::Await(e) => self.expr(&e.value),
            Expr::Yield(e) => {
                if !self.scopes[self.scope].kind.is_function_like() {
                    return self.error(e.range, "'yield' outside function");
                }
                self.optional(e.value.as_deref())
            }
            Expr::YieldFrom(e) => {
                let scope = &self.scopes[self.scope];
                if !scope.kind.is_function_like() {
                    return self.error(e.range, "'yield from' outside function");
                }
                if scope.is_coroutine {
                    return self.error(e.range, "'yield from' inside async function");
                }
                self.expr(&e.value)
            }
            Expr::Compare(e) => {
                self.warn_of_identity(e);
                self.expr(&e.left)?;
                self.exprs(&*e.comparators)
            }
            Expr::Call(e) => {
                self.warn_of_call(e);
                self.expr(&e.func)?;
                self.arguments(&e.arguments)
            }
            Expr::FString(e) => {
                for part in &e.value {
                    match part {
                        FStringPart::FString(f) => {
                            let raw = f.flags.prefix().is_raw();
                            self.interpolations(f.elements.iter(), raw)?;
                        }
                        FStringPart::Literal(part) => self.string_escapes(part),
                    }
                }
                Ok(())
            }
            Expr::TString(e) => {
                for part in &e.value {
                    let raw = part.flags.prefix().is_raw();
                    self.interpolations(part.elements.iter(), raw)?;
                }
                Ok(())
            }
            Expr::Attribute(e) => self.expr(&e.value),
            Expr::Subscript(e) => {
                if e.ctx == ExprContext::Load {
                    self.warn_of_subscript(e);
                }
                self.expr(&e.value)?;
                self.expr(&e.slice)
            }
            Expr::Starred(e) => self.error(
                e.range,
                if e.ctx == ExprContext::Store {
                    "starred assignment target must be in a list or tuple"
                } else {
                    "can't use starred expression here"
                },
            ),
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
        raw: bool,
    ) -> Done {
        for element in elements {
            match element {
                InterpolatedStringElement::Interpolation(e) => {
                    self.expr(&e.expression)?;
                    if let Some(spec) = &e.format_spec {
                        self.interpolations(spec.elements.iter(), raw)?;
                    }
                }
                InterpolatedStringElement::Literal(text) if !raw => {
                    self.warn_of_escapes(text.range, Literal::Interpolated, false);
                }
                InterpolatedStringElement::Literal(_) => {}
            }
        }
        Ok(())
    }

    fn string_escapes(&mut self, part: &ast::StringLiteral) {
        if !part.flags.prefix().is_raw() {
            let prefixed = part.flags.prefix().is_unicode();
            self.warn_of_escapes(part.content_range(), Literal::Str, prefixed);
        }
    }

    pub(super) fn arguments(&mut self, arguments: &ast::Arguments) -> Done {
        let keywords = &arguments.keywords;
        for (at, keyword) in keywords.iter().enumerate() {
            let Some(name) = &keyword.arg else {
                continue;
            };
            let repeated = keywords
                .get(at + 1..)
                .unwrap_or(&[])
                .iter()
                .find(|k| k.arg.as_ref().is_some_and(|a| a.id == name.id));
            if let Some(repeated) = repeated {
                return self.error(repeated.range, format!("keyword argument repeated: {name}"));
            }
        }
        self.elements(&arguments.args)?;
        self.exprs(keywords.iter().map(|k| &k.value))
    }

    fn comprehension(
        &mut self,
        node: &Expr,
        generators: &[Comprehension],
        parts: &[&Expr],
    ) -> Done {
        let Some((first, rest)) = generators.split_first() else {
            return Ok(());
        };
        self.expr(&first.iter)?;
        let scope = self.scopes.comprehension(node);
        self.inside(scope, |c| {
            c.target(&first.target)?;
            c.exprs(&first.ifs)?;
            for generator in rest {
                c.expr(&generator.iter)?;
                c.target(&generator.target)?;
                c.exprs(&generator.ifs)?;
            }
            c.exprs(parts.iter().copied())
        })
    }
}
