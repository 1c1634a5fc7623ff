//! Running what the command line names, in `__main__`.

use std::io::IsTerminal;
use std::path::Path;

use taipan_bytecode::pyc::{self, PycError};
use taipan_lower::parse::Mode;
use taipan_lower::source::{self, DecodeError};
use taipan_vm::types::ExceptionClass;
use taipan_vm::types::code::Code;
use taipan_vm::types::dict::Dict;
use taipan_vm::{Gc, Raised, Result, Thread, Value};

use crate::flags::{CommandLine, Target};
use crate::{paths, repl, start};

/// How running ended when no exception is pending.
pub enum Outcome {
    /// It came to its end.
    Done,
    /// The script could not be read: text for stderr, exit code 2.
    Unreadable(String),
}

/// Makes `__main__` and gives its namespace.
pub fn main_module(th: &mut Thread) -> Gc<Dict> {
    let m = th.new_module("__main__");
    let modules = th.vm().modules_dict();
    th.dict_set_text(modules, "__main__", m.value());
    let dict = m.namespace();
    let builtins = th.builtins_module();
    th.dict_set_text(dict, "__builtins__", builtins);
    dict
}

fn loader(th: &mut Thread, name: &str, args: &[Value]) -> Result {
    let module = match name {
        "BuiltinImporter" => "_frozen_importlib",
        _ => "_frozen_importlib_external",
    };
    let modules = th.vm().modules_dict();
    match th.dict_get_text(modules, module) {
        Some(m) => {
            let class = th.get_attr_str(m, name)?;
            if args.is_empty() {
                return Ok(class);
            }
            th.call(class, args)
        }
        None => Ok(th.none()),
    }
}

/// Runs the target.
pub fn run(th: &mut Thread, line: &CommandLine) -> Result<Outcome> {
    let dict = main_module(th);
    if !matches!(line.target, Target::File(_)) {
        let v = loader(th, "BuiltinImporter", &[])?;
        th.dict_set_text(dict, "__loader__", v);
    }
    let safe = th.vm().config.safe_path;
    start::site(th);
    if line.faulthandler {
        let m = taipan_vm::sys::hooks::import(th, "faulthandler");
        if m.and_then(|m| th.call_method_str(m, "enable", &[]))
            .is_err()
        {
            th.clear_pending();
        }
    }
    match &line.target {
        Target::Command(command) => {
            if !safe {
                start::prepend_path(th, "");
            }
            let command = format!("{}\n", dedent(command));
            let code = th.compile(&command, "<string>", Mode::Exec)?;
            let text = th.new_str(&command).value();
            taipan_vm::exceptions::report::keep_source(th, code, text);
            th.run_code(code, dict, dict.value())?;
        }
        Target::Module(name) => {
            if !safe {
                let here = std::env::current_dir().unwrap_or_default();
                start::prepend_path(th, &here.to_string_lossy());
            }
            run_module(th, name, true)?;
        }
        Target::Stdin => {
            if !safe {
                start::prepend_path(th, "");
            }
            if line.inspect || std::io::stdin().is_terminal() {
                repl::run(th, dict, !line.config.quiet)?;
            } else {
                let mut bytes = Vec::new();
                use std::io::Read;
                if let Err(e) = std::io::stdin().read_to_end(&mut bytes) {
                    return Ok(Outcome::Unreadable(format!("can't read stdin: {e}")));
                }
                let text = decode(th, &bytes, "<stdin>")?;
                execute(th, &text, "<stdin>", dict)?;
            }
        }
        Target::File(path) => return file(th, line, path, dict),
    }
    Ok(Outcome::Done)
}

/// A command without the white space that all its lines begin with.
fn dedent(command: &str) -> String {
    let mut margin: Option<&str> = None;
    for line in command.split('\n') {
        let body = line.trim_start_matches([' ', '\t']);
        if body.is_empty() {
            continue;
        }
        let indent = &line[..line.len() - body.len()];
        margin = Some(match margin {
            None => indent,
            Some(m) => {
                let same = m.bytes().zip(indent.bytes()).take_while(|(a, b)| a == b);
                &m[..same.count()]
            }
        });
    }
    let margin = margin.unwrap_or_default();
    let lines: Vec<&str> = (command.split('\n'))
        .map(|l| match l.trim_start_matches([' ', '\t']) {
            "" if !margin.is_empty() => "",
            _ => l.strip_prefix(margin).unwrap_or(l),
        })
        .collect();
    lines.join("\n")
}

fn run_module(th: &mut Thread, name: &str, alter_argv: bool) -> Result<()> {
    let runpy = taipan_vm::sys::hooks::import(th, "runpy")?;
    let (name, alter) = (th.new_str(name).value(), th.bool(alter_argv));
    th.call_method_str(runpy, "_run_module_as_main", &[name, alter])?;
    Ok(())
}

