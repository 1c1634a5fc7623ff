//! Compile-time errors with the reference implementation's wording and carets.

pub(crate) mod checks;
pub(crate) mod peg;
mod tokens;

use ruff_text_size::TextRange;

use crate::parse::LineIndex;

/// The Python exception class to raise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// `SyntaxError`
    Syntax,
    /// `IndentationError`
    Indentation,
    /// `TabError`
    Tab,
    /// `_IncompleteInputError`, a subclass of `SyntaxError`: more input could complete the source.
    Incomplete,
    /// `MemoryError`: nested too deeply for the parser.
    Memory,
    /// `RecursionError`: nested too deeply for the compiler.
    Recursion,
    /// `ValueError`: a number literal of too many digits and the like.
    Value,
    /// `OverflowError`
    Overflow,
}

impl ErrorKind {
    /// The exception class's name.
    pub fn class_name(self) -> &'static str {
        match self {
            ErrorKind::Syntax => "SyntaxError",
            ErrorKind::Indentation => "IndentationError",
            ErrorKind::Tab => "TabError",
            ErrorKind::Incomplete => "_IncompleteInputError",
            ErrorKind::Memory => "MemoryError",
            ErrorKind::Recursion => "RecursionError",
            ErrorKind::Value => "ValueError",
            ErrorKind::Overflow => "OverflowError",
        }
    }
}

/// An error of compilation. Columns are what `SyntaxError.offset` shows: characters, from one;
/// zero or less where the reference gives such a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Which exception.
    pub kind: ErrorKind,
    /// Its message.
    pub message: String,
    /// `lineno`, from one.
    pub line: u32,
    /// `offset`
    pub col: i32,
    /// `end_lineno`
    pub end_line: u32,
    /// `end_offset`
    pub end_col: i32,
    /// The source line, with its newline if it has one; empty if there is none.
    pub text: String,
}

impl SyntaxError {
    /// A `SyntaxError` that spans `range`, with columns as the compiler proper gives them: in
    /// UTF-8 bytes, where the parser counts characters.
    pub fn at(
        lines: &LineIndex,
        source: &str,
        range: TextRange,
        message: impl Into<String>,
    ) -> Self {
        if lines.is_made() {
            let span = lines.span(range);
            return SyntaxError {
                kind: ErrorKind::Syntax,
                message: message.into(),
                line: span.line,
                col: span.column as i32 + 1,
                end_line: span.end_line,
                end_col: span.end_column as i32 + 1,
                text: String::new(),
            };
        }
        let start = lines.locate(source, range.start());
        let end = lines.locate(source, range.end());
        SyntaxError {
            kind: ErrorKind::Syntax,
            message: message.into(),
            line: start.line,
            col: start.byte_column as i32 + 1,
            end_line: end.line,
            end_col: end.byte_column as i32 + 1,
            text: lines.text(source, start.line).to_owned(),
        }
    }

    /// An error without a position: `line` is zero, and `SyntaxError`'s attributes are `None`.
    pub fn nowhere(kind: ErrorKind, message: impl Into<String>) -> Self {
        SyntaxError {
            kind,
            message: message.into(),
            line: 0,
            col: 0,
            end_line: 0,
            end_col: 0,
            text: String::new(),
        }
    }

    /// The same with another exception class.
    #[must_use]
    pub fn with_kind(mut self, kind: ErrorKind) -> Self {
        self.kind = kind;
        self
    }
}

impl std::fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}: {} (line {}, column {})",
            self.kind.class_name(),
            self.message,
            self.line,
            self.col
        )
    }
}

impl std::error::Error for SyntaxError {}

/// A `SyntaxWarning` (or `DeprecationWarning`) to be issued when compiling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Its message.
    pub message: String,
    /// The message of the `SyntaxError` if warnings are errors.
    pub as_error: String,
    /// Where; if warnings are errors it becomes a `SyntaxError` there.
    pub range: TextRange,
}
