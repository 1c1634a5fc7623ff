//! Type slots: what the interpreter calls for the operations of the data model.
//!
//! A native type fills slots with Rust functions; a class statement's dunder methods fill them
//! with functions that look the method up and call it (`types::type_::slot_calls`). The relation
//! of dunder names and slots is one table: [`slots_table`](super::slots_table).

use super::Result;
use super::pointer::Gc;
use super::value::Value;
use crate::Thread;
use crate::call::Args;
use crate::types::str_::Str;

/// `repr`, `iter`, `-x`, …
pub type UnaryFn = fn(&mut Thread, Value) -> Result;
/// Arithmetic; NotImplemented means "not for these operands".
pub type BinaryFn = fn(&mut Thread, Value, Value) -> Result;
/// `pow`.
pub type TernaryFn = fn(&mut Thread, Value, Value, Value) -> Result;
/// Hash.
pub type HashFn = fn(&mut Thread, Value) -> Result<i64>;
/// Call, with the callable.
pub type CallFn = fn(&mut Thread, Value, Args<'_>) -> Result;
/// Next item; None when exhausted (no StopIteration is made).
pub type NextFn = fn(&mut Thread, Value) -> Result<Option<Value>>;
/// `send` without StopIteration: what was sent (None for `next`), and what came of it.
pub type SendFn = fn(&mut Thread, Value, Value) -> Result<crate::types::generator::Sent>;
/// Attribute load.
pub type GetAttrFn = fn(&mut Thread, Value, Gc<Str>) -> Result;
/// Attribute store, or deletion with None.
pub type SetAttrFn = fn(&mut Thread, Value, Gc<Str>, Option<Value>) -> Result<()>;
/// Comparison; may give NotImplemented.
pub type CompareFn = fn(&mut Thread, Value, Value, CompareOp) -> Result;
/// `__get__(descriptor, object, owner)`.
pub type DescrGetFn = fn(&mut Thread, Value, Option<Value>, Option<Value>) -> Result;
/// `__set__`, or `__delete__` with None.
pub type DescrSetFn = fn(&mut Thread, Value, Value, Option<Value>) -> Result<()>;
/// `__init__`.
pub type InitFn = fn(&mut Thread, Value, Args<'_>) -> Result<()>;
/// `len`.
pub type LenFn = fn(&mut Thread, Value) -> Result<usize>;
/// Item store, or deletion with None.
pub type SetItemFn = fn(&mut Thread, Value, Value, Option<Value>) -> Result<()>;
/// `in`.
pub type ContainsFn = fn(&mut Thread, Value, Value) -> Result<bool>;
/// Truth.
pub type BoolFn = fn(&mut Thread, Value) -> Result<bool>;
/// Sequence repetition.
pub type RepeatFn = fn(&mut Thread, Value, isize) -> Result;
/// Finalizer.
pub type DelFn = fn(&mut Thread, Value) -> Result<()>;
/// Buffer export: see `types::memoryview`.
pub type BufferFn = fn(&mut Thread, Value, u32) -> Result<crate::call::buffer::BufferView>;

/// The six comparisons.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum CompareOp {
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `>`
    Gt,
    /// `>=`
    Ge,
}

impl CompareOp {
    /// The operation with operands exchanged.
    pub fn reflected(self) -> CompareOp {
        use CompareOp::*;
        match self {
            Lt => Gt,
            Le => Ge,
            Eq => Eq,
            Ne => Ne,
            Gt => Lt,
            Ge => Le,
        }
    }

    /// Does an ordering satisfy the operation?
    #[inline(always)]
    pub fn test(self, o: std::cmp::Ordering) -> bool {
        use CompareOp::*;
        match self {
            Lt => o.is_lt(),
            Le => o.is_le(),
            Eq => o.is_eq(),
            Ne => o.is_ne(),
            Gt => o.is_gt(),
            Ge => o.is_ge(),
        }
    }

    /// As written in source.
    pub fn symbol(self) -> &'static str {
        use CompareOp::*;
        match self {
            Lt => "<",
            Le => "<=",
            Eq => "==",
            Ne => "!=",
            Gt => ">",
            Ge => ">=",
        }
    }
}

