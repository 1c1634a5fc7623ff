//! Substring search over units of one width: what `str`, `bytes` and `bytearray` share.
//!
//! Byte-wide text goes through `memchr`; wider units are scanned for the needle's first unit. All
//! positions are unit indices. An empty needle is found at every position, the end included.

/// Bytes below which preparing a search costs more than it saves.
const SHORT: usize = 200;

/// A unit of text or bytes.
pub trait Unit: Copy + Eq + Ord {
    /// First position of a unit.
    fn find_unit(hay: &[Self], unit: Self) -> Option<usize>;
    /// Last position of a unit.
    fn rfind_unit(hay: &[Self], unit: Self) -> Option<usize>;
    /// First position of a needle of at least two units.
    fn find_run(hay: &[Self], needle: &[Self]) -> Option<usize>;
    /// Last position of a needle of at least two units.
    fn rfind_run(hay: &[Self], needle: &[Self]) -> Option<usize>;
    /// Calls `f` with each non-overlapping position of a needle that is not empty, left to right,
    /// until it gives false.
    fn for_each(hay: &[Self], needle: &[Self], mut f: impl FnMut(usize) -> bool) {
        let mut at = 0;
        while let Some(i) = find(&hay[at..], needle) {
            if !f(at + i) {
                return;
            }
            at += i + needle.len();
        }
    }
}

impl Unit for u8 {
    #[inline]
    fn find_unit(hay: &[u8], unit: u8) -> Option<usize> {
        memchr::memchr(unit, hay)
    }
    #[inline]
    fn rfind_unit(hay: &[u8], unit: u8) -> Option<usize> {
        memchr::memrchr(unit, hay)
    }
    fn find_run(hay: &[u8], needle: &[u8]) -> Option<usize> {
        if hay.len() < SHORT {
            return scan(hay, needle);
        }
        memchr::memmem::find(hay, needle)
    }
    fn rfind_run(hay: &[u8], needle: &[u8]) -> Option<usize> {
        if hay.len() < SHORT {
            return rscan(hay, needle);
        }
        memchr::memmem::rfind(hay, needle)
    }
    fn for_each(hay: &[u8], needle: &[u8], mut f: impl FnMut(usize) -> bool) {
        match needle {
            [one] => {
                for i in memchr::memchr_iter(*one, hay) {
                    if !f(i) {
                        return;
                    }
                }
            }
            _ if hay.len() < SHORT => {
                let mut at = 0;
                while let Some(i) = scan(&hay[at..], needle) {
                    if !f(at + i) {
                        return;
                    }
                    at += i + needle.len();
                }
            }
            _ => {
                for i in memchr::memmem::find_iter(hay, needle) {
                    if !f(i) {
                        return;
                    }
                }
            }
        }
    }
}

/// Search by the needle's first unit.
#[inline]
fn scan<U: Unit>(hay: &[U], needle: &[U]) -> Option<usize> {
    let (first, last) = (*needle.first()?, hay.len().checked_sub(needle.len())?);
    let mut at = 0;
    while at <= last {
        let i = at + U::find_unit(&hay[at..=last], first)?;
        if hay[i..i + needle.len()] == *needle {
            return Some(i);
        }
        at = i + 1;
    }
    None
}

fn rscan<U: Unit>(hay: &[U], needle: &[U]) -> Option<usize> {
    let first = *needle.first()?;
    let mut end = hay.len().checked_sub(needle.len())? + 1;
    while let Some(i) = U::rfind_unit(&hay[..end], first) {
        if hay[i..i + needle.len()] == *needle {
            return Some(i);
        }
        end = i;
    }
    None
}

macro_rules! wide {
    ($($t:ty)*) => {
        $(impl Unit for $t {
            #[inline]
            fn find_unit(hay: &[$t], unit: $t) -> Option<usize> {
                hay.iter().position(|u| *u == unit)
            }
            #[inline]
            fn rfind_unit(hay: &[$t], unit: $t) -> Option<usize> {
                // By pieces, because a loop that may end at every unit is not vectorised.
                let (rest, pieces) = hay.as_rchunks::<32>();
                let at = |from: usize, piece: &[$t]| {
                    piece.iter().rposition(|u| *u == unit).map(|i| from + i)
                };
                for (n, piece) in pieces.iter().enumerate().rev() {
                    if piece.iter().fold(false, |any, u| any | (*u == unit)) {
                        return at(rest.len() + n * 32, piece);
                    }
                }
                at(0, rest)
            }
            fn find_run(hay: &[$t], needle: &[$t]) -> Option<usize> {
                scan(hay, needle)
            }
            fn rfind_run(hay: &[$t], needle: &[$t]) -> Option<usize> {
                rscan(hay, needle)
            }
        })*
    };
}
wide! { u16 u32 }

/// First position of a needle.
#[inline]
pub fn find<U: Unit>(hay: &[U], needle: &[U]) -> Option<usize> {
    match needle {
        [] => Some(0),
        [one] => U::find_unit(hay, *one),
        _ if needle.len() > hay.len() => None,
        _ => U::find_run(hay, needle),
    }
}

/// Last position of a needle.
#[inline]
pub fn rfind<U: Unit>(hay: &[U], needle: &[U]) -> Option<usize> {
    match needle {
        [] => Some(hay.len()),
        [one] => U::rfind_unit(hay, *one),
        _ if needle.len() > hay.len() => None,
        _ => U::rfind_run(hay, needle),
    }
}