/// Is this path one that a path hook makes a finder for, as directories and archives are?
fn has_importer(th: &mut Thread, path: &str) -> Result<bool> {
    let p = Path::new(path);
    if p.is_dir() {
        return Ok(true);
    }
    // Only archives are left; their end of directory is within the last 64 KB.
    let Ok(bytes) = std::fs::read(p) else {
        return Ok(false);
    };
    let tail = &bytes[bytes.len().saturating_sub(65_557)..];
    if !tail.windows(4).any(|w| w == b"PK\x05\x06") {
        return Ok(false);
    }
    let Ok(module) = taipan_vm::sys::hooks::import(th, "zipimport") else {
        th.clear_pending();
        return Ok(false);
    };
    let path = th.new_str(path).value();
    match th.call_method_str(module, "zipimporter", &[path]) {
        Ok(_) => Ok(true),
        Err(e) => match th.pending_matches(ExceptionClass::ImportError) {
            true => {
                th.clear_pending();
                Ok(false)
            }
            false => Err(e),
        },
    }
}

fn file(th: &mut Thread, line: &CommandLine, path: &str, dict: Gc<Dict>) -> Result<Outcome> {
    if has_importer(th, path)? {
        let full = std::path::absolute(path).unwrap_or(path.into());
        start::prepend_path(th, &full.to_string_lossy());
        run_module(th, "__main__", false)?;
        return Ok(Outcome::Done);
    }
    let bytes = match std::fs::read(path) {
        Ok(b) => b,
        Err(e) => {
            let number = e.raw_os_error().unwrap_or(0);
            let text = e.to_string();
            let text = text.split(" (os error").next().unwrap_or_default();
            let full = std::path::absolute(path).unwrap_or(path.into());
            return Ok(Outcome::Unreadable(format!(
                "can't open file '{}': [Errno {number}] {text}",
                full.display()
            )));
        }
    };
    if !th.vm().config.safe_path {
        start::prepend_path(th, &paths::script_directory(path));
    }
    let full = std::path::absolute(path).unwrap_or(path.into());
    let path = &*full.to_string_lossy();
    let name = th.new_str(path).value();
    th.dict_set_text(dict, "__file__", name);
    let none = th.none();
    th.dict_set_text(dict, "__cached__", none);
    let main = th.intern("__main__").value();
    if path.ends_with(".pyc") || bytes.starts_with(&taipan_bytecode::pyc::MAGIC) {
        let v = loader(th, "SourcelessFileLoader", &[main, name])?;
        th.dict_set_text(dict, "__loader__", v);
        let code = compiled(th, &bytes)?;
        th.run_code(code, dict, dict.value())?;
        return Ok(Outcome::Done);
    }
    let v = loader(th, "SourceFileLoader", &[main, name])?;
    th.dict_set_text(dict, "__loader__", v);
    let body = match line.skip_first_line {
        // The line's end stays, so that lines keep their numbers.
        true => {
            let end = bytes.iter().position(|b| *b == b'\n');
            bytes.get(end.unwrap_or(bytes.len())..).unwrap_or_default()
        }
        false => &bytes[..],
    };
    let text = decode(th, body, path)?;
    execute(th, &text, path, dict)?;
    Ok(Outcome::Done)
}

/// The code object of a `.pyc` file.
fn compiled(th: &mut Thread, file: &[u8]) -> Result<Gc<Code>> {
    match pyc::read_header(file) {
        Ok(_) => {}
        Err(PycError::BadMagic) => {
            return Err(th.runtime_error("Bad magic number in .pyc file"));
        }
        Err(e) => return Err(th.runtime_error(format!("Bad code object in .pyc file: {e}"))),
    }
    let import = th.builtin("__import__")?;
    let name = th.intern("marshal").value();
    let marshal = th.call(import, &[name])?;
    let payload = file.get(pyc::HEADER_SIZE..).unwrap_or_default();
    let payload = th.new_bytes(payload).value();
    let code = th.call_method_str(marshal, "loads", &[payload])?;
    match code.downcast::<Code>() {
        Some(code) => Ok(code),
        None => Err(th.runtime_error("Bad code object in .pyc file")),
    }
}

fn execute(th: &mut Thread, text: &str, name: &str, dict: Gc<Dict>) -> Result<()> {
    let code = th.compile(text, name, Mode::Exec)?;
    th.run_code(code, dict, dict.value())?;
    Ok(())
}

/// Source bytes as text. Raises SyntaxError.
fn decode(th: &mut Thread, bytes: &[u8], name: &str) -> Result<String> {
    match source::decode(bytes) {
        Ok(t) => Ok(t.into_owned()),
        Err(DecodeError::UnknownEncoding(encoding)) => {
            let data = th.new_bytes(bytes).value();
            let e = th.new_str(&encoding).value();
            if let Ok(v) = th.call_method_str(data, "decode", &[e])
                && v.downcast::<taipan_vm::types::str_::Str>().is_some()
            {
                return Ok(th.str_lossy(v));
            }
            th.clear_pending();
            Err(syntax_error(
                th,
                &format!("unknown encoding: {encoding}"),
                name,
                0,
            ))
        }
        Err(DecodeError::Invalid(message)) => Err(syntax_error(th, &message, name, 0)),
        Err(DecodeError::InvalidUtf8 { message, line }) => {
            let message = message.replacen("in file", &format!("in file {name}"), 1);
            Err(syntax_error(th, &message, name, line))
        }
    }
}

fn syntax_error(th: &mut Thread, message: &str, name: &str, line: u32) -> Raised {
    let (message, name) = (th.new_str(message).value(), th.new_str(name).value());
    let (line, zero, none) = (th.int(line as i64), th.int(0), th.none());
    let place = th.new_tuple(&[name, line, zero, none]).value();
    th.raise_with(ExceptionClass::SyntaxError, &[message, place])
}
