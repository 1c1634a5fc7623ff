//! Base64 (RFC 4648, RFC 2045).

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The value of each byte; 64 for those outside the alphabet.
const VALUES: [u8; 256] = {
    let mut table = [64u8; 256];
    let mut i = 0;
    while i < 64 {
        table[ALPHABET[i] as usize] = i as u8;
        i += 1;
    }
    table
};

/// Bytes as base64, padded, in one line.
pub fn encode(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len().div_ceil(3) * 4 + 1);
    for group in data.chunks(3) {
        let at = |i: usize| u32::from(group.get(i).copied().unwrap_or(0));
        let word = at(0) << 16 | at(1) << 8 | at(2);
        for i in 0..4 {
            let digit = ALPHABET[(word >> (18 - 6 * i) & 63) as usize];
            out.push(if i <= group.len() { digit } else { b'=' });
        }
    }
    out
}

/// The bytes that text stands for; the error is a message.
pub fn decode(text: &[u8], strict: bool) -> Result<Vec<u8>, String> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut place, mut left, mut pads) = (0u8, 0u8, 0u8);
    for (i, c) in text.iter().enumerate() {
        if *c == b'=' {
            if strict && place == 0 {
                let what = if i == 0 { "Leading" } else { "Excess" };
                return Err(format!("{what} padding not allowed"));
            }
            if strict && place == 1 {
                return Err(lone_digit(&out));
            }
            pads = pads.saturating_add(1);
            if strict && place.saturating_add(pads) > 4 {
                return Err("Excess padding not allowed".into());
            }
            continue;
        }
        let v = VALUES[usize::from(*c)];
        if v >= 64 {
            if strict {
                return Err("Only base64 data is allowed".into());
            }
            continue;
        }
        if strict && pads > 0 {
            return Err(match place + pads {
                4 => "Excess data after padding".into(),
                _ => "Discontinuous padding not allowed".into(),
            });
        }
        pads = 0;
        match place {
            0 => left = v,
            1 => {
                out.push(left << 2 | v >> 4);
                left = v & 15;
            }
            2 => {
                out.push(left << 4 | v >> 2);
                left = v & 3;
            }
            _ => out.push(left << 6 | v),
        }
        place = (place + 1) & 3;
    }
    match place {
        0 => Ok(out),
        1 => Err(lone_digit(&out)),
        _ if place.saturating_add(pads) >= 4 => Ok(out),
        _ => Err("Incorrect padding".into()),
    }
}

fn lone_digit(out: &[u8]) -> String {
    let n = out.len() / 3 * 4 + 1;
    format!(
        "Invalid base64-encoded string: number of data characters ({n}) cannot be 1 more than a multiple of 4"
    )
}
