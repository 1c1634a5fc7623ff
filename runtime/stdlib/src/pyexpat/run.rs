//! Parsing: each event goes to the handler for it.

use taipan_vm::Thread;
use taipan_vm::object::{Gc, Raised, Result, Value};
use taipan_vm::types::list::List;
use taipan_vm::types::str_::text;

use super::codes;
use super::engine::Failure;
use super::event::{Event, ExternalId, Model};
use super::parser::{Handler, Parser};
use super::scan;

/// The characters of the 256 bytes of an encoding that Python knows. Raises LookupError and
/// ValueError.
pub fn table(th: &mut Thread, encoding: &str) -> Result<Box<[Option<char>]>> {
    let all: Vec<u8> = (0..=255).collect();
    let all = th.new_bytes(&all).value();
    let (encoding, errors) = (th.new_str(encoding).value(), th.new_str("replace").value());
    let decoded = th.call_method_str(all, "decode", &[encoding, errors])?;
    let chars: Vec<char> = text(decoded).unwrap_or_default().chars().collect();
    if chars.len() != 256 {
        return Err(th.value_error("multi-byte encodings are not supported"));
    }
    Ok(chars
        .into_iter()
        .map(|c| (c != '\u{FFFD}').then_some(c))
        .collect())
}

/// Raises ExpatError where the parser stands.
pub fn error(th: &mut Thread, p: Gc<Parser>, code: i32) -> Raised {
    p.error.set(code);
    let (line, column, _) = match p.engine.try_borrow_mut() {
        Ok(mut e) => e.position(),
        Err(_) => (1, 0, 0),
    };
    super::raise(th, code, line, column)
}

/// `Parse`
pub fn parse(th: &mut Thread, p: Gc<Parser>, data: &[u8], last: bool, caller: &str) -> Result<i64> {
    if p.in_handler.get() {
        return Err(th.runtime_error(format!("cannot call {caller}() from within a handler")));
    }
    if p.finished.get() {
        return Err(error(th, p, codes::FINISHED));
    }
    if p.error.get() != 0 {
        return Err(error(th, p, p.error.get()));
    }
    if p.parsing.replace(true) {
        return Err(th.runtime_error("cannot call Parse() from within a handler"));
    }
    let r = parse_chunk(th, p, data, last);
    p.parsing.set(false);
    if r.is_err() && p.error.get() == 0 {
        p.error.set(codes::ABORTED);
    }
    r?;
    flush(th, p)?;
    p.finished.set(last);
    Ok(1)
}

fn parse_chunk(th: &mut Thread, p: Gc<Parser>, data: &[u8], last: bool) -> Result<()> {
    {
        let Ok(mut e) = p.engine.try_borrow_mut() else {
            return Err(th.runtime_error("the parser is in use"));
        };
        e.feed(data, last);
        if !e.worth_trying() {
            return Ok(());
        }
    }
    let start = p.engine.borrow().mark();
    loop {
        let next = match p.engine.try_borrow_mut() {
            Ok(mut e) => e.next_event(),
            Err(_) => return Err(th.runtime_error("the parser is in use")),
        };
        match next {
            Ok(Some(event)) => deliver(th, p, event)?,
            Ok(None) => break,
            Err(Failure::Encoding(name)) => {
                let t = table(th, &name)?;
                if let Ok(mut e) = p.engine.try_borrow_mut() {
                    e.set_table(t);
                }
            }
            Err(Failure::Code(code)) => {
                flush(th, p)?;
                return Err(error(th, p, code));
            }
        }
        th.poll()?;
    }
    if let Ok(mut e) = p.engine.try_borrow_mut() {
        let progress = e.mark() != start;
        e.note_attempt(progress);
    }
    Ok(())
}

fn handler(p: Gc<Parser>, h: Handler) -> Option<Value> {
    p.handlers[h as usize].get()
}

