//! `unicodedata`: the Unicode character database, and its version 3.2.0.

use taipan_vm::object::{Gc, NativeHeader};
use taipan_vm::types::module::Module;
use taipan_vm::types::str_::Str;
use taipan_vm::unicode::normalize::{Form, is_normalized, normalize};
use taipan_vm::unicode::{names, properties, types, version_3_2 as old};
use taipan_vm::{NativeObject, Result, Thread, Value, pymodule, pytype};

/// A version of the database.
#[repr(C)]
#[derive(NativeObject)]
pub struct Ucd {
    head: NativeHeader,
}

fn character(th: &mut Thread, v: Value, name: &str, index: &str) -> Result<u32> {
    let Some(s) = v.downcast::<Str>() else {
        let got = th.type_name_for_error(v);
        return Err(th.type_error(format!(
            "{name}() argument{index} must be a unicode character, not {got}"
        )));
    };
    match (s.len(), s.at(0)) {
        (1, Some(c)) => Ok(c),
        (n, _) => Err(th.type_error(format!(
            "{name}(): argument{index} must be a unicode character, not a string of length {n}"
        ))),
    }
}

fn or_default(
    th: &mut Thread,
    found: Option<Value>,
    default: Option<Value>,
    message: &str,
) -> Result {
    match found.or(default) {
        Some(v) => Ok(v),
        None => Err(th.value_error(message)),
    }
}

fn form_of(th: &mut Thread, form: Gc<Str>) -> Result<Form> {
    match Form::parse(&form.to_string_lossy()) {
        Some(f) => Ok(f),
        None => Err(th.value_error("invalid normalization form")),
    }
}

fn decimal(th: &mut Thread, c: u32, default: Option<Value>, before: bool) -> Result {
    let n = if before {
        old::values(c).0
    } else {
        types::decimal(c)
    };
    let n = n.map(|n| Value::small(i32::from(n)));
    or_default(th, n, default, "not a decimal")
}

fn digit(th: &mut Thread, c: u32, default: Option<Value>, before: bool) -> Result {
    let n = if before {
        old::values(c).1
    } else {
        types::digit(c)
    };
    let n = n.map(|n| Value::small(i32::from(n)));
    or_default(th, n, default, "not a digit")
}

fn numeric(th: &mut Thread, c: u32, default: Option<Value>, before: bool) -> Result {
    let n = if before {
        old::values(c).2
    } else {
        types::numeric(c)
    };
    let n = n.map(|n| th.float(n));
    or_default(th, n, default, "not a numeric character")
}

fn name(th: &mut Thread, c: u32, default: Option<Value>, before: bool) -> Result {
    let n = if before { old::name(c) } else { names::name(c) };
    let n = n.map(|n| th.new_str(&n).value());
    or_default(th, n, default, "no such name")
}

fn lookup(th: &mut Thread, name: Gc<Str>, before: bool) -> Result {
    let text = name.to_string_lossy();
    let found = match names::lookup(&text) {
        Some(names::Named::Character(c)) if !before || old::is_assigned(c) => {
            Some(th.str_from_char(c).value())
        }
        Some(names::Named::Sequence(s)) if !before => Some(th.str_from_code_points(s).value()),
        _ => None,
    };
    match found {
        Some(v) => Ok(v),
        None => {
            let message = th
                .new_str(&format!("undefined character name '{text}'"))
                .value();
            Err(th.key_error(message))
        }
    }
}

fn normalized(th: &mut Thread, form: Gc<Str>, s: Gc<Str>, before: bool) -> Result<Gc<Str>> {
    let form = form_of(th, form)?;
    if s.as_ascii().is_some() {
        return Ok(th.substring(s, 0, s.len()));
    }
    let text = if before {
        old::normalize(s.text_ref(), form)
    } else {
        normalize(s.text_ref(), form)
    };
    Ok(th.str_from_text(&text))
}

