//! Template strings: `string.templatelib.Template` and `Interpolation` (PEP 750).

use crate::call::Args;
use crate::object::{Gc, NativeHeader, Result, Value};
use crate::types::str_::Str;
use crate::types::tuple::Tuple;
use crate::{NativeObject, Thread, ValueVec, pytype};

/// A value in a template, with how it is to be formatted.
#[repr(C)]
#[derive(NativeObject)]
pub struct Interpolation {
    head: NativeHeader,
    value: Value,
    expression: Value,
    conversion: Value,
    format_spec: Value,
}

impl crate::types::Named for Interpolation {
    const NAME: &'static str = "string.templatelib.Interpolation";
}

/// Texts and interpolations in turn; there is one text more than interpolations.
#[repr(C)]
#[derive(NativeObject)]
pub struct Template {
    head: NativeHeader,
    strings: Gc<Tuple>,
    interpolations: Gc<Tuple>,
}

impl crate::types::Named for Template {
    const NAME: &'static str = "string.templatelib.Template";
}

/// `__match_args__` cannot be said in a static table.
fn ready(th: &mut Thread) {
    if th.vm().registered_type(&INTERPOLATION).is_some() {
        return;
    }
    let class = th.type_for(&INTERPOLATION);
    let names = ["value", "expression", "conversion", "format_spec"].map(|n| th.intern(n).value());
    let (key, t) = (th.names().__match_args__, th.new_tuple(&names).value());
    th.dict_set_str(class.namespace(), key, t);
}

/// What `{value!conversion:spec}` in a t-string makes.
pub fn interpolation(th: &mut Thread, parts: &[Value]) -> Result {
    let &[value, expression, conversion, format_spec] = parts else {
        return Err(th.system_error("bad operands of an interpolation"));
    };
    ready(th);
    Ok(th
        .new_native(&INTERPOLATION, |head| Interpolation {
            head,
            value,
            expression,
            conversion,
            format_spec,
        })
        .value())
}

/// What a t-string makes, of its texts and interpolations.
pub fn template(th: &mut Thread, strings: Value, interpolations: Value) -> Result {
    let (strings, interpolations) = (th.to_tuple(strings)?, th.to_tuple(interpolations)?);
    Ok(new_template(th, strings, interpolations))
}

fn new_template(th: &mut Thread, strings: Gc<Tuple>, interpolations: Gc<Tuple>) -> Value {
    th.new_native(&TEMPLATE, |head| Template {
        head,
        strings,
        interpolations,
    })
    .value()
}

/// Interpolation object
#[pytype(name = "Interpolation", module = "string.templatelib", table = INTERPOLATION)]
impl Interpolation {
    #[pynew(sig = "(value, expression='', conversion=None, format_spec='')")]
    fn new(
        th: &mut Thread,
        _class: Value,
        value: Value,
        expression: Option<Gc<Str>>,
        conversion: Option<Value>,
        format_spec: Option<Gc<Str>>,
    ) -> Result {
        let empty = th.empty_str();
        let conversion = th.or_none(conversion);
        if !th.is_none(conversion) {
            let Some(c) = conversion.downcast::<Str>() else {
                let got = th.type_name(conversion);
                return Err(th.type_error(format!(
                    "Interpolation() argument 'conversion' must be str, not {got}"
                )));
            };
            if !["s", "r", "a"].contains(&c.to_string_lossy().as_str()) {
                return Err(th.value_error(
                    "Interpolation() argument 'conversion' must be one of 's', 'a' or 'r'",
                ));
            }
        }
        let expression = expression.unwrap_or(empty).value();
        let spec = format_spec.unwrap_or(empty).value();
        interpolation(th, &[value, expression, conversion, spec])
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let i = th.expect::<Interpolation>(this)?;
        let mut parts = Vec::new();
        for v in [i.value, i.expression, i.conversion, i.format_spec] {
            parts.push(th.repr(v)?.to_string_lossy());
        }
        Ok(th
            .new_str(&format!("Interpolation({})", parts.join(", ")))
            .value())
    }

    /// Value
    #[pygetter]
    fn value(_: &mut Thread, this: Gc<Interpolation>) -> Value {
        this.value
    }

    /// Expression
    #[pygetter]
    fn expression(_: &mut Thread, this: Gc<Interpolation>) -> Value {
        this.expression
    }

    /// Conversion
    #[pygetter]
    fn conversion(_: &mut Thread, this: Gc<Interpolation>) -> Value {
        this.conversion
    }

    /// Format specifier
    #[pygetter]
    fn format_spec(_: &mut Thread, this: Gc<Interpolation>) -> Value {
        this.format_spec
    }

    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<Interpolation>) -> Value {
        let class = th.class_of(this.value()).value();
        let args = th.new_tuple(&[
            this.value,
            this.expression,
            this.conversion,
            this.format_spec,
        ]);
        th.new_tuple(&[class, args.value()]).value()
    }
}

