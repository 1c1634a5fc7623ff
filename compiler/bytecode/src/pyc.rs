//! Code objects as bytes: the `.pyc` file and the payload that `marshal` carries.
//!
//! # The file
//!
//! ```text
//! 0..4    magic number: two bytes derived from the opcode table, then "\r\n"
//! 4..8    flags (PEP 552): bit 0 hash-based, bit 1 check the source's hash
//! 8..16   source mtime and size, or the source's hash
//! 16..    payload: checksum (8), fingerprint of the opcode table (8), body
//! ```
//!
//! The code objects among the constants are preceded by their length in four bytes, so that those
//! of the carried library can be passed over ([`unmarshal_carried`]).
//!
//! Everything is little-endian and independent of the platform; the same code object gives
//! the same bytes. The body is a table of short strings, then the code object; a reference
//! to a string is an index into the table, or the text itself when it is long, so that no
//! input can expand to more than a constant factor of its size. Words of code are stored
//! as they are.
//!
//! # Damage
//!
//! The checksum (SipHash) finds accidents; the decoder still trusts nothing: counts are held
//! against the bytes that remain before anything is allocated, nesting is limited, and what
//! comes out passes the [verifier](crate::verify). So arbitrary bytes give an error
//! or a code object that is safe to run, and no panic.
//!
//! # Versions
//!
//! The magic number and the fingerprint follow the table by themselves: adding an opcode or
//! an operand makes older files foreign. [`FORMAT`] is for what the table does not
//! show: the body's layout, the calling sequence, the numbering of intrinsics.

use std::fmt;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::code::{CodeObject, Constant, Handler};
use crate::lazy::{Carried, CodeRef, Summary};
use crate::opcode::Opcode;
use crate::operand::{FeedbackKind, SpanRule};
use crate::positions::{Positions, read_runs, write_runs};
use crate::siphash::siphash13;
use crate::varint::{Reader, Truncated, put_signed, put_unsigned};
use crate::verify::{MAX_NESTING, VerifyError, verify};

/// Version of everything about the files that the opcode table does not show.
pub const FORMAT: u32 = 3;

/// Fingerprint of the opcode table: numbers, names, operands, runs and feedback.
pub const FINGERPRINT: u64 = fingerprint();

/// `importlib.util.MAGIC_NUMBER`. The top bit of the number keeps clear of CPython's.
pub const MAGIC: [u8; 4] = {
    let folded = FINGERPRINT ^ FINGERPRINT >> 32;
    let folded = (folded ^ folded >> 16) as u16 | 0x8000;
    let [low, high] = folded.to_le_bytes();
    [low, high, b'\r', b'\n']
};

const fn fingerprint() -> u64 {
    // FNV-1a, which is short enough to be a const fn.
    const fn mix(h: u64, byte: u8) -> u64 {
        (h ^ byte as u64).wrapping_mul(0x100_0000_01b3)
    }
    const fn text(mut h: u64, s: &str) -> u64 {
        let mut i = 0;
        while i < s.len() {
            h = mix(h, s.as_bytes()[i]);
            i += 1;
        }
        mix(h, 0xff)
    }
    let mut h = 0xcbf2_9ce4_8422_2325;
    let mut shift = 0;
    while shift < 32 {
        h = mix(h, (FORMAT >> shift) as u8);
        shift += 8;
    }
    let mut n = 0;
    while n < Opcode::COUNT {
        let info = Opcode::ALL[n].info();
        h = text(h, info.name);
        let mut i = 0;
        while i < info.operands.len() {
            h = mix(h, info.operands[i].kind as u8);
            h = mix(h, info.operands[i].position as u8);
            i += 1;
        }
        let (rule, extra) = match info.span {
            SpanRule::None => (0, 0),
            SpanRule::Fixed(n) => (1, n),
            SpanRule::CountPlus(n) => (2, n),
            SpanRule::TwiceCount => (3, 0),
            SpanRule::UnpackEx => (4, 0),
            SpanRule::FunctionParts => (5, 0),
        };
        h = mix(mix(mix(h, rule), extra as u8), (extra >> 8) as u8);
        h = match info.feedback {
            None => mix(h, 0xff),
            Some(kind) => mix(h, kind as u8),
        };
        n += 1;
    }
    h
}

