//! Type parameters: TypeVar, ParamSpec and TypeVarTuple.
//!
//! One layout serves all three. Bounds, constraints and defaults are values or functions that
//! give them when first asked (PEP 695, PEP 696).

use super::{call_typing, calling_module, const_evaluator, no_default};
use crate::object::{Gc, NativeHeader, Result, Slot, Value};
use crate::types::descriptor::INSTANCE_DICT;
use crate::types::tuple::Tuple;
use crate::types::type_::TypeDef;
use crate::{NativeObject, Thread, pymethods, pytype};

/// A type parameter.
#[repr(C)]
#[derive(NativeObject)]
pub struct TypeParam {
    head: NativeHeader,
    name: Value,
    bound: Slot,
    evaluate_bound: Slot,
    constraints: Slot,
    evaluate_constraints: Slot,
    default: Slot,
    evaluate_default: Slot,
    #[notrace]
    variance: Variance,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Variance {
    Invariant,
    Covariant,
    Contravariant,
    Inferred,
}

impl crate::types::Named for TypeParam {
    const NAME: &'static str = "typing.TypeVar";
}

fn blank(head: NativeHeader, name: Value, variance: Variance) -> TypeParam {
    TypeParam {
        head,
        name,
        bound: Slot::empty(),
        evaluate_bound: Slot::empty(),
        constraints: Slot::empty(),
        evaluate_constraints: Slot::empty(),
        default: Slot::empty(),
        evaluate_default: Slot::empty(),
        variance,
    }
}

/// A parameter of a `def`, `class` or `type` statement.
pub fn new(th: &mut Thread, def: &'static TypeDef, name: Value) -> Gc<TypeParam> {
    th.new_native(def, |head| blank(head, name, Variance::Inferred))
}

/// `TypeVar(name)` whose bound is evaluated by `thunk`.
pub fn with_bound(th: &mut Thread, name: Value, thunk: Value) -> Value {
    let v = new(th, &TYPE_VAR, name);
    v.evaluate_bound.set(v.header(), thunk);
    v.value()
}

/// `TypeVar(name)` whose constraints are evaluated by `thunk`.
pub fn with_constraints(th: &mut Thread, name: Value, thunk: Value) -> Value {
    let v = new(th, &TYPE_VAR, name);
    v.evaluate_constraints.set(v.header(), thunk);
    v.value()
}

/// Gives a parameter a default that is evaluated by `thunk`.
pub fn set_default(th: &mut Thread, param: Value, thunk: Value) -> Result {
    match param.downcast::<TypeParam>() {
        Some(p) => {
            p.evaluate_default.set(p.header(), thunk);
            Ok(param)
        }
        None => Err(th.type_error("expected a type parameter")),
    }
}

/// The value in `slot`, or what the function in `thunk` gives for it.
fn lazily(th: &mut Thread, p: Gc<TypeParam>, slot: &Slot, thunk: &Slot) -> Result<Option<Value>> {
    if let Some(v) = slot.get() {
        return Ok(Some(v));
    }
    let Some(f) = thunk.get() else {
        return Ok(None);
    };
    let format = th.int(1);
    let v = th.call(f, &[format])?;
    slot.set(p.header(), v);
    Ok(Some(v))
}

fn evaluator(th: &mut Thread, slot: &Slot, thunk: &Slot) -> Option<Value> {
    match (thunk.get(), slot.get()) {
        (Some(f), _) => Some(f),
        (None, Some(v)) => Some(const_evaluator(th, v)),
        (None, None) => None,
    }
}

fn variance(
    th: &mut Thread,
    covariant: Option<bool>,
    contravariant: Option<bool>,
    infer: Option<bool>,
) -> Result<Variance> {
    let is = |b: Option<bool>| b == Some(true);
    if is(covariant) && is(contravariant) {
        return Err(th.value_error("Bivariant types are not supported."));
    }
    if is(infer) && (is(covariant) || is(contravariant)) {
        return Err(th.value_error("Variance cannot be specified with infer_variance."));
    }
    Ok(if is(covariant) {
        Variance::Covariant
    } else if is(contravariant) {
        Variance::Contravariant
    } else if is(infer) {
        Variance::Inferred
    } else {
        Variance::Invariant
    })
}

/// Notes `__module__` and the default of a parameter made by a call.
fn finish(th: &mut Thread, p: Gc<TypeParam>, default: Option<Value>) -> Value {
    if let Some(d) = default {
        p.default.set(p.header(), d);
    }
    // (Code that knows no module, as that of `exec` may, says None.)
    let module = calling_module(th);
    let module = th.or_none(module);
    let key = th.names().__module__;
    th.set_instance_attribute(p.value(), key, module);
    p.value()
}

fn no_subclass(th: &mut Thread, class: &str) -> Result {
    Err(th.type_error(format!("Cannot subclass an instance of {class}")))
}

/// `*Ts`: an iterator over `Unpack[Ts]`.
pub(super) fn unpacked(th: &mut Thread, this: Value) -> Result {
    let unpack = super::typing_attribute(th, "Unpack")?;
    let v = th.get_item(unpack, this)?;
    let one = th.new_tuple(&[v]).value();
    th.iter(one)
}

fn union(th: &mut Thread, a: Value, b: Value) -> Result {
    super::union::of_checked(th, &[a, b])
}

/// What all type parameters have.
struct Common;

#[pymethods(table = COMMON, getsets = COMMON_ATTRIBUTES)]
impl Common {
    #[pygetter(name = "__name__")]
    fn get_name(_: &mut Thread, this: Gc<TypeParam>) -> Value {
        this.name
    }

