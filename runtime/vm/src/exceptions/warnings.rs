//! Warnings: filters, registries, display; and the module `_warnings`.
//!
//! The filters of the Python module `warnings` are used once it is imported; before that, the
//! interpreter's own list, which that module takes over. Everything runs under the interpreter
//! lock, so the module's lock functions have nothing to do.

use crate::Thread;
use crate::object::{Gc, Result, Value};
use crate::pymodule;
use crate::types::ExceptionClass;
use crate::types::dict::Dict;
use crate::types::frame::FrameObject;
use crate::types::module::Module;
use crate::types::str_::Str;
use crate::types::tuple::Tuple;
use crate::types::type_::Type;

const FILTERS: &str = "warnings.filters";
const ONCE: &str = "warnings.onceregistry";
const VERSION: &str = "warnings.version";

fn kept(th: &mut Thread, key: &'static str, make: impl FnOnce(&mut Thread) -> Result) -> Result {
    if let Some(v) = th.vm().registry.borrow().get(key).copied() {
        return Ok(v);
    }
    let v = make(th)?;
    th.vm().registry.borrow_mut().insert(key, v);
    Ok(v)
}

/// The filters that hold before `warnings` changes them.
fn default_filters(th: &mut Thread) -> Result {
    let list = th.new_list();
    let main = th.intern("__main__").value();
    for (action, class, module) in [
        ("default", ExceptionClass::DeprecationWarning, true),
        ("ignore", ExceptionClass::DeprecationWarning, false),
        ("ignore", ExceptionClass::PendingDeprecationWarning, false),
        ("ignore", ExceptionClass::ImportWarning, false),
        ("ignore", ExceptionClass::ResourceWarning, false),
    ] {
        let action = th.intern(action).value();
        let class = th.vm().exception_class(class).value();
        let none = th.none();
        let module = if module { main } else { none };
        let item = th.new_tuple(&[action, none, class, module, Value::small(0)]);
        th.list_append(list, item.value())?;
    }
    Ok(list.value())
}

/// An attribute of the module `warnings`, if that was imported.
fn module_attribute(th: &mut Thread, name: &str) -> Result<Option<Value>> {
    let modules = th.vm().modules_dict();
    match th.dict_get_text(modules, "warnings") {
        Some(m) => th.get_attr_str_option(m, name),
        None => Ok(None),
    }
}

fn filters(th: &mut Thread) -> Result {
    match module_attribute(th, "filters")? {
        Some(f) => Ok(f),
        None => kept(th, FILTERS, default_filters),
    }
}

fn once_registry(th: &mut Thread) -> Result<Gc<Dict>> {
    let r = match module_attribute(th, "onceregistry")? {
        Some(r) => r,
        None => kept(th, ONCE, |th| Ok(th.new_dict().value()))?,
    };
    match r.downcast::<Dict>() {
        Some(d) => Ok(d),
        None => {
            let got = th.type_name(r);
            Err(th.type_error(format!(
                "_warnings.onceregistry must be a dict, not '{got}'"
            )))
        }
    }
}

fn default_action(th: &mut Thread) -> Result<String> {
    let Some(a) = module_attribute(th, "defaultaction")? else {
        return Ok("default".into());
    };
    match crate::types::str_::text(a) {
        Some(s) => Ok(s),
        None => {
            let got = th.type_name(a);
            Err(th.type_error(format!(
                "_warnings.defaultaction must be a string, not '{got}'"
            )))
        }
    }
}

/// Does a filter's pattern (None, a string, or a regular expression) accept a text?
fn pattern_accepts(th: &mut Thread, pattern: Value, text: Value) -> Result<bool> {
    if th.is_none(pattern) {
        return Ok(true);
    }
    if th.is_exact(pattern, crate::types::T::Str) {
        return th.equal(pattern, text);
    }
    let r = th.call_method_str(pattern, "match", &[text])?;
    th.truth(r)
}

