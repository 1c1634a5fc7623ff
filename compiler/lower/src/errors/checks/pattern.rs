//! `match` patterns.

use ruff_python_ast::{self as ast, Expr, Number, Operator, Pattern, UnaryOp};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::FxHashSet;

use super::{Checker, Done};
use crate::errors::peg;
use crate::parse::{Mode, Options};

impl Checker<'_> {
    pub(super) fn match_(&mut self, s: &ast::StmtMatch) -> Done {
        self.expr(&s.subject)?;
        for (at, case) in s.cases.iter().enumerate() {
            let mut names = Vec::new();
            let may_be_last = at + 1 == s.cases.len() || case.guard.is_some();
            self.pattern(&case.pattern, &mut names, may_be_last)?;
            self.optional(case.guard.as_deref())?;
            self.stmts(&case.body)?;
        }
        Ok(())
    }

    fn bind(&self, name: &ast::Identifier, range: TextRange, names: &mut Vec<String>) -> Done {
        if names.iter().any(|n| n == name.as_str()) {
            return self.error(
                range,
                format!("multiple assignments to name '{name}' in pattern"),
            );
        }
        names.push(name.to_string());
        Ok(())
    }

    /// Adds the names that a pattern binds. A pattern that matches anything is refused unless
    /// `irrefutable` says that nothing is hidden by it.
    fn pattern(&mut self, pattern: &Pattern, names: &mut Vec<String>, irrefutable: bool) -> Done {
        match pattern {
            Pattern::MatchValue(p) => {
                if p.value.is_f_string_expr() || p.value.is_t_string_expr() {
                    return self.error(
                        p.range,
                        "patterns may only match literals and attribute lookups",
                    );
                }
                self.expr(&p.value)
            }
            Pattern::MatchSingleton(_) => Ok(()),
            Pattern::MatchSequence(p) => {
                self.commas_between(&p.patterns)?;
                let stars = p.patterns.iter().filter(|p| p.is_match_star()).count();
                if stars > 1 {
                    return self.error(p.range, "multiple starred names in sequence pattern");
                }
                p.patterns
                    .iter()
                    .try_for_each(|p| self.pattern(p, names, true))
            }
            Pattern::MatchMapping(p) => self.mapping(p, names),
            Pattern::MatchClass(p) => self.class_pattern(p, names),
            Pattern::MatchStar(p) => match &p.name {
                Some(name) => self.bind(name, p.range, names),
                None => Ok(()),
            },
            Pattern::MatchAs(p) => self.as_pattern(p, names, irrefutable),
            Pattern::MatchOr(p) => self.alternatives(p, names, irrefutable),
        }
    }

    /// The parser does not insist on commas in a sequence pattern.
    fn commas_between(&self, patterns: &[Pattern]) -> Done {
        for pair in patterns.windows(2) {
            let [left, right] = pair else {
                continue;
            };
            let gap = left.end().to_usize()..right.start().to_usize();
            let has_comma = self.source.get(gap).is_none_or(|gap| gap.contains(','));
            if !has_comma
                && let Some(error) =
                    peg::diagnose(self.source, self.lines, &Options::new(Mode::Exec))
            {
                return Err(error);
            }
        }
        Ok(())
    }

    fn as_pattern(
        &mut self,
        p: &ast::PatternMatchAs,
        names: &mut Vec<String>,
        irrefutable: bool,
    ) -> Done {
        let Some(inner) = &p.pattern else {
            if !irrefutable {
                let message = match &p.name {
                    Some(name) => {
                        format!("name capture '{name}' makes remaining patterns unreachable")
                    }
                    None => "wildcard makes remaining patterns unreachable".to_owned(),
                };
                return self.error(p.range, message);
            }
            return match &p.name {
                Some(name) => self.bind(name, p.range, names),
                None => Ok(()),
            };
        };
        self.pattern(inner, names, irrefutable)?;
        match &p.name {
            Some(name) => self.bind(name, p.range, names),
            None => Ok(()),
        }
    }

    fn alternatives(
        &mut self,
        p: &ast::PatternMatchOr,
        names: &mut Vec<String>,
        irrefutable: bool,
    ) -> Done {
        let mut bound: Option<FxHashSet<String>> = None;
        let mut order = Vec::new();
        for (at, alternative) in p.patterns.iter().enumerate() {
            let mut here = Vec::new();
            let last = at + 1 == p.patterns.len();
            self.pattern(alternative, &mut here, irrefutable && last)?;
            let set: FxHashSet<String> = here.iter().cloned().collect();
            match &bound {
                None => {
                    bound = Some(set);
                    order = here;
                }
                Some(bound) if *bound != set => {
                    return self.error(p.range, "alternative patterns bind different names");
                }
                Some(_) => {}
            }
        }
        for name in order {
            if names.contains(&name) {
                return self.error(
                    p.range,
                    format!("multiple assignments to name '{name}' in pattern"),
                );
            }
            names.push(name);
        }
        Ok(())
    }

    fn class_pattern(&mut self, p: &ast::PatternMatchClass, names: &mut Vec<String>) -> Done {
        let keywords = &p.arguments.keywords;
        for (at, keyword) in keywords.iter().enumerate() {
            let repeated = keywords
                .iter()
                .skip(at + 1)
                .find(|k| k.attr.id == keyword.attr.id);
            if let Some(repeated) = repeated {
                return self.error(
                    repeated.pattern.range(),
                    format!("attribute name repeated in class pattern: {}", keyword.attr),
                );
            }
        }
        self.expr(&p.cls)?;
        for inner in &p.arguments.patterns {
            self.pattern(inner, names, true)?;
        }
        for keyword in keywords {
            self.pattern(&keyword.pattern, names, true)?;
        }
        Ok(())
    }

    fn mapping(&mut self, p: &ast::PatternMatchMapping, names: &mut Vec<String>) -> Done {
        let mut seen: Vec<Key> = Vec::new();
        for key in &p.keys {
            if key.is_f_string_expr() || key.is_t_string_expr() {
                return self.error(
                    p.range,
                    "mapping pattern keys may only match literals and attribute lookups",
                );
            }
            if let Some(value) = Key::of(key) {
                if seen.contains(&value) {
                    let shown = value.repr(
                        self.source
                            .get(key.range().start().to_usize()..key.range().end().to_usize()),
                    );
                    return self.error(
                        p.range,
                        format!("mapping pattern checks duplicate key ({shown})"),
                    );
                }
                seen.push(value);
            }
            self.expr(key)?;
        }
        for inner in &p.patterns {
            self.pattern(inner, names, true)?;
        }
        match &p.rest {
            Some(name) => self.bind(name, p.range, names),
            None => Ok(()),
        }
    }
}

