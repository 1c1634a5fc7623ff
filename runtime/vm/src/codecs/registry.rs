//! The codec registry: search functions, found codecs, registered error handlers.
//!
//! The objects live in the interpreter's registry under `codecs.*`. `encodings` is imported when
//! a codec is first looked for; it registers its search function.

use crate::Thread;
use crate::call::{MethodDef, MethodKind};
use crate::object::{Gc, Result, Value};
use crate::types::ExceptionClass;
use crate::types::bytes::Bytes;
use crate::types::dict::Dict;
use crate::types::list::List;
use crate::types::str_::Str;
use crate::types::tuple::Tuple;
use crate::unicode::codecs::Builtin;

fn kept<O: crate::types::Named>(
    th: &mut Thread,
    key: &'static str,
    make: impl FnOnce(&mut Thread) -> Value,
) -> Result<Gc<O>> {
    let found = th.vm().registry.borrow().get(key).copied();
    let v = match found {
        Some(v) => v,
        None => {
            let v = make(th);
            th.vm().registry.borrow_mut().insert(key, v);
            v
        }
    };
    th.expect::<O>(v)
}

fn search_path(th: &mut Thread) -> Result<Gc<List>> {
    kept(th, "codecs.search_path", |th| th.new_list().value())
}

fn cache(th: &mut Thread) -> Result<Gc<Dict>> {
    kept(th, "codecs.cache", |th| th.new_dict().value())
}

/// The table of error handlers.
fn error_table(th: &mut Thread) -> Result<Gc<Dict>> {
    kept(th, "codecs.errors", |th| {
        let d = th.new_dict();
        for def in &HANDLERS {
            let none = th.none();
            let f = th.new_builtin(def, None, Some(none));
            let name = def.name.strip_suffix("_errors").unwrap_or(def.name);
            th.dict_set_text(d, name, f);
        }
        d.value()
    })
}

macro_rules! handlers {
    ($($python:literal $which:ident $doc:literal;)*) => {
        static HANDLERS: [MethodDef; [$($python),*].len()] = [$(MethodDef {
            name: $python,
            func: |th, args| {
                let [e] = args.values else {
                    let n = args.values.len();
                    return Err(th.type_error(format!(
                        concat!($python, "() takes exactly one argument ({} given)"), n)));
                };
                super::handlers::handle_exception(th, Builtin::$which, *e)
            },
            kind: MethodKind::Function,
            signature: None,
            text_signature: None,
            doc: $doc,
        }),*];
    };
}

handlers! {
    "strict_errors" Strict "Implements the 'strict' error handling, which raises a UnicodeError on coding errors.";
    "ignore_errors" Ignore "Implements the 'ignore' error handling, which ignores malformed data and continues.";
    "replace_errors" Replace "Implements the 'replace' error handling, which replaces malformed data with a replacement marker.";
    "xmlcharrefreplace_errors" XmlCharRefReplace "Implements the 'xmlcharrefreplace' error handling, which replaces an unencodable character with the appropriate XML character reference.";
    "backslashreplace_errors" BackslashReplace "Implements the 'backslashreplace' error handling, which replaces malformed data with a backslashed escape sequence.";
    "namereplace_errors" NameReplace "Implements the 'namereplace' error handling, which replaces an unencodable character with a \\N{...} escape sequence.";
    "surrogatepass" SurrogatePass "";
    "surrogateescape" SurrogateEscape "";
}

/// `codecs.register(f)`
pub fn register(th: &mut Thread, f: Value) -> Result<()> {
    if !th.is_callable(f) {
        return Err(th.type_error("argument must be callable"));
    }
    let path = search_path(th)?;
    th.list_append(path, f)
}

/// `codecs.unregister(f)`
pub fn unregister(th: &mut Thread, f: Value) -> Result<()> {
    let path = search_path(th)?;
    let found = path.items.as_slice().iter().position(|g| g.is(f));
    if let Some(i) = found {
        path.items.remove_range(i, i + 1);
        cache(th)?.clear();
    }
    Ok(())
}

/// Lower case, with runs of what is neither alphanumeric nor a dot as one underscore.
fn normalized(name: &str) -> String {
    name.chars()
        .map(|c| match c {
            ' ' => '-',
            c => c.to_ascii_lowercase(),
        })
        .collect()
}

/// `codecs.lookup(name)`: a tuple of encoder, decoder, reader, writer. Raises LookupError.
pub fn lookup(th: &mut Thread, name: &str) -> Result<Gc<Tuple>> {
    let plain = normalized(name);
    let key = th.intern(&plain);
    let cache = cache(th)?;
    if let Some(t) = cache.get_str(key).and_then(|v| v.downcast::<Tuple>()) {
        return Ok(t);
    }
    if !th.vm().registry.borrow().contains_key("codecs.encodings") {
        let none = th.none();
        th.vm()
            .registry
            .borrow_mut()
            .insert("codecs.encodings", none);
        let import = th.builtin("__import__")?;
        let package = th.new_str("encodings").value();
        if let Err(e) = th.call(import, &[package]) {
            th.vm().registry.borrow_mut().remove("codecs.encodings");
            if !th.pending_matches(ExceptionClass::ModuleNotFoundError) {
                return Err(e);
            }
            // No library: only what the program registered.
            th.clear_pending();
        }
    }
    let path = search_path(th)?;
    let mut i = 0;
    while let Some(f) = path.items.get(i) {
        i += 1;
        let r = th.call(f, &[key.value()])?;
        if th.is_none(r) {
            continue;
        }
        let Some(t) = r.downcast::<Tuple>().filter(|t| t.len() == 4) else {
            return Err(th.type_error("codec search functions must return 4-tuples"));
        };
        cache.set_str(th, key, t.value());
        return Ok(t);
    }
    Err(th.lookup_error(format!("unknown encoding: {name}")))
}

