//! Replacement templates, and the builder of what they and `sub` produce.

use taipan_vm::object::{Gc, NativeHeader, Result, Value};
use taipan_vm::types::Named;
use taipan_vm::types::list::List;
use taipan_vm::types::str_::Str;
use taipan_vm::types::tuple::Tuple;
use taipan_vm::unicode::TextBuilder;
use taipan_vm::{NativeObject, Raised, Thread, ValueVec, pytype};

use super::no_such_group;
use super::subject::Text;

/// A parsed template: literals with group numbers between them.
#[repr(C)]
#[derive(NativeObject)]
pub struct Template {
    head: NativeHeader,
    literals: Gc<Tuple>,
    #[notrace]
    groups: Box<[usize]>,
}

impl Named for Template {
    const NAME: &'static str = "_sre.SRE_Template";
}

#[cold]
fn invalid(th: &mut Thread) -> Raised {
    th.type_error("invalid template")
}

/// `_sre.template`: of a list of a literal, a group, a literal, …, a literal.
pub fn new(th: &mut Thread, parts: Gc<List>) -> Result {
    if parts.items.len().is_multiple_of(2) {
        return Err(invalid(th));
    }
    let literals = ValueVec::new();
    let mut groups = Vec::new();
    let mut at = 0;
    while let Some(part) = parts.items.get(at) {
        if at % 2 == 0 {
            th.push(&literals, part)?;
        } else {
            match usize::try_from(
                th.index_i64(part, "Python int too large to convert to C ssize_t")?,
            ) {
                Ok(group) => groups.push(group),
                Err(_) => return Err(invalid(th)),
            }
        }
        at += 1;
    }
    let literals = th.new_tuple(literals.as_slice());
    Ok(th
        .new_native(&TEMPLATE, |head| Template {
            head,
            literals,
            groups: groups.into_boxed_slice(),
        })
        .value())
}

impl Template {
    /// Does it have no group?
    pub fn is_literal(&self) -> bool {
        self.groups.is_empty()
    }

    /// Its first literal.
    pub fn literal(&self) -> Value {
        self.literals.as_slice()[0]
    }

    /// Appends the template with the groups' texts. `span` gives None for a group that the pattern
    /// does not have.
    pub fn expand_into(
        &self,
        th: &mut Thread,
        out: &mut Joined,
        text: &Text,
        span: impl Fn(usize) -> Option<Option<(usize, usize)>>,
    ) -> Result<()> {
        for (i, literal) in self.literals.as_slice().iter().enumerate() {
            if let Some(group) = i.checked_sub(1).and_then(|i| self.groups.get(i)) {
                match span(*group) {
                    None => return Err(no_such_group(th)),
                    Some(None) => {}
                    Some(Some((from, to))) => out.push_part(text, from, to),
                }
            }
            out.push(th, *literal)?;
        }
        Ok(())
    }

    /// The template with the groups' texts, as an object.
    pub fn expand(
        &self,
        th: &mut Thread,
        text: &Text,
        span: impl Fn(usize) -> Option<Option<(usize, usize)>>,
    ) -> Result {
        let mut out = Joined::new(text, 0);
        self.expand_into(th, &mut out, text, span)?;
        Ok(out.finish(th))
    }
}

#[pytype(name = "SRE_Template", module = "_sre", flags = NO_INSTANTIATION, table = TEMPLATE)]
impl Template {}

enum Buffer {
    Str(TextBuilder),
    Bytes(Vec<u8>),
}

/// Text or bytes made of parts.
pub struct Joined {
    buffer: Buffer,
    /// Number of parts, for the error about one of the wrong type.
    parts: usize,
}

impl Joined {
    /// Nothing yet, of the kind of `text`, with room for `capacity` units.
    pub fn new(text: &Text, capacity: usize) -> Joined {
        Joined {
            buffer: if text.is_bytes() {
                Buffer::Bytes(Vec::with_capacity(capacity))
            } else {
                Buffer::Str(TextBuilder::with_capacity(capacity))
            },
            parts: 0,
        }
    }

    /// Appends a part of a text of the same kind.
    #[inline]
    pub fn push_part(&mut self, text: &Text, from: usize, to: usize) {
        self.parts += 1;
        match (&mut self.buffer, text) {
            (Buffer::Str(out), Text::Str(s)) => out.push_text(s.text_ref().slice(from, to)),
            (Buffer::Bytes(out), _) => {
                out.extend_from_slice(text.bytes().get(from..to).unwrap_or(&[]));
            }
            _ => {}
        }
    }

    /// Appends an object. Raises TypeError when it is not of the right kind.
    #[inline]
    pub fn push(&mut self, th: &mut Thread, v: Value) -> Result<()> {
        let at = self.parts;
        self.parts += 1;
        match &mut self.buffer {
            Buffer::Str(out) => match v.downcast::<Str>() {
                Some(s) => out.push_text(s.text_ref()),
                None => {
                    let got = th.type_name(v);
                    return Err(th.type_error(format!(
                        "sequence item {at}: expected str instance, {got} found"
                    )));
                }
            },
            Buffer::Bytes(out) => {
                if !th.supports_buffer(v) {
                    let got = th.type_name(v);
                    return Err(th.type_error(format!(
                        "sequence item {at}: expected a bytes-like object, {got} found"
                    )));
                }
                th.with_buffer(v, |_, bytes| {
                    out.extend_from_slice(bytes);
                    Ok(())
                })?;
            }
        }
        Ok(())
    }

    /// The object.
    pub fn finish(self, th: &mut Thread) -> Value {
        match self.buffer {
            Buffer::Str(out) => th.str_from_text(&out.finish()).value(),
            Buffer::Bytes(out) => th.new_bytes(&out).value(),
        }
    }
}
