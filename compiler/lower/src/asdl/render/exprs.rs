//! Expressions to text.

use std::fmt::Write as _;

use taipan_bytecode::code::Constant;

use super::{
    Context, Field, Invalid, Node, Renderer, Result, invalid, list, missing, node, nodes, optional,
    singleton,
};

pub(super) fn operator(op: &str) -> &'static str {
    match op {
        "Add" => "+",
        "Sub" => "-",
        "Mult" => "*",
        "MatMult" => "@",
        "Div" => "/",
        "Mod" => "%",
        "Pow" => "**",
        "LShift" => "<<",
        "RShift" => ">>",
        "BitOr" => "|",
        "BitXor" => "^",
        "BitAnd" => "&",
        _ => "//",
    }
}

fn comparison(op: &str) -> &'static str {
    match op {
        "Eq" => "==",
        "NotEq" => "!=",
        "Lt" => "<",
        "LtE" => "<=",
        "Gt" => ">",
        "GtE" => ">=",
        "Is" => "is",
        "IsNot" => "is not",
        "In" => "in",
        _ => "not in",
    }
}

/// Needs no parentheses as an operand.
fn is_atom(n: &Node) -> bool {
    match n.kind {
        "Name" | "Attribute" | "Subscript" | "Call" | "List" | "Tuple" | "Dict" | "Set"
        | "ListComp" | "SetComp" | "DictComp" | "GeneratorExp" | "JoinedStr" | "TemplateStr" => {
            true
        }
        "Constant" => !matches!(
            n.get("value"),
            Field::Constant(
                Constant::Int(_)
                    | Constant::BigInt { .. }
                    | Constant::Float(_)
                    | Constant::Complex(..)
            )
        ),
        _ => false,
    }
}

/// Code points of WTF-8, as the escapes of a literal. Braces are escaped too.
fn escaped(out: &mut String, text: &[u8]) {
    let mut i = 0;
    while let Some(&b) = text.get(i) {
        let (len, first) = match b {
            0..0x80 => (1, u32::from(b)),
            0xC0..0xE0 => (2, u32::from(b & 31)),
            0xE0..0xF0 => (3, u32::from(b & 15)),
            _ => (4, u32::from(b & 7)),
        };
        let rest = text.get(i + 1..i + len).unwrap_or(&[]);
        let c = rest.iter().fold(first, |c, b| c << 6 | u32::from(b & 63));
        i += len;
        let _ = match c {
            0x20..0x7F if !matches!(c as u8, b'\'' | b'\\' | b'{' | b'}' | b'"') => {
                out.push(c as u8 as char);
                Ok(())
            }
            0..0x100 => write!(out, "\\x{c:02x}"),
            0x100..0x10000 => write!(out, "\\u{c:04x}"),
            _ => write!(out, "\\U{c:08x}"),
        };
    }
}

fn float(f: f64) -> String {
    if f.is_nan() {
        return "(1e999 - 1e999)".into();
    }
    if f.is_infinite() {
        return if f > 0.0 { "1e999" } else { "(-1e999)" }.into();
    }
    if f.is_sign_negative() {
        return format!("(-{:?})", -f);
    }
    format!("{f:?}")
}

impl Renderer {
    pub(super) fn constant(&mut self, c: &Constant) -> Result {
        match c {
            Constant::None => self.put("None"),
            Constant::Bool(true) => self.put("True"),
            Constant::Bool(false) => self.put("False"),
            Constant::Ellipsis => self.put("..."),
            Constant::Int(i) => self.put(&i.to_string()),
            Constant::BigInt {
                negative,
                magnitude,
            } => {
                self.put(if *negative { "-0x" } else { "0x" });
                for b in magnitude.iter().rev() {
                    self.put(&format!("{b:02x}"));
                }
            }
            Constant::Float(bits) => self.put(&float(f64::from_bits(*bits))),
            Constant::Complex(re, im) => {
                let (re, im) = (f64::from_bits(*re), f64::from_bits(*im));
                let imaginary = format!("{}j", float(im.abs()));
                if re == 0.0 && re.is_sign_positive() && im.is_sign_positive() {
                    self.put(&imaginary);
                } else {
                    let sign = if im.is_sign_negative() { '-' } else { '+' };
                    self.put(&format!("{} {sign} {imaginary}", float(re)));
                }
            }
            Constant::Str(s) => {
                self.put("'");
                escaped(&mut self.out.text, s);
                self.put("'");
            }
            Constant::Bytes(b) => {
                let mut text = String::from("b'");
                for x in b {
                    if matches!(x, 0x20..0x7F) && !matches!(x, b'\'' | b'\\') {
                        text.push(*x as char);
                    } else {
                        let _ = write!(text, "\\x{x:02x}");
                    }
                }
                self.put(&text);
                self.put("'");
            }
            Constant::Tuple(all) => {
                self.put("(");
                for x in all {
                    self.constant(x)?;
                    self.put(", ");
                }
                self.put(")");
            }
            Constant::FrozenSet(_) | Constant::Slice(_) | Constant::Code(_) => {
                return Err(Invalid::Type(
                    "got an invalid type in Constant: only what a literal can be".into(),
                ));
            }
        }
        Ok(())
    }

