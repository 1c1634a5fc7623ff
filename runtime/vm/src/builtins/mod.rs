//! The module `builtins`: functions, `__build_class__`, intrinsics of the compiler.

pub mod attributes;
pub mod build_class;
pub mod characters;
pub mod functions;
pub mod iteration;
pub mod numbers;
pub mod output;
pub mod source;

use taipan_bytecode::code::{Consumer, Intrinsic1, Intrinsic2};

use crate::Thread;
use crate::object::{Raised, Result, Value};
use crate::types::typing::type_var;
use crate::types::{ExceptionClass, T};

/// Makes the module `builtins` (functions, types, exceptions, constants) and enters it in
/// `sys.modules`.
pub fn install(th: &mut Thread) -> Result<()> {
    let m = th.new_module("builtins");
    // The namespace is the interpreter's own builtins dict.
    let dict = th.vm().builtins_dict();
    dict.update_from(th, m.namespace())?;
    m.dict.set(m.header(), dict);
    th.fill_native_module(m, &functions::MODULE)?;
    if let Some(f) = th.dict_get_text(dict, "__import__") {
        let mut registry = th.vm().registry.borrow_mut();
        registry.insert(crate::import::IMPORT_FUNCTION, f);
    }
    let public = [
        T::Object,
        T::Type,
        T::Int,
        T::Bool,
        T::Float,
        T::Complex,
        T::Str,
        T::Bytes,
        T::ByteArray,
        T::MemoryView,
        T::Tuple,
        T::List,
        T::Dict,
        T::Set,
        T::FrozenSet,
        T::ClassMethod,
        T::StaticMethod,
        T::Property,
        T::Slice,
        T::Range,
        T::Super,
        T::Reversed,
        T::Enumerate,
        T::Filter,
        T::Map,
        T::Zip,
    ];
    for t in public {
        let class = th.vm().ty(t);
        let name = class.name_text();
        th.dict_set_text(dict, &name, class.value());
    }
    for e in ExceptionClass::ALL {
        let class = th.vm().exception_class(*e);
        let name = class.name_text();
        th.dict_set_text(dict, &name, class.value());
    }
    let os_error = th.vm().exception_class(ExceptionClass::OSError).value();
    th.dict_set_text(dict, "IOError", os_error);
    th.dict_set_text(dict, "EnvironmentError", os_error);
    let (none, yes, no) = (th.none(), th.bool(true), th.bool(false));
    let (not_implemented, ellipsis) = (th.not_implemented(), th.ellipsis());
    let debug = th.bool(th.vm().config.optimize == 0);
    for (k, v) in [
        ("None", none),
        ("True", yes),
        ("False", no),
        ("NotImplemented", not_implemented),
        ("Ellipsis", ellipsis),
        ("__debug__", debug),
    ] {
        th.dict_set_text(dict, k, v);
    }
    let consumers = Consumer::NAMES.map(|n| th.dict_get_text(dict, n).unwrap_or(none));
    th.vm().set_consumers(consumers);
    let modules = th.vm().modules_dict();
    th.dict_set_text(modules, "builtins", m.value());
    Ok(())
}

/// Raises the exception for a compile-time error.
pub fn raise_syntax_error(
    th: &mut Thread,
    filename: &str,
    e: taipan_lower::errors::SyntaxError,
) -> Raised {
    use taipan_lower::errors::ErrorKind;
    let class = match e.kind {
        ErrorKind::Syntax => ExceptionClass::SyntaxError,
        ErrorKind::Indentation => ExceptionClass::IndentationError,
        ErrorKind::Tab => ExceptionClass::TabError,
        ErrorKind::Incomplete => ExceptionClass::IncompleteInputError,
        ErrorKind::Memory => ExceptionClass::MemoryError,
        ErrorKind::Recursion => ExceptionClass::RecursionError,
        ErrorKind::Value => ExceptionClass::ValueError,
        ErrorKind::Overflow => ExceptionClass::OverflowError,
    };
    let message = th.new_str(&e.message).value();
    if matches!(
        e.kind,
        ErrorKind::Memory | ErrorKind::Recursion | ErrorKind::Value | ErrorKind::Overflow
    ) || e.line == 0
    {
        return th.raise_with(class, &[message]);
    }
    let (file, text) = (th.new_str(filename).value(), th.new_str(&e.text).value());
    let text = if e.text.is_empty() { th.none() } else { text };
    let numbers = [
        e.line as i64,
        e.col as i64,
        e.end_line as i64,
        e.end_col as i64,
    ]
    .map(|n| th.int(n));
    let info = th
        .new_tuple(&[file, numbers[0], numbers[1], text, numbers[2], numbers[3]])
        .value();
    th.raise_with(class, &[message, info])
}

