//! Formats: what a format string says about sizes, places and the order of bytes.

/// One directive of a format.
#[derive(Clone, Copy, Debug)]
pub struct Item {
    /// The letter.
    pub code: u8,
    /// Repeat count; length for `s` and `p`.
    pub count: usize,
    /// Size of one value.
    pub size: usize,
    /// First byte.
    pub offset: usize,
}

/// A parsed format.
#[derive(Clone, Debug)]
pub struct Layout {
    /// The directives in order, pads included.
    pub items: Vec<Item>,
    /// Bytes in all.
    pub size: usize,
    /// Number of values.
    pub values: usize,
    /// Most significant byte first?
    pub big: bool,
}

/// Size and alignment of a letter; None for what is none.
fn directive(code: u8, native: bool) -> Option<(usize, usize)> {
    let size = match code {
        b'x' | b'b' | b'B' | b'c' | b's' | b'p' | b'?' => 1,
        b'h' | b'H' | b'e' => 2,
        b'i' | b'I' | b'f' => 4,
        b'l' | b'L' if native => 8,
        b'l' | b'L' => 4,
        b'q' | b'Q' | b'd' => 8,
        b'n' | b'N' | b'P' if native => 8,
        b'F' => return Some((8, 4)),
        b'D' => return Some((16, 8)),
        _ => return None,
    };
    Some((size, size))
}

impl Layout {
    /// Reads a format; the error is the text of `struct.error`.
    pub fn parse(format: &[u8]) -> Result<Layout, &'static str> {
        let (native, aligned, big, rest) = match format {
            [b'<', rest @ ..] => (false, false, false, rest),
            [b'>' | b'!', rest @ ..] => (false, false, true, rest),
            [b'=', rest @ ..] => (false, false, cfg!(target_endian = "big"), rest),
            [b'@', rest @ ..] => (true, true, cfg!(target_endian = "big"), rest),
            rest => (true, true, cfg!(target_endian = "big"), rest),
        };
        const TOO_LONG: &str = "total struct size too long";
        let mut layout = Layout {
            items: Vec::new(),
            size: 0,
            values: 0,
            big,
        };
        let mut bytes = rest.iter().copied().peekable();
        while let Some(mut code) = bytes.next() {
            if matches!(code, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c) {
                continue;
            }
            let mut count: usize = 1;
            if code.is_ascii_digit() {
                count = (code - b'0') as usize;
                loop {
                    match bytes.next() {
                        Some(d) if d.is_ascii_digit() => {
                            count = count
                                .checked_mul(10)
                                .and_then(|n| n.checked_add((d - b'0') as usize))
                                .filter(|n| *n <= isize::MAX as usize)
                                .ok_or(TOO_LONG)?;
                        }
                        Some(c) => {
                            code = c;
                            break;
                        }
                        None => return Err("repeat count given without format specifier"),
                    }
                }
            }
            let (size, align) = directive(code, native).ok_or("bad char in struct format")?;
            if aligned {
                layout.size = layout
                    .size
                    .checked_next_multiple_of(align)
                    .ok_or(TOO_LONG)?;
            }
            layout.items.push(Item {
                code,
                count,
                size,
                offset: layout.size,
            });
            layout.values += match code {
                b'x' => 0,
                b's' | b'p' => 1,
                _ => count,
            };
            layout.size = size
                .checked_mul(count)
                .and_then(|n| n.checked_add(layout.size))
                .filter(|n| *n <= isize::MAX as usize)
                .ok_or(TOO_LONG)?;
        }
        Ok(layout)
    }
}

/// The half-precision number nearest to `x` (ties to even); None when it is too large.
pub fn to_half(x: f64) -> Option<u16> {
    let bits = x.to_bits();
    let sign = (bits >> 48) as u16 & 0x8000;
    if x.is_nan() {
        return Some(sign | 0x7e00);
    }
    if x.is_infinite() {
        return Some(sign | 0x7c00);
    }
    let exponent = ((bits >> 52) & 0x7ff) as i32 - 1023;
    if exponent < -25 {
        return Some(sign);
    }
    // As a multiple of the unit in the last place at this exponent, rounded half to even.
    let unit = exponent.max(-14) - 10;
    let scaled = x.abs() * f64::from_bits(((1023 - unit) as u64) << 52);
    let mantissa = scaled.round_ties_even() as u32;
    let half = if exponent < -14 {
        mantissa
    } else {
        (((exponent + 14) as u32) << 10) + mantissa
    };
    if half >= 0x7c00 {
        return None;
    }
    Some(sign | half as u16)
}

/// A half-precision number as a double.
pub fn from_half(h: u16) -> f64 {
    let sign = if h & 0x8000 != 0 { -1.0 } else { 1.0 };
    let (exponent, mantissa) = ((h >> 10) & 0x1f, (h & 0x3ff) as f64);
    let unit = f64::from_bits((1023 - 24) << 52);
    sign * match exponent {
        0 => mantissa * unit,
        31 if mantissa == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        e => (1024.0 + mantissa) * unit * f64::from_bits((1023 + e as u64 - 1) << 52),
    }
}
