//! Expressions of the parser's tree.

use ruff_python_ast::{self as ast, CmpOp, Expr, Number, UnaryOp};
use ruff_text_size::{Ranged, TextRange};
use taipan_bytecode::code::Constant;

use super::build::{Builder, context, operator};
use super::{Field, Node};

fn comparison(op: &CmpOp) -> Field {
    Field::Singleton(match op {
        CmpOp::Eq => "Eq",
        CmpOp::NotEq => "NotEq",
        CmpOp::Lt => "Lt",
        CmpOp::LtE => "LtE",
        CmpOp::Gt => "Gt",
        CmpOp::GtE => "GtE",
        CmpOp::Is => "Is",
        CmpOp::IsNot => "IsNot",
        CmpOp::In => "In",
        CmpOp::NotIn => "NotIn",
    })
}

impl Builder<'_> {
    pub(super) fn constant(&self, range: TextRange, c: Constant, kind: Field) -> Field {
        self.node(
            "Constant",
            range,
            vec![("value", Field::Constant(c)), ("kind", kind)],
        )
    }

    pub(super) fn generator(&self, e: &ast::ExprGenerator, range: TextRange) -> Field {
        self.node(
            "GeneratorExp",
            range,
            vec![
                ("elt", self.expr(&e.elt)),
                ("generators", self.comprehensions(&e.generators)),
            ],
        )
    }

    fn comprehensions(&self, all: &[ast::Comprehension]) -> Field {
        let each = |c: &ast::Comprehension| {
            self.plain(
                "comprehension",
                vec![
                    ("target", self.expr(&c.target)),
                    ("iter", self.expr(&c.iter)),
                    ("ifs", self.exprs(&c.ifs)),
                    ("is_async", Field::Int(c.is_async.into())),
                ],
            )
        };
        Field::List(all.iter().map(each).collect())
    }

    pub(super) fn expr(&self, e: &Expr) -> Field {
        let r = e.range();
        match e {
            Expr::BoolOp(e) => self.node(
                "BoolOp",
                r,
                vec![
                    (
                        "op",
                        Field::Singleton(match e.op {
                            ast::BoolOp::And => "And",
                            ast::BoolOp::Or => "Or",
                        }),
                    ),
                    ("values", self.exprs(&e.values)),
                ],
            ),
            Expr::Named(e) => self.node(
                "NamedExpr",
                r,
                vec![
                    ("target", self.expr(&e.target)),
                    ("value", self.expr(&e.value)),
                ],
            ),
            Expr::BinOp(e) => self.node(
                "BinOp",
                r,
                vec![
                    ("left", self.expr(&e.left)),
                    ("op", operator(e.op)),
                    ("right", self.expr(&e.right)),
                ],
            ),
            Expr::UnaryOp(e) => self.node(
                "UnaryOp",
                r,
                vec![
                    (
                        "op",
                        Field::Singleton(match e.op {
                            UnaryOp::Invert => "Invert",
                            UnaryOp::Not => "Not",
                            UnaryOp::UAdd => "UAdd",
                            UnaryOp::USub => "USub",
                        }),
                    ),
                    ("operand", self.expr(&e.operand)),
                ],
            ),
            Expr::Lambda(e) => self.node(
                "Lambda",
                r,
                vec![
                    ("args", self.parameters(e.parameters.as_deref())),
                    ("body", self.expr(&e.body)),
                ],
            ),
            Expr::If(e) => self.node(
                "IfExp",
                r,
                vec![
                    ("test", self.expr(&e.test)),
                    ("body", self.expr(&e.body)),
                    ("orelse", self.expr(&e.orelse)),
                ],
            ),
            Expr::Dict(e) => {
                let keys = e.items.iter().map(|i| self.optional(i.key.as_ref()));
                self.node(
                    "Dict",
                    r,
                    vec![
                        ("keys", Field::List(keys.collect())),
                        ("values", self.exprs(e.items.iter().map(|i| &i.value))),
                    ],
                )
            }
            Expr::Set(e) => self.node("Set", r, vec![("elts", self.exprs(&e.elts))]),
            Expr::ListComp(e) => self.node(
                "ListComp",
                r,
                vec![
                    ("elt", self.expr(&e.elt)),
                    ("generators", self.comprehensions(&e.generators)),
                ],
            ),
            Expr::SetComp(e) => self.node(
                "SetComp",
                r,
                vec![
                    ("elt", self.expr(&e.elt)),
                    ("generators", self.comprehensions(&e.generators)),
                ],
            ),
            Expr::DictComp(e) => self.node(
                "DictComp",
                r,
                vec![
                    ("key", self.optional(e.key.as_deref())),
                    ("value", self.expr(&e.value)),
                    ("generators", self.comprehensions(&e.generators)),
                ],
            ),
            Expr::Generator(e) => self.generator(e, r),
            Expr::Await(e) => self.node("Await", r, vec![("value", self.expr(&e.value))]),
            Expr::Yield(e) => self.node(
                "Yield",
                r,
                vec![("value", self.optional(e.value.as_deref()))],
            ),
            Expr::YieldFrom(e) => self.node("YieldFrom", r, vec![("value", self.expr(&e.value))]),
            Expr::Compare(e) => self.node(
                "Compare",
                r,
                vec![
                    ("left", self.expr(&e.left)),
                    ("ops", Field::List(e.ops.iter().map(comparison).collect())),
                    ("comparators", self.exprs(&*e.comparators)),
                ],
            ),
            Expr::Call(e) => {
                let (args, keywords) = self.arguments(&e.arguments);
                self.node(
                    "Call",
                    r,
                    vec![
                        ("func", self.expr(&e.func)),
                        ("args", args),
                        ("keywords", keywords),
                    ],
                )
            }
            Expr::FString(e) => self.fstring(e),
            Expr::TString(e) => self.tstring(e),
            Expr::StringLiteral(e) => self.string(e),
            Expr::BytesLiteral(e) => self.bytes(e),
            Expr::NumberLiteral(e) => {
                let value = match &e.value {
                    Number::Int(n) => crate::lower::literal::int(n),
                    Number::Float(f) => Constant::Float(f.to_bits()),
                    Number::Complex { real, imag } => {
                        Constant::Complex(real.to_bits(), imag.to_bits())
                    }
                };
                self.constant(r, value, Field::None)
            }
            Expr::BooleanLiteral(e) => self.constant(r, Constant::Bool(e.value), Field::None),
            Expr::NoneLiteral(_) => self.constant(r, Constant::None, Field::None),
            Expr::EllipsisLiteral(_) => self.constant(r, Constant::Ellipsis, Field::None),
            Expr::Attribute(e) => self.node(
                "Attribute",
                r,
                vec![
                    ("value", self.expr(&e.value)),
                    ("attr", self.identifier(&e.attr)),
                    ("ctx", context(e.ctx)),
                ],
            ),
            Expr::Subscript(e) => self.node(
                "Subscript",
                r,
                vec![
                    ("value", self.expr(&e.value)),
                    ("slice", self.expr(&e.slice)),
                    ("ctx", context(e.ctx)),
                ],
            ),
            Expr::Starred(e) => self.node(
                "Starred",
                r,
                vec![("value", self.expr(&e.value)), ("ctx", context(e.ctx))],
            ),
            Expr::Name(e) => self.node(
                "Name",
                r,
                vec![
                    ("id", Field::Name(e.id.to_string())),
                    ("ctx", context(e.ctx)),
                ],
            ),
            Expr::List(e) => self.node(
                "List",
                r,
                vec![("elts", self.exprs(&e.elts)), ("ctx", context(e.ctx))],
            ),
            Expr::Tuple(e) => self.node(
                "Tuple",
                r,
                vec![("elts", self.exprs(&e.elts)), ("ctx", context(e.ctx))],
            ),
            Expr::Slice(e) => self.node(
                "Slice",
                r,
                vec![
                    ("lower", self.optional(e.lower.as_deref())),
                    ("upper", self.optional(e.upper.as_deref())),
                    ("step", self.optional(e.step.as_deref())),
                ],
            ),
            // Never parsed: it is no Python.
            Expr::IpyEscapeCommand(_) => Field::from(Node {
                kind: "Constant",
                fields: Vec::new(),
                span: Some(self.span(r)),
            }),
        }
    }
}
