//! `binascii`: binary data as text and back.

mod base64;
mod quoted;
mod uu;

use taipan_vm::call::buffer::ByteArg;
use taipan_vm::object::{Gc, Raised};
use taipan_vm::types::ExceptionClass;
use taipan_vm::types::bytes::{Bytes, hex};
use taipan_vm::types::module::Module;
use taipan_vm::types::str_::Str;
use taipan_vm::{Result, Thread, Value, pymodule};

use crate::support;
use crate::system::deflate;

const ERROR: &str = "binascii.Error";

#[cold]
fn error(th: &mut Thread, message: &str) -> Raised {
    support::raise_own(th, ERROR, message)
}

/// Bytes of a bytes-like object or an ASCII string.
enum AsciiArgument {
    Text(Gc<Str>),
    Bytes(ByteArg),
}

impl std::ops::Deref for AsciiArgument {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            AsciiArgument::Text(s) => s.narrow().unwrap_or(&[]),
            AsciiArgument::Bytes(b) => b,
        }
    }
}

/// Raises TypeError, ValueError.
fn ascii_argument(th: &mut Thread, v: Value) -> Result<AsciiArgument> {
    if let Some(s) = v.downcast::<Str>() {
        return match s.as_ascii() {
            Some(_) => Ok(AsciiArgument::Text(s)),
            None => Err(th.value_error("string argument should contain only ASCII characters")),
        };
    }
    if !th.supports_buffer(v) {
        let got = th.type_name(v);
        return Err(th.type_error(format!(
            "argument should be bytes, buffer or ASCII string, not '{got}'"
        )));
    }
    Ok(AsciiArgument::Bytes(th.byte_arg(v)?))
}

fn hex_digit(b: u8) -> Option<u8> {
    (b as char).to_digit(16).map(|d| d as u8)
}

fn from_hex(th: &mut Thread, v: Value) -> Result {
    let text = ascii_argument(th, v)?;
    if text.len() % 2 != 0 {
        return Err(error(th, "Odd-length string"));
    }
    let (len, mut done) = (text.len() / 2, 0);
    let out = build(th, len, |dst| done = hex::read(&text, dst))?;
    if done < len {
        return Err(error(th, "Non-hexadecimal digit found"));
    }
    Ok(out)
}

/// A bytes object of which `fill` writes every byte.
fn build(th: &mut Thread, len: usize, fill: impl FnOnce(&mut [u8])) -> Result {
    match th.bytes_build(len, fill) {
        Some(b) => Ok(b.value()),
        None => Err(th.memory_error()),
    }
}

fn separator(th: &mut Thread, v: Value) -> Result<u8> {
    let (first, len) = if let Some(s) = v.downcast::<Str>() {
        (s.at(0), s.len())
    } else if let Some(b) = v.downcast::<Bytes>() {
        (b.as_slice().first().map(|b| u32::from(*b)), b.len())
    } else {
        return Err(th.type_error("sep must be str or bytes."));
    };
    if len != 1 {
        return Err(th.value_error("sep must be length 1."));
    }
    match first {
        Some(c) if c < 256 => Ok(c as u8),
        _ => Err(th.value_error("sep must be ASCII.")),
    }
}

fn to_hex(th: &mut Thread, data: &[u8], sep: Option<Value>, group: Option<i64>) -> Result {
    let sep = match sep {
        Some(v) => Some((separator(th, v)?, group.unwrap_or(1))),
        None => None,
    };
    build(th, hex::written(data.len(), sep), |dst| {
        hex::write(data, sep, dst)
    })
}

/// The table of CRC-CCITT (polynomial 0x1021).
const CRC_HQX: [u16; 256] = {
    let mut table = [0u16; 256];
    let mut i = 0;
    while i < 256 {
        let mut c = (i as u16) << 8;
        let mut k = 0;
        while k < 8 {
            c = if c & 0x8000 != 0 {
                c << 1 ^ 0x1021
            } else {
                c << 1
            };
            k += 1;
        }
        table[i] = c;
        i += 1;
    }
    table
};

fn unsigned(th: &mut Thread, v: Option<Value>) -> Result<u32> {
    let Some(v) = v else {
        return Ok(0);
    };
    let v = th.index(v)?;
    let Some(big) = taipan_vm::types::int::to_ibig(v) else {
        return Ok(0);
    };
    let mask = taipan_vm::number::bigint::IBig::from(u32::MAX);
    Ok(u32::try_from(&(big & mask)).unwrap_or(0))
}

/// The functions hang here.
pub struct Binascii;

/// Conversion between binary data and ASCII
#[pymodule(name = "binascii")]
impl Binascii {
    /// Decode a line of uuencoded data.
    #[pyfunction]
    fn a2b_uu(th: &mut Thread, data: Value) -> Result {
        let text = ascii_argument(th, data)?;
        match uu::decode(&text) {
            Ok(b) => Ok(th.new_bytes(&b).value()),
            Err(m) => Err(error(th, m)),
        }
    }

    /// Uuencode line of data.
    #[pyfunction(sig = "(data, /, *, backtick=False)")]
    fn b2a_uu(th: &mut Thread, data: ByteArg, backtick: Option<bool>) -> Result {
        match uu::encode(&data, backtick.unwrap_or(false)) {
            Ok(b) => Ok(th.new_bytes(&b).value()),
            Err(m) => Err(error(th, m)),
        }
    }

