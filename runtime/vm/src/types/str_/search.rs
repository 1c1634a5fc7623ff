//! Searching: `find`, `count`, `startswith`, `replace`, `partition` and their kin.

use super::{Str, Units, Width};
use crate::Thread;
use crate::call::Bound;
use crate::object::{Gc, Result, Value};
use crate::pymethods;
use crate::types::T;
use crate::types::search;
use crate::types::tuple::Tuple;
use crate::unicode::TextBuilder;

/// Evaluates `$body` with the units of two strings at the width of the first; `$miss` when the
/// second has code points that the first cannot have.
macro_rules! paired {
    ($hay:expr, $needle:expr, |$h:ident, $n:ident| $body:expr, $miss:expr) => {{
        let (hay, needle): (&Str, &Str) = ($hay, $needle);
        match (hay.units(), needle.units()) {
            (Units::Ascii(h), Units::Ascii(n)) => {
                let ($h, $n) = (h.as_bytes(), n.as_bytes());
                $body
            }
            (Units::Latin1($h), Units::Ascii(n)) => {
                let $n = n.as_bytes();
                $body
            }
            (Units::Latin1($h), Units::Latin1($n)) => $body,
            (Units::Ucs2($h), Units::Ucs2($n)) => $body,
            (Units::Ucs4($h), Units::Ucs4($n)) => $body,
            (Units::Ucs2($h), Units::Ascii(_) | Units::Latin1(_)) => {
                let wide: Vec<u16> = needle.code_points().map(|c| c as u16).collect();
                let $n = &wide[..];
                $body
            }
            (Units::Ucs4($h), _) => {
                let wide: Vec<u32> = needle.code_points().collect();
                let $n = &wide[..];
                $body
            }
            _ => $miss,
        }
    }};
}
pub(super) use paired;

fn find_in(hay: &Str, needle: &Str, start: Bound, end: Bound, last: bool) -> Option<usize> {
    let (start, end) = search::clamp(start.0, end.0, hay.len());
    if start > end {
        return None;
    }
    paired!(
        hay,
        needle,
        |h, n| {
            let part = &h[start..end];
            let found = if last {
                search::rfind(part, n)
            } else {
                search::find(part, n)
            };
            found.map(|i| i + start)
        },
        None
    )
}

/// Does `hay` contain `needle`?
pub(super) fn contains(hay: &Str, needle: &Str) -> bool {
    paired!(hay, needle, |h, n| search::find(h, n).is_some(), false)
}

fn matches_at(hay: &Str, affix: &Str, start: usize, end: usize, tail: bool) -> bool {
    if start > end || affix.len() > end - start {
        return false;
    }
    if affix.width() > hay.width() {
        return false;
    }
    let at = if tail { end - affix.len() } else { start };
    match (hay.narrow(), affix.narrow()) {
        (Some(h), Some(a)) => h[at..at + a.len()] == *a,
        _ => (0..affix.len()).all(|i| hay.at(at + i) == affix.at(i)),
    }
}

