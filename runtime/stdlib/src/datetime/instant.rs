//! `datetime`.

use taipan_vm::call::Args;
use taipan_vm::object::slots::CompareOp;
use taipan_vm::object::{Gc, Result, Value};
use taipan_vm::types::ExceptionClass;
use taipan_vm::types::str_::text;
use taipan_vm::types::type_::Type;
use taipan_vm::{Thread, pytype};

use super::calendar::{self, DAY, EPOCH, MILLION};
use super::date::{self, DATE, check, shown_class, struct_time};
use super::moment::{Fields, Moment};
use super::time::Time;
use super::{args, delta, iso, time, zone};
use crate::support::import_attr;
use crate::time_calendar;

/// The datetime's methods hang here.
pub struct Instant;

/// A datetime.
pub fn of(v: Value) -> Option<Gc<Moment>> {
    v.downcast::<Moment>().filter(|m| m.is_datetime)
}

fn of_class(th: &mut Thread, class: Gc<Type>, f: &Fields, tz: Value, fold: u8) -> Value {
    th.alloc_native(class, |head| Moment::new(head, f, tz, fold, true))
        .value()
}

/// A datetime of valid fields.
pub fn from_fields(th: &mut Thread, f: &Fields, tz: Value, fold: u8) -> Value {
    let class = th.type_for(&DATETIME);
    of_class(th, class, f, tz, fold)
}

fn check_fields(th: &mut Thread, f: &Fields) -> Result<()> {
    check(th, f.y, f.m, f.d)?;
    time::check(th, [f.h, f.mi, f.s, f.us])
}

/// A datetime that is the result of a method: `class(y, m, d, …)`.
fn made(th: &mut Thread, class: Value, f: &Fields, tz: Value, fold: u8) -> Result {
    if let Some(own) = class.downcast::<Type>()
        && own.is_made_from(&DATETIME)
    {
        check_fields(th, f)?;
        return Ok(of_class(th, own, f, tz, fold));
    }
    let n = [f.y, f.m, f.d, f.h, f.mi, f.s, f.us].map(|n| th.int(n));
    let all = [n[0], n[1], n[2], n[3], n[4], n[5], n[6], tz];
    let v = th.call(class, &all)?;
    if let Some(m) = of(v)
        && fold != 0
    {
        m.fold.set(fold);
    }
    Ok(v)
}

/// The datetime shifted by microseconds.
pub fn shift(th: &mut Thread, v: Value, us: i128) -> Result {
    let Some(m) = of(v) else {
        return Err(th.type_error("a datetime was expected"));
    };
    let Some(f) = m.fields().shifted(us) else {
        return Err(th.overflow_error("date value out of range"));
    };
    let class = th.class_of(v).value();
    made(th, class, &f, m.tz, 0)
}

/// Seconds and microseconds of a timestamp; `down` cuts the fraction off.
pub fn split_timestamp(th: &mut Thread, v: Value, down: bool) -> Result<(i64, i64)> {
    const OUT: &str = "timestamp out of range for platform time_t";
    if taipan_vm::types::int::is_int(v) {
        return Ok((th.index_i64(v, OUT)?, 0));
    }
    let Some(f) = th.as_float(v) else {
        let class = th.class_of(v);
        if class.slots().index.is_some() {
            return Ok((th.index_i64(v, OUT)?, 0));
        }
        let got = th.type_name(v);
        return Err(th.type_error(format!("argument must be int or float, not {got}")));
    };
    if f.is_nan() {
        return Err(th.value_error("Invalid value NaN (not a number)"));
    }
    let (mut seconds, mut us) = (f.trunc(), f.fract() * 1e6);
    if down {
        seconds = f.floor();
        us = 0.0;
    }
    us = us.round_ties_even();
    if us >= 1e6 {
        us -= 1e6;
        seconds += 1.0;
    } else if us < 0.0 {
        us += 1e6;
        seconds -= 1.0;
    }
    if seconds.abs() >= 9.2e18 {
        return Err(th.overflow_error(OUT));
    }
    Ok((seconds as i64, us as i64))
}

