//! Contexts: their cells, which one is current, and what signals do.

use std::cell::Cell;

use taipan_vm::call::Args;
use taipan_vm::object::{Gc, GcSlot, NativeHeader, Result, Value};
use taipan_vm::types::Named;
use taipan_vm::types::type_::Type;
use taipan_vm::{NativeObject, Thread, pytype};

use super::context_methods as cm;
use super::number::{
    Env, MAX_EMAX, MAX_PREC, MIN_EMIN, Number, ROUNDINGS, Rounding, finish, status as st,
};
use super::object;
use super::signals::{self, SignalDict};
use crate::datetime::args::named;
use crate::support::kept;

/// A context.
#[repr(C)]
#[derive(NativeObject)]
pub struct Context {
    head: NativeHeader,
    flags_dict: GcSlot<SignalDict>,
    traps_dict: GcSlot<SignalDict>,
    /// What the arithmetic looks at.
    #[notrace]
    pub env: Cell<Env>,
    /// Conditions that have happened.
    #[notrace]
    pub status: Cell<u32>,
    /// Conditions that raise.
    #[notrace]
    pub traps: Cell<u32>,
    /// Is the exponent's letter a capital one?
    #[notrace]
    pub capitals: Cell<bool>,
}

impl Named for Context {
    const NAME: &'static str = "decimal.Context";
}

/// What all fields of a context are, as a value of Rust.
#[derive(Clone, Copy)]
pub struct Fields {
    /// What the arithmetic looks at.
    pub env: Env,
    /// Conditions that have happened.
    pub status: u32,
    /// Conditions that raise.
    pub traps: u32,
    /// Is the exponent's letter a capital one?
    pub capitals: bool,
}

/// What `DefaultContext` begins as.
pub const DEFAULT: Fields = Fields {
    env: Env {
        prec: 28,
        emax: 999_999,
        emin: -999_999,
        rounding: Rounding::HalfEven,
        clamp: false,
    },
    status: 0,
    traps: st::INVALID | st::DIVISION_BY_ZERO | st::OVERFLOW,
    capitals: true,
};

/// What `BasicContext` begins as.
pub const BASIC: Fields = Fields {
    env: Env {
        prec: 9,
        rounding: Rounding::HalfUp,
        ..DEFAULT.env
    },
    traps: DEFAULT.traps | st::UNDERFLOW | st::CLAMPED,
    ..DEFAULT
};

/// What `ExtendedContext` begins as.
pub const EXTENDED: Fields = Fields {
    env: Env {
        prec: 9,
        ..DEFAULT.env
    },
    traps: 0,
    ..DEFAULT
};

impl Context {
    /// All fields.
    pub fn fields(&self) -> Fields {
        Fields {
            env: self.env.get(),
            status: self.status.get(),
            traps: self.traps.get(),
            capitals: self.capitals.get(),
        }
    }

    fn edit(&self, f: impl FnOnce(&mut Env)) {
        let mut env = self.env.get();
        f(&mut env);
        self.env.set(env);
    }
}

/// A context of a class.
pub fn of_class(th: &mut Thread, class: Gc<Type>, f: Fields) -> Gc<Context> {
    th.alloc_native(class, |head| Context {
        head,
        flags_dict: GcSlot::empty(),
        traps_dict: GcSlot::empty(),
        env: Cell::new(f.env),
        status: Cell::new(f.status),
        traps: Cell::new(f.traps),
        capitals: Cell::new(f.capitals),
    })
}

/// A context.
pub fn new(th: &mut Thread, f: Fields) -> Gc<Context> {
    let class = th.type_for(&CONTEXT);
    of_class(th, class, f)
}

/// Notes conditions and raises what is trapped.
#[inline(always)]
pub fn signal(th: &mut Thread, ctx: Gc<Context>, status: u32) -> Result<()> {
    if status == 0 {
        return Ok(());
    }
    signal_some(th, ctx, status)
}

fn signal_some(th: &mut Thread, ctx: Gc<Context>, status: u32) -> Result<()> {
    ctx.status.set(ctx.status.get() | status);
    if status & st::MEMORY != 0 {
        return Err(th.memory_error());
    }
    let trapped = status & ctx.traps.get();
    if trapped == 0 {
        return Ok(());
    }
    Err(signals::raise(th, trapped))
}