fn affix(
    th: &mut Thread,
    this: Gc<Str>,
    what: Value,
    (start, end): (Bound, Bound),
    tail: bool,
) -> Result<bool> {
    let (start, end) = search::clamp(start.0, end.0, this.len());
    if let Some(s) = what.downcast::<Str>() {
        return Ok(matches_at(&this, &s, start, end, tail));
    }
    let name = if tail { "endswith" } else { "startswith" };
    let Some(t) = what.downcast::<Tuple>() else {
        let got = th.type_name(what);
        return Err(th.type_error(format!(
            "{name} first arg must be str or a tuple of str, not {got}"
        )));
    };
    for v in t.as_slice() {
        let Some(s) = v.downcast::<Str>() else {
            let got = th.type_name(*v);
            return Err(th.type_error(format!("tuple for {name} must only contain str, not {got}")));
        };
        if matches_at(&this, &s, start, end, tail) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The receiver as an exact string.
pub(super) fn unchanged(th: &mut Thread, s: Gc<Str>) -> Gc<Str> {
    th.substring(s, 0, s.len())
}

fn replace_all(th: &mut Thread, s: Gc<Str>, old: &Str, new: &Str, most: usize) -> Result<Gc<Str>> {
    if most == 0 || (s.is_empty() && !old.is_empty()) {
        return Ok(unchanged(th, s));
    }
    if old.is_empty() {
        return replace_empty(th, s, new, most);
    }
    if let (Some(h), Some(n), Some(new)) = (s.as_ascii(), old.as_ascii(), new.as_ascii())
        && h.len().saturating_mul(new.len().max(1)) <= 1 << 14
    {
        let (h, n) = (h.as_bytes(), n.as_bytes());
        return Ok(replace_short(th, s, h, n, new.as_bytes(), most));
    }
    let mut at: Vec<usize> = Vec::new();
    paired!(
        &s,
        old,
        |h, n| search::Unit::for_each(h, n, |i| {
            at.push(i);
            at.len() < most
        }),
        ()
    );
    if at.is_empty() {
        return Ok(unchanged(th, s));
    }
    if let (Some(h), Some(new)) = (s.narrow(), new.narrow()) {
        let kept = h.len() - at.len() * old.len();
        let Some(len) = at
            .len()
            .checked_mul(new.len())
            .and_then(|n| n.checked_add(kept))
        else {
            return Err(th.overflow_error("replace string is too long"));
        };
        let fill = |dst: &mut [u8]| {
            let (mut from, mut to) = (0, 0);
            for i in &at {
                let n = i - from;
                dst[to..to + n].copy_from_slice(&h[from..*i]);
                to += n;
                dst[to..to + new.len()].copy_from_slice(new);
                to += new.len();
                from = i + old.len();
            }
            dst[to..].copy_from_slice(&h[from..]);
        };
        if s.width() == Width::Ascii && new.is_ascii() {
            return match th.str_build(Width::Ascii, len, fill) {
                Some(s) => Ok(s),
                None => Err(th.memory_error()),
            };
        }
        let mut bytes = vec![0; len];
        fill(&mut bytes);
        return Ok(th.str_from_latin1(&bytes));
    }
    let mut out = TextBuilder::with_capacity(s.len());
    let (text, new) = (s.text_ref(), new.text_ref());
    let mut from = 0;
    for i in at {
        out.push_text(text.slice(from, i));
        out.push_text(new);
        from = i + old.len();
    }
    out.push_text(text.slice(from, usize::MAX));
    Ok(th.str_from_text(&out.finish()))
}

/// Replaces in ASCII text `h` of `s`, writing as it searches.
fn replace_short(
    th: &mut Thread,
    s: Gc<Str>,
    h: &[u8],
    old: &[u8],
    new: &[u8],
    most: usize,
) -> Gc<Str> {
    let mut out = th.take_room();
    if let ([old], [new], usize::MAX) = (old, new, most) {
        let made = if h.contains(old) {
            out.extend(h.iter().map(|b| if b == old { *new } else { *b }));
            th.new_ascii(&out)
        } else {
            unchanged(th, s)
        };
        th.keep_room(out);
        return made;
    }
    let (mut from, mut left) = (0, most);
    search::Unit::for_each(h, old, |i| {
        out.extend_from_slice(&h[from..i]);
        out.extend_from_slice(new);
        from = i + old.len();
        left -= 1;
        left > 0
    });
    let made = if left == most {
        unchanged(th, s)
    } else {
        out.extend_from_slice(&h[from..]);
        th.new_ascii(&out)
    };
    th.keep_room(out);
    made
}

/// An empty needle is between all code points.
fn replace_empty(th: &mut Thread, s: Gc<Str>, new: &Str, most: usize) -> Result<Gc<Str>> {
    let mut out = TextBuilder::with_capacity(s.len());
    let mut left = most;
    for c in s.code_points() {
        if left > 0 {
            out.push_text(new.text_ref());
            left -= 1;
        }
        out.push(c);
    }
    if left > 0 {
        out.push_text(new.text_ref());
    }
    Ok(th.str_from_text(&out.finish()))
}

fn partition(th: &mut Thread, s: Gc<Str>, sep: Value, last: bool) -> Result<Gc<Tuple>> {
    let Some(needle) = sep.downcast::<Str>() else {
        let got = th.type_name(sep);
        return Err(th.type_error(format!("must be str, not {got}")));
    };
    if needle.is_empty() {
        return Err(th.value_error("empty separator"));
    }
    let (none, empty) = (Bound(None), th.empty_str().value());
    let parts = match find_in(&s, &needle, none, none, last) {
        Some(i) => [
            th.substring(s, 0, i).value(),
            unchanged(th, needle).value(),
            th.substring(s, i + needle.len(), s.len()).value(),
        ],
        None if last => [empty, empty, unchanged(th, s).value()],
        None => [unchanged(th, s).value(), empty, empty],
    };
    Ok(th.new_tuple(&parts))
}

fn or_minus_one(found: Option<usize>) -> isize {
    found.map_or(-1, |i| i as isize)
}

#[pymethods(table = METHODS)]
impl Str {
    /// Return the lowest index in S where substring sub is found, such that sub is contained within S[start:end].
    ///
    /// Optional arguments start and end are interpreted as in slice notation.
    /// Return -1 on failure.
    #[pymethod(sig = "(sub, start=None, end=None, /)")]
    fn find(_: &mut Thread, this: Gc<Str>, sub: Gc<Str>, start: Bound, end: Bound) -> isize {
        or_minus_one(find_in(&this, &sub, start, end, false))
    }

    /// Return the highest index in S where substring sub is found, such that sub is contained within S[start:end].
    ///
    /// Optional arguments start and end are interpreted as in slice notation.
    /// Return -1 on failure.
    #[pymethod(sig = "(sub, start=None, end=None, /)")]
    fn rfind(_: &mut Thread, this: Gc<Str>, sub: Gc<Str>, start: Bound, end: Bound) -> isize {
        or_minus_one(find_in(&this, &sub, start, end, true))
    }

    /// Return the lowest index in S where substring sub is found, such that sub is contained within S[start:end].
    ///
    /// Optional arguments start and end are interpreted as in slice notation.
    /// Raises ValueError when the substring is not found.
    #[pymethod(sig = "(sub, start=None, end=None, /)")]
    fn index(
        th: &mut Thread,
        this: Gc<Str>,
        sub: Gc<Str>,
        start: Bound,
        end: Bound,
    ) -> Result<usize> {
        match find_in(&this, &sub, start, end, false) {
            Some(i) => Ok(i),
            None => Err(th.value_error("substring not found")),
        }
    }

    /// Return the highest index in S where substring sub is found, such that sub is contained within S[start:end].
    ///
    /// Optional arguments start and end are interpreted as in slice notation.
    /// Raises ValueError when the substring is not found.
    #[pymethod(sig = "(sub, start=None, end=None, /)")]
    fn rindex(
        th: &mut Thread,
        this: Gc<Str>,
        sub: Gc<Str>,
        start: Bound,
        end: Bound,
    ) -> Result<usize> {
        match find_in(&this, &sub, start, end, true) {
            Some(i) => Ok(i),
            None => Err(th.value_error("substring not found")),
        }
    }

    /// Return the number of non-overlapping occurrences of substring sub in string S[start:end].
    ///
    /// Optional arguments start and end are interpreted as in slice notation.
    #[pymethod(sig = "(sub, start=None, end=None, /)")]
    fn count(_: &mut Thread, this: Gc<Str>, sub: Gc<Str>, start: Bound, end: Bound) -> usize {
        let (start, end) = search::clamp(start.0, end.0, this.len());
        if start > end {
            return 0;
        }
        paired!(
            &this,
            &sub,
            |h, n| search::count(&h[start..end], n, usize::MAX),
            0
        )
    }

    /// Return True if the string starts with the specified prefix, False otherwise.
    #[pymethod(sig = "(prefix, start=None, end=None, /)")]
    fn startswith(
        th: &mut Thread,
        this: Gc<Str>,
        prefix: Value,
        start: Bound,
        end: Bound,
    ) -> Result<bool> {
        affix(th, this, prefix, (start, end), false)
    }

    /// Return True if the string ends with the specified suffix, False otherwise.
    #[pymethod(sig = "(suffix, start=None, end=None, /)")]
    fn endswith(
        th: &mut Thread,
        this: Gc<Str>,
        suffix: Value,
        start: Bound,
        end: Bound,
    ) -> Result<bool> {
        affix(th, this, suffix, (start, end), true)
    }

    /// Return a str with the given prefix string removed if present.
    #[pymethod]
    fn removeprefix(th: &mut Thread, this: Gc<Str>, prefix: Gc<Str>) -> Gc<Str> {
        if matches_at(&this, &prefix, 0, this.len(), false) {
            return th.substring(this, prefix.len(), this.len());
        }
        unchanged(th, this)
    }

    /// Return a str with the given suffix string removed if present.
    #[pymethod]
    fn removesuffix(th: &mut Thread, this: Gc<Str>, suffix: Gc<Str>) -> Gc<Str> {
        if !suffix.is_empty() && matches_at(&this, &suffix, 0, this.len(), true) {
            return th.substring(this, 0, this.len() - suffix.len());
        }
        unchanged(th, this)
    }

    /// Partition the string into three parts using the given separator.
    #[pymethod]
    fn partition(th: &mut Thread, this: Gc<Str>, sep: Value) -> Result<Gc<Tuple>> {
        partition(th, this, sep, false)
    }

    /// Partition the string into three parts using the given separator.
    #[pymethod]
    fn rpartition(th: &mut Thread, this: Gc<Str>, sep: Value) -> Result<Gc<Tuple>> {
        partition(th, this, sep, true)
    }

    /// Return a copy with all occurrences of substring old replaced by new.
    #[pymethod(sig = "(old, new, /, count=-1)")]
    fn replace(
        th: &mut Thread,
        this: Gc<Str>,
        old: Gc<Str>,
        new: Gc<Str>,
        count: Option<isize>,
    ) -> Result<Gc<Str>> {
        let most = usize::try_from(count.unwrap_or(-1)).unwrap_or(usize::MAX);
        if old.same_text(&new) && th.is_exact(this.value(), T::Str) {
            return Ok(this);
        }
        replace_all(th, this, &old, &new, most)
    }
}