    /// An operand: in parentheses unless it is an atom.
    pub(super) fn operand(&mut self, n: &Node, context: Context) -> Result {
        if is_atom(n) {
            return self.expr(n, context);
        }
        if n.kind == "Starred" || n.kind == "Slice" {
            // Only some places take them; the parser says so.
            return self.expr(n, context);
        }
        self.put("(");
        self.expr(n, context)?;
        self.put(")");
        Ok(())
    }

    pub(super) fn load(&mut self, n: &Node) -> Result {
        self.operand(n, Context::Load)
    }

    pub(super) fn field(&mut self, n: &Node, field: &str) -> Result {
        self.load(node(n, field)?)
    }

    fn check_context(&self, n: &Node, wanted: Context) -> Result {
        let own = match n.kind {
            "Name" | "Attribute" | "Subscript" | "Starred" | "List" | "Tuple" => {
                singleton(n, "ctx")?
            }
            _ if wanted == Context::Load => return Ok(()),
            kind => {
                let verb = if wanted == Context::Store {
                    "assigned"
                } else {
                    "deleted"
                };
                let _ = kind;
                return invalid(format!(
                    "expression which can't be {verb} to in {wanted:?} context"
                ));
            }
        };
        if own != format!("{wanted:?}") {
            return invalid(format!(
                "expression must have {wanted:?} context but has {own} instead"
            ));
        }
        Ok(())
    }

    fn comprehension(&mut self, n: &Node, open: &str, close: &str) -> Result {
        self.put(open);
        if n.kind == "DictComp" {
            self.field(n, "key")?;
            self.put(": ");
            self.field(n, "value")?;
        } else {
            self.field(n, "elt")?;
        }
        let generators = nodes(n, "generators")?;
        if generators.is_empty() {
            return invalid("comprehension with no generators");
        }
        for g in generators {
            let is_async = matches!(g.get("is_async"), Field::Int(i) if *i != 0);
            self.put(if is_async { " async for " } else { " for " });
            self.operand(node(g, "target")?, Context::Store)?;
            self.put(" in ");
            self.field(g, "iter")?;
            for test in nodes(g, "ifs")? {
                self.put(" if ");
                self.load(test)?;
            }
        }
        self.put(close);
        Ok(())
    }

    /// A part of an f- or t-string.
    fn piece(&mut self, n: &Node, quoted: bool) -> Result {
        match n.kind {
            "Constant" => match n.get("value") {
                Field::Constant(Constant::Str(s)) => {
                    let start = self.at();
                    escaped(&mut self.out.text, s);
                    self.record(start, n.span);
                    Ok(())
                }
                _ => invalid("Constant in an f-string must be a str"),
            },
            "JoinedStr" if quoted => {
                for v in nodes(n, "values")? {
                    self.piece(v, quoted)?;
                }
                Ok(())
            }
            "FormattedValue" | "Interpolation" => {
                let start = self.at();
                self.put("{");
                let value = node(n, "value")?;
                match value.kind {
                    "Name" | "Attribute" => self.expr(value, Context::Load)?,
                    _ => {
                        self.put("(");
                        self.expr(value, Context::Load)?;
                        self.put(")");
                    }
                }
                match n.get("conversion") {
                    Field::Int(-1) | Field::None => {}
                    Field::Int(c) => match u8::try_from(*c) {
                        Ok(c @ (b's' | b'r' | b'a')) => self.put(&format!("!{}", c as char)),
                        _ => return invalid(format!("Unrecognized conversion character {c}")),
                    },
                    _ => return Err(missing(n, "conversion")),
                }
                if let Some(spec) = optional(n, "format_spec") {
                    self.put(":");
                    let inside = self.at();
                    match spec.kind {
                        "JoinedStr" => {
                            for v in nodes(spec, "values")? {
                                self.piece(v, quoted)?;
                            }
                        }
                        _ => {
                            self.put("{");
                            self.load(spec)?;
                            self.put("}");
                        }
                    }
                    self.record(inside, spec.span);
                }
                self.put("}");
                self.record(start, n.span);
                Ok(())
            }
            _ => {
                self.put("{");
                self.load(n)?;
                self.put("}");
                Ok(())
            }
        }
    }