/// How a `.pyc` is held against its source (PEP 552).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Header {
    /// By modification time and size, both modulo 2³².
    Timestamp {
        /// Seconds since the epoch.
        mtime: u32,
        /// Bytes of source.
        size: u32,
    },
    /// By [`source_hash`].
    Hash {
        /// The hash.
        hash: [u8; 8],
        /// Whether the import system compares it with the source each time.
        check_source: bool,
    },
}

/// Bytes of a header, magic number included.
pub const HEADER_SIZE: usize = 16;

const HASH_BASED: u32 = 1;
const CHECK_SOURCE: u32 = 2;
const CHECKED_HASH: u32 = HASH_BASED | CHECK_SOURCE;

/// Why bytes are refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PycError {
    /// They end too early for a header or a payload (EOFError).
    Truncated,
    /// Another implementation's or version's magic number (ImportError).
    BadMagic,
    /// Unknown flags in the header (ImportError).
    BadFlags,
    /// The payload was written for another opcode table.
    Foreign,
    /// The checksum disagrees.
    Checksum,
    /// The checksum agrees, but the body makes no sense.
    Malformed,
    /// Constants or code nested deeper than [`MAX_NESTING`].
    TooDeep,
    /// The verifier refuses the code.
    Refused(VerifyError),
}

impl fmt::Display for PycError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PycError::Truncated => f.write_str("unexpected end of code data"),
            PycError::BadMagic => f.write_str("bad magic number"),
            PycError::BadFlags => f.write_str("invalid flags"),
            PycError::Foreign => f.write_str("code of another version"),
            PycError::Checksum => f.write_str("checksum of code data is wrong"),
            PycError::Malformed => f.write_str("bad code data"),
            PycError::TooDeep => f.write_str("code nested too deep"),
            PycError::Refused(e) => write!(f, "code refused: {e}"),
        }
    }
}

impl std::error::Error for PycError {}

impl From<Truncated> for PycError {
    fn from(_: Truncated) -> PycError {
        PycError::Malformed
    }
}

/// `importlib.util.source_hash`: the hash for a header, keyed as CPython does it, by the
/// magic number.
pub fn source_hash(source: &[u8]) -> [u8; 8] {
    keyed_source_hash(u32::from_le_bytes(MAGIC) as u64, source)
}

/// `_imp.source_hash(key, source)`.
pub fn keyed_source_hash(key: u64, source: &[u8]) -> [u8; 8] {
    siphash13(key, 0, source).to_le_bytes()
}

impl Header {
    /// The 16 bytes at the start of a file.
    pub fn to_bytes(self) -> [u8; HEADER_SIZE] {
        let (flags, low, high) = match self {
            Header::Timestamp { mtime, size } => (0, mtime, size),
            Header::Hash { hash, check_source } => {
                let flags = HASH_BASED | if check_source { CHECK_SOURCE } else { 0 };
                let hash = u64::from_le_bytes(hash);
                (flags, hash as u32, (hash >> 32) as u32)
            }
        };
        let fields = [u32::from_le_bytes(MAGIC), flags, low, high];
        let mut bytes = [0; HEADER_SIZE];
        for (to, field) in bytes.as_chunks_mut().0.iter_mut().zip(fields) {
            *to = field.to_le_bytes();
        }
        bytes
    }
}

/// The header of a file.
pub fn read_header(file: &[u8]) -> Result<Header, PycError> {
    if file.len() >= 4 && !file.starts_with(&MAGIC) {
        return Err(PycError::BadMagic);
    }
    let header = file.first_chunk::<HEADER_SIZE>();
    let fields = header.ok_or(PycError::Truncated)?.as_chunks().0;
    let field = |i: usize| fields.get(i).map_or(0, |f| u32::from_le_bytes(*f));
    let (flags, low, high) = (field(1), field(2), field(3));
    match flags {
        0 => Ok(Header::Timestamp {
            mtime: low,
            size: high,
        }),
        HASH_BASED | CHECKED_HASH => Ok(Header::Hash {
            hash: (low as u64 | (high as u64) << 32).to_le_bytes(),
            check_source: flags & CHECK_SOURCE != 0,
        }),
        _ => Err(PycError::BadFlags),
    }
}

/// A whole file. Fails only with [`PycError::TooDeep`].
pub fn write(code: &CodeObject, header: Header) -> Result<Vec<u8>, PycError> {
    let mut file = header.to_bytes().to_vec();
    append_payload(code, &mut file)?;
    Ok(file)
}

