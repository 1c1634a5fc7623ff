//! `_bz2`: bzip2 streams, written and read piece by piece.

use std::cell::{Cell, RefCell};

use bzip2::{Action, Compress, Compression, Decompress, Status};
use taipan_vm::call::buffer::ByteArg;
use taipan_vm::object::{Gc, NativeHeader, Raised};
use taipan_vm::types::ExceptionClass;
use taipan_vm::{NativeObject, Result, Thread, Value, pymodule, pytype};

/// Output is made in blocks of this size.
const BLOCK: usize = 32 * 1024;

/// A compressor.
#[repr(C)]
#[derive(NativeObject)]
pub struct Compressor {
    head: NativeHeader,
    #[notrace]
    stream: RefCell<Option<Compress>>,
}

/// A decompressor.
#[repr(C)]
#[derive(NativeObject)]
pub struct Decompressor {
    head: NativeHeader,
    #[notrace]
    stream: RefCell<Decompress>,
    /// Input that has not been used yet; at the end, what follows the stream.
    #[notrace]
    input: RefCell<Vec<u8>>,
    #[notrace]
    eof: Cell<bool>,
    #[notrace]
    needs_input: Cell<bool>,
}

#[cold]
fn invalid(th: &mut Thread) -> Raised {
    th.raise(ExceptionClass::OSError, "Invalid data stream")
}

/// Runs the compressor over data; with `Finish` to the end of the stream.
fn compress(
    c: &mut Compress,
    mut data: &[u8],
    action: Action,
) -> std::result::Result<Vec<u8>, bzip2::Error> {
    let mut out = Vec::new();
    if data.is_empty() && action == Action::Run {
        return Ok(out);
    }
    loop {
        out.reserve(BLOCK);
        let before = c.total_in();
        let status = c.compress_vec(data, &mut out, action)?;
        let used = (c.total_in() - before) as usize;
        data = data.get(used..).unwrap_or(&[]);
        let done = match action {
            Action::Finish => status == Status::StreamEnd,
            _ => data.is_empty(),
        };
        if done {
            return Ok(out);
        }
    }
}

/// Create a compressor object for compressing data incrementally.
///
///   compresslevel
///     Compression level, as a number between 1 and 9.
///
/// For one-shot compression, use the compress() function instead.
#[pytype(name = "BZ2Compressor", module = "_bz2", table = COMPRESSOR_TYPE)]
impl Compressor {
    #[pynew(sig = "(compresslevel=9, /)")]
    fn new(th: &mut Thread, class: Value, compresslevel: Option<i64>) -> Result {
        let class = th.expect_type(class)?;
        let level = compresslevel.unwrap_or(9);
        if !(1..=9).contains(&level) {
            return Err(th.value_error("compresslevel must be between 1 and 9"));
        }
        let stream = Compress::new(Compression::new(level as u32), 0);
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
            Some(c) => compress(c, &data, Action::Run),
            None => return Err(th.value_error("Compressor has been flushed")),
        };
        match out {
            Ok(out) => Ok(th.new_bytes(&out).value()),
            Err(_) => Err(invalid(th)),
        }
    }

    /// Finish the compression process.
    ///
    /// Returns the compressed data left in internal buffers.
    ///
    /// The compressor object may not be used after this method is called.
    #[pymethod]
    fn flush(th: &mut Thread, this: Gc<Compressor>) -> Result {
        let Some(mut c) = this.stream.take() else {
            return Err(th.value_error("Repeated call to flush()"));
        };
        match compress(&mut c, &[], Action::Finish) {
            Ok(out) => Ok(th.new_bytes(&out).value()),
            Err(_) => Err(invalid(th)),
        }
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

fn no_pickle(th: &mut Thread, v: Value) -> Result {
    let name = th.type_name(v);
    Err(th.type_error(format!("cannot pickle '{name}' object")))
}

/// Create a decompressor object for decompressing data incrementally.
///
/// For one-shot decompression, use the decompress() function instead.
#[pytype(name = "BZ2Decompressor", module = "_bz2", table = DECOMPRESSOR_TYPE)]
impl Decompressor {
    #[pynew(sig = "()")]
    fn new(th: &mut Thread, class: Value) -> Result {
        let class = th.expect_type(class)?;
        Ok(th
            .alloc_native(class, |head| Decompressor {
                head,
                stream: RefCell::new(Decompress::new(false)),
                input: RefCell::default(),
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
            return Err(th.raise(ExceptionClass::EOFError, "End of stream already reached"));
        }
        let limit = usize::try_from(max_length.unwrap_or(-1)).unwrap_or(usize::MAX);
        let mut input = this.input.borrow_mut();
        input.extend_from_slice(&data);
        let mut stream = this.stream.borrow_mut();
        let mut out: Vec<u8> = Vec::new();
        let mut used = 0;
        let mut failed = false;
        while out.len() < limit {
            let mut block = Vec::with_capacity(BLOCK.min(limit - out.len()));
            let before = stream.total_in();
            let status = stream.decompress_vec(&input[used..], &mut block);
            used += (stream.total_in() - before) as usize;
            let idle = block.is_empty() && stream.total_in() == before;
            out.extend_from_slice(&block);
            match status {
                Ok(Status::StreamEnd) => {
                    this.eof.set(true);
                    break;
                }
                Ok(_) if idle || (used == input.len() && block.len() < block.capacity()) => break,
                Ok(_) => {}
                Err(_) => {
                    failed = true;
                    break;
                }
            }
        }
        input.drain(..used);
        let wants = !this.eof.get() && input.is_empty() && out.len() < limit;
        this.needs_input.set(wants);
        drop((input, stream));
        if failed {
            return Err(invalid(th));
        }
        Ok(th.new_bytes(&out).value())
    }

    /// True if the end-of-stream marker has been reached.
    #[pygetter]
    fn eof(_: &mut Thread, this: Gc<Decompressor>) -> bool {
        this.eof.get()
    }

    /// Data found after the end of the compressed stream.
    #[pygetter]
    fn unused_data(th: &mut Thread, this: Gc<Decompressor>) -> Value {
        match this.eof.get() {
            true => {
                let rest = this.input.borrow().clone();
                th.new_bytes(&rest).value()
            }
            false => th.new_bytes(&[]).value(),
        }
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
pub struct Bz2;

#[pymodule(name = "_bz2", types = [COMPRESSOR_TYPE, DECOMPRESSOR_TYPE])]
impl Bz2 {}
