//! Python objects as trees of the compiler. Fields are checked against the grammar.

use taipan_bytecode::code::Constant;
use taipan_lower::asdl::grammar::{GRAMMAR, constructor};
use taipan_lower::asdl::{Field, Node, Span};

use crate::Thread;
use crate::object::{Gc, Raised, Result, Value};
use crate::types::bytes::Bytes;
use crate::types::dict::Dict;
use crate::types::list::List;
use crate::types::str_::Str;
use crate::types::tuple::Tuple;
use crate::types::type_::Type;
use crate::types::{T, int};

struct Reader {
    classes: Gc<Dict>,
}

/// The tree of a node.
pub(super) fn node(th: &mut Thread, v: Value) -> Result<Node> {
    let classes = super::classes(th)?;
    Reader { classes }.node(th, v, "mod")
}

#[cold]
fn no_such_sort(th: &mut Thread, sort: &str, v: Value) -> Raised {
    let repr = match th.repr(v) {
        Ok(r) => r.to_string_lossy(),
        Err(e) => return e,
    };
    th.type_error(format!("expected some sort of {sort}, but got {repr}"))
}

impl Reader {
    /// The constructor among a sort's ones that a node is an instance of, as the grammar has it.
    fn kind(&self, th: &mut Thread, v: Value, sort: &str) -> Result<&'static str> {
        if let Some(kind) = GRAMMAR.iter().find(|k| k.name == sort) {
            let class = th.class_of(v);
            for &text in kind.constructors {
                let name = text.split('(').next().unwrap_or(text);
                let known = th.dict_get_text(self.classes, name);
                if known
                    .and_then(|c| c.downcast::<Type>())
                    .is_some_and(|c| class.is_subtype(c))
                {
                    return Ok(text);
                }
            }
        }
        Err(no_such_sort(th, sort, v))
    }

    fn node(&self, th: &mut Thread, v: Value, sort: &'static str) -> Result<Node> {
        th.check_native_stack(" during compilation")?;
        let positioned = GRAMMAR
            .iter()
            .any(|k| k.name == sort && !k.attributes.is_empty());
        let span = match positioned {
            true => Some(span(th, v, sort)?),
            false => None,
        };
        let (kind, types) = constructor(self.kind(th, v, sort)?);
        let mut fields = Vec::with_capacity(types.len());
        for (type_, name) in types {
            let f = self.field(th, v, kind, type_, name)?;
            fields.push((name, f));
        }
        Ok(Node { kind, fields, span })
    }

    fn field(
        &self,
        th: &mut Thread,
        this: Value,
        kind: &str,
        type_: &'static str,
        name: &'static str,
    ) -> Result<Field> {
        let v = th.get_attr_str_option(this, name)?;
        if let Some(item) = type_.strip_suffix('*') {
            let Some(v) = v else {
                return Ok(Field::List(Vec::new()));
            };
            let Some(l) = v.downcast::<List>() else {
                let got = th.class_of(v).name_text();
                return Err(th.type_error(format!(
                    "{kind} field \"{name}\" must be a list, not a {got}"
                )));
            };
            let mut out = Vec::with_capacity(l.items.len());
            let len = l.items.len();
            for i in 0..len {
                let Some(v) = l.items.get(i) else { break };
                out.push(if th.is_none(v) {
                    Field::None
                } else {
                    self.value(th, v, item.trim_end_matches('?'))?
                });
                if l.items.len() != len {
                    return Err(th.runtime_error(format!(
                        "{kind} field \"{name}\" changed size during iteration"
                    )));
                }
            }
            return Ok(Field::List(out));
        }
        let optional = type_.ends_with('?');
        let plain = type_.trim_end_matches('?');
        let Some(v) = v else {
            if optional {
                return Ok(Field::None);
            }
            return Err(th.type_error(format!("required field \"{name}\" missing from {kind}")));
        };
        if th.is_none(v) && plain != "constant" {
            if optional {
                return Ok(Field::None);
            }
            return Err(th.value_error(format!("field '{name}' is required for {kind}")));
        }
        self.value(th, v, plain)
    }

    fn value(&self, th: &mut Thread, v: Value, type_: &'static str) -> Result<Field> {
        match type_ {
            "identifier" | "string" => match v.downcast::<Str>().filter(|_| th.is_exact(v, T::Str))
            {
                Some(s) => Ok(Field::Name(s.to_string_lossy())),
                None => Err(th.type_error(format!("AST {type_} must be of type str"))),
            },
            "int" => match int::to_i64(v) {
                Some(i) => Ok(Field::Int(i)),
                None => {
                    let repr = th.repr(v)?.to_string_lossy();
                    Err(th.value_error(format!("invalid integer value: {repr}")))
                }
            },
            "constant" => constant(th, v).map(Field::Constant),
            "expr_context" | "boolop" | "operator" | "unaryop" | "cmpop" => {
                self.kind(th, v, type_).map(Field::Singleton)
            }
            sort => Ok(self.node(th, v, sort)?.into()),
        }
    }
}

