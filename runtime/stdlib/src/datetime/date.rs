//! `date`, and what datetimes share with it.

use taipan_vm::call::{Args, MethodDef, MethodKind};
use taipan_vm::object::slots::CompareOp;
use taipan_vm::object::{Gc, Result, Value};
use taipan_vm::types::str_::{Str, text};
use taipan_vm::types::structseq::StructDef;
use taipan_vm::types::type_::Type;
use taipan_vm::{Thread, pytype};

use super::calendar::{self, days_in_month};
use super::delta;
use super::moment::{Fields, Moment};
use super::{args, instant, iso, zone};
use crate::support::import_attr;
use crate::time_calendar;

/// The date's methods hang here.
pub struct Date;

/// Names of months.
pub const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];
/// Names of weekdays.
pub const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// Are these a date? Raises ValueError.
pub fn check(th: &mut Thread, y: i64, m: i64, d: i64) -> Result<()> {
    if !(1..=9999).contains(&y) {
        return Err(th.value_error(format!("year must be in 1..9999, not {y}")));
    }
    if !(1..=12).contains(&m) {
        return Err(th.value_error(format!("month must be in 1..12, not {m}")));
    }
    let n = days_in_month(y, m);
    if !(1..=n).contains(&d) {
        return Err(th.value_error(format!(
            "day {d} must be in range 1..{n} for month {m} in year {y}"
        )));
    }
    Ok(())
}

/// A date; the class may be one derived from it.
pub fn new(th: &mut Thread, class: Option<Gc<Type>>, y: i64, m: i64, d: i64) -> Result {
    check(th, y, m, d)?;
    let own = th.type_for(&DATE);
    let (class, none) = (class.unwrap_or(own), th.none());
    Ok(th
        .alloc_native(class, |head| {
            Moment::new(head, &Fields::of_date(y, m, d), none, 0, false)
        })
        .value())
}

/// A date that is the result of a class method: `class(y, m, d)`.
fn made(th: &mut Thread, class: Value, y: i64, m: i64, d: i64) -> Result {
    let own = th.type_for(&DATE);
    if class.is(own.value()) {
        return new(th, None, y, m, d);
    }
    let parts = [th.int(y), th.int(m), th.int(d)];
    th.call(class, &parts)
}

fn made_from_ordinal(th: &mut Thread, class: Value, n: i64) -> Result {
    if n < 1 {
        return Err(th.value_error("ordinal must be >= 1"));
    }
    if n > 4_000_000_000 {
        return Err(th.overflow_error("Python int too large to convert to C int"));
    }
    let (y, m, d) = calendar::from_ordinal(n);
    check(th, y, m, d)?;
    made(th, class, y, m, d)
}

/// A date proper.
fn of(v: Value) -> Option<Gc<Moment>> {
    v.downcast::<Moment>().filter(|m| !m.is_datetime)
}

/// `time.struct_time` of these.
pub fn struct_time(th: &mut Thread, f: &Fields, dst: i64) -> Result {
    let class = import_attr(th, "time", "struct_time")?;
    let weekday = calendar::weekday(f.y, f.m, f.d);
    let of_year = calendar::days_before_month(f.y, f.m) + f.d;
    let parts = [f.y, f.m, f.d, f.h, f.mi, f.s, weekday, of_year, dst].map(|n| th.int(n));
    let parts = th.new_tuple(&parts).value();
    th.call(class, &[parts])
}

/// An offset for `%z`, asked of the object.
fn shown_offset(th: &mut Thread, this: Value, separator: &str) -> Result<String> {
    let Some(f) = th.get_attr_str_option(this, "utcoffset")? else {
        return Ok(String::new());
    };
    let v = th.call(f, &[])?;
    Ok(match delta::of(v) {
        Some(d) => zone::show_offset(d.micros() as i64, separator),
        None => String::new(),
    })
}