/// The action for a warning and the filter that gave it.
fn action(
    th: &mut Thread,
    category: Value,
    text: Value,
    lineno: i64,
    module: Value,
) -> Result<(String, Option<Value>)> {
    let list = filters(th)?;
    let Some(list) = list.downcast::<crate::types::list::List>() else {
        return Err(th.value_error("_warnings.filters must be a list"));
    };
    let mut i = 0;
    while let Some(item) = list.items.get(i) {
        let parts = item.downcast::<Tuple>();
        let Some([action, message, class, source, line]) = parts.as_ref().map(|t| t.as_slice())
        else {
            return Err(th.value_error(format!("_warnings.filters item {i} isn't a 5-tuple")));
        };
        let Some(name) = crate::types::str_::text(*action) else {
            let got = th.type_name(*action);
            return Err(th.type_error(format!("action must be a string, not '{got}'")));
        };
        let line = th.index_i64(*line, "Python int too large to convert to C ssize_t")?;
        if pattern_accepts(th, *message, text)?
            && th.is_subclass_check(category, *class)?
            && pattern_accepts(th, *source, module)?
            && (line == 0 || line == lineno)
        {
            return Ok((name, Some(item)));
        }
        i += 1;
    }
    Ok((default_action(th)?, None))
}

fn version(th: &Thread) -> Value {
    let v = th.vm().registry.borrow().get(VERSION).copied();
    v.unwrap_or(Value::small(0))
}

/// Was a warning with this key shown already? Notes it when asked to.
fn already(th: &mut Thread, registry: Gc<Dict>, key: Value, note: bool) -> Result<bool> {
    let now = version(th);
    let old = th.dict_get_text(registry, "version");
    if old != Some(now) {
        registry.clear();
        th.dict_set_text(registry, "version", now);
    } else if let Some(v) = registry.get(th, key)?
        && th.truth(v)?
    {
        return Ok(true);
    }
    if note {
        let yes = th.bool(true);
        registry.set(th, key, yes)?;
    }
    Ok(false)
}

/// Where a warning is from.
pub struct Origin {
    /// `co_filename`
    pub filename: Value,
    /// Line, 0 for none.
    pub lineno: i64,
    /// Name of the module.
    pub module: Value,
    /// Its `__warningregistry__`.
    pub registry: Option<Gc<Dict>>,
}

/// `warnings.warn_explicit`
pub fn warn_explicit(
    th: &mut Thread,
    category: Value,
    message: Value,
    origin: &Origin,
    source: Option<Value>,
    source_line: Option<Value>,
) -> Result<()> {
    let (text, category, message) = if th.exception_matches(message, ExceptionClass::Warning) {
        let text = th.str(message)?.value();
        (text, th.class_of(message).value(), message)
    } else {
        (message, category, th.call(category, &[message])?)
    };
    let line = th.int(origin.lineno);
    let key = th.new_tuple(&[text, category, line]).value();
    if let Some(r) = origin.registry
        && already(th, r, key, false)?
    {
        return Ok(());
    }
    let (action, item) = action(th, category, text, origin.lineno, origin.module)?;
    match action.as_str() {
        "error" => return Err(th.raise_value(message)),
        "ignore" => return Ok(()),
        "always" | "all" => {}
        _ => {
            if let Some(r) = origin.registry {
                let yes = th.bool(true);
                r.set(th, key, yes)?;
            }
            let seen = match action.as_str() {
                "once" => {
                    let r = match origin.registry {
                        Some(r) => r,
                        None => once_registry(th)?,
                    };
                    let key = th.new_tuple(&[text, category]).value();
                    already(th, r, key, true)?
                }
                "module" => {
                    let key = th.new_tuple(&[text, category, Value::small(0)]).value();
                    match origin.registry {
                        Some(r) => already(th, r, key, true)?,
                        None => false,
                    }
                }
                "default" => false,
                other => {
                    let item = th.or_none(item);
                    let item = th.repr_lossy(item);
                    return Err(th.runtime_error(format!(
                        "Unrecognized action ('{other}') in warnings.filters:\n {item}"
                    )));
                }
            };
            if seen {
                return Ok(());
            }
        }
    }
    show(th, category, message, text, origin, source, source_line)
}

