//! Patterns of `match`.

use ruff_python_ast::{self as ast, Pattern, Singleton};
use ruff_text_size::Ranged;
use taipan_bytecode::code::Constant;

use super::Field;
use super::build::Builder;

impl Builder<'_> {
    fn patterns<'p>(&self, all: impl IntoIterator<Item = &'p Pattern>) -> Field {
        Field::List(all.into_iter().map(|p| self.pattern(p)).collect())
    }

    pub(super) fn pattern(&self, p: &Pattern) -> Field {
        let r = p.range();
        match p {
            Pattern::MatchValue(p) => {
                self.node("MatchValue", r, vec![("value", self.expr(&p.value))])
            }
            Pattern::MatchSingleton(p) => {
                let value = match p.value {
                    Singleton::None => Constant::None,
                    Singleton::True => Constant::Bool(true),
                    Singleton::False => Constant::Bool(false),
                };
                self.node("MatchSingleton", r, vec![("value", Field::Constant(value))])
            }
            Pattern::MatchSequence(p) => self.node(
                "MatchSequence",
                r,
                vec![("patterns", self.patterns(&p.patterns))],
            ),
            Pattern::MatchMapping(p) => self.node(
                "MatchMapping",
                r,
                vec![
                    ("keys", self.exprs(&p.keys)),
                    ("patterns", self.patterns(&p.patterns)),
                    ("rest", self.optional_name(p.rest.as_ref())),
                ],
            ),
            Pattern::MatchClass(p) => {
                let keywords: &[ast::PatternKeyword] = &p.arguments.keywords;
                let names = keywords.iter().map(|k| self.identifier(&k.attr));
                self.node(
                    "MatchClass",
                    r,
                    vec![
                        ("cls", self.expr(&p.cls)),
                        ("patterns", self.patterns(&p.arguments.patterns)),
                        ("kwd_attrs", Field::List(names.collect())),
                        (
                            "kwd_patterns",
                            self.patterns(keywords.iter().map(|k| &k.pattern)),
                        ),
                    ],
                )
            }
            Pattern::MatchStar(p) => self.node(
                "MatchStar",
                r,
                vec![("name", self.optional_name(p.name.as_ref()))],
            ),
            Pattern::MatchAs(p) => {
                let pattern = match &p.pattern {
                    Some(p) => self.pattern(p),
                    None => Field::None,
                };
                self.node(
                    "MatchAs",
                    r,
                    vec![
                        ("pattern", pattern),
                        ("name", self.optional_name(p.name.as_ref())),
                    ],
                )
            }
            Pattern::MatchOr(p) => {
                self.node("MatchOr", r, vec![("patterns", self.patterns(&p.patterns))])
            }
        }
    }
}
