//! Bytes as hexadecimal digits and back: what `bytes.hex`, `bytes.fromhex` and `binascii` share.
//!
//! Digits are computed, not looked up, so that the loops become vector instructions.

use super::shared::is_blank;

/// What [`value`] says of what is no digit.
const NONE: u8 = 0xFF;

#[inline(always)]
fn digit(value: u8) -> u8 {
    value + b'0' + if value > 9 { b'a' - b'0' - 10 } else { 0 }
}

#[inline(always)]
fn value(c: u8) -> u8 {
    let (decimal, letter) = (c.wrapping_sub(b'0'), (c | 0x20).wrapping_sub(b'a'));
    if decimal < 10 {
        decimal
    } else if letter < 6 {
        letter + 10
    } else {
        NONE
    }
}

/// A separator and how many bytes stand between two: counted from the right, or from the left when
/// negative.
pub type Separator = (u8, i64);

/// The size of the first group and of the others; None when nothing is separated.
fn groups(len: usize, sep: Option<Separator>) -> Option<(u8, usize, usize)> {
    let (sep, group) = sep?;
    let size = usize::try_from(group.unsigned_abs()).unwrap_or(usize::MAX);
    if size == 0 || size >= len {
        return None;
    }
    let first = if group > 0 {
        (len - 1) % size + 1
    } else {
        size
    };
    Some((sep, first, size))
}

/// Number of characters that [`write`] writes.
pub fn written(len: usize, sep: Option<Separator>) -> usize {
    len * 2 + groups(len, sep).map_or(0, |(_, _, size)| (len - 1) / size)
}

/// Writes the digits of bytes: exactly [`written`] characters.
pub fn write(bytes: &[u8], sep: Option<Separator>, dst: &mut [u8]) {
    let Some((sep, first, size)) = groups(bytes.len(), sep) else {
        return write_digits(bytes, dst);
    };
    let (head, rest) = bytes.split_at(first);
    write_digits(head, dst);
    let mut at = 2 * first;
    for group in rest.chunks(size) {
        dst[at] = sep;
        write_digits(group, &mut dst[at + 1..]);
        at += 1 + 2 * group.len();
    }
}

#[inline]
fn write_digits(bytes: &[u8], dst: &mut [u8]) {
    for (b, pair) in bytes.iter().zip(dst.as_chunks_mut::<2>().0) {
        *pair = [digit(b >> 4), digit(b & 15)];
    }
}

/// Reads pairs of digits until one is none; their number.
pub fn read(digits: &[u8], dst: &mut [u8]) -> usize {
    // Short runs between blanks are the other frequent case.
    let few = digits.len().min(32);
    let mut done = read_pairs(&digits[..few], dst);
    if done < 16 {
        return done;
    }
    for (block, out) in digits[32..]
        .as_chunks::<32>()
        .0
        .iter()
        .zip(dst[16..].as_chunks_mut::<16>().0)
    {
        let (mut all, mut values) = (0, [0; 32]);
        for (v, c) in values.iter_mut().zip(block) {
            *v = value(*c);
            all |= *v;
        }
        for (pair, byte) in values.as_chunks().0.iter().zip(out) {
            let both = u16::from_le_bytes(*pair);
            *byte = (both << 4 | both >> 8) as u8;
        }
        if all > 15 {
            break;
        }
        done += 16;
    }
    done + read_pairs(&digits[2 * done..], &mut dst[done..])
}

fn read_pairs(digits: &[u8], dst: &mut [u8]) -> usize {
    let mut done = 0;
    for (pair, byte) in digits.as_chunks::<2>().0.iter().zip(dst) {
        let (high, low) = (value(pair[0]), value(pair[1]));
        if high | low > 15 {
            break;
        }
        *byte = high << 4 | low;
        done += 1;
    }
    done
}

/// Why text is not hexadecimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotHex {
    /// The last digit stands alone.
    Odd,
    /// What is at this index is no digit.
    At(usize),
}

/// The bytes of digits with blanks between them.
pub fn decode(text: &[u8]) -> Result<Vec<u8>, NotHex> {
    let mut out = vec![0; text.len() / 2];
    let (mut at, mut n) = (0, 0);
    loop {
        let pairs = read(&text[at..], &mut out[n..]);
        n += pairs;
        at += 2 * pairs;
        match text.get(at) {
            None => break,
            Some(b) if is_blank(*b) => at += 1,
            Some(b) if value(*b) == NONE => return Err(NotHex::At(at)),
            Some(_) if at + 1 == text.len() => return Err(NotHex::Odd),
            Some(_) => return Err(NotHex::At(at + 1)),
        }
    }
    out.truncate(n);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8], sep: Option<Separator>) -> String {
        let mut out = vec![0; written(bytes.len(), sep)];
        write(bytes, sep, &mut out);
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn writes() {
        let bytes = [0x01, 0x9A, 0xBC, 0xDF, 0xF0];
        assert_eq!(hex(&bytes, None), "019abcdff0");
        assert_eq!(hex(&bytes, Some((b':', 2))), "01:9abc:dff0");
        assert_eq!(hex(&bytes, Some((b':', -2))), "019a:bcdf:f0");
        assert_eq!(hex(&bytes, Some((b':', 5))), "019abcdff0");
        assert_eq!(hex(&bytes, Some((b':', 0))), "019abcdff0");
        assert_eq!(hex(&[], Some((b':', 1))), "");
    }

    #[test]
    fn reads() {
        let all: Vec<u8> = (0..=255).collect();
        for sep in [None, Some((b' ', 1)), Some((b' ', 40))] {
            let text = hex(&all, sep);
            assert_eq!(decode(text.as_bytes()).as_ref(), Ok(&all));
            assert_eq!(decode(text.to_uppercase().as_bytes()).as_ref(), Ok(&all));
        }
        assert_eq!(decode(b"1"), Err(NotHex::Odd));
        assert_eq!(decode(b"12 3 4"), Err(NotHex::At(4)));
        let mut text = hex(&all, None).into_bytes();
        for i in 0..text.len() {
            let digit = std::mem::replace(&mut text[i], b'g');
            assert_eq!(decode(&text), Err(NotHex::At(i)));
            text[i] = digit;
        }
    }
}
