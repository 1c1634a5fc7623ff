//! `_io`: files and streams.
//!
//! One file a class: `base` (the abstract ones), `fileio`, `buffered`, `text`, `bytesio`,
//! `stringio`, `newline`; `state` says how data reaches the disk without reference counts, `std`
//! makes the standard streams.

pub mod base;
pub mod buffered;
pub mod bytesio;
pub mod fileio;
pub mod newline;
pub mod state;
pub mod std;
pub mod stringio;
pub mod support;
pub mod text;

use taipan_vm::call::{Args, Param, ParamKind, Signature};
use taipan_vm::object::Gc;
use taipan_vm::types::ExceptionClass;
use taipan_vm::types::module::Module;
use taipan_vm::types::str_::Str;
use taipan_vm::{Result, Thread, Value, ValueVec, pymodule};

use buffered::Buffered;
use text::TextWrapper;

pub use self::std::{finish, install_std_streams, write_text};

/// Size of buffers.
pub const DEFAULT_BUFFER_SIZE: usize = 128 * 1024;

/// Most parameters of a constructor.
const MOST: usize = 8;

/// Arguments bound to the parameters of a constructor.
pub struct Bound([Option<Value>; MOST]);

impl Bound {
    /// An argument, if given.
    pub fn get(&self, i: usize) -> Option<Value> {
        self.0.get(i).copied().flatten()
    }

    /// An argument that the signature requires.
    pub fn required(&self, th: &mut Thread, i: usize) -> Result {
        match self.get(i) {
            Some(v) => Ok(v),
            None => Err(th.type_error("missing required argument")),
        }
    }
}

/// Binds a constructor's arguments (without the receiver).
pub fn bind(th: &mut Thread, sig: &'static Signature, args: Args<'_>) -> Result<Bound> {
    let mut out = Bound([None; MOST]);
    let n = sig.params.len().min(MOST);
    taipan_vm::call::bind(th, sig, &args, &mut out.0[..n])?;
    Ok(out)
}

const fn param(name: &'static str, required: bool) -> Param {
    Param {
        name,
        kind: ParamKind::PositionalOrKeyword,
        required,
    }
}

const fn positional(name: &'static str, required: bool) -> Param {
    Param {
        name,
        kind: ParamKind::PositionalOnly,
        required,
    }
}

macro_rules! signatures {
    ($($name:ident = $python:literal [$($p:expr),*];)*) => {
        $(static $name: Signature = Signature { name: $python, has_self: false, params: &[$($p),*] };)*
    };
}

signatures! {
    FILE_SIGNATURE = "FileIO" [param("file", true), param("mode", false), param("closefd", false), param("opener", false)];
    BYTES_SIGNATURE = "BytesIO" [param("initial_bytes", false)];
    STRING_SIGNATURE = "StringIO" [param("initial_value", false), param("newline", false)];
    NEWLINE_SIGNATURE = "IncrementalNewlineDecoder" [param("decoder", true), param("translate", true), param("errors", false)];
    BUFFER_SIGNATURE = "BufferedReader" [param("raw", true), param("buffer_size", false)];
    PAIR_SIGNATURE = "BufferedRWPair" [positional("reader", true), positional("writer", true), positional("buffer_size", false)];
    TEXT_SIGNATURE = "TextIOWrapper" [param("buffer", true), param("encoding", false), param("errors", false), param("newline", false), param("line_buffering", false), param("write_through", false)];
}

/// Is a descriptor a terminal?
pub fn is_tty(fd: i32) -> bool {
    crate::posix::files::with_fd(fd, |fd| Ok(rustix::termios::isatty(fd))).unwrap_or(false)
}

/// Closes a descriptor; the error number, 0 for none.
#[allow(unsafe_code)]
pub fn close_fd(fd: i32) -> i32 {
    // SAFETY: the number is passed to the system only, which checks it. Whoever calls owns it.
    match unsafe { libc::close(fd) } {
        0 => 0,
        // The descriptor is gone even when a signal came.
        _ => match ::std::io::Error::last_os_error().raw_os_error() {
            Some(libc::EINTR) | None => 0,
            Some(e) => e,
        },
    }
}

