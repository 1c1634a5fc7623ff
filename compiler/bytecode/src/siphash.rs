//! SipHash-1-3 (Aumasson, Bernstein): the hash of PEP 552's hash-based `.pyc` files, and our
//! payloads' checksum, both keyed only because the function is; and the hash of `str` and `bytes`
//! under the process's secret.

/// The hash of `data` under the key `(k0, k1)`.
pub fn siphash13(k0: u64, k1: u64, data: &[u8]) -> u64 {
    let mut v = [
        k0 ^ 0x736f_6d65_7073_6575,
        k1 ^ 0x646f_7261_6e64_6f6d,
        k0 ^ 0x6c79_6765_6e65_7261,
        k1 ^ 0x7465_6462_7974_6573,
    ];
    let (words, tail) = data.as_chunks::<8>();
    for word in words {
        let m = u64::from_le_bytes(*word);
        v[3] ^= m;
        round(&mut v);
        v[0] ^= m;
    }
    let last = (data.len() as u64) << 56 | little_endian(tail);
    v[3] ^= last;
    round(&mut v);
    v[0] ^= last;
    v[2] ^= 0xff;
    for _ in 0..3 {
        round(&mut v);
    }
    v[0] ^ v[1] ^ v[2] ^ v[3]
}

/// Fewer than eight bytes as a number.
#[inline(always)]
fn little_endian(mut bytes: &[u8]) -> u64 {
    let (mut number, mut shift) = (0, 0);
    if let Some((four, rest)) = bytes.split_first_chunk() {
        number = u32::from_le_bytes(*four) as u64;
        (bytes, shift) = (rest, 32);
    }
    if let Some((two, rest)) = bytes.split_first_chunk() {
        number |= (u16::from_le_bytes(*two) as u64) << shift;
        (bytes, shift) = (rest, shift + 16);
    }
    match bytes {
        [one, ..] => number | (*one as u64) << shift,
        [] => number,
    }
}

#[inline(always)]
fn round(v: &mut [u64; 4]) {
    v[0] = v[0].wrapping_add(v[1]);
    v[2] = v[2].wrapping_add(v[3]);
    v[1] = v[1].rotate_left(13) ^ v[0];
    v[3] = v[3].rotate_left(16) ^ v[2];
    v[0] = v[0].rotate_left(32);
    v[2] = v[2].wrapping_add(v[1]);
    v[0] = v[0].wrapping_add(v[3]);
    v[1] = v[1].rotate_left(17) ^ v[2];
    v[3] = v[3].rotate_left(21) ^ v[0];
    v[2] = v[2].rotate_left(32);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values from CPython 3.14's `_imp.source_hash(key, source)`.
    #[test]
    fn agrees_with_cpython() {
        let hex = |k0, data: &[u8]| siphash13(k0, 0, data).swap_bytes();
        let text = b"hello world, this is a longer test";
        assert_eq!(hex(0x0a0d_1234, text), 0xee64_f5de_04d7_8853);
        assert_eq!(hex(1, b""), 0x8125_964e_bf0e_4ac4);
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(hex(0xdead_beef, &all), 0x1665_0f5c_b292_afdd);
    }
}
