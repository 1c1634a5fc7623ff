//! Expressions back to source text, for stringized annotations.

use ruff_python_ast::Expr;
use ruff_text_size::Ranged;

use super::Lowerer;

impl<'a> Lowerer<'a> {
    /// The text of an annotation.
    pub(super) fn unparse(&self, e: &Expr) -> Vec<u8> {
        self.text(e.range()).as_bytes().to_vec()
    }
}
