//! ISO 8601 texts, read and written.

use super::calendar::{self, MILLION, days_in_month};
use super::moment::Fields;

/// Why a text is none: it has not the form, or its numbers have a message of their own.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Wrong {
    /// Not of the form.
    Form,
    /// A message.
    Because(String),
}

type Read<T> = Result<T, Wrong>;

/// A time of day as read: hour, minute, second, microsecond, offset in microseconds; and is it
/// the midnight at the end of the day?
pub type Time = ([i64; 4], Option<i64>, bool);

fn digits(b: &[u8], n: usize) -> Read<i64> {
    let part = b.get(..n).ok_or(Wrong::Form)?;
    let add = |sum: i64, c: &u8| c.is_ascii_digit().then(|| sum * 10 + (c - b'0') as i64);
    part.iter().try_fold(0, add).ok_or(Wrong::Form)
}

/// The date of an ISO week's day.
pub fn week_date(year: i64, week: i64, day: i64) -> Result<i64, String> {
    if !(1..=9999).contains(&year) {
        return Err(format!("year must be in 1..9999, not {year}"));
    }
    let weeks = (calendar::first_monday(year + 1) - calendar::first_monday(year)) / 7;
    if !(1..=weeks).contains(&week) {
        return Err(format!("Invalid week: {week}"));
    }
    if !(1..=7).contains(&day) {
        return Err(format!("Invalid weekday: {day} (range is [1, 7])"));
    }
    Ok(calendar::first_monday(year) + (week - 1) * 7 + day - 1)
}

/// `YYYY-MM-DD`, `YYYYMMDD`, `YYYY-Www[-D]`, `YYYYWww[D]`; month and day may be out of range.
pub fn date(b: &[u8]) -> Read<Fields> {
    if !matches!(b.len(), 7 | 8 | 10) {
        return Err(Wrong::Form);
    }
    let year = digits(b, 4)?;
    let dash = b[4] == b'-';
    let mut at = 4 + dash as usize;
    if b.get(at) == Some(&b'W') {
        let week = digits(&b[at + 1..], 2)?;
        at += 3;
        let mut day = 1;
        if at < b.len() {
            if (b[at] == b'-') != dash {
                return Err(Wrong::Form);
            }
            at += dash as usize;
            day = digits(&b[at..], 1)?;
            at += 1;
        }
        if at != b.len() {
            return Err(Wrong::Form);
        }
        let n = week_date(year, week, day).map_err(|_| Wrong::Form)?;
        let (y, m, d) = calendar::from_ordinal(n);
        return Ok(Fields::of_date(y, m, d));
    }
    let month = digits(&b[at..], 2)?;
    at += 2;
    if (b.get(at) == Some(&b'-')) != dash {
        return Err(Wrong::Form);
    }
    at += dash as usize;
    let day = digits(&b[at..], 2)?;
    if at + 2 != b.len() {
        return Err(Wrong::Form);
    }
    Ok(Fields::of_date(year, month, day))
}

/// `HH[:?MM[:?SS[.fff]]]`
fn clock(b: &[u8]) -> Read<[i64; 4]> {
    let mut out = [digits(b, 2)?, 0, 0, 0];
    let mut at = 2;
    let colon = b.get(2) == Some(&b':');
    for slot in &mut out[1..3] {
        match b.get(at) {
            None => return Ok(out),
            Some(b':') if colon => at += 1,
            Some(c) if !colon && c.is_ascii_digit() => {}
            _ => return Err(Wrong::Form),
        }
        *slot = digits(&b[at..], 2)?;
        at += 2;
    }
    match b.get(at) {
        None => return Ok(out),
        Some(b'.' | b',') => at += 1,
        Some(_) => return Err(Wrong::Form),
    }
    let fraction = &b[at..];
    if fraction.is_empty() || !fraction.iter().all(u8::is_ascii_digit) {
        return Err(Wrong::Form);
    }
    for i in 0..6 {
        let digit = fraction.get(i).map_or(0, |c| c - b'0');
        out[3] = out[3] * 10 + digit as i64;
    }
    Ok(out)
}

