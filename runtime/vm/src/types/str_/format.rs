//! `str.format`, `str.format_map` and `str.__format__`

use super::Str;
use crate::Thread;
use crate::call::Args;
use crate::format::template::{self, AutoNumber, FieldName, First, Markup, Step};
use crate::object::{Gc, Result, Value};
use crate::pymethods;
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
    let name = th.type_name(s.value());
    let r = crate::format::str::format_str(s.text_ref(), spec.text_ref(), &name);
    let text = th.format_result(r)?;
    Ok(th.str_from_text(&text))
}

fn argument(th: &mut Thread, source: &Source<'_>, name: TextRef<'_>) -> Result {
    let name = th.str_from_text(&name.to_text());
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
                let n = th.str_from_text(&n.to_text());
                let n = th.intern_str(n);
                th.get_attr(v, n)?
            }
            Step::Index(i) => {
                let i = th.int(i as i64);
                th.get_item(v, i)?
            }
            Step::Key(k) => {
                let k = th.str_from_text(&k.to_text());
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
        let spec = if field.nested {
            let mut inner = TextBuilder::new();
            expand(th, &mut inner, field.spec, source, auto, depth - 1)?;
            th.str_from_text(&inner.finish())
        } else if field.spec.is_empty() {
            th.empty_str()
        } else {
            th.str_from_text(&field.spec.to_text())
        };
        let shown = th.format(v, spec)?;
        out.push_text(shown.text_ref());
    }
    Ok(())
}

fn format_with(th: &mut Thread, s: Gc<Str>, source: &Source<'_>) -> Result<Gc<Str>> {
    let mut out = TextBuilder::with_capacity(s.len() + 16);
    let mut auto = AutoNumber::default();
    expand(
        th,
        &mut out,
        s.text_ref(),
        source,
        &mut auto,
        template::MAX_DEPTH,
    )?;
    Ok(th.str_from_text(&out.finish()))
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
