//! `time`: a time of day.

use std::cell::Cell;

use taipan_vm::call::Args;
use taipan_vm::object::slots::CompareOp;
use taipan_vm::object::{Gc, NativeHeader, Result, Value};
use taipan_vm::types::Named;
use taipan_vm::types::str_::text;
use taipan_vm::types::type_::Type;
use taipan_vm::{NativeObject, Thread, pytype};

use super::calendar::MILLION;
use super::date::{self, shown_class};
use super::moment::Fields;
use super::{args, delta, iso, zone};
use crate::support::import_attr;

/// A time of day.
#[repr(C)]
#[derive(NativeObject)]
pub struct Time {
    head: NativeHeader,
    /// None or a tzinfo.
    pub tz: Value,
    #[notrace]
    hour: u8,
    #[notrace]
    minute: u8,
    #[notrace]
    second: u8,
    /// The second one of two equal times.
    #[notrace]
    pub fold: Cell<u8>,
    #[notrace]
    micro: u32,
}

impl Named for Time {
    const NAME: &'static str = "datetime.time";
}

impl Time {
    /// Hour, minute, second, microsecond.
    pub fn parts(&self) -> [i64; 4] {
        [
            self.hour as i64,
            self.minute as i64,
            self.second as i64,
            self.micro as i64,
        ]
    }
}

/// Are these a time of day? Raises ValueError.
pub fn check(th: &mut Thread, parts: [i64; 4]) -> Result<()> {
    let limits = [
        ("hour", 23),
        ("minute", 59),
        ("second", 59),
        ("microsecond", 999_999),
    ];
    for (n, (name, limit)) in parts.into_iter().zip(limits) {
        if !(0..=limit).contains(&n) {
            return Err(th.value_error(format!("{name} must be in 0..{limit}, not {n}")));
        }
    }
    Ok(())
}

/// A time; the class may be one derived from it.
pub fn new(
    th: &mut Thread,
    class: Option<Gc<Type>>,
    parts: [i64; 4],
    tz: Value,
    fold: u8,
) -> Result {
    check(th, parts)?;
    let own = th.type_for(&TIME);
    let [h, m, s, us] = parts;
    Ok(th
        .alloc_native(class.unwrap_or(own), |head| Time {
            head,
            tz,
            hour: h as u8,
            minute: m as u8,
            second: s as u8,
            fold: Cell::new(fold),
            micro: us as u32,
        })
        .value())
}

/// A time that is the result of a method: `class(h, m, s, us, tz)`.
fn made(th: &mut Thread, class: Value, parts: [i64; 4], tz: Value, fold: u8) -> Result {
    let own = th.type_for(&TIME);
    if class.is(own.value()) {
        return new(th, None, parts, tz, fold);
    }
    let [h, m, s, us] = parts.map(|n| th.int(n));
    let v = th.call(class, &[h, m, s, us, tz])?;
    if let Some(t) = v.downcast::<Time>()
        && fold != 0
    {
        t.fold.set(fold);
    }
    Ok(v)
}

/// The zone for an offset that was read.
pub fn zone_of(th: &mut Thread, offset: Option<i64>) -> Result {
    match offset {
        None => Ok(th.none()),
        Some(0) => zone::utc(th),
        Some(us) => {
            let d = delta::from_micros(th, us as i128)?;
            Ok(zone::new(th, d, None))
        }
    }
}

/// As ISO has it, by a `timespec` argument.
pub fn show(th: &mut Thread, parts: [i64; 4], timespec: Option<Value>) -> Result<String> {
    let spec = match timespec {
        None => "auto".to_owned(),
        Some(v) => match text(v) {
            Some(s) => s,
            None => {
                let got = th.type_name(v);
                return Err(th.type_error(format!(
                    "isoformat() argument 'timespec' must be str, not {got}"
                )));
            }
        },
    };
    match iso::show_time(parts, &spec) {
        Some(s) => Ok(s),
        None => Err(th.value_error("Unknown timespec value")),
    }
}

fn offset(th: &mut Thread, t: Gc<Time>) -> Result<Option<i64>> {
    let none = th.none();
    zone::offset(th, t.tz, "utcoffset", none)
}

/// Microseconds since midnight.
fn micros(t: &Time) -> i64 {
    let [h, m, s, us] = t.parts();
    (h * 3600 + m * 60 + s) * MILLION + us
}

const NAMES: [&str; 6] = ["hour", "minute", "second", "microsecond", "tzinfo", "fold"];

