//! Error handlers: the built-in ones by name, registered ones by calling them.

use crate::Thread;
use crate::object::{Raised, Result, Value};
use crate::types::ExceptionClass;
use crate::types::bytes::Bytes;
use crate::types::exception::Exception;
use crate::types::int::to_i64;
use crate::types::str_::Str;
use crate::types::tuple::Tuple;
use crate::unicode::codecs::{
    Builtin, CodecError, DecodeHandler, EncodeHandler, Fault, Replacement,
};
use crate::unicode::{Text, TextRef};

/// The handler of one conversion.
pub struct Handler<'a> {
    th: &'a mut Thread,
    object: Value,
    name: Option<&'a str>,
    builtin: Option<Builtin>,
    function: Option<Value>,
    /// Other input that the handler wants decoded from a position on.
    replaced: Option<(Value, usize)>,
}

impl<'a> Handler<'a> {
    /// The handler with a name (none: strict) for converting `object`. Unknown names are looked up
    /// when a fault occurs.
    pub fn new(th: &'a mut Thread, object: Value, name: Option<&'a str>) -> Handler<'a> {
        let builtin = Builtin::parse(name.unwrap_or("strict"));
        Handler {
            th,
            object,
            name,
            builtin,
            function: None,
            replaced: None,
        }
    }

    /// A conversion's result, its error raised.
    pub fn finish<R>(self, r: std::result::Result<R, CodecError>) -> Result<R> {
        self.finish_part(r).and_then(|(r, rest)| match rest {
            None => Ok(r),
            Some((_, _, th)) => Err(th.not_implemented_error(
                "an error handler that replaces the object of its exception",
            )),
        })
    }

    /// As [`Handler::finish`], with the input to go on with if the handler has replaced it, and
    /// where.
    pub fn finish_part<R>(
        self,
        r: std::result::Result<R, CodecError>,
    ) -> Result<(R, Option<(Value, usize, &'a mut Thread)>)> {
        match r {
            Ok(r) => Ok((r, self.replaced.map(|(v, at)| (v, at, self.th)))),
            Err(e) => Err(raise(self.th, self.object, e)),
        }
    }

    /// The thread, for mappings that call Python code.
    pub fn thread(&mut self) -> &mut Thread {
        self.th
    }

    /// Calls the registered handler: its replacement and position.
    fn call(&mut self, error: Value, len: usize, decoding: bool) -> Result<(Value, usize)> {
        let f = match self.function {
            Some(f) => f,
            None => {
                let f = super::registry::lookup_error(self.th, self.name.unwrap_or("strict"))?;
                self.function = Some(f);
                f
            }
        };
        let th = &mut *self.th;
        let r = th.call(f, &[error])?;
        let parts = r.downcast::<Tuple>();
        let ok = match parts.as_ref().map(|t| t.as_slice()) {
            Some([text, at]) => {
                let usable = text.downcast::<Str>().is_some()
                    || !decoding && text.downcast::<Bytes>().is_some();
                (usable && crate::types::int::is_int(*at)).then_some((*text, *at))
            }
            _ => None,
        };
        let Some((text, at)) = ok else {
            return Err(th.type_error(if decoding {
                "decoding error handler must return (str, int) tuple"
            } else {
                "encoding error handler must return (str/bytes, int) tuple"
            }));
        };
        let at = to_i64(at).unwrap_or(i64::MAX);
        let position = if at < 0 { at + len as i64 } else { at };
        match usize::try_from(position) {
            Ok(p) if p <= len => Ok((text, p)),
            _ => Err(th.index_error(format!("position {at} from error handler out of bounds"))),
        }
    }
}

/// A UnicodeDecodeError or UnicodeEncodeError object.
pub fn unicode_error(
    th: &mut Thread,
    class: ExceptionClass,
    object: Value,
    fault: &Fault,
) -> Result {
    let encoding = th.new_str(fault.encoding).value();
    let reason = th.new_str(&fault.reason).value();
    let (start, end) = (th.int(fault.start as i64), th.int(fault.end as i64));
    let class = th.vm().exception_class(class).value();
    th.call(class, &[encoding, object, start, end, reason])
}

/// The object of a decoding error: the input as bytes.
fn bytes_object(th: &mut Thread, object: Value) -> Value {
    if object.downcast::<Bytes>().is_some() {
        return object;
    }
    match th.byte_arg(object) {
        Ok(b) => th.new_bytes(&b).value(),
        Err(_) => {
            th.clear_pending();
            object
        }
    }
}

/// Raises a conversion's error.
#[cold]
pub fn raise(th: &mut Thread, object: Value, e: CodecError) -> Raised {
    let (class, object, fault) = match e {
        CodecError::Raised => return Raised,
        CodecError::Other(e) => return th.raise_format(e),
        CodecError::Decode(f) => (
            ExceptionClass::UnicodeDecodeError,
            bytes_object(th, object),
            f,
        ),
        CodecError::Encode(f) => (ExceptionClass::UnicodeEncodeError, object, f),
    };
    match unicode_error(th, class, object, &fault) {
        Ok(e) => th.raise_value(e),
        Err(r) => r,
    }
}

