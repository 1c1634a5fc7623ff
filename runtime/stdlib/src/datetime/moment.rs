//! The object behind `date` and `datetime`.

use std::cell::Cell;

use taipan_vm::NativeObject;
use taipan_vm::object::{NativeHeader, Value};
use taipan_vm::types::Named;

use super::calendar::{DAY, MILLION, to_ordinal};

/// Fields of a date and a time of day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Fields {
    /// Year.
    pub y: i64,
    /// Month.
    pub m: i64,
    /// Day.
    pub d: i64,
    /// Hour.
    pub h: i64,
    /// Minute.
    pub mi: i64,
    /// Second.
    pub s: i64,
    /// Microsecond.
    pub us: i64,
}

impl Fields {
    /// Midnight of a day.
    pub fn of_date(y: i64, m: i64, d: i64) -> Fields {
        Fields {
            y,
            m,
            d,
            ..Fields::default()
        }
    }

    /// Day 1 is 1 January of year 1.
    pub fn ordinal(&self) -> i64 {
        to_ordinal(self.y, self.m, self.d)
    }

    /// Seconds since day 0.
    pub fn seconds(&self) -> i64 {
        self.ordinal() * DAY + self.h * 3600 + self.mi * 60 + self.s
    }

    /// Microseconds since day 0.
    pub fn micros(&self) -> i64 {
        self.seconds() * MILLION + self.us
    }

    /// The fields so many microseconds later, where that is in the same month.
    fn within_month(&self, us: i64) -> Option<Fields> {
        const DAY_MICROS: i64 = DAY * MILLION;
        let of_day = (self.h * 3600 + self.mi * 60 + self.s) * MILLION + self.us;
        let sum = of_day.checked_add(us)?;
        let d = self.d.checked_add(sum.div_euclid(DAY_MICROS))?;
        if d < 1 || d > 28 && d > super::calendar::days_in_month(self.y, self.m) {
            return None;
        }
        let rest = sum.rem_euclid(DAY_MICROS) as u64;
        let s = (rest / MILLION as u64) as u32;
        Some(Fields {
            y: self.y,
            m: self.m,
            d,
            h: (s / 3600) as i64,
            mi: (s / 60 % 60) as i64,
            s: (s % 60) as i64,
            us: (rest % MILLION as u64) as i64,
        })
    }

    /// The fields so many microseconds later; None outside the years 1 to 9999.
    pub fn shifted(&self, us: i128) -> Option<Fields> {
        if let Ok(us) = i64::try_from(us)
            && let Some(f) = self.within_month(us)
        {
            return Some(f);
        }
        let sum = self.micros() as i128 + us;
        i64::try_from(sum).ok().and_then(Fields::from_micros)
    }

    /// The fields of a number of microseconds since day 0; None outside the years 1 to 9999.
    pub fn from_micros(n: i64) -> Option<Fields> {
        // (What is negative is before day 1.)
        let n = u64::try_from(n).ok()?;
        let (seconds, us) = (n / MILLION as u64, (n % MILLION as u64) as i64);
        let (day, rest) = ((seconds / DAY as u64) as i64, (seconds % DAY as u64) as u32);
        if !(1..=super::calendar::LAST).contains(&day) {
            return None;
        }
        let (y, m, d) = super::calendar::from_ordinal(day);
        let (h, mi, s) = (rest / 3600, rest / 60 % 60, rest % 60);
        Some(Fields {
            y,
            m,
            d,
            h: h as i64,
            mi: mi as i64,
            s: s as i64,
            us,
        })
    }
}

/// A date; a datetime has the same layout and uses all of it.
#[repr(C)]
#[derive(NativeObject)]
pub struct Moment {
    head: NativeHeader,
    /// None or a tzinfo.
    pub tz: Value,
    #[notrace]
    year: u16,
    #[notrace]
    month: u8,
    #[notrace]
    day: u8,
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
    /// Is it a datetime?
    #[notrace]
    pub is_datetime: bool,
}

impl Named for Moment {
    const NAME: &'static str = "datetime.date";
}

impl Moment {
    /// With these fields, which must be valid.
    pub fn new(head: NativeHeader, f: &Fields, tz: Value, fold: u8, is_datetime: bool) -> Moment {
        Moment {
            head,
            tz,
            year: f.y as u16,
            month: f.m as u8,
            day: f.d as u8,
            hour: f.h as u8,
            minute: f.mi as u8,
            second: f.s as u8,
            fold: Cell::new(fold),
            micro: f.us as u32,
            is_datetime,
        }
    }

    /// Its fields.
    pub fn fields(&self) -> Fields {
        Fields {
            y: self.year as i64,
            m: self.month as i64,
            d: self.day as i64,
            h: self.hour as i64,
            mi: self.minute as i64,
            s: self.second as i64,
            us: self.micro as i64,
        }
    }
}
