//! What `list`, `tuple` and other containers share: reprs with a recursion guard, search,
//! comparison, subscripts.

use crate::Thread;
use crate::object::slots::CompareOp;
use crate::object::{Gc, HeaderFlags, Raised, Result, Value};
use crate::types::T;
use crate::types::str_::Str;
use crate::types::type_::Type;

/// Text that is put together from parts that may hold lone surrogates.
#[derive(Default)]
pub struct TextParts {
    bytes: Vec<u8>,
}

impl TextParts {
    /// Nothing yet.
    pub fn new() -> TextParts {
        TextParts::default()
    }

    /// Adds text.
    pub fn push_str(&mut self, s: &str) {
        self.bytes.extend_from_slice(s.as_bytes());
    }

    /// Adds a string object.
    pub fn push(&mut self, s: Gc<Str>) {
        match s.as_ascii() {
            Some(a) => self.bytes.extend_from_slice(a.as_bytes()),
            None => self.bytes.extend_from_slice(&s.to_wtf8()),
        }
    }

    /// Adds `repr(v)`.
    pub fn push_repr(&mut self, th: &mut Thread, v: Value) -> Result<()> {
        let r = th.repr(v)?;
        self.push(r);
        Ok(())
    }

    /// Number of bytes so far.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Nothing yet?
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The text so far; lone surrogates as three bytes each.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The string.
    pub fn finish(self, th: &mut Thread) -> Value {
        th.str_from_wtf8(&self.bytes).value()
    }
}

/// Runs `f` with the container marked as being printed; gives `placeholder` when it already is.
pub fn guarded_repr(
    th: &mut Thread,
    this: Value,
    placeholder: &str,
    f: impl FnOnce(&mut Thread) -> Result,
) -> Result {
    let Some(h) = this.header() else {
        return f(th);
    };
    if h.has(HeaderFlags::IN_REPR) {
        return Ok(th.new_str(placeholder).value());
    }
    h.set_flag(HeaderFlags::IN_REPR);
    let r = f(th);
    h.clear_flag(HeaderFlags::IN_REPR);
    r
}

/// An index from Python, counted from the end when negative; None when it is out of range.
#[inline]
pub fn wrap_index(i: i64, len: usize) -> Option<usize> {
    let i = if i < 0 { i + len as i64 } else { i };
    usize::try_from(i).ok().filter(|i| *i < len)
}

/// A subscript that is no slice as a 64-bit index. Raises TypeError for what is no index.
pub fn subscript_index(th: &mut Thread, key: Value, what: &str) -> Result<i64> {
    if let Some(i) = key.as_int() {
        return Ok(i);
    }
    if th.class_of(key).slots().index.is_none() {
        let got = th.type_name(key);
        return Err(th.type_error(format!(
            "{what} indices must be integers or slices, not {got}"
        )));
    }
    th.item_index(key)
}

/// The result of `len`-wise comparison of two sequences given access to their items; items are
/// fetched anew each time because comparisons may run Python code.
pub fn compare(
    th: &mut Thread,
    op: CompareOp,
    a: impl Fn(usize) -> Option<Value>,
    b: impl Fn(usize) -> Option<Value>,
    lengths: impl Fn() -> (usize, usize),
) -> Result {
    let mut i = 0;
    while let (Some(x), Some(y)) = (a(i), b(i)) {
        if !th.equal(x, y)? {
            return match op {
                CompareOp::Eq => Ok(th.bool(false)),
                CompareOp::Ne => Ok(th.bool(true)),
                _ => th.compare(x, y, op),
            };
        }
        i += 1;
    }
    let (m, n) = lengths();
    Ok(th.bool(op.test(m.cmp(&n))))
}

/// Raises "expected at most …" for a constructor that takes one optional positional argument.
#[cold]
pub fn too_many(th: &mut Thread, name: &str, max: usize, given: usize) -> Raised {
    let s = if max == 1 { "" } else { "s" };
    th.type_error(format!(
        "{name} expected at most {max} argument{s}, got {given}"
    ))
}

/// Has the class the `__new__` of a builtin type? Then nobody but the type's `__init__` can have
/// use for keywords.
pub fn has_new_of(th: &Thread, class: Gc<Type>, t: T) -> bool {
    let address = |c: Gc<Type>| c.slots().new.map(|f| f as usize);
    address(class) == address(th.vm().ty(t))
}

/// Has the class the `__init__` of a builtin type? Then nobody but the type's `__new__` can have
/// use for keywords.
pub fn has_init_of(th: &Thread, class: Gc<Type>, t: T) -> bool {
    let address = |c: Gc<Type>| c.slots().init.map(|f| f as usize);
    address(class) == address(th.vm().ty(t))
}

/// Raises "takes no keyword arguments".
#[cold]
pub fn no_keywords(th: &mut Thread, name: &str) -> Raised {
    th.type_error(format!("{name}() takes no keyword arguments"))
}
