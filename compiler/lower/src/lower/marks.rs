//! Where names are rebound by `:=` and unbound by `del`, by source offset.
//!
//! Lowering asks "may anything in this range rebind (or unbind) a local?" for ranges it is
//! about to compile; a sorted list answers that without walking the subtree again.

use ruff_python_ast::name::Name;
use ruff_python_ast::visitor::{Visitor, walk_except_handler, walk_expr, walk_stmt};
use ruff_python_ast::{self as ast, ExceptHandler, Expr, Stmt};
use ruff_text_size::{Ranged, TextRange, TextSize};

/// The places, sorted.
#[derive(Debug, Default)]
pub(super) struct Marks {
    named: Vec<TextSize>,
    unbound: Vec<(TextSize, Name)>,
}

impl Marks {
    pub fn of_body(body: &[Stmt]) -> Marks {
        let mut marks = Marks::default();
        marks.visit_body(body);
        marks.sorted()
    }

    pub fn of_expr(body: &Expr) -> Marks {
        let mut marks = Marks::default();
        marks.visit_expr(body);
        marks.sorted()
    }

    fn sorted(mut self) -> Marks {
        self.named.sort_unstable();
        self.unbound.sort_unstable_by_key(|(at, _)| *at);
        self
    }

    /// Is there a `:=` in the range?
    pub fn rebinds(&self, range: TextRange) -> bool {
        let at = self.named.partition_point(|&o| o < range.start());
        self.named.get(at).is_some_and(|&o| o < range.end())
    }

    /// Names that statements in the range may unbind.
    pub fn unbound_in(&self, range: TextRange) -> impl Iterator<Item = &Name> {
        let from = self.unbound.partition_point(|(o, _)| *o < range.start());
        self.unbound
            .iter()
            .skip(from)
            .take_while(move |(o, _)| *o < range.end())
            .map(|(_, name)| name)
    }

    fn delete(&mut self, target: &Expr) {
        match target {
            Expr::Name(name) => self.unbound.push((name.start(), name.id.clone())),
            Expr::Tuple(ast::ExprTuple { elts, .. }) | Expr::List(ast::ExprList { elts, .. }) => {
                elts.iter().for_each(|e| self.delete(e));
            }
            _ => {}
        }
    }
}

impl<'a> Visitor<'a> for Marks {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        if let Stmt::Delete(delete) = stmt {
            delete.targets.iter().for_each(|t| self.delete(t));
        }
        walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        if let Expr::Named(named) = expr {
            self.named.push(named.start());
        }
        // A long chain of operators is deep only to the left.
        let mut expr = expr;
        while let Expr::BinOp(binary) = expr {
            self.visit_expr(&binary.right);
            expr = &binary.left;
            if let Expr::Named(named) = expr {
                self.named.push(named.start());
            }
        }
        walk_expr(self, expr);
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(inner) = handler;
        if let Some(name) = &inner.name {
            self.unbound.push((name.start(), name.id.clone()));
        }
        walk_except_handler(self, handler);
    }
}
