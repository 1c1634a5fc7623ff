//! Values to JSON text.

use super::strings::push_quoted;
use taipan_vm::call::Args;
use taipan_vm::object::{Gc, NativeHeader};
use taipan_vm::types::dict::Dict;
use taipan_vm::types::list::List;
use taipan_vm::types::str_::Str;
use taipan_vm::types::tuple::Tuple;
use taipan_vm::types::{T, int};
use taipan_vm::{NativeObject, Result, Thread, Value, pytype};

/// How strings are encoded.
#[derive(Clone, Copy, PartialEq)]
enum Strings {
    Ascii,
    Text,
    Called,
}

/// An encoder: what a `JSONEncoder`'s options are.
#[repr(C)]
#[derive(NativeObject)]
pub struct Encoder {
    head: NativeHeader,
    markers: Value,
    default: Value,
    encoder: Value,
    indent: Value,
    key_separator: Gc<Str>,
    item_separator: Gc<Str>,
    #[notrace]
    sort_keys: bool,
    #[notrace]
    skipkeys: bool,
    #[notrace]
    allow_nan: bool,
    #[notrace]
    strings: Strings,
}

struct Run {
    e: Gc<Encoder>,
    out: Vec<u8>,
    key_separator: Vec<u8>,
    item_separator: Vec<u8>,
    indent: Option<Vec<u8>>,
    /// Addresses of the containers around.
    open: Vec<u64>,
}

impl Run {
    fn string(&mut self, th: &mut Thread, s: Gc<Str>) -> Result<()> {
        match self.e.strings {
            Strings::Ascii => push_quoted(&mut self.out, s, true),
            Strings::Text => push_quoted(&mut self.out, s, false),
            Strings::Called => {
                let v = th.call(self.e.encoder, &[s.value()])?;
                match v.downcast::<Str>() {
                    Some(text) => self.out.extend(text.to_wtf8()),
                    None => {
                        let got = th.type_name(v);
                        return Err(
                            th.type_error(format!("encoder() must return a string, not {got}"))
                        );
                    }
                }
            }
        }
        Ok(())
    }

    fn float_text(&self, th: &mut Thread, v: Value) -> Result<Vec<u8>> {
        let f = th.to_f64(v)?;
        if f.is_finite() {
            let plain = th.float(f);
            return Ok(th.repr(plain)?.to_wtf8());
        }
        if !self.e.allow_nan {
            let shown = th.repr(v)?.to_string_lossy();
            return Err(th.value_error(format!(
                "Out of range float values are not JSON compliant: {shown}"
            )));
        }
        Ok(if f.is_nan() {
            b"NaN".to_vec()
        } else if f > 0.0 {
            b"Infinity".to_vec()
        } else {
            b"-Infinity".to_vec()
        })
    }

    fn int_text(&mut self, th: &mut Thread, v: Value) -> Result<()> {
        if let Some(mut n) = v.as_int() {
            // The digits, last one first.
            let mut digits = [0u8; 20];
            let mut at = digits.len();
            if n < 0 {
                self.out.push(b'-');
            }
            loop {
                at -= 1;
                digits[at] = b'0' + (n % 10).unsigned_abs() as u8;
                n /= 10;
                if n == 0 {
                    break;
                }
            }
            self.out.extend_from_slice(&digits[at..]);
            return Ok(());
        }
        let exact = int::exact(th, v);
        let text = int::methods::to_str(th, exact)?;
        self.out.extend(text.to_wtf8());
        Ok(())
    }

    fn enter(&mut self, th: &mut Thread, v: Value) -> Result<()> {
        th.check_native_stack(" while encoding a JSON object")?;
        if !th.is_none(self.e.markers) && self.open.contains(&v.bits()) {
            return Err(th.value_error("Circular reference detected"));
        }
        self.open.push(v.bits());
        Ok(())
    }

    fn break_line(&mut self, level: usize) {
        if let Some(indent) = &self.indent {
            self.out.push(b'\n');
            for _ in 0..level {
                self.out.extend_from_slice(indent);
            }
        }
    }

