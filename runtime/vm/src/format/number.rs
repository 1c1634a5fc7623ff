//! Layout shared by the number types: sign, prefix, digit groups, padding.

use std::borrow::Cow;

use super::spec::{Align, Grouping, Sign, Spec};
use crate::unicode::TextBuilder;

/// Conventions of a locale, for the presentation type `n`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locale {
    /// Decimal point.
    pub point: Cow<'static, str>,
    /// Separator of digit groups.
    pub separator: Cow<'static, str>,
    /// Sizes of the groups from the right as in C's `lconv`: the last one
    /// repeats, 127 ends grouping.
    pub groups: Cow<'static, [u8]>,
}

impl Locale {
    /// The locale "C".
    pub const fn c() -> Self {
        Self::new("", &[])
    }

    const fn new(separator: &'static str, groups: &'static [u8]) -> Self {
        Locale {
            point: Cow::Borrowed("."),
            separator: Cow::Borrowed(separator),
            groups: Cow::Borrowed(groups),
        }
    }

    /// A separator at every three digits, or every four.
    pub(crate) const fn grouped(grouping: Option<Grouping>, four: bool) -> Self {
        match (grouping, four) {
            (None, _) => Self::c(),
            (Some(Grouping::Comma), _) => Self::new(",", &[3]),
            (Some(Grouping::Underscore), false) => Self::new("_", &[3]),
            (Some(Grouping::Underscore), true) => Self::new("_", &[4]),
        }
    }
}

/// The pieces of a number.
#[derive(Clone, Copy, Debug)]
pub struct Parts<'a> {
    /// Whether it has a minus sign.
    pub negative: bool,
    /// `0x` and the like.
    pub prefix: &'a str,
    /// Digits before the point.
    pub digits: &'a str,
    /// Digits after the point, if there is a point.
    pub fraction: Option<&'a str>,
    /// Exponent or percent sign; for `inf` and `nan` the word.
    pub tail: &'a str,
}

/// Splits a numeral without a sign.
pub(crate) fn split(text: &str, negative: bool) -> Parts<'_> {
    let digits_end = |text: &str| {
        text.bytes()
            .position(|b| !b.is_ascii_digit())
            .unwrap_or(text.len())
    };
    let (digits, rest) = text.split_at(digits_end(text));
    let (fraction, tail) = match rest.strip_prefix('.') {
        Some(rest) => {
            let (fraction, tail) = rest.split_at(digits_end(rest));
            (Some(fraction), tail)
        }
        None => (None, rest),
    };
    Parts {
        negative,
        prefix: "",
        digits,
        fraction,
        tail,
    }
}

/// Digits in groups from the right, with zeros up to a minimum width.
fn group(digits: &str, locale: &Locale, min_width: usize) -> String {
    if digits.is_empty() {
        return String::new();
    }
    let bytes = digits.as_bytes();
    let separator: Vec<char> = locale.separator.chars().rev().collect();
    let mut sizes = locale.groups.iter().copied();
    let mut last = None;
    let mut reversed = String::with_capacity(min_width.max(digits.len() * 2));
    let (mut remaining, mut width) = (bytes.len(), min_width as isize);
    loop {
        last = match (sizes.next(), last) {
            (Some(127), _) => None,
            (Some(0), last) | (None, last) => last,
            (Some(size), _) => Some(usize::from(size)),
        };
        let wanted = (remaining as isize).max(width).max(1) as usize;
        let take = last.map_or(wanted, |size| size.min(wanted));
        for _ in 0..take {
            if remaining > 0 {
                remaining -= 1;
                reversed.push(char::from(bytes[remaining]));
            } else {
                reversed.push('0');
            }
        }
        width -= take as isize;
        if remaining == 0 && width <= 0 {
            break;
        }
        reversed.extend(&separator);
        width -= separator.len() as isize;
    }
    reversed.chars().rev().collect()
}

/// Digits in groups of three from the left.
fn group_fraction(digits: &str, grouping: Option<Grouping>) -> String {
    let Some(grouping) = grouping else {
        return digits.to_owned();
    };
    let mut out = String::with_capacity(digits.len() * 4 / 3 + 1);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && index % 3 == 0 {
            out.push(grouping.char());
        }
        out.push(digit);
    }
    out
}

/// Padding left and right of a text.
pub(crate) fn padding(align: Align, missing: usize) -> (usize, usize) {
    match align {
        Align::Left => (0, missing),
        Align::Right | Align::AfterSign => (missing, 0),
        Align::Center => (missing / 2, missing - missing / 2),
    }
}

/// Sign that a number is written with.
pub(crate) fn sign_text(negative: bool, sign: Option<Sign>) -> &'static str {
    match (negative, sign) {
        (true, _) => "-",
        (false, Some(Sign::Plus)) => "+",
        (false, Some(Sign::Space)) => " ",
        _ => "",
    }
}

/// Writes a number as a specification wants it.
pub fn push_number(out: &mut TextBuilder, parts: Parts<'_>, spec: &Spec, locale: &Locale) {
    let sign = sign_text(parts.negative, spec.sign);
    let zeros = spec.fill == '0'.into() && spec.align == Align::AfterSign;
    let grouped_fraction = parts
        .fraction
        .map(|digits| group_fraction(digits, spec.fraction_grouping));
    let mut fixed = sign.len() + parts.prefix.len() + parts.tail.len();
    if let Some(fraction) = &grouped_fraction {
        fixed += locale.point.chars().count() + fraction.len();
    }
    let plain = locale.groups.is_empty() && (!zeros || fixed + parts.digits.len() >= spec.width);
    let grouped;
    let digits = if plain {
        parts.digits
    } else {
        let min_width = if zeros {
            spec.width.saturating_sub(fixed)
        } else {
            0
        };
        grouped = group(parts.digits, locale, min_width);
        &grouped
    };
    let width = fixed
        + if digits.is_ascii() {
            digits.len()
        } else {
            digits.chars().count()
        };
    let missing = spec.width.saturating_sub(width);
    let (left, right) = padding(spec.align, missing);
    let inside = if spec.align == Align::AfterSign {
        missing
    } else {
        out.push_repeated(spec.fill, left);
        0
    };
    out.push_str(sign);
    out.push_str(parts.prefix);
    out.push_repeated(spec.fill, inside);
    out.push_str(digits);
    if let Some(fraction) = &grouped_fraction {
        out.push_str(&locale.point);
        out.push_str(fraction);
    }
    out.push_str(parts.tail);
    out.push_repeated(spec.fill, right);
}
