//! Errors of the pure modules: an exception class by name and CPython's text.

use std::borrow::Cow;
use std::fmt;

/// Builtin exception class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorClass {
    /// `ValueError`
    ValueError,
    /// `TypeError`
    TypeError,
    /// `OverflowError`
    OverflowError,
    /// `ZeroDivisionError`
    ZeroDivisionError,
    /// `MemoryError`
    MemoryError,
    /// `KeyError`
    KeyError,
    /// `IndexError`
    IndexError,
    /// `LookupError`
    LookupError,
}

impl ErrorClass {
    /// Python's name of the class.
    pub fn name(self) -> &'static str {
        match self {
            Self::ValueError => "ValueError",
            Self::TypeError => "TypeError",
            Self::OverflowError => "OverflowError",
            Self::ZeroDivisionError => "ZeroDivisionError",
            Self::MemoryError => "MemoryError",
            Self::KeyError => "KeyError",
            Self::IndexError => "IndexError",
            Self::LookupError => "LookupError",
        }
    }
}

/// An exception to be raised by the caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatError {
    /// Its class.
    pub class: ErrorClass,
    /// Its only argument, or the second one if there is an `errno`.
    pub message: Cow<'static, str>,
    /// First argument of the two-argument form `(errno, message)`.
    pub errno: Option<i32>,
}

impl FormatError {
    /// An exception with one argument.
    #[cold]
    pub fn new(class: ErrorClass, message: impl Into<Cow<'static, str>>) -> Self {
        FormatError {
            class,
            message: message.into(),
            errno: None,
        }
    }

    /// `ValueError(message)`
    #[cold]
    pub fn value(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorClass::ValueError, message)
    }

    /// `OverflowError(message)`
    #[cold]
    pub fn overflow(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorClass::OverflowError, message)
    }

    /// `TypeError(message)`
    #[cold]
    pub fn type_error(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorClass::TypeError, message)
    }

    /// `ZeroDivisionError(message)`
    #[cold]
    pub fn zero_division(message: &'static str) -> Self {
        Self::new(ErrorClass::ZeroDivisionError, message)
    }

    /// What the C library's `ERANGE` becomes.
    #[cold]
    pub fn out_of_range() -> Self {
        FormatError {
            class: ErrorClass::OverflowError,
            message: "Numerical result out of range".into(),
            errno: Some(34),
        }
    }
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.errno {
            Some(errno) => write!(f, "{}: ({errno}, '{}')", self.class.name(), self.message),
            None => write!(f, "{}: {}", self.class.name(), self.message),
        }
    }
}

impl std::error::Error for FormatError {}

/// `MemoryError` if so many bytes cannot be had.
///
/// A failed allocation ends the process, so sizes that a program chooses are
/// tried first.
pub fn check_memory(bytes: usize) -> Result<(), FormatError> {
    const SMALL: usize = 1 << 20;
    if bytes > SMALL && Vec::<u8>::new().try_reserve_exact(bytes).is_err() {
        return Err(FormatError::new(ErrorClass::MemoryError, ""));
    }
    Ok(())
}
