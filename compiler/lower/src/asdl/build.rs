//! What all translations from the parser's tree need: positions, fields, names.

use ruff_python_ast::{self as ast, Expr, ExprContext};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::{Field, Node, Span};
use crate::parse::LineIndex;

/// Translates the parser's tree.
pub(super) struct Builder<'a> {
    pub source: &'a str,
    pub lines: &'a LineIndex,
}

impl<'a> Builder<'a> {
    pub fn span(&self, range: TextRange) -> Span {
        let (line, column) = self.lines.byte_position(range.start());
        let (end_line, end_column) = self.lines.byte_position(range.end());
        Span {
            line,
            column,
            end_line,
            end_column,
        }
    }

    pub fn text(&self, range: TextRange) -> &'a str {
        self.source
            .get(range.start().to_usize()..range.end().to_usize())
            .unwrap_or("")
    }

    /// A node with a position.
    pub fn node(
        &self,
        kind: &'static str,
        range: TextRange,
        fields: Vec<(&'static str, Field)>,
    ) -> Field {
        Field::from(Node {
            kind,
            fields,
            span: Some(self.span(range)),
        })
    }

    /// A node of a kind without position.
    pub fn plain(&self, kind: &'static str, fields: Vec<(&'static str, Field)>) -> Field {
        Field::from(Node {
            kind,
            fields,
            span: None,
        })
    }

    pub fn exprs<'e>(&self, all: impl IntoIterator<Item = &'e Expr>) -> Field {
        Field::List(all.into_iter().map(|e| self.expr(e)).collect())
    }

    pub fn optional(&self, e: Option<&Expr>) -> Field {
        e.map_or(Field::None, |e| self.expr(e))
    }

    pub fn identifier(&self, i: &ast::Identifier) -> Field {
        Field::Name(i.id.to_string())
    }

    pub fn optional_name(&self, i: Option<&ast::Identifier>) -> Field {
        i.map_or(Field::None, |i| self.identifier(i))
    }

    /// The range from the next place at or behind `from` where `word` stands; comments and white
    /// space lie between.
    pub fn range_from_word(&self, from: TextSize, end: TextSize, word: &str) -> TextRange {
        let mut at = from.to_usize();
        while let Some(rest) = self.source.get(at..end.to_usize()) {
            if rest.starts_with(word) {
                return TextRange::new(TextSize::new(at as u32), end);
            }
            match rest.chars().next() {
                Some('#') => at += rest.find('\n').unwrap_or(rest.len()),
                Some(c) => at += c.len_utf8(),
                None => break,
            }
        }
        TextRange::new(from, end)
    }

    pub fn decorators(&self, list: &[ast::Decorator]) -> Field {
        self.exprs(list.iter().map(|d| &d.expression))
    }

    pub fn type_params(&self, params: Option<&ast::TypeParams>) -> Field {
        let Some(params) = params else {
            return Field::List(Vec::new());
        };
        let each = |p: &ast::TypeParam| match p {
            ast::TypeParam::TypeVar(t) => self.node(
                "TypeVar",
                t.range,
                vec![
                    ("name", self.identifier(&t.name)),
                    ("bound", self.optional(t.bound.as_deref())),
                    ("default_value", self.optional(t.default.as_deref())),
                ],
            ),
            ast::TypeParam::ParamSpec(t) => self.node(
                "ParamSpec",
                t.range,
                vec![
                    ("name", self.identifier(&t.name)),
                    ("default_value", self.optional(t.default.as_deref())),
                ],
            ),
            ast::TypeParam::TypeVarTuple(t) => self.node(
                "TypeVarTuple",
                t.range,
                vec![
                    ("name", self.identifier(&t.name)),
                    ("default_value", self.optional(t.default.as_deref())),
                ],
            ),
        };
        Field::List(params.type_params.iter().map(each).collect())
    }

    fn parameter(&self, p: &ast::Parameter) -> Field {
        // The reference does not count the stars.
        self.node(
            "arg",
            TextRange::new(p.name.range.start(), p.range.end()),
            vec![
                ("arg", self.identifier(&p.name)),
                ("annotation", self.optional(p.annotation.as_deref())),
                ("type_comment", Field::None),
            ],
        )
    }

    pub fn parameters(&self, p: Option<&ast::Parameters>) -> Field {
        let empty = ast::Parameters::default();
        let p = p.unwrap_or(&empty);
        let list = |all: &[ast::ParameterWithDefault]| {
            Field::List(all.iter().map(|p| self.parameter(&p.parameter)).collect())
        };
        let optional = |p: Option<&ast::Parameter>| p.map_or(Field::None, |p| self.parameter(p));
        let defaults = p.posonlyargs.iter().chain(&p.args);
        let keyword_defaults = p
            .kwonlyargs
            .iter()
            .map(|p| self.optional(p.default.as_deref()));
        self.plain(
            "arguments",
            vec![
                ("posonlyargs", list(&p.posonlyargs)),
                ("args", list(&p.args)),
                ("vararg", optional(p.vararg.as_deref())),
                ("kwonlyargs", list(&p.kwonlyargs)),
                ("kw_defaults", Field::List(keyword_defaults.collect())),
                ("kwarg", optional(p.kwarg.as_deref())),
                (
                    "defaults",
                    self.exprs(defaults.filter_map(|p| p.default.as_deref())),
                ),
            ],
        )
    }

    /// The arguments of a call or class: `args`, then `keywords`.
    pub fn arguments(&self, a: &ast::Arguments) -> (Field, Field) {
        let keyword = |k: &ast::Keyword| {
            self.node(
                "keyword",
                k.range,
                vec![
                    ("arg", self.optional_name(k.arg.as_ref())),
                    ("value", self.expr(&k.value)),
                ],
            )
        };
        let args = a.args.iter().map(|e| match e {
            // The reference counts the call's own parentheses among a lone generator's.
            Expr::Generator(g) if !g.parenthesized => self.generator(g, a.range()),
            e => self.expr(e),
        });
        (
            Field::List(args.collect()),
            Field::List(a.keywords.iter().map(keyword).collect()),
        )
    }
}

pub(super) fn context(c: ExprContext) -> Field {
    Field::Singleton(match c {
        ExprContext::Store => "Store",
        ExprContext::Del => "Del",
        ExprContext::Load | ExprContext::Invalid => "Load",
    })
}

pub(super) fn operator(op: ast::Operator) -> Field {
    use ast::Operator::*;
    Field::Singleton(match op {
        Add => "Add",
        Sub => "Sub",
        Mult => "Mult",
        MatMult => "MatMult",
        Div => "Div",
        Mod => "Mod",
        Pow => "Pow",
        LShift => "LShift",
        RShift => "RShift",
        BitOr => "BitOr",
        BitXor => "BitXor",
        BitAnd => "BitAnd",
        FloorDiv => "FloorDiv",
    })
}