/// A zone's name for `%Z`, asked of the object.
fn shown_zone(th: &mut Thread, this: Value) -> Result<String> {
    let Some(f) = th.get_attr_str_option(this, "tzname")? else {
        return Ok(String::new());
    };
    let v = th.call(f, &[])?;
    if th.is_none(v) {
        return Ok(String::new());
    }
    Ok(th.str(v)?.to_string_lossy().replace('%', "%%"))
}

/// `strftime`: what the C library does not know is put in, the rest is the work of
/// `time.strftime`. `day` has the date, `us` the microsecond.
pub fn format(th: &mut Thread, this: Value, spec: Value, tuple: Value, day: &Fields) -> Result {
    let Some(spec) = spec.downcast::<Str>() else {
        let got = th.type_name(spec);
        return Err(th.type_error(format!("strftime() argument 1 must be str, not {got}")));
    };
    let text = spec.to_string_lossy();
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    let year = day.y;
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let rest = chars.as_str();
        match chars.next() {
            None => out.push('%'),
            Some('f') => out.push_str(&format!("{:06}", day.us)),
            Some('z') => out.push_str(&shown_offset(th, this, "")?),
            Some(':') if rest.starts_with(":z") => {
                chars.next();
                out.push_str(&shown_offset(th, this, ":")?);
            }
            Some('Z') => out.push_str(&shown_zone(th, this)?),
            Some('Y') => out.push_str(&format!("{year:04}")),
            Some('C') => out.push_str(&format!("{:02}", year / 100)),
            Some('F') => out.push_str(&format!("{year:04}-%m-%d")),
            Some('G') => {
                let (y, ..) = calendar::iso_calendar(day.y, day.m, day.d);
                out.push_str(&format!("{y:04}"));
            }
            Some(other) => {
                out.push('%');
                out.push(other);
            }
        }
    }
    let f = import_attr(th, "time", "strftime")?;
    let out = th.new_str(&out).value();
    th.call(f, &[out, tuple])
}

/// `__format__`
pub fn dunder_format(th: &mut Thread, this: Value, spec: Value) -> Result {
    match text(spec) {
        None => {
            let got = th.type_name(spec);
            Err(th.type_error(format!("__format__() argument 1 must be str, not {got}")))
        }
        Some(s) if s.is_empty() => Ok(th.str(this)?.value()),
        Some(_) => th.call_method_str(this, "strftime", &[spec]),
    }
}

/// The day shifted by the days of a difference.
fn shift(th: &mut Thread, v: Value, m: Gc<Moment>, days: i64) -> Result {
    let n = m.fields().ordinal() + days;
    if !(1..=calendar::LAST).contains(&n) {
        return Err(th.overflow_error("date value out of range"));
    }
    let class = th.class_of(v).value();
    made_from_ordinal(th, class, n)
}

/// The name that `repr` begins with.
pub fn shown_class(
    th: &mut Thread,
    v: Value,
    own: &'static taipan_vm::types::type_::TypeDef,
) -> String {
    let class = th.class_of(v);
    if class.is(th.type_for(own)) {
        format!("datetime.{}", own.name)
    } else {
        class.name_text()
    }
}

/// A hash of numbers that differs from run to run, as that of bytes does.
pub fn hash_numbers(th: &mut Thread, numbers: &[i64]) -> Result<i64> {
    let bytes: Vec<u8> = numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
    let packed = th.new_bytes(&bytes).value();
    th.hash(packed)
}

/// The error for a text that is not ISO.
#[cold]
pub fn not_iso(th: &mut Thread, text: Value, why: iso::Wrong) -> taipan_vm::Raised {
    match why {
        iso::Wrong::Because(message) => th.value_error(message),
        iso::Wrong::Form => match th.repr(text) {
            Ok(r) => {
                let r = r.to_string_lossy();
                th.value_error(format!("Invalid isoformat string: {r}"))
            }
            Err(e) => e,
        },
    }
}

