//! `weakref.proxy`: a weak reference that behaves as its referent.
//!
//! Every slot fetches the referent, or raises ReferenceError, and does the operation on it. A
//! binary operation looks through both operands. The two types differ in one slot, the call.

use crate::Thread;
use crate::call::{Args, MethodDef, MethodKind};
use crate::object::slots::{CompareOp, Slots};
use crate::object::{Gc, Result, Value};
use crate::protocol::arith::BinaryOp;
use crate::types::str_::Str;
use crate::types::type_::{Payload, TypeDef, flags};
use crate::types::weakref::WeakRef;

/// `weakref.ProxyType`
pub static PROXY: TypeDef = TypeDef {
    name: "ProxyType",
    module: "weakref",
    doc: "",
    base: None,
    flags: flags::HAS_WEAKREF | flags::NO_INSTANTIATION,
    payload: Some(Payload::of::<WeakRef>()),
    methods: METHODS,
    getsets: &[],
    slots: SLOTS,
};

/// `weakref.CallableProxyType`
pub static CALLABLE_PROXY: TypeDef = TypeDef {
    name: "CallableProxyType",
    module: "weakref",
    doc: "",
    base: None,
    flags: flags::HAS_WEAKREF | flags::NO_INSTANTIATION,
    payload: Some(Payload::of::<WeakRef>()),
    methods: METHODS,
    getsets: &[],
    slots: Slots {
        call: Some(call),
        ..SLOTS
    },
};

/// What `bytes()` and `reversed()` look up, which no slot stands for.
const METHODS: &[&[MethodDef]] = &[&[
    MethodDef {
        name: "__bytes__",
        func: |th, args| forward_method(th, args, "__bytes__"),
        kind: MethodKind::Method,
        signature: None,
        text_signature: None,
        doc: "",
    },
    MethodDef {
        name: "__reversed__",
        func: |th, args| forward_method(th, args, "__reversed__"),
        kind: MethodKind::Method,
        signature: None,
        text_signature: None,
        doc: "",
    },
]];

fn forward_method(th: &mut Thread, args: Args<'_>, name: &str) -> Result {
    match args.values {
        [proxy] => special(th, *proxy, name),
        all => {
            let n = all.len().saturating_sub(1);
            Err(th.type_error(format!("{name}() takes no arguments ({n} given)")))
        }
    }
}

const SLOTS: Slots = Slots {
    repr: Some(repr),
    str_: Some(str_),
    hash: Some(hash),
    iter: Some(iter),
    next: Some(next),
    getattro: Some(getattro),
    setattro: Some(setattro),
    richcompare: Some(richcompare),
    len: Some(len),
    getitem: Some(getitem),
    setitem: Some(setitem),
    contains: Some(contains),
    bool_: Some(bool_),
    power: Some(power),
    inplace_power: Some(inplace_power),
    negative: Some(negative),
    positive: Some(positive),
    absolute: Some(absolute),
    invert: Some(invert),
    int: Some(int),
    float: Some(float),
    index: Some(index),
    add: Some(add),
    subtract: Some(subtract),
    multiply: Some(multiply),
    remainder: Some(remainder),
    divmod: Some(divmod),
    lshift: Some(lshift),
    rshift: Some(rshift),
    and: Some(and),
    xor: Some(xor),
    or: Some(or),
    floor_divide: Some(floor_divide),
    true_divide: Some(true_divide),
    matrix_multiply: Some(matrix_multiply),
    inplace_add: Some(inplace_add),
    inplace_subtract: Some(inplace_subtract),
    inplace_multiply: Some(inplace_multiply),
    inplace_remainder: Some(inplace_remainder),
    inplace_lshift: Some(inplace_lshift),
    inplace_rshift: Some(inplace_rshift),
    inplace_and: Some(inplace_and),
    inplace_xor: Some(inplace_xor),
    inplace_or: Some(inplace_or),
    inplace_floor_divide: Some(inplace_floor_divide),
    inplace_true_divide: Some(inplace_true_divide),
    inplace_matrix_multiply: Some(inplace_matrix_multiply),
    ..Slots::EMPTY
};

/// Is it a proxy?
pub fn is_proxy(th: &Thread, v: Value) -> bool {
    v.downcast::<WeakRef>().is_some()
        && th
            .class_of(v)
            .def
            .is_some_and(|d| std::ptr::eq(d, &PROXY) || std::ptr::eq(d, &CALLABLE_PROXY))
}

/// The referent of a proxy; any other value as it is. Raises ReferenceError.
fn target(th: &mut Thread, v: Value) -> Result {
    if !is_proxy(th, v) {
        return Ok(v);
    }
    match v.downcast::<WeakRef>().and_then(|w| w.get()) {
        Some(v) => Ok(v),
        None => Err(th.reference_error("weakly-referenced object no longer exists")),
    }
}

macro_rules! forward_binary {
    ($($name:ident, $inplace:ident => $op:ident;)*) => {
        $(
            fn $name(th: &mut Thread, a: Value, b: Value) -> Result {
                let (a, b) = (target(th, a)?, target(th, b)?);
                th.binary(BinaryOp::$op, a, b)
            }
            fn $inplace(th: &mut Thread, a: Value, b: Value) -> Result {
                let (a, b) = (target(th, a)?, target(th, b)?);
                th.inplace(BinaryOp::$op, a, b)
            }
        )*
    };
}

