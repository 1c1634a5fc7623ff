//! JSON text to values. Generic over the width of the text's units.

use super::{Scanner, decode_error};
use taipan_vm::object::{Gc, Raised};
use taipan_vm::types::dict::Dict;
use taipan_vm::types::str_::{Str, Units};
use taipan_vm::types::{ExceptionClass, T};
use taipan_vm::{Result, Thread, Value, ValueVec};

/// A text being scanned.
struct Scan<'a, U> {
    text: Gc<Str>,
    units: &'a [U],
    options: Gc<Scanner>,
    /// Keys seen so far: equal ones are one object.
    keys: Gc<Dict>,
    plain_float: bool,
    plain_int: bool,
}

/// Calls `$f` with the units of a string.
macro_rules! with_units {
    ($s:expr, $units:ident => $body:expr) => {
        match $s.units() {
            Units::Ascii(t) => {
                let $units = t.as_bytes();
                $body
            }
            Units::Latin1($units) => $body,
            Units::Ucs2($units) => $body,
            Units::Ucs4($units) => $body,
        }
    };
}

/// The value at an index and the index behind it.
pub(super) fn scan(th: &mut Thread, options: Gc<Scanner>, text: Gc<Str>, at: i64) -> Result {
    let Ok(at) = usize::try_from(at) else {
        return Err(th.value_error("idx cannot be negative"));
    };
    let float = th.vm().ty(T::Float).value();
    let int = th.vm().ty(T::Int).value();
    let keys = th.new_dict();
    let (plain_float, plain_int) = (options.parse_float.is(float), options.parse_int.is(int));
    let (v, end) = with_units!(text, units => Scan {
        text,
        units,
        options,
        keys,
        plain_float,
        plain_int,
    }
    .value(th, at))?;
    let end = th.int(end as i64);
    Ok(th.new_tuple(&[v, end]).value())
}

/// The string whose contents begin at an index, and the index behind its end.
pub(super) fn string(
    th: &mut Thread,
    text: Gc<Str>,
    at: i64,
    strict: bool,
) -> Result<(Value, usize)> {
    let at = match usize::try_from(at) {
        Ok(at) if at <= text.len() => at,
        _ => return Err(th.value_error("end is out of bounds")),
    };
    with_units!(text, units => scan_string(th, text, units, at, strict))
}

fn scan_string<U: Copy + Into<u32>>(
    th: &mut Thread,
    text: Gc<Str>,
    units: &[U],
    begin: usize,
    strict: bool,
) -> Result<(Value, usize)> {
    let mut points: Vec<u32> = Vec::new();
    let (mut at, mut done) = (begin, begin);
    loop {
        let Some(&u) = units.get(at) else {
            let at = begin.saturating_sub(1);
            return Err(decode_error(
                th,
                "Unterminated string starting at",
                text,
                at,
            ));
        };
        let c: u32 = u.into();
        if c == u32::from(b'"') {
            break;
        }
        if c >= 0x20 && c != u32::from(b'\\') {
            at += 1;
            continue;
        }
        if c < 0x20 {
            if strict {
                return Err(decode_error(th, "Invalid control character at", text, at));
            }
            at += 1;
            continue;
        }
        points.extend(units[done..at].iter().map(|u| -> u32 { (*u).into() }));
        let Some(&e) = units.get(at + 1) else {
            let at = begin.saturating_sub(1);
            return Err(decode_error(
                th,
                "Unterminated string starting at",
                text,
                at,
            ));
        };
        let e: u32 = e.into();
        let simple = match u8::try_from(e).unwrap_or(0) {
            b'"' => b'"',
            b'\\' => b'\\',
            b'/' => b'/',
            b'b' => 8,
            b'f' => 12,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'u' => {
                let Some(mut c) = hex4(units, at + 2) else {
                    return Err(decode_error(th, "Invalid \\uXXXX escape", text, at + 1));
                };
                at += 6;
                let is = |i: usize, b: u8| {
                    units.get(i).is_some_and(|u| -> bool {
                        let c: u32 = (*u).into();
                        c == u32::from(b)
                    })
                };
                if (0xD800..0xDC00).contains(&c)
                    && is(at, b'\\')
                    && is(at + 1, b'u')
                    && let Some(low @ 0xDC00..0xE000) = hex4(units, at + 2)
                {
                    c = 0x10000 + ((c & 0x3FF) << 10 | (low & 0x3FF));
                    at += 6;
                }
                points.push(c);
                done = at;
                continue;
            }
            _ => return Err(decode_error(th, "Invalid \\escape", text, at)),
        };
        points.push(u32::from(simple));
        at += 2;
        done = at;
    }
    if points.is_empty() && done == begin {
        return Ok((th.substring(text, begin, at).value(), at + 1));
    }
    points.extend(units[done..at].iter().map(|u| -> u32 { (*u).into() }));
    Ok((th.str_from_code_points(&points).value(), at + 1))
}

