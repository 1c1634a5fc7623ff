//! Literals of text: strings, bytes, f-strings, t-strings.
//!
//! Neighbouring texts of an f-string are one `Constant`, also across the parts of an implicit
//! concatenation; the text of `{x=}` belongs to it.

use ruff_python_ast::{self as ast, FStringPart, InterpolatedElement, InterpolatedStringElement};
use ruff_text_size::{Ranged, TextRange, TextSize};
use taipan_bytecode::code::Constant;

use super::Field;
use super::build::Builder;
use crate::literal::{bytes_value, may_have_surrogates, middle_points, string_points};
use crate::lower::literal::push_points;
use crate::lower::{conversion_of, debug_text, interpolation_text};

/// The parts of an f- or t-string put together.
#[derive(Default)]
struct Parts {
    done: Vec<Field>,
    text: Vec<u8>,
    place: Option<TextRange>,
}

impl Parts {
    fn push(&mut self, text: &[u8], place: TextRange) {
        if text.is_empty() {
            return;
        }
        self.text.extend_from_slice(text);
        self.place = Some(match self.place {
            Some(p) => TextRange::new(p.start(), place.end()),
            None => place,
        });
    }

    fn flush(&mut self, b: &Builder<'_>) {
        let text = std::mem::take(&mut self.text);
        if let Some(place) = self.place.take() {
            self.done
                .push(b.constant(place, Constant::Str(text), Field::None));
        }
    }
}

impl Builder<'_> {
    fn literal_text(&self, part: &ast::StringLiteral) -> Vec<u8> {
        let text = self.text(part.range);
        let mut out = Vec::new();
        if part.value.contains('\u{FFFD}') && may_have_surrogates(text) {
            push_points(&mut out, &string_points(text));
        } else {
            out.extend_from_slice(part.value.as_bytes());
        }
        out
    }

    pub(super) fn string(&self, e: &ast::ExprStringLiteral) -> Field {
        let mut out = Vec::new();
        for part in e.value.iter() {
            out.extend(self.literal_text(part));
        }
        let unicode = e
            .value
            .iter()
            .next()
            .is_some_and(|p| self.text(p.range).starts_with(['u', 'U']));
        let kind = if unicode {
            Field::Name("u".into())
        } else {
            Field::None
        };
        self.constant(e.range, Constant::Str(out), kind)
    }

    pub(super) fn bytes(&self, e: &ast::ExprBytesLiteral) -> Field {
        let mut out = Vec::new();
        for part in e.value.iter() {
            let text = self.text(part.range);
            if text.contains('\\') {
                out.extend(bytes_value(text));
            } else {
                out.extend_from_slice(&part.value);
            }
        }
        self.constant(e.range, Constant::Bytes(out), Field::None)
    }

    fn elements<'e>(
        &self,
        elements: impl Iterator<Item = &'e InterpolatedStringElement>,
        raw: bool,
        template: bool,
        out: &mut Parts,
    ) {
        for element in elements {
            match element {
                InterpolatedStringElement::Literal(part) => {
                    let text = self.text(part.range);
                    let mut value = Vec::new();
                    if part.value.contains('\u{FFFD}') && may_have_surrogates(text) {
                        push_points(&mut value, &middle_points(text, raw));
                    } else {
                        value.extend_from_slice(part.value.as_bytes());
                    }
                    out.push(&value, part.range);
                }
                InterpolatedStringElement::Interpolation(value) => {
                    if let Some(debug) = &value.debug_text {
                        let start = value.range.start() + TextSize::new(1);
                        let end = start + TextSize::new(debug.as_str().len() as u32);
                        let text = debug_text(debug);
                        out.push(text.as_bytes(), TextRange::new(start, end));
                    }
                    out.flush(self);
                    out.done.push(self.interpolated(value, template));
                }
            }
        }
    }

    fn interpolated(&self, e: &InterpolatedElement, template: bool) -> Field {
        let conversion = match conversion_of(e) {
            1 => i64::from(b's'),
            2 => i64::from(b'r'),
            3 => i64::from(b'a'),
            _ => -1,
        };
        let spec = match &e.format_spec {
            None => Field::None,
            Some(spec) => {
                let mut parts = Parts::default();
                self.elements(spec.elements.iter(), false, template, &mut parts);
                parts.flush(self);
                let start = spec.range.start();
                let colon = self.source.as_bytes().get(start.to_usize()) == Some(&b':');
                let start = if colon || start == TextSize::new(0) {
                    start
                } else {
                    start - TextSize::new(1)
                };
                self.node(
                    "JoinedStr",
                    TextRange::new(start, spec.range.end()),
                    vec![("values", Field::List(parts.done))],
                )
            }
        };
        let value = self.expr(&e.expression);
        let conversion = Field::Int(conversion);
        if !template {
            return self.node(
                "FormattedValue",
                e.range,
                vec![
                    ("value", value),
                    ("conversion", conversion),
                    ("format_spec", spec),
                ],
            );
        }
        let text = interpolation_text(e, |r| self.text(r));
        self.node(
            "Interpolation",
            e.range,
            vec![
                ("value", value),
                ("str", Field::Constant(Constant::Str(text.into_bytes()))),
                ("conversion", conversion),
                ("format_spec", spec),
            ],
        )
    }

    pub(super) fn fstring(&self, e: &ast::ExprFString) -> Field {
        let mut parts = Parts::default();
        for part in e.value.iter() {
            match part {
                FStringPart::Literal(literal) => {
                    parts.push(&self.literal_text(literal), literal.range);
                }
                FStringPart::FString(f) => {
                    let raw =
                        matches!(f.flags.prefix(), ast::str_prefix::FStringPrefix::Raw { .. });
                    self.elements(f.elements.iter(), raw, false, &mut parts);
                }
            }
        }
        parts.flush(self);
        self.node(
            "JoinedStr",
            e.range,
            vec![("values", Field::List(parts.done))],
        )
    }

    pub(super) fn tstring(&self, e: &ast::ExprTString) -> Field {
        let mut parts = Parts::default();
        for part in e.value.iter() {
            let raw = matches!(
                part.flags.prefix(),
                ast::str_prefix::TStringPrefix::Raw { .. }
            );
            self.elements(part.elements.iter(), raw, true, &mut parts);
        }
        parts.flush(self);
        self.node(
            "TemplateStr",
            e.range(),
            vec![("values", Field::List(parts.done))],
        )
    }
}
