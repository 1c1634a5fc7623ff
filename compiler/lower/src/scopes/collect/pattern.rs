//! Names bound by `match` patterns.

use ruff_python_ast::{self as ast, Pattern};
use ruff_text_size::Ranged;

use super::{Access, Collector, Done};
use crate::scopes::Seen;

impl Collector<'_> {
    pub(super) fn pattern(&mut self, pattern: &Pattern) -> Done {
        match pattern {
            Pattern::MatchValue(p) => self.expr(&p.value),
            Pattern::MatchSingleton(_) => Ok(()),
            Pattern::MatchSequence(p) => self.patterns(&p.patterns),
            Pattern::MatchOr(p) => self.patterns(&p.patterns),
            Pattern::MatchStar(p) => self.capture(p.name.as_ref(), pattern),
            Pattern::MatchMapping(p) => {
                self.exprs(&p.keys)?;
                self.patterns(&p.patterns)?;
                self.capture(p.rest.as_ref(), pattern)
            }
            Pattern::MatchClass(p) => {
                self.expr(&p.cls)?;
                self.patterns(&p.arguments.patterns)?;
                for keyword in &p.arguments.keywords {
                    self.check_name(&keyword.attr.id, keyword.pattern.range(), Access::Store)?;
                }
                for keyword in &p.arguments.keywords {
                    self.pattern(&keyword.pattern)?;
                }
                Ok(())
            }
            Pattern::MatchAs(p) => {
                if let Some(inner) = &p.pattern {
                    self.pattern(inner)?;
                }
                self.capture(p.name.as_ref(), pattern)
            }
        }
    }

    fn patterns(&mut self, patterns: &[Pattern]) -> Done {
        patterns.iter().try_for_each(|p| self.pattern(p))
    }

    fn capture(&mut self, name: Option<&ast::Identifier>, pattern: &Pattern) -> Done {
        match name {
            Some(name) => self.define(&name.id, Seen::ASSIGNED, pattern.range()),
            None => Ok(()),
        }
    }
}
