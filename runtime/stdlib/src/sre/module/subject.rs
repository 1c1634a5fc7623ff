//! The texts that patterns are matched against: strings and whatever lends bytes.

use taipan_vm::call::buffer::{BufferView, request};
use taipan_vm::object::{Gc, Result, Value};
use taipan_vm::types::T;
use taipan_vm::types::bytes::Bytes;
use taipan_vm::types::str_::{Str, Units};
use taipan_vm::{Raised, Thread};

use crate::sre::engine;

/// A text. Taken with [`open`], given back with [`Text::close`]; while it is open its units do
/// not move.
#[derive(Clone)]
pub enum Text {
    /// A string.
    Str(Gc<Str>),
    /// A bytes object.
    Bytes(Gc<Bytes>),
    /// The bytes that another object lends.
    View(BufferView),
}

/// Raises the TypeError for what is no text.
#[cold]
fn not_text(th: &mut Thread, v: Value) -> Raised {
    let got = th.type_name(v);
    th.type_error(format!("expected string or bytes-like object, got '{got}'"))
}

/// Opens a text. Raises TypeError.
#[inline]
pub fn open(th: &mut Thread, v: Value) -> Result<Text> {
    if let Some(s) = v.downcast::<Str>() {
        return Ok(Text::Str(s));
    }
    if let Some(b) = v.downcast::<Bytes>() {
        return Ok(Text::Bytes(b));
    }
    if !th.supports_buffer(v) {
        return Err(not_text(th, v));
    }
    match th.buffer(v, request::CONTIGUOUS) {
        Ok(view) => Ok(Text::View(view)),
        Err(_) => {
            th.clear_pending();
            Err(not_text(th, v))
        }
    }
}

impl Text {
    /// For the engine.
    #[inline]
    pub fn subject(&self) -> engine::Subject<'_> {
        match self {
            Text::Str(s) => match s.units() {
                Units::Ascii(u) => engine::Subject::Latin1(u.as_bytes()),
                Units::Latin1(u) => engine::Subject::Latin1(u),
                Units::Ucs2(u) => engine::Subject::Ucs2(u),
                Units::Ucs4(u) => engine::Subject::Ucs4(u),
            },
            Text::Bytes(b) => engine::Subject::Bytes(b.as_slice()),
            Text::View(v) => engine::Subject::Bytes(v.as_slice()),
        }
    }

    /// Number of units.
    #[inline]
    pub fn len(&self) -> usize {
        match self {
            Text::Str(s) => s.len(),
            Text::Bytes(b) => b.len(),
            Text::View(v) => v.len,
        }
    }

    /// Is there no unit?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Are the units bytes?
    pub fn is_bytes(&self) -> bool {
        !matches!(self, Text::Str(_))
    }

    /// The bytes, if they are.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Text::Str(_) => &[],
            Text::Bytes(b) => b.as_slice(),
            Text::View(v) => v.as_slice(),
        }
    }

    /// A part of it as a new object (clamped to the length: a lender may have shrunk).
    #[inline]
    pub fn slice(&self, th: &mut Thread, from: usize, to: usize) -> Value {
        let to = to.min(self.len());
        let from = from.min(to);
        match self {
            Text::Str(s) => th.substring(*s, from, to).value(),
            Text::Bytes(b) if from == 0 && to == b.len() && th.is_exact(b.value(), T::Bytes) => {
                b.value()
            }
            _ => th
                .new_bytes(self.bytes().get(from..to).unwrap_or(&[]))
                .value(),
        }
    }

    /// The text as it is in a literal replacement; None when it has a backslash.
    pub fn has_backslash(&self) -> bool {
        match self {
            Text::Str(s) => match s.narrow() {
                Some(units) => units.contains(&b'\\'),
                None => s.code_points().any(|c| c == 0x5c),
            },
            _ => self.bytes().contains(&b'\\'),
        }
    }

    /// Gives a lent buffer back.
    #[inline]
    pub fn close(self, th: &mut Thread) {
        if let Text::View(v) = self {
            th.release_buffer(v);
        }
    }
}

/// A span of the text from optional bounds, clamped to it.
pub fn clamp(pos: Option<isize>, endpos: Option<isize>, len: usize) -> (usize, usize) {
    let bound = |i: isize| usize::try_from(i).unwrap_or(0).min(len);
    (pos.map_or(0, bound), endpos.map_or(len, bound))
}
