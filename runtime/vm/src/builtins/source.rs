//! `compile`, `eval`, `exec`.

use std::borrow::Cow;

use taipan_bytecode::code::co_flags;
use taipan_lower::parse::Mode;

use crate::object::{Gc, Raised, Result, Value};
use crate::types::ExceptionClass;
use crate::types::bytes::Bytes;
use crate::types::cell::CellObject;
use crate::types::code::Code;
use crate::types::dict::Dict;
use crate::types::str_::{Str, text};
use crate::types::tuple::Tuple;
use crate::{Thread, pymethods};

use super::attributes::current_locals;
use super::functions::Builtins;

/// Flags of `compile()`.
mod flag {
    pub const DONT_IMPLY_DEDENT: i64 = 0x200;
    pub const ONLY_AST: i64 = 0x400;
    pub const TYPE_COMMENTS: i64 = 0x1000;
    pub const TOP_LEVEL_AWAIT: i64 = 0x2000;
    pub const INCOMPLETE_INPUT: i64 = 0x4000;
    pub const OPTIMIZED_AST: i64 = 0x8000 | ONLY_AST;
    pub const FUTURES: i64 = 0x1fe_0000;
    pub const ANNOTATIONS: i64 = 0x100_0000;
    pub const BARRY_AS_FLUFL: i64 = 0x40_0000;
    /// CO_NESTED, which once was a future statement.
    pub const OBSOLETE: i64 = 0x10;
    pub const ALL: i64 = DONT_IMPLY_DEDENT
        | ONLY_AST
        | TYPE_COMMENTS
        | TOP_LEVEL_AWAIT
        | INCOMPLETE_INPUT
        | OPTIMIZED_AST
        | FUTURES
        | OBSOLETE;
}

fn syntax_error(th: &mut Thread, message: &str) -> Raised {
    th.raise(ExceptionClass::SyntaxError, message)
}

/// The text of source bytes in an encoding that only the codecs of the library know.
fn by_codec(th: &mut Thread, bytes: Value, encoding: &str) -> Option<String> {
    let encoding = th.new_str(encoding).value();
    match th.call_method_str(bytes, "decode", &[encoding]) {
        Ok(v) => Some(v.downcast::<Str>()?.to_utf8()?.into_owned()),
        Err(_) => {
            th.clear_pending();
            None
        }
    }
}

/// The source text of a string or bytes object.
pub(crate) fn source_text(th: &mut Thread, v: Value, function: &str, what: &str) -> Result<String> {
    let text = if let Some(s) = v.downcast::<Str>() {
        match s.to_utf8() {
            Some(t) => t.into_owned(),
            None => {
                let encoding = th.new_str("utf-8").value();
                th.call_method_str(v, "encode", &[encoding])?;
                return Err(th.value_error("source text is not valid Unicode"));
            }
        }
    } else {
        let bytes = if let Some(b) = v.downcast::<Bytes>() {
            b
        } else if th.class_of(v).slots().buffer.is_some() {
            let class = th.vm().ty(crate::types::T::Bytes).value();
            let b = th.call(class, &[v])?;
            th.expect::<Bytes>(b)?
        } else {
            return Err(th.type_error(format!("{function}() arg 1 must be a {what}")));
        };
        use taipan_lower::source::DecodeError;
        match taipan_lower::source::decode(bytes.as_slice()) {
            Ok(Cow::Borrowed(t)) => t.to_string(),
            Ok(Cow::Owned(t)) => t,
            Err(DecodeError::Invalid(m)) => return Err(syntax_error(th, &m)),
            Err(DecodeError::InvalidUtf8 { message, .. }) => {
                return Err(syntax_error(th, &message));
            }
            Err(DecodeError::UnknownEncoding(n)) => match by_codec(th, bytes.value(), &n) {
                Some(t) => t,
                None => return Err(syntax_error(th, &format!("unknown encoding: {n}"))),
            },
        }
    };
    if text.contains('\0') {
        return Err(syntax_error(
            th,
            "source code string cannot contain null bytes",
        ));
    }
    Ok(text)
}

struct Request<'a> {
    filename: &'a str,
    mode: Mode,
    flags: i64,
    inherit: bool,
    optimize: Option<u8>,
}

fn options_of(th: &Thread, r: &Request<'_>) -> taipan_lower::Options {
    let mut options = taipan_lower::Options::new(r.mode);
    options.optimize = r.optimize.unwrap_or(th.vm().config.optimize);
    options.front.max_int_digits = th.vm().int_max_str_digits.get();
    let inherited = r.inherit
        && th
            .stacks
            .current()
            .is_some_and(|f| f.function.code().has(co_flags::FUTURE_ANNOTATIONS));
    options.front.future_annotations = inherited || r.flags & flag::ANNOTATIONS != 0;
    options.front.barry_as_flufl = r.flags & flag::BARRY_AS_FLUFL != 0;
    options.front.dont_imply_dedent = r.flags & flag::DONT_IMPLY_DEDENT != 0;
    options.front.top_level_await = r.flags & flag::TOP_LEVEL_AWAIT != 0;
    options.front.allow_incomplete = r.flags & flag::INCOMPLETE_INPUT != 0;
    options
}