    fn value(&mut self, th: &mut Thread, v: Value, level: usize) -> Result<()> {
        if let Some(s) = v.downcast::<Str>() {
            return self.string(th, s);
        }
        if th.is_none(v) {
            self.out.extend_from_slice(b"null");
        } else if v.is(th.bool(true)) {
            self.out.extend_from_slice(b"true");
        } else if v.is(th.bool(false)) {
            self.out.extend_from_slice(b"false");
        } else if int::is_int(v) {
            return self.int_text(th, v);
        } else if th.is_instance_of(v, T::Float) {
            let text = self.float_text(th, v)?;
            self.out.extend(text);
        } else if v.downcast::<List>().is_some() || v.downcast::<Tuple>().is_some() {
            self.enter(th, v)?;
            self.sequence(th, v, level)?;
            self.open.pop();
        } else if let Some(d) = v.downcast::<Dict>() {
            self.enter(th, v)?;
            self.dict(th, d, level)?;
            self.open.pop();
        } else {
            self.enter(th, v)?;
            let new = th.call(self.e.default, &[v])?;
            if let Err(e) = self.value(th, new, level) {
                let name = th.type_name(v);
                th.add_note_to_pending(&format!("when serializing {name} object"));
                return Err(e);
            }
            self.open.pop();
        }
        Ok(())
    }

    fn sequence(&mut self, th: &mut Thread, v: Value, level: usize) -> Result<()> {
        let (list, tuple) = (v.downcast::<List>(), v.downcast::<Tuple>());
        let item = |i: usize| match (list, tuple) {
            (Some(l), _) => l.items.get(i),
            (_, Some(t)) => t.get(i),
            _ => None,
        };
        if item(0).is_none() {
            self.out.extend_from_slice(b"[]");
            return Ok(());
        }
        self.out.push(b'[');
        self.break_line(level + 1);
        let mut i = 0;
        while let Some(x) = item(i) {
            if i > 0 {
                self.out.extend_from_slice(&self.item_separator);
                self.break_line(level + 1);
            }
            if let Err(e) = self.value(th, x, level + 1) {
                let name = th.type_name(v);
                th.add_note_to_pending(&format!("when serializing {name} item {i}"));
                return Err(e);
            }
            i += 1;
        }
        self.break_line(level);
        self.out.push(b']');
        Ok(())
    }

    /// The text of a key; None when it is to be left out.
    fn key(&mut self, th: &mut Thread, key: Value) -> Result<Option<Gc<Str>>> {
        if let Some(s) = key.downcast::<Str>() {
            return Ok(Some(s));
        }
        let text = if th.is_instance_of(key, T::Float) {
            let t = self.float_text(th, key)?;
            th.str_from_wtf8(&t)
        } else if th.is_none(key) {
            th.intern("null")
        } else if key.is(th.bool(true)) {
            th.intern("true")
        } else if key.is(th.bool(false)) {
            th.intern("false")
        } else if int::is_int(key) {
            let exact = int::exact(th, key);
            int::methods::to_str(th, exact)?
        } else if self.e.skipkeys {
            return Ok(None);
        } else {
            let got = th.type_name(key);
            return Err(th.type_error(format!(
                "keys must be str, int, float, bool or None, not {got}"
            )));
        };
        Ok(Some(text))
    }

    fn entry(
        &mut self,
        th: &mut Thread,
        d: Gc<Dict>,
        key: Value,
        v: Value,
        first: &mut bool,
        level: usize,
    ) -> Result<()> {
        let Some(text) = self.key(th, key)? else {
            return Ok(());
        };
        if !std::mem::take(first) {
            self.out.extend_from_slice(&self.item_separator);
        }
        self.break_line(level + 1);
        self.string(th, text)?;
        self.out.extend_from_slice(&self.key_separator);
        if let Err(e) = self.value(th, v, level + 1) {
            let name = th.type_name(d.value());
            let shown = th.repr_lossy(key);
            th.add_note_to_pending(&format!("when serializing {name} item {shown}"));
            return Err(e);
        }
        Ok(())
    }

    fn dict(&mut self, th: &mut Thread, d: Gc<Dict>, level: usize) -> Result<()> {
        if th.len(d.value())? == 0 {
            self.out.extend_from_slice(b"{}");
            return Ok(());
        }
        self.out.push(b'{');
        let mut first = true;
        if self.e.sort_keys || !th.is_exact(d.value(), T::Dict) {
            let items = th.call_method_str(d.value(), "items", &[])?;
            let items = th.collect(items)?;
            let items = th.list_from_vec(items);
            if self.e.sort_keys {
                th.call_method_str(items.value(), "sort", &[])?;
            }
            let mut i = 0;
            while let Some(pair) = items.items.get(i) {
                i += 1;
                let pair = pair.downcast::<Tuple>();
                let Some((k, v)) = pair.and_then(|p| Some((p.get(0)?, p.get(1)?))) else {
                    return Err(th.value_error("items must return 2-tuples"));
                };
                self.entry(th, d, k, v, &mut first, level)?;
            }
        } else {
            let mut at = 0;
            while let Some((next, k, v)) = d.entry_from(at) {
                at = next;
                self.entry(th, d, k, v, &mut first, level)?;
            }
        }
        if !first {
            self.break_line(level);
        }
        self.out.push(b'}');
        Ok(())
    }
}