/// Displays a warning: by `warnings._showwarnmsg`, or natively when that is not imported.
fn show(
    th: &mut Thread,
    category: Value,
    message: Value,
    text: Value,
    origin: &Origin,
    source: Option<Value>,
    source_line: Option<Value>,
) -> Result<()> {
    if let Some(f) = module_attribute(th, "_showwarnmsg")? {
        if !th.is_callable(f) {
            return Err(th.type_error("warnings._showwarnmsg() must be set to a callable"));
        }
        let Some(class) = module_attribute(th, "WarningMessage")? else {
            return Err(th.runtime_error("unable to get warnings.WarningMessage"));
        };
        let line = th.int(origin.lineno);
        let none = th.none();
        let source = th.or_none(source);
        let m = th.call(
            class,
            &[message, category, origin.filename, line, none, none, source],
        )?;
        th.call(f, &[m])?;
        return Ok(());
    }
    let name = match category.downcast::<Type>() {
        Some(t) => t.name_text(),
        None => th.type_name(category),
    };
    let file = th.str_lossy(origin.filename);
    let text = th.str_lossy(text);
    let mut out = format!("{file}:{}: {name}: {text}\n", origin.lineno);
    let line = match source_line.and_then(crate::types::str_::text) {
        Some(l) => Some(l),
        None => super::source::line(th, &file, origin.lineno),
    };
    if let Some(l) = line.map(|l| l.trim().to_string()).filter(|l| !l.is_empty()) {
        out.push_str(&format!("  {l}\n"));
    }
    crate::sys::hooks::write_stderr(th, &out);
    Ok(())
}

fn filename_of(f: Gc<FrameObject>) -> String {
    f.code
        .filename
        .get()
        .map_or(String::new(), |s| s.to_string_lossy())
}

fn is_internal(f: Gc<FrameObject>) -> bool {
    let name = filename_of(f);
    name.contains("importlib") && name.contains("_bootstrap")
}

fn next_external(th: &mut Thread, f: Gc<FrameObject>, skip: &[String]) -> Option<Gc<FrameObject>> {
    let mut at = FrameObject::back(f, th);
    while let Some(f) = at {
        let name = filename_of(f);
        if !is_internal(f) && !skip.iter().any(|p| name.starts_with(p.as_str())) {
            break;
        }
        at = FrameObject::back(f, th);
    }
    at
}

/// The origin of a warning issued by the running frame's code.
fn origin(th: &mut Thread, stacklevel: i64, skip: &[String]) -> Result<Origin> {
    let mut level = stacklevel;
    let mut at = crate::types::frame::of_running(th);
    let hide = level > 0 && at.is_some_and(|f| !is_internal(f));
    while level > 1 {
        level -= 1;
        let Some(f) = at else { break };
        at = if hide {
            next_external(th, f, skip)
        } else {
            FrameObject::back(f, th)
        };
    }
    let (globals, filename, lineno) = match at {
        Some(f) => {
            let none = th.none();
            let file = f.code.filename.get().map_or(none, Gc::value);
            (f.function.globals(), file, f.line_in(th))
        }
        None => (th.vm().sys_dict(), th.new_str("<sys>").value(), 0),
    };
    let key = th.intern("__warningregistry__");
    let registry = match globals.get_str(key).and_then(|r| r.downcast::<Dict>()) {
        Some(r) => r,
        None => {
            let r = th.new_dict();
            globals.set_str(th, key, r.value());
            r
        }
    };
    let module = match th.dict_get_text(globals, "__name__") {
        Some(n) if th.is_none(n) || n.downcast::<Str>().is_some() => n,
        _ => th.new_str("<string>").value(),
    };
    Ok(Origin {
        filename,
        lineno,
        module,
        registry: Some(registry),
    })
}

/// `warnings.warn`
pub fn warn(
    th: &mut Thread,
    category: Value,
    message: Value,
    stacklevel: i64,
    source: Option<Value>,
    skip: &[String],
) -> Result<()> {
    let origin = origin(th, stacklevel, skip)?;
    warn_explicit(th, category, message, &origin, source, None)
}

fn category_of(th: &mut Thread, message: Value, category: Option<Value>) -> Result {
    let warning = th.vm().exception_class(ExceptionClass::Warning);
    if th.exception_matches(message, ExceptionClass::Warning) {
        return Ok(th.class_of(message).value());
    }
    match th.not_none(category) {
        None => Ok(th.vm().exception_class(ExceptionClass::UserWarning).value()),
        Some(c) if c.downcast::<Type>().is_some_and(|t| t.is_subtype(warning)) => Ok(c),
        Some(c) => {
            let got = th.type_name(c);
            Err(th.type_error(format!("category must be a Warning subclass, not '{got}'")))
        }
    }
}

/// The functions hang here.
pub struct Warnings;