fn compile_text(th: &mut Thread, source: &str, r: &Request<'_>) -> Result<Gc<Code>> {
    let options = options_of(th, r);
    match taipan_lower::compile(source, r.filename, &options) {
        Ok(c) => {
            super::issue_warnings(th, source, r.filename, &c.warnings)?;
            Ok(th.new_code(c.code))
        }
        Err(e) => Err(super::raise_syntax_error(th, r.filename, e)),
    }
}

/// The code object of what `eval` or `exec` got.
fn code_of(th: &mut Thread, source: Value, mode: Mode, function: &str) -> Result<Gc<Code>> {
    if let Some(c) = source.downcast::<Code>() {
        return Ok(c);
    }
    let t = source_text(th, source, function, "string, bytes or code object")?;
    let t = match mode {
        Mode::Eval => t.trim_start_matches([' ', '\t']),
        _ => t.as_str(),
    };
    let request = Request {
        filename: "<string>",
        mode,
        flags: 0,
        inherit: true,
        optimize: None,
    };
    compile_text(th, t, &request)
}

/// The namespaces to run in.
fn namespaces(
    th: &mut Thread,
    globals: Option<Value>,
    locals: Option<Value>,
    exec: bool,
) -> Result<(Gc<Dict>, Value)> {
    let (globals, locals) = (th.not_none(globals), th.not_none(locals));
    if let Some(g) = globals
        && g.downcast::<Dict>().is_none()
    {
        let got = th.type_name(g);
        let mapping = th.class_of(g).slots().getitem.is_some();
        return Err(if exec {
            th.type_error(format!("exec() globals must be a dict, not {got}"))
        } else if mapping {
            th.type_error("globals must be a real dict; try eval(code, {}, mapping)")
        } else {
            th.type_error("globals must be a dict")
        });
    }
    if let Some(l) = locals
        && th.class_of(l).slots().getitem.is_none()
    {
        let got = th.type_name(l);
        return Err(if exec {
            th.type_error(format!("locals must be a mapping or None, not {got}"))
        } else {
            th.type_error("locals must be a mapping")
        });
    }
    let given = globals.and_then(|g| g.downcast::<Dict>());
    let g = match given.or_else(|| th.current_globals()) {
        Some(g) => g,
        None => {
            let name = if exec { "exec" } else { "eval" };
            return Err(th.system_error(format!("{name} must be given globals")));
        }
    };
    let l = match locals {
        Some(l) => l,
        None if given.is_some() => g.value(),
        None => current_locals(th)?,
    };
    Ok((g, l))
}

#[pymethods(table = TABLE)]
impl Builtins {
    /// Evaluate the given source in the context of globals and locals.
    ///
    /// The source may be a string representing a Python expression
    /// or a code object as returned by compile().
    /// The globals must be a dictionary and locals can be any mapping,
    /// defaulting to the current globals and locals.
    /// If only globals is given, locals defaults to it.
    #[pyfunction(sig = "(source, /, globals=None, locals=None)")]
    fn eval(
        th: &mut Thread,
        source: Value,
        globals: Option<Value>,
        locals: Option<Value>,
    ) -> Result {
        let (g, l) = namespaces(th, globals, locals, false)?;
        let code = code_of(th, source, Mode::Eval, "eval")?;
        if !code.data.freevars.is_empty() {
            return Err(
                th.type_error("code object passed to eval() may not contain free variables")
            );
        }
        th.run_code(code, g, l)
    }