/// A literal key of a mapping pattern, compared as dictionaries do: `True`, `1` and `1.0` are one.
#[derive(Clone, PartialEq)]
enum Key {
    None,
    Text(String),
    Bytes(Vec<u8>),
    Real(f64),
    Big(String),
    Complex(f64, f64),
}

impl Key {
    fn of(e: &Expr) -> Option<Key> {
        Some(match e {
            Expr::NoneLiteral(_) => Key::None,
            Expr::BooleanLiteral(b) => Key::Real(f64::from(u8::from(b.value))),
            Expr::StringLiteral(s) => Key::Text(s.value.to_str().to_owned()),
            Expr::BytesLiteral(b) => Key::Bytes(b.value.bytes().collect()),
            Expr::NumberLiteral(n) => match &n.value {
                Number::Int(i) => match i.as_u64() {
                    Some(i) if i < 1 << 53 => Key::Real(i as f64),
                    _ => Key::Big(i.to_string()),
                },
                Number::Float(f) => Key::Real(*f),
                Number::Complex { real, imag } if *imag == 0.0 => Key::Real(*real),
                Number::Complex { real, imag } => Key::Complex(*real, *imag),
            },
            Expr::UnaryOp(u) if u.op == UnaryOp::USub => match Key::of(&u.operand)? {
                Key::Real(f) => Key::Real(-f),
                Key::Complex(real, imag) => Key::Complex(-real, -imag),
                Key::Big(digits) => Key::Big(format!("-{digits}")),
                _ => return None,
            },
            Expr::BinOp(b) => {
                let (Key::Real(real), Key::Complex(_, imag)) =
                    (Key::of(&b.left)?, Key::of(&b.right)?)
                else {
                    return None;
                };
                let imag = if b.op == Operator::Sub { -imag } else { imag };
                Key::Complex(real, imag)
            }
            _ => return None,
        })
    }

    /// As `repr` shows it; numbers as written, which for keys is nearly always that.
    fn repr(&self, written: Option<&str>) -> String {
        match self {
            Key::None => "None".to_owned(),
            Key::Text(text) => {
                let quote = if text.contains('\'') && !text.contains('"') {
                    '"'
                } else {
                    '\''
                };
                let text = text.replace('\\', "\\\\").replace('\n', "\\n");
                format!("{quote}{text}{quote}")
            }
            Key::Complex(real, imag) => {
                let sign = if imag.is_sign_negative() { '-' } else { '+' };
                if *real == 0.0 {
                    format!("{imag}j")
                } else {
                    format!("({real}{sign}{}j)", imag.abs())
                }
            }
            Key::Real(value) if *value == 0.0 && written == Some("-0") => "0".to_owned(),
            _ => written.unwrap_or("").to_owned(),
        }
    }
}
