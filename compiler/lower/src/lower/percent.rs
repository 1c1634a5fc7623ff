//! `'…%s…' % (a, b)` as if it were an f-string.
//!
//! Only `%s`, `%r` and `%a` with a plain width and precision, for which `format` of the
//! converted value gives the same; anything else is left to the runtime.

use ruff_python_ast::{self as ast, Expr};
use ruff_text_size::Ranged;
use taipan_bytecode::code::Constant;
use taipan_bytecode::opcode::Opcode;
use taipan_bytecode::operand::Reg;

use super::collections::RUN;
use super::{Lowerer, Result};
use crate::emit::operands;

/// A piece of a taken-apart format.
#[derive(Debug, PartialEq)]
enum Piece {
    Text(Vec<u8>),
    /// The next argument: conversion as in `FormatValue`, and a format spec.
    Value(u16, Option<String>),
}

fn number(rest: &mut &[u8]) -> Option<Option<u32>> {
    let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    if digits > 3 {
        return None;
    }
    let (number, after) = rest.split_at(digits);
    *rest = after;
    Some(std::str::from_utf8(number).ok()?.parse().ok())
}

fn parse(format: &[u8]) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut text = Vec::new();
    let mut rest = format;
    while let Some((&b, after)) = rest.split_first() {
        rest = after;
        if b != b'%' {
            text.push(b);
            continue;
        }
        if let Some(after) = rest.strip_prefix(b"%") {
            text.push(b'%');
            rest = after;
            continue;
        }
        let left = match rest.strip_prefix(b"-") {
            Some(after) => {
                rest = after;
                true
            }
            None => false,
        };
        if rest.first() == Some(&b'0') {
            return None;
        }
        let width = number(&mut rest)?;
        let precision = match rest.strip_prefix(b".") {
            Some(after) => {
                rest = after;
                Some(number(&mut rest)?.unwrap_or(0))
            }
            None => None,
        };
        let (&kind, after) = rest.split_first()?;
        rest = after;
        let conversion = match kind {
            b's' => 1,
            b'r' => 2,
            b'a' => 3,
            _ => return None,
        };
        let mut spec = String::new();
        if let Some(width) = width {
            spec.push(if left { '<' } else { '>' });
            spec.push_str(&width.to_string());
        }
        if let Some(precision) = precision {
            spec.push_str(&format!(".{precision}"));
        }
        if !text.is_empty() {
            pieces.push(Piece::Text(std::mem::take(&mut text)));
        }
        pieces.push(Piece::Value(conversion, (!spec.is_empty()).then_some(spec)));
    }
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
    Some(pieces)
}

impl<'a> Lowerer<'a> {
    /// The value of `e` if it is such an expression.
    pub(super) fn percent(
        &mut self,
        e: &'a ast::ExprBinOp,
        want: Option<Reg>,
    ) -> Result<Option<Reg>> {
        let (Expr::StringLiteral(_), Expr::Tuple(args)) = (e.left.as_ref(), e.right.as_ref())
        else {
            return Ok(None);
        };
        if e.op != ast::Operator::Mod || args.elts.iter().any(Expr::is_starred_expr) {
            return Ok(None);
        }
        let Some(Constant::Str(format)) = self.fold(&e.left) else {
            return Ok(None);
        };
        let Some(pieces) = parse(&format) else {
            return Ok(None);
        };
        let values = pieces.iter().filter(|p| matches!(p, Piece::Value(..)));
        if values.count() != args.elts.len() || pieces.is_empty() || pieces.len() > RUN {
            return Ok(None);
        }
        let mark = self.mark();
        let mut args = args.elts.iter();
        let mut base = None;
        let count = pieces.len();
        for piece in pieces {
            let reg = self.temp();
            base.get_or_insert(reg);
            match piece {
                Piece::Text(text) => {
                    self.at(e);
                    self.b().load_const(reg, Constant::Str(text));
                }
                Piece::Value(conversion, spec) => {
                    let Some(arg) = args.next() else { break };
                    let value = self.expr(arg, Some(reg))?;
                    self.at(arg.range());
                    match spec {
                        Some(spec) => {
                            let t = self.constant(Constant::Str(spec.into()), None);
                            let x = operands(reg.0, value.0, t.0, conversion as u32);
                            self.b().emit(Opcode::FormatWithSpec, x);
                        }
                        None => {
                            let x = operands(reg.0, value.0, conversion, 0);
                            self.b().emit(Opcode::FormatValue, x);
                        }
                    }
                }
            }
            self.release(reg.0 + 1);
        }
        self.release(mark);
        let dst = self.dest(want);
        self.at(e);
        match base {
            Some(base) if count > 1 => self.build(Opcode::BuildString, dst, base, count),
            Some(base) => self.b().move_(dst, base),
            None => {}
        }
        Ok(Some(dst))
    }
}

#[cfg(test)]
mod tests {
    use super::{Piece, parse};

    #[test]
    fn formats() {
        let value = |n, s: &str| Piece::Value(n, (!s.is_empty()).then(|| s.to_owned()));
        let text = |s: &str| Piece::Text(s.into());
        assert_eq!(
            parse(b"a%s%%%-5r%9.3a"),
            Some(vec![
                text("a"),
                value(1, ""),
                text("%"),
                value(2, "<5"),
                value(3, ">9.3")
            ])
        );
        for refused in ["%d", "%(a)s", "%05s", "%*s", "%", "%+s", "%1000s"] {
            assert_eq!(parse(refused.as_bytes()), None, "{refused}");
        }
    }
}