    /// Execute the given source in the context of globals and locals.
    ///
    /// The source may be a string representing one or more Python statements
    /// or a code object as returned by compile().
    /// The globals must be a dictionary and locals can be any mapping,
    /// defaulting to the current globals and locals.
    /// If only globals is given, locals defaults to it.
    /// The closure must be a tuple of cellvars, and can only be used
    /// when source is a code object requiring exactly that many cellvars.
    #[pyfunction(sig = "(source, /, globals=None, locals=None, *, closure=None)")]
    fn exec(
        th: &mut Thread,
        source: Value,
        globals: Option<Value>,
        locals: Option<Value>,
        closure: Option<Value>,
    ) -> Result<()> {
        let (g, l) = namespaces(th, globals, locals, true)?;
        let closure = th.not_none(closure);
        let Some(code) = source.downcast::<Code>() else {
            if closure.is_some() {
                return Err(th.type_error("closure can only be used when source is a code object"));
            }
            let code = code_of(th, source, Mode::Exec, "exec")?;
            th.run_code(code, g, l)?;
            return Ok(());
        };
        let wanted = code.data.freevars.len();
        if wanted == 0 {
            if closure.is_some() {
                return Err(th.type_error("cannot use a closure with this code object"));
            }
            th.run_code(code, g, l)?;
            return Ok(());
        }
        let cells = closure.and_then(|c| c.downcast::<Tuple>()).filter(|t| {
            t.len() == wanted
                && t.as_slice()
                    .iter()
                    .all(|c| c.downcast::<CellObject>().is_some())
        });
        if cells.is_none() {
            return Err(th.type_error(format!(
                "code object requires a closure of exactly length {wanted}"
            )));
        }
        th.run_closure(code, g, l, cells)?;
        Ok(())
    }

    /// Compile source into a code object that can be executed by exec() or eval().
    ///
    /// The source code may represent a Python module, statement or expression.
    /// The filename will be used for run-time error messages.
    /// The mode must be 'exec' to compile a module, 'single' to compile a
    /// single (interactive) statement, or 'eval' to compile an expression.
    /// The flags argument, if present, controls which future statements influence
    /// the compilation of the code.
    /// The dont_inherit argument, if true, stops the compilation inheriting
    /// the effects of any future statements in effect in the code calling
    /// compile; if absent or false these statements do influence the compilation,
    /// in addition to any features explicitly specified.
    #[pyfunction(
        sig = "(source, filename, mode, flags=0, dont_inherit=False, optimize=-1, *, _feature_version=-1)"
    )]
    #[allow(clippy::too_many_arguments)]
    fn compile(
        th: &mut Thread,
        source: Value,
        filename: Value,
        mode: Gc<Str>,
        flags: Option<i64>,
        dont_inherit: Option<bool>,
        optimize: Option<i64>,
        feature_version: Option<i64>,
    ) -> Result {
        let _ = feature_version;
        let filename = match filename.downcast::<Str>() {
            Some(s) => s.to_string_lossy(),
            None => match filename.downcast::<Bytes>() {
                Some(b) => return_lossy(b),
                None => {
                    let p = th.call_method_str(filename, "__fspath__", &[]);
                    match p {
                        Ok(p) => text(p).unwrap_or_default(),
                        Err(e) => {
                            if !th.pending_matches(ExceptionClass::AttributeError) {
                                return Err(e);
                            }
                            th.clear_pending();
                            let got = th.class_of(filename).name_text();
                            return Err(th.type_error(format!(
                                "expected str, bytes or os.PathLike object, not {got}"
                            )));
                        }
                    }
                }
            },
        };
        let flags = flags.unwrap_or(0);
        if flags & !flag::ALL != 0 {
            return Err(th.value_error("compile(): unrecognised flags"));
        }
        let optimize = match optimize.unwrap_or(-1) {
            -1 => None,
            n @ 0..=2 => Some(n as u8),
            _ => return Err(th.value_error("compile(): invalid optimize value")),
        };
        let only_ast = flags & flag::ONLY_AST != 0;
        let mode = match mode.to_string_lossy().as_str() {
            "exec" => Mode::Exec,
            "eval" => Mode::Eval,
            "single" => Mode::Single,
            "func_type" if only_ast => {
                return Err(th.not_implemented_error("compile() in mode 'func_type'"));
            }
            "func_type" => {
                return Err(
                    th.value_error("compile() mode 'func_type' requires flag PyCF_ONLY_AST")
                );
            }
            _ if only_ast => {
                return Err(th.value_error(
                    "compile() mode must be 'exec', 'eval', 'single' or 'func_type'",
                ));
            }
            _ => {
                return Err(th.value_error("compile() mode must be 'exec', 'eval' or 'single'"));
            }
        };
        let request = Request {
            filename: &filename,
            mode,
            flags,
            inherit: !dont_inherit.unwrap_or(false),
            optimize,
        };
        let options = options_of(th, &request);
        if crate::tree::is_node(th, source)? {
            if only_ast {
                crate::tree::check(th, source, mode)?;
                return Ok(source);
            }
            return crate::tree::compile(th, source, &filename, &options);
        }
        let t = source_text(th, source, "compile", "string, bytes or AST object")?;
        if only_ast {
            return crate::tree::parse(th, &t, &filename, options.front);
        }
        Ok(compile_text(th, &t, &request)?.value())
    }
}

fn return_lossy(b: Gc<Bytes>) -> String {
    String::from_utf8_lossy(b.as_slice()).into_owned()
}
