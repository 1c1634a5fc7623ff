//! The standard streams, and the fast way of `print` into a text stream.

use taipan_vm::types::str_::Str;
use taipan_vm::{Result, Thread, Value};

use super::fileio::FILE_IO_TYPE;
use super::text::{TEXT_WRAPPER_TYPE, TextWrapper};
use super::{DEFAULT_BUFFER_SIZE, buffered};

/// Writes a string to a file that is exactly a native text stream; false when it is not.
pub fn write_text(th: &mut Thread, file: Value, s: Value) -> Result<bool> {
    let (Some(t), Some(s)) = (file.downcast::<TextWrapper>(), s.downcast::<Str>()) else {
        return Ok(false);
    };
    if !th.is_exact_native(file, &TEXT_WRAPPER_TYPE) {
        return Ok(false);
    }
    t.write(th, t, s)?;
    Ok(true)
}

struct Settings {
    encoding: String,
    errors: Option<String>,
}

fn settings(th: &Thread) -> Settings {
    let mut s = Settings {
        encoding: "utf-8".into(),
        errors: None,
    };
    if !th.vm().config.ignore_environment
        && let Ok(v) = ::std::env::var("PYTHONIOENCODING")
        && !v.is_empty()
    {
        let (e, how) = match v.split_once(':') {
            Some((e, how)) => (e.to_string(), Some(how.to_string())),
            None => (v, None),
        };
        if !e.is_empty() {
            s.encoding = e;
        }
        s.errors = how.filter(|h| !h.is_empty());
    }
    s
}

/// In the C locale, with or without UTF-8, undecodable bytes pass through.
fn is_c_locale() -> bool {
    let v = ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .filter_map(|n| ::std::env::var(n).ok())
        .find(|v| !v.is_empty());
    matches!(
        v.as_deref(),
        None | Some("C" | "POSIX" | "C.UTF-8" | "C.utf8")
    )
}

fn stream(th: &mut Thread, fd: i32, name: &str, s: &Settings) -> Result {
    if !crate::posix::files::with_fd(fd, |fd| rustix::fs::fstat(fd).map(|_| ()))
        .is_ok_and(|()| true)
    {
        return Ok(th.none());
    }
    let write = fd != 0;
    let unbuffered = th.vm().config.unbuffered;
    let class = th.type_for(&FILE_IO_TYPE).value();
    let (n, mode, no) = (
        th.int(fd as i64),
        th.new_str(if write { "wb" } else { "rb" }).value(),
        th.bool(false),
    );
    let raw = th.call(class, &[n, mode, no])?;
    let label = th.new_str(name).value();
    let key = th.intern("name");
    th.set_instance_attribute(raw, key, label);
    let buffer = if unbuffered && write {
        raw
    } else {
        let def = if write {
            &buffered::types::WRITER_TYPE
        } else {
            &buffered::types::READER_TYPE
        };
        let class = th.type_for(def).value();
        let size = th.int(DEFAULT_BUFFER_SIZE as i64);
        th.call(class, &[raw, size])?
    };
    let tty = super::is_tty(fd);
    let errors = match (fd, &s.errors) {
        (2, _) => "backslashreplace",
        (_, Some(e)) => e.as_str(),
        _ if is_c_locale() => "surrogateescape",
        _ => "strict",
    };
    let line = !unbuffered && (tty || fd == 2);
    let newline = th.new_str("\n").value();
    let newline = if write { newline } else { th.none() };
    let (encoding, errors) = (th.new_str(&s.encoding).value(), th.new_str(errors).value());
    let (line, through) = (th.bool(line), th.bool(unbuffered && write));
    let class = th.type_for(&TEXT_WRAPPER_TYPE).value();
    let t = th.call(class, &[buffer, encoding, errors, newline, line, through])?;
    if let Some(w) = t.downcast::<TextWrapper>() {
        w.standard.set(true);
    }
    let mode = th.new_str(if write { "w" } else { "r" }).value();
    let key = th.intern("mode");
    th.set_instance_attribute(t, key, mode);
    Ok(t)
}

/// Makes `sys.stdin`, `sys.stdout`, `sys.stderr` and `builtins.open`.
pub fn install_std_streams(th: &mut Thread) -> Result<()> {
    let s = settings(th);
    let sys = th.vm().sys_dict();
    for (fd, name, key, original) in [
        (2, "<stderr>", "stderr", "__stderr__"),
        (0, "<stdin>", "stdin", "__stdin__"),
        (1, "<stdout>", "stdout", "__stdout__"),
    ] {
        let v = stream(th, fd, name, &s)?;
        th.dict_set_text(sys, key, v);
        th.dict_set_text(sys, original, v);
    }
    let modules = th.vm().modules_dict();
    let m = match th.dict_get_text(modules, "_io") {
        Some(m) => m,
        None => {
            let m = th.native_module(&super::MODULE)?.value();
            th.dict_set_text(modules, "_io", m);
            m
        }
    };
    let open = th.get_attr_str(m, "open")?;
    let builtins = th.vm().builtins_dict();
    th.dict_set_text(builtins, "open", open);
    th.vm().text_hook.set(Some(write_text));
    Ok(())
}

/// Flushes everything when the interpreter ends. False when standard output could not be flushed,
/// which makes the exit status 120.
pub fn finish(th: &mut Thread) -> bool {
    let mut ok = true;
    let sys = th.vm().sys_dict();
    for key in ["stdout", "stderr"] {
        let Some(f) = th.dict_get_text(sys, key) else {
            continue;
        };
        if th.is_none(f) {
            continue;
        }
        match super::support::is_closed(th, f) {
            Ok(true) => continue,
            Ok(false) => {}
            Err(_) => th.clear_pending(),
        }
        if th.call_method_str(f, "flush", &[]).is_err() {
            if key == "stdout" {
                th.write_unraisable(Some(f), None);
                ok = false;
            } else {
                th.clear_pending();
                ok = false;
            }
        }
    }
    super::flush_all(th);
    // What is left needs Python code to be flushed.
    while let Some(v) = super::state::pop_dirty(th) {
        if th.call_method_str(v, "flush", &[]).is_err() {
            th.clear_pending();
        }
    }
    // A file that replaced a standard stream leaves the original with data.
    for key in ["__stdout__", "__stderr__"] {
        if let Some(t) = th
            .dict_get_text(sys, key)
            .and_then(|v| v.downcast::<TextWrapper>())
            && t.buffer.get().is_some()
            && t.flush(th).is_err()
        {
            th.clear_pending();
        }
    }
    ok
}
