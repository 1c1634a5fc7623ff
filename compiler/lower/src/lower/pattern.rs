//! The `match` statement.

use ruff_python_ast as ast;

use super::{Lowerer, Result};

impl<'a> Lowerer<'a> {
    pub(super) fn match_(&mut self, s: &'a ast::StmtMatch) -> Result<()> {
        Err(self.error(s.range, "match is not compiled yet"))
    }
}