/// Issues what the compiler warns of. A warning that filters make an error is a SyntaxError.
pub fn issue_warnings(
    th: &mut Thread,
    source: &str,
    filename: &str,
    warnings: &[taipan_lower::errors::Warning],
) -> Result<()> {
    if warnings.is_empty() {
        return Ok(());
    }
    let lines = taipan_lower::parse::LineIndex::new(source);
    let file = th.new_str(filename).value();
    let stem = filename.strip_suffix(".py").unwrap_or(filename);
    let module = th
        .new_str(if stem.is_empty() { "<unknown>" } else { stem })
        .value();
    let category = th
        .vm()
        .exception_class(ExceptionClass::SyntaxWarning)
        .value();
    for w in warnings {
        let message = th.new_str(&w.message).value();
        let origin = crate::exceptions::warnings::Origin {
            filename: file,
            lineno: lines.line(w.range.start()) as i64,
            module,
            registry: None,
        };
        let r =
            crate::exceptions::warnings::warn_explicit(th, category, message, &origin, None, None);
        if r.is_err() {
            if !th.pending_matches(ExceptionClass::SyntaxWarning) {
                return r;
            }
            th.clear_pending();
            let e =
                taipan_lower::errors::SyntaxError::at(&lines, source, w.range, w.as_error.clone());
            return Err(raise_syntax_error(th, filename, e));
        }
    }
    Ok(())
}

/// `origin[params]` as a `types.GenericAlias`.
pub fn generic_alias(th: &mut Thread, origin: Value, params: Value) -> Result {
    crate::types::typing::generic_alias::new(th, origin, params)
}

/// A complex constant of a code object.
pub fn complex_constant(th: &mut Thread, re: f64, im: f64) -> Value {
    th.complex(crate::types::complex::Complex { re, im })
}

/// `BuildInterpolation`
pub fn interpolation(th: &mut Thread, parts: &[Value]) -> Result {
    crate::types::template::interpolation(th, parts)
}

/// `BuildTemplate`
pub fn template(th: &mut Thread, strings: Value, interpolations: Value) -> Result {
    crate::types::template::template(th, strings, interpolations)
}

/// One-operand intrinsics of the compiler.
pub fn intrinsic1(th: &mut Thread, which: Intrinsic1, v: Value) -> Result {
    match which {
        Intrinsic1::Print => {
            let sys = th.vm().sys_dict();
            match th.dict_get_text(sys, "displayhook") {
                Some(f) => th.call(f, &[v]),
                None => Err(th.runtime_error("lost sys.displayhook")),
            }
        }
        Intrinsic1::StopIterationError => crate::types::generator::stop_iteration_error(th, v),
        Intrinsic1::TypeVar => Ok(type_var::new(th, &type_var::TYPE_VAR, v).value()),
        Intrinsic1::ParamSpec => Ok(type_var::new(th, &type_var::PARAM_SPEC, v).value()),
        Intrinsic1::TypeVarTuple => Ok(type_var::new(th, &type_var::TYPE_VAR_TUPLE, v).value()),
        Intrinsic1::SubscriptGeneric => crate::types::typing::generic::subscript(th, v),
        Intrinsic1::TypeAlias => crate::types::typing::alias_type::from_statement(th, v),
    }
}

/// Two-operand intrinsics of the compiler.
pub fn intrinsic2(th: &mut Thread, which: Intrinsic2, a: Value, b: Value) -> Result {
    match which {
        Intrinsic2::TypeVarWithBound => Ok(type_var::with_bound(th, a, b)),
        Intrinsic2::TypeVarWithConstraints => Ok(type_var::with_constraints(th, a, b)),
        Intrinsic2::SetTypeParamDefault => type_var::set_default(th, a, b),
        Intrinsic2::SetFunctionTypeParams => {
            if let Some(f) = a.downcast::<crate::types::function::Function>() {
                f.type_params.set(f.header(), b);
            }
            Ok(a)
        }
        Intrinsic2::SumResult => Ok(numbers::sum_result(th, a, b)),
        Intrinsic2::LeaveGenerator => crate::types::traceback::leave_generator(th, a, b),
    }
}