/// The UTC time of a timestamp.
fn utc_fields(th: &mut Thread, seconds: i64, us: i64) -> Result<Fields> {
    let micros = seconds
        .checked_add(EPOCH * DAY)
        .and_then(|s| s.checked_mul(MILLION));
    match micros.and_then(|n| Fields::from_micros(n + us)) {
        Some(f) => Ok(f),
        None => {
            let day = seconds.div_euclid(DAY).saturating_add(EPOCH);
            if day.abs() > 1 << 50 {
                return Err(th.overflow_error("timestamp out of range for platform time_t"));
            }
            let (y, ..) = calendar::from_ordinal(day);
            Err(th.value_error(format!("year must be in 1..9999, not {y}")))
        }
    }
}

fn local_seconds(th: &mut Thread, u: i64) -> Result<i64> {
    Ok(date::local(th, u)?.seconds() - EPOCH * DAY)
}

/// The local time of a timestamp, and its fold.
fn local_fields(th: &mut Thread, seconds: i64, us: i64) -> Result<(Fields, u8)> {
    let mut f = date::local(th, seconds)?;
    f.us = us;
    // Was the clock set back within the last day? Then the same time may have been before.
    let here = f.seconds();
    let mut fold = 0;
    if here > 2 * DAY {
        let before = date::local(th, seconds - DAY)?.seconds();
        let jump = here - before - DAY;
        if jump < 0 {
            let probe = date::local(th, seconds + jump)?;
            fold = (probe.seconds() == here) as u8;
        }
    }
    Ok((f, fold))
}

/// The timestamp of a local time.
fn make_time(th: &mut Thread, m: &Moment) -> Result<i64> {
    let t = m.fields().seconds() - EPOCH * DAY;
    let a = local_seconds(th, t)? - t;
    let u1 = t - a;
    let t1 = local_seconds(th, u1)?;
    let b;
    if t1 == t {
        // One solution; the other one is a day before or behind.
        let u2 = u1 + if m.fold.get() == 0 { -DAY } else { DAY };
        b = local_seconds(th, u2)? - u2;
        if a == b {
            return Ok(u1);
        }
    } else {
        b = t1 - u1;
    }
    let u2 = t - b;
    if local_seconds(th, u2)? == t {
        return Ok(u2);
    }
    if t1 == t {
        return Ok(u1);
    }
    // In a gap.
    Ok(if m.fold.get() == 0 {
        u1.max(u2)
    } else {
        u1.min(u2)
    })
}

/// The system's time zone at a moment.
fn local_zone(th: &mut Thread, seconds: i64) -> Result {
    let Some((_, offset, name)) = time_calendar::local_fields(seconds) else {
        return Err(th.overflow_error("timestamp out of range for platform time_t"));
    };
    let d = delta::from_micros(th, (offset * MILLION) as i128)?;
    let name = th.new_str(&name).value();
    Ok(zone::new(th, d, Some(name)))
}

fn offset(th: &mut Thread, v: Value, m: Gc<Moment>) -> Result<Option<i64>> {
    zone::offset(th, m.tz, "utcoffset", v)
}

/// Does the other fold have another offset? Then nothing of another zone equals it.
fn is_ambiguous(th: &mut Thread, m: Gc<Moment>, own: Option<i64>) -> Result<bool> {
    if th.is_none(m.tz) {
        return Ok(false);
    }
    let other = from_fields(th, &m.fields(), m.tz, 1 - m.fold.get());
    Ok(zone::offset(th, m.tz, "utcoffset", other)? != own)
}

fn now_seconds() -> (i64, i64) {
    match std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH) {
        Ok(d) => (d.as_secs() as i64, d.subsec_micros() as i64),
        Err(e) => {
            let us = -(e.duration().as_micros() as i64);
            (us.div_euclid(MILLION), us.rem_euclid(MILLION))
        }
    }
}

