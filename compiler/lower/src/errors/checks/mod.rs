//! What the compiler proper refuses in a program that parses and whose names are in order, and
//! what it warns of.
//!
//! [`future`] runs before symbol scopes are built, [`check`] after: the first error found in that
//! order is the one to report. The walk follows the order in which code would be generated.

mod expr;
pub(crate) mod future;
mod pattern;
mod stmt;
mod warn;

use ruff_python_ast as ast;
use ruff_text_size::TextRange;

use super::{SyntaxError, Warning};
use crate::parse::LineIndex;
use crate::scopes::{ScopeId, Scopes};

type Done = Result<(), SyntaxError>;

/// A statement that `break`, `continue` or `return` may have to leave.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Block {
    Loop,
    ExceptStar,
    /// `with`, `try`, `finally`: matters only for how deep it goes.
    Other,
}

/// The most blocks that may be nested in a function.
const MAX_BLOCKS: usize = 21;

struct Checker<'a> {
    source: &'a str,
    lines: &'a LineIndex,
    scopes: &'a Scopes,
    scope: ScopeId,
    blocks: Vec<Block>,
    /// In a `finally` block of this function; whether in a loop inside that.
    in_finally: Option<bool>,
    warnings: Warnings,
}

/// Warnings by the stage that the reference finds them in.
#[derive(Default)]
struct Warnings {
    literals: Vec<Warning>,
    finally: Vec<Warning>,
    code: Vec<Warning>,
}

impl Warnings {
    fn in_order(mut self) -> Vec<Warning> {
        self.literals.append(&mut self.finally);
        self.literals.append(&mut self.code);
        self.literals
    }
}

/// Checks a module or interactive input; its warnings.
pub(crate) fn check(
    body: &[ast::Stmt],
    source: &str,
    lines: &LineIndex,
    scopes: &Scopes,
) -> Result<Vec<Warning>, SyntaxError> {
    let mut checker = Checker::new(source, lines, scopes);
    checker.stmts(body)?;
    Ok(checker.warnings.in_order())
}

/// Checks an expression; its warnings.
pub(crate) fn check_expression(
    body: &ast::Expr,
    source: &str,
    lines: &LineIndex,
    scopes: &Scopes,
) -> Result<Vec<Warning>, SyntaxError> {
    let mut checker = Checker::new(source, lines, scopes);
    checker.expr(body)?;
    Ok(checker.warnings.in_order())
}

impl<'a> Checker<'a> {
    fn new(source: &'a str, lines: &'a LineIndex, scopes: &'a Scopes) -> Self {
        Checker {
            source,
            lines,
            scopes,
            scope: scopes.module(),
            blocks: Vec::new(),
            in_finally: None,
            warnings: Warnings::default(),
        }
    }

    fn error<T>(&self, range: TextRange, message: impl Into<String>) -> Result<T, SyntaxError> {
        Err(SyntaxError::at(self.lines, self.source, range, message))
    }

    fn warn(&mut self, range: TextRange, message: impl Into<String>) {
        let message = message.into();
        self.warnings.code.push(Warning {
            as_error: message.clone(),
            message,
            range,
        });
    }

    /// Checks what is inside another scope.
    fn inside(&mut self, scope: Option<ScopeId>, f: impl FnOnce(&mut Self) -> Done) -> Done {
        let Some(scope) = scope else {
            return f(self);
        };
        let outer = std::mem::replace(&mut self.scope, scope);
        let blocks = std::mem::take(&mut self.blocks);
        let in_finally = self.in_finally.take();
        let done = f(self);
        self.scope = outer;
        self.blocks = blocks;
        self.in_finally = in_finally;
        done
    }

    fn within(
        &mut self,
        block: Block,
        range: TextRange,
        f: impl FnOnce(&mut Self) -> Done,
    ) -> Done {
        if self.blocks.len() >= MAX_BLOCKS {
            return self.error(range, "too many statically nested blocks");
        }
        self.blocks.push(block);
        let in_finally = self.in_finally;
        if block == Block::Loop {
            self.in_finally = in_finally.map(|_| true);
        }
        let done = f(self);
        self.in_finally = in_finally;
        self.blocks.pop();
        done
    }
}