/// ResourceWarning for a file that nobody closed, in development mode.
pub fn warn_unclosed(th: &mut Thread, raw: Value) {
    if !th.vm().config.dev_mode {
        return;
    }
    let pending = th.pending_exception();
    th.clear_pending();
    let r = (|| {
        let text = th.repr(raw)?.to_string_lossy();
        let import = th.builtin("__import__")?;
        let name = th.new_str("_warnings").value();
        let m = th.call(import, &[name])?;
        let message = th.new_str(&format!("unclosed file {text}")).value();
        let class = th
            .vm()
            .exception_class(ExceptionClass::ResourceWarning)
            .value();
        th.call_method_str(m, "warn", &[message, class])
    })();
    if r.is_err() {
        th.write_unraisable(Some(raw), None);
    }
    if let Some(e) = pending {
        th.reraise(e);
    }
}

/// Flushes all files that hold data, so that others see it. What goes wrong is left to the file's
/// own flush. Streams that need Python code for it are left alone.
pub fn flush_all(th: &mut Thread) {
    if !state::has_dirty(th) {
        return;
    }
    let left = ValueVec::new();
    let pending = th.pending_exception();
    th.clear_pending();
    while let Some(v) = state::pop_dirty(th) {
        let done = match (v.downcast::<TextWrapper>(), v.downcast::<Buffered>()) {
            (Some(t), _) if t.is_native(th) => {
                t.set_listed(false);
                t.flush(th).is_ok()
            }
            (None, Some(b)) if b.file().is_some() => {
                b.unlist();
                b.flush_waiting(th).is_ok()
            }
            _ => {
                let _ = th.push(&left, v);
                true
            }
        };
        if !done {
            th.clear_pending();
        }
    }
    for v in left.as_slice() {
        state::note_dirty(th, *v);
    }
    if let Some(e) = pending {
        th.reraise(e);
    }
}

struct Mode {
    raw: String,
    binary: bool,
    text: bool,
    updating: bool,
    reading: bool,
    writing: bool,
}

fn parse_mode(th: &mut Thread, mode: &str) -> Result<Mode> {
    let mut seen = String::new();
    let mut ok = true;
    for c in mode.chars() {
        ok &= "xrwabt+".contains(c) && !seen.contains(c);
        seen.push(c);
    }
    if !ok {
        let s = th.new_str(mode).value();
        let r = th.repr_lossy(s);
        return Err(th.value_error(format!("invalid mode: {r}")));
    }
    let has = |c: char| seen.contains(c);
    if has('t') && has('b') {
        return Err(th.value_error("can't have text and binary mode at once"));
    }
    if [has('x'), has('r'), has('w'), has('a')]
        .iter()
        .filter(|b| **b)
        .count()
        != 1
    {
        return Err(th.value_error("must have exactly one of create/read/write/append mode"));
    }
    Ok(Mode {
        raw: seen.chars().filter(|c| "xrwa+".contains(*c)).collect(),
        binary: has('b'),
        text: has('t'),
        updating: has('+'),
        reading: has('r'),
        writing: !has('r'),
    })
}

/// Closes what was opened when the rest of `open` fails.
fn abandon(th: &mut Thread, v: Value) -> taipan_vm::Raised {
    let e = th.take_pending();
    if th.call_method_str(v, "close", &[]).is_err() {
        th.clear_pending();
    }
    th.reraise(e)
}

struct OpenArguments {
    file: Value,
    mode: String,
    buffering: i64,
    encoding: Option<Value>,
    errors: Option<Value>,
    newline: Option<Value>,
    closefd: bool,
    opener: Option<Value>,
}

