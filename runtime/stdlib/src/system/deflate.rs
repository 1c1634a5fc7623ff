//! zlib's streams.

use std::mem::MaybeUninit;

use libz_rs_sys as z;

/// A stream that compresses or decompresses. The state points back to it, so it stays where it is.
pub struct Stream {
    raw: Box<z::z_stream>,
    inflates: bool,
}

/// What one step did.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// `Z_OK`, `Z_STREAM_END`, …
    pub status: i32,
    /// Bytes of input taken.
    pub taken: usize,
    /// Bytes of output made.
    pub made: usize,
}

fn blank() -> Box<z::z_stream> {
    // SAFETY: null pointers, no functions and zeros are what a stream begins with.
    Box::new(unsafe { MaybeUninit::zeroed().assume_init() })
}

const SIZE: i32 = size_of::<z::z_stream>() as i32;

impl Stream {
    /// A compressing stream, or zlib's error.
    pub fn deflate(
        level: i32,
        method: i32,
        window: i32,
        memory: i32,
        strategy: i32,
    ) -> Result<Stream, i32> {
        let mut raw = blank();
        // SAFETY: a blank stream; zlib checks the numbers.
        let r = unsafe {
            z::deflateInit2_(
                &mut *raw,
                level,
                method,
                window,
                memory,
                strategy,
                z::zlibVersion(),
                SIZE,
            )
        };
        match r {
            z::Z_OK => Ok(Stream {
                raw,
                inflates: false,
            }),
            e => Err(e),
        }
    }

    /// A decompressing stream, or zlib's error.
    pub fn inflate(window: i32) -> Result<Stream, i32> {
        let mut raw = blank();
        // SAFETY: a blank stream; zlib checks the number.
        match unsafe { z::inflateInit2_(&mut *raw, window, z::zlibVersion(), SIZE) } {
            z::Z_OK => Ok(Stream {
                raw,
                inflates: true,
            }),
            e => Err(e),
        }
    }

    /// Takes some input and makes some output.
    pub fn step(&mut self, input: &[u8], output: &mut [u8], flush: i32) -> Step {
        let given = input.len().min(u32::MAX as usize);
        let room = output.len().min(u32::MAX as usize);
        self.raw.next_in = input.as_ptr() as *mut _;
        self.raw.avail_in = given as u32;
        self.raw.next_out = output.as_mut_ptr();
        self.raw.avail_out = room as u32;
        // SAFETY: an initialized stream, with buffers that live as long as the call.
        let status = unsafe {
            match self.inflates {
                true => z::inflate(&mut *self.raw, flush),
                false => z::deflate(&mut *self.raw, flush),
            }
        };
        Step {
            status,
            taken: given - self.raw.avail_in as usize,
            made: room - self.raw.avail_out as usize,
        }
    }

    /// Sets the dictionary; zlib's error when it does not fit.
    pub fn set_dictionary(&mut self, dictionary: &[u8]) -> i32 {
        let (p, n) = (dictionary.as_ptr(), dictionary.len() as u32);
        // SAFETY: an initialized stream and a buffer with its length.
        unsafe {
            match self.inflates {
                true => z::inflateSetDictionary(&mut *self.raw, p, n),
                false => z::deflateSetDictionary(&mut *self.raw, p, n),
            }
        }
    }

    /// Another stream in the same state.
    pub fn copy(&mut self) -> Result<Stream, i32> {
        let mut raw = blank();
        // SAFETY: an initialized stream is copied into a blank one.
        let r = unsafe {
            match self.inflates {
                true => z::inflateCopy(&mut *raw, &*self.raw),
                false => z::deflateCopy(&mut *raw, &mut *self.raw),
            }
        };
        match r {
            z::Z_OK => Ok(Stream {
                raw,
                inflates: self.inflates,
            }),
            e => Err(e),
        }
    }

    /// zlib's own words for what went wrong.
    pub fn message(&self) -> Option<String> {
        if self.raw.msg.is_null() {
            return None;
        }
        // SAFETY: a static text of zlib's.
        let text = unsafe { std::ffi::CStr::from_ptr(self.raw.msg) };
        Some(text.to_string_lossy().into_owned())
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        // SAFETY: an initialized stream, not used afterwards.
        unsafe {
            match self.inflates {
                true => z::inflateEnd(&mut *self.raw),
                false => z::deflateEnd(&mut *self.raw),
            }
        };
    }
}

/// CRC-32 of bytes, going on from a value.
pub fn crc32(value: u32, data: &[u8]) -> u32 {
    let mut v = value as _;
    for part in data.chunks(1 << 30) {
        // SAFETY: a buffer with its length.
        v = unsafe { z::crc32(v, part.as_ptr(), part.len() as u32) };
    }
    v as u32
}

/// Adler-32 of bytes, going on from a value.
pub fn adler32(value: u32, data: &[u8]) -> u32 {
    let mut v = value as _;
    for part in data.chunks(1 << 30) {
        // SAFETY: a buffer with its length.
        v = unsafe { z::adler32(v, part.as_ptr(), part.len() as u32) };
    }
    v as u32
}

/// The version that the library claims.
pub fn version() -> String {
    // SAFETY: a static text.
    let text = unsafe { std::ffi::CStr::from_ptr(z::zlibVersion()) };
    text.to_string_lossy().into_owned()
}