/// Calls a handler, after what waits.
fn call(th: &mut Thread, p: Gc<Parser>, f: Value, args: &[Value]) -> Result {
    if p.buffer.get().is_some() {
        flush(th, p)?;
    }
    call_now(th, p, f, args)
}

fn call_now(th: &mut Thread, p: Gc<Parser>, f: Value, args: &[Value]) -> Result {
    let outer = p.in_handler.replace(true);
    let r = th.call(f, args);
    p.in_handler.set(outer);
    r
}

/// Hands out the character data that waits.
pub fn flush(th: &mut Thread, p: Gc<Parser>) -> Result<()> {
    let Some(waiting) = p.buffer.get() else {
        return Ok(());
    };
    p.buffer.clear();
    p.buffered.set(0);
    let Some(f) = handler(p, Handler::Text) else {
        return Ok(());
    };
    let all = match waiting.items.as_slice() {
        [one] => *one,
        _ => {
            let empty = th.empty_str().value();
            th.call_method_str(empty, "join", &[waiting.value()])?
        }
    };
    call_now(th, p, f, &[all]).map(|_| ())
}

fn string(th: &mut Thread, s: &str) -> Value {
    th.new_str(s).value()
}

fn optional(th: &mut Thread, s: Option<&str>) -> Value {
    match s {
        Some(s) => string(th, s),
        None => th.none(),
    }
}

/// A name; equal names are one object.
fn name(th: &mut Thread, p: Gc<Parser>, s: &str) -> Result {
    let Some(known) = p.interned.get() else {
        return Ok(string(th, s));
    };
    let v = th.intern(s).value();
    match known.get(th, v)? {
        Some(old) => Ok(old),
        None => {
            known.set(th, v, v)?;
            Ok(v)
        }
    }
}

fn optional_name(th: &mut Thread, p: Gc<Parser>, s: Option<&str>) -> Result {
    match s {
        Some(s) => name(th, p, s),
        None => Ok(th.none()),
    }
}

/// What no handler has taken goes to the default handler.
fn default(th: &mut Thread, p: Gc<Parser>) -> Result<()> {
    let f = match handler(p, Handler::DefaultExpand).or(handler(p, Handler::Default)) {
        Some(f) => f,
        None => return Ok(()),
    };
    let raw = match p.engine.try_borrow() {
        Ok(e) => e.raw_text(),
        Err(_) => return Ok(()),
    };
    if raw.is_empty() {
        return Ok(());
    }
    // Declarations go word by word.
    let words = if raw.starts_with("<!") && !raw.starts_with("<!--") {
        split_words(&raw)
    } else {
        vec![raw.as_str()]
    };
    for word in words {
        let word = string(th, word);
        call(th, p, f, &[word])?;
    }
    Ok(())
}

/// The words of a declaration: its opening, blanks, names, literals, single characters.
fn split_words(text: &str) -> Vec<&str> {
    let b = text.as_bytes();
    let (mut out, mut i) = (Vec::new(), 0);
    while i < b.len() {
        let end = match b[i] {
            b'<' if b.get(i + 1) == Some(&b'!') => scan::name_run(b, i + 2).max(i + 2),
            q @ (b'"' | b'\'') => memchr::memchr(q, &b[i + 1..]).map_or(b.len(), |n| i + n + 2),
            c if scan::is_space(c) => scan::skip_space(b, i),
            _ => scan::name_run(b, i),
        };
        let mut end = end.max(i + 1);
        while !text.is_char_boundary(end) {
            end += 1;
        }
        out.push(&text[i..end]);
        i = end;
    }
    out
}

fn model(th: &mut Thread, p: Gc<Parser>, m: &Model) -> Result {
    let children = taipan_vm::ValueVec::new();
    for c in &m.children {
        let c = model(th, p, c)?;
        th.push(&children, c)?;
    }
    let children = th.new_tuple(children.as_slice()).value();
    let parts = [
        th.int(m.kind),
        th.int(m.quantifier),
        optional_name(th, p, m.name.as_deref())?,
        children,
    ];
    Ok(th.new_tuple(&parts).value())
}

