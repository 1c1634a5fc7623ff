//! `split`, `rsplit`, `splitlines`

use super::search::paired;
use super::{Str, Units};
use crate::Thread;
use crate::object::{Gc, Result, Value, ValueVec};
use crate::pymethods;
use crate::types::list::List;
use crate::types::search;
use crate::unicode::types::{is_space, lines};

/// Blanks of ASCII text.
#[inline]
pub(super) fn is_ascii_blank(b: u8) -> bool {
    matches!(b, b' ' | 9..=13 | 28..=31)
}

fn separator(th: &mut Thread, sep: Option<Value>) -> Result<Option<Gc<Str>>> {
    let Some(v) = th.not_none(sep) else {
        return Ok(None);
    };
    let Some(s) = v.downcast::<Str>() else {
        let got = th.type_name(v);
        return Err(th.type_error(format!("must be str or None, not {got}")));
    };
    if s.is_empty() {
        return Err(th.value_error("empty separator"));
    }
    Ok(Some(s))
}

fn split(th: &mut Thread, s: Gc<Str>, sep: Option<Gc<Str>>, most: usize) -> Result<Gc<List>> {
    let out = ValueVec::new();
    let mut put = |a: usize, b: usize| {
        let part = th.substring(s, a, b).value();
        th.push(&out, part)
    };
    match sep {
        Some(sep) => paired!(
            &s,
            &sep,
            |h, n| search::split(h, n, most, &mut put),
            put(0, s.len())
        )?,
        None => match s.units() {
            Units::Ascii(t) => search::split_blanks(t.as_bytes(), is_ascii_blank, most, &mut put)?,
            Units::Latin1(t) => search::split_blanks(t, |b| is_space(b.into()), most, &mut put)?,
            Units::Ucs2(t) => search::split_blanks(t, |b| is_space(b.into()), most, &mut put)?,
            Units::Ucs4(t) => search::split_blanks(t, is_space, most, &mut put)?,
        },
    }
    Ok(th.list_from_vec(out))
}

fn rsplit(th: &mut Thread, s: Gc<Str>, sep: Option<Gc<Str>>, most: usize) -> Result<Gc<List>> {
    let out = ValueVec::new();
    let mut put = |a: usize, b: usize| {
        let part = th.substring(s, a, b).value();
        th.push(&out, part)
    };
    match sep {
        Some(sep) => paired!(
            &s,
            &sep,
            |h, n| search::rsplit(h, n, most, &mut put),
            put(0, s.len())
        )?,
        None => match s.units() {
            Units::Ascii(t) => search::rsplit_blanks(t.as_bytes(), is_ascii_blank, most, &mut put)?,
            Units::Latin1(t) => search::rsplit_blanks(t, |b| is_space(b.into()), most, &mut put)?,
            Units::Ucs2(t) => search::rsplit_blanks(t, |b| is_space(b.into()), most, &mut put)?,
            Units::Ucs4(t) => search::rsplit_blanks(t, is_space, most, &mut put)?,
        },
    }
    out.with_slice_mut(|parts| parts.reverse());
    Ok(th.list_from_vec(out))
}

#[pymethods(table = METHODS)]
impl Str {
    /// Return a list of the substrings in the string, using sep as the separator string.
    #[pymethod(sig = "(sep=None, maxsplit=-1)")]
    fn split(
        th: &mut Thread,
        this: Gc<Str>,
        sep: Option<Value>,
        maxsplit: Option<isize>,
    ) -> Result<Gc<List>> {
        let sep = separator(th, sep)?;
        let most = usize::try_from(maxsplit.unwrap_or(-1)).unwrap_or(usize::MAX);
        split(th, this, sep, most)
    }

    /// Return a list of the substrings in the string, using sep as the separator string.
    #[pymethod(sig = "(sep=None, maxsplit=-1)")]
    fn rsplit(
        th: &mut Thread,
        this: Gc<Str>,
        sep: Option<Value>,
        maxsplit: Option<isize>,
    ) -> Result<Gc<List>> {
        let sep = separator(th, sep)?;
        let most = usize::try_from(maxsplit.unwrap_or(-1)).unwrap_or(usize::MAX);
        rsplit(th, this, sep, most)
    }

    /// Return a list of the lines in the string, breaking at line boundaries.
    #[pymethod(sig = "(keepends=False)")]
    fn splitlines(th: &mut Thread, this: Gc<Str>, keepends: Option<bool>) -> Result<Gc<List>> {
        let out = ValueVec::new();
        for (a, b) in lines(this.text_ref(), keepends.unwrap_or(false)) {
            let part = th.substring(this, a, b).value();
            th.push(&out, part)?;
        }
        Ok(th.list_from_vec(out))
    }
}
