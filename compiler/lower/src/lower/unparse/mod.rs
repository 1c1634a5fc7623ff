//! Expressions back to source text, for stringized annotations
//! (`from __future__ import annotations`) and the text of interpolations.
//!
//! The text is the reference's normal form, not the source's: one kind of quotes,
//! parentheses where precedence asks for them.

mod value;

use ruff_python_ast::{
    self as ast, BoolOp, CmpOp, Comprehension, ConversionFlag, Expr, FStringPart,
    InterpolatedStringElement, Operator, Parameters, UnaryOp,
};

use super::Lowerer;
use super::literal;

/// Binding strength, loosest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Tuple,
    Test,
    Or,
    And,
    Not,
    Cmp,
    BitOr,
    BitXor,
    BitAnd,
    Shift,
    Arith,
    Term,
    Factor,
    Power,
    Await,
    Atom,
}

impl Level {
    fn tighter(self) -> Level {
        use Level::*;
        match self {
            Tuple => Test,
            Test => Or,
            Or => And,
            And => Not,
            Not => Cmp,
            Cmp => BitOr,
            BitOr => BitXor,
            BitXor => BitAnd,
            BitAnd => Shift,
            Shift => Arith,
            Arith => Term,
            Term => Factor,
            Factor => Power,
            Power => Await,
            Await | Atom => Atom,
        }
    }
}

struct Unparser<'l, 'a> {
    lowerer: &'l Lowerer<'a>,
    /// WTF-8: a literal may hold lone surrogates, though its repr escapes them.
    out: String,
}

impl<'a> Lowerer<'a> {
    /// The text of an annotation.
    pub(super) fn unparse(&self, e: &Expr) -> Vec<u8> {
        let mut unparser = Unparser {
            lowerer: self,
            out: String::new(),
        };
        unparser.expr(e, Level::Test);
        unparser.out.into_bytes()
    }
}

impl Unparser<'_, '_> {
    fn text(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// `body` in parentheses if the context binds tighter than `own`.
    fn group(&mut self, context: Level, own: Level, body: impl FnOnce(&mut Self)) {
        let parentheses = context > own;
        if parentheses {
            self.text("(");
        }
        body(self);
        if parentheses {
            self.text(")");
        }
    }

    fn list<'e>(&mut self, elements: impl IntoIterator<Item = &'e Expr>, level: Level) {
        for (i, e) in elements.into_iter().enumerate() {
            if i > 0 {
                self.text(", ");
            }
            self.expr(e, level);
        }
    }

