//! What stands in elements: tags, text, references.

use super::super::codes;
use super::super::event::Event;
use super::super::scan;
use super::{Engine, Failure, Open, State, Step, XML_URI, XMLNS_URI, owned};

impl Engine {
    pub(super) fn content(&mut self) -> Step {
        let i = self.top().pos;
        let b = &self.top().text;
        let Some(c) = b.get(i).copied() else {
            return self.end_of_content();
        };
        match c {
            b'<' => match b.get(i + 1) {
                None => self.partial(codes::UNCLOSED_TOKEN),
                Some(b'/') => self.end_tag(),
                Some(b'?') => self.instruction(),
                Some(b'!') => {
                    let rest = &b[i..];
                    if rest.starts_with(b"<!--") {
                        return self.comment();
                    }
                    let word: &[u8] = b"<![CDATA[";
                    let n = rest.len().min(word.len());
                    if rest[..n] == word[..n] || b"<!--".starts_with(rest) {
                        if rest.len() < word.len() {
                            return self.partial(codes::UNCLOSED_TOKEN);
                        }
                        self.consume(i + word.len());
                        self.state = State::Cdata;
                        return Ok(Some(Event::StartCdata));
                    }
                    let same = rest.iter().zip(word).take_while(|(a, b)| a == b).count();
                    self.fail(i + same.max(2), codes::INVALID_TOKEN)
                }
                Some(_) => self.start_tag(),
            },
            b'&' => self.reference(),
            _ => self.text(),
        }
    }

    fn end_of_content(&mut self) -> Step {
        let i = self.top().pos;
        if self.in_entity() {
            if self.top().depth != self.tags.len() {
                return Err(codes::ASYNC_ENTITY.into());
            }
            self.pop_input();
            return Ok(None);
        }
        if !self.last {
            return Ok(None);
        }
        self.no_half_character(i)?;
        if self.is_fragment {
            return if self.tags.is_empty() {
                Ok(None)
            } else {
                self.fail(i, codes::ASYNC_ENTITY)
            };
        }
        self.fail(i, codes::NO_ELEMENTS)
    }

    /// A line end at `i`, of whichever kind, is one "\n" (XML 1.0, section 2.11).
    fn line_end(&mut self, i: usize) -> Step {
        let b = &self.top().text;
        let mut end = i + 1;
        if b[i] == b'\r' {
            match b.get(end) {
                None if !self.complete() => return Ok(None),
                Some(b'\n') => end += 1,
                _ => {}
            }
        }
        self.consume(end);
        Ok(Some(Event::Text("\n".into())))
    }

    fn text(&mut self) -> Step {
        let i = self.top().pos;
        let b = &self.top().text;
        if b[i] == b'\n' || b[i] == b'\r' {
            return self.line_end(i);
        }
        let mut j = i;
        loop {
            match b.get(j) {
                None | Some(b'<' | b'&' | b'\n' | b'\r') => break,
                Some(b']') => match (b.get(j + 1), b.get(j + 2)) {
                    (Some(b']'), Some(b'>')) => {
                        return self.fail(j + 2, codes::INVALID_TOKEN);
                    }
                    (None, _) | (Some(b']'), None) if !self.complete() => break,
                    _ => {}
                },
                Some(c) if *c < 32 && *c != b'\t' => break,
                Some(0xEF) if scan::bad_char(b, j, (j + 3).min(b.len())).is_some() => break,
                _ => {}
            }
            j += 1;
        }
        if j == i {
            return match b.get(j) {
                None | Some(b']') => Ok(None),
                _ => self.fail(j, codes::INVALID_TOKEN),
            };
        }
        if self.decoder.converts() && j - i > 1024 {
            // Text that is converted comes in pieces.
            j = i + 1024;
            while b[j] & 0xC0 == 0x80 {
                j -= 1;
            }
        }
        let text = owned(&b[i..j]);
        self.consume(j);
        Ok(Some(Event::Text(text)))
    }

    pub(super) fn cdata(&mut self) -> Step {
        let i = self.top().pos;
        let b = &self.top().text;
        if b[i..].starts_with(b"]]>") {
            self.consume(i + 3);
            self.state = State::Content;
            return Ok(Some(Event::EndCdata));
        }
        let mut j = i;
        if matches!(b.get(i), Some(b'\n' | b'\r')) {
            return self.line_end(i);
        }
        loop {
            match b.get(j) {
                None | Some(b'\n' | b'\r') => break,
                Some(b']') => match (b.get(j + 1), b.get(j + 2)) {
                    (Some(b']'), Some(b'>')) => break,
                    (None, _) | (Some(b']'), None) => break,
                    _ => {}
                },
                Some(c) if *c < 32 && *c != b'\t' => {
                    let at = j;
                    return self.fail(at, codes::INVALID_TOKEN);
                }
                _ => {}
            }
            j += 1;
        }
        if j > i {
            let text = owned(&b[i..j]);
            self.consume(j);
            return Ok(Some(Event::Text(text)));
        }
        if !self.complete() {
            return Ok(None);
        }
        let at = self.top().text.len();
        self.fail(at, codes::UNCLOSED_CDATA_SECTION)
    }

