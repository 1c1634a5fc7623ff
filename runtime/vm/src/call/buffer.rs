//! The buffer protocol between native types: who lends bytes to whom.

use crate::object::{Gc, RawBuffer, Value};

/// Flags of a request (the subset of PyBUF_* that matters here).
pub mod request {
    /// Plain bytes are enough.
    pub const SIMPLE: u32 = 0;
    /// The borrower will write.
    pub const WRITABLE: u32 = 1;
    /// Must be C-contiguous.
    pub const CONTIGUOUS: u32 = 2;
}

/// Where the lent bytes live.
#[derive(Clone, Copy)]
pub enum BufferSource {
    /// In the cell of a `bytes` object.
    Bytes(Gc<crate::types::bytes::Bytes>),
    /// In a raw buffer cell (bytearray, array, …).
    Raw(Gc<RawBuffer>),
    /// Outside the heap (a mapping); the owner keeps it valid.
    Foreign(*mut u8, usize),
}

/// A contiguous run of lent bytes, with its item format.
#[derive(Clone, Copy)]
pub struct BufferView {
    /// The object that lends; told by `release_buffer` when the view is let go.
    pub owner: Value,
    /// Where the bytes are.
    pub source: BufferSource,
    /// First byte within the source.
    pub offset: usize,
    /// Length in bytes.
    pub len: usize,
    /// May they be written?
    pub readonly: bool,
    /// Size of an item.
    pub itemsize: usize,
    /// `struct` format of an item.
    pub format: &'static str,
}
