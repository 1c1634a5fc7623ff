//! Encoders and decoders with Python's error handling.
//!
//! A codec reports what it cannot convert as a [`Fault`] to a handler, which
//! raises or says what to put in its place and where to go on. The handlers
//! that Python has built in are [`Builtin`]; those registered by a program are
//! the caller's own implementations of [`DecodeHandler`] and [`EncodeHandler`].
//! A decoder that may be given more input later (`last` false) stops before an
//! incomplete sequence and says how much it consumed.

use std::borrow::Cow;

use super::{Text, TextBuilder, TextRef};
use crate::number::error::{ErrorClass, FormatError};

pub mod charmap;
pub mod escapes;
pub mod handlers;
pub mod single_byte;
pub mod utf16;
pub mod utf32;
pub mod utf7;
pub mod utf8;

pub use handlers::Builtin;

/// What could not be converted: the arguments of `UnicodeDecodeError` and
/// `UnicodeEncodeError`, but for the object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Name of the encoding in errors.
    pub encoding: &'static str,
    /// Where it begins in the input.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// The reason.
    pub reason: Cow<'static, str>,
}

/// Why a conversion ended early.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodecError {
    /// `UnicodeDecodeError`
    Decode(Fault),
    /// `UnicodeEncodeError`
    Encode(Fault),
    /// Another exception.
    Other(FormatError),
    /// The caller's handler raised an exception, which the caller keeps.
    Raised,
}

/// What an encoding handler puts in place of a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replacement {
    /// Text, to be encoded too.
    Text(Text),
    /// Bytes, taken as they are.
    Bytes(Vec<u8>),
}

/// Handler of decoding errors.
pub trait DecodeHandler {
    /// Text in place of the fault, and the position to go on from.
    fn handle(&mut self, input: &[u8], fault: &Fault) -> Result<(Text, usize), CodecError>;
}

/// Handler of encoding errors.
pub trait EncodeHandler {
    /// Replacement for the fault, and the position to go on from.
    fn handle(
        &mut self,
        input: TextRef<'_>,
        fault: &Fault,
    ) -> Result<(Replacement, usize), CodecError>;
}

/// Decoded text and how many bytes it took.
pub type Decoded = Result<(Text, usize), CodecError>;

fn check_position(position: usize, len: usize) -> Result<usize, CodecError> {
    if position <= len {
        return Ok(position);
    }
    Err(CodecError::Other(FormatError::new(
        ErrorClass::IndexError,
        format!("position {position} from error handler out of bounds"),
    )))
}

/// A decoder's input, output and handler.
struct Decoder<'a> {
    encoding: &'static str,
    input: &'a [u8],
    out: TextBuilder,
    handler: &'a mut dyn DecodeHandler,
}

impl<'a> Decoder<'a> {
    fn new(
        encoding: &'static str,
        input: &'a [u8],
        handler: &'a mut dyn DecodeHandler,
    ) -> Decoder<'a> {
        Decoder {
            encoding,
            input,
            out: TextBuilder::with_capacity(input.len()),
            handler,
        }
    }

    fn byte(&self, index: usize) -> Option<u8> {
        self.input.get(index).copied()
    }

    /// Lets the handler treat a fault; the position to go on from.
    #[cold]
    fn fault(
        &mut self,
        start: usize,
        end: usize,
        reason: &'static str,
    ) -> Result<usize, CodecError> {
        let fault = Fault {
            encoding: self.encoding,
            start,
            end: end.min(self.input.len()),
            reason: reason.into(),
        };
        let (text, position) = self.handler.handle(self.input, &fault)?;
        self.out.push_text(text.as_ref());
        check_position(position, self.input.len())
    }
}

/// Lets the handler treat an encoding fault.
#[cold]
fn encode_fault(
    handler: &mut dyn EncodeHandler,
    input: TextRef<'_>,
    fault: &Fault,
) -> Result<(Replacement, usize), CodecError> {
    let (replacement, position) = handler.handle(input, fault)?;
    Ok((replacement, check_position(position, input.len())?))
}

/// Length of the ASCII at the beginning.
fn ascii_prefix(bytes: &[u8]) -> usize {
    const WORD: usize = 16;
    let mut at = 0;
    for chunk in bytes.chunks(WORD) {
        if !chunk.is_ascii() {
            break;
        }
        at += chunk.len();
    }
    at + bytes[at..].iter().take_while(|b| b.is_ascii()).count()
}
