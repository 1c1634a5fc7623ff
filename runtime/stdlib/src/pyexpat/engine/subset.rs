//! The document type: its subsets and the entities they declare.

use super::super::codes;
use super::super::dtd::{AttributeDecl, Entity, Words, newlines};
use super::super::event::Event;
use super::super::scan::{self, is_space};
use super::{Engine, Input, State, Step, owned};

impl Engine {
    pub(super) fn start_doctype(&mut self) -> Step {
        let i = self.top().pos;
        let b = &self.top().text;
        let mut j = i + 9;
        let end = loop {
            match b.get(j) {
                None => return self.partial(codes::UNCLOSED_TOKEN),
                Some(b'>' | b'[') => break j,
                Some(q @ (b'"' | b'\'')) => match memchr::memchr(*q, &b[j + 1..]) {
                    Some(n) => j += n + 1,
                    None => return self.partial(codes::UNCLOSED_TOKEN),
                },
                Some(b'<') if b.get(j + 1) == Some(&b'!') => return self.fail(j, codes::SYNTAX),
                Some(b'<') => return self.fail(j + 1, codes::INVALID_TOKEN),
                _ => {}
            }
            j += 1;
        };
        let internal = b[end] == b'[';
        let text = owned(&b[i + 9..end]);
        let mut words = Words::new(text.as_bytes());
        let parsed = words.name().and_then(|name| {
            let id = words.external_id(false)?;
            if words.is_done() {
                Ok((name, id))
            } else {
                Err(codes::SYNTAX)
            }
        });
        let (name, id) = match parsed {
            Ok(p) => p,
            Err(code) => return self.fail(i + 9 + words.place(), code),
        };
        self.seen_doctype = true;
        let has_id = id.is_some();
        let id = id.unwrap_or_default();
        self.doctype = id.clone();
        self.consume(end + 1);
        self.state = State::Subset;
        if !internal {
            self.close_doctype();
        }
        let dependent = has_id && !self.dtd.borrow().standalone && self.options.parameters == 0;
        if has_id {
            self.dtd.borrow_mut().has_references = true;
        }
        let start = Event::StartDoctype { name, id, internal };
        if dependent && self.options.not_standalone {
            self.queue.push_front(start);
            return Ok(Some(Event::NotStandalone));
        }
        Ok(Some(start))
    }

    /// Behind the internal subset.
    fn close_doctype(&mut self) {
        self.state = State::Prolog;
        let standalone = self.dtd.borrow().standalone;
        let has_id = self.doctype.system.is_some();
        if (has_id || self.options.foreign) && self.reads_parameters(standalone) {
            self.dtd.borrow_mut().was_read = false;
            self.dtd.borrow_mut().has_references = true;
            self.queue
                .push_back(Event::External(None, self.doctype.clone()));
            if !standalone && self.options.not_standalone {
                self.queue.push_back(Event::NotStandalone);
            }
        }
        self.options.foreign = false;
        self.queue.push_back(Event::EndDoctype);
    }

    fn reads_parameters(&self, standalone: bool) -> bool {
        let wanted = match self.options.parameters {
            0 => false,
            1 => !standalone,
            _ => true,
        };
        wanted && self.options.external
    }

    pub(super) fn subset_end(&mut self) -> Step {
        let i = self.top().pos;
        let b = &self.top().text;
        let j = scan::skip_space(b, i);
        match b.get(j) {
            None => self.partial(codes::UNCLOSED_TOKEN),
            Some(b'>') => {
                self.consume(j + 1);
                self.close_doctype();
                Ok(None)
            }
            _ => self.fail(j, codes::SYNTAX),
        }
    }

    pub(super) fn pop_input(&mut self) {
        if let Some(done) = self.inputs.pop()
            && let Some(entity) = done.entity
        {
            self.open.remove(&entity);
        }
        self.raw = (0, 0);
    }