    fn reference(&mut self) -> Step {
        let i = self.top().pos;
        let b = &self.top().text;
        let (end, character) = match scan::reference(b, i + 1) {
            Ok(r) => r,
            Err(s) => return self.stopped(s, codes::UNCLOSED_TOKEN),
        };
        let name = b[i + 1..end - 1].to_vec();
        if character {
            return match scan::char_reference(&name) {
                Some(c) => {
                    self.consume(end);
                    Ok(Some(Event::Text(c.to_string())))
                }
                None => self.fail(i, codes::BAD_CHAR_REF),
            };
        }
        if let Some(c) = scan::predefined(&name) {
            self.consume(end);
            return Ok(Some(Event::Text(c.to_string())));
        }
        let name = owned(&name);
        let (found, lenient, standalone) = {
            let d = self.dtd.borrow();
            let lenient = d.has_references && !d.standalone;
            (d.general.get(&name).cloned(), lenient, d.standalone)
        };
        let Some(e) = found else {
            if !lenient {
                return self.fail(i, codes::UNDEFINED_ENTITY);
            }
            self.consume(end);
            return Ok(Some(Event::Skipped(name, false)));
        };
        if standalone && e.outside {
            return self.fail(i, codes::ENTITY_DECLARED_IN_PE);
        }
        if e.notation.is_some() {
            return self.fail(i, codes::BINARY_ENTITY_REF);
        }
        self.consume(end);
        match e.text {
            Some(_) if self.options.raw_entities => Ok(Some(Event::Skipped(name, false))),
            Some(text) => match self.push_entity(name, false, text) {
                Ok(()) => Ok(None),
                Err(Failure::Code(code)) => self.fail(i, code),
                Err(e) => Err(e),
            },
            None if self.open.contains(&(name.clone(), false)) => {
                self.fail(i, codes::RECURSIVE_ENTITY_REF)
            }
            None if self.options.external => {
                let context = self.context_text(&name);
                Ok(Some(Event::External(Some(context), e.id)))
            }
            None => Ok(Some(Event::Raw)),
        }
    }

    /// Bound namespaces and open entities, for the parser of an external entity.
    fn context_text(&self, entity: &str) -> String {
        let mut parts = Vec::new();
        if self.options.separator.is_some() {
            let mut bound: Vec<_> = self.namespaces.iter().collect();
            bound.sort();
            for (prefix, uri) in bound {
                parts.push(format!("{prefix}={uri}"));
            }
        }
        for (name, parameter) in &self.open {
            if !parameter {
                parts.push(name.clone());
            }
        }
        parts.push(entity.to_owned());
        parts.join("\u{c}")
    }

    fn start_tag(&mut self) -> Step {
        let i = self.top().pos;
        let mut raw = std::mem::take(&mut self.attributes);
        let tag = match scan::start_tag(&self.top().text, i + 1, &mut raw) {
            Ok(t) => t,
            Err(s) => {
                self.attributes = raw;
                return self.stopped(s, codes::UNCLOSED_TOKEN);
            }
        };
        let b = &self.top().text;
        let raw_name = owned(&b[i + 1..tag.name_end]);
        let mut attributes = Vec::with_capacity(raw.len());
        let mut values = Vec::with_capacity(raw.len());
        for a in &raw {
            let text = owned(&b[a.value.0..a.value.1]);
            values.push((a.plain, text));
            attributes.push((owned(&b[a.name.0..a.name.1]), String::new()));
        }
        let known = {
            let d = self.dtd.borrow();
            if d.attributes.is_empty() {
                None
            } else {
                d.attributes.get(&raw_name).cloned()
            }
        };
        for (n, (plain, text)) in values.into_iter().enumerate() {
            let name = &attributes[n].0;
            if attributes[..n].iter().any(|(other, _)| other == name) {
                let at = raw[n].name.0;
                self.attributes = raw;
                return self.fail(at, codes::DUPLICATE_ATTRIBUTE);
            }
            let cdata = known
                .as_ref()
                .and_then(|k| k.iter().find(|d| d.name == *name))
                .is_none_or(|d| d.cdata);
            let value = if plain && cdata {
                text
            } else {
                match self.attribute_value(&text, cdata, 0) {
                    Ok(v) => v,
                    Err(code) => {
                        let at = if code == codes::UNDEFINED_ENTITY {
                            i
                        } else {
                            raw[n].value.0 + text.find('&').unwrap_or(0)
                        };
                        self.attributes = raw;
                        return self.fail(at, code);
                    }
                }
            };
            attributes[n].1 = value;
        }
        let mut specified = attributes.len();
        for d in known.iter().flatten() {
            if let Some(v) = &d.default
                && attributes.iter().all(|(n, _)| *n != d.name)
            {
                attributes.push((d.name.clone(), v.clone()));
            }
        }
        self.attributes = raw;
        self.consume(tag.end);
        let mut bindings = Vec::new();
        let mut prefixes = Vec::new();
        let mut name = raw_name.clone();
        if self.options.separator.is_some() {
            let resolved = self.resolve(
                &mut name,
                &mut attributes,
                &mut specified,
                &mut bindings,
                &mut prefixes,
            );
            if let Err(code) = resolved {
                return self.fail(i, code);
            }
        }
        self.tags.push(Open {
            raw: raw_name,
            name: name.clone(),
            bindings,
        });
        if tag.empty {
            let end = self.close();
            self.queue.push_back(end);
        }
        Ok(Some(Event::Start {
            name,
            attributes,
            specified,
            prefixes,
        }))
    }

