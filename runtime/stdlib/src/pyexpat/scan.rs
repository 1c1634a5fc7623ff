//! The smallest pieces: names, literals, attributes of a tag. They work on UTF-8 and say how far
//! a piece goes, that it goes on behind the end of what is there, or where it is wrong.

/// What scanning gave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stop {
    /// More input is needed.
    Partial,
    /// Not well-formed at this place.
    Bad(usize),
}

/// An end, or why there is none.
pub type Scan<T = usize> = Result<T, Stop>;

/// Blank in the sense of XML.
pub fn is_space(b: u8) -> bool {
    matches!(b, b' ' | b'\t' | b'\n' | b'\r')
}

/// Skips blanks.
pub fn skip_space(b: &[u8], mut i: usize) -> usize {
    while b.get(i).is_some_and(|c| is_space(*c)) {
        i += 1;
    }
    i
}

fn is_start(c: char) -> bool {
    matches!(c, ':' | '_' | 'A'..='Z' | 'a'..='z'
        | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{2126}' | '\u{212A}'..='\u{212B}'
        | '\u{212E}' | '\u{2180}'..='\u{2182}' | '\u{3007}' | '\u{3021}'..='\u{3029}'
        | '\u{3041}'..='\u{3094}' | '\u{30A1}'..='\u{30FA}' | '\u{3105}'..='\u{312C}'
        | '\u{4E00}'..='\u{9FA5}' | '\u{AC00}'..='\u{D7A3}')
}

fn is_name(c: char) -> bool {
    is_start(c)
        || matches!(c, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}'
            | '\u{20D0}'..='\u{20DC}' | '\u{20E1}' | '\u{3005}' | '\u{302A}'..='\u{302F}'
            | '\u{3031}'..='\u{3035}' | '\u{3099}'..='\u{309A}' | '\u{309D}'..='\u{309E}'
            | '\u{30FC}'..='\u{30FE}')
}

/// The character at a place of valid UTF-8.
pub fn char_at(b: &[u8], i: usize) -> Option<(char, usize)> {
    let first = *b.get(i)?;
    let n = match first {
        0..=0x7F => return Some((first as char, 1)),
        0xC0..=0xDF => 2,
        0xE0..=0xEF => 3,
        _ => 4,
    };
    let c = std::str::from_utf8(b.get(i..i + n)?).ok()?.chars().next()?;
    Some((c, n))
}

/// Does a name begin here?
pub fn starts_name(b: &[u8], i: usize) -> bool {
    char_at(b, i).is_some_and(|(c, _)| is_start(c))
}

/// The end of a run of name characters, which may be empty.
pub fn name_run(b: &[u8], mut i: usize) -> usize {
    while let Some(c) = b.get(i) {
        if c.is_ascii_alphanumeric() || matches!(c, b'_' | b':' | b'-' | b'.') {
            i += 1;
        } else if *c >= 128
            && let Some((c, n)) = char_at(b, i)
            && is_name(c)
        {
            i += n;
        } else {
            break;
        }
    }
    i
}

/// The end of a name.
pub fn name(b: &[u8], i: usize) -> Scan {
    if i >= b.len() {
        return Err(Stop::Partial);
    }
    if !starts_name(b, i) {
        return Err(Stop::Bad(i));
    }
    Ok(name_run(b, i))
}

/// Is a character allowed in XML at all?
pub fn is_char(c: u32) -> bool {
    matches!(c, 9 | 10 | 13 | 0x20..=0xD7FF | 0xE000..=0xFFFD | 0x10000..=0x10FFFF)
}

/// The place behind the first occurrence of `end`. Characters before it must be allowed ones.
pub fn until(b: &[u8], i: usize, end: &[u8]) -> Scan {
    let found = memchr::memmem::find(b.get(i..).unwrap_or(&[]), end).map(|n| i + n);
    if let Some(bad) = bad_char(b, i, found.unwrap_or(b.len())) {
        return Err(Stop::Bad(bad));
    }
    found.map(|n| n + end.len()).ok_or(Stop::Partial)
}

