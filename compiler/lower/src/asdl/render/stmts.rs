//! Statements to text.

use super::{
    Context, Field, Invalid, Node, Renderer, Result, invalid, list, missing, node, nodes, optional,
    singleton,
};

impl Renderer {
    fn line(&mut self) {
        let indent = self.indent;
        for _ in 0..indent {
            self.put(" ");
        }
    }

    /// `:` and an indented block.
    fn block(&mut self, n: &Node, field: &str) -> Result {
        let body = nodes(n, field)?;
        if body.is_empty() {
            return invalid(format!("empty {field} on {}", n.kind));
        }
        self.put(":\n");
        self.indent += 1;
        for s in body {
            self.stmt(s)?;
        }
        self.indent -= 1;
        Ok(())
    }

    /// `else` and the like, if there is one.
    fn clause(&mut self, n: &Node, field: &str, word: &str) -> Result {
        if list(n, field).is_empty() {
            return Ok(());
        }
        self.line();
        self.put(word);
        self.block(n, field)
    }

    fn type_params(&mut self, n: &Node) -> Result {
        let all = nodes(n, "type_params")?;
        if all.is_empty() {
            return Ok(());
        }
        self.put("[");
        self.separated(&all, |r, p| {
            let start = r.at();
            r.put(match p.kind {
                "TypeVarTuple" => "*",
                "ParamSpec" => "**",
                _ => "",
            });
            r.name_of(p, "name")?;
            if let Some(b) = optional(p, "bound") {
                r.put(": ");
                r.load(b)?;
            }
            if let Some(d) = optional(p, "default_value") {
                r.put(" = ");
                r.load(d)?;
            }
            r.record(start, p.span);
            Ok(())
        })?;
        self.put("]");
        Ok(())
    }

    fn decorators(&mut self, n: &Node) -> Result {
        for d in nodes(n, "decorator_list")? {
            let start = self.at();
            self.put("@");
            self.load(d)?;
            self.record(start, d.span);
            self.put("\n");
            self.line();
        }
        Ok(())
    }

    fn aliases(&mut self, n: &Node) -> Result {
        let all = nodes(n, "names")?;
        if all.is_empty() {
            return invalid(format!("empty names on {}", n.kind));
        }
        self.separated(&all, |r, a| {
            let start = r.at();
            match a.get("name") {
                Field::Name(name) if name == "*" => r.put("*"),
                Field::Name(name) => r.dotted(name)?,
                _ => return Err(missing(a, "name")),
            }
            if let Field::Name(_) = a.get("asname") {
                r.put(" as ");
                r.name_of(a, "asname")?;
            }
            r.record(start, a.span);
            Ok(())
        })
    }

    fn dotted(&mut self, name: &str) -> Result {
        for (i, part) in name.split('.').enumerate() {
            if i > 0 {
                self.put(".");
            }
            self.name(part)?;
        }
        Ok(())
    }

    fn targets(&mut self, n: &Node, context: Context, after: &str) -> Result {
        let all = nodes(n, "targets")?;
        if all.is_empty() {
            return invalid(format!("empty targets on {}", n.kind));
        }
        for (i, t) in all.iter().enumerate() {
            if i > 0 && after == ", " {
                self.put(after);
            }
            self.operand(t, context)?;
            if after != ", " {
                self.put(after);
            }
        }
        Ok(())
    }

    /// `if` and its `elif`s.
    fn conditional(&mut self, n: &Node, word: &str) -> Result {
        self.put(word);
        self.field(n, "test")?;
        self.block(n, "body")?;
        let orelse = nodes(n, "orelse")?;
        if let [only] = orelse.as_slice()
            && only.kind == "If"
        {
            self.line();
            let start = self.at();
            self.conditional(only, "elif ")?;
            self.record_block(start, only);
            return Ok(());
        }
        self.clause(n, "orelse", "else")
    }

    /// Records a statement that ended with a line break.
    fn record_block(&mut self, start: ruff_text_size::TextSize, n: &Node) {
        let ends_line = self.out.text.ends_with('\n');
        if ends_line {
            self.out.text.pop();
        }
        self.record(start, n.span);
        if ends_line {
            self.put("\n");
        }
    }

