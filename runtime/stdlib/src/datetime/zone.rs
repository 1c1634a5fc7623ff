//! `tzinfo` and `timezone`.

use taipan_vm::call::Args;
use taipan_vm::object::slots::CompareOp;
use taipan_vm::object::{Gc, NativeHeader, Result, Slot, Value};
use taipan_vm::types::Named;
use taipan_vm::types::str_::Str;
use taipan_vm::{NativeObject, Thread, pytype};

use super::calendar::{DAY, MILLION};
use super::delta::{self, Delta};
use super::instant;

/// A time zone; only `timezone` has an offset.
#[repr(C)]
#[derive(NativeObject)]
pub struct Zone {
    head: NativeHeader,
    offset: Slot,
    name: Slot,
}

impl Named for Zone {
    const NAME: &'static str = "datetime.tzinfo";
}

/// Is it an instance of tzinfo?
pub fn is_tzinfo(v: Value) -> bool {
    v.downcast::<Zone>().is_some()
}

/// The fixed offset of an exact `timezone`.
fn fixed(v: Value) -> Option<Gc<Delta>> {
    v.downcast::<Zone>()?.offset.get().and_then(delta::of)
}

/// A `timezone`.
pub fn new(th: &mut Thread, offset: Value, name: Option<Value>) -> Value {
    th.new_native(&TIMEZONE, |head| Zone {
        head,
        offset: Slot::new(offset),
        name: Slot::from_option(name),
    })
    .value()
}

/// `timezone.utc`
pub fn utc(th: &mut Thread) -> Result {
    const KEY: &str = "datetime.utc";
    if let Some(v) = crate::support::kept(th, KEY) {
        return Ok(v);
    }
    let nothing = delta::from_micros(th, 0)?;
    let v = new(th, nothing, None);
    th.vm().registry.borrow_mut().insert(KEY, v);
    Ok(v)
}

/// What `tz.utcoffset(when)` or `tz.dst(when)` gives, in microseconds.
pub fn offset(th: &mut Thread, tz: Value, method: &str, when: Value) -> Result<Option<i64>> {
    Ok(offset_value(th, tz, method, when)?.map(|d| d.micros() as i64))
}

/// As [`offset`], as an object.
pub fn offset_value(
    th: &mut Thread,
    tz: Value,
    method: &str,
    when: Value,
) -> Result<Option<Gc<Delta>>> {
    if th.is_none(tz) {
        return Ok(None);
    }
    if method == "utcoffset"
        && let Some(d) = fixed(tz)
    {
        return Ok(Some(d));
    }
    let v = th.call_method_str(tz, method, &[when])?;
    if th.is_none(v) {
        return Ok(None);
    }
    let Some(d) = delta::of(v) else {
        let got = th.type_name(v);
        return Err(th.type_error(format!(
            "tzinfo.{method}() must return None or timedelta, not '{got}'"
        )));
    };
    check_range(th, d)?;
    Ok(Some(d))
}

fn check_range(th: &mut Thread, d: Gc<Delta>) -> Result<()> {
    if d.micros().abs() < (DAY * MILLION) as i128 {
        return Ok(());
    }
    let r = th.repr(d.value())?.to_string_lossy();
    Err(th.value_error(format!(
        "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24), not {r}"
    )))
}

/// `tz.tzname(when)`
pub fn name(th: &mut Thread, tz: Value, when: Value) -> Result {
    if th.is_none(tz) {
        return Ok(tz);
    }
    let v = th.call_method_str(tz, "tzname", &[when])?;
    if th.is_none(v) || v.downcast::<Str>().is_some() {
        return Ok(v);
    }
    let got = th.type_name(v);
    Err(th.type_error(format!(
        "tzinfo.tzname() must return None or a string, not '{got}'"
    )))
}

/// An offset as ISO texts have it: `+01:00`, with seconds and microseconds if there are any.
pub fn show_offset(us: i64, separator: &str) -> String {
    let sign = if us < 0 { '-' } else { '+' };
    let us = us.abs();
    let (s, rest) = (us / MILLION, us % MILLION);
    let mut out = format!("{sign}{:02}{separator}{:02}", s / 3600, s / 60 % 60);
    if s % 60 != 0 || rest != 0 {
        out.push_str(&format!("{separator}{:02}", s % 60));
    }
    if rest != 0 {
        out.push_str(&format!(".{rest:06}"));
    }
    out
}

