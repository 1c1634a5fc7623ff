//! `print`, `input`, `breakpoint`.

use std::io::Write;

use crate::call::Args;
use crate::object::{Gc, Result, Value};
use crate::types::dict::Dict;
use crate::types::sequence::TextParts;
use crate::types::str_::{Str, text};
use crate::{Thread, pymethods};

use super::functions::Builtins;

/// An attribute of `sys`, if there is one and it is not None.
fn sys_attribute(th: &mut Thread, name: &str) -> Option<Value> {
    let d = th.vm().sys.get()?.downcast::<Dict>()?;
    let v = th.dict_get_text(d, name);
    th.not_none(v)
}

#[derive(Default)]
struct Options {
    sep: Option<Gc<Str>>,
    end: Option<Gc<Str>>,
    file: Option<Value>,
    flush: bool,
}

fn text_option(th: &mut Thread, v: Value, what: &str) -> Result<Option<Gc<Str>>> {
    if th.is_none(v) {
        return Ok(None);
    }
    match v.downcast::<Str>() {
        Some(s) => Ok(Some(s)),
        None => {
            let got = th.type_name(v);
            Err(th.type_error(format!("{what} must be None or a string, not {got}")))
        }
    }
}

fn options(th: &mut Thread, args: &Args<'_>) -> Result<Options> {
    let mut o = Options::default();
    for (k, v) in args.keywords() {
        match text(k).as_deref() {
            Some("sep") => o.sep = text_option(th, v, "sep")?,
            Some("end") => o.end = text_option(th, v, "end")?,
            Some("file") => o.file = th.not_none(Some(v)),
            Some("flush") => o.flush = th.truth(v)?,
            other => {
                let other = other.unwrap_or_default();
                return Err(th.type_error(format!(
                    "print() got an unexpected keyword argument '{other}'"
                )));
            }
        }
    }
    Ok(o)
}

/// Everything that a call prints; what was put together before an error is in `out` then.
fn gather(th: &mut Thread, values: &[Value], o: &Options, out: &mut TextParts) -> Result<()> {
    for (i, v) in values.iter().enumerate() {
        if i > 0 {
            match o.sep {
                Some(s) => out.push(s),
                None => out.push_str(" "),
            }
        }
        let s = th.str(*v)?;
        out.push(s);
    }
    match o.end {
        Some(s) => out.push(s),
        None => out.push_str("\n"),
    }
    Ok(())
}

/// Each part on its own, as files written in Python may count on it.
fn write_parts(th: &mut Thread, file: Value, values: &[Value], o: &Options) -> Result<()> {
    let write = th.get_attr_str(file, "write")?;
    for (i, v) in values.iter().enumerate() {
        if i > 0 {
            let s = match o.sep {
                Some(s) => s,
                None => th.new_str(" "),
            };
            th.call(write, &[s.value()])?;
        }
        let s = th.str(*v)?;
        th.call(write, &[s.value()])?;
    }
    let s = match o.end {
        Some(s) => s,
        None => th.new_str("\n"),
    };
    th.call(write, &[s.value()])?;
    Ok(())
}

#[pymethods(table = TABLE)]
impl Builtins {
    /// Prints the values to a stream, or to sys.stdout by default.
    ///
    /// sep
    ///   string inserted between values, default a space.
    /// end
    ///   string appended after the last value, default a newline.
    /// file
    ///   a file-like object (stream); defaults to the current sys.stdout.
    /// flush
    ///   whether to forcibly flush the stream.
    #[pyfunction(raw, sig = "(*args, sep=' ', end='\\n', file=None, flush=False)")]
    fn print(th: &mut Thread, args: Args<'_>) -> Result<()> {
        let o = match args.kwnames {
            None => Options::default(),
            Some(_) => options(th, &args)?,
        };
        let values = args.positionals();
        let file = match o.file {
            Some(f) => Some(f),
            None => {
                let d = th.vm().sys.get().and_then(|d| d.downcast::<Dict>());
                let found = match d {
                    Some(d) => th.dict_get_text(d, "stdout"),
                    None => None,
                };
                // sys.stdout = None discards output; no sys.stdout at all means an early start.
                if found.is_some_and(|f| th.is_none(f)) {
                    return Ok(());
                }
                found
            }
        };
        let native = file.is_none_or(|f| th.class_of(f).def.is_some());
        match file {
            Some(f) if !native => write_parts(th, f, values, &o)?,
            _ => {
                let mut out = TextParts::new();
                let r = gather(th, values, &o, &mut out);
                let pending = match r {
                    Ok(()) => None,
                    Err(_) => Some(th.take_pending()),
                };
                match file {
                    Some(f) => {
                        let s = out.finish(th);
                        th.call_method_str(f, "write", &[s])?;
                    }
                    None => {
                        let _ = std::io::stdout().write_all(out.as_bytes());
                    }
                }
                if let Some(e) = pending {
                    return Err(th.reraise(e));
                }
            }
        }
        if o.flush {
            match file {
                Some(f) => {
                    th.call_method_str(f, "flush", &[])?;
                }
                None => {
                    let _ = std::io::stdout().flush();
                }
            }
        }
        Ok(())
    }

    /// Read a string from standard input.  The trailing newline is stripped.
    ///
    /// The prompt string, if given, is printed to standard output without a
    /// trailing newline before reading input.
    #[pyfunction(sig = "(prompt='', /)")]
    fn input(th: &mut Thread, prompt: Option<Value>) -> Result {
        let lost =
            |th: &mut Thread, what: &str| th.runtime_error(format!("input(): lost sys.{what}"));
        let Some(stdin) = sys_attribute(th, "stdin") else {
            return Err(lost(th, "stdin"));
        };
        let Some(stdout) = sys_attribute(th, "stdout") else {
            return Err(lost(th, "stdout"));
        };
        if let Some(stderr) = sys_attribute(th, "stderr")
            && th.call_method_str(stderr, "flush", &[]).is_err()
        {
            th.clear_pending();
        }
        if let Some(p) = prompt {
            let s = th.str(p)?.value();
            th.call_method_str(stdout, "write", &[s])?;
        }
        th.call_method_str(stdout, "flush", &[])?;
        let line = th.call_method_str(stdin, "readline", &[])?;
        let Some(s) = line.downcast::<Str>() else {
            return Err(th.type_error("object.readline() returned non-string"));
        };
        if s.is_empty() {
            return Err(th.eof_error("EOF when reading a line"));
        }
        let n = s.len();
        if s.at(n - 1) == Some('\n' as u32) {
            return Ok(th.substring(s, 0, n - 1).value());
        }
        Ok(line)
    }

    /// Call sys.breakpointhook(*args, **kws).
    ///
    /// sys.breakpointhook() must accept whatever arguments are passed.
    /// By default, this drops you into the pdb debugger.
    #[pyfunction(raw)]
    fn breakpoint(th: &mut Thread, args: Args<'_>) -> Result {
        match sys_attribute(th, "breakpointhook") {
            Some(f) => th.call_args(f, args),
            None => Err(th.runtime_error("lost sys.breakpointhook")),
        }
    }
}
