//! Numbers as text: the specification's numeric strings.

use super::coefficient::Coefficient;
use super::number::{EXP_INF, Env, Kind, Number, finish, status as st};

fn skip_zeros(d: &[u8]) -> &[u8] {
    let n = d.iter().position(|c| *c != b'0').unwrap_or(d.len());
    &d[n..]
}

/// A number from ASCII text, not rounded; None: it is none. A NaN's payload has at most `room`
/// digits.
fn scan(text: &[u8], room: i64) -> Option<Number> {
    let (negative, rest) = match text.split_first()? {
        (b'-', r) => (true, r),
        (b'+', r) => (false, r),
        _ => (false, text),
    };
    let first = *rest.first()?;
    if !first.is_ascii_digit() && first != b'.' {
        return scan_special(rest, room).map(|n| n.with_sign(negative));
    }
    let (mut digits, mut point, mut exponent) = (0usize, None, None);
    for (i, c) in rest.iter().enumerate() {
        match c {
            b'0'..=b'9' => digits += 1,
            b'.' if point.is_none() => point = Some(i),
            b'e' | b'E' => {
                exponent = Some(i);
                break;
            }
            _ => return None,
        }
    }
    if digits == 0 {
        return None;
    }
    let mantissa = &rest[..exponent.unwrap_or(rest.len())];
    let mut exp: i64 = 0;
    if let Some(i) = exponent {
        let (minus, e) = match rest[i + 1..].split_first()? {
            (b'-', r) => (true, r),
            (b'+', r) => (false, r),
            _ => (false, &rest[i + 1..]),
        };
        if e.is_empty() || !e.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let magnitude = e.iter().fold(0i64, |n, c| {
            (n.saturating_mul(10).saturating_add((c - b'0') as i64)).min(2 * EXP_INF)
        });
        exp = if minus { -magnitude } else { magnitude };
    }
    let c = match point {
        None => Coefficient::from_digits(skip_zeros(mantissa)),
        Some(p) => {
            exp -= (mantissa.len() - p - 1) as i64;
            if mantissa.len() <= 19 {
                // Few digits: no copy without the point.
                let add = |n: u64, c: &u8| n * 10 + (c - b'0') as u64;
                let n = mantissa[..p].iter().fold(0, add);
                Coefficient::Small(mantissa[p + 1..].iter().fold(n, add) as u128)
            } else {
                let mut all = mantissa[..p].to_vec();
                all.extend_from_slice(&mantissa[p + 1..]);
                Coefficient::from_digits(skip_zeros(&all))
            }
        }
    };
    Some(Number::new(negative, c, exp.clamp(-2 * EXP_INF, EXP_INF)))
}

fn scan_special(rest: &[u8], room: i64) -> Option<Number> {
    let lower = |n: usize| rest.get(..n).map(<[u8]>::to_ascii_lowercase);
    if matches!(rest.to_ascii_lowercase().as_slice(), b"inf" | b"infinity") {
        return Some(Number::infinity(false));
    }
    let (kind, payload) = if lower(4).is_some_and(|t| t == b"snan") {
        (Kind::Snan, &rest[4..])
    } else if lower(3).is_some_and(|t| t == b"nan") {
        (Kind::Nan, &rest[3..])
    } else {
        return None;
    };
    if !payload.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let payload = skip_zeros(payload);
    if payload.len() as i64 > room {
        return None;
    }
    Some(Number {
        kind,
        c: Coefficient::from_digits(payload),
        ..Number::nan()
    })
}

/// A number from ASCII text, rounded to a context.
pub fn parse(text: &[u8], env: &Env, status: &mut u32) -> Number {
    match scan(text, env.prec - env.clamp as i64) {
        Some(n) => finish(n, env, status),
        None => Number::error(st::CONVERSION_SYNTAX, status),
    }
}

/// A number from ASCII text as it is; what has no exact representation is an invalid operation.
pub fn parse_exactly(text: &[u8], status: &mut u32) -> Number {
    let mut own = 0;
    let n = parse(text, &Env::MAX, &mut own);
    exactly(n, own, status)
}

/// A number as the largest context rounded it; if it did, that is an invalid operation.
pub fn exactly(n: Number, own: u32, status: &mut u32) -> Number {
    if own & (st::INEXACT | st::ROUNDED | st::CLAMPED) != 0 {
        return Number::error(st::INVALID_OPERATION, status);
    }
    *status |= own & st::ERRORS;
    n
}

/// The text of a number; with `engineering` the exponent is a multiple of three.
pub fn to_text(x: &Number, capitals: bool, engineering: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(24);
    if x.negative {
        out.push(b'-');
    }
    match x.kind {
        Kind::Infinite => {
            out.extend_from_slice(b"Infinity");
            return out;
        }
        Kind::Nan | Kind::Snan => {
            let name: &[u8] = if x.kind == Kind::Nan { b"NaN" } else { b"sNaN" };
            out.extend_from_slice(name);
            if !x.c.is_zero() {
                x.c.push_digits(&mut out);
            }
            return out;
        }
        Kind::Finite => {}
    }
    let start = out.len();
    x.c.push_digits(&mut out);
    if x.exp == 0 {
        return out;
    }
    let digits = (out.len() - start) as i64;
    let left = x.exp + digits;
    let place = if x.exp <= 0 && left > -6 {
        left
    } else if !engineering {
        1
    } else if x.c.is_zero() {
        (left + 1).rem_euclid(3) - 1
    } else {
        (left - 1).rem_euclid(3) + 1
    };
    if place <= 0 {
        let zeros = (-place) as usize;
        let fill = b"0."
            .iter()
            .copied()
            .chain(std::iter::repeat_n(b'0', zeros));
        out.splice(start..start, fill);
    } else if place < digits {
        out.insert(start + place as usize, b'.');
    } else {
        out.resize(start + place as usize, b'0');
    }
    if left != place {
        let e = if capitals { 'E' } else { 'e' };
        out.extend_from_slice(format!("{e}{:+}", left - place).as_bytes());
    }
    out
}