    #[pygetter(name = "__default__")]
    fn get_default(th: &mut Thread, this: Gc<TypeParam>) -> Result {
        match lazily(th, this, &this.default, &this.evaluate_default)? {
            Some(v) => Ok(v),
            None => Ok(no_default(th)),
        }
    }

    #[pygetter]
    fn evaluate_default(th: &mut Thread, this: Gc<TypeParam>) -> Option<Value> {
        let none = no_default(th);
        if this.default.get().is_some_and(|d| d.is(none)) {
            return None;
        }
        evaluator(th, &this.default, &this.evaluate_default)
    }

    #[pymethod]
    fn has_default(th: &mut Thread, this: Gc<TypeParam>) -> bool {
        let none = no_default(th);
        this.evaluate_default.get().is_some() || this.default.get().is_some_and(|d| !d.is(none))
    }

    #[pymethod]
    fn __reduce__(_: &mut Thread, this: Gc<TypeParam>) -> Value {
        this.name
    }
}

/// Bound and variance.
struct Bounded;

#[pymethods(table = BOUNDED, getsets = BOUNDED_ATTRIBUTES)]
impl Bounded {
    #[pygetter(name = "__bound__")]
    fn get_bound(th: &mut Thread, this: Gc<TypeParam>) -> Result<Option<Value>> {
        lazily(th, this, &this.bound, &this.evaluate_bound)
    }

    #[pygetter(name = "__covariant__")]
    fn get_covariant(_: &mut Thread, this: Gc<TypeParam>) -> bool {
        this.variance == Variance::Covariant
    }

    #[pygetter(name = "__contravariant__")]
    fn get_contravariant(_: &mut Thread, this: Gc<TypeParam>) -> bool {
        this.variance == Variance::Contravariant
    }