fn from_timestamp(th: &mut Thread, class: Value, seconds: i64, us: i64, tz: Value) -> Result {
    if th.is_none(tz) {
        let (f, fold) = local_fields(th, seconds, us)?;
        return made(th, class, &f, tz, fold);
    }
    let f = utc_fields(th, seconds, us)?;
    let v = made(th, class, &f, tz, 0)?;
    th.call_method_str(tz, "fromutc", &[v])
}

const NAMES: [&str; 9] = [
    "year",
    "month",
    "day",
    "hour",
    "minute",
    "second",
    "microsecond",
    "tzinfo",
    "fold",
];

/// From the bytes of a pickle.
fn from_state(th: &mut Thread, class: Gc<Type>, b: &[u8], tz: Option<Value>) -> Result {
    let none = th.none();
    let tz = match tz {
        Some(v) if !th.is_none(v) && !zone::is_tzinfo(v) => {
            return Err(th.type_error("bad tzinfo state arg"));
        }
        Some(v) => v,
        None => none,
    };
    let f = Fields {
        y: b[0] as i64 * 256 + b[1] as i64,
        m: (b[2] & 127) as i64,
        d: b[3] as i64,
        h: b[4] as i64,
        mi: b[5] as i64,
        s: b[6] as i64,
        us: (b[7] as i64) << 16 | (b[8] as i64) << 8 | b[9] as i64,
    };
    check_fields(th, &f)?;
    Ok(of_class(th, class, &f, tz, b[2] >> 7))
}

fn reduced(th: &mut Thread, this: Value, with_fold: bool) -> Result {
    let m = th.expect::<Moment>(this)?;
    let f = m.fields();
    let fold = if with_fold { m.fold.get() << 7 } else { 0 };
    let state = [
        (f.y / 256) as u8,
        (f.y % 256) as u8,
        f.m as u8 | fold,
        f.d as u8,
        f.h as u8,
        f.mi as u8,
        f.s as u8,
        (f.us >> 16) as u8,
        (f.us >> 8) as u8,
        f.us as u8,
    ];
    let state = th.new_bytes(&state).value();
    let args = if th.is_none(m.tz) {
        th.new_tuple(&[state]).value()
    } else {
        th.new_tuple(&[state, m.tz]).value()
    };
    let class = th.class_of(this).value();
    Ok(th.new_tuple(&[class, args]).value())
}

/// datetime(year, month, day[, hour[, minute[, second[, microsecond[,tzinfo]]]]])
///
/// The year, month and day arguments are required. tzinfo may be None, or an
/// instance of a tzinfo subclass. The remaining arguments may be ints.
#[pytype(name = "datetime", module = "datetime", base = DATE, payload = Moment, flags = BASETYPE, table = DATETIME)]
impl Instant {
    #[pynew(raw)]
    fn new(th: &mut Thread, given: Args<'_>) -> Result {
        let class = th.expect_type(given.values.first().copied().unwrap_or(th.none()))?;
        let given = given.skip_first();
        if let (Some(first), None, 1 | 2) =
            (given.values.first(), given.kwnames, given.values.len())
            && let Some(b) = args::state(th, *first, 10)?
            && (1..=12).contains(&(b[2] & 127))
        {
            return from_state(th, class, &b, given.values.get(1).copied());
        }
        let a = args::named(th, given, &NAMES, 3, 8)?;
        let f = Fields {
            y: args::number(th, a[0], 0)?,
            m: args::number(th, a[1], 0)?,
            d: args::number(th, a[2], 0)?,
            h: args::number(th, a[3], 0)?,
            mi: args::number(th, a[4], 0)?,
            s: args::number(th, a[5], 0)?,
            us: args::number(th, a[6], 0)?,
        };
        check_fields(th, &f)?;
        let none = th.none();
        let fold = args::fold(th, a[8], 0)?;
        let tz = args::tzinfo(th, a[7], none)?;
        Ok(of_class(th, class, &f, tz, fold))
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let m = th.expect::<Moment>(this)?;
        let f = m.fields();
        let name = shown_class(th, this, &DATETIME);
        let mut out = format!("{name}({}, {}, {}, {}, {}", f.y, f.m, f.d, f.h, f.mi);
        if f.us != 0 {
            out.push_str(&format!(", {}, {}", f.s, f.us));
        } else if f.s != 0 {
            out.push_str(&format!(", {}", f.s));
        }
        if m.fold.get() != 0 {
            out.push_str(", fold=1");
        }
        if !th.is_none(m.tz) {
            out.push_str(", tzinfo=");
            out.push_str(&th.repr(m.tz)?.to_string_lossy());
        }
        out.push(')');
        Ok(th.new_str(&out).value())
    }