fn reduced(th: &mut Thread, this: Value, with_fold: bool) -> Result {
    let t = th.expect::<Time>(this)?;
    let [h, m, s, us] = t.parts();
    let fold = if with_fold { t.fold.get() << 7 } else { 0 };
    let state = [
        h as u8 | fold,
        m as u8,
        s as u8,
        (us >> 16) as u8,
        (us >> 8) as u8,
        us as u8,
    ];
    let state = th.new_bytes(&state).value();
    let args = if th.is_none(t.tz) {
        th.new_tuple(&[state]).value()
    } else {
        th.new_tuple(&[state, t.tz]).value()
    };
    let class = th.class_of(this).value();
    Ok(th.new_tuple(&[class, args]).value())
}

/// time([hour[, minute[, second[, microsecond[, tzinfo]]]]]) --> a time object
///
/// All arguments are optional. tzinfo may be None, or an instance of
/// a tzinfo subclass. The remaining arguments may be ints.
#[pytype(name = "time", module = "datetime", flags = BASETYPE, table = TIME)]
impl Time {
    #[pynew(raw)]
    fn new(th: &mut Thread, given: Args<'_>) -> Result {
        let class = th.expect_type(given.values.first().copied().unwrap_or(th.none()))?;
        let given = given.skip_first();
        let none = th.none();
        if let (Some(first), None, 1 | 2) =
            (given.values.first(), given.kwnames, given.values.len())
            && let Some(b) = args::state(th, *first, 6)?
            && b[0] & 127 < 24
        {
            let tz = match given.values.get(1) {
                Some(v) if !th.is_none(*v) && !zone::is_tzinfo(*v) => {
                    return Err(th.type_error("bad tzinfo state arg"));
                }
                Some(v) => *v,
                None => none,
            };
            let us = (b[3] as i64) << 16 | (b[4] as i64) << 8 | b[5] as i64;
            let parts = [(b[0] & 127) as i64, b[1] as i64, b[2] as i64, us];
            return self::new(th, Some(class), parts, tz, b[0] >> 7);
        }
        let a = args::named(th, given, &NAMES, 0, 5)?;
        let parts = [
            args::number(th, a[0], 0)?,
            args::number(th, a[1], 0)?,
            args::number(th, a[2], 0)?,
            args::number(th, a[3], 0)?,
        ];
        check(th, parts)?;
        let fold = args::fold(th, a[5], 0)?;
        let tz = args::tzinfo(th, a[4], none)?;
        self::new(th, Some(class), parts, tz, fold)
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let t = th.expect::<Time>(this)?;
        let [h, m, s, us] = t.parts();
        let name = shown_class(th, this, &TIME);
        let mut out = format!("{name}({h}, {m}");
        if us != 0 {
            out.push_str(&format!(", {s}, {us}"));
        } else if s != 0 {
            out.push_str(&format!(", {s}"));
        }
        if !th.is_none(t.tz) {
            out.push_str(", tzinfo=");
            out.push_str(&th.repr(t.tz)?.to_string_lossy());
        }
        if t.fold.get() != 0 {
            out.push_str(", fold=1");
        }
        out.push(')');
        Ok(th.new_str(&out).value())
    }

    #[pyslot]
    fn str_(th: &mut Thread, this: Value) -> Result {
        th.call_method_str(this, "isoformat", &[])
    }

    #[pyslot]
    fn hash(th: &mut Thread, this: Value) -> Result<i64> {
        let t = th.expect::<Time>(this)?;
        let us = micros(&t);
        match offset(th, t)? {
            None => date::hash_numbers(th, &[us]),
            Some(o) => date::hash_numbers(th, &[us - o]),
        }
    }

    #[pyslot]
    fn richcompare(th: &mut Thread, a: Value, b: Value, op: CompareOp) -> Result {
        let (Some(x), Some(y)) = (a.downcast::<Time>(), b.downcast::<Time>()) else {
            return Ok(th.not_implemented());
        };
        let (f, g) = (micros(&x), micros(&y));
        if x.tz.is(y.tz) {
            return Ok(th.bool(op.test(f.cmp(&g))));
        }
        let order = match (offset(th, x)?, offset(th, y)?) {
            (p, q) if p == q => f.cmp(&g),
            (Some(p), Some(q)) => (f - p).cmp(&(g - q)),
            _ if op == CompareOp::Eq => return Ok(th.bool(false)),
            _ if op == CompareOp::Ne => return Ok(th.bool(true)),
            _ => return Err(th.type_error("can't compare offset-naive and offset-aware times")),
        };
        Ok(th.bool(op.test(order)))
    }

    /// Construct a time from a string in ISO 8601 format.
    #[pyclassmethod(sig = "(string, /)")]
    fn fromisoformat(th: &mut Thread, class: Value, string: Value) -> Result {
        let Some(s) = text(string) else {
            return Err(th.type_error("fromisoformat: argument must be str"));
        };
        let text = s.strip_prefix('T').unwrap_or(&s);
        match iso::time(text.as_bytes()) {
            Ok((parts, offset, _)) => {
                let tz = zone_of(th, offset)?;
                made(th, class, parts, tz, 0)
            }
            Err(e) => Err(date::not_iso(th, string, e)),
        }
    }