impl DecodeHandler for Handler<'_> {
    fn handle(
        &mut self,
        input: &[u8],
        fault: &Fault,
    ) -> std::result::Result<(Text, usize), CodecError> {
        if let Some(b) = &mut self.builtin {
            return DecodeHandler::handle(b, input, fault);
        }
        let mut run = || -> Result<(Text, usize)> {
            let object = bytes_object(self.th, self.object);
            let e = unicode_error(self.th, ExceptionClass::UnicodeDecodeError, object, fault)?;
            let (text, mut at) = self.call(e, input.len(), true)?;
            let name = self.th.intern("object");
            let now = self.th.get_attr(e, name)?;
            if !now.is(object) {
                if now.downcast::<Bytes>().is_none() {
                    let message = "UnicodeError 'object' attribute must be a bytes";
                    return Err(self.th.type_error(message));
                }
                self.replaced = Some((now, at));
                at = input.len();
            }
            let text = match text.downcast::<Str>() {
                Some(s) => s.text_ref().to_text(),
                None => Text::default(),
            };
            Ok((text, at))
        };
        run().map_err(|_| CodecError::Raised)
    }
}

impl EncodeHandler for Handler<'_> {
    fn handle(
        &mut self,
        input: TextRef<'_>,
        fault: &Fault,
    ) -> std::result::Result<(Replacement, usize), CodecError> {
        if let Some(b) = &mut self.builtin {
            return EncodeHandler::handle(b, input, fault);
        }
        let mut run = || -> Result<(Replacement, usize)> {
            let object = self.object;
            let e = unicode_error(self.th, ExceptionClass::UnicodeEncodeError, object, fault)?;
            let (text, at) = self.call(e, input.len(), false)?;
            let replacement = match (text.downcast::<Str>(), text.downcast::<Bytes>()) {
                (Some(s), _) => Replacement::Text(s.text_ref().to_text()),
                (_, Some(b)) => Replacement::Bytes(b.as_slice().to_vec()),
                _ => Replacement::Text(Text::default()),
            };
            Ok((replacement, at))
        };
        run().map_err(|_| CodecError::Raised)
    }
}

/// Treats an exception object as a built-in handler does: its replacement and the position to go on
/// from, as the tuple that Python handlers return.
pub fn handle_exception(th: &mut Thread, handler: Builtin, e: Value) -> Result {
    let Some(x) = e.downcast::<Exception>() else {
        let got = th.type_name(e);
        return Err(th.type_error(format!("don't know how to handle {got} in error callback")));
    };
    if handler == Builtin::Strict {
        return Err(th.raise_value(e));
    }
    let decoding = th.exception_matches(e, ExceptionClass::UnicodeDecodeError);
    let encoding = th.exception_matches(e, ExceptionClass::UnicodeEncodeError);
    let translating = th.exception_matches(e, ExceptionClass::UnicodeTranslateError);
    let wrong = |th: &mut Thread| {
        let got = th.type_name(e);
        Err(th.type_error(format!("don't know how to handle {got} in error callback")))
    };
    if !decoding && !encoding && !translating {
        return wrong(th);
    }
    let field = |i: usize| x.fields[i].get();
    let number = |v: Option<Value>| v.and_then(to_i64).unwrap_or(0);
    let (start, end) = (number(field(2)), number(field(3)));
    let object = field(1).unwrap_or(th.none());
    let name = field(0)
        .and_then(|v| v.downcast::<Str>())
        .map_or(String::new(), |s| s.to_string_lossy());
    let encoding_name = static_name(&name);
    let clip = |len: usize| {
        let start = (start.max(0) as usize).min(len.saturating_sub(1));
        let end = (end.max(1) as usize).min(len).max(start);
        (start, end)
    };
    let result = if decoding {
        let Some(b) = object.downcast::<Bytes>() else {
            return Err(th.type_error("object attribute must be bytes"));
        };
        let (start, end) = clip(b.len());
        let fault = Fault {
            encoding: encoding_name,
            start,
            end,
            reason: "".into(),
        };
        let mut h = handler;
        DecodeHandler::handle(&mut h, b.as_slice(), &fault)
            .map(|(t, at)| (Replacement::Text(t), at))
    } else {
        let Some(s) = object.downcast::<Str>() else {
            return Err(th.type_error("object attribute must be unicode"));
        };
        let (start, end) = clip(s.len());
        let fault = Fault {
            encoding: encoding_name,
            start,
            end,
            reason: "".into(),
        };
        let mut h = handler;
        if translating {
            match handler {
                Builtin::Ignore => Ok((Replacement::Text(Text::default()), end)),
                Builtin::Replace => {
                    let n = end - start;
                    let text = Text::from_code_points(std::iter::repeat_n(0xFFFD, n));
                    Ok((Replacement::Text(text), end))
                }
                Builtin::BackslashReplace => EncodeHandler::handle(&mut h, s.text_ref(), &fault),
                _ => return wrong(th),
            }
        } else {
            EncodeHandler::handle(&mut h, s.text_ref(), &fault)
        }
    };
    match result {
        Ok((r, at)) => {
            let r = match r {
                Replacement::Text(t) => th.str_from_text(&t).value(),
                Replacement::Bytes(b) => th.new_bytes(&b).value(),
            };
            let at = th.int(at as i64);
            Ok(th.new_tuple(&[r, at]).value())
        }
        Err(CodecError::Decode(_) | CodecError::Encode(_)) => Err(th.raise_value(e)),
        Err(CodecError::Other(_)) => wrong(th),
        Err(CodecError::Raised) => Err(Raised),
    }
}

/// The canonical static name of an encoding for `surrogatepass`; empty for others.
fn static_name(name: &str) -> &'static str {
    let plain: String = name
        .chars()
        .filter(|c| !matches!(c, '-' | '_'))
        .map(|c| c.to_ascii_lowercase())
        .collect();
    match plain.as_str() {
        "utf8" | "cp65001" => "utf-8",
        "utf16" => "utf-16",
        "utf16le" => "utf-16-le",
        "utf16be" => "utf-16-be",
        "utf32" => "utf-32",
        "utf32le" => "utf-32-le",
        "utf32be" => "utf-32-be",
        _ => "",
    }
}
