//! Bytes of any encoding to UTF-8, as they come in.

/// How the bytes of a document are encoded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Encoding {
    /// Not known yet.
    Unknown,
    /// UTF-8.
    Utf8,
    /// UTF-16, little-endian.
    Utf16Le,
    /// UTF-16, big-endian.
    Utf16Be,
    /// ISO 8859-1.
    Latin1,
    /// ASCII.
    Ascii,
    /// One byte, one character; None where a byte means nothing.
    Table(Box<[Option<char>]>),
}

/// Turns chunks of bytes into UTF-8.
pub struct Decoder {
    /// The encoding.
    pub encoding: Encoding,
    pending: Vec<u8>,
    /// What came is not valid in the encoding.
    pub broken: bool,
}

impl Decoder {
    /// A decoder that is yet to find out.
    pub fn new(encoding: Encoding) -> Decoder {
        Decoder {
            encoding,
            pending: Vec::new(),
            broken: false,
        }
    }

    /// Are bytes turned into others?
    pub fn converts(&self) -> bool {
        !matches!(
            self.encoding,
            Encoding::Unknown | Encoding::Utf8 | Encoding::Ascii
        )
    }

    /// Is the beginning of a character left over?
    pub fn has_pending(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Finds the encoding by the first bytes; false when there are too few.
    fn detect(&mut self, last: bool) -> bool {
        let b = &self.pending;
        let (encoding, skip) = match b.as_slice() {
            [0xEF, 0xBB, 0xBF, ..] => (Encoding::Utf8, 3),
            [0xFF, 0xFE, ..] => (Encoding::Utf16Le, 2),
            [0xFE, 0xFF, ..] => (Encoding::Utf16Be, 2),
            [b'<', 0, ..] => (Encoding::Utf16Le, 0),
            [0, b'<', ..] => (Encoding::Utf16Be, 0),
            [0xEF] | [0xEF, 0xBB] | [0xFF] | [0xFE] | [0] | [b'<'] | [] if !last => return false,
            _ => (Encoding::Utf8, 0),
        };
        self.pending.drain(..skip);
        self.encoding = encoding;
        true
    }

    /// Decodes what was pending and `data`; what is incomplete stays pending.
    pub fn decode(&mut self, data: &[u8], last: bool, out: &mut Vec<u8>) {
        if self.broken {
            return;
        }
        self.pending.extend_from_slice(data);
        if self.encoding == Encoding::Unknown && !self.detect(last) {
            return;
        }
        let input = std::mem::take(&mut self.pending);
        match &self.encoding {
            Encoding::Unknown | Encoding::Utf8 => match std::str::from_utf8(&input) {
                Ok(_) => out.extend_from_slice(&input),
                Err(e) => {
                    let n = e.valid_up_to();
                    out.extend_from_slice(&input[..n]);
                    if e.error_len().is_none() {
                        self.pending = input[n..].to_vec();
                    } else {
                        self.broken = true;
                    }
                }
            },
            Encoding::Utf16Le | Encoding::Utf16Be => {
                let big = self.encoding == Encoding::Utf16Be;
                let unit = |i: usize| {
                    let pair = [input[i], input[i + 1]];
                    if big {
                        u16::from_be_bytes(pair)
                    } else {
                        u16::from_le_bytes(pair)
                    }
                };
                let mut i = 0;
                while i + 1 < input.len() {
                    let u = unit(i);
                    let mut c = u as u32;
                    let mut width = 2;
                    if (0xD800..0xDC00).contains(&u) {
                        if i + 3 >= input.len() {
                            break;
                        }
                        let low = unit(i + 2);
                        c = 0x10000 + ((c - 0xD800) << 10) + (low as u32).wrapping_sub(0xDC00);
                        width = 4;
                        if !(0xDC00..0xE000).contains(&low) {
                            self.broken = true;
                            return;
                        }
                    }
                    match char::from_u32(c) {
                        Some(c) => push(out, c),
                        None => {
                            self.broken = true;
                            return;
                        }
                    }
                    i += width;
                }
                self.pending = input[i..].to_vec();
            }
            Encoding::Latin1 => input.iter().for_each(|b| push(out, *b as char)),
            Encoding::Ascii => match input.iter().position(|b| *b >= 128) {
                Some(i) => {
                    out.extend_from_slice(&input[..i]);
                    self.broken = true;
                }
                None => out.extend_from_slice(&input),
            },
            Encoding::Table(t) => {
                for b in &input {
                    match t.get(*b as usize).copied().flatten() {
                        Some(c) => push(out, c),
                        None => {
                            self.broken = true;
                            return;
                        }
                    }
                }
            }
        }
    }
}

fn push(out: &mut Vec<u8>, c: char) {
    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}