/// Number of non-overlapping occurrences, at most `most`.
pub fn count<U: Unit>(hay: &[U], needle: &[U], most: usize) -> usize {
    if needle.is_empty() {
        return (hay.len() + 1).min(most);
    }
    if let ([one], usize::MAX) = (needle, most) {
        return hay.iter().filter(|u| **u == *one).count();
    }
    let mut n = 0;
    if most > 0 {
        U::for_each(hay, needle, |_| {
            n += 1;
            n < most
        });
    }
    n
}

/// Splits at a separator that is not empty, from the left: calls `f` with the range of each part.
pub fn split<U: Unit, E>(
    hay: &[U],
    sep: &[U],
    most: usize,
    mut f: impl FnMut(usize, usize) -> Result<(), E>,
) -> Result<(), E> {
    let mut start = 0;
    let mut error = None;
    let mut left = most;
    if most > 0 {
        U::for_each(hay, sep, |i| {
            if let Err(e) = f(start, i) {
                error = Some(e);
                return false;
            }
            start = i + sep.len();
            left -= 1;
            left > 0
        });
    }
    match error {
        Some(e) => Err(e),
        None => f(start, hay.len()),
    }
}

/// Splits at a separator from the right: calls `f` with the range of each part, last part first.
pub fn rsplit<U: Unit, E>(
    hay: &[U],
    sep: &[U],
    most: usize,
    mut f: impl FnMut(usize, usize) -> Result<(), E>,
) -> Result<(), E> {
    let mut end = hay.len();
    let mut left = most;
    while left > 0
        && let Some(i) = rfind(&hay[..end], sep)
    {
        f(i + sep.len(), end)?;
        end = i;
        left -= 1;
    }
    f(0, end)
}

/// Splits at runs of blanks from the left; the rest after `most` splits loses its leading blanks
/// only.
pub fn split_blanks<U: Copy, E>(
    hay: &[U],
    blank: impl Fn(U) -> bool,
    most: usize,
    mut f: impl FnMut(usize, usize) -> Result<(), E>,
) -> Result<(), E> {
    let (mut at, mut left) = (0, most);
    loop {
        while at < hay.len() && blank(hay[at]) {
            at += 1;
        }
        if at == hay.len() {
            return Ok(());
        }
        if left == 0 {
            return f(at, hay.len());
        }
        left -= 1;
        let start = at;
        while at < hay.len() && !blank(hay[at]) {
            at += 1;
        }
        f(start, at)?;
    }
}

/// As [`split_blanks`], from the right; the last part comes first.
pub fn rsplit_blanks<U: Copy, E>(
    hay: &[U],
    blank: impl Fn(U) -> bool,
    most: usize,
    mut f: impl FnMut(usize, usize) -> Result<(), E>,
) -> Result<(), E> {
    let (mut end, mut left) = (hay.len(), most);
    loop {
        while end > 0 && blank(hay[end - 1]) {
            end -= 1;
        }
        if end == 0 {
            return Ok(());
        }
        if left == 0 {
            return f(0, end);
        }
        left -= 1;
        let stop = end;
        while end > 0 && !blank(hay[end - 1]) {
            end -= 1;
        }
        f(end, stop)?;
    }
}

/// Python's clamping of optional `start` and `end` arguments to a length. The start may be beyond
/// the end, which no needle fits then.
pub fn clamp(start: Option<isize>, end: Option<isize>, len: usize) -> (usize, usize) {
    let len = len as isize;
    let (mut start, mut end) = (start.unwrap_or(0), end.unwrap_or(len));
    if end > len {
        end = len;
    } else if end < 0 {
        end = end.saturating_add(len).max(0);
    }
    if start < 0 {
        start = start.saturating_add(len).max(0);
    }
    (start as usize, end as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(r: impl FnOnce(&mut dyn FnMut(usize, usize))) -> Vec<(usize, usize)> {
        let mut out = Vec::new();
        r(&mut |a, b| out.push((a, b)));
        out
    }

    #[test]
    fn finds() {
        assert_eq!(find(b"abcabc", b"bc"), Some(1));
        assert_eq!(rfind(b"abcabc", b"bc"), Some(4));
        assert_eq!(find(b"abc", b""), Some(0));
        assert_eq!(rfind(b"abc", b""), Some(3));
        assert_eq!(find(&[1u16, 2, 3, 2, 3], &[2, 3]), Some(1));
        assert_eq!(rfind(&[1u16, 2, 3, 2, 3], &[2, 3]), Some(3));
        assert_eq!(count(b"aaaa", b"aa", 9), 2);
        assert_eq!(count(b"aaaa", b"", 9), 5);
    }

    #[test]
    fn splits() {
        let run = |most| {
            parts(|f| {
                let _ = split::<u8, ()>(b"a,b,c", b",", most, |a, b| {
                    f(a, b);
                    Ok(())
                });
            })
        };
        assert_eq!(run(usize::MAX), [(0, 1), (2, 3), (4, 5)]);
        assert_eq!(run(1), [(0, 1), (2, 5)]);
        assert_eq!(run(0), [(0, 5)]);
        let blanks = parts(|f| {
            let _ = rsplit_blanks::<u8, ()>(
                b" a b  c ",
                |b| b == b' ',
                1,
                |a, b| {
                    f(a, b);
                    Ok(())
                },
            );
        });
        assert_eq!(blanks, [(6, 7), (0, 4)]);
    }

    #[test]
    fn clamps() {
        assert_eq!(clamp(None, None, 3), (0, 3));
        assert_eq!(clamp(Some(-2), Some(-1), 3), (1, 2));
        assert_eq!(clamp(Some(-9), Some(9), 3), (0, 3));
        assert_eq!(clamp(Some(5), None, 3), (5, 3));
    }
}
