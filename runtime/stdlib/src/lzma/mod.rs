//! `_lzma`: xz and lzma streams, written and read piece by piece.

mod filters;

use std::cell::{Cell, RefCell};

use liblzma::stream::{Action, Check, Error, Status, Stream};
use taipan_vm::call::buffer::ByteArg;
use taipan_vm::object::{Gc, NativeHeader, Raised};
use taipan_vm::types::ExceptionClass;
use taipan_vm::types::module::Module;
use taipan_vm::{NativeObject, Result, Thread, Value, pymodule, pytype};

use crate::support::{exception_class, raise_own};

const ERROR_KEY: &str = "_lzma.LZMAError";
const BLOCK: usize = 32 * 1024;
const FORMAT_AUTO: i64 = 0;
const FORMAT_XZ: i64 = 1;
const FORMAT_ALONE: i64 = 2;
const FORMAT_RAW: i64 = 3;
const CHECK_UNKNOWN: i64 = 16;
const PRESET_DEFAULT: u32 = 6;

/// A compressor.
#[repr(C)]
#[derive(NativeObject)]
pub struct Compressor {
    head: NativeHeader,
    #[notrace]
    stream: RefCell<Option<Stream>>,
}

/// A decompressor.
#[repr(C)]
#[derive(NativeObject)]
pub struct Decompressor {
    head: NativeHeader,
    #[notrace]
    stream: RefCell<Stream>,
    /// Input that has not been used yet; at the end, what follows the stream.
    #[notrace]
    input: RefCell<Vec<u8>>,
    /// The first bytes, which name the kind of check.
    #[notrace]
    first: RefCell<Vec<u8>>,
    #[notrace]
    format: i64,
    #[notrace]
    eof: Cell<bool>,
    #[notrace]
    needs_input: Cell<bool>,
}

/// Raises LZMAError.
#[cold]
fn lzma_error(th: &mut Thread, message: &str) -> Raised {
    raise_own(th, ERROR_KEY, message)
}

#[cold]
fn failed(th: &mut Thread, e: Error) -> Raised {
    let message = match e {
        Error::Data => "Corrupt input data",
        Error::Options => "Invalid or unsupported options",
        Error::Format => "Input format not supported by decoder",
        Error::MemLimit => "Memory usage limit exceeded",
        Error::UnsupportedCheck | Error::NoCheck => "Unsupported integrity check",
        Error::Mem => return th.memory_error(),
        Error::Program => "Internal error",
    };
    lzma_error(th, message)
}

fn done<T>(th: &mut Thread, r: std::result::Result<T, Error>) -> Result<T> {
    r.map_err(|e| failed(th, e))
}

/// Runs a compressor over data; with `Finish` to the end of the stream.
fn compress(
    s: &mut Stream,
    mut data: &[u8],
    action: Action,
) -> std::result::Result<Vec<u8>, Error> {
    let finish = matches!(action, Action::Finish);
    let mut out = Vec::new();
    loop {
        let at = out.len();
        out.resize(at + BLOCK, 0);
        let (before, made) = (s.total_in(), s.total_out());
        let status = s.process(data, &mut out[at..], action)?;
        let written = (s.total_out() - made) as usize;
        out.truncate(at + written);
        data = data.get((s.total_in() - before) as usize..).unwrap_or(&[]);
        let idle = data.is_empty() && written < BLOCK;
        if status == Status::StreamEnd || (idle && !finish) {
            return Ok(out);
        }
    }
}

fn check_named(th: &mut Thread, n: i64) -> Result<Check> {
    Ok(match n {
        0 => Check::None,
        1 => Check::Crc32,
        -1 | 4 => Check::Crc64,
        10 => Check::Sha256,
        _ => return Err(lzma_error(th, "Unsupported integrity check")),
    })
}

fn no_pickle(th: &mut Thread, v: Value) -> Result {
    let name = th.type_name(v);
    Err(th.type_error(format!("cannot pickle '{name}' object")))
}

