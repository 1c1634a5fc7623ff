//! `zlib`: compression over the crate `libz-rs-sys`.

use std::cell::{Cell, RefCell};

use taipan_vm::call::Args;
use taipan_vm::object::{Gc, NativeHeader};
use taipan_vm::types::ExceptionClass;
use taipan_vm::types::bytes::Bytes;
use taipan_vm::types::module::Module;
use taipan_vm::{NativeObject, Raised, Result, Thread, Value, pymodule, pytype};

use crate::system::deflate::{self, Stream};

const Z_OK: i32 = 0;
const Z_STREAM_END: i32 = 1;
const Z_NEED_DICT: i32 = 2;
const Z_STREAM_ERROR: i32 = -2;
const Z_DATA_ERROR: i32 = -3;
const Z_MEM_ERROR: i32 = -4;
const Z_BUF_ERROR: i32 = -5;
const Z_NO_FLUSH: i32 = 0;
const Z_SYNC_FLUSH: i32 = 2;
const Z_FINISH: i32 = 4;

const MAX_WBITS: i32 = 15;
const BUFFER: usize = 16 * 1024;

fn raise_text(th: &mut Thread, text: &str) -> Raised {
    let class = th.vm().registry.borrow().get("zlib.error").copied();
    let text = th.new_str(text).value();
    match class {
        Some(c) => match th.call(c, &[text]) {
            Ok(e) => th.raise_value(e),
            Err(r) => r,
        },
        None => th.raise_with(ExceptionClass::Exception, &[text]),
    }
}

/// Raises `zlib.error` for an error of zlib's.
fn fail(th: &mut Thread, message: Option<String>, status: i32, what: &str) -> Raised {
    let message = message.or_else(|| {
        let text = match status {
            Z_BUF_ERROR => "incomplete or truncated stream",
            Z_STREAM_ERROR => "inconsistent stream state",
            Z_DATA_ERROR => "invalid input data",
            _ => return None,
        };
        Some(text.to_owned())
    });
    let text = match message {
        Some(m) => format!("Error {status} {what}: {m}"),
        None => format!("Error {status} {what}"),
    };
    raise_text(th, &text)
}

/// Decompresses as much as there is, at most `most` bytes. Gives status, output, and how much
/// input was taken.
fn inflate(
    s: &mut Stream,
    data: &[u8],
    first: usize,
    most: Option<usize>,
    dictionary: &[u8],
    flush: i32,
) -> (i32, Vec<u8>, usize) {
    let (mut out, mut at, mut chunk) = (Vec::new(), 0, first.max(1));
    let mut status = Z_OK;
    loop {
        let room = match most {
            Some(m) if out.len() >= m => break,
            Some(m) => chunk.min(m - out.len()),
            None => chunk,
        };
        let old = out.len();
        out.resize(old + room, 0);
        let step = s.step(&data[at..], &mut out[old..], flush);
        out.truncate(old + step.made);
        at += step.taken;
        status = step.status;
        match status {
            Z_NEED_DICT if !dictionary.is_empty() => match s.set_dictionary(dictionary) {
                Z_OK => continue,
                e => {
                    status = e;
                    break;
                }
            },
            Z_OK | Z_BUF_ERROR => {}
            _ => break,
        }
        if step.made < room {
            break;
        }
        chunk = (chunk * 2).min(1 << 24);
    }
    (status, out, at)
}

/// Compresses; gives status and output.
fn deflate(s: &mut Stream, data: &[u8], flush: i32) -> (i32, Vec<u8>) {
    let (mut out, mut at, mut chunk) = (Vec::new(), 0, BUFFER);
    loop {
        let old = out.len();
        out.resize(old + chunk, 0);
        let step = s.step(&data[at..], &mut out[old..], flush);
        out.truncate(old + step.made);
        at += step.taken;
        if step.status < 0 && step.status != Z_BUF_ERROR {
            return (step.status, out);
        }
        if step.status == Z_STREAM_END || (step.made < chunk && at >= data.len()) {
            return (step.status, out);
        }
        if step.taken == 0 && step.made == 0 {
            return (step.status, out);
        }
        chunk = (chunk * 2).min(1 << 24);
    }
}