/// The current context.
#[inline(always)]
pub fn current(th: &mut Thread) -> Result<Gc<Context>> {
    if let Some(c) = crate::contextvars::decimal_context(th).and_then(|v| v.downcast()) {
        return Ok(c);
    }
    find_current(th)
}

fn variable(th: &Thread) -> Value {
    kept(th, "decimal.context").unwrap_or(th.none())
}

#[cold]
fn find_current(th: &mut Thread) -> Result<Gc<Context>> {
    let var = variable(th);
    let known = crate::contextvars::value_of(th, var)?;
    if let Some(c) = known.and_then(|v| v.downcast::<Context>()) {
        crate::contextvars::keep_decimal_context(th, c.value());
        return Ok(c);
    }
    let mut f = match kept(th, "decimal.DefaultContext").and_then(|v| v.downcast::<Context>()) {
        Some(c) => c.fields(),
        None => DEFAULT,
    };
    f.status = 0;
    let c = new(th, f);
    enter(th, c)?;
    Ok(c)
}

/// Makes a context the current one.
pub fn enter(th: &mut Thread, c: Gc<Context>) -> Result<()> {
    let var = variable(th);
    crate::contextvars::assign(th, var, c.value())?;
    crate::contextvars::keep_decimal_context(th, c.value());
    Ok(())
}

/// `setcontext`: one of the templates is copied.
pub fn set_current(th: &mut Thread, v: Value) -> Result<()> {
    let Some(mut c) = v.downcast::<Context>() else {
        return Err(th.type_error("argument must be a context"));
    };
    let template = [
        "decimal.DefaultContext",
        "decimal.BasicContext",
        "decimal.ExtendedContext",
    ]
    .iter()
    .any(|k| kept(th, k).is_some_and(|t| t.is(v)));
    if template {
        let f = Fields {
            status: 0,
            ..c.fields()
        };
        c = new(th, f);
    }
    enter(th, c)
}

/// An optional argument `context`. Raises TypeError.
#[inline]
pub fn or_current(th: &mut Thread, v: Option<Value>) -> Result<Gc<Context>> {
    match th.not_none(v) {
        None => current(th),
        Some(v) => match v.downcast::<Context>() {
            Some(c) => Ok(c),
            None => Err(th.type_error("optional argument must be a context")),
        },
    }
}

/// A rounding by its name. Raises TypeError.
pub fn rounding(th: &mut Thread, v: Value) -> Result<Rounding> {
    let name = taipan_vm::types::str_::text(v).unwrap_or_default();
    match ROUNDINGS.iter().find(|(n, _)| *n == name) {
        Some((_, r)) => Ok(*r),
        None => Err(th.type_error(
            "valid values for rounding are:\n  [ROUND_CEILING, ROUND_FLOOR, ROUND_UP, \
ROUND_DOWN,\n   ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN,\n   ROUND_05UP]",
        )),
    }
}

/// The name of a rounding.
fn rounding_name(r: Rounding) -> &'static str {
    ROUNDINGS[r as usize].0
}

/// An int of 64 bits. Raises TypeError and OverflowError.
pub fn number(th: &mut Thread, v: Value) -> Result<i64> {
    if !taipan_vm::types::int::is_int(v) {
        return Err(th.type_error("an integer is required"));
    }
    match taipan_vm::types::int::to_i64(v) {
        Some(n) => Ok(n),
        None => Err(th.overflow_error("Python int too large to convert to C ssize_t")),
    }
}

/// A field's number within bounds. Raises ValueError too.
fn within(th: &mut Thread, v: Value, least: i64, most: i64, message: &str) -> Result<i64> {
    let n = number(th, v)?;
    if n < least || n > most {
        return Err(th.value_error(message));
    }
    Ok(n)
}

fn given(th: &mut Thread, v: Option<Value>) -> Result {
    match v {
        Some(v) => Ok(v),
        None => Err(th.raise(
            taipan_vm::types::ExceptionClass::AttributeError,
            "context attributes cannot be deleted",
        )),
    }
}

