//! The exception classes of signals and conditions, and dicts of signals.

use taipan_vm::call::Args;
use taipan_vm::object::slots::CompareOp;
use taipan_vm::object::{Gc, NativeHeader, Raised, Result, Slot, Value};
use taipan_vm::types::dict::Dict;
use taipan_vm::types::list::List;
use taipan_vm::types::{ExceptionClass, Named};
use taipan_vm::{NativeObject, Thread, pytype};

use super::context::Context;
use super::number::status as st;
use crate::support::{exception_class, kept};

/// A signal or condition.
pub struct Signal {
    /// Key under which the interpreter keeps the class.
    key: &'static str,
    /// Name of the class.
    pub name: &'static str,
    /// Its conditions.
    pub bits: u32,
}

const fn signal(key: &'static str, name: &'static str, bits: u32) -> Signal {
    Signal { key, name, bits }
}

/// The signals, in the order of dicts of signals.
pub static SIGNALS: [Signal; 9] = [
    signal("decimal.InvalidOperation", "InvalidOperation", st::INVALID),
    signal(
        "decimal.FloatOperation",
        "FloatOperation",
        st::FLOAT_OPERATION,
    ),
    signal(
        "decimal.DivisionByZero",
        "DivisionByZero",
        st::DIVISION_BY_ZERO,
    ),
    signal("decimal.Overflow", "Overflow", st::OVERFLOW),
    signal("decimal.Underflow", "Underflow", st::UNDERFLOW),
    signal("decimal.Subnormal", "Subnormal", st::SUBNORMAL),
    signal("decimal.Inexact", "Inexact", st::INEXACT),
    signal("decimal.Rounded", "Rounded", st::ROUNDED),
    signal("decimal.Clamped", "Clamped", st::CLAMPED),
];

/// The conditions of InvalidOperation.
static CONDITIONS: [Signal; 5] = [
    signal(
        "decimal.InvalidOperation",
        "InvalidOperation",
        st::INVALID_OPERATION,
    ),
    signal(
        "decimal.ConversionSyntax",
        "ConversionSyntax",
        st::CONVERSION_SYNTAX,
    ),
    signal(
        "decimal.DivisionImpossible",
        "DivisionImpossible",
        st::DIVISION_IMPOSSIBLE,
    ),
    signal(
        "decimal.DivisionUndefined",
        "DivisionUndefined",
        st::DIVISION_UNDEFINED,
    ),
    signal(
        "decimal.InvalidContext",
        "InvalidContext",
        st::INVALID_CONTEXT,
    ),
];

/// Makes the exception classes and enters them.
pub fn enter_classes(th: &mut Thread, d: Gc<Dict>) -> Result<()> {
    let arithmetic = th
        .vm()
        .exception_class(ExceptionClass::ArithmeticError)
        .value();
    let zero = th
        .vm()
        .exception_class(ExceptionClass::ZeroDivisionError)
        .value();
    let type_error = th.vm().exception_class(ExceptionClass::TypeError).value();
    let make = |th: &mut Thread, key: &'static str, bases: &[Value]| -> Result {
        let name = key.strip_prefix("decimal.").unwrap_or(key);
        let bases = th.new_tuple(bases).value();
        let class = exception_class(th, key, "decimal", name, bases)?;
        th.dict_set_text(d, name, class);
        Ok(class)
    };
    let base = make(th, "decimal.DecimalException", &[arithmetic])?;
    make(th, "decimal.Clamped", &[base])?;
    let invalid = make(th, "decimal.InvalidOperation", &[base])?;
    make(th, "decimal.DivisionByZero", &[base, zero])?;
    let inexact = make(th, "decimal.Inexact", &[base])?;
    let rounded = make(th, "decimal.Rounded", &[base])?;
    let subnormal = make(th, "decimal.Subnormal", &[base])?;
    make(th, "decimal.Overflow", &[inexact, rounded])?;
    make(th, "decimal.Underflow", &[inexact, rounded, subnormal])?;
    make(th, "decimal.FloatOperation", &[base, type_error])?;
    make(th, "decimal.ConversionSyntax", &[invalid])?;
    make(th, "decimal.DivisionImpossible", &[invalid])?;
    make(th, "decimal.DivisionUndefined", &[invalid, zero])?;
    make(th, "decimal.InvalidContext", &[invalid])?;
    Ok(())
}

