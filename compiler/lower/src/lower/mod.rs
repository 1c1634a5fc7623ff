//! From the AST and its scopes to bytecode.
//!
//! # Theory
//! One walk over the tree, one [`Unit`] per code object. Expressions are compiled towards a
//! *wanted* register: `expr(e, want)` gives the register where the value is, which is `want` only
//! if that saved a move. A local variable is its own register and is used in place.
//!
//! # Invariants
//! * A wanted register that is a variable is written by the last instruction of the
//!   expression only, since a handler, or a later operand, could see it half done. A wanted
//!   temporary belongs to the expression from the start.
//! * A local used in place may be rebound by a later operand only through `:=`;
//!   [`Lowerer::operand`] copies it in that case.
//! * Temporaries are a stack ([`Registers`]); what a call needs is always on top.
//! * A block of the source that needs work on the way out has an entry in [`Unit::blocks`]; leaving
//!   by `return`, `break` or `continue` goes through [`Lowerer::unwind`].
//! * Ranges of nodes nest properly and are unique, also in trees not made by the parser.

mod annotations;
mod assign;
mod async_;
mod blocks;
mod call;
mod class;
mod collections;
mod compare;
mod comprehension;
mod condition;
mod consume;
mod expr;
mod fold;
mod fstring;
mod function;
mod import;
pub(crate) mod literal;
mod loops;
mod marks;
mod module;
mod names;
mod operators;
mod pattern;
mod percent;
mod stmt;
mod try_;
mod type_params;
mod unit;
mod unparse;
mod with_;

use ruff_text_size::{Ranged, TextRange, TextSize};
use taipan_bytecode::code::SourceRange;
use taipan_bytecode::operand::Reg;

use crate::emit::Builder;
use crate::errors::SyntaxError;
use crate::parse::LineIndex;
use crate::scopes::{ScopeId, Scopes};

pub(crate) use fstring::{conversion_of, debug_text, interpolation_text};
pub use module::{Compiled, Options, TreeError, compile, compile_parsed, compile_tree};

use blocks::Block;
use marks::Marks;
use unit::Unit;

pub(crate) type Result<T> = std::result::Result<T, SyntaxError>;

/// The state of lowering one input.
pub(crate) struct Lowerer<'a> {
    source: &'a str,
    lines: &'a LineIndex,
    scopes: &'a Scopes,
    filename: &'a str,
    /// `-O`: 1 drops asserts, 2 docstrings too.
    optimize: u8,
    future_annotations: bool,
    top_level_await: bool,
    interactive: bool,
    marks: Marks,
    /// The code being made.
    unit: Unit<'a>,
    /// The codes around it, outermost first.
    outer: Vec<Unit<'a>>,
}

impl<'a> Lowerer<'a> {
    /// Where a node is in the source.
    fn locate(&self, range: TextRange) -> SourceRange {
        let span = self.lines.span(range);
        SourceRange {
            line: span.line,
            end_line: span.end_line,
            column: span.column,
            end_column: span.end_column,
        }
    }

    /// Attributes the instructions that follow to a node.
    fn at(&mut self, node: impl Ranged) {
        if self.unit.b.reachable {
            self.unit.b.at = self.locate(node.range());
        }
    }

    fn line(&self, offset: TextSize) -> u32 {
        self.lines.line(offset)
    }

    fn error(&self, range: TextRange, message: impl Into<String>) -> SyntaxError {
        SyntaxError::at(self.lines, self.source, range, message)
    }

    fn text(&self, range: TextRange) -> &'a str {
        self.source
            .get(range.start().to_usize()..range.end().to_usize())
            .unwrap_or("")
    }

    fn b(&mut self) -> &mut Builder {
        &mut self.unit.b
    }

    fn temp(&mut self) -> Reg {
        self.unit.regs.alloc()
    }

    fn mark(&self) -> u16 {
        self.unit.regs.mark()
    }

    fn release(&mut self, mark: u16) {
        self.unit.regs.release(mark);
    }

    /// The wanted register, or a new temporary.
    fn dest(&mut self, want: Option<Reg>) -> Reg {
        match want {
            Some(reg) => reg,
            None => self.temp(),
        }
    }

    /// As [`Lowerer::dest`], for results that are written before they are complete.
    fn early_dest(&mut self, want: Option<Reg>) -> Reg {
        match want {
            Some(reg) if !self.unit.regs.is_variable(reg) => reg,
            _ => self.temp(),
        }
    }

    /// The scope in which names are looked up now.
    fn scope(&self) -> ScopeId {
        self.unit.current
    }
}
