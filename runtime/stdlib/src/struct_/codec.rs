//! Values to bytes and back.

use taipan_vm::object::{Raised, ValueVec};
use taipan_vm::types::ExceptionClass;
use taipan_vm::types::bytes::Bytes;
use taipan_vm::types::complex::Complex;
use taipan_vm::types::int;
use taipan_vm::{Result, Thread, Value};

use super::error;
use super::layout::{Item, Layout, from_half, to_half};

/// The bounds of an integer directive.
fn bounds(item: &Item) -> (i128, i128) {
    let bits = item.size as u32 * 8;
    if item.code.is_ascii_uppercase() {
        (0, (1i128 << bits) - 1)
    } else {
        (-(1i128 << (bits - 1)), (1i128 << (bits - 1)) - 1)
    }
}

#[cold]
fn out_of_range(th: &mut Thread, item: &Item) -> Raised {
    let (low, high) = bounds(item);
    let code = item.code as char;
    error(
        th,
        &format!("'{code}' format requires {low} <= number <= {high}"),
    )
}

fn pack_int(th: &mut Thread, item: &Item, v: Value) -> Result<u64> {
    let v = if v.is_int() {
        v
    } else {
        if !int::is_int(v) && th.class_of(v).slots().index.is_none() {
            return Err(error(th, "required argument is not an integer"));
        }
        th.index(v)?
    };
    let wide = match int::to_i64(v) {
        Some(i) => i as i128,
        None => match int::to_ibig(v).map(|i| i128::try_from(&i)) {
            Some(Ok(i)) => i,
            _ => return Err(out_of_range(th, item)),
        },
    };
    if item.code == b'P' {
        if (-(1i128 << 63)..1i128 << 64).contains(&wide) {
            return Ok(wide as u64);
        }
        return Err(error(th, "int too large to convert"));
    }
    let (low, high) = bounds(item);
    if wide < low || wide > high {
        return Err(out_of_range(th, item));
    }
    Ok(wide as u64)
}

fn pack_float(th: &mut Thread, v: Value) -> Result<f64> {
    match th.to_f64(v) {
        Ok(f) => Ok(f),
        Err(_) if th.pending_matches(ExceptionClass::TypeError) => {
            th.clear_pending();
            Err(error(th, "required argument is not a float"))
        }
        Err(e) => Err(e),
    }
}

fn put(out: &mut [u8], word: u64, big: bool) {
    let n = out.len();
    if big {
        out.copy_from_slice(&word.to_be_bytes()[8 - n..]);
    } else {
        out.copy_from_slice(&word.to_le_bytes()[..n]);
    }
}

fn take(data: &[u8], big: bool) -> u64 {
    let mut word = [0u8; 8];
    let n = data.len();
    if big {
        word[8 - n..].copy_from_slice(data);
        u64::from_be_bytes(word)
    } else {
        word[..n].copy_from_slice(data);
        u64::from_le_bytes(word)
    }
}

fn single(th: &mut Thread, f: f64) -> Result<u64> {
    let s = f as f32;
    if s.is_infinite() && f.is_finite() {
        return Err(th.overflow_error("float too large to pack with f format"));
    }
    Ok(s.to_bits() as u64)
}

fn pack_one(th: &mut Thread, item: &Item, big: bool, out: &mut [u8], v: Value) -> Result<()> {
    match item.code {
        b'c' => match v.downcast::<Bytes>() {
            Some(b) if b.len() == 1 => out[0] = b.as_slice()[0],
            _ => return Err(error(th, "char format requires a bytes object of length 1")),
        },
        b'?' => out[0] = th.truth(v)? as u8,
        b'd' => {
            let f = pack_float(th, v)?;
            put(out, f.to_bits(), big);
        }
        b'f' => {
            let f = pack_float(th, v)?;
            let word = single(th, f)?;
            put(out, word, big);
        }
        b'e' => {
            let f = pack_float(th, v)?;
            match to_half(f) {
                Some(h) => put(out, h as u64, big),
                None => return Err(th.overflow_error("float too large to pack with e format")),
            }
        }
        b'F' | b'D' => {
            let z = match th.to_complex(v) {
                Ok(z) => z,
                Err(_) => {
                    th.clear_pending();
                    return Err(error(th, "required argument is not a complex"));
                }
            };
            let (re, im) = out.split_at_mut(item.size / 2);
            if item.code == b'F' {
                let words = [single(th, z.re)?, single(th, z.im)?];
                put(re, words[0], big);
                put(im, words[1], big);
            } else {
                put(re, z.re.to_bits(), big);
                put(im, z.im.to_bits(), big);
            }
        }
        _ => {
            let word = pack_int(th, item, v)?;
            put(out, word, big);
        }
    }
    Ok(())
}

