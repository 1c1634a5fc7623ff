//! `timedelta`.

use taipan_vm::call::Args;
use taipan_vm::object::slots::CompareOp;
use taipan_vm::object::{Gc, NativeHeader, Result, Value};
use taipan_vm::protocol::arith::BinaryOp;
use taipan_vm::types::Named;
use taipan_vm::types::type_::Type;
use taipan_vm::{NativeObject, Thread, pytype};

use super::args;
use super::calendar::{DAY, MILLION};

/// A difference; seconds and microseconds are never negative.
#[repr(C)]
#[derive(NativeObject)]
pub struct Delta {
    head: NativeHeader,
    /// Days.
    #[notrace]
    pub days: i32,
    /// Seconds of the day.
    #[notrace]
    pub seconds: i32,
    /// Microseconds of the second.
    #[notrace]
    pub us: i32,
}

impl Named for Delta {
    const NAME: &'static str = "datetime.timedelta";
}

impl Delta {
    /// All of it in microseconds.
    pub fn micros(&self) -> i128 {
        let seconds = self.days as i64 * DAY + self.seconds as i64;
        seconds as i128 * MILLION as i128 + self.us as i128
    }

    /// Is it nothing?
    pub fn is_zero(&self) -> bool {
        (self.days, self.seconds, self.us) == (0, 0, 0)
    }
}

/// A difference of any parts. Raises OverflowError.
pub fn new(th: &mut Thread, class: Option<Gc<Type>>, days: i64, seconds: i64, us: i64) -> Result {
    let seconds = seconds + us.div_euclid(MILLION);
    let us = us.rem_euclid(MILLION);
    let days = days + seconds.div_euclid(DAY);
    let seconds = seconds.rem_euclid(DAY);
    if i32::try_from(days).is_err() {
        return Err(th.overflow_error("Python int too large to convert to C int"));
    }
    if days.abs() > 999_999_999 {
        return Err(th.overflow_error(format!("days={days}; must have magnitude <= 999999999")));
    }
    let own = th.type_for(&DELTA);
    let class = class.unwrap_or(own);
    Ok(th
        .alloc_native(class, |head| Delta {
            head,
            days: days as i32,
            seconds: seconds as i32,
            us: us as i32,
        })
        .value())
}

/// A difference of so many microseconds.
pub fn from_micros(th: &mut Thread, us: i128) -> Result {
    from_micros_of(th, None, us)
}

fn from_micros_of(th: &mut Thread, class: Option<Gc<Type>>, us: i128) -> Result {
    let day = (DAY * MILLION) as i128;
    let (days, rest) = (us.div_euclid(day), us.rem_euclid(day) as i64);
    match i64::try_from(days) {
        Ok(d) => new(th, class, d, rest / MILLION, rest % MILLION),
        Err(_) => Err(th.overflow_error("Python int too large to convert to C int")),
    }
}

/// A difference.
pub fn of(v: Value) -> Option<Gc<Delta>> {
    v.downcast::<Delta>()
}

fn divide_nearest(a: i128, b: i128) -> i128 {
    let (q, r) = (a.div_euclid(b), a.rem_euclid(b));
    // For a negative divisor the remainder counts up, not down: work with a positive one.
    if b < 0 {
        return divide_nearest(-a, -b);
    }
    match (2 * r).cmp(&b) {
        std::cmp::Ordering::Greater => q + 1,
        std::cmp::Ordering::Equal => q + (q & 1),
        std::cmp::Ordering::Less => q,
    }
}

/// An int as 128 bits. Raises OverflowError.
fn narrow(th: &mut Thread, v: Value) -> Result<i128> {
    if let Some(n) = v.as_int() {
        return Ok(n as i128);
    }
    let text = th.repr(v)?.to_string_lossy();
    match text.parse() {
        Ok(n) => Ok(n),
        Err(_) => Err(th.overflow_error("Python int too large to convert to C int")),
    }
}

/// `a / b` of ints of any size, rounded half to even.
fn nearest(th: &mut Thread, a: Value, b: Value) -> Result<i128> {
    let pair = th.binary(BinaryOp::DivMod, a, b)?;
    let pair = th.to_tuple(pair)?;
    let (Some(q), Some(r)) = (pair.get(0), pair.get(1)) else {
        return Err(th.system_error("divmod gives two numbers"));
    };
    let q = narrow(th, q)?;
    let twice = th.binary(BinaryOp::Add, r, r)?;
    let zero = th.int(0);
    let positive = th.compare_bool(b, zero, CompareOp::Gt)?;
    let op = if positive {
        CompareOp::Gt
    } else {
        CompareOp::Lt
    };
    if th.compare_bool(twice, b, op)? {
        return Ok(q + 1);
    }
    Ok(if th.equal(twice, b)? { q + (q & 1) } else { q })
}