/// Template object
#[pytype(name = "Template", module = "string.templatelib", table = TEMPLATE)]
impl Template {
    #[pynew(raw, sig = "(*args)")]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        if args.keyword_count() > 0 {
            return Err(th.type_error("Template.__new__ only accepts *args arguments"));
        }
        let (strings, values) = (ValueVec::new(), ValueVec::new());
        let mut last: Option<Gc<Str>> = None;
        for v in args.skip_first().positionals() {
            if let Some(s) = v.downcast::<Str>() {
                last = Some(match last {
                    Some(l) => join(th, l, s)?,
                    None => s,
                });
            } else if v.downcast::<Interpolation>().is_some() {
                let text = last.take().unwrap_or(th.empty_str());
                th.push(&strings, text.value())?;
                th.push(&values, *v)?;
            } else {
                let got = th.type_name(*v);
                return Err(th.type_error(format!(
                    "Template.__new__ *args need to be of type 'str' or 'Interpolation', got {got}"
                )));
            }
        }
        let text = last.unwrap_or(th.empty_str());
        th.push(&strings, text.value())?;
        let (s, v) = (
            th.new_tuple(strings.as_slice()),
            th.new_tuple(values.as_slice()),
        );
        Ok(new_template(th, s, v))
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let t = th.expect::<Template>(this)?;
        let s = th.repr(t.strings.value())?.to_string_lossy();
        let i = th.repr(t.interpolations.value())?.to_string_lossy();
        Ok(th
            .new_str(&format!("Template(strings={s}, interpolations={i})"))
            .value())
    }

    #[pyslot]
    fn iter(th: &mut Thread, this: Value) -> Result {
        let t = th.expect::<Template>(this)?;
        let out = ValueVec::new();
        for (i, s) in t.strings.as_slice().iter().enumerate() {
            if s.downcast::<Str>().is_some_and(|s| !s.is_empty()) {
                th.push(&out, *s)?;
            }
            if let Some(v) = t.interpolations.get(i) {
                th.push(&out, v)?;
            }
        }
        let parts = th.new_tuple(out.as_slice()).value();
        Ok(th
            .new_native(&TEMPLATE_ITERATOR, |head| TemplateIterator {
                head,
                parts,
                at: std::cell::Cell::new(0),
            })
            .value())
    }

    #[pyslot]
    fn concat(th: &mut Thread, a: Value, b: Value) -> Result {
        let (Some(x), Some(y)) = (a.downcast::<Template>(), b.downcast::<Template>()) else {
            let wrong = if a.downcast::<Template>().is_some() {
                b
            } else {
                a
            };
            let class = th.class_of(wrong);
            let n = th.qualified_name(class);
            return Err(th.type_error(format!(
                "can only concatenate string.templatelib.Template (not \"{n}\") to string.templatelib.Template"
            )));
        };
        let strings = ValueVec::new();
        let (left, right) = (x.strings.as_slice(), y.strings.as_slice());
        let ([init @ .., last], [first, rest @ ..]) = (left, right) else {
            return Err(th.system_error("template without strings"));
        };
        th.push_all(&strings, init)?;
        let (last, first) = (th.expect::<Str>(*last)?, th.expect::<Str>(*first)?);
        let middle = join(th, last, first)?;
        th.push(&strings, middle.value())?;
        th.push_all(&strings, rest)?;
        let values = th.value_vec(x.interpolations.as_slice())?;
        th.push_all(&values, y.interpolations.as_slice())?;
        let (s, v) = (
            th.new_tuple(strings.as_slice()),
            th.new_tuple(values.as_slice()),
        );
        Ok(new_template(th, s, v))
    }

    /// Strings
    #[pygetter]
    fn strings(_: &mut Thread, this: Gc<Template>) -> Gc<Tuple> {
        this.strings
    }

    /// Interpolations
    #[pygetter]
    fn interpolations(_: &mut Thread, this: Gc<Template>) -> Gc<Tuple> {
        this.interpolations
    }

    /// Values of interpolations
    #[pygetter]
    fn values(th: &mut Thread, this: Gc<Template>) -> Gc<Tuple> {
        let values = this.interpolations;
        th.tuple_from_iter(
            values
                .as_slice()
                .iter()
                .filter_map(|v| v.downcast::<Interpolation>().map(|i| i.value)),
        )
    }

    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<Template>) -> Result {
        let (module, name) = (
            th.intern("string.templatelib"),
            th.intern("_template_unpickle"),
        );
        let list = th.new_tuple(&[name.value()]).value();
        let module = crate::import::import_name(th, module, list, 0)?;
        let f = th.get_attr(module, name)?;
        let args = th.new_tuple(&[this.strings.value(), this.interpolations.value()]);
        Ok(th.new_tuple(&[f, args.value()]).value())
    }
}

fn join(th: &mut Thread, a: Gc<Str>, b: Gc<Str>) -> Result<Gc<Str>> {
    match th.concat_str(a, b) {
        Some(s) => Ok(s),
        None => Err(th.memory_error()),
    }
}

/// Iterates over a template's parts that are not empty.
#[repr(C)]
#[derive(NativeObject)]
pub struct TemplateIterator {
    head: NativeHeader,
    parts: Value,
    #[notrace]
    at: std::cell::Cell<usize>,
}

/// Template iterator object
#[pytype(name = "TemplateIter", module = "string.templatelib", table = TEMPLATE_ITERATOR)]
impl TemplateIterator {
    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn next(_: &mut Thread, this: Value) -> Result<Option<Value>> {
        let Some(it) = this.downcast::<TemplateIterator>() else {
            return Ok(None);
        };
        let i = it.at.get();
        it.at.set(i + 1);
        Ok(it.parts.downcast::<Tuple>().and_then(|t| t.get(i)))
    }
}