/// LZMACompressor(format=FORMAT_XZ, check=-1, preset=None, filters=None)
///
/// Create a compressor object for compressing data incrementally.
///
/// format specifies the container format to use for the output. This can
/// be FORMAT_XZ (default), FORMAT_ALONE, or FORMAT_RAW.
///
/// check specifies the integrity check to use. For FORMAT_XZ, the default
/// is CHECK_CRC64. FORMAT_ALONE and FORMAT_RAW do not support integrity
/// checks; for these formats, check must be omitted, or be CHECK_NONE.
///
/// The settings used by the compressor can be specified either as a
/// preset compression level (with the 'preset' argument), or in detail
/// as a custom filter chain (with the 'filters' argument).
///
/// For one-shot compression, use the compress() function instead.
#[pytype(name = "LZMACompressor", module = "_lzma", table = COMPRESSOR_TYPE)]
impl Compressor {
    #[pynew(sig = "(format=FORMAT_XZ, check=-1, preset=None, filters=None)")]
    fn new(
        th: &mut Thread,
        class: Value,
        format: Option<i64>,
        check: Option<i64>,
        preset: Option<Value>,
        filters: Option<Value>,
    ) -> Result {
        let class = th.expect_type(class)?;
        let (format, check) = (format.unwrap_or(FORMAT_XZ), check.unwrap_or(-1));
        let (preset, filters) = (th.not_none(preset), th.not_none(filters));
        if preset.is_some() && filters.is_some() {
            return Err(th.value_error("Cannot specify both preset and filter chain"));
        }
        let level = match preset {
            None => PRESET_DEFAULT,
            Some(v) => match u32::try_from(th.index_i64(v, "int too large to convert")?) {
                Ok(n) => n,
                Err(_) => return Err(th.overflow_error("Value too large for uint32_t type")),
            },
        };
        if format != FORMAT_XZ && check != -1 && check != 0 {
            return Err(th.value_error("Integrity checks are only supported by FORMAT_XZ"));
        }
        let stream = match (format, filters) {
            (FORMAT_XZ, None) => {
                let check = check_named(th, check)?;
                Stream::new_easy_encoder(level, check)
            }
            (FORMAT_XZ, Some(f)) => {
                let check = check_named(th, check)?;
                let chain = filters::chain(th, f)?;
                Stream::new_stream_encoder(&chain, check)
            }
            (FORMAT_ALONE, None) => {
                let options = filters::preset(th, level)?;
                Stream::new_lzma_encoder(&options)
            }
            (FORMAT_ALONE, Some(f)) => {
                let options = filters::only_lzma1(th, f)?;
                Stream::new_lzma_encoder(&options)
            }
            (FORMAT_RAW, None) => {
                return Err(th.value_error("Must specify filters for FORMAT_RAW"));
            }
            (FORMAT_RAW, Some(f)) => {
                let chain = filters::chain(th, f)?;
                Stream::new_raw_encoder(&chain)
            }
            _ => return Err(th.value_error(format!("Invalid container format: {format}"))),
        };
        let stream = done(th, stream)?;
        Ok(th
            .alloc_native(class, |head| Compressor {
                head,
                stream: RefCell::new(Some(stream)),
            })
            .value())
    }

    /// Provide data to the compressor object.
    ///
    /// Returns a chunk of compressed data if possible, or b'' otherwise.
    ///
    /// When you have finished providing data to the compressor, call the
    /// flush() method to finish the compression process.
    #[pymethod(name = "compress")]
    fn compress_method(th: &mut Thread, this: Gc<Compressor>, data: ByteArg) -> Result {
        let out = match this.stream.borrow_mut().as_mut() {
            Some(s) => compress(s, &data, Action::Run),
            None => return Err(th.value_error("Compressor has been flushed")),
        };
        let out = done(th, out)?;
        Ok(th.new_bytes(&out).value())
    }

    /// Finish the compression process.
    ///
    /// Returns the compressed data left in internal buffers.
    ///
    /// The compressor object may not be used after this method is called.
    #[pymethod]
    fn flush(th: &mut Thread, this: Gc<Compressor>) -> Result {
        let Some(mut s) = this.stream.take() else {
            return Err(th.value_error("Repeated call to flush()"));
        };
        let out = compress(&mut s, &[], Action::Finish);
        let out = done(th, out)?;
        Ok(th.new_bytes(&out).value())
    }

    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<Compressor>) -> Result {
        no_pickle(th, this.value())
    }

    #[pymethod]
    fn __reduce_ex__(th: &mut Thread, this: Gc<Compressor>, _protocol: Value) -> Result {
        no_pickle(th, this.value())
    }
}

