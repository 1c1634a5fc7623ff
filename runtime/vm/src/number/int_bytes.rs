//! `int.to_bytes` and `int.from_bytes`.

use dashu_base::Sign;
use dashu_int::{IBig, UBig};

use super::error::FormatError;
use super::int_ops::bit_length;

/// Order of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByteOrder {
    /// Least significant first.
    Little,
    /// Most significant first.
    Big,
}

impl ByteOrder {
    /// Reads the `byteorder` argument.
    pub fn parse(text: &str) -> Result<Self, FormatError> {
        match text {
            "little" => Ok(Self::Little),
            "big" => Ok(Self::Big),
            _ => Err(FormatError::value(
                "byteorder must be either 'little' or 'big'",
            )),
        }
    }
}

/// `n.to_bytes(length, order, signed=signed)`.
pub fn to_bytes(
    n: &IBig,
    length: i64,
    order: ByteOrder,
    signed: bool,
) -> Result<Vec<u8>, FormatError> {
    let length = usize::try_from(length)
        .map_err(|_| FormatError::value("length argument must be non-negative"))?;
    let negative = n.sign() == Sign::Negative;
    if negative && !signed {
        return Err(FormatError::overflow(
            "can't convert negative int to unsigned",
        ));
    }
    // Two's complement needs as many bits as the complement, and a sign.
    let bits = if negative {
        bit_length(&!n) + 1
    } else {
        bit_length(n) + usize::from(signed && !n.is_zero())
    };
    if bits > length.saturating_mul(8) {
        return Err(FormatError::overflow("int too big to convert"));
    }
    let magnitude = if negative { !n } else { n.clone() };
    let (_, words) = magnitude.as_sign_words();
    let mut bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    bytes.resize(length, 0);
    if negative {
        bytes.iter_mut().for_each(|b| *b = !*b);
    }
    if order == ByteOrder::Big {
        bytes.reverse();
    }
    Ok(bytes)
}

/// `int.from_bytes(bytes, order, signed=signed)`.
pub fn from_bytes(bytes: &[u8], order: ByteOrder, signed: bool) -> IBig {
    let mut little = bytes.to_vec();
    if order == ByteOrder::Big {
        little.reverse();
    }
    let negative = signed && little.last().is_some_and(|&b| b >= 0x80);
    if negative {
        little.iter_mut().for_each(|b| *b = !*b);
    }
    let n = IBig::from(UBig::from_le_bytes(&little));
    if negative { !n } else { n }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways() {
        use ByteOrder::{Big, Little};
        for (n, length, order, signed, bytes) in [
            (0, 0, Big, false, &b""[..]),
            (0, 0, Big, true, b""),
            (258, 2, Big, false, b"\x01\x02"),
            (258, 3, Little, false, b"\x02\x01\x00"),
            (-128, 1, Big, true, b"\x80"),
            (-1, 3, Little, true, b"\xff\xff\xff"),
            (127, 1, Big, true, b"\x7f"),
        ] {
            let n = IBig::from(n);
            assert_eq!(to_bytes(&n, length, order, signed).as_deref(), Ok(bytes));
            assert_eq!(from_bytes(bytes, order, signed), n);
        }
        for (n, length, signed) in [
            (255, 1, true),
            (-1, 0, true),
            (-129, 1, true),
            (256, 1, false),
        ] {
            let error = to_bytes(&IBig::from(n), length, Big, signed).unwrap_err();
            assert_eq!(error.message, "int too big to convert");
        }
        assert!(to_bytes(&IBig::from(-1), 1, Big, false).is_err());
        assert!(to_bytes(&IBig::ONE, -1, Big, false).is_err());
    }
}
