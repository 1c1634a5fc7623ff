//! Quoted-printable (RFC 1521).

use super::hex_digit;

const LINE: usize = 76;

/// The bytes that text stands for.
pub fn decode(text: &[u8], header: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut i = 0;
    while let Some(&c) = text.get(i) {
        i += 1;
        match c {
            b'=' => {
                let Some(&next) = text.get(i) else {
                    break;
                };
                if next == b'\n' || next == b'\r' {
                    // A soft line break.
                    while text.get(i).is_some_and(|c| *c != b'\n') {
                        i += 1;
                    }
                    i += 1;
                } else if next == b'=' {
                    out.push(b'=');
                    i += 1;
                } else if let (Some(a), Some(b)) =
                    (hex_digit(next), text.get(i + 1).and_then(|c| hex_digit(*c)))
                {
                    out.push(a << 4 | b);
                    i += 2;
                } else {
                    out.push(b'=');
                }
            }
            b'_' if header => out.push(b' '),
            _ => out.push(c),
        }
    }
    out
}

fn push_quoted(out: &mut Vec<u8>, b: u8) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    out.extend([
        b'=',
        DIGITS[usize::from(b >> 4)],
        DIGITS[usize::from(b & 15)],
    ]);
}

/// Bytes as quoted-printable text.
pub fn encode(data: &[u8], quote_tabs: bool, is_text: bool, header: bool) -> Vec<u8> {
    let crlf = data
        .iter()
        .position(|b| *b == b'\n')
        .is_some_and(|i| i > 0 && data[i - 1] == b'\r');
    let end: &[u8] = if crlf { b"\r\n" } else { b"\n" };
    let mut out: Vec<u8> = Vec::with_capacity(data.len() + data.len() / 16);
    let (mut i, mut line) = (0, 0);
    while let Some(&c) = data.get(i) {
        let next = data.get(i + 1).copied();
        let newline = c == b'\r' || c == b'\n';
        let blank = c == b' ' || c == b'\t';
        let lone_dot =
            c == b'.' && line == 0 && matches!(next, None | Some(b'\n') | Some(b'\r') | Some(0));
        let quoted = c > 126
            || c == b'='
            || (header && c == b'_')
            || lone_dot
            || (!is_text && newline)
            || (blank && next.is_none())
            || (c < 33 && !newline && (quote_tabs || !blank));
        if quoted {
            if line + 3 >= LINE {
                out.push(b'=');
                out.extend(end);
                line = 0;
            }
            push_quoted(&mut out, c);
            i += 1;
            line += 3;
        } else if is_text && (c == b'\n' || (c == b'\r' && next == Some(b'\n'))) {
            line = 0;
            // White space at the end of a line would get lost.
            if let Some(&last) = out.last()
                && (last == b' ' || last == b'\t')
            {
                out.pop();
                push_quoted(&mut out, last);
            }
            out.extend(end);
            i += if c == b'\r' { 2 } else { 1 };
        } else {
            if next.is_some_and(|n| n != b'\n') && line + 1 >= LINE {
                out.push(b'=');
                out.extend(end);
                line = 0;
            }
            line += 1;
            out.push(if header && c == b' ' { b'_' } else { c });
            i += 1;
        }
    }
    out
}