    pub(super) fn subset(&mut self) -> Step {
        let i = self.top().pos;
        let b = &self.top().text;
        let space = scan::skip_space(b, i);
        if space > i {
            self.consume(space);
            return Ok(Some(Event::Raw));
        }
        let Some(c) = b.get(i).copied() else {
            if self.in_entity() {
                self.pop_input();
                return Ok(None);
            }
            if self.state == State::OutsideSubset {
                if self.last && self.conditionals > 0 {
                    return self.fail(i, codes::SYNTAX);
                }
                return Ok(None);
            }
            return if self.last {
                self.fail(i, codes::NO_ELEMENTS)
            } else {
                Ok(None)
            };
        };
        let nested = self.in_entity() || self.state == State::OutsideSubset;
        let incomplete = if self.in_entity() {
            codes::INCOMPLETE_PE
        } else {
            codes::UNCLOSED_TOKEN
        };
        match c {
            b']' if nested && self.conditionals > 0 && b[i..].starts_with(b"]]>") => {
                self.conditionals -= 1;
                self.consume(i + 3);
                Ok(Some(Event::Raw))
            }
            b']' if !nested => {
                self.consume(i + 1);
                self.state = State::SubsetEnd;
                Ok(Some(Event::Raw))
            }
            b'%' => {
                let end = match scan::name(b, i + 1) {
                    Ok(n) => n,
                    Err(s) => return self.stopped(s, incomplete),
                };
                match b.get(end) {
                    None => return self.partial(incomplete),
                    Some(b';') => {}
                    _ => return self.fail(end, codes::INVALID_TOKEN),
                }
                let name = owned(&b[i + 1..end]);
                self.consume(end + 1);
                self.parameter_reference(name)
            }
            b'<' => {
                let rest = &b[i..];
                if rest.starts_with(b"<?") {
                    return self.instruction();
                }
                if rest.starts_with(b"<!--") {
                    return self.comment();
                }
                if nested && rest.starts_with(b"<![") {
                    return self.conditional();
                }
                if rest.len() < 4 && b"<!-".starts_with(rest) {
                    return self.partial(incomplete);
                }
                if !rest.starts_with(b"<!") {
                    return self.fail(
                        i,
                        if rest.len() > 1 && scan::starts_name(rest, 1) {
                            codes::SYNTAX
                        } else {
                            codes::INVALID_TOKEN
                        },
                    );
                }
                match scan::declaration(b, i + 2) {
                    Ok(end) => {
                        let text = owned(&b[i + 2..end - 1]);
                        self.consume(end);
                        self.declaration(i, &text, nested)
                    }
                    Err(s) => self.stopped(s, incomplete),
                }
            }
            _ => {
                let code = if scan::starts_name(b, i) || b"[]()|,'\">".contains(&c) {
                    codes::SYNTAX
                } else {
                    codes::INVALID_TOKEN
                };
                self.fail(i, code)
            }
        }
    }

    /// `<![INCLUDE[`, `<![IGNORE[`.
    fn conditional(&mut self) -> Step {
        let i = self.top().pos;
        let b = &self.top().text;
        let Some(n) = memchr::memchr(b'[', &b[i + 3..]) else {
            return self.partial(codes::UNCLOSED_TOKEN);
        };
        let word = owned(&b[i + 3..i + 3 + n]);
        let body = i + 3 + n + 1;
        let word = match self.substitute(&word) {
            Ok(w) => w,
            Err(code) => return self.fail(i, code),
        };
        match word.trim() {
            "INCLUDE" => {
                self.conditionals += 1;
                self.consume(body);
                Ok(Some(Event::Raw))
            }
            "IGNORE" => {
                let b = &self.top().text;
                let (mut depth, mut j) = (1, body);
                while depth > 0 {
                    if b[j..].starts_with(b"<![") {
                        depth += 1;
                        j += 3;
                    } else if b[j..].starts_with(b"]]>") {
                        depth -= 1;
                        j += 3;
                    } else if j >= b.len() {
                        return self.partial(codes::UNCLOSED_TOKEN);
                    } else {
                        j += 1;
                    }
                }
                self.consume(j);
                Ok(Some(Event::Raw))
            }
            _ => self.fail(i, codes::SYNTAX),
        }
    }

    fn parameter_reference(&mut self, name: String) -> Step {
        let (found, standalone) = {
            let mut d = self.dtd.borrow_mut();
            d.has_references = true;
            (d.parameter.get(&name).cloned(), d.standalone)
        };
        let Some(entity) = found else {
            self.dtd.borrow_mut().stopped = !standalone;
            return Ok(Some(Event::Skipped(name, true)));
        };
        if let Some(text) = entity.text {
            return self.push_entity(name, true, text).map(|()| None);
        }
        if self.reads_parameters(standalone) {
            self.dtd.borrow_mut().was_read = false;
            return Ok(Some(Event::External(None, entity.id)));
        }
        self.dtd.borrow_mut().stopped = !standalone;
        Ok(Some(Event::Raw))
    }

    pub(super) fn push_entity(&mut self, name: String, parameter: bool, text: String) -> Step<()> {
        let key = (name, parameter);
        if !self.open.insert(key.clone()) {
            return Err(codes::RECURSIVE_ENTITY_REF.into());
        }
        self.charge(text.len())?;
        self.inputs.push(Input {
            text: text.into_bytes(),
            pos: 0,
            entity: Some(key),
            depth: self.tags.len(),
        });
        Ok(())
    }

