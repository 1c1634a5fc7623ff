//! `_contextvars`: contexts, context variables and tokens.
//!
//! A context's variables are a dict that copies share until one of them is changed, so copying a
//! context (which every scheduled callback does) costs nothing.

use std::cell::Cell;

use taipan_vm::call::Args;
use taipan_vm::object::slots::CompareOp;
use taipan_vm::object::{Gc, GcSlot, NativeHeader, Result, Slot, Value};
use taipan_vm::types::dict::Dict;
use taipan_vm::types::module::Module;
use taipan_vm::types::str_::Str;
use taipan_vm::types::{ExceptionClass, Named};
use taipan_vm::{NativeObject, Thread, pymodule, pytype};

/// A mapping of context variables to values.
#[repr(C)]
#[derive(NativeObject)]
pub struct Context {
    head: NativeHeader,
    vars: GcSlot<Dict>,
    previous: Slot,
    #[notrace]
    entered: Cell<bool>,
    #[notrace]
    shared: Cell<bool>,
    /// What the context variable of `decimal` has here, until a variable changes.
    decimal: Slot,
}

/// A variable.
#[repr(C)]
#[derive(NativeObject)]
pub struct ContextVar {
    head: NativeHeader,
    name: Value,
    default: Slot,
}

/// What undoes one `ContextVar.set`.
#[repr(C)]
#[derive(NativeObject)]
pub struct Token {
    head: NativeHeader,
    context: Value,
    var: Value,
    old: Slot,
    #[notrace]
    used: Cell<bool>,
}

/// `Token.MISSING`
#[repr(C)]
#[derive(NativeObject)]
pub struct Missing {
    head: NativeHeader,
}

impl Named for Context {
    const NAME: &'static str = "Context";
}
impl Named for ContextVar {
    const NAME: &'static str = "ContextVar";
}
impl Named for Token {
    const NAME: &'static str = "Token";
}

#[pytype(name = "Token.MISSING", module = "builtins", table = MISSING_TYPE)]
impl Missing {
    #[pyslot]
    fn repr(th: &mut Thread, _: Value) -> Result {
        Ok(th.intern("<Token.MISSING>").value())
    }
}

fn missing(th: &mut Thread) -> Value {
    let known = th
        .vm()
        .registry
        .borrow()
        .get("contextvars.MISSING")
        .copied();
    if let Some(v) = known {
        return v;
    }
    let v = th
        .new_native(&MISSING_TYPE, |head| Missing { head })
        .value();
    th.vm()
        .registry
        .borrow_mut()
        .insert("contextvars.MISSING", v);
    v
}

fn new_context(th: &mut Thread, vars: Option<Gc<Dict>>, shared: bool) -> Gc<Context> {
    th.new_native(&CONTEXT, |head| Context {
        head,
        vars: GcSlot::from_option(vars),
        previous: Slot::empty(),
        entered: Cell::new(false),
        shared: Cell::new(shared),
        decimal: Slot::empty(),
    })
}

/// The context of the thread, made on first use.
fn current(th: &mut Thread) -> Gc<Context> {
    if let Some(c) = th.context.get().and_then(|v| v.downcast::<Context>()) {
        return c;
    }
    let c = new_context(th, None, false);
    c.entered.set(true);
    th.context.set(Some(c.value()));
    c
}

/// `copy_context()`
pub(crate) fn copy_current(th: &mut Thread) -> Value {
    let c = current(th);
    c.copied(th).value()
}

/// The arithmetic context of `decimal` that was kept last in the current context.
#[inline(always)]
pub(crate) fn decimal_context(th: &Thread) -> Option<Value> {
    th.context.get()?.downcast::<Context>()?.decimal.get()
}

/// Keeps the arithmetic context, which is the value of the variable of `decimal`.
pub(crate) fn keep_decimal_context(th: &mut Thread, v: Value) {
    let c = current(th);
    c.decimal.set(c.header(), v);
}

/// The value of a variable in the current context.
pub(crate) fn value_of(th: &mut Thread, var: Value) -> Result<Option<Value>> {
    current(th).lookup(th, var)
}