fn missing(th: &mut Thread, what: &str) -> taipan_vm::Raised {
    th.raise(
        taipan_vm::types::ExceptionClass::NotImplementedError,
        &format!("a tzinfo subclass must implement {what}()"),
    )
}

/// Abstract base class for time zone info objects.
#[pytype(name = "tzinfo", module = "datetime", flags = BASETYPE, table = TZINFO)]
impl Zone {
    #[pynew(raw)]
    fn new(th: &mut Thread, args: Args<'_>) -> Result {
        let class = th.expect_type(args.values.first().copied().unwrap_or(th.none()))?;
        Ok(th
            .alloc_native(class, |head| Zone {
                head,
                offset: Slot::empty(),
                name: Slot::empty(),
            })
            .value())
    }

    /// datetime -> timedelta showing offset from UTC, negative values indicating West of UTC
    #[pymethod(sig = "(dt, /)")]
    fn utcoffset(th: &mut Thread, _this: Gc<Zone>, _dt: Value) -> Result {
        Err(missing(th, "utcoffset"))
    }

    /// datetime -> DST offset as timedelta positive east of UTC.
    #[pymethod(sig = "(dt, /)")]
    fn dst(th: &mut Thread, _this: Gc<Zone>, _dt: Value) -> Result {
        Err(missing(th, "dst"))
    }

    /// datetime -> string name of time zone.
    #[pymethod(sig = "(dt, /)")]
    fn tzname(th: &mut Thread, _this: Gc<Zone>, _dt: Value) -> Result {
        Err(missing(th, "tzname"))
    }

    /// datetime in UTC -> datetime in local time.
    #[pymethod(sig = "(dt, /)")]
    fn fromutc(th: &mut Thread, this: Gc<Zone>, dt: Value) -> Result {
        let Some(moment) = instant::of(dt) else {
            return Err(th.type_error("fromutc: argument must be a datetime"));
        };
        if !moment.tz.is(this.value()) {
            return Err(th.value_error("fromutc: dt.tzinfo is not self"));
        }
        let Some(total) = offset(th, moment.tz, "utcoffset", dt)? else {
            return Err(th.value_error("fromutc: non-None utcoffset() result required"));
        };
        let Some(mut dst) = offset(th, moment.tz, "dst", dt)? else {
            return Err(th.value_error("fromutc: non-None dst() result required"));
        };
        let mut out = dt;
        if total != dst {
            out = instant::shift(th, out, (total - dst) as i128)?;
            dst = match offset(th, moment.tz, "dst", out)? {
                Some(d) => d,
                None => {
                    return Err(th.value_error(
                        "fromutc: tz.dst() gave inconsistent results; cannot convert",
                    ));
                }
            };
        }
        if dst == 0 {
            return Ok(out);
        }
        instant::shift(th, out, dst as i128)
    }

    /// -> (cls, state)
    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Value) -> Result {
        let args = match th.get_attr_str_option(this, "__getinitargs__")? {
            Some(f) => th.call(f, &[])?,
            None => th.empty_tuple().value(),
        };
        let state = th.call_method_str(this, "__getstate__", &[])?;
        let class = th.class_of(this).value();
        Ok(th.new_tuple(&[class, args, state]).value())
    }
}

/// `timezone`'s methods hang here.
pub struct TimeZone;

fn expect(th: &mut Thread, v: Value) -> Result<Gc<Zone>> {
    th.expect::<Zone>(v)
}

fn expect_datetime(th: &mut Thread, v: Value, what: &str) -> Result<()> {
    if th.is_none(v) || instant::of(v).is_some() {
        return Ok(());
    }
    let got = th.type_name(v);
    Err(th.type_error(format!(
        "{what}(dt) argument must be a datetime instance or None, not {got}"
    )))
}

fn label(th: &mut Thread, z: Gc<Zone>) -> Value {
    if let Some(n) = z.name.get() {
        return n;
    }
    let us = fixed(z.value()).map_or(0, |d| d.micros() as i64);
    let text = if us == 0 {
        "UTC".to_owned()
    } else {
        format!("UTC{}", show_offset(us, ":"))
    };
    th.new_str(&text).value()
}

