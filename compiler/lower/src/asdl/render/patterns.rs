//! Patterns to text.

use super::{
    Context, Field, Invalid, Node, Renderer, Result, invalid, list, missing, node, nodes, optional,
};

impl Renderer {
    /// The expression of a value pattern: a literal with its sign, or a dotted name.
    fn value_pattern(&mut self, n: &Node) -> Result {
        match n.kind {
            "BinOp" => {
                let start = self.at();
                self.value_pattern(node(n, "left")?)?;
                let op = super::exprs::operator(super::singleton(n, "op")?);
                self.put(op);
                self.value_pattern(node(n, "right")?)?;
                self.record(start, n.span);
                Ok(())
            }
            "Constant" | "UnaryOp" | "Attribute" | "JoinedStr" => self.expr(n, Context::Load),
            _ => invalid("patterns may only match literals and attribute lookups"),
        }
    }

    pub(super) fn pattern(&mut self, n: &Node) -> Result {
        let start = self.at();
        match n.kind {
            "MatchValue" => self.value_pattern(node(n, "value")?)?,
            "MatchSingleton" => match n.get("value") {
                Field::Constant(c) => {
                    use taipan_bytecode::code::Constant;
                    if !matches!(c, Constant::None | Constant::Bool(_)) {
                        return invalid("MatchSingleton can only contain True, False and None");
                    }
                    self.constant(c)?;
                }
                _ => return Err(missing(n, "value")),
            },
            "MatchSequence" => {
                self.put("[");
                let all = nodes(n, "patterns")?;
                self.separated(&all, |r, p| r.pattern(p))?;
                self.put("]");
            }
            "MatchMapping" => {
                let (keys, patterns) = (nodes(n, "keys")?, nodes(n, "patterns")?);
                if keys.len() != patterns.len() {
                    return invalid(
                        "MatchMapping doesn't have the same number of keys as patterns",
                    );
                }
                self.put("{");
                for (k, p) in keys.iter().zip(&patterns) {
                    self.value_pattern(k)?;
                    self.put(": ");
                    self.pattern(p)?;
                    self.put(", ");
                }
                if let Field::Name(_) = n.get("rest") {
                    self.put("**");
                    self.name_of(n, "rest")?;
                }
                self.put("}");
            }
            "MatchClass" => {
                let names = list(n, "kwd_attrs");
                let keyword_patterns = nodes(n, "kwd_patterns")?;
                if names.len() != keyword_patterns.len() {
                    return invalid(
                        "MatchClass doesn't have the same number of keyword attributes as patterns",
                    );
                }
                let class = node(n, "cls")?;
                if !matches!(class.kind, "Name" | "Attribute") {
                    return invalid(
                        "MatchClass cls field can only contain Name or Attribute nodes.",
                    );
                }
                self.expr(class, Context::Load)?;
                self.put("(");
                for p in nodes(n, "patterns")? {
                    self.pattern(p)?;
                    self.put(", ");
                }
                for (name, p) in names.iter().zip(keyword_patterns) {
                    let Field::Name(name) = name else {
                        return Err(missing(n, "kwd_attrs"));
                    };
                    self.name(name)?;
                    self.put("=");
                    self.pattern(p)?;
                    self.put(", ");
                }
                self.put(")");
            }
            "MatchStar" => {
                self.put("*");
                match n.get("name") {
                    Field::Name(_) => self.name_of(n, "name")?,
                    _ => self.put("_"),
                }
            }
            "MatchAs" => match (optional(n, "pattern"), n.get("name")) {
                (Some(p), Field::Name(_)) => {
                    self.put("(");
                    self.pattern(p)?;
                    self.put(") as ");
                    self.name_of(n, "name")?;
                }
                (Some(_), _) => {
                    return invalid("MatchAs must specify a target name if a pattern is given");
                }
                (None, Field::Name(_)) => self.name_of(n, "name")?,
                (None, _) => self.put("_"),
            },
            "MatchOr" => {
                let all = nodes(n, "patterns")?;
                if all.len() < 2 {
                    return invalid("MatchOr requires at least 2 patterns");
                }
                for (i, p) in all.iter().enumerate() {
                    if i > 0 {
                        self.put(" | ");
                    }
                    self.put("(");
                    self.pattern(p)?;
                    self.put(")");
                }
            }
            kind => {
                return Err(Invalid::Type(format!(
                    "expected some sort of pattern, but got {kind}"
                )));
            }
        }
        self.record(start, n.span);
        Ok(())
    }
}