/// Assigns a variable in the current context.
pub(crate) fn assign(th: &mut Thread, var: Value, v: Value) -> Result<()> {
    let c = current(th);
    Context::own(c, th).set(th, var, v)
}

/// Runs `f` in a context, as `Context.run` does. Raises RuntimeError when it is entered already.
pub(crate) fn run_in<R>(
    th: &mut Thread,
    context: Value,
    f: impl FnOnce(&mut Thread) -> Result<R>,
) -> Result<R> {
    let c = th.expect::<Context>(context)?;
    if c.entered.get() {
        let r = th.repr(context)?.to_string_lossy();
        return Err(th.runtime_error(format!("cannot enter context: {r} is already entered")));
    }
    c.previous.set_option(c.header(), th.context.get());
    c.entered.set(true);
    th.context.set(Some(context));
    let r = f(th);
    Context::leave(c, th);
    r
}

impl Context {
    fn copied(&self, th: &mut Thread) -> Gc<Context> {
        let vars = self.vars.get();
        if vars.is_some() {
            self.shared.set(true);
        }
        new_context(th, vars, vars.is_some())
    }

    /// The variables, for changing.
    fn own(this: Gc<Context>, th: &mut Thread) -> Gc<Dict> {
        this.decimal.clear();
        let d = match this.vars.get() {
            Some(d) if !this.shared.get() => return d,
            Some(d) => th.dict_copy(d),
            None => th.new_dict(),
        };
        this.vars.set(this.header(), d);
        this.shared.set(false);
        d
    }

    fn lookup(&self, th: &mut Thread, var: Value) -> Result<Option<Value>> {
        match self.vars.get() {
            Some(d) => d.get(th, var),
            None => Ok(None),
        }
    }

    fn dict(this: Gc<Context>, th: &mut Thread) -> Gc<Dict> {
        match this.vars.get() {
            Some(d) => d,
            None => th.new_dict(),
        }
    }

    fn leave(this: Gc<Context>, th: &Thread) {
        this.entered.set(false);
        th.context.set(this.previous.take());
    }
}

fn expect_key(th: &mut Thread, key: Value) -> Result<()> {
    if key.downcast::<ContextVar>().is_some() {
        return Ok(());
    }
    let r = th.repr(key)?.to_string_lossy();
    Err(th.type_error(format!("a ContextVar key was expected, got {r}")))
}

