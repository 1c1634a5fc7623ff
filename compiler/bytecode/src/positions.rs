//! Source positions: queries on [`PositionRun`]s and their compact form for `.pyc` files.
//!
//! Python sees a position in code as a byte offset of which CPython's tools know one thing:
//! halved, it indexes `co_positions()`. So a word counts as one code unit of
//! [`UNIT`] bytes: `tb_lasti`, `f_lasti` and `co_lines()` speak of `UNIT * word`, and
//! `co_positions()` has an item for each word.
//!
//! Compact form, a run after the other: a head varint with the number of words since the last
//! run in its upper bits and three flags below; then, as the flags say, the line's and end line's
//! differences as signed varints; then the column and the distance of the end column.

use std::fmt;
use std::ops::Deref;
use std::sync::OnceLock;

use crate::code::{CodeObject, PositionRun, SourceRange};
use crate::varint::{Reader, Truncated, put_signed, put_unsigned};

/// Python-visible bytes of a word.
pub const UNIT: u32 = 2;

/// One item of `co_lines()`: from, to (in [`UNIT`] bytes), and the line if there is one.
pub type LineSpan = (u32, u32, Option<u32>);

/// One item of `co_positions()`: line, end line, column, end column.
pub type Position = (Option<u32>, Option<u32>, Option<u32>, Option<u32>);

/// The position runs of a code object. Those of carried code are read when somebody looks: most
/// code is never in a traceback.
#[derive(Clone, Default)]
pub struct Positions {
    runs: OnceLock<Vec<PositionRun>>,
    /// Their compact form.
    carried: &'static [u8],
}

impl Positions {
    /// Runs whose compact form was read when the binary that carries it was built.
    pub(crate) fn carried(bytes: &'static [u8]) -> Positions {
        Positions {
            runs: OnceLock::new(),
            carried: bytes,
        }
    }
}

impl Deref for Positions {
    type Target = [PositionRun];

    fn deref(&self) -> &[PositionRun] {
        self.runs
            .get_or_init(|| read_runs(&mut Reader::new(self.carried)).unwrap_or_default())
    }
}

impl From<Vec<PositionRun>> for Positions {
    fn from(runs: Vec<PositionRun>) -> Positions {
        Positions {
            runs: OnceLock::from(runs),
            carried: &[],
        }
    }
}

impl FromIterator<PositionRun> for Positions {
    fn from_iter<I: IntoIterator<Item = PositionRun>>(runs: I) -> Positions {
        Positions::from(Vec::from_iter(runs))
    }
}

impl PartialEq for Positions {
    fn eq(&self, other: &Positions) -> bool {
        **self == **other
    }
}

impl fmt::Debug for Positions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl CodeObject {
    /// The line of the instruction at a word; None where there is no location.
    pub fn line_of(&self, pc: u32) -> Option<u32> {
        line(self.position(pc))
    }

    /// The items of `co_lines()`: neighbouring runs of the same line are one item.
    pub fn co_lines(&self) -> impl Iterator<Item = LineSpan> + '_ {
        let mut runs = self.spans().peekable();
        std::iter::from_fn(move || {
            let (start, mut end, range) = runs.next()?;
            while let Some((_, next_end, _)) = runs.next_if(|(_, _, r)| r.line == range.line) {
                end = next_end;
            }
            let bytes = |pc: u32| pc.saturating_mul(UNIT);
            Some((bytes(start), bytes(end), line(range)))
        })
    }

    /// The items of `co_positions()`, one a word.
    pub fn co_positions(&self) -> impl Iterator<Item = Position> + '_ {
        self.spans().flat_map(|(start, end, range)| {
            let item = match line(range) {
                None => (None, None, None, None),
                Some(l) => (
                    Some(l),
                    Some(range.end_line),
                    Some(range.column),
                    Some(range.end_column),
                ),
            };
            std::iter::repeat_n(item, (end - start) as usize)
        })
    }

    /// Runs with their ends, from the first word to the last, gaps without a location.
    fn spans(&self) -> impl Iterator<Item = (u32, u32, SourceRange)> + '_ {
        let len = self.code.len() as u32;
        let first = self.positions.first().map_or(len, |r| r.start.min(len));
        let gap = (first != 0).then_some((0, first, SourceRange::default()));
        let runs = self.positions.iter().enumerate().map(move |(i, run)| {
            let end = self.positions.get(i + 1).map_or(len, |next| next.start);
            (run.start, end.min(len), run.range)
        });
        gap.into_iter().chain(runs).filter(|(s, e, _)| s < e)
    }
}

fn line(range: SourceRange) -> Option<u32> {
    (range.line != 0).then_some(range.line)
}