    /// Namespaces: takes the declarations out of the attributes and expands all names.
    fn resolve(
        &mut self,
        name: &mut String,
        attributes: &mut Vec<(String, String)>,
        specified: &mut usize,
        bindings: &mut Vec<(String, Option<String>)>,
        prefixes: &mut Vec<(Option<String>, Option<String>)>,
    ) -> Result<(), i32> {
        let mut kept = Vec::with_capacity(attributes.len());
        let mut own = 0;
        for (n, (key, value)) in std::mem::take(attributes).into_iter().enumerate() {
            let prefix = match key.strip_prefix("xmlns") {
                Some("") => "",
                Some(rest) if rest.starts_with(':') => &rest[1..],
                _ => {
                    own += (n < *specified) as usize;
                    kept.push((key, value));
                    continue;
                }
            };
            match prefix {
                "xmlns" => return Err(codes::RESERVED_PREFIX_XMLNS),
                "xml" if value != XML_URI => return Err(codes::RESERVED_PREFIX_XML),
                "xml" => {}
                _ if value == XML_URI || value == XMLNS_URI => {
                    return Err(codes::RESERVED_NAMESPACE_URI);
                }
                "" => {}
                _ if value.is_empty() => return Err(codes::UNDECLARING_PREFIX),
                _ => {}
            }
            let old = if value.is_empty() {
                self.namespaces.remove(prefix)
            } else {
                self.namespaces.insert(prefix.to_owned(), value.clone())
            };
            bindings.push((prefix.to_owned(), old));
            let shown = |s: &str| (!s.is_empty()).then(|| s.to_owned());
            prefixes.push((shown(prefix), shown(&value)));
        }
        *specified = own;
        *name = self.expand(name, true)?;
        for i in 0..kept.len() {
            let full = self.expand(&kept[i].0, false)?;
            if kept[..i].iter().any(|(n, _)| *n == full) {
                return Err(codes::DUPLICATE_ATTRIBUTE);
            }
            kept[i].0 = full;
        }
        *attributes = kept;
        Ok(())
    }

    fn expand(&self, name: &str, element: bool) -> Result<String, i32> {
        let separator = self.options.separator.as_deref().unwrap_or_default();
        let (prefix, local) = match name.split_once(':') {
            Some((p, l)) if !p.is_empty() => (p, l),
            _ if element => ("", name),
            _ => return Ok(name.to_owned()),
        };
        match self.namespaces.get(prefix) {
            Some(uri) if self.options.prefixes && !prefix.is_empty() && !separator.is_empty() => {
                Ok(format!("{uri}{separator}{local}{separator}{prefix}"))
            }
            Some(uri) => Ok(format!("{uri}{separator}{local}")),
            None if prefix.is_empty() => Ok(name.to_owned()),
            None => Err(codes::UNBOUND_PREFIX),
        }
    }

    /// Closes the innermost element.
    fn close(&mut self) -> Event {
        let mut prefixes = Vec::new();
        let mut name = String::new();
        if let Some(tag) = self.tags.pop() {
            name = tag.name;
            for (prefix, old) in tag.bindings.into_iter().rev() {
                let shown = (!prefix.is_empty()).then(|| prefix.clone());
                match old {
                    Some(uri) => self.namespaces.insert(prefix, uri),
                    None => self.namespaces.remove(&prefix),
                };
                prefixes.push(shown);
            }
        }
        if self.tags.is_empty() && !self.is_fragment && !self.in_entity() {
            self.state = State::Epilog;
        }
        Event::End { name, prefixes }
    }

    fn end_tag(&mut self) -> Step {
        let i = self.top().pos;
        let b = &self.top().text;
        let name_end = match scan::name(b, i + 2) {
            Ok(n) => n,
            Err(s) => return self.stopped(s, codes::UNCLOSED_TOKEN),
        };
        let j = scan::skip_space(b, name_end);
        match b.get(j) {
            None => return self.partial(codes::UNCLOSED_TOKEN),
            Some(b'>') => {}
            _ => return self.fail(j, codes::INVALID_TOKEN),
        }
        if self.tags.len() <= self.top().depth {
            return self.fail(i, codes::ASYNC_ENTITY);
        }
        let fits = self
            .tags
            .last()
            .is_some_and(|t| t.raw.as_bytes() == &b[i + 2..name_end]);
        if !fits {
            return self.fail(i + 2, codes::TAG_MISMATCH);
        }
        self.consume(j + 1);
        Ok(Some(self.close()))
    }
}
