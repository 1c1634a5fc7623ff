//! `sys.stdin`, `sys.stdout`, `sys.stderr`.

use taipan_vm::call::Args;
use taipan_vm::{Result, Thread, Value};

use crate::flags::c_locale;

/// Makes the three streams and enters them in `sys`, under `__stdin__` and its kin, too. A closed
/// descriptor's stream is None.
pub fn install(th: &mut Thread) -> Result<()> {
    let io = taipan_vm::sys::hooks::import(th, "_io")?;
    let setting = match th.vm().config.ignore_environment {
        true => None,
        false => std::env::var("PYTHONIOENCODING").ok(),
    };
    let setting = setting.unwrap_or_default();
    let (encoding, errors) = setting.split_once(':').unwrap_or((&setting, ""));
    let encoding = if encoding.is_empty() {
        "utf-8"
    } else {
        encoding
    };
    let lenient = th.vm().config.utf8_mode || c_locale();
    let errors = match errors {
        "" if lenient => "surrogateescape",
        "" => "strict",
        e => e,
    };
    let dict = th.vm().sys_dict();
    for (fd, name, errors) in [
        (0, "stdin", errors),
        (1, "stdout", errors),
        (2, "stderr", "backslashreplace"),
    ] {
        let v = stream(th, io, fd, name, encoding, errors)?;
        th.dict_set_text(dict, name, v);
        th.dict_set_text(dict, &format!("__{name}__"), v);
    }
    Ok(())
}

fn call_with(
    th: &mut Thread,
    f: Value,
    positional: &[Value],
    keywords: &[(&str, Value)],
) -> Result {
    let mut names = Vec::new();
    let values = th.value_vec(positional)?;
    for (k, v) in keywords {
        names.push((*k).to_owned());
        th.push(&values, *v)?;
    }
    let kwnames = th.tuple_of_names(&names);
    let args = Args {
        values: values.as_slice(),
        kwnames: kwnames.downcast(),
    };
    th.call_args(f, args)
}

fn stream(th: &mut Thread, io: Value, fd: i64, name: &str, encoding: &str, errors: &str) -> Result {
    let unbuffered = th.vm().config.unbuffered && fd != 0;
    let open = th.get_attr_str(io, "open")?;
    let mode = if fd == 0 { "rb" } else { "wb" };
    let (fd_value, mode_value) = (th.int(fd), th.new_str(mode).value());
    let buffering = th.int(if unbuffered { 0 } else { -1 });
    let no = th.bool(false);
    let yes = th.bool(true);
    let binary = call_with(
        th,
        open,
        &[fd_value, mode_value],
        &[("buffering", buffering), ("closefd", no)],
    );
    let binary = match binary {
        Ok(b) => b,
        Err(e) => {
            if !th.pending_matches(taipan_vm::types::ExceptionClass::OSError) {
                return Err(e);
            }
            th.clear_pending();
            return Ok(th.none());
        }
    };
    let label = th.new_str(&format!("<{name}>")).value();
    let raw = match unbuffered {
        true => binary,
        false => th.get_attr_str(binary, "raw")?,
    };
    th.set_attr_str(raw, "name", label)?;
    let terminal = th.call_method_str(raw, "isatty", &[])?;
    let terminal = th.truth(terminal)?;
    let class = th.get_attr_str(io, "TextIOWrapper")?;
    let encoding = th.new_str(encoding).value();
    let errors = th.new_str(errors).value();
    let newline = th.new_str("\n").value();
    let newline = if fd == 0 { th.none() } else { newline };
    let lines = th.bool(!unbuffered && (terminal || fd == 2));
    let through = if unbuffered { yes } else { no };
    let text = call_with(
        th,
        class,
        &[binary],
        &[
            ("encoding", encoding),
            ("errors", errors),
            ("newline", newline),
            ("line_buffering", lines),
            ("write_through", through),
        ],
    )?;
    let mode = th.new_str(if fd == 0 { "r" } else { "w" }).value();
    th.set_attr_str(text, "mode", mode)?;
    Ok(text)
}
