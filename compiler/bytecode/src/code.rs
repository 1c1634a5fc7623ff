//! Code objects as plain data: what the compiler makes, `.pyc` files hold, and the
//! virtual machine turns into Python code objects.
//!
//! Register layout: `0..varnames.len()` are the locals in CPython's `co_varnames` order
//! (positional-only and positional parameters, keyword-only, `*args`, `**kwargs`, then the
//! others). `cellvars` and `freevars` say in which register their cell lives: a cell variable
//! that is a parameter keeps its parameter's register (`MakeCell` wraps it in place), another has
//! a register of its own; free variables are fetched by `LoadClosure` in the prologue.

use crate::lazy::CodeRef;
use crate::positions::Positions;

/// Bits of `co_flags`, with CPython's values (Include/cpython/code.h).
pub mod co_flags {
    #![allow(missing_docs)]
    pub const OPTIMIZED: u32 = 0x1;
    pub const NEWLOCALS: u32 = 0x2;
    pub const VARARGS: u32 = 0x4;
    pub const VARKEYWORDS: u32 = 0x8;
    pub const NESTED: u32 = 0x10;
    pub const GENERATOR: u32 = 0x20;
    pub const COROUTINE: u32 = 0x80;
    pub const ITERABLE_COROUTINE: u32 = 0x100;
    pub const ASYNC_GENERATOR: u32 = 0x200;
    pub const FUTURE_BARRY_AS_BDFL: u32 = 0x400000;
    pub const FUTURE_GENERATOR_STOP: u32 = 0x800000;
    pub const FUTURE_ANNOTATIONS: u32 = 0x1000000;
    pub const HAS_DOCSTRING: u32 = 0x4000000;
    pub const METHOD: u32 = 0x8000000;
}

/// A constant of a code object.
#[derive(Clone, Debug, PartialEq)]
pub enum Constant {
    /// `None`
    None,
    /// `True` or `False`
    Bool(bool),
    /// `...`
    Ellipsis,
    /// An int of at most 64 bits.
    Int(i64),
    /// A wider int: its sign and its magnitude in little-endian bytes.
    BigInt {
        /// Below zero.
        negative: bool,
        /// Magnitude, least significant byte first, without leading zeros.
        magnitude: Vec<u8>,
    },
    /// A float, by its bits (so that NaN and -0.0 compare by identity of bits).
    Float(u64),
    /// A complex number, by the bits of its parts.
    Complex(u64, u64),
    /// A string as WTF-8 (UTF-8 that also encodes lone surrogates).
    Str(Vec<u8>),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A tuple of constants.
    Tuple(Vec<Constant>),
    /// A frozenset of constants (`x in {1, 2}`).
    FrozenSet(Vec<Constant>),
    /// A slice of constants.
    Slice(Box<[Constant; 3]>),
    /// The code of a function, class body, comprehension.
    Code(CodeRef),
}

/// A range of words that is guarded by a handler. Entries are ordered innermost first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Handler {
    /// First word covered.
    pub start: u32,
    /// First word no longer covered.
    pub end: u32,
    /// Word of the handler's `EnterHandler`.
    pub target: u32,
}

/// Source range of an instruction. Columns are UTF-8 byte offsets, as in `co_positions()`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct SourceRange {
    /// First line, from 1; 0 means "no location".
    pub line: u32,
    /// Last line.
    pub end_line: u32,
    /// First column, from 0.
    pub column: u32,
    /// Column after the last, from 0.
    pub end_column: u32,
}

/// A run of words with one source range. Runs are ordered and cover the whole code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PositionRun {
    /// First word of the run.
    pub start: u32,
    /// Its place in the source.
    pub range: SourceRange,
}

/// A compiled function, class body, module or comprehension.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct CodeObject {
    /// `co_name`
    pub name: String,
    /// `co_qualname`
    pub qualname: String,
    /// `co_filename`
    pub filename: String,
    /// `co_flags`
    pub flags: u32,
    /// Positional parameters, positional-only ones included.
    pub argcount: u32,
    /// Positional-only parameters.
    pub posonlyargcount: u32,
    /// Keyword-only parameters.
    pub kwonlyargcount: u32,
    /// Names of the locals; the index is the register.
    pub varnames: Vec<String>,
    /// Cell variables and the register that holds the cell.
    pub cellvars: Vec<(String, u16)>,
    /// Free variables in closure order, and the register that holds the cell.
    pub freevars: Vec<(String, u16)>,
    /// Size of the register window.
    pub registers: u16,
    /// Instructions.
    pub code: Vec<u64>,
    /// Constants. `consts[0]` is the docstring when `HAS_DOCSTRING` is set.
    pub consts: Vec<Constant>,
    /// Names of globals and attributes.
    pub names: Vec<String>,
    /// Exception table, innermost first.
    pub handlers: Vec<Handler>,
    /// Source ranges.
    pub positions: Positions,
    /// `co_firstlineno`
    pub first_line: u32,
    /// Kind of each feedback slot.
    pub feedback: Vec<crate::operand::FeedbackKind>,
}