fn dictionary_argument(th: &mut Thread, v: Option<Value>) -> Result<Vec<u8>> {
    match v {
        None => Ok(Vec::new()),
        Some(v) if th.supports_buffer(v) => crate::buffer_bytes(th, v),
        Some(_) => Err(th.type_error("zdict argument must support the buffer protocol")),
    }
}

/// A compressing object.
#[repr(C)]
#[derive(NativeObject)]
pub struct Compress {
    head: NativeHeader,
    /// None once it has finished.
    #[notrace]
    stream: RefCell<Option<Stream>>,
}

fn new_compress(th: &mut Thread, s: Stream) -> Value {
    th.new_native(&COMPRESS_TYPE, |head| Compress {
        head,
        stream: RefCell::new(Some(s)),
    })
    .value()
}

#[pytype(name = "Compress", module = "zlib", flags = NO_INSTANTIATION, table = COMPRESS_TYPE)]
impl Compress {
    /// Returns a bytes object containing compressed data.
    ///
    ///   data
    ///     Binary data to be compressed.
    ///
    /// After calling this function, some of the input data may still
    /// be stored in internal buffers for later processing.
    /// Call the flush() method to clear these buffers.
    #[pymethod(sig = "(data, /)")]
    fn compress(th: &mut Thread, this: Gc<Compress>, data: Value) -> Result<Gc<Bytes>> {
        let data = crate::buffer_bytes(th, data)?;
        let r = match this.stream.borrow_mut().as_mut() {
            Some(s) => {
                let (status, out) = deflate(s, &data, Z_NO_FLUSH);
                match status {
                    Z_STREAM_ERROR => Err((status, s.message())),
                    _ => Ok(out),
                }
            }
            None => Err((Z_STREAM_ERROR, None)),
        };
        match r {
            Ok(out) => Ok(th.new_bytes(&out)),
            Err((status, m)) => Err(fail(th, m, status, "while compressing data")),
        }
    }

    /// Return a bytes object containing any remaining compressed data.
    ///
    ///   mode
    ///     One of the constants Z_SYNC_FLUSH, Z_FULL_FLUSH, Z_FINISH.
    ///     If mode == Z_FINISH, the compressor object can no longer be
    ///     used after calling the flush() method.  Otherwise, more data
    ///     can still be compressed.
    #[pymethod(sig = "(mode=4, /)")]
    fn flush(th: &mut Thread, this: Gc<Compress>, mode: Option<i32>) -> Result<Gc<Bytes>> {
        let mode = mode.unwrap_or(Z_FINISH);
        if mode == Z_NO_FLUSH {
            return Ok(th.new_bytes(b""));
        }
        let r = match this.stream.borrow_mut().as_mut() {
            Some(s) => {
                let (status, out) = deflate(s, b"", mode);
                match status {
                    Z_STREAM_END => Ok((out, mode == Z_FINISH)),
                    Z_OK | Z_BUF_ERROR => Ok((out, false)),
                    e => Err((e, s.message())),
                }
            }
            None => Err((Z_STREAM_ERROR, None)),
        };
        match r {
            Ok((out, finished)) => {
                if finished {
                    this.stream.take();
                }
                Ok(th.new_bytes(&out))
            }
            Err((status, m)) => Err(fail(th, m, status, "while flushing")),
        }
    }

    /// Return a copy of the compression object.
    #[pymethod]
    fn copy(th: &mut Thread, this: Gc<Compress>) -> Result {
        let r = this.stream.borrow_mut().as_mut().map(|s| s.copy());
        match r {
            Some(Ok(s)) => Ok(new_compress(th, s)),
            Some(Err(Z_MEM_ERROR)) => Err(th.memory_error()),
            Some(Err(e)) if e != Z_STREAM_ERROR => {
                Err(fail(th, None, e, "while copying compression object"))
            }
            _ => Err(th.value_error("Inconsistent stream state")),
        }
    }

    #[pymethod]
    fn __copy__(th: &mut Thread, this: Gc<Compress>) -> Result {
        Compress::copy(th, this)
    }

    #[pymethod(sig = "(memo, /)")]
    fn __deepcopy__(th: &mut Thread, this: Gc<Compress>, _memo: Value) -> Result {
        Compress::copy(th, this)
    }
}