/// A time with an offset behind it, or none.
pub fn time(b: &[u8]) -> Read<Time> {
    let zone = b.iter().position(|c| matches!(c, b'+' | b'-' | b'Z'));
    let mut parts = clock(&b[..zone.unwrap_or(b.len())])?;
    let offset = match zone {
        None => None,
        Some(i) if b[i] == b'Z' => {
            if i + 1 != b.len() {
                return Err(Wrong::Form);
            }
            Some(0)
        }
        Some(i) => {
            let text = &b[i + 1..];
            if matches!(text.len(), 0 | 1 | 3) {
                return Err(Wrong::Form);
            }
            let o = clock(text)?;
            let limits = [("hour", 23), ("minute", 59), ("second", 59)];
            for (n, (name, limit)) in o.into_iter().zip(limits) {
                if n > limit {
                    let what = format!("{name} must be in 0..{limit}, not {n}");
                    return Err(Wrong::Because(what));
                }
            }
            let us = (o[0] * 3600 + o[1] * 60 + o[2]) * MILLION + o[3];
            Some(if b[i] == b'-' { -us } else { us })
        }
    };
    let ends = parts[0] == 24;
    if ends {
        if parts != [24, 0, 0, 0] {
            return Err(Wrong::Because(
                "minute, second, and microsecond must be 0 when hour is 24".into(),
            ));
        }
        parts[0] = 0;
    }
    Ok((parts, offset, ends))
}

/// Where the date ends in a text of at least seven bytes.
fn date_end(b: &[u8]) -> Option<usize> {
    let n = b.len();
    if n == 7 {
        return Some(7);
    }
    if b[4] == b'-' {
        if b[5] != b'W' {
            return Some(10);
        }
        if b.get(8) != Some(&b'-') {
            return Some(8);
        }
        return match b.get(10) {
            _ if n == 9 => None,
            Some(c) if c.is_ascii_digit() => Some(8),
            _ => Some(10),
        };
    }
    if b[4] != b'W' {
        return Some(8);
    }
    let run = 7 + b[7..].iter().take_while(|c| c.is_ascii_digit()).count();
    Some(if run < 9 { run } else { 7 + run % 2 })
}

/// A date, a character, a time.
pub fn datetime(text: &str) -> Read<(Fields, Option<i64>)> {
    let b = text.as_bytes();
    if b.len() < 7 {
        return Err(Wrong::Form);
    }
    let end = date_end(b).ok_or(Wrong::Form)?;
    let mut f = date(b.get(..end.min(b.len())).unwrap_or(b))?;
    if b.len() <= end {
        return Ok((f, None));
    }
    let rest = text.get(end..).ok_or(Wrong::Form)?;
    let separator = rest.chars().next().map_or(1, char::len_utf8);
    let (t, offset, next_day) = time(&rest.as_bytes()[separator..])?;
    [f.h, f.mi, f.s, f.us] = t;
    if next_day
        && (1..=12).contains(&f.m)
        && (1..=9999).contains(&f.y)
        && f.d <= days_in_month(f.y, f.m)
    {
        (f.y, f.m, f.d) = calendar::from_ordinal(f.ordinal() + 1);
    }
    Ok((f, offset))
}

/// The time of day as ISO has it; None for an unknown `timespec`.
pub fn show_time(t: [i64; 4], timespec: &str) -> Option<String> {
    let [h, m, s, us] = t;
    Some(match timespec {
        "auto" if us == 0 => format!("{h:02}:{m:02}:{s:02}"),
        "auto" | "microseconds" => format!("{h:02}:{m:02}:{s:02}.{us:06}"),
        "milliseconds" => format!("{h:02}:{m:02}:{s:02}.{:03}", us / 1000),
        "seconds" => format!("{h:02}:{m:02}:{s:02}"),
        "minutes" => format!("{h:02}:{m:02}"),
        "hours" => format!("{h:02}"),
        _ => return None,
    })
}