/// The two ints whose quotient a float is.
fn ratio(th: &mut Thread, f: Value) -> Result<(Value, Value)> {
    let pair = th.call_method_str(f, "as_integer_ratio", &[])?;
    let pair = th.to_tuple(pair)?;
    match (pair.get(0), pair.get(1)) {
        (Some(a), Some(b)) => Ok((a, b)),
        _ => Err(th.system_error("a ratio has two numbers")),
    }
}

fn times(th: &mut Thread, d: Gc<Delta>, by: Value) -> Result {
    if let Some(n) = by.as_int()
        && let Some(us) = d.micros().checked_mul(n as i128)
    {
        return from_micros(th, us);
    }
    let us = wide(th, d.micros())?;
    if taipan_vm::types::int::is_int(by) {
        let product = th.binary(BinaryOp::Mul, us, by)?;
        let product = narrow(th, product)?;
        return from_micros(th, product);
    }
    if th.as_float(by).is_some() {
        let (a, b) = ratio(th, by)?;
        let product = th.binary(BinaryOp::Mul, us, a)?;
        let us = nearest(th, product, b)?;
        return from_micros(th, us);
    }
    Ok(th.not_implemented())
}

/// Adds `number * unit` microseconds; of a float the rest below a microsecond goes to `left`.
fn add_part(
    th: &mut Thread,
    total: &mut i128,
    left: &mut f64,
    v: Option<Value>,
    unit: i64,
    name: &str,
) -> Result<()> {
    let Some(v) = v else { return Ok(()) };
    let too_large = "Python int too large to convert to C int";
    if let Some(n) = v.as_int() {
        *total += n as i128 * unit as i128;
        return Ok(());
    }
    if taipan_vm::types::int::is_int(v) {
        let n = th.index_i64(v, too_large)?;
        *total += n as i128 * unit as i128;
        return Ok(());
    }
    let Some(f) = th.as_float(v) else {
        let got = th.type_name(v);
        return Err(th.type_error(format!(
            "unsupported type for timedelta {name} component: {got}"
        )));
    };
    if f.is_nan() {
        return Err(th.value_error("cannot convert float NaN to integer"));
    }
    if f.is_infinite() {
        return Err(th.overflow_error("cannot convert float infinity to integer"));
    }
    if f.abs() > 1e25 {
        return Err(th.overflow_error(too_large));
    }
    let whole = f.trunc();
    *total += whole as i128 * unit as i128;
    let part = (f - whole) * unit as f64;
    *total += part.trunc() as i128;
    *left += part.fract();
    Ok(())
}

/// The text of a difference, as `str` gives it.
fn show(d: &Delta) -> String {
    let (h, m, s) = (d.seconds / 3600, d.seconds / 60 % 60, d.seconds % 60);
    let mut out = String::new();
    if d.days != 0 {
        let s = if d.days.abs() == 1 { "" } else { "s" };
        out = format!("{} day{s}, ", d.days);
    }
    out.push_str(&format!("{h}:{m:02}:{s:02}"));
    if d.us != 0 {
        out.push_str(&format!(".{:06}", d.us));
    }
    out
}

fn both(a: Value, b: Value) -> Option<(Gc<Delta>, Gc<Delta>)> {
    Some((of(a)?, of(b)?))
}

#[cold]
fn division_by_zero(th: &mut Thread) -> taipan_vm::Raised {
    th.raise(
        taipan_vm::types::ExceptionClass::ZeroDivisionError,
        "division by zero",
    )
}

/// Difference between two datetime values.
///
/// timedelta(days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, weeks=0)
///
/// All arguments are optional and default to 0.
/// Arguments may be integers or floats, and may be positive or negative.
#[pytype(name = "timedelta", module = "datetime", flags = BASETYPE, table = DELTA)]
impl Delta {
    #[pynew(raw)]
    fn new(th: &mut Thread, given: Args<'_>) -> Result {
        let class = th.expect_type(given.values.first().copied().unwrap_or(th.none()))?;
        const NAMES: [&str; 7] = [
            "days",
            "seconds",
            "microseconds",
            "milliseconds",
            "minutes",
            "hours",
            "weeks",
        ];
        let a = args::named(th, given.skip_first(), &NAMES, 0, 7)?;
        let (mut total, mut left) = (0, 0.0);
        const UNITS: [(usize, i64); 7] = [
            (2, 1),
            (3, 1_000),
            (1, MILLION),
            (4, 60 * MILLION),
            (5, 3_600 * MILLION),
            (0, DAY * MILLION),
            (6, 7 * DAY * MILLION),
        ];
        for (i, unit) in UNITS {
            add_part(th, &mut total, &mut left, a[i], unit, NAMES[i])?;
        }
        if left != 0.0 {
            let mut whole = left.round();
            if (whole - left).abs() == 0.5 {
                // Half a microsecond: to the even number.
                let odd = (total & 1) as f64;
                whole = 2.0 * ((left + odd) * 0.5).round() - odd;
            }
            total += whole as i128;
        }
        from_micros_of(th, Some(class), total)
    }