/// What `isocalendar` gives.
static ISO_CALENDAR: StructDef = StructDef {
    name: "IsoCalendarDate",
    module: "datetime",
    doc: "The result of date.isocalendar() or datetime.isocalendar()\n\nThis object may be accessed either as a tuple of\n  ((year, week, weekday))\nor via the object attributes as named in the above tuple.",
    fields: &["year", "week", "weekday"],
    visible: 3,
    constructible: false,
};

/// Pickles of it are plain tuples.
static ISO_REDUCE: MethodDef = MethodDef {
    name: "__reduce__",
    func: |th, args| {
        let v = args.values.first().copied().unwrap_or(th.none());
        let plain = th.to_tuple(v)?;
        let plain = th.new_tuple(plain.as_slice()).value();
        let args = th.new_tuple(&[plain]).value();
        let class = th.vm().ty(taipan_vm::types::T::Tuple).value();
        Ok(th.new_tuple(&[class, args]).value())
    },
    kind: MethodKind::Method,
    signature: None,
    text_signature: None,
    doc: "",
};

/// The class of ISO calendar dates.
pub fn enter_iso_calendar(th: &mut Thread) -> Result<()> {
    let class = th.struct_class(&ISO_CALENDAR)?;
    let f = th.new_method_descriptor(class, &ISO_REDUCE);
    th.dict_set_text(class.namespace(), "__reduce__", f);
    Ok(())
}

/// The local time of a timestamp.
pub fn local(th: &mut Thread, seconds: i64) -> Result<Fields> {
    match time_calendar::local_fields(seconds) {
        Some(([y, m, d, h, mi, s], _, _)) if (1..=9999).contains(&y) => Ok(Fields {
            y,
            m,
            d,
            h,
            mi,
            s: s.min(59),
            us: 0,
        }),
        Some(([y, ..], _, _)) => Err(th.value_error(format!("year must be in 1..9999, not {y}"))),
        None => Err(th.overflow_error("timestamp out of range for platform time_t")),
    }
}

/// date(year, month, day) --> date object
#[pytype(name = "date", module = "datetime", payload = Moment, flags = BASETYPE, table = DATE)]
impl Date {
    #[pynew(raw)]
    fn new(th: &mut Thread, given: Args<'_>) -> Result {
        let class = th.expect_type(given.values.first().copied().unwrap_or(th.none()))?;
        let given = given.skip_first();
        if let ([one], None) = (given.values, given.kwnames)
            && let Some(b) = args::state(th, *one, 4)?
            && (1..=12).contains(&b[2])
        {
            let y = b[0] as i64 * 256 + b[1] as i64;
            return self::new(th, Some(class), y, b[2] as i64, b[3] as i64);
        }
        let [y, m, d] = args::named(th, given, &["year", "month", "day"], 3, 3)?;
        let (y, m, d) = (
            args::number(th, y, 0)?,
            args::number(th, m, 0)?,
            args::number(th, d, 0)?,
        );
        self::new(th, Some(class), y, m, d)
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let f = th.expect::<Moment>(this)?.fields();
        let name = shown_class(th, this, &DATE);
        Ok(th
            .new_str(&format!("{name}({}, {}, {})", f.y, f.m, f.d))
            .value())
    }

    #[pyslot]
    fn str_(th: &mut Thread, this: Value) -> Result {
        th.call_method_str(this, "isoformat", &[])
    }

    #[pyslot]
    fn hash(th: &mut Thread, this: Value) -> Result<i64> {
        let f = th.expect::<Moment>(this)?.fields();
        hash_numbers(th, &[f.y, f.m, f.d])
    }

    #[pyslot]
    fn richcompare(th: &mut Thread, a: Value, b: Value, op: CompareOp) -> Result {
        match (of(a), of(b)) {
            (Some(x), Some(y)) => Ok(th.bool(op.test(x.fields().cmp(&y.fields())))),
            _ => Ok(th.not_implemented()),
        }
    }

    #[pyslot]
    fn add(th: &mut Thread, a: Value, b: Value) -> Result {
        match (of(a), delta::of(b), of(b), delta::of(a)) {
            (Some(m), Some(d), ..) => shift(th, a, m, d.days as i64),
            (_, _, Some(m), Some(d)) => shift(th, b, m, d.days as i64),
            _ => Ok(th.not_implemented()),
        }
    }