/// Fixed offset from UTC implementation of tzinfo.
#[pytype(name = "timezone", module = "datetime", base = TZINFO, payload = Zone, table = TIMEZONE)]
impl TimeZone {
    #[pynew(sig = "(offset, name=<unrepresentable>)")]
    fn new(th: &mut Thread, _class: Value, offset: Value, name: Option<Value>) -> Result {
        let Some(d) = delta::of(offset) else {
            let got = th.type_name(offset);
            return Err(th.type_error(format!(
                "timezone() argument 1 must be datetime.timedelta, not {got}"
            )));
        };
        if let Some(n) = name
            && n.downcast::<Str>().is_none()
        {
            let got = th.type_name(n);
            return Err(th.type_error(format!("timezone() argument 2 must be str, not {got}")));
        }
        if d.is_zero() && name.is_none() {
            return utc(th);
        }
        check_range(th, d)?;
        Ok(self::new(th, offset, name))
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let z = expect(th, this)?;
        if utc(th)?.is(this) {
            return Ok(th.new_str("datetime.timezone.utc").value());
        }
        let offset = th.or_none(z.offset.get());
        let mut text = th.repr(offset)?.to_string_lossy();
        if let Some(n) = z.name.get() {
            text.push_str(", ");
            text.push_str(&th.repr(n)?.to_string_lossy());
        }
        Ok(th.new_str(&format!("datetime.timezone({text})")).value())
    }

    #[pyslot]
    fn str_(th: &mut Thread, this: Value) -> Result {
        let z = expect(th, this)?;
        Ok(label(th, z))
    }

    #[pyslot]
    fn hash(th: &mut Thread, this: Value) -> Result<i64> {
        let z = expect(th, this)?;
        let offset = th.or_none(z.offset.get());
        th.hash(offset)
    }

    #[pyslot]
    fn richcompare(th: &mut Thread, a: Value, b: Value, op: CompareOp) -> Result {
        match (op, fixed(a), fixed(b)) {
            (CompareOp::Eq | CompareOp::Ne, Some(x), Some(y)) => {
                Ok(th.bool((x.micros() == y.micros()) == (op == CompareOp::Eq)))
            }
            _ => Ok(th.not_implemented()),
        }
    }

    /// Return fixed offset.
    #[pymethod(sig = "(dt, /)")]
    fn utcoffset(th: &mut Thread, this: Gc<Zone>, dt: Value) -> Result<Option<Value>> {
        expect_datetime(th, dt, "utcoffset")?;
        Ok(this.offset.get())
    }

    /// Return None.
    #[pymethod(sig = "(dt, /)")]
    fn dst(th: &mut Thread, _this: Gc<Zone>, dt: Value) -> Result<()> {
        expect_datetime(th, dt, "dst")
    }

    /// If name is specified when timezone is created, returns the name.
    ///
    /// Otherwise returns offset as 'UTC(+|-)HH:MM'.
    #[pymethod(sig = "(dt, /)")]
    fn tzname(th: &mut Thread, this: Gc<Zone>, dt: Value) -> Result {
        expect_datetime(th, dt, "tzname")?;
        Ok(label(th, this))
    }

    /// datetime in UTC -> datetime in local time.
    #[pymethod(sig = "(dt, /)")]
    fn fromutc(th: &mut Thread, this: Gc<Zone>, dt: Value) -> Result {
        let Some(moment) = instant::of(dt) else {
            return Err(th.type_error("fromutc: argument must be a datetime instance"));
        };
        if !moment.tz.is(this.value()) {
            return Err(th.value_error("fromutc: dt.tzinfo is not self"));
        }
        let us = fixed(this.value()).map_or(0, |d| d.micros());
        instant::shift(th, dt, us)
    }

    /// pickle support
    #[pymethod]
    fn __getinitargs__(th: &mut Thread, this: Gc<Zone>) -> Value {
        let offset = th.or_none(this.offset.get());
        match this.name.get() {
            Some(n) => th.new_tuple(&[offset, n]).value(),
            None => th.new_tuple(&[offset]).value(),
        }
    }
}