/// Names of the constructor's parameters.
pub const NAMES: [&str; 8] = [
    "prec", "rounding", "Emin", "Emax", "capitals", "clamp", "flags", "traps",
];

/// Sets what is given (and not None), in the order of [`NAMES`].
pub fn set_fields(th: &mut Thread, c: Gc<Context>, all: &[Option<Value>; 8]) -> Result<()> {
    let at = |i: usize| all[i].filter(|v| !th.is_none(*v));
    let (prec, round, emin, emax) = (at(0), at(1), at(2), at(3));
    let (capitals, clamp, flags, traps) = (at(4), at(5), at(6), at(7));
    if let Some(v) = prec {
        Context::set_prec(th, c, Some(v))?;
    }
    if let Some(v) = round {
        Context::set_rounding(th, c, Some(v))?;
    }
    if let Some(v) = emin {
        Context::set_emin(th, c, Some(v))?;
    }
    if let Some(v) = emax {
        Context::set_emax(th, c, Some(v))?;
    }
    if let Some(v) = capitals {
        Context::set_capitals(th, c, Some(v))?;
    }
    if let Some(v) = clamp {
        Context::set_clamp(th, c, Some(v))?;
    }
    if let Some(v) = flags {
        let bits = signals::bits_of_argument(th, v)?;
        c.status.set(bits);
    }
    if let Some(v) = traps {
        let bits = signals::bits_of_argument(th, v)?;
        c.traps.set(bits);
    }
    Ok(())
}

/// Names of the flags in a context's representation: by their bits.
fn flag_names(bits: u32) -> String {
    const ORDER: [usize; 9] = [8, 0, 2, 6, 1, 3, 7, 5, 4];
    let names: Vec<&str> = ORDER
        .iter()
        .map(|i| &signals::SIGNALS[*i])
        .filter(|s| s.bits & bits != 0)
        .map(|s| s.name)
        .collect();
    names.join(", ")
}

/// The context affects almost all operations and controls rounding,
/// Over/Underflow, raising of exceptions and much more.  A new context
/// can be constructed as follows:
///
///     >>> c = Context(prec=28, Emin=-425000000, Emax=425000000,
///     ...             rounding=ROUND_HALF_EVEN, capitals=1, clamp=1,
///     ...             traps=[InvalidOperation, DivisionByZero, Overflow],
///     ...             flags=[])
///     >>>
///
///
#[pytype(name = "Context", module = "decimal", flags = BASETYPE, table = CONTEXT,
    more = [&cm::UNARY, &cm::BINARY, &cm::PREDICATES, &cm::OTHERS])]
