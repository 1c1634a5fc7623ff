//! Builtin functions on texts and characters: `ascii`, `chr`, `ord`, `format`, `bin`, `oct`, `hex`.

use crate::number::digits::Digits;
use crate::object::{Gc, Result, Value};
use crate::types::bytes::Bytes;
use crate::types::int;
use crate::types::str_::Str;
use crate::{Thread, pymethods};

use super::functions::Builtins;

fn digits(th: &mut Thread, v: Value, radix: u8, prefix: &str) -> Result {
    let i = th.index(v)?;
    if let Some(i) = int::to_i64(i) {
        let mut digits = Digits::new();
        digits.put_power_base(i.unsigned_abs(), radix.ilog2(), false);
        digits.prepend(prefix);
        digits.prepend(if i < 0 { "-" } else { "" });
        return Ok(th.new_ascii(digits.as_bytes()).value());
    }
    let (negative, text) = match int::to_ibig(i) {
        Some(big) => {
            let text = big.in_radix(radix).to_string();
            (text.starts_with('-'), text.trim_start_matches('-').into())
        }
        None => (false, String::new()),
    };
    let sign = if negative { "-" } else { "" };
    Ok(th.new_str(&format!("{sign}{prefix}{text}")).value())
}

#[pymethods(table = TABLE)]
impl Builtins {
    /// Return an ASCII-only representation of an object.
    #[pyfunction]
    fn ascii(th: &mut Thread, obj: Value) -> Result<Gc<Str>> {
        th.ascii(obj)
    }

    /// Return the binary representation of an integer.
    #[pyfunction]
    fn bin(th: &mut Thread, integer: Value) -> Result {
        digits(th, integer, 2, "0b")
    }

    /// Return the octal representation of an integer.
    #[pyfunction]
    fn oct(th: &mut Thread, integer: Value) -> Result {
        digits(th, integer, 8, "0o")
    }

    /// Return the hexadecimal representation of an integer.
    #[pyfunction]
    fn hex(th: &mut Thread, integer: Value) -> Result {
        digits(th, integer, 16, "0x")
    }

    /// Return a Unicode string of one character with ordinal i; 0 <= i <= 0x10ffff.
    #[pyfunction]
    fn chr(th: &mut Thread, i: Value) -> Result<Gc<Str>> {
        let i = th.index_clamped(i)?;
        match u32::try_from(i) {
            Ok(c) if c < 0x110000 => Ok(th.str_from_char(c)),
            _ => Err(th.value_error("chr() arg not in range(0x110000)")),
        }
    }

    /// Return the ordinal value of a character.
    ///
    /// If the argument is a one-byte bytes or bytearray, return its value.
    #[pyfunction]
    fn ord(th: &mut Thread, character: Value) -> Result<i64> {
        let n = if let Some(s) = character.downcast::<Str>() {
            match (s.len(), s.at(0)) {
                (1, Some(c)) => return Ok(c as i64),
                (n, _) => n,
            }
        } else if let Some(b) = character.downcast::<Bytes>() {
            match b.as_slice() {
                [c] => return Ok(*c as i64),
                more => more.len(),
            }
        } else if th.type_name(character) == "bytearray" {
            let n = th.len(character)?;
            if n == 1 {
                let v = th.get_item(character, Value::small(0))?;
                return th.index_i64(v, "ordinal");
            }
            n
        } else {
            let got = th.type_name(character);
            return Err(th.type_error(format!(
                "ord() expected string of length 1, but {got} found"
            )));
        };
        Err(th.type_error(format!(
            "ord() expected a character, but string of length {n} found"
        )))
    }

    /// Return type(value).__format__(value, format_spec)
    ///
    /// Many built-in types implement format_spec according to the
    /// Format Specification Mini-language. See help('FORMATTING') for details.
    #[pyfunction(sig = "(value, format_spec='', /)")]
    fn format(th: &mut Thread, value: Value, format_spec: Option<Gc<Str>>) -> Result<Gc<Str>> {
        let spec = format_spec.unwrap_or(th.empty_str());
        th.format(value, spec)
    }
}
