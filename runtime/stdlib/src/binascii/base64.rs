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

#[inline(always)]
fn value(c: u8) -> u8 {
    VALUES[usize::from(c)]
}

/// Number of digits for so many bytes.
pub fn encoded_len(len: usize) -> usize {
    len.div_ceil(3) * 4
}

/// Bytes as base64, padded, in one line of [`encoded_len`] digits.
pub fn encode(data: &[u8], dst: &mut [u8]) {
    let digit = |word: u32, place: u32| ALPHABET[(word >> (18 - 6 * place) & 63) as usize];
    let (groups, rest) = data.as_chunks::<3>();
    let (quads, _) = dst.as_chunks_mut::<4>();
    for ([a, b, c], quad) in groups.iter().zip(&mut *quads) {
        let word = u32::from_be_bytes([0, *a, *b, *c]);
        *quad = [
            digit(word, 0),
            digit(word, 1),
            digit(word, 2),
            digit(word, 3),
        ];
    }
    let (Some(last), Some(first)) = (quads.last_mut(), rest.first()) else {
        return;
    };
    let second = rest.get(1).copied();
    let word = u32::from_be_bytes([0, *first, second.unwrap_or(0), 0]);
    *last = [
        digit(word, 0),
        digit(word, 1),
        second.map_or(b'=', |_| digit(word, 2)),
        b'=',
    ];
}

/// Decodes digits by fours until a group has something else in it; the number of groups.
fn decode_quads(text: &[u8], out: &mut Vec<u8>) -> usize {
    let mut all = 0;
    for piece in text.as_chunks::<4>().0.chunks(64) {
        let mut bytes = [0u8; 192];
        let mut done = 0;
        for (quad, group) in piece.iter().zip(bytes.as_chunks_mut::<3>().0) {
            let [a, b, c, d] = quad;
            let (a, b, c, d) = (value(*a), value(*b), value(*c), value(*d));
            if a | b | c | d > 63 {
                break;
            }
            *group = [a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d];
            done += 1;
        }
        out.extend_from_slice(&bytes[..3 * done]);
        all += done;
        if done < piece.len() {
            break;
        }
    }
    all
}

/// The bytes that text stands for; the error is a message.
pub fn decode(text: &[u8], strict: bool) -> Result<Vec<u8>, String> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut place, mut left, mut pads) = (0u8, 0u8, 0u8);
    let mut next = 0;
    while next < text.len() {
        if place == 0 && pads == 0 {
            next += 4 * decode_quads(&text[next..], &mut out);
        }
        let (i, Some(c)) = (next, text.get(next)) else {
            break;
        };
        next += 1;
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
        let v = value(*c);
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
