//! Expressions that are hardly meant as written.

use ruff_python_ast::{self as ast, CmpOp, Expr, Number};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::Checker;
use crate::errors::Warning;
use crate::literal;

/// Which escapes a literal knows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Literal {
    Str,
    Bytes,
    Interpolated,
}

/// The type of a literal or display, as far as it can be told.
fn type_of(e: &Expr) -> Option<&'static str> {
    Some(match e {
        Expr::Tuple(_) => "tuple",
        Expr::List(_) | Expr::ListComp(_) => "list",
        Expr::Dict(_) | Expr::DictComp(_) => "dict",
        Expr::Set(_) | Expr::SetComp(_) => "set",
        Expr::Generator(_) => "generator",
        Expr::Lambda(_) => "function",
        Expr::TString(_) => "string.templatelib.Template",
        Expr::FString(_) | Expr::StringLiteral(_) => "str",
        Expr::BytesLiteral(_) => "bytes",
        Expr::NoneLiteral(_) => "NoneType",
        Expr::EllipsisLiteral(_) => "ellipsis",
        Expr::BooleanLiteral(_) => "bool",
        Expr::NumberLiteral(n) => match n.value {
            Number::Int(_) => "int",
            Number::Float(_) => "float",
            Number::Complex { .. } => "complex",
        },
        _ => return None,
    })
}

fn is_constant(e: &Expr) -> bool {
    match e {
        Expr::StringLiteral(_)
        | Expr::BytesLiteral(_)
        | Expr::NumberLiteral(_)
        | Expr::NoneLiteral(_)
        | Expr::EllipsisLiteral(_)
        | Expr::BooleanLiteral(_) => true,
        Expr::Tuple(t) => t.elts.iter().all(is_constant),
        _ => false,
    }
}

/// A constant whose identity means nothing.
fn has_no_identity(e: &Expr) -> bool {
    is_constant(e)
        && !matches!(
            e,
            Expr::NoneLiteral(_) | Expr::EllipsisLiteral(_) | Expr::BooleanLiteral(_)
        )
}

impl Checker<'_> {
    pub(super) fn warn_of_finally(&mut self, word: &str, range: TextRange) {
        let message = format!("'{word}' in a 'finally' block");
        self.warnings.finally.push(Warning {
            as_error: message.clone(),
            message,
            range,
        });
    }

    /// Warns of an escape without meaning in a literal whose body has `range`. `prefixed`: a letter
    /// stands before the quotes, which the reference's positions do not account for.
    pub(super) fn warn_of_escapes(&mut self, range: TextRange, kind: Literal, prefixed: bool) {
        let (start, mut end) = (range.start().to_usize(), range.end().to_usize());
        let braces = kind == Literal::Interpolated;
        if braces && matches!(self.source.as_bytes().get(end), Some(b'{' | b'}')) {
            // A backslash before a replacement field.
            end += 1;
        }
        let Some(body) = self.source.get(start..end) else {
            return;
        };
        if !body.contains('\\') {
            return;
        }
        if let Some(escape) = literal::doubtful_escape(body, kind == Literal::Bytes, braces) {
            let quirk = if prefixed { 2 } else { 0 };
            let start = TextSize::new((start + escape.at).saturating_sub(quirk) as u32);
            let len = TextSize::new(2.min(end as u32 - start.to_u32()));
            self.warnings.literals.push(Warning {
                message: escape.warning,
                as_error: escape.error,
                range: TextRange::at(start, len),
            });
        }
    }

    pub(super) fn warn_of_identity(&mut self, e: &ast::ExprCompare) {
        let mut left = &*e.left;
        for (op, right) in e.ops.iter().zip(&*e.comparators) {
            let culprit = if has_no_identity(left) {
                Some(left)
            } else if has_no_identity(right) {
                Some(right)
            } else {
                None
            };
            let words = match op {
                CmpOp::Is => Some(("is", "==")),
                CmpOp::IsNot => Some(("is not", "!=")),
                _ => None,
            };
            if let (Some(culprit), Some((word, better))) = (culprit, words) {
                let kind = type_of(culprit).unwrap_or("object");
                self.warn(
                    e.range,
                    format!("\"{word}\" with '{kind}' literal. Did you mean \"{better}\"?"),
                );
                return;
            }
            left = right;
        }
    }

    pub(super) fn warn_of_call(&mut self, e: &ast::ExprCall) {
        if let Some(kind) = type_of(&e.func)
            && !e.func.is_lambda_expr()
        {
            self.warn(
                e.func.range(),
                format!("'{kind}' object is not callable; perhaps you missed a comma?"),
            );
        }
    }

    pub(super) fn warn_of_subscript(&mut self, e: &ast::ExprSubscript) {
        let Some(kind) = type_of(&e.value) else {
            return;
        };
        match kind {
            "set"
            | "generator"
            | "function"
            | "NoneType"
            | "ellipsis"
            | "bool"
            | "int"
            | "float"
            | "complex"
            | "string.templatelib.Template" => self.warn(
                e.value.range(),
                format!("'{kind}' object is not subscriptable; perhaps you missed a comma?"),
            ),
            "str" | "bytes" | "tuple" | "list" => {
                if let Some(index_kind) = type_of(&e.slice)
                    && !matches!(index_kind, "int" | "bool")
                {
                    self.warn(
                        e.value.range(),
                        format!(
                            "{kind} indices must be integers or slices, not {index_kind}; perhaps \
                             you missed a comma?"
                        ),
                    );
                }
            }
            _ => {}
        }
    }
}