/// The verified code object of a file.
pub fn read(file: &[u8]) -> Result<CodeObject, PycError> {
    read_header(file)?;
    unmarshal_code(file.get(HEADER_SIZE..).unwrap_or_default())
}

/// The payload without a header, as `marshal.dumps` needs it; it does not say its length.
pub fn marshal_code(code: &CodeObject) -> Result<Vec<u8>, PycError> {
    let mut out = Vec::new();
    append_payload(code, &mut out)?;
    Ok(out)
}

/// The verified code object of a payload, which must be all of `payload`.
pub fn unmarshal_code(payload: &[u8]) -> Result<CodeObject, PycError> {
    let code = decode_payload(payload)?;
    verify(&code).map_err(PycError::Refused)?;
    Ok(code)
}

/// The code object of a payload that was verified when the binary that carries it was built: neither
/// checksum nor verification is repeated, and what is nested in it is decoded when it is used. Every
/// code object in it gets this file name.
pub fn unmarshal_carried(payload: &'static [u8], filename: &str) -> Result<CodeObject, PycError> {
    let data = payload.get(8..).ok_or(PycError::Truncated)?;
    decode_body(data, Some(filename.into()), CARRIED)
}

/// The rest of a carried code object.
pub(crate) fn decode_carried(c: &Carried) -> CodeObject {
    let mut d = Decoder {
        strings: c.strings.clone(),
        filename: Some(c.filename.clone()),
        input: Reader::new(c.body),
        laziness: CARRIED,
    };
    match d.code(c.depth) {
        Ok(code) => code,
        Err(e) => unreachable!("carried code was read when it was built: {e}"),
    }
}

fn checksum(data: &[u8]) -> u64 {
    siphash13(FORMAT as u64, 0x7079_6320_6461_7461, data)
}

fn append_payload(code: &CodeObject, out: &mut Vec<u8>) -> Result<(), PycError> {
    let mut w = Writer::default();
    w.code(code, 0)?;
    let start = out.len();
    out.reserve(32 + w.body.len() + w.text.len());
    out.extend([0; 8]);
    out.extend(FINGERPRINT.to_le_bytes());
    put_unsigned(w.strings.len() as u64, out);
    out.extend(w.text);
    out.extend(w.body);
    if let Some((sum, data)) = out.get_mut(start..).and_then(|p| p.split_first_chunk_mut()) {
        *sum = checksum(data).to_le_bytes();
    }
    Ok(())
}

fn decode_payload(payload: &[u8]) -> Result<CodeObject, PycError> {
    let (sum, data) = payload.split_first_chunk().ok_or(PycError::Truncated)?;
    if checksum(data) != u64::from_le_bytes(*sum) {
        return Err(PycError::Checksum);
    }
    decode_body(
        data,
        None,
        Laziness {
            nested: Decoder::nested_now,
            positions: Decoder::positions_now,
        },
    )
}

/// How the parts are read that may be left for later.
#[derive(Clone, Copy)]
struct Laziness<'a> {
    /// Reads a code object among the constants.
    nested: fn(&mut Decoder<'a>, u32) -> Result<CodeRef, PycError>,
    /// Reads the source positions, which end a code object.
    positions: fn(&mut Decoder<'a>) -> Result<Positions, PycError>,
}

const CARRIED: Laziness<'static> = Laziness {
    nested: Decoder::nested_later,
    positions: Decoder::positions_later,
};

fn decode_body<'a>(
    data: &'a [u8],
    filename: Option<Arc<str>>,
    laziness: Laziness<'a>,
) -> Result<CodeObject, PycError> {
    let mut input = Reader::new(data);
    if input.u64()? != FINGERPRINT {
        return Err(PycError::Foreign);
    }
    let count = input.count(1)?;
    let mut strings = Vec::with_capacity(count);
    for _ in 0..count {
        let len = input.byte()?;
        strings.push(input.bytes(len as usize)?);
    }
    let mut d = Decoder {
        strings: Arc::new(strings),
        filename,
        input,
        laziness,
    };
    let code = d.code(0)?;
    match d.input.is_empty() {
        true => Ok(code),
        false => Err(PycError::Malformed),
    }
}

/// Strings up to this length are shared; longer ones are written where they are used.
const SHARED_LENGTH: usize = 255;