fn open_stream(th: &mut Thread, a: OpenArguments) -> Result {
    let file = if th.class_of(a.file).slots().index.is_some() {
        a.file
    } else {
        let p = crate::os_error::path_argument(th, a.file, "", "path", false);
        match p {
            Ok(_) => {
                let key = th.intern("__fspath__");
                if a.file.downcast::<Str>().is_some()
                    || a.file
                        .downcast::<taipan_vm::types::bytes::Bytes>()
                        .is_some()
                {
                    a.file
                } else {
                    th.call_special(a.file, key, &[])?.unwrap_or(a.file)
                }
            }
            Err(r) => {
                if th.pending_matches(ExceptionClass::TypeError) {
                    th.clear_pending();
                    let got = th.class_of(a.file).name_text();
                    return Err(th.type_error(format!(
                        "expected str, bytes or os.PathLike object, not {got}"
                    )));
                }
                return Err(r);
            }
        }
    };
    let m = parse_mode(th, &a.mode)?;
    if m.binary {
        for (v, what) in [
            (a.encoding, "an encoding"),
            (a.errors, "an errors"),
            (a.newline, "a newline"),
        ] {
            if v.is_some() {
                return Err(th.value_error(format!("binary mode doesn't take {what} argument")));
            }
        }
    }
    let _ = m.text;
    if m.binary && a.buffering == 1 {
        th.warn_runtime("line buffering (buffering=1) isn't supported in binary mode, the default buffer size will be used")?;
    }
    let class = th.type_for(&fileio::FILE_IO_TYPE).value();
    let raw_mode = th.new_str(&m.raw).value();
    let closefd = th.bool(a.closefd);
    let opener = th.or_none(a.opener);
    let raw = th.call(class, &[file, raw_mode, closefd, opener])?;
    let wrapped = wrap(th, raw, &m, &a);
    match wrapped {
        Ok(v) => Ok(v),
        Err(_) => Err(abandon(th, raw)),
    }
}

fn wrap(th: &mut Thread, raw: Value, m: &Mode, a: &OpenArguments) -> Result {
    let Some(f) = raw.downcast::<fileio::FileIo>() else {
        return Ok(raw);
    };
    let mut buffering = a.buffering;
    let mut line_buffering = buffering == 1 && !m.binary;
    if buffering < 0 && is_tty(f.fd.get()) {
        line_buffering = !m.binary;
        buffering = -1;
    } else if buffering == 1 {
        buffering = -1;
    }
    if buffering < 0 {
        buffering = f.block_size.get().clamp(DEFAULT_BUFFER_SIZE, 8 << 20) as i64;
    }
    if buffering == 0 {
        if !m.binary {
            return Err(th.value_error("can't have unbuffered text I/O"));
        }
        return Ok(raw);
    }
    let def = if m.updating {
        &buffered::types::RANDOM_TYPE
    } else if m.writing {
        &buffered::types::WRITER_TYPE
    } else {
        debug_assert!(m.reading);
        &buffered::types::READER_TYPE
    };
    let class = th.type_for(def).value();
    let size = th.int(buffering);
    let buffer = th.call(class, &[raw, size])?;
    if m.binary {
        return Ok(buffer);
    }
    let class = th.type_for(&text::TEXT_WRAPPER_TYPE).value();
    let args = [a.encoding, a.errors, a.newline].map(|v| th.or_none(v));
    let line = th.bool(line_buffering);
    let t = th.call(class, &[buffer, args[0], args[1], args[2], line])?;
    let mode = th.new_str(&a.mode).value();
    let key = th.intern("mode");
    th.set_instance_attribute(t, key, mode);
    Ok(t)
}

trait Warn {
    fn warn_runtime(&mut self, message: &str) -> Result<()>;
}

impl Warn for Thread {
    fn warn_runtime(&mut self, message: &str) -> Result<()> {
        let import = self.builtin("__import__")?;
        let name = self.new_str("warnings").value();
        let m = self.call(import, &[name])?;
        let text = self.new_str(message).value();
        let class = self
            .vm()
            .exception_class(ExceptionClass::RuntimeWarning)
            .value();
        self.call_method_str(m, "warn", &[text, class]).map(|_| ())
    }
}