    fn expr(&mut self, e: &Expr, level: Level) {
        match e {
            Expr::BoolOp(e) => {
                let (word, own) = match e.op {
                    BoolOp::And => (" and ", Level::And),
                    BoolOp::Or => (" or ", Level::Or),
                };
                self.group(level, own, |u| {
                    for (i, value) in e.values.iter().enumerate() {
                        if i > 0 {
                            u.text(word);
                        }
                        u.expr(value, own.tighter());
                    }
                });
            }
            Expr::Named(e) => self.group(level, Level::Tuple, |u| {
                u.expr(&e.target, Level::Atom);
                u.text(" := ");
                u.expr(&e.value, Level::Atom);
            }),
            Expr::BinOp(e) => {
                let (word, own) = operator(e.op);
                let right_leaning = matches!(e.op, Operator::Pow);
                let (left, right) = if right_leaning {
                    (own.tighter(), own)
                } else {
                    (own, own.tighter())
                };
                self.group(level, own, |u| {
                    u.expr(&e.left, left);
                    u.text(word);
                    u.expr(&e.right, right);
                });
            }
            Expr::UnaryOp(e) => {
                let (word, own) = match e.op {
                    UnaryOp::Invert => ("~", Level::Factor),
                    UnaryOp::Not => ("not ", Level::Not),
                    UnaryOp::UAdd => ("+", Level::Factor),
                    UnaryOp::USub => ("-", Level::Factor),
                };
                self.group(level, own, |u| {
                    u.text(word);
                    u.expr(&e.operand, own);
                });
            }
            Expr::Lambda(e) => self.group(level, Level::Test, |u| {
                u.text("lambda");
                if let Some(p) = &e.parameters {
                    // `lambda*args`: as the reference spells it.
                    if !p.posonlyargs.is_empty() || !p.args.is_empty() {
                        u.text(" ");
                    }
                    u.parameters(p);
                }
                u.text(": ");
                u.expr(&e.body, Level::Test);
            }),
            Expr::If(e) => self.group(level, Level::Test, |u| {
                u.expr(&e.body, Level::Or);
                u.text(" if ");
                u.expr(&e.test, Level::Or);
                u.text(" else ");
                u.expr(&e.orelse, Level::Test);
            }),
            Expr::Dict(e) => {
                self.text("{");
                for (i, item) in e.items.iter().enumerate() {
                    if i > 0 {
                        self.text(", ");
                    }
                    match &item.key {
                        Some(key) => {
                            self.expr(key, Level::Test);
                            self.text(": ");
                            self.expr(&item.value, Level::Test);
                        }
                        None => {
                            self.text("**");
                            self.expr(&item.value, Level::BitOr);
                        }
                    }
                }
                self.text("}");
            }
            Expr::Set(e) => {
                self.text("{");
                self.list(&e.elts, Level::Test);
                self.text("}");
            }
            Expr::ListComp(e) => {
                self.text("[");
                self.expr(&e.elt, Level::Test);
                self.generators(&e.generators);
                self.text("]");
            }
            Expr::SetComp(e) => {
                self.text("{");
                self.expr(&e.elt, Level::Test);
                self.generators(&e.generators);
                self.text("}");
            }
            Expr::DictComp(e) => {
                self.text("{");
                if let Some(key) = &e.key {
                    self.expr(key, Level::Test);
                    self.text(": ");
                }
                self.expr(&e.value, Level::Test);
                self.generators(&e.generators);
                self.text("}");
            }
            Expr::Generator(e) => {
                self.text("(");
                self.expr(&e.elt, Level::Test);
                self.generators(&e.generators);
                self.text(")");
            }
            Expr::Await(e) => self.group(level, Level::Await, |u| {
                u.text("await ");
                u.expr(&e.value, Level::Atom);
            }),
            Expr::Yield(e) => {
                self.text("(yield");
                if let Some(value) = &e.value {
                    self.text(" ");
                    self.expr(value, Level::Tuple);
                }
                self.text(")");
            }
            Expr::YieldFrom(e) => {
                self.text("(yield from ");
                self.expr(&e.value, Level::Test);
                self.text(")");
            }
            Expr::Compare(e) => self.group(level, Level::Cmp, |u| {
                u.expr(&e.left, Level::BitOr);
                for (op, right) in e.ops.iter().zip(&e.comparators) {
                    u.text(comparison(*op));
                    u.expr(right, Level::BitOr);
                }
            }),
            Expr::Call(e) => self.call(e),
            Expr::FString(_) | Expr::TString(_) => self.interpolated(e),
            Expr::StringLiteral(s) => {
                if s.value.is_unicode() {
                    self.text("u");
                }
                let bytes = self.lowerer.string_value(&s.value);
                value::repr_str(&bytes, &mut self.out);
            }
            Expr::BytesLiteral(b) => {
                let bytes = self.lowerer.bytes_literal(&b.value);
                value::repr_bytes(&bytes, &mut self.out);
            }
            Expr::NumberLiteral(n) => match &n.value {
                ast::Number::Int(n) => value::repr_int(&literal::int(n), &mut self.out),
                ast::Number::Float(x) => value::repr_float(*x, &mut self.out),
                ast::Number::Complex { imag, .. } => {
                    value::repr_imaginary(*imag, &mut self.out);
                }
            },
            Expr::BooleanLiteral(e) => self.text(if e.value { "True" } else { "False" }),
            Expr::NoneLiteral(_) => self.text("None"),
            Expr::EllipsisLiteral(_) => self.text("..."),
            Expr::Attribute(e) => {
                self.expr(&e.value, Level::Atom);
                let int = matches!(e.value.as_ref(), Expr::NumberLiteral(n)
                    if matches!(n.value, ast::Number::Int(_)));
                self.text(if int { " ." } else { "." });
                self.text(&e.attr.id);
            }
            Expr::Subscript(e) => {
                self.expr(&e.value, Level::Atom);
                self.text("[");
                self.expr(&e.slice, Level::Tuple);
                self.text("]");
            }
            Expr::Starred(e) => {
                self.text("*");
                self.expr(&e.value, Level::BitOr);
            }
            Expr::Name(e) => self.text(&e.id),
            Expr::List(e) => {
                self.text("[");
                self.list(&e.elts, Level::Test);
                self.text("]");
            }
            Expr::Tuple(e) if e.elts.is_empty() => self.text("()"),
            Expr::Tuple(e) => self.group(level, Level::Tuple, |u| {
                u.list(&e.elts, Level::Test);
                if e.elts.len() == 1 {
                    u.text(",");
                }
            }),
            Expr::Slice(e) => {
                if let Some(lower) = &e.lower {
                    self.expr(lower, Level::Test);
                }
                self.text(":");
                if let Some(upper) = &e.upper {
                    self.expr(upper, Level::Test);
                }
                if let Some(step) = &e.step {
                    self.text(":");
                    self.expr(step, Level::Test);
                }
            }
            Expr::IpyEscapeCommand(_) => {}
        }
    }

