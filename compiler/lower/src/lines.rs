//! From byte offsets to lines and columns.

use std::sync::Arc;

use ruff_text_size::{TextRange, TextSize};

use crate::asdl::Span;
use crate::asdl::render::Places;

/// A place in the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Location {
    /// From one.
    pub line: u32,
    /// Characters from the start of the line, from zero.
    pub column: u32,
    /// UTF-8 bytes from the start of the line, from zero: what `co_positions` reports.
    pub byte_column: u32,
}

/// Where each line of a source starts. Lines end with `\n` only: [`crate::parse`] has turned
/// other line ends into that.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
    is_ascii: bool,
    /// For a text that was made from a tree: where its nodes say that they are.
    places: Option<Arc<Places>>,
}

impl LineIndex {
    /// The index of a source.
    pub fn new(source: &str) -> LineIndex {
        let newlines = source.bytes().enumerate().filter(|(_, b)| *b == b'\n');
        LineIndex {
            starts: std::iter::once(0)
                .chain(newlines.map(|(at, _)| at as u32 + 1))
                .collect(),
            is_ascii: source.is_ascii(),
            places: None,
        }
    }

    /// Has positions come from the nodes of a tree that the text was made from.
    pub fn set_places(&mut self, places: Arc<Places>) {
        self.places = Some(places);
    }

    /// Does the text stand for a tree, so that its own lines are nobody's business?
    pub fn is_made(&self) -> bool {
        self.places.is_some()
    }

    /// Where a range is: lines from one, columns in UTF-8 bytes.
    pub fn span(&self, range: TextRange) -> Span {
        if let Some(p) = &self.places {
            return p.find(range);
        }
        let (line, column) = self.byte_position(range.start());
        let (end_line, end_column) = self.byte_position(range.end());
        Span {
            line,
            column,
            end_line,
            end_column,
        }
    }

    /// The line (from one) of an offset.
    pub fn line(&self, offset: TextSize) -> u32 {
        if let Some(p) = &self.places {
            return p.find(TextRange::empty(offset)).line;
        }
        self.text_line(offset)
    }

    fn text_line(&self, offset: TextSize) -> u32 {
        self.starts.partition_point(|&s| s <= offset.to_u32()) as u32
    }

    /// Line and UTF-8 byte column; needs no source.
    pub fn byte_position(&self, offset: TextSize) -> (u32, u32) {
        let line = self.text_line(offset);
        (line, offset.to_u32() - self.start(line))
    }

    /// Line and both columns.
    pub fn locate(&self, source: &str, offset: TextSize) -> Location {
        let (line, byte_column) = self.byte_position(offset);
        let column = if self.is_ascii {
            byte_column
        } else {
            let start = self.start(line) as usize;
            source
                .get(start..offset.to_usize())
                .map_or(byte_column, |s| s.chars().count() as u32)
        };
        Location {
            line,
            column,
            byte_column,
        }
    }

    /// Offset of the start of a line (from one); past the last line, the last line's.
    pub fn start(&self, line: u32) -> u32 {
        let at = (line as usize).saturating_sub(1);
        let start = self.starts.get(at).or(self.starts.last());
        start.copied().unwrap_or(0)
    }

    /// How many lines there are; one more than newlines.
    pub fn count(&self) -> u32 {
        self.starts.len() as u32
    }

    /// A line's text with its newline; empty past the end.
    pub fn text<'s>(&self, source: &'s str, line: u32) -> &'s str {
        let at = (line as usize).saturating_sub(1);
        let Some(&start) = self.starts.get(at) else {
            return "";
        };
        let end = self
            .starts
            .get(at + 1)
            .map_or(source.len(), |&e| e as usize);
        source.get(start as usize..end).unwrap_or("")
    }
}
