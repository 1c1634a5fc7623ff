//! Unicode 3.2 as `unicodedata.ucd_3_2_0` shows it, for `stringprep`.
//!
//! Only the differences from the current version are kept. What was not
//! assigned then has category `Cn`, no name, numeric value or decomposition.

use super::normalize::{Form, normalize_by};
use super::properties::{self, record};
use super::tables::properties::{BIDI_CLASSES, CATEGORIES, WIDTHS};
use super::tables::version_3_2::{OLD_NORMALIZED, OLD_RUNS, OLD_VALUES};
use super::{Text, TextRef, names, types};

fn old_record(c: u32) -> (u8, u8, u8, u8, u8) {
    let run = OLD_RUNS.partition_point(|run| run.1 < c);
    match OLD_RUNS.get(run) {
        Some(run) if run.0 <= c => (run.2, run.3, run.4, run.5, run.6),
        _ => *record(c),
    }
}

/// Whether it was assigned.
pub fn is_assigned(c: u32) -> bool {
    category(c) != "Cn"
}

/// General category.
pub fn category(c: u32) -> &'static str {
    CATEGORIES[usize::from(old_record(c).0)]
}

/// Bidirectional class, empty if undefined.
pub fn bidirectional(c: u32) -> &'static str {
    BIDI_CLASSES[usize::from(old_record(c).1)]
}

/// Canonical combining class.
pub fn combining(c: u32) -> u8 {
    old_record(c).2
}

/// East Asian width.
pub fn east_asian_width(c: u32) -> &'static str {
    WIDTHS[usize::from(old_record(c).3)]
}

/// Whether it is mirrored in bidirectional text.
pub fn mirrored(c: u32) -> bool {
    old_record(c).4 != 0
}

/// Decomposition as text.
pub fn decomposition_text(c: u32) -> String {
    if is_assigned(c) {
        properties::decomposition_text(c)
    } else {
        String::new()
    }
}

/// Name.
pub fn name(c: u32) -> Option<String> {
    is_assigned(c).then(|| names::name(c)).flatten()
}

/// Decimal, digit and numeric value.
pub fn values(c: u32) -> (Option<u8>, Option<u8>, Option<f64>) {
    if !is_assigned(c) {
        // The reference forgets the version for this one value.
        return (None, types::digit(c), None);
    }
    match OLD_VALUES.binary_search_by_key(&c, |row| row.0) {
        Ok(found) => {
            let (_, decimal, digit, numeric) = OLD_VALUES[found];
            (
                u8::try_from(decimal).ok(),
                u8::try_from(digit).ok(),
                numeric,
            )
        }
        Err(_) => (types::decimal(c), types::digit(c), types::numeric(c)),
    }
}

/// Normalizes; code points unassigned then stay as they are.
pub fn normalize(text: TextRef<'_>, form: Form) -> Text {
    normalize_by(text, form, |c| {
        if !is_assigned(c) {
            return Some(c);
        }
        let found = OLD_NORMALIZED.binary_search_by_key(&c, |row| row.0).ok()?;
        Some(OLD_NORMALIZED[found].1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recorded() {
        assert_eq!((category(0x221), category(0x41)), ("Cn", "Lu"));
        assert_eq!((category(0xAA), bidirectional(0x2B)), ("Ll", "ET"));
        assert_eq!(name(0x1F600), None);
        assert_eq!(values(0x9F8), (None, None, None));
        assert_eq!(values(0x2070).0, Some(0));
        let form = |c| normalize(Text::from_code_points([c]).as_ref(), Form::Nfkc);
        assert_eq!(form(0x2F868), Text::from_code_points([0x2136A]));
        assert_eq!(form(0xFB01), Text::from("fi"));
    }
}