    #[pyslot]
    fn str_(th: &mut Thread, this: Value) -> Result {
        let space = th.intern(" ").value();
        th.call_method_str(this, "isoformat", &[space])
    }

    #[pyslot]
    fn hash(th: &mut Thread, this: Value) -> Result<i64> {
        let m = th.expect::<Moment>(this)?;
        let f = m.fields();
        let first = if m.fold.get() == 0 {
            this
        } else {
            from_fields(th, &f, m.tz, 0)
        };
        match zone::offset(th, m.tz, "utcoffset", first)? {
            None => date::hash_numbers(th, &[f.y, f.m, f.d, f.h, f.mi, f.s, f.us]),
            Some(o) => date::hash_numbers(th, &[f.micros() - o]),
        }
    }

    #[pyslot]
    fn richcompare(th: &mut Thread, a: Value, b: Value, op: CompareOp) -> Result {
        let (Some(x), Some(y)) = (of(a), of(b)) else {
            return Ok(th.not_implemented());
        };
        let (f, g) = (x.fields(), y.fields());
        if x.tz.is(y.tz) {
            return Ok(th.bool(op.test(f.cmp(&g))));
        }
        let (p, q) = (offset(th, a, x)?, offset(th, b, y)?);
        let equality = matches!(op, CompareOp::Eq | CompareOp::Ne);
        let order = match (p, q) {
            _ if p == q => f.cmp(&g),
            (Some(p), Some(q)) => (f.micros() - p).cmp(&(g.micros() - q)),
            _ if equality => return Ok(th.bool(op == CompareOp::Ne)),
            _ => return Err(th.type_error("can't compare offset-naive and offset-aware datetimes")),
        };
        if equality && order.is_eq() && (is_ambiguous(th, x, p)? || is_ambiguous(th, y, q)?) {
            return Ok(th.bool(op == CompareOp::Ne));
        }
        Ok(th.bool(op.test(order)))
    }

    #[pyslot]
    fn add(th: &mut Thread, a: Value, b: Value) -> Result {
        match (of(a), delta::of(b), of(b), delta::of(a)) {
            (Some(_), Some(d), ..) => shift(th, a, d.micros()),
            (_, _, Some(_), Some(d)) => shift(th, b, d.micros()),
            _ => Ok(th.not_implemented()),
        }
    }

    #[pyslot]
    fn subtract(th: &mut Thread, a: Value, b: Value) -> Result {
        match (of(a), of(b), delta::of(b)) {
            (Some(x), Some(y), _) => {
                let mut us = x.fields().micros() - y.fields().micros();
                if !x.tz.is(y.tz) {
                    match (offset(th, a, x)?, offset(th, b, y)?) {
                        (None, None) => {}
                        (Some(p), Some(q)) => us += q - p,
                        _ => {
                            return Err(th.type_error(
                                "can't subtract offset-naive and offset-aware datetimes",
                            ));
                        }
                    }
                }
                delta::from_micros(th, us as i128)
            }
            (Some(_), _, Some(d)) => shift(th, a, -d.micros()),
            _ => Ok(th.not_implemented()),
        }
    }

    /// Returns new datetime object representing current time local to tz.
    ///
    ///   tz
    ///     Timezone object.
    ///
    /// If no tz is specified, uses local timezone.
    #[pyclassmethod(sig = "(tz=None)")]
    fn now(th: &mut Thread, class: Value, tz: Option<Value>) -> Result {
        let none = th.none();
        let tz = args::tzinfo(th, tz, none)?;
        let (seconds, us) = now_seconds();
        from_timestamp(th, class, seconds, us, tz)
    }

