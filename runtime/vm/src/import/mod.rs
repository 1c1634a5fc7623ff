//! Import: the statement's opcodes, native modules, and running of code objects.

pub mod frozen;
mod hints;
pub mod importlib;
pub mod level;
pub mod native;

use taipan_bytecode::lazy::CodeRef;

use crate::Thread;
use crate::interp::frame::flags;
use crate::object::{Gc, Result, Value};
use crate::types::ExceptionClass;
use crate::types::code::Code;
use crate::types::dict::Dict;
use crate::types::module::Module;
use crate::types::str_::Str;

/// `ImportName`: by `builtins.__import__`, directly when that is the builtin one.
pub fn import_name(th: &mut Thread, name: Gc<Str>, fromlist: Value, level: i64) -> Result {
    let key = th.names().__import__;
    let frame_builtins = th
        .stacks
        .current()
        .map(|f| f.function.builtins())
        .unwrap_or(th.vm().builtins_dict());
    let Some(f) = frame_builtins.get_str(key) else {
        return Err(th.raise(ExceptionClass::ImportError, "__import__ not found"));
    };
    let globals = th.current_globals().map_or(th.none(), |g| g.value());
    let own = th.vm().registry.borrow().get(IMPORT_FUNCTION).copied();
    if own.is_some_and(|own| own.is(f)) {
        return level::import_module_level(th, name, Some(globals), Some(fromlist), level);
    }
    let locals = th
        .stacks
        .current()
        .and_then(|f| Value::from_bits(f.locals))
        .unwrap_or(th.none());
    let level = th.int(level);
    th.call(f, &[name.value(), globals, locals, fromlist, level])
}

/// Registry key of the builtin `__import__`.
pub const IMPORT_FUNCTION: &str = "builtins.__import__";

/// Is a module's import still going on (`__spec__._initializing`)?
pub fn is_initializing(th: &mut Thread, module: Value) -> Result<bool> {
    let key = th.names().__spec__;
    let spec = match module.downcast::<Module>() {
        // Past a module's `__getattr__`, which must not be asked.
        Some(m) => m.namespace().get_str(key),
        None => th.get_attr_option(module, key)?,
    };
    match th.not_none(spec) {
        Some(s) => match th.get_attr_str_option(s, "_initializing")? {
            Some(v) => th.truth(v),
            None => Ok(false),
        },
        None => Ok(false),
    }
}

/// `ImportFrom`
pub fn import_from(th: &mut Thread, module: Value, name: Gc<Str>) -> Result {
    if let Some(v) = th.get_attr_option(module, name)? {
        return Ok(v);
    }
    let key = th.names().__name__;
    if let Some(m) = th.get_attr_option(module, key)?
        && let Some(m) = m.downcast::<Str>()
    {
        let full = format!("{}.{}", m.to_string_lossy(), name.to_string_lossy());
        let modules = th.vm().modules_dict();
        if let Some(v) = th.dict_get_text(modules, &full) {
            return Ok(v);
        }
    }
    hints::cannot_import(th, module, name)
}

/// `ImportStar`
pub fn import_star(th: &mut Thread, module: Value, locals: Value) -> Result<()> {
    let n = th.names();
    let all = th.get_attr_option(module, n.__all__)?;
    let names = match all {
        Some(a) => th.collect(a)?,
        None => {
            let d = th.get_attr(module, n.__dict__)?;
            let keys = th.call_method(d, n.keys, &[])?;
            th.collect(keys)?
        }
    };
    for k in names.as_slice() {
        let Some(s) = k.downcast::<Str>() else {
            let got = th.type_name(*k);
            return Err(th.type_error(format!("Item in module.__all__ must be str, not {got}")));
        };
        if all.is_none() && s.at(0) == Some('_' as u32) {
            continue;
        }
        let s = th.intern_str(s);
        let v = th.get_attr(module, s)?;
        crate::interp::ops::name::store_name(th, locals, s, v)?;
    }
    Ok(())
}

/// A module's attribute that is not in its namespace: `__getattr__`, or AttributeError.
pub fn module_attribute_missing(th: &mut Thread, m: Gc<Module>, name: Gc<Str>) -> Result {
    let n = th.names();
    if let Some(f) = m.namespace().get_str(n.__getattr__) {
        return th.call(f, &[name.value()]);
    }
    let message = hints::missing_attribute(th, m, name)?;
    Err(th.attribute_error(m.value(), &name.to_string_lossy(), message))
}

impl Thread {
    /// Runs a code object with these globals and locals (module, class body, exec).
    pub fn run_code(&mut self, code: Gc<Code>, globals: Gc<Dict>, locals: Value) -> Result {
        self.run_closure(code, globals, locals, None)
    }

    /// As [`Thread::run_code`], with cells for the code's free variables.
    pub fn run_closure(
        &mut self,
        code: Gc<Code>,
        globals: Gc<Dict>,
        locals: Value,
        closure: Option<Gc<crate::types::tuple::Tuple>>,
    ) -> Result {
        self.check_native_stack("")?;
        let key = self.names().__builtins__;
        if globals.get_str(key).is_none() {
            let b = self.builtins_module();
            globals.set_str(self, key, b);
        }
        let f = self.new_function(code, globals);
        f.closure.set_option(f.header(), closure);
        let window = self.stacks.top();
        self.ensure_window(window, code.registers as usize)?;
        let frame = self.push_frame(f, code, window, 0, 0, flags::ENTRY)?;
        crate::interp::set_locals(frame, locals);
        crate::interp::run::run(self)
    }

    /// The module `builtins`.
    pub fn builtins_module(&mut self) -> Value {
        let modules = self.vm().modules_dict();
        match self.dict_get_text(modules, "builtins") {
            Some(m) => m,
            None => self.vm().builtins_dict().value(),
        }
    }

    /// Compiles source text. Raises SyntaxError and its kin.
    pub fn compile(
        &mut self,
        source: &str,
        filename: &str,
        mode: taipan_lower::parse::Mode,
    ) -> Result<Gc<Code>> {
        let mut options = taipan_lower::Options::new(mode);
        options.optimize = self.vm().config.optimize;
        options.front.max_int_digits = self.vm().int_max_str_digits.get();
        match taipan_lower::compile(source, filename, &options) {
            Ok(c) => {
                crate::builtins::issue_warnings(self, source, filename, &c.warnings)?;
                Ok(self.new_code(c.code))
            }
            Err(e) => Err(crate::builtins::raise_syntax_error(self, filename, e)),
        }
    }

    /// A code object for verified data.
    pub fn code_from(&mut self, data: CodeRef) -> Gc<Code> {
        self.new_code(data)
    }
}