    #[pyslot]
    fn subtract(th: &mut Thread, a: Value, b: Value) -> Result {
        match (of(a), of(b), delta::of(b)) {
            (Some(x), Some(y), _) => {
                let days = x.fields().ordinal() - y.fields().ordinal();
                delta::new(th, None, days, 0, 0)
            }
            (Some(x), _, Some(d)) => shift(th, a, x, -(d.days as i64)),
            _ => Ok(th.not_implemented()),
        }
    }

    /// Current date or datetime:  same as self.__class__.fromtimestamp(time.time()).
    #[pyclassmethod]
    fn today(th: &mut Thread, class: Value) -> Result {
        let now = import_attr(th, "time", "time")?;
        let now = th.call(now, &[])?;
        th.call_method_str(class, "fromtimestamp", &[now])
    }

    /// Create a date from a POSIX timestamp.
    ///
    /// The timestamp is a number, e.g. created via time.time(), that is interpreted
    /// as local time.
    #[pyclassmethod(sig = "(timestamp, /)")]
    fn fromtimestamp(th: &mut Thread, class: Value, timestamp: Value) -> Result {
        let (seconds, _) = instant::split_timestamp(th, timestamp, true)?;
        let f = local(th, seconds)?;
        made(th, class, f.y, f.m, f.d)
    }

    /// int -> date corresponding to a proleptic Gregorian ordinal.
    #[pyclassmethod(sig = "(ordinal, /)")]
    fn fromordinal(th: &mut Thread, class: Value, ordinal: Value) -> Result {
        let n = args::number(th, Some(ordinal), 0)?;
        made_from_ordinal(th, class, n)
    }

    /// Construct a date from a string in ISO 8601 format.
    #[pyclassmethod(sig = "(string, /)")]
    fn fromisoformat(th: &mut Thread, class: Value, string: Value) -> Result {
        let Some(s) = text(string) else {
            return Err(th.type_error("fromisoformat: argument must be str"));
        };
        match iso::date(s.as_bytes()) {
            Ok(f) => made(th, class, f.y, f.m, f.d),
            Err(e) => Err(not_iso(th, string, e)),
        }
    }

    /// Construct a date from the ISO year, week number and weekday.
    ///
    /// This is the inverse of the function date.isocalendar().
    #[pyclassmethod(sig = "(year, week, day)")]
    fn fromisocalendar(
        th: &mut Thread,
        class: Value,
        year: Value,
        week: Value,
        day: Value,
    ) -> Result {
        let mut n = [0; 3];
        for (slot, v) in n.iter_mut().zip([year, week, day]) {
            *slot = match v.as_int() {
                Some(i) => i,
                None => th.index_i64(v, "Python int too large to convert to C int")?,
            };
        }
        match iso::week_date(n[0], n[1], n[2]) {
            Ok(n) => made_from_ordinal(th, class, n),
            Err(message) => Err(th.value_error(message)),
        }
    }

    /// Parse string according to the given date format.
    #[pyclassmethod(sig = "(string, format, /)")]
    fn strptime(th: &mut Thread, class: Value, string: Value, format: Value) -> Result {
        let f = import_attr(th, "_strptime", "_strptime_datetime_date")?;
        th.call(f, &[class, string, format])
    }

    /// Return ctime() style string.
    #[pymethod]
    fn ctime(_: &mut Thread, this: Gc<Moment>) -> String {
        let f = this.fields();
        let w = WEEKDAYS[calendar::weekday(f.y, f.m, f.d) as usize];
        let m = MONTHS[(f.m - 1) as usize];
        format!(
            "{w} {m} {:2} {:02}:{:02}:{:02} {:04}",
            f.d, f.h, f.mi, f.s, f.y
        )
    }