    /// Return a new datetime representing UTC day and time.
    #[pyclassmethod]
    fn utcnow(th: &mut Thread, class: Value) -> Result {
        taipan_vm::exceptions::warn(
            th,
            ExceptionClass::DeprecationWarning,
            "datetime.datetime.utcnow() is deprecated and scheduled for removal in a future version. Use timezone-aware objects to represent datetimes in UTC: datetime.datetime.now(datetime.UTC).",
            1,
        )?;
        let (seconds, us) = now_seconds();
        let (f, none) = (utc_fields(th, seconds, us)?, th.none());
        made(th, class, &f, none, 0)
    }

    /// Create a datetime from a POSIX timestamp.
    ///
    /// The timestamp is a number, e.g. created via time.time(), that is interpreted
    /// as local time or, with a tz, as time there.
    #[pyclassmethod(sig = "(timestamp, tz=None)")]
    fn fromtimestamp(th: &mut Thread, class: Value, timestamp: Value, tz: Option<Value>) -> Result {
        let none = th.none();
        let tz = args::tzinfo(th, tz, none)?;
        let (seconds, us) = split_timestamp(th, timestamp, false)?;
        from_timestamp(th, class, seconds, us, tz)
    }

    /// Construct a naive UTC datetime from a POSIX timestamp.
    #[pyclassmethod(sig = "(timestamp, /)")]
    fn utcfromtimestamp(th: &mut Thread, class: Value, timestamp: Value) -> Result {
        taipan_vm::exceptions::warn(
            th,
            ExceptionClass::DeprecationWarning,
            "datetime.datetime.utcfromtimestamp() is deprecated and scheduled for removal in a future version. Use timezone-aware objects to represent datetimes in UTC: datetime.datetime.fromtimestamp(timestamp, datetime.UTC).",
            1,
        )?;
        let (seconds, us) = split_timestamp(th, timestamp, false)?;
        let (f, none) = (utc_fields(th, seconds, us)?, th.none());
        made(th, class, &f, none, 0)
    }

    /// Parse string according to the given date and time format.
    #[pyclassmethod(sig = "(string, format, /)")]
    fn strptime(th: &mut Thread, class: Value, string: Value, format: Value) -> Result {
        let f = import_attr(th, "_strptime", "_strptime_datetime_datetime")?;
        th.call(f, &[class, string, format])
    }

    /// Construct a datetime from a given date and a given time.
    #[pyclassmethod(sig = "(date, time, tzinfo=True)")]
    fn combine(
        th: &mut Thread,
        class: Value,
        date: Value,
        time: Value,
        tzinfo: Option<Value>,
    ) -> Result {
        let Some(d) = date.downcast::<Moment>() else {
            let got = th.type_name(date);
            return Err(th.type_error(format!(
                "combine() argument 1 must be datetime.date, not {got}"
            )));
        };
        let Some(t) = time.downcast::<Time>() else {
            let got = th.type_name(time);
            return Err(th.type_error(format!(
                "combine() argument 2 must be datetime.time, not {got}"
            )));
        };
        let tz = args::tzinfo(th, tzinfo, t.tz)?;
        let mut f = d.fields();
        [f.h, f.mi, f.s, f.us] = t.parts();
        made(th, class, &f, tz, t.fold.get())
    }

    /// Construct a date from a string in ISO 8601 format.
    #[pyclassmethod(sig = "(string, /)")]
    fn fromisoformat(th: &mut Thread, class: Value, string: Value) -> Result {
        let Some(s) = text(string) else {
            return Err(th.type_error("fromisoformat: argument must be str"));
        };
        match iso::datetime(&s) {
            Ok((f, offset)) => {
                let tz = time::zone_of(th, offset)?;
                made(th, class, &f, tz, 0)
            }
            Err(e) => Err(date::not_iso(th, string, e)),
        }
    }

