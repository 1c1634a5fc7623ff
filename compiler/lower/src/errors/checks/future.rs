//! `from __future__ import …`

use ruff_python_ast::Stmt;
use ruff_text_size::TextSize;

use crate::errors::SyntaxError;
use crate::parse::LineIndex;

/// What the future statements say.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Features {
    /// `annotations` is among them.
    pub annotations: bool,
    /// Where the last of them ends.
    pub end: Option<TextSize>,
}

const OLD: [&str; 9] = [
    "nested_scopes",
    "generators",
    "division",
    "absolute_import",
    "with_statement",
    "print_function",
    "unicode_literals",
    "barry_as_FLUFL",
    "generator_stop",
];

/// The features that a module asks for. Future statements follow the docstring and each other.
pub(crate) fn features(
    body: &[Stmt],
    source: &str,
    lines: &LineIndex,
) -> Result<Features, SyntaxError> {
    let mut features = Features::default();
    let docstring = matches!(body.first(), Some(Stmt::Expr(e)) if e.value.is_string_literal_expr());
    for stmt in &body[usize::from(docstring)..] {
        let Stmt::ImportFrom(import) = stmt else {
            break;
        };
        if import.level != 0 || import.module.as_ref().is_none_or(|m| &m.id != "__future__") {
            break;
        }
        for alias in &import.names {
            let message = match alias.name.as_str() {
                "annotations" => {
                    features.annotations = true;
                    continue;
                }
                "braces" => "not a chance".to_owned(),
                name if OLD.contains(&name) => continue,
                name => format!("future feature {name} is not defined"),
            };
            return Err(SyntaxError::at(lines, source, alias.range, message));
        }
        features.end = Some(import.range.end());
    }
    Ok(features)
}
