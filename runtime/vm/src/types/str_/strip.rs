//! `strip`, `lstrip`, `rstrip`

use super::Str;
use super::split::is_ascii_blank;
use crate::Thread;
use crate::object::{Gc, Result, Value};
use crate::pymethods;
use crate::unicode::types::is_space;

/// As [`range`], for units of one byte.
#[inline]
fn byte_range(s: &[u8], left: bool, right: bool, test: impl Fn(u8) -> bool) -> (usize, usize) {
    let mut rest = s;
    if left {
        while let [first, tail @ ..] = rest
            && test(*first)
        {
            rest = tail;
        }
    }
    let start = s.len() - rest.len();
    if right {
        while let [head @ .., last] = rest
            && test(*last)
        {
            rest = head;
        }
    }
    (start, start + rest.len())
}

/// The range that is left when what `test` accepts is taken off the ends.
fn range(s: &Str, left: bool, right: bool, test: impl Fn(u32) -> bool) -> (usize, usize) {
    let (mut a, mut b) = (0, s.len());
    let hit = |i: usize| s.at(i).is_some_and(&test);
    if left {
        while a < b && hit(a) {
            a += 1;
        }
    }
    if right {
        while b > a && hit(b - 1) {
            b -= 1;
        }
    }
    (a, b)
}

fn strip(
    th: &mut Thread,
    s: Gc<Str>,
    chars: Option<Value>,
    (left, right): (bool, bool),
    name: &str,
) -> Result<Gc<Str>> {
    let (a, b) = match th.not_none(chars) {
        None => match s.as_ascii() {
            Some(t) => byte_range(t.as_bytes(), left, right, is_ascii_blank),
            None => range(&s, left, right, is_space),
        },
        Some(v) => {
            let Some(chars) = v.downcast::<Str>() else {
                return Err(th.type_error(format!("{name} arg must be None or str")));
            };
            match (chars.as_ascii(), s.narrow()) {
                (Some(set), Some(s)) => {
                    let set = set.as_bytes();
                    byte_range(s, left, right, |b| set.contains(&b))
                }
                (Some(set), None) => range(&s, left, right, |c| {
                    c < 0x80 && set.as_bytes().contains(&(c as u8))
                }),
                (None, _) => range(&s, left, right, |c| chars.code_points().any(|x| x == c)),
            }
        }
    };
    Ok(th.substring(s, a, b))
}

#[pymethods(table = METHODS)]
impl Str {
    /// Return a copy of the string with leading and trailing whitespace removed.
    ///
    /// If chars is given and not None, remove characters in chars instead.
    #[pymethod(sig = "(chars=None, /)")]
    fn strip(th: &mut Thread, this: Gc<Str>, chars: Option<Value>) -> Result<Gc<Str>> {
        strip(th, this, chars, (true, true), "strip")
    }

    /// Return a copy of the string with leading whitespace removed.
    ///
    /// If chars is given and not None, remove characters in chars instead.
    #[pymethod(sig = "(chars=None, /)")]
    fn lstrip(th: &mut Thread, this: Gc<Str>, chars: Option<Value>) -> Result<Gc<Str>> {
        strip(th, this, chars, (true, false), "lstrip")
    }

    /// Return a copy of the string with trailing whitespace removed.
    ///
    /// If chars is given and not None, remove characters in chars instead.
    #[pymethod(sig = "(chars=None, /)")]
    fn rstrip(th: &mut Thread, this: Gc<Str>, chars: Option<Value>) -> Result<Gc<Str>> {
        strip(th, this, chars, (false, true), "rstrip")
    }
}
