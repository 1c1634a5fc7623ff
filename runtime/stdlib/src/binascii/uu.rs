//! Lines of uuencoded data.

/// The bytes of one line; the error is a message.
pub fn decode(text: &[u8]) -> Result<Vec<u8>, &'static str> {
    let Some((first, mut rest)) = text.split_first() else {
        return Err("Missing length byte");
    };
    let len = usize::from(first.wrapping_sub(b' ') & 63);
    let mut out = Vec::with_capacity(len);
    let (mut bits, mut word) = (0, 0u32);
    while out.len() < len {
        let c = rest.first().copied().unwrap_or(b'\n');
        rest = rest.get(1..).unwrap_or(&[]);
        let digit = match c {
            // A line that is too short had blanks at its end.
            b'\n' | b'\r' => 0,
            b' '..=b'`' => (c - b' ') & 63,
            _ => return Err("Illegal char"),
        };
        word = word << 6 | u32::from(digit);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((word >> bits) as u8);
            word &= (1 << bits) - 1;
        }
    }
    let blank = |c: &u8| matches!(c, b' ' | b'`' | b'\n' | b'\r');
    match rest.iter().all(blank) {
        true => Ok(out),
        false => Err("Trailing garbage"),
    }
}

/// One line for at most 45 bytes; the error is a message.
pub fn encode(data: &[u8], backtick: bool) -> Result<Vec<u8>, &'static str> {
    if data.len() > 45 {
        return Err("At most 45 bytes at once");
    }
    let digit = |v: u32| match v & 63 {
        0 if backtick => b'`',
        v => v as u8 + b' ',
    };
    let mut out = vec![digit(data.len() as u32)];
    for group in data.chunks(3) {
        let at = |i: usize| u32::from(group.get(i).copied().unwrap_or(0));
        let word = at(0) << 16 | at(1) << 8 | at(2);
        out.extend([18, 12, 6, 0].map(|shift| digit(word >> shift)));
    }
    out.push(b'\n');
    Ok(out)
}