/// Encoder(markers, default, encoder, indent, key_separator, item_separator, sort_keys, skipkeys, allow_nan)
#[pytype(name = "Encoder", module = "_json", table = ENCODER_TYPE)]
impl Encoder {
    #[pynew(
        name = "make_encoder",
        sig = "(markers, default, encoder, indent, key_separator, item_separator, sort_keys, skipkeys, allow_nan)"
    )]
    fn new(
        th: &mut Thread,
        _class: Value,
        markers: Value,
        default: Value,
        encoder: Value,
        indent: Value,
        key_separator: Gc<Str>,
        item_separator: Gc<Str>,
        sort_keys: bool,
        skipkeys: bool,
        allow_nan: bool,
    ) -> Result {
        if !th.is_none(markers) && markers.downcast::<Dict>().is_none() {
            let got = th.type_name(markers);
            return Err(th.type_error(format!(
                "make_encoder() argument 1 must be dict or None, not {got}"
            )));
        }
        let strings = if th.is_builtin_named(encoder, "encode_basestring_ascii") {
            Strings::Ascii
        } else if th.is_builtin_named(encoder, "encode_basestring") {
            Strings::Text
        } else {
            Strings::Called
        };
        Ok(th
            .new_native(&ENCODER_TYPE, |head| Encoder {
                head,
                markers,
                default,
                encoder,
                indent,
                key_separator,
                item_separator,
                sort_keys,
                skipkeys,
                allow_nan,
                strings,
            })
            .value())
    }

    #[pyslot]
    fn call(th: &mut Thread, this: Value, args: Args<'_>) -> Result {
        let (v, level) = match *args.values {
            [v, level] => (v, level),
            ref other => {
                let n = other.len();
                return Err(th.type_error(format!(
                    "_iterencode() takes exactly 2 arguments ({n} given)"
                )));
            }
        };
        let level = th.index_i64(level, "Python int too large to convert to C ssize_t")?;
        let Some(e) = this.downcast::<Encoder>() else {
            return Ok(this);
        };
        let indent = match e.indent.downcast::<Str>() {
            Some(s) => Some(s.to_wtf8()),
            None if th.is_none(e.indent) => None,
            None => return Err(th.type_error("indent must be a string or None")),
        };
        let mut run = Run {
            e,
            out: Vec::new(),
            key_separator: e.key_separator.to_wtf8(),
            item_separator: e.item_separator.to_wtf8(),
            indent,
            open: Vec::new(),
        };
        run.value(th, v, level.max(0) as usize)?;
        let text = th.str_from_wtf8(&run.out).value();
        Ok(th.new_tuple(&[text]).value())
    }

    #[pygetter]
    fn markers(_: &mut Thread, this: Gc<Encoder>) -> Value {
        this.markers
    }

    #[pygetter]
    fn default(_: &mut Thread, this: Gc<Encoder>) -> Value {
        this.default
    }

    #[pygetter]
    fn encoder(_: &mut Thread, this: Gc<Encoder>) -> Value {
        this.encoder
    }

    #[pygetter]
    fn indent(_: &mut Thread, this: Gc<Encoder>) -> Value {
        this.indent
    }

    #[pygetter]
    fn key_separator(_: &mut Thread, this: Gc<Encoder>) -> Value {
        this.key_separator.value()
    }

    #[pygetter]
    fn item_separator(_: &mut Thread, this: Gc<Encoder>) -> Value {
        this.item_separator.value()
    }

    #[pygetter]
    fn sort_keys(_: &mut Thread, this: Gc<Encoder>) -> bool {
        this.sort_keys
    }

    #[pygetter]
    fn skipkeys(_: &mut Thread, this: Gc<Encoder>) -> bool {
        this.skipkeys
    }
}