/// Create a decompressor object for decompressing data incrementally.
///
///   format
///     Specifies the container format of the input stream.  If this is
///     FORMAT_AUTO (the default), the decompressor will automatically detect
///     whether the input is FORMAT_XZ or FORMAT_ALONE.  Streams created with
///     FORMAT_RAW cannot be autodetected.
///   memlimit
///     Limit the amount of memory used by the decompressor.  This will cause
///     decompression to fail if the input cannot be decompressed within this
///     limit.
///   filters
///     A custom filter chain.  This argument is required for FORMAT_RAW, and
///     not accepted with any other format.  When provided, this should be a
///     sequence of dicts, each indicating the ID and options for a single
///     filter.
///
/// For one-shot decompression, use the decompress() function instead.
#[pytype(name = "LZMADecompressor", module = "_lzma", table = DECOMPRESSOR_TYPE)]
impl Decompressor {
    #[pynew(sig = "(format=FORMAT_AUTO, memlimit=None, filters=None)")]
    fn new(
        th: &mut Thread,
        class: Value,
        format: Option<i64>,
        memlimit: Option<Value>,
        filters: Option<Value>,
    ) -> Result {
        let class = th.expect_type(class)?;
        let format = format.unwrap_or(FORMAT_AUTO);
        let mut limit = u64::MAX;
        if let Some(v) = th.not_none(memlimit) {
            if format == FORMAT_RAW {
                return Err(th.value_error("Cannot specify memory limit with FORMAT_RAW"));
            }
            limit = match u64::try_from(th.index_i64(v, "int too large to convert")?) {
                Ok(n) => n,
                Err(_) => {
                    return Err(th.overflow_error("can't convert negative int to unsigned"));
                }
            };
        }
        let filters = th.not_none(filters);
        if format == FORMAT_RAW && filters.is_none() {
            return Err(th.value_error("Must specify filters for FORMAT_RAW"));
        }
        if format != FORMAT_RAW && filters.is_some() {
            return Err(th.value_error("Cannot specify filters except with FORMAT_RAW"));
        }
        let stream = match (format, filters) {
            (FORMAT_AUTO, _) => Stream::new_auto_decoder(limit, 0),
            (FORMAT_XZ, _) => Stream::new_stream_decoder(limit, 0),
            (FORMAT_ALONE, _) => Stream::new_lzma_decoder(limit),
            (FORMAT_RAW, Some(f)) => {
                let chain = filters::chain(th, f)?;
                Stream::new_raw_decoder(&chain)
            }
            _ => return Err(th.value_error(format!("Invalid container format: {format}"))),
        };
        let stream = done(th, stream)?;
        Ok(th
            .alloc_native(class, |head| Decompressor {
                head,
                stream: RefCell::new(stream),
                input: RefCell::default(),
                first: RefCell::default(),
                format,
                eof: Cell::new(false),
                needs_input: Cell::new(true),
            })
            .value())
    }

    /// Decompress *data*, returning uncompressed data as bytes.
    ///
    /// If *max_length* is nonnegative, returns at most *max_length* bytes of
    /// decompressed data. If this limit is reached and further output can be
    /// produced, *self.needs_input* will be set to ``False``. In this case, the next
    /// call to *decompress()* may provide *data* as b'' to obtain more of the output.
    ///
    /// If all of the input data was decompressed and returned (either
    /// because this was less than *max_length* bytes, or because
    /// *max_length* was negative), *self.needs_input* will be set to True.
    ///
    /// Attempting to decompress data after the end of stream is reached raises an
    /// EOFError.  Any data found after the end of the stream is ignored and saved in
    /// the unused_data attribute.
    #[pymethod(sig = "(data, max_length=-1)")]
    fn decompress(
        th: &mut Thread,
        this: Gc<Decompressor>,
        data: ByteArg,
        max_length: Option<isize>,
    ) -> Result {
        if this.eof.get() {
            return Err(th.raise(ExceptionClass::EOFError, "Already at end of stream"));
        }
        let limit = usize::try_from(max_length.unwrap_or(-1)).unwrap_or(usize::MAX);
        let mut input = this.input.borrow_mut();
        input.extend_from_slice(&data);
        let missing = 8usize.saturating_sub(this.first.borrow().len());
        let head = &data[..missing.min(data.len())];
        this.first.borrow_mut().extend_from_slice(head);
        let mut stream = this.stream.borrow_mut();
        let mut out: Vec<u8> = Vec::new();
        let mut used = 0;
        let mut problem = None;
        while out.len() < limit {
            let (at, room) = (out.len(), BLOCK.min(limit - out.len()));
            out.resize(at + room, 0);
            let (before, made) = (stream.total_in(), stream.total_out());
            let status = stream.process(&input[used..], &mut out[at..], Action::Run);
            let read = (stream.total_in() - before) as usize;
            let written = (stream.total_out() - made) as usize;
            used += read;
            out.truncate(at + written);
            match status {
                Ok(Status::StreamEnd) => {
                    this.eof.set(true);
                    break;
                }
                Ok(_) if read == 0 && written == 0 => break,
                Ok(_) if used == input.len() && written < room => break,
                Ok(_) => {}
                Err(e) => {
                    problem = Some(e);
                    break;
                }
            }
        }
        input.drain(..used);
        let wants = !this.eof.get() && input.is_empty() && out.len() < limit;
        this.needs_input.set(wants);
        drop((input, stream));
        match problem {
            Some(e) => Err(failed(th, e)),
            None => Ok(th.new_bytes(&out).value()),
        }
    }