    pub(super) fn call_arguments(&mut self, n: &Node, args: &str) -> Result {
        let mut first = true;
        for a in nodes(n, args)? {
            if !std::mem::take(&mut first) {
                self.put(", ");
            }
            self.load(a)?;
        }
        for k in nodes(n, "keywords")? {
            if !std::mem::take(&mut first) {
                self.put(", ");
            }
            let start = self.at();
            match k.get("arg") {
                Field::Name(name) => {
                    let name = name.clone();
                    self.name(&name)?;
                    self.put("=");
                }
                _ => self.put("**"),
            }
            self.field(k, "value")?;
            self.record(start, k.span);
        }
        Ok(())
    }

    pub(super) fn parameters(&mut self, a: &Node) -> Result {
        let (positional, args) = (nodes(a, "posonlyargs")?, nodes(a, "args")?);
        let defaults = nodes(a, "defaults")?;
        let total = positional.len() + args.len();
        if defaults.len() > total {
            return invalid("more positional defaults than args on arguments");
        }
        let keyword_only = nodes(a, "kwonlyargs")?;
        let keyword_defaults = list(a, "kw_defaults");
        if keyword_defaults.len() != keyword_only.len() {
            return invalid("length of kwonlyargs is not the same as kw_defaults on arguments");
        }
        let mut parts = 0;
        let mut comma = |r: &mut Renderer| {
            if parts > 0 {
                r.put(", ");
            }
            parts += 1;
        };
        for (i, p) in positional.iter().chain(&args).enumerate() {
            comma(self);
            self.parameter(p)?;
            if let Some(at) = (i + defaults.len()).checked_sub(total)
                && let Some(d) = defaults.get(at)
            {
                self.put("=");
                self.load(d)?;
            }
            if i + 1 == positional.len() {
                comma(self);
                self.put("/");
            }
        }
        if let Some(v) = optional(a, "vararg") {
            comma(self);
            self.put("*");
            self.parameter(v)?;
        } else if !keyword_only.is_empty() {
            comma(self);
            self.put("*");
        }
        for (p, d) in keyword_only.iter().zip(keyword_defaults) {
            comma(self);
            self.parameter(p)?;
            if let Field::Node(d) = d {
                self.put("=");
                self.load(d)?;
            }
        }
        if let Some(v) = optional(a, "kwarg") {
            comma(self);
            self.put("**");
            self.parameter(v)?;
        }
        Ok(())
    }

    fn parameter(&mut self, p: &Node) -> Result {
        let start = self.at();
        self.name_of(p, "arg")?;
        if let Some(annotation) = optional(p, "annotation") {
            self.put(": ");
            self.load(annotation)?;
        }
        self.record(start, p.span);
        Ok(())
    }

