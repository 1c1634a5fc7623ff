//! The calendar half of `time`: struct_time, time zones, formatting.
//!
//! Time zones are the C library's, through `localtime_r` and `mktime`.

use taipan_vm::object::Gc;
use taipan_vm::types::module::Module;
use taipan_vm::types::str_::Str;
use taipan_vm::types::structseq::StructDef;
use taipan_vm::types::tuple::Tuple;
use taipan_vm::{Result, Thread, Value, ValueVec, pymethods};

/// `time.struct_time`
pub static STRUCT_TIME: StructDef = StructDef {
    name: "struct_time",
    module: "time",
    doc: "The time value as returned by gmtime(), localtime(), and strptime(), and\naccepted by asctime(), mktime() and strftime().  May be considered as a\nsequence of 9 integers.",
    fields: &[
        "tm_year",
        "tm_mon",
        "tm_mday",
        "tm_hour",
        "tm_min",
        "tm_sec",
        "tm_wday",
        "tm_yday",
        "tm_isdst",
        "tm_zone",
        "tm_gmtoff",
    ],
    visible: 9,
    constructible: true,
};

/// Broken-down time.
#[derive(Clone, Debug, Default)]
struct Parts {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
    /// Monday is 0.
    weekday: i64,
    /// From 1.
    yearday: i64,
    dst: i64,
    zone: String,
    offset: i64,
}

/// Days from 1970-01-01 to a civil date (proleptic Gregorian calendar).
fn days_from_civil(y: i64, m: i64, d: i64) -> i64 {
    let y = if m <= 2 { y - 1 } else { y };
    let era = y.div_euclid(400);
    let yoe = y - era * 400;
    let doy = (153 * (m + if m > 2 { -3 } else { 9 }) + 2) / 5 + d - 1;
    let doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    era * 146097 + doe - 719468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let z = days + 719468;
    let era = z.div_euclid(146097);
    let doe = z - era * 146097;
    let yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let d = doy - (153 * mp + 2) / 5 + 1;
    let m = if mp < 10 { mp + 3 } else { mp - 9 };
    (yoe + era * 400 + i64::from(m <= 2), m, d)
}

fn utc(seconds: i64) -> Parts {
    let days = seconds.div_euclid(86400);
    let rest = seconds.rem_euclid(86400);
    let (year, month, day) = civil_from_days(days);
    Parts {
        year,
        month,
        day,
        hour: rest / 3600,
        minute: rest / 60 % 60,
        second: rest % 60,
        weekday: (days + 3).rem_euclid(7),
        yearday: days - days_from_civil(year, 1, 1) + 1,
        dst: 0,
        zone: "GMT".into(),
        offset: 0,
    }
}

#[allow(unsafe_code)]
fn local(seconds: i64) -> Option<Parts> {
    // SAFETY: the structure is plain data and is filled by the call; its zone is a C string that
    // the C library keeps.
    let (tm, zone) = unsafe {
        let mut tm: libc::tm = std::mem::zeroed();
        let t = seconds as libc::time_t;
        if libc::localtime_r(&t, &mut tm).is_null() {
            return None;
        }
        let zone = if tm.tm_zone.is_null() {
            String::new()
        } else {
            std::ffi::CStr::from_ptr(tm.tm_zone)
                .to_string_lossy()
                .into_owned()
        };
        (tm, zone)
    };
    Some(Parts {
        year: tm.tm_year as i64 + 1900,
        month: tm.tm_mon as i64 + 1,
        day: tm.tm_mday as i64,
        hour: tm.tm_hour as i64,
        minute: tm.tm_min as i64,
        second: tm.tm_sec as i64,
        weekday: (tm.tm_wday as i64 + 6) % 7,
        yearday: tm.tm_yday as i64 + 1,
        dst: tm.tm_isdst as i64,
        zone,
        offset: tm.tm_gmtoff,
    })
}

/// The local time of a timestamp: year to second, offset from UTC in seconds, name of the zone.
pub(crate) fn local_fields(seconds: i64) -> Option<([i64; 6], i64, String)> {
    let p = local(seconds)?;
    let fields = [p.year, p.month, p.day, p.hour, p.minute, p.second];
    Some((fields, p.offset, p.zone))
}

