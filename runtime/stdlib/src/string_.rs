//! `_string`: how templates of `str.format` are parsed, for `string.Formatter`.

use taipan_vm::format::template::{FieldName, First, Markup, Step};
use taipan_vm::object::{Gc, ValueVec};
use taipan_vm::types::str_::Str;
use taipan_vm::types::tuple::Tuple;
use taipan_vm::unicode::TextRef;
use taipan_vm::{Result, Thread, Value, pymodule};

/// The functions hang here.
pub struct StringHelpers;

fn text(th: &mut Thread, t: TextRef<'_>) -> Value {
    th.str_from_text(&t.to_text()).value()
}

fn expect(th: &mut Thread, v: Value) -> Result<Gc<Str>> {
    match v.downcast::<Str>() {
        Some(s) => Ok(s),
        None => {
            let got = th.type_name(v);
            Err(th.type_error(format!("expected str, got {got}")))
        }
    }
}

/// string helper module
#[pymodule(name = "_string")]
impl StringHelpers {
    /// split the argument as a field name
    #[pyfunction]
    fn formatter_field_name_split(th: &mut Thread, string: Value) -> Result<Gc<Tuple>> {
        let s = expect(th, string)?;
        let r = FieldName::split(s.text_ref());
        let (first, steps) = th.format_result(r)?;
        let first = match first {
            First::Auto => th.empty_str().value(),
            First::Index(i) => th.int(i as i64),
            First::Name(n) => text(th, n),
        };
        let out = ValueVec::new();
        for step in steps {
            let (attribute, key) = match th.format_result(step)? {
                Step::Attribute(n) => (true, text(th, n)),
                Step::Index(i) => (false, th.int(i as i64)),
                Step::Key(k) => (false, text(th, k)),
            };
            let attribute = th.bool(attribute);
            let pair = th.new_tuple(&[attribute, key]).value();
            th.push(&out, pair)?;
        }
        let list = th.list_from_vec(out).value();
        let rest = th.iter(list)?;
        Ok(th.new_tuple(&[first, rest]))
    }

    /// parse the argument as a format string
    #[pyfunction]
    fn formatter_parser(th: &mut Thread, string: Value) -> Result {
        let s = expect(th, string)?;
        let out = ValueVec::new();
        let none = th.none();
        for piece in Markup::new(s.text_ref()) {
            let piece = th.format_result(piece)?;
            let literal = text(th, piece.literal);
            let row = match piece.field {
                None => [literal, none, none, none],
                Some(f) => {
                    let name = text(th, f.name);
                    let spec = text(th, f.spec);
                    let conversion = match f.conversion {
                        Some(c) => th.str_from_char(c).value(),
                        None => none,
                    };
                    [literal, name, spec, conversion]
                }
            };
            let row = th.new_tuple(&row).value();
            th.push(&out, row)?;
        }
        let list = th.list_from_vec(out).value();
        th.iter(list)
    }
}
