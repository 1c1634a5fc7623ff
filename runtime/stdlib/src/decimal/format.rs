//! `Decimal.__format__`: the mini-language, with the locale's separators for `n`.
//!
//! What libmpdec's parser does not know (`z`, `#`, `_`, separators behind the point) and wrong
//! specifications are `_pydecimal`'s, as in CPython.

use taipan_vm::object::{Gc, Result, Value};
use taipan_vm::types::ExceptionClass;
use taipan_vm::types::dict::Dict;
use taipan_vm::types::int;
use taipan_vm::types::str_::{Str, text as str_text};
use taipan_vm::{Raised, Thread};

use super::context::{self, Context};
use super::number::{Kind, Number, Rounding, status as st};
use super::object::Decimal;
use super::operations::rescale;
use super::text;
use crate::support::import_attr;

/// Wider results are refused.
const WIDEST: usize = 1 << 31;

/// A parsed specification.
struct Spec {
    fill: char,
    align: char,
    sign: char,
    zeros: bool,
    width: usize,
    comma: bool,
    precision: Option<usize>,
    /// One of `eEfFgGnN%`, or `\0`.
    kind: char,
    separator: String,
    point: String,
    grouping: Vec<u8>,
}

fn is_align(c: char) -> bool {
    matches!(c, '<' | '>' | '=' | '^')
}

fn take_number(chars: &[char], at: &mut usize) -> Option<usize> {
    let mut n: usize = 0;
    while let Some(d) = chars.get(*at).and_then(|c| c.to_digit(10)) {
        n = n.checked_mul(10)?.checked_add(d as usize)?;
        *at += 1;
    }
    Some(n)
}

/// None: not in this form of the language.
fn parse(spec: &str) -> Option<Spec> {
    let chars: Vec<char> = spec.chars().collect();
    let mut s = Spec {
        fill: ' ',
        align: '>',
        sign: '-',
        zeros: false,
        width: 0,
        comma: false,
        precision: None,
        kind: '\0',
        separator: String::new(),
        point: ".".into(),
        grouping: vec![3, 0],
    };
    let mut at = 0;
    let mut aligned = false;
    let peek = |at: usize| chars.get(at).copied();
    if peek(1).is_some_and(is_align) {
        (s.fill, s.align) = (chars[0], chars[1]);
        (at, aligned) = (2, true);
    } else if peek(0).is_some_and(is_align) {
        s.align = chars[0];
        (at, aligned) = (1, true);
    }
    if let Some(c @ ('+' | '-' | ' ')) = peek(at) {
        s.sign = c;
        at += 1;
    }
    if peek(at) == Some('0') {
        if aligned {
            return None;
        }
        s.zeros = true;
        at += 1;
    }
    s.width = take_number(&chars, &mut at)?;
    if peek(at) == Some(',') {
        s.comma = true;
        s.separator = ",".into();
        at += 1;
    }
    if peek(at) == Some('.') {
        at += 1;
        if !peek(at)?.is_ascii_digit() {
            return None;
        }
        s.precision = Some(take_number(&chars, &mut at)?);
    }
    if let Some(c) = peek(at) {
        if !"eEfFgGnN%".contains(c) || (s.comma && matches!(c, 'n' | 'N')) {
            return None;
        }
        s.kind = c;
        at += 1;
    }
    (at == chars.len()).then_some(s)
}

/// `_pydecimal`'s format, with the context's rounding and capitals.
fn elsewhere(th: &mut Thread, d: Gc<Decimal>, spec: Value, ctx: Gc<Context>) -> Result {
    let class = import_attr(th, "_pydecimal", "Decimal")?;
    let context = import_attr(th, "_pydecimal", "Context")?;
    let digits = text::to_text(&d.number(), true, false);
    let digits = th.new_ascii(&digits).value();
    let x = th.call(class, &[digits])?;
    let e = ctx.env.get();
    let name = super::number::ROUNDINGS[e.rounding as usize].0;
    let args = [
        th.int(e.prec),
        th.intern(name).value(),
        th.int(e.emin),
        th.int(e.emax),
        th.int(ctx.capitals.get() as i64),
        th.int(e.clamp as i64),
    ];
    let c = th.call(context, &args)?;
    let out = th.call_method_str(x, "__format__", &[spec, c]);
    if out.is_err() && th.pending_matches(ExceptionClass::ValueError) {
        th.clear_pending();
        return Err(th.value_error("invalid format string"));
    }
    out
}