    #[pygetter(name = "__infer_variance__")]
    fn get_infer_variance(_: &mut Thread, this: Gc<TypeParam>) -> bool {
        this.variance == Variance::Inferred
    }
}

/// `typing.TypeVar`
pub struct TypeVar;

/// Type variable.
#[pytype(name = "TypeVar", module = "typing", payload = TypeParam, flags = HAS_DICT | HAS_WEAKREF, table = TYPE_VAR, more = [&COMMON, &BOUNDED], more_getsets = [&COMMON_ATTRIBUTES, &BOUNDED_ATTRIBUTES, &INSTANCE_DICT])]
impl TypeVar {
    #[allow(clippy::too_many_arguments)]
    #[pynew(
        sig = "(name, *constraints, bound=None, default=typing.NoDefault, covariant=False, contravariant=False, infer_variance=False)"
    )]
    fn new(
        th: &mut Thread,
        _class: Value,
        name: Gc<crate::types::str_::Str>,
        constraints: crate::call::VarArgs,
        bound: Option<Value>,
        default: Option<Value>,
        covariant: Option<bool>,
        contravariant: Option<bool>,
        infer_variance: Option<bool>,
    ) -> Result {
        let v = variance(th, covariant, contravariant, infer_variance)?;
        let bound = match th.not_none(bound) {
            Some(b) => {
                let m = th.new_str("Bound must be a type.").value();
                Some(call_typing(th, "_type_check", &[b, m])?)
            }
            None => None,
        };
        let n = constraints.0.len();
        if n == 1 {
            return Err(th.type_error("A single constraint is not allowed"));
        }
        if n > 0 && bound.is_some() {
            return Err(th.type_error("Constraints cannot be combined with bound=..."));
        }
        let p = th.new_native(&TYPE_VAR, |head| blank(head, name.value(), v));
        p.bound.set_option(p.header(), bound);
        if n > 0 {
            p.constraints.set(p.header(), constraints.0.value());
        }
        Ok(finish(th, p, default))
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let p = th.expect::<TypeParam>(this)?;
        repr_of(th, p)
    }

    #[pyslot]
    fn or(th: &mut Thread, a: Value, b: Value) -> Result {
        union(th, a, b)
    }

    #[pygetter(name = "__constraints__")]
    fn get_constraints(th: &mut Thread, this: Gc<TypeParam>) -> Result {
        match lazily(th, this, &this.constraints, &this.evaluate_constraints)? {
            Some(v) => Ok(v),
            None => Ok(th.empty_tuple().value()),
        }
    }

    #[pygetter]
    fn evaluate_bound(th: &mut Thread, this: Gc<TypeParam>) -> Option<Value> {
        evaluator(th, &this.bound, &this.evaluate_bound)
    }

    #[pygetter]
    fn evaluate_constraints(th: &mut Thread, this: Gc<TypeParam>) -> Option<Value> {
        evaluator(th, &this.constraints, &this.evaluate_constraints)
    }

    #[pymethod]
    fn __typing_subst__(th: &mut Thread, this: Value, arg: Value) -> Result {
        call_typing(th, "_typevar_subst", &[this, arg])
    }

    #[pymethod]
    fn __typing_prepare_subst__(
        th: &mut Thread,
        this: Gc<TypeParam>,
        alias: Value,
        args: Value,
    ) -> Result {
        let name = th.names().__parameters__;
        let params = th.get_attr(alias, name)?;
        let params = th.to_tuple(params)?;
        let given = th.to_tuple(args)?;
        let at = params.as_slice().iter().position(|p| p.is(this.value()));
        let at = at.unwrap_or(params.len());
        if at < given.len() {
            return Ok(args);
        }
        if at == given.len() {
            let default = Common::get_default(th, this)?;
            if !default.is(no_default(th)) {
                let all = th.value_vec(given.as_slice())?;
                th.push(&all, default)?;
                return Ok(th.new_tuple(all.as_slice()).value());
            }
        }
        let text = th.str(alias)?.to_string_lossy();
        Err(th.type_error(format!("Too few arguments for {text}")))
    }

    #[pymethod]
    fn __mro_entries__(th: &mut Thread, _this: Value, _bases: Value) -> Result {
        no_subclass(th, "TypeVar")
    }
}

fn repr_of(th: &mut Thread, p: Gc<TypeParam>) -> Result {
    let name = th.str_lossy(p.name);
    let sign = match p.variance {
        Variance::Inferred => "",
        Variance::Covariant => "+",
        Variance::Contravariant => "-",
        Variance::Invariant => "~",
    };
    Ok(th.new_str(&format!("{sign}{name}")).value())
}

/// `typing.ParamSpec`
pub struct ParamSpec;