/// Tags of constants.
mod tag {
    pub const NONE: u8 = 0;
    pub const FALSE: u8 = 1;
    pub const TRUE: u8 = 2;
    pub const ELLIPSIS: u8 = 3;
    pub const INT: u8 = 4;
    pub const BIG_INT: u8 = 5;
    pub const NEGATIVE_BIG_INT: u8 = 6;
    pub const FLOAT: u8 = 7;
    pub const COMPLEX: u8 = 8;
    pub const STR: u8 = 9;
    pub const BYTES: u8 = 10;
    pub const TUPLE: u8 = 11;
    pub const FROZEN_SET: u8 = 12;
    pub const SLICE: u8 = 13;
    pub const CODE: u8 = 14;
}

#[derive(Default)]
struct Writer<'a> {
    strings: FxHashMap<&'a [u8], u32>,
    /// The string table's entries, in the order of first use.
    text: Vec<u8>,
    body: Vec<u8>,
}

impl<'a> Writer<'a> {
    fn number(&mut self, v: impl Into<u64>) {
        put_unsigned(v.into(), &mut self.body);
    }

    fn count(&mut self, n: usize) {
        put_unsigned(n as u64, &mut self.body);
    }

    fn bytes(&mut self, b: &[u8]) {
        self.count(b.len());
        self.body.extend_from_slice(b);
    }

    /// A reference: twice the index, or twice the length plus one and the bytes.
    fn string(&mut self, s: &'a [u8]) {
        if s.len() > SHARED_LENGTH {
            self.number((s.len() as u64) << 1 | 1);
            self.body.extend_from_slice(s);
            return;
        }
        let next = self.strings.len() as u32;
        let index = *self.strings.entry(s).or_insert(next);
        if index == next {
            self.text.push(s.len() as u8);
            self.text.extend_from_slice(s);
        }
        self.number((index as u64) << 1);
    }

    fn code(&mut self, c: &'a CodeObject, depth: u32) -> Result<(), PycError> {
        // Destructured, so that a new field cannot be forgotten here.
        let CodeObject {
            name,
            qualname,
            filename,
            flags,
            argcount,
            posonlyargcount,
            kwonlyargcount,
            varnames,
            cellvars,
            freevars,
            registers,
            code,
            consts,
            names,
            handlers,
            positions,
            first_line,
            feedback,
        } = c;
        for s in [name, qualname, filename] {
            self.string(s.as_bytes());
        }
        for n in [flags, argcount, posonlyargcount, kwonlyargcount, first_line] {
            self.number(*n);
        }
        self.number(*registers);
        for list in [varnames, names] {
            self.count(list.len());
            for s in list {
                self.string(s.as_bytes());
            }
        }
        for list in [cellvars, freevars] {
            self.count(list.len());
            for (s, register) in list {
                self.string(s.as_bytes());
                self.number(*register);
            }
        }
        self.count(feedback.len());
        self.body.extend(feedback.iter().map(|kind| *kind as u8));
        self.count(code.len());
        self.body.extend(code.iter().flat_map(|w| w.to_le_bytes()));
        self.count(handlers.len());
        for h in handlers {
            for n in [h.start, h.end, h.target] {
                self.number(n);
            }
        }
        self.constants(consts, depth + 1)?;
        write_runs(positions, &mut self.body);
        Ok(())
    }

    fn constants(&mut self, list: &'a [Constant], depth: u32) -> Result<(), PycError> {
        self.count(list.len());
        list.iter().try_for_each(|k| self.constant(k, depth))
    }