    /// Parse string according to the given time format.
    #[pyclassmethod(sig = "(string, format, /)")]
    fn strptime(th: &mut Thread, class: Value, string: Value, format: Value) -> Result {
        let f = import_attr(th, "_strptime", "_strptime_datetime_time")?;
        th.call(f, &[class, string, format])
    }

    /// Return the time formatted according to ISO.
    ///
    /// The full format is 'HH:MM:SS.mmmmmm+zz:zz'. By default, the fractional
    /// part is omitted if self.microsecond == 0.
    ///
    /// The optional argument timespec specifies the number of additional
    /// terms of the time to include. Valid options are 'auto', 'hours',
    /// 'minutes', 'seconds', 'milliseconds' and 'microseconds'.
    #[pymethod(sig = "(timespec='auto')")]
    fn isoformat(th: &mut Thread, this: Gc<Time>, timespec: Option<Value>) -> Result<String> {
        let mut out = show(th, this.parts(), timespec)?;
        if let Some(o) = offset(th, this)? {
            out.push_str(&zone::show_offset(o, ":"));
        }
        Ok(out)
    }

    /// Format using strftime().
    ///
    /// The date part of the timestamp passed to underlying strftime should not be used.
    #[pymethod(sig = "(format)")]
    fn strftime(th: &mut Thread, this: Gc<Time>, format: Value) -> Result {
        let [h, m, s, _] = this.parts();
        let tuple = [1900, 1, 1, h, m, s, 0, 1, -1].map(|n| th.int(n));
        let tuple = th.new_tuple(&tuple).value();
        let mut day = Fields::of_date(1900, 1, 1);
        day.us = this.micro as i64;
        date::format(th, this.value(), format, tuple, &day)
    }

    /// Formats self with strftime.
    #[pymethod(sig = "(format, /)")]
    fn __format__(th: &mut Thread, this: Value, format: Value) -> Result {
        date::dunder_format(th, this, format)
    }

    /// Return self.tzinfo.utcoffset(self).
    #[pymethod]
    fn utcoffset(th: &mut Thread, this: Gc<Time>) -> Result<Option<Value>> {
        let none = th.none();
        Ok(zone::offset_value(th, this.tz, "utcoffset", none)?.map(Gc::value))
    }

    /// Return self.tzinfo.dst(self).
    #[pymethod]
    fn dst(th: &mut Thread, this: Gc<Time>) -> Result<Option<Value>> {
        let none = th.none();
        Ok(zone::offset_value(th, this.tz, "dst", none)?.map(Gc::value))
    }

    /// Return self.tzinfo.tzname(self).
    #[pymethod]
    fn tzname(th: &mut Thread, this: Gc<Time>) -> Result {
        let none = th.none();
        zone::name(th, this.tz, none)
    }

    /// Return time with new specified fields.
    #[pymethod(raw)]
    fn replace(th: &mut Thread, given: Args<'_>) -> Result {
        let Some(this) = given.values.first().copied() else {
            return Err(th.type_error("replace() needs an argument"));
        };
        let t = th.expect::<Time>(this)?;
        let [h, m, s, us] = t.parts();
        let a = args::named(th, given.skip_first(), &NAMES, 0, 5)?;
        let parts = [
            args::number(th, a[0], h)?,
            args::number(th, a[1], m)?,
            args::number(th, a[2], s)?,
            args::number(th, a[3], us)?,
        ];
        let tz = args::tzinfo(th, a[4], t.tz)?;
        let fold = args::fold(th, a[5], t.fold.get())?;
        let class = th.class_of(this).value();
        made(th, class, parts, tz, fold)
    }

    /// The same as replace().
    #[pymethod(raw)]
    fn __replace__(th: &mut Thread, given: Args<'_>) -> Result {
        Time::replace(th, given)
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
    fn hour(_: &mut Thread, this: Gc<Time>) -> i64 {
        this.hour as i64
    }

    #[pygetter]
    fn minute(_: &mut Thread, this: Gc<Time>) -> i64 {
        this.minute as i64
    }

    #[pygetter]
    fn second(_: &mut Thread, this: Gc<Time>) -> i64 {
        this.second as i64
    }

    #[pygetter]
    fn microsecond(_: &mut Thread, this: Gc<Time>) -> i64 {
        this.micro as i64
    }

    #[pygetter]
    fn tzinfo(_: &mut Thread, this: Gc<Time>) -> Value {
        this.tz
    }

    #[pygetter]
    fn fold(_: &mut Thread, this: Gc<Time>) -> i64 {
        this.fold.get() as i64
    }
}