const NEW_LINE: u64 = 1;
const MANY_LINES: u64 = 2;
const NO_COLUMNS: u64 = 4;
const HEAD_BITS: u32 = 3;

/// Appends runs in compact form, their number first.
pub(crate) fn write_runs(runs: &[PositionRun], out: &mut Vec<u8>) {
    put_unsigned(runs.len() as u64, out);
    let mut last = PositionRun {
        start: 0,
        range: SourceRange::default(),
    };
    for run in runs {
        let (r, old) = (&run.range, &last.range);
        let mut head = (run.start.wrapping_sub(last.start) as u64) << HEAD_BITS;
        head |= if r.line != old.line { NEW_LINE } else { 0 };
        head |= if r.end_line != r.line { MANY_LINES } else { 0 };
        let columns = r.column != 0 || r.end_column != 0;
        head |= if columns { 0 } else { NO_COLUMNS };
        put_unsigned(head, out);
        if head & NEW_LINE != 0 {
            put_signed(r.line as i64 - old.line as i64, out);
        }
        if head & MANY_LINES != 0 {
            put_signed(r.end_line as i64 - r.line as i64, out);
        }
        if columns {
            put_unsigned(r.column as u64, out);
            put_signed(r.end_column as i64 - r.column as i64, out);
        }
        last = *run;
    }
}

/// Reads what [`write_runs`] wrote; any bytes give some runs or an error.
pub(crate) fn read_runs(input: &mut Reader<'_>) -> Result<Vec<PositionRun>, Truncated> {
    let n = input.count(1)?;
    let mut runs = Vec::with_capacity(n);
    let mut last = PositionRun {
        start: 0,
        range: SourceRange::default(),
    };
    let add = |base: u32, difference: i64| (base as i64).wrapping_add(difference) as u32;
    for _ in 0..n {
        let head = input.unsigned()?;
        let mut r = last.range;
        if head & NEW_LINE != 0 {
            r.line = add(r.line, input.signed()?);
        }
        r.end_line = r.line;
        if head & MANY_LINES != 0 {
            r.end_line = add(r.line, input.signed()?);
        }
        (r.column, r.end_column) = (0, 0);
        if head & NO_COLUMNS == 0 {
            r.column = input.unsigned()? as u32;
            r.end_column = add(r.column, input.signed()?);
        }
        last = PositionRun {
            start: last.start.wrapping_add((head >> HEAD_BITS) as u32),
            range: r,
        };
        runs.push(last);
    }
    Ok(runs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(start: u32, line: u32, end_line: u32, column: u32, end_column: u32) -> PositionRun {
        PositionRun {
            start,
            range: SourceRange {
                line,
                end_line,
                column,
                end_column,
            },
        }
    }

    fn sample() -> CodeObject {
        CodeObject {
            code: vec![0; 8],
            positions: vec![
                run(1, 3, 3, 4, 9),
                run(2, 3, 4, 0, 2),
                run(4, 0, 0, 0, 0),
                run(5, 2, 2, 7, 8),
            ]
            .into(),
            ..Default::default()
        }
    }

    #[test]
    fn queries() {
        let c = sample();
        let lines: Vec<_> = (0..8).map(|pc| c.line_of(pc).unwrap_or(0)).collect();
        assert_eq!(lines, [0, 3, 3, 3, 0, 2, 2, 2]);
        let spans: Vec<_> = c.co_lines().collect();
        assert_eq!(
            spans,
            [
                (0, 2, None),
                (2, 8, Some(3)),
                (8, 10, None),
                (10, 16, Some(2))
            ]
        );
        let positions: Vec<_> = c.co_positions().collect();
        assert_eq!(positions.len(), 8);
        assert_eq!(positions[0], (None, None, None, None));
        assert_eq!(positions[1], (Some(3), Some(3), Some(4), Some(9)));
        assert_eq!(positions[3], (Some(3), Some(4), Some(0), Some(2)));
        assert_eq!(positions[7], (Some(2), Some(2), Some(7), Some(8)));
        let none = CodeObject::default();
        assert_eq!(none.co_lines().count() + none.co_positions().count(), 0);
    }

    #[test]
    fn compact_form() {
        let mut runs = sample().positions.to_vec();
        runs.push(run(u32::MAX, u32::MAX, 0, u32::MAX, 0));
        runs.push(run(0, 0, u32::MAX, 0, u32::MAX));
        let mut bytes = Vec::new();
        write_runs(&runs, &mut bytes);
        assert_eq!(read_runs(&mut Reader::new(&bytes)), Ok(runs));
        for cut in 0..bytes.len() {
            assert!(read_runs(&mut Reader::new(&bytes[..cut])).is_err());
        }
    }
}