    fn constant(&mut self, k: &'a Constant, depth: u32) -> Result<(), PycError> {
        if depth > MAX_NESTING {
            return Err(PycError::TooDeep);
        }
        match k {
            Constant::None => self.body.push(tag::NONE),
            Constant::Bool(false) => self.body.push(tag::FALSE),
            Constant::Bool(true) => self.body.push(tag::TRUE),
            Constant::Ellipsis => self.body.push(tag::ELLIPSIS),
            Constant::Int(n) => {
                self.body.push(tag::INT);
                put_signed(*n, &mut self.body);
            }
            Constant::BigInt {
                negative,
                magnitude,
            } => {
                self.body.push(match negative {
                    true => tag::NEGATIVE_BIG_INT,
                    false => tag::BIG_INT,
                });
                self.bytes(magnitude);
            }
            Constant::Float(bits) => {
                self.body.push(tag::FLOAT);
                self.body.extend(bits.to_le_bytes());
            }
            Constant::Complex(re, im) => {
                self.body.push(tag::COMPLEX);
                self.body.extend(re.to_le_bytes());
                self.body.extend(im.to_le_bytes());
            }
            Constant::Str(s) => {
                self.body.push(tag::STR);
                self.string(s);
            }
            Constant::Bytes(b) => {
                self.body.push(tag::BYTES);
                self.bytes(b);
            }
            Constant::Tuple(items) => {
                self.body.push(tag::TUPLE);
                self.constants(items, depth + 1)?;
            }
            Constant::FrozenSet(items) => {
                self.body.push(tag::FROZEN_SET);
                self.constants(items, depth + 1)?;
            }
            Constant::Slice(parts) => {
                self.body.push(tag::SLICE);
                for part in &parts[..] {
                    self.constant(part, depth + 1)?;
                }
            }
            Constant::Code(c) => {
                self.body.push(tag::CODE);
                let at = self.body.len();
                self.body.extend([0; 4]);
                self.code(c, depth)?;
                let length = (self.body.len() - at - 4) as u32;
                if let Some(place) = self.body.get_mut(at..).and_then(|b| b.first_chunk_mut()) {
                    *place = length.to_le_bytes();
                }
            }
        }
        Ok(())
    }
}

struct Decoder<'a> {
    input: Reader<'a>,
    /// The string table.
    strings: Arc<Vec<&'a [u8]>>,
    /// File name in place of the stored one.
    filename: Option<Arc<str>>,
    laziness: Laziness<'a>,
}

