//! The calling convention and how native functions receive their arguments.
//!
//! Every callable is called with one convention: a slice of positional arguments followed by
//! keyword values, and an optional tuple that names the latter. Native functions are rows of
//! static tables ([`MethodDef`]) whose shims bind and convert by [`Signature`].

mod bind;
pub mod buffer;
mod convert;
pub mod invoke;

pub use bind::bind;
pub use convert::{Bound, FromArg, FromReceiver, Index, IntoReturn, KwArgs, VarArgs};

use crate::Thread;
use crate::object::{Gc, Result, Value};
use crate::types::tuple::Tuple;

/// Arguments of a call.
#[derive(Clone, Copy)]
pub struct Args<'a> {
    /// Positional arguments, then the keywords' values.
    pub values: &'a [Value],
    /// Names of the last arguments.
    pub kwnames: Option<Gc<Tuple>>,
}

impl<'a> Args<'a> {
    /// Positional arguments only.
    pub fn positional(values: &'a [Value]) -> Args<'a> {
        Args {
            values,
            kwnames: None,
        }
    }

    /// Number of keyword arguments.
    pub fn keyword_count(&self) -> usize {
        self.kwnames.map_or(0, |k| k.len())
    }

    /// The positional arguments.
    pub fn positionals(&self) -> &'a [Value] {
        &self.values[..self.values.len() - self.keyword_count()]
    }

    /// The keyword arguments: name and value.
    pub fn keywords(&self) -> impl Iterator<Item = (Value, Value)> + 'a {
        let values: &'a [Value] = &self.values[self.values.len() - self.keyword_count()..];
        let names = self.kwnames;
        values
            .iter()
            .enumerate()
            .filter_map(move |(i, v)| Some((names?.get(i)?, *v)))
    }

    /// Without the first positional argument.
    pub fn skip_first(&self) -> Args<'a> {
        Args {
            values: self.values.get(1..).unwrap_or(&[]),
            kwnames: self.kwnames,
        }
    }
}

/// A native function.
pub type NativeFn = fn(&mut Thread, Args<'_>) -> Result;
/// Setter of a native attribute; None deletes.
pub type SetterFn = fn(&mut Thread, Value, Option<Value>) -> Result<()>;
/// Getter of a native attribute.
pub type GetterFn = fn(&mut Thread, Value) -> Result;

/// What a row of a method table is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MethodKind {
    /// Receives the instance first.
    Method,
    /// Receives the class first.
    ClassMethod,
    /// Receives only its arguments.
    StaticMethod,
    /// A module's function.
    Function,
    /// A constructor: receives the class first.
    New,
}

/// One native function.
#[derive(Clone, Copy)]
pub struct MethodDef {
    /// Python name.
    pub name: &'static str,
    /// The shim.
    pub func: NativeFn,
    /// What it is.
    pub kind: MethodKind,
    /// Its parameters; None for functions that take the raw arguments.
    pub signature: Option<&'static Signature>,
    /// For `__text_signature__`.
    pub text_signature: Option<&'static str>,
    /// Docstring.
    pub doc: &'static str,
}

/// One native attribute.
pub struct GetSetDef {
    /// Python name.
    pub name: &'static str,
    /// Getter.
    pub get: GetterFn,
    /// Setter; None for read-only attributes.
    pub set: Option<SetterFn>,
    /// A `member_descriptor` to Python, as fields of CPython's objects are.
    pub member: bool,
    /// Docstring.
    pub doc: &'static str,
}

/// How a parameter may be passed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ParamKind {
    /// By position only.
    PositionalOnly,
    /// Either way.
    PositionalOrKeyword,
    /// By keyword only.
    KeywordOnly,
    /// Takes the remaining positional arguments.
    VarArgs,
    /// Takes the remaining keywords.
    VarKeywords,
}

/// A parameter of a native function.
#[derive(Debug)]
pub struct Param {
    /// Name.
    pub name: &'static str,
    /// How it may be passed.
    pub kind: ParamKind,
    /// Without default.
    pub required: bool,
}

/// The parameters of a native function.
#[derive(Debug)]
pub struct Signature {
    /// Name of the function, for errors.
    pub name: &'static str,
    /// Does slot 0 hold a receiver (not among `params`)?
    pub has_self: bool,
    /// The parameters in order.
    pub params: &'static [Param],
}

/// Which argument is being converted, for error messages.
#[derive(Clone, Copy)]
pub struct ArgContext {
    /// The function's signature.
    pub signature: &'static Signature,
    /// Index of the parameter, the receiver not counted.
    pub index: usize,
}