fn class(th: &Thread, s: &Signal) -> Value {
    kept(th, s.key).unwrap_or(th.none())
}

/// Raises the exception of the first trapped signal, with a list of all of them.
#[cold]
pub fn raise(th: &mut Thread, trapped: u32) -> Raised {
    let first = SIGNALS.iter().find(|s| s.bits & trapped != 0);
    let list = conditions(th, trapped);
    let Some(s) = first else {
        return th.system_error("a signal has a class");
    };
    let c = class(th, s);
    match th.call(c, &[list]) {
        Ok(e) => th.raise_value(e),
        Err(e) => e,
    }
}

fn list_of<'a>(th: &mut Thread, signals: impl Iterator<Item = &'a Signal>, bits: u32) -> Value {
    let list = th.new_list();
    for s in signals.filter(|s| s.bits & bits != 0) {
        let c = class(th, s);
        let _ = th.list_append(list, c);
    }
    list.value()
}

/// The conditions' and signals' classes, as a list.
fn conditions(th: &mut Thread, bits: u32) -> Value {
    list_of(th, CONDITIONS.iter().chain(&SIGNALS[1..]), bits)
}

/// The signals' classes, as a list.
pub fn signal_list(th: &mut Thread, bits: u32) -> Value {
    list_of(th, SIGNALS.iter(), bits)
}

const VALID: &str = "valid values for signals are:\n  [InvalidOperation, FloatOperation, \
DivisionByZero,\n   Overflow, Underflow, Subnormal, Inexact, Rounded,\n   Clamped]";

#[cold]
fn key_error(th: &mut Thread, message: &str) -> Raised {
    let m = th.new_str(message).value();
    th.key_error(m)
}

/// The bits of a signal's class. Raises KeyError.
fn bits_of(th: &mut Thread, v: Value) -> Result<u32> {
    match SIGNALS.iter().find(|s| class(th, s).is(v)) {
        Some(s) => Ok(s.bits),
        None => Err(key_error(th, VALID)),
    }
}

/// The bits of a list of signals.
fn bits_of_list(th: &mut Thread, v: Value) -> Result<u32> {
    let all = th.to_tuple(v)?;
    let mut bits = 0;
    for s in all.as_slice() {
        bits |= bits_of(th, *s)?;
    }
    Ok(bits)
}

/// The bits of a dict with all signals.
fn bits_of_dict(th: &mut Thread, d: Gc<Dict>) -> Result<u32> {
    if d.len() != SIGNALS.len() {
        return Err(key_error(th, "invalid signal dict"));
    }
    let mut bits = 0;
    for s in &SIGNALS {
        let c = class(th, s);
        let Some(v) = d.get(th, c)? else {
            return Err(key_error(th, "invalid signal dict"));
        };
        if th.truth(v)? {
            bits |= s.bits;
        }
    }
    Ok(bits)
}

/// The bits of what is assigned to `flags` and `traps`. Raises TypeError and KeyError.
pub fn bits_of_mapping(th: &mut Thread, v: Value) -> Result<u32> {
    if let Some(s) = v.downcast::<SignalDict>() {
        return s.bits(th);
    }
    match v.downcast::<Dict>() {
        Some(d) => bits_of_dict(th, d),
        None => Err(th.type_error("argument must be a signal dict")),
    }
}

/// The bits of an argument `flags` or `traps`: a list too.
pub fn bits_of_argument(th: &mut Thread, v: Value) -> Result<u32> {
    if v.downcast::<List>().is_some() {
        return bits_of_list(th, v);
    }
    bits_of_mapping(th, v)
}

/// The flags or traps of a context as a mapping.
#[repr(C)]
#[derive(NativeObject)]
pub struct SignalDict {
    head: NativeHeader,
    context: Slot,
    #[notrace]
    traps: bool,
}

impl Named for SignalDict {
    const NAME: &'static str = "SignalDict";
}

/// A mapping of a context's flags or traps.
pub fn new_dict(th: &mut Thread, context: Gc<Context>, traps: bool) -> Result<Gc<SignalDict>> {
    let class = kept(th, "decimal.SignalDict").unwrap_or(th.none());
    let class = th.expect_type(class)?;
    Ok(th.alloc_native(class, |head| SignalDict {
        head,
        context: Slot::new(context.value()),
        traps,
    }))
}