/// Parameter specification variable.
#[pytype(name = "ParamSpec", module = "typing", payload = TypeParam, flags = HAS_DICT | HAS_WEAKREF, table = PARAM_SPEC, more = [&COMMON, &BOUNDED], more_getsets = [&COMMON_ATTRIBUTES, &BOUNDED_ATTRIBUTES, &INSTANCE_DICT])]
impl ParamSpec {
    #[allow(clippy::too_many_arguments)]
    #[pynew(
        sig = "(name, *, bound=None, default=typing.NoDefault, covariant=False, contravariant=False, infer_variance=False)"
    )]
    fn new(
        th: &mut Thread,
        _class: Value,
        name: Gc<crate::types::str_::Str>,
        bound: Option<Value>,
        default: Option<Value>,
        covariant: Option<bool>,
        contravariant: Option<bool>,
        infer_variance: Option<bool>,
    ) -> Result {
        let v = variance(th, covariant, contravariant, infer_variance)?;
        let bound = th.not_none(bound);
        let p = th.new_native(&PARAM_SPEC, |head| blank(head, name.value(), v));
        p.bound.set_option(p.header(), bound);
        Ok(finish(th, p, default))
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let p = th.expect::<TypeParam>(this)?;
        repr_of(th, p)
    }

    #[pyslot]
    fn or(th: &mut Thread, a: Value, b: Value) -> Result {
        union(th, a, b)
    }

    /// Represents positional arguments.
    #[pygetter]
    fn args(th: &mut Thread, this: Value) -> Value {
        part(th, &PARAM_SPEC_ARGS, this)
    }

    /// Represents keyword arguments.
    #[pygetter]
    fn kwargs(th: &mut Thread, this: Value) -> Value {
        part(th, &PARAM_SPEC_KWARGS, this)
    }

    #[pymethod]
    fn __typing_subst__(th: &mut Thread, this: Value, arg: Value) -> Result {
        call_typing(th, "_paramspec_subst", &[this, arg])
    }

    #[pymethod]
    fn __typing_prepare_subst__(th: &mut Thread, this: Value, alias: Value, args: Value) -> Result {
        call_typing(th, "_paramspec_prepare_subst", &[this, alias, args])
    }

    #[pymethod]
    fn __mro_entries__(th: &mut Thread, _this: Value, _bases: Value) -> Result {
        no_subclass(th, "ParamSpec")
    }
}

/// `typing.TypeVarTuple`
pub struct TypeVarTuple;

/// Type variable tuple.
#[pytype(name = "TypeVarTuple", module = "typing", payload = TypeParam, flags = HAS_DICT | HAS_WEAKREF, table = TYPE_VAR_TUPLE, more = &COMMON, more_getsets = [&COMMON_ATTRIBUTES, &INSTANCE_DICT])]
impl TypeVarTuple {
    #[pynew(sig = "(name, *, default=typing.NoDefault)")]
    fn new(
        th: &mut Thread,
        _class: Value,
        name: Gc<crate::types::str_::Str>,
        default: Option<Value>,
    ) -> Result {
        let p = th.new_native(&TYPE_VAR_TUPLE, |head| {
            blank(head, name.value(), Variance::Invariant)
        });
        Ok(finish(th, p, default))
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let p = th.expect::<TypeParam>(this)?;
        Ok(th.str(p.name)?.value())
    }

    #[pyslot]
    fn iter(th: &mut Thread, this: Value) -> Result {
        unpacked(th, this)
    }

    #[pymethod]
    fn __typing_subst__(th: &mut Thread, _this: Value, _arg: Value) -> Result {
        Err(th.type_error("Substitution of bare TypeVarTuple is not supported"))
    }

    #[pymethod]
    fn __typing_prepare_subst__(th: &mut Thread, this: Value, alias: Value, args: Value) -> Result {
        call_typing(th, "_typevartuple_prepare_subst", &[this, alias, args])
    }

    #[pymethod]
    fn __mro_entries__(th: &mut Thread, _this: Value, _bases: Value) -> Result {
        no_subclass(th, "TypeVarTuple")
    }
}

/// `P.args` or `P.kwargs` of a ParamSpec.
#[repr(C)]
#[derive(NativeObject)]
pub struct ParamSpecPart {
    head: NativeHeader,
    origin: Value,
}

impl crate::types::Named for ParamSpecPart {
    const NAME: &'static str = "typing.ParamSpecArgs";
}

fn part(th: &mut Thread, def: &'static TypeDef, origin: Value) -> Value {
    th.new_native(def, |head| ParamSpecPart { head, origin })
        .value()
}

fn part_repr(th: &mut Thread, this: Value, suffix: &str) -> Result {
    let p = th.expect::<ParamSpecPart>(this)?;
    let text = match p.origin.downcast::<TypeParam>() {
        Some(o) => th.str_lossy(o.name),
        None => th.repr(p.origin)?.to_string_lossy(),
    };
    Ok(th.new_str(&format!("{text}.{suffix}")).value())
}