/// A decompressing object.
#[repr(C)]
#[derive(NativeObject)]
pub struct Decompress {
    head: NativeHeader,
    #[notrace]
    stream: RefCell<Option<Stream>>,
    #[notrace]
    dictionary: Vec<u8>,
    #[notrace]
    unused: RefCell<Vec<u8>>,
    #[notrace]
    tail: RefCell<Vec<u8>>,
    #[notrace]
    eof: Cell<bool>,
}

impl Decompress {
    /// Sorts what was not taken into what may still be wanted, and what lies behind the end.
    fn keep(&self, status: i32, rest: &[u8]) {
        if status == Z_STREAM_END {
            self.eof.set(true);
            self.unused.borrow_mut().extend_from_slice(rest);
            self.tail.borrow_mut().clear();
        } else {
            *self.tail.borrow_mut() = rest.to_vec();
        }
    }
}

#[pytype(name = "Decompress", module = "zlib", flags = NO_INSTANTIATION, table = DECOMPRESS_TYPE)]
impl Decompress {
    /// Data found after the end of the compressed stream.
    #[pygetter]
    fn unused_data(th: &mut Thread, this: Gc<Decompress>) -> Gc<Bytes> {
        th.new_bytes(&this.unused.borrow())
    }

    /// Data left in the input buffer when the last decompress() hit its limit.
    #[pygetter]
    fn unconsumed_tail(th: &mut Thread, this: Gc<Decompress>) -> Gc<Bytes> {
        th.new_bytes(&this.tail.borrow())
    }

    /// True if the end-of-stream marker has been reached.
    #[pygetter]
    fn eof(_: &mut Thread, this: Gc<Decompress>) -> bool {
        this.eof.get()
    }

    /// Return a bytes object containing the decompressed version of the data.
    ///
    ///   data
    ///     The binary data to decompress.
    ///   max_length
    ///     The maximum allowable length of the decompressed data.
    ///     Unconsumed input data will be stored in
    ///     the unconsumed_tail attribute.
    ///
    /// After calling this function, some of the input data may still be stored in
    /// internal buffers for later processing.
    /// Call the flush() method to clear these buffers.
    #[pymethod(sig = "(data, /, max_length=0)")]
    fn decompress(
        th: &mut Thread,
        this: Gc<Decompress>,
        data: Value,
        max_length: Option<i64>,
    ) -> Result<Gc<Bytes>> {
        let Ok(most) = usize::try_from(max_length.unwrap_or(0)) else {
            return Err(th.value_error("max_length must be non-negative"));
        };
        let data = crate::buffer_bytes(th, data)?;
        let r = match this.stream.borrow_mut().as_mut() {
            None => None,
            Some(s) => {
                let most = (most > 0).then_some(most);
                let first = most.map_or(BUFFER, |m| m.min(BUFFER));
                let r = inflate(s, &data, first, most, &this.dictionary, Z_SYNC_FLUSH);
                Some((r, s.message()))
            }
        };
        let Some(((status, out, at), message)) = r else {
            return Err(fail(th, None, Z_STREAM_ERROR, "while decompressing data"));
        };
        this.keep(status, &data[at..]);
        match status {
            Z_OK | Z_BUF_ERROR | Z_STREAM_END => Ok(th.new_bytes(&out)),
            e => Err(fail(th, message, e, "while decompressing data")),
        }
    }

    /// Return a bytes object containing any remaining decompressed data.
    ///
    ///   length
    ///     the initial size of the output buffer.
    #[pymethod(sig = "(length=16384, /)")]
    fn flush(th: &mut Thread, this: Gc<Decompress>, length: Option<Value>) -> Result<Gc<Bytes>> {
        let length = match length {
            Some(v) => th.index_clamped(v)?,
            None => BUFFER as isize,
        };
        if length <= 0 {
            return Err(th.value_error("length must be greater than zero"));
        }
        let data = this.tail.borrow().clone();
        let first = (length as usize).min(1 << 20);
        let r = match this.stream.borrow_mut().as_mut() {
            None => return Ok(th.new_bytes(b"")),
            Some(s) => {
                let r = inflate(s, &data, first, None, &this.dictionary, Z_FINISH);
                (r, s.message())
            }
        };
        let ((status, out, at), message) = r;
        this.keep(status, &data[at..]);
        match status {
            Z_STREAM_END => {
                this.stream.take();
                Ok(th.new_bytes(&out))
            }
            Z_OK | Z_BUF_ERROR => Ok(th.new_bytes(&out)),
            Z_DATA_ERROR | Z_NEED_DICT | Z_STREAM_ERROR if this.eof.get() => Ok(th.new_bytes(&out)),
            e => Err(fail(th, message, e, "while decompressing data")),
        }
    }