fn number(th: &mut Thread, v: Value, name: &str, sort: &str, default: Option<u32>) -> Result<i64> {
    let found = th.get_attr_str_option(v, name)?;
    match (found, default) {
        (Some(n), Some(d)) if th.is_none(n) => Ok(i64::from(d)),
        (None, Some(d)) => Ok(i64::from(d)),
        (None, None) => {
            Err(th.type_error(format!("required field \"{name}\" missing from {sort}")))
        }
        (Some(n), _) => match int::to_i64(n) {
            Some(i) if i32::try_from(i).is_ok() => Ok(i),
            Some(_) => Err(th.overflow_error("Python int too large to convert to C int")),
            None => {
                let repr = th.repr(n)?.to_string_lossy();
                Err(th.value_error(format!("invalid integer value: {repr}")))
            }
        },
    }
}

fn span(th: &mut Thread, v: Value, sort: &str) -> Result<Span> {
    let line = number(th, v, "lineno", sort, None)?;
    let column = number(th, v, "col_offset", sort, None)?;
    let end_line = number(th, v, "end_lineno", sort, Some(line.max(0) as u32))?;
    let end_column = number(th, v, "end_col_offset", sort, Some(column.max(0) as u32))?;
    if line > end_line {
        return Err(th.value_error(format!(
            "AST node line range ({line}, {end_line}) is not valid"
        )));
    }
    if (line < 0 && end_line != line) || (column < 0 && column != end_column) {
        return Err(th.value_error(format!(
            "AST node column range ({column}, {end_column}) for line range ({line}, {end_line}) is not valid"
        )));
    }
    if line == end_line && column > end_column {
        return Err(th.value_error(format!(
            "line {line}, column {column}-{end_column} is not a valid range"
        )));
    }
    Ok(Span {
        line: line.max(0) as u32,
        column: column.max(0) as u32,
        end_line: end_line.max(0) as u32,
        end_column: end_column.max(0) as u32,
    })
}

fn constant(th: &mut Thread, v: Value) -> Result<Constant> {
    th.check_native_stack(" during compilation")?;
    if th.is_none(v) {
        return Ok(Constant::None);
    }
    if v.is(th.ellipsis()) {
        return Ok(Constant::Ellipsis);
    }
    if th.is_exact(v, T::Bool) {
        return th.truth(v).map(Constant::Bool);
    }
    if th.is_exact(v, T::Int) {
        if let Some(i) = int::to_i64(v) {
            return Ok(Constant::Int(i));
        }
        let big = int::to_ibig(v).unwrap_or_default();
        let (sign, magnitude) = big.into_parts();
        return Ok(Constant::BigInt {
            negative: sign == dashu_int::Sign::Negative,
            magnitude: magnitude.to_le_bytes().to_vec(),
        });
    }
    if th.is_exact(v, T::Float) {
        return Ok(Constant::Float(th.to_f64(v)?.to_bits()));
    }
    if th.is_exact(v, T::Complex) {
        let z = th.to_complex(v)?;
        return Ok(Constant::Complex(z.re.to_bits(), z.im.to_bits()));
    }
    if th.is_exact(v, T::Str)
        && let Some(s) = v.downcast::<Str>()
    {
        return Ok(Constant::Str(s.to_wtf8()));
    }
    if th.is_exact(v, T::Bytes)
        && let Some(b) = v.downcast::<Bytes>()
    {
        return Ok(Constant::Bytes(b.as_slice().to_vec()));
    }
    if th.is_exact(v, T::Tuple)
        && let Some(t) = v.downcast::<Tuple>()
    {
        let all = t.as_slice().iter().map(|v| constant(th, *v));
        return Ok(Constant::Tuple(all.collect::<Result<_>>()?));
    }
    if th.is_exact(v, T::FrozenSet) {
        let mut all = Vec::new();
        th.for_each(v, |th, v| {
            all.push(constant(th, v)?);
            Ok(())
        })?;
        return Ok(Constant::FrozenSet(all));
    }
    let got = th.class_of(v).name_text();
    Err(th.type_error(format!("got an invalid type in Constant: {got}")))
}
