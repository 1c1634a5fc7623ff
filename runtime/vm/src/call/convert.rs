//! Conversion of arguments and results between Python values and Rust types.

use super::{ArgContext, Signature};
use crate::Thread;
use crate::object::{Gc, HeapObject, Raised, Result, Value};
use crate::types::dict::Dict;
use crate::types::tuple::Tuple;

/// A Rust type that a parameter can have.
pub trait FromArg: Sized {
    /// Converts an argument (None: not given). Raises TypeError, OverflowError, …
    fn from_arg(th: &mut Thread, context: ArgContext, v: Option<Value>) -> Result<Self>;
}

/// A Rust type that a receiver can have.
pub trait FromReceiver: Sized {
    /// Converts the receiver of a method.
    fn from_receiver(
        th: &mut Thread,
        signature: &'static Signature,
        v: Option<Value>,
    ) -> Result<Self>;
    /// Converts the receiver of an attribute.
    fn from_attribute(th: &mut Thread, name: &'static str, v: Value) -> Result<Self>;
}

/// A Rust type that a native function can return.
pub trait IntoReturn {
    /// Converts a result.
    fn into_return(self, th: &mut Thread) -> Result;
}

/// A missing argument that the signature should have reported.
#[cold]
fn missing(th: &mut Thread, c: ArgContext) -> Raised {
    let name = c.signature.params.get(c.index).map_or("?", |p| p.name);
    th.type_error(format!(
        "{}() missing required argument '{name}' (pos {})",
        c.signature.name,
        c.index + 1
    ))
}

/// `f() argument 'name' must be T, not U`, or without a name for positional-only parameters.
#[cold]
pub(crate) fn wrong_type(th: &mut Thread, c: ArgContext, wanted: &str, v: Value) -> Raised {
    let got = th.type_name_for_error(v);
    let message = match c.signature.params {
        [p] if p.kind == super::ParamKind::PositionalOnly => {
            format!(
                "{}() argument must be {wanted}, not {got}",
                c.signature.name
            )
        }
        params => match params.get(c.index) {
            Some(p) if p.kind != super::ParamKind::PositionalOnly => {
                format!(
                    "{}() argument '{}' must be {wanted}, not {got}",
                    c.signature.name, p.name
                )
            }
            _ => format!(
                "{}() argument {} must be {wanted}, not {got}",
                c.signature.name,
                c.index + 1
            ),
        },
    };
    th.type_error(message)
}

impl FromArg for Value {
    #[inline(always)]
    fn from_arg(th: &mut Thread, c: ArgContext, v: Option<Value>) -> Result<Value> {
        match v {
            Some(v) => Ok(v),
            None => Err(missing(th, c)),
        }
    }
}

impl<T: FromArg> FromArg for Option<T> {
    #[inline(always)]
    fn from_arg(th: &mut Thread, c: ArgContext, v: Option<Value>) -> Result<Self> {
        match v {
            Some(_) => T::from_arg(th, c, v).map(Some),
            None => Ok(None),
        }
    }
}

impl<T: HeapObject + crate::types::Named> FromArg for Gc<T> {
    #[inline]
    fn from_arg(th: &mut Thread, c: ArgContext, v: Option<Value>) -> Result<Self> {
        let v = Value::from_arg(th, c, v)?;
        match v.downcast::<T>() {
            Some(p) => Ok(p),
            None => Err(wrong_type(th, c, T::NAME, v)),
        }
    }
}

impl FromArg for f64 {
    #[inline]
    fn from_arg(th: &mut Thread, c: ArgContext, v: Option<Value>) -> Result<Self> {
        let v = Value::from_arg(th, c, v)?;
        th.to_f64(v)
    }
}

impl FromArg for bool {
    #[inline]
    fn from_arg(th: &mut Thread, c: ArgContext, v: Option<Value>) -> Result<Self> {
        let v = Value::from_arg(th, c, v)?;
        th.truth(v)
    }
}

impl FromArg for i64 {
    #[inline]
    fn from_arg(th: &mut Thread, c: ArgContext, v: Option<Value>) -> Result<Self> {
        let v = Value::from_arg(th, c, v)?;
        match v.as_int() {
            Some(i) => Ok(i),
            None => th.index_i64(v, "Python int too large to convert to C long"),
        }
    }
}

impl FromArg for isize {
    #[inline]
    fn from_arg(th: &mut Thread, c: ArgContext, v: Option<Value>) -> Result<Self> {
        let v = Value::from_arg(th, c, v)?;
        match v.as_int() {
            Some(i) => Ok(i as isize),
            None => th
                .index_i64(v, "Python int too large to convert to C ssize_t")
                .map(|i| i as isize),
        }
    }
}

impl FromArg for i32 {
    fn from_arg(th: &mut Thread, c: ArgContext, v: Option<Value>) -> Result<Self> {
        let i = i64::from_arg(th, c, v)?;
        match i32::try_from(i) {
            Ok(i) => Ok(i),
            Err(_) if i > 0 => Err(th.overflow_error("signed integer is greater than maximum")),
            Err(_) => Err(th.overflow_error("signed integer is less than minimum")),
        }
    }
}

impl FromArg for usize {
    fn from_arg(th: &mut Thread, c: ArgContext, v: Option<Value>) -> Result<Self> {
        let i = isize::from_arg(th, c, v)?;
        match usize::try_from(i) {
            Ok(i) => Ok(i),
            Err(_) => Err(th.value_error("value must be positive")),
        }
    }
}

impl FromArg for u32 {
    fn from_arg(th: &mut Thread, c: ArgContext, v: Option<Value>) -> Result<Self> {
        let i = i64::from_arg(th, c, v)?;
        match u32::try_from(i) {
            Ok(i) => Ok(i),
            Err(_) => Err(th.overflow_error("Python int too large to convert to C unsigned int")),
        }
    }
}

/// An index argument (`__index__`), clamped to the range of `isize` instead of overflowing; for
/// slice-like bounds. `None` counts as not given.
#[derive(Clone, Copy, Debug)]
pub struct Index(pub isize);

impl FromArg for Index {
    fn from_arg(th: &mut Thread, c: ArgContext, v: Option<Value>) -> Result<Self> {
        let v = Value::from_arg(th, c, v)?;
        match v.as_int() {
            Some(i) => Ok(Index(i as isize)),
            None if th.class_of(v).slots().index.is_none() => {
                Err(th.type_error("slice indices must be integers or have an __index__ method"))
            }
            None => th.index_clamped(v).map(Index),
        }
    }
}

/// `*args` of a native function.
#[derive(Clone, Copy)]
pub struct VarArgs(pub Gc<Tuple>);

impl FromArg for VarArgs {
    fn from_arg(th: &mut Thread, c: ArgContext, v: Option<Value>) -> Result<Self> {
        match v.and_then(|v| v.downcast::<Tuple>()) {
            Some(t) => Ok(VarArgs(t)),
            None => Err(missing(th, c)),
        }
    }
}

/// `**kwargs` of a native function: a new dict.
#[derive(Clone, Copy)]
pub struct KwArgs(pub Gc<Dict>);

impl FromArg for KwArgs {
    fn from_arg(th: &mut Thread, c: ArgContext, v: Option<Value>) -> Result<Self> {
        match v.and_then(|v| v.downcast::<Dict>()) {
            Some(d) => Ok(KwArgs(d)),
            None => Err(missing(th, c)),
        }
    }
}

impl FromReceiver for Value {
    #[inline(always)]
    fn from_receiver(th: &mut Thread, s: &'static Signature, v: Option<Value>) -> Result<Self> {
        match v {
            Some(v) => Ok(v),
            None => Err(th.type_error(format!("unbound method {}() needs an argument", s.name))),
        }
    }
    #[inline(always)]
    fn from_attribute(_: &mut Thread, _: &'static str, v: Value) -> Result<Self> {
        Ok(v)
    }
}

impl<T: HeapObject> FromReceiver for Gc<T> {
    #[inline(always)]
    fn from_receiver(th: &mut Thread, s: &'static Signature, v: Option<Value>) -> Result<Self> {
        match v.and_then(|v| v.downcast::<T>()) {
            Some(p) => Ok(p),
            None => Err(wrong_receiver(th, s.name, v)),
        }
    }
    #[inline(always)]
    fn from_attribute(th: &mut Thread, name: &'static str, v: Value) -> Result<Self> {
        match v.downcast::<T>() {
            Some(p) => Ok(p),
            None => Err(wrong_receiver(th, name, Some(v))),
        }
    }
}

#[cold]
fn wrong_receiver(th: &mut Thread, name: &str, v: Option<Value>) -> Raised {
    let got = match v {
        Some(v) => th.type_name(v),
        None => "nothing".into(),
    };
    th.type_error(format!(
        "descriptor '{name}' doesn't apply to a '{got}' object"
    ))
}

impl IntoReturn for Value {
    #[inline(always)]
    fn into_return(self, _: &mut Thread) -> Result {
        Ok(self)
    }
}
impl<T: HeapObject> IntoReturn for Gc<T> {
    #[inline(always)]
    fn into_return(self, _: &mut Thread) -> Result {
        Ok(self.value())
    }
}
impl IntoReturn for () {
    #[inline(always)]
    fn into_return(self, th: &mut Thread) -> Result {
        Ok(th.none())
    }
}
impl IntoReturn for bool {
    #[inline(always)]
    fn into_return(self, th: &mut Thread) -> Result {
        Ok(th.bool(self))
    }
}
impl IntoReturn for i64 {
    #[inline(always)]
    fn into_return(self, th: &mut Thread) -> Result {
        Ok(th.int(self))
    }
}
impl IntoReturn for i32 {
    #[inline(always)]
    fn into_return(self, _: &mut Thread) -> Result {
        Ok(Value::small(self))
    }
}
impl IntoReturn for u32 {
    #[inline(always)]
    fn into_return(self, th: &mut Thread) -> Result {
        Ok(th.int(self as i64))
    }
}
impl IntoReturn for isize {
    #[inline(always)]
    fn into_return(self, th: &mut Thread) -> Result {
        Ok(th.int(self as i64))
    }
}
impl IntoReturn for usize {
    #[inline(always)]
    fn into_return(self, th: &mut Thread) -> Result {
        Ok(th.int_from_u64(self as u64))
    }
}
impl IntoReturn for u64 {
    #[inline(always)]
    fn into_return(self, th: &mut Thread) -> Result {
        Ok(th.int_from_u64(self))
    }
}
impl IntoReturn for f64 {
    #[inline(always)]
    fn into_return(self, th: &mut Thread) -> Result {
        Ok(th.float(self))
    }
}
impl IntoReturn for String {
    fn into_return(self, th: &mut Thread) -> Result {
        Ok(th.new_str(&self).value())
    }
}
impl IntoReturn for &str {
    fn into_return(self, th: &mut Thread) -> Result {
        Ok(th.new_str(self).value())
    }
}
impl<T: IntoReturn> IntoReturn for Option<T> {
    #[inline(always)]
    fn into_return(self, th: &mut Thread) -> Result {
        match self {
            Some(x) => x.into_return(th),
            None => Ok(th.none()),
        }
    }
}
impl<T: IntoReturn> IntoReturn for Result<T> {
    #[inline(always)]
    fn into_return(self, th: &mut Thread) -> Result {
        self.and_then(|x| x.into_return(th))
    }
}

/// An optional bound of a search or slice: absent or None, or an index clamped to `isize`.
#[derive(Clone, Copy, Debug)]
pub struct Bound(pub Option<isize>);

impl FromArg for Bound {
    fn from_arg(th: &mut Thread, _: ArgContext, v: Option<Value>) -> Result<Self> {
        match th.not_none(v) {
            None => Ok(Bound(None)),
            Some(v) => crate::types::slice::slice_index(th, v).map(|i| Bound(Some(i))),
        }
    }
}