    #[pyslot]
    fn repr(th: &mut Thread, this: Value) -> Result {
        let d = th.expect::<Delta>(this)?;
        let class = th.class_of(this);
        let name = if class.is(th.type_for(&DELTA)) {
            "datetime.timedelta".to_owned()
        } else {
            class.name_text()
        };
        let mut parts = Vec::new();
        for (label, n) in [
            ("days", d.days),
            ("seconds", d.seconds),
            ("microseconds", d.us),
        ] {
            if n != 0 {
                parts.push(format!("{label}={n}"));
            }
        }
        let parts = if parts.is_empty() {
            "0".to_owned()
        } else {
            parts.join(", ")
        };
        Ok(th.new_str(&format!("{name}({parts})")).value())
    }

    #[pyslot]
    fn str_(th: &mut Thread, this: Value) -> Result {
        let d = th.expect::<Delta>(this)?;
        Ok(th.new_str(&show(&d)).value())
    }

    #[pyslot]
    fn hash(th: &mut Thread, this: Value) -> Result<i64> {
        let d = th.expect::<Delta>(this)?;
        let parts = [
            th.int(d.days as i64),
            th.int(d.seconds as i64),
            th.int(d.us as i64),
        ];
        let t = th.new_tuple(&parts).value();
        th.hash(t)
    }

    #[pyslot]
    fn richcompare(th: &mut Thread, a: Value, b: Value, op: CompareOp) -> Result {
        let Some((x, y)) = both(a, b) else {
            return Ok(th.not_implemented());
        };
        let key = |d: &Delta| (d.days, d.seconds, d.us);
        Ok(th.bool(op.test(key(&x).cmp(&key(&y)))))
    }

    #[pyslot]
    fn bool_(th: &mut Thread, this: Value) -> Result<bool> {
        Ok(!th.expect::<Delta>(this)?.is_zero())
    }

    #[pyslot]
    fn add(th: &mut Thread, a: Value, b: Value) -> Result {
        match both(a, b) {
            Some((x, y)) => new(
                th,
                None,
                x.days as i64 + y.days as i64,
                (x.seconds + y.seconds) as i64,
                (x.us + y.us) as i64,
            ),
            None => Ok(th.not_implemented()),
        }
    }

    #[pyslot]
    fn subtract(th: &mut Thread, a: Value, b: Value) -> Result {
        match both(a, b) {
            Some((x, y)) => new(
                th,
                None,
                x.days as i64 - y.days as i64,
                (x.seconds - y.seconds) as i64,
                (x.us - y.us) as i64,
            ),
            None => Ok(th.not_implemented()),
        }
    }

    #[pyslot]
    fn negative(th: &mut Thread, this: Value) -> Result {
        let d = th.expect::<Delta>(this)?;
        from_micros(th, -d.micros())
    }

    #[pyslot]
    fn positive(th: &mut Thread, this: Value) -> Result {
        let d = th.expect::<Delta>(this)?;
        from_micros(th, d.micros())
    }

    #[pyslot]
    fn absolute(th: &mut Thread, this: Value) -> Result {
        let d = th.expect::<Delta>(this)?;
        from_micros(th, d.micros().abs())
    }

    #[pyslot]
    fn multiply(th: &mut Thread, a: Value, b: Value) -> Result {
        match (of(a), of(b)) {
            (Some(d), None) => times(th, d, b),
            (None, Some(d)) => times(th, d, a),
            _ => Ok(th.not_implemented()),
        }
    }

