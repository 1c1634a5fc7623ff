//! `_tokenize`: the tokenizer behind Lib's `tokenize`.
//!
//! The source is read from `readline` when the first token is asked for; [`scanner`] makes tokens
//! of it one by one.

mod literals;
mod scanner;

use std::cell::RefCell;

use scanner::{Failure, Kind, Scanner, Token};
use taipan_vm::object::{Gc, NativeHeader, Raised, Slot};
use taipan_vm::types::ExceptionClass;
use taipan_vm::types::bytes::Bytes;
use taipan_vm::types::str_::Str;
use taipan_vm::{NativeObject, Result, Thread, Value, pymodule, pytype};

/// `_tokenize.TokenizerIter`
#[repr(C)]
#[derive(NativeObject)]
pub struct TokenizerIter {
    head: NativeHeader,
    readline: Slot,
    encoding: Slot,
    #[notrace]
    extra: bool,
    #[notrace]
    scanner: RefCell<Option<Scanner>>,
}

/// One line; None at the end.
fn read_line(th: &mut Thread, t: Gc<TokenizerIter>, readline: Value) -> Result<Option<Gc<Str>>> {
    let line = match th.call(readline, &[]) {
        Ok(v) => v,
        Err(_) if th.pending_matches(ExceptionClass::StopIteration) => {
            th.clear_pending();
            return Ok(None);
        }
        Err(e) => return Err(e),
    };
    if let Some(encoding) = t.encoding.get() {
        if line.downcast::<Bytes>().is_none() {
            return Err(th.type_error("readline() returned a non-bytes object"));
        }
        let strict = th.new_str("replace").value();
        let text = th.call_method_str(line, "decode", &[encoding, strict])?;
        return Ok(text.downcast::<Str>().filter(|s| !s.is_empty()));
    }
    match line.downcast::<Str>() {
        Some(s) => Ok(Some(s).filter(|s| !s.is_empty())),
        None => Err(th.type_error("readline() returned a non-string object")),
    }
}

fn read_all(th: &mut Thread, t: Gc<TokenizerIter>) -> Result<Scanner> {
    let mut text = Vec::new();
    if let Some(readline) = t.readline.get() {
        while let Some(line) = read_line(th, t, readline)? {
            text.extend(
                line.code_points()
                    .map(|c| char::from_u32(c).unwrap_or('\u{FFFD}')),
            );
        }
    }
    Ok(Scanner::new(text, t.extra))
}

fn raise(th: &mut Thread, f: Failure) -> Raised {
    let class = match f.kind {
        scanner::FailureKind::Syntax => ExceptionClass::SyntaxError,
        scanner::FailureKind::Indentation => ExceptionClass::IndentationError,
        scanner::FailureKind::Tab => ExceptionClass::TabError,
    };
    let message = th.new_str(&f.message).value();
    let Some((line, column)) = f.place else {
        let e = th.raise_with(class, &[message]);
        if let Some(exception) = th.pending_exception() {
            th.clear_pending();
            let (line, column) = (th.int(f.at_end.0 as i64), th.int(f.at_end.1 as i64));
            let set = th.set_attr_str(exception, "lineno", line);
            let set = set.and_then(|()| th.set_attr_str(exception, "offset", column));
            return match set {
                Ok(()) => th.raise_value(exception),
                Err(e) => e,
            };
        }
        return e;
    };
    let file = th.new_str("<string>").value();
    let text = th.new_str(&f.text).value();
    let (line, column) = (th.int(line as i64), th.int(column as i64));
    let none = th.none();
    let (end_line, end_column) = match class {
        ExceptionClass::SyntaxError => (line, column),
        _ => (none, none),
    };
    let info = th
        .new_tuple(&[file, line, column, text, end_line, end_column])
        .value();
    th.raise_with(class, &[message, info])
}

fn tuple(th: &mut Thread, t: Token, extra: bool) -> Value {
    let kind = match t.kind {
        Kind::Op if !extra => scanner::exact_type(&t.text),
        k => k as i64,
    };
    let kind = th.int(kind);
    let text = th.new_str(&t.text).value();
    let place = |th: &mut Thread, (line, column): (usize, i64)| {
        let pair = [th.int(line as i64), th.int(column)];
        th.new_tuple(&pair).value()
    };
    let (start, end) = (place(th, t.start), place(th, t.end));
    let line = th.new_str(&t.line).value();
    th.new_tuple(&[kind, text, start, end, line]).value()
}

/// An iterator over the tokens of a source text.
#[pytype(name = "TokenizerIter", module = "_tokenize", table = TOKENIZER_TYPE)]
impl TokenizerIter {
    #[pynew(sig = "(readline, /, *, encoding=None, extra_tokens)")]
    fn new(
        th: &mut Thread,
        class: Value,
        readline: Value,
        encoding: Option<Value>,
        extra_tokens: bool,
    ) -> Result {
        let class = th.expect_type(class)?;
        let encoding = th.not_none(encoding);
        Ok(th
            .alloc_native(class, |head| TokenizerIter {
                head,
                readline: Slot::new(readline),
                encoding: Slot::from_option(encoding),
                extra: extra_tokens,
                scanner: RefCell::new(None),
            })
            .value())
    }

    #[pyslot]
    fn iter(_: &mut Thread, this: Value) -> Result {
        Ok(this)
    }

    #[pyslot]
    fn next(th: &mut Thread, this: Value) -> Result<Option<Value>> {
        let Some(t) = this.downcast::<TokenizerIter>() else {
            return Ok(None);
        };
        let begun = t.scanner.borrow().is_some();
        if !begun {
            let s = read_all(th, t)?;
            *t.scanner.borrow_mut() = Some(s);
        }
        let next = match t.scanner.borrow_mut().as_mut() {
            Some(s) => s.next_token(),
            None => Ok(None),
        };
        match next {
            Ok(Some(token)) => Ok(Some(tuple(th, token, t.extra))),
            Ok(None) => Ok(None),
            Err(f) => Err(raise(th, f)),
        }
    }
}

/// The module hangs here.
pub struct Tokenize;

#[pymodule(name = "_tokenize", types = [TOKENIZER_TYPE])]
impl Tokenize {}