macro_rules! slots {
    ($($(#[$doc:meta])* $name:ident : $t:ty,)*) => {
        /// The slots of a type. None: the operation is not supported (inherited ones are filled in
        /// when the type is made).
        #[derive(Clone, Copy)]
        pub struct Slots { $($(#[$doc])* pub $name: Option<$t>,)* }

        impl Slots {
            /// No slot filled.
            pub const EMPTY: Slots = Slots { $($name: None,)* };

            /// Fills every empty slot from `base`.
            pub fn inherit(&mut self, base: &Slots) {
                $(if self.$name.is_none() { self.$name = base.$name; })*
            }
        }
    };
}

slots! {
    /// `repr(x)`
    repr: UnaryFn,
    /// `str(x)`
    str_: UnaryFn,
    /// `hash(x)`; a type with comparison and without hash is unhashable (see `type_`).
    hash: HashFn,
    /// `x(…)`
    call: CallFn,
    /// `iter(x)`
    iter: UnaryFn,
    /// `next(x)`
    next: NextFn,
    /// `x.name`
    getattro: GetAttrFn,
    /// `x.name = v`
    setattro: SetAttrFn,
    /// comparisons
    richcompare: CompareFn,
    /// `__get__`
    descr_get: DescrGetFn,
    /// `__set__`, `__delete__`
    descr_set: DescrSetFn,
    /// `__init__`
    init: InitFn,
    /// `__new__`: the class is the first argument.
    new: crate::call::NativeFn,
    /// Signature of the constructor, for `__text_signature__`.
    text_signature: &'static str,
    /// `__del__`
    del: DelFn,
    /// `len(x)`
    len: LenFn,
    /// `x[i]`
    getitem: BinaryFn,
    /// `x[i] = v`, `del x[i]`
    setitem: SetItemFn,
    /// `v in x`
    contains: ContainsFn,
    /// sequence `+`
    concat: BinaryFn,
    /// sequence `*`
    repeat: RepeatFn,
    /// sequence `+=`
    inplace_concat: BinaryFn,
    /// sequence `*=`
    inplace_repeat: RepeatFn,
    /// `+`
    add: BinaryFn,
    /// `-`
    subtract: BinaryFn,
    /// `*`
    multiply: BinaryFn,
    /// `%`
    remainder: BinaryFn,
    /// `divmod`
    divmod: BinaryFn,
    /// `**`; the third operand is None outside `pow(a, b, c)`
    power: TernaryFn,
    /// `-x`
    negative: UnaryFn,
    /// `+x`
    positive: UnaryFn,
    /// `abs(x)`
    absolute: UnaryFn,
    /// truth
    bool_: BoolFn,
    /// `~x`
    invert: UnaryFn,
    /// `<<`
    lshift: BinaryFn,
    /// `>>`
    rshift: BinaryFn,
    /// `&`
    and: BinaryFn,
    /// `^`
    xor: BinaryFn,
    /// `|`
    or: BinaryFn,
    /// `int(x)`
    int: UnaryFn,
    /// `float(x)`
    float: UnaryFn,
    /// `//`
    floor_divide: BinaryFn,
    /// `/`
    true_divide: BinaryFn,
    /// `__index__`
    index: UnaryFn,
    /// `@`
    matrix_multiply: BinaryFn,
    /// `+=`
    inplace_add: BinaryFn,
    /// `-=`
    inplace_subtract: BinaryFn,
    /// `*=`
    inplace_multiply: BinaryFn,
    /// `%=`
    inplace_remainder: BinaryFn,
    /// `**=`
    inplace_power: TernaryFn,
    /// `<<=`
    inplace_lshift: BinaryFn,
    /// `>>=`
    inplace_rshift: BinaryFn,
    /// `&=`
    inplace_and: BinaryFn,
    /// `^=`
    inplace_xor: BinaryFn,
    /// `|=`
    inplace_or: BinaryFn,
    /// `//=`
    inplace_floor_divide: BinaryFn,
    /// `/=`
    inplace_true_divide: BinaryFn,
    /// `@=`
    inplace_matrix_multiply: BinaryFn,
    /// `await x`
    await_: UnaryFn,
    /// What `await` and `yield from` do with an iterator instead of `next`, where it can tell a
    /// result without an exception.
    send: SendFn,
    /// `aiter(x)`
    aiter: UnaryFn,
    /// `anext(x)`
    anext: UnaryFn,
    /// buffer protocol
    buffer: BufferFn,
}
