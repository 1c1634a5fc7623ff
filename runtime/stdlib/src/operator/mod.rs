//! `_operator`: the operators as functions, and the callables that fetch items, attributes and
//! methods.

mod getters;
mod operators;

use taipan_vm::call::{Args, VarArgs};
use taipan_vm::object::slots::CompareOp;
use taipan_vm::protocol::arith::BinaryOp;
use taipan_vm::types::bytes::Bytes;
use taipan_vm::types::str_::Str;
use taipan_vm::{Result, Thread, Value, pymodule};

/// The functions hang here.
pub struct Operator;

fn is_sequence(th: &Thread, v: Value) -> bool {
    let class = th.class_of(v);
    class.slots().getitem.is_some()
        && !class.has(taipan_vm::types::type_::flags::MAPPING)
        && v.downcast::<taipan_vm::types::dict::Dict>().is_none()
}

fn concat(th: &mut Thread, a: Value, b: Value, inplace: bool) -> Result {
    let class = th.class_of(a);
    let slots = class.slots();
    let f = if inplace {
        slots.inplace_concat.or(slots.concat)
    } else {
        slots.concat
    };
    if let Some(f) = f {
        return f(th, a, b);
    }
    if is_sequence(th, a) && is_sequence(th, b) {
        return if inplace {
            th.inplace(BinaryOp::Add, a, b)
        } else {
            th.binary(BinaryOp::Add, a, b)
        };
    }
    let got = th.type_name(a);
    Err(th.type_error(format!("'{got}' object can't be concatenated")))
}

/// Same text or bytes, in a time that does not depend on where they differ.
fn same_bytes(a: &[u8], b: &[u8]) -> bool {
    let mut difference = (a.len() != b.len()) as u8;
    let a = if a.len() == b.len() { a } else { b };
    for (x, y) in a.iter().zip(b) {
        difference |= x ^ y;
    }
    std::hint::black_box(difference) == 0
}

/// Operator interface.
///
/// This module exports a set of functions implemented in C corresponding
/// to the intrinsic operators of Python.  For example, operator.add(x, y)
/// is equivalent to the expression x+y.
#[pymodule(
    name = "_operator",
    types = [getters::ITEMGETTER_TYPE, getters::ATTRGETTER_TYPE, getters::METHODCALLER_TYPE],
    more = [&operators::FUNCTIONS]
)]
impl Operator {
    /// Return True if a is true, False otherwise.
    #[pyfunction]
    fn truth(th: &mut Thread, a: Value) -> Result<bool> {
        th.truth(a)
    }

    /// Same as not a.
    #[pyfunction(name = "not_")]
    fn not(th: &mut Thread, a: Value) -> Result<bool> {
        Ok(!th.truth(a)?)
    }

    /// Same as a is b.
    #[pyfunction(name = "is_")]
    fn is(_: &mut Thread, a: Value, b: Value) -> Result<bool> {
        Ok(a.is(b))
    }

    /// Same as a is not b.
    #[pyfunction]
    fn is_not(_: &mut Thread, a: Value, b: Value) -> Result<bool> {
        Ok(!a.is(b))
    }

    /// Same as a is None.
    #[pyfunction]
    fn is_none(th: &mut Thread, a: Value) -> Result<bool> {
        Ok(th.is_none(a))
    }

    /// Same as a is not None.
    #[pyfunction]
    fn is_not_none(th: &mut Thread, a: Value) -> Result<bool> {
        Ok(!th.is_none(a))
    }

    /// Return the absolute value of the argument.
    #[pyfunction(name = "abs")]
    fn absolute(th: &mut Thread, a: Value) -> Result {
        match th.class_of(a).slots().absolute {
            Some(f) => f(th, a),
            None => {
                let got = th.type_name(a);
                Err(th.type_error(format!("bad operand type for abs(): '{got}'")))
            }
        }
    }

    /// Same as a.__index__()
    #[pyfunction]
    fn index(th: &mut Thread, a: Value) -> Result {
        th.index(a)
    }

    /// Same as a + b, for a and b sequences.
    #[pyfunction(name = "concat")]
    fn concatenate(th: &mut Thread, a: Value, b: Value) -> Result {
        concat(th, a, b, false)
    }

    /// Same as a += b, for a and b sequences.
    #[pyfunction]
    fn iconcat(th: &mut Thread, a: Value, b: Value) -> Result {
        concat(th, a, b, true)
    }

    /// Same as b in a (note reversed operands).
    #[pyfunction]
    fn contains(th: &mut Thread, a: Value, b: Value) -> Result<bool> {
        th.contains(a, b)
    }

    /// Same as a[b].
    #[pyfunction]
    fn getitem(th: &mut Thread, a: Value, b: Value) -> Result {
        th.get_item(a, b)
    }

    /// Same as a[b] = c.
    #[pyfunction]
    fn setitem(th: &mut Thread, a: Value, b: Value, c: Value) -> Result<()> {
        th.set_item(a, b, c)
    }

    /// Same as del a[b].
    #[pyfunction]
    fn delitem(th: &mut Thread, a: Value, b: Value) -> Result<()> {
        th.del_item(a, b)
    }