impl SignalDict {
    fn context(&self, th: &mut Thread) -> Result<Gc<Context>> {
        match self.context.get().and_then(|v| v.downcast::<Context>()) {
            Some(c) => Ok(c),
            None => Err(th.value_error("invalid signal dict")),
        }
    }

    fn bits(&self, th: &mut Thread) -> Result<u32> {
        let c = self.context(th)?;
        Ok(if self.traps {
            c.traps.get()
        } else {
            c.status.get()
        })
    }
}

fn as_dict(th: &mut Thread, bits: u32) -> Result<Gc<Dict>> {
    let d = th.new_dict();
    for s in &SIGNALS {
        let (k, v) = (class(th, s), th.bool(s.bits & bits != 0));
        d.set(th, k, v)?;
    }
    Ok(d)
}

#[pytype(name = "SignalDictMixin", module = "decimal", flags = BASETYPE, table = MIXIN)]
impl SignalDict {
    #[pynew(raw)]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        let class = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
        Ok(th
            .alloc_native(class, |head| SignalDict {
                head,
                context: Slot::empty(),
                traps: false,
            })
            .value())
    }

    #[pyslot]
    fn init(_: &mut Thread, _: Value, _: Args<'_>) -> Result<()> {
        Ok(())
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let bits = th.expect::<SignalDict>(this)?.bits(th)?;
        let parts: Vec<String> = SIGNALS
            .iter()
            .map(|s| {
                let v = if s.bits & bits != 0 { "True" } else { "False" };
                format!("<class '{}'>:{v}", s.key)
            })
            .collect();
        Ok(th.new_str(&format!("{{{}}}", parts.join(", "))).value())
    }

    #[pyslot]
    fn len(th: &mut Thread, this: Value) -> Result<usize> {
        th.expect::<SignalDict>(this)?.context(th)?;
        Ok(SIGNALS.len())
    }

    #[pyslot]
    fn iter(th: &mut Thread, this: Value) -> Result {
        th.expect::<SignalDict>(this)?.context(th)?;
        let all = signal_list(th, st::ALL);
        let all = th.to_tuple(all)?.value();
        th.iter(all)
    }

    #[pyslot]
    fn getitem(th: &mut Thread, this: Value, key: Value) -> Result {
        let all = th.expect::<SignalDict>(this)?.bits(th)?;
        let bits = bits_of(th, key)?;
        Ok(th.bool(all & bits != 0))
    }

    #[pyslot]
    fn setitem(th: &mut Thread, this: Value, key: Value, v: Option<Value>) -> Result<()> {
        let s = th.expect::<SignalDict>(this)?;
        let c = s.context(th)?;
        let Some(v) = v else {
            return Err(th.value_error("signal keys cannot be deleted"));
        };
        let bits = bits_of(th, key)?;
        let on = th.truth(v)?;
        let cell = if s.traps { &c.traps } else { &c.status };
        let old = cell.get();
        cell.set(if on { old | bits } else { old & !bits });
        Ok(())
    }

    #[pyslot]
    fn richcompare(th: &mut Thread, a: Value, b: Value, op: CompareOp) -> Result {
        let x = th.expect::<SignalDict>(a)?.bits(th)?;
        if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            return Ok(th.not_implemented());
        }
        let y = if let Some(s) = b.downcast::<SignalDict>() {
            s.bits(th)?
        } else if let Some(d) = b.downcast::<Dict>() {
            match bits_of_dict(th, d) {
                Ok(bits) => bits,
                Err(_) if th.pending_matches(ExceptionClass::KeyError) => {
                    th.clear_pending();
                    if d.is_empty() {
                        return Err(th.value_error("invalid signal dict"));
                    }
                    return Ok(th.not_implemented());
                }
                Err(e) => return Err(e),
            }
        } else {
            return Ok(th.not_implemented());
        };
        let same = SIGNALS
            .iter()
            .all(|s| (x & s.bits != 0) == (y & s.bits != 0));
        Ok(th.bool(same == (op == CompareOp::Eq)))
    }

    /// A dict of the signals.
    #[pymethod]
    fn copy(th: &mut Thread, this: Gc<SignalDict>) -> Result {
        let bits = this.bits(th)?;
        Ok(as_dict(th, bits)?.value())
    }
}