    /// ID of the integrity check used by the input stream.
    #[pygetter]
    fn check(_: &mut Thread, this: Gc<Decompressor>) -> i64 {
        let first = this.first.borrow();
        match (this.format, first.first()) {
            (FORMAT_RAW | FORMAT_ALONE, _) => 0,
            (_, None) => CHECK_UNKNOWN,
            (FORMAT_AUTO, Some(b)) if *b != 0xFD => 0,
            _ => first.get(7).map_or(CHECK_UNKNOWN, |b| (b & 15) as i64),
        }
    }

    /// True if the end-of-stream marker has been reached.
    #[pygetter]
    fn eof(_: &mut Thread, this: Gc<Decompressor>) -> bool {
        this.eof.get()
    }

    /// Data found after the end of the compressed stream.
    #[pygetter]
    fn unused_data(th: &mut Thread, this: Gc<Decompressor>) -> Value {
        let rest = match this.eof.get() {
            true => this.input.borrow().clone(),
            false => Vec::new(),
        };
        th.new_bytes(&rest).value()
    }

    /// True if more input is needed before more decompressed data can be produced.
    #[pygetter]
    fn needs_input(_: &mut Thread, this: Gc<Decompressor>) -> bool {
        this.needs_input.get()
    }

    #[pymethod]
    fn __reduce__(th: &mut Thread, this: Gc<Decompressor>) -> Result {
        no_pickle(th, this.value())
    }

    #[pymethod]
    fn __reduce_ex__(th: &mut Thread, this: Gc<Decompressor>, _protocol: Value) -> Result {
        no_pickle(th, this.value())
    }
}

/// The module hangs here.
pub struct Lzma;

#[pymodule(name = "_lzma", types = [COMPRESSOR_TYPE, DECOMPRESSOR_TYPE])]
impl Lzma {
    /// Test whether the given integrity check is supported.
    ///
    /// Always returns True for CHECK_NONE and CHECK_CRC32.
    #[pyfunction(sig = "(check_id, /)")]
    fn is_check_supported(_: &mut Thread, check_id: i64) -> bool {
        matches!(check_id, 0 | 1 | 4 | 10)
    }

    /// Return a bytes object encoding the options (properties) of the filter specified by *filter* (a dict).
    ///
    /// The result does not include the filter ID itself, only the options.
    #[pyfunction(name = "_encode_filter_properties", sig = "(filter, /)")]
    fn encode_filter_properties(th: &mut Thread, filter: Value) -> Result {
        let encoded = filters::encode(th, filter)?;
        Ok(th.new_bytes(&encoded).value())
    }

    /// Return a bytes object encoding the options (properties) of the filter specified by *filter* (a dict).
    ///
    /// The result does not include the filter ID itself, only the options.
    #[pyfunction(
        name = "_decode_filter_properties",
        sig = "(filter_id, encoded_props, /)"
    )]
    fn decode_filter_properties(
        th: &mut Thread,
        filter_id: Value,
        encoded_props: ByteArg,
    ) -> Result {
        let id = filters::id_of(th, filter_id)?;
        filters::decode(th, id, &encoded_props)
    }

    #[pyexec]
    fn exec(th: &mut Thread, m: Gc<Module>) -> Result<()> {
        let base = th.vm().exception_class(ExceptionClass::Exception).value();
        let error = exception_class(th, ERROR_KEY, "_lzma", "LZMAError", base)?;
        th.dict_set_text(m.namespace(), "LZMAError", error);
        let extreme = th.int(1 << 31);
        th.dict_set_text(m.namespace(), "PRESET_EXTREME", extreme);
        let lzma1 = th.int_from_u64(filters::LZMA1);
        th.dict_set_text(m.namespace(), "FILTER_LZMA1", lzma1);
        crate::enter_numbers(
            th,
            m,
            &[
                ("FORMAT_AUTO", FORMAT_AUTO),
                ("FORMAT_XZ", FORMAT_XZ),
                ("FORMAT_ALONE", FORMAT_ALONE),
                ("FORMAT_RAW", FORMAT_RAW),
                ("CHECK_NONE", 0),
                ("CHECK_CRC32", 1),
                ("CHECK_CRC64", 4),
                ("CHECK_SHA256", 10),
                ("CHECK_ID_MAX", 15),
                ("CHECK_UNKNOWN", CHECK_UNKNOWN),
                ("FILTER_DELTA", 3),
                ("FILTER_X86", 4),
                ("FILTER_POWERPC", 5),
                ("FILTER_IA64", 6),
                ("FILTER_ARM", 7),
                ("FILTER_ARMTHUMB", 8),
                ("FILTER_SPARC", 9),
                ("FILTER_LZMA2", 33),
                ("MF_HC3", 3),
                ("MF_HC4", 4),
                ("MF_BT2", 18),
                ("MF_BT3", 19),
                ("MF_BT4", 20),
                ("MODE_FAST", 1),
                ("MODE_NORMAL", 2),
                ("PRESET_DEFAULT", PRESET_DEFAULT as i64),
            ],
        );
        Ok(())
    }
}
