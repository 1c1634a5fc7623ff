//! Padding: `center`, `ljust`, `rjust`, `zfill`, `expandtabs`

use super::search::unchanged;
use super::{Str, Width, widen_into};
use crate::Thread;
use crate::number::error::check_memory;
use crate::object::{Gc, Result, Value};
use crate::pymethods;
use crate::unicode::TextBuilder;

fn fill_of(th: &mut Thread, v: Option<Value>) -> Result<u32> {
    let Some(v) = v else { return Ok(0x20) };
    let Some(s) = v.downcast::<Str>() else {
        let got = th.type_name(v);
        return Err(th.type_error(format!(
            "The fill character must be a unicode character, not {got}"
        )));
    };
    match (s.len(), s.at(0)) {
        (1, Some(c)) => Ok(c),
        _ => Err(th.type_error("The fill character must be exactly one character long")),
    }
}

fn pad(th: &mut Thread, s: Gc<Str>, left: usize, right: usize, fill: u32) -> Result<Gc<Str>> {
    if left + right == 0 {
        return Ok(unchanged(th, s));
    }
    let r = check_memory(s.len().saturating_add(left).saturating_add(right));
    th.format_result(r)?;
    insert(th, s, (0, left), right, fill)
}

/// A string with `fill` put in `before` times at an index, and `after` times at the end; at least
/// once.
fn insert(
    th: &mut Thread,
    s: Gc<Str>,
    (index, before): (usize, usize),
    after: usize,
    fill: u32,
) -> Result<Gc<Str>> {
    let width = s.width().max(Width::of(fill));
    let unit = width.bytes();
    let made = th.str_build(width, s.len() + before + after, |dst| {
        let [index, before, len] = [index, before, s.len()].map(|n| n * unit);
        widen_into(&s, width, &mut dst[before..]);
        dst.copy_within(before..before + index, 0);
        fill_units(&mut dst[index..index + before], width, fill);
        fill_units(&mut dst[before + len..], width, fill);
    });
    match made {
        Some(s) => Ok(s),
        None => Err(th.memory_error()),
    }
}

fn fill_units(dst: &mut [u8], width: Width, fill: u32) {
    match width {
        Width::Ascii | Width::Latin1 => dst.fill(fill as u8),
        Width::Ucs2 => dst.as_chunks_mut().0.fill((fill as u16).to_ne_bytes()),
        Width::Ucs4 => dst.as_chunks_mut().0.fill(fill.to_ne_bytes()),
    }
}

fn missing(s: &Str, width: isize) -> usize {
    usize::try_from(width).unwrap_or(0).saturating_sub(s.len())
}

#[pymethods(table = METHODS)]
impl Str {
    /// Return a centered string of length width.
    ///
    /// Padding is done using the specified fill character (default is a space).
    #[pymethod(sig = "(width, fillchar=' ', /)")]
    fn center(
        th: &mut Thread,
        this: Gc<Str>,
        width: isize,
        fillchar: Option<Value>,
    ) -> Result<Gc<Str>> {
        let fill = fill_of(th, fillchar)?;
        let n = missing(&this, width);
        let left = n / 2 + (n & usize::try_from(width).unwrap_or(0) & 1);
        pad(th, this, left, n - left, fill)
    }

    /// Return a left-justified string of length width.
    ///
    /// Padding is done using the specified fill character (default is a space).
    #[pymethod(sig = "(width, fillchar=' ', /)")]
    fn ljust(
        th: &mut Thread,
        this: Gc<Str>,
        width: isize,
        fillchar: Option<Value>,
    ) -> Result<Gc<Str>> {
        let fill = fill_of(th, fillchar)?;
        let n = missing(&this, width);
        pad(th, this, 0, n, fill)
    }

    /// Return a right-justified string of length width.
    ///
    /// Padding is done using the specified fill character (default is a space).
    #[pymethod(sig = "(width, fillchar=' ', /)")]
    fn rjust(
        th: &mut Thread,
        this: Gc<Str>,
        width: isize,
        fillchar: Option<Value>,
    ) -> Result<Gc<Str>> {
        let fill = fill_of(th, fillchar)?;
        let n = missing(&this, width);
        pad(th, this, n, 0, fill)
    }

    /// Pad a numeric string with zeros on the left, to fill a field of the given width.
    ///
    /// The string is never truncated.
    #[pymethod]
    fn zfill(th: &mut Thread, this: Gc<Str>, width: isize) -> Result<Gc<Str>> {
        let n = missing(&this, width);
        if n == 0 {
            return Ok(unchanged(th, this));
        }
        let r = check_memory(this.len().saturating_add(n));
        th.format_result(r)?;
        let sign = usize::from(matches!(this.at(0), Some(0x2B | 0x2D)));
        insert(th, this, (sign, n), 0, '0'.into())
    }

    /// Return a copy where all tab characters are expanded using spaces.
    ///
    /// If tabsize is not given, a tab size of 8 characters is assumed.
    #[pymethod(sig = "(tabsize=8)")]
    fn expandtabs(th: &mut Thread, this: Gc<Str>, tabsize: Option<i32>) -> Result<Gc<Str>> {
        let size = usize::try_from(tabsize.unwrap_or(8)).unwrap_or(0);
        if !this.code_points().any(|c| c == 9) {
            return Ok(unchanged(th, this));
        }
        let mut out = TextBuilder::with_capacity(this.len());
        let mut column = 0usize;
        for c in this.code_points() {
            match c {
                9 if size > 0 => {
                    let n = size - column % size;
                    column += n;
                    let r = check_memory(out.len().saturating_add(n));
                    th.format_result(r)?;
                    out.push_repeated(0x20, n);
                }
                9 => {}
                _ => {
                    column = if matches!(c, 10 | 13) { 0 } else { column + 1 };
                    out.push(c);
                }
            }
        }
        Ok(th.str_from_text(&out.finish()))
    }
}
