//! `_json`: the scanner and the encoder behind `json`.

mod encoder;
mod scanner;
mod strings;

use taipan_vm::call::Args;
use taipan_vm::object::{Gc, NativeHeader, Raised};
use taipan_vm::types::str_::Str;
use taipan_vm::{NativeObject, Result, Thread, Value, pymodule, pytype};

/// Raises `json.JSONDecodeError`.
#[cold]
fn decode_error(th: &mut Thread, message: &str, text: Gc<Str>, at: usize) -> Raised {
    let class = match crate::support::import_attr(th, "json.decoder", "JSONDecodeError") {
        Ok(c) => c,
        Err(e) => return e,
    };
    let message = th.new_str(message).value();
    let at = th.int(at as i64);
    match th.call(class, &[message, text.value(), at]) {
        Ok(e) => th.raise_value(e),
        Err(e) => e,
    }
}

/// A scanner: what a decoder's options are.
#[repr(C)]
#[derive(NativeObject)]
pub struct Scanner {
    head: NativeHeader,
    object_hook: Value,
    object_pairs_hook: Value,
    parse_float: Value,
    parse_int: Value,
    parse_constant: Value,
    #[notrace]
    strict: bool,
}

/// JSON scanner object
#[pytype(name = "Scanner", module = "_json", table = SCANNER_TYPE)]
impl Scanner {
    #[pynew(sig = "(context)")]
    fn new(th: &mut Thread, _class: Value, context: Value) -> Result {
        let strict = th.get_attr_str(context, "strict")?;
        let strict = th.truth(strict)?;
        let object_hook = th.get_attr_str(context, "object_hook")?;
        let object_pairs_hook = th.get_attr_str(context, "object_pairs_hook")?;
        let parse_float = th.get_attr_str(context, "parse_float")?;
        let parse_int = th.get_attr_str(context, "parse_int")?;
        let parse_constant = th.get_attr_str(context, "parse_constant")?;
        Ok(th
            .new_native(&SCANNER_TYPE, |head| Scanner {
                head,
                object_hook,
                object_pairs_hook,
                parse_float,
                parse_int,
                parse_constant,
                strict,
            })
            .value())
    }

    #[pyslot]
    fn call(th: &mut Thread, this: Value, args: Args<'_>) -> Result {
        let (text, at) = match *args.positionals() {
            [text, at] if args.keyword_count() == 0 => (text, at),
            [text] if args.keyword_count() == 1 => (text, args.values[1]),
            [] if args.keyword_count() == 2 => (args.values[0], args.values[1]),
            ref other => {
                let n = other.len();
                return Err(
                    th.type_error(format!("scan_once() takes exactly 2 arguments ({n} given)"))
                );
            }
        };
        let at = th.index_i64(at, "Python int too large to convert to C ssize_t")?;
        let Some(s) = this.downcast::<Scanner>() else {
            return Ok(this);
        };
        let Some(text) = text.downcast::<Str>() else {
            let got = th.type_name(text);
            return Err(th.type_error(format!("first argument must be a string, not {got}")));
        };
        scanner::scan(th, s, text, at)
    }

    #[pygetter]
    fn strict(_: &mut Thread, this: Gc<Scanner>) -> bool {
        this.strict
    }

    #[pygetter]
    fn object_hook(_: &mut Thread, this: Gc<Scanner>) -> Value {
        this.object_hook
    }

    #[pygetter]
    fn object_pairs_hook(_: &mut Thread, this: Gc<Scanner>) -> Value {
        this.object_pairs_hook
    }

    #[pygetter]
    fn parse_float(_: &mut Thread, this: Gc<Scanner>) -> Value {
        this.parse_float
    }

    #[pygetter]
    fn parse_int(_: &mut Thread, this: Gc<Scanner>) -> Value {
        this.parse_int
    }

    #[pygetter]
    fn parse_constant(_: &mut Thread, this: Gc<Scanner>) -> Value {
        this.parse_constant
    }
}

/// The functions hang here.
pub struct Json;

/// json speedups
#[pymodule(name = "_json")]
impl Json {
    /// Return an ASCII-only JSON representation of a Python string
    #[pyfunction]
    fn encode_basestring_ascii(th: &mut Thread, string: Value) -> Result {
        encode(th, string, true)
    }

    /// Return a JSON representation of a Python string
    #[pyfunction]
    fn encode_basestring(th: &mut Thread, string: Value) -> Result {
        encode(th, string, false)
    }

    /// Scan the string s for a JSON string. End is the index of the
    /// character in s after the quote that started the JSON string.
    /// Unescapes all valid JSON string escape sequences and raises ValueError
    /// on attempt to decode an invalid string. If strict is False then literal
    /// control characters are allowed in the string.
    ///
    /// Returns a tuple of the decoded string and the index of the character in s
    /// after the end quote.
    #[pyfunction(sig = "(string, end, strict=True, /)")]
    fn scanstring(th: &mut Thread, string: Value, end: i64, strict: Option<bool>) -> Result {
        let Some(s) = string.downcast::<Str>() else {
            let got = th.type_name(string);
            return Err(th.type_error(format!("first argument must be a string, not {got}")));
        };
        let (v, end) = scanner::string(th, s, end, strict.unwrap_or(true))?;
        let end = th.int(end as i64);
        Ok(th.new_tuple(&[v, end]).value())
    }

    #[pyexec]
    fn exec(th: &mut Thread, m: Gc<taipan_vm::types::module::Module>) -> Result<()> {
        for (name, def) in [
            ("make_scanner", &SCANNER_TYPE),
            ("make_encoder", &encoder::ENCODER_TYPE),
        ] {
            let class = th.type_for(def).value();
            th.dict_set_text(m.namespace(), name, class);
        }
        Ok(())
    }
}

fn encode(th: &mut Thread, v: Value, ascii: bool) -> Result {
    let Some(s) = v.downcast::<Str>() else {
        let got = th.type_name(v);
        return Err(th.type_error(format!("first argument must be a string, not {got}")));
    };
    let mut out = Vec::with_capacity(s.len() + 2);
    strings::push_quoted(&mut out, s, ascii);
    Ok(th.str_from_wtf8(&out).value())
}