    /// Decode a line of base64 data.
    ///
    ///   strict_mode
    ///     When set to True, bytes that are not in the base64 standard are not allowed.
    ///     The same applies to excess data after padding (= / ==).
    #[pyfunction(sig = "(data, /, *, strict_mode=False)")]
    fn a2b_base64(th: &mut Thread, data: Value, strict_mode: Option<bool>) -> Result {
        let text = ascii_argument(th, data)?;
        match base64::decode(&text, strict_mode.unwrap_or(false)) {
            Ok(b) => Ok(th.new_bytes(&b).value()),
            Err(m) => Err(error(th, &m)),
        }
    }

    /// Base64-code line of data.
    #[pyfunction(sig = "(data, /, *, newline=True)")]
    fn b2a_base64(th: &mut Thread, data: ByteArg, newline: Option<bool>) -> Result {
        let len = base64::encoded_len(data.len());
        let newline = newline.unwrap_or(true);
        build(th, len + usize::from(newline), |dst| {
            let (digits, end) = dst.split_at_mut(len);
            base64::encode(&data, digits);
            end.fill(b'\n');
        })
    }

    /// Compute CRC-CCITT incrementally.
    #[pyfunction]
    fn crc_hqx(th: &mut Thread, data: ByteArg, crc: Value) -> Result<i64> {
        let mut crc = unsigned(th, Some(crc))? as u16;
        for b in data.iter() {
            crc = crc << 8 ^ CRC_HQX[usize::from((crc >> 8) as u8 ^ b)];
        }
        Ok(i64::from(crc))
    }

    /// Compute CRC-32 incrementally.
    #[pyfunction]
    fn crc32(th: &mut Thread, data: ByteArg, crc: Option<Value>) -> Result<i64> {
        let start = unsigned(th, crc)?;
        Ok(i64::from(deflate::crc32(start, &data)))
    }

    /// Hexadecimal representation of binary data.
    ///
    ///   sep
    ///     An optional single character or byte to separate hex bytes.
    ///   bytes_per_sep
    ///     How many bytes between separators.  Positive values count from the
    ///     right, negative values count from the left.
    ///
    /// The return value is a bytes object.  This function is also
    /// available as "hexlify()".
    #[pyfunction(sig = "(data, sep=<unrepresentable>, bytes_per_sep=1)")]
    fn b2a_hex(
        th: &mut Thread,
        data: ByteArg,
        sep: Option<Value>,
        bytes_per_sep: Option<i64>,
    ) -> Result {
        to_hex(th, &data, sep, bytes_per_sep)
    }

    /// Hexadecimal representation of binary data.
    ///
    ///   sep
    ///     An optional single character or byte to separate hex bytes.
    ///   bytes_per_sep
    ///     How many bytes between separators.  Positive values count from the
    ///     right, negative values count from the left.
    ///
    /// The return value is a bytes object.  This function is also
    /// available as "b2a_hex()".
    #[pyfunction(sig = "(data, sep=<unrepresentable>, bytes_per_sep=1)")]
    fn hexlify(
        th: &mut Thread,
        data: ByteArg,
        sep: Option<Value>,
        bytes_per_sep: Option<i64>,
    ) -> Result {
        to_hex(th, &data, sep, bytes_per_sep)
    }

    /// Binary data of hexadecimal representation.
    ///
    /// hexstr must contain an even number of hex digits (upper or lower case).
    /// This function is also available as "unhexlify()".
    #[pyfunction]
    fn a2b_hex(th: &mut Thread, hexstr: Value) -> Result {
        from_hex(th, hexstr)
    }

    /// Binary data of hexadecimal representation.
    ///
    /// hexstr must contain an even number of hex digits (upper or lower case).
    #[pyfunction]
    fn unhexlify(th: &mut Thread, hexstr: Value) -> Result {
        from_hex(th, hexstr)
    }

    /// Decode a string of qp-encoded data.
    #[pyfunction(sig = "(data, header=False)")]
    fn a2b_qp(th: &mut Thread, data: Value, header: Option<bool>) -> Result {
        let text = ascii_argument(th, data)?;
        let out = quoted::decode(&text, header.unwrap_or(false));
        Ok(th.new_bytes(&out).value())
    }

    /// Encode a string using quoted-printable encoding.
    ///
    /// On encoding, when istext is set, newlines are not encoded, and white
    /// space at end of lines is.  When istext is not set, \r and \n (CR/LF)
    /// are both encoded.  When quotetabs is set, space and tabs are encoded.
    #[pyfunction(sig = "(data, quotetabs=False, istext=True, header=False)")]
    fn b2a_qp(
        th: &mut Thread,
        data: ByteArg,
        quotetabs: Option<bool>,
        istext: Option<bool>,
        header: Option<bool>,
    ) -> Result {
        let out = quoted::encode(
            &data,
            quotetabs.unwrap_or(false),
            istext.unwrap_or(true),
            header.unwrap_or(false),
        );
        Ok(th.new_bytes(&out).value())
    }

    #[pyexec]
    fn exec(th: &mut Thread, m: Gc<Module>) -> Result<()> {
        let value_error = th.vm().exception_class(ExceptionClass::ValueError).value();
        let exception = th.vm().exception_class(ExceptionClass::Exception).value();
        let error = support::exception_class(th, ERROR, "binascii", "Error", value_error)?;
        let incomplete = support::exception_class(
            th,
            "binascii.Incomplete",
            "binascii",
            "Incomplete",
            exception,
        )?;
        th.dict_set_text(m.namespace(), "Error", error);
        th.dict_set_text(m.namespace(), "Incomplete", incomplete);
        Ok(())
    }
}
