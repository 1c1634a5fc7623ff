//! The proleptic Gregorian calendar in numbers: day 1 is 1 January of year 1.

/// Length of a day.
pub const DAY: i64 = 86_400;
/// Microseconds of a second.
pub const MILLION: i64 = 1_000_000;
/// The ordinal of 1 January 1970.
pub const EPOCH: i64 = 719_163;
/// The last ordinal.
pub const LAST: i64 = 3_652_059;

/// Is it a leap year?
pub fn is_leap(y: i64) -> bool {
    y % 4 == 0 && (y % 100 != 0 || y % 400 == 0)
}

/// Days of a month.
pub fn days_in_month(y: i64, m: i64) -> i64 {
    match m {
        2 => 28 + is_leap(y) as i64,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days before the first of a month, in its year.
pub fn days_before_month(y: i64, m: i64) -> i64 {
    const BEFORE: [i64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    BEFORE[(m - 1).clamp(0, 11) as usize] + (m > 2 && is_leap(y)) as i64
}

/// The ordinal of a date.
pub fn to_ordinal(y: i64, m: i64, d: i64) -> i64 {
    let p = y - 1;
    if (0..10_000).contains(&p) {
        let p = p as u32;
        let days = p * 365 + p / 4 - p / 100 + p / 400;
        return days as i64 + days_before_month(y, m) + d;
    }
    p * 365 + p.div_euclid(4) - p.div_euclid(100) + p.div_euclid(400) + days_before_month(y, m) + d
}

/// The date of an ordinal.
pub fn from_ordinal(n: i64) -> (i64, i64, i64) {
    if (1..=LAST).contains(&n) {
        return from_valid_ordinal(n as u32);
    }
    let z = n + 305;
    from_era(z.div_euclid(146_097), z.rem_euclid(146_097) as u32)
}

/// As [`from_ordinal`], in narrow numbers, whose division is a multiplication.
fn from_valid_ordinal(n: u32) -> (i64, i64, i64) {
    let z = n + 305;
    from_era((z / 146_097).into(), z % 146_097)
}

/// The date of a day of an era of 400 years that begins in March, so that leap days are last.
fn from_era(era: i64, day: u32) -> (i64, i64, i64) {
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let of_year = day - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let d = of_year - (153 * shifted + 2) / 5 + 1;
    let m = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let y = i64::from(year) + era * 400 + i64::from(m <= 2);
    (y, m.into(), d.into())
}

/// Monday is 0.
pub fn weekday(y: i64, m: i64, d: i64) -> i64 {
    (to_ordinal(y, m, d) + 6).rem_euclid(7)
}

/// The ordinal of the Monday of the first week of a year.
pub fn first_monday(y: i64) -> i64 {
    let first = to_ordinal(y, 1, 1);
    let weekday = (first + 6).rem_euclid(7);
    first - weekday + if weekday > 3 { 7 } else { 0 }
}

/// ISO year, week, weekday.
pub fn iso_calendar(y: i64, m: i64, d: i64) -> (i64, i64, i64) {
    let today = to_ordinal(y, m, d);
    let mut year = y;
    let mut start = first_monday(year);
    if today < start {
        year -= 1;
        start = first_monday(year);
    } else if today >= first_monday(year + 1) {
        year += 1;
        start = first_monday(year);
    }
    let days = today - start;
    (year, days / 7 + 1, days % 7 + 1)
}
