//! Variable-length numbers and a bounds-checked reader, for the `.pyc` payload.
//!
//! Unsigned: seven bits a byte, lowest first, the top bit says that more follow. Signed: the
//! sign folded into the lowest bit. The reader never panics and never trusts a length: a
//! count is held against the bytes that remain before anything is allocated for it.

/// The input ended early, or a number is malformed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Truncated;

pub(crate) fn put_unsigned(mut v: u64, out: &mut Vec<u8>) {
    while v >= 0x80 {
        out.push(v as u8 | 0x80);
        v >>= 7;
    }
    out.push(v as u8);
}

pub(crate) fn put_signed(v: i64, out: &mut Vec<u8>) {
    put_unsigned((v << 1 ^ v >> 63) as u64, out);
}

/// The bytes that are still to be read.
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { rest: bytes }
    }

    /// Number of bytes that remain.
    pub(crate) fn left(&self) -> usize {
        self.rest.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(crate) fn byte(&mut self) -> Result<u8, Truncated> {
        let (first, rest) = self.rest.split_first().ok_or(Truncated)?;
        self.rest = rest;
        Ok(*first)
    }

    pub(crate) fn bytes(&mut self, n: usize) -> Result<&'a [u8], Truncated> {
        let (first, rest) = self.rest.split_at_checked(n).ok_or(Truncated)?;
        self.rest = rest;
        Ok(first)
    }

    pub(crate) fn u64(&mut self) -> Result<u64, Truncated> {
        let (first, rest) = self.rest.split_first_chunk().ok_or(Truncated)?;
        self.rest = rest;
        Ok(u64::from_le_bytes(*first))
    }

    pub(crate) fn fixed_u32(&mut self) -> Result<u32, Truncated> {
        let (first, rest) = self.rest.split_first_chunk().ok_or(Truncated)?;
        self.rest = rest;
        Ok(u32::from_le_bytes(*first))
    }

    #[inline]
    pub(crate) fn unsigned(&mut self) -> Result<u64, Truncated> {
        let first = self.byte()?;
        if first < 0x80 {
            return Ok(first as u64);
        }
        let mut v = (first & 0x7f) as u64;
        for shift in (7..64).step_by(7) {
            let byte = self.byte()?;
            if shift == 63 && byte > 1 {
                return Err(Truncated);
            }
            v |= ((byte & 0x7f) as u64) << shift;
            if byte < 0x80 {
                return Ok(v);
            }
        }
        Err(Truncated)
    }

    #[inline]
    pub(crate) fn signed(&mut self) -> Result<i64, Truncated> {
        let v = self.unsigned()?;
        Ok((v >> 1) as i64 ^ -((v & 1) as i64))
    }

    /// An unsigned number that must fit 32 bits.
    #[inline]
    pub(crate) fn u32(&mut self) -> Result<u32, Truncated> {
        u32::try_from(self.unsigned()?).map_err(|_| Truncated)
    }

    /// A number of items of at least `size` bytes each; fails when they cannot be there.
    #[inline]
    pub(crate) fn count(&mut self, size: usize) -> Result<usize, Truncated> {
        let n = usize::try_from(self.unsigned()?).map_err(|_| Truncated)?;
        match n <= self.rest.len() / size {
            true => Ok(n),
            false => Err(Truncated),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trip() {
        for shift in 0..64 {
            for v in [1u64 << shift, (1u64 << shift) - 1, u64::MAX >> shift] {
                let mut out = Vec::new();
                put_unsigned(v, &mut out);
                put_signed(v as i64, &mut out);
                put_signed((v as i64).wrapping_neg(), &mut out);
                let mut r = Reader::new(&out);
                assert_eq!(r.unsigned(), Ok(v));
                assert_eq!(r.signed(), Ok(v as i64));
                assert_eq!(r.signed(), Ok((v as i64).wrapping_neg()));
                assert!(r.is_empty());
            }
        }
    }

    #[test]
    fn damage() {
        assert_eq!(Reader::new(&[0x80]).unsigned(), Err(Truncated));
        assert_eq!(Reader::new(&[0xff; 20]).unsigned(), Err(Truncated));
        assert_eq!(Reader::new(&[3, 0, 0]).count(1), Err(Truncated));
        assert_eq!(Reader::new(&[2, 0, 0]).count(1), Ok(2));
        assert_eq!(Reader::new(&[1; 7]).u64(), Err(Truncated));
    }
}