    /// Return the number of items in a which are, or which equal, b.
    #[pyfunction(name = "countOf")]
    fn count_of(th: &mut Thread, a: Value, b: Value) -> Result<usize> {
        let mut n = 0;
        iterable(th, a)?;
        th.for_each(a, |th, v| {
            if v.is(b) || th.compare_bool(v, b, CompareOp::Eq)? {
                n += 1;
            }
            Ok(())
        })?;
        Ok(n)
    }

    /// Return the first index of b in a.
    #[pyfunction(name = "indexOf")]
    fn index_of(th: &mut Thread, a: Value, b: Value) -> Result<usize> {
        iterable(th, a)?;
        let it = th.iter(a)?;
        let mut i = 0;
        while let Some(v) = th.next(it)? {
            if v.is(b) || th.compare_bool(v, b, CompareOp::Eq)? {
                return Ok(i);
            }
            i += 1;
        }
        Err(th.value_error("sequence.index(x): x not in sequence"))
    }

    /// Return an estimate of the number of items in obj.
    ///
    /// This is useful for presizing containers when building from an iterable.
    ///
    /// If the object supports len(), the result will be exact.
    /// Otherwise, it may over- or under-estimate by an arbitrary amount.
    /// The result will be an integer >= 0.
    #[pyfunction(sig = "(obj, default=0, /)")]
    fn length_hint(th: &mut Thread, obj: Value, default: Option<i64>) -> Result {
        let default = default.unwrap_or(0);
        if th.class_of(obj).slots().len.is_some() {
            match th.len(obj) {
                Ok(n) => return Ok(th.int(n as i64)),
                Err(e) => {
                    if !th.pending_matches(taipan_vm::types::ExceptionClass::TypeError) {
                        return Err(e);
                    }
                    th.clear_pending();
                }
            }
        }
        let name = th.names().__length_hint__;
        let hint = match th.call_special(obj, name, &[]) {
            Ok(Some(r)) if !r.is(th.not_implemented()) => r,
            Ok(_) => return Ok(th.int(default)),
            Err(e) => {
                if !th.pending_matches(taipan_vm::types::ExceptionClass::TypeError) {
                    return Err(e);
                }
                th.clear_pending();
                return Ok(th.int(default));
            }
        };
        if !taipan_vm::types::int::is_int(hint) {
            let got = th.type_name(hint);
            return Err(th.type_error(format!("__length_hint__ must be an integer, not {got}")));
        }
        if taipan_vm::types::int::is_negative(hint) {
            return Err(th.value_error("__length_hint__() should return >= 0"));
        }
        Ok(hint)
    }

    /// Same as obj(*args, **kwargs).
    #[pyfunction(raw, sig = "(obj, /, *args, **kwargs)")]
    fn call(th: &mut Thread, args: Args<'_>) -> Result {
        match args.positionals().first() {
            Some(f) => th.call_args(*f, args.skip_first()),
            None => Err(th.type_error("call expected at least 1 argument, got 0")),
        }
    }

    /// Return 'a == b'.
    ///
    /// This function uses an approach designed to prevent
    /// timing analysis, making it appropriate for cryptography.
    ///
    /// a and b must both be of the same type: either str (ASCII only),
    /// or any bytes-like object.
    ///
    /// Note: If a and b are of different lengths, or if an error occurs,
    /// a timing attack could theoretically reveal information about the
    /// types and lengths of a and b--but not their values.
    #[pyfunction]
    fn _compare_digest(th: &mut Thread, a: Value, b: Value) -> Result<bool> {
        if let (Some(x), Some(y)) = (a.downcast::<Str>(), b.downcast::<Str>()) {
            return match (x.as_ascii(), y.as_ascii()) {
                (Some(x), Some(y)) => Ok(same_bytes(x.as_bytes(), y.as_bytes())),
                _ => {
                    Err(th
                        .type_error("comparing strings with non-ASCII characters is not supported"))
                }
            };
        }
        if let (Some(x), Some(y)) = (a.downcast::<Bytes>(), b.downcast::<Bytes>()) {
            return Ok(same_bytes(x.as_slice(), y.as_slice()));
        }
        match (th.bytes_like(a)?, th.bytes_like(b)?) {
            (Some(x), Some(y)) => Ok(same_bytes(&x, &y)),
            _ => {
                let (x, y) = (th.type_name(a), th.type_name(b));
                Err(th.type_error(format!(
                    "unsupported operand types(s) or combination of types: '{x}' and '{y}'"
                )))
            }
        }
    }
}

fn iterable(th: &mut Thread, v: Value) -> Result<()> {
    let class = th.class_of(v);
    let slots = class.slots();
    if slots.iter.is_none() && slots.getitem.is_none() {
        let got = th.type_name(v);
        return Err(th.type_error(format!("argument of type '{got}' is not iterable")));
    }
    Ok(())
}

/// The arguments behind the class of a constructor, which takes no keywords.
fn plain_arguments(th: &mut Thread, args: &Args<'_>, name: &str) -> Result<VarArgs> {
    if args.keyword_count() > 0 {
        return Err(th.type_error(format!("{name}() takes no keyword arguments")));
    }
    let rest = args.skip_first();
    if rest.values.is_empty() {
        return Err(th.type_error(format!("{name} expected 1 argument, got 0")));
    }
    Ok(VarArgs(th.new_tuple(rest.values)))
}