/// The first character that XML does not allow.
pub fn bad_char(b: &[u8], from: usize, to: usize) -> Option<usize> {
    let part = &b[from..to];
    let i = part.iter().enumerate().position(|(i, c)| {
        (*c < 32 && !is_space(*c))
            || (*c == 0xEF && matches!(part.get(i + 1..i + 3), Some([0xBF, 0xBE | 0xBF])))
    })?;
    Some(from + i)
}

/// A reference behind its `&`: the end, and whether it is a character's.
pub fn reference(b: &[u8], i: usize) -> Scan<(usize, bool)> {
    match b.get(i) {
        None => Err(Stop::Partial),
        Some(b'#') => {
            let (from, hex) = match b.get(i + 1) {
                Some(b'x') => (i + 2, true),
                _ => (i + 1, false),
            };
            let mut j = from;
            while b.get(j).is_some_and(|c| {
                if hex {
                    c.is_ascii_hexdigit()
                } else {
                    c.is_ascii_digit()
                }
            }) {
                j += 1;
            }
            match b.get(j) {
                None => Err(Stop::Partial),
                Some(b';') if j > from => Ok((j + 1, true)),
                _ => Err(Stop::Bad(j)),
            }
        }
        _ => {
            let j = name(b, i)?;
            match b.get(j) {
                None => Err(Stop::Partial),
                Some(b';') => Ok((j + 1, false)),
                _ => Err(Stop::Bad(j)),
            }
        }
    }
}

/// The character of a reference like `#65` or `#x41`, if it is one that XML allows.
pub fn char_reference(text: &[u8]) -> Option<char> {
    let text = std::str::from_utf8(text).ok()?;
    let n = match text.strip_prefix("#x") {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => text.strip_prefix('#')?.parse().ok()?,
    };
    char::from_u32(n).filter(|_| is_char(n))
}

/// The character of `lt`, `gt`, `amp`, `quot`, `apos`.
pub fn predefined(name: &[u8]) -> Option<char> {
    Some(match name {
        b"lt" => '<',
        b"gt" => '>',
        b"amp" => '&',
        b"quot" => '"',
        b"apos" => '\'',
        _ => return None,
    })
}

/// Is it a word of declarations, where none may stand? Bad where no such word begins like this.
pub fn prolog_token(b: &[u8], i: usize, last: bool) -> Scan<()> {
    let next = |j: usize, fits: &[u8]| match b.get(j) {
        None if last => Ok(()),
        None => Err(Stop::Partial),
        Some(c) if is_space(*c) || fits.contains(c) => Ok(()),
        Some(_) => Err(Stop::Bad(j)),
    };
    match b[i] {
        q @ (b'"' | b'\'') => match memchr::memchr(q, &b[i + 1..]) {
            Some(n) => next(i + n + 2, b">%["),
            None => Err(Stop::Partial),
        },
        b'%' if starts_name(b, i + 1) => {
            let end = name_run(b, i + 1);
            match b.get(end) {
                Some(b';') => Ok(()),
                None => Err(Stop::Partial),
                Some(_) => Err(Stop::Bad(end)),
            }
        }
        b'%' => next(i + 1, b"%"),
        b'#' if starts_name(b, i + 1) => next(name_run(b, i + 1), b")>%|"),
        b'#' => Err(Stop::Bad(i + 1)),
        b')' => next(i + 1, b"*+?>,|)"),
        b',' | b'[' | b']' | b'(' | b'|' | b'>' => Ok(()),
        _ => {
            let end = name_run(b, i);
            if end == i {
                return Err(Stop::Bad(i));
            }
            if starts_name(b, i) {
                next(end, b">),|[%+*?")
            } else {
                next(end, b">),|[%")
            }
        }
    }
}