    /// An expression without parentheses around it.
    pub(super) fn expr(&mut self, n: &Node, context: Context) -> Result {
        self.check_context(n, context)?;
        let start = self.at();
        match n.kind {
            "BoolOp" => {
                let word = if singleton(n, "op")? == "And" {
                    " and "
                } else {
                    " or "
                };
                let values = nodes(n, "values")?;
                if values.len() < 2 {
                    return invalid("BoolOp with less than 2 values");
                }
                for (i, v) in values.iter().enumerate() {
                    if i > 0 {
                        self.put(word);
                    }
                    self.load(v)?;
                }
            }
            "NamedExpr" => {
                self.operand(node(n, "target")?, Context::Store)?;
                self.put(" := ");
                self.field(n, "value")?;
            }
            "BinOp" => {
                self.field(n, "left")?;
                let op = operator(singleton(n, "op")?);
                self.put(&format!(" {op} "));
                self.field(n, "right")?;
            }
            "UnaryOp" => {
                self.put(match singleton(n, "op")? {
                    "Invert" => "~",
                    "Not" => "not ",
                    "UAdd" => "+",
                    _ => "-",
                });
                // A number keeps its sign close, as in source.
                let operand = node(n, "operand")?;
                match operand.kind {
                    "Constant" => self.expr(operand, Context::Load)?,
                    _ => self.load(operand)?,
                }
            }
            "Lambda" => {
                self.put("lambda ");
                self.parameters(node(n, "args")?)?;
                self.put(": ");
                self.field(n, "body")?;
            }
            "IfExp" => {
                self.field(n, "body")?;
                self.put(" if ");
                self.field(n, "test")?;
                self.put(" else ");
                self.field(n, "orelse")?;
            }
            "Dict" => {
                let (keys, values) = (list(n, "keys"), nodes(n, "values")?);
                if keys.len() != values.len() {
                    return invalid("Dict doesn't have the same number of keys as values");
                }
                self.put("{");
                for (k, v) in keys.iter().zip(values) {
                    match k {
                        Field::Node(k) => {
                            self.load(k)?;
                            self.put(": ");
                        }
                        _ => self.put("**"),
                    }
                    self.load(v)?;
                    self.put(", ");
                }
                self.put("}");
            }
            "Set" => {
                let elts = nodes(n, "elts")?;
                if elts.is_empty() {
                    self.put("{*()}");
                } else {
                    self.put("{");
                    self.separated(&elts, |r, e| r.load(e))?;
                    self.put("}");
                }
            }
            "ListComp" => self.comprehension(n, "[", "]")?,
            "SetComp" | "DictComp" => self.comprehension(n, "{", "}")?,
            "GeneratorExp" => self.comprehension(n, "(", ")")?,
            "Await" => {
                self.put("await ");
                self.field(n, "value")?;
            }
            "Yield" => {
                self.put("yield");
                if let Some(v) = optional(n, "value") {
                    self.put(" ");
                    self.load(v)?;
                }
            }
            "YieldFrom" => {
                self.put("yield from ");
                self.field(n, "value")?;
            }
            "Compare" => {
                let (ops, comparators) = (list(n, "ops"), nodes(n, "comparators")?);
                if comparators.is_empty() {
                    return invalid("Compare with no comparators");
                }
                if ops.len() != comparators.len() {
                    return invalid("Compare has a different number of comparators and operands");
                }
                self.field(n, "left")?;
                for (op, c) in ops.iter().zip(comparators) {
                    let Field::Singleton(op) = op else {
                        return Err(missing(n, "ops"));
                    };
                    self.put(&format!(" {} ", comparison(op)));
                    self.load(c)?;
                }
            }
            "Call" => {
                self.field(n, "func")?;
                self.put("(");
                self.call_arguments(n, "args")?;
                self.put(")");
            }
            "JoinedStr" | "TemplateStr" | "FormattedValue" | "Interpolation" => {
                let template = matches!(n.kind, "TemplateStr" | "Interpolation");
                self.put(if template { "t'" } else { "f'" });
                match n.kind {
                    "JoinedStr" | "TemplateStr" => {
                        for v in nodes(n, "values")? {
                            self.piece(v, true)?;
                        }
                    }
                    _ => self.piece(n, true)?,
                }
                self.put("'");
            }
            "Constant" => match n.get("value") {
                Field::Constant(c) => self.constant(c)?,
                _ => return Err(missing(n, "value")),
            },
            "Attribute" => {
                self.field(n, "value")?;
                self.put(".");
                self.name_of(n, "attr")?;
            }
            "Subscript" => {
                self.field(n, "value")?;
                self.put("[");
                let slice = node(n, "slice")?;
                let elts = nodes(slice, "elts").unwrap_or_default();
                if slice.kind == "Tuple" && !elts.is_empty() {
                    let inside = self.at();
                    self.separated(&elts, |r, e| r.load(e))?;
                    if elts.len() == 1 {
                        self.put(",");
                    }
                    self.record(inside, slice.span);
                } else {
                    self.load(slice)?;
                }
                self.put("]");
            }
            "Starred" => {
                self.put("*");
                self.operand(node(n, "value")?, context)?;
            }
            "Name" => self.name_of(n, "id")?,
            "List" => {
                self.put("[");
                let elts = nodes(n, "elts")?;
                self.separated(&elts, |r, e| r.operand(e, context))?;
                self.put("]");
            }
            "Tuple" => {
                self.put("(");
                for e in nodes(n, "elts")? {
                    self.operand(e, context)?;
                    self.put(", ");
                }
                if self.out.text.ends_with(", ") {
                    let len = self.out.text.len() - 1;
                    self.out.text.truncate(len);
                }
                self.put(")");
            }
            "Slice" => {
                if let Some(x) = optional(n, "lower") {
                    self.load(x)?;
                }
                self.put(":");
                if let Some(x) = optional(n, "upper") {
                    self.load(x)?;
                }
                if let Some(x) = optional(n, "step") {
                    self.put(":");
                    self.load(x)?;
                }
            }
            kind => {
                return Err(Invalid::Type(format!(
                    "expected some sort of expr, but got {kind}"
                )));
            }
        }
        self.record(start, n.span);
        Ok(())
    }
}