impl<'a> Decoder<'a> {
    fn string(&mut self) -> Result<&'a [u8], PycError> {
        let n = self.input.unsigned()?;
        let half = usize::try_from(n >> 1).map_err(|_| Truncated)?;
        if n & 1 == 0 {
            return self.strings.get(half).copied().ok_or(PycError::Malformed);
        }
        Ok(self.input.bytes(half)?)
    }

    fn str(&mut self) -> Result<&'a str, PycError> {
        std::str::from_utf8(self.string()?).map_err(|_| PycError::Malformed)
    }

    /// The stored file name, unless another one takes its place.
    fn file_name(&mut self) -> Result<&'a str, PycError> {
        if self.filename.is_none() {
            return self.str();
        }
        self.string()?;
        Ok("")
    }

    fn text(&mut self) -> Result<String, PycError> {
        Ok(self.str()?.to_owned())
    }

    fn texts(&mut self) -> Result<Vec<String>, PycError> {
        let n = self.input.count(1)?;
        self.list(n, Decoder::text)
    }

    fn register(&mut self) -> Result<u16, PycError> {
        u16::try_from(self.input.unsigned()?).map_err(|_| PycError::Malformed)
    }

    fn variables(&mut self) -> Result<Vec<(String, u16)>, PycError> {
        let n = self.input.count(2)?;
        self.list(n, |d| Ok((d.text()?, d.register()?)))
    }

    /// `n` items; the count has been checked. (Collecting into a `Result` would not know the
    /// length, and allocation is most of the cost of loading.)
    fn list<T>(
        &mut self,
        n: usize,
        mut item: impl FnMut(&mut Self) -> Result<T, PycError>,
    ) -> Result<Vec<T>, PycError> {
        let mut list = Vec::with_capacity(n);
        for _ in 0..n {
            list.push(item(self)?);
        }
        Ok(list)
    }

    /// Fields in the order of [`Writer::code`].
    fn summary(&mut self) -> Result<Summary<'a>, PycError> {
        Ok(Summary {
            name: self.str()?,
            qualname: self.str()?,
            filename: self.file_name()?,
            flags: self.input.u32()?,
            argcount: self.input.u32()?,
            posonlyargcount: self.input.u32()?,
            kwonlyargcount: self.input.u32()?,
            first_line: self.input.u32()?,
            registers: self.register()?,
        })
    }

    /// Fields in the order of [`Writer::code`].
    fn code(&mut self, depth: u32) -> Result<CodeObject, PycError> {
        let head = self.summary()?;
        let varnames = self.texts()?;
        let names = self.texts()?;
        let cellvars = self.variables()?;
        let freevars = self.variables()?;
        let n = self.input.count(1)?;
        let feedback = self.list(n, |d| {
            FeedbackKind::from_u8(d.input.byte()?).ok_or(PycError::Malformed)
        })?;
        let n = self.input.count(8)?;
        let words = self.input.bytes(n * 8)?.as_chunks().0.iter();
        let code = words.map(|w| u64::from_le_bytes(*w)).collect();
        let n = self.input.count(3)?;
        let handlers = self.list(n, |d| {
            Ok(Handler {
                start: d.input.u32()?,
                end: d.input.u32()?,
                target: d.input.u32()?,
            })
        })?;
        let consts = self.constants(depth + 1)?;
        let positions = (self.laziness.positions)(self)?;
        Ok(CodeObject {
            name: head.name.to_owned(),
            qualname: head.qualname.to_owned(),
            filename: self.filename.as_deref().unwrap_or(head.filename).to_owned(),
            flags: head.flags,
            argcount: head.argcount,
            posonlyargcount: head.posonlyargcount,
            kwonlyargcount: head.kwonlyargcount,
            varnames,
            cellvars,
            freevars,
            registers: head.registers,
            code,
            consts,
            names,
            handlers,
            positions,
            first_line: head.first_line,
            feedback,
        })
    }

    fn nested_now(&mut self, depth: u32) -> Result<CodeRef, PycError> {
        let length = self.input.fixed_u32()? as usize;
        let end = self.input.left().checked_sub(length).ok_or(Truncated)?;
        let code = self.code(depth)?;
        match self.input.left() == end {
            true => Ok(CodeRef::from(code)),
            false => Err(PycError::Malformed),
        }
    }

    fn positions_now(&mut self) -> Result<Positions, PycError> {
        Ok(read_runs(&mut self.input)?.into())
    }

    fn constants(&mut self, depth: u32) -> Result<Vec<Constant>, PycError> {
        let n = self.input.count(1)?;
        self.list(n, |d| d.constant(depth))
    }

    fn bytes(&mut self) -> Result<Vec<u8>, PycError> {
        let n = self.input.count(1)?;
        Ok(self.input.bytes(n)?.to_vec())
    }

    fn constant(&mut self, depth: u32) -> Result<Constant, PycError> {
        if depth > MAX_NESTING {
            return Err(PycError::TooDeep);
        }
        Ok(match self.input.byte()? {
            tag::NONE => Constant::None,
            tag::FALSE => Constant::Bool(false),
            tag::TRUE => Constant::Bool(true),
            tag::ELLIPSIS => Constant::Ellipsis,
            tag::INT => Constant::Int(self.input.signed()?),
            t @ (tag::BIG_INT | tag::NEGATIVE_BIG_INT) => Constant::BigInt {
                negative: t == tag::NEGATIVE_BIG_INT,
                magnitude: self.bytes()?,
            },
            tag::FLOAT => Constant::Float(self.input.u64()?),
            tag::COMPLEX => Constant::Complex(self.input.u64()?, self.input.u64()?),
            tag::STR => Constant::Str(self.string()?.to_vec()),
            tag::BYTES => Constant::Bytes(self.bytes()?),
            tag::TUPLE => Constant::Tuple(self.constants(depth + 1)?),
            tag::FROZEN_SET => Constant::FrozenSet(self.constants(depth + 1)?),
            tag::SLICE => {
                let mut part = || self.constant(depth + 1);
                Constant::Slice(Box::new([part()?, part()?, part()?]))
            }
            tag::CODE => Constant::Code((self.laziness.nested)(self, depth)?),
            _ => return Err(PycError::Malformed),
        })
    }
}

impl Decoder<'static> {
    /// Reads no more than a function needs to be made.
    fn nested_later(&mut self, depth: u32) -> Result<CodeRef, PycError> {
        let length = self.input.fixed_u32()? as usize;
        let body = self.input.bytes(length)?;
        let rest = std::mem::replace(&mut self.input, Reader::new(body));
        let summary = self.summary();
        self.input = rest;
        let summary = summary?;
        let filename = self.filename.clone();
        Ok(CodeRef::carried(Carried {
            body,
            strings: self.strings.clone(),
            depth,
            filename: filename.unwrap_or_else(|| summary.filename.into()),
            summary,
        }))
    }

    fn positions_later(&mut self) -> Result<Positions, PycError> {
        let left = self.input.left();
        Ok(Positions::carried(self.input.bytes(left)?))
    }
}

#[cfg(test)]
#[path = "pyc_tests.rs"]
mod tests;