fn hex4<U: Copy + Into<u32>>(units: &[U], at: usize) -> Option<u32> {
    let digits = units.get(at..at + 4)?;
    let mut n = 0;
    for d in digits {
        let c: u32 = (*d).into();
        n = n << 4 | char::from_u32(c).filter(char::is_ascii)?.to_digit(16)?;
    }
    Some(n)
}

/// StopIteration with an index: there is no value.
#[cold]
fn stop(th: &mut Thread, at: usize) -> Raised {
    let at = th.int(at as i64);
    th.raise_with(ExceptionClass::StopIteration, &[at])
}

impl<U: Copy + Into<u32>> Scan<'_, U> {
    #[inline(always)]
    fn at(&self, i: usize) -> u8 {
        match self.units.get(i) {
            Some(&u) => {
                let c: u32 = u.into();
                if c < 0x80 { c as u8 } else { 0xFF }
            }
            None => 0,
        }
    }

    fn error(&self, th: &mut Thread, message: &str, at: usize) -> Raised {
        decode_error(th, message, self.text, at)
    }

    #[inline]
    fn skip(&self, mut i: usize) -> usize {
        while matches!(self.at(i), b' ' | b'\t' | b'\n' | b'\r') && i < self.units.len() {
            i += 1;
        }
        i
    }

    fn word(&self, i: usize, word: &[u8]) -> bool {
        word.iter().enumerate().all(|(n, b)| self.at(i + n) == *b)
    }

    fn constant(&self, th: &mut Thread, name: &str, end: usize) -> Result<(Value, usize)> {
        let name = th.intern(name).value();
        Ok((th.call(self.options.parse_constant, &[name])?, end))
    }

    fn value(&self, th: &mut Thread, i: usize) -> Result<(Value, usize)> {
        if i >= self.units.len() {
            return Err(stop(th, i));
        }
        match self.at(i) {
            b'"' => scan_string(th, self.text, self.units, i + 1, self.options.strict),
            b'{' => self.object(th, i + 1),
            b'[' => self.array(th, i + 1),
            b'n' if self.word(i, b"null") => Ok((th.none(), i + 4)),
            b't' if self.word(i, b"true") => Ok((th.bool(true), i + 4)),
            b'f' if self.word(i, b"false") => Ok((th.bool(false), i + 5)),
            b'N' if self.word(i, b"NaN") => self.constant(th, "NaN", i + 3),
            b'I' if self.word(i, b"Infinity") => self.constant(th, "Infinity", i + 8),
            b'-' if self.word(i, b"-Infinity") => self.constant(th, "-Infinity", i + 9),
            b'-' | b'0'..=b'9' => self.number(th, i),
            _ => Err(stop(th, i)),
        }
    }

    fn number(&self, th: &mut Thread, start: usize) -> Result<(Value, usize)> {
        let mut i = start;
        let negative = self.at(i) == b'-';
        if negative {
            i += 1;
        }
        let digits = |mut i: usize| {
            while self.at(i).is_ascii_digit() {
                i += 1;
            }
            i
        };
        let first = i;
        match self.at(i) {
            b'0' => i += 1,
            b'1'..=b'9' => i = digits(i),
            _ => return Err(stop(th, start)),
        }
        let whole = i;
        let mut float = false;
        if self.at(i) == b'.' && self.at(i + 1).is_ascii_digit() {
            float = true;
            i = digits(i + 1);
        }
        if matches!(self.at(i), b'e' | b'E') {
            let mut e = i + 1;
            if matches!(self.at(e), b'+' | b'-') {
                e += 1;
            }
            if self.at(e).is_ascii_digit() {
                float = true;
                i = digits(e);
            }
        }
        if !float && self.plain_int && whole - first <= 18 {
            let n = (first..whole).fold(0i64, |n, i| n * 10 + i64::from(self.at(i) - b'0'));
            return Ok((th.int(if negative { -n } else { n }), i));
        }
        if float && self.plain_float {
            let text: String = (start..i).map(|i| self.at(i) as char).collect();
            if let Ok(f) = text.parse::<f64>() {
                return Ok((th.float(f), i));
            }
        }
        let text = th.substring(self.text, start, i);
        let v = match float {
            true => th.call(self.options.parse_float, &[text.value()])?,
            false if self.plain_int => th.parse_int(&text, 10)?,
            false => th.call(self.options.parse_int, &[text.value()])?,
        };
        Ok((v, i))
    }

    fn array(&self, th: &mut Thread, i: usize) -> Result<(Value, usize)> {
        th.check_native_stack(" while decoding a JSON array from a unicode string")?;
        let items = ValueVec::new();
        let mut i = self.skip(i);
        if self.at(i) == b']' {
            return Ok((th.new_list().value(), i + 1));
        }
        loop {
            let (v, end) = self.value(th, i)?;
            th.push(&items, v)?;
            i = self.skip(end);
            match self.at(i) {
                b',' if i < self.units.len() => {}
                b']' => break,
                _ => return Err(self.error(th, "Expecting ',' delimiter", i)),
            }
            let comma = i;
            i = self.skip(i + 1);
            if self.at(i) == b']' {
                return Err(self.error(th, "Illegal trailing comma before end of array", comma));
            }
        }
        Ok((th.list_from_vec(items).value(), i + 1))
    }

    fn key(&self, th: &mut Thread, i: usize) -> Result<(Value, usize)> {
        let (key, end) = scan_string(th, self.text, self.units, i + 1, self.options.strict)?;
        match self.keys.get(th, key)? {
            Some(known) => Ok((known, end)),
            None => {
                self.keys.set(th, key, key)?;
                Ok((key, end))
            }
        }
    }

    fn object(&self, th: &mut Thread, i: usize) -> Result<(Value, usize)> {
        th.check_native_stack(" while decoding a JSON object from a unicode string")?;
        const NAME: &str = "Expecting property name enclosed in double quotes";
        let pairs = !th.is_none(self.options.object_pairs_hook);
        let (dict, list) = (th.new_dict(), ValueVec::new());
        let mut i = self.skip(i);
        if self.at(i) != b'}' {
            loop {
                if self.at(i) != b'"' {
                    return Err(self.error(th, NAME, i));
                }
                let (key, end) = self.key(th, i)?;
                i = self.skip(end);
                if self.at(i) != b':' {
                    return Err(self.error(th, "Expecting ':' delimiter", i));
                }
                i = self.skip(i + 1);
                let (v, end) = self.value(th, i)?;
                if pairs {
                    let pair = th.new_tuple(&[key, v]).value();
                    th.push(&list, pair)?;
                } else {
                    dict.set(th, key, v)?;
                }
                i = self.skip(end);
                match self.at(i) {
                    b',' => {}
                    b'}' => break,
                    _ => return Err(self.error(th, "Expecting ',' delimiter", i)),
                }
                let comma = i;
                i = self.skip(i + 1);
                if self.at(i) == b'}' {
                    return Err(self.error(
                        th,
                        "Illegal trailing comma before end of object",
                        comma,
                    ));
                }
            }
        }
        let v = if pairs {
            let list = th.list_from_vec(list).value();
            th.call(self.options.object_pairs_hook, &[list])?
        } else if !th.is_none(self.options.object_hook) {
            th.call(self.options.object_hook, &[dict.value()])?
        } else {
            dict.value()
        };
        Ok((v, i + 1))
    }
}