fn bad_override(th: &mut Thread) -> Raised {
    th.value_error("invalid override dict")
}

/// The separators that a dict gives, or the locale.
fn conventions(th: &mut Thread, s: &mut Spec, over: Option<Gc<Dict>>) -> Result<()> {
    if let Some(d) = over {
        let item = |th: &mut Thread, key: &str| -> Result<Option<String>> {
            let name = th.intern(key);
            match d.get_str(name) {
                None => Ok(None),
                Some(v) => match str_text(v) {
                    Some(t) => Ok(Some(t)),
                    None => Err(th.type_error("bad argument type for built-in operation")),
                },
            }
        };
        if let Some(t) = item(th, "decimal_point")? {
            s.point = t;
        }
        if let Some(t) = item(th, "thousands_sep")? {
            s.separator = t;
        }
        if let Some(t) = item(th, "grouping")? {
            s.grouping.clear();
            for c in t.chars() {
                match u32::from(c) {
                    0 => break,
                    c @ 1..=127 => s.grouping.push(c as u8),
                    _ => return Err(bad_override(th)),
                }
            }
            s.grouping.push(0);
        }
        if s.point.chars().count() != 1 || s.separator.chars().count() > 1 {
            return Err(bad_override(th));
        }
        return Ok(());
    }
    if !matches!(s.kind, 'n' | 'N') {
        return Ok(());
    }
    let f = import_attr(th, "_locale", "localeconv")?;
    let all = th.call(f, &[])?;
    let mut item = |key: &str| -> Result {
        let key = th.intern(key).value();
        th.get_item(all, key)
    };
    let (point, separator) = (item("decimal_point")?, item("thousands_sep")?);
    let grouping = item("grouping")?;
    s.point = str_text(point).unwrap_or_default();
    s.separator = str_text(separator).unwrap_or_default();
    let grouping = th.to_tuple(grouping)?;
    s.grouping = grouping
        .as_slice()
        .iter()
        .map(|v| int::to_i64(*v).unwrap_or(0).clamp(0, 127) as u8)
        .collect();
    Ok(())
}

/// Digits in groups, with zeros in front up to a width.
fn grouped(mut digits: &str, s: &Spec, width: usize) -> String {
    let mut width = width as i64;
    if s.separator.is_empty() {
        let zeros = (width - digits.len() as i64).max(0) as usize;
        return "0".repeat(zeros) + digits;
    }
    let mut groups: Vec<String> = Vec::new();
    let mut sizes = s.grouping.iter().copied().peekable();
    let mut size = 0;
    loop {
        // Zero repeats the last size, 127 ends the groups.
        match sizes.peek() {
            Some(0) | None => {}
            Some(n) => {
                size = *n as i64;
                sizes.next();
            }
        }
        let rest = (digits.len() as i64).max(width).max(1);
        let n = if size == 127 || size == 0 {
            rest
        } else {
            rest.min(size)
        };
        let from_digits = (n as usize).min(digits.len());
        let (head, tail) = digits.split_at(digits.len() - from_digits);
        groups.push("0".repeat(n as usize - from_digits) + tail);
        digits = head;
        width -= n;
        if digits.is_empty() && width <= 0 {
            break;
        }
        width -= s.separator.chars().count() as i64;
    }
    groups.reverse();
    groups.join(&s.separator)
}

fn aligned(sign: &str, body: String, s: &Spec) -> String {
    let missing = s.width.saturating_sub(sign.len() + body.chars().count());
    if missing == 0 {
        return sign.to_owned() + &body;
    }
    let fill = |n: usize| std::iter::repeat_n(s.fill, n).collect::<String>();
    match s.align {
        '<' => format!("{sign}{body}{}", fill(missing)),
        '=' => format!("{sign}{}{body}", fill(missing)),
        '^' => {
            let left = missing / 2;
            format!("{}{sign}{body}{}", fill(left), fill(missing - left))
        }
        _ => format!("{}{sign}{body}", fill(missing)),
    }
}

/// Rounded to so many digits (zeros stay as they are).
fn round_to(n: Number, digits: i64, rounding: Rounding, status: &mut u32) -> Number {
    if n.c.is_zero() {
        return n;
    }
    let first = n.adjusted();
    let x = rescale(&n, first + 1 - digits, rounding, status);
    if x.adjusted() == first {
        return x;
    }
    let second = x.adjusted();
    rescale(&x, second + 1 - digits, rounding, status)
}