    fn call(&mut self, e: &ast::ExprCall) {
        self.expr(&e.func, Level::Atom);
        let args = &e.arguments;
        if let ([Expr::Generator(_)], true) = (args.args.as_ref(), args.keywords.is_empty()) {
            // Brings its own parentheses.
            self.list(&args.args, Level::Test);
            return;
        }
        self.text("(");
        self.list(&args.args, Level::Test);
        for (i, keyword) in args.keywords.iter().enumerate() {
            if i > 0 || !args.args.is_empty() {
                self.text(", ");
            }
            match &keyword.arg {
                Some(name) => {
                    self.text(&name.id);
                    self.text("=");
                }
                None => self.text("**"),
            }
            self.expr(&keyword.value, Level::Test);
        }
        self.text(")");
    }

    fn generators(&mut self, generators: &[Comprehension]) {
        for g in generators {
            self.text(if g.is_async { " async for " } else { " for " });
            self.expr(&g.target, Level::Tuple);
            self.text(" in ");
            self.expr(&g.iter, Level::Or);
            for condition in &g.ifs {
                self.text(" if ");
                self.expr(condition, Level::Or);
            }
        }
    }

    fn parameters(&mut self, p: &Parameters) {
        let mut first = true;
        let mut separate = |u: &mut Self| {
            if !std::mem::take(&mut first) {
                u.text(", ");
            }
        };
        let parameter = |u: &mut Self, p: &ast::ParameterWithDefault| {
            u.text(&p.parameter.name.id);
            if let Some(default) = &p.default {
                u.text("=");
                u.expr(default, Level::Test);
            }
        };
        for (i, arg) in p.posonlyargs.iter().enumerate() {
            separate(self);
            parameter(self, arg);
            if i + 1 == p.posonlyargs.len() {
                self.text(", /");
            }
        }
        for arg in &p.args {
            separate(self);
            parameter(self, arg);
        }
        if p.vararg.is_some() || !p.kwonlyargs.is_empty() {
            separate(self);
            self.text("*");
            if let Some(arg) = &p.vararg {
                self.text(&arg.name.id);
            }
        }
        for arg in &p.kwonlyargs {
            separate(self);
            parameter(self, arg);
        }
        if let Some(arg) = &p.kwarg {
            separate(self);
            self.text("**");
            self.text(&arg.name.id);
        }
    }