    /// Counts what entities have added, against small documents that mean very large ones.
    pub(super) fn charge(&mut self, n: usize) -> Step<()> {
        self.expanded += n as u64;
        if self.expanded > 8 << 20 && self.expanded / 100 > self.direct.max(1) {
            return Err(codes::AMPLIFICATION_LIMIT_BREACH.into());
        }
        Ok(())
    }

    /// Replaces `%name;` outside quotes by the text of the entity.
    fn substitute(&mut self, text: &str) -> Result<String, i32> {
        let mut text = text.to_owned();
        for _ in 0..100 {
            let mut quote = None;
            let b = text.as_bytes();
            let at = (0..b.len()).find(|i| {
                match (quote, b[*i]) {
                    (Some(q), c) if c == q => quote = None,
                    (None, c @ (b'"' | b'\'')) => quote = Some(c),
                    (None, b'%') => return scan::starts_name(b, i + 1),
                    _ => {}
                }
                false
            });
            let Some(at) = at else { return Ok(text) };
            let end = scan::name_run(b, at + 1);
            if b.get(end) != Some(&b';') {
                return Err(codes::INVALID_TOKEN);
            }
            let with = self.parameter_text(&text[at + 1..end])?;
            if self.charge(with.len()).is_err() {
                return Err(codes::AMPLIFICATION_LIMIT_BREACH);
            }
            text = format!("{} {with} {}", &text[..at], &text[end + 1..]);
        }
        Err(codes::RECURSIVE_ENTITY_REF)
    }

    fn parameter_text(&self, name: &str) -> Result<String, i32> {
        match self.dtd.borrow().parameter.get(name) {
            Some(Entity { text: Some(t), .. }) => Ok(t.clone()),
            Some(_) => Ok(String::new()),
            None => Err(codes::UNDEFINED_ENTITY),
        }
    }

    /// The text of an entity from the literal in its declaration.
    fn entity_value(&mut self, literal: &str, nested: bool, depth: usize) -> Result<String, i32> {
        if depth > 50 {
            return Err(codes::RECURSIVE_ENTITY_REF);
        }
        let mut out = String::new();
        let mut rest = literal;
        while let Some(i) = rest.find(['&', '%']) {
            out.push_str(&rest[..i]);
            let tail = &rest.as_bytes()[i + 1..];
            if rest.as_bytes()[i] == b'%' {
                let end = match scan::name(tail, 0) {
                    Ok(n) if tail.get(n) == Some(&b';') => n,
                    _ => return Err(codes::INVALID_TOKEN),
                };
                if !nested {
                    return Err(codes::PARAM_ENTITY_REF);
                }
                let text = self.parameter_text(&owned(&tail[..end]))?;
                if self.charge(text.len()).is_err() {
                    return Err(codes::AMPLIFICATION_LIMIT_BREACH);
                }
                out.push_str(&self.entity_value(&text, true, depth + 1)?);
                rest = &rest[i + end + 2..];
                continue;
            }
            match scan::reference(tail, 0) {
                Ok((end, true)) => {
                    match scan::char_reference(&tail[..end - 1]) {
                        Some(c) => out.push(c),
                        None => return Err(codes::BAD_CHAR_REF),
                    }
                    rest = &rest[i + 1 + end..];
                }
                Ok((end, false)) => {
                    out.push_str(&rest[i..i + 1 + end]);
                    rest = &rest[i + 1 + end..];
                }
                Err(_) => return Err(codes::INVALID_TOKEN),
            }
        }
        out.push_str(rest);
        Ok(newlines(&out))
    }

    fn declaration(&mut self, at: usize, text: &str, nested: bool) -> Step {
        let text = if nested {
            match self.substitute(text) {
                Ok(t) => t,
                Err(code) => return self.fail(at, code),
            }
        } else {
            text.to_owned()
        };
        let split = scan::name_run(text.as_bytes(), 0);
        let (word, rest) = text.split_at(split);
        if !rest.as_bytes().first().is_some_and(|c| is_space(*c)) {
            return self.fail(at, codes::SYNTAX);
        }
        let mut words = Words::new(rest.as_bytes());
        let event = match word {
            "ELEMENT" => words.element(),
            "NOTATION" => words.notation(),
            "ENTITY" => match words.entity() {
                Ok(e) => self.declare_entity(e, nested),
                Err(code) => Err(code),
            },
            "ATTLIST" => self.declare_attributes(&mut words),
            _ => Err(codes::SYNTAX),
        };
        let place = if nested {
            at
        } else {
            at + 2 + split + words.place()
        };
        match event {
            Ok(e) => Ok(Some(e)),
            Err(code) => self.fail(place, code),
        }
    }