    /// Return a copy of the decompression object.
    #[pymethod]
    fn copy(th: &mut Thread, this: Gc<Decompress>) -> Result {
        let r = this.stream.borrow_mut().as_mut().map(|s| s.copy());
        match r {
            Some(Ok(s)) => {
                let (unused, tail) = (this.unused.borrow().clone(), this.tail.borrow().clone());
                let eof = this.eof.get();
                Ok(th
                    .new_native(&DECOMPRESS_TYPE, |head| Decompress {
                        head,
                        stream: RefCell::new(Some(s)),
                        dictionary: this.dictionary.clone(),
                        unused: RefCell::new(unused),
                        tail: RefCell::new(tail),
                        eof: Cell::new(eof),
                    })
                    .value())
            }
            Some(Err(Z_MEM_ERROR)) => Err(th.memory_error()),
            _ => Err(th.value_error("Inconsistent stream state")),
        }
    }

    #[pymethod]
    fn __copy__(th: &mut Thread, this: Gc<Decompress>) -> Result {
        Decompress::copy(th, this)
    }

    #[pymethod(sig = "(memo, /)")]
    fn __deepcopy__(th: &mut Thread, this: Gc<Decompress>, _memo: Value) -> Result {
        Decompress::copy(th, this)
    }
}

/// A decompressor that keeps its input.
#[repr(C)]
#[derive(NativeObject)]
pub struct ZlibDecompressor {
    head: NativeHeader,
    #[notrace]
    stream: RefCell<Stream>,
    #[notrace]
    dictionary: Vec<u8>,
    #[notrace]
    input: RefCell<Vec<u8>>,
    #[notrace]
    unused: RefCell<Vec<u8>>,
    #[notrace]
    eof: Cell<bool>,
    #[notrace]
    needs_input: Cell<bool>,
}

/// Create a decompressor object for decompressing data incrementally.
///
/// wbits = 15
/// zdict
///   The predefined compression dictionary. This is a sequence of bytes
///   (such as a bytes object) containing subsequences that are expected
///   to occur frequently in the data that is to be compressed. Those
///   subsequences that are expected to be most common should come at the
///   end of the dictionary. This must be the same dictionary as used by the
///   compressor that produced the input data.
#[pytype(name = "_ZlibDecompressor", module = "zlib", table = ZLIB_DECOMPRESSOR_TYPE)]
impl ZlibDecompressor {
    #[pynew(sig = "(wbits=15, zdict=b'')")]
    fn new(th: &mut Thread, _class: Value, wbits: Option<i32>, zdict: Option<Value>) -> Result {
        let wbits = wbits.unwrap_or(MAX_WBITS);
        let dictionary = dictionary_argument(th, zdict)?;
        let mut s = match Stream::inflate(wbits) {
            Ok(s) => s,
            Err(_) => return Err(th.value_error("Invalid initialization option")),
        };
        if wbits < 0 && !dictionary.is_empty() && s.set_dictionary(&dictionary) != Z_OK {
            return Err(th.value_error("Invalid dictionary"));
        }
        Ok(th
            .new_native(&ZLIB_DECOMPRESSOR_TYPE, |head| ZlibDecompressor {
                head,
                stream: RefCell::new(s),
                dictionary,
                input: RefCell::default(),
                unused: RefCell::default(),
                eof: Cell::new(false),
                needs_input: Cell::new(true),
            })
            .value())
    }

    /// True if the end-of-stream marker has been reached.
    #[pygetter]
    fn eof(_: &mut Thread, this: Gc<ZlibDecompressor>) -> bool {
        this.eof.get()
    }

    /// Data found after the end of the compressed stream.
    #[pygetter]
    fn unused_data(th: &mut Thread, this: Gc<ZlibDecompressor>) -> Gc<Bytes> {
        th.new_bytes(&this.unused.borrow())
    }