/// The bytes of values; `name` is the function in errors.
pub fn pack(th: &mut Thread, layout: &Layout, values: &[Value], name: &str) -> Result<Vec<u8>> {
    if values.len() != layout.values {
        let (want, got) = (layout.values, values.len());
        return Err(error(
            th,
            &format!("{name} expected {want} items for packing (got {got})"),
        ));
    }
    let enough = taipan_vm::number::check_memory(layout.size);
    th.format_result(enough)?;
    let mut out = vec![0u8; layout.size];
    let mut values = values.iter().copied();
    for item in &layout.items {
        let all = &mut out[item.offset..item.offset + item.size * item.count];
        match item.code {
            b'x' => {}
            b's' | b'p' => {
                let v = values.next().unwrap_or(th.none());
                let Some(text) = th.bytes_like(v)? else {
                    let code = item.code as char;
                    return Err(error(
                        th,
                        &format!("argument for '{code}' must be a bytes object"),
                    ));
                };
                if item.code == b's' {
                    let n = text.len().min(all.len());
                    all[..n].copy_from_slice(&text[..n]);
                } else if let Some((length, rest)) = all.split_first_mut() {
                    let n = text.len().min(rest.len());
                    rest[..n].copy_from_slice(&text[..n]);
                    *length = n.min(255) as u8;
                }
            }
            _ => {
                for place in all.chunks_exact_mut(item.size) {
                    let v = values.next().unwrap_or(th.none());
                    pack_one(th, item, layout.big, place, v)?;
                }
            }
        }
    }
    Ok(out)
}

fn unpack_one(th: &mut Thread, item: &Item, big: bool, data: &[u8]) -> Value {
    match item.code {
        b'c' => th.new_bytes(data).value(),
        b'?' => th.bool(data[0] != 0),
        b'd' => th.float(f64::from_bits(take(data, big))),
        b'f' => th.float(f32::from_bits(take(data, big) as u32) as f64),
        b'e' => th.float(from_half(take(data, big) as u16)),
        b'F' | b'D' => {
            let (re, im) = data.split_at(item.size / 2);
            let part = |d: &[u8]| {
                if item.code == b'F' {
                    f32::from_bits(take(d, big) as u32) as f64
                } else {
                    f64::from_bits(take(d, big))
                }
            };
            th.complex(Complex {
                re: part(re),
                im: part(im),
            })
        }
        code => {
            let word = take(data, big);
            if code.is_ascii_uppercase() {
                th.int_from_u64(word)
            } else {
                let unused = 64 - 8 * item.size as u32;
                th.int((word << unused) as i64 >> unused)
            }
        }
    }
}

/// The values in `data`, which has the layout's size, as a tuple.
pub fn unpack(th: &mut Thread, layout: &Layout, data: &[u8]) -> Result {
    let out = ValueVec::new();
    for item in &layout.items {
        let all = &data[item.offset..item.offset + item.size * item.count];
        match item.code {
            b'x' => {}
            b's' => {
                let v = th.new_bytes(all).value();
                th.push(&out, v)?;
            }
            b'p' => {
                let text = match all.split_first() {
                    Some((n, rest)) => &rest[..(*n as usize).min(rest.len())],
                    None => &[],
                };
                let v = th.new_bytes(text).value();
                th.push(&out, v)?;
            }
            _ => {
                for place in all.chunks_exact(item.size) {
                    let v = unpack_one(th, item, layout.big, place);
                    th.push(&out, v)?;
                }
            }
        }
    }
    Ok(th.new_tuple(out.as_slice()).value())
}