fn text_or_none(th: &mut Thread, v: Option<Value>, what: &str) -> Result<Option<Value>> {
    match th.not_none(v) {
        Some(v) if v.downcast::<Str>().is_none() => {
            let got = th.type_name_for_error(v);
            Err(th.type_error(format!(
                "open() argument '{what}' must be str or None, not {got}"
            )))
        }
        other => Ok(other),
    }
}

/// The module's functions hang here.
pub struct Io;

/// The io module provides the Python interfaces to stream handling. The
/// builtin open function is defined in this module.
#[pymodule(name = "_io", types = [base::BASE_TYPE, base::RAW_TYPE, base::BUFFERED_TYPE, base::TEXT_TYPE,
    fileio::FILE_IO_TYPE, bytesio::BYTES_IO_TYPE, stringio::STRING_IO_TYPE,
    buffered::types::READER_TYPE, buffered::types::WRITER_TYPE, buffered::types::RANDOM_TYPE,
    buffered::pair::PAIR_TYPE, text::TEXT_WRAPPER_TYPE, newline::DECODER_TYPE])]
impl Io {
    /// Open file and return a stream.  Raise OSError upon failure.
    ///
    /// file is either a text or byte string giving the name (and the path
    /// if the file isn't in the current working directory) of the file to
    /// be opened or an integer file descriptor of the file to be
    /// wrapped.
    #[pyfunction(
        sig = "(file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None)"
    )]
    fn open(
        th: &mut Thread,
        file: Value,
        mode: Option<Gc<Str>>,
        buffering: Option<i32>,
        encoding: Option<Value>,
        errors: Option<Value>,
        newline: Option<Value>,
        closefd: Option<bool>,
        opener: Option<Value>,
    ) -> Result {
        let a = OpenArguments {
            file,
            mode: mode.map_or("r".into(), |m| m.to_string_lossy()),
            buffering: buffering.unwrap_or(-1) as i64,
            encoding: text_or_none(th, encoding, "encoding")?,
            errors: text_or_none(th, errors, "errors")?,
            newline: text_or_none(th, newline, "newline")?,
            closefd: closefd.unwrap_or(true),
            opener: th.not_none(opener),
        };
        open_stream(th, a)
    }

    /// Opens the provided file with the intent to import the contents.
    #[pyfunction(sig = "(path)")]
    fn open_code(th: &mut Thread, path: Gc<Str>) -> Result {
        let a = OpenArguments {
            file: path.value(),
            mode: "rb".into(),
            buffering: -1,
            encoding: None,
            errors: None,
            newline: None,
            closefd: true,
            opener: None,
        };
        open_stream(th, a)
    }

    /// A helper function to choose the text encoding.
    #[pyfunction(sig = "(encoding, stacklevel=2, /)")]
    fn text_encoding(th: &mut Thread, encoding: Value, stacklevel: Option<i64>) -> Result {
        let _ = stacklevel;
        if th.is_none(encoding) {
            let name = if th.vm().config.utf8_mode {
                "utf-8"
            } else {
                "locale"
            };
            return Ok(th.intern(name).value());
        }
        Ok(encoding)
    }

    #[pyexec]
    fn exec(th: &mut Thread, m: Gc<Module>) -> Result<()> {
        let d = m.namespace();
        let n = th.int(DEFAULT_BUFFER_SIZE as i64);
        th.dict_set_text(d, "DEFAULT_BUFFER_SIZE", n);
        let c = state::unsupported_class(th)?;
        th.dict_set_text(d, "UnsupportedOperation", c);
        let c = th
            .vm()
            .exception_class(ExceptionClass::BlockingIOError)
            .value();
        th.dict_set_text(d, "BlockingIOError", c);
        Ok(())
    }
}
