//! f-strings and t-strings.

use ruff_python_ast::{
    self as ast, ConversionFlag, FStringPart, InterpolatedElement, InterpolatedStringElement,
};
use ruff_text_size::{Ranged, TextRange, TextSize};
use taipan_bytecode::code::Constant;
use taipan_bytecode::opcode::Opcode;
use taipan_bytecode::operand::Reg;

use super::{Lowerer, Result};
use crate::emit::operands;

/// A piece of an f-string in order; neighbouring texts are joined.
enum Piece<'a> {
    Text(Vec<u8>),
    Value(&'a InterpolatedElement),
}

/// Pieces that are joined at once.
const RUN: usize = 255;

impl<'a> Lowerer<'a> {
    pub(super) fn fstring(&mut self, e: &'a ast::ExprFString, want: Option<Reg>) -> Result<Reg> {
        let mut pieces = Vec::new();
        for part in e.value.iter() {
            match part {
                FStringPart::Literal(literal) => {
                    let mut text = Vec::new();
                    self.push_string(&mut text, literal);
                    push_text(&mut pieces, text);
                }
                FStringPart::FString(f) => {
                    let raw =
                        matches!(f.flags.prefix(), ast::str_prefix::FStringPrefix::Raw { .. });
                    self.pieces(f.elements.iter(), raw, &mut pieces);
                }
            }
        }
        self.join(pieces, e.range, want)
    }

    fn pieces(
        &self,
        elements: impl Iterator<Item = &'a InterpolatedStringElement>,
        raw: bool,
        out: &mut Vec<Piece<'a>>,
    ) {
        for element in elements {
            match element {
                InterpolatedStringElement::Literal(literal) => {
                    let mut text = Vec::new();
                    self.push_element(&mut text, literal, raw);
                    push_text(out, text);
                }
                InterpolatedStringElement::Interpolation(value) => {
                    if let Some(debug) = &value.debug_text {
                        push_text(out, debug_text(debug).into_bytes());
                    }
                    out.push(Piece::Value(value));
                }
            }
        }
    }

    /// The pieces as one string.
    fn join(
        &mut self,
        pieces: Vec<Piece<'a>>,
        place: ruff_text_size::TextRange,
        want: Option<Reg>,
    ) -> Result<Reg> {
        let mark = self.mark();
        let mut base = None;
        let mut count = 0;
        let total = pieces.len();
        for piece in pieces {
            if count == RUN
                && let Some(base) = base
            {
                self.at(place);
                self.build(Opcode::BuildString, base, base, count);
                self.release(base.0 + 1);
                count = 1;
            }
            let reg = match piece {
                Piece::Text(text) => {
                    self.at(place);
                    self.constant(Constant::Str(text), if total == 1 { want } else { None })
                }
                Piece::Value(value) => {
                    if total == 1 {
                        return self.formatted(value, want);
                    }
                    let t = self.temp();
                    self.formatted(value, Some(t))?;
                    self.release(t.0 + 1);
                    t
                }
            };
            if total == 1 {
                return Ok(reg);
            }
            base.get_or_insert(reg);
            count += 1;
        }
        self.release(mark);
        let dst = self.dest(want);
        self.at(place);
        match base {
            Some(base) => self.build(Opcode::BuildString, dst, base, count),
            None => self.b().load_const(dst, Constant::Str(Vec::new())),
        }
        Ok(dst)
    }

    /// One `{value!r:spec}`.
    fn formatted(&mut self, e: &'a InterpolatedElement, want: Option<Reg>) -> Result<Reg> {
        let mark = self.mark();
        let value = self.expr(&e.expression, None)?;
        let conversion = conversion_of(e);
        match &e.format_spec {
            Some(spec) => {
                let value = self.keep(value, spec.range);
                let mut pieces = Vec::new();
                self.pieces(spec.elements.iter(), false, &mut pieces);
                let spec = self.join(pieces, spec.range, None)?;
                self.release(mark);
                let dst = self.dest(want);
                self.at(e.range);
                let mut x = operands(dst.0, value.0, spec.0, conversion as u32);
                x.e = 0;
                self.b().emit(Opcode::FormatWithSpec, x);
                Ok(dst)
            }
            None => {
                self.release(mark);
                let dst = self.dest(want);
                self.at(e.range);
                self.b()
                    .emit(Opcode::FormatValue, operands(dst.0, value.0, conversion, 0));
                Ok(dst)
            }
        }
    }

