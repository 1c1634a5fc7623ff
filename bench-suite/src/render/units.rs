//! Numbers for people.

use crate::results::Figure;

/// Seconds: three digits and a unit.
pub fn time(seconds: f64) -> String {
    let (value, unit) = match seconds {
        s if s >= 0.9995 => (s, "s"),
        s if s >= 0.9995e-3 => (s * 1e3, "ms"),
        s if s >= 0.9995e-6 => (s * 1e6, "µs"),
        s => (s * 1e9, "ns"),
    };
    format!("{} {unit}", three_digits(value))
}

/// Kilobytes as megabytes.
pub fn memory(kb: f64) -> String {
    format!("{} MB", three_digits(kb / 1024.0))
}

/// A figure with its unit.
pub fn figure(figure: Figure, value: f64) -> String {
    match figure {
        Figure::Memory => memory(value),
        _ => time(value),
    }
}

/// Seconds of a warm-up; there may be none.
pub fn warmup(seconds: f64) -> String {
    if seconds > 0.0 {
        time(seconds)
    } else {
        "none".to_owned()
    }
}

/// How many times faster.
pub fn ratio(value: f64) -> String {
    if value >= 99.5 {
        format!("{value:.0}")
    } else if value >= 9.95 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    }
}

fn three_digits(value: f64) -> String {
    let digits = if value >= 99.95 {
        0
    } else if value >= 9.995 {
        1
    } else {
        2
    };
    format!("{value:.digits$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_each() {
        assert_eq!(time(2.5), "2.50 s");
        assert_eq!(time(0.0123), "12.3 ms");
        assert_eq!(time(4.56e-4), "456 µs");
        assert_eq!(time(5e-9), "5.00 ns");
        assert_eq!(time(0.9999), "1.00 s");
        assert_eq!(memory(20480.0), "20.0 MB");
        assert_eq!(
            (ratio(1.234), ratio(12.34), ratio(123.4)),
            ("1.23".into(), "12.3".into(), "123".into())
        );
    }
}