fn test_normalized(th: &mut Thread, form: Gc<Str>, s: Gc<Str>, before: bool) -> Result<bool> {
    let form = form_of(th, form)?;
    if before {
        let text = old::normalize(s.text_ref(), form);
        return Ok(text.as_ref().iter().eq(s.code_points()));
    }
    Ok(is_normalized(s.text_ref(), form))
}

#[pytype(name = "UCD", module = "unicodedata", flags = NO_INSTANTIATION, table = UCD_TYPE)]
impl Ucd {
    #[pygetter]
    fn unidata_version(_: &mut Thread, _this: Gc<Ucd>) -> &'static str {
        "3.2.0"
    }

    #[pymethod]
    fn category(th: &mut Thread, _this: Gc<Ucd>, chr: Value) -> Result<&'static str> {
        character(th, chr, "category", "").map(old::category)
    }

    #[pymethod]
    fn bidirectional(th: &mut Thread, _this: Gc<Ucd>, chr: Value) -> Result<&'static str> {
        character(th, chr, "bidirectional", "").map(old::bidirectional)
    }

    #[pymethod]
    fn combining(th: &mut Thread, _this: Gc<Ucd>, chr: Value) -> Result<u32> {
        character(th, chr, "combining", "").map(|c| old::combining(c).into())
    }

    #[pymethod]
    fn mirrored(th: &mut Thread, _this: Gc<Ucd>, chr: Value) -> Result<u32> {
        character(th, chr, "mirrored", "").map(|c| old::mirrored(c).into())
    }

    #[pymethod]
    fn east_asian_width(th: &mut Thread, _this: Gc<Ucd>, chr: Value) -> Result<&'static str> {
        character(th, chr, "east_asian_width", "").map(old::east_asian_width)
    }

    #[pymethod]
    fn decomposition(th: &mut Thread, _this: Gc<Ucd>, chr: Value) -> Result<String> {
        character(th, chr, "decomposition", "").map(old::decomposition_text)
    }

    #[pymethod(sig = "(chr, default=<unrepresentable>, /)")]
    fn decimal(th: &mut Thread, _this: Gc<Ucd>, chr: Value, default: Option<Value>) -> Result {
        let c = character(th, chr, "decimal", " 1")?;
        decimal(th, c, default, true)
    }

    #[pymethod(sig = "(chr, default=<unrepresentable>, /)")]
    fn digit(th: &mut Thread, _this: Gc<Ucd>, chr: Value, default: Option<Value>) -> Result {
        let c = character(th, chr, "digit", " 1")?;
        digit(th, c, default, true)
    }

    #[pymethod(sig = "(chr, default=<unrepresentable>, /)")]
    fn numeric(th: &mut Thread, _this: Gc<Ucd>, chr: Value, default: Option<Value>) -> Result {
        let c = character(th, chr, "numeric", " 1")?;
        numeric(th, c, default, true)
    }

    #[pymethod(sig = "(chr, default=<unrepresentable>, /)")]
    fn name(th: &mut Thread, _this: Gc<Ucd>, chr: Value, default: Option<Value>) -> Result {
        let c = character(th, chr, "name", " 1")?;
        name(th, c, default, true)
    }

    #[pymethod]
    fn lookup(th: &mut Thread, _this: Gc<Ucd>, name: Gc<Str>) -> Result {
        lookup(th, name, true)
    }

    #[pymethod]
    fn normalize(
        th: &mut Thread,
        _this: Gc<Ucd>,
        form: Gc<Str>,
        unistr: Gc<Str>,
    ) -> Result<Gc<Str>> {
        normalized(th, form, unistr, true)
    }

    #[pymethod]
    fn is_normalized(
        th: &mut Thread,
        _this: Gc<Ucd>,
        form: Gc<Str>,
        unistr: Gc<Str>,
    ) -> Result<bool> {
        test_normalized(th, form, unistr, true)
    }
}

/// The functions hang here.
pub struct UnicodeData;

