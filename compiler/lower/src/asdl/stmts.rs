//! Statements of the parser's tree.

use ruff_python_ast::{self as ast, Expr, Stmt};
use ruff_text_size::{Ranged, TextRange};

use super::Field;
use super::build::{Builder, operator};

impl Builder<'_> {
    pub(super) fn body(&self, all: &[Stmt]) -> Field {
        Field::List(all.iter().map(|s| self.stmt(s)).collect())
    }

    /// A definition's range: from `def`, `async` or `class` on, without the decorators.
    fn definition(&self, range: TextRange, decorators: &[ast::Decorator], word: &str) -> TextRange {
        match decorators.last() {
            Some(d) => self.range_from_word(d.range().end(), range.end(), word),
            None => range,
        }
    }

    /// The `orelse` of an `if`: what follows as `elif` is one nested statement.
    fn clauses(&self, rest: &[ast::ElifElseClause], end: ruff_text_size::TextSize) -> Field {
        let Some((first, rest)) = rest.split_first() else {
            return Field::List(Vec::new());
        };
        let Some(test) = &first.test else {
            return self.body(&first.body);
        };
        Field::List(vec![self.node(
            "If",
            TextRange::new(first.range.start(), end),
            vec![
                ("test", self.expr(test)),
                ("body", self.body(&first.body)),
                ("orelse", self.clauses(rest, end)),
            ],
        )])
    }

    fn aliases(&self, all: &[ast::Alias]) -> Field {
        let each = |a: &ast::Alias| {
            self.node(
                "alias",
                a.range,
                vec![
                    ("name", self.identifier(&a.name)),
                    ("asname", self.optional_name(a.asname.as_ref())),
                ],
            )
        };
        Field::List(all.iter().map(each).collect())
    }

    fn handlers(&self, all: &[ast::ExceptHandler]) -> Field {
        let each = |h: &ast::ExceptHandler| {
            let ast::ExceptHandler::ExceptHandler(h) = h;
            self.node(
                "ExceptHandler",
                h.range,
                vec![
                    ("type", self.optional(h.type_.as_deref())),
                    ("name", self.optional_name(h.name.as_ref())),
                    ("body", self.body(&h.body)),
                ],
            )
        };
        Field::List(all.iter().map(each).collect())
    }

    fn items(&self, all: &[ast::WithItem]) -> Field {
        let each = |i: &ast::WithItem| {
            self.plain(
                "withitem",
                vec![
                    ("context_expr", self.expr(&i.context_expr)),
                    ("optional_vars", self.optional(i.optional_vars.as_deref())),
                ],
            )
        };
        Field::List(all.iter().map(each).collect())
    }

    fn cases(&self, all: &[ast::MatchCase]) -> Field {
        let each = |c: &ast::MatchCase| {
            self.plain(
                "match_case",
                vec![
                    ("pattern", self.pattern(&c.pattern)),
                    ("guard", self.optional(c.guard.as_deref())),
                    ("body", self.body(&c.body)),
                ],
            )
        };
        Field::List(all.iter().map(each).collect())
    }

    pub(super) fn stmt(&self, s: &Stmt) -> Field {
        let r = s.range();
        match s {
            Stmt::FunctionDef(s) => {
                let (kind, word) = match s.is_async {
                    true => ("AsyncFunctionDef", "async"),
                    false => ("FunctionDef", "def"),
                };
                self.node(
                    kind,
                    self.definition(r, &s.decorator_list, word),
                    vec![
                        ("name", self.identifier(&s.name)),
                        ("args", self.parameters(Some(&s.parameters))),
                        ("body", self.body(&s.body)),
                        ("decorator_list", self.decorators(&s.decorator_list)),
                        ("returns", self.optional(s.returns.as_deref())),
                        ("type_comment", Field::None),
                        ("type_params", self.type_params(s.type_params.as_deref())),
                    ],
                )
            }
            Stmt::ClassDef(s) => {
                let (bases, keywords) = match &s.arguments {
                    Some(a) => self.arguments(a),
                    None => (Field::List(Vec::new()), Field::List(Vec::new())),
                };
                self.node(
                    "ClassDef",
                    self.definition(r, &s.decorator_list, "class"),
                    vec![
                        ("name", self.identifier(&s.name)),
                        ("bases", bases),
                        ("keywords", keywords),
                        ("body", self.body(&s.body)),
                        ("decorator_list", self.decorators(&s.decorator_list)),
                        ("type_params", self.type_params(s.type_params.as_deref())),
                    ],
                )
            }
            Stmt::Return(s) => self.node(
                "Return",
                r,
                vec![("value", self.optional(s.value.as_deref()))],
            ),
            Stmt::Delete(s) => self.node("Delete", r, vec![("targets", self.exprs(&s.targets))]),
            Stmt::Assign(s) => self.node(
                "Assign",
                r,
                vec![
                    ("targets", self.exprs(&s.targets)),
                    ("value", self.expr(&s.value)),
                    ("type_comment", Field::None),
                ],
            ),
            Stmt::TypeAlias(s) => self.node(
                "TypeAlias",
                r,
                vec![
                    ("name", self.expr(&s.name)),
                    ("type_params", self.type_params(s.type_params.as_deref())),
                    ("value", self.expr(&s.value)),
                ],
            ),
            Stmt::AugAssign(s) => self.node(
                "AugAssign",
                r,
                vec![
                    ("target", self.expr(&s.target)),
                    ("op", operator(s.op)),
                    ("value", self.expr(&s.value)),
                ],
            ),
            Stmt::AnnAssign(s) => self.node(
                "AnnAssign",
                r,
                vec![
                    ("target", self.expr(&s.target)),
                    ("annotation", self.expr(&s.annotation)),
                    ("value", self.optional(s.value.as_deref())),
                    (
                        "simple",
                        Field::Int((s.simple && matches!(*s.target, Expr::Name(_))).into()),
                    ),
                ],
            ),
            Stmt::For(s) => self.node(
                if s.is_async { "AsyncFor" } else { "For" },
                r,
                vec![
                    ("target", self.expr(&s.target)),
                    ("iter", self.expr(&s.iter)),
                    ("body", self.body(&s.body)),
                    ("orelse", self.body(&s.orelse)),
                    ("type_comment", Field::None),
                ],
            ),
            Stmt::While(s) => self.node(
                "While",
                r,
                vec![
                    ("test", self.expr(&s.test)),
                    ("body", self.body(&s.body)),
                    ("orelse", self.body(&s.orelse)),
                ],
            ),
            Stmt::If(s) => self.node(
                "If",
                r,
                vec![
                    ("test", self.expr(&s.test)),
                    ("body", self.body(&s.body)),
                    ("orelse", self.clauses(&s.elif_else_clauses, r.end())),
                ],
            ),
            Stmt::With(s) => self.node(
                if s.is_async { "AsyncWith" } else { "With" },
                r,
                vec![
                    ("items", self.items(&s.items)),
                    ("body", self.body(&s.body)),
                    ("type_comment", Field::None),
                ],
            ),
            Stmt::Match(s) => self.node(
                "Match",
                r,
                vec![
                    ("subject", self.expr(&s.subject)),
                    ("cases", self.cases(&s.cases)),
                ],
            ),
            Stmt::Raise(s) => self.node(
                "Raise",
                r,
                vec![
                    ("exc", self.optional(s.exc.as_deref())),
                    ("cause", self.optional(s.cause.as_deref())),
                ],
            ),
            Stmt::Try(s) => self.node(
                if s.is_star { "TryStar" } else { "Try" },
                r,
                vec![
                    ("body", self.body(&s.body)),
                    ("handlers", self.handlers(&s.handlers)),
                    ("orelse", self.body(&s.orelse)),
                    ("finalbody", self.body(&s.finalbody)),
                ],
            ),
            Stmt::Assert(s) => self.node(
                "Assert",
                r,
                vec![
                    ("test", self.expr(&s.test)),
                    ("msg", self.optional(s.msg.as_deref())),
                ],
            ),
            Stmt::Import(s) => self.node("Import", r, vec![("names", self.aliases(&s.names))]),
            Stmt::ImportFrom(s) => self.node(
                "ImportFrom",
                r,
                vec![
                    ("module", self.optional_name(s.module.as_ref())),
                    ("names", self.aliases(&s.names)),
                    ("level", Field::Int(s.level.into())),
                ],
            ),
            Stmt::Global(s) => self.node("Global", r, vec![("names", self.names(&s.names))]),
            Stmt::Nonlocal(s) => self.node("Nonlocal", r, vec![("names", self.names(&s.names))]),
            Stmt::Expr(s) => self.node("Expr", r, vec![("value", self.expr(&s.value))]),
            Stmt::Pass(_) | Stmt::IpyEscapeCommand(_) => self.node("Pass", r, Vec::new()),
            Stmt::Break(_) => self.node("Break", r, Vec::new()),
            Stmt::Continue(_) => self.node("Continue", r, Vec::new()),
        }
    }

    fn names(&self, all: &[ast::Identifier]) -> Field {
        Field::List(all.iter().map(|i| self.identifier(i)).collect())
    }
}