impl Context {
    #[pynew(
        raw,
        sig = "(prec=None, rounding=None, Emin=None, Emax=None, capitals=None, clamp=None, flags=None, traps=None)"
    )]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        let class = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
        let template = kept(th, "decimal.DefaultContext").and_then(|v| v.downcast::<Context>());
        let mut f = template.map_or(DEFAULT, |c| c.fields());
        f.status = 0;
        Ok(of_class(th, class, f).value())
    }

    #[pyslot]
    fn init(th: &mut Thread, this: Value, args: Args<'_>) -> Result<()> {
        let c = th.expect::<Context>(this)?;
        let all = named(th, args, &NAMES, 0, 8)?;
        set_fields(th, c, &all)
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let c = th.expect::<Context>(this)?;
        let e = c.env.get();
        let text = format!(
            "Context(prec={}, rounding={}, Emin={}, Emax={}, capitals={}, clamp={}, flags=[{}], \
             traps=[{}])",
            e.prec,
            rounding_name(e.rounding),
            e.emin,
            e.emax,
            c.capitals.get() as u8,
            e.clamp as u8,
            flag_names(c.status.get()),
            flag_names(c.traps.get()),
        );
        Ok(th.new_str(&text).value())
    }

    #[pygetter]
    fn prec(_: &mut Thread, this: Gc<Context>) -> i64 {
        this.env.get().prec
    }

    #[pysetter(name = "prec")]
    fn set_prec(th: &mut Thread, this: Gc<Context>, v: Option<Value>) -> Result<()> {
        let v = given(th, v)?;
        let n = within(th, v, 1, MAX_PREC, "valid range for prec is [1, MAX_PREC]")?;
        this.edit(|e| e.prec = n);
        Ok(())
    }

    #[pygetter(name = "Emax")]
    fn emax(_: &mut Thread, this: Gc<Context>) -> i64 {
        this.env.get().emax
    }

    #[pysetter(name = "Emax")]
    fn set_emax(th: &mut Thread, this: Gc<Context>, v: Option<Value>) -> Result<()> {
        let v = given(th, v)?;
        let n = within(th, v, 0, MAX_EMAX, "valid range for Emax is [0, MAX_EMAX]")?;
        this.edit(|e| e.emax = n);
        Ok(())
    }

    #[pygetter(name = "Emin")]
    fn emin(_: &mut Thread, this: Gc<Context>) -> i64 {
        this.env.get().emin
    }

    #[pysetter(name = "Emin")]
    fn set_emin(th: &mut Thread, this: Gc<Context>, v: Option<Value>) -> Result<()> {
        let v = given(th, v)?;
        let n = within(th, v, MIN_EMIN, 0, "valid range for Emin is [MIN_EMIN, 0]")?;
        this.edit(|e| e.emin = n);
        Ok(())
    }

    #[pygetter]
    fn rounding(th: &mut Thread, this: Gc<Context>) -> Value {
        th.intern(rounding_name(this.env.get().rounding)).value()
    }

    #[pysetter]
    fn set_rounding(th: &mut Thread, this: Gc<Context>, v: Option<Value>) -> Result<()> {
        let v = given(th, v)?;
        let r = rounding(th, v)?;
        this.edit(|e| e.rounding = r);
        Ok(())
    }

    #[pygetter]
    fn capitals(_: &mut Thread, this: Gc<Context>) -> i32 {
        this.capitals.get() as i32
    }

    #[pysetter]
    fn set_capitals(th: &mut Thread, this: Gc<Context>, v: Option<Value>) -> Result<()> {
        let v = given(th, v)?;
        let n = within(th, v, 0, 1, "valid values for capitals are 0 or 1")?;
        this.capitals.set(n == 1);
        Ok(())
    }

    #[pygetter]
    fn clamp(_: &mut Thread, this: Gc<Context>) -> i32 {
        this.env.get().clamp as i32
    }

    #[pysetter]
    fn set_clamp(th: &mut Thread, this: Gc<Context>, v: Option<Value>) -> Result<()> {
        let v = given(th, v)?;
        let n = within(th, v, 0, 1, "valid values for clamp are 0 or 1")?;
        this.edit(|e| e.clamp = n == 1);
        Ok(())
    }

    #[pygetter]
    fn flags(th: &mut Thread, this: Gc<Context>) -> Result<Gc<SignalDict>> {
        if let Some(d) = this.flags_dict.get() {
            return Ok(d);
        }
        let d = signals::new_dict(th, this, false)?;
        this.flags_dict.set(this.header(), d);
        Ok(d)
    }

    #[pysetter]
    fn set_flags(th: &mut Thread, this: Gc<Context>, v: Option<Value>) -> Result<()> {
        let v = given(th, v)?;
        let bits = signals::bits_of_mapping(th, v)?;
        this.status.set(bits);
        Ok(())
    }

    #[pygetter]
    fn traps(th: &mut Thread, this: Gc<Context>) -> Result<Gc<SignalDict>> {
        if let Some(d) = this.traps_dict.get() {
            return Ok(d);
        }
        let d = signals::new_dict(th, this, true)?;
        this.traps_dict.set(this.header(), d);
        Ok(d)
    }

    #[pysetter]
    fn set_traps(th: &mut Thread, this: Gc<Context>, v: Option<Value>) -> Result<()> {
        let v = given(th, v)?;
        let bits = signals::bits_of_mapping(th, v)?;
        this.traps.set(bits);
        Ok(())
    }

    /// Return a value equal to Emin - prec + 1, which is the minimum exponent value
    /// for subnormal results.  When underflow occurs, the exponent is set to Etiny.
    #[pymethod(name = "Etiny")]
    fn etiny(_: &mut Thread, this: Gc<Context>) -> i64 {
        this.env.get().etiny()
    }

    /// Return a value equal to Emax - prec + 1.  This is the maximum exponent
    /// if the _clamp field of the context is set to 1 (IEEE clamp mode).  Etop()
    /// must not be negative.
    #[pymethod(name = "Etop")]
    fn etop(_: &mut Thread, this: Gc<Context>) -> i64 {
        this.env.get().etop()
    }

    /// Return Decimal(10).
    #[pymethod]
    fn radix(th: &mut Thread, _this: Gc<Context>) -> Result {
        object::new(th, &Number::small(false, 10, 0))
    }

    /// Reset all flags to False.
    #[pymethod]
    fn clear_flags(_: &mut Thread, this: Gc<Context>) {
        this.status.set(0);
    }

    /// Set all traps to False.
    #[pymethod]
    fn clear_traps(_: &mut Thread, this: Gc<Context>) {
        this.traps.set(0);
    }

    /// Return a duplicate of the context with all flags cleared.
    #[pymethod]
    fn copy(th: &mut Thread, this: Gc<Context>) -> Gc<Context> {
        new(th, this.fields())
    }

    #[pymethod]
    fn __copy__(th: &mut Thread, this: Gc<Context>) -> Gc<Context> {
        new(th, this.fields())
    }

    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<Context>) -> Value {
        let e = this.env.get();
        let parts = [
            th.int(e.prec),
            th.intern(rounding_name(e.rounding)).value(),
            th.int(e.emin),
            th.int(e.emax),
            th.int(this.capitals.get() as i64),
            th.int(e.clamp as i64),
            signals::signal_list(th, this.status.get()),
            signals::signal_list(th, this.traps.get()),
        ];
        let parts = th.new_tuple(&parts).value();
        let class = th.class_of(this.value()).value();
        th.new_tuple(&[class, parts]).value()
    }

    #[pymethod]
    fn _apply(th: &mut Thread, this: Gc<Context>, object: Value) -> Result {
        let n = object::expect(th, object)?;
        let mut status = 0;
        let n = finish(n, &this.env.get(), &mut status);
        signal(th, this, status)?;
        object::new(th, &n)
    }
}