    pub(super) fn tstring(&mut self, e: &'a ast::ExprTString, want: Option<Reg>) -> Result<Reg> {
        // Strings and interpolations alternate; there is one string more.
        let mut strings: Vec<Vec<u8>> = vec![Vec::new()];
        let mut values: Vec<&'a InterpolatedElement> = Vec::new();
        for part in e.value.iter() {
            let raw = matches!(
                part.flags.prefix(),
                ast::str_prefix::TStringPrefix::Raw { .. }
            );
            let mut pieces = Vec::new();
            self.pieces(part.elements.iter(), raw, &mut pieces);
            for piece in pieces {
                match piece {
                    Piece::Text(text) => {
                        if let Some(last) = strings.last_mut() {
                            last.extend(text);
                        }
                    }
                    Piece::Value(value) => {
                        values.push(value);
                        strings.push(Vec::new());
                    }
                }
            }
        }
        let mark = self.mark();
        let texts = self.temp();
        self.at(e);
        let strings = strings.into_iter().map(Constant::Str).collect();
        self.b().load_const(texts, Constant::Tuple(strings));
        let tuple = self.temp();
        let mut first = None;
        for &value in &values {
            let reg = self.interpolation(value)?;
            first.get_or_insert(reg);
        }
        self.at(e);
        self.build(
            Opcode::BuildTuple,
            tuple,
            first.unwrap_or(tuple),
            values.len(),
        );
        self.release(mark);
        let dst = self.dest(want);
        self.b().op3(Opcode::BuildTemplate, dst, texts, tuple);
        Ok(dst)
    }

    /// An interpolation of a t-string, in a new temporary.
    fn interpolation(&mut self, e: &'a InterpolatedElement) -> Result<Reg> {
        let base = self.temp();
        self.expr_to(&e.expression, base)?;
        self.release(base.0 + 1);
        self.at(e.range);
        let text = self.temp();
        let source = interpolation_text(e, |r| self.text(r));
        self.b().load_const(text, Constant::Str(source.into()));
        let convert = self.temp();
        let constant = match conversion_of(e) {
            0 => Constant::None,
            1 => Constant::Str("s".into()),
            2 => Constant::Str("r".into()),
            _ => Constant::Str("a".into()),
        };
        self.b().load_const(convert, constant);
        let spec = self.temp();
        match &e.format_spec {
            Some(s) => {
                let mut pieces = Vec::new();
                self.pieces(s.elements.iter(), false, &mut pieces);
                let value = self.join(pieces, s.range, Some(spec))?;
                self.b().move_(spec, value);
            }
            None => self.b().load_const(spec, Constant::Str(Vec::new())),
        }
        self.release(base.0 + 1);
        self.at(e.range);
        self.b().op2(Opcode::BuildInterpolation, base, base);
        Ok(base)
    }
}

/// The expression's text as it stands between the brace and what ends it, without comments.
pub(crate) fn interpolation_text<'t>(
    e: &InterpolatedElement,
    source: impl Fn(TextRange) -> &'t str,
) -> String {
    if let Some(debug) = &e.debug_text {
        let text = debug_text(debug);
        let end = text.rfind('=').unwrap_or(text.len());
        return text.get(..end).unwrap_or("").to_owned();
    }
    let inside = TextRange::new(e.range.start() + TextSize::from(1), e.expression.end());
    let rest = source(TextRange::new(inside.end(), e.range.end()));
    let mut end = inside.end();
    let mut comment = false;
    for c in rest.chars() {
        match c {
            '\n' => comment = false,
            _ if comment => {}
            '#' => comment = true,
            '!' | ':' | '}' => break,
            _ => {}
        }
        end += TextSize::of(c);
    }
    without_comments(source(TextRange::new(inside.start(), end)))
}

/// Removes comments; a `#` inside of a string literal is none.
fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut quote: Option<&str> = None;
    while let Some(c) = rest.chars().next() {
        let mut length = c.len_utf8();
        match quote {
            Some(q) if rest.starts_with(q) => {
                length = q.len();
                quote = None;
            }
            Some(_) if c == '\\' => {
                length += rest[1..].chars().next().map_or(0, char::len_utf8);
            }
            Some(_) => {}
            None => {
                let quotes = ["\"\"\"", "'''", "\"", "'"];
                if let Some(q) = quotes.iter().find(|q| rest.starts_with(**q)) {
                    length = q.len();
                    quote = Some(q);
                } else if c == '#' {
                    rest = rest.find('\n').map_or("", |at| &rest[at..]);
                    continue;
                }
            }
        }
        out.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    out
}

pub(crate) fn debug_text(debug: &ast::DebugText) -> String {
    without_comments(&format!(
        "{}{}{}",
        debug.leading(),
        debug.expression(),
        debug.trailing()
    ))
}

/// The conversion's number; `{x=}` means `!r` unless there is a format spec.
pub(crate) fn conversion_of(e: &InterpolatedElement) -> u16 {
    match e.conversion {
        ConversionFlag::Str => 1,
        ConversionFlag::Repr => 2,
        ConversionFlag::Ascii => 3,
        ConversionFlag::None if e.debug_text.is_some() && e.format_spec.is_none() => 2,
        ConversionFlag::None => 0,
    }
}

fn push_text(pieces: &mut Vec<Piece<'_>>, text: Vec<u8>) {
    if text.is_empty() {
        return;
    }
    if let Some(Piece::Text(last)) = pieces.last_mut() {
        last.extend(text);
    } else {
        pieces.push(Piece::Text(text));
    }
}