    /// Return date object with same year, month and day.
    #[pymethod(name = "date")]
    fn to_date(th: &mut Thread, this: Gc<Moment>) -> Result {
        let f = this.fields();
        date::new(th, None, f.y, f.m, f.d)
    }

    /// Return time object with same time but with tzinfo=None.
    #[pymethod(name = "time")]
    fn to_time(th: &mut Thread, this: Gc<Moment>) -> Result {
        let (f, none) = (this.fields(), th.none());
        time::new(th, None, [f.h, f.mi, f.s, f.us], none, this.fold.get())
    }

    /// Return time object with same time and tzinfo.
    #[pymethod]
    fn timetz(th: &mut Thread, this: Gc<Moment>) -> Result {
        let f = this.fields();
        time::new(th, None, [f.h, f.mi, f.s, f.us], this.tz, this.fold.get())
    }

    /// Return time tuple, compatible with time.localtime().
    #[pymethod]
    fn timetuple(th: &mut Thread, this: Gc<Moment>) -> Result {
        let dst = match zone::offset(th, this.tz, "dst", this.value())? {
            None => -1,
            Some(n) => (n != 0) as i64,
        };
        struct_time(th, &this.fields(), dst)
    }

    /// Return UTC time tuple, compatible with time.localtime().
    #[pymethod]
    fn utctimetuple(th: &mut Thread, this: Gc<Moment>) -> Result {
        let mut f = this.fields();
        if let Some(o) = offset(th, this.value(), this)? {
            f = match Fields::from_micros(f.micros() - o) {
                Some(f) => f,
                None => return Err(th.overflow_error("date value out of range")),
            };
        }
        struct_time(th, &f, 0)
    }

    /// Return POSIX timestamp as float.
    #[pymethod]
    fn timestamp(th: &mut Thread, this: Gc<Moment>) -> Result<f64> {
        let f = this.fields();
        match offset(th, this.value(), this)? {
            Some(o) => Ok((f.micros() - o - EPOCH * DAY * MILLION) as f64 / 1e6),
            None => Ok(make_time(th, &this)? as f64 + f.us as f64 / 1e6),
        }
    }

    /// Return self.tzinfo.utcoffset(self).
    #[pymethod]
    fn utcoffset(th: &mut Thread, this: Gc<Moment>) -> Result<Option<Value>> {
        Ok(zone::offset_value(th, this.tz, "utcoffset", this.value())?.map(Gc::value))
    }

    /// Return self.tzinfo.dst(self).
    #[pymethod]
    fn dst(th: &mut Thread, this: Gc<Moment>) -> Result<Option<Value>> {
        Ok(zone::offset_value(th, this.tz, "dst", this.value())?.map(Gc::value))
    }

    /// Return self.tzinfo.tzname(self).
    #[pymethod]
    fn tzname(th: &mut Thread, this: Gc<Moment>) -> Result {
        zone::name(th, this.tz, this.value())
    }

    /// Return ctime() style string.
    #[pymethod]
    fn ctime(th: &mut Thread, this: Gc<Moment>) -> Result {
        let class = th.type_for(&DATE).value();
        let f = th.get_attr_str(class, "ctime")?;
        th.call(f, &[this.value()])
    }

    /// [sep] -> string in ISO 8601 format, YYYY-MM-DDT[HH[:MM[:SS[.mmm[uuu]]]]][+HH:MM].
    /// sep is used to separate the year from the time, and defaults to 'T'.
    /// The optional argument timespec specifies the number of additional terms
    /// of the time to include.
    #[pymethod(sig = "(sep='T', timespec='auto')")]
    fn isoformat(
        th: &mut Thread,
        this: Gc<Moment>,
        sep: Option<Value>,
        timespec: Option<Value>,
    ) -> Result<String> {
        let separator = match sep {
            None => "T".to_owned(),
            Some(v) => match text(v) {
                Some(s) if s.chars().count() == 1 => s,
                Some(s) => {
                    let n = s.chars().count();
                    return Err(th.type_error(format!(
                        "isoformat() argument 1 must be a unicode character, not a string of length {n}"
                    )));
                }
                None => {
                    let got = th.type_name(v);
                    return Err(th.type_error(format!(
                        "isoformat() argument 1 must be a unicode character, not {got}"
                    )));
                }
            },
        };
        let f = this.fields();
        let time = time::show(th, [f.h, f.mi, f.s, f.us], timespec)?;
        let mut out = format!("{:04}-{:02}-{:02}{separator}{time}", f.y, f.m, f.d);
        if let Some(o) = offset(th, this.value(), this)? {
            out.push_str(&zone::show_offset(o, ":"));
        }
        Ok(out)
    }