/// An attribute as it is written: ranges of name and value.
#[derive(Clone, Copy, Debug)]
pub struct RawAttribute {
    /// Range of the name.
    pub name: (usize, usize),
    /// Range of the value, without quotes.
    pub value: (usize, usize),
    /// The value is as it is written.
    pub plain: bool,
}

/// A start tag as it is written.
#[derive(Clone, Debug)]
pub struct RawTag {
    /// End of the name, which begins behind the `<`.
    pub name_end: usize,
    /// It ends in `/>`.
    pub empty: bool,
    /// Where it ends.
    pub end: usize,
}

/// A start tag; `i` is behind its `<`. The attributes go to `out`.
pub fn start_tag(b: &[u8], i: usize, out: &mut Vec<RawAttribute>) -> Scan<RawTag> {
    out.clear();
    let name_end = name(b, i)?;
    let mut j = name_end;
    loop {
        let k = skip_space(b, j);
        match b.get(k) {
            None => return Err(Stop::Partial),
            Some(b'>') => {
                return Ok(RawTag {
                    name_end,
                    empty: false,
                    end: k + 1,
                });
            }
            Some(b'/') => {
                return match b.get(k + 1) {
                    None => Err(Stop::Partial),
                    Some(b'>') => Ok(RawTag {
                        name_end,
                        empty: true,
                        end: k + 2,
                    }),
                    _ => Err(Stop::Bad(k + 1)),
                };
            }
            Some(_) if k == j => return Err(Stop::Bad(k)),
            _ => {}
        }
        let n = name(b, k)?;
        let eq = skip_space(b, n);
        match b.get(eq) {
            None => return Err(Stop::Partial),
            Some(b'=') => {}
            _ => return Err(Stop::Bad(eq)),
        }
        let q = skip_space(b, eq + 1);
        let quote = match b.get(q) {
            None => return Err(Stop::Partial),
            Some(c @ (b'"' | b'\'')) => *c,
            _ => return Err(Stop::Bad(q)),
        };
        let mut plain = true;
        let mut v = q + 1;
        loop {
            match b.get(v) {
                None => return Err(Stop::Partial),
                Some(c) if *c == quote => break,
                Some(b'<') => return Err(Stop::Bad(v)),
                Some(b'&') => {
                    plain = false;
                    v = reference(b, v + 1)?.0;
                    continue;
                }
                Some(b'\t' | b'\n' | b'\r') => plain = false,
                Some(c) if *c < 32 => return Err(Stop::Bad(v)),
                Some(0xEF) if bad_char(b, v, (v + 3).min(b.len())).is_some() => {
                    return Err(Stop::Bad(v));
                }
                _ => {}
            }
            v += 1;
        }
        out.push(RawAttribute {
            name: (k, n),
            value: (q + 1, v),
            plain,
        });
        j = v + 1;
    }
}

/// A declaration `<!…>` of a DTD: the end. Quoted literals may hold anything.
pub fn declaration(b: &[u8], i: usize) -> Scan {
    let mut j = i;
    loop {
        match b.get(j) {
            None => return Err(Stop::Partial),
            Some(b'>') => return Ok(j + 1),
            Some(b'"' | b'\'') if !is_space(b[j - 1]) => return Err(Stop::Bad(j)),
            Some(q @ (b'"' | b'\'')) => match memchr::memchr(*q, &b[j + 1..]) {
                Some(n) => {
                    j += n + 1;
                    match b.get(j + 1) {
                        None => return Err(Stop::Partial),
                        Some(c) if is_space(*c) || b">%[".contains(c) => {}
                        Some(_) => return Err(Stop::Bad(j + 1)),
                    }
                }
                None => return Err(Stop::Partial),
            },
            Some(b'<' | b'[' | b']' | b'&' | b'=' | b'!' | b'/') => return Err(Stop::Bad(j)),
            Some(c) if *c < 32 && !is_space(*c) => return Err(Stop::Bad(j)),
            _ => {}
        }
        j += 1;
    }
}