    /// True if more input is needed before more decompressed data can be produced.
    #[pygetter]
    fn needs_input(_: &mut Thread, this: Gc<ZlibDecompressor>) -> bool {
        this.needs_input.get()
    }

    /// Decompress *data*, returning uncompressed data as bytes.
    #[pymethod(sig = "(data, max_length=-1)")]
    fn decompress(
        th: &mut Thread,
        this: Gc<ZlibDecompressor>,
        data: Value,
        max_length: Option<i64>,
    ) -> Result<Gc<Bytes>> {
        let data = crate::buffer_bytes(th, data)?;
        if this.eof.get() {
            return Err(th.eof_error("End of stream already reached"));
        }
        let most = usize::try_from(max_length.unwrap_or(-1)).ok();
        let mut input = this.input.take();
        input.extend_from_slice(&data);
        let (r, message) = {
            let mut s = this.stream.borrow_mut();
            let first = most.map_or(BUFFER, |m| m.min(BUFFER));
            let r = inflate(&mut s, &input, first, most, &this.dictionary, Z_SYNC_FLUSH);
            (r, s.message())
        };
        let (status, out, at) = r;
        match status {
            Z_STREAM_END => {
                this.eof.set(true);
                this.needs_input.set(false);
                *this.unused.borrow_mut() = input[at..].to_vec();
            }
            Z_OK | Z_BUF_ERROR => {
                // At the limit there may be more without further input.
                let full = most.is_some_and(|m| out.len() >= m);
                this.needs_input.set(at >= input.len() && !full);
                *this.input.borrow_mut() = input[at..].to_vec();
            }
            e => return Err(fail(th, message, e, "while decompressing data")),
        }
        Ok(th.new_bytes(&out))
    }
}

fn checksum(
    th: &mut Thread,
    args: Args<'_>,
    name: &str,
    start: u32,
    f: fn(u32, &[u8]) -> u32,
) -> Result {
    let v = args.positionals();
    if args.keyword_count() > 0 {
        return Err(th.type_error(format!("zlib.{name}() takes no keyword arguments")));
    }
    let (data, value) = match v {
        [data] => (*data, start),
        [data, value] => {
            let value = th.index(*value)?;
            let low = match taipan_vm::types::int::to_i64(value) {
                Some(n) => n as u32,
                None => {
                    let mask = th.int(0xffff_ffff);
                    let low = th.binary(taipan_vm::protocol::arith::BinaryOp::And, value, mask)?;
                    taipan_vm::types::int::to_i64(low).unwrap_or(0) as u32
                }
            };
            (*data, low)
        }
        _ => {
            return Err(th.type_error(format!(
                "{name} expected at least 1 argument, got {}",
                v.len()
            )));
        }
    };
    let data = th.byte_arg(data)?;
    let r = f(value, &data);
    Ok(th.int(r as i64))
}

/// The functions hang here.
pub struct Zlib;

/// The functions in this module allow compression and decompression using the
/// zlib library, which is based on GNU zip.
///
/// adler32(string[, start]) -- Compute an Adler-32 checksum.
/// compress(data[, level]) -- Compress data, with compression level 0-9 or -1.
/// compressobj([level[, ...]]) -- Return a compressor object.
/// crc32(string[, start]) -- Compute a CRC-32 checksum.
/// decompress(string,[wbits],[bufsize]) -- Decompresses a compressed string.
/// decompressobj([wbits[, zdict]]) -- Return a decompressor object.
///
/// 'wbits' is window buffer size and container format.
/// Compressor objects support compress() and flush() methods; decompressor
/// objects support decompress() and flush().
#[pymodule(name = "zlib", types = [ZLIB_DECOMPRESSOR_TYPE])]
impl Zlib {
    /// Compute an Adler-32 checksum of data.
    ///
    ///   value
    ///     Starting value of the checksum.
    ///
    /// The returned checksum is an integer.
    #[pyfunction(raw, sig = "(data, value=1, /)")]
    fn adler32(th: &mut Thread, args: Args<'_>) -> Result {
        checksum(th, args, "adler32", 1, deflate::adler32)
    }

    /// Compute a CRC-32 checksum of data.
    ///
    ///   value
    ///     Starting value of the checksum.
    ///
    /// The returned checksum is an integer.
    #[pyfunction(raw, sig = "(data, value=0, /)")]
    fn crc32(th: &mut Thread, args: Args<'_>) -> Result {
        checksum(th, args, "crc32", 0, deflate::crc32)
    }