/// _warnings provides basic warning filtering support.
/// It is a helper module to speed up interpreter start-up.
#[pymodule(name = "_warnings")]
impl Warnings {
    /// Issue a warning, or maybe ignore it or raise an exception.
    #[pyfunction(
        sig = "(message, category=None, stacklevel=1, source=None, *, skip_file_prefixes=())"
    )]
    fn warn(
        th: &mut Thread,
        message: Value,
        category: Option<Value>,
        stacklevel: Option<i64>,
        source: Option<Value>,
        skip_file_prefixes: Option<Gc<Tuple>>,
    ) -> Result<()> {
        let category = category_of(th, message, category)?;
        let mut level = stacklevel.unwrap_or(1);
        let mut skip = Vec::new();
        if let Some(t) = skip_file_prefixes {
            for p in t.as_slice() {
                match crate::types::str_::text(*p) {
                    Some(p) => skip.push(p),
                    None => {
                        let got = th.type_name(*p);
                        return Err(
                            th.type_error(format!("Found non-str '{got}' in skip_file_prefixes."))
                        );
                    }
                }
            }
            if !skip.is_empty() {
                level = level.max(2);
            }
        }
        let source = th.not_none(source);
        warn(th, category, message, level, source, &skip)
    }

    /// Issue a warning, or maybe ignore it or raise an exception.
    #[pyfunction(
        sig = "(message, category, filename, lineno, module=None, registry=None, module_globals=None, source=None)"
    )]
    #[allow(clippy::too_many_arguments)]
    fn warn_explicit(
        th: &mut Thread,
        message: Value,
        category: Value,
        filename: Gc<Str>,
        lineno: i64,
        module: Option<Value>,
        registry: Option<Value>,
        module_globals: Option<Value>,
        source: Option<Value>,
    ) -> Result<()> {
        let registry = match th.not_none(registry) {
            None => None,
            Some(r) => match r.downcast::<Dict>() {
                Some(d) => Some(d),
                None => return Err(th.type_error("'registry' must be a dict or None")),
            },
        };
        let module = match th.not_none(module) {
            Some(m) => m,
            None => {
                let name = filename.to_string_lossy();
                let name = match name.strip_suffix(".py") {
                    Some(n) => n,
                    None if name.is_empty() => "<unknown>",
                    None => &name,
                };
                th.new_str(name).value()
            }
        };
        let line = match th.not_none(module_globals) {
            Some(g) => globals_line(th, g, lineno)?,
            None => None,
        };
        let origin = Origin {
            filename: filename.value(),
            lineno,
            module,
            registry,
        };
        let source = th.not_none(source);
        warn_explicit(th, category, message, &origin, source, line)
    }

    #[pyfunction]
    fn _filters_mutated_lock_held(th: &mut Thread) {
        let next = version(th).as_int().unwrap_or(0) + 1;
        let next = th.int(next);
        th.vm().registry.borrow_mut().insert(VERSION, next);
    }

    #[pyfunction]
    fn _acquire_lock(_: &mut Thread) {}

    #[pyfunction]
    fn _release_lock(_: &mut Thread) {}

    #[pyexec]
    fn exec(th: &mut Thread, m: Gc<Module>) -> Result<()> {
        let dict = m.namespace();
        let filters = kept(th, FILTERS, default_filters)?;
        let once = kept(th, ONCE, |th| Ok(th.new_dict().value()))?;
        let action = th.intern("default").value();
        let context = crate::sys::hooks::import(th, "_contextvars")?;
        let name = th.intern("_warnings_context").value();
        let context = th.call_method_str(context, "ContextVar", &[name])?;
        for (k, v) in [
            ("filters", filters),
            ("_onceregistry", once),
            ("_defaultaction", action),
            ("_warnings_context", context),
        ] {
            th.dict_set_text(dict, k, v);
        }
        Ok(())
    }
}

/// The source line that a module's loader knows.
fn globals_line(th: &mut Thread, globals: Value, lineno: i64) -> Result<Option<Value>> {
    let Some(g) = globals.downcast::<Dict>() else {
        let got = th.type_name(globals);
        return Err(th.type_error(format!("module_globals must be a dict, not '{got}'")));
    };
    let loader = th.dict_get_text(g, "__loader__");
    let name = th.dict_get_text(g, "__name__");
    let (Some(loader), Some(name)) = (th.not_none(loader), th.not_none(name)) else {
        return Ok(None);
    };
    let Some(get) = th.get_attr_str_option(loader, "get_source")? else {
        return Ok(None);
    };
    let source = th.call(get, &[name])?;
    let Some(text) = crate::types::str_::text(source) else {
        return Ok(None);
    };
    Ok(text
        .lines()
        .nth((lineno - 1).max(0) as usize)
        .map(|l| th.new_str(l).value()))
}