    /// tz -> convert to local time in new timezone tz
    #[pymethod(sig = "(tz=None)")]
    fn astimezone(th: &mut Thread, this: Gc<Moment>, tz: Option<Value>) -> Result {
        let none = th.none();
        let tz = args::tzinfo(th, tz, none)?;
        if !th.is_none(tz) && tz.is(this.tz) {
            return Ok(this.value());
        }
        let f = this.fields();
        let us = match offset(th, this.value(), this)? {
            Some(o) => f.micros() - o,
            None => (make_time(th, &this)? + EPOCH * DAY) * MILLION + f.us,
        };
        let Some(utc) = Fields::from_micros(us) else {
            return Err(th.overflow_error("date value out of range"));
        };
        let tz = if th.is_none(tz) {
            local_zone(th, utc.seconds() - EPOCH * DAY)?
        } else {
            tz
        };
        let class = th.class_of(this.value()).value();
        let utc = made(th, class, &utc, tz, 0)?;
        th.call_method_str(tz, "fromutc", &[utc])
    }

    /// Return datetime with new specified fields.
    #[pymethod(raw)]
    fn replace(th: &mut Thread, given: Args<'_>) -> Result {
        let Some(this) = given.values.first().copied() else {
            return Err(th.type_error("replace() needs an argument"));
        };
        let m = th.expect::<Moment>(this)?;
        let f = m.fields();
        let a = args::named(th, given.skip_first(), &NAMES, 0, 8)?;
        let new = Fields {
            y: args::number(th, a[0], f.y)?,
            m: args::number(th, a[1], f.m)?,
            d: args::number(th, a[2], f.d)?,
            h: args::number(th, a[3], f.h)?,
            mi: args::number(th, a[4], f.mi)?,
            s: args::number(th, a[5], f.s)?,
            us: args::number(th, a[6], f.us)?,
        };
        let tz = args::tzinfo(th, a[7], m.tz)?;
        let fold = args::fold(th, a[8], m.fold.get())?;
        let class = th.class_of(this).value();
        made(th, class, &new, tz, fold)
    }

    /// The same as replace().
    #[pymethod(raw)]
    fn __replace__(th: &mut Thread, given: Args<'_>) -> Result {
        Instant::replace(th, given)
    }

    /// __reduce_ex__(proto) -> (cls, state)
    #[pymethod(sig = "(proto, /)")]
    fn __reduce_ex__(th: &mut Thread, this: Value, proto: i64) -> Result {
        reduced(th, this, proto > 3)
    }

    /// __reduce__() -> (cls, state)
    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Value) -> Result {
        reduced(th, this, false)
    }

    #[pygetter]
    fn hour(_: &mut Thread, this: Gc<Moment>) -> i64 {
        this.fields().h
    }

    #[pygetter]
    fn minute(_: &mut Thread, this: Gc<Moment>) -> i64 {
        this.fields().mi
    }

    #[pygetter]
    fn second(_: &mut Thread, this: Gc<Moment>) -> i64 {
        this.fields().s
    }

    #[pygetter]
    fn microsecond(_: &mut Thread, this: Gc<Moment>) -> i64 {
        this.fields().us
    }

    #[pygetter]
    fn tzinfo(_: &mut Thread, this: Gc<Moment>) -> Value {
        this.tz
    }

    #[pygetter]
    fn fold(_: &mut Thread, this: Gc<Moment>) -> i64 {
        this.fold.get() as i64
    }
}