impl CodeObject {
    /// Source range of the instruction at a word.
    pub fn position(&self, pc: u32) -> SourceRange {
        match self.positions.partition_point(|r| r.start <= pc) {
            0 => SourceRange::default(),
            i => self.positions[i - 1].range,
        }
    }

    /// The innermost handler that covers a word.
    pub fn handler(&self, pc: u32) -> Option<u32> {
        let h = self.handlers.iter().find(|h| h.start <= pc && pc < h.end)?;
        Some(h.target)
    }

    /// Of a generator: the handler around its body, which makes a RuntimeError of a StopIteration
    /// that leaves it. It is the last one.
    pub fn guard(&self) -> Option<u32> {
        self.handlers.iter().map(|h| h.target).max()
    }
}

macro_rules! intrinsics {
    ($(#[$m:meta])* $name:ident { $( $(#[$doc:meta])* $v:ident = $n:literal ),* $(,)? }) => {
        $(#[$m])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u16)]
        pub enum $name { $( $(#[$doc])* $v = $n ),* }
        impl $name {
            /// The intrinsic with this number.
            pub fn from_u16(n: u16) -> Option<$name> {
                match n { $( $n => Some($name::$v), )* _ => None }
            }
        }
    };
}

intrinsics! {
    /// Operand of `CallIntrinsic1`.
    Intrinsic1 {
        /// Interactive mode: `sys.displayhook(x)`.
        Print = 0,
        /// RuntimeError in place of a StopIteration (or StopAsyncIteration) leaving a
        /// generator; the operand is the exception, the result the one to raise.
        StopIterationError = 1,
        /// `TypeVar(name)`.
        TypeVar = 2,
        /// `ParamSpec(name)`.
        ParamSpec = 3,
        /// `TypeVarTuple(name)`.
        TypeVarTuple = 4,
        /// `Generic[params]` for a class with type parameters; the operand is the tuple.
        SubscriptGeneric = 5,
        /// `TypeAliasType` from (name, type params or None, value thunk).
        TypeAlias = 6,
    }
}

intrinsics! {
    /// Operand of `CallIntrinsic2`.
    Intrinsic2 {
        /// `TypeVar(name)` with a lazily evaluated bound: (name, thunk).
        TypeVarWithBound = 0,
        /// `TypeVar(name)` with lazily evaluated constraints: (name, thunk).
        TypeVarWithConstraints = 1,
        /// `function.__type_params__ = params`: (function, params), gives the function.
        SetFunctionTypeParams = 2,
        /// Default of a type parameter: (param, thunk), gives the parameter.
        SetTypeParamDefault = 3,
        /// What `sum` returns of the two registers of `SumStep`.
        SumResult = 4,
        /// An exception leaves a generator expression that runs in line: (exception, the generator
        /// expression's code), gives the exception with the traceback entry that the generator's
        /// frame would have had, or the RuntimeError in place of a StopIteration.
        LeaveGenerator = 5,
    }
}

intrinsics! {
    /// Builtins that run a generator expression to its end at once. A call with one as its
    /// argument is compiled to loops in line (`lower/consume.rs` of the compiler).
    Consumer {
        /// `all`
        All = 0,
        /// `any`
        Any = 1,
        /// `list`
        List = 2,
        /// `max`
        Max = 3,
        /// `min`
        Min = 4,
        /// `set`
        Set = 5,
        /// `sorted`
        Sorted = 6,
        /// `sum`
        Sum = 7,
        /// `tuple`
        Tuple = 8,
        /// `join` of a string literal: no name that could be bound to something else.
        Join = 9,
    }
}

impl Consumer {
    /// Names of the builtins, by number.
    pub const NAMES: [&str; 9] = [
        "all", "any", "list", "max", "min", "set", "sorted", "sum", "tuple",
    ];

    /// The builtin with this name.
    pub fn by_name(name: &str) -> Option<Consumer> {
        let n = Consumer::NAMES.iter().position(|x| *x == name)?;
        Consumer::from_u16(n as u16)
    }
}