/// The text of a number by a specification.
fn write(mut n: Number, s: &Spec, rounding: Rounding, capitals: bool, status: &mut u32) -> String {
    let sign = match (n.negative, s.sign) {
        (true, _) => "-",
        (false, '+') => "+",
        (false, ' ') => " ",
        _ => "",
    };
    if n.kind != Kind::Finite {
        n.negative = false;
        let mut body = String::from_utf8(text::to_text(&n, true, false)).unwrap_or_default();
        if s.kind == '%' {
            body.push('%');
        }
        return aligned(sign, body, s);
    }
    let kind = match s.kind {
        '\0' => {
            if capitals {
                'G'
            } else {
                'g'
            }
        }
        'n' => 'g',
        'N' => 'G',
        'F' => 'f',
        k => k,
    };
    if kind == '%' {
        n.exp += 2;
    }
    let precision = s.precision.map(|p| p as i64);
    if let Some(p) = precision {
        n = match kind {
            'e' | 'E' => round_to(n, p + 1, rounding, status),
            'f' | '%' => rescale(&n, -p, rounding, status),
            _ if n.c.digits() > p.max(1) => round_to(n, p.max(1), rounding, status),
            _ => n,
        };
    }
    if n.c.is_zero() && n.exp > 0 && matches!(kind, 'f' | '%') {
        n = rescale(&n, 0, rounding, status);
    }
    if *status & st::ERRORS != 0 {
        return String::new();
    }
    let digits = String::from_utf8(n.c.to_digits()).unwrap_or_default();
    let count = digits.len() as i64;
    let left = n.exp + count;
    let place = match kind {
        'e' | 'E' => match precision {
            Some(p) if n.c.is_zero() => 1 - p,
            _ => 1,
        },
        'f' | '%' => left,
        _ if n.exp <= 0 && left > -6 => left,
        _ => 1,
    };
    if place.unsigned_abs() as usize > WIDEST {
        *status |= st::INVALID_OPERATION;
        return String::new();
    }
    let (whole, fraction) = if place < 0 {
        ("0".to_owned(), "0".repeat(-place as usize) + &digits)
    } else if place > count {
        (
            digits.clone() + &"0".repeat((place - count) as usize),
            String::new(),
        )
    } else {
        let (a, b) = digits.split_at(place as usize);
        (if a.is_empty() { "0" } else { a }.to_owned(), b.to_owned())
    };
    let mut tail = String::new();
    if !fraction.is_empty() {
        tail.push_str(&s.point);
        tail.push_str(&fraction);
    }
    let exponent = left - place;
    if exponent != 0 || matches!(kind, 'e' | 'E') {
        let letter = if matches!(kind, 'E' | 'G') { 'E' } else { 'e' };
        tail.push_str(&format!("{letter}{exponent:+}"));
    }
    if kind == '%' {
        tail.push('%');
    }
    let width = if s.zeros {
        s.width.saturating_sub(tail.chars().count() + sign.len())
    } else {
        0
    };
    let body = grouped(&whole, s, width) + &tail;
    aligned(sign, body, s)
}

/// `Decimal.__format__`
pub fn format(th: &mut Thread, d: Gc<Decimal>, spec: Value, over: Option<Value>) -> Result {
    let Some(text) = spec.downcast::<Str>().map(|s| s.to_string_lossy()) else {
        return Err(th.type_error("format arg must be str"));
    };
    let over = match over {
        None => None,
        Some(v) => match v.downcast::<Dict>() {
            Some(d) => Some(d),
            None => return Err(th.type_error("optional argument must be a dict")),
        },
    };
    let ctx = context::current(th)?;
    if text.ends_with('N') {
        taipan_vm::exceptions::warn(
            th,
            ExceptionClass::DeprecationWarning,
            "Format specifier 'N' is deprecated",
            1,
        )?;
    }
    let Some(mut s) = parse(&text) else {
        return elsewhere(th, d, spec, ctx);
    };
    let limits = "format specification exceeds internal limits of _decimal";
    if s.width > WIDEST || s.precision.is_some_and(|p| p > WIDEST) {
        return Err(th.value_error(limits));
    }
    conventions(th, &mut s, over)?;
    let mut status = 0;
    let rounding = ctx.env.get().rounding;
    let out = write(d.number(), &s, rounding, ctx.capitals.get(), &mut status);
    if status & st::MEMORY != 0 {
        return Err(th.memory_error());
    }
    if status & st::ERRORS != 0 {
        return Err(th.value_error(limits));
    }
    Ok(th.new_str(&out).value())
}