    /// Format using strftime().
    #[pymethod(sig = "(format)")]
    fn strftime(th: &mut Thread, this: Value, format: Value) -> Result {
        let day = th.expect::<Moment>(this)?.fields();
        let tuple = th.call_method_str(this, "timetuple", &[])?;
        self::format(th, this, format, tuple, &day)
    }

    /// Formats self with strftime.
    #[pymethod(sig = "(format, /)")]
    fn __format__(th: &mut Thread, this: Value, format: Value) -> Result {
        dunder_format(th, this, format)
    }

    /// Return string in ISO 8601 format, YYYY-MM-DD.
    #[pymethod]
    fn isoformat(_: &mut Thread, this: Gc<Moment>) -> String {
        let f = this.fields();
        format!("{:04}-{:02}-{:02}", f.y, f.m, f.d)
    }

    /// Return the day of the week represented by the date.
    ///
    /// Monday == 1 ... Sunday == 7
    #[pymethod]
    fn isoweekday(_: &mut Thread, this: Gc<Moment>) -> i64 {
        let f = this.fields();
        calendar::weekday(f.y, f.m, f.d) + 1
    }

    /// Return a named tuple containing ISO year, week number, and weekday.
    #[pymethod]
    fn isocalendar(th: &mut Thread, this: Gc<Moment>) -> Result {
        let f = this.fields();
        let (y, w, d) = calendar::iso_calendar(f.y, f.m, f.d);
        let parts = [th.int(y), th.int(w), th.int(d)];
        th.new_struct(&ISO_CALENDAR, &parts)
    }

    /// Return the day of the week represented by the date.
    ///
    /// Monday == 0 ... Sunday == 6
    #[pymethod]
    fn weekday(_: &mut Thread, this: Gc<Moment>) -> i64 {
        let f = this.fields();
        calendar::weekday(f.y, f.m, f.d)
    }

    /// Return proleptic Gregorian ordinal.  January 1 of year 1 is day 1.
    #[pymethod]
    fn toordinal(_: &mut Thread, this: Gc<Moment>) -> i64 {
        this.fields().ordinal()
    }

    /// Return time tuple, compatible with time.localtime().
    #[pymethod]
    fn timetuple(th: &mut Thread, this: Gc<Moment>) -> Result {
        struct_time(th, &this.fields(), -1)
    }

    /// Return date with new specified fields.
    #[pymethod(
        raw,
        sig = "(year=<unrepresentable>, month=<unrepresentable>, day=<unrepresentable>)"
    )]
    fn replace(th: &mut Thread, given: Args<'_>) -> Result {
        let Some(this) = given.values.first().copied() else {
            return Err(th.type_error("replace() needs an argument"));
        };
        let f = th.expect::<Moment>(this)?.fields();
        let a = args::named(th, given.skip_first(), &["year", "month", "day"], 0, 3)?;
        let (y, m, d) = (
            args::number(th, a[0], f.y)?,
            args::number(th, a[1], f.m)?,
            args::number(th, a[2], f.d)?,
        );
        let class = th.class_of(this).value();
        made(th, class, y, m, d)
    }

    /// The same as replace().
    #[pymethod(raw)]
    fn __replace__(th: &mut Thread, given: Args<'_>) -> Result {
        Date::replace(th, given)
    }

    /// __reduce__() -> (cls, state)
    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Value) -> Result {
        let f = th.expect::<Moment>(this)?.fields();
        let state = [(f.y / 256) as u8, (f.y % 256) as u8, f.m as u8, f.d as u8];
        let state = th.new_bytes(&state).value();
        let args = th.new_tuple(&[state]).value();
        let class = th.class_of(this).value();
        Ok(th.new_tuple(&[class, args]).value())
    }

    #[pygetter]
    fn year(_: &mut Thread, this: Gc<Moment>) -> i64 {
        this.fields().y
    }

    #[pygetter]
    fn month(_: &mut Thread, this: Gc<Moment>) -> i64 {
        this.fields().m
    }

    #[pygetter]
    fn day(_: &mut Thread, this: Gc<Moment>) -> i64 {
        this.fields().d
    }
}