fn part_compare(
    th: &mut Thread,
    a: Value,
    b: Value,
    op: crate::object::slots::CompareOp,
) -> Result {
    use crate::object::slots::CompareOp::{Eq, Ne};
    let same_class = th.class_of(a).is(th.class_of(b));
    match (a.downcast::<ParamSpecPart>(), b.downcast::<ParamSpecPart>()) {
        (Some(x), Some(y)) if same_class && matches!(op, Eq | Ne) => {
            th.compare(x.origin, y.origin, op)
        }
        _ => Ok(th.not_implemented()),
    }
}

fn part_hash(th: &mut Thread, this: Value) -> Result<i64> {
    let p = th.expect::<ParamSpecPart>(this)?;
    th.hash(p.origin)
}

/// `typing.ParamSpecArgs`
pub struct ParamSpecArgs;

/// The args for a ParamSpec object.
#[pytype(name = "ParamSpecArgs", module = "typing", payload = ParamSpecPart, flags = HAS_WEAKREF, table = PARAM_SPEC_ARGS)]
impl ParamSpecArgs {
    #[pynew(sig = "(origin)")]
    fn new(th: &mut Thread, _class: Value, origin: Value) -> Value {
        part(th, &PARAM_SPEC_ARGS, origin)
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        part_repr(th, this, "args")
    }

    #[pyslot]
    fn hash(th: &mut Thread, this: Value) -> Result<i64> {
        part_hash(th, this)
    }

    #[pyslot]
    fn richcompare(
        th: &mut Thread,
        a: Value,
        b: Value,
        op: crate::object::slots::CompareOp,
    ) -> Result {
        part_compare(th, a, b, op)
    }

    #[pygetter(name = "__origin__")]
    fn get_origin(_: &mut Thread, this: Gc<ParamSpecPart>) -> Value {
        this.origin
    }

    #[pymethod]
    fn __mro_entries__(th: &mut Thread, _this: Value, _bases: Value) -> Result {
        no_subclass(th, "ParamSpecArgs")
    }
}

/// `typing.ParamSpecKwargs`
pub struct ParamSpecKwargs;

/// The kwargs for a ParamSpec object.
#[pytype(name = "ParamSpecKwargs", module = "typing", payload = ParamSpecPart, flags = HAS_WEAKREF, table = PARAM_SPEC_KWARGS)]
impl ParamSpecKwargs {
    #[pynew(sig = "(origin)")]
    fn new(th: &mut Thread, _class: Value, origin: Value) -> Value {
        part(th, &PARAM_SPEC_KWARGS, origin)
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        part_repr(th, this, "kwargs")
    }

    #[pyslot]
    fn hash(th: &mut Thread, this: Value) -> Result<i64> {
        part_hash(th, this)
    }

    #[pyslot]
    fn richcompare(
        th: &mut Thread,
        a: Value,
        b: Value,
        op: crate::object::slots::CompareOp,
    ) -> Result {
        part_compare(th, a, b, op)
    }

    #[pygetter(name = "__origin__")]
    fn get_origin(_: &mut Thread, this: Gc<ParamSpecPart>) -> Value {
        this.origin
    }

    #[pymethod]
    fn __mro_entries__(th: &mut Thread, _this: Value, _bases: Value) -> Result {
        no_subclass(th, "ParamSpecKwargs")
    }
}

/// Is it a TypeVarTuple?
pub fn is_tuple(th: &mut Thread, v: Value) -> bool {
    th.is_exact_native(v, &TYPE_VAR_TUPLE)
}

/// The parameters as arguments: a TypeVarTuple is unpacked.
pub fn as_arguments(th: &mut Thread, params: Gc<Tuple>) -> Result<Gc<Tuple>> {
    let out = crate::ValueVec::new();
    for p in params.as_slice() {
        if is_tuple(th, *p) {
            let it = unpacked(th, *p)?;
            let items = th.to_tuple(it)?;
            th.push_all(&out, items.as_slice())?;
        } else {
            th.push(&out, *p)?;
        }
    }
    Ok(th.new_tuple(out.as_slice()))
}
