//! `translate` and `maketrans`

use super::Str;
use crate::Thread;
use crate::call::Args;
use crate::object::{Gc, Result, Value};
use crate::pymethods;
use crate::types::dict::Dict;
use crate::types::{ExceptionClass, T};
use crate::unicode::{Text, TextBuilder};

/// What a code point becomes.
#[derive(Clone)]
enum Mapped {
    Same,
    Char(u32),
    Text(Text),
    Nothing,
}

/// What a table says of a code point.
#[inline]
fn entry(th: &mut Thread, table: Value, c: u32) -> Result<Option<Value>> {
    let key = Value::small(c as i32);
    match table.downcast::<Dict>() {
        Some(d) if th.is_exact(table, T::Dict) => d.get(th, key),
        _ => match th.get_item(table, key) {
            Ok(v) => Ok(Some(v)),
            Err(e) => {
                if !th.pending_matches(ExceptionClass::LookupError) {
                    return Err(e);
                }
                th.clear_pending();
                Ok(None)
            }
        },
    }
}

fn look_up(th: &mut Thread, table: Value, c: u32) -> Result<Mapped> {
    let Some(v) = entry(th, table, c)? else {
        return Ok(Mapped::Same);
    };
    if th.is_none(v) {
        return Ok(Mapped::Nothing);
    }
    if let Some(s) = v.downcast::<Str>() {
        return Ok(match s.len() {
            1 => Mapped::Char(s.at(0).unwrap_or(0)),
            _ => Mapped::Text(s.text_ref().to_text()),
        });
    }
    if crate::types::int::is_int(v) {
        let i = crate::types::int::to_i64(v).unwrap_or(-1);
        return match u32::try_from(i) {
            Ok(c) if c < 0x110000 => Ok(Mapped::Char(c)),
            _ => Err(th.value_error("character mapping must be in range(0x110000)")),
        };
    }
    Err(th.type_error("character mapping must return integer, None or str"))
}

/// In a table of ASCII characters: not looked up yet.
const UNKNOWN: u8 = 0xFF;
/// In a table of ASCII characters: becomes nothing.
const NOTHING: u8 = 0xFE;

/// The ASCII character or [`NOTHING`] that an ASCII character becomes; None for anything else.
#[inline]
fn ascii_entry(th: &mut Thread, table: Value, b: u8) -> Result<Option<u8>> {
    let Some(v) = entry(th, table, b.into())? else {
        return Ok(Some(b));
    };
    if th.is_none(v) {
        return Ok(Some(NOTHING));
    }
    let c = match v.downcast::<Str>() {
        Some(s) if s.len() == 1 => s.at(0),
        Some(_) => None,
        None => v.as_int().and_then(|i| u32::try_from(i).ok()),
    };
    Ok(c.filter(|c| *c < 0x80).map(|c| c as u8))
}

/// Translates ASCII characters up to one that becomes something else than an ASCII character or
/// nothing; gives how many were translated.
fn translate_ascii(th: &mut Thread, text: &[u8], table: Value, out: &mut Vec<u8>) -> Result<usize> {
    let mut known = [UNKNOWN; 128];
    for (i, b) in text.iter().enumerate() {
        let slot = usize::from(b & 0x7F);
        let mut to = known[slot];
        if to == UNKNOWN {
            match ascii_entry(th, table, *b)? {
                Some(found) => to = found,
                None => return Ok(i),
            }
            known[slot] = to;
        }
        if to != NOTHING {
            out.push(to);
        }
    }
    Ok(text.len())
}

fn pair_tables(th: &mut Thread, d: Gc<Dict>, x: Gc<Str>, y: Value) -> Result<()> {
    let Some(y) = y.downcast::<Str>() else {
        let got = th.type_name(y);
        return Err(th.type_error(format!("maketrans() argument 2 must be str, not {got}")));
    };
    if x.len() != y.len() {
        return Err(th.value_error("the first two maketrans arguments must have equal length"));
    }
    for (a, b) in x.code_points().zip(y.code_points()) {
        d.set(th, Value::small(a as i32), Value::small(b as i32))?;
    }
    Ok(())
}

#[pymethods(table = METHODS)]
impl Str {
    /// Replace each character in the string using the given translation table.
    #[pymethod]
    fn translate(th: &mut Thread, this: Gc<Str>, table: Value) -> Result<Gc<Str>> {
        let mut room = th.take_room();
        let done = match this.as_ascii() {
            Some(s) => {
                room.reserve(s.len());
                translate_ascii(th, s.as_bytes(), table, &mut room)?
            }
            None => 0,
        };
        let mut out = TextBuilder::after_ascii(room);
        if done == this.len() {
            return Ok(th.finish_text(out));
        }
        let mut known: Vec<Option<Mapped>> = vec![None; 128];
        for c in this.code_points().skip(done) {
            let mapped = match known.get(c as usize) {
                Some(Some(m)) => m.clone(),
                _ => {
                    let m = look_up(th, table, c)?;
                    if let Some(k) = known.get_mut(c as usize) {
                        *k = Some(m.clone());
                    }
                    m
                }
            };
            match mapped {
                Mapped::Same => out.push(c),
                Mapped::Char(c) => out.push(c),
                Mapped::Text(t) => out.push_text(t.as_ref()),
                Mapped::Nothing => {}
            }
        }
        Ok(th.finish_text(out))
    }

    /// Return a translation table usable for str.translate().
    #[pystaticmethod(raw)]
    fn maketrans(th: &mut Thread, args: Args<'_>) -> Result {
        if args.keyword_count() > 0 {
            return Err(th.type_error("str.maketrans() takes no keyword arguments"));
        }
        let d = th.new_dict();
        match args.values {
            [x] => {
                let Some(source) = x.downcast::<Dict>() else {
                    return Err(th.type_error(
                        "if you give only one argument to maketrans it must be a dict",
                    ));
                };
                let mut at = 0;
                while let Some((next, k, v)) = source.entry_from(at) {
                    at = next;
                    let key = match k.downcast::<Str>() {
                        Some(s) if s.len() == 1 => Value::small(s.at(0).unwrap_or(0) as i32),
                        Some(_) => {
                            return Err(
                                th.value_error("string keys in translatetable must be of length 1")
                            );
                        }
                        None if crate::types::int::is_int(k) => k,
                        None => {
                            return Err(th.type_error(
                                "keys in translate table must be strings or integers",
                            ));
                        }
                    };
                    d.set(th, key, v)?;
                }
            }
            [x, y, rest @ ..] if rest.len() <= 1 => {
                if y.downcast::<Str>().is_none() {
                    let got = th.type_name_for_error(*y);
                    return Err(
                        th.type_error(format!("maketrans() argument 2 must be str, not {got}"))
                    );
                }
                let Some(x) = x.downcast::<Str>() else {
                    return Err(th.type_error(
                        "first maketrans argument must be a string if there is a second argument",
                    ));
                };
                pair_tables(th, d, x, *y)?;
                if let [z] = rest {
                    let Some(z) = z.downcast::<Str>() else {
                        let got = th.type_name_for_error(*z);
                        return Err(
                            th.type_error(format!("maketrans() argument 3 must be str, not {got}"))
                        );
                    };
                    let none = th.none();
                    for c in z.code_points() {
                        d.set(th, Value::small(c as i32), none)?;
                    }
                }
            }
            other => {
                let n = other.len();
                let bound = if n == 0 {
                    "at least 1 argument"
                } else {
                    "at most 3 arguments"
                };
                return Err(th.type_error(format!("maketrans expected {bound}, got {n}")));
            }
        }
        Ok(d.value())
    }
}