    /// Returns a bytes object containing compressed data.
    ///
    ///   data
    ///     Binary data to be compressed.
    ///   level
    ///     Compression level, in 0-9 or -1.
    ///   wbits
    ///     The window buffer size and container format.
    #[pyfunction(sig = "(data, /, level=-1, wbits=15)")]
    fn compress(
        th: &mut Thread,
        data: Value,
        level: Option<i32>,
        wbits: Option<i32>,
    ) -> Result<Gc<Bytes>> {
        let data = crate::buffer_bytes(th, data)?;
        let (level, wbits) = (level.unwrap_or(-1), wbits.unwrap_or(MAX_WBITS));
        let r = th.without_lock(|| {
            let mut s = Stream::deflate(level, 8, wbits, 8, 0)?;
            match self::deflate(&mut s, &data, Z_FINISH) {
                (Z_STREAM_END, out) => Ok(out),
                (e, _) => Err(e),
            }
        });
        match r {
            Ok(out) => Ok(th.new_bytes(&out)),
            Err(Z_MEM_ERROR) => Err(th.memory_error()),
            Err(Z_STREAM_ERROR) => Err(raise_text(th, "Bad compression level")),
            Err(e) => Err(fail(th, None, e, "while compressing data")),
        }
    }

    /// Returns a bytes object containing the uncompressed data.
    ///
    ///   data
    ///     Compressed data.
    ///   wbits
    ///     The window buffer size and container format.
    ///   bufsize
    ///     The initial output buffer size.
    #[pyfunction(sig = "(data, /, wbits=15, bufsize=16384)")]
    fn decompress(
        th: &mut Thread,
        data: Value,
        wbits: Option<i32>,
        bufsize: Option<Value>,
    ) -> Result<Gc<Bytes>> {
        let data = crate::buffer_bytes(th, data)?;
        let first = match bufsize {
            Some(v) => th.index_clamped(v)?,
            None => BUFFER as isize,
        };
        if first < 0 {
            return Err(th.value_error("bufsize must be non-negative"));
        }
        let (first, wbits) = (
            (first as usize).clamp(1, 1 << 20),
            wbits.unwrap_or(MAX_WBITS),
        );
        let r = th.without_lock(|| {
            let mut s = Stream::inflate(wbits).map_err(|e| (e, None, true))?;
            match inflate(&mut s, &data, first, None, b"", Z_SYNC_FLUSH) {
                (Z_STREAM_END, out, _) => Ok(out),
                (Z_OK, ..) => Err((Z_BUF_ERROR, None, false)),
                (e, ..) => Err((e, s.message(), false)),
            }
        });
        match r {
            Ok(out) => Ok(th.new_bytes(&out)),
            Err((Z_MEM_ERROR, ..)) => Err(th.memory_error()),
            Err((e, m, true)) => Err(fail(th, m, e, "while preparing to decompress data")),
            Err((e, m, false)) => Err(fail(th, m, e, "while decompressing data")),
        }
    }

    /// Return a compressor object.
    ///
    ///   level
    ///     The compression level (an integer in the range 0-9 or -1; default is
    ///     currently equivalent to 6).  Higher compression levels are slower,
    ///     but produce smaller results.
    ///   method
    ///     The compression algorithm.  If given, this must be DEFLATED.
    ///   wbits
    ///     +9 to +15: The base-two logarithm of the window size.  Include a zlib
    ///         container.
    ///     -9 to -15: Generate a raw stream.
    ///     +25 to +31: Include a gzip container.
    ///   memLevel
    ///     Controls the amount of memory used for internal compression state.
    ///     Valid values range from 1 to 9.  Higher values result in higher memory
    ///     usage, faster compression, and smaller output.
    ///   strategy
    ///     Used to tune the compression algorithm.  Possible values are
    ///     Z_DEFAULT_STRATEGY, Z_FILTERED, and Z_HUFFMAN_ONLY.
    ///   zdict
    ///     The predefined compression dictionary - a sequence of bytes
    ///     containing subsequences that are likely to occur in the input data.
    #[pyfunction(sig = "(level=-1, method=8, wbits=15, memLevel=8, strategy=0, zdict=None)")]
    fn compressobj(
        th: &mut Thread,
        level: Option<i32>,
        method: Option<i32>,
        wbits: Option<i32>,
        memory: Option<i32>,
        strategy: Option<i32>,
        zdict: Option<Value>,
    ) -> Result {
        let zdict = th.not_none(zdict);
        let dictionary = dictionary_argument(th, zdict)?;
        let s = Stream::deflate(
            level.unwrap_or(-1),
            method.unwrap_or(8),
            wbits.unwrap_or(MAX_WBITS),
            memory.unwrap_or(8),
            strategy.unwrap_or(0),
        );
        let mut s = match s {
            Ok(s) => s,
            Err(Z_MEM_ERROR) => return Err(th.memory_error()),
            Err(_) => return Err(th.value_error("Invalid initialization option")),
        };
        if zdict.is_some() && s.set_dictionary(&dictionary) != Z_OK {
            return Err(th.value_error("Invalid dictionary"));
        }
        Ok(new_compress(th, s))
    }