#[pytype(name = "Context", module = "_contextvars", flags = HAS_WEAKREF, table = CONTEXT)]
impl Context {
    #[pynew(raw, sig = "()")]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        if args.values.len() > 1 {
            return Err(th.type_error("Context() does not accept any arguments"));
        }
        Ok(new_context(th, None, false).value())
    }

    #[pymethod(raw)]
    fn run(th: &mut Thread, args: Args<'_>) -> Result {
        let [this, f, ..] = args.positionals() else {
            return Err(th.type_error("run() missing 1 required positional argument"));
        };
        let args = args.skip_first().skip_first();
        run_in(th, *this, |th| th.call_args(*f, args))
    }

    /// Return a shallow copy of the context object.
    #[pymethod]
    fn copy(th: &mut Thread, this: Gc<Context>) -> Value {
        this.copied(th).value()
    }

    /// Return the value for `key` if `key` has the value in the context object.
    #[pymethod(sig = "(key, default=None, /)")]
    fn get(th: &mut Thread, this: Gc<Context>, key: Value, default: Option<Value>) -> Result {
        expect_key(th, key)?;
        Ok(match this.lookup(th, key)? {
            Some(v) => v,
            None => th.or_none(default),
        })
    }

    /// Return all variables and their values in the context object.
    #[pymethod]
    fn items(th: &mut Thread, this: Gc<Context>) -> Result {
        let d = Context::dict(this, th).value();
        th.call_method_str(d, "items", &[])
    }

    /// Return a list of all variables in the context object.
    #[pymethod]
    fn keys(th: &mut Thread, this: Gc<Context>) -> Result {
        let d = Context::dict(this, th).value();
        th.call_method_str(d, "keys", &[])
    }

    /// Return a list of all variables' values in the context object.
    #[pymethod]
    fn values(th: &mut Thread, this: Gc<Context>) -> Result {
        let d = Context::dict(this, th).value();
        th.call_method_str(d, "values", &[])
    }

    #[pyslot]
    fn iter(th: &mut Thread, this: Value) -> Result {
        let c = th.expect::<Context>(this)?;
        let d = Context::dict(c, th).value();
        th.iter(d)
    }

    #[pyslot]
    fn len(th: &mut Thread, this: Value) -> Result<usize> {
        let c = th.expect::<Context>(this)?;
        Ok(c.vars.get().map_or(0, |d| d.len()))
    }

    #[pyslot]
    fn getitem(th: &mut Thread, this: Value, key: Value) -> Result {
        let c = th.expect::<Context>(this)?;
        expect_key(th, key)?;
        match c.lookup(th, key)? {
            Some(v) => Ok(v),
            None => Err(th.key_error(key)),
        }
    }

    #[pyslot]
    fn contains(th: &mut Thread, this: Value, key: Value) -> Result<bool> {
        let c = th.expect::<Context>(this)?;
        expect_key(th, key)?;
        Ok(c.lookup(th, key)?.is_some())
    }

    #[pyslot]
    fn richcompare(th: &mut Thread, a: Value, b: Value, op: CompareOp) -> Result {
        let (Some(x), Some(y)) = (a.downcast::<Context>(), b.downcast::<Context>()) else {
            return Ok(th.not_implemented());
        };
        if op != CompareOp::Eq && op != CompareOp::Ne {
            return Ok(th.not_implemented());
        }
        let (x, y) = (Context::dict(x, th).value(), Context::dict(y, th).value());
        th.compare(x, y, op)
    }
}

fn optional_repr(th: &mut Thread, label: &str, v: Option<Value>) -> Result<String> {
    Ok(match v {
        Some(v) => format!(" {label}={}", th.repr(v)?.to_string_lossy()),
        None => String::new(),
    })
}

#[pytype(name = "ContextVar", module = "_contextvars", flags = HAS_WEAKREF, table = VAR)]
impl ContextVar {
    #[pynew(sig = "(name, /, *, default=<unrepresentable>)")]
    fn new(th: &mut Thread, _class: Value, name: Value, default: Option<Value>) -> Result {
        if name.downcast::<Str>().is_none() {
            return Err(th.type_error("context variable name must be a str"));
        }
        th.hash(name)?;
        Ok(th
            .new_native(&VAR, |head| ContextVar {
                head,
                name,
                default: Slot::from_option(default),
            })
            .value())
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let v = th.expect::<ContextVar>(this)?;
        let name = th.repr(v.name)?.to_string_lossy();
        let default = optional_repr(th, "default", v.default.get())?;
        Ok(th
            .new_str(&format!(
                "<ContextVar name={name}{default} at {:#x}>",
                this.bits()
            ))
            .value())
    }

    #[pygetter]
    fn name(_: &mut Thread, this: Gc<ContextVar>) -> Value {
        this.name
    }

    /// Return a value for the context variable for the current context.
    ///
    /// If there is no value for the variable in the current context, the method will:
    ///  * return the value of the default argument of the method, if provided; or
    ///  * return the default value for the context variable, if it was created
    ///    with one; or
    ///  * raise a LookupError.
    #[pymethod(sig = "(default=<unrepresentable>, /)")]
    fn get(th: &mut Thread, this: Gc<ContextVar>, default: Option<Value>) -> Result {
        let context = th.context.get().and_then(|v| v.downcast::<Context>());
        if let Some(c) = context
            && let Some(v) = c.lookup(th, this.value())?
        {
            return Ok(v);
        }
        match default.or(this.default.get()) {
            Some(v) => Ok(v),
            None => Err(th.raise_with(ExceptionClass::LookupError, &[this.value()])),
        }
    }