#[allow(unsafe_code)]
fn to_seconds(p: &Parts) -> i64 {
    // SAFETY: the structure is plain data.
    unsafe {
        let mut tm: libc::tm = std::mem::zeroed();
        tm.tm_year = (p.year - 1900) as i32;
        tm.tm_mon = (p.month - 1) as i32;
        tm.tm_mday = p.day as i32;
        tm.tm_hour = p.hour as i32;
        tm.tm_min = p.minute as i32;
        tm.tm_sec = p.second as i32;
        tm.tm_isdst = p.dst as i32;
        libc::mktime(&mut tm)
    }
}

fn make(th: &mut Thread, p: &Parts) -> Result {
    let out = ValueVec::new();
    for n in [
        p.year, p.month, p.day, p.hour, p.minute, p.second, p.weekday, p.yearday, p.dst,
    ] {
        let v = th.int(n);
        th.push(&out, v)?;
    }
    let zone = th.new_str(&p.zone).value();
    th.push(&out, zone)?;
    let offset = th.int(p.offset);
    th.push(&out, offset)?;
    th.new_struct(&STRUCT_TIME, out.as_slice())
}

fn seconds_argument(th: &mut Thread, v: Option<Value>) -> Result<i64> {
    match th.not_none(v) {
        None => Ok(rustix::time::clock_gettime(rustix::time::ClockId::Realtime).tv_sec),
        Some(v) => match v.as_int() {
            Some(i) => Ok(i),
            None => {
                let f = th.to_f64(v)?.floor();
                if f.is_nan() {
                    return Err(th.value_error("Invalid value NaN (not a number)"));
                }
                if f.abs() > 6.7e16 {
                    return Err(th.overflow_error("timestamp out of range for platform time_t"));
                }
                Ok(f as i64)
            }
        },
    }
}

fn parts_argument(th: &mut Thread, v: Option<Value>) -> Result<Parts> {
    let Some(v) = v else {
        let now = seconds_argument(th, None)?;
        return Ok(local(now).unwrap_or_default());
    };
    let Some(t) = v.downcast::<Tuple>() else {
        return Err(th.type_error("Tuple or struct_time argument required"));
    };
    if t.len() != 9 {
        return Err(th.type_error("Tuple or struct_time argument required"));
    }
    let mut n = [0i64; 9];
    for (i, v) in t.as_slice().iter().enumerate() {
        n[i] = th.index_i64(*v, "Python int too large to convert to C int")?;
    }
    let mut p = Parts {
        year: n[0],
        month: n[1],
        day: n[2],
        hour: n[3],
        minute: n[4],
        second: n[5],
        weekday: n[6].rem_euclid(7),
        yearday: n[7],
        dst: n[8],
        zone: String::new(),
        offset: 0,
    };
    if let Some(local) = local(to_seconds(&p)) {
        p.zone = local.zone;
        p.offset = local.offset;
    }
    let zone = th.intern("tm_zone");
    if let Some(z) = th
        .instance_attribute(v, zone)
        .and_then(|z| z.downcast::<Str>())
    {
        p.zone = z.to_string_lossy();
        let key = th.intern("tm_gmtoff");
        p.offset = th
            .instance_attribute(v, key)
            .and_then(Value::as_int)
            .unwrap_or(p.offset);
    }
    Ok(p)
}

fn check(th: &mut Thread, p: &mut Parts) -> Result<()> {
    // Zeros stand for ones, as in CPython's time_strftime.
    p.month = if p.month == 0 { 1 } else { p.month };
    p.day = if p.day == 0 { 1 } else { p.day };
    p.yearday = if p.yearday == 0 { 1 } else { p.yearday };
    for (v, low, high, what) in [
        (p.month, 1, 12, "month"),
        (p.day, 1, 31, "day of month"),
        (p.hour, 0, 23, "hour"),
        (p.minute, 0, 59, "minute"),
        (p.second, 0, 61, "seconds"),
        (p.yearday, 1, 366, "day of year"),
    ] {
        if v < low || v > high {
            return Err(th.value_error(format!("{what} out of range")));
        }
    }
    Ok(())
}

const DAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn month_name(p: &Parts) -> &'static str {
    MONTHS.get((p.month - 1) as usize).copied().unwrap_or("?")
}

fn day_name(p: &Parts) -> &'static str {
    DAYS.get(p.weekday as usize).copied().unwrap_or("?")
}

