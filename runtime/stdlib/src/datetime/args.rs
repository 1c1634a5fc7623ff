//! Arguments of constructors and of `replace`, with the texts of errors that these have.

use taipan_vm::Thread;
use taipan_vm::call::Args;
use taipan_vm::object::{Result, Value};
use taipan_vm::types::str_::text;

use super::zone;

/// Arguments by their names; the first `required` must be there, those from `positional` on are
/// keywords only.
pub fn named<const N: usize>(
    th: &mut Thread,
    args: Args<'_>,
    names: &[&str; N],
    required: usize,
    positional: usize,
) -> Result<[Option<Value>; N]> {
    let mut out = [None; N];
    let given = args.positionals();
    if given.len() > positional {
        let (n, kind) = (given.len(), if positional < N { "positional " } else { "" });
        return Err(th.type_error(format!(
            "function takes at most {positional} {kind}arguments ({n} given)"
        )));
    }
    for (slot, v) in out.iter_mut().zip(given) {
        *slot = Some(*v);
    }
    let mut unknown = None;
    for (k, v) in args.keywords() {
        let name = text(k).unwrap_or_default();
        let Some(i) = names.iter().position(|n| *n == name) else {
            unknown = Some(name);
            continue;
        };
        if out[i].is_some() {
            return Err(th.type_error(format!(
                "argument for function given by name ('{name}') and position ({})",
                i + 1
            )));
        }
        out[i] = Some(v);
    }
    if let Some(i) = out[..required].iter().position(Option::is_none) {
        return Err(th.type_error(format!(
            "function missing required argument '{}' (pos {})",
            names[i],
            i + 1
        )));
    }
    if let Some(name) = unknown {
        return Err(th.type_error(format!(
            "this function got an unexpected keyword argument '{name}'"
        )));
    }
    Ok(out)
}

/// A number, or the default.
pub fn number(th: &mut Thread, v: Option<Value>, default: i64) -> Result<i64> {
    let Some(v) = v else { return Ok(default) };
    let n = match v.as_int() {
        Some(n) => n,
        None => th.index_i64(v, "Python int too large to convert to C int")?,
    };
    if i32::try_from(n).is_ok() {
        return Ok(n);
    }
    Err(th.overflow_error(if n > 0 {
        "signed integer is greater than maximum"
    } else {
        "signed integer is less than minimum"
    }))
}

/// None or a tzinfo.
pub fn tzinfo(th: &mut Thread, v: Option<Value>, default: Value) -> Result {
    let Some(v) = v else { return Ok(default) };
    if th.is_none(v) || zone::is_tzinfo(v) {
        return Ok(v);
    }
    let got = th.type_name(v);
    Err(th.type_error(format!(
        "tzinfo argument must be None or of a tzinfo subclass, not type '{got}'"
    )))
}

/// 0 or 1.
pub fn fold(th: &mut Thread, v: Option<Value>, default: u8) -> Result<u8> {
    match number(th, v, default as i64)? {
        0 => Ok(0),
        1 => Ok(1),
        n => Err(th.value_error(format!("fold must be either 0 or 1, not {n}"))),
    }
}

/// Bytes of a pickle: as such, or as text from Python 2.
pub fn state(th: &mut Thread, v: Value, n: usize) -> Result<Option<Vec<u8>>> {
    let bytes = match text(v) {
        Some(s) => {
            if s.chars().count() != n {
                return Ok(None);
            }
            match s.chars().map(|c| u8::try_from(c as u32)).collect() {
                Ok(b) => b,
                Err(_) => return Ok(None),
            }
        }
        None if th.is_exact(v, taipan_vm::types::T::Bytes) => crate::buffer_bytes(th, v)?,
        None => return Ok(None),
    };
    Ok((bytes.len() == n).then_some(bytes))
}
