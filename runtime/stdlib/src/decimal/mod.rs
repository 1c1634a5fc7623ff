//! `_decimal`: decimal arithmetic by the General Decimal Arithmetic Specification.
//!
//! `limbs`, `transform`, `coefficient`, `number`, `arithmetic`, `operations`, `transcendental` and
//! `text` are the arithmetic; they know no Python object. The others are the objects.

mod arithmetic;
mod coefficient;
mod context;
mod context_methods;
mod format;
mod limbs;
mod methods;
mod named_methods;
mod number;
mod object;
mod operations;
mod signals;
mod text;
mod transcendental;
mod transform;

use taipan_vm::call::Args;
use taipan_vm::object::{Gc, Result, Value};
use taipan_vm::types::dict::Dict;
use taipan_vm::types::module::Module;
use taipan_vm::{Thread, pymodule};

use crate::support::{import_attr, kept};

/// The module hangs here.
pub struct DecimalModule;

fn keep(th: &mut Thread, key: &'static str, make: impl FnOnce(&mut Thread) -> Result) -> Result {
    if let Some(v) = kept(th, key) {
        return Ok(v);
    }
    let v = make(th)?;
    th.vm().registry.borrow_mut().insert(key, v);
    Ok(v)
}

/// The classes and objects that are made in Python's terms.
fn enter_objects(th: &mut Thread, d: Gc<Dict>) -> Result<()> {
    keep(th, "decimal.context", |th| {
        let class = import_attr(th, "_contextvars", "ContextVar")?;
        let name = th.intern("decimal_context").value();
        th.call(class, &[name])
    })?;
    keep(th, "decimal.SignalDict", |th| {
        let mapping = import_attr(th, "collections.abc", "MutableMapping")?;
        let mixin = th.type_for(&signals::MIXIN).value();
        let bases = th.new_tuple(&[mixin, mapping]).value();
        let name = th.intern("SignalDict").value();
        let namespace = th.new_dict().value();
        let metaclass = th.class_of(mapping).value();
        th.call(metaclass, &[name, bases, namespace])
    })?;
    keep(th, "decimal.Rational", |th| {
        let class = th.type_for(&methods::DECIMAL).value();
        let number = import_attr(th, "numbers", "Number")?;
        th.call_method_str(number, "register", &[class])?;
        import_attr(th, "numbers", "Rational")
    })?;
    let tuple = keep(th, "decimal.DecimalTuple", |th| {
        let make = import_attr(th, "collections", "namedtuple")?;
        let name = th.intern("DecimalTuple").value();
        let fields = th.new_str("sign digits exponent").value();
        let class = th.call(make, &[name, fields])?;
        let module = th.intern("decimal").value();
        th.set_attr_str(class, "__module__", module)?;
        Ok(class)
    })?;
    th.dict_set_text(d, "DecimalTuple", tuple);
    for (key, fields) in [
        ("decimal.DefaultContext", context::DEFAULT),
        ("decimal.BasicContext", context::BASIC),
        ("decimal.ExtendedContext", context::EXTENDED),
    ] {
        let c = keep(th, key, |th| Ok(context::new(th, fields).value()))?;
        th.dict_set_text(d, key.trim_start_matches("decimal."), c);
    }
    Ok(())
}

/// C decimal arithmetic module
#[pymodule(name = "_decimal", types = [methods::DECIMAL, context::CONTEXT])]
impl DecimalModule {
    /// Get the current default context.
    #[pyfunction]
    fn getcontext(th: &mut Thread) -> Result {
        context::current(th).map(Gc::value)
    }

    /// Set a new default context.
    #[pyfunction]
    fn setcontext(th: &mut Thread, context: Value) -> Result<()> {
        context::set_current(th, context)
    }

    /// Return a context manager that will set the default context to a copy of ctx
    /// on entry to the with-statement and restore the previous default context when
    /// exiting the with-statement. If no context is supplied, a copy of the current
    /// default context is used.
    #[pyfunction(raw, sig = "($module, /, ctx=None, **kwargs)")]
    fn localcontext(th: &mut Thread, args: Args<'_>) -> Result {
        context::local(th, args)
    }

    /// Return a context object initialized to the proper values for one of the
    /// IEEE interchange formats.  The argument must be a multiple of 32 and less
    /// than IEEE_CONTEXT_MAX_BITS.
    #[pyfunction(name = "IEEEContext", sig = "(bits, /)")]
    fn ieee_context(th: &mut Thread, bits: Value) -> Result {
        let bits = context::number(th, bits)?;
        if bits <= 0 || bits > 512 || bits % 32 != 0 {
            return Err(th.value_error("argument must be a multiple of 32, with a maximum of 512"));
        }
        let emax = 3 * (1 << (bits / 16 + 3));
        let fields = context::Fields {
            env: number::Env {
                prec: 9 * (bits / 32) - 2,
                emax,
                emin: 1 - emax,
                rounding: number::Rounding::HalfEven,
                clamp: true,
            },
            status: 0,
            traps: 0,
            capitals: true,
        };
        Ok(context::new(th, fields).value())
    }

    #[pyexec]
    fn exec(th: &mut Thread, m: Gc<Module>) -> Result<()> {
        let d = m.namespace();
        crate::enter_numbers(
            th,
            m,
            &[
                ("MAX_PREC", number::MAX_PREC),
                ("MAX_EMAX", number::MAX_EMAX),
                ("MIN_EMIN", number::MIN_EMIN),
                ("MIN_ETINY", number::MIN_ETINY),
                ("IEEE_CONTEXT_MAX_BITS", 512),
            ],
        );
        let yes = th.bool(true);
        th.dict_set_text(d, "HAVE_CONTEXTVAR", yes);
        th.dict_set_text(d, "HAVE_THREADS", yes);
        for (name, _) in number::ROUNDINGS {
            let v = th.intern(name).value();
            th.dict_set_text(d, name, v);
        }
        let version = th.new_str("1.70").value();
        th.dict_set_text(d, "__version__", version);
        let version = th.new_str("2.5.1").value();
        th.dict_set_text(d, "__libmpdec_version__", version);
        signals::enter_classes(th, d)?;
        enter_objects(th, d)
    }
}