    fn try_(&mut self, n: &Node) -> Result {
        self.put("try");
        self.block(n, "body")?;
        let handlers = nodes(n, "handlers")?;
        if handlers.is_empty() && list(n, "finalbody").is_empty() {
            return invalid(format!("{} has neither handlers nor finalbody", n.kind));
        }
        if handlers.is_empty() && !list(n, "orelse").is_empty() {
            return invalid(format!("{} has orelse but no except handlers", n.kind));
        }
        for h in handlers {
            self.line();
            let start = self.at();
            self.put(if n.kind == "TryStar" {
                "except*"
            } else {
                "except"
            });
            if let Some(t) = optional(h, "type") {
                self.put(" ");
                self.load(t)?;
            }
            if let Field::Name(_) = h.get("name") {
                self.put(" as ");
                self.name_of(h, "name")?;
            }
            self.block(h, "body")?;
            self.record_block(start, h);
        }
        self.clause(n, "orelse", "else")?;
        self.clause(n, "finalbody", "finally")
    }

    fn function(&mut self, n: &Node) -> Result {
        let whole = self.at();
        self.decorators(n)?;
        let start = self.at();
        self.put(if n.kind == "AsyncFunctionDef" {
            "async def "
        } else {
            "def "
        });
        self.name_of(n, "name")?;
        self.type_params(n)?;
        self.put("(");
        self.parameters(node(n, "args")?)?;
        self.put(")");
        if let Some(r) = optional(n, "returns") {
            self.put(" -> ");
            self.load(r)?;
        }
        self.block(n, "body")?;
        self.record_block(start, n);
        self.record_block(whole, n);
        Ok(())
    }

    fn class(&mut self, n: &Node) -> Result {
        let whole = self.at();
        self.decorators(n)?;
        let start = self.at();
        self.put("class ");
        self.name_of(n, "name")?;
        self.type_params(n)?;
        self.put("(");
        self.call_arguments(n, "bases")?;
        self.put(")");
        self.block(n, "body")?;
        self.record_block(start, n);
        self.record_block(whole, n);
        Ok(())
    }