/// What `localcontext` gives: a context for the body of a `with` statement.
#[repr(C)]
#[derive(NativeObject)]
pub struct ContextManager {
    head: NativeHeader,
    local: GcSlot<Context>,
    global: GcSlot<Context>,
}

impl Named for ContextManager {
    const NAME: &'static str = "decimal.ContextManager";
}

#[pytype(name = "ContextManager", module = "decimal", table = MANAGER)]
impl ContextManager {
    #[pynew(raw)]
    fn new(th: &mut Thread, _: Args<'_>) -> Result {
        Err(th.type_error("cannot create 'decimal.ContextManager' instances"))
    }

    #[pymethod]
    fn __enter__(th: &mut Thread, this: Gc<ContextManager>) -> Result {
        let Some(c) = this.local.get() else {
            return Err(th.system_error("a manager has a context"));
        };
        set_current(th, c.value())?;
        Ok(c.value())
    }

    #[pymethod(raw)]
    fn __exit__(th: &mut Thread, args: Args<'_>) -> Result<bool> {
        let this = args.values.first().copied().unwrap_or(th.none());
        let this = th.expect::<ContextManager>(this)?;
        if let Some(c) = this.global.get() {
            set_current(th, c.value())?;
        }
        Ok(false)
    }
}

/// `localcontext(ctx=None, **kwargs)`
pub fn local(th: &mut Thread, args: Args<'_>) -> Result {
    const ALL: [&str; 9] = [
        "ctx", "prec", "rounding", "Emin", "Emax", "capitals", "clamp", "flags", "traps",
    ];
    let all = named(th, args, &ALL, 0, 1)?;
    let global = current(th)?;
    let base = or_current(th, all[0])?;
    let local = new(th, base.fields());
    let mut rest = [None; 8];
    rest.copy_from_slice(&all[1..]);
    set_fields(th, local, &rest)?;
    Ok(th
        .new_native(&MANAGER, |head| ContextManager {
            head,
            local: GcSlot::new(local),
            global: GcSlot::new(global),
        })
        .value())
}