    /// Return a decompressor object.
    ///
    ///   wbits
    ///     The window buffer size and container format.
    ///   zdict
    ///     The predefined compression dictionary.  This must be the same
    ///     dictionary as used by the compressor that produced the input data.
    #[pyfunction(sig = "(wbits=15, zdict=b'')")]
    fn decompressobj(th: &mut Thread, wbits: Option<i32>, zdict: Option<Value>) -> Result {
        let dictionary = dictionary_argument(th, zdict)?;
        let wbits = wbits.unwrap_or(MAX_WBITS);
        let mut s = match Stream::inflate(wbits) {
            Ok(s) => s,
            Err(Z_MEM_ERROR) => return Err(th.memory_error()),
            Err(_) => return Err(th.value_error("Invalid initialization option")),
        };
        // Without a header nothing would ask for the dictionary.
        if wbits < 0 && !dictionary.is_empty() && s.set_dictionary(&dictionary) != Z_OK {
            return Err(th.value_error("Invalid dictionary"));
        }
        Ok(th
            .new_native(&DECOMPRESS_TYPE, |head| Decompress {
                head,
                stream: RefCell::new(Some(s)),
                dictionary,
                unused: RefCell::default(),
                tail: RefCell::default(),
                eof: Cell::new(false),
            })
            .value())
    }

    #[pyexec]
    fn exec(th: &mut Thread, m: Gc<Module>) -> Result<()> {
        crate::enter_numbers(th, m, CONSTANTS);
        let d = m.namespace();
        let base = th.vm().exception_class(ExceptionClass::Exception).value();
        let e = crate::new_exception(th, "zlib.error", base)?;
        th.vm().registry.borrow_mut().insert("zlib.error", e);
        th.dict_set_text(d, "error", e);
        // Programs compare the first three numbers of the version.
        let version = deflate::version();
        let version = version.split('-').next().unwrap_or_default().to_owned();
        for name in ["ZLIB_VERSION", "ZLIB_RUNTIME_VERSION"] {
            let v = th.new_str(&version).value();
            th.dict_set_text(d, name, v);
        }
        let v = th.new_str("1.0").value();
        th.dict_set_text(d, "__version__", v);
        Ok(())
    }
}

const CONSTANTS: &[(&str, i64)] = &[
    ("DEFLATED", 8),
    ("DEF_BUF_SIZE", BUFFER as i64),
    ("DEF_MEM_LEVEL", 8),
    ("MAX_WBITS", MAX_WBITS as i64),
    ("Z_NO_COMPRESSION", 0),
    ("Z_BEST_SPEED", 1),
    ("Z_BEST_COMPRESSION", 9),
    ("Z_DEFAULT_COMPRESSION", -1),
    ("Z_FILTERED", 1),
    ("Z_HUFFMAN_ONLY", 2),
    ("Z_RLE", 3),
    ("Z_FIXED", 4),
    ("Z_DEFAULT_STRATEGY", 0),
    ("Z_NO_FLUSH", 0),
    ("Z_PARTIAL_FLUSH", 1),
    ("Z_SYNC_FLUSH", 2),
    ("Z_FULL_FLUSH", 3),
    ("Z_FINISH", 4),
    ("Z_BLOCK", 5),
    ("Z_TREES", 6),
];
