//! `str.format`, `str.format_map` and `str.__format__`

use std::borrow::Cow;

use super::Str;
use super::percent::push_plain;
use crate::Thread;
use crate::call::Args;
use crate::format::field;
use crate::format::spec::{self, Align};
use crate::format::str::push_formatted;
use crate::format::template::{self, AutoNumber, FieldName, First, Markup, Step};
use crate::object::{Gc, Result, Value};
use crate::pymethods;
use crate::types::T;
use crate::types::int::to_i64;
use crate::unicode::{TextBuilder, TextRef};

/// Where fields get their values.
enum Source<'a> {
    Arguments(Args<'a>),
    Mapping(Value),
}

/// `format(s, spec)`
pub fn format_str(th: &mut Thread, s: Gc<Str>, spec: Gc<Str>) -> Result<Gc<Str>> {
    if spec.is_empty() {
        return Ok(th.substring(s, 0, s.len()));
    }
    let name = match th.is_exact(s.value(), T::Str) {
        true => "str".into(),
        false => Cow::Owned(th.type_name(s.value())),
    };
    let mut out = th.start_text();
    let r = push_formatted(&mut out, s.text_ref(), spec.text_ref(), &name);
    th.format_result(r)?;
    Ok(th.finish_text(out))
}

/// Writes a value as a specification wants it, where that is simple: a string or an int as it is,
/// numbers in short fields.
fn push_simple(th: &mut Thread, out: &mut TextBuilder, v: Value, spec: TextRef<'_>) -> bool {
    if spec.is_empty() {
        return push_plain(th, out, v, b's');
    }
    let parse = |name| spec::parse(spec, name, Align::Right).ok();
    let made = if th.is_exact(v, T::Int) {
        match to_i64(v) {
            Some(i) => parse("int").and_then(|spec| field::integer(i, &spec)),
            None => None,
        }
    } else if th.is_exact(v, T::Float) {
        match th.as_float(v) {
            Some(x) => parse("float").and_then(|spec| field::float(x, &spec)),
            None => None,
        }
    } else {
        None
    };
    match made {
        Some(digits) => {
            out.push_ascii(digits.as_bytes());
            true
        }
        None => false,
    }
}

fn argument(th: &mut Thread, source: &Source<'_>, name: TextRef<'_>) -> Result {
    let name = th.str_from_ref(name);
    match source {
        Source::Mapping(m) => th.get_item(*m, name.value()),
        Source::Arguments(args) => {
            for (k, v) in args.keywords() {
                if k.downcast::<Str>().is_some_and(|k| k.same_text(&name)) {
                    return Ok(v);
                }
            }
            Err(th.key_error(name.value()))
        }
    }
}

fn field_value(
    th: &mut Thread,
    source: &Source<'_>,
    name: TextRef<'_>,
    auto: &mut AutoNumber,
) -> Result {
    let r = FieldName::split(name);
    let (first, steps) = th.format_result(r)?;
    let r = auto.resolve(first);
    let position = th.format_result(r)?;
    let mut v = match (position, first, source) {
        (Some(_), _, Source::Mapping(_)) => {
            return Err(th.value_error("Format string contains positional fields"));
        }
        (Some(i), _, Source::Arguments(args)) => match args.positionals().get(i) {
            Some(v) => *v,
            None => {
                return Err(th.index_error(format!(
                    "Replacement index {i} out of range for positional args tuple"
                )));
            }
        },
        (None, First::Name(n), _) => argument(th, source, n)?,
        (None, _, _) => argument(th, source, TextRef::Ascii(""))?,
    };
    for step in steps {
        v = match th.format_result(step)? {
            Step::Attribute(n) => {
                let n = th.str_from_ref(n);
                let n = th.intern_str(n);
                th.get_attr(v, n)?
            }
            Step::Index(i) => {
                let i = th.int(i as i64);
                th.get_item(v, i)?
            }
            Step::Key(k) => {
                let k = th.str_from_ref(k);
                th.get_item(v, k.value())?
            }
        };
    }
    Ok(v)
}

fn expand(
    th: &mut Thread,
    out: &mut TextBuilder,
    text: TextRef<'_>,
    source: &Source<'_>,
    auto: &mut AutoNumber,
    depth: usize,
) -> Result<()> {
    if depth == 0 {
        return Err(th.raise_format(template::too_deep()));
    }
    for piece in Markup::new(text) {
        let piece = th.format_result(piece)?;
        out.push_text(piece.literal);
        let Some(field) = piece.field else { continue };
        let mut v = field_value(th, source, field.name, auto)?;
        if let Some(c) = field.conversion {
            v = match char::from_u32(c) {
                Some('r') => th.repr(v)?.value(),
                Some('s') => th.str(v)?.value(),
                Some('a') => th.ascii(v)?.value(),
                _ => return Err(th.raise_format(template::unknown_conversion(c))),
            };
        }
        if !field.nested && push_simple(th, out, v, field.spec) {
            continue;
        }
        let spec = if field.nested {
            let mut inner = TextBuilder::new();
            expand(th, &mut inner, field.spec, source, auto, depth - 1)?;
            th.str_from_text(&inner.finish())
        } else if field.spec.is_empty() {
            th.empty_str()
        } else {
            th.str_from_ref(field.spec)
        };
        let shown = th.format(v, spec)?;
        out.push_text(shown.text_ref());
    }
    Ok(())
}

fn format_with(th: &mut Thread, s: Gc<Str>, source: &Source<'_>) -> Result<Gc<Str>> {
    let mut out = th.start_text();
    let mut auto = AutoNumber::default();
    expand(
        th,
        &mut out,
        s.text_ref(),
        source,
        &mut auto,
        template::MAX_DEPTH,
    )?;
    Ok(th.finish_text(out))
}

#[pymethods(table = METHODS)]
impl Str {
    /// Return a formatted version of the string, using substitutions from args and kwargs.
    ///
    /// The substitutions are identified by braces ('{' and '}').
    #[pymethod(raw, sig = "(*args, **kwargs)")]
    fn format(th: &mut Thread, args: Args<'_>) -> Result<Gc<Str>> {
        let this = match args.positionals().first() {
            Some(v) => *v,
            None => return Err(th.type_error("unbound method str.format() needs an argument")),
        };
        let Some(s) = this.downcast::<Str>() else {
            let got = th.type_name(this);
            return Err(th.type_error(format!(
                "descriptor 'format' for 'str' objects doesn't apply to a '{got}' object"
            )));
        };
        format_with(th, s, &Source::Arguments(args.skip_first()))
    }

    /// Return a formatted version of the string, using substitutions from mapping.
    ///
    /// The substitutions are identified by braces ('{' and '}').
    #[pymethod]
    fn format_map(th: &mut Thread, this: Gc<Str>, mapping: Value) -> Result<Gc<Str>> {
        format_with(th, this, &Source::Mapping(mapping))
    }

    /// Return a formatted version of the string as described by format_spec.
    #[pymethod]
    fn __format__(th: &mut Thread, this: Gc<Str>, format_spec: Gc<Str>) -> Result<Gc<Str>> {
        if format_spec.is_empty() {
            return th.str(this.value());
        }
        format_str(th, this, format_spec)
    }
}