forward_binary! {
    add, inplace_add => Add;
    subtract, inplace_subtract => Sub;
    multiply, inplace_multiply => Mul;
    remainder, inplace_remainder => Mod;
    lshift, inplace_lshift => LShift;
    rshift, inplace_rshift => RShift;
    and, inplace_and => And;
    xor, inplace_xor => Xor;
    or, inplace_or => Or;
    floor_divide, inplace_floor_divide => FloorDiv;
    true_divide, inplace_true_divide => TrueDiv;
    matrix_multiply, inplace_matrix_multiply => MatMul;
}

fn divmod(th: &mut Thread, a: Value, b: Value) -> Result {
    let (a, b) = (target(th, a)?, target(th, b)?);
    th.binary(BinaryOp::DivMod, a, b)
}

fn power(th: &mut Thread, a: Value, b: Value, m: Value) -> Result {
    let (a, b, m) = (target(th, a)?, target(th, b)?, target(th, m)?);
    th.power(a, b, m)
}

fn inplace_power(th: &mut Thread, a: Value, b: Value, _: Value) -> Result {
    let (a, b) = (target(th, a)?, target(th, b)?);
    th.inplace(BinaryOp::Pow, a, b)
}

fn negative(th: &mut Thread, v: Value) -> Result {
    let v = target(th, v)?;
    th.unary("-", v)
}

fn positive(th: &mut Thread, v: Value) -> Result {
    let v = target(th, v)?;
    th.unary("+", v)
}

fn invert(th: &mut Thread, v: Value) -> Result {
    let v = target(th, v)?;
    th.unary("~", v)
}

/// Does what a special method of the referent does, called by name.
fn special(th: &mut Thread, v: Value, name: &str) -> Result {
    let v = target(th, v)?;
    th.call_method_str(v, name, &[])
}

fn absolute(th: &mut Thread, v: Value) -> Result {
    special(th, v, "__abs__")
}

fn int(th: &mut Thread, v: Value) -> Result {
    special(th, v, "__int__")
}

fn float(th: &mut Thread, v: Value) -> Result {
    special(th, v, "__float__")
}

fn index(th: &mut Thread, v: Value) -> Result {
    let v = target(th, v)?;
    th.index(v)
}

fn repr(th: &mut Thread, v: Value) -> Result {
    let text = match v.downcast::<WeakRef>().and_then(|w| w.get()) {
        Some(r) => {
            let name = th.type_name(r);
            format!(
                "<weakproxy at {:#x}; to '{name}' at {:#x}>",
                v.bits(),
                r.bits()
            )
        }
        None => format!("<weakproxy at {:#x}; dead>", v.bits()),
    };
    Ok(th.new_str(&text).value())
}

fn str_(th: &mut Thread, v: Value) -> Result {
    let v = target(th, v)?;
    Ok(th.str(v)?.value())
}

fn hash(th: &mut Thread, v: Value) -> Result<i64> {
    let name = th.type_name(v);
    Err(th.type_error(format!("unhashable type: '{name}'")))
}

fn iter(th: &mut Thread, v: Value) -> Result {
    let v = target(th, v)?;
    th.iter(v)
}

fn next(th: &mut Thread, v: Value) -> Result<Option<Value>> {
    let v = target(th, v)?;
    if th.class_of(v).slots().next.is_none() {
        let name = th.type_name(v);
        return Err(th.type_error(format!(
            "Weakref proxy referenced a non-iterator '{name}' object"
        )));
    }
    th.next(v)
}

fn getattro(th: &mut Thread, v: Value, name: Gc<Str>) -> Result {
    let v = target(th, v)?;
    th.get_attr(v, name)
}

fn setattro(th: &mut Thread, v: Value, name: Gc<Str>, value: Option<Value>) -> Result<()> {
    let v = target(th, v)?;
    match value {
        Some(value) => th.set_attr(v, name, value),
        None => th.del_attr(v, name),
    }
}

fn richcompare(th: &mut Thread, a: Value, b: Value, op: CompareOp) -> Result {
    let (a, b) = (target(th, a)?, target(th, b)?);
    th.compare(a, b, op)
}

fn call(th: &mut Thread, v: Value, args: Args<'_>) -> Result {
    let v = target(th, v)?;
    th.call_args(v, args)
}

fn len(th: &mut Thread, v: Value) -> Result<usize> {
    let v = target(th, v)?;
    th.len(v)
}

fn getitem(th: &mut Thread, v: Value, key: Value) -> Result {
    let v = target(th, v)?;
    th.get_item(v, key)
}

fn setitem(th: &mut Thread, v: Value, key: Value, item: Option<Value>) -> Result<()> {
    let v = target(th, v)?;
    match item {
        Some(item) => th.set_item(v, key, item),
        None => th.del_item(v, key),
    }
}

fn contains(th: &mut Thread, v: Value, item: Value) -> Result<bool> {
    let v = target(th, v)?;
    th.contains(v, item)
}

fn bool_(th: &mut Thread, v: Value) -> Result<bool> {
    let v = target(th, v)?;
    th.truth(v)
}