/// ISO 8601 year and week.
fn iso_week(p: &Parts) -> (i64, i64) {
    let leap = |y: i64| (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    let week = (p.yearday - (p.weekday + 1) + 10) / 7;
    let last = |y: i64| {
        let first = (days_from_civil(y, 1, 1) + 3).rem_euclid(7);
        if first == 3 || (first == 2 && leap(y)) {
            53
        } else {
            52
        }
    };
    if week < 1 {
        (p.year - 1, last(p.year - 1))
    } else if week > last(p.year) {
        (p.year + 1, 1)
    } else {
        (p.year, week)
    }
}

fn asctime(p: &Parts) -> String {
    let (d, m) = (&day_name(p)[..3], &month_name(p)[..3]);
    format!(
        "{d} {m} {:2} {:02}:{:02}:{:02} {}",
        p.day, p.hour, p.minute, p.second, p.year
    )
}

fn format(p: &Parts, spec: &str, out: &mut String) {
    let mut it = spec.chars();
    while let Some(c) = it.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let mut c = match it.next() {
            Some(c) => c,
            None => {
                out.push('%');
                break;
            }
        };
        let mut pad = true;
        if matches!(c, '-' | 'E' | 'O')
            && let Some(d) = it.clone().next()
            && d.is_ascii_alphabetic()
        {
            pad = c != '-';
            it.next();
            c = d;
        }
        let number = |out: &mut String, v: i64, width: usize| {
            if pad {
                out.push_str(&format!("{v:0width$}"))
            } else {
                out.push_str(&v.to_string())
            }
        };
        let hour12 = if p.hour % 12 == 0 { 12 } else { p.hour % 12 };
        match c {
            'a' => out.push_str(&day_name(p)[..3]),
            'A' => out.push_str(day_name(p)),
            'b' | 'h' => out.push_str(&month_name(p)[..3]),
            'B' => out.push_str(month_name(p)),
            'c' => out.push_str(&asctime(p)),
            'C' => number(out, p.year.div_euclid(100), 2),
            'd' => number(out, p.day, 2),
            'D' | 'x' => format(p, "%m/%d/%y", out),
            'e' => out.push_str(&format!("{:2}", p.day)),
            'F' => format(p, "%Y-%m-%d", out),
            'g' => number(out, iso_week(p).0.rem_euclid(100), 2),
            'G' => out.push_str(&iso_week(p).0.to_string()),
            'H' => number(out, p.hour, 2),
            'I' => number(out, hour12, 2),
            'j' => number(out, p.yearday, 3),
            'k' => out.push_str(&format!("{:2}", p.hour)),
            'l' => out.push_str(&format!("{hour12:2}")),
            'm' => number(out, p.month, 2),
            'M' => number(out, p.minute, 2),
            'n' => out.push('\n'),
            'p' => out.push_str(if p.hour < 12 { "AM" } else { "PM" }),
            'P' => out.push_str(if p.hour < 12 { "am" } else { "pm" }),
            'r' => format(p, "%I:%M:%S %p", out),
            'R' => format(p, "%H:%M", out),
            's' => out.push_str(&to_seconds(p).to_string()),
            'S' => number(out, p.second, 2),
            't' => out.push('\t'),
            'T' | 'X' => format(p, "%H:%M:%S", out),
            'u' => out.push_str(&(p.weekday + 1).to_string()),
            'U' => number(out, (p.yearday + 6 - (p.weekday + 1) % 7) / 7, 2),
            'V' => number(out, iso_week(p).1, 2),
            'w' => out.push_str(&((p.weekday + 1) % 7).to_string()),
            'W' => number(out, (p.yearday + 6 - p.weekday) / 7, 2),
            'y' => number(out, p.year.rem_euclid(100), 2),
            'Y' => out.push_str(&p.year.to_string()),
            'z' => {
                let (sign, o) = if p.offset < 0 {
                    ('-', -p.offset)
                } else {
                    ('+', p.offset)
                };
                out.push_str(&format!("{sign}{:02}{:02}", o / 3600, o / 60 % 60));
            }
            'Z' => out.push_str(&p.zone),
            '%' => out.push('%'),
            other => {
                out.push('%');
                out.push(other);
            }
        }
    }
}