    fn declare_entity(&mut self, event: Event, nested: bool) -> Result<Event, i32> {
        let Event::Entity {
            name,
            parameter,
            value,
            id,
            notation,
        } = event
        else {
            return Ok(event);
        };
        let value = match value {
            Some(v) => Some(self.entity_value(&v, nested, 0)?),
            None => None,
        };
        let mut d = self.dtd.borrow_mut();
        let stopped = d.stopped;
        let map = if parameter {
            &mut d.parameter
        } else {
            &mut d.general
        };
        if stopped || map.contains_key(&name) || scan::predefined(name.as_bytes()).is_some() {
            return Ok(Event::Raw);
        }
        map.insert(
            name.clone(),
            Entity {
                text: value.clone(),
                id: id.clone(),
                notation: notation.clone(),
                outside: nested,
            },
        );
        Ok(Event::Entity {
            name,
            parameter,
            value,
            id,
            notation,
        })
    }

    fn declare_attributes(&mut self, words: &mut Words<'_>) -> Result<Event, i32> {
        let element = words.name()?;
        while !words.is_done() {
            let (name, kind, literal, required) = words.attribute()?;
            let cdata = kind == "CDATA";
            let default = match literal {
                Some(v) => Some(self.attribute_value(v, cdata, 0)?),
                None => None,
            };
            {
                let mut d = self.dtd.borrow_mut();
                let stopped = d.stopped;
                let all = d.attributes.entry(element.clone()).or_default();
                if !stopped && all.iter().all(|a| a.name != name) {
                    all.push(AttributeDecl {
                        name: name.clone(),
                        cdata,
                        default: default.clone(),
                    });
                }
            }
            self.queue.push_back(Event::Attribute {
                element: element.clone(),
                name,
                kind,
                default,
                required,
            });
        }
        Ok(self.queue.pop_front().unwrap_or(Event::Raw))
    }

    /// An attribute's value: references replaced, blanks normalised.
    pub(super) fn attribute_value(
        &mut self,
        text: &str,
        cdata: bool,
        depth: usize,
    ) -> Result<String, i32> {
        let mut out = String::with_capacity(text.len());
        self.expand_value(text, depth, &mut out)?;
        if !cdata {
            let collapsed: Vec<&str> = out.split(' ').filter(|p| !p.is_empty()).collect();
            out = collapsed.join(" ");
        }
        Ok(out)
    }

    fn expand_value(&mut self, text: &str, depth: usize, out: &mut String) -> Result<(), i32> {
        let mut rest = text;
        while let Some(i) = rest.find(['&', '\n', '\r', '\t', '<']) {
            out.push_str(&rest[..i]);
            let tail = &rest.as_bytes()[i + 1..];
            match rest.as_bytes()[i] {
                b'<' => return Err(codes::INVALID_TOKEN),
                b'\r' if tail.first() == Some(&b'\n') && depth == 0 => {}
                b'&' => {
                    let (end, character) = match scan::reference(tail, 0) {
                        Ok(r) => r,
                        Err(_) => return Err(codes::INVALID_TOKEN),
                    };
                    let name = &tail[..end - 1];
                    if character {
                        match scan::char_reference(name) {
                            Some(c) => out.push(c),
                            None => return Err(codes::BAD_CHAR_REF),
                        }
                    } else if let Some(c) = scan::predefined(name) {
                        out.push(c);
                    } else {
                        self.expand_entity(&owned(name), depth, out)?;
                    }
                    rest = &rest[i + 1 + end..];
                    continue;
                }
                _ => out.push(' '),
            }
            rest = &rest[i + 1..];
        }
        out.push_str(rest);
        Ok(())
    }

    fn expand_entity(&mut self, name: &str, depth: usize, out: &mut String) -> Result<(), i32> {
        let found = self.dtd.borrow().general.get(name).cloned();
        let Some(e) = found else {
            let d = self.dtd.borrow();
            // It may be declared in a part that was not read.
            return if d.has_references && !d.standalone {
                Ok(())
            } else {
                Err(codes::UNDEFINED_ENTITY)
            };
        };
        if e.notation.is_some() {
            return Err(codes::BINARY_ENTITY_REF);
        }
        let Some(text) = e.text else {
            return Err(codes::ATTRIBUTE_EXTERNAL_ENTITY_REF);
        };
        let key = (name.to_owned(), false);
        if depth > 200 || !self.open.insert(key.clone()) {
            return Err(codes::RECURSIVE_ENTITY_REF);
        }
        let r = match self.charge(text.len()) {
            Ok(()) => self.expand_value(&text, depth + 1, out),
            Err(_) => Err(codes::AMPLIFICATION_LIMIT_BREACH),
        };
        self.open.remove(&key);
        r
    }
}
