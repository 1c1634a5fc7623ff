//! Where tracebacks put their `~` and `^`: the operator of a binary operation, the brackets of a
//! call or subscript; computed as `Lib/traceback.py` does, from the source of one instruction.

use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::Ranged;

/// A part of a segment of source, by line (from 0) and column (characters).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Anchors {
    /// Line and column where the `^` begin.
    pub left: (usize, usize),
    /// Line and column behind them.
    pub right: (usize, usize),
}

fn body(source: &str) -> Option<Vec<Stmt>> {
    let parsed = ruff_python_parser::parse_module(source).ok()?;
    Some(parsed.into_syntax().body.to_vec())
}

/// The byte offset of the first character from `at` on that `stop` accepts; comments and line
/// continuations are left out.
fn seek(text: &str, mut at: usize, stop: impl Fn(char) -> bool) -> Option<usize> {
    loop {
        let c = text.get(at..)?.chars().next()?;
        if c == '\\' || c == '#' {
            at += text[at..].find('\n')? + 1;
        } else if c != '\n' && stop(c) {
            return Some(at);
        } else {
            at += c.len_utf8();
        }
    }
}

fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count();
    let start = before.rfind('\n').map_or(0, |i| i + 1);
    (line, before[start..].chars().count())
}

/// The anchors of an expression's source; None for other expressions, and for what does not parse.
pub fn of_segment(segment: &str) -> Option<Anchors> {
    let statements = body(&format!("(\n{segment}\n)"))?;
    let [Stmt::Expr(statement)] = statements.as_slice() else {
        return None;
    };
    // The segment begins behind the bracket and the line break.
    let end = |e: &dyn Ranged| (e.end().to_usize()).checked_sub(2);
    let (left, right) = match &*statement.value {
        Expr::BinOp(e) => {
            let from = end(&*e.left)?;
            let left = seek(segment, from, |c| !c.is_whitespace() && c != ')')?;
            let mut right = left + segment[left..].chars().next()?.len_utf8();
            let operand = e.right.start().to_usize().checked_sub(2)?;
            if right < operand
                && let Some(c) = segment[right..].chars().next()
                && !c.is_whitespace()
                && c != '\\'
                && c != '#'
            {
                right += c.len_utf8();
            }
            (left, right)
        }
        Expr::Subscript(e) => (
            seek(segment, end(&*e.value)?, |c| c == '[')?,
            statement.value.end().to_usize().checked_sub(2)?,
        ),
        Expr::Call(e) => (
            seek(segment, end(&*e.func)?, |c| c == '(')?,
            statement.value.end().to_usize().checked_sub(2)?,
        ),
        _ => return None,
    };
    Some(Anchors {
        left: line_and_column(segment, left),
        right: line_and_column(segment, right),
    })
}

/// Is a statement's source `return f(…)` or `x = f(…)` with exactly the call between these byte
/// columns (of the first and the last line)? Its carets would say nothing.
pub fn is_plain_call(statement: &str, start: usize, end: usize) -> bool {
    let Some(statements) = body(statement) else {
        return false;
    };
    let value = match statements.first() {
        Some(Stmt::Return(s)) => match s.value.as_deref() {
            Some(v @ Expr::Call(c)) if c.func.is_name_expr() => v,
            _ => return false,
        },
        Some(Stmt::Assign(s)) => match (s.targets.as_slice(), &*s.value) {
            ([Expr::Name(_)], v @ Expr::Call(_)) => v,
            _ => return false,
        },
        _ => return false,
    };
    let last = statement.rfind('\n').map_or(0, |i| i + 1);
    let first_line = statement.find('\n').unwrap_or(statement.len());
    value.start().to_usize() == start && start <= first_line && value.end().to_usize() == last + end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_and_brackets_are_found() {
        let a = of_segment("a + b").map(|a| (a.left, a.right));
        assert_eq!(a, Some(((0, 2), (0, 3))));
        let a = of_segment("(a) // (b)").map(|a| (a.left, a.right));
        assert_eq!(a, Some(((0, 4), (0, 6))));
        let a = of_segment("f(1,\n  2)").map(|a| (a.left, a.right));
        assert_eq!(a, Some(((0, 1), (1, 4))));
        let a = of_segment("x[1][2]").map(|a| (a.left, a.right));
        assert_eq!(a, Some(((0, 4), (0, 7))));
        assert_eq!(of_segment("a.b"), None);
        assert_eq!(of_segment("raise X"), None);
    }

    #[test]
    fn plain_calls_are_recognised() {
        assert!(is_plain_call("return f(1)", 7, 11));
        assert!(is_plain_call("x = a.f(1)", 4, 10));
        assert!(!is_plain_call("return a.f(1)", 7, 13));
        assert!(!is_plain_call("x = 1 + f(1)", 8, 12));
    }
}