    pub(super) fn stmt(&mut self, n: &Node) -> Result {
        self.line();
        let start = self.at();
        match n.kind {
            "FunctionDef" | "AsyncFunctionDef" => return self.function(n),
            "ClassDef" => return self.class(n),
            "Return" => {
                self.put("return");
                if let Some(v) = optional(n, "value") {
                    self.put(" ");
                    self.load(v)?;
                }
            }
            "Delete" => {
                self.put("del ");
                self.targets(n, Context::Del, ", ")?;
            }
            "Assign" => {
                self.targets(n, Context::Store, " = ")?;
                self.field(n, "value")?;
            }
            "TypeAlias" => {
                self.put("type ");
                let name = node(n, "name")?;
                if name.kind != "Name" {
                    return Err(Invalid::Type("TypeAlias with non-Name name".into()));
                }
                self.expr(name, Context::Store)?;
                self.type_params(n)?;
                self.put(" = ");
                self.field(n, "value")?;
            }
            "AugAssign" => {
                self.operand(node(n, "target")?, Context::Store)?;
                let op = super::exprs::operator(singleton(n, "op")?);
                self.put(&format!(" {op}= "));
                self.field(n, "value")?;
            }
            "AnnAssign" => {
                let target = node(n, "target")?;
                let simple = matches!(n.get("simple"), Field::Int(i) if *i != 0);
                if target.kind == "Name" && !simple {
                    self.put("(");
                    self.expr(target, Context::Store)?;
                    self.put(")");
                } else if simple && target.kind != "Name" {
                    return Err(Invalid::Type(
                        "AnnAssign with simple non-Name target".into(),
                    ));
                } else {
                    self.operand(target, Context::Store)?;
                }
                self.put(": ");
                self.field(n, "annotation")?;
                if let Some(v) = optional(n, "value") {
                    self.put(" = ");
                    self.load(v)?;
                }
            }
            "For" | "AsyncFor" => {
                self.put(if n.kind == "For" {
                    "for "
                } else {
                    "async for "
                });
                self.operand(node(n, "target")?, Context::Store)?;
                self.put(" in ");
                self.field(n, "iter")?;
                self.block(n, "body")?;
                self.clause(n, "orelse", "else")?;
            }
            "While" => {
                self.put("while ");
                self.field(n, "test")?;
                self.block(n, "body")?;
                self.clause(n, "orelse", "else")?;
            }
            "If" => self.conditional(n, "if ")?,
            "With" | "AsyncWith" => {
                self.put(if n.kind == "With" {
                    "with "
                } else {
                    "async with "
                });
                let items = nodes(n, "items")?;
                if items.is_empty() {
                    return invalid(format!("empty items on {}", n.kind));
                }
                self.separated(&items, |r, i| {
                    r.field(i, "context_expr")?;
                    if let Some(v) = optional(i, "optional_vars") {
                        r.put(" as ");
                        r.operand(v, Context::Store)?;
                    }
                    Ok(())
                })?;
                self.block(n, "body")?;
            }
            "Match" => {
                self.put("match ");
                self.field(n, "subject")?;
                let cases = nodes(n, "cases")?;
                if cases.is_empty() {
                    return invalid("empty cases on Match");
                }
                self.put(":\n");
                self.indent += 1;
                for c in cases {
                    self.line();
                    self.put("case ");
                    self.pattern(node(c, "pattern")?)?;
                    if let Some(g) = optional(c, "guard") {
                        self.put(" if ");
                        self.load(g)?;
                    }
                    self.block(c, "body")?;
                }
                self.indent -= 1;
            }
            "Raise" => {
                self.put("raise");
                match (optional(n, "exc"), optional(n, "cause")) {
                    (None, Some(_)) => return invalid("Raise with cause but no exception"),
                    (None, None) => {}
                    (Some(e), cause) => {
                        self.put(" ");
                        self.load(e)?;
                        if let Some(c) = cause {
                            self.put(" from ");
                            self.load(c)?;
                        }
                    }
                }
            }
            "Try" | "TryStar" => self.try_(n)?,
            "Assert" => {
                // Without parentheses that would make it look like a tuple.
                self.put("assert ");
                self.field(n, "test")?;
                if let Some(m) = optional(n, "msg") {
                    self.put(", ");
                    self.load(m)?;
                }
            }
            "Import" => {
                self.put("import ");
                self.aliases(n)?;
            }
            "ImportFrom" => {
                self.put("from ");
                let level = match n.get("level") {
                    Field::Int(i) if *i < 0 => return invalid("Negative ImportFrom level"),
                    Field::Int(i) => *i,
                    _ => 0,
                };
                for _ in 0..level {
                    self.put(".");
                }
                if let Field::Name(m) = n.get("module") {
                    self.dotted(m)?;
                } else if level == 0 {
                    return invalid("ImportFrom without module");
                }
                self.put(" import ");
                self.aliases(n)?;
            }
            "Global" | "Nonlocal" => {
                self.put(if n.kind == "Global" {
                    "global "
                } else {
                    "nonlocal "
                });
                let all = list(n, "names");
                if all.is_empty() {
                    return invalid(format!("empty names on {}", n.kind));
                }
                self.separated(all, |r, f| match f {
                    Field::Name(s) => r.name(s),
                    _ => Err(missing(n, "names")),
                })?;
            }
            "Expr" => self.field(n, "value")?,
            "Pass" => self.put("pass"),
            "Break" => self.put("break"),
            "Continue" => self.put("continue"),
            kind => {
                return Err(Invalid::Type(format!(
                    "expected some sort of stmt, but got {kind}"
                )));
            }
        }
        if self.out.text.ends_with('\n') {
            self.record_block(start, n);
        } else {
            self.record(start, n.span);
            self.put("\n");
        }
        Ok(())
    }
}
