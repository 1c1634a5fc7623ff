//! `from __future__ import barry_as_FLUFL` (PEP 401): from there on `<>` is the operator, and `!=`
//! is none.
//!
//! The parser knows `!=` only. Both are as long, so the one is put for the other before it reads.

use ruff_python_ast::token::{Token, TokenKind};
use ruff_text_size::{Ranged, TextRange, TextSize};

use crate::errors::SyntaxError;
use crate::lines::LineIndex;

const FEATURE: &str = "barry_as_FLUFL";
const OURS: &str = "!=";

/// The source as the parser wants it; None if nothing is to be done. `inherited` says that the
/// feature is in force from the start.
pub(crate) fn replace(
    source: &str,
    lines: &LineIndex,
    inherited: bool,
) -> Result<Option<String>, SyntaxError> {
    if !inherited && !source.contains(FEATURE) {
        return Ok(None);
    }
    let options = ruff_python_parser::ParseOptions::from(ruff_python_parser::Mode::Module);
    let parsed = ruff_python_parser::parse_unchecked(source, options);
    let tokens: &[Token] = parsed.tokens();
    let first = match inherited {
        true => 0,
        false => match end_of_import(tokens, source) {
            Some(end) => end,
            None => return Ok(None),
        },
    };
    let mut replaced = source.to_owned();
    let mut less: Option<TextSize> = None;
    for token in tokens.get(first..).unwrap_or_default() {
        if token.kind() == TokenKind::NotEqual {
            let message = "with Barry as BDFL, use '<>' instead of '!='";
            return Err(SyntaxError::at(lines, source, token.range(), message));
        }
        if token.kind() == TokenKind::Greater
            && let Some(start) = less
            && start + TextSize::of('<') == token.start()
        {
            let range = TextRange::new(start, token.end()).to_std_range();
            replaced.replace_range(range, OURS);
        }
        less = (token.kind() == TokenKind::Less).then(|| token.start());
    }
    Ok(Some(replaced))
}

/// Number of the first token behind the import of the feature.
fn end_of_import(tokens: &[Token], source: &str) -> Option<usize> {
    let is = |at: usize, kind: TokenKind, text: &str| {
        tokens
            .get(at)
            .is_some_and(|t| t.kind() == kind && source.get(t.range().to_std_range()) == Some(text))
    };
    for at in 0..tokens.len() {
        if !(is(at, TokenKind::From, "from")
            && is(at + 1, TokenKind::Name, "__future__")
            && is(at + 2, TokenKind::Import, "import"))
        {
            continue;
        }
        let ends = |t: &Token| matches!(t.kind(), TokenKind::Newline | TokenKind::Semi);
        let end = tokens[at..].iter().position(ends)? + at;
        let named = (at + 3..end)
            .any(|i| is(i, TokenKind::Name, FEATURE) && !is(i - 1, TokenKind::As, "as"));
        if named {
            return Some(end);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_operators() {
        let found = |source: &str| replace(source, &LineIndex::new(source), false);
        assert_eq!(found("a <> b"), Ok(None));
        assert_eq!(found("import barry_as_FLUFL\na != b"), Ok(None));
        let head = "from __future__ import barry_as_FLUFL\n";
        assert_eq!(
            found(&format!("{head}a <> b < > c")),
            Ok(Some(format!("{head}a != b < > c")))
        );
        assert!(found(&format!("{head}a != b")).is_err());
    }
}