fn character_data(th: &mut Thread, p: Gc<Parser>, s: &str) -> Result<()> {
    let Some(f) = handler(p, Handler::Text) else {
        return default(th, p);
    };
    let v = string(th, s);
    if !p.buffer_text.get() {
        return call(th, p, f, &[v]).map(|_| ());
    }
    let n = s.len();
    if p.buffered.get() + n > p.buffer_size.get() {
        flush(th, p)?;
        // The handler may have taken itself away.
        let Some(f) = handler(p, Handler::Text) else {
            return Ok(());
        };
        if n > p.buffer_size.get() {
            return call(th, p, f, &[v]).map(|_| ());
        }
    }
    let waiting: Gc<List> = match p.buffer.get() {
        Some(l) => l,
        None => {
            let l = th.new_list();
            p.buffer.set(p.header(), l);
            l
        }
    };
    th.list_append(waiting, v)?;
    p.buffered.set(p.buffered.get() + n);
    Ok(())
}

fn start_element(
    th: &mut Thread,
    p: Gc<Parser>,
    element: &str,
    attributes: &[(String, String)],
    specified: usize,
) -> Result<()> {
    let Some(f) = handler(p, Handler::StartElement) else {
        return default(th, p);
    };
    let shown = if p.specified.get() {
        &attributes[..specified.min(attributes.len())]
    } else {
        attributes
    };
    let container = if p.ordered.get() {
        let l = th.new_list();
        for (k, v) in shown {
            let (k, v) = (name(th, p, k)?, string(th, v));
            th.list_append(l, k)?;
            th.list_append(l, v)?;
        }
        l.value()
    } else {
        let d = th.new_dict();
        for (k, v) in shown {
            let (k, v) = (name(th, p, k)?, string(th, v));
            d.set(th, k, v)?;
        }
        d.value()
    };
    let element = name(th, p, element)?;
    call(th, p, f, &[element, container]).map(|_| ())
}

fn external(th: &mut Thread, p: Gc<Parser>, context: Option<&str>, id: &ExternalId) -> Result<()> {
    let Some(f) = handler(p, Handler::External) else {
        return default(th, p);
    };
    let args = [
        optional(th, context),
        th.or_none(p.base.get()),
        optional_name(th, p, id.system.as_deref())?,
        optional_name(th, p, id.public.as_deref())?,
    ];
    let r = call(th, p, f, &args)?;
    let ok = match r.as_int() {
        Some(n) => n != 0,
        None => th.index_i64(r, "Python int too large to convert to C long")? != 0,
    };
    if ok {
        Ok(())
    } else {
        Err(error(th, p, codes::EXTERNAL_ENTITY_HANDLING))
    }
}