/// `codecs.register_error(name, f)`
pub fn register_error(th: &mut Thread, name: Gc<Str>, f: Value) -> Result<()> {
    if !th.is_callable(f) {
        return Err(th.type_error("handler must be callable"));
    }
    error_table(th)?.set(th, name.value(), f)
}

/// `codecs._unregister_error(name)`
pub fn unregister_error(th: &mut Thread, name: Gc<Str>) -> Result<bool> {
    let text = name.to_string_lossy();
    if Builtin::parse(&text).is_some() {
        return Err(th.value_error(format!(
            "cannot un-register built-in error handler '{text}'"
        )));
    }
    Ok(error_table(th)?.remove(th, name.value())?.is_some())
}

/// `codecs.lookup_error(name)`. Raises LookupError.
pub fn lookup_error(th: &mut Thread, name: &str) -> Result {
    let table = error_table(th)?;
    match th.dict_get_text(table, name) {
        Some(f) => Ok(f),
        None => Err(th.lookup_error(format!("unknown error handler name '{name}'"))),
    }
}

/// Raises LookupError for a codec that does not convert between str and bytes.
fn check_text_encoding(th: &mut Thread, codec: Gc<Tuple>, name: &str, what: &str) -> Result<()> {
    if th.is_exact(codec.value(), crate::types::T::Tuple) {
        return Ok(());
    }
    let Some(v) = th.get_attr_str_option(codec.value(), "_is_text_encoding")? else {
        return Ok(());
    };
    if th.truth(v)? {
        return Ok(());
    }
    Err(th.lookup_error(format!(
        "'{name}' is not a text encoding; use {what} to handle arbitrary codecs"
    )))
}

/// Adds where it happened to an error of a codec, as CPython does.
fn note_failure(th: &mut Thread, what: &str, name: &str) {
    if th.pending_matches(ExceptionClass::UnicodeError)
        || th.pending_matches(ExceptionClass::LookupError)
    {
        return;
    }
    th.add_note_to_pending(&format!("{what} with '{name}' codec failed"));
}

fn run(
    th: &mut Thread,
    codec: Gc<Tuple>,
    which: usize,
    (v, name, errors): (Value, &str, Option<&str>),
) -> Result {
    let f = codec.get(which).unwrap_or(th.none());
    let r = match errors {
        Some(e) => {
            let e = th.new_str(e).value();
            th.call(f, &[v, e])
        }
        None => th.call(f, &[v]),
    };
    let what = ["encoding", "decoding"][which & 1];
    let r = match r {
        Ok(r) => r,
        Err(e) => {
            note_failure(th, what, name);
            return Err(e);
        }
    };
    match r.downcast::<Tuple>().filter(|t| t.len() == 2) {
        Some(t) => Ok(t.get(0).unwrap_or(th.none())),
        None => {
            let kind = ["encoder", "decoder"][which & 1];
            Err(th.type_error(format!("{kind} must return a tuple (object, integer)")))
        }
    }
}

/// `codecs.encode(v, name, errors)`: any codec.
pub fn encode_any(th: &mut Thread, v: Value, name: &str, errors: Option<&str>) -> Result {
    let codec = lookup(th, name)?;
    run(th, codec, 0, (v, name, errors))
}

/// `codecs.decode(v, name, errors)`: any codec.
pub fn decode_any(th: &mut Thread, v: Value, name: &str, errors: Option<&str>) -> Result {
    let codec = lookup(th, name)?;
    run(th, codec, 1, (v, name, errors))
}

/// `str.encode` by a registered text encoding.
pub fn encode_text(th: &mut Thread, v: Value, name: &str, errors: Option<&str>) -> Result {
    let codec = lookup(th, name)?;
    check_text_encoding(th, codec, name, "codecs.encode()")?;
    let r = run(th, codec, 0, (v, name, errors))?;
    if r.downcast::<Bytes>().is_some() {
        return Ok(r);
    }
    let got = th.type_name(r);
    Err(th.type_error(format!(
        "'{name}' encoder returned '{got}' instead of 'bytes'; use codecs.encode() to encode to arbitrary types"
    )))
}

/// `bytes.decode` by a registered text encoding.
pub fn decode_text(th: &mut Thread, v: Value, name: &str, errors: Option<&str>) -> Result<Gc<Str>> {
    let codec = lookup(th, name)?;
    check_text_encoding(th, codec, name, "codecs.decode()")?;
    let r = run(th, codec, 1, (v, name, errors))?;
    if let Some(s) = r.downcast::<Str>() {
        return Ok(s);
    }
    let got = th.type_name(r);
    Err(th.type_error(format!(
        "'{name}' decoder returned '{got}' instead of 'str'; use codecs.decode() to decode to arbitrary types"
    )))
}
