//! `_datetime`: dates, times, differences, time zones.

pub(crate) mod args;
mod calendar;
mod date;
mod delta;
mod instant;
mod iso;
mod moment;
mod time;
mod zone;

use taipan_vm::object::{Gc, Result, Value};
use taipan_vm::types::module::Module;
use taipan_vm::{Thread, pymodule};

/// The module hangs here.
pub struct Datetime;

fn class_attributes(
    th: &mut Thread,
    def: &'static taipan_vm::types::type_::TypeDef,
    all: &[(&str, Value)],
) {
    let class = th.type_for(def);
    for (name, v) in all {
        th.dict_set_text(class.namespace(), name, *v);
    }
}

/// Fast implementation of the datetime module.
#[pymodule(name = "_datetime", types = [date::DATE, instant::DATETIME, time::TIME, delta::DELTA, zone::TZINFO, zone::TIMEZONE])]
impl Datetime {
    #[pyexec]
    fn exec(th: &mut Thread, m: Gc<Module>) -> Result<()> {
        crate::enter_numbers(th, m, &[("MINYEAR", 1), ("MAXYEAR", 9999)]);
        date::enter_iso_calendar(th)?;
        let utc = zone::utc(th)?;
        th.dict_set_text(m.namespace(), "UTC", utc);
        let microsecond = delta::from_micros(th, 1)?;
        let day = delta::from_micros(th, 86_400_000_000)?;
        let (min, max) = (
            delta::new(th, None, -999_999_999, 0, 0)?,
            delta::new(th, None, 999_999_999, 86_399, 999_999)?,
        );
        class_attributes(
            th,
            &delta::DELTA,
            &[("min", min), ("max", max), ("resolution", microsecond)],
        );
        let (min, max) = (
            date::new(th, None, 1, 1, 1)?,
            date::new(th, None, 9999, 12, 31)?,
        );
        class_attributes(
            th,
            &date::DATE,
            &[("min", min), ("max", max), ("resolution", day)],
        );
        let none = th.none();
        let (min, max) = (
            instant::from_fields(th, &moment::Fields::of_date(1, 1, 1), none, 0),
            instant::from_fields(
                th,
                &moment::Fields {
                    y: 9999,
                    m: 12,
                    d: 31,
                    h: 23,
                    mi: 59,
                    s: 59,
                    us: 999_999,
                },
                none,
                0,
            ),
        );
        class_attributes(
            th,
            &instant::DATETIME,
            &[("min", min), ("max", max), ("resolution", microsecond)],
        );
        let (min, max) = (
            time::new(th, None, [0, 0, 0, 0], none, 0)?,
            time::new(th, None, [23, 59, 59, 999_999], none, 0)?,
        );
        class_attributes(
            th,
            &time::TIME,
            &[("min", min), ("max", max), ("resolution", microsecond)],
        );
        let minutes = 60 * calendar::MILLION * (23 * 60 + 59);
        let (min, max) = (
            delta::from_micros(th, -minutes as i128)?,
            delta::from_micros(th, minutes as i128)?,
        );
        let (min, max) = (zone::new(th, min, None), zone::new(th, max, None));
        class_attributes(
            th,
            &zone::TIMEZONE,
            &[("utc", utc), ("min", min), ("max", max)],
        );
        Ok(())
    }
}