    /// An f-string or t-string: its contents as text, in quotes that suit the whole.
    fn interpolated(&mut self, e: &Expr) {
        let outer = std::mem::take(&mut self.out);
        let letter = match e {
            Expr::FString(e) => {
                for part in e.value.iter() {
                    match part {
                        FStringPart::Literal(s) => {
                            let text = s.value.replace('{', "{{").replace('}', "}}");
                            self.text(&text);
                        }
                        FStringPart::FString(f) => self.elements(f.elements.iter()),
                    }
                }
                "f"
            }
            Expr::TString(e) => {
                for part in e.value.iter() {
                    self.elements(part.elements.iter());
                }
                "t"
            }
            _ => "",
        };
        let body = std::mem::replace(&mut self.out, outer);
        self.text(letter);
        value::repr_str(body.as_bytes(), &mut self.out);
    }

    fn elements<'e>(&mut self, elements: impl Iterator<Item = &'e InterpolatedStringElement>) {
        for element in elements {
            match element {
                InterpolatedStringElement::Literal(s) => {
                    let text = s.value.replace('{', "{{").replace('}', "}}");
                    self.text(&text);
                }
                InterpolatedStringElement::Interpolation(value) => {
                    if let Some(debug) = &value.debug_text {
                        for part in [debug.leading(), debug.expression(), debug.trailing()] {
                            let part = part.replace('{', "{{").replace('}', "}}");
                            self.text(&part);
                        }
                    }
                    let inner = std::mem::take(&mut self.out);
                    self.expr(&value.expression, Level::Or);
                    let text = std::mem::replace(&mut self.out, inner);
                    self.text(if text.starts_with('{') { "{ " } else { "{" });
                    self.text(&text);
                    match value.conversion {
                        ConversionFlag::None
                            if value.debug_text.is_some() && value.format_spec.is_none() =>
                        {
                            self.text("!r");
                        }
                        ConversionFlag::None => {}
                        ConversionFlag::Str => self.text("!s"),
                        ConversionFlag::Ascii => self.text("!a"),
                        ConversionFlag::Repr => self.text("!r"),
                    }
                    if let Some(spec) = &value.format_spec {
                        self.text(":");
                        self.elements(spec.elements.iter());
                    }
                    self.text("}");
                }
            }
        }
    }
}

fn operator(op: Operator) -> (&'static str, Level) {
    match op {
        Operator::Add => (" + ", Level::Arith),
        Operator::Sub => (" - ", Level::Arith),
        Operator::Mult => (" * ", Level::Term),
        Operator::MatMult => (" @ ", Level::Term),
        Operator::Div => (" / ", Level::Term),
        Operator::Mod => (" % ", Level::Term),
        Operator::Pow => (" ** ", Level::Power),
        Operator::LShift => (" << ", Level::Shift),
        Operator::RShift => (" >> ", Level::Shift),
        Operator::BitOr => (" | ", Level::BitOr),
        Operator::BitXor => (" ^ ", Level::BitXor),
        Operator::BitAnd => (" & ", Level::BitAnd),
        Operator::FloorDiv => (" // ", Level::Term),
    }
}

fn comparison(op: CmpOp) -> &'static str {
    match op {
        CmpOp::Eq => " == ",
        CmpOp::NotEq => " != ",
        CmpOp::Lt => " < ",
        CmpOp::LtE => " <= ",
        CmpOp::Gt => " > ",
        CmpOp::GtE => " >= ",
        CmpOp::Is => " is ",
        CmpOp::IsNot => " is not ",
        CmpOp::In => " in ",
        CmpOp::NotIn => " not in ",
    }
}