fn deliver(th: &mut Thread, p: Gc<Parser>, event: Event) -> Result<()> {
    if let Event::Text(s) = &event {
        return character_data(th, p, s);
    }
    let (which, args): (Handler, taipan_vm::ValueVec) = match &event {
        Event::Text(_) | Event::Raw => return default(th, p),
        Event::Start {
            name: element,
            attributes,
            specified,
            prefixes,
        } => {
            for (prefix, uri) in prefixes {
                if let Some(f) = handler(p, Handler::StartNamespace) {
                    let args = [
                        optional_name(th, p, prefix.as_deref())?,
                        optional_name(th, p, uri.as_deref())?,
                    ];
                    call(th, p, f, &args)?;
                }
            }
            return start_element(th, p, element, attributes, *specified);
        }
        Event::End {
            name: element,
            prefixes,
        } => {
            match handler(p, Handler::EndElement) {
                Some(f) => {
                    let element = name(th, p, element)?;
                    call(th, p, f, &[element])?;
                }
                None => default(th, p)?,
            }
            for prefix in prefixes {
                if let Some(f) = handler(p, Handler::EndNamespace) {
                    let prefix = optional_name(th, p, prefix.as_deref())?;
                    call(th, p, f, &[prefix])?;
                }
            }
            return Ok(());
        }
        Event::External(context, id) => {
            let context = context.clone();
            return external(th, p, context.as_deref(), id);
        }
        Event::NotStandalone => {
            let Some(f) = handler(p, Handler::NotStandalone) else {
                return Ok(());
            };
            let r = call(th, p, f, &[])?;
            let n = th.index_i64(r, "Python int too large to convert to C long")?;
            if n == 0 {
                return Err(error(th, p, codes::NOT_STANDALONE));
            }
            return Ok(());
        }
        Event::XmlDecl {
            version,
            encoding,
            standalone,
        } => {
            let args = [
                optional(th, version.as_deref()),
                optional(th, encoding.as_deref()),
                th.int(*standalone),
            ];
            (Handler::XmlDecl, th.value_vec(&args)?)
        }
        Event::StartDoctype {
            name: n,
            id,
            internal,
        } => {
            let args = [
                name(th, p, n)?,
                optional_name(th, p, id.system.as_deref())?,
                optional_name(th, p, id.public.as_deref())?,
                th.int(*internal as i64),
            ];
            (Handler::StartDoctype, th.value_vec(&args)?)
        }
        Event::EndDoctype => (Handler::EndDoctype, taipan_vm::ValueVec::new()),
        Event::Instruction(target, data) => {
            let args = [name(th, p, target)?, string(th, data)];
            (Handler::Instruction, th.value_vec(&args)?)
        }
        Event::Comment(s) => {
            let args = [string(th, s)];
            (Handler::Comment, th.value_vec(&args)?)
        }
        Event::StartCdata => (Handler::StartCdata, taipan_vm::ValueVec::new()),
        Event::EndCdata => (Handler::EndCdata, taipan_vm::ValueVec::new()),
        Event::Entity {
            name: n,
            parameter,
            value,
            id,
            notation,
        } => {
            let base = th.or_none(p.base.get());
            let system = optional_name(th, p, id.system.as_deref())?;
            let public = optional_name(th, p, id.public.as_deref())?;
            let kind = optional_name(th, p, notation.as_deref())?;
            let n = name(th, p, n)?;
            if notation.is_some() && handler(p, Handler::Unparsed).is_some() {
                let args = [n, base, system, public, kind];
                (Handler::Unparsed, th.value_vec(&args)?)
            } else {
                let value = optional(th, value.as_deref());
                let parameter = th.int(*parameter as i64);
                let args = [n, parameter, value, base, system, public, kind];
                (Handler::Entity, th.value_vec(&args)?)
            }
        }
        Event::Notation(n, id) => {
            let args = [
                name(th, p, n)?,
                th.or_none(p.base.get()),
                optional_name(th, p, id.system.as_deref())?,
                optional_name(th, p, id.public.as_deref())?,
            ];
            (Handler::Notation, th.value_vec(&args)?)
        }
        Event::Element(n, m) => {
            if handler(p, Handler::Element).is_none() {
                return default(th, p);
            }
            let args = [name(th, p, n)?, model(th, p, m)?];
            (Handler::Element, th.value_vec(&args)?)
        }
        Event::Attribute {
            element,
            name: n,
            kind,
            default,
            required,
        } => {
            let args = [
                name(th, p, element)?,
                name(th, p, n)?,
                string(th, kind),
                optional(th, default.as_deref()),
                th.int(*required as i64),
            ];
            (Handler::Attribute, th.value_vec(&args)?)
        }
        Event::Skipped(n, parameter) => {
            let args = [string(th, n), th.int(*parameter as i64)];
            (Handler::Skipped, th.value_vec(&args)?)
        }
    };
    match handler(p, which) {
        Some(f) => call(th, p, f, args.as_slice()).map(|_| ()),
        None => default(th, p),
    }
}