    #[pyslot]
    fn floor_divide(th: &mut Thread, a: Value, b: Value) -> Result {
        let Some(d) = of(a) else {
            return Ok(th.not_implemented());
        };
        if let Some(by) = of(b) {
            if by.is_zero() {
                return Err(division_by_zero(th));
            }
            let q = floor_division(d.micros(), by.micros());
            return wide(th, q);
        }
        match b.as_int() {
            Some(0) => Err(division_by_zero(th)),
            Some(n) => from_micros(th, floor_division(d.micros(), n as i128)),
            None if taipan_vm::types::int::is_int(b) => {
                let us = wide(th, d.micros())?;
                let q = th.binary(BinaryOp::FloorDiv, us, b)?;
                let q = narrow(th, q)?;
                from_micros(th, q)
            }
            None => Ok(th.not_implemented()),
        }
    }

    #[pyslot]
    fn true_divide(th: &mut Thread, a: Value, b: Value) -> Result {
        let Some(d) = of(a) else {
            return Ok(th.not_implemented());
        };
        if let Some(by) = of(b) {
            if by.is_zero() {
                return Err(division_by_zero(th));
            }
            let (x, y) = (wide(th, d.micros())?, wide(th, by.micros())?);
            return th.binary(BinaryOp::TrueDiv, x, y);
        }
        match b.as_int() {
            Some(0) => Err(division_by_zero(th)),
            Some(n) => from_micros(th, divide_nearest(d.micros(), n as i128)),
            None if taipan_vm::types::int::is_int(b) => {
                let us = wide(th, d.micros())?;
                let us = nearest(th, us, b)?;
                from_micros(th, us)
            }
            None if th.as_float(b) == Some(0.0) => Err(division_by_zero(th)),
            None if th.as_float(b).is_some() => {
                let (n, m) = ratio(th, b)?;
                let us = wide(th, d.micros())?;
                let us = th.binary(BinaryOp::Mul, us, m)?;
                let us = nearest(th, us, n)?;
                from_micros(th, us)
            }
            None => Ok(th.not_implemented()),
        }
    }

    #[pyslot]
    fn remainder(th: &mut Thread, a: Value, b: Value) -> Result {
        let Some((x, y)) = both(a, b) else {
            return Ok(th.not_implemented());
        };
        if y.is_zero() {
            return Err(division_by_zero(th));
        }
        let q = floor_division(x.micros(), y.micros());
        from_micros(th, x.micros() - q * y.micros())
    }

    #[pyslot]
    fn divmod(th: &mut Thread, a: Value, b: Value) -> Result {
        let Some((x, y)) = both(a, b) else {
            return Ok(th.not_implemented());
        };
        if y.is_zero() {
            return Err(division_by_zero(th));
        }
        let q = floor_division(x.micros(), y.micros());
        let rest = from_micros(th, x.micros() - q * y.micros())?;
        let q = wide(th, q)?;
        Ok(th.new_tuple(&[q, rest]).value())
    }

    /// Total seconds in the duration.
    #[pymethod]
    fn total_seconds(th: &mut Thread, this: Gc<Delta>) -> Result {
        let us = this.micros();
        if us.abs() < 1 << 53 {
            return Ok(th.float(us as f64 / 1e6));
        }
        let (x, y) = (wide(th, us)?, th.int(MILLION));
        th.binary(BinaryOp::TrueDiv, x, y)
    }

    /// __reduce__() -> (cls, state)
    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<Delta>) -> Value {
        let parts = [
            th.int(this.days as i64),
            th.int(this.seconds as i64),
            th.int(this.us as i64),
        ];
        let parts = th.new_tuple(&parts).value();
        let class = th.class_of(this.value()).value();
        th.new_tuple(&[class, parts]).value()
    }

    /// Number of days.
    #[pygetter]
    fn days(_: &mut Thread, this: Gc<Delta>) -> i32 {
        this.days
    }

    /// Number of seconds (>= 0 and less than 1 day).
    #[pygetter]
    fn seconds(_: &mut Thread, this: Gc<Delta>) -> i32 {
        this.seconds
    }

    /// Number of microseconds (>= 0 and less than 1 second).
    #[pygetter]
    fn microseconds(_: &mut Thread, this: Gc<Delta>) -> i32 {
        this.us
    }
}

fn floor_division(a: i128, b: i128) -> i128 {
    let q = a / b;
    q - (a % b != 0 && (a < 0) != (b < 0)) as i128
}

/// An int of 128 bits.
fn wide(th: &mut Thread, n: i128) -> Result {
    match i64::try_from(n) {
        Ok(n) => Ok(th.int(n)),
        Err(_) => {
            let text = th.new_str(&n.to_string()).value();
            let class = th.vm().ty(taipan_vm::types::T::Int).value();
            th.call(class, &[text])
        }
    }
}