/// The functions hang here.
pub struct Calendar;

#[pymethods(table = FUNCTIONS)]
impl Calendar {
    /// Convert seconds since the Epoch to a time tuple expressing UTC (a.k.a. GMT).
    #[pyfunction(sig = "(seconds=None, /)")]
    fn gmtime(th: &mut Thread, seconds: Option<Value>) -> Result {
        let s = seconds_argument(th, seconds)?;
        make(th, &utc(s))
    }

    /// Convert seconds since the Epoch to a time tuple expressing local time.
    #[pyfunction(sig = "(seconds=None, /)")]
    fn localtime(th: &mut Thread, seconds: Option<Value>) -> Result {
        let s = seconds_argument(th, seconds)?;
        match local(s) {
            Some(p) => make(th, &p),
            None => Err(th.overflow_error("timestamp out of range for platform time_t")),
        }
    }

    /// Convert a time tuple in local time to seconds since the Epoch.
    #[pyfunction]
    fn mktime(th: &mut Thread, tuple: Value) -> Result<f64> {
        let p = parts_argument(th, Some(tuple))?;
        Ok(to_seconds(&p) as f64)
    }

    /// Convert a time tuple to a string, e.g. 'Sat Jun 06 16:26:11 1998'.
    #[pyfunction(sig = "(tuple=None, /)")]
    fn asctime(th: &mut Thread, tuple: Option<Value>) -> Result<String> {
        let mut p = parts_argument(th, tuple)?;
        check(th, &mut p)?;
        Ok(asctime(&p))
    }

    /// Convert a time in seconds since the Epoch to a string in local time.
    #[pyfunction(sig = "(seconds=None, /)")]
    fn ctime(th: &mut Thread, seconds: Option<Value>) -> Result<String> {
        let s = seconds_argument(th, seconds)?;
        Ok(asctime(&local(s).unwrap_or_default()))
    }

    /// Convert a time tuple to a string according to a format specification.
    #[pyfunction(sig = "(format, tuple=None, /)")]
    fn strftime(th: &mut Thread, spec: Gc<Str>, tuple: Option<Value>) -> Result<String> {
        let mut p = parts_argument(th, tuple)?;
        check(th, &mut p)?;
        let mut out = String::new();
        format(&p, &spec.to_string_lossy(), &mut out);
        Ok(out)
    }

    /// Parse a string to a time tuple according to a format specification.
    #[pyfunction(sig = "(string, format='%a %b %d %H:%M:%S %Y', /)")]
    fn strptime(th: &mut Thread, string: Value, spec: Option<Value>) -> Result {
        let name = th.intern("_strptime").value();
        let import = th.builtin("__import__")?;
        let m = th.call(import, &[name])?;
        let spec = match spec {
            Some(s) => s,
            None => th.new_str("%a %b %d %H:%M:%S %Y").value(),
        };
        th.call_method_str(m, "_strptime_time", &[string, spec])
    }
}

/// Adds struct_time and the zone's constants.
pub fn exec(th: &mut Thread, m: Gc<Module>) -> Result<()> {
    let dict = m.namespace();
    let class = th.struct_class(&STRUCT_TIME)?.value();
    th.dict_set_text(dict, "struct_time", class);
    let items = th.int(STRUCT_TIME.fields.len() as i64);
    th.dict_set_text(dict, "_STRUCT_TM_ITEMS", items);
    let now = seconds_argument(th, None)?;
    let year = utc(now).year;
    let at = |month: i64| local(days_from_civil(year, month, 1) * 86400).unwrap_or_default();
    let (winter, summer) = (at(1), at(7));
    let (standard, other) = if winter.offset <= summer.offset {
        (winter, summer)
    } else {
        (summer, winter)
    };
    let (zone, alt) = (th.int(-standard.offset), th.int(-other.offset));
    let daylight = th.int(i64::from(standard.offset != other.offset));
    th.dict_set_text(dict, "timezone", zone);
    th.dict_set_text(dict, "altzone", alt);
    th.dict_set_text(dict, "daylight", daylight);
    let (a, b) = (
        th.new_str(&standard.zone).value(),
        th.new_str(&other.zone).value(),
    );
    let names = th.new_tuple(&[a, b]).value();
    th.dict_set_text(dict, "tzname", names);
    Ok(())
}