    /// Call to set a new value for the context variable in the current context.
    ///
    /// The required *value* argument is the new value for the context variable.
    ///
    /// Returns a Token object that can be used to restore the variable to its previous
    /// value via the `ContextVar.reset()` method.
    #[pymethod]
    fn set(th: &mut Thread, this: Gc<ContextVar>, value: Value) -> Result {
        let c = current(th);
        let old = c.lookup(th, this.value())?;
        let d = Context::own(c, th);
        d.set(th, this.value(), value)?;
        Ok(th
            .new_native(&TOKEN, |head| Token {
                head,
                context: c.value(),
                var: this.value(),
                old: Slot::from_option(old),
                used: Cell::new(false),
            })
            .value())
    }

    /// Reset the context variable.
    ///
    /// The variable is reset to the value it had before the `ContextVar.set()` that
    /// created the token was used.
    #[pymethod]
    fn reset(th: &mut Thread, this: Gc<ContextVar>, token: Value) -> Result<()> {
        let Some(t) = token.downcast::<Token>() else {
            let r = th.repr(token)?.to_string_lossy();
            return Err(th.type_error(format!("expected an instance of Token, got {r}")));
        };
        let fail = |th: &mut Thread, what: &str| -> Result<String> {
            Ok(format!("{} {what}", th.repr(token)?.to_string_lossy()))
        };
        if t.used.get() {
            let m = fail(th, "has already been used once")?;
            return Err(th.runtime_error(m));
        }
        if !t.var.is(this.value()) {
            let m = fail(th, "was created by a different ContextVar")?;
            return Err(th.value_error(m));
        }
        let c = current(th);
        if !t.context.is(c.value()) {
            let m = fail(th, "was created in a different Context")?;
            return Err(th.value_error(m));
        }
        t.used.set(true);
        let d = Context::own(c, th);
        match t.old.get() {
            Some(v) => d.set(th, this.value(), v),
            None => {
                if d.remove(th, this.value())?.is_none() {
                    return Err(th.raise_with(ExceptionClass::LookupError, &[this.value()]));
                }
                Ok(())
            }
        }
    }
}

#[pytype(name = "Token", module = "_contextvars", table = TOKEN)]
impl Token {
    #[pynew(raw)]
    fn new(th: &mut Thread, _args: Args<'_>) -> Result {
        Err(th.runtime_error("Tokens can only be created by ContextVars"))
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let t = th.expect::<Token>(this)?;
        let used = if t.used.get() { " used" } else { "" };
        let var = th.repr(t.var)?.to_string_lossy();
        Ok(th
            .new_str(&format!("<Token{used} var={var} at {:#x}>", this.bits()))
            .value())
    }

    #[pygetter]
    fn var(_: &mut Thread, this: Gc<Token>) -> Value {
        this.var
    }

    #[pygetter]
    fn old_value(th: &mut Thread, this: Gc<Token>) -> Value {
        match this.old.get() {
            Some(v) => v,
            None => missing(th),
        }
    }

    /// Enter into Token context manager.
    #[pymethod]
    fn __enter__(_: &mut Thread, this: Value) -> Value {
        this
    }

    /// Exit from Token context manager, restore the linked ContextVar.
    #[pymethod(sig = "(type, value, traceback, /)")]
    fn __exit__(
        th: &mut Thread,
        this: Gc<Token>,
        _type: Value,
        _value: Value,
        _traceback: Value,
    ) -> Result<()> {
        match this.var.downcast::<ContextVar>() {
            Some(v) => ContextVar::reset(th, v, this.value()),
            None => Ok(()),
        }
    }
}

/// The module `_contextvars`.
pub struct Contextvars;

/// Context Variables
#[pymodule(name = "_contextvars", types = [CONTEXT, VAR, TOKEN])]
impl Contextvars {
    #[pyfunction]
    fn copy_context(th: &mut Thread) -> Value {
        copy_current(th)
    }

    #[pyexec]
    fn exec(th: &mut Thread, _: Gc<Module>) -> Result<()> {
        let v = missing(th);
        let class = th.type_for(&TOKEN);
        th.dict_set_text(class.namespace(), "MISSING", v);
        Ok(())
    }
}
