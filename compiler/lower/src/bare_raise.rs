//! `raise;`: a statement that the parser refuses, because it wants an operand there.
//!
//! The cure leaves all offsets as they are: the word is replaced by `pass `, and in the AST the
//! statement put back.

use ruff_python_ast::token::TokenKind;
use ruff_python_ast::{self as ast, ExceptHandler, Mod, Stmt};
use ruff_python_parser::Parsed;
use ruff_text_size::{Ranged, TextRange, TextSize};

const WORD: &str = "raise";
const STAND_IN: &str = "pass ";

/// The source with each such `raise` replaced; none if there is none.
pub(crate) fn replace(source: &str, parsed: &Parsed<Mod>) -> Option<String> {
    let mut patched: Option<String> = None;
    let mut before: Option<TextRange> = None;
    for token in parsed.tokens().iter() {
        if token.kind() == TokenKind::Semi
            && let Some(range) = before
        {
            patched
                .get_or_insert_with(|| source.to_owned())
                .replace_range(range.start().to_usize()..range.end().to_usize(), STAND_IN);
        }
        before = (token.kind() == TokenKind::Raise).then(|| token.range());
    }
    patched
}

/// Puts the statements back; `source` is the original one.
pub(crate) fn restore(tree: &mut Mod, source: &str) {
    if let Mod::Module(module) = tree {
        body(&mut module.body, source);
    }
}

fn body(stmts: &mut [Stmt], source: &str) {
    for stmt in stmts {
        match stmt {
            Stmt::Pass(pass) => {
                let start = pass.range.start();
                let text = source.get(start.to_usize()..).unwrap_or("");
                if text.starts_with(WORD) {
                    *stmt = Stmt::Raise(ast::StmtRaise {
                        node_index: ast::AtomicNodeIndex::NONE,
                        range: TextRange::at(start, TextSize::of(WORD)),
                        exc: None,
                        cause: None,
                    });
                }
            }
            Stmt::FunctionDef(s) => body(&mut s.body, source),
            Stmt::ClassDef(s) => body(&mut s.body, source),
            Stmt::For(s) => {
                body(&mut s.body, source);
                body(&mut s.orelse, source);
            }
            Stmt::While(s) => {
                body(&mut s.body, source);
                body(&mut s.orelse, source);
            }
            Stmt::If(s) => {
                body(&mut s.body, source);
                for clause in &mut s.elif_else_clauses {
                    body(&mut clause.body, source);
                }
            }
            Stmt::With(s) => body(&mut s.body, source),
            Stmt::Match(s) => {
                for case in &mut s.cases {
                    body(&mut case.body, source);
                }
            }
            Stmt::Try(s) => {
                body(&mut s.body, source);
                for handler in &mut s.handlers {
                    let ExceptHandler::ExceptHandler(handler) = handler;
                    body(&mut handler.body, source);
                }
                body(&mut s.orelse, source);
                body(&mut s.finalbody, source);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::parse::{Mode, Options, Tree, parse};

    #[test]
    fn is_a_statement() {
        let source = "try: pass\nexcept E: raise ; x\nraise;\nif a:\n raise # c\n";
        let parsed = parse(source, Options::new(Mode::Exec)).expect("a valid program");
        let Tree::Module(module) = &parsed.tree else {
            panic!("not a module");
        };
        assert!(module.body[1].is_raise_stmt());
        let handler = module.body[0].as_try_stmt().expect("try").handlers[0]
            .as_except_handler()
            .expect("except");
        assert!(handler.body[0].is_raise_stmt() && handler.body[1].is_expr_stmt());
        assert!(parse("raise; 1 2\n", Options::new(Mode::Exec)).is_err());
    }
}