/// This module provides access to the Unicode Character Database which
/// defines character properties for all Unicode characters. The data in
/// this database is based on the UnicodeData.txt file version
/// 16.0.0 which is publicly available from the Unicode Consortium.
#[pymodule(name = "unicodedata", types = [UCD_TYPE])]
impl UnicodeData {
    /// Returns the general category assigned to the character chr as string.
    #[pyfunction]
    fn category(th: &mut Thread, chr: Value) -> Result<&'static str> {
        character(th, chr, "category", "").map(properties::category)
    }

    /// Returns the bidirectional class assigned to the character chr as string.
    #[pyfunction]
    fn bidirectional(th: &mut Thread, chr: Value) -> Result<&'static str> {
        character(th, chr, "bidirectional", "").map(properties::bidirectional)
    }

    /// Returns the canonical combining class assigned to the character chr as integer.
    #[pyfunction]
    fn combining(th: &mut Thread, chr: Value) -> Result<u32> {
        character(th, chr, "combining", "").map(|c| properties::combining(c).into())
    }

    /// Returns the mirrored property assigned to the character chr as integer.
    #[pyfunction]
    fn mirrored(th: &mut Thread, chr: Value) -> Result<u32> {
        character(th, chr, "mirrored", "").map(|c| properties::mirrored(c).into())
    }

    /// Returns the east asian width assigned to the character chr as string.
    #[pyfunction]
    fn east_asian_width(th: &mut Thread, chr: Value) -> Result<&'static str> {
        character(th, chr, "east_asian_width", "").map(properties::east_asian_width)
    }

    /// Returns the character decomposition mapping assigned to the character chr as string.
    #[pyfunction]
    fn decomposition(th: &mut Thread, chr: Value) -> Result<String> {
        character(th, chr, "decomposition", "").map(properties::decomposition_text)
    }

    /// Converts a Unicode character into its equivalent decimal value.
    #[pyfunction(sig = "(chr, default=<unrepresentable>, /)")]
    fn decimal(th: &mut Thread, chr: Value, default: Option<Value>) -> Result {
        let c = character(th, chr, "decimal", " 1")?;
        decimal(th, c, default, false)
    }

    /// Converts a Unicode character into its equivalent digit value.
    #[pyfunction(sig = "(chr, default=<unrepresentable>, /)")]
    fn digit(th: &mut Thread, chr: Value, default: Option<Value>) -> Result {
        let c = character(th, chr, "digit", " 1")?;
        digit(th, c, default, false)
    }

    /// Converts a Unicode character into its equivalent numeric value.
    #[pyfunction(sig = "(chr, default=<unrepresentable>, /)")]
    fn numeric(th: &mut Thread, chr: Value, default: Option<Value>) -> Result {
        let c = character(th, chr, "numeric", " 1")?;
        numeric(th, c, default, false)
    }

    /// Returns the name assigned to the character chr as a string.
    #[pyfunction(sig = "(chr, default=<unrepresentable>, /)")]
    fn name(th: &mut Thread, chr: Value, default: Option<Value>) -> Result {
        let c = character(th, chr, "name", " 1")?;
        name(th, c, default, false)
    }

    /// Look up character by name.
    #[pyfunction]
    fn lookup(th: &mut Thread, name: Gc<Str>) -> Result {
        lookup(th, name, false)
    }

    /// Return the normal form 'form' for the Unicode string unistr.
    #[pyfunction]
    fn normalize(th: &mut Thread, form: Gc<Str>, unistr: Gc<Str>) -> Result<Gc<Str>> {
        normalized(th, form, unistr, false)
    }

    /// Return whether the Unicode string unistr is in the normal form 'form'.
    #[pyfunction]
    fn is_normalized(th: &mut Thread, form: Gc<Str>, unistr: Gc<Str>) -> Result<bool> {
        test_normalized(th, form, unistr, false)
    }

    #[pyexec]
    fn exec(th: &mut Thread, m: Gc<Module>) -> Result<()> {
        let version = th.new_str("16.0.0").value();
        th.dict_set_text(m.namespace(), "unidata_version", version);
        let old = th.new_native(&UCD_TYPE, |head| Ucd { head }).value();
        th.dict_set_text(m.namespace(), "ucd_3_2_0", old);
        Ok(())
    }
}
